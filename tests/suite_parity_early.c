/* SPDX-License-Identifier: Apache-2.0 */
/* Forwards of American chains whose prices come from a binomial tree, which shares nothing with the library. */
#include <check.h>

#include <gex/market.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_parity_early(void);

enum { STEPS = 400 };
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const double spot = 450, rate = 0.05;

static struct rows rows;

/* Cox, Ross and Rubinstein (1979) with the last step by the European formula (Broadie and Detemple 1996); the mean of n
 * and n + 1. */
static double tree(int steps, double strike, double years, double vol, double carry, int8_t right)
{
    static double value[STEPS + 2];
    const double dt = years / steps, up = exp(vol * sqrt(dt)), disc = exp(-rate * dt);
    const double p = (exp((rate - carry) * dt) - 1 / up) / (up - 1 / up);

    for (int i = steps - 1; i >= 0; i--)
        for (int j = 0; j <= i; j++) {
            const double s = spot * pow(up, 2 * j - i), now = fmax(0, right * (s - strike));
            const double hold = i == steps - 1
                                    ? black_price(s * exp((rate - carry) * dt), disc, strike, vol * sqrt(dt), right)
                                    : disc * (p * value[j + 1] + (1 - p) * value[j]);
            value[j] = fmax(now, hold);
        }
    return value[0];
}

static void add(double strike, double years, double vol, double carry, int8_t right)
{
    const int64_t i = rows_add(&rows, "SPY", as_of + (int64_t)(years * 365) * GEX_DAY, strike, right);
    const double price =
        (tree(STEPS, strike, years, vol, carry, right) + tree(STEPS + 1, strike, years, vol, carry, right)) / 2;

    rows.exercise[i] = GEX_EXERCISE_AMERICAN;
    rows.bid[i] = price - 0.02;
    rows.ask[i] = price + 0.02;
}

static gex_market *see(int32_t style)
{
    gex_market_options options;
    gex_chain *chain = rows_chain(&rows);
    gex_market *market;
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
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    return market;
}

/* Both sides of what carry can be beside the rate, with skew. `away`: how far parity as quoted is from the forward, at
 * least. */
static const struct early {
    double years, carry, vol, away;
} cases[] = {{146.0 / 365, 0.012, 0.18, 0.5}, {1, 0.012, 0.2, 1.5}, {1, 0.08, 0.25, 1}, {2, 0.03, 0.16, 2}};

START_TEST(early_exercise_is_taken_out)
{
    const struct early *c = &cases[_i];
    const double forward = spot * exp((rate - c->carry) * c->years);
    gex_market *market;

    rows.count = 0;
    for (double strike = 400; strike <= 520; strike += 5)
        for (int8_t right = 1; right >= -1; right -= 2)
            add(strike, c->years, c->vol - 0.3 * log(strike / forward) / sqrt(c->years) * 0.2, c->carry, right);
    market = see(GEX_STYLE_AUTO);
    ck_assert_uint_eq(gex_market_forward_source(market)[0], GEX_FORWARD_IMPLIED);
    ck_assert_uint_eq(gex_market_parity(market)[0], GEX_PARITY_USED);
    ck_assert_double_eq_tol(gex_market_forward(market)[0], forward,
                            0.02); /* half a spread, and twice the error of the trees */
    ck_assert_double_eq_tol(gex_market_borrow(market)[0], c->carry, 1e-4);
    ck_assert_double_eq(gex_market_discount(market)[0], exp(-rate * gex_market_calendar_years(market)[0]));
    ck_assert_int_ge(gex_market_forward_pairs(market)[0], 4);
    ck_assert_int_le(gex_market_forward_pairs(market)[0], 16);
    ck_assert_double_gt(gex_market_forward_quote_error(market)[0], 0.01);
    ck_assert_double_lt(gex_market_forward_error(market)[0], 0.02);
    gex_market_free(market);

    market = see(GEX_STYLE_EUROPEAN); /* as if it could not be: the bound */
    ck_assert_uint_eq(gex_market_parity(market)[0], GEX_PARITY_USED);
    ck_assert_double_gt(fabs(gex_market_forward(market)[0] - forward), c->away);
    gex_market_free(market);
}
END_TEST

/* One call below what exercise at settlement is worth, with a penny for its put, leaves three pairs of four. */
START_TEST(a_bound_says_so)
{
    const double forward = 455, discount = exp(-rate);

    rows.count = 0;
    for (int k = 0; k < 4; k++)
        for (int8_t right = 1; right >= -1; right -= 2) {
            const double strike = 440 + 5 * k;
            const int64_t i = rows_add(&rows, "SPY", as_of + 365 * GEX_DAY, strike, right);
            const double price = k > 0               ? black_price(forward, discount, strike, 0.05, right)
                                 : right == GEX_CALL ? discount * (forward - strike) - 0.1
                                                     : 0.01;
            rows.exercise[i] = GEX_EXERCISE_AMERICAN;
            rows.bid[i] = price - 0.005;
            rows.ask[i] = price + 0.005;
        }
    {
        gex_market *market = see(GEX_STYLE_AUTO);
        ck_assert_uint_eq(gex_market_forward_source(market)[0], GEX_FORWARD_IMPLIED);
        ck_assert_uint_eq(gex_market_parity(market)[0], GEX_PARITY_BOUND);
        ck_assert_double_eq_tol(gex_market_forward(market)[0], forward, 0.2);
        gex_market_free(market);
    }
}
END_TEST

Suite *suite_parity_early(void)
{
    Suite *suite = suite_create("parity_early");
    TCase *tcase = tcase_create("forwards");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, early_exercise_is_taken_out, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(tcase, a_bound_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
