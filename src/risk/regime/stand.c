/* SPDX-License-Identifier: Apache-2.0 */
/* Where spot stands: the volatility at the money, a daily deviation, and the regime. */
#include "stand.h"

#include <math.h>
#include <stddef.h>

/* The first place in the canonical order of a row of this expiry or a later one; refused rows, which have none, stand
 * behind them all. */
static int64_t place_of_expiry(const gex_chain *chain, int64_t expiry)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *index = gex_chain_expiry_index(chain);
    int64_t low = 0, high = gex_chain_rows(chain);

    while (low < high) {
        const int64_t middle = low + (high - low) / 2, here = index[order[middle]];

        if (here >= 0 && here < expiry)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double gex__strike_at_forward(const gex_market *market, int64_t expiry)
{
    const gex_chain *chain = gex_market_chain(market);
    const double *strike = gex_chain_strike(chain), forward = gex_market_forward(market)[expiry];
    const int64_t *order = gex_chain_order(chain), end = place_of_expiry(chain, expiry + 1);
    double nearest = (double)NAN;

    for (int64_t k = place_of_expiry(chain, expiry); k < end; k++) {
        const int64_t i = order[k];
        const double away = fabs(strike[i] - forward), best = fabs(nearest - forward);

        if (gex_market_status(market)[i] == GEX_ROW_USED &&
            (isnan(nearest) || away < best || (away == best && strike[i] < nearest)))
            nearest = strike[i];
    }
    return nearest;
}

double gex__quote_middle(const gex_chain *chain, int64_t row)
{
    const double bid = gex_chain_bid(chain)[row], ask = gex_chain_ask(chain)[row];

    return bid > 0.0 && ask >= bid && isfinite(ask) ? 0.5 * bid + 0.5 * ask : (double)NAN;
}

double gex__vol_at_strike(const gex_market *market, int64_t expiry, double strike)
{
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *order = gex_chain_order(chain), end = place_of_expiry(chain, expiry + 1);
    double sum[2] = {0.0, 0.0}, count[2] = {0.0, 0.0};

    /* canonical: no sum depends on the caller's order */
    for (int64_t k = place_of_expiry(chain, expiry); k < end; k++) {
        const int64_t i = order[k];
        const int side = gex_chain_right(chain)[i] == GEX_PUT;

        if (gex_market_status(market)[i] == GEX_ROW_USED && gex_chain_strike(chain)[i] == strike) {
            sum[side] += gex_market_calendar_vol(market)[i];
            count[side] += 1.0;
        }
    }
    if (count[0] > 0.0 && count[1] > 0.0)
        return 0.5 * (sum[0] / count[0] + sum[1] / count[1]);
    return (sum[0] + sum[1]) / (count[0] + count[1]);
}

/* The earlier of two expiries as near to thirty days; -1 when none has a used row and time left. */
static int64_t expiry_near_30_days(const gex_exposure *gamma, const gex_market *market)
{
    const int64_t *used = gex_exposure_count_by(gamma, GEX_BY_EXPIRY, NULL);
    const double *years = gex_market_calendar_years(market);
    int64_t nearest = -1;

    for (int64_t e = 0; e < gex_market_expiry_count(market); e++)
        if (used[e] > 0 && years[e] > 0.0 &&
            (nearest < 0 || fabs(years[e] - 30.0 / 365.0) < fabs(years[nearest] - 30.0 / 365.0)))
            nearest = e;
    return nearest;
}

double gex__daily_sigma(const gex_exposure *gamma)
{
    const gex_market *market = gex_greeks_market(gex_exposure_greeks(gamma));
    const int64_t expiry = expiry_near_30_days(gamma, market);

    if (expiry < 0)
        return (double)NAN;
    return gex_market_spot(market) * gex__vol_at_strike(market, expiry, gex__strike_at_forward(market, expiry)) /
           sqrt(252.0);
}

int32_t gex__regime(const gex_exposure *gamma, const gex_flips *flips, double daily_sigma)
{
    const double total = gex_exposure_total(gamma);
    const double spot = gex_market_spot(gex_greeks_market(gex_exposure_greeks(gamma)));
    const double away = fabs(gex_flips_price(flips, gex_flips_nearest(flips)) - spot);

    if (!(gex_exposure_gross(gamma) > 0.0))
        return GEX_REGIME_NONE;
    if (away <= 0.1 * daily_sigma) /* false when there is no flip or no sigma */
        return GEX_REGIME_AT_FLIP;
    return total > 0.0 ? GEX_REGIME_LONG_GAMMA : total < 0.0 ? GEX_REGIME_SHORT_GAMMA : GEX_REGIME_NONE;
}
