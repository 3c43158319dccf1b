/* SPDX-License-Identifier: Apache-2.0 */
/* Forward and discount per expiry: from a rate, from the caller, or from put-call parity. */
#ifndef GEX_MARKET_CURVE_H
#define GEX_MARKET_CURVE_H

#include <gex/market.h>

#include "base/base.h"
#include "parity.h"
#include "payout.h"

/* Arrays of one element per expiry of the chain. */
struct gex__curve {
    int64_t  count;
    double  *years;        /* on CAL_365: carry runs on the calendar whatever the clock of volatilities */
    double  *forward, *discount;
    double  *rate, *carry; /* what a kernel that starts from spot needs to meet forward and discount */
    double  *early;        /* the carry of American rows: payout.h */
    double  *borrow;       /* the carry without cash dividends; NaN with no time left */
    double  *quote_error;  /* what the spreads leave open of a parity forward, price; NaN otherwise */
    double  *error, *discount_error; /* of a parity forward and of its own discount; NaN otherwise */
    int32_t *pairs, *outliers; /* of a parity forward; 0 otherwise */
    uint8_t *source;       /* GEX_FORWARD_*, GEX_FROM_*; 0 where settled */
    uint8_t *parity;       /* GEX_PARITY_* */
};

/* Where the curve starts from. */
struct gex__curve_base {
    int64_t as_of;
    double  spot, rate, carry;
    gex_f64 rate_years, rates; /* rate_count; in place of the rate when there are any */
    int64_t rate_count;
    const struct gex__dividends *dividends; /* NULL: none */
    bool    fixed_discount, neighbours;
    bool    early;             /* American options are exercised early, and are taken for European otherwise */
    int32_t isa;
};

/* Rate at a time, years on CAL_365: the rate as given, or on the curve. */
double gex__curve_rate(const struct gex__curve_base *base, double years);
/* Spot less what is paid by then: the present value of cash, and shares of it. */
double gex__curve_escrowed(const struct gex__curve_base *base, double years);

/* Years of every expiry, and forward = escrowed spot exp((rate - carry) T), discount = exp(-rate T), rates to the bit
 * as given. A settled expiry has 0 years and no forward. @return -1, or the first expiry out of the domain. */
int64_t gex__curve_flat(const struct gex__curve_base *base, const int64_t *expiries, struct gex__curve *curve);

/* The caller's, over a flat curve. @return -1, or the first expiry whose forward or discount is out of the domain. */
int64_t gex__curve_given(const struct gex__curve_base *base, gex_f64 forwards, gex_f64 discounts,
                         struct gex__curve *curve);

/* The median of the rows of each expiry, over a flat curve, which stays where that is none or says a carry out of the
 * domain; scratch has room for a double a row. */
void gex__curve_quoted(const struct gex__curve_base *base, const gex_chain *chain, gex_f64 row_forwards,
                       double *scratch, struct gex__curve *curve);
/* What the carry leaves beside dividends, and the carry of American rows; last of all. */
void gex__curve_borrow(const struct gex__curve_base *base, struct gex__curve *curve);

/* Room gex__curve_parity needs: one pair and one double for each two rows of the largest expiry. */
int64_t gex__curve_pairs_max(const gex_chain *chain);
/* Put-call parity where it gives a forward, over a flat curve; elsewhere the flat one stays. */
void gex__curve_parity(const struct gex__curve_base *base, const gex_chain *chain, struct gex__pair *pairs,
                       double *scratch, struct gex__curve *curve);

#endif
