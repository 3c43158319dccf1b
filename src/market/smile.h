/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_MARKET_SMILE_H
#define GEX_MARKET_SMILE_H

#include "market.h"

/*
 * A raw surface of the market's own volatilities, expiry i of it the chain's; on the clocks of its expiries or on the
 * calendar. NULL, and GEX_OK, when no expiry has one. @return GEX_OK or GEX_ERR_MEMORY.
 */
gex_status gex__smile_create(const gex_context *context, const gex_market *market, bool on_clock,
                             const gex_surface **out);
/*
 * The smile of the market's surface at the years each expiry has left, on the calendar; NULL as above. @return GEX_OK,
 * GEX_ERR_MEMORY, or _DOMAIN: at *bad the surface has no volatility, or one that takes too many nodes to follow.
 */
gex_status gex__smile_sampled(const gex_context *context, const gex_market *market, const gex_surface **out,
                              int64_t *bad);
/* A volatility on an expiry's clock per one on the calendar, now. */
double gex__smile_factor(const gex_market *market, int64_t expiry);

#endif
