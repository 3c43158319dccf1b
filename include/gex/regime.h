/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file regime.h Long or short gamma: at spot, along a path, with the probability of it, and what it means in words.
 *
 *                     spot rises                              spot falls
 *     long gamma      dealers SELL: the rise is damped        dealers BUY: the fall is damped
 *     short gamma     dealers BUY: the rise is amplified      dealers SELL: the fall is amplified
 *
 * A regime without its probability is a guess: gex_bands_above() and _below() of gex/bands.h have it.
 */
#ifndef GEX_REGIME_H
#define GEX_REGIME_H

#include <gex/bands.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GEX_REGIME_LONG_GAMMA = 1, GEX_REGIME_SHORT_GAMMA = 2, GEX_REGIME_AT_FLIP = 3, GEX_REGIME_NONE = 4 };
/**
 * "long_gamma", "short_gamma", "at_flip", "none".
 * @return static storage, never NULL. Thread class: pure. Since 0.1.
 */
GEX_API const char *gex_regime_text(int32_t regime);

/* In words. @return static storage, never NULL, "" for an unknown one. Thread class: pure. Since 0.1. */
/** What dealers do, and what that does to price, in a line. */
GEX_API const char *gex_regime_words(int32_t regime);
/** What dealers do as spot goes GEX_UP or GEX_DOWN: "SELL", "BUY", at the flip "either". */
GEX_API const char *gex_regime_side(int32_t regime, int32_t direction);
/** What that does to the tape: the cell of the table above, in a sentence. */
GEX_API const char *gex_regime_effect(int32_t regime, int32_t direction);

/**
 * Where spot stands: at a flip when the nearest is within 0.1 daily sigma, otherwise by the sign of the total; NONE
 * when nothing has an exposure or the total is exactly zero.
 * @param gamma  GEX_USD_PCT. @param flips  of the same market, book and unit
 * @return GEX_REGIME_*, 0 for NULL. Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation.
 */
GEX_API int32_t gex_regime_of(const gex_exposure *gamma, const gex_flips *flips);

/* How far, and how much. Flips are those that are not negligible. */
#define GEX_STAND_LIST(X)                                                                                         \
    X(GEX_STAND_DAILY_SIGMA, 1, "daily_sigma", "price") /* S vol / sqrt(252), at the money nearest 30 days */    \
    X(GEX_STAND_FLIP_BELOW, 2, "flip_below", "price")   /* the nearest at or below spot */                        \
    X(GEX_STAND_FLIP_ABOVE, 3, "flip_above", "price")   /* the nearest at or above spot */                        \
    X(GEX_STAND_SIGMAS_BELOW, 4, "sigmas_below", "daily sigmas") /* from spot down to it, >= 0 */                 \
    X(GEX_STAND_SIGMAS_ABOVE, 5, "sigmas_above", "daily sigmas") /* from spot up to it, >= 0 */                   \
    X(GEX_STAND_BUY_UP, 6, "buy_up", "USD")             /* dealers buy as spot rises 1 %; - : they sell */        \
    X(GEX_STAND_BUY_DOWN, 7, "buy_down", "USD")         /* dealers buy as spot falls 1 %; - : they sell */        \
    X(GEX_STAND_NET_TO_GROSS, 8, "net_to_gross", "-1 to 1")

#define GEX_STAND_ENUM(name, value, text, label) name = value,
enum { GEX_STAND_LIST(GEX_STAND_ENUM) GEX_STAND_LAST_ = 8 };

/** Name of a number, and what it is in. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_stand_name(int32_t what);
GEX_API const char *gex_stand_label(int32_t what);
/** The number of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_stand_find(const char *name);
/**
 * One number of where spot stands. Amounts are those of today's gamma, on a straight line; gex_flow_compute() reprices.
 * @param gamma      GEX_USD_PCT. @param flips  of the same market, book and unit
 * @param value_out  NaN where it does not exist: no flip on that side, no volatility to take a sigma from
 * @return GEX_OK also then, GEX_ERR_ARGUMENT (unknown, another unit)
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation.
 */
GEX_API gex_status gex_stand(const gex_exposure *gamma, const gex_flips *flips, int32_t what, double *value_out,
                             gex_error *error);

/* ---- along a path ------------------------------------------------------------------------------------------------ */

typedef struct gex_regime_path gex_regime_path; /**< immutable; any thread may read it */

/* What a threshold is a share of, in each state. */
#define GEX_SIZE_LIST(X)                                                              \
    X(GEX_SIZE_GROSS, 1, "gross") /* gex_bands_gross() */                             \
    X(GEX_SIZE_SD, 2, "sd")       /* gex_bands_sd() */

#define GEX_SIZE_ENUM(name, value, text) name = value,
enum { GEX_SIZE_LIST(GEX_SIZE_ENUM) GEX_SIZE_LAST_ = 2 };
/** Name of a size. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_size_name(int32_t size);
/** Size of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_size_find(const char *name);

/**
 * What the caller chooses. Fill with gex_regime_path_options_init().
 *
 * The regime of a state follows from its value v, its size s and the regime of the state before, by the first that
 * holds:
 *
 *     none          v is NaN, or nothing has an exposure (gross 0)
 *     long_gamma    v > 0 and v >= enter s
 *     short_gamma   v < 0 and v <= -enter s
 *     as before     that was long_gamma and v > leave s, or short_gamma and v < -leave s
 *     at_flip
 *
 * enter = leave = 0 is the sign of v. leave below enter is a regime that has to be left further than it was entered;
 * below zero, one that outlives a change of sign.
 */
typedef struct gex_regime_path_options {
    uint32_t struct_size;
    int32_t  size;    /**< GEX_SIZE_*; gross by default */
    double   enter;   /**< >= 0; 0 by default */
    double   leave;   /**< -enter to enter; 0 by default */
    int64_t  samples; /**< paths of values drawn from their joint distribution; 0, the default: none */
    int64_t  seed;    /**< of the generator; 0 by default */
} gex_regime_path_options;
GEX_API void gex_regime_path_options_init(gex_regime_path_options *options, uint32_t struct_size);

/**
 * The regime in every state of a path, and how long it lasts: from a state's instant to that of the next.
 *
 * Samples put whole paths of values through the same rules, with the sizes of the book itself: how often the regime
 * changes at all, and how the time in it is distributed, which depends on how states move together.
 *
 * @param bands    of gex_bands_of_states(), of gamma; with their covariance where samples are asked for
 * @param options  NULL for the defaults
 * @param out      freed with gex_regime_path_free(); NULL on failure. It keeps nothing
 * @return GEX_OK, GEX_ERR_ARGUMENT (bands of something else or without covariance, size), _DOMAIN (enter, leave,
 *         samples), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(points), with samples as gex_flip_bands_compute(); a fixed number of
 * allocations; the context's executor is used. Same bits for any number of threads.
 */
GEX_API gex_status gex_regime_path_compute(const gex_context *context, const gex_bands *bands,
                                           const gex_regime_path_options *options, gex_regime_path **out,
                                           gex_error *error);
GEX_API void gex_regime_path_free(gex_regime_path *path); /**< NULL is a no-op */

/** GEX_REGIME_* of each state. @param count_out may be NULL. @return lent. Since 0.1. */
GEX_API const int32_t *gex_regime_path_states(const gex_regime_path *path, int64_t *count_out);
/** States at which a regime begins that is long or short and not the last such one. Lent. Since 0.1. */
GEX_API const int64_t *gex_regime_path_changes(const gex_regime_path *path, int64_t *count_out);
/* Of a GEX_REGIME_*; NaN or 0 for an unknown one, NaN where no time passes. Since 0.1. */
GEX_API int64_t gex_regime_path_time(const gex_regime_path *path, int32_t regime);  /**< ns in it */
GEX_API double  gex_regime_path_share(const gex_regime_path *path, int32_t regime); /**< of the time of the path */
/** The share of time its sign is expected to hold: long_gamma above zero, short_gamma below. Exact, by no rules. */
GEX_API double gex_regime_path_expected(const gex_regime_path *path, int32_t regime);
/**
 * Quantile over the samples of the share of time in a regime, straight lines between order statistics.
 * @param regime  long_gamma, short_gamma or at_flip. @param probability  0 to 1
 * @return NaN for another, or without samples. Since 0.1. Thread class: const-shared.
 */
GEX_API double gex_regime_path_quantile(const gex_regime_path *path, int32_t regime, double probability);
/** Share of samples whose regime never changes; NaN without samples. Since 0.1. */
GEX_API double gex_regime_path_unchanged(const gex_regime_path *path);

#ifdef __cplusplus
}
#endif
#endif
