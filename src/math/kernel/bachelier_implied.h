/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility of Bachelier's model, a block of rows at a time. With m = |F - K|, s = v / m and a = 1 / s, the
 * time value out of the money is b = v n(a) (1 - a R(a)), and b / m a function of s alone: the step is Black's with h =
 * 0, and so is the first estimate, which is exact here but for its table. At the money b = v / sqrt(2 pi).
 *
 * Prices are in units of 2^unit, the power of two of the larger of |F| and |K|.
 */
#ifndef GEX_MATH_KERNEL_BACHELIER_IMPLIED_H
#define GEX_MATH_KERNEL_BACHELIER_IMPLIED_H

#include "implied_body.h"

#define BACHELIER_LIMIT 0x1p900 /* of forward and strike, so that their difference is one */

/* a / b. */
LANE struct pair pair_ratio(struct pair a, struct pair b)
{
    const f64v quotient = a.hi / b.hi;

    return quick_sum(quotient, (less_product(a.hi, quotient, b.hi) + (a.lo - quotient * b.lo)) / b.hi);
}

/* What stays of a row until the deviation is known. */
struct normal_block {
    struct implied_block block;
    double moneyness[GEX_IMPLIED_ROWS], moneyness_lo[GEX_IMPLIED_ROWS];
};

static void take_normal(struct normal_block *n, const struct gex__implied_in *in, int64_t from, int rows)
{
    const f64v one = v_set(1.0), zero = v_set(0.0), infinity = v_set(__builtin_inf());
    struct implied_block *b = &n->block;

    b->plain = 0;
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v price = v_load(&in->price[from + i]), years = v_load(&in->years[from + i]);
        const i64v right = load_rights(&in->right[from + i]);
        const f64v F = v_load(&in->forward[from + i]), K = v_load(&in->strike[from + i]);
        const f64v D = in->discount != NULL ? v_load(&in->discount[from + i]) : one;
        const i64v good = positive_and_finite(D) & ~v_less(years, zero) & v_less(years, infinity) &
                          v_less(v_abs(price), infinity) & is_right(right) & v_less(v_abs(F), v_set(BACHELIER_LIMIT)) &
                          v_less(v_abs(K), v_set(BACHELIER_LIMIT));
        const f64v forward = v_select(good, F, one), strike = v_select(good, K, one), amount = v_keep(good, price);
        const i64v free = v_equal(amount, zero);
        const struct parts d = parts_of(v_select(good, D, one)), p = parts_of(v_select(free, one, amount));
        const f64v largest = v_max(v_abs(forward), v_abs(strike)), nothing = v_keep(v_equal(largest, zero), one);
        const f64v unit = parts_of(largest + nothing).power,
                   down = v_max(-unit, v_set(-1000.0)); /* denormals stay so */
        const f64v signed_price = v_keep(~free, v_flip(p.value, amount));
        struct pair m = two_sum(scale(forward, down), -scale(strike, down)), value = {signed_price, zero}, share;
        const i64v inside = (is_call(right) & v_less(zero, m.hi)) | (~is_call(right) & v_less(m.hi, zero)),
                   money = v_equal(m.hi, zero);
        f64v power = p.power - d.power + down;
        i64v worthless = free & ~inside, below, direct, solved;

        m = (struct pair){v_abs(m.hi), v_flip(m.lo, m.hi)};
        if (lanes_of(inside) != 0) {
            const struct pair product = two_product(m.hi, d.value),
                              intrinsic = quick_sum(product.hi, v_fma(m.lo, d.value, product.lo));
            const struct pair had = {scale(signed_price, power), zero}, over = pair_sum(had, pair_negate(intrinsic));

            worthless |= inside & v_equal(had.hi, intrinsic.hi);
            value.hi = v_select(inside, over.hi, value.hi);
            value.lo = v_select(inside, over.lo, value.lo);
            power = v_keep(~inside, power);
        }
        value = pair_divide(value, d.value);
        below = ~worthless & v_less(value.hi, zero);
        m.hi = v_select(money, one, m.hi);
        share = pair_ratio(value, m);
        direct = money | v_less(v_set(0x1p60), scale(share.hi, power));
        solved = good & ~worthless & ~below;
        v_store(&b->code[i], v_select(good, v_keep(below, v_set(GEX_CALC_BELOW_INTRINSIC)), v_set(GEX_CALC_DOMAIN)));
        put_direct(b, i, direct & solved, worthless, value);
        v_store(&b->late[i], v_keep(solved, v_keep(direct, power) - down));
        solved &= ~direct;
        v_store(&n->moneyness[i], m.hi);
        v_store(&n->moneyness_lo[i], m.lo);
        v_store(&b->work.x[i], one);
        v_store(&b->work.x_lo[i], zero);
        v_store(&b->work.bound[i], one);
        v_store(&b->work.part[i], v_select(solved, share.hi, one));
        v_store(&b->work.part_lo[i], v_keep(solved, share.lo));
        v_store(&b->work.power[i], v_keep(solved, power));
    }
}

static void estimate_normal(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v part = v_load(&b->work.part[i]), power = v_load(&b->work.power[i]);
        const f64v near = scale(part, power) * ROOT_2PI;
        const i64v far = v_less(power, v_set(-POWER_LARGE));
        const f64v log_share = v_fma(power, v_set(LOG_2_COARSE), rough_log(part));
        f64v z = rough_log(1.0 + 1.0 / v_select(far, v_set(1.0), near));
        struct estimate e;

        if (lanes_of(far) != 0)
            z = v_select(far, -(LOG_ROOT_2PI + log_share), z);
        put_place(&b->work, i, v_set(1.0), z);
        e = estimate_at(&b->work, i);
        v_store(&b->work.near[i], near);
        v_store(&b->work.s[i], narrow_estimate(&b->work, i, &e));
        v_store(&b->work.target[i], v_min(log_share, v_set(-1.0))); /* has to be negative; the estimate is done */
    }
}

static void implied_normal_block(const struct gex__implied_in *in, int64_t from, int rows, double *vol, uint8_t *code)
{
    struct normal_block n;
    struct implied_work *w = &n.block.work;

    take_normal(&n, in, from, rows);
    estimate_normal(&n.block, rows);
    w->count = rows;
    begin(w, true);
    finish(w, true);
    for (int i = 0; i < rows; i += GEX_LANES) { /* s m */
        const struct pair m = {v_load(&n.moneyness[i]), v_load(&n.moneyness_lo[i])};
        const f64v s = v_load(&w->v[i]);
        const struct pair v = two_product(s, m.hi);

        v_store(&w->v[i], v.hi);
        v_store(&w->v_lo[i], v.lo + v_fma(s, m.lo, v_load(&w->v_lo[i]) * m.hi));
    }
    finish_rows(&n.block, &in->years[from], rows, vol, code);
}

static void implied_normal(const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    for (int64_t from = 0; from < in->rows; from += GEX_IMPLIED_ROWS)
        implied_normal_block(in, from, in->rows - from < GEX_IMPLIED_ROWS ? (int)(in->rows - from) : GEX_IMPLIED_ROWS,
                             &vol[from], code != NULL ? &code[from] : NULL);
}

static void implied_rows(const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    if (in->model == GEX_MODEL_BACHELIER)
        implied_normal(in, vol, code);
    else
        implied_black(in, vol, code);
}

#endif
