/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the calendar: open days counted in days since 1970, sessions as instants. */
#ifndef GEX_MARKET_CALENDAR_H
#define GEX_MARKET_CALENDAR_H

#include <gex/calendar.h>

#include "base/base.h"

struct gex_calendar {
    struct gex__object object;
    int32_t            own_days;
    const int32_t     *closed, *early; /* yyyymmdd, ascending; Mondays to Fridays, each in one of the two and once */
    int64_t            closed_count, early_count;
    double             weight[GEX_WEIGHT_LAST_ + 1]; /* by GEX_WEIGHT_* */
    const int64_t     *event; /* ascending */
    const double      *event_units;
    int64_t            event_count;
};

/* A regular session, and what an early close takes off it. */
#define GEX_SESSION_TIME (23400 * INT64_C(1000000000)) /* ns */
#define GEX_EARLY_BY     (10800 * INT64_C(1000000000)) /* ns */

const gex_calendar *gex__calendar_of(const gex_calendar *calendar); /* the US exchanges for NULL */
double gex__year_units(const double weight[GEX_WEIGHT_LAST_ + 1]);  /* of session, overnight and closed days */

/* ---- days since 1970 ------------------------------------------------------------------------------------------- */

int32_t gex__session_of(const gex_calendar *calendar, int64_t day); /* GEX_SESSION_* */
int64_t gex__open_of(int64_t day);                                  /* instant */
int64_t gex__close_of(int64_t day, int32_t session);                /* instant */
/* Days in [from, to), from <= to. */
int64_t gex__weekdays(int64_t from, int64_t to);
int64_t gex__business_days(const gex_calendar *calendar, int64_t from, int64_t to);
int64_t gex__early_days(const gex_calendar *calendar, int64_t from, int64_t to);

/* New York's day of an instant; false outside the years 1900 to 2200. */
bool gex__day_of(int64_t instant, int64_t *day_out);

/* ---- variance --------------------------------------------------------------------------------------------------- */

/* Behind the doors: both instants have a day, from <= to. */
double gex__variance_units(const gex_calendar *calendar, int64_t from, int64_t to);
double gex__variance_intensity(const gex_calendar *calendar, int64_t at); /* units a nanosecond */

#endif
