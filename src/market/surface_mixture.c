/* SPDX-License-Identifier: Apache-2.0 */
/* A surface from mixtures of lognormals: rows judged, laid out expiry by expiry, and made to add up to the last bit. */
#include <math.h>

#include "surface_make.h"

enum { MIXTURE_COLUMNS_0_1 = offsetof(gex_mixture_columns, deviation) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || MIXTURE_COLUMNS_0_1 == 128, "the first size is part of the ABI");

#define OFF_MOST 1e-9 /* of the sums of weights, and of weights times means, from 1 */

void gex_mixture_columns_init(gex_mixture_columns *columns, uint32_t struct_size)
{
    static const gex_mixture_columns defaults = {.rows = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

static gex_status mixture_take(const gex_mixture_columns *theirs, gex_mixture_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, MIXTURE_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "mixture columns: struct_size {u}; fill them with gex_mixture_columns_init()",
                         theirs->struct_size);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "mixture columns: reserved must be zero");
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->rows > 0 && (mine->expiry.data == NULL || mine->weight.data == NULL || mine->mean.data == NULL ||
                           mine->deviation.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns expiry, weight, mean and deviation are required");
    if (!gex__stride_fits(mine->expiry.data, mine->expiry.stride, mine->rows) ||
        !gex__stride_fits(mine->weight.data, mine->weight.stride, mine->rows) ||
        !gex__stride_fits(mine->mean.data, mine->mean.stride, mine->rows) ||
        !gex__stride_fits(mine->deviation.data, mine->deviation.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    return GEX_OK;
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static uint8_t judge(const gex_surface *surface, const gex_mixture_columns *columns, int64_t i)
{
    const int32_t expiry = gex__i32_at(columns->expiry, i);
    const double weight = gex__f64_at(columns->weight, i), mean = gex__f64_at(columns->mean, i),
                 deviation = gex__f64_at(columns->deviation, i);

    if (expiry < 0 || expiry >= surface->expiries)
        return GEX_ROW_BAD_SYMBOL;
    if (!isfinite(weight) || !isfinite(mean) || !isfinite(deviation))
        return GEX_ROW_NOT_FINITE;
    if (surface->status[expiry] == GEX_SLICE_NO_TIME)
        return GEX_ROW_EXPIRED;
    return weight >= 0 && mean > 0 && deviation >= GEX_LOGNORMAL_LEAST && deviation <= GEX_LOGNORMAL_MOST
               ? GEX_ROW_USED
               : GEX_ROW_UNSUPPORTED;
}

/* Where each expiry's components begin, and how many there are; until slices are arranged, slice e is expiry e. A row
 * that cannot be used spoils its expiry: what is left of a mixture is another one. */
static void count_rows(gex_surface *surface, const gex_mixture_columns *columns)
{
    int64_t first = 0;

    for (int64_t e = 0; e < surface->expiries; e++)
        surface->slice[e] = (struct gex__slice){.place = e};
    for (int64_t i = 0; i < surface->rows; i++) {
        const int32_t expiry = gex__i32_at(columns->expiry, i);
        const uint8_t status = judge(surface, columns, i);

        surface->quote_status[i] = status;
        if (status == GEX_ROW_BAD_SYMBOL)
            continue;
        if (status != GEX_ROW_USED && surface->status[expiry] == GEX_SLICE_USED)
            surface->status[expiry] = GEX_SLICE_BAD_PARAMETERS;
        surface->slice[expiry].nodes += status == GEX_ROW_USED && gex__f64_at(columns->weight, i) > 0;
    }
    for (int64_t e = 0; e < surface->expiries; e++) {
        surface->slice[e].first = first;
        first += surface->slice[e].nodes;
        surface->slice[e].nodes = 0;
    }
    surface->components = first;
}

static void put_rows(gex_surface *surface, const gex_mixture_columns *columns)
{
    for (int64_t i = 0; i < surface->rows; i++) {
        const double weight = gex__f64_at(columns->weight, i);
        struct gex__slice *slice;
        int64_t at;

        if (surface->quote_status[i] != GEX_ROW_USED || !(weight > 0))
            continue;
        slice = &surface->slice[gex__i32_at(columns->expiry, i)];
        at = slice->first + slice->nodes++;
        surface->component_expiry[at] = (int32_t)slice->place;
        surface->component_weight[at] = weight;
        surface->component_mean[at] = gex__f64_at(columns->mean, i);
        surface->component_deviation[at] = gex__f64_at(columns->deviation, i);
    }
}

/* ---- slices ----------------------------------------------------------------------------------------------------- */

/* Weights add up to 1, and weights times means; what is off goes to all alike. @return false when too much is. */
static bool make_exact(gex_surface *surface, const struct gex__slice *slice)
{
    double *weight = surface->component_weight + slice->first, *mean = surface->component_mean + slice->first;
    double total = 0, forward = 0;

    for (int64_t j = 0; j < slice->nodes; j++)
        total += weight[j];
    for (int64_t j = 0; j < slice->nodes; j++) {
        weight[j] /= total;
        forward += weight[j] * mean[j];
    }
    for (int64_t j = 0; j < slice->nodes; j++)
        mean[j] /= forward;
    return fabs(total - 1) <= OFF_MOST && fabs(forward - 1) <= OFF_MOST;
}

static void put_slice(gex_surface *surface, struct gex__slice slice)
{
    const int64_t e = slice.place;

    if (surface->status[e] != GEX_SLICE_USED)
        return;
    if (slice.nodes == 0 || !make_exact(surface, &slice)) {
        surface->status[e] = slice.nodes == 0 ? GEX_SLICE_NO_QUOTES : GEX_SLICE_BAD_PARAMETERS;
        return;
    }
    slice.years = surface->years[e];
    slice.forward = surface->forward[e];
    slice.narrowest = HUGE_VAL;
    for (int64_t j = slice.first; j < slice.first + slice.nodes; j++) {
        const double deviation = surface->component_deviation[j];

        surface->component[j] =
            (struct gex__lognormal){surface->component_weight[j], log(surface->component_mean[j]), deviation};
        slice.narrowest = fmin(slice.narrowest, deviation);
        slice.widest = fmax(slice.widest, deviation);
    }
    slice.theta = gex__slice_at(surface, &slice, 0, &(bool){false}).w;
    surface->slice[surface->used++] = slice;
}

/* Behind the door: the guest is in. */
static gex_status mixture_build(const gex_context *context, const gex_mixture_columns *columns,
                                const struct gex__expiries *given, gex_surface **out, gex_error *error)
{
    const gex_status status = gex__surface_prove_spot(given->spot, error);
    gex_surface *surface;

    if (status != GEX_OK)
        return status;
    surface = gex__surface_make(context, given, GEX_FORM_MIXTURE, columns->rows);
    if (surface == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a surface of {i} components", columns->rows);
    count_rows(surface, columns);
    put_rows(surface, columns);
    for (int64_t e = 0; e < surface->expiries; e++)
        put_slice(surface, surface->slice[e]);
    gex__surface_arrange(surface);
    return gex__surface_give(surface, out, error);
}

gex_status gex_surface_create_mixture(const gex_context *context, const gex_mixture_columns *columns,
                                      gex_surface **out, gex_error *error)
{
    gex_mixture_columns mine = {0};
    struct gex__expiries given;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    status = mixture_take(columns, &mine, error);
    if (status != GEX_OK)
        return status;
    given = (struct gex__expiries){mine.expiries, mine.years, mine.forward, mine.spot};
    status = gex__surface_prove(&given, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = mixture_build(context, &mine, &given, out, error);
    gex__guest_leave(&guest);
    return status;
}
