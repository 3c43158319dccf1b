/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_FLIPS_H
#define GEX_RISK_FLIPS_H

#include "profile.h"

struct gex_flips {
    struct gex__object object;
    int32_t            status; /* GEX_ROOTS_* */
    int64_t            count, nearest;
    double             low, high; /* prices searched, ends included */
    double            *price, *slope, *size;
    int32_t           *direction, *root_status;
};

#endif
