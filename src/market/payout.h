/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the underlying pays out: the ex-dates of a market, shared by its forwards and its American rows. Their model is
 * that of math/american_escrow.h at the rate of each expiry; its carry there is the one that meets the forward.
 */
#ifndef GEX_MARKET_PAYOUT_H
#define GEX_MARKET_PAYOUT_H

#include <gex/market.h>

#include "math/american_escrow.h"

/* Ascending, room for as many as the caller gave; those at or before the instant count no more. */
struct gex__payout {
    struct gex__dividends dividends; /* years from the instant on CAL_365 */
    int64_t *at;
    double *years, *cash, *share;
};

/* The caller's columns into arrays with room for them, seen from an instant. */
void gex__payout_take(struct gex__payout *payout, const gex_market_options *options);
/* The same ex-dates seen from another instant. */
void gex__payout_date(struct gex__payout *payout, int64_t as_of);
/* The caller's columns again. They point into the payout. */
void gex__payout_give(const struct gex__payout *payout, gex_market_options *options);

/*
 * Carry of the escrowed spot: rate - ln(F / s) / T, within 10 a year; `carry` where no ex-date lies before expiry, or
 * dividends take the whole spot.
 */
double gex__payout_carry(const struct gex__dividends *dividends, double spot, double years, double forward, double rate,
                         double carry);

/* For repricing: the ex-dates of a market, and the carry of a row of an expiry by its right of exercise. */
const struct gex__dividends *gex__market_dividends(const gex_market *market);
double gex__market_row_carry(const gex_market *market, int32_t expiry, int8_t exercise);
/* Whether two markets know other ex-dates after the later of their instants. */
bool gex__payout_differs(const gex_market *a, const gex_market *b);
/* The ex-dates of a market of `as_of`, seen from another instant. */
struct gex__dividends gex__dividends_from(const struct gex__dividends *dividends, int64_t as_of, int64_t later);

#endif
