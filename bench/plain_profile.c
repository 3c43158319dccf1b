/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: gamma of a book at every level as one writes it in C with care: what does not depend on the price is worked
 * out once, then an exponential a contract and level. plain_profile CONTRACTS LEVELS; bench/run compiles it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "worker.h"

#ifndef PLAIN_NAME
#define PLAIN_NAME "scalar C"
#endif

struct plain {
    int64_t contracts, levels;
    const double *strike, *years, *rate, *carry, *vol, *weight, *price;
    double *per_v, *constant, *factor, *out[1];
};

static void plain_run(void *state)
{
    const struct plain *p = state;

    for (int64_t i = 0; i < p->contracts; i++) {
        const double v = p->vol[i] * sqrt(p->years[i]), per_v = 1 / v, drift = (p->rate[i] - p->carry[i]) * p->years[i];

        p->per_v[i] = per_v;
        p->constant[i] = (drift - log(p->strike[i])) * per_v + 0.5 * v;
        p->factor[i] = p->weight[i] * exp(-p->carry[i] * p->years[i]) * per_v * 0.39894228040143267794;
    }
    for (int64_t k = 0; k < p->levels; k++) {
        const double x = log(p->price[k]);
        double sum = 0;

        for (int64_t i = 0; i < p->contracts; i++) {
            const double d1 = x * p->per_v[i] + p->constant[i];
            sum += p->factor[i] * exp(-0.5 * d1 * d1);
        }
        p->out[0][k] = sum / p->price[k];
    }
}

int main(int argc, char **argv)
{
    struct sample contracts = sample_read(argc > 1 ? argv[1] : "", "contracts");
    struct sample levels = sample_read(argc > 2 ? argv[2] : "", "levels");
    struct plain p = {.contracts = contracts.rows,
                      .levels = levels.rows,
                      .strike = sample_column(&contracts, 0),
                      .years = sample_column(&contracts, 1),
                      .rate = sample_column(&contracts, 2),
                      .carry = sample_column(&contracts, 3),
                      .vol = sample_column(&contracts, 4),
                      .weight = sample_column(&contracts, 5),
                      .price = sample_column(&levels, 0),
                      .per_v = page_of_doubles(contracts.rows),
                      .constant = page_of_doubles(contracts.rows),
                      .factor = page_of_doubles(contracts.rows),
                      .out = {page_of_doubles(levels.rows)}};
    struct offer offer = {PLAIN_NAME, plain_run, &p, p.out};

    return worker_serve(&offer, 1, levels.rows, 1);
}
