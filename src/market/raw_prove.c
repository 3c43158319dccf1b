/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is proved of slices made of quotes: total variance is a cubic between nodes and straight beyond them, so
 *
 *     4 w^2 g = (2 w - k w')^2 - w'^2 w (1 + w / 4) + 2 w^2 w''
 *
 * is a polynomial of degree ten between nodes, on a wing g is a quadratic in 1 / w, and two slices differ by a cubic
 * between any two neighbours of the nodes of both.
 */
#include <float.h>
#include <math.h>

#include "least.h"
#include "prove.h"

#define ROUNDINGS (64 * DBL_EPSILON)

/* ---- a cubic ----------------------------------------------------------------------------------------------------- */

/* By Bernstein coefficients on [from, to]; those of the derivatives too. */
struct cubic {
    double from, to, w[4], w1[3], w2[2];
};

static struct cubic cubic_of(const struct gex_surface *surface, const struct gex__slice *slice, int64_t i)
{
    const double *k = surface->k + slice->first + i, *w = surface->w + slice->first + i,
                 *slope = surface->slope + slice->first + i;
    const double h = k[1] - k[0], middle = 3 * (w[1] - w[0]) / h - slope[0] - slope[1];

    return (struct cubic){k[0],
                          k[1],
                          {w[0], w[0] + slope[0] * h / 3, w[1] - slope[1] * h / 3, w[1]},
                          {slope[0], middle, slope[1]},
                          {2 * (middle - slope[0]) / h, 2 * (slope[1] - middle) / h}};
}

static double mixed(double one, double other, double t)
{
    return one * (1 - t) + other * t;
}

/* The coefficients of degree n on the part [t[0], t[1]] of [0, 1], times binomials. */
static void part_of(int n, const double *c, const double t[2], double *out)
{
    static const double binomial[4][4] = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}};

    for (int i = 0; i <= n; i++) { /* n - i arguments are t[0], the others t[1] */
        double work[4];

        for (int j = 0; j <= n; j++)
            work[j] = c[j];
        for (int level = 0; level < n; level++)
            for (int j = 0; j < n - level; j++)
                work[j] = mixed(work[j], work[j + 1], t[level < n - i ? 0 : 1]);
        out[i] = binomial[n][i] * work[0];
    }
}

/* ---- butterfly --------------------------------------------------------------------------------------------------- */

static double largest(int count, const double *value)
{
    double most = 0;

    for (int i = 0; i < count; i++)
        most = fmax(most, fabs(value[i]));
    return most;
}

/* How far rounding takes the coefficients of 4 w^2 g: parts of what its terms are at most. */
static double size_of(const struct cubic *cubic, double far)
{
    const double width = cubic->to - cubic->from, high = largest(4, cubic->w);
    const double chord = 3 * fabs(cubic->w[3] - cubic->w[0]) / width;
    const double slope = fmax(largest(3, cubic->w1), chord + fabs(cubic->w1[0]) + fabs(cubic->w1[2]));

    return (2 * high + far * slope) * (2 * high + far * slope) + slope * slope * high * (1 + high / 4) +
           8 * high * high * slope / width;
}

static void bound_g(const void *user, struct gex__piece *piece)
{
    const struct cubic *cubic = user;
    const double width = cubic->to - cubic->from, high = largest(4, cubic->w);
    const double t[2] = {(piece->low - cubic->from) / width, (piece->high - cubic->from) / width};
    const double k[2] = {piece->low, piece->high};
    double w[7], w1[3], w2[2], lean[4], lean2[11], square[5], ww[11], steep[11], bend[11], top[11];

    part_of(3, cubic->w, t, w);
    part_of(2, cubic->w1, t, w1);
    part_of(1, cubic->w2, t, w2);
    gex__bernstein_times(1, k, 2, w1, lean);
    for (int i = 0; i < 4; i++)
        lean[i] = 2 * w[i] - lean[i];
    gex__bernstein_times(3, lean, 3, lean, lean2);
    gex__bernstein_raise(6, 10, lean2);
    gex__bernstein_times(2, w1, 2, w1, square);
    gex__bernstein_times(3, w, 3, w, ww);
    gex__bernstein_raise(3, 6, w);
    for (int i = 0; i < 7; i++)
        w[i] += ww[i] / 4;
    gex__bernstein_times(4, square, 6, w, steep);
    gex__bernstein_times(6, ww, 1, w2, bend);
    gex__bernstein_raise(7, 10, bend);
    gex__bernstein_raise(6, 10, ww);
    for (int i = 0; i < 11; i++) {
        top[i] = lean2[i] - steep[i] + 2 * bend[i];
        ww[i] *= 4;
    }
    gex__bernstein_ratio(10, top, ROUNDINGS * size_of(cubic, fmax(fabs(k[0]), fabs(k[1]))), ww,
                         ROUNDINGS * 4 * high * high, piece);
}

/* Of the wing from the end node on, w = w0 + slope z: with q = 1 / w and c = k0 w' - w0, 4 g = (1 - c q)^2 - slope^2 (q
 * + 1/4). */
static void wing(double k0, double w0, double slope, int side, struct gex__least *least)
{
    const double c = side * slope * k0 - w0, most = 1 / w0, lowest = c != 0 ? (1 + slope * slope / (2 * c)) / c : 0;
    const double q[3] = {slope > 0 ? 0 : most, most, lowest > 0 && lowest < most && slope > 0 ? lowest : most};

    for (int i = 0; i < 3; i++) {
        const double lean = 1 - c * q[i], g = (lean * lean - slope * slope * (q[i] + 0.25)) / 4;
        const double size = (1 + fabs(c) * q[i]) * (1 + fabs(c) * q[i]) + slope * slope * (q[i] + 0.25);

        least->floor = fmin(least->floor, g - ROUNDINGS * size);
        if (g < least->found) {
            least->found = g;
            least->at = q[i] == 0 ? side * HUGE_VAL : slope > 0 ? k0 + side * (1 / q[i] - w0) / slope : k0;
        }
    }
}

/* A kink that bends down is a density below zero in one point; only the ends may have one. */
static bool kink(const struct gex_surface *surface, const struct gex__slice *slice, double *at_out)
{
    const double *slope = surface->slope + slice->first, *k = surface->k + slice->first;
    const int64_t last = slice->nodes - 1;

    if (last == 0 || !(slope[0] < -slice->left || slope[last] > slice->right))
        return false;
    *at_out = slope[0] < -slice->left ? k[0] : k[last];
    return true;
}

double gex__raw_butterfly(const struct gex_surface *surface, const struct gex__slice *slice, double *at_out)
{
    const double *k = surface->k + slice->first, *w = surface->w + slice->first;
    const int64_t last = slice->nodes - 1;
    struct gex__least least = gex__least_none(1e-6);

    if (kink(surface, slice, at_out))
        return -HUGE_VAL;
    for (int64_t i = 0; i < last; i++) {
        const struct cubic cubic = cubic_of(surface, slice, i);
        gex__least_over(bound_g, &cubic, cubic.from, cubic.to, &least);
    }
    wing(k[0], w[0], slice->left, -1, &least);
    wing(k[last], w[last], slice->right, 1, &least);
    *at_out = least.at;
    return least.floor;
}

/* ---- calendar ---------------------------------------------------------------------------------------------------- */

/* Total variance of a slice between two places without a node between them, by coefficients. `next` is its first node
 * not below the upper one. */
static void between(const struct gex_surface *surface, const struct gex__slice *slice, int64_t next, double low,
                    double high, double out[4])
{
    const double *k = surface->k + slice->first, *w = surface->w + slice->first;
    const int64_t end = next == 0 ? 0 : slice->nodes - 1;

    if (next > 0 && next < slice->nodes) {
        const struct cubic cubic = cubic_of(surface, slice, next - 1);
        const double t[2] = {(low - cubic.from) / (cubic.to - cubic.from),
                             (high - cubic.from) / (cubic.to - cubic.from)};

        part_of(3, cubic.w, t, out);
        out[1] /= 3, out[2] /= 3;
        return;
    }
    for (int i = 0; i < 4; i++) {
        const double at = low + (high - low) * i / 3;
        out[i] = w[end] + (next == 0 ? slice->left * (k[0] - at) : slice->right * (at - k[end]));
    }
}

/* Of a cubic on [0, 1]: where it is least, at an end or where its derivative is zero. */
static double least_of(const double c[4], double *t_out)
{
    const double d0 = c[1] - c[0], d1 = c[2] - c[1], d2 = c[3] - c[2];
    /* d0 (1 - t)^2 + 2 d1 t (1 - t) + d2 t^2 = 0 */
    const double root = sqrt(fmax(0, d1 * d1 - d0 * d2)), sum = d0 - d1 + (d0 - d1 < 0 ? -root : root);
    const double t[4] = {0, 1, d0 / sum, sum / (d0 - 2 * d1 + d2)};
    double least = HUGE_VAL;

    for (int i = 0; i < 4; i++) {
        double here[4] = {c[0], c[1], c[2], c[3]};

        if (!(t[i] >= 0 && t[i] <= 1))
            continue;
        for (int level = 3; level > 0; level--)
            for (int j = 0; j < level; j++)
                here[j] = mixed(here[j], here[j + 1], t[i]);
        if (here[0] < least) {
            least = here[0];
            *t_out = t[i];
        }
    }
    return least;
}

/* Beyond the outermost node of both the two are straight and slopes decide. */
double gex__raw_above(const struct gex_surface *surface, const struct gex__slice *slice, double share, double *at_out)
{
    const struct gex__slice *both[2] = {slice - 1, slice};
    int64_t next[2] = {0, 0};
    struct gex__least least = gex__least_none(1e-6);
    double low = HUGE_VAL;

    while (next[0] < both[0]->nodes || next[1] < both[1]->nodes) {
        double high = HUGE_VAL, w[2][4], apart[4], size = 0, t = 0, value;

        for (int i = 0; i < 2; i++)
            if (next[i] < both[i]->nodes)
                high = fmin(high, surface->k[both[i]->first + next[i]]);
        low = fmin(low, high);
        for (int i = 0; i < 2; i++)
            between(surface, both[i], next[i], low, high, w[i]);
        for (int i = 0; i < 4; i++) {
            apart[i] = w[1][i] - share * w[0][i];
            size = fmax(size, fabs(w[1][i]) + fabs(w[0][i]));
        }
        value = least_of(apart, &t);
        least.floor = fmin(least.floor, value - 16 * DBL_EPSILON * size);
        if (value < least.found) {
            least.found = value;
            least.at = mixed(low, high, t);
        }
        for (int i = 0; i < 2; i++)
            next[i] += next[i] < both[i]->nodes && surface->k[both[i]->first + next[i]] == high;
        low = high;
    }
    *at_out = least.at;
    return least.floor;
}
