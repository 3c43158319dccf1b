/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: normal numbers of GSL, Mersenne twister and ziggurat. bench-gsl-normals; it needs no sample. */
#include <stdio.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_version.h>

#include "worker.h"

enum { NUMBERS = 1 << 14 };

struct normals {
    gsl_rng *generator;
    double  *out[1];
};

static void normals_run(void *state)
{
    const struct normals *n = state;

    for (int i = 0; i < NUMBERS; i++)
        n->out[0][i] = gsl_ran_gaussian_ziggurat(n->generator, 1.0);
}

int main(void)
{
    struct normals n = {gsl_rng_alloc(gsl_rng_mt19937), {page_of_doubles(NUMBERS)}};
    struct offer offer = {"GSL, Mersenne twister and ziggurat", normals_run, &n, n.out};

    printf("about GSL %s\n", gsl_version);
    return worker_serve(&offer, 1, NUMBERS, 1);
}
