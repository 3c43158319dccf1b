/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exponential, logarithm of a ratio and Mills ratio of the normal distribution, accurate to well below an ulp so that
 * what is made of them may lose a few. Each is a table look-up and a short polynomial; tables.c is generated.
 */
#ifndef GEX_MATH_KERNEL_ELEMENTARY_H
#define GEX_MATH_KERNEL_ELEMENTARY_H

#include "pair.h"
#include "tables.h"

/* exp as (hi + lo) * 2^power with hi + lo in [0.99, 2.01), lo below an ulp of hi; the power is an integer. */
struct scaled {
    f64v hi, lo, power;
};

/*
 * exp(x) = 2^(n / 64) exp(r), n = round(64 x / log 2), |r| <= log 2 / 128. log 2 / 64 in two pieces, the first short
 * enough for an exact product. |x| < 2^17. r and its product with the table are pairs, so hi + lo is within 2^-66.
 */
LANE struct scaled exp_scaled(struct pair x)
{
    const f64v rounded = x.hi * 0x1.71547652b82fep+6 + ROUNDER, n = rounded - ROUNDER;
    const i64v index = v_bits(rounded) & ((1 << GEX_EXP_BITS) - 1);
    const f64v first = x.hi - n * 0x1.62e42fefp-7, second = n * 0x1.473de6af278edp-40, r = first - second;
    const f64v r_lo = ((first - r) - second) + (x.lo - v_rest(n, v_set(0x1.473de6af278edp-40), second));
    const double *c = gex__exp_poly;
    const f64v table = v_look(&gex__exp_table[0][0], index, 2), rest = v_look(&gex__exp_table[0][1], index, 2);
    const f64v grown = table * r, bent = r * r * (c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r * c[4]))));
    const struct pair sum = quick_sum(table, grown);
    const f64v lo = ((rest + rest * r) + v_rest(table, r, grown)) + (table * bent + sum.hi * r_lo);
    const struct pair all = quick_sum(sum.hi, sum.lo + lo);

    return (struct scaled){all.hi, all.lo, (n - v_from_int(index)) * (1.0 / (1 << GEX_EXP_BITS))};
}

/*
 * log(a / b), relative error below 2^-65, for positive finite a and b. The significands are divided and the remainder
 * of the division kept: close to 1 the logarithm is as good as the exact ratio, not as its rounded value.
 *
 * log(m) = -log(c) + log1p(r), r = m c - 1, |r| < 2^-7, c of 11 bits from a table. Where m is next to 1/2, 1 or 2, c is
 * exactly 2, 1 or 1/2, so that the terms of log 2 cancel without a trace.
 */
LANE struct pair log_ratio(f64v a, f64v b)
{
    const i64v one = v_bits(v_set(1.0));
    const i64v a_tiny = v_less(a, v_set(0x1p-1022)), b_tiny = v_less(b, v_set(0x1p-1022));
    const f64v x = v_select(a_tiny, a * 0x1p54, a), y = v_select(b_tiny, b * 0x1p54, b);
    const f64v exponent = v_from_int(((v_bits(x) >> 52) - (a_tiny & 54)) - ((v_bits(y) >> 52) - (b_tiny & 54)));
    const f64v mx = v_from_bits((v_bits(x) & INT64_C(0xfffffffffffff)) | one);
    const f64v my = v_from_bits((v_bits(y) & INT64_C(0xfffffffffffff)) | one);
    const f64v m = mx / my;
    const struct pair back = two_product(m, my);
    const f64v remainder = ((mx - back.hi) - back.lo) / mx;

    const i64v index = (v_bits(m) >> (52 - GEX_LOG_BITS)) - (INT64_C(1022) << GEX_LOG_BITS);
    const f64v c = v_look(&gex__log_table[0][0], index, 3);
    const f64v m_hi = v_from_bits(v_bits(m) & -(INT64_C(1) << 11));
    const struct pair r = quick_sum(m_hi * c - 1.0, (m - m_hi) * c);

    const double *p = gex__log_poly;
    const f64v r2 = r.hi * r.hi;
    const f64v cubic = p[0] + r.hi * (p[1] + r.hi * (p[2] + r.hi * (p[3] + r.hi * (p[4] + r.hi * p[5]))));
    const f64v series = r2 * (r.hi * cubic - 0.5);

    const f64v coarse = exponent * 0x1.62e42fefa3800p-1 + v_look(&gex__log_table[0][1], index, 3);
    const f64v fine = exponent * 0x1.ef35793c76730p-45 + v_look(&gex__log_table[0][2], index, 3);
    const struct pair sum = two_sum(coarse, r.hi);

    return quick_sum(sum.hi, sum.lo + (fine + (r.lo + remainder + series)));
}

/*
 * Mills ratio R(z) = N(-z) / n(z) for z in [-1, 62), as a table value plus a small rest: a difference of two of them
 * loses nothing the table has. R'(z) = z R(z) - 1 from the derivative of the same polynomial, without cancellation.
 * Intervals are 1/32 of an octave of z + 2 wide.
 */
#define MILLS_END 61.0 /* a larger z may be taken for this one: n(z) is 0 long before */

struct mills {
    f64v base, rest;
};

LANE f64v mills_locate(struct pair z, i64v *index)
{
    const i64v steps = v_bits(z.hi + 2.0) >> (52 - GEX_MILLS_BITS);
    const f64v middle = v_from_bits((steps << (52 - GEX_MILLS_BITS)) | (INT64_C(1) << (51 - GEX_MILLS_BITS))) - 2.0;

    *index = steps - (INT64_C(1023) << GEX_MILLS_BITS);
    return (z.hi - middle) + z.lo;
}

/* The table's row: the rest of the first coefficient, then the coefficients. */
LANE f64v mills_coefficient(i64v index, int k)
{
    return v_look(&gex__mills_table[0][k + 1], index, GEX_MILLS_DEGREE + 2);
}

LANE struct mills mills_ratio_of_pair(struct pair z)
{
    i64v index;
    const f64v t = mills_locate(z, &index);
    f64v p = mills_coefficient(index, GEX_MILLS_DEGREE);

    for (int k = GEX_MILLS_DEGREE - 1; k > 0; k--)
        p = p * t + mills_coefficient(index, k);
    return (struct mills){mills_coefficient(index, 0), p * t + mills_coefficient(index, -1)};
}

LANE f64v mills_ratio(f64v z)
{
    const struct mills r = mills_ratio_of_pair((struct pair){z, v_set(0.0)});

    return r.base + r.rest;
}

/* R(z), and its slope R'(z) = z R(z) - 1 as the derivative of the polynomial. */
LANE f64v mills_with_slope(f64v z, f64v *slope)
{
    i64v index;
    const f64v t = mills_locate((struct pair){z, v_set(0.0)}, &index);
    f64v p = mills_coefficient(index, GEX_MILLS_DEGREE), derivative = v_set(0.0);

    for (int k = GEX_MILLS_DEGREE - 1; k > 0; k--) {
        derivative = derivative * t + p;
        p = p * t + mills_coefficient(index, k);
    }
    *slope = derivative * t + p;
    return mills_coefficient(index, 0) + (p * t + mills_coefficient(index, -1));
}

#endif
