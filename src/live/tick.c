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

/* ---- stored: behind the doors, the host's floating point put aside where a number is looked at ------------------- */

static void quote_store(gex_live *live, int64_t row, double bid, double ask)
{
    live->bid[row] = bid;
    live->ask[row] = ask;
    if (live->seen.vol_rule != GEX_VOL_GIVEN)
        gex__live_touch(live, row, GEX__TODO_VOL);
}

static void vol_store(gex_live *live, int64_t row, double vol)
{
    if (live->seen.vol_rule == GEX_VOL_IMPLIED) {
        live->vol_kept[row] = vol;
        gex__live_touch(live, row, GEX__TODO_KEEP);
        live->todo[row] &= (uint8_t)~GEX__TODO_VOL; /* of an earlier quote; the row stays listed */
    } else {
        live->vol_given[row] = vol;
        gex__live_touch(live, row, GEX__TODO_VOL);
    }
}

static void position_store(gex_live *live, int64_t row, double contracts)
{
    live->position[row] = gex__book_position(contracts);
    live->traded = true;
    gex__live_touch(live, row, GEX__TODO_VALUE);
}

/* ---- one tick ---------------------------------------------------------------------------------------------------- */

gex_status gex_live_set_quote(gex_live *live, int64_t row, double bid, double ask, gex_error *error)
{
    const gex_status status = row_check(live, row, error);

    if (status == GEX_OK)
        quote_store(live, row, bid, ask);
    return status;
}

gex_status gex_live_set_vol(gex_live *live, int64_t row, double vol, gex_error *error)
{
    const gex_status status = row_check(live, row, error);

    if (status == GEX_OK)
        vol_store(live, row, vol);
    return status;
}

gex_status gex_live_set_position(gex_live *live, int64_t row, double contracts, gex_error *error)
{
    const gex_status status = row_check(live, row, error);
    struct gex__guest guest;

    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    position_store(live, row, contracts);
    gex__guest_leave(&guest);
    return GEX_OK;
}

gex_status gex_live_trade(gex_live *live, int64_t row, double contracts, gex_error *error)
{
    const gex_status status = row_check(live, row, error);
    struct gex__guest guest;
    bool possible;

    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    possible = isfinite(contracts);
    if (possible)
        position_store(live, row, live->position[row] + contracts);
    gex__guest_leave(&guest);
    if (!possible)
        return gex__fail(error, GEX_ERR_DOMAIN, row, "a trade of {g} contracts: it must be finite", contracts);
    return GEX_OK;
}

/* ---- many -------------------------------------------------------------------------------------------------------- */

enum { COLUMNS_0_1 = offsetof(gex_live_columns, trade) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || COLUMNS_0_1 == 112, "the first size of the columns is part of the ABI");

void gex_live_columns_init(gex_live_columns *columns, uint32_t struct_size)
{
    static const gex_live_columns defaults = {.count = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

static int64_t row_of(const gex_live_columns *columns, int64_t i)
{
    return columns->row.data != NULL ? gex__i64_at(columns->row, i) : i;
}

static gex_status columns_check(const gex_live_columns *columns, gex_error *error)
{
    const gex_f64 *const all[] = {&columns->bid, &columns->ask, &columns->vol, &columns->position, &columns->trade};
    bool any = false;

    if (columns->count < 0 || columns->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "count is {i}, reserved {i}: neither may be so", columns->count,
                         (int64_t)columns->reserved);
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        any = any || all[c]->data != NULL;
        if (!gex__stride_fits(all[c]->data, all[c]->stride, columns->count))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of a column of {i} ticks overflows",
                             columns->count);
    }
    if (!gex__stride_fits(columns->row.data, columns->row.stride, columns->count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of row times {i} ticks overflows", columns->count);
    if ((columns->bid.data == NULL) != (columns->ask.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bid and ask come together: give both columns or neither");
    if (!any)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "no column to set: give bid and ask, vol, position or trade");
    return GEX_OK;
}

static gex_status ticks_check(const gex_live *live, const gex_live_columns *columns, gex_error *error)
{
    for (int64_t i = 0; i < columns->count; i++) {
        const int64_t row = row_of(columns, i);

        if (row < 0 || row >= live->rows)
            return gex__fail(error, GEX_ERR_ARGUMENT, i, "tick {i} is of row {i} of a live of {i} rows", i, row,
                             live->rows);
        if (columns->trade.data != NULL && !isfinite(gex__f64_at(columns->trade, i)))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "tick {i} is a trade of {g} contracts: it must be finite", i,
                             gex__f64_at(columns->trade, i));
    }
    return GEX_OK;
}

static void tick_store(gex_live *live, const gex_live_columns *columns, int64_t i)
{
    const int64_t row = row_of(columns, i);

    if (columns->bid.data != NULL)
        quote_store(live, row, gex__f64_at(columns->bid, i), gex__f64_at(columns->ask, i));
    if (columns->vol.data != NULL)
        vol_store(live, row, gex__f64_at(columns->vol, i));
    if (columns->position.data != NULL)
        position_store(live, row, gex__f64_at(columns->position, i));
    if (columns->trade.data != NULL)
        position_store(live, row, live->position[row] + gex__f64_at(columns->trade, i));
}

gex_status gex_live_set_columns(gex_live *live, const gex_live_columns *columns, gex_error *error)
{
    gex_live_columns mine = {.count = 0};
    struct gex__guest guest;
    gex_status status;

    if (live == NULL || columns == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live and columns are required");
    if (gex__options_take(&mine, sizeof mine, COLUMNS_0_1, columns) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "live columns: struct_size {u}", columns->struct_size);
    gex__guest_enter(&guest);
    status = columns_check(&mine, error);
    if (status == GEX_OK)
        status = ticks_check(live, &mine, error);
    for (int64_t i = 0; status == GEX_OK && i < mine.count; i++)
        tick_store(live, &mine, i);
    gex__guest_leave(&guest);
    return status;
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
            return gex__fail(error, GEX_ERR_ARGUMENT, e,
                             "the market has other expiries: it has to be of the same contracts");
    if (market->payout.dividends.count > live->dividends)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "the market has {i} dividends, the live room for the {i} of its own",
                         market->payout.dividends.count, live->dividends);
    if (market->base.as_of > live->next_as_of)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "the market is of a later instant than the live");
    gex__guest_enter(&guest);
    gex__held_take(&live->base, market);
    gex__live_payout(live, market);
    gex__guest_leave(&guest);
    live->held.forward_rule = live->base.flat ? GEX_FORWARD_RATE : GEX_FORWARD_GIVEN;
    live->held.base.rate = market->base.rate;
    live->held.base.carry = market->base.carry;
    live->reforwarded = true;
    return GEX_OK;
}
