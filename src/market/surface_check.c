/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static arbitrage of a surface: least g of every slice, least rise of total variance from each to the next.
 *
 * A slice is sampled at its own places: SVI over m + s sinh(u), a mixture likewise, a raw slice at its nodes, between them, and doubling
 * the distance beyond. Around each sample that is lower than its neighbours the minimum is found by golden section.
 */
#include <float.h>
#include <math.h>

#include "surface.h"

enum { PER_INTERVAL = 8, BEYOND = 48 };

static const double none = (double)NAN;

struct gex_surface_report {
    struct gex__object object;
    int64_t expiries, count[4]; /* by GEX_ARBITRAGE_*; [0] all */
    double *butterfly, *butterfly_at, *calendar, *calendar_at, *left, *right;
};

/* Two smiles of a surface; `earlier` NULL for the butterfly of `slice` alone. */
struct pair {
    const gex_surface *surface;
    const struct gex__slice *slice, *earlier;
};

/* ---- where to look ---------------------------------------------------------------------------------------------- */

static int64_t samples_of(const gex_surface *surface, const struct gex__slice *slice)
{
    return surface->form != GEX_FORM_RAW ? GEX_SVI_SAMPLES : (slice->nodes - 1) * PER_INTERVAL + 1 + 2 * BEYOND;
}

/* A mixture's own places are about the forward, as wide as its narrowest component. */
static struct gex__svi_sampler sampler_of(const gex_surface *surface, const struct gex__slice *slice)
{
    const struct gex__svi around = {.s = slice->narrowest};
    return gex__svi_sampler_of(surface->form == GEX_FORM_MIXTURE ? &around : &slice->svi);
}

/* Ascending in i. Beyond the ends of a raw slice: 1e-9 farther, then 1.7 times that, and so on out to 67. */
static double sample_at(const gex_surface *surface, const struct gex__slice *slice,
                        const struct gex__svi_sampler *sampler, int64_t i)
{
    const int64_t inner = (slice->nodes - 1) * PER_INTERVAL;
    const double *k;

    if (surface->form != GEX_FORM_RAW)
        return gex__svi_sample(sampler, i);
    k = surface->k + slice->first;
    i -= BEYOND;
    if (i < 0)
        return k[0] - 1e-9 * pow(1.7, (double)(-1 - i));
    if (i > inner)
        return k[slice->nodes - 1] + 1e-9 * pow(1.7, (double)(i - inner - 1));
    if (i == inner)
        return k[slice->nodes - 1];
    return k[i / PER_INTERVAL] +
           (k[i / PER_INTERVAL + 1] - k[i / PER_INTERVAL]) * (double)(i % PER_INTERVAL) / (double)PER_INTERVAL;
}

/* ---- least values ----------------------------------------------------------------------------------------------- */

static double value_at(const void *user, double k)
{
    const struct pair *pair = user;
    bool beyond = false;
    const struct gex__smile at = gex__slice_at(pair->surface, pair->slice, k, &beyond);

    return pair->earlier == NULL ? gex__smile_g(&at, k)
                                 : at.w - gex__slice_at(pair->surface, pair->earlier, k, &beyond).w;
}

/* The least of `pair` over the samples of one of its slices, if it is below *least. */
static void search(const struct pair *pair, const struct gex__slice *at, double *least, double *least_at)
{
    const int64_t count = samples_of(pair->surface, at);
    const struct gex__svi_sampler sampler = sampler_of(pair->surface, at);
    double k[3], value[3];

    k[1] = k[2] = sample_at(pair->surface, at, &sampler, 0);
    value[1] = value[2] = value_at(pair, k[2]);
    for (int64_t i = 0; i < count; i++) {
        double place;

        k[0] = k[1], value[0] = value[1];
        k[1] = k[2], value[1] = value[2];
        if (i + 1 < count) {
            k[2] = sample_at(pair->surface, at, &sampler, i + 1);
            value[2] = value_at(pair, k[2]);
        }
        if (value[1] > value[0] || value[1] > value[2])
            continue;
        place = k[0] < k[1] && k[1] < k[2] ? gex__golden(value_at, pair, k[0], k[1], k[2]) : k[1];
        value[0] = value_at(pair, place); /* no longer needed as a neighbour */
        if (value[0] < *least) {
            *least = value[0];
            *least_at = place;
        }
    }
}

/* A kink that bends down is a density below zero in one point. PCHIP is smooth inside; the ends may kink. */
static void kinks(const gex_surface *surface, const struct gex__slice *slice, double *least, double *least_at)
{
    const double *slope = surface->slope + slice->first, *k = surface->k + slice->first;
    const int64_t last = slice->nodes - 1;

    if (last == 0)
        return;
    if (slope[0] < -slice->left) {
        *least = -HUGE_VAL;
        *least_at = k[0];
    } else if (slope[last] > slice->right) {
        *least = -HUGE_VAL;
        *least_at = k[last];
    }
}

static void butterfly_of(const gex_surface *surface, const struct gex__slice *slice, double *least, double *least_at)
{
    const struct pair alone = {surface, slice, NULL};

    *least = HUGE_VAL;
    *least_at = none;
    if (surface->form == GEX_FORM_SVI || surface->form == GEX_FORM_SSVI) {
        *least = gex__svi_butterfly(&slice->svi, least_at);
        return;
    }
    search(&alone, slice, least, least_at);
    if (surface->form == GEX_FORM_RAW)
        kinks(surface, slice, least, least_at);
    for (int32_t side = -1; side <= 1; side += 2) {
        const double slope = gex__slice_slope(surface, slice, side), limit = slope > 0 ? 0.25 - slope * slope / 16 : 1;
        if (limit < *least) {
            *least = limit;
            *least_at = side * HUGE_VAL;
        }
    }
}

static void calendar_of(const gex_surface *surface, const struct gex__slice *slice, double tolerance, double *least,
                        double *least_at)
{
    const struct pair pair = {surface, slice, slice - 1};
    /* b (1 - rho) is known to an ulp of b: slopes meant to be equal cross where no strike is */
    const double rounding = 4 * DBL_EPSILON *
                            (gex__slice_slope(surface, slice, -1) + gex__slice_slope(surface, slice, 1) +
                             gex__slice_slope(surface, slice - 1, -1) + gex__slice_slope(surface, slice - 1, 1));

    *least = HUGE_VAL;
    *least_at = none;
    search(&pair, slice, least, least_at);
    search(&pair, slice - 1, least, least_at);
    for (int32_t side = -1; side <= 1; side += 2)
        if (gex__slice_slope(surface, slice, side) <
            gex__slice_slope(surface, slice - 1, side) * (1 - tolerance) - rounding) {
            *least = -HUGE_VAL;
            *least_at = side * HUGE_VAL;
        }
    if (slice->widest < (slice - 1)->widest * (1 - tolerance)) { /* mixtures: w far out is that of the widest */
        *least = -HUGE_VAL;
        *least_at = HUGE_VAL;
    }
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
        calendar_of(&surface, &slices[1], 0, &least, &at);
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

    butterfly_of(job->surface, slice, &report->butterfly[place], &report->butterfly_at[place]);
    report->left[place] = gex__slice_slope(job->surface, slice, -1);
    report->right[place] = gex__slice_slope(job->surface, slice, 1);
    if (i > 0)
        calendar_of(job->surface, slice, job->tolerance, &report->calendar[place], &report->calendar_at[place]);
}

static void count(const struct checking *job)
{
    gex_surface_report *report = job->report;

    for (int64_t i = 0; i < job->surface->used; i++) {
        const struct gex__slice *slice = &job->surface->slice[i];
        const int64_t place = slice->place;
        const double at = report->calendar_at[place];

        report->count[GEX_ARBITRAGE_BUTTERFLY] += report->butterfly[place] < -job->tolerance;
        report->count[GEX_ARBITRAGE_WING] += fmax(report->left[place], report->right[place]) > 2 + job->tolerance;
        if (i > 0 && report->calendar[place] < 0)
            report->count[GEX_ARBITRAGE_CALENDAR] +=
                isinf(report->calendar[place]) ||
                report->calendar[place] <
                    -job->tolerance * gex__slice_at(job->surface, slice - 1, at, &(bool){false}).w;
    }
    report->count[0] = report->count[1] + report->count[2] + report->count[3];
}

static gex_surface_report *report_make(const gex_context *context, int64_t expiries)
{
    struct gex__layout layout = {0};
    const int64_t head = gex__layout_add(&layout, 1, sizeof(gex_surface_report));
    const int64_t body = gex__layout_add(&layout, 6 * expiries, sizeof(double));
    gex_surface_report *report = gex__object_create(context, &layout, NULL);
    double *values;

    if (report == NULL)
        return NULL;
    values = (double *)(void *)((char *)report + (body - head));
    for (int64_t i = 0; i < 6 * expiries; i++)
        values[i] = none;
    report->expiries = expiries;
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
