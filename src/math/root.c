/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brent's method: inverse quadratic interpolation or the secant while they pay, bisection when they do not.
 *
 * `best` is the latest and best estimate, `before` the one before it, `across` the other end of the bracket. The inner
 * tolerance is one to two ulp of the estimate, so the bracket ends no wider than four, and a step is never shorter than
 * that tolerance, which is why the far end comes in as well. Brent proves an end after at most the square of the
 * bisections; a limit on interpolated steps makes it their sum.
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "root.h"

enum { INTERPOLATED_STEPS = 100 };

struct bracket {
    double best, f_best;
    double before, f_before;
    double across, f_across;
};

/* Make `best` the end with the smaller value. */
static void order(struct bracket *b)
{
    if (fabs(b->f_across) < fabs(b->f_best)) {
        b->before = b->best;
        b->f_before = b->f_best;
        b->best = b->across;
        b->f_best = b->f_across;
        b->across = b->before;
        b->f_across = b->f_before;
    }
}

/* Interpolated step from `best`, or false when it leaves the bracket or does not shrink as it should. */
static bool interpolate(const struct bracket *b, double half, double near, double last, double *step_out)
{
    double s = b->f_best / b->f_before, p, q;

    if (b->before == b->across) {
        p = 2 * half * s;
        q = 1 - s;
    } else {
        double t = b->f_before / b->f_across, r = b->f_best / b->f_across;

        p = s * (2 * half * t * (t - r) - (b->best - b->before) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    else
        p = -p;
    if (!(2 * p < 3 * half * q - fabs(near * q)) || !(2 * p < fabs(last * q)))
        return false;
    *step_out = p / q;
    return true;
}

double gex__brent(double (*f)(void *user, double x), void *user, double low, double f_low, double high, double f_high,
                  double tolerance)
{
    struct bracket b = {high, f_high, low, f_low, low, f_low};
    double step = 0.5 * high - 0.5 * low, last = step;

    for (int steps = 0;; steps++) {
        double previous = step, near, half;

        order(&b);
        near = DBL_EPSILON * fabs(b.best) + 0.5 * tolerance;
        if (!(near >= DBL_TRUE_MIN))
            near = DBL_TRUE_MIN;
        half = 0.5 * b.across - 0.5 * b.best;
        if (b.f_best == 0 || fabs(half) <= near || !(fabs(half) <= DBL_MAX) || isnan(b.f_best))
            return b.best;

        if (steps >= INTERPOLATED_STEPS || fabs(last) < near || fabs(b.f_before) <= fabs(b.f_best) ||
            !interpolate(&b, half, near, last, &step)) {
            step = half;
            last = half;
        } else {
            last = previous;
        }
        b.before = b.best;
        b.f_before = b.f_best;
        b.best += fabs(step) > near ? step : copysign(near, half);
        b.f_best = f(user, b.best);
        if ((b.f_best < 0) == (b.f_across < 0)) {
            b.across = b.before;
            b.f_across = b.f_before;
            step = b.best - b.before;
            last = step;
        }
    }
}
