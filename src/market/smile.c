/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smile that a market's own volatilities make: for each expiry one node a strike, from the side out of the money
 * (puts below the forward, calls at and above it), else from the other. Contracts on an adjusted deliverable have
 * volatilities of their own and are no part of it. Between strikes total variance is a monotone cubic, beyond them it
 * goes on straight.
 */
#include "smile.h"

#include <math.h>

/* Rows [from, to) of the canonical order that share settlement and strike. */
static int64_t strike_end(const gex_chain *chain, int64_t from)
{
    const int64_t *order = gex_chain_order(chain), rows = gex_chain_rows(chain);
    const int32_t *expiry = gex_chain_expiry_index(chain), *strike = gex_chain_strike_index(chain);
    int64_t to = from + 1;

    while (to < rows && strike[order[to]] == strike[order[from]] && expiry[order[to]] == expiry[order[from]])
        to++;
    return to;
}

/* The row a strike takes its volatility from, -1: none. */
static int64_t strike_row(const gex_market *market, int64_t from, int64_t to)
{
    const gex_chain *chain = market->chain;
    const int64_t *order = gex_chain_order(chain);
    const int32_t expiry = gex_chain_expiry_index(chain)[order[from]];
    const int8_t out = gex_chain_strike(chain)[order[from]] < market->curve.forward[expiry] ? GEX_PUT : GEX_CALL;
    int64_t other = -1;

    for (int64_t i = from; i < to; i++) {
        const int64_t row = order[i];

        if (market->status[row] != GEX_ROW_USED || (market->flags[row] & GEX_FLAG_ADJUSTED_ROOT) != 0)
            continue;
        if (gex_chain_right(chain)[row] == out)
            return row;
        if (other < 0)
            other = row;
    }
    return other;
}

/* What the surface is made from. */
struct nodes {
    int64_t  count;
    int32_t *expiry;
    double  *strike, *vol;
};

static void nodes_fill(const gex_market *market, const double *vol, struct nodes *nodes)
{
    const gex_chain *chain = market->chain;
    const int64_t *order = gex_chain_order(chain);
    int64_t end;

    for (int64_t from = 0; from < market->rows && gex_chain_strike_index(chain)[order[from]] >= 0; from = end) {
        const int32_t expiry = gex_chain_expiry_index(chain)[order[from]];
        int64_t row;

        end = strike_end(chain, from);
        row = market->curve.source[expiry] != 0 ? strike_row(market, from, end) : -1;
        if (row < 0)
            continue;
        nodes->expiry[nodes->count] = expiry;
        nodes->strike[nodes->count] = gex_chain_strike(chain)[row];
        nodes->vol[nodes->count++] = vol[row];
    }
}

static gex_status surface_of(const gex_context *context, const gex_market *market, const double *years,
                             const struct nodes *nodes, const gex_surface **out)
{
    gex_raw_columns columns;
    gex_surface *surface = NULL;
    gex_status status;

    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = GEX_WINGS_LINEAR;
    columns.expiries = market->curve.count;
    columns.years = (gex_f64){years, sizeof(double)};
    columns.forward = (gex_f64){market->curve.forward, sizeof(double)};
    columns.spot = market->base.spot;
    columns.rows = nodes->count;
    columns.expiry = (gex_i32){nodes->expiry, sizeof(int32_t)};
    columns.strike = (gex_f64){nodes->strike, sizeof(double)};
    columns.vol = (gex_f64){nodes->vol, sizeof(double)};
    status = gex_surface_create_raw(context, &columns, &surface, NULL);
    *out = surface;
    return status == GEX_ERR_DOMAIN ? GEX_OK : status; /* no expiry has a smile: every one is flat */
}

gex_status gex__smile_create(const gex_context *context, const gex_market *market, bool on_clock,
                             const gex_surface **out)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__layout layout = {0};
    const int64_t expiry = gex__layout_add(&layout, market->rows, sizeof(int32_t));
    const int64_t strike = gex__layout_add(&layout, market->rows, sizeof(double));
    const int64_t vol = gex__layout_add(&layout, market->rows, sizeof(double));
    struct nodes nodes = {.count = 0};
    gex_status status;
    char *block;

    *out = NULL;
    if (market->curve.count == 0)
        return GEX_OK;
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return GEX_ERR_MEMORY;
    nodes.expiry = (int32_t *)(void *)(block + expiry);
    nodes.strike = (double *)(void *)(block + strike);
    nodes.vol = (double *)(void *)(block + vol);
    nodes_fill(market, on_clock ? market->vol : market->calendar_vol, &nodes);
    status = surface_of(context, market, on_clock ? market->times.years : market->curve.years, &nodes, out);
    gex__memory_put(&memory, block, layout.size);
    return status;
}

double gex__smile_factor(const gex_market *market, int64_t expiry)
{
    const double years = market->times.years[expiry];

    return years > 0 ? sqrt(market->curve.years[expiry] / years) : 1;
}

gex_status gex__market_smile(const gex_context *context, gex_market *market, int64_t *bad)
{
    for (int64_t e = 0; e < market->curve.count; e++)
        market->smile_factor[e] = gex__smile_factor(market, e), market->smile_offset[e] = 0;
    market->motion.given = market->surface != NULL;
    if (market->motion.given)
        return gex__smile_sampled(context, market, &market->motion.smile, bad);
    if (!gex__motion_is_smiling(&market->motion))
        return GEX_OK;
    return gex__smile_create(context, market, false, &market->motion.smile);
}

const struct gex__motion *gex__market_motion(const gex_market *market)
{
    return &market->motion;
}

struct gex__place gex__market_place(const gex_market *market, const struct gex__motion *motion, int32_t expiry,
                                    double strike, double root)
{
    const double k = gex__log_moneyness(strike, market->curve.forward[expiry]) + market->smile_offset[expiry];

    return gex__motion_place(motion, expiry, k, root * market->smile_factor[expiry]);
}
