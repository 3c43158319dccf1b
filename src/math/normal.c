/* SPDX-License-Identifier: Apache-2.0 */
#include "normal.h"

#include <math.h>

#define ROOT_HALF   0.70710678118654752440
#define ROOT_TWO_PI 2.50662827463100050242

double gex__normal_below(double x)
{
    return 0.5 * erfc(-x * ROOT_HALF);
}

/*
 * Lower tail, p <= 1/2: a rational start that is within 4.5e-4 (Abramowitz, Stegun 26.2.23), then Halley's method on
 * log-free residuals: with u = (N(x) - p) / n(x) a step is u / (1 + x u / 2), and the error is cubed each time.
 */
static double lower_quantile(double p)
{
    const double t = sqrt(-2.0 * log(p));
    double x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                         (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))));

    for (int step = 0; step < 3; step++) {
        const double root = exp(0.25 * x * x); /* its square is beyond the largest double where p is denormal */
        const double u = (gex__normal_below(x) - p) * ROOT_TWO_PI * root * root;

        x -= u / (1.0 + 0.5 * x * u);
    }
    return x;
}

double gex__normal_quantile(double probability)
{
    if (probability == 0.0)
        return -HUGE_VAL;
    if (probability == 1.0)
        return HUGE_VAL;
    if (!(probability > 0.0 && probability < 1.0))
        return (double)NAN;
    return probability <= 0.5 ? lower_quantile(probability) : -lower_quantile(1.0 - probability);
}
