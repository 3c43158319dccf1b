/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks by name: how many years lie between two instants, and how fast the years of a clock pass. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/civil.h"
#include "calendar.h"

#define DAY_NS 86400e9

/* A year of each clock: of calendar time in days, of open time in nanoseconds, of whole days in days. */
static const double open_year = 252.0 * 23400e9, calendar_year = 365.0 * DAY_NS;

/* ---- years, from <= to ------------------------------------------------------------------------------------------ */

static double calendar_years(double days, int64_t from, int64_t to)
{
    /* unsigned: two instants may lie further apart than an int64_t reaches */
    return (double)((uint64_t)to - (uint64_t)from) / (days * DAY_NS);
}

static double whole_days(int64_t days, bool time_left, double year)
{
    return (double)(days == 0 && time_left ? 1 : days) / year;
}

/* Open time of a day that has passed at an instant of it. */
static int64_t open_passed(const gex_calendar *calendar, int64_t day, int64_t instant)
{
    const int32_t session = gex__session_of(calendar, day);
    int64_t open, close;

    if (session == GEX_SESSION_CLOSED)
        return 0;
    open = gex__open_of(day);
    close = gex__close_of(day, session);
    return instant <= open ? 0 : (instant < close ? instant : close) - open;
}

static int64_t open_time(const gex_calendar *calendar, int64_t from, int64_t from_day, int64_t to, int64_t to_day)
{
    return gex__business_days(calendar, from_day, to_day) * GEX_SESSION_TIME -
           gex__early_days(calendar, from_day, to_day) * GEX_EARLY_BY + open_passed(calendar, to_day, to) -
           open_passed(calendar, from_day, from);
}

static double years_of(const gex_calendar *calendar, int32_t clock, int64_t from, int64_t to)
{
    int64_t from_day, to_day;

    if (clock == GEX_CLOCK_CAL_365)
        return calendar_years(365.0, from, to);
    if (clock == GEX_CLOCK_CAL_365_25)
        return calendar_years(365.25, from, to);
    if (!gex__day_of(from, &from_day) || !gex__day_of(to, &to_day))
        return (double)NAN;
    switch (clock) {
    case GEX_CLOCK_BUS_252_DAYS: return whole_days(gex__business_days(calendar, from_day, to_day), from < to, 252.0);
    case GEX_CLOCK_BUS_262_DAYS: return whole_days(gex__weekdays(from_day, to_day), from < to, 262.0);
    case GEX_CLOCK_BUS_252_CLOCK: return (double)open_time(calendar, from, from_day, to, to_day) / open_year;
    case GEX_CLOCK_VARIANCE_CLOCK:
        return gex__variance_units(calendar, from, to) / calendar->weight[GEX_WEIGHT_YEAR];
    default: return (double)NAN;
    }
}

double gex_calendar_years(const gex_calendar *calendar, int32_t clock, int64_t from, int64_t to)
{
    struct gex__guest guest;
    double years;

    calendar = gex__calendar_of(calendar);
    gex__guest_enter(&guest);
    years = from <= to ? years_of(calendar, clock, from, to) : -years_of(calendar, clock, to, from);
    gex__guest_leave(&guest);
    return years;
}

double gex_years(int32_t clock, int64_t from, int64_t to)
{
    return gex_calendar_years(NULL, clock, from, to);
}

/* ---- pace -------------------------------------------------------------------------------------------------------- */

static bool is_open(const gex_calendar *calendar, int64_t day, int64_t at)
{
    const int32_t session = gex__session_of(calendar, day);

    return session != GEX_SESSION_CLOSED && at >= gex__open_of(day) && at < gex__close_of(day, session);
}

static double pace_of(const gex_calendar *calendar, int32_t clock, int64_t at)
{
    int64_t day;

    if (clock == GEX_CLOCK_CAL_365)
        return 1.0;
    if (clock == GEX_CLOCK_CAL_365_25)
        return 365.0 / 365.25;
    if (!gex__day_of(at, &day))
        return (double)NAN;
    if (clock == GEX_CLOCK_BUS_252_CLOCK)
        return is_open(calendar, day, at) ? calendar_year / open_year : 0.0;
    if (clock == GEX_CLOCK_VARIANCE_CLOCK)
        return gex__variance_intensity(calendar, at) * (calendar_year / calendar->weight[GEX_WEIGHT_YEAR]);
    return (double)NAN;
}

double gex_calendar_pace(const gex_calendar *calendar, int32_t clock, int64_t at)
{
    struct gex__guest guest;
    double pace;

    gex__guest_enter(&guest);
    pace = pace_of(gex__calendar_of(calendar), clock, at);
    gex__guest_leave(&guest);
    return pace;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

#define NAME_CASE(name, value, text) \
    case name: return text;
#define NAME_FIND(constant, value, text) \
    if (strcmp(name, text) == 0)         \
        return constant;

const char *gex_clock_name(int32_t clock)
{
    switch (clock) {
        GEX_CLOCK_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_clock_find(const char *name)
{
    if (name == NULL)
        return 0;
    GEX_CLOCK_LIST(NAME_FIND)
    return 0;
}

const char *gex_weight_name(int32_t weight)
{
    switch (weight) {
        GEX_WEIGHT_LIST(NAME_CASE)
    default: return "unknown";
    }
}
