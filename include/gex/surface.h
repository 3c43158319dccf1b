/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file surface.h A volatility surface: total variance w = vol^2 T over log-moneyness k = ln(K / F) and years T.
 *
 * Made from quotes at fixed strikes, from raw SVI parameters an expiry, from SSVI over all of them, or from a mixture
 * of lognormals an expiry, which has no butterfly whatever its numbers. Answers total variance, volatility, its
 * derivatives, local volatility and density at any strike and time. What lies between and beyond the expiries, and what
 * the checks mean: docs/surface.md.
 *
 * Expiries are the caller's: expiry i in is expiry i out, in any order of years. One that cannot be used keeps its
 * place with a status and the surface is made of the others.
 */
#ifndef GEX_SURFACE_H
#define GEX_SURFACE_H

#include <gex/column.h>
#include <gex/context.h>
#include <gex/row.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_surface gex_surface; /**< immutable; any thread may read it */

#define GEX_FORM_LIST(X)                                                                       \
    X(GEX_FORM_RAW, 1, "raw")   /* the quotes' own total variances, monotone cubics between them */ \
    X(GEX_FORM_SVI, 2, "svi")   /* w = a + b (rho (k - m) + sqrt((k - m)^2 + s^2)), an expiry each */ \
    X(GEX_FORM_SSVI, 3, "ssvi") /* one rho, eta, gamma for all, an at-the-money variance each */ \
    X(GEX_FORM_MIXTURE, 4, "mixture") /* S_T / F is one of some lognormals, an expiry each */

/* Beyond the lowest and the highest strike of a raw expiry. */
#define GEX_WINGS_LIST(X)                                                                              \
    X(GEX_WINGS_FLAT_VOL, 1, "flat_vol") /* the last volatility; a kink, so a density that may be negative there */ \
    X(GEX_WINGS_LINEAR, 2, "linear")     /* total variance goes on straight, rising outwards by at most Lee's 2 */

/* What became of an expiry. */
#define GEX_SLICE_LIST(X)                                                                              \
    X(GEX_SLICE_USED, 0, "used")                                                                       \
    X(GEX_SLICE_NO_TIME, 1, "no_time")               /* years not a finite number above zero */        \
    X(GEX_SLICE_NO_FORWARD, 2, "no_forward")         /* forward not a finite number above zero */      \
    X(GEX_SLICE_NO_QUOTES, 3, "no_quotes")           /* raw: no usable quote; a fit: too few */        \
    X(GEX_SLICE_BAD_PARAMETERS, 4, "bad_parameters") /* not finite, or total variance would be negative */ \
    X(GEX_SLICE_SAME_YEARS, 5, "same_years")         /* another expiry before it in the columns has the same years */

/* What became of one point of an evaluation: the smallest number that applies. */
#define GEX_POINT_LIST(X)                                                                              \
    X(GEX_POINT_INSIDE, 0, "inside")                                                                   \
    X(GEX_POINT_DOMAIN, 1, "domain")       /* strike, k, years or forward out of the domain: results NaN */ \
    X(GEX_POINT_NO_TIME, 2, "no_time")     /* years 0: total variance 0, everything else NaN */        \
    X(GEX_POINT_ARBITRAGE, 3, "arbitrage") /* density or forward variance below zero here: local volatility NaN */ \
    X(GEX_POINT_BEYOND_STRIKES, 4, "beyond_strikes") /* raw: outside the quoted strikes */             \
    X(GEX_POINT_BEFORE_FIRST, 5, "before_first")     /* before the first expiry: extrapolated */       \
    X(GEX_POINT_AFTER_LAST, 6, "after_last")         /* after the last expiry: extrapolated */

/* What a surface answers. f is the smile vol = f(k) at fixed years, d2 = -k / sqrt(w) - sqrt(w) / 2. */
#define GEX_SURFACE_LIST(X)                                                                            \
    X(GEX_SURFACE_TOTAL_VARIANCE, 1, "total_variance")       /* w = vol^2 T */                         \
    X(GEX_SURFACE_VOL, 2, "vol")                             /* f(k) = sqrt(w / T) */                  \
    X(GEX_SURFACE_DVOL_DSTRIKE, 3, "dvol_dstrike")           /* f' / K: per unit of price */           \
    X(GEX_SURFACE_D2VOL_DSTRIKE2, 4, "d2vol_dstrike2")       /* (f'' - f') / K^2 */                    \
    X(GEX_SURFACE_DVOL_DK, 5, "dvol_dk")                     /* f' */                                  \
    X(GEX_SURFACE_D2VOL_DK2, 6, "d2vol_dk2")                 /* f'' */                                 \
    X(GEX_SURFACE_DVOL_DYEARS, 7, "dvol_dyears")             /* at fixed k, per year */                \
    X(GEX_SURFACE_DVARIANCE_DK, 8, "dvariance_dk")           /* w' */                                  \
    X(GEX_SURFACE_D2VARIANCE_DK2, 9, "d2variance_dk2")       /* w'' */                                 \
    X(GEX_SURFACE_FORWARD_VARIANCE, 10, "forward_variance")  /* dw / dT at fixed k, per year */        \
    X(GEX_SURFACE_BUTTERFLY, 11, "butterfly")                /* g = (1 - k w'/2w)^2 - w'^2 (1/w + 1/4)/4 + w''/2 */ \
    X(GEX_SURFACE_LOCAL_VOL, 12, "local_vol")                /* sqrt(forward variance / g), Dupire */  \
    X(GEX_SURFACE_DENSITY, 13, "density")                    /* of ln(S_T / F) at k: g n(d2) / sqrt(w) */ \
    X(GEX_SURFACE_DENSITY_STRIKE, 14, "density_strike")      /* of S_T at K, per unit of price */      \
    X(GEX_SURFACE_DISTRIBUTION, 15, "distribution")          /* P(S_T < K) = N(-d2) + n(d2) w' / (2 sqrt(w)) */ \
    X(GEX_SURFACE_K, 16, "k")                                /* ln(K / F) */                           \
    X(GEX_SURFACE_FORWARD, 17, "forward")                    /* F of these years */

#define GEX_SURFACE_ENUM(name, value, text) name = value,
enum { GEX_FORM_LIST(GEX_SURFACE_ENUM) GEX_FORM_LAST_ = 4 };
enum { GEX_WINGS_LIST(GEX_SURFACE_ENUM) GEX_WINGS_LAST_ = 2 };
enum { GEX_SLICE_LIST(GEX_SURFACE_ENUM) GEX_SLICE_LAST_ = 5 };
enum { GEX_POINT_LIST(GEX_SURFACE_ENUM) GEX_POINT_LAST_ = 6 };
enum { GEX_SURFACE_LIST(GEX_SURFACE_ENUM) GEX_SURFACE_LAST_ = 17 };

/** Names, as in reports. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_form_name(int32_t form);
GEX_API const char *gex_wings_name(int32_t wings);
GEX_API const char *gex_slice_text(int32_t slice_status);
GEX_API const char *gex_point_text(int32_t point_status);
GEX_API const char *gex_surface_name(int32_t output);
/** The choice of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_wings_find(const char *name);
GEX_API int32_t gex_surface_find(const char *name);

/* ---- making one -------------------------------------------------------------------------------------------------- */

/** Quotes at fixed strikes. Fill with gex_raw_columns_init(); all columns are required, and wings has to be chosen. */
typedef struct gex_raw_columns {
    uint32_t struct_size;
    int32_t  wings;    /**< GEX_WINGS_* */
    int64_t  expiries; /**< elements of years and forward, below 2^31 */
    gex_f64  years;    /**< to settlement, on the clock of the vols */
    gex_f64  forward;  /**< price */
    double   spot;     /**< forward of years 0, price; 0: not known, the first expiry's forward is taken */
    int64_t  rows;
    gex_i32  expiry;   /**< index of the row's expiry; below 0: the row belongs to none */
    gex_f64  strike;   /**< price */
    gex_f64  vol;      /**< 0.20 is 20 % a year */
} gex_raw_columns;
/** Every column absent, nothing chosen. Thread class: pure. Since 0.1. */
GEX_API void gex_raw_columns_init(gex_raw_columns *columns, uint32_t struct_size);

/** Raw SVI parameters an expiry. Fill with gex_svi_columns_init(); all columns are required. */
typedef struct gex_svi_columns {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  expiries; /**< elements of every column, below 2^31 */
    gex_f64  years;
    gex_f64  forward;
    double   spot;     /**< as in gex_raw_columns */
    gex_f64  a;        /**< a + b s sqrt(1 - rho^2) >= 0 */
    gex_f64  b;        /**< >= 0 */
    gex_f64  rho;      /**< |rho| < 1 */
    gex_f64  m;        /**< log-moneyness */
    gex_f64  s;        /**< > 0 */
} gex_svi_columns;
GEX_API void gex_svi_columns_init(gex_svi_columns *columns, uint32_t struct_size);

/**
 * SSVI. w = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)), phi = eta / (theta^gamma (1 + theta)^(1 -
 * gamma)).
 */
typedef struct gex_ssvi_columns {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  expiries;
    gex_f64  years;
    gex_f64  forward;
    double   spot;  /**< as in gex_raw_columns */
    gex_f64  theta; /**< total variance at the money, > 0 */
    double   rho;   /**< |rho| < 1 */
    double   eta;   /**< > 0; eta (1 + |rho|) <= 2 and gamma <= 1/2 leave no butterfly */
    double   gamma; /**< 0 to 1 */
} gex_ssvi_columns;
GEX_API void gex_ssvi_columns_init(gex_ssvi_columns *columns, uint32_t struct_size);

/**
 * Mixtures of lognormals: at an expiry S_T / F is mean exp(deviation Z - deviation^2 / 2) with probability weight. Fill
 * with gex_mixture_columns_init(); all columns are required. An expiry's weights add up to 1, and so do weights times
 * means, within 1e-9 each: what is off goes to all of them alike.
 */
typedef struct gex_mixture_columns {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  expiries;  /**< elements of years and forward, below 2^31 */
    gex_f64  years;
    gex_f64  forward;
    double   spot;      /**< as in gex_raw_columns */
    int64_t  rows;      /**< components of all expiries */
    gex_i32  expiry;    /**< index of the row's expiry; below 0: the row belongs to none */
    gex_f64  weight;    /**< >= 0; 0: the row is not there */
    gex_f64  mean;      /**< > 0, per unit of the forward */
    gex_f64  deviation; /**< vol sqrt(years), 1e-9 to 50 */
} gex_mixture_columns;
GEX_API void gex_mixture_columns_init(gex_mixture_columns *columns, uint32_t struct_size);

/**
 * A surface of the given parameters or quotes.
 *
 * Raw: a row with a bad strike is `bad_strike`, a vol that is NaN or infinite `not_finite`, one not above zero
 * `no_vol`, one of an expiry without years left `expired`, or whose years or forward are no numbers `not_finite`, an
 * index that is no expiry `bad_symbol`; where a strike stands twice in an expiry the first usable row counts and
 * later ones are `unsupported`.
 *
 * Mixture: a row with a weight, mean or deviation that is no number is `not_finite`, one outside their ranges
 * `unsupported`, and either makes its expiry `bad_parameters`, as do sums that are not 1; an index that is no expiry is
 * `bad_symbol`, a row of an expiry without years left `expired`.
 *
 * @param out  freed with gex_surface_free(); NULL on failure
 * @return GEX_OK also when expiries or rows are refused, GEX_ERR_ARGUMENT (a column missing, wings not chosen, an
 *         impossible count), _DOMAIN (no expiry can be used; spot; rho, eta or gamma of SSVI), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(n log n), two allocations for raw, one otherwise. Source: Gatheral
 * (2004), Gatheral and Jacquier (2014), Quantitative Finance 14(1); raw: Fritsch and Butland (1984), SIAM J. Sci.
 * Stat. Comput. 5(2).
 */
GEX_API gex_status gex_surface_create_raw(const gex_context *context, const gex_raw_columns *columns, gex_surface **out,
                                          gex_error *error);
GEX_API gex_status gex_surface_create_svi(const gex_context *context, const gex_svi_columns *columns, gex_surface **out,
                                          gex_error *error);
GEX_API gex_status gex_surface_create_ssvi(const gex_context *context, const gex_ssvi_columns *columns,
                                           gex_surface **out, gex_error *error);
GEX_API gex_status gex_surface_create_mixture(const gex_context *context, const gex_mixture_columns *columns,
                                              gex_surface **out, gex_error *error);
GEX_API void gex_surface_free(gex_surface *surface); /**< NULL is a no-op */

/* What it is made of. Arrays: one element an expiry, as given, lent until the surface is freed. Since 0.1. */
GEX_API int32_t        gex_surface_form(const gex_surface *surface);     /**< GEX_FORM_* */
GEX_API int32_t        gex_surface_wings(const gex_surface *surface);    /**< GEX_WINGS_*; 0 unless raw */
GEX_API int64_t        gex_surface_expiries(const gex_surface *surface);
GEX_API double         gex_surface_spot(const gex_surface *surface);     /**< as given */
GEX_API const uint8_t *gex_surface_status(const gex_surface *surface);   /**< GEX_SLICE_* */
GEX_API const double  *gex_surface_years(const gex_surface *surface);
GEX_API const double  *gex_surface_forward(const gex_surface *surface);
GEX_API const double  *gex_surface_theta(const gex_surface *surface);    /**< w at k = 0; NaN where refused */
/** Raw SVI parameters, five an expiry: a, b, rho, m, s; those of its slices for SSVI; NaN where refused; else NULL. */
GEX_API const double  *gex_surface_parameters(const gex_surface *surface);
/** SSVI's three; NaN for another form. */
GEX_API double         gex_surface_rho(const gex_surface *surface);
GEX_API double         gex_surface_eta(const gex_surface *surface);
GEX_API double         gex_surface_gamma(const gex_surface *surface);
/** Components of a mixture that have a weight, expiry by expiry as given, those of expiries refused too; 0 and NULL for
 *  another form. */
GEX_API int64_t        gex_surface_component_count(const gex_surface *surface);
GEX_API const int32_t *gex_surface_component_expiry(const gex_surface *surface);
GEX_API const double  *gex_surface_component_weight(const gex_surface *surface);
GEX_API const double  *gex_surface_component_mean(const gex_surface *surface);
GEX_API const double  *gex_surface_component_deviation(const gex_surface *surface);
/** Raw and mixture: GEX_ROW_* of every row as given; otherwise NULL and 0 rows. @param rows_out may be NULL. */
GEX_API const uint8_t *gex_surface_quote_status(const gex_surface *surface, int64_t *rows_out);

/* ---- asking it --------------------------------------------------------------------------------------------------- */

/** Where to look. Fill with gex_surface_points_init(); years, and exactly one of strike and k, are required. */
typedef struct gex_surface_points {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  rows;
    gex_f64  strike;  /**< price */
    gex_f64  k;       /**< ln(K / F), at most 700 either way */
    gex_f64  years;   /**< >= 0 */
    gex_f64  forward; /**< price; absent: the surface's own, ln F straight in years between expiries */
} gex_surface_points;
GEX_API void gex_surface_points_init(gex_surface_points *points, uint32_t struct_size);

/**
 * Any of the outputs at every point.
 *
 * @param outputs  output_count of GEX_SURFACE_*, in the order of `values`
 * @param values   output_count pointers to arrays of rows doubles, none NULL, not overlapping inputs or each other
 * @param status   rows of GEX_POINT_*, or NULL
 * @return GEX_OK also when points are bad, GEX_ERR_ARGUMENT, _VERSION, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows log n), no allocation. Source: Dupire (1994), Risk 7(1);
 * Gatheral (2006), The Volatility Surface, chapter 1; the rest in docs/surface.md.
 */
GEX_API gex_status gex_surface_evaluate(const gex_context *context, const gex_surface *surface,
                                        const gex_surface_points *points, const int32_t *outputs, int64_t output_count,
                                        double *const *values, uint8_t *status, gex_error *error);

/* ---- is it free of arbitrage ------------------------------------------------------------------------------------- */

typedef struct gex_surface_report gex_surface_report; /**< what a check found; immutable, any thread may read it */

/* What may be violated. */
enum {
    GEX_ARBITRAGE_BUTTERFLY = 1, /**< g < 0: a density below zero */
    GEX_ARBITRAGE_CALENDAR = 2,  /**< total variance below that of the expiry before, at equal k */
    GEX_ARBITRAGE_WING = 3       /**< total variance rises outwards by more than 2 a unit of k (Lee) */
};

/**
 * Prove that there is no static arbitrage in any expiry nor between neighbours in time. What is not proved to be within
 * the tolerance is counted: a count of zero is a proof, with the rounding of the proof itself in it, for every strike
 * and not for samples of them.
 *
 * Butterfly: SVI and SSVI, g over all k, a ratio of polynomials whose coefficients bound it; raw, the same between
 * strikes, and beyond them a quadratic. A mixture has a density that is a sum of densities. Calendar: SVI and raw, w
 * over all k; SSVI, theta that rises; mixtures, undiscounted prices over the forward at every strike with |k| <= 700.
 * Far out slopes decide, which count as equal within some ulp, or for mixtures the deviation of the widest lognormal.
 * Between expiries nothing can be worse: see docs/surface.md.
 *
 * @param tolerance  what still counts as none: of g, of w relative to the expiry before, of the slope, and for mixtures
 *                   of a price over the forward, where it is 1e-13 at least; 1e-12 is more than rounding. >= 0
 * @param out        freed with gex_surface_report_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (tolerance), _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: SVI about 15 microseconds an expiry, mixtures 250, raw some a strike;
 * more, within a bound, where expiries nearly touch; one allocation. Source: Gatheral and Jacquier (2014); Farouki
 * (2012), The Bernstein polynomial basis, Computer Aided Geometric Design 29(6).
 */
GEX_API gex_status gex_surface_check(const gex_context *context, const gex_surface *surface, double tolerance,
                                     gex_surface_report **out, gex_error *error);
GEX_API void gex_surface_report_free(gex_surface_report *report); /**< NULL is a no-op */

/** Expiries in violation. @param arbitrage GEX_ARBITRAGE_*, 0 for all three added up. Since 0.1. */
GEX_API int64_t       gex_surface_report_count(const gex_surface_report *report, int32_t arbitrage);
/*
 * One element an expiry, as given to the surface; NaN where refused. Lent until the report is freed. Since 0.1.
 * Butterfly: g is nowhere below, and within a millionth of that, or 1e-12, somewhere; 0 for a mixture, whatever it is.
 */
GEX_API const double *gex_surface_report_butterfly(const gex_surface_report *report);
GEX_API const double *gex_surface_report_butterfly_at(const gex_surface_report *report); /**< there; +-inf: a wing */
/**
 * w(k) - w(k of the expiry before) is nowhere below, and near that somewhere; -inf when the slopes cross; NaN for the
 * first. Mixtures: the same of prices over the forward, not below minus the tolerance where there is no violation.
 */
GEX_API const double *gex_surface_report_calendar(const gex_surface_report *report);
GEX_API const double *gex_surface_report_calendar_at(const gex_surface_report *report);  /**< there; or NaN */
GEX_API const double *gex_surface_report_left_slope(const gex_surface_report *report);   /**< -w' at the far left */
GEX_API const double *gex_surface_report_right_slope(const gex_surface_report *report);  /**< w' at the far right */

/* ---- one slice --------------------------------------------------------------------------------------------------- */

/**
 * Jump-wing form of a raw SVI slice, and back: v = w(0) / T; psi, the slope of the vol at the money times sqrt(T); p
 * and c, the slopes of the wings over sqrt(w(0)); vt, the least variance, over T.
 *
 * @param raw   a, b, rho, m, s
 * @param wings v, psi, p, c, vt
 * @param years > 0
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (parameters that are no slice; w(0) = 0; p + c = 0)
 * Since 0.1. Thread class: pure. No allocation. Source: Gatheral and Jacquier (2014), section 3.3.
 */
GEX_API gex_status gex_svi_to_jump_wings(const double *raw, double years, double *wings, gex_error *error);
GEX_API gex_status gex_svi_from_jump_wings(const double *wings, double years, double *raw, gex_error *error);

/**
 * The least g of a raw SVI slice over all k, from below: g is proved to be nowhere less, and is within a millionth of
 * that, or 1e-12, at `at`, +-inf when it is a wing's limit 1/4 - slope^2 / 16. So what is not below zero has no
 * butterfly.
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: pure. No allocation. Cost: about 10 microseconds.
 */
GEX_API gex_status gex_svi_butterfly(const double *raw, double *least_out, double *at_out, gex_error *error);

/**
 * The least w(k) of one raw SVI slice above another over all k, from below, as gex_svi_butterfly(): within a billionth,
 * or a part in 10^13 of what the two differ by. -inf when the wings cross far out.
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: pure. No allocation. Cost: about 4 microseconds.
 */
GEX_API gex_status gex_svi_calendar(const double *earlier, const double *later, double *least_out, double *at_out,
                                    gex_error *error);

/**
 * The slice without butterfly arbitrage that is nearest along one path: v, psi and p stay; c and vt move from the
 * given ones towards p + 2 psi and 4 v p c / (p + c)^2, no farther than g >= 0 needs. Where even that end has
 * arbitrage, which takes wings of more than (p + c) max(p, c) = 2, psi and p shrink first.
 *
 * @param repaired_out  a, b, rho, m, s; may be the array given
 * @param moved_out     0 untouched, up to 1: share of the path; above 1: psi and p are divided by it
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: pure. No allocation. Source: Gatheral and
 * Jacquier (2014), section 5.1.
 */
GEX_API gex_status gex_svi_repair(const double *raw, double *repaired_out, double *moved_out, gex_error *error);

/**
 * What keeps SSVI free of arbitrage at one theta.
 *
 * @param values  phi; theta phi (1 + |rho|), below 4; theta phi^2 (1 + |rho|), at most 4; d(theta phi) / dtheta,
 *                between 0 and; phi (1 + sqrt(1 - rho^2)) / rho^2
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN. Since 0.1. Thread class: pure. No allocation. Source: Gatheral and
 * Jacquier (2014), theorems 4.1 and 4.2.
 */
GEX_API gex_status gex_ssvi_conditions(double theta, double rho, double eta, double gamma, double *values,
                                       gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
