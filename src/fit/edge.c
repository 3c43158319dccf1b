/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The edge of what has no butterfly. With l = (k - m) / s, w = s N(l), N = alpha + (L (r - l) + U (r + l)) / 2, r =
 * sqrt(l^2 + 1), alpha = a / s and mu = m / s,
 *
 *     g = G(l) - h(l) / (2 s),   G = (1 - N' ((l + mu) / 2N + 1/4)) (1 - N' ((l + mu) / 2N - 1/4)),   h = N'^2 / 2N -
 * N''
 *
 * so that for given (alpha, L, U, mu) with both factors of G above zero everywhere (Fukasawa) a slice has no butterfly
 * exactly when s >= sup h / 2G: the edge is a graph over four numbers, and the best slice on it an unconstrained
 * problem in them. Source: Martini and Mingone (2022), No arbitrage SVI, SIAM Journal on Financial Mathematics 13(1).
 */
#include <math.h>

#include "fit.h"

enum { POINTS = GEX_FIT_EDGE };
#define STEP 0.1125 /* of u in l = sinh(u): out to l = 4000, beyond which h / 2G only falls */

struct shape {
    double alpha, left, right, mu;
};

/* h / 2G at l; +inf where there is no s. */
static double need(const struct shape *shape, double l, double per_root)
{
    const double n1 = (shape->right - shape->left) / 2 + (shape->right + shape->left) / 2 * l * per_root;
    const double n = shape->alpha + (shape->right - shape->left) / 2 * l + (shape->right + shape->left) / 2 / per_root;
    const double half = (l + shape->mu) / (2 * n), one = 1 - n1 * (half + 0.25), other = 1 - n1 * (half - 0.25);
    const double n2 = (shape->right + shape->left) / 2 * per_root * per_root * per_root;

    if (!(n > 0 && one > 0 && other > 0))
        return HUGE_VAL;
    return (n1 * n1 / (2 * n) - n2) / (2 * one * other);
}

static double need_at(const struct shape *shape, double u)
{
    const double e = exp(u), l = (e - 1 / e) / 2;
    return need(shape, l, 2 / (e + 1 / e));
}

/* The largest between two neighbours of place i of the grid, by golden section. */
static double summit(const struct shape *shape, int i)
{
    double low = STEP * (i - 1 - POINTS / 2), high = STEP * (i + 1 - POINTS / 2);

    for (int n = 0; n < 24; n++) {
        const double one = low + 0.381966 * (high - low), other = high - 0.381966 * (high - low);
        if (need_at(shape, one) > need_at(shape, other))
            high = other;
        else
            low = one;
    }
    return need_at(shape, (low + high) / 2);
}

/* sup of h / 2G: of every summit of the grid that comes near the highest. */
static double least_width(const struct shape *shape, const struct gex__edge *edge)
{
    double here[POINTS], most = 0, grid;

    for (int i = 0; i < POINTS; i++) {
        here[i] = need(shape, edge->l[i], edge->per_root[i]);
        most = fmax(most, here[i]);
    }
    grid = most;
    for (int i = 0; grid > 0 && grid < HUGE_VAL && i < POINTS; i++)
        if (here[i] > 0.5 * grid && (i == 0 || here[i] >= here[i - 1]) && (i == POINTS - 1 || here[i] >= here[i + 1]))
            most = fmax(most, summit(shape, i));
    return most;
}

void gex__edge_make(struct gex__edge *edge)
{
    for (int i = 0; i < POINTS; i++) {
        const double e = exp(STEP * (i - POINTS / 2));
        edge->l[i] = (e - 1 / e) / 2;
        edge->per_root[i] = 2 / (e + 1 / e);
    }
}

bool gex__edge_find(const struct gex__edge *edge, const double z[FIT_COUNT], double x[FIT_COUNT])
{
    const double s = least_width(&(struct shape){z[FIT_A], z[FIT_L], z[FIT_U], z[FIT_M]}, edge) * (1 + 1e-9);

    if (!(s > 1e-8 && s < 1e3))
        return false;
    x[FIT_A] = z[FIT_A] * s;
    x[FIT_L] = z[FIT_L];
    x[FIT_U] = z[FIT_U];
    x[FIT_M] = z[FIT_M] * s;
    x[FIT_Q] = log(s);
    return true;
}

void gex__edge_of(const double x[FIT_COUNT], double z[FIT_COUNT])
{
    const double s = exp(x[FIT_Q]);

    z[FIT_A] = x[FIT_A] / s;
    z[FIT_L] = x[FIT_L];
    z[FIT_U] = x[FIT_U];
    z[FIT_M] = x[FIT_M] / s;
    z[FIT_Q] = 0;
}

double gex__edge_share(const struct gex__edge *edge, const double x[FIT_COUNT])
{
    const double s = exp(x[FIT_Q]);
    return least_width(&(struct shape){x[FIT_A] / s, x[FIT_L], x[FIT_U], x[FIT_M] / s}, edge) / s;
}

/* With a larger a the least s falls: bisection for the a at which it is this one. */
bool gex__edge_lift(const struct gex__edge *edge, double x[FIT_COUNT])
{
    const double s = exp(x[FIT_Q]);
    struct shape shape = {x[FIT_A] / s, x[FIT_L], x[FIT_U], x[FIT_M] / s};
    const double from = shape.alpha;
    double low = 0, high = 1e-3 * (shape.left + shape.right);
    int doublings = 0;

    while (least_width(&shape, edge) > s) {
        if (doublings++ == 60)
            return false;
        low = high;
        high *= 2;
        shape.alpha = from + high;
    }
    for (int i = 0; doublings > 0 && i < 30; i++) {
        shape.alpha = from + low + (high - low) / 2;
        *(least_width(&shape, edge) > s ? &low : &high) = low + (high - low) / 2;
    }
    x[FIT_A] = doublings > 0 ? (from + high) * s : x[FIT_A];
    return true;
}
