/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_CHANGE_H
#define GEX_RISK_CHANGE_H

#include <gex/change.h>

#include "base/base.h"

struct gex_change {
    struct gex__object object;
    int64_t  rows, strikes, expiries, matched;
    double  *column[GEX_CHANGE_LAST_ + 1];        /* per row of before's chain */
    int64_t *row;                                 /* per row, that of after's chain; -1 */
    double  *expiry[GEX_CHANGE_EXPIRY_LAST_ + 1]; /* per expiry of before's chain */
    double  *by_strike[GEX_CHANGE_LAST_ + 1], *by_expiry[GEX_CHANGE_LAST_ + 1];
    double   total[GEX_CHANGE_LAST_ + 1];
    double   stickiness, stickiness_error;
};

/* What it is made from. */
struct gex__change_work {
    const gex_market  *before, *after;
    const gex_book    *book;             /* NULL: one contract of each */
    const gex_surface *smile, *smile_after; /* on the markets' clock; NULL: no expiry has one */
    int32_t            isa;
    struct gex_change *change;
};

/* Splits are there, GEX_CHANGE_VEGA still that of one unit of one contract: the fit of each expiry, and R. */
void gex__change_fit(const struct gex__change_work *work);

#endif
