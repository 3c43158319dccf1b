/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_GREEKS_H
#define GEX_RISK_GREEKS_H

#include <gex/greeks.h>

#include "base/base.h"

struct gex_greeks {
    struct gex__object object;
    const gex_market  *market; /* retained */
    int64_t            rows;
    double            *column[GEX_GREEK_LAST_ + 1]; /* by GEX_GREEK_*; 0 is not used */
    uint8_t           *status;                      /* GEX_CALC_* */
};

#endif
