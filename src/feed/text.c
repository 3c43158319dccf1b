/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "text.h"

enum { NUMBER_MAX = 64 }; /* bytes of a number written with commas */

/* ---- spans ----------------------------------------------------------------------------------------------------- */

bool gex__is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool gex__is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char gex__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

struct gex__span gex__span_between(const char *from, const char *end)
{
    return (struct gex__span){from, end - from};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_wrapping(char c)
{
    return is_blank(c) || c == '"';
}

struct gex__span gex__span_trim(struct gex__span span)
{
    while (span.length > 0 && is_wrapping(span.at[0])) {
        span.at++;
        span.length--;
    }
    while (span.length > 0 && is_wrapping(span.at[span.length - 1]))
        span.length--;
    return span;
}

static char word_char(char c)
{
    return c == ' ' ? '_' : gex__lower(c);
}

bool gex__span_is(struct gex__span span, const char *words)
{
    for (int64_t i = 0; i < span.length; i++)
        if (words[i] == '\0' || word_char(span.at[i]) != word_char(words[i]))
            return false;
    return words[span.length] == '\0';
}

int64_t gex__span_find_key(struct gex__span span, const char *key)
{
    const int64_t length = (int64_t)strlen(key);

    for (int64_t i = 0; i + length <= span.length; i++)
        if (gex__lower(span.at[i]) == gex__lower(key[0]) && (i == 0 || !gex__is_letter(span.at[i - 1])) &&
            gex__span_is((struct gex__span){span.at + i, length}, key))
            return i;
    return -1;
}

void gex__span_copy(struct gex__span span, char *text, int64_t capacity)
{
    int64_t used = 0, i = 0;

    for (; i < span.length && used < capacity - 1; i++) {
        const unsigned char c = (unsigned char)span.at[i];
        if (c == '"' && i + 1 < span.length && span.at[i + 1] == '"')
            i++;
        text[used++] = c < 0x20 || c == 0x7f ? '?' : (char)c;
    }
    /* a UTF-8 character that does not fit whole goes whole: its tail bytes are 10xxxxxx */
    if (i < span.length && ((unsigned char)span.at[i] & 0xc0) == 0x80) {
        while (used > 0 && ((unsigned char)text[used - 1] & 0xc0) == 0x80)
            used--;
        if (used > 0)
            used--;
    }
    text[used] = '\0';
}

/* ---- lines ----------------------------------------------------------------------------------------------------- */

static const char *next_of(const char *at, const char *end, char c)
{
    const char *found = at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
    return found != NULL ? found : end;
}

struct gex__lines gex__lines_of(struct gex__span text)
{
    const char *end = text.at + text.length;
    return (struct gex__lines){text.at, end, next_of(text.at, end, '\n'), next_of(text.at, end, '\r'), 0};
}

bool gex__lines_next(struct gex__lines *lines, struct gex__span *line_out)
{
    const char *stop;

    if (lines->at >= lines->end)
        return false;
    if (lines->newline < lines->at)
        lines->newline = next_of(lines->at, lines->end, '\n');
    if (lines->carriage < lines->at)
        lines->carriage = next_of(lines->at, lines->end, '\r');
    stop = lines->newline < lines->carriage ? lines->newline : lines->carriage;
    *line_out = gex__span_between(lines->at, stop);
    lines->at = stop;
    if (stop < lines->end)
        lines->at += stop == lines->carriage && stop + 1 == lines->newline && stop + 1 < lines->end ? 2 : 1;
    lines->number++;
    return true;
}

/* ---- fields ---------------------------------------------------------------------------------------------------- */

/* The quote that closes the one at `at`, or the end. */
static const char *closing_quote(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at != '"')
            continue;
        if (at + 1 == end || at[1] != '"')
            return at;
        at++;
    }
    return end;
}

/* The comma at or after `at`, or the end. Fields are a handful of bytes, so eight are looked at together: a byte of
 * `word` is zero where there is a comma, and subtracting 1 from each byte borrows into its top bit only there or above
 * it. Source: Mycroft (1987), as in Warren, Hacker's Delight, section 6-1. */
static const char *next_comma(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    for (; end - at >= 8; at += 8) {
        uint64_t word, hits;
        memcpy(&word, at, sizeof word);
        word ^= ones * ',';
        hits = (word - ones) & ~word & (ones << 7);
        if (hits == 0)
            continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return at + __builtin_ctzll(hits) / 8;
#else
        break;
#endif
    }
    while (at < end && *at != ',')
        at++;
    return at;
}

/* End of the field that begins at `at`: its comma, or the end of the line. */
static const char *field_end(const char *at, const char *end, bool quotes)
{
    while (at < end && is_blank(*at))
        at++;
    return next_comma(quotes && at < end && *at == '"' ? closing_quote(at, end) : at, end);
}

void gex__fields_split(struct gex__span line, bool quotes, struct gex__fields *fields)
{
    const char *at = line.at, *end = line.at + line.length;

    fields->count = 0;
    for (;; at++) {
        const char *stop;
        if (fields->count == GEX_FIELDS_MAX) {
            fields->count += !gex__line_blank(gex__span_between(at, end));
            return;
        }
        stop = field_end(at, end, quotes);
        fields->field[fields->count++] =
            stop > at && (is_wrapping(*at) || is_wrapping(stop[-1])) ? gex__span_trim(gex__span_between(at, stop))
                                                                     : gex__span_between(at, stop);
        at = stop;
        if (at == end)
            return;
    }
}

static bool quote_left_open(struct gex__span line)
{
    bool open = false;

    for (int64_t i = 0; i < line.length; i++)
        open ^= line.at[i] == '"';
    return open;
}

bool gex__fields_split_any(struct gex__span line, int32_t wanted, struct gex__fields *fields)
{
    gex__fields_split(line, true, fields);
    if (fields->count >= wanted || !quote_left_open(line))
        return false;
    gex__fields_split(line, false, fields);
    return true;
}

bool gex__line_blank(struct gex__span line)
{
    int64_t i = 0;

    while (i < line.length && (is_wrapping(line.at[i]) || line.at[i] == ','))
        i++;
    return i == line.length;
}

/* ---- numbers --------------------------------------------------------------------------------------------------- */

static int64_t digits_at(struct gex__span text, int64_t from)
{
    int64_t i = from;

    while (i < text.length && gex__is_digit(text.at[i]))
        i++;
    return i - from;
}

int64_t gex__number_length(struct gex__span text)
{
    const int64_t sign = text.length > 0 && (text.at[0] == '+' || text.at[0] == '-');
    const int64_t head = digits_at(text, sign);
    int64_t i = sign + head, places = 0;

    if (head >= 1 && head <= 3)
        while (i < text.length && text.at[i] == ',' && digits_at(text, i + 1) == 3)
            i += 4;
    if (i < text.length && text.at[i] == '.') {
        places = digits_at(text, i + 1);
        i += 1 + places;
    }
    return head + places > 0 ? i : 0;
}

static double grouped_number(struct gex__span cell)
{
    char plain[NUMBER_MAX];
    int64_t used = 0;
    double value;

    if (cell.length > NUMBER_MAX || gex__number_length(cell) != cell.length)
        return (double)NAN;
    for (int64_t i = 0; i < cell.length; i++)
        if (cell.at[i] != ',')
            plain[used++] = cell.at[i];
    return gex__decimal_parse(plain, used, &value) ? value : (double)NAN;
}

/* Nearly every cell of a table: up to 15 digits and a point, or 16 digits. Either the digits are a double and so is the
 * power of ten, or there is no power to divide by; one rounding in both cases (Clinger 1990). */
static bool short_number(struct gex__span cell, double *value_out)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const bool negative = cell.at[0] == '-';
    int64_t point = cell.length, value = 0;

    if (cell.length > 16)
        return false;
    for (int64_t i = negative; i < cell.length; i++) {
        if (gex__is_digit(cell.at[i]))
            value = value * 10 + (cell.at[i] - '0');
        else if (cell.at[i] == '.' && point == cell.length)
            point = i;
        else
            return false;
    }
    if (cell.length - negative - (point < cell.length) < 1)
        return false;
    *value_out = (double)value / power[point < cell.length ? cell.length - 1 - point : 0];
    if (negative)
        *value_out = -*value_out;
    return true;
}

double gex__cell_number(struct gex__span cell, double empty)
{
    double value;

    if (cell.length == 0)
        return empty;
    if (short_number(cell, &value))
        return value;
    if (gex__decimal_parse(cell.at, cell.length, &value))
        return value;
    return memchr(cell.at, ',', (size_t)cell.length) != NULL ? grouped_number(cell) : (double)NAN;
}

/* Three digits, followed in the last group by a fraction. */
static bool is_group(struct gex__span field, bool last)
{
    if (digits_at(field, 0) != 3)
        return false;
    if (last && field.length > 3 && field.at[3] == '.')
        return 4 + digits_at(field, 4) == field.length;
    return field.length == 3;
}

/* One to three digits that begin a number, with a sign or without. */
static bool is_head(struct gex__span field)
{
    const int64_t sign = field.length > 0 && (field.at[0] == '-' || field.at[0] == '+');
    const int64_t digits = digits_at(field, sign);
    return digits >= 1 && digits <= 3 && sign + digits == field.length && field.at[sign] != '0';
}

bool gex__field_is_tail(struct gex__span field)
{
    return is_group(field, true) && field.at[0] == '0';
}

bool gex__fields_are_number(const struct gex__fields *fields, int32_t first, int32_t last)
{
    const struct gex__span *f = fields->field;

    if (first < 0 || last >= fields->count || last >= GEX_FIELDS_MAX || !is_head(f[first]))
        return false;
    for (int32_t i = first + 1; i <= last; i++)
        if (!is_group(f[i], i == last) || f[i - 1].at + f[i - 1].length + 1 != f[i].at)
            return false;
    return true;
}

void gex__fields_join(struct gex__fields *fields, int32_t i)
{
    const struct gex__span end = fields->field[i + 1];

    fields->field[i] = gex__span_between(fields->field[i].at, end.at + end.length);
    fields->count--;
    memmove(&fields->field[i + 1], &fields->field[i + 2], (size_t)(fields->count - i - 1) * sizeof end);
}
