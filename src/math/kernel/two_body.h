/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both boundaries of two.h by collocation, GEX_LANES of the nodes at a time.
 *
 * The exercise region of a put with c < a < 0 has two ends (Andersen and Lake 2021, Fast American option pricing: the
 * double-boundary case; Battauz, De Donno and Sbuelz 2015). V = 1 - S at both with dV/dS = -1. On S > B this is the put
 * of one boundary, whose smooth pasting american_body.h has, here with its signs turned:
 *
 *     e^-c' N(d(0)) = int e^-c's (-c' N(d) + n(d) / (v s) (-c' + a' K / B(u)))
 *
 * On S < Y it is W = V - (1 - S), paid a - c S at every moment the spot is below Y, nothing at expiry:
 *
 *     int e^-c's N(-d) = int e^-c's n(d) / (v s) (1 - K a / (c Y(u)))
 *
 * d as there, from the boundary of its own equation. H = log(B / K)^2 and log(Y c / (K a)) are collocated at Chebyshev
 * points in x = sqrt(u / U). Near expiry B falls as a put's boundary does, and Y rises as 0.6388 v x.
 *
 * They meet unless v < sqrt(-2 c) - sqrt(-2 a), which is when the perpetual option has an exercise region: its ends are
 * log(1 - 1 / l) for the roots l of v^2 l^2 / 2 + (a - c - v^2 / 2) l - a = 0, real and negative. The equation of B has
 * no solution far beyond the meeting, where B would reach K a / c. So U grows, from where the boundaries would meet if
 * they kept to their asymptotics, until it is T or just after the meeting.
 */
#include "two.h"

#include <math.h>

enum {
    TWO_LAST = GEX_TWO_NODES, /* order of the series */
    TWO_PASSES = 10,
    TWO_SPANS = 24 /* tried for U */
};

static const double TWO_ENOUGH =
    1e-6; /* of a step, relative and by its share of the time: what is left is about its square */
static const double TWO_LEVEL = 11.0; /* see GEX_AMERICAN_LEVEL */
static const double TWO_GROWTH =
    5.0; /* -c over [0, U] up to which 16 nodes keep 1e-6 of the strike; at 12 it is 1e-3 */
static const double TWO_RISE = 0.6388;                 /* of Y at expiry */
static const double TWO_LATE = 0.9, TWO_BEYOND = 1.05; /* of x: least place of the meeting in U, and U beyond it */

struct two_work {
    double v, a, c, forward; /* for [0, U] */
    double at[GEX_TWO_NODES], series[TWO_LAST + 1];
    double rest[GEX_TWO_NODES], direct[GEX_TWO_NODES], scale[GEX_TWO_NODES]; /* of each equation */
    double sums[TWO_LAST + 1][GEX_TWO_NODES];                                /* slopes with the series' coefficients */
    double matrix[GEX_TWO_NODES][GEX_TWO_NODES]; /* [k][i]: slope of equation i with the logarithm of unknown k */
};

LANE f64v two_value(const double *series, f64v z)
{
    const f64v twice = z + z;
    f64v b1 = v_set(series[TWO_LAST]), b2 = v_set(0.0);

    for (int k = TWO_LAST - 1; k > 0; k--) {
        const f64v b = v_fma(twice, b1, series[k] - b2);

        b2 = b1;
        b1 = b;
    }
    return v_fma(z, b1, series[0] - b2);
}

/* The same at one place. */
static double two_at(const double *series, double x)
{
    double out[GEX_LANES];

    v_store(out, two_value(series, v_set(2.0 * x - 1.0)));
    return out[0];
}

OWN_STACK void two_series(struct two_work *w)
{
    double last = 0.0;

    for (int from = 0; from < TWO_LAST; from += GEX_LANES) {
        f64v sum = v_set(0.0);

        for (int i = 0; i < GEX_TWO_NODES; i++)
            sum = v_fma(v_set(w->at[i]), v_load(&gex__american_two.series[i][from]), sum);
        v_store(&w->series[from], sum);
    }
    for (int i = 0; i < GEX_TWO_NODES; i++)
        last += w->at[i] * gex__american_two.series[i][TWO_LAST];
    w->series[TWO_LAST] = last;
}

/* The slope `by` with the value at z, into those with the coefficients. */
LANE void two_spread(struct two_work *w, int from, f64v by, f64v z)
{
    const f64v twice = z + z;
    f64v before = v_set(1.0), now = z;

    v_store(&w->sums[0][from], v_load(&w->sums[0][from]) + by);
    for (int k = 1; k <= TWO_LAST; k++) {
        const f64v after = v_fma(twice, now, -before);

        v_store(&w->sums[k][from], v_fma(by, now, v_load(&w->sums[k][from])));
        before = now;
        now = after;
    }
}

/* The equation of B at the nodes from `from` on: log(right / left), and its slopes. */
OWN_STACK void two_upper(struct two_work *w, int from)
{
    const struct gex__two_scheme *scheme = &gex__american_two;
    const f64v x = v_load(&scheme->x[from]), x2 = x * x, per_vx = 1.0 / (w->v * x);
    const f64v gain = -w->c * x2, cost = -w->a * x2, phi = -v_sqrt(v_load(&w->at[from]));
    f64v density, right = v_set(0.0), direct = v_set(0.0), per_right;
    const f64v carried = exp_short(gain);
    const f64v left = carried * normal_cdf(v_fma(phi, per_vx, w->forward * x), &density);
    const f64v own = carried * density * per_vx / left;

    for (int j = 0; j < GEX_TWO_POINTS; j++) {
        const double s = scheme->sine[j];
        const f64v z = v_fma(x, v_set(2.0 * scheme->cosine[j]), v_set(-1.0)),
                   least = phi * (LEAST_DEPTH * scheme->cosine[j]);
        const f64v there = -v_sqrt(v_max(two_value(w->series, z), least * least)), per_vs = per_vx * (1.0 / s);
        const f64v d = v_fma(phi - there, per_vs, w->forward * s * x);
        const f64v discount = exp_short(gain * (s * s)) * scheme->weight[j], paid = cost * exp_short(-there);
        const f64v tail = normal_cdf(d, &density), gauss = discount * density * per_vs, net = gain - paid;
        const f64v moved = gauss * (gain - d * per_vs * net);

        right += v_fma(gauss, net, discount * gain * tail);
        direct += moved;
        two_spread(w, from, (gauss * paid - moved) / (2.0 * there), z);
    }
    right = v_max(right, v_set(0x1p-1000));
    per_right = 1.0 / right;
    v_store(&w->rest[from], log_ratio(right, v_max(left, v_set(0x1p-1000))).hi);
    v_store(&w->scale[from], per_right);
    v_store(&w->direct[from], v_fma(direct, per_right, -own) / (2.0 * phi));
}

/* 1 - e^-x for x > 0. */
LANE f64v two_fallen(f64v x)
{
    const f64v small =
        x * (1.0 - x * (1.0 / 2.0) * (1.0 - x * (1.0 / 3.0) * (1.0 - x * (1.0 / 4.0) * (1.0 - x * (1.0 / 5.0)))));

    return v_select(v_less(x, v_set(2e-3)), small, 1.0 - exp_short(-x));
}

/* The equation of Y. */
OWN_STACK void two_lower(struct two_work *w, int from)
{
    const struct gex__two_scheme *scheme = &gex__american_two;
    const f64v x = v_load(&scheme->x[from]), per_vx = 1.0 / (w->v * x), gain = -w->c * (x * x),
               y = v_load(&w->at[from]);
    f64v left = v_set(0.0), right = v_set(0.0), direct = v_set(0.0), scale;

    for (int j = 0; j < GEX_TWO_POINTS; j++) {
        const double s = scheme->sine[j];
        const f64v z = v_fma(x, v_set(2.0 * scheme->cosine[j]), v_set(-1.0));
        const f64v there = v_max(two_value(w->series, z), y * (LEAST_DEPTH * scheme->cosine[j])),
                   per_vs = per_vx * (1.0 / s);
        const f64v d = v_fma(y - there, per_vs, w->forward * s * x);
        const f64v discount = exp_short(gain * (s * s)) * scheme->weight[j], fallen = two_fallen(there);
        f64v density;
        const f64v tail = normal_cdf(-d, &density), gauss = discount * density * per_vs;
        const f64v moved = gauss * (1.0 - d * per_vs * fallen);

        left = v_fma(gauss, fallen, left);
        right = v_fma(discount, tail, right);
        direct += moved;
        two_spread(w, from, gauss * (1.0 - fallen) - moved, z);
    }
    scale = 2.0 / (left + right);
    v_store(&w->rest[from], (left - right) * scale);
    v_store(&w->scale[from], scale);
    v_store(&w->direct[from], direct * scale);
}

OWN_STACK void two_matrix(struct two_work *w)
{
    for (int k = 0; k < GEX_TWO_NODES; k++) {
        for (int from = 0; from < GEX_TWO_NODES; from += GEX_LANES) {
            f64v slope = v_set(0.0);

            for (int m = 0; m <= TWO_LAST; m++)
                slope = v_fma(v_load(&w->sums[m][from]), v_set(gex__american_two.series[k][m]), slope);
            v_store(&w->matrix[k][from], slope * v_load(&w->scale[from]) * w->at[k]);
        }
        w->matrix[k][k] += w->direct[k] * w->at[k];
    }
}

/* rest becomes the solution. Without pivoting: the diagonal dominates. Rows up to the pivot are left as they are by a
 * factor of 0. */
OWN_STACK void two_eliminate(struct two_work *w)
{
    double factor[GEX_TWO_NODES];

    for (int k = 0; k < GEX_TWO_NODES; k++) {
        const double inverse = 1.0 / w->matrix[k][k];

        for (int i = 0; i < GEX_TWO_NODES; i++)
            factor[i] = i <= k ? 0.0 : -w->matrix[k][i] * inverse;
        for (int from = k / GEX_LANES * GEX_LANES; from < GEX_TWO_NODES; from += GEX_LANES) {
            const f64v by = v_load(&factor[from]);

            for (int j = k + 1; j < GEX_TWO_NODES; j++)
                v_store(&w->matrix[j][from], v_fma(by, v_set(w->matrix[j][k]), v_load(&w->matrix[j][from])));
            v_store(&w->rest[from], v_fma(by, v_set(w->rest[k]), v_load(&w->rest[from])));
        }
        w->matrix[k][k] = inverse;
    }
    for (int k = GEX_TWO_NODES - 1; k >= 0; k--) {
        w->rest[k] *= w->matrix[k][k];
        for (int i = 0; i < k; i++)
            w->rest[i] -= w->matrix[k][i] * w->rest[k];
    }
}

/* Newton's method from what `at` holds. @return whether it came to rest; the series is that of `at` then. */
OWN_STACK bool two_newton(struct two_work *w, void (*equation)(struct two_work *, int))
{
    for (int pass = 0; pass < TWO_PASSES; pass++) {
        double largest = 0.0;

        two_series(w);
        memset(w->sums, 0, sizeof w->sums);
        for (int from = 0; from < GEX_TWO_NODES; from += GEX_LANES)
            equation(w, from);
        two_matrix(w);
        two_eliminate(w);
        for (int i = 0; i < GEX_TWO_NODES; i++) {
            const double x = gex__american_two.x[i], step = -w->rest[i];

            if (!(fabs(step) < 1e6))
                return false;
            largest = fmax(largest, fabs(step) * x * x);
            w->at[i] *= 1.0 + fmin(fmax(step, -0.5), 1.0);
        }
        if (largest < TWO_ENOUGH) {
            two_series(w);
            return true;
        }
    }
    return false;
}

static void two_span(struct two_work *w, const struct gex__two_lines *two, double root)
{
    w->v = two->v * root;
    w->a = two->a * root * root;
    w->c = two->c * root * root;
    w->forward = (w->a - w->c) / w->v + 0.5 * w->v;
}

/* Ends of the perpetual option's exercise region as H and log(Y c / (K a)). @return false when there is none. */
static bool two_perpetual(const struct gex__two_lines *two, double *upper, double *lower)
{
    const double v2 = two->v * two->v, m = two->a - two->c - 0.5 * v2, square = m * m + 2.0 * two->a * v2;
    double root, depth;

    if (!(m > 0.0 && square > 0.0))
        return false;
    root = m + sqrt(square); /* -l v^2 of the one, and of the other by their product, -2 a / v^2 */
    depth = log1p(v2 / root);
    *upper = depth * depth;
    *lower = fmax(two->gap - log1p(root / (-2.0 * two->a)), 0.0);
    return true;
}

/* Depth of B next to expiry, v x times this. */
static double two_steepness(const struct gex__two_lines *two, double x)
{
    return sqrt(1.0 - 2.0 * log(fmin(5.0 * (two->a - two->c) * x / two->v, 1.0)));
}

/*
 * sqrt(u / T) about where the boundaries meet, rather too soon: where the asymptotics do, and as much before that as
 * they are too flat for a share s of the volatility below which there is no meeting.
 */
static double two_early_meeting(const struct gex__two_lines *two)
{
    const double s = (sqrt(-2.0 * two->c) - sqrt(-2.0 * two->a)) / two->v;
    double x = 0.5 * two->gap / two->v;

    for (int k = 0; k < 6; k++)
        x = two->gap / (two->v * (two_steepness(two, x) + TWO_RISE));
    return x / (s < 0.5 ? 1.04 + 2.0 * s * s : 1.3);
}

/* What to begin with at each node: the asymptotics, bent below the perpetual ends. */
static void two_first(struct two_work *w, const struct gex__two_lines *two, double root, bool is_upper)
{
    double upper = HUGE_VAL, lower = HUGE_VAL;

    two_perpetual(two, &upper, &lower);
    lower = fmax(lower * lower, 0x1p-1000);
    for (int i = 0; i < GEX_TWO_NODES; i++) {
        const double x = gex__american_two.x[i] * root;
        const double depth = two->v * x * (is_upper ? two_steepness(two, x) : TWO_RISE), square = depth * depth;

        w->at[i] = is_upper ? square / (1.0 + square / upper) : depth / sqrt(1.0 + square / lower);
    }
}

/* What to begin with from a solution over [0, U'], U' = U / ratio^2: its own line beyond the end. */
static void two_extend(struct two_work *w, const double *series, double ratio, bool is_upper)
{
    double end = 0.0, slope = 0.0;

    for (int k = 0; k <= TWO_LAST; k++) {
        end += series[k];
        slope += 2.0 * k * k * series[k];
    }
    if (is_upper) {
        end = sqrt(end);
        slope *= 0.5 / end;
    }
    for (int i = 0; i < GEX_TWO_NODES; i++) {
        const double x = gex__american_two.x[i] * ratio;
        double value = two_at(series, fmin(x, 1.0));

        if (x > 1.0) {
            value = end + slope * (x - 1.0);
            value = is_upper ? value * value : value;
        }
        w->at[i] = fmax(value, 0x1p-1000);
    }
}

static bool two_solve_upper(struct two_work *w, struct gex__two_lines *two, double root, double from)
{
    two_span(w, two, root);
    if (from > 0.0)
        two_extend(w, two->upper, root / from, true);
    else
        two_first(w, two, root, true);
    if (!two_newton(w, two_upper))
        return false;
    memcpy(two->upper, w->series, sizeof two->upper);
    return true;
}

static bool two_solve_lower(struct two_work *w, struct gex__two_lines *two, double root, double from)
{
    two_span(w, two, root);
    if (from > 0.0)
        two_extend(w, two->lower, root / from, false);
    else
        two_first(w, two, root, false);
    if (!two_newton(w, two_lower))
        return false;
    memcpy(two->lower, w->series, sizeof two->lower);
    return true;
}

/* What is left between the boundaries at x. */
static double two_between(const struct gex__two_lines *two, double x)
{
    return two->gap - sqrt(fmax(two_at(two->upper, x), 0.0)) - two_at(two->lower, x);
}

/* Where it is nothing, by the Illinois method. */
static double two_meeting(const struct gex__two_lines *two, double at_end)
{
    double low = 0.5, high = 1.0, at_low = two_between(two, low), at_high = at_end, x = 1.0;

    while (at_low <= 0.0 && low > 1e-3) {
        high = low;
        at_high = at_low;
        low *= 0.5;
        at_low = two_between(two, low);
    }
    for (int k = 0; k < 40 && high - low > 1e-14; k++) {
        double here;

        x = fmin(fmax((low * at_high - high * at_low) / (at_high - at_low), low), high);
        here = two_between(two, x);
        if (fabs(here) < 1e-15 * two->gap)
            break;
        if (here > 0.0) {
            low = x;
            at_low = here;
            at_high *= 0.5;
        } else {
            high = x;
            at_high = here;
            at_low *= 0.5;
        }
    }
    return x;
}

/* Both over [0, U], U = T or just beyond the meeting. solved: sqrt(U' / T) of what the lines already hold, or 0. */
static bool two_search(struct two_work *w, struct gex__two_lines *two, double root, double solved)
{
    double good = solved, lower_good = solved, refused = HUGE_VAL;
    bool is_again = false;

    for (int k = 0; k < TWO_SPANS && -two->c * root * root <= TWO_GROWTH; k++) {
        if (!two_solve_upper(w, two, root, good)) {
            refused = root;
            root = good < root ? 0.5 * (good + root) : 0.95 * root; /* a neighbour's span may be too long */
            continue;
        }
        good = root;
        {
            double depth = 0.0, slope = 0.0, rise = 0.9 * TWO_RISE * two->v * root, left;

            for (int m = 0; m <= TWO_LAST; m++) {
                depth += two->upper[m];
                slope += 2.0 * m * m * two->upper[m];
            }
            depth = sqrt(depth);
            slope *= 0.5 / depth;
            left = two->gap - depth - rise;
            if (root >= 1.0 || left < -0.03 * rise) {
                if (!two_solve_lower(w, two, root, lower_good))
                    return false;
                lower_good = root;
                left = two_between(two, 1.0);
                rise = two_at(two->lower, 1.0);
                if (root >= 1.0 || left < 0.0) {
                    two->root = root;
                    two->met = left < 0.0;
                    two->meet = two->met ? two_meeting(two, left) : 1.0;
                    if (two->meet > TWO_LATE || is_again)
                        return true;
                    root *= TWO_BEYOND * two->meet; /* far beyond the meeting B is not as smooth */
                    refused = HUGE_VAL;
                    is_again = true;
                    continue;
                }
            }
            root *= fmax(fmin(1.0 + (left + 0.12 * rise) / (slope + rise), 1.7), 1.02);
        }
        if (root >= refused)
            root = 0.5 * (good + refused);
        root = fmin(root, 1.0);
    }
    return false;
}

/* From lines of nearly the same numbers, already in `two`, or from nothing. */
OWN_STACK bool two_solve_from(struct gex__two_lines *two, double solved)
{
    const double drift = (two->a - two->c) / two->v,
                 fall = two->a + 0.5 * (drift - 0.5 * two->v) * (drift - 0.5 * two->v);
    double upper, lower;
    struct two_work w;

    two->met = false;
    if (!two_perpetual(two, &upper, &lower))
        return two_search(&w, two, solved > 0.0 ? solved : fmin(two_early_meeting(two), 1.0), solved);
    two->root = solved > 0.0 ? solved : sqrt(fmin(TWO_LEVEL / fall, 1.0));
    two->meet = 1.0;
    return -two->c * two->root * two->root <= TWO_GROWTH && two_solve_upper(&w, two, two->root, solved) &&
           two_solve_lower(&w, two, two->root, solved);
}

/*
 * like: lines of nearly the same numbers to begin with, or NULL; `two` may be a copy of it with other v, a and c, and
 * nothing but these is read. @return false when no solution was found.
 */
static bool two_solve(struct gex__two_lines *two, const struct gex__two_lines *like)
{
    bool good = false;

    two->gap = log1p((two->c - two->a) / two->a);
    if (like != NULL) {
        memcpy(two->upper, like->upper, sizeof two->upper);
        memcpy(two->lower, like->lower, sizeof two->lower);
        good = two_solve_from(two, like->root);
    }
    if (!good && !two_solve_from(two, 0.0))
        return false;
    two->to = -sqrt(fmax(two_at(two->upper, 1.0), 0.0));
    two->from = two_at(two->lower, 1.0) - two->gap;
    return isfinite(two->to) && isfinite(two->from);
}
