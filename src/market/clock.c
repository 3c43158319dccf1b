/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the US option exchanges, the instant an option settles, and years. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include <gex/clock.h>
#include <gex/row.h>

#include "base/base.h"
#include "base/civil.h"
#include "calendar_table.h"
#include "roots.h"

#define LENGTH(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

static bool in_table(const int32_t *dates, int32_t count, int32_t date)
{
    int32_t low = 0, high = count;

    while (low < high) {
        const int32_t middle = (low + high) / 2;

        if (dates[middle] < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && dates[low] == date;
}

/* Outside the years of the table only weekends are known to be closed. */
static int32_t session_of(int64_t days, int32_t date)
{
    const int32_t weekday = gex__weekday(days);

    if (weekday == 0 || weekday == 6 || in_table(calendar_closed, LENGTH(calendar_closed), date))
        return GEX_SESSION_CLOSED;
    return in_table(calendar_early, LENGTH(calendar_early), date) ? GEX_SESSION_EARLY_CLOSE : GEX_SESSION_REGULAR;
}

static int64_t new_york(int32_t date, int32_t hour, int32_t minute)
{
    const struct gex__civil civil = {date / 10000, date / 100 % 100, date % 100, hour, minute, 0, 0};
    int64_t instant = 0;

    (void)gex__instant_from_new_york(&civil, &instant); /* clocks change at 02:00: no session begins or ends there */
    return instant;
}

static int64_t open_of(int32_t date)
{
    return new_york(date, 9, 30);
}

static int64_t close_of(int32_t date, int32_t session)
{
    return new_york(date, session == GEX_SESSION_EARLY_CLOSE ? 13 : 16, 0);
}

int32_t gex_session(int32_t date, int64_t *open_out, int64_t *close_out)
{
    int64_t days;
    int32_t session;

    if (!gex__days_from_yyyymmdd(date, &days) || date / 10000 < CALENDAR_FIRST || date / 10000 > CALENDAR_LAST)
        return GEX_ERR_DOMAIN;
    session = session_of(days, date);
    if (session != GEX_SESSION_CLOSED && open_out != NULL)
        *open_out = open_of(date);
    if (session != GEX_SESSION_CLOSED && close_out != NULL)
        *close_out = close_of(date, session);
    return session;
}

gex_status gex_settlement(const char *root, int64_t root_length, int32_t date, int64_t *instant_out,
                          uint32_t *flags_out, gex_error *error)
{
    gex_root facts;
    int64_t days;
    int32_t session;
    uint32_t flags;

    if (root == NULL || root_length <= 0 || instant_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a root of at least one character and instant_out are required");
    if (!gex__days_from_yyyymmdd(date, &days))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} is not a date yyyymmdd of the years 1900 to 2200",
                         (int64_t)date);
    facts = gex__root_facts(root, root_length);
    flags = facts.flags & (uint32_t)GEX_FLAG_UNKNOWN_ROOT;
    while ((session = session_of(days, date)) == GEX_SESSION_CLOSED) {
        date = gex__yyyymmdd_from_days(--days);
        flags |= GEX_FLAG_MOVED_EXPIRY;
    }
    *instant_out = facts.settle == GEX_SETTLE_AM ? open_of(date) : close_of(date, session);
    if (flags_out != NULL)
        *flags_out = flags;
    return GEX_OK;
}

double gex_years(int32_t clock, int64_t from, int64_t to)
{
    const double year = 365.0 * 86400e9; /* ns */
    struct gex__guest guest;
    double years;

    if (clock != GEX_CLOCK_CAL_365)
        return (double)NAN;
    gex__guest_enter(&guest);
    /* unsigned: two instants may lie further apart than an int64_t reaches */
    if (to >= from)
        years = (double)((uint64_t)to - (uint64_t)from) / year;
    else
        years = -((double)((uint64_t)from - (uint64_t)to) / year);
    gex__guest_leave(&guest);
    return years;
}

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
