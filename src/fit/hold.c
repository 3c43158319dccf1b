/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slice that holds the most quotes within bid and ask. Five numbers seldom hold all: what gives way is a wing,
 * where options cost a few cents, so fits of windows of the strikes are the starts. From each, a quote counts
 * v^2 / (v^2 + t^2), v its distance from bid or ask in half-spreads,
 * with t halved until that is a count; then search.c.
 */
#include <math.h>
#include <string.h>

#include "fit.h"

enum { LEFTS = 7, RIGHTS = 4, STARTS = 5, FEWEST = 5, ROUNDS = 20, ROUNDS_FREE = 80, ROUNDS_BETWEEN = 60 };

static double weight_of(const struct gex__problem *problem)
{
    double sum = 0;

    for (int64_t i = 0; i < problem->count; i++)
        sum += problem->quote[i].weight;
    return sum;
}

/* ---- windows ----------------------------------------------------------------------------------------------------- */

/* Of the windows that give up one share of the quotes on the left, the fit by squares that holds most of all. */
struct window {
    double x[FIT_COUNT], held; /* below 0: none */
};

static void fit_windows(const struct gex__problem *problem, const double raw[5], struct window window[LEFTS])
{
    static const double left[LEFTS] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, right[RIGHTS] = {0, 0.04, 0.1, 0.2};

    for (int l = 0; l < LEFTS; l++)
        window[l].held = -1;
    for (int r = 0; r < RIGHTS; r++) {
        double x[FIT_COUNT];

        gex__x_of(raw, x);
        for (int l = 0; l < LEFTS; l++) {
            const int64_t from = (int64_t)(left[l] * (double)problem->count);
            const int64_t count = problem->count - (int64_t)(right[r] * (double)problem->count) - from;
            struct gex__problem part = *problem;
            double held;

            if (count < FEWEST)
                continue;
            part.quote += from;
            part.count = count;
            if (l + r > 0)
                (void)gex__slice_polish(&part, x, GEX_FIT_COARSE, NULL);
            held = gex__held(problem, x);
            if (held > window[l].held) {
                window[l].held = held;
                memcpy(window[l].x, x, sizeof x);
            }
        }
    }
}

/* Those that hold most first; of equals the wider. */
static void order_windows(const struct window window[LEFTS], int order[LEFTS])
{
    for (int l = 0; l < LEFTS; l++) {
        int at = l;
        for (; at > 0 && window[l].held > window[order[at - 1]].held; at--)
            order[at] = order[at - 1];
        order[at] = l;
    }
}

/* ---- one slice --------------------------------------------------------------------------------------------------- */

/* From x: ever more a count, and of what that passes the slice that holds most. @return what it holds, below 0 where
 * nothing on the way was without a butterfly. */
static double anneal(const struct gex__problem *free, const struct gex__edge *edge, double x[FIT_COUNT])
{
    struct gex__problem problem = *free;
    double kept[FIT_COUNT], most = -1;

    for (problem.hold = 0.5; problem.hold > 0.02; problem.hold /= 2) {
        double held;

        if (edge == NULL)
            (void)gex__slice_polish(&problem, x, 2 * GEX_FIT_COARSE, NULL);
        else if (!(gex__slice_settle(&problem, edge, x) < HUGE_VAL) || !(gex__edge_share(edge, x) < 1))
            continue;
        held = gex__held(&problem, x);
        if (held > most) {
            most = held;
            memcpy(kept, x, sizeof kept);
        }
    }
    if (most >= 0)
        memcpy(x, kept, sizeof kept);
    return most;
}

void gex__slice_hold(struct gex__expiry *expiry, bool sound, int rounds)
{
    struct gex__problem problem;
    struct gex__edge edge;
    struct window window[LEFTS];
    double x[FIT_COUNT], best[FIT_COUNT], most = -1;
    int order[LEFTS];

    expiry->most_held[0] = (double)NAN;
    gex__problem_of(expiry, &problem);
    gex__x_of(expiry->raw, x);
    if (gex__held(&problem, x) >= weight_of(&problem) && (!sound || gex__slice_sound(NULL, expiry->raw)))
        return;
    if (sound)
        gex__edge_make(&edge);
    fit_windows(&problem, expiry->raw, window);
    order_windows(window, order);
    for (int i = 0; i < STARTS; i++) {
        double held;

        memcpy(x, window[order[i]].x, sizeof x);
        if (window[order[i]].held < 0 || anneal(&problem, sound ? &edge : NULL, x) < 0)
            continue;
        held = gex__search(&problem, sound ? &edge : NULL, sound ? ROUNDS : ROUNDS_FREE, x);
        if (held > most) {
            most = held;
            memcpy(best, x, sizeof best);
        }
    }
    if (most < 0)
        return;
    (void)gex__search(&problem, sound ? &edge : NULL, rounds, best);
    gex__raw_of(best, expiry->most_held);
}

/* ---- between neighbours ------------------------------------------------------------------------------------------ */

static bool sound_between(const struct gex__expiry *before, const struct gex__expiry *after, const double raw[5])
{
    double least, at;

    return gex__slice_sound(before, raw) &&
           (after == NULL || (gex_svi_calendar(raw, after->raw, &least, &at, NULL) == GEX_OK && least >= 0));
}

/* From x, the neighbours ever heavier until nothing is violated; lifted at the end. @return false where it still is. */
static bool squeeze(const struct gex__problem *free, struct gex__fence *fence, struct gex__fence *roof,
                    const struct gex__edge *edge, const struct gex__expiry *expiry, const struct gex__expiry *before,
                    const struct gex__expiry *after, double x[FIT_COUNT])
{
    struct gex__problem problem = *free;
    double raw[5];

    problem.hold = 0.25;
    for (double weight = 1; weight <= 1e8; weight *= 100) {
        fence->weight = roof->weight = weight * (double)problem.count;
        if (!(gex__slice_settle(&problem, edge, x) < HUGE_VAL))
            break;
        gex__raw_of(x, raw);
        if (sound_between(before, after, raw))
            return true;
    }
    gex__raw_of(x, raw);
    if (!gex__slice_lift(expiry, before, raw) || !sound_between(before, after, raw))
        return false;
    gex__x_of(raw, x);
    return true;
}

/* x searched further, if what is found is sound, or else as it is, if that holds more than kept. */
static void keep_better(const struct gex__problem *problem, const struct gex__edge *edge,
                        const struct gex__expiry *before, const struct gex__expiry *after, const double x[FIT_COUNT],
                        double *most, double kept[5])
{
    double there[FIT_COUNT], raw[5];

    memcpy(there, x, sizeof there);
    (void)gex__search(problem, edge, ROUNDS_BETWEEN, there);
    gex__raw_of(there, raw);
    if (!sound_between(before, after, raw)) {
        memcpy(there, x, sizeof there);
        gex__raw_of(there, raw);
    }
    if (gex__held(problem, there) > *most) {
        *most = gex__held(problem, there);
        memcpy(kept, raw, sizeof raw);
    }
}

void gex__slice_hold_between(struct gex__expiry *expiry, const struct gex__expiry *before,
                             const struct gex__expiry *after)
{
    struct gex__problem problem;
    struct gex__edge edge;
    struct gex__fence fence, roof;
    double x[FIT_COUNT], kept[5], most = -1;
    const double *start[3] = {expiry->raw, expiry->most_held, before != NULL ? before->raw : expiry->most_held};

    gex__problem_of(expiry, &problem);
    gex__x_of(expiry->raw, x);
    memcpy(kept, expiry->raw, sizeof kept);
    if (sound_between(before, after, kept)) {
        most = gex__held(&problem, x);
        if (most >= weight_of(&problem))
            return;
    }
    gex__edge_make(&edge);
    if (before != NULL) {
        gex__fence_make(expiry, before, &fence);
        problem.fence = &fence;
    }
    if (after != NULL) {
        gex__fence_make(expiry, after, &roof);
        problem.roof = &roof;
    }
    if (most >= 0)
        keep_better(&problem, &edge, before, after, x, &most, kept);
    for (int i = 0; i < 3; i++) {
        if (isnan(start[i][0]) || (i == 2 && before == NULL))
            continue;
        gex__x_of(start[i], x);
        if (squeeze(&problem, &fence, &roof, &edge, expiry, before, after, x))
            keep_better(&problem, &edge, before, after, x, &most, kept);
    }
    memcpy(expiry->raw, kept, sizeof kept);
}
