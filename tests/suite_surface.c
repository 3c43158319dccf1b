/* SPDX-License-Identifier: Apache-2.0 */
/* Surfaces at any strike and time: quotes given back, derivatives against differences, prices against an integral of
 * the density, what is free of arbitrage stays so between and beyond the expiries. */
#include <float.h>
#include <stdio.h>

#include "surfaces.h"

Suite *suite_surface(void);

/* ---- quotes come back ------------------------------------------------------------------------------------------- */

START_TEST(raw_gives_its_quotes_back)
{
    struct quotes quotes;
    double vol[QUOTES], *const output = vol, years[QUOTES];
    uint8_t status[QUOTES];
    const int32_t what = GEX_SURFACE_VOL;
    gex_surface_points points;
    gex_surface *surface = raw(GEX_WINGS_LINEAR);
    int64_t rows;

    put_quotes(&quotes);
    for (int i = 0; i < QUOTES; i++)
        years[i] = years_of[quotes.expiry[i]];
    gex_surface_points_init(&points, sizeof points);
    points.rows = QUOTES;
    points.strike = (gex_f64){quotes.strike, sizeof(double)};
    points.years = (gex_f64){years, sizeof(double)};
    ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, &what, 1, &output, status, NULL), GEX_OK);
    for (int i = 0; i < QUOTES; i++)
        check_near("vol at a quote", vol[i], quotes.vol[i], 4 * DBL_EPSILON * quotes.vol[i]);
    ck_assert_ptr_nonnull(gex_surface_quote_status(surface, &rows));
    ck_assert_int_eq(rows, QUOTES);
    ck_assert_ptr_null(gex_surface_parameters(surface));
    gex_surface_free(surface);
}
END_TEST

/* scipy 1.10, PchipInterpolator on k = log(K / 100), w = vol^2 / 2 and its first two derivatives, at k = -0.15, -0.03,
 * 0.02, 0.11. */
START_TEST(raw_is_the_monotone_cubic_of_another_program)
{
    static const double strike[] = {80, 90, 95, 100, 103, 110, 125},
                        vol[] = {0.31, 0.25, 0.22, 0.20, 0.205, 0.19, 0.21};
    static const double k[] = {-0.15, -0.03, 0.02, 0.11};
#include "golden/pchip.h"
    const double years = 0.5, forward = 100;
    const int32_t expiry = 0;
    gex_raw_columns columns;
    gex_surface *surface = NULL;

    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = GEX_WINGS_FLAT_VOL;
    columns.expiries = 1;
    columns.years = (gex_f64){&years, 0}, columns.forward = (gex_f64){&forward, 0};
    columns.rows = LENGTH(strike);
    columns.expiry = (gex_i32){&expiry, 0};
    columns.strike = (gex_f64){strike, sizeof(double)}, columns.vol = (gex_f64){vol, sizeof(double)};
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(k); i++) {
        const struct answers at = ask(surface, k[i], years);
        check_near("w", at.value[GEX_SURFACE_TOTAL_VARIANCE], pchip[i][0], 1e-15);
        check_near("w'", at.value[GEX_SURFACE_DVARIANCE_DK], pchip[i][1], 1e-13);
        check_near("w''", at.value[GEX_SURFACE_D2VARIANCE_DK2], pchip[i][2], 1e-11);
    }
    gex_surface_free(surface);
}
END_TEST

/* Between neighbouring quotes total variance stays between theirs. */
START_TEST(raw_keeps_the_shape_of_its_quotes)
{
    enum { N = 12 };
    uint64_t seed = 88172645463325252u;

    for (int trial = 0; trial < 200; trial++) {
        double strike[N], vol[N];
        const double years = 0.4, forward = 100;
        const int32_t expiry = 0;
        gex_raw_columns columns;
        gex_surface *surface = NULL;

        for (int i = 0; i < N; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            strike[i] = 70 + 5 * i + (double)(seed % 400) / 100;
            vol[i] = 0.1 + (double)(seed / 1000 % 1000) / 2000;
        }
        gex_raw_columns_init(&columns, sizeof columns);
        columns.wings = GEX_WINGS_LINEAR;
        columns.expiries = 1;
        columns.years = (gex_f64){&years, 0}, columns.forward = (gex_f64){&forward, 0};
        columns.rows = N;
        columns.expiry = (gex_i32){&expiry, 0};
        columns.strike = (gex_f64){strike, sizeof(double)}, columns.vol = (gex_f64){vol, sizeof(double)};
        ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
        for (int i = 0; i + 1 < N; i++) {
            const double low = fmin(vol[i], vol[i + 1]), high = fmax(vol[i], vol[i + 1]);
            for (int j = 0; j <= 10; j++) {
                const double k = log(strike[i] / forward) + j / 10.0 * log(strike[i + 1] / strike[i]);
                const double got = ask(surface, k, years).value[GEX_SURFACE_VOL];
                ck_assert(got >= low * (1 - 1e-14) && got <= high * (1 + 1e-14));
            }
        }
        for (int side = 0; side < 2; side++) { /* beyond: never falling outwards, never faster than Lee's 2 */
            const double end = log(strike[side * (N - 1)] / forward), out = side == 0 ? -1 : 1;
            const double near = variance(surface, end + out * 1, years), far = variance(surface, end + out * 2, years);
            ck_assert(far >= near && far - near <= 2 * (1 + 1e-12));
            ck_assert_int_ge(ask(surface, end + out, years).status, GEX_POINT_ARBITRAGE);
        }
        gex_surface_free(surface);
    }
}
END_TEST

/* ---- derivatives ------------------------------------------------------------------------------------------------ */

/* Fourth-order central differences; the step balances truncation and rounding, the tolerance is a thousand times what
 * is left. */
START_TEST(derivatives_are_those_of_the_values)
{
    gex_surface *surface = _i < 2 ? makers[_i]() : raw(GEX_WINGS_LINEAR);
    static const double times[] = {0.007, 0.02, 0.05, 0.1, 0.2, 0.5, 1.4, 2.0, 3.1};

    for (int t = 0; t < LENGTH(times); t++)
        for (int i = -6; i <= 6; i++) {
            const double T = times[t], k = 0.031 * i * sqrt(T) * (1 + 0.1 * i * i) + 1e-3, h = 1e-3 * sqrt(T);
            const struct answers at = ask(surface, k, T);
            const double w = at.value[GEX_SURFACE_TOTAL_VARIANCE], scale = w / (h * h);
            const double up = variance(surface, k + h, T), down = variance(surface, k - h, T),
                         up2 = variance(surface, k + 2 * h, T), down2 = variance(surface, k - 2 * h, T);
            const double rough = _i == 2 ? 1e3 : 1; /* a cubic spline's second derivative has kinks */

            check_near("w'", at.value[GEX_SURFACE_DVARIANCE_DK], (8 * (up - down) - up2 + down2) / (12 * h),
                       rough * 1e-8 * w / h);
            if (_i != 2)
                check_near("w''", at.value[GEX_SURFACE_D2VARIANCE_DK2],
                           (16 * (up + down) - up2 - down2 - 30 * w) / (12 * h * h), 2e-8 * scale);
            if (T != 0.02 && T != 0.1 && T != 2.0) { /* there the left limit holds */
                const double s = 1e-3 * T;
                const double late = variance(surface, k, T + s), soon = variance(surface, k, T - s);
                const double late2 = variance(surface, k, T + 2 * s), soon2 = variance(surface, k, T - 2 * s);
                check_near("dw/dT", at.value[GEX_SURFACE_FORWARD_VARIANCE],
                           (8 * (late - soon) - late2 + soon2) / (12 * s), rough * 1e-8 * w / s);
            }
        }
    gex_surface_free(surface);
}
END_TEST

/* At an expiry forward variance and local vol are those of the interval that ends there. */
START_TEST(an_expiry_belongs_to_the_interval_before_it)
{
    gex_surface *surface = _i < 2 ? makers[_i]() : raw(GEX_WINGS_LINEAR);

    for (int e = 0; e < EXPIRIES; e++)
        for (int i = -4; i <= 4; i++) {
            const double T = years_of[e], k = 0.05 * i * sqrt(T);
            const struct answers at = ask(surface, k, T), before = ask(surface, k, T * (1 - 1e-9));
            for (int what = 1; what < GEX_SURFACE_K; what++)
                check_near(gex_surface_name(what), before.value[what], at.value[what],
                           1e-6 * fmax(1, fabs(at.value[what])));
        }
    gex_surface_free(surface);
}
END_TEST

/* What follows from f and its derivatives alone. */
START_TEST(outputs_agree_with_each_other)
{
    gex_surface *surface = makers[_i]();

    for (double T = 0.005; T < 4; T *= 1.7)
        for (int i = -5; i <= 5; i++) {
            const double k = 0.06 * i * sqrt(T);
            const struct answers at = ask(surface, k, T);
            const double *v = at.value, w = v[GEX_SURFACE_TOTAL_VARIANCE], f = v[GEX_SURFACE_VOL],
                         strike = v[GEX_SURFACE_FORWARD] * exp(k);

            check_near("w", w, f * f * T, 1e-15 * w * 8);
            check_near("w'", v[GEX_SURFACE_DVARIANCE_DK], 2 * f * v[GEX_SURFACE_DVOL_DK] * T, 1e-12);
            check_near("w''", v[GEX_SURFACE_D2VARIANCE_DK2],
                       2 * T * (v[GEX_SURFACE_DVOL_DK] * v[GEX_SURFACE_DVOL_DK] + f * v[GEX_SURFACE_D2VOL_DK2]), 1e-10);
            check_near("dvol/dK", v[GEX_SURFACE_DVOL_DSTRIKE] * strike, v[GEX_SURFACE_DVOL_DK], 1e-12);
            check_near("d2vol/dK2", v[GEX_SURFACE_D2VOL_DSTRIKE2] * strike * strike,
                       v[GEX_SURFACE_D2VOL_DK2] - v[GEX_SURFACE_DVOL_DK], 1e-9);
            check_near("dvol/dT", v[GEX_SURFACE_FORWARD_VARIANCE], f * f + 2 * f * T * v[GEX_SURFACE_DVOL_DYEARS],
                       1e-12);
            check_near("local vol", v[GEX_SURFACE_LOCAL_VOL] * v[GEX_SURFACE_LOCAL_VOL] * v[GEX_SURFACE_BUTTERFLY],
                       v[GEX_SURFACE_FORWARD_VARIANCE], 1e-12);
            check_near("density of the price", v[GEX_SURFACE_DENSITY_STRIKE] * strike, v[GEX_SURFACE_DENSITY],
                       1e-12 * v[GEX_SURFACE_DENSITY]);
        }
    gex_surface_free(surface);
}
END_TEST

/* ---- prices ----------------------------------------------------------------------------------------------------- */

static double black(double forward, double strike, double deviation, int sign)
{
    const double d1 = log(forward / strike) / deviation + deviation / 2, d2 = d1 - deviation;
    return sign * (forward * 0.5 * erfc(-sign * d1 * sqrt(0.5)) - strike * 0.5 * erfc(-sign * d2 * sqrt(0.5)));
}

/* Simpson over u, k = v sinh(u), from far left to far right; the put's integral ends at its kink. */
START_TEST(density_integrates_to_one_and_prices_options)
{
    gex_surface *surface = makers[_i]();
    static const double times[] = {0.008, 0.02, 0.06, 0.3, 1.3, 2.0, 2.7};
    enum { STEPS = 4000 };

    for (int t = 0; t < LENGTH(times); t++) {
        const double T = times[t], v = sqrt(variance(surface, 0, T)), strike = 0.5 * v, ends[2] = {7, asinh(0.5)};
        double mass[2] = {0, 0}, forward[2] = {0, 0};

        for (int part = 0; part < 2; part++) /* all of it, and what lies below the strike */
            for (int i = 0; i <= STEPS; i++) {
                const double step = (ends[part] + 7) / (double)STEPS, u = -7 + i * step, k = v * sinh(u);
                const double weight = (i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2) * step / 3 * v * cosh(u);
                const double p = ask(surface, k, T).value[GEX_SURFACE_DENSITY];
                ck_assert_msg(p >= 0, "density %g at k %g, T %g", p, k, T);
                mass[part] += weight * p;
                forward[part] += p > 0 ? weight * p * exp(k) : 0;
            }
        check_near("mass", mass[0], 1, 1e-10);
        check_near("forward", forward[0], 1, 1e-10);
        check_near("put", exp(strike) * mass[1] - forward[1],
                   black(1, exp(strike), sqrt(variance(surface, strike, T)), -1), 1e-10);
        check_near("distribution", ask(surface, strike, T).value[GEX_SURFACE_DISTRIBUTION], mass[1], 1e-10);
    }
    gex_surface_free(surface);
}
END_TEST

/* Undiscounted calls over the forward fall and are convex in strike, rise in years at equal k. */
START_TEST(prices_are_free_of_arbitrage_everywhere)
{
    gex_surface *surface = makers[_i]();

    for (double T = 0.001; T < 5; T *= 1.3) {
        const double step = 0.03 * sqrt(variance(surface, 0, T));
        for (int i = -150; i <= 100; i++) {
            const double x[3] = {exp((i - 1) * step), exp(i * step), exp((i + 1) * step)};
            double put[3];
            struct answers at = ask(surface, i * step, T);

            for (int j = 0; j < 3; j++)
                put[j] = black(1, x[j], sqrt(variance(surface, log(x[j]), T)), -1);
            ck_assert(at.status == GEX_POINT_INSIDE || at.status >= GEX_POINT_BEFORE_FIRST);
            ck_assert(put[0] <= put[1] + 1e-15 && put[1] <= put[2] + 1e-15);
            ck_assert_msg((put[2] - put[1]) / (x[2] - x[1]) >= (put[1] - put[0]) / (x[1] - x[0]) - 1e-11, "T %g k %g",
                          T, i * step);
            ck_assert(variance(surface, i * step, T * 1.3) >= variance(surface, i * step, T));
        }
    }
    gex_surface_free(surface);
}
END_TEST

/* The mixture by its definition: prices of the two expiries, one share for all strikes, theta straight in years. */
START_TEST(between_expiries_prices_are_mixed)
{
    gex_surface *surface = svi();
    const double from = 0.1, to = 0.3, T = 0.17;
    const double theta =
        variance(surface, 0, from) + (T - from) / (to - from) * (variance(surface, 0, to) - variance(surface, 0, from));
    double share = 0;

    check_near("theta", variance(surface, 0, T), theta, 1e-15);
    share = (black(1, 1, sqrt(theta), 1) - black(1, 1, sqrt(variance(surface, 0, from)), 1)) /
            (black(1, 1, sqrt(variance(surface, 0, to)), 1) - black(1, 1, sqrt(variance(surface, 0, from)), 1));
    for (int i = -40; i <= 30; i++) {
        const double k = 0.01 * i, K = exp(k);
        const int sign = k < 0 ? -1 : 1;
        const double mixed = (1 - share) * black(1, K, sqrt(variance(surface, k, from)), sign) +
                             share * black(1, K, sqrt(variance(surface, k, to)), sign);
        check_near("price", black(1, K, sqrt(variance(surface, k, T)), sign), mixed, 1e-14);
    }
    gex_surface_free(surface);
}
END_TEST

/* Where prices are far below the smallest double the mixture is still between its parts and smooth. */
START_TEST(the_mixture_reaches_any_wing)
{
    gex_surface *surface = svi();
    double before = 0;

    for (int i = 0; i <= 2000; i++) {
        const double k = -0.01 * i, T = 0.05;
        const struct answers at = ask(surface, k, T);
        const double low = variance(surface, k, 0.02), high = variance(surface, k, 0.1),
                     w = at.value[GEX_SURFACE_TOTAL_VARIANCE];

        ck_assert(w >= low && w <= high);
        ck_assert(isfinite(at.value[GEX_SURFACE_LOCAL_VOL]) && at.value[GEX_SURFACE_BUTTERFLY] >= 0);
        if (i > 30) /* the dearer expiry owns the wing: total variance rises along it */
            ck_assert(w > before && at.value[GEX_SURFACE_DVARIANCE_DK] < 0);
        before = w;
    }
    gex_surface_free(surface);
}
END_TEST

/* ---- identities ------------------------------------------------------------------------------------------------- */

START_TEST(local_vol_of_a_flat_surface_is_its_vol)
{
    enum { N = 3 };
    static const double years[N] = {0.1, 0.5, 1}, forward[N] = {100, 101, 102}, vol[N] = {0.2, 0.2, 0.2},
                        strike[N] = {100, 101, 102};
    static const int32_t expiry[N] = {0, 1, 2};
    gex_raw_columns columns;
    gex_surface *surface = NULL;

    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = GEX_WINGS_FLAT_VOL;
    columns.expiries = columns.rows = N;
    columns.years = (gex_f64){years, sizeof(double)}, columns.forward = (gex_f64){forward, sizeof(double)};
    columns.expiry = (gex_i32){expiry, sizeof(int32_t)};
    columns.strike = (gex_f64){strike, sizeof(double)}, columns.vol = (gex_f64){vol, sizeof(double)};
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
    for (double T = 0.01; T < 3; T *= 1.4)
        for (double k = -1; k <= 1; k += 0.125) {
            const struct answers at = ask(surface, k, T);
            check_near("local vol", at.value[GEX_SURFACE_LOCAL_VOL], 0.2, 1e-14);
            check_near("vol", at.value[GEX_SURFACE_VOL], 0.2, 1e-15);
            check_near("g", at.value[GEX_SURFACE_BUTTERFLY], 1, 1e-14);
        }
    gex_surface_free(surface);
}
END_TEST

/* f, f' and f'' of golden/skew_delta.csv, and the sticky-R total delta and gamma that follow from them (r = q = 0). */
START_TEST(skew_delta_matches)
{
    enum { COLUMNS = 17 };
    FILE *file = fopen(TESTS_DIR "/golden/skew_delta.csv", "r");
    char line[1024];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        double x[COLUMNS], forward, k, total, *const output[3] = {&k, &total, &forward};
        static const int32_t outputs[3] = {GEX_SURFACE_VOL, GEX_SURFACE_DVOL_DK, GEX_SURFACE_D2VOL_DK2};
        char right;
        gex_surface *surface;
        gex_surface_points points;

        if (sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%c,%lf,%lf,%lf,%lf,%lf,%lf,%lf", x, x + 1, x + 2, x + 3,
                   x + 4, x + 5, x + 6, x + 7, x + 8, &right, x + 10, x + 11, x + 12, x + 13, x + 14, x + 15,
                   x + 16) != COLUMNS)
            continue;
        rows++;
        surface = svi_of(1, &x[2], &x[0], (const double(*)[5]) & x[3]);
        gex_surface_points_init(&points, sizeof points);
        points.rows = 1;
        points.strike = (gex_f64){&x[1], 0}, points.years = (gex_f64){&x[2], 0};
        ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, outputs, 3, output, NULL, NULL), GEX_OK);
        check_near("f", k, x[10], 1e-13);
        check_near("f'", total, x[11], 1e-12);
        check_near("f''", forward, x[12], 1e-11);
        {
            const double S = x[0], f1 = total, f2 = forward, R = x[8], s1 = (R - 1) * f1 / S;
            const double s2 = ((R - 1) * (R - 1) * f2 - (R - 1) * f1) / (S * S);
            static const int32_t greeks[] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VEGA, GEX_GREEK_VANNA,
                                             GEX_GREEK_VOMMA};
            double g[5], *const to[5] = {g, g + 1, g + 2, g + 3, g + 4};
            const int8_t side = right == 'C' ? GEX_CALL : GEX_PUT;
            gex_european_columns columns;

            gex_european_columns_init(&columns, sizeof columns);
            columns.rows = 1;
            columns.spot = (gex_f64){&x[0], 0}, columns.strike = (gex_f64){&x[1], 0},
            columns.years = (gex_f64){&x[2], 0};
            columns.vol = (gex_f64){&k, 0}, columns.right = (gex_i8){&side, 0};
            ck_assert_int_eq(gex_european(NULL, &columns, greeks, 5, to, NULL, NULL), GEX_OK);
            check_near("total delta", g[0] + g[2] * s1, x[15], 1e-12);
            check_near("total gamma", g[1] + 2 * g[3] * s1 + g[4] * s1 * s1 + g[2] * s2, x[16], 1e-12);
        }
        gex_surface_free(surface);
    }
    fclose(file);
    ck_assert_int_eq(rows, 12);
}
END_TEST

/* ---- forwards and places ---------------------------------------------------------------------------------------- */

START_TEST(forwards_between_expiries)
{
    gex_surface *with_spot = raw(GEX_WINGS_LINEAR), *without = svi();

    ck_assert_double_eq(ask(with_spot, 0, 0.1).value[GEX_SURFACE_FORWARD], 4520);
    check_near("log-linear", log(ask(with_spot, 0, 0.2).value[GEX_SURFACE_FORWARD]), (log(4520) + log(4570)) / 2,
               1e-14);
    check_near("from spot", log(ask(with_spot, 0, 0.01).value[GEX_SURFACE_FORWARD]), (log(4495) + log(4500)) / 2,
               1e-14);
    ck_assert_double_eq(ask(with_spot, 0, 0).value[GEX_SURFACE_FORWARD], 4495);
    ck_assert_double_eq(ask(without, 0, 0.01).value[GEX_SURFACE_FORWARD], 4500);
    check_near("on", log(ask(without, 0, 3.1).value[GEX_SURFACE_FORWARD]), log(4900) + log(4900.0 / 4700), 1e-14);
    gex_surface_free(with_spot);
    gex_surface_free(without);
}
END_TEST

START_TEST(a_strike_and_its_k_are_one_point)
{
    gex_surface *surface = svi();
    const double strike = 4321, years = 0.1, given = 4600;
    double by_strike, by_k, *const output[2] = {&by_strike, &by_k}, k;
    const int32_t what = GEX_SURFACE_VOL;
    gex_surface_points points;

    for (int own = 0; own < 2; own++) {
        gex_surface_points_init(&points, sizeof points);
        points.rows = 1;
        points.strike = (gex_f64){&strike, 0}, points.years = (gex_f64){&years, 0};
        if (!own)
            points.forward = (gex_f64){&given, 0};
        ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, &what, 1, &output[0], NULL, NULL), GEX_OK);
        k = log(strike / (own ? 4520 : given));
        points.strike.data = NULL;
        points.k = (gex_f64){&k, 0};
        ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, &what, 1, &output[1], NULL, NULL), GEX_OK);
        check_near("vol", by_strike, by_k, 1e-15);
    }
    gex_surface_free(surface);
}
END_TEST

START_TEST(points_say_where_they_are)
{
    gex_surface *surface = raw(GEX_WINGS_LINEAR),
                *bad = svi_of(1, years_of, forward_of, (const double[1][5]){{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153}});
    static const double no_k[] = {NAN, INFINITY, -INFINITY, 701, -1e300},
                        no_years[] = {NAN, INFINITY, -INFINITY, -1e-300};

    ck_assert_int_eq(ask(surface, 0, 0.05).status, GEX_POINT_INSIDE);
    ck_assert_int_eq(ask(surface, 0, 0.02).status, GEX_POINT_INSIDE);
    ck_assert_int_eq(ask(surface, 0, 2.0).status, GEX_POINT_INSIDE);
    ck_assert_int_eq(ask(surface, 0, 0.01).status, GEX_POINT_BEFORE_FIRST);
    ck_assert_int_eq(ask(surface, 0, 2.1).status, GEX_POINT_AFTER_LAST);
    ck_assert_int_eq(ask(surface, -3, 0.05).status, GEX_POINT_BEYOND_STRIKES);
    ck_assert_int_eq(ask(surface, 0, 0).status, GEX_POINT_NO_TIME);
    ck_assert_double_eq(ask(surface, 0.1, 0).value[GEX_SURFACE_TOTAL_VARIANCE], 0);
    ck_assert_double_nan(ask(surface, 0.1, 0).value[GEX_SURFACE_VOL]);
    ck_assert_int_eq(ask(bad, 0.9, 0.02).status, GEX_POINT_ARBITRAGE);
    ck_assert_double_lt(ask(bad, 0.9, 0.02).value[GEX_SURFACE_DENSITY], 0);
    ck_assert_double_nan(ask(bad, 0.9, 0.02).value[GEX_SURFACE_LOCAL_VOL]);
    for (int i = 0; i < LENGTH(no_k); i++) {
        const struct answers at = ask(surface, no_k[i], 0.05);
        ck_assert_int_eq(at.status, GEX_POINT_DOMAIN);
        for (int what = 1; what <= GEX_SURFACE_LAST_; what++)
            ck_assert_double_nan(at.value[what]);
    }
    for (int i = 0; i < LENGTH(no_years); i++)
        ck_assert_int_eq(ask(surface, 0, no_years[i]).status, GEX_POINT_DOMAIN);
    gex_surface_free(surface);
    gex_surface_free(bad);
}
END_TEST

Suite *suite_surface(void)
{
    Suite *suite = suite_create("surface");
    TCase *tcase = tcase_create("surface");

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, raw_gives_its_quotes_back);
    tcase_add_test(tcase, raw_is_the_monotone_cubic_of_another_program);
    tcase_add_test(tcase, raw_keeps_the_shape_of_its_quotes);
    tcase_add_loop_test(tcase, derivatives_are_those_of_the_values, 0, 3);
    tcase_add_loop_test(tcase, an_expiry_belongs_to_the_interval_before_it, 0, 3);
    tcase_add_loop_test(tcase, outputs_agree_with_each_other, 0, 2);
    tcase_add_loop_test(tcase, density_integrates_to_one_and_prices_options, 0, 2);
    tcase_add_loop_test(tcase, prices_are_free_of_arbitrage_everywhere, 0, 2);
    tcase_add_test(tcase, between_expiries_prices_are_mixed);
    tcase_add_test(tcase, the_mixture_reaches_any_wing);
    tcase_add_test(tcase, local_vol_of_a_flat_surface_is_its_vol);
    tcase_add_test(tcase, skew_delta_matches);
    tcase_add_test(tcase, forwards_between_expiries);
    tcase_add_test(tcase, a_strike_and_its_k_are_one_point);
    tcase_add_test(tcase, points_say_where_they_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
