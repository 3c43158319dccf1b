/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of greeks of a set of lines at many prices and instants: what fields, crossings and cliffs are made of. */
#ifndef GEX_RISK_CELLS_H
#define GEX_RISK_CELLS_H

#include "curve.h"
#include "later.h"

enum { GEX_CELLS_UNITS = 64 };

struct gex__cells {
    const gex_market              *market;
    const struct gex__lines       *lines;
    const struct gex__unit *const *unit; /* `units` of them; their scales are not looked at */
    int32_t                        units, isa;
    const double                  *prices; /* ascending */
    int64_t                        points;
    const int64_t                 *instants; /* ascending */
    int64_t                        steps;
};

/*
 * Sums of every unit at every instant and price, over the lines that have not settled before it. They are handed to
 * `take` an instant at a time, in order, on the calling thread: term t of unit u at price p is
 * sums[(u * GEX_TERMS + t) * points + p], a sum of N M greek inside. @return GEX_OK, GEX_ERR_MEMORY, _CALLBACK.
 */
gex_status gex__cells_run(const gex_context *context, const struct gex__cells *cells,
                          void (*take)(void *user, int64_t instant, const double *sums), void *user);

#endif
