/* SPDX-License-Identifier: Apache-2.0 */
/* A double as the shortest decimal that reads back to it, or to a number of places.
 *
 * Shortest: Steele and White's digit generation in exact integers, as Burger and Dybvig (1996, Printing floating-point
 * numbers quickly and accurately) state it. No table of powers and no case that needs a second method.
 */
#include <string.h>

#include "decimal.h"
#include "natural.h"

enum {
    DIGITS_MAX = 17,      /* no double needs more to be told from its neighbours */
    PLAIN_FIRST = -4,     /* 1e-5 = 0.1e-4 is the least written without an exponent */
    PLAIN_LAST = 17,      /* 0.99e17 is the largest */
    FIXED_DIGITS = 327,   /* 309 before the point and 17 after it, and one to spare */
    CHUNK_DIGITS = 9
};

static const uint32_t CHUNK = 1000000000;

struct parts {
    uint64_t mantissa; /* value = mantissa * 2^exponent */
    int32_t  exponent;
    bool     negative, finite;
    bool     near_below; /* the neighbour below is half as far as the one above */
};

static struct parts parts_of(double value)
{
    struct parts parts;
    uint64_t bits;
    int32_t field;

    memcpy(&bits, &value, sizeof bits);
    field = (int32_t)(bits >> 52 & 0x7ff);
    parts.mantissa = bits & (((uint64_t)1 << 52) - 1);
    parts.negative = (bits >> 63) != 0;
    parts.finite = field != 0x7ff;
    parts.near_below = parts.mantissa == 0 && field > 1;
    if (field != 0)
        parts.mantissa |= (uint64_t)1 << 52;
    parts.exponent = (field == 0 ? 1 : field) - 1075;
    return parts;
}

static char *put(char *out, const char *text, int64_t length)
{
    memcpy(out, text, (size_t)length);
    return out + length;
}

/* "nan", "inf", "-inf". */
static int64_t not_finite(const struct parts *parts, char *buffer)
{
    if ((parts->mantissa & (((uint64_t)1 << 52) - 1)) != 0)
        return put(buffer, "nan", 3) - buffer;
    return put(buffer, parts->negative ? "-inf" : "inf", parts->negative ? 4 : 3) - buffer;
}

/* The value and the half distances to its neighbours, all over `scale`. */
struct interval {
    struct gex__natural rest, scale, above, below;
    bool                closed; /* an end of the interval reads back to the value: its mantissa is even */
};

/* floor(log10(2^bits)), for |bits| < 2000. log10(2) = 0.30102999..., and 78913 / 2^18 = 0.301029...; a result that is
 * one too low is corrected by who asks. */
static int32_t log10_floor(int32_t bits)
{
    return bits >= 0 ? bits * 78913 >> 18 : -((-bits * 78914 + 262143) >> 18);
}

static void interval_times10(struct interval *in)
{
    gex__natural_multiply_add(&in->rest, 10, 0);
    gex__natural_multiply_add(&in->above, 10, 0);
    gex__natural_multiply_add(&in->below, 10, 0);
}

/* Is rest + above past the scale, so that the digit has to be rounded up or the point moved? */
static bool reaches_above(const struct interval *in)
{
    struct gex__natural sum = in->rest;
    int32_t order;

    gex__natural_add(&sum, &in->above);
    order = gex__natural_compare(&sum, &in->scale);
    return in->closed ? order >= 0 : order > 0;
}

static bool reaches_below(const struct interval *in)
{
    const int32_t order = gex__natural_compare(&in->rest, &in->below);
    return in->closed ? order <= 0 : order < 0;
}

/* Set up value = rest / scale * 10^point with 0.1 <= rest / scale < 1. @return the point. */
static int32_t interval_set(struct interval *in, const struct parts *parts)
{
    const int32_t extra = parts->near_below ? 2 : 1; /* so that half distances are whole */
    const int32_t up = parts->exponent > 0 ? parts->exponent : 0, down = up - parts->exponent;
    int32_t point;

    in->closed = (parts->mantissa & 1) == 0;
    gex__natural_set(&in->rest, parts->mantissa);
    point = log10_floor(gex__natural_bits(&in->rest) + parts->exponent - 1);
    gex__natural_shift_left(&in->rest, up + extra);
    gex__natural_set(&in->scale, 1);
    gex__natural_shift_left(&in->scale, down + extra);
    gex__natural_set(&in->below, 1);
    gex__natural_shift_left(&in->below, up);
    in->above = in->below;
    if (parts->near_below)
        gex__natural_shift_left(&in->above, 1);
    if (point >= 0) {
        gex__natural_multiply_pow5(&in->scale, point);
        gex__natural_shift_left(&in->scale, point);
    } else {
        struct gex__natural *part[] = {&in->rest, &in->above, &in->below};

        for (int32_t i = 0; i < 3; i++) {
            gex__natural_multiply_pow5(part[i], -point);
            gex__natural_shift_left(part[i], -point);
        }
    }
    while (reaches_above(in)) {
        gex__natural_multiply_add(&in->scale, 10, 0);
        point++;
    }
    return point;
}

/* Next digit of rest / scale. */
static int32_t next_digit(struct interval *in)
{
    int32_t digit = 0;

    while (gex__natural_compare(&in->rest, &in->scale) >= 0) {
        gex__natural_subtract(&in->rest, &in->scale);
        digit++;
    }
    return digit;
}

/* Digits d1 d2 ... of value = 0.d1d2... * 10^point, the fewest that lie nearer to it than to any other double, and of
 * those the nearest. @return how many. */
static int32_t shortest_digits(const struct parts *parts, char *digits, int32_t *point_out)
{
    struct interval in;
    int32_t count = 0, digit, order;
    bool low, high;

    *point_out = interval_set(&in, parts);
    do {
        interval_times10(&in);
        digit = next_digit(&in);
        low = reaches_below(&in);
        high = reaches_above(&in);
        digits[count++] = (char)('0' + digit);
    } while (!low && !high);
    gex__natural_shift_left(&in.rest, 1);
    order = gex__natural_compare(&in.rest, &in.scale);
    if (high && (!low || order > 0 || (order == 0 && digit % 2 != 0)))
        digits[count - 1]++;
    return count;
}

static char *put_exponent(char *out, int32_t exponent)
{
    *out++ = 'e';
    return out + gex__decimal_integer(exponent, false, out);
}

int64_t gex__decimal_shortest(double value, char *buffer)
{
    const struct parts parts = parts_of(value);
    char digits[DIGITS_MAX + 1];
    char *out = buffer;
    int32_t count, point;

    if (!parts.finite)
        return not_finite(&parts, buffer);
    if (parts.negative)
        *out++ = '-';
    if (parts.mantissa == 0) {
        *out++ = '0';
        return out - buffer;
    }
    count = shortest_digits(&parts, digits, &point);
    if (point > PLAIN_LAST || point < PLAIN_FIRST) { /* d.ddde-5 */
        *out++ = digits[0];
        if (count > 1) {
            *out++ = '.';
            out = put(out, digits + 1, count - 1);
        }
        out = put_exponent(out, point - 1);
    } else if (point <= 0) { /* 0.000ddd */
        out = put(out, "0.0000", 2 - point);
        out = put(out, digits, count);
    } else if (count > point) { /* dd.ddd */
        out = put(out, digits, point);
        *out++ = '.';
        out = put(out, digits + point, count - point);
    } else { /* ddd000 */
        out = put(out, digits, count);
        out = put(out, "00000000000000000", point - count);
    }
    return out - buffer;
}

/* All digits of a natural number, at least `least` with zeros in front. @return where they begin; they end at `end`. */
static char *natural_digits(struct gex__natural *a, int32_t least, char *end)
{
    char *first = end;

    while (a->used > 0) {
        uint32_t chunk = gex__natural_divide_small(a, CHUNK);

        for (int32_t i = 0; i < CHUNK_DIGITS && (a->used > 0 || chunk > 0); i++, chunk /= 10)
            *--first = (char)('0' + chunk % 10);
    }
    while (end - first < least)
        *--first = '0';
    return first;
}

static char *put_grouped(char *out, const char *digits, int64_t count, bool group)
{
    for (int64_t i = 0; i < count; i++) {
        if (group && i > 0 && (count - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    return out;
}

int64_t gex__decimal_fixed(double value, int32_t places, bool group, char *buffer)
{
    const struct parts parts = parts_of(value);
    struct gex__natural scaled; /* |value| * 10^places, rounded to a whole number */
    char digits[FIXED_DIGITS], *first, *out = buffer;
    int64_t whole;
    int32_t shift;

    if (!parts.finite)
        return not_finite(&parts, buffer);
    places = places < 0 ? 0 : places > 17 ? 17 : places;
    gex__natural_set(&scaled, parts.mantissa);
    gex__natural_multiply_pow5(&scaled, places);
    shift = parts.exponent + places; /* of 2^exponent * 2^places; the 5^places is in */
    if (shift >= 0) {
        gex__natural_shift_left(&scaled, shift);
    } else {
        const int32_t lost = gex__natural_shift_right(&scaled, -shift);
        const bool odd = scaled.used > 0 && (scaled.word[0] & 1) != 0;

        if (lost == GEX_LOST_ABOVE_HALF || (lost == GEX_LOST_HALF && odd)) {
            struct gex__natural one;

            gex__natural_set(&one, 1);
            gex__natural_add(&scaled, &one);
        }
    }
    first = natural_digits(&scaled, places + 1, digits + FIXED_DIGITS);
    whole = digits + FIXED_DIGITS - first - places;
    if (parts.negative)
        *out++ = '-';
    out = put_grouped(out, first, whole, group);
    if (places > 0) {
        *out++ = '.';
        out = put(out, first + whole, places);
    }
    return out - buffer;
}

int64_t gex__decimal_integer(int64_t value, bool group, char *buffer)
{
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    char digits[20], *first = digits + sizeof digits, *out = buffer;

    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *out++ = '-';
    return put_grouped(out, first, digits + sizeof digits - first, group) - buffer;
}
