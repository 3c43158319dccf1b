/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The best slice that does nothing forbidden. One that has a butterfly is looked for on the edge of those that have
 * none, from three starts: the fit lifted, the fit with a flatter wing, and the fit repaired along its jump wings.
 * Squares decide between them, since they have few valleys; then strays count ever less. The expiry before comes last,
 * as a penalty that is made ever heavier.
 */
#include <math.h>
#include <string.h>

#include "fit.h"

enum { CAPS = 16 };

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

/* Polished free, if that ends without a butterfly; else the better of two on the edge: from where that ended, and from
 * x where that has none. */
static double settle(struct gex__problem *problem, const struct gex__edge *edge, double x[FIT_COUNT])
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
        (void)settle(problem, edge, x);
    problem->stray = stray;
}

/* The fence, ever heavier, from x. @return whether what is in raw then is sound. */
static bool climb(const struct gex__problem *free, const struct gex__edge *edge, const struct gex__expiry *expiry,
                  const struct gex__expiry *before, double x[FIT_COUNT], double raw[5])
{
    struct gex__problem problem = *free;
    struct gex__fence fence;

    gex__fence_make(expiry, before, &fence);
    problem.fence = &fence;
    for (double weight = 1; weight <= 1e8; weight *= 100) {
        fence.weight = weight * (double)problem.count;
        if (!(settle(&problem, edge, x) < HUGE_VAL))
            break;
        gex__raw_of(x, raw);
        if (gex__slice_sound(before, raw))
            return true;
    }
    return false;
}

bool gex__slice_free(struct gex__expiry *expiry, const struct gex__expiry *before, double stray)
{
    struct gex__problem problem;
    struct gex__edge edge;
    double x[FIT_COUNT], start[FIT_COUNT], repaired[5], best = HUGE_VAL;
    bool capped = false;

    gex__edge_make(&edge);
    gex__problem_of(expiry, &problem);
    for (int way = 0; way < 3; way++) {
        double cost;

        gex__x_of(expiry->raw, x);
        if (way == 1 && !(capped = cap_wing(&problem, expiry->raw, x)))
            continue;
        if (way == 2) { /* dear, and seldom better than the second */
            if (capped || gex_svi_repair(expiry->raw, repaired, NULL, NULL) != GEX_OK)
                continue;
            gex__x_of(repaired, x);
        }
        problem.stray = 0;
        cost = settle(&problem, &edge, x);
        if (cost < best) {
            best = cost;
            memcpy(start, x, sizeof start);
        }
    }
    if (!(best < HUGE_VAL))
        return false;
    forgive(&problem, &edge, stray, start);
    gex__raw_of(start, expiry->raw);
    if (gex__slice_sound(before, expiry->raw))
        return true;
    return before != NULL && climb(&problem, &edge, expiry, before, start, expiry->raw);
}
