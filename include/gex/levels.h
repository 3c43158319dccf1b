/* SPDX-License-Identifier: Apache-2.0 */
/** @file levels.h Levels read off strikes:
 * walls, centroids, interpolated sign changes, max pain. Each by its own name. */
#ifndef GEX_LEVELS_H
#define GEX_LEVELS_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Definitions. Exposure by strike at today's spot: call and put are magnitudes (gross), net is signed; open interest is
 * that of used rows. Ties go to the lower strike. A wall whose extreme is not of the stated sign does not exist. */
#define GEX_LEVEL_LIST(X)                                                                                 \
    X(GEX_LEVEL_CALL_WALL_NET, 1, "call_wall_net")           /* argmax of net, > 0 */                     \
    X(GEX_LEVEL_PUT_WALL_NET, 2, "put_wall_net")             /* argmin of net, < 0 */                     \
    X(GEX_LEVEL_CALL_WALL_MAX_CALL, 3, "call_wall_max_call") /* argmax of call exposure */                \
    X(GEX_LEVEL_PUT_WALL_MAX_PUT, 4, "put_wall_max_put")     /* argmax of put exposure */                 \
    X(GEX_LEVEL_CALL_WALL_ABOVE, 5, "call_wall_above")       /* CALL_WALL_MAX_CALL among strikes >= spot */ \
    X(GEX_LEVEL_PUT_WALL_BELOW, 6, "put_wall_below")         /* PUT_WALL_MAX_PUT among strikes <= spot */ \
    X(GEX_LEVEL_CALL_WALL_OI, 7, "call_wall_oi")             /* argmax of call open interest */           \
    X(GEX_LEVEL_PUT_WALL_OI, 8, "put_wall_oi")               /* argmax of put open interest */            \
    X(GEX_LEVEL_ABS_GAMMA, 9, "abs_gamma")                   /* argmax of call + put exposure, not netted */ \
    X(GEX_LEVEL_HVL_CENTROID, 10, "hvl_centroid")            /* sum K |net| / sum |net| */                \
    X(GEX_LEVEL_CALL_WALL_NET_ABOVE, 11, "call_wall_net_above") /* CALL_WALL_NET among strikes >= spot */ \
    X(GEX_LEVEL_PUT_WALL_NET_BELOW, 12, "put_wall_net_below") /* PUT_WALL_NET among strikes <= spot */    \
    X(GEX_LEVEL_ABS_NET, 13, "abs_net")                      /* argmax of |net| */                        \
    X(GEX_LEVEL_HVL_SLOPE, 14, "hvl_slope") /* where the running sum of net, from the lowest strike up, is */ \
                                            /* lowest: it has fallen there and rises after it */

#define GEX_LEVEL_ENUM(name, value, text) name = value,
enum { GEX_LEVEL_LIST(GEX_LEVEL_ENUM) GEX_LEVEL_LAST_ = 14 };

/** Name of a level, as in the JSON report. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_level_name(int32_t level);
/** Level of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_level_find(const char *name);

/**
 * One level of an exposure.
 * @param exposure   any unit; levels of the trade are those of GEX_USD_PCT
 * @param price_out  strike or price; NaN when the level does not exist
 * @param value_out  exposure (open interest for the two OI walls) there, sum |net| for the centroid, the running sum
 *                   for the slope; NaN when the level does not exist; may be NULL
 * @return GEX_OK also when the level does not exist, GEX_ERR_ARGUMENT
 * Since 0.1. Thread class: const-shared. Cost: O(rows) for the OI walls, O(strikes) for the rest; no allocation.
 */
GEX_API gex_status gex_level(const gex_exposure *exposure, int32_t level, double *price_out, double *value_out,
                             gex_error *error);

/**
 * The wall, or the next largest strikes by its definition: a secondary wall is the strike of rank 1 where its value is
 * at least 0.7 of that of rank 0. With the spot of the day, levels of an exposure at another spot: of a market that
 * gex_market_shift() moved to the previous close they are the frozen ones, which do not follow price.
 *
 * @param level  GEX_LEVEL_*, a wall: not HVL_CENTROID, not HVL_SLOPE
 * @param rank   0 is the wall itself; equals are ranked from the lower strike
 * @param spot   price that above and below are of; 0: the market's
 * @return as gex_level(), also GEX_ERR_DOMAIN (rank below 0, spot)
 * Since 0.1. Thread class: const-shared. Cost: that of gex_level() times rank + 1; no allocation.
 */
GEX_API gex_status gex_level_ranked(const gex_exposure *exposure, int32_t level, int64_t rank, double spot,
                                    double *price_out, double *value_out, gex_error *error);

/**
 * The narrowest range of strikes that holds a part of sum |net|: CONCENTRATION_BAND. Of two as narrow the lower.
 * @param part  above 0, at most 1
 * @param low_out, high_out  strikes, ends included; NaN when no strike has an exposure
 * @return GEX_OK also then, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: const-shared. Cost: O(strikes), no
 * allocation.
 */
GEX_API gex_status gex_concentration_band(const gex_exposure *exposure, double part, double *low_out, double *high_out,
                                          gex_error *error);

/* Sign changes of exposure by strike, straight lines between strikes. Not prices at which anything is zero. */
enum {
    GEX_STRIKE_SIGN = 1, /**< FLIP_STRIKE_SIGN: of the net by strike */
    GEX_STRIKE_CUM = 2   /**< FLIP_CUM_STRIKE: of its running sum from the lowest strike up */
};
/**
 * @param kind       GEX_STRIKE_*
 * @param prices     capacity doubles, filled ascending; NULL with capacity 0 to count
 * @param count_out  how many there are, which may be more than capacity
 * @return GEX_OK, GEX_ERR_ARGUMENT. Since 0.1. Thread class: const-shared. Cost: O(strikes), no allocation.
 */
GEX_API gex_status gex_strike_flips(const gex_exposure *exposure, int32_t kind, double *prices, int64_t capacity,
                                    int64_t *count_out, gex_error *error);

/**
 * Strike that minimises what holders of one expiry's options would receive, sum OI M intrinsic; the lowest of equals.
 * @param expiry     index into gex_chain_expiries()
 * @param price_out  NaN when the expiry has no open interest
 * @return GEX_OK, GEX_ERR_ARGUMENT (no such expiry). Since 0.1.
 *         Thread class: const-shared. Cost: O(rows), no allocation.
 */
GEX_API gex_status gex_max_pain(const gex_chain *chain, int64_t expiry, double *price_out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
