/* SPDX-License-Identifier: Apache-2.0 */
/* Natural numbers of a bounded length, for decimals that have to be exact. They live on the stack. */
#ifndef GEX_BASE_NATURAL_H
#define GEX_BASE_NATURAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The longest number a decimal needs: 5^1094, or 772 digits, both under 2^2566, shifted left by less than 128 bits.
 * Nothing here checks the bound; decimal.c shows why it holds where it scales.
 */
enum { GEX_NATURAL_WORDS = 96 };

/* Least significant word first; the last one used is not zero; zero has none. */
struct gex__natural {
    int32_t  used;
    uint32_t word[GEX_NATURAL_WORDS];
};

/* What a shift to the right left behind, against half a unit of what stays. */
enum { GEX_LOST_NOTHING, GEX_LOST_BELOW_HALF, GEX_LOST_HALF, GEX_LOST_ABOVE_HALF };

void     gex__natural_set(struct gex__natural *a, uint64_t value);
int32_t  gex__natural_bits(const struct gex__natural *a); /* length in binary digits, 0 for zero */
int32_t  gex__natural_compare(const struct gex__natural *a, const struct gex__natural *b); /* -1, 0, 1 */
void     gex__natural_multiply_add(struct gex__natural *a, uint32_t factor, uint32_t addend);
void     gex__natural_multiply_pow5(struct gex__natural *a, int32_t exponent);
void     gex__natural_add(struct gex__natural *a, const struct gex__natural *b);
void     gex__natural_shift_left(struct gex__natural *a, int32_t bits);
int32_t  gex__natural_shift_right(struct gex__natural *a, int32_t bits); /* GEX_LOST_* */
uint32_t gex__natural_divide_small(struct gex__natural *a, uint32_t divisor); /* @return the remainder */
uint64_t gex__natural_low64(const struct gex__natural *a); /* a modulo 2^64 */
/* Shift to at least two words, the last with its top bit set. @return by how much. */
int32_t  gex__natural_normalise(struct gex__natural *a);
/* floor(a / b) where it is under 2^64 and b is normalised. Leaves the remainder in a. */
uint64_t gex__natural_divide(struct gex__natural *a, const struct gex__natural *b);

#endif
