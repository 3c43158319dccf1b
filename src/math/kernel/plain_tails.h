/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mills ratios R(a - h) and R(a + h), a = |A| / v and h = v / 2, and their difference, the time value of an option in
 * units of its Gaussian.
 *
 * R is a polynomial of degree 14 in u = (c - z) y, y = 1 / (z + 5), on 8 intervals of y that 8 lanes of table hold.
 * Both arguments, 1.25 apart at most, use the interval of the middle of their y. Horner's scheme then gives R(a + h)
 * and the divided difference of the polynomial at once, and
 *
 *     u1 - u2 = (c + 5) (y1 - y2) = (c + 5) v y1 y2
 *
 * is known without cancellation: the difference is as good as the ratios, however short v.
 * From a = 64 on p is 0 and the ratios are those there.
 */
#ifndef GEX_MATH_KERNEL_PLAIN_TAILS_H
#define GEX_MATH_KERNEL_PLAIN_TAILS_H

#include "plain.h"

#define TAIL_SHIFT 5.0

LANE f64v tail_coefficient(int k, i64v index)
{
    return v_pick8(gex__tail_table[k + 1], index);
}

static void find_arguments(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const f64v a = v_min(v_abs(OF(ratio)), v_set(64.0)), v = OF(v), h = halved(v), near = a - h, far = a + h;
        const f64v w1 = near + TAIL_SHIFT, w2 = far + TAIL_SHIFT, y12 = 1.0 / (w1 * w2), y1 = y12 * w2, y2 = y12 * w1;
        const i64v index = v_bits(v_fma(y1 + y2, v_set(0.5 * gex__tail_scale), v_set(ROUNDER)));
        const f64v centre = v_pick8(gex__tail_table[0], index);

        KEEP(interval, v_from_bits(index));
        KEEP(u1, (centre - near) * y1);
        KEEP(u2, (centre - far) * y2);
        KEEP(step, (centre + TAIL_SHIFT) * v_fma_small(v, y12, OF(v_lo) * y12));
    }
}

/* R(z) for z in [0, 5/8]. */
static OWN_FRAME f64v mills_inside(f64v z)
{
    const f64v y = 1.0 / (z + TAIL_SHIFT);
    const i64v index = v_bits(v_fma(y, v_set(gex__tail_scale), v_set(ROUNDER)));
    const f64v u = (v_pick8(gex__tail_table[0], index) - z) * y;
    f64v p = tail_coefficient(GEX_TAIL_DEGREE, index);

    for (int k = GEX_TAIL_DEGREE - 1; k >= 0; k--)
        p = v_fma(p, u, tail_coefficient(k, index));
    return p;
}

enum { TOGETHER = 2 };

/* Several vectors at a time: they share what is loaded of the table, and none waits for its own last result. */
static void find_ratios(const struct plain_in in, struct plain *b)
{
    for (int from = 0; from < in.rows; from += TOGETHER * GEX_LANES) {
        int at[TOGETHER];
        i64v index[TOGETHER];
        f64v u1[TOGETHER], u2[TOGETHER], divided[TOGETHER], r2[TOGETHER];

        for (int j = 0; j < TOGETHER; j++) {
            at[j] = from + j * GEX_LANES < in.rows ? from + j * GEX_LANES : from; /* again, rather than none */
            index[j] = v_bits(v_load(&b->interval[at[j]]));
            u1[j] = v_load(&b->u1[at[j]]);
            u2[j] = v_load(&b->u2[at[j]]);
            divided[j] = tail_coefficient(GEX_TAIL_DEGREE, index[j]);
            r2[j] = v_fma(divided[j], u2[j], tail_coefficient(GEX_TAIL_DEGREE - 1, index[j]));
        }
        for (int k = GEX_TAIL_DEGREE - 2; k >= 0; k--)
            for (int j = 0; j < TOGETHER; j++) {
                divided[j] = v_fma(divided[j], u1[j], r2[j]);
                r2[j] = v_fma(r2[j], u2[j], tail_coefficient(k, index[j]));
            }
        for (int j = 0; j < TOGETHER; j++) {
            v_store(&b->divided[at[j]], divided[j]);
            v_store(&b->far_ratio[at[j]], r2[j]);
        }
    }
}

#endif
