/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of the European options: columns of every shape give the kernel's bits, and what is wrong is said. */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gex/european.h>

#include "math/black.h"
#include "math/implied.h"
#include "sets.h"

Suite *suite_european(void);

enum { MANY = 40000 };

static double spot[MANY], strike[MANY], years[MANY], vol[MANY], rate[MANY], carry[MANY];
static int8_t right[MANY];
static double expected[GEX_GREEK_LAST_ + 1][MANY], got[GEX_GREEK_LAST_ + 1][MANY];
static uint8_t expected_status[MANY], got_status[MANY];
static const int32_t every[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
static double *const got_outputs[] = {got[1],  got[2],  got[3],  got[4],  got[5],  got[6],  got[7],
                                      got[8],  got[9],  got[10], got[11], got[12], got[13], got[14],
                                      got[15], got[16], got[17], got[18], got[19]};

static void make_rows(void)
{
    double *outputs[GEX_GREEK_LAST_ + 1];
    struct gex__black_in in = {.rows = MANY, .spot = spot, .strike = strike, .years = years, .vol = vol, .rate = rate,
                               .carry = carry, .right = right};

    for (int i = 0; i < MANY; i++) {
        spot[i] = 100 + i % 7;
        strike[i] = 60 + i % 83;
        years[i] = i % 50 == 0 ? 0 : 0.001 * (i % 997);
        vol[i] = i % 77 == 0 ? -1 : 0.05 + 0.01 * (i % 61);
        rate[i] = 0.001 * (i % 40);
        carry[i] = 0.002 * (i % 11);
        right[i] = (int8_t)(i % 2 != 0 ? 1 : -1);
    }
    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = expected[greek];
    gex__black(set_now, &in, outputs, expected_status);
    memset(got, 0, sizeof got);
    memset(got_status, 77, sizeof got_status);
}

static gex_european_columns columns_of(int64_t rows)
{
    gex_european_columns columns;

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.spot = (gex_f64){spot, 8};
    columns.strike = (gex_f64){strike, 8};
    columns.years = (gex_f64){years, 8};
    columns.vol = (gex_f64){vol, 8};
    columns.right = (gex_i8){right, 1};
    columns.rate = (gex_f64){rate, 8};
    columns.carry_yield = (gex_f64){carry, 8};
    return columns;
}

static void check_rows(int64_t rows)
{
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
        ck_assert_msg(memcmp(got[greek], expected[greek], (size_t)rows * sizeof(double)) == 0, "%s of %d rows",
                      gex_greek_name(greek), (int)rows);
        ck_assert(rows == MANY || got[greek][rows] == 0); /* nothing beyond the last row */
    }
    ck_assert(memcmp(got_status, expected_status, (size_t)rows) == 0);
}

START_TEST(any_number_of_rows)
{
    make_rows();
    for (int64_t rows = 0; rows <= 130; rows++) {
        gex_european_columns columns = columns_of(rows);

        ck_assert_int_eq(gex_european(context_now, &columns, every, 19, got_outputs, got_status, NULL), GEX_OK);
        check_rows(rows);
        memset(got, 0, sizeof got);
    }
}
END_TEST

/* Rows as fields of an unaligned record, backwards, and one value for all. */
START_TEST(any_stride)
{
    enum { RECORD = 53, ROWS = 300 };
    static unsigned char records[RECORD * ROWS + 1];
    gex_european_columns columns = columns_of(ROWS);
    double *const fields[] = {spot, strike, years, vol, rate, carry};
    unsigned char *last = records + 1 + RECORD * (ROWS - 1);

    make_rows();
    for (int i = 0; i < ROWS; i++) {
        for (int field = 0; field < 6; field++)
            memcpy(records + 1 + RECORD * (ROWS - 1 - i) + 8 * field, &fields[field][i], 8);
        records[1 + RECORD * (ROWS - 1 - i) + 48] = (unsigned char)right[i];
    }
    columns.spot = (gex_f64){(const double *)(const void *)last, -RECORD};
    columns.strike = (gex_f64){(const double *)(const void *)(last + 8), -RECORD};
    columns.years = (gex_f64){(const double *)(const void *)(last + 16), -RECORD};
    columns.vol = (gex_f64){(const double *)(const void *)(last + 24), -RECORD};
    columns.rate = (gex_f64){(const double *)(const void *)(last + 32), -RECORD};
    columns.carry_yield = (gex_f64){(const double *)(const void *)(last + 40), -RECORD};
    columns.right = (gex_i8){(const int8_t *)(last + 48), -RECORD};
    ck_assert_int_eq(gex_european(context_now, &columns, every, 19, got_outputs, got_status, NULL), GEX_OK);
    check_rows(ROWS);
}
END_TEST

START_TEST(stride_zero_repeats_and_absent_is_zero)
{
    static const double one_spot = 104, one_years = 0.5, nothing = 0;
    static const int8_t put = -1;
    gex_european_columns columns = columns_of(MANY), absent;
    static double again[MANY];
    const int32_t price = GEX_GREEK_PRICE;
    double *const price_out[] = {got[1]}, *const again_out[] = {again};

    make_rows();
    columns.spot = (gex_f64){&one_spot, 0};
    columns.years = (gex_f64){&one_years, 0};
    columns.right = (gex_i8){&put, 0};
    columns.rate = columns.carry_yield = (gex_f64){&nothing, 0};
    absent = columns;
    absent.rate.data = absent.carry_yield.data = NULL;
    ck_assert_int_eq(gex_european(context_now, &columns, &price, 1, price_out, NULL, NULL), GEX_OK);
    ck_assert_int_eq(gex_european(context_now, &absent, &price, 1, again_out, NULL, NULL), GEX_OK);
    ck_assert(memcmp(again, got[1], sizeof again) == 0);
    for (int i = 0; i < MANY; i += 1000) {
        const double zero = 0;
        double value, *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_PRICE] = &value};
        struct gex__black_in in = {.rows = 1,
                                   .spot = &one_spot,
                                   .strike = &strike[i],
                                   .years = &one_years,
                                   .vol = &vol[i],
                                   .rate = &zero,
                                   .carry = &zero,
                                   .right = &put};

        gex__black(set_now, &in, outputs, NULL);
        ck_assert(memcmp(&value, &again[i], sizeof value) == 0);
    }
}
END_TEST

/* An executor of the worst manners: last task first. */
static int32_t backwards(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    int *tasks = user;

    for (int64_t i = n - 1; i >= 0; i--) {
        task(arg, i);
        ++*tasks;
    }
    return 0;
}

static int32_t failing(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user, (void)task, (void)arg, (void)n;
    return 1;
}

START_TEST(the_executor_does_not_show)
{
    gex_european_columns columns = columns_of(MANY);
    gex_context_options options;
    gex_context *context;
    gex_error error = {0};
    int tasks = 0;

    make_rows();
    gex_context_options_init(&options, sizeof options);
    options.run = backwards;
    options.run_user = &tasks;
    options.instruction_set = set_now;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    ck_assert_int_eq(gex_european(context, &columns, every, 19, got_outputs, got_status, NULL), GEX_OK);
    check_rows(MANY);
    ck_assert_int_gt(tasks, 1);
    gex_context_free(context);

    options.run = failing;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    ck_assert_int_eq(gex_european(context, &columns, every, 19, got_outputs, got_status, &error), GEX_ERR_CALLBACK);
    ck_assert_int_eq(error.status, GEX_ERR_CALLBACK);
    gex_context_free(context);
}
END_TEST

START_TEST(a_greek_may_be_asked_for_twice)
{
    static double a[MANY], b[MANY], c[MANY];
    static const int32_t greeks[] = {GEX_GREEK_GAMMA, GEX_GREEK_DELTA, GEX_GREEK_GAMMA};
    double *const outputs[] = {a, b, c};
    gex_european_columns columns = columns_of(MANY);

    make_rows();
    ck_assert_int_eq(gex_european(context_now, &columns, greeks, 3, outputs, NULL, NULL), GEX_OK);
    ck_assert(memcmp(a, expected[GEX_GREEK_GAMMA], sizeof a) == 0);
    ck_assert(memcmp(b, expected[GEX_GREEK_DELTA], sizeof b) == 0);
    ck_assert(memcmp(c, expected[GEX_GREEK_GAMMA], sizeof c) == 0);
}
END_TEST

START_TEST(what_is_wrong_is_said)
{
    static const int32_t bad[] = {0, -1, 20, INT32_MAX};
    gex_european_columns columns = columns_of(4);
    double *const missing[] = {NULL};
    gex_error error;

    make_rows();
    ck_assert_int_eq(gex_european(NULL, NULL, every, 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_european(NULL, &columns, NULL, 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, NULL, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_european(NULL, &columns, every, -1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, missing, NULL, &error), GEX_ERR_ARGUMENT);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(gex_european(NULL, &columns, &bad[i], 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    columns.rows = -1;
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    columns.rows = INT64_MAX;
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    columns = columns_of(4);
    columns.vol.data = NULL;
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, got_outputs, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "vol"));
    columns.rows = 0; /* no rows need no columns */
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, got_outputs, NULL, NULL), GEX_OK);
    ck_assert_int_eq(gex_european(NULL, &columns, NULL, 0, NULL, NULL, NULL), GEX_OK);
    columns.struct_size = 3;
    ck_assert_int_eq(gex_european(NULL, &columns, every, 1, got_outputs, NULL, &error), GEX_ERR_VERSION);
}
END_TEST

START_TEST(names_go_both_ways)
{
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        ck_assert_int_eq(gex_greek_find(gex_greek_name(greek)), greek);
    ck_assert_str_eq(gex_greek_name(GEX_GREEK_DUAL_VANNA), "dual_vanna");
    ck_assert_ptr_nonnull(gex_greek_name(0));
    ck_assert_ptr_nonnull(gex_greek_name(INT32_MIN));
    ck_assert_ptr_nonnull(gex_greek_name(INT32_MAX));
    ck_assert_int_eq(gex_greek_find(""), 0);
    ck_assert_int_eq(gex_greek_find("unknown"), 0);
    ck_assert_int_eq(gex_greek_find("Delta"), 0);
    ck_assert_int_eq(gex_greek_find(NULL), 0);
}
END_TEST

/* Price and volatility through the doors: there and back. */
START_TEST(implied_vol_of_a_price)
{
    static double forward[MANY], discount[MANY], price[MANY], back[MANY];
    static uint8_t status[MANY];
    gex_european_columns columns = columns_of(MANY);
    gex_price_columns prices;
    const int32_t greek = GEX_GREEK_PRICE;
    double *const outputs[] = {price};
    int compared = 0;

    make_rows();
    ck_assert_int_eq(gex_european(NULL, &columns, &greek, 1, outputs, NULL, NULL), GEX_OK);
    for (int i = 0; i < MANY; i++) {
        forward[i] = spot[i] * exp((rate[i] - carry[i]) * years[i]);
        discount[i] = exp(-rate[i] * years[i]);
    }
    gex_price_columns_init(&prices, sizeof prices);
    prices.rows = MANY;
    prices.price = (gex_f64){price, 8};
    prices.forward = (gex_f64){forward, 8};
    prices.strike = (gex_f64){strike, 8};
    prices.years = (gex_f64){years, 8};
    prices.right = (gex_i8){right, 1};
    prices.discount = (gex_f64){discount, 8};
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, back, status, NULL), GEX_OK);
    for (int i = 0; i < MANY; i++) {
        double vega;

        ck_assert_int_eq(isnan(back[i]) != 0, status[i] != GEX_CALC_OK);
        if (vol[i] < 0)
            ck_assert_int_eq(status[i], GEX_CALC_DOMAIN);
        if (vol[i] < 0 || years[i] == 0 || status[i] != GEX_CALC_OK)
            continue;
        vega = expected[GEX_GREEK_VEGA][i];
        if (vega * vol[i] < 1e-6 * spot[i])
            continue; /* the price does not know its volatility */
        compared++;
        /* rounding of price, forward and discount, each an ulp of the spot, over vega */
        ck_assert_msg(fabs(back[i] - vol[i]) <= 4e-14 * spot[i] / vega, "row %d: %.17g, %.17g", i, back[i], vol[i]);
    }
    ck_assert_int_gt(compared, MANY / 2);

    prices.discount.data = NULL;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, back, NULL, NULL), GEX_OK);
    prices.price.data = NULL;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, back, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_implied_vol(NULL, NULL, back, NULL, NULL), GEX_ERR_ARGUMENT);
    prices.rows = 0;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, NULL, NULL, NULL), GEX_OK);
    prices.struct_size = 1;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, back, NULL, NULL), GEX_ERR_VERSION);
}
END_TEST

static void fill_shapes(TCase *shapes)
{
    tcase_add_test(shapes, any_number_of_rows);
    tcase_add_test(shapes, any_stride);
    tcase_add_test(shapes, stride_zero_repeats_and_absent_is_zero);
    tcase_add_test(shapes, the_executor_does_not_show);
    tcase_add_test(shapes, a_greek_may_be_asked_for_twice);
}

Suite *suite_european(void)
{
    Suite *suite = suite_create("european");
    TCase *tcase = tcase_create("doors");

    cases_of_sets(suite, "shapes", 60, fill_shapes);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_wrong_is_said);
    tcase_add_test(tcase, names_go_both_ways);
    tcase_add_test(tcase, implied_vol_of_a_price);
    suite_add_tcase(suite, tcase);
    return suite;
}
