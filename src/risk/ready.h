/* SPDX-License-Identifier: Apache-2.0 */
/* What the stages over one market and book have in common: their lines, and what no spot changes of a curve, so that a
 * profile and its flips prepare it once. */
#ifndef GEX_RISK_READY_H
#define GEX_RISK_READY_H

#include "curve.h"

/* A curve prepared over a range of prices, at the head of the block that holds what was prepared. */
struct gex__ready {
    struct gex__curve  curve;
    double             low, high;
    struct gex__memory memory;
    int64_t            size;
};

/* Prepares a curve for prices in [low, high], unless *ready is one that was prepared just so.
 * *ready begins as NULL, has to stay as long as the curve is used and is dropped in the end. @return false: there is no
 * memory, and *ready is NULL. */
bool gex__ready_take(const gex_context *context, struct gex__ready **ready, struct gex__curve *curve, double low,
                     double high);
void gex__ready_drop(struct gex__ready **ready);

struct gex__common {
    struct gex__lines  lines;
    struct gex__ready *ready;
};
/* @return false when there is no memory; *common may be dropped all the same. */
bool gex__common_create(const gex_context *context, const gex_market *market, const gex_book *book,
                        struct gex__common *common);
void gex__common_drop(struct gex__common *common);

#endif
