/* SPDX-License-Identifier: Apache-2.0 */
/** @file shift.h Stage 2: a market moved to another spot, instant and level of volatility. */
#ifndef GEX_SHIFT_H
#define GEX_SHIFT_H

#include <gex/market.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where to, and how volatilities get there. Fill with gex_shift_options_init(): nothing moves. */
typedef struct gex_shift_options {
    uint32_t struct_size;
    int32_t  dynamics;  /**< GEX_DYNAMICS_*; 0: the market's own, parameter included */
    double   spot;      /**< price, > 0; 0: the market's */
    int64_t  as_of;     /**< instant, not before the market's; INT64_MIN: the market's */
    double   vol_shift; /**< added to every volatility, 0.01 is one point of the market's clock; it stops at 0 */
    double   dynamics_parameter; /**< as in gex_market_options; 0 with dynamics 0 */
} gex_shift_options;
GEX_API void gex_shift_options_init(gex_shift_options *options, uint32_t struct_size);

/**
 * The same chain at another spot, instant and level of volatility: a market like any other, consistent in itself.
 *
 * Each expiry keeps its rate and carry, so F = P exp((rate - carry) T) with what is left of T; years are counted anew
 * on both clocks. A volatility is moved with spot by the dynamics, kept on its own clock through time, then shifted;
 * one that reaches 0 stays used. Rows of expiries that settled before the instant become GEX_ROW_EXPIRED. Quotes are
 * not moved. Greeks and exposures of the result are those that profiles and flows reprice at that state.
 *
 * The result carries the dynamics it was moved by, with the smile it was moved along: moves of R add up. Under
 * GEX_DYNAMICS_BETA b counts from the new spot.
 *
 * @param out  freed with gex_market_free(); NULL on failure. It keeps what the market keeps, not the market
 * @return GEX_OK, GEX_ERR_ARGUMENT (market missing, unknown dynamics), _DOMAIN (spot, instant, shift, parameter, a spot
 *         at which GEX_DYNAMICS_BETA leaves no volatility), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows), one allocation; four more and O(rows log rows) where the
 * dynamics ask for a smile that the market does not have.
 * Source: docs/dynamics.md.
 */
GEX_API gex_status gex_market_shift(const gex_context *context, const gex_market *market,
                                    const gex_shift_options *options, gex_market **out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
