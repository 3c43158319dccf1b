/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEX_LANES doubles side by side, so that one body of a formula compiles for every instruction set; 1 is plain doubles.
 *
 * The types are the compiler's vectors, so + - * / are written as such and round once each, as IEEE 754 says. Only
 * v_fma() depends on the set: one rounding where the processor has the instruction, two where it has not. All sets that
 * have it give the same bits.
 *
 * A mask is 64 bits a lane, all ones or all zero.
 */
#ifndef GEX_MATH_KERNEL_LANES_H
#define GEX_MATH_KERNEL_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if GEX_LANES == 1
typedef double   f64v;
typedef int64_t  i64v;
typedef uint64_t u64v;
#else
typedef double   f64v __attribute__((vector_size(8 * GEX_LANES)));
typedef int64_t  i64v __attribute__((vector_size(8 * GEX_LANES)));
typedef uint64_t u64v __attribute__((vector_size(8 * GEX_LANES)));
#endif

#define LANE static inline __attribute__((always_inline))

LANE f64v v_load(const double *from)
{
    f64v x;

    memcpy(&x, from, sizeof x);
    return x;
}

LANE void v_store(double *to, f64v x)
{
    memcpy(to, &x, sizeof x);
}

LANE f64v v_set(double x)
{
#if GEX_LANES == 1
    return x;
#else
    return x - (f64v){0.0};
#endif
}

LANE i64v v_bits(f64v x)
{
    i64v bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LANE f64v v_from_bits(i64v bits)
{
    f64v x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

LANE i64v v_less(f64v a, f64v b)
{
#if GEX_LANES == 1
    return -(int64_t)(a < b);
#else
    return (i64v)(a < b);
#endif
}

LANE i64v v_equal(f64v a, f64v b)
{
#if GEX_LANES == 1
    return -(int64_t)(a == b);
#else
    return (i64v)(a == b);
#endif
}

/* The larger and the smaller as signed integers. */
LANE i64v i_max(i64v a, i64v b)
{
#if GEX_LANES == 1
    return a > b ? a : b;
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return (i64v)_mm512_max_epi64((__m512i)a, (__m512i)b);
#else
    const i64v more = (i64v)(a > b);
    return (a & more) | (b & ~more);
#endif
}

LANE i64v i_min(i64v a, i64v b)
{
#if GEX_LANES == 1
    return a < b ? a : b;
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return (i64v)_mm512_min_epi64((__m512i)a, (__m512i)b);
#else
    const i64v less = (i64v)(a < b);
    return (a & less) | (b & ~less);
#endif
}

LANE f64v v_select(i64v mask, f64v yes, f64v no)
{
    return v_from_bits((mask & v_bits(yes)) | (~mask & v_bits(no)));
}

/* x where the mask is set, +0 elsewhere. */
LANE f64v v_keep(i64v mask, f64v x)
{
    return v_from_bits(mask & v_bits(x));
}

LANE bool v_any(i64v mask)
{
#if GEX_LANES == 1
    return mask != 0;
#elif GEX_LANES == 2 && defined(__SSE2__)
    return _mm_movemask_pd((__m128d)mask) != 0;
#elif GEX_LANES == 4 && defined(__AVX__)
    return _mm256_movemask_pd((__m256d)mask) != 0;
#else
    int64_t any = 0;

    for (int i = 0; i < GEX_LANES; i++)
        any |= mask[i];
    return any != 0;
#endif
}

/* b unless a is less (more); b where either is not a number, as the instructions of x86 have it. */
LANE f64v v_min(f64v a, f64v b)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_min_pd(a, b);
#elif GEX_LANES == 4 && defined(__AVX__)
    return _mm256_min_pd(a, b);
#elif GEX_LANES == 2 && defined(__SSE2__)
    return _mm_min_pd(a, b);
#else
    return v_select(v_less(a, b), a, b);
#endif
}

LANE f64v v_max(f64v a, f64v b)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_max_pd(a, b);
#elif GEX_LANES == 4 && defined(__AVX__)
    return _mm256_max_pd(a, b);
#elif GEX_LANES == 2 && defined(__SSE2__)
    return _mm_max_pd(a, b);
#else
    return v_select(v_less(b, a), a, b);
#endif
}

#define SIGN_BIT INT64_MIN

LANE f64v v_abs(f64v x)
{
    return v_from_bits(v_bits(x) & ~SIGN_BIT);
}

/* x with its sign turned where that of `by` is set. */
LANE f64v v_flip(f64v x, f64v by)
{
    return v_from_bits(v_bits(x) ^ (v_bits(by) & SIGN_BIT));
}

/* |x| with the sign of `by`. */
LANE f64v v_signed(f64v x, f64v by)
{
    return v_from_bits((v_bits(x) & ~SIGN_BIT) | (v_bits(by) & SIGN_BIT));
}

/* x where the sign of `by` is set, +0 elsewhere; and the other way round. */
LANE f64v v_where_negative(f64v by, f64v x)
{
#if GEX_LANES == 4 && defined(__AVX__)
    return _mm256_blendv_pd(_mm256_setzero_pd(), x, by);
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return (f64v)_mm512_and_epi64(_mm512_srai_epi64((__m512i)by, 63), (__m512i)x);
#else
    return v_from_bits((v_bits(by) >> 63) & v_bits(x));
#endif
}

LANE f64v v_where_positive(f64v by, f64v x)
{
#if GEX_LANES == 4 && defined(__AVX__)
    return _mm256_blendv_pd(x, _mm256_setzero_pd(), by);
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return (f64v)_mm512_andnot_epi64(_mm512_srai_epi64((__m512i)by, 63), (__m512i)x);
#else
    return v_from_bits(~(v_bits(by) >> 63) & v_bits(x));
#endif
}

LANE bool v_any_negative(i64v x)
{
#if GEX_LANES == 1
    return x < 0;
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_movepi64_mask((__m512i)x) != 0;
#elif GEX_LANES == 4 && defined(__AVX__)
    return _mm256_movemask_pd((__m256d)x) != 0;
#elif GEX_LANES == 2 && defined(__SSE2__)
    return _mm_movemask_pd((__m128d)x) != 0;
#else
    return v_any(x & SIGN_BIT);
#endif
}

LANE f64v v_sqrt(f64v x)
{
#if GEX_LANES == 1
    return __builtin_sqrt(x);
#elif GEX_LANES == 2 && defined(__SSE2__)
    return _mm_sqrt_pd(x);
#elif GEX_LANES == 4 && defined(__AVX__)
    return _mm256_sqrt_pd(x);
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_sqrt_pd(x);
#elif GEX_LANES == 2 && defined(__aarch64__)
    return (f64v)vsqrtq_f64((float64x2_t)x);
#else
    f64v root;

    for (int i = 0; i < GEX_LANES; i++)
        root[i] = __builtin_sqrt(x[i]);
    return root;
#endif
}

/* a * b + c, rounded once (GEX_FUSED) or twice. */
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
#define GEX_FUSED 1
#else
#define GEX_FUSED 0
#endif
LANE f64v v_fma(f64v a, f64v b, f64v c)
{
#if !GEX_FUSED
    return a * b + c;
#elif GEX_LANES == 1
    return __builtin_fma(a, b, c);
#elif GEX_LANES == 2 && defined(__FMA__)
    return _mm_fmadd_pd(a, b, c);
#elif GEX_LANES == 4 && defined(__FMA__)
    return _mm256_fmadd_pd(a, b, c);
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_fmadd_pd(a, b, c);
#elif GEX_LANES == 2 && defined(__aarch64__)
    return (f64v)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
#error no fused multiply-add for these lanes
#endif
}

/* a * b - c where c is nearly the product: correct to its own last bit on every set, exact when it fits. */
LANE f64v v_rest(f64v a, f64v b, f64v c)
{
#if GEX_FUSED
    return v_fma(a, b, -c);
#else
    /* two halves of at most 26 bits, by rounding the significand as an integer: the partial products are exact */
    const f64v p = a * b;
    const f64v a1 = v_from_bits((v_bits(a) + (INT64_C(1) << 26)) & -(INT64_C(1) << 27)), a2 = a - a1;
    const f64v b1 = v_from_bits((v_bits(b) + (INT64_C(1) << 26)) & -(INT64_C(1) << 27)), b2 = b - b1;

    return (p - c) + (((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2);
#endif
}

/* a b + c rounded once on every set, for a c that is small beside a b. */
LANE f64v v_fma_small(f64v a, f64v b, f64v c)
{
#if GEX_FUSED
    return v_fma(a, b, c);
#else
    const f64v p = a * b;
    return p + (v_rest(a, b, p) + c);
#endif
}

/* The 64 bits of the low half of each lane times a word. */
LANE u64v v_product(u64v a, uint32_t b)
{
#if GEX_LANES == 1
    return (a & UINT64_C(0xffffffff)) * b;
#elif GEX_LANES == 2 && defined(__SSE2__)
    return (u64v)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(b));
#elif GEX_LANES == 4 && defined(__AVX2__)
    return (u64v)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#elif GEX_LANES == 8 && defined(__AVX512F__)
    return (u64v)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(b));
#elif GEX_LANES == 2 && defined(__aarch64__)
    return (u64v)vmull_n_u32(vmovn_u64((uint64x2_t)a), b);
#else
    return (a & UINT64_C(0xffffffff)) * b;
#endif
}

/* Adding this to |x| < 2^51 leaves round(x) in the low bits of the sum, in two's complement. */
#define ROUNDER 0x1.8p52

/* An integer of small magnitude as a double. */
LANE f64v v_from_int(i64v n)
{
    return v_from_bits(n + v_bits(v_set(ROUNDER))) - ROUNDER;
}

/* 2^n for an integer n in [-1022, 1023]. */
LANE f64v v_pow2(f64v n)
{
    return v_from_bits((v_bits(n + ROUNDER) << 52) + v_bits(v_set(1.0)));
}

/* table[index * stride] of each lane. */
LANE f64v v_look(const double *table, i64v index, int64_t stride)
{
#if GEX_LANES == 1
    return table[index * stride];
#elif GEX_LANES == 2
    return (f64v){table[index[0] * stride], table[index[1] * stride]};
#else
    f64v x;

    for (int i = 0; i < GEX_LANES; i++)
        x[i] = table[index[i] * stride];
    return x;
#endif
}

/* ---- answers of comparisons that choose: a bit a lane where the processor has them ------------------------------- */

#if GEX_LANES == 8 && defined(__AVX512F__)
typedef __mmask8 choice;

LANE choice m_less(f64v a, f64v b)
{
    return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
}

LANE choice m_not_above(f64v a, f64v b)
{
    return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
}

LANE choice m_equal(f64v a, f64v b)
{
    return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ);
}

LANE choice m_zero(i64v x)
{
    return _mm512_testn_epi64_mask((__m512i)x, (__m512i)x);
}

LANE choice m_negative(i64v x)
{
    return _mm512_movepi64_mask((__m512i)x);
}

LANE choice m_and_not(choice a, choice b)
{
    return (choice)(a & ~b);
}

LANE f64v m_select(choice m, f64v yes, f64v no)
{
    return _mm512_mask_blend_pd(m, no, yes);
}

LANE f64v m_keep(choice m, f64v x)
{
    return _mm512_maskz_mov_pd(m, x);
}

LANE bool m_all(choice m)
{
    return m == 0xff;
}

LANE unsigned m_lanes(choice m)
{
    return m;
}
#else
typedef i64v choice;

LANE choice m_less(f64v a, f64v b)
{
    return v_less(a, b);
}

LANE choice m_not_above(f64v a, f64v b)
{
#if GEX_LANES == 1
    return -(int64_t)(a <= b);
#else
    return (i64v)(a <= b);
#endif
}

LANE choice m_equal(f64v a, f64v b)
{
    return v_equal(a, b);
}

LANE choice m_zero(i64v x)
{
#if GEX_LANES == 1
    return -(int64_t)(x == 0);
#else
    return x == 0;
#endif
}

LANE choice m_negative(i64v x) /* every bit as the sign */
{
#if GEX_LANES == 1
    return -(int64_t)(x < 0);
#else
    return x < 0;
#endif
}

LANE choice m_and_not(choice a, choice b)
{
    return a & ~b;
}

LANE f64v m_select(choice m, f64v yes, f64v no)
{
#if GEX_LANES == 4 && defined(__AVX__)
    return _mm256_blendv_pd(no, yes, (__m256d)m);
#else
    return v_select(m, yes, no);
#endif
}

LANE f64v m_keep(choice m, f64v x)
{
    return v_keep(m, x);
}

/* A bit a lane. */
LANE unsigned m_lanes(choice m)
{
#if GEX_LANES == 1
    return m != 0;
#elif GEX_LANES == 2 && defined(__SSE2__)
    return (unsigned)_mm_movemask_pd((__m128d)m);
#elif GEX_LANES == 4 && defined(__AVX__)
    return (unsigned)_mm256_movemask_pd((__m256d)m);
#else
    unsigned lanes = 0;

    for (int i = 0; i < GEX_LANES; i++)
        lanes |= (unsigned)(m[i] & 1) << i;
    return lanes;
#endif
}

LANE bool m_all(choice m)
{
    return m_lanes(m) == (1u << GEX_LANES) - 1;
}
#endif

/* ---- tables of 16 or 8 numbers: registers where the processor permutes across them ------------------------------- */

/* table[index modulo 16] of each lane; the table is aligned to 64 bytes. */
LANE f64v v_pick(const double *table, i64v index)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_permutex2var_pd(_mm512_load_pd(table), (__m512i)index, _mm512_load_pd(table + 8));
#else
    return v_look(table, index & 15, 1);
#endif
}

/* The same of 8 numbers, modulo 8: one register, which costs less. */
LANE f64v v_pick8(const double *table, i64v index)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_permutexvar_pd((__m512i)index, _mm512_load_pd(table));
#else
    return v_look(table, index & 7, 1);
#endif
}

/* Two vectors to memory by turns, a lane of each. */
LANE void v_weave(double *to, f64v even, f64v odd)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    _mm512_storeu_pd(to, _mm512_permutex2var_pd(even, _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), odd));
    _mm512_storeu_pd(to + 8, _mm512_permutex2var_pd(even, _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15), odd));
#elif GEX_LANES == 4 && defined(__AVX__)
    const __m256d low = _mm256_unpacklo_pd(even, odd), high = _mm256_unpackhi_pd(even, odd);

    _mm256_storeu_pd(to, _mm256_permute2f128_pd(low, high, 0x20));
    _mm256_storeu_pd(to + 4, _mm256_permute2f128_pd(low, high, 0x31));
#elif GEX_LANES == 1
    to[0] = even;
    to[1] = odd;
#else
    for (int i = 0; i < GEX_LANES; i++) {
        to[2 * i] = even[i];
        to[2 * i + 1] = odd[i];
    }
#endif
}

/* -1 or anything else as the sign bit or not; one byte a lane. */
LANE i64v v_sign_of(const int8_t *from)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return (i64v)_mm512_cvtepi8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)from)) & SIGN_BIT;
#elif GEX_LANES == 4 && defined(__AVX2__)
    int32_t bytes;

    memcpy(&bytes, from, sizeof bytes);
    return (i64v)_mm256_cvtepi8_epi64(_mm_cvtsi32_si128(bytes)) & SIGN_BIT;
#elif GEX_LANES == 1
    return (int64_t)*from & SIGN_BIT;
#else
    i64v sign;

    for (int i = 0; i < GEX_LANES; i++)
        sign[i] = (int64_t)from[i] & SIGN_BIT;
    return sign;
#endif
}

#endif
