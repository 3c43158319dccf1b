/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: normal numbers of libgex on each instruction set. bench-normals; it needs no sample. */
#include <stdio.h>
#include <stdlib.h>

#include <gex.h>

#include "base/isa.h"
#include "math/rng.h"
#include "worker.h"

enum { NUMBERS = 1 << 14, PATHS = NUMBERS / 4 };

struct normals {
    int32_t set;
    uint32_t step;
    double *out[1];
};

/* The next step of every path, its four numbers one after another. */
static void normals_run(void *state)
{
    struct normals *n = state;
    const uint32_t key[2] = {1, 2}, counter[4] = {0, n->step++, 0, 0};
    double *words[4];

    for (int k = 0; k < 4; k++)
        words[k] = n->out[0] + k * PATHS;
    gex__normals(n->set, key, counter, PATHS, words);
}

int main(void)
{
    static struct normals normals[GEX_ISA_LAST_];
    static char names[GEX_ISA_LAST_][32];
    struct offer offers[GEX_ISA_LAST_];
    int count = 0;

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        if (!gex__isa_here(set))
            continue;
        normals[count].set = set;
        normals[count].out[0] = page_of_doubles(NUMBERS);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], normals_run, &normals[count], normals[count].out};
        count++;
    }
    return worker_serve(offers, count, NUMBERS, 1);
}
