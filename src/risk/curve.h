/* SPDX-License-Identifier: Apache-2.0 */
/* The exposure of a set of lines as a function of spot: what profiles draw and flips search. */
#ifndef GEX_RISK_CURVE_H
#define GEX_RISK_CURVE_H

#include "lines.h"
#include "math/american_moving.h"
#include "units.h"

struct gex__curve {
    const struct gex__lines *lines;
    const struct gex__unit  *unit;
    struct gex__scale        scale;
    int32_t                  isa;
    bool                     alone;   /* no other unit reads what is hoisted for this one; last bits do not matter */
    const double            *hoisted; /* what no spot changes; NULL until prepared, and for units without that entry */
    const uint8_t           *kept;    /* of American lines: GEX_CALC_SLOW_PATH, the entry does not hold them; or NULL */
    struct gex__american_moving moving; /* of American lines whose volatilities move; no rows: there are none */
    const double            *twos;    /* of those the lines with two boundaries, by row; NULL: none, or not prepared */
    int64_t                  two_count;
    const double            *payers;  /* tables of American lines with an ex-date before expiry, by row; NULL: none */
    int64_t                  payer_count;
    bool                     payers_by_vol; /* as of the unit they were prepared for */
};

/*
 * Doubles gex__curve_prepare() fills, and filling them: before the first evaluation, and kept as long as there are any.
 * Prices asked for lie in [low, high], or a hundredth of it beyond.
 */
int64_t gex__curve_hoisted(const struct gex__curve *curve);
void    gex__curve_prepare(struct gex__curve *curve, double low, double high, double *hoisted);

/*
 * The same for lines of two boundaries, milliseconds each, where there are many prices: afterwards, and not needed.
 * Without it they are priced anew at each price, which takes that long every time.
 */
int64_t gex__curve_twos(const struct gex__curve *curve);
void    gex__curve_prepare_twos(struct gex__curve *curve, double low, double high, double *twos);

int64_t gex__curve_scratch(const struct gex__curve *curve); /* doubles that one evaluation needs */
/* The unit at one price, in the unit's own scale at that price. Greeks that diverge are left out. NaN where the
 * dynamics leave no volatility. */
double gex__curve_at(const struct gex__curve *curve, double price, double *scratch);
/* ... at up to GEX_SUM_PRICES of them. */
void gex__curve_at_prices(const struct gex__curve *curve, const double *prices, int points, double *values,
                          double *scratch);
/* The same before scale: term t at price k goes to sums[t * GEX_SUM_PRICES + k]. */
void gex__curve_sums(const struct gex__curve *curve, const double *prices, int points, double *scratch, double *sums);

/*
 * What each line of one block comes to at a price, before scale: term t of line i at buffers[t * GEX_BLOCK + i], 0
 * where it diverges. `buffers` is a scratch. @return how many lines the block has.
 */
int64_t gex__curve_rows(const struct gex__curve *curve, double price, int64_t block, double *buffers);

/*
 * Sums over the lines of one block at up to GEX_SUM_PRICES prices, before scale: term t at price k goes to
 * sums[t * term_stride + k * stride].
 * The curve at a price is the sum over terms of gex__term_scale() times the pairwise sum of its blocks.
 */
void gex__curve_block(const struct gex__curve *curve, int64_t block, const double *prices, int points, double *scratch,
                      double *sums, int64_t term_stride, int64_t stride);

/* Tasks to spread points over, each with a scratch of its own. */
int64_t gex__curve_tasks(const gex_context *context, int64_t points);
/* For doors: what repricing a market came to, GEX_ERR_MEMORY or _CALLBACK. @return status */
gex_status gex__reprice_fail(gex_status status, const gex_market *market, gex_error *error);

#endif
