/* SPDX-License-Identifier: Apache-2.0 */
/* Forward and discount per expiry: from a rate, from the caller, or from put-call parity. */
#ifndef GEX_MARKET_CURVE_H
#define GEX_MARKET_CURVE_H

#include <gex/market.h>

#include "base/base.h"
#include "parity.h"

/* Arrays of one element per expiry of the chain. */
struct gex__curve {
    int64_t  count;
    double  *years;        /* on CAL_365: carry runs on the calendar whatever the clock of volatilities */
    double  *forward, *discount;
    double  *rate, *carry; /* what a kernel that starts from spot needs to meet forward and discount */
    double  *error;        /* of a parity forward, price; NaN otherwise */
    int32_t *pairs;        /* of a parity forward; 0 otherwise */
    uint8_t *source;       /* GEX_FORWARD_*; 0 where settled */
};

/* Where the curve starts from. */
struct gex__curve_base {
    int64_t as_of;
    double  spot, rate, carry;
};

/* Years of every expiry, and forward = spot exp((rate - carry) T), discount = exp(-rate T), rates to the bit as given.
 * A settled expiry has 0 years and no forward. */
void gex__curve_flat(const struct gex__curve_base *base, const int64_t *expiries, struct gex__curve *curve);

/* The caller's, over a flat curve. @return -1, or the first expiry whose forward or discount is out of the domain. */
int64_t gex__curve_given(const struct gex__curve_base *base, gex_f64 forwards, gex_f64 discounts,
                         struct gex__curve *curve);

/* Room gex__curve_parity needs: one pair and one double for each two rows of the largest expiry. */
int64_t gex__curve_pairs_max(const gex_chain *chain);
/* Put-call parity where it gives a forward, over a flat curve; elsewhere the flat one stays. */
void gex__curve_parity(const struct gex__curve_base *base, const gex_chain *chain, struct gex__pair *pairs,
                       double *scratch, struct gex__curve *curve);

#endif
