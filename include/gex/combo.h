/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file combo.h Stage 6: strikes of several products on one axis (COMBO), and levels carried between products (MAPPED).
 */
#ifndef GEX_COMBO_H
#define GEX_COMBO_H

#include <gex/basket.h>
#include <gex/levels.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_combo gex_combo; /**< immutable; any thread may read it; keeps its exposure alive */

/** Fill with gex_combo_options_init(). */
typedef struct gex_combo_options {
    uint32_t struct_size;
    int32_t  reserved; /**< zero */
    double   step;     /**< nodes lie at the multiples of it, price of the reference: each strike goes to the nearest,
                            of two as near the lower; 0, the default: every price that a strike maps to is a node */
} gex_combo_options;
GEX_API void gex_combo_options_init(gex_combo_options *options, uint32_t struct_size);

/**
 * Exposure by strike of every member on the axis of the reference: a strike stands where the reference is when the
 * member's price is at the strike, gex_basket_reference(). Strikes without one stay out, and are counted.
 *
 * @param options  NULL for the defaults
 * @param out      freed with gex_combo_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (step), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(strikes log strikes) over all members, two allocations.
 * Source: docs/conventions.md, levels.
 */
GEX_API gex_status gex_combo_compute(const gex_context *context, const gex_basket_exposure *exposure,
                                     const gex_combo_options *options, gex_combo **out, gex_error *error);
GEX_API void gex_combo_free(gex_combo *combo); /**< NULL is a no-op */
GEX_API const gex_basket_exposure *gex_combo_exposure(const gex_combo *combo);
/** Nodes, ascending prices of the reference. @param count_out may be NULL. @return lent. Since 0.1. */
GEX_API const double *gex_combo_prices(const gex_combo *combo, int64_t *count_out);
/** One correctly rounded sum a node. @param sum GEX_SUM_*. @return lent; NULL for an unknown sum. Since 0.1. */
GEX_API const double *gex_combo_sum(const gex_combo *combo, int32_t sum, int64_t *count_out);
/**
 * The strikes behind a node: which member, and which of its gex_chain_strikes(); by member, then ascending.
 * @param count_out  may be NULL. @return lent; NULL out of range. Since 0.1.
 */
GEX_API const int64_t *gex_combo_part_member(const gex_combo *combo, int64_t node, int64_t *count_out);
GEX_API const int64_t *gex_combo_part_strike(const gex_combo *combo, int64_t node, int64_t *count_out);
GEX_API int64_t        gex_combo_left_out(const gex_combo *combo); /**< strikes without a price of the reference */

/**
 * A level of gex/levels.h over the nodes, above and below of the reference's spot.
 *
 * @param level  GEX_LEVEL_*, not the two of open interest: contracts of different sizes do not add up
 * @param rank   of a wall as gex_level_ranked(); 0 for the others
 * @param price_out  node or price of the reference; NaN when the level does not exist
 * @param value_out  likewise; may be NULL
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (rank). Since 0.1. Thread class: const-shared. Cost: O(nodes) times
 * rank + 1; no allocation.
 */
GEX_API gex_status gex_combo_level(const gex_combo *combo, int32_t level, int64_t rank, double *price_out,
                                   double *value_out, gex_error *error);

/* What stays when a level is carried from one product to another: MAPPED. */
enum {
    GEX_MAPPED_RATIO = 1, /**< level * to / from */
    GEX_MAPPED_BASIS = 2  /**< level + (to - from) */
};
/**
 * A level of one product as a price of another.
 * @param from, to  prices of the two products now, > 0: an index and its future, or the forward of its options
 * @param price_out NaN on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: pure. Cost: no allocation.
 * Source: docs/conventions.md, levels.
 */
GEX_API gex_status gex_level_mapped(double level, int32_t mapped, double from, double to, double *price_out,
                                    gex_error *error);
/**
 * What a future of an expiry costs beside spot, by put-call parity: the median of K + (C - P) / D over the strikes
 * nearest to spot, less spot. C and P are middles of two-sided quotes of used rows of one root, D is the market's
 * discount.
 *
 * Of American options it carries the premium of early exercise; the market's own forward, gex_market_forward(), weighs
 * every strike and removes it.
 *
 * @param expiry     index into gex_chain_expiries()
 * @param pairs      strikes to take, 1 to 64
 * @param basis_out  price; NaN without a pair
 * @param count_out  pairs there were, up to `pairs`; may be NULL
 * @return GEX_OK also without a pair, GEX_ERR_ARGUMENT. Since 0.1. Thread class: const-shared. Cost: O(rows), no
 * allocation.
 */
GEX_API gex_status gex_parity_basis(const gex_market *market, int64_t expiry, int64_t pairs, double *basis_out,
                                    int64_t *count_out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
