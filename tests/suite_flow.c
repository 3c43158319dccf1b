/* SPDX-License-Identifier: Apache-2.0 */
/* Hedge flow: against markets rebuilt in the state moved to, its attribution, settlement on the way, and its doors. */
#include "scene.h"
#include "shuffled.h"

Suite *suite_flow(void);

struct step {
    double  spot;
    int64_t hours;
    double  shift;
};

static gex_flow *flow_of(const struct scene *scene, const struct step *steps, int64_t count)
{
    int64_t instants[64];
    gex_flow_options options;
    gex_flow *flow = NULL;
    gex_error error;

    ck_assert_int_le(count, LENGTH(instants));
    for (int64_t i = 0; i < count; i++)
        instants[i] = AS_OF + steps[i].hours * HOUR;
    gex_flow_options_init(&options, sizeof options);
    options.rows = count;
    options.spot = (gex_f64){&steps->spot, sizeof *steps};
    options.as_of = (gex_i64){instants, sizeof *instants};
    options.vol_shift = (gex_f64){&steps->shift, sizeof *steps};
    ck_assert_msg(gex_flow_compute(NULL, scene->market, scene->book, &options, &flow, &error) == GEX_OK, "%s",
                  error.message);
    return flow;
}

static double column(const gex_flow *flow, int32_t which, int64_t i)
{
    return gex_flow_column(flow, which)[i];
}

/* ---- against rebuilt markets ------------------------------------------------------------------------------------- */

/* Delta of the book and its gross after a step, by a chain of its own: settled rows are gone from it. */
static double delta_after(const struct option_row *rows, int64_t count, const struct step *step, double *gross)
{
    struct option_row *moved = malloc((size_t)count * sizeof *moved);
    struct scene scene;
    gex_exposure *exposure;
    double delta;

    memcpy(moved, rows, (size_t)count * sizeof *moved);
    for (int64_t i = 0; i < count; i++)
        moved[i].vol = rows[i].vol > 0.0 ? rows[i].vol + step->shift : rows[i].vol;
    scene.chain = scene_chain(moved, count, 100.0);
    scene.market = scene_market(scene.chain, step->spot, 0.04, 0.013, AS_OF + step->hours * HOUR);
    scene.book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, moved);
    exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    delta = gex_exposure_total(exposure);
    *gross = gex_exposure_gross(exposure);
    gex_exposure_free(exposure);
    scene_free(&scene);
    free(moved);
    return delta;
}

static const struct step steps[] = {
    {5000, 0, 0},    {4900, 0, 0},      {5125.5, 0, 0},    {5000, 1, 0},       {5000, 3, 0},     {5000, 0, 0.01},
    {5000, 0, -0.02}, {4950, 1, 0.01},  {5075, 2, -0.01},  {5010, 24, 0.015},  {4700, 800, 0.05}, {5000, 20000, 0},
};

/* What settled is in `exact` at its payoff's delta and comes off in `unwind`; the rest is a market rebuilt.
 * 1e-13 of gross: each is an exact sum of rows that differ by an ulp or two, years being formed in another way. */
START_TEST(flow_is_minus_the_change_of_delta)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    const struct step stay = {CROWD_SPOT, 0, 0};
    gex_flow *flow = flow_of(&scene, steps, LENGTH(steps));
    double gross, before = delta_after(crowd.rows, CROWD_ROWS, &stay, &gross);

    for (int i = 0; i < LENGTH(steps); i++) {
        const double after = delta_after(crowd.rows, CROWD_ROWS, &steps[i], &gross);
        const double expected = before - after;
        double largest = 0.0;

        delta_after(crowd.rows, CROWD_ROWS, &stay, &largest);
        ck_assert_msg(fabs(column(flow, GEX_FLOW_EXACT, i) + column(flow, GEX_FLOW_UNWIND, i) - expected) <=
                          1e-13 * (gross + largest),
                      "step %d: %.17g + %.17g, not %.17g", i, column(flow, GEX_FLOW_EXACT, i),
                      column(flow, GEX_FLOW_UNWIND, i), expected);
        ck_assert_double_eq(column(flow, GEX_FLOW_USD_AT_START, i), column(flow, GEX_FLOW_EXACT, i) * CROWD_SPOT);
    }
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

START_TEST(first_order_is_the_exposures)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    static const int32_t units[] = {GEX_UNIT_GEX_SHARES_PT, GEX_UNIT_VEX_USD_UNIT, GEX_UNIT_CEX_USD_YEAR};
    gex_flow *flow = flow_of(&scene, steps, LENGTH(steps));
    double total[3];

    for (int u = 0; u < 3; u++) {
        gex_exposure *exposure = scene_exposure(scene.market, scene.book, units[u]);
        total[u] = gex_exposure_total(exposure) / (u > 0 ? CROWD_SPOT : 1.0);
        gex_exposure_free(exposure);
    }
    for (int i = 0; i < LENGTH(steps); i++) {
        const double expected = -(total[0] * (steps[i].spot - CROWD_SPOT) + total[1] * steps[i].shift +
                                  total[2] * (double)steps[i].hours / 8760.0);
        ck_assert_double_eq_tol(column(flow, GEX_FLOW_LINEAR, i), expected, 1e-12 * fabs(expected) + 1e-9);
    }
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

/* ---- attribution ------------------------------------------------------------------------------------------------- */

/* The average over the six orders, by making the moves one after another in each. */
START_TEST(shares_are_the_average_of_the_six_orders)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    const struct step to = {4961.5, _i, 0.0125};
    double expected[3] = {0, 0, 0}, spread;
    gex_flow *flow = flow_of(&scene, &to, 1);

    for (int o = 0; o < 6; o++) {
        struct step at = {5000, 0, 0};
        double reached = 0.0;

        for (int m = 0; m < 3; m++) {
            gex_flow *partial;

            at.spot = orders[o][m] == 0 ? to.spot : at.spot;
            at.hours = orders[o][m] == 1 ? to.hours : at.hours;
            at.shift = orders[o][m] == 2 ? to.shift : at.shift;
            partial = flow_of(&scene, &at, 1);
            expected[orders[o][m]] += (column(partial, GEX_FLOW_EXACT, 0) - reached) / 6.0;
            reached = column(partial, GEX_FLOW_EXACT, 0);
            gex_flow_free(partial);
        }
    }
    spread = 1e-9; /* shares: rounding of a book of two million */
    ck_assert_double_eq_tol(column(flow, GEX_FLOW_SPOT, 0), expected[0], spread);
    ck_assert_double_eq_tol(column(flow, GEX_FLOW_TIME, 0), expected[1], spread);
    ck_assert_double_eq_tol(column(flow, GEX_FLOW_VOL, 0), expected[2], spread);
    ck_assert_double_eq_tol(column(flow, GEX_FLOW_SPOT, 0) + column(flow, GEX_FLOW_TIME, 0) +
                                column(flow, GEX_FLOW_VOL, 0),
                            column(flow, GEX_FLOW_EXACT, 0), spread);
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

START_TEST(moves_alone_and_what_crosses)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    static const struct step all[] = {{4961.5, 2, 0.0125}, {4961.5, 0, 0}, {5000, 2, 0}, {5000, 0, 0.0125}};
    gex_flow *flow = flow_of(&scene, all, 4);
    const double *exact = gex_flow_column(flow, GEX_FLOW_EXACT);

    ck_assert_double_eq(column(flow, GEX_FLOW_SPOT_ALONE, 0), exact[1]);
    ck_assert_double_eq(column(flow, GEX_FLOW_TIME_ALONE, 0), exact[2]);
    ck_assert_double_eq(column(flow, GEX_FLOW_VOL_ALONE, 0), exact[3]);
    ck_assert_double_eq(column(flow, GEX_FLOW_CROSS, 0), exact[0] - exact[1] - exact[2] - exact[3]);
    for (int i = 1; i < 4; i++) { /* one move alone is all of it */
        ck_assert_double_eq_tol(column(flow, GEX_FLOW_SPOT + i - 1, i), exact[i], 1e-9);
        ck_assert_double_eq(column(flow, GEX_FLOW_CROSS, i), 0.0);
    }
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

START_TEST(no_move_is_no_flow)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 2; /* no column: nothing moves */
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_assert_int_eq(gex_flow_rows(flow), 2);
    for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
        for (int i = 0; i < 2; i++) {
            ck_assert_double_eq(column(flow, c, i), 0.0);
            ck_assert_msg(!signbit(column(flow, c, i)), "%s: -0", gex_flow_name(c));
        }
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

/* ---- settlement on the way --------------------------------------------------------------------------------------- */

/* Three hours left. Delta at settlement: 0 out of the money, one half at the strike, 1 in the money; then gone. */
static const struct {
    const char *name;
    double      spot, payoff_delta;
} settlements[] = {{"out", 4999, 0.0}, {"at the strike", 5000, 0.5}, {"in", 5001, 1.0}};

START_TEST(a_line_counts_at_its_settlement_and_is_gone_after)
{
    const struct option_row row = {GEX_CALL, 5000, 0.16, 10, 10, 3.0 / 8760};
    struct scene scene = scene_of(&row, 1, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *delta = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    const double start = gex_exposure_total(delta), payoff = 1000.0 * settlements[_i].payoff_delta;
    static const int64_t past[] = {0, 1, HOUR, 1000 * HOUR};

    for (int k = 0; k < LENGTH(past); k++) {
        const int64_t instant = AS_OF + 3 * HOUR + past[k];
        gex_flow_options options;
        gex_flow *flow;

        gex_flow_options_init(&options, sizeof options);
        options.rows = 1;
        options.spot = (gex_f64){&settlements[_i].spot, 0};
        options.as_of = (gex_i64){&instant, 0};
        ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
        ck_assert_double_eq(column(flow, GEX_FLOW_EXACT, 0), start - payoff);
        ck_assert_double_eq(column(flow, GEX_FLOW_UNWIND, 0), past[k] > 0 ? payoff : 0.0);
        if (past[k] > 0) /* whatever spot did on the way, all of the hedge has been undone */
            ck_assert_double_eq_tol(column(flow, GEX_FLOW_EXACT, 0) + column(flow, GEX_FLOW_UNWIND, 0), start, 1e-12);
        ck_assert_double_eq_tol(column(flow, GEX_FLOW_SPOT, 0) + column(flow, GEX_FLOW_TIME, 0),
                                column(flow, GEX_FLOW_EXACT, 0), 1e-9);
        gex_flow_free(flow);
    }
    gex_exposure_free(delta);
    scene_free(&scene);
}
END_TEST

START_TEST(volatility_stops_at_zero)
{
    const struct option_row row = {GEX_PUT, 5100, 0.16, 10, 10, 0.1};
    struct scene scene = scene_of(&row, 1, 5000, 0.0, 0.0, GEX_SIGN_INVENTORY_GIVEN);
    static const struct step down[] = {{5000, 0, -0.16}, {5000, 0, -5.0}, {5100, 0, -0.16}};
    gex_exposure *delta = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);
    const double start = gex_exposure_total(delta);
    gex_flow *flow = flow_of(&scene, down, 3);

    ck_assert_double_eq(column(flow, GEX_FLOW_EXACT, 0), start + 1000.0); /* in the money without a doubt */
    ck_assert_double_eq(column(flow, GEX_FLOW_EXACT, 1), start + 1000.0);
    ck_assert_double_eq(column(flow, GEX_FLOW_EXACT, 2), start + 500.0);
    gex_flow_free(flow);
    gex_exposure_free(delta);
    scene_free(&scene);
}
END_TEST

/* ---- same bits --------------------------------------------------------------------------------------------------- */

START_TEST(a_scenario_does_not_depend_on_the_others)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_flow *flow = flow_of(&scene, steps, LENGTH(steps));

    for (int i = 0; i < LENGTH(steps); i += 3) {
        gex_flow *alone = flow_of(&scene, &steps[i], 1);

        for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
            ck_assert_double_eq(column(alone, c, 0), column(flow, c, i));
        gex_flow_free(alone);
    }
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

START_TEST(flow_does_not_depend_on_the_order_of_rows)
{
    struct crowd crowd, mixed;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    struct scene other = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, 5);
    gex_flow *a = flow_of(&scene, steps, LENGTH(steps)), *b = flow_of(&other, steps, LENGTH(steps));

    for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
        ck_assert_mem_eq(gex_flow_column(a, c), gex_flow_column(b, c), sizeof(double) * LENGTH(steps));
    gex_flow_free(a);
    gex_flow_free(b);
    scene_free(&scene);
    scene_free(&other);
}
END_TEST

/* ---- doors ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    double      spot, shift;
    int64_t     later;
    gex_status  status;
} refusals[] = {
    {"spot zero", 0.0, 0, 0, GEX_ERR_DOMAIN},      {"spot negative", -5000, 0, 0, GEX_ERR_DOMAIN},
    {"spot NaN", NAN, 0, 0, GEX_ERR_DOMAIN},       {"spot infinite", INFINITY, 0, 0, GEX_ERR_DOMAIN},
    {"shift NaN", 5000, NAN, 0, GEX_ERR_DOMAIN},   {"shift infinite", 5000, -INFINITY, 0, GEX_ERR_DOMAIN},
    {"back in time", 5000, 0, -1, GEX_ERR_DOMAIN}, {"the end of time", 5000, 0, INT64_MAX - AS_OF, GEX_OK},
    {"tiny spot", 5e-324, 0, 0, GEX_OK},           {"huge spot", 1.7e308, 0, 0, GEX_OK},
};

START_TEST(scenarios_are_checked_at_the_door)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    const double spot[2] = {5000, refusals[_i].spot}, shift[2] = {0, refusals[_i].shift};
    const int64_t as_of[2] = {AS_OF, AS_OF + refusals[_i].later};
    gex_flow_options options;
    gex_flow *flow = NULL;
    gex_error error = {.status = GEX_OK, .row = -7};

    gex_flow_options_init(&options, sizeof options);
    options.rows = 2;
    options.spot = (gex_f64){spot, sizeof *spot};
    options.as_of = (gex_i64){as_of, sizeof *as_of};
    options.vol_shift = (gex_f64){shift, sizeof *shift};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, &error), refusals[_i].status);
    ck_assert_int_eq(flow != NULL, refusals[_i].status == GEX_OK);
    ck_assert_int_eq(error.row, refusals[_i].status == GEX_OK ? -7 : 1);
    for (int32_t c = 1; flow != NULL && c <= GEX_FLOW_LAST_; c++)
        ck_assert_msg(isfinite(column(flow, c, 1)) || c == GEX_FLOW_LINEAR, "%s: %s", refusals[_i].name,
                      gex_flow_name(c));
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

START_TEST(flow_doors)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = -1;
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(flow);
    options.rows = GEX_MAX_ROWS + 1;
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_ERR_ARGUMENT);
    options.rows = 0;
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_assert_int_eq(gex_flow_rows(flow), 0);
    ck_assert_ptr_null(gex_flow_column(flow, 0));
    ck_assert_ptr_null(gex_flow_column(flow, GEX_FLOW_LAST_ + 1));
    gex_flow_free(flow);
    for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
        ck_assert_int_eq(gex_flow_find(gex_flow_name(c)), c);
    ck_assert_int_eq(gex_flow_find("all"), 0);
    ck_assert_int_eq(gex_flow_find(NULL), 0);
    ck_assert_str_eq(gex_flow_name(0), "unknown");
    scene_free(&scene);
}
END_TEST

Suite *suite_flow(void)
{
    Suite *suite = suite_create("flow");
    TCase *values = tcase_create("values"), *settling = tcase_create("settlement"), *bits = tcase_create("bits");
    TCase *at_door = tcase_create("doors");

    tcase_add_test(values, flow_is_minus_the_change_of_delta);
    tcase_add_test(values, first_order_is_the_exposures);
    tcase_add_loop_test(values, shares_are_the_average_of_the_six_orders, 0, 6); /* hours: across the settlement too */
    tcase_add_test(values, moves_alone_and_what_crosses);
    tcase_add_test(values, no_move_is_no_flow);
    suite_add_tcase(suite, values);

    tcase_add_loop_test(settling, a_line_counts_at_its_settlement_and_is_gone_after, 0, LENGTH(settlements));
    tcase_add_test(settling, volatility_stops_at_zero);
    suite_add_tcase(suite, settling);

    tcase_add_test(bits, a_scenario_does_not_depend_on_the_others);
    tcase_add_test(bits, flow_does_not_depend_on_the_order_of_rows);
    suite_add_tcase(suite, bits);

    tcase_add_loop_test(at_door, scenarios_are_checked_at_the_door, 0, LENGTH(refusals));
    tcase_add_test(at_door, flow_doors);
    suite_add_tcase(suite, at_door);
    return suite;
}
