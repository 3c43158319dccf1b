/* SPDX-License-Identifier: Apache-2.0 */
/* Fits of surfaces: what is known comes back, what has no arbitrage keeps none, errors are those of the surface
 * returned. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "fit/fit.h"
#include "fitted.h"

Suite *suite_fit(void);

static struct fitted fit;

static void check_near(const char *what, double got, double wanted, double tolerance)
{
    ck_assert_msg(fabs(got - wanted) <= tolerance, "%s: %.17g, expected %.17g, off by %g of %g", what, got, wanted,
                  got - wanted, tolerance);
}

/* The five of golden/svi.csv's first set: 25 noise-free points on [-0.8, 0.8] give them back. */
START_TEST(five_parameters_come_back)
{
    static const double slices[][5] = {
        {-0.041, 0.1331, 0.306, 0.3586, 0.4153}, {0.04, 0.1, -0.4, 0.05, 0.15}, {0.001, 0.02, -0.7, 0.0, 0.03}};

    open_fitted(&fit, 1 + _i % 2, GEX_ENFORCE_NOTHING);
    add_slice(&fit, 0.75, 4500, slices[_i / 2], -0.8, 0.8, 25, 0.005);
    run_svi(&fit);
    for (int j = 0; j < 5; j++)
        check_near("parameter", fit.raw[0][j], slices[_i / 2][j], _i % 2 == 0 ? 1e-12 : 1e-9);
    ck_assert_int_eq(fit.quotes[0], 25);
    ck_assert_double_eq(fit.inside[0], 1);
    ck_assert_double_lt(fit.most[0], 1e-7);
    ck_assert_int_eq(fit.by[0], GEX_FITTED_OWN);
    gex_surface_free(fit.surface);
}
END_TEST

/* Five slices without arbitrage: they come back, and nothing is raised. */
static const double years_of[] = {0.02, 0.1, 0.3, 0.9, 2.0}, forward_of[] = {4500, 4520, 4570, 4700, 4900};
static const double slices_of[][5] = {{0.0002, 0.012, -0.45, 0.004, 0.025},
                                      {0.0012, 0.035, -0.55, 0.01, 0.06},
                                      {0.0040, 0.070, -0.55, 0.03, 0.12},
                                      {0.0120, 0.130, -0.55, 0.07, 0.22},
                                      {0.0300, 0.200, -0.55, 0.13, 0.35}};

static void add_five(double half, int count)
{
    for (int e = 0; e < 5; e++) {
        const double v = sqrt(raw_variance(slices_of[e], 0));
        add_slice(&fit, years_of[e], forward_of[e], slices_of[e], -6 * v, 4 * v, count, half);
    }
}

START_TEST(what_has_no_arbitrage_is_not_touched)
{
    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
    add_five(0.003, 41);
    run_svi(&fit);
    for (int e = 0; e < 5; e++) {
        for (int j = 0; j < 5; j++)
            check_near("parameter", fit.raw[e][j], slices_of[e][j], 1e-10);
        ck_assert_double_eq(fit.raised[e], 0);
    }
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    gex_surface_free(fit.surface);
}
END_TEST

/* Noise of half a half-spread; arbitrage in the quotes, and none in the surface. */
START_TEST(noisy_quotes_give_a_sound_surface)
{
    open_fitted(&fit, GEX_LOSS_SQUARES + _i % 2, GEX_ENFORCE_ALL);
    seed = (uint64_t)_i * 7919 + 1;
    add_five(0.004, 41);
    for (int64_t i = 0; i < fit.columns.rows; i++) {
        const double noise = between(-0.002, 0.002);
        fit.bid[i] += noise;
        fit.ask[i] += noise;
    }
    run_svi(&fit);
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    for (int e = 0; e < 5; e++) {
        ck_assert_double_ge(fit.inside[e], 0.97); /* the truth is within half a half-spread of every mid */
        ck_assert_double_le(fit.rms[e], 0.2);
    }
    gex_surface_free(fit.surface);
}
END_TEST

/* The published slice with a butterfly, quoted exactly: the fit is the best that has none, better than its repair. */
START_TEST(a_butterfly_is_fitted_away)
{
    static const double published[5] = {-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};
    double repaired[5], squares = 0, least, at;

    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_BUTTERFLY);
    add_slice(&fit, 1, 100, published, -1.2, 1.2, 61, 0.002);
    run_svi(&fit);
    ck_assert_int_eq(gex_svi_butterfly(fit.raw[0], &least, &at, NULL), GEX_OK);
    ck_assert(least >= 0 && least < 1e-3);
    ck_assert_int_eq(gex_svi_repair(published, repaired, NULL, NULL), GEX_OK);
    for (int i = 0; i < 61; i++) {
        const double k = -1.2 + 2.4 * i / 60,
                     off = 100 * (sqrt(raw_variance(repaired, k)) - sqrt(raw_variance(published, k)));
        squares += off * off;
    }
    ck_assert_double_lt(fit.rms[0], sqrt(squares / 61));
    gex_surface_free(fit.surface);
}
END_TEST

/* An expiry that lies below the one before at every strike: raised to it, and what was added is reported. */
START_TEST(an_inverted_pair_is_parted)
{
    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
    add_slice(&fit, 0.30, 100, slices_of[2], -0.5, 0.3, 41, 0.003);
    add_slice(&fit, 0.31, 100, slices_of[1], -0.5, 0.3, 41, 0.003);
    add_slice(&fit, 0.90, 100, slices_of[3], -0.7, 0.5, 41, 0.003);
    run_svi(&fit);
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    ck_assert_double_gt(fit.rms[1], 1);
    gex_surface_free(fit.surface);
    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_BUTTERFLY);
    add_slice(&fit, 0.30, 100, slices_of[2], -0.5, 0.3, 41, 0.003);
    add_slice(&fit, 0.31, 100, slices_of[1], -0.5, 0.3, 41, 0.003);
    run_svi(&fit);
    ck_assert_int_eq(violations(fit.surface, GEX_ARBITRAGE_BUTTERFLY), 0);
    ck_assert_int_eq(violations(fit.surface, GEX_ARBITRAGE_CALENDAR), 1);
    check_near("own fit", fit.raw[1][0], slices_of[1][0], 1e-10);
    gex_surface_free(fit.surface);
}
END_TEST

/* Fewer than five strikes take the shape of the next expiry that has them, and their own level. */
START_TEST(few_strikes_borrow_a_shape)
{
    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_NOTHING);
    add_slice(&fit, 0.001, 4500, (const double[5]){1e-5, 4e-3, -0.3, 0, 4e-3}, -0.005, 0.005, 3, 0.002);
    add_slice(&fit, 0.1, 4520, slices_of[1], -0.4, 0.25, 41, 0.002);
    fit.years[2] = 0.2, fit.forward[2] = 4530, fit.columns.expiries = 3; /* no quote at all */
    run_svi(&fit);
    ck_assert_int_eq(fit.by[0], GEX_FITTED_BORROWED);
    ck_assert_int_eq(fit.by[1], GEX_FITTED_OWN);
    ck_assert_int_eq(fit.by[2], GEX_FITTED_NONE);
    ck_assert_int_eq(fit.slice[2], GEX_SLICE_NO_QUOTES);
    ck_assert_double_nan(fit.rms[2]);
    ck_assert_double_nan(fit.raw[2][0]);
    check_near("its level", sqrt(fit.theta[0] / 0.001),
               sqrt(raw_variance((const double[5]){1e-5, 4e-3, -0.3, 0, 4e-3}, 0) / 0.001), 0.01);
    ck_assert_int_eq(gex_surface_status(fit.surface)[2], GEX_SLICE_BAD_PARAMETERS);
    gex_surface_free(fit.surface);
}
END_TEST

/* One stray quote: squares follow it, the bounded loss does not. */
START_TEST(a_stray_quote_pulls_a_bounded_loss_little)
{
    double off[2];

    for (int32_t loss = GEX_LOSS_SQUARES; loss <= GEX_LOSS_BOUNDED; loss++) {
        open_fitted(&fit, loss, GEX_ENFORCE_BUTTERFLY);
        add_slice(&fit, 0.3, 4570, slices_of[2], -0.4, 0.3, 36, 0.002);
        fit.bid[20] += 0.08, fit.ask[20] += 0.08;
        run_svi(&fit);
        off[loss - 1] = fabs(sqrt(raw_variance(fit.raw[0], 0) / 0.3) - sqrt(raw_variance(slices_of[2], 0) / 0.3));
        ck_assert_double_ge(fit.inside[0], loss == GEX_LOSS_BOUNDED ? 35.0 / 36 - 1e-12 : 0);
        gex_surface_free(fit.surface);
    }
    ck_assert_double_lt(off[1], 1e-4);
    ck_assert_double_gt(off[0], 10 * off[1]);
}
END_TEST

/* rms, most and inside against the surface that is returned, asked through its own door. */
START_TEST(errors_are_those_of_the_surface)
{
    open_fitted(&fit, GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
    seed = 12345;
    add_five(0.003, 31);
    for (int64_t i = 0; i < fit.columns.rows; i++) {
        const double noise = between(-0.006, 0.006);
        fit.bid[i] += noise, fit.ask[i] += noise;
    }
    run_svi(&fit);
    for (int32_t e = 0; e < 5; e++) {
        double squares = 0, most = 0, inside = 0, count = 0;
        for (int64_t i = 0; i < fit.columns.rows; i++) {
            double vol, *const output = &vol;
            const int32_t what = GEX_SURFACE_VOL;
            gex_surface_points points;

            if (fit.expiry[i] != e)
                continue;
            gex_surface_points_init(&points, sizeof points);
            points.rows = 1;
            points.strike = (gex_f64){&fit.strike[i], 0}, points.years = (gex_f64){&fit.years[e], 0};
            ck_assert_int_eq(gex_surface_evaluate(NULL, fit.surface, &points, &what, 1, &output, NULL, NULL), GEX_OK);
            squares += 1e4 * pow(vol - (fit.bid[i] + fit.ask[i]) / 2, 2);
            most = fmax(most, 100 * fabs(vol - (fit.bid[i] + fit.ask[i]) / 2));
            inside += vol >= fit.bid[i] && vol <= fit.ask[i];
            count++;
        }
        check_near("rms", fit.rms[e], sqrt(squares / count), 1e-10);
        check_near("most", fit.most[e], most, 1e-10);
        check_near("inside", fit.inside[e], inside / count, 1e-12);
        ck_assert_int_eq(fit.quotes[e], (int32_t)count);
    }
    gex_surface_free(fit.surface);
}
END_TEST

/* ---- SSVI ------------------------------------------------------------------------------------------------------- */

static void add_ssvi(double rho, double eta, double gamma, double noise)
{
    static const double theta[] = {0.0006, 0.004, 0.013, 0.04, 0.09};

    for (int e = 0; e < 5; e++) {
        const double phi = eta / (pow(theta[e], gamma) * pow(1 + theta[e], 1 - gamma)), rest = sqrt(1 - rho * rho),
                     v = sqrt(theta[e]);
        const double raw[5] = {theta[e] * rest * rest / 2, theta[e] * phi / 2, rho, -rho / phi, rest / phi};
        const int64_t from = fit.columns.rows;

        add_slice(&fit, years_of[e], forward_of[e], raw, -4 * v, 3 * v, 30, 0.002); /* no strike at the money */
        for (int64_t i = from; i < fit.columns.rows; i++) {
            const double moved = between(-noise, noise);
            fit.bid[i] += moved, fit.ask[i] += moved;
        }
    }
}

START_TEST(ssvi_comes_back)
{
    static const double shapes[][3] = {{-0.7, 1.0, 0.5}, {-0.4, 0.5, 0.3}, {0.2, 1.2, 0.45}, {-0.9, 0.9, 0.2}};
    const double *shape = shapes[_i];
    gex_error error = {0};

    open_fitted(&fit, GEX_LOSS_SQUARES, 0);
    add_ssvi(shape[0], shape[1], shape[2], 0);
    ck_assert_msg(gex_fit_ssvi(NULL, &fit.columns, &fit.results, &fit.surface, &error) == GEX_OK, "%s", error.message);
    check_handler();
    check_near("rho", fit.ssvi[0], shape[0], 1e-6);
    check_near("eta", fit.ssvi[1], shape[1], 1e-6);
    check_near("gamma", fit.ssvi[2], shape[2], 1e-6);
    ck_assert_int_eq(gex_surface_form(fit.surface), GEX_FORM_SSVI);
    ck_assert_double_eq(gex_surface_rho(fit.surface), fit.ssvi[0]);
    for (int e = 0; e < 5; e++) {
        check_near("theta", fit.theta[e], gex_surface_theta(fit.surface)[e], 4 * DBL_EPSILON * fit.theta[e]);
        ck_assert_double_lt(fit.most[e], 1e-3);
    }
    gex_surface_free(fit.surface);
}
END_TEST

START_TEST(ssvi_has_no_arbitrage_whatever_the_quotes)
{
    gex_error error = {0};

    open_fitted(&fit, 1 + _i % 2, 0);
    seed = (uint64_t)_i + 99;
    add_ssvi(-0.7, 1.0, 0.5, 0.01 * _i);
    if (_i > 4)
        for (int64_t i = 0; i < fit.columns.rows; i++)
            fit.bid[i] = between(0.01, 1), fit.ask[i] = fit.bid[i] + between(0, 0.1);
    ck_assert_msg(gex_fit_ssvi(NULL, &fit.columns, &fit.results, &fit.surface, &error) == GEX_OK, "%s", error.message);
    check_handler();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    gex_surface_free(fit.surface);
}
END_TEST

/* ---- behind the doors ------------------------------------------------------------------------------------------- */

static double squares_at(const struct gex__problem *problem, double a, double left, double right, double m, double s)
{
    double sum = 0;

    for (int64_t i = 0; i < problem->count; i++) {
        const double x = problem->quote[i].k - m, r = sqrt(x * x + s * s);
        const double off =
            (a + left * (r - x) / 2 + right * (r + x) / 2 - problem->quote[i].mid) * problem->quote[i].scale;
        sum += off * off;
    }
    return sum;
}

/* The quadratic problem on every face, edge and the cone: no point of the feasible set near the solution is better, nor
 * any of many thrown over the whole set. */
START_TEST(the_inner_problem_is_solved)
{
    int on_cone = 0, on_box = 0, inside = 0;

    seed = 4711;
    for (int trial = 0; trial < 3000; trial++) {
        struct gex__quote quotes[12];
        struct gex__problem problem = {.quote = quotes, .count = 5 + trial % 8};
        const double m = between(-0.3, 0.3), s = exp(between(-4, 0));
        double x[FIT_COUNT], least, scale;

        for (int i = 0; i < 12; i++)
            quotes[i] = (struct gex__quote){
                .k = between(-0.6, 0.6), .mid = between(0, 1) * between(0, 1) * 0.2, .scale = exp(between(-1, 3))};
        problem.high[0] = trial % 3 == 0 ? 2 : between(0, 1), problem.high[1] = trial % 5 == 0 ? 2 : between(0, 1);
        problem.low[0] = trial % 4 == 0 ? problem.high[0] * between(0, 1) : 0;
        problem.low[1] = trial % 7 == 0 ? problem.high[1] * between(0, 1) : 0;
        least = gex__slice_inner(&problem, m, s, x);
        scale = least + 1e-9 * squares_at(&problem, 0, 0, 0, m, s);
        check_near("its sum", least, squares_at(&problem, x[FIT_A], x[FIT_L], x[FIT_U], m, s), 1e-12 * scale);
        ck_assert(x[FIT_L] >= problem.low[0] - 1e-12 && x[FIT_L] <= problem.high[0] + 1e-12);
        ck_assert(x[FIT_U] >= problem.low[1] - 1e-12 && x[FIT_U] <= problem.high[1] + 1e-12);
        ck_assert(x[FIT_A] + s * sqrt(x[FIT_L] * x[FIT_U]) >= -1e-12);
        on_cone += x[FIT_A] + s * sqrt(x[FIT_L] * x[FIT_U]) < 1e-9;
        on_box += x[FIT_L] <= problem.low[0] || x[FIT_L] >= problem.high[0] || x[FIT_U] <= problem.low[1] ||
                  x[FIT_U] >= problem.high[1];
        inside += x[FIT_L] > problem.low[0] && x[FIT_L] < problem.high[0] && x[FIT_U] > problem.low[1] &&
                  x[FIT_U] < problem.high[1];
        for (int n = 0; n < 60; n++) {
            const double reach = n < 30 ? exp(between(-9, -1)) : 1;
            const double left = fmax(problem.low[0], fmin(problem.high[0], x[FIT_L] + reach * between(-1, 1)));
            const double right = fmax(problem.low[1], fmin(problem.high[1], x[FIT_U] + reach * between(-1, 1)));
            const double a = fmax(-s * sqrt(left * right), x[FIT_A] + reach * between(-0.3, 0.3));
            ck_assert_msg(squares_at(&problem, a, left, right, m, s) >= least - 1e-7 * scale,
                          "trial %d: %.12g below %.12g", trial, squares_at(&problem, a, left, right, m, s), least);
        }
    }
    ck_assert(on_cone > 100 && on_box > 500 && inside > 200);
}
END_TEST

/* On the edge g touches 0: from above with the width found, and below it with a little less. */
START_TEST(the_edge_of_butterflies_is_found)
{
    struct gex__edge edge;
    int found = 0;

    gex__edge_make(&edge);
    seed = 31;
    for (int trial = 0; trial < 3000; trial++) {
        const double z[FIT_COUNT] = {between(-0.2, 1), between(0, 1), between(0, 1), between(-2, 2), 0};
        double x[FIT_COUNT], raw[5], least, at;

        if (!gex__edge_find(&edge, z, x))
            continue;
        found++;
        gex__raw_of(x, raw);
        ck_assert_int_eq(gex_svi_butterfly(raw, &least, &at, NULL), GEX_OK);
        ck_assert_msg(least >= -1e-7 && least < 1e-5, "least g %g at %g, trial %d", least, at, trial);
        raw[0] *= 0.99, raw[3] *= 0.99, raw[4] *= 0.99;
        if (gex_svi_butterfly(raw, &least, &at, NULL) == GEX_OK)
            ck_assert_double_lt(least, 0);
    }
    ck_assert_int_gt(found, 500);
}
END_TEST

Suite *suite_fit(void)
{
    Suite *suite = suite_create("fit");
    TCase *tcase = tcase_create("fit");

    tcase_add_checked_fixture(tcase, install_handler, check_handler);
    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, five_parameters_come_back, 0, 6);
    tcase_add_test(tcase, what_has_no_arbitrage_is_not_touched);
    tcase_add_loop_test(tcase, noisy_quotes_give_a_sound_surface, 0, 8);
    tcase_add_test(tcase, a_butterfly_is_fitted_away);
    tcase_add_test(tcase, an_inverted_pair_is_parted);
    tcase_add_test(tcase, few_strikes_borrow_a_shape);
    tcase_add_test(tcase, a_stray_quote_pulls_a_bounded_loss_little);
    tcase_add_test(tcase, errors_are_those_of_the_surface);
    tcase_add_loop_test(tcase, ssvi_comes_back, 0, 4);
    tcase_add_loop_test(tcase, ssvi_has_no_arbitrage_whatever_the_quotes, 0, 8);
    tcase_add_test(tcase, the_inner_problem_is_solved);
    tcase_add_test(tcase, the_edge_of_butterflies_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
