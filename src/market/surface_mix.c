/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between two smiles: a mixture of their prices, which is free of arbitrage wherever both are and the later one is
 * dearer.
 *
 * With v = sqrt(w), a = |k| / v, h = v / 2, R the Mills ratio N(-x) / n(x) and phi = exp(-(a^2 + h^2) / 2) / sqrt(2
 * pi), the price out of the money over sqrt(F K) is b = phi M, M = R(a - h) - R(a + h), and db/dv = phi. Prices,
 * distributions and densities mix linearly. All are divided by phi of the result, so nothing underflows however far
 * out: with q_i = share_i phi_i / phi,
 *
 *     M                       = sum q_i M_i                                     gives v, by Newton on ln b
 *     R(d) -+ w' / 2v         = sum q_i (R(d_i) -+ w_i' / 2 v_i)                 d = -d2 below, -d1 mirrored above the
 * money g / v                   = sum q_i g_i / v_i dv / dT                 = d share / dT (phi_1 M_1 - phi_0 M_0) /
 * phi
 *
 * ln b is increasing and concave in v, and v lies between v_0 and v_1.
 */
#include <float.h>
#include <math.h>

#include "surface.h"

#define ROOT_HALF_PI 1.25331413731550025121
#define ROOT_HALF 0.70710678118654752440

#define ASYMPTOTIC 28.3

/* 1 - x R(x) from there on, by the asymptotic series: the next term is below 1e-17 of it. */
static double mills_rest(double x)
{
    const double u = 1 / (x * x);
    return u * (1 - u * (3 - u * (15 - u * (105 - u * 945))));
}

/* N(-x) / n(x), a few ulp; x above -37. */
static double mills(double x)
{
    const double y = x * ROOT_HALF, square = y * y;

    if (x > ASYMPTOTIC)
        return (1 - mills_rest(x)) / x;
    return ROOT_HALF_PI * erfc(y) * exp(square) * (1 + fma(y, y, -square));
}

/* R(a - h) - R(a + h); by its odd derivatives where the two agree, R' = x R - 1, R^(n+1) = n R^(n-1) + x R^(n). */
static double mills_difference(double a, double h)
{
    double r[8];

    if (a > ASYMPTOTIC && h < 1e-4)
        return 2 * h * mills_rest(a);
    if (h > 0.02 || a > 3)
        return mills(a - h) - mills(a + h);
    r[0] = mills(a);
    r[1] = a * r[0] - 1;
    for (int n = 1; n < 7; n++)
        r[n + 1] = n * r[n - 1] + a * r[n];
    return -2 * h * (r[1] + h * h / 6 * (r[3] + h * h / 20 * (r[5] + h * h / 42 * r[7])));
}

/* One smile as the mixture sees it. */
struct part {
    double v, a, h, M, log_phi; /* log_phi without the constant */
};

static struct part part_of(double k, double v)
{
    const double a = fabs(k) / v, h = v / 2;
    return (struct part){v, a, h, mills_difference(a, h), -(a * a + h * h) / 2};
}

/* ln b of the mixture relative to exp(log_phi) of the dearer part, and its v. */
static double solve(double k, const struct part *part, const double *share)
{
    const int dear = part[1].v > part[0].v;
    const struct part *high = &part[dear], *low = &part[1 - dear];
    const double target =
        high->log_phi + log(share[dear] * high->M + share[1 - dear] * low->M * exp(low->log_phi - high->log_phi));
    double from = low->v, to = high->v, v = sqrt(share[0] * part[0].v * part[0].v + share[1] * part[1].v * part[1].v);

    for (int i = 0; i < 60; i++) {
        const struct part at = part_of(k, v);
        const double gap = target - at.log_phi - log(at.M);
        double next = v + at.M * gap;

        *(gap > 0 ? &from : &to) = v;
        if (!(next > from && next < to))
            next = from + (to - from) / 2;
        if (fabs(next - v) <= 2 * DBL_EPSILON * v)
            return next;
        v = next;
    }
    return v;
}

struct gex__point gex__smile_mix(const struct gex__smile *one, const struct gex__smile *other, double k, double share,
                                 double share_years)
{
    const struct gex__smile *smile[2] = {one, other};
    const double shares[2] = {1 - share, share};
    const struct part part[2] = {part_of(k, sqrt(one->w)), part_of(k, sqrt(other->w))};
    const double sign = k < 0 ? 1 : -1; /* of h in -d2, and of w' */
    const double v = solve(k, part, shares), w = v * v;
    const struct part at = part_of(k, v);
    double tail = 0, g_over_v = 0, rise = 0, lean;
    struct gex__point out;

    for (int i = 0; i < 2; i++) {
        const double weight = exp(part[i].log_phi - at.log_phi), q = shares[i] * weight;
        tail += q * (mills(part[i].a - sign * part[i].h) + sign * smile[i]->w1 / (2 * part[i].v));
        g_over_v += q * gex__smile_g(smile[i], k) / part[i].v;
        rise += (i == 0 ? -1 : 1) * share_years * weight * part[i].M;
    }
    out.smile.w = w;
    out.smile.w1 = sign * 2 * v * (tail - mills(at.a - sign * at.h));
    lean = 1 - k * out.smile.w1 / (2 * w);
    out.smile.w2 = 2 * (g_over_v * v - lean * lean + out.smile.w1 * out.smile.w1 * (1 / w + 0.25) / 4);
    out.w_years = 2 * v * rise;
    out.beyond = false;
    return out;
}

/* The integral of exp(-x^2) from x0 to x1 without the cancellation of two error functions. */
static double gauss_between(double x0, double x1)
{
    /* Gauss-Legendre, ten points; Abramowitz and Stegun, table 25.4 */
    static const double node[5] = {0.148874338981631211, 0.433395394129247191, 0.679409568299024406,
                                   0.865063366688984511, 0.973906528517171720};
    static const double weight[5] = {0.295524224714752870, 0.269266719309996355, 0.219086362515982044,
                                     0.149451349150580593, 0.066671344308688138};
    const double half = (x1 - x0) / 2, middle = (x0 + x1) / 2;
    double sum = 0;

    if (fabs(half) > 0.25)
        return 0.88622692545275801365 * (erf(x1) - erf(x0));
    for (int i = 0; i < 5; i++)
        sum += weight[i] * (exp(-(middle - half * node[i]) * (middle - half * node[i])) +
                            exp(-(middle + half * node[i]) * (middle + half * node[i])));
    return half * sum;
}

/* At the money b = erf(sqrt(theta / 8)). */
double gex__mix_share(double theta0, double theta1, double theta, double theta_years, double *share_years)
{
    const double x0 = sqrt(theta0 / 8), x1 = sqrt(theta1 / 8), x = sqrt(theta / 8), whole = gauss_between(x0, x1);

    *share_years = exp(-theta / 8) * theta_years / (16 * x) / whole;
    return gauss_between(x0, x) / whole;
}
