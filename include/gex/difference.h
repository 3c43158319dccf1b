/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file difference.h Stage 6: what changed between two snapshots of one underlying, split by cause, nothing left over.
 *
 * A contract's exposure is E = q g, q = N M, g the unit's value of one unit of the contract. With A before and B after
 *
 *     E_B - E_A  =  (q_A + q_B) / 2 (g_B - g_A)  +  (g_A + g_B) / 2 (q_B - q_A)
 *
 * The second term is `position`. g_B - g_A is split into spot, time, volatility at fixed strike and carry: the average
 * over the 24 orders in which the four can be moved one after another (Shapley 1953). A contract without an exposure in
 * one of the snapshots has one cause, which says why. Swapping the snapshots negates every cause; `new` and `gone`,
 * `appeared` and `refused` then change places. docs/difference.md.
 */
#ifndef GEX_DIFFERENCE_H
#define GEX_DIFFERENCE_H

#include <gex/field.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_difference gex_difference; /**< immutable; any thread reads it; keeps its markets and books alive */

/* Columns, in the quantity's unit. change = after - before = the sum of the ten that follow. */
#define GEX_DIFFERENCE_LIST(X)                                                                                    \
    X(GEX_DIFFERENCE_BEFORE, 1, "before")                                                                         \
    X(GEX_DIFFERENCE_AFTER, 2, "after")                                                                           \
    X(GEX_DIFFERENCE_CHANGE, 3, "change")                                                                         \
    X(GEX_DIFFERENCE_SPOT, 4, "spot")         /* volatility of each contract, rate and carry of its expiry kept */ \
    X(GEX_DIFFERENCE_TIME, 5, "time")         /* years left on the calendar and on the clock, its pace */         \
    X(GEX_DIFFERENCE_VOL, 6, "vol")           /* of the contract, on the clock of its expiry: at fixed strike */  \
    X(GEX_DIFFERENCE_CARRY, 7, "carry")       /* rate and carry of the expiry: discount, forward over spot */     \
    X(GEX_DIFFERENCE_POSITION, 8, "position") /* contracts held, and what one of them is for */                   \
    X(GEX_DIFFERENCE_EXPIRED, 9, "expired")   /* settled between the two instants */                              \
    X(GEX_DIFFERENCE_NEW, 10, "new")          /* not a contract of the chain before */                            \
    X(GEX_DIFFERENCE_GONE, 11, "gone")        /* no contract of the chain after, not settled */                   \
    X(GEX_DIFFERENCE_APPEARED, 12, "appeared") /* in both chains, without an exposure before: refused, no position */ \
    X(GEX_DIFFERENCE_REFUSED, 13, "refused")  /* likewise after */

/* What became of a contract: where its change stands. */
#define GEX_LINE_LIST(X)                                                                                          \
    X(GEX_LINE_BOTH, 1, "both")         /* spot to position */                                                    \
    X(GEX_LINE_EXPIRED, 2, "expired")                                                                             \
    X(GEX_LINE_NEW, 3, "new")                                                                                     \
    X(GEX_LINE_GONE, 4, "gone")                                                                                   \
    X(GEX_LINE_APPEARED, 5, "appeared")                                                                           \
    X(GEX_LINE_REFUSED, 6, "refused")                                                                             \
    X(GEX_LINE_UNUSED, 7, "unused")     /* no exposure in either: nothing */

#define GEX_DIFFERENCE_ENUM(name, value, text) name = value,
enum { GEX_DIFFERENCE_LIST(GEX_DIFFERENCE_ENUM) GEX_DIFFERENCE_LAST_ = 13 };
enum { GEX_LINE_LIST(GEX_DIFFERENCE_ENUM) GEX_LINE_LAST_ = 7 };

/** What the caller chooses. Fill with gex_difference_options_init(), then set quantity: zero is refused. */
typedef struct gex_difference_options {
    uint32_t struct_size;
    int32_t  quantity; /**< GEX_UNIT_*; or GEX_FIELD_FLOW: the hedge, -delta N M shares, and what dealers BUY for it */
    double   adv;      /**< as in gex_exposure_options, likewise the next three; the same in both snapshots */
    double   future_price;
    double   future_multiplier;
    double   beta;
} gex_difference_options;
GEX_API void gex_difference_options_init(gex_difference_options *options, uint32_t struct_size);

/**
 * The change of an exposure, or of the dealers' hedge, between two snapshots:
 * per contract, strike, expiry and in total.
 *
 * Contracts are matched by settlement, strike, right and root; equal ones in canonical order, one by one. Where the two
 * markets value a matched contract by another exercise or payoff it is two contracts, one gone and one new. A row has
 * an exposure when gex_exposure_status() says used and its greek does not diverge. An order that passes a state in
 * which the greek diverges (at the strike, no time left) is left out of the average; where all do, the change is the
 * time's. `before` and `after` of the lines are the rows of gex_exposure_compute(), to the bit, and so are their
 * totals. Under GEX_FIELD_FLOW `expired` is the trade that undoes the hedge held before, at the delta it was held for.
 *
 * @param market_after  of any chain, on the same clock; it may lie before `market_before`
 * @param out  freed with gex_difference_free(); NULL on failure
 * @return GEX_OK also when nothing matches, GEX_ERR_ARGUMENT (missing, quantity unknown or what its unit needs missing,
 *         market and book of different chains, clocks that differ), _DOMAIN (a number), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: 16 times the unit's greeks of contracts held in both, O(rows log rows)
 * beside; a fixed number of allocations; the context's executor is used. The same bits for any order of rows and number
 * of threads. Source: docs/difference.md.
 */
GEX_API gex_status gex_difference_compute(const gex_context *context, const gex_market *market_before,
                                          const gex_book *book_before, const gex_market *market_after,
                                          const gex_book *book_after, const gex_difference_options *options,
                                          gex_difference **out, gex_error *error);
GEX_API void gex_difference_free(gex_difference *difference); /**< NULL is a no-op */

/* Lent until the difference is freed. Since 0.1. */
GEX_API const gex_market *gex_difference_market_before(const gex_difference *difference);
GEX_API const gex_market *gex_difference_market_after(const gex_difference *difference);
GEX_API int32_t           gex_difference_quantity(const gex_difference *difference); /**< as asked for */

/** Correctly rounded sum of a column's lines. @param column GEX_DIFFERENCE_*. @return NaN if unknown. Since 0.1. */
GEX_API double  gex_difference_total(const gex_difference *difference, int32_t column);
/** Lines of a kind. @param kind GEX_LINE_*, 0: all. Since 0.1. */
GEX_API int64_t gex_difference_count(const gex_difference *difference, int32_t kind);

/**
 * One value a line. Lines are the contracts of either chain in canonical order: settlement, strike, puts before calls,
 * root. Rows that are no contract (gex_chain_status()) are on none.
 * @param column  GEX_DIFFERENCE_*. @return lent; NULL for an unknown column. Since 0.1.
 */
GEX_API const double  *gex_difference_lines(const gex_difference *difference, int32_t column, int64_t *count_out);
GEX_API const uint8_t *gex_difference_kinds(const gex_difference *difference, int64_t *count_out); /**< GEX_LINE_* */
/** Per line, its row in a chain, -1 where that has none. Lent. Since 0.1. */
GEX_API const int64_t *gex_difference_rows_before(const gex_difference *difference, int64_t *count_out);
GEX_API const int64_t *gex_difference_rows_after(const gex_difference *difference, int64_t *count_out);

/** Strikes, and settlement instants, of either chain, ascending. Lent. Since 0.1. */
GEX_API const double  *gex_difference_strikes(const gex_difference *difference, int64_t *count_out);
GEX_API const int64_t *gex_difference_expiries(const gex_difference *difference, int64_t *count_out);
/**
 * A column summed by key, correctly rounded.
 * @param by  GEX_BY_STRIKE: gex_difference_strikes(), or GEX_BY_EXPIRY: gex_difference_expiries()
 * @return lent; NULL for an unknown grouping or column. Since 0.1.
 */
GEX_API const double *gex_difference_by(const gex_difference *difference, int32_t by, int32_t column,
                                        int64_t *count_out);

/** Names; the column of a name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API const char *gex_difference_name(int32_t column);
GEX_API int32_t     gex_difference_find(const char *name);
GEX_API const char *gex_line_name(int32_t kind);

#ifdef __cplusplus
}
#endif
#endif
