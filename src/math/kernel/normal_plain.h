/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exponential and normal distribution without a table look-up, for sums whose terms need no last bit: relative error
 * below 1e-14 where the density is above e^-30, d^2 / 2 ulp beyond.
 */
#ifndef GEX_MATH_KERNEL_NORMAL_PLAIN_H
#define GEX_MATH_KERNEL_NORMAL_PLAIN_H

#include "american_tables.h"
#include "lanes.h"

/*
 * A table whose values the compiler loads where it needs them, an operand each. Left to itself it keeps all of them in
 * vectors over the whole loop, for which there are not enough registers, and 2 kB of stack.
 */
LANE const double *not_kept(const double *table)
{
    __asm__ volatile("" : "+r"(table));
    return table;
}

/* exp(x) for x <= 709; 2^-1021 or so from -708 down. */
LANE f64v exp_short(f64v x)
{
    const double *c = not_kept(gex__cdf_exp);
    const f64v bounded = v_max(x, v_set(-708.0));
    const f64v rounded = v_fma(bounded, v_set(0x1.71547652b82fep+0), v_set(ROUNDER)), n = rounded - ROUNDER;
    const f64v r = v_fma(n, v_set(-0x1.ef35793c76730p-45), v_fma(n, v_set(-0x1.62e42fefa3800p-1), bounded));
    const f64v r2 = r * r, r4 = r2 * r2;
    const f64v low = v_fma(v_fma(v_set(c[3]), r, v_set(c[2])), r2, v_fma(v_set(c[1]), r, v_set(c[0])));
    const f64v middle = v_fma(v_fma(v_set(c[7]), r, v_set(c[6])), r2, v_fma(v_set(c[5]), r, v_set(c[4])));
    const f64v high = v_fma(v_fma(v_set(c[11]), r, v_set(c[10])), r2, v_fma(v_set(c[9]), r, v_set(c[8])));

    return v_from_bits(v_bits(v_fma(v_fma(high, r4, middle), r4, low)) + (v_bits(rounded) << 52));
}

/* N(x), and n(x). N(-z) = n(z) R(z), and (z + 4) R(z) is a polynomial in z / (z + 4). */
LANE f64v normal_cdf(f64v x, f64v *density)
{
    const double *c = not_kept(gex__cdf_mills);
    const f64v z = v_min(v_abs(x), v_set(40.0)), inverse = 1.0 / (z + 4.0);
    const f64v s = v_fma(z * 2.2, inverse, v_set(-1.0)), s2 = s * s, s4 = s2 * s2, s8 = s4 * s4;
    const f64v n = exp_short(-0.5 * (z * z)) * 0x1.9884533d43651p-2;
    f64v quad[4], tail;

    for (int i = 0; i < 4; i++)
        quad[i] = v_fma(v_fma(v_set(c[4 * i + 3]), s, v_set(c[4 * i + 2])), s2,
                        v_fma(v_set(c[4 * i + 1]), s, v_set(c[4 * i])));
    tail = v_fma(v_set(c[18]), s2, v_fma(v_set(c[17]), s, v_set(c[16])));
    tail = v_fma(v_fma(tail, s8, v_fma(quad[3], s4, quad[2])), s8, v_fma(quad[1], s4, quad[0]));
    tail = tail * inverse * n;
    *density = n;
    return v_select(v_less(x, v_set(0.0)), tail, 1.0 - tail);
}

#endif
