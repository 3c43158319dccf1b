/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file field.h Stage 6: exposure and hedge flow over spot and time, from now to a close, a settlement or beyond.
 *
 * A field is a profile at one instant after another. Every contract is repriced at every price and instant: its
 * volatility kept on the market's clock through time and moved with spot by the market's dynamics, its expiry's rate
 * and carry kept. These are the states of gex_flow_compute(); at the market's own instant a row of the field is
 * gex_profile_compute() at the same prices: to the bit, or of gamma, delta, vanna or charm of 256 rows and more at 32
 * prices and more within 1e-12 of what the rows are at most (docs/levels.md).
 *
 * A contract that settles at an instant stands at its payoff there: delta 0, half at the strike, or 1. After it, it is
 * gone.
 */
#ifndef GEX_FIELD_H
#define GEX_FIELD_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_field gex_field; /**< immutable; any thread may read it; keeps its market and book alive */

/*
 * What a field may hold beside every GEX_UNIT_*. FLOW as in flow.h: + means dealers BUY. Shares.
 * `flow` is minus the change of the dealers' delta from the market's spot and instant to the cell's, contracts that
 * settled on the way at their payoff's delta; `unwind` is the trade that undoes the hedge of those, + delta N M, and no
 * part of it. `flow_hour` and `flow_pct` are what the next hour and the next percent ask for from the cell on, to first
 * order, at the volatilities of the cell.
 */
#define GEX_FIELD_LIST(X)                                                                                          \
    X(GEX_FIELD_FLOW, 1001, "flow", "shares to buy since now")                                                     \
    X(GEX_FIELD_UNWIND, 1002, "unwind", "shares to buy as settled hedges are undone")                              \
    X(GEX_FIELD_FLOW_HOUR, 1003, "flow_hour", "shares to buy per calendar hour")    /* -charm N M / 8760 */        \
    X(GEX_FIELD_FLOW_PCT, 1004, "flow_pct", "shares to buy per 1 % rise of spot")   /* -gamma N M S 0.01 */

/* Where even instants end. Days and sessions are those of the market's calendar. */
#define GEX_UNTIL_LIST(X)                                                                                          \
    X(GEX_UNTIL_CLOSE, 1, "close")                       /* the first close after the market's instant */          \
    X(GEX_UNTIL_NEXT_OPEN, 2, "next_open")               /* the first open after it */                             \
    X(GEX_UNTIL_NEXT_CLOSE, 3, "next_close")             /* the close of the session after that close */           \
    X(GEX_UNTIL_FIRST_SETTLEMENT, 4, "first_settlement") /* of the chain's expiries, the first after it */         \
    X(GEX_UNTIL_LAST_SETTLEMENT, 5, "last_settlement")                                                             \
    X(GEX_UNTIL_GIVEN, 6, "given")                       /* `end` */

/* Which contracts: settling on the New York date of the market's instant, or later. */
#define GEX_PART_LIST(X)                     \
    X(GEX_PART_ALL, 1, "all")                \
    X(GEX_PART_ZERO_DTE, 2, "zero_dte")      \
    X(GEX_PART_LATER, 3, "later")

#define GEX_FIELD_ENUM(name, value, text, label) name = value,
enum { GEX_FIELD_LIST(GEX_FIELD_ENUM) GEX_FIELD_LAST_ = 1004 };
#define GEX_FIELD_CHOICE_ENUM(name, value, text) name = value,
enum { GEX_UNTIL_LIST(GEX_FIELD_CHOICE_ENUM) GEX_UNTIL_LAST_ = 6 };
enum { GEX_PART_LIST(GEX_FIELD_CHOICE_ENUM) GEX_PART_LAST_ = 3 };

/** What the caller chooses. Fill with gex_field_options_init(), then set quantities. */
typedef struct gex_field_options {
    uint32_t struct_size;
    int32_t  part;              /**< GEX_PART_*; all by default */
    const int32_t *quantities;  /**< GEX_UNIT_* and GEX_FIELD_*, none twice; read during the call; no default */
    int64_t  quantity_count;    /**< 1 to 64 */
    double   adv;               /**< as in gex_exposure_options, likewise the next three */
    double   future_price;
    double   future_multiplier;
    double   beta;
    double   low;     /**< lowest price as a fraction of spot, > 0; 0.95 by default. Not used with `prices` */
    double   high;    /**< highest price as a fraction of spot, > low; 1.05 by default. Not used with `prices` */
    int64_t  points;  /**< prices, evenly spaced, ends included, >= 2; 101 by default. With `prices` how many, >= 1 */
    gex_f64  prices;  /**< absent, or `points` prices of the caller's, > 0, ascending */
    int32_t  until;   /**< GEX_UNTIL_*; the close by default. Not used with `instants` */
    int32_t  gross;   /**< 1: gex_field_gross() of every quantity too; 0, the default: not */
    int64_t  end;     /**< instant, after the market's, with GEX_UNTIL_GIVEN */
    int64_t  steps;   /**< instants, evenly spaced in calendar time, the market's and the end included, >= 2; 14 by
                           default. With `instants` their number, >= 1 */
    gex_i64  instants; /**< absent, or `steps` instants of the caller's, not before the market's, ascending */
} gex_field_options;
GEX_API void gex_field_options_init(gex_field_options *options, uint32_t struct_size);

/**
 * @param out  freed with gex_field_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (no quantity, one unknown or twice, what its unit needs missing, part or until
 *         unknown, market and book of different chains), _DOMAIN (range, points, steps; no such close, open or
 *         settlement; a price or an instant: error row = element), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows * points * steps) for each greek among the quantities, three
 * allocations beside the field's; the context's executor is used. `gross` costs gamma and delta of European contracts
 * as much again, and every other greek some times that, as it has to be had line by line. Sums in canonical order and
 * fixed blocks: same bits for any row order and number of threads.
 * A value is NaN where the dynamics leave no volatility.
 * Source: docs/conventions.md, flow; docs/field.md.
 */
GEX_API gex_status gex_field_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                     const gex_field_options *options, gex_field **out, gex_error *error);
/**
 * The same into the caller's arrays, to the bit. With a context that keeps memory a call like one before it allocates
 * nothing. A field of one instant, the market's, is a profile.
 *
 * @param values    an array for each quantity, in their order, of instants times prices values
 * @param gross     likewise for the gross, where options ask for it; else NULL
 * @param prices    NULL, or room for every price
 * @param instants  NULL, or room for every instant; likewise `live`, as gex_field_live()
 * @return as gex_field_compute(); GEX_ERR_ARGUMENT also where an array is missing or `gross` was not asked for. After a
 *         failure what stands in the arrays means nothing
 * Since 0.1. Thread class: const-shared. Cost: that of gex_field_compute().
 */
GEX_API gex_status gex_field_compute_into(const gex_context *context, const gex_market *market, const gex_book *book,
                                          const gex_field_options *options, double *const *values,
                                          double *const *gross, double *prices, int64_t *instants, int64_t *live,
                                          gex_error *error);
GEX_API void gex_field_free(gex_field *field); /**< NULL is a no-op */

/* Lent until the field is freed. count_out may be NULL. Since 0.1. */
GEX_API const gex_market *gex_field_market(const gex_field *field);
GEX_API const gex_book   *gex_field_book(const gex_field *field);
GEX_API const double     *gex_field_prices(const gex_field *field, int64_t *count_out);     /**< ascending */
GEX_API const int64_t    *gex_field_instants(const gex_field *field, int64_t *count_out);   /**< ascending */
GEX_API const int32_t    *gex_field_quantities(const gex_field *field, int64_t *count_out); /**< as asked for */
/** Rows alive at each instant: used, with a position, of the part, settling then or later. */
GEX_API const int64_t    *gex_field_live(const gex_field *field, int64_t *count_out);
/**
 * One quantity over the field: instants times prices values, row by row in time; value of instant t and price p at
 * [t * prices + p].
 * @param quantity  one of those asked for. @return lent; NULL for another. Since 0.1.
 */
GEX_API const double *gex_field_values(const gex_field *field, int32_t quantity, int64_t *count_out);
/**
 * Its gross, where options asked for it: the sum of what each contract adds to the value, without signs. Of an exposure
 * as gex_exposure_gross(), of `flow` the trades of every contract's hedge alone. Never below |value| but for rounding.
 * @return lent, as gex_field_values(); NULL for another quantity and where nobody asked. Since 0.1.
 */
GEX_API const double *gex_field_gross(const gex_field *field, int32_t quantity, int64_t *count_out);

/** Name of a quantity: "flow", "GEX_USD_PCT". @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_field_quantity_name(int32_t quantity);
/** What it measures, in words. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_field_quantity_label(int32_t quantity);
/** Quantity of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_field_quantity_find(const char *name);

/** Names of the other choices. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_until_name(int32_t until);
GEX_API const char *gex_part_name(int32_t part);
/** The choice of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_until_find(const char *name);
GEX_API int32_t gex_part_find(const char *name);

/**
 * The instant a named end stands for.
 * @param until  GEX_UNTIL_* but GEX_UNTIL_GIVEN
 * @return GEX_OK, GEX_ERR_ARGUMENT, _DOMAIN (the calendar ends, or nothing settles)
 * Since 0.1. Thread class: const-shared.
 */
GEX_API gex_status gex_until_instant(const gex_market *market, int32_t until, int64_t *instant_out,
                                     gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
