/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sums of a set of rows are made of. A row is added once: to the calls or puts, above or below zero. Net,
 * gross and the sides are made of these four parts, and the parts of a coarser set of those of its subsets.
 */
#ifndef GEX_RISK_PARTS_H
#define GEX_RISK_PARTS_H

#include "exposure.h"
#include "math/sum.h"

enum { GEX_CALL_ABOVE, GEX_CALL_BELOW, GEX_PUT_ABOVE, GEX_PUT_BELOW, GEX_CALL_OI, GEX_PUT_OI, GEX_PARTS };

/* Exact sums that know when nothing went in: most strikes have no position, and clearing and rounding is what costs.
 * Three and a half kilobytes: too much for a stack that is not ours. */
struct gex__parts {
    struct gex__exact sum[GEX_PARTS];
    bool              any[GEX_PARTS];
};

void   gex__parts_clear(struct gex__parts *parts);
void   gex__parts_merge(struct gex__parts *parts, const struct gex__parts *other);
void   gex__parts_drop(struct gex__parts *parts, int32_t right); /* leaves the other side */
double gex__parts_round(const struct gex__parts *parts, int sum); /* GEX_SUM_* or GEX__SUM_*, correctly rounded */
/* Adds rows of an exposure that are used. Those that diverge stay out, but for their open interest. */
void gex__parts_rows(struct gex__parts *parts, const struct gex_exposure *exposure, const int64_t *row, int64_t count);

#endif
