/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "when.h"

enum { HOUR = 3600, YEAR_FIRST = 1900, YEAR_LAST = 2200 };

struct reading {
    const char      *at, *end;
    struct gex__when when; /* month, day, year 0 until read */
    bool             has_time, has_zone, done;
};

static char peek(const struct reading *r, int64_t ahead)
{
    return ahead < r->end - r->at ? r->at[ahead] : '\0';
}

/* ---- numbers --------------------------------------------------------------------------------------------------- */

/* @return how many digits there were; nine at most are worth reading. */
static int32_t read_digits(struct reading *r, int32_t *value_out)
{
    int32_t digits = 0, value = 0;

    for (; gex__is_digit(peek(r, 0)) && digits < 9; r->at++, digits++)
        value = value * 10 + (peek(r, 0) - '0');
    *value_out = value;
    return digits;
}

static bool set_year(struct reading *r, int32_t year, int32_t digits)
{
    if (digits == 2)
        year += 2000;
    if (r->when.civil.year != 0 || year < YEAR_FIRST || year > YEAR_LAST)
        return false;
    r->when.civil.year = year;
    return true;
}

static bool set_month(struct reading *r, int32_t month)
{
    if (r->when.civil.month != 0 || month < 1 || month > 12)
        return false;
    r->when.civil.month = month;
    return true;
}

static bool set_day(struct reading *r, int32_t day)
{
    if (r->when.civil.day != 0 || day < 1 || day > 31)
        return false;
    r->when.civil.day = day;
    return true;
}

static bool set_time(struct reading *r, int32_t hour, int32_t minute, int32_t second)
{
    if (r->has_time || hour > 23 || minute > 59 || second > 59)
        return false;
    r->has_time = true;
    r->when.civil.hour = hour;
    r->when.civil.minute = minute;
    r->when.civil.second = second;
    return true;
}

/* A no-break space, narrow or not, is bytes of 0x80 and above; nothing else beyond ASCII means anything here. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || (unsigned char)c >= 0x80;
}

/* "AM", "p.m.": 'a', 'p', or 0 and nothing read. */
static char read_meridiem(struct reading *r)
{
    int64_t ahead = 0;
    char half;

    while (is_space(peek(r, ahead)))
        ahead++;
    half = gex__lower(peek(r, ahead));
    ahead += peek(r, ahead + 1) == '.' ? 2 : 1;
    if ((half != 'a' && half != 'p') || gex__lower(peek(r, ahead)) != 'm' || gex__is_letter(peek(r, ahead + 1)))
        return 0;
    r->at += ahead + 1;
    if (peek(r, 0) == '.')
        r->at++;
    return half;
}

/* Of a 12-hour clock; "16:31 PM" says the same twice. */
static bool hour_of_half(int32_t *hour, char half)
{
    if (half == 'a' && *hour > 12)
        return false;
    if (half == 'a' && *hour == 12)
        *hour = 0;
    if (half == 'p' && *hour < 12)
        *hour += 12;
    return true;
}

/* From the colon behind the hour. */
static bool read_clock(struct reading *r, int32_t hour)
{
    int32_t minute, second = 0, nanosecond = 0, digits;

    r->at++;
    if (read_digits(r, &minute) != 2)
        return false;
    if (peek(r, 0) == ':') {
        r->at++;
        if (read_digits(r, &second) != 2)
            return false;
        if (peek(r, 0) == '.' && gex__is_digit(peek(r, 1))) {
            r->at++;
            for (digits = read_digits(r, &nanosecond); digits < 9; digits++)
                nanosecond *= 10;
        }
    }
    r->when.civil.nanosecond = nanosecond;
    return hour_of_half(&hour, read_meridiem(r)) && set_time(r, hour, minute, second);
}

/* From the mark behind the first of two or three numbers. */
static bool read_numeric_date(struct reading *r, int32_t first, int32_t first_digits)
{
    const char mark = *r->at++;
    int32_t second, third = 0, third_digits = 0;
    bool day_first = mark == '.' || first > 12;

    if (read_digits(r, &second) > 2)
        return false;
    if (peek(r, 0) == mark && gex__is_digit(peek(r, 1))) {
        r->at++;
        third_digits = read_digits(r, &third);
    }
    if (first_digits == 4)
        return third_digits != 0 && third_digits <= 2 && set_year(r, first, 4) && set_month(r, second) &&
               set_day(r, third);
    if (third_digits != 0 && third_digits != 2 && third_digits != 4)
        return false;
    return first_digits <= 2 && set_month(r, day_first ? second : first) && set_day(r, day_first ? first : second) &&
           (third_digits == 0 || set_year(r, third, third_digits));
}

static bool no_date_yet(const struct reading *r)
{
    return r->when.civil.year == 0 && r->when.civil.month == 0 && r->when.civil.day == 0;
}

static bool read_number(struct reading *r)
{
    int32_t value;
    const int32_t digits = read_digits(r, &value);
    const char mark = peek(r, 0);
    char half;

    if (mark == ':' && gex__is_digit(peek(r, 1)))
        return digits <= 2 && read_clock(r, value);
    if ((mark == '-' || mark == '/' || mark == '.') && gex__is_digit(peek(r, 1)) && no_date_yet(r))
        return read_numeric_date(r, value, digits);
    half = read_meridiem(r);
    if (half != 0)
        return hour_of_half(&value, half) && set_time(r, value, 0, 0);
    if (digits == 8)
        return set_year(r, value / 10000, 4) && set_month(r, value / 100 % 100) && set_day(r, value % 100);
    if (digits == 4)
        return set_year(r, value, 4);
    if (digits > 2)
        return false;
    return r->when.civil.day == 0 ? set_day(r, value) : set_year(r, value, digits);
}

/* ---- words ----------------------------------------------------------------------------------------------------- */

static bool is_prefix(struct gex__span word, const char *whole)
{
    for (int64_t i = 0; i < word.length; i++)
        if (whole[i] == '\0' || gex__lower(word.at[i]) != whole[i])
            return false;
    return word.length >= 3;
}

/* @return its place among the names, from 1, or 0. */
static int32_t find_prefix(struct gex__span word, const char *const *names, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        if (is_prefix(word, names[i]))
            return i + 1;
    return 0;
}

static bool set_zone(struct reading *r, bool fixed, int32_t offset)
{
    /* "GMT-4" gives an offset to a zone that has none */
    if (r->has_zone && !(r->when.fixed && r->when.offset == 0))
        return false;
    r->has_zone = true;
    r->when.fixed = fixed;
    r->when.offset = offset;
    return true;
}

static bool read_zone(struct reading *r, struct gex__span word)
{
    static const struct {
        const char *name;
        bool        fixed;
        int32_t     hours;
    } zones[] = {
        {"EDT", true, -4}, {"EST", true, -5}, {"ET", false, 0},  {"Eastern", false, 0},
        {"CDT", true, -5}, {"CST", true, -6}, {"CT", false, -1}, {"Central", false, -1},
        {"MDT", true, -6}, {"MST", true, -7}, {"MT", false, -2}, {"PDT", true, -7},
        {"PST", true, -8}, {"PT", false, -3}, {"UTC", true, 0},  {"GMT", true, 0},
        {"Z", true, 0},
    };

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (gex__span_is(word, zones[i].name))
            return set_zone(r, zones[i].fixed, zones[i].hours * HOUR);
    return false;
}

/* "-04:00", "-0400", "+1": from the sign. */
static bool read_offset(struct reading *r)
{
    const int32_t sign = *r->at++ == '-' ? -1 : 1;
    int32_t hours, minutes = 0, digits = read_digits(r, &hours);

    if (digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (peek(r, 0) == ':') {
        r->at++;
        if (read_digits(r, &minutes) != 2)
            return false;
    }
    return (digits <= 2 || digits == 4) && hours <= 14 && minutes <= 59 &&
           set_zone(r, true, sign * (hours * HOUR + minutes * 60));
}

static bool read_word(struct reading *r)
{
    static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
    static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
    static const char *const idle[] = {"date", "at", "on", "of", "as", "the", "time", "t", "st", "nd", "rd", "th"};
    const char *from = r->at, *after;
    struct gex__span word;
    int32_t month;

    while (gex__is_letter(peek(r, 0)))
        r->at++;
    word = gex__span_between(from, r->at);
    for (after = r->at; after < r->end && is_space(*after);)
        after++;
    if (after < r->end && *after == ':' && !gex__span_is(word, "date")) {
        r->done = true; /* a key: what follows is about something else */
        return true;
    }
    month = find_prefix(word, months, 12);
    if (month != 0)
        return set_month(r, month);
    if (find_prefix(word, weekdays, 7) != 0)
        return true;
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        if (gex__span_is(word, idle[i]))
            return true;
    return read_zone(r, word);
}

/* ---- the whole ------------------------------------------------------------------------------------------------- */

static void skip_parenthesis(struct reading *r)
{
    while (r->at < r->end && *r->at != ')')
        r->at++;
}

static bool read_next(struct reading *r)
{
    const char c = *r->at;

    if (gex__is_digit(c))
        return read_number(r);
    if (gex__is_letter(c))
        return read_word(r);
    if ((c == '-' || c == '+') && r->has_time && gex__is_digit(peek(r, 1)))
        return read_offset(r);
    if (c == '(')
        skip_parenthesis(r);
    else
        r->at++;
    return true;
}

bool gex__when_read(struct gex__span text, struct gex__when *when_out)
{
    struct reading r = {.at = text.at, .end = text.at + text.length};
    const struct gex__civil *civil = &r.when.civil;

    while (r.at < r.end && !r.done)
        if (!read_next(&r))
            return false;
    if (!r.has_time || civil->month == 0 || civil->day == 0)
        return false;
    if (civil->year != 0 && !gex__date_valid(civil->year, civil->month, civil->day))
        return false;
    *when_out = r.when;
    return true;
}

bool gex__when_instant(const struct gex__when *when, int32_t year, int64_t *instant_out)
{
    struct gex__civil civil = when->civil;

    if (civil.year == 0)
        civil.year = year;
    if (!gex__date_valid(civil.year, civil.month, civil.day))
        return false;
    if (when->fixed) {
        *instant_out = gex__instant_from_civil(&civil, when->offset);
        return true;
    }
    if (!gex__instant_from_new_york(&civil, instant_out))
        return false;
    *instant_out -= when->offset * GEX_SECOND;
    return true;
}
