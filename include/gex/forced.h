/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file forced.h Stage 6: flows contract by contract, and flows of named stretches of time in the units hedgers trade.
 *
 * FLOW as in flow.h: + means dealers BUY the underlying.
 */
#ifndef GEX_FORCED_H
#define GEX_FORCED_H

#include <gex/flow.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The flow of one scenario, row by row of the chain: N M (delta now - delta then), which sums to GEX_FLOW_EXACT.
 *
 * @param options   scenarios as for gex_flow_compute()
 * @param scenario  which of them, 0 to rows - 1
 * @param flow      a value a row of the chain, shares; 0 for a position of 0, NaN for a row that is not used
 * @param unwind    NULL, or the same for the trade that undoes the hedge of a row that settled before the scenario's
 *                  instant, which sums to GEX_FLOW_UNWIND
 * @return GEX_OK, GEX_ERR_ARGUMENT (scenario out of range, market and book of different chains), _DOMAIN, _VERSION,
 *         _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(chain rows), one allocation. The arrays are written on success only.
 */
GEX_API gex_status gex_flow_lines(const gex_context *context, const gex_market *market, const gex_book *book,
                                  const gex_flow_options *options, int64_t scenario, double *flow, double *unwind,
                                  gex_error *error);

typedef struct gex_forced gex_forced; /**< one row a stretch; immutable; any thread may read it */

/* Stretches of time; sessions are those of the market's calendar. */
#define GEX_STRETCH_LIST(X)                                                                                     \
    X(GEX_STRETCH_TO_CLOSE, 1, "to_close")         /* from now to the first close */                            \
    X(GEX_STRETCH_OVERNIGHT, 2, "overnight")       /* from that close, of a closed market from now, to the open */ \
    X(GEX_STRETCH_NEXT_SESSION, 3, "next_session") /* from that open to its close */

/* Columns. A column whose number was not given is NaN. */
#define GEX_FORCED_LIST(X)                                                                                      \
    X(GEX_FORCED_SHARES, 1, "shares")             /* by repricing, + = dealers BUY */                           \
    X(GEX_FORCED_UNWIND, 2, "unwind")             /* undoes the hedges of what settles inside it, shares */     \
    X(GEX_FORCED_FUTURES, 3, "futures")           /* shares * spot / (future_price * future_multiplier) */      \
    X(GEX_FORCED_USD_AT_START, 4, "usd_at_start") /* shares at the market's spot */                             \
    X(GEX_FORCED_USD_AT_END, 5, "usd_at_end")     /* ... at the price the stretch ends at */                    \
    X(GEX_FORCED_USD_AT_PATH, 6, "usd_at_path")   /* ... at the mean of the two, as if spot went there evenly */ \
    X(GEX_FORCED_ADV_PCT, 7, "adv_pct")           /* 100 shares / adv */

#define GEX_FORCED_ENUM(name, value, text) name = value,
enum { GEX_STRETCH_LIST(GEX_FORCED_ENUM) GEX_STRETCH_LAST_ = 3 };
enum { GEX_FORCED_LIST(GEX_FORCED_ENUM) GEX_FORCED_LAST_ = 7 };

/** What the caller chooses. Fill with gex_forced_options_init(). */
typedef struct gex_forced_options {
    uint32_t struct_size;
    int32_t  reserved;          /**< zero */
    double   spot_pct;          /**< percent of spot by which a stretch ends above its beginning, > -100; default 0 */
    double   adv;               /**< shares a day, > 0; 0: not given, likewise the next two */
    double   future_price;
    double   future_multiplier;
} gex_forced_options;
GEX_API void gex_forced_options_init(gex_forced_options *options, uint32_t struct_size);

/**
 * What each stretch asks for: the change of delta between its ends, each beginning at the market's spot, volatilities
 * kept on the market's clock. With spot_pct 0 that is charm alone, repriced.
 *
 * @param options  NULL for the defaults
 * @param out      freed with gex_forced_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (spot_pct, adv, future; the calendar ends), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: that of a flow of nine scenarios.
 */
GEX_API gex_status gex_forced_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                      const gex_forced_options *options, gex_forced **out, gex_error *error);
GEX_API void gex_forced_free(gex_forced *forced); /**< NULL is a no-op */
/** One value. @return NaN for an unknown stretch or column. Since 0.1. */
GEX_API double  gex_forced_value(const gex_forced *forced, int32_t stretch, int32_t column);
/** Where a stretch begins and ends; 0 for an unknown one. Since 0.1. */
GEX_API int64_t gex_forced_from(const gex_forced *forced, int32_t stretch);
GEX_API int64_t gex_forced_to(const gex_forced *forced, int32_t stretch);

/** Names. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_stretch_name(int32_t stretch);
GEX_API const char *gex_forced_name(int32_t column);
/** The stretch or column of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_stretch_find(const char *name);
GEX_API int32_t gex_forced_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
