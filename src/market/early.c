/* SPDX-License-Identifier: Apache-2.0 */
#include "early.h"

enum { STANDARD = 1 }; /* preset of the American pricer */

/* The inputs of rows from here and there, side by side. */
struct gathered {
    double strike[GEX_EARLY_ROWS], years[GEX_EARLY_ROWS], rate[GEX_EARLY_ROWS], carry[GEX_EARLY_ROWS];
    int8_t right[GEX_EARLY_ROWS];
};

static struct gex__black_in gather(const gex_market *market, int count, const int64_t *row, struct gathered *at)
{
    for (int i = 0; i < count; i++) {
        const int32_t expiry = gex_chain_expiry_index(market->chain)[row[i]];

        at->strike[i] = gex_chain_strike(market->chain)[row[i]];
        at->right[i] = gex_chain_right(market->chain)[row[i]];
        at->years[i] = market->curve.years[expiry];
        at->rate[i] = market->curve.rate[expiry];
        at->carry[i] = market->curve.early[expiry];
    }
    return (struct gex__black_in){.rows = count, .spot = &market->base.spot, .one_spot = true, .strike = at->strike,
                                  .years = at->years, .rate = at->rate, .carry = at->carry, .right = at->right};
}

/* What a price of the row is multiplied by to be in dollars: the forward when it is in coin. */
static double dollars(const gex_market *market, int64_t row)
{
    return gex_chain_payoff(market->chain)[row] == GEX_PAYOFF_INVERSE
               ? market->curve.forward[gex_chain_expiry_index(market->chain)[row]]
               : 1;
}

void gex__early_vols(const gex_market *market, int count, const int64_t *row, const double *price, double *vol,
                     uint8_t *code)
{
    struct gathered at;
    const struct gex__black_in in = gather(market, count, row, &at);
    double paid[GEX_EARLY_ROWS];

    for (int i = 0; i < count; i++)
        paid[i] = price[i] * dollars(market, row[i]);
    gex__american_implied(market->isa, STANDARD, &in, &market->payout.dividends, paid, vol, code);
}

void gex__early_prices(const gex_market *market, int count, const int64_t *row, const double *vol, double *price)
{
    struct gathered at;
    struct gex__black_in in = gather(market, count, row, &at);
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_PRICE] = price};

    in.vol = vol;
    gex__american(market->isa, STANDARD, &in, &market->payout.dividends, outputs, NULL, NULL);
    for (int i = 0; i < count; i++)
        price[i] /= dollars(market, row[i]);
}
