/* SPDX-License-Identifier: Apache-2.0 */
/* Dates to days and back, and New York time.
 *
 * A civil year that begins in March puts the leap day last, and 400 years are always 146097 days: Hinnant (2014),
 * chrono-compatible low-level date algorithms.
 */
#include "civil.h"

enum { EPOCH_SHIFT = 719468 }; /* days from 0000-03-01 to 1970-01-01 */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t gex__days_from_date(int32_t year, int32_t month, int32_t day)
{
    const int64_t y = (int64_t)year - (month <= 2);
    const int64_t era = floor_divide(y, 400), of_era = y - era * 400;
    const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - EPOCH_SHIFT;
}

void gex__date_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day)
{
    const int64_t shifted = days + EPOCH_SHIFT, era = floor_divide(shifted, 146097), of_era = shifted - era * 146097;
    const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;

    *day = (int32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (int32_t)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = (int32_t)(year_of_era + era * 400 + (*month <= 2));
}

bool gex__date_valid(int32_t year, int32_t month, int32_t day)
{
    static const int8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month >= 1 && month <= 12 && day >= 1 && day <= length[month - 1] + (month == 2 && leap);
}

int32_t gex__weekday(int64_t days)
{
    return (int32_t)(days + 4 - 7 * floor_divide(days + 4, 7)); /* 1970-01-01 was a Thursday */
}

bool gex__days_from_yyyymmdd(int32_t yyyymmdd, int64_t *days_out)
{
    const int32_t year = yyyymmdd / 10000, month = yyyymmdd / 100 % 100, day = yyyymmdd % 100;

    if (year < 1900 || year > 2200 || !gex__date_valid(year, month, day))
        return false;
    *days_out = gex__days_from_date(year, month, day);
    return true;
}

int32_t gex__yyyymmdd_from_days(int64_t days)
{
    int32_t year, month, day;

    gex__date_from_days(days, &year, &month, &day);
    return year * 10000 + month * 100 + day;
}

/* ---- New York -------------------------------------------------------------------------------------------------- */

enum { STANDARD = -5 * 3600, SUMMER = -4 * 3600 };

/* Days of the first Sunday on or after a date. */
static int64_t sunday_from(int32_t year, int32_t month, int32_t day)
{
    const int64_t days = gex__days_from_date(year, month, day);
    return days + (7 - gex__weekday(days)) % 7;
}

/* Days on which summer time begins and ends, both at 02:00 local time.
 *   from 2007   second Sunday of March    first Sunday of November   Energy Policy Act of 2005
 *   from 1987   first Sunday of April     last Sunday of October     Public Law 99-359
 *   before      last Sunday of April      last Sunday of October     Uniform Time Act of 1966; approximate: 1974 and
 *                                                                    1975 began early, and before 1967 practice varied
 */
static void summer_of(int32_t year, int64_t *begin, int64_t *end)
{
    if (year >= 2007) {
        *begin = sunday_from(year, 3, 8);
        *end = sunday_from(year, 11, 1);
    } else {
        *begin = sunday_from(year, 4, year >= 1987 ? 1 : 24);
        *end = sunday_from(year, 10, 25);
    }
}

int32_t gex__new_york_offset(int64_t instant)
{
    const int64_t seconds = floor_divide(instant, GEX_SECOND);
    int64_t begin, end;
    int32_t year, month, day;

    gex__date_from_days(floor_divide(seconds + STANDARD, 86400), &year, &month, &day);
    summer_of(year, &begin, &end);
    return seconds >= begin * 86400 + 7200 - STANDARD && seconds < end * 86400 + 7200 - SUMMER ? SUMMER : STANDARD;
}

int64_t gex__instant_from_civil(const struct gex__civil *civil, int32_t offset_seconds)
{
    const int64_t days = gex__days_from_date(civil->year, civil->month, civil->day);
    const int64_t seconds = civil->hour * 3600 + civil->minute * 60 + civil->second - offset_seconds;

    return (days * 86400 + seconds) * GEX_SECOND + civil->nanosecond;
}

void gex__civil_from_instant(int64_t instant, int32_t offset_seconds, struct gex__civil *civil_out)
{
    const int64_t seconds = floor_divide(instant, GEX_SECOND);
    const int64_t local = seconds + offset_seconds, days = floor_divide(local, 86400);
    const int32_t of_day = (int32_t)(local - days * 86400);
    const int32_t rest = (int32_t)(instant % GEX_SECOND);

    gex__date_from_days(days, &civil_out->year, &civil_out->month, &civil_out->day);
    civil_out->hour = of_day / 3600;
    civil_out->minute = of_day / 60 % 60;
    civil_out->second = of_day % 60;
    civil_out->nanosecond = rest < 0 ? rest + (int32_t)GEX_SECOND : rest;
}

bool gex__instant_from_new_york(const struct gex__civil *civil, int64_t *instant_out)
{
    const int64_t in_summer = gex__instant_from_civil(civil, SUMMER);
    const int64_t in_winter = gex__instant_from_civil(civil, STANDARD);

    if (gex__new_york_offset(in_summer) == SUMMER)
        *instant_out = in_summer;
    else if (gex__new_york_offset(in_winter) == STANDARD)
        *instant_out = in_winter;
    else
        return false;
    return true;
}
