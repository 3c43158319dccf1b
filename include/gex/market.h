/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file market.h Stage 2: the state of the market. Years and forward per expiry, volatility per contract.
 *
 * A market is a chain seen at one instant and one spot. It knows nothing of who holds what.
 */
#ifndef GEX_MARKET_H
#define GEX_MARKET_H

#include <gex/calendar.h>
#include <gex/chain.h>
#include <gex/surface.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_market gex_market; /**< immutable; any thread may read it; keeps its chain alive */

#define GEX_VOL_LIST(X)                                                                     \
    X(GEX_VOL_GIVEN, 1, "given")     /* the chain's own; none where it is not above zero */ \
    X(GEX_VOL_IMPLIED, 2, "implied") /* from the middle of bid and ask */                    \
    X(GEX_VOL_OTM, 3, "otm")         /* one of the strike, from its side out of the money, for both sides */
/* Where the volatility of one row comes from; "other" is the other side of its strike. */
#define GEX_VOL_SOURCE_LIST(X)                        \
    X(GEX_SOURCE_GIVEN, 1, "given")                   \
    X(GEX_SOURCE_IMPLIED, 2, "implied")               \
    X(GEX_SOURCE_OTHER_GIVEN, 3, "other_given")       \
    X(GEX_SOURCE_OTHER_IMPLIED, 4, "other_implied")
#define GEX_FORWARD_LIST(X)                                                                       \
    X(GEX_FORWARD_RATE, 1, "rate")       /* S exp((rate - carry_yield) T), same for all expiries */ \
    X(GEX_FORWARD_IMPLIED, 2, "implied") /* put-call parity per expiry, else as `rate` */          \
    X(GEX_FORWARD_GIVEN, 3, "given")     /* the caller's, per expiry */                           \
    X(GEX_FORWARD_QUOTED, 4, "quoted")   /* the caller's, per row: the median of an expiry, else by rate */
/* Where a forward may come from without being a choice: under GEX_FORWARD_IMPLIED with GEX_FALLBACK_NEIGHBOURS. */
#define GEX_FORWARD_FROM_LIST(X)                                                             \
    X(GEX_FROM_INTERPOLATED, 5, "interpolated") /* between two expiries that parity gives */ \
    X(GEX_FROM_EXTRAPOLATED, 6, "extrapolated") /* rate and carry of the nearest such one */
/* What put-call parity came to in an expiry. */
#define GEX_PARITY_LIST(X)                                                                                      \
    X(GEX_PARITY_USED, 0, "used")                                                                               \
    X(GEX_PARITY_NOT_ASKED, 1, "not_asked")     /* another rule, settled, or settling now */                    \
    X(GEX_PARITY_FEW_PAIRS, 2, "few_pairs")     /* under four calls and puts with a bid and an ask each */      \
    X(GEX_PARITY_NO_FIT, 3, "no_fit")           /* no line through them */                                      \
    X(GEX_PARITY_IMPRECISE, 4, "imprecise")     /* a standard error too large to be a forward */                \
    X(GEX_PARITY_IMPLAUSIBLE, 5, "implausible") /* not between its strikes, or no forward of this spot */           \
    X(GEX_PARITY_BOUND, 6, "bound")             /* used, with early exercise of American options still in it */
#define GEX_STYLE_LIST(X)                                                                     \
    X(GEX_STYLE_AUTO, 1, "auto")         /* by contract */                                    \
    X(GEX_STYLE_EUROPEAN, 2, "european") /* every row */                                      \
    X(GEX_STYLE_AMERICAN, 3, "american") /* every row */
/* What a volatility does when spot moves: docs/dynamics.md.
 * f is the smile of the contract's expiry over k = ln(K / F). */
#define GEX_DYNAMICS_LIST(X)                                                                            \
    X(GEX_DYNAMICS_STICKY_STRIKE, 1, "STICKY_STRIKE")       /* a contract keeps its vol: R = 1 */       \
    X(GEX_DYNAMICS_STICKY_MONEYNESS, 2, "STICKY_MONEYNESS") /* a moneyness keeps its vol: R = 0 */      \
    X(GEX_DYNAMICS_LOCAL_VOL, 3, "LOCAL_VOL")               /* R = 2 */                                 \
    X(GEX_DYNAMICS_STICKINESS, 4, "STICKINESS")             /* vol + f(k + (R - 1) ln(P / S)) - f(k) */ \
    X(GEX_DYNAMICS_BETA, 5, "BETA")                         /* vol (1 + b (P / S - 1)) */               \
    X(GEX_DYNAMICS_FITTED, 6, "FITTED")                     /* as STICKINESS, R fitted to two snapshots */

#define GEX_MARKET_ENUM(name, value, text) name = value,
enum { GEX_VOL_LIST(GEX_MARKET_ENUM) GEX_VOL_LAST_ = 3 };
enum { GEX_VOL_SOURCE_LIST(GEX_MARKET_ENUM) GEX_VOL_SOURCE_LAST_ = 4 };
enum { GEX_FORWARD_LIST(GEX_MARKET_ENUM) GEX_FORWARD_LAST_ = 4 };
enum { GEX_FORWARD_FROM_LIST(GEX_MARKET_ENUM) GEX_FORWARD_FROM_LAST_ = 6 };
enum { GEX_PARITY_LIST(GEX_MARKET_ENUM) GEX_PARITY_LAST_ = 6 };
/* Of an expiry that parity gives no forward: by rate and carry_yield, or from those it gives one. */
enum { GEX_FALLBACK_RATE = 0, GEX_FALLBACK_NEIGHBOURS = 1 };
enum { GEX_STYLE_LIST(GEX_MARKET_ENUM) GEX_STYLE_LAST_ = 3 };
enum { GEX_DYNAMICS_LIST(GEX_MARKET_ENUM) GEX_DYNAMICS_LAST_ = 6 };

/** What the caller chooses. Every choice has to be made: zero is refused for each of the five conventions. */
typedef struct gex_market_options {
    uint32_t struct_size;
    int32_t  clock;       /**< GEX_CLOCK_*: of years and volatilities; rates, carry and discounts stay on CAL_365 */
    int64_t  as_of;       /**< instant */
    double   spot;        /**< price of the underlying, > 0 */
    int32_t  vol;         /**< GEX_VOL_* */
    int32_t  forward;     /**< GEX_FORWARD_* */
    int32_t  style;       /**< GEX_STYLE_* */
    int32_t  dynamics;    /**< GEX_DYNAMICS_*: what a volatility does when spot moves */
    double   rate;        /**< continuous, a year, |rate| <= 10; used where nothing better is known */
    double   carry_yield; /**< continuous, a year, |carry_yield| <= 10 */
    gex_f64  forwards;    /**< GEX_FORWARD_GIVEN: price per element of gex_chain_expiries(); read during the call */
    gex_f64  discounts;   /**< GEX_FORWARD_GIVEN: factor per expiry; absent: exp(-rate T) */
    const gex_calendar *calendar; /**< days, weights and events of business clocks; kept. NULL: the US exchanges */
    int32_t  vol_clock;   /**< GEX_CLOCK_* that the chain's volatilities are quoted on; 0: CAL_365, as vendors quote */
    int32_t  reserved;    /**< zero */
    double   vol_low;     /**< a given volatility at or below this was not published: a filler; >= 0 */
    double   vol_high;    /**< ... and one at or above this; 0: no limit. Such rows are flagged GEX_FLAG_VOL_CAPPED */
    gex_f64  rate_years;     /**< a curve of rates in place of `rate`: years on CAL_365, ascending, >= 0 */
    gex_f64  rates;          /**< continuous, a year; on lines between the years, level before and after them */
    int64_t  rate_count;     /**< 0: no curve */
    gex_i64  dividend_at;    /**< ex-dates: instants the underlying goes without a dividend, in any order */
    gex_f64  dividend_cash;  /**< price units, >= 0; absent: 0; one at or before as_of counts no more */
    int64_t  dividend_count;
    gex_f64  row_forwards;   /**< GEX_FORWARD_QUOTED: price per row of the chain; not finite above 0: says nothing */
    int32_t  fixed_discount; /**< not zero: parity takes every discount from the rates and looks for forwards alone */
    int32_t  fallback;       /**< GEX_FALLBACK_* */
    double   dynamics_parameter; /**< R of STICKINESS and FITTED, -1 to 3; b of BETA, |b| <= 1000; else 0 */
    gex_f64  dividend_share; /**< of the price before it, in [0, 1), beside the cash, one of which may be absent: 0 */
    const gex_surface *surface; /**< f of the dynamics, of any form; kept. NULL: the smile of the rows' own vols */
    int32_t  surface_clock;  /**< GEX_CLOCK_* that the surface's years are counted on; 0: `clock` */
    int32_t  reserved_2;     /**< zero */
} gex_market_options;
/** struct_size and zeros: nothing is chosen for the caller. Thread class: pure. Since 0.1. */
GEX_API void gex_market_options_init(gex_market_options *options, uint32_t struct_size);

/**
 * See a chain at an instant and a spot.
 *
 * Under GEX_VOL_GIVEN a volatility that is NaN or infinite refuses its row as NOT_FINITE, one that is not above zero as
 * NO_VOL, and quotes are not looked at. Under GEX_VOL_IMPLIED a row without 0 < bid <= ask is NO_PRICE. An expiry that
 * settles at as_of exactly is alive, with no time left: its forward is the spot.
 *
 * Under GEX_VOL_OTM the rows of one settlement, strike and root share a volatility: that of the side out of the money
 * (puts below the forward, calls at and above it), given, else implied; else that of the other side, flagged
 * GEX_FLAG_VOL_IN_THE_MONEY. Whatever GEX_VOL_GIVEN uses, it uses; NaN or infinite refuses a row as there.
 *
 * Dividends are known payments of the underlying, escrowed: forwards are (S - P) / alpha e^((rate - carry) T) with P
 * and alpha as in gex_american_columns, and American rows with an ex-date before expiry are valued on that schedule
 * wherever they are, exercise just before an ex-date included, as GEX_DIVIDENDS_ESCROWED.
 * European rows know the forward alone.
 *
 * A volatility carries its clock: the chain's are restated, vol sqrt(T_vol_clock / T_clock), implied ones are born on
 * the market's. Total deviation, and with it gamma, delta and vanna times vol, are the same on every clock. An expiry
 * ahead to which a clock leaves no time stands on CAL_365: gex_market_expiry_clock().
 *
 * With a surface the dynamics read f from it, at the years each expiry has left on surface_clock and k = ln(K / F) of
 * the market's own forward; between, before and after the surface's expiries by its own rules. A contract keeps what
 * its volatility is off the surface: where nothing moves, nothing changes to the bit. The surface is followed by a
 * cubic from 1 in k below the lowest used strike of the expiry to 1 above the highest, within 1e-8 of volatility (on
 * CAL_365); beyond, total variance goes on straight. It is read once, here.
 *
 * @return GEX_OK also when rows are refused, GEX_ERR_ARGUMENT (a choice left at zero or unknown, forwards missing),
 *         _DOMAIN (spot, rates, limits of vol, dynamics_parameter; a forward or discount, a surface without a
 *         volatility somewhere in that range: error row = expiry;
 *         the curve of rates, a dividend: error row = element), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows), one allocation, two with GEX_FORWARD_IMPLIED or _QUOTED,
 * four more and O(rows log rows) for the smile of a dynamics with R other than 1. With a surface three in their place,
 * one more each time nodes double beyond 4096, and some hundred points of it an expiry: two milliseconds for a mixture.
 * Source: docs/market.md.
 */
GEX_API gex_status gex_market_create(const gex_context *context, const gex_chain *chain,
                                     const gex_market_options *options, gex_market **out, gex_error *error);
GEX_API void gex_market_free(gex_market *market); /**< NULL is a no-op; objects made from the market stay valid */

/* What was chosen, and what the market holds. Arrays are lent until the market is freed. Since 0.1. */
GEX_API const gex_chain *gex_market_chain(const gex_market *market);
GEX_API int64_t          gex_market_as_of(const gex_market *market);
GEX_API double           gex_market_spot(const gex_market *market);
GEX_API int32_t          gex_market_clock(const gex_market *market);
GEX_API const gex_calendar *gex_market_calendar(const gex_market *market);  /**< as given; NULL: the US exchanges */
/** As given, also of a market moved; NULL of one loaded, which has the smile that was read from it. */
GEX_API const gex_surface *gex_market_surface(const gex_market *market);
GEX_API int32_t          gex_market_vol_clock(const gex_market *market);    /**< GEX_CLOCK_*, CAL_365 for 0 */
GEX_API int32_t          gex_market_vol_rule(const gex_market *market);     /**< GEX_VOL_* */
GEX_API int32_t          gex_market_forward_rule(const gex_market *market); /**< GEX_FORWARD_* */
GEX_API int32_t          gex_market_style(const gex_market *market);
GEX_API int32_t          gex_market_dynamics(const gex_market *market);
/** R, or b of GEX_DYNAMICS_BETA: 1 for STICKY_STRIKE, 0 for STICKY_MONEYNESS, 2 for LOCAL_VOL. */
GEX_API double           gex_market_dynamics_parameter(const gex_market *market);
/** As given; where a curve was given in its place, gex_market_expiry_rate() has its rates. */
GEX_API double           gex_market_rate(const gex_market *market);
GEX_API double           gex_market_carry_yield(const gex_market *market);  /**< as given */
GEX_API int32_t          gex_market_fixed_discount(const gex_market *market); /**< 0 or 1 */
GEX_API int32_t          gex_market_fallback(const gex_market *market);     /**< GEX_FALLBACK_* */
/* Dividends as given, by ex-date, those gone included. */
GEX_API int64_t          gex_market_dividend_count(const gex_market *market);
GEX_API const int64_t   *gex_market_dividend_at(const gex_market *market);    /**< instants, ascending */
GEX_API const double    *gex_market_dividend_cash(const gex_market *market);  /**< price units */
GEX_API const double    *gex_market_dividend_share(const gex_market *market); /**< of the price before it */
GEX_API double           gex_market_vol_low(const gex_market *market);      /**< as given */
GEX_API double           gex_market_vol_high(const gex_market *market);     /**< as given; 0: no limit */

/* Per row of the chain. */
GEX_API const uint8_t  *gex_market_status(const gex_market *market); /**< GEX_ROW_*, the chain's statuses included */
GEX_API const uint32_t *gex_market_flags(const gex_market *market);  /**< the chain's, and _AMERICAN_AS_EUROPEAN */
GEX_API const double   *gex_market_vol(const gex_market *market);    /**< on the expiry's clock; NaN where refused */
/** The same deviation as a volatility on CAL_365: with gex_market_calendar_years() what one-clock formulas take. */
GEX_API const double   *gex_market_calendar_vol(const gex_market *market);
/** GEX_EXERCISE_* each row is valued by: the contract's, or what the style says. */
GEX_API const int8_t   *gex_market_exercise(const gex_market *market);
/** GEX_SOURCE_* per row, 0 where refused. */
GEX_API const uint8_t  *gex_market_vol_source(const gex_market *market);

/* Per expiry, in the order of gex_chain_expiries(). Years are 0 and forward, discount NaN for a settled expiry. */
GEX_API int64_t       gex_market_expiry_count(const gex_market *market);
GEX_API const double *gex_market_years(const gex_market *market);    /**< to settlement, on the expiry's clock */
GEX_API const double *gex_market_calendar_years(const gex_market *market); /**< to settlement, on CAL_365 */
/** GEX_CLOCK_* of an expiry's years and vols: the market's, or CAL_365 where that has no time left; 0: settled. */
GEX_API const uint8_t *gex_market_expiry_clock(const gex_market *market);
/** Years of the expiry's clock that pass per calendar year now: gex_calendar_pace(), on a clock without a slope
 *  years / calendar years. 1 with no time left, NaN for a settled expiry. */
GEX_API const double *gex_market_pace(const gex_market *market);
GEX_API const double *gex_market_forward(const gex_market *market);  /**< price */
GEX_API const double *gex_market_discount(const gex_market *market); /**< factor */
/** -ln(discount) / T with T on CAL_365, or as given at T = 0. */
GEX_API const double *gex_market_expiry_rate(const gex_market *market);
GEX_API const double *gex_market_expiry_carry(const gex_market *market); /**< rate - ln(F / S) / T, or as given */
/** GEX_FORWARD_* or GEX_FROM_* that gave this expiry's forward; 0 for a settled one. */
GEX_API const uint8_t *gex_market_forward_source(const gex_market *market);
/** Standard error of the parity forward, price, from how its strikes scatter; NaN where it is not one. */
GEX_API const double  *gex_market_forward_error(const gex_market *market);
/** What the spreads leave open of it, price: the standard error if all middles were off by the same part of their
 *  spread, which no number of strikes averages out. NaN where it is not one. The two errors add as squares. */
GEX_API const double  *gex_market_forward_quote_error(const gex_market *market);
/** Call-put pairs the parity forward rests on; 0 where it is not one. */
GEX_API const int32_t *gex_market_forward_pairs(const gex_market *market);
/** Those of them that the fit weighs down: residuals beyond 1.345 robust deviations. */
GEX_API const int32_t *gex_market_forward_outliers(const gex_market *market);
GEX_API const uint8_t *gex_market_parity(const gex_market *market); /**< GEX_PARITY_* */
/** Standard error of a discount that parity gave, factor; NaN where it is another's. */
GEX_API const double  *gex_market_discount_error(const gex_market *market);
/** What carries the forward beside rate and cash dividends: rate - ln(F / (S - their present value)) / T, a year:
 *  borrowing and yields. NaN with no time left. Without dividends the carry. */
GEX_API const double  *gex_market_borrow(const gex_market *market);

/** Names of the choices, as in reports. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_vol_name(int32_t vol);
GEX_API const char *gex_vol_source_name(int32_t source);
GEX_API const char *gex_forward_name(int32_t forward);
GEX_API const char *gex_parity_text(int32_t parity);
GEX_API const char *gex_style_name(int32_t style);
GEX_API const char *gex_dynamics_name(int32_t dynamics);
/** The choice of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_vol_find(const char *name);
GEX_API int32_t gex_forward_find(const char *name);
GEX_API int32_t gex_style_find(const char *name);
GEX_API int32_t gex_dynamics_find(const char *name);

enum { GEX_DYNAMICS_TEXT = 64 }; /**< bytes that hold any dynamics as text */
/**
 * A dynamics with its parameter, as in reports: "STICKY_STRIKE", "STICKINESS=1.5", "BETA=-10"; back and forth the same.
 *
 * @param text       GEX_DYNAMICS_TEXT bytes are written, terminated; an unknown dynamics is "unknown"
 * @param parameter_out  0 where the dynamics takes none, as in gex_market_options
 * @return parse: GEX_OK, GEX_ERR_ARGUMENT, _FORMAT (no such name, a parameter missing, in excess or no number),
 *         _DOMAIN (outside its range); format: GEX_OK, GEX_ERR_ARGUMENT
 * Since 0.1. Thread class: pure. No allocation.
 */
GEX_API gex_status gex_dynamics_parse(const char *text, int32_t *dynamics_out, double *parameter_out, gex_error *error);
GEX_API gex_status gex_dynamics_format(int32_t dynamics, double parameter, char *text, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
