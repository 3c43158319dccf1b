/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A volatility is a total deviation over the root of the years it is quoted on, so on another clock it reads
 *
 *     vol_new = vol_old sqrt(T_old / T_new)
 *
 * and the deviation, hence gamma, does not move. A clock may have no time left before a settlement that lies ahead: to
 * BUS_252_CLOCK the night before an AM settlement is nothing. No volatility on such a clock could state a deviation, so
 * that expiry stands on CAL_365, in years as in volatilities, and says so.
 */
#include "times.h"

#include <math.h>
#include <stdbool.h>

int32_t gex__times_left(const struct gex__timing *timing, int32_t clock, int64_t settlement, double calendar_years,
                        double *years_out)
{
    *years_out = clock == GEX_CLOCK_CAL_365
                     ? calendar_years
                     : gex_calendar_years(timing->calendar, clock, timing->as_of, settlement);
    if (*years_out > 0.0)
        return clock;
    *years_out = calendar_years;
    return GEX_CLOCK_CAL_365;
}

static double restated(int32_t from, double from_years, int32_t to, double to_years)
{
    return from == to ? 1.0 : sqrt(from_years / to_years);
}

/* A clock without a slope runs evenly to the settlement. */
static double pace_of(const struct gex__timing *timing, int32_t clock, double years, double calendar_years)
{
    if (clock == GEX_CLOCK_BUS_252_CLOCK || clock == GEX_CLOCK_VARIANCE_CLOCK)
        return gex_calendar_pace(timing->calendar, clock, timing->as_of);
    return years / calendar_years;
}

void gex__times_fill(const struct gex__timing *timing, const int64_t *expiries, const double *calendar_years,
                     int64_t count, struct gex__times *times)
{
    for (int64_t e = 0; e < count; e++) {
        const double calendar = calendar_years[e];
        const bool settled = expiries[e] < timing->as_of;
        double quoted = 0.0;
        int32_t quoted_clock;

        times->years[e] = calendar;
        times->pace[e] = settled ? (double)NAN : 1.0;
        times->restated[e] = times->dated[e] = 1.0;
        times->clock[e] = (uint8_t)(settled ? 0 : timing->clock);
        if (!(calendar > 0.0))
            continue; /* settled, or settling now: no time on any clock */
        times->clock[e] = (uint8_t)gex__times_left(timing, timing->clock, expiries[e], calendar, &times->years[e]);
        times->pace[e] = pace_of(timing, times->clock[e], times->years[e], calendar);
        quoted_clock = gex__times_left(timing, timing->vol_clock, expiries[e], calendar, &quoted);
        times->restated[e] = restated(quoted_clock, quoted, times->clock[e], times->years[e]);
        times->dated[e] = restated(quoted_clock, quoted, GEX_CLOCK_CAL_365, calendar);
    }
}
