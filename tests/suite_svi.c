/* SPDX-License-Identifier: Apache-2.0 */
/* SVI and SSVI slices against 40 digits (golden/svi.csv, golden/ssvi.csv), published examples, and identities. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gex/surface.h>

#include "draw.h"
#include "refusal.h"

Suite *suite_svi(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* Rows of numbers of a golden file, `columns` each; comments and the line of names are left out. */
static int read_rows(const char *name, int columns, double *rows, int most)
{
    char path[512], line[1024];
    FILE *file;
    int count = 0;

    snprintf(path, sizeof path, TESTS_DIR "/golden/%s", name);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = line, *end;
        int i = 0;
        for (; i < columns; i++, at = end + (*end == ',')) {
            rows[count * columns + i] = strtod(at, &end);
            if (end == at)
                break;
        }
        if (i == columns) {
            count++;
            ck_assert_int_lt(count, most);
        }
    }
    fclose(file);
    return count;
}

static void check_near(const char *what, double got, double wanted, double tolerance)
{
    ck_assert_msg(fabs(got - wanted) <= tolerance, "%s: %.17g, expected %.17g, off by %g of %g", what, got, wanted,
                  got - wanted, tolerance);
}

static gex_surface *svi_surface(const double *raw, double years)
{
    static const double forward = 100;
    gex_svi_columns columns;
    gex_surface *surface = NULL;
    gex_error error = {0};

    gex_svi_columns_init(&columns, sizeof columns);
    columns.expiries = 1;
    columns.years = (gex_f64){&years, 0};
    columns.forward = (gex_f64){&forward, 0};
    columns.a = (gex_f64){raw, 0}, columns.b = (gex_f64){raw + 1, 0}, columns.rho = (gex_f64){raw + 2, 0};
    columns.m = (gex_f64){raw + 3, 0}, columns.s = (gex_f64){raw + 4, 0};
    ck_assert_msg(gex_surface_create_svi(NULL, &columns, &surface, &error) == GEX_OK, "%s", error.message);
    return surface;
}

static double ask(const gex_surface *surface, int32_t what, double k, double years)
{
    double value, *const output = &value;
    gex_surface_points points;

    gex_surface_points_init(&points, sizeof points);
    points.rows = 1;
    points.k = (gex_f64){&k, 0};
    points.years = (gex_f64){&years, 0};
    ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, &what, 1, &output, NULL, NULL), GEX_OK);
    return value;
}

/* Columns a, b, rho, m, s, k, w, dw, d2w, g, density. The parameters of the file are decimals: a relative 1e-15 of the
 * largest term of each sum is what the nearest doubles leave; g and the density amplify it by 1/w. */
START_TEST(svi_matches_forty_digits)
{
    enum { COLUMNS = 11 };
    double rows[64 * COLUMNS];
    const int count = read_rows("svi.csv", COLUMNS, rows, 64);

    ck_assert_int_eq(count, 21);
    for (int i = 0; i < count; i++) {
        const double *row = rows + i * COLUMNS, k = row[5], w = row[6];
        gex_surface *surface = svi_surface(row, 0.5);

        check_near("w", ask(surface, GEX_SURFACE_TOTAL_VARIANCE, k, 0.5), w, 1e-12 * w);
        check_near("w'", ask(surface, GEX_SURFACE_DVARIANCE_DK, k, 0.5), row[7], 1e-12 * fabs(row[7]));
        check_near("w''", ask(surface, GEX_SURFACE_D2VARIANCE_DK2, k, 0.5), row[8], 1e-12 * row[8]);
        check_near("g", ask(surface, GEX_SURFACE_BUTTERFLY, k, 0.5), row[9], 1e-12 * fmax(fabs(row[9]), 1));
        check_near("density", ask(surface, GEX_SURFACE_DENSITY, k, 0.5), row[10],
                   1e-12 * fabs(row[10]) * fmax(1, 1 / fabs(row[9])));
        check_near("vol", ask(surface, GEX_SURFACE_VOL, k, 0.5), sqrt(w / 0.5), 1e-12);
        gex_surface_free(surface);
    }
}
END_TEST

/* Columns eta, gamma, rho, theta, phi, k, w, g, bf1, bf2, cal_lhs, cal_ub. */
START_TEST(ssvi_matches_forty_digits)
{
    enum { COLUMNS = 12 };
    double rows[64 * COLUMNS];
    const int count = read_rows("ssvi.csv", COLUMNS, rows, 64);

    ck_assert_int_eq(count, 40);
    for (int i = 0; i < count; i++) {
        const double *row = rows + i * COLUMNS, years = 0.25, forward = 4000;
        double values[5];
        gex_ssvi_columns columns;
        gex_surface *surface = NULL;

        gex_ssvi_columns_init(&columns, sizeof columns);
        columns.expiries = 1;
        columns.years = (gex_f64){&years, 0}, columns.forward = (gex_f64){&forward, 0},
        columns.theta = (gex_f64){&row[3], 0};
        columns.eta = row[0], columns.gamma = row[1], columns.rho = row[2];
        ck_assert_int_eq(gex_surface_create_ssvi(NULL, &columns, &surface, NULL), GEX_OK);
        check_near("w", ask(surface, GEX_SURFACE_TOTAL_VARIANCE, row[5], years), row[6], 1e-12 * row[6]);
        check_near("g", ask(surface, GEX_SURFACE_BUTTERFLY, row[5], years), row[7], 1e-12 * fmax(row[7], 1));
        ck_assert_int_eq(gex_ssvi_conditions(row[3], row[2], row[0], row[1], values, NULL), GEX_OK);
        check_near("phi", values[0], row[4], 1e-12 * row[4]);
        for (int j = 0; j < 4; j++)
            check_near("condition", values[1 + j], row[8 + j], 1e-12 * row[8 + j]);
        gex_surface_free(surface);
    }
}
END_TEST

/* ---- jump wings and repair -------------------------------------------------------------------------------------- */

/* Gatheral and Jacquier (2014), example 3.1 and section 5.1, as printed there. */
static const double published[5] = {-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};
static const double published_wings[5] = {0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249};

START_TEST(published_jump_wings)
{
    static const double digits[5] = {5e-9, 5e-8, 5e-8, 5e-7, 5e-8}; /* half a unit of the last figure printed */
    double wings[5], raw[5];

    ck_assert_int_eq(gex_svi_to_jump_wings(published, 1, wings, NULL), GEX_OK);
    for (int i = 0; i < 5; i++)
        check_near("published", wings[i], published_wings[i], digits[i]);
    ck_assert_int_eq(gex_svi_from_jump_wings(wings, 1, raw, NULL), GEX_OK);
    for (int i = 0; i < 5; i++)
        check_near("back", raw[i], published[i], 1e-13);
}
END_TEST

START_TEST(published_butterfly)
{
    double least, at;

    ck_assert_int_eq(gex_svi_butterfly(published, &least, &at, NULL), GEX_OK);
    check_near("least g", least, -0.0329, 5e-5); /* model book: -.0329 near k = .88 */
    check_near("its k", at, 0.88, 0.005);
}
END_TEST

/* The path ends at c' = .3493158, vt' = .01548182 (published). The repaired slice lies on it, has no butterfly, and
 * stops where one would begin. */
START_TEST(published_repair)
{
    double repaired[5], wings[5], moved, least, at, end[5], nearer[5], raw[5];

    ck_assert_int_eq(gex_svi_repair(published, repaired, &moved, NULL), GEX_OK);
    ck_assert(moved > 0 && moved < 1);
    ck_assert_int_eq(gex_svi_to_jump_wings(repaired, 1, wings, NULL), GEX_OK);
    for (int i = 0; i < 3; i++) /* v, psi and p stay */
        check_near("kept", wings[i], published_wings[i], 5e-8);
    end[0] = wings[0], end[1] = wings[1], end[2] = wings[2];
    end[3] = published_wings[3] + (wings[3] - published_wings[3]) / moved;
    end[4] = published_wings[4] + (wings[4] - published_wings[4]) / moved;
    check_near("c'", end[3], 0.3493158, 2e-6); /* the printed start of the path carries 5e-7, over moved */
    check_near("vt'", end[4], 0.01548182, 2e-7);
    ck_assert_int_eq(gex_svi_butterfly(repaired, &least, &at, NULL), GEX_OK);
    ck_assert(least >= 0 && least < 1e-6);
    for (int i = 0; i < 5; i++)
        nearer[i] = wings[i] + 1e-4 * (published_wings[i] - wings[i]);
    ck_assert_int_eq(gex_svi_from_jump_wings(nearer, 1, raw, NULL), GEX_OK);
    ck_assert_int_eq(gex_svi_butterfly(raw, &least, &at, NULL), GEX_OK);
    ck_assert_double_lt(least, 0);

    ck_assert_int_eq(gex_svi_from_jump_wings(
                         (double[]){published_wings[0], published_wings[1], published_wings[2], 0.3493158, 0.01548182},
                         1, raw, NULL),
                     GEX_OK);
    ck_assert_int_eq(gex_svi_butterfly(raw, &least, &at, NULL), GEX_OK);
    ck_assert_double_gt(least, 0); /* the model book: .278 on [-1.5, 1.5], and less only far out */
    for (double k = -1.5, lowest = 1; k <= 1.5; k += 1e-3) {
        gex_surface *surface = svi_surface(raw, 1);
        lowest = fmin(lowest, ask(surface, GEX_SURFACE_BUTTERFLY, k, 1));
        gex_surface_free(surface);
        if (k + 1e-3 > 1.5)
            check_near("least g of the end", lowest, 0.278, 5e-4);
    }
}
END_TEST

START_TEST(a_sound_slice_is_not_repaired)
{
    static const double sound[5] = {0.04, 0.1, -0.4, 0.05, 0.15};
    double repaired[5], moved;

    ck_assert_int_eq(gex_svi_repair(sound, repaired, &moved, NULL), GEX_OK);
    ck_assert_double_eq(moved, 0);
    ck_assert_mem_eq(repaired, sound, sizeof sound);
}
END_TEST

static void any_slice(double *raw)
{
    raw[1] = exp(between(-6, 0));
    raw[2] = between(-0.98, 0.98);
    raw[3] = between(-0.3, 0.3);
    raw[4] = exp(between(-4, -0.5));
    raw[0] = -raw[1] * raw[4] * sqrt(1 - raw[2] * raw[2]) + exp(between(-9, -2));
}

/* Back to what eight ulp of the terms of each of the five numbers can move; how far is measured with a large step. */
START_TEST(jump_wings_round_trip)
{
    for (int i = 0; i < 5000; i++) {
        double raw[5], wings[5], back[5], allowed[5], ulp[5] = {1, 1, 1, 1, 1};
        const double years = exp(between(-6, 1)), step = 1e-7;

        any_slice(raw);
        ck_assert_int_eq(gex_svi_to_jump_wings(raw, years, wings, NULL), GEX_OK);
        ck_assert_int_eq(gex_svi_from_jump_wings(wings, years, back, NULL), GEX_OK);
        {
            const double round = hypot(raw[3], raw[4]), lean = fabs(2 * wings[1] * sqrt(wings[0] * years) / raw[1]);
            ulp[0] = (fabs(raw[0]) + raw[1] * (fabs(raw[3]) + round)) / (wings[0] * years);
            ulp[1] = (fabs(raw[2]) + fabs(raw[3]) / round) / lean;
            ulp[4] = (fabs(raw[0]) + raw[1] * raw[4]) / (wings[4] * years);
        }
        for (int j = 0; j < 5; j++)
            allowed[j] = 8 * DBL_EPSILON * (fabs(raw[j]) + (j == 0 ? raw[1] * raw[4] : 1));
        for (int j = 0; j < 5; j++) {
            double moved[5], there[5];
            memcpy(moved, wings, sizeof moved);
            moved[j] *= j == 4 ? 1 - step : 1 + step;
            if (gex_svi_from_jump_wings(moved, years, there, NULL) != GEX_OK) {
                moved[j] = wings[j] * (j == 4 ? 1 + step : 1 - step);
                ck_assert_int_eq(gex_svi_from_jump_wings(moved, years, there, NULL), GEX_OK);
            }
            for (int n = 0; n < 5; n++)
                allowed[n] += fabs(there[n] - back[n]) / step * 8 * DBL_EPSILON * ulp[j];
        }
        for (int j = 0; j < 5; j++)
            check_near("round trip", back[j], raw[j], allowed[j]);
    }
}
END_TEST

START_TEST(any_slice_is_repaired_or_refused)
{
    int repaired_count = 0;

    for (int i = 0; i < 2000; i++) {
        double raw[5], repaired[5], moved, least, at;

        any_slice(raw);
        ck_assert_int_eq(gex_svi_butterfly(raw, &least, &at, NULL), GEX_OK);
        if (gex_svi_repair(raw, repaired, &moved, NULL) != GEX_OK)
            ck_abort_msg("slice %g %g %g %g %g, least g %g at %g: not repaired", raw[0], raw[1], raw[2], raw[3], raw[4],
                         least, at);
        ck_assert_int_eq(moved > 0, least < 0);
        repaired_count += moved > 0;
        ck_assert_int_eq(gex_svi_butterfly(repaired, &least, &at, NULL), GEX_OK);
        ck_assert_double_ge(least, 0);
        for (double k = -4; k <= 4; k += 0.0625) { /* what the search says, looked at elsewhere */
            const double x = k - repaired[3], r = sqrt(x * x + repaired[4] * repaired[4]);
            const double w = repaired[0] + repaired[1] * (repaired[2] * x + r),
                         w1 = repaired[1] * (repaired[2] + x / r);
            const double w2 = repaired[1] * repaired[4] * repaired[4] / (r * r * r), lean = 1 - k * w1 / 2 / w;
            ck_assert_double_ge(lean * lean - w1 * w1 / 4 * (1 / w + 0.25) + w2 / 2, -1e-9);
        }
    }
    ck_assert_int_gt(repaired_count, 500);
}
END_TEST

START_TEST(what_is_no_slice_is_refused)
{
    static const double bad[][5] = {
        {0.01, -0.1, 0, 0, 0.1},     {0.01, 0.1, 1, 0, 0.1},        {0.01, 0.1, -1.5, 0, 0.1},
        {0.01, 0.1, 0, 0, 0},        {0.01, 0.1, 0, 0, -1},         {-0.02, 0.1, 0, 0, 0.1},
        {NAN, 0.1, 0, 0, 0.1},       {0.01, NAN, 0, 0, 0.1},        {0.01, 0.1, NAN, 0, 0.1},
        {0.01, 0.1, 0, NAN, 0.1},    {0.01, 0.1, 0, 0, NAN},        {INFINITY, 0.1, 0, 0, 0.1},
        {0.01, INFINITY, 0, 0, 0.1}, {0.01, 0.1, 0, INFINITY, 0.1}, {0.01, 0.1, 0, 0, INFINITY}};
    static const double good[5] = {0.01, 0.1, 0.2, 0, 0.1}, bad_years[] = {0, -1, NAN, INFINITY, -INFINITY};
    double five[5], value;

    for (int i = 0; i < LENGTH(bad); i++) {
        ASKED(GEX_ERR_DOMAIN, gex_svi_to_jump_wings(bad[i], 1, five, RECORD));
        ASKED(GEX_ERR_DOMAIN, gex_svi_butterfly(bad[i], &value, NULL, RECORD));
        ASKED(GEX_ERR_DOMAIN, gex_svi_repair(bad[i], five, NULL, RECORD));
    }
    for (int i = 0; i < LENGTH(bad_years); i++) {
        ASKED(GEX_ERR_DOMAIN, gex_svi_to_jump_wings(good, bad_years[i], five, RECORD));
        ASKED(GEX_ERR_DOMAIN, gex_svi_from_jump_wings(published_wings, bad_years[i], five, RECORD));
        ASKED(GEX_ERR_DOMAIN, gex_ssvi_conditions(bad_years[i], 0, 1, 0.5, five, RECORD));
        ASKED(GEX_ERR_DOMAIN, gex_ssvi_conditions(0.04, 0, bad_years[i], 0.5, five, RECORD));
    }
    ASKED(GEX_ERR_DOMAIN, gex_ssvi_conditions(0.04, 1, 1, 0.5, five, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_ssvi_conditions(0.04, 0, 1, 1.1, five, RECORD));
    for (int i = 0; i < 5; i++) {
        double wings[5];
        memcpy(wings, published_wings, sizeof wings);
        wings[i] = NAN;
        ASKED(GEX_ERR_DOMAIN, gex_svi_from_jump_wings(wings, 1, five, RECORD));
    }
    /* level at the money, as it is with m = rho s / sqrt(1 - rho^2): jump wings do not say how round it is */
    ASKED(GEX_ERR_DOMAIN, gex_svi_from_jump_wings((double[]){0.04, 0, 0.5, 0.5, 0.04}, 1, five, RECORD));
}
END_TEST

Suite *suite_svi(void)
{
    Suite *suite = suite_create("svi");
    TCase *tcase = tcase_create("slices");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, svi_matches_forty_digits);
    tcase_add_test(tcase, ssvi_matches_forty_digits);
    tcase_add_test(tcase, published_jump_wings);
    tcase_add_test(tcase, published_butterfly);
    tcase_add_test(tcase, published_repair);
    tcase_add_test(tcase, a_sound_slice_is_not_repaired);
    tcase_add_test(tcase, jump_wings_round_trip);
    tcase_add_test(tcase, any_slice_is_repaired_or_refused);
    tcase_add_test(tcase, what_is_no_slice_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
