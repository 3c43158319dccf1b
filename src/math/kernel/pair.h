/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unevaluated sums hi + lo, |lo| <= ulp(hi) / 2: about 106 bits. Error-free sums and products as in Dekker (1971), A
 * floating-point technique for extending the available precision, and Knuth, volume 2, section 4.2.2.
 */
#ifndef GEX_MATH_KERNEL_PAIR_H
#define GEX_MATH_KERNEL_PAIR_H

#include "lanes.h"

struct pair {
    f64v hi, lo;
};

/* a + b exactly, when |a| >= |b| or a is 0. */
LANE struct pair quick_sum(f64v a, f64v b)
{
    f64v sum = a + b;

    return (struct pair){sum, b - (sum - a)};
}

/* a + b exactly. */
LANE struct pair two_sum(f64v a, f64v b)
{
    f64v sum = a + b, b_part = sum - a, a_part = sum - b_part;

    return (struct pair){sum, (a - a_part) + (b - b_part)};
}

#if defined(__FMA__) && GEX_LANES == 1
#define v_product_error(a, b, p) __builtin_fma(a, b, -(p))
#elif defined(__FMA__) && GEX_LANES == 2
#define v_product_error(a, b, p) _mm_fmsub_pd(a, b, p)
#elif defined(__FMA__) && GEX_LANES == 4
#define v_product_error(a, b, p) _mm256_fmsub_pd(a, b, p)
#elif defined(__AVX512F__) && GEX_LANES == 8
#define v_product_error(a, b, p) _mm512_fmsub_pd(a, b, p)
#elif defined(__aarch64__) && GEX_LANES == 1
#define v_product_error(a, b, p) __builtin_fma(a, b, -(p))
#elif defined(__aarch64__) && GEX_LANES == 2
#define v_product_error(a, b, p) (f64v) vfmaq_f64((float64x2_t)(-(p)), (float64x2_t)(a), (float64x2_t)(b))
#else
/* Two halves of at most 26 bits each, by rounding the significand as an integer: the partial products are exact. */
LANE struct pair halves(f64v x)
{
    f64v high = v_from_bits((v_bits(x) + (INT64_C(1) << 26)) & -(INT64_C(1) << 27));

    return (struct pair){high, x - high};
}

LANE f64v v_product_error(f64v a, f64v b, f64v p)
{
    struct pair x = halves(a), y = halves(b);

    return ((x.hi * y.hi - p) + x.hi * y.lo + x.lo * y.hi) + x.lo * y.lo;
}
#endif

/* a * b exactly, as long as the error is not a denormal: |a * b| above 2^-900. */
LANE struct pair two_product(f64v a, f64v b)
{
    f64v product = a * b;

    return (struct pair){product, v_product_error(a, b, product)};
}

LANE struct pair pair_add(struct pair a, struct pair b)
{
    struct pair sum = two_sum(a.hi, b.hi);

    return quick_sum(sum.hi, sum.lo + (a.lo + b.lo));
}

LANE struct pair pair_negate(struct pair a)
{
    return (struct pair){-a.hi, -a.lo};
}

#endif
