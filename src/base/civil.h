/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar arithmetic: dates of the proleptic Gregorian calendar, and the offset of New York from UTC. */
#ifndef GEX_BASE_CIVIL_H
#define GEX_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define GEX_SECOND INT64_C(1000000000) /* ns */
#define GEX_DAY    (86400 * GEX_SECOND)

struct gex__civil {
    int32_t year, month, day;     /* month and day from 1 */
    int32_t hour, minute, second; /* second 0 to 59 */
    int32_t nanosecond;
};

/* Days since 1970-01-01. The date need not be checked. Source: Hinnant (2014), chrono-compatible low-level date
 * algorithms. */
int64_t gex__days_from_date(int32_t year, int32_t month, int32_t day);
void    gex__date_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day);
bool    gex__date_valid(int32_t year, int32_t month, int32_t day);
int32_t gex__weekday(int64_t days); /* 0 Sunday to 6 Saturday */
/* yyyymmdd and back; false when it is not a date of the years 1900 to 2200. */
bool    gex__days_from_yyyymmdd(int32_t yyyymmdd, int64_t *days_out);
int32_t gex__yyyymmdd_from_days(int64_t days);

/* Seconds New York is ahead of UTC at an instant: -18000 or -14400. */
int32_t gex__new_york_offset(int64_t instant);
/* Instant of a New York wall time; the first of two in autumn; false in the hour that spring skips. */
bool gex__instant_from_new_york(const struct gex__civil *civil, int64_t *instant_out);
/* Instant of a wall time that is `offset_seconds` ahead of UTC. */
int64_t gex__instant_from_civil(const struct gex__civil *civil, int32_t offset_seconds);
void    gex__civil_from_instant(int64_t instant, int32_t offset_seconds, struct gex__civil *civil_out);

#endif
