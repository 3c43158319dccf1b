/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mills ratios R(a - h) and R(a + h), a = |A| / v and h = v / 2, and their difference, the time value of an option in
 * units of its Gaussian.
 *
 * R is a polynomial of degree 12 in u = (c - z) y, y = 1 / (z + 4), on 16 intervals of y that 16 lanes of table hold. Up to
 * h = 3/8 both arguments use the interval of the middle of their y. Horner's scheme then gives R(a + h) and the divided
 * difference of the polynomial at once, and
 *
 *     u1 - u2 = (c + 4) (y1 - y2) = (c + 4) v y1 y2
 *
 * is known without cancellation: the difference is as good as the ratios, however short v. Above h = 3/8 each argument
 * uses its own interval, and the values that are subtracted differ enough.
 *
 * An option is out of the money where the forward is on the far side of its strike; there N(f d1) and N(f d2) are
 * n R(a - h) and n R(a + h), in one order or the other. Inside, one minus that. Where a < h by 1/8 and more, and n R(a - h)
 * is most of 1, the ratio is R(h - a) instead and the side that of d1 or d2 itself. Beyond the table the ratios are any
 * finite numbers, times a p of 0.
 */
#ifndef GEX_MATH_KERNEL_PLAIN_TAILS_H
#define GEX_MATH_KERNEL_PLAIN_TAILS_H

#include "plain.h"

#define TAIL_SHIFT 4.0

LANE f64v tail_coefficient(int k, i64v index)
{
    return v_pick(gex__tail_table[k + 1], index);
}

/* Of y = part times sum. */
LANE i64v tail_interval(double part, f64v sum)
{
    return v_bits(v_fma(sum, v_set(part * gex__tail_scale), v_set(ROUNDER)));
}

/* R(z) - first for z in [-1, 95), first the value at the centre of its interval. */
LANE f64v tail_alone(f64v z, f64v y, f64v *first)
{
    const i64v index = tail_interval(1.0, y);
    const f64v u = (v_pick(gex__tail_table[0], index) - z) * y;
    f64v p = tail_coefficient(GEX_TAIL_DEGREE, index);

    for (int k = GEX_TAIL_DEGREE - 1; k > 0; k--)
        p = v_fma(p, u, tail_coefficient(k, index));
    *first = tail_coefficient(0, index);
    return p * u;
}

static void find_arguments(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const f64v a = v_abs(OF(ratio)), h = OF(half), near = a - h, far = a + h;
        const f64v w1 = near + TAIL_SHIFT, w2 = far + TAIL_SHIFT, y12 = 1.0 / (w1 * w2), y1 = y12 * w2, y2 = y12 * w1;
        const i64v index = tail_interval(0.5, y1 + y2);
        const f64v centre = v_pick(gex__tail_table[0], index);

        KEEP(interval, v_from_bits(index));
        KEEP(u1, (centre - near) * y1);
        KEEP(u2, (centre - far) * y2);
        KEEP(step, (centre + TAIL_SHIFT) * v_fma(OF(v_lo), y12, (h + h) * y12));
    }
}

/* The ratios of one vector in which some have to be found one by one. */
struct tails {
    f64v r1, r2, spread, sign1, sign2;
};

LANE void separate_tails(struct tails *t, f64v ratio, f64v h, choice narrow, choice close, choice below)
{
    const f64v a = v_abs(ratio), near = a - h, far = a + h, size = v_abs(near);
    const choice within = m_and_not(m_less(near, v_set(0.0)), close);
    f64v first1, first2, first3;
    const f64v rest1 = tail_alone(near, 1.0 / (near + TAIL_SHIFT), &first1);
    const f64v rest2 = tail_alone(far, 1.0 / (far + TAIL_SHIFT), &first2);
    const f64v rest3 = tail_alone(size, 1.0 / (size + TAIL_SHIFT), &first3);

    t->spread = m_select(narrow, t->spread, (first1 - first2) + (rest1 - rest2));
    t->r1 = m_select(close, t->r1, m_select(within, first3 + rest3, first1 + rest1));
    t->r2 = m_select(close, t->r2, first2 + rest2);
    t->sign1 = m_select(within & below, -ratio, ratio);
    t->sign2 = m_select(m_and_not(within, below), -ratio, ratio);
}

enum { TOGETHER = 2 };

/* Several vectors at a time: they share what is loaded of the table, and none waits for its own last result. */
static void find_tails(const struct plain_in in, struct plain *b)
{
    for (int from = 0; from < in.rows; from += TOGETHER * GEX_LANES) {
        int at[TOGETHER];
        i64v index[TOGETHER];
        f64v u1[TOGETHER], u2[TOGETHER], step[TOGETHER], divided[TOGETHER], r2[TOGETHER];

        for (int j = 0; j < TOGETHER; j++) {
            at[j] = from + j * GEX_LANES < in.rows ? from + j * GEX_LANES : from; /* again, rather than none */
            index[j] = v_bits(v_load(&b->interval[at[j]]));
            u1[j] = v_load(&b->u1[at[j]]);
            u2[j] = v_load(&b->u2[at[j]]);
            step[j] = v_load(&b->step[at[j]]);
            divided[j] = tail_coefficient(GEX_TAIL_DEGREE, index[j]);
            r2[j] = v_fma(divided[j], u2[j], tail_coefficient(GEX_TAIL_DEGREE - 1, index[j]));
        }
        for (int k = GEX_TAIL_DEGREE - 2; k >= 0; k--)
            for (int j = 0; j < TOGETHER; j++) {
                divided[j] = v_fma(divided[j], u1[j], r2[j]);
                r2[j] = v_fma(r2[j], u2[j], tail_coefficient(k, index[j]));
            }
        for (int j = 0; j < TOGETHER; j++) {
            const int i = at[j];
            const f64v ratio = OF(ratio), h = OF(half), spread = step[j] * divided[j];
            const choice narrow = m_less(h, v_set(0.375)), close = narrow & m_less(h - v_abs(ratio), v_set(0.125));
            const choice below = m_negative(v_bits(ratio));
            struct tails t = {r2[j] + spread, r2[j], spread, ratio, ratio};

            if (!m_all(close))
                separate_tails(&t, ratio, h, narrow, close, below);
            KEEP(time_value, t.spread);
            KEEP(tail1, v_signed(m_select(below, t.r1, t.r2), t.sign1));
            KEEP(tail2, v_signed(m_select(below, t.r2, t.r1), t.sign2));
        }
    }
}

#endif
