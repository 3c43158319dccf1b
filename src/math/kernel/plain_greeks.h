/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Greeks of plain rows from what the passes before have found, by the formulas of black_body.h.
 *
 * Columns often begin at the same place of a page and then share the few lines that a first-level cache has for that
 * place. So a pass reads and writes no more than about eight of the caller's columns.
 *
 * Twins are two rows of one strike and one volatility, as a put and a call often are. All but what is on one side of
 * the strike is found once for both; here it is written to both.
 */
#ifndef GEX_MATH_KERNEL_PLAIN_GREEKS_H
#define GEX_MATH_KERNEL_PLAIN_GREEKS_H

#include "plain_tails.h"

#define WANT(greek) (1u << (greek))

enum {
    WANT_FLOWS = WANT(GEX_GREEK_THETA) | WANT(GEX_GREEK_CHARM),
    WANT_SIDES = WANT_FLOWS | WANT(GEX_GREEK_PRICE) | WANT(GEX_GREEK_DELTA) | WANT(GEX_GREEK_RHO) |
                 WANT(GEX_GREEK_EPSILON) | WANT(GEX_GREEK_DUAL_DELTA),
    WANT_BELL = WANT(GEX_GREEK_GAMMA) | WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VOMMA) |
                WANT(GEX_GREEK_SPEED) | WANT(GEX_GREEK_ZOMMA) | WANT(GEX_GREEK_DUAL_GAMMA) | WANT(GEX_GREEK_DUAL_VANNA),
    WANT_MOVES = WANT_FLOWS | WANT(GEX_GREEK_COLOR) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_ULTIMA) |
                 WANT(GEX_GREEK_DVANNA_DVOL)
};

struct wanted {
    unsigned greeks;
    double *const *outputs; /* by greek */
    int64_t from;           /* row of the outputs where the block begins */
};

/* Where a greek of the block goes; NULL when nobody wants it. */
LANE double *place_of(const struct wanted *w, int greek)
{
    return (w->greeks & WANT(greek)) != 0 ? w->outputs[greek] + w->from : NULL;
}

#define PLACE(name, greek) double *const name = place_of(w, GEX_GREEK_##greek)

enum { PLAIN_TWINS = PLAIN_ROWS / 2 }; /* of a block; a twin's sides are so far apart */

/* What one row of each pair is given, and what the other. */
LANE void give(double *to, int i, const f64v value[2], bool twins)
{
    if (twins)
        v_weave(to + 2 * i, value[0], value[1]);
    else
        v_store(to + i, value[0]);
}

#define GIVE(place, value)                               \
    do {                                                 \
        if ((place) != NULL) {                           \
            const f64v given = value;                    \
            give(place, i, (f64v[2]){given, given}, twins); \
        }                                                \
    } while (0)
#define GIVE_SIDES(place, value)                         \
    do {                                                 \
        if ((place) != NULL) {                           \
            f64v given[2];                               \
            for (int k = 0; k < SIDES; k++)              \
                given[k] = value;                        \
            give(place, i, given, twins);                \
        }                                                \
    } while (0)
#define SIDES (twins ? 2 : 1)
#define SIDE(x) v_from_bits(v_bits(x) ^ put[k])
#define GAUSS (careful ? v_abs(OF(gauss)) : OF(gauss))
/* Of a p that is smaller than the smallest double until it is multiplied. */
#define LATE(x) (careful ? (x) * m_select(m_negative(v_bits(OF(gauss))), v_set(0x1p-960), v_set(1.0)) : (x))

/* Multiples of the Gaussian. */
struct bell {
    double *gamma_, *vega, *vanna, *vomma, *speed, *zomma, *dual_gamma, *dual_vanna;
};

LANE struct bell bell_places(const struct wanted *w)
{
    return (struct bell){place_of(w, GEX_GREEK_GAMMA), place_of(w, GEX_GREEK_VEGA), place_of(w, GEX_GREEK_VANNA),
                         place_of(w, GEX_GREEK_VOMMA), place_of(w, GEX_GREEK_SPEED), place_of(w, GEX_GREEK_ZOMMA),
                         place_of(w, GEX_GREEK_DUAL_GAMMA), place_of(w, GEX_GREEK_DUAL_VANNA)};
}

LANE void write_bell(const struct plain_in in, const struct plain *b, const struct bell to, int i, f64v p, bool careful,
                     bool twins)
{
    const f64v n = IN_OR_ONE(spot) * p, per_v = OF(per_v), per_S = OF(per_S), root = OF(root), per_vol = root * per_v;
    const f64v ratio = OF(ratio), half = halved(OF(v)), d1 = ratio + half, d2 = ratio - half, d12 = d1 * d2;
    const f64v gamma = p * per_v * per_S;

    GIVE(to.gamma_, LATE(gamma));
    GIVE(to.vega, LATE(n * root));
    GIVE(to.vanna, LATE(-(p * (d2 * per_vol))));
    GIVE(to.vomma, LATE(n * (IN_OR_ONE(years) * per_v) * d12));
    GIVE(to.speed, LATE(gamma * per_S * v_fma(-d1, per_v, v_set(-1.0))));
    GIVE(to.zomma, LATE(gamma * v_fma(d12, per_vol, -per_vol)));
    GIVE(to.dual_gamma, LATE(n * per_v / (IN(strike) * IN(strike))));
    GIVE(to.dual_vanna, LATE(n / IN(strike) * (d1 * per_vol)));
}

/* p and its multiples, as if no p were late. @return whether some are. */
LANE bool find_gauss(const struct plain_in in, struct plain *b, const struct wanted *w, bool twins)
{
    const struct bell bell = bell_places(w);
    const bool wanted = (w->greeks & WANT_BELL) != 0;
    f64v largest = v_set(0.0);

    EACH_PLAIN(i) {
        const struct sum x = gauss_exponent(in, b, i);
        const f64v p = gauss_of(x, 0);

        largest = v_max(x.hi, largest); /* not that of a row with no number there */
        KEEP(gauss, p);
        if (wanted)
            write_bell(in, b, bell, i, p, false, twins);
    }
    return !m_all(m_less(largest, v_set(OCTAVES(960))));
}

/*
 * What is on one side of the strike: f Q N(f d1) and f K D N(f d2). An option is out of the money where the forward is
 * on the far side of its strike; there N(f d1) and N(f d2) are n R(a - h) and n R(a + h), in one order or the other,
 * and inside one minus that. The sign of the forward's moneyness goes with the ratios; where a < h by 1/8 and more, and
 * n R(a - h) is most of 1, the ratio is R(h - a) instead and the sign the other one.
 */
LANE void write_sides(const struct plain_in in, struct plain *b, const struct wanted *w, bool careful, bool twins)
{
    PLACE(price, PRICE);
    PLACE(delta, DELTA);
    PLACE(rho, RHO);
    PLACE(epsilon, EPSILON);
    PLACE(dual_delta, DUAL_DELTA);
    const bool flows = (w->greeks & WANT_FLOWS) != 0;

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), K = IN(strike), T = IN_OR_ONE(years), p = GAUSS, n = S * p, ratio = OF(ratio);
        const f64v time_value = OF(step) * OF(divided), far = OF(far_ratio), out = LATE(n * time_value);
        const i64v below = v_bits(ratio) & SIGN_BIT;
        const f64v past = (v_abs(ratio) - halved(OF(v))) + 0.125;
        f64v r1 = v_from_bits(v_bits(far + v_where_negative(ratio, time_value)) + below);
        f64v r2 = v_from_bits(v_bits(far + v_where_positive(ratio, time_value)) + below);

        if (v_any_negative(v_bits(past))) {
            const choice most = m_negative(v_bits(past)), call = m_negative(v_bits(ratio));
            const f64v other = v_flip(mills_inside(v_min(v_abs(v_abs(ratio) - halved(OF(v))), v_set(0.625))), -ratio);

            r1 = m_select(most & call, other, r1);
            r2 = m_select(m_and_not(most, call), other, r2);
        }
        const f64v t1 = LATE(p * r1), t2 = LATE(n * r2);
        const int one = in.one_expiry ? 0 : i;
        const struct factors f = careful ? (struct factors){OF(Q), OF(KD), OF(gain)} :
                                           brief_factors(S, K, v_load(&b->less_q[one]), v_load(&b->less_d[one]));
        f64v side1[2], side2[2];
        i64v put[2];

        for (int k = 0; k < SIDES; k++) {
            put[k] = v_sign_of(in.right + i + k * PLAIN_TWINS);
            side1[k] = v_where_positive(SIDE(t1), SIDE(f.Q)) - t1;
            side2[k] = v_where_positive(SIDE(t2), SIDE(f.KD)) - t2;
        }
        GIVE_SIDES(price, v_where_negative(0.0 - SIDE(ratio), SIDE(f.gain)) + out);
        GIVE_SIDES(delta, side1[k]);
        GIVE_SIDES(rho, T * side2[k]);
        GIVE_SIDES(epsilon, -(T * (S * side1[k])));
        GIVE_SIDES(dual_delta, -side2[k] / K);
        for (int k = 0; flows && k < SIDES; k++) {
            v_store(&b->side1[i + k * PLAIN_TWINS], side1[k]);
            v_store(&b->side2[i + k * PLAIN_TWINS], side2[k]);
        }
    }
}

/* What time takes away, and third derivatives. */
LANE void write_moves(const struct plain_in in, const struct plain *b, const struct wanted *w, bool careful, bool twins)
{
    PLACE(theta, THETA);
    PLACE(charm, CHARM);
    PLACE(color, COLOR);
    PLACE(veta, VETA);
    PLACE(ultima, ULTIMA);
    PLACE(dvanna_dvol, DVANNA_DVOL);
    const bool flows = (w->greeks & WANT_FLOWS) != 0;
    const bool bent = (w->greeks & (WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL))) != 0;

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), vol = IN(vol), r = IN_OR_ONE(rate), q = IN_OR_ONE(carry), p = GAUSS;
        const f64v root = OF(root), per_v = OF(per_v), per_root = vol * per_v, half_per_root = halved(per_root),
                   n = S * p;
        const f64v ratio = OF(ratio), half = halved(OF(v)), d1 = ratio + half, d2 = ratio - half;
        const f64v slope = v_fma(-d2, half_per_root, (r - q) * (root * per_v)); /* d(d1) / dT, times the root */

        if (flows) {
            const f64v decay = LATE(n * (vol * half_per_root)), drift = LATE(p * per_root * slope);
            f64v carried[2], accrued[2];

            for (int k = 0; k < SIDES; k++) {
                carried[k] = q * v_load(&b->side1[i + k * PLAIN_TWINS]);
                accrued[k] = r * v_load(&b->side2[i + k * PLAIN_TWINS]);
            }
            GIVE_SIDES(theta, v_fma(S, carried[k], -accrued[k]) - decay);
            GIVE_SIDES(charm, carried[k] - drift);
        }
        GIVE(color, LATE(p * per_v * OF(per_S) * v_fma(per_root, v_fma(d1, slope, half_per_root), q)));
        GIVE(veta, LATE(n * v_fma(root, q, v_fma(d1, slope, -half_per_root))));
        if (bent) {
            const f64v e1 = d1 / vol, e2 = d2 / vol;

            GIVE(ultima, LATE(-(n * root) * v_fma(e1 * e2, v_fma(-d1, d2, v_set(1.0)), v_fma(e1, e1, e2 * e2))));
            GIVE(dvanna_dvol, LATE(-(p / vol) * v_fma(e1, v_fma(d2, d2, v_set(-1.0)), -e2)));
        }
    }
}

#undef PLACE
#undef GIVE
#undef GIVE_SIDES
#undef SIDES
#undef SIDE
#undef GAUSS
#undef LATE

#endif
