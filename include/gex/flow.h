/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file flow.h Stage 6: what dealers must trade when spot, time and volatility move.
 *
 * FLOW is minus the change of the dealers' option delta: + means dealers BUY the underlying. It is computed by
 * repricing every contract; the first-order value stands beside it, and they can differ in sign.
 */
#ifndef GEX_FLOW_H
#define GEX_FLOW_H

#include <gex/book.h>
#include <gex/market.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_flow gex_flow; /**< one row a scenario; immutable; any thread may read it */

/** Scenarios, each a state to move to. Fill with gex_flow_options_init(). An absent column means no move. */
typedef struct gex_flow_options {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  rows;      /**< scenarios */
    gex_f64  spot;      /**< price moved to, > 0 */
    gex_i64  as_of;     /**< instant moved to, not before the market's */
    gex_f64  vol_shift; /**< added to every volatility, 0.01 is one point of the market's clock; it stops at 0 */
} gex_flow_options;
GEX_API void gex_flow_options_init(gex_flow_options *options, uint32_t struct_size);

/**
 * Flow of every scenario, shares.
 *
 * A move of spot carries every volatility along by the market's dynamics, and `spot` includes what that does; the first
 * order has gamma + vanna d vol / dS for gamma. A spot at which GEX_DYNAMICS_BETA leaves no volatility gives a row of
 * NaN.
 *
 * Attribution: `spot`, `time` and `vol` are averages over the six orders in which the three moves can be made one after
 * another, so they add up to `exact` with nothing left over. The first moves alone and the cross term are given too.
 * A contract that settles on the way is worth its payoff at the settlement instant (delta 0, half at the strike, 1);
 * past that instant it is gone, and the trade that undoes its hedge is reported as `unwind`, never inside `time`.
 *
 * @param out  freed with gex_flow_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (rows negative, market and book of different chains), _DOMAIN (a spot, instant or
 *         shift), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(chain rows * scenarios), a fixed number of allocations.
 * Source: docs/conventions.md, flow; the average over orders is the value of Shapley (1953).
 */
GEX_API gex_status gex_flow_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                    const gex_flow_options *options, gex_flow **out, gex_error *error);
GEX_API void gex_flow_free(gex_flow *flow); /**< NULL is a no-op */

/* Columns of the result, shares, + = dealers BUY. */
#define GEX_FLOW_LIST(X)                                                                                      \
    X(GEX_FLOW_EXACT, 1, "exact")           /* by repricing; spot + time + vol */                             \
    X(GEX_FLOW_LINEAR, 2, "linear")         /* -(gamma dS + vanna ds + charm dt) */                           \
    X(GEX_FLOW_SPOT, 3, "spot")             /* share of the move of spot, average of orderings */             \
    X(GEX_FLOW_TIME, 4, "time")                                                                               \
    X(GEX_FLOW_VOL, 5, "vol")                                                                                 \
    X(GEX_FLOW_SPOT_ALONE, 6, "spot_alone") /* spot moves and nothing else */                                 \
    X(GEX_FLOW_TIME_ALONE, 7, "time_alone")                                                                   \
    X(GEX_FLOW_VOL_ALONE, 8, "vol_alone")                                                                     \
    X(GEX_FLOW_CROSS, 9, "cross")           /* exact - spot_alone - time_alone - vol_alone */                 \
    X(GEX_FLOW_UNWIND, 10, "unwind")        /* + delta N M, the payoff's, of what settled before the instant */ \
    X(GEX_FLOW_USD_AT_START, 11, "usd_at_start") /* exact * spot of the market, USD */

#define GEX_FLOW_ENUM(name, value, text) name = value,
enum { GEX_FLOW_LIST(GEX_FLOW_ENUM) GEX_FLOW_LAST_ = 11 };

GEX_API int64_t gex_flow_rows(const gex_flow *flow);
/** One value per scenario. @param column GEX_FLOW_*. @return lent; NULL for an unknown column. Since 0.1. */
GEX_API const double *gex_flow_column(const gex_flow *flow, int32_t column);
/** Name of a column. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_flow_name(int32_t column);
/** Column of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_flow_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
