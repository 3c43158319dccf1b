/* SPDX-License-Identifier: Apache-2.0 */
/** @file profile.h Stage 6: an exposure repriced over a grid of spot prices, and where it is zero. */
#ifndef GEX_PROFILE_H
#define GEX_PROFILE_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_profile gex_profile; /**< a curve; immutable; any thread may read it */
typedef struct gex_flips   gex_flips;   /**< its roots; immutable; any thread may read it */

/** How the prices of a profile are spaced. GEX_SPACING_LOG: every price the same multiple of the one before. */
enum { GEX_SPACING_EVEN = 0, GEX_SPACING_LOG = 1 };

/**
 * What is drawn. Every option is repriced at every price of the grid, its volatility moved by the market's dynamics;
 * units that contain S use the price of the grid, so GEX_USD_PCT here is GEX_GRID_PCT of docs/conventions.md. Where
 * GEX_DYNAMICS_BETA leaves no volatility a profile is NaN and a search stops short, at the last even price before.
 */
typedef struct gex_profile_options {
    uint32_t struct_size;
    int32_t  unit;   /**< GEX_UNIT_*; no default */
    double   adv;               /**< as in gex_exposure_options, likewise the next three */
    double   future_price;
    double   future_multiplier;
    double   beta;
    double   low;    /**< lowest price as a fraction of spot, > 0; 0.8 by default */
    double   high;   /**< highest price as a fraction of spot, > low; 1.2 by default */
    int64_t  points; /**< prices, ends included, >= 2; 201 by default. Not used by gex_flips_compute() */
    int32_t  spacing;  /**< GEX_SPACING_*; of a profile, flips search a grid of their own */
    int32_t  reserved; /**< zero */
} gex_profile_options;
GEX_API void gex_profile_options_init(gex_profile_options *options, uint32_t struct_size);

/**
 * @return GEX_OK, GEX_ERR_ARGUMENT (unit left at zero, adv or future missing, unknown spacing, market and book of
 *         different chains), _DOMAIN (range, points, no volatility anywhere in the range of flips), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows * points), of gamma, delta, vanna or charm of many European rows
 * O(rows + points); a fixed number of allocations; the context's executor is used. Same bits for any row order and
 * number of threads. Of 256 rows and more at 32 prices and more these are within 1e-12 of what the rows are at most at
 * each price, docs/levels.md: of gamma that is the sum of absolute values.
 */
GEX_API gex_status gex_profile_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                       const gex_profile_options *options, gex_profile **out, gex_error *error);
GEX_API void gex_profile_free(gex_profile *profile); /**< NULL is a no-op */
GEX_API int32_t       gex_profile_unit(const gex_profile *profile);
/** Prices of the grid, ascending. @param count_out may be NULL. @return lent. Since 0.1. */
GEX_API const double *gex_profile_prices(const gex_profile *profile, int64_t *count_out);
/** Exposure at each price. @param count_out may be NULL. @return lent. Since 0.1. */
GEX_API const double *gex_profile_values(const gex_profile *profile, int64_t *count_out);

/**
 * Price of the grid at which the profile is largest above zero, or lowest below it: of gamma, where dealers damp most
 * and where they amplify most (LOW_VOL_POINT and HIGH_VOL_POINT of docs/conventions.md).
 * @param direction  GEX_UP: largest, GEX_DOWN: lowest; the lower price of equals
 * @param price_out  NaN when no value has that sign
 * @param value_out  likewise; may be NULL
 * @return GEX_OK, GEX_ERR_ARGUMENT. Since 0.1. Thread class: const-shared. Cost: O(points), no allocation.
 */
GEX_API gex_status gex_profile_peak(const gex_profile *profile, int32_t direction, double *price_out, double *value_out,
                                    gex_error *error);

/* What the search over a range came to. */
enum {
    GEX_ROOTS_FOUND = 1,         /**< at least one root that is not negligible */
    GEX_ROOTS_NONE_POSITIVE = 2, /**< none; the exposure is positive where it is largest */
    GEX_ROOTS_NONE_NEGATIVE = 3, /**< none; the exposure is negative where it is largest */
    GEX_ROOTS_AT_EDGE = 4,       /**< none inside; zero at an end of the range, of a size that is not negligible */
    GEX_ROOTS_NONE_ZERO = 5      /**< the exposure is zero everywhere: nothing is used, or all of it cancels */
};
enum { GEX_UP = 1, GEX_DOWN = -1 }; /**< up: negative below the price, positive above it */
enum { GEX_ROOT_FOUND = 1, GEX_ROOT_NEGLIGIBLE = 2 };

/**
 * Every root of the profile in a range, by Brent on the sum of all rows in each bracket.
 *
 * Grid of 0.05 % of spot, refined so that no cell near a strike whose line has at least 1e-4 of gross is wider than a
 * quarter of that line's s sqrt(T) P. Size of a root: max |E(0.995 P)|, |E(1.005 P)| over max |E| on that grid; below
 * 1e-4 it is NEGLIGIBLE: listed, never a level. A bracket is closed to 4 ulp of the price. A stretch of exact zeros
 * between opposite signs is one root, at its middle.
 *
 * GEX_USD_PCT gives FLIP_PROFILE under STICKY_STRIKE and FLIP_PROFILE_DYN under another dynamics, GEX_PLUS_USD_PT
 * FLIP_PROFILE_BETA, IMPULSE its zeros, VEX_USD_VOLPT VANNA_FLIP, CEX_USD_CALDAY CHARM_FLIP, DEX_USD DELTA_NEUTRAL; a
 * book weighted by min(1, days / ref) FLIP_DTE_WEIGHTED. ZERO_FLOW is in gex/horizons.h.
 *
 * @return as gex_profile_compute(). Since 0.1. Thread class: const-shared. Cost: see docs/levels.md.
 * Source: docs/conventions.md, levels; Brent (1973), Algorithms for minimization without derivatives, chapter 4.
 */
GEX_API gex_status gex_flips_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                     const gex_profile_options *options, gex_flips **out, gex_error *error);
GEX_API void gex_flips_free(gex_flips *flips); /**< NULL is a no-op */

GEX_API int32_t gex_flips_status(const gex_flips *flips); /**< GEX_ROOTS_* */
GEX_API int64_t gex_flips_count(const gex_flips *flips);  /**< negligible roots included */
/** Lowest and highest price searched: as asked, or short of where GEX_DYNAMICS_BETA leaves no volatility. */
GEX_API double  gex_flips_low(const gex_flips *flips);
GEX_API double  gex_flips_high(const gex_flips *flips);
/* Of root i, ascending in price; NaN or 0 out of range. Since 0.1. */
GEX_API double  gex_flips_price(const gex_flips *flips, int64_t i);
GEX_API int32_t gex_flips_direction(const gex_flips *flips, int64_t i); /**< GEX_UP, GEX_DOWN */
GEX_API double  gex_flips_slope(const gex_flips *flips, int64_t i);     /**< exposure per 1.00 of price */
GEX_API double  gex_flips_size(const gex_flips *flips, int64_t i);      /**< 0 to 1 */
GEX_API int32_t gex_flips_root_status(const gex_flips *flips, int64_t i); /**< GEX_ROOT_* */
/** Index of the root nearest to spot that is not negligible, -1 when there is none. Since 0.1. */
GEX_API int64_t gex_flips_nearest(const gex_flips *flips);

/** Key of a search status, direction or root status, as in the JSON report: "FOUND", "up", "NEGLIGIBLE".
 *  @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_roots_text(int32_t roots_status);
GEX_API const char *gex_direction_text(int32_t direction);
GEX_API const char *gex_root_status_text(int32_t root_status);

#ifdef __cplusplus
}
#endif
#endif
