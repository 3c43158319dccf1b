/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the chain, for the rooms to the right that read it row by row. */
#ifndef GEX_MARKET_CHAIN_H
#define GEX_MARKET_CHAIN_H

#include <gex/chain.h>

#include "base/base.h"

enum {
    GEX_ROOT_MAX = 16,      /* bytes of a root with its terminator, as in gex_series */
    GEX_UNDERLYING_MAX = 64 /* as in gex_chain_options */
};
#define GEX_NO_SETTLEMENT INT64_MIN /* also numpy's NaT */

/* Columns of `rows` elements in the caller's order unless it says otherwise. A refused row names no series: strike and
 * multiplier NaN, right, exercise and payoff 0, settlement GEX_NO_SETTLEMENT, root "". */
struct gex_chain {
    struct gex__object object;
    int64_t            rows;
    int64_t            used; /* rows not refused: the first so many of order */
    int64_t            expiry_count, strike_count;
    int64_t            open_interest_as_of;
    uint8_t           *status;
    uint32_t          *flags;
    double            *strike, *multiplier;
    double            *bid, *ask, *last, *vol, *open_interest, *volume;
    int64_t           *settlement;
    int8_t            *right, *exercise, *payoff;
    char (*root)[GEX_ROOT_MAX];
    int32_t *expiry_index, *strike_index;
    int64_t *order;
    int64_t *expiries;     /* expiry_count */
    double  *strikes;      /* strike_count */
    int32_t *date;         /* of expiry, yyyymmdd, as listed; 0 where refused */
    char    *symbol;       /* as given, symbol_width bytes a row; NULL when the caller gave none */
    int64_t  symbol_width;
    char     underlying[GEX_UNDERLYING_MAX];
};

/* Rows of zeros, in one block; symbol_width 0: no symbols. NULL when there is no memory. */
struct gex_chain *gex__chain_alloc(const gex_context *context, int64_t rows, int64_t symbol_width);
/* The same series with other quotes and volatilities, arranged anew; NULL when there is no memory. */
struct gex_chain *gex__chain_requote(const gex_context *context, const struct gex_chain *chain, const double *bid,
                                     const double *ask, const double *vol);

/* Read every row, decide its status and flags, and fill its columns, whatever they held; symbols held zeros.
 * roots: GEX_ROOTS_OF_*. */
void gex__chain_judge(struct gex_chain *chain, const gex_chain_columns *columns, int32_t roots);

enum { GEX_QUOTE_FLAGS = GEX_FLAG_NO_QUOTE | GEX_FLAG_ONE_SIDED | GEX_FLAG_CROSSED };
/* Those of them that a bid and an ask have. */
uint32_t gex__chain_quote_flags(double bid, double ask);

/* Leave a row without a series. */
void gex__chain_refuse(struct gex_chain *chain, int64_t i, uint8_t status);

enum { GEX_ARRANGE_EXTRA = 2048 };
/* Canonical order, distinct expiries and strikes, duplicates. scratch: rows + GEX_ARRANGE_EXTRA elements. */
void gex__chain_arrange(struct gex_chain *chain, int32_t duplicates, int64_t *scratch);

#endif
