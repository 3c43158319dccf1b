/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_MAP_H
#define GEX_RISK_MAP_H

#include <gex/map.h>

#include "base/base.h"

struct gex_map {
    struct gex__object     object;
    const gex_market      *market; /* retained, as all that are const */
    const gex_book        *book;
    const gex_robustness  *robustness; /* or NULL, as the three that follow */
    const gex_field       *field;
    const gex_map         *since;
    const gex_uncertainty *uncertainty;
    gex_greeks            *greeks; /* owned, as all that follow */
    gex_exposure          *gamma, *delta, *vanna, *charm, *in_unit;
    gex_profile           *profile, *profile_in_unit;
    gex_flips             *flips, *zero_flow;
    int64_t                zero_flow_instant;
    gex_flow              *flow, *scenario;
    gex_difference        *gamma_since, *flow_since;
    gex_bands             *gamma_bands, *profile_bands, *flow_bands;
    gex_flip_bands        *flip_bands;
    double                *moves; /* percent */
    int64_t                move_count;
    double                 scenario_spot_pct, scenario_hours, scenario_vol_points;
    double                 daily_sigma, zero_dte_share;
    int32_t                regime;
};

#endif
