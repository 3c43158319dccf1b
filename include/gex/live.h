/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file live.h Stage 8: exposures kept warm. Ticks go in, a refresh brings every sum up to date, nothing is allocated.
 *
 * A live is made from a market and a book, copies what ticks may change, and belongs to one thread at a time. Setters
 * store and return; gex_live_refresh() does the work that what was set asks for, and accessors show the last refresh.
 *
 *     spot         forwards move with it: each expiry keeps its rate and carry. Volatilities stay.
 *     quote        sets volatilities by the market's rule, at spot, instant and forwards of the next refresh
 *     volatility   of one row
 *     position     of one row, set or added to
 *     instant      years, discounts, forwards; what settled before it becomes GEX_ROW_EXPIRED
 *
 * What it shows is to the bit what a rebuild shows: gex_exposure_compute() on gex_greeks_compute() of the market and on
 * the book that gex_live_freeze() gives, which are ordinary objects made by gex_market_create() and from the positions.
 * That market is of GEX_VOL_GIVEN with the volatilities of gex_live_vol(), and of GEX_FORWARD_GIVEN with the forwards
 * and discounts of the live; of GEX_FORWARD_RATE where the market was, at one rate and without dividends.
 */
#ifndef GEX_LIVE_H
#define GEX_LIVE_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_live gex_live; /**< one thread at a time; keeps the chain it was made from alive */

enum { GEX_LIVE_UNITS_MAX = 16 };

/** What the caller wants to see. Fill with gex_live_options_init(), then set units: none is refused. */
typedef struct gex_live_options {
    uint32_t struct_size;
    int32_t  without_strikes;   /**< not zero: no sums by strike, which are half of the sums of a spot tick */
    int64_t  unit_count;        /**< 1 to GEX_LIVE_UNITS_MAX; up to 8 cost as one */
    gex_i32  units;             /**< GEX_UNIT_*, each once; read during the call */
    double   adv;               /**< as in gex_exposure_options, for all units */
    double   future_price;
    double   future_multiplier;
    double   beta;
} gex_live_options;
GEX_API void gex_live_options_init(gex_live_options *options, uint32_t struct_size);

/**
 * Copy and sum: the first refresh is done.
 *
 * Volatilities start as those of the market, quoted on its vol_clock; a row without one is GEX_ROW_NO_VOL from here on,
 * whatever the reason was.
 *
 * @param context  memory, and the instruction set of this call and of all refreshes;
 *                 its executor does this first refresh
 * @param market   copied; any rule of volatilities and forwards. Its dynamics are those of the frozen market
 * @param book     positions to start from, on the same chain
 * @param out      freed with gex_live_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (no unit, one twice, chains differ),
 *         _DOMAIN, _UNSUPPORTED (over 2^30 rows), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared in market and book. Cost: O(rows), one allocation.
 */
GEX_API gex_status gex_live_create(const gex_context *context, const gex_market *market, const gex_book *book,
                                   const gex_live_options *options, gex_live **out, gex_error *error);
GEX_API void gex_live_free(gex_live *live); /**< NULL is a no-op */

/*
 * Ticks. A number that would be refused in a chain or book is stored like any other and refuses its row; a row that
 * does not exist is GEX_ERR_ARGUMENT. O(1), no allocation, thread class: exclusive. Since 0.1.
 */
/** @param spot  finite, > 0, else GEX_ERR_DOMAIN */
GEX_API gex_status gex_live_set_spot(gex_live *live, double spot, gex_error *error);
/** @param as_of  instant; before that of the market GEX_ERR_DOMAIN: what had settled does not come back */
GEX_API gex_status gex_live_set_as_of(gex_live *live, int64_t as_of, gex_error *error);
/**
 * Bid and ask of a row, prices; NaN: none. Under GEX_VOL_GIVEN they are kept and change nothing else; under _IMPLIED
 * they imply the row's volatility; under _OTM that of its strike is found anew, from the volatilities given for its
 * rows and their quotes, rows of one series in the order they had when the live was made.
 */
GEX_API gex_status gex_live_set_quote(gex_live *live, int64_t row, double bid, double ask, gex_error *error);
/** Volatility of a row, on the market's vol_clock, as in a chain.
 * Under GEX_VOL_OTM that of its strike is found anew. */
GEX_API gex_status gex_live_set_vol(gex_live *live, int64_t row, double vol, gex_error *error);
/** Signed contracts of a row, dealer long > 0; NaN: not known, the row is refused. */
GEX_API gex_status gex_live_set_position(gex_live *live, int64_t row, double contracts, gex_error *error);
/** The same, added to what there is. @param contracts  finite, else GEX_ERR_DOMAIN */
GEX_API gex_status gex_live_trade(gex_live *live, int64_t row, double contracts, gex_error *error);
/** Many ticks at once. Fill with gex_live_columns_init(), then set what there is. */
typedef struct gex_live_columns {
    uint32_t struct_size;
    int32_t  reserved; /**< 0 */
    int64_t  count;    /**< ticks */
    gex_i64  row;      /**< of each tick, any order, as often as it comes; absent: tick i is of row i */
    gex_f64  bid, ask; /**< both or neither */
    gex_f64  vol;
    gex_f64  position;
    gex_f64  trade;    /**< added to the position */
} gex_live_columns;
GEX_API void gex_live_columns_init(gex_live_columns *columns, uint32_t struct_size);
/**
 * What gex_live_set_quote(), _set_vol(), _set_position() and gex_live_trade() would do, in this order for the columns
 * that are there, tick after tick. Either all are stored or none.
 *
 * @param columns  read during the call; stride 0 is one value for all ticks
 * @param error    filled on failure, row = the tick that failed
 * @return GEX_OK, GEX_ERR_ARGUMENT (no column to set, a bid without an ask, a row that does not exist), _DOMAIN (a
 *         trade that is not finite), _VERSION. O(ticks)
 */
GEX_API gex_status gex_live_set_columns(gex_live *live, const gex_live_columns *columns, gex_error *error);
/**
 * Rates, carries and forwards of another market of the same contracts: parity fitted anew, by whoever has the time.
 * Spot, instant and volatilities stay the live's.
 * @return GEX_OK, GEX_ERR_ARGUMENT (expiries differ),
 *         _DOMAIN (a market of a later instant than the live's). O(expiries)
 */
GEX_API gex_status gex_live_reforward(gex_live *live, const gex_market *market, gex_error *error);

/**
 * Bring every number up to date with what was set.
 *
 * After quotes, volatilities and positions: those rows are valued, and their strikes, expiries and totals are changed
 * by the difference: O(rows set), once in a great while O(rows of an expiry); where strikes have less than 16 rows on
 * average they are summed anew. After spot, instant or forwards: O(rows).
 * Sums are correctly rounded, so the way does not show.
 *
 * @param context  executor; NULL: the calling thread. Its allocator is not used
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (a forward that says a carry beyond 10 a year), _CALLBACK. After a failure
 *         the numbers are those of no one state until a refresh succeeds
 * Since 0.1. Thread class: exclusive. No allocation.
 */
GEX_API gex_status gex_live_refresh(const gex_context *context, gex_live *live, gex_error *error);

/**
 * Refresh, and give the state as ordinary, immutable objects.
 *
 * @param market_out  freed with gex_market_free(); its chain has the quotes and volatilities of the live
 * @param book_out    freed with gex_book_free(); on the same chain.
 *                    Its source is that of the book, with " + live" where a position was set
 * @return GEX_OK, GEX_ERR_ARGUMENT, _MEMORY, and as gex_live_refresh(). Since 0.1. Thread class: exclusive.
 * Cost: O(rows log rows), four allocations; those of gex_market_create() more where dynamics ask for a smile
 */
GEX_API gex_status gex_live_freeze(const gex_context *context, gex_live *live, gex_market **market_out,
                                   gex_book **book_out, gex_error *error);

/* What the last refresh showed; volatilities given and positions as they were set. Arrays are lent until the live is
 * freed, and change with it. NULL live: 0, NaN or NULL. O(1), thread class: exclusive. Since 0.1. */
GEX_API const gex_chain *gex_live_chain(const gex_live *live); /**< as given: keys of rows and groups, first quotes */
GEX_API double           gex_live_spot(const gex_live *live);
GEX_API int64_t          gex_live_as_of(const gex_live *live);
/** Per row, on the market's vol_clock; 0 or NaN: none. */
GEX_API const double    *gex_live_vol(const gex_live *live);
GEX_API const double    *gex_live_positions(const gex_live *live);
GEX_API const uint8_t   *gex_live_status(const gex_live *live); /**< GEX_ROW_* per row, as gex_exposure_status() */
GEX_API double           gex_live_forward(const gex_live *live, int64_t expiry);  /**< NaN: settled, or no such one */
GEX_API double           gex_live_discount(const gex_live *live, int64_t expiry); /**< likewise */

/* Exposures in one of the units wanted; of another one NaN, NULL or 0.
 * As the functions of gex_exposure of these names. */
/** First row and stride in bytes, in *rows_out; data NULL for another unit. @return GEX_OK, GEX_ERR_ARGUMENT */
GEX_API gex_status    gex_live_rows(const gex_live *live, int32_t unit, gex_f64 *rows_out);
GEX_API double        gex_live_total(const gex_live *live, int32_t unit);
GEX_API double        gex_live_gross(const gex_live *live, int32_t unit);
GEX_API const double *gex_live_by(const gex_live *live, int32_t unit, int32_t by, int32_t sum, int64_t *count_out);
GEX_API int64_t       gex_live_count_diverging(const gex_live *live, int32_t unit);
/* ... and what is the same for all units. */
GEX_API const int64_t *gex_live_count_by(const gex_live *live, int32_t by, int64_t *count_out);
GEX_API int64_t        gex_live_count_used(const gex_live *live);
GEX_API int64_t        gex_live_count_zero_position(const gex_live *live);
GEX_API int64_t        gex_live_count_refused(const gex_live *live, int32_t row_status);

#ifdef __cplusplus
}
#endif
#endif
