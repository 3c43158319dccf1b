/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units of variance between two instants.
 *
 * Time is a row of business days, each its session and the closed time up to the next open. Units are added up from
 * parts, never taken as the difference of two counts from far away: the last second before a settlement is as exact as
 * a year. Inside a session the share between u1 and u2, with a = u1 - 1/2 and b = u2 - 1/2, is
 *
 *     (u2 - u1) (1 - c + 4 c (a^2 + a b + b^2)),        at one instant u the intensity  1 - c + 12 c (u - 1/2)^2
 */
#include "calendar.h"

#include <math.h>

/* A business day and the closed time behind it. */
struct stretch {
    int64_t day, next;               /* this business day and the next */
    int64_t open, close, next_open;  /* instants */
    double  session, gap;            /* units */
};

static int64_t business_day_from(const gex_calendar *calendar, int64_t day, int64_t step)
{
    while (gex__session_of(calendar, day) == GEX_SESSION_CLOSED)
        day += step;
    return day;
}

static double session_units(const gex_calendar *calendar, int64_t open, int64_t close)
{
    return calendar->weight[GEX_WEIGHT_SESSION] * ((double)(close - open) / (double)GEX_SESSION_TIME);
}

/* The stretch an instant lies in: that of the last business day which has opened. */
static struct stretch stretch_of(const gex_calendar *calendar, int64_t instant)
{
    struct stretch at = {0};
    int64_t day = 0;

    (void)gex__day_of(instant, &day); /* the doors have made sure */
    at.day = business_day_from(calendar, day, -1);
    at.open = gex__open_of(at.day);
    if (instant < at.open) {
        at.day = business_day_from(calendar, at.day - 1, -1);
        at.open = gex__open_of(at.day);
    }
    at.close = gex__close_of(at.day, gex__session_of(calendar, at.day));
    at.next = business_day_from(calendar, at.day + 1, 1);
    at.next_open = gex__open_of(at.next);
    at.session = session_units(calendar, at.open, at.close);
    at.gap = calendar->weight[GEX_WEIGHT_OVERNIGHT] +
             calendar->weight[GEX_WEIGHT_NON_BUSINESS] * (double)(at.next - at.day - 1);
    return at;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Units between two instants of one stretch, its ends included. */
static double within(const gex_calendar *calendar, const struct stretch *at, int64_t from, int64_t to)
{
    const double length = (double)(at->close - at->open), c = calendar->weight[GEX_WEIGHT_U_SHAPE];
    double units = 0.0;

    if (from < at->close) {
        const int64_t end = earlier(to, at->close);
        const double a = (double)(from - at->open) / length - 0.5, b = (double)(end - at->open) / length - 0.5;

        units += at->session * ((double)(end - from) / length) * (1.0 - c + 4.0 * c * (a * a + a * b + b * b));
    }
    if (to > at->close)
        units += at->gap * ((double)(to - later(from, at->close)) / (double)(at->next_open - at->close));
    return units;
}

/* Whole stretches of the business days in [from, to), both business days. */
static double whole(const gex_calendar *calendar, int64_t from, int64_t to)
{
    const int64_t days = gex__business_days(calendar, from, to), early = gex__early_days(calendar, from, to);
    const double full = (double)GEX_SESSION_TIME, cut = (double)(GEX_SESSION_TIME - GEX_EARLY_BY);

    return calendar->weight[GEX_WEIGHT_SESSION] * ((double)(days - early) + (double)early * (cut / full)) +
           calendar->weight[GEX_WEIGHT_OVERNIGHT] * (double)days +
           calendar->weight[GEX_WEIGHT_NON_BUSINESS] * (double)(to - from - days);
}

/* Events in (from, to]. */
static double events(const gex_calendar *calendar, int64_t from, int64_t to)
{
    int64_t low = 0, high = calendar->event_count;
    double units = 0.0;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (calendar->event[middle] <= from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < calendar->event_count && calendar->event[low] <= to; low++)
        units += calendar->event_units[low];
    return units;
}

double gex__variance_units(const gex_calendar *calendar, int64_t from, int64_t to)
{
    const struct stretch first = stretch_of(calendar, from);
    struct stretch last;

    if (to <= first.next_open)
        return within(calendar, &first, from, to) + events(calendar, from, to);
    last = stretch_of(calendar, to);
    return within(calendar, &first, from, first.next_open) + whole(calendar, first.next, last.day) +
           within(calendar, &last, last.open, to) + events(calendar, from, to);
}

double gex__variance_intensity(const gex_calendar *calendar, int64_t at)
{
    const struct stretch here = stretch_of(calendar, at);
    const double length = (double)(here.close - here.open), c = calendar->weight[GEX_WEIGHT_U_SHAPE];
    const double u = (double)(at - here.open) / length - 0.5;

    if (at < here.close)
        return here.session / length * (1.0 - c + 12.0 * c * u * u);
    return here.gap / (double)(here.next_open - here.close);
}

double gex__year_units(const double weight[GEX_WEIGHT_LAST_ + 1])
{
    return 252.0 * (weight[GEX_WEIGHT_SESSION] + weight[GEX_WEIGHT_OVERNIGHT]) +
           113.0 * weight[GEX_WEIGHT_NON_BUSINESS];
}

double gex_calendar_units(const gex_calendar *calendar, int64_t from, int64_t to)
{
    struct gex__guest guest;
    int64_t day;
    double units;

    if (!gex__day_of(from, &day) || !gex__day_of(to, &day))
        return (double)NAN;
    calendar = gex__calendar_of(calendar);
    gex__guest_enter(&guest);
    units = from <= to ? gex__variance_units(calendar, from, to) : -gex__variance_units(calendar, to, from);
    gex__guest_leave(&guest);
    return units;
}
