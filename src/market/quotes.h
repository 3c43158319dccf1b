/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the quotes. */
#ifndef GEX_MARKET_QUOTES_H
#define GEX_MARKET_QUOTES_H

#include <gex/quotes.h>

#include "base/base.h"
#include "market.h"

enum { GEX_QUOTE_COUNT = GEX_QUOTE_REPAIRED + 1 };

struct gex_quotes {
    struct gex__object object;
    const gex_market  *market; /* retained */
    int64_t            rows;
    double            *price[GEX_QUOTE_COUNT], *vol[GEX_QUOTE_COUNT]; /* by GEX_QUOTE_*; 0 is not used */
    uint8_t           *status[GEX_QUOTE_COUNT];
    uint32_t          *flags;
    uint8_t           *repaired; /* GEX_REPAIRED_* per expiry; NULL when not asked, as price[GEX_QUOTE_REPAIRED] */
    struct gex__lanes *lanes;    /* room while they are made */
    int32_t            middle;   /* which price is taken for it: GEX_QUOTE_MID or _REPAIRED */
};

/* What a price of this row is worth undiscounted, in units of the strike: 1 / discount, or the forward for a price in
 * coin. The row has to have an expiry that has not settled. */
double gex__quote_scale(const gex_market *market, int64_t row);

/* One price of a contract, with its volatility and status. */
void gex__quote_set(struct gex_quotes *quotes, int64_t row, int32_t which, double price);
/* Bid, middle and ask: prices, volatilities, statuses, and flags for each quote by itself. */
void gex__quotes_judge(struct gex_quotes *quotes, const gex_quotes_options *options);
/* One volatility a strike, from the middles as they are now. */
void gex__quotes_strikes(struct gex_quotes *quotes);

/* Rows of one root, right and settlement whose middles may be compared, by strike, none twice. */
struct gex__slice {
    const int64_t *row;
    int64_t        count;
    int32_t        expiry;
};
/* Order of root and right. */
int gex__series_order(const gex_chain *chain, int64_t a, int64_t b);
/* What a price is multiplied by, and what a strike is divided by, to be compared with others: undiscounted and by the
 * forward; of an American row as it is and by the spot. */
double gex__clean_scale(const gex_market *market, int64_t row);
double gex__clean_forward(const gex_market *market, int64_t row);
/* Rows that may be compared, by root, right, settlement and strike; scratch and order have room for all rows.
 * @return how many. */
int64_t gex__slices_order(const struct gex_quotes *quotes, int64_t *order, int64_t *scratch);
/* The slice that begins at `from`; rows of a strike that was there are passed over. @return where the next begins. */
int64_t gex__clean_slice_at(const struct gex_quotes *quotes, int64_t *order, int64_t count, int64_t from,
                      struct gex__slice *slice);
/* Flags for static arbitrage. */
void gex__quotes_compare(struct gex_quotes *quotes, int64_t *order, int64_t *scratch);

/* Middles without arbitrage, the flag of those that moved, what became of each expiry. @return false without memory. */
bool gex__quotes_repair(struct gex_quotes *quotes, const gex_context *context, bool calendar, int64_t *order,
                        int64_t *scratch);

#endif
