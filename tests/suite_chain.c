/* SPDX-License-Identifier: Apache-2.0 */
/* The chain: what is refused under which heading, what is flagged, what the root and the symbol say. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex/chain.h>
#include <gex/clock.h>

#include "failing.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define NO_TIME INT64_MIN
#define NOT_A_NUMBER ((double)NAN)
#define ENDLESS ((double)INFINITY)

Suite *suite_chain(void);

/* ---- one row --------------------------------------------------------------------------------------------------- */

/* A row as its columns would give it. A text NULL, or has_* 0, leaves the column out. */
struct row_case {
    const char *name, *symbol, *root;
    int32_t     expiry; /* 0: column absent */
    int64_t     settlement;
    double      strike;
    int         has_strike;
    int8_t      right;
    int         has_right;
    int8_t      exercise, payoff;
    double      multiplier;
    int         has_multiplier;
    /* what comes out */
    int         status;
    uint32_t    flags; /* of the series; quotes are absent, so GEX_FLAG_NO_QUOTE besides */
};
#define STRIKE(k) .strike = (k), .has_strike = 1
#define RIGHT(r)  .right = (r), .has_right = 1
#define MULTIPLIER(m) .multiplier = (m), .has_multiplier = 1

/* Expected: the rules of row.h and chain.h, by hand. */
static const struct row_case row_cases[] = {
    {"symbol", "SPXW230914C04500000", .status = GEX_ROW_USED},
    {"symbol, padded", "SPXW  230914P04500000", .status = GEX_ROW_USED},
    {"columns", NULL, "SPXW", 20230914, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED},
    {"settlement, no root", .settlement = 1, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"expiry, no root", .expiry = 20230914, STRIKE(4500), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"unknown root", NULL, "ZZZQ", 20230914, STRIKE(10), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"root of 15", NULL, "ABCDEFGHIJKLMNO", 20230914, STRIKE(10), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"a Sunday", "SPXW231231P05000000", .status = GEX_ROW_USED, .flags = GEX_FLAG_MOVED_EXPIRY},
    {"label beside columns", "BTC 14 SEP 23 26000 C", NULL, 20230914, 5, STRIKE(26000), RIGHT(GEX_CALL),
     .status = GEX_ROW_USED, .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"settlement beside a day that is none", NULL, "SPXW", 20230230, 1, STRIKE(4500), RIGHT(1), .status = GEX_ROW_USED},
    {"empty symbol beside columns", "", "SPX", 20230915, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED},

    {"strike NaN", "SPXW230914C04500000", STRIKE(NOT_A_NUMBER), .status = GEX_ROW_BAD_STRIKE},
    {"strike -5", "SPXW230914C04500000", STRIKE(-5), .status = GEX_ROW_BAD_STRIKE},
    {"strike -0", "SPXW230914C04500000", STRIKE(-0.0), .status = GEX_ROW_BAD_STRIKE},
    {"strike inf", "SPXW230914C04500000", STRIKE(ENDLESS), .status = GEX_ROW_BAD_STRIKE},
    {"strike 0 of a symbol", "SPXW230914C00000000", .status = GEX_ROW_BAD_STRIKE},
    {"least strike", NULL, "SPXW", 20230914, STRIKE(4.9406564584124654e-324), RIGHT(GEX_CALL), .status = GEX_ROW_USED},
    {"right 0", "SPXW230914C04500000", RIGHT(0), .status = GEX_ROW_BAD_RIGHT},
    {"right 67", "SPXW230914C04500000", RIGHT('C'), .status = GEX_ROW_BAD_RIGHT},
    {"strike before right", "SPXW230914C04500000", STRIKE(0), RIGHT(0), .status = GEX_ROW_BAD_STRIKE},
    {"strike before symbol", "what", STRIKE(0), .status = GEX_ROW_BAD_STRIKE},
    {"symbol", "what", .status = GEX_ROW_BAD_SYMBOL},
    {"symbol empty", "", .status = GEX_ROW_BAD_SYMBOL},
    {"symbol, strike alone beside it", "what", STRIKE(4500), .status = GEX_ROW_BAD_SYMBOL},
    {"symbol, no root beside it", "what", NULL, 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"lower case", "spxw230914c04500000", .status = GEX_ROW_BAD_SYMBOL},
    {"30 February", "SPXW230230C04500000", .status = GEX_ROW_BAD_SYMBOL},
    {"30 February of a column", NULL, "SPXW", 20230230, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"expiry -1", NULL, "SPXW", -1, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"expiry -1 beside a symbol", "SPXW230914C04500000", NULL, -1, .status = GEX_ROW_BAD_SYMBOL},
    {"root empty", NULL, "", 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"root of 16", NULL, "ABCDEFGHIJKLMNOP", 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"multiplier 0", "SPXW230914C04500000", MULTIPLIER(0), .status = GEX_ROW_NOT_FINITE},
    {"multiplier -100", "SPXW230914C04500000", MULTIPLIER(-100), .status = GEX_ROW_NOT_FINITE},
    {"multiplier NaN", "SPXW230914C04500000", MULTIPLIER(NOT_A_NUMBER), .status = GEX_ROW_NOT_FINITE},
    {"symbol before multiplier", "what", MULTIPLIER(NOT_A_NUMBER), .status = GEX_ROW_BAD_SYMBOL},
    {"multiplier 1e9", "SPXW230914C04500000", MULTIPLIER(1e9), .status = GEX_ROW_USED},
    {"exercise 3", "SPXW230914C04500000", .exercise = 3, .status = GEX_ROW_UNSUPPORTED},
    {"exercise -1", "SPXW230914C04500000", .exercise = -1, .status = GEX_ROW_UNSUPPORTED},
    {"payoff 3", "SPXW230914C04500000", .payoff = 3, .status = GEX_ROW_UNSUPPORTED},
    {"payoff in coin", "SPXW230914C04500000", .payoff = GEX_PAYOFF_INVERSE},
    {"multiplier before payoff", "SPXW230914C04500000", .payoff = 2, MULTIPLIER(0), .status = GEX_ROW_NOT_FINITE},
    {"adjusted root", "SPY1230915C00450000", .status = GEX_ROW_UNSUPPORTED,
     .flags = GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT},
};

static gex_text text_column(const char *text, char space[64])
{
    if (text == NULL)
        return (gex_text){NULL, 0, 0};
    memset(space, 0, 64);
    memcpy(space, text, strlen(text));
    return (gex_text){space, 0, 64};
}

static gex_chain *chain_of_case(const struct row_case *c)
{
    char symbol[64], root[64];
    gex_chain_columns columns;
    gex_error error = {0};
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.symbol = text_column(c->symbol, symbol);
    columns.root = text_column(c->root, root);
    columns.expiry.data = c->expiry != 0 ? &c->expiry : NULL;
    columns.settlement.data = c->settlement != 0 ? &c->settlement : NULL;
    columns.strike.data = c->has_strike ? &c->strike : NULL;
    columns.right.data = c->has_right ? &c->right : NULL;
    columns.exercise.data = &c->exercise;
    columns.payoff.data = &c->payoff;
    columns.multiplier.data = c->has_multiplier ? &c->multiplier : NULL;
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK, "%s: %s", c->name, error.message);
    return chain;
}

START_TEST(a_row_has_the_smallest_status_that_applies)
{
    const struct row_case *c = &row_cases[_i];
    gex_chain *chain = chain_of_case(c);

    ck_assert_msg(*gex_chain_status(chain) == c->status, "%s: %s", c->name, gex_row_text(*gex_chain_status(chain)));
    ck_assert_msg(*gex_chain_flags(chain) == (c->flags | GEX_FLAG_NO_QUOTE), "%s: flags %u", c->name,
                  *gex_chain_flags(chain));
    if (c->status != GEX_ROW_USED) {
        ck_assert_double_nan(*gex_chain_strike(chain));
        ck_assert_double_nan(*gex_chain_multiplier(chain));
        ck_assert_int_eq(*gex_chain_right(chain), 0);
        ck_assert(*gex_chain_settlement(chain) == NO_TIME);
        ck_assert_str_eq(gex_chain_root(chain, 0), "");
    }
    ck_assert_int_eq(*gex_chain_expiry_index(chain), c->status == GEX_ROW_USED ? 0 : -1);
    ck_assert_int_eq(*gex_chain_strike_index(chain), c->status == GEX_ROW_USED ? 0 : -1);
    gex_chain_free(chain);
}
END_TEST

START_TEST(what_a_root_says_is_the_default)
{
    /* Expected: symbol.h, from the Cboe product specifications; 2023-09-15 13:30 and 20:00 UTC by hand. */
    static const struct {
        const char *symbol;
        int64_t     settlement;
        int         exercise;
    } cases[] = {
        {"SPX230915C04500000", INT64_C(1694784600000000000), GEX_EXERCISE_EUROPEAN},
        {"SPXW230915C04500000", INT64_C(1694808000000000000), GEX_EXERCISE_EUROPEAN},
        {"SPY230915C00450000", INT64_C(1694808000000000000), GEX_EXERCISE_AMERICAN},
        {"ZZZZ230915C00450000", INT64_C(1694808000000000000), GEX_EXERCISE_AMERICAN},
    };
    const struct row_case row = {cases[_i].symbol, cases[_i].symbol, .status = 0};
    gex_chain *chain = chain_of_case(&row);

    ck_assert_int_eq(*gex_chain_settlement(chain), cases[_i].settlement);
    ck_assert_int_eq(*gex_chain_exercise(chain), cases[_i].exercise);
    ck_assert_int_eq(*gex_chain_payoff(chain), GEX_PAYOFF_VANILLA);
    ck_assert_double_eq(*gex_chain_multiplier(chain), 100);
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_column_wins_over_the_symbol)
{
    const struct row_case row = {"all columns", "SPXW230915C04500000", "SPX", 20230915, .settlement = 77, STRIKE(12.5),
                                 RIGHT(GEX_PUT), .exercise = GEX_EXERCISE_AMERICAN, MULTIPLIER(10)};
    gex_chain *chain = chain_of_case(&row);
    char symbol[65];

    ck_assert_int_eq(*gex_chain_settlement(chain), 77);
    ck_assert_double_eq(*gex_chain_strike(chain), 12.5);
    ck_assert_int_eq(*gex_chain_right(chain), GEX_PUT);
    ck_assert_int_eq(*gex_chain_exercise(chain), GEX_EXERCISE_AMERICAN);
    ck_assert_double_eq(*gex_chain_multiplier(chain), 10);
    ck_assert_str_eq(gex_chain_root(chain, 0), "SPX");
    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, sizeof symbol), 19);
    ck_assert_str_eq(symbol, "SPXW230915C04500000");
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_symbol_is_made_from_columns)
{
    static const struct {
        struct row_case row;
        const char     *symbol;
    } cases[] = {
        {{"whole", NULL, "SPXW", 20230914, STRIKE(4500), RIGHT(GEX_CALL)}, "SPXW230914C04500000"},
        {{"thousandths", NULL, "SPY", 20231231, STRIKE(450.125), RIGHT(GEX_PUT)}, "SPY231231P00450125"},
        {{"as listed, not as settled", NULL, "SPXW", 20231231, STRIKE(0.001), RIGHT(1)}, "SPXW231231C00000001"},
        {{"from the settlement, New York's date", NULL, "XSP", .settlement = INT64_C(1694822399000000000), STRIKE(1),
          RIGHT(1)}, "XSP230915C00001000"}, /* 2023-09-15 23:59:59 UTC */
        {{"finer than OSI writes", NULL, "SPY", 20230915, STRIKE(450.1255), RIGHT(1)}, ""},
        {{"more than OSI writes", NULL, "SPY", 20230915, STRIKE(100000), RIGHT(1)}, ""},
        {{"more than any integer", NULL, "SPY", 20230915, STRIKE(1e300), RIGHT(1)}, ""},
        {{"the most OSI writes", NULL, "SPY", 20230915, STRIKE(99999.999), RIGHT(1)}, "SPY230915C99999999"},
        {{"no root", .settlement = INT64_C(1694808000000000000), STRIKE(1), RIGHT(1)}, ""},
        {{"refused", NULL, "SPY", 20230915, STRIKE(-1), RIGHT(1)}, ""},
        {{"root too long for OSI", NULL, "ABCDEFGHIJKLMNO", 20230915, STRIKE(1), RIGHT(1)}, ""},
    };
    gex_chain *chain = chain_of_case(&cases[_i].row);
    char symbol[65] = "x";

    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, sizeof symbol), (int64_t)strlen(cases[_i].symbol));
    ck_assert_str_eq(symbol, cases[_i].symbol);
    ck_assert_int_eq(gex_chain_symbol(chain, 1, symbol, sizeof symbol), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, -1, symbol, sizeof symbol), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, 64), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, 0, NULL, 65), 0);
    ck_assert_int_eq(gex_chain_symbol(NULL, 0, symbol, 65), 0);
    gex_chain_free(chain);
}
END_TEST

START_TEST(quotes_are_flagged)
{
    static const struct {
        double   bid, ask;
        uint32_t flags;
    } cases[] = {
        {1, 2, 0},
        {2, 2, 0},
        {2, 1, GEX_FLAG_CROSSED},
        {0, 1, GEX_FLAG_ONE_SIDED},
        {NOT_A_NUMBER, 1, GEX_FLAG_ONE_SIDED},
        {-1, 1, GEX_FLAG_ONE_SIDED},
        {1, 0, GEX_FLAG_ONE_SIDED},
        {1, ENDLESS, GEX_FLAG_ONE_SIDED},
        {0, 0, GEX_FLAG_NO_QUOTE},
        {NOT_A_NUMBER, NOT_A_NUMBER, GEX_FLAG_NO_QUOTE},
    };
    const char *symbol = "SPXW230914C04500000";
    gex_chain_columns columns;
    gex_chain *chain;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = LENGTH(cases);
    columns.symbol = (gex_text){symbol, 0, 19};
    columns.bid = (gex_f64){&cases[0].bid, sizeof cases[0]};
    columns.ask = (gex_f64){&cases[0].ask, sizeof cases[0]};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(cases); i++) {
        ck_assert_uint_eq(gex_chain_flags(chain)[i], cases[i].flags | (i > 0 ? GEX_FLAG_DUPLICATE : 0u));
        ck_assert_mem_eq(&gex_chain_bid(chain)[i], &cases[i].bid, sizeof(double));
        ck_assert_mem_eq(&gex_chain_ask(chain)[i], &cases[i].ask, sizeof(double));
    }
    gex_chain_free(chain);
}
END_TEST

/* ---- the door -------------------------------------------------------------------------------------------------- */

START_TEST(zero_rows_are_a_chain)
{
    gex_chain_columns columns;
    gex_chain *chain;
    int64_t count = 5;

    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_rows(chain), 0);
    gex_chain_expiries(chain, &count);
    ck_assert_int_eq(count, 0);
    ck_assert_str_eq(gex_chain_root(chain, 0), "");
    ck_assert_str_eq(gex_chain_underlying(chain), "");
    gex_chain_free(chain);
}
END_TEST

static gex_chain_columns one_row(void)
{
    static const char symbol[] = "SPXW230914C04500000";
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.symbol = (gex_text){symbol, 0, 19};
    return columns;
}

static void expect(gex_status status, const gex_chain_columns *columns, const gex_chain_options *options,
                   const char *word)
{
    gex_chain *chain = (gex_chain *)&chain;
    gex_error error = {0};

    ck_assert_int_eq(gex_chain_create(NULL, columns, options, &chain, &error), status);
    ck_assert_ptr_null(chain);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error.message, word) != NULL, "\"%s\" does not say \"%s\"", error.message, word);
}

START_TEST(the_door_refuses)
{
    static const double strike = 1;
    static const int8_t right = 1;
    gex_chain_columns columns = one_row();
    gex_chain_options options;

    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, NULL, NULL), GEX_ERR_ARGUMENT);
    expect(GEX_ERR_ARGUMENT, NULL, NULL, "required");
    columns.rows = -1;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "rows");
    columns.rows = GEX_MAX_ROWS + 1;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "rows");
    columns = one_row();
    columns.symbol.width = 0;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "width");
    columns.symbol.width = 65;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "width");
    columns = one_row();
    columns.rows = 4;
    columns.volume = (gex_f64){&strike, INT64_MAX / 2};
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "stride");
    columns = one_row();
    columns.symbol.data = NULL;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "series");
    columns.strike.data = &strike;
    columns.right.data = &right;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "series");

    columns = one_row();
    gex_chain_options_init(&options, sizeof options);
    options.duplicates = 2;
    expect(GEX_ERR_ARGUMENT, &columns, &options, "duplicates");
    options.duplicates = 0;
    memset(options.underlying, 'x', sizeof options.underlying);
    expect(GEX_ERR_ARGUMENT, &columns, &options, "underlying");
    options.struct_size = 8;
    expect(GEX_ERR_VERSION, &columns, &options, "options");
    columns.struct_size = 12;
    expect(GEX_ERR_VERSION, &columns, NULL, "columns");
}
END_TEST

START_TEST(nobody_home)
{
    int64_t count = 3;

    gex_chain_free(NULL);
    ck_assert_int_eq(gex_chain_rows(NULL), 0);
    ck_assert_ptr_null(gex_chain_status(NULL));
    ck_assert_ptr_null(gex_chain_strike(NULL));
    ck_assert_ptr_null(gex_chain_order(NULL));
    ck_assert_ptr_null(gex_chain_expiries(NULL, &count));
    ck_assert_int_eq(count, 0);
    ck_assert_ptr_null(gex_chain_strikes(NULL, NULL));
    ck_assert_str_eq(gex_chain_root(NULL, 0), "");
    ck_assert_int_eq(gex_chain_open_interest_as_of(NULL), 0);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------------------------- */

START_TEST(every_allocation_may_fail)
{
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    const gex_chain_columns columns = one_row();
    gex_error error;
    gex_chain *chain;

    for (int64_t n = 1; n <= 2; n++) { /* scratch and chain */
        failing.calls = 0;
        failing.fail_at = n;
        chain = (gex_chain *)&chain;
        ck_assert_int_eq(gex_chain_create(context, &columns, NULL, &chain, &error), GEX_ERR_MEMORY);
        ck_assert_ptr_null(chain);
        ck_assert_int_eq(failing.held, 1); /* the context */
    }
    failing.calls = 0;
    failing.fail_at = 3;
    ck_assert_int_eq(gex_chain_create(context, &columns, NULL, &chain, &error), GEX_OK);
    ck_assert_int_eq(failing.held, 2);
    gex_chain_free(chain);
    gex_context_free(context);
    ck_assert_int_eq(failing.held, 0);
}
END_TEST

START_TEST(rows_beyond_memory)
{
    /* A view of stride 0 may have as many rows as it likes; there is no memory for a chain of them. */
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    gex_chain_columns columns = one_row();
    gex_chain *chain;

    columns.rows = GEX_MAX_ROWS;
    failing.fail_at = failing.calls + 1;
    ck_assert_int_eq(gex_chain_create(context, &columns, NULL, &chain, NULL), GEX_ERR_MEMORY);
    ck_assert_ptr_null(chain);
    gex_context_free(context);
    ck_assert_int_eq(failing.held, 0);
}
END_TEST

Suite *suite_chain(void)
{
    Suite *suite = suite_create("chain");
    TCase *rows = tcase_create("rows"), *door = tcase_create("door");

    tcase_add_loop_test(rows, a_row_has_the_smallest_status_that_applies, 0, LENGTH(row_cases));
    tcase_add_loop_test(rows, what_a_root_says_is_the_default, 0, 4);
    tcase_add_test(rows, a_column_wins_over_the_symbol);
    tcase_add_loop_test(rows, a_symbol_is_made_from_columns, 0, 11);
    tcase_add_test(rows, quotes_are_flagged);
    suite_add_tcase(suite, rows);
    tcase_add_test(door, zero_rows_are_a_chain);
    tcase_add_test(door, the_door_refuses);
    tcase_add_test(door, nobody_home);
    tcase_add_test(door, every_allocation_may_fail);
    tcase_add_test(door, rows_beyond_memory);
    suite_add_tcase(suite, door);
    return suite;
}
