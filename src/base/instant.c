/* SPDX-License-Identifier: Apache-2.0 */
/* Instants as text, ISO 8601 as RFC 3339 narrows it, and their dates. */
#include <string.h>

#include <gex/clock.h>

#include "base.h"
#include "civil.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2200 };

/* A text being read from the left. */
struct reader {
    const char *at, *end;
};

static bool take(struct reader *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

/* Exactly `digits` decimal digits. */
static bool take_number(struct reader *in, int32_t digits, int32_t *value_out)
{
    int32_t value = 0;

    if (in->end - in->at < digits)
        return false;
    for (int32_t i = 0; i < digits; i++) {
        if (in->at[i] < '0' || in->at[i] > '9')
            return false;
        value = value * 10 + (in->at[i] - '0');
    }
    in->at += digits;
    *value_out = value;
    return true;
}

static bool take_date(struct reader *in, struct gex__civil *civil)
{
    return take_number(in, 4, &civil->year) && take(in, '-') && take_number(in, 2, &civil->month) && take(in, '-') &&
           take_number(in, 2, &civil->day) && gex__date_valid(civil->year, civil->month, civil->day);
}

/* Up to nine digits behind the point. */
static bool take_fraction(struct reader *in, int32_t *nanosecond_out)
{
    int32_t digit, digits = 0, value = 0;

    for (; digits < 9 && take_number(in, 1, &digit); digits++)
        value = value * 10 + digit;
    if (digits == 0)
        return false;
    for (; digits < 9; digits++)
        value *= 10;
    *nanosecond_out = value;
    return true;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.fraction */
static bool take_time(struct reader *in, struct gex__civil *civil)
{
    if (!take_number(in, 2, &civil->hour) || !take(in, ':') || !take_number(in, 2, &civil->minute))
        return false;
    if (take(in, ':')) {
        if (!take_number(in, 2, &civil->second))
            return false;
        if (take(in, '.') && !take_fraction(in, &civil->nanosecond))
            return false;
    }
    return civil->hour < 24 && civil->minute < 60 && civil->second < 60;
}

/* Z, +hh:mm, +hhmm or +hh. */
static bool take_offset(struct reader *in, int32_t *offset_out)
{
    int32_t hours, minutes = 0, sign = 1;

    *offset_out = 0;
    if (take(in, 'Z'))
        return true;
    if (take(in, '-'))
        sign = -1;
    else if (!take(in, '+'))
        return false;
    if (!take_number(in, 2, &hours))
        return false;
    if (in->at != in->end) {
        (void)take(in, ':');
        if (!take_number(in, 2, &minutes))
            return false;
    }
    *offset_out = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

gex_status gex_instant_parse(const char *text, int64_t length, int32_t zone, int64_t *instant_out, gex_error *error)
{
    struct gex__civil civil = {0};
    struct reader in;
    int32_t offset = 0;

    if (text == NULL || length < 0 || instant_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "text, its length and instant_out are required");
    if (zone != GEX_ZONE_UTC && zone != GEX_ZONE_NEW_YORK)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "zone {i} is not one of GEX_ZONE_*", (int64_t)zone);
    in = (struct reader){text, text + length};
    if (!take_date(&in, &civil))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\" does not begin with a date like 2023-09-14", length, text);
    if ((!take(&in, 'T') && !take(&in, ' ')) || !take_time(&in, &civil))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\" needs a time after the date, like 2023-09-14T16:31:00",
                         length, text);
    if (civil.year < YEAR_FIRST || civil.year > YEAR_LAST)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "year {i} is outside {i} to {i}", (int64_t)civil.year,
                         (int64_t)YEAR_FIRST, (int64_t)YEAR_LAST);
    if (in.at != in.end) {
        if (!take_offset(&in, &offset) || in.at != in.end)
            return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\" ends in what is no offset like Z or -04:00", length,
                             text);
        *instant_out = gex__instant_from_civil(&civil, offset);
    } else if (zone == GEX_ZONE_UTC) {
        *instant_out = gex__instant_from_civil(&civil, 0);
    } else if (!gex__instant_from_new_york(&civil, instant_out)) {
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "\"{n}\" was skipped by summer time in New York; give an offset",
                         length, text);
    }
    return GEX_OK;
}

static char *put_number(char *out, int32_t value, int32_t digits)
{
    for (int32_t i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

/* Three, six or nine digits: what other readers of ISO 8601 agree on. */
static char *put_fraction(char *out, int32_t nanosecond)
{
    *out++ = '.';
    if (nanosecond % 1000000 == 0)
        return put_number(out, nanosecond / 1000000, 3);
    if (nanosecond % 1000 == 0)
        return put_number(out, nanosecond / 1000, 6);
    return put_number(out, nanosecond, 9);
}

static char *put_offset(char *out, int32_t offset)
{
    *out++ = offset < 0 ? '-' : '+';
    offset = offset < 0 ? -offset : offset;
    out = put_number(out, offset / 3600, 2);
    *out++ = ':';
    return put_number(out, offset / 60 % 60, 2);
}

/* Seconds ahead of UTC. @return false when the zone is unknown. */
static bool zone_offset(int64_t instant, int32_t zone, int32_t *offset_out)
{
    *offset_out = zone == GEX_ZONE_NEW_YORK ? gex__new_york_offset(instant) : 0;
    return zone == GEX_ZONE_NEW_YORK || zone == GEX_ZONE_UTC;
}

int64_t gex_instant_format(int64_t instant, int32_t zone, char *buffer, int64_t capacity)
{
    struct gex__civil civil;
    char text[40], *out = text;
    int32_t offset;

    if (buffer == NULL || !zone_offset(instant, zone, &offset))
        return 0;
    gex__civil_from_instant(instant, offset, &civil);
    out = put_number(out, civil.year, 4);
    *out++ = '-';
    out = put_number(out, civil.month, 2);
    *out++ = '-';
    out = put_number(out, civil.day, 2);
    *out++ = 'T';
    out = put_number(out, civil.hour, 2);
    *out++ = ':';
    out = put_number(out, civil.minute, 2);
    *out++ = ':';
    out = put_number(out, civil.second, 2);
    if (civil.nanosecond != 0)
        out = put_fraction(out, civil.nanosecond);
    if (zone == GEX_ZONE_UTC)
        *out++ = 'Z';
    else
        out = put_offset(out, offset);
    if (out - text >= capacity)
        return 0;
    memcpy(buffer, text, (size_t)(out - text));
    buffer[out - text] = '\0';
    return out - text;
}

int32_t gex_instant_date(int64_t instant, int32_t zone)
{
    struct gex__civil civil;
    int32_t offset;

    if (!zone_offset(instant, zone, &offset))
        return 0;
    gex__civil_from_instant(instant, offset, &civil);
    return civil.year * 10000 + civil.month * 100 + civil.day;
}
