/* SPDX-License-Identifier: Apache-2.0 */
/* Natural numbers of a bounded length, 32 bits a word so that every product fits 64. */
#include <string.h>

#include "natural.h"

static void trim(struct gex__natural *a)
{
    while (a->used > 0 && a->word[a->used - 1] == 0)
        a->used--;
}

void gex__natural_set(struct gex__natural *a, uint64_t value)
{
    a->word[0] = (uint32_t)value;
    a->word[1] = (uint32_t)(value >> 32);
    a->used = 2;
    trim(a);
}

int32_t gex__natural_bits(const struct gex__natural *a)
{
    int32_t bits = 32 * a->used;

    if (a->used == 0)
        return 0;
    for (uint32_t top = a->word[a->used - 1]; (top & 0x80000000u) == 0; top <<= 1)
        bits--;
    return bits;
}

int32_t gex__natural_compare(const struct gex__natural *a, const struct gex__natural *b)
{
    if (a->used != b->used)
        return a->used < b->used ? -1 : 1;
    for (int32_t i = a->used - 1; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

void gex__natural_multiply_add(struct gex__natural *a, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;

    for (int32_t i = 0; i < a->used; i++) {
        carry += (uint64_t)a->word[i] * factor;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        a->word[a->used++] = (uint32_t)carry;
}

void gex__natural_multiply_pow5(struct gex__natural *a, int32_t exponent)
{
    static const uint32_t small[] = {1,     5,      25,      125,     625,      3125,     15625,
                                     78125, 390625, 1953125, 9765625, 48828125, 244140625};
    const uint32_t pow5_13 = 1220703125; /* the largest below 2^32 */

    for (; exponent >= 13; exponent -= 13)
        gex__natural_multiply_add(a, pow5_13, 0);
    gex__natural_multiply_add(a, small[exponent], 0);
}

void gex__natural_add(struct gex__natural *a, const struct gex__natural *b)
{
    uint64_t carry = 0;

    for (; a->used < b->used; a->used++)
        a->word[a->used] = 0;
    for (int32_t i = 0; i < a->used; i++) {
        carry += (uint64_t)a->word[i] + (i < b->used ? b->word[i] : 0);
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        a->word[a->used++] = (uint32_t)carry;
}

void gex__natural_shift_left(struct gex__natural *a, int32_t bits)
{
    const int32_t words = bits / 32, rest = bits % 32;

    if (a->used == 0 || bits == 0)
        return;
    memmove(a->word + words, a->word, (size_t)a->used * sizeof a->word[0]);
    memset(a->word, 0, (size_t)words * sizeof a->word[0]);
    a->used += words;
    if (rest != 0)
        gex__natural_multiply_add(a, (uint32_t)1 << rest, 0);
}

int32_t gex__natural_shift_right(struct gex__natural *a, int32_t bits)
{
    const int32_t length = gex__natural_bits(a), words = bits / 32, rest = bits % 32;
    bool half, below = false;

    if (bits == 0 || length == 0)
        return GEX_LOST_NOTHING;
    if (bits > length) {
        a->used = 0;
        return GEX_LOST_BELOW_HALF;
    }
    half = (a->word[(bits - 1) / 32] >> ((bits - 1) % 32) & 1) != 0;
    for (int32_t i = 0; i < (bits - 1) / 32 && !below; i++)
        below = a->word[i] != 0;
    below = below || (a->word[(bits - 1) / 32] & (((uint32_t)1 << ((bits - 1) % 32)) - 1)) != 0;
    for (int32_t i = words; i < a->used; i++) {
        uint64_t pair = a->word[i] | (i + 1 < a->used ? (uint64_t)a->word[i + 1] << 32 : 0);

        a->word[i - words] = (uint32_t)(pair >> rest);
    }
    a->used -= words;
    trim(a);
    return half ? (below ? GEX_LOST_ABOVE_HALF : GEX_LOST_HALF) : (below ? GEX_LOST_BELOW_HALF : GEX_LOST_NOTHING);
}

uint64_t gex__natural_low64(const struct gex__natural *a)
{
    return (a->used > 0 ? a->word[0] : 0) | (uint64_t)(a->used > 1 ? a->word[1] : 0) << 32;
}

int32_t gex__natural_normalise(struct gex__natural *a)
{
    const int32_t shift = (-gex__natural_bits(a) & 31) + (a->used < 2 ? 32 : 0);

    gex__natural_shift_left(a, shift);
    return shift;
}

uint32_t gex__natural_divide_small(struct gex__natural *a, uint32_t divisor)
{
    uint64_t remainder = 0;

    for (int32_t i = a->used - 1; i >= 0; i--) {
        remainder = remainder << 32 | a->word[i];
        a->word[i] = (uint32_t)(remainder / divisor);
        remainder %= divisor;
    }
    trim(a);
    return (uint32_t)remainder;
}

/* One word of the quotient of a by b * 2^(32 * at), where it fits a word. Knuth, The Art of Computer Programming 2,
 * 4.3.1 algorithm D: guess from the top two words, correct at most twice, and once more when the difference is
 * negative. */
static uint32_t divide_word(struct gex__natural *a, const struct gex__natural *b, int32_t at)
{
    uint32_t *u = a->word + at;
    const int32_t n = b->used;
    const uint64_t top = b->word[n - 1], next = b->word[n - 2], base = (uint64_t)1 << 32;
    const uint64_t head = (uint64_t)u[n] << 32 | u[n - 1];
    uint64_t guess = head / top, rest = head % top, carry = 0, borrow = 0;

    while (guess >= base || guess * next > (rest << 32 | u[n - 2])) {
        guess--;
        rest += top;
        if (rest >= base)
            break;
    }
    for (int32_t i = 0; i <= n; i++) {
        uint64_t difference;

        carry += guess * (i < n ? b->word[i] : 0);
        difference = (uint64_t)u[i] - (uint32_t)carry - borrow;
        u[i] = (uint32_t)difference;
        borrow = difference >> 63;
        carry >>= 32;
    }
    if (borrow == 0)
        return (uint32_t)guess;
    carry = 0;
    for (int32_t i = 0; i <= n; i++) {
        carry += (uint64_t)u[i] + (i < n ? b->word[i] : 0);
        u[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return (uint32_t)guess - 1;
}

uint64_t gex__natural_divide(struct gex__natural *a, const struct gex__natural *b)
{
    uint64_t quotient;

    for (; a->used < b->used + 2; a->used++)
        a->word[a->used] = 0;
    /* a < b * 2^64, so that a third word of the quotient would be zero */
    quotient = (uint64_t)divide_word(a, b, 1) << 32;
    quotient |= divide_word(a, b, 0);
    trim(a);
    return quotient;
}
