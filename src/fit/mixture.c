/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gex_fit_mixture: from the first expiry on, each a mixture of lognormals whose prices lie within bid and ask, and,
 * with calendar spreads forbidden, nowhere below those of the expiry before. Components are chosen among lognormals on
 * a grid, and those of the expiry before: so there is always a mixture that is allowed, that one again.
 */
#include <math.h>
#include <string.h>

#include "mixture.h"

enum { LEAST_NODES = 6, CUTS = 6, ROWS_MORE = GEX_MIX_ROWS + 200 }; /* rows than quotes */
#define ROUGH 1e-4 /* a share of variance: how near a place is looked at while rows are still added */
#define SOFT 1e-7  /* a share of variance: what is below by less is left to a lift */

/* On one grid, with ever more rows where prices dip below the expiry before. */
static void solve_expiry(struct gex__mixing *fitting, const struct gex__expiry *expiry, struct gex__made *now,
                         const struct gex__made *earlier)
{
    struct gex__mix *mix = fitting->mix;
    int64_t priced = 0;

    for (int n = 0; n < CUTS && priced < mix->rows; n++) {
        struct gex__dip dip[GEX_MIX_DIPS];
        int count;

        gex__mix_values(fitting, priced, expiry->count);
        priced = mix->rows;
        gex__mix_solve(mix);
        gex__mix_take(mix, now);
        count = earlier != NULL ? gex__mix_dips(fitting, now, earlier, ROUGH, dip) : 0;
        for (int i = 0; i < count; i++)
            if (dip[i].above < -SOFT)
                gex__mix_row(fitting, dip[i].k, dip[i].earlier);
    }
}

/* On a grid as fine as there are strikes to tell, and on finer ones as long as quotes are missed. */
static gex_status fit_expiry(struct gex__mixing *fitting, int64_t e, int64_t before, gex_error *error)
{
    struct gex__expiry *expiry = &fitting->work->expiry[e];
    struct gex__made *const now = &fitting->made[e], *const earlier = before >= 0 ? &fitting->made[before] : NULL;
    const int64_t sixth = expiry->strikes / 6;

    for (int nodes = sixth < LEAST_NODES ? LEAST_NODES : sixth < GEX_MIX_NODES ? (int)sixth : GEX_MIX_NODES;;
         nodes = 2 * nodes < GEX_MIX_NODES ? 2 * nodes : GEX_MIX_NODES) {
        fitting->mix->rows = expiry->count;
        gex__mix_quotes(fitting, expiry);
        gex__mix_candidates(fitting->mix, expiry, now->count > 0 ? now : NULL, earlier, nodes);
        if (earlier != NULL)
            gex__mix_calendar(fitting, earlier);
        solve_expiry(fitting, expiry, now, earlier);
        if (nodes == GEX_MIX_NODES || gex__mix_missed(fitting->mix, expiry->count) == 0)
            break;
    }
    expiry->fitted = GEX_FITTED_OWN;
    return earlier != NULL ? gex__mix_lift(fitting, expiry, now, earlier, error) : GEX_OK;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static gex_status fitting_open(struct gex__mixing *fitting, struct gex__work *work, gex_error *error)
{
    int64_t rows = 0, size = 0, at[9];
    char *block;

    for (int64_t e = 0; e < work->columns.expiries; e++)
        rows = work->expiry[e].count > rows ? work->expiry[e].count : rows;
    rows += ROWS_MORE;
    at[0] = gex__fit_room(&size, 1, sizeof *fitting->mix);
    at[1] = gex__fit_room(&size, rows, sizeof *fitting->band);
    at[2] = gex__fit_room(&size, rows, GEX_MIX_CANDIDATES * (int64_t)sizeof(double));
    at[3] = gex__fit_room(&size, 4 * rows + 2 * GEX_MIX_FINE, sizeof(double)); /* k, strike, price, spare */
    at[4] = gex__fit_room(&size, 5 * GEX_MIX_FINE, sizeof(double));
    at[5] = gex__fit_room(&size, rows + GEX_MIX_FINE, 1);
    at[6] = gex__fit_room(&size, work->columns.expiries, GEX_MIX_KEPT * (int64_t)sizeof *fitting->all);
    at[7] = gex__fit_room(&size, work->columns.expiries, sizeof *fitting->made);
    block = size < 0 ? NULL : gex_context_allocate(work->context, size);
    if (block == NULL)
        return gex__fit_fail(error, GEX_ERR_MEMORY, "no memory for the mixtures of a fit");
    *fitting = (struct gex__mixing){.work = work, .room = rows, .size = size};
    fitting->mix = (struct gex__mix *)(void *)(block + at[0]);
    fitting->band = (struct gex__band *)(void *)(block + at[1]);
    fitting->a = (double *)(void *)(block + at[2]);
    fitting->rows.k = (double *)(void *)(block + at[3]);
    fitting->rows.strike = fitting->rows.k + rows;
    fitting->price = fitting->rows.k + 2 * rows;
    fitting->spare = fitting->rows.k + 3 * rows;
    fitting->fine.k = (double *)(void *)(block + at[4]);
    fitting->fine.strike = fitting->fine.k + GEX_MIX_FINE;
    fitting->earlier = fitting->fine.k + 2 * GEX_MIX_FINE;
    fitting->now = fitting->fine.k + 3 * GEX_MIX_FINE;
    fitting->gain = fitting->fine.k + 4 * GEX_MIX_FINE;
    fitting->rows.right = (int8_t *)(block + at[5]);
    fitting->fine.right = fitting->rows.right + rows;
    fitting->all = (struct gex__lognormal *)(void *)(block + at[6]);
    fitting->made = (struct gex__made *)(void *)(block + at[7]);
    for (int64_t e = 0; e < work->columns.expiries; e++)
        fitting->made[e] = (struct gex__made){fitting->all + e * GEX_MIX_KEPT, 0};
    fitting->mix->a = fitting->a;
    fitting->mix->band = fitting->band;
    return GEX_OK;
}

/* Columns of components for the door of surfaces: those of an expiry stand GEX_MIX_KEPT apart, with no weight after the
 * last; an expiry without a fit has none, which refuses it. */
static gex_status give_surface(struct gex__mixing *fitting, gex_surface **out, gex_error *error)
{
    const struct gex__work *work = fitting->work;
    const int64_t row = sizeof *fitting->all, rows = work->columns.expiries * GEX_MIX_KEPT;
    int64_t size = 0;
    const int64_t mean = gex__fit_room(&size, rows, sizeof(double)),
                  index = gex__fit_room(&size, rows, sizeof(int32_t));
    char *block = size < 0 ? NULL : gex_context_allocate(work->context, size);
    gex_mixture_columns columns;
    double *means;
    int32_t *expiry;
    gex_status status;

    if (block == NULL)
        return gex__fit_fail(error, GEX_ERR_MEMORY, "no memory for the mixtures of a fit");
    means = (double *)(void *)(block + mean);
    expiry = (int32_t *)(void *)(block + index);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t e = i / GEX_MIX_KEPT;
        means[i] = exp(fitting->all[i].mu);
        expiry[i] = i % GEX_MIX_KEPT < fitting->made[e].count ? (int32_t)e : -1;
    }
    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = work->columns.expiries;
    columns.years = (gex_f64){&work->expiry->years, sizeof *work->expiry};
    columns.forward = (gex_f64){&work->expiry->forward, sizeof *work->expiry};
    columns.spot = work->columns.spot;
    columns.rows = rows;
    columns.expiry = (gex_i32){expiry, sizeof(int32_t)};
    columns.weight = (gex_f64){&fitting->all->weight, row};
    columns.mean = (gex_f64){means, sizeof(double)};
    columns.deviation = (gex_f64){&fitting->all->v, row};
    status = gex_surface_create_mixture(work->context, &columns, out, error);
    gex_context_release(work->context, block, size);
    return status;
}

/* What the surface says of the quotes. */
static void model_quotes(struct gex__work *work, const gex_surface *surface)
{
    const int32_t what = GEX_SURFACE_VOL;

    for (int64_t e = 0; e < work->columns.expiries; e++) {
        struct gex__expiry *expiry = &work->expiry[e];
        double *const vols = (double *)(void *)(work->quotes + work->columns.rows); /* room of the sort */
        gex_surface_points points;

        if (expiry->fitted != GEX_FITTED_NONE && gex_surface_status(surface)[e] != GEX_SLICE_USED) {
            expiry->fitted = GEX_FITTED_NONE; /* quotes of no market: nothing as wide as they ask is a component */
            expiry->slice = gex_surface_status(surface)[e];
        }
        expiry->theta = gex_surface_theta(surface)[e];
        expiry->raised = expiry->theta * (1 - 1 / (1 + expiry->raised));
        if (expiry->fitted == GEX_FITTED_NONE || expiry->count == 0)
            continue;
        gex_surface_points_init(&points, sizeof points);
        points.rows = expiry->count;
        points.k = (gex_f64){&expiry->quote->k, sizeof *expiry->quote};
        points.years = (gex_f64){&expiry->years, 0};
        (void)gex_surface_evaluate(NULL, surface, &points, &what, 1, &vols, NULL, NULL);
        for (int64_t i = 0; i < expiry->count; i++)
            expiry->quote[i].model = vols[i];
    }
}

static gex_status fit(struct gex__work *work, gex_surface **out, gex_error *error)
{
    gex_status status = gex__work_sort(work, error);
    struct gex__mixing fitting = {.size = 0};
    int64_t before = -1;

    if (status == GEX_OK)
        status = fitting_open(&fitting, work, error);
    if (status != GEX_OK)
        return status;
    for (int64_t i = 0; i < work->used && status == GEX_OK; i++) {
        const int64_t e = work->by_years[i];

        if (work->expiry[e].count == 0)
            continue;
        status = fit_expiry(&fitting, e, work->columns.enforce == GEX_ENFORCE_ALL ? before : -1, error);
        before = e;
    }
    if (status == GEX_OK && gex__work_keep_fitted(work))
        status = give_surface(&fitting, out, error);
    else if (status == GEX_OK)
        status = gex__fit_fail(error, GEX_ERR_DOMAIN, "no expiry has a two-sided quote");
    gex_context_release(work->context, fitting.mix, fitting.size);
    return status;
}

gex_status gex_fit_mixture(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
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
    status = gex__work_open(&work, context, columns, results, false, true, error);
    if (status != GEX_OK)
        return status;
    gex__fit_enter(&guest);
    status = fit(&work, &surface, error);
    if (status == GEX_OK) {
        model_quotes(&work, surface);
        gex__work_report(&work);
    }
    gex__work_close(&work);
    gex__fit_leave(&guest);
    if (out != NULL)
        *out = surface;
    else
        gex_surface_free(surface);
    return status;
}
