/* SPDX-License-Identifier: Apache-2.0 */
/* An index, its fund and two of its names as one book.   cc basket.c $(pkg-config --cflags --libs libgex) */
#include <gex.h>
#include <stdio.h>

enum { MEMBERS = 4, ROWS = 4 };
/* Inventories the caller knows: dealers short the index's volatility, long that of its names. */
static const struct member {
    const char *name;
    double      spot;
    int32_t     link;
    double      factor;
    int32_t     role;
    double      weight;
    char        symbol[ROWS][20];
    double      vol[ROWS], position[ROWS];
} members[MEMBERS] = {
    {"SPX", 5487.25, GEX_LINK_RATIO, 1, GEX_ROLE_INDEX, 0,
     {"SPXW270310C05500000", "SPXW270416C05600000", "SPXW270416P05300000", "SPXW270521P05500000"},
     {0.125, 0.128, 0.176, 0.149}, {2500, 9000, -11000, -4000}},
    {"SPY", 549.10, GEX_LINK_RATIO, 1, GEX_ROLE_OTHER, 0,
     {"SPY270310C00550000", "SPY270416C00560000", "SPY270416P00530000", "SPY270521P00550000"},
     {0.126, 0.129, 0.175, 0.148}, {9000, 42000, -50000, -21000}},
    {"AAA", 181.40, GEX_LINK_BETA, 1.25, GEX_ROLE_CONSTITUENT, 0.50,
     {"AAA270416C00180000", "AAA270416P00170000", "AAA270521C00180000", "AAA270521C00200000"},
     {0.182, 0.199, 0.184, 0.171}, {30000, 12000, 15000, 20000}},
    {"BBB", 64.05, GEX_LINK_BETA, 0.80, GEX_ROLE_CONSTITUENT, 0.50,
     {"BBB270416C00065000", "BBB270416P00060000", "BBB270521C00065000", "BBB270521P00060000"},
     {0.164, 0.183, 0.166, 0.179}, {25000, 30000, 10000, 8000}},
};

/* @return 1 when the member's market and book are there. */
static int prepare(const struct member *member, gex_market **market, gex_book **book, gex_error *error)
{
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options held;
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.symbol = (gex_text){member->symbol[0], sizeof member->symbol[0], sizeof member->symbol[0]};
    columns.vol = (gex_f64){member->vol, sizeof(double)};
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    state.spot = member->spot, state.rate = 0.0385, state.carry_yield = 0.0125;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN, held.positions = (gex_f64){member->position, sizeof(double)};
    if (gex_chain_create(NULL, &columns, NULL, &chain, error) == GEX_OK &&
        gex_market_create(NULL, chain, &state, market, error) == GEX_OK)
        gex_book_create(NULL, chain, &held, book, error);
    gex_chain_free(chain);
    return error->status == GEX_OK;
}

static gex_status assemble(gex_basket **basket, gex_error *error)
{
    gex_market *market[MEMBERS] = {NULL};
    gex_book *book[MEMBERS] = {NULL};
    gex_basket_columns columns;
    int made = 0;

    while (made < MEMBERS && prepare(&members[made], &market[made], &book[made], error))
        made++;
    gex_basket_columns_init(&columns, sizeof columns);
    columns.rows = MEMBERS, columns.spot = members[0].spot; /* hedged with the index */
    columns.market = (const gex_market *const *)market, columns.book = (const gex_book *const *)book;
    columns.link = (gex_i32){&members[0].link, sizeof *members};
    columns.factor = (gex_f64){&members[0].factor, sizeof *members};
    columns.role = (gex_i32){&members[0].role, sizeof *members};
    columns.weight = (gex_f64){&members[0].weight, sizeof *members};
    if (made == MEMBERS)
        gex_basket_create(NULL, &columns, basket, error);
    for (int i = 0; i < MEMBERS; i++) { /* the basket keeps what it needs */
        gex_book_free(book[i]);
        gex_market_free(market[i]);
    }
    return error->status;
}

static gex_status show_gamma(const gex_basket *basket, gex_error *error)
{
    gex_exposure_options unit;
    gex_basket_exposure *gamma = NULL;
    gex_combo *combo = NULL;
    double wall = 0;

    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = GEX_UNIT_GEX_USD_PCT;
    if (gex_basket_exposure_compute(NULL, basket, &unit, &gamma, error) == GEX_OK &&
        gex_combo_compute(NULL, gamma, NULL, &combo, error) == GEX_OK &&
        gex_combo_level(combo, GEX_LEVEL_CALL_WALL_NET, 0, &wall, NULL, error) == GEX_OK) {
        for (int i = 0; i < MEMBERS; i++)
            printf("%-8s %+9.1f m USD per 1 %% of the index, beta %.2f\n", members[i].name,
                   gex_exposure_total(gex_basket_exposure_member(gamma, i)) / 1e6, gex_basket_beta(basket, i));
        printf("%-8s %+9.1f m\ncall wall at %.2f of the index, strikes of all four on its axis\n", "together",
               gex_basket_exposure_total(gamma) / 1e6, wall);
    }
    gex_combo_free(combo);
    gex_basket_exposure_free(gamma);
    return error->status;
}

static gex_status show_hedge(const gex_basket *basket, gex_error *error)
{
    const double to = members[0].spot * 0.99;
    double line[MEMBERS];
    gex_flow_options move;
    gex_flow *flow = NULL;

    gex_flow_options_init(&move, sizeof move);
    move.rows = 1;
    move.spot = (gex_f64){&to, 0};
    if (gex_basket_flow_compute(NULL, basket, &move, line, &flow, error) == GEX_OK)
        printf("index 1 %% down: %+.0f of its units, in futures of 50: %+.0f (SPX %+.0f, SPY %+.0f, names %+.0f)\n",
               gex_flow_column(flow, GEX_FLOW_EXACT)[0], gex_flow_column(flow, GEX_FLOW_EXACT)[0] / 50, line[0] / 50,
               line[1] / 50, (line[2] + line[3]) / 50);
    gex_flow_free(flow);
    return error->status;
}

static gex_status show_dispersion(const gex_basket *basket, gex_error *error)
{
    gex_dispersion_options options;
    gex_dispersion *made = NULL;

    gex_dispersion_options_init(&options, sizeof options);
    gex_instant_parse("2027-04-09T16:00", 16, GEX_ZONE_NEW_YORK, &options.tenor, NULL);
    if (gex_dispersion_compute(NULL, basket, &options, &made, error) == GEX_OK)
        printf("implied correlation %.3f, %s; vega of the index %+.0f, of names %+.0f USD per point;\n"
               "correlation up 0.01 with names' vols where they are: %+.0f USD\n",
               gex_dispersion_value(made, GEX_DISPERSION_CORRELATION),
               gex_correlation_text(gex_dispersion_status(made)), gex_dispersion_value(made, GEX_DISPERSION_INDEX_VEGA),
               gex_dispersion_value(made, GEX_DISPERSION_NAMES_VEGA),
               gex_dispersion_value(made, GEX_DISPERSION_CORRELATION_VEGA));
    gex_dispersion_free(made);
    return error->status;
}

int main(void)
{
    gex_error error = {0};
    gex_basket *basket = NULL;

    if (assemble(&basket, &error) != GEX_OK || show_gamma(basket, &error) != GEX_OK ||
        show_hedge(basket, &error) != GEX_OK || show_dispersion(basket, &error) != GEX_OK)
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_basket_free(basket);
    return error.status == GEX_OK ? 0 : 1;
}
