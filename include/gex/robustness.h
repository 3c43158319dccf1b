/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file robustness.h The headline numbers under every other choice that could have been made, one at a time.
 *
 * On real chains the net is a few percent of the gross, and who holds what, carry, clock or the treatment of rows
 * without a volatility can turn its sign. Each entry says what it changes; the rest is as in the base.
 */
#ifndef GEX_ROBUSTNESS_H
#define GEX_ROBUSTNESS_H

#include <gex/book.h>
#include <gex/market.h>
#include <gex/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_robustness gex_robustness; /**< immutable; any thread may read it */

/* What an entry changes. A value of the base is not tried again. */
#define GEX_VARY_LIST(X)                                                                                          \
    X(GEX_VARY_BASE, 1, "base")         /* nothing: the first entry */                                            \
    X(GEX_VARY_SIGN, 2, "sign")         /* every GEX_SIGN_* whose column is there */                              \
    X(GEX_VARY_CLOCK, 3, "clock")       /* every GEX_CLOCK_*, with given volatilities taken as quoted on it: a */ \
                                        /* clock alone moves nothing */                                           \
    X(GEX_VARY_FORWARD, 4, "forward")   /* every GEX_FORWARD_* whose column is there */                           \
    X(GEX_VARY_FALLBACK, 5, "fallback") /* the other GEX_FALLBACK_*, where forwards are implied */                \
    X(GEX_VARY_VOL, 6, "vol")           /* every GEX_VOL_*: which rows have one, and which */                     \
    X(GEX_VARY_DYNAMICS, 7, "dynamics") /* sticky strike, sticky moneyness, local vol, and BETA by the options: */ \
                                        /* flips move, numbers at spot do not */                                  \
    X(GEX_VARY_VOL_LEVEL, 8, "vol_level") /* every volatility a point up, a point down: gex_market_shift() */

#define GEX_VARY_ENUM(name, value, text) name = value,
enum { GEX_VARY_LIST(GEX_VARY_ENUM) GEX_VARY_LAST_ = 8 };

/** Key of what is changed, as in the JSON report. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_vary_name(int32_t vary);

/** What the caller chooses. Fill with gex_robustness_options_init(). */
typedef struct gex_robustness_options {
    uint32_t struct_size;
    int32_t  left_out;    /**< sum of 1 << GEX_VARY_*: not tried; 0 by default. The base always is */
    double   near_sigmas; /**< flips agree when no further apart than so many daily sigmas of the base; default 0.5 */
    double   beta;        /**< of the entry that moves volatilities by GEX_DYNAMICS_BETA; 0: none; -10 by default */
    double   low, high;   /**< range of the flips, as in gex_profile_options; 0.8 and 1.2 by default */
    int64_t  zero_flow;   /**< instant, not before the market's: ZERO_FLOW by then, range as flips; 0: none (default) */
} gex_robustness_options;
GEX_API void gex_robustness_options_init(gex_robustness_options *options, uint32_t struct_size);

/**
 * Market, book, GEX_USD_PCT and its flips for the base and for every entry.
 *
 * An entry whose market or book the library refuses is kept with the status; its numbers are NaN.
 *
 * @param chain    the contracts
 * @param market   the base; columns beside those it needs make more entries
 * @param book     the base; likewise
 * @param options  NULL for the defaults
 * @param out      freed with gex_robustness_free(); NULL on failure
 * @return GEX_OK, what gex_market_create() or gex_book_create() say of the base, GEX_ERR_DOMAIN (options), _VERSION,
 *         _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: some twenty times that of a market with its greeks and flips, one entry
 * after another, each on the context's executor; entries that leave the market as it is share it and its greeks.
 */
GEX_API gex_status gex_robustness_compute(const gex_context *context, const gex_chain *chain,
                                          const gex_market_options *market, const gex_book_options *book,
                                          const gex_robustness_options *options, gex_robustness **out,
                                          gex_error *error);
GEX_API void gex_robustness_free(gex_robustness *robustness); /**< NULL is a no-op */

/* Numbers of an entry. */
#define GEX_ROBUST_LIST(X)                                                                            \
    X(GEX_ROBUST_NET, 1, "net")                   /* GEX_USD_PCT */                                   \
    X(GEX_ROBUST_GROSS, 2, "gross")                                                                   \
    X(GEX_ROBUST_ZERO_DTE_NET, 3, "zero_dte_net") /* of it: settles on the as-of's date */            \
    X(GEX_ROBUST_FLIP, 4, "flip")                 /* nearest root that is a level; NaN without one */ \
    X(GEX_ROBUST_DAILY_SIGMA, 5, "daily_sigma")   /* price, as gex_map_daily_sigma() */               \
    X(GEX_ROBUST_USED, 6, "used")                 /* rows */                                          \
    X(GEX_ROBUST_ZERO_FLOW, 7, "zero_flow")       /* nearest; NaN without one, or not asked for */

enum { GEX_ROBUST_LIST(GEX_VARY_ENUM) GEX_ROBUST_LAST_ = 7 };

/* Entries: the base is 0. Out of range: 0, NaN, "". Lent texts live as long as the object. Since 0.1. */
GEX_API int64_t     gex_robustness_count(const gex_robustness *robustness);
GEX_API int32_t     gex_robustness_vary(const gex_robustness *robustness, int64_t i);   /**< GEX_VARY_* */
/** Name of the choice tried: "DEALER_ALL_LONG", "BUS_252_DAYS", "otm", "+1 point", ...; "" for the base. */
GEX_API const char *gex_robustness_choice(const gex_robustness *robustness, int64_t i);
GEX_API gex_status  gex_robustness_status(const gex_robustness *robustness, int64_t i); /**< GEX_OK, or why not */
/** A number of an entry. @param what  GEX_ROBUST_* */
GEX_API double      gex_robustness_value(const gex_robustness *robustness, int64_t i, int32_t what);
GEX_API int32_t     gex_robustness_regime(const gex_robustness *robustness, int64_t i); /**< GEX_REGIME_*, regime.h */
GEX_API int32_t     gex_robustness_roots(const gex_robustness *robustness, int64_t i);  /**< GEX_ROOTS_* */
/** Every root of an entry. @return lent; NULL for a refused entry or out of range. */
GEX_API const gex_flips *gex_robustness_flips(const gex_robustness *robustness, int64_t i);
/**
 * Where a root of the base is in another entry: how sensitive a flip is to signs, clock, volatility and the rest.
 * @param root  index into gex_robustness_flips() of the base
 * @return price of the entry's root of the same direction that is nearest and not negligible; NaN when there is none,
 *         or the base's own is negligible. Thread class: const-shared. Cost: O(roots). Since 0.1.
 */
GEX_API double gex_robustness_root(const gex_robustness *robustness, int64_t i, int64_t root);
/** Name of a GEX_ROBUST_*. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_robust_name(int32_t what);

/* In what an entry can agree with the base. */
#define GEX_AGREE_LIST(X)                                                                                           \
    X(GEX_AGREE_SIGN, 1, "sign_of_net")                                                                             \
    X(GEX_AGREE_FLIP, 2, "flip")     /* nearest flips within near_sigmas; without a flip, the same GEX_ROOTS_* */ \
    X(GEX_AGREE_REGIME, 3, "regime")

enum { GEX_AGREE_LIST(GEX_VARY_ENUM) GEX_AGREE_LAST_ = 3 };

/** Name of a GEX_AGREE_*. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_agree_name(int32_t what);
/** 1: agrees with the base, 0: does not, -1: not there, or of no gross exposure, and so not counted. Since 0.1. */
GEX_API int32_t gex_robustness_agrees(const gex_robustness *robustness, int64_t i, int32_t what);
/**
 * How many entries agree with the base, of how many that count; the base itself is not among them.
 * @param vary       GEX_VARY_*, or 0 for all
 * @param what       GEX_AGREE_*
 * @param count_out  entries that count; may be NULL
 * Thread class: const-shared. Cost: O(entries). Since 0.1.
 */
GEX_API int64_t gex_robustness_agreeing(const gex_robustness *robustness, int32_t vary, int32_t what,
                                        int64_t *count_out);

#ifdef __cplusplus
}
#endif
#endif
