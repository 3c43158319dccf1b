/* SPDX-License-Identifier: Apache-2.0 */
/* Net dealer gamma of three options.   cc net_gamma.c $(pkg-config --cflags --libs libgex) */
#include <gex.h>
#include <stdio.h>

/* Columns in: one symbol, volatility and open interest a row. */
static gex_status three_options(gex_chain **chain, gex_error *error)
{
    static const char symbol[3][20] = {"SPXW270310C05500000", "SPXW270310P05450000", "SPX270416P05000000"};
    static const double vol[3] = {0.125, 0.148, 0.221}, open_interest[3] = {4000, 6500, 21000};
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.symbol = (gex_text){symbol[0], sizeof symbol[0], sizeof symbol[0]};
    columns.vol = (gex_f64){vol, sizeof vol[0]};
    columns.open_interest = (gex_f64){open_interest, sizeof open_interest[0]};
    return gex_chain_create(NULL, &columns, NULL, chain, error);
}

int main(void)
{
    gex_error error = {0};
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_greeks *greeks = NULL;
    gex_exposure *gamma = NULL;
    gex_market_options state;
    gex_book_options sign;
    gex_exposure_options unit;

    gex_market_options_init(&state, sizeof state); /* every choice is the caller's */
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    state.spot = 5487.25, state.rate = 0.0385, state.carry_yield = 0.0125;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = GEX_UNIT_GEX_USD_PCT;
    if (three_options(&chain, &error) == GEX_OK &&
        gex_market_create(NULL, chain, &state, &market, &error) == GEX_OK &&
        gex_book_create(NULL, chain, &sign, &book, &error) == GEX_OK &&
        gex_greeks_compute(NULL, market, &greeks, &error) == GEX_OK &&
        gex_exposure_compute(NULL, greeks, book, &unit, &gamma, &error) == GEX_OK)
        printf("dealers' delta changes by %.0f %s\n", gex_exposure_total(gamma), gex_unit_label(unit.unit));
    else
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);

    gex_exposure_free(gamma);
    gex_greeks_free(greeks);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    return error.status == GEX_OK ? 0 : 1;
}
