/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The best slice that does nothing forbidden. One that has a butterfly is looked for on the edge of those that have
 * none, from three starts: the fit lifted, the fit with a flatter wing, and the fit repaired along its jump wings. From
 * each, squares first, since they have few valleys; then strays count ever less; then the expiry before, as a penalty
 * that is made ever heavier, or that before strays are forgiven. What is best once it is lifted decides.
 */
#include <math.h>
#include <string.h>

#include "fit.h"

enum { CAPS = 16, LAST = 3 };

/* Exact, over all k. */
bool gex__slice_sound(const struct gex__expiry *before, const double raw[5])
{
    double least, at;

    if (gex_svi_butterfly(raw, &least, &at, NULL) != GEX_OK || least < 0)
        return false;
    return before == NULL || (gex_svi_calendar(before->raw, raw, &least, &at, NULL) == GEX_OK && least >= 0);
}

static bool no_butterfly(const double x[FIT_COUNT])
{
    double raw[5];

    gex__raw_of(x, raw);
    return gex__slice_sound(NULL, raw);
}

static double on_edge(struct gex__problem *problem, const struct gex__edge *edge, double x[FIT_COUNT])
{
    problem->edge = edge;
    return gex__edge_lift(edge, x) ? gex__slice_polish(problem, x, GEX_FIT_FINE, NULL) : HUGE_VAL;
}

double gex__slice_settle(struct gex__problem *problem, const struct gex__edge *edge, double x[FIT_COUNT])
{
    double inside[FIT_COUNT], other[FIT_COUNT], cost, cost_other;

    memcpy(inside, x, sizeof inside);
    memcpy(other, x, sizeof other);
    problem->edge = NULL;
    cost = gex__slice_polish(problem, inside, GEX_FIT_FINE, NULL);
    if (!no_butterfly(inside)) {
        cost = on_edge(problem, edge, inside);
        cost_other = no_butterfly(other) ? on_edge(problem, edge, other) : HUGE_VAL;
        if (cost_other < cost) {
            cost = cost_other;
            memcpy(inside, other, sizeof inside);
        }
    }
    if (cost < HUGE_VAL)
        memcpy(x, inside, sizeof inside);
    return cost;
}

/* Another start: the wing on whose side the butterfly sits made flatter, with everything else
 * fitted to it, until there is none. */
static bool cap_wing(const struct gex__problem *free, const double raw[5], double x[FIT_COUNT])
{
    struct gex__problem problem = *free;
    double least, at;
    int side;

    if (gex_svi_butterfly(raw, &least, &at, NULL) != GEX_OK)
        return false;
    side = at > 0 ? 1 : 0;
    problem.edge = NULL, problem.fence = NULL, problem.stray = 0;
    gex__x_of(raw, x);
    for (int i = 0; i < CAPS && x[FIT_L + side] > problem.low[side]; i++) {
        problem.high[side] = fmax(problem.low[side], x[FIT_L + side] * 0.75);
        (void)gex__slice_polish(&problem, x, GEX_FIT_COARSE, NULL);
        if (no_butterfly(x))
            return true;
    }
    return false;
}

/* Ever less for strays, from x. */
static void forgive(struct gex__problem *problem, const struct gex__edge *edge, double stray, double x[FIT_COUNT])
{
    for (problem->stray = 16; stray > 0 && problem->stray >= stray; problem->stray /= 2)
        (void)gex__slice_settle(problem, edge, x);
    problem->stray = stray;
}

/* The fence, ever heavier, from x; raw is the first that is sound, or the last. Behind it ever less for strays, as long
 * as that stays sound, where they were squared. */
static void climb(const struct gex__problem *free, const struct gex__edge *edge, const struct gex__expiry *expiry,
                  const struct gex__expiry *before, double stray, double x[FIT_COUNT], double raw[5])
{
    struct gex__problem problem = *free;
    struct gex__fence fence;
    double there[5];

    gex__fence_make(expiry, before, &fence);
    problem.fence = &fence;
    for (double weight = 1; weight <= 1e8; weight *= 100) {
        fence.weight = weight * (double)problem.count;
        if (!(gex__slice_settle(&problem, edge, x) < HUGE_VAL))
            return;
        gex__raw_of(x, raw);
        if (gex__slice_sound(before, raw))
            break;
    }
    if (problem.stray > 0 || !gex__slice_sound(before, raw))
        return;
    for (problem.stray = 16; stray > 0 && problem.stray >= stray; problem.stray /= 2) {
        (void)gex__slice_settle(&problem, edge, x);
        gex__raw_of(x, there);
        if (gex__slice_sound(before, there))
            memcpy(raw, there, sizeof there);
    }
}

/* The k-th start; the last is the first again. @return false when there is none. */
static bool start_of(const struct gex__problem *problem, const struct gex__expiry *expiry, int k, bool *capped,
                     double x[FIT_COUNT])
{
    double repaired[5];

    gex__x_of(expiry->raw, x);
    if (k == 0 || k == LAST)
        return true;
    if (k == 1)
        return *capped = cap_wing(problem, expiry->raw, x);
    if (*capped || gex_svi_repair(expiry->raw, repaired, NULL, NULL) != GEX_OK)
        return false; /* dear, and seldom better than the second */
    gex__x_of(repaired, x);
    return true;
}

/* The objective of raw once it is lifted. */
static double lifted_cost(const struct gex__problem *free, const struct gex__expiry *expiry,
                          const struct gex__expiry *before, double stray, const double raw[5])
{
    struct gex__problem problem = *free;
    double lifted[5], x[FIT_COUNT];

    memcpy(lifted, raw, sizeof lifted);
    if (!gex__slice_lift(expiry, before, lifted))
        return HUGE_VAL;
    gex__x_of(lifted, x);
    problem.edge = NULL;
    problem.stray = stray;
    return gex__slice_cost(&problem, x);
}

bool gex__slice_free(struct gex__expiry *expiry, const struct gex__expiry *before, double stray)
{
    struct gex__problem problem;
    struct gex__edge edge;
    double x[FIT_COUNT], raw[5], kept[5], best = HUGE_VAL;
    bool capped = false, climbed = false;

    gex__edge_make(&edge);
    gex__problem_of(expiry, &problem);
    for (int k = 0; k <= LAST; k++) {
        double cost;

        problem.stray = 0;
        if (k == LAST &&
            (stray == 0 || !climbed)) /* squares up to the fence: a stray loses sight of quotes on the way */
            break;
        if (!start_of(&problem, expiry, k, &capped, x) || !(gex__slice_settle(&problem, &edge, x) < HUGE_VAL))
            continue;
        if (k < LAST)
            forgive(&problem, &edge, stray, x);
        gex__raw_of(x, raw);
        if (before != NULL && !gex__slice_sound(before, raw)) {
            climb(&problem, &edge, expiry, before, stray, x, raw);
            climbed = true;
        }
        cost = lifted_cost(&problem, expiry, before, stray, raw);
        if (cost < best) {
            best = cost;
            memcpy(kept, raw, sizeof kept);
        }
    }
    if (best < HUGE_VAL)
        memcpy(expiry->raw, kept, sizeof kept);
    return best < HUGE_VAL;
}
