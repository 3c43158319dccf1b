/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file exposure.h Stage 5: greeks times the dealer's signed contracts, in one named unit.
 *
 * EXPOSURE is a change of the dealers' option delta; what they trade to offset it, FLOW, has the opposite sign and its
 * own header. Totals and groups are correctly rounded sums of the rows: any order, any split, the same bits.
 */
#ifndef GEX_EXPOSURE_H
#define GEX_EXPOSURE_H

#include <gex/book.h>
#include <gex/greeks.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_exposure gex_exposure; /**< immutable; any thread may read it */

/* Units, by the names of docs/conventions.md. N contracts, M multiplier, S spot, s vol, T years; F and Mf price and
 * multiplier of the future; ADV shares a day. */
#define GEX_UNIT_LIST(X)                                                                                         \
    X(GEX_UNIT_GEX_SHARES_PT, 1, "GEX_SHARES_PT", "shares per 1.00 of spot")           /* gamma N M */           \
    X(GEX_UNIT_GEX_USD_PT, 2, "GEX_USD_PT", "USD per 1.00 of spot")                    /* gamma N M S */         \
    X(GEX_UNIT_GEX_USD_PCT, 3, "GEX_USD_PCT", "USD per 1 % of spot")                   /* gamma N M S^2 0.01 */  \
    X(GEX_UNIT_GEX_USD_10BP, 4, "GEX_USD_10BP", "USD per 0.1 % of spot")               /* gamma N M S^2 0.001 */ \
    X(GEX_UNIT_GEX_USD_UNIT, 5, "GEX_USD_UNIT", "USD per 100 % of spot")               /* gamma N M S^2 */       \
    X(GEX_UNIT_GEX_SHARES_PCT, 6, "GEX_SHARES_PCT", "shares per 1 % of spot")          /* gamma N M S 0.01 */    \
    X(GEX_UNIT_GEX_FUT_PCT, 7, "GEX_FUT_PCT", "futures per 1 % of spot")       /* gamma N M S^2 0.01 / (F Mf) */ \
    X(GEX_UNIT_GEX_FUT_PT, 8, "GEX_FUT_PT", "futures per 1.00 of spot")                /* gamma N M / Mf */      \
    X(GEX_UNIT_GEX_ADV_PCT, 9, "GEX_ADV_PCT", "% of daily volume per 1 % of spot")  /* GEX_USD_PCT / (ADV S), % */ \
    X(GEX_UNIT_DAG, 10, "DAG", "delta-weighted USD per 1 % of spot")           /* |delta| gamma N M S^2 0.01 */  \
    X(GEX_UNIT_GEX_PLUS_USD_PT, 11, "GEX_PLUS_USD_PT", "USD per 1.00 of spot, vol moving with it")               \
                                                                          /* N M (S gamma + beta s vanna) */     \
    X(GEX_UNIT_DEX_SHARES, 12, "DEX_SHARES", "shares")                                 /* delta N M */           \
    X(GEX_UNIT_DEX_USD, 13, "DEX_USD", "USD")                                          /* delta N M S */         \
    X(GEX_UNIT_VEX_USD_UNIT, 14, "VEX_USD_UNIT", "USD per 1.00 of vol")                /* vanna N M S */         \
    X(GEX_UNIT_VEX_USD_VOLPT, 15, "VEX_USD_VOLPT", "USD per vol point")                /* vanna N M S 0.01 */    \
    X(GEX_UNIT_VEX_USD_RELPCT, 16, "VEX_USD_RELPCT", "USD per 1 % of each vol")        /* vanna N M S s 0.01 */  \
    X(GEX_UNIT_VEX_USD_PT_BETA, 17, "VEX_USD_PT_BETA", "USD per 1.00 of spot through vol") /* beta s vanna N M */ \
    X(GEX_UNIT_VEGA_USD_VOLPT, 18, "VEGA_USD_VOLPT", "USD per vol point")              /* vega N M 0.01 */       \
    X(GEX_UNIT_CEX_USD_YEAR, 19, "CEX_USD_YEAR", "USD per year")                       /* charm N M S */         \
    X(GEX_UNIT_CEX_USD_CALDAY, 20, "CEX_USD_CALDAY", "USD per calendar day")           /* charm N M S / 365 */   \
    X(GEX_UNIT_CEX_USD_TRDDAY, 21, "CEX_USD_TRDDAY", "USD per trading day")            /* charm N M S / 252 */   \
    X(GEX_UNIT_CEX_USD_HOUR, 22, "CEX_USD_HOUR", "USD per calendar hour")              /* charm N M S / 8760 */  \
    X(GEX_UNIT_CEX_USD_RTHHOUR, 23, "CEX_USD_RTHHOUR", "USD per session hour")         /* charm N M S / 1638 */  \
    X(GEX_UNIT_CEX_USD_MINUTE, 24, "CEX_USD_MINUTE", "USD per calendar minute")      /* charm N M S / 525600 */  \
    X(GEX_UNIT_CEX_USD_TOEXP, 25, "CEX_USD_TOEXP", "USD to expiry, linear")            /* charm N M S T */       \
    X(GEX_UNIT_THETA_USD_CALDAY, 26, "THETA_USD_CALDAY", "USD per calendar day")       /* theta N M / 365 */     \
    X(GEX_UNIT_VOMMA_VEGA_VOLPT, 27, "VOMMA_VEGA_VOLPT", "USD of vega per vol point")  /* vomma N M 1e-4 */      \
    X(GEX_UNIT_SPEED_SHARES_PT2, 28, "SPEED_SHARES_PT2", "shares per 1.00 of spot squared") /* speed N M */      \
    X(GEX_UNIT_SPEED_USD_PCT2, 29, "SPEED_USD_PCT2", "USD per 1 % squared, gamma alone") /* speed N M S^3 1e-4 */ \
    X(GEX_UNIT_DGEX_PCT_PER_PCT, 30, "dGEX_PCT_PER_PCT", "change of GEX_USD_PCT per 1 % of spot")                \
                                                                   /* (2 gamma S^2 + speed S^3) 1e-4 N M */      \
    X(GEX_UNIT_COLOR_USD_PCT_CALDAY, 31, "COLOR_USD_PCT_CALDAY", "USD per 1 % of spot per calendar day")         \
                                                                         /* color N M S^2 0.01 / 365 */          \
    X(GEX_UNIT_ZOMMA_USD_PCT_VOLPT, 32, "ZOMMA_USD_PCT_VOLPT", "USD per 1 % of spot per vol point")              \
                                                                            /* zomma N M S^2 1e-4 */             \
    X(GEX_UNIT_ULTIMA_VEGA_VOLPT2, 33, "ULTIMA_VEGA_VOLPT2", "USD of vega per vol point squared")                \
                                                                                     /* ultima N M 1e-6 */       \
    X(GEX_UNIT_RHO_USD_BP, 34, "RHO_USD_BP", "USD per 0.01 % of rate")                 /* rho N M 1e-4 */        \
    X(GEX_UNIT_EPSILON_USD_BP, 35, "EPSILON_USD_BP", "USD per 0.01 % of carry yield")  /* epsilon N M 1e-4 */    \
    X(GEX_UNIT_DEX_FUT, 36, "DEX_FUT", "futures")                              /* delta N M S / (F Mf) */        \
    X(GEX_UNIT_DEX_ADV_PCT, 37, "DEX_ADV_PCT", "% of daily volume")            /* delta N M / ADV, % */          \
    X(GEX_UNIT_VEX_SHARES_VOLPT, 38, "VEX_SHARES_VOLPT", "shares per vol point")       /* vanna N M 0.01 */      \
    X(GEX_UNIT_VEX_FUT_VOLPT, 39, "VEX_FUT_VOLPT", "futures per vol point")    /* vanna N M S 0.01 / (F Mf) */   \
    X(GEX_UNIT_CEX_SHARES_CALDAY, 40, "CEX_SHARES_CALDAY", "shares per calendar day")  /* charm N M / 365 */     \
    X(GEX_UNIT_CEX_FUT_CALDAY, 41, "CEX_FUT_CALDAY", "futures per calendar day")                                 \
                                                                          /* charm N M S / (365 F Mf) */        \
    X(GEX_UNIT_VETA_USD_VOLPT_CALDAY, 42, "VETA_USD_VOLPT_CALDAY", "USD of vega per calendar day")               \
                                                                                  /* veta N M 0.01 / 365 */      \
    X(GEX_UNIT_IMPULSE, 43, "IMPULSE", "USD per 1 % of spot, vols moving with it by points")
                                                         /* GEX_USD_PCT + beta VEX_USD_VOLPT, beta in points */

#define GEX_UNIT_ENUM(name, value, text, label) name = value,
enum { GEX_UNIT_LIST(GEX_UNIT_ENUM) GEX_UNIT_LAST_ = 43 };

/** Name of a unit. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_unit_name(int32_t unit);
/** What a unit measures, in words: "USD per 1 % of spot". @return static storage, never NULL. Since 0.1. */
GEX_API const char *gex_unit_label(int32_t unit);
/**
 * Unit of that name, 0 when there is none.
 * GEX_GRID_PCT is found as GEX_USD_PCT, which takes the grid's price on a grid.
 * @param greek  0, or a GEX_GREEK_* that lets the head be left off: "USD_PCT" with GEX_GREEK_GAMMA is GEX_USD_PCT
 * Thread class: pure. Since 0.1.
 */
GEX_API int32_t gex_unit_find(const char *name, int32_t greek);

/** What the caller chooses. Fill with gex_exposure_options_init(), then set unit: zero is refused. */
typedef struct gex_exposure_options {
    uint32_t struct_size;
    int32_t  unit;              /**< GEX_UNIT_*; no default */
    double   adv;               /**< shares a day, > 0, for units with ADV; 0: not given */
    double   future_price;      /**< > 0, for units with FUT but GEX_FUT_PT; 0: not given */
    double   future_multiplier; /**< > 0, for units with FUT; 0: not given */
    double   beta;              /**< relative vol move per relative spot move, for the units with beta; of IMPULSE vol
                                     points per +1 % of spot. 0 by default */
} gex_exposure_options;
GEX_API void gex_exposure_options_init(gex_exposure_options *options, uint32_t struct_size);

/**
 * What a total in one unit is multiplied by to be in another: the ratio of their scales, all rows alike.
 *
 * @param spot     price, > 0, at which both are meant
 * @param numbers  adv, future and beta, where either unit needs them; its unit is not read. NULL: none given
 * @param factor_out  set on success
 * @return GEX_OK, GEX_ERR_ARGUMENT (unknown unit; different greeks; a quantity of each row, as vol, years or |delta|,
 *         in one sum and not in the other; a sum of two greeks;
 *         a number missing), _DOMAIN (spot, a number, beta 0 to divide by), _VERSION
 * Since 0.1. Thread class: pure. Cost: no allocation. Source: docs/conventions.md, units.
 */
GEX_API gex_status gex_unit_factor(int32_t from, int32_t to, double spot, const gex_exposure_options *numbers,
                                   double *factor_out, gex_error *error);

/**
 * Multiply, scale and sum.
 *
 * @param greeks  of a market on the same chain as the book
 * @param out     freed with gex_exposure_free(); NULL on failure
 * @return GEX_OK also when rows are refused, GEX_ERR_ARGUMENT (unit left at zero, adv or future missing where the unit
 *         needs it, greeks and book of different chains, greeks of a map that are not what the unit is made of),
 *         _DOMAIN (not finite), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows), two allocations. Source: docs/conventions.md, units.
 */
GEX_API gex_status gex_exposure_compute(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                                        const gex_exposure_options *options, gex_exposure **out, gex_error *error);
GEX_API void gex_exposure_free(gex_exposure *exposure); /**< NULL is a no-op */

/* Lent until the exposure is freed. Since 0.1. */
GEX_API const gex_greeks *gex_exposure_greeks(const gex_exposure *exposure);
GEX_API const gex_book   *gex_exposure_book(const gex_exposure *exposure);
GEX_API int32_t           gex_exposure_unit(const gex_exposure *exposure);
/** Per row of the chain, in the caller's order; NaN where refused, +-inf or NaN where the greek diverges. */
GEX_API const double *gex_exposure_rows(const gex_exposure *exposure);
/** GEX_ROW_* per row: the market's, or NOT_FINITE where the book has no position. */
GEX_API const uint8_t *gex_exposure_status(const gex_exposure *exposure);

/** Sum over used rows. Since 0.1. Thread class: const-shared. */
GEX_API double gex_exposure_total(const gex_exposure *exposure);
/** Sum of absolute values over used rows. Since 0.1. */
GEX_API double gex_exposure_gross(const gex_exposure *exposure);

/* How many rows the sums rest on: used + all refused = total. Since 0.1. */
GEX_API int64_t gex_exposure_count_total(const gex_exposure *exposure);
GEX_API int64_t gex_exposure_count_used(const gex_exposure *exposure);
GEX_API int64_t gex_exposure_count_zero_position(const gex_exposure *exposure); /**< of the used */
GEX_API int64_t gex_exposure_count_diverging(const gex_exposure *exposure); /**< of the used: at the strike at expiry */
GEX_API int64_t gex_exposure_count_refused(const gex_exposure *exposure, int32_t row_status); /**< one GEX_ROW_* key */

/* Groups: used rows summed by a key. */
enum {
    GEX_BY_STRIKE = 1,           /**< keys: gex_chain_strikes() */
    GEX_BY_EXPIRY = 2,           /**< keys: gex_chain_expiries() */
    GEX_BY_RIGHT = 3,            /**< keys: call, put */
    GEX_BY_ZERO_DTE = 4,         /**< keys: settles on the as-of's New York date, later */
    /* of gex/grouping.h alone */
    GEX_BY_DTE = 5,              /**< calendar days to settlement, in buckets */
    GEX_BY_MONEYNESS = 6,        /**< strike / spot, in buckets */
    GEX_BY_MONEYNESS_FORWARD = 7, /**< strike / forward of the expiry, in buckets */
    GEX_BY_ROOT = 8              /**< root of the series */
};
enum { GEX_SUM_NET = 1, GEX_SUM_GROSS = 2, GEX_SUM_CALL = 3, GEX_SUM_PUT = 4 }; /* call + put is net, both signed */
/**
 * One sum per key of a grouping.
 * @param by   GEX_BY_STRIKE to GEX_BY_ZERO_DTE; for the others and for pairs see gex/grouping.h
 * @param sum  GEX_SUM_*: net, absolute values, net of calls alone, net of puts alone
 * @param count_out  number of keys; may be NULL
 * @return lent; NULL for an unknown grouping or sum. Thread class: const-shared. Since 0.1.
 */
GEX_API const double *gex_exposure_by(const gex_exposure *exposure, int32_t by, int32_t sum, int64_t *count_out);
/** Used rows per key of a grouping. @return lent; NULL for an unknown grouping. Since 0.1. */
GEX_API const int64_t *gex_exposure_count_by(const gex_exposure *exposure, int32_t by, int64_t *count_out);

#ifdef __cplusplus
}
#endif
#endif
