/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one step that most deviations need. Where b is below W / 2 and 96 h below (a + 4)^2 - h^2 the first estimate is
 * within 2^-15, and the inverse function of log b is as good as a cubic. With r = s b'/b and c = a^2 - h^2 = s b''/b',
 *
 *     log b* - log b = r eta,  s* = s (1 + eta + (r - c) / 2 eta^2 + ((2 c - r) (c - r) + 3 a^2 + h^2) / 6 eta^3)
 *
 * but for a term whose coefficient is below 6 for h < 4: 2^-57. Rows that are not so are left as they were.
 *
 * The Gaussian's exponent is split at 2^-18, so that its larger part, the multiples of log 2 in the logarithm and log
 * sqrt(2 pi) are on one grid and cancel without rounding.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_BRIEF_H
#define GEX_MATH_KERNEL_IMPLIED_BRIEF_H

#include "implied_step.h"

#define BRIEF_STEP 0x1p-15
#define BRIEF_GRID 0x1.8p34 /* adding and taking it away again leaves a multiple of 2^-18 */

static void find_brief_places(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const struct pair a = {v_load(&w->a[i]), v_load(&w->a_lo[i])};
        const struct brief b = brief_at(a, 0.5 * v_load(&w->s[i]));

        v_store(&w->product[i], b.product.hi);
        v_store(&w->product_lo[i], b.product.lo);
        v_store(&w->per_product[i], b.per_product);
        v_store(&w->u1[i], b.u1);
        v_store(&w->u2[i], b.u2);
        v_store(&w->interval[i], v_from_bits(b.interval));
    }
}

static void find_brief_quotients(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const i64v interval = v_bits(v_load(&w->interval[i]));
        const struct pair q = mills_quotient(v_load(&w->u1[i]), v_load(&w->u2[i]), interval);

        v_store(&w->quotient[i], q.hi);
        v_store(&w->quotient_lo[i], q.lo);
    }
}

/* wanted product / (W 32 h quotient) as a pair, and r; 96 h would be rounded. */
static void find_brief_fractions(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const f64v part = v_load(&w->part[i]), product = v_load(&w->product[i]), h32 = 16.0 * v_load(&w->s[i]);
        const f64v q = v_load(&w->quotient[i]), bound = v_load(&w->bound[i]), base = bound * h32;
        const struct pair over = two_product(part, product), under = two_product(base, q);
        const f64v over_lo = v_fma(part, v_load(&w->product_lo[i]), v_fma(v_load(&w->part_lo[i]), product, over.lo));
        const f64v base_lo = v_rest(bound, h32, base);
        const f64v under_lo = v_fma(base, v_load(&w->quotient_lo[i]), v_fma(base_lo, q, under.lo));
        const f64v inverse = 1.0 / under.hi, fraction = over.hi * inverse;
        const f64v rest = less_product(over.hi, fraction, under.hi) + over_lo;

        v_store(&w->fraction[i], fraction);
        v_store(&w->fraction_lo[i], v_fma(-fraction, under_lo, rest) * inverse);
        v_store(&w->rate[i], product * (1.0 / 48) * (base * inverse));
    }
}

/* log(wanted / had): the logarithm adds log(sqrt(2 pi) / 3). */
LANE f64v brief_log_ratio(const struct implied_work *w, int i, f64v a, f64v h)
{
    const struct pair fraction = {v_load(&w->fraction[i]), v_load(&w->fraction_lo[i])};
    const struct log_parts log = log_apart(fraction, v_load(&w->power[i]), gex__implied_log_gauss);
    const f64v a_grid = (a + BRIEF_GRID) - BRIEF_GRID, h_grid = (h + BRIEF_GRID) - BRIEF_GRID, d = a_grid - h_grid;
    const f64v d_lo = ((a - a_grid) - (h - h_grid)) + v_load(&w->a_lo[i]);

    return (v_fma(0.5 * d, d, log.coarse) + log.r) + v_fma(v_fma(v_set(0.5), d_lo, d), d_lo, log.low);
}

/* The deviations; rows that are not done stay as they are. @return a bit for each of these */
static unsigned take_brief_steps(struct implied_work *w)
{
    unsigned left = 0;

    for (int i = 0; i < w->count; i += GEX_LANES) {
        const f64v s = v_load(&w->s[i]), a = v_load(&w->a[i]), h = 0.5 * s, rate = v_load(&w->rate[i]);
        const f64v a2 = a * a, h2 = h * h, bend = a2 - h2, turn = bend - rate;
        const f64v per_rate = 48.0 * (v_load(&w->quotient[i]) * v_load(&w->per_product[i]));
        const f64v eta = brief_log_ratio(w, i, a, h) * per_rate;
        const f64v cubic = v_fma(bend + turn, turn, v_fma(v_set(3.0), a2, h2)) * (1.0 / 6);
        const f64v step = v_fma(eta * eta, v_fma(eta, cubic, -0.5 * turn), eta);
        const choice fine = (choice)(m_less(v_abs(eta), v_set(BRIEF_STEP)) &
                                     m_less(48.0 * s, v_load(&w->product[i])) & m_less(h, v_set(4.0)));
        const struct pair v = quick_sum(s, step * s);

        v_store(&w->v[i], v.hi);
        v_store(&w->v_lo[i], v.lo);
        left |= (m_lanes((choice)~fine) | m_lanes(m_negative(v_bits(v_load(&w->part[i]))))) << i;
    }
    return w->count < GEX_IMPLIED_ROWS ? left & ((1u << w->count) - 1u) : left;
}

/* One step in place for rows that need no more. @return a bit for each row that does */
OWN_STACK unsigned step_brief(struct implied_work *w)
{
    _Static_assert((int)GEX_IMPLIED_ROWS == 32, "a bit for each row");
    find_a(w);
    find_brief_places(w);
    find_brief_quotients(w);
    find_brief_fractions(w);
    return take_brief_steps(w);
}

#endif
