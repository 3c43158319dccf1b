/* SPDX-License-Identifier: Apache-2.0 */
/* What dealers trade as price moves, by repricing.   cc dealer_flow.c $(pkg-config --cflags --libs libgex) */
#include <gex.h>
#include <math.h>
#include <stdio.h>

enum { ROWS = 3, MOVES = 4 };
/* An inventory the caller knows: dealers short same-day calls, long a wing, short month-end puts. */
static const char symbol[ROWS][20] = {"SPXW270310C05500000", "SPXW270310C05525000", "SPXW270331P05300000"};
static const double vol[ROWS] = {0.125, 0.120, 0.185}, position[ROWS] = {-2500, 6000, -5000};
static const double spot = 5487.25, moved_to[MOVES] = {5432.38, 5473.53, 5500.97, 5542.12}; /* -1, -0.25, 0.25, 1 % */

static gex_status prepare(gex_chain **chain, gex_market **market, gex_book **book, gex_error *error)
{
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options options;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.symbol = (gex_text){symbol[0], sizeof symbol[0], sizeof symbol[0]};
    columns.vol = (gex_f64){vol, sizeof vol[0]};
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE, state.spot = spot, state.rate = 0.0385;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    options.positions = (gex_f64){position, sizeof(double)};
    if (gex_chain_create(NULL, &columns, NULL, chain, error) != GEX_OK ||
        gex_market_create(NULL, *chain, &state, market, error) != GEX_OK)
        return error->status;
    return gex_book_create(NULL, *chain, &options, book, error);
}

int main(void)
{
    gex_error error = {0};
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_flow *flow = NULL;
    gex_flow_options moves;
    gex_flow_options_init(&moves, sizeof moves);
    moves.rows = MOVES;
    moves.spot = (gex_f64){moved_to, sizeof moved_to[0]};
    if (prepare(&chain, &market, &book, &error) == GEX_OK &&
        gex_flow_compute(NULL, market, book, &moves, &flow, &error) == GEX_OK)
        for (int i = 0; i < MOVES; i++) {
            const double exact = gex_flow_column(flow, GEX_FLOW_EXACT)[i];
            const double linear = gex_flow_column(flow, GEX_FLOW_LINEAR)[i];
            printf("to %.2f: dealers %-4s %6.0f shares repriced, %-4s %6.0f on a straight line\n", moved_to[i],
                   exact < 0.0 ? "SELL" : "BUY", fabs(exact), linear < 0.0 ? "SELL" : "BUY", fabs(linear));
        }
    else
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_flow_free(flow);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    return error.status == GEX_OK ? 0 : 1;
}
