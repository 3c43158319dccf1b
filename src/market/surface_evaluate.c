/* SPDX-License-Identifier: Apache-2.0 */
/* A surface asked at many points. */
#include <math.h>
#include <string.h>

#include "surface.h"

enum { POINTS_0_1 = offsetof(gex_surface_points, forward) + sizeof(gex_f64), TASK_ROWS = 512, MAX_OUTPUTS = 64 };
_Static_assert(sizeof(void *) != 8 || POINTS_0_1 == 80, "the first size is part of the ABI");
#define K_MOST 700.0 /* exp(K_MOST) is a double */

static const double none = (double)NAN;

void gex_surface_points_init(gex_surface_points *points, uint32_t struct_size)
{
    static const gex_surface_points defaults = {.rows = 0};
    gex__options_init(points, struct_size, &defaults, sizeof defaults);
}

struct evaluation {
    const gex_surface *surface;
    gex_surface_points points;
    double *values[GEX_SURFACE_LAST_ + 1]; /* by output; NULL where nobody asks */
    uint8_t *status;
};

static double normal(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

static double gauss(double x)
{
    return 0.39894228040143267794 * exp(-x * x / 2);
}

/* Everything that can be asked, at one point that is sound. f = sqrt(w / T): f' = w' / (2 f T), f'' = (w'' - w'^2 / 2w)
 * / (2 f T). */
static void answer(const struct gex__point *at, double k, double strike, double years, double *out)
{
    const struct gex__smile *smile = &at->smile;
    const double v = sqrt(smile->w), vol = sqrt(smile->w / years), per = 1 / (2 * vol * years), d2 = -k / v - v / 2;
    const double first = smile->w1 * per, second = (smile->w2 - smile->w1 * smile->w1 / (2 * smile->w)) * per;
    const double g = gex__smile_g(smile, k);

    out[GEX_SURFACE_TOTAL_VARIANCE] = smile->w;
    out[GEX_SURFACE_VOL] = vol;
    out[GEX_SURFACE_DVOL_DSTRIKE] = first / strike;
    out[GEX_SURFACE_D2VOL_DSTRIKE2] = (second - first) / strike / strike;
    out[GEX_SURFACE_DVOL_DK] = first;
    out[GEX_SURFACE_D2VOL_DK2] = second;
    out[GEX_SURFACE_DVOL_DYEARS] = (at->w_years - smile->w / years) * per;
    out[GEX_SURFACE_DVARIANCE_DK] = smile->w1;
    out[GEX_SURFACE_D2VARIANCE_DK2] = smile->w2;
    out[GEX_SURFACE_FORWARD_VARIANCE] = at->w_years;
    out[GEX_SURFACE_BUTTERFLY] = g;
    out[GEX_SURFACE_LOCAL_VOL] = g > 0 && at->w_years >= 0 ? sqrt(at->w_years / g) : none;
    out[GEX_SURFACE_DENSITY] = g * gauss(d2) / v;
    out[GEX_SURFACE_DENSITY_STRIKE] = out[GEX_SURFACE_DENSITY] / strike;
    out[GEX_SURFACE_DISTRIBUTION] = normal(-d2) + gauss(d2) * smile->w1 / (2 * v);
}

/* @return GEX_POINT_* */
static uint8_t evaluate(const gex_surface *surface, double strike, double k, double years, double forward,
                        bool by_strike, double *out)
{
    const struct gex__slice *slice = surface->slice;
    struct gex__point at;

    for (int i = 1; i <= GEX_SURFACE_LAST_; i++)
        out[i] = none;
    if (!(years >= 0 && isfinite(years)))
        return GEX_POINT_DOMAIN;
    if (isnan(forward))
        forward = gex__surface_forward(surface, years);
    if (by_strike)
        k = log1p((strike - forward) / forward);
    else
        strike = forward * exp(k);
    if (!(forward > 0 && isfinite(forward) && strike > 0 && isfinite(strike) && fabs(k) <= K_MOST))
        return GEX_POINT_DOMAIN;
    out[GEX_SURFACE_K] = k;
    out[GEX_SURFACE_FORWARD] = forward;
    out[GEX_SURFACE_TOTAL_VARIANCE] = 0;
    if (years == 0)
        return GEX_POINT_NO_TIME;
    at = gex__surface_at(surface, k, years);
    if (!(at.smile.w > 0 && isfinite(at.smile.w))) {
        out[GEX_SURFACE_TOTAL_VARIANCE] = at.smile.w;
        return GEX_POINT_ARBITRAGE;
    }
    answer(&at, k, strike, years, out);
    if (!(out[GEX_SURFACE_BUTTERFLY] >= 0 && at.w_years >= 0))
        return GEX_POINT_ARBITRAGE;
    return at.beyond                                ? GEX_POINT_BEYOND_STRIKES
           : years < slice[0].years                 ? GEX_POINT_BEFORE_FIRST
           : years > slice[surface->used - 1].years ? GEX_POINT_AFTER_LAST
                                                    : GEX_POINT_INSIDE;
}

static void evaluate_task(void *arg, int64_t task)
{
    const struct evaluation *job = arg;
    const gex_surface_points *points = &job->points;
    const int64_t end = (task + 1) * TASK_ROWS < points->rows ? (task + 1) * TASK_ROWS : points->rows;
    const bool by_strike = points->strike.data != NULL;

    for (int64_t i = task * TASK_ROWS; i < end; i++) {
        const double given = gex__f64_at(by_strike ? points->strike : points->k, i),
                     years = gex__f64_at(points->years, i);
        double forward = none, out[GEX_SURFACE_LAST_ + 1];
        uint8_t status;

        if (points->forward.data != NULL) {
            forward = gex__f64_at(points->forward, i);
            if (isnan(forward)) /* given, and no number: not the same as absent */
                forward = -1;
        }
        status = evaluate(job->surface, given, given, years, forward, by_strike, out);
        for (int output = 1; output <= GEX_SURFACE_LAST_; output++)
            if (job->values[output] != NULL)
                job->values[output][i] = out[output];
        if (job->status != NULL)
            job->status[i] = status;
    }
}

static gex_status points_take(const gex_surface_points *theirs, gex_surface_points *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, POINTS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "points: struct_size {u}; fill them with gex_surface_points_init()", theirs->struct_size);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "points: reserved must be zero");
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->rows > 0 && ((mine->strike.data == NULL) == (mine->k.data == NULL) || mine->years.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "column years and one of strike and k are required");
    if (!gex__stride_fits(mine->strike.data, mine->strike.stride, mine->rows) ||
        !gex__stride_fits(mine->k.data, mine->k.stride, mine->rows) ||
        !gex__stride_fits(mine->years.data, mine->years.stride, mine->rows) ||
        !gex__stride_fits(mine->forward.data, mine->forward.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    return GEX_OK;
}

static gex_status outputs_take(struct evaluation *job, const int32_t *outputs, int64_t count, double *const *values,
                               gex_error *error)
{
    if (count < 0 || count > MAX_OUTPUTS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} outputs: between 0 and {i} are possible", count,
                         (int64_t)MAX_OUTPUTS);
    for (int64_t i = 0; i < count; i++) {
        if (outputs[i] < 1 || outputs[i] > GEX_SURFACE_LAST_)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "outputs[{i}] is {i}: not one of GEX_SURFACE_*", i,
                             (int64_t)outputs[i]);
        if (values[i] == NULL && job->points.rows > 0)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "values[{i}] is missing", i);
        job->values[outputs[i]] = values[i];
    }
    return GEX_OK;
}

gex_status gex_surface_evaluate(const gex_context *context, const gex_surface *surface,
                                const gex_surface_points *points, const int32_t *outputs, int64_t output_count,
                                double *const *values, uint8_t *status, gex_error *error)
{
    struct evaluation job = {.surface = surface, .status = status};
    struct gex__guest guest;
    gex_status taken;
    bool ran;

    if (surface == NULL || points == NULL || (output_count != 0 && (outputs == NULL || values == NULL)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "surface, points, outputs and values are required");
    taken = points_take(points, &job.points, error);
    if (taken == GEX_OK)
        taken = outputs_take(&job, outputs, output_count, values, error);
    if (taken != GEX_OK)
        return taken;

    gex__guest_enter(&guest);
    ran = gex__run(context, evaluate_task, &job, (job.points.rows + TASK_ROWS - 1) / TASK_ROWS);
    for (int64_t i = 0; ran && job.points.rows > 0 && i < output_count;
         i++) /* what is asked for twice was computed once */
        if (values[i] != job.values[outputs[i]])
            memcpy(values[i], job.values[outputs[i]], (size_t)job.points.rows * sizeof(double));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
