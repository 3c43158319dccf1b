/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that repricing touches: used, with a position, side by side in canonical order. */
#ifndef GEX_RISK_LINES_H
#define GEX_RISK_LINES_H

#include <gex/book.h>
#include <gex/market.h>

#include "base/base.h"
#include "market/dynamics.h"
#include "market/payout.h"
#include "pace.h"

struct gex__lines {
    int64_t  rows;
    int64_t  settling; /* the first so many have no time left: they settle at this instant */
    double  *weight;   /* N M, never zero */
    double  *strike, *years, *vol, *rate, *carry; /* years and vol on CAL_365; carry by right of exercise */
    double  *root, *excess; /* struct gex__pace of each; NULL when the market's clock is CAL_365 */
    int32_t *expiry; /* index into gex_chain_expiries(), ascending */
    int8_t  *right;
    int8_t  *exercise; /* GEX_EXERCISE_*; NULL when every line is valued as European */
    struct gex__dividends dividends; /* of American lines, seen from the instant of the years */
    const struct gex__motion *motion; /* of the market; NULL when no volatility moves with spot */
    struct gex__place        *place;  /* on the smile, of each; NULL when none moves along one */
    /* the block they stand in */
    struct gex__memory memory;
    void              *block;
    int64_t            size;
};

/* Is a row of the chain a line? By its status in the market and its position in the book. */
bool gex__is_line(uint8_t status, double position);

/* @return false when there is no memory; *lines is then empty and may be dropped. */
bool gex__lines_create(const gex_context *context, const gex_market *market, const gex_book *book,
                       struct gex__lines *lines);
void gex__lines_drop(struct gex__lines *lines);

/* Volatilities of lines [first, first + count) at a price, on CAL_365:
 * their own where none moves. NaN: there is none. */
void gex__lines_vol(const struct gex__lines *lines, int64_t first, int64_t count, double price, double *vol);
/* Is there a volatility at a price? */
bool gex__lines_reach(const struct gex__lines *lines, double price);
/* The range of them over prices in [low, high], or nearly so. */
struct gex__span gex__lines_span(const struct gex__lines *lines, int64_t line, double low, double high);
/* d vol / dS of a line at the spot, on CAL_365; 0 where none moves. */
double gex__lines_slope(const struct gex__lines *lines, int64_t line);

#endif
