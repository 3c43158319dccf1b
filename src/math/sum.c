/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two kinds of sum.
 *
 * The exact one is a fixed-point number wide enough for any sum of doubles: bit 0 has the weight of the smallest
 * denormal, 2^-1074, so the largest double ends at bit 2098 and 2^40 of them at bit 2138; 70 digits of 32 bits hold
 * 2240. Adding a double is three signed additions to neighbouring digits and no carry: a digit receives less than 2^32
 * each time and has 63 bits, so carries may wait for 2^30 additions. Idea: Kulisch (1976), long accumulator; Neal
 * (2015), Fast exact summation using small and large superaccumulators.
 */
#include <stdbool.h>
#include <string.h>

#include "sum.h"
#include "wide.h"

enum { DIGIT_BITS = 32, CARRY_EVERY = 1 << 30, SPECIAL_PLUS = 1, SPECIAL_MINUS = 2, SPECIAL_NAN = 4 };
#define DIGIT_MASK UINT64_C(0xffffffff)

void gex__exact_clear(struct gex__exact *sum)
{
    memset(sum, 0, sizeof *sum);
}

/* Every digit back into [0, 2^32) but the last, which keeps the sign. */
static void carry_digits(struct gex__exact *sum)
{
    int64_t carry = 0;

    for (int i = 0; i < GEX_EXACT_LIMBS - 1; i++) {
        int64_t digit = sum->limb[i] + carry;

        sum->limb[i] = (int64_t)((uint64_t)digit & DIGIT_MASK);
        carry = (digit - sum->limb[i]) / ((int64_t)1 << DIGIT_BITS); /* exact: floor for either sign */
    }
    sum->limb[GEX_EXACT_LIMBS - 1] += carry;
    sum->added = 0;
}

void gex__exact_add(struct gex__exact *sum, double value)
{
    uint64_t bits, mantissa, low, high;
    int64_t sign, *limb;
    uint32_t exponent, shift;

    memcpy(&bits, &value, sizeof bits);
    exponent = (uint32_t)(bits >> 52) & 0x7ff;
    mantissa = bits & UINT64_C(0xfffffffffffff);
    if (exponent == 0x7ff) {
        sum->special |= mantissa != 0 ? SPECIAL_NAN : bits >> 63 ? SPECIAL_MINUS : SPECIAL_PLUS;
        return;
    }
    if (exponent != 0) {
        mantissa |= UINT64_C(1) << 52;
        exponent--; /* denormals share the weight of the smallest normals */
    }
    shift = exponent % DIGIT_BITS;
    low = (mantissa & DIGIT_MASK) << shift;
    high = (mantissa >> DIGIT_BITS << shift) + (low >> DIGIT_BITS);
    sign = bits >> 63 ? -1 : 1;
    limb = sum->limb + exponent / DIGIT_BITS;
    limb[0] += sign * (int64_t)(low & DIGIT_MASK);
    limb[1] += sign * (int64_t)(high & DIGIT_MASK);
    limb[2] += sign * (int64_t)(high >> DIGIT_BITS);
    if (++sum->added == CARRY_EVERY)
        carry_digits(sum);
}

void gex__exact_add_all(struct gex__exact *sum, int32_t instruction_set, const double *values, int64_t count)
{
    const struct gex__wide_kernels *wide = gex__wide_of(instruction_set);
    double folded[GEX_WIDE_FOLDED];

    for (int64_t first = 0, some; first < count; first += some) {
        some = count - first < GEX_WIDE_FOLD ? count - first : GEX_WIDE_FOLD;
        if (wide->fold(values + first, some, folded))
            for (int i = 0; i < GEX_WIDE_FOLDED; i++)
                gex__exact_add(sum, folded[i]);
        else
            for (int64_t i = first; i < first + some; i++)
                gex__exact_add(sum, values[i]);
    }
}

static int32_t special_of(int32_t special, int32_t sign)
{
    if (sign > 0)
        return special;
    return (special & SPECIAL_NAN) | (special & SPECIAL_PLUS ? SPECIAL_MINUS : 0) |
           (special & SPECIAL_MINUS ? SPECIAL_PLUS : 0);
}

void gex__exact_merge(struct gex__exact *sum, const struct gex__exact *other, int32_t sign)
{
    if (sum->added + other->added >= CARRY_EVERY - 1)
        carry_digits(sum);
    for (int i = 0; i < GEX_EXACT_LIMBS; i++)
        sum->limb[i] += sign * other->limb[i];
    sum->added += other->added + 1; /* carried digits count as one addition */
    sum->special |= special_of(other->special, sign);
    if (sum->added >= CARRY_EVERY)
        carry_digits(sum);
}

static double make_double(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static double special_value(int32_t special)
{
    if (special == SPECIAL_PLUS)
        return make_double(UINT64_C(0x7ff) << 52);
    if (special == SPECIAL_MINUS)
        return make_double(UINT64_C(0xfff) << 52);
    return make_double(UINT64_C(0x7ff8) << 48);
}

/* Bits [from, from + 64) of digits that are all in [0, 2^32). */
static uint64_t window(const int64_t *limb, int64_t from)
{
    const int64_t at = from / DIGIT_BITS, shift = from % DIGIT_BITS;
    uint64_t bits = 0;

    for (int64_t i = 2; i >= 0; i--) {
        const uint64_t digit = at + i < GEX_EXACT_LIMBS ? (uint64_t)limb[at + i] : 0;
        const int64_t left = i * DIGIT_BITS - shift;

        bits |= left >= 64 ? 0 : left >= 0 ? digit << left : digit >> -left;
    }
    return bits;
}

static bool any_below(const int64_t *limb, int64_t bit)
{
    for (int64_t i = 0; i < bit / DIGIT_BITS; i++)
        if (limb[i] != 0)
            return true;
    return bit > 0 && ((uint64_t)limb[bit / DIGIT_BITS] & ((UINT64_C(1) << (bit % DIGIT_BITS)) - 1)) != 0;
}

/* Nearest double, ties to even, of a non-negative number whose highest set bit is `top`. */
static double round_digits(const int64_t *limb, int64_t top)
{
    int64_t exponent = top - 52; /* weight of the last kept bit, in units of 2^-1074 */
    uint64_t mantissa;

    if (exponent <= 0)
        return make_double(window(limb, 0)); /* fits in 53 bits: denormal, or the lowest normal binade, as it is */
    mantissa = window(limb, exponent);
    if ((window(limb, exponent - 1) & 1) != 0 && ((mantissa & 1) != 0 || any_below(limb, exponent - 1)))
        mantissa++;
    if (mantissa >> 53 != 0) {
        mantissa >>= 1;
        exponent++;
    }
    if (exponent + 1 >= 0x7ff)
        return special_value(SPECIAL_PLUS);
    return make_double((uint64_t)(exponent + 1) << 52 | (mantissa & UINT64_C(0xfffffffffffff)));
}

double gex__exact_round(struct gex__exact *sum)
{
    struct gex__exact magnitude;
    bool negative;
    double value;
    int64_t top;

    if (sum->special != 0)
        return special_value(sum->special);
    carry_digits(sum);
    negative = sum->limb[GEX_EXACT_LIMBS - 1] < 0;
    magnitude = *sum;
    if (negative) {
        for (int i = 0; i < GEX_EXACT_LIMBS; i++)
            magnitude.limb[i] = -magnitude.limb[i];
        carry_digits(&magnitude);
    }
    for (top = GEX_EXACT_LIMBS - 1; top >= 0 && magnitude.limb[top] == 0; top--)
        ;
    if (top < 0)
        return 0.0;
    top = top * DIGIT_BITS + 63 - __builtin_clzll((unsigned long long)magnitude.limb[top]);
    value = round_digits(magnitude.limb, top);
    return negative ? -value : value;
}

double gex__block_sum(const double *values, int64_t count)
{
    double lane[GEX_BLOCK_LANES] = {0.0};
    int64_t i = 0;

    for (; i + GEX_BLOCK_LANES <= count; i += GEX_BLOCK_LANES)
        for (int j = 0; j < GEX_BLOCK_LANES; j++)
            lane[j] += values[i + j];
    for (int j = 0; i + j < count; j++)
        lane[j] += values[i + j];
    for (int width = GEX_BLOCK_LANES / 2; width > 0; width /= 2)
        for (int j = 0; j < width; j++)
            lane[j] += lane[j + width];
    return lane[0];
}

double gex__pairwise_sum(double *blocks, int64_t count)
{
    if (count <= 0)
        return 0.0;
    while (count > 1) {
        for (int64_t i = 0; i < count / 2; i++)
            blocks[i] = blocks[2 * i] + blocks[2 * i + 1];
        if (count % 2 != 0)
            blocks[count / 2] = blocks[count - 1];
        count = (count + 1) / 2;
    }
    return blocks[0];
}
