/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of a field and of flows: crossings against flips,
 * cliffs against exposures, stretches and rows against flows. */
#include "refusal.h"
#include "reverse.h"
#include "scene.h"
#include "shuffled.h"

Suite *suite_crossings(void);

static const int64_t instants[] = {AS_OF, AS_OF + HOUR, AS_OF + 2 * HOUR, AS_OF + 3 * HOUR, AS_OF + 20 * HOUR,
                                   AS_OF + 10 * 24 * HOUR};

static gex_field *field_of(const struct scene *scene, const int32_t *quantities, int64_t count, int64_t steps)
{
    gex_field_options options;
    gex_field *field = NULL;
    gex_error error;

    gex_field_options_init(&options, sizeof options);
    options.quantities = quantities;
    options.quantity_count = count;
    options.low = 0.8;
    options.high = 1.2;
    options.points = 801;
    options.steps = steps;
    options.instants = (gex_i64){instants, sizeof *instants};
    ck_assert_msg(gex_field_compute(NULL, scene->market, scene->book, &options, &field, &error) == GEX_OK, "%s",
                  error.message);
    return field;
}

static gex_crossings *crossings_of(const gex_context *context, const gex_field *field, int32_t quantity)
{
    gex_crossings *crossings = NULL;
    gex_error error;

    ck_assert_msg(gex_crossings_compute(context, field, quantity, &crossings, &error) == GEX_OK, "%s", error.message);
    return crossings;
}

static gex_market *market_later(const gex_market *market, double spot, int64_t as_of)
{
    gex_shift_options options;
    gex_market *later = NULL;

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot;
    options.as_of = as_of;
    ck_assert_int_eq(gex_market_shift(NULL, market, &options, &later, NULL), GEX_OK);
    return later;
}

/* docs/conventions.md, worked chain: FLIP_PROFILE now and two hours later, both sign sets. */
START_TEST(flips_of_the_worked_chain)
{
    static const struct {
        int32_t sign;
        int64_t instant;
        double  price;
        int32_t direction;
    } printed[] = {
        {GEX_SIGN_NAIVE_CALL_LONG, 0, 5000.1345, GEX_UP},   {GEX_SIGN_NAIVE_CALL_LONG, 2, 4998.6853, GEX_UP},
        {GEX_SIGN_INVENTORY_GIVEN, 0, 4603.9800, GEX_DOWN}, {GEX_SIGN_INVENTORY_GIVEN, 0, 5009.3645, GEX_UP},
        {GEX_SIGN_INVENTORY_GIVEN, 2, 4604.2127, GEX_DOWN}, {GEX_SIGN_INVENTORY_GIVEN, 2, 5011.2512, GEX_UP}};
    const int32_t quantity = GEX_UNIT_GEX_USD_PCT;
    struct scene scene =
        scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, printed[_i].sign);
    gex_field *field = field_of(&scene, &quantity, 1, 3);
    gex_crossings *crossings = crossings_of(NULL, field, quantity);
    int64_t count;
    const double *price = gex_crossings_price(crossings, &count);
    int found = 0;

    for (int64_t i = 0; i < count; i++)
        if (gex_crossings_instant(crossings, NULL)[i] == printed[_i].instant &&
            gex_crossings_direction(crossings, NULL)[i] == printed[_i].direction)
            found += fabs(price[i] - printed[_i].price) <= 0.5000001e-4;
    ck_assert_int_eq(found, 1);
    gex_crossings_free(crossings);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* The search of flips sees more; every crossing has to be one of its roots. 1e-9: what a root leaves of the sum. */
START_TEST(a_crossing_is_a_flip_of_the_market_then)
{
    static const int32_t quantities[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_DEX_USD};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_field *field = field_of(&scene, quantities, LENGTH(quantities), LENGTH(instants));
    gex_crossings *crossings = crossings_of(NULL, field, quantities[_i]);
    int64_t count;
    const double *price = gex_crossings_price(crossings, &count);
    const int64_t *instant = gex_crossings_instant(crossings, NULL);
    const int32_t *direction = gex_crossings_direction(crossings, NULL);

    ck_assert_int_gt(count, 3);
    for (int64_t i = 0; i < count; i++) {
        gex_market *then = market_later(scene.market, CROWD_SPOT, instants[instant[i]]);
        gex_flips *flips = scene_flips(then, scene.book, quantities[_i]);
        double nearest = HUGE_VAL;

        for (int64_t k = 0; k < gex_flips_count(flips); k++)
            nearest = fmin(nearest, fabs(gex_flips_price(flips, k) - price[i]));
        ck_assert_msg(nearest <= 1e-9 * price[i], "%s, instant %d: %.12g is %g from a flip",
                      gex_unit_name(quantities[_i]), (int)instant[i], price[i], nearest);
        if (i > 0 && instant[i] == instant[i - 1]) {
            ck_assert_double_gt(price[i], price[i - 1]);
            ck_assert_int_ne(direction[i], direction[i - 1]);
        }
        gex_flips_free(flips);
        gex_market_free(then);
    }
    gex_crossings_free(crossings);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* At a zero-flow price a scenario asks for nothing; the executor does not show. */
START_TEST(zero_flow_is_no_flow)
{
    static const int32_t quantities[] = {GEX_FIELD_FLOW, GEX_FIELD_FLOW_HOUR, GEX_FIELD_FLOW_PCT, GEX_FIELD_UNWIND};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_field *field = field_of(&scene, quantities, LENGTH(quantities), LENGTH(instants));
    gex_crossings *crossings = crossings_of(NULL, field, GEX_FIELD_FLOW), *again;
    int64_t count, other;
    const double *price = gex_crossings_price(crossings, &count);
    gex_context_options options;
    gex_context *context;

    ck_assert_int_gt(count, 0);
    for (int64_t i = 0; i < count; i++) {
        const int64_t instant = instants[gex_crossings_instant(crossings, NULL)[i]];
        const double around[2] = {price[i] * (1 - 1e-9), price[i] * (1 + 1e-9)};
        gex_flow_options scenarios;
        gex_flow *flow;

        gex_flow_options_init(&scenarios, sizeof scenarios);
        scenarios.rows = 2;
        scenarios.spot = (gex_f64){around, sizeof *around};
        scenarios.as_of = (gex_i64){&instant, 0};
        ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &scenarios, &flow, NULL), GEX_OK);
        ck_assert_msg((gex_flow_column(flow, GEX_FLOW_EXACT)[0] > 0) != (gex_flow_column(flow, GEX_FLOW_EXACT)[1] > 0),
                      "%.12g: %g and %g", price[i], gex_flow_column(flow, GEX_FLOW_EXACT)[0],
                      gex_flow_column(flow, GEX_FLOW_EXACT)[1]);
        gex_flow_free(flow);
    }
    gex_context_options_init(&options, sizeof options);
    options.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    for (int q = 0; q < 3; q++) {
        gex_crossings *one = crossings_of(NULL, field, quantities[q]);

        again = crossings_of(context, field, quantities[q]);
        ck_assert_ptr_nonnull(gex_crossings_price(one, &count));
        ck_assert_mem_eq(gex_crossings_price(again, &other), gex_crossings_price(one, &count),
                         (size_t)count * sizeof(double));
        ck_assert_int_eq(count, other);
        gex_crossings_free(one);
        gex_crossings_free(again);
    }
    CALLED(crossings, GEX_ERR_ARGUMENT, gex_crossings_compute(NULL, field, GEX_FIELD_UNWIND, OUT));
    CALLED(crossings, GEX_ERR_ARGUMENT, gex_crossings_compute(NULL, field, GEX_UNIT_GEX_USD_PCT, OUT));
    gex_context_free(context);
    gex_crossings_free(crossings);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* ---- cliffs ------------------------------------------------------------------------------------------------------ */

START_TEST(a_cliff_is_what_settles)
{
    const int64_t lead = HOUR / 2;
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_cliffs_options options;
    gex_cliffs *cliffs = NULL;
    int64_t count, rows = 0, expiries;
    const int64_t *settlement, *all = gex_chain_expiries(scene.chain, &expiries);

    gex_cliffs_options_init(&options, sizeof options);
    options.unit = _i;
    options.beta = -10.0;
    options.price = 4960;
    options.lead = lead;
    ck_assert_int_eq(gex_cliffs_compute(NULL, scene.market, scene.book, &options, &cliffs, NULL), GEX_OK);
    settlement = gex_cliffs_settlement(cliffs, &count);
    ck_assert_int_eq(count, 8);
    for (int64_t i = 0; i < count; i++) {
        const int64_t when = settlement[i] - AS_OF > lead ? settlement[i] - lead : AS_OF;
        gex_market *before = market_later(scene.market, 4960, when);
        gex_market *after = market_later(scene.market, 4960, settlement[i] + 1);
        gex_exposure *from = scene_exposure(before, scene.book, _i), *to = scene_exposure(after, scene.book, _i);
        const double most = 2e-12 * gex_exposure_gross(from);
        double settling = 0;

        for (int64_t e = 0; e < expiries; e++)
            settling += all[e] == settlement[i] ? gex_exposure_by(from, GEX_BY_EXPIRY, GEX_SUM_NET, NULL)[e] : 0;
        ck_assert_double_eq_tol(gex_cliffs_before(cliffs, NULL)[i], gex_exposure_total(from), most + 1e-300);
        ck_assert_double_eq_tol(gex_cliffs_settling(cliffs, NULL)[i], settling, most + 1e-300);
        ck_assert_double_eq_tol(gex_cliffs_after(cliffs, NULL)[i], gex_exposure_total(to), most + 1e-300);
        rows += gex_cliffs_rows(cliffs, NULL)[i];
        gex_exposure_free(from);
        gex_exposure_free(to);
        gex_market_free(before);
        gex_market_free(after);
    }
    ck_assert_int_gt(rows, 1000);
    gex_cliffs_free(cliffs);
    scene_free(&scene);
}
END_TEST

START_TEST(cliffs_refuse)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_cliffs_options options;

    gex_cliffs_options_init(&options, sizeof options);
    CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    options.unit = GEX_UNIT_GEX_USD_PCT;
    CALLED(cliffs, GEX_OK, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    options.price = -1;
    CALLED(cliffs, GEX_ERR_DOMAIN, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    options.price = NOT_A_NUMBER;
    CALLED(cliffs, GEX_ERR_DOMAIN, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    options.price = 0;
    options.lead = 0;
    CALLED(cliffs, GEX_ERR_DOMAIN, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    options.lead = INT64_MAX;
    CALLED(cliffs, GEX_OK, gex_cliffs_compute(NULL, scene.market, scene.book, &options, OUT));
    scene_free(&scene);
}
END_TEST

/* ---- stretches --------------------------------------------------------------------------------------------------- */

/* Printed in docs/conventions.md: charm to the close, exact; the unwinding is half of what stands at the strike. */
static const struct {
    int32_t sign;
    double  to_close, unwind;
} stretched[] = {{GEX_SIGN_NAIVE_CALL_LONG, 184689.6, 850000}, {GEX_SIGN_INVENTORY_GIVEN, 55670.8, -50000}};

START_TEST(stretches_of_the_worked_chain)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, stretched[_i].sign);
    const int64_t close = AS_OF + 3 * HOUR, open_at = close + 17 * HOUR + HOUR / 2;
    gex_forced_options options;
    gex_forced *forced = NULL;
    double sum = 0;
    gex_flow_options scenario;
    gex_flow *flow;

    gex_forced_options_init(&options, sizeof options);
    options.adv = 8e6;
    options.future_price = 5010;
    options.future_multiplier = 50;
    ck_assert_int_eq(gex_forced_compute(NULL, scene.market, scene.book, &options, &forced, NULL), GEX_OK);
    ck_assert_double_eq_tol(gex_forced_value(forced, GEX_STRETCH_TO_CLOSE, GEX_FORCED_SHARES), stretched[_i].to_close,
                            0.05);
    ck_assert_double_eq(gex_forced_value(forced, GEX_STRETCH_TO_CLOSE, GEX_FORCED_UNWIND), 0.0);
    ck_assert_double_eq(gex_forced_value(forced, GEX_STRETCH_OVERNIGHT, GEX_FORCED_UNWIND), stretched[_i].unwind);
    ck_assert_int_eq(gex_forced_from(forced, GEX_STRETCH_TO_CLOSE), AS_OF);
    ck_assert_int_eq(gex_forced_to(forced, GEX_STRETCH_TO_CLOSE), close);
    ck_assert_int_eq(gex_forced_from(forced, GEX_STRETCH_OVERNIGHT), close);
    ck_assert_int_eq(gex_forced_to(forced, GEX_STRETCH_OVERNIGHT), open_at);
    ck_assert_int_eq(gex_forced_from(forced, GEX_STRETCH_NEXT_SESSION), open_at);
    ck_assert_int_eq(gex_forced_to(forced, GEX_STRETCH_NEXT_SESSION), close + 24 * HOUR);
    for (int stretch = 1; stretch <= GEX_STRETCH_LAST_; stretch++) {
        const double shares = gex_forced_value(forced, stretch, GEX_FORCED_SHARES);

        sum += shares;
        ck_assert_double_eq_tol(gex_forced_value(forced, stretch, GEX_FORCED_FUTURES), shares * 5000 / 250500,
                                1e-14 * fabs(shares));
        ck_assert_double_eq_tol(gex_forced_value(forced, stretch, GEX_FORCED_ADV_PCT), shares / 8e4,
                                1e-14 * fabs(shares));
        for (int usd = GEX_FORCED_USD_AT_START; usd <= GEX_FORCED_USD_AT_PATH; usd++)
            ck_assert_double_eq(gex_forced_value(forced, stretch, usd), shares * 5000);
        ck_assert_int_eq(gex_stretch_find(gex_stretch_name(stretch)), stretch);
    }
    gex_flow_options_init(&scenario, sizeof scenario); /* one after another they are the whole way */
    scenario.rows = 1;
    scenario.as_of = (gex_i64){&(int64_t){close + 24 * HOUR}, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &scenario, &flow, NULL), GEX_OK);
    ck_assert_double_eq_tol(sum, gex_flow_column(flow, GEX_FLOW_EXACT)[0], 1e-6);
    for (int column = 1; column <= GEX_FORCED_LAST_; column++)
        ck_assert_int_eq(gex_forced_find(gex_forced_name(column)), column);
    gex_flow_free(flow);
    gex_forced_free(forced);
    scene_free(&scene);
}
END_TEST

/* A stretch from (S, a) to (P, b) is the change of delta between two markets over the rows alive at a. */
START_TEST(a_stretch_with_a_move_is_a_change_of_delta)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    const double price = CROWD_SPOT * 0.98;
    gex_forced_options options;
    gex_forced *forced = NULL;

    gex_forced_options_init(&options, sizeof options);
    options.spot_pct = -2;
    ck_assert_int_eq(gex_forced_compute(NULL, scene.market, scene.book, &options, &forced, NULL), GEX_OK);
    for (int stretch = 1; stretch <= GEX_STRETCH_LAST_; stretch++) {
        gex_market *a = market_later(scene.market, CROWD_SPOT, gex_forced_from(forced, stretch));
        gex_market *b = market_later(scene.market, price, gex_forced_to(forced, stretch));
        gex_exposure *from = scene_exposure(a, scene.book, GEX_UNIT_DEX_SHARES);
        gex_exposure *to = scene_exposure(b, scene.book, GEX_UNIT_DEX_SHARES);
        const double shares = gex_forced_value(forced, stretch, GEX_FORCED_SHARES);
        const double unwind = gex_forced_value(forced, stretch, GEX_FORCED_UNWIND);

        ck_assert_double_eq_tol(shares + unwind, gex_exposure_total(from) - gex_exposure_total(to),
                                1e-12 * gex_exposure_gross(from));
        ck_assert_double_eq_tol(gex_forced_value(forced, stretch, GEX_FORCED_USD_AT_END), shares * price,
                                1e-6 * fabs(shares));
        ck_assert_double_eq_tol(gex_forced_value(forced, stretch, GEX_FORCED_USD_AT_PATH), shares * 4950,
                                1e-6 * fabs(shares));
        ck_assert_double_nan(gex_forced_value(forced, stretch, GEX_FORCED_ADV_PCT));
        ck_assert_double_nan(gex_forced_value(forced, stretch, GEX_FORCED_FUTURES));
        gex_exposure_free(from);
        gex_exposure_free(to);
        gex_market_free(a);
        gex_market_free(b);
    }
    ck_assert_double_nan(gex_forced_value(forced, 0, 1));
    ck_assert_double_nan(gex_forced_value(forced, 1, 8));
    ck_assert_int_eq(gex_forced_from(forced, 4), 0);
    gex_forced_free(forced);
    options.spot_pct = -100;
    CALLED(forced, GEX_ERR_DOMAIN, gex_forced_compute(NULL, scene.market, scene.book, &options, OUT));
    options.spot_pct = 0;
    options.adv = NOT_A_NUMBER;
    CALLED(forced, GEX_ERR_DOMAIN, gex_forced_compute(NULL, scene.market, scene.book, &options, OUT));
    options.adv = 0;
    options.reserved = 1;
    CALLED(forced, GEX_ERR_ARGUMENT, gex_forced_compute(NULL, scene.market, scene.book, &options, OUT));
    CALLED(forced, GEX_OK, gex_forced_compute(NULL, scene.market, scene.book, NULL, OUT));
    scene_free(&scene);
}
END_TEST

/* ---- rows -------------------------------------------------------------------------------------------------------- */

START_TEST(rows_of_a_flow_add_up)
{
    static const struct {
        double  spot;
        int64_t hours;
        double  shift;
    } to[] = {{5000, 0, 0}, {4950, 1, 0.01}, {5075, 24, -0.01}, {4700, 800, 0.05}};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    double *rows = malloc(2 * CROWD_ROWS * sizeof *rows), *unwound = rows + CROWD_ROWS;
    int64_t when[LENGTH(to)];
    gex_flow_options options;
    gex_flow *flow;

    for (int i = 0; i < LENGTH(to); i++)
        when[i] = AS_OF + to[i].hours * HOUR;
    gex_flow_options_init(&options, sizeof options);
    options.rows = LENGTH(to);
    options.spot = (gex_f64){&to[0].spot, sizeof *to};
    options.as_of = (gex_i64){when, sizeof *when};
    options.vol_shift = (gex_f64){&to[0].shift, sizeof *to};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    for (int64_t i = 0; i < LENGTH(to); i++) {
        double sum = 0, unwind = 0, gross = 0;

        ck_assert_int_eq(gex_flow_lines(NULL, scene.market, scene.book, &options, i, rows, unwound, NULL), GEX_OK);
        for (int r = 0; r < CROWD_ROWS; r++) {
            const double position = gex_book_positions(scene.book)[r];
            const bool used = gex_market_status(scene.market)[r] == GEX_ROW_USED && isfinite(position);

            ck_assert_msg(used != (bool)isnan(rows[r]), "row %d", r);
            if (!used)
                continue;
            ck_assert_msg(fabs(rows[r]) <= 100.0001 * fabs(position), "row %d moves by %g of %g", r, rows[r], position);
            sum += rows[r];
            unwind += unwound[r];
            gross += 100 * fabs(position);
        }
        ck_assert_double_eq_tol(sum, gex_flow_column(flow, GEX_FLOW_EXACT)[i], 1e-12 * gross);
        ck_assert_double_eq_tol(unwind, gex_flow_column(flow, GEX_FLOW_UNWIND)[i], 1e-12 * gross);
    }
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, scene.market, scene.book, &options, LENGTH(to), rows, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, scene.market, scene.book, &options, -1, rows, NULL, RECORD));
    ASKED(GEX_OK, gex_flow_lines(NULL, scene.market, scene.book, &options, 1, rows, NULL, RECORD));
    gex_flow_free(flow);
    free(rows);
    scene_free(&scene);
}
END_TEST

Suite *suite_crossings(void)
{
    Suite *suite = suite_create("crossings");
    TCase *fields = tcase_create("crossings"), *cliffs = tcase_create("cliffs"), *flows = tcase_create("flows");

    tcase_add_loop_test(fields, flips_of_the_worked_chain, 0, 6);
    tcase_add_loop_test(fields, a_crossing_is_a_flip_of_the_market_then, 0, 3);
    tcase_add_test(fields, zero_flow_is_no_flow);
    tcase_set_timeout(fields, 120);
    suite_add_tcase(suite, fields);

    tcase_add_loop_test(cliffs, a_cliff_is_what_settles, GEX_UNIT_GEX_SHARES_PT, GEX_UNIT_GEX_USD_UNIT + 1);
    tcase_add_loop_test(cliffs, a_cliff_is_what_settles, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_VEX_USD_RELPCT + 1);
    tcase_add_test(cliffs, cliffs_refuse);
    suite_add_tcase(suite, cliffs);

    tcase_add_loop_test(flows, stretches_of_the_worked_chain, 0, 2);
    tcase_add_test(flows, a_stretch_with_a_move_is_a_change_of_delta);
    tcase_add_test(flows, rows_of_a_flow_add_up);
    suite_add_tcase(suite, flows);
    return suite;
}
