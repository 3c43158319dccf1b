/* SPDX-License-Identifier: Apache-2.0 */
/* Open days: which they are, how many lie between two dates, and when their sessions begin and end. */
#include "calendar.h"

#include <stddef.h>

#include "base/civil.h"
#include "calendar_table.h"

#define LENGTH(array) ((int64_t)(sizeof(array) / sizeof(array)[0]))

/* Defaults of VARIANCE_CLOCK: French and Roll (1986) for a closed day, whose weekend carries about a tenth of a
 * weekday. */
static const gex_calendar us = {
    .closed = calendar_closed,
    .closed_count = LENGTH(calendar_closed),
    .early = calendar_early,
    .early_count = LENGTH(calendar_early),
    .weight = {[GEX_WEIGHT_SESSION] = 0.75,
               [GEX_WEIGHT_OVERNIGHT] = 0.25,
               [GEX_WEIGHT_NON_BUSINESS] = 0.05,
               [GEX_WEIGHT_U_SHAPE] = 0.4,
               [GEX_WEIGHT_YEAR] = 252.0 + 113.0 * 0.05},
};

const gex_calendar *gex__calendar_of(const gex_calendar *calendar)
{
    return calendar != NULL ? calendar : &us;
}

/* Dates of a list before a given one. */
static int64_t before(const int32_t *dates, int64_t count, int32_t date)
{
    int64_t low = 0, high = count;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (dates[middle] < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool in_list(const int32_t *dates, int64_t count, int32_t date)
{
    const int64_t at = before(dates, count, date);
    return at < count && dates[at] == date;
}

/* ---- days ------------------------------------------------------------------------------------------------------- */

/* Outside the years of a list only weekends are known to be closed. */
int32_t gex__session_of(const gex_calendar *calendar, int64_t day)
{
    const int32_t weekday = gex__weekday(day), date = gex__yyyymmdd_from_days(day);

    if (weekday == 0 || weekday == 6 || in_list(calendar->closed, calendar->closed_count, date))
        return GEX_SESSION_CLOSED;
    return in_list(calendar->early, calendar->early_count, date) ? GEX_SESSION_EARLY_CLOSE : GEX_SESSION_REGULAR;
}

/* Mondays to Fridays before a day, from some Monday long ago. */
static int64_t weekdays_before(int64_t day)
{
    const int64_t since = day + 3 + 7 * INT64_C(100000); /* 1970-01-01 was a Thursday */
    const int64_t of_week = since % 7;

    return since / 7 * 5 + (of_week < 5 ? of_week : 5);
}

int64_t gex__weekdays(int64_t from, int64_t to)
{
    return weekdays_before(to) - weekdays_before(from);
}

static int64_t listed(const int32_t *dates, int64_t count, int64_t from, int64_t to)
{
    return before(dates, count, gex__yyyymmdd_from_days(to)) - before(dates, count, gex__yyyymmdd_from_days(from));
}

int64_t gex__business_days(const gex_calendar *calendar, int64_t from, int64_t to)
{
    return gex__weekdays(from, to) - listed(calendar->closed, calendar->closed_count, from, to);
}

int64_t gex__early_days(const gex_calendar *calendar, int64_t from, int64_t to)
{
    return listed(calendar->early, calendar->early_count, from, to);
}

bool gex__day_of(int64_t instant, int64_t *day_out)
{
    return gex__days_from_yyyymmdd(gex_instant_date(instant, GEX_ZONE_NEW_YORK), day_out);
}

/* ---- sessions --------------------------------------------------------------------------------------------------- */

static int64_t new_york(int64_t day, int32_t hour, int32_t minute)
{
    struct gex__civil civil = {.hour = hour, .minute = minute};
    int64_t instant = 0;

    gex__date_from_days(day, &civil.year, &civil.month, &civil.day);
    (void)gex__instant_from_new_york(&civil, &instant); /* clocks change at 02:00: no session begins or ends there */
    return instant;
}

int64_t gex__open_of(int64_t day)
{
    return new_york(day, 9, 30);
}

int64_t gex__close_of(int64_t day, int32_t session)
{
    return new_york(day, session == GEX_SESSION_EARLY_CLOSE ? 13 : 16, 0);
}

int32_t gex_calendar_session(const gex_calendar *calendar, int32_t date, int64_t *open_out, int64_t *close_out)
{
    int64_t day;
    int32_t session;

    calendar = gex__calendar_of(calendar);
    if (!gex__days_from_yyyymmdd(date, &day) ||
        (!calendar->own_days && (date / 10000 < CALENDAR_FIRST || date / 10000 > CALENDAR_LAST)))
        return GEX_ERR_DOMAIN;
    session = gex__session_of(calendar, day);
    if (session != GEX_SESSION_CLOSED && open_out != NULL)
        *open_out = gex__open_of(day);
    if (session != GEX_SESSION_CLOSED && close_out != NULL)
        *close_out = gex__close_of(day, session);
    return session;
}

int32_t gex_session(int32_t date, int64_t *open_out, int64_t *close_out)
{
    return gex_calendar_session(NULL, date, open_out, close_out);
}
