/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_FIELD_H
#define GEX_RISK_FIELD_H

#include <gex/field.h>

#include "cells.h"

struct gex_field {
    struct gex__object object;
    const gex_market  *market;
    const gex_book    *book;
    int32_t            part;
    struct gex__scale  scale;
    int64_t            points, steps, quantities;
    double            *price;
    double           **value, **gross; /* by quantity, then instant and price; gross NULL: nobody asked */
    int64_t           *instant, *live;
    int32_t           *quantity;
};

/* Everything but prices and instants, which are there. */
gex_status gex__field_fill(const gex_context *context, struct gex_field *field);

/* A quantity as sums of greeks. */
struct gex__quantity {
    int32_t                 quantity;
    const struct gex__unit *unit; /* whose sums it is made of */
};
bool gex__quantity_find(int32_t quantity, struct gex__quantity *out);
/*
 * Its value at a price from the sums of its unit's terms, `stride` apart. Of a flow `start` is the delta of the book at
 * the start, and `settled` the payoff delta of what has settled.
 */
double gex__quantity_value(const struct gex__quantity *quantity, const struct gex__scale *scale, double price,
                           const double *sums, int64_t stride, double start, double settled);
/* Its gross: `sum` of the unit as cells have it, `settled` of what has settled. */
double gex__quantity_gross(const struct gex__quantity *quantity, const struct gex__scale *scale, double price,
                           double sum, double settled);

/* Lines of a part of the book, as a view. */
struct gex__lines gex__lines_of_part(const struct gex__lines *lines, const gex_market *market, int32_t part);
/* Delta of a line's payoff times its weight. */
double gex__payoff_delta(const struct gex__lines *lines, int64_t line, double price);
/* Delta of lines at the market's own spot and instant, as the sums of cells have it. `each`: NULL, or that of each. */
gex_status gex__delta_now(const gex_context *context, const gex_market *market, const struct gex__lines *lines,
                          double *each, double *out);

#endif
