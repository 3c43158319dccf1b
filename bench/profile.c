/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker: gamma of a book at every level, by the kernels behind gex_profile_compute(): what does not depend on the
 * price is worked out once, then all levels from grids of nodes. bench-profile CONTRACTS LEVELS
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "base/isa.h"
#include "math/profile.h"
#include "math/sweep.h"
#include "worker.h"

enum { LEVELS = 201 };

struct profile {
    struct gex__black_in in;
    int32_t set;
    const double *weights, *prices;
    double *lines, *block, *out[1];
};

static void profile_run(void *state)
{
    struct profile *p = state;
    struct gex__sweep sweep;

    gex__black_hoist_gamma(p->set, &p->in, p->lines);
    gex__sweep_start(&sweep, p->set, GEX_GREEK_GAMMA, p->lines, p->in.rows, p->weights, p->prices, LEVELS, p->block);
    for (int64_t from = 0, taken; (taken = gex__sweep_take(&sweep, from)) > 0; from += taken) {
        gex__sweep_nodes(&sweep, 0, 1);
        gex__sweep_lines(&sweep, 0, 1);
    }
    gex__sweep_join(&sweep);
    gex__sweep_finish(&sweep, p->out[0], 0, 1);
}

int main(int argc, char **argv)
{
    static const double spot = 100;
    const struct sample contracts = sample_read(argc > 1 ? argv[1] : "", "contracts");
    const struct sample levels = sample_read(argc > 2 ? argv[2] : "", "levels");
    struct offer offers[GEX_ISA_LAST_];
    char names[GEX_ISA_LAST_][32];
    int8_t *right = calloc((size_t)contracts.rows, 1);
    int count = 0;

    if (right == NULL || levels.rows != LEVELS || !gex__sweep_suits(contracts.rows, sample_column(&levels, 0), LEVELS))
        return 1;
    memset(right, GEX_CALL, (size_t)contracts.rows);
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        struct profile *p = calloc(1, sizeof *p);

        if (p == NULL || !gex__isa_here(set))
            continue;
        p->in = (struct gex__black_in){.rows = contracts.rows,
                                       .spot = &spot,
                                       .one_spot = true,
                                       .right = right,
                                       .strike = sample_column(&contracts, 0),
                                       .years = sample_column(&contracts, 1),
                                       .rate = sample_column(&contracts, 2),
                                       .carry = sample_column(&contracts, 3),
                                       .vol = sample_column(&contracts, 4)};
        p->set = set;
        p->weights = sample_column(&contracts, 5);
        p->prices = sample_column(&levels, 0);
        p->lines = page_of_doubles(gex__profile_size(contracts.rows));
        p->block = page_of_doubles(gex__sweep_size(contracts.rows, LEVELS, 1));
        p->out[0] = page_of_doubles(LEVELS);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], profile_run, p, p->out};
        count++;
    }
    return worker_serve(offers, count, LEVELS, 1);
}
