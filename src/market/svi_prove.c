/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is proved of raw SVI slices: bounds of g, and of one slice above another, over all k.
 *
 * Butterfly. To the right of m let k = m + s (1 / y - y) / 2 with y from 1 down to 0, slopes U outwards and L on the
 * other side, alpha = a / s, mu = m / s; then everything is rational in y. With
 *
 *     D = 1 + y^2    Q = U + 2 alpha y + L y^2    A = 1 + 2 mu y - y^2    P = U - L y^2    E = 2 D Q - A P
 *     w = s Q / 2y   w' = P / D   k w' / 2w = A P / (2 D Q)   w'' = 4 (L + U) y^3 / (s D^3)
 *
 *     4 D^3 Q^2 g = D (E^2 - 2 y P^2 Q / s - P^2 Q^2 / 4) + 8 (L + U) y^3 Q^2 / s
 *
 * a polynomial of degree ten, of which Bernstein coefficients are bounds. To the left the same holds with L and U
 * changed for each other and m for -m. A slope U of zero leaves a factor y in P and Q, which is taken out.
 *
 * Calendar. w'' = b s^2 / R^3, R^2 = (k - m)^2 + s^2, falls away from m, so on a piece it lies between its values at
 * the ends and at m; that bounds the second derivative of the difference from below, and with values and slopes at both
 * ends so is the difference by two parabolas. For slices that are nearly the same the third derivative of the
 * difference, which is as small as they are near, says more: for any s and R between those of both
 *
 *     |w''' - w'''| <= 3 s^2 |db| / R^4 + 12 b s^2 |dm| / R^5 + 9 b s |ds| / R^4.
 */
#include <float.h>
#include <math.h>

#include "least.h"
#include "svi.h"

#define ROUNDING (16 * DBL_EPSILON) /* of a product of polynomials: fewer than thirty-two halves of an epsilon */

/* ---- butterfly --------------------------------------------------------------------------------------------------- */

/* A side of a slice. */
struct half {
    int side;
    double m, s, near, far, alpha, mu;
};

/* The quadratics of a piece, and E. */
struct parts {
    double d[3], q[3], a[3], inner[3], outer[3], e[5]; /* inner: P of E; outer: P elsewhere */
};

/*
 * How far rounding takes the coefficients of 4 D^3 Q^2 g, and of 4 D^3 Q^2 itself. Those of a quadratic are off by
 * parts of what its terms are at y, where they cancel; those of products by parts of themselves, and by what is off in
 * a factor times the others.
 */
static void roundings(const struct half *half, const struct parts *at, double y, double *top, double *bottom)
{
    const bool flat = half->near == 0;
    const double d = 1 + y * y, alpha2 = 2 * fabs(half->alpha), per = 1 / half->s;
    const double off_q = ROUNDING * (flat ? alpha2 + half->far * y : half->near + y * (alpha2 + half->far * y));
    const double off_a = ROUNDING * (1 + y * (2 * fabs(half->mu) + y));
    const double off_p = ROUNDING * (flat ? half->far * y : half->near + half->far * y * y);
    const double q = gex__bernstein_largest(2, at->q) + off_q, a = gex__bernstein_largest(2, at->a) + off_a;
    const double p = gex__bernstein_largest(2, at->inner) + off_p, o = gex__bernstein_largest(2, at->outer) + off_p;
    const double lead = flat ? 1 : y;
    const double off_e = 2 * d * off_q + a * off_p + p * off_a + ROUNDING * (2 * d * q + a * p);
    const double e = gex__bernstein_largest(4, at->e) + off_e;
    const double off_first =
        2 * e * off_e + 2 * per * lead * o * (2 * q * off_p + o * off_q) + o * q * (q * off_p + o * off_q) / 2;
    const double first = e * e + 2 * per * lead * o * o * q + o * o * q * q / 4;
    const double off_q2 = 2 * q * off_q + ROUNDING * q * q;

    *top = d * (off_first + ROUNDING * first) + 8 * (half->near + half->far) * per * y * y * y * off_q2;
    *bottom = 4 * d * d * d * off_q2;
}

static void quadratics(const struct half *half, double low, double high, struct parts *at)
{
    const bool flat = half->near == 0;
    double dq[5], ap[5];

    gex__bernstein_quadratic(1, 0, 1, low, high, at->d);
    gex__bernstein_quadratic(1, 2 * half->mu, -1, low, high, at->a);
    if (flat) {
        gex__bernstein_quadratic(2 * half->alpha, half->far, 0, low, high, at->q);
        gex__bernstein_quadratic(0, -half->far, 0, low, high, at->inner);
        gex__bernstein_quadratic(0, 0, -half->far, low, high, at->outer);
    } else {
        gex__bernstein_quadratic(half->near, 2 * half->alpha, half->far, low, high, at->q);
        gex__bernstein_quadratic(half->near, 0, -half->far, low, high, at->inner);
        gex__bernstein_quadratic(half->near, 0, -half->far, low, high, at->outer);
    }
    gex__bernstein_times(2, at->d, 2, at->q, dq);
    gex__bernstein_times(2, at->a, 2, at->inner, ap);
    for (int i = 0; i < 5; i++)
        at->e[i] = 2 * dq[i] - ap[i];
}

static void bound_g(const void *user, struct gex__piece *piece)
{
    const struct half *half = user;
    const double low = piece->low, high = piece->high, per = 1 / half->s, bend = 8 * (half->near + half->far) * per;
    const double y[2] = {low, high}, one[2] = {1, 1};
    double y2[3], y3[4], e2[9], p2[5], q2[5], p2q[7], yp2q[9], p2q2[9], y3q2[11], d2[5], d3[7], top[11], bottom[11];
    double off_top, off_bottom;
    struct parts at;

    quadratics(half, low, high, &at);
    gex__bernstein_times(1, y, 1, y, y2);
    gex__bernstein_times(2, y2, 1, y, y3);
    gex__bernstein_times(4, at.e, 4, at.e, e2);
    gex__bernstein_times(2, at.outer, 2, at.outer, p2);
    gex__bernstein_times(2, at.q, 2, at.q, q2);
    gex__bernstein_times(4, p2, 2, at.q, p2q);
    gex__bernstein_times(6, p2q, 1, half->near == 0 ? one : y, yp2q);
    gex__bernstein_raise(7, 8, yp2q);
    gex__bernstein_times(4, p2, 4, q2, p2q2);
    for (int i = 0; i < 9; i++)
        e2[i] -= 2 * per * yp2q[i] + p2q2[i] / 4;
    gex__bernstein_times(8, e2, 2, at.d, top);
    gex__bernstein_times(4, q2, 3, y3, y3q2);
    gex__bernstein_raise(7, 10, y3q2);
    gex__bernstein_times(2, at.d, 2, at.d, d2);
    gex__bernstein_times(4, d2, 2, at.d, d3);
    gex__bernstein_times(6, d3, 4, q2, bottom);
    for (int i = 0; i < 11; i++) {
        top[i] += bend * y3q2[i];
        bottom[i] *= 4;
    }
    roundings(half, &at, high, &off_top, &off_bottom);
    gex__bernstein_ratio(10, top, off_top, bottom, off_bottom, piece);
}

double gex__svi_butterfly(const struct gex__svi *p, double *at_out)
{
    struct gex__least least = gex__least_none(1e-6);

    for (int side = -1; side <= 1; side += 2) {
        const struct half half = {
            side, p->m, p->s, gex__svi_slope(p, side), gex__svi_slope(p, -side), p->a / p->s, side * p->m / p->s};
        struct gex__least here = least;

        gex__least_over(bound_g, &half, 0, 1, &here);
        if (here.found < least.found)
            here.at = p->m + side * p->s * (1 / here.at - here.at) / 2;
        least = here;
    }
    *at_out = least.at;
    return least.floor;
}

/* ---- calendar ---------------------------------------------------------------------------------------------------- */

struct above {
    struct gex__svi earlier, later;
    double middle, width; /* k = middle + width sinh(u) */
    double b, db, dm, ds, low_m, high_m, low_s, high_s;
};

/* The difference at one k, and how far rounding takes it. */
struct difference {
    double k, value, slope, rounding;
    double curve[2]; /* w'' of either */
};

/* From differences of the parameters, so that what is left of two slices that are nearly the same is as exact as those:
 * R' - R = ((x' - x) (x' + x) + (s' - s) (s' + s)) / (R' + R), x'/R' - x/R = ((x' - x) R - x (R' - R)) / (R R'). */
static struct difference difference_at(const struct above *pair, double k)
{
    const struct gex__svi *p = &pair->earlier, *q = &pair->later;
    const double x = k - p->m, y = k - q->m, r = sqrt(x * x + p->s * p->s), t = sqrt(y * y + q->s * q->s);
    const double da = q->a - p->a, db = q->b - p->b, drho = q->rho - p->rho, dx = p->m - q->m, ds = q->s - p->s;
    const double dr = (dx * (x + y) + ds * (p->s + q->s)) / (r + t);
    const double size = fabs(da) + fabs(db) * 2 * t + p->b * (fabs(drho) * fabs(y) + 2 * fabs(dx) + fabs(ds));

    return (struct difference){k,
                               da + db * (q->rho * y + t) + p->b * (drho * y + p->rho * dx + dr),
                               db * (q->rho + y / t) + p->b * (drho + (dx * r - x * dr) / (r * t)),
                               8 * DBL_EPSILON * size,
                               {p->b * p->s * p->s / (r * r * r), q->b * q->s * q->s / (t * t * t)}};
}

/* The least second derivative there may be between two places. */
static double least_bend(const struct above *pair, const struct difference *left, const struct difference *right)
{
    const struct gex__svi *p = &pair->earlier;
    const bool over = left->k < p->m && right->k > p->m;
    const double peak = over ? p->b / p->s : fmax(left->curve[0], right->curve[0]);
    const double apart = fmin(left->curve[1], right->curve[1]) - peak;
    const double far = fmax(0, fmax(left->k - pair->high_m, pair->low_m - right->k));
    const double r2 = far * far + pair->low_s * pair->low_s, r4 = r2 * r2;
    const double third =
        pair->high_s *
        (3 * pair->high_s * pair->db + 12 * pair->b * pair->high_s * pair->dm / sqrt(r2) + 9 * pair->b * pair->ds) / r4;
    const double together =
        (left->curve[1] - left->curve[0] + right->curve[1] - right->curve[0] - third * (right->k - left->k)) / 2;

    return fmax(apart, together) - 8 * DBL_EPSILON * (peak + left->curve[1] + right->curve[1]);
}

/* The least of the larger of two parabolas of one bend, which touch the difference at either end. */
static double least_between(const struct difference *left, const struct difference *right, double bend)
{
    const double h = right->k - left->k;
    /* they meet where value + slope z = value' - slope' (h - z) + bend (h - z)^2 / 2 - bend z^2 / 2 */
    const double gap = right->value - right->slope * h + bend * h * h / 2 - left->value;
    const double lean = left->slope - right->slope + bend * h;
    const double meet = lean != 0 ? fmax(0, fmin(h, gap / lean)) : h / 2;
    const double low = bend > 0 ? fmax(0, fmin(meet, -left->slope / bend)) : 0,
                 high = bend > 0 ? fmax(0, fmin(h - meet, right->slope / bend)) : 0;
    const double here = left->value + meet * (left->slope + bend * meet / 2), rest = h - meet,
                 there = right->value - rest * (right->slope - bend * rest / 2);
    const double one = left->value + low * (left->slope + bend * low / 2),
                 other = right->value - high * (right->slope - bend * high / 2);

    return fmin(fmin(here, there), fmin(fmin(one, left->value), fmin(other, right->value)));
}

static void bound_above(const void *user, struct gex__piece *piece)
{
    const struct above *pair = user;
    const struct difference left = difference_at(pair, pair->middle + pair->width * gex__place_of(piece->low)),
                            right = difference_at(pair, pair->middle + pair->width * gex__place_of(piece->high));
    const double h = right.k - left.k, bend = least_bend(pair, &left, &right);

    piece->rounding =
        2 * fmax(left.rounding, right.rounding) + 8 * DBL_EPSILON * h * h * (fabs(bend) < HUGE_VAL ? fabs(bend) : 0);
    piece->floor = least_between(&left, &right, bend) - piece->rounding;
    piece->found = fmin(left.value, right.value);
    piece->at = left.value <= right.value ? left.k : right.k;
}

/*
 * Beyond k = at on one side, where both go on nearly straight and slopes do not cross: what is left of the bends, e =
 * s^2 / (R + x) with x = |k - m|, lies between s^2 / 2x and (1 - s^2 / 4x^2) of that, and |de| <= s^2 |dm| / 2x^2 + s
 * |ds| / x.
 */
static double beyond(const struct above *pair, const struct difference *at, int side)
{
    const struct gex__svi *p = &pair->earlier, *q = &pair->later;
    const double x = side * (at->k - p->m), y = side * (at->k - q->m), near = fmin(x, y),
                 s2 = pair->high_s * pair->high_s;
    const double share = fmax(0, 1 - q->s * q->s / (4 * y * y)) * fmin(1, x / y);
    const double apart = p->b * p->s * p->s - q->b * q->s * q->s * share;
    const double together =
        fmax(0, p->b - q->b) * p->s * p->s + q->b * x * (s2 * pair->dm / near + 2 * pair->high_s * pair->ds) / near;
    const double steeper = (q->b - p->b) * (1 + side * q->rho) + p->b * side * (q->rho - p->rho);
    const double level = q->a - p->a + x * steeper - side * gex__svi_slope(q, side) * (q->m - p->m);

    return level - fmax(0, fmin(apart, together)) / (2 * x) - at->rounding;
}

double gex__svi_above(const struct gex__svi *earlier, const struct gex__svi *later, double *at_out)
{
    const struct gex__svi *p = earlier, *q = later;
    const struct above pair = {*p,
                               *q,
                               q->m,
                               fmin(p->s, q->s),
                               fmax(p->b, q->b),
                               fabs(p->b - q->b),
                               fabs(p->m - q->m),
                               fabs(p->s - q->s),
                               fmin(p->m, q->m),
                               fmax(p->m, q->m),
                               fmin(p->s, q->s),
                               fmax(p->s, q->s)};
    const double reach = gex__place_find((GEX_SVI_FAR + 16 * (fabs(p->m) + fabs(q->m) + p->s + q->s)) / pair.width);
    struct gex__least least = gex__least_none(1e-10);

    gex__least_over(bound_above, &pair, -reach, 0, &least);
    gex__least_over(bound_above, &pair, 0, reach, &least);
    for (int side = -1; side <= 1; side += 2) {
        const struct difference end = difference_at(&pair, pair.middle + pair.width * gex__place_of(side * reach));
        least.floor = fmin(least.floor, beyond(&pair, &end, side));
    }
    *at_out = least.at;
    return least.floor;
}
