/* SPDX-License-Identifier: Apache-2.0 */
/* The same lines as they stand at a later instant: what is left of their time, and their volatilities then. */
#ifndef GEX_RISK_LATER_H
#define GEX_RISK_LATER_H

#include "lines.h"

/* What is left to an expiry at an instant. */
struct gex__left {
    double years;  /* calendar */
    double root;   /* struct gex__pace then; 0 where the clock has no time left and the calendar has */
    double excess;
};
struct gex__left gex__left_of(const gex_market *market, int32_t expiry, int64_t as_of);

/* Lines [first, first + count) as lines of their own; they point into the others. */
struct gex__lines gex__lines_part(const struct gex__lines *lines, int64_t first, int64_t count);

enum { GEX_LATER_COLUMNS = 4 + sizeof(struct gex__place) / sizeof(double) };
/*
 * The same lines at `as_of`, before which none has settled. `columns` is GEX_LATER_COLUMNS times `rows` doubles, for
 * years and volatilities; at the market's own instant the lines are as they were, to the bit.
 */
struct gex__lines gex__lines_later(const struct gex__lines *lines, const gex_market *market, int64_t as_of,
                                   double *columns);

/* How many of the lines have settled before an instant: the first ones. */
int64_t gex__lines_settled(const struct gex__lines *lines, const gex_market *market, int64_t as_of);

#endif
