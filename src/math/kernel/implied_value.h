/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time value behind a price, a block of rows at a time.
 *
 * Prices, forwards, strikes and discounts are taken apart into significand and power of two, so that the time value is
 * formed without overflow or underflow, and without a rounding: it is a pair, over 2^power, in units of the power of
 * two of W = min(F, K). Of an option paid in coin the price is a pair from the start, price times forward. Rows whose
 * numbers are all near 1 are spared that; the bits are the same.
 *
 * A row that is outside the domain, at a bound or solved already goes through the motions with numbers that harm
 * nobody.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_VALUE_H
#define GEX_MATH_KERNEL_IMPLIED_VALUE_H

#include "implied_step.h"

#define ROOT_2PI    0x1.40d931ff62706p+1
#define ROOT_2PI_LO -0x1.a6a0d6f814637p-53

struct implied_block {
    struct implied_work work;
    double direct[GEX_IMPLIED_ROWS], direct_lo[GEX_IMPLIED_ROWS]; /* a deviation known without steps, or 0; -1: none */
    double late[GEX_IMPLIED_ROWS];                                /* the deviation is over 2^late */
    double code[GEX_IMPLIED_ROWS];

    unsigned
        plain; /* a bit for each group of rows that need nothing of these columns: steps solve them all, apart = 0 */
};

LANE bool is_plain(const struct implied_block *b, int i)
{
    return (b->plain >> i / GEX_LANES & 1u) != 0;
}

/* What plain rows leave out: each has a deviation that steps find. */
LANE void put_ordinary(struct implied_block *b, int i)
{
    const f64v zero = v_set(0.0);

    v_store(&b->direct[i], zero);
    v_store(&b->late[i], zero);
    v_store(&b->code[i], zero);
}

/* ---- time value ------------------------------------------------------------------------------------------------- */

LANE i64v positive_and_finite(f64v x)
{
    return v_less(v_set(0.0), x) & v_less(x, v_set(__builtin_inf()));
}

LANE i64v load_rights(const int8_t *from)
{
#if GEX_LANES == 1
    return *from;
#else
    typedef int8_t i8v __attribute__((vector_size(GEX_LANES)));
    i8v rights;

    memcpy(&rights, from, sizeof rights);
    return __builtin_convertvector(rights, i64v);
#endif
}

/* +1 or -1. */
LANE i64v is_right(i64v right)
{
#if GEX_LANES == 1
    return -(int64_t)(right * right == 1);
#else
    return (right == 1) | (right == -1);
#endif
}

LANE i64v is_call(i64v right)
{
#if GEX_LANES == 1
    return -(int64_t)(right > 0);
#else
    return right > 0;
#endif
}

/* |x| = value 2^power, value in [1, 2), for finite x other than 0. */
struct parts {
    f64v value, power;
};

LANE struct parts parts_of(f64v x)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    return (struct parts){_mm512_getmant_pd(x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero), _mm512_getexp_pd(x)};
#else
    const i64v tiny = v_less(v_abs(x), v_set(0x1p-1022)), bits = v_bits(v_abs(v_select(tiny, x * 0x1p54, x)));
    const i64v significand = (bits & INT64_C(0xfffffffffffff)) | v_bits(v_set(1.0));

    return (struct parts){v_from_bits(significand), v_from_int((bits >> 52) - 1023 - (tiny & 54))};
#endif
}

/* x 2^power; a power out of the range of a double is taken for the nearest in it. */
LANE f64v scale(f64v x, f64v power)
{
    return x * v_pow2(v_max(v_min(power, v_set(1023.0)), v_set(-1022.0)));
}

/* x 2^power for an integer of any size. */
LANE f64v scale_far(f64v x, f64v power)
{
    const f64v first = v_max(v_min(power, v_set(1000.0)), v_set(-1000.0));

    return scale(x * v_pow2(first), power - first);
}

/* a / b rounded, and the rest. */
LANE struct pair pair_divide(struct pair a, f64v b)
{
    const f64v quotient = a.hi / b;

    return quick_sum(quotient, (less_product(a.hi, quotient, b) + a.lo) / b);
}

/* a + b for pairs, the lower parts summed exactly: nothing is lost to cancellation; `rest` fits into no pair. */
LANE struct pair pair_sum_of(struct pair a, struct pair b, f64v *rest)
{
    const struct pair high = two_sum(a.hi, b.hi), low = two_sum(a.lo, b.lo), middle = two_sum(high.lo, low.hi);
    const struct pair sum = quick_sum(high.hi, middle.hi), lower = two_sum(sum.lo, low.lo);

    *rest = middle.lo + lower.lo;
    return quick_sum(sum.hi, lower.hi);
}

LANE struct pair pair_sum(struct pair a, struct pair b)
{
    f64v rest;

    return pair_sum_of(a, b, &rest);
}

struct quote {
    f64v bound, greater, apart; /* powers of two are left out of prices */
    struct parts given, forward, discount;
    struct pair value; /* over 2^power, undivided by the discount */
    f64v power;
    i64v call, inside;
};

/* A quote whose numbers are all near 1 needs no taking apart: no product of them comes near the limits of a double. */
LANE i64v is_near(f64v x)
{
    return v_less(v_set(0x1p-200), x) & v_less(x, v_set(0x1p200));
}

/*
 * In the money, in units of the greater's power of two: price less discounted intrinsic value. A price that is the
 * intrinsic value rounded has nothing above it, whichever way it was rounded; an option paid in coin is so in its own
 * unit.
 */
LANE i64v take_intrinsic(struct quote *q, bool coin, bool far)
{
    const f64v power = q->power - q->apart, lesser = far ? scale(q->bound, -q->apart) : q->bound;
    const struct pair gained = two_product(q->discount.value, q->greater),
                      paid = two_product(q->discount.value, lesser);
    f64v rest;
    const struct pair intrinsic = pair_sum_of(gained, pair_negate(paid), &rest);
    const struct pair price = {far ? scale(q->value.hi, power) : q->value.hi,
                               far ? scale(q->value.lo, power) : q->value.lo};
    const struct pair over = pair_sum(price, pair_negate(intrinsic));
    i64v nothing = v_equal(price.hi, intrinsic.hi);

    /* a pair that ends midway between two doubles, where the rest says to which of them */
    nothing |= v_equal(price.hi - intrinsic.hi, intrinsic.lo + intrinsic.lo) &
               v_less(v_set(0.0), v_flip(rest, intrinsic.lo));

    if (far && !coin) { /* a denormal intrinsic value: half of the smallest double either way, ties to even */
        const f64v given = scale_far(q->given.value, q->given.power), unit = q->given.power - power;
        const f64v excess = (v_abs(over.hi) - scale_far(v_set(1.0), -1075.0 - unit)) + v_flip(over.lo, over.hi);
        const i64v out_of_scale = v_less(v_set(1023.0), power) & ~v_equal(given, v_set(0.0)); /* far above */
        const i64v denormal = v_less(v_abs(given), v_set(0x1p-1022)), even = (v_bits(given) & 1) - 1;

        nothing &= ~denormal;
        nothing |= denormal & ~out_of_scale & (v_less(excess, v_set(0.0)) | (v_equal(excess, v_set(0.0)) & even));
    }
    if (coin) {
        const f64v given = far ? scale(q->given.value, q->given.power - v_keep(~q->call, q->apart)) : q->given.value;

        nothing = v_equal(given, pair_divide(intrinsic, q->forward.value).hi);
    }
    q->value.hi = v_select(q->inside, over.hi, q->value.hi);
    q->value.lo = v_select(q->inside, over.lo, q->value.lo);
    if (far)
        q->power = v_select(q->inside, q->apart, q->power);
    return q->inside & nothing;
}

/* share sqrt(2 pi), known without steps. */
LANE void put_direct(struct implied_block *b, int i, i64v mask, i64v worthless, struct pair share)
{
    struct pair v = two_product(share.hi, v_set(ROOT_2PI));

    v = quick_sum(v.hi, v.lo + (share.hi * ROOT_2PI_LO + share.lo * ROOT_2PI));
    v_store(&b->direct[i], v_select(worthless, v_set(-1.0), v_keep(mask, v.hi)));
    v_store(&b->direct_lo[i], v_keep(mask, v.lo));
}

/* Rows i to i + GEX_LANES; `far` ones are taken apart. The same bits come out either way where both are possible. */
LANE void take_quotes(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int i, i64v good,
                      bool coin, bool discounted, bool far)
{
    const f64v one = v_set(1.0), zero = v_set(0.0);
    const f64v forward = v_select(good, v_load(&in->forward[from + i]), one);
    const f64v strike = v_select(good, v_load(&in->strike[from + i]), one),
               amount = v_keep(good, v_load(&in->price[from + i]));
    const i64v swap = v_less(forward, strike);
    struct quote q = {
        .call = is_call(load_rights(&in->right[from + i])), .apart = zero, .power = zero, .discount = {one, zero}};
    i64v worthless, below, above, money, solved, gap;
    f64v share, code;
    struct pair rest;

    q.inside = (q.call & v_less(strike, forward)) | (~q.call & swap);
    worthless = v_equal(amount, zero) & ~q.inside;
    q.forward = (struct parts){forward, zero};
    q.given = (struct parts){amount, zero};
    q.bound = v_select(swap, forward, strike);
    q.greater = v_select(swap, strike, forward);
    if (discounted)
        q.discount.value = v_select(good, v_load(&in->discount[from + i]), one);
    if (far) {
        const struct parts least = parts_of(q.bound), most = parts_of(q.greater);
        const struct parts price = parts_of(v_select(v_equal(amount, zero), one, amount));

        q.forward = parts_of(forward);
        q.given = (struct parts){v_keep(~v_equal(amount, zero), v_flip(price.value, amount)), price.power};
        if (discounted)
            q.discount = parts_of(q.discount.value);
        q.bound = least.value;
        q.greater = most.value;
        q.apart = most.power - least.power;
        q.power = (coin ? price.power + q.forward.power : price.power) - q.discount.power - least.power;
    }
    q.value = coin ? two_product(q.given.value, q.forward.value) : (struct pair){q.given.value, zero};
    if (lanes_of(q.inside) != 0)
        worthless |= take_intrinsic(&q, coin, far);
    if (discounted)
        q.value = pair_divide(q.value, q.discount.value);
    share = far ? scale(q.value.hi, q.power) : q.value.hi;
    rest = two_sum(q.bound, -share);
    rest = quick_sum(rest.hi, rest.lo - (far ? scale(q.value.lo, q.power) : q.value.lo));
    below = ~worthless & v_less(q.value.hi, zero);
    above = ~worthless & ~below & ~v_less(zero, rest.hi);
    code = v_keep(below, v_set(GEX_CALC_BELOW_INTRINSIC));
    code = v_select(above, v_set(GEX_CALC_ABOVE_MAX), code);
    solved = good & ~worthless & ~below & ~above;
    v_store(&b->code[i], v_select(good, code, v_set(GEX_CALC_DOMAIN)));

    /* At the money and far below W, b = W s / sqrt(2 pi) to the last bit. */
    money = solved & v_equal(forward, strike) & v_less(share, q.bound * 0x1p-30);
    v_store(&b->late[i], v_keep(money, q.power));
    v_store(&b->direct[i], v_keep(worthless, v_set(-1.0)));
    if (lanes_of(money) != 0)
        put_direct(b, i, money, worthless, pair_divide(q.value, q.bound));
    solved &= ~money;
    gap = v_less(rest.hi, share) & solved;
    share = v_select(solved, share, v_set(0.125));
    v_store(&b->work.share[i], share);
    v_store(&b->work.greater[i], v_select(solved, q.greater, one));
    v_store(&b->work.apart[i], v_keep(solved, q.apart));
    v_store(&b->work.bound[i], v_select(solved, q.bound, one));
    v_store(&b->work.part[i], v_select(gap, -rest.hi, v_select(solved, q.value.hi, share)));
    v_store(&b->work.part_lo[i], v_select(gap, rest.lo, v_keep(solved, q.value.lo)));
    v_store(&b->work.power[i], v_keep(solved & ~gap, q.power));
}

/*
 * Rows near 1, out of the money, with a time value that steps find: what take_quotes() makes of them, with less ado.
 * @return whether all are such rows
 */
LANE bool take_plain(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int i, bool discounted)
{
    const f64v forward = v_load(&in->forward[from + i]), strike = v_load(&in->strike[from + i]), zero = v_set(0.0);
    const f64v price = v_load(&in->price[from + i]), years = v_load(&in->years[from + i]);
    const f64v discount = discounted ? v_load(&in->discount[from + i]) : v_set(1.0);
    const f64v bound = v_min(forward, strike), greater = v_max(forward, strike), least = v_set(0x1p-200);
    const i64v right = load_rights(&in->right[from + i]);
    const f64v apart = strike - forward, outside = v_flip(apart, v_from_bits(right)); /* not below 0 */
    const struct pair given = {price, zero}, value = discounted ? pair_divide(given, discount) : given;
    struct pair rest = two_sum(bound, -value.hi);
    choice plain = (choice)(m_zero((right + 1) & ~INT64_C(2)) & m_less(least, price) & m_less(least, bound) &
                            m_less(forward + strike, v_set(0x1p200)) & m_less(least, years) &
                            m_less(years, v_set(0x1p200)) & m_not_above(zero, outside));
    i64v gap;

    if (discounted) {
        plain = (choice)(plain & m_less(least, discount) & m_less(discount, v_set(0x1p200)) &
                         m_less(price, v_set(0x1p200)));
        rest = quick_sum(rest.hi, rest.lo - value.lo);
    }
    plain = (choice)(plain & m_less(zero, rest.hi) & m_less(bound * 0x1p-30, value.hi + v_abs(apart)));
    if (!m_all(plain))
        return false;
    gap = v_less(rest.hi, value.hi);
    v_store(&b->work.greater[i], greater);
    v_store(&b->work.bound[i], bound);
    v_store(&b->work.part[i], v_select(gap, -rest.hi, value.hi));
    v_store(&b->work.part_lo[i], v_select(gap, rest.lo, value.lo));
    v_store(&b->work.power[i], zero);
    b->plain |= 1u << i / GEX_LANES;
    return true;
}

/* Rows i to i + GEX_LANES, whatever they are. */
LANE void take_any(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int i, bool coin,
                   bool discounted)
{
    const f64v infinity = v_set(__builtin_inf()), zero = v_set(0.0);
    const f64v price = v_load(&in->price[from + i]), years = v_load(&in->years[from + i]);
    const f64v forward = v_load(&in->forward[from + i]), strike = v_load(&in->strike[from + i]);
    const f64v discount = discounted ? v_load(&in->discount[from + i]) : v_set(1.0);
    const i64v sound = ~v_less(years, zero) & v_less(years, infinity) & is_right(load_rights(&in->right[from + i]));
    i64v near = sound & is_near(price) & is_near(forward) & is_near(strike);

    if (discounted)
        near &= is_near(discount);
    if (lanes_of(~near) == 0)
        take_quotes(b, in, from, i, near, coin, discounted, false);
    else
        take_quotes(b, in, from, i,
                    sound & positive_and_finite(forward) & positive_and_finite(strike) & positive_and_finite(discount) &
                        v_less(v_abs(price), infinity),
                    coin, discounted, true);
}

static inline __attribute__((always_inline)) void take_rows_of(struct implied_block *b,
                                                               const struct gex__implied_in *in, int64_t from, int rows,
                                                               bool coin, bool discounted)
{
    b->plain = 0;
    for (int i = 0; i < rows; i += GEX_LANES)
        if (coin || !take_plain(b, in, from, i, discounted))
            take_any(b, in, from, i, coin, discounted);
}

/* x = log(F / K), exactly. */
static void take_logarithms(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v bound = v_load(&b->work.bound[i]), per_bound = 1.0 / bound;
        const f64v greater = v_load(&b->work.greater[i]), ratio = greater * per_bound;
        const f64v apart = is_plain(b, i) ? v_set(0.0) : v_load(&b->work.apart[i]);
        const struct pair whole = {ratio, less_product(greater, ratio, bound) * per_bound};
        const struct pair x = log_scaled(whole, apart);
        const i64v equal = v_equal(greater, bound) & v_equal(apart, v_set(0.0)); /* whatever rounding 1 / W did */

        v_store(&b->work.x[i], v_keep(~equal, x.hi));
        v_store(&b->work.x_lo[i], v_keep(~equal, x.lo));
    }
}

#endif
