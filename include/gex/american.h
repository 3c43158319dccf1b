/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file american.h American options, row by row: price, greeks, exercise boundary, implied volatility.
 *
 * The model of <gex/european.h> with the right to exercise at any time. A row that is never exercised early (put with
 * r <= 0 and r <= q; call with q <= 0 and q <= r) has the European value, bit for bit. One boundary is solved by
 * collocation, and so are two (put with q < r < 0, call with r < q < 0); dividends take a grid in log spot.
 */
#ifndef GEX_AMERICAN_H
#define GEX_AMERICAN_H

#include <gex/european.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * How exact. Largest error of the price, in units of the larger of spot and strike, over 100,000 random rows: up to two
 * years with vol 5 % to 80 % and rates and yields -3 % to 12 %; and up to 50 years with vol 0.1 % to 500 %, rates and
 * yields -5 % to 20 %. Rows a preset cannot hold go to the next one. Two boundaries: 1e-6 with each preset; rows that
 * have not got it say so by their status (docs/american.md).
 * The time is for price alone and grows in proportion for greeks that take differences.
 *
 * Where the yield of a put, or the rate of a call, times years is below -10, and vol sqrt(years) above 2.5, prices keep
 * their bounds and no more: at least what exercise pays and the European value, at most the spot (call) or the strike
 * (put), or its discounted value. Greeks there may be NaN.
 */
#define GEX_ACCURACY_LIST(X)                                                            \
    X(GEX_ACCURACY_FAST, 1, "fast")         /* 5 nodes: 3e-5; 1.2e-4 */                  \
    X(GEX_ACCURACY_STANDARD, 2, "standard") /* 7 nodes: 1e-6 (99 %: 1e-7); 4e-6 */       \
    X(GEX_ACCURACY_HIGH, 3, "high")         /* 12 nodes: 5e-8; 4e-6 */

/* What is lognormal under dividends: docs/american.md. */
#define GEX_DIVIDENDS_LIST(X)                                                                                       \
    X(GEX_DIVIDENDS_SPOT, 1, "spot")        /* the stock between ex-dates (Vellekoop and Nieuwenhuis, 2006) */       \
    X(GEX_DIVIDENDS_ESCROWED, 2, "escrowed") /* the stock less what is paid by expiry, as in markets (Hull) */

#define GEX_ACCURACY_ENUM(name, value, text) name = value,
enum { GEX_DIVIDENDS_LIST(GEX_ACCURACY_ENUM) GEX_DIVIDENDS_LAST_ = 2 };
enum { GEX_ACCURACY_LIST(GEX_ACCURACY_ENUM) GEX_ACCURACY_LAST_ = 3 };

/** Name of an accuracy. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_accuracy_name(int32_t accuracy);
/** Accuracy of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_accuracy_find(const char *name);

/** Name of a model of dividends. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_dividends_name(int32_t model);
/** Model of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_dividends_find(const char *name);

/**
 * Inputs of gex_american(). Fill with gex_american_columns_init(); spot, strike, years, vol and right are required.
 *
 * One dividend schedule holds for every row. Under GEX_DIVIDENDS_SPOT spot is lognormal between ex-dates and falls at
 * each by min(cash + fraction * spot, spot), spot being that just before (Vellekoop and Nieuwenhuis, 2006); ex-dates at
 * or before 0 or beyond a row's years do not touch it.
 * An ex-date at a row's expiry comes after the last exercise. Under GEX_DIVIDENDS_ESCROWED
 *
 *     S(t) = alpha(t) s(t) + P(t)    s lognormal with drift rate - carry_yield    alpha = 1, P = 0 at expiry
 *
 * where an ex-date steps alpha' = alpha / (1 - fraction) and P' = (P + cash) / (1 - fraction) backwards in time, and P
 * grows at the rate in between: with cash alone P is its present value. vol is that of s, so that never exercised a row
 * is Black's at the forward (S - P) / alpha e^((rate - carry_yield) years). An ex-date at a row's expiry counts, after
 * the last exercise. Fractions are below 1, and P below the spot: at and beyond it s is next to nothing.
 */
typedef struct gex_american_columns {
    uint32_t struct_size;
    int32_t  accuracy;    /**< GEX_ACCURACY_*; 0 is GEX_ACCURACY_STANDARD. Grids: 1e-4 of strike, escrowed 3e-4 */
    int64_t  rows;
    gex_f64  spot;
    gex_f64  strike;
    gex_f64  years;       /**< to settlement */
    gex_f64  vol;         /**< 0.20 is 20 % a year */
    gex_i8   right;       /**< +1 call, -1 put */
    gex_f64  rate;        /**< continuous, a year; absent: 0 */
    gex_f64  carry_yield; /**< continuous, a year; absent: 0 */

    int64_t       dividend_count;    /**< at most 64 */
    const double *dividend_years;    /**< ex-dates, years from now, ascending */
    const double *dividend_cash;     /**< a share, >= 0; NULL: none */
    const double *dividend_fraction; /**< of spot, in [0, 1]; NULL: none */

    int32_t dividend_model; /**< GEX_DIVIDENDS_*; 0 is GEX_DIVIDENDS_SPOT */
    int32_t reserved;       /**< zero */
} gex_american_columns;
GEX_API void gex_american_columns_init(gex_american_columns *columns, uint32_t struct_size);

/**
 * Price and greeks of every row.
 *
 * In the exercise region the value is intrinsic: delta and dual delta are +-1 and every other greek is 0. On the
 * boundary gamma jumps; the side is that of exercise. A row without time left is European, and its boundary the strike.
 *
 * @param context       instruction set and executor; NULL for defaults
 * @param columns       inputs, read during the call
 * @param greeks        greek_count of GEX_GREEK_*, in the order of the outputs
 * @param outputs       greek_count pointers to arrays of rows doubles, none NULL, not overlapping inputs or each other
 * @param boundary_out  rows doubles, or NULL: the spot where exercise now begins; 0 (put) or infinity (call) where it
 *                      never does. Of two boundaries, the one nearer the strike;
 *                      none once they have met. NaN with the row.
 * @param status        rows of GEX_CALC_*, or NULL
 * @return GEX_OK also when rows are bad, GEX_ERR_ARGUMENT (a column or output missing, unknown greek or accuracy, a
 *         dividend out of order or range), _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation; a greek with a derivative by vol, rate or yield
 * solves the boundary two to four times more. Source: Andersen, Lake and Offengenden (2016), Andersen and Lake (2021).
 */
GEX_API gex_status gex_american(const gex_context *context, const gex_american_columns *columns, const int32_t *greeks,
                                int64_t greek_count, double *const *outputs, double *boundary_out, uint8_t *status,
                                gex_error *error);

/**
 * Volatility that gives each price back through gex_american().
 *
 * @param columns     as for gex_american(); vol is not read and may be absent
 * @param price       rows values
 * @param vol_out     rows doubles, not overlapping inputs; NaN where there is none
 * @param status_out  rows of GEX_CALC_*, or NULL. GEX_CALC_BELOW_INTRINSIC: below what exercise pays, or below the
 *                    value at vol 0. GEX_CALC_EXERCISED: just what exercise pays, which every small vol gives. A price
 *                    of 0 out of the money gives 0 with GEX_CALC_OK.
 * @return GEX_OK also when rows are bad, GEX_ERR_ARGUMENT, _VERSION
 * Since 0.1. Thread class: const-shared. Cost: O(rows), no allocation; some five times that of price and vega.
 */
GEX_API gex_status gex_american_implied_vol(const gex_context *context, const gex_american_columns *columns,
                                            const gex_f64 *price, double *vol_out, uint8_t *status_out,
                                            gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
