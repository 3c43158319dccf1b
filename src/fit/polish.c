/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Levenberg and Marquardt over all five numbers of a slice, within their bounds. The sum of squares holds the quotes, r
 * or its bounded form, and what the fence says about butterflies and the expiry before.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "fit.h"

/* Normal equations at x. */
struct step {
    double h[FIT_COUNT][FIT_COUNT], g[FIT_COUNT], cost;
};

static double bound(const struct gex__problem *problem, int i, int end)
{
    switch (i) {
    case FIT_L:
    case FIT_U:
        return end == 0 ? problem->low[i - FIT_L] : problem->high[i - FIT_L];
    case FIT_M:
        return problem->edge != NULL ? (end == 0 ? -1e4 : 1e4) : problem->m[end];
    case FIT_Q:
        return problem->edge != NULL ? 0 : problem->q[end];
    default:
        return end == 0 ? -1e6 : 1e6;
    }
}

/* ---- quotes ----------------------------------------------------------------------------------------------------- */

/* The quotes' part of the cost, and with `step` of its derivatives. */
static double quotes_part(const struct gex__problem *problem, const double x[FIT_COUNT], struct step *step)
{
    const double s = exp(x[FIT_Q]), per = problem->stray > 0 ? 1 / (problem->stray * problem->stray) : 0;
    const double hold = problem->hold * problem->hold;
    double cost = 0;

    for (int64_t i = 0; i < problem->count; i++) {
        const struct gex__quote *quote = &problem->quote[i];
        const double at = quote->k - x[FIT_M], root = sqrt(at * at + s * s), left = (root - at) / 2,
                     right = (root + at) / 2;
        const double w = x[FIT_A] + x[FIT_L] * left + x[FIT_U] * right;
        double r = (w - quote->mid) * quote->scale, slope = quote->scale;
        double j[FIT_COUNT];

        if (hold > 0) {
            const double v = (w - fmax(quote->low, fmin(quote->high, w))) * quote->unit;
            const double damp = quote->weight / (v * v + hold), root_damp = sqrt(damp);
            slope = quote->unit * hold / (v * v + hold) * root_damp;
            r = v * root_damp;
        } else if (per > 0) {
            const double u = r * r * per, damp = 1 / (1 + u * u), root_damp = sqrt(damp);
            slope *= 2 * r * per * damp * root_damp;
            r = u * root_damp;
        }
        cost += r * r;
        if (step == NULL || (hold > 0 && r == 0)) /* within bid and ask nothing pulls */
            continue;
        j[FIT_A] = slope;
        j[FIT_L] = slope * left;
        j[FIT_U] = slope * right;
        j[FIT_M] = -slope * (x[FIT_U] * right - x[FIT_L] * left) / root; /* -dw/dk */
        j[FIT_Q] = slope * (x[FIT_L] + x[FIT_U]) / 2 * s * s / root;     /* s dw/ds */
        for (int a = 0; a < FIT_COUNT; a++) {
            step->g[a] += j[a] * r;
            for (int b = 0; b <= a; b++)
                step->h[a][b] += j[a] * j[b];
        }
    }
    return cost;
}

/* ---- fences ----------------------------------------------------------------------------------------------------- */

/* Total variance below the expiry before (side 1) or above the one after (side -1), relative to theirs. The millionth
 * more speaks for what lies between the points. */
static double fence_part(const struct gex__fence *fence, int side, const double x[FIT_COUNT], struct step *step)
{
    const double weight = fence != NULL ? fence->weight : 0, s = exp(x[FIT_Q]);
    double cost = 0;

    for (int i = 0; weight > 0 && i < GEX_FIT_GRID; i++) {
        const double at = fence->k[i] - x[FIT_M], root = sqrt(at * at + s * s), left = (root - at) / 2,
                     right = (root + at) / 2;
        const double w = x[FIT_A] + x[FIT_L] * left + x[FIT_U] * right, slope = -side / fence->w[i];
        const double breach = side + 1e-6 + w * slope;
        double j[FIT_COUNT];

        if (!(breach > 0))
            continue;
        cost += weight * breach * breach;
        if (step == NULL)
            continue;
        j[FIT_A] = slope;
        j[FIT_L] = slope * left;
        j[FIT_U] = slope * right;
        j[FIT_M] = -slope * (x[FIT_U] * right - x[FIT_L] * left) / root;
        j[FIT_Q] = slope * (x[FIT_L] + x[FIT_U]) / 2 * s * s / root;
        for (int a = 0; a < FIT_COUNT; a++) {
            step->g[a] += weight * j[a] * breach;
            for (int b = 0; b <= a; b++)
                step->h[a][b] += weight * j[a] * j[b];
        }
    }
    return cost;
}

static double all_parts(const struct gex__problem *problem, const double x[FIT_COUNT], struct step *step)
{
    return quotes_part(problem, x, step) + fence_part(problem->fence, 1, x, step) +
           fence_part(problem->roof, -1, x, step);
}

double gex__slice_cost(const struct gex__problem *problem, const double x[FIT_COUNT])
{
    return all_parts(problem, x, NULL);
}

static void carry_over(const struct gex__problem *problem, const double z[FIT_COUNT], const double x[FIT_COUNT],
                       struct step *step);

static void equations(const struct gex__problem *problem, const double z[FIT_COUNT], const double x[FIT_COUNT],
                      struct step *step)
{
    memset(step, 0, sizeof *step);
    step->cost = all_parts(problem, x, step);
    for (int a = 0; a < FIT_COUNT; a++)
        for (int b = 0; b < a; b++)
            step->h[b][a] = step->h[a][b];
    if (problem->edge != NULL)
        carry_over(problem, z, x, step);
}

/* ---- on the edge ------------------------------------------------------------------------------------------------ */

static bool place(const struct gex__problem *problem, const double z[FIT_COUNT], double x[FIT_COUNT])
{
    if (problem->edge != NULL)
        return gex__edge_find(problem->edge, z, x);
    memcpy(x, z, FIT_COUNT * sizeof *x);
    return true;
}

/* From derivatives in x to those in z, by differences of the four numbers; the fifth moves nothing. */
static void carry_over(const struct gex__problem *problem, const double z[FIT_COUNT], const double x[FIT_COUNT],
                       struct step *step)
{
    double t[FIT_COUNT][FIT_COUNT] = {{0}}, half[FIT_COUNT][FIT_COUNT] = {{0}}, g[FIT_COUNT] = {0};

    for (int b = 0; b < FIT_Q; b++) {
        double moved[FIT_COUNT], there[FIT_COUNT], h = 1e-6 * (fabs(z[b]) + 1e-3);

        memcpy(moved, z, sizeof moved);
        moved[b] += h;
        if (!place(problem, moved, there)) { /* a wall on that side */
            moved[b] = z[b] - h;
            h = -h;
            if (!place(problem, moved, there))
                memcpy(there, x, sizeof there);
        }
        for (int a = 0; a < FIT_COUNT; a++)
            t[a][b] = (there[a] - x[a]) / h;
    }
    for (int a = 0; a < FIT_COUNT; a++)
        for (int b = 0; b < FIT_COUNT; b++) {
            g[b] += t[a][b] * step->g[a];
            for (int c = 0; c < FIT_COUNT; c++)
                half[a][b] += step->h[a][c] * t[c][b];
        }
    memset(step->h, 0, sizeof step->h);
    memcpy(step->g, g, sizeof g);
    for (int a = 0; a < FIT_COUNT; a++)
        for (int b = 0; b < FIT_COUNT; b++)
            for (int c = 0; c < FIT_COUNT; c++)
                step->h[a][b] += t[c][a] * half[c][b];
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

/* Cholesky of a positive definite matrix in place, lower half. @return false when it is not. */
static bool factor(double h[FIT_COUNT][FIT_COUNT])
{
    for (int a = 0; a < FIT_COUNT; a++)
        for (int b = 0; b <= a; b++) {
            double sum = h[a][b];
            for (int i = 0; i < b; i++)
                sum -= h[a][i] * h[b][i];
            if (a == b) {
                if (!(sum > 0))
                    return false;
                h[a][a] = sqrt(sum);
            } else {
                h[a][b] = sum / h[b][b];
            }
        }
    return true;
}

static void substitute(double h[FIT_COUNT][FIT_COUNT], double y[FIT_COUNT])
{
    for (int a = 0; a < FIT_COUNT; a++) {
        for (int i = 0; i < a; i++)
            y[a] -= h[a][i] * y[i];
        y[a] /= h[a][a];
    }
    for (int a = FIT_COUNT; a-- > 0;) {
        for (int i = a + 1; i < FIT_COUNT; i++)
            y[a] -= h[i][a] * y[i];
        y[a] /= h[a][a];
    }
}

/* Numbers that stand at a bound and would leave it are held. The matrix is scaled by its diagonal, which `damping` adds
 * to. */
static bool find_move(const struct gex__problem *problem, const double x[FIT_COUNT], const struct step *step,
                      double damping, double move[FIT_COUNT], double *promised)
{
    double h[FIT_COUNT][FIT_COUNT], scale[FIT_COUNT];
    bool held[FIT_COUNT];

    for (int a = 0; a < FIT_COUNT; a++) {
        held[a] = !(step->h[a][a] > 0) || (x[a] <= bound(problem, a, 0) && step->g[a] > 0) ||
                  (x[a] >= bound(problem, a, 1) && step->g[a] < 0);
        scale[a] = held[a] ? 1 : 1 / sqrt(step->h[a][a]);
    }
    for (int a = 0; a < FIT_COUNT; a++) {
        for (int b = 0; b < FIT_COUNT; b++)
            h[a][b] = held[a] || held[b] ? 0 : step->h[a][b] * scale[a] * scale[b];
        h[a][a] = held[a] ? 1 : 1 + damping;
        move[a] = held[a] ? 0 : -step->g[a] * scale[a];
    }
    if (!factor(h))
        return false;
    substitute(h, move);
    *promised = 0; /* by the linear model: move' (damping D move - g) */
    for (int a = 0; a < FIT_COUNT; a++) {
        *promised += held[a] ? 0 : move[a] * (damping * move[a] - step->g[a] * scale[a]);
        move[a] *= scale[a];
    }
    return true;
}

/* Variances of the two slopes, from the quotes alone: the diagonal of the inverse. */
static void slope_errors(const struct gex__problem *problem, const double x[FIT_COUNT], double out[2])
{
    struct step step = {.cost = 0};
    double scale[FIT_COUNT];

    (void)quotes_part(problem, x, &step);
    for (int a = 0; a < FIT_COUNT; a++)
        scale[a] = step.h[a][a] > 0 ? 1 / sqrt(step.h[a][a]) : 0;
    for (int a = 0; a < FIT_COUNT; a++) {
        for (int b = 0; b < a; b++)
            step.h[a][b] *= scale[a] * scale[b];
        step.h[a][a] = 1 + 1e-12;
    }
    out[0] = out[1] = 1e12;
    if (!factor(step.h))
        return;
    for (int side = 0; side < 2; side++) {
        double unit[FIT_COUNT] = {0};
        unit[FIT_L + side] = 1;
        substitute(step.h, unit);
        out[side] = fmax(unit[FIT_L + side] * scale[FIT_L + side] * scale[FIT_L + side], 1e-18);
    }
}

/* The point of one step: within the bounds, and where quotes count by squares, with the best level and slopes for its m
 * and s, which is what lets steps follow the bent valley of (m, s). @return its cost; +inf where there is no such
 * point. */
static double try_move(const struct gex__problem *problem, const double z[FIT_COUNT], const double move[FIT_COUNT],
                       double next[FIT_COUNT], double there[FIT_COUNT])
{
    double better[FIT_COUNT], cost, cost_better;

    for (int a = 0; a < FIT_COUNT; a++)
        next[a] = fmax(bound(problem, a, 0), fmin(bound(problem, a, 1), z[a] + move[a]));
    if (!place(problem, next, there))
        return HUGE_VAL;
    cost = gex__slice_cost(problem, there);
    if (problem->edge != NULL || problem->stray > 0 || problem->hold > 0 || problem->fence != NULL ||
        problem->roof != NULL)
        return cost;
    cost_better = gex__slice_inner(problem, there[FIT_M], exp(there[FIT_Q]), better);
    if (!(cost_better < cost))
        return cost;
    memcpy(next, better, sizeof better);
    memcpy(there, better, sizeof better);
    return cost_better;
}

/* Damping as in Nielsen (1999): it falls by as much as the linear model was right, and rises ever faster while it is
 * wrong. */
double gex__slice_polish(const struct gex__problem *problem, double x[FIT_COUNT], int steps, double *slope_error)
{
    double damping = 1e-3, rise = 2, z[FIT_COUNT];
    struct step step;
    int still = 0;

    memcpy(z, x, sizeof z);
    if (problem->edge != NULL)
        gex__edge_of(x, z);
    for (int a = 0; a < FIT_COUNT; a++)
        z[a] = fmax(bound(problem, a, 0), fmin(bound(problem, a, 1), z[a]));
    if (!place(problem, z, x))
        return HUGE_VAL;
    equations(problem, z, x, &step);
    for (int n = 0; n < steps && still < 2 && damping < 1e12; n++) {
        double move[FIT_COUNT], next[FIT_COUNT], there[FIT_COUNT], promised = 0, kept, cost = HUGE_VAL;

        if (find_move(problem, z, &step, damping, move, &promised))
            cost = try_move(problem, z, move, next, there);
        if (!(cost < step.cost)) {
            damping = fmax(damping, 1e-12) * rise;
            rise *= 2;
            continue;
        }
        kept = promised > 0 ? 2 * (step.cost - cost) / promised - 1 : 1;
        damping *= fmax(0.1, 1 - kept * kept * kept);
        rise = 2;
        still = step.cost - cost <= (steps > GEX_FIT_COARSE ? 1e-9 : 1e-3) * cost ? still + 1 : 0;
        memcpy(z, next, sizeof z);
        memcpy(x, there, sizeof there);
        equations(problem, z, x, &step);
    }
    if (slope_error != NULL)
        slope_errors(problem, x, slope_error);
    return step.cost;
}
