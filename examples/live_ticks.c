/* SPDX-License-Identifier: Apache-2.0 */
/* Dealer gamma that follows ticks.   cc live_ticks.c $(pkg-config --cflags --libs libgex) */
#include <gex.h>
#include <stdio.h>

static const char symbol[3][20] = {"SPXW270310C05500000", "SPXW270310P05450000", "SPX270416P05000000"};
static const double vol[3] = {0.125, 0.148, 0.221}, position[3] = {-4000, -6500, 21000};

static gex_status start(gex_live **live, gex_error *error)
{
    static const int32_t unit = GEX_UNIT_GEX_USD_PCT;
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options held;
    gex_live_options wanted;
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.symbol = (gex_text){symbol[0], sizeof symbol[0], sizeof symbol[0]};
    columns.vol = (gex_f64){vol, sizeof vol[0]};
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE, state.spot = 5487.25,
    state.rate = 0.0385;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN, held.positions = (gex_f64){position, sizeof position[0]};
    gex_live_options_init(&wanted, sizeof wanted);
    wanted.units = (gex_i32){&unit, sizeof unit}, wanted.unit_count = 1;
    if (gex_chain_create(NULL, &columns, NULL, &chain, error) == GEX_OK &&
        gex_market_create(NULL, chain, &state, &market, error) == GEX_OK &&
        gex_book_create(NULL, chain, &held, &book, error) == GEX_OK)
        gex_live_create(NULL, market, book, &wanted, live, error);
    gex_book_free(book); /* the live has what it needs */
    gex_market_free(market);
    gex_chain_free(chain);
    return error->status;
}

static void show(const char *what, const gex_live *live)
{
    printf("%-26s %+8.1f m USD a 1 %% move\n", what, gex_live_total(live, GEX_UNIT_GEX_USD_PCT) / 1e6);
}

int main(void)
{
    gex_error error = {0};
    gex_live *live = NULL;

    if (start(&live, &error) == GEX_OK) {
        show("at the start", live);
        if (gex_live_set_spot(live, 5470.25, &error) == GEX_OK && gex_live_refresh(NULL, live, &error) == GEX_OK)
            show("spot falls to 5470.25", live);
        if (gex_live_trade(live, 1, 2500, &error) == GEX_OK && gex_live_refresh(NULL, live, &error) == GEX_OK)
            show("dealers buy 2,500 puts", live);
        if (gex_live_set_vol(live, 0, 0.14, &error) == GEX_OK && gex_live_refresh(NULL, live, &error) == GEX_OK)
            show("calls bid up to 14 %", live);
    }
    if (error.status != GEX_OK)
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_live_free(live);
    return error.status == GEX_OK ? 0 : 1;
}
