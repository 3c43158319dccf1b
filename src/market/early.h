/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that may be exercised early, between a price and a volatility, a group of lanes at a time. */
#ifndef GEX_MARKET_EARLY_H
#define GEX_MARKET_EARLY_H

#include "market.h"
#include "math/american_implied.h"

enum { GEX_EARLY_ROWS = GEX_AMERICAN_IMPLIED_ROWS }; /* at a time, at most */

/*
 * Volatility on the calendar that gives the price of each row by the pricer of early exercise at its standard accuracy,
 * spot, rate and carry being the market's. Prices are as quoted. code: GEX_CALC_*, vol NaN unless GEX_CALC_OK. The rows
 * have an expiry; a row's bits do not depend on the others.
 */
void gex__early_vols(const gex_market *market, int count, const int64_t *row, const double *price, double *vol,
                     uint8_t *code);
/* The same the other way. */
void gex__early_prices(const gex_market *market, int count, const int64_t *row, const double *vol, double *price);

#endif
