/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility of Black's model, a block of rows at a time: time value, first estimate, steps, volatility.
 *
 * Prices, forwards, strikes and discounts are taken apart into significand and power of two, so that the time value is formed
 * without overflow or underflow, and without a rounding: it is a pair, in units of the power of two of W = min(F, K) times
 * 2^power. Of an option paid in coin the price is a pair from the start, price times forward.
 *
 * A row that is outside the domain, at a bound or solved already goes through the motions with numbers that harm nobody.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_BODY_H
#define GEX_MATH_KERNEL_IMPLIED_BODY_H

#include "implied_step.h"

#define ROOT_2PI     0x1.40d931ff62706p+1
#define ROOT_2PI_LO  -0x1.a6a0d6f814637p-53
#define LOG_ROOT_2PI 0.918938533204672742
enum { GEX_IMPLIED_POOL = 16 };
#define POWER_LARGE  900.0 /* from there on estimates are made of logarithms */

struct implied_block {
    struct implied_work work;
    double greater[GEX_IMPLIED_ROWS], apart[GEX_IMPLIED_ROWS]; /* the greater of F and K, over 2^apart in units of W's */
    double share[GEX_IMPLIED_ROWS];                            /* time value in those units, 0 when it is far below W */
    double near[GEX_IMPLIED_ROWS], z[GEX_IMPLIED_ROWS];        /* of the first estimate */
    double direct[GEX_IMPLIED_ROWS], direct_lo[GEX_IMPLIED_ROWS]; /* a deviation known without steps, or 0 */
    double late[GEX_IMPLIED_ROWS];                             /* the deviation is over 2^late */
    double worth[GEX_IMPLIED_ROWS];                            /* a mask: there is a time value */
    double code[GEX_IMPLIED_ROWS];
    unsigned plain; /* a bit a group of rows that need nothing of the last four, all solved by steps, apart = 0 */
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
    v_store(&b->worth[i], v_from_bits(v_equal(zero, zero)));
}

/* ---- time value ---------------------------------------------------------------------------------------------------- */

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

/* a / b, given 1 / b rounded. */
LANE struct pair pair_over(struct pair a, f64v b, f64v per_b)
{
    const f64v quotient = a.hi * per_b;

    return quick_sum(quotient, (less_product(a.hi, quotient, b) + a.lo) * per_b);
}

/* a / b rounded, and the rest. */
LANE struct pair pair_divide(struct pair a, f64v b)
{
    const f64v quotient = a.hi / b;

    return quick_sum(quotient, (less_product(a.hi, quotient, b) + a.lo) / b);
}

/* a + b for pairs, the lower parts summed exactly: nothing is lost to cancellation. */
LANE struct pair pair_sum(struct pair a, struct pair b)
{
    const struct pair high = two_sum(a.hi, b.hi), low = two_sum(a.lo, b.lo), sum = quick_sum(high.hi, high.lo + low.hi);

    return quick_sum(sum.hi, sum.lo + low.lo);
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
 * In the money, in units of the greater's power of two: price less discounted intrinsic value. A price that is the intrinsic
 * value rounded has nothing above it, whichever way it was rounded; an option paid in coin is so in its own unit.
 */
LANE i64v take_intrinsic(struct quote *q, bool coin, bool far)
{
    const f64v power = q->power - q->apart, lesser = far ? scale(q->bound, -q->apart) : q->bound;
    const struct pair gained = two_product(q->discount.value, q->greater), paid = two_product(q->discount.value, lesser);
    const struct pair intrinsic = pair_sum(gained, pair_negate(paid));
    const struct pair price = {far ? scale(q->value.hi, power) : q->value.hi, far ? scale(q->value.lo, power) : q->value.lo};
    const struct pair over = pair_sum(price, pair_negate(intrinsic));
    i64v nothing = v_equal(price.hi, intrinsic.hi);

    if (far && !coin) { /* a denormal intrinsic value: half of the smallest double either way, ties to even */
        const f64v given = scale_far(q->given.value, q->given.power), unit = q->given.power - power;
        const f64v excess = (v_abs(over.hi) - scale_far(v_set(1.0), -1075.0 - unit)) + v_flip(over.lo, over.hi);
        const i64v denormal = v_less(v_abs(given), v_set(0x1p-1022)), even = (v_bits(given) & 1) - 1;

        nothing &= ~denormal;
        nothing |= denormal & (v_less(excess, v_set(0.0)) | (v_equal(excess, v_set(0.0)) & even));
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
LANE void put_direct(struct implied_block *b, int i, i64v mask, struct pair share)
{
    struct pair v = two_product(share.hi, v_set(ROOT_2PI));

    v = quick_sum(v.hi, v.lo + (share.hi * ROOT_2PI_LO + share.lo * ROOT_2PI));
    v_store(&b->direct[i], v_keep(mask, v.hi));
    v_store(&b->direct_lo[i], v_keep(mask, v.lo));
}

/* Rows i to i + GEX_LANES; `far` ones are taken apart. The same bits come out either way where both are possible. */
LANE void take_quotes(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int i, i64v good, bool coin,
                      bool discounted, bool far)
{
    const f64v one = v_set(1.0), zero = v_set(0.0);
    const f64v forward = v_select(good, v_load(&in->forward[from + i]), one);
    const f64v strike = v_select(good, v_load(&in->strike[from + i]), one), amount = v_keep(good, v_load(&in->price[from + i]));
    const i64v swap = v_less(forward, strike);
    struct quote q = {.call = is_call(load_rights(&in->right[from + i])), .apart = zero, .power = zero, .discount = {one, zero}};
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
    v_store(&b->worth[i], v_from_bits(~worthless));

    /* At the money and far below W, b = W s / sqrt(2 pi) to the last bit. */
    money = solved & v_equal(forward, strike) & v_less(share, q.bound * 0x1p-30);
    v_store(&b->late[i], v_keep(money, q.power));
    v_store(&b->direct[i], zero);
    if (lanes_of(money) != 0)
        put_direct(b, i, money, pair_divide(q.value, q.bound));
    solved &= ~money;
    gap = v_less(rest.hi, share) & solved;
    share = v_select(solved, share, v_set(0.125));
    v_store(&b->share[i], share);
    v_store(&b->greater[i], v_select(solved, q.greater, one));
    v_store(&b->apart[i], v_keep(solved, q.apart));
    v_store(&b->work.bound[i], v_select(solved, q.bound, one));
    v_store(&b->work.gap[i], v_from_bits(gap));
    v_store(&b->work.part[i], v_select(gap, rest.hi, v_select(solved, q.value.hi, share)));
    v_store(&b->work.part_lo[i], v_select(gap, rest.lo, v_keep(solved, q.value.lo)));
    v_store(&b->work.power[i], v_keep(solved & ~gap, q.power));
}

/*
 * Rows near 1, out of the money, with a time value that is neither at its bound nor so small that no steps are needed: what
 * take_quotes() makes of them, with less ado. @return whether all are such rows
 */
LANE bool take_plain(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int i)
{
    const f64v forward = v_load(&in->forward[from + i]), strike = v_load(&in->strike[from + i]);
    const f64v price = v_load(&in->price[from + i]), bound = v_min(forward, strike), zero = v_set(0.0);
    const i64v call = is_call(load_rights(&in->right[from + i]));
    const i64v inside = (call & v_less(strike, forward)) | (~call & v_less(forward, strike));
    const struct pair rest = quick_sum(bound, -price);
    const i64v gap = v_less(rest.hi, price);

    if (lanes_of(inside | ~v_less(zero, rest.hi) | v_less(price, bound * 0x1p-30)) != 0)
        return false;
    v_store(&b->share[i], price);
    v_store(&b->greater[i], v_max(strike, forward));
    v_store(&b->work.bound[i], bound);
    v_store(&b->work.gap[i], v_from_bits(gap));
    v_store(&b->work.part[i], v_select(gap, rest.hi, price));
    v_store(&b->work.part_lo[i], v_keep(gap, rest.lo));
    v_store(&b->work.power[i], zero);
    b->plain |= 1u << i / GEX_LANES;
    return true;
}

static inline __attribute__((always_inline)) void take_rows_of(struct implied_block *b, const struct gex__implied_in *in,
                                                               int64_t from, int rows, bool coin, bool discounted)
{
    const f64v infinity = v_set(__builtin_inf()), zero = v_set(0.0);

    b->plain = 0;
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v price = v_load(&in->price[from + i]), years = v_load(&in->years[from + i]);
        const f64v forward = v_load(&in->forward[from + i]), strike = v_load(&in->strike[from + i]);
        const f64v discount = discounted ? v_load(&in->discount[from + i]) : v_set(1.0);
        const i64v sound = ~v_less(years, zero) & v_less(years, infinity) &
                           is_right(load_rights(&in->right[from + i]));
        i64v near = sound & is_near(price) & is_near(forward) & is_near(strike);

        if (discounted)
            near &= is_near(discount);
        if (!coin && !discounted && lanes_of(~near) == 0 && take_plain(b, in, from, i))
            continue;
        if (lanes_of(~near) == 0)
            take_quotes(b, in, from, i, near, coin, discounted, false);
        else
            take_quotes(b, in, from, i, sound & positive_and_finite(forward) & positive_and_finite(strike) &
                                            positive_and_finite(discount) & v_less(v_abs(price), infinity),
                        coin, discounted, true);
    }
}

/* x = log(F / K), exactly, and roughly the logarithm wanted. */
static void take_logarithms(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v bound = v_load(&b->work.bound[i]), per_bound = 1.0 / bound;
        const struct pair greater = {v_load(&b->greater[i]), v_set(0.0)};
        const f64v apart = is_plain(b, i) ? v_set(0.0) : v_load(&b->apart[i]);
        const struct pair x = log_scaled(pair_over(greater, bound, per_bound), apart);
        const i64v equal = v_equal(greater.hi, bound) & v_equal(apart, v_set(0.0)); /* whatever rounding 1 / W did */
        const f64v part = v_load(&b->work.part[i]) * per_bound;

        v_store(&b->work.x[i], v_keep(~equal, x.hi));
        v_store(&b->work.x_lo[i], v_keep(~equal, x.lo));
        v_store(&b->work.target[i], v_fma(v_load(&b->work.power[i]), v_set(LOG_2_COARSE), rough_log(part)));
    }
}

/* ---- first estimate ------------------------------------------------------------------------------------------------ */

/* Z = log(1 + x sqrt(F K) / (b sqrt(2 pi))), and sqrt(2 pi) b / sqrt(F K), the deviation at the money. */
static void estimate_money(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v x = v_load(&b->work.x[i]);
        const bool plain = is_plain(b, i);
        f64v share = v_load(&b->share[i]), square = v_load(&b->work.bound[i]) * v_load(&b->greater[i]), middle, inverse, z;
        i64v far = v_less(x, x);

        if (!plain) {
            const f64v apart = v_load(&b->apart[i]);

            far = ~(v_less(apart, v_set(POWER_LARGE)) & v_less(v_set(-POWER_LARGE), v_load(&b->work.power[i])));
            share = v_select(far, v_set(1.0), share);
            square = v_load(&b->work.bound[i]) * (v_load(&b->greater[i]) * v_pow2(v_min(apart, v_set(POWER_LARGE))));
        }
        middle = v_sqrt(square);
        inverse = 1.0 / (share * middle);
        z = rough_log1p(x * square * inverse * (1.0 / ROOT_2PI));
        if (!plain && lanes_of(far) != 0)
            z = v_select(far, rough_log1p(x) - LOG_ROOT_2PI - v_load(&b->work.target[i]) + 0.5 * x, z);
        v_store(&b->z[i], z);
        v_store(&b->near[i], share * share * inverse * ROOT_2PI);
    }
}

/* Normal tail y of a probability, N(-y) = exp(log_p), to 5e-4 for log_p < -0.7: Abramowitz and Stegun 26.2.23. */
LANE f64v tail_of(f64v log_p)
{
    const f64v t = v_sqrt(-2.0 * log_p);

    return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/*
 * From 1 - b / W = N(-y) + exp(x) N(-z), y = h - a, z = h + a, z^2 = y^2 + 2 x, so s = y + z. The terms are equal for x = 0,
 * which gives a first y; their ratio R(z) / R(y) then corrects it, for d log N(-y) / dy = -1 / R(y). R(y) is nearly
 * 2 / (y + sqrt(y^2 + 4)).
 */
LANE f64v estimate_gap(f64v x, f64v log_gap)
{
    const f64v log_2 = v_set(0.6931471805599453), first = tail_of(log_gap - log_2), square = first * first;
    const f64v far = v_sqrt(square + 2.0 * x), near_part = first + v_sqrt(square + 4.0);
    const f64v far_part = far + v_sqrt(far * far + 4.0), inverse = 1.0 / (near_part * far_part);
    const f64v ratio = near_part * near_part * inverse;
    const f64v y = first - 2.0 * far_part * inverse * (log_2 - rough_log1p(ratio));

    return y + v_sqrt(v_fma(y, y, 2.0 * x));
}

/* x / a0, or the deviation at the money where that is as good. */
LANE f64v narrow_estimate(f64v x, f64v z, f64v near, const struct estimate *e)
{
    return v_select(v_less(z, v_set(0x1p-30)), near, x * v_sqrt(v_fma(v_set(0.5), z, v_set(1.0))) * (e->ratio * e->per_z));
}

static void estimate_deviation(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v x = v_load(&b->work.x[i]), z = v_load(&b->z[i]);
        const i64v gap = v_bits(v_load(&b->work.gap[i]));
        const struct estimate e = estimate_at(z);
        f64v s = narrow_estimate(x, z, v_load(&b->near[i]), &e), q = v_min(0.25 * s * s, v_set(4.0)), bend;

        bend = v_fma(q, estimate_polynomial(gex__implied_bend3, 3, &e), estimate_polynomial(gex__implied_bend2, 3, &e));
        bend = v_fma(q, bend, estimate_polynomial(gex__implied_bend1, 4, &e));
        s = v_fma(s * q, bend, s);
        if (lanes_of(gap) != 0)
            s = v_select(gap, estimate_gap(x, v_load(&b->work.target[i])), s);
        v_store(&b->work.s[i], s);
    }
}

/* ---- volatility ---------------------------------------------------------------------------------------------------- */

/* v / sqrt(years), for years whose remainder of the root is normal. */
LANE f64v over_root(struct pair v, f64v years)
{
    const f64v root = v_sqrt(years), per_root = 1.0 / root, quotient = v.hi * per_root;
    const f64v root_lo = less_product(years, root, root) * 0.5 * per_root;

    return quotient + (less_product(v.hi, quotient, root) + (v.lo - quotient * root_lo)) * per_root;
}

/* Deviation over the root of time, rows that have none, and what is wrong with them. */
LANE f64v judged_vol(struct implied_block *b, int i, struct pair v, f64v years)
{
    const f64v zero = v_set(0.0), infinity = v_set(__builtin_inf());
    const i64v brief = v_less(years, v_set(0x1p-500)), vast = v_less(v_set(0x1p500), years);
    const f64v grown = v_select(brief, v_set(0x1p200), v_select(vast, v_set(0x1p-200), v_set(1.0)));
    const f64v direct = v_load(&b->direct[i]), late = v_load(&b->late[i]);
    const i64v stepped = v_equal(direct, zero), worth = v_bits(v_load(&b->worth[i]));
    f64v vol, code = v_load(&b->code[i]);
    i64v fine = v_equal(code, zero);

    v.hi = v_keep(worth, v_select(stepped, v.hi, direct));
    v.lo = v_keep(worth, v_select(stepped, v.lo, v_load(&b->direct_lo[i])));
    vol = over_root(v, years * grown * grown) * grown;
    if (lanes_of(~v_equal(late, zero)) != 0)
        vol = scale_far(vol, late);
    vol = v_keep(v_less(zero, v.hi), vol);
    code = v_select(fine & ~v_less(vol, infinity), v_set(GEX_CALC_ABOVE_MAX), code);
    code = v_select(fine & v_less(zero, v.hi) & v_equal(years, zero), v_set(GEX_CALC_NO_TIME), code);
    v_store(&b->code[i], code);
    return v_select(v_equal(code, zero), vol, v_set(__builtin_nan("")));
}

static void finish_rows(struct implied_block *b, const double *years_of, int rows, double *vol_out, uint8_t *code_out)
{
    memset(code_out, GEX_CALC_OK, (size_t)rows);
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v years = v_load(&years_of[i]);
        const struct pair v = {v_load(&b->work.v[i]), v_load(&b->work.v_lo[i])};
        const int lanes = rows - i < GEX_LANES ? rows - i : GEX_LANES;
        double vol[GEX_LANES];

        if (is_plain(b, i) && lanes == GEX_LANES && lanes_of(~is_near(years)) == 0) {
            v_store(&vol_out[i], over_root(v, years));
            continue;
        }
        if (is_plain(b, i))
            put_ordinary(b, i);
        v_store(vol, judged_vol(b, i, v, years));
        memcpy(&vol_out[i], vol, (size_t)lanes * sizeof *vol);
        for (int lane = 0; lane < lanes; lane++)
            code_out[i + lane] = (uint8_t)b->code[i + lane];
    }
}

/* Rows that need another step wait here for company. */
struct implied_pool {
    double x[GEX_IMPLIED_POOL], x_lo[GEX_IMPLIED_POOL], part[GEX_IMPLIED_POOL], part_lo[GEX_IMPLIED_POOL];
    double power[GEX_IMPLIED_POOL], bound[GEX_IMPLIED_POOL], target[GEX_IMPLIED_POOL], gap[GEX_IMPLIED_POOL];
    double s[GEX_IMPLIED_POOL], low[GEX_IMPLIED_POOL], high[GEX_IMPLIED_POOL];
    int64_t row[GEX_IMPLIED_POOL];
    int count;
};

#define POOL_FIELDS(X) X(x) X(x_lo) X(part) X(part_lo) X(power) X(bound) X(target) X(gap) X(s) X(low) X(high)

static void join_pool(struct implied_pool *pool, const struct implied_work *w, int64_t from)
{
    for (int i = 0; i < w->count; i++, pool->count++) {
#define JOIN(field) pool->field[pool->count] = w->field[i];
        POOL_FIELDS(JOIN)
        pool->row[pool->count] = from + w->row[i];
    }
}

static void empty_pool(struct implied_pool *pool, struct implied_block *b, const struct gex__implied_in *in, double *vol,
                       uint8_t *code)
{
    double years[GEX_IMPLIED_ROWS], values[GEX_IMPLIED_ROWS];
    uint8_t codes[GEX_IMPLIED_ROWS];
    const int count = pool->count;

    _Static_assert((int)GEX_IMPLIED_POOL <= (int)GEX_IMPLIED_ROWS, "a pool is solved as a block");
    for (int i = 0; i < GEX_IMPLIED_ROWS; i++) {
        const int at = i < count ? i : count - 1;

#define LEAVE(field) b->work.field[i] = pool->field[at];
        POOL_FIELDS(LEAVE)
        b->work.row[i] = i;
        years[i] = in->years[pool->row[at]];
    }
    b->plain = ~0u;
    b->work.count = count;
    pool->count = 0;
    finish(&b->work, false);
    finish_rows(b, years, count, values, codes);
    for (int i = 0; i < count; i++) {
        vol[pool->row[i]] = values[i];
        code[pool->row[i]] = codes[i];
    }
}

static void implied_black(const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    struct implied_pool pool = {.count = 0};
    struct implied_block b;

    for (int64_t from = 0; from < in->rows; from += GEX_IMPLIED_ROWS) {
        const int rows = in->rows - from < GEX_IMPLIED_ROWS ? (int)(in->rows - from) : GEX_IMPLIED_ROWS;

        if (in->model == GEX_MODEL_INVERSE)
            take_rows_of(&b, in, from, rows, true, false);
        else if (in->discount != NULL)
            take_rows_of(&b, in, from, rows, false, true);
        else
            take_rows_of(&b, in, from, rows, false, false);
        take_logarithms(&b, rows);
        estimate_money(&b, rows);
        estimate_deviation(&b, rows);
        b.work.count = rows;
        begin(&b.work, false);
        if (b.work.count > GEX_IMPLIED_POOL - pool.count)
            finish(&b.work, false);
        join_pool(&pool, &b.work, from);
        finish_rows(&b, &in->years[from], rows, &vol[from], &code[from]);
        if (pool.count >= GEX_IMPLIED_POOL / 2)
            empty_pool(&pool, &b, in, vol, code);
    }
    if (pool.count > 0)
        empty_pool(&pool, &b, in, vol, code);
}

#endif
