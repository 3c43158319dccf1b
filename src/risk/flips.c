/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every root of a curve over a range: bracket on the search grid, finish each bracket on the curve itself.
 *
 * A gamma sum underflows to exactly 0 far from every strike, so a sign can change across a stretch of exact zeros. Such
 * a stretch is one root, at its middle; between equal signs it is none. A grid price that happens to be a root is a
 * stretch of one point.
 */
#include "flips.h"

#include <math.h>

#include "base/order.h"
#include "math/root.h"

#define NEGLIGIBLE 1e-4  /* of the largest exposure in the range */
#define SIZE_STEP  0.005 /* of the price: where the size of a root is read */

/* Grid points with a value of opposite sign at each end and nothing or exact zeros between. */
struct bracket {
    int64_t left, right;
};

struct search {
    struct gex__lines  lines;
    struct gex__curve  curve;
    struct gex__range  range;
    double            *price, *value; /* the grid, ascending */
    int64_t            points;
    double             largest; /* |value| */
    double            *scratch; /* per task */
    int64_t            tasks;
    struct gex_flips  *flips;
    struct gex__memory memory;
    void              *block;
    int64_t            size;
};

struct caller {
    const struct gex__curve *curve;
    double                  *scratch;
};

static double value_at(void *user, double price)
{
    const struct caller *caller = user;
    return gex__curve_at(caller->curve, price, caller->scratch);
}

/* Next bracket from grid point `from` on. @return false when there is none. A NaN starts afresh. */
static bool bracket_next(const struct search *search, int64_t from, struct bracket *bracket)
{
    int64_t left = -1;

    for (int64_t i = from; i < search->points; i++) {
        const double value = search->value[i];

        if (isnan(value)) {
            left = -1;
        } else if (value != 0.0) {
            if (left >= 0 && (value > 0.0) != (search->value[left] > 0.0)) {
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

static double root_of(const struct search *search, const struct bracket *bracket, struct caller *caller)
{
    const double *price = search->price, *value = search->value;
    const int64_t left = bracket->left, right = bracket->right;

    if (right == left + 1)
        return gex__brent(value_at, caller, price[left], value[left], price[right], value[right], 0.0);
    return 0.5 * zero_edge(caller, price[left], price[left + 1]) +
           0.5 * zero_edge(caller, price[right], price[right - 1]);
}

static double size_at(const struct search *search, struct caller *caller, double price)
{
    const double below = fabs(value_at(caller, price * (1.0 - SIZE_STEP)));
    const double above = fabs(value_at(caller, price * (1.0 + SIZE_STEP)));

    return fmax(below, above) / search->largest;
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
    const struct search *search = arg;
    struct gex_flips *flips = search->flips;
    struct caller caller = {&search->curve, search->scratch + task * gex__curve_scratch(&search->curve)};
    struct bracket bracket = {0, 0};

    for (int64_t i = 0; bracket_next(search, bracket.right, &bracket); i++) {
        if (i % search->tasks != task)
            continue;
        flips->price[i] = root_of(search, &bracket, &caller);
        flips->direction[i] = search->value[bracket.right] > 0.0 ? GEX_UP : GEX_DOWN;
        flips->slope[i] =
            slope_at(&caller, flips->price[i], search->price[bracket.left + 1] - search->price[bracket.left]);
        flips->size[i] = size_at(search, &caller, flips->price[i]);
        flips->root_status[i] = flips->size[i] >= NEGLIGIBLE ? GEX_ROOT_FOUND : GEX_ROOT_NEGLIGIBLE;
    }
}

static int64_t brackets_count(const struct search *search)
{
    struct bracket bracket = {0, 0};
    int64_t count = 0;

    while (bracket_next(search, bracket.right, &bracket))
        count++;
    return count;
}

/* A zero at an end of the range that is more than the curve fading out. */
static bool zero_at_edge(const struct search *search, int64_t point)
{
    struct caller caller = {&search->curve, search->scratch};

    return search->value[point] == 0.0 && size_at(search, &caller, search->price[point]) >= NEGLIGIBLE;
}

static void flips_judge(const struct search *search)
{
    struct gex_flips *flips = search->flips;
    double at_largest = 0.0;

    flips->nearest = -1;
    for (int64_t i = 0; i < flips->count; i++)
        if (flips->root_status[i] == GEX_ROOT_FOUND &&
            (flips->nearest < 0 || fabs(flips->price[i] - search->range.spot) <
                                       fabs(flips->price[flips->nearest] - search->range.spot)))
            flips->nearest = i;
    for (int64_t i = 0; i < search->points; i++)
        if (fabs(search->value[i]) > fabs(at_largest))
            at_largest = search->value[i];
    if (flips->nearest >= 0)
        flips->status = GEX_ROOTS_FOUND;
    else if (at_largest == 0.0)
        flips->status = GEX_ROOTS_NONE_ZERO;
    else if (zero_at_edge(search, 0) || zero_at_edge(search, search->points - 1))
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

/* A delta, and what time does to a price, jump at the strike when no time is left; gamma and its kin are 0 around it. */
static bool steps_at_expiry(const struct gex__unit *unit)
{
    const int32_t greek = unit->term[0].greek;
    return greek == GEX_GREEK_DELTA || greek == GEX_GREEK_CHARM || greek == GEX_GREEK_THETA;
}

static bool search_alloc(const gex_context *context, struct search *search)
{
    const bool steps = steps_at_expiry(search->curve.unit);
    const int64_t points = gex__search_points(&search->range, &search->lines, steps, NULL);
    struct gex__layout layout = {0};
    int64_t price, value, hoisted, twos, scratch;
    char *block;

    search->tasks = gex__curve_tasks(context, points);
    price = gex__layout_add(&layout, points, sizeof(double));
    value = gex__layout_add(&layout, points, sizeof(double));
    hoisted = gex__layout_add(&layout, gex__curve_hoisted(&search->curve), sizeof(double));
    twos = gex__layout_add(&layout, gex__curve_twos(&search->curve), sizeof(double));
    scratch = gex__layout_add(&layout, search->tasks, gex__curve_scratch(&search->curve) * (int64_t)sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&search->memory, layout.size);
    if (block == NULL)
        return false;
    search->block = block;
    search->size = layout.size;
    search->price = (double *)(block + price);
    search->value = (double *)(block + value);
    search->scratch = (double *)(block + scratch);
    gex__curve_prepare(&search->curve, gex__range_price(&search->range, 0),
                       gex__range_price(&search->range, (double)search->range.cells), (double *)(block + hoisted));
    gex__curve_prepare_twos(&search->curve, gex__range_price(&search->range, 0),
                            gex__range_price(&search->range, (double)search->range.cells), (double *)(block + twos));
    gex__search_points(&search->range, &search->lines, steps, search->price);
    search->points = gex__doubles_sort_unique(search->price, points);
    return true;
}

/*
 * b (P / S - 1) has to stay above -1: the range stops at the last even price short of that. @return false when that
 * leaves less than a cell.
 */
static bool range_shorten(struct gex__range *range, const struct gex__motion *motion)
{
    const struct gex__range all = *range;
    int64_t first = 0, last = range->cells;

    while (first <= last && !gex__motion_reaches(motion, gex__range_price(&all, (double)first)))
        first++;
    while (last >= first && !gex__motion_reaches(motion, gex__range_price(&all, (double)last)))
        last--;
    if (last - first == range->cells)
        return true;
    range->low = all.low + (all.high - all.low) * (double)first / (double)all.cells;
    range->high = all.low + (all.high - all.low) * (double)last / (double)all.cells;
    range->cells = last - first;
    return range->cells >= 1;
}

/* Everything behind the door but giving memory back. */
static gex_status search_run(const gex_context *context, struct search *search)
{
    if (!search_alloc(context, search))
        return GEX_ERR_MEMORY;
    if (!gex__curve_fill(context, &search->curve, search->price, search->points, search->value, search->scratch))
        return GEX_ERR_CALLBACK;
    for (int64_t i = 0; i < search->points; i++)
        search->largest = fmax(search->largest, fabs(search->value[i]));
    search->flips = flips_alloc(context, brackets_count(search));
    if (search->flips == NULL)
        return GEX_ERR_MEMORY;
    search->flips->low = search->range.spot * search->range.low;
    search->flips->high = search->range.spot * search->range.high;
    if (!gex__run(context, roots_run, search, search->tasks))
        return GEX_ERR_CALLBACK;
    flips_judge(search);
    return GEX_OK;
}

gex_status gex_flips_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                             const gex_profile_options *options, gex_flips **out, gex_error *error)
{
    struct search search = {.memory = gex__memory_of(context)};
    gex_profile_options opt;
    struct gex__scale scale;
    struct gex__guest guest;
    gex_status status;
    bool reached;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    *out = NULL;
    status = gex__profile_door(market, book, options, &opt, &search.range, &scale, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    search.range.cells = gex__search_cells(opt.low, opt.high);
    reached = search.range.cells > 0 && range_shorten(&search.range, gex__market_motion(market));
    gex__guest_leave(&guest);
    if (search.range.cells == 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g} is too wide for cells of 0.05 % of spot", opt.low,
                         opt.high);
    if (!reached)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g} of spot: dynamics BETA={g} leaves no volatility in it",
                         opt.low, opt.high, gex_market_dynamics_parameter(market));

    search.curve = (struct gex__curve){&search.lines, gex__unit_of(opt.unit), scale, gex__isa(context), NULL, NULL, {0},
                                       NULL, 0};
    gex__guest_enter(&guest);
    status = gex__lines_create(context, market, book, &search.lines) ? search_run(context, &search) : GEX_ERR_MEMORY;
    gex__memory_put(&search.memory, search.block, search.size);
    gex__lines_drop(&search.lines);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(search.flips);
        return gex__reprice_fail(status, market, error);
    }
    *out = search.flips;
    return GEX_OK;
}

void gex_flips_free(gex_flips *flips)
{
    gex__object_release(flips);
}

int32_t gex_flips_status(const gex_flips *flips)
{
    return flips != NULL ? flips->status : 0;
}

int64_t gex_flips_count(const gex_flips *flips)
{
    return flips != NULL ? flips->count : 0;
}

double gex_flips_low(const gex_flips *flips)
{
    return flips != NULL ? flips->low : (double)NAN;
}

double gex_flips_high(const gex_flips *flips)
{
    return flips != NULL ? flips->high : (double)NAN;
}

static bool in_range(const gex_flips *flips, int64_t i)
{
    return flips != NULL && i >= 0 && i < flips->count;
}

double gex_flips_price(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->price[i] : (double)NAN;
}

int32_t gex_flips_direction(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->direction[i] : 0;
}

double gex_flips_slope(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->slope[i] : (double)NAN;
}

double gex_flips_size(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->size[i] : (double)NAN;
}

int32_t gex_flips_root_status(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->root_status[i] : 0;
}

int64_t gex_flips_nearest(const gex_flips *flips)
{
    return flips != NULL ? flips->nearest : -1;
}

const char *gex_roots_text(int32_t roots_status)
{
    switch (roots_status) {
    case GEX_ROOTS_FOUND: return "FOUND";
    case GEX_ROOTS_NONE_POSITIVE: return "NONE_POSITIVE";
    case GEX_ROOTS_NONE_NEGATIVE: return "NONE_NEGATIVE";
    case GEX_ROOTS_AT_EDGE: return "AT_EDGE";
    case GEX_ROOTS_NONE_ZERO: return "NONE_ZERO";
    default: return "unknown";
    }
}

const char *gex_direction_text(int32_t direction)
{
    return direction == GEX_UP ? "up" : direction == GEX_DOWN ? "down" : "unknown";
}

const char *gex_root_status_text(int32_t root_status)
{
    return root_status == GEX_ROOT_FOUND ? "FOUND" : root_status == GEX_ROOT_NEGLIGIBLE ? "NEGLIGIBLE" : "unknown";
}
