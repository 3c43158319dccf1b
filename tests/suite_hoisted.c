/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixed lines at many spots against the full kernel, line by line: within 1e-12 of the sum of the absolute terms. The
 * full kernel is proved against 256 bits in its own suite.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "math/profile.h"
#include "math/sum.h"
#include "sets.h"

Suite *suite_hoisted(void);

enum { MANY = 1000, PRICES = 41 };

static const int greeks[] = {GEX_GREEK_GAMMA, GEX_GREEK_DELTA, GEX_GREEK_VANNA, GEX_GREEK_CHARM};
static double strike[MANY], years[MANY], vol[MANY], rate[MANY], carry[MANY];
static int8_t right[MANY];
static double full[GEX_GREEK_LAST_ + 1][MANY], fast[GEX_GREEK_LAST_ + 1][MANY + 16];
static uint8_t status[MANY];

/* Around a spot of 100: a chain, the whole box, minutes to expiry, and rows that are expired, spent or not a number. */
static void draw_lines(int kind)
{
    for (int i = 0; i < MANY; i++) {
        years[i] = exp(between(log(1.0 / 365), log(2)));
        vol[i] = between(0.05, 0.9);
        rate[i] = between(-0.01, 0.08);
        carry[i] = between(0, 0.04);
        right[i] = (int8_t)(i % 3 != 0 ? 1 : -1);
        if (kind == 1) {
            years[i] = exp(between(log(1e-9), log(50)));
            vol[i] = exp(between(log(1e-4), log(5)));
            rate[i] = between(-1, 1);
            carry[i] = between(-1, 1);
        }
        if (kind == 2)
            years[i] = exp(between(log(1e-7), log(1e-4)));
        strike[i] = 100 * exp(between(-5, 5) * vol[i] * sqrt(years[i]) + (rate[i] - carry[i]) * years[i]);
        if (kind == 3) {
            strike[i] = 80 + i % 41;
            years[i] = i % 2 == 0 ? 0 : years[i];
            vol[i] = i % 3 == 0 ? 0 : vol[i];
            rate[i] = i % 11 == 0 ? (double)NAN : 0;
            carry[i] = 0;
        }
    }
}

static struct gex__black_in lines_in(const double *spot)
{
    return (struct gex__black_in){.rows = MANY,
                                  .spot = spot,
                                  .one_spot = true,
                                  .strike = strike,
                                  .years = years,
                                  .vol = vol,
                                  .rate = rate,
                                  .carry = carry,
                                  .right = right};
}

static double *hoist(void)
{
    double *lines = malloc((size_t)gex__profile_size(MANY) * sizeof *lines);
    static const double middle = 100;
    const struct gex__black_in in = lines_in(&middle);

    ck_assert_ptr_nonnull(lines);
    gex__black_hoist(set_now, &in, lines);
    return lines;
}

static double scale_of(int greek, int i, double spot)
{
    const double v = vol[i] * sqrt(years[i]), b = rate[i] - carry[i],
                 d1 = (log(spot / strike[i]) + b * years[i]) / v + v / 2;
    const double p = exp(-carry[i] * years[i] - d1 * d1 / 2) / sqrt(2 * acos(-1.0));

    if (greek == GEX_GREEK_VANNA)
        return p * (fabs(d1 - v) + v) / vol[i];
    if (greek == GEX_GREEK_CHARM)
        return fabs(carry[i] * full[GEX_GREEK_DELTA][i]) + p * (fabs(b) / v + (fabs(d1 - v) + v) / (2 * years[i]));
    return fabs(full[greek][i]);
}

START_TEST(equals_the_full_kernel)
{
    double worst[4] = {0}, *lines, *outputs[GEX_GREEK_LAST_ + 1] = {NULL}, *fast_outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    static const char *kinds[] = {"chain", "anywhere", "minutes"};

    for (int k = 0; k < 4; k++) {
        outputs[greeks[k]] = full[greeks[k]];
        fast_outputs[greeks[k]] = fast[greeks[k]];
    }
    draw_lines(_i);
    lines = hoist();
    for (int p = 0; p < PRICES; p++) {
        const double spot = 80 + p; /* 100 is one of them */
        const struct gex__black_in in = lines_in(&spot);

        gex__black(set_now, &in, outputs, status);
        gex__black_profile(set_now, lines, MANY, 0, MANY, spot, fast_outputs);
        for (int i = 0; i < MANY; i++)
            for (int k = 0; k < 4; k++) {
                const double off = fabs(full[greeks[k]][i] - fast[greeks[k]][i]), scale = scale_of(greeks[k], i, spot);

                ck_assert_int_eq(status[i], GEX_CALC_OK);
                ck_assert_msg(off <= 1e-12 * scale + 1e-290, "%s at %g, K %.17g T %.17g vol %.17g: %.17g, full %.17g",
                              gex_greek_name(greeks[k]), spot, strike[i], years[i], vol[i], fast[greeks[k]][i],
                              full[greeks[k]][i]);
                worst[k] = fmax(worst[k], scale > 1e-280 ? off / scale : 0);
            }
    }
    printf("%s: gamma %.2g delta %.2g vanna %.2g charm %.2g\n", kinds[_i], worst[0], worst[1], worst[2], worst[3]);
    free(lines);
}
END_TEST

START_TEST(limits_and_refused_rows)
{
    double *lines, *outputs[GEX_GREEK_LAST_ + 1] = {NULL}, *fast_outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    int at_strike = 0, refused = 0;

    for (int k = 0; k < 4; k++) {
        outputs[greeks[k]] = full[greeks[k]];
        fast_outputs[greeks[k]] = fast[greeks[k]];
    }
    draw_lines(3);
    lines = hoist();
    for (int p = 0; p < PRICES; p++) {
        const double spot = 80 + p;
        const struct gex__black_in in = lines_in(&spot);

        gex__black(set_now, &in, outputs, status);
        gex__black_profile(set_now, lines, MANY, 0, MANY, spot, fast_outputs);
        for (int i = 0; i < MANY; i++) {
            if (status[i] == GEX_CALC_DOMAIN) {
                for (int k = 0; k < 4; k++)
                    ck_assert(fast[greeks[k]][i] == 0);
                refused++;
                continue;
            }
            ck_assert_msg(fabs(fast[GEX_GREEK_DELTA][i] - full[GEX_GREEK_DELTA][i]) <=
                              1e-12 * fabs(full[GEX_GREEK_DELTA][i]) + 1e-290,
                          "delta at %g, K %g T %g vol %g: %g, not %g", spot, strike[i], years[i], vol[i],
                          fast[GEX_GREEK_DELTA][i], full[GEX_GREEK_DELTA][i]);
            if (years[i] == 0 || vol[i] == 0)
                ck_assert(fast[GEX_GREEK_GAMMA][i] == 0);
            at_strike += status[i] == GEX_CALC_AT_STRIKE_AT_EXPIRY;
        }
    }
    ck_assert_int_gt(at_strike, 100);
    ck_assert_int_gt(refused, 100);
    free(lines);
}
END_TEST

START_TEST(any_cut_and_choice_give_the_same_bits)
{
    double *lines, *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    static double one[MANY + 16];

    draw_lines(0);
    lines = hoist();
    for (int k = 0; k < 4; k++)
        outputs[greeks[k]] = fast[greeks[k]];
    gex__black_profile(set_now, lines, MANY, 0, MANY, 97.3, outputs);
    for (int k = 0; k < 4; k++)
        for (int64_t size = 16; size <= MANY; size += 16) {
            double *single[GEX_GREEK_LAST_ + 1] = {NULL};

            for (int64_t first = 0; first < MANY; first += size) {
                single[greeks[k]] = one + first;
                gex__black_profile(set_now, lines, MANY, first, MANY - first < size ? MANY - first : size, 97.3,
                                   single);
            }
            ck_assert(memcmp(one, fast[greeks[k]], MANY * sizeof *one) == 0);
        }
    free(lines);
}
END_TEST

/* Sums of lines of every kind at many prices against the greeks of each line. */
START_TEST(sums_are_those_of_the_lines)
{
    enum { POINTS = 150 };
    static double weight[MANY], prices[POINTS], sums[POINTS];
    const double low = 80, step = 0.0027;
    double *lines, *outputs[GEX_GREEK_LAST_ + 1] = {NULL};

    draw_lines(_i);
    lines = hoist();
    for (int i = 0; i < MANY; i++)
        weight[i] = between(-1000, 1000);
    for (int k = 0; k < POINTS; k++)
        prices[k] = low * exp(k * step);
    for (int g = 0; g < 4; g++) {
        double worst = 0;

        for (int k = 0; k < POINTS; k += GEX_SUM_PRICES)
            gex__black_sum(set_now, lines, MANY, weight, 0, MANY, greeks[g], prices + k,
                           POINTS - k < GEX_SUM_PRICES ? POINTS - k : GEX_SUM_PRICES, sums + k);
        outputs[greeks[g]] = fast[greeks[g]];
        for (int k = 0; k < POINTS; k++) {
            double sum = 0, scale = 0, alone;

            gex__black_profile(set_now, lines, MANY, 0, MANY, prices[k], outputs);
            for (int i = 0; i < MANY; i++) {
                sum += weight[i] * fast[greeks[g]][i];
                scale += fabs(weight[i] * fast[greeks[g]][i]);
            }
            worst = fmax(worst, scale > 0 ? fabs(sums[k] - sum) / scale : fabs(sums[k]));
            gex__black_sum(set_now, lines, MANY, weight, 0, MANY, greeks[g], &prices[k], 1, &alone);
            ck_assert_msg(memcmp(&alone, &sums[k], sizeof alone) == 0, "%s at %g depends on its neighbours",
                          gex_greek_name(greeks[g]), prices[k]);
        }
        outputs[greeks[g]] = NULL;
        ck_assert_msg(worst <= 5e-13, "%s: %g", gex_greek_name(greeks[g]), worst);
    }
    free(lines);
}
END_TEST

/* Any number of lines: padding adds nothing. */
START_TEST(sums_end_where_lines_end)
{
    double *lines, weight[MANY], sum, part, rest;
    const double price = 99;

    draw_lines(0);
    lines = hoist();
    for (int i = 0; i < MANY; i++)
        weight[i] = 1;
    for (int64_t count = 1; count <= 300; count++) {
        double alone = 0, *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_GAMMA] = fast[GEX_GREEK_GAMMA]};

        gex__black_sum(set_now, lines, MANY, weight, 0, count, GEX_GREEK_GAMMA, &price, 1, &sum);
        gex__black_profile(set_now, lines, MANY, 0, count, price, outputs);
        for (int64_t i = 0; i < count; i++)
            alone += fast[GEX_GREEK_GAMMA][i];
        ck_assert_msg(fabs(sum - alone) <= 1e-13 * alone, "%d lines: %.17g, one by one %.17g", (int)count, sum, alone);
    }
    gex__black_sum(set_now, lines, MANY, weight, 0, MANY, GEX_GREEK_DELTA, &price, 1, &sum);
    gex__black_sum(set_now, lines, MANY, weight, 0, 512, GEX_GREEK_DELTA, &price, 1, &part);
    gex__black_sum(set_now, lines, MANY, weight + 512, 512, MANY - 512, GEX_GREEK_DELTA, &price, 1, &rest);
    ck_assert(fabs(sum - part - rest) <= 1e-10);
    free(lines);
}
END_TEST

static void fill_profile(TCase *profile)
{
    tcase_add_loop_test(profile, equals_the_full_kernel, 0, 3);
    tcase_add_test(profile, limits_and_refused_rows);
    tcase_add_test(profile, any_cut_and_choice_give_the_same_bits);
    tcase_add_loop_test(profile, sums_are_those_of_the_lines, 0, 4);
    tcase_add_test(profile, sums_end_where_lines_end);
}

Suite *suite_hoisted(void)
{
    Suite *suite = suite_create("hoisted");

    cases_of_sets(suite, "profile", 60, fill_profile);
    return suite;
}
