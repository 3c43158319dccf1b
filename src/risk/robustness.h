/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_ROBUSTNESS_H
#define GEX_RISK_ROBUSTNESS_H

#include <gex/robustness.h>

#include "base/base.h"

enum { GEX_ROBUST_ENTRIES = 1 + GEX_SIGN_LAST_ + GEX_CLOCK_LAST_ + GEX_FORWARD_LAST_ + 1 + GEX_VOL_LAST_ + 4 + 2 };

struct gex__robust_entry {
    int32_t    vary, choice; /* choice: of the constants that vary names */
    gex_status status;
    int32_t    regime, roots;
    double     value[GEX_ROBUST_LAST_ + 1];
    gex_flips *flips;                       /* owned; NULL where refused */
    char       dynamics[GEX_DYNAMICS_TEXT]; /* with its parameter */
};

struct gex_robustness {
    struct gex__object       object;
    double                   near_sigmas;
    int64_t                  count;
    struct gex__robust_entry entry[GEX_ROBUST_ENTRIES]; /* the base first */
};

#endif
