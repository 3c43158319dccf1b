/* SPDX-License-Identifier: Apache-2.0 */
/* Fields at seven prices of markets of every kind. */
#ifndef GEX_TESTS_FIELDS_H
#define GEX_TESTS_FIELDS_H

#include "scene.h"
#include "shuffled.h"

enum { POINTS = 7 };
static const double price_list[POINTS] = {4500, 4800, 4975, 5000, 5012.5, 5025, 5300}; /* on strikes and between them */

struct asked {
    const gex_context *context;
    const int32_t     *quantities;
    int64_t            quantity_count;
    const int64_t     *instants;
    int64_t            steps;
    int32_t            part, gross;
};

static inline gex_field *field_of(const struct scene *scene, const struct asked *asked)
{
    gex_field_options options;
    gex_field *field = NULL;
    gex_error error;

    gex_field_options_init(&options, sizeof options);
    options.part = asked->part;
    options.gross = asked->gross;
    options.quantities = asked->quantities;
    options.quantity_count = asked->quantity_count;
    options.adv = 8e6;
    options.future_price = CROWD_SPOT;
    options.future_multiplier = 50.0;
    options.beta = -10.0;
    options.points = POINTS;
    options.prices = (gex_f64){price_list, sizeof *price_list};
    options.steps = asked->steps;
    options.instants = (gex_i64){asked->instants, sizeof *asked->instants};
    ck_assert_msg(gex_field_compute(asked->context, scene->market, scene->book, &options, &field, &error) == GEX_OK,
                  "%s", error.message);
    return field;
}

static inline double at(const gex_field *field, int32_t quantity, int64_t instant, int64_t point)
{
    int64_t count;
    const double *values = gex_field_values(field, quantity, &count);

    ck_assert_int_lt(instant * POINTS + point, count);
    return values[instant * POINTS + point];
}

/* ---- markets of every kind --------------------------------------------------------------------------------------- */

struct kind {
    int32_t clock, style, dynamics;
    double  parameter;
};
static const struct kind kinds[] = {
    {GEX_CLOCK_CAL_365, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_STRIKE, 0},
    {GEX_CLOCK_VARIANCE_CLOCK, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_STRIKE, 0},
    {GEX_CLOCK_BUS_252_DAYS, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKINESS, 1.5},
    {GEX_CLOCK_VARIANCE_CLOCK, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_MONEYNESS, 0},
    {GEX_CLOCK_CAL_365, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_BETA, -10},
    {GEX_CLOCK_CAL_365, GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_STRIKE, 0},
};

static inline struct scene scene_of_kind(struct crowd *crowd, const struct kind *kind)
{
    gex_market_options options;
    struct scene scene;
    gex_error error;

    crowd_fill(crowd);
    scene.chain = scene_chain(crowd->rows, CROWD_ROWS, 100.0);
    gex_market_options_init(&options, sizeof options);
    options.clock = kind->clock;
    options.as_of = AS_OF;
    options.spot = CROWD_SPOT;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = kind->style;
    options.dynamics = kind->dynamics;
    options.dynamics_parameter = kind->parameter;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    ck_assert_msg(gex_market_create(NULL, scene.chain, &options, &scene.market, &error) == GEX_OK, "%s", error.message);
    scene.book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, crowd->rows);
    return scene;
}

static inline gex_market *market_later(const gex_market *market, double spot, int64_t as_of)
{
    gex_shift_options options;
    gex_market *later = NULL;
    gex_error error;

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot;
    options.as_of = as_of;
    ck_assert_msg(gex_market_shift(NULL, market, &options, &later, &error) == GEX_OK, "%s", error.message);
    return later;
}

static const int64_t instants[] = {AS_OF, AS_OF + HOUR, AS_OF + 2 * HOUR, AS_OF + 2 * HOUR + 1, AS_OF + 3 * HOUR,
                                   AS_OF + 20 * HOUR, AS_OF + 8 * 24 * HOUR, AS_OF + 9 * 24 * HOUR};

#endif
