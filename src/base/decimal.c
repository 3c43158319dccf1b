/* SPDX-License-Identifier: Apache-2.0 */
/* A decimal number to the nearest double, ties to even, whatever its length.
 *
 * Short numbers take Clinger's exact path (1990, How to read floating point numbers accurately): digits and power of
 * ten are both doubles, so one division or multiplication rounds once. Everything else is a quotient of two naturals,
 * of which the first 64 bits and whether anything follows are enough to round by.
 */
#include <math.h>
#include <string.h>

#include "decimal.h"
#include "natural.h"

enum {
    KEPT = 771 /* digits. A tie between doubles has at most 768, so any digit after these only says "above" */
};

/* 0.d1 d2 d3 ... * 10^point */
struct scan {
    const char *digits, *end; /* from the first that is not zero to the last one read, a point perhaps among them */
    int64_t count;            /* of digits there */
    int64_t point;
    bool    negative;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Is the text from `text` to `end` this word, in any case? */
static bool is_word(const char *text, const char *end, const char *word)
{
    for (; text < end && *word != '\0'; text++, word++)
        if ((*text | 0x20) != *word)
            return false;
    return text == end && *word == '\0';
}

static bool exponent_scan(const char *text, const char *end, int64_t *exponent_out)
{
    bool negative = false;
    int64_t exponent = 0;

    if (text < end && (*text == '+' || *text == '-'))
        negative = *text++ == '-';
    if (text == end)
        return false;
    for (; text < end; text++) {
        if (!is_digit(*text))
            return false;
        if (exponent < INT64_MAX / 16) /* longer than any text in memory could make up for */
            exponent = exponent * 10 + (*text - '0');
    }
    *exponent_out = negative ? -exponent : exponent;
    return true;
}

/* Digits with an optional point and an optional exponent, up to the end. */
static bool number_scan(const char *text, const char *end, struct scan *scan)
{
    int64_t before = 0, zeros = 0, seen = 0, exponent = 0;
    bool point = false;

    scan->digits = NULL;
    for (; text < end; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*text))
            break;
        seen++;
        if (scan->digits == NULL && *text != '0')
            scan->digits = text;
        if (scan->digits == NULL)
            zeros++;
        if (!point)
            before++;
    }
    if (seen == 0)
        return false;
    scan->end = text;
    if (text < end && (*text == 'e' || *text == 'E')) {
        if (!exponent_scan(text + 1, end, &exponent))
            return false;
    } else if (text < end) {
        return false;
    }
    scan->count = seen - zeros;
    scan->point = before - zeros + exponent;
    return true;
}

/* Up to 19 digits as an integer; *exponent is the power of ten that goes with them. */
static uint64_t short_digits(const struct scan *scan)
{
    uint64_t digits = 0;

    for (const char *c = scan->digits; c < scan->end; c++)
        if (*c != '.')
            digits = digits * 10 + (uint64_t)(*c - '0');
    return digits;
}

/* The doors of the library set rounding to nearest, on which this stands. */
static bool short_value(const struct scan *scan, double *value_out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int64_t exponent = scan->point - scan->count;
    uint64_t digits;

    if (scan->count > 19 || exponent < -22 || exponent > 22)
        return false;
    digits = short_digits(scan);
    if (digits > (uint64_t)1 << 53)
        return false;
    *value_out = exponent < 0 ? (double)digits / power[-exponent] : (double)digits * power[exponent];
    return true;
}

/* The digits as a natural number, cut to KEPT and a last 1 that stands for a rest which is not zero.
 * @return how many digits that is. */
static int32_t long_digits(const struct scan *scan, struct gex__natural *n)
{
    uint32_t chunk = 0, scale = 1;
    int32_t taken = 0;
    bool rest = false;

    gex__natural_set(n, 0);
    for (const char *c = scan->digits; c < scan->end && !rest; c++) {
        if (*c == '.')
            continue;
        if (taken == KEPT) {
            rest = *c != '0';
            continue;
        }
        chunk = chunk * 10 + (uint32_t)(*c - '0');
        scale *= 10;
        taken++;
        if (scale == 1000000000) {
            gex__natural_multiply_add(n, scale, chunk);
            chunk = 0;
            scale = 1;
        }
    }
    gex__natural_multiply_add(n, scale, chunk);
    if (rest)
        gex__natural_multiply_add(n, 10, 1);
    return taken + rest;
}

/* The double nearest to quotient * 2^exponent, where `more` says that the quotient was cut. */
static double rounded(uint64_t quotient, int32_t exponent, bool more)
{
    uint64_t bits, half, rest;
    int32_t drop = 11;
    double value;

    while ((quotient >> 63) == 0) {
        quotient <<= 1;
        exponent--;
    }
    /* value in [2^(exponent + 63), 2^(exponent + 64)); the least subnormal is 2^-1074 */
    if (exponent + 63 > 1023)
        return HUGE_VAL;
    if (exponent + drop < -1074)
        drop = -1074 - exponent;
    if (drop > 64)
        return 0.0;
    half = (uint64_t)1 << (drop - 1);
    bits = drop < 64 ? quotient >> drop : 0;
    rest = quotient - (drop < 64 ? bits << drop : 0);
    if (rest > half || (rest == half && (more || (bits & 1) != 0)))
        bits++;
    /* A mantissa that carries into the next power of two carries into the exponent field, up to infinity. */
    if (drop == 11)
        bits += (uint64_t)(exponent + 63 + 1022) << 52;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* digits * 10^exponent. Both naturals stay under 2^2566 (see natural.h): with the value in [1e-324, 1e310),
 * exponent >= 0 means digits * 10^exponent < 10^310, and below zero -exponent <= 324 + KEPT + 1 - 1. */
static double long_value(const struct scan *scan)
{
    struct gex__natural above, below;
    const int32_t digits = long_digits(scan, &above);
    const int32_t exponent = (int32_t)scan->point - digits;
    int32_t binary = exponent, shift;
    bool more = false;
    uint64_t quotient;

    gex__natural_set(&below, 1);
    gex__natural_multiply_pow5(exponent < 0 ? &below : &above, exponent < 0 ? -exponent : exponent);
    binary += gex__natural_normalise(&below);
    /* the dividend to 63 bits more, which makes a quotient of 63 or 64 bits */
    shift = gex__natural_bits(&below) + 63 - gex__natural_bits(&above);
    if (shift >= 0)
        gex__natural_shift_left(&above, shift);
    else
        more = gex__natural_shift_right(&above, -shift) != GEX_LOST_NOTHING;
    binary -= shift;
    quotient = gex__natural_divide(&above, &below);
    return rounded(quotient, binary, more || above.used != 0);
}

bool gex__decimal_parse(const char *text, int64_t length, double *value_out)
{
    struct scan scan;
    const char *end;
    double value;

    if (text == NULL || length <= 0)
        return false;
    end = text + length;
    scan.negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (is_word(text, end, "nan")) {
        *value_out = (double)NAN;
        return true;
    }
    if (is_word(text, end, "inf") || is_word(text, end, "infinity"))
        value = HUGE_VAL;
    else if (!number_scan(text, end, &scan))
        return false;
    else if (scan.count == 0 || scan.point <= -324)
        value = 0.0; /* below 1e-324, less than half of the least subnormal */
    else if (scan.point > 310)
        value = HUGE_VAL;
    else if (!short_value(&scan, &value))
        value = long_value(&scan);
    *value_out = scan.negative ? -value : value;
    return true;
}
