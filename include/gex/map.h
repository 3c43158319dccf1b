/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file map.h The map: everything above computed for one market and one book, ready to be reported.
 *
 * It is a map of forced flow under stated assumptions, not a forecast.
 */
#ifndef GEX_MAP_H
#define GEX_MAP_H

#include <gex/difference.h>
#include <gex/field.h>
#include <gex/flow.h>
#include <gex/levels.h>
#include <gex/profile.h>
#include <gex/regime.h>
#include <gex/robustness.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_map gex_map; /**< immutable; any thread may read it; keeps what it was made from alive */

/** What the caller chooses. Fill with gex_map_options_init(): the defaults are those of gex-map. */
typedef struct gex_map_options {
    uint32_t struct_size;
    int32_t  unit;                  /**< unit of the page and picture; GEX_UNIT_GEX_USD_PCT by default */
    double   adv;                   /**< as in gex_exposure_options, likewise the next three */
    double   future_price;
    double   future_multiplier;
    double   beta;
    gex_f64  moves;                 /**< spot moves of the flow table, percent; absent: -3 -2 -1 -0.5 -0.25, mirrored */
    int64_t  move_count;            /**< 0 when moves is absent */
    double   scenario_spot_pct;     /**< joint scenario: percent of spot, -1 by default */
    double   scenario_hours;        /**< calendar hours, 1 by default */
    double   scenario_vol_points;   /**< 1 by default */
    const gex_robustness *robustness; /**< shown by page and JSON; kept. NULL, the default: not asked for */
    const gex_field *field;         /**< of the same market and book, shown by page, JSON and picture; kept. NULL, the
                                         default: not asked for */
    const gex_map *since;           /**< an earlier map of the same underlying: what changed is computed, and shown by
                                         page and JSON; kept, with what it keeps. NULL, the default: not asked for */
    const gex_uncertainty *uncertainty; /**< of the same book: bands are computed, and shown by page, JSON and picture;
                                         kept. NULL, the default: no probability is claimed */
    int64_t  zero_flow; /**< instant, not before the market's, as gex_until_instant() has it: ZERO_FLOW by then is
                             computed, hedges kept, and shown by page and JSON. 0, the default: not asked for */
} gex_map_options;
GEX_API void gex_map_options_init(gex_map_options *options, uint32_t struct_size);

/**
 * Greeks, exposures, profile, flips, walls and flows of one book in one market.
 * @param options  NULL for the defaults
 * @return GEX_OK, or what the stages return. Since 0.1. Thread class: const-shared. Cost: that of its parts.
 */
GEX_API gex_status gex_map_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                   const gex_map_options *options, gex_map **out, gex_error *error);
GEX_API void gex_map_free(gex_map *map); /**< NULL is a no-op */

/* The parts, lent until the map is freed. Since 0.1. */
GEX_API const gex_market   *gex_map_market(const gex_map *map);
GEX_API const gex_book     *gex_map_book(const gex_map *map);
/** Price, delta, gamma, vega, theta, vanna, charm, and what the chosen unit needs;
 * gex_greeks_compute() has every one. */
GEX_API const gex_greeks   *gex_map_greeks(const gex_map *map);
GEX_API const gex_exposure *gex_map_gamma(const gex_map *map);   /**< GEX_USD_PCT */
GEX_API const gex_exposure *gex_map_delta(const gex_map *map);   /**< DEX_USD */
GEX_API const gex_exposure *gex_map_vanna(const gex_map *map);   /**< VEX_USD_VOLPT */
GEX_API const gex_exposure *gex_map_charm(const gex_map *map);   /**< CEX_USD_CALDAY */
GEX_API const gex_exposure *gex_map_in_unit(const gex_map *map); /**< the chosen unit */
GEX_API const gex_profile  *gex_map_profile(const gex_map *map); /**< GEX_USD_PCT, 201 points, 80 % to 120 % of spot */
GEX_API const gex_profile  *gex_map_profile_in_unit(const gex_map *map); /**< the chosen unit, same grid */
GEX_API const gex_flips    *gex_map_flips(const gex_map *map);   /**< of GEX_USD_PCT */
GEX_API const gex_flips    *gex_map_zero_flow(const gex_map *map); /**< of gex_zero_flow_compute(), or NULL */
GEX_API int64_t             gex_map_zero_flow_instant(const gex_map *map); /**< as asked for, 0: not */
GEX_API const gex_flow     *gex_map_flow(const gex_map *map);    /**< one row a move */
/** Spot moves of the flow table, percent. @param count_out may be NULL. */
GEX_API const double *gex_map_moves(const gex_map *map, int64_t *count_out);
GEX_API const gex_flow *gex_map_scenario(const gex_map *map); /**< one row: the joint scenario */
GEX_API double gex_map_scenario_spot_pct(const gex_map *map);
GEX_API double gex_map_scenario_hours(const gex_map *map);
GEX_API double gex_map_scenario_vol_points(const gex_map *map);
GEX_API const gex_field *gex_map_field(const gex_map *map); /**< as given, or NULL */
GEX_API const gex_robustness *gex_map_robustness(const gex_map *map); /**< as given, or NULL */
GEX_API const gex_map        *gex_map_since(const gex_map *map);      /**< likewise */
GEX_API const gex_difference *gex_map_gamma_since(const gex_map *map); /**< GEX_USD_PCT since then, or NULL */
GEX_API const gex_difference *gex_map_flow_since(const gex_map *map);  /**< GEX_FIELD_FLOW since then, or NULL */

/* With an uncertainty, otherwise NULL. */
GEX_API const gex_uncertainty *gex_map_uncertainty(const gex_map *map);   /**< as given */
GEX_API const gex_bands       *gex_map_gamma_bands(const gex_map *map);   /**< of the total, GEX_USD_PCT */
GEX_API const gex_bands       *gex_map_profile_bands(const gex_map *map); /**< GEX_USD_PCT, 401 prices, 80 % to 120 % */
GEX_API const gex_bands       *gex_map_flow_bands(const gex_map *map);    /**< one value a move */
GEX_API const gex_flip_bands  *gex_map_flip_bands(const gex_map *map);    /**< 4096 samples of that profile, seed 0 */

/** GEX_REGIME_*, as gex_regime_of() has it. Since 0.1. */
GEX_API int32_t gex_map_regime(const gex_map *map);
/** One daily standard deviation, price:
 * S * at-the-money vol of the expiry nearest 30 days / sqrt(252); NaN without one. */
GEX_API double gex_map_daily_sigma(const gex_map *map);
/** Gross exposure that settles on the as-of's date over all gross exposure, GEX_USD_PCT; NaN when there is none. */
GEX_API double gex_map_zero_dte_share(const gex_map *map);

#ifdef __cplusplus
}
#endif
#endif
