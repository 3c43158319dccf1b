/* SPDX-License-Identifier: Apache-2.0 */
/* Roots of futures: what the table says, which columns win over it, what is refused, and exposures that come of it. */
#include "scene.h"

Suite *suite_futures(void);

#define EUROPEAN GEX_EXERCISE_EUROPEAN
#define AMERICAN GEX_EXERCISE_AMERICAN

/* ---- the table --------------------------------------------------------------------------------------------------- */

/* The value in dollars of the least move and the move itself, as the exchanges state both: the multiplier is one by the
 * other, and owes nothing to the sizes in src/market/futures.c. */
static const struct {
    const char *roots; /* blanks between */
    double      tick, dollars;
    int32_t     exercise;
} known[] = {
    {"ES", 0.25, 12.50, AMERICAN},
    {"EW EW1 EW2 EW3 EW4 E1A E1B E1C E1D E2A E2B E2C E2D E3A E3B E3C E3D E4A E4B E4C E4D E5A E5B E5C E5D", 0.25, 12.50,
     EUROPEAN},
    {"MES", 0.25, 1.25, AMERICAN},
    {"NQ", 0.25, 5.00, AMERICAN},
    {"QN1 QN2 QN3 QN4 Q1A Q1B Q1C Q1D Q2A Q2B Q2C Q2D Q3A Q3B Q3C Q3D Q4A Q4B Q4C Q4D Q5A Q5B Q5C Q5D", 0.25, 5.00,
     EUROPEAN},
    {"MNQ", 0.25, 0.50, AMERICAN},
    {"RTY", 0.1, 5.00, AMERICAN},
    {"M2K", 0.1, 0.50, AMERICAN},
    {"YM", 1.0, 5.00, AMERICAN},
    {"MYM", 1.0, 0.50, AMERICAN},
    {"VX", 0.05, 50.00, EUROPEAN},
    {"CL LO", 0.01, 10.00, AMERICAN},
    {"MCL", 0.01, 1.00, AMERICAN},
    {"NG ON", 0.001, 10.00, AMERICAN},
    {"LN", 0.001, 10.00, EUROPEAN},
    {"HO OH RB OB", 0.0001, 4.20, AMERICAN},
    {"GC OG", 0.10, 10.00, AMERICAN},
    {"MGC", 0.10, 1.00, AMERICAN},
    {"SI SO", 0.005, 25.00, AMERICAN},
    {"PL", 0.10, 5.00, AMERICAN},
    {"HG HXE", 0.0005, 12.50, AMERICAN},
    {"ZB OZB", 1.0 / 32, 31.25, AMERICAN},
    {"ZN OZN", 1.0 / 64, 15.625, AMERICAN},
    {"ZF OZF", 1.0 / 128, 7.8125, AMERICAN},
    {"ZT OZT", 1.0 / 256, 7.8125, AMERICAN},
    {"ZC OZC ZS OZS ZW OZW", 0.25, 12.50, AMERICAN},
    {"ZL OZL", 0.01, 6.00, AMERICAN},
    {"ZM OZM", 0.10, 10.00, AMERICAN},
    {"LE HE", 0.025, 10.00, AMERICAN},
    {"6E EUU 6S CHU", 0.00005, 6.25, EUROPEAN},
    {"6J JPU", 0.0000005, 6.25, EUROPEAN},
    {"6B GBU", 0.0001, 6.25, EUROPEAN},
    {"6A ADU 6C CAU", 0.00005, 5.00, EUROPEAN},
    {"BTC", 5.0, 25.00, EUROPEAN},
    {"MBT", 5.0, 0.50, EUROPEAN},
    {"ETH", 0.5, 25.00, EUROPEAN},
    {"MET", 0.5, 0.05, EUROPEAN},
};

START_TEST(a_root_says_the_size_and_the_style)
{
    for (const char *at = known[_i].roots; *at != '\0';) {
        const int64_t length = (int64_t)strcspn(at, " ");
        gex_root root = {.struct_size = sizeof root};

        ck_assert_int_eq(gex_root_facts_of(GEX_ROOTS_OF_FUTURES, at, length, &root, NULL), GEX_OK);
        ck_assert_msg(fabs(root.multiplier * known[_i].tick / known[_i].dollars - 1) < 1e-14, "%.*s: %g", (int)length,
                      at, root.multiplier);
        ck_assert_int_eq(root.exercise, known[_i].exercise);
        ck_assert_int_eq(root.settle, 0);
        ck_assert_uint_eq(root.flags, 0);
        at += length + (at[length] == ' ');
    }
}
END_TEST

static const char *const unknown[] = {"SPX", "SPXW", "AAPL", "E", "E6A", "E1E", "EW5", "QN5", "es", "ES1", "ESZ5",
                                      "XYZ9", ""};

START_TEST(another_root_is_not_guessed)
{
    const int64_t length = (int64_t)strlen(unknown[_i]);
    gex_root root = {.struct_size = sizeof root};

    if (length == 0) {
        ck_assert_int_eq(gex_root_facts_of(GEX_ROOTS_OF_FUTURES, "", 0, &root, NULL), GEX_ERR_ARGUMENT);
        return;
    }
    ck_assert_int_eq(gex_root_facts_of(GEX_ROOTS_OF_FUTURES, unknown[_i], length, &root, NULL), GEX_OK);
    ck_assert_double_nan(root.multiplier);
    ck_assert_uint_eq(root.flags, GEX_FLAG_UNKNOWN_ROOT);
}
END_TEST

START_TEST(whose_root_it_is_decides)
{
    gex_root root = {.struct_size = sizeof root}, listed = root;
    gex_error error;

    ck_assert_int_eq(gex_root_facts_of(GEX_ROOTS_OF_LISTED, "ES", 2, &root, NULL), GEX_OK);
    ck_assert_int_eq(gex_root_facts("ES", 2, &listed, NULL), GEX_OK);
    ck_assert_double_eq(root.multiplier, 100.0);
    ck_assert_uint_eq(root.flags, GEX_FLAG_UNKNOWN_ROOT);
    ck_assert_mem_eq(&root, &listed, sizeof root);
    ck_assert_int_eq(gex_root_facts_of(2, "ES", 2, &root, &error), GEX_ERR_ARGUMENT);
    ck_assert_msg(strstr(error.message, "roots") != NULL, "%s", error.message);
    root.struct_size = 0;
    ck_assert_int_eq(gex_root_facts_of(GEX_ROOTS_OF_FUTURES, "ES", 2, &root, NULL), GEX_ERR_VERSION);
}
END_TEST

/* ---- rows of a chain --------------------------------------------------------------------------------------------- */

enum { ROOT_WIDTH = 8, EXPIRY = 20240621 };
static const double  strike = 5000, vol = 0.15;
static const int8_t  right = GEX_CALL;
static const int32_t expiry = EXPIRY;
static const int64_t settlement = AS_OF + 18 * 24 * HOUR;

/* One row of a root, with a settlement. */
static gex_chain_columns one_row(const char *root)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.root = (gex_text){root, 0, (int64_t)strlen(root)};
    columns.settlement = (gex_i64){&settlement, 0};
    columns.strike = (gex_f64){&strike, 0};
    columns.right = (gex_i8){&right, 0};
    columns.vol = (gex_f64){&vol, 0};
    return columns;
}

static gex_chain *chain_of(const gex_chain_columns *columns, int32_t roots)
{
    gex_chain_options options;
    gex_chain *chain = NULL;
    gex_error error;

    gex_chain_options_init(&options, sizeof options);
    ck_assert_int_eq(options.roots, GEX_ROOTS_OF_LISTED);
    options.roots = roots;
    ck_assert_msg(gex_chain_create(NULL, columns, &options, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

static void expect_row(const gex_chain_columns *columns, int32_t roots, uint8_t status, double multiplier,
                       int8_t exercise, uint32_t flags)
{
    gex_chain *chain = chain_of(columns, roots);

    ck_assert_uint_eq(gex_chain_status(chain)[0], status);
    ck_assert_uint_eq(gex_chain_flags(chain)[0] & (GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT), flags);
    if (status == GEX_ROW_USED) {
        ck_assert_double_eq(gex_chain_multiplier(chain)[0], multiplier);
        ck_assert_int_eq(gex_chain_exercise(chain)[0], exercise);
        ck_assert_int_eq(gex_chain_settlement(chain)[0], settlement);
    } else
        ck_assert_double_nan(gex_chain_multiplier(chain)[0]);
    gex_chain_free(chain);
}

START_TEST(rows_take_what_the_root_says)
{
    gex_chain_columns columns = one_row("ES");

    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 50, AMERICAN, 0);
    expect_row(&columns, GEX_ROOTS_OF_LISTED, GEX_ROW_USED, 100, AMERICAN, GEX_FLAG_UNKNOWN_ROOT);
    columns = one_row("EW3"); /* of a stock it would be adjusted */
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 50, EUROPEAN, 0);
    expect_row(&columns, GEX_ROOTS_OF_LISTED, GEX_ROW_UNSUPPORTED, 0, 0,
               GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT);
    columns = one_row("MYM  ");
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 0.5, AMERICAN, 0);
    columns.root.data = NULL;
    columns.symbol = (gex_text){"LO    240617C05000000", 0, 21};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 1000, AMERICAN, 0);
}
END_TEST

START_TEST(columns_win_over_the_root)
{
    const double ten = 10, zero = 0, nothing = NOT_A_NUMBER;
    const int8_t european = EUROPEAN, unsaid = 0;
    gex_chain_columns columns = one_row("ES");

    columns.multiplier = (gex_f64){&ten, 0};
    columns.exercise = (gex_i8){&european, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 10, EUROPEAN, 0);
    columns.exercise = (gex_i8){&unsaid, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 10, AMERICAN, 0);
    columns.multiplier = (gex_f64){&zero, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_NOT_FINITE, 0, 0, 0);
    columns.multiplier = (gex_f64){&nothing, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_NOT_FINITE, 0, 0, 0);
}
END_TEST

START_TEST(an_unknown_root_is_used_with_a_multiplier_alone)
{
    const double ten = 10;
    const int8_t european = EUROPEAN;
    gex_chain_columns columns = one_row("XYZ9");

    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_UNSUPPORTED, 0, 0, GEX_FLAG_UNKNOWN_ROOT);
    columns.multiplier = (gex_f64){&ten, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 10, AMERICAN, GEX_FLAG_UNKNOWN_ROOT);
    columns.exercise = (gex_i8){&european, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 10, EUROPEAN, GEX_FLAG_UNKNOWN_ROOT);
    columns.root.data = NULL; /* no roots at all */
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 10, EUROPEAN, GEX_FLAG_UNKNOWN_ROOT);
    columns.multiplier.data = NULL;
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_UNSUPPORTED, 0, 0, GEX_FLAG_UNKNOWN_ROOT);
}
END_TEST

START_TEST(the_hour_is_not_guessed)
{
    const int64_t unsaid = INT64_MIN;
    gex_chain_columns columns = one_row("ES");

    columns.expiry = (gex_i32){&expiry, 0}; /* the settlement wins */
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 50, AMERICAN, 0);
    columns.settlement = (gex_i64){&unsaid, 0};
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_BAD_SYMBOL, 0, 0, 0);
    columns.settlement.data = NULL;
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_BAD_SYMBOL, 0, 0, 0);
    columns.root.data = NULL;
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_BAD_SYMBOL, 0, 0, GEX_FLAG_UNKNOWN_ROOT);
}
END_TEST

/* A Deribit name is no root of a future, though BTC is: one coin a contract, 08:00 UTC, in either mode. */
START_TEST(deribit_stays_deribit)
{
    gex_chain_columns columns = one_row("");
    gex_chain *chain;
    int64_t eight;

    ck_assert_int_eq(gex_settlement_by(GEX_SETTLE_0800_UTC, 20260227, &eight, NULL, NULL), GEX_OK);
    columns.root.data = NULL;
    columns.settlement.data = NULL;
    columns.strike.data = NULL;
    columns.right.data = NULL;
    columns.symbol = (gex_text){"BTC-27FEB26-68000-C", 0, 19};
    chain = chain_of(&columns, _i == 0 ? GEX_ROOTS_OF_LISTED : GEX_ROOTS_OF_FUTURES);
    ck_assert_uint_eq(gex_chain_status(chain)[0], GEX_ROW_USED);
    ck_assert_double_eq(gex_chain_multiplier(chain)[0], 1);
    ck_assert_int_eq(gex_chain_exercise(chain)[0], EUROPEAN);
    ck_assert_int_eq(gex_chain_settlement(chain)[0], eight);
    gex_chain_free(chain);
    columns = one_row("BTC");
    expect_row(&columns, GEX_ROOTS_OF_FUTURES, GEX_ROW_USED, 5, EUROPEAN, 0);
}
END_TEST

START_TEST(a_choice_that_is_none_is_refused)
{
    static const int32_t wrong[] = {-1, 2, INT32_MIN, INT32_MAX};
    const gex_chain_columns columns = one_row("ES");
    gex_chain_options options;
    gex_chain *chain = (gex_chain *)&chain;
    gex_error error;

    gex_chain_options_init(&options, sizeof options);
    options.roots = wrong[_i];
    ck_assert_int_eq(gex_chain_create(NULL, &columns, &options, &chain, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(chain);
    ck_assert_msg(strstr(error.message, "roots") != NULL, "%s", error.message);
    options.struct_size = 80; /* a program of before knows nothing of it */
    ck_assert_int_eq(gex_chain_create(NULL, &columns, &options, &chain, &error), GEX_OK);
    ck_assert_double_eq(gex_chain_multiplier(chain)[0], 100);
    gex_chain_free(chain);
}
END_TEST

/* ---- exposure ---------------------------------------------------------------------------------------------------- */

/* Calls on three products beside each other at a price that is spot and strike, without rates: delta N(v/2), gamma
 * n(v/2) / (S v) with v = vol sqrt(T), Black (1976), times what a contract holds. */
START_TEST(exposures_hold_the_size_of_the_root)
{
    static const char roots[3][ROOT_WIDTH] = {"EW", "MES", "E2C"};
    static const double size[3] = {50, 5, 50}, contracts[3] = {100, -70, 3};
    const double v = vol * sqrt((double)(settlement - AS_OF) / YEAR), delta = 0.5 * erfc(-v / 2 / sqrt(2.0));
    const double gamma = exp(-v * v / 8) / sqrt(2 * acos(-1.0)) / (strike * v);
    double held = 0;
    gex_chain_columns columns = one_row("");
    gex_exposure_options options;
    gex_book_options book_options;
    gex_chain *chain;
    gex_market *market;
    gex_greeks *greeks = NULL;
    gex_book *book = NULL;

    for (int k = 0; k < 3; k++)
        held += size[k] * contracts[k];
    columns.rows = 3;
    columns.root = (gex_text){roots[0], ROOT_WIDTH, ROOT_WIDTH};
    chain = chain_of(&columns, GEX_ROOTS_OF_FUTURES);
    market = scene_market(chain, strike, 0, 0, AS_OF);
    gex_book_options_init(&book_options, sizeof book_options);
    book_options.sign = GEX_SIGN_INVENTORY_GIVEN;
    book_options.positions = (gex_f64){contracts, sizeof(double)};
    ck_assert_int_eq(gex_book_create(NULL, chain, &book_options, &book, NULL), GEX_OK);
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);

    const struct {
        int32_t unit;
        double  expected;
    } units[] = {
        {GEX_UNIT_DEX_USD, delta * held * strike},
        {GEX_UNIT_GEX_USD_PCT, gamma * held * strike * strike / 100},
        {GEX_UNIT_DEX_FUT, delta * held / 50},
        {GEX_UNIT_GEX_FUT_PCT, gamma * held * strike / 100 / 50},
    };
    for (int k = 0; k < LENGTH(units); k++) {
        gex_exposure *exposure = NULL;

        gex_exposure_options_init(&options, sizeof options);
        options.unit = units[k].unit;
        options.future_price = strike;
        options.future_multiplier = 50;
        ck_assert_int_eq(gex_exposure_compute(NULL, greeks, book, &options, &exposure, NULL), GEX_OK);
        ck_assert_double_eq_tol(gex_exposure_total(exposure) / units[k].expected, 1, 1e-12);
        gex_exposure_free(exposure);
    }
    gex_greeks_free(greeks);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_futures(void)
{
    Suite *suite = suite_create("futures");
    TCase *table = tcase_create("table"), *rows = tcase_create("rows");

    tcase_add_loop_test(table, a_root_says_the_size_and_the_style, 0, LENGTH(known));
    tcase_add_loop_test(table, another_root_is_not_guessed, 0, LENGTH(unknown));
    tcase_add_test(table, whose_root_it_is_decides);
    suite_add_tcase(suite, table);
    tcase_add_test(rows, rows_take_what_the_root_says);
    tcase_add_test(rows, columns_win_over_the_root);
    tcase_add_test(rows, an_unknown_root_is_used_with_a_multiplier_alone);
    tcase_add_test(rows, the_hour_is_not_guessed);
    tcase_add_loop_test(rows, deribit_stays_deribit, 0, 2);
    tcase_add_loop_test(rows, a_choice_that_is_none_is_refused, 0, 4);
    tcase_add_test(rows, exposures_hold_the_size_of_the_root);
    suite_add_tcase(suite, rows);
    return suite;
}
