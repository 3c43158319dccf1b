/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that have an address: what a draw is depends on its key and counter and on nothing else, so paths do
 * not depend on how many there are, on threads or on the machine. Every instruction set gives the same bits.
 */
#ifndef GEX_MATH_RNG_H
#define GEX_MATH_RNG_H

#include <stdint.h>

/* Philox4x32-10 of one counter: seed and stream as the key. */
void gex__philox(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4]);

/*
 * outputs[k][i] is the standard normal number of word k at counter {counter[0] + i modulo 2^32, counter[1], counter[2],
 * counter[3]}, i < rows: paths run along counter[0]. NULL for a word nobody wants.
 *
 * The number is the inverse normal distribution at (word + 1/2) / 2^32, within 4 ulp, so |z| <= 6.34.
 */
void gex__normals(int32_t instruction_set, const uint32_t key[2], const uint32_t counter[4], int64_t rows,
                  double *const outputs[4]);

/* The same of given words, as a low-discrepancy sequence has them. */
void gex__normals_of_words(int32_t instruction_set, const uint32_t *words, int64_t rows, double *output);

#endif
