/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a live as ordinary objects. */
#include "dealer/book.h"
#include "live.h"

static gex_market_options options_of(const gex_live *live)
{
    const struct gex_market *held = &live->held;
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = held->timing.clock;
    options.vol_clock = held->timing.vol_clock;
    options.calendar = held->timing.calendar;
    options.as_of = held->base.as_of;
    options.spot = held->base.spot;
    options.vol = GEX_VOL_GIVEN;
    options.vol_low = held->vol_low;
    options.vol_high = held->vol_high;
    options.style = held->style;
    options.dynamics = held->dynamics;
    options.dynamics_parameter = gex__motion_parameter(&held->motion, held->dynamics);
    options.surface = held->surface;
    options.surface_clock = held->surface != NULL ? held->surface_clock : 0;
    options.rate = held->base.rate;
    options.carry_yield = held->base.carry;
    options.forward = held->forward_rule;
    if (options.forward == GEX_FORWARD_GIVEN) {
        options.forwards = (gex_f64){held->curve.forward, sizeof(double)};
        options.discounts = (gex_f64){held->curve.discount, sizeof(double)};
    }
    gex__payout_give(&held->payout, &options);
    return options;
}

gex_status gex_live_freeze(const gex_context *context, gex_live *live, gex_market **market_out, gex_book **book_out,
                           gex_error *error)
{
    struct gex_chain *chain;
    gex_market_options options;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_status status;

    if (market_out != NULL)
        *market_out = NULL;
    if (book_out != NULL)
        *book_out = NULL;
    if (live == NULL || market_out == NULL || book_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live, market_out and book_out are required");
    status = gex_live_refresh(context, live, error);
    if (status != GEX_OK)
        return status;
    chain = gex__chain_requote(context, live->given, live->bid, live->ask, live->vol_kept);
    options = options_of(live);
    if (chain != NULL)
        status = gex_market_create(context, chain, &options, &market, error);
    for (int64_t e = 0; market != NULL && e < live->expiries; e++)
        market->curve.early[e] = live->held.curve.early[e];
    if (market != NULL)
        book = gex__book_of(context, chain, live->sign, live->source, live->traded ? " + live" : "", live->position);
    gex__object_release(chain);
    if (book == NULL) {
        gex__object_release(market);
        return status != GEX_OK ? status
                                : gex__fail(error, GEX_ERR_MEMORY, -1, "no memory to freeze {i} rows", live->rows);
    }
    *market_out = market;
    *book_out = book;
    return GEX_OK;
}
