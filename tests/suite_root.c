/* SPDX-License-Identifier: Apache-2.0 */
/* Brent's method: the root of known functions, the width of the bracket, and an end on every kind of function. */
#include <check.h>
#include <float.h>
#include <math.h>

#include "math/root.h"

Suite *suite_root(void);

enum { CALLS_MAX = 5000 };

struct counted {
    double (*f)(double x);
    int calls;
};

static double call(void *user, double x)
{
    struct counted *counted = user;

    ck_assert_int_lt(counted->calls++, CALLS_MAX);
    return counted->f(x);
}

static double cube(double x)
{
    return x * x * x - 2;
}
static double cosine(double x)
{
    return cos(x) - x;
}
static double flat(double x)
{
    return pow(x - 1, 9);
}
static double step(double x)
{
    return x < 0.3 ? -1 : 1;
}
static double pole(double x)
{
    return 1 / (x - 0.7);
}
static double steep(double x)
{
    return tanh(1e12 * (x - 0.1));
}
static double line_through_zero(double x)
{
    return x;
}
static double never_a_number(double x)
{
    (void)x;
    return (double)NAN;
}
static double tail(double x)
{
    return exp(-x) - 1e-12;
}

/* Roots to 20 digits from mpmath; `sharp` where the function tells neighbours of the root apart. */
static const struct root_case {
    const char *name;
    double (*f)(double x);
    double low, high, root;
    int calls; /* at most */
} cases[] = {
    {"cube root of 2", cube, 0, 4, 1.2599210498948731648, 15},
    {"cube root of 2, reversed", cube, 4, 0, 1.2599210498948731648, 15},
    {"cos x = x", cosine, 0, 1, 0.73908513321516064166, 12},
    {"step", step, -1, 1, 0.3, 130},
    {"pole", pole, 0, 1, 0.7, 130},
    {"steep", steep, -1, 1, 0.1, 130},
    {"end of a tail", tail, 0, 1000, 27.631021115928548208, 60},
};

START_TEST(root_is_found)
{
    const struct root_case *c = &cases[_i];
    struct counted counted = {c->f, 0};
    const double root = gex__brent(call, &counted, c->low, c->f(c->low), c->high, c->f(c->high), 0);
    const double width = 4 * (nextafter(c->root, HUGE_VAL) - c->root);

    ck_assert_msg(fabs(root - c->root) <= width, "%s: %.17g", c->name, root);
    ck_assert_msg(counted.calls <= c->calls, "%s: %d calls", c->name, counted.calls);
    /* the sign changes within the bracket the method promises */
    ck_assert_msg(c->f(root) == 0 || (c->f(root - width) < 0) != (c->f(root + width) < 0), "%s", c->name);
}
END_TEST

START_TEST(tolerance_stops_earlier)
{
    struct counted counted = {cube, 0};
    const double root = gex__brent(call, &counted, 0, cube(0), 4, cube(4), 0.01);

    ck_assert_double_le(fabs(root - 1.2599210498948731648), 0.01);
    ck_assert_int_le(counted.calls, 10);
}
END_TEST

START_TEST(a_zero_at_an_end_is_the_root)
{
    struct counted counted = {line_through_zero, 0};

    ck_assert(gex__brent(call, &counted, 0, 0, 4, 4, 0) == 0);
    ck_assert(gex__brent(call, &counted, -4, -4, 0, 0, 0) == 0);
    ck_assert_int_eq(counted.calls, 0);
}
END_TEST

START_TEST(it_always_ends)
{
    static double (*const functions[])(double) = {flat, step, pole, steep, line_through_zero, never_a_number, cube};
    static const double ends[][2] = {{-1, 3},      {-DBL_MAX, DBL_MAX},   {-1e-320, 1},
                                     {0, DBL_MAX}, {-HUGE_VAL, HUGE_VAL}, {5, 5}};

    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++)
        for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
            struct counted counted = {functions[f], 0};

            /* the signs are claimed, not true: an end all the same */
            gex__brent(call, &counted, ends[e][0], -1, ends[e][1], 1, 0);
            gex__brent(call, &counted, ends[e][0], functions[f](ends[e][0]), ends[e][1], functions[f](ends[e][1]), 0);
        }
}
END_TEST

Suite *suite_root(void)
{
    Suite *suite = suite_create("root");
    TCase *tcase = tcase_create("brent");

    tcase_add_loop_test(tcase, root_is_found, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(tcase, tolerance_stops_earlier);
    tcase_add_test(tcase, a_zero_at_an_end_is_the_root);
    tcase_add_test(tcase, it_always_ends);
    suite_add_tcase(suite, tcase);
    return suite;
}
