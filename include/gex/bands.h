/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bands.h Stage 6: what the uncertainty of a book makes of its exposures, its flows and its flips.
 *
 * At a given state of the market an exposure and a hedge flow are linear in positions, sum of N_i g_i, so that with
 * positions as in gex/uncertainty.h they are normal, and nothing is sampled:
 *
 *     mean = sum book_i g_i        variance = sum (sd_i g_i)^2 + sum over f of (sum loading_if g_i)^2
 *
 * Prices at which an exposure is zero are not linear. They are sampled, from the exact joint distribution of the
 * exposure at the prices of a grid.
 */
#ifndef GEX_BANDS_H
#define GEX_BANDS_H

#include <gex/flow.h>
#include <gex/forced.h>
#include <gex/grouping.h>
#include <gex/profile.h>
#include <gex/uncertainty.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_bands      gex_bands;      /**< jointly normal values; immutable; any thread may read them */
typedef struct gex_flip_bands gex_flip_bands; /**< sampled roots; immutable; any thread may read them */

/**
 * The exposure of an uncertain book: its total, or one value a cell of a grouping.
 *
 * The mean is gex_exposure_total() or gex_grouping_sum(), GEX_SUM_NET, to the bit; sums are correctly rounded. Rows
 * that are refused or diverge are no part of either.
 *
 * @param by   NULL: the total, one value. Otherwise cells, in the order of gex_grouping_compute()
 * @param out  freed with gex_bands_free(); NULL on failure. It keeps nothing
 * @return what gex_exposure_compute() and gex_grouping_compute() return
 * Since 0.1. Thread class: const-shared. Cost: O(rows * (1 + factors)) and that of two exposures.
 */
GEX_API gex_status gex_bands_of_exposure(const gex_context *context, const gex_greeks *greeks,
                                         const gex_uncertainty *uncertainty, const gex_exposure_options *options,
                                         const gex_grouping_options *by, gex_bands **out, gex_error *error);

/** States an exposure is repriced in: a profile, a path, a field. Fill with gex_bands_options_init(), then set unit. */
typedef struct gex_bands_options {
    uint32_t struct_size;
    int32_t  unit;              /**< GEX_UNIT_*; no default */
    double   adv;               /**< as in gex_exposure_options, likewise the next three */
    double   future_price;
    double   future_multiplier;
    double   beta;
    double   low;        /**< as in gex_profile_options, likewise the next two: a profile, where `spot` is absent */
    double   high;
    int64_t  points;     /**< states; 201 by default */
    gex_f64  spot;       /**< absent, or `points` prices of the caller's, > 0, in any order */
    gex_i64  as_of;      /**< absent: the market's instant. Otherwise `points` instants, not before it, none before the
                              last one */
    int32_t  covariance; /**< nonzero, the default: kept for every pair, which paths and flips are sampled from;
                              4096 points at most. 0: gex_bands_covariance() is NaN between states */
    int32_t  reserved;   /**< zero */
} gex_bands_options;
GEX_API void gex_bands_options_init(gex_bands_options *options, uint32_t struct_size);

/**
 * An exposure repriced in every state, as gex_profile_compute() and gex_field_compute() do, of an uncertain book.
 *
 * Sums are by blocks in canonical order, compensated: the mean is that of a profile within 1e-12 of gross. A value is
 * NaN where the dynamics leave no volatility.
 *
 * @param out  freed with gex_bands_free(); NULL on failure. It keeps nothing
 * @return GEX_OK, GEX_ERR_ARGUMENT (unit left at zero, adv or future missing, market and book of different chains),
 *         _DOMAIN (range, points, a price or an instant: error row = state), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows * points * (1 + factors)), with covariance also rows * points^2
 * / 2 products; memory O(rows * factors + points^2), a fixed number of allocations; the context's executor is used.
 * Same bits for any row order and number of threads.
 */
GEX_API gex_status gex_bands_of_states(const gex_context *context, const gex_market *market,
                                       const gex_uncertainty *uncertainty, const gex_bands_options *options,
                                       gex_bands **out, gex_error *error);

/**
 * The flow of every scenario, GEX_FLOW_EXACT, shares, of an uncertain book. Covariances are kept for 4096 scenarios at
 * most.
 * @return as gex_flow_compute(), also _CALLBACK. Since 0.1. Thread class: const-shared. Cost: as gex_bands_of_states().
 */
GEX_API gex_status gex_bands_of_flow(const gex_context *context, const gex_market *market,
                                     const gex_uncertainty *uncertainty, const gex_flow_options *options,
                                     gex_bands **out, gex_error *error);

/**
 * The flow of every stretch of time, GEX_FORCED_SHARES, of an uncertain book: a value a stretch, in the order of
 * GEX_STRETCH_*, stretch 1 first. Its state is that in which it ends. The units that hedgers trade are multiples: of
 * futures, shares * spot / (future_price * future_multiplier).
 * @param options  NULL for the defaults; adv and future are not used
 * @return as gex_forced_compute(). A stretch is NaN where the dynamics leave no volatility at its end
 * Since 0.1. Thread class: const-shared. Cost: as gex_bands_of_states() with six states.
 */
GEX_API gex_status gex_bands_of_forced(const gex_context *context, const gex_market *market,
                                       const gex_uncertainty *uncertainty, const gex_forced_options *options,
                                       gex_bands **out, gex_error *error);
GEX_API void gex_bands_free(gex_bands *bands); /**< NULL is a no-op */

GEX_API int32_t gex_bands_unit(const gex_bands *bands); /**< GEX_UNIT_*; 0: shares of flow */
/* One value each, in the order asked for. Lent until the bands are freed; count_out may be NULL. Since 0.1. */
GEX_API const double *gex_bands_mean(const gex_bands *bands, int64_t *count_out);
GEX_API const double *gex_bands_sd(const gex_bands *bands, int64_t *count_out);
GEX_API const double *gex_bands_gross(const gex_bands *bands, int64_t *count_out); /**< sum |book_i g_i| */
GEX_API const double *gex_bands_above(const gex_bands *bands, int64_t *count_out); /**< probability of a value > 0 */
GEX_API const double *gex_bands_below(const gex_bands *bands, int64_t *count_out); /**< ... of a value < 0 */
/** States of gex_bands_of_states(), gex_bands_of_flow() and gex_bands_of_forced(); NULL for an exposure. */
GEX_API const double  *gex_bands_spot(const gex_bands *bands, int64_t *count_out);
GEX_API const int64_t *gex_bands_as_of(const gex_bands *bands, int64_t *count_out);

/**
 * The value that one lies below with a probability: of 0.05 and 0.95 the ends of a 90 % band.
 * @param probability  above 0, below 1. @return NaN for another, and out of range. Since 0.1. Thread class:
 * const-shared.
 */
GEX_API double gex_bands_quantile(const gex_bands *bands, int64_t i, double probability);
/** Covariance of two values. @return NaN out of range, or where it was not kept. Since 0.1. */
GEX_API double gex_bands_covariance(const gex_bands *bands, int64_t i, int64_t j);

/* ---- flips ------------------------------------------------------------------------------------------------------- */

/* Which root of a sample. */
#define GEX_FLIP_LIST(X)                                                                          \
    X(GEX_FLIP_NEAREST, 1, "nearest") /* to the market's spot */                                  \
    X(GEX_FLIP_BELOW, 2, "below")     /* the nearest at or below it */                            \
    X(GEX_FLIP_ABOVE, 3, "above")     /* the nearest at or above it */

#define GEX_BANDS_ENUM(name, value, text) name = value,
enum { GEX_FLIP_LIST(GEX_BANDS_ENUM) GEX_FLIP_LAST_ = 3 };

/** Name of a root. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_flip_name(int32_t flip);
/** Root of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_flip_find(const char *name);

/** What the caller chooses. Fill with gex_flip_bands_options_init(). */
typedef struct gex_flip_bands_options {
    uint32_t struct_size;
    int32_t  reserved; /**< zero */
    int64_t  samples;  /**< 1 to 2^31 - 1; 4096 by default */
    int64_t  seed;     /**< of the generator; any number, 0 by default */
} gex_flip_bands_options;
GEX_API void gex_flip_bands_options_init(gex_flip_bands_options *options, uint32_t struct_size);

/**
 * Flips of sampled books.
 *
 * A sample is the exposure at every price of the grid at once, drawn from its exact joint distribution: the covariance
 * of the grid is factored once, so a sample costs a row of it and not a repricing. Sample i is made of the normal
 * numbers at address i of a counter-based generator: it is the same whatever the number of samples or of threads.
 * Between prices a sample is the cubic through the four nearest; its roots are judged as gex_flips_compute()
 * judges them, by size, so that what is negligible is not counted. Two roots inside one cell are not seen.
 *
 * @param bands    of gex_bands_of_states() with their covariance: one instant, 4 prices or more, ascending
 * @param options  NULL for the defaults
 * @param out      freed with gex_flip_bands_free(); NULL on failure. It keeps nothing
 * @return GEX_OK, GEX_ERR_ARGUMENT (bands that are no such profile), _DOMAIN (samples), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(points * rank * (points + samples)), rank the number of independent
 * errors the grid can tell apart; a fixed number of allocations; the context's executor is used.
 * Source: Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3; Harbrecht, Peters, Schneider
 * (2012), On the low-rank approximation by the pivoted Cholesky decomposition.
 */
GEX_API gex_status gex_flip_bands_compute(const gex_context *context, const gex_bands *bands,
                                          const gex_flip_bands_options *options, gex_flip_bands **out,
                                          gex_error *error);
GEX_API void gex_flip_bands_free(gex_flip_bands *flips); /**< NULL is a no-op */

/** One price a sample, NaN where it has no such root. @return lent; NULL for an unknown flip. Since 0.1. */
GEX_API const double *gex_flip_bands_samples(const gex_flip_bands *flips, int32_t flip, int64_t *count_out);
/** Share of samples in which the search came to GEX_ROOTS_*; they add up to 1. NaN for an unknown one. Since 0.1. */
GEX_API double gex_flip_bands_share(const gex_flip_bands *flips, int32_t roots_status);
/** Share of samples that have such a root. Since 0.1. */
GEX_API double gex_flip_bands_found(const gex_flip_bands *flips, int32_t flip);
/**
 * Quantile of a root among the samples that have it, straight lines between order statistics.
 * @param probability  0 to 1. @return NaN for another, or where no sample has one. Since 0.1. Thread class:
 * const-shared.
 */
GEX_API double gex_flip_bands_quantile(const gex_flip_bands *flips, int32_t flip, double probability);

#ifdef __cplusplus
}
#endif
#endif
