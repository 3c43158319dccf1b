/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file change.h Stage 5: what changed at fixed strike between two snapshots.
 *
 * The volatility of a contract changes because time passes, because spot moves along the smile, and because the smile
 * itself is priced anew. With f0 the surface before, f1 the one after, T1 the years left after, and moneyness
 * k0 = ln(K / F0), k0' = ln(K / F0 aged to T1), k1 = ln(K / F1):
 *
 *     roll    f0(k0', T1) - f0(k0, T0)
 *     slide   f0(k1, T1) - f0(k0', T1)
 *     surface f1(k1, T1) - f0(k1, T1)
 *
 * Nothing is left over. docs/dynamics.md says how to read it.
 */
#ifndef GEX_CHANGE_H
#define GEX_CHANGE_H

#include <gex/book.h>
#include <gex/exposure.h>
#include <gex/market.h>
#include <gex/surface.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- two surfaces ----------------------------------------------------------------------------------------------- */

/** Contracts on two surfaces. Fill with gex_split_columns_init(); all columns are required. */
typedef struct gex_split_columns {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  rows;
    gex_f64  strike;         /**< price */
    gex_f64  years_before;   /**< T0, on the clock of the surfaces, > 0 */
    gex_f64  years_after;    /**< T1, > 0 */
    gex_f64  forward_before; /**< F0, price */
    gex_f64  forward_aged;   /**< the same without a move: spot before, grown over T1; price */
    gex_f64  forward_after;  /**< F1, price */
} gex_split_columns;
/** Every column absent. Thread class: pure. Since 0.1. */
GEX_API void gex_split_columns_init(gex_split_columns *columns, uint32_t struct_size);

/**
 * Change of volatility of each contract, split into its three parts: change = roll + slide + surface.
 *
 * @param change,roll,slide,surface  rows of volatilities each, or NULL; not overlapping inputs or each other
 * @param status  GEX_POINT_INSIDE or GEX_POINT_DOMAIN a row, or NULL; NaN where a row is outside the domain
 * @return GEX_OK also when rows are bad, GEX_ERR_ARGUMENT, _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(rows log n), no allocation. Source: docs/dynamics.md.
 */
GEX_API gex_status gex_surface_split(const gex_context *context, const gex_surface *before, const gex_surface *after,
                                     const gex_split_columns *columns, double *change, double *roll, double *slide,
                                     double *surface, uint8_t *status, gex_error *error);

/* ---- two markets ------------------------------------------------------------------------------------------------- */

typedef struct gex_change gex_change; /**< immutable; any thread may read it; keeps nothing else alive */

/* Per contract, volatilities; NaN where it is not in both snapshots. */
#define GEX_CHANGE_LIST(X)                                                                                   \
    X(GEX_CHANGE_VOL_BEFORE, 1, "vol_before")                                                                \
    X(GEX_CHANGE_VOL_AFTER, 2, "vol_after")                                                                  \
    X(GEX_CHANGE_TOTAL, 3, "change")             /* vol_after - vol_before = roll + slide + surface */       \
    X(GEX_CHANGE_ROLL, 4, "roll")                /* passage of time */                                       \
    X(GEX_CHANGE_SLIDE, 5, "slide")              /* along the smile, spot moved */                           \
    X(GEX_CHANGE_SURFACE, 6, "surface")          /* repriced at fixed moneyness; level + ... + residual */   \
    X(GEX_CHANGE_FIXED_STRIKE, 7, "fixed_strike") /* slide + surface: what a sticky strike would have at 0 */ \
    X(GEX_CHANGE_LEVEL, 8, "level")              /* a of the expiry's a + b k + c k^2, k = ln(K / F1) */     \
    X(GEX_CHANGE_SKEW, 9, "skew")                /* b k */                                                   \
    X(GEX_CHANGE_CURVATURE, 10, "curvature")     /* c k^2 */                                                 \
    X(GEX_CHANGE_RESIDUAL, 11, "residual")       /* the contract's own */                                    \
    X(GEX_CHANGE_VEGA, 12, "vega")               /* N M vega before: dealers' USD per 1.00 of vol */

/* Per expiry; NaN where nothing could be fitted. */
#define GEX_CHANGE_EXPIRY_LIST(X)                                                                            \
    X(GEX_CHANGE_EXPIRY_LEVEL, 1, "level")           /* a */                                                 \
    X(GEX_CHANGE_EXPIRY_SKEW, 2, "skew")             /* b */                                                 \
    X(GEX_CHANGE_EXPIRY_CURVATURE, 3, "curvature")   /* c */                                                 \
    X(GEX_CHANGE_EXPIRY_ERROR, 4, "error")           /* root mean square residual, weighted by vega */       \
    X(GEX_CHANGE_EXPIRY_LOG_MOVE, 5, "log_move")     /* ln(F1 / F0 aged) */                                  \
    X(GEX_CHANGE_EXPIRY_ATM, 6, "atm")               /* f1(0, T1) - f0(0, T1) */                             \
    X(GEX_CHANGE_EXPIRY_SKEW_MOVE, 7, "skew_move")   /* f0'(0, T1) log_move: what R = 1 makes of it */       \
    X(GEX_CHANGE_EXPIRY_WEIGHT, 8, "weight")         /* T1, in the fit of R; 0: not in it */                 \
    X(GEX_CHANGE_EXPIRY_CONTRACTS, 9, "contracts")   /* in both snapshots */

#define GEX_CHANGE_ENUM(name, value, text) name = value,
enum { GEX_CHANGE_LIST(GEX_CHANGE_ENUM) GEX_CHANGE_LAST_ = 12 };
enum { GEX_CHANGE_EXPIRY_LIST(GEX_CHANGE_ENUM) GEX_CHANGE_EXPIRY_LAST_ = 9 };

/**
 * What happened to every contract between two snapshots of one underlying.
 *
 * Contracts are matched by root, settlement, strike and right; one that is refused in either, or has no time left in
 * the later, is not in both. The surfaces are the markets' own volatilities (docs/dynamics.md), on their clock; a
 * contract's own distance from them is part of `surface`, so the parts add up to the change of its own volatility.
 *
 * @param before  the earlier market; rows, strikes and expiries of the result are those of its chain
 * @param after   the later one, of any chain, on the same clock
 * @param book    dealers' positions before, of before's chain, or NULL: one contract of each
 * @param out     freed with gex_change_free(); NULL on failure
 * @return GEX_OK also when nothing matches, GEX_ERR_ARGUMENT (missing, clocks that differ, a book of another chain),
 *         _DOMAIN (after lies before before), _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), a fixed number of allocations.
 */
GEX_API gex_status gex_change_compute(const gex_context *context, const gex_market *before, const gex_market *after,
                                      const gex_book *book, gex_change **out, gex_error *error);
GEX_API void gex_change_free(gex_change *change); /**< NULL is a no-op */

/** Per row of before's chain. @param column GEX_CHANGE_*. @return lent; NULL for an unknown column. Since 0.1. */
GEX_API const double  *gex_change_column(const gex_change *change, int32_t column, int64_t *rows_out);
/** Per row of before's chain, the row of after's chain, -1 where it is not in both. Lent. Since 0.1. */
GEX_API const int64_t *gex_change_rows(const gex_change *change, int64_t *rows_out);
/** Per expiry of before's chain. @param column GEX_CHANGE_EXPIRY_*. @return lent; NULL if unknown. Since 0.1. */
GEX_API const double  *gex_change_expiry(const gex_change *change, int32_t column, int64_t *count_out);
/**
 * A column times dealers' vega, summed: what each part is worth to them to first order, USD; GEX_CHANGE_VEGA: the vega
 * itself. The quotient of the two is the vega-weighted mean.
 * @param group  GEX_BY_STRIKE or GEX_BY_EXPIRY, of before's chain
 * @return lent; NULL for an unknown group or column. Since 0.1.
 */
GEX_API const double  *gex_change_by(const gex_change *change, int32_t group, int32_t column, int64_t *count_out);
GEX_API double         gex_change_total(const gex_change *change, int32_t column); /**< ... over all; NaN if unknown */
GEX_API int64_t        gex_change_matched(const gex_change *change); /**< contracts in both */

/**
 * Skew stickiness that these snapshots show: the slope, through the origin, of the change of at-the-money volatility on
 * f0'(0) ln(F1 / F0 aged), over expiries weighted by T1. Both at-the-money values are of the parabola that fits the
 * smile best within half a deviation of the money; an expiry whose strikes do not reach that far is left out. As
 * GEX_DYNAMICS_FITTED takes it, where it lies in -1 to 3.
 * @param error_out  its standard error, NaN below two expiries; may be NULL
 * @return R, NaN when spot did not move or no expiry has a skew. Since 0.1. Thread class: const-shared.
 */
GEX_API double         gex_change_stickiness(const gex_change *change, double *error_out);

/** Names of columns; the column of a name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API const char *gex_change_name(int32_t column);
GEX_API int32_t     gex_change_find(const char *name);
GEX_API const char *gex_change_expiry_name(int32_t column);
GEX_API int32_t     gex_change_expiry_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
