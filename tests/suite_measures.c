/* SPDX-License-Identifier: Apache-2.0 */
/* Measures by name: the worked chain of docs/conventions.md, the golden chain, and books small enough to do by hand. */
#include <stdio.h>

#include "scene.h"

Suite *suite_measures(void);

static double measured(const gex_exposure *exposure, int32_t measure, const gex_measure_options *options)
{
    double value = -1;
    gex_error error;

    ck_assert_msg(gex_measure(exposure, measure, options, &value, &error) == GEX_OK, "%s", error.message);
    return value;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* ---- section 11 -------------------------------------------------------------------------------------------------- */

/* $m; half of the last digit printed there, or worked out from the lines printed there. */
static const struct {
    int32_t sign, measure;
    double  scale, value, tolerance;
} worked[] = {
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_NGE, 1e6, -1.788876, 6e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_GAMMA_IMBALANCE, 1, -0.223609, 6e-7},
    {GEX_SIGN_INVENTORY_GIVEN, GEX_MEASURE_GAMMA_IMBALANCE, 1, -6.477886, 6e-7},
    {GEX_SIGN_INVENTORY_GIVEN, GEX_MEASURE_NET_GAMMA, 1, 100 * -518230.8 / 2e8,
     6e-8}, /* shares per 1 %, flow section */
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_ZERO_DTE_GAMMA, 1e6, 654.5228, 6e-5},
    {GEX_SIGN_INVENTORY_GIVEN, GEX_MEASURE_ZERO_DTE_GAMMA, 1e6, -2757.1271, 6e-5},
    {GEX_SIGN_DEALER_ALL_LONG, GEX_MEASURE_GAMMA_MASS, 1e6, 21753.4215, 6e-5},
    {GEX_SIGN_DEALER_ALL_LONG, GEX_MEASURE_CALL_GAMMA, 1e6, 10831.988852, 6e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_PUT_GAMMA, 1e6, -10921.432632, 6e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_CP_RATIO, 1, 0.991810252, 6e-10},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_CP_TILT, 1, -0.004111711, 6e-10},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_NET_TO_GROSS, 1, -89.4438 / 21753.4215, 1e-8},
    {GEX_SIGN_DEALER_ALL_LONG, GEX_MEASURE_ROLL_OFF, 1, 17241.7982 / 21753.4215, 1e-8}, /* 21 June leaves out 3 July */
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_CALL_DOMINANCE, 1, 2885.1616 / (570.6309 + 2885.1616 + 1329.2904), 1e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_PUT_DOMINANCE, 1, 3067.6173 / (484.7119 + 1322.1974 + 3067.6173), 1e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_TOP_SHARE, 1,
     (3067.6173 + 2885.1616) / (484.7119 + 1322.1974 + 3067.6173 + 570.6309 + 2885.1616 + 1329.2904), 1e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_HERFINDAHL, 1,
     (484.7119 * 484.7119 + 1322.1974 * 1322.1974 + 3067.6173 * 3067.6173 + 570.6309 * 570.6309 +
      2885.1616 * 2885.1616 + 1329.2904 * 1329.2904) /
         (9659.6095 * 9659.6095),
     1e-7},
    {GEX_SIGN_NAIVE_CALL_LONG, GEX_MEASURE_PIN_RATIO, 1, 0, 0}, /* spot is on 5000 */
};

START_TEST(worked_chain)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, worked[_i].sign);
    static const int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_SHARES_PT, GEX_UNIT_GEX_USD_UNIT};
    gex_measure_options options;

    gex_measure_options_init(&options, sizeof options);
    options.top = 2;
    options.adv = 8e6;
    options.shares_outstanding = 2e8;
    for (int u = 0; u < LENGTH(units); u++) { /* whatever unit of gamma it is given in */
        gex_exposure *exposure = scene_exposure(scene.market, scene.book, units[u]);

        ck_assert_double_eq_tol(measured(exposure, worked[_i].measure, &options) / worked[_i].scale, worked[_i].value,
                                worked[_i].tolerance + 1e-300);
        gex_exposure_free(exposure);
    }
    scene_free(&scene);
}
END_TEST

/* Section 8: the reference call breaks even at 0.008346988, and at 0.15 / sqrt(365) once carry is out of theta. */
START_TEST(break_even_of_the_reference_call)
{
    const struct option_row call = {GEX_CALL, 5000, 0.15, 10000, 10000, 30.0 / 365};
    for (int carry = 0; carry < 2; carry++) {
        struct scene scene = scene_of(&call, 1, 5000, carry ? 0.04 : 0, carry ? 0.013 : 0, GEX_SIGN_INVENTORY_GIVEN);
        gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

        ck_assert_double_eq_tol(measured(exposure, GEX_MEASURE_GTBR, NULL), carry ? 0.008346988 : 0.15 / sqrt(365),
                                carry ? 6e-10 : 1e-15);
        gex_exposure_free(exposure);
        scene_free(&scene);
    }
}
END_TEST

/* Of the same call and its mirror the break-even is the same;
 * of one that theta pays for holding gamma there is none. */
START_TEST(break_even_needs_a_cost)
{
    const struct option_row deep = {GEX_PUT, 8000, 0.05, 1, 1, 0.5};
    struct scene scene = scene_of(&deep, 1, 5000, 0.10, 0, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    ck_assert_double_nan(measured(exposure, GEX_MEASURE_GTBR, NULL));
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* ---- by hand ----------------------------------------------------------------------------------------------------- */

static const struct {
    double spot, ratio;
} pins[] = {{5000, 0}, {5005, 0.5}, {5010, 1},   {5015, 0.5}, {5019, 0.1},
            {5020, 0}, {5030, 0.5}, {4999, NAN}, {5071, NAN}};

/* Strikes 5000, 5020, 5060; one that is refused and one nobody prices do not count. */
START_TEST(pin_is_the_way_to_the_nearest_strike)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.2, 1, 1, 0.1}, {GEX_CALL, 5020, 0.2, 1, 1, 0.1},
                                      {GEX_CALL, 5010, 0.0, 1, 1, 0.1}, {GEX_PUT, 5060, 0.2, 0, 0, 0.1}};
    struct scene scene = scene_of(rows, 4, pins[_i].spot, 0, 0, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const double got = measured(exposure, GEX_MEASURE_PIN_RATIO, NULL);

    ck_assert_msg(isnan(pins[_i].ratio) ? isnan(got) : fabs(got - pins[_i].ratio) < 1e-13, "%g: %g", pins[_i].spot,
                  got);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Delta of options settling now: 100, 100, 50, -100 a contract. */
START_TEST(ratios_of_a_delta_exposure)
{
    const struct option_row rows[] = {{GEX_CALL, 4900, 0.2, 1, 3, 0}, {GEX_CALL, 4950, 0.2, 1, -1, 0},
                                      {GEX_PUT, 5100, 0.2, 1, 2, 0},  {GEX_PUT, 5200, 0.2, 1, 2, 0}};
    struct scene scene = scene_of(rows, 4, 5000, 0, 0, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    gex_measure_options options;
    double value = 7;

    gex_measure_options_init(&options, sizeof options);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_CP_RATIO, NULL), 1.0);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_CP_TILT, NULL), 0.0);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_NET_TO_GROSS, NULL), -0.25);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_CALL_DOMINANCE, NULL), 1.0);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_PUT_DOMINANCE, NULL), 0.4);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_HERFINDAHL, NULL), (9.0 + 1 + 4 + 4) / 64);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_ROLL_OFF, NULL), 1.0);
    for (options.top = 1; options.top <= 6; options.top++) {
        static const double held[] = {0, 3, 5, 7, 8, 8, 8};
        ck_assert_double_eq(measured(exposure, GEX_MEASURE_TOP_SHARE, &options), held[options.top] / 8);
    }
    /* delta is no gamma */
    ck_assert_int_eq(gex_measure(exposure, GEX_MEASURE_NGE, NULL, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert_double_nan(value);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Third Fridays: 15 and 22 December 2023 and 19 January 2024 seen from days around the first. */
static const struct {
    const char *as_of;
    double      leaves; /* of three expiries with 1, 2 and 4 deltas */
} fridays[] = {{"2023-12-14T12:00", 1.0 / 7}, {"2023-12-15T12:00", 1.0 / 7}, {"2023-12-16T12:00", 6.0 / 6},
               {"2023-12-01T12:00", 1.0 / 7}, {"2023-11-18T12:00", 1.0 / 7}};

START_TEST(what_rolls_off_settles_by_the_third_friday)
{
    static const int32_t expiry[] = {20231215, 20231222, 20240119};
    static const double held[] = {1, 2, 4}, strike = 0.5, vol = 0.2;
    static const int8_t right = GEX_CALL;
    gex_chain_columns columns;
    gex_chain *chain;
    gex_market *market;
    gex_book_options options;
    gex_book *book;
    gex_exposure *exposure;
    int64_t as_of;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.strike = (gex_f64){&strike, 0};
    columns.right = (gex_i8){&right, 0};
    columns.vol = (gex_f64){&vol, 0};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(
        gex_instant_parse(fridays[_i].as_of, (int64_t)strlen(fridays[_i].as_of), GEX_ZONE_NEW_YORK, &as_of, NULL),
        GEX_OK);
    market = scene_market(chain, 5000, 0, 0, as_of);
    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    options.positions = (gex_f64){held, sizeof *held};
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    exposure = scene_exposure(market, book, GEX_UNIT_DEX_SHARES);
    ck_assert_double_eq(measured(exposure, GEX_MEASURE_ROLL_OFF, NULL), fridays[_i].leaves);
    gex_exposure_free(exposure);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

START_TEST(nothing_to_measure_is_no_number)
{
    struct scene scene = scene_of(worked_rows, 0, 5000, 0, 0, GEX_SIGN_DEALER_ALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_measure_options options;

    gex_measure_options_init(&options, sizeof options);
    options.adv = options.shares_outstanding = 1;
    for (int32_t measure = 1; measure <= GEX_MEASURE_LAST_; measure++)
        ck_assert(same(measured(exposure, measure, &options), measure < GEX_MEASURE_ROLL_OFF ? 0.0 : NOT_A_NUMBER));
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t    measure, top;
    double     shares, adv;
    gex_status status;
} doors[] = {
    {0, 5, 1, 1, GEX_ERR_ARGUMENT},
    {GEX_MEASURE_LAST_ + 1, 5, 1, 1, GEX_ERR_ARGUMENT},
    {GEX_MEASURE_NET_GAMMA, 5, 0, 1, GEX_ERR_ARGUMENT},
    {GEX_MEASURE_NET_GAMMA, 5, -1, 1, GEX_ERR_DOMAIN},
    {GEX_MEASURE_NET_GAMMA, 5, NAN, 1, GEX_ERR_DOMAIN},
    {GEX_MEASURE_GAMMA_IMBALANCE, 5, 1, 0, GEX_ERR_ARGUMENT},
    {GEX_MEASURE_GAMMA_IMBALANCE, 5, 1, INFINITY, GEX_ERR_DOMAIN},
    {GEX_MEASURE_TOP_SHARE, 0, 1, 1, GEX_ERR_DOMAIN},
    {GEX_MEASURE_TOP_SHARE, INT32_MAX, 1, 1, GEX_OK},
    {GEX_MEASURE_NGE, 5, 0, 0, GEX_OK},
};

START_TEST(measures_ask_for_what_they_need)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0, 0, GEX_SIGN_DEALER_ALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_measure_options options;
    double value;

    gex_measure_options_init(&options, sizeof options);
    options.top = doors[_i].top;
    options.shares_outstanding = doors[_i].shares;
    options.adv = doors[_i].adv;
    ck_assert_int_eq(gex_measure(exposure, doors[_i].measure, &options, &value, NULL), doors[_i].status);
    ck_assert_int_eq(isnan(value) != 0, doors[_i].status != GEX_OK);
    for (int32_t measure = 1; measure <= GEX_MEASURE_LAST_; measure++)
        ck_assert_int_eq(gex_measure_find(gex_measure_name(measure)), measure);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* ---- expected moves ---------------------------------------------------------------------------------------------- */

/* Section 8, 0DTE of section 11: the volatility is that of the call, and the straddle is of call .160 and put .165. */
static const struct {
    int32_t move;
    double  put_vol, value, tolerance;
} moves[] = {
    {GEX_MOVE_MODEL_STRADDLE, 0.165, 11.996925, 6e-7}, {GEX_MOVE_STRADDLE, 0.165, 11.996925, 6e-7},
    {GEX_MOVE_STRADDLE_85, 0.165, 10.197386, 6e-7},    {GEX_MOVE_SIGMA, 0.160, 14.804664, 6e-7},
    {GEX_MOVE_MAD, 0.160, 11.812413, 6e-7},            {GEX_MOVE_1D_252, 0.160, 50.395263, 6e-7},
    {GEX_MOVE_1D_365, 0.160, 41.873914, 6e-7},         {GEX_MOVE_SIGMA, 0.165, 5000 * 0.1625 * 0.018505829, 1e-5},
};

/* Quotes a spread about the model's price, so that their middle is it. */
static gex_greeks *quoted(double put_vol, bool one_sided, gex_chain **chain_out)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.16, 1, 1, 3.0 / 8760},
                                      {GEX_PUT, 5000, put_vol, 1, 1, 3.0 / 8760},
                                      {GEX_CALL, 5050, 0.99, 1, 1, 3.0 / 8760}};
    struct scene scene = scene_of(rows, 3, 5000, 0.04, 0.013, GEX_SIGN_DEALER_ALL_LONG);
    double bid[3], ask[3], strike[3], vol[3];
    int64_t settlement = AS_OF + 3 * HOUR;
    int8_t right[3];
    gex_chain_columns columns;
    gex_chain *chain;
    gex_market *market;
    gex_greeks *greeks;

    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    for (int i = 0; i < 3; i++) {
        bid[i] = gex_greeks_column(greeks, GEX_GREEK_PRICE)[i] - 0.25;
        ask[i] = gex_greeks_column(greeks, GEX_GREEK_PRICE)[i] + 0.25;
        strike[i] = rows[i].strike;
        vol[i] = rows[i].vol;
        right[i] = rows[i].right;
    }
    if (one_sided)
        bid[1] = 0;
    gex_greeks_free(greeks);
    scene_free(&scene);
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){&settlement, 0};
    columns.strike = (gex_f64){strike, sizeof(double)};
    columns.right = (gex_i8){right, 1};
    columns.vol = (gex_f64){vol, sizeof(double)};
    columns.bid = (gex_f64){bid, sizeof(double)};
    columns.ask = (gex_f64){ask, sizeof(double)};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    market = scene_market(chain, 5000, 0.04, 0.013, AS_OF);
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    gex_market_free(market);
    *chain_out = chain;
    return greeks;
}

START_TEST(moves_of_the_worked_chain)
{
    gex_chain *chain;
    gex_greeks *greeks = quoted(moves[_i].put_vol, false, &chain);
    double value;

    ck_assert_int_eq(gex_expected_move(greeks, 0, moves[_i].move, &value, NULL), GEX_OK);
    ck_assert_double_eq_tol(value, moves[_i].value, moves[_i].tolerance);
    gex_greeks_free(greeks);
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_move_that_is_not_there_is_no_number)
{
    gex_chain *chain;
    gex_greeks *greeks = quoted(0.16, true, &chain), *settled;
    gex_market *later;
    gex_shift_options options;
    double value = 1;

    ck_assert_int_eq(gex_expected_move(greeks, 0, GEX_MOVE_STRADDLE, &value, NULL), GEX_OK);
    ck_assert_double_nan(value);
    ck_assert_int_eq(gex_expected_move(greeks, 0, GEX_MOVE_MODEL_STRADDLE, &value, NULL), GEX_OK);
    ck_assert_double_gt(value, 0);
    ck_assert_int_eq(gex_expected_move(greeks, 0, 0, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert_double_nan(value);
    ck_assert_int_eq(gex_expected_move(greeks, 0, GEX_MOVE_LAST_ + 1, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_expected_move(greeks, 1, GEX_MOVE_SIGMA, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_expected_move(greeks, -1, GEX_MOVE_SIGMA, &value, NULL), GEX_ERR_ARGUMENT);
    gex_shift_options_init(&options, sizeof options);
    options.as_of = AS_OF + 4 * HOUR;
    ck_assert_int_eq(gex_market_shift(NULL, gex_greeks_market(greeks), &options, &later, NULL), GEX_OK);
    ck_assert_int_eq(gex_greeks_compute(NULL, later, &settled, NULL), GEX_OK);
    for (int32_t move = 1; move <= GEX_MOVE_LAST_; move++) {
        ck_assert_int_eq(gex_move_find(gex_move_name(move)), move);
        ck_assert_int_eq(gex_expected_move(settled, 0, move, &value, NULL), GEX_OK);
        ck_assert_double_nan(value);
    }
    gex_greeks_free(settled);
    gex_market_free(later);
    gex_greeks_free(greeks);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_measures(void)
{
    Suite *suite = suite_create("measures");
    TCase *tcase = tcase_create("measures");

    tcase_add_loop_test(tcase, worked_chain, 0, LENGTH(worked));
    tcase_add_test(tcase, break_even_of_the_reference_call);
    tcase_add_test(tcase, break_even_needs_a_cost);
    tcase_add_loop_test(tcase, pin_is_the_way_to_the_nearest_strike, 0, LENGTH(pins));
    tcase_add_test(tcase, ratios_of_a_delta_exposure);
    tcase_add_loop_test(tcase, what_rolls_off_settles_by_the_third_friday, 0, LENGTH(fridays));
    tcase_add_test(tcase, nothing_to_measure_is_no_number);
    tcase_add_loop_test(tcase, measures_ask_for_what_they_need, 0, LENGTH(doors));
    tcase_add_loop_test(tcase, moves_of_the_worked_chain, 0, LENGTH(moves));
    tcase_add_test(tcase, a_move_that_is_not_there_is_no_number);
    suite_add_tcase(suite, tcase);
    return suite;
}
