/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gex_fit_ssvi: three numbers for the shape of all expiries, one level for each.
 *
 * The solver works on three unbounded numbers, from which rho = tanh(y0), eta = 2 e(y1) / (1 + |rho|) and
 * gamma = e(y2) / 2 with e(y) = 1 / (1 + exp(-y)): whatever it tries is free of arbitrage and finite. Three residuals
 * ANCHOR y keep a number that nothing depends on where it is. Steps are those of Levenberg and Marquardt, each the
 * least squares of a system that GSL reflects in place, in views of the context's memory: no function of GSL asks for
 * memory or meets an argument it would take to the host's handler. For each shape the levels are the best there are; at
 * the end they are made to rise with years.
 */
#include <math.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "fit.h"

enum { SHAPE = 3, STEPS = 60 };
#define CLOSE 1e-4      /* of ln theta */
#define ANCHOR 1e-6     /* half-spreads a unit of y */
#define DIFFERENCE 1e-5 /* of y: well above what levels are known to */
#define SMALLEST 1e-11  /* of a step in y */

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

/* Everything the solver works in, of the context's memory: GSL is handed views of it and asks for none. */
struct solver {
    size_t count; /* residuals, the anchors included */
    double *here, *there, *slopes, *system, *target, *left; /* slopes: SHAPE a residual; system: with the damping */
    int64_t size;
};

static gex_status solver_open(struct solver *solver, const gex_context *context, size_t count, gex_error *error)
{
    const int64_t rows = (int64_t)count + SHAPE;
    int64_t size = 0, at[6];
    char *block;

    for (int i = 0; i < 6; i++)
        at[i] = gex__fit_room(&size, rows * (i == 2 || i == 3 ? SHAPE : 1), sizeof(double));
    block = size < 0 ? NULL : gex_context_allocate(context, size);
    if (block == NULL)
        return gex__fit_fail(error, GEX_ERR_MEMORY, "no memory for the solver of a fit");
    *solver = (struct solver){.count = count, .size = size};
    solver->here = (double *)(void *)(block + at[0]), solver->there = (double *)(void *)(block + at[1]);
    solver->slopes = (double *)(void *)(block + at[2]), solver->system = (double *)(void *)(block + at[3]);
    solver->target = (double *)(void *)(block + at[4]), solver->left = (double *)(void *)(block + at[5]);
    return GEX_OK;
}

/* Beyond 40 nothing changes. @return the sum of squares. */
static double residuals(const struct fitting *fitting, const double y[SHAPE], double *to)
{
    const struct gex__work *work = fitting->work;
    const struct shape shape = shape_of(within(y[0]), within(y[1]), within(y[2]));
    double sum = 0;
    size_t at = 0;

    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        double phi;

        if (fitting->free)
            expiry->pool[0] = level_of(expiry, expiry->pool[0], &shape, fitting->stray);
        phi = phi_of(&shape, expiry->pool[0]);
        for (int64_t n = 0; n < expiry->count; n++)
            to[at++] = residual(&expiry->quote[n], expiry->pool[0], phi, shape.rho, fitting->stray);
    }
    for (size_t i = 0; i < SHAPE; i++)
        to[at++] = ANCHOR * y[i];
    for (size_t i = 0; i < at; i++)
        sum += to[i] * to[i];
    return sum;
}

static void find_slopes(const struct solver *solver, const struct fitting *fitting, const double y[SHAPE])
{
    for (size_t i = 0; i < SHAPE; i++) {
        const double h = DIFFERENCE * fmax(1, fabs(y[i]));
        double moved[SHAPE];

        memcpy(moved, y, sizeof moved);
        moved[i] += h;
        (void)residuals(fitting, moved, solver->there);
        for (size_t n = 0; n < solver->count; n++)
            solver->slopes[n * SHAPE + i] = (solver->there[n] - solver->here[n]) / h;
    }
}

/* The step of Levenberg and Marquardt:
 * least squares of slopes move = -here and damping scale move = 0, by reflections. */
static void find_step(const struct solver *solver, double damping, double move[SHAPE])
{
    const size_t rows = solver->count + SHAPE;
    double tau[SHAPE];
    gsl_matrix_view system = gsl_matrix_view_array(solver->system, rows, SHAPE);
    gsl_vector_view taus = gsl_vector_view_array(tau, SHAPE), target = gsl_vector_view_array(solver->target, rows),
                    left = gsl_vector_view_array(solver->left, rows), out = gsl_vector_view_array(move, SHAPE);

    memcpy(solver->system, solver->slopes, solver->count * SHAPE * sizeof(double));
    memset(solver->system + solver->count * SHAPE, 0, SHAPE * SHAPE * sizeof(double));
    for (size_t i = 0; i < SHAPE; i++) {
        double square = 0;
        for (size_t n = 0; n < solver->count; n++)
            square += solver->slopes[n * SHAPE + i] * solver->slopes[n * SHAPE + i];
        solver->system[(solver->count + i) * SHAPE + i] = sqrt(damping * square);
    }
    for (size_t n = 0; n < rows; n++)
        solver->target[n] = n < solver->count ? -solver->here[n] : 0;
    (void)gsl_linalg_QR_decomp(&system.matrix, &taus.vector);
    (void)gsl_linalg_QR_lssolve(&system.matrix, &taus.vector, &target.vector, &out.vector, &left.vector);
}

static struct shape solve(const struct solver *solver, struct fitting *fitting, double y[SHAPE])
{
    double damping = 1e-3, sum = residuals(fitting, y, solver->here);
    bool fresh = false;

    for (int n = 0; n < STEPS && damping < 1e12; n++) {
        double move[SHAPE], next[SHAPE], there, size = 0;

        if (!fresh)
            find_slopes(solver, fitting, y);
        fresh = true;
        find_step(solver, damping, move);
        for (size_t i = 0; i < SHAPE; i++) {
            next[i] = fmax(-30, fmin(30, y[i] + move[i]));
            size = fmax(size, fabs(next[i] - y[i]));
        }
        there = residuals(fitting, next, solver->there);
        if (!(there < sum)) {
            if (size < SMALLEST)
                break;
            damping = fmax(damping * 8, 1e-12);
            continue;
        }
        memcpy(y, next, sizeof next);
        sum = residuals(fitting, y, solver->here);
        damping /= 8;
        fresh = false;
        if (size < SMALLEST)
            break;
    }
    return shape_of(y[0], y[1], y[2]);
}

/* Squares first, which have few valleys. Levels that had to be made to rise stay; the shape is then fitted again. */
static struct shape find_shape(const struct solver *solver, struct gex__work *work)
{
    const double last = work->columns.loss == GEX_LOSS_BOUNDED ? 1 : 0;
    struct fitting fitting = {work, 0, true};
    double y[SHAPE] = {-0.5, 0, 0};
    struct shape shape;

    for (int64_t i = 0; i < work->used; i++)
        work->expiry[work->by_years[i]].pool[0] = gex__level_at_the_money(&work->expiry[work->by_years[i]]);
    shape = solve(solver, &fitting, y);
    for (fitting.stray = 16; last > 0 && fitting.stray >= last; fitting.stray /= 2)
        shape = solve(solver, &fitting, y);
    fitting.stray = last;
    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        expiry->pool[0] = level_of(expiry, expiry->pool[0], &shape, last);
    }
    fitting.free = false;
    return order_levels(work) ? solve(solver, &fitting, y) : shape;
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
    struct solver solver = {.size = 0};
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
    if (solver_open(&solver, work->context, count + SHAPE, error) != GEX_OK) /* and the anchors */
        return GEX_ERR_MEMORY;
    *shape = find_shape(&solver, work);
    gex_context_release(work->context, solver.here, solver.size);
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
