/* SPDX-License-Identifier: Apache-2.0 */
/* MAPPED: a level of one product as a price of another, and the basis that put-call parity shows. */
#include <math.h>
#include <string.h>

#include <gex/combo.h>

#include "base/base.h"
#include "risk/regime/stand.h"

enum { PAIRS_MOST = 64 };

gex_status gex_level_mapped(double level, int32_t mapped, double from, double to, double *price_out, gex_error *error)
{
    struct gex__guest guest;
    gex_status status = GEX_OK;

    if (price_out != NULL)
        *price_out = (double)NAN;
    if (price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "price_out is required");
    if (mapped != GEX_MAPPED_RATIO && mapped != GEX_MAPPED_BASIS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "mapped {i} is unknown: set one of GEX_MAPPED_*",
                         (int64_t)mapped);
    gex__guest_enter(&guest);
    if (!isfinite(level))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "level is {g}: it has to be finite", level);
    else if (!(from > 0.0) || !(to > 0.0) || isinf(from) || isinf(to))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "from {g} to {g}: both have to be finite and above zero", from,
                           to);
    else
        *price_out = mapped == GEX_MAPPED_RATIO ? level * (to / from) : level + (to - from);
    gex__guest_leave(&guest);
    return status;
}

/* ---- put-call parity --------------------------------------------------------------------------------------------- */

/* The forwards of strikes nearest to spot, by distance; of two as near the lower strike first. */
struct nearest {
    int64_t most, count;
    double  away[PAIRS_MOST], forward[PAIRS_MOST];
};

static void nearest_add(struct nearest *nearest, double away, double forward)
{
    int64_t at = nearest->count;

    while (at > 0 && nearest->away[at - 1] > away)
        at--;
    if (at == nearest->most)
        return;
    if (nearest->count < nearest->most)
        nearest->count++;
    for (int64_t k = nearest->count - 1; k > at; k--) {
        nearest->away[k] = nearest->away[k - 1];
        nearest->forward[k] = nearest->forward[k - 1];
    }
    nearest->away[at] = away;
    nearest->forward[at] = forward;
}

static double middle_of(const gex_market *market, int64_t row)
{
    return gex_market_status(market)[row] == GEX_ROW_USED ? gex__quote_middle(gex_market_chain(market), row)
                                                          : (double)NAN;
}

static bool is_pair(const gex_chain *chain, int64_t put, int64_t call)
{
    return gex_chain_right(chain)[put] == GEX_PUT && gex_chain_right(chain)[call] == GEX_CALL &&
           strcmp(gex_chain_root(chain, put), gex_chain_root(chain, call)) == 0;
}

/* Rows of a strike stand together in canonical order, puts first; of a series listed twice each call meets each put. */
static void strike_add(const gex_market *market, const int64_t *row, int64_t count, double discount,
                       struct nearest *nearest)
{
    const gex_chain *chain = gex_market_chain(market);

    for (int64_t p = 0; p < count; p++)
        for (int64_t c = p + 1; c < count; c++) {
            const double strike = gex_chain_strike(chain)[row[p]];
            const double forward = strike + (middle_of(market, row[c]) - middle_of(market, row[p])) / discount;

            if (is_pair(chain, row[p], row[c]) && isfinite(forward))
                nearest_add(nearest, fabs(strike - gex_market_spot(market)), forward);
        }
}

static void nearest_find(const gex_market *market, int64_t expiry, struct nearest *nearest)
{
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *order = gex_chain_order(chain), rows = gex_chain_rows(chain);
    const int32_t *expiry_index = gex_chain_expiry_index(chain), *strike_index = gex_chain_strike_index(chain);

    for (int64_t first = 0, end; first < rows; first = end) {
        for (end = first + 1; end < rows && expiry_index[order[end]] == expiry_index[order[first]] &&
                              strike_index[order[end]] == strike_index[order[first]]; end++)
            ;
        if (expiry_index[order[first]] == expiry)
            strike_add(market, order + first, end - first, gex_market_discount(market)[expiry], nearest);
    }
}

/* Middle of the forwards, the mean of the two middle ones; NaN of none. Leaves them sorted. */
static double median_of(double *value, int64_t count)
{
    for (int64_t i = 1; i < count; i++) {
        const double held = value[i];
        int64_t at = i;

        for (; at > 0 && value[at - 1] > held; at--)
            value[at] = value[at - 1];
        value[at] = held;
    }
    return count == 0 ? (double)NAN : 0.5 * value[(count - 1) / 2] + 0.5 * value[count / 2];
}

gex_status gex_parity_basis(const gex_market *market, int64_t expiry, int64_t pairs, double *basis_out,
                            int64_t *count_out, gex_error *error)
{
    struct nearest nearest = {.most = pairs};
    struct gex__guest guest;

    if (basis_out != NULL)
        *basis_out = (double)NAN;
    if (count_out != NULL)
        *count_out = 0;
    if (market == NULL || basis_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and basis_out are required");
    if (expiry < 0 || expiry >= gex_market_expiry_count(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "expiry {i}: the chain has {i}", expiry,
                         gex_market_expiry_count(market));
    if (pairs < 1 || pairs > PAIRS_MOST)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} pairs: 1 to 64 can be taken", pairs);
    gex__guest_enter(&guest);
    nearest_find(market, expiry, &nearest);
    *basis_out = median_of(nearest.forward, nearest.count) - gex_market_spot(market);
    if (count_out != NULL)
        *count_out = nearest.count;
    gex__guest_leave(&guest);
    return GEX_OK;
}
