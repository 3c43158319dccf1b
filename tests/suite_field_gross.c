/* SPDX-License-Identifier: Apache-2.0 */
/* The gross of fields against exposures and flows contract by contract, and fields into the caller's arrays. */
#include <stdlib.h>

#include "failing.h"
#include "fields.h"
#include "pool.h"
#include "refusal.h"

Suite *suite_field_gross(void);

/* Of one sign, of both, of two terms, and each more than once in other scales. */
static const int32_t units[] = {
    GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_USD_PT,    GEX_UNIT_DEX_SHARES,      GEX_UNIT_DEX_USD,
    GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_IMPULSE,
    GEX_UNIT_DGEX_PCT_PER_PCT, GEX_UNIT_DAG,       GEX_UNIT_CEX_USD_TOEXP,   GEX_UNIT_COLOR_USD_PCT_CALDAY};

static double gross_at(const gex_field *field, int32_t quantity, int64_t instant, int64_t point)
{
    int64_t count;
    const double *gross = gex_field_gross(field, quantity, &count);

    ck_assert_int_lt(instant * POINTS + point, count);
    return gross[instant * POINTS + point];
}

/* Exact sums of row by row; 1e-12 of gross is what the entries of curves promise. */
START_TEST(it_is_the_gross_of_the_market_moved)
{
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    const struct asked asked = {NULL, units, LENGTH(units), instants, LENGTH(instants), GEX_PART_ALL, 1};
    gex_field *field = field_of(&scene, &asked);

    for (int64_t t = 0; t < LENGTH(instants); t++)
        for (int64_t p = 0; p < POINTS; p++) {
            gex_market *moved = market_later(scene.market, price_list[p], instants[t]);

            for (int q = 0; q < LENGTH(units); q++) {
                gex_exposure_options options;
                gex_exposure *exposure;
                gex_greeks *greeks;
                double gross;

                gex_exposure_options_init(&options, sizeof options);
                options.unit = units[q];
                options.beta = -10.0;
                ck_assert_int_eq(gex_greeks_compute(NULL, moved, &greeks, NULL), GEX_OK);
                ck_assert_int_eq(gex_exposure_compute(NULL, greeks, scene.book, &options, &exposure, NULL), GEX_OK);
                gross = gex_exposure_gross(exposure);
                ck_assert_msg(fabs(gross_at(field, units[q], t, p) - gross) <= 2e-12 * gross,
                              "%s, instant %d, price %g: %.17g, not %.17g", gex_unit_name(units[q]), (int)t,
                              price_list[p], gross_at(field, units[q], t, p), gross);
                ck_assert_double_le(fabs(at(field, units[q], t, p)), gross * (1 + 1e-12));
                gex_exposure_free(exposure);
                gex_greeks_free(greeks);
            }
            gex_market_free(moved);
        }
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

static const int32_t flows[] = {GEX_UNIT_DEX_USD, GEX_FIELD_UNWIND, GEX_FIELD_FLOW, GEX_UNIT_DEX_SHARES,
                                GEX_FIELD_FLOW_HOUR, GEX_FIELD_FLOW_PCT, GEX_UNIT_CEX_USD_HOUR,
                                GEX_UNIT_GEX_SHARES_PCT};

static double absolute(const double *values, int64_t count)
{
    double sum = 0.0;

    for (int64_t i = 0; i < count; i++)
        sum += isfinite(values[i]) ? fabs(values[i]) : 0.0;
    return sum;
}

/* American deltas: what the hoisted entry and the standard preset of gex__american() may differ by. */
START_TEST(of_a_flow_it_is_every_contract_by_itself)
{
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    const struct asked asked = {NULL, flows, LENGTH(flows), instants, LENGTH(instants), GEX_PART_ALL, 1};
    const double tolerance = kinds[_i].style == GEX_STYLE_AMERICAN ? 6e-5 : 2e-12;
    double flow[CROWD_ROWS], unwind[CROWD_ROWS], most = 0.0;
    gex_field *field = field_of(&scene, &asked);

    for (int i = 0; i < CROWD_ROWS; i++)
        most += isfinite(crowd.rows[i].dealer) ? tolerance * 100.0 * fabs(crowd.rows[i].dealer) : 0.0;
    for (int64_t t = 0; t < LENGTH(instants); t++) {
        gex_flow_options options;

        gex_flow_options_init(&options, sizeof options);
        options.rows = POINTS;
        options.spot = (gex_f64){price_list, sizeof *price_list};
        options.as_of = (gex_i64){&instants[t], 0};
        for (int64_t p = 0; p < POINTS; p++) {
            ck_assert_int_eq(gex_flow_lines(NULL, scene.market, scene.book, &options, p, flow, unwind, NULL), GEX_OK);
            ck_assert_double_eq_tol(gross_at(field, GEX_FIELD_FLOW, t, p), absolute(flow, CROWD_ROWS), most);
            ck_assert_double_eq_tol(gross_at(field, GEX_FIELD_UNWIND, t, p), absolute(unwind, CROWD_ROWS), 1e-6);
            ck_assert_double_eq_tol(gross_at(field, GEX_FIELD_FLOW_HOUR, t, p),
                                    gross_at(field, GEX_UNIT_CEX_USD_HOUR, t, p) / price_list[p], most);
            ck_assert_double_eq_tol(gross_at(field, GEX_FIELD_FLOW_PCT, t, p),
                                    gross_at(field, GEX_UNIT_GEX_SHARES_PCT, t, p), most);
            ck_assert_double_eq_tol(gross_at(field, GEX_UNIT_DEX_SHARES, t, p) * price_list[p],
                                    gross_at(field, GEX_UNIT_DEX_USD, t, p), most * price_list[p]);
        }
    }
    for (int64_t p = 0; p < POINTS; p++)
        if (price_list[p] == CROWD_SPOT)
            ck_assert_double_le(gross_at(field, GEX_FIELD_FLOW, 0, p), most); /* nothing has moved */
    gex_field_free(field);
    scene_free(&scene);
}
END_TEST

static const int32_t all[] = {GEX_FIELD_FLOW, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD,
                              GEX_UNIT_CEX_USD_HOUR, GEX_FIELD_UNWIND};
enum { CELLS = LENGTH(instants) * POINTS };

/* Neither the threads, nor the order of rows, nor what else is asked for shows; and the net is what it is without. */
START_TEST(same_bits_whoever_asks)
{
    struct crowd crowd, mixed;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    struct scene other = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, 5);
    struct asked asked = {NULL, all, LENGTH(all), instants, LENGTH(instants), GEX_PART_ALL, 1};
    struct pool pool = {.threads = 7};
    gex_context *context = pool_context(&pool, GEX_ISA_AUTO);
    gex_field *field = field_of(&scene, &asked), *threaded, *net;

    asked.context = context;
    threaded = field_of(_i == 0 ? &other : &scene, &asked);
    asked.context = NULL, asked.gross = 0;
    net = field_of(&scene, &asked);
    for (int q = 0; q < LENGTH(all); q++) {
        struct asked one = {NULL, &all[q], 1, instants, LENGTH(instants), GEX_PART_ALL, 1};
        gex_field *alone = field_of(&scene, &one);

        ck_assert_mem_eq(gex_field_gross(field, all[q], NULL), gex_field_gross(threaded, all[q], NULL),
                         CELLS * sizeof(double));
        ck_assert_mem_eq(gex_field_gross(field, all[q], NULL), gex_field_gross(alone, all[q], NULL),
                         CELLS * sizeof(double));
        ck_assert_mem_eq(gex_field_values(field, all[q], NULL), gex_field_values(net, all[q], NULL),
                         CELLS * sizeof(double));
        ck_assert_ptr_null(gex_field_gross(net, all[q], NULL));
        gex_field_free(alone);
    }
    ck_assert_ptr_null(gex_field_gross(field, GEX_UNIT_GEX_USD_PT, NULL));
    gex_field_free(field);
    gex_field_free(threaded);
    gex_field_free(net);
    gex_context_free(context);
    scene_free(&scene);
    scene_free(&other);
}
END_TEST

/* ---- into arrays ------------------------------------------------------------------------------------------------- */

struct room {
    double  values[LENGTH(all)][CELLS], gross[LENGTH(all)][CELLS], prices[POINTS];
    double *value[LENGTH(all)], *gross_of[LENGTH(all)];
    int64_t instants[LENGTH(instants)], live[LENGTH(instants)];
};

static struct room *room_open(void)
{
    struct room *room = malloc(sizeof *room);

    memset(room, 0x7f, sizeof *room);
    for (int q = 0; q < LENGTH(all); q++) {
        room->value[q] = room->values[q];
        room->gross_of[q] = room->gross[q];
    }
    return room;
}

static gex_field_options into_options(void)
{
    gex_field_options options;

    gex_field_options_init(&options, sizeof options);
    options.gross = 1;
    options.quantities = all;
    options.quantity_count = LENGTH(all);
    options.beta = -10.0;
    options.points = POINTS;
    options.prices = (gex_f64){price_list, sizeof *price_list};
    options.steps = LENGTH(instants);
    options.instants = (gex_i64){instants, sizeof *instants};
    return options;
}

START_TEST(into_arrays_it_is_the_same_field_without_an_allocation)
{
    struct crowd crowd;
    struct scene scene = scene_of_kind(&crowd, &kinds[_i]);
    const struct asked asked = {NULL, all, LENGTH(all), instants, LENGTH(instants), GEX_PART_ALL, 1};
    const gex_field_options wanted = into_options();
    struct failing host = {0};
    struct room *room = room_open();
    gex_field *field = field_of(&scene, &asked);
    gex_context_options options;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.allocate = failing_allocate;
    options.release = failing_release;
    options.memory_user = &host;
    options.keep = 1 << 28;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    for (int again = 0; again < 3; again++) {
        const int64_t calls = host.calls;

        memset(room->values, 0x7f, sizeof room->values);
        ck_assert_int_eq(gex_field_compute_into(context, scene.market, scene.book, &wanted, room->value, room->gross_of,
                                                room->prices, room->instants, room->live, NULL), GEX_OK);
        ck_assert_int_eq(host.calls > calls, again == 0);
        for (int q = 0; q < LENGTH(all); q++) {
            ck_assert_mem_eq(room->values[q], gex_field_values(field, all[q], NULL), sizeof room->values[q]);
            ck_assert_mem_eq(room->gross[q], gex_field_gross(field, all[q], NULL), sizeof room->gross[q]);
        }
        ck_assert_mem_eq(room->prices, price_list, sizeof price_list);
        ck_assert_mem_eq(room->instants, instants, sizeof instants);
        ck_assert_mem_eq(room->live, gex_field_live(field, NULL), sizeof room->live);
    }
    gex_context_free(context);
    ck_assert_int_eq(host.held, 0);
    gex_field_free(field);
    scene_free(&scene);
    free(room);
}
END_TEST

START_TEST(into_nothing_is_refused)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    struct room *room = room_open();
    gex_field_options options = into_options();

#define INTO(values, gross) \
    gex_field_compute_into(NULL, scene.market, scene.book, &options, values, gross, NULL, NULL, NULL, RECORD)
    ASKED(GEX_OK, INTO(room->value, room->gross_of));
    ASKED(GEX_ERR_ARGUMENT, INTO(NULL, room->gross_of));
    ASKED(GEX_ERR_ARGUMENT, INTO(room->value, NULL));
    room->gross_of[3] = NULL;
    ASKED(GEX_ERR_ARGUMENT, INTO(room->value, room->gross_of));
    options.gross = 0;
    ASKED(GEX_OK, INTO(room->value, NULL));
    ASKED(GEX_ERR_ARGUMENT, INTO(room->value, room->gross_of));
    room->value[5] = NULL;
    ASKED(GEX_ERR_ARGUMENT, INTO(room->value, NULL));
    options.quantity_count = 5;
    ASKED(GEX_OK, INTO(room->value, NULL));
    options.points = 1, options.prices.data = NULL;
    ASKED(GEX_ERR_DOMAIN, INTO(room->value, NULL));
    scene_free(&scene);
    free(room);
}
END_TEST

Suite *suite_field_gross(void)
{
    Suite *suite = suite_create("field gross");
    TCase *gross = tcase_create("gross"), *into = tcase_create("into arrays");

    tcase_add_loop_test(gross, it_is_the_gross_of_the_market_moved, 0, LENGTH(kinds) - 1);
    tcase_add_loop_test(gross, of_a_flow_it_is_every_contract_by_itself, 0, LENGTH(kinds));
    tcase_add_loop_test(gross, same_bits_whoever_asks, 0, LENGTH(kinds));
    tcase_set_timeout(gross, 120);
    suite_add_tcase(suite, gross);

    tcase_add_loop_test(into, into_arrays_it_is_the_same_field_without_an_allocation, 0, LENGTH(kinds));
    tcase_add_test(into, into_nothing_is_refused);
    suite_add_tcase(suite, into);
    return suite;
}
