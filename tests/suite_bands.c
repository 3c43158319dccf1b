/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What uncertainty makes of exposures, flows and flips: against sums of rows written out in long double, books that are
 * certain, the same bits for any order of rows, number of threads and number of samples.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "scene.h"
#include "shuffled.h"

#include "math/normal.h"
#if GEX_HAVE_MPFR
#include <mpfr.h>
#endif

Suite *suite_bands(void);

static gex_uncertainty *uncertain(const gex_book *book, double share, double correlation, const gex_f64 *loading)
{
    gex_uncertainty_options options;
    gex_uncertainty *uncertainty = NULL;
    gex_error error;

    gex_uncertainty_options_init(&options, sizeof options);
    options.share = share;
    options.correlation = correlation;
    options.factor_count = loading != NULL;
    options.loadings = loading;
    ck_assert_msg(gex_uncertainty_create(NULL, book, &options, &uncertainty, &error) == GEX_OK, "%s", error.message);
    return uncertainty;
}

static gex_bands *profile_of(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                             int64_t points)
{
    gex_bands_options options;
    gex_bands *bands = NULL;
    gex_error error;

    gex_bands_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.points = points;
    ck_assert_msg(gex_bands_of_states(context, market, uncertainty, &options, &bands, &error) == GEX_OK, "%s",
                  error.message);
    return bands;
}

static gex_flip_bands *flips_of(const gex_context *context, const gex_bands *bands, int64_t samples)
{
    gex_flip_bands_options options;
    gex_flip_bands *flips = NULL;
    gex_error error;

    gex_flip_bands_options_init(&options, sizeof options);
    options.samples = samples;
    options.seed = 20240603;
    ck_assert_msg(gex_flip_bands_compute(context, bands, &options, &flips, &error) == GEX_OK, "%s", error.message);
    return flips;
}

/* ---- the normal distribution ------------------------------------------------------------------------------------- */

#if GEX_HAVE_MPFR
static void below_exactly(mpfr_t out, double x)
{
    mpfr_t root;

    mpfr_init2(root, 200);
    mpfr_set_d(out, 0.5, MPFR_RNDN);
    mpfr_sqrt(root, out, MPFR_RNDN);
    mpfr_mul_d(root, root, -x, MPFR_RNDN);
    mpfr_erfc(root, root, MPFR_RNDN);
    mpfr_mul_d(out, root, 0.5, MPFR_RNDN);
    mpfr_clear(root);
}

/* An error e of x is one of x e in the logarithm of a tail; x / sqrt 2 is rounded once. */
START_TEST(tails_against_200_bits)
{
    mpfr_t exact;

    mpfr_init2(exact, 200);
    for (double x = -37.0; x <= 9.0; x += 0.0703125) {
        const double got = gex__normal_below(x), ulp = 0x1p-52;

        below_exactly(exact, x);
        mpfr_d_sub(exact, got, exact, MPFR_RNDN);
        ck_assert_msg(fabs(mpfr_get_d(exact, MPFR_RNDN)) <= (2.0 + x * x) * ulp * got, "x %g: %.17g", x, got);
    }
    mpfr_clear(exact);
}
END_TEST

/* The probability below a quantile is the one asked for, to 4 ulp of the quantile and the smallest double there is. */
START_TEST(quantiles_against_200_bits)
{
    static const double probabilities[] = {DBL_TRUE_MIN, 1e-315, 1e-309, DBL_MIN, 1e-300, 1e-100, 1e-16, 1e-9, 0.001,
                                           0.025, 0.05, 0.1, 0.25, 0.4, 0.499999, 0.5, 0.500001, 0.75, 0.9, 0.95,
                                           0.975, 0.999, 1.0 - 1e-9};
    mpfr_t exact;

    mpfr_init2(exact, 200);
    for (int i = 0; i < LENGTH(probabilities); i++) {
        const double p = probabilities[i], x = gex__normal_quantile(p), ulp = 0x1p-52;
        const double density = exp(-0.5 * x * x) / 2.50662827463100050242;

        below_exactly(exact, x);
        mpfr_d_sub(exact, p, exact, MPFR_RNDN);
        ck_assert_msg(fabs(mpfr_get_d(exact, MPFR_RNDN)) <= 4.0 * ulp * (fabs(x) * density + p) + DBL_TRUE_MIN,
                      "p %g: %.17g", p, x);
    }
    ck_assert_double_eq(gex__normal_quantile(0.0), -HUGE_VAL);
    ck_assert_double_eq(gex__normal_quantile(1.0), HUGE_VAL);
    ck_assert_double_nan(gex__normal_quantile(-0.1));
    mpfr_clear(exact);
}
END_TEST
#endif

/* ---- exposures --------------------------------------------------------------------------------------------------- */

/* One contract of every row, in the units of an exposure. */
static void one_contract(const struct scene *scene, int64_t rows, double *each)
{
    static const double one = 1.0;
    gex_book_options options;
    gex_book *ones = NULL;
    gex_exposure *exposure;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    options.positions = (gex_f64){&one, 0};
    ck_assert_int_eq(gex_book_create(NULL, scene->chain, &options, &ones, NULL), GEX_OK);
    exposure = scene_exposure(scene->market, ones, GEX_UNIT_GEX_USD_PCT);
    for (int64_t i = 0; i < rows; i++)
        each[i] = gex_exposure_status(exposure)[i] == GEX_ROW_USED ? gex_exposure_rows(exposure)[i] : 0.0;
    gex_exposure_free(exposure);
    gex_book_free(ones);
}

static gex_bands *exposure_of(const struct scene *scene, const gex_uncertainty *uncertainty, int32_t by)
{
    gex_exposure_options options;
    gex_grouping_options grouping;
    gex_greeks *greeks = NULL;
    gex_bands *bands = NULL;
    gex_error error;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    gex_grouping_options_init(&grouping, sizeof grouping);
    grouping.first = by;
    ck_assert_int_eq(gex_greeks_compute(NULL, scene->market, &greeks, NULL), GEX_OK);
    ck_assert_msg(gex_bands_of_exposure(NULL, greeks, uncertainty, &options, by != 0 ? &grouping : NULL, &bands,
                                        &error) == GEX_OK, "%s", error.message);
    gex_greeks_free(greeks);
    return bands;
}

/* Cells of a grouping by right have no row in common, so they move together through factors alone. */
START_TEST(groups_are_sums_of_rows)
{
    static const double tilt[WORKED_ROWS] = {300, -200, 100, 0, 500, -900, 40, 800, -100};
    const gex_f64 loading = {tilt, sizeof *tilt};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.5, 0.2, &loading);
    gex_bands *bands = exposure_of(&scene, uncertainty, GEX_BY_RIGHT), *total = exposure_of(&scene, uncertainty, 0);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    long double own[2] = {0}, tilted[2] = {0}, common[2] = {0};
    double each[WORKED_ROWS];

    one_contract(&scene, WORKED_ROWS, each);
    for (int i = 0; i < WORKED_ROWS; i++) {
        const int side = worked_rows[i].right == GEX_PUT;
        const long double sd = 0.5L * fabsl((long double)worked_rows[i].dealer) * each[i];

        own[side] += 0.8L * sd * sd;
        common[side] += sqrtl(0.2L) * sd;
        tilted[side] += (long double)tilt[i] * each[i];
    }
    for (int side = 0; side < 2; side++) {
        const long double variance = own[side] + common[side] * common[side] + tilted[side] * tilted[side];

        ck_assert_double_eq(gex_bands_mean(bands, NULL)[side], gex_exposure_by(exposure, GEX_BY_RIGHT, GEX_SUM_NET,
                                                                              NULL)[side]);
        ck_assert_double_eq_tol(gex_bands_sd(bands, NULL)[side] / (double)sqrtl(variance), 1.0, 1e-14);
        ck_assert_double_eq_tol(gex_bands_covariance(bands, side, side) / (double)variance, 1.0, 1e-14);
    }
    ck_assert_double_eq_tol(gex_bands_covariance(bands, 0, 1) / (double)(tilted[0] * tilted[1]), 1.0, 1e-14);
    ck_assert_double_eq(gex_bands_mean(total, NULL)[0], gex_exposure_total(exposure));
    ck_assert_double_eq(gex_bands_gross(total, NULL)[0], gex_exposure_gross(exposure));
    ck_assert_double_eq_tol(gex_bands_covariance(total, 0, 0),
                            gex_bands_covariance(bands, 0, 0) + gex_bands_covariance(bands, 1, 1) +
                                2.0 * gex_bands_covariance(bands, 0, 1),
                            1e-13 * gex_bands_covariance(total, 0, 0));
    gex_exposure_free(exposure);
    gex_bands_free(total);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

START_TEST(a_certain_book_has_no_band)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.0, 0.0, NULL);
    gex_bands *bands = exposure_of(&scene, uncertainty, 0);

    ck_assert_double_eq(gex_bands_sd(bands, NULL)[0], 0.0);
    ck_assert_double_eq(gex_bands_above(bands, NULL)[0], 0.0);
    ck_assert_double_eq(gex_bands_below(bands, NULL)[0], 1.0);
    ck_assert_double_eq(gex_bands_quantile(bands, 0, 0.9), gex_bands_mean(bands, NULL)[0]);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* A row without a position may have one all the same. */
START_TEST(a_row_of_no_position_counts_by_its_error)
{
    struct option_row rows[WORKED_ROWS];
    const double sd[WORKED_ROWS] = {[5] = 1000.0};
    double each[WORKED_ROWS];
    struct scene scene;
    gex_uncertainty_options options;
    gex_uncertainty *uncertainty = NULL;
    gex_bands *exposure, *profile;

    memcpy(rows, worked_rows, sizeof rows);
    rows[5].dealer = 0.0;
    scene = scene_of(rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty_options_init(&options, sizeof options);
    options.sd = (gex_f64){sd, sizeof *sd};
    ck_assert_int_eq(gex_uncertainty_create(NULL, scene.book, &options, &uncertainty, NULL), GEX_OK);
    exposure = exposure_of(&scene, uncertainty, 0);
    profile = profile_of(NULL, scene.market, uncertainty, 3); /* the middle one is at spot */
    one_contract(&scene, WORKED_ROWS, each);
    ck_assert_double_eq_tol(gex_bands_sd(exposure, NULL)[0] / (1000.0 * each[5]), 1.0, 1e-15);
    ck_assert_double_eq(gex_bands_spot(profile, NULL)[1], 5000.0);
    ck_assert_double_eq_tol(gex_bands_sd(profile, NULL)[1] / (1000.0 * each[5]), 1.0, 1e-13);
    gex_bands_free(profile);
    gex_bands_free(exposure);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* ---- states ------------------------------------------------------------------------------------------------------ */

/* Three blocks of rows of every kind: the mean is the profile's, what has settled is gone, and so is its error. */
START_TEST(a_path_is_the_field_of_the_book)
{
    static const double prices[] = {4700.0, 4990.0, 5000.0, 5600.0};
    const int64_t instants[] = {AS_OF, AS_OF + HOUR, AS_OF + 3 * HOUR, AS_OF + 40 * HOUR, AS_OF + 20000 * HOUR};
    enum { PRICES = LENGTH(prices), INSTANTS = LENGTH(instants), STATES = PRICES * INSTANTS };
    static const int32_t quantity = GEX_UNIT_GEX_USD_PCT;
    double spot[STATES];
    int64_t as_of[STATES];
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.4, 0.2, NULL);
    gex_bands_options options;
    gex_field_options where;
    gex_bands *bands = NULL;
    gex_field *field = NULL;

    for (int i = 0; i < STATES; i++) {
        spot[i] = prices[i % PRICES];
        as_of[i] = instants[i / PRICES];
    }
    gex_bands_options_init(&options, sizeof options);
    options.unit = quantity;
    options.points = STATES;
    options.spot = (gex_f64){spot, sizeof *spot};
    options.as_of = (gex_i64){as_of, sizeof *as_of};
    ck_assert_int_eq(gex_bands_of_states(NULL, scene.market, uncertainty, &options, &bands, NULL), GEX_OK);
    gex_field_options_init(&where, sizeof where);
    where.quantities = &quantity;
    where.quantity_count = 1;
    where.points = PRICES;
    where.prices = (gex_f64){prices, sizeof *prices};
    where.steps = INSTANTS;
    where.instants = (gex_i64){instants, sizeof *instants};
    ck_assert_int_eq(gex_field_compute(NULL, scene.market, scene.book, &where, &field, NULL), GEX_OK);
    for (int i = 0; i < STATES; i++) {
        const double gross = gex_bands_gross(bands, NULL)[i];

        ck_assert(fabs(gex_bands_mean(bands, NULL)[i] - gex_field_values(field, quantity, NULL)[i]) <= 1e-14 * gross);
        ck_assert(i / PRICES + 1 < INSTANTS ? gex_bands_sd(bands, NULL)[i] > 0.0 : gex_bands_sd(bands, NULL)[i] == 0.0);
    }
    ck_assert_double_eq(gex_bands_gross(bands, NULL)[STATES - 1], 0.0);
    gex_field_free(field);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

START_TEST(flows_are_those_of_the_book)
{
    static const double spot[] = {4800.0, 4975.0, 5000.0, 5025.0, 5300.0};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.4, 0.2, NULL);
    gex_flow_options options;
    gex_bands *bands = NULL;
    gex_flow *flow = NULL;

    gex_flow_options_init(&options, sizeof options);
    options.rows = LENGTH(spot);
    options.spot = (gex_f64){spot, sizeof *spot};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_assert_int_eq(gex_bands_of_flow(NULL, scene.market, uncertainty, &options, &bands, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(spot); i++)
        ck_assert_double_eq_tol(gex_bands_mean(bands, NULL)[i], gex_flow_column(flow, GEX_FLOW_EXACT)[i],
                                1e-13 * (gex_bands_gross(bands, NULL)[4] + gex_bands_gross(bands, NULL)[0]));
    ck_assert_double_eq(gex_bands_sd(bands, NULL)[2], 0.0); /* no move */
    ck_assert_int_eq(gex_bands_unit(bands), 0);
    gex_flow_free(flow);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* b (P / S - 1) = -1 at 5500: from there on there is no volatility, and no value. */
START_TEST(a_state_without_volatility_is_no_number)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_shift_options options;
    gex_market *market = NULL;
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.4, 0.0, NULL);
    gex_bands *bands;
    gex_flip_bands *flips;

    gex_shift_options_init(&options, sizeof options);
    options.dynamics = GEX_DYNAMICS_BETA;
    options.dynamics_parameter = -10.0;
    options.spot = 5000.0;
    options.as_of = AS_OF;
    ck_assert_int_eq(gex_market_shift(NULL, scene.market, &options, &market, NULL), GEX_OK);
    bands = profile_of(NULL, market, uncertainty, 41);
    for (int i = 0; i < 41; i++) {
        const bool reached = gex_bands_spot(bands, NULL)[i] < 5500.0;

        ck_assert_int_eq(isnan(gex_bands_mean(bands, NULL)[i]), !reached);
        ck_assert_int_eq(isnan(gex_bands_sd(bands, NULL)[i]), !reached);
        ck_assert_int_eq(isnan(gex_bands_covariance(bands, i, 20)), !reached);
    }
    flips = flips_of(NULL, bands, 64);
    ck_assert_double_gt(gex_flip_bands_found(flips, GEX_FLIP_NEAREST), 0.5);
    for (int i = 0; i < 64; i++)
        ck_assert(!(gex_flip_bands_samples(flips, GEX_FLIP_ABOVE, NULL)[i] >= 5500.0));
    gex_flip_bands_free(flips);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    gex_market_free(market);
    scene_free(&scene);
}
END_TEST

/* ---- flips ------------------------------------------------------------------------------------------------------- */

START_TEST(what_a_search_came_to)
{
    static const struct {
        int32_t sign, status;
    } cases[] = {{GEX_SIGN_DEALER_ALL_LONG, GEX_ROOTS_NONE_POSITIVE},
                 {GEX_SIGN_DEALER_ALL_SHORT, GEX_ROOTS_NONE_NEGATIVE}};
    struct scene scene;
    gex_uncertainty *uncertainty;
    gex_bands *bands;
    gex_flip_bands *flips;
    double zeros[WORKED_ROWS] = {0};
    gex_book *nothing;

    for (int i = 0; i < LENGTH(cases); i++) {
        scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, cases[i].sign);
        uncertainty = uncertain(scene.book, 0.05, 0.2, NULL);
        bands = profile_of(NULL, scene.market, uncertainty, 201);
        flips = flips_of(NULL, bands, 500);
        ck_assert_double_eq(gex_flip_bands_share(flips, cases[i].status), 1.0);
        ck_assert_double_eq(gex_flip_bands_found(flips, GEX_FLIP_NEAREST), 0.0);
        ck_assert_double_nan(gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.5));
        gex_flip_bands_free(flips);
        gex_bands_free(bands);
        gex_uncertainty_free(uncertainty);
        if (i == 0) {
            nothing = scene_weighted(scene.book, zeros);
            uncertainty = uncertain(nothing, 1.0, 0.2, NULL);
            bands = profile_of(NULL, scene.market, uncertainty, 11);
            flips = flips_of(NULL, bands, 5);
            ck_assert_double_eq(gex_flip_bands_share(flips, GEX_ROOTS_NONE_ZERO), 1.0);
            gex_flip_bands_free(flips);
            gex_bands_free(bands);
            gex_uncertainty_free(uncertainty);
            gex_book_free(nothing);
        }
        scene_free(&scene);
    }
}
END_TEST

/* The worked inventory has flips at 4603.9800 and 5009.3645; the cubic between prices 5 apart is within a hundredth. */
START_TEST(a_certain_book_has_its_flips)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.0, 0.0, NULL);
    gex_bands *bands = profile_of(NULL, scene.market, uncertainty, 401);
    gex_flip_bands *flips = flips_of(NULL, bands, 3);

    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq_tol(gex_flip_bands_samples(flips, GEX_FLIP_NEAREST, NULL)[i], 5009.3645, 0.01);
        ck_assert_double_eq_tol(gex_flip_bands_samples(flips, GEX_FLIP_ABOVE, NULL)[i], 5009.3645, 0.01);
        ck_assert_double_eq_tol(gex_flip_bands_samples(flips, GEX_FLIP_BELOW, NULL)[i], 4603.9800, 0.01);
    }
    ck_assert_double_eq(gex_flip_bands_share(flips, GEX_ROOTS_FOUND), 1.0);
    gex_flip_bands_free(flips);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* ---- the same bits ----------------------------------------------------------------------------------------------- */

typedef void (*task_of)(void *arg, int64_t i);

struct pool {
    task_of      task;
    void        *arg;
    int64_t      n;
    atomic_llong next;
};

static void *pool_work(void *user)
{
    struct pool *pool = user;

    for (int64_t i; (i = pool->next++) < pool->n;)
        pool->task(pool->arg, i);
    return NULL;
}

/* `user` is how many threads. */
static int32_t run_on_threads(void *user, task_of task, void *arg, int64_t n)
{
    const int *count = user;
    struct pool pool = {.task = task, .arg = arg, .n = n};
    pthread_t threads[7];

    for (int t = 0; t < *count; t++)
        if (pthread_create(&threads[t], NULL, pool_work, &pool) != 0)
            abort();
    for (int t = 0; t < *count; t++)
        pthread_join(threads[t], NULL);
    return 0;
}

static void same_bands(const gex_bands *a, const gex_bands *b)
{
    int64_t count;
    const size_t size = sizeof(double);

    gex_bands_mean(a, &count);
    ck_assert_mem_eq(gex_bands_mean(a, NULL), gex_bands_mean(b, NULL), (size_t)count * size);
    ck_assert_mem_eq(gex_bands_sd(a, NULL), gex_bands_sd(b, NULL), (size_t)count * size);
    ck_assert_mem_eq(gex_bands_gross(a, NULL), gex_bands_gross(b, NULL), (size_t)count * size);
    ck_assert_mem_eq(gex_bands_above(a, NULL), gex_bands_above(b, NULL), (size_t)count * size);
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j < count; j++)
            ck_assert_double_eq(gex_bands_covariance(a, i, j), gex_bands_covariance(b, i, j));
}

static void same_flips(const gex_flip_bands *a, const gex_flip_bands *b, int64_t samples)
{
    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++)
        ck_assert_mem_eq(gex_flip_bands_samples(a, flip, NULL), gex_flip_bands_samples(b, flip, NULL),
                         (size_t)samples * sizeof(double));
}

START_TEST(the_same_bits_for_any_number_of_threads)
{
    static int counts[] = {1, 2, 7};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.4, 0.2, NULL);
    gex_bands *alone = profile_of(NULL, scene.market, uncertainty, 101);
    gex_flip_bands *alone_flips = flips_of(NULL, alone, 1000);

    for (int i = 0; i < LENGTH(counts); i++) {
        gex_context_options options;
        gex_context *context = NULL;
        gex_bands *bands;
        gex_flip_bands *flips;

        gex_context_options_init(&options, sizeof options);
        options.run = run_on_threads;
        options.run_user = &counts[i];
        ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
        bands = profile_of(context, scene.market, uncertainty, 101);
        flips = flips_of(context, bands, 1000);
        same_bands(alone, bands);
        same_flips(alone_flips, flips, 1000);
        gex_flip_bands_free(flips);
        gex_bands_free(bands);
        gex_context_free(context);
    }
    gex_flip_bands_free(alone_flips);
    gex_bands_free(alone);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* Rows listed twice stand in the caller's order; the sums know nothing of it. */
START_TEST(the_same_bits_for_any_order_of_rows)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.4, 0.2, NULL);
    gex_bands *first = profile_of(NULL, scene.market, uncertainty, 33), *total = exposure_of(&scene, uncertainty, 0);

    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct scene other = crowd_shuffled(&crowd, GEX_SIGN_INVENTORY_GIVEN, seed);
        gex_uncertainty *its = uncertain(other.book, 0.4, 0.2, NULL);
        gex_bands *bands = profile_of(NULL, other.market, its, 33), *its_total = exposure_of(&other, its, 0);

        same_bands(first, bands);
        same_bands(total, its_total);
        gex_bands_free(its_total);
        gex_bands_free(bands);
        gex_uncertainty_free(its);
        scene_free(&other);
    }
    gex_bands_free(total);
    gex_bands_free(first);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

START_TEST(a_sample_does_not_depend_on_how_many_there_are)
{
    static const int64_t counts[] = {1, 63, 64, 65, 200};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000.0, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book, 0.5, 0.2, NULL);
    gex_bands *bands = profile_of(NULL, scene.market, uncertainty, 101);
    gex_flip_bands *many = flips_of(NULL, bands, 1000);

    for (int i = 0; i < LENGTH(counts); i++) {
        gex_flip_bands *few = flips_of(NULL, bands, counts[i]);

        same_flips(few, many, counts[i]);
        gex_flip_bands_free(few);
    }
    gex_flip_bands_free(many);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

Suite *suite_bands(void)
{
    Suite *suite = suite_create("bands");
    TCase *tcase = tcase_create("bands");

    tcase_set_timeout(tcase, 60);
#if GEX_HAVE_MPFR
    tcase_add_test(tcase, tails_against_200_bits);
    tcase_add_test(tcase, quantiles_against_200_bits);
#endif
    tcase_add_test(tcase, groups_are_sums_of_rows);
    tcase_add_test(tcase, a_certain_book_has_no_band);
    tcase_add_test(tcase, a_row_of_no_position_counts_by_its_error);
    tcase_add_test(tcase, a_path_is_the_field_of_the_book);
    tcase_add_test(tcase, flows_are_those_of_the_book);
    tcase_add_test(tcase, a_state_without_volatility_is_no_number);
    tcase_add_test(tcase, what_a_search_came_to);
    tcase_add_test(tcase, a_certain_book_has_its_flips);
    tcase_add_test(tcase, the_same_bits_for_any_number_of_threads);
    tcase_add_test(tcase, the_same_bits_for_any_order_of_rows);
    tcase_add_test(tcase, a_sample_does_not_depend_on_how_many_there_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
