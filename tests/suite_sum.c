/* SPDX-License-Identifier: Apache-2.0 */
/* The exact sum against fractions in Python (golden/generate_sums.py), in any order; the block sum's order. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "math/sum.h"

Suite *suite_sum(void);

enum { VALUES_MAX = 1024, LINE_BYTES = 64 * VALUES_MAX };

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static double exact(const double *values, int count)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int i = 0; i < count; i++)
        gex__exact_add(&sum, values[i]);
    return gex__exact_round(&sum);
}

START_TEST(matches_fractions)
{
    static char line[LINE_BYTES];
    static double values[VALUES_MAX];
    FILE *file = fopen(TESTS_DIR "/golden/sums.txt", "r");
    int lines = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = line;
        const double expected = strtod(at, &at);
        int count = 0;

        for (char *end = at; ; at = end) {
            values[count] = strtod(at, &end);
            if (end == at)
                break;
            count++;
        }
        ck_assert_msg(same(exact(values, count), expected), "line %d: %a, expected %a", lines + 1, exact(values, count),
                      expected);
        for (int turn = 0; turn < 3; turn++) {
            for (int i = count - 1; i > 0; i--) {
                const int j = (int)(draw64() % (uint64_t)(i + 1));
                const double swapped = values[i];

                values[i] = values[j];
                values[j] = swapped;
            }
            ck_assert_msg(same(exact(values, count), expected), "line %d, shuffled", lines + 1);
        }
        lines++;
    }
    fclose(file);
    ck_assert_int_eq(lines, 169);
}
END_TEST

START_TEST(rounding_does_not_end_the_sum)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    gex__exact_add(&sum, 1e16);
    gex__exact_add(&sum, -0.5);
    ck_assert_double_eq(gex__exact_round(&sum), 1e16);
    ck_assert_double_eq(gex__exact_round(&sum), 1e16);
    gex__exact_add(&sum, -1e16);
    ck_assert_double_eq(gex__exact_round(&sum), -0.5);
    gex__exact_clear(&sum);
    ck_assert_double_eq(gex__exact_round(&sum), 0.0);
}
END_TEST

START_TEST(carries_wait_for_long)
{
    /* The lazily carried digits hold 2^30 additions; a digit near its limit carries like any other. */
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int i = 0; i < GEX_EXACT_LIMBS; i++)
        sum.limb[i] = 0;
    sum.added = (1 << 30) - 2;
    sum.limb[40] = INT64_C(0xffffffff) << 30;
    for (int i = 0; i < 4; i++)
        gex__exact_add(&sum, ldexp(1.0, 40 * 32 - 1074 + 31));
    ck_assert_double_eq(gex__exact_round(&sum),
                        ldexp((double)(INT64_C(0xffffffff) << 30), 40 * 32 - 1074) + ldexp(4.0, 40 * 32 - 1074 + 31));
}
END_TEST

START_TEST(block_sum_keeps_its_order)
{
    double values[GEX_BLOCK], lane[GEX_BLOCK_LANES];

    for (int64_t count = 0; count <= GEX_BLOCK; count += count < 70 ? 1 : 53) {
        memset(lane, 0, sizeof lane);
        for (int64_t i = 0; i < count; i++) {
            values[i] = ldexp((double)(int64_t)draw64(), -(int)(draw64() % 80));
            lane[i % GEX_BLOCK_LANES] += values[i];
        }
        for (int width = 8; width > 0; width /= 2)
            for (int j = 0; j < width; j++)
                lane[j] = lane[j] + lane[j + width];
        ck_assert_msg(same(gex__block_sum(values, count), lane[0]), "%d values", (int)count);
    }
}
END_TEST

/* The same tree, by recursion: the left part is the largest power of two below the count. */
static double tree(const double *blocks, int64_t count)
{
    int64_t left = 1;

    if (count == 1)
        return blocks[0];
    while (left * 2 < count)
        left *= 2;
    return tree(blocks, left) + tree(blocks + left, count - left);
}

START_TEST(blocks_are_added_as_a_tree)
{
    double blocks[100], copy[100];

    ck_assert(same(gex__pairwise_sum(blocks, 0), 0.0));
    for (int64_t count = 1; count <= 100; count++) {
        for (int64_t i = 0; i < count; i++)
            blocks[i] = copy[i] = ldexp((double)(int64_t)draw64(), -(int)(draw64() % 80));
        ck_assert_msg(same(gex__pairwise_sum(blocks, count), tree(copy, count)), "%d blocks", (int)count);
    }
}
END_TEST

Suite *suite_sum(void)
{
    Suite *suite = suite_create("sum");
    TCase *tcase = tcase_create("exact and block sums");

    tcase_add_test(tcase, matches_fractions);
    tcase_add_test(tcase, rounding_does_not_end_the_sum);
    tcase_add_test(tcase, carries_wait_for_long);
    tcase_add_test(tcase, block_sum_keeps_its_order);
    tcase_add_test(tcase, blocks_are_added_as_a_tree);
    suite_add_tcase(suite, tcase);
    return suite;
}
