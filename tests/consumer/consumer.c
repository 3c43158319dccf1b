/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody else: it knows an installed libgex and nothing of this tree. */
#include <gex.h>
#include <stdio.h>

int main(void)
{
    const char symbols[2][24] = {"SPXW231013C05200000", "SPXW231013P04800000"};
    const double vols[2] = {0.125, 0.185}, interest[2] = {40000, 50000};
    gex_error error = {0};
    gex_chain_columns columns;
    gex_market_options market_options;
    gex_book_options book_options;
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_map *map = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 2;
    columns.symbol = (gex_text){symbols[0], sizeof symbols[0], sizeof symbols[0]};
    columns.vol = (gex_f64){vols, sizeof(double)};
    columns.open_interest = (gex_f64){interest, sizeof(double)};
    gex_market_options_init(&market_options, sizeof market_options);
    market_options.clock = GEX_CLOCK_CAL_365;
    market_options.vol = GEX_VOL_GIVEN;
    market_options.forward = GEX_FORWARD_RATE;
    market_options.style = GEX_STYLE_EUROPEAN;
    market_options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    market_options.spot = 5000;
    gex_book_options_init(&book_options, sizeof book_options);
    book_options.sign = GEX_SIGN_NAIVE_CALL_LONG;
    if (gex_instant_parse("2023-09-14T13:00:00", 19, GEX_ZONE_NEW_YORK, &market_options.as_of, &error) == GEX_OK &&
        gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK &&
        gex_market_create(NULL, chain, &market_options, &market, &error) == GEX_OK &&
        gex_book_create(NULL, chain, &book_options, &book, &error) == GEX_OK &&
        gex_map_compute(NULL, market, book, NULL, &map, &error) == GEX_OK)
        printf("libgex %s: %.6f USD per 1 %% of spot\n", gex_version(), gex_exposure_total(gex_map_gamma(map)));
    else
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_map_free(map);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    return error.status == GEX_OK ? 0 : 1;
}
