/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quasi-explicit part of an SVI fit. For fixed m and s total variance is linear in the level and the slopes of the
 * wings,
 *
 *     w = a + L (R - x) / 2 + U (R + x) / 2,   x = k - m,  R = sqrt(x^2 + s^2),  L = b (1 - rho),  U = b (1 + rho)
 *
 * and the problem convex: 0 <= L, U <= 2 (Lee) or tighter bounds, and a + s sqrt(L U) >= 0, which is w >= 0. Its
 * solution is that of the normal equations, or lies on a face or an edge of the box, or on the cone. All of them are
 * few and explicit. Source: De Marco and Martini (2009); the cone is the weaker of their bounds, so a may be below
 * zero.
 */
#include <math.h>

#include "fit.h"

/* Normal equations of (a, L, U): n the matrix, r the right side. */
struct normal {
    double n[3][3], r[3];
};

/* |rho| < 1 is asked of a slice: a wing that is flat gets a billionth of the other's slope,
 * which stays to the last bit. */
void gex__raw_of(const double x[FIT_COUNT], double raw[5])
{
    const double sum = x[FIT_L] + x[FIT_U], most = 1 - 1e-9;
    const double rho = sum > 0 ? (x[FIT_U] - x[FIT_L]) / sum : 0;

    raw[0] = x[FIT_A];
    raw[2] = fmax(-most, fmin(most, rho));
    raw[1] = rho == raw[2] ? sum / 2 : fmax(x[FIT_L], x[FIT_U]) / (1 + most);
    raw[3] = x[FIT_M];
    raw[4] = exp(x[FIT_Q]);
}

void gex__x_of(const double raw[5], double x[FIT_COUNT])
{
    x[FIT_A] = raw[0];
    x[FIT_L] = raw[1] * (1 - raw[2]);
    x[FIT_U] = raw[1] * (1 + raw[2]);
    x[FIT_M] = raw[3];
    x[FIT_Q] = log(raw[4]);
}

void gex__problem_of(const struct gex__expiry *expiry, struct gex__problem *problem)
{
    const double from = expiry->quote[0].k, to = expiry->quote[expiry->count - 1].k, range = to - from;
    double least = HUGE_VAL;

    for (int64_t i = 0; i < expiry->count; i++)
        least = fmin(least, expiry->quote[i].mid);
    *problem = (struct gex__problem){.quote = expiry->quote, .count = expiry->count};
    for (int side = 0; side < 2; side++) {
        problem->low[side] = expiry->low[side];
        problem->high[side] = expiry->high[side];
    }
    problem->m[0] = from - range;
    problem->m[1] = to + range;
    problem->q[0] = log(fmin(0.005, sqrt(least) / 10)); /* a tenth of the deviation: sharper is no smile */
    problem->q[1] = log(10 * range + 10 * sqrt(least));
}

static struct normal sums(const struct gex__problem *problem, double m, double s)
{
    struct normal out = {{{0}}, {0}};

    for (int64_t i = 0; i < problem->count; i++) {
        const struct gex__quote *quote = &problem->quote[i];
        const double x = quote->k - m, root = sqrt(x * x + s * s), left = (root - x) / 2, right = (root + x) / 2;
        const double weight = quote->scale * quote->scale, wl = weight * left, wr = weight * right;

        out.n[0][0] += weight;
        out.n[0][1] += wl;
        out.n[0][2] += wr;
        out.n[1][1] += wl * left;
        out.n[1][2] += wl * right;
        out.n[2][2] += wr * right;
        out.r[0] += weight * quote->mid;
        out.r[1] += wl * quote->mid;
        out.r[2] += wr * quote->mid;
    }
    out.n[1][0] = out.n[0][1], out.n[2][0] = out.n[0][2], out.n[2][1] = out.n[1][2];
    return out;
}

/* The quadratic without its constant. */
static double value_of(const struct normal *at, const double c[3])
{
    double value = 0;

    for (int i = 0; i < 3; i++)
        value += c[i] * (at->n[i][0] * c[0] + at->n[i][1] * c[1] + at->n[i][2] * c[2] - 2 * at->r[i]);
    return value;
}

/* Least over a alone, L and U as in c. */
static void solve_level(const struct normal *at, double c[3])
{
    c[0] = (at->r[0] - at->n[0][1] * c[1] - at->n[0][2] * c[2]) / at->n[0][0];
}

/* Least over a and one slope, the other as in c. @return false where the slope cannot be told. */
static bool solve_edge(const struct normal *at, int free, double c[3])
{
    const int held = 3 - free;
    const double r0 = at->r[0] - at->n[0][held] * c[held], r1 = at->r[free] - at->n[free][held] * c[held];
    const double pivot = at->n[free][free] - at->n[0][free] * at->n[0][free] / at->n[0][0];

    if (!(pivot > 1e-14 * at->n[free][free]))
        return false;
    c[free] = (r1 - at->n[0][free] * r0 / at->n[0][0]) / pivot;
    solve_level(at, c);
    return true;
}

static bool solve_inside(const struct normal *at, double c[3])
{
    const double *n0 = at->n[0];
    const double n11 = at->n[1][1] - n0[1] * n0[1] / n0[0], n12 = at->n[1][2] - n0[1] * n0[2] / n0[0],
                 n22 = at->n[2][2] - n0[2] * n0[2] / n0[0];
    const double r1 = at->r[1] - n0[1] * at->r[0] / n0[0], r2 = at->r[2] - n0[2] * at->r[0] / n0[0];
    const double determinant = n11 * n22 - n12 * n12;

    if (!(determinant > 1e-13 * n11 * n22))
        return false;
    c[1] = (r1 * n22 - r2 * n12) / determinant;
    c[2] = (r2 * n11 - r1 * n12) / determinant;
    solve_level(at, c);
    return true;
}

static void keep_better(const struct normal *at, const double c[3], double *best, double out[3])
{
    const double value = value_of(at, c);

    if (value < *best) {
        *best = value;
        out[0] = c[0], out[1] = c[1], out[2] = c[2];
    }
}

static bool within(const struct gex__problem *problem, int slope, double value)
{
    return value >= problem->low[slope] && value <= problem->high[slope];
}

/* Over the box of slopes: the inside, four faces, four edges. */
static double solve_box(const struct gex__problem *problem, const struct normal *at, double out[3])
{
    double best = HUGE_VAL, c[3];

    if (solve_inside(at, c) && within(problem, 0, c[1]) && within(problem, 1, c[2])) {
        out[0] = c[0], out[1] = c[1], out[2] = c[2];
        return value_of(at, c);
    }
    for (int held = 0; held < 2; held++)
        for (int end = 0; end < 2; end++) {
            c[1 + held] = end == 0 ? problem->low[held] : problem->high[held];
            if (solve_edge(at, 2 - held, c) && within(problem, 1 - held, c[2 - held]))
                keep_better(at, c, &best, out);
        }
    for (int corner = 0; corner < 4; corner++) {
        c[1] = corner % 2 == 0 ? problem->low[0] : problem->high[0];
        c[2] = corner / 2 == 0 ? problem->low[1] : problem->high[1];
        solve_level(at, c);
        keep_better(at, c, &best, out);
    }
    return best;
}

/* On the cone a = -s sqrt(L U) with L = b (1 - rho), U = b (1 + rho), rho = sin(angle): linear in b, one number an
 * angle. */
static double on_cone(const struct gex__problem *problem, const struct normal *at, double s, double angle,
                      double out[3])
{
    const double rho = sin(angle), c[3] = {-s * cos(angle), 1 - rho, 1 + rho};
    double square = 0, product = 0, least = 0, most = HUGE_VAL, b;

    for (int side = 0; side < 2; side++)
        if (c[1 + side] > 0) {
            least = fmax(least, problem->low[side] / c[1 + side]);
            most = fmin(most, problem->high[side] / c[1 + side]);
        }
    for (int i = 0; i < 3; i++) {
        square += c[i] * (at->n[i][0] * c[0] + at->n[i][1] * c[1] + at->n[i][2] * c[2]);
        product += c[i] * at->r[i];
    }
    b = fmin(most, fmax(least, square > 0 ? product / square : 0));
    for (int side = 0; side < 2; side++) /* what rounding took from the box */
        out[1 + side] = fmax(problem->low[side], fmin(problem->high[side], b * c[1 + side]));
    out[0] = -s * sqrt(out[1] * out[2]);
    return value_of(at, out);
}

/* The angle at which the ray passes L and U. */
static double angle_of(double left, double right)
{
    return left + right > 0 ? asin((right - left) / (left + right)) : 0;
}

/* Least over the angles that meet the box: the best of a grid, then golden section around it. */
static double solve_cone(const struct gex__problem *problem, const struct normal *at, double s, double out[3])
{
    enum { GRID = 33, STEPS = 48 };
    const double from = angle_of(problem->high[0], problem->low[1]), to = angle_of(problem->low[0], problem->high[1]);
    const double step = (to - from) / (GRID - 1);
    double best = HUGE_VAL, angle = from, c[3], low, high;

    for (int i = 0; i < GRID; i++) {
        const double here = i == GRID - 1 ? to : from + i * step, value = on_cone(problem, at, s, here, c);
        if (value < best) {
            best = value;
            angle = here;
        }
    }
    low = fmax(from, angle - step), high = fmin(to, angle + step);
    for (int i = 0; i < STEPS; i++) {
        const double one = low + 0.382 * (high - low), other = high - 0.382 * (high - low);
        if (on_cone(problem, at, s, one, c) < on_cone(problem, at, s, other, c))
            high = other;
        else
            low = one;
    }
    if (on_cone(problem, at, s, (low + high) / 2, out) > best)
        (void)on_cone(problem, at, s, angle, out);
    return value_of(at, out);
}

/* Sum of squares, formed from the residuals: the quadratic loses a small one to cancellation. */
static double residual_squares(const struct gex__problem *problem, const double x[FIT_COUNT], double s)
{
    double sum = 0;

    for (int64_t i = 0; i < problem->count; i++) {
        const struct gex__quote *quote = &problem->quote[i];
        const double at = quote->k - x[FIT_M], root = sqrt(at * at + s * s);
        const double r =
            (x[FIT_A] + x[FIT_L] * (root - at) / 2 + x[FIT_U] * (root + at) / 2 - quote->mid) * quote->scale;
        sum += r * r;
    }
    return sum;
}

double gex__slice_inner(const struct gex__problem *problem, double m, double s, double x[FIT_COUNT])
{
    const struct normal at = sums(problem, m, s);

    (void)solve_box(problem, &at, x);
    if (x[FIT_A] + s * sqrt(x[FIT_L] * x[FIT_U]) < 0)
        (void)solve_cone(problem, &at, s, x);
    x[FIT_M] = m;
    x[FIT_Q] = log(s);
    return residual_squares(problem, x, s);
}

/* ---- the search over m and s ------------------------------------------------------------------------------------ */

enum { PLACES = 9, WIDTHS = 6, STARTS = 3 };

/* Keep `x` among the best STARTS, ascending in value. */
static void remember(double value, const double x[FIT_COUNT], double values[STARTS], double starts[STARTS][FIT_COUNT])
{
    int at = STARTS;

    while (at > 0 && value < values[at - 1])
        at--;
    if (at == STARTS)
        return;
    for (int i = STARTS - 1; i > at; i--) {
        values[i] = values[i - 1];
        for (int j = 0; j < FIT_COUNT; j++)
            starts[i][j] = starts[i - 1][j];
    }
    values[at] = value;
    for (int j = 0; j < FIT_COUNT; j++)
        starts[at][j] = x[j];
}

/* m at the least variance, at the money, and to both sides by the range of the quotes; s from a fiftieth of it to twice
 * it. */
double gex__slice_search(const struct gex__problem *problem, double x[FIT_COUNT])
{
    static const double place[PLACES - 2] = {-0.6, -0.3, -0.12, 0, 0.12, 0.3, 0.6},
                                       width[WIDTHS] = {0.02, 0.06, 0.15, 0.4, 1, 2.5};
    const double range = fmax(problem->quote[problem->count - 1].k - problem->quote[0].k, 1e-6);
    double values[STARTS] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, starts[STARTS][FIT_COUNT], best = HUGE_VAL,
           lowest = problem->quote[0].k, least = HUGE_VAL;

    for (int64_t i = 0; i < problem->count; i++)
        if (problem->quote[i].mid < least) {
            least = problem->quote[i].mid;
            lowest = problem->quote[i].k;
        }
    for (int i = 0; i < PLACES; i++)
        for (int j = 0; j < WIDTHS; j++) {
            const double m = i == PLACES - 1 ? lowest : i == PLACES - 2 ? lowest / 2 : place[i] * range;
            const double s = exp(fmax(problem->q[0], fmin(problem->q[1], log(width[j] * range))));
            double here[FIT_COUNT];
            const double value = gex__slice_inner(problem, fmax(problem->m[0], fmin(problem->m[1], m)), s, here);
            remember(value, here, values, starts);
        }
    for (int i = 0; i < STARTS; i++)
        if (values[i] < HUGE_VAL) {
            const double value = gex__slice_polish(problem, starts[i], GEX_FIT_COARSE, NULL);
            if (value < best) {
                best = value;
                for (int j = 0; j < FIT_COUNT; j++)
                    x[j] = starts[i][j];
            }
        }
    return best;
}
