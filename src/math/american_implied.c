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

#include "american_implied.h"
#include "implied.h"

enum { ROWS = GEX_AMERICAN_IMPLIED_ROWS, STEPS_MOST = 100 };

static const double VOL_MOST = 100.0, STEP_LEAST = 1e-13;

/* One row on its way. */
struct search {
    double low, high, vol;
    bool   open;
};

static bool positive(double x)
{
    return x > 0.0 && isfinite(x);
}

/* Whether a row has a vol to look for; its code when not. */
static int32_t judge(const struct gex__black_in *in, int64_t i, double price, double at_zero)
{
    const double S = in->spot[in->one_spot ? 0 : i], K = in->strike[i], f = in->right[i], intrinsic = fmax(f * (S - K), 0.0);

    if (!positive(S) || !positive(K) || !isfinite(price) || !(at_zero == at_zero))
        return GEX_CALC_DOMAIN;
    if (price < intrinsic || price < at_zero)
        return GEX_CALC_BELOW_INTRINSIC;
    if (price >= (f > 0 ? S * fmax(1.0, exp(-in->carry[i] * in->years[i])) : K * fmax(1.0, exp(-in->rate[i] * in->years[i]))))
        return GEX_CALC_ABOVE_MAX;
    if (in->years[i] == 0.0)
        return price > intrinsic ? GEX_CALC_NO_TIME : GEX_CALC_OK;
    return price == intrinsic && intrinsic > 0.0 ? GEX_CALC_EXERCISED : GEX_CALC_OK;
}

static void begin(const struct gex__black_in *in, int64_t i, double price, struct search *search)
{
    const double S = in->spot[in->one_spot ? 0 : i], T = in->years[i];
    const double forward = S * exp((in->rate[i] - in->carry[i]) * T), discount = exp(-in->rate[i] * T);
    double vol;

    search->low = 0.0;
    search->high = VOL_MOST;
    search->vol = 0.3;
    search->open = true;
    if (gex__implied_vol(price, forward, in->strike[i], T, in->right[i], discount, &vol) == GEX_CALC_OK && vol > 0.0 &&
        vol < VOL_MOST)
        search->vol = vol;
}

/* The next vol to try, or the end. */
static void advance(struct search *search, double price, double vega, double wanted)
{
    const double error = price - wanted, step = error / vega;
    double next;

    if (error == 0.0) {
        search->open = false;
        return;
    }
    if (error > 0.0)
        search->high = search->vol;
    else
        search->low = search->vol;
    next = search->vol - step;
    if (!(vega > 0.0) || !(next > search->low && next < search->high)) {
        next = search->low > 0.0 ? sqrt(search->low) * sqrt(search->high) : 0.5 * search->high;
        search->open = next > search->low && next < search->high && search->high > 1e-8;
    } else {
        search->open = fabs(step) > STEP_LEAST * search->vol;
    }
    search->vol = next;
}

static void search_on(int32_t instruction_set, int preset, const struct gex__black_in *in,
                      const struct gex__dividends *dividends, const double *price, struct search *search)
{
    double spot[ROWS], strike[ROWS], years[ROWS], vol[ROWS], rate[ROWS], carry[ROWS], value[ROWS], vega[ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_PRICE] = value, [GEX_GREEK_VEGA] = vega};
    int8_t right[ROWS];

    for (int step = 0; step < STEPS_MOST; step++) {
        struct gex__black_in open = {.spot = spot, .strike = strike, .years = years, .vol = vol, .rate = rate, .carry = carry,
                                     .right = right};
        int64_t row[ROWS], count = 0;

        for (int64_t i = 0; i < in->rows; i++)
            if (search[i].open) {
                row[count] = i;
                spot[count] = in->spot[in->one_spot ? 0 : i];
                strike[count] = in->strike[i];
                years[count] = in->years[i];
                vol[count] = search[i].vol;
                rate[count] = in->rate[i];
                carry[count] = in->carry[i];
                right[count++] = in->right[i];
            }
        if (count == 0)
            return;
        open.rows = count;
        gex__american(instruction_set, preset, &open, dividends, outputs, NULL, NULL);
        for (int64_t k = 0; k < count; k++)
            advance(&search[row[k]], value[k], vega[k], price[row[k]]);
    }
}

void gex__american_implied(int32_t instruction_set, int preset, const struct gex__black_in *in,
                           const struct gex__dividends *dividends, const double *price, double *vol, uint8_t *code)
{
    struct gex__black_in still = *in;
    double at_zero[ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_PRICE] = at_zero};
    struct search search[ROWS];

    memset(vol, 0, (size_t)in->rows * sizeof *vol);
    still.vol = vol;
    gex__american(instruction_set, preset, &still, &(struct gex__dividends){0}, outputs, NULL, NULL);
    for (int64_t i = 0; i < in->rows; i++) {
        search[i].open = false;
        code[i] = (uint8_t)judge(in, i, price[i], dividends->count > 0 ? fmin(at_zero[i], 0.0) : at_zero[i]);
        if (code[i] != GEX_CALC_OK)
            vol[i] = (double)NAN;
        else if (in->years[i] > 0.0 && price[i] > at_zero[i])
            begin(in, i, price[i], &search[i]);
    }
    search_on(instruction_set, preset, in, dividends, price, search);
    for (int64_t i = 0; i < in->rows; i++)
        if (code[i] == GEX_CALC_OK && in->years[i] > 0.0 && price[i] > at_zero[i])
            vol[i] = search[i].vol;
}
