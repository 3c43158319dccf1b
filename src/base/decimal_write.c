/* SPDX-License-Identifier: Apache-2.0 */
/* A double as the shortest decimal that reads back to it, or to a number of places.
 *
 * Shortest: the integers of a scaled interval, as in Adams (2018, Ryu: fast float-to-string conversion), but with exact
 * naturals in the place of his tables of powers: a few words for the numbers of a report, more only for extreme ones.
 */
#include <string.h>

#include "decimal.h"
#include "natural.h"

enum {
    INTEGER_MAX = 20,   /* digits of a uint64_t */
    PLAIN_FIRST = -4,   /* 1e-5 = 0.1e-4 is the least written without an exponent */
    PLAIN_LAST = 17,    /* 99999999999999984 is the largest */
    FIXED_DIGITS = 327, /* 309 before the point and 17 after it, and one to spare */
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

/* floor(log10(2^bits)) for |bits| < 2000, or one less: log10(2) lies between 78913 / 2^18 and 78914 / 2^18. */
static int32_t log10_floor(int32_t bits)
{
    return bits >= 0 ? bits * 78913 >> 18 : -((-bits * 78914 + 262143) >> 18);
}

/* floor(mantissa * 2^exponent * 10^power), which the caller knows to be under 2^62. *lost is what the floor cut off. */
static uint64_t scaled_floor(uint64_t mantissa, int32_t exponent, int32_t power, int32_t *lost)
{
    const int32_t binary = exponent + power; /* of 2^exponent * 2^power; the rest is 5^power */
    struct gex__natural a, b;
    uint64_t quotient;
    int32_t shift;

    gex__natural_set(&a, mantissa);
    if (power >= 0) {
        gex__natural_multiply_pow5(&a, power);
        if (binary >= 0)
            gex__natural_shift_left(&a, binary);
        *lost = binary < 0 ? gex__natural_shift_right(&a, -binary) : GEX_LOST_NOTHING;
        return gex__natural_low64(&a);
    }
    gex__natural_set(&b, 1);
    gex__natural_multiply_pow5(&b, -power);
    shift = gex__natural_normalise(&b);
    gex__natural_shift_left(&a, binary + shift);
    quotient = gex__natural_divide(&a, &b);
    if (a.used == 0) {
        *lost = GEX_LOST_NOTHING;
    } else {
        gex__natural_shift_left(&a, 1);
        *lost = GEX_LOST_HALF + gex__natural_compare(&a, &b);
    }
    return quotient;
}

/* value = digits * 10^*power with the fewest digits that lie nearer to it than to any other double, and of those the
 * nearest, ties to an even digit.
 *
 * Everything is scaled by a power of ten that makes a quarter of the gap between doubles at least 1. Then there are
 * integers among what reads back to the value, `first` to `last`, under 2^62: the digits asked for are the multiple of
 * the largest power of ten that has one there. */
static uint64_t shortest_digits(const struct parts *parts, int32_t *power_out)
{
    const bool closed = (parts->mantissa & 1) == 0; /* the ends of the interval round to an even mantissa */
    const int32_t exponent = parts->exponent - 2, scale = -log10_floor(exponent);
    const uint64_t quarters = 4 * parts->mantissa;
    int32_t lost, lost_below, lost_above, zeros = 0;
    uint64_t first, last, middle, unit = 1, down, rest;
    bool down_fits, up_fits, nearer_up;

    middle = scaled_floor(quarters, exponent, scale, &lost);
    first = scaled_floor(quarters - (parts->near_below ? 1 : 2), exponent, scale, &lost_below);
    last = scaled_floor(quarters + 2, exponent, scale, &lost_above);
    first += !closed || lost_below != GEX_LOST_NOTHING;
    last -= !closed && lost_above == GEX_LOST_NOTHING;
    while (last / (unit * 10) * (unit * 10) >= first) {
        unit *= 10;
        zeros++;
    }
    down = middle / unit;
    rest = middle % unit;
    down_fits = down * unit >= first;
    up_fits = (down + 1) * unit <= last;
    if (unit == 1)
        nearer_up = lost == GEX_LOST_ABOVE_HALF || (lost == GEX_LOST_HALF && down % 2 != 0);
    else if (rest == unit / 2 && lost == GEX_LOST_NOTHING)
        nearer_up = down % 2 != 0;
    else
        nearer_up = rest >= unit / 2;
    *power_out = zeros - scale;
    return up_fits && (nearer_up || !down_fits) ? down + 1 : down;
}

static char *put_exponent(char *out, int64_t exponent)
{
    *out++ = 'e';
    return out + gex__decimal_integer(exponent, false, out);
}

int64_t gex__decimal_shortest(double value, char *buffer)
{
    const struct parts parts = parts_of(value);
    char space[INTEGER_MAX], *digits = space + INTEGER_MAX, *out = buffer;
    int64_t count, point;
    int32_t power;
    uint64_t rest;

    if (!parts.finite)
        return not_finite(&parts, buffer);
    if (parts.negative)
        *out++ = '-';
    if (parts.mantissa == 0) {
        *out++ = '0';
        return out - buffer;
    }
    for (rest = shortest_digits(&parts, &power); rest > 0; rest /= 10)
        *--digits = (char)('0' + rest % 10);
    count = space + INTEGER_MAX - digits;
    point = count + power; /* value = 0.ddd * 10^point */
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
    char digits[INTEGER_MAX], *first = digits + sizeof digits, *out = buffer;

    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *out++ = '-';
    return put_grouped(out, first, digits + sizeof digits - first, group) - buffer;
}
