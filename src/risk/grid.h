/* SPDX-License-Identifier: Apache-2.0 */
/* Prices at which a curve is evaluated: an even grid, and the finer one a search for roots needs. */
#ifndef GEX_RISK_GRID_H
#define GEX_RISK_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include <gex/profile.h>

#include "lines.h"

/* Even cells between two fractions of spot. */
struct gex__range {
    double  spot, low, high;
    int64_t cells;
};

/* Price at `cell` cells above the low end, 0 to range->cells, fractions allowed; both ends exact; never decreasing. */
double gex__range_price(const struct gex__range *range, double cell);
/* The same of cells that are even in the logarithm. */
double gex__range_log_price(const struct gex__range *range, double cell);
/* For doors: a range that makes sense at this spot. */
gex_status gex__range_check(const struct gex__range *range, gex_error *error);

/* A line is narrow where the spot is near its strike: its volatility there, and where its exposure is centred. */
double gex__line_vol(const struct gex__lines *lines, int64_t i);
double gex__line_centre(const struct gex__lines *lines, int64_t i);
/* Cells of 0.05 % of spot, or a little less where that does not divide the range; 0 when that is too many. */
int64_t gex__search_cells(double low, double high);
/* What a line has to weigh to be looked at closely, as peak of its gamma in cash or as position. */
struct gex__shares {
    double peak, position;
};
struct gex__shares gex__search_shares(const struct gex__range *range, const struct gex__lines *lines);
/*
 * Prices of the refined search grid, not sorted, with repetitions. `steps` adds the prices at which lines without time
 * left jump. @return how many; `out` NULL only counts.
 */
int64_t gex__search_points(const struct gex__range *range, const struct gex__lines *lines,
                           const struct gex__shares *least, bool steps, double *out);

#endif
