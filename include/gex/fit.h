/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file fit.h Fitting surfaces to quotes: the second library, libgex-fit, which stands on GSL. Not part of gex.h.
 *
 * Source: Apache-2.0 as everything here. A binary of libgex-fit is linked with the GNU Scientific Library and is
 * conveyed under the GNU General Public License; libgex itself needs neither. The process-wide error handler of GSL
 * is the host's: it is never replaced, and never reached, since arguments are proved and GSL works in memory of the
 * context alone, so that it has none to run out of.
 *
 * Methods, and figures on real chains: docs/surface.md.
 */
#ifndef GEX_FIT_H
#define GEX_FIT_H

#include <gex/surface.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How far a quote pulls, by its distance r from mid in half-spreads. */
#define GEX_LOSS_LIST(X)                                                                              \
    X(GEX_LOSS_SQUARES, 1, "squares") /* r^2 */                                                       \
    X(GEX_LOSS_BOUNDED, 2, "bounded") /* r^4 / (1 + r^4): near 0 within bid and ask, and never above 1 */ \
    X(GEX_LOSS_HELD, 3, "held")       /* 1 outside bid and ask, 0 within; gex_fit_svi() alone */

/* What to do about arbitrage. */
#define GEX_ENFORCE_LIST(X)                                                                           \
    X(GEX_ENFORCE_NOTHING, 1, "nothing")     /* wings within Lee's bound, the rest as it comes */ \
    X(GEX_ENFORCE_BUTTERFLY, 2, "butterfly") /* no density below zero */                              \
    X(GEX_ENFORCE_ALL, 3, "all")             /* nor a total variance below that of the expiry before */

/* Where the parameters of an expiry come from. */
#define GEX_FITTED_LIST(X)                                                                            \
    X(GEX_FITTED_NONE, 0, "none")                                                                     \
    X(GEX_FITTED_OWN, 1, "own")           /* its own quotes */                                        \
    X(GEX_FITTED_BORROWED, 2, "borrowed") /* below five strikes: the next one's shape, its own level */

#define GEX_FIT_ENUM(name, value, text) name = value,
enum { GEX_LOSS_LIST(GEX_FIT_ENUM) GEX_LOSS_LAST_ = 3 };
enum { GEX_ENFORCE_LIST(GEX_FIT_ENUM) GEX_ENFORCE_LAST_ = 3 };
enum { GEX_FITTED_LIST(GEX_FIT_ENUM) GEX_FITTED_LAST_ = 2 };

/** Names, as in reports. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_loss_name(int32_t loss);
GEX_API const char *gex_enforce_name(int32_t enforce);
GEX_API const char *gex_fitted_name(int32_t fitted);
/** The choice of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_loss_find(const char *name);
GEX_API int32_t gex_enforce_find(const char *name);

/** Version of libgex-fit, "major.minor.patch". @return static storage. Thread class: pure. Since 0.1. */
GEX_API const char *gex_fit_version(void);

/** Two-sided quotes as volatilities. Fill with gex_fit_columns_init(); all but weight, spot and reserved is needed. */
typedef struct gex_fit_columns {
    uint32_t struct_size;
    int32_t  loss;     /**< GEX_LOSS_* */
    int32_t  enforce;  /**< GEX_ENFORCE_*; gex_fit_ssvi() has no arbitrage to begin with and does not ask */
    int32_t  reserved; /**< zero */
    int64_t  expiries; /**< elements of years and forward, below 2^31 */
    gex_f64  years;    /**< to settlement, on the clock of the vols */
    gex_f64  forward;  /**< price */
    double   spot;     /**< as in gex_raw_columns; 0: not known */
    int64_t  rows;
    gex_i32  expiry;   /**< index of the row's expiry; below 0: the row belongs to none */
    gex_f64  strike;   /**< price */
    gex_f64  bid_vol;  /**< 0 < bid_vol <= ask_vol; 0.20 is 20 % a year */
    gex_f64  ask_vol;
    gex_f64  weight;   /**< times 1 / half-spread^2, with GEX_LOSS_HELD times 1, > 0; absent: 1. Half-spreads in vol
                            carry vega already */
} gex_fit_columns;
/** Every column absent, nothing chosen. Thread class: pure. Since 0.1. */
GEX_API void gex_fit_columns_init(gex_fit_columns *columns, uint32_t struct_size);

/**
 * Where the answers go: the caller's arrays of one element an expiry unless it says otherwise; NULL for what is not
 * wanted. NaN and 0 where an expiry has no fit. Errors are in vol points, 1 for 0.01 of volatility, of the surface
 * that is returned.
 */
typedef struct gex_fit_results {
    uint32_t struct_size;
    int32_t  reserved;
    double  *parameters; /**< five an expiry: a, b, rho, m, s */
    double  *theta;      /**< total variance at the money */
    double  *rms;        /**< of vol - mid over the quotes used */
    double  *most;       /**< largest |vol - mid| */
    double  *inside;     /**< share of the quotes used that are repriced within bid and ask */
    double  *raised;     /**< total variance added at every k to leave no arbitrage; 0: none was needed */
    int32_t *quotes;     /**< used */
    uint8_t *slice;      /**< GEX_SLICE_* */
    uint8_t *fitted;     /**< GEX_FITTED_* */
    uint8_t *row_status; /**< rows of GEX_ROW_*, as gex_surface_create_raw(); no_price where one-sided or crossed */
    double  *ssvi;       /**< three values: rho, eta, gamma, from gex_fit_ssvi() alone */
} gex_fit_results;
GEX_API void gex_fit_results_init(gex_fit_results *results, uint32_t struct_size);

/**
 * Raw SVI an expiry, quasi-explicit: for each (m, s) the best a and wing slopes are the solution of a convex
 * quadratic problem with bounds; (m, s) are searched on a grid, and all five polished by Levenberg and Marquardt.
 *
 * GEX_LOSS_HELD holds as many quotes within bid and ask as it finds a slice for: a fit by squares that holds all of an
 * expiry stays as it is; else a wing is given up, and the most held is searched for, the same way every time. What
 * is given up may be far off, so rms and most say little of such a fit.
 *
 * @param context  memory, and the executor expiries are fitted on; NULL for malloc and the calling thread
 * @param columns  read during the call
 * @param results  NULL when only the surface is wanted
 * @param out      a surface of GEX_FORM_SVI, freed with gex_surface_free(); NULL when it is not wanted; NULL on failure
 * @return GEX_OK also when rows or expiries are refused, GEX_ERR_ARGUMENT (loss or enforce not chosen, a column
 *         missing), _DOMAIN (no expiry can be fitted; spot), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: about 0.1 ms an expiry of 60 quotes, some milliseconds one that has to
 * be bent out of arbitrage, and tens of them where quotes are to be held. The same bits for any executor.
 * Source: De Marco and Martini (2009), Quasi-explicit calibration of Gatheral's SVI model, Zeliade white paper;
 * Gatheral and Jacquier (2014).
 */
GEX_API gex_status gex_fit_svi(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
                               gex_surface **out, gex_error *error);

/**
 * SSVI over all expiries: total variance at the money from the quotes near it, never falling in years, then rho, eta
 * and gamma by Levenberg and Marquardt within |rho| < 1, eta (1 + |rho|) <= 2, 0 < gamma <= 1/2: free of arbitrage
 * whatever the quotes.
 *
 * @return as gex_fit_svi(). Since 0.1. Thread class: const-shared. Cost: O(rows), some hundreds of passes.
 * Source: Gatheral and Jacquier (2014), section 4; Marquardt (1963), Journal of the Society for Industrial and Applied
 * Mathematics 11(2).
 */
GEX_API gex_status gex_fit_ssvi(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
                                gex_surface **out, gex_error *error);

/**
 * A mixture of lognormals an expiry: the weights, on a grid of means and deviations, of the least sum over the quotes
 * of what their prices lie outside bid and ask by, in half-spreads, with a light pull to the middle. Few components
 * have a weight. There is no butterfly whatever the weights; with GEX_ENFORCE_ALL prices over the forward are nowhere
 * below those of the expiry before, and what the squares leave of that is taken away by total variance added to every
 * component (`raised`). One quote is enough for an expiry. The loss is not asked for, and parameters stay NaN. A
 * half-spread worth less than 1e-8 of the forward counts as that wide,
 * and a quote of a total variance above 64 is passed over.
 *
 * @return as gex_fit_svi(), with a surface of GEX_FORM_MIXTURE. Since 0.1. Thread class: const-shared, on the calling
 * thread. Cost: about half a millisecond an expiry of 60 quotes, two with GEX_ENFORCE_ALL.
 * Source: Brigo and Mercurio (2002), Lognormal-mixture dynamics and calibration to market volatility smiles,
 * International Journal of Theoretical and Applied Finance 5(4); Lawson and Hanson (1974), Solving Least Squares
 * Problems, chapter 23.
 */
GEX_API gex_status gex_fit_mixture(const gex_context *context, const gex_fit_columns *columns, gex_fit_results *results,
                                   gex_surface **out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
