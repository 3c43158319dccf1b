/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks of a market and exposures of a book: which rows are used, what they sum to, and in which unit. */
#include <stdio.h>

#include "scene.h"
#include "shuffled.h"

Suite *suite_exposure(void);

/* ---- an independent exact sum ------------------------------------------------------------------------------------ */

/* Shewchuk (1997), Adaptive precision floating-point arithmetic: non-overlapping partials; Python's math.fsum. */
static double fsum(const double *values, int64_t count)
{
    static double partial[4096];
    int64_t used = 0;
    double high, rest = 0.0;

    for (int64_t i = 0; i < count; i++) {
        double x = values[i];
        int64_t kept = 0;

        for (int64_t j = 0; j < used; j++) {
            double y = partial[j], sum, low;
            if (fabs(x) < fabs(y)) {
                const double swap = x;
                x = y;
                y = swap;
            }
            sum = x + y;
            low = y - (sum - x);
            if (low != 0.0)
                partial[kept++] = low;
            x = sum;
        }
        partial[kept++] = x;
        used = kept;
    }
    if (used == 0)
        return 0.0;
    high = partial[--used];
    while (used > 0) {
        const double x = high, y = partial[--used];
        high = x + y;
        rest = y - (high - x);
        if (rest != 0.0)
            break;
    }
    if (used > 0 && ((rest < 0.0 && partial[used - 1] < 0.0) || (rest > 0.0 && partial[used - 1] > 0.0))) {
        const double y = rest * 2.0, x = high + y;
        if (y == x - high) /* half way, and what is left says which way */
            high = x;
    }
    return high;
}

/* ---- greeks ------------------------------------------------------------------------------------------------------ */

START_TEST(greeks_are_those_of_the_european_door)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_NAIVE_CALL_LONG);
    const int32_t *expiry = gex_chain_expiry_index(scene.chain);
    const uint8_t *status = gex_market_status(scene.market);
    gex_greeks *greeks;

    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    ck_assert_ptr_eq(gex_greeks_market(greeks), scene.market);
    for (int64_t i = 0; i < CROWD_ROWS; i++) {
        const int32_t e = expiry[i] < 0 ? 0 : expiry[i];
        gex_european_columns in;

        gex_european_columns_init(&in, sizeof in);
        in.rows = 1;
        in.spot = (gex_f64){&(double){CROWD_SPOT}, 0};
        in.strike = (gex_f64){&gex_chain_strike(scene.chain)[i], 0};
        in.years = (gex_f64){&gex_market_years(scene.market)[e], 0};
        in.vol = (gex_f64){&gex_market_vol(scene.market)[i], 0};
        in.right = (gex_i8){&gex_chain_right(scene.chain)[i], 0};
        in.rate = (gex_f64){&gex_market_expiry_rate(scene.market)[e], 0};
        in.carry_yield = (gex_f64){&gex_market_expiry_carry(scene.market)[e], 0};
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            const double got = gex_greeks_column(greeks, greek)[i];
            double expected;
            double *const output = &expected;
            uint8_t calc;

            ck_assert_int_eq(gex_european(NULL, &in, &greek, 1, &output, &calc, NULL), GEX_OK);
            if (status[i] != GEX_ROW_USED)
                expected = NOT_A_NUMBER;
            ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0 || (isnan(got) && isnan(expected)),
                          "row %d, %s: %.17g, not %.17g", (int)i, gex_greek_name(greek), got, expected);
            ck_assert_int_eq(gex_greeks_status(greeks)[i], status[i] == GEX_ROW_USED ? calc : GEX_CALC_DOMAIN);
        }
    }
    ck_assert_ptr_null(gex_greeks_column(greeks, 0));
    ck_assert_ptr_null(gex_greeks_column(greeks, GEX_GREEK_LAST_ + 1));
    gex_greeks_free(greeks);
    scene_free(&scene);
}
END_TEST

/* ---- which rows count -------------------------------------------------------------------------------------------- */

#define ROW(right, strike, vol, dealer, years) {right, strike, vol, 100, dealer, years}
static const struct refusal {
    const char       *name;
    struct option_row row;
    int               status; /* of the market, then of the exposure */
    int               exposed;
} refusals[] = {
    {"good", ROW(GEX_CALL, 5000, 0.2, 10, 0.1), GEX_ROW_USED, GEX_ROW_USED},
    {"no position", ROW(GEX_CALL, 5000, 0.2, 0, 0.1), GEX_ROW_USED, GEX_ROW_USED},
    {"NaN position", ROW(GEX_CALL, 5000, 0.2, NAN, 0.1), GEX_ROW_USED, GEX_ROW_NOT_FINITE},
    {"infinite position", ROW(GEX_CALL, 5000, 0.2, INFINITY, 0.1), GEX_ROW_USED, GEX_ROW_NOT_FINITE},
    {"bad strike stays", ROW(GEX_CALL, -1, 0.2, NAN, 0.1), GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE},
    {"bad right stays", ROW(0, 5000, 0.2, NAN, 0.1), GEX_ROW_BAD_RIGHT, GEX_ROW_BAD_RIGHT},
    {"expired", ROW(GEX_CALL, 5000, 0.2, 10, -0.1), GEX_ROW_EXPIRED, GEX_ROW_EXPIRED},
    {"expired, NaN position", ROW(GEX_CALL, 5000, 0.2, NAN, -0.1), GEX_ROW_EXPIRED, GEX_ROW_NOT_FINITE},
    {"no vol", ROW(GEX_CALL, 5000, 0, 10, 0.1), GEX_ROW_NO_VOL, GEX_ROW_NO_VOL},
    {"no vol, NaN position", ROW(GEX_CALL, 5000, 0, NAN, 0.1), GEX_ROW_NO_VOL, GEX_ROW_NOT_FINITE},
    {"at the strike, settling", ROW(GEX_CALL, 5000, 0.2, 10, 0), GEX_ROW_USED, GEX_ROW_USED},
};

START_TEST(a_row_has_the_smallest_status_that_applies)
{
    const struct option_row rows[2] = {refusals[_i].row, refusals[0].row};
    struct scene scene = scene_of(rows, 2, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    const double *value = gex_exposure_rows(exposure);
    const bool used = refusals[_i].exposed == GEX_ROW_USED;
    int64_t refused = 0;

    ck_assert_int_eq(gex_market_status(scene.market)[0], refusals[_i].status);
    ck_assert_int_eq(gex_exposure_status(exposure)[0], refusals[_i].exposed);
    ck_assert_int_eq(isnan(value[0]) == 0, used);
    ck_assert_double_eq(gex_exposure_total(exposure), used ? value[0] + value[1] : value[1]);
    for (int32_t key = 1; key < GEX_ROW_COUNT; key++) {
        const int64_t count = gex_exposure_count_refused(exposure, key);
        ck_assert_int_eq(count, !used && key == refusals[_i].exposed);
        refused += count;
    }
    ck_assert_int_eq(gex_exposure_count_used(exposure) + refused, gex_exposure_count_total(exposure));
    ck_assert_int_eq(gex_exposure_count_zero_position(exposure), used && refusals[_i].row.dealer == 0.0);
    ck_assert_int_eq(gex_exposure_count_refused(exposure, GEX_ROW_USED), 0);
    ck_assert_int_eq(gex_exposure_count_refused(exposure, GEX_ROW_COUNT), 0);
    ck_assert_int_eq(gex_exposure_count_refused(exposure, -1), 0);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Settling at this instant: at the strike gamma and its kin diverge, delta is one half;
 * off the strike all have limits. */
START_TEST(a_diverging_greek_is_counted_and_left_out)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.2, 7, 7, 0.0},    {GEX_PUT, 5000, 0.2, 3, 3, 0.0},
                                      {GEX_CALL, 4990, 0.2, 5, 5, 0.0},    {GEX_CALL, 5000, 0.2, 0, 0, 0.0},
                                      {GEX_CALL, 5000, 0.2, 11, 11, 0.25}};
    struct scene scene = scene_of(rows, 5, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    static const int32_t diverging[] = {GEX_UNIT_GEX_USD_PCT,  GEX_UNIT_DAG,           GEX_UNIT_GEX_PLUS_USD_PT,
                                        GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_CEX_USD_TOEXP, GEX_UNIT_DGEX_PCT_PER_PCT};
    gex_exposure *exposure;

    for (int u = 0; u < LENGTH(diverging); u++) {
        exposure = scene_exposure(scene.market, scene.book, diverging[u]);
        ck_assert_int_eq(gex_exposure_count_diverging(exposure), 3); /* a position of zero does not hide it */
        ck_assert_int_eq(gex_exposure_count_used(exposure), 5);
        ck_assert_int_eq(gex_exposure_count_zero_position(exposure), 1);
        ck_assert(!isfinite(gex_exposure_rows(exposure)[0]));
        ck_assert_double_eq(gex_exposure_total(exposure),
                            gex_exposure_rows(exposure)[2] + gex_exposure_rows(exposure)[4]);
        ck_assert(isfinite(gex_exposure_by(exposure, GEX_BY_STRIKE, GEX_SUM_NET, NULL)[1]));
        ck_assert_int_eq(gex_exposure_count_by(exposure, GEX_BY_STRIKE, NULL)[1], 4);
        gex_exposure_free(exposure);
    }
    exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    ck_assert_int_eq(gex_exposure_count_diverging(exposure), 0);
    ck_assert_double_eq(gex_exposure_rows(exposure)[0], 350.0);
    ck_assert_double_eq(gex_exposure_rows(exposure)[1], -150.0);
    ck_assert_double_eq(gex_exposure_rows(exposure)[2], 500.0);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* From 13:00 in New York: 0DTE is by the date there and by not being past. */
static const struct {
    double  hours;
    int64_t zero_dte;
} days[] = {{0, 1}, {3, 1}, {10.9, 1}, {11.0, 0}, {20.5, 0}, {24, 0}};

START_TEST(zero_dte_is_todays_date_in_new_york)
{
    const struct option_row row = {GEX_CALL, 5100, 0.2, 10, 10, days[_i].hours / 8760};
    struct scene scene = scene_of(&row, 1, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    int64_t keys;

    ck_assert_int_eq(gex_exposure_count_by(exposure, GEX_BY_ZERO_DTE, &keys)[0], days[_i].zero_dte);
    ck_assert_int_eq(gex_exposure_count_by(exposure, GEX_BY_ZERO_DTE, NULL)[1], 1 - days[_i].zero_dte);
    ck_assert_int_eq(keys, 2);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* ---- sums -------------------------------------------------------------------------------------------------------- */

/* Rows of one key, by a rule written again. */
static bool in_key(const struct scene *scene, int32_t by, int64_t key, int64_t row)
{
    switch (by) {
    case GEX_BY_STRIKE: return gex_chain_strike(scene->chain)[row] == gex_chain_strikes(scene->chain, NULL)[key];
    case GEX_BY_EXPIRY: return gex_chain_settlement(scene->chain)[row] == gex_chain_expiries(scene->chain, NULL)[key];
    case GEX_BY_RIGHT: return gex_chain_right(scene->chain)[row] == (key == 0 ? GEX_CALL : GEX_PUT);
    default: return (gex_chain_settlement(scene->chain)[row] - AS_OF < 11 * HOUR) == (key == 0);
    }
}

static bool in_sum(const struct scene *scene, int32_t sum, int64_t row)
{
    return sum == GEX_SUM_CALL  ? gex_chain_right(scene->chain)[row] == GEX_CALL
           : sum == GEX_SUM_PUT ? gex_chain_right(scene->chain)[row] == GEX_PUT
                                : true;
}

static double key_sum(const struct scene *scene, const gex_exposure *exposure, int32_t by, int32_t sum, int64_t key)
{
    double values[CROWD_ROWS];
    int64_t count = 0;

    for (int64_t i = 0; i < CROWD_ROWS; i++) {
        const double value = gex_exposure_rows(exposure)[i];
        if (gex_exposure_status(exposure)[i] == GEX_ROW_USED && isfinite(value) &&
            (by == 0 || in_key(scene, by, key, i)) && in_sum(scene, sum, i))
            values[count++] = sum == GEX_SUM_GROSS ? fabs(value) : value;
    }
    return fsum(values, count);
}

START_TEST(sums_are_the_correctly_rounded_sums_of_the_rows)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, _i);

    ck_assert_double_eq(gex_exposure_total(exposure), key_sum(&scene, exposure, 0, GEX_SUM_NET, 0));
    ck_assert_double_eq(gex_exposure_gross(exposure), key_sum(&scene, exposure, 0, GEX_SUM_GROSS, 0));
    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++)
        for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
            int64_t keys;
            const double *got = gex_exposure_by(exposure, by, sum, &keys);

            for (int64_t k = 0; k < keys; k++)
                ck_assert_msg(got[k] == key_sum(&scene, exposure, by, sum, k), "%s by %d sum %d key %d: %.17g",
                              gex_unit_name(_i), by, sum, (int)k, got[k]);
        }
    ck_assert_ptr_null(gex_exposure_by(exposure, 0, GEX_SUM_NET, NULL));
    ck_assert_ptr_null(gex_exposure_by(exposure, GEX_BY_STRIKE, 0, NULL));
    ck_assert_ptr_null(gex_exposure_by(exposure, GEX_BY_STRIKE, GEX_SUM_PUT + 1, NULL));
    ck_assert_ptr_null(gex_exposure_by(exposure, GEX_BY_ZERO_DTE + 1, GEX_SUM_NET, NULL));
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

START_TEST(sums_do_not_depend_on_the_order_of_rows)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *first = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    for (uint32_t seed = 1; seed <= 5; seed++) {
        struct crowd mixed;
        struct scene other = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, seed);
        gex_exposure *again = scene_exposure(other.market, other.book, GEX_UNIT_GEX_USD_PCT);

        ck_assert_double_eq(gex_exposure_total(first), gex_exposure_total(again));
        ck_assert_double_eq(gex_exposure_gross(first), gex_exposure_gross(again));
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++)
            for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
                int64_t keys;
                const double *a = gex_exposure_by(first, by, sum, &keys), *b = gex_exposure_by(again, by, sum, NULL);
                ck_assert_mem_eq(a, b, (size_t)keys * sizeof *a);
            }
        gex_exposure_free(again);
        scene_free(&other);
    }
    gex_exposure_free(first);
    scene_free(&scene);
}
END_TEST

/* A book is linear: twice the contracts, twice every number; the other side of every trade, minus it. */
START_TEST(exposures_are_linear_in_position)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    const double factor = -2.0;
    gex_f64 column = {&factor, 0};
    gex_book *twice;
    gex_exposure *a, *b;

    ck_assert_int_eq(gex_book_weight(NULL, scene.book, &column, NULL, &twice, NULL), GEX_OK);
    a = scene_exposure(scene.market, scene.book, _i);
    b = scene_exposure(scene.market, twice, _i);
    ck_assert_double_eq(gex_exposure_total(b), -2.0 * gex_exposure_total(a));
    ck_assert_double_eq(gex_exposure_gross(b), 2.0 * gex_exposure_gross(a));
    gex_exposure_free(a);
    gex_exposure_free(b);
    gex_book_free(twice);
    scene_free(&scene);
}
END_TEST

START_TEST(a_chain_without_rows_sums_to_nothing)
{
    struct scene scene = scene_of(worked_rows, 0, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    ck_assert_double_eq(gex_exposure_total(exposure), 0.0);
    ck_assert_double_eq(gex_exposure_gross(exposure), 0.0);
    ck_assert_int_eq(gex_exposure_count_total(exposure), 0);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* ---- units ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int32_t     greek, unit;
} finds[] = {
    {"GEX_USD_PCT", 0, GEX_UNIT_GEX_USD_PCT},
    {"GEX_USD_PCT", GEX_GREEK_GAMMA, GEX_UNIT_GEX_USD_PCT},
    {"USD_PCT", GEX_GREEK_GAMMA, GEX_UNIT_GEX_USD_PCT},
    {"USD_PCT", 0, 0},
    {"USD_PCT", GEX_GREEK_DELTA, 0},
    {"GEX_USD_PCT", GEX_GREEK_DELTA, 0}, /* not a unit of that greek */
    {"USD", GEX_GREEK_DELTA, GEX_UNIT_DEX_USD},
    {"SHARES", GEX_GREEK_DELTA, GEX_UNIT_DEX_SHARES},
    {"USD_VOLPT", GEX_GREEK_VANNA, GEX_UNIT_VEX_USD_VOLPT},
    {"USD_VOLPT", GEX_GREEK_VEGA, GEX_UNIT_VEGA_USD_VOLPT},
    {"USD_CALDAY", GEX_GREEK_CHARM, GEX_UNIT_CEX_USD_CALDAY},
    {"USD_CALDAY", GEX_GREEK_THETA, GEX_UNIT_THETA_USD_CALDAY},
    {"PLUS_USD_PT", GEX_GREEK_GAMMA, GEX_UNIT_GEX_PLUS_USD_PT},
    {"IMPULSE", GEX_GREEK_GAMMA, GEX_UNIT_IMPULSE},
    {"IMPULSE", GEX_GREEK_VANNA, 0},
    {"DAG", GEX_GREEK_GAMMA, GEX_UNIT_DAG},
    {"dGEX_PCT_PER_PCT", 0, GEX_UNIT_DGEX_PCT_PER_PCT},
    {"GEX_GRID_PCT", 0, GEX_UNIT_GEX_USD_PCT},
    {"GEX_GRID_PCT", GEX_GREEK_GAMMA, GEX_UNIT_GEX_USD_PCT},
    {"GRID_PCT", GEX_GREEK_GAMMA, GEX_UNIT_GEX_USD_PCT},
    {"GEX_GRID_PCT", GEX_GREEK_VANNA, 0},
    {"GRID_PCT", 0, 0},
    {"gex_usd_pct", 0, 0},
    {"", 0, 0},
    {"unknown", 0, 0},
    {NULL, 0, 0},
};

START_TEST(units_are_found_by_name)
{
    ck_assert_int_eq(gex_unit_find(finds[_i].name, finds[_i].greek), finds[_i].unit);
}
END_TEST

START_TEST(every_unit_has_a_name_and_a_label)
{
    ck_assert_int_eq(gex_unit_find(gex_unit_name(_i), 0), _i);
    ck_assert_str_ne(gex_unit_label(_i), "unknown");
    ck_assert_str_eq(gex_unit_name(GEX_UNIT_LAST_ + 1), "unknown");
    ck_assert_str_eq(gex_unit_label(0), "unknown");
}
END_TEST

static const struct {
    const char          *name;
    gex_exposure_options options;
    gex_status           status;
    const char          *says; /* a word of the message */
} doors[] = {
    {"unit not chosen", {.unit = 0}, GEX_ERR_ARGUMENT, "unit"},
    {"unit unknown", {.unit = GEX_UNIT_LAST_ + 1}, GEX_ERR_ARGUMENT, "unknown"},
    {"unit negative", {.unit = -1}, GEX_ERR_ARGUMENT, "unknown"},
    {"adv missing", {.unit = GEX_UNIT_GEX_ADV_PCT}, GEX_ERR_ARGUMENT, "adv"},
    {"adv negative", {.unit = GEX_UNIT_GEX_ADV_PCT, .adv = -1}, GEX_ERR_DOMAIN, "adv"},
    {"adv NaN", {.unit = GEX_UNIT_GEX_ADV_PCT, .adv = NAN}, GEX_ERR_DOMAIN, "adv"},
    {"adv infinite", {.unit = GEX_UNIT_GEX_ADV_PCT, .adv = INFINITY}, GEX_ERR_DOMAIN, "adv"},
    {"adv given", {.unit = GEX_UNIT_GEX_ADV_PCT, .adv = 1}, GEX_OK, NULL},
    {"adv of no use", {.unit = GEX_UNIT_GEX_USD_PCT, .adv = NAN}, GEX_OK, NULL},
    {"future missing", {.unit = GEX_UNIT_GEX_FUT_PCT, .future_multiplier = 50}, GEX_ERR_ARGUMENT, "future_price"},
    {"multiplier missing", {.unit = GEX_UNIT_GEX_FUT_PCT, .future_price = 5000}, GEX_ERR_ARGUMENT, "future_multiplier"},
    {"multiplier alone", {.unit = GEX_UNIT_GEX_FUT_PT, .future_multiplier = 50}, GEX_OK, NULL},
    {"beta zero", {.unit = GEX_UNIT_GEX_PLUS_USD_PT}, GEX_OK, NULL},
    {"beta NaN", {.unit = GEX_UNIT_GEX_PLUS_USD_PT, .beta = NAN}, GEX_ERR_DOMAIN, "beta"},
    {"points zero", {.unit = GEX_UNIT_IMPULSE}, GEX_OK, NULL},
    {"points infinite", {.unit = GEX_UNIT_IMPULSE, .beta = INFINITY}, GEX_ERR_DOMAIN, "beta"},
};

START_TEST(a_unit_that_needs_a_number_is_refused_without_it)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure_options options = doors[_i].options;
    gex_exposure *exposure = NULL;
    gex_greeks *greeks;
    gex_error error = {.status = GEX_OK};

    options.struct_size = sizeof options;
    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, scene.book, &options, &exposure, &error), doors[_i].status);
    ck_assert_int_eq(error.status, doors[_i].status);
    ck_assert_int_eq(exposure != NULL, doors[_i].status == GEX_OK);
    if (doors[_i].says != NULL)
        ck_assert_msg(strstr(error.message, doors[_i].says) != NULL, "%s", error.message);
    gex_exposure_free(exposure);
    gex_greeks_free(greeks);
    scene_free(&scene);
}
END_TEST

START_TEST(greeks_and_book_have_to_share_a_chain)
{
    struct scene a = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    struct scene b = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure_options options;
    gex_exposure *exposure;
    gex_greeks *greeks;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_greeks_compute(NULL, a.market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, b.book, &options, &exposure, NULL), GEX_ERR_ARGUMENT);
    gex_greeks_free(greeks);
    scene_free(&a);
    scene_free(&b);
}
END_TEST

/* ---- from unit to unit ------------------------------------------------------------------------------------------- */

/* The numbers scene_exposure() gives. */
static gex_exposure_options scene_numbers(void)
{
    gex_exposure_options numbers;

    gex_exposure_options_init(&numbers, sizeof numbers);
    numbers.adv = 8e6;
    numbers.future_price = 5000.0;
    numbers.future_multiplier = 50.0;
    numbers.beta = -10.0;
    return numbers;
}

/* Is one row's exposure the same multiple of the other's in every row? */
static bool one_ratio(const gex_exposure *from, const gex_exposure *to)
{
    const double *a = gex_exposure_rows(from), *b = gex_exposure_rows(to);

    for (int64_t i = 1; i < WORKED_ROWS; i++)
        if (fabs(a[i] * b[0] - b[i] * a[0]) > 1e-9 * fabs(a[i] * b[0]))
            return false;
    return true;
}

/* Of every pair of units: a factor turns every row and every total of one into the other, and where none is given none
 * would do for all rows. */
START_TEST(a_factor_is_given_where_there_is_one)
{
    const gex_exposure_options numbers = scene_numbers();
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *from = scene_exposure(scene.market, scene.book, _i);
    int given = 0;

    for (int32_t unit = 1; unit <= GEX_UNIT_LAST_; unit++) {
        gex_exposure *to = scene_exposure(scene.market, scene.book, unit);
        double factor = NOT_A_NUMBER;
        const gex_status status = gex_unit_factor(_i, unit, 5000.0, &numbers, &factor, NULL);

        if (status == GEX_OK) {
            for (int64_t i = 0; i < WORKED_ROWS; i++)
                ck_assert_double_eq_tol(gex_exposure_rows(from)[i] * factor, gex_exposure_rows(to)[i],
                                        2e-15 * fabs(gex_exposure_rows(to)[i]));
            ck_assert_double_eq_tol(gex_exposure_total(from) * factor, gex_exposure_total(to),
                                    1e-14 * gex_exposure_gross(to));
            given++;
        } else {
            ck_assert_int_eq(status, GEX_ERR_ARGUMENT);
            ck_assert(isnan(factor));
            ck_assert_msg(!one_ratio(from, to), "%s to %s", gex_unit_name(_i), gex_unit_name(unit));
        }
        gex_exposure_free(to);
    }
    ck_assert_int_ge(given, 1);
    gex_exposure_free(from);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t    from, to;
    double     spot, adv, price, multiplier, beta;
    gex_status status;
    double     factor;
} factors[] = {
    {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_USD_UNIT, 5000, 0, 0, 0, 0, GEX_OK, 100},
    {GEX_UNIT_GEX_SHARES_PT, GEX_UNIT_GEX_USD_PCT, 5000, 0, 0, 0, 0, GEX_OK, 250000},
    {GEX_UNIT_GEX_USD_PT, GEX_UNIT_GEX_SHARES_PT, 4000, 0, 0, 0, 0, GEX_OK, 0.00025},
    {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_ADV_PCT, 5000, 8e6, 0, 0, 0, GEX_OK, 100 / 4e10},
    {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_ADV_PCT, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_ADV_PCT, 5000, -1, 0, 0, 0, GEX_ERR_DOMAIN, 0},
    {GEX_UNIT_GEX_FUT_PCT, GEX_UNIT_GEX_FUT_PT, 5000, 0, 5000, 0, 0, GEX_OK, 0.02}, /* the multiplier cancels */
    {GEX_UNIT_GEX_FUT_PCT, GEX_UNIT_GEX_FUT_PT, 5000, 0, 0, 50, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_GEX_FUT_PCT, GEX_UNIT_GEX_FUT_PT, 5000, 0, INFINITY, 50, 0, GEX_ERR_DOMAIN, 0},
    {GEX_UNIT_VEX_USD_RELPCT, GEX_UNIT_VEX_USD_PT_BETA, 5000, 0, 0, 0, -10, GEX_OK, -0.2},
    {GEX_UNIT_VEX_USD_RELPCT, GEX_UNIT_VEX_USD_PT_BETA, 5000, 0, 0, 0, 0, GEX_OK, 0}, /* nothing comes through vol */
    {GEX_UNIT_VEX_USD_PT_BETA, GEX_UNIT_VEX_USD_RELPCT, 5000, 0, 0, 0, -10, GEX_OK, -5},
    {GEX_UNIT_VEX_USD_PT_BETA, GEX_UNIT_VEX_USD_RELPCT, 5000, 0, 0, 0, 0, GEX_ERR_DOMAIN, 0},
    {GEX_UNIT_VEX_USD_RELPCT, GEX_UNIT_VEX_USD_VOLPT, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_DAG, GEX_UNIT_GEX_USD_PCT, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_DAG, GEX_UNIT_DAG, 5000, 0, 0, 0, 0, GEX_OK, 1},
    {GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_GEX_USD_PT, 5000, 0, 0, 0, -10, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_DEX_USD, GEX_UNIT_GEX_USD_PT, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {0, GEX_UNIT_GEX_USD_PT, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_DEX_USD, GEX_UNIT_LAST_ + 1, 5000, 0, 0, 0, 0, GEX_ERR_ARGUMENT, 0},
    {GEX_UNIT_DEX_USD, GEX_UNIT_DEX_SHARES, 0, 0, 0, 0, 0, GEX_ERR_DOMAIN, 0},
    {GEX_UNIT_DEX_USD, GEX_UNIT_DEX_SHARES, NAN, 0, 0, 0, 0, GEX_ERR_DOMAIN, 0},
};

START_TEST(a_factor_asks_for_what_it_needs)
{
    gex_exposure_options numbers;
    double factor = NOT_A_NUMBER;

    gex_exposure_options_init(&numbers, sizeof numbers);
    numbers.adv = factors[_i].adv;
    numbers.future_price = factors[_i].price;
    numbers.future_multiplier = factors[_i].multiplier;
    numbers.beta = factors[_i].beta;
    ck_assert_int_eq(gex_unit_factor(factors[_i].from, factors[_i].to, factors[_i].spot, &numbers, &factor, NULL),
                     factors[_i].status);
    if (factors[_i].status == GEX_OK)
        ck_assert_double_eq_tol(factor, factors[_i].factor, 1e-300 + 1e-15 * fabs(factors[_i].factor));
    else
        ck_assert_double_nan(factor);
}
END_TEST

/* ---- a chain computed elsewhere ---------------------------------------------------------------------------------- */

enum { GOLDEN_ROWS = 78 };

/* golden/gex_chain.csv: K, T, C or P, vol, open interest, dealer's contracts. */
static void golden_read(struct option_row *rows)
{
    FILE *file = fopen(TESTS_DIR "/golden/gex_chain.csv", "r");
    char line[256], side;
    int count = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        struct option_row row;
        if (sscanf(line, "%lf,%lf,%c,%lf,%lf,%lf", &row.strike, &row.years, &side, &row.vol, &row.open_interest,
                   &row.dealer) != 6)
            continue;
        ck_assert_int_lt(count, GOLDEN_ROWS);
        row.right = side == 'C' ? GEX_CALL : GEX_PUT;
        rows[count++] = row;
    }
    fclose(file);
    ck_assert_int_eq(count, GOLDEN_ROWS);
}

static double golden_value(const char *name)
{
    FILE *file = fopen(TESTS_DIR "/golden/gex_expected.csv", "r");
    char line[256];
    double value = NOT_A_NUMBER;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ',')
            value = strtod(line + strlen(name) + 1, NULL);
    fclose(file);
    ck_assert_msg(!isnan(value), "no %s", name);
    return value;
}

/* Spot 4500, r 0.05, q 0.015, ADV 1,500,000 and 200,000,000 shares outstanding, as the head of gex_chain.csv says. */
static struct scene golden(struct option_row *rows, int32_t sign)
{
    golden_read(rows);
    return scene_of(rows, GOLDEN_ROWS, 4500, 0.05, 0.015, sign);
}

static const struct {
    const char *name;
    int32_t     sign, unit;
    double      scale;
} golden_totals[] = {
    {"gex_shares_per_unit_naive", GEX_SIGN_NAIVE_CALL_LONG, GEX_UNIT_GEX_SHARES_PT, 1.0},
    {"gex_cash_per_1pct_naive", GEX_SIGN_NAIVE_CALL_LONG, GEX_UNIT_GEX_USD_PCT, 1.0},
    {"gex_cash_per_1pct_over_adv_naive", GEX_SIGN_NAIVE_CALL_LONG, GEX_UNIT_GEX_SHARES_PCT, 1.0 / 1.5e6},
    {"gex_shares_per_unit_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_GEX_SHARES_PT, 1.0},
    {"gex_cash_per_1pct_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_GEX_USD_PCT, 1.0},
    {"ni_netgamma_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_GEX_SHARES_PCT, 100.0 / 2e8},
    {"vanna_cash_delta_per_volpoint_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_VEX_USD_VOLPT, 1.0},
    {"charm_cash_delta_per_day_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_CEX_USD_CALDAY, 1.0},
    {"net_option_delta_shares_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_DEX_SHARES, 1.0},
    {"hedge_shares_inventory", GEX_SIGN_INVENTORY_GIVEN, GEX_UNIT_DEX_SHARES, -1.0},
};

/* 1e-12 of gross: the rows carry a few ulp each, and T here is 1e-15 off, being whole nanoseconds. */
START_TEST(golden_chain_totals)
{
    struct option_row rows[GOLDEN_ROWS];
    struct scene scene = golden(rows, golden_totals[_i].sign);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, golden_totals[_i].unit);
    const double scale = golden_totals[_i].scale;

    ck_assert_double_eq_tol(gex_exposure_total(exposure) * scale, golden_value(golden_totals[_i].name),
                            1e-12 * gex_exposure_gross(exposure) * fabs(scale));
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t     sign;
    const char *nearest, *count;
} golden_flips[] = {
    {GEX_SIGN_NAIVE_CALL_LONG, "zero_gamma_nearest_naive", "zero_gamma_count_naive"},
    {GEX_SIGN_INVENTORY_GIVEN, "zero_gamma_nearest_inventory", "zero_gamma_count_inventory"},
};

START_TEST(golden_chain_flips)
{
    struct option_row rows[GOLDEN_ROWS];
    struct scene scene = golden(rows, golden_flips[_i].sign);
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    int64_t found = 0;

    for (int64_t i = 0; i < gex_flips_count(flips); i++)
        found += gex_flips_root_status(flips, i) == GEX_ROOT_FOUND;
    ck_assert_double_eq_tol(gex_flips_price(flips, gex_flips_nearest(flips)), golden_value(golden_flips[_i].nearest),
                            1e-9);
    ck_assert_double_eq((double)found, golden_value(golden_flips[_i].count));
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

static const struct {
    const char *name;
    double      move;
} golden_flows[] = {{"hedge_flow_shares_+1_pct", 1.01}, {"hedge_flow_shares_-1_pct", 0.99}};

/* 1e-12 of the gross delta, of the order of a million shares. */
START_TEST(golden_chain_flows)
{
    struct option_row rows[GOLDEN_ROWS];
    struct scene scene = golden(rows, GEX_SIGN_INVENTORY_GIVEN);
    const double spot = 4500 * golden_flows[_i].move;
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.spot = (gex_f64){&spot, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_assert_double_eq_tol(gex_flow_column(flow, GEX_FLOW_EXACT)[0], golden_value(golden_flows[_i].name), 1e-6);
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

Suite *suite_exposure(void)
{
    Suite *suite = suite_create("exposure");
    TCase *rows = tcase_create("rows"), *sums = tcase_create("sums"), *units = tcase_create("units");
    TCase *elsewhere = tcase_create("golden");

    tcase_add_test(rows, greeks_are_those_of_the_european_door);
    tcase_add_loop_test(rows, a_row_has_the_smallest_status_that_applies, 0, LENGTH(refusals));
    tcase_add_test(rows, a_diverging_greek_is_counted_and_left_out);
    tcase_add_loop_test(rows, zero_dte_is_todays_date_in_new_york, 0, LENGTH(days));
    suite_add_tcase(suite, rows);

    tcase_add_loop_test(sums, sums_are_the_correctly_rounded_sums_of_the_rows, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_test(sums, sums_do_not_depend_on_the_order_of_rows);
    tcase_add_loop_test(sums, exposures_are_linear_in_position, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_test(sums, a_chain_without_rows_sums_to_nothing);
    suite_add_tcase(suite, sums);

    tcase_add_loop_test(units, units_are_found_by_name, 0, LENGTH(finds));
    tcase_add_loop_test(units, every_unit_has_a_name_and_a_label, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_loop_test(units, a_unit_that_needs_a_number_is_refused_without_it, 0, LENGTH(doors));
    tcase_add_test(units, greeks_and_book_have_to_share_a_chain);
    tcase_add_loop_test(units, a_factor_is_given_where_there_is_one, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_loop_test(units, a_factor_asks_for_what_it_needs, 0, LENGTH(factors));
    suite_add_tcase(suite, units);

    tcase_add_loop_test(elsewhere, golden_chain_totals, 0, LENGTH(golden_totals));
    tcase_add_loop_test(elsewhere, golden_chain_flips, 0, LENGTH(golden_flips));
    tcase_add_loop_test(elsewhere, golden_chain_flows, 0, LENGTH(golden_flows));
    suite_add_tcase(suite, elsewhere);
    return suite;
}
