/* SPDX-License-Identifier: Apache-2.0 */
/* Making a surface: what the doors share. */
#ifndef GEX_MARKET_SURFACE_MAKE_H
#define GEX_MARKET_SURFACE_MAKE_H

#include "surface.h"

/* What every surface is given. */
struct gex__expiries {
    int64_t count;
    gex_f64 years, forward;
    double spot;
};

/* Counts and columns, before any floating point; then the spot. */
gex_status gex__surface_prove(const struct gex__expiries *given, gex_error *error);
gex_status gex__surface_prove_spot(double spot, gex_error *error);

/* A block with years, forwards and their statuses in place, and no slices; NULL when there is no memory. */
gex_surface *gex__surface_make(const gex_context *context, const struct gex__expiries *given, int32_t form,
                               int64_t rows);
/* Order the `used` slices by years, refuse those that repeat them, and fill theta and parameters. */
void gex__surface_arrange(gex_surface *surface);
/* Set `out`, or free the surface and fail when no slice is left. */
gex_status gex__surface_give(gex_surface *surface, gex_surface **out, gex_error *error);

#endif
