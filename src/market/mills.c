/* SPDX-License-Identifier: Apache-2.0 */
/* Prices by the ratio of Mills, and deviations from their logarithms: nothing underflows however far out. */
#include "mills.h"

#include <float.h>
#include <math.h>

#define ROOT_HALF_PI 1.25331413731550025121
#define ROOT_HALF 0.70710678118654752440

#define ASYMPTOTIC 28.3
#define LOG_MOST 4.25 /* of a deviation: e^4.25 = 70 */

/* 1 - x R(x) from there on, by the asymptotic series: the next term is below 1e-17 of it. */
static double mills_rest(double x)
{
    const double u = 1 / (x * x);
    return u * (1 - u * (3 - u * (15 - u * (105 - u * 945))));
}

double gex__mills(double x)
{
    const double y = x * ROOT_HALF, square = y * y;

    if (x > ASYMPTOTIC)
        return (1 - mills_rest(x)) / x;
    return ROOT_HALF_PI * erfc(y) * exp(square) * (1 + fma(y, y, -square));
}

/* R(a - h) - R(a + h); by its odd derivatives where the two agree, R' = x R - 1, R^(n+1) = n R^(n-1) + x R^(n). */
static double mills_difference(double a, double h)
{
    enum { ORDERS = 12 };
    double r[ORDERS], sum = 0;

    if (a > ASYMPTOTIC && h < 1e-4)
        return 2 * h * mills_rest(a);
    if (h > 0.1 || a > 3)
        return gex__mills(a - h) - gex__mills(a + h);
    r[0] = gex__mills(a);
    r[1] = a * r[0] - 1;
    for (int n = 1; n < ORDERS - 1; n++)
        r[n + 1] = n * r[n - 1] + a * r[n];
    for (int n = ORDERS - 1; n > 0; n -= 2)
        sum = r[n] + h * h / ((n + 1) * (n + 2)) * sum;
    return -2 * h * sum;
}

struct gex__part gex__part_of(double k, double v)
{
    const double a = fabs(k) / v, h = v / 2;
    return (struct gex__part){v, a, h, mills_difference(a, h), -(a * a + h * h) / 2};
}

/*
 * Since phi rises with v up to where it falls by h alone, b sqrt(2 pi) is at most v and at most v exp(-k^2 / 2 v^2):
 * two bounds from below, the second with the largest v there is under the logarithm. Newton from below on a concave
 * function stays below; Halley, where it is close, takes half the steps.
 */
double gex__deviation_of(double k, double log_price, double low)
{
    double v = fmax(low, fmax(exp(log_price), fabs(k) / sqrt(2 * (LOG_MOST - log_price))));

    for (int i = 0; i < 100; i++) {
        const struct gex__part at = gex__part_of(k, v);
        const double gap = log_price - at.log_phi - log(at.M), newton = gap * at.M;
        const double bend = 1 + newton * ((at.a * at.a - at.h * at.h) / v - 1 / at.M) / 2;
        const double next = fmax(low, v + (bend > 0.5 && bend < 2 ? newton / bend : newton));

        if (fabs(next - v) <= 4 * DBL_EPSILON * v)
            return next;
        v = next;
    }
    return v;
}
