/* SPDX-License-Identifier: Apache-2.0 */
/* The monotone cubic of Fritsch and Butland (1984), with the three-point slopes at the ends that keep its shape. */
#include <math.h>

#include "svi.h"

static bool opposed(double a, double b)
{
    return (a > 0) != (b > 0) || a == 0 || b == 0;
}

/* One-sided slope of the parabola through three nodes, no steeper than three times the first chord and of its sign. */
static double end_slope(double h0, double h1, double chord0, double chord1)
{
    const double slope = ((2 * h0 + h1) * chord0 - h0 * chord1) / (h0 + h1);

    if (opposed(slope, chord0))
        return 0;
    return opposed(chord0, chord1) && fabs(slope) > 3 * fabs(chord0) ? 3 * chord0 : slope;
}

void gex__pchip_slopes(int64_t count, const double *x, const double *y, double *slope)
{
    const int64_t last = count - 1;

    slope[0] = 0;
    if (count == 1)
        return;
    slope[0] = slope[1] = (y[1] - y[0]) / (x[1] - x[0]);
    if (count == 2)
        return;
    for (int64_t i = 1; i < last; i++) {
        const double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
        const double chord0 = (y[i] - y[i - 1]) / h0, chord1 = (y[i + 1] - y[i]) / h1;
        const double w0 = h0 + 2 * h1, w1 = 2 * h0 + h1;

        slope[i] = opposed(chord0, chord1) ? 0 : (w0 + w1) / (w0 / chord0 + w1 / chord1);
        if (i == 1)
            slope[0] = end_slope(h0, h1, chord0, chord1);
        if (i == last - 1)
            slope[last] = end_slope(h1, h0, chord1, chord0);
    }
}

/* From the nearer node, so that each node comes back to the bit. */
struct gex__smile gex__pchip_at(int64_t i, const double *x, const double *y, const double *slope, double at)
{
    const double h = x[i + 1] - x[i], chord = (y[i + 1] - y[i]) / h,
                 c3 = (slope[i] + slope[i + 1] - 2 * chord) / (h * h);
    const int64_t near = at - x[i] <= x[i + 1] - at ? i : i + 1;
    const double t = at - x[near];
    const double c2 =
        near == i ? (3 * chord - 2 * slope[i] - slope[i + 1]) / h : (2 * slope[i + 1] + slope[i] - 3 * chord) / h;

    return (struct gex__smile){y[near] + t * (slope[near] + t * (c2 + t * c3)), slope[near] + t * (2 * c2 + t * 3 * c3),
                               2 * c2 + 6 * c3 * t, 0};
}
