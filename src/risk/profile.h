/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_PROFILE_H
#define GEX_RISK_PROFILE_H

#include "curve.h"
#include "grid.h"

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

#endif
