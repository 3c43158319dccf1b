/* SPDX-License-Identifier: Apache-2.0 */
/* Surfaces the suites share: five expiries as SVI, as SSVI and as quotes, and one question at a time. */
#ifndef GEX_TESTS_SURFACES_H
#define GEX_TESTS_SURFACES_H

#include <check.h>
#include <math.h>
#include <string.h>

#include <gex.h>

#include "market/surface.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

static inline void check_near(const char *what, double got, double wanted, double tolerance)
{
    ck_assert_msg(fabs(got - wanted) <= tolerance, "%s: %.17g, expected %.17g, off by %g of %g", what, got, wanted,
                  got - wanted, tolerance);
}

/* ---- surfaces --------------------------------------------------------------------------------------------------- */

/* Five slices without arbitrage, years 0.02 to 2: those of an SSVI with a bend of its own in each (least g 0.1 or
 * more). */
enum { EXPIRIES = 5 };
static const double years_of[EXPIRIES] = {0.02, 0.1, 0.3, 0.9, 2.0};
static const double forward_of[EXPIRIES] = {4500, 4520, 4570, 4700, 4900};
static const double slices_of[EXPIRIES][5] = {
    {0.0002, 0.012, -0.45, 0.004, 0.025}, {0.0012, 0.035, -0.55, 0.01, 0.06}, {0.0040, 0.070, -0.55, 0.03, 0.12},
    {0.0120, 0.130, -0.55, 0.07, 0.22},   {0.0300, 0.200, -0.55, 0.13, 0.35},
};

static inline gex_surface *svi_of(int64_t expiries, const double *years, const double *forward,
                                  const double (*slices)[5])
{
    gex_svi_columns columns;
    gex_surface *surface = NULL;
    gex_error error = {0};

    gex_svi_columns_init(&columns, sizeof columns);
    columns.expiries = expiries;
    columns.years = (gex_f64){years, sizeof(double)}, columns.forward = (gex_f64){forward, sizeof(double)};
    columns.a = (gex_f64){&slices[0][0], sizeof *slices}, columns.b = (gex_f64){&slices[0][1], sizeof *slices};
    columns.rho = (gex_f64){&slices[0][2], sizeof *slices}, columns.m = (gex_f64){&slices[0][3], sizeof *slices};
    columns.s = (gex_f64){&slices[0][4], sizeof *slices};
    ck_assert_msg(gex_surface_create_svi(NULL, &columns, &surface, &error) == GEX_OK, "%s", error.message);
    return surface;
}

static inline gex_surface *svi(void)
{
    return svi_of(EXPIRIES, years_of, forward_of, slices_of);
}

static inline gex_surface *ssvi(void)
{
    static const double theta[EXPIRIES] = {0.0006, 0.004, 0.013, 0.04, 0.09};
    gex_ssvi_columns columns;
    gex_surface *surface = NULL;

    gex_ssvi_columns_init(&columns, sizeof columns);
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){years_of, sizeof(double)}, columns.forward = (gex_f64){forward_of, sizeof(double)};
    columns.theta = (gex_f64){theta, sizeof(double)};
    columns.rho = -0.6, columns.eta = 1.2, columns.gamma = 0.4;
    ck_assert_int_eq(gex_surface_create_ssvi(NULL, &columns, &surface, NULL), GEX_OK);
    return surface;
}

/* Quotes of the SVI surface on a grid that is finer near the money. */
enum { PER_EXPIRY = 61, QUOTES = EXPIRIES * PER_EXPIRY };
struct quotes {
    double strike[QUOTES], vol[QUOTES];
    int32_t expiry[QUOTES];
};

static inline void put_quotes(struct quotes *quotes)
{
    for (int i = 0; i < QUOTES; i++) {
        const int e = i / PER_EXPIRY;
        const double u = (double)(i % PER_EXPIRY - PER_EXPIRY / 2) / (PER_EXPIRY / 2),
                     k = 4 * sqrt(slices_of[e][0]) * u * (1 + 2 * u * u);
        const struct gex__svi slice = {slices_of[e][0], slices_of[e][1], slices_of[e][2], slices_of[e][3],
                                       slices_of[e][4]};

        quotes->strike[i] = forward_of[e] * exp(k);
        quotes->vol[i] = sqrt(gex__svi_at(&slice, k).w / years_of[e]);
        quotes->expiry[i] = e;
    }
}

static inline gex_raw_columns raw_columns(const struct quotes *quotes, int32_t wings)
{
    gex_raw_columns columns;

    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = wings;
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){years_of, sizeof(double)}, columns.forward = (gex_f64){forward_of, sizeof(double)};
    columns.spot = 4495;
    columns.rows = QUOTES;
    columns.expiry = (gex_i32){quotes->expiry, sizeof(int32_t)};
    columns.strike = (gex_f64){quotes->strike, sizeof(double)};
    columns.vol = (gex_f64){quotes->vol, sizeof(double)};
    return columns;
}

static inline gex_surface *raw(int32_t wings)
{
    struct quotes quotes;
    gex_raw_columns columns;
    gex_surface *surface = NULL;

    put_quotes(&quotes);
    columns = raw_columns(&quotes, wings);
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
    return surface;
}

static gex_surface *(*const makers[])(void) = {svi, ssvi};

struct answers {
    double value[GEX_SURFACE_LAST_ + 1];
    uint8_t status;
};

static inline struct answers ask(const gex_surface *surface, double k, double years)
{
    int32_t outputs[GEX_SURFACE_LAST_];
    double *values[GEX_SURFACE_LAST_];
    struct answers out;
    gex_surface_points points;

    gex_surface_points_init(&points, sizeof points);
    points.rows = 1;
    points.k = (gex_f64){&k, 0};
    points.years = (gex_f64){&years, 0};
    for (int i = 0; i < GEX_SURFACE_LAST_; i++) {
        outputs[i] = i + 1;
        values[i] = &out.value[i + 1];
    }
    ck_assert_int_eq(
        gex_surface_evaluate(NULL, surface, &points, outputs, GEX_SURFACE_LAST_, values, &out.status, NULL), GEX_OK);
    return out;
}

static inline double variance(const gex_surface *surface, double k, double years)
{
    return ask(surface, k, years).value[GEX_SURFACE_TOTAL_VARIANCE];
}

#endif
