/* SPDX-License-Identifier: Apache-2.0 */
/* Deviations of European prices, as many at a time as the kernels take. */
#include "lanes.h"

#include <gex/european.h>

#include "chain.h"

void gex__lanes_put(const gex_market *market, struct gex__lanes *lanes, int64_t row, int32_t which, double price)
{
    const gex_chain *chain = market->chain;
    const int32_t expiry = chain->expiry_index[row];
    const double forward = market->curve.forward[expiry];
    const int i = lanes->count++;

    lanes->row[i] = row;
    lanes->which[i] = which;
    lanes->undiscounted[i] =
        chain->payoff[row] == GEX_PAYOFF_INVERSE ? price * forward : price / market->curve.discount[expiry];
    lanes->forward[i] = forward;
    lanes->strike[i] = chain->strike[row];
    lanes->right[i] = chain->right[row];
    lanes->one[i] = 1; /* years, and discount: the volatility is the deviation */
}

int gex__lanes_invert(const gex_market *market, struct gex__lanes *lanes)
{
    const int count = lanes->count;
    const struct gex__implied_in in = {.rows = count,
                                       .price = lanes->undiscounted,
                                       .forward = lanes->forward,
                                       .strike = lanes->strike,
                                       .years = lanes->one,
                                       .right = lanes->right,
                                       .discount = lanes->one,
                                       .model = GEX_MODEL_BLACK};

    gex__implied(market->isa, &in, lanes->deviation, lanes->code);
    lanes->count = 0;
    return count;
}
