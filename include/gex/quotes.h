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

/* Which price of a row. The strike's is the middle of its side out of the money (puts below the forward, calls at it
 * and above), carried to the other side by put-call parity, of rows exercised early by their pricer: one volatility for
 * both. The repaired one is the middle, moved where that was asked for and needed;
 * the strike's is then made from it. */
enum { GEX_QUOTE_BID = 1, GEX_QUOTE_MID = 2, GEX_QUOTE_ASK = 3, GEX_QUOTE_STRIKE = 4, GEX_QUOTE_REPAIRED = 5 };

/* What to do about arbitrage among the middles. */
enum {
    GEX_REPAIR_NONE = 0,
    GEX_REPAIR_STRIKES = 1, /* along the strikes of a settlement */
    GEX_REPAIR_ALL = 2      /* and against the settlement before */
};
/* What became of an expiry: the worst of its roots and rights. */
#define GEX_REPAIRED_LIST(X)                                                                                          \
    X(GEX_REPAIRED_NOTHING, 0, "nothing")       /* nothing to compare: settled, or no two-sided quotes */             \
    X(GEX_REPAIRED_SOUND, 1, "sound")           /* there was no arbitrage */                                          \
    X(GEX_REPAIRED_DONE, 2, "done")             /* now there is none */                                               \
    X(GEX_REPAIRED_STRIKES, 3, "strikes")       /* none along the strikes; no prices within bid and ask reach up */   \
                                                /* to the settlement before, or down to the one after */              \
    X(GEX_REPAIRED_IMPOSSIBLE, 4, "impossible") /* no prices within bid and ask are without it: left as quoted */

/* What became of one price. */
#define GEX_QUOTE_STATUS_LIST(X)                                                                               \
    X(GEX_QUOTE_OK, 0, "ok")                                                                                   \
    X(GEX_QUOTE_NO_CONTRACT, 1, "no_contract")         /* the chain refuses the row, or it has settled */      \
    X(GEX_QUOTE_NO_PRICE, 2, "no_price")               /* zero, negative, not finite; a middle needs both */   \
    X(GEX_QUOTE_CROSSED, 3, "crossed")                 /* bid above ask: none of them is a price */            \
    X(GEX_QUOTE_BELOW_INTRINSIC, 4, "below_intrinsic") /* less than exercise is worth, then or now */       \
    X(GEX_QUOTE_ABOVE_MAX, 5, "above_max")             /* at or above the bound of the payoff */               \
    X(GEX_QUOTE_NO_TIME, 6, "no_time")                 /* settling now, and a time value */

#define GEX_QUOTES_ENUM(name, value, text) name = value,
enum { GEX_QUOTE_STATUS_LIST(GEX_QUOTES_ENUM) GEX_QUOTE_STATUS_LAST_ = 6 };
enum { GEX_REPAIRED_LIST(GEX_QUOTES_ENUM) GEX_REPAIRED_LAST_ = 4 };

/** What a quote has to be to be taken for good. Fill with gex_quotes_options_init(). */
typedef struct gex_quotes_options {
    uint32_t struct_size;
    int32_t  reserved;  /**< zero */
    int64_t  age_max;   /**< ns; a quote older than this at the market's as-of is stale; 0: not asked */
    gex_i64  quoted_at; /**< instant per row; absent, or INT64_MIN in a row: not known */
    double   wide;      /**< a spread above this many middles is wide; 1 by default; 0: not asked */
    double   tick;      /**< price; a spread under four ticks is never wide; 0 by default */
    int32_t  repair;    /**< GEX_REPAIR_* */
    int32_t  reserved_2; /**< zero */
} gex_quotes_options;
GEX_API void gex_quotes_options_init(gex_quotes_options *options, uint32_t struct_size);

/**
 * Prices and volatilities of every quote, and flags for what is wrong with it.
 *
 * Flags are the chain's and GEX_FLAG_ZERO_BID, _WIDE, _STALE, _NOT_MONOTONE, _NOT_CONVEX, _CALENDAR, _OTM_SIDE. Static
 * arbitrage is looked for among the middles that are neither stale nor wide, root by root and right by right: along the
 * strikes of one settlement, and at equal strike over forward against the next settlement, whose price there is at most
 * what lies on the line between its neighbours. American rows are compared as quoted, settlements at equal strike.
 *
 * With `repair` the middles that are compared are moved, within bid and ask, to leave none of it and none below
 * intrinsic value: by the least sum of squares of changes in half-spreads, settlement by settlement from the first,
 * each given those before it; one that cannot take part is stepped over. Flags and the other prices stay those of the
 * quotes; a row whose middle moved has GEX_FLAG_REPAIRED.
 *
 * @param options  NULL for the defaults
 * @return GEX_OK also when quotes are bad, GEX_ERR_ARGUMENT (repair, reserved,
 *         stride), _DOMAIN (age, wide or tick below zero), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), one allocation, and one that is given back; a repair
 * takes a second one and some microseconds a row, and so does each volatility of a row exercised early.
 * Source: docs/market.md; Cohen, Reisinger and Wang (2020), Detecting and repairing arbitrage in traded option prices,
 * Applied Mathematical Finance 27(5).
 */
GEX_API gex_status gex_quotes_create(const gex_context *context, const gex_market *market,
                                     const gex_quotes_options *options, gex_quotes **out, gex_error *error);
GEX_API void gex_quotes_free(gex_quotes *quotes); /**< NULL is a no-op */

/* Arrays of one element per row of the chain, lent until the quotes are freed; NULL for a price that is not one of the
 * five, or that was not asked for. Since 0.1. */
GEX_API const gex_market *gex_quotes_market(const gex_quotes *quotes);
/** As quoted, in coin for an inverse payoff; NaN where there is none. */
GEX_API const double *gex_quotes_price(const gex_quotes *quotes, int32_t which);
/** By the pricer of the row's exercise in this market, on the clock of the expiry; NaN unless its status is
 * GEX_QUOTE_OK. 0 where the price is just what exercise pays. */
GEX_API const double *gex_quotes_vol(const gex_quotes *quotes, int32_t which);
GEX_API const uint8_t *gex_quotes_status(const gex_quotes *quotes, int32_t which); /**< GEX_QUOTE_* */
GEX_API const uint32_t *gex_quotes_flags(const gex_quotes *quotes);                /**< GEX_FLAG_* */
/** GEX_REPAIRED_* per expiry of the chain; NULL when no repair was asked for. */
GEX_API const uint8_t *gex_quotes_repaired(const gex_quotes *quotes);
/** Rows that have a flag. @param flag one bit. */
GEX_API int64_t gex_quotes_count(const gex_quotes *quotes, uint32_t flag);

/** Key of a status. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_quote_status_text(int32_t status);
/** Key of GEX_REPAIRED_*. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_repaired_text(int32_t repaired);

#ifdef __cplusplus
}
#endif
#endif
