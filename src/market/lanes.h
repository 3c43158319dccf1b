/* SPDX-License-Identifier: Apache-2.0 */
/* European prices waiting until there are enough of them to be inverted together. Too large for the stack, beside that
 * of the kernels: it lies in the object that is made. */
#ifndef GEX_MARKET_LANES_H
#define GEX_MARKET_LANES_H

#include "market.h"
#include "math/implied.h"

struct gex__lanes {
    int     count;
    int64_t row[GEX_IMPLIED_ROWS];
    int32_t which[GEX_IMPLIED_ROWS]; /* the caller's */
    double  undiscounted[GEX_IMPLIED_ROWS], forward[GEX_IMPLIED_ROWS], strike[GEX_IMPLIED_ROWS], one[GEX_IMPLIED_ROWS];
    int8_t  right[GEX_IMPLIED_ROWS];
    double  deviation[GEX_IMPLIED_ROWS]; /* what came of them */
    uint8_t code[GEX_IMPLIED_ROWS];
};

/* One more, with an expiry that has not settled, valued as European; count is below GEX_IMPLIED_ROWS, and zero at first
 * with everything else. */
void gex__lanes_put(const gex_market *market, struct gex__lanes *lanes, int64_t row, int32_t which, double price);
/* Deviations and GEX_CALC_* of those that wait, who wait no more. A row's bits do not depend on the others. @return how
 * many. */
int gex__lanes_invert(const gex_market *market, struct gex__lanes *lanes);

#endif
