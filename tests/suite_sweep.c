/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of gamma, vanna and delta over a grid of prices by nodes, against the same sums in long double: within 1e-12 of
 * what the lines are at most at each price, or left to the caller; of a chain as they are listed none is left.
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
#include "math/sweep.h"
#include "sets.h"

Suite *suite_sweep(void);

enum { LINES = 640, POINTS = 96, MANY = 70000 };
enum { EVERY = LDBL_MANT_DIG > 64 ? 8 : 1 }; /* price that is proved: 113 bits are slow in software */
enum { CHAIN, ANYWHERE, MINUTES, ONE_ABOVE_ALL, PAIRS, FAR_AWAY, SPENT, WIDTHS, KINDS };
enum { EVEN, LOGARITHMIC, CLUMPED, GRIDS };
static const int32_t greeks[] = {GEX_GREEK_GAMMA, GEX_GREEK_VANNA, GEX_GREEK_DELTA};
static int32_t greek_now = GEX_GREEK_GAMMA;
enum { GREEKS = 3 };

static const char *kinds[] = {"chain", "anywhere", "minutes", "one above all", "pairs", "far away", "spent", "widths"};
static double strike[MANY], years[MANY], vol[MANY], rate[MANY], carry[MANY], weight[MANY], prices[POINTS];
static int8_t right[MANY];

static void draw_line(int kind, int i)
{
    years[i] = exp(between(log(1.0 / 365), log(2)));
    vol[i] = between(0.05, 0.9);
    rate[i] = between(-0.01, 0.08);
    carry[i] = between(0, 0.04);
    weight[i] = between(-1000, 1000);
    right[i] = (int8_t)(i % 3 != 0 ? 1 : -1);
    if (kind == ANYWHERE) {
        years[i] = exp(between(log(1e-9), log(50)));
        vol[i] = exp(between(log(1e-4), log(5)));
        rate[i] = between(-1, 1);
        carry[i] = between(-1, 1);
    }
    if (kind == MINUTES)
        years[i] = exp(between(log(1e-7), log(1e-4)));
    if (kind == FAR_AWAY) {
        years[i] = 1.0 / 365;
        vol[i] = 0.1;
    }
    strike[i] = 100 * exp(between(-3, 3) * vol[i] * sqrt(years[i]) + (carry[i] - rate[i]) * years[i]);
    if (kind == CHAIN)
        strike[i] = 70 + i % 61;
    if (kind == WIDTHS) { /* of every grid, and lines whose drift takes them out of sight */
        years[i] = i % 50 == 0 ? 60 : 1;
        rate[i] = i % 50 == 0 ? between(-10, 10) : 0;
        vol[i] = exp(between(log(0.004), log(6)));
        strike[i] = between(60, 160);
    }
    if (kind == SPENT) {
        strike[i] = 80 + i % 41;
        years[i] = i % 2 == 0 ? 0 : years[i];
        vol[i] = i % 3 == 0 ? 0 : vol[i];
        rate[i] = i % 11 == 0 ? (double)NAN : 0;
    }
}

static void draw_lines(int kind, int count)
{
    seed = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)kind;
    for (int i = 0; i < count; i++)
        draw_line(kind, i);
    if (kind == ONE_ABOVE_ALL) {
        strike[7] = 93;
        years[7] = 2e-5;
        weight[7] = 1e12;
    }
    for (int i = 1; kind == PAIRS && i < count; i += 2) { /* the same line, sold again but for a trace */
        strike[i] = strike[i - 1];
        years[i] = years[i - 1];
        vol[i] = vol[i - 1];
        rate[i] = rate[i - 1];
        carry[i] = carry[i - 1];
        weight[i] = -weight[i - 1] * (i % 5 == 0 ? 1 : 1 + 1e-9);
    }
}

static void draw_prices(int grid)
{
    for (int k = 0; k < POINTS; k++) {
        prices[k] = 80 + 40.0 * k / (POINTS - 1);
        if (grid == LOGARITHMIC)
            prices[k] = 80 * exp(log(1.5) * k / (POINTS - 1));
        if (grid == CLUMPED && k >= 20 && k < 76)
            prices[k] = 100 + 1e-4 * (k - 48);
    }
}

static struct gex__black_in lines_in(const double *spot, int count)
{
    return (struct gex__black_in){.rows = count,
                                  .spot = spot,
                                  .one_spot = true,
                                  .strike = strike,
                                  .years = years,
                                  .vol = vol,
                                  .rate = rate,
                                  .carry = carry,
                                  .right = right};
}

static double *hoist(int32_t set, int count)
{
    static const double middle = 100;
    const struct gex__black_in in = lines_in(&middle, count);
    double *lines = malloc((size_t)gex__profile_size(count) * sizeof *lines);

    ck_assert_ptr_nonnull(lines);
    (greek_now == GEX_GREEK_GAMMA ? gex__black_hoist_gamma : gex__black_hoist)(set, &in, lines);
    return lines;
}

static void sweep_start(struct gex__sweep *sweep, int32_t set, const double *lines, int count, int64_t tasks,
                        double **block)
{
    ck_assert(gex__sweep_suits(count, prices, POINTS));
    *block = aligned_alloc(64, ((size_t)gex__sweep_size(count, POINTS, tasks) * sizeof **block + 63) / 64 * 64);
    ck_assert_ptr_nonnull(*block);
    gex__sweep_start(sweep, set, greek_now, lines, count, weight, prices, POINTS, *block);
}

static void sweep_with(int32_t set, const double *lines, int count, int64_t tasks, double *sums)
{
    struct gex__sweep sweep;
    double *block;

    sweep_start(&sweep, set, lines, count, tasks, &block);
    for (int64_t from = 0, taken; (taken = gex__sweep_take(&sweep, from)) > 0; from += taken) {
        for (int64_t task = tasks - 1; task >= 0; task--)
            gex__sweep_nodes(&sweep, task, tasks);
        for (int64_t task = tasks - 1; task >= 0; task--)
            gex__sweep_lines(&sweep, task, tasks);
    }
    gex__sweep_join(&sweep);
    for (int64_t task = tasks - 1; task >= 0; task--)
        gex__sweep_finish(&sweep, sums, task, tasks);
    free(block);
}

struct truth {
    double net, gross;
};

static long double normal_of(long double d)
{
    return 0.5L * erfcl(-d * 0.707106781186547524400844362104849039L);
}

/* Of lines that have a deviation. Delta is what it is more than at the first price. */
static struct truth truth_at(double price, int count)
{
    long double net = 0, gross = 0;

    for (int i = 0; i < count; i++) {
        const long double T = years[i], v = vol[i] * sqrtl(T), Q = expl(-carry[i] * T);
        long double d, density, value, most;

        if (!(v > 0) || isnan(rate[i]))
            continue;
        d = (logl((long double)price / strike[i]) + ((long double)rate[i] - carry[i]) * T) / v + v / 2;
        density = d * d < 22000 ? expl(-d * d / 2) * 0.398942280401432677939946059934381868L : 0;
        value = most = Q * density / (price * v);
        if (greek_now == GEX_GREEK_VANNA) {
            value = -Q * density * (d - v) / vol[i];
            most = Q / vol[i] * density * (1 + v + fabsl(d));
        }
        if (greek_now == GEX_GREEK_DELTA) {
            value = Q * (normal_of(d) - normal_of(d - logl((long double)price / prices[0]) / v));
            most = Q;
        }
        net += weight[i] * value;
        gross += fabs(weight[i]) * most;
    }
    return (struct truth){(double)net, (double)gross};
}

START_TEST(within_a_share_of_what_is_there)
{
    const int kind = _i / GRIDS % KINDS, grid = _i % GRIDS;
    double *lines, sums[POINTS], worst = 0;
    int left = 0;

    greek_now = greeks[_i / GRIDS / KINDS];
    draw_lines(kind, LINES);
    draw_prices(grid);
    lines = hoist(set_now, LINES);
    sweep_with(set_now, lines, LINES, 1, sums);
    for (int k = 0; k < POINTS; k += EVERY) {
        const struct truth truth = truth_at(prices[k], LINES);

        left += isnan(sums[k]);
        if (isnan(sums[k]))
            continue;
        ck_assert_msg(fabs(sums[k] - truth.net) <= 1e-12 * truth.gross, "%s, at %.17g: %.17g, not %.17g of %g",
                      kinds[kind], prices[k], sums[k], truth.net, truth.gross);
        if (truth.gross > 0)
            worst = fmax(worst, fabs(sums[k] - truth.net) / truth.gross);
    }
    printf("%s of %s, grid %d: %.2g of gross, %d of %d prices left\n", gex_greek_name(greek_now), kinds[kind], grid,
           worst, left, POINTS);
    ck_assert_msg(left == 0 || (kind != CHAIN && kind != SPENT && (kind != WIDTHS || greek_now == GEX_GREEK_VANNA)),
                  "%s: %d prices left", kinds[kind], left);
    ck_assert_msg(worst <= 1e-13, "%s: %g", kinds[kind], worst); /* 1e-12 is a bound, not what happens */
    free(lines);
}
END_TEST

/* Lines of a day around 100, prices from 80 on:
 * below it there is nothing but what underflows, which no nodes may say. */
START_TEST(what_fades_out_is_left)
{
    double *lines, sums[POINTS];

    greek_now = GEX_GREEK_GAMMA;
    draw_lines(FAR_AWAY, LINES);
    draw_prices(EVEN);
    lines = hoist(set_now, LINES);
    sweep_with(set_now, lines, LINES, 1, sums);
    ck_assert(isnan(sums[0]) && isnan(sums[POINTS - 1]) && !isnan(sums[POINTS / 2]));
    weight[11] = (double)INFINITY;
    sweep_with(set_now, lines, LINES, 1, sums);
    for (int k = 0; k < POINTS; k++)
        ck_assert(isnan(sums[k]));
    memset(weight, 0, sizeof weight);
    sweep_with(set_now, lines, LINES, 1, sums);
    for (int k = 0; k < POINTS; k++)
        ck_assert(sums[k] == 0);
    free(lines);
}
END_TEST

START_TEST(any_tasks_give_the_same_bits)
{
    double *lines, one[POINTS], sums[POINTS];

    greek_now = greeks[_i / KINDS];
    draw_lines(_i % KINDS, LINES);
    draw_prices(_i % GRIDS);
    lines = hoist(set_now, LINES);
    sweep_with(set_now, lines, LINES, 1, one);
    for (int64_t tasks = 2; tasks <= 65; tasks += 9) {
        sweep_with(set_now, lines, LINES, tasks, sums);
        ck_assert(memcmp(one, sums, sizeof one) == 0);
    }
    free(lines);
}
END_TEST

START_TEST(fused_sets_agree)
{
    double *lines, here[POINTS], there[POINTS];

    if (!gex__isa_here(GEX_ISA_AVX2) || !gex__isa_here(GEX_ISA_AVX512))
        return;
    greek_now = greeks[_i / KINDS];
    draw_lines(_i % KINDS, LINES);
    draw_prices(_i % GRIDS);
    lines = hoist(GEX_ISA_AVX2, LINES);
    sweep_with(GEX_ISA_AVX2, lines, LINES, 1, here);
    free(lines);
    lines = hoist(GEX_ISA_AVX512, LINES);
    sweep_with(GEX_ISA_AVX512, lines, LINES, 1, there);
    free(lines);
    ck_assert(memcmp(here, there, sizeof here) == 0);
}
END_TEST

/* On the grid the same bits; beyond it nothing; between its prices as exact as on it. */
START_TEST(at_a_price_as_over_all)
{
    struct gex__sweep sweep;
    double *lines, *block, sums[POINTS];

    greek_now = GEX_GREEK_GAMMA;
    draw_lines(_i, LINES);
    draw_prices(EVEN);
    lines = hoist(set_now, LINES);
    sweep_start(&sweep, set_now, lines, LINES, 1, &block);
    for (int64_t from = 0, taken; (taken = gex__sweep_take(&sweep, from)) > 0; from += taken) {
        gex__sweep_nodes(&sweep, 0, 1);
        gex__sweep_lines(&sweep, 0, 1);
    }
    gex__sweep_join(&sweep);
    gex__sweep_finish(&sweep, sums, 0, 1);
    for (int k = 0; k < POINTS; k += EVERY) {
        const double between_prices = prices[k] + 0.1, at = gex__sweep_at(&sweep, prices[k]);
        const struct truth truth = truth_at(between_prices, LINES);
        const double value = gex__sweep_at(&sweep, between_prices);

        ck_assert_msg(fabs(at - sums[k]) <= 1e-12 * truth_at(prices[k], LINES).gross || (isnan(at) && isnan(sums[k])),
                      "%s at %g: %.17g, %.17g", kinds[_i], prices[k], at, sums[k]);
        ck_assert(isnan(value) || fabs(value - truth.net) <= 1e-12 * truth.gross);
    }
    ck_assert(isnan(gex__sweep_at(&sweep, 79.99)) && isnan(gex__sweep_at(&sweep, 120.01)));
    free(block);
    free(lines);
}
END_TEST

/* More lines than are taken at once, some of them too narrow for any grid. */
START_TEST(batch_after_batch)
{
    double *lines, sums[POINTS], blocks[MANY / GEX_BLOCK + 1], gross[MANY / GEX_BLOCK + 1], size[GEX_BLOCK];

    greek_now = GEX_GREEK_GAMMA;
    draw_lines(CHAIN, MANY);
    for (int i = 0; i < MANY; i += 50) {
        years[i] = 1e-6;
        strike[i] = between(80, 120);
    }
    draw_prices(EVEN);
    lines = hoist(set_now, MANY);
    sweep_with(set_now, lines, MANY, 3, sums);
    for (int k = 0; k < POINTS; k += 5) {
        int count = 0;
        double sum, all;

        for (int64_t first = 0; first < MANY; first += GEX_BLOCK, count++) {
            const int64_t some = MANY - first < GEX_BLOCK ? MANY - first : GEX_BLOCK;

            for (int64_t i = 0; i < some; i++)
                size[i] = fabs(weight[first + i]);
            gex__black_sum(set_now, lines, MANY, weight + first, first, some, GEX_GREEK_GAMMA, &prices[k], 1,
                           &blocks[count]);
            gex__black_sum(set_now, lines, MANY, size, first, some, GEX_GREEK_GAMMA, &prices[k], 1, &gross[count]);
        }
        sum = gex__pairwise_sum(blocks, count);
        all = gex__pairwise_sum(gross, count);
        ck_assert_msg(fabs(sums[k] - sum) <= 1e-12 * all, "at %g: %.17g, not %.17g of %g", prices[k], sums[k], sum,
                      all);
    }
    free(lines);
}
END_TEST

/* Of delta lines too narrow for any grid count at every price beyond them. */
START_TEST(batch_after_batch_of_others)
{
    double *lines, sums[POINTS];
    int counted = 0;

    greek_now = greeks[1 + _i];
    draw_lines(CHAIN, MANY);
    for (int i = 0; i < MANY; i += 50) {
        years[i] = 1e-6;
        strike[i] = between(80, 120);
    }
    draw_prices(EVEN);
    lines = hoist(set_now, MANY);
    sweep_with(set_now, lines, MANY, 3, sums);
    for (int k = 0; k < POINTS; k += 19) {
        const struct truth truth = truth_at(prices[k], MANY);

        counted += !isnan(sums[k]);
        ck_assert_msg(!(fabs(sums[k] - truth.net) > 1e-12 * truth.gross), "at %g: %.17g, not %.17g of %g", prices[k],
                      sums[k], truth.net, truth.gross);
    }
    ck_assert_int_ge(counted, 4);
    free(lines);
}
END_TEST

START_TEST(what_suits)
{
    double falling[POINTS];

    draw_prices(EVEN);
    memcpy(falling, prices, sizeof falling);
    falling[3] = falling[2] - 1e-9;
    ck_assert(!gex__sweep_suits(LINES, falling, POINTS));
    ck_assert(!gex__sweep_suits(LINES, prices, 2));
    ck_assert(!gex__sweep_suits(2, prices, POINTS));
    falling[2] = (double)NAN;
    ck_assert(!gex__sweep_suits(LINES, falling, POINTS));
    ck_assert(gex__sweep_size(2, POINTS, 1) == 0);
}
END_TEST

static void fill_sweep(TCase *sweep)
{
    tcase_add_loop_test(sweep, within_a_share_of_what_is_there, 0, GREEKS * KINDS * GRIDS);
    tcase_add_test(sweep, what_fades_out_is_left);
    tcase_add_loop_test(sweep, any_tasks_give_the_same_bits, 0, GREEKS * KINDS);
    tcase_add_loop_test(sweep, fused_sets_agree, 0, GREEKS * KINDS);
    tcase_add_loop_test(sweep, at_a_price_as_over_all, 0, KINDS);
    tcase_add_test(sweep, batch_after_batch);
    tcase_add_loop_test(sweep, batch_after_batch_of_others, 0, GREEKS - 1);
    tcase_add_test(sweep, what_suits);
}

Suite *suite_sweep(void)
{
    Suite *suite = suite_create("sweep");

    cases_of_sets(suite, "sweep", 60, fill_sweep);
    return suite;
}
