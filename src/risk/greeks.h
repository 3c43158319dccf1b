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

/* Without a number in it; the market is retained. NULL when there is no memory. */
struct gex_greeks *gex__greeks_alloc(const gex_context *context, const gex_market *market, int64_t rows);

#endif
