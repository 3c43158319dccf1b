/* SPDX-License-Identifier: Apache-2.0 */
/* Fields: profiles at later instants against markets rebuilt and moved, flows against flows, settlement on the way. */
#include "fields.h"
#include "pool.h"
#include "refusal.h"
#include "reverse.h"

Suite *suite_field(void);

/* ---- exposure ---------------------------------------------------------------------------------------------------- */

enum { ALL_UNITS = GEX_UNIT_LAST_ };

static const int32_t *all_units(void)
{
    static int32_t units[ALL_UNITS];

    for (int32_t u = 0; u < ALL_UNITS; u++)
        units[u] = u + 1;
    return units;
}

/* Even prices, so that a profile can be asked for the same ones. */
START_TEST(at_the_markets_instant_it_is_the_profile_to_the_bit)
{
    enum { EVEN = 21 };
    const int64_t now = AS_OF;
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    gex_field_options options;
    gex_field *field;

    gex_field_options_init(&options, sizeof options);
    options.quantities = all_units();
    options.quantity_count = ALL_UNITS;
    options.adv = 8e6;
    options.future_price = CROWD_SPOT;
    options.future_multiplier = 50.0;
    options.beta = -10.0;
    options.low = 0.9;
    options.high = 1.15;
    options.points = EVEN;
    options.steps = 1;
    options.instants = (gex_i64){&now, 0};
    ck_assert_int_eq(gex_field_compute(NULL, scene.market, scene.book, &options, &field, NULL), GEX_OK);
    for (int32_t unit = 1; unit <= ALL_UNITS; unit++) {
        gex_profile_options same;
        gex_profile *profile;

        gex_profile_options_init(&same, sizeof same);
        same.unit = unit;
        same.adv = options.adv;
        same.future_price = options.future_price;
        same.future_multiplier = options.future_multiplier;
        same.beta = options.beta;
        same.low = options.low;
        same.high = options.high;
        same.points = EVEN;
        ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &same, &profile, NULL), GEX_OK);
        ck_assert_mem_eq(gex_field_prices(field, NULL), gex_profile_prices(profile, NULL), EVEN * sizeof(double));
        ck_assert_msg(memcmp(gex_field_values(field, unit, NULL), gex_profile_values(profile, NULL),
                             EVEN * sizeof(double)) == 0, "%s", gex_unit_name(unit));
        gex_profile_free(profile);
    }
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

static const int32_t linear[] = {
    GEX_UNIT_GEX_USD_PCT,         GEX_UNIT_DEX_SHARES,    GEX_UNIT_VEX_USD_VOLPT,   GEX_UNIT_CEX_USD_HOUR,
    GEX_UNIT_VEX_USD_RELPCT,      GEX_UNIT_CEX_USD_TOEXP, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_DAG,
    GEX_UNIT_COLOR_USD_PCT_CALDAY};

/* Exact sums of greeks made row by row, beside 1e-12 of gross that the entries of curves promise. American rows are
 * compared with gex__american() at its preset and are held by suite_american_hoisted. */
START_TEST(at_later_instants_it_is_the_exposure_of_the_market_moved)
{
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    const struct asked asked = {NULL, linear, LENGTH(linear), instants, LENGTH(instants), GEX_PART_ALL, 0};
    gex_field *field = field_of(&scene, &asked);

    for (int64_t t = 0; t < LENGTH(instants); t++)
        for (int64_t p = 0; p < POINTS; p++) {
            gex_market *moved = market_later(scene.market, price_list[p], instants[t]);

            for (int q = 0; q < LENGTH(linear); q++) {
                gex_exposure *exposure = scene_exposure(moved, scene.book, linear[q]);
                const double gross = gex_exposure_gross(exposure), total = gex_exposure_total(exposure);
                const double value = at(field, linear[q], t, p);

                ck_assert_msg(fabs(value - total) <= 2e-12 * gross, "%s, instant %d, price %g: %.17g, not %.17g of %g",
                              gex_unit_name(linear[q]), (int)t, price_list[p], value, total, gross);
                gex_exposure_free(exposure);
            }
            gex_market_free(moved);
        }
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

static int64_t alive(const struct crowd *crowd, int64_t as_of)
{
    int64_t rows = 0;

    for (int i = 0; i < CROWD_ROWS; i++) {
        const struct option_row *row = &crowd->rows[i];
        const int64_t settles = AS_OF + (int64_t)llround(row->years * YEAR);

        rows += row->right != 0 && row->strike > 0 && row->vol > 0 && isfinite(row->dealer) && row->dealer != 0 &&
                settles >= AS_OF && settles >= as_of;
    }
    return rows;
}

START_TEST(rows_leave_once_they_have_settled)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    const struct asked asked = {NULL, linear, 1, instants, LENGTH(instants), GEX_PART_ALL, 0};
    gex_field *field = field_of(&scene, &asked);
    int64_t count;
    const int64_t *live = gex_field_live(field, &count);

    ck_assert_int_eq(count, LENGTH(instants));
    for (int64_t t = 0; t < count; t++)
        ck_assert_int_eq(live[t], alive(&crowd, instants[t]));
    ck_assert_int_gt(live[0], live[3]);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* ---- parts ------------------------------------------------------------------------------------------------------- */

/* A part is the book weighted by 0 and 1: same lines, same bits. */
START_TEST(a_part_is_the_book_weighted)
{
    static const int32_t all[] = {GEX_UNIT_GEX_USD_PCT, GEX_FIELD_FLOW, GEX_FIELD_UNWIND, GEX_UNIT_DEX_USD};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN), part = scene;
    double weights[CROWD_ROWS];
    const struct asked asked = {NULL, all, LENGTH(all), instants, LENGTH(instants), _i, 0};
    const struct asked whole = {NULL, all, LENGTH(all), instants, LENGTH(instants), GEX_PART_ALL, 0};
    gex_field *field, *weighted;

    for (int i = 0; i < CROWD_ROWS; i++) {
        const int64_t settles = AS_OF + (int64_t)llround(crowd.rows[i].years * YEAR);
        const bool today = gex_instant_date(settles, GEX_ZONE_NEW_YORK) == gex_instant_date(AS_OF, GEX_ZONE_NEW_YORK);

        weights[i] = today == (_i == GEX_PART_ZERO_DTE);
    }
    part.book = scene_weighted(scene.book, weights);
    field = field_of(&scene, &asked);
    weighted = field_of(&part, &whole);
    for (int q = 0; q < LENGTH(all); q++)
        ck_assert_mem_eq(gex_field_values(field, all[q], NULL), gex_field_values(weighted, all[q], NULL),
                         LENGTH(instants) * POINTS * sizeof(double));
    ck_assert_mem_eq(gex_field_live(field, NULL), gex_field_live(weighted, NULL), sizeof instants);
    ck_assert_int_gt(gex_field_live(field, NULL)[0], 0);
    gex_field_free(field);
    gex_field_free(weighted);
    gex_book_free(part.book);
    scene_free(&scene);
}
END_TEST

/* ---- flow -------------------------------------------------------------------------------------------------------- */

static const int32_t flows[] = {GEX_FIELD_FLOW, GEX_FIELD_UNWIND, GEX_FIELD_FLOW_HOUR, GEX_FIELD_FLOW_PCT,
                                GEX_UNIT_DEX_SHARES, GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_GEX_SHARES_PCT};

static double gross_delta(const struct scene *scene)
{
    double gross = 0;

    for (int64_t i = 0; i < gex_chain_rows(scene->chain); i++)
        if (gex_market_status(scene->market)[i] == GEX_ROW_USED && isfinite(gex_book_positions(scene->book)[i]))
            gross += 100.0 * fabs(gex_book_positions(scene->book)[i]);
    return gross;
}

/* American deltas: what the hoisted entry and the standard preset of gex__american() may differ by. */
START_TEST(flow_is_that_of_scenarios)
{
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    const struct asked asked = {NULL, flows, LENGTH(flows), instants, LENGTH(instants), GEX_PART_ALL, 0};
    const double most = (kinds[_i].style == GEX_STYLE_AMERICAN ? 6e-5 : 2e-12) * gross_delta(&scene);
    gex_field *field = field_of(&scene, &asked);

    for (int64_t t = 0; t < LENGTH(instants); t++) {
        gex_flow_options options;
        gex_flow *flow;

        gex_flow_options_init(&options, sizeof options);
        options.rows = POINTS;
        options.spot = (gex_f64){price_list, sizeof *price_list};
        options.as_of = (gex_i64){&instants[t], 0};
        ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
        for (int64_t p = 0; p < POINTS; p++) {
            const double exact = gex_flow_column(flow, GEX_FLOW_EXACT)[p], value = at(field, GEX_FIELD_FLOW, t, p);

            ck_assert_msg(fabs(value - exact) <= most, "instant %d, price %g: %.17g, not %.17g", (int)t, price_list[p],
                          value, exact);
            ck_assert_double_eq(at(field, GEX_FIELD_UNWIND, t, p), gex_flow_column(flow, GEX_FLOW_UNWIND)[p]);
            ck_assert_double_eq_tol(at(field, GEX_FIELD_FLOW_HOUR, t, p),
                                    -at(field, GEX_UNIT_CEX_USD_HOUR, t, p) / price_list[p],
                                    1e-15 * gross_delta(&scene));
            ck_assert_double_eq_tol(at(field, GEX_FIELD_FLOW_PCT, t, p), -at(field, GEX_UNIT_GEX_SHARES_PCT, t, p),
                                    1e-15 * gross_delta(&scene));
        }
        gex_flow_free(flow);
    }
    for (int64_t p = 0; p < POINTS; p++)
        if (price_list[p] == CROWD_SPOT)
            ck_assert_double_eq(at(field, GEX_FIELD_FLOW, 0, p), 0.0);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* docs/conventions.md, worked chain: what one hour and the way to the close ask for, naive signs. */
START_TEST(charm_of_the_worked_chain)
{
    static const int64_t when[] = {AS_OF + HOUR, AS_OF + 3 * HOUR, AS_OF + 3 * HOUR + 1};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    const struct asked asked = {NULL, flows, LENGTH(flows), when, LENGTH(when), GEX_PART_ALL, 0};
    gex_field *field = field_of(&scene, &asked);

    ck_assert_double_eq_tol(at(field, GEX_FIELD_FLOW, 0, 3), 100392.9, 0.05);
    ck_assert_double_eq_tol(at(field, GEX_FIELD_FLOW, 1, 3), 184689.6, 0.05);
    ck_assert_double_eq(at(field, GEX_FIELD_UNWIND, 1, 3), 0.0);
    /* A1 and A4 at the strike, half of each: short hedges of (9000 + 8000) / 2 * 100 to be bought back */
    ck_assert_double_eq(at(field, GEX_FIELD_UNWIND, 2, 3), 850000.0);
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* ---- same bits --------------------------------------------------------------------------------------------------- */

START_TEST(same_bits_for_any_order_of_rows_and_tasks)
{
    static const int32_t mixed_quantities[] = {GEX_FIELD_FLOW, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_GEX_USD_PCT,
                                               GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_CEX_USD_HOUR, GEX_FIELD_UNWIND};
    struct crowd crowd, mixed;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    struct scene other = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, 77 + (uint32_t)_i);
    struct asked asked = {NULL, mixed_quantities, LENGTH(mixed_quantities), instants, LENGTH(instants), GEX_PART_ALL,
                          0};
    gex_context_options options;
    gex_field *field = field_of(&scene, &asked), *again;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    asked.context = context;
    again = field_of(&other, &asked);
    for (int q = 0; q < LENGTH(mixed_quantities); q++) {
        struct asked alone = asked;
        gex_field *one;

        alone.quantities = &mixed_quantities[q];
        alone.quantity_count = 1;
        one = field_of(&scene, &alone);
        ck_assert_mem_eq(gex_field_values(field, mixed_quantities[q], NULL),
                         gex_field_values(again, mixed_quantities[q], NULL),
                         LENGTH(instants) * POINTS * sizeof(double));
        ck_assert_mem_eq(gex_field_values(field, mixed_quantities[q], NULL),
                         gex_field_values(one, mixed_quantities[q], NULL), LENGTH(instants) * POINTS * sizeof(double));
        gex_field_free(one);
    }
    gex_field_free(field);
    gex_field_free(again);
    gex_context_free(context);
    scene_free(&scene);
    scene_free(&other);
}
END_TEST

START_TEST(same_bits_for_any_number_of_threads)
{
    static const int32_t all[] = {GEX_FIELD_FLOW, GEX_UNIT_GEX_USD_PCT, GEX_UNIT_CEX_USD_HOUR, GEX_FIELD_UNWIND};
    static const int threads[] = {1, 2, 7};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    struct asked asked = {NULL, all, LENGTH(all), instants, LENGTH(instants), GEX_PART_ALL, 0};
    gex_field *field = field_of(&scene, &asked);

    for (int t = 0; t < LENGTH(threads); t++) {
        struct pool pool = {.threads = threads[t]};
        gex_context *context = pool_context(&pool, GEX_ISA_AUTO);
        gex_field *again;

        asked.context = context;
        again = field_of(&scene, &asked);
        for (int q = 0; q < LENGTH(all); q++)
            ck_assert_mem_eq(gex_field_values(field, all[q], NULL), gex_field_values(again, all[q], NULL),
                             LENGTH(instants) * POINTS * sizeof(double));
        gex_field_free(again);
        gex_context_free(context);
    }
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

/* ---- instants ---------------------------------------------------------------------------------------------------- */

/* Monday 3 June 2024 13:00 in New York; rows settle at 15:00, 16:00, a day on, ..., and two years on. */
START_TEST(ends_of_time_are_named)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    const int64_t close = AS_OF + 3 * HOUR, tomorrow = 24 * HOUR;
    const int64_t expected[] = {0, close, close + tomorrow - 6 * HOUR - HOUR / 2, close + tomorrow, AS_OF + 2 * HOUR,
                                AS_OF + 2 * 365 * tomorrow};

    for (int32_t until = GEX_UNTIL_CLOSE; until < GEX_UNTIL_GIVEN; until++) {
        const int32_t quantity = GEX_UNIT_GEX_USD_PCT;
        gex_field_options options;
        gex_field *field;
        int64_t instant = 0, count;

        ck_assert_int_eq(gex_until_instant(scene.market, until, &instant, NULL), GEX_OK);
        ck_assert_msg(instant == expected[until], "%s: %lld", gex_until_name(until), (long long)(instant - AS_OF));
        ck_assert_int_eq(gex_until_find(gex_until_name(until)), until);
        gex_field_options_init(&options, sizeof options);
        options.quantities = &quantity;
        options.quantity_count = 1;
        options.until = until;
        options.points = 2;
        options.steps = 8;
        ck_assert_int_eq(gex_field_compute(NULL, scene.market, scene.book, &options, &field, NULL), GEX_OK);
        ck_assert_int_eq(gex_field_instants(field, &count)[0], AS_OF);
        ck_assert_int_eq(count, 8);
        ck_assert_int_eq(gex_field_instants(field, NULL)[7], instant);
        for (int i = 1; i < 8; i++)
            ck_assert_double_eq_tol((double)(gex_field_instants(field, NULL)[i] - AS_OF),
                                    (double)(instant - AS_OF) * i / 7.0, 1.0 + 1e-16 * (double)(instant - AS_OF));
        gex_field_free(field);
    }
    scene_free(&scene);
}
END_TEST

START_TEST(a_friday_evening_opens_on_monday)
{
    const struct option_row row = {GEX_CALL, 5000, 0.2, 100, 100, 1};
    const int64_t friday = AS_OF + 4 * 24 * HOUR + 7 * HOUR; /* 20:00, 7 June 2024 */
    struct scene scene;
    int64_t open_at, close_at;

    scene.chain = scene_chain(&row, 1, 100.0);
    scene.market = scene_market(scene.chain, 5000, 0.04, 0.013, friday);
    scene.book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, &row);
    ck_assert_int_eq(gex_until_instant(scene.market, GEX_UNTIL_NEXT_OPEN, &open_at, NULL), GEX_OK);
    ck_assert_int_eq(gex_until_instant(scene.market, GEX_UNTIL_CLOSE, &close_at, NULL), GEX_OK);
    ck_assert_int_eq(open_at - friday, 61 * HOUR + HOUR / 2);
    ck_assert_int_eq(close_at - open_at, 6 * HOUR + HOUR / 2);
    scene_free(&scene);
}
END_TEST

/* ---- names and doors --------------------------------------------------------------------------------------------- */

START_TEST(names_lead_there_and_back)
{
    for (int32_t q = GEX_FIELD_FLOW; q <= GEX_FIELD_LAST_; q++) {
        ck_assert_int_eq(gex_field_quantity_find(gex_field_quantity_name(q)), q);
        ck_assert_str_ne(gex_field_quantity_label(q), "unknown");
    }
    ck_assert_int_eq(gex_field_quantity_find("GEX_USD_PCT"), GEX_UNIT_GEX_USD_PCT);
    ck_assert_str_eq(gex_field_quantity_name(GEX_UNIT_GEX_USD_PCT), "GEX_USD_PCT");
    ck_assert_str_eq(gex_field_quantity_label(GEX_UNIT_DEX_USD), "USD");
    ck_assert_str_eq(gex_field_quantity_name(1005), "unknown");
    ck_assert_int_eq(gex_field_quantity_find("flown"), 0);
    ck_assert_int_eq(gex_field_quantity_find(NULL), 0);
    for (int32_t part = 1; part <= GEX_PART_LAST_; part++)
        ck_assert_int_eq(gex_part_find(gex_part_name(part)), part);
    ck_assert_int_eq(gex_part_find("half"), 0);
    ck_assert_int_eq(gex_until_find("dawn"), 0);
    ck_assert_str_eq(gex_until_name(0), "unknown");
    ck_assert_str_eq(gex_part_name(-1), "unknown");
}
END_TEST

static const double bad_prices[][3] = {
    {5000, 5000, 5001}, {5000, 4999, 5001}, {0, 1, 2}, {1, NAN, 2}, {1, 2, INFINITY}};
static const int64_t bad_instants[][2] = {{AS_OF - 1, AS_OF}, {AS_OF, AS_OF}, {AS_OF + 2, AS_OF + 1}};

START_TEST(doors_refuse)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    static const int32_t twice[] = {GEX_FIELD_FLOW, GEX_FIELD_FLOW}, unknown[] = {GEX_UNIT_LAST_ + 1},
                         needy[] = {GEX_UNIT_GEX_ADV_PCT}, fine[] = {GEX_FIELD_FLOW};
    gex_field_options good, bad;

#define REFUSED(expected, ...)                                                                             \
    do {                                                                                                   \
        bad = good;                                                                                        \
        __VA_ARGS__;                                                                                       \
        CALLED(field, expected, gex_field_compute(NULL, scene.market, scene.book, &bad, OUT));             \
    } while (0)
    gex_field_options_init(&good, sizeof good);
    good.quantities = fine;
    good.quantity_count = 1;
    good.points = 3;
    good.steps = 2;
    REFUSED(GEX_OK, (void)0);
    REFUSED(GEX_ERR_ARGUMENT, bad.quantities = NULL);
    REFUSED(GEX_ERR_ARGUMENT, bad.quantity_count = 0);
    REFUSED(GEX_ERR_ARGUMENT, bad.quantity_count = 65);
    REFUSED(GEX_ERR_ARGUMENT, bad.quantity_count = INT64_MIN);
    REFUSED(GEX_ERR_ARGUMENT, (bad.quantities = twice, bad.quantity_count = 2));
    REFUSED(GEX_ERR_ARGUMENT, bad.quantities = unknown);
    REFUSED(GEX_ERR_ARGUMENT, bad.quantities = needy);
    REFUSED(GEX_ERR_DOMAIN, (bad.quantities = needy, bad.adv = -1));
    REFUSED(GEX_ERR_ARGUMENT, bad.part = 4);
    REFUSED(GEX_ERR_ARGUMENT, bad.part = 0);
    REFUSED(GEX_ERR_ARGUMENT, bad.until = 0);
    REFUSED(GEX_ERR_ARGUMENT, bad.until = 7);
    REFUSED(GEX_ERR_ARGUMENT, bad.gross = 2);
    REFUSED(GEX_ERR_DOMAIN, bad.until = GEX_UNTIL_GIVEN);
    REFUSED(GEX_ERR_DOMAIN, (bad.until = GEX_UNTIL_GIVEN, bad.end = AS_OF));
    REFUSED(GEX_OK, (bad.until = GEX_UNTIL_GIVEN, bad.end = INT64_MAX));
    REFUSED(GEX_ERR_DOMAIN, bad.points = 1);
    REFUSED(GEX_ERR_DOMAIN, bad.points = INT64_MAX);
    REFUSED(GEX_ERR_DOMAIN, bad.points = INT64_MIN);
    REFUSED(GEX_ERR_DOMAIN, bad.steps = 1);
    REFUSED(GEX_ERR_DOMAIN, bad.steps = INT64_MAX);
    REFUSED(GEX_ERR_MEMORY, (bad.steps = GEX_MAX_ROWS, bad.points = GEX_MAX_ROWS));
    REFUSED(GEX_ERR_DOMAIN, bad.low = 0);
    REFUSED(GEX_ERR_DOMAIN, bad.high = NAN);
    REFUSED(GEX_ERR_ARGUMENT, bad.prices = ((gex_f64){bad_prices[0], INT64_MAX}));
    REFUSED(GEX_ERR_VERSION, bad.struct_size = 0);
    for (int i = 0; i < LENGTH(bad_prices); i++)
        REFUSED(GEX_ERR_DOMAIN, bad.prices = ((gex_f64){bad_prices[i], sizeof(double)}));
    for (int i = 0; i < LENGTH(bad_instants); i++)
        REFUSED(GEX_ERR_DOMAIN, bad.instants = ((gex_i64){bad_instants[i], sizeof(int64_t)}));
    ASKED(GEX_ERR_ARGUMENT, gex_until_instant(scene.market, GEX_UNTIL_GIVEN, &good.end, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_until_instant(scene.market, 0, &good.end, RECORD));
    scene_free(&scene);
}
END_TEST

START_TEST(nothing_settles_after_the_last)
{
    const struct option_row row = {GEX_CALL, 5000, 0.2, 100, 100, 1e-3};
    const int32_t quantity = GEX_FIELD_UNWIND;
    struct scene scene;
    gex_field_options options;
    int64_t instant;

    scene.chain = scene_chain(&row, 1, 100.0);
    scene.market = scene_market(scene.chain, 5000, 0.04, 0.013, AS_OF + 10 * HOUR);
    scene.book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, &row);
    ASKED(GEX_ERR_DOMAIN, gex_until_instant(scene.market, GEX_UNTIL_FIRST_SETTLEMENT, &instant, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_until_instant(scene.market, GEX_UNTIL_LAST_SETTLEMENT, &instant, RECORD));
    gex_field_options_init(&options, sizeof options);
    options.quantities = &quantity;
    options.quantity_count = 1;
    CALLED(field, GEX_OK, gex_field_compute(NULL, scene.market, scene.book, &options, OUT)); /* no line: zeros */
    options.until = GEX_UNTIL_LAST_SETTLEMENT;
    CALLED(field, GEX_ERR_DOMAIN, gex_field_compute(NULL, scene.market, scene.book, &options, OUT));
    scene_free(&scene);
}
END_TEST

Suite *suite_field(void)
{
    Suite *suite = suite_create("field");
    TCase *values = tcase_create("values"), *times = tcase_create("times"), *at_door = tcase_create("doors");

    tcase_add_loop_test(values, at_the_markets_instant_it_is_the_profile_to_the_bit, 0, LENGTH(kinds));
    tcase_add_loop_test(values, at_later_instants_it_is_the_exposure_of_the_market_moved, 0, LENGTH(kinds) - 1);
    tcase_add_test(values, rows_leave_once_they_have_settled);
    tcase_add_loop_test(values, a_part_is_the_book_weighted, GEX_PART_ZERO_DTE, GEX_PART_LATER + 1);
    tcase_add_loop_test(values, flow_is_that_of_scenarios, 0, LENGTH(kinds));
    tcase_add_test(values, charm_of_the_worked_chain);
    tcase_add_loop_test(values, same_bits_for_any_order_of_rows_and_tasks, 0, 3);
    tcase_add_test(values, same_bits_for_any_number_of_threads);
    tcase_set_timeout(values, 120);
    suite_add_tcase(suite, values);

    tcase_add_test(times, ends_of_time_are_named);
    tcase_add_test(times, a_friday_evening_opens_on_monday);
    suite_add_tcase(suite, times);

    tcase_add_test(at_door, names_lead_there_and_back);
    tcase_add_test(at_door, doors_refuse);
    tcase_add_test(at_door, nothing_settles_after_the_last);
    suite_add_tcase(suite, at_door);
    return suite;
}
