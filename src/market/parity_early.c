/* SPDX-License-Identifier: Apache-2.0 */
/* American pairs, their European worth, and the forward at which the two agree. */
#include "parity_early.h"

#include <stddef.h>

#include <gex/chain.h>

#include "math/american_escrow.h"
#include "math/implied.h"

enum { STANDARD = 1, FEWEST = 4, LEGS = 2 * GEX_PARITY_EARLY_PAIRS, BLOCK = 8, ROUNDS_MAX = 200 };

static const struct gex__dividends none = {0};

/* Calls first, then the puts of the same strikes. */
struct legs {
    int64_t pairs;
    double strike[LEGS], price[LEGS], european[LEGS]; /* price: American, as quoted */
    int8_t right[LEGS];
};

/* The i-th of those that take part. */
static const struct gex__pair *nth(const struct gex__pair *pairs, int64_t count, int64_t taken, int64_t i)
{
    return &pairs[taken < count ? i * (count - 1) / (taken - 1) : i];
}

static void legs_take(const struct gex__pair *pairs, int64_t count, struct legs *legs)
{
    legs->pairs = count < GEX_PARITY_EARLY_PAIRS ? count : GEX_PARITY_EARLY_PAIRS;
    for (int64_t i = 0; i < legs->pairs; i++) {
        const struct gex__pair *pair = nth(pairs, count, legs->pairs, i);

        for (int64_t at = i; at <= i + legs->pairs; at += legs->pairs) {
            legs->strike[at] = pair->strike;
            legs->price[at] = legs->european[at] =
                (pair->straddle + (at == i ? pair->difference : -pair->difference)) / 2;
            legs->right[at] = at == i ? GEX_CALL : GEX_PUT;
        }
    }
}

/* What `rows` legs are worth as European options at this forward: their price less early exercise, at the volatility
 * that what they were worth before says. NaN where that says none. */
static void block_price(const struct gex__parity_early *early, double escrowed, double forward, double carry,
                        struct legs *legs, int64_t from, int64_t rows)
{
    double years[BLOCK], vol[BLOCK], rates[BLOCK], carries[BLOCK], black[BLOCK], american[BLOCK];
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    const double discount = exp(-early->rate * early->years);
    struct gex__black_in in = {.rows = rows,
                                     .spot = &escrowed,
                                     .one_spot = true,
                                     .strike = legs->strike + from,
                                     .years = years,
                                     .vol = vol,
                                     .rate = rates,
                                     .carry = carries,
                                     .right = legs->right + from};

    for (int64_t i = 0; i < rows; i++) {
        double deviation = (double)NAN;

        (void)gex__implied_deviation(early->isa, legs->european[from + i] / discount, forward, legs->strike[from + i],
                                     legs->right[from + i], &deviation);
        years[i] = early->years;
        vol[i] = deviation / sqrt(early->years);
        rates[i] = early->rate;
        carries[i] = carry;
    }
    outputs[GEX_GREEK_PRICE] = black;
    gex__black(early->isa, &in, outputs, NULL);
    outputs[GEX_GREEK_PRICE] = american;
    in.spot = &early->spot;
    gex__american(early->isa, STANDARD, &in, early->dividends != NULL ? early->dividends : &none, outputs, NULL, NULL);
    for (int64_t i = 0; i < rows; i++)
        legs->european[from + i] = legs->price[from + i] - (american[i] - black[i]);
}

static void legs_price(const struct gex__parity_early *early, double escrowed, double forward, double carry,
                       struct legs *legs)
{
    for (int64_t from = 0; from < 2 * legs->pairs; from += BLOCK)
        block_price(early, escrowed, forward, carry, legs, from,
                    2 * legs->pairs - from < BLOCK ? 2 * legs->pairs - from : BLOCK);
}

/* Pairs whose two legs both have a worth. */
static int64_t pairs_make(const struct legs *legs, const struct gex__pair *pairs, int64_t count, struct gex__pair *out)
{
    int64_t kept = 0;

    for (int64_t i = 0; i < legs->pairs; i++) {
        const double difference = legs->european[i] - legs->european[legs->pairs + i];

        if (!isfinite(difference))
            continue;
        out[kept] = *nth(pairs, count, legs->pairs, i);
        out[kept++].difference = difference;
    }
    return kept;
}

bool gex__parity_early(const struct gex__parity_early *early, const struct gex__pair *pairs, int64_t count, double rest,
                       struct gex__parity *out, int32_t *pairs_out)
{
    const double discount = exp(-early->rate * early->years);
    struct gex__pair european[GEX_PARITY_EARLY_PAIRS];
    struct gex__parity next = *out;
    double scratch[GEX_PARITY_EARLY_PAIRS];
    struct legs legs;
    double escrowed = early->spot;

    if (early->dividends != NULL) {
        const struct gex__escrow_events events = gex__escrow_events(early->dividends, early->years);
        const struct gex__escrowed paid = gex__escrowed_of(&events, early->rate);

        escrowed = gex__escrowed_spot(&paid, early->spot);
    }
    legs_take(pairs, count, &legs);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        const double before = next.forward, carry = early->rate - log(before / escrowed) / early->years;
        int64_t left;

        if (!(fabs(carry) <= 10)) /* the domain of the pricers */
            return false;
        legs_price(early, escrowed, before, carry, &legs);
        left = pairs_make(&legs, pairs, count, european);
        if (left < FEWEST || !gex__parity_forward(european, left, discount, rest, scratch, &next))
            return false;
        if (fabs(next.forward - before) <= 1e-7 * before) {
            *out = next;
            *pairs_out = (int32_t)left;
            return true;
        }
    }
    return false;
}
