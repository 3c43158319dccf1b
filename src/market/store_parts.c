/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar: five weights from GEX_WEIGHT_SESSION on (8 each), events (instant 8, units 8), the caller's closed days
 * and early closes (4 each). A smile: spot (8), slices (SLICE_BYTES), nodes of all slices (k, w, slope, 8 each).
 */
#include "store_parts.h"

#include <math.h>
#include <string.h>

#include "calendar.h"
#include "surface_make.h"

enum { WEIGHTS = GEX_WEIGHT_LAST_, EVENT_BYTES = 16, DATE_BYTES = 4, SLICE_BYTES = 52, NODE_BYTES = 24 };
_Static_assert(WEIGHTS == 5, "another weight is another version of the record");

/* ---- how long they are ------------------------------------------------------------------------------------------- */

struct gex__parts gex__parts_of(const gex_calendar *calendar, const struct gex__motion *motion)
{
    const gex_surface *smile = motion != NULL ? motion->smile : NULL;
    struct gex__parts parts = {.has_calendar = calendar != NULL,
                               .has_smile = smile == NULL ? 0 : motion->given ? 2 : 1};

    if (calendar != NULL) {
        parts.own_days = calendar->own_days;
        parts.closed = calendar->own_days != 0 ? calendar->closed_count : 0;
        parts.early = calendar->own_days != 0 ? calendar->early_count : 0;
        parts.events = calendar->event_count;
    }
    for (int64_t i = 0; smile != NULL && i < smile->used; i++)
        parts.nodes += smile->slice[i].nodes;
    parts.slices = smile != NULL ? smile->used : 0;
    return parts;
}

void gex__parts_put(const struct gex__parts *parts, struct gex__sink *sink)
{
    const int64_t counts[] = {parts->has_calendar, parts->own_days, parts->closed, parts->early,
                              parts->events, parts->has_smile, parts->slices, parts->nodes};

    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        gex__save_int(sink, (uint64_t)counts[k], 8);
}

struct gex__parts gex__parts_take(const unsigned char **at)
{
    struct gex__parts parts;
    int64_t *const counts[] = {&parts.has_calendar, &parts.own_days, &parts.closed, &parts.early,
                               &parts.events, &parts.has_smile, &parts.slices, &parts.nodes};

    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        *counts[k] = (int64_t)gex__load_int(at, 8);
    return parts;
}

int64_t gex__parts_size(const struct gex__parts *parts)
{
    const int64_t counts[] = {parts->closed, parts->early, parts->events, parts->slices, parts->nodes};
    const bool dates = parts->closed != 0 || parts->early != 0;

    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        if (counts[k] < 0 || counts[k] > GEX_MAX_ROWS)
            return -1;
    if (((parts->has_calendar | parts->own_days) & ~INT64_C(1)) != 0 || parts->has_smile < 0 || parts->has_smile > 2)
        return -1;
    if ((dates && parts->own_days == 0) || ((parts->own_days | parts->events) != 0 && parts->has_calendar == 0) ||
        ((parts->slices | parts->nodes) != 0 && parts->has_smile == 0))
        return -1;
    return parts->has_calendar * WEIGHTS * 8 + parts->events * EVENT_BYTES +
           (parts->closed + parts->early) * DATE_BYTES + (parts->has_smile != 0 ? 8 : 0) +
           parts->slices * SLICE_BYTES + parts->nodes * NODE_BYTES;
}

/* ---- calendar ---------------------------------------------------------------------------------------------------- */

void gex__calendar_put(const gex_calendar *calendar, struct gex__sink *sink)
{
    if (calendar == NULL)
        return;
    for (int32_t w = 1; w <= WEIGHTS; w++)
        gex__save_f64(sink, calendar->weight[w]);
    for (int64_t i = 0; i < calendar->event_count; i++) {
        gex__save_int(sink, (uint64_t)calendar->event[i], 8);
        gex__save_f64(sink, calendar->event_units[i]);
    }
    for (int64_t i = 0; calendar->own_days != 0 && i < calendar->closed_count; i++)
        gex__save_int(sink, (uint32_t)calendar->closed[i], DATE_BYTES);
    for (int64_t i = 0; calendar->own_days != 0 && i < calendar->early_count; i++)
        gex__save_int(sink, (uint32_t)calendar->early[i], DATE_BYTES);
}

/* Columns as the door of calendars reads them: values lie in the record, in no alignment, but in its byte order. */
struct dates {
    int64_t *event;
    double  *units;
    int32_t *closed, *early;
};

static void carve(struct gex__carve *carve, const struct gex__parts *parts, struct dates *dates)
{
    dates->event = gex__carve(carve, parts->events, sizeof *dates->event);
    dates->units = gex__carve(carve, parts->events, sizeof *dates->units);
    dates->closed = gex__carve(carve, parts->closed, sizeof *dates->closed);
    dates->early = gex__carve(carve, parts->early, sizeof *dates->early);
}

static gex_calendar_options calendar_options(const struct gex__parts *parts, const struct dates *dates,
                                             const unsigned char **at)
{
    gex_calendar_options options;

    gex_calendar_options_init(&options, sizeof options);
    options.own_days = (int32_t)parts->own_days;
    options.session = gex__load_f64(at);
    options.overnight = gex__load_f64(at);
    options.non_business = gex__load_f64(at);
    options.u_shape = gex__load_f64(at);
    options.year = gex__load_f64(at);
    for (int64_t i = 0; i < parts->events; i++) {
        dates->event[i] = (int64_t)gex__load_int(at, 8);
        dates->units[i] = gex__load_f64(at);
    }
    for (int64_t i = 0; i < parts->closed; i++)
        dates->closed[i] = (int32_t)gex__load_int(at, DATE_BYTES);
    for (int64_t i = 0; i < parts->early; i++)
        dates->early[i] = (int32_t)gex__load_int(at, DATE_BYTES);
    options.event_count = parts->events;
    options.event = (gex_i64){dates->event, sizeof *dates->event};
    options.event_units = (gex_f64){dates->units, sizeof *dates->units};
    options.closed_count = parts->closed;
    options.closed = (gex_i32){dates->closed, sizeof *dates->closed};
    options.early_count = parts->early;
    options.early = (gex_i32){dates->early, sizeof *dates->early};
    return options;
}

static bool same(const void *a, const void *b, int64_t count, size_t element)
{
    return count == 0 || memcmp(a, b, (size_t)count * element) == 0;
}

/* A calendar keeps its days and events in order, once each: what it does not keep as it stands was none. */
static bool is_kept(const gex_calendar *calendar, const struct gex__parts *parts, const struct dates *dates)
{
    const struct gex__parts kept = gex__parts_of(calendar, NULL);

    return kept.closed == parts->closed && kept.early == parts->early &&
           same(calendar->event, dates->event, parts->events, sizeof *dates->event) &&
           same(calendar->event_units, dates->units, parts->events, sizeof *dates->units) &&
           same(calendar->closed, dates->closed, parts->closed, sizeof *dates->closed) &&
           same(calendar->early, dates->early, parts->early, sizeof *dates->early);
}

gex_status gex__calendar_take(const gex_context *context, const struct gex__parts *parts, const unsigned char **at,
                              gex_calendar **out)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__carve counted = {.block = NULL}, given = {.block = NULL};
    gex_calendar_options options;
    struct dates dates;
    gex_status status;

    *out = NULL;
    if (parts->has_calendar == 0)
        return GEX_OK;
    carve(&counted, parts, &dates);
    given.block = counted.layout.overflow ? NULL : gex__memory_get(&memory, counted.layout.size);
    if (given.block == NULL)
        return GEX_ERR_MEMORY;
    carve(&given, parts, &dates);
    options = calendar_options(parts, &dates, at);
    /* a calendar says what a year is, and what nights are: 0 and NaN stand for words that it does not keep */
    status = options.year > 0 && options.overnight >= 0 ? gex_calendar_create(context, &options, out, NULL)
                                                        : GEX_ERR_FORMAT;
    if (status == GEX_OK && !is_kept(*out, parts, &dates)) {
        gex_calendar_free(*out);
        *out = NULL;
        status = GEX_ERR_FORMAT;
    }
    gex__memory_put(&memory, given.block, counted.layout.size);
    return status;
}

/* ---- smile ------------------------------------------------------------------------------------------------------- */

void gex__smile_put(const gex_surface *smile, struct gex__sink *sink)
{
    if (smile == NULL)
        return;
    gex__save_f64(sink, smile->spot);
    for (int64_t i = 0; i < smile->used; i++) {
        const struct gex__slice *slice = &smile->slice[i];

        gex__save_int(sink, (uint64_t)slice->place, 4);
        gex__save_int(sink, (uint64_t)slice->nodes, 8);
        gex__save_f64(sink, slice->years);
        gex__save_f64(sink, slice->forward);
        gex__save_f64(sink, slice->theta);
        gex__save_f64(sink, slice->left);
        gex__save_f64(sink, slice->right);
    }
    for (int64_t i = 0; i < smile->used; i++)
        for (int64_t n = smile->slice[i].first; n < smile->slice[i].first + smile->slice[i].nodes; n++) {
            gex__save_f64(sink, smile->k[n]);
            gex__save_f64(sink, smile->w[n]);
            gex__save_f64(sink, smile->slope[n]);
        }
}

static bool slope_allowed(double slope)
{
    return slope >= 0 && slope <= 2;
}

/* Slices in the order of expiries and of years, each with nodes that ascend. */
static bool slice_take(gex_surface *smile, int64_t i, int64_t nodes, const unsigned char **at)
{
    struct gex__slice *slice = &smile->slice[i];
    const struct gex__slice *before = i > 0 ? slice - 1 : NULL;

    slice->place = (int64_t)gex__load_int(at, 4);
    slice->nodes = (int64_t)gex__load_int(at, 8);
    slice->years = gex__load_f64(at);
    slice->forward = gex__load_f64(at);
    slice->theta = gex__load_f64(at);
    slice->left = gex__load_f64(at);
    slice->right = gex__load_f64(at);
    slice->first = before != NULL ? before->first + before->nodes : 0;
    if (slice->place >= smile->expiries || slice->nodes < 1 || slice->nodes > nodes - slice->first ||
        !(slice->years > 0 && isfinite(slice->years)) || !(slice->forward > 0 && isfinite(slice->forward)) ||
        !slope_allowed(slice->left) || !slope_allowed(slice->right) ||
        (before != NULL && !(slice->place > before->place && slice->years > before->years)))
        return false;
    smile->years[slice->place] = slice->years;
    smile->forward[slice->place] = slice->forward;
    smile->theta[slice->place] = slice->theta;
    smile->status[slice->place] = GEX_SLICE_USED;
    return true;
}

static bool nodes_take(gex_surface *smile, const struct gex__slice *slice, const unsigned char **at)
{
    for (int64_t n = slice->first; n < slice->first + slice->nodes; n++) {
        smile->k[n] = gex__load_f64(at);
        smile->w[n] = gex__load_f64(at);
        smile->slope[n] = gex__load_f64(at);
        smile->quote_status[n] = GEX_ROW_USED;
        if (!isfinite(smile->k[n]) || !(smile->w[n] > 0) || (n > slice->first && !(smile->k[n] > smile->k[n - 1])))
            return false;
    }
    return true;
}

static bool slices_take(gex_surface *smile, const struct gex__parts *parts, const unsigned char **at)
{
    for (int64_t e = 0; e < smile->expiries; e++)
        smile->status[e] = GEX_SLICE_NO_QUOTES; /* until a slice says otherwise */
    for (int64_t i = 0; i < parts->slices; i++)
        if (!slice_take(smile, i, parts->nodes, at))
            return false;
    smile->used = parts->slices;
    if (smile->slice[smile->used - 1].first + smile->slice[smile->used - 1].nodes != parts->nodes)
        return false;
    for (int64_t i = 0; i < parts->slices; i++)
        if (!nodes_take(smile, &smile->slice[i], at))
            return false;
    return true;
}

gex_status gex__smile_take(const gex_context *context, const struct gex__parts *parts, int64_t expiries,
                           const unsigned char **at, gex_surface **out)
{
    static const double nothing = (double)NAN;
    const struct gex__expiries none = {expiries, {&nothing, 0}, {&nothing, 0},
                                       parts->has_smile != 0 ? gex__load_f64(at) : 0};
    gex_surface *smile;

    *out = NULL;
    if (parts->has_smile == 0)
        return GEX_OK;
    if (parts->slices == 0 || parts->slices > expiries)
        return GEX_ERR_FORMAT;
    smile = gex__surface_make(context, &none, GEX_FORM_RAW, parts->nodes);
    if (smile == NULL)
        return GEX_ERR_MEMORY;
    smile->wings = GEX_WINGS_LINEAR;
    if (!slices_take(smile, parts, at)) {
        gex_surface_free(smile);
        return GEX_ERR_FORMAT;
    }
    *out = smile;
    return GEX_OK;
}
