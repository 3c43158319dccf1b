/* SPDX-License-Identifier: Apache-2.0 */
/* Forwards from put-call parity: the regression against golden values, and what a market makes of quotes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <gex/market.h>

#include "base/civil.h"
#include "draw.h"
#include "market/parity.h"
#include "quoted.h"

Suite *suite_curve(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t year = 365 * GEX_DAY;

/* ---- the regression -------------------------------------------------------------------------------------------- */

enum { CASES = 3, STRIKES = 9 };

struct golden {
    struct gex__pair pairs[STRIKES];
    int64_t          count;
    double           discount, forward, discount_wls, forward_wls, discount_huber, forward_huber;
};

/* tests/golden/parity_regression.csv: case, D, F, K, call, half-spread, put, half-spread, then the four fits. */
static void golden_read(struct golden cases[CASES])
{
    FILE *file = fopen(TESTS_DIR "/golden/parity_regression.csv", "r");
    char line[512];

    ck_assert_ptr_nonnull(file);
    memset(cases, 0, CASES * sizeof *cases);
    while (fgets(line, sizeof line, file) != NULL) {
        double value[12];
        char *at = line;
        struct golden *g;

        if (line[0] < '0' || line[0] > '9')
            continue;
        for (int k = 0; k < 12; k++, at += *at == ',')
            value[k] = strtod(at, &at);
        g = &cases[(int)value[0]];
        ck_assert_int_lt(g->count, STRIKES);
        g->pairs[g->count++] = (struct gex__pair){.strike = value[3], .difference = value[4] - value[6],
                                                  .straddle = value[4] + value[6], .half_call = value[5],
                                                  .half_put = value[7]};
        g->discount = value[1];
        g->forward = value[2];
        g->discount_wls = value[8];
        g->forward_wls = value[9];
        g->discount_huber = value[10];
        g->forward_huber = value[11];
    }
    fclose(file);
    for (int c = 0; c < CASES; c++) {
        ck_assert_int_eq(cases[c].count, STRIKES);
        gex__pair_weights(cases[c].pairs, STRIKES);
    }
}

static void assert_near(double got, double expected, double rtol, const char *what)
{
    ck_assert_msg(fabs(got - expected) <= rtol * fabs(expected), "%s: got %.17g, expected %.17g", what, got, expected);
}

/* Standard errors: the same fits by numpy's least squares, covariance scaled by the weighted residual variance. */
static const struct error_case {
    double forward_wls, discount_wls, forward_huber, discount_huber, forward_fixed;
} errors[CASES] = {
    {0, 0, 0, 0, 0}, /* rounding alone */
    {0.0057208564168263485, 0.00046196042692524383, 0.0046231064019640489, 0.00036904763519752067,
     0.0061311709768320927},
    {0.1507138222343323, 0.012043583219023967, 0.01985778072079453, 0.0015260263502046422, 0.028969523587350499},
};
static const double forward_fixed[CASES] = {101.3, 101.2968238999498, 101.30084693981111}; /* Huber, D = 0.985, numpy */

START_TEST(parity_matches_golden)
{
    /* the reference stops when it moves less than 1e-14; so do we */
    const double rtol = 4e-14;
    struct golden cases[CASES];
    const struct golden *g = &cases[_i];
    double scratch[STRIKES];
    struct gex__parity fit;

    golden_read(cases);
    ck_assert(gex__parity_line(g->pairs, STRIKES, GEX_PARITY_LEAST_SQUARES, scratch, &fit));
    assert_near(fit.discount, g->discount_wls, rtol, "D, least squares");
    assert_near(fit.forward, g->forward_wls, rtol, "F, least squares");
    if (_i > 0) {
        assert_near(fit.forward_error, errors[_i].forward_wls, 1e-9, "error of F, least squares");
        assert_near(fit.discount_error, errors[_i].discount_wls, 1e-9, "error of D, least squares");
    }
    ck_assert(gex__parity_line(g->pairs, STRIKES, 1e-14, scratch, &fit));
    assert_near(fit.discount, g->discount_huber, rtol, "D, Huber");
    assert_near(fit.forward, g->forward_huber, rtol, "F, Huber");
    if (_i > 0) {
        assert_near(fit.forward_error, errors[_i].forward_huber, 1e-9, "error of F, Huber");
        assert_near(fit.discount_error, errors[_i].discount_huber, 1e-9, "error of D, Huber");
    }
    ck_assert(gex__parity_forward(g->pairs, STRIKES, g->discount, 1e-14, scratch, &fit));
    assert_near(fit.forward, forward_fixed[_i], rtol, "F, D given");
    if (_i > 0)
        assert_near(fit.forward_error, errors[_i].forward_fixed, 1e-9, "error of F, D given");
    ck_assert_double_eq(fit.discount_error, 0);
} END_TEST

START_TEST(parity_noise_free_is_exact)
{
    struct golden cases[CASES];
    double scratch[STRIKES];
    struct gex__parity fit;

    golden_read(cases);
    ck_assert(gex__parity_line(cases[0].pairs, STRIKES, 1e-14, scratch, &fit));
    assert_near(fit.discount, 0.985, 1e-15, "D");  /* prices are given to six places and cancel exactly */
    assert_near(fit.forward, 101.3, 1e-15, "F");
    ck_assert_double_lt(fit.forward_error, 1e-13);
} END_TEST

START_TEST(parity_ignores_the_price_unit) /* powers of two scale exactly, so the bits must agree */
{
    struct golden cases[CASES];
    double scratch[STRIKES];
    struct gex__parity fit, scaled;

    golden_read(cases);
    ck_assert(gex__parity_line(cases[2].pairs, STRIKES, 1e-14, scratch, &fit));
    for (int i = 0; i < STRIKES; i++) {
        struct gex__pair *pair = &cases[2].pairs[i];
        *pair = (struct gex__pair){.strike = 64 * pair->strike, .difference = 64 * pair->difference,
                                   .half_call = 64 * pair->half_call, .half_put = 64 * pair->half_put};
    }
    gex__pair_weights(cases[2].pairs, STRIKES);
    ck_assert(gex__parity_line(cases[2].pairs, STRIKES, 1e-14, scratch, &scaled));
    ck_assert_double_eq(scaled.forward, 64 * fit.forward);
    ck_assert_double_eq(scaled.discount, fit.discount);
    ck_assert_double_eq(scaled.forward_error, 64 * fit.forward_error);
} END_TEST

START_TEST(parity_refuses_what_is_no_line)
{
    struct gex__pair pairs[4] = {{.strike = 100, .difference = 1, .weight = 1},
                                 {.strike = 100, .difference = 2, .weight = 1},
                                 {.strike = 110, .difference = 20, .weight = 1},
                                 {.strike = 90, .difference = 0, .weight = 1}};
    double scratch[4];
    struct gex__parity fit;

    ck_assert(!gex__parity_line(pairs, 0, 1e-9, scratch, &fit));
    ck_assert(!gex__parity_line(pairs, 1, 1e-9, scratch, &fit));
    ck_assert(!gex__parity_line(pairs, 2, 1e-9, scratch, &fit)); /* one strike */
    ck_assert(!gex__parity_line(pairs, 4, 1e-9, scratch, &fit)); /* rises with strike: a negative discount */
    ck_assert(!gex__parity_forward(pairs, 0, 0.9, 1e-9, scratch, &fit));
    ck_assert(!gex__parity_forward(pairs, 1, -1, 1e-9, scratch, &fit));
    ck_assert(!gex__parity_forward(pairs, 1, (double)NAN, 1e-9, scratch, &fit));
    ck_assert(gex__parity_forward(pairs, 1, 0.5, 1e-9, scratch, &fit));
    ck_assert_double_eq(fit.forward, 102);
    pairs[0].difference = (double)INFINITY;
    ck_assert(!gex__parity_forward(pairs, 1, 0.5, 1e-9, scratch, &fit));
} END_TEST

/* Middles anywhere in the inner half of their spreads. The scatter of few strikes says little of itself: Student's t of
 * three degrees of freedom lies within 2 in 86 %, less what reweighting takes, the normal distribution in 95 %. */
static const struct cover_case {
    int    strikes;
    double least, most;
} covers[] = {{4, 0.76, 0.86}, {40, 0.90, 0.95}};

START_TEST(errors_cover_what_they_say)
{
    const struct cover_case *c = &covers[_i];
    const int draws = 4000;
    int within = 0, with_quotes = 0;

    for (int i = 0; i < draws; i++) {
        struct gex__pair pairs[40];
        struct gex__parity fit;
        double scratch[40], off;

        for (int k = 0; k < c->strikes; k++) {
            const double call = between(0.05, 0.15), put = between(0.05, 0.15), strike = 90 + 0.5 * k;
            pairs[k] = (struct gex__pair){.strike = strike, .half_call = call, .half_put = put,
                                          .difference = 0.99 * (100 - strike) + call * between(-0.5, 0.5) +
                                                        put * between(-0.5, 0.5)};
        }
        gex__pair_weights(pairs, c->strikes);
        ck_assert(gex__parity_forward(pairs, c->strikes, 0.99, 1e-9, scratch, &fit));
        off = fabs(fit.forward - 100);
        within += off <= 2 * fit.forward_error;
        with_quotes += off <= 2 * hypot(fit.forward_error, fit.quote_error);
    }
    ck_assert_msg(within >= c->least * draws && within <= c->most * draws, "%d strikes: %d of %d", c->strikes, within,
                  draws);
    ck_assert_msg(with_quotes == draws, "%d strikes: %d of %d", c->strikes, with_quotes, draws);
} END_TEST

START_TEST(locked_quotes_weigh_as_the_tightest)
{
    struct gex__pair pairs[3] = {
        {.half_call = 0, .half_put = 0}, {.half_call = 0.5, .half_put = 0}, {.half_call = 1, .half_put = 2}};

    gex__pair_weights(pairs, 3); /* floor 0.5; weights are 0.25 / variance */
    ck_assert_double_eq(pairs[0].weight, 0.5);
    ck_assert_double_eq(pairs[1].weight, 0.5);
    ck_assert_double_eq(pairs[2].weight, 0.25 / 5);
    gex__pair_weights(pairs, 1); /* nothing but locked quotes */
    ck_assert_double_eq(pairs[0].weight, 1);
} END_TEST

static const struct median_case {
    int    count;
    double values[6], median;
} medians[] = {
    {1, {3}, 3},
    {2, {1, 2}, 1.5},
    {3, {9, 1, 5}, 5},
    {4, {4, 4, 1, 9}, 4},
    {5, {5, 4, 3, 2, 1}, 3},
    {6, {1, 1, 1, 2, 2, 2}, 1.5},
    {4, {-HUGE_VAL, 0, 1, HUGE_VAL}, 0.5},
};
START_TEST(median_is_the_middle)
{
    double values[6];

    memcpy(values, medians[_i].values, sizeof values);
    ck_assert_double_eq(gex__median(values, medians[_i].count), medians[_i].median);
} END_TEST

START_TEST(median_of_many) /* against the sorted middle of a permutation of 0 .. n - 1 */
{
    static double values[5001];

    for (int n = 4990; n <= 5001; n++) {
        for (int i = 0; i < n; i++)
            values[i] = (double)((int64_t)i * 7919 % n); /* 7919 is prime and does not divide any of these n */
        ck_assert_double_eq(gex__median(values, n), (n - 1) / 2.0);
    }
} END_TEST

/* ---- the curve ------------------------------------------------------------------------------------------------- */

static struct rows rows; /* too large for the stack of a test */

/* Calls and puts of one expiry around a forward, quoted `half` to either side of Black's price. */
static void add_expiry(const char *root, int64_t settlement, double forward, double discount, double vol, double half)
{
    const double deviation = vol * sqrt((double)(settlement - as_of) / (double)year);

    for (int k = -12; k <= 12; k++) {
        const double strike = round(forward * (1 + k * deviation / 4) * 2) / 2;
        for (int8_t right = -1; right <= 1; right += 2) {
            const double price = black_price(forward, discount, strike, deviation, right);
            const int64_t i = rows_add(&rows, root, settlement, strike, right);
            if (price > half) {
                rows.bid[i] = price - half;
                rows.ask[i] = price + half;
            }
        }
    }
}

static int32_t style = GEX_STYLE_AUTO;

static gex_market *implied_market(double spot, double rate)
{
    gex_chain *chain = rows_chain(&rows);
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_IMPLIED;
    options.style = style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = 0.01;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    return market;
}

START_TEST(curve_recovers_what_made_the_prices)
{
    static const double days[] = {0.25, 1, 7, 30, 91, 365, 1000};
    const double spot = 4500, r = 0.053, q = 0.015;
    gex_market *market;

    rows.count = 0;
    for (int e = 0; e < LENGTH(days); e++) {
        const double t = days[e] / 365;
        add_expiry("SPXW", as_of + (int64_t)(days[e] * (double)GEX_DAY), spot * exp((r - q) * t), exp(-r * t), 0.15,
                   0.05);
    }
    market = implied_market(spot, 0);
    ck_assert_int_eq(gex_market_expiry_count(market), LENGTH(days));
    for (int e = 0; e < LENGTH(days); e++) {
        const double t = days[e] / 365;
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_IMPLIED);
        assert_near(gex_market_years(market)[e], t, 1e-15, "years");
        /* our Black's prices near 2,000 carry 2e-13 each; the slope divides that by the width of the strikes, the rate
         * by T as well: 1e-12 / 15 points / 0.0007 years for the shortest */
        assert_near(gex_market_forward(market)[e], spot * exp((r - q) * t), 1e-13, "forward");
        assert_near(gex_market_discount(market)[e], exp(-r * t), 1e-12, "discount");
        assert_near(gex_market_expiry_rate(market)[e], r, 1e-7, "rate");
        assert_near(gex_market_expiry_carry(market)[e], q, 1e-7, "carry");
        assert_near(spot * exp((gex_market_expiry_rate(market)[e] - gex_market_expiry_carry(market)[e]) * t),
                    gex_market_forward(market)[e], 1e-15, "forward again from spot, rate and carry");
        ck_assert_int_ge(gex_market_forward_pairs(market)[e], 4);
        ck_assert_double_lt(gex_market_forward_error(market)[e], 1e-9);
    }
    gex_market_free(market);
} END_TEST

/* With quotes in ticks the slope of a short expiry says nothing: its rate is that of the nearest that does. */
START_TEST(curve_lends_a_rate_to_short_expiries)
{
    const double spot = 4500, r = 0.053, q = 0.015;
    static const int64_t days[] = {1, 90, 365};
    gex_market *market;

    rows.count = 0;
    for (int e = 0; e < LENGTH(days); e++) {
        const double t = (double)days[e] / 365;
        add_expiry("SPXW", as_of + days[e] * GEX_DAY, spot * exp((r - q) * t), exp(-r * t), 0.15, 0.2);
    }
    for (int64_t i = 0; i < rows.count; i++) {
        rows.bid[i] = floor(rows.bid[i] * 10) / 10;
        rows.ask[i] = ceil(rows.ask[i] * 10) / 10;
    }
    market = implied_market(spot, 0.5);
    for (int e = 0; e < LENGTH(days); e++) {
        const double t = (double)days[e] / 365, forward = spot * exp((r - q) * t);
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_IMPLIED);
        ck_assert_double_lt(fabs(gex_market_forward(market)[e] - forward), 0.05); /* half a tick */
        ck_assert_double_lt(fabs(gex_market_forward(market)[e] - forward), 5 * gex_market_forward_error(market)[e]);
        ck_assert_double_lt(fabs(gex_market_expiry_rate(market)[e] - r), 5e-3);
    }
    ck_assert_double_eq(gex_market_expiry_rate(market)[0], gex_market_expiry_rate(market)[1]);
    ck_assert_double_ne(gex_market_expiry_rate(market)[1], gex_market_expiry_rate(market)[2]);
    gex_market_free(market);
} END_TEST

/* Two in five pairs wrong by many spreads, on either side in turn: the fit does not follow them. */
START_TEST(curve_withstands_stale_quotes)
{
    const double spot = 4500, t = 0.25, forward = 4540, discount = 0.987;
    gex_market *market;

    rows.count = 0;
    add_expiry("SPX", as_of + year / 4, forward, discount, 0.15, 0.5);
    for (int64_t i = 0; i < rows.count; i += 5) { /* a put, then a call */
        rows.bid[i] += 40;
        rows.ask[i] += 40;
    }
    market = implied_market(spot, 0.05);
    ck_assert_int_eq(gex_market_forward_source(market)[0], GEX_FORWARD_IMPLIED);
    assert_near(gex_market_forward(market)[0], forward, 1e-3, "forward");
    ck_assert_double_lt(fabs(gex_market_forward(market)[0] - forward), 4 * gex_market_forward_error(market)[0] + 1e-9);
    ck_assert_double_eq_tol(gex_market_years(market)[0], t, 1e-15);
    gex_market_free(market);
} END_TEST

/* For American options parity is a bound: the discount is the given rate's, whatever the slope says. Early exercise is
 * left in it under that style; suite_parity_early takes it out. */
START_TEST(curve_of_american_options)
{
    const double spot = 450, rate = 0.05, forward = 455, discount = exp(-0.05 * 0.5);
    gex_market *market;

    rows.count = 0;
    add_expiry("SPY", as_of + year / 2, forward, discount, 0.2, 0.02);
    for (int64_t i = 0; i < rows.count; i++)
        rows.exercise[i] = GEX_EXERCISE_AMERICAN;
    style = GEX_STYLE_EUROPEAN;
    market = implied_market(spot, rate);
    style = GEX_STYLE_AUTO;
    ck_assert_int_eq(gex_market_forward_source(market)[0], GEX_FORWARD_IMPLIED);
    ck_assert_double_eq(gex_market_expiry_rate(market)[0], rate);
    ck_assert_double_eq(gex_market_discount(market)[0], exp(-rate * gex_market_years(market)[0]));
    assert_near(gex_market_forward(market)[0], forward, 1e-12, "forward");
    gex_market_free(market);
} END_TEST

/* ---- what is not believed --------------------------------------------------------------------------------------- */

static void no_bids(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.bid[i] = 0;
}
static void crossed(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.bid[i] = rows.ask[i] + 1;
}
static void no_numbers(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.ask[i] = i % 2 == 0 ? (double)INFINITY : (double)NAN;
}
static void calls_alone(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.right[i] = GEX_CALL;
}
static void other_roots(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        memcpy(rows.root[i], rows.right[i] > 0 ? "SPXW\0\0\0" : "XSP\0\0\0\0", 8);
}
static void other_multipliers(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.multiplier[i] = rows.right[i] > 0 ? 100 : 10;
}
static void adjusted(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        memcpy(rows.root[i], "SPXW1\0\0", 8);
}
static void three_pairs(void)
{
    for (int64_t i = 6; i < rows.count; i++)
        rows.bid[i] = (double)NAN;
}
static void wrong_currency(void) /* prices and strikes in cents */
{
    for (int64_t i = 0; i < rows.count; i++) {
        rows.strike[i] *= 100;
        rows.bid[i] *= 100;
        rows.ask[i] *= 100;
    }
}
static void one_strike(void) /* a forward may still be read; it lies between the strikes only if it is the strike */
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.strike[i] = 4321;
}
static void noise(void) /* prices that have nothing to do with strikes */
{
    uint32_t draw = 1;
    for (int64_t i = 0; i < rows.count; i++) {
        draw = draw * 1664525u + 1013904223u;
        rows.bid[i] = 1 + (double)(draw >> 8) / 16777216 * 4000;
        rows.ask[i] = rows.bid[i] * 1.01;
    }
}
static void huge(void)
{
    for (int64_t i = 0; i < rows.count; i++) {
        rows.bid[i] = 1e308;
        rows.ask[i] = 1.7e308;
    }
}
static void tiny(void)
{
    for (int64_t i = 0; i < rows.count; i++)
        rows.bid[i] = rows.ask[i] = 5e-324;
}

static const struct doubtful {
    const char *name;
    void (*spoil)(void);
} doubtful[] = {
    {"no bids", no_bids},           {"crossed", crossed},
    {"no numbers", no_numbers},     {"calls alone", calls_alone},
    {"other roots", other_roots},   {"other multipliers", other_multipliers},
    {"adjusted root", adjusted},    {"three pairs", three_pairs},
    {"in cents", wrong_currency},   {"one strike", one_strike},
    {"noise", noise},               {"huge", huge},
    {"tiny", tiny},
};

START_TEST(curve_falls_back)
{
    const struct doubtful *c = &doubtful[_i];
    const double spot = 4500, rate = 0.04;
    gex_market *market;

    rows.count = 0;
    add_expiry("SPXW", as_of + year / 12, 4510, 0.996, 0.15, 0.1);
    c->spoil();
    rows_add(&rows, "SPXW", as_of + year / 12, spot, GEX_CALL); /* one good row, so that there is an expiry */
    market = implied_market(spot, rate);
    ck_assert_int_eq(gex_market_expiry_count(market), 1);
    ck_assert_msg(gex_market_forward_source(market)[0] == GEX_FORWARD_RATE, "%s: forward %.17g +- %.3g from %d pairs",
                  c->name, gex_market_forward(market)[0], gex_market_forward_error(market)[0],
                  gex_market_forward_pairs(market)[0]);
    ck_assert_double_eq(gex_market_forward(market)[0], spot * exp((rate - 0.01) * gex_market_years(market)[0]));
    ck_assert_double_eq(gex_market_expiry_rate(market)[0], rate);
    ck_assert_double_eq(gex_market_expiry_carry(market)[0], 0.01);
    ck_assert(isnan(gex_market_forward_error(market)[0]));
    ck_assert_int_eq(gex_market_forward_pairs(market)[0], 0);
    gex_market_free(market);
} END_TEST

/* The order of the caller's rows changes no bit. */
START_TEST(curve_ignores_row_order)
{
    static struct rows kept;
    gex_market *market, *again;

    rows.count = 0;
    add_expiry("SPXW", as_of + year / 12, 4510, 0.996, 0.15, 0.1);
    add_expiry("SPX", as_of + year / 3, 4550, 0.985, 0.15, 0.1);
    add_expiry("SPX", as_of + year / 3, 4551, 0.985, 0.15, 0.3); /* a second opinion on the same series */
    market = implied_market(4500, 0.05);
    kept = rows;
    for (int64_t i = 0; i < rows.count; i++) {
        const int64_t from = i * 59 % rows.count; /* 59 is prime and does not divide 150 */
        memcpy(rows.root[i], kept.root[from], sizeof rows.root[i]);
        rows.settlement[i] = kept.settlement[from];
        rows.strike[i] = kept.strike[from];
        rows.right[i] = kept.right[from];
        rows.bid[i] = kept.bid[from];
        rows.ask[i] = kept.ask[from];
    }
    again = implied_market(4500, 0.05);
    for (int e = 0; e < 2; e++) {
        ck_assert_int_eq(gex_market_forward_source(again)[e], GEX_FORWARD_IMPLIED);
        ck_assert_double_eq(gex_market_forward(again)[e], gex_market_forward(market)[e]);
        ck_assert_double_eq(gex_market_discount(again)[e], gex_market_discount(market)[e]);
        ck_assert_double_eq(gex_market_forward_error(again)[e], gex_market_forward_error(market)[e]);
    }
    gex_market_free(market);
    gex_market_free(again);
} END_TEST

Suite *suite_curve(void)
{
    Suite *suite = suite_create("curve");
    TCase *parity = tcase_create("parity"), *curve = tcase_create("curve");

    tcase_add_loop_test(parity, parity_matches_golden, 0, CASES);
    tcase_add_test(parity, parity_noise_free_is_exact);
    tcase_add_test(parity, parity_ignores_the_price_unit);
    tcase_add_test(parity, parity_refuses_what_is_no_line);
    tcase_add_loop_test(parity, errors_cover_what_they_say, 0, LENGTH(covers));
    tcase_add_test(parity, locked_quotes_weigh_as_the_tightest);
    tcase_add_loop_test(parity, median_is_the_middle, 0, LENGTH(medians));
    tcase_add_test(parity, median_of_many);
    tcase_add_test(curve, curve_recovers_what_made_the_prices);
    tcase_add_test(curve, curve_lends_a_rate_to_short_expiries);
    tcase_add_test(curve, curve_withstands_stale_quotes);
    tcase_add_test(curve, curve_of_american_options);
    tcase_add_loop_test(curve, curve_falls_back, 0, LENGTH(doubtful));
    tcase_add_test(curve, curve_ignores_row_order);
    suite_add_tcase(suite, parity);
    suite_add_tcase(suite, curve);
    return suite;
}
