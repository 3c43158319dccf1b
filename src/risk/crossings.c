/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crossings of a field: brackets from its values, each closed on the sum itself. An instant is one piece of work: its
 * lines are made and prepared once, and serve all brackets there.
 */
#include <gex/crossings.h>

#include <math.h>

#include "field.h"
#include "math/root.h"

enum { TASKS = 4 }; /* each holds prepared lines of its own */

struct gex_crossings {
    struct gex__object object;
    int64_t            count;
    double            *price;
    int64_t           *instant;
    int32_t           *direction;
};

/* Prices left and right have values of opposite sign, and nothing or exact zeros between. */
struct bracket {
    int64_t left, right;
};

static bool bracket_next(const double *value, int64_t points, struct bracket *bracket)
{
    int64_t left = -1;

    for (int64_t i = bracket->right; i < points; i++) {
        if (isnan(value[i])) {
            left = -1;
        } else if (value[i] != 0.0) {
            if (left >= 0 && (value[i] > 0.0) != (value[left] > 0.0)) {
                *bracket = (struct bracket){left, i};
                return true;
            }
            left = i;
        }
    }
    return false;
}

struct search {
    const struct gex_field  *field;
    const double            *value; /* of the quantity: instants times prices */
    struct gex__quantity     quantity;
    struct gex__lines        lines;
    int32_t                  isa;
    double                   start;
    struct gex_crossings    *found;
    double                  *scratch; /* per task */
    int64_t                  scratch_size, hoisted_size, tasks;
};

/* One instant. */
struct moment {
    const struct search *search;
    struct gex__curve    curve;
    int64_t              settled; /* lines */
    double              *scratch;
};

/* Curves give scaled values; the sums behind a flow's have scales of 1, S and 1. */
static double value_at(void *user, double price)
{
    const struct moment *moment = user;
    const struct search *search = moment->search;
    const double value = gex__curve_at(&moment->curve, price, moment->scratch);
    double settled = 0.0, sum = value;

    if (search->quantity.quantity < GEX_FIELD_FLOW)
        return value;
    for (int64_t line = 0; search->quantity.quantity == GEX_FIELD_FLOW && line < moment->settled; line++)
        settled += gex__payoff_delta(&search->lines, line, price);
    if (search->quantity.quantity == GEX_FIELD_FLOW_HOUR)
        sum = value / price;
    return gex__quantity_value(&search->quantity, &search->field->scale, price, &sum, 1, search->start, settled);
}

static double price_of(struct moment *moment, const double *value, const struct bracket *bracket)
{
    const double *price = moment->search->field->price;
    const int64_t left = bracket->left, right = bracket->right;

    if (right > left + 1)
        return 0.5 * price[left + 1] + 0.5 * price[right - 1];
    return gex__brent(value_at, moment, price[left], value[left], price[right], value[right], 0.0);
}

static void moment_run(const struct search *search, int64_t instant, int64_t first, double *scratch)
{
    const struct gex_field *field = search->field;
    const int64_t settled = gex__lines_settled(&search->lines, field->market, field->instant[instant]);
    const struct gex__lines alive = gex__lines_part(&search->lines, settled, search->lines.rows - settled);
    const struct gex__lines lines = gex__lines_later(&alive, field->market, field->instant[instant], scratch);
    const double *value = search->value + instant * field->points;
    double *hoisted = scratch + GEX_LATER_COLUMNS * search->lines.rows;
    struct moment moment = {search,
                            {.lines = &lines, .unit = search->quantity.unit, .scale = field->scale, .isa = search->isa},
                            settled, hoisted + search->hoisted_size};
    struct bracket bracket = {0, 0};

    gex__curve_prepare(&moment.curve, field->price[0], field->price[field->points - 1], hoisted);
    while (bracket_next(value, field->points, &bracket)) {
        search->found->price[first] = price_of(&moment, value, &bracket);
        search->found->direction[first] = value[bracket.right] > 0.0 ? GEX_UP : GEX_DOWN;
        search->found->instant[first++] = instant;
    }
}

/* Task i takes every tasks-th instant; finding brackets again costs nothing beside repricing. */
static void instants_run(void *arg, int64_t task)
{
    const struct search *search = arg;
    const struct gex_field *field = search->field;
    int64_t first = 0;

    for (int64_t t = 0; t < field->steps; t++) {
        struct bracket bracket = {0, 0};
        int64_t count = 0;

        while (bracket_next(search->value + t * field->points, field->points, &bracket))
            count++;
        if (count > 0 && t % search->tasks == task)
            moment_run(search, t, first, search->scratch + task * search->scratch_size);
        first += count;
    }
}

static int64_t brackets_count(const struct search *search)
{
    int64_t count = 0;

    for (int64_t t = 0; t < search->field->steps; t++) {
        struct bracket bracket = {0, 0};

        while (bracket_next(search->value + t * search->field->points, search->field->points, &bracket))
            count++;
    }
    return count;
}

static struct gex_crossings *crossings_alloc(const gex_context *context, int64_t count)
{
    struct gex__layout layout = {0};
    struct gex_crossings *crossings;
    int64_t price, instant, direction;

    gex__layout_add(&layout, 1, sizeof *crossings);
    price = gex__layout_add(&layout, count, sizeof(double));
    instant = gex__layout_add(&layout, count, sizeof(int64_t));
    direction = gex__layout_add(&layout, count, sizeof(int32_t));
    crossings = gex__object_create(context, &layout, NULL);
    if (crossings == NULL)
        return NULL;
    crossings->count = count;
    crossings->price = (double *)((char *)crossings + price);
    crossings->instant = (int64_t *)((char *)crossings + instant);
    crossings->direction = (int32_t *)((char *)crossings + direction);
    return crossings;
}

/* Lines are made. @return GEX_OK, GEX_ERR_MEMORY, _CALLBACK. */
static gex_status search_run(const gex_context *context, struct search *search)
{
    const struct gex__memory memory = gex__memory_of(context);
    const struct gex__curve whole = {.lines = &search->lines, .unit = search->quantity.unit, .isa = search->isa};
    struct gex__layout layout = {0};
    gex_status status = GEX_OK;

    search->hoisted_size = gex__curve_hoisted(&whole);
    search->scratch_size =
        GEX_LATER_COLUMNS * search->lines.rows + search->hoisted_size + gex__curve_scratch(&whole) + 8;
    search->scratch_size -= search->scratch_size % 8; /* whole cache lines */
    search->tasks = gex__curve_tasks(context, search->field->steps < TASKS ? search->field->steps : TASKS);
    gex__layout_add(&layout, search->tasks, search->scratch_size * (int64_t)sizeof(double));
    search->scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (search->scratch == NULL)
        return GEX_ERR_MEMORY;
    if (search->quantity.quantity == GEX_FIELD_FLOW)
        status = gex__delta_now(context, search->field->market, &search->lines, NULL, &search->start);
    if (status == GEX_OK && !gex__run(context, instants_run, search, search->tasks))
        status = GEX_ERR_CALLBACK;
    gex__memory_put(&memory, search->scratch, layout.size);
    return status;
}

gex_status gex_crossings_compute(const gex_context *context, const gex_field *field, int32_t quantity,
                                 gex_crossings **out, gex_error *error)
{
    struct search search = {.field = field, .isa = gex__isa(context)};
    struct gex__guest guest;
    struct gex__lines all;
    gex_status status = GEX_ERR_MEMORY;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || field == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "field and out are required");
    search.value = gex_field_values(field, quantity, NULL);
    if (search.value == NULL || quantity == GEX_FIELD_UNWIND)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "quantity {s} is not one of the field's that can change sign",
                         gex_field_quantity_name(quantity));
    gex__quantity_find(quantity, &search.quantity);
    gex__guest_enter(&guest);
    search.found = crossings_alloc(context, brackets_count(&search));
    if (search.found != NULL && gex__lines_create(context, field->market, field->book, &all)) {
        search.lines = gex__lines_of_part(&all, field->market, field->part);
        status = search_run(context, &search);
        gex__lines_drop(&all);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(search.found);
        return gex__reprice_fail(status, field->market, error);
    }
    *out = search.found;
    return GEX_OK;
}

void gex_crossings_free(gex_crossings *crossings)
{
    gex__object_release(crossings);
}

static void counted(const gex_crossings *crossings, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = crossings != NULL ? crossings->count : 0;
}

const double *gex_crossings_price(const gex_crossings *crossings, int64_t *count_out)
{
    counted(crossings, count_out);
    return crossings != NULL ? crossings->price : NULL;
}

const int64_t *gex_crossings_instant(const gex_crossings *crossings, int64_t *count_out)
{
    counted(crossings, count_out);
    return crossings != NULL ? crossings->instant : NULL;
}

const int32_t *gex_crossings_direction(const gex_crossings *crossings, int64_t *count_out)
{
    counted(crossings, count_out);
    return crossings != NULL ? crossings->direction : NULL;
}
