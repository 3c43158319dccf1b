/* SPDX-License-Identifier: Apache-2.0 */
/* Where spot stands. */
#ifndef GEX_RISK_STAND_H
#define GEX_RISK_STAND_H

#include <gex/map.h>

/* Used rows of an expiry: the strike nearest its forward, the lower of two as near. NaN without one. */
double gex__strike_at_forward(const gex_market *market, int64_t expiry);
/* Average of calls and of puts at a strike of an expiry, then of the two sides that are there. On the calendar, as the
 * thirty days are: the regime is the same on every clock. */
double gex__vol_at_strike(const gex_market *market, int64_t expiry, double strike);
/* Middle of a two-sided quote; NaN without one. */
double gex__quote_middle(const gex_chain *chain, int64_t row);
/* S vol / sqrt(252) at the money of the expiry nearest thirty days; NaN without one.
 * `gamma` says which rows are used. */
double gex__daily_sigma(const gex_exposure *gamma);
/* GEX_REGIME_* of GEX_USD_PCT and its flips. */
int32_t gex__regime(const gex_exposure *gamma, const gex_flips *flips, double daily_sigma);

#endif
