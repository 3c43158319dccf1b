/* SPDX-License-Identifier: Apache-2.0 */
/* gex_fit_svi: each expiry for itself, then all against each other, then errors and a surface. */
#include <math.h>
#include <string.h>

#include "fit.h"

enum { FEWEST = 5 }; /* strikes that tell five numbers */

/* ---- one expiry ------------------------------------------------------------------------------------------------- */

/* What holds most is the slice, unless it has to stand beside others first. */
static void hold(const struct gex__work *work, struct gex__expiry *expiry)
{
    const bool final = work->columns.enforce != GEX_ENFORCE_ALL;

    gex__slice_hold(expiry, work->columns.enforce != GEX_ENFORCE_NOTHING, final ? 200 : 0);
    if (final && !isnan(expiry->most_held[0]))
        memcpy(expiry->raw, expiry->most_held, sizeof expiry->raw);
}

/* Squares first, which have few valleys; then, if asked for, ever less for strays; then butterflies if there are any.
 * What is fitted against other expiries later stays with squares until then. */
static void fit_task(void *arg, int64_t i)
{
    const struct gex__work *work = arg;
    struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
    const bool bounded = work->columns.loss == GEX_LOSS_BOUNDED && work->columns.enforce != GEX_ENFORCE_ALL;
    struct gex__problem problem;
    double x[FIT_COUNT];

    if (expiry->strikes < FEWEST)
        return;
    gex__problem_of(expiry, &problem);
    (void)gex__slice_search(&problem, x);
    if (bounded) {
        for (problem.stray = 16; problem.stray > 1; problem.stray /= 2)
            (void)gex__slice_polish(&problem, x, 2 * GEX_FIT_COARSE, NULL);
        problem.stray = 1;
    }
    (void)gex__slice_polish(&problem, x, GEX_FIT_FINE, expiry->slope_error);
    gex__raw_of(x, expiry->raw);
    expiry->fitted = GEX_FITTED_OWN;
    if (work->columns.loss == GEX_LOSS_HELD)
        hold(work, expiry);
    if (work->columns.enforce != GEX_ENFORCE_NOTHING && !gex__slice_sound(NULL, expiry->raw))
        (void)gex__slice_free(expiry, NULL, problem.stray);
}

/* ---- too few strikes -------------------------------------------------------------------------------------------- */

/* The SSVI slice of one theta; gamma 1/2, so that phi = eta / sqrt(theta (1 + theta)). */
static void ssvi_raw(double theta, double rho, double eta, double raw[5])
{
    const double phi = eta / sqrt(theta * (1 + theta)), rest = (1 - rho) * (1 + rho);

    raw[0] = theta * rest / 2;
    raw[1] = theta * phi / 2;
    raw[2] = rho;
    raw[3] = -rho / phi;
    raw[4] = sqrt(rest) / phi;
}

/* rho and eta of a fitted slice, from its jump wings: p and c are eta (1 -+ rho) / (2 sqrt(1 + theta)) in SSVI. */
static bool shape_of(const struct gex__expiry *expiry, double *rho, double *eta)
{
    double wings[5];

    if (gex_svi_to_jump_wings(expiry->raw, expiry->years, wings, NULL) != GEX_OK || !(wings[2] + wings[3] > 0))
        return false;
    *rho = fmax(-0.999, fmin(0.999, (wings[3] - wings[2]) / (wings[3] + wings[2])));
    *eta = fmin((wings[2] + wings[3]) * sqrt(1 + wings[0] * expiry->years), 2 / (1 + fabs(*rho)));
    return true;
}

/* Sum of squares of the quotes at one theta. */
static double level_cost(const struct gex__expiry *expiry, double theta, double rho, double eta)
{
    double raw[5], sum = 0;

    ssvi_raw(theta, rho, eta, raw);
    for (int64_t i = 0; i < expiry->count; i++) {
        const double x = expiry->quote[i].k - raw[3];
        const double w = raw[0] + raw[1] * (raw[2] * x + sqrt(x * x + raw[4] * raw[4]));
        const double r = (w - expiry->quote[i].mid) * expiry->quote[i].scale;
        sum += r * r;
    }
    return sum;
}

/* Level alone: golden section over ln theta between a hundredth of the least mid and the largest. */
static void borrow(struct gex__expiry *expiry, const struct gex__expiry *from)
{
    double low = HUGE_VAL, high = 0, rho, eta;

    if (!shape_of(from, &rho, &eta))
        return;
    for (int64_t i = 0; i < expiry->count; i++) {
        low = fmin(low, expiry->quote[i].mid);
        high = fmax(high, expiry->quote[i].mid);
    }
    low = log(low / 100), high = log(high * (1 + 1e-9));
    for (int i = 0; i < 80; i++) {
        const double one = low + 0.382 * (high - low), other = high - 0.382 * (high - low);
        if (level_cost(expiry, exp(one), rho, eta) < level_cost(expiry, exp(other), rho, eta))
            high = other;
        else
            low = one;
    }
    ssvi_raw(exp((low + high) / 2), rho, eta, expiry->raw);
    expiry->slope_error[0] = expiry->slope_error[1] = 1e6; /* its wings are another's */
    expiry->fitted = GEX_FITTED_BORROWED;
}

static void borrow_shapes(struct gex__work *work)
{
    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = &work->expiry[work->by_years[i]];
        int64_t lender = -1;

        if (expiry->fitted != GEX_FITTED_NONE || expiry->count == 0)
            continue;
        for (int64_t j = i + 1; j < work->used && lender < 0; j++)
            lender = work->expiry[work->by_years[j]].fitted == GEX_FITTED_OWN ? work->by_years[j] : -1;
        for (int64_t j = i; j-- > 0 && lender < 0;)
            lender = work->expiry[work->by_years[j]].fitted == GEX_FITTED_OWN ? work->by_years[j] : -1;
        if (lender >= 0)
            borrow(expiry, &work->expiry[lender]);
    }
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static gex_status fit(struct gex__work *work, gex_error *error)
{
    gex_status status = gex__work_sort(work, error);

    if (status != GEX_OK)
        return status;
    status = gex_context_run(work->context, fit_task, work, work->used, error);
    if (status != GEX_OK)
        return status;
    borrow_shapes(work);
    if (!gex__work_keep_fitted(work))
        return gex__fit_fail(error, GEX_ERR_DOMAIN, "no expiry has five two-sided quotes at different strikes");
    if (work->columns.enforce == GEX_ENFORCE_BUTTERFLY)
        gex__order_lift(work);
    if (work->columns.enforce == GEX_ENFORCE_ALL) {
        if (work->columns.loss == GEX_LOSS_HELD)
            gex__order_hold(work);
        else
            gex__order_enforce(work);
    }
    return GEX_OK;
}

static gex_status give_surface(const struct gex__work *work, gex_surface **out, gex_error *error)
{
    const int64_t row = sizeof *work->expiry;
    gex_svi_columns columns;

    gex_svi_columns_init(&columns, sizeof columns);
    columns.expiries = work->columns.expiries;
    columns.years = (gex_f64){&work->expiry->years, row};
    columns.forward = (gex_f64){&work->expiry->forward, row};
    columns.spot = work->columns.spot;
    columns.a = (gex_f64){&work->expiry->raw[0], row};
    columns.b = (gex_f64){&work->expiry->raw[1], row};
    columns.rho = (gex_f64){&work->expiry->raw[2], row};
    columns.m = (gex_f64){&work->expiry->raw[3], row};
    columns.s = (gex_f64){&work->expiry->raw[4], row};
    return gex_surface_create_svi(work->context, &columns, out, error);
}

gex_status gex_fit_svi(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
                       gex_surface **out, gex_error *error)
{
    struct gex__fit_guest guest;
    struct gex__work work;
    gex_surface *surface = NULL;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || (results == NULL && out == NULL))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "columns, and one of results and out, are required");
    status = gex__work_open(&work, context, columns, results, true, true, error);
    if (status != GEX_OK)
        return status;
    gex__fit_enter(&guest);
    status = fit(&work, error);
    if (status == GEX_OK && out != NULL)
        status = give_surface(&work, &surface, error);
    if (status == GEX_OK) {
        gex__work_model(&work);
        gex__work_report(&work);
    }
    gex__work_close(&work);
    gex__fit_leave(&guest);
    if (out != NULL)
        *out = surface;
    return status;
}
