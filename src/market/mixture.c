/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Price, distribution and density of a mixture are sums over its components, each divided by
 * phi = exp(-(a^2 + h^2) / 2) of the volatility that gives the price (mills.h), so that they are numbers however far
 * out. With s = 1 at and above the money and -1 below,
 * X = s (k / v + v / 2), x_j the same of a component with k - mu_j and v_j,
 *
 *     ln b     = ln sum p_j e^(mu_j / 2) (b_j + 2 sinh(s (mu_j - k) / 2) where that is above zero)    gives v
 *     w'       = 2 s v (R(X) - sum p_j N(-x_j) / n(X))
 *     g        = v sum p_j n(x_j) / (v_j n(X))
 *
 * and w'' from g: a density that is a sum of densities is never below zero.
 */
#include "mixture.h"

#include <math.h>

#include "mills.h"

#define ROOT_TWO_PI 2.50662827463100050242
#define LOG_ROOT_TWO_PI 0.91893853320467274178
#define NOTHING 60 /* e^-60 of a sum is no part of it */

/* ln of b sqrt(2 pi) of what one component pays for sure at k:
 * 2 sinh(lead / 2) = e^(lead / 2) (1 - e^-lead), lead above
 * 0. */
static double log_sure(double lead)
{
    return lead / 2 + log(-expm1(-lead)) + LOG_ROOT_TWO_PI;
}

/* ln of b sqrt(2 pi), summed relative to the largest term. */
static double log_price(const struct gex__mixture *mixture, double k, double side)
{
    double most = -HUGE_VAL, sum = 0;

    for (int64_t j = 0; j < mixture->count; j++) {
        const struct gex__lognormal *one = &mixture->component[j];
        const double lead = side * (one->mu - k), a = (one->mu - k) / one->v, h = one->v / 2;

        most = fmax(most, one->mu / 2 + fmax(-(a * a + h * h) / 2, lead > 0 ? log_sure(lead) : -HUGE_VAL));
    }
    for (int64_t j = 0; j < mixture->count; j++) {
        const struct gex__lognormal *one = &mixture->component[j];
        const double lead = side * (one->mu - k), a = fabs(one->mu - k) / one->v, h = one->v / 2;
        double price = 0;

        if (a < h || one->mu / 2 - (a * a + h * h) / 2 > most - NOTHING) {
            const struct gex__part part = gex__part_of(one->mu - k, one->v);
            price = part.M * exp(one->mu / 2 + part.log_phi - most);
        }
        if (lead > 0)
            price += exp(one->mu / 2 + log_sure(lead) - most);
        sum += one->weight * price;
    }
    return most + log(sum);
}

struct gex__smile gex__mixture_at(const struct gex__mixture *mixture, double k)
{
    const double side = k < 0 ? -1 : 1;
    const double v = gex__deviation_of(k, log_price(mixture, k, side), mixture->narrowest), w = v * v;
    const double at = side * (k / v + v / 2);
    double tail = 0, density = 0, lean, w1, g;

    for (int64_t j = 0; j < mixture->count; j++) {
        const struct gex__lognormal *one = &mixture->component[j];
        const double x = side * ((k - one->mu) / one->v + one->v / 2);
        const double log_ratio = (at - x) * (at + x) / 2; /* n(x) / n(at) */
        double ratio;

        if (x > 0 && log_ratio < -NOTHING)
            continue;
        ratio = exp(log_ratio);
        density += one->weight * ratio / one->v;
        tail += one->weight * (x > 0 ? gex__mills(x) * ratio
                                     : 0.5 * erfc(x / 1.41421356237309504880) * ROOT_TWO_PI * exp(at * at / 2));
    }
    g = v * density;
    w1 = side * 2 * v * (gex__mills(at) - tail);
    lean = 1 - k * w1 / (2 * w);
    return (struct gex__smile){w, w1, 2 * (g - lean * lean + w1 * w1 * (1 / w + 0.25) / 4), g};
}
