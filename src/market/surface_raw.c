/* SPDX-License-Identifier: Apache-2.0 */
/* A surface from quotes at fixed strikes: rows judged, sorted by expiry and strike, and joined by monotone cubics. */
#include <math.h>

#include "surface_make.h"

enum { RAW_COLUMNS_0_1 = offsetof(gex_raw_columns, vol) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || RAW_COLUMNS_0_1 == 112, "the first size is part of the ABI");

/* Lee (2004): total variance rises by at most 2 a unit of log-moneyness. */
#define STEEPEST 2.0

void gex_raw_columns_init(gex_raw_columns *columns, uint32_t struct_size)
{
    static const gex_raw_columns defaults = {.wings = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

static gex_status raw_take(const gex_raw_columns *theirs, gex_raw_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, RAW_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "raw columns: struct_size {u}; fill them with gex_raw_columns_init()", theirs->struct_size);
    if (mine->wings < 1 || mine->wings > GEX_WINGS_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "wings is {i}: it has to be chosen, for example GEX_WINGS_LINEAR",
                         (int64_t)mine->wings);
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->rows > 0 && (mine->expiry.data == NULL || mine->strike.data == NULL || mine->vol.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns expiry, strike and vol are required");
    if (!gex__stride_fits(mine->expiry.data, mine->expiry.stride, mine->rows) ||
        !gex__stride_fits(mine->strike.data, mine->strike.stride, mine->rows) ||
        !gex__stride_fits(mine->vol.data, mine->vol.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    return GEX_OK;
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static uint8_t judge(const gex_surface *surface, const gex_raw_columns *columns, int64_t i)
{
    const int32_t expiry = gex__i32_at(columns->expiry, i);
    const double strike = gex__f64_at(columns->strike, i), vol = gex__f64_at(columns->vol, i);

    if (!(strike > 0 && isfinite(strike)))
        return GEX_ROW_BAD_STRIKE;
    if (expiry < 0 || expiry >= surface->expiries)
        return GEX_ROW_BAD_SYMBOL;
    if (!isfinite(vol) || surface->status[expiry] == GEX_SLICE_NO_FORWARD || !isfinite(surface->years[expiry]))
        return GEX_ROW_NOT_FINITE;
    if (surface->status[expiry] != GEX_SLICE_USED)
        return GEX_ROW_EXPIRED;
    return vol > 0 && isfinite(vol * vol * surface->years[expiry]) && vol * vol * surface->years[expiry] > 0
               ? GEX_ROW_USED
               : GEX_ROW_NO_VOL;
}

/* Rows by expiry: first[e] to first[e + 1] of `row`, the order of rows kept. first has expiries + 1 elements. */
static void by_expiry(const gex_surface *surface, const gex_raw_columns *columns, int64_t *first, int64_t *row)
{
    for (int64_t e = 0; e <= surface->expiries; e++)
        first[e] = 0;
    for (int64_t i = 0; i < surface->rows; i++)
        if (surface->quote_status[i] == GEX_ROW_USED)
            first[gex__i32_at(columns->expiry, i) + 1]++;
    for (int64_t e = 0; e < surface->expiries; e++)
        first[e + 1] += first[e];
    for (int64_t i = 0; i < surface->rows; i++)
        if (surface->quote_status[i] == GEX_ROW_USED)
            row[first[gex__i32_at(columns->expiry, i)]++] = i;
    for (int64_t e = surface->expiries; e > 0; e--)
        first[e] = first[e - 1];
    first[0] = 0;
}

static bool lower(const gex_raw_columns *columns, int64_t a, int64_t b)
{
    const double strike_a = gex__f64_at(columns->strike, a), strike_b = gex__f64_at(columns->strike, b);
    return strike_a < strike_b || (strike_a == strike_b && a < b);
}

/* Merge sort from the bottom; `spare` is as long as `row`. */
static void by_strike(const gex_raw_columns *columns, int64_t count, int64_t *row, int64_t *spare)
{
    for (int64_t width = 1; width < count; width *= 2) {
        for (int64_t from = 0; from < count; from += 2 * width) {
            const int64_t middle = from + width < count ? from + width : count;
            const int64_t end = from + 2 * width < count ? from + 2 * width : count;
            int64_t left = from, right = middle;
            for (int64_t to = from; to < end; to++)
                spare[to] = right == end || (left < middle && lower(columns, row[left], row[right])) ? row[left++]
                                                                                                     : row[right++];
        }
        for (int64_t i = 0; i < count; i++)
            row[i] = spare[i];
    }
}

/* ---- slices ----------------------------------------------------------------------------------------------------- */

static double within(double slope)
{
    return fmax(0, fmin(STEEPEST, slope));
}

/* Nodes from the rows of one expiry, ascending in strike; later rows of a strike are refused. */
static void put_slice(gex_surface *surface, const gex_raw_columns *columns, int64_t expiry, int64_t first,
                      int64_t count, const int64_t *row)
{
    const double years = surface->years[expiry], forward = surface->forward[expiry];
    struct gex__slice *slice = &surface->slice[surface->used];
    double *k = surface->k + first, *w = surface->w + first, *slope = surface->slope + first;
    int64_t nodes = 0;

    for (int64_t i = 0; i < count; i++) {
        const double strike = gex__f64_at(columns->strike, row[i]), vol = gex__f64_at(columns->vol, row[i]);
        const double at = log1p((strike - forward) / forward);

        if (!isfinite(at) || (nodes > 0 && !(at > k[nodes - 1]))) {
            surface->quote_status[row[i]] = GEX_ROW_UNSUPPORTED;
            continue;
        }
        k[nodes] = at;
        w[nodes++] = vol * vol * years;
    }
    if (nodes == 0) {
        surface->status[expiry] = GEX_SLICE_NO_QUOTES;
        return;
    }
    gex__pchip_slopes(nodes, k, w, slope);
    *slice = (struct gex__slice){.years = years, .forward = forward, .place = expiry, .first = first, .nodes = nodes};
    if (surface->wings == GEX_WINGS_LINEAR) {
        slice->left = within(-slope[0]);
        slice->right = within(slope[nodes - 1]);
    }
    slice->theta = gex__slice_at(surface, slice, 0, &(bool){false}).w;
    surface->used++;
}

static void put_slices(gex_surface *surface, const gex_raw_columns *columns, int64_t *scratch)
{
    int64_t *first = scratch, *row = first + surface->expiries + 1, *spare = row + surface->rows;

    for (int64_t i = 0; i < surface->rows; i++)
        surface->quote_status[i] = judge(surface, columns, i);
    by_expiry(surface, columns, first, row);
    for (int64_t e = 0; e < surface->expiries; e++)
        if (surface->status[e] == GEX_SLICE_USED) {
            by_strike(columns, first[e + 1] - first[e], row + first[e], spare);
            put_slice(surface, columns, e, first[e], first[e + 1] - first[e], row + first[e]);
        }
}

/* Behind the door: the guest is in. */
static gex_status raw_build(const gex_context *context, const gex_raw_columns *columns,
                            const struct gex__expiries *given, gex_surface **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    const gex_status status = gex__surface_prove_spot(given->spot, error);
    struct gex__layout layout = {0};
    gex_surface *surface;
    int64_t *scratch;

    if (status != GEX_OK)
        return status;
    gex__layout_add(&layout, 2 * columns->rows + given->count + 1, sizeof *scratch);
    scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    surface = scratch != NULL ? gex__surface_make(context, given, GEX_FORM_RAW, columns->rows) : NULL;
    if (surface == NULL) {
        gex__memory_put(&memory, scratch, layout.size);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a surface of {i} quotes", columns->rows);
    }
    surface->wings = columns->wings;
    put_slices(surface, columns, scratch);
    gex__memory_put(&memory, scratch, layout.size);
    gex__surface_arrange(surface);
    return gex__surface_give(surface, out, error);
}

gex_status gex_surface_create_raw(const gex_context *context, const gex_raw_columns *columns, gex_surface **out,
                                  gex_error *error)
{
    gex_raw_columns mine = {0};
    struct gex__expiries given;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    status = raw_take(columns, &mine, error);
    if (status != GEX_OK)
        return status;
    given = (struct gex__expiries){mine.expiries, mine.years, mine.forward, mine.spot};
    status = gex__surface_prove(&given, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = raw_build(context, &mine, &given, out, error);
    gex__guest_leave(&guest);
    return status;
}
