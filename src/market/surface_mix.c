/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between two smiles: a mixture of their prices, which is free of arbitrage wherever both are and the later one is
 * dearer.
 *
 * Parts as in mills.h, v = sqrt(w). Prices, distributions and densities mix linearly. All are divided by phi of the
 * result, so nothing underflows however far out: with q_i = share_i phi_i / phi,
 *
 *     M               = sum q_i M_i                           gives v, by Newton on ln b, between v_0 and v_1
 *     R(d) -+ w' / 2v = sum q_i (R(d_i) -+ w_i' / 2 v_i)      d = -d2 below, -d1 mirrored above the money
 *     g / v           = sum q_i g_i / v_i
 *     dv / dT         = d share / dT (phi_1 M_1 - phi_0 M_0) / phi
 */
#include <float.h>
#include <math.h>

#include "mills.h"
#include "surface.h"

/* ln b of the mixture relative to exp(log_phi) of the dearer part, and its v. */
static double solve(double k, const struct gex__part *part, const double *share)
{
    const int dear = part[1].v > part[0].v;
    const struct gex__part *high = &part[dear], *low = &part[1 - dear];
    const double target =
        high->log_phi + log(share[dear] * high->M + share[1 - dear] * low->M * exp(low->log_phi - high->log_phi));
    double from = low->v, to = high->v, v = sqrt(share[0] * part[0].v * part[0].v + share[1] * part[1].v * part[1].v);

    for (int i = 0; i < 60; i++) {
        const struct gex__part at = gex__part_of(k, v);
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
    const struct gex__part part[2] = {gex__part_of(k, sqrt(one->w)), gex__part_of(k, sqrt(other->w))};
    const double sign = k < 0 ? 1 : -1; /* of h in -d2, and of w' */
    const double v = solve(k, part, shares), w = v * v;
    const struct gex__part at = gex__part_of(k, v);
    double tail = 0, g_over_v = 0, rise = 0, lean;
    struct gex__point out;

    for (int i = 0; i < 2; i++) {
        const double weight = exp(part[i].log_phi - at.log_phi), q = shares[i] * weight;
        tail += q * (gex__mills(part[i].a - sign * part[i].h) + sign * smile[i]->w1 / (2 * part[i].v));
        g_over_v += q * gex__smile_g(smile[i], k) / part[i].v;
        rise += (i == 0 ? -1 : 1) * share_years * weight * part[i].M;
    }
    out.smile.w = w;
    out.smile.w1 = sign * 2 * v * (tail - gex__mills(at.a - sign * at.h));
    lean = 1 - k * out.smile.w1 / (2 * w);
    out.smile.g = fmax(g_over_v * v, 0);
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
