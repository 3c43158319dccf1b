/* SPDX-License-Identifier: Apache-2.0 */
/* Mixtures fitted to quotes: what comes back,
 * what is free of arbitrage whatever comes in, and the problem behind them. */
#include "fit/mixture.h"
#include "fitted.h"

Suite *suite_fit_mixture(void);

static struct fitted fit;

static void run_mixture(void)
{
    gex_error error = {0};
    ck_assert_msg(gex_fit_mixture(NULL, &fit.columns, &fit.results, &fit.surface, &error) == GEX_OK, "%s",
                  error.message);
    check_handler();
}

static const double years_of[5] = {0.02, 0.1, 0.3, 0.9, 2.0}, forward_of[5] = {4500, 4520, 4570, 4700, 4900};
static const double slices_of[5][5] = {
    {0.0002, 0.012, -0.45, 0.004, 0.025}, {0.0012, 0.035, -0.55, 0.01, 0.06}, {0.0040, 0.070, -0.55, 0.03, 0.12},
    {0.0120, 0.130, -0.55, 0.07, 0.22},   {0.0300, 0.200, -0.55, 0.13, 0.35},
};

static void add_five(double half, int count)
{
    for (int e = 0; e < 5; e++) {
        const double v = sqrt(raw_variance(slices_of[e], 0));
        add_slice(&fit, years_of[e], forward_of[e], slices_of[e], -6 * v, 4 * v, count, half);
    }
}

/* Smiles of another form, quoted narrowly: every quote is met, and free of arbitrage as they are. */
START_TEST(every_quote_is_met)
{
    open_fitted(&fit, 0, GEX_ENFORCE_BUTTERFLY + _i % 2);
    add_five(_i < 2 ? 0.002 : 0.0005, 41);
    run_mixture();
    ck_assert_int_eq(gex_surface_form(fit.surface), GEX_FORM_MIXTURE);
    ck_assert_int_eq(violations(fit.surface, fit.columns.enforce == GEX_ENFORCE_ALL ? 0 : GEX_ARBITRAGE_BUTTERFLY), 0);
    for (int e = 0; e < 5; e++) {
        ck_assert_double_ge(fit.inside[e], 1);
        ck_assert_double_le(fit.most[e], _i < 2 ? 0.2 : 0.05);
        ck_assert_double_le(fit.raised[e], 1e-6 * fit.theta[e]);
        ck_assert_int_eq(fit.quotes[e], 41);
        ck_assert_int_eq(fit.by[e], GEX_FITTED_OWN);
        ck_assert_double_nan(fit.raw[e][0]);
    }
    gex_surface_free(fit.surface);
}
END_TEST

/* The errors are those of the surface: asked for each quote again. */
START_TEST(errors_are_those_of_the_surface)
{
    const int32_t what = GEX_SURFACE_VOL;
    double squares = 0, most = 0;

    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    add_five(0.004, 21);
    run_mixture();
    for (int i = 42; i < 63; i++) {
        double vol, *const out = &vol;
        gex_surface_points points;

        gex_surface_points_init(&points, sizeof points);
        points.rows = 1;
        points.strike = (gex_f64){&fit.strike[i], 0}, points.years = (gex_f64){&fit.years[2], 0};
        ck_assert_int_eq(gex_surface_evaluate(NULL, fit.surface, &points, &what, 1, &out, NULL, NULL), GEX_OK);
        squares += (vol - (fit.bid[i] + fit.ask[i]) / 2) * (vol - (fit.bid[i] + fit.ask[i]) / 2);
        most = fmax(most, fabs(vol - (fit.bid[i] + fit.ask[i]) / 2));
    }
    ck_assert_double_eq_tol(fit.rms[2], 100 * sqrt(squares / 21), 1e-9);
    ck_assert_double_eq_tol(fit.most[2], 100 * most, 1e-9);
    ck_assert_double_eq(fit.theta[2], gex_surface_theta(fit.surface)[2]);
    gex_surface_free(fit.surface);
}
END_TEST

/* Noise within the spread, and arbitrage in the quotes: none in the surface, and nearly every quote is met. */
START_TEST(noisy_quotes_give_a_sound_surface)
{
    double inside = 0;

    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    seed = (uint64_t)_i * 7919 + 1;
    add_five(0.004, 41);
    for (int64_t i = 0; i < fit.columns.rows; i++) {
        const double noise = between(-0.003, 0.003);
        fit.bid[i] += noise, fit.ask[i] += noise;
    }
    run_mixture();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    for (int e = 0; e < 5; e++)
        inside += fit.inside[e] / 5;
    ck_assert_double_ge(inside, 0.99);
    gex_surface_free(fit.surface);
}
END_TEST

/* An expiry that lies below the one before at every strike: parted, and its quotes are missed, which is said. */
START_TEST(an_inverted_pair_is_parted)
{
    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    add_slice(&fit, 0.30, 100, slices_of[2], -0.5, 0.3, 41, 0.003);
    add_slice(&fit, 0.31, 100, slices_of[1], -0.5, 0.3, 41, 0.003);
    add_slice(&fit, 0.90, 100, slices_of[3], -0.7, 0.5, 41, 0.003);
    run_mixture();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    ck_assert_double_eq(fit.inside[0], 1);
    ck_assert_double_le(fit.inside[1], 0.1);
    ck_assert_double_gt(fit.rms[1], 1);
    ck_assert_double_ge(fit.inside[2], 0.95);
    gex_surface_free(fit.surface);
}
END_TEST

/* One quote is a smile, two are, and an expiry without any is refused. */
START_TEST(few_quotes_are_enough)
{
    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    add_slice(&fit, 0.01, 100, slices_of[0], 0.02, 0.02, 1, 0.003);
    add_slice(&fit, 0.1, 100, slices_of[1], -0.1, 0.1, 2, 0.003);
    fit.years[2] = 0.2, fit.forward[2] = 100, fit.columns.expiries = 3;
    run_mixture();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    ck_assert_double_eq(fit.inside[0], 1);
    ck_assert_double_eq(fit.inside[1], 1);
    ck_assert_int_eq(fit.by[2], GEX_FITTED_NONE);
    ck_assert_int_eq(fit.slice[2], GEX_SLICE_NO_QUOTES);
    ck_assert_double_nan(fit.theta[2]);
    gex_surface_free(fit.surface);
}
END_TEST

/* A stray quote is given up, and those beside it stay met. */
START_TEST(a_stray_quote_is_given_up)
{
    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    add_five(0.003, 41);
    fit.bid[60] += 0.05, fit.ask[60] += 0.05;
    run_mixture();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    ck_assert_double_ge(fit.inside[1], 38.0 / 41);
    for (int e = 2; e < 5; e++)
        ck_assert_double_ge(fit.inside[e], 0.95);
    gex_surface_free(fit.surface);
}
END_TEST

/* Far from the data: a smile that is quoted at the money alone between two that are quoted far out. */
START_TEST(narrow_quotes_between_wide_ones)
{
    open_fitted(&fit, 0, GEX_ENFORCE_ALL);
    add_slice(&fit, 0.1, 100, slices_of[1], -0.6, 0.3, 41, 0.003);
    add_slice(&fit, 0.3, 100, slices_of[2], -0.02, 0.02, 5, 0.003);
    add_slice(&fit, 0.9, 100, slices_of[3], -1.2, 0.6, 41, 0.003);
    run_mixture();
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    for (int e = 0; e < 3; e++)
        ck_assert_double_eq(fit.inside[e], 1);
    gex_surface_free(fit.surface);
}
END_TEST

/* ---- the problem ------------------------------------------------------------------------------------------------- */

static double sum_at(const struct gex__mix *mix, const double *weight)
{
    double sum = 0;

    for (int64_t r = 0; r < mix->rows; r++) {
        const struct gex__band *band = &mix->band[r];
        double value = 0, beyond;

        for (int j = 1; j < mix->candidates; j++)
            value += weight[j] * mix->a[r * GEX_MIX_CANDIDATES + j];
        beyond = fmax(0, fmax(band->low - value, value - band->high));
        sum +=
            band->scale * band->scale *
            (band->trust * beyond * beyond + band->pull * band->pull * (value - band->middle) * (value - band->middle));
    }
    return sum;
}

/* The solution meets both sums, and no exchange of weight among any three candidates that keeps them is better. */
START_TEST(no_exchange_of_weights_is_better)
{
    enum { ROWS = 24, CANDIDATES = 14 };
    static struct gex__mix mix;
    static struct gex__band band[ROWS];
    static double a[ROWS * GEX_MIX_CANDIDATES];
    int outside = 0;

    seed = (uint64_t)_i + 1;
    for (int trial = 0; trial < 40; trial++) {
        double weight[CANDIDATES] = {0}, least, total = 0, forward = 0;

        memset(&mix, 0, sizeof mix);
        mix.rows = ROWS, mix.candidates = CANDIDATES, mix.total = 1, mix.a = a, mix.band = band;
        for (int j = 1; j < CANDIDATES; j++)
            mix.mean[j] = j == 1 ? 1 : exp(between(-0.3, 0.3));
        mix.mean[2] = 0.8, mix.mean[3] = 1.25;
        mix.one[1].weight = 0.4, mix.one[2].weight = 0.6 * 0.25 / 0.45, mix.one[3].weight = 0.6 * 0.2 / 0.45;
        for (int r = 0; r < ROWS; r++) {
            const double strike = exp(between(-0.4, 0.4));
            for (int j = 1; j < CANDIDATES; j++)
                a[r * GEX_MIX_CANDIDATES + j] = fmax(0, mix.mean[j] - strike) + between(0, 0.1);
            band[r] = (struct gex__band){.middle = fmax(0, 1 - strike) + between(0, 0.08), .scale = 500, .pull = 0.05};
            band[r].low = band[r].middle - 0.002, band[r].high = band[r].middle + 0.002;
        }
        gex__mix_solve(&mix);
        for (int j = 1; j < CANDIDATES; j++) {
            weight[j] = mix.one[j].weight;
            ck_assert(weight[j] >= 0);
            total += weight[j], forward += weight[j] * mix.mean[j];
        }
        ck_assert_double_eq_tol(total, 1, 1e-9);
        ck_assert_double_eq_tol(forward, 1, 1e-9);
        least = sum_at(&mix, weight);
        outside += least > 1;
        for (int n = 0; n < 400; n++) {
            const int i = 1 + (int)between(0, 12.999), j = 1 + (int)between(0, 12.999), k = 1 + (int)between(0, 12.999);
            const double by = exp(between(-8, -2));
            double there[CANDIDATES];

            if (i == j || j == k || i == k || fabs(mix.mean[j] - mix.mean[k]) < 1e-6)
                continue;
            memcpy(there, weight, sizeof there);
            there[i] += by;
            there[j] -= by * (mix.mean[i] - mix.mean[k]) / (mix.mean[j] - mix.mean[k]);
            there[k] -= by * (mix.mean[j] - mix.mean[i]) / (mix.mean[j] - mix.mean[k]);
            if (there[j] < 0 || there[k] < 0)
                continue;
            ck_assert_msg(sum_at(&mix, there) >= least - 2e-3 * (1 + least), "trial %d: %g below %g", trial,
                          sum_at(&mix, there), least);
        }
    }
    ck_assert_int_gt(outside, 10);
}
END_TEST

/* Fewer rows than candidates that are nearly alike, which leaves the squares next to singular: both sums hold all the
 * same, and no candidate has two places. */
START_TEST(sums_hold_however_few_rows_pull)
{
    enum { CANDIDATES = 40 };
    static struct gex__mix mix;
    static struct gex__band band[3];
    static double a[3 * GEX_MIX_CANDIDATES];

    seed = (uint64_t)_i + 101;
    for (int trial = 0; trial < 200; trial++) {
        double total = 0, forward = 0;

        memset(&mix, 0, sizeof mix);
        mix.rows = _i, mix.candidates = CANDIDATES, mix.total = 1, mix.a = a, mix.band = band;
        for (int j = 1; j < CANDIDATES; j++)
            mix.mean[j] = j <= 3 ? 0.9 + 0.1 * (j - 1) : exp(between(-0.2, 0.2));
        mix.one[1].weight = mix.one[3].weight = 0.1, mix.one[2].weight = 0.8;
        for (int r = 0; r < _i; r++) {
            const double strike = exp(between(-0.2, 0.2));
            for (int j = 1; j < CANDIDATES; j++)
                a[r * GEX_MIX_CANDIDATES + j] = fmax(0, mix.mean[j] - strike) + 0.02 + 1e-7 * between(0, 1);
            band[r] =
                (struct gex__band){.middle = fmax(0, 1 - strike) + between(0.02, 0.1), .scale = 5e3, .pull = 0.03};
            band[r].low = band[r].middle - 1e-4, band[r].high = band[r].middle + 1e-4;
        }
        gex__mix_solve(&mix);
        for (int j = 1; j < CANDIDATES; j++)
            total += mix.one[j].weight, forward += mix.one[j].weight * mix.mean[j];
        ck_assert_double_eq_tol(total, 1, 1e-12);
        ck_assert_double_eq_tol(forward, 1, 1e-12);
        for (int i = 0; i < mix.count; i++)
            for (int j = 0; j < i; j++)
                ck_assert_int_ne(mix.kept[i], mix.kept[j]);
    }
}
END_TEST

Suite *suite_fit_mixture(void)
{
    Suite *suite = suite_create("fit_mixture");
    TCase *tcase = tcase_create("fit_mixture");

    tcase_add_checked_fixture(tcase, install_handler, check_handler);
    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, every_quote_is_met, 0, 4);
    tcase_add_test(tcase, errors_are_those_of_the_surface);
    tcase_add_loop_test(tcase, noisy_quotes_give_a_sound_surface, 0, 8);
    tcase_add_test(tcase, an_inverted_pair_is_parted);
    tcase_add_test(tcase, few_quotes_are_enough);
    tcase_add_test(tcase, a_stray_quote_is_given_up);
    tcase_add_test(tcase, narrow_quotes_between_wide_ones);
    tcase_add_loop_test(tcase, no_exchange_of_weights_is_better, 0, 4);
    tcase_add_loop_test(tcase, sums_hold_however_few_rows_pull, 1, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
