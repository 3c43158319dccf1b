/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Greeks of plain rows from what the passes before have found, by the formulas of black_body.h.
 *
 * Columns often begin at the same place of a page and then share the few lines that a first-level cache has for that
 * place. So a pass reads and writes no more than about eight of the caller's columns.
 *
 * Twins are two rows of one strike and one volatility, as a put and a call often are. All but what is on one side of the
 * strike is found once for both; here it is written to both.
 */
#ifndef GEX_MATH_KERNEL_PLAIN_GREEKS_H
#define GEX_MATH_KERNEL_PLAIN_GREEKS_H

#include "plain.h"

#define WANT(greek) (1u << (greek))

enum {
    WANT_FLOWS = WANT(GEX_GREEK_THETA) | WANT(GEX_GREEK_CHARM),
    WANT_SIDES = WANT_FLOWS | WANT(GEX_GREEK_PRICE) | WANT(GEX_GREEK_DELTA) | WANT(GEX_GREEK_RHO) |
                 WANT(GEX_GREEK_EPSILON) | WANT(GEX_GREEK_DUAL_DELTA),
    WANT_BELL = WANT(GEX_GREEK_GAMMA) | WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VOMMA) |
                WANT(GEX_GREEK_DUAL_GAMMA) | WANT(GEX_GREEK_DUAL_VANNA),
    WANT_BENT = WANT(GEX_GREEK_SPEED) | WANT(GEX_GREEK_ZOMMA) | WANT(GEX_GREEK_COLOR) | WANT(GEX_GREEK_VETA) |
                WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL)
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
#define GAUSS (late ? v_abs(OF(gauss)) : OF(gauss))
/* Of a p that is smaller than the smallest double until it is multiplied. */
#define LATE(x) (late ? (x) * m_select(m_negative(v_bits(OF(gauss))), v_set(0x1p-960), v_set(1.0)) : (x))

/* What is on one side of the strike: Q N(f d1) and K D N(f d2). */
LANE void write_sides(const struct plain_in in, struct plain *b, const struct wanted *w, bool late, bool twins)
{
    const bool flows = (w->greeks & WANT_FLOWS) != 0;
    double *const price = place_of(w, GEX_GREEK_PRICE);
    double *const delta = place_of(w, GEX_GREEK_DELTA);
    double *const rho = place_of(w, GEX_GREEK_RHO);
    double *const epsilon = place_of(w, GEX_GREEK_EPSILON);
    double *const dual_delta = place_of(w, GEX_GREEK_DUAL_DELTA);

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), K = IN(strike), T = IN_OR_ONE(years), p = GAUSS, n = S * p;
        const f64v tail1 = OF(tail1), tail2 = OF(tail2);
        const f64v t1 = LATE(p * v_abs(tail1)), t2 = LATE(n * v_abs(tail2)), rest1 = OF(Q) - t1, rest2 = OF(KD) - t2;
        f64v inside1[2], inside2[2];
        i64v put[2];

        for (int k = 0; k < SIDES; k++) {
            put[k] = v_sign_of(in.right + i + k * PLAIN_TWINS);
            inside1[k] = m_select(m_negative(v_bits(tail1) ^ put[k]), t1, rest1);
            inside2[k] = m_select(m_negative(v_bits(tail2) ^ put[k]), t2, rest2);
        }
        if (price != NULL) {
            const f64v out = LATE(n * OF(time_value)), gain = OF(gain), ratio = OF(ratio);

            GIVE_SIDES(price, m_select(m_less(v_set(0.0), SIDE(ratio)), SIDE(gain) + out, out));
        }
        GIVE_SIDES(delta, SIDE(inside1[k]));
        GIVE_SIDES(rho, SIDE(T * inside2[k]));
        GIVE_SIDES(epsilon, -SIDE(T * (S * inside1[k])));
        GIVE_SIDES(dual_delta, -SIDE(inside2[k]) / K);
        for (int k = 0; flows && k < SIDES; k++) {
            v_store(&b->inside1[i + k * PLAIN_TWINS], inside1[k]);
            v_store(&b->inside2[i + k * PLAIN_TWINS], inside2[k]);
        }
    }
}

/* What time takes away: theta and charm, from the sides. */
LANE void write_flows(const struct plain_in in, const struct plain *b, const struct wanted *w, bool late, bool twins)
{
    double *const theta = place_of(w, GEX_GREEK_THETA);
    double *const charm = place_of(w, GEX_GREEK_CHARM);

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), vol = IN(vol), r = IN_OR_ONE(rate), q = IN_OR_ONE(carry), p = GAUSS, per_v = OF(per_v);
        const f64v per_vol = OF(root) * per_v, per_root = vol * per_v, half_per_root = 0.5 * per_root;
        const f64v d2 = OF(ratio) - OF(half), slope = v_fma(-d2, half_per_root, (r - q) * per_vol);
        const f64v decay = LATE(S * p * (vol * half_per_root)), drift = LATE(p * per_root * slope);
        f64v inside1[2], inside2[2];
        i64v put[2];

        for (int k = 0; k < SIDES; k++) {
            put[k] = v_sign_of(in.right + i + k * PLAIN_TWINS);
            inside1[k] = v_load(&b->inside1[i + k * PLAIN_TWINS]);
            inside2[k] = v_load(&b->inside2[i + k * PLAIN_TWINS]);
        }
        GIVE_SIDES(theta, SIDE(v_fma(q, S * inside1[k], -(r * inside2[k]))) - decay);
        GIVE_SIDES(charm, SIDE(q * inside1[k]) - drift);
    }
}

/* Multiples of the Gaussian. */
LANE void write_bell(const struct plain_in in, const struct plain *b, const struct wanted *w, bool late, bool twins)
{
    double *const gamma_ = place_of(w, GEX_GREEK_GAMMA);
    double *const vega = place_of(w, GEX_GREEK_VEGA);
    double *const vanna = place_of(w, GEX_GREEK_VANNA);
    double *const vomma = place_of(w, GEX_GREEK_VOMMA);
    double *const dual_gamma = place_of(w, GEX_GREEK_DUAL_GAMMA);
    double *const dual_vanna = place_of(w, GEX_GREEK_DUAL_VANNA);

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), p = GAUSS, n = S * p, per_v = OF(per_v), root = OF(root);
        const f64v ratio = OF(ratio), half = OF(half), d1 = ratio + half, d2 = ratio - half, per_vol = root * per_v;

        GIVE(gamma_, LATE(p * OF(per_S) * per_v));
        GIVE(vega, LATE(n * root));
        GIVE(vanna, LATE(-(p * (d2 * per_vol))));
        GIVE(vomma, LATE(n * (IN_OR_ONE(years) * per_v) * (d1 * d2)));
        GIVE(dual_gamma, LATE(n * per_v / (IN(strike) * IN(strike))));
        GIVE(dual_vanna, LATE(n / IN(strike) * (d1 * per_vol)));
    }
}

/* Third derivatives. */
LANE void write_bent(const struct plain_in in, const struct plain *b, const struct wanted *w, bool late, bool twins)
{
    double *const speed = place_of(w, GEX_GREEK_SPEED);
    double *const zomma = place_of(w, GEX_GREEK_ZOMMA);
    double *const color = place_of(w, GEX_GREEK_COLOR);
    double *const veta = place_of(w, GEX_GREEK_VETA);
    double *const ultima = place_of(w, GEX_GREEK_ULTIMA);
    double *const dvanna_dvol = place_of(w, GEX_GREEK_DVANNA_DVOL);

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), vol = IN(vol), r = IN_OR_ONE(rate), q = IN_OR_ONE(carry), p = GAUSS, n = S * p, per_v = OF(per_v);
        const f64v root = OF(root), ratio = OF(ratio), half = OF(half), d1 = ratio + half, d2 = ratio - half;
        const f64v per_S = OF(per_S), per_vol = root * per_v, per_root = vol * per_v, half_per_root = 0.5 * per_root;
        const f64v d12 = d1 * d2, drift = (r - q) * per_vol, gamma = p * per_S * per_v;

        GIVE(speed, LATE(gamma * per_S * v_fma(-d1, per_v, v_set(-1.0))));
        GIVE(zomma, LATE(gamma * v_fma(d12, per_vol, -per_vol)));
        GIVE(color, LATE(gamma * v_fma(per_root, v_fma(d1, drift, v_fma(-half_per_root, d12, half_per_root)), q)));
        GIVE(veta, LATE(n * v_fma(root, q, v_fma(d1, drift, -(half_per_root * (1.0 + d12))))));
        if (ultima != NULL || dvanna_dvol != NULL) {
            const f64v e1 = d1 / vol, e2 = d2 / vol;

            GIVE(ultima, LATE(-(n * root) * v_fma(e1 * e2, 1.0 - d12, v_fma(e1, e1, e2 * e2))));
            GIVE(dvanna_dvol, LATE(-(p / vol) * v_fma(e1, v_fma(d2, d2, v_set(-1.0)), -e2)));
        }
    }
}

LANE void write_greeks(const struct plain_in in, struct plain *b, const struct wanted *w, bool late, bool twins)
{
    if ((w->greeks & WANT_SIDES) != 0)
        write_sides(in, b, w, late, twins);
    if ((w->greeks & WANT_FLOWS) != 0)
        write_flows(in, b, w, late, twins);
    if ((w->greeks & WANT_BELL) != 0)
        write_bell(in, b, w, late, twins);
    if ((w->greeks & WANT_BENT) != 0)
        write_bent(in, b, w, late, twins);
}

#undef GIVE
#undef GIVE_SIDES
#undef SIDES
#undef SIDE
#undef GAUSS
#undef LATE

#endif
