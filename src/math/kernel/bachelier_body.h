/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bachelier price and greeks, GEX_LANES options at a time. Source: L. Bachelier (1900), Theorie de la speculation.
 *
 *     F = S g, g = exp((r - q) T)   D = exp(-r T)   v = vol sqrt(T)   m = F - K   d = m / v   f = +1 call, -1 put
 *     price = D (f m N(f d) + v n(d)) = D v n(d) (1 - a R(a)) out of the money, a = |d|, R the Mills ratio
 *
 * The greeks are those at fixed F, D f N(f d), D n(d) / v and so on, carried to fixed S by F = S g; b F, b = r - q, is
 * what a year takes from the forward. At fixed F, g is 1, b is 0, the carry is the rate, and rho and epsilon know
 * nothing of F.
 *
 * Prices may have either sign. A deviation that is `spent` (T = 0, vol = 0 or less than 2^-1000) gets |d| = 1024 on its
 * side of the strike and reciprocals of 0, which gives every limit; on the strike the limits are known row by row.
 */
#ifndef GEX_MATH_KERNEL_BACHELIER_BODY_H
#define GEX_MATH_KERNEL_BACHELIER_BODY_H

#include "elementary.h"
#include "implied_functions.h"
#include "kernel.h"

#include <stddef.h>

#define BACHELIER_LIMIT 0x1p900 /* of spot and strike, so that their difference is one */
#define BACHELIER_FAR 1024.0

struct normal_columns {
    double given[6][GEX_KERNEL_ROWS], right[GEX_KERNEL_ROWS]; /* spot, strike, years, vol, rate, carry */
};

struct normal_row {
    f64v S, K, T, vol, r, q, right;
    f64v root, v, per_v, per_vol, per_root; /* reciprocals 0 when spent */
    f64v F, g, b, D;
    struct pair m, d;
    f64v gauss, late; /* D n(d) = gauss late, late a power of two that multiplies last */
    f64v inside;      /* D N(f d) */
    f64v price;
    i64v good, on_strike;
};

LANE i64v within_limit(f64v x, double limit)
{
    return v_less(v_abs(x), v_set(limit));
}

/* exp(-x) for |x| <= 700. */
LANE struct pair decay(struct pair x)
{
    const struct scaled e = exp_scaled(pair_negate(x));
    const f64v scale = v_pow2(e.power);

    return (struct pair){e.hi * scale, e.lo * scale};
}

LANE void normal_deviation(struct normal_row *o)
{
    const struct pair v = two_product(o->vol, v_sqrt(o->T)), square = two_product(v_sqrt(o->T), v_sqrt(o->T));
    const i64v live = ~(v_less(v.hi, v_set(0x1p-1000)) | v_less(o->vol, v_set(0x1p-1000)));
    const i64v sound = v_less(v_set(0x1p-900), v_min(o->T, v.hi)) & v_less(v_max(o->T, v.hi), v_set(0x1p900));
    const f64v far = v_flip(v_set(BACHELIER_FAR), o->m.hi);
    f64v v_lo, quotient;
    i64v inner;
    struct pair back;

    o->root = v_sqrt(o->T);
    o->v = v_select(live, v.hi, v_set(1.0));
    v_lo = v_keep(live & sound, v.lo + o->vol * (((o->T - square.hi) - square.lo) * 0.5 / o->root));
    o->per_v = v_keep(live, 1.0 / o->v);
    o->per_vol = v_keep(live, 1.0 / o->vol);
    o->per_root = v_keep(live, 1.0 / o->root);
    o->on_strike = ~live & v_equal(o->m.hi, v_set(0.0));
    quotient = o->m.hi / o->v;
    inner = live & v_less(v_abs(quotient), v_set(BACHELIER_FAR));
    quotient = v_keep(inner, quotient);
    back = two_product(quotient, o->v);
    o->d.lo = v_keep(inner, (((o->m.hi - back.hi) - back.lo) + (o->m.lo - quotient * v_lo)) / o->v);
    o->d.hi = v_select(inner, quotient, far);
    o->d = quick_sum(o->d.hi, o->d.lo);
    o->v = v_keep(live, o->v);
}

/* D n(d), and with it both tails. */
LANE void normal_density(struct normal_row *o, struct pair accrued)
{
    const struct pair log_root_2pi = {v_set(0x1.d67f1c864beb5p-1), v_set(-0x1.65b5a1b7ff5dfp-55)};
    const struct pair square = two_product(o->d.hi, o->d.hi);
    const struct pair half = quick_sum(0.5 * square.hi, 0.5 * square.lo + o->d.hi * o->d.lo);
    const struct pair exponent = pair_add(pair_add(half, accrued), log_root_2pi);
    const struct scaled p = exp_scaled((struct pair){v_max(-exponent.hi, v_set(-1400.0)), -exponent.lo});
    const f64v early = v_min(v_max(p.power, v_set(-960.0)), v_set(1000.0)), rest = p.power - early;
    const i64v live = ~v_equal(o->per_v, v_set(0.0)) & ~v_less(rest, v_set(-1000.0));
    const f64v a = v_min(v_abs(o->d.hi), v_set(MILLS_END));
    const struct pair slope = mills_slope((struct pair){a, v_flip(o->d.lo, o->d.hi)});
    f64v tail, time_value;

    o->gauss = v_keep(live, p.hi * v_pow2(early));
    o->late = v_keep(live, v_pow2(v_max(rest, v_set(-1000.0))));
    tail = o->gauss * mills_ratio(a) * o->late;
    o->inside = v_select(v_less(o->d.hi * o->right, v_set(0.0)), tail, o->D - tail);
    time_value = o->v * o->gauss * (slope.hi + slope.lo) * o->late;
    o->price = time_value + v_keep(v_less(v_set(0.0), o->m.hi * o->right), o->D * v_abs(o->m.hi + o->m.lo));
}

LANE struct normal_row normal_row_of(const struct normal_columns *c, int i, bool forward)
{
    const f64v one = v_set(1.0), zero = v_set(0.0), infinity = v_set(__builtin_inf());
    struct normal_row o = {.S = v_load(&c->given[0][i]),
                           .K = v_load(&c->given[1][i]),
                           .T = v_load(&c->given[2][i]),
                           .vol = v_load(&c->given[3][i]),
                           .r = v_load(&c->given[4][i]),
                           .right = v_load(&c->right[i])};
    struct pair accrued, carried, factor, grown;

    o.q = forward ? o.r : v_load(&c->given[5][i]);
    o.good = within_limit(o.S, BACHELIER_LIMIT) & within_limit(o.K, BACHELIER_LIMIT) & ~v_less(o.T, zero) &
             v_less(o.T, infinity) & ~v_less(o.vol, zero) & within_limit(o.vol, BACHELIER_LIMIT) &
             ~v_less(v_set(10.0), v_abs(o.r)) & v_equal(o.r, o.r) & ~v_less(v_set(10.0), v_abs(o.q)) &
             v_equal(o.q, o.q) & v_equal(v_abs(o.right), one);
    accrued = two_product(o.r, o.T);
    carried = two_product(o.q, o.T);
    o.good &= ~v_less(v_set(700.0), v_abs(accrued.hi)) & ~v_less(v_set(700.0), v_abs(carried.hi));
    o.T = v_select(o.good, o.T, one);
    o.vol = v_select(o.good, o.vol, one);
    o.S = v_select(o.good, o.S, one);
    o.K = v_select(o.good, o.K, one);
    accrued = (struct pair){v_keep(o.good, accrued.hi), v_keep(o.good, accrued.lo)};
    carried = (struct pair){v_keep(o.good, carried.hi), v_keep(o.good, carried.lo)};
    factor = decay(accrued);
    o.D = factor.hi + factor.lo;
    if (forward) {
        o.g = one, o.b = zero, o.F = o.S;
        o.m = two_sum(o.S, -o.K);
    } else {
        factor = decay(pair_add(carried, pair_negate(accrued)));
        o.g = factor.hi + factor.lo;
        o.b = o.r - o.q;
        grown = two_product(o.S, factor.hi);
        grown = quick_sum(grown.hi, v_keep(within_limit(grown.hi, BACHELIER_LIMIT), grown.lo + o.S * factor.lo));
        o.good &= within_limit(grown.hi, BACHELIER_LIMIT);
        o.F = grown.hi;
        o.m = two_sum(grown.hi, -o.K);
        o.m = quick_sum(o.m.hi, o.m.lo + grown.lo);
    }
    normal_deviation(&o);
    normal_density(&o, accrued);
    return o;
}

/* No deviation left and F = K. As in Black's model a diverging greek whose sign depends on the side has no limit. */
static double normal_at_strike(int32_t greek, double F, double g, double b, double D, double T, double vol, double r,
                               double q, double f, bool forward)
{
    const double infinity = __builtin_inf(), delta = 0.5 * f * D, n = 0x1.9884533d43651p-2 * D, drift = b * F;
    double sign;

    switch (greek) {
    case GEX_GREEK_DELTA:
        return g * delta;
    case GEX_GREEK_GAMMA:
    case GEX_GREEK_DUAL_GAMMA:
        return infinity;
    case GEX_GREEK_VEGA:
        return n * __builtin_sqrt(T);
    case GEX_GREEK_THETA: /* -D vol n(0) / (2 sqrt(T)) - b F delta */
        return T == 0 && vol > 0 ? -infinity : -(drift * delta);
    case GEX_GREEK_RHO:
        return forward ? 0.0 : T * F * delta;
    case GEX_GREEK_EPSILON:
        return forward ? 0.0 : -(T * F * delta);
    case GEX_GREEK_CHARM: /* q delta - b F gamma */
        return drift > 0 ? -infinity : drift < 0 ? infinity : g * q * delta;
    case GEX_GREEK_VETA: /* vega (r - 1 / (2 T)) */
        return T == 0 ? -infinity : n * (r * __builtin_sqrt(T) - 0.5 / __builtin_sqrt(T));
    case GEX_GREEK_ZOMMA: /* -gamma / vol */
        return -infinity;
    case GEX_GREEK_COLOR: /* gamma (r - 2 b + 1 / (2 T)) */
        sign = T == 0 ? 1.0 : (r - 2 * b) * T + 0.5;
        return sign > 0 ? infinity : sign < 0 ? -infinity : __builtin_nan("");
    case GEX_GREEK_DUAL_DELTA:
        return -delta;
    case GEX_GREEK_SPEED:
        return __builtin_nan("");
    default: /* price, and what is odd in d or of its second power: vanna, vomma, ultima, dvanna_dvol, dual_vanna */
        return 0.0;
    }
}

static f64v normal_greek(const struct normal_row *o, int32_t greek, bool forward)
{
    const f64v d = o->d.hi, d2 = d * d, delta = v_flip(o->inside, o->right), p = o->gauss;
    const f64v half_per_T = 0.5 * o->per_root * o->per_root, drift = o->b * o->F, gamma = p * o->per_v;
    const f64v vanna = -(p * (d * o->per_vol)), vega = p * o->root;

    switch (greek) {
    case GEX_GREEK_PRICE:
        return o->price;
    case GEX_GREEK_DELTA:
        return o->g * delta;
    case GEX_GREEK_GAMMA:
        return o->g * o->g * gamma * o->late;
    case GEX_GREEK_VEGA:
        return vega * o->late;
    case GEX_GREEK_THETA:
        return (o->r * o->price - drift * delta) - p * (0.5 * o->vol * o->per_root) * o->late;
    case GEX_GREEK_RHO:
        return o->T * ((forward ? v_set(0.0) : o->F * delta) - o->price);
    case GEX_GREEK_EPSILON:
        return forward ? v_set(0.0) : -(o->T * (o->F * delta));
    case GEX_GREEK_VANNA:
        return o->g * vanna * o->late;
    case GEX_GREEK_CHARM:
        return o->g * (o->q * delta + (p * (d * half_per_T) - drift * gamma) * o->late);
    case GEX_GREEK_VOMMA:
        return vega * (d2 * o->per_vol) * o->late;
    case GEX_GREEK_VETA:
        return (p * (o->root * o->r - 0.5 * o->per_root * (1.0 + d2)) - drift * vanna) * o->late;
    case GEX_GREEK_SPEED:
        return -(o->g * o->g * o->g * (gamma * (d * o->per_v))) * o->late;
    case GEX_GREEK_ZOMMA:
        return o->g * o->g * (gamma * ((d2 - 1.0) * o->per_vol)) * o->late;
    case GEX_GREEK_COLOR:
        return o->g * o->g *
               (gamma * ((o->r - 2.0 * o->b) + (1.0 - d2) * half_per_T) + drift * (gamma * (d * o->per_v))) * o->late;
    case GEX_GREEK_ULTIMA:
        return vega * (d2 * (d2 - 3.0) * o->per_vol * o->per_vol) * o->late;
    case GEX_GREEK_DUAL_DELTA:
        return -delta;
    case GEX_GREEK_DUAL_GAMMA:
        return gamma * o->late;
    case GEX_GREEK_DVANNA_DVOL:
        return -(o->g * (p * (d * (d2 - 2.0) * o->per_vol * o->per_vol))) * o->late;
    default: /* dual vanna */
        return -vanna * o->late;
    }
}

/* At most GEX_KERNEL_ROWS rows from row `from` on; outputs and code begin at the first of them. */
static void bachelier_rows(const struct gex__black_in *in, bool forward, int64_t from, int64_t count,
                           double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *code)
{
    const double *const given[6] = {in->spot, in->strike, in->years, in->vol, in->rate, in->carry};
    const int rows = (int)count;
    struct normal_columns c;

    for (int field = 0; field < 6; field++)
        for (int i = 0; i < GEX_KERNEL_ROWS; i++)
            c.given[field][i] = i >= rows ? 1.0 : given[field][field == 0 && in->one_spot ? 0 : from + i];
    for (int i = 0; i < GEX_KERNEL_ROWS; i++)
        c.right[i] = i < rows ? in->right[from + i] : 1.0;
    for (int i = 0; i < rows; i += GEX_LANES) {
        const int lanes = rows - i < GEX_LANES ? rows - i : GEX_LANES;
        const struct normal_row o = normal_row_of(&c, i, forward);
        const unsigned good = lanes_of(o.good), on_strike = lanes_of(o.on_strike & o.good);
        double value[GEX_LANES], F[GEX_LANES], g[GEX_LANES], D[GEX_LANES];

        v_store(F, o.F);
        v_store(g, o.g);
        v_store(D, o.D);
        for (int lane = 0; lane < lanes; lane++)
            code[i + lane] = (uint8_t)((good >> lane & 1u) == 0        ? GEX_CALC_DOMAIN
                                       : (on_strike >> lane & 1u) != 0 ? GEX_CALC_AT_STRIKE_AT_EXPIRY
                                                                       : GEX_CALC_OK);
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            if (outputs[greek] == NULL)
                continue;
            v_store(value, normal_greek(&o, greek, forward));
            for (int lane = 0; lane < lanes; lane++) {
                const int at = i + lane;
                const double r = c.given[4][at], q = forward ? r : c.given[5][at];

                outputs[greek][at] = code[at] == GEX_CALC_OK ? value[lane]
                                     : code[at] == GEX_CALC_DOMAIN
                                         ? __builtin_nan("")
                                         : normal_at_strike(greek, F[lane], g[lane], r - q, D[lane], c.given[2][at],
                                                            c.given[3][at], r, q, c.right[at], forward);
            }
        }
    }
}

#endif
