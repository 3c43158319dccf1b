/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gamma, delta, vanna and charm of fixed lines at one spot after another, with the names of black_body.h.
 *
 *     d1 = (log(P / P0) + c) / v + v / 2,  c = log(P0 / K) + (r - q) T,  e = n(d1)
 *     gamma = (g / P) e,  g = Q / v;   delta = f Q N(f d1) from Q e R(|d1|)
 *
 * The logarithms are pairs, since their sum cancels near the money and v may be tiny, and those of prices near P0 are
 * small; everything else is plain. A spent deviation has 1 / v = 2^1000, which sends d1 to its side, and 0 for the
 * reciprocals that multiply.
 */
#ifndef GEX_MATH_KERNEL_PROFILE_BODY_H
#define GEX_MATH_KERNEL_PROFILE_BODY_H

#include "black_body.h"

static int64_t padded(int64_t rows)
{
    return (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;
}

/* Columns of a group of lines, each a row or one value for all of them. */
struct line_columns {
    const double *strike, *years, *vol, *rate, *carry;
    int years_step, rate_step, carry_step; /* 1, or 0 for one value */
};

#define ROOT_TWO_PI 0x1.40d931ff62706p+1

#define COLUMN(field) v_load(&in.field[i])
#define COLUMN_OR_ONE(field) (in.field##_step != 0 ? v_load(&in.field[i]) : v_set(in.field[0]))
#define PUT_LINE(field, value) v_store(&lines[GEX_LINE_##field * stride + i], v_keep(good, value))

/* The deviation as find_deviation() has it, the domain as judge() has it at a spot of 1. */
LANE void hoist_group(const struct line_columns in, const double *side, f64v reference, double *lines, int64_t stride,
                      bool gamma_alone)
{
    for (int i = 0; i < GEX_LINE_GROUP; i += GEX_LANES) {
        const f64v strike = COLUMN(strike), years = COLUMN_OR_ONE(years), vol = COLUMN(vol), right = v_load(side + i);
        const f64v rate = COLUMN_OR_ONE(rate), carry = COLUMN_OR_ONE(carry);
        const struct pair carried = two_product(carry, years), accrued = two_product(rate, years);
        const i64v good = positive_finite(strike) & not_negative_finite(years) & not_negative_finite(vol) &
                          within(rate, 10.0) & within(carry, 10.0) & v_equal(v_abs(right), v_set(1.0)) &
                          within(carried.hi, 700.0) & within(accrued.hi, 700.0);
        const f64v root = v_sqrt(years), deviation = vol * root;
        const i64v live = ~(v_less(deviation, v_set(0x1p-1000)) | v_less(vol, v_set(0x1p-1000)));
        const f64v v = v_select(live, v_min(deviation, v_set(0x1p1000)), v_set(1.0)), quotient = 1.0 / v;
        const f64v per_v = v_keep(live, quotient), per_root = v_keep(live, 1.0 / root);
        const f64v Q = factor(carried.hi, carried.lo).hi;
        const struct pair drift = pair_add(accrued, pair_negate(carried));
        const struct pair c = pair_add(drift, pair_negate(log_ratio(strike, reference)));

        PUT_LINE(C, c.hi);
        PUT_LINE(C_LO, c.lo);
        PUT_LINE(PER_V, v_select(live, quotient, v_set(0x1p1000)));
        PUT_LINE(HALF_V, v_keep(live, 0.5 * v));
        PUT_LINE(GAMMA, Q * per_v);
        if (gamma_alone)
            continue;
        PUT_LINE(FACTOR, Q);
        PUT_LINE(RIGHT, right);
        PUT_LINE(PER_VOL, v_keep(live, 1.0 / vol));
        PUT_LINE(DRIFT, (rate - carry) * per_v);
        PUT_LINE(DECAY, 0.5 * per_root * per_root);
        PUT_LINE(CARRY, carry);
    }
}

/*
 * What gamma takes, of plain lines as plain.h has it: c within 2^-66. @return a bit for each line that is not plain
 */
LANE unsigned hoist_plain_gamma(const struct line_columns in, const double *side, f64v reference, f64v per_reference,
                                double *lines, int64_t stride)
{
    const i64v good = ~v_bits(v_set(0.0));
    unsigned rare = 0;

    for (int i = 0; i < GEX_LINE_GROUP; i += GEX_LANES) {
        const f64v strike = COLUMN(strike), years = COLUMN_OR_ONE(years), vol = COLUMN(vol), right = v_load(side + i);
        const f64v rate = COLUMN_OR_ONE(rate), carry = COLUMN_OR_ONE(carry), deviation = vol * v_sqrt(years);
        const i64v sizes = ((above(strike, 0x1p-64) | above(reference, 0x1p-64) | above(deviation, 0x1p-64)) &
                            -(INT64_C(1) << 59)) | (above(years, 0x1p-58) & -(INT64_C(1) << 58));
        const choice plain = m_zero(sizes) & m_not_above(v_abs(rate), v_set(10.0)) & m_not_above(carry, v_set(10.0)) &
                             m_not_above(v_set(-0.125), carry * years) & m_zero(v_bits(v_abs(right) - 1.0));
        const struct quotient ratio = quotient_of(reference, strike);
        const struct sum log = log_of(ratio.half_x, ratio.A, ratio.A_lo), twice = {2.0 * carry * years, v_set(0.0)};
        const f64v s3 = v_fma(rate, years, log.hi), e3 = v_rest(rate, years, s3 - log.hi);
        const f64v s4 = v_fma(-carry, years, s3), e4 = v_rest(carry, years, s3 - s4);
        const f64v A = s4 - GRID, A_lo = v_fma(ratio.remainder, per_reference, log.lo) + (e3 - e4), c = A + A_lo;
        const f64v per_v = 1.0 / deviation;

        PUT_LINE(C, c);
        PUT_LINE(C_LO, A_lo - (c - A));
        PUT_LINE(PER_V, per_v);
        PUT_LINE(HALF_V, 0.5 * deviation);
        PUT_LINE(GAMMA, gauss_of(twice, 0) * ROOT_TWO_PI * per_v);
        rare |= (~m_lanes(plain) & ((1u << GEX_LANES) - 1)) << i;
    }
    return rare;
}

/* Lines of a group that are not plain, over what was made of them. */
static OWN_FRAME void hoist_rare_gamma(const struct line_columns in, const double *side, f64v reference, unsigned rare,
                                       double *lines, int64_t stride)
{
    double group[GEX_LINE_FIELDS * GEX_LINE_GROUP];

    hoist_group(in, side, reference, group, GEX_LINE_GROUP, true);
    for (int i = 0; i < GEX_LINE_GROUP; i++)
        for (int field = GEX_LINE_C; (rare >> i & 1) != 0 && field <= GEX_LINE_GAMMA; field++)
            lines[field * stride + i] = group[field * GEX_LINE_GROUP + i];
}

#undef COLUMN
#undef COLUMN_OR_ONE
#undef PUT_LINE

/* One group, of gamma or of all there is. */
LANE void hoist_some(const struct line_columns columns, const double *side, f64v reference, f64v per_reference,
                     double *lines, int64_t stride, bool gamma_alone)
{
    if (gamma_alone) {
        const unsigned rare = hoist_plain_gamma(columns, side, reference, per_reference, lines, stride);

        if (rare != 0)
            hoist_rare_gamma(columns, side, reference, rare, lines, stride);
    } else {
        hoist_group(columns, side, reference, lines, stride, false);
    }
}

/* Whole groups from the caller's columns, the last one from a copy padded with ones. */
LANE void hoist_all(const struct gex__black_in *in, double *lines, bool gamma_alone)
{
    const int64_t stride = padded(in->rows), whole = in->rows - in->rows % GEX_LINE_GROUP;
    const f64v reference = v_set(in->spot[0]), per_reference = 1.0 / reference;

    lines[GEX_LINE_FIELDS * stride] = in->spot[0];
    for (int64_t from = 0; from < whole; from += GEX_LINE_GROUP) {
        const struct line_columns columns = {
            .strike = in->strike + from, .vol = in->vol + from, .years = in->years + (in->one_years ? 0 : from),
            .rate = in->rate + (in->one_rate ? 0 : from), .carry = in->carry + (in->one_carry ? 0 : from),
            .years_step = !in->one_years, .rate_step = !in->one_rate, .carry_step = !in->one_carry};
        double side[GEX_LINE_GROUP];

        for (int i = 0; i < GEX_LINE_GROUP; i++)
            side[i] = in->right[from + i];
        hoist_some(columns, side, reference, per_reference, lines + from, stride, gamma_alone);
    }
    if (whole < in->rows) {
        struct gex__black_in one_price = *in;
        struct block b;

        one_price.one_spot = true;
        take_rows(&b, &one_price, whole, NULL, (int)(in->rows - whole));
        hoist_some((struct line_columns){b.strike, b.years, b.vol, b.rate, b.carry, 1, 1, 1}, b.right, reference,
                   per_reference, lines + whole, stride, gamma_alone);
    }
}

static void hoist_rows(const struct gex__black_in *in, double *lines)
{
    hoist_all(in, lines, false);
}

static void hoist_gamma_rows(const struct gex__black_in *in, double *lines)
{
    hoist_all(in, lines, true);
}

/*
 * exp(-d^2 / 2) of 2^-48, as gauss_of() but for sqrt(2 pi) and the last bits; 0 below exp(-708).
 */
LANE f64v bell_of(f64v d)
{
    const double *c = gex__bell_poly;
    const f64v x = d * d, rounded = v_fma(x, v_set(-0x1.71547652b82fep3), v_set(ROUNDER)), n = rounded - ROUNDER;
    const f64v y = v_fma(n, v_set(0x1.cf79abc9e3b3ap-43), v_fma(n, v_set(0x1.62e42fefap-4), x)), y2 = y * y;
    const u64v power = (u64v)v_bits(rounded) << 48;
    const f64v table = v_from_bits((i64v)((u64v)v_bits(v_pick(gex__gauss_table[0], v_bits(rounded))) + power));
    const f64v p = v_fma(y2, v_fma(y, v_set(c[4]), v_set(c[3])), v_fma(y, v_set(c[2]), v_set(c[1])));

    return m_keep(m_less(x, v_set(1416.0)), table * v_fma(y2, p, v_fma(y, v_set(c[0]), v_set(1.0))));
}

/*
 * Mills ratio R(z), z >= 0, as one polynomial of y = 1 / (z + 4), even and odd powers apart: its coefficients stay in
 * registers, which those of intervals would not. Beyond where it was fitted it is any finite number, up to z = 60.
 */
LANE f64v polynomial_tail(f64v z, const double *c, int degree, double middle)
{
    const f64v y = 1.0 / (z + TAIL_SHIFT), t = y - middle, t2 = t * t;
    f64v even = v_set(c[degree - 1]), odd = v_set(c[degree]);

    for (int k = degree - 3; k >= 0; k -= 2) {
        even = v_fma(even, t2, v_set(c[k]));
        odd = v_fma(odd, t2, v_set(c[k + 1]));
    }
    return y * v_fma(odd, t, even);
}

/* ... within 1e-13 up to 38.5, from where on the Gaussian is 0. */
LANE f64v whole_tail(f64v z)
{
    return polynomial_tail(z, gex__whole_tail_poly, GEX_WHOLE_TAIL_DEGREE, gex__whole_tail_middle);
}

/* Q N(f d1) of a line, p = Q n(d1). */
LANE f64v inside_of(f64v p, f64v d1, f64v factor, f64v right)
{
    const f64v tail = p * whole_tail(v_min(v_abs(d1), v_set(60.0)));

    return m_select(m_negative(v_bits(d1) ^ v_bits(right)), tail, factor - tail);
}

#define LINE(field) v_load(line + GEX_LINE_##field * stride)

/* A price as lines see it. */
struct spot_of_lines {
    struct pair log_price; /* of P / P0 */
    f64v per_price;
};

LANE struct spot_of_lines spot_of(const double *lines, int64_t stride, double price)
{
    return (struct spot_of_lines){log_ratio(v_set(price), v_set(lines[GEX_LINE_FIELDS * stride])), v_set(1.0 / price)};
}

/* Greeks of a vector of lines, those that are wanted. */
struct line_greeks {
    f64v gamma, delta, vanna, charm;
};

LANE struct line_greeks greeks_of(const double *line, int64_t stride, const struct spot_of_lines *at, bool gamma,
                                  bool delta, bool vanna, bool charm)
{
    const f64v end = v_set(FAR), half = LINE(HALF_V);
    const f64v m = (at->log_price.hi + LINE(C)) + (at->log_price.lo + LINE(C_LO)), ratio = m * LINE(PER_V);
    const f64v d1 = v_max(v_min(ratio + half, end), -end), bell = bell_of(d1);
    struct line_greeks g = {v_set(0.0), v_set(0.0), v_set(0.0), v_set(0.0)};

    if (gamma)
        g.gamma = bell * LINE(GAMMA) * at->per_price;
    if (vanna || delta || charm) {
        const f64v d2 = v_max(v_min(ratio - half, end), -end), right = LINE(RIGHT), p = bell * LINE(FACTOR);

        if (vanna)
            g.vanna = -(p * (d2 * LINE(PER_VOL)));
        if (delta || charm) {
            const f64v inside = inside_of(p, d1, LINE(FACTOR), right);

            g.delta = v_flip(inside, right);
            if (charm)
                g.charm = v_flip(inside * LINE(CARRY), right) - p * v_fma(-d2, LINE(DECAY), LINE(DRIFT));
        }
    }
    return g;
}

static void profile_rows(const double *lines, int64_t rows, int64_t first, int64_t count, double price,
                         double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const int64_t stride = padded(rows);
    const struct spot_of_lines at = spot_of(lines, stride, price);
    double *const gamma = outputs[GEX_GREEK_GAMMA], *const delta = outputs[GEX_GREEK_DELTA];
    double *const vanna = outputs[GEX_GREEK_VANNA], *const charm = outputs[GEX_GREEK_CHARM];

    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const struct line_greeks g =
            greeks_of(lines + first + i, stride, &at, gamma != NULL, delta != NULL, vanna != NULL, charm != NULL);

        if (gamma != NULL)
            v_store(&gamma[i], g.gamma);
        if (delta != NULL)
            v_store(&delta[i], g.delta);
        if (vanna != NULL)
            v_store(&vanna[i], g.vanna);
        if (charm != NULL)
            v_store(&charm[i], g.charm);
    }
}

#endif
