/* SPDX-License-Identifier: Apache-2.0 */
/* Roll, slide and surface: one walk from the old surface to the new one, a step each. */
#include "split.h"

#include <math.h>

#include <gex/change.h>

#include "dynamics.h"

enum { SPLIT_COLUMNS_0_1 = offsetof(gex_split_columns, forward_after) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || SPLIT_COLUMNS_0_1 == 112, "the first size is part of the ABI");

void gex_split_columns_init(gex_split_columns *columns, uint32_t struct_size)
{
    static const gex_split_columns defaults = {.rows = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

double gex__surface_vol(const gex_surface *surface, double k, double years)
{
    return sqrt(gex__surface_at(surface, k, years).smile.w / years);
}

static bool above_zero(double value)
{
    return value > 0 && isfinite(value);
}

bool gex__split_allowed(const struct gex__split_in *in)
{
    return above_zero(in->strike) && above_zero(in->years_before) && above_zero(in->years_after) &&
           above_zero(in->forward_before) && above_zero(in->forward_aged) && above_zero(in->forward_after);
}

struct gex__split gex__split_of(const gex_surface *before, const gex_surface *after, const struct gex__split_in *in)
{
    const double k_aged = gex__log_moneyness(in->strike, in->forward_aged);
    const double k_after = gex__log_moneyness(in->strike, in->forward_after);
    const double start = gex__surface_vol(before, gex__log_moneyness(in->strike, in->forward_before), in->years_before);
    const double aged = gex__surface_vol(before, k_aged, in->years_after);
    const double slid = gex__surface_vol(before, k_after, in->years_after);
    const double end = gex__surface_vol(after, k_after, in->years_after);

    return (struct gex__split){start, end, aged - start, slid - aged, end - slid};
}

static gex_status columns_take(const gex_split_columns *theirs, gex_split_columns *mine, gex_error *error)
{
    const gex_f64 *column[] = {&mine->strike,         &mine->years_before, &mine->years_after,
                               &mine->forward_before, &mine->forward_aged, &mine->forward_after};

    if (gex__options_take(mine, sizeof *mine, SPLIT_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "split columns: struct_size {u}; fill them with gex_split_columns_init()",
                         theirs->struct_size);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "split columns: reserved must be zero");
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    for (size_t c = 0; c < sizeof column / sizeof column[0] && mine->rows > 0; c++) {
        if (column[c]->data == NULL)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "strike, years and forwards are all required");
        if (!gex__stride_fits(column[c]->data, column[c]->stride, mine->rows))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    }
    return GEX_OK;
}

gex_status gex_surface_split(const gex_context *context, const gex_surface *before, const gex_surface *after,
                             const gex_split_columns *columns, double *change, double *roll, double *slide,
                             double *surface, uint8_t *status, gex_error *error)
{
    gex_split_columns in = {.rows = 0};
    struct gex__guest guest;
    gex_status taken;

    (void)context;
    if (before == NULL || after == NULL || columns == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "before, after and columns are required");
    taken = columns_take(columns, &in, error);
    if (taken != GEX_OK)
        return taken;
    gex__guest_enter(&guest);
    for (int64_t i = 0; i < in.rows; i++) {
        const struct gex__split_in row = {gex__f64_at(in.strike, i),       gex__f64_at(in.years_before, i),
                                          gex__f64_at(in.years_after, i),  gex__f64_at(in.forward_before, i),
                                          gex__f64_at(in.forward_aged, i), gex__f64_at(in.forward_after, i)};
        const bool allowed = gex__split_allowed(&row);
        struct gex__split out = {(double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN};

        if (allowed)
            out = gex__split_of(before, after, &row);
        if (change != NULL)
            change[i] = out.after - out.before;
        if (roll != NULL)
            roll[i] = out.roll;
        if (slide != NULL)
            slide[i] = out.slide;
        if (surface != NULL)
            surface[i] = out.surface;
        if (status != NULL)
            status[i] = allowed ? GEX_POINT_INSIDE : GEX_POINT_DOMAIN;
    }
    gex__guest_leave(&guest);
    return GEX_OK;
}
