/* SPDX-License-Identifier: Apache-2.0 */
/* The map: its parts are those of the stages, its defaults those of the report, and where it says spot stands. */
#include "scene.h"
#include "shuffled.h"

Suite *suite_map(void);

static gex_map *map_of(const struct scene *scene, const gex_map_options *options)
{
    gex_map *map = NULL;
    gex_error error;

    ck_assert_msg(gex_map_compute(NULL, scene->market, scene->book, options, &map, &error) == GEX_OK, "%s",
                  error.message);
    return map;
}

static struct scene worked(int32_t sign)
{
    return scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, sign);
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

START_TEST(zero_flow_is_that_of_its_own_call)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_zero_flow_options alone;
    gex_map_options options;
    gex_flips *flips;
    gex_map *map;

    gex_map_options_init(&options, sizeof options);
    ck_assert_int_eq(gex_until_instant(scene.market, GEX_UNTIL_CLOSE, &options.zero_flow, NULL), GEX_OK);
    map = map_of(&scene, &options);
    gex_zero_flow_options_init(&alone, sizeof alone); /* the close by default */
    ck_assert_int_eq(gex_zero_flow_compute(NULL, scene.market, scene.book, &alone, &flips, NULL), GEX_OK);
    ck_assert_int_eq(gex_map_zero_flow_instant(map), options.zero_flow);
    ck_assert_int_eq(gex_flips_status(gex_map_zero_flow(map)), gex_flips_status(flips));
    ck_assert_int_eq(gex_flips_count(gex_map_zero_flow(map)), gex_flips_count(flips));
    ck_assert_int_gt(gex_flips_count(flips), 0);
    for (int64_t i = 0; i < gex_flips_count(flips); i++)
        ck_assert_double_eq(gex_flips_price(gex_map_zero_flow(map), i), gex_flips_price(flips, i));
    gex_flips_free(flips);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(parts_are_those_of_the_stages)
{
    struct scene scene = worked(GEX_SIGN_INVENTORY_GIVEN);
    gex_map *map = map_of(&scene, NULL);
    const gex_exposure *parts[] = {gex_map_gamma(map), gex_map_delta(map), gex_map_vanna(map), gex_map_charm(map)};
    static const int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD, GEX_UNIT_VEX_USD_VOLPT,
                                    GEX_UNIT_CEX_USD_CALDAY};
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_profile_options options;
    gex_profile *profile;
    int64_t points;

    for (int i = 0; i < 4; i++) {
        gex_exposure *alone = scene_exposure(scene.market, scene.book, units[i]);
        ck_assert_int_eq(gex_exposure_unit(parts[i]), units[i]);
        ck_assert_double_eq(gex_exposure_total(parts[i]), gex_exposure_total(alone));
        gex_exposure_free(alone);
    }
    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &profile, NULL), GEX_OK);
    gex_profile_prices(gex_map_profile(map), &points);
    ck_assert_int_eq(points, 201);
    ck_assert_mem_eq(gex_profile_prices(gex_map_profile(map), NULL), gex_profile_prices(profile, NULL),
                     201 * sizeof(double));
    ck_assert_mem_eq(gex_profile_values(gex_map_profile(map), NULL), gex_profile_values(profile, NULL),
                     201 * sizeof(double));
    ck_assert_int_eq(gex_flips_count(gex_map_flips(map)), gex_flips_count(flips));
    for (int64_t i = 0; i < gex_flips_count(flips); i++)
        ck_assert_double_eq(gex_flips_price(gex_map_flips(map), i), gex_flips_price(flips, i));
    ck_assert_ptr_null(gex_map_zero_flow(map));
    ck_assert_int_eq(gex_map_zero_flow_instant(map), 0);
    ck_assert_ptr_eq(gex_map_market(map), scene.market);
    ck_assert_ptr_eq(gex_map_book(map), scene.book);
    ck_assert_ptr_eq(gex_greeks_market(gex_map_greeks(map)), scene.market);
    ck_assert_ptr_eq(gex_map_in_unit(map), gex_map_gamma(map));
    ck_assert_ptr_eq(gex_map_profile_in_unit(map), gex_map_profile(map));
    gex_profile_free(profile);
    gex_flips_free(flips);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(a_map_keeps_what_it_was_made_from)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map *map = map_of(&scene, NULL);

    scene_free(&scene);
    ck_assert_int_eq(gex_chain_rows(gex_market_chain(gex_map_market(map))), WORKED_ROWS);
    ck_assert_str_eq(gex_book_source(gex_map_book(map)), "NAIVE_CALL_LONG");
    gex_map_free(map);
}
END_TEST

START_TEST(moves_of_the_flow_table)
{
    static const double standard[] = {-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3};
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map *map = map_of(&scene, NULL);
    const double *exact = gex_flow_column(gex_map_flow(map), GEX_FLOW_EXACT);
    int64_t count;

    ck_assert_mem_eq(gex_map_moves(map, &count), standard, sizeof standard);
    ck_assert_int_eq(count, LENGTH(standard));
    ck_assert_int_eq(gex_flow_rows(gex_map_flow(map)), LENGTH(standard));
    ck_assert_double_eq_tol(exact[2], -1485686.8, 0.05); /* docs/conventions.md, section 11 */
    ck_assert_double_eq_tol(exact[4], -193476.5, 0.05);
    ck_assert_double_eq_tol(exact[5], -216073.6, 0.05);
    ck_assert_double_eq_tol(exact[7], -1720012.5, 0.05);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(moves_and_scenario_of_the_caller)
{
    const struct {
        double move, other;
    } moves[] = {{1, 9}, {-1, 9}};
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map_options options;
    gex_map *map;

    gex_map_options_init(&options, sizeof options);
    options.moves = (gex_f64){&moves->move, sizeof *moves};
    options.move_count = 2;
    options.scenario_spot_pct = -0.5;
    map = map_of(&scene, &options);
    ck_assert_int_eq(gex_flow_rows(gex_map_flow(map)), 2);
    ck_assert_double_eq_tol(gex_flow_column(gex_map_flow(map), GEX_FLOW_EXACT)[0], -1720012.5, 0.05);
    ck_assert_double_eq_tol(gex_flow_column(gex_map_flow(map), GEX_FLOW_EXACT)[1], -1485686.8, 0.05);
    /* the joint step of docs/conventions.md: spot -0.5 %, one hour, vol +1 point */
    ck_assert_int_eq(gex_flow_rows(gex_map_scenario(map)), 1);
    ck_assert_double_eq_tol(gex_flow_column(gex_map_scenario(map), GEX_FLOW_EXACT)[0], -833501.9, 0.05);
    ck_assert_double_eq_tol(gex_flow_column(gex_map_scenario(map), GEX_FLOW_TIME)[0], 54197.6, 0.05);
    ck_assert_double_eq(gex_map_scenario_spot_pct(map), -0.5);
    ck_assert_double_eq(gex_map_scenario_hours(map), 1.0);
    ck_assert_double_eq(gex_map_scenario_vol_points(map), 1.0);
    gex_map_free(map);

    options.scenario_hours = 4.0; /* past the 0DTE lines' settlement */
    options.scenario_spot_pct = options.scenario_vol_points = 0.0;
    map = map_of(&scene, &options);
    ck_assert_double_eq_tol(gex_flow_column(gex_map_scenario(map), GEX_FLOW_UNWIND)[0], 850000.0, 1e-6);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(another_unit_beside_gamma)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map_options options;
    gex_map *map;

    gex_map_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_PLUS_USD_PT;
    options.beta = -10.0;
    map = map_of(&scene, &options);
    ck_assert_int_eq(gex_exposure_unit(gex_map_in_unit(map)), GEX_UNIT_GEX_PLUS_USD_PT);
    ck_assert_double_eq_tol(gex_exposure_total(gex_map_in_unit(map)), -39022373.0, 1e3);
    ck_assert_int_eq(gex_exposure_unit(gex_map_gamma(map)), GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_eq(gex_profile_unit(gex_map_profile_in_unit(map)), GEX_UNIT_GEX_PLUS_USD_PT);
    ck_assert_int_eq(gex_profile_unit(gex_map_profile(map)), GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_eq(gex_flips_count(gex_map_flips(map)), 1); /* flips are those of gamma */
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

/* ---- what is shared ---------------------------------------------------------------------------------------------- */

static const struct way {
    int32_t style, dynamics, clock;
} ways[] = {
    {GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_STRIKE, GEX_CLOCK_CAL_365},
    {GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_MONEYNESS, GEX_CLOCK_CAL_365},
    {GEX_STYLE_EUROPEAN, GEX_DYNAMICS_STICKY_STRIKE, GEX_CLOCK_BUS_252_CLOCK},
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_STRIKE, GEX_CLOCK_CAL_365},
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_STRIKE, GEX_CLOCK_BUS_252_CLOCK},
    {GEX_STYLE_AMERICAN, GEX_DYNAMICS_STICKY_MONEYNESS, GEX_CLOCK_CAL_365},
};

static gex_market *market_in(const gex_chain *chain, const struct way *way)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error;

    gex_market_options_init(&options, sizeof options);
    options.clock = way->clock;
    options.as_of = AS_OF;
    options.spot = 5000;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = way->style;
    options.dynamics = way->dynamics;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static void ck_same_flow(const gex_flow *got, const gex_flow *want)
{
    ck_assert_int_eq(gex_flow_rows(got), gex_flow_rows(want));
    for (int32_t column = 1; column <= GEX_FLOW_LAST_; column++)
        ck_assert_mem_eq(gex_flow_column(got, column), gex_flow_column(want, column),
                         (size_t)gex_flow_rows(want) * sizeof(double));
}

/* The map has lines, states and first order at hand; a flow by itself has not. */
START_TEST(flows_are_those_of_a_flow_by_itself)
{
    struct scene scene = worked(GEX_SIGN_INVENTORY_GIVEN);
    gex_market *market = market_in(scene.chain, &ways[_i]);
    gex_map *map = NULL;
    gex_flow *flow = NULL;
    gex_flow_options options;
    double price[10];
    const double *moves, joint = 5000 * (1.0 - 1.0 / 100.0), shift = 1.0 / 100.0;
    const int64_t later = AS_OF + HOUR;

    ck_assert_int_eq(gex_map_compute(NULL, market, scene.book, NULL, &map, NULL), GEX_OK);
    moves = gex_map_moves(map, NULL);
    for (int i = 0; i < 10; i++)
        price[i] = 5000 * (1.0 + moves[i] / 100.0);
    gex_flow_options_init(&options, sizeof options);
    options.rows = 10;
    options.spot = (gex_f64){price, sizeof *price};
    ck_assert_int_eq(gex_flow_compute(NULL, market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_same_flow(gex_map_flow(map), flow);
    gex_flow_free(flow);
    options.rows = 1;
    options.spot = (gex_f64){&joint, 0};
    options.as_of = (gex_i64){&later, 0};
    options.vol_shift = (gex_f64){&shift, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_same_flow(gex_map_scenario(map), flow);
    gex_flow_free(flow);
    gex_map_free(map);
    gex_market_free(market);
    scene_free(&scene);
}
END_TEST

/* The map's flips have its profile at hand. */
START_TEST(flips_are_those_of_a_search_by_itself)
{
    struct scene scene = worked(GEX_SIGN_INVENTORY_GIVEN);
    gex_market *market = market_in(scene.chain, &ways[_i]);
    gex_flips *alone = scene_flips(market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const gex_flips *flips;
    gex_map *map = NULL;

    ck_assert_int_eq(gex_map_compute(NULL, market, scene.book, NULL, &map, NULL), GEX_OK);
    flips = gex_map_flips(map);
    ck_assert_int_gt(gex_flips_count(alone), 0);
    ck_assert_int_eq(gex_flips_count(flips), gex_flips_count(alone));
    for (int64_t i = 0; i < gex_flips_count(alone); i++) {
        ck_assert_double_eq(gex_flips_price(flips, i), gex_flips_price(alone, i));
        ck_assert_double_eq(gex_flips_slope(flips, i), gex_flips_slope(alone, i));
        ck_assert_double_eq(gex_flips_size(flips, i), gex_flips_size(alone, i));
    }
    gex_map_free(map);
    gex_flips_free(alone);
    gex_market_free(market);
    scene_free(&scene);
}
END_TEST

/* Seven, and what the unit needs: of these every bit. What a second clock needs beside them is among the seven. */
START_TEST(greeks_are_some_of_all)
{
    static const int32_t kept[] = {GEX_GREEK_PRICE, GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VEGA,
                                   GEX_GREEK_THETA, GEX_GREEK_VANNA, GEX_GREEK_CHARM, GEX_GREEK_SPEED};
    struct scene scene = worked(GEX_SIGN_INVENTORY_GIVEN);
    gex_market *market = market_in(scene.chain, &ways[_i]);
    const size_t size = (size_t)gex_chain_rows(scene.chain) * sizeof(double);
    gex_greeks *all = NULL;
    gex_map *map = NULL;
    gex_map_options options;
    int has = 0;

    ck_assert_int_eq(gex_greeks_compute(NULL, market, &all, NULL), GEX_OK);
    gex_map_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_SPEED_USD_PCT2;
    ck_assert_int_eq(gex_map_compute(NULL, market, scene.book, &options, &map, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(kept); i++)
        ck_assert_mem_eq(gex_greeks_column(gex_map_greeks(map), kept[i]), gex_greeks_column(all, kept[i]), size);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        has += gex_greeks_column(gex_map_greeks(map), greek) != NULL;
    ck_assert_int_eq(has, LENGTH(kept));
    ck_assert_mem_eq(gex_greeks_status(gex_map_greeks(map)), gex_greeks_status(all),
                     (size_t)gex_chain_rows(scene.chain));
    gex_map_free(map);
    gex_greeks_free(all);
    gex_market_free(market);
    scene_free(&scene);
}
END_TEST

START_TEST(greeks_that_a_map_has_not_are_asked_for_elsewhere)
{
    struct scene scene = worked(GEX_SIGN_INVENTORY_GIVEN);
    gex_map *map = map_of(&scene, NULL);
    gex_exposure_options options;
    gex_exposure *exposure = NULL;
    gex_greeks *shadow = NULL;
    gex_error error;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_VOMMA_VEGA_VOLPT;
    ck_assert_int_eq(gex_exposure_compute(NULL, gex_map_greeks(map), scene.book, &options, &exposure, &error),
                     GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(exposure);
    ck_assert_msg(strstr(error.message, "vomma") != NULL, "%s", error.message);
    ck_assert_int_eq(gex_greeks_shadow(NULL, gex_map_greeks(map), &shadow, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(shadow);
    options.unit = GEX_UNIT_VEGA_USD_VOLPT;
    ck_assert_int_eq(gex_exposure_compute(NULL, gex_map_greeks(map), scene.book, &options, &exposure, &error), GEX_OK);
    gex_exposure_free(exposure);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

/* ---- where spot stands ------------------------------------------------------------------------------------------- */

START_TEST(worked_chain_stands_at_its_flip)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map *map = map_of(&scene, NULL);

    /* 30 days: forward 5011.1, nearest strike 5000, call at 0.150 and put at 0.152 */
    ck_assert_double_eq_tol(gex_map_daily_sigma(map), 5000 * 0.151 / sqrt(252.0), 1e-10);
    ck_assert_double_eq_tol(gex_map_zero_dte_share(map), 17241.7982 / 21753.4215, 1e-8);
    ck_assert_int_eq(gex_map_regime(map), GEX_REGIME_AT_FLIP); /* 0.13 points away, a tenth of a sigma is 4.8 */
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

static const struct regime_case {
    const char       *name;
    struct option_row rows[2];
    int64_t           count;
    int32_t           regime;
} regimes[] = {
    {"long", {{GEX_CALL, 5000, 0.15, 1, 10, 0.1}}, 1, GEX_REGIME_LONG_GAMMA},
    {"short", {{GEX_CALL, 5000, 0.15, 1, -10, 0.1}}, 1, GEX_REGIME_SHORT_GAMMA},
    {"no position", {{GEX_CALL, 5000, 0.15, 1, 0, 0.1}}, 1, GEX_REGIME_NONE},
    {"no row", {{GEX_CALL, 5000, 0.15, 1, 0, 0.1}}, 0, GEX_REGIME_NONE},
    {"no row is used", {{GEX_CALL, 5000, 0.0, 1, 10, 0.1}}, 1, GEX_REGIME_NONE},
    {"flat by cancellation",
     {{GEX_CALL, 5000, 0.15, 1, 10, 0.1}, {GEX_PUT, 5000, 0.15, 1, -10, 0.1}},
     2,
     GEX_REGIME_NONE},
    {"settling at the strike", {{GEX_CALL, 5000, 0.15, 1, 10, 0.0}}, 1, GEX_REGIME_NONE},
};

START_TEST(regimes_by_hand)
{
    struct scene scene = scene_of(regimes[_i].rows, regimes[_i].count, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_map *map = map_of(&scene, NULL);

    ck_assert_msg(gex_map_regime(map) == regimes[_i].regime, "%s: %s", regimes[_i].name,
                  gex_regime_text(gex_map_regime(map)));
    ck_assert_int_eq(isnan(gex_map_zero_dte_share(map)) != 0, gex_exposure_gross(gex_map_gamma(map)) == 0.0);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

/* Which expiry, which strike, which sides: 5000 points of spot, no carry, so that the forward is the spot. */
static const struct {
    const char       *name;
    struct option_row rows[4];
    int64_t           count;
    double            vol;
} sigmas[] = {
    {"nearest 30 days", {{GEX_CALL, 5000, 0.1, 1, 1, 7 / 365.0}, {GEX_CALL, 5000, 0.2, 1, 1, 37 / 365.0}}, 2, 0.2},
    {"the earlier of two as near",
     {{GEX_CALL, 5000, 0.1, 1, 1, 29 / 365.0}, {GEX_CALL, 5000, 0.2, 1, 1, 31 / 365.0}},
     2,
     0.1},
    {"not what is refused",
     {{GEX_CALL, 5000, 0.0, 1, 1, 30 / 365.0}, {GEX_CALL, 5000, 0.2, 1, 1, 300 / 365.0}},
     2,
     0.2},
    {"not what settles now", {{GEX_CALL, 5000, 0.1, 1, 1, 0}, {GEX_CALL, 5000, 0.2, 1, 1, 300 / 365.0}}, 2, 0.2},
    {"a row without position counts",
     {{GEX_CALL, 5000, 0.1, 1, 0, 30 / 365.0}, {GEX_CALL, 5000, 0.2, 1, 1, 60 / 365.0}},
     2,
     0.1},
    {"nearest strike", {{GEX_CALL, 4990, 0.1, 1, 1, 0.1}, {GEX_CALL, 5004, 0.2, 1, 1, 0.1}}, 2, 0.2},
    {"the lower of two as near", {{GEX_CALL, 5010, 0.1, 1, 1, 0.1}, {GEX_CALL, 4990, 0.2, 1, 1, 0.1}}, 2, 0.2},
    {"call and put", {{GEX_CALL, 5000, 0.1, 1, 1, 0.1}, {GEX_PUT, 5000, 0.2, 1, 1, 0.1}}, 2, 0.15},
    {"sides weigh the same",
     {{GEX_CALL, 5000, 0.1, 1, 1, 0.1}, {GEX_CALL, 5000, 0.1, 1, 1, 0.1}, {GEX_PUT, 5000, 0.2, 1, 1, 0.1}},
     3,
     0.15},
    {"nothing", {{GEX_CALL, 5000, 0.0, 1, 1, 0.1}}, 1, NAN},
};

START_TEST(daily_sigma_by_hand)
{
    struct scene scene = scene_of(sigmas[_i].rows, sigmas[_i].count, 5000, 0.0, 0.0, GEX_SIGN_INVENTORY_GIVEN);
    gex_map *map = map_of(&scene, NULL);
    const double expected = 5000.0 * sigmas[_i].vol / sqrt(252.0), got = gex_map_daily_sigma(map);

    ck_assert_msg(fabs(got - expected) <= 1e-12 * expected || (isnan(got) && isnan(expected)), "%s: vol %.9g",
                  sigmas[_i].name, got * sqrt(252.0) / 5000.0);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(a_map_does_not_depend_on_the_order_of_rows)
{
    struct crowd crowd, mixed;
    struct scene a = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN),
                 b = crowd_shuffled(&mixed, GEX_SIGN_INVENTORY_GIVEN, 3);
    gex_map *first = map_of(&a, NULL), *again = map_of(&b, NULL);

    ck_assert_double_eq(gex_map_daily_sigma(first), gex_map_daily_sigma(again));
    ck_assert_double_eq(gex_map_zero_dte_share(first), gex_map_zero_dte_share(again));
    ck_assert_int_eq(gex_map_regime(first), gex_map_regime(again));
    gex_map_free(first);
    gex_map_free(again);
    scene_free(&a);
    scene_free(&b);
}
END_TEST

/* ---- doors ------------------------------------------------------------------------------------------------------- */

static const double bad_move = NAN, ruin = -100.0, fine = -99.0;
static const struct {
    const char     *name;
    gex_map_options options;
    gex_status      status;
} doors[] = {
    {"no unit", {.unit = 0}, GEX_ERR_ARGUMENT},
    {"adv missing", {.unit = GEX_UNIT_GEX_ADV_PCT}, GEX_ERR_ARGUMENT},
    {"moves without a column", {.unit = 3, .move_count = 2}, GEX_ERR_ARGUMENT},
    {"negative count", {.unit = 3, .moves = {&fine, 0}, .move_count = -1}, GEX_ERR_ARGUMENT},
    {"no moves", {.unit = 3, .moves = {&fine, 0}}, GEX_OK},
    {"a move", {.unit = 3, .moves = {&fine, 0}, .move_count = 1}, GEX_OK},
    {"a NaN move", {.unit = 3, .moves = {&bad_move, 0}, .move_count = 1}, GEX_ERR_DOMAIN},
    {"ruin", {.unit = 3, .moves = {&ruin, 0}, .move_count = 1}, GEX_ERR_DOMAIN},
    {"scenario back in time", {.unit = 3, .scenario_hours = -1}, GEX_ERR_DOMAIN},
    {"scenario past the calendar", {.unit = 3, .scenario_hours = 1e9}, GEX_ERR_DOMAIN},
    {"scenario without end", {.unit = 3, .scenario_hours = INFINITY}, GEX_ERR_DOMAIN},
    {"scenario NaN hours", {.unit = 3, .scenario_hours = NAN}, GEX_ERR_DOMAIN},
    {"scenario NaN points", {.unit = 3, .scenario_vol_points = NAN}, GEX_ERR_DOMAIN},
    {"scenario ruin", {.unit = 3, .scenario_spot_pct = -100}, GEX_ERR_DOMAIN},
};

START_TEST(map_options_are_checked)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_map_options options = doors[_i].options;
    gex_map *map = NULL;
    gex_error error = {.status = GEX_OK};

    options.struct_size = sizeof options;
    ck_assert_int_eq(gex_map_compute(NULL, scene.market, scene.book, &options, &map, &error), doors[_i].status);
    ck_assert_int_eq(error.status, doors[_i].status);
    ck_assert_int_eq(map != NULL, doors[_i].status == GEX_OK);
    gex_map_free(map);
    scene_free(&scene);
}
END_TEST

START_TEST(regime_texts)
{
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_LONG_GAMMA), "long_gamma");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_SHORT_GAMMA), "short_gamma");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_AT_FLIP), "at_flip");
    ck_assert_str_eq(gex_regime_text(GEX_REGIME_NONE), "none");
    ck_assert_str_eq(gex_regime_text(0), "unknown");
}
END_TEST

Suite *suite_map(void)
{
    Suite *suite = suite_create("map");
    TCase *parts = tcase_create("parts"), *stands = tcase_create("regime"), *at_door = tcase_create("doors");

    tcase_add_test(parts, parts_are_those_of_the_stages);
    tcase_add_test(parts, zero_flow_is_that_of_its_own_call);
    tcase_add_test(parts, a_map_keeps_what_it_was_made_from);
    tcase_add_test(parts, moves_of_the_flow_table);
    tcase_add_test(parts, moves_and_scenario_of_the_caller);
    tcase_add_test(parts, another_unit_beside_gamma);
    tcase_add_loop_test(parts, flows_are_those_of_a_flow_by_itself, 0, LENGTH(ways));
    tcase_add_loop_test(parts, flips_are_those_of_a_search_by_itself, 0, LENGTH(ways));
    tcase_add_loop_test(parts, greeks_are_some_of_all, 0, LENGTH(ways));
    tcase_add_test(parts, greeks_that_a_map_has_not_are_asked_for_elsewhere);
    suite_add_tcase(suite, parts);

    tcase_add_test(stands, worked_chain_stands_at_its_flip);
    tcase_add_loop_test(stands, regimes_by_hand, 0, LENGTH(regimes));
    tcase_add_loop_test(stands, daily_sigma_by_hand, 0, LENGTH(sigmas));
    tcase_add_test(stands, a_map_does_not_depend_on_the_order_of_rows);
    tcase_set_timeout(stands, 60);
    suite_add_tcase(suite, stands);

    tcase_add_loop_test(at_door, map_options_are_checked, 0, LENGTH(doors));
    tcase_add_test(at_door, regime_texts);
    suite_add_tcase(suite, at_door);
    return suite;
}
