/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bands of flows of stretches of time: moments against the flows of one contract of each row in long double, against
 * books that are drawn, the same bits for any order of rows and any executor.
 */
#include "math/normal.h"
#include "refusal.h"
#include "reverse.h"
#include "scene.h"
#include "shuffled.h"

Suite *suite_bands_forced(void);

enum { STRETCHES = GEX_STRETCH_LAST_ };
#define SPOT 5000.0

static const int samples = 4000;
static const double moves[] = {0.0, -2.0, 3.0}; /* percent of spot */
static double tilt[CROWD_ROWS];

static gex_uncertainty *uncertain(const gex_book *book)
{
    const gex_f64 loading = {tilt, sizeof *tilt};
    gex_uncertainty_options options;
    gex_uncertainty *uncertainty = NULL;

    for (int i = 0; i < CROWD_ROWS; i++)
        tilt[i] = i % 5 == 0 ? 40.0 - i % 80 : 0.0;
    gex_uncertainty_options_init(&options, sizeof options);
    options.share = 0.4;
    options.correlation = 0.2;
    options.factor_count = 1;
    options.loadings = &loading;
    ck_assert_int_eq(gex_uncertainty_create(NULL, book, &options, &uncertainty, NULL), GEX_OK);
    return uncertainty;
}

static gex_forced_options options_of(double spot_pct)
{
    gex_forced_options options;

    gex_forced_options_init(&options, sizeof options);
    options.spot_pct = spot_pct;
    return options;
}

static gex_bands *bands_of(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                           double spot_pct)
{
    const gex_forced_options options = options_of(spot_pct);
    gex_bands *bands = NULL;
    gex_error error;

    ck_assert_msg(gex_bands_of_forced(context, market, uncertainty, &options, &bands, &error) == GEX_OK, "%s",
                  error.message);
    return bands;
}

static gex_forced *forced_of(const struct scene *scene, const gex_book *book, double spot_pct)
{
    const gex_forced_options options = options_of(spot_pct);
    gex_forced *forced = NULL;

    ck_assert_int_eq(gex_forced_compute(NULL, scene->market, book, &options, &forced, NULL), GEX_OK);
    return forced;
}

/* One contract of every row, by flows from the market's own state to the ends of a stretch. */
static void one_contract(const struct scene *scene, double spot_pct, const gex_forced *forced, int32_t stretch,
                         double *each)
{
    static const double one = 1.0;
    static double flow[3][CROWD_ROWS], unwind[3][CROWD_ROWS];
    const double price = SPOT * (1.0 + spot_pct / 100.0), spots[3] = {SPOT, price, price};
    const int64_t from = gex_forced_from(forced, stretch), instants[3] = {from, from, gex_forced_to(forced, stretch)};
    gex_book_options options;
    gex_flow_options ends;
    gex_book *ones = NULL;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    options.positions = (gex_f64){&one, 0};
    ck_assert_int_eq(gex_book_create(NULL, scene->chain, &options, &ones, NULL), GEX_OK);
    gex_flow_options_init(&ends, sizeof ends);
    ends.rows = 3;
    ends.spot = (gex_f64){spots, sizeof *spots};
    ends.as_of = (gex_i64){instants, sizeof *instants};
    for (int s = 0; s < 3; s++)
        ck_assert_int_eq(gex_flow_lines(NULL, scene->market, ones, &ends, s, flow[s], unwind[s], NULL), GEX_OK);
    for (int i = 0; i < CROWD_ROWS; i++) {
        each[i] = flow[2][i] + unwind[1][i] - flow[0][i] - unwind[0][i];
        each[i] = isnan(each[i]) || isnan(gex_book_positions(scene->book)[i]) ? 0.0 : each[i];
    }
    gex_book_free(ones);
}

START_TEST(moments_are_sums_of_rows)
{
    static double each[STRETCHES][CROWD_ROWS];
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book);
    gex_bands *bands = bands_of(NULL, scene.market, uncertainty, moves[_i]);
    gex_forced *forced = forced_of(&scene, scene.book, moves[_i]);
    int64_t count;

    ck_assert_int_eq(gex_bands_unit(bands), 0);
    gex_bands_mean(bands, &count);
    ck_assert_int_eq(count, STRETCHES);
    for (int s = 0; s < STRETCHES; s++) {
        ck_assert_double_eq(gex_bands_spot(bands, NULL)[s], SPOT * (1.0 + moves[_i] / 100.0));
        ck_assert_int_eq(gex_bands_as_of(bands, NULL)[s], gex_forced_to(forced, s + 1));
        ck_assert_double_eq_tol(gex_bands_mean(bands, NULL)[s], gex_forced_value(forced, s + 1, GEX_FORCED_SHARES),
                                1e-12 * gex_bands_gross(bands, NULL)[s] + 1e-6);
        one_contract(&scene, moves[_i], forced, s + 1, each[s]);
    }
    for (int s = 0; s < STRETCHES; s++)
        for (int t = 0; t <= s; t++) {
            long double own = 0, tilted[2] = {0}, common[2][2] = {{0}};
            double sd;

            for (int i = 0; i < CROWD_ROWS; i++) {
                const int side = crowd.rows[i].right == GEX_PUT;
                const long double deviation = 0.4L * fabsl((long double)gex_book_positions(scene.book)[i]);

                if (each[s][i] == 0 && each[t][i] == 0)
                    continue;
                own += 0.8L * deviation * deviation * each[s][i] * each[t][i];
                common[side][0] += sqrtl(0.2L) * deviation * each[s][i];
                common[side][1] += sqrtl(0.2L) * deviation * each[t][i];
                tilted[0] += (long double)tilt[i] * each[s][i];
                tilted[1] += (long double)tilt[i] * each[t][i];
            }
            own += tilted[0] * tilted[1] + common[0][0] * common[0][1] + common[1][0] * common[1][1];
            sd = gex_bands_sd(bands, NULL)[s] * gex_bands_sd(bands, NULL)[t];
            ck_assert_msg(fabs(gex_bands_covariance(bands, s, t) - (double)own) <= 1e-9 * sd,
                          "%d, %d: %.17g, not %.17Lg", s, t, gex_bands_covariance(bands, s, t), own);
            ck_assert(s != t || fabs(sd - (double)own) <= 1e-9 * sd);
        }
    gex_forced_free(forced);
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

static double normal(uint64_t *state)
{
    return gex__normal_quantile((draw(state) + 0x1p-54) / (1.0 + 0x1p-53));
}

/* Books drawn from the errors, each with its flows: their mean and covariances within five of their own deviations. */
START_TEST(moments_are_those_of_drawn_books)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book);
    gex_bands *bands = bands_of(NULL, scene.market, uncertainty, -1.0);
    double sum[STRETCHES] = {0}, product[STRETCHES][STRETCHES] = {{0}};
    const double *mean = gex_bands_mean(bands, NULL), *sd = gex_bands_sd(bands, NULL);
    uint64_t state = 20240603;

    for (int n = 0; n < samples; n++) {
        const double factor[3] = {normal(&state), normal(&state), normal(&state)};
        struct option_row rows[WORKED_ROWS];
        double off[STRETCHES];
        gex_forced *forced;
        gex_book *book;

        memcpy(rows, worked_rows, sizeof rows);
        for (int i = 0; i < WORKED_ROWS; i++) {
            const double deviation = 0.4 * fabs(rows[i].dealer);

            rows[i].dealer += tilt[i] * factor[0] + sqrt(0.8) * deviation * normal(&state) +
                              sqrt(0.2) * deviation * factor[rows[i].right == GEX_PUT ? 2 : 1];
        }
        book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, rows);
        forced = forced_of(&scene, book, -1.0);
        for (int s = 0; s < STRETCHES; s++) {
            off[s] = gex_forced_value(forced, s + 1, GEX_FORCED_SHARES) - mean[s];
            sum[s] += off[s] / samples;
        }
        for (int s = 0; s < STRETCHES; s++)
            for (int t = 0; t < STRETCHES; t++)
                product[s][t] += off[s] * off[t] / samples;
        gex_forced_free(forced);
        gex_book_free(book);
    }
    for (int s = 0; s < STRETCHES; s++) {
        ck_assert_double_gt(sd[s], 0.0);
        ck_assert_double_le(fabs(sum[s]), 5.0 * sd[s] / sqrt(samples));
        for (int t = 0; t < STRETCHES; t++)
            ck_assert_double_le(fabs(product[s][t] - gex_bands_covariance(bands, s, t)),
                                5.0 * sqrt(2.0 / samples) * sd[s] * sd[t]);
    }
    gex_bands_free(bands);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

/* b (P / S - 1) = -1 at 10 % up. */
START_TEST(an_end_without_volatility_is_no_number)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book);
    gex_shift_options options;
    gex_market *market = NULL;

    gex_shift_options_init(&options, sizeof options);
    options.dynamics = GEX_DYNAMICS_BETA;
    options.dynamics_parameter = -10.0;
    options.spot = SPOT;
    options.as_of = AS_OF;
    ck_assert_int_eq(gex_market_shift(NULL, scene.market, &options, &market, NULL), GEX_OK);
    for (int up = 0; up < 2; up++) {
        gex_bands *bands = bands_of(NULL, market, uncertainty, up ? 11.0 : 9.0);

        for (int s = 0; s < STRETCHES; s++) {
            ck_assert_int_eq(isnan(gex_bands_mean(bands, NULL)[s]), up);
            ck_assert_int_eq(isnan(gex_bands_sd(bands, NULL)[s]), up);
            ck_assert_int_eq(isnan(gex_bands_covariance(bands, s, 0)), up);
        }
        gex_bands_free(bands);
    }
    gex_market_free(market);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

START_TEST(the_same_bits_for_any_executor)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book);
    gex_context_options host;
    gex_context *context;
    gex_bands *here = bands_of(NULL, scene.market, uncertainty, 1.0), *there;

    gex_context_options_init(&host, sizeof host);
    host.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    there = bands_of(context, scene.market, uncertainty, 1.0);
    ck_assert_mem_eq(gex_bands_mean(here, NULL), gex_bands_mean(there, NULL), STRETCHES * sizeof(double));
    ck_assert_mem_eq(gex_bands_sd(here, NULL), gex_bands_sd(there, NULL), STRETCHES * sizeof(double));
    gex_bands_free(here), gex_bands_free(there);
    gex_context_free(context);
    gex_uncertainty_free(uncertainty);
    scene_free(&scene);
}
END_TEST

#define REFUSED(expected, ...)                                                                     \
    do {                                                                                           \
        gex_forced_options options = options_of(0.0);                                              \
        __VA_ARGS__;                                                                               \
        CALLED(bands, expected, gex_bands_of_forced(NULL, scene.market, uncertainty, &options, OUT)); \
    } while (0)

START_TEST(wrong_options_are_refused)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    struct scene other = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_uncertainty *uncertainty = uncertain(scene.book);

    REFUSED(GEX_OK, (void)0);
    REFUSED(GEX_ERR_ARGUMENT, options.reserved = 1);
    REFUSED(GEX_ERR_DOMAIN, options.spot_pct = -100.0);
    REFUSED(GEX_ERR_DOMAIN, options.spot_pct = NOT_A_NUMBER);
    REFUSED(GEX_ERR_DOMAIN, options.adv = -1.0);
    REFUSED(GEX_ERR_VERSION, options.struct_size = 3);
    CALLED(bands, GEX_OK, gex_bands_of_forced(NULL, scene.market, uncertainty, NULL, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_forced(NULL, other.market, uncertainty, NULL, OUT));
    gex_uncertainty_free(uncertainty);
    scene_free(&other);
    scene_free(&scene);
}
END_TEST

Suite *suite_bands_forced(void)
{
    Suite *suite = suite_create("bands_forced");
    TCase *bands = tcase_create("bands");

    tcase_set_timeout(bands, 120);
    tcase_add_loop_test(bands, moments_are_sums_of_rows, 0, LENGTH(moves));
    tcase_add_test(bands, moments_are_those_of_drawn_books);
    tcase_add_test(bands, an_end_without_volatility_is_no_number);
    tcase_add_test(bands, the_same_bits_for_any_executor);
    tcase_add_test(bands, wrong_options_are_refused);
    suite_add_tcase(suite, bands);
    return suite;
}
