/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: the exposure of a market rebuilt at every price of the grid,
 * the same bits for any order and any executor. */
#include "reverse.h"
#include "scene.h"
#include "shuffled.h"

Suite *suite_profile(void);

static gex_profile_options options_of(int32_t unit)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.adv = 8e6;
    options.future_price = CROWD_SPOT;
    options.future_multiplier = 50.0;
    options.beta = -10.0;
    return options;
}

static gex_profile *profile_of(const gex_context *context, const struct scene *scene,
                               const gex_profile_options *options)
{
    gex_profile *profile = NULL;
    gex_error error;

    ck_assert_msg(gex_profile_compute(context, scene->market, scene->book, options, &profile, &error) == GEX_OK, "%s",
                  error.message);
    return profile;
}

/* The same unit, the long way round: a new market at that spot, greeks, exposure. FUT_PCT keeps its future's price. */
static void rebuilt(const struct scene *scene, const gex_profile_options *options, double spot, double *total,
                    double *gross)
{
    gex_market *market = scene_market(scene->chain, spot, 0.04, 0.013, AS_OF);
    gex_exposure_options unit;
    gex_exposure *exposure;
    gex_greeks *greeks;

    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = options->unit;
    unit.adv = options->adv;
    unit.future_price = options->future_price;
    unit.future_multiplier = options->future_multiplier;
    unit.beta = options->beta;
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, scene->book, &unit, &exposure, NULL), GEX_OK);
    *total = gex_exposure_total(exposure);
    *gross = gex_exposure_gross(exposure);
    gex_exposure_free(exposure);
    gex_greeks_free(greeks);
    gex_market_free(market);
}

/* 1e-13 of gross: the profile adds rounded numbers, a few thousand of them by blocks; the total is exact. */
START_TEST(a_profile_is_the_exposure_at_each_price)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_profile_options options = options_of(_i);
    const double *price, *value;
    gex_profile *profile;
    int64_t count;

    options.points = 9; /* 80 %, 85 % ... 120 %: on strikes, some of them settling now */
    profile = profile_of(NULL, &scene, &options);
    price = gex_profile_prices(profile, &count);
    value = gex_profile_values(profile, NULL);
    ck_assert_int_eq(count, 9);
    ck_assert_int_eq(gex_profile_unit(profile), _i);
    for (int64_t i = 0; i < count; i++) {
        double total, gross;

        rebuilt(&scene, &options, price[i], &total, &gross);
        ck_assert_msg(fabs(value[i] - total) <= 1e-13 * gross, "%s at %g: %.17g, not %.17g", gex_unit_name(_i),
                      price[i], value[i], total);
    }
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

START_TEST(the_grid_is_even_and_its_ends_are_exact)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 4999.7, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_profile_options options = options_of(GEX_UNIT_GEX_USD_PCT);
    gex_profile *profile = profile_of(NULL, &scene, &options);
    int64_t count;
    const double *price = gex_profile_prices(profile, &count);

    ck_assert_int_eq(count, 201);
    ck_assert_double_eq(price[0], 4999.7 * 0.8);
    ck_assert_double_eq(price[200], 4999.7 * 1.2);
    ck_assert_double_eq_tol(price[100], 4999.7, 1e-12);
    for (int i = 1; i < 201; i++)
        ck_assert_double_eq_tol(price[i] - price[i - 1], 4999.7 * 0.002, 1e-11);
    gex_profile_free(profile);

    options.low = 0.3;
    options.high = 7.0;
    options.points = 2;
    profile = profile_of(NULL, &scene, &options);
    price = gex_profile_prices(profile, &count);
    ck_assert_int_eq(count, 2);
    ck_assert_double_eq(price[0], 4999.7 * 0.3);
    ck_assert_double_eq(price[1], 4999.7 * 7.0);
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

/* Equal steps of the logarithm, of more rows and prices than are added up one by one:
 * each value is that of a market there. */
START_TEST(a_grid_may_be_logarithmic)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_profile_options options = options_of(GEX_UNIT_GEX_USD_PCT);
    gex_profile *profile;
    const double *price, *value;
    int64_t count;

    options.spacing = GEX_SPACING_LOG;
    options.points = 97;
    profile = profile_of(NULL, &scene, &options);
    price = gex_profile_prices(profile, &count);
    value = gex_profile_values(profile, NULL);
    ck_assert_int_eq(count, 97);
    ck_assert_double_eq(price[0], CROWD_SPOT * 0.8);
    ck_assert_double_eq(price[96], CROWD_SPOT * 1.2);
    for (int i = 1; i < 97; i++)
        ck_assert_double_eq_tol(price[i] / price[i - 1], pow(1.5, 1.0 / 96.0), 1e-15);
    for (int i = 0; i < 97; i += 8) {
        double total, gross;

        rebuilt(&scene, &options, price[i], &total, &gross);
        ck_assert_msg(fabs(value[i] - total) <= 1e-13 * gross, "at %g: %.17g, not %.17g of %g", price[i], value[i],
                      total, gross);
    }
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

/* ---- same bits --------------------------------------------------------------------------------------------------- */

static gex_context *reversing(void)
{
    gex_context_options options;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

static void check_same_bits(const struct scene *a, const gex_context *context, const struct scene *b, int32_t unit)
{
    gex_profile_options options = options_of(unit);
    gex_profile *first, *again;
    gex_flips *flips, *more;

    options.points = 41;
    first = profile_of(NULL, a, &options);
    again = profile_of(context, b, &options);
    ck_assert_mem_eq(gex_profile_values(first, NULL), gex_profile_values(again, NULL), 41 * sizeof(double));
    gex_profile_free(first);
    gex_profile_free(again);

    options.low = 0.97;
    options.high = 1.03;
    ck_assert_int_eq(gex_flips_compute(NULL, a->market, a->book, &options, &flips, NULL), GEX_OK);
    ck_assert_int_eq(gex_flips_compute(context, b->market, b->book, &options, &more, NULL), GEX_OK);
    ck_assert_int_eq(gex_flips_count(flips), gex_flips_count(more));
    ck_assert_int_eq(gex_flips_nearest(flips), gex_flips_nearest(more));
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        ck_assert_double_eq(gex_flips_price(flips, i), gex_flips_price(more, i));
        ck_assert_double_eq(gex_flips_slope(flips, i), gex_flips_slope(more, i));
        ck_assert_double_eq(gex_flips_size(flips, i), gex_flips_size(more, i));
        ck_assert_int_eq(gex_flips_direction(flips, i), gex_flips_direction(more, i));
    }
    gex_flips_free(flips);
    gex_flips_free(more);
}

static const int32_t units_of_each_kind[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DAG, GEX_UNIT_GEX_PLUS_USD_PT,
                                             GEX_UNIT_DEX_USD};

START_TEST(same_bits_for_any_order_of_rows)
{
    struct crowd crowd, mixed;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    struct scene other = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, 77);

    check_same_bits(&scene, NULL, &other, units_of_each_kind[_i]);
    scene_free(&scene);
    scene_free(&other);
}
END_TEST

START_TEST(same_bits_for_any_order_of_tasks)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_context *context = reversing();

    check_same_bits(&scene, context, &scene, units_of_each_kind[_i]);
    gex_context_free(context);
    scene_free(&scene);
}
END_TEST

/* ---- doors ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char         *name;
    gex_profile_options options;
    gex_status          profile, flips;
} doors[] = {
    {"defaults", {.unit = 3, .low = 0.8, .high = 1.2, .points = 201}, GEX_OK, GEX_OK},
    {"no unit", {.low = 0.8, .high = 1.2, .points = 201}, GEX_ERR_ARGUMENT, GEX_ERR_ARGUMENT},
    {"adv missing", {.unit = GEX_UNIT_GEX_ADV_PCT, .low = 0.8, .high = 1.2, .points = 9}, GEX_ERR_ARGUMENT,
     GEX_ERR_ARGUMENT},
    {"low zero", {.unit = 3, .low = 0, .high = 1.2, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"low NaN", {.unit = 3, .low = NAN, .high = 1.2, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"high NaN", {.unit = 3, .low = 0.8, .high = NAN, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"turned round", {.unit = 3, .low = 1.2, .high = 0.8, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"one price", {.unit = 3, .low = 1, .high = 1, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"infinite", {.unit = 3, .low = 0.8, .high = INFINITY, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"beyond the numbers", {.unit = 3, .low = 0.8, .high = 1e308, .points = 201}, GEX_ERR_DOMAIN, GEX_ERR_DOMAIN},
    {"below the numbers", {.unit = 3, .low = 1e-323, .high = 1e-322, .points = 3}, GEX_OK, GEX_OK},
    {"too wide to search", {.unit = 3, .low = 0.8, .high = 1e6, .points = 201}, GEX_OK, GEX_ERR_DOMAIN},
    {"one point", {.unit = 3, .low = 0.8, .high = 1.2, .points = 1}, GEX_ERR_DOMAIN, GEX_OK},
    {"no points", {.unit = 3, .low = 0.8, .high = 1.2}, GEX_ERR_DOMAIN, GEX_OK},
    {"negative points", {.unit = 3, .low = 0.8, .high = 1.2, .points = INT64_MIN}, GEX_ERR_DOMAIN, GEX_OK},
    {"points without end", {.unit = 3, .low = 0.8, .high = 1.2, .points = INT64_MAX}, GEX_ERR_DOMAIN, GEX_OK},
};

START_TEST(ranges_are_checked_at_the_door)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_profile_options options = doors[_i].options;
    gex_profile *profile = NULL;
    gex_flips *flips = NULL;

    options.struct_size = sizeof options;
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &profile, NULL), doors[_i].profile);
    ck_assert_int_eq(gex_flips_compute(NULL, scene.market, scene.book, &options, &flips, NULL), doors[_i].flips);
    ck_assert_int_eq(profile != NULL, doors[_i].profile == GEX_OK);
    ck_assert_int_eq(flips != NULL, doors[_i].flips == GEX_OK);
    gex_profile_free(profile);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

START_TEST(nothing_used_is_a_profile_of_zeros)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_VOLUME_NAIVE);
    gex_profile_options options = options_of(GEX_UNIT_GEX_USD_PCT);
    gex_profile *profile = profile_of(NULL, &scene, &options);

    for (int i = 0; i < 201; i++)
        ck_assert_double_eq(gex_profile_values(profile, NULL)[i], 0.0);
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

Suite *suite_profile(void)
{
    Suite *suite = suite_create("profile");
    TCase *values = tcase_create("values"), *bits = tcase_create("bits"), *at_door = tcase_create("doors");

    tcase_add_loop_test(values, a_profile_is_the_exposure_at_each_price, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_test(values, the_grid_is_even_and_its_ends_are_exact);
    tcase_add_test(values, a_grid_may_be_logarithmic);
    tcase_add_test(values, nothing_used_is_a_profile_of_zeros);
    suite_add_tcase(suite, values);

    tcase_add_loop_test(bits, same_bits_for_any_order_of_rows, 0, LENGTH(units_of_each_kind));
    tcase_add_loop_test(bits, same_bits_for_any_order_of_tasks, 0, LENGTH(units_of_each_kind));
    tcase_set_timeout(bits, 60);
    suite_add_tcase(suite, bits);

    tcase_add_loop_test(at_door, ranges_are_checked_at_the_door, 0, LENGTH(doors));
    suite_add_tcase(suite, at_door);
    return suite;
}
