/* SPDX-License-Identifier: Apache-2.0 */
/* Time per expiry on the market's clock, and what carries a volatility from the clock it was quoted on to others. */
#ifndef GEX_MARKET_TIMES_H
#define GEX_MARKET_TIMES_H

#include <gex/calendar.h>

/* Arrays of one element per expiry of the chain. */
struct gex__times {
    double  *years;    /* on its clock; 0 where settled */
    double  *pace;     /* of its clock now; NaN where settled */
    double  *restated; /* a quoted volatility times this is one on its clock */
    double  *dated;    /* ... and times this one on CAL_365 */
    uint8_t *clock;    /* GEX_CLOCK_*; 0 where settled */
};

/* What times are counted by. */
struct gex__timing {
    const gex_calendar *calendar; /* NULL: the US exchanges */
    int64_t             as_of;
    int32_t             clock, vol_clock;
};

/* `calendar_years` on CAL_365, 0 where settled. */
void gex__times_fill(const struct gex__timing *timing, const int64_t *expiries, const double *calendar_years,
                     int64_t count, struct gex__times *times);
/* The clock an expiry ahead stands on, `clock` or CAL_365 where that has no time left, and the years it has on it. */
int32_t gex__times_left(const struct gex__timing *timing, int32_t clock, int64_t settlement, double calendar_years,
                        double *years_out);

#endif
