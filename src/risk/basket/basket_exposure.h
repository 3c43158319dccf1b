/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_BASKET_EXPOSURE_H
#define GEX_RISK_BASKET_EXPOSURE_H

#include "basket.h"
#include "risk/exposure.h"
#include "math/sum.h"

struct gex_basket_exposure {
    struct gex__object         object;
    const struct gex_basket   *basket; /* retained */
    int32_t                    unit;
    double                     total, gross;
    const struct gex_exposure **member; /* owned; NULL while it is made */
};

#endif
