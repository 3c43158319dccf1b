/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every root over a range: bracket on the search grid, finish each bracket on the repriced sum itself.
 *
 * A gamma sum underflows to exactly 0 far from every strike, so a sign can change across a stretch of exact zeros. Such
 * a stretch is one root, at its middle; between equal signs it is none. A grid price that happens to be a root is a
 * stretch of one point.
 */
#include "roots.h"

#include <math.h>

#include "base/order.h"
#include "math/root.h"

#define NEGLIGIBLE 1e-4  /* of the largest exposure in the range */
#define SIZE_STEP  0.005 /* of the price: where the size of a root is read */

/* Grid points with a value of opposite sign at each end and nothing or exact zeros between. */
struct bracket {
    int64_t left, right;
};

struct work {
    const struct gex__sought *sought;
    const struct gex__range  *range;
    double                   *price, *value; /* the grid, ascending */
    int64_t                   points;
    double                    largest; /* |value| */
    double                   *scratch; /* per task */
    int64_t                   tasks;
    struct gex_flips         *flips;
    struct gex__memory        memory;
    void                     *block;
    int64_t                   size;
};

struct caller {
    const struct gex__sought *sought;
    double                   *scratch;
};

static double value_at(void *user, double price)
{
    const struct caller *caller = user;
    return caller->sought->at(caller->sought->of, price, caller->scratch);
}

/* Next bracket from grid point `from` on. @return false when there is none. A NaN starts afresh. */
static bool bracket_next(const struct work *work, int64_t from, struct bracket *bracket)
{
    int64_t left = -1;

    for (int64_t i = from; i < work->points; i++) {
        const double value = work->value[i];

        if (isnan(value)) {
            left = -1;
        } else if (value != 0.0) {
            if (left >= 0 && (value > 0.0) != (work->value[left] > 0.0)) {
                *bracket = (struct bracket){left, i};
                return true;
            }
            left = i;
        }
    }
    return false;
}

/* Where values turn from not zero (at `some`) to exactly zero (at `none`), to the last bits. */
static double zero_edge(struct caller *caller, double some, double none)
{
    for (;;) {
        const double middle = 0.5 * some + 0.5 * none;

        if (!(middle > fmin(some, none) && middle < fmax(some, none)))
            return none;
        if (value_at(caller, middle) != 0.0)
            some = middle;
        else
            none = middle;
    }
}

static double root_of(const struct work *work, const struct bracket *bracket, struct caller *caller)
{
    const double *price = work->price, *value = work->value;
    const int64_t left = bracket->left, right = bracket->right;

    if (right == left + 1)
        return gex__brent(value_at, caller, price[left], value[left], price[right], value[right], 0.0);
    return 0.5 * zero_edge(caller, price[left], price[left + 1]) +
           0.5 * zero_edge(caller, price[right], price[right - 1]);
}

static double size_at(const struct work *work, struct caller *caller, double price)
{
    const double below = fabs(value_at(caller, price * (1.0 - SIZE_STEP)));
    const double above = fabs(value_at(caller, price * (1.0 + SIZE_STEP)));

    return fmax(below, above) / work->largest;
}

/* Five-point difference; the step is a small part of a cell, which is a small part of anything the curve does. */
static double slope_at(struct caller *caller, double price, double cell)
{
    const double h = fmin(cell / 16.0, price / 16.0);
    const double near = value_at(caller, price + h) - value_at(caller, price - h);
    const double far = value_at(caller, price + 2.0 * h) - value_at(caller, price - 2.0 * h);

    return (8.0 * near - far) / (12.0 * h);
}

/* Task i finishes every tasks-th bracket; finding them again costs nothing beside repricing. */
static void roots_run(void *arg, int64_t task)
{
    const struct work *work = arg;
    struct gex_flips *flips = work->flips;
    struct caller caller = {work->sought, work->scratch + task * work->sought->scratch};
    struct bracket bracket = {0, 0};

    for (int64_t i = 0; bracket_next(work, bracket.right, &bracket); i++) {
        if (i % work->tasks != task)
            continue;
        flips->price[i] = root_of(work, &bracket, &caller);
        flips->direction[i] = work->value[bracket.right] > 0.0 ? GEX_UP : GEX_DOWN;
        flips->slope[i] =
            slope_at(&caller, flips->price[i], work->price[bracket.left + 1] - work->price[bracket.left]);
        flips->size[i] = size_at(work, &caller, flips->price[i]);
        flips->root_status[i] = flips->size[i] >= NEGLIGIBLE ? GEX_ROOT_FOUND : GEX_ROOT_NEGLIGIBLE;
    }
}

static int64_t brackets_count(const struct work *work)
{
    struct bracket bracket = {0, 0};
    int64_t count = 0;

    while (bracket_next(work, bracket.right, &bracket))
        count++;
    return count;
}

/* A zero at an end of the range that is more than the curve fading out. */
static bool zero_at_edge(const struct work *work, int64_t point)
{
    struct caller caller = {work->sought, work->scratch};

    return work->value[point] == 0.0 && size_at(work, &caller, work->price[point]) >= NEGLIGIBLE;
}

static void flips_judge(const struct work *work)
{
    struct gex_flips *flips = work->flips;
    double at_largest = 0.0;

    flips->nearest = -1;
    for (int64_t i = 0; i < flips->count; i++)
        if (flips->root_status[i] == GEX_ROOT_FOUND &&
            (flips->nearest < 0 || fabs(flips->price[i] - work->range->spot) <
                                       fabs(flips->price[flips->nearest] - work->range->spot)))
            flips->nearest = i;
    for (int64_t i = 0; i < work->points; i++)
        if (fabs(work->value[i]) > fabs(at_largest))
            at_largest = work->value[i];
    if (flips->nearest >= 0)
        flips->status = GEX_ROOTS_FOUND;
    else if (at_largest == 0.0)
        flips->status = GEX_ROOTS_NONE_ZERO;
    else if (zero_at_edge(work, 0) || zero_at_edge(work, work->points - 1))
        flips->status = GEX_ROOTS_AT_EDGE;
    else
        flips->status = at_largest > 0.0 ? GEX_ROOTS_NONE_POSITIVE : GEX_ROOTS_NONE_NEGATIVE;
}

static struct gex_flips *flips_alloc(const gex_context *context, int64_t count)
{
    struct gex__layout layout = {0};
    struct gex_flips *flips;
    int64_t column[3], direction, status;

    gex__layout_add(&layout, 1, sizeof *flips);
    for (int i = 0; i < 3; i++)
        column[i] = gex__layout_add(&layout, count, sizeof(double));
    direction = gex__layout_add(&layout, count, sizeof(int32_t));
    status = gex__layout_add(&layout, count, sizeof(int32_t));
    flips = gex__object_create(context, &layout, NULL);
    if (flips == NULL)
        return NULL;
    flips->count = count;
    flips->price = (double *)((char *)flips + column[0]);
    flips->slope = (double *)((char *)flips + column[1]);
    flips->size = (double *)((char *)flips + column[2]);
    flips->direction = (int32_t *)((char *)flips + direction);
    flips->root_status = (int32_t *)((char *)flips + status);
    return flips;
}

bool gex__unit_steps(const struct gex__unit *unit)
{
    const int32_t greek = unit->term[0].greek;
    return greek == GEX_GREEK_DELTA || greek == GEX_GREEK_CHARM || greek == GEX_GREEK_THETA;
}

static bool work_alloc(const gex_context *context, struct work *work)
{
    const struct gex__sought *sought = work->sought;
    const struct gex__shares least = gex__search_shares(work->range, sought->seen);
    const int64_t points = gex__search_points(work->range, sought->seen, &least, sought->steps, NULL);
    struct gex__layout layout = {0};
    int64_t price, value, scratch;
    char *block;

    work->tasks = gex__curve_tasks(context, points);
    price = gex__layout_add(&layout, points, sizeof(double));
    value = gex__layout_add(&layout, points, sizeof(double));
    scratch = gex__layout_add(&layout, sought->room(context, sought->of, points), sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&work->memory, layout.size);
    if (block == NULL)
        return false;
    work->block = block;
    work->size = layout.size;
    work->price = (double *)(block + price);
    work->value = (double *)(block + value);
    work->scratch = (double *)(block + scratch);
    gex__search_points(work->range, sought->seen, &least, sought->steps, work->price);
    work->points = gex__doubles_sort_unique(work->price, points);
    return true;
}

bool gex__range_shorten(struct gex__range *range, bool (*reaches)(const void *of, double price), const void *of)
{
    const struct gex__range all = *range;
    int64_t first = 0, last = range->cells;

    while (first <= last && !reaches(of, gex__range_price(&all, (double)first)))
        first++;
    while (last >= first && !reaches(of, gex__range_price(&all, (double)last)))
        last--;
    if (last - first == range->cells)
        return true;
    range->low = all.low + (all.high - all.low) * (double)first / (double)all.cells;
    range->high = all.low + (all.high - all.low) * (double)last / (double)all.cells;
    range->cells = last - first;
    return range->cells >= 1;
}

/* Everything but giving memory back. */
static gex_status work_run(const gex_context *context, struct work *work)
{
    const struct gex__sought *sought = work->sought;

    if (!work_alloc(context, work))
        return GEX_ERR_MEMORY;
    if (!sought->fill(context, sought->of, work->price, work->points, work->value, work->scratch))
        return GEX_ERR_CALLBACK;
    for (int64_t i = 0; i < work->points; i++)
        work->largest = fmax(work->largest, fabs(work->value[i]));
    work->flips = flips_alloc(context, brackets_count(work));
    if (work->flips == NULL)
        return GEX_ERR_MEMORY;
    work->flips->low = work->range->spot * work->range->low;
    work->flips->high = work->range->spot * work->range->high;
    if (!gex__run(context, roots_run, work, work->tasks))
        return GEX_ERR_CALLBACK;
    flips_judge(work);
    return GEX_OK;
}

gex_status gex__roots_find(const gex_context *context, const struct gex__sought *sought, const struct gex__range *range,
                           gex_flips **out)
{
    struct work work = {.sought = sought, .range = range, .memory = gex__memory_of(context)};
    const gex_status status = work_run(context, &work);

    gex__memory_put(&work.memory, work.block, work.size);
    if (status == GEX_OK)
        *out = work.flips;
    else
        gex__object_release(work.flips);
    return status;
}
