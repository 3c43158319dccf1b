/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The most quotes held, near a slice. The number held is flat but for steps, so it is counted and not differentiated:
 * for given m and s total variance is linear in level and slopes, each quote is an interval on every line through
 * them, and the place of the line that lies in most intervals is found by where they begin and end. Lines are drawn
 * from a sequence that is always the same; now and then m and s move too. Nothing is kept that holds less, breaks a
 * bound or a fence, or has a butterfly.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "fit.h"

/* Level and slopes per unit of total variance at one quote. */
struct basis {
    double left, right;
};

static struct basis basis_at(double k, double m, double s)
{
    const double at = k - m, root = sqrt(at * at + s * s);
    return (struct basis){(root - at) / 2, (root + at) / 2};
}

static double along(const double c[3], struct basis b)
{
    return c[FIT_A] + c[FIT_L] * b.left + c[FIT_U] * b.right;
}

double gex__held(const struct gex__problem *problem, const double x[FIT_COUNT])
{
    const double s = exp(x[FIT_Q]);
    double held = 0;

    for (int64_t i = 0; i < problem->count; i++) {
        const struct gex__quote *quote = &problem->quote[i];
        const double w = along(x, basis_at(quote->k, x[FIT_M], s));
        held += w >= quote->low && w <= quote->high ? quote->weight : 0;
    }
    return held;
}

/* ---- what may be ------------------------------------------------------------------------------------------------- */

/* The billionth speaks for what lies between the points; whoever asked looks again, exactly. */
static bool keeps_to(const struct gex__fence *fence, int side, const double x[FIT_COUNT])
{
    const double s = exp(x[FIT_Q]);

    for (int i = 0; fence != NULL && i < GEX_FIT_GRID; i++)
        if (side * (along(x, basis_at(fence->k[i], x[FIT_M], s)) - fence->w[i]) < 1e-9 * fence->w[i])
            return false;
    return true;
}

static bool allowed(const struct gex__problem *problem, const struct gex__edge *edge, const double x[FIT_COUNT])
{
    for (int side = 0; side < 2; side++)
        if (!(x[FIT_L + side] >= problem->low[side] && x[FIT_L + side] <= problem->high[side]))
            return false;
    return x[FIT_Q] >= problem->q[0] && x[FIT_Q] <= problem->q[1] &&
           x[FIT_A] + exp(x[FIT_Q]) * sqrt(x[FIT_L] * x[FIT_U]) >= 0 && keeps_to(problem->fence, 1, x) &&
           keeps_to(problem->roof, -1, x) && (edge == NULL || gex__edge_share(edge, x) < 1);
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* xorshift64*, within [0, 1) */
static double draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)(*state * UINT64_C(0x2545f4914f6cdd1d) >> 11) * 0x1p-53;
}

/* Within -1 and 1, mostly near 0. */
static double around(uint64_t *state)
{
    return (draw(state) + draw(state) + draw(state) + draw(state)) / 2 - 1;
}

static const struct gex__quote *draw_quote(const struct gex__problem *problem, uint64_t *state)
{
    return &problem->quote[(int64_t)(draw(state) * (double)problem->count)];
}

/* The level alone, any direction, one that turns about a quote, one that turns about two. */
static void draw_line(const struct gex__problem *problem, const double x[FIT_COUNT], uint64_t *state, double d[3])
{
    const double s = exp(x[FIT_Q]);
    const struct basis one = basis_at(draw_quote(problem, state)->k, x[FIT_M], s);
    const struct basis other = basis_at(draw_quote(problem, state)->k, x[FIT_M], s);
    const int kind = (int)(draw(state) * 4);

    d[FIT_A] = 1, d[FIT_L] = d[FIT_U] = 0;
    if (kind == 1 || kind == 2) {
        d[FIT_L] = around(state), d[FIT_U] = around(state);
        d[FIT_A] = kind == 1 ? 0.1 * around(state) : -(d[FIT_L] * one.left + d[FIT_U] * one.right);
    }
    if (kind == 3) {
        d[FIT_A] = one.left * other.right - other.left * one.right;
        d[FIT_L] = one.right - other.right, d[FIT_U] = other.left - one.left;
    }
}

enum { PLACES = 256 };

/* Begins and ends of the intervals of a line, by place: step away from one another, place PLACES / 2 at x. */
static void mark(const struct gex__problem *problem, const double x[FIT_COUNT], const double d[3], double step,
                 double change[PLACES + 2])
{
    const double s = exp(x[FIT_Q]);

    memset(change, 0, (PLACES + 2) * sizeof *change);
    for (int64_t i = 0; i < problem->count; i++) {
        const struct gex__quote *quote = &problem->quote[i];
        const struct basis b = basis_at(quote->k, x[FIT_M], s);
        const double w = along(x, b), slope = along(d, b) * step;
        double from = (quote->low - w) / slope, to = (quote->high - w) / slope;

        if (!(fabs(slope) > 1e-300))
            continue;
        if (slope < 0) {
            const double swap = from;
            from = to, to = swap;
        }
        from = ceil(fmax(from, -PLACES / 2)), to = floor(fmin(to, PLACES / 2));
        if (from <= to) {
            change[(int)from + PLACES / 2] += quote->weight;
            change[(int)to + PLACES / 2 + 1] -= quote->weight;
        }
    }
}

/* How far to go along d from x: to the middle of the longest run of places that hold most, of those within `reach`
 * half-spreads of the quotes on average. */
static double best_place(const struct gex__problem *problem, const double x[FIT_COUNT], const double d[3], double reach)
{
    const double s = exp(x[FIT_Q]);
    double change[PLACES + 2], size = 0, held = 0, most = -1, step;
    int run = 0, longest = 0, last = PLACES / 2;

    for (int64_t i = 0; i < problem->count; i++)
        size += fmin(1e3, fabs(along(d, basis_at(problem->quote[i].k, x[FIT_M], s))) * problem->quote[i].unit);
    if (!(size > 0))
        return 0;
    step = 2 * reach * (double)problem->count / size / (double)PLACES;
    mark(problem, x, d, step, change);
    for (int i = 0; i <= PLACES; i++) {
        held += change[i];
        run = held == most ? run + 1 : 1;
        if (held > most || (held == most && run > longest)) {
            most = held;
            longest = run;
            last = i;
        }
    }
    return step * (last - (longest - 1) / 2 - PLACES / 2);
}

/* Along one line from x; where the best of it is not allowed, half as far, and half again. */
static void walk(const struct gex__problem *problem, const struct gex__edge *edge, uint64_t *state, double x[FIT_COUNT])
{
    double d[3], far;

    draw_line(problem, x, state, d);
    far = best_place(problem, x, d, exp(4 * draw(state) - 1));
    for (int half = 0; half < 5 && far != 0; half++, far /= 2) {
        double there[FIT_COUNT];

        memcpy(there, x, sizeof there);
        for (int a = 0; a < 3; a++)
            there[a] += far * d[a];
        if (!allowed(problem, edge, there))
            continue;
        if (gex__held(problem, there) >= gex__held(problem, x))
            memcpy(x, there, sizeof there);
        return;
    }
}

/* ---- m and s ----------------------------------------------------------------------------------------------------- */

/* x with another m and s, and level and slopes that leave total variance at three quotes, or draw it anew between bid
 * and ask there. @return false where three do not tell. */
static bool move(const struct gex__problem *problem, uint64_t *state, double x[FIT_COUNT])
{
    const double far = exp(-9 * draw(state)), s = exp(x[FIT_Q]), m = x[FIT_M];
    struct basis b[3];
    double w[3], determinant;

    x[FIT_M] += 2 * far * around(state) * fmax(s, 0.02);
    x[FIT_Q] += 2 * far * around(state);
    for (int n = 0; n < 3; n++) {
        const struct gex__quote *quote = draw_quote(problem, state);
        const double share = 5 * draw(state);

        w[n] = share < 1 ? quote->low + (quote->high - quote->low) * share : along(x, basis_at(quote->k, m, s));
        b[n] = basis_at(quote->k, x[FIT_M], exp(x[FIT_Q]));
    }
    for (int n = 1; n < 3; n++) {
        w[n] -= w[0];
        b[n].left -= b[0].left, b[n].right -= b[0].right;
    }
    determinant = b[1].left * b[2].right - b[2].left * b[1].right;
    if (!(fabs(determinant) > 1e-14))
        return false;
    x[FIT_L] = (w[1] * b[2].right - w[2] * b[1].right) / determinant;
    x[FIT_U] = (b[1].left * w[2] - b[2].left * w[1]) / determinant;
    x[FIT_A] = w[0] - x[FIT_L] * b[0].left - x[FIT_U] * b[0].right;
    return true;
}

double gex__search(const struct gex__problem *problem, const struct gex__edge *edge, int rounds, double x[FIT_COUNT])
{
    enum { LINES = 3 };
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    double most = gex__held(problem, x), all = 0;

    for (int64_t i = 0; i < problem->count; i++)
        all += problem->quote[i].weight;
    for (int round = 0; round < rounds && most < all; round++) {
        double there[FIT_COUNT], held;

        memcpy(there, x, sizeof there);
        if (draw(&state) < 0.6 && (!move(problem, &state, there) || !allowed(problem, edge, there)))
            continue;
        for (int line = 0; line < LINES; line++)
            walk(problem, edge, &state, there);
        held = gex__held(problem, there);
        if (held >= most) {
            most = held;
            memcpy(x, there, sizeof there);
        }
    }
    return most;
}
