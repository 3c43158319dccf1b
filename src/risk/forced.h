/* SPDX-License-Identifier: Apache-2.0 */
/* What flows of stretches of time and their bands share: options, and between which instants a stretch lies. */
#ifndef GEX_RISK_FORCED_H
#define GEX_RISK_FORCED_H

#include <gex/forced.h>

#include "base/base.h"

struct gex__stretches {
    int64_t from[GEX_STRETCH_LAST_ + 1], to[GEX_STRETCH_LAST_ + 1];
    double  spot, price; /* at which each begins and ends */
};

/* For doors, within a guest's manners but for the options' age. `options` may be NULL. */
gex_status gex__forced_take(const gex_forced_options *options, gex_forced_options *mine, gex_error *error);
gex_status gex__stretches_set(const gex_market *market, const gex_forced_options *options,
                              struct gex__stretches *stretches, gex_error *error);

#endif
