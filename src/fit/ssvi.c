/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gex_fit_ssvi: three numbers for the shape of all expiries, one level for each.
 *
 * The solver works on three unbounded numbers, from which rho = tanh(y0), eta = 2 e(y1) / (1 + |rho|) and
 * gamma = e(y2) / 2 with e(y) = 1 / (1 + exp(-y)): whatever it tries is free of arbitrage and finite, every array has
 * the size it was made for, and three residuals ANCHOR y keep the Jacobian from being zero, which GSL would report, as
 * its rank has to be one at least. So no function of GSL meets an argument it would take to the host's handler. For
 * each shape the levels are the best there are; at the end they are made to rise with years.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_multifit_nlinear.h>

#include "fit.h"

enum { SHAPE = 3, STEPS = 60 };
#define CLOSE 1e-4  /* of ln theta */
#define ANCHOR 1e-6 /* half-spreads a unit of y */

struct shape {
    double rho, eta, gamma;
};

struct fitting {
    struct gex__work *work;
    double stray; /* 0: squares */
    bool free;    /* levels are the best for each shape; else they stay as they are */
};

static struct shape shape_of(double y0, double y1, double y2)
{
    const double rho = fmax(-0.9999, fmin(0.9999, tanh(y0)));
    return (struct shape){rho, 2 / (1 + exp(-y1)) / (1 + fabs(rho)), 0.5 / (1 + exp(-y2))};
}

static double phi_of(const struct shape *shape, double theta)
{
    return shape->eta / (pow(theta, shape->gamma) * pow(1 + theta, 1 - shape->gamma));
}

static double bounded(double r, double stray)
{
    const double u = stray > 0 ? r * r / (stray * stray) : 0;
    return stray > 0 ? u / sqrt(1 + u * u) : r;
}

/* The residual of a quote, theta and phi of its expiry given. */
static double residual(const struct gex__quote *quote, double theta, double phi, double rho, double stray)
{
    const double z = phi * quote->k + rho;
    const double w = theta / 2 * ((1 - rho) * (1 + rho) + rho * z + sqrt(z * z + (1 - rho) * (1 + rho)));
    return bounded((w - quote->mid) * quote->scale, stray);
}

/* ---- levels ------------------------------------------------------------------------------------------------------ */

/* Straight between the quotes around the money; the nearest where all lie on one side. */
static double level_at_the_money(const struct gex__expiry *expiry)
{
    const struct gex__quote *quote = expiry->quote;
    int64_t at = 0;

    while (at < expiry->count && quote[at].k < 0)
        at++;
    if (at == 0 || at == expiry->count)
        return quote[at == 0 ? 0 : at - 1].mid;
    return quote[at - 1].mid +
           (quote[at].mid - quote[at - 1].mid) * (-quote[at - 1].k / (quote[at].k - quote[at - 1].k));
}

static double level_cost(const struct gex__expiry *expiry, double theta, const struct shape *shape, double stray)
{
    const double phi = phi_of(shape, theta);
    double sum = 0;

    for (int64_t n = 0; n < expiry->count; n++) {
        const double r = residual(&expiry->quote[n], theta, phi, shape->rho, stray);
        sum += r * r;
    }
    return sum;
}

/* Gauss and Newton over ln theta, from where it stands. A step that makes it worse is shortened, unless it is so small
 * that the sum of squares cannot tell: the solver takes differences of what comes out, so it has to be good to the last
 * bits. */
static double level_of(const struct gex__expiry *expiry, double theta, const struct shape *shape, double stray)
{
    double cost = level_cost(expiry, theta, shape, stray);

    for (int i = 0; i < STEPS; i++) {
        const double h = 1e-6, phi = phi_of(shape, theta), phi_up = phi_of(shape, theta * (1 + h));
        double product = 0, square = 0, move, next, there = HUGE_VAL;

        for (int64_t n = 0; n < expiry->count; n++) {
            const double r = residual(&expiry->quote[n], theta, phi, shape->rho, stray);
            const double slope = (residual(&expiry->quote[n], theta * (1 + h), phi_up, shape->rho, stray) - r) / h;
            product += r * slope;
            square += slope * slope;
        }
        move = square > 0 ? fmax(-0.7, fmin(0.7, -product / square)) : 0;
        next = fmax(1e-12, fmin(1e3, theta * exp(move)));
        there = level_cost(expiry, next, shape, stray);
        while (fabs(move) > CLOSE && !(there < cost)) {
            move /= 4;
            next = fmax(1e-12, fmin(1e3, theta * exp(move)));
            there = level_cost(expiry, next, shape, stray);
        }
        cost = there;
        theta = next;
        if (fabs(move) < 1e-11)
            break;
    }
    return theta;
}

/* pool[0] made to rise with years. @return whether it had to be. */
static bool order_levels(struct gex__work *work)
{
    bool changed = false;

    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];

        changed = changed || (i > 0 && expiry->pool[0] < work->expiry[work->by_years[i - 1]].pool[0]);
        expiry->pool_weight = 0;
        for (int64_t n = 0; n < expiry->count; n++)
            expiry->pool_weight += expiry->quote[n].scale * expiry->quote[n].scale;
    }
    if (changed)
        gex__isotonic(work->expiry, work->by_years, work->used, 0);
    return changed;
}

/* ---- the solver -------------------------------------------------------------------------------------------------- */

/* Of y: beyond, nothing changes. */
static double within(double y)
{
    return fmax(-40, fmin(40, y));
}

/* Called by GSL. Bounds keep y within +-40, beyond which nothing changes, and every residual finite. */
static int residuals(const gsl_vector *y, void *params, gsl_vector *out)
{
    const struct fitting *fitting = params;
    const struct gex__work *work = fitting->work;
    const struct shape shape = shape_of(within(y->data[0]), within(y->data[y->stride]), within(y->data[2 * y->stride]));
    double *to = out->data;
    size_t at = 0;

    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        double phi;

        if (fitting->free)
            expiry->pool[0] = level_of(expiry, expiry->pool[0], &shape, fitting->stray);
        phi = phi_of(&shape, expiry->pool[0]);
        for (int64_t n = 0; n < expiry->count; n++)
            to[at++ * out->stride] = residual(&expiry->quote[n], expiry->pool[0], phi, shape.rho, fitting->stray);
    }
    for (size_t i = 0; i < SHAPE; i++)
        to[at++ * out->stride] = ANCHOR * y->data[i * y->stride];
    return GSL_SUCCESS;
}

/* GSL asks malloc for a Jacobian and some vectors, and goes to its handler when there is none: asked beforehand. */
static bool malloc_has(size_t count)
{
    void *block = count < SIZE_MAX / 256 ? malloc(count * (2 * SHAPE + 10) * sizeof(double) + 65536) : NULL;
    const bool has = block != NULL;

    free(block);
    return has;
}

static struct shape solve(gsl_multifit_nlinear_workspace *solver, struct fitting *fitting, size_t count,
                          double y[SHAPE])
{
    gsl_multifit_nlinear_fdf system = {.f = residuals, .n = count, .p = SHAPE, .params = fitting};
    gsl_vector_view start = gsl_vector_view_array(y, SHAPE);
    int info;

    if (gsl_multifit_nlinear_init(&start.vector, &system, solver) == GSL_SUCCESS)
        (void)gsl_multifit_nlinear_driver(STEPS, 1e-12, 1e-12, 0, NULL, NULL, &info, solver);
    for (size_t i = 0; i < SHAPE; i++)
        y[i] = fmax(-30, fmin(30, gsl_vector_get(gsl_multifit_nlinear_position(solver), i)));
    return shape_of(y[0], y[1], y[2]);
}

/* Squares first, which have few valleys. Levels that had to be made to rise stay; the shape is then fitted again. */
static struct shape find_shape(gsl_multifit_nlinear_workspace *solver, struct gex__work *work, size_t count)
{
    const double last = work->columns.loss == GEX_LOSS_BOUNDED ? 1 : 0;
    struct fitting fitting = {work, 0, true};
    double y[SHAPE] = {-0.5, 0, 0};
    struct shape shape;

    for (int64_t i = 0; i < work->used; i++)
        work->expiry[work->by_years[i]].pool[0] = level_at_the_money(&work->expiry[work->by_years[i]]);
    shape = solve(solver, &fitting, count, y);
    for (fitting.stray = 16; last > 0 && fitting.stray >= last; fitting.stray /= 2)
        shape = solve(solver, &fitting, count, y);
    fitting.stray = last;
    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        expiry->pool[0] = level_of(expiry, expiry->pool[0], &shape, last);
    }
    fitting.free = false;
    return order_levels(work) ? solve(solver, &fitting, count, y) : shape;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static void put_slice(struct gex__expiry *expiry, const struct shape *shape)
{
    const double theta = expiry->pool[0], phi = phi_of(shape, theta), rho = shape->rho, rest = (1 - rho) * (1 + rho);

    expiry->raw[0] = theta * rest / 2;
    expiry->raw[1] = theta * phi / 2;
    expiry->raw[2] = rho;
    expiry->raw[3] = -rho / phi;
    expiry->raw[4] = sqrt(rest) / phi;
}

static gex_status fit(struct gex__work *work, struct shape *shape, gex_error *error)
{
    const gex_status status = gex__work_sort(work, error);
    gsl_multifit_nlinear_workspace *solver;
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    size_t count = 0;

    if (status != GEX_OK)
        return status;
    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        expiry->fitted = expiry->count > 0 ? GEX_FITTED_OWN : GEX_FITTED_NONE;
        count += (size_t)expiry->count;
    }
    if (!gex__work_keep_fitted(work) || count < SHAPE)
        return gex__fit_fail(error, GEX_ERR_DOMAIN,
                             "three two-sided quotes at least are needed for rho, eta and gamma");
    count += SHAPE;         /* the anchors */
    parameters.h_df = 1e-5; /* of differences: well above what levels are known to */
    solver =
        malloc_has(count) ? gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &parameters, count, SHAPE) : NULL;
    if (solver == NULL)
        return gex__fit_fail(error, GEX_ERR_MEMORY, "malloc has no memory for the solver of GSL");
    *shape = find_shape(solver, work, count);
    gsl_multifit_nlinear_free(solver);
    for (int64_t i = 0; i < work->used; i++)
        put_slice(&work->expiry[work->by_years[i]], shape);
    return GEX_OK;
}

static gex_status give_surface(const struct gex__work *work, const struct shape *shape, gex_surface **out,
                               gex_error *error)
{
    const int64_t row = sizeof *work->expiry;
    gex_ssvi_columns columns;

    for (int64_t e = 0; e < work->columns.expiries; e++) /* theta of what has no fit refuses it */
        if (work->expiry[e].fitted == GEX_FITTED_NONE)
            work->expiry[e].pool[0] = (double)NAN;
    gex_ssvi_columns_init(&columns, sizeof columns);
    columns.expiries = work->columns.expiries;
    columns.years = (gex_f64){&work->expiry->years, row};
    columns.forward = (gex_f64){&work->expiry->forward, row};
    columns.spot = work->columns.spot;
    columns.theta = (gex_f64){&work->expiry->pool[0], row};
    columns.rho = shape->rho, columns.eta = shape->eta, columns.gamma = shape->gamma;
    return gex_surface_create_ssvi(work->context, &columns, out, error);
}

gex_status gex_fit_ssvi(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
                        gex_surface **out, gex_error *error)
{
    struct gex__fit_guest guest;
    struct gex__work work;
    struct shape shape = {0, 0, 0};
    gex_surface *surface = NULL;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || (results == NULL && out == NULL))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "columns, and one of results and out, are required");
    status = gex__work_open(&work, context, columns, results, true, false, error);
    if (status != GEX_OK)
        return status;
    gex__fit_enter(&guest);
    status = fit(&work, &shape, error);
    if (status == GEX_OK && out != NULL)
        status = give_surface(&work, &shape, &surface, error);
    if (status == GEX_OK) {
        gex__work_model(&work);
        gex__work_report(&work);
        if (work.results.ssvi != NULL)
            work.results.ssvi[0] = shape.rho, work.results.ssvi[1] = shape.eta, work.results.ssvi[2] = shape.gamma;
    }
    gex__work_close(&work);
    gex__fit_leave(&guest);
    if (out != NULL)
        *out = surface;
    return status;
}
