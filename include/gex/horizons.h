/* SPDX-License-Identifier: Apache-2.0 */
/** @file horizons.h Stage 6: flips by horizon, the roots of an exposure as time passes and nothing else moves. */
#ifndef GEX_HORIZONS_H
#define GEX_HORIZONS_H

#include <gex/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_horizons gex_horizons; /**< the flips at some instants; immutable; any thread may read it */

/**
 * The flips of the market as gex_market_shift() has it at each instant: spot held, volatilities kept on their own clocks,
 * years counted anew, what settled before an instant gone. Ranges of the search are fractions of the same spot.
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

#ifdef __cplusplus
}
#endif
#endif
