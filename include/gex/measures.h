/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file measures.h Single numbers by name: those of papers, ratios and concentration of an exposure, expected moves.
 *
 * What a paper measures is a formula and a position. The formula is here; the position is the book, and each measure
 * says which one the paper has. Scaling constants follow secondary descriptions of the papers.
 */
#ifndef GEX_MEASURES_H
#define GEX_MEASURES_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Of an exposure to gamma in any unit that gex_unit_factor() turns into the one named. Those from ROLL_OFF on are
 * ratios and read whatever is given: CP_TILT of a delta exposure is DELTA_TILT. Sums by strike are net, C and P the
 * gross of calls and puts. Positions and sources:
 *
 *     NGE              NAIVE_CALL_LONG; Baltussen, Da, Lammers, Martens (2021), JFE 142, 377-403
 *     GAMMA_IMBALANCE  NAIVE_CALL_LONG; Barbon, Buraschi (2020), Gamma fragility
 *     NET_GAMMA        makers and firms, open-close data; Ni, Pearson, Poteshman, White (2021), RFS 34, 1952-1986
 *     ZERO_DTE_GAMMA   makers, open-close data; Dim, Eraker, Vilkov (2023), 0DTEs
 *     GAMMA_MASS       DEALER_ALL_LONG: open interest without signs, a control
 *     GTBR             break-even of gamma against a day's theta; Park, Zhao (2025)
 */
#define GEX_MEASURE_LIST(X)                                                                                       \
    X(GEX_MEASURE_NGE, 1, "nge", "USD per 1.00 of spot")                                   /* GEX_USD_PT */       \
    X(GEX_MEASURE_GAMMA_IMBALANCE, 2, "gamma_imbalance", "% of daily volume per 1 % of spot") /* GEX_ADV_PCT */   \
    X(GEX_MEASURE_NET_GAMMA, 3, "net_gamma", "of shares outstanding") /* 100 GEX_SHARES_PCT / shares_outstanding */ \
    X(GEX_MEASURE_ZERO_DTE_GAMMA, 4, "zero_dte_gamma", "USD per 1 % of spot") /* 0DTE net of GEX_USD_PCT */       \
    X(GEX_MEASURE_GAMMA_MASS, 5, "gamma_mass", "USD per 1 % of spot")      /* gross of GEX_USD_PCT */             \
    X(GEX_MEASURE_CALL_GAMMA, 6, "call_gamma", "USD per 1 % of spot")      /* calls alone, signed */              \
    X(GEX_MEASURE_PUT_GAMMA, 7, "put_gamma", "USD per 1 % of spot")        /* puts alone, signed */               \
    X(GEX_MEASURE_ROLL_OFF, 8, "roll_off", "of gross")       /* what settles up to the next third Friday */       \
    X(GEX_MEASURE_CP_RATIO, 9, "cp_ratio", "calls per puts")               /* C / P */                            \
    X(GEX_MEASURE_CP_TILT, 10, "cp_tilt", "-1 to 1")                       /* (C - P) / (C + P) */                \
    X(GEX_MEASURE_NET_TO_GROSS, 11, "net_to_gross", "-1 to 1")             /* net / gross */                      \
    X(GEX_MEASURE_HERFINDAHL, 12, "herfindahl", "0 to 1")                  /* sum (|net_K| / sum |net|)^2 */      \
    X(GEX_MEASURE_TOP_SHARE, 13, "top_share", "of sum |net|")              /* the `top` largest |net_K| */        \
    X(GEX_MEASURE_CALL_DOMINANCE, 14, "call_dominance", "of its side")     /* CALL_WALL_NET / all net above 0 */  \
    X(GEX_MEASURE_PUT_DOMINANCE, 15, "put_dominance", "of its side")       /* PUT_WALL_NET / all net below 0 */   \
    X(GEX_MEASURE_PIN_RATIO, 16, "pin_ratio", "0 to 1")    /* spot to the nearest strike / half the spacing */    \
    X(GEX_MEASURE_GTBR, 17, "gtbr", "of spot")             /* sqrt(-2 theta / (365 gamma S^2)) */

#define GEX_MEASURE_ENUM(name, value, text, label) name = value,
enum { GEX_MEASURE_LIST(GEX_MEASURE_ENUM) GEX_MEASURE_LAST_ = 17 };

/** Name of a measure, and what it is in. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_measure_name(int32_t measure);
GEX_API const char *gex_measure_label(int32_t measure);
/** Measure of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_measure_find(const char *name);

/** What some measures need beside the exposure. Fill with gex_measure_options_init(). */
typedef struct gex_measure_options {
    uint32_t struct_size;
    int32_t  top;                /**< strikes of TOP_SHARE, >= 1; 5 by default */
    double   shares_outstanding; /**< > 0, for NET_GAMMA; 0: not given */
    double   adv;                /**< shares a day, > 0, for GAMMA_IMBALANCE; 0: not given */
} gex_measure_options;
GEX_API void gex_measure_options_init(gex_measure_options *options, uint32_t struct_size);

/**
 * One measure of an exposure.
 *
 * PIN_RATIO is of strikes with used rows: 0 on one, 1 midway between two; NaN where spot is not between two. GTBR is
 * that of the whole book: theta and gamma are summed over its positions, so carry is in it; NaN where theta is no cost
 * of gamma. A ratio whose denominator is zero is NaN.
 *
 * @param options    NULL for the defaults
 * @param value_out  NaN where the measure does not exist
 * @return GEX_OK also then, GEX_ERR_ARGUMENT (unknown; a number missing; an exposure in a unit that has no factor to
 *         the measure's), _DOMAIN (a number of the options), _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(strikes), TOP_SHARE times top, GTBR O(rows); no allocation.
 */
GEX_API gex_status gex_measure(const gex_exposure *exposure, int32_t measure, const gex_measure_options *options,
                               double *value_out, gex_error *error);

/* Expected moves until an expiry settles, or over a day. K is the strike nearest the expiry's forward, s the volatility
 * there on CAL_365 (calls and puts averaged), T calendar years left. */
#define GEX_MOVE_LIST(X)                                                                                 \
    X(GEX_MOVE_STRADDLE, 1, "straddle")              /* middle of the call's quote plus that of the put's */ \
    X(GEX_MOVE_STRADDLE_85, 2, "straddle_85")        /* 0.85 of it */                                    \
    X(GEX_MOVE_MODEL_STRADDLE, 3, "model_straddle")  /* call plus put, priced by the market's vols */    \
    X(GEX_MOVE_SIGMA, 4, "sigma")                    /* S s sqrt(T) */                                   \
    X(GEX_MOVE_MAD, 5, "mad")                        /* S s sqrt(T) sqrt(2 / pi): a mean absolute move */ \
    X(GEX_MOVE_1D_252, 6, "1d_252")                  /* S s / sqrt(252) */                               \
    X(GEX_MOVE_1D_365, 7, "1d_365")                  /* S s / sqrt(365) */

#define GEX_MOVE_ENUM(name, value, text) name = value,
enum { GEX_MOVE_LIST(GEX_MOVE_ENUM) GEX_MOVE_LAST_ = 7 };

/** Name of a form. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_move_name(int32_t move);
/** Form of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_move_find(const char *name);

/**
 * Expected move of an expiry by one form, price units.
 *
 * @param greeks     of the market: model_straddle reads its prices
 * @param expiry     index into gex_chain_expiries()
 * @param move       GEX_MOVE_*
 * @param value_out  NaN where it does not exist: settled, no used row, no two-sided quotes on both sides of the strike
 * @return GEX_OK also then, GEX_ERR_ARGUMENT (no such expiry or form)
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation. Source: docs/conventions.md.
 */
GEX_API gex_status gex_expected_move(const gex_greeks *greeks, int64_t expiry, int32_t move, double *value_out,
                                     gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
