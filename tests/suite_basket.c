/* SPDX-License-Identifier: Apache-2.0 */
/* Baskets: prices along links, identities with one market, sums, ends of reach, refusals. Values by hand and against
 * numpy: tests/oracle/basket.py. */
#include "baskets.h"
#include "math/sum.h"
#include "refusal.h"
#include "reverse.h"
#include "shuffled.h"

Suite *suite_basket(void);

/* From 32 prices on there are sums on grids of nodes, whose bits are others: suite_basket_sweep.c. */
enum { FOUR = 4, POINTS = 31 };
#define SPOT 5000.0

static const struct member_row four[FOUR] = {{"index", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0},
                                             {"fund", GEX_LINK_BASIS, 0.1, 1, 0, GEX_ROLE_OTHER, 0},
                                             {"abroad", GEX_LINK_BETA, 1.4, 1.08, 0.02, GEX_ROLE_OTHER, 0},
                                             {"against", GEX_LINK_BETA, -0.3, 1, 0, GEX_ROLE_OTHER, 0}};

static void scenes_open(struct scene *scenes)
{
    static const double spots[FOUR] = {SPOT, 500.5, 73.0, 21.0};

    for (int i = 0; i < FOUR; i++)
        scenes[i] = scaled_scene(worked_rows, WORKED_ROWS, SPOT, spots[i] / SPOT, 1.0, GEX_SIGN_INVENTORY_GIVEN);
}

static void scenes_close(struct scene *scenes)
{
    for (int i = 0; i < FOUR; i++)
        scene_free(&scenes[i]);
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

static const struct link_case {
    int32_t link;
    double  factor, p, reference, price, slope, beta;
} link_cases[] = {
    {GEX_LINK_RATIO, 1, 500, 5100, 510, 0.1, 1},        {GEX_LINK_RATIO, 1, 500, 5000, 500, 0.1, 1},
    {GEX_LINK_BASIS, 1, 4975, 5100, 5075, 1, 5000.0 / 4975}, {GEX_LINK_BASIS, 0.1, 503, 4900, 493, 0.1, 500.0 / 503},
    {GEX_LINK_BASIS, 1, 20, 4900, NAN, 1, 250},         {GEX_LINK_BETA, 2, 80, 5500, 96, 0.032, 2},
    {GEX_LINK_BETA, -0.5, 80, 5500, 76, -0.008, -0.5},  {GEX_LINK_BETA, 0, 80, 5500, 80, 0, 0},
    {GEX_LINK_BETA, 5, 80, 4000, NAN, 0.08, 5},
};

START_TEST(a_price_follows_its_link)
{
    const struct link_case *c = &link_cases[_i];
    const struct member_row row = {"m", c->link, c->factor, 1, 0, GEX_ROLE_OTHER, 0};
    struct scene scene = scaled_scene(worked_rows, WORKED_ROWS, SPOT, c->p / SPOT, 1, GEX_SIGN_NAIVE_CALL_LONG);
    gex_basket *basket = basket_of(&scene, &row, 1, SPOT);
    const double price = gex_basket_price(basket, 0, c->reference);

    ck_assert_double_eq_tol(gex_basket_slope(basket, 0), c->slope, 1e-15 * fabs(c->slope) + 1e-300);
    ck_assert_double_eq_tol(gex_basket_beta(basket, 0), c->beta, 1e-15 * fabs(c->beta) + 1e-300);
    ck_assert_double_eq(gex_basket_ratio(basket, 0), c->p / SPOT);
    ck_assert_double_eq(gex_basket_basis(basket, 0), c->p - SPOT);
    ck_assert_double_eq(gex_basket_price(basket, 0, SPOT), c->p); /* to the bit */
    if (isnan(c->price)) {
        ck_assert_double_nan(price);
    } else {
        ck_assert_double_eq_tol(price, c->price, 1e-12 * c->price);
        if (c->slope != 0)
            ck_assert_double_eq_tol(gex_basket_reference(basket, 0, price), c->reference, 1e-10 * c->reference);
    }
    if (c->slope == 0)
        ck_assert_double_nan(gex_basket_reference(basket, 0, c->p));
    else
        ck_assert_double_eq(gex_basket_reference(basket, 0, c->p), SPOT);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

START_TEST(what_it_holds)
{
    struct scene scenes[FOUR];
    gex_basket *basket;

    scenes_open(scenes);
    basket = basket_of(scenes, four, FOUR, SPOT);
    ck_assert_int_eq(gex_basket_members(basket), FOUR);
    ck_assert_double_eq(gex_basket_spot(basket), SPOT);
    ck_assert_int_eq(gex_basket_as_of(basket), AS_OF);
    for (int i = 0; i < FOUR; i++) {
        ck_assert_str_eq(gex_basket_name(basket, i), four[i].name);
        ck_assert_ptr_eq(gex_basket_market(basket, i), scenes[i].market);
        ck_assert_ptr_eq(gex_basket_book(basket, i), scenes[i].book);
        ck_assert_ptr_eq(gex_greeks_market(gex_basket_greeks(basket, i)), scenes[i].market);
        ck_assert_int_eq(gex_basket_link(basket, i), four[i].link);
        ck_assert_int_eq(gex_basket_role(basket, i), four[i].role);
        ck_assert_double_eq(gex_basket_currency(basket, i), four[i].currency);
        ck_assert_double_eq(gex_basket_drift(basket, i), four[i].drift);
        ck_assert_double_eq(gex_basket_weight(basket, i), four[i].weight);
    }
    for (int32_t link = 1; link <= GEX_LINK_LAST_; link++)
        ck_assert_int_eq(gex_link_find(gex_link_name(link)), link);
    for (int32_t role = 1; role <= GEX_ROLE_LAST_; role++)
        ck_assert_int_eq(gex_role_find(gex_role_name(role)), role);
    scenes_close(scenes); /* the basket keeps what it needs */
    ck_assert_double_eq(gex_market_spot(gex_basket_market(basket, 1)), 500.5);
    gex_basket_free(basket);
}
END_TEST

/* Columns that are left out have their defaults, and a name is that of the chain's underlying. */
START_TEST(what_is_left_out)
{
    static const int32_t link = GEX_LINK_BASIS;
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    const gex_market *market = scene.market;
    const gex_book *book = scene.book;
    gex_basket_columns columns;
    gex_basket *basket;

    gex_basket_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = 5025;
    columns.market = &market;
    columns.book = &book;
    columns.link = (gex_i32){&link, 0};
    ck_assert_int_eq(gex_basket_create(NULL, &columns, &basket, NULL), GEX_OK);
    ck_assert_str_eq(gex_basket_name(basket, 0), gex_chain_underlying(scene.chain));
    ck_assert_double_eq(gex_basket_slope(basket, 0), 1);
    ck_assert_double_eq(gex_basket_currency(basket, 0), 1);
    ck_assert_double_eq(gex_basket_drift(basket, 0), 0);
    ck_assert_int_eq(gex_basket_role(basket, 0), GEX_ROLE_OTHER);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* ---- identities -------------------------------------------------------------------------------------------------- */

static gex_profile_options profile_options(int32_t unit)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.points = POINTS;
    options.adv = 8e6;
    options.future_price = SPOT;
    options.future_multiplier = 50;
    options.beta = -10;
    return options;
}

static gex_profile *profile_of(const gex_context *context, const gex_basket *basket, int32_t unit, double *members)
{
    const gex_profile_options options = profile_options(unit);
    gex_profile *profile = NULL;
    gex_error error;

    ck_assert_msg(gex_basket_profile_compute(context, basket, &options, members, &profile, &error) == GEX_OK, "%s",
                  error.message);
    return profile;
}

static gex_flips *flips_of(const gex_context *context, const gex_basket *basket, int32_t unit)
{
    const gex_profile_options options = profile_options(unit);
    gex_flips *flips = NULL;
    gex_error error;

    ck_assert_msg(gex_basket_flips_compute(context, basket, &options, &flips, &error) == GEX_OK, "%s", error.message);
    return flips;
}

static void same_values(const gex_profile *a, const gex_profile *b, double times)
{
    int64_t count, others;
    const double *x = gex_profile_values(a, &count), *y = gex_profile_values(b, &others);

    ck_assert_int_eq(count, others);
    for (int64_t i = 0; i < count; i++)
        ck_assert_msg(x[i] == times * y[i] || (isnan(x[i]) && isnan(y[i])), "point %d: %.17g, %.17g", (int)i, x[i],
                      y[i]);
}

/* A member at the price of the reference, alone: its own exposure, profile, flips and flow, to the bit. */
START_TEST(one_member_is_its_market)
{
    const int32_t unit = _i + 1;
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_basket *basket = basket_of(&scene, four, 1, CROWD_SPOT);
    gex_basket_exposure *made = basket_exposure(basket, unit);
    gex_exposure *alone = scene_exposure(scene.market, scene.book, unit);
    const gex_profile_options options = profile_options(unit);
    gex_profile *profile = profile_of(NULL, basket, unit, NULL), *single = NULL;

    ck_assert_double_eq(gex_basket_exposure_total(made), gex_exposure_total(alone));
    ck_assert_double_eq(gex_basket_exposure_gross(made), gex_exposure_gross(alone));
    ck_assert_int_eq(memcmp(gex_exposure_rows(gex_basket_exposure_member(made, 0)), gex_exposure_rows(alone),
                            CROWD_ROWS * sizeof(double)), 0);
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &single, NULL), GEX_OK);
    same_values(profile, single, 1.0);
    gex_profile_free(single);
    gex_profile_free(profile);
    gex_exposure_free(alone);
    gex_basket_exposure_free(made);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

START_TEST(one_member_has_its_market_s_flips_and_flow)
{
    static const double spots[] = {4800, 5000, 5100}, shifts[] = {0, 0.02, -0.01};
    static const int64_t instants[] = {AS_OF, AS_OF + 5 * HOUR, AS_OF + 90 * HOUR};
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_basket *basket = basket_of(&scene, four, 1, CROWD_SPOT);
    gex_flips *flips = flips_of(NULL, basket, GEX_UNIT_GEX_USD_PCT);
    gex_flips *single = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_flow_options options;
    gex_flow *flow, *alone;

    ck_assert_int_gt(gex_flips_count(single), 0);
    ck_assert_int_eq(gex_flips_count(flips), gex_flips_count(single));
    ck_assert_int_eq(gex_flips_status(flips), gex_flips_status(single));
    for (int64_t i = 0; i < gex_flips_count(single); i++) /* the grid is another, within a few ulp */
        ck_assert_double_eq_tol(gex_flips_price(flips, i), gex_flips_price(single, i), 1e-9);
    gex_flow_options_init(&options, sizeof options);
    options.rows = LENGTH(spots);
    options.spot = (gex_f64){spots, sizeof *spots};
    options.as_of = (gex_i64){instants, sizeof *instants};
    options.vol_shift = (gex_f64){shifts, sizeof *shifts};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &alone, NULL), GEX_OK);
    ck_assert_int_eq(gex_basket_flow_compute(NULL, basket, &options, NULL, &flow, NULL), GEX_OK);
    for (int32_t column = 1; column <= GEX_FLOW_LAST_; column++)
        ck_assert_int_eq(memcmp(gex_flow_column(flow, column), gex_flow_column(alone, column), sizeof spots), 0);
    gex_flow_free(flow);
    gex_flow_free(alone);
    gex_flips_free(flips);
    gex_flips_free(single);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* A fund of one sixteenth that holds sixteen times the contracts is the index a second time: twice, to the bit. */
START_TEST(the_same_book_in_smaller_contracts_is_twice)
{
    struct crowd crowd;
    struct scene scenes[2];
    const struct member_row rows[2] = {four[0], {"sixteenth", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0}};
    const int32_t unit = _i + 1;
    gex_basket *both, *one;
    gex_basket_exposure *twice, *once;
    gex_profile *two, *single;

    crowd_fill(&crowd);
    scenes[0] = scaled_scene(crowd.rows, CROWD_ROWS, CROWD_SPOT, 1, 1, GEX_SIGN_INVENTORY_GIVEN);
    scenes[1] = scaled_scene(crowd.rows, CROWD_ROWS, CROWD_SPOT, 0x1p-4, 0x1p4, GEX_SIGN_INVENTORY_GIVEN);
    both = basket_of(scenes, rows, 2, CROWD_SPOT);
    one = basket_of(scenes, rows, 1, CROWD_SPOT);
    twice = basket_exposure(both, unit);
    once = basket_exposure(one, unit);
    two = profile_of(NULL, both, unit, NULL);
    single = profile_of(NULL, one, unit, NULL);
    ck_assert_double_eq(gex_basket_exposure_total(twice), 2 * gex_basket_exposure_total(once));
    ck_assert_double_eq(gex_basket_exposure_gross(twice), 2 * gex_basket_exposure_gross(once));
    same_values(two, single, 2.0);
    gex_profile_free(two);
    gex_profile_free(single);
    gex_basket_exposure_free(twice);
    gex_basket_exposure_free(once);
    gex_basket_free(both);
    gex_basket_free(one);
    for (int i = 0; i < 2; i++)
        scene_free(&scenes[i]);
}
END_TEST

/* The roots of two such members are those of one. */
START_TEST(and_has_the_same_flips)
{
    struct crowd crowd;
    struct scene scenes[2];
    const struct member_row rows[2] = {four[0], {"sixteenth", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0}};
    gex_basket *both, *one;
    gex_flips *twice, *once;

    crowd_fill(&crowd);
    scenes[0] = scaled_scene(crowd.rows, CROWD_ROWS, CROWD_SPOT, 1, 1, GEX_SIGN_INVENTORY_GIVEN);
    scenes[1] = scaled_scene(crowd.rows, CROWD_ROWS, CROWD_SPOT, 0x1p-4, 0x1p4, GEX_SIGN_INVENTORY_GIVEN);
    both = basket_of(scenes, rows, 2, CROWD_SPOT);
    one = basket_of(scenes, rows, 1, CROWD_SPOT);
    twice = flips_of(NULL, both, GEX_UNIT_GEX_USD_PCT);
    once = flips_of(NULL, one, GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_gt(gex_flips_count(once), 0);
    ck_assert_int_eq(gex_flips_count(twice), gex_flips_count(once));
    for (int64_t i = 0; i < gex_flips_count(once); i++) {
        ck_assert_double_eq_tol(gex_flips_price(twice, i), gex_flips_price(once, i), 1e-9);
        ck_assert_int_eq(gex_flips_direction(twice, i), gex_flips_direction(once, i));
    }
    gex_flips_free(twice);
    gex_flips_free(once);
    gex_basket_free(both);
    gex_basket_free(one);
    for (int i = 0; i < 2; i++)
        scene_free(&scenes[i]);
}
END_TEST

/* ---- derivatives ------------------------------------------------------------------------------------------------- */

/* Delta by the reference, as the profile draws it, has the gamma of the exposure for its slope, gamma its speed. */
static const struct slope_case {
    int32_t of, is;
} slope_cases[] = {{GEX_UNIT_DEX_SHARES, GEX_UNIT_GEX_SHARES_PT}, {GEX_UNIT_GEX_SHARES_PT, GEX_UNIT_SPEED_SHARES_PT2}};

START_TEST(an_exposure_is_the_slope_of_another)
{
    const struct slope_case *c = &slope_cases[_i];
    struct scene scenes[FOUR];
    gex_profile_options options = profile_options(c->of);
    gex_profile *profile;
    gex_basket_exposure *made;
    gex_basket *basket;
    const double *v;

    scenes_open(scenes);
    for (int i = 0; i < FOUR; i++) { /* without the three hours: a slope over so narrow a step needs smooth lines */
        const double scale = gex_market_spot(scenes[i].market) / SPOT;
        scene_free(&scenes[i]);
        scenes[i] = scaled_scene(worked_rows + WORKED_ZERO_DTE, WORKED_ROWS - WORKED_ZERO_DTE, SPOT, scale, 1,
                                 GEX_SIGN_INVENTORY_GIVEN);
    }
    basket = basket_of(scenes, four, FOUR, SPOT);
    made = basket_exposure(basket, c->is);
    options.low = 0.999; /* steps of 2.5, spot in the middle */
    options.high = 1.001;
    options.points = 5;
    ck_assert_int_eq(gex_basket_profile_compute(NULL, basket, &options, NULL, &profile, NULL), GEX_OK);
    v = gex_profile_values(profile, NULL);
    ck_assert_double_eq_tol((8 * (v[3] - v[1]) - (v[4] - v[0])) / 30, gex_basket_exposure_total(made),
                            1e-7 * gex_basket_exposure_gross(made));
    gex_profile_free(profile);
    gex_basket_exposure_free(made);
    gex_basket_free(basket);
    scenes_close(scenes);
}
END_TEST

/* Under any dynamics, on any clock, exercised early or not, a member in ratio is its market's own profile. */
START_TEST(members_keep_their_market)
{
    static const struct {
        int32_t clock, style, dynamics;
        double  parameter;
    } kinds[] = {{GEX_CLOCK_CAL_365, GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_STRIKE, 0},
                 {GEX_CLOCK_VARIANCE_CLOCK, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_MONEYNESS, 0},
                 {GEX_CLOCK_BUS_252_CLOCK, GEX_STYLE_AMERICAN, GEX_DYNAMICS_LOCAL_VOL, 0},
                 {GEX_CLOCK_CAL_365, GEX_STYLE_EUROPEAN, GEX_DYNAMICS_BETA, -6}};
    struct scene scene = scaled_scene(worked_rows, WORKED_ROWS, SPOT, 0.1, 1, GEX_SIGN_INVENTORY_GIVEN);
    const struct member_row row = {"fund", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0};
    const gex_profile_options options = profile_options(GEX_UNIT_GEX_USD_PCT);
    gex_market_options state;
    gex_profile *profile, *single;
    const double *x, *y;
    gex_basket *basket;
    double largest = 0;

    gex_market_free(scene.market);
    gex_market_options_init(&state, sizeof state);
    state.clock = kinds[_i].clock, state.style = kinds[_i].style, state.dynamics = kinds[_i].dynamics;
    state.dynamics_parameter = kinds[_i].parameter;
    state.as_of = AS_OF, state.spot = SPOT / 10, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.rate = 0.04, state.carry_yield = 0.013;
    ck_assert_int_eq(gex_market_create(NULL, scene.chain, &state, &scene.market, NULL), GEX_OK);
    basket = basket_of(&scene, &row, 1, SPOT);
    profile = profile_of(NULL, basket, GEX_UNIT_GEX_USD_PCT, NULL);
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &single, NULL), GEX_OK);
    x = gex_profile_values(profile, NULL);
    y = gex_profile_values(single, NULL);
    for (int i = 0; i < POINTS; i++)
        largest = fmax(largest, isnan(y[i]) ? 0 : fabs(y[i]));
    for (int i = 0; i < POINTS; i++)
        ck_assert_msg(isnan(x[i]) == isnan(y[i]) && !(fabs(x[i] - y[i]) > 1e-9 * largest), "%d: %g, %g", i, x[i], y[i]);
    gex_profile_free(profile);
    gex_profile_free(single);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* ---- sums -------------------------------------------------------------------------------------------------------- */

static double exact_sum(const double *values, int64_t count, int64_t stride)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < count; i++)
        gex__exact_add(&sum, values[i * stride]);
    return gex__exact_round(&sum);
}

/* A total is the sum of its members' lines, and they of their contracts' rows. */
START_TEST(lines_add_up)
{
    static const double spots[] = {4900, 5075};
    struct scene scenes[FOUR];
    double lines[FOUR], gross[FOUR], members[FOUR * POINTS], traded[FOUR * 2];
    gex_basket *basket;
    gex_basket_exposure *made;
    gex_profile *profile;
    gex_flow_options options;
    gex_flow *flow;

    scenes_open(scenes);
    basket = basket_of(scenes, four, FOUR, SPOT);
    made = basket_exposure(basket, GEX_UNIT_GEX_USD_PCT);
    ck_assert_ptr_eq(gex_basket_exposure_basket(made), basket);
    ck_assert_int_eq(gex_basket_exposure_unit(made), GEX_UNIT_GEX_USD_PCT);
    for (int i = 0; i < FOUR; i++) {
        const gex_exposure *line = gex_basket_exposure_member(made, i);
        lines[i] = gex_exposure_total(line);
        gross[i] = gex_exposure_gross(line);
        ck_assert_double_eq(exact_sum(gex_exposure_rows(line), WORKED_ROWS, 1), lines[i]);
    }
    ck_assert_double_eq(exact_sum(lines, FOUR, 1), gex_basket_exposure_total(made));
    ck_assert_double_eq(exact_sum(gross, FOUR, 1), gex_basket_exposure_gross(made));
    profile = profile_of(NULL, basket, GEX_UNIT_GEX_USD_PCT, members);
    for (int p = 0; p < POINTS; p++)
        ck_assert_double_eq(exact_sum(members + p, FOUR, POINTS), gex_profile_values(profile, NULL)[p]);
    gex_flow_options_init(&options, sizeof options);
    options.rows = 2;
    options.spot = (gex_f64){spots, sizeof *spots};
    ck_assert_int_eq(gex_basket_flow_compute(NULL, basket, &options, traded, &flow, NULL), GEX_OK);
    for (int s = 0; s < 2; s++)
        ck_assert_double_eq(exact_sum(traded + s, FOUR, 2), gex_flow_column(flow, GEX_FLOW_EXACT)[s]);
    gex_flow_free(flow);
    gex_profile_free(profile);
    gex_basket_exposure_free(made);
    gex_basket_free(basket);
    scenes_close(scenes);
}
END_TEST

static int32_t run_fails(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user, (void)task, (void)arg, (void)n;
    return 1;
}

/* Neither the order of members nor the executor shows. */
START_TEST(same_bits)
{
    static const int order[FOUR] = {2, 0, 3, 1};
    static const double spots[] = {4900, 5075};
    struct scene scenes[FOUR], other[FOUR];
    struct member_row rows[FOUR];
    gex_basket *basket, *turned;
    gex_basket_exposure *a, *b;
    gex_profile *x, *y;
    gex_flips *f, *g;
    gex_flow *u, *v;
    gex_flow_options options;
    gex_context_options host;
    gex_context *context;

    scenes_open(scenes);
    for (int i = 0; i < FOUR; i++) {
        rows[i] = four[order[i]];
        other[i] = scenes[order[i]];
    }
    gex_context_options_init(&host, sizeof host);
    host.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    basket = basket_of(scenes, four, FOUR, SPOT);
    turned = basket_of(other, rows, FOUR, SPOT);
    a = basket_exposure(basket, GEX_UNIT_VEX_USD_VOLPT), b = basket_exposure(turned, GEX_UNIT_VEX_USD_VOLPT);
    ck_assert_double_eq(gex_basket_exposure_total(a), gex_basket_exposure_total(b));
    x = profile_of(NULL, basket, GEX_UNIT_GEX_USD_PCT, NULL),
    y = profile_of(context, turned, GEX_UNIT_GEX_USD_PCT, NULL);
    same_values(x, y, 1.0);
    f = flips_of(NULL, basket, GEX_UNIT_GEX_USD_PCT), g = flips_of(context, turned, GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_gt(gex_flips_count(f), 0);
    ck_assert_int_eq(gex_flips_count(f), gex_flips_count(g));
    for (int64_t i = 0; i < gex_flips_count(f); i++) {
        ck_assert_double_eq(gex_flips_price(f, i), gex_flips_price(g, i));
        ck_assert_double_eq(gex_flips_slope(f, i), gex_flips_slope(g, i));
        ck_assert_double_eq(gex_flips_size(f, i), gex_flips_size(g, i));
    }
    gex_flow_options_init(&options, sizeof options);
    options.rows = 2;
    options.spot = (gex_f64){spots, sizeof *spots};
    ck_assert_int_eq(gex_basket_flow_compute(NULL, basket, &options, NULL, &u, NULL), GEX_OK);
    ck_assert_int_eq(gex_basket_flow_compute(context, turned, &options, NULL, &v, NULL), GEX_OK);
    for (int32_t column = 1; column <= GEX_FLOW_LAST_; column++)
        ck_assert_int_eq(memcmp(gex_flow_column(u, column), gex_flow_column(v, column), sizeof spots), 0);
    gex_flow_free(u), gex_flow_free(v);
    gex_flips_free(f), gex_flips_free(g);
    gex_profile_free(x), gex_profile_free(y);
    gex_basket_exposure_free(a), gex_basket_exposure_free(b);
    gex_basket_free(basket), gex_basket_free(turned);
    gex_context_free(context);
    scenes_close(scenes);
}
END_TEST

START_TEST(a_failing_executor_is_told)
{
    const gex_profile_options options = profile_options(GEX_UNIT_GEX_USD_PCT);
    struct scene scenes[FOUR];
    gex_context_options host;
    gex_flow_options flow;
    gex_context *context;
    gex_basket *basket;

    scenes_open(scenes);
    basket = basket_of(scenes, four, FOUR, SPOT);
    gex_context_options_init(&host, sizeof host);
    host.run = run_fails;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    gex_flow_options_init(&flow, sizeof flow);
    flow.rows = 1;
    CALLED(profile, GEX_ERR_CALLBACK, gex_basket_profile_compute(context, basket, &options, NULL, OUT));
    CALLED(flips, GEX_ERR_CALLBACK, gex_basket_flips_compute(context, basket, &options, OUT));
    CALLED(flow, GEX_ERR_CALLBACK, gex_basket_flow_compute(context, basket, &flow, NULL, OUT));
    gex_context_free(context);
    gex_basket_free(basket);
    scenes_close(scenes);
}
END_TEST

/* ---- ends of reach ----------------------------------------------------------------------------------------------- */

/* A name of beta 8 has no price below 7/8 of the reference: a profile is NaN there, a search stops short. */
START_TEST(where_a_member_has_no_price)
{
    struct scene scenes[2];
    struct member_row rows[2] = {four[0], {"steep", GEX_LINK_BETA, 8, 1, 0, GEX_ROLE_OTHER, 0}};
    const double low = 4300;
    gex_flow_options options;
    gex_profile *profile;
    gex_basket *basket;
    gex_flips *flips;
    const double *price, *value;

    scenes[0] = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    scenes[1] = scaled_scene(worked_rows, WORKED_ROWS, SPOT, 0.01, 1, GEX_SIGN_INVENTORY_GIVEN);
    basket = basket_of(scenes, rows, 2, SPOT);
    profile = profile_of(NULL, basket, GEX_UNIT_GEX_USD_PCT, NULL);
    price = gex_profile_prices(profile, NULL);
    value = gex_profile_values(profile, NULL);
    for (int i = 0; i < POINTS; i++)
        ck_assert_msg(isnan(value[i]) == (price[i] <= 4375), "%g: %g", price[i], value[i]);
    flips = flips_of(NULL, basket, GEX_UNIT_GEX_USD_PCT);
    ck_assert_double_gt(gex_flips_low(flips), 4375);
    ck_assert_double_le(gex_flips_low(flips), 4377.5000001);
    ck_assert_double_eq(gex_flips_high(flips), 6000);
    ck_assert_int_gt(gex_flips_count(flips), 0);
    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.spot = (gex_f64){&low, 0};
    CALLED(flow, GEX_ERR_DOMAIN, gex_basket_flow_compute(NULL, basket, &options, NULL, OUT));
    gex_flips_free(flips);
    gex_profile_free(profile);
    gex_basket_free(basket);
    rows[1].factor = 1000;
    basket = basket_of(scenes, rows, 2, SPOT);
    {
        gex_profile_options far = profile_options(GEX_UNIT_GEX_USD_PCT);
        far.high = 0.9;
        CALLED(flips, GEX_ERR_DOMAIN, gex_basket_flips_compute(NULL, basket, &far, OUT));
    }
    gex_basket_free(basket);
    scene_free(&scenes[0]);
    scene_free(&scenes[1]);
}
END_TEST

/* Time alone moves a member that drifts: as its market does at the price it drifts to. */
START_TEST(a_member_drifts)
{
    const struct member_row row = {"cash", GEX_LINK_BASIS, 1, 1, 0.05, GEX_ROLE_OTHER, 0};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_basket *basket = basket_of(&scene, &row, 1, 5025);
    const int64_t later = AS_OF + 73 * 24 * HOUR / 10; /* a fiftieth of a year */
    const double there = SPOT * exp(0.05 / 50);
    gex_flow_options options;
    gex_flow *flow, *alone;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.as_of = (gex_i64){&later, 0};
    ck_assert_int_eq(gex_basket_flow_compute(NULL, basket, &options, NULL, &flow, NULL), GEX_OK);
    options.spot = (gex_f64){&there, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &alone, NULL), GEX_OK);
    ck_assert_double_eq_tol(*gex_flow_column(flow, GEX_FLOW_EXACT), *gex_flow_column(alone, GEX_FLOW_EXACT), 1e-5);
    ck_assert_double_ne(*gex_flow_column(flow, GEX_FLOW_SPOT), 0);
    ck_assert_double_eq(*gex_flow_column(flow, GEX_FLOW_USD_AT_START), 5025 * *gex_flow_column(flow, GEX_FLOW_EXACT));
    gex_flow_free(flow);
    gex_flow_free(alone);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

#define REFUSED(expected, ...)                                                                         \
    do {                                                                                               \
        struct member_row rows[FOUR];                                                                  \
        struct basket_columns mine;                                                                    \
        gex_basket_columns *columns;                                                                   \
        memcpy(rows, four, sizeof rows);                                                               \
        columns = columns_of(&mine, scenes, rows, FOUR, SPOT);                                         \
        __VA_ARGS__;                                                                                   \
        CALLED(basket, expected, gex_basket_create(NULL, columns, OUT));                               \
    } while (0)

START_TEST(wrong_columns_are_refused)
{
    struct scene scenes[FOUR];
    gex_market *later;

    scenes_open(scenes);
    later = scene_market(scenes[1].chain, 500, 0.04, 0.013, AS_OF + HOUR);
    REFUSED(GEX_OK, (void)0);
    REFUSED(GEX_ERR_ARGUMENT, columns->rows = 0);
    REFUSED(GEX_ERR_ARGUMENT, columns->rows = -1);
    REFUSED(GEX_ERR_ARGUMENT, columns->rows = INT64_MAX);
    REFUSED(GEX_ERR_ARGUMENT, columns->reserved = 1);
    REFUSED(GEX_ERR_ARGUMENT, columns->market = NULL);
    REFUSED(GEX_ERR_ARGUMENT, columns->book = NULL);
    REFUSED(GEX_ERR_ARGUMENT, columns->link.data = NULL);
    REFUSED(GEX_ERR_ARGUMENT, columns->name.width = 65);
    REFUSED(GEX_ERR_ARGUMENT, columns->name.width = 0);
    REFUSED(GEX_ERR_ARGUMENT, columns->weight.stride = INT64_MAX);
    REFUSED(GEX_ERR_ARGUMENT, mine.market[2] = NULL);
    REFUSED(GEX_ERR_ARGUMENT, mine.book[2] = NULL);
    REFUSED(GEX_ERR_ARGUMENT, mine.market[2] = scenes[1].market);
    REFUSED(GEX_ERR_ARGUMENT, mine.market[1] = later);
    REFUSED(GEX_ERR_ARGUMENT, rows[1].link = 0);
    REFUSED(GEX_ERR_ARGUMENT, rows[1].link = GEX_LINK_LAST_ + 1);
    REFUSED(GEX_ERR_ARGUMENT, rows[1].role = 0);
    REFUSED(GEX_ERR_ARGUMENT, rows[1].role = GEX_ROLE_LAST_ + 1);
    REFUSED(GEX_ERR_ARGUMENT, rows[0].factor = 0.1);
    REFUSED(GEX_ERR_DOMAIN, columns->spot = 0);
    REFUSED(GEX_ERR_DOMAIN, columns->spot = NOT_A_NUMBER);
    REFUSED(GEX_ERR_DOMAIN, columns->spot = INFINITY);
    REFUSED(GEX_ERR_DOMAIN, rows[1].factor = NOT_A_NUMBER);
    REFUSED(GEX_ERR_DOMAIN, rows[1].factor = 1e308);
    REFUSED(GEX_ERR_DOMAIN, rows[2].factor = INFINITY);
    REFUSED(GEX_ERR_DOMAIN, rows[2].currency = 0);
    REFUSED(GEX_ERR_DOMAIN, rows[2].currency = INFINITY);
    REFUSED(GEX_ERR_DOMAIN, rows[2].drift = 11);
    REFUSED(GEX_ERR_DOMAIN, rows[2].drift = NOT_A_NUMBER);
    REFUSED(GEX_ERR_DOMAIN, rows[2].weight = -1);
    REFUSED(GEX_ERR_DOMAIN, rows[2].weight = NOT_A_NUMBER);
    REFUSED(GEX_ERR_VERSION, columns->struct_size = 8);
    gex_market_free(later);
    scenes_close(scenes);
}
END_TEST

Suite *suite_basket(void)
{
    Suite *suite = suite_create("basket");
    TCase *links = tcase_create("links"), *identities = tcase_create("identities"), *sums = tcase_create("sums");

    tcase_add_loop_test(links, a_price_follows_its_link, 0, LENGTH(link_cases));
    tcase_add_test(links, what_it_holds);
    tcase_add_test(links, what_is_left_out);
    tcase_add_test(links, wrong_columns_are_refused);
    suite_add_tcase(suite, links);

    tcase_set_timeout(identities, 120);
    tcase_add_loop_test(identities, one_member_is_its_market, 0, GEX_UNIT_LAST_);
    tcase_add_test(identities, one_member_has_its_market_s_flips_and_flow);
    tcase_add_loop_test(identities, the_same_book_in_smaller_contracts_is_twice, 0, GEX_UNIT_LAST_);
    tcase_add_test(identities, and_has_the_same_flips);
    tcase_add_loop_test(identities, an_exposure_is_the_slope_of_another, 0, LENGTH(slope_cases));
    tcase_add_loop_test(identities, members_keep_their_market, 0, 4);
    suite_add_tcase(suite, identities);

    tcase_set_timeout(sums, 120);
    tcase_add_test(sums, lines_add_up);
    tcase_add_test(sums, same_bits);
    tcase_add_test(sums, a_failing_executor_is_told);
    tcase_add_test(sums, where_a_member_has_no_price);
    tcase_add_test(sums, a_member_drifts);
    suite_add_tcase(suite, sums);
    return suite;
}
