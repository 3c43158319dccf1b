/* SPDX-License-Identifier: Apache-2.0 */
/* Forwards that put-call parity does not give alone: curves of rates, cash dividends, quoted, and from neighbours. */
#include <check.h>

#include <gex/shift.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_forwards(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#define NOT ((double)NAN)
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t month = 30 * GEX_DAY;
static const double year = 365;

static struct rows rows;
static gex_market_options options;

static void chosen(int32_t forward)
{
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = 100;
    options.vol = GEX_VOL_GIVEN;
    options.forward = forward;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.04;
    options.carry_yield = 0.013;
}

static gex_market *see(void)
{
    gex_chain *chain = rows_chain(&rows);
    gex_market *market = NULL;
    gex_error error = {0};

    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    return market;
}

static int32_t refusal(int64_t *row_out)
{
    gex_chain *chain = rows_chain(&rows);
    gex_market *market = NULL;
    gex_error error = {0};
    const int32_t status = gex_market_create(NULL, chain, &options, &market, &error);

    ck_assert_ptr_null(market);
    *row_out = error.row;
    gex_chain_free(chain);
    return status;
}

/* `months` expiries of European quotes, 0.02 wide, around a forward and a discount; pairs at 41 strikes. */
static void quote(int months, const double *forward, double rate)
{
    rows.count = 0;
    for (int e = 0; e < months; e++) {
        const double t = 30.0 * (e + 1) / year, discount = exp(-rate * t);
        for (double k = 80; k <= 120; k += 1)
            for (int8_t right = -1; right <= 1; right += 2) {
                const int64_t i = rows_add(&rows, "SPXW", as_of + (e + 1) * month, k, right);
                const double price = forward[e] > 0 ? black_price(forward[e], discount, k, 0.2 * sqrt(t), right) : NOT;
                rows.bid[i] = price - 0.01;
                rows.ask[i] = price + 0.01;
            }
    }
}

/* ---- a curve of rates -------------------------------------------------------------------------------------------- */

START_TEST(curve_of_rates)
{
    static const double at[] = {30 / 365.0, 90 / 365.0}, rates[] = {0.02, 0.05};
    static const double expected[] = {0.02, 0.035, 0.05, 0.05}, none[] = {0, 0, 0, 0};
    gex_market *market;

    quote(4, none, 0);
    chosen(GEX_FORWARD_RATE);
    options.rate_years = (gex_f64){at, sizeof(double)};
    options.rates = (gex_f64){rates, sizeof(double)};
    options.rate_count = 2;
    market = see();
    for (int e = 0; e < 4; e++) {
        const double t = 30.0 * (e + 1) / year;
        ck_assert_double_eq_tol(gex_market_expiry_rate(market)[e], expected[e], 1e-15);
        ck_assert_double_eq_tol(gex_market_discount(market)[e], exp(-expected[e] * t), 1e-15);
        ck_assert_double_eq_tol(gex_market_forward(market)[e], 100 * exp((expected[e] - 0.013) * t), 1e-12);
    }
    gex_market_free(market);
    options.rate_count = 1; /* level everywhere */
    market = see();
    for (int e = 0; e < 4; e++)
        ck_assert_double_eq(gex_market_expiry_rate(market)[e], 0.02);
    gex_market_free(market);
} END_TEST

START_TEST(curve_refusals)
{
    static const double up[] = {0.1, 0.2}, down[] = {0.2, 0.1}, twice[] = {0.1, 0.1}, below[] = {-0.1, 0.1};
    static const double rates[] = {0.02, 0.05}, wild[] = {0.02, 11}, absent[] = {0.02, NOT};
    static const struct {
        const double *at, *rates;
        int64_t       row;
    } bad[] = {{down, rates, 1}, {twice, rates, 1}, {below, rates, 0}, {up, wild, 1}, {up, absent, 1}};
    static const double none[] = {0};
    int64_t row;

    quote(1, none, 0);
    chosen(GEX_FORWARD_RATE);
    options.rate_count = 2;
    for (int k = 0; k < LENGTH(bad); k++) {
        options.rate_years = (gex_f64){bad[k].at, sizeof(double)};
        options.rates = (gex_f64){bad[k].rates, sizeof(double)};
        ck_assert_int_eq(refusal(&row), GEX_ERR_DOMAIN);
        ck_assert_int_eq(row, bad[k].row);
    }
} END_TEST

/* Parity with its own discounts, and with the curve's: the quotes say 4 %, the curve 3 %. */
START_TEST(discount_free_or_fixed)
{
    static const double at[] = {0}, rates[] = {0.03};
    double forward[12];
    gex_market *market;

    for (int e = 0; e < 12; e++)
        forward[e] = 100 * exp(0.02 * 30 * (e + 1) / year);
    quote(12, forward, 0.04);
    chosen(GEX_FORWARD_IMPLIED);
    options.rate_years = (gex_f64){at, sizeof(double)};
    options.rates = (gex_f64){rates, sizeof(double)};
    options.rate_count = 1;
    market = see();
    for (int e = 0; e < 12; e++) {
        const bool own = !isnan(gex_market_discount_error(market)[e]);
        ck_assert_int_eq(gex_market_parity(market)[e], GEX_PARITY_USED);
        ck_assert_int_eq(gex_market_forward_outliers(market)[e] < gex_market_forward_pairs(market)[e], 1);
        ck_assert_double_eq_tol(gex_market_expiry_rate(market)[e], own ? 0.04 : 0.03, own ? 1e-7 : 0);
    }
    ck_assert(!isnan(gex_market_discount_error(market)[11]));
    gex_market_free(market);

    options.fixed_discount = 1;
    market = see();
    for (int e = 0; e < 12; e++) {
        ck_assert_double_eq(gex_market_expiry_rate(market)[e], 0.03);
        ck_assert(isnan(gex_market_discount_error(market)[e]));
        /* a discount that is off by 1 % a year moves a forward
         * read off within a quarter deviation by that share of it */
        ck_assert_double_eq_tol(gex_market_forward(market)[e], forward[e], 0.01 * (e + 1) * 0.05 * 20);
    }
    ck_assert_int_eq(gex_market_fixed_discount(market), 1);
    gex_market_free(market);
} END_TEST

/* ---- cash dividends ---------------------------------------------------------------------------------------------- */

START_TEST(dividends_leave_the_forward)
{
    static const double none[] = {0, 0, 0}, cash[] = {1.5, 9, 2, 1};
    const int64_t when[] = {as_of + 45 * GEX_DAY, as_of, as_of + 60 * GEX_DAY, as_of + 365 * GEX_DAY};
    gex_market *market;

    quote(3, none, 0);
    chosen(GEX_FORWARD_RATE);
    options.dividend_at = (gex_i64){when, sizeof *when};
    options.dividend_cash = (gex_f64){cash, sizeof *cash};
    options.dividend_count = 4;
    market = see();
    for (int e = 0; e < 3; e++) {
        const double t = 30.0 * (e + 1) / year,
                     paid = e < 1 ? 0 : 1.5 * exp(-0.04 * 45 / year) + 2 * exp(-0.04 * 60 / year);
        const double forward = (100 - paid) * exp((0.04 - 0.013) * t);

        ck_assert_double_eq_tol(gex_market_forward(market)[e], forward, 1e-12);
        ck_assert_double_eq_tol(gex_market_borrow(market)[e], 0.013, 1e-13);
        ck_assert_double_eq_tol(100 * exp((0.04 - gex_market_expiry_carry(market)[e]) * t), forward, 1e-12);
    }
    gex_market_free(market);
} END_TEST

/* By ex-date, whatever the order they were given in, and of a market that has moved past some. */
START_TEST(dividends_are_told)
{
    static const double none[] = {0, 0, 0}, cash[] = {2, 1.5}, share[] = {0, 0.01};
    const int64_t when[] = {as_of + 60 * GEX_DAY, as_of + 45 * GEX_DAY};
    gex_shift_options shift;
    gex_market *market, *moved = NULL;

    quote(3, none, 0);
    chosen(GEX_FORWARD_RATE);
    market = see();
    ck_assert_int_eq(gex_market_dividend_count(market), 0);
    gex_market_free(market);

    options.dividend_at = (gex_i64){when, sizeof *when};
    options.dividend_cash = (gex_f64){cash, sizeof *cash};
    options.dividend_share = (gex_f64){share, sizeof *share};
    options.dividend_count = 2;
    market = see();
    gex_shift_options_init(&shift, sizeof shift);
    shift.as_of = as_of + 50 * GEX_DAY;
    ck_assert_int_eq(gex_market_shift(NULL, market, &shift, &moved, NULL), GEX_OK);
    gex_market_free(market);
    ck_assert_int_eq(gex_market_dividend_count(moved), 2);
    ck_assert_int_eq(gex_market_dividend_at(moved)[0], when[1]);
    ck_assert_double_eq(gex_market_dividend_cash(moved)[0], 1.5);
    ck_assert_double_eq(gex_market_dividend_share(moved)[0], 0.01);
    ck_assert_int_eq(gex_market_dividend_at(moved)[1], when[0]);
    ck_assert_double_eq(gex_market_dividend_cash(moved)[1], 2);
    ck_assert_double_eq(gex_market_dividend_share(moved)[1], 0);
    gex_market_free(moved);
} END_TEST

/* Parity says the forward; what it carries beside rate and dividends is the borrow. */
START_TEST(borrow_is_implied)
{
    static const double cash[] = {2};
    const int64_t when[] = {as_of + 45 * GEX_DAY};
    double forward[12];
    gex_market *market;

    for (int e = 0; e < 12; e++) {
        const double t = 30.0 * (e + 1) / year, paid = e < 1 ? 0 : 2 * exp(-0.04 * 45 / year);
        forward[e] = (100 - paid) * exp((0.04 - 0.007) * t);
    }
    quote(12, forward, 0.04);
    chosen(GEX_FORWARD_IMPLIED);
    options.dividend_at = (gex_i64){when, sizeof *when};
    options.dividend_cash = (gex_f64){cash, sizeof *cash};
    options.dividend_count = 1;
    market = see();
    for (int e = 0; e < 12; e++) {
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_IMPLIED);
        ck_assert_double_eq_tol(gex_market_forward(market)[e], forward[e], 1e-6);
        ck_assert_double_eq_tol(gex_market_borrow(market)[e], 0.007, 1e-6);
        /* every half-spread is 0.01: hypot over root 3, undiscounted */
        ck_assert_double_eq_tol(gex_market_forward_quote_error(market)[e],
                                0.01 * sqrt(2.0 / 3.0) / gex_market_discount(market)[e], 1e-12);
    }
    gex_market_free(market);
} END_TEST

START_TEST(dividend_refusals)
{
    static const double none[] = {0};
    static const double bad[] = {-1, NOT, (double)INFINITY, 100 /* all of it */, 1e300};
    const int64_t when = as_of + GEX_DAY;
    int64_t row;

    quote(1, none, 0);
    chosen(GEX_FORWARD_RATE);
    options.dividend_at = (gex_i64){&when, 0};
    options.dividend_count = 1;
    for (int k = 0; k < LENGTH(bad); k++) {
        options.dividend_cash = (gex_f64){&bad[k], 0};
        ck_assert_int_eq(refusal(&row), k < 3 ? GEX_ERR_DOMAIN : GEX_ERR_DOMAIN);
        ck_assert_int_eq(row, 0);
    }
} END_TEST

/* ---- neighbours -------------------------------------------------------------------------------------------------- */

START_TEST(from_neighbours)
{
    static const double carry = 0.015;
    double forward[8];
    gex_market *market;

    for (int e = 0; e < 8; e++)
        forward[e] = e == 0 || e == 3 || e == 4 || e == 7 ? 0 : 100 * exp((0.04 - carry) * 30 * (e + 1) / year);
    quote(8, forward, 0.04);
    chosen(GEX_FORWARD_IMPLIED);
    options.rate = 0.01; /* wrong on purpose */
    options.carry_yield = 0;
    market = see();
    ck_assert_int_eq(gex_market_forward_source(market)[3], GEX_FORWARD_RATE);
    ck_assert_int_eq(gex_market_parity(market)[3], GEX_PARITY_FEW_PAIRS);
    gex_market_free(market);

    options.rate = 0.04;
    options.fixed_discount = 1;
    options.fallback = GEX_FALLBACK_NEIGHBOURS;
    market = see();
    for (int e = 0; e < 8; e++) {
        const double t = 30.0 * (e + 1) / year;
        const int32_t expected = e == 0 || e == 7   ? GEX_FROM_EXTRAPOLATED
                                 : e == 3 || e == 4 ? GEX_FROM_INTERPOLATED
                                                    : GEX_FORWARD_IMPLIED;

        ck_assert_int_eq(gex_market_forward_source(market)[e], expected);
        ck_assert_double_eq_tol(gex_market_forward(market)[e], 100 * exp((0.04 - carry) * t), 1e-6);
        ck_assert_double_eq_tol(gex_market_discount(market)[e], exp(-0.04 * t), 1e-12);
        ck_assert_int_eq(isnan(gex_market_forward_error(market)[e]), expected != GEX_FORWARD_IMPLIED);
    }
    ck_assert_int_eq(gex_market_fallback(market), GEX_FALLBACK_NEIGHBOURS);
    gex_market_free(market);

    for (int e = 0; e < 8; e++)
        forward[e] = 0;
    quote(8, forward, 0.04);
    market = see(); /* no neighbour has one either */
    for (int e = 0; e < 8; e++)
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_RATE);
    gex_market_free(market);
} END_TEST

/* ---- quoted ------------------------------------------------------------------------------------------------------ */

START_TEST(quoted_by_the_rows)
{
    static double forwards[ROWS_MAX];
    static const double none[] = {0, 0, 0};
    gex_market *market;

    quote(3, none, 0);
    for (int64_t i = 0; i < rows.count; i++)
        forwards[i] = i / 82 == 2 ? NOT : 101 + (double)(i / 82) + (i % 3 == 0 ? -50 : i % 3 == 1 ? 0 : 70);
    chosen(GEX_FORWARD_QUOTED);
    options.rate = options.carry_yield = 0;
    options.row_forwards = (gex_f64){forwards, sizeof *forwards};
    market = see();
    ck_assert_double_eq(gex_market_forward(market)[0], 101);
    ck_assert_double_eq(gex_market_forward(market)[1], 102);
    ck_assert_double_eq(gex_market_discount(market)[1], 1);
    ck_assert_double_eq(gex_market_forward(market)[2], 100); /* nothing quoted: by rate */
    ck_assert_int_eq(gex_market_forward_source(market)[0], GEX_FORWARD_QUOTED);
    ck_assert_int_eq(gex_market_forward_source(market)[2], GEX_FORWARD_RATE);
    gex_market_free(market);
    for (int64_t i = 0; i < rows.count; i++)
        forwards[i] = i / 82 == 1 ? 1e9 : 100;
    market = see(); /* a carry beyond 10 a year is no forward of this spot */
    ck_assert_int_eq(gex_market_forward_source(market)[1], GEX_FORWARD_RATE);
    ck_assert_double_eq(gex_market_forward(market)[1], 100);
    ck_assert_int_eq(gex_market_forward_source(market)[2], GEX_FORWARD_QUOTED);
    gex_market_free(market);
} END_TEST

/* Paid in coin: c = C / F, so that c - p = 1 - K / F. Asked for by parity, with no discount of their own; at a rate
 * they are no quotes of a forward. */
START_TEST(parity_of_options_paid_in_coin)
{
    static int8_t payoff[ROWS_MAX];
    static const double forward[] = {101, 104, 110};
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_market *market = NULL;

    quote(3, forward, 0);
    for (int64_t i = 0; i < rows.count; i++) {
        const double coin = forward[i / 82], middle = (rows.bid[i] + rows.ask[i]) / 2 / coin;
        rows.bid[i] = middle * (1 - 1e-4);
        rows.ask[i] = middle * (1 + 1e-4);
        payoff[i] = GEX_PAYOFF_INVERSE;
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = rows.count;
    columns.root = (gex_text){rows.root[0], sizeof rows.root[0], sizeof rows.root[0]};
    columns.settlement = (gex_i64){rows.settlement, sizeof(int64_t)};
    columns.strike = (gex_f64){rows.strike, sizeof(double)};
    columns.right = (gex_i8){rows.right, 1};
    columns.exercise = (gex_i8){rows.exercise, 1};
    columns.multiplier = (gex_f64){rows.multiplier, sizeof(double)};
    columns.payoff = (gex_i8){payoff, 1};
    columns.bid = (gex_f64){rows.bid, sizeof(double)};
    columns.ask = (gex_f64){rows.ask, sizeof(double)};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    chosen(GEX_FORWARD_IMPLIED);
    options.rate = options.carry_yield = 0;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    for (int e = 0; e < 3; e++) {
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_IMPLIED);
        ck_assert_int_eq(gex_market_parity(market)[e], GEX_PARITY_USED);
        ck_assert_double_eq_tol(gex_market_forward(market)[e], forward[e], 1e-9 * forward[e]);
        /* in dollars: options of 1 to 20 of them */
        ck_assert_double_gt(gex_market_forward_quote_error(market)[e], 1e-5);
        ck_assert_double_lt(gex_market_forward_quote_error(market)[e], 2e-3);
        ck_assert_double_eq(gex_market_discount(market)[e], 1);
    }
    gex_market_free(market);
    options.rate = 0.03;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    ck_assert_int_eq(gex_market_parity(market)[0], GEX_PARITY_FEW_PAIRS);
    gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

START_TEST(texts)
{
    static const char *const parity[] = {"used", "not_asked", "few_pairs", "no_fit", "imprecise", "implausible",
                                         "bound"};

    for (int k = 0; k < LENGTH(parity); k++)
        ck_assert_str_eq(gex_parity_text(k), parity[k]);
    ck_assert_str_eq(gex_parity_text(LENGTH(parity)), "unknown");
    ck_assert_str_eq(gex_forward_name(GEX_FROM_INTERPOLATED), "interpolated");
    ck_assert_str_eq(gex_forward_name(GEX_FROM_EXTRAPOLATED), "extrapolated");
    ck_assert_int_eq(gex_forward_find("interpolated"), 0); /* nobody chooses it */
    ck_assert_int_eq(gex_forward_find("quoted"), GEX_FORWARD_QUOTED);
} END_TEST

Suite *suite_forwards(void)
{
    Suite *suite = suite_create("forwards");
    TCase *rate = tcase_create("rates"), *cash = tcase_create("dividends"), *other = tcase_create("others");

    tcase_add_test(rate, curve_of_rates);
    tcase_add_test(rate, curve_refusals);
    tcase_add_test(rate, discount_free_or_fixed);
    tcase_add_test(cash, dividends_leave_the_forward);
    tcase_add_test(cash, dividends_are_told);
    tcase_add_test(cash, borrow_is_implied);
    tcase_add_test(cash, dividend_refusals);
    tcase_add_test(other, from_neighbours);
    tcase_add_test(other, quoted_by_the_rows);
    tcase_add_test(other, parity_of_options_paid_in_coin);
    tcase_add_test(other, texts);
    suite_add_tcase(suite, rate);
    suite_add_tcase(suite, cash);
    suite_add_tcase(suite, other);
    return suite;
}
