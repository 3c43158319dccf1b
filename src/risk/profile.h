/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_PROFILE_H
#define GEX_RISK_PROFILE_H

#include "grid.h"
#include "ready.h"

struct gex_profile {
    struct gex__object object;
    int32_t            unit;
    int64_t            points;
    double            *price, *value;
};

/* What profiles and searches share at their doors: options checked, range and scale taken out of them. */
gex_status gex__profile_door(const gex_market *market, const gex_book *book, const gex_profile_options *options,
                             gex_profile_options *mine, struct gex__range *range, struct gex__scale *scale,
                             gex_error *error);

/* The part of it that knows a spot and no market. */
gex_status gex__profile_options_take(double spot, const gex_profile_options *options, gex_profile_options *mine,
                                     struct gex__range *range, struct gex__scale *scale, gex_error *error);
/* Likewise: a profile with its prices and no values, and the range in as many cells. */
gex_status gex__profile_make(const gex_context *context, const gex_profile_options *opt, struct gex__range *range,
                             struct gex_profile **out, gex_error *error);

/* gex_profile_compute(); `common`, of the market and the book, may be NULL: what is at hand. The result is the same. */
gex_status gex__profile_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                const gex_profile_options *options, struct gex__common *common, gex_profile **out,
                                gex_error *error);

#endif
