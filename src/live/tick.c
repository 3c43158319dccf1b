/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks: stored, and what they leave to do noted. */
#include <math.h>

#include "dealer/book.h"
#include "live.h"

static gex_status row_check(const gex_live *live, int64_t row, gex_error *error)
{
    if (live == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live is required");
    if (row < 0 || row >= live->rows)
        return gex__fail(error, GEX_ERR_ARGUMENT, row, "row {i} of a live of {i} rows", row, live->rows);
    return GEX_OK;
}

gex_status gex_live_set_spot(gex_live *live, double spot, gex_error *error)
{
    struct gex__guest guest;
    bool possible;

    if (live == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live is required");
    gex__guest_enter(&guest); /* comparing a NaN raises a flag, and traps where the host has them on */
    possible = spot > 0 && isfinite(spot);
    gex__guest_leave(&guest);
    if (!possible)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it must be finite and above zero", spot);
    live->next_spot = spot;
    return GEX_OK;
}

gex_status gex_live_set_as_of(gex_live *live, int64_t as_of, gex_error *error)
{
    if (live == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live is required");
    if (as_of < live->base.as_of)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "as_of lies before the market's: what settled does not come back");
    live->next_as_of = as_of;
    return GEX_OK;
}

gex_status gex_live_set_quote(gex_live *live, int64_t row, double bid, double ask, gex_error *error)
{
    const gex_status status = row_check(live, row, error);

    if (status != GEX_OK)
        return status;
    live->bid[row] = bid;
    live->ask[row] = ask;
    if (live->seen.vol_rule != GEX_VOL_GIVEN)
        gex__live_touch(live, row, GEX__TODO_VOL);
    return GEX_OK;
}

gex_status gex_live_set_vol(gex_live *live, int64_t row, double vol, gex_error *error)
{
    const gex_status status = row_check(live, row, error);

    if (status != GEX_OK)
        return status;
    if (live->seen.vol_rule == GEX_VOL_IMPLIED) {
        live->vol_kept[row] = vol;
        gex__live_touch(live, row, GEX__TODO_KEEP);
        live->todo[row] &= (uint8_t)~GEX__TODO_VOL; /* of an earlier quote; the row stays listed */
    } else {
        live->vol_given[row] = vol;
        gex__live_touch(live, row, GEX__TODO_VOL);
    }
    return GEX_OK;
}

gex_status gex_live_set_position(gex_live *live, int64_t row, double contracts, gex_error *error)
{
    const gex_status status = row_check(live, row, error);
    struct gex__guest guest;

    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    live->position[row] = gex__book_position(contracts);
    gex__guest_leave(&guest);
    live->traded = true;
    gex__live_touch(live, row, GEX__TODO_VALUE);
    return GEX_OK;
}

gex_status gex_live_trade(gex_live *live, int64_t row, double contracts, gex_error *error)
{
    gex_status status = row_check(live, row, error);
    struct gex__guest guest;
    bool possible;

    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    possible = isfinite(contracts);
    if (possible)
        live->position[row] = gex__book_position(live->position[row] + contracts);
    gex__guest_leave(&guest);
    if (!possible)
        return gex__fail(error, GEX_ERR_DOMAIN, row, "a trade of {g} contracts: it must be finite", contracts);
    live->traded = true;
    gex__live_touch(live, row, GEX__TODO_VALUE);
    return GEX_OK;
}

gex_status gex_live_reforward(gex_live *live, const gex_market *market, gex_error *error)
{
    const int64_t *mine, *theirs;
    int64_t count;
    struct gex__guest guest;

    if (live == NULL || market == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live and market are required");
    mine = gex_chain_expiries(live->given, NULL);
    theirs = gex_chain_expiries(market->chain, &count);
    for (int64_t e = 0; e < live->expiries; e++)
        if (count != live->expiries || mine[e] != theirs[e])
            return gex__fail(error, GEX_ERR_ARGUMENT, e, "the market has other expiries: it has to be of the same contracts");
    if (market->base.as_of > live->next_as_of)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "the market is of a later instant than the live");
    gex__guest_enter(&guest);
    gex__held_take(&live->base, market);
    gex__guest_leave(&guest);
    live->held.forward_rule = live->base.flat ? GEX_FORWARD_RATE : GEX_FORWARD_GIVEN;
    live->held.base.rate = market->base.rate;
    live->held.base.carry = market->base.carry;
    live->reforwarded = true;
    return GEX_OK;
}
