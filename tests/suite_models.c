/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Models and forms of European options through the door, on every instruction set, against 60-digit derivatives
 * (golden/models.csv, made by golden/generate_models.py), identities, and their limits.
 *
 * Error bounds, with d the larger of |d1| and |d2|: (8 + 4 d^2) ulp of the sum of absolute terms; price out of the
 * money and single products (6 + 3 d^2) ulp, which the wider one covers.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex/european.h>

#include "base/isa.h"

Suite *suite_models(void);

static gex_context *context_of(int32_t set)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = set;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

struct quote {
    double spot, strike, years, vol, rate, carry;
    int8_t right;
};

static gex_status ask(const gex_context *context, int32_t model, int32_t form, const struct quote *q, int32_t greek,
                      double *value, uint8_t *status, gex_error *error)
{
    gex_european_columns columns;
    double *const outputs[] = {value};

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.model = model;
    columns.form = form;
    columns.spot = (gex_f64){&q->spot, 8};
    columns.strike = (gex_f64){&q->strike, 8};
    columns.years = (gex_f64){&q->years, 8};
    columns.vol = (gex_f64){&q->vol, 8};
    columns.right = (gex_i8){&q->right, 1};
    if (model != GEX_MODEL_INVERSE)
        columns.rate = (gex_f64){&q->rate, 8};
    if (form != GEX_OPTION_FORM_FORWARD && model != GEX_MODEL_INVERSE)
        columns.carry_yield = (gex_f64){&q->carry, 8};
    return gex_european(context, &columns, &greek, 1, outputs, status, error);
}

static double worth(int32_t model, int32_t form, struct quote q, int32_t greek)
{
    double value;
    uint8_t status;

    ck_assert_int_eq(ask(NULL, model, form, &q, greek, &value, &status, NULL), GEX_OK);
    return value;
}

START_TEST(matches_sixty_digits)
{
    FILE *file = fopen(TESTS_DIR "/golden/models.csv", "r");
    char line[512], model[16], form[16], greek[32];
    double worst = 0;
    int rows = 0;
    gex_context *context;

    ck_assert_ptr_nonnull(file);
    if (!gex__isa_here(_i)) {
        printf("skipped: %s is not here\n", gex_isa_name(_i));
        fclose(file);
        return;
    }
    context = context_of(_i);
    while (fgets(line, sizeof line, file) != NULL) {
        struct quote q;
        double value, expected, terms, v, d, bound;
        int right;
        uint8_t status;

        if (sscanf(line, "%15[^,],%15[^,],%lf,%lf,%lf,%lf,%lf,%lf,%d,%31[^,],%lf,%lf", model, form, &q.spot, &q.strike,
                   &q.years, &q.vol, &q.rate, &q.carry, &right, greek, &expected, &terms) != 12)
            continue;
        q.right = (int8_t)right;
        rows++;
        ck_assert_int_eq(ask(context, gex_model_find(model), gex_option_form_find(form), &q, gex_greek_find(greek),
                             &value, &status, NULL),
                         GEX_OK);
        ck_assert_int_eq(status, GEX_CALC_OK);
        v = q.vol * sqrt(q.years);
        if (gex_model_find(model) == GEX_MODEL_BACHELIER)
            d = fabs(q.spot * exp((q.rate - (strcmp(form, "spot") == 0 ? q.carry : q.rate)) * q.years) - q.strike) / v;
        else
            d = fabs(log(q.spot / q.strike)) / v + v / 2;
        bound = (8 + 4 * d * d) * DBL_EPSILON * terms;
        worst = fmax(worst, terms > 0 ? fabs(value - expected) / bound : 0);
        ck_assert_msg(fabs(value - expected) <= bound, "%s %s %s of S %.17g K %.17g T %g vol %g: %.17g, expected %.17g",
                      model, form, greek, q.spot, q.strike, q.years, q.vol, value, expected);
    }
    fclose(file);
    gex_context_free(context);
    printf("%s: %d values, largest share of the bound %.2f\n", gex_isa_name(_i), rows, worst);
    ck_assert_int_gt(rows, 1000);
}
END_TEST

/* The numbers of a published note on inverse options: F 50,000, K 52,000, v 0.1. */
START_TEST(an_option_in_coin)
{
    const struct quote q = {50000, 52000, 1, 0.1, 0, 0, 1};

    ck_assert_double_eq_tol(worth(GEX_MODEL_INVERSE, 0, q, GEX_COIN_PRICE), 0.0237610598544406, 1e-16);
    ck_assert_double_eq_tol(worth(GEX_MODEL_INVERSE, 0, q, GEX_COIN_DELTA), 6.84672898978763e-6, 1e-20);
    ck_assert_double_eq_tol(worth(GEX_MODEL_INVERSE, 0, q, GEX_COIN_GAMMA), 1.23114599474881e-9, 1e-23);
    ck_assert_double_eq_tol(
        worth(GEX_MODEL_INVERSE, 0, q, GEX_COIN_ADJUSTED_DELTA),
        worth(GEX_MODEL_INVERSE, 0, q, GEX_GREEK_DELTA) - worth(GEX_MODEL_INVERSE, 0, q, GEX_COIN_PRICE), 1e-15);
    ck_assert_double_eq(worth(GEX_MODEL_INVERSE, 0, q, GEX_GREEK_GAMMA),
                        worth(GEX_MODEL_BLACK, GEX_OPTION_FORM_FORWARD, q, GEX_GREEK_GAMMA));
}
END_TEST

/* F, D and v are all a forward option knows of the spot form; greeks differ by dF/dS. */
START_TEST(forms_agree)
{
    static const int32_t models[] = {GEX_MODEL_BLACK, GEX_MODEL_BACHELIER};

    for (size_t m = 0; m < 2; m++)
        for (int right = -1; right <= 1; right += 2) {
            const struct quote s = {100, 104, 0.75, m == 0 ? 0.3 : 30, 0.05, 0.02, (int8_t)right};
            const double g = exp((s.rate - s.carry) * s.years);
            struct quote f = s;

            f.spot = s.spot * g;
#define CARRIED(greek, factor)                                                                                         \
    ck_assert_double_eq_tol(worth(models[m], 0, s, greek),                                                             \
                            worth(models[m], GEX_OPTION_FORM_FORWARD, f, greek) * (factor),                            \
                            1e-13 * fabs(worth(models[m], 0, s, greek)))
            CARRIED(GEX_GREEK_PRICE, 1);
            CARRIED(GEX_GREEK_DELTA, g);
            CARRIED(GEX_GREEK_GAMMA, g * g);
            CARRIED(GEX_GREEK_VEGA, 1);
            CARRIED(GEX_GREEK_SPEED, g * g * g);
            CARRIED(GEX_GREEK_VANNA, g);
            CARRIED(GEX_GREEK_DUAL_DELTA, 1);
            ck_assert_double_eq(worth(models[m], GEX_OPTION_FORM_FORWARD, f, GEX_GREEK_EPSILON), 0);
            ck_assert_double_eq(worth(models[m], GEX_OPTION_FORM_FORWARD, f, GEX_GREEK_RHO),
                                -s.years * worth(models[m], GEX_OPTION_FORM_FORWARD, f, GEX_GREEK_PRICE));
        }
}
END_TEST

/* Bachelier's own identities: parity, the heat equation, the same Gaussian from both sides, a shift of everything. */
START_TEST(bachelier_identities)
{
    for (int i = 0; i < 200; i++) {
        const double F = -50 + i, K = F + (i % 17 - 8) * 0.7, T = 0.01 * (1 + i % 90), r = 0.0005 * i;
        const struct quote call = {F, K, T, 5 + i % 7, r, 0, 1}, put = {F, K, T, 5 + i % 7, r, 0, -1};
        const double D = exp(-r * T),
                     price = worth(GEX_MODEL_BACHELIER, GEX_OPTION_FORM_FORWARD, call, GEX_GREEK_PRICE);
        struct quote moved = call;

#define FORWARD(quote, greek) worth(GEX_MODEL_BACHELIER, GEX_OPTION_FORM_FORWARD, quote, greek)
        ck_assert_double_eq_tol(price - FORWARD(put, GEX_GREEK_PRICE), D * (F - K), 1e-13 * (fabs(F - K) + price));
        ck_assert_double_eq_tol(FORWARD(call, GEX_GREEK_DELTA) - FORWARD(put, GEX_GREEK_DELTA), D, 1e-15);
        ck_assert_double_eq(FORWARD(call, GEX_GREEK_GAMMA), FORWARD(put, GEX_GREEK_GAMMA));
        ck_assert_double_eq(FORWARD(call, GEX_GREEK_VEGA), FORWARD(put, GEX_GREEK_VEGA));
        ck_assert_double_eq_tol(FORWARD(call, GEX_GREEK_VEGA), call.vol * T * FORWARD(call, GEX_GREEK_GAMMA),
                                4 * DBL_EPSILON * FORWARD(call, GEX_GREEK_VEGA));
        ck_assert_double_eq_tol(FORWARD(call, GEX_GREEK_THETA) +
                                    call.vol * call.vol / 2 * FORWARD(call, GEX_GREEK_GAMMA),
                                r * price, 1e-13 * fabs(FORWARD(call, GEX_GREEK_THETA)));
        moved.spot += 64;
        moved.strike += 64;
        ck_assert_double_eq_tol(FORWARD(moved, GEX_GREEK_PRICE), price, 1e-12 * price);
    }
}
END_TEST

/* No deviation left, off the strike and on it. */
START_TEST(bachelier_limits)
{
    const struct quote inside = {104, 100, 0, 7, 0.05, 0, 1}, outside = {104, 100, 0, 7, 0.05, 0, -1};
    const struct quote calm = {104, 100, 0.5, 0, 0.05, 0, 1}, on = {100, 100, 0, 7, 0.05, 0, 1},
                       on_calm = {100, 100, 0.5, 0, 0.05, 0, -1};
    double value;
    uint8_t status;

    ck_assert_double_eq(FORWARD(inside, GEX_GREEK_PRICE), 4);
    ck_assert_double_eq(FORWARD(inside, GEX_GREEK_DELTA), 1);
    ck_assert_double_eq(FORWARD(outside, GEX_GREEK_PRICE), 0);
    ck_assert_double_eq(FORWARD(outside, GEX_GREEK_DELTA), 0);
    ck_assert_double_eq_tol(FORWARD(calm, GEX_GREEK_PRICE), 4 * exp(-0.025), 1e-15);
    ck_assert_double_eq_tol(FORWARD(calm, GEX_GREEK_THETA), 0.05 * 4 * exp(-0.025), 1e-16);
    for (int32_t greek = GEX_GREEK_GAMMA; greek <= GEX_GREEK_VEGA; greek++)
        ck_assert_double_eq(FORWARD(inside, greek), 0);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
        ck_assert_int_eq(ask(NULL, GEX_MODEL_BACHELIER, GEX_OPTION_FORM_FORWARD, &on, greek, &value, &status, NULL),
                         GEX_OK);
        ck_assert_int_eq(status, GEX_CALC_AT_STRIKE_AT_EXPIRY);
        ck_assert_msg(isnan(value) == (greek == GEX_GREEK_SPEED), "%s", gex_greek_name(greek));
    }
    ck_assert_double_eq(FORWARD(on, GEX_GREEK_DELTA), 0.5);
    ck_assert_double_eq(FORWARD(on, GEX_GREEK_GAMMA), HUGE_VAL);
    ck_assert_double_eq(FORWARD(on, GEX_GREEK_THETA), -HUGE_VAL);
    ck_assert_double_eq(FORWARD(on_calm, GEX_GREEK_PRICE), 0);
    ck_assert_double_eq_tol(FORWARD(on_calm, GEX_GREEK_DELTA), -0.5 * exp(-0.025), 1e-16);
    ck_assert_double_eq_tol(FORWARD(on_calm, GEX_GREEK_VEGA), exp(-0.025) * sqrt(0.5 / (2 * acos(-1.0))), 1e-16);
    /* what the limits are limits of */
    {
        struct quote near = on_calm;

        near.vol = 1e-12;
        ck_assert_double_eq_tol(FORWARD(near, GEX_GREEK_VEGA), FORWARD(on_calm, GEX_GREEK_VEGA), 1e-15);
        ck_assert_double_eq_tol(FORWARD(near, GEX_GREEK_CHARM), FORWARD(on_calm, GEX_GREEK_CHARM), 1e-15);
        ck_assert_double_eq_tol(FORWARD(near, GEX_GREEK_VETA), FORWARD(on_calm, GEX_GREEK_VETA), 1e-13);
        ck_assert_double_gt(FORWARD(near, GEX_GREEK_GAMMA), 1e10);
        ck_assert_double_lt(FORWARD(near, GEX_GREEK_ZOMMA), -1e20);
        ck_assert_double_gt(FORWARD(near, GEX_GREEK_COLOR), 1e10);
    }
}
END_TEST

START_TEST(bachelier_bad_rows)
{
    static const struct quote bad[] = {
        {(double)NAN, 100, 1, 7, 0, 0, 1}, {100, HUGE_VAL, 1, 7, 0, 0, 1}, {100, 100, -1, 7, 0, 0, 1},
        {100, 100, 1, -7, 0, 0, 1},        {100, 100, 1, 7, 11, 0, 1},     {100, 100, 1, 7, 0, -11, 1},
        {100, 100, 1, 7, 0, 0, 0},         {0x1p900, 100, 1, 7, 0, 0, 1},  {100, 100, 1, (double)NAN, 0, 0, 1},
        {100, 100, HUGE_VAL, 7, 0, 0, 1},  {100, 100, 100, 7, 9, 0, 1},
    };
    static const struct quote good[] = {{0, 0, 1, 7, 0, 0, 1},
                                        {-5, 3, 1, 7, 0.01, 0, -1},
                                        {1e250, -1e250, 1, 1e240, 0, 0, 1},
                                        {100, 100, 1e-300, 7, 0, 0, 1},
                                        {1e-300, 0, 1, 1e-300, 0, 0, 1}};

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            double value = 0;
            uint8_t status;

            ck_assert_int_eq(
                ask(NULL, GEX_MODEL_BACHELIER, GEX_OPTION_FORM_SPOT, &bad[k], greek, &value, &status, NULL), GEX_OK);
            ck_assert_msg(status == GEX_CALC_DOMAIN && isnan(value), "row %d", (int)k);
        }
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        double value = 0;
        uint8_t status;

        ck_assert_int_eq(
            ask(NULL, GEX_MODEL_BACHELIER, GEX_OPTION_FORM_SPOT, &good[k], GEX_GREEK_PRICE, &value, &status, NULL),
            GEX_OK);
        ck_assert_msg(status == GEX_CALC_OK && value >= 0 && isfinite(value), "row %d: %g", (int)k, value);
    }
}
END_TEST

/* Whatever NaN comes in, in whichever column, the one quiet NaN comes out, wherever the row stands. */
START_TEST(a_bad_row_has_one_nan)
{
    static const uint64_t bits[] = {UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8000000000000),
                                    UINT64_C(0x7ff8dead0000beef), UINT64_C(0x7ff0000000000001),
                                    UINT64_C(0xffffffffffffffff)};
    enum { KINDS = sizeof bits / sizeof *bits, ROWS = 11, ALL = GEX_GREEK_LAST_ + 4 };
    static const int8_t right[2] = {1, -1};
    const int32_t model = _i;
    const int greeks_of_model = model == GEX_MODEL_INVERSE ? ALL : GEX_GREEK_LAST_;

    for (int32_t form = GEX_OPTION_FORM_SPOT; form <= GEX_OPTION_FORM_LAST_; form++)
        for (int rows = 1; rows <= ROWS; rows++)
            for (int which = 0; which < 12; which++) {
                double column[6][ROWS], values[ALL][ROWS], *outputs[ALL];
                gex_european_columns columns;
                int32_t greeks[ALL];
                uint8_t status[ROWS];
                const int field = which / 2;
                const bool without_carry = model == GEX_MODEL_INVERSE || form == GEX_OPTION_FORM_FORWARD;

                if ((field == 4 && model == GEX_MODEL_INVERSE) || (field == 5 && without_carry))
                    continue;
                for (int i = 0; i < rows; i++) {
                    const double good[6] = {100, 105, 0.25, 0.2, 0.03, 0.01};

                    for (int k = 0; k < 6; k++)
                        column[k][i] = good[k];
                    memcpy(&column[field][i], &bits[i % KINDS], sizeof bits[0]);
                }
                for (int g = 0; g < greeks_of_model; g++) {
                    greeks[g] = g < GEX_GREEK_LAST_ ? g + 1 : GEX_COIN_PRICE + g - GEX_GREEK_LAST_;
                    outputs[g] = values[g];
                }
                gex_european_columns_init(&columns, sizeof columns);
                columns.rows = rows;
                columns.model = model;
                columns.form = form;
                columns.spot = (gex_f64){column[0], 8};
                columns.strike = (gex_f64){column[1], 8};
                columns.years = (gex_f64){column[2], 8};
                columns.vol = (gex_f64){column[3], 8};
                columns.right = (gex_i8){&right[which % 2], 0};
                if (model != GEX_MODEL_INVERSE)
                    columns.rate = (gex_f64){column[4], 8};
                if (!without_carry)
                    columns.carry_yield = (gex_f64){column[5], 8};
                ck_assert_int_eq(gex_european(NULL, &columns, greeks, greeks_of_model, outputs, status, NULL), GEX_OK);
                for (int g = 0; g < greeks_of_model; g++)
                    for (int i = 0; i < rows; i++)
                        ck_assert_msg(status[i] == GEX_CALC_DOMAIN && memcmp(&values[g][i], &bits[0], 8) == 0,
                                      "model %d, form %d, row %d of %d, column %d: %s", model, form, i, rows, field,
                                      gex_greek_name(greeks[g]));
            }
}
END_TEST

/* K / F beyond the largest double: a call is worth nothing, and so is its delta in coin. */
START_TEST(a_strike_beyond_reach_in_coin)
{
    const struct quote far = {1e-285, 1e206, 0.5, 0.8, 0, 0, 1}, denormal = {5e-324, 1.5, 1, 0.2, 0, 0, 1};

    for (int32_t coin = GEX_COIN_PRICE; coin <= GEX_COIN_LAST_; coin++) {
        ck_assert_double_eq(worth(GEX_MODEL_INVERSE, 0, far, coin), 0);
        ck_assert_double_eq(worth(GEX_MODEL_INVERSE, 0, denormal, coin), 0);
    }
}
END_TEST

/* Every choice without meaning is refused, and says what to do. */
START_TEST(what_has_no_meaning_is_refused)
{
    const struct quote q = {100, 100, 1, 0.2, 0, 0, 1};
    gex_error error;
    gex_european_columns columns;
    gex_price_columns prices;
    double value, *const outputs[] = {&value};
    const int32_t price = GEX_GREEK_PRICE;
    uint8_t status;

    ck_assert_int_eq(ask(NULL, 4, 0, &q, price, &value, &status, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(ask(NULL, -1, 0, &q, price, &value, &status, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(ask(NULL, 0, 3, &q, price, &value, &status, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(ask(NULL, 0, 0, &q, GEX_COIN_PRICE, &value, &status, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "GEX_MODEL_INVERSE"));
    ck_assert_int_eq(ask(NULL, 0, 0, &q, GEX_COIN_LAST_ + 1, &value, &status, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(ask(NULL, 0, 0, &q, GEX_GREEK_LAST_ + 1, &value, &status, &error), GEX_ERR_ARGUMENT);

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = columns.strike = columns.years = columns.vol = columns.carry_yield = (gex_f64){&q.spot, 8};
    columns.right = (gex_i8){&q.right, 1};
    columns.form = GEX_OPTION_FORM_FORWARD;
    ck_assert_int_eq(gex_european(NULL, &columns, &price, 1, outputs, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "carry_yield"));
    columns.form = 0;
    columns.model = GEX_MODEL_INVERSE;
    ck_assert_int_eq(gex_european(NULL, &columns, &price, 1, outputs, NULL, &error), GEX_ERR_ARGUMENT);
    gex_price_columns_init(&prices, sizeof prices);
    prices.rows = 1;
    prices.price = prices.forward = prices.strike = prices.years = prices.discount = (gex_f64){&q.spot, 8};
    prices.right = columns.right;
    prices.model = GEX_MODEL_INVERSE;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, &value, NULL, &error), GEX_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "discount"));
    prices.model = 9;
    ck_assert_int_eq(gex_implied_vol(NULL, &prices, &value, NULL, &error), GEX_ERR_ARGUMENT);
}
END_TEST

START_TEST(names_go_both_ways)
{
    for (int32_t model = 1; model <= GEX_MODEL_LAST_; model++)
        ck_assert_int_eq(gex_model_find(gex_model_name(model)), model);
    for (int32_t form = 1; form <= GEX_OPTION_FORM_LAST_; form++)
        ck_assert_int_eq(gex_option_form_find(gex_option_form_name(form)), form);
    for (int32_t greek = GEX_COIN_PRICE; greek <= GEX_COIN_LAST_; greek++)
        ck_assert_int_eq(gex_greek_find(gex_greek_name(greek)), greek);
    ck_assert_int_eq(gex_model_find("normal"), 0);
    ck_assert_int_eq(gex_model_find(NULL), 0);
    ck_assert_str_eq(gex_model_name(0), "unknown");
    ck_assert_str_eq(gex_option_form_name(99), "unknown");
    ck_assert_str_eq(gex_greek_name(100), "unknown");
}
END_TEST

/* Any number of rows, offset and stride give the bits of one row alone; sets that fuse agree with each other. */
START_TEST(rows_do_not_know_each_other)
{
    enum { MANY = 131, GREEKS = GEX_GREEK_LAST_ };
    static double table[6][MANY * 2 + 1], whole[GREEKS][MANY], part[GREEKS][MANY], other[GREEKS][MANY];
    static int8_t right[MANY];
    static uint8_t status[MANY];
    double *outputs[GREEKS];
    int32_t greeks[GREEKS];
    const int32_t model = _i;

    for (int i = 0; i < MANY; i++) {
        table[0][2 * i] = 100 + i % 7;
        table[1][2 * i] = 70 + i % 61;
        table[2][2 * i] = i % 13 == 0 ? 0 : 0.01 * i;
        table[3][2 * i] = model == GEX_MODEL_BACHELIER ? 3 + i % 20 : 0.05 + 0.01 * (i % 60);
        table[4][2 * i] = i % 29 == 0 ? 99 : 0.001 * (i % 50);
        right[i] = (int8_t)(i % 3 == 0 ? -1 : 1);
    }
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_european_columns columns;
        gex_context *context;

        if (!gex__isa_here(set))
            continue;
        context = context_of(set);
        gex_european_columns_init(&columns, sizeof columns);
        columns.model = model;
        columns.form = GEX_OPTION_FORM_FORWARD;
#define FILL(outs, first, count)                                                                                       \
    columns.rows = (count);                                                                                            \
    columns.spot = (gex_f64){&table[0][2 * (first)], 16};                                                              \
    columns.strike = (gex_f64){&table[1][2 * (first)], 16};                                                            \
    columns.years = (gex_f64){&table[2][2 * (first)], 16};                                                             \
    columns.vol = (gex_f64){&table[3][2 * (first)], 16};                                                               \
    if (model != GEX_MODEL_INVERSE)                                                                                    \
        columns.rate = (gex_f64){&table[4][2 * (first)], 16};                                                          \
    columns.right = (gex_i8){&right[first], 1};                                                                        \
    for (int g = 0; g < GREEKS; g++) {                                                                                 \
        greeks[g] = g + 1;                                                                                             \
        outputs[g] = &outs[g][first];                                                                                  \
    }                                                                                                                  \
    ck_assert_int_eq(gex_european(context, &columns, greeks, GREEKS, outputs, &status[first], NULL), GEX_OK)
        FILL(whole, 0, MANY);
        for (int count = 0; count <= 64; count++) {
            FILL(part, count, count);
            for (int g = 0; g < GREEKS; g++)
                ck_assert_msg(memcmp(&part[g][count], &whole[g][count], (size_t)count * 8) == 0, "%d rows, %s", count,
                              gex_greek_name(g + 1));
        }
        if (set > GEX_ISA_AVX2)
            ck_assert_mem_eq(whole, other, sizeof whole);
        memcpy(other, whole, sizeof whole);
        gex_context_free(context);
    }
}
END_TEST

Suite *suite_models(void)
{
    Suite *suite = suite_create("models");
    TCase *tcase = tcase_create("models and forms");

    tcase_add_loop_test(tcase, matches_sixty_digits, GEX_ISA_BASELINE, GEX_ISA_LAST_ + 1);
    tcase_add_test(tcase, an_option_in_coin);
    tcase_add_test(tcase, forms_agree);
    tcase_add_test(tcase, bachelier_identities);
    tcase_add_test(tcase, bachelier_limits);
    tcase_add_test(tcase, bachelier_bad_rows);
    tcase_add_loop_test(tcase, a_bad_row_has_one_nan, GEX_MODEL_BLACK, GEX_MODEL_LAST_ + 1);
    tcase_add_test(tcase, a_strike_beyond_reach_in_coin);
    tcase_add_test(tcase, what_has_no_meaning_is_refused);
    tcase_add_test(tcase, names_go_both_ways);
    tcase_add_loop_test(tcase, rows_do_not_know_each_other, GEX_MODEL_BLACK, GEX_MODEL_LAST_ + 1);
    suite_add_tcase(suite, tcase);
    return suite;
}
