/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Early-exercise boundary and premium, GEX_LANES options at a time. Compiled once per instruction set.
 *
 * Andersen, Lake and Offengenden (2016), High-performance American option pricing: the boundary is collocated at
 * Chebyshev points in x = sqrt(tau / T) through H = log(B / XK)^2, and solves smooth pasting,
 *
 *     e^-c' N(d+(0)) + int c' e^-c's (N(d+) + n(d+) / (v s)) = int a' e^-c's n(d+) / (v s) K / B(u)          (*)
 *
 * with a' = a x^2 and c' = c x^2. The integrals run over u = tau cos^2(theta), s = sin(theta), in which both ends are
 * analytic: sqrt(tau - u) = sqrt(tau) sin(theta), and H is evaluated at x cos(theta), a constant all options share.
 *
 * Both sides of (*) are positive when a negative c' goes to the right, and the difference of their logarithms is solved
 * by Newton's method over all nodes at once, from the approximation of Li (2010), Analytical approximations of the
 * critical stock prices of American options (QD+), which is off by one or two hundredths of log(B / XK). The logarithm
 * matters: near expiry the left side is a Gaussian tail, on which Newton's method crawls.
 */
#include "american.h"
#include "elementary.h"
#include "normal_plain.h"

#include <stddef.h>

enum { PASSES_MOST = 12 };
/* A function that keeps its registers to itself: inlined, all their stacks would add up. */
#define OWN_STACK static __attribute__((noinline))
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

/* ---- the boundary ------------------------------------------------------------------------------------------------ */

#define GEX_NODES 5
#define GEX_POINTS 5
#define GEX_ENOUGH 8e-3
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
#include "escrow_table.h"
#if GEX_LANES <= 4 /* eight lanes of it would take 25 kB of stack; dispatch.c gives them the kernel of four */
#define GEX_NODES 12
#define GEX_POINTS 14
#define GEX_ENOUGH 1e-5
#define GEX_SOLVE(name) name##_high
#include "american_solve.h"
#undef GEX_NODES
#undef GEX_POINTS
#undef GEX_ENOUGH
#undef GEX_SOLVE
#define SOLVE_HIGH solve_group_high
#include "escrow_body.h"
#include "escrow_dates.h"
#define SOLVE_ESCROW escrow_solve
#define SOLVE_CALLS escrow_calls_solve
#define READ_CALLS escrow_calls_read
#else
#define SOLVE_HIGH NULL
#define SOLVE_ESCROW NULL
#define SOLVE_CALLS NULL
#define READ_CALLS NULL
#endif

/* ---- the premium ------------------------------------------------------------------------------------------------- */

/*
 * With s = sin(theta), d+- = (log(S / B(u)) / v) / s + (m / v +- v / 2) s, m = a - c and psi = c - a K / B(u),
 *
 *     P / K = int a e^-as N(-d-) - c (S / K) e^-cs N(-d+)
 *     I1 = int e^-cs (n(d+) psi / vs - c N(-d+))            I2 = int e^-cs n(d+) / vs (c - d+ psi / vs)
 *     I3 = int e^-cs n(d+) / vs^2 (psi (d+^2 - 1) / vs - c d+)
 *     I4 = int e^-cs n(d+) / vs^3 (psi d+ (3 - d+^2) / vs + c (d+^2 - 1))
 *
 * where s stands for s^2 in the exponents. The variable of integration is q = tan(theta / 2), s = 2 q / (1 + q^2).
 */
struct premium {
    f64v v, per_v, a, c, kappa, y, spot, strike, forward, deepest, scale;
    f64v series[GEX_AMERICAN_NODES + 1];
    f64v sum[GEX_AMERICAN_ORDERS];
};

/* The integrands at q, into the sums. */
LANE void add_point(struct premium *p, int n, int orders, f64v q, f64v width)
{
    const f64v q2 = q * q, per = 1.0 / (1.0 + q2), s = v_max(2.0 * q * per, v_set(1e-100)), cosine = (1.0 - q2) * per;
    const f64v weight = width * per * (4.0 * s * cosine), x = v_min(cosine * p->scale, v_set(1.0)), s2 = s * s;
    const f64v least = p->deepest * x;
    const f64v there = -v_sqrt(v_max(chebyshev_sum(p->series, n, x + x - 1.0), least * least));
    const f64v per_vs = p->per_v / s, d1 = v_fma(p->forward, s, (p->y + p->kappa - there) * per_vs), d2 = d1 - p->v * s;
    const f64v carried = exp_short(-(p->c * s2)) * weight;
    f64v n1, n2;
    const f64v tail = carried * normal_cdf(-d1, &n1);

    p->sum[0] += p->a * exp_short(-(p->a * s2)) * weight * normal_cdf(-d2, &n2) - p->c * p->spot * tail;
    if (orders > 1) {
        const f64v gauss = carried * n1, psi = p->c - p->a * (p->strike * exp_short(-there)), bent = psi * per_vs;

        p->sum[1] += gauss * bent - p->c * tail;
        if (orders > 2)
            p->sum[2] += gauss * per_vs * (p->c - d1 * bent);
        if (orders > 3)
            p->sum[3] += gauss * per_vs * per_vs * (bent * (d1 * d1 - 1.0) - p->c * d1);
        if (orders > 4)
            p->sum[4] += gauss * per_vs * per_vs * per_vs * (bent * d1 * (3.0 - d1 * d1) + p->c * (d1 * d1 - 1.0));
    }
}

/*
 * Over [0, end] of q. Next to the boundary the integrands change where s is about the distance from it, delta =
 * log(S / B) / v. Hence q = delta sinh(t asinh(end / delta)): equal steps of t are equal ratios of s beyond delta.
 */
LANE void integrate_from_zero(const struct gex__american_scheme *scheme, struct premium *p, int orders, f64v distance,
                              f64v end)
{
    const f64v delta = v_min(v_max(distance, v_set(1e-3)), v_set(0.4)), ratio = end / delta, scale = 0.5 * delta;
    const f64v stretch = log_ratio(ratio + v_sqrt(v_fma(ratio, ratio, v_set(1.0))), v_set(1.0)).hi; /* asinh */

    for (int j = 0; j < scheme->prices; j++) {
        const f64v up = exp_short(stretch * scheme->t[j]), down = 1.0 / up;

        add_point(p, scheme->nodes, orders, scale * (up - down), stretch * scale * (up + down) * scheme->t_weight[j]);
    }
}

LANE void integrate_between(const struct gex__american_scheme *scheme, struct premium *p, int orders, f64v start,
                            f64v end)
{
    const f64v width = end - start;

    for (int j = 0; j < scheme->prices; j++)
        add_point(p, scheme->nodes, orders, v_fma(width, v_set(scheme->t[j]), start), width * scheme->t_weight[j]);
}

/* q of s. */
LANE f64v half_tangent(f64v s)
{
    const f64v bounded = v_max(v_min(s, v_set(1.0)), v_set(0.0));

    return bounded / (1.0 + v_sqrt(v_max(1.0 - bounded * bounded, v_set(0.0))));
}

/*
 * A strong drift towards the boundary, steep = -m / v deviations of it over the life: the integrands are steps at the
 * time s^2 = log(S / X K) / -m of the passage, 1 / (2 steep) wide in s. Panels before, about and after it; when the
 * passage is now, the first one begins at the boundary instead.
 */
LANE void integrate_steps(const struct gex__american_scheme *scheme, struct premium *p, int orders, f64v distance,
                          f64v steep)
{
    const f64v passage = v_sqrt(v_max((p->y + p->kappa) * p->per_v / steep, v_set(0.0))), reach = 4.0 / steep;
    const f64v before = half_tangent(passage - reach), after = half_tangent(passage + reach);
    const f64v first = v_select(v_less(v_set(0.0), before), before, 0.25 * after);

    integrate_from_zero(scheme, p, orders, distance, first);
    integrate_between(scheme, p, orders, first, after);
    integrate_between(scheme, p, orders, after, v_set(1.0));
}

static const double STEEP = 2.5;

/*
 * Within NEAR deviations of the boundary, fewer where it is steep, the integrands of the derivatives are sharper than
 * any points. But the premium is smooth up to the boundary, where it is known: V = K - S and dV/dS = -1, and with
 * dV/dtau = 0, in y and per strike, tau from 0 to 1,
 *
 *     V_yy = 2 (a - c e^y) / v^2 - e^y      V_yyy = 2 / v^2 (a V_y - (m - v^2 / 2) V_yy - (V_yy + e^y) y_b')
 *
 * y_b' being the boundary's own slope.
 * A polynomial of degree 6 takes these four and value, slope and curvature at NEAR.
 */
static const double NEAR = 0.35;

struct reach {
    f64v start, length, y; /* y of the boundary, of the way to NEAR, of the point */
    i64v near;
};

LANE struct reach find_reach(const struct premium *p, f64v depth)
{
    const f64v drift = v_abs(p->a - p->c) * p->per_v;
    struct reach reach;

    reach.start = -depth;
    reach.length = NEAR * p->v / v_max(v_set(1.0), drift);
    reach.y = p->y;
    reach.near = v_less(p->y, reach.start + reach.length);
    return reach;
}

/* The sums, which are those at NEAR, carried to the point. */
LANE void carry(const struct gex__american_scheme *scheme, struct premium *p, const struct reach *reach, f64v root,
                int orders)
{
    const f64v y0 = reach->start, h = reach->length, v2 = p->v * p->v, per_v2 = p->per_v * p->per_v, m = p->a - p->c;
    const f64v d1 = (y0 + m) * p->per_v + 0.5 * p->v, spot = exp_short(y0), paid = spot * exp_short(-p->c),
               far_spot = p->spot;
    const f64v w = (reach->y - y0) / h;
    f64v n1, n2, slope = v_set(0.0), c[7], f[5];
    const f64v tail1 = paid * normal_cdf(-d1, &n1), tail2 = exp_short(-p->a) * normal_cdf(p->v - d1, &n2),
               gauss = paid * n1 * p->per_v;
    f64v curve, third;

    for (int k = 1; k <= scheme->nodes; k++)
        slope = v_fma(p->series[k], v_set((double)(k * k)), slope);
    slope = v_keep(~v_less(v_set(1.0), p->scale), slope * -0.5 / root); /* level: none */
    curve = 2.0 * per_v2 * (p->a - p->c * spot) - spot;
    third = 2.0 * per_v2 * (-(p->a * spot) - (m - 0.5 * v2) * curve - (curve + spot) * slope);
    c[0] = (1.0 - spot) - (tail2 - tail1);
    c[1] = h * (tail1 - spot);
    c[2] = h * h * (curve + tail1 - gauss) * 0.5;
    c[3] = h * h * h * (third + tail1 - gauss * (2.0 - d1 * p->per_v)) * (1.0 / 6.0);
    {
        const f64v end = p->sum[0] - (c[0] + c[1] + c[2] + c[3]);
        const f64v end_slope = h * far_spot * p->sum[1] - (c[1] + 2.0 * c[2] + 3.0 * c[3]);
        const f64v end_curve = h * h * far_spot * (p->sum[1] + p->sum[2]) - (2.0 * c[2] + 6.0 * c[3]);

        c[6] = 0.5 * end_curve + 10.0 * end - 4.0 * end_slope;
        c[5] = end_slope - 4.0 * end - 2.0 * c[6];
        c[4] = 5.0 * end - end_slope + c[6];
    }
    for (int order = 0; order < 5; order++)
        f[order] = v_set(0.0);
    for (int k = 6; k >= 0; k--) {
        for (int order = orders - 1; order > 0; order--)
            f[order] = v_fma(f[order], w, f[order - 1]);
        f[0] = v_fma(f[0], w, c[k]);
    }
    {
        const f64v per_h = 1.0 / h, per_spot = exp_short(-reach->y);
        const f64v i1 = f[1] * per_h * per_spot, i2 = 2.0 * f[2] * per_h * per_h * per_spot - i1;
        const f64v i3 = 6.0 * f[3] * per_h * per_h * per_h * per_spot - i1 - 2.0 * i2;
        const f64v i4 = 24.0 * f[4] * per_h * per_h * per_h * per_h * per_spot - i1 - 3.0 * i2 - 3.0 * i3;
        const f64v there[GEX_AMERICAN_ORDERS] = {f[0], i1, i2, i3, i4};

        for (int k = 0; k < orders; k++)
            p->sum[k] = v_select(reach->near, there[k], p->sum[k]);
    }
}

LANE void premium_lanes(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                        const double *y, int orders, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP], int from)
{
    const f64v depth = v_load(&lines->depth[from]);
    struct premium p;
    struct reach reach;
    f64v steep, first[GEX_AMERICAN_ORDERS];
    i64v is_steep;

    p.v = v_load(&lines->v[from]);
    p.a = v_load(&lines->a[from]);
    p.c = v_load(&lines->c[from]);
    p.per_v = 1.0 / p.v;
    p.kappa = v_load(&lines->kappa[from]);
    p.y = v_load(&y[from]);
    reach = find_reach(&p, depth);
    p.y = v_max(p.y, reach.start + reach.length);
    p.spot = exp_short(p.y);
    p.strike = exp_short(p.kappa);
    p.scale = v_load(&lines->scale[from]);
    p.forward = v_fma(p.a - p.c, p.per_v, 0.5 * p.v);
    p.deepest = LEAST_DEPTH * (depth - p.kappa);
    for (int k = 0; k <= scheme->nodes; k++)
        p.series[k] = v_load(&lines->series[k][from]);
    for (int k = 0; k < GEX_AMERICAN_ORDERS; k++)
        p.sum[k] = v_set(0.0);
    steep = (p.c - p.a) * p.per_v;
    is_steep = v_less(v_set(STEEP), steep);
    if (v_any(~is_steep))
        integrate_from_zero(scheme, &p, orders, (p.y + depth) * p.per_v, v_set(1.0));
    if (v_any(is_steep)) {
        for (int k = 0; k < orders; k++) {
            first[k] = p.sum[k];
            p.sum[k] = v_set(0.0);
        }
        integrate_steps(scheme, &p, orders, (p.y + depth) * p.per_v, v_max(steep, v_set(STEEP)));
        for (int k = 0; k < orders; k++)
            p.sum[k] = v_select(is_steep, p.sum[k], first[k]);
    }
    if (orders > 2 && v_any(reach.near))
        carry(scheme, &p, &reach, depth - p.kappa, orders);
    for (int k = 0; k < orders; k++)
        v_store(&premium[k][from], p.sum[k]);
}

LANE bool any_near(const struct gex__american_lines *lines, const double *y, int from)
{
    struct premium p;

    p.a = v_load(&lines->a[from]);
    p.c = v_load(&lines->c[from]);
    p.v = v_load(&lines->v[from]);
    p.per_v = 1.0 / p.v;
    p.y = v_load(&y[from]);
    return v_any(find_reach(&p, v_load(&lines->depth[from])).near);
}

OWN_STACK void premium_1(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                         const double *y, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP], int from)
{
    premium_lanes(scheme, lines, y, 1, premium, from);
}

OWN_STACK void premium_3(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                         const double *y, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP], int from)
{
    premium_lanes(scheme, lines, y, 3, premium, from);
}

OWN_STACK void premium_5(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                         const double *y, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP], int from)
{
    premium_lanes(scheme, lines, y, GEX_AMERICAN_ORDERS, premium, from);
}

static void premium_of(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines,
                       const double *y, int orders, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP])
{
    for (int from = 0; from < lines->count; from += GEX_LANES) {
        const bool near = orders == 1 && any_near(lines, y, from);

        if (orders == 1 && !near)
            premium_1(scheme, lines, y, premium, from);
        else if (orders <= 3)
            premium_3(scheme, lines, y, premium, from);
        else
            premium_5(scheme, lines, y, premium, from);
    }
}

/* ---- two boundaries ---------------------------------------------------------------------------------------------- */

#include "two_body.h"
#include "two_premium.h"

/* ---- hoisted lines ----------------------------------------------------------------------------------------------- */

/* A polynomial of t, and its derivatives over their factorials. */
LANE void polynomial(const double *terms, f64v t, int derivatives, f64v out[4])
{
    for (int k = 0; k < 4; k++)
        out[k] = v_set(0.0);
    for (int k = GEX_AMERICAN_TERMS - 1; k >= 0; k--) {
        for (int order = derivatives; order > 0; order--)
            out[order] = v_fma(out[order], t, out[order - 1]);
        out[0] = v_fma(out[0], t, v_load(terms + k * GEX_AMERICAN_GROUP));
    }
}

LANE void correct(double *out, i64v inside, i64v exercised, f64v premium, f64v beyond)
{
    v_store(out, v_select(exercised, beyond, v_load(out) + v_keep(inside, premium)));
}

static void american_profile(const double *lines, int64_t count, double price,
                             double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const f64v log_price = log_ratio(v_set(price), v_set(1.0)).hi, per = v_set(1.0 / price), zero = v_set(0.0);
    double *const gamma = outputs[GEX_GREEK_GAMMA], *const delta = outputs[GEX_GREEK_DELTA];
    double *const vanna = outputs[GEX_GREEK_VANNA], *const charm = outputs[GEX_GREEK_CHARM];

    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const double *line =
            lines + i / GEX_AMERICAN_GROUP * (GEX_AMERICAN_GROUP * GEX_AMERICAN_FIELDS) + i % GEX_AMERICAN_GROUP;
        const f64v slope = v_load(line + GEX_AMERICAN_SLOPE * GEX_AMERICAN_GROUP);
        const f64v t = v_fma(slope, log_price, v_load(line + GEX_AMERICAN_OFFSET * GEX_AMERICAN_GROUP));
        const i64v near = v_less(t, v_set(1.0)), exercised = ~v_less(v_set(-1.0), t), inside = near & ~exercised;
        f64v e[4], w[4];

        if (!v_any(near))
            continue;
        if (gamma != NULL || delta != NULL || charm != NULL) {
            const f64v bounded = v_max(v_min(t, v_set(1.0)), v_set(-1.0));

            if (charm != NULL)
                polynomial(line + GEX_AMERICAN_PREMIUM * GEX_AMERICAN_GROUP, bounded, 3, e);
            else if (gamma != NULL)
                polynomial(line + GEX_AMERICAN_PREMIUM * GEX_AMERICAN_GROUP, bounded, 2, e);
            else
                polynomial(line + GEX_AMERICAN_PREMIUM * GEX_AMERICAN_GROUP, bounded, 1, e);
            if (gamma != NULL)
                correct(&gamma[i], inside, exercised, (slope * slope * (2.0 * e[2]) - slope * e[1]) * per * per, zero);
            if (delta != NULL)
                correct(&delta[i], inside, exercised, slope * e[1] * per,
                        v_load(line + GEX_AMERICAN_RIGHT * GEX_AMERICAN_GROUP));
            if (charm != NULL)
                correct(&charm[i], inside, exercised,
                        (v_load(line + GEX_AMERICAN_CHARM1 * GEX_AMERICAN_GROUP) * e[1] +
                         v_load(line + GEX_AMERICAN_CHARM2 * GEX_AMERICAN_GROUP) * (2.0 * e[2]) +
                         v_load(line + GEX_AMERICAN_CHARM3 * GEX_AMERICAN_GROUP) * (6.0 * e[3])) * per, zero);
        }
        if (vanna != NULL) {
            polynomial(line + GEX_AMERICAN_BY_VOL * GEX_AMERICAN_GROUP, v_max(v_min(t, v_set(1.0)), v_set(-1.0)), 1, w);
            correct(&vanna[i], inside, exercised, slope * w[1] * per, zero);
        }
    }
}

static void american_fields(const double *newton, int fields, const double *x, double *out)
{
    for (int from = 0; from < GEX_AMERICAN_GROUP; from += GEX_LANES) {
        const f64v at = v_load(&x[from]);

        for (int f = 0; f < fields; f++) {
            const double *c = newton + f * GEX_AMERICAN_VOLS * GEX_AMERICAN_GROUP + from;
            f64v sum = v_load(c + (GEX_AMERICAN_VOLS - 1) * GEX_AMERICAN_GROUP);

            for (int j = GEX_AMERICAN_VOLS - 2; j >= 0; j--)
                sum = v_fma(at - v_set(gex__american_places[j]), sum, v_load(c + j * GEX_AMERICAN_GROUP));
            v_store(out + f * GEX_AMERICAN_GROUP + from, sum);
        }
    }
}

static void log_ratios(const double *a, const double *b, double *out)
{
    for (int from = 0; from < GEX_AMERICAN_GROUP; from += GEX_LANES)
        v_store(&out[from], log_ratio(v_load(&a[from]), v_load(&b[from])).hi);
}

#define AMERICAN_KERNELS                                                                                               \
    {.boundary = {solve_group_fast, solve_group_standard, SOLVE_HIGH}, .premium = premium_of,                          \
     .log_ratios = log_ratios, .profile = american_profile, .fields = american_fields, .escrow = SOLVE_ESCROW,         \
     .calls = SOLVE_CALLS,                                                                                             \
     .calls_at = READ_CALLS, .tables_at = escrow_profile, .two_solve = two_solve, .two_premium = two_premium}
