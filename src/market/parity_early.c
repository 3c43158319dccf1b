/* SPDX-License-Identifier: Apache-2.0 */
/* American pairs, their European worth, and the forward at which the two agree. */
#include "parity_early.h"

#include <stddef.h>

#include <gex/chain.h>

#include "math/american.h"
#include "math/implied.h"

enum { STANDARD = 1, FEWEST = 4, LEGS = 2 * GEX_PARITY_EARLY_PAIRS, ROUNDS_MAX = 200 };

/* Calls first, then the puts of the same strikes. */
struct legs {
    int64_t pairs;
    double strike[LEGS], price[LEGS], european[LEGS]; /* price: American, as quoted */
    double years[LEGS], vol[LEGS], rate[LEGS], carry[LEGS];
    int8_t right[LEGS];
};

static void legs_take(const struct gex__pair *pairs, int64_t count, struct gex__pair *taken, struct legs *legs)
{
    legs->pairs = count < GEX_PARITY_EARLY_PAIRS ? count : GEX_PARITY_EARLY_PAIRS;
    for (int64_t i = 0; i < legs->pairs; i++) {
        const struct gex__pair *pair = &pairs[legs->pairs < count ? i * (count - 1) / (legs->pairs - 1) : i];

        taken[i] = *pair;
        for (int64_t at = i; at <= i + legs->pairs; at += legs->pairs) {
            legs->strike[at] = pair->strike;
            legs->price[at] = legs->european[at] =
                (pair->straddle + (at == i ? pair->difference : -pair->difference)) / 2;
            legs->right[at] = at == i ? GEX_CALL : GEX_PUT;
        }
    }
}

/* What each leg is worth as a European option at this forward: its price less early exercise, at the volatility that
 * what it was worth before says. NaN where that says none. */
static void legs_price(const struct gex__parity_early *early, double forward, double carry, struct legs *legs)
{
    double black[LEGS], american[LEGS], *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    const double discount = exp(-early->rate * early->years);
    const struct gex__black_in in = {.rows = 2 * legs->pairs,
                                     .spot = &early->spot,
                                     .one_spot = true,
                                     .strike = legs->strike,
                                     .years = legs->years,
                                     .vol = legs->vol,
                                     .rate = legs->rate,
                                     .carry = legs->carry,
                                     .right = legs->right};

    for (int64_t i = 0; i < in.rows; i++) {
        double deviation = (double)NAN;

        (void)gex__implied_deviation(early->isa, legs->european[i] / discount, forward, legs->strike[i], legs->right[i],
                                     &deviation);
        legs->years[i] = early->years;
        legs->vol[i] = deviation / sqrt(early->years);
        legs->rate[i] = early->rate;
        legs->carry[i] = carry;
    }
    outputs[GEX_GREEK_PRICE] = black;
    gex__black(early->isa, &in, outputs, NULL);
    outputs[GEX_GREEK_PRICE] = american;
    gex__american(early->isa, STANDARD, &in, &(struct gex__dividends){0}, outputs, NULL, NULL);
    for (int64_t i = 0; i < in.rows; i++)
        legs->european[i] = legs->price[i] - (american[i] - black[i]);
}

/* Pairs whose two legs both have a worth. */
static int64_t pairs_make(const struct legs *legs, const struct gex__pair *taken, struct gex__pair *out)
{
    int64_t count = 0;

    for (int64_t i = 0; i < legs->pairs; i++) {
        const double difference = legs->european[i] - legs->european[legs->pairs + i];

        if (!isfinite(difference))
            continue;
        out[count] = taken[i];
        out[count++].difference = difference;
    }
    return count;
}

bool gex__parity_early(const struct gex__parity_early *early, const struct gex__pair *pairs, int64_t count, double rest,
                       struct gex__parity *out, int32_t *pairs_out)
{
    const double discount = exp(-early->rate * early->years);
    struct gex__pair taken[GEX_PARITY_EARLY_PAIRS], european[GEX_PARITY_EARLY_PAIRS];
    struct gex__parity next = *out;
    double scratch[GEX_PARITY_EARLY_PAIRS];
    struct legs legs;

    legs_take(pairs, count, taken, &legs);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        const double before = next.forward, carry = early->rate - log(before / early->spot) / early->years;
        int64_t left;

        if (!(fabs(carry) <= 10)) /* the domain of the pricers */
            return false;
        legs_price(early, before, carry, &legs);
        left = pairs_make(&legs, taken, european);
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
