/* SPDX-License-Identifier: Apache-2.0 */
/* The market of a live: expiries at another spot and instant, a volatility per row that only quotes change. */
#include <math.h>

#include "live.h"
#include "market/strikes.h"

/* ---- expiries ---------------------------------------------------------------------------------------------------- */

void gex__held_take(struct gex__held *held, const gex_market *market)
{
    const struct gex__curve *curve = &market->curve;

    held->spot = market->base.spot;
    held->as_of = market->base.as_of;
    held->flat = market->forward_rule == GEX_FORWARD_RATE;
    for (int64_t e = 0; e < curve->count; e++) {
        held->forward[e] = curve->forward[e];
        held->discount[e] = curve->discount[e];
        held->rate[e] = curve->rate[e];
        held->carry[e] = curve->carry[e];
        held->early[e] = curve->early[e];
        held->flat = held->flat && curve->rate[e] == market->base.rate && curve->carry[e] == market->base.carry;
    }
}

void gex__live_payout(gex_live *live, const gex_market *market)
{
    gex_market_options options = {.as_of = market->base.as_of};

    gex__payout_give(&market->payout, &options);
    gex__payout_take(&live->held.payout, &options);
}

/* Each expiry keeps rate and carry; where neither spot nor instant moved,
 * the forward and discount it had to the bit. */
static int64_t curve_held(const gex_live *live, const struct gex__curve_base *base, struct gex__curve *curve)
{
    const struct gex__held *held = &live->base;
    const gex_f64 forwards = {curve->forward, sizeof(double)}, discounts = {curve->discount, sizeof(double)};
    const bool still = base->spot == held->spot && base->as_of == held->as_of;

    for (int64_t e = 0; e < curve->count; e++) {
        if (curve->source[e] == 0)
            continue;
        curve->forward[e] =
            still ? held->forward[e] : base->spot * exp((held->rate[e] - held->carry[e]) * curve->years[e]);
        curve->discount[e] = still ? held->discount[e] : exp(-held->rate[e] * curve->years[e]);
        if (curve->years[e] == 0)
            curve->forward[e] = base->spot, curve->discount[e] = 1;
    }
    return gex__curve_given(base, forwards, discounts, curve);
}

int64_t gex__live_curve(gex_live *live, double spot, int64_t as_of)
{
    const int64_t *expiries = gex_chain_expiries(live->given, NULL);
    struct gex_market *market = &live->held;
    int64_t bad;

    market->base.spot = spot;
    market->base.as_of = as_of;
    market->timing.as_of = as_of;
    bad = gex__curve_flat(&market->base, expiries, &market->curve);
    if (!live->base.flat)
        bad = curve_held(live, &market->base, &market->curve);
    gex__times_fill(&market->timing, expiries, market->curve.years, market->curve.count, &market->times);
    gex__payout_date(&market->payout, as_of);
    for (int64_t e = 0; e < market->curve.count; e++)
        market->curve.early[e] = live->base.early[e];
    live->seen.payout = market->payout;
    live->seen.base = market->base;
    live->seen.timing = market->timing;
    return bad;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

double gex__live_quoted(const gex_market *market, int64_t row)
{
    const int32_t e = gex_chain_expiry_index(market->chain)[row];
    const double given = gex_chain_vol(market->chain)[row];

    if (market->status[row] != GEX_ROW_USED)
        return market->vol_rule == GEX_VOL_GIVEN || (market->vol_rule == GEX_VOL_OTM && !isfinite(given)) ? given : 0;
    if (given * market->times.dated[e] == market->calendar_vol[row] &&
        given * market->times.restated[e] == market->vol[row])
        return given;
    return market->calendar_vol[row] / market->times.dated[e];
}

void gex__live_touch(gex_live *live, int64_t row, uint8_t todo)
{
    if (live->todo[row] == 0)
        live->set[live->set_count++] = (int32_t)row;
    live->todo[row] |= todo;
}

#define ANY_VOL 0.25 /* of a row that is refused: some number, so that those beside it are not valued one by one */

void gex__live_keep(gex_live *live, int64_t row)
{
    const int32_t place = live->place[row];

    gex__market_row(&live->held, row);
    if (place >= 0)
        live->vol[place] =
            live->held.status[row] == GEX_ROW_USED || live->american[gex_chain_expiry_index(live->given)[row]]
                ? live->held.calendar_vol[row]
                : ANY_VOL;
}

void gex__live_vols(gex_live *live)
{
    for (int64_t row = 0; row < live->rows; row++)
        gex__live_keep(live, row);
}

/* A row was seen by the market's rule; from now on it is held. */
static void row_take(gex_live *live, int64_t row)
{
    live->vol_kept[row] = gex__live_quoted(&live->seen, row);
    gex__live_keep(live, row);
    gex__live_touch(live, row, GEX__TODO_VALUE);
}

static void side_see(gex_live *live, struct gex__side side)
{
    for (int64_t i = side.from; i < side.to; i++)
        gex__market_row(&live->seen, gex_chain_order(live->given)[i]);
}

static void side_take(gex_live *live, struct gex__side side)
{
    for (int64_t i = side.from; i < side.to; i++)
        row_take(live, gex_chain_order(live->given)[i]);
}

void gex__live_vol(gex_live *live, int64_t row)
{
    struct gex__strike strike;

    if (live->seen.vol_rule == GEX_VOL_OTM && live->place[row] >= 0) {
        gex__strike_at(live->given, live->place[row], &strike);
        side_see(live, strike.puts);
        side_see(live, strike.calls);
        gex__market_strike(&live->seen, &strike);
        side_take(live, strike.puts);
        side_take(live, strike.calls);
        return;
    }
    gex__market_row(&live->seen, row);
    row_take(live, row);
}
