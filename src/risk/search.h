/* SPDX-License-Identifier: Apache-2.0 */
/* The search for roots over a range of spot: of an exposure, or of the flow to an instant. */
#ifndef GEX_RISK_SEARCH_H
#define GEX_RISK_SEARCH_H

#include "fill.h"
#include "flips.h"

struct gex__search {
    struct gex__curve        curve; /* not prepared yet */
    struct gex__range        range;
    const struct gex__lines *seen;  /* the lines whose widths and steps the grid follows */
    bool                     flow;  /* not the curve: start - (curve + payoffs of the first `settled` of `seen`) */
    double                   start; /* delta of the book before the move */
    int64_t                  settled;
    struct gex__ready      **ready; /* where the curve is prepared; NULL: for this search alone */
    const struct gex__known *known; /* of that curve; or NULL */
};

/* For doors: cells for the range, which stops short of prices at which the dynamics leave no volatility. */
gex_status gex__search_range(const gex_market *market, struct gex__range *range, gex_error *error);
/* @return GEX_OK with the roots, GEX_ERR_MEMORY, _CALLBACK. Within a guest's manners. */
gex_status gex__search_run(const gex_context *context, struct gex__search *search, gex_flips **out);

#endif
