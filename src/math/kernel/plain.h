/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain rows: those whose numbers are of ordinary size, which is nearly all. Their formulas need no care about range,
 * so they are few operations; the others are found here by one test and done again by rare_body.h.
 *
 *     S, K in [2^-64, 2^64)   T in [2^-58, 2^6)   v = vol sqrt(T) in [1.25 2^-64, 1.25)   |r|, |q| < 2   q T >= -1/8
 *
 * Names as in black_body.h. The work is cut into passes over a block of rows in the first-level cache. A pass is short
 * and its rows are independent, so the processor has several of them in flight; one pass over everything would wait
 * for its own results. What a pass looks up stays in registers. Tests read signs and exponents as integers, which
 * leaves the multipliers alone; what hardly any row has is asked of a block as a whole.
 */
#ifndef GEX_MATH_KERNEL_PLAIN_H
#define GEX_MATH_KERNEL_PLAIN_H

#include "elementary.h"
#include "kernel.h"

enum { PLAIN_ROWS = 64 }; /* of a block: a bit each in a word */

/* Frames of kilobytes that must not add up in a caller's. */
#define OWN_FRAME __attribute__((noinline))

/* What a pass reads; given by value, so that the compiler knows no store changes it. */
struct plain_in {
    int rows; /* a multiple of GEX_LANES */
    int spot_step, years_step, rate_step, carry_step; /* 1, or 0 when a vector of one value stands for every row */
    bool one_expiry; /* years, rate and carry are the same in all of them */
    const double *spot, *strike, *years, *vol, *rate, *carry;
    const int8_t *right;
};

/* What passes leave to those after them. Of names in one place, those before have been read for the last time. */
struct plain {
    double root[PLAIN_ROWS], per_S[PLAIN_ROWS];           /* sqrt(T), 1 / S */
    double v[PLAIN_ROWS], per_v[PLAIN_ROWS];              /* v, rounded, and 1 / v */
    double ratio[PLAIN_ROWS];                             /* A / v; d1 is that plus v / 2, rounded, and d1_lo */
    double gauss[PLAIN_ROWS];                             /* p, or -p 2^960 where that is small */
    double step[PLAIN_ROWS];                              /* u1 - u2 */
    union {
        double half_x[PLAIN_ROWS];                        /* (m c - 1) / 2, below */
        double u1[PLAIN_ROWS];
        double divided[PLAIN_ROWS];                       /* (R(a - h) - R(a + h)) / (u1 - u2) */
        double side1[PLAIN_ROWS];                         /* f Q N(f d1) */
    };
    union {
        double A[PLAIN_ROWS];                             /* what is known of A, on the grid */
        double u2[PLAIN_ROWS];
        double far_ratio[PLAIN_ROWS];                     /* R(a + h) */
        double side2[PLAIN_ROWS];                         /* f K D N(f d2) */
    };
    union {
        double A_lo[PLAIN_ROWS];                          /* beside A */
        double less_d[PLAIN_ROWS];                        /* D - 1 where brief; one vector for one expiry */
        double gain[PLAIN_ROWS];                          /* S Q - K D */
    };
    union {
        double remainder[PLAIN_ROWS];                     /* S less K times the quotient */
        double less_q[PLAIN_ROWS];                        /* Q - 1, likewise */
    };
    union {
        double d1_lo[PLAIN_ROWS];
        double interval[PLAIN_ROWS];                      /* where in the table of R */
        double Q[PLAIN_ROWS];
    };
    union {
        double v_lo[PLAIN_ROWS];                          /* what v is short of */
        double KD[PLAIN_ROWS];                            /* K D, rounded once */
    };
};

#define IN(field) v_load(&in.field[i])
#define IN_OR_ONE(field) v_load(&in.field[i * in.field##_step])
#define OF(field) v_load(&b->field[i])
#define KEEP(field, value) v_store(&b->field[i], value)
#define EACH_PLAIN(i) for (int i = 0; i < in.rows; i += GEX_LANES)

/* As an unsigned number below 2^58 for x in [low, low 2^64), below 2^59 up to low 2^128, above it elsewhere. */
LANE i64v above(f64v x, double low)
{
    return (i64v)((u64v)v_bits(x) - (u64v)v_bits(v_set(low)));
}

/* x / 2 for a normal number that is no smallest; anything for others. */
LANE f64v halved(f64v x)
{
    return v_from_bits(v_bits(x) - (INT64_C(1) << 52));
}

/* ---- A, d1 ------------------------------------------------------------------------------------------------------- */

/*
 * A = log(S/K) + r T - q T is added up on a grid of 2^-40 by way of a large constant, so that what each addition leaves
 * out is found by a subtraction, whatever the sizes. The quotient's significand m, centred on 1, has
 * log(m) = -log(c) + log1p(x), x = m c - 1 exact, |x| < 2^-4.9, with -log(c) = 0 next to 1;
 * log1p(x) = x - x^2/2 + x^3 P. log(S/K) comes out within 2^-66.
 */
#define GRID 6144.0 /* 1.5 * 2^12 */
#define BRIEF 0.125 /* up to here |q T| and |r T| have discount factors of few operations */

struct sum {
    f64v hi, lo;
};

/* S / K as the table of logarithms reads it. */
struct quotient {
    f64v half_x, A, A_lo; /* (m c - 1) / 2, exact; what is known of log(S/K), on the grid, and beside it */
    f64v remainder;       /* S less K times the quotient */
};

LANE struct quotient quotient_of(f64v S, f64v K)
{
    const f64v quotient = S / K;
    const i64v rounded = v_bits(quotient) + (INT64_C(1) << 47); /* to the middle of a sixteenth of an octave */
    const i64v index = (i64v)((u64v)rounded >> 48);
    const f64v exponent = v_from_bits((i64v)((u64v)rounded >> 52) | v_bits(v_set(0x1p52))) - (0x1p52 + 1023.0);
    const f64v half_m = v_from_bits(v_bits(quotient) - (rounded & -(INT64_C(1) << 52)) + v_bits(v_set(0.5)));

    return (struct quotient){v_rest(half_m, v_pick(gex__quotient_table[0], index), v_set(0.5)),
                             v_fma(exponent, v_set(0x1.62e42fefa4p-1), v_pick(gex__quotient_table[1], index)),
                             v_fma(exponent, v_set(-0x1.8432a1b0e2634p-43), v_pick(gex__quotient_table[2], index)),
                             -v_rest(quotient, K, S)};
}

/* log of the quotient, on the grid and beside it, from the first three of its parts. */
LANE struct sum log_of(f64v bend, f64v A, f64v A_lo)
{
    const double *c = gex__quotient_poly;
    const f64v x = bend + bend, x3 = x * x * x;
    const f64v p = v_fma(x, v_fma(x, v_fma(x, v_fma(x, v_fma(x, v_fma(x, v_fma(x, v_fma(x, v_set(c[8]), v_set(c[7])),
                         v_set(c[6])), v_set(c[5])), v_set(c[4])), v_set(c[3])),
                         v_set(c[2])), v_set(c[1])), v_set(c[0]));
    const f64v bent = v_fma(-bend, x, x), bent_lo = v_rest(bend, x, x - bent); /* less */
    const f64v s1 = A + bent, e1 = bent - (s1 - A), s2 = v_fma(x3, p, s1), e2 = v_rest(x3, p, s2 - s1);

    return (struct sum){s2, (A_lo - bent_lo) + (e1 + e2)};
}

static void find_quotient(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const struct quotient q = quotient_of(IN_OR_ONE(spot), IN(strike));

        KEEP(half_x, q.half_x);
        KEEP(A, q.A);
        KEEP(A_lo, q.A_lo);
        KEEP(remainder, q.remainder);
    }
}

/* v and the logarithm: they have nothing in common but leave each other's part of the processor free. */
static void find_deviation_and_logarithm(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const f64v T = IN_OR_ONE(years), vol = IN(vol);
        const f64v root = in.years_step == 0 && i > 0 ? v_load(b->root) : v_sqrt(T);
        const f64v v = vol * root, per_v = 1.0 / v, per_root = vol * per_v;
        const f64v v_lo = v_fma(-(halved(vol) * per_root), v_rest(root, root, T), v_rest(vol, root, v));
        const f64v short_of = v_fma(per_v, v_lo, v_rest(per_v, v, v_set(1.0)));
        const struct sum log = log_of(OF(half_x), OF(A), OF(A_lo));

        KEEP(root, root);
        KEEP(v, v);
        KEEP(v_lo, v_lo);
        KEEP(per_v, v_fma(-per_v, short_of, per_v)); /* of both parts of v */
        KEEP(A, log.hi);
        KEEP(A_lo, log.lo);
    }
}

/* x coth(x / 2) + x for |x| <= BRIEF, s = x^2: exp(-x) - 1 is -2 x over that. */
LANE f64v brief_divisor(f64v x, f64v s)
{
    const double *c = gex__factor_poly;

    return v_fma(s, v_fma(s, v_fma(s, v_fma(s, v_set(c[3]), v_set(c[2])), v_set(c[1])), v_set(c[0])), v_set(2.0)) + x;
}

/* Q - 1 and D - 1; two quotients by one division. */
struct less {
    f64v less_q, less_d;
};

LANE struct less less_of(f64v qT, f64v rT)
{
    const f64v a = brief_divisor(qT, qT * qT), c = brief_divisor(rT, rT * rT), twice = -2.0 / (a * c);

    return (struct less){qT * (twice * c), rT * (twice * a)};
}

/* Rows of a block: those that are not plain, and whether some discount factor is too far from 1 to be brief. */
struct apart {
    uint64_t rare;
    bool any_long;
};

/*
 * d1, and the discount factors: they have nothing in common but leave each other's part of the processor free. What is
 * kept is kept last, since a store might change a column for all that the compiler knows.
 */
LANE struct apart find_d1_and_factors(const struct plain_in in, struct plain *b, bool factors, bool one_spot)
{
    struct apart apart = {0, false};
    f64v longest = v_set(0.0);

    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), K = IN(strike), T = IN_OR_ONE(years), r = IN_OR_ONE(rate), q = IN_OR_ONE(carry);
        const f64v qT = q * T, rT = r * T;
        const struct less less = less_of(qT, rT);

        const f64v v = OF(v), half = halved(v), v_lo = OF(v_lo), per_v = OF(per_v), s2 = OF(A);
        const f64v per_S = one_spot && i > 0 ? v_load(b->per_S) : 1.0 / S;
        const f64v s3 = v_fma(r, T, s2), e3 = v_rest(r, T, s3 - s2);
        const f64v s4 = v_fma(-q, T, s3), carried = s3 - s4, e4 = v_rest(q, T, carried);
        const f64v A = s4 - GRID, A_lo = v_fma(OF(remainder), per_S, OF(A_lo)) + (e3 - e4), hi = A + A_lo,
                   lo = A_lo - (hi - A);
        const f64v ratio = hi * per_v, left = v_fma(-ratio, v_lo, lo - v_rest(ratio, v, hi));
        const f64v d1 = ratio + half, part = d1 - ratio, error = (ratio - (d1 - part)) + (half - part);

        const i64v sizes = ((above(S, 0x1p-64) | above(K, 0x1p-64)) & -(INT64_C(1) << 59)) |
                           ((above(T, 0x1p-58) | above(v, 0x1.4p-64)) & -(INT64_C(1) << 58));
        const i64v rates = (v_bits(r) | v_bits(q)) & (INT64_C(1) << 62); /* from 2 on */
        const i64v lent = v_bits(carried + 0.125) & SIGN_BIT;

        apart.rare |= (uint64_t)(~m_lanes(m_zero(sizes | rates | lent)) & ((1u << GEX_LANES) - 1)) << i;
        if (factors) {
            longest = v_max(v_max(v_abs(qT), v_abs(rT)), longest); /* not that of a row with no number there */
            KEEP(less_q, less.less_q);
            KEEP(less_d, less.less_d);
        }
        KEEP(per_S, per_S);
        KEEP(ratio, ratio);
        KEEP(d1_lo, v_fma(left, per_v, v_fma(v_set(0.5), v_lo, error)));
    }
    apart.any_long = !m_all(m_not_above(longest, v_set(BRIEF)));
    return apart;
}

static struct apart find_d1(const struct plain_in in, struct plain *b, bool factors)
{
    struct apart apart;

    if (factors && !in.one_expiry)
        return find_d1_and_factors(in, b, true, false);
    apart = in.spot_step == 0 ? find_d1_and_factors(in, b, false, true) : find_d1_and_factors(in, b, false, false);
    if (factors) {
        const f64v T = v_load(in.years), qT = v_load(in.carry) * T, rT = v_load(in.rate) * T;
        const struct less less = less_of(qT, rT);

        v_store(b->less_q, less.less_q);
        v_store(b->less_d, less.less_d);
        apart.any_long = !m_all(m_not_above(v_max(v_abs(qT), v_abs(rT)), v_set(BRIEF)));
    }
    return apart;
}

/* ---- p ----------------------------------------------------------------------------------------------------------- */

/*
 * p = exp(-x / 2) / sqrt(2 pi), x = d1^2 + 2 q T; the sum on a grid of 2^-39 as above. With x = y - n log(2) / 8 and n
 * an integer that is 2^(n / 16) exp(-y / 2) / sqrt(2 pi), |y| <= log(2) / 16; the table has 2^((n mod
 * 16) / 16) / sqrt(2 pi) with the bits that n << 48 adds too much taken off, and what its rounding lost. Below 2^-960
 * it is kept times -2^960; from 2^-1920 on it is -0.
 */
#define GAUSS_GRID 12288.0 /* 1.5 * 2^13 */
#define OCTAVES(n) ((n) * 0x1.62e42fefa39efp0)

LANE f64v gauss_of(struct sum x, int octaves)
{
    const double *c = gex__gauss_poly;
    const f64v rounded = v_fma(x.hi, v_set(-0x1.71547652b82fep3), v_set(ROUNDER)), n = rounded - ROUNDER;
    const f64v y = v_fma(n, v_set(0x1.62e42fefap-4), x.hi) + v_fma(n, v_set(0x1.cf79abc9e3b3ap-43), x.lo);
    const u64v power = ((u64v)v_bits(rounded) << 48) + (UINT64_C(1) << 52) * (unsigned)octaves;
    const f64v table = v_from_bits((i64v)((u64v)v_bits(v_pick(gex__gauss_table[0], v_bits(rounded))) + power));
    const f64v c345 = v_fma(y, v_fma(y, v_set(c[5]), v_set(c[4])), v_set(c[3]));
    const f64v slope = v_fma(y, v_fma(y, v_fma(y, c345, v_set(c[2])), v_set(c[1])), v_set(c[0]));
    const f64v grown = v_fma(y, slope, v_pick(gex__gauss_table[1], v_bits(rounded)));

    return v_fma(table, grown, table);
}

/* x of p. */
LANE struct sum gauss_exponent(const struct plain_in in, const struct plain *b, int i)
{
    const f64v d1 = OF(ratio) + halved(OF(v)), q = IN_OR_ONE(carry), q2 = q + q, T = IN_OR_ONE(years);
    const f64v square = d1 * d1, square_lo = v_fma(d1 + d1, OF(d1_lo), v_rest(d1, d1, square));
    const f64v s1 = square + GAUSS_GRID, e1 = square - (s1 - GAUSS_GRID);
    const f64v s2 = v_fma(q2, T, s1), e2 = v_rest(q2, T, s2 - s1);

    return (struct sum){s2 - GAUSS_GRID, (e1 + e2) + square_lo};
}

static OWN_FRAME void find_late_gauss(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const struct sum x = gauss_exponent(in, b, i);
        const choice normal = m_less(x.hi, v_set(OCTAVES(960)));
        const f64v kept = m_keep(m_less(x.hi, v_set(OCTAVES(1920))), gauss_of(x, 960));

        KEEP(gauss, m_select(normal, gauss_of(x, 0), -kept));
    }
}

/* ---- Q, D and S Q - K D ------------------------------------------------------------------------------------------ */

/* exp(-rate T), a pair. */
LANE struct pair discount(f64v rate, f64v T)
{
    const struct pair exponent = two_product(rate, T);
    const struct scaled e = exp_scaled((struct pair){-exponent.hi, -exponent.lo});
    const f64v scale = v_pow2(v_max(v_min(e.power, v_set(1000.0)), v_set(-1000.0)));

    return (struct pair){e.hi * scale, e.lo * scale};
}

/* Q, K D and S Q - K D. */
struct factors {
    f64v Q, KD, gain;
};

LANE struct factors brief_factors(f64v S, f64v K, f64v less_q, f64v less_d)
{
    const struct pair parity = two_sum(S, -K);
    const f64v loss = K * less_d;

    return (struct factors){1.0 + less_q, v_fma(K, less_d, K), parity.hi + (v_fma(S, less_q, -loss) + parity.lo)};
}

/* The same for a block in which some are not brief. */
static OWN_FRAME void find_factors(const struct plain_in in, struct plain *b)
{
    EACH_PLAIN(i) {
        const f64v S = IN_OR_ONE(spot), K = IN(strike), T = IN_OR_ONE(years), r = IN_OR_ONE(rate), q = IN_OR_ONE(carry);
        const f64v qT = q * T, rT = r * T;
        const choice brief = m_not_above(v_max(v_abs(qT), v_abs(rT)), v_set(BRIEF));
        const struct less less = less_of(qT, rT);
        const struct factors f = brief_factors(S, K, less.less_q, less.less_d);
        const struct pair Q = discount(q, T), D = discount(r, T);
        const struct pair s = two_product(S, Q.hi), k = two_product(K, D.hi), gain = two_sum(s.hi, -k.hi);
        const f64v rest = (s.lo + S * Q.lo) - (k.lo + K * D.lo);

        KEEP(Q, m_select(brief, f.Q, Q.hi));
        KEEP(KD, m_select(brief, f.KD, k.hi + (k.lo + K * D.lo)));
        KEEP(gain, m_select(brief, f.gain, gain.hi + (gain.lo + rest)));
    }
}

#endif
