/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American implied volatility: Newton's method on the price, all rows of a block together, each within its own bracket.
 *
 * The value grows with vol, from that of the known path at vol 0 to the strike (put) or the spot (call), or their
 * discounted values where those are larger. An American price is never below
 * the European one, so the European implied vol is an upper bound, and a good start where exercise is far; from there
 * the method comes down on a convex function. A step out of the bracket becomes a bisection.
 */
#include <math.h>
#include <string.h>

#include "american_escrow.h"
#include "american_implied.h"
#include "implied.h"

enum { ROWS = GEX_AMERICAN_IMPLIED_ROWS, STEPS_MOST = 100 };

static const double VOL_MOST = 100.0, STEP_LEAST = 1e-13, PRICE_LEAST = 4e-15; /* of vol, and of spot or strike */

/* One row on its way; the vol to try stands in the caller's column. */
struct search {
    double low, high;
    bool   open;
};

static bool positive(double x)
{
    return x > 0.0 && isfinite(x);
}

/* Whether a row has a vol to look for; its code when not. */
static int32_t judge(const struct gex__black_in *in, int64_t i, double price, double at_zero)
{
    const double S = in->spot[in->one_spot ? 0 : i], K = in->strike[i], f = in->right[i],
                 intrinsic = fmax(f * (S - K), 0.0);

    if (!positive(S) || !positive(K) || !isfinite(price) || !(at_zero == at_zero))
        return GEX_CALC_DOMAIN;
    if (price < intrinsic || price < at_zero)
        return GEX_CALC_BELOW_INTRINSIC;
    if (price >=
        (f > 0 ? S * fmax(1.0, exp(-in->carry[i] * in->years[i])) : K * fmax(1.0, exp(-in->rate[i] * in->years[i]))))
        return GEX_CALC_ABOVE_MAX;
    if (in->years[i] == 0.0)
        return price > intrinsic ? GEX_CALC_NO_TIME : GEX_CALC_OK;
    return price == intrinsic && intrinsic > 0.0 ? GEX_CALC_EXERCISED : GEX_CALC_OK;
}

static double begin(const struct gex__black_in *in, const struct gex__dividends *dividends, int64_t i, double price,
                    struct search *search)
{
    const double T = in->years[i];
    const struct gex__escrow_events events = gex__escrow_events(dividends, dividends->escrowed ? T : 0.0);
    const struct gex__escrowed escrowed = gex__escrowed_of(&events, in->rate[i]);
    const double S = events.count > 0 ? gex__escrowed_spot(&escrowed, in->spot[in->one_spot ? 0 : i])
                                      : in->spot[in->one_spot ? 0 : i];
    const double forward = S * exp((in->rate[i] - in->carry[i]) * T), discount = exp(-in->rate[i] * T);
    double vol;

    *search = (struct search){.low = 0.0, .high = VOL_MOST, .open = true};
    if (gex__implied_vol(GEX_ISA_BASELINE, price, forward, in->strike[i], T, in->right[i], discount, &vol) ==
            GEX_CALC_OK &&
        vol > 0.0 && vol < HUGE_VAL) {
        search->high = fmax(VOL_MOST, 2.0 * vol); /* seconds before expiry a price may mean thousands of percent */
        return vol;
    }
    return 0.3;
}

/* The next vol to try, or the last one. */
static double advance(struct search *search, double vol, double price, double vega, double wanted, double exact)
{
    const double error = price - wanted, step = error / vega;
    double next;

    if (fabs(error) <= exact) {
        search->open = false;
        return vol;
    }
    *(error > 0.0 ? &search->high : &search->low) = vol;
    next = vol - step;
    if (vega > 0.0 && next > search->low && next < search->high) {
        search->open = fabs(step) > STEP_LEAST * vol;
        return next;
    }
    next = search->low > 0.0 ? sqrt(search->low) * sqrt(search->high) : 0.5 * search->high;
    search->open = next > search->low && next < search->high && search->high > 1e-8;
    return next;
}

void gex__american_implied(int32_t instruction_set, int preset, const struct gex__black_in *in,
                           const struct gex__dividends *dividends, const double *price, double *vol, uint8_t *code)
{
    static const struct gex__dividends none = {0};
    struct gex__black_in trial = *in;
    double value[ROWS], vega[ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_PRICE] = value};
    struct search search[ROWS];
    bool open = false;

    memset(vol, 0, (size_t)in->rows * sizeof *vol);
    trial.vol = vol;
    gex__american(instruction_set, preset, &trial, dividends->escrowed ? dividends : &none, outputs, NULL, NULL);
    for (int64_t i = 0; i < in->rows; i++) {
        const double at_zero = dividends->count > 0 && !dividends->escrowed ? fmin(value[i], 0.0) : value[i];

        search[i].open = false;
        code[i] = (uint8_t)judge(in, i, price[i], at_zero);
        if (code[i] == GEX_CALC_OK && in->years[i] > 0.0 && price[i] > at_zero)
            vol[i] = begin(in, dividends, i, price[i], &search[i]);
        open |= search[i].open;
    }
    outputs[GEX_GREEK_VEGA] = vega;
    for (int step = 0; open && step < STEPS_MOST; step++) {
        open = false;
        gex__american(instruction_set, preset, &trial, dividends, outputs, NULL, NULL);
        for (int64_t i = 0; i < in->rows; i++) {
            if (search[i].open)
                vol[i] = advance(&search[i], vol[i], value[i], vega[i], price[i],
                                 PRICE_LEAST * fmax(in->spot[in->one_spot ? 0 : i], in->strike[i]));
            open |= search[i].open;
        }
    }
    for (int64_t i = 0; i < in->rows; i++)
        if (code[i] != GEX_CALC_OK)
            vol[i] = (double)NAN;
}
