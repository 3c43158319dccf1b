/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of greeks of a set of lines at many prices and instants: what fields, crossings and cliffs are made of. */
#ifndef GEX_RISK_CELLS_H
#define GEX_RISK_CELLS_H

#include "curve.h"
#include "later.h"

enum { GEX_CELLS_UNITS = 64 };

/* Sums of absolute values beside those of values: |value of a line|, added up. */
struct gex__gross {
    const struct gex__scale *scale; /* of units with two terms, which are added a line before it is counted */
    const double            *start; /* a value a line, from which those of unit `moved` are counted; or NULL */
    int32_t                  moved; /* of one term */
};

struct gex__cells {
    const gex_market              *market;
    const struct gex__lines       *lines;
    const struct gex__unit *const *unit; /* `units` of them; their scales are not looked at */
    int32_t                        units, isa;
    const double                  *prices; /* ascending */
    int64_t                        points;
    const int64_t                 *instants; /* ascending */
    int64_t                        steps;
    const struct gex__gross       *gross; /* NULL: nobody asks */
    double                        *each;  /* NULL, or filled: first unit, first term, first price of every line */
};

enum { GEX_GROSS = GEX_TERMS }; /* stands behind the terms */
/* Sums a unit has: its terms, and the gross where somebody asks. */
static inline int32_t gex__cells_terms(const struct gex__cells *cells)
{
    return GEX_TERMS + (cells->gross != NULL);
}

/*
 * Sums of every unit at every instant and price, over the lines that have not settled before it. They are handed to
 * `take` an instant at a time, in order, on the calling thread: term t of unit u at price p is
 * sums[(u * gex__cells_terms() + t) * points + p], a sum of N M greek inside; the gross of a unit of one term likewise
 * is before scale, of one of two after it. @return GEX_OK, GEX_ERR_MEMORY, _CALLBACK.
 */
gex_status gex__cells_run(const gex_context *context, const struct gex__cells *cells,
                          void (*take)(void *user, int64_t instant, const double *sums), void *user);

#endif
