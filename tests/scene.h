/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test markets built from a table of rows: years to settlement instead of dates, so that what is written in
 * docs/conventions.md can be typed in as it stands. Included by the suites of the risk room, after check.h.
 */
#ifndef GEX_TESTS_SCENE_H
#define GEX_TESTS_SCENE_H

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define NOT_A_NUMBER  ((double)NAN)
#define HOUR          INT64_C(3600000000000) /* ns */
#define YEAR          (365.0 * 24.0 * 3600e9) /* ns */
#define AS_OF         INT64_C(1717434000000000000) /* Monday 2024-06-03, 13:00 New York: three hours before the close */

struct option_row {
    int8_t right;
    double strike, vol, open_interest, dealer, years;
};

struct scene {
    gex_chain  *chain;
    gex_market *market;
    gex_book   *book;
};

static inline gex_chain *scene_chain(const struct option_row *rows, int64_t count, double multiplier)
{
    const int64_t stride = sizeof *rows;
    int64_t *settlement = malloc((size_t)(count + 1) * sizeof *settlement);
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error;

    gex_chain_columns_init(&columns, sizeof columns);
    for (int64_t i = 0; i < count; i++)
        settlement[i] = AS_OF + (int64_t)llround(rows[i].years * YEAR);
    columns.rows = count;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){settlement, sizeof *settlement};
    columns.strike = (gex_f64){&rows->strike, stride};
    columns.right = (gex_i8){&rows->right, stride};
    columns.vol = (gex_f64){&rows->vol, stride};
    columns.open_interest = (gex_f64){&rows->open_interest, stride};
    columns.multiplier = (gex_f64){&multiplier, 0};
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK, "%s", error.message);
    free(settlement);
    return chain;
}

static inline gex_market *scene_market(const gex_chain *chain, double spot, double rate, double carry, int64_t as_of)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = carry;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

/* GEX_SIGN_INVENTORY_GIVEN takes the `dealer` column of the rows. */
static inline gex_book *scene_book(const gex_chain *chain, int32_t sign, const struct option_row *rows)
{
    gex_book_options options;
    gex_book *book = NULL;
    gex_error error;

    gex_book_options_init(&options, sizeof options);
    options.sign = sign;
    if (sign == GEX_SIGN_INVENTORY_GIVEN)
        options.positions = (gex_f64){&rows->dealer, sizeof *rows};
    ck_assert_msg(gex_book_create(NULL, chain, &options, &book, &error) == GEX_OK, "%s", error.message);
    return book;
}

static inline gex_book *scene_weighted(const gex_book *book, const double *weights)
{
    gex_f64 column = {weights, sizeof *weights};
    gex_book *weighted = NULL;

    ck_assert_int_eq(gex_book_weight(NULL, book, &column, NULL, &weighted, NULL), GEX_OK);
    return weighted;
}

static inline struct scene scene_of(const struct option_row *rows, int64_t count, double spot, double rate,
                                    double carry, int32_t sign)
{
    struct scene scene;

    scene.chain = scene_chain(rows, count, 100.0);
    scene.market = scene_market(scene.chain, spot, rate, carry, AS_OF);
    scene.book = scene_book(scene.chain, sign, rows);
    return scene;
}

static inline void scene_free(struct scene *scene)
{
    gex_book_free(scene->book);
    gex_market_free(scene->market);
    gex_chain_free(scene->chain);
}

static inline gex_exposure *scene_exposure(const gex_market *market, const gex_book *book, int32_t unit)
{
    gex_exposure_options options;
    gex_greeks *greeks = NULL;
    gex_exposure *exposure = NULL;
    gex_error error;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    options.adv = 8e6;
    options.future_price = gex_market_spot(market);
    options.future_multiplier = 50.0;
    options.beta = -10.0;
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    ck_assert_msg(gex_exposure_compute(NULL, greeks, book, &options, &exposure, &error) == GEX_OK, "%s", error.message);
    gex_greeks_free(greeks); /* the exposure keeps them */
    return exposure;
}

static inline gex_flips *scene_flips(const gex_market *market, const gex_book *book, int32_t unit)
{
    gex_profile_options options;
    gex_flips *flips = NULL;
    gex_error error;

    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.beta = -10.0;
    ck_assert_msg(gex_flips_compute(NULL, market, book, &options, &flips, &error) == GEX_OK, "%s", error.message);
    return flips;
}

/* The book of docs/conventions.md, section 11: A1 to A4 settle in three hours, B1 to B5 in thirty days. */
enum { WORKED_ROWS = 9, WORKED_ZERO_DTE = 4 };
static const struct option_row worked_rows[WORKED_ROWS] = {
    {GEX_CALL, 5000, 0.160, 9000, -2500, 3.0 / 8760},   {GEX_CALL, 5025, 0.150, 20000, 6000, 3.0 / 8760},
    {GEX_PUT, 4975, 0.180, 16000, -5000, 3.0 / 8760},   {GEX_PUT, 5000, 0.165, 8000, -1500, 3.0 / 8760},
    {GEX_CALL, 5000, 0.150, 12000, -4000, 30.0 / 365},  {GEX_CALL, 5200, 0.125, 40000, 30000, 30.0 / 365},
    {GEX_PUT, 5000, 0.152, 18000, -7000, 30.0 / 365},   {GEX_PUT, 4800, 0.185, 50000, -20000, 30.0 / 365},
    {GEX_PUT, 4500, 0.240, 60000, 25000, 30.0 / 365},
};

#endif
