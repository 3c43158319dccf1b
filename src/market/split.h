/* SPDX-License-Identifier: Apache-2.0 */
/* The change of one contract's volatility between two surfaces. */
#ifndef GEX_MARKET_SPLIT_H
#define GEX_MARKET_SPLIT_H

#include "surface.h"

struct gex__split_in {
    double strike, years_before, years_after, forward_before, forward_aged, forward_after;
};
struct gex__split {
    double before, after;        /* f0(k0, T0), f1(k1, T1) */
    double roll, slide, surface;
};
bool gex__split_allowed(const struct gex__split_in *in);
struct gex__split gex__split_of(const gex_surface *before, const gex_surface *after, const struct gex__split_in *in);
/* Volatility of a surface; years > 0. */
double gex__surface_vol(const gex_surface *surface, double k, double years);

#endif
