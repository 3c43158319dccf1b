/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file european.h European options, row by row: price, greeks, implied volatility.
 *
 * Generalised Black-Scholes: forward F = S exp((r - q) T), discount D = exp(-r T), total deviation v = vol sqrt(T).
 * Raw derivatives: per year, per 1.00 of vol, per 1.00 of rate; theta, charm, veta and color run forward in calendar
 * time. Domain: S, K finite > 0, T >= 0, vol >= 0, |r|, |q| <= 10, |r T|, |q T| <= 700; T = 0 and vol = 0 give the
 * mathematical limits. For S, K in [1e-6, 1e9], T in [1e-9, 50], vol in [1e-4, 5], |r|, |q| <= 1 every result is a
 * finite number; beyond, one that no double holds is infinite, or NaN as a difference of two such, with GEX_CALC_OK.
 */
#ifndef GEX_EUROPEAN_H
#define GEX_EUROPEAN_H

#include <gex/column.h>
#include <gex/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names as in Python and in reports; the formula is per unit of the underlying, f = +1 call, -1 put. */
#define GEX_GREEK_LIST(X)                                                        \
    X(GEX_GREEK_PRICE, 1, "price")           /* V */                             \
    X(GEX_GREEK_DELTA, 2, "delta")           /* dV/dS */                         \
    X(GEX_GREEK_GAMMA, 3, "gamma")           /* d2V/dS2 */                       \
    X(GEX_GREEK_VEGA, 4, "vega")             /* dV/dvol */                       \
    X(GEX_GREEK_THETA, 5, "theta")           /* dV/dt */                         \
    X(GEX_GREEK_RHO, 6, "rho")               /* dV/dr at fixed S */              \
    X(GEX_GREEK_EPSILON, 7, "epsilon")       /* dV/dq at fixed S */              \
    X(GEX_GREEK_VANNA, 8, "vanna")           /* d2V/dS dvol */                   \
    X(GEX_GREEK_CHARM, 9, "charm")           /* d2V/dS dt */                     \
    X(GEX_GREEK_VOMMA, 10, "vomma")          /* d2V/dvol2 */                     \
    X(GEX_GREEK_VETA, 11, "veta")            /* d2V/dvol dt */                   \
    X(GEX_GREEK_SPEED, 12, "speed")          /* d3V/dS3 */                       \
    X(GEX_GREEK_ZOMMA, 13, "zomma")          /* d3V/dS2 dvol */                  \
    X(GEX_GREEK_COLOR, 14, "color")          /* d3V/dS2 dt */                    \
    X(GEX_GREEK_ULTIMA, 15, "ultima")        /* d3V/dvol3 */                     \
    X(GEX_GREEK_DUAL_DELTA, 16, "dual_delta") /* dV/dK */                        \
    X(GEX_GREEK_DUAL_GAMMA, 17, "dual_gamma") /* d2V/dK2 */                      \
    X(GEX_GREEK_DVANNA_DVOL, 18, "dvanna_dvol") /* d3V/dS dvol2 */               \
    X(GEX_GREEK_DUAL_VANNA, 19, "dual_vanna") /* d2V/dK dvol */

#define GEX_GREEK_ENUM(name, value, text) name = value,
enum { GEX_GREEK_LIST(GEX_GREEK_ENUM) GEX_GREEK_LAST_ = 19 };

/** Name of a greek, of GEX_COIN_* too. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_greek_name(int32_t greek);
/** Greek of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_greek_find(const char *name);

/*
 * Of an option settled in its underlying (GEX_MODEL_INVERSE), with V_c = V / F its value in coin. Its GEX_GREEK_* are
 * those of the dollar value V, Black's.
 */
#define GEX_COIN_LIST(X)                                                                    \
    X(GEX_COIN_PRICE, 101, "coin_price")                       /* V_c */                    \
    X(GEX_COIN_DELTA, 102, "coin_delta")                       /* dV_c/dF */                \
    X(GEX_COIN_GAMMA, 103, "coin_gamma")                       /* d2V_c/dF2 */              \
    X(GEX_COIN_ADJUSTED_DELTA, 104, "premium_adjusted_delta")  /* delta - V_c = F dV_c/dF */

enum { GEX_COIN_LIST(GEX_GREEK_ENUM) GEX_COIN_LAST_ = 104 };

/* What the price of the underlying does until settlement. */
#define GEX_MODEL_LIST(X)                                                                              \
    X(GEX_MODEL_BLACK, 1, "black")         /* lognormal: Black, Scholes and Merton; 0 means this */    \
    X(GEX_MODEL_BACHELIER, 2, "bachelier") /* normal; vol is in price a square root of a year */       \
    X(GEX_MODEL_INVERSE, 3, "inverse")     /* lognormal, settled in the underlying: Black without rates */

#define GEX_MODEL_ENUM(name, value, text) name = value,
enum { GEX_MODEL_LIST(GEX_MODEL_ENUM) GEX_MODEL_LAST_ = 3 };

/* What is held fixed: what the column spot is, and what greeks are derivatives by. */
#define GEX_OPTION_FORM_LIST(X)                                          \
    X(GEX_OPTION_FORM_SPOT, 1, "spot") /* the spot; 0 means this */      \
    X(GEX_OPTION_FORM_FORWARD, 2, "forward") /* the forward to settlement: rho is -T V and epsilon is 0 */

enum { GEX_OPTION_FORM_LIST(GEX_MODEL_ENUM) GEX_OPTION_FORM_LAST_ = 2 };

/** Names of the models and forms. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_model_name(int32_t model);
GEX_API const char *gex_option_form_name(int32_t form);
/** Model or form of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_model_find(const char *name);
GEX_API int32_t gex_option_form_find(const char *name);

/* What became of one row of a batch. */
enum {
    GEX_CALC_OK = 0,
    GEX_CALC_DOMAIN = 1,              /**< an input is NaN, infinite or outside the domain: results NaN */
    GEX_CALC_AT_STRIKE_AT_EXPIRY = 2, /**< F = K with no deviation left: delta is half, diverging greeks are +-inf or
                                           NaN where the sign depends on the side */
    GEX_CALC_BELOW_INTRINSIC = 3,     /**< implied vol: price below what exercise is worth: NaN */
    GEX_CALC_ABOVE_MAX = 4,           /**< implied vol: price at or above the bound of the payoff, or a volatility above
                                           the largest double: NaN */
    GEX_CALC_NO_TIME = 5,             /**< implied vol: no time left and a time value: NaN */
    GEX_CALC_EXERCISED = 6,           /**< American: spot at or beyond the boundary, the value is intrinsic. Implied
                                           vol: the price is intrinsic, which many vols give: NaN */
    GEX_CALC_SLOW_PATH = 7,           /**< American: valued on a grid (dividends, what nodes cannot hold) */
    GEX_CALC_EXERCISE_AT_DIVIDEND = 8 /**< American, on a grid: exercise just before the next ex-date, were spot what it
                                           is now, is worth at least as much as to hold */
};

/** Inputs of gex_european(). Fill with gex_european_columns_init(); spot, strike, years, vol and right are required. */
typedef struct gex_european_columns {
    uint32_t struct_size;
    int32_t  model;       /**< GEX_MODEL_*; 0: black */
    int64_t  rows;
    gex_f64  spot;        /**< or forward, as form says */
    gex_f64  strike;
    gex_f64  years;       /**< to settlement */
    gex_f64  vol;         /**< 0.20 is 20 % a year; bachelier: price units a square root of a year */
    gex_i8   right;       /**< +1 call, -1 put */
    gex_f64  rate;        /**< continuous, a year; absent: 0 */
    gex_f64  carry_yield; /**< continuous, a year; absent: 0; only in the spot form */
    int32_t  form;        /**< GEX_OPTION_FORM_*; 0: spot */
    int32_t  reserved;    /**< zero */
} gex_european_columns;
GEX_API void gex_european_columns_init(gex_european_columns *columns, uint32_t struct_size);

/**
 * Price and greeks of every row.
 *
 * Bachelier: spot and strike of any sign, below 2^900. Inverse: rate and carry_yield are refused; spot and forward form
 * agree.
 *
 * @param context       instruction set and executor; NULL for defaults
 * @param columns       inputs, read during the call
 * @param greeks        greek_count of GEX_GREEK_*, inverse also GEX_COIN_*, in the order of the outputs
 * @param outputs       greek_count pointers to arrays of rows doubles, none NULL, not overlapping inputs or each other
 * @param status        rows of GEX_CALC_*, or NULL
 * @return GEX_OK also when rows are bad, GEX_ERR_ARGUMENT (a column or output missing or of no meaning here, unknown
 *         greek, model or form), _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation. Source: Black and Scholes (1973), Merton (1973),
 * Black (1976), Bachelier (1900); catalogue in Haug (2007), chapter 2.
 */
GEX_API gex_status gex_european(const gex_context *context, const gex_european_columns *columns, const int32_t *greeks,
                                int64_t greek_count, double *const *outputs, uint8_t *status, gex_error *error);

/** Inputs of gex_implied_vol(). All but discount are required. */
typedef struct gex_price_columns {
    uint32_t struct_size;
    int32_t  model;    /**< GEX_MODEL_*; 0: black */
    int64_t  rows;
    gex_f64  price;    /**< discounted, as in the market; inverse: in coin */
    gex_f64  forward;
    gex_f64  strike;
    gex_f64  years;
    gex_i8   right;    /**< +1 call, -1 put */
    gex_f64  discount; /**< factor, > 0; absent: 1; not for inverse */
} gex_price_columns;
GEX_API void gex_price_columns_init(gex_price_columns *columns, uint32_t struct_size);

/**
 * Volatility that gives each price back, to the last bit the price carries: within 2 ulp times max(1, p / (vol vega)),
 * where p is the time value. Bachelier: forward and strike of any sign, below 2^900; the volatility is in price units.
 *
 * @param vol_out     rows doubles, not overlapping inputs; NaN where there is none
 * @param status_out  rows of GEX_CALC_*, or NULL. A price that is the intrinsic value, discounted and rounded to a
 *                    double, gives 0 with GEX_CALC_OK.
 * @return GEX_OK also when rows are bad, GEX_ERR_ARGUMENT, _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation. Source: Jaeckel (2015), Let's be rational.
 */
GEX_API gex_status gex_implied_vol(const gex_context *context, const gex_price_columns *columns, double *vol_out,
                                   uint8_t *status_out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
