/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of an uncertain book: those with a position, and those that may have one. */
#ifndef GEX_RISK_HOLDING_H
#define GEX_RISK_HOLDING_H

#include <gex/uncertainty.h>

#include "lines.h"

struct gex__holding {
    struct gex__lines lines;    /* of one contract each: the weight is the multiplier */
    double           *position; /* contracts */
    double           *sd;
    double           *loading; /* factor f of line i at [f * lines.rows + i] */
    int64_t           factors;
    /* the block they stand in */
    struct gex__memory memory;
    void              *block;
    int64_t            size;
};

/* @return false when there is no memory; the holding may be dropped all the same. */
bool gex__holding_create(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                         struct gex__holding *holding);
void gex__holding_drop(struct gex__holding *holding);

#endif
