/* SPDX-License-Identifier: Apache-2.0 */
/** @file greeks.h Stage 4: sensitivities of one unit of each contract, free of position and of unit. */
#ifndef GEX_GREEKS_H
#define GEX_GREEKS_H

#include <gex/european.h>
#include <gex/market.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_greeks gex_greeks; /**< immutable; any thread may read it; keeps its market alive */

/**
 * Price and every greek of each contract of a market, at its spot and instant. A derivative by volatility is one by the
 * volatility of the market's clock; theta, charm, veta and color are per calendar year,
 * with variance at the pace of that clock now: docs/market.md.
 *
 * @param out  freed with gex_greeks_free(); NULL on failure
 * @return GEX_OK also when rows are refused, GEX_ERR_ARGUMENT, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows), one allocation.
 */
GEX_API gex_status gex_greeks_compute(const gex_context *context, const gex_market *market, gex_greeks **out,
                                      gex_error *error);

/**
 * The same greeks with total delta and gamma: what the price of a contract does when spot takes its volatility along,
 *
 *     delta + vega s1        gamma + 2 vanna s1 + vomma s1^2 + vega s2        s1 = d vol / dS, s2 = d2 vol / dS2
 *
 * by the dynamics of the market; the other columns as they are. Under GEX_DYNAMICS_STICKY_STRIKE nothing changes. An
 * exposure of the result is one of the "shadow" greeks.
 *
 * @param out  freed with gex_greeks_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (also for greeks of a map, which are not all), _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log strikes), one allocation. Source: docs/dynamics.md.
 */
GEX_API gex_status gex_greeks_shadow(const gex_context *context, const gex_greeks *greeks, gex_greeks **out,
                                     gex_error *error);
GEX_API void gex_greeks_free(gex_greeks *greeks); /**< NULL is a no-op; objects made from the greeks stay valid */

/* Lent until the greeks are freed. Since 0.1. */
GEX_API const gex_market *gex_greeks_market(const gex_greeks *greeks);
/** Raw derivative per row of the chain, in the caller's order, NaN where refused; NULL for an unknown greek, and for
 *  one that greeks lent by something else have not: gex_map_greeks(). */
GEX_API const double *gex_greeks_column(const gex_greeks *greeks, int32_t greek);
/** GEX_CALC_* per row of the chain; GEX_CALC_DOMAIN where the row is refused. */
GEX_API const uint8_t *gex_greeks_status(const gex_greeks *greeks);

#ifdef __cplusplus
}
#endif
#endif
