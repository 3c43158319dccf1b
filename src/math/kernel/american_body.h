/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Early-exercise boundary and premium, GEX_LANES options at a time. Compiled once per instruction set.
 *
 * Andersen, Lake and Offengenden (2016), High-performance American option pricing: the boundary is collocated at
 * Chebyshev points in x = sqrt(tau / T) through H = log(B / XK)^2, and solves smooth pasting,
 *
 *     e^-c' N(d+(0)) + int c' e^-c's (N(d+) + n(d+) / (v s)) = int a' e^-c's n(d+) / (v s) K / B(u)          (*)
 *
 * with a' = a x^2 and c' = c x^2. The integrals run over u = tau cos^2(theta), s = sin(theta), in which both ends are analytic:
 * sqrt(tau - u) = sqrt(tau) sin(theta), and H is evaluated at x cos(theta), a constant all options share.
 *
 * Both sides of (*) are positive when a negative c' goes to the right, and the difference of their logarithms is solved
 * by Newton's method over all nodes at once, from the approximation of Li (2010), Analytical approximations of the critical
 * stock prices of American options (QD+), which is off by one or two hundredths of log(B / XK). The
 * logarithm matters: near expiry the left side is a Gaussian tail, on which Newton's method crawls.
 */
#include "american.h"
#include "elementary.h"
#include "normal_plain.h"

#include <stddef.h>

enum { PASSES_MOST = 12 };
#define LEAST_DEPTH 0.25 /* of depth proportional to x: the interpolated H is kept above its square, near x = 0 */

/* sum of series[k] T_k(z) by Clenshaw's recurrence. */
LANE f64v chebyshev_sum(const f64v *series, int n, f64v z)
{
    const f64v twice = z + z;
    f64v b1 = series[n], b2 = v_set(0.0);

    for (int k = n - 1; k > 0; k--) {
        const f64v b = v_fma(twice, b1, series[k] - b2);

        b2 = b1;
        b1 = b;
    }
    return v_fma(z, b1, series[0] - b2);
}

/* ---- the boundary ------------------------------------------------------------------------------------------------- */

#define GEX_NODES 5
#define GEX_POINTS 5
#define GEX_ENOUGH 2e-2
#define GEX_SOLVE(name) name##_fast
#include "american_solve.h"
#undef GEX_NODES
#undef GEX_POINTS
#undef GEX_ENOUGH
#undef GEX_SOLVE
#define GEX_NODES 7
#define GEX_POINTS 7
#define GEX_ENOUGH 2e-4
#define GEX_SOLVE(name) name##_standard
#include "american_solve.h"
#undef GEX_NODES
#undef GEX_POINTS
#undef GEX_ENOUGH
#undef GEX_SOLVE
#if GEX_LANES <= 4 /* eight lanes of it would take 25 kB of stack; dispatch.c gives them the kernel of four */
#define GEX_NODES 14
#define GEX_POINTS 16
#define GEX_ENOUGH 1e-6
#define GEX_SOLVE(name) name##_high
#include "american_solve.h"
#undef GEX_NODES
#undef GEX_POINTS
#undef GEX_ENOUGH
#undef GEX_SOLVE
#define SOLVE_HIGH solve_group_high
#else
#define SOLVE_HIGH NULL
#endif

/* ---- the premium -------------------------------------------------------------------------------------------------- */

/*
 * With s = sin(theta), d+- = (log(S / B(u)) / v) / s + (m / v +- v / 2) s and psi = c - a K / B(u),
 *
 *     P / K = int a e^-as N(-d-) - c (S / K) e^-cs N(-d+)
 *     I1 = int e^-cs (n(d+) psi / vs - c N(-d+))            I2 = int e^-cs n(d+) / vs (c - d+ psi / vs)
 *     I3 = int e^-cs n(d+) / vs^2 (psi (d+^2 - 1) / vs - c d+)
 *     I4 = int e^-cs n(d+) / vs^3 (psi d+ (3 - d+^2) / vs + c (d+^2 - 1))
 *
 * Next to the boundary the integrands change where s is about the distance from it, delta = log(S / B) / v. Hence
 * tan(theta / 2) = delta sinh(t asinh(1 / delta)): equal steps of t are equal ratios of s beyond delta.
 */
LANE void premium_lanes(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                        const double *y_in, int orders, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP], int from)
{
    const int n = scheme->nodes;
    const f64v v = v_load(&lines->v[from]), a = v_load(&lines->a[from]), c = v_load(&lines->c[from]), per_v = 1.0 / v;
    const f64v kappa = v_load(&lines->kappa[from]), y = v_load(&y_in[from]), spot = exp_short(y);
    const f64v forward = v_fma(a - c, per_v, 0.5 * v), strike = exp_short(kappa);
    const f64v delta = v_min(v_max((y + v_load(&lines->depth[from])) * per_v, v_set(1e-7)), v_set(1.0));
    const f64v per_delta = 1.0 / delta;
    const f64v stretch = log_ratio(per_delta + v_sqrt(v_fma(per_delta, per_delta, v_set(1.0))), v_set(1.0)).hi; /* asinh */
    const f64v scale = 0.5 * delta, deepest = LEAST_DEPTH * (v_load(&lines->depth[from]) - kappa);
    f64v series[GEX_AMERICAN_NODES + 1], sum[GEX_AMERICAN_ORDERS];

    for (int k = 0; k <= n; k++)
        series[k] = v_load(&lines->series[k][from]);
    for (int k = 0; k < GEX_AMERICAN_ORDERS; k++)
        sum[k] = v_set(0.0);
    for (int j = 0; j < scheme->prices; j++) {
        const f64v up = exp_short(stretch * scheme->t[j]), down = 1.0 / up;
        const f64v q = scale * (up - down), slope = scale * (up + down), q2 = q * q, per = 1.0 / (1.0 + q2);
        const f64v s = 2.0 * q * per, cosine = (1.0 - q2) * per;
        const f64v weight = (2.0 * scheme->t_weight[j]) * stretch * slope * per * (2.0 * s * cosine);
        const f64v least = deepest * cosine;
        const f64v there = -v_sqrt(v_max(chebyshev_sum(series, n, cosine + cosine - 1.0), least * least));
        const f64v per_vs = per_v / s, d1 = v_fma(forward, s, (y + kappa - there) * per_vs), d2 = d1 - v * s, s2 = s * s;
        const f64v carried = exp_short(-(c * s2)) * weight;
        f64v n1, n2;
        const f64v tail1 = carried * normal_cdf(-d1, &n1);

        if (orders > 0)
            sum[0] += a * exp_short(-(a * s2)) * weight * normal_cdf(-d2, &n2) - c * spot * tail1;
        if (orders > 1) {
            const f64v gauss = carried * n1 * per_vs, psi = (c - a * (strike * exp_short(-there))) * per_vs;

            sum[1] += gauss * (psi * (1.0 / per_vs)) - c * tail1;
            if (orders > 2)
                sum[2] += gauss * (c - d1 * psi);
            if (orders > 3)
                sum[3] += gauss * per_vs * (psi * (d1 * d1 - 1.0) - c * d1);
            if (orders > 4)
                sum[4] += gauss * per_vs * per_vs * (psi * d1 * (3.0 - d1 * d1) + c * (d1 * d1 - 1.0));
        }
    }
    for (int k = 0; k < orders; k++)
        v_store(&premium[k][from], sum[k]);
}

static void premium_of(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines, const double *y,
                       int orders, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP])
{
    for (int from = 0; from < GEX_AMERICAN_GROUP; from += GEX_LANES)
        switch (orders) { /* constants to the compiler */
        case 1:
            premium_lanes(scheme, lines, y, 1, premium, from);
            break;
        case 3:
            premium_lanes(scheme, lines, y, 3, premium, from);
            break;
        default:
            premium_lanes(scheme, lines, y, GEX_AMERICAN_ORDERS, premium, from);
            break;
        }
}

static void log_ratios(const double *a, const double *b, double *out)
{
    for (int from = 0; from < GEX_AMERICAN_GROUP; from += GEX_LANES)
        v_store(&out[from], log_ratio(v_load(&a[from]), v_load(&b[from])).hi);
}

#define AMERICAN_KERNELS \
    {.boundary = {solve_group_fast, solve_group_standard, SOLVE_HIGH}, .premium = premium_of, .log_ratios = log_ratios}
