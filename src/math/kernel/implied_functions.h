/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logarithm and Mills ratios as an implied deviation wants them: pairs in, pairs out, from tables of sixteen that stay
 * in registers where the processor can look into registers.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_FUNCTIONS_H
#define GEX_MATH_KERNEL_IMPLIED_FUNCTIONS_H

#include "implied_tables.h"
#include "pair.h"

/* table[index] of each lane, index in [0, 16). */
LANE f64v look_in_sixteen(const double table[16], i64v index)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_permutex2var_pd(_mm512_loadu_pd(table), (__m512i)index, _mm512_loadu_pd(table + 8));
#else
    return v_look(table, index, 1);
#endif
}

/* The same for index in [0, 8). */
LANE f64v look_in_eight(const double table[8], i64v index)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return _mm512_permutexvar_pd((__m512i)index, _mm512_loadu_pd(table));
#else
    return v_look(table, index, 1);
#endif
}

/* The lanes of a mask, one bit each. */
LANE unsigned lanes_of(i64v mask)
{
#if GEX_LANES == 8 && defined(__AVX512DQ__)
    return (unsigned)_mm512_movepi64_mask((__m512i)mask);
#elif GEX_LANES == 4 && defined(__AVX__)
    return (unsigned)_mm256_movemask_pd((__m256d)mask);
#elif GEX_LANES == 2 && defined(__SSE2__)
    return (unsigned)_mm_movemask_pd((__m128d)mask);
#elif GEX_LANES == 1
    return (unsigned)(mask & 1);
#else
    unsigned lanes = 0;

    for (int i = 0; i < GEX_LANES; i++)
        lanes |= (unsigned)(mask[i] & 1) << i;
    return lanes;
#endif
}

/* a - b c with one rounding, also where there is no fused multiply-add. */
LANE f64v less_product(f64v a, f64v b, f64v c)
{
#if GEX_FUSED
    return v_fma(-b, c, a);
#else
    const struct pair product = two_product(b, c);

    return (a - product.hi) - product.lo;
#endif
}

/* ---- logarithm -------------------------------------------------------------------------------------------------- */

#define LOG_2_COARSE 0x1.62e42fefa3800p-1 /* an exact product with integers of 11 bits */
#define LOG_2_FINE 0x1.ef35793c76730p-45

/* A logarithm as coarse + r + low: coarse a multiple of 2^-42, |r| below it or the whole, low small against either. */
struct log_parts {
    f64v coarse, r, low;
};

/*
 * log(x 2^power), or more by what the table adds, for a pair x > 0, a normal number, and an integer power below 2^11.
 * x = 2^n m; log(m) = -log(c) + log1p(m c - 1) for c close to 1 / m, exactly 1 where m is close to 1.
 */
LANE struct log_parts log_apart(struct pair x, f64v power, const double (*table)[16])
{
    const i64v from = v_bits(v_set(0.75)) - (INT64_C(1) << 47), place = v_bits(x.hi) - from, n = place >> 52;
    const i64v index = (place >> 48) & 15, down = n << 52;
    const f64v m = v_from_bits(v_bits(x.hi) - down), m_lo = x.lo * v_from_bits(v_bits(v_set(1.0)) - down);
    const f64v c = look_in_sixteen(table[0], index), product = m * c, r = product - 1.0;
    const f64v r_lo = v_fma(m_lo, c, v_rest(m, c, product)), r2 = r * r, r4 = r2 * r2, whole = v_from_int(n) + power;
    const double *p = gex__implied_log_poly;
    const f64v first = v_fma(r2, v_fma(r, v_set(p[3]), v_set(p[2])), v_fma(r, v_set(p[1]), v_set(p[0])));
    const f64v second = v_fma(r2, v_fma(r, v_set(p[7]), v_set(p[6])), v_fma(r, v_set(p[5]), v_set(p[4])));
    const f64v cubic = v_fma(r4, v_fma(r4, v_set(p[8]), second), first);
    const f64v fine = v_fma(whole, v_set(LOG_2_FINE), look_in_sixteen(table[2], index));

    return (struct log_parts){v_fma(whole, v_set(LOG_2_COARSE), look_in_sixteen(table[1], index)), r,
                              v_fma(r2, v_fma(r, cubic, v_set(-0.5)), v_fma(-r, r_lo, r_lo) + fine)};
}

/* The same as a pair; relative error below 2^-57 everywhere, close to 1 included. */
LANE struct pair log_scaled(struct pair x, f64v power)
{
    const struct log_parts log = log_apart(x, power, gex__implied_log);
    const struct pair sum = quick_sum(log.coarse, log.r);

    return quick_sum(sum.hi, sum.lo + log.low);
}

/* ---- Mills ratios ----------------------------------------------------------------------------------------------- */

enum { IMPLIED_MILLS_DEGREE = 12, MILLS_REST, MILLS_SLOPE_REST }; /* rows of the table */
#define IMPLIED_MILLS_END 120.0                                   /* a larger argument may be taken for this one */

/* R(z) = f(y), y = 1 / (z + 4), z >= -1; sixteen intervals of y, each a polynomial in u = 48 y - middle. */
LANE f64v mills_interval(f64v y, i64v *index)
{
    const f64v whole = v_min(v_max((48.0 * y - 0.5) + ROUNDER, v_set(ROUNDER)), v_set(ROUNDER + 15.0));

    *index = v_bits(whole) & 15;
    return (whole - ROUNDER) + 0.5;
}

/* R(z) from z + 4 and roughly its inverse y; u is a pair too, for it has a part in every bit of the sum. */
LANE struct pair mills_of(struct pair z4, f64v y)
{
    i64v i;
    const f64v middle = mills_interval(y, &i);
    const struct pair product = two_product(middle, z4.hi);
    const f64v above = 48.0 - product.hi, u = above * y; /* the difference is exact */
    const f64v rest = less_product(above, u, z4.hi) - v_fma(u, z4.lo, v_fma(middle, z4.lo, product.lo));
    f64v p = look_in_sixteen(gex__implied_mills[IMPLIED_MILLS_DEGREE], i);
    struct pair slope, sum, all;

    for (int k = IMPLIED_MILLS_DEGREE - 1; k > 1; k--)
        p = v_fma(u, p, look_in_sixteen(gex__implied_mills[k], i));
    p = u * p;
    slope = quick_sum(look_in_sixteen(gex__implied_mills[1], i),
                      p + look_in_sixteen(gex__implied_mills[MILLS_SLOPE_REST], i));
    sum = two_product(u, slope.hi);
    all = quick_sum(look_in_sixteen(gex__implied_mills[0], i), sum.hi);
    sum.lo = v_fma(rest * y, slope.hi + p, v_fma(u, slope.lo, sum.lo));
    return (struct pair){all.hi, all.lo + (sum.lo + look_in_sixteen(gex__implied_mills[MILLS_REST], i))};
}

/*
 * (p(u1) - p(u2)) / (u1 - u2) without a subtraction. With p(u) = E(u^2) + u O(u^2) it is O(u2^2) + (u1 + u2) (E' + u1
 * O'), the primes for the same quotient of E and O over u^2; and of any polynomial in x, by Horner's way, e <- x1 e +
 * f, f <- x2 f + c.
 */
LANE struct pair mills_quotient(f64v u1, f64v u2, i64v i)
{
    const f64v x1 = u1 * u1, x2 = u2 * u2;
    f64v even = look_in_sixteen(gex__implied_mills[12], i), odd = look_in_sixteen(gex__implied_mills[11], i);
    f64v even_slope = even, odd_slope = odd;

    even = v_fma(x2, even, look_in_sixteen(gex__implied_mills[10], i));
    odd = v_fma(x2, odd, look_in_sixteen(gex__implied_mills[9], i));
    for (int k = 8; k > 1; k -= 2) {
        even_slope = v_fma(x1, even_slope, even);
        even = v_fma(x2, even, look_in_sixteen(gex__implied_mills[k], i));
        odd_slope = v_fma(x1, odd_slope, odd);
        if (k > 2)
            odd = v_fma(x2, odd, look_in_sixteen(gex__implied_mills[k - 1], i));
    }
    even_slope = v_fma(x1, even_slope, even);
    even = v_fma(u1 + u2, v_fma(u1, odd_slope, even_slope), look_in_sixteen(gex__implied_mills[MILLS_SLOPE_REST], i));
    return quick_sum(look_in_sixteen(gex__implied_mills[1], i), v_fma(x2, odd, even));
}

/*
 * R(a - h) - R(a + h) = 96 h quotient / product for a pair a >= 0 and 96 h < product = (a + 4)^2 - h^2: both are taken
 * from the interval of their mean, a distance u1 - u2 = 96 h / product < 1 apart, and nothing cancels.
 */
struct brief {
    struct pair product;
    f64v per_product, u1, u2;
    i64v interval;
};

LANE struct brief brief_at(struct pair a, f64v h)
{
    const f64v middle = a.hi + 4.0, middle_lo = (a.hi - (middle - 4.0)) + a.lo, square = middle * middle, h2 = h * h;
    const f64v product = square - h2, per_product = 1.0 / product;
    struct brief b;
    const f64v place = mills_interval(middle * per_product, &b.interval);
    const f64v centre = v_fma(-place, middle_lo, less_product(v_set(48.0), place, middle)), aside = place * h;

    b.product = (struct pair){product, ((square - product) - h2) +
                                           v_fma(2.0 * middle, middle_lo, v_rest(middle, middle, square))};
    b.per_product = per_product;
    b.u1 = (centre + aside) * ((middle + h) * per_product);
    b.u2 = (centre - aside) * ((middle - h) * per_product);
    return b;
}

/* R(a - h) - R(a + h) for a pair a, or R(h - a) + R(a + h) where `sum` says so; arguments from -1 on. */
LANE struct pair mills_around(struct pair a, f64v h, i64v sum)
{
    const f64v middle = a.hi + 4.0, h96 = 96.0 * h;
    const i64v brief = v_less(h96, middle * middle - h * h) & ~sum;
    struct pair apart = {v_set(0.0), v_set(0.0)};

    if (lanes_of(brief) != 0) {
        const struct brief b = brief_at(a, h);
        const struct pair q = mills_quotient(b.u1, b.u2, b.interval);
        const f64v h32 = 32.0 * h, between = h32 * b.per_product; /* a third of it; 96 h would be rounded */
        const f64v rest = v_fma(-between, b.product.lo, less_product(h32, between, b.product.hi)) * b.per_product;
        const struct pair third = two_product(between, q.hi), all = two_product(third.hi, v_set(3.0));

        apart = quick_sum(all.hi, v_fma(v_set(3.0), v_fma(rest, q.hi, v_fma(between, q.lo, third.lo)), all.lo));
    }
    if (lanes_of(~brief) != 0) {
        const f64v turned = v_keep(sum, v_set(-0.0)), other = v_flip(v_set(-0.0), turned),
                   end = v_set(IMPLIED_MILLS_END);
        const struct pair near = two_sum(v_flip(a.hi, turned), v_flip(-h, turned)), far = two_sum(a.hi, h);
        const struct pair near4 = two_sum(v_min(near.hi, end), v_set(4.0)),
                          far4 = two_sum(v_min(far.hi, end), v_set(4.0));
        const f64v per_product = 1.0 / (near4.hi * far4.hi);
        const struct pair r1 =
            mills_of((struct pair){near4.hi, near4.lo + (near.lo + v_flip(a.lo, turned))}, far4.hi * per_product);
        const struct pair r2 = mills_of((struct pair){far4.hi, far4.lo + (far.lo + a.lo)}, near4.hi * per_product);
        const struct pair base = two_sum(r1.hi, v_flip(r2.hi, other));
        const struct pair wide = quick_sum(base.hi, base.lo + (r1.lo + v_flip(r2.lo, other)));

        apart = (struct pair){v_select(brief, apart.hi, wide.hi), v_select(brief, apart.lo, wide.lo)};
    }
    return apart;
}

/* 1 - z R(z) = -R'(z) = 48 y^2 p'(u) for a pair z. */
LANE struct pair mills_slope(struct pair z)
{
    const struct pair four = two_sum(z.hi, v_set(4.0)), w = {four.hi, four.lo + z.lo}, square = two_product(w.hi, w.hi);
    const f64v square_lo = v_fma(2.0 * w.hi, w.lo, square.lo), y = 1.0 / w.hi;
    i64v index;
    const f64v middle = mills_interval(y, &index);
    const f64v u = (less_product(v_set(48.0), middle, w.hi) - middle * w.lo) * y;
    f64v p = look_in_sixteen(gex__implied_mills[IMPLIED_MILLS_DEGREE], index), slope = p, quotient;
    struct pair sum;

    for (int k = IMPLIED_MILLS_DEGREE - 1; k > 1; k--) {
        p = v_fma(u, p, look_in_sixteen(gex__implied_mills[k], index));
        slope = v_fma(u, slope, p);
    }
    p = v_fma(u, p, look_in_sixteen(gex__implied_mills[MILLS_SLOPE_REST], index));
    sum = quick_sum(look_in_sixteen(gex__implied_mills[1], index), v_fma(u, slope, p));
    p = 48.0 * sum.hi;
    quotient = p / square.hi;
    slope = less_product(p, quotient, square.hi) - v_fma(quotient, square_lo, less_product(p, v_set(48.0), sum.hi));
    return quick_sum(quotient, v_fma(v_set(48.0), sum.lo, slope) / square.hi);
}

#endif
