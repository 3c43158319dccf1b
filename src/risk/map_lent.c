/* SPDX-License-Identifier: Apache-2.0 */
/* What a map lends and says. */
#include <math.h>

#include "map.h"

const gex_market *gex_map_market(const gex_map *map)
{
    return map != NULL ? map->market : NULL;
}

const gex_book *gex_map_book(const gex_map *map)
{
    return map != NULL ? map->book : NULL;
}

const gex_greeks *gex_map_greeks(const gex_map *map)
{
    return map != NULL ? map->greeks : NULL;
}

const gex_exposure *gex_map_gamma(const gex_map *map)
{
    return map != NULL ? map->gamma : NULL;
}

const gex_exposure *gex_map_delta(const gex_map *map)
{
    return map != NULL ? map->delta : NULL;
}

const gex_exposure *gex_map_vanna(const gex_map *map)
{
    return map != NULL ? map->vanna : NULL;
}

const gex_exposure *gex_map_charm(const gex_map *map)
{
    return map != NULL ? map->charm : NULL;
}

const gex_exposure *gex_map_in_unit(const gex_map *map)
{
    return map != NULL ? map->in_unit != NULL ? map->in_unit : map->gamma : NULL;
}

const gex_profile *gex_map_profile(const gex_map *map)
{
    return map != NULL ? map->profile : NULL;
}

const gex_profile *gex_map_profile_in_unit(const gex_map *map)
{
    return map != NULL ? map->profile_in_unit != NULL ? map->profile_in_unit : map->profile : NULL;
}

const gex_flips *gex_map_flips(const gex_map *map)
{
    return map != NULL ? map->flips : NULL;
}

const gex_flips *gex_map_zero_flow(const gex_map *map)
{
    return map != NULL ? map->zero_flow : NULL;
}

int64_t gex_map_zero_flow_instant(const gex_map *map)
{
    return map != NULL ? map->zero_flow_instant : 0;
}

const gex_flow *gex_map_flow(const gex_map *map)
{
    return map != NULL ? map->flow : NULL;
}

const double *gex_map_moves(const gex_map *map, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = map != NULL ? map->move_count : 0;
    return map != NULL ? map->moves : NULL;
}

const gex_flow *gex_map_scenario(const gex_map *map)
{
    return map != NULL ? map->scenario : NULL;
}

double gex_map_scenario_spot_pct(const gex_map *map)
{
    return map != NULL ? map->scenario_spot_pct : (double)NAN;
}

double gex_map_scenario_hours(const gex_map *map)
{
    return map != NULL ? map->scenario_hours : (double)NAN;
}

double gex_map_scenario_vol_points(const gex_map *map)
{
    return map != NULL ? map->scenario_vol_points : (double)NAN;
}

int32_t gex_map_regime(const gex_map *map)
{
    return map != NULL ? map->regime : 0;
}

double gex_map_daily_sigma(const gex_map *map)
{
    return map != NULL ? map->daily_sigma : (double)NAN;
}

double gex_map_zero_dte_share(const gex_map *map)
{
    return map != NULL ? map->zero_dte_share : (double)NAN;
}

const gex_field *gex_map_field(const gex_map *map)
{
    return map != NULL ? map->field : NULL;
}

const gex_robustness *gex_map_robustness(const gex_map *map)
{
    return map != NULL ? map->robustness : NULL;
}

const gex_map *gex_map_since(const gex_map *map)
{
    return map != NULL ? map->since : NULL;
}

const gex_difference *gex_map_gamma_since(const gex_map *map)
{
    return map != NULL ? map->gamma_since : NULL;
}

const gex_difference *gex_map_flow_since(const gex_map *map)
{
    return map != NULL ? map->flow_since : NULL;
}

const gex_uncertainty *gex_map_uncertainty(const gex_map *map)
{
    return map != NULL ? map->uncertainty : NULL;
}

const gex_bands *gex_map_gamma_bands(const gex_map *map)
{
    return map != NULL ? map->gamma_bands : NULL;
}

const gex_bands *gex_map_profile_bands(const gex_map *map)
{
    return map != NULL ? map->profile_bands : NULL;
}

const gex_bands *gex_map_flow_bands(const gex_map *map)
{
    return map != NULL ? map->flow_bands : NULL;
}

const gex_flip_bands *gex_map_flip_bands(const gex_map *map)
{
    return map != NULL ? map->flip_bands : NULL;
}
