/* SPDX-License-Identifier: Apache-2.0 */
/* The four cells, where spot stands, and the regime along a path. */
#include "scene.h"

Suite *suite_regime(void);

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* docs/conventions.md, flow: long gamma sells into strength. */
START_TEST(the_four_cells)
{
    static const struct {
        int32_t     regime, direction;
        const char *side, *effect;
    } cells[] = {
        {GEX_REGIME_LONG_GAMMA, GEX_UP, "SELL", "supply"},
        {GEX_REGIME_LONG_GAMMA, GEX_DOWN, "BUY", "demand"},
        {GEX_REGIME_SHORT_GAMMA, GEX_UP, "BUY", "demand"},
        {GEX_REGIME_SHORT_GAMMA, GEX_DOWN, "SELL", "supply"},
        {GEX_REGIME_AT_FLIP, GEX_UP, "either", "flip"},
        {GEX_REGIME_NONE, GEX_DOWN, "neither", "no reason"},
    };

    for (int i = 0; i < LENGTH(cells); i++) {
        ck_assert_str_eq(gex_regime_side(cells[i].regime, cells[i].direction), cells[i].side);
        ck_assert_ptr_nonnull(strstr(gex_regime_effect(cells[i].regime, cells[i].direction), cells[i].effect));
    }
    ck_assert_ptr_nonnull(strstr(gex_regime_words(GEX_REGIME_LONG_GAMMA), "SELL as price rises"));
    ck_assert_ptr_nonnull(strstr(gex_regime_words(GEX_REGIME_SHORT_GAMMA), "BUY as price rises"));
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_LONG_GAMMA), "long_gamma");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_SHORT_GAMMA), "short_gamma");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_AT_FLIP), "at_flip");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_NONE), "none");
}
END_TEST

static double stand(const gex_exposure *gamma, const gex_flips *flips, int32_t what)
{
    double value;

    ck_assert_int_eq(gex_stand(gamma, flips, what, &value, NULL), GEX_OK);
    return value;
}

/*
 * The worked inventory, section 11 of docs/conventions.md: -2591.1542 m per 1 %, flips 4603.9800 and 5009.3645. Thirty
 * days out the vols at the money are 15.0 and 15.2 %: 5000 * 0.151 / sqrt 252 = 47.5605.
 */
START_TEST(where_the_worked_book_stands)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_exposure *delta = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_USD);
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const double sigma = 5000.0 * 0.151 / sqrt(252.0);
    double value;

    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_DAILY_SIGMA), sigma, 1e-12 * sigma);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_FLIP_BELOW), 4603.9800, 6e-5);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_FLIP_ABOVE), 5009.3645, 6e-5);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_SIGMAS_BELOW), (5000.0 - 4603.9800) / sigma, 2e-6);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_SIGMAS_ABOVE), (5009.3645 - 5000.0) / sigma, 2e-6);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_BUY_UP), 2591.1542e6, 60.0);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_BUY_DOWN), -2591.1542e6, 60.0);
    ck_assert_double_eq_tol(stand(gamma, flips, GEX_STAND_NET_TO_GROSS),
                            gex_exposure_total(gamma) / gex_exposure_gross(gamma), 1e-16);
    ck_assert_int_eq(gex_regime_of(gamma, flips), GEX_REGIME_SHORT_GAMMA); /* 0.197 sigmas from the flip */
    ck_assert_int_eq(gex_stand(delta, flips, GEX_STAND_BUY_UP, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert_double_nan(value);
    gex_flips_free(flips);
    gex_exposure_free(delta);
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

START_TEST(a_book_without_flips_has_none_beside_it)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_DEALER_ALL_LONG);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    for (int32_t what = GEX_STAND_FLIP_BELOW; what <= GEX_STAND_SIGMAS_ABOVE; what++)
        ck_assert_double_nan(stand(gamma, flips, what));
    ck_assert_int_eq(gex_regime_of(gamma, flips), GEX_REGIME_LONG_GAMMA);
    ck_assert_double_lt(stand(gamma, flips, GEX_STAND_BUY_UP), 0.0);
    gex_flips_free(flips);
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

/* ---- along a path ------------------------------------------------------------------------------------------------ */

/* Bands of the worked inventory at prices around its flips; minutes[i] is how long the state before lasts. */
static gex_bands *walk(const struct scene *scene, double share, const double *spot, const int64_t *minutes,
                       int64_t count)
{
    gex_uncertainty_options errors;
    gex_uncertainty *uncertainty = NULL;
    gex_bands_options options;
    gex_bands *bands = NULL;
    int64_t as_of[16] = {AS_OF};
    gex_error error;

    for (int64_t i = 1; i < count; i++)
        as_of[i] = as_of[i - 1] + minutes[i] * HOUR / 60;
    gex_uncertainty_options_init(&errors, sizeof errors);
    errors.share = share;
    errors.correlation = 0.2;
    ck_assert_int_eq(gex_uncertainty_create(NULL, scene->book, &errors, &uncertainty, NULL), GEX_OK);
    gex_bands_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.points = count;
    options.spot = (gex_f64){spot, sizeof *spot};
    options.as_of = (gex_i64){as_of, sizeof *as_of};
    ck_assert_msg(gex_bands_of_states(NULL, scene->market, uncertainty, &options, &bands, &error) == GEX_OK, "%s",
                  error.message);
    gex_uncertainty_free(uncertainty);
    return bands;
}

static gex_regime_path *path_of(const gex_bands *bands, double enter, double leave, int64_t samples)
{
    gex_regime_path_options options;
    gex_regime_path *path = NULL;
    gex_error error;

    gex_regime_path_options_init(&options, sizeof options);
    options.enter = enter;
    options.leave = leave;
    options.samples = samples;
    ck_assert_msg(gex_regime_path_compute(NULL, bands, &options, &path, &error) == GEX_OK, "%s", error.message);
    return path;
}

/* Flips lie at 4604 and, as minutes pass, between 5009.4 and 5011: long outside, short between. */
static const double path_spot[] = {5030, 5000, 4990, 5030, 4500, 4550, 4800};
static const int64_t path_minutes[] = {0, 10, 5, 20, 1, 4, 2};
enum { STATES = LENGTH(path_spot), LONG = GEX_REGIME_LONG_GAMMA, SHORT = GEX_REGIME_SHORT_GAMMA };

START_TEST(signs_along_a_path)
{
    static const int32_t expected[STATES] = {LONG, SHORT, SHORT, LONG, LONG, LONG, SHORT};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_bands *bands = walk(&scene, 0.0, path_spot, path_minutes, STATES);
    gex_regime_path *path = path_of(bands, 0.0, 0.0, 8);
    int64_t changes;
    const int64_t *at = gex_regime_path_changes(path, &changes);

    for (int i = 0; i < STATES; i++)
        ck_assert_int_eq(gex_regime_path_states(path, NULL)[i], expected[i]);
    ck_assert_int_eq(changes, 3);
    ck_assert_int_eq(at[0], 1);
    ck_assert_int_eq(at[1], 3);
    ck_assert_int_eq(at[2], 6);
    /* 10 + 1 + 4 + 2 long; 5 + 20 short; the last state lasts no time */
    ck_assert_int_eq(gex_regime_path_time(path, LONG), 17 * HOUR / 60);
    ck_assert_int_eq(gex_regime_path_time(path, SHORT), 25 * HOUR / 60);
    ck_assert_int_eq(gex_regime_path_time(path, GEX_REGIME_AT_FLIP), 0);
    ck_assert_double_eq(gex_regime_path_share(path, LONG), 17.0 / 42.0);
    ck_assert_double_eq_tol(gex_regime_path_expected(path, LONG), 17.0 / 42.0, 1e-15); /* the book is certain */
    ck_assert_double_eq_tol(gex_regime_path_expected(path, SHORT), 25.0 / 42.0, 1e-15);
    ck_assert_double_nan(gex_regime_path_expected(path, GEX_REGIME_AT_FLIP));
    ck_assert_double_eq(gex_regime_path_unchanged(path), 0.0);
    ck_assert_double_eq(gex_regime_path_quantile(path, LONG, 0.0), 17.0 / 42.0);
    ck_assert_double_eq(gex_regime_path_quantile(path, LONG, 1.0), 17.0 / 42.0);
    gex_regime_path_free(path);
    gex_bands_free(bands);
    scene_free(&scene);
}
END_TEST

/* Net over gross along that path is 0.60, -0.40, -0.60, 0.65, 0.27, 0.14, -0.29: each rule decides somewhere. */
START_TEST(a_regime_is_held_until_it_is_left)
{
    enum { FLIP = GEX_REGIME_AT_FLIP };
    static const struct {
        double  enter, leave;
        int32_t expected[STATES];
    } cases[] = {
        {0.5, 0.0, {LONG, FLIP, SHORT, LONG, LONG, LONG, FLIP}},    /* held to the change of sign */
        {0.5, 0.2, {LONG, FLIP, SHORT, LONG, LONG, FLIP, FLIP}},    /* left above it */
        {0.5, -0.5, {LONG, LONG, SHORT, LONG, LONG, LONG, LONG}},   /* held until the other is entered */
        {0.5, -0.3, {LONG, FLIP, SHORT, LONG, LONG, LONG, LONG}},   /* held somewhat beyond it */
        {0.62, 0.62, {FLIP, FLIP, FLIP, LONG, FLIP, FLIP, FLIP}},
        {0.7, 0.0, {FLIP, FLIP, FLIP, FLIP, FLIP, FLIP, FLIP}},     /* never entered */
    };
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_bands *bands = walk(&scene, 0.0, path_spot, path_minutes, STATES);

    for (int k = 0; k < LENGTH(cases); k++) {
        gex_regime_path *path = path_of(bands, cases[k].enter, cases[k].leave, 0);

        for (int i = 0; i < STATES; i++)
            ck_assert_msg(gex_regime_path_states(path, NULL)[i] == cases[k].expected[i], "case %d, state %d: %s", k, i,
                          gex_regime_text(gex_regime_path_states(path, NULL)[i]));
        gex_regime_path_free(path);
    }
    gex_bands_free(bands);
    scene_free(&scene);
}
END_TEST

START_TEST(a_path_without_time_has_no_shares)
{
    static const int64_t minutes[2] = {0, 0};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_bands *bands = walk(&scene, 0.3, path_spot, minutes, 2);
    gex_regime_path *path = path_of(bands, 0.0, 0.0, 0);

    ck_assert_int_eq(gex_regime_path_states(path, NULL)[0], LONG);
    ck_assert_int_eq(gex_regime_path_states(path, NULL)[1], SHORT);
    ck_assert_double_nan(gex_regime_path_share(path, LONG));
    ck_assert_double_nan(gex_regime_path_expected(path, LONG));
    ck_assert_double_nan(gex_regime_path_unchanged(path));
    gex_regime_path_free(path);
    gex_bands_free(bands);
    scene_free(&scene);
}
END_TEST

/* Where everything has settled there is no regime. */
START_TEST(nothing_left_is_no_regime)
{
    static const double spot[2] = {5030, 5030};
    static const int64_t minutes[2] = {0, 60 * 24 * 40};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_bands *bands = walk(&scene, 0.3, spot, minutes, 2);
    gex_regime_path *path = path_of(bands, 0.0, 0.0, 64);

    ck_assert_int_eq(gex_regime_path_states(path, NULL)[0], LONG);
    ck_assert_int_eq(gex_regime_path_states(path, NULL)[1], GEX_REGIME_NONE);
    ck_assert_double_eq(gex_regime_path_share(path, LONG), 1.0);
    ck_assert_double_eq(gex_regime_path_unchanged(path), 1.0);
    gex_regime_path_free(path);
    gex_bands_free(bands);
    scene_free(&scene);
}
END_TEST

Suite *suite_regime(void)
{
    Suite *suite = suite_create("regime");
    TCase *tcase = tcase_create("regime");

    tcase_add_test(tcase, the_four_cells);
    tcase_add_test(tcase, where_the_worked_book_stands);
    tcase_add_test(tcase, a_book_without_flips_has_none_beside_it);
    tcase_add_test(tcase, signs_along_a_path);
    tcase_add_test(tcase, a_regime_is_held_until_it_is_left);
    tcase_add_test(tcase, a_path_without_time_has_no_shares);
    tcase_add_test(tcase, nothing_left_is_no_regime);
    suite_add_tcase(suite, tcase);
    return suite;
}
