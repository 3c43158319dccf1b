/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of eight columns side by side:
 * what they claim to be right is what the exact sum says, however values came and went. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "math/sum.h"
#include "math/wide.h"
#include "sets.h"

Suite *suite_wide(void);

enum { ROWS = 300, PITCH = 8, KINDS = 9 };

/* Values of one kind a column: smooth, of all sizes, cancelling,
 * integers, halves that tie, denormal, huge, few, none. */
static double value_of(int kind)
{
    const double x = 2 * uniform() - 1;

    switch (kind) {
    case 0: return x;
    case 1: return ldexp(x, (int)(draw64() % 600) - 300);
    case 2: return draw64() % 2 ? 1e9 * (1 + (double)(draw64() % 3) * 0x1p-52) : -1e9;
    case 3: return floor(1e6 * x);
    case 4: return draw64() % 2 ? 1.0 : (draw64() % 2 ? 0x1p-53 : -0x1p-53);
    case 5: return ldexp(x, -1060);
    case 6: return ldexp(x, 1020);
    case 7: return draw64() % 50 == 0 ? x : 0.0;
    default: return 0.0;
    }
}

struct table {
    double  values[ROWS * PITCH];
    int32_t rows[ROWS];
    int64_t calls, puts;
};

static void table_fill(struct table *table, int64_t count, int first_kind)
{
    for (int i = 0; i < ROWS * PITCH; i++)
        table->values[i] = value_of((first_kind + i % PITCH) % KINDS);
    for (int64_t i = 0; i < count; i++)
        table->rows[i] = (int32_t)(draw64() % ROWS);
    table->calls = count == 0 ? 0 : (int64_t)(draw64() % (uint64_t)(count + 1));
    table->puts = count - table->calls;
}

static struct gex__wide_rows rows_of(const struct table *table)
{
    return (struct gex__wide_rows){table->values, PITCH, table->rows, table->calls, table->puts};
}

/* NaN and infinities count as 0. */
static double exact_of(const struct table *table, int lane, int sum)
{
    struct gex__exact exact;

    gex__exact_clear(&exact);
    for (int64_t i = 0; i < table->calls + table->puts; i++) {
        const double x = table->values[table->rows[i] * PITCH + lane];
        const bool call = i < table->calls;

        if (!isfinite(x) || (sum == GEX_WIDE_OF_CALLS && !call) || (sum == GEX_WIDE_OF_PUTS && call))
            continue;
        gex__exact_add(&exact, sum == GEX_WIDE_GROSS ? fabs(x) : x);
    }
    return gex__exact_round(&exact);
}

/* @return how many of the sums were not known to be right. */
static int compare(const struct gex__wide *sum, const struct table *table, const char *when)
{
    gex__wide_row out[GEX_WIDE_SUMS];
    const uint32_t unsure = gex__wide_of(set_now)->round(sum, out);

    for (int s = 0; s < GEX_WIDE_SUMS; s++)
        for (int lane = 0; lane < GEX_WIDE; lane++) {
            const double expected = exact_of(table, lane, s);

            if ((unsure >> (GEX_WIDE * s + lane) & 1) == 0)
                ck_assert_msg(memcmp(&out[s][lane], &expected, sizeof expected) == 0,
                              "%s: sum %d, lane %d: %a, expected %a", when, s, lane, out[s][lane], expected);
        }
    return __builtin_popcount(unsure);
}

START_TEST(what_is_sure_is_right)
{
    struct table *table = malloc(sizeof *table);
    int64_t asked = 0, unsure = 0;

    seed = UINT64_C(0x9e3779b97f4a7c15);
    for (int turn = 0; turn < 3000; turn++) {
        struct gex__wide_rows rows;
        struct gex__wide sum;

        table_fill(table, turn % 5 == 0 ? ROWS : (int64_t)(draw64() % 40), turn % KINDS);
        rows = rows_of(table);
        gex__wide_of(set_now)->sum(&rows, (int32_t)(draw64() % 4), &sum);
        unsure += compare(&sum, table, "summed");
        asked += GEX_WIDE_SUMS * GEX_WIDE;
    }
    /* the huge ones, a ninth, and ties that rests might break */
    ck_assert_msg(unsure < asked / 6, "%lld of %lld unsure", (long long)unsure, (long long)asked);
    free(table);
}
END_TEST

START_TEST(plain_values_are_nearly_always_sure)
{
    struct table *table = malloc(sizeof *table);
    int64_t unsure = 0, asked = 0;

    seed = 12345;
    for (int turn = 0; turn < 2000; turn++) {
        struct gex__wide sum;
        struct gex__wide_rows rows;

        table_fill(table, 1 + (int64_t)(draw64() % ROWS), 0);
        for (int i = 0; i < ROWS * PITCH; i++)
            table->values[i] = (2 * uniform() - 1) * exp(-20 * uniform());
        rows = rows_of(table);
        gex__wide_of(set_now)->sum(&rows, 0, &sum);
        unsure += compare(&sum, table, "plain");
        asked += GEX_WIDE_SUMS * GEX_WIDE;
    }
    ck_assert_int_lt(1000 * unsure, asked);
    free(table);
}
END_TEST

/* Other values in the windows of those before: right where they have a place, refused where they have not. */
START_TEST(windows_hold_or_say_that_they_do_not)
{
    const struct gex__wide_kernels *wide = gex__wide_of(set_now);
    struct table *table = malloc(sizeof *table);
    int64_t held = 0, refused = 0;

    seed = 31337;
    for (int turn = 0; turn < 400; turn++) {
        struct gex__wide sum;
        struct gex__wide_rows rows;

        table_fill(table, turn % 4 == 0 ? ROWS : 1 + (int64_t)(draw64() % 40), turn % KINDS);
        for (int i = 0; turn % 2 == 0 && i < ROWS * PITCH; i++)
            /* no sizes of which sums are never sure */
            table->values[i] = value_of(i % PITCH % 4 + (i % PITCH % 4 == 1 ? 6 : 0));
        rows = rows_of(table);
        wide->sum(&rows, 2, &sum);
        for (int tick = 0; tick < 30; tick++) {
            double *one, before;

            for (int i = 0; i < ROWS * PITCH; i++)
                table->values[i] *= turn % 2 == 0 ? 0.7 + 0.6 * uniform() : exp2(floor(7 * uniform()) - 3);
            one = &table->values[table->rows[0] * PITCH + (int64_t)(draw64() % PITCH)];
            before = *one;
            if (draw64() % 8 == 0)
                *one = draw64() % 3 == 0 ? (double)NAN : draw64() % 2 ? -(double)INFINITY : 1e300 * uniform();
            if (wide->again(&rows, &sum)) {
                compare(&sum, table, "again");
                held++;
            } else {
                refused++;
                wide->sum(&rows, 2, &sum);
                compare(&sum, table, "made anew");
            }
            *one = before;
        }
        for (int i = 0; i < ROWS * PITCH; i++)
            table->values[i] = uniform();
        wide->sum(&rows, 2, &sum);
        for (int i = 0; i < ROWS * PITCH; i++)
            table->values[i] *= i % PITCH == turn % PITCH && draw64() % 2 ? (double)NAN : 1.0;
        table->values[table->rows[0] * PITCH + turn % PITCH] = (double)INFINITY;
        ck_assert_msg(!wide->again(&rows, &sum), "the first that is not finite has no place");
        wide->sum(&rows, 2, &sum);
        ck_assert_msg(wide->again(&rows, &sum), "those after it count as 0");
        compare(&sum, table, "odd again");
    }
    ck_assert_int_gt(held, 4000);
    ck_assert_int_gt(refused, 400);
    free(table);
}
END_TEST

/* Sizes that add up to less than twice as much stay in their windows: then a tick does not pay for finding new ones. */
START_TEST(windows_hold_what_grows_a_little)
{
    const struct gex__wide_kernels *wide = gex__wide_of(set_now);
    struct table *table = malloc(sizeof *table);
    int64_t unsure = 0;

    seed = 5;
    for (int turn = 0; turn < 100; turn++) {
        struct gex__wide sum;
        struct gex__wide_rows rows;

        table_fill(table, 60 + (int64_t)(draw64() % 200), 0);
        table->puts += table->calls - 25;
        table->calls = 25;
        for (int i = 0; i < ROWS * PITCH; i++)
            table->values[i] = (2 * uniform() - 1) * exp(-20 * uniform());
        rows = rows_of(table);
        wide->sum(&rows, 2, &sum);
        for (int i = 0; i < ROWS * PITCH; i++)
            table->values[i] *= 1 + uniform();
        ck_assert(wide->again(&rows, &sum));
        unsure += compare(&sum, table, "grown");
    }
    ck_assert_int_lt(1000 * unsure, 100 * GEX_WIDE_SUMS * GEX_WIDE);
    free(table);
}
END_TEST

START_TEST(what_goes_leaves_no_trace)
{
    const struct gex__wide_kernels *wide = gex__wide_of(set_now);
    struct table *table = malloc(sizeof *table);
    int64_t refused = 0, replaced = 0;

    seed = 777;
    for (int turn = 0; turn < 300; turn++) {
        struct gex__wide sum;
        struct gex__wide_rows rows;

        table_fill(table, 60, turn % KINDS);
        for (int i = 0; i < 60; i++)
            table->rows[i] = i;
        rows = rows_of(table);
        wide->sum(&rows, 1, &sum);
        for (int tick = 0; tick < 200; tick++) {
            const int64_t i = (int64_t)(draw64() % 60);
            const struct gex__wide before = sum;
            double come[PITCH], gone[PITCH];

            for (int lane = 0; lane < PITCH; lane++)
                come[lane] = draw64() % 100 == 0 ? (double)NAN : value_of((turn % KINDS + lane) % KINDS);
            memcpy(gone, table->values + i * PITCH, sizeof gone);
            if (!wide->replace(&sum, i < table->calls ? GEX_WIDE_CALL : GEX_WIDE_PUT, gone, come)) {
                ck_assert_int_eq(memcmp(&before, &sum, sizeof sum), 0);
                refused++;
                continue;
            }
            memcpy(table->values + i * PITCH, come, sizeof come);
            replaced++;
            if (tick % 10 == 0)
                compare(&sum, table, "replaced");
        }
        compare(&sum, table, "at the end");
    }
    ck_assert_int_gt(replaced, 1000);
    ck_assert_int_gt(refused, 0);
    free(table);
}
END_TEST

START_TEST(sums_of_sums)
{
    enum { PARTS = 12, EACH = 20 };
    const struct gex__wide_kernels *wide = gex__wide_of(set_now);
    struct table *table = malloc(sizeof *table);

    seed = 99;
    for (int turn = 0; turn < 400; turn++) {
        double largest[GEX_WIDE] = {0.0};
        struct gex__wide part[PARTS], whole;

        table_fill(table, PARTS * EACH, turn % KINDS);
        table->calls = PARTS * EACH; /* all of them calls, so that parts are runs of rows */
        table->puts = 0;
        for (int p = 0; p < PARTS; p++) {
            const struct gex__wide_rows rows = {table->values, PITCH, table->rows + p * EACH, EACH, 0};

            wide->sum(&rows, 0, &part[p]);
            gex__wide_largest(&part[p], largest);
        }
        wide->clear(&whole, largest, 4 * PARTS, 2);
        for (int p = 0; p < PARTS; p++)
            ck_assert(wide->merge(&whole, &part[p], 1));
        compare(&whole, table, "merged");
        for (int p = 0; p < PARTS; p += 2) {
            ck_assert(wide->merge(&whole, &part[p], -1));
            ck_assert(wide->merge(&whole, &part[p], 1));
        }
        compare(&whole, table, "merged, out and in");
        ck_assert(wide->merge(&whole, &part[PARTS - 1], -1));
        table->calls -= EACH;
        compare(&whole, table, "without the last");
    }
    free(table);
}
END_TEST

START_TEST(a_sum_of_one_is_itself)
{
    static const double values[] = {1.0, -0x1.fffffffffffffp+100, DBL_MIN, 0x1p-1074, -3e-320, 0x1.8p-1000, 1e300, 0.1};
    const struct gex__wide_rows rows = {values, PITCH, (const int32_t[]){0}, 1, 0};
    gex__wide_row out[GEX_WIDE_SUMS];
    struct gex__wide sum;
    uint32_t unsure;

    gex__wide_of(set_now)->sum(&rows, 0, &sum);
    unsure = gex__wide_of(set_now)->round(&sum, out);
    ck_assert_uint_eq(unsure, 0);
    for (int lane = 0; lane < GEX_WIDE; lane++) {
        ck_assert_double_eq(out[GEX_WIDE_NET][lane], values[lane]);
        ck_assert_double_eq(out[GEX_WIDE_GROSS][lane], fabs(values[lane]));
        ck_assert_double_eq(out[GEX_WIDE_OF_PUTS][lane], 0.0);
    }
}
END_TEST

/* ---- the matrix -------------------------------------------------------------------------------------------------- */

enum { COUNT_MOST = 64, UNITS_MOST = 16, COLUMNS = 6 };

static void columns_fill(double (*column)[COUNT_MOST])
{
    for (int c = 0; c < COLUMNS; c++)
        for (int i = 0; i < COUNT_MOST; i++)
            column[c][i] = (2 * uniform() - 1) * exp(-30 * uniform());
}

static double value_in_order(const struct gex__wide_term *term, double weight, int64_t i)
{
    double value = 0.0;

    for (int t = 0; t < GEX_WIDE_TERMS && term[t].greek != NULL; t++) {
        const double inside = term[t].inside != NULL ? term[t].inside[i] : 1.0;

        value += weight * (term[t].greek[i] * inside) * term[t].factor;
    }
    return value;
}

START_TEST(lines_are_products_to_the_bit)
{
    static double column[COLUMNS][COUNT_MOST], weight[COUNT_MOST], values[2 * COUNT_MOST * UNITS_MOST];
    struct gex__wide_term unit[UNITS_MOST][GEX_WIDE_TERMS];

    seed = 4242;
    for (int turn = 0; turn < 500; turn++) {
        const int64_t count = 1 + (int64_t)(draw64() % COUNT_MOST);
        const int32_t units = 1 + (int32_t)(draw64() % UNITS_MOST),
                      pitch = (units + GEX_WIDE - 1) / GEX_WIDE * GEX_WIDE;
        const bool odd = turn % 3 == 0;
        int64_t rows[COUNT_MOST];
        struct gex__wide_lines in = {count, weight, units, (const struct gex__wide_term(*)[GEX_WIDE_TERMS])unit,
                                     values, pitch, rows};

        columns_fill(column);
        for (int i = 0; i < COUNT_MOST; i++) {
            weight[i] = i < count ? floor(2000 * uniform()) - 1000 : (double)NAN; /* behind the rows anything stands */
            rows[i] = (i * 37 + turn) % COUNT_MOST * 2;
        }
        if (odd)
            column[0][draw64() % (uint64_t)count] = turn % 2 ? (double)NAN : (double)INFINITY;
        for (int32_t u = 0; u < units; u++)
            for (int t = 0; t < GEX_WIDE_TERMS; t++) {
                const double *greek = t == 0 && u == 0 ? column[0] : column[1 + draw64() % 4];

                unit[u][t] =
                    (struct gex__wide_term){t == 1 && draw64() % 2 ? NULL : greek, draw64() % 2 ? NULL : column[5],
                                            ldexp(uniform(), (int)(draw64() % 40))};
                if (turn % 2 == 0) /* one term each, with nothing inside */
                    unit[u][t].inside = NULL, unit[u][t].greek = t == 0 ? greek : NULL;
            }
        for (int i = 0; i < 2 * COUNT_MOST * UNITS_MOST; i++)
            values[i] = 77;
        ck_assert_int_eq(gex__wide_of(set_now)->lines(&in), !odd);
        for (int64_t i = 0; i < count; i++)
            for (int32_t u = 0; u < pitch; u++) {
                const double expected = u < units ? value_in_order(unit[u], weight[i], i) : 0.0;
                const double got = values[rows[i] * pitch + u];

                ck_assert_msg(memcmp(&got, &expected, sizeof expected) == 0 || (isnan(got) && isnan(expected)),
                              "row %lld of %lld, unit %d of %d: %a, expected %a", (long long)i, (long long)count, u,
                              units, got, expected);
            }
        for (int i = 0; i < COUNT_MOST; i++) /* lines between are nobody's */
            ck_assert_double_eq(values[(2 * i + 1) * pitch], 77);
    }
}
END_TEST

/* ---- one column -------------------------------------------------------------------------------------------------- */

START_TEST(a_column_added_at_once_is_as_if_one_by_one)
{
    int64_t folded = 0;
    double values[200];

    seed = 5150;
    for (int turn = 0; turn < 5000; turn++) {
        const int64_t count = (int64_t)(draw64() % 200);
        struct gex__exact one_by_one, at_once;
        double expected, got, out[GEX_WIDE_FOLDED];

        gex__exact_clear(&one_by_one);
        gex__exact_clear(&at_once);
        for (int64_t i = 0; i < count; i++) {
            values[i] =
                turn % 50 == 49 && i % 7 == 6 ? (i % 2 ? (double)INFINITY : (double)NAN) : value_of(turn % KINDS);
            gex__exact_add(&one_by_one, values[i]);
        }
        gex__exact_add_all(&at_once, set_now, values, count);
        expected = gex__exact_round(&one_by_one);
        got = gex__exact_round(&at_once);
        ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%lld of kind %d: %a, expected %a", (long long)count,
                      turn % KINDS, got, expected);
        folded += gex__wide_of(set_now)->fold(values, count < GEX_WIDE_FOLD ? count : GEX_WIDE_FOLD, out);
    }
    ck_assert_int_gt(folded, 3500); /* all but those of all sizes, the huge, and what is not finite */
}
END_TEST

START_TEST(zeros_and_what_cancels_are_sure)
{
    static double values[200 * PITCH];
    gex__wide_row out[GEX_WIDE_SUMS];
    struct gex__wide sum;
    int32_t rows[200];

    seed = 31;
    for (int i = 0; i < 200; i++) {
        rows[i] = i;
        for (int lane = 0; lane < PITCH; lane++) { /* a put for each call, of the other sign; some nothing at all */
            const double one = i % 3 == 0 ? 0 : 1e7 * (uniform() - 0.5);

            values[i * PITCH + lane] = i >= 100 ? -values[(i - 100) * PITCH + lane] : one;
        }
    }
    gex__wide_of(set_now)->sum(&(struct gex__wide_rows){values, PITCH, rows, 100, 100}, 2, &sum);
    ck_assert_uint_eq(gex__wide_of(set_now)->round(&sum, out), 0);
    for (int lane = 0; lane < PITCH; lane++) {
        ck_assert_double_eq(out[GEX_WIDE_NET][lane], 0);
        ck_assert_double_eq(out[GEX_WIDE_OF_CALLS][lane], -out[GEX_WIDE_OF_PUTS][lane]);
    }
    memset(values, 0, sizeof values / 2); /* no calls held, and puts of all sizes */
    for (int i = 100 * PITCH; i < 200 * PITCH; i++)
        values[i] = ldexp(uniform(), -(int)(draw64() % 200));
    gex__wide_of(set_now)->sum(&(struct gex__wide_rows){values, PITCH, rows, 100, 100}, 0, &sum);
    ck_assert_uint_eq(gex__wide_of(set_now)->round(&sum, out), 0);
    for (int lane = 0; lane < PITCH; lane++)
        ck_assert_double_eq(out[GEX_WIDE_OF_CALLS][lane], 0);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, lines_are_products_to_the_bit);
    tcase_add_test(tcase, a_column_added_at_once_is_as_if_one_by_one);
    tcase_add_test(tcase, zeros_and_what_cancels_are_sure);
    tcase_add_test(tcase, what_is_sure_is_right);
    tcase_add_test(tcase, plain_values_are_nearly_always_sure);
    tcase_add_test(tcase, what_goes_leaves_no_trace);
    tcase_add_test(tcase, windows_hold_or_say_that_they_do_not);
    tcase_add_test(tcase, windows_hold_what_grows_a_little);
    tcase_add_test(tcase, sums_of_sums);
    tcase_add_test(tcase, a_sum_of_one_is_itself);
}

Suite *suite_wide(void)
{
    Suite *suite = suite_create("wide");

    cases_of_sets(suite, "sums side by side", 120, fill);
    return suite;
}
