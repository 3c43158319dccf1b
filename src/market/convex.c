/* SPDX-License-Identifier: Apache-2.0 */
/* The greatest convex prices below a bound, and the nearest to given ones. */
#include "convex.h"

#include <math.h>
#include <string.h>

/* ---- the greatest ----------------------------------------------------------------------------------------------- */

/* Whether knot `b` lies above the line from a to c. */
static bool above(const struct gex__knot *a, const struct gex__knot *b, const struct gex__knot *c)
{
    return (b->top - a->top) * (c->strike - a->strike) > (c->top - a->top) * (b->strike - a->strike);
}

/*
 * The greatest function below `high` that does not rise, then the greatest below it that does not fall faster than the
 * strike rises, then its convex hull, whose slopes are means of those: the maximum of two such functions is one, so
 * there is a greatest, and it is this.
 */
void gex__knots_top(struct gex__knot *knot, int64_t count)
{
    int64_t last = 0;

    for (int64_t i = 0; i < count; i++)
        knot[i].top = i > 0 ? fmin(knot[i].high, knot[i - 1].top) : knot[i].high;
    for (int64_t i = count - 2; i >= 0; i--)
        knot[i].top = fmin(knot[i].top, knot[i + 1].top + (knot[i + 1].strike - knot[i].strike));
    for (int64_t i = 0; i < count; i++) { /* links lead to the vertex of the hull before */
        for (last = i - 1; last > 0 && above(&knot[knot[last].link], &knot[last], &knot[i]);)
            last = knot[last].link;
        knot[i].link = last;
    }
    for (int64_t right = count - 1, left; right > 0; right = left) {
        left = knot[right].link;
        for (int64_t i = left + 1; i < right; i++)
            knot[i].top =
                knot[left].top + (knot[right].top - knot[left].top) *
                                     ((knot[i].strike - knot[left].strike) / (knot[right].strike - knot[left].strike));
    }
}

bool gex__knots_between(const struct gex__knot *knot, int64_t count, double strike, int64_t *at, double *share)
{
    int64_t low = 0, high = count - 1;

    if (count < 2 || !(strike >= knot[0].strike && strike <= knot[high].strike))
        return false;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        *(knot[middle].strike <= strike ? &low : &high) = middle;
    }
    *at = low;
    *share = (strike - knot[low].strike) / (knot[high].strike - knot[low].strike);
    return true;
}

/* What rounding may have done to a price at this strike. */
static double rounding(double strike, double price)
{
    return 1e-13 * (2 * fabs(price) + strike);
}

/* ---- checks ----------------------------------------------------------------------------------------------------- */

bool gex__knots_possible(const struct gex__knot *knot, int64_t count, const struct gex__floor *floors,
                         int64_t floor_count)
{
    double share;
    int64_t at;

    for (int64_t i = 0; i < count; i++)
        if (knot[i].top < knot[i].low - rounding(knot[i].strike, knot[i].low))
            return false;
    for (int64_t i = 0; i < floor_count; i++)
        if (gex__knots_between(knot, count, floors[i].strike, &at, &share) &&
            knot[at].top + (knot[at + 1].top - knot[at].top) * share <
                floors[i].price - rounding(floors[i].strike, floors[i].price))
            return false;
    return true;
}

bool gex__knots_sound(const struct gex__knot *knot, int64_t count, const struct gex__floor *floors, int64_t floor_count)
{
    double share;
    int64_t at;

    for (int64_t i = 0; i + 1 < count; i++) {
        const double fall = knot[i].price - knot[i + 1].price, width = knot[i + 1].strike - knot[i].strike;
        const double slack = rounding(knot[i + 1].strike, knot[i].price);
        if (fall < -slack || fall > width + slack)
            return false;
    }
    for (int64_t i = 1; i + 1 < count; i++) {
        const struct gex__knot *a = &knot[i - 1], *b = &knot[i], *c = &knot[i + 1];
        const double line = a->price + (c->price - a->price) * ((b->strike - a->strike) / (c->strike - a->strike));
        if (b->price - line > rounding(c->strike, a->price))
            return false;
    }
    for (int64_t i = 0; i < floor_count; i++)
        if (gex__knots_between(knot, count, floors[i].strike, &at, &share) &&
            floors[i].price - (knot[at].price + (knot[at + 1].price - knot[at].price) * share) >
                rounding(floors[i].strike, floors[i].price))
            return false;
    return true;
}

/* ---- the least largest change ----------------------------------------------------------------------------------- */

static double half_of(const struct gex__knot *knot, double least)
{
    return fmax(knot->half, least);
}

/* Bounds drawn together around the middles by bisection. */
static void solve_by_bounds(struct gex__knot *knot, int64_t count, const struct gex__floor *floors, int64_t floor_count,
                            double unit)
{
    double low = 0, high = 2;

    for (int i = 0; i <= 50; i++) {
        const double most = i == 50 ? high : low + (high - low) / 2;
        bool possible = true;

        for (int64_t k = 0; k < count; k++) {
            knot[k].price = knot[k].high;
            knot[k].high = fmin(knot[k].high, knot[k].middle + most * half_of(&knot[k], unit));
        }
        gex__knots_top(knot, count);
        for (int64_t k = 0; k < count; k++) {
            possible = possible && knot[k].top >= knot[k].middle - most * half_of(&knot[k], unit);
            knot[k].high = knot[k].price;
        }
        possible = possible && gex__knots_possible(knot, count, floors, floor_count);
        *(possible ? &high : &low) = most;
    }
    for (int64_t k = 0; k < count; k++)
        knot[k].price = knot[k].top;
}

/* ---- least squares ---------------------------------------------------------------------------------------------- */

/*
 * With x = (price - middle) / unit, unit the smallest half-spread above zero:
 *
 *     least sum w x^2 / 2, w = (unit / half-spread)^2, where every tie is at or above zero
 *
 * A tie spans at most three neighbours, so the matrix of a step has five diagonals.
 */
struct problem {
    const struct gex__convex *room;
    int64_t count, ties;
    double unit;
};

static void tie_add(struct problem *p, int64_t at, double c0, double c1, double c2, double constant)
{
    p->room->tie[p->ties++] = (struct gex__tie){.at = at, .c = {c0, c1, c2}, .constant = constant};
}

/* Bounds and floors are a little wider than they are, and lines by what rounding does to them, so that there is room
 * between equal ones. */
#define WIDER 1e-12
#define BENT 1e-13

static void ties_make(struct problem *p, const struct gex__knot *knot, const struct gex__floor *floors,
                      int64_t floor_count)
{
    const int64_t n = p->count;
    const double per = 1 / p->unit;
    double share;
    int64_t at;

    p->ties = 0;
    for (int64_t i = 0; i < n; i++) {
        tie_add(p, i, 1, 0, 0, (knot[i].middle - knot[i].low) * per + WIDER);
        tie_add(p, i, -1, 0, 0, (knot[i].high - knot[i].middle) * per + WIDER);
    }
    for (int64_t i = 1; i + 1 < n; i++) {
        const struct gex__knot *a = &knot[i - 1], *b = &knot[i], *c = &knot[i + 1];
        const double part = (b->strike - a->strike) / (c->strike - a->strike);
        tie_add(p, i - 1, 1 - part, -1, part, ((a->middle - b->middle) + (c->middle - a->middle) * part) * per + BENT);
    }
    if (n > 1) {
        tie_add(p, 0, -1, 1, 0, ((knot[1].middle - knot[0].middle) + (knot[1].strike - knot[0].strike)) * per + BENT);
        tie_add(p, n - 2, 1, -1, 0, (knot[n - 2].middle - knot[n - 1].middle) * per + BENT);
    }
    for (int64_t i = 0; i < floor_count; i++)
        if (gex__knots_between(knot, n, floors[i].strike, &at, &share))
            tie_add(p, at, 1 - share, share, 0,
                    ((knot[at].middle - floors[i].price) + (knot[at + 1].middle - knot[at].middle) * share) * per +
                        BENT);
}

static double weight_of(const struct problem *p, const struct gex__knot *knot)
{
    const double ratio = p->unit / half_of(knot, p->unit);
    return ratio * ratio;
}

static double over(const struct gex__tie *tie, const double *x)
{
    return tie->c[0] * x[tie->at] + tie->c[1] * x[tie->at + 1] + tie->c[2] * x[tie->at + 2];
}

/* The matrix of a step, factored: L D L'. */
static void factor(const struct problem *p, const struct gex__knot *knot)
{
    double *d = p->room->diagonal, *one = p->room->one, *two = p->room->two;

    for (int64_t i = 0; i < p->count + 2; i++) {
        d[i] = i < p->count ? weight_of(p, &knot[i]) : 0;
        one[i] = two[i] = 0;
    }
    for (int64_t t = 0; t < p->ties; t++) {
        const struct gex__tie *tie = &p->room->tie[t];
        const double by = tie->pull / tie->room, *c = tie->c;
        const int64_t at = tie->at;

        d[at] += by * c[0] * c[0];
        one[at] += by * c[0] * c[1];
        two[at] += by * c[0] * c[2];
        d[at + 1] += by * c[1] * c[1];
        one[at + 1] += by * c[1] * c[2];
        d[at + 2] += by * c[2] * c[2];
    }
    for (int64_t i = 0; i < p->count; i++) {
        const double l1 = one[i] / d[i], l2 = two[i] / d[i];

        d[i + 1] -= l1 * one[i];
        one[i + 1] -= l1 * two[i];
        d[i + 2] -= l2 * two[i];
        one[i] = l1;
        two[i] = l2;
    }
}

static void substitute(const struct problem *p, double *y)
{
    const double *d = p->room->diagonal, *one = p->room->one, *two = p->room->two;

    for (int64_t i = 0; i < p->count; i++) {
        y[i + 1] -= one[i] * y[i];
        y[i + 2] -= two[i] * y[i];
    }
    y[p->count] = y[p->count + 1] = 0;
    for (int64_t i = p->count - 1; i >= 0; i--)
        y[i] = y[i] / d[i] - one[i] * y[i + 1] - two[i] * y[i + 2];
}

/* A step towards rooms and multipliers whose products are `target`, the second-order part of the step before taken off
 * when asked. @return the longest part of it, up to 1, that leaves every one of them above zero. */
static double step_find(const struct problem *p, const struct gex__knot *knot, double target, bool corrected)
{
    double *step = p->room->step, part = 1;

    for (int64_t i = 0; i < p->count; i++)
        step[i] = -weight_of(p, &knot[i]) * p->room->x[i];
    step[p->count] = step[p->count + 1] = 0;
    for (int64_t t = 0; t < p->ties; t++) {
        const struct gex__tie *tie = &p->room->tie[t];
        const double off = over(tie, p->room->x) + tie->constant - tie->room;
        const double lack = target - tie->room * tie->pull - (corrected ? tie->room_step * tie->pull_step : 0);
        const double force = tie->pull + (lack - tie->pull * off) / tie->room;

        for (int j = 0; j < 3; j++)
            step[tie->at + j] += force * tie->c[j];
    }
    substitute(p, step);
    for (int64_t t = 0; t < p->ties; t++) {
        struct gex__tie *tie = &p->room->tie[t];
        const double off = over(tie, p->room->x) + tie->constant - tie->room;
        const double lack = target - tie->room * tie->pull - (corrected ? tie->room_step * tie->pull_step : 0);

        tie->room_step = over(tie, step) + off;
        tie->pull_step = (lack - tie->pull * tie->room_step) / tie->room;
        part = tie->room_step < 0 ? fmin(part, -tie->room / tie->room_step) : part;
        part = tie->pull_step < 0 ? fmin(part, -tie->pull / tie->pull_step) : part;
    }
    return part;
}

/* Mean product of room and multiplier after a part of the step. */
static double gap(const struct problem *p, double part)
{
    double sum = 0;

    for (int64_t t = 0; t < p->ties; t++) {
        const struct gex__tie *tie = &p->room->tie[t];
        sum += (tie->room + part * tie->room_step) * (tie->pull + part * tie->pull_step);
    }
    return sum / (double)p->ties;
}

static void step_take(const struct problem *p, double part)
{
    for (int64_t i = 0; i < p->count; i++)
        p->room->x[i] += part * p->room->step[i];
    for (int64_t t = 0; t < p->ties; t++) {
        p->room->tie[t].room += part * p->room->tie[t].room_step;
        p->room->tie[t].pull += part * p->room->tie[t].pull_step;
    }
}

enum { PASSES_MAX = 80 };

/* x of the problem. @return false where it does not come to rest. */
static bool least_squares(const struct problem *p, const struct gex__knot *knot)
{
    double mean;

    memset(p->room->x, 0, (size_t)(p->count + 2) * sizeof *p->room->x);
    for (int64_t t = 0; t < p->ties; t++) {
        struct gex__tie *tie = &p->room->tie[t];
        tie->room = fmax(fabs(tie->constant), 1);
        tie->pull = 1;
        tie->room_step = tie->pull_step = 0;
    }
    mean = gap(p, 0);
    for (int pass = 0; pass < PASSES_MAX && mean > 1e-16; pass++) {
        double part, centre;

        factor(p, knot);
        part = step_find(p, knot, 0, false);
        centre = gap(p, part) / mean;
        part = step_find(p, knot, mean * fmin(1, centre * centre * centre), true);
        part = part < 1 ? 0.995 * part : 1;
        if (!(gap(p, part) < HUGE_VAL)) /* as near as rounding lets it */
            break;
        step_take(p, part);
        for (int64_t t = 0; t < p->ties; t++)
            p->room->tie[t].room_step = p->room->tie[t].pull_step = 0;
        mean = gap(p, 0);
    }
    return mean <= 1e-12;
}

/* From x to prices: within the bounds, and such to the last bit but rounding. */
static void prices_set(const struct problem *p, struct gex__knot *knot)
{
    for (int64_t i = 0; i < p->count; i++) {
        knot[i].price = knot[i].high;
        knot[i].high = fmax(knot[i].low, fmin(knot[i].high, knot[i].middle + p->unit * p->room->x[i]));
    }
    gex__knots_top(knot, p->count);
    for (int64_t i = 0; i < p->count; i++) {
        knot[i].high = knot[i].price;
        knot[i].price = knot[i].top;
    }
}

/* What moved by less than a millionth of its half-spread did not need to. */
static void middles_keep(const struct problem *p, struct gex__knot *knot, const struct gex__floor *floors,
                         int64_t floor_count)
{
    for (int64_t i = 0; i < p->count; i++)
        if (fabs(knot[i].price - knot[i].middle) <= 1e-6 * half_of(&knot[i], p->unit))
            knot[i].price = knot[i].middle;
    if (gex__knots_sound(knot, p->count, floors, floor_count))
        return;
    for (int64_t i = 0; i < p->count; i++)
        knot[i].price = knot[i].top;
}

void gex__knots_solve(struct gex__knot *knot, int64_t count, const struct gex__floor *floors, int64_t floor_count,
                      struct gex__convex *room)
{
    struct problem p = {.room = room, .count = count, .unit = HUGE_VAL};

    for (int64_t i = 0; i < count; i++)
        if (knot[i].half > 0)
            p.unit = fmin(p.unit, knot[i].half);
    p.unit = p.unit < HUGE_VAL ? p.unit : 1; /* all are locked: each is its own bounds */
    ties_make(&p, knot, floors, floor_count);
    if (least_squares(&p, knot)) {
        prices_set(&p, knot);
        middles_keep(&p, knot, floors, floor_count);
        if (gex__knots_sound(knot, count, floors, floor_count))
            return;
    }
    solve_by_bounds(knot, count, floors, floor_count, p.unit);
}
