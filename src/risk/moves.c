/* SPDX-License-Identifier: Apache-2.0 */
/* Expected moves at the money of an expiry. */
#include <math.h>
#include <string.h>

#include <gex/measures.h>

#include "base/base.h"
#include "greeks.h"
#include "risk/regime/stand.h"

#define TWO_BY_PI 0.63661977236758134

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_move_name(int32_t move)
{
    switch (move) {
        GEX_MOVE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_move_find(const char *name)
{
    for (int32_t move = 1; name != NULL && move <= GEX_MOVE_LAST_; move++)
        if (strcmp(name, gex_move_name(move)) == 0)
            return move;
    return 0;
}

/* Call plus put of used rows at a strike: by quotes, or by the prices of the greeks. Of a series listed twice the first
 * in canonical order that has a price. */
static double straddle_of(const gex_greeks *greeks, int64_t expiry, double strike, bool quoted)
{
    const gex_market *market = greeks->market;
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *order = gex_chain_order(chain);
    double side[2] = {(double)NAN, (double)NAN};

    for (int64_t k = 0; k < gex_chain_rows(chain); k++) {
        const int64_t i = order[k];
        const int put = gex_chain_right(chain)[i] == GEX_PUT;

        if (gex_market_status(market)[i] == GEX_ROW_USED && gex_chain_expiry_index(chain)[i] == expiry &&
            gex_chain_strike(chain)[i] == strike && isnan(side[put]))
            side[put] = quoted ? gex__quote_middle(chain, i) : greeks->column[GEX_GREEK_PRICE][i];
    }
    return side[0] + side[1];
}

static double move_of(const gex_greeks *greeks, int64_t expiry, int32_t move)
{
    const gex_market *market = greeks->market;
    const double strike = gex__strike_at_forward(market, expiry), spot = gex_market_spot(market);
    const double sigma = spot * gex__vol_at_strike(market, expiry, strike);
    const double years = gex_market_calendar_years(market)[expiry];

    switch (move) {
    case GEX_MOVE_STRADDLE: return straddle_of(greeks, expiry, strike, true);
    case GEX_MOVE_STRADDLE_85: return 0.85 * straddle_of(greeks, expiry, strike, true);
    case GEX_MOVE_MODEL_STRADDLE: return straddle_of(greeks, expiry, strike, false);
    case GEX_MOVE_SIGMA: return sigma * sqrt(years);
    case GEX_MOVE_MAD: return sigma * sqrt(years) * sqrt(TWO_BY_PI);
    case GEX_MOVE_1D_252: return sigma / sqrt(252.0);
    default: return sigma / sqrt(365.0);
    }
}

gex_status gex_expected_move(const gex_greeks *greeks, int64_t expiry, int32_t move, double *value_out,
                             gex_error *error)
{
    struct gex__guest guest;
    int64_t expiries;

    if (value_out != NULL)
        *value_out = (double)NAN;
    if (greeks == NULL || value_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks and value_out are required");
    expiries = gex_market_expiry_count(greeks->market);
    if (expiry < 0 || expiry >= expiries)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "expiry {i}: the chain has {i}", expiry, expiries);
    if (move < 1 || move > GEX_MOVE_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "move {i} is unknown: set one of GEX_MOVE_*", (int64_t)move);
    gex__guest_enter(&guest);
    *value_out = move_of(greeks, expiry, move);
    gex__guest_leave(&guest);
    return GEX_OK;
}
