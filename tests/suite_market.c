/* SPDX-License-Identifier: Apache-2.0 */
/* A chain seen at an instant: the status of every row, volatilities given and implied, forwards given, the door. */
#include <check.h>

#include <gex/market.h>

#include "base/civil.h"
#include "failing.h"
#include "quoted.h"

Suite *suite_market(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#define NOT ((double)NAN)
#define INF ((double)INFINITY)
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t month = 30 * GEX_DAY;
static const double spot = 100;

static gex_market_options chosen(int32_t vol, int32_t forward)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = spot;
    options.vol = vol;
    options.forward = forward;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    return options;
}

static gex_market *market_of(const struct rows *rows, const gex_market_options *options)
{
    gex_chain *chain = rows_chain(rows);
    gex_market *market = NULL;
    gex_error error = {0};

    ck_assert_msg(gex_market_create(NULL, chain, options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain); /* the market keeps it */
    return market;
}

/* ---- statuses --------------------------------------------------------------------------------------------------- */

/* DESIGN: one status a row, the smallest number that applies. Left and right of the bar: vol given, vol implied. */
static const struct row_case {
    const char *name;
    double      strike, vol, bid, ask;
    int64_t     settlement; /* ns after as_of */
    int8_t      right;
    uint8_t     given, implied;
} row_cases[] = {
    {"good", 100, 0.2, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_USED},
    {"good put", 100, 0.2, 2.2, 2.4, 30 * GEX_DAY, -1, GEX_ROW_USED, GEX_ROW_USED},
    {"locked", 100, 0.2, 2.3, 2.3, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_USED},
    {"smallest vol", 100, 5e-324, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_USED},
    {"vol of a thousand", 100, 1e3, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_USED},
    {"no vol", 100, 0, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_NO_VOL, GEX_ROW_USED},
    {"minus zero vol", 100, -0.0, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_NO_VOL, GEX_ROW_USED},
    {"negative vol", 100, -0.2, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_NO_VOL, GEX_ROW_USED},
    {"NaN vol", 100, NOT, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_NOT_FINITE, GEX_ROW_USED},
    {"infinite vol", 100, INF, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_NOT_FINITE, GEX_ROW_USED},
    {"no quote", 100, 0.2, NOT, NOT, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"no bid", 100, 0.2, 0, 2.4, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"no ask", 100, 0.2, 2.2, NOT, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"ask zero", 100, 0.2, 0, 0, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"crossed", 100, 0.2, 2.4, 2.2, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"negative bid", 100, 0.2, -2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"infinite ask", 100, 0.2, 2.2, INF, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"infinite both", 100, 0.2, INF, INF, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_PRICE},
    {"below intrinsic", 50, 0.2, 40, 41, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_VOL},
    {"above the bound", 100, 0.2, 120, 130, 30 * GEX_DAY, 1, GEX_ROW_USED, GEX_ROW_NO_VOL},
    {"expired by 1 ns", 100, 0.2, 2.2, 2.4, -1, 1, GEX_ROW_EXPIRED, GEX_ROW_EXPIRED},
    {"expired, no vol, no quote", 100, 0, NOT, NOT, -1, 1, GEX_ROW_EXPIRED, GEX_ROW_EXPIRED},
    {"expired, NaN vol", 100, NOT, 2.2, 2.4, -1, 1, GEX_ROW_NOT_FINITE, GEX_ROW_EXPIRED},
    {"settling now", 100, 0.2, 2.2, 2.4, 0, 1, GEX_ROW_USED, GEX_ROW_NO_VOL},
    {"settling in 1 ns", 100, 0.2, 2.2, 2.4, 1, 1, GEX_ROW_USED, GEX_ROW_USED},
    {"bad strike, NaN vol", -1, NOT, 2.2, 2.4, 30 * GEX_DAY, 1, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE},
    {"bad right, no vol", 100, 0, 2.2, 2.4, 30 * GEX_DAY, 0, GEX_ROW_BAD_RIGHT, GEX_ROW_BAD_RIGHT},
};

static struct rows rows;

static void all_cases(void)
{
    rows.count = 0;
    for (int k = 0; k < LENGTH(row_cases); k++) {
        const struct row_case *c = &row_cases[k];
        const int64_t i = rows_add(&rows, "SPXW", as_of + c->settlement, c->strike, c->right);
        rows.vol[i] = c->vol;
        rows.bid[i] = c->bid;
        rows.ask[i] = c->ask;
    }
}

static void assert_statuses(int32_t vol)
{
    gex_market_options options = chosen(vol, GEX_FORWARD_RATE);
    gex_market *market;

    all_cases();
    market = market_of(&rows, &options);
    for (int64_t i = 0; i < rows.count; i++) {
        const struct row_case *c = &row_cases[i];
        const uint8_t expected = vol == GEX_VOL_GIVEN ? c->given : c->implied;
        const bool used = expected == GEX_ROW_USED;

        ck_assert_msg(gex_market_status(market)[i] == expected, "%s: %s, expected %s", c->name,
                      gex_row_text(gex_market_status(market)[i]), gex_row_text(expected));
        ck_assert_int_eq(gex_market_vol_source(market)[i], used ? vol : 0);
        ck_assert_msg(isnan(gex_market_vol(market)[i]) == !used, "%s: a refused row has no vol", c->name);
        if (used && vol == GEX_VOL_GIVEN)
            ck_assert_double_eq(gex_market_vol(market)[i], c->vol);
    }
    gex_market_free(market);
}

START_TEST(status_with_vol_given)
{
    assert_statuses(GEX_VOL_GIVEN);
} END_TEST

START_TEST(status_with_vol_implied)
{
    assert_statuses(GEX_VOL_IMPLIED);
} END_TEST

/* A row the chain refuses keeps the chain's status unless a smaller one applies too. */
START_TEST(status_of_unsupported_rows)
{
    const gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
    gex_market *market;

    rows.count = 0;
    for (int k = 0; k < 3; k++) {
        const int64_t i = rows_add(&rows, "SPY1", as_of + month, 100, GEX_CALL); /* adjusted */
        rows.vol[i] = k == 0 ? 0.2 : k == 1 ? 0 : NOT;
    }
    market = market_of(&rows, &options);
    ck_assert_int_eq(gex_market_status(market)[0], GEX_ROW_UNSUPPORTED);
    ck_assert_int_eq(gex_market_status(market)[1], GEX_ROW_NO_VOL);
    ck_assert_int_eq(gex_market_status(market)[2], GEX_ROW_NOT_FINITE);
    ck_assert_uint_eq(gex_market_flags(market)[0] & GEX_FLAG_ADJUSTED_ROOT, GEX_FLAG_ADJUSTED_ROOT);
    gex_market_free(market);
} END_TEST

START_TEST(exercise_is_the_contracts_or_what_the_style_says)
{
    static const int32_t style[] = {GEX_STYLE_AUTO, GEX_STYLE_EUROPEAN, GEX_STYLE_AMERICAN};
    static const uint8_t valued[][3] = {{GEX_EXERCISE_AMERICAN, GEX_EXERCISE_AMERICAN, GEX_EXERCISE_EUROPEAN},
                                        {GEX_EXERCISE_EUROPEAN, GEX_EXERCISE_EUROPEAN, GEX_EXERCISE_EUROPEAN},
                                        {GEX_EXERCISE_AMERICAN, GEX_EXERCISE_AMERICAN, GEX_EXERCISE_AMERICAN}};
    gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
    gex_market *market;

    rows.count = 0;
    for (int k = 0; k < 3; k++)
        rows_add(&rows, "SPY", as_of + month, 100 + k, GEX_CALL);
    rows.exercise[0] = rows.exercise[1] = GEX_EXERCISE_AMERICAN;
    rows.vol[1] = 0;
    options.style = style[_i];
    market = market_of(&rows, &options);
    for (int k = 0; k < 3; k++) { /* row 1 is refused: nothing was valued as anything */
        const bool flagged = style[_i] == GEX_STYLE_EUROPEAN && k == 0;
        ck_assert_int_eq(gex_market_exercise(market)[k], valued[_i][k]);
        ck_assert_uint_eq(gex_market_flags(market)[k] & GEX_FLAG_AMERICAN_AS_EUROPEAN,
                          flagged ? GEX_FLAG_AMERICAN_AS_EUROPEAN : 0);
    }
    gex_market_free(market);
} END_TEST

/* The vol that made the price comes back, calls and puts, in and out of the money. */
START_TEST(implied_vol_gives_the_price_back)
{
    static const double vols[] = {0.08, 0.2, 0.6}, strikes[] = {85, 97, 100, 104, 120};
    const gex_market_options options = chosen(GEX_VOL_IMPLIED, GEX_FORWARD_RATE);
    const double years = 30.0 / 365, forward = spot * exp((0.04 - 0.013) * years), discount = exp(-0.04 * years);
    gex_market *market;

    rows.count = 0;
    for (int v = 0; v < LENGTH(vols); v++)
        for (int k = 0; k < LENGTH(strikes); k++)
            for (int8_t right = -1; right <= 1; right += 2) {
                const double price = black_price(forward, discount, strikes[k], vols[v] * sqrt(years), right);
                const int64_t i = rows_add(&rows, "SPXW", as_of + month, strikes[k], right);
                rows.bid[i] = price * 0.75;
                rows.ask[i] = price * 1.25;
            }
    market = market_of(&rows, &options);
    for (int64_t i = 0; i < rows.count; i++) {
        const double vol = vols[i / 2 / LENGTH(strikes)], deviation = vol * sqrt(years);
        const double got = gex_market_vol(market)[i];
        const double d = log(forward / rows.strike[i]) / deviation + deviation / 2;
        const double vega = discount * forward * exp(-d * d / 2) / sqrt(2 * acos(-1.0)) * sqrt(years);
        /* a price near 100 carries 1e-14; the vol is that over vega */
        const double tolerance = 1e-13 + 4e-14 / vega;

        if (tolerance > 1e-3)
            continue; /* the price says nothing: its time value is below a rounding error */
        ck_assert_msg(fabs(got - vol) <= tolerance, "strike %g right %d: got %.17g, expected %.17g", rows.strike[i],
                      rows.right[i], got, vol);
        ck_assert_int_eq(gex_market_vol_source(market)[i], GEX_VOL_IMPLIED);
    }
    gex_market_free(market);
} END_TEST

/* ---- forwards --------------------------------------------------------------------------------------------------- */

static void four_expiries(void)
{
    rows.count = 0;
    rows_add(&rows, "SPXW", as_of - 1, 100, GEX_CALL);
    rows_add(&rows, "SPXW", as_of, 100, GEX_CALL);
    rows_add(&rows, "SPXW", as_of + month, 100, GEX_CALL);
    rows_add(&rows, "SPXW", as_of + 365 * GEX_DAY, 100, GEX_CALL);
}

START_TEST(forward_by_rate)
{
    const gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
    static const double years[] = {0, 0, 30.0 / 365, 1};
    gex_market *market;

    four_expiries();
    market = market_of(&rows, &options);
    ck_assert_int_eq(gex_market_expiry_count(market), 4);
    for (int e = 0; e < 4; e++) {
        ck_assert_double_eq(gex_market_years(market)[e], years[e]);
        ck_assert_double_eq(gex_market_expiry_rate(market)[e], 0.04); /* to the bit */
        ck_assert_double_eq(gex_market_expiry_carry(market)[e], 0.013);
        ck_assert_int_eq(gex_market_forward_source(market)[e], e == 0 ? 0 : GEX_FORWARD_RATE);
        ck_assert_int_eq(gex_market_forward_pairs(market)[e], 0);
        ck_assert(isnan(gex_market_forward_error(market)[e]));
    }
    ck_assert(isnan(gex_market_forward(market)[0]) && isnan(gex_market_discount(market)[0]));
    ck_assert_double_eq(gex_market_forward(market)[1], spot);
    ck_assert_double_eq(gex_market_discount(market)[1], 1);
    ck_assert_double_eq_tol(gex_market_forward(market)[3], 102.73678027634893, 2e-14); /* 100 e^0.027, to 17 digits */
    ck_assert_double_eq_tol(gex_market_discount(market)[3], 0.96078943915232320, 2e-16); /* e^-0.04 */
    gex_market_free(market);
} END_TEST

START_TEST(forward_given)
{
    static const double forwards[] = {NOT, 7, 101, 104}, discounts[] = {NOT, NOT, 0.99, 0.95};
    gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_GIVEN);
    gex_market *market;

    four_expiries();
    options.forwards = (gex_f64){forwards, sizeof(double)};
    options.discounts = (gex_f64){discounts, sizeof(double)};
    market = market_of(&rows, &options);
    ck_assert_int_eq(gex_market_forward_source(market)[0], 0);
    ck_assert(isnan(gex_market_forward(market)[0]));
    ck_assert_double_eq(gex_market_forward(market)[1], spot); /* no time left: nothing but the spot can be it */
    for (int e = 2; e < 4; e++) {
        const double years = gex_market_years(market)[e];
        ck_assert_int_eq(gex_market_forward_source(market)[e], GEX_FORWARD_GIVEN);
        ck_assert_double_eq(gex_market_forward(market)[e], forwards[e]);
        ck_assert_double_eq(gex_market_discount(market)[e], discounts[e]);
        ck_assert_double_eq_tol(gex_market_expiry_rate(market)[e], -log(discounts[e]) / years, 1e-16);
        ck_assert_double_eq_tol(
            spot * exp((gex_market_expiry_rate(market)[e] - gex_market_expiry_carry(market)[e]) * years), forwards[e],
            1e-13);
    }
    gex_market_free(market);

    options.discounts.data = NULL; /* then by the rate */
    market = market_of(&rows, &options);
    ck_assert_double_eq(gex_market_expiry_rate(market)[3], 0.04);
    ck_assert_double_eq(gex_market_discount(market)[3], exp(-0.04));
    ck_assert_double_eq(gex_market_forward(market)[3], 104);
    gex_market_free(market);
} END_TEST

START_TEST(forward_given_refuses)
{
    static const struct {
        double forward, discount;
    } bad[] = {{NOT, 1}, {0, 1}, {-1, 1}, {INF, 1}, {100, NOT}, {100, 0}, {100, -1}, {100, INF},
               {1e9, 1} /* a carry beyond 10 */, {100, 1e-9} /* a rate beyond 10 */};
    gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_GIVEN);
    gex_chain *chain;
    gex_market *market = NULL;
    gex_error error = {0};

    four_expiries();
    chain = rows_chain(&rows);
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, &error), GEX_ERR_ARGUMENT);
    for (int k = 0; k < LENGTH(bad); k++) {
        const double forwards[] = {100, 100, 100, bad[k].forward}, discounts[] = {1, 1, 1, bad[k].discount};
        options.forwards = (gex_f64){forwards, sizeof(double)};
        options.discounts = (gex_f64){discounts, sizeof(double)};
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, &error), GEX_ERR_DOMAIN);
        ck_assert_ptr_null(market);
        ck_assert_int_eq(error.row, 3);
    }
    options.forwards.stride = INT64_MAX;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, &error), GEX_ERR_ARGUMENT);
    gex_chain_free(chain);
} END_TEST

/* ---- the door --------------------------------------------------------------------------------------------------- */

START_TEST(every_choice_has_to_be_made)
{
    static const int32_t unknown[] = {0, -1, 99, INT32_MAX};
    gex_chain *chain;
    gex_market *market = NULL;
    gex_error error = {0};

    four_expiries();
    chain = rows_chain(&rows);
    for (int field = 0; field < 5; field++)
        for (int k = 0; k < LENGTH(unknown); k++) {
            gex_market_options options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
            int32_t *const choices[] = {&options.clock, &options.vol, &options.forward, &options.style,
                                        &options.dynamics};
            *choices[field] = unknown[k];
            ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, &error), GEX_ERR_ARGUMENT);
            ck_assert_ptr_null(market);
            ck_assert_ptr_nonnull(strstr(error.message, "GEX_"));
        }
    gex_chain_free(chain);
} END_TEST

START_TEST(numbers_out_of_the_domain)
{
    static const double spots[] = {NOT, 0, -1, INF}, rates[] = {NOT, INF, -INF, 10.5, -10.5};
    gex_market_options options;
    gex_chain *chain;
    gex_market *market = NULL;

    four_expiries();
    chain = rows_chain(&rows);
    for (int k = 0; k < LENGTH(spots); k++) {
        options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_IMPLIED);
        options.spot = spots[k];
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_ERR_DOMAIN);
    }
    for (int k = 0; k < LENGTH(rates); k++) {
        options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
        options.rate = rates[k];
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_ERR_DOMAIN);
        options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
        options.carry_yield = rates[k];
        ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_ERR_DOMAIN);
    }
    options = chosen(GEX_VOL_GIVEN, GEX_FORWARD_RATE);
    ck_assert_int_eq(gex_market_create(NULL, NULL, &options, &market, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_market_create(NULL, chain, NULL, &market, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, NULL, NULL), GEX_ERR_ARGUMENT);
    options.struct_size = 8;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_ERR_VERSION);
    gex_chain_free(chain);
} END_TEST

/* Any instant, any numbers: no crash, and used rows alone have a vol. Sanitizers watch. */
START_TEST(hostile_numbers)
{
    static const double numbers[] = {NOT, INF, -INF, -0.0, 0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
                                     1e-12, 1e3, 1, 100, -1};
    static const int64_t instants[] = {INT64_MIN + 1, INT64_MIN / 2, 0, 1700000000 * GEX_SECOND, INT64_MAX / 2,
                                       INT64_MAX};
    static const int32_t vol_rules[] = {GEX_VOL_GIVEN, GEX_VOL_IMPLIED, GEX_VOL_OTM};

    rows.count = 0;
    for (int a = 0; a < LENGTH(numbers); a++)
        for (int b = 0; b < LENGTH(numbers); b++) {
            const int64_t i =
                rows_add(&rows, "SPXW", instants[(a + b) % LENGTH(instants)], numbers[a], b % 2 == 0 ? 1 : -1);
            rows.vol[i] = rows.bid[i] = numbers[b];
            rows.ask[i] = numbers[(a + 3) % LENGTH(numbers)];
        }
    for (int k = 0; k < LENGTH(instants); k++)
        for (int v = 0; v < 3; v++) {
            gex_market_options options = chosen(vol_rules[v], k % 2 == 0 ? GEX_FORWARD_IMPLIED : GEX_FORWARD_RATE);
            gex_market *market;

            options.as_of = instants[k];
            options.rate = k % 3 == 0 ? 10 : -10;
            market = market_of(&rows, &options);
            for (int64_t i = 0; i < rows.count; i++) {
                const bool used = gex_market_status(market)[i] == GEX_ROW_USED;
                ck_assert(used == (gex_market_vol(market)[i] > 0 && isfinite(gex_market_vol(market)[i])));
                ck_assert_int_eq(gex_market_vol_source(market)[i] != 0, used);
                if (v < 2)
                    ck_assert_int_eq(gex_market_vol_source(market)[i], used ? vol_rules[v] : 0);
            }
            for (int64_t e = 0; e < gex_market_expiry_count(market); e++)
                ck_assert_double_ge(gex_market_years(market)[e], 0);
            gex_market_free(market);
        }
} END_TEST

START_TEST(market_of_no_rows)
{
    gex_market_options options = chosen(GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED);
    gex_market *market;

    rows.count = 0;
    market = market_of(&rows, &options);
    ck_assert_int_eq(gex_market_expiry_count(market), 0);
    gex_market_free(market);
    options.forward = GEX_FORWARD_GIVEN; /* of nothing */
    market = market_of(&rows, &options);
    ck_assert_double_eq(gex_market_spot(market), spot);
    gex_market_free(market);
} END_TEST

START_TEST(market_says_what_was_chosen)
{
    const gex_market_options options = chosen(GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED);
    gex_market *market;

    four_expiries();
    market = market_of(&rows, &options);
    ck_assert_int_eq(gex_market_as_of(market), as_of);
    ck_assert_double_eq(gex_market_spot(market), spot);
    ck_assert_int_eq(gex_market_clock(market), GEX_CLOCK_CAL_365);
    ck_assert_int_eq(gex_market_vol_rule(market), GEX_VOL_IMPLIED);
    ck_assert_int_eq(gex_market_forward_rule(market), GEX_FORWARD_IMPLIED);
    ck_assert_int_eq(gex_market_style(market), GEX_STYLE_AUTO);
    ck_assert_int_eq(gex_market_dynamics(market), GEX_DYNAMICS_STICKY_STRIKE);
    ck_assert_double_eq(gex_market_rate(market), 0.04);
    ck_assert_double_eq(gex_market_carry_yield(market), 0.013);
    ck_assert_int_eq(gex_chain_rows(gex_market_chain(market)), 4);
    gex_market_free(market);
    gex_market_free(NULL);
    ck_assert_ptr_null(gex_market_chain(NULL));
    ck_assert_ptr_null(gex_market_vol(NULL));
    ck_assert_int_eq(gex_market_expiry_count(NULL), 0);
    ck_assert(isnan(gex_market_spot(NULL)));
} END_TEST

START_TEST(names_and_back)
{
    static const char *const vol[] = {"given", "implied", "otm"}, *const forward[] = {"rate", "implied", "given",
                                                                                      "quoted"};
    static const char *const style[] = {"auto", "european", "american"};

    for (int32_t k = 1; k <= 3; k++) {
        ck_assert_str_eq(gex_vol_name(k), vol[k - 1]);
        ck_assert_int_eq(gex_vol_find(vol[k - 1]), k);
    }
    for (int32_t k = 1; k <= 3; k++) {
        ck_assert_str_eq(gex_forward_name(k), forward[k - 1]);
        ck_assert_int_eq(gex_forward_find(forward[k - 1]), k);
        ck_assert_str_eq(gex_style_name(k), style[k - 1]);
        ck_assert_int_eq(gex_style_find(style[k - 1]), k);
    }
    ck_assert_int_eq(gex_dynamics_find("STICKY_STRIKE"), GEX_DYNAMICS_STICKY_STRIKE);
    ck_assert_str_eq(gex_dynamics_name(GEX_DYNAMICS_STICKY_STRIKE), "STICKY_STRIKE");
    ck_assert_int_eq(gex_vol_find("Given"), 0);
    ck_assert_int_eq(gex_forward_find(""), 0);
    ck_assert_int_eq(gex_style_find(NULL), 0);
    ck_assert_int_eq(gex_dynamics_find(NULL), 0);
    ck_assert_str_eq(gex_vol_name(0), "unknown");
    ck_assert_str_eq(gex_dynamics_name(-1), "unknown");
} END_TEST

/* Each allocation fails in turn until none does. */
START_TEST(market_without_memory)
{
    static const int32_t forwards[] = {GEX_FORWARD_RATE, GEX_FORWARD_IMPLIED};
    static const int64_t allocations[] = {1, 2};
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    gex_chain *chain;

    four_expiries();
    chain = rows_chain(&rows);
    for (int k = 0; k < 2; k++) {
        const gex_market_options options = chosen(GEX_VOL_GIVEN, forwards[k]);
        gex_market *market = NULL;
        gex_error error = {0};

        for (int64_t n = 1; n <= allocations[k]; n++) {
            failing = (struct failing){.fail_at = n, .held = 1}; /* the context */
            ck_assert_int_eq(gex_market_create(context, chain, &options, &market, &error), GEX_ERR_MEMORY);
            ck_assert_ptr_null(market);
            ck_assert_int_eq(failing.held, 1);
        }
        failing = (struct failing){.fail_at = allocations[k] + 1, .held = 1};
        ck_assert_int_eq(gex_market_create(context, chain, &options, &market, &error), GEX_OK);
        ck_assert_int_eq(failing.calls, allocations[k]);
        ck_assert_int_eq(failing.held, 2); /* scratch has been given back */
        gex_market_free(market);
        ck_assert_int_eq(failing.held, 1);
    }
    gex_chain_free(chain);
    gex_context_free(context);
    ck_assert_int_eq(failing.held, 0);
} END_TEST

Suite *suite_market(void)
{
    Suite *suite = suite_create("market");
    TCase *row = tcase_create("rows"), *forward = tcase_create("forwards"), *door = tcase_create("door");

    tcase_add_test(row, status_with_vol_given);
    tcase_add_test(row, status_with_vol_implied);
    tcase_add_test(row, status_of_unsupported_rows);
    tcase_add_loop_test(row, exercise_is_the_contracts_or_what_the_style_says, 0, 3);
    tcase_add_test(row, implied_vol_gives_the_price_back);
    tcase_add_test(forward, forward_by_rate);
    tcase_add_test(forward, forward_given);
    tcase_add_test(forward, forward_given_refuses);
    tcase_add_test(door, every_choice_has_to_be_made);
    tcase_add_test(door, numbers_out_of_the_domain);
    tcase_add_test(door, hostile_numbers);
    tcase_add_test(door, market_of_no_rows);
    tcase_add_test(door, market_says_what_was_chosen);
    tcase_add_test(door, names_and_back);
    tcase_add_test(door, market_without_memory);
    suite_add_tcase(suite, row);
    suite_add_tcase(suite, forward);
    suite_add_tcase(suite, door);
    return suite;
}
