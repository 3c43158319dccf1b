/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static arbitrage of a surface: for every slice a number its g is nowhere below, and one by which it is above the
 * slice before. What is not proved is counted as a violation. Proofs: svi_prove.c, raw_prove.c, mixture_prove.c.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "prove.h"

static const double none = (double)NAN;

struct gex_surface_report {
    struct gex__object object;
    int64_t expiries, count[4]; /* by GEX_ARBITRAGE_*; [0] all */
    double *butterfly, *butterfly_at, *calendar, *calendar_at, *left, *right;
    uint8_t *crosses; /* a calendar spread beyond the tolerance, or none that is excluded */
};

/* ---- one slice and two ------------------------------------------------------------------------------------------- */

static double butterfly_of(const gex_surface *surface, const struct gex__slice *slice, double *at)
{
    switch (surface->form) {
    case GEX_FORM_RAW:
        return gex__raw_butterfly(surface, slice, at);
    case GEX_FORM_MIXTURE: /* a density that is a sum of densities */
        return 0;
    default:
        return gex__svi_butterfly(&slice->svi, at);
    }
}

/* Far out, where no price is left, slopes decide, or for mixtures the deviation of the widest lognormal. */
static bool wings_cross(const gex_surface *surface, const struct gex__slice *slice, double tolerance, double *at)
{
    const struct gex__slice *before = slice - 1;
    double slope[2][2], rounding = 0;

    for (int i = 0; i < 2; i++) {
        slope[0][i] = gex__slice_slope(surface, before, 2 * i - 1);
        slope[1][i] = gex__slice_slope(surface, slice, 2 * i - 1);
        /* b (1 - rho) is known to an ulp of b: slopes meant to be equal cross where no strike is */
        rounding += 4 * DBL_EPSILON * (slope[0][i] + slope[1][i]);
    }
    for (int i = 0; i < 2; i++)
        if (slope[1][i] < slope[0][i] * (1 - tolerance) - rounding) {
            *at = i == 0 ? -HUGE_VAL : HUGE_VAL;
            return true;
        }
    *at = HUGE_VAL;
    return slice->widest < before->widest * (1 - tolerance);
}

/* Total variance `share` of which is that of the slice before. */
static double above_of(const gex_surface *surface, const struct gex__slice *slice, double share, double *at)
{
    struct gex__svi before;

    if (surface->form == GEX_FORM_RAW)
        return gex__raw_above(surface, slice, share, at);
    before = slice[-1].svi;
    before.a *= share;
    before.b *= share;
    return gex__svi_above(&before, &slice->svi, at);
}

/* @return whether there is none beyond the tolerance. Total variance of SSVI rises with theta at every k, whatever rho,
 *                 eta and gamma: (1 - gamma) / (1 + theta), of Gatheral and Jacquier's theorem 4.1, is within 0 and 1.
 *                 */
static bool calendar_of(const gex_surface *surface, const struct gex__slice *slice, double tolerance, double *least,
                        double *at)
{
    double place;

    if (wings_cross(surface, slice, tolerance, at)) {
        *least = -HUGE_VAL;
        return false;
    }
    if (surface->form == GEX_FORM_MIXTURE) {
        const double most = fmax(tolerance, GEX_MIXTURE_TOLERANCE);

        *least = gex__mixture_above(surface, slice, most, at);
        return *least >= -most;
    }
    *least = above_of(surface, slice, 1, at);
    if (surface->form == GEX_FORM_SSVI && slice->theta >= slice[-1].theta)
        *least = fmax(*least, 0);
    return *least >= 0 || (tolerance > 0 && above_of(surface, slice, 1 - tolerance, &place) >= 0);
}

gex_status gex_svi_calendar(const double *earlier, const double *later, double *least_out, double *at_out,
                            gex_error *error)
{
    const gex_surface surface = {.form = GEX_FORM_SVI};
    struct gex__slice slices[2] = {{.nodes = 0}};
    struct gex__guest guest;
    gex_status status = GEX_OK;
    double least, at;

    if (earlier == NULL || later == NULL || least_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "earlier, later and least_out are required");
    gex__guest_enter(&guest);
    slices[0].svi = (struct gex__svi){earlier[0], earlier[1], earlier[2], earlier[3], earlier[4]};
    slices[1].svi = (struct gex__svi){later[0], later[1], later[2], later[3], later[4]};
    if (!gex__svi_allowed(&slices[0].svi) || !gex__svi_allowed(&slices[1].svi)) {
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "one of the two is no raw SVI slice");
    } else {
        (void)calendar_of(&surface, &slices[1], 0, &least, &at);
        *least_out = least;
        if (at_out != NULL)
            *at_out = at;
    }
    gex__guest_leave(&guest);
    return status;
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

struct checking {
    const gex_surface *surface;
    gex_surface_report *report;
    double tolerance;
};

static void check_task(void *arg, int64_t i)
{
    const struct checking *job = arg;
    const struct gex__slice *slice = &job->surface->slice[i];
    gex_surface_report *report = job->report;
    const int64_t place = slice->place;

    report->butterfly[place] = butterfly_of(job->surface, slice, &report->butterfly_at[place]);
    report->left[place] = gex__slice_slope(job->surface, slice, -1);
    report->right[place] = gex__slice_slope(job->surface, slice, 1);
    if (i > 0)
        report->crosses[place] = !calendar_of(job->surface, slice, job->tolerance, &report->calendar[place],
                                              &report->calendar_at[place]);
}

static void count(const struct checking *job)
{
    gex_surface_report *report = job->report;

    for (int64_t i = 0; i < job->surface->used; i++) {
        const int64_t place = job->surface->slice[i].place;

        report->count[GEX_ARBITRAGE_BUTTERFLY] += !(report->butterfly[place] >= -job->tolerance);
        report->count[GEX_ARBITRAGE_WING] += fmax(report->left[place], report->right[place]) > 2 + job->tolerance;
        report->count[GEX_ARBITRAGE_CALENDAR] += report->crosses[place];
    }
    report->count[0] = report->count[1] + report->count[2] + report->count[3];
}

static gex_surface_report *report_make(const gex_context *context, int64_t expiries)
{
    struct gex__layout layout = {0};
    const int64_t head = gex__layout_add(&layout, 1, sizeof(gex_surface_report));
    const int64_t body = gex__layout_add(&layout, 6 * expiries, sizeof(double));
    const int64_t crosses = gex__layout_add(&layout, expiries, 1);
    gex_surface_report *report = gex__object_create(context, &layout, NULL);
    double *values;

    if (report == NULL)
        return NULL;
    values = (double *)(void *)((char *)report + (body - head));
    for (int64_t i = 0; i < 6 * expiries; i++)
        values[i] = none;
    report->expiries = expiries;
    report->crosses = (uint8_t *)report + (crosses - head);
    memset(report->crosses, 0, (size_t)expiries);
    report->butterfly = values, report->butterfly_at = values + expiries;
    report->calendar = values + 2 * expiries, report->calendar_at = values + 3 * expiries;
    report->left = values + 4 * expiries, report->right = values + 5 * expiries;
    return report;
}

static gex_status check(const gex_context *context, struct checking *job, gex_surface_report **out, gex_error *error)
{
    if (!(job->tolerance >= 0 && isfinite(job->tolerance)))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "tolerance is {g}: it must be finite and not below zero",
                         job->tolerance);
    job->report = report_make(context, job->surface->expiries);
    if (job->report == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a report on {i} expiries", job->surface->expiries);
    if (!gex__run(context, check_task, job, job->surface->used)) {
        gex_surface_report_free(job->report);
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    }
    count(job);
    *out = job->report;
    return GEX_OK;
}

gex_status gex_surface_check(const gex_context *context, const gex_surface *surface, double tolerance,
                             gex_surface_report **out, gex_error *error)
{
    struct checking job = {surface, NULL, tolerance};
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (surface == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "surface and out are required");
    gex__guest_enter(&guest);
    status = check(context, &job, out, error);
    gex__guest_leave(&guest);
    return status;
}

void gex_surface_report_free(gex_surface_report *report)
{
    gex__object_release(report);
}

int64_t gex_surface_report_count(const gex_surface_report *report, int32_t arbitrage)
{
    return report != NULL && arbitrage >= 0 && arbitrage <= GEX_ARBITRAGE_WING ? report->count[arbitrage] : 0;
}

#define READ(name, field)                                                                                              \
    const double *gex_surface_report_##name(const gex_surface_report *report)                                          \
    {                                                                                                                  \
        return report != NULL ? report->field : NULL;                                                                  \
    }
READ(butterfly, butterfly)
READ(butterfly_at, butterfly_at)
READ(calendar, calendar)
READ(calendar_at, calendar_at)
READ(left_slope, left)
READ(right_slope, right)
