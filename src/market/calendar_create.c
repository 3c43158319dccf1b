/* SPDX-License-Identifier: Apache-2.0 */
/* A calendar from the caller's days, weights and events: proved at the door, sorted once. */
#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "base/order.h"
#include "calendar.h"

enum { CALENDAR_OPTIONS_0_1 = 136 };
_Static_assert(sizeof(gex_calendar_options) >= CALENDAR_OPTIONS_0_1, "options only grow");

static const gex_calendar_options defaults = {
    .session = 0.75, .overnight = (double)NAN, .non_business = 0.05, .u_shape = 0.4};

void gex_calendar_options_init(gex_calendar_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- the door -------------------------------------------------------------------------------------------------- */

static gex_status column_check(const char *what, const void *data, int64_t stride, int64_t count, gex_error *error)
{
    if (count < 0 || count > GEX_MAX_ROWS || (data == NULL && count != 0))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} of {s}: give the column and its length, or neither", count,
                         what);
    if (!gex__stride_fits(data, stride, count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of {s} times {i} overflows", what, count);
    return GEX_OK;
}

static gex_status columns_check(const gex_calendar_options *opt, gex_error *error)
{
    gex_status status = column_check("event", opt->event.data, opt->event.stride, opt->event_count, error);

    if (status == GEX_OK)
        status = column_check("event_units", opt->event_units.data, opt->event_units.stride, opt->event_count, error);
    if (status == GEX_OK)
        status = column_check("closed", opt->closed.data, opt->closed.stride, opt->closed_count, error);
    if (status == GEX_OK)
        status = column_check("early", opt->early.data, opt->early.stride, opt->early_count, error);
    if (status != GEX_OK)
        return status;
    if (opt->own_days != 0 && opt->own_days != 1)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "own_days is {i}: 0 for the days of the US exchanges, 1 for "
                         "closed and early", (int64_t)opt->own_days);
    if (opt->own_days == 0 && opt->closed_count + opt->early_count != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "closed and early replace the days of the US exchanges: set "
                         "own_days to 1");
    return GEX_OK;
}

/* Far beyond any use, and no sum of them leaves the numbers. */
static bool is_weight(double units)
{
    return units >= 0.0 && units <= 1e9;
}

static gex_status weights_check(const double weight[GEX_WEIGHT_LAST_ + 1], gex_error *error)
{
    for (int32_t w = GEX_WEIGHT_SESSION; w <= GEX_WEIGHT_NON_BUSINESS; w++)
        if (!is_weight(weight[w]))
            return gex__fail(error, GEX_ERR_DOMAIN, -1, "{s} is {g}: units from 0 to 1e9", gex_weight_name(w),
                             weight[w]);
    if (!(weight[GEX_WEIGHT_U_SHAPE] >= 0.0 && weight[GEX_WEIGHT_U_SHAPE] < 1.0))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "u_shape is {g}: from 0 to below 1", weight[GEX_WEIGHT_U_SHAPE]);
    if (!(weight[GEX_WEIGHT_YEAR] >= 1e-9 && weight[GEX_WEIGHT_YEAR] <= 1e12))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "year is {g}: units from 1e-9 to 1e12", weight[GEX_WEIGHT_YEAR]);
    return GEX_OK;
}

static void weights_take(const gex_calendar_options *opt, double weight[GEX_WEIGHT_LAST_ + 1])
{
    weight[0] = 0.0;
    weight[GEX_WEIGHT_SESSION] = opt->session;
    weight[GEX_WEIGHT_OVERNIGHT] = isnan(opt->overnight) ? fmax(0.0, 1.0 - opt->session) : opt->overnight;
    weight[GEX_WEIGHT_NON_BUSINESS] = opt->non_business;
    weight[GEX_WEIGHT_U_SHAPE] = opt->u_shape;
    weight[GEX_WEIGHT_YEAR] = opt->year != 0.0 ? opt->year : gex__year_units(weight);
}

static gex_status dates_check(const char *what, gex_i32 dates, int64_t count, gex_error *error)
{
    int64_t day;

    for (int64_t i = 0; i < count; i++)
        if (!gex__days_from_yyyymmdd(gex__i32_at(dates, i), &day))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "{s}: {i} is not a date yyyymmdd of the years 1900 to 2200",
                             what, (int64_t)gex__i32_at(dates, i));
    return GEX_OK;
}

static gex_status values_check(const gex_calendar_options *opt, const double weight[GEX_WEIGHT_LAST_ + 1],
                               gex_error *error)
{
    gex_status status = weights_check(weight, error);

    for (int64_t i = 0; status == GEX_OK && i < opt->event_count; i++)
        if (!is_weight(gex__f64_at(opt->event_units, i)))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "event {i} has {g} units: from 0 to 1e9", i,
                             gex__f64_at(opt->event_units, i));
    if (status == GEX_OK)
        status = dates_check("closed", opt->closed, opt->closed_count, error);
    if (status == GEX_OK)
        status = dates_check("early", opt->early, opt->early_count, error);
    return status;
}

/* ---- sorting ---------------------------------------------------------------------------------------------------- */

/* Events by instant, those of one instant by units: no sum depends on the caller's order. */
struct events {
    int64_t *instant;
    double  *units;
};

static bool event_less(const void *user, int64_t a, int64_t b)
{
    const struct events *events = user;

    if (events->instant[a] != events->instant[b])
        return events->instant[a] < events->instant[b];
    return events->units[a] < events->units[b];
}

static void event_swap(void *user, int64_t a, int64_t b)
{
    const struct events *events = user;
    const int64_t instant = events->instant[a];
    const double units = events->units[a];

    events->instant[a] = events->instant[b];
    events->units[a] = events->units[b];
    events->instant[b] = instant;
    events->units[b] = units;
}

static bool date_less(const void *user, int64_t a, int64_t b)
{
    const int32_t *dates = user;
    return dates[a] < dates[b];
}

static void date_swap(void *user, int64_t a, int64_t b)
{
    int32_t *dates = user, kept = dates[a];
    dates[a] = dates[b];
    dates[b] = kept;
}

/* ---- the object -------------------------------------------------------------------------------------------------- */

/* Distinct weekdays of a column, ascending, but for those in another list. @return how many */
static int64_t dates_take(gex_i32 column, int64_t count, const int32_t *but, int64_t but_count, int32_t *dates)
{
    int64_t kept = 0, skip = 0;

    for (int64_t i = 0; i < count; i++)
        dates[i] = gex__i32_at(column, i);
    gex__heap_sort(&(struct gex__heap){date_less, date_swap, dates}, count);
    for (int64_t i = 0; i < count; i++) {
        int64_t day = 0;

        (void)gex__days_from_yyyymmdd(dates[i], &day);
        while (skip < but_count && but[skip] < dates[i])
            skip++;
        if (gex__weekday(day) == 0 || gex__weekday(day) == 6 || (kept > 0 && dates[kept - 1] == dates[i]) ||
            (skip < but_count && but[skip] == dates[i]))
            continue;
        dates[kept++] = dates[i];
    }
    return kept;
}

static void events_take(gex_calendar *calendar, const gex_calendar_options *opt, struct events events)
{
    for (int64_t i = 0; i < opt->event_count; i++) {
        events.instant[i] = gex__i64_at(opt->event, i);
        events.units[i] = gex__f64_at(opt->event_units, i);
    }
    gex__heap_sort(&(struct gex__heap){event_less, event_swap, &events}, opt->event_count);
    calendar->event = events.instant;
    calendar->event_units = events.units;
    calendar->event_count = opt->event_count;
}

static void days_take(gex_calendar *calendar, const gex_calendar_options *opt, int32_t *closed, int32_t *early)
{
    const gex_calendar *us = gex__calendar_of(NULL);

    calendar->own_days = opt->own_days;
    calendar->closed = opt->own_days != 0 ? closed : us->closed;
    calendar->early = opt->own_days != 0 ? early : us->early;
    calendar->closed_count = us->closed_count;
    calendar->early_count = us->early_count;
    if (opt->own_days == 0)
        return;
    calendar->closed_count = dates_take(opt->closed, opt->closed_count, NULL, 0, closed);
    calendar->early_count = dates_take(opt->early, opt->early_count, closed, calendar->closed_count, early);
}

static gex_calendar *calendar_make(const gex_context *context, const gex_calendar_options *opt)
{
    struct gex__layout layout = {0};
    int64_t instant, units, closed, early;
    gex_calendar *calendar;
    char *block;

    gex__layout_add(&layout, 1, sizeof *calendar);
    instant = gex__layout_add(&layout, opt->event_count, sizeof(int64_t));
    units = gex__layout_add(&layout, opt->event_count, sizeof(double));
    closed = gex__layout_add(&layout, opt->closed_count, sizeof(int32_t));
    early = gex__layout_add(&layout, opt->early_count, sizeof(int32_t));
    calendar = gex__object_create(context, &layout, NULL);
    if (calendar == NULL)
        return NULL;
    block = (char *)calendar;
    events_take(calendar, opt,
                (struct events){(int64_t *)(void *)(block + instant), (double *)(void *)(block + units)});
    days_take(calendar, opt, (int32_t *)(void *)(block + closed), (int32_t *)(void *)(block + early));
    return calendar;
}

gex_status gex_calendar_create(const gex_context *context, const gex_calendar_options *options, gex_calendar **out,
                               gex_error *error)
{
    gex_calendar_options opt = defaults;
    double weight[GEX_WEIGHT_LAST_ + 1];
    struct gex__guest guest;
    gex_calendar *calendar = NULL;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "out is required");
    *out = NULL;
    if (options != NULL && gex__options_take(&opt, sizeof opt, CALENDAR_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "calendar options: struct_size {u} is not understood",
                         options->struct_size);
    status = columns_check(&opt, error);
    if (status != GEX_OK)
        return status;

    gex__guest_enter(&guest);
    weights_take(&opt, weight);
    status = values_check(&opt, weight, error);
    if (status == GEX_OK) {
        calendar = calendar_make(context, &opt);
        if (calendar == NULL)
            status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a calendar of {i} dates and {i} events",
                               opt.closed_count + opt.early_count, opt.event_count);
        else
            memcpy(calendar->weight, weight, sizeof weight);
    }
    gex__guest_leave(&guest);
    *out = calendar;
    return status;
}

void gex_calendar_free(gex_calendar *calendar)
{
    gex__object_release(calendar);
}

/* ---- lent ------------------------------------------------------------------------------------------------------- */

double gex_calendar_weight(const gex_calendar *calendar, int32_t weight)
{
    return weight >= 1 && weight <= GEX_WEIGHT_LAST_ ? gex__calendar_of(calendar)->weight[weight] : (double)NAN;
}

int64_t gex_calendar_event_count(const gex_calendar *calendar)
{
    return gex__calendar_of(calendar)->event_count;
}

int32_t gex_calendar_own_days(const gex_calendar *calendar)
{
    return gex__calendar_of(calendar)->own_days;
}
