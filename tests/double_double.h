/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of two doubles that do not overlap, about 105 bits: error-free sums and products as in Dekker (1971), and what
 * can be made of them. For tests that need more than a double of millions of rows; suites prove them against MPFR.
 * Magnitudes between 2^-900 and 2^900.
 */
#ifndef GEX_TESTS_DOUBLE_DOUBLE_H
#define GEX_TESTS_DOUBLE_DOUBLE_H

#include <math.h>

typedef struct {
    double hi, lo;
} dd;

static inline dd dd_of(double x)
{
    return (dd){x, 0};
}

/* |a| >= |b| or a = 0 */
static inline dd dd_quick(double a, double b)
{
    const double sum = a + b;

    return (dd){sum, b - (sum - a)};
}

static inline dd dd_sum_of(double a, double b)
{
    const double sum = a + b, part = sum - a;

    return (dd){sum, (a - (sum - part)) + (b - part)};
}

static inline dd dd_product_of(double a, double b)
{
    const double product = a * b;

    return (dd){product, fma(a, b, -product)};
}

static inline dd dd_negate(dd a)
{
    return (dd){-a.hi, -a.lo};
}

static inline dd dd_add(dd a, dd b)
{
    const dd high = dd_sum_of(a.hi, b.hi), low = dd_sum_of(a.lo, b.lo), middle = dd_quick(high.hi, high.lo + low.hi);

    return dd_quick(middle.hi, middle.lo + low.lo);
}

static inline dd dd_subtract(dd a, dd b)
{
    return dd_add(a, dd_negate(b));
}

static inline dd dd_multiply(dd a, dd b)
{
    const dd product = dd_product_of(a.hi, b.hi);

    return dd_quick(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline dd dd_scale(dd a, double power_of_two)
{
    return (dd){a.hi * power_of_two, a.lo * power_of_two};
}

static inline dd dd_divide(dd a, dd b)
{
    const double first = a.hi / b.hi;
    const dd rest = dd_subtract(a, dd_multiply(b, dd_of(first)));
    const double second = rest.hi / b.hi;
    const dd last = dd_subtract(rest, dd_multiply(b, dd_of(second)));

    return dd_add(dd_quick(first, second), dd_of(last.hi / b.hi));
}

static inline dd dd_root(double x)
{
    const double root = sqrt(x);

    return dd_quick(root, fma(-root, root, x) / (2 * root));
}

/* The sum of a few numbers; exact but for what is below 2^-105 of it, whatever cancels. The numbers are overwritten. */
static inline dd dd_total(double *x, int count)
{
    for (int pass = 0; pass < count; pass++)
        for (int i = 1; i < count; i++) {
            const dd sum = dd_sum_of(x[i], x[i - 1]);

            x[i] = sum.hi;
            x[i - 1] = sum.lo;
        }
    return dd_quick(x[count - 1], x[count - 2]);
}

#endif
