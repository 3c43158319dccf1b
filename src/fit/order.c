/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices that do not contradict each other.
 *
 * Far out only slopes count, so they come first: the slopes of independent fits are made to rise with years by isotonic
 * regression, each weighted by how well its quotes tell it. Then, from the first expiry on, a slice is fitted between
 * the slopes of the one before and the level of the one after, whatever that makes of it: so wings cannot cross, and a
 * slope no quote speaks for does not rule all later ones. One that still lies below the expiry before somewhere is
 * fitted again with that as a penalty. What is left is lifted: a constant added to w keeps slopes, raises it over the
 * one before, and g tends to 1 - w'^2 / 16 + w'' / 2 > 0, so that enough of it always leaves no arbitrage. How much was
 * needed is reported; on quotes it is far below a vol point.
 */
#include <math.h>
#include <string.h>

#include "fit.h"

static struct gex__expiry *nth(const struct gex__work *work, int64_t i)
{
    return &work->expiry[work->by_years[i]];
}

static double slope_of(const struct gex__expiry *expiry, int side)
{
    return expiry->raw[1] * (1 + (side == 0 ? -1 : 1) * expiry->raw[2]);
}

/* ---- slopes ----------------------------------------------------------------------------------------------------- */

void gex__isotonic(struct gex__expiry *expiry, const int64_t *order, int64_t count, int at)
{
    /* pools stand at the place of their last member and know their size */
    for (int64_t i = 0; i < count; i++) {
        struct gex__expiry *here = &expiry[order[i]];

        here->pool_size = 1;
        while (here->pool_size <= i) {
            const struct gex__expiry *left = &expiry[order[i - here->pool_size]];
            const double weight = left->pool_weight + here->pool_weight;

            if (left->pool[at] <= here->pool[at])
                break;
            here->pool[at] += (left->pool[at] - here->pool[at]) * (left->pool_weight / weight);
            here->pool_weight = weight;
            here->pool_size += left->pool_size;
        }
    }
    for (int64_t i = count; i > 0;) {
        const struct gex__expiry *pool = &expiry[order[i - 1]];
        const int64_t from = i - pool->pool_size;
        for (i--; i > from; i--)
            expiry[order[i - 1]].pool[at] = pool->pool[at];
    }
}

void gex__order_slopes(struct gex__work *work)
{
    for (int side = 0; side < 2; side++) {
        for (int64_t i = 0; i < work->used; i++) {
            nth(work, i)->pool[side] = slope_of(nth(work, i), side);
            nth(work, i)->pool_weight = 1 / nth(work, i)->slope_error[side];
        }
        gex__isotonic(work->expiry, work->by_years, work->used, side);
    }
}

/* ---- fences ----------------------------------------------------------------------------------------------------- */

static double variance_of(const double raw[5], double k)
{
    const double x = k - raw[3];
    return raw[0] + raw[1] * (raw[2] * x + sqrt(x * x + raw[4] * raw[4]));
}

/* 101 points over the quotes and half their range to either side, and 20 more on each out to five. */
void gex__fence_make(const struct gex__expiry *expiry, const struct gex__expiry *other, struct gex__fence *fence)
{
    enum { INNER = 101, OUTER = 20 };
    const double from = expiry->quote[0].k, to = expiry->quote[expiry->count - 1].k, range = fmax(to - from, 1e-3);
    const double left = from - range / 2, right = to + range / 2;

    for (int i = 0; i < INNER; i++)
        fence->k[i] = left + (right - left) * i / (INNER - 1);
    for (int i = 0; i < OUTER; i++) {
        const double out = 5 * pow(0.7, OUTER - 1 - i);
        fence->k[INNER + i] = left - out;
        fence->k[INNER + OUTER + i] = right + out;
    }
    for (int i = 0; i < GEX_FIT_GRID; i++)
        fence->w[i] = variance_of(other->raw, fence->k[i]);
    fence->weight = 0;
}

/* ---- enforcing -------------------------------------------------------------------------------------------------- */

static bool in_range(const struct gex__expiry *expiry, const double raw[5])
{
    for (int side = 0; side < 2; side++) {
        const double slope = raw[1] * (1 + (side == 0 ? -1 : 1) * raw[2]);
        if (slope < expiry->low[side] || slope > expiry->high[side])
            return false;
    }
    return true;
}

/* Slopes within their range, wherever the fit ended. */
static void clamp_slopes(const struct gex__expiry *expiry, double raw[5])
{
    double x[FIT_COUNT];

    if (in_range(expiry, raw))
        return;
    gex__x_of(raw, x);
    for (int side = 0; side < 2; side++)
        x[FIT_L + side] = fmax(expiry->low[side], fmin(expiry->high[side], x[FIT_L + side]));
    gex__raw_of(x, raw);
}

/* The least constant that leaves no arbitrage, within a millionth of itself. @return false: none up to `most` does. */
static bool lift_by(const struct gex__expiry *before, double raw[5], double most, double *raised)
{
    const double from = raw[0];
    double low = 0, high = 1e-9 + 1e-6 * fabs(variance_of(raw, 0));

    *raised = 0;
    if (gex__slice_sound(before, raw))
        return true;
    for (raw[0] = from + high; !gex__slice_sound(before, raw); raw[0] = from + high) {
        low = high;
        high *= 2;
        if (high > most)
            return false;
    }
    for (int i = 0; i < 20; i++) {
        const double middle = low + (high - low) / 2;
        raw[0] = from + middle;
        *(gex__slice_sound(before, raw) ? &high : &low) = middle;
    }
    raw[0] = from + high;
    *raised = high;
    return true;
}

bool gex__slice_lift(const struct gex__expiry *expiry, const struct gex__expiry *before, double raw[5])
{
    double raised;

    clamp_slopes(expiry, raw);
    return lift_by(before, raw, 1e4, &raised);
}

/* Where no constant helps, as when rounding spoils a slice no market has, the expiry before is the slice, a little
 * higher. */
static void lift(struct gex__expiry *expiry, const struct gex__expiry *before)
{
    double raw[5];

    memcpy(raw, expiry->raw, sizeof raw);
    if (!lift_by(before, raw, 1e4, &expiry->raised) && before != NULL) {
        memcpy(raw, before->raw, sizeof raw);
        (void)lift_by(before, raw, 1e4, &expiry->raised);
    }
    memcpy(expiry->raw, raw, sizeof raw);
}

#define ROUNDING 2e-15 /* of b (1 - rho) for b up to 2 */

/* Never flatter than the expiry before, and no steeper than the level of the one after. */
static void set_range(struct gex__work *work, int64_t i, const struct gex__expiry *before)
{
    struct gex__expiry *expiry = nth(work, i);

    for (int side = 0; side < 2; side++) {
        expiry->low[side] = before != NULL ? fmin(2, slope_of(before, side) + ROUNDING) : 0;
        expiry->high[side] = fmax(expiry->low[side], i + 1 < work->used ? fmin(2, nth(work, i + 1)->pool[side]) : 2);
    }
}

void gex__order_enforce(struct gex__work *work)
{
    const int32_t loss = work->columns.loss;
    const struct gex__expiry *before = NULL;

    gex__order_slopes(work);
    for (int64_t i = 0; i < work->used; i++) {
        struct gex__expiry *expiry = nth(work, i);
        const bool own = expiry->fitted == GEX_FITTED_OWN, all_held = isnan(expiry->most_held[0]);
        const double stray = loss == GEX_LOSS_BOUNDED || (loss == GEX_LOSS_HELD && !all_held) ? 1 : 0;

        set_range(work, i, before);
        /* strays are forgiven here: the slopes come from squares, which agree better from one expiry to the next */
        if (own && (stray > 0 || !in_range(expiry, expiry->raw) || !gex__slice_sound(before, expiry->raw)))
            (void)gex__slice_free(expiry, before, stray);
        clamp_slopes(expiry, expiry->raw);
        lift(expiry, before);
        before = expiry;
    }
}

/* Between the slopes of two neighbours as they are. */
static void set_range_between(struct gex__expiry *expiry, const struct gex__expiry *before,
                              const struct gex__expiry *after)
{
    for (int side = 0; side < 2; side++) {
        expiry->low[side] = before != NULL ? fmin(2, slope_of(before, side) + ROUNDING) : 0;
        expiry->high[side] = fmax(expiry->low[side], after != NULL ? slope_of(after, side) - ROUNDING : 2);
    }
}

/* Strays forgiven first, which is robust; then each slice takes what its neighbours leave. */
void gex__order_hold(struct gex__work *work)
{
    enum { WAYS = 2 };

    gex__order_enforce(work);
    for (int way = 0; way < WAYS; way++)
        for (int64_t n = 0; n < work->used; n++) {
            const int64_t i = way % 2 == 0 ? work->used - 1 - n : n;
            struct gex__expiry *expiry = nth(work, i);
            const struct gex__expiry *before = i > 0 ? nth(work, i - 1) : NULL;
            const struct gex__expiry *after = i + 1 < work->used ? nth(work, i + 1) : NULL;

            set_range_between(expiry, before, after);
            if (expiry->fitted == GEX_FITTED_OWN)
                gex__slice_hold_between(expiry, before, after);
        }
}

void gex__order_lift(struct gex__work *work)
{
    for (int64_t i = 0; i < work->used; i++)
        lift(nth(work, i), NULL);
}
