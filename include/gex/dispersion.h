/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file dispersion.h Stage 6: an index against its constituents: the correlation that volatilities imply, and what a
 * basket holds of it.
 *
 * With w_i the weight and s_i the volatility of a constituent, I the volatility of the index and r one correlation for
 * every pair,
 *
 *     I^2 = sum w_i^2 s_i^2 + r 2 sum over i < j of w_i w_j s_i s_j.
 *
 * Volatilities are at the money of one tenor, on CAL_365: at the strike nearest the forward, as gex_expected_move() has
 * it, total variance on a line in years between the expiries around the tenor and from 0 now; there is none beyond the
 * last expiry. Vegas are of the whole book: the position, as far as volatilities of all expiries move alike.
 */
#ifndef GEX_DISPERSION_H
#define GEX_DISPERSION_H

#include <gex/basket.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_dispersion gex_dispersion; /**< immutable; any thread may read it; keeps its basket alive */

/* The legs are the members with GEX_ROLE_INDEX and those with GEX_ROLE_CONSTITUENT, here names. Vegas: hedge currency
 * per vol point. Gammas: hedge currency per 1 % of the reference; own: per 1 % of each name itself. V is index_vega, A
 * is names_vol, C the sum over i < j of w_i w_j s_i s_j. */
#define GEX_DISPERSION_LIST(X)                                                                                   \
    X(GEX_DISPERSION_INDEX_VOL, 1, "index_vol")                 /* I */                                          \
    X(GEX_DISPERSION_NAMES_VOL, 2, "names_vol")                 /* A = sum w s */                                \
    X(GEX_DISPERSION_WEIGHT, 3, "weight")                       /* sum w: how much of the index the names are */ \
    X(GEX_DISPERSION_CORRELATION, 4, "correlation")             /* (I^2 - sum w^2 s^2) / 2 C */                  \
    X(GEX_DISPERSION_INDEX_VEGA, 5, "index_vega")               /* V */                                          \
    X(GEX_DISPERSION_NAMES_VEGA, 6, "names_vega")                                                                \
    X(GEX_DISPERSION_NET_VEGA, 7, "net_vega")                   /* of both legs */                               \
    X(GEX_DISPERSION_INDEX_GROSS_VEGA, 8, "index_gross_vega")                                                    \
    X(GEX_DISPERSION_NAMES_GROSS_VEGA, 9, "names_gross_vega")                                                    \
    X(GEX_DISPERSION_INDEX_GAMMA, 10, "index_gamma")                                                             \
    X(GEX_DISPERSION_NAMES_GAMMA, 11, "names_gamma")                                                             \
    X(GEX_DISPERSION_NET_GAMMA, 12, "net_gamma")                                                                 \
    X(GEX_DISPERSION_INDEX_GROSS_GAMMA, 13, "index_gross_gamma")                                                 \
    X(GEX_DISPERSION_NAMES_GROSS_GAMMA, 14, "names_gross_gamma")                                                 \
    X(GEX_DISPERSION_NAMES_OWN_GAMMA, 15, "names_own_gamma")    /* does not net across names that part ways */   \
    X(GEX_DISPERSION_CORRELATION_VEGA, 16, "correlation_vega")  /* V C / I: per 0.01 of r, names' vols fixed; */  \
                                                                /* below 0 the book is long dispersion */        \
    X(GEX_DISPERSION_FIXED_CORRELATION_VEGA, 17, "fixed_correlation_vega") /* every s up a point, r fixed: */    \
                                                                           /* names_vega + sum V dI/ds */

/* Of a member; NaN where it is not in a leg that has one. */
#define GEX_DISPERSION_MEMBER_LIST(X)                                                                         \
    X(GEX_DISPERSION_MEMBER_VOL, 1, "vol")               /* of the index and of names */                      \
    X(GEX_DISPERSION_MEMBER_VEGA, 2, "vega")             /* own, of both legs */                              \
    X(GEX_DISPERSION_MEMBER_GAMMA, 3, "gamma")           /* own, per 1 % of the reference, of both legs */    \
    X(GEX_DISPERSION_MEMBER_INDEX_VEGA, 4, "index_vega") /* what the index leg adds to a name's vega: */      \
                                                         /* V dI/ds = V w (w s + r (A - w s)) / I */          \
    X(GEX_DISPERSION_MEMBER_NET_VEGA, 5, "net_vega")     /* vega + index_vega, of names */

/* What the correlation came to. */
#define GEX_CORRELATION_LIST(X)                                                                                      \
    X(GEX_CORRELATION_FOUND, 1, "FOUND")                                                                             \
    X(GEX_CORRELATION_ABOVE_ONE, 2, "ABOVE_ONE")     /* more variance than names that move as one: no correlation */ \
    X(GEX_CORRELATION_BELOW_LEAST, 3, "BELOW_LEAST") /* below -1 / (n - 1), which no n names can have; likewise */   \
    X(GEX_CORRELATION_NO_VOL, 4, "NO_VOL")           /* of the index, or of a name with weight: NaN */               \
    X(GEX_CORRELATION_TOO_FEW, 5, "TOO_FEW")         /* under two names with weight and volatility: NaN */

#define GEX_DISPERSION_ENUM(name, value, text) name = value,
enum { GEX_DISPERSION_LIST(GEX_DISPERSION_ENUM) GEX_DISPERSION_LAST_ = 17 };
enum { GEX_DISPERSION_MEMBER_LIST(GEX_DISPERSION_ENUM) GEX_DISPERSION_MEMBER_LAST_ = 5 };
enum { GEX_CORRELATION_LIST(GEX_DISPERSION_ENUM) GEX_CORRELATION_LAST_ = 5 };

/** Fill with gex_dispersion_options_init(); tenor has no default. */
typedef struct gex_dispersion_options {
    uint32_t struct_size;
    int32_t  reserved; /**< zero */
    int64_t  tenor;    /**< instant, after the basket's: volatilities up to it */
    int64_t  index;    /**< member whose volatility is the index's; -1, the default: the only one with GEX_ROLE_INDEX */
    gex_f64  vols;     /**< a volatility a member in place of the market's; NaN: the market's. Absent: all are */
} gex_dispersion_options;
GEX_API void gex_dispersion_options_init(gex_dispersion_options *options, uint32_t struct_size);

/**
 * @param out  freed with gex_dispersion_free(); NULL on failure
 * @return GEX_OK also where there is no correlation, GEX_ERR_ARGUMENT (no index, or several and none chosen), _DOMAIN
 *         (tenor; a volatility below zero or infinite: error row = member), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: that of two basket exposures, and O(names log names).
 * Source: Skintzi and Refenes (2005), Implied correlation index, Journal of Futures Markets 25; docs/basket.md.
 */
GEX_API gex_status gex_dispersion_compute(const gex_context *context, const gex_basket *basket,
                                          const gex_dispersion_options *options, gex_dispersion **out,
                                          gex_error *error);
GEX_API void gex_dispersion_free(gex_dispersion *dispersion); /**< NULL is a no-op */
GEX_API const gex_basket *gex_dispersion_basket(const gex_dispersion *dispersion);
GEX_API int32_t gex_dispersion_status(const gex_dispersion *dispersion); /**< GEX_CORRELATION_* */
/** One value. @return NaN for an unknown one. Since 0.1. */
GEX_API double gex_dispersion_value(const gex_dispersion *dispersion, int32_t value);
/** One value a member. @return lent; NULL for an unknown one. Since 0.1. */
GEX_API const double *gex_dispersion_member(const gex_dispersion *dispersion, int32_t value, int64_t *count_out);

/** Names. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_dispersion_name(int32_t value);
GEX_API const char *gex_dispersion_member_name(int32_t value);
GEX_API const char *gex_correlation_text(int32_t status);
/** The value of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_dispersion_find(const char *name);
GEX_API int32_t gex_dispersion_member_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
