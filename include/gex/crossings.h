/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file crossings.h Stage 6: readings of a field. Where a quantity changes sign over spot and time, and what each
 * settlement takes away.
 */
#ifndef GEX_CROSSINGS_H
#define GEX_CROSSINGS_H

#include <gex/field.h>
#include <gex/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_crossings gex_crossings; /**< immutable; any thread may read it */
typedef struct gex_cliffs    gex_cliffs;    /**< immutable; any thread may read it */

/**
 * Every price at which a quantity of a field changes sign, instant by instant: of gamma the map of regimes, of
 * GEX_FIELD_FLOW the prices that ask for no trade, of vanna and charm their flips through time.
 *
 * Opposite signs at neighbouring prices of the field are a bracket, closed to 4 ulp of the price by Brent's method on
 * the repriced sum. A stretch of exact zeros between opposite signs is one crossing, at its middle. Two crossings
 * between neighbouring prices are not seen; gex_flips_compute() of a market moved to the instant looks closer.
 *
 * @param quantity  one the field holds, but GEX_FIELD_UNWIND, which is a step function
 * @param out       freed with gex_crossings_free(); NULL on failure. It keeps nothing
 * @return GEX_OK, GEX_ERR_ARGUMENT (field missing, a quantity it does not hold), _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows) for each instant with a crossing, some ten times that for each
 * crossing, a fixed number of allocations; the context's executor is used. Same bits for any number of threads.
 */
GEX_API gex_status gex_crossings_compute(const gex_context *context, const gex_field *field, int32_t quantity,
                                         gex_crossings **out, gex_error *error);
GEX_API void gex_crossings_free(gex_crossings *crossings); /**< NULL is a no-op */

/* One value a crossing, ascending in instant (an index into gex_field_instants()) and price. Lent until freed;
 * count_out may be NULL. Since 0.1. */
GEX_API const double  *gex_crossings_price(const gex_crossings *crossings, int64_t *count_out);
GEX_API const int64_t *gex_crossings_instant(const gex_crossings *crossings, int64_t *count_out); /**< index */
GEX_API const int32_t *gex_crossings_direction(const gex_crossings *crossings, int64_t *count_out); /**< GEX_UP ... */

/** What the caller chooses. Fill with gex_cliffs_options_init(), then set unit. */
typedef struct gex_cliffs_options {
    uint32_t struct_size;
    int32_t  unit;              /**< GEX_UNIT_*; no default */
    double   adv;               /**< as in gex_exposure_options, likewise the next three */
    double   future_price;
    double   future_multiplier;
    double   beta;
    double   price;             /**< of the underlying at every settlement, > 0; 0: the market's spot */
    int64_t  lead;              /**< ns before a settlement at which `before` is read, > 0; an hour by default */
} gex_cliffs_options;
GEX_API void gex_cliffs_options_init(gex_cliffs_options *options, uint32_t struct_size);

/**
 * The exposure on both sides of each settlement ahead of which the book has contracts: repriced `lead` before it, or at
 * the market's instant where that is later, the part of it that settles, and what is left a nanosecond after it.
 *
 * @param out  freed with gex_cliffs_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (price, lead, adv, future), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows * settlements); allocations grow with the settlements.
 */
GEX_API gex_status gex_cliffs_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                      const gex_cliffs_options *options, gex_cliffs **out, gex_error *error);
GEX_API void gex_cliffs_free(gex_cliffs *cliffs); /**< NULL is a no-op */

/* One value a settlement, ascending. Lent until freed; count_out may be NULL. Since 0.1. */
GEX_API const int64_t *gex_cliffs_settlement(const gex_cliffs *cliffs, int64_t *count_out); /**< instants */
GEX_API const double  *gex_cliffs_before(const gex_cliffs *cliffs, int64_t *count_out);     /**< all contracts */
GEX_API const double  *gex_cliffs_settling(const gex_cliffs *cliffs, int64_t *count_out);   /**< part that leaves */
GEX_API const double  *gex_cliffs_after(const gex_cliffs *cliffs, int64_t *count_out);      /**< once it has left */
GEX_API const int64_t *gex_cliffs_rows(const gex_cliffs *cliffs, int64_t *count_out);       /**< contracts that leave */

#ifdef __cplusplus
}
#endif
#endif
