/* SPDX-License-Identifier: Apache-2.0 */
/* COMBO and MAPPED, by hand. */
#include "baskets.h"
#include "refusal.h"

Suite *suite_combo(void);

#define SPOT 5000.0

/* Positions whose exposures are told apart; the fund is a tenth, its strikes meet the index's at 4950 and 5050. */
enum { INDEX_ROWS = 4, FUND_ROWS = 5, NODES = 6 };
static const struct option_row index_rows[INDEX_ROWS] = {
    {GEX_CALL, 5050, 0.15, 0, 300, 30.0 / 365}, {GEX_PUT, 4950, 0.15, 0, -200, 30.0 / 365},
    {GEX_CALL, 5000, 0.15, 0, -50, 30.0 / 365}, {GEX_PUT, 5000, 0.15, 0, 20, 30.0 / 365}};
static const struct option_row fund_rows[FUND_ROWS] = {
    {GEX_CALL, 505, 0.15, 0, 4000, 30.0 / 365}, {GEX_PUT, 495, 0.15, 0, -5000, 30.0 / 365},
    {GEX_CALL, 501, 0.15, 0, 700, 30.0 / 365},  {GEX_CALL, 501.25, 0.15, 0, 10, 30.0 / 365},
    {GEX_PUT, 480, 0.15, 0, -900, 30.0 / 365}};
static const struct member_row pair[2] = {{"index", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0},
                                          {"fund", GEX_LINK_BASIS, 0.1, 1, 0, GEX_ROLE_OTHER, 0}};

struct stand {
    struct scene         scene[2];
    gex_basket          *basket;
    gex_basket_exposure *exposure;
};

static void stand_open(struct stand *stand)
{
    stand->scene[0] = scene_of(index_rows, INDEX_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    stand->scene[1] = scene_of(fund_rows, FUND_ROWS, SPOT / 10, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    stand->basket = basket_of(stand->scene, pair, 2, SPOT);
    stand->exposure = basket_exposure(stand->basket, GEX_UNIT_GEX_USD_PCT);
}

static void stand_close(struct stand *stand)
{
    gex_basket_exposure_free(stand->exposure);
    gex_basket_free(stand->basket);
    scene_free(&stand->scene[0]);
    scene_free(&stand->scene[1]);
}

static gex_combo *combo_of(const struct stand *stand, double step)
{
    gex_combo_options options;
    gex_combo *combo = NULL;

    gex_combo_options_init(&options, sizeof options);
    options.step = step;
    ck_assert_int_eq(gex_combo_compute(NULL, stand->exposure, &options, &combo, NULL), GEX_OK);
    return combo;
}

static double row_of(const struct stand *stand, int member, int row)
{
    return gex_exposure_rows(gex_basket_exposure_member(stand->exposure, member))[row];
}

START_TEST(strikes_meet_on_one_axis)
{
    static const double prices[NODES] = {4800, 4950, 5000, 5010, 5012.5, 5050};
    struct stand stand;
    gex_combo *combo;
    int64_t count, parts;
    const double *net, *gross;

    stand_open(&stand);
    ck_assert_int_eq(gex_combo_compute(NULL, stand.exposure, NULL, &combo, NULL), GEX_OK);
    ck_assert_ptr_eq(gex_combo_exposure(combo), stand.exposure);
    for (int i = 0; i < NODES; i++)
        ck_assert_double_eq_tol(gex_combo_prices(combo, &count)[i], prices[i], 1e-11);
    ck_assert_int_eq(count, NODES);
    ck_assert_int_eq(gex_combo_left_out(combo), 0);
    net = gex_combo_sum(combo, GEX_SUM_NET, &count);
    gross = gex_combo_sum(combo, GEX_SUM_GROSS, NULL);
    ck_assert_int_eq(count, NODES);
    ck_assert_double_eq(net[1], row_of(&stand, 0, 1) + row_of(&stand, 1, 1));
    ck_assert_double_eq(net[5], row_of(&stand, 0, 0) + row_of(&stand, 1, 0));
    ck_assert_double_eq(gross[1], -net[1]);
    ck_assert_double_eq(net[2], row_of(&stand, 0, 2) + row_of(&stand, 0, 3));
    ck_assert_double_eq(gross[2], fabs(row_of(&stand, 0, 2)) + fabs(row_of(&stand, 0, 3)));
    ck_assert_double_eq(gex_combo_sum(combo, GEX_SUM_CALL, NULL)[2], row_of(&stand, 0, 2));
    ck_assert_double_eq(gex_combo_sum(combo, GEX_SUM_PUT, NULL)[2], row_of(&stand, 0, 3));
    ck_assert_int_eq(gex_combo_part_member(combo, 1, &parts)[0], 0);
    ck_assert_int_eq(parts, 2);
    ck_assert_int_eq(gex_combo_part_member(combo, 1, NULL)[1], 1);
    ck_assert_double_eq(gex_chain_strikes(stand.scene[1].chain, NULL)[gex_combo_part_strike(combo, 1, NULL)[1]], 495);
    ck_assert_ptr_null(gex_combo_part_member(combo, NODES, &parts));
    ck_assert_int_eq(parts, 0);
    ck_assert_ptr_null(gex_combo_sum(combo, 9, &count));
    gex_combo_free(combo);
    stand_close(&stand);
}
END_TEST

/* 5012.5 lies half way between nodes of 25: it goes to the lower. */
START_TEST(strikes_go_to_the_nearest_node)
{
    static const double prices[] = {4800, 4950, 5000, 5050};
    struct stand stand;
    gex_combo *combo;
    int64_t count;

    stand_open(&stand);
    combo = combo_of(&stand, 25);
    for (int i = 0; i < LENGTH(prices); i++)
        ck_assert_double_eq(gex_combo_prices(combo, &count)[i], prices[i]);
    ck_assert_int_eq(count, LENGTH(prices));
    ck_assert_double_eq_tol(gex_combo_sum(combo, GEX_SUM_NET, NULL)[2],
                            row_of(&stand, 0, 2) + row_of(&stand, 0, 3) + row_of(&stand, 1, 2) + row_of(&stand, 1, 3),
                            1e-12 * gex_basket_exposure_gross(stand.exposure));
    gex_combo_free(combo);
    stand_close(&stand);
}
END_TEST

START_TEST(levels_over_the_nodes)
{
    struct stand stand;
    gex_combo *combo;
    double price, value;

    stand_open(&stand);
    combo = combo_of(&stand, 0);
    ck_assert_int_eq(gex_combo_level(combo, GEX_LEVEL_CALL_WALL_NET, 0, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq_tol(price, 5050, 1e-11); /* of the two together: 300 of the index alone would not do */
    ck_assert_double_eq(value, gex_combo_sum(combo, GEX_SUM_NET, NULL)[5]);
    ck_assert_int_eq(gex_combo_level(combo, GEX_LEVEL_CALL_WALL_NET, 1, &price, NULL, NULL), GEX_OK);
    ck_assert_double_eq_tol(price, 5010, 1e-11);
    ck_assert_int_eq(gex_combo_level(combo, GEX_LEVEL_PUT_WALL_NET, 0, &price, NULL, NULL), GEX_OK);
    ck_assert_double_eq_tol(price, 4950, 1e-11);
    ck_assert_int_eq(gex_combo_level(combo, GEX_LEVEL_CALL_WALL_NET, 5, &price, &value, NULL), GEX_OK);
    ck_assert_double_nan(price);
    ck_assert_double_nan(value);
    ck_assert_int_eq(gex_combo_level(combo, GEX_LEVEL_HVL_CENTROID, 0, &price, &value, NULL), GEX_OK);
    ck_assert(price > 4800 && price < 5050);
    ASKED(GEX_ERR_ARGUMENT, gex_combo_level(combo, GEX_LEVEL_HVL_CENTROID, 1, &price, &value, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_level(combo, GEX_LEVEL_CALL_WALL_OI, 0, &price, &value, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_level(combo, GEX_LEVEL_PUT_WALL_OI, 0, &price, &value, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_level(combo, 0, 0, &price, &value, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_combo_level(combo, GEX_LEVEL_ABS_GAMMA, -1, &price, &value, RECORD));
    gex_combo_free(combo);
    stand_close(&stand);
}
END_TEST

/* A single market on its own axis has its own levels. */
START_TEST(one_member_has_its_own_levels)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_basket *basket = basket_of(&scene, pair, 1, SPOT);
    gex_basket_exposure *exposure = basket_exposure(basket, GEX_UNIT_GEX_USD_PCT);
    gex_exposure *alone = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_combo *combo;

    ck_assert_int_eq(gex_combo_compute(NULL, exposure, NULL, &combo, NULL), GEX_OK);
    for (int32_t level = 1; level <= GEX_LEVEL_LAST_; level++) {
        double price[2], value[2];

        if (level == GEX_LEVEL_CALL_WALL_OI || level == GEX_LEVEL_PUT_WALL_OI)
            continue;
        ck_assert_int_eq(gex_combo_level(combo, level, 0, &price[0], &value[0], NULL), GEX_OK);
        ck_assert_int_eq(gex_level(alone, level, &price[1], &value[1], NULL), GEX_OK);
        ck_assert_int_eq(memcmp(&price[0], &price[1], sizeof *price), 0);
        ck_assert_int_eq(memcmp(&value[0], &value[1], sizeof *value), 0);
    }
    gex_combo_free(combo);
    gex_exposure_free(alone);
    gex_basket_exposure_free(exposure);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* A member the reference does not move has no place on its axis. */
START_TEST(what_has_no_place_is_counted)
{
    const struct member_row rows[2] = {pair[0], {"apart", GEX_LINK_BETA, 0, 1, 0, GEX_ROLE_OTHER, 0}};
    struct stand stand;
    gex_basket *basket;
    gex_basket_exposure *exposure;
    gex_combo *combo;
    int64_t count;

    stand_open(&stand);
    basket = basket_of(stand.scene, rows, 2, SPOT);
    exposure = basket_exposure(basket, GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_eq(gex_combo_compute(NULL, exposure, NULL, &combo, NULL), GEX_OK);
    gex_combo_prices(combo, &count);
    ck_assert_int_eq(count, 3);
    ck_assert_int_eq(gex_combo_left_out(combo), FUND_ROWS);
    gex_combo_free(combo);
    gex_basket_exposure_free(exposure);
    gex_basket_free(basket);
    stand_close(&stand);
}
END_TEST

#define REFUSED(expected, ...)                                                                  \
    do {                                                                                        \
        gex_combo_options options;                                                              \
        gex_combo_options_init(&options, sizeof options);                                       \
        __VA_ARGS__;                                                                            \
        CALLED(combo, expected, gex_combo_compute(NULL, stand.exposure, &options, OUT));        \
    } while (0)

START_TEST(wrong_steps_are_refused)
{
    struct stand stand;

    stand_open(&stand);
    REFUSED(GEX_OK, options.step = 1e-300);
    REFUSED(GEX_OK, options.step = 1e300);
    REFUSED(GEX_ERR_DOMAIN, options.step = -1);
    REFUSED(GEX_ERR_DOMAIN, options.step = NOT_A_NUMBER);
    REFUSED(GEX_ERR_DOMAIN, options.step = INFINITY);
    REFUSED(GEX_ERR_ARGUMENT, options.reserved = 1);
    REFUSED(GEX_ERR_VERSION, options.struct_size = 4);
    stand_close(&stand);
}
END_TEST

/* ---- MAPPED ------------------------------------------------------------------------------------------------------ */

static const struct {
    double     level, from, to;
    int32_t    mapped;
    gex_status status;
    double     price;
} mapped_cases[] = {
    {4500, 4505.1, 4545, GEX_MAPPED_BASIS, GEX_OK, 4539.9},
    {4500, 4500, 450, GEX_MAPPED_RATIO, GEX_OK, 450},
    {450, 450.81, 4505.1, GEX_MAPPED_RATIO, GEX_OK, 450 * 4505.1 / 450.81},
    {4500, 4505.1, 4545, 0, GEX_ERR_ARGUMENT, NAN},
    {4500, 4505.1, 4545, 3, GEX_ERR_ARGUMENT, NAN},
    {NAN, 4505.1, 4545, GEX_MAPPED_RATIO, GEX_ERR_DOMAIN, NAN},
    {4500, 0, 4545, GEX_MAPPED_RATIO, GEX_ERR_DOMAIN, NAN},
    {4500, 4500, INFINITY, GEX_MAPPED_BASIS, GEX_ERR_DOMAIN, NAN},
    {4500, 4500, NAN, GEX_MAPPED_BASIS, GEX_ERR_DOMAIN, NAN},
};

START_TEST(levels_are_carried)
{
    double price = 1;

    ASKED(mapped_cases[_i].status, gex_level_mapped(mapped_cases[_i].level, mapped_cases[_i].mapped,
                                                    mapped_cases[_i].from, mapped_cases[_i].to, &price, RECORD));
    if (isnan(mapped_cases[_i].price))
        ck_assert_double_nan(price);
    else
        ck_assert_double_eq_tol(price, mapped_cases[_i].price, 1e-12 * price);
}
END_TEST

/* Five strikes whose pairs show forwards of 5020, 5021, 5022, 5023 and, far out, 5100; one root without a call. */
enum { QUOTED = 11 };
START_TEST(parity_shows_a_basis)
{
    static const double strike[QUOTED] = {4990, 4990, 5000, 5000, 5010, 5010, 5030, 5030, 5200, 5200, 5000};
    static const int8_t right[QUOTED] = {1, -1, 1, -1, 1, -1, 1, -1, 1, -1, -1};
    static const double forward[QUOTED] = {5020, 0, 5022, 0, 5021, 0, 5023, 0, 5100, 0, 0};
    char root[QUOTED][4] = {"AAA", "AAA", "AAA", "AAA", "AAA", "AAA", "AAA", "AAA", "AAA", "AAA", "BBB"};
    double bid[QUOTED], ask[QUOTED], vol[QUOTED], basis;
    const int64_t settlement = AS_OF + (int64_t)(YEAR / 4);
    const double discount = exp(-0.04 / 4);
    gex_chain_columns columns;
    gex_chain *chain;
    gex_market *market;
    int64_t count;

    for (int i = 0; i < QUOTED; i++) {
        const double middle = right[i] == GEX_CALL ? 100 + discount * (forward[i] - strike[i]) : 100;
        bid[i] = middle - 0.5;
        ask[i] = middle + 0.5;
        vol[i] = 0.15;
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = QUOTED;
    columns.root = (gex_text){root[0], sizeof root[0], 3};
    columns.settlement = (gex_i64){&settlement, 0};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.right = (gex_i8){right, 1};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.bid = (gex_f64){bid, sizeof *bid};
    columns.ask = (gex_f64){ask, sizeof *ask};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    market = scene_market(chain, SPOT, 0.04, 0.013, AS_OF);
    ck_assert_int_eq(gex_parity_basis(market, 0, 1, &basis, &count, NULL), GEX_OK);
    ck_assert_double_eq_tol(basis, 22, 1e-9);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(gex_parity_basis(market, 0, 3, &basis, &count, NULL), GEX_OK);
    ck_assert_double_eq_tol(basis, 21, 1e-9);
    ck_assert_int_eq(gex_parity_basis(market, 0, 4, &basis, NULL, NULL), GEX_OK);
    ck_assert_double_eq_tol(basis, 21.5, 1e-9);
    ck_assert_int_eq(gex_parity_basis(market, 0, 64, &basis, &count, NULL), GEX_OK);
    ck_assert_double_eq_tol(basis, 22, 1e-9); /* the far one moves a median by one place */
    ck_assert_int_eq(count, 5);
    ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(market, 0, 0, &basis, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(market, 0, 65, &basis, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(market, 1, 3, &basis, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(market, -1, 3, &basis, &count, RECORD));
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

START_TEST(without_quotes_there_is_no_basis)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    double basis = 0;
    int64_t count = 1;

    ck_assert_int_eq(gex_parity_basis(scene.market, 1, 10, &basis, &count, NULL), GEX_OK);
    ck_assert_double_nan(basis);
    ck_assert_int_eq(count, 0);
    scene_free(&scene);
}
END_TEST

Suite *suite_combo(void)
{
    Suite *suite = suite_create("combo");
    TCase *nodes = tcase_create("nodes"), *mapped = tcase_create("mapped");

    tcase_add_test(nodes, strikes_meet_on_one_axis);
    tcase_add_test(nodes, strikes_go_to_the_nearest_node);
    tcase_add_test(nodes, levels_over_the_nodes);
    tcase_add_test(nodes, one_member_has_its_own_levels);
    tcase_add_test(nodes, what_has_no_place_is_counted);
    tcase_add_test(nodes, wrong_steps_are_refused);
    suite_add_tcase(suite, nodes);

    tcase_add_loop_test(mapped, levels_are_carried, 0, LENGTH(mapped_cases));
    tcase_add_test(mapped, parity_shows_a_basis);
    tcase_add_test(mapped, without_quotes_there_is_no_basis);
    suite_add_tcase(suite, mapped);
    return suite;
}
