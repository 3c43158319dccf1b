/* SPDX-License-Identifier: Apache-2.0 */
/* Signed contracts. Expected values: the definitions of conventions.md section 5, worked by hand. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <gex/book.h>

#include "failing.h"

Suite *suite_book(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#define NOT ((double)NAN) /* no position */
#define INF ((double)INFINITY)

enum { ROWS = 8 };
static const int8_t right[ROWS] = {1, -1, 1, -1, 1, -1, 1, 0 /* neither */};
static const double interest[ROWS] = {100, 200, 0, 50, NOT, 30, INF, 70};
static const double volume[ROWS] = {40, 500, 8, 0, 5, -1, 5, 5};
static const double net[ROWS] = {10, -900, 4, 0, 1, 1, 1, 1};
static const double weights[ROWS] = {0.5, -1, 1, 1.5, 1, NOT, 0, -0.5};
static const double given[ROWS] = {-2500, 6000, 0.25, -0.0, 4, NOT, INF, 1e300};

static gex_f64 column(const double *data)
{
    return (gex_f64){data, sizeof *data};
}

static gex_chain *eight_rows(const gex_context *context)
{
    static const double strike[ROWS] = {90, 90, 95, 95, 100, 100, 105, 105};
    static const int32_t expiry = 20230915;
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){&expiry, 0};
    columns.strike = column(strike);
    columns.right = (gex_i8){right, 1};
    columns.open_interest = column(interest);
    columns.volume = column(volume);
    ck_assert_msg(gex_chain_create(context, &columns, NULL, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

static gex_book_options all_columns(int32_t sign)
{
    gex_book_options options;

    gex_book_options_init(&options, sizeof options);
    options.sign = sign;
    options.alpha = 0.4;
    options.net_volume = column(net);
    options.weights = column(weights);
    options.positions = column(given);
    return options;
}

/* The same double, NaN being one value, and no negative zero. */
static void assert_position(double got, double expected, const char *what, int64_t row)
{
    ck_assert_msg(isnan(expected) ? isnan(got) : got == expected, "%s, row %d: got %.17g, expected %.17g", what,
                  (int)row, got, expected);
    ck_assert_msg(!(got == 0 && signbit(got)), "%s, row %d: a negative zero", what, (int)row);
}

static const struct rule_case {
    int32_t     sign;
    const char *name;
    double      position[ROWS];
} rules[] = {
    {GEX_SIGN_NAIVE_CALL_LONG, "NAIVE_CALL_LONG", {100, -200, 0, -50, NOT, -30, NOT, NOT}},
    {GEX_SIGN_NAIVE_CALL_SHORT, "NAIVE_CALL_SHORT", {-100, 200, 0, 50, NOT, 30, NOT, NOT}},
    {GEX_SIGN_DEALER_ALL_LONG, "DEALER_ALL_LONG", {100, 200, 0, 50, NOT, 30, NOT, 70}},
    {GEX_SIGN_DEALER_ALL_SHORT, "DEALER_ALL_SHORT", {-100, -200, 0, -50, NOT, -30, NOT, -70}},
    {GEX_SIGN_VOLUME_NAIVE, "VOLUME_NAIVE", {40, -500, 8, 0, 5, NOT, 5, NOT}},
    {GEX_SIGN_OI_PLUS_VOLUME, "OI_PLUS_VOLUME", {140, -700, 8, -50, NOT, NOT, NOT, NOT}},
    {GEX_SIGN_OI_MAX_VOLUME, "OI_MAX_VOLUME", {100, -500, 8, -50, NOT, NOT, NOT, NOT}},
    {GEX_SIGN_OI_ALPHA, "OI_ALPHA", {104, 0, 1.6, -50, NOT, -30.4, NOT, NOT}}, /* 200 - 360 stops at 0 */
    {GEX_SIGN_WEIGHTED, "WEIGHTED", {50, -200, 0, NOT, NOT, NOT, NOT, -35}},
    {GEX_SIGN_INVENTORY_GIVEN, "INVENTORY_GIVEN", {-2500, 6000, 0.25, 0, 4, NOT, NOT, 1e300}},
};

START_TEST(book_follows_the_rule)
{
    const struct rule_case *c = &rules[_i];
    gex_book_options options = all_columns(c->sign);
    gex_chain *chain = eight_rows(NULL);
    gex_book *book = NULL, *customer = NULL;
    char source[64] = "CUSTOMER_VIEW of ";

    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    options.customer_view = 1;
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &customer, NULL), GEX_OK);
    for (int64_t i = 0; i < ROWS; i++) {
        assert_position(gex_book_positions(book)[i], c->position[i], c->name, i);
        assert_position(gex_book_positions(customer)[i], 0.0 - c->position[i], "the customer", i);
    }
    ck_assert_int_eq(gex_book_sign(book), c->sign);
    ck_assert_str_eq(gex_book_source(book), c->name);
    ck_assert_str_eq(gex_book_source(customer), strcat(source, c->name));
    ck_assert_ptr_eq(gex_book_chain(book), chain);
    ck_assert_str_eq(gex_sign_name(c->sign), c->name);
    ck_assert_int_eq(gex_sign_find(c->name), c->sign);
    gex_chain_free(chain); /* the books keep it */
    ck_assert_int_eq(gex_chain_rows(gex_book_chain(customer)), ROWS);
    gex_book_free(book);
    gex_book_free(customer);
} END_TEST

/* conventions.md section 11: morning interest 10,000, classified buys 3,000, sells 1,800, alpha 0.4. */
START_TEST(book_alpha_as_worked)
{
    static const double morning = 10000, classified = 3000 - 1800, strike = 5000;
    static const int32_t expiry = 20230915;
    static const int8_t call = GEX_CALL;
    gex_chain_columns columns;
    gex_book_options options;
    gex_chain *chain = NULL;
    gex_book *book = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.root = (gex_text){"SPX", 3, 3};
    columns.expiry = (gex_i32){&expiry, 4};
    columns.strike = column(&strike);
    columns.right = (gex_i8){&call, 1};
    columns.open_interest = column(&morning);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_OI_ALPHA;
    options.alpha = 0.4;
    options.net_volume = column(&classified);
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    ck_assert_double_eq(gex_book_positions(book)[0], 10480);
    gex_book_free(book);
    gex_chain_free(chain);
} END_TEST

START_TEST(book_weight_multiplies_and_names)
{
    static const double zero_dte[ROWS] = {1, 0, -1, 1, 1, 1, 1, 1}, back = -1;
    static const double broken[ROWS] = {NOT, INF, 1, 1, 1, 1, 1, 1};
    const gex_f64 day = column(zero_dte), minus = {&back, 0}, bad = column(broken);
    const gex_book_options options = all_columns(GEX_SIGN_NAIVE_CALL_LONG);
    gex_chain *chain = eight_rows(NULL);
    gex_book *book = NULL, *today = NULL, *again = NULL, *wrong = NULL;

    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    ck_assert_int_eq(gex_book_weight(NULL, book, &day, "zero_dte", &today, NULL), GEX_OK);
    ck_assert_int_eq(gex_book_weight(NULL, today, &minus, NULL, &again, NULL), GEX_OK);
    ck_assert_int_eq(gex_book_weight(NULL, book, &bad, "bad", &wrong, NULL), GEX_OK);
    ck_assert_str_eq(gex_book_source(today), "NAIVE_CALL_LONG * zero_dte");
    ck_assert_str_eq(gex_book_source(again), "NAIVE_CALL_LONG * zero_dte");
    ck_assert_int_eq(gex_book_sign(again), GEX_SIGN_NAIVE_CALL_LONG);
    gex_book_free(book);
    for (int64_t i = 0; i < ROWS; i++) {
        const double naive = rules[0].position[i];
        assert_position(gex_book_positions(today)[i], naive * zero_dte[i] + 0.0, "weighted", i);
        assert_position(gex_book_positions(again)[i], -naive * zero_dte[i] + 0.0, "weighted twice", i);
        assert_position(gex_book_positions(wrong)[i], i < 2 ? NOT : naive, "weighted by no number", i);
    }
    gex_book_free(today);
    gex_book_free(again);
    gex_book_free(wrong);
    gex_chain_free(chain);
} END_TEST

START_TEST(book_door_refuses)
{
    static const int32_t needing[] = {GEX_SIGN_OI_ALPHA, GEX_SIGN_WEIGHTED, GEX_SIGN_INVENTORY_GIVEN};
    static const int32_t unknown[] = {0, -1, GEX_SIGN_LAST_ + 1, INT32_MAX, INT32_MIN};
    gex_chain *chain = eight_rows(NULL);
    gex_book_options options = all_columns(GEX_SIGN_OI_ALPHA);
    gex_book *book = (gex_book *)(void *)chain; /* anything but NULL */
    gex_error error = {0};

    for (int i = 0; i < LENGTH(unknown); i++) {
        options.sign = unknown[i];
        ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, &error), GEX_ERR_ARGUMENT);
        ck_assert_ptr_null(book);
        ck_assert_ptr_nonnull(strstr(error.message, "GEX_SIGN_"));
    }
    for (int i = 0; i < LENGTH(needing); i++) {
        gex_book_options_init(&options, sizeof options);
        options.sign = needing[i];
        ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, &error), GEX_ERR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, gex_sign_name(needing[i])));
    }
    options = all_columns(GEX_SIGN_OI_ALPHA);
    options.alpha = NOT;
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, &error), GEX_ERR_DOMAIN);
    options = all_columns(GEX_SIGN_NAIVE_CALL_LONG);
    options.reserved = 1;
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, &error), GEX_ERR_ARGUMENT);
    options = all_columns(GEX_SIGN_NAIVE_CALL_LONG);
    options.struct_size = 3;
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, &error), GEX_ERR_VERSION);
    options = all_columns(GEX_SIGN_NAIVE_CALL_LONG);
    ck_assert_int_eq(gex_book_create(NULL, NULL, &options, &book, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_book_create(NULL, chain, NULL, &book, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, NULL, &error), GEX_ERR_ARGUMENT);
    gex_chain_free(chain);
} END_TEST

START_TEST(book_weight_door_refuses)
{
    const gex_book_options options = all_columns(GEX_SIGN_DEALER_ALL_LONG);
    const gex_f64 absent = {NULL, 0}, ones = column(interest);
    gex_chain *chain = eight_rows(NULL);
    gex_book *book = NULL, *weighted = NULL;

    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    weighted = book;
    ck_assert_int_eq(gex_book_weight(NULL, book, &absent, "x", &weighted, NULL), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(weighted);
    ck_assert_int_eq(gex_book_weight(NULL, book, NULL, "x", &weighted, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_book_weight(NULL, NULL, &ones, "x", &weighted, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_book_weight(NULL, book, &ones, "x", NULL, NULL), GEX_ERR_ARGUMENT);
    gex_book_free(book);
    gex_chain_free(chain);
    gex_book_free(NULL);
    ck_assert_ptr_null(gex_book_chain(NULL));
    ck_assert_ptr_null(gex_book_positions(NULL));
    ck_assert_int_eq(gex_book_sign(NULL), 0);
    ck_assert_str_eq(gex_book_source(NULL), "");
    ck_assert_int_eq(gex_sign_find(NULL), 0);
    ck_assert_int_eq(gex_sign_find("naive_call_long"), 0);
    ck_assert_str_eq(gex_sign_name(99), "unknown");
} END_TEST

START_TEST(book_of_no_rows)
{
    gex_chain_columns columns;
    gex_book_options options;
    gex_chain *chain = NULL;
    gex_book *book = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    ck_assert_str_eq(gex_book_source(book), "INVENTORY_GIVEN");
    gex_book_free(book);
    gex_chain_free(chain);
} END_TEST

START_TEST(book_without_memory)
{
    const gex_book_options options = all_columns(GEX_SIGN_NAIVE_CALL_LONG);
    const gex_f64 ones = column(weights);
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    gex_chain *chain = eight_rows(NULL);
    gex_book *book = NULL, *weighted = NULL;

    failing = (struct failing){.fail_at = 1};
    ck_assert_int_eq(gex_book_create(context, chain, &options, &book, NULL), GEX_ERR_MEMORY);
    ck_assert_ptr_null(book);
    failing = (struct failing){.fail_at = 2};
    ck_assert_int_eq(gex_book_create(context, chain, &options, &book, NULL), GEX_OK);
    ck_assert_int_eq(gex_book_weight(context, book, &ones, "x", &weighted, NULL), GEX_ERR_MEMORY);
    ck_assert_ptr_null(weighted);
    gex_book_free(book);
    ck_assert_int_eq(failing.held, 0);
    gex_chain_free(chain);
    failing.held = 1; /* the context itself, made before the count began anew */
    gex_context_free(context);
    ck_assert_int_eq(failing.held, 0);
} END_TEST

Suite *suite_book(void)
{
    Suite *suite = suite_create("book");
    TCase *tcase = tcase_create("book");

    tcase_add_loop_test(tcase, book_follows_the_rule, 0, LENGTH(rules));
    tcase_add_test(tcase, book_alpha_as_worked);
    tcase_add_test(tcase, book_weight_multiplies_and_names);
    tcase_add_test(tcase, book_door_refuses);
    tcase_add_test(tcase, book_weight_door_refuses);
    tcase_add_test(tcase, book_of_no_rows);
    tcase_add_test(tcase, book_without_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
