/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file quotes.h Stage 2: what the quotes of a chain are worth in a market: prices, volatilities, and what is wrong.
 *
 * A market holds one volatility a row; this holds those of bid, middle and ask, and a state for every quote.
 */
#ifndef GEX_QUOTES_H
#define GEX_QUOTES_H

#include <gex/market.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_quotes gex_quotes; /**< immutable; any thread may read it; keeps its market alive */

/* Which price of a row. The strike's is the middle of its side out of the money (puts below the forward, calls at it and
 * above), carried to the other side by put-call parity: one volatility for both. */
enum { GEX_QUOTE_BID = 1, GEX_QUOTE_MID = 2, GEX_QUOTE_ASK = 3, GEX_QUOTE_STRIKE = 4 };

/* What became of one price. */
#define GEX_QUOTE_STATUS_LIST(X)                                                                               \
    X(GEX_QUOTE_OK, 0, "ok")                                                                                   \
    X(GEX_QUOTE_NO_CONTRACT, 1, "no_contract")         /* the chain refuses the row, or it has settled */      \
    X(GEX_QUOTE_NO_PRICE, 2, "no_price")               /* zero, negative, not finite; a middle needs both */   \
    X(GEX_QUOTE_CROSSED, 3, "crossed")                 /* bid above ask: none of them is a price */            \
    X(GEX_QUOTE_BELOW_INTRINSIC, 4, "below_intrinsic") /* less than exercise at settlement is worth */         \
    X(GEX_QUOTE_ABOVE_MAX, 5, "above_max")             /* at or above the bound of the payoff */               \
    X(GEX_QUOTE_NO_TIME, 6, "no_time")                 /* settling now, and a time value */

#define GEX_QUOTES_ENUM(name, value, text) name = value,
enum { GEX_QUOTE_STATUS_LIST(GEX_QUOTES_ENUM) GEX_QUOTE_STATUS_LAST_ = 6 };

/** What a quote has to be to be taken for good. Fill with gex_quotes_options_init(). */
typedef struct gex_quotes_options {
    uint32_t struct_size;
    int32_t  reserved;  /**< zero */
    int64_t  age_max;   /**< ns; a quote older than this at the market's as-of is stale; 0: not asked */
    gex_i64  quoted_at; /**< instant per row; absent, or INT64_MIN in a row: not known */
    double   wide;      /**< a spread above this many middles is wide; 1 by default; 0: not asked */
    double   tick;      /**< price; a spread under four ticks is never wide; 0 by default */
} gex_quotes_options;
GEX_API void gex_quotes_options_init(gex_quotes_options *options, uint32_t struct_size);

/**
 * Prices and volatilities of every quote, and flags for what is wrong with it.
 *
 * Flags are the chain's and GEX_FLAG_ZERO_BID, _WIDE, _STALE, _NOT_MONOTONE, _NOT_CONVEX, _CALENDAR, _OTM_SIDE. Static
 * arbitrage is looked for among the middles that are neither stale nor wide, root by root and right by right: along the
 * strikes of one settlement, and at equal strike over forward against the next settlement, whose price there is at most
 * what lies on the line between its neighbours. American rows are taken as European.
 *
 * @param options  NULL for the defaults
 * @return GEX_OK also when quotes are bad, GEX_ERR_ARGUMENT (reserved, stride), _DOMAIN (age, wide or tick below zero),
 *         _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), one allocation, and one that is given back.
 * Source: docs/market.md.
 */
GEX_API gex_status gex_quotes_create(const gex_context *context, const gex_market *market,
                                     const gex_quotes_options *options, gex_quotes **out, gex_error *error);
GEX_API void gex_quotes_free(gex_quotes *quotes); /**< NULL is a no-op */

/* Arrays of one element per row of the chain, lent until the quotes are freed; NULL for a price that is not one of the
 * four. Since 0.1. */
GEX_API const gex_market *gex_quotes_market(const gex_quotes *quotes);
/** As quoted, in coin for an inverse payoff; NaN where there is none. */
GEX_API const double *gex_quotes_price(const gex_quotes *quotes, int32_t which);
/** On the clock of the expiry; NaN unless its status is GEX_QUOTE_OK. 0 where the price is intrinsic exactly. */
GEX_API const double *gex_quotes_vol(const gex_quotes *quotes, int32_t which);
GEX_API const uint8_t *gex_quotes_status(const gex_quotes *quotes, int32_t which); /**< GEX_QUOTE_* */
GEX_API const uint32_t *gex_quotes_flags(const gex_quotes *quotes);                /**< GEX_FLAG_* */
/** Rows that have a flag. @param flag one bit. */
GEX_API int64_t gex_quotes_count(const gex_quotes *quotes, uint32_t flag);

/** Key of a status. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_quote_status_text(int32_t status);

#ifdef __cplusplus
}
#endif
#endif
