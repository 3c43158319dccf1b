/* SPDX-License-Identifier: Apache-2.0 */
/* Early exercise in a market: greeks, exposures, profiles, flips and flows of contracts that may be exercised early. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

Suite *suite_exercise(void);

enum { STRIKES = 41, EXPIRIES = 6, ROWS = 2 * STRIKES * EXPIRIES };
static const int64_t as_of = INT64_C(1694721600000000000); /* 2023-09-14 16:00 New York */
static const int64_t day = INT64_C(86400000000000);
static const double usual_rate = 0.053, usual_carry = 0.0155;
static double rate, carry; /* of the markets made */

/* A chain around 450: puts and calls, two weeks to two and a half years, one expiry of a volatility no entry holds. */
struct scene {
    double      strike[ROWS], vol[ROWS], held[ROWS];
    int8_t      right[ROWS], exercise[ROWS];
    int64_t     settlement[ROWS];
    gex_chain  *chain;
    gex_market *market;
    gex_book   *book;
};
static struct scene scene;

static gex_market *market_at(double spot, int64_t instant, int32_t style)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = instant;
    options.spot = spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = carry;
    ck_assert_msg(gex_market_create(NULL, scene.chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static void scene_open(void)
{
    static const int days[EXPIRIES] = {1, 14, 60, 200, 400, 900};
    gex_chain_columns columns;
    gex_book_options held;
    gex_error error = {0};
    int i = 0;

    rate = usual_rate;
    carry = usual_carry;
    for (int e = 0; e < EXPIRIES; e++)
        for (int k = 0; k < STRIKES; k++)
            for (int side = -1; side <= 1; side += 2, i++) {
                scene.strike[i] = 350 + 5 * k;
                scene.vol[i] = (e == 5 ? 0.9 : 0.14) + 0.001 * (STRIKES - k);
                scene.right[i] = (int8_t)side;
                scene.exercise[i] = GEX_EXERCISE_AMERICAN;
                scene.settlement[i] = as_of + days[e] * day;
                scene.held[i] = (side > 0 ? 1 : -1) * (1000 + (i * 7919) % 5000);
            }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){"SPY", 0, 3};
    columns.strike = (gex_f64){scene.strike, sizeof(double)};
    columns.vol = (gex_f64){scene.vol, sizeof(double)};
    columns.right = (gex_i8){scene.right, 1};
    columns.exercise = (gex_i8){scene.exercise, 1};
    columns.settlement = (gex_i64){scene.settlement, sizeof(int64_t)};
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &scene.chain, &error) == GEX_OK, "%s", error.message);
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN;
    held.positions = (gex_f64){scene.held, sizeof(double)};
    ck_assert_int_eq(gex_book_create(NULL, scene.chain, &held, &scene.book, NULL), GEX_OK);
    scene.market = market_at(451.25, as_of, GEX_STYLE_AUTO);
}

static void scene_close(void)
{
    gex_market_free(scene.market);
    gex_book_free(scene.book);
    gex_chain_free(scene.chain);
}

static gex_exposure *exposure_of(const gex_market *market, int32_t unit)
{
    gex_exposure_options options;
    gex_exposure *exposure = NULL;
    gex_greeks *greeks = NULL;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, scene.book, &options, &exposure, NULL), GEX_OK);
    gex_greeks_free(greeks);
    return exposure;
}

/* What gex_american() says of each row alone. */
START_TEST(greeks_are_those_of_the_pricer)
{
    gex_greeks *greeks = NULL;
    int exercised = 0;

    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++) {
        const int32_t expiry = gex_chain_expiry_index(scene.chain)[i], wanted[2] = {GEX_GREEK_DELTA, GEX_GREEK_VANNA};
        const double spot = 451.25, years = gex_market_years(scene.market)[expiry];
        double delta, vanna, *out[2] = {&delta, &vanna};
        gex_american_columns row;
        uint8_t status;

        gex_american_columns_init(&row, sizeof row);
        row.rows = 1;
        row.spot = (gex_f64){&spot, 0};
        row.strike = (gex_f64){&scene.strike[i], 0};
        row.years = (gex_f64){&years, 0};
        row.vol = (gex_f64){&scene.vol[i], 0};
        row.right = (gex_i8){&scene.right[i], 0};
        row.rate = (gex_f64){&rate, 0};
        row.carry_yield = (gex_f64){&carry, 0};
        ck_assert_int_eq(gex_american(NULL, &row, wanted, 2, out, NULL, &status, NULL), GEX_OK);
        ck_assert_msg(delta == gex_greeks_column(greeks, GEX_GREEK_DELTA)[i], "row %d", i);
        ck_assert_msg(vanna == gex_greeks_column(greeks, GEX_GREEK_VANNA)[i], "row %d", i);
        ck_assert_int_eq(status, gex_greeks_status(greeks)[i]);
        exercised += status == GEX_CALC_EXERCISED;
    }
    ck_assert_int_gt(exercised, 20);
    ck_assert_int_lt(exercised, ROWS / 2);
    gex_greeks_free(greeks);
}
END_TEST

/* What a unit counts of a row at most: delta 1, gamma 1 / (S v), vanna 1 / vol, charm 1 / T. */
static double natural(int32_t unit, double spot, int i)
{
    const double years = (double)(scene.settlement[i] - as_of) / 1e9 / (365.0 * 86400), vol = scene.vol[i];

    return fabs(100 * scene.held[i]) * (unit == GEX_UNIT_GEX_USD_PCT     ? 0.01 * spot / (vol * sqrt(years))
                                        : unit == GEX_UNIT_DEX_SHARES    ? 1.0
                                        : unit == GEX_UNIT_VEX_USD_VOLPT ? 0.01 * spot / vol
                                                                         : spot / 365 / years);
}

/* Errors of many lines are of no one sign: 2e-6 of what they may count together, the pricer's own included. */
static double promised(int32_t unit, double spot)
{
    double sum = 0;

    for (int i = 0; i < ROWS; i++)
        sum += natural(unit, spot, i);
    return 2e-6 * sum;
}

/* And of one line an expiry that stands at its boundary, where the pricer's error is largest too. */
static double promised_there(int32_t unit, double spot)
{
    double sum = 0;

    for (int e = 0; e < EXPIRIES; e++) {
        double largest = 0;

        for (int i = e * 2 * STRIKES; i < (e + 1) * 2 * STRIKES; i++)
            largest = fmax(largest, natural(unit, spot, i));
        sum += largest;
    }
    return sum * (unit == GEX_UNIT_GEX_USD_PCT     ? 2e-4
                  : unit == GEX_UNIT_DEX_SHARES    ? 3e-5
                  : unit == GEX_UNIT_VEX_USD_VOLPT ? 1e-3
                                                   : 2e-3);
}

/* A profile at a price is the exposure of the market at that price. */
static const int32_t drawn[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_SHARES, GEX_UNIT_VEX_USD_VOLPT,
                                GEX_UNIT_CEX_USD_CALDAY};
START_TEST(a_profile_is_the_exposure_at_each_price)
{
    gex_profile_options options;
    gex_profile *profile = NULL;

    gex_profile_options_init(&options, sizeof options);
    options.unit = drawn[_i];
    options.low = 0.9;
    options.high = 1.1;
    options.points = 9;
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &profile, NULL), GEX_OK);
    for (int p = 0; p < 9; p++) {
        gex_market *there = market_at(gex_profile_prices(profile, NULL)[p], as_of, GEX_STYLE_AUTO);
        gex_exposure *exposure = exposure_of(there, drawn[_i]);
        const double got = gex_profile_values(profile, NULL)[p], expected = gex_exposure_total(exposure);

        ck_assert_msg(fabs(got - expected) <= promised(drawn[_i], gex_profile_prices(profile, NULL)[p]),
                      "%s at %.2f: %.17g, not %.17g of %g", gex_unit_name(drawn[_i]),
                      gex_profile_prices(profile, NULL)[p], got, expected, gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
        gex_market_free(there);
    }
    gex_profile_free(profile);
}
END_TEST

/*
 * Rates and yields that put-call parity makes of a wide quote a day before expiry, and ordinary negative ones: options
 * of one side are exercised as soon as they are in the money, those of the other never.
 */
static const struct {
    double rate, carry;
} carried[] = {{0.0, 2.5}, {0.05, 0.6}, {2.5, 0.0}, {1.5, 1.5}, {-0.02, 0.3}, {0.4, -0.7}, {0.02, 0.021}, {0.0, -0.3}};
enum { CARRIED = sizeof carried / sizeof *carried, DRAWN = sizeof drawn / sizeof *drawn };

START_TEST(a_profile_at_spot_is_the_exposure)
{
    gex_profile_options options;
    gex_profile *profile = NULL;
    gex_market *market;
    const int32_t unit = drawn[_i % DRAWN];
    const double tolerance = promised(unit, 451.25) + promised_there(unit, 451.25);

    rate = carried[_i / DRAWN].rate;
    carry = carried[_i / DRAWN].carry;
    market = market_at(451.25, as_of, GEX_STYLE_AUTO);
    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.low = 0.875;
    options.high = 1.125;
    options.points = 3; /* the middle one is at spot, exactly */
    ck_assert_int_eq(gex_profile_compute(NULL, market, scene.book, &options, &profile, NULL), GEX_OK);
    for (int p = 0; p < 3; p++) {
        gex_market *there = market_at(gex_profile_prices(profile, NULL)[p], as_of, GEX_STYLE_AUTO);
        gex_exposure *exposure = exposure_of(there, unit);
        const double got = gex_profile_values(profile, NULL)[p], expected = gex_exposure_total(exposure);

        ck_assert_msg(fabs(got - expected) <= tolerance, "%s, rate %g, yield %g, at %.2f: %.17g, not %.17g of %g",
                      gex_unit_name(unit), rate, carry, gex_profile_prices(profile, NULL)[p], got, expected,
                      gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
        gex_market_free(there);
    }
    gex_market_free(market);
    gex_profile_free(profile);
    rate = usual_rate;
    carry = usual_carry;
}
END_TEST

/* Puts with a rate below zero and a yield below that: two boundaries, and an exposure that the profile follows. */
START_TEST(two_boundaries_in_a_profile)
{
    enum { PUTS = 8, POINTS = 5 };
    static const int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_SHARES};
    gex_chain *const usual = scene.chain;
    gex_book *const usual_book = scene.book;
    double strike[PUTS], vol[PUTS], held[PUTS];
    int8_t right[PUTS], exercise[PUTS];
    int64_t settlement[PUTS];
    gex_profile_options options;
    gex_book_options positions;
    gex_chain_columns columns;
    gex_profile *profile = NULL;
    gex_flips *flips = NULL;
    gex_market *market;

    for (int i = 0; i < PUTS; i++) {
        strike[i] = 420 + 10 * i;
        vol[i] = 0.2;
        held[i] = 100 * (i % 3 - 1) + 50;
        right[i] = -1;
        exercise[i] = GEX_EXERCISE_AMERICAN;
        settlement[i] = as_of + (60 + 100 * (i % 2)) * day;
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = PUTS;
    columns.root = (gex_text){"SPY", 0, 3};
    columns.strike = (gex_f64){strike, sizeof(double)};
    columns.vol = (gex_f64){vol, sizeof(double)};
    columns.right = (gex_i8){right, 1};
    columns.exercise = (gex_i8){exercise, 1};
    columns.settlement = (gex_i64){settlement, sizeof(int64_t)};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &scene.chain, NULL), GEX_OK);
    gex_book_options_init(&positions, sizeof positions);
    positions.sign = GEX_SIGN_INVENTORY_GIVEN;
    positions.positions = (gex_f64){held, sizeof(double)};
    ck_assert_int_eq(gex_book_create(NULL, scene.chain, &positions, &scene.book, NULL), GEX_OK);
    rate = -0.02;
    carry = -0.045;
    market = market_at(451.25, as_of, GEX_STYLE_AUTO);
    gex_profile_options_init(&options, sizeof options);
    options.unit = units[_i];
    options.low = 0.9;
    options.high = 1.1;
    options.points = POINTS;
    ck_assert_int_eq(gex_profile_compute(NULL, market, scene.book, &options, &profile, NULL), GEX_OK);
    for (int p = 0; p < POINTS; p++) {
        const double spot = gex_profile_prices(profile, NULL)[p];
        gex_market *there = market_at(spot, as_of, GEX_STYLE_AUTO);
        gex_exposure *exposure = exposure_of(there, units[_i]);
        double tolerance = 0;

        for (int i = 0; i < PUTS; i++)
            tolerance += 2e-3 * fabs(100 * held[i]) *
                         (_i == 0 ? 0.01 * spot / (vol[i] * sqrt((60 + 100 * (i % 2)) / 365.0)) : 1);
        ck_assert_msg(fabs(gex_profile_values(profile, NULL)[p] - gex_exposure_total(exposure)) <= tolerance,
                      "at %g: %.10g, not %.10g of %g", spot, gex_profile_values(profile, NULL)[p],
                      gex_exposure_total(exposure), gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
        gex_market_free(there);
    }
    ck_assert_int_eq(gex_flips_compute(NULL, market, scene.book, &options, &flips, NULL), GEX_OK);
    gex_flips_free(flips);
    gex_profile_free(profile);
    gex_market_free(market);
    gex_book_free(scene.book);
    gex_chain_free(scene.chain);
    scene.chain = usual;
    scene.book = usual_book;
    rate = usual_rate;
    carry = usual_carry;
}
END_TEST

/* Dealers' flow over a scenario is the delta of the book before less that after. */
START_TEST(a_flow_is_what_two_markets_differ_by)
{
    static const struct {
        double  spot;
        int64_t later;
    } to[] = {{440.0, 0}, {460.5, 0}, {451.25, 3600}, {445.0, 86400 / 2}};
    double spot[4];
    int64_t instant[4];
    gex_flow_options options;
    gex_exposure *now = exposure_of(scene.market, GEX_UNIT_DEX_SHARES);
    gex_flow *flow = NULL;

    for (int i = 0; i < 4; i++) {
        spot[i] = to[i].spot;
        instant[i] = as_of + to[i].later * INT64_C(1000000000);
    }
    gex_flow_options_init(&options, sizeof options);
    options.rows = 4;
    options.spot = (gex_f64){spot, sizeof(double)};
    options.as_of = (gex_i64){instant, sizeof(int64_t)};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    for (int i = 0; i < 4; i++) {
        gex_market *there = market_at(spot[i], instant[i], GEX_STYLE_AUTO);
        gex_exposure *then = exposure_of(there, GEX_UNIT_DEX_SHARES);
        const double expected = gex_exposure_total(now) - gex_exposure_total(then);

        ck_assert_msg(fabs(gex_flow_column(flow, GEX_FLOW_EXACT)[i] - expected) <= 1e-10 * gex_exposure_gross(now),
                      "%d: %.17g, not %.17g", i, gex_flow_column(flow, GEX_FLOW_EXACT)[i], expected);
        gex_exposure_free(then);
        gex_market_free(there);
    }
    gex_exposure_free(now);
    gex_flow_free(flow);
}
END_TEST

/* Many states of one instant solve a boundary once: to the bit what each comes to by itself. Calls, puts or both are
 * exercised early. */
START_TEST(flows_are_those_of_each_state)
{
    static const struct {
        double rate, carry;
        int    spots;
    } cases[] = {{0.053, 0.0155, 35}, {0.053, 0.0, 5}, {0.0, 0.02, 5}, {-0.01, 0.02, 5}, {0.9, 0.9, 5}};
    const int spots = cases[_i].spots, rows = spots + 2;
    double spot[37], shift[37];
    int64_t instant[37];
    gex_flow_options options;
    gex_market *here;
    gex_exposure *now;
    gex_flow *flow = NULL;

    rate = cases[_i].rate;
    carry = cases[_i].carry;
    here = market_at(451.25, as_of, GEX_STYLE_AUTO);
    now = exposure_of(here, GEX_UNIT_DEX_SHARES);
    for (int i = 0; i < rows; i++) {
        spot[i] = i < spots ? 300.0 + 300.0 * i / spots : 440.0 + i;
        instant[i] = as_of + (i < spots ? 0 : 12 * INT64_C(3600000000000));
        shift[i] = 0.0;
    }
    gex_flow_options_init(&options, sizeof options);
    options.rows = rows;
    options.spot = (gex_f64){spot, sizeof(double)};
    options.as_of = (gex_i64){instant, sizeof(int64_t)};
    options.vol_shift = (gex_f64){shift, sizeof(double)};
    ck_assert_int_eq(gex_flow_compute(NULL, here, scene.book, &options, &flow, NULL), GEX_OK);
    for (int i = 0; i < rows; i++) {
        gex_market *there = market_at(spot[i], instant[i], GEX_STYLE_AUTO);
        gex_exposure *then = exposure_of(there, GEX_UNIT_DEX_SHARES);

        ck_assert_double_eq(gex_flow_column(flow, GEX_FLOW_EXACT)[i],
                            gex_exposure_total(now) - gex_exposure_total(then));
        gex_exposure_free(then);
        gex_market_free(there);
    }
    gex_flow_free(flow);
    gex_exposure_free(now);
    gex_market_free(here);
}
END_TEST

/* A flip is where the exposure of a market there vanishes. */
START_TEST(flips_are_zeros_of_the_exposure)
{
    gex_profile_options options;
    gex_flips *flips = NULL;
    int found = 0;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_flips_compute(NULL, scene.market, scene.book, &options, &flips, NULL), GEX_OK);
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        const double price = gex_flips_price(flips, i);
        gex_market *below = market_at(price * (1 - 1e-4), as_of, GEX_STYLE_AUTO);
        gex_market *above = market_at(price * (1 + 1e-4), as_of, GEX_STYLE_AUTO);
        gex_exposure *a = exposure_of(below, GEX_UNIT_GEX_USD_PCT), *b = exposure_of(above, GEX_UNIT_GEX_USD_PCT);

        if (gex_flips_root_status(flips, i) == GEX_ROOT_FOUND) {
            ck_assert_msg((gex_exposure_total(a) > 0) != (gex_exposure_total(b) > 0), "%.6f: %g and %g", price,
                          gex_exposure_total(a), gex_exposure_total(b));
            found++;
        }
        gex_exposure_free(a);
        gex_exposure_free(b);
        gex_market_free(below);
        gex_market_free(above);
    }
    ck_assert_int_gt(found, 0);
    gex_flips_free(flips);
}
END_TEST

/* Early exercise matters, and only where it should: puts in the money. */
START_TEST(american_differs_from_european_where_exercise_pays)
{
    gex_market *market = market_at(451.25, as_of, GEX_STYLE_EUROPEAN);
    gex_exposure *american = exposure_of(scene.market, GEX_UNIT_DEX_SHARES),
                 *european = exposure_of(market, GEX_UNIT_DEX_SHARES);
    double most = 0;

    for (int i = 0; i < ROWS; i++) {
        const double shares = fabs(gex_exposure_rows(american)[i] - gex_exposure_rows(european)[i]);

        ck_assert_uint_ne(gex_market_flags(market)[i] & GEX_FLAG_AMERICAN_AS_EUROPEAN, 0);
        if (scene.right[i] > 0 && scene.strike[i] > 550)
            ck_assert_msg(shares <= 2e-2 * fabs(100 * scene.held[i]), "row %d moves by %g", i, shares);
        most = fmax(most, shares / fabs(100 * scene.held[i]));
    }
    ck_assert_double_gt(most, 0.05);
    gex_exposure_free(american);
    gex_exposure_free(european);
    gex_market_free(market);
}
END_TEST

Suite *suite_exercise(void)
{
    Suite *suite = suite_create("exercise");
    TCase *tcase = tcase_create("market");

    tcase_add_unchecked_fixture(tcase, scene_open, scene_close);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, greeks_are_those_of_the_pricer);
    tcase_add_loop_test(tcase, a_profile_is_the_exposure_at_each_price, 0, 4);
    tcase_add_loop_test(tcase, a_profile_at_spot_is_the_exposure, 0, CARRIED * DRAWN);
    tcase_add_loop_test(tcase, two_boundaries_in_a_profile, 0, 2);
    tcase_add_test(tcase, a_flow_is_what_two_markets_differ_by);
    tcase_add_loop_test(tcase, flows_are_those_of_each_state, 0, 5);
    tcase_add_test(tcase, flips_are_zeros_of_the_exposure);
    tcase_add_test(tcase, american_differs_from_european_where_exercise_pays);
    suite_add_tcase(suite, tcase);
    return suite;
}
