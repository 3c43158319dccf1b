/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes of contracts exercised early: their volatilities give the prices back through gex_american(). */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gex/american.h>
#include <gex/quotes.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_quotes_american(void);

enum { STRIKES = 31, EXPIRIES = 3, ROWS = 2 * STRIKES * EXPIRIES };
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const double spot = 100, rate = 0.05, carry = 0.03;
static const int days[EXPIRIES] = {2, 60, 500};
static struct rows rows;

/* The pricer's value of row i at a vol. */
static double value(int64_t i, double vol)
{
    const double years = (double)(rows.settlement[i] - as_of) / (365.0 * (double)GEX_DAY);
    const int32_t greek = GEX_GREEK_PRICE;
    double price, *const out = &price;
    gex_american_columns one;

    gex_american_columns_init(&one, sizeof one);
    one.rows = 1;
    one.spot = (gex_f64){&spot, 0};
    one.strike = (gex_f64){&rows.strike[i], 0};
    one.years = (gex_f64){&years, 0};
    one.vol = (gex_f64){&vol, 0};
    one.right = (gex_i8){&rows.right[i], 0};
    one.rate = (gex_f64){&rate, 0};
    one.carry_yield = (gex_f64){&carry, 0};
    ck_assert_int_eq(gex_american(NULL, &one, &greek, 1, &out, NULL, NULL, NULL), GEX_OK);
    return price;
}

static double intrinsic(int64_t i)
{
    return fmax(rows.right[i] * (spot - rows.strike[i]), 0);
}

/* Strikes 70 to 130; bid, middle and ask from vols a point apart. */
static void draw(void)
{
    rows.count = 0;
    for (int e = 0; e < EXPIRIES; e++)
        for (int k = 0; k < STRIKES; k++)
            for (int right = -1; right <= 1; right += 2) {
                const int64_t i = rows_add(&rows, "SPY", as_of + days[e] * GEX_DAY, 70 + 2 * k, (int8_t)right);

                rows.exercise[i] = GEX_EXERCISE_AMERICAN;
                rows.vol[i] = (double)0;
                rows.bid[i] = value(i, 0.25 + 0.004 * (STRIKES - k));
                rows.ask[i] = value(i, 0.26 + 0.004 * (STRIKES - k));
            }
}

static gex_market *market_of(int32_t vol, int32_t style)
{
    gex_market_options options;
    gex_chain *chain = rows_chain(&rows);
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = spot;
    options.vol = vol;
    options.forward = GEX_FORWARD_RATE;
    options.style = style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = carry;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    return market;
}

static gex_quotes *quotes_of(int32_t vol, int32_t style)
{
    gex_market *market = market_of(vol, style);
    gex_quotes *quotes = NULL;

    ck_assert_int_eq(gex_quotes_create(NULL, market, NULL, &quotes, NULL), GEX_OK);
    gex_market_free(market);
    return quotes;
}

/* The error of a price is a few units in the last place of the spot;
 * where a vol moves it by less, there is nothing to ask. */
START_TEST(vols_give_prices_back)
{
    static const int32_t which[] = {GEX_QUOTE_BID, GEX_QUOTE_MID, GEX_QUOTE_ASK};
    gex_quotes *quotes;
    int compared = 0;

    draw();
    quotes = quotes_of(GEX_VOL_IMPLIED, GEX_STYLE_AUTO);
    for (int k = 0; k < 3; k++)
        for (int64_t i = 0; i < ROWS; i++) {
            const double price = gex_quotes_price(quotes, which[k])[i], vol = gex_quotes_vol(quotes, which[k])[i];
            const uint8_t status = gex_quotes_status(quotes, which[k])[i];

            if (rows.bid[i] < 1e-9 && status == GEX_QUOTE_NO_PRICE)
                continue; /* far out of the money with two days left */
            if (price == intrinsic(i)) {
                ck_assert_msg(status == GEX_QUOTE_OK && vol == 0, "row %d: status %d, vol %g", (int)i, status, vol);
                continue;
            }
            ck_assert_msg(status == GEX_QUOTE_OK, "row %d, price %g: %s", (int)i, price, gex_quote_status_text(status));
            ck_assert_msg(fabs(value(i, vol) - price) <= 1e-12 * spot, "row %d: %.17g gives %.17g", (int)i, vol,
                          value(i, vol));
            compared++;
        }
    ck_assert_int_gt(compared, 3 * ROWS / 2);
    gex_quotes_free(quotes);
}
END_TEST

/* A put deep in the money is worth what exercise pays; European options would have a vol for less than that. */
START_TEST(exercise_now_is_the_floor)
{
    gex_quotes *american, *european;
    int64_t put, call;

    rows.count = 0;
    put = rows_add(&rows, "SPY", as_of + 500 * GEX_DAY, 150, -1);
    call = rows_add(&rows, "SPY", as_of + 500 * GEX_DAY, 150, 1);
    rows.exercise[put] = rows.exercise[call] = GEX_EXERCISE_AMERICAN;
    rows.bid[put] = 49.5; /* the European put is worth 46 without any deviation */
    rows.ask[put] = 50.5;
    rows.bid[call] = 1;
    rows.ask[call] = 1.1;
    american = quotes_of(GEX_VOL_IMPLIED, GEX_STYLE_AUTO);
    european = quotes_of(GEX_VOL_IMPLIED, GEX_STYLE_EUROPEAN);
    ck_assert_int_eq(gex_quotes_status(american, GEX_QUOTE_BID)[put], GEX_QUOTE_BELOW_INTRINSIC);
    ck_assert_int_eq(gex_quotes_status(american, GEX_QUOTE_MID)[put], GEX_QUOTE_OK);
    ck_assert_double_eq(gex_quotes_vol(american, GEX_QUOTE_MID)[put], 0);
    ck_assert_int_eq(gex_quotes_status(american, GEX_QUOTE_ASK)[put], GEX_QUOTE_OK);
    ck_assert_double_gt(gex_quotes_vol(american, GEX_QUOTE_ASK)[put], 0.05);
    ck_assert_int_eq(gex_quotes_status(european, GEX_QUOTE_BID)[put], GEX_QUOTE_OK);
    ck_assert_double_gt(gex_quotes_vol(european, GEX_QUOTE_ASK)[put], gex_quotes_vol(american, GEX_QUOTE_ASK)[put]);
    gex_quotes_free(american);
    gex_quotes_free(european);
}
END_TEST

/* One volatility a strike: the other side is worth what the pricer says of it, which parity does not know. */
START_TEST(a_strike_has_one_vol)
{
    gex_quotes *quotes;
    double most = 0;

    draw();
    quotes = quotes_of(GEX_VOL_IMPLIED, GEX_STYLE_AUTO);
    for (int64_t i = 0; i < ROWS; i += 2) {
        const int32_t expiry = gex_chain_expiry_index(gex_market_chain(gex_quotes_market(quotes)))[i];
        const double forward = gex_market_forward(gex_quotes_market(quotes))[expiry];
        const bool put_out = rows.strike[i] < forward;
        const int64_t out = put_out ? i : i + 1, in = put_out ? i + 1 : i;
        const double vol = gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[in],
                     price = gex_quotes_price(quotes, GEX_QUOTE_STRIKE)[in];
        const double years = (double)days[i / (2 * STRIKES)] / 365;
        const double parity = gex_quotes_price(quotes, GEX_QUOTE_MID)[out] +
                              rows.right[in] * (spot * exp(-carry * years) - rows.strike[in] * exp(-rate * years));

        if (gex_quotes_status(quotes, GEX_QUOTE_STRIKE)[in] != GEX_QUOTE_OK)
            continue;
        ck_assert(vol == gex_quotes_vol(quotes, GEX_QUOTE_MID)[out]);
        ck_assert_double_eq_tol(price, value(in, vol), 1e-12 * spot);
        ck_assert_double_ge(price, intrinsic(in));
        most = fmax(most, price - parity);
    }
    ck_assert_double_gt(most, 1);
    gex_quotes_free(quotes);
}
END_TEST

/* What a market takes for the vol of a row is what the quotes say of its middle, or of its strike. */
START_TEST(markets_and_quotes_agree)
{
    static const int32_t rule[] = {GEX_VOL_IMPLIED, GEX_VOL_OTM}, which[] = {GEX_QUOTE_MID, GEX_QUOTE_STRIKE};
    gex_market *market;
    gex_quotes *quotes;
    int used = 0;

    draw();
    market = market_of(rule[_i], GEX_STYLE_AUTO);
    quotes = quotes_of(rule[_i], GEX_STYLE_AUTO);
    for (int64_t i = 0; i < ROWS; i++) {
        const double vol = gex_quotes_vol(quotes, which[_i])[i];

        if (!(vol > 0)) {
            ck_assert_int_ne(gex_market_status(market)[i], GEX_ROW_USED);
            ck_assert(isnan(gex_market_vol(market)[i]) && isnan(gex_market_calendar_vol(market)[i]));
            continue;
        }
        ck_assert_int_eq(gex_market_status(market)[i], GEX_ROW_USED);
        ck_assert_msg(gex_market_vol(market)[i] == vol, "row %d: %.17g and %.17g", (int)i, gex_market_vol(market)[i],
                      vol);
        used++;
    }
    ck_assert_int_gt(used, ROWS / 2);
    gex_market_free(market);
    gex_quotes_free(quotes);
}
END_TEST

Suite *suite_quotes_american(void)
{
    Suite *suite = suite_create("quotes_american");
    TCase *tcase = tcase_create("american");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, vols_give_prices_back);
    tcase_add_test(tcase, exercise_now_is_the_floor);
    tcase_add_test(tcase, a_strike_has_one_vol);
    tcase_add_loop_test(tcase, markets_and_quotes_agree, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
