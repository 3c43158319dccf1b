/* SPDX-License-Identifier: Apache-2.0 */
/** @file chain.h Stage 1: the contracts outstanding. Columns in, an immutable chain out, rows in the caller's order. */
#ifndef GEX_CHAIN_H
#define GEX_CHAIN_H

#include <gex/column.h>
#include <gex/context.h>
#include <gex/row.h>
#include <gex/symbol.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_chain gex_chain; /**< immutable; any thread may read it; kept alive by what is made from it */

/**
 * The rows. Fill with gex_chain_columns_init(), then set what there is.
 *
 * A series is named by `symbol`, or by `root` with `expiry` or `settlement`, `strike` and `right`. A column given
 * beside a symbol wins over what the symbol says, row by row. In a row, expiry, exercise or payoff 0, settlement
 * INT64_MIN (numpy's NaT) and an empty text say nothing. A symbol that is not understood is a mere label where the
 * columns beside it name the series. Without a root column an expiry settles as that of an unknown root.
 */
typedef struct gex_chain_columns {
    uint32_t struct_size;
    int32_t  reserved;
    int64_t  rows;
    gex_text symbol;        /**< OSI, padded or compact, or a Deribit name, as gex_symbol_parse() */
    gex_text root;          /**< SPX, SPXW, ...; at most 15 bytes */
    gex_i32  expiry;        /**< yyyymmdd; the settlement instant follows from the root */
    gex_i64  settlement;    /**< instant; wins over expiry */
    gex_f64  strike;        /**< price */
    gex_i8   right;         /**< GEX_CALL (+1) or GEX_PUT (-1) */
    gex_i8   exercise;      /**< GEX_EXERCISE_*; absent: by root */
    gex_i8   payoff;        /**< GEX_PAYOFF_*; absent: by symbol, else vanilla */
    gex_f64  multiplier;    /**< units of the underlying a contract, > 0; absent: by root */
    gex_f64  bid;           /**< price, in coin for an inverse payoff; absent: NaN */
    gex_f64  ask;           /**< likewise */
    gex_f64  last;          /**< price; absent: NaN */
    gex_f64  vol;           /**< implied volatility, annualised on CAL_365, 0.20 is 20 %; 0 or absent: not published */
    gex_f64  open_interest; /**< contracts, >= 0; absent: 0 */
    gex_f64  volume;        /**< contracts of the session, >= 0; absent: 0 */
} gex_chain_columns;
/** Every column absent, rows 0. Thread class: pure. Since 0.1. */
GEX_API void gex_chain_columns_init(gex_chain_columns *columns, uint32_t struct_size);

enum {
    GEX_DUPLICATES_KEEP = 0,        /**< all rows used, later ones flagged GEX_FLAG_DUPLICATE */
    GEX_DUPLICATES_REFUSE_LATER = 1 /**< later ones refused, status GEX_ROW_UNSUPPORTED, and flagged */
};

typedef struct gex_chain_options {
    uint32_t struct_size;
    int32_t  duplicates;            /**< GEX_DUPLICATES_*; keep by default */
    int64_t  open_interest_as_of;   /**< instant the open interest was counted at; 0: not known */
    char     underlying[64];        /**< name printed on reports; terminated; "" by default */
    int32_t  roots;                 /**< GEX_ROOTS_OF_*: whose roots these are; listed by default */
    int32_t  reserved;              /**< zero */
} gex_chain_options;
/** Listed roots, every duplicate kept. Thread class: pure. Since 0.1. */
GEX_API void gex_chain_options_init(gex_chain_options *options, uint32_t struct_size);

/**
 * Validate and copy the rows.
 *
 * Zero rows are a chain. A row that cannot be a contract is kept with its status. The strike of a symbol is exact.
 *
 * With GEX_ROOTS_OF_FUTURES multiplier and style are those of gex_root_facts_of() where their columns do not say them.
 * A root that is not known is GEX_ROW_UNSUPPORTED unless there is a multiplier column, and flagged either way. Options
 * on futures end at hours of their own, so `settlement` is needed: a row with an expiry alone is GEX_ROW_BAD_SYMBOL.
 * Rows with a Deribit name are as ever.
 *
 * @param context  allocator; NULL for malloc
 * @param columns  read during the call, not kept
 * @param options  NULL for the defaults
 * @param out      freed with gex_chain_free(); NULL on failure
 * @param error    filled on failure; may be NULL
 * @return GEX_OK, GEX_ERR_ARGUMENT (no column names a series; row count negative or over GEX_MAX_ROWS; text width;
 *         unknown choice), or _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), two allocations.
 */
GEX_API gex_status gex_chain_create(const gex_context *context, const gex_chain_columns *columns,
                                    const gex_chain_options *options, gex_chain **out, gex_error *error);
GEX_API void gex_chain_free(gex_chain *chain); /**< NULL is a no-op; objects made from the chain stay valid */

/* What the chain holds. Arrays have gex_chain_rows() elements in the caller's order, are lent until the chain is freed,
 * and may be read by any thread. NULL chain: 0 or NULL. Since 0.1. */
GEX_API int64_t        gex_chain_rows(const gex_chain *chain);
GEX_API const uint8_t *gex_chain_status(const gex_chain *chain);        /**< GEX_ROW_* of the series itself */
GEX_API const uint32_t *gex_chain_flags(const gex_chain *chain);        /**< GEX_FLAG_* */
GEX_API const double  *gex_chain_strike(const gex_chain *chain);        /**< price; NaN where refused */
GEX_API const int8_t  *gex_chain_right(const gex_chain *chain);         /**< +1, -1, 0 where refused */
GEX_API const int8_t  *gex_chain_exercise(const gex_chain *chain);      /**< GEX_EXERCISE_* */
GEX_API const int8_t  *gex_chain_payoff(const gex_chain *chain);        /**< GEX_PAYOFF_* */
GEX_API const int64_t *gex_chain_settlement(const gex_chain *chain);    /**< instant; INT64_MIN where refused */
GEX_API const double  *gex_chain_multiplier(const gex_chain *chain);
GEX_API const double  *gex_chain_bid(const gex_chain *chain);
GEX_API const double  *gex_chain_ask(const gex_chain *chain);
GEX_API const double  *gex_chain_last(const gex_chain *chain);
GEX_API const double  *gex_chain_vol(const gex_chain *chain);           /**< as given */
GEX_API const double  *gex_chain_open_interest(const gex_chain *chain); /**< contracts */
GEX_API const double  *gex_chain_volume(const gex_chain *chain);        /**< contracts */
GEX_API const char    *gex_chain_underlying(const gex_chain *chain);
GEX_API int64_t        gex_chain_open_interest_as_of(const gex_chain *chain); /**< 0: not known */

/** Distinct settlement instants of good rows, ascending. @param count_out may be NULL. Since 0.1. */
GEX_API const int64_t *gex_chain_expiries(const gex_chain *chain, int64_t *count_out);
/** Per row, its index into gex_chain_expiries(), -1 where refused. Since 0.1. */
GEX_API const int32_t *gex_chain_expiry_index(const gex_chain *chain);
/** Distinct strikes of good rows, ascending. @param count_out may be NULL. Since 0.1. */
GEX_API const double  *gex_chain_strikes(const gex_chain *chain, int64_t *count_out);
/** Per row, its index into gex_chain_strikes(), -1 where refused. Since 0.1. */
GEX_API const int32_t *gex_chain_strike_index(const gex_chain *chain);
/**
 * Rows in canonical order: by settlement, strike, right (puts first), root, then every other field; behind them refused
 * rows as the caller ordered them. Rows that are not refused stand in an order that does not depend on the caller's, so
 * sums taken in it do not either. Since 0.1.
 */
GEX_API const int64_t *gex_chain_order(const gex_chain *chain);

/** Root of a row. @return lent, terminated, "" where refused or out of range. Thread class: const-shared. Since 0.1. */
GEX_API const char *gex_chain_root(const gex_chain *chain, int64_t row);
/**
 * Symbol of a row as the caller gave it, or the OSI symbol made from its columns; "" where none says it: a strike finer
 * than 0.001 or from 100,000 on, a root of other than 1 to 6 upper case letters and digits, a row refused without one.
 * @param capacity  at least 65; terminated. @return bytes without the terminator.
 *                  Thread class: const-shared. Since 0.1.
 */
GEX_API int64_t gex_chain_symbol(const gex_chain *chain, int64_t row, char *buffer, int64_t capacity);

#ifdef __cplusplus
}
#endif
#endif
