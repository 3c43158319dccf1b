/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers drawn, the same in every run: xorshift64* of Marsaglia (2003) and Vigna (2016). */
#ifndef GEX_TESTS_DRAW_H
#define GEX_TESTS_DRAW_H

#include <stdint.h>

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15); /* never 0 */

static inline uint64_t draw64(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * UINT64_C(0x2545f4914f6cdd1d);
}

/* In [0, 1). */
static inline double uniform(void)
{
    return (double)(draw64() >> 11) * 0x1p-53;
}

static inline double between(double low, double high)
{
    return low + uniform() * (high - low);
}

#endif
