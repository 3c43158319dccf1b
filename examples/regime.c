/* SPDX-License-Identifier: Apache-2.0 */
/* Long or short gamma, how sure that is, and until when.   cc regime.c $(pkg-config --cflags --libs libgex) */
#include <gex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 6 };
static const char symbol[ROWS][20] = {"SPXW270310P05450000", "SPXW270310C05500000", "SPXW270312P05400000",
                                      "SPXW270312C05550000", "SPX270416P05200000", "SPX270416C05600000"};
static const double vol[ROWS] = {0.150, 0.125, 0.165, 0.118, 0.196, 0.131};
static const double open_interest[ROWS] = {6500, 9000, 8000, 12000, 40000, 35000};

/* All stages in the order they are made; what is made from another keeps it, so they may be freed in any order. */
struct stages {
    gex_chain       *chain;
    gex_market      *market;
    gex_book        *book;
    gex_uncertainty *uncertainty;
    gex_greeks      *greeks;
    gex_exposure    *gamma;
    gex_flips       *flips;
    gex_bands       *net, *curve;
    gex_flip_bands  *sampled;
    gex_field       *field;
};

static gex_status begin(struct stages *s, gex_error *error)
{
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options sign;
    gex_uncertainty_options doubt;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.symbol = (gex_text){symbol[0], sizeof symbol[0], sizeof symbol[0]};
    columns.vol = (gex_f64){vol, sizeof vol[0]};
    columns.open_interest = (gex_f64){open_interest, sizeof open_interest[0]};
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    state.spot = 5487.25, state.rate = 0.0385;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_uncertainty_options_init(&doubt, sizeof doubt);
    doubt.share = 0.4, doubt.correlation = 0.3; /* a position may be off by 40 % of itself, and calls err together */
    if (gex_chain_create(NULL, &columns, NULL, &s->chain, error) == GEX_OK &&
        gex_market_create(NULL, s->chain, &state, &s->market, error) == GEX_OK &&
        gex_book_create(NULL, s->chain, &sign, &s->book, error) == GEX_OK)
        gex_uncertainty_create(NULL, s->book, &doubt, &s->uncertainty, error);
    return error->status;
}

/* Where dealers stand, and the probability of it: exact, as exposures are linear in positions. */
static gex_status stand(struct stages *s, gex_error *error)
{
    gex_exposure_options unit;
    gex_profile_options range;
    int32_t regime;

    gex_exposure_options_init(&unit, sizeof unit);
    gex_profile_options_init(&range, sizeof range);
    unit.unit = range.unit = GEX_UNIT_GEX_USD_PCT;
    if (gex_greeks_compute(NULL, s->market, &s->greeks, error) != GEX_OK ||
        gex_exposure_compute(NULL, s->greeks, s->book, &unit, &s->gamma, error) != GEX_OK ||
        gex_flips_compute(NULL, s->market, s->book, &range, &s->flips, error) != GEX_OK ||
        gex_bands_of_exposure(NULL, s->greeks, s->uncertainty, &unit, NULL, &s->net, error) != GEX_OK)
        return error->status;
    regime = gex_regime_of(s->gamma, s->flips);
    printf("%s: %s\n", gex_regime_text(regime), gex_regime_words(regime));
    printf("net %.0f m USD per 1 %%, nine in ten from %.0f to %.0f; above zero in %.0f %%\n",
           gex_exposure_total(s->gamma) / 1e6, gex_bands_quantile(s->net, 0, 0.05) / 1e6,
           gex_bands_quantile(s->net, 0, 0.95) / 1e6, 100.0 * gex_bands_above(s->net, NULL)[0]);
    return GEX_OK;
}

/* The flip: where it is, and where it is in 4,096 books drawn from the errors. */
static gex_status flip(struct stages *s, gex_error *error)
{
    gex_bands_options range;

    gex_bands_options_init(&range, sizeof range);
    range.unit = GEX_UNIT_GEX_USD_PCT;
    range.low = 0.95, range.high = 1.05;
    if (gex_bands_of_states(NULL, s->market, s->uncertainty, &range, &s->curve, error) != GEX_OK ||
        gex_flip_bands_compute(NULL, s->curve, NULL, &s->sampled, error) != GEX_OK)
        return error->status;
    if (gex_flips_nearest(s->flips) >= 0)
        printf("flip %.1f; of sampled books half have one from %.0f to %.0f\n",
               gex_flips_price(s->flips, gex_flips_nearest(s->flips)),
               gex_flip_bands_quantile(s->sampled, GEX_FLIP_NEAREST, 0.25),
               gex_flip_bands_quantile(s->sampled, GEX_FLIP_NEAREST, 0.75));
    return GEX_OK;
}

/* From now to the close where price stays: exposure left, and shares traded on the way. */
static gex_status fade(struct stages *s, gex_error *error)
{
    static const int32_t wanted[2] = {GEX_UNIT_GEX_USD_PCT, GEX_FIELD_FLOW};
    const double spot = gex_market_spot(s->market);
    gex_field_options to_close;
    int64_t steps = 0;
    const int64_t *instant;

    gex_field_options_init(&to_close, sizeof to_close);
    to_close.quantities = wanted, to_close.quantity_count = 2;
    to_close.prices = (gex_f64){&spot, 0}, to_close.points = 1, to_close.steps = 4;
    if (gex_field_compute(NULL, s->market, s->book, &to_close, &s->field, error) != GEX_OK)
        return error->status;
    instant = gex_field_instants(s->field, &steps);
    for (int64_t t = 0; t < steps; t++) {
        const double flow = gex_field_values(s->field, GEX_FIELD_FLOW, NULL)[t];
        char when[40];
        gex_instant_format(instant[t], GEX_ZONE_NEW_YORK, when, sizeof when);
        printf("%.5s  net %5.0f m  %s %.0f shares since now\n", when + strlen("2027-03-10T"),
               gex_field_values(s->field, GEX_UNIT_GEX_USD_PCT, NULL)[t] / 1e6, flow < 0.0 ? "SELL" : "BUY",
               flow < 0.0 ? -flow : flow);
    }
    return GEX_OK;
}

/* A gex_write into memory that is large enough: gex_market_save_size() says how much that is. */
static int32_t keep(void *user, const char *bytes, int64_t length)
{
    char **end = user;

    memcpy(*end, bytes, (size_t)length);
    *end += length;
    return 0;
}

/* Market and book as bytes, for tomorrow; read again they say the same to the bit. */
static gex_status again(const struct stages *s, gex_error *error)
{
    const int64_t market_bytes = gex_market_save_size(s->market), book_bytes = gex_book_save_size(s->book);
    char *bytes = malloc((size_t)(market_bytes + book_bytes)), *end = bytes;
    struct stages read = {.market = NULL};
    gex_exposure_options unit;

    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = GEX_UNIT_GEX_USD_PCT;
    if (bytes != NULL && gex_market_save(s->market, keep, &end, error) == GEX_OK &&
        gex_book_save(s->book, keep, &end, error) == GEX_OK &&
        gex_market_load(NULL, bytes, market_bytes, &read.market, error) == GEX_OK &&
        gex_book_load(NULL, gex_market_chain(read.market), bytes + market_bytes, book_bytes, &read.book, error) ==
            GEX_OK &&
        gex_greeks_compute(NULL, read.market, &read.greeks, error) == GEX_OK &&
        gex_exposure_compute(NULL, read.greeks, read.book, &unit, &read.gamma, error) == GEX_OK)
        printf("saved and read again: %s\n",
               gex_exposure_total(read.gamma) == gex_exposure_total(s->gamma) ? "the same to the bit" : "different");
    gex_exposure_free(read.gamma);
    gex_greeks_free(read.greeks);
    gex_book_free(read.book);
    gex_market_free(read.market);
    free(bytes);
    return error->status;
}

int main(void)
{
    gex_error error = {0};
    struct stages s = {.chain = NULL};

    if (begin(&s, &error) != GEX_OK || stand(&s, &error) != GEX_OK || flip(&s, &error) != GEX_OK ||
        fade(&s, &error) != GEX_OK || again(&s, &error) != GEX_OK)
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_field_free(s.field);
    gex_flip_bands_free(s.sampled);
    gex_bands_free(s.curve);
    gex_bands_free(s.net);
    gex_flips_free(s.flips);
    gex_exposure_free(s.gamma);
    gex_greeks_free(s.greeks);
    gex_uncertainty_free(s.uncertainty);
    gex_book_free(s.book);
    gex_market_free(s.market);
    gex_chain_free(s.chain);
    return error.status == GEX_OK ? 0 : 1;
}
