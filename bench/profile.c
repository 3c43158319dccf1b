/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker: gamma of a book at every level, by the kernels behind gex_profile_compute(): what does not depend on the price
 * is worked out once, then a sum a level. bench-profile CONTRACTS LEVELS linear|log
 *
 * linear: any grid, an exponential a contract and level. log: equal steps of the logarithm, a recurrence.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "base/isa.h"
#include "math/profile.h"
#include "math/sum.h"
#include "worker.h"

enum { LEVELS = 201, BLOCKS = 64 };

struct profile {
    struct gex__black_in in;
    int32_t set;
    int logarithmic;
    const double *weights, *prices;
    double *lines, *lanes, *out[1];
};

/* Blocks as a profile has them, added pairwise. */
static void profile_run(void *state)
{
    struct profile *p = state;
    static double sums[LEVELS][BLOCKS];
    const double step = log(1.5) / (LEVELS - 1);
    int blocks = 0;

    gex__black_hoist(p->set, &p->in, p->lines);
    for (int64_t first = 0; first < p->in.rows; first += GEX_BLOCK, blocks++) {
        const int64_t count = p->in.rows - first < GEX_BLOCK ? p->in.rows - first : GEX_BLOCK;
        double values[LEVELS];

        if (p->logarithmic)
            gex__black_ladder(p->set, p->lines, p->in.rows, p->weights + first, first, count, p->prices[0], step, LEVELS, values,
                              p->lanes);
        for (int from = 0; !p->logarithmic && from < LEVELS; from += GEX_SUM_PRICES)
            gex__black_sum(p->set, p->lines, p->in.rows, p->weights + first, first, count, GEX_GREEK_GAMMA, p->prices + from,
                           LEVELS - from < GEX_SUM_PRICES ? LEVELS - from : GEX_SUM_PRICES, values + from);
        for (int k = 0; k < LEVELS; k++)
            sums[k][blocks] = values[k];
    }
    for (int k = 0; k < LEVELS; k++)
        p->out[0][k] = gex__pairwise_sum(sums[k], blocks);
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

    if (right == NULL || levels.rows != LEVELS || contracts.rows > BLOCKS * GEX_BLOCK)
        return 1;
    memset(right, GEX_CALL, (size_t)contracts.rows);
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        struct profile *p = calloc(1, sizeof *p);

        if (p == NULL || !gex__isa_here(set))
            continue;
        p->in = (struct gex__black_in){.rows = contracts.rows, .spot = &spot, .one_spot = true, .right = right,
            .strike = sample_column(&contracts, 0), .years = sample_column(&contracts, 1), .rate = sample_column(&contracts, 2),
            .carry = sample_column(&contracts, 3), .vol = sample_column(&contracts, 4)};
        p->set = set;
        p->logarithmic = argc > 3 && strcmp(argv[3], "log") == 0;
        p->weights = sample_column(&contracts, 5);
        p->prices = sample_column(&levels, 0);
        p->lines = page_of_doubles(gex__profile_size(contracts.rows));
        p->lanes = page_of_doubles(LEVELS * GEX_BLOCK_LANES);
        p->out[0] = page_of_doubles(LEVELS);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], profile_run, p, p->out};
        count++;
    }
    return worker_serve(offers, count, LEVELS, 1);
}
