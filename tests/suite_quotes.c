/* SPDX-License-Identifier: Apache-2.0 */
/* The table of docs/market.md, row by row: what a bad quote is told, and what its volatilities are. */
#include <check.h>
#include <stdbool.h>

#include <gex/quotes.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_quotes(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#define NOT ((double)NAN)
#define INF ((double)INFINITY)
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t month = 30 * GEX_DAY;
static const double years = 30.0 / 365;

static struct rows rows;
static gex_market *market;

static void see(void)
{
    market = rows_market(&rows, as_of, 0.04, 0.013);
}

static gex_quotes *quotes_by(const gex_quotes_options *options)
{
    gex_quotes *quotes = NULL;
    gex_error error = {0};

    see();
    ck_assert_msg(gex_quotes_create(NULL, market, options, &quotes, &error) == GEX_OK, "%s", error.message);
    gex_market_free(market); /* the quotes keep it */
    return quotes;
}

static int64_t add(int64_t settlement, double strike, int8_t right, double bid, double ask)
{
    const int64_t i = rows_add(&rows, "SPXW", settlement, strike, right);

    rows.bid[i] = bid;
    rows.ask[i] = ask;
    return i;
}

/* ---- one row ----------------------------------------------------------------------------------------------------- */

/* Forward 100.22, discount 0.9967. A call at 100 with a vol of 20 % is worth 2.39; in the money at 50 it is at least
 * 50.06, and no call is worth more than 99.89. */
static const struct row_case {
    const char *name;
    double      strike, bid, ask;
    int64_t     settlement; /* ns after as_of */
    uint8_t     bid_status, mid_status, ask_status;
    uint32_t    flags;
} row_cases[] = {
    {"good", 100, 2.3, 2.5, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_QUOTE_OK, 0},
    {"locked", 100, 2.4, 2.4, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_QUOTE_OK, 0},
    {"none", 100, NOT, NOT, 30 * GEX_DAY, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE,
     GEX_FLAG_NO_QUOTE},
    {"zeros", 100, 0, 0, 30 * GEX_DAY, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_FLAG_NO_QUOTE},
    {"zero bid", 100, 0, 2.5, 30 * GEX_DAY, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_QUOTE_OK,
     GEX_FLAG_ONE_SIDED | GEX_FLAG_ZERO_BID},
    {"no bid", 100, NOT, 2.5, 30 * GEX_DAY, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_QUOTE_OK, GEX_FLAG_ONE_SIDED},
    {"no ask", 100, 2.3, NOT, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_FLAG_ONE_SIDED},
    {"infinite ask", 100, 2.3, INF, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE,
     GEX_FLAG_ONE_SIDED},
    {"negative bid", 100, -1, 2.5, 30 * GEX_DAY, GEX_QUOTE_NO_PRICE, GEX_QUOTE_NO_PRICE, GEX_QUOTE_OK,
     GEX_FLAG_ONE_SIDED},
    {"crossed", 100, 2.5, 2.3, 30 * GEX_DAY, GEX_QUOTE_CROSSED, GEX_QUOTE_CROSSED, GEX_QUOTE_CROSSED,
     GEX_FLAG_CROSSED},
    {"wide", 100, 1, 3.1, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_FLAG_WIDE},
    {"bid below intrinsic", 50, 49, 52, 30 * GEX_DAY, GEX_QUOTE_BELOW_INTRINSIC, GEX_QUOTE_OK, GEX_QUOTE_OK, 0},
    {"middle below intrinsic", 50, 48, 51, 30 * GEX_DAY, GEX_QUOTE_BELOW_INTRINSIC, GEX_QUOTE_BELOW_INTRINSIC,
     GEX_QUOTE_OK, 0},
    {"all below intrinsic", 50, 40, 41, 30 * GEX_DAY, GEX_QUOTE_BELOW_INTRINSIC, GEX_QUOTE_BELOW_INTRINSIC,
     GEX_QUOTE_BELOW_INTRINSIC, 0},
    {"ask above the bound", 100, 95, 101, 30 * GEX_DAY, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_QUOTE_ABOVE_MAX, 0},
    {"all above the bound", 100, 120, 130, 30 * GEX_DAY, GEX_QUOTE_ABOVE_MAX, GEX_QUOTE_ABOVE_MAX,
     GEX_QUOTE_ABOVE_MAX, 0},
    {"settling now", 100, 2.3, 2.5, 0, GEX_QUOTE_NO_TIME, GEX_QUOTE_NO_TIME, GEX_QUOTE_NO_TIME, 0},
    {"settling now, at intrinsic", 90, 10, 10, 0, GEX_QUOTE_OK, GEX_QUOTE_OK, GEX_QUOTE_OK, 0},
    {"settled", 100, 2.3, 2.5, -1, GEX_QUOTE_NO_CONTRACT, GEX_QUOTE_NO_CONTRACT, GEX_QUOTE_NO_CONTRACT, 0},
    {"bad strike", -1, 2.3, 2.5, 30 * GEX_DAY, GEX_QUOTE_NO_CONTRACT, GEX_QUOTE_NO_CONTRACT, GEX_QUOTE_NO_CONTRACT, 0},
};

START_TEST(what_a_row_is_told)
{
    const struct row_case *c = &row_cases[_i];
    const uint8_t expected[] = {0, c->bid_status, c->mid_status, c->ask_status};
    const double price[] = {0, c->bid, c->bid + (c->ask - c->bid) / 2, c->ask};
    const uint32_t looked_at = GEX_FLAG_NO_QUOTE | GEX_FLAG_ONE_SIDED | GEX_FLAG_CROSSED | GEX_FLAG_ZERO_BID |
                               GEX_FLAG_WIDE | GEX_FLAG_STALE | GEX_FLAG_NOT_MONOTONE | GEX_FLAG_NOT_CONVEX |
                               GEX_FLAG_CALENDAR;
    gex_quotes *quotes;

    rows.count = 0;
    add(as_of + c->settlement, c->strike, GEX_CALL, c->bid, c->ask);
    quotes = quotes_by(NULL);
    for (int32_t which = GEX_QUOTE_BID; which <= GEX_QUOTE_ASK; which++) {
        const uint8_t status = gex_quotes_status(quotes, which)[0];

        ck_assert_msg(status == expected[which], "%s, price %d: %s", c->name, which, gex_quote_status_text(status));
        ck_assert_int_eq(isnan(gex_quotes_vol(quotes, which)[0]), status != GEX_QUOTE_OK);
        if (status == GEX_QUOTE_OK)
            ck_assert_double_eq(gex_quotes_price(quotes, which)[0], price[which]);
        if (status == GEX_QUOTE_NO_PRICE || status == GEX_QUOTE_NO_CONTRACT || status == GEX_QUOTE_CROSSED)
            ck_assert_double_nan(gex_quotes_price(quotes, which)[0]);
    }
    ck_assert_msg((gex_quotes_flags(quotes)[0] & looked_at) == c->flags, "%s: flags %x", c->name,
                  gex_quotes_flags(quotes)[0]);
    gex_quotes_free(quotes);
} END_TEST

START_TEST(stale_by_age)
{
    static int64_t at[] = {0, 0, 0, 0, 0};
    gex_quotes_options options;
    gex_quotes *quotes;

    rows.count = 0;
    for (int k = 0; k < LENGTH(at); k++)
        add(as_of + month, 90 + k, GEX_CALL, 12 - k, 12.1 - k);
    at[0] = as_of - 60 * GEX_SECOND;
    at[1] = as_of - 60 * GEX_SECOND - 1;
    at[2] = as_of + GEX_DAY;
    at[3] = INT64_MIN; /* not known */
    at[4] = INT64_MIN + 1;
    gex_quotes_options_init(&options, sizeof options);
    options.quoted_at = (gex_i64){at, sizeof *at};
    options.age_max = 60 * GEX_SECOND;
    quotes = quotes_by(&options);
    for (int k = 0; k < LENGTH(at); k++)
        ck_assert_int_eq((gex_quotes_flags(quotes)[k] & GEX_FLAG_STALE) != 0, k == 1 || k == 4);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_STALE), 2);
    gex_quotes_free(quotes);
} END_TEST

START_TEST(wide_beside_a_tick)
{
    gex_quotes_options options;
    gex_quotes *quotes;

    rows.count = 0;
    add(as_of + month, 130, GEX_CALL, 0.05, 0.2); /* 1.2 middles, three ticks */
    add(as_of + month, 131, GEX_CALL, 0.05, 0.25); /* four of them */
    gex_quotes_options_init(&options, sizeof options);
    options.tick = 0.05;
    quotes = quotes_by(&options);
    ck_assert_int_eq(gex_quotes_flags(quotes)[0] & GEX_FLAG_WIDE, 0);
    ck_assert_int_ne(gex_quotes_flags(quotes)[1] & GEX_FLAG_WIDE, 0);
    gex_quotes_free(quotes);
    options.wide = 0; /* not asked */
    quotes = quotes_by(&options);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_WIDE), 0);
    gex_quotes_free(quotes);
} END_TEST

/* ---- one strike -------------------------------------------------------------------------------------------------- */

/* Prices of one vol, quoted around: bid, middle and ask in order, the middle's given back, both sides alike. */
START_TEST(vols_of_both_sides)
{
    const double forward = 100 * exp((0.04 - 0.013) * years), discount = exp(-0.04 * years), vol = 0.25;
    gex_quotes *quotes;

    rows.count = 0;
    for (double k = 92; k <= 108; k += 2)
        for (int8_t right = -1; right <= 1; right += 2) {
            const double price = black_price(forward, discount, k, vol * sqrt(years), right);
            add(as_of + month, k, right, price - 0.02, price + 0.02);
        }
    quotes = quotes_by(NULL);
    for (int64_t i = 0; i < rows.count; i++) {
        const bool out = (rows.strike[i] < forward) == (rows.right[i] == GEX_PUT);

        ck_assert_int_eq((gex_quotes_flags(quotes)[i] & GEX_FLAG_OTM_SIDE) != 0, out);
        ck_assert_double_eq_tol(gex_quotes_vol(quotes, GEX_QUOTE_MID)[i], vol, 1e-11);
        ck_assert_double_eq_tol(gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[i], vol, 1e-11);
        ck_assert_double_lt(gex_quotes_vol(quotes, GEX_QUOTE_BID)[i], vol);
        ck_assert_double_gt(gex_quotes_vol(quotes, GEX_QUOTE_ASK)[i], vol);
        ck_assert_double_eq_tol(gex_quotes_price(quotes, GEX_QUOTE_STRIKE)[i],
                                gex_quotes_price(quotes, GEX_QUOTE_MID)[i], 1e-12);
    }
    for (int64_t i = 0; i < rows.count; i += 2)
        ck_assert_double_eq(gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[i],
                            gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[i + 1]);
    gex_quotes_free(quotes);
} END_TEST

/* In the money the quote is 2 wide and off; the strike's price and vol come from the other side. */
START_TEST(in_the_money_through_the_forward)
{
    const double forward = 100 * exp((0.04 - 0.013) * years), discount = exp(-0.04 * years);
    const double put = black_price(forward, discount, 90, 0.3 * sqrt(years), GEX_PUT);
    gex_quotes *quotes;

    rows.count = 0;
    add(as_of + month, 90, GEX_CALL, 9, 11);
    add(as_of + month, 90, GEX_PUT, put - 0.01, put + 0.01);
    add(as_of + month, 95, GEX_CALL, NOT, NOT);
    quotes = quotes_by(NULL);
    ck_assert_double_eq_tol(gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[0], 0.3, 1e-11);
    ck_assert_double_eq_tol(gex_quotes_price(quotes, GEX_QUOTE_STRIKE)[0], put + discount * (forward - 90), 1e-13);
    ck_assert_int_eq(gex_quotes_status(quotes, GEX_QUOTE_STRIKE)[0], GEX_QUOTE_OK);
    ck_assert_int_eq(gex_quotes_status(quotes, GEX_QUOTE_STRIKE)[2], GEX_QUOTE_NO_PRICE);
    gex_quotes_free(quotes);
} END_TEST

/* ---- paid in coin ------------------------------------------------------------------------------------------------ */

/* models.md 1.6: F = 50000, K = 52000, v = 0.1, a call is worth 0.0237610598544406 coin. By parity the put is worth
 * 1 / F (K - F) = 0.04 more. */
START_TEST(options_paid_in_coin)
{
    static const char names[2][32] = {"BTC-14DEC23-52000-C", "BTC-14DEC23-52000-P"};
    static const double price[] = {0.0237610598544406, 0.0637610598544406}, forwards[] = {50000, 50000};
    const double t = ((double)(20 * GEX_DAY) + 9.0 * 3600 * 1e9) / (365.0 * 86400e9);
    gex_market_options options;
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_quotes *quotes = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 2;
    columns.symbol = (gex_text){names[0], sizeof *names, sizeof *names};
    columns.bid = columns.ask = (gex_f64){price, sizeof *price};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_status(chain)[0], GEX_ROW_USED);
    ck_assert_int_eq(gex_chain_payoff(chain)[0], GEX_PAYOFF_INVERSE);
    ck_assert_int_eq(gex_chain_exercise(chain)[0], GEX_EXERCISE_EUROPEAN);
    ck_assert_double_eq(gex_chain_multiplier(chain)[0], 1);
    ck_assert_str_eq(gex_chain_root(chain, 0), "BTC");
    ck_assert_int_eq(gex_chain_settlement(chain)[0], 1702540800 * GEX_SECOND); /* 2023-12-14 08:00 UTC */
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = 1702540800 * GEX_SECOND - 20 * GEX_DAY - 9 * 3600 * GEX_SECOND;
    options.spot = 49500;
    options.vol = GEX_VOL_IMPLIED;
    options.forward = GEX_FORWARD_QUOTED;
    options.row_forwards = (gex_f64){forwards, sizeof *forwards};
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(gex_market_status(market)[i], GEX_ROW_USED);
        ck_assert_double_eq_tol(gex_market_vol(market)[i] * sqrt(t), 0.1, 1e-14);
    }
    ck_assert_int_eq(gex_quotes_create(NULL, market, NULL, &quotes, NULL), GEX_OK);
    ck_assert_double_eq(gex_quotes_vol(quotes, GEX_QUOTE_MID)[0], gex_market_vol(market)[0]);
    ck_assert_double_eq_tol(gex_quotes_price(quotes, GEX_QUOTE_STRIKE)[1], price[1], 1e-16);
    gex_quotes_free(quotes);
    gex_market_free(market);

    options.rate = 0.03; /* there is no rate that goes with a payment in coin */
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    ck_assert_int_eq(gex_market_status(market)[0], GEX_ROW_UNSUPPORTED);
    gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* ---- static arbitrage -------------------------------------------------------------------------------------------- */

/* Calls of one vol at 90, 95, ... 110 for one and two months: nothing is flagged; then one middle is moved. */
static void smooth(void)
{
    rows.count = 0;
    for (int e = 1; e <= 2; e++)
        for (double k = 90; k <= 110; k += 5) {
            const double t = years * e, forward = 100 * exp((0.04 - 0.013) * t);
            const double price = black_price(forward, exp(-0.04 * t), k, 0.25 * sqrt(t), GEX_CALL);
            add(as_of + e * month, k, GEX_CALL, price, price);
        }
}

static uint32_t arbitrage(const gex_quotes *quotes, int64_t row)
{
    return gex_quotes_flags(quotes)[row] & (GEX_FLAG_NOT_MONOTONE | GEX_FLAG_NOT_CONVEX | GEX_FLAG_CALENDAR);
}

static void move(int64_t row, double by)
{
    rows.bid[row] += by;
    rows.ask[row] += by;
}

START_TEST(no_arbitrage_in_a_flat_vol)
{
    gex_quotes *quotes;

    smooth();
    quotes = quotes_by(NULL);
    for (int64_t i = 0; i < rows.count; i++)
        ck_assert_uint_eq(arbitrage(quotes, i), 0);
    gex_quotes_free(quotes);
} END_TEST

START_TEST(arbitrage_is_found_in_its_rows)
{
    gex_quotes *quotes;

    smooth();
    move(2, 0.8); /* above the line between its neighbours, under the left one still, and under the later one */
    quotes = quotes_by(NULL);
    ck_assert_uint_eq(arbitrage(quotes, 2), GEX_FLAG_NOT_CONVEX);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_NOT_CONVEX | GEX_FLAG_NOT_MONOTONE | GEX_FLAG_CALENDAR), 1);
    gex_quotes_free(quotes);

    smooth();
    move(3, 2.5); /* above the one before it too, and above the same strike a month later */
    quotes = quotes_by(NULL);
    ck_assert_uint_eq(arbitrage(quotes, 3), GEX_FLAG_NOT_MONOTONE | GEX_FLAG_NOT_CONVEX | GEX_FLAG_CALENDAR);
    ck_assert_uint_eq(arbitrage(quotes, 2), GEX_FLAG_NOT_MONOTONE);
    ck_assert_uint_eq(arbitrage(quotes, 4), 0);
    gex_quotes_free(quotes);

    smooth();
    move(0, 5); /* falls by more than the strikes are apart */
    quotes = quotes_by(NULL);
    ck_assert_uint_eq(arbitrage(quotes, 0) & GEX_FLAG_NOT_MONOTONE, GEX_FLAG_NOT_MONOTONE);
    gex_quotes_free(quotes);
} END_TEST

/* Puts have the mirrored bounds; a stale or wide quote is held against nobody; other roots are other slices. */
START_TEST(who_is_compared)
{
    static int64_t at[32];
    gex_quotes_options options;
    gex_quotes *quotes;
    int64_t i;

    rows.count = 0;
    add(as_of + month, 90, GEX_PUT, 3, 3);
    add(as_of + month, 95, GEX_PUT, 2, 2); /* falls with the strike */
    quotes = quotes_by(NULL);
    ck_assert_uint_eq(arbitrage(quotes, 0), GEX_FLAG_NOT_MONOTONE);
    gex_quotes_free(quotes);

    i = rows_add(&rows, "XSP", as_of + month, 92, GEX_PUT);
    rows.bid[i] = rows.ask[i] = 50;
    rows.bid[1] = rows.ask[1] = 4;
    quotes = quotes_by(NULL);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_NOT_MONOTONE), 0);
    gex_quotes_free(quotes);

    smooth();
    move(2, 0.8);
    for (int k = 0; k < LENGTH(at); k++)
        at[k] = k == 2 ? as_of - GEX_DAY : as_of;
    gex_quotes_options_init(&options, sizeof options);
    options.quoted_at = (gex_i64){at, sizeof *at};
    options.age_max = GEX_SECOND;
    quotes = quotes_by(&options);
    for (int64_t k = 0; k < rows.count; k++)
        ck_assert_uint_eq(arbitrage(quotes, k), 0);
    gex_quotes_free(quotes);
} END_TEST

/* The order rows come in changes nothing, nor does a strike that is listed twice. */
START_TEST(order_of_rows_does_not_matter)
{
    uint32_t before[64];
    gex_quotes *quotes;

    smooth();
    move(2, 0.8);
    move(8, 2);
    quotes = quotes_by(NULL);
    for (int64_t i = 0; i < rows.count; i++)
        before[i] = gex_quotes_flags(quotes)[i];
    gex_quotes_free(quotes);
    for (int64_t i = 0, j = rows.count - 1; i < j; i++, j--) {
        const double strike = rows.strike[i], price = rows.bid[i];
        const int64_t settlement = rows.settlement[i];

        rows.strike[i] = rows.strike[j];
        rows.bid[i] = rows.ask[i] = rows.bid[j];
        rows.settlement[i] = rows.settlement[j];
        rows.strike[j] = strike;
        rows.bid[j] = rows.ask[j] = price;
        rows.settlement[j] = settlement;
    }
    quotes = quotes_by(NULL);
    for (int64_t i = 0; i < rows.count; i++)
        ck_assert_uint_eq(gex_quotes_flags(quotes)[i], before[rows.count - 1 - i]);
    gex_quotes_free(quotes);
} END_TEST

START_TEST(quotes_of_nothing)
{
    gex_quotes *quotes;

    rows.count = 0;
    quotes = quotes_by(NULL);
    ck_assert_int_eq(gex_quotes_count(quotes, UINT32_MAX), 0);
    ck_assert_ptr_null(gex_quotes_price(quotes, 0));
    ck_assert_ptr_null(gex_quotes_price(quotes, 5));
    ck_assert_ptr_null(gex_quotes_price(quotes, 6));
    gex_quotes_free(quotes);
} END_TEST

/* ---- limits of a given volatility -------------------------------------------------------------------------------- */

START_TEST(a_filler_is_no_volatility)
{
    static const double vols[] = {0.01, 0.0101, 0.0102, 4.9, 5, 6, 0, NOT};
    static const uint8_t expected[] = {GEX_ROW_NO_VOL, GEX_ROW_NO_VOL, GEX_ROW_USED, GEX_ROW_USED, GEX_ROW_NO_VOL,
                                       GEX_ROW_NO_VOL, GEX_ROW_NO_VOL, GEX_ROW_NOT_FINITE};
    static const bool capped[] = {true, true, false, false, true, true, false, false};
    gex_market_options options;
    gex_chain *chain;

    rows.count = 0;
    for (int k = 0; k < LENGTH(vols); k++)
        rows.vol[add(as_of + month, 90 + k, GEX_CALL, NOT, NOT)] = vols[k];
    chain = rows_chain(&rows);
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = 100;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.vol_low = 0.0101;
    options.vol_high = 5;
    for (options.vol = GEX_VOL_GIVEN; options.vol <= GEX_VOL_OTM; options.vol += GEX_VOL_OTM - GEX_VOL_GIVEN) {
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
        for (int k = 0; k < LENGTH(vols); k++) {
            ck_assert_int_eq(gex_market_status(market)[k], expected[k]);
            ck_assert_int_eq((gex_market_flags(market)[k] & GEX_FLAG_VOL_CAPPED) != 0, capped[k]);
        }
        ck_assert_double_eq(gex_market_vol_low(market), 0.0101);
        ck_assert_double_eq(gex_market_vol_high(market), 5);
        gex_market_free(market);
    }
    gex_chain_free(chain);
} END_TEST

/* A chain with no usable quote and no vol: every row says so, and nothing is made up. */
START_TEST(no_usable_quote)
{
    gex_market_options options;
    gex_chain *chain;

    rows.count = 0;
    for (int k = 0; k < 8; k++)
        rows.vol[add(as_of + month, 90 + k, k % 2 == 0 ? GEX_CALL : GEX_PUT, 0, 0.05)] = 0;
    chain = rows_chain(&rows);
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = 100;
    options.forward = GEX_FORWARD_IMPLIED;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    for (options.vol = GEX_VOL_GIVEN; options.vol <= GEX_VOL_OTM; options.vol++) {
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
        for (int k = 0; k < 8; k++) {
            ck_assert_int_eq(gex_market_status(market)[k],
                             options.vol == GEX_VOL_IMPLIED ? GEX_ROW_NO_PRICE : GEX_ROW_NO_VOL);
            ck_assert_double_nan(gex_market_vol(market)[k]);
        }
        ck_assert_int_eq(gex_market_forward_source(market)[0], GEX_FORWARD_RATE);
        gex_market_free(market);
    }
    gex_chain_free(chain);
} END_TEST

START_TEST(status_texts)
{
    static const char *const texts[] = {"ok", "no_contract", "no_price", "crossed", "below_intrinsic", "above_max",
                                        "no_time"};

    for (int k = 0; k < LENGTH(texts); k++)
        ck_assert_str_eq(gex_quote_status_text(k), texts[k]);
    ck_assert_str_eq(gex_quote_status_text(-1), "unknown");
    ck_assert_str_eq(gex_quote_status_text(LENGTH(texts)), "unknown");
} END_TEST

Suite *suite_quotes(void)
{
    Suite *suite = suite_create("quotes");
    TCase *row = tcase_create("row"), *strike = tcase_create("strike"), *compare = tcase_create("compare");

    tcase_add_loop_test(row, what_a_row_is_told, 0, LENGTH(row_cases));
    tcase_add_test(row, stale_by_age);
    tcase_add_test(row, wide_beside_a_tick);
    tcase_add_test(row, a_filler_is_no_volatility);
    tcase_add_test(row, no_usable_quote);
    tcase_add_test(row, status_texts);
    tcase_add_test(strike, vols_of_both_sides);
    tcase_add_test(strike, in_the_money_through_the_forward);
    tcase_add_test(strike, options_paid_in_coin);
    tcase_add_test(compare, no_arbitrage_in_a_flat_vol);
    tcase_add_test(compare, arbitrage_is_found_in_its_rows);
    tcase_add_test(compare, who_is_compared);
    tcase_add_test(compare, order_of_rows_does_not_matter);
    tcase_add_test(compare, quotes_of_nothing);
    suite_add_tcase(suite, row);
    suite_add_tcase(suite, strike);
    suite_add_tcase(suite, compare);
    return suite;
}
