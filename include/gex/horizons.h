/* SPDX-License-Identifier: Apache-2.0 */
/** @file horizons.h Stage 6: roots at instants ahead: flips as time passes and nothing else moves, and zero flow. */
#ifndef GEX_HORIZONS_H
#define GEX_HORIZONS_H

#include <gex/field.h>
#include <gex/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_horizons gex_horizons; /**< the flips at some instants; immutable; any thread may read it */

/**
 * The flips of the market as gex_market_shift() has it at each instant: spot held, volatilities kept on their own
 * clocks, years counted anew, what settled before an instant gone. Ranges of the search are fractions of the same spot.
 *
 * @param options   as gex_flips_compute()
 * @param instants  `count` of them, in any order, not before the market's; read during the call
 * @param count     0 is possible
 * @param out       freed with gex_horizons_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (instants missing, count), _DOMAIN (an instant: error row = its index), or what
 *         gex_flips_compute() returns
 * Since 0.1. Thread class: const-shared. Cost: that of gex_flips_compute() times count, one instant after another, each
 * on the context's executor.
 */
GEX_API gex_status gex_horizons_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                        const gex_profile_options *options, const int64_t *instants, int64_t count,
                                        gex_horizons **out, gex_error *error);
GEX_API void gex_horizons_free(gex_horizons *horizons); /**< NULL is a no-op */

/** The instants, as given. @param count_out may be NULL. @return lent. Since 0.1. */
GEX_API const int64_t *gex_horizons_instants(const gex_horizons *horizons, int64_t *count_out);
/** Price of the root nearest to spot at each instant, NaN without one. @param count_out may be NULL. @return lent.
 *  Since 0.1. */
GEX_API const double *gex_horizons_nearest(const gex_horizons *horizons, int64_t *count_out);
/** All roots at an instant. @return lent until the horizons are freed; NULL out of range. Since 0.1. */
GEX_API const gex_flips *gex_horizons_flips(const gex_horizons *horizons, int64_t i);

/** What the caller chooses. Fill with gex_zero_flow_options_init(). */
typedef struct gex_zero_flow_options {
    uint32_t struct_size;
    int32_t  until;    /**< GEX_UNTIL_*; the close by default */
    int64_t  end;      /**< instant, not before the market's, with GEX_UNTIL_GIVEN */
    double   low;      /**< lowest price as a fraction of spot, > 0; 0.8 by default */
    double   high;     /**< highest price as a fraction of spot, > low; 1.2 by default */
    int32_t  unwound;  /**< 1: hedges of what settles on the way are undone, as in cash; 0, the default: they stay */
    int32_t  reserved; /**< zero */
} gex_zero_flow_options;
GEX_API void gex_zero_flow_options_init(gex_zero_flow_options *options, uint32_t struct_size);

/**
 * ZERO_FLOW: every price at which dealers will have traded nothing by an instant, the roots in P of GEX_FIELD_FLOW
 * there (`unwound`: of it plus GEX_FIELD_UNWIND), shares, + = BUY, every contract repriced:
 *
 *     flow(P) = -(D(P, instant) - D(S, now)),    D = sum N M delta
 *
 * GEX_DOWN: below it dealers have bought, above it sold, so their trading leans towards it; GEX_UP: away from it.
 * Searched, sized and told apart as by gex_flips_compute(); NONE_POSITIVE says that dealers buy wherever spot ends in
 * the range. At the strike of a contract that has settled by then the flow jumps; a jump across zero is a root on the
 * strike, where the slope says nothing. At the market's own instant spot is a root, unless it is a flip, where the flow
 * touches zero.
 *
 * @param options  NULL for the defaults
 * @param out      freed with gex_flips_free(), read as flips; slopes are shares per 1.00. NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (until, unwound, market and book of different chains), _DOMAIN (end, range, no such
 *         close, open or settlement, no volatility anywhere in the range), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: as gex_flips_compute(), O(rows * cells); the context's executor is used.
 * Same bits for any row order and number of threads. Source: docs/conventions.md, levels; docs/levels.md.
 */
GEX_API gex_status gex_zero_flow_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                         const gex_zero_flow_options *options, gex_flips **out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
