/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of unusual size, or outside the domain: the formulas of black_body.h over the whole range of a double.
 *
 * Accuracy. Everything up to the exponent of p is an unevaluated sum of two doubles; from there on each greek is a few
 * roundings. No test here has a tolerance.
 *
 * Range. p is kept as gauss * late: late is a power of two, 1 unless p is below 2^-960, and multiplies last, so that a
 * result is lost only when it is itself too small. From 2^-1960 on late is 0.
 *
 * Limits. A deviation that is `spent` (T = 0 or vol = 0; below 2^-1000 reciprocals would overflow) gets |d| = 1024 on
 * its side of the strike, reciprocals of 0 and late = 0: every formula then gives its limit as it stands. On the strike
 * the row's code says so and black.c knows the limits.
 */
#ifndef GEX_MATH_KERNEL_RARE_BODY_H
#define GEX_MATH_KERNEL_RARE_BODY_H

#include "kernel.h"
#include "mills_difference.h"

#include <stddef.h>

enum { RARE_ROWS = 16 }; /* worked on at a time; a multiple of every lane count and of GEX_LINE_GROUP */

struct block {
    int rows; /* with padding */
    double spot[RARE_ROWS], strike[RARE_ROWS], years[RARE_ROWS], vol[RARE_ROWS];
    double rate[RARE_ROWS], carry[RARE_ROWS], right[RARE_ROWS];

    double v[RARE_ROWS], v_lo[RARE_ROWS];    /* deviation */
    double root[RARE_ROWS];                        /* sqrt(T) */
    double per_v[RARE_ROWS], per_vol[RARE_ROWS], per_root[RARE_ROWS]; /* reciprocals, 0 when spent */
    double carried[RARE_ROWS], carried_lo[RARE_ROWS]; /* q T */
    double accrued[RARE_ROWS], accrued_lo[RARE_ROWS]; /* r T */
    double moneyness[RARE_ROWS], moneyness_lo[RARE_ROWS]; /* A */

    double a[RARE_ROWS], a_lo[RARE_ROWS];
    double d1[RARE_ROWS], d1_lo[RARE_ROWS], d2[RARE_ROWS], d2_lo[RARE_ROWS];
    double gauss[RARE_ROWS], gauss_lo[RARE_ROWS], late[RARE_ROWS];
    double Q[RARE_ROWS], Q_lo[RARE_ROWS], D[RARE_ROWS], D_lo[RARE_ROWS];
    double inside1[RARE_ROWS]; /* Q N(f d1) */
    double inside2[RARE_ROWS]; /* K D N(f d2) */
};

#define AT(field) v_load(&b->field[i])
#define PUT(field, value) v_store(&b->field[i], value)
#define EACH_LANE_GROUP(i) for (int i = 0; i < b->rows; i += GEX_LANES)

static const double FAR = 1024.0; /* |d| from where every tail is 0 */

/* ---- in ---------------------------------------------------------------------------------------------------------- */

/* Rows of a list, or first, first + 1 and so on; padded with ones, so that no pass has a tail. */
static void take_column(double *to, const double *from, bool one, int64_t first, const int64_t *list, int rows,
                        int padded)
{
    for (int i = 0; i < padded; i++)
        to[i] = i < rows ? from[one ? 0 : list != NULL ? list[i] : first + i] : 1.0;
}

static void take_rows(struct block *b, const struct gex__black_in *in, int64_t first, const int64_t *list, int rows)
{
    const int group = list != NULL ? (int)GEX_LANES : (int)GEX_LINE_GROUP;

    b->rows = (rows + group - 1) / group * group;
    take_column(b->spot, in->spot, in->one_spot, first, list, rows, b->rows);
    take_column(b->strike, in->strike, false, first, list, rows, b->rows);
    take_column(b->years, in->years, in->one_years, first, list, rows, b->rows);
    take_column(b->vol, in->vol, false, first, list, rows, b->rows);
    take_column(b->rate, in->rate, in->one_rate, first, list, rows, b->rows);
    take_column(b->carry, in->carry, in->one_carry, first, list, rows, b->rows);
    for (int i = 0; i < b->rows; i++)
        b->right[i] = i < rows ? in->right[list != NULL ? list[i] : first + i] : 1.0;
}

LANE i64v positive_finite(f64v x)
{
    return v_less(v_set(0.0), x) & v_less(x, v_set(__builtin_inf()));
}

LANE i64v not_negative_finite(f64v x)
{
    return ~v_less(x, v_set(0.0)) & v_less(x, v_set(__builtin_inf()));
}

LANE i64v within(f64v x, double bound)
{
    return ~v_less(v_set(bound), v_abs(x)) & v_equal(x, x);
}

/* Codes of the rows. A discount factor beyond e^700 either way leaves the range of a double. */
static void judge(const struct block *b, int rows, uint8_t *code)
{
    int64_t bad[RARE_ROWS], at_strike[RARE_ROWS];

    EACH_LANE_GROUP(i) {
        const i64v good = positive_finite(AT(spot)) & positive_finite(AT(strike)) & not_negative_finite(AT(years)) &
                          not_negative_finite(AT(vol)) & within(AT(rate), 10.0) & within(AT(carry), 10.0) &
                          v_equal(v_abs(AT(right)), v_set(1.0)) & within(AT(carried), 700.0) &
                          within(AT(accrued), 700.0);
        const i64v on_strike = v_equal(AT(moneyness), v_set(0.0)) & v_equal(AT(per_v), v_set(0.0));
        const i64v wrong = ~good;

        memcpy(&bad[i], &wrong, sizeof wrong);
        memcpy(&at_strike[i], &on_strike, sizeof on_strike);
    }
    for (int i = 0; i < rows; i++)
        code[i] = (uint8_t)(bad[i] != 0         ? GEX_CALC_DOMAIN
                            : at_strike[i] != 0 ? GEX_CALC_AT_STRIKE_AT_EXPIRY
                                                : GEX_CALC_OK);
}

/* ---- up to the Gaussian ------------------------------------------------------------------------------------------ */

/* sqrt(T) and v as pairs: the remainder of the root is (T - s^2) / 2s. A spent deviation is divided by as 1. */
static void find_deviation(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const f64v years = AT(years), vol = AT(vol), root = v_sqrt(years);
        const struct pair square = two_product(root, root), v = two_product(vol, root);
        const i64v live = ~(v_less(v.hi, v_set(0x1p-1000)) | v_less(vol, v_set(0x1p-1000)));
        const i64v sound = v_less(v_set(0x1p-900), v_min(years, v.hi)) & v_less(v_max(years, v.hi), v_set(0x1p900));
        const f64v deviation = v_select(live, v_min(v.hi, v_set(0x1p1000)), v_set(1.0));
        const f64v root_lo = ((years - square.hi) - square.lo) * 0.5 / root;

        PUT(root, root);
        PUT(v, deviation);
        PUT(v_lo, v_keep(sound, v.lo + vol * root_lo));
        PUT(per_v, v_keep(live, 1.0 / deviation));
        PUT(per_vol, v_keep(live, 1.0 / vol));
        PUT(per_root, v_keep(live, 1.0 / root));
    }
}

static void find_moneyness(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const struct pair carried = two_product(AT(carry), AT(years)), accrued = two_product(AT(rate), AT(years));
        const struct pair ratio = log_ratio(AT(spot), AT(strike));
        const struct pair moneyness = pair_add(ratio, pair_add(accrued, pair_negate(carried)));

        PUT(carried, carried.hi);
        PUT(carried_lo, carried.lo);
        PUT(accrued, accrued.hi);
        PUT(accrued_lo, accrued.lo);
        PUT(moneyness, moneyness.hi);
        PUT(moneyness_lo, moneyness.lo);
    }
}

static void find_d(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const f64v v = AT(v), per_v = AT(per_v), m = AT(moneyness), far = v_flip(v_set(FAR), m);
        const f64v quotient = v_select(v_equal(per_v, v_set(0.0)), far, m * per_v);
        const i64v inner = v_less(v_abs(quotient), v_set(FAR)), narrow = v_less(v, v_set(2 * FAR));
        const struct pair back = two_product(quotient, v);
        const f64v remainder = ((m - back.hi) - back.lo) + (AT(moneyness_lo) - quotient * AT(v_lo));
        const f64v ratio = v_select(inner, quotient, far), ratio_lo = v_keep(inner & narrow, remainder * per_v);
        const f64v whole = ratio + ratio_lo;
        const f64v half = v_min(0.5 * v, v_set(FAR)), half_lo = v_keep(narrow, 0.5 * AT(v_lo));
        struct pair d1 = two_sum(ratio, half), d2 = two_sum(ratio, -half);

        d1 = quick_sum(d1.hi, d1.lo + (ratio_lo + half_lo));
        d2 = quick_sum(d2.hi, d2.lo + (ratio_lo - half_lo));
        PUT(a, v_abs(whole));
        PUT(a_lo, v_flip(ratio_lo - (whole - ratio), whole));
        PUT(d1, d1.hi);
        PUT(d1_lo, d1.lo);
        PUT(d2, d2.hi);
        PUT(d2_lo, d2.lo);
    }
}

/* exp(-(d^2 / 2 + x)) / sqrt(2 pi) = value * late, late = 0 where it is below 2^-1960 or the deviation is spent. */
struct gaussian {
    f64v value, value_lo, late;
};

LANE struct gaussian gaussian_of(f64v d, f64v d_lo, f64v x, f64v x_lo, i64v live)
{
    const struct pair log_root_2pi = {v_set(0x1.d67f1c864beb5p-1), v_set(-0x1.65b5a1b7ff5dfp-55)};
    const struct pair square = two_product(d, d), half = quick_sum(0.5 * square.hi, 0.5 * square.lo + d * d_lo);
    const struct pair exponent = pair_add(pair_add(half, (struct pair){x, x_lo}), log_root_2pi);
    const struct scaled p = exp_scaled((struct pair){v_max(-exponent.hi, v_set(-1400.0)), -exponent.lo});
    const f64v early = v_max(p.power, v_set(-960.0)), rest = p.power - early;

    live &= ~v_less(rest, v_set(-1000.0));
    return (struct gaussian){v_keep(live, p.hi * v_pow2(early)), v_keep(live, p.lo * v_pow2(early)),
                             v_keep(live, v_pow2(rest))};
}

static void find_exact_gauss(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const i64v live = ~v_equal(AT(per_v), v_set(0.0));
        const struct gaussian p = gaussian_of(AT(d1), AT(d1_lo), AT(carried), AT(carried_lo), live);

        PUT(gauss, p.value);
        PUT(gauss_lo, p.value_lo);
        PUT(late, p.late);
        PUT(per_vol, v_keep(~v_equal(p.late, v_set(0.0)), AT(per_vol))); /* 0 times something finite */
        PUT(per_root, v_keep(~v_equal(p.late, v_set(0.0)), AT(per_root)));
    }
}

/* ---- what is not Gaussian ---------------------------------------------------------------------------------------- */

LANE struct pair factor(f64v exponent, f64v exponent_lo)
{
    const struct scaled e = exp_scaled((struct pair){-exponent, -exponent_lo});
    const f64v scale = v_pow2(e.power);

    return (struct pair){e.hi * scale, e.lo * scale};
}

static void find_exact_factors(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const struct pair Q = factor(AT(carried), AT(carried_lo)), D = factor(AT(accrued), AT(accrued_lo));

        PUT(Q, Q.hi);
        PUT(Q_lo, Q.lo);
        PUT(D, D.hi);
        PUT(D_lo, D.lo);
    }
}

static void find_inside(struct block *b)
{
    EACH_LANE_GROUP(i) {
        const f64v d1 = AT(d1), d2 = AT(d2), right = AT(right), p = AT(gauss), late = AT(late);
        const f64v tail1 = p * mills_ratio(v_min(v_abs(d1), v_set(MILLS_END))) * late;
        const f64v tail2 = AT(spot) * p * mills_ratio(v_min(v_abs(d2), v_set(MILLS_END))) * late;

        PUT(inside1, v_select(v_less(d1 * right, v_set(0.0)), tail1, AT(Q) - tail1));
        PUT(inside2, v_select(v_less(d2 * right, v_set(0.0)), tail2, AT(strike) * AT(D) - tail2));
    }
}

/* amount * factor as a pair, from the factor as a pair. */
LANE struct pair value_now(f64v amount, f64v factor_hi, f64v factor_lo)
{
    const struct pair product = two_product(amount, factor_hi);
    const i64v sound = v_less(v_set(0x1p-900), product.hi) & v_less(product.hi, v_set(0x1p900));

    return (struct pair){product.hi, v_keep(sound, product.lo + amount * factor_lo)};
}

/*
 * Time value plus intrinsic value. Where a - h < -1 the option is close to the money and its deviation large: what it
 * is worth out of the money is then all of S Q (or K D) but two tails, and nothing cancels.
 *
 * With a discount factor far above 1 an option in the money is worth many times its spot, and that to 2 ulp. So n = S p
 * and its products keep what their roundings lose, and the difference D of Mills ratios gets what a and h lack: D is
 * proportional to h where h is small, and elsewhere its derivatives are sums of 1 - z R(z).
 */
LANE f64v amiss(f64v difference, f64v a, f64v a_lo, f64v h, f64v h_lo, f64v per_v)
{
    const f64v near = v_max(a - h, v_set(-1.0)), far = v_min(a + h, v_set(MILLS_END));
    const f64v bend1 = 1.0 - near * mills_ratio(near), bend2 = 1.0 - far * mills_ratio(far);

    return v_select(v_less(h, v_set(MILLS_SERIES_BELOW)), difference * (2.0 * h_lo * per_v),
                    bend1 * (h_lo - a_lo) + bend2 * (h_lo + a_lo));
}

static void price(const struct block *b, double *out)
{
    EACH_LANE_GROUP(i) {
        const f64v a = v_min(AT(a), v_set(MILLS_END)), h = 0.5 * AT(v), h_lo = 0.5 * AT(v_lo), m = AT(moneyness);
        const f64v n = AT(spot) * AT(gauss), late = AT(late), difference = mills_difference(a, h),
                   product = n * difference;
        const i64v broad = v_less(a - h, v_set(-1.0)), within_strike = v_less(v_set(0.0), m * AT(right));
        const i64v sound = v_less(v_set(0x1p-700), AT(gauss)) & v_less(v_set(0x1p-900), n) & v_less(n, v_set(0x1p900));
        const i64v exact = sound & v_less(v_set(0x1p-900), product) & v_less(product, v_set(0x1p900));
        const f64v n_lo = v_keep(sound, v_rest(AT(spot), AT(gauss), n) + AT(spot) * AT(gauss_lo));
        const f64v lack = v_keep(exact, v_rest(n, difference, product) + difference * n_lo +
                                            n * amiss(difference, a, AT(a_lo), h, h_lo, AT(per_v)));
        const struct pair s = value_now(AT(spot), AT(Q), AT(Q_lo)), k = value_now(AT(strike), AT(D), AT(D_lo));
        f64v value = product * late, value_lo = lack * late;

        if (v_any(broad)) {
            const f64v r1 = mills_ratio(v_min(v_max(h - a, v_set(0.0)), v_set(MILLS_END)));
            const f64v r2 = mills_ratio(v_min(a + h, v_set(MILLS_END)));
            const i64v above = v_less(v_set(0.0), m);

            value = v_select(broad, v_select(above, k.hi, s.hi), value);
            value_lo = v_select(broad, v_select(above, k.lo, s.lo) - n * (r1 + r2) * late, value_lo);
        }
        if (v_any(within_strike)) {
            const struct pair gain = two_sum(s.hi, -k.hi);
            const f64v rest = v_keep(v_less(v_abs(gain.hi), v_set(0x1p900)), gain.lo + (s.lo - k.lo));
            const struct pair sum = two_sum(v_flip(gain.hi, AT(right)), value);
            const f64v sum_lo = v_keep(v_less(v_abs(sum.hi), v_set(0x1p900)), sum.lo + v_flip(rest, AT(right)));

            value_lo = v_select(within_strike, sum_lo + value_lo, value_lo);
            value = v_select(within_strike, sum.hi, value);
        }
        v_store(&out[i], value + value_lo);
    }
}

/* ---- greeks ------------------------------------------------------------------------------------------------------ */

#define GREEK(name, formula)                                                           \
    static void name(const struct block *b, double *out)                               \
    {                                                                                  \
        EACH_LANE_GROUP(i)                                                             \
        {                                                                              \
            v_store(&out[i], formula);                                                 \
        }                                                                              \
    }

#define S AT(spot)
#define K AT(strike)
#define T AT(years)
#define P AT(gauss)
#define LATER AT(late)
#define GAMMA (P / S / AT(v))
#define SIDE(x) v_flip(x, AT(right))
#define E1 (AT(d1) * AT(per_vol))
#define E2 (AT(d2) * AT(per_vol))
#define D12 (AT(d1) * AT(d2))

GREEK(delta, SIDE(AT(inside1)))
GREEK(gamma_, GAMMA * LATER)
GREEK(vega, S * P * AT(root) * LATER)
GREEK(theta, SIDE(AT(carry) * (S * AT(inside1)) - AT(rate) * AT(inside2)) -
                 S * P * (0.5 * AT(vol) * AT(per_root)) * LATER)
GREEK(rho, SIDE(T * AT(inside2)))
GREEK(epsilon, -SIDE(T * (S * AT(inside1))))
GREEK(vanna, -(P * E2) * LATER)
GREEK(charm, SIDE(AT(carry) * AT(inside1)) -
                 P * AT(per_root) * ((AT(rate) - AT(carry)) * AT(per_vol) - 0.5 * AT(d2) * AT(per_root)) * LATER)
GREEK(vomma, S * P * AT(root) * (AT(d1) * E2) * LATER)
GREEK(veta, S * P * ((AT(root) * AT(carry) + (AT(rate) - AT(carry)) * E1) - 0.5 * AT(per_root) * (1.0 + D12)) * LATER)
GREEK(speed, -(GAMMA / S) * (AT(d1) * AT(per_v) + 1.0) * LATER)
GREEK(zomma, GAMMA * ((D12 - 1.0) * AT(per_vol)) * LATER)
GREEK(color, (GAMMA * AT(carry) +
              GAMMA * AT(per_root) * ((AT(rate) - AT(carry)) * E1 + 0.5 * AT(per_root) * (1.0 - D12))) * LATER)
GREEK(ultima, -(S * P * AT(root)) * (E1 * E2 * (1.0 - D12) + (E1 * E1 + E2 * E2)) * LATER)
GREEK(dual_delta, -SIDE(AT(inside2)) / K)
GREEK(dvanna_dvol, -(P * AT(per_vol)) * (E1 * (AT(d2) * AT(d2) - 1.0) - E2) * LATER)
GREEK(dual_vanna, S * P / K * E1 * LATER)

#undef S
#undef K
#undef T
#undef P
#undef LATER
#undef GAMMA
#undef SIDE
#undef E1
#undef E2
#undef D12

/* D n(d2) / (K v). By way of S p it would take two roundings more than its bound has. */
static void dual_gamma(const struct block *b, double *out)
{
    EACH_LANE_GROUP(i) {
        const i64v live = ~v_equal(AT(per_v), v_set(0.0));
        const struct gaussian p = gaussian_of(AT(d2), AT(d2_lo), AT(accrued), AT(accrued_lo), live);

        v_store(&out[i], p.value / AT(strike) / AT(v) * p.late);
    }
}

static void (*const greeks[GEX_GREEK_LAST_ + 1])(const struct block *b, double *out) = {
    [GEX_GREEK_PRICE] = price,           [GEX_GREEK_DELTA] = delta,
    [GEX_GREEK_GAMMA] = gamma_,          [GEX_GREEK_VEGA] = vega,
    [GEX_GREEK_THETA] = theta,           [GEX_GREEK_RHO] = rho,
    [GEX_GREEK_EPSILON] = epsilon,       [GEX_GREEK_VANNA] = vanna,
    [GEX_GREEK_CHARM] = charm,           [GEX_GREEK_VOMMA] = vomma,
    [GEX_GREEK_VETA] = veta,             [GEX_GREEK_SPEED] = speed,
    [GEX_GREEK_ZOMMA] = zomma,           [GEX_GREEK_COLOR] = color,
    [GEX_GREEK_ULTIMA] = ultima,         [GEX_GREEK_DUAL_DELTA] = dual_delta,
    [GEX_GREEK_DUAL_GAMMA] = dual_gamma, [GEX_GREEK_DVANNA_DVOL] = dvanna_dvol,
    [GEX_GREEK_DUAL_VANNA] = dual_vanna,
};

/* At most RARE_ROWS rows, wherever they stand. */
static void rare_rows(const struct gex__black_in *in, const int64_t *list, int rows,
                      double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status)
{
    struct block b;
    double value[RARE_ROWS];
    uint8_t code[RARE_ROWS];

    take_rows(&b, in, 0, list, rows);
    find_deviation(&b);
    find_moneyness(&b);
    find_d(&b);
    find_exact_gauss(&b);
    find_exact_factors(&b);
    find_inside(&b);
    judge(&b, rows, code);
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
        if (outputs[greek] == NULL)
            continue;
        greeks[greek](&b, value);
        for (int i = 0; i < rows; i++)
            outputs[greek][list[i]] = value[i];
    }
    for (int i = 0; i < rows; i++) {
        if (code[i] != GEX_CALC_OK)
            gex__black_amend(in, list[i], outputs, code[i]);
        if (status != NULL)
            status[list[i]] = code[i];
    }
}

#endif
