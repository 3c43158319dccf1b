/* SPDX-License-Identifier: Apache-2.0 */
/* ZERO_FLOW against scenarios of gex_flow_compute(), which share neither its grid nor its sums. */
#include "refusal.h"
#include "reverse.h"
#include "scene.h"
#include "shuffled.h"

Suite *suite_zero_flow(void);

enum { CELLS = 400 };
#define LOW  0.85
#define HIGH 1.15

static gex_zero_flow_options chosen(int64_t end, int32_t unwound)
{
    gex_zero_flow_options options;

    gex_zero_flow_options_init(&options, sizeof options);
    options.until = GEX_UNTIL_GIVEN;
    options.end = end;
    options.low = LOW;
    options.high = HIGH;
    options.unwound = unwound;
    return options;
}

static gex_flips *zeros_of(const gex_context *context, const struct scene *scene, const gex_zero_flow_options *options)
{
    gex_flips *flips = NULL;
    gex_error error;

    ck_assert_msg(gex_zero_flow_compute(context, scene->market, scene->book, options, &flips, &error) == GEX_OK, "%s",
                  error.message);
    return flips;
}

/* Flow to the end of some options at many prices. */
static void flows(const struct scene *scene, const gex_zero_flow_options *zero, const double *prices, int64_t count,
                  double *out)
{
    gex_flow_options options;
    gex_flow *flow = NULL;

    gex_flow_options_init(&options, sizeof options);
    options.rows = count;
    options.spot = (gex_f64){prices, sizeof *prices};
    options.as_of = (gex_i64){&zero->end, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene->market, scene->book, &options, &flow, NULL), GEX_OK);
    for (int64_t i = 0; i < count; i++)
        out[i] = gex_flow_column(flow, GEX_FLOW_EXACT)[i] +
                 (zero->unwound ? gex_flow_column(flow, GEX_FLOW_UNWIND)[i] : 0.0);
    gex_flow_free(flow);
}

/* Now, before the first settlement, at it, past it, past the second, further on. */
static const int64_t ends[] = {AS_OF, AS_OF + HOUR, AS_OF + 2 * HOUR, AS_OF + 2 * HOUR + 1, AS_OF + 4 * HOUR,
                               AS_OF + 10 * 24 * HOUR};

/*
 * Every change of sign on a fine even grid has its root, in its cell or on an end of it, and every root a change of
 * sign. `slack` is how far a flow by the search may be from one by scenarios, shares.
 */
static void no_root_is_lost(const struct scene *scene, const gex_zero_flow_options *options, double slack)
{
    static double price[CELLS + 1], value[CELLS + 1];
    gex_flips *flips = zeros_of(NULL, scene, options);
    const int64_t count = gex_flips_count(flips);
    int64_t seen = 0;

    for (int64_t i = 0; i <= CELLS; i++) /* off the strikes, where a flow may jump */
        price[i] = CROWD_SPOT * (LOW + (HIGH - LOW) * ((double)i + 0.37) / (CELLS + 1));
    flows(scene, options, price, CELLS + 1, value);
    for (int64_t i = 0; i < CELLS; i++) {
        int64_t inside = 0;

        for (int64_t k = 0; k < count; k++)
            inside += gex_flips_price(flips, k) >= price[i] && gex_flips_price(flips, k) < price[i + 1];
        ck_assert_msg(
            fmin(fabs(value[i]), fabs(value[i + 1])) <= slack || inside % 2 == ((value[i] > 0) != (value[i + 1] > 0)),
            "%.10g to %.10g: flow %g to %g, %d roots", price[i], price[i + 1], value[i], value[i + 1], (int)inside);
        seen += inside;
    }
    for (int64_t k = 0; k < count; k++) {
        const double root = gex_flips_price(flips, k), around[2] = {root * (1 - 1e-9), root * (1 + 1e-9)};
        double beside[2];

        flows(scene, options, around, 2, beside);
        ck_assert_msg(gex_flips_direction(flips, k) == GEX_UP ? beside[0] < slack && beside[1] > -slack
                                                              : beside[0] > -slack && beside[1] < slack,
                      "root %.12g %s: %g, %g", root, gex_direction_text(gex_flips_direction(flips, k)), beside[0],
                      beside[1]);
        ck_assert(gex_flips_size(flips, k) > 0);
    }
    ck_assert_int_ge(seen, count - 2); /* the grid leaves the ends of the range out */
    ck_assert_int_eq(gex_flips_status(flips), count > 0          ? GEX_ROOTS_FOUND
                                              : value[CELLS] > 0 ? GEX_ROOTS_NONE_POSITIVE
                                                                 : GEX_ROOTS_NONE_NEGATIVE);
    gex_flips_free(flips);
}

START_TEST(roots_are_where_scenarios_change_sign)
{
    static const int32_t signs[] = {GEX_SIGN_INVENTORY_GIVEN, GEX_SIGN_DEALER_ALL_LONG, GEX_SIGN_NAIVE_CALL_SHORT};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, signs[_i / 2 % LENGTH(signs)]);
    const gex_zero_flow_options options = chosen(ends[_i / 2 / LENGTH(signs)], _i % 2);

    no_root_is_lost(&scene, &options, 0);
    scene_free(&scene);
}
END_TEST

/* What the market values contracts by, moves volatilities by and counts time by. */
static const struct {
    int32_t style, dynamics, clock;
    double  parameter;
} ways[] = {
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_STRIKE, GEX_CLOCK_CAL_365, 0},
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_MONEYNESS, GEX_CLOCK_VARIANCE_CLOCK, 0},
    {GEX_STYLE_EUROPEAN, GEX_DYNAMICS_LOCAL_VOL, GEX_CLOCK_BUS_252_CLOCK, 0},
    {GEX_STYLE_EUROPEAN, GEX_DYNAMICS_BETA, GEX_CLOCK_CAL_365, -5},
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_BETA, GEX_CLOCK_VARIANCE_CLOCK, -5},
};

/* Of a delta, by which what early exercise adds may differ once it is interpolated over prices: docs/dynamics.md. */
#define EARLY 3e-5

START_TEST(whatever_the_market_is_made_by)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, CROWD_SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_market_options options;
    double units = 0;

    for (int i = 0; i < WORKED_ROWS; i++)
        units += 100 * fabs(worked_rows[i].dealer);
    gex_market_free(scene.market);
    gex_market_options_init(&options, sizeof options);
    options.clock = ways[_i].clock;
    options.as_of = AS_OF;
    options.spot = CROWD_SPOT;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = ways[_i].style;
    options.dynamics = ways[_i].dynamics;
    options.dynamics_parameter = ways[_i].parameter;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    ck_assert_int_eq(gex_market_create(NULL, scene.chain, &options, &scene.market, NULL), GEX_OK);
    for (int end = 1; end < LENGTH(ends); end++)
        for (int32_t unwound = 0; unwound <= 1; unwound++) {
            const gex_zero_flow_options zero = chosen(ends[end], unwound);
            no_root_is_lost(&scene, &zero, ways[_i].style == GEX_STYLE_AMERICAN ? EARLY * units : 0);
        }
    scene_free(&scene);
}
END_TEST

/* Slope and size as of flips, from scenarios. */
START_TEST(slope_and_size_are_what_they_say)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    const gex_zero_flow_options options = chosen(AS_OF + HOUR, 0);
    gex_flips *flips = zeros_of(NULL, &scene, &options);

    ck_assert_int_gt(gex_flips_count(flips), 0);
    for (int64_t k = 0; k < gex_flips_count(flips); k++) {
        const double root = gex_flips_price(flips, k);
        const double price[6] = {root, root - 0.05, root + 0.05, root * 0.995, root * 1.005, 5000 * HIGH};
        double value[6];

        flows(&scene, &options, price, 6, value);
        ck_assert_double_eq_tol(value[0], 0.0, 1e-6); /* of some hundred thousand shares */
        ck_assert_double_eq_tol(gex_flips_slope(flips, k), (value[2] - value[1]) / 0.1,
                                1e-4 * fabs(gex_flips_slope(flips, k)));
        ck_assert_double_le(gex_flips_size(flips, k),
                            fmax(fabs(value[3]), fabs(value[4])) / fabs(value[5]) * 1.0000001);
    }
    ck_assert_double_eq(gex_flips_low(flips), 5000 * LOW);
    ck_assert_double_eq(gex_flips_high(flips), 5000 * HIGH);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* Where every contract is long the flow falls as price rises; at the market's own instant it is zero at spot alone. */
START_TEST(now_spot_is_the_root)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_DEALER_ALL_LONG);
    const gex_zero_flow_options options = chosen(AS_OF, _i);
    gex_flips *flips = zeros_of(NULL, &scene, &options);

    ck_assert_int_eq(gex_flips_count(flips), 1);
    ck_assert_double_eq_tol(gex_flips_price(flips, 0), 5000, 1e-9);
    ck_assert_int_eq(gex_flips_direction(flips, 0), GEX_DOWN);
    ck_assert_int_eq(gex_flips_nearest(flips), 0);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t sign;
    double  low, high;
    int32_t status;
} without[] = {{GEX_SIGN_DEALER_ALL_LONG, 0.9, 0.95, GEX_ROOTS_NONE_POSITIVE},
               {GEX_SIGN_DEALER_ALL_LONG, 1.05, 1.1, GEX_ROOTS_NONE_NEGATIVE},
               {GEX_SIGN_DEALER_ALL_SHORT, 0.9, 0.95, GEX_ROOTS_NONE_NEGATIVE},
               {GEX_SIGN_DEALER_ALL_SHORT, 0.8, 1.2, GEX_ROOTS_FOUND},
               {GEX_SIGN_DEALER_ALL_LONG, 1.0, 1.2, GEX_ROOTS_AT_EDGE}};

START_TEST(a_range_without_a_root_says_why)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, without[_i].sign);
    gex_zero_flow_options options = chosen(AS_OF, 0);
    gex_flips *flips;

    options.low = without[_i].low;
    options.high = without[_i].high;
    flips = zeros_of(NULL, &scene, &options);
    ck_assert_str_eq(gex_roots_text(gex_flips_status(flips)), gex_roots_text(without[_i].status));
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

START_TEST(nobody_trades_nothing_at_no_price)
{
    struct option_row rows[WORKED_ROWS];
    struct scene scene;
    gex_flips *flips;

    memcpy(rows, worked_rows, sizeof rows);
    for (int i = 0; i < WORKED_ROWS; i++)
        rows[i].open_interest = 0;
    scene = scene_of(rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    ck_assert_int_eq(gex_zero_flow_compute(NULL, scene.market, scene.book, NULL, &flips, NULL), GEX_OK);
    ck_assert_int_eq(gex_flips_status(flips), GEX_ROOTS_NONE_ZERO);
    ck_assert_int_eq(gex_flips_count(flips), 0);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* The close by default, by its name or as an instant. */
START_TEST(ends_by_name)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_zero_flow_options given;
    gex_flips *plain, *named;

    gex_zero_flow_options_init(&given, sizeof given);
    ck_assert_int_eq(given.until, GEX_UNTIL_CLOSE);
    ck_assert_int_eq(gex_zero_flow_compute(NULL, scene.market, scene.book, NULL, &plain, NULL), GEX_OK);
    given.until = GEX_UNTIL_GIVEN;
    given.end = AS_OF + 3 * HOUR;
    named = zeros_of(NULL, &scene, &given);
    ck_assert_int_eq(gex_flips_count(plain), gex_flips_count(named));
    for (int64_t i = 0; i < gex_flips_count(plain); i++)
        ck_assert_double_eq(gex_flips_price(plain, i), gex_flips_price(named, i));
    gex_flips_free(plain);
    gex_flips_free(named);
    scene_free(&scene);
}
END_TEST

static int32_t run_fails(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user, (void)task, (void)arg, (void)n;
    return 1;
}

/* Neither the order of rows nor the executor shows. */
START_TEST(same_bits)
{
    struct crowd crowd, other;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    struct scene shuffled = crowd_shuffled(&other, GEX_SIGN_INVENTORY_GIVEN, 7);
    const gex_zero_flow_options options = chosen(AS_OF + 4 * HOUR, _i);
    gex_flips *flips = zeros_of(NULL, &scene, &options), *again, *none = NULL;
    gex_context_options host;
    gex_context *context;
    gex_error error;

    gex_context_options_init(&host, sizeof host);
    host.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    again = zeros_of(context, &shuffled, &options);
    ck_assert_int_eq(gex_flips_count(flips), gex_flips_count(again));
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        ck_assert_double_eq(gex_flips_price(flips, i), gex_flips_price(again, i));
        ck_assert_double_eq(gex_flips_slope(flips, i), gex_flips_slope(again, i));
    }
    gex_context_free(context);
    host.run = run_fails;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    ck_assert_int_eq(gex_zero_flow_compute(context, scene.market, scene.book, &options, &none, &error),
                     GEX_ERR_CALLBACK);
    ck_assert_ptr_null(none);
    gex_context_free(context);
    gex_flips_free(flips);
    gex_flips_free(again);
    scene_free(&scene);
    scene_free(&shuffled);
}
END_TEST

#define REFUSED(expected, ...)                                                                                \
    do {                                                                                                      \
        gex_zero_flow_options options = chosen(AS_OF + HOUR, 0);                                              \
        __VA_ARGS__;                                                                                          \
        CALLED(flips, expected, gex_zero_flow_compute(NULL, scene.market, scene.book, &options, OUT));        \
    } while (0)

START_TEST(wrong_choices_are_refused)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);

    REFUSED(GEX_OK, (void)0);
    REFUSED(GEX_OK, options.end = AS_OF);
    REFUSED(GEX_ERR_DOMAIN, options.end = AS_OF - 1);
    REFUSED(GEX_ERR_ARGUMENT, options.until = 0);
    REFUSED(GEX_ERR_ARGUMENT, options.until = GEX_UNTIL_LAST_ + 1);
    REFUSED(GEX_ERR_ARGUMENT, options.unwound = 2);
    REFUSED(GEX_ERR_ARGUMENT, options.reserved = 1);
    REFUSED(GEX_ERR_DOMAIN, options.low = HIGH);
    REFUSED(GEX_ERR_DOMAIN, options.low = 0);
    REFUSED(GEX_ERR_DOMAIN, options.high = 1e6);
    REFUSED(GEX_ERR_VERSION, options.struct_size = 8);
    scene_free(&scene);
}
END_TEST

Suite *suite_zero_flow(void)
{
    Suite *suite = suite_create("zero flow");
    TCase *brute = tcase_create("brute force"), *doors = tcase_create("doors");

    tcase_set_timeout(brute, 120);
    tcase_add_loop_test(brute, roots_are_where_scenarios_change_sign, 0, 6 * LENGTH(ends));
    tcase_add_loop_test(brute, whatever_the_market_is_made_by, 0, LENGTH(ways));
    tcase_add_test(brute, slope_and_size_are_what_they_say);
    tcase_add_loop_test(brute, now_spot_is_the_root, 0, 2);
    tcase_add_loop_test(brute, a_range_without_a_root_says_why, 0, LENGTH(without));
    tcase_add_test(brute, nobody_trades_nothing_at_no_price);
    tcase_add_loop_test(brute, same_bits, 0, 2);
    suite_add_tcase(suite, brute);

    tcase_add_test(doors, ends_by_name);
    tcase_add_test(doors, wrong_choices_are_refused);
    suite_add_tcase(suite, doors);
    return suite;
}
