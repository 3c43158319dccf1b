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

enum line_field {
    LINE_C, LINE_C_LO, LINE_PER_V, LINE_HALF_V, LINE_GAMMA, LINE_FACTOR, LINE_RIGHT, LINE_PER_VOL,
    LINE_DRIFT, LINE_DECAY, LINE_CARRY, LINE_FIELDS
};
_Static_assert((int)LINE_FIELDS == GEX_LINE_FIELDS, "gex__profile_size() has to know");

static int64_t padded(int64_t rows)
{
    return (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;
}

static void hoist_block(struct block *b, double reference, double *lines, int64_t stride)
{
    EACH_LANE_GROUP(i) {
        const i64v spent = v_equal(AT(per_v), v_set(0.0));
        const struct pair drift = pair_add((struct pair){AT(accrued), AT(accrued_lo)},
                                           (struct pair){-AT(carried), -AT(carried_lo)});
        const struct pair c = pair_add(drift, pair_negate(log_ratio(AT(strike), v_set(reference))));

        v_store(&lines[LINE_C * stride + i], c.hi);
        v_store(&lines[LINE_C_LO * stride + i], c.lo);
        v_store(&lines[LINE_PER_V * stride + i], v_select(spent, v_set(0x1p1000), AT(per_v)));
        v_store(&lines[LINE_HALF_V * stride + i], v_keep(~spent, 0.5 * AT(v)));
        v_store(&lines[LINE_GAMMA * stride + i], AT(Q) * AT(per_v));
        v_store(&lines[LINE_FACTOR * stride + i], AT(Q));
        v_store(&lines[LINE_RIGHT * stride + i], AT(right));
        v_store(&lines[LINE_PER_VOL * stride + i], AT(per_vol));
        v_store(&lines[LINE_DRIFT * stride + i], (AT(rate) - AT(carry)) * AT(per_v));
        v_store(&lines[LINE_DECAY * stride + i], 0.5 * AT(per_root) * AT(per_root));
        v_store(&lines[LINE_CARRY * stride + i], AT(carry));
    }
}

/* A block at a time through the front of the kernel, with a spot of 1. */
static void hoist_rows(const struct gex__black_in *in, double *lines)
{
    static const double one = 1.0;
    struct gex__black_in at_one = *in;
    const int64_t stride = padded(in->rows);
    const double reference = in->spot[0];
    double fields[LINE_FIELDS * RARE_ROWS];
    uint8_t code[RARE_ROWS];

    lines[LINE_FIELDS * stride] = reference;
    at_one.spot = &one;
    at_one.one_spot = true;
    for (int64_t from = 0; from < in->rows; from += RARE_ROWS) {
        const int64_t rows = in->rows - from < RARE_ROWS ? in->rows - from : RARE_ROWS;
        const int64_t kept = padded(rows);
        struct block b;

        take_rows(&b, &at_one, from, NULL, (int)rows);
        find_deviation(&b);
        find_moneyness(&b);
        find_exact_factors(&b);
        hoist_block(&b, reference, fields, RARE_ROWS);
        judge(&b, (int)rows, code);
        for (int field = 0; field < LINE_FIELDS; field++) {
            for (int64_t i = 0; i < rows; i++)
                if (code[i] == GEX_CALC_DOMAIN)
                    fields[field * RARE_ROWS + i] = 0.0;
            memcpy(&lines[field * stride + from], &fields[field * RARE_ROWS], (size_t)kept * sizeof *lines);
        }
    }
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

#define LINE(field) v_load(line + LINE_##field * stride)

/* A price as lines see it. */
struct spot_of_lines {
    struct pair log_price; /* of P / P0 */
    f64v per_price;
};

LANE struct spot_of_lines spot_of(const double *lines, int64_t stride, double price)
{
    return (struct spot_of_lines){log_ratio(v_set(price), v_set(lines[LINE_FIELDS * stride])), v_set(1.0 / price)};
}

/* Greeks of a vector of lines, those that are wanted. */
struct line_greeks {
    f64v gamma, delta, vanna, charm;
};

LANE struct line_greeks greeks_of(const double *line, int64_t stride, const struct spot_of_lines *at, bool gamma, bool delta,
                                  bool vanna, bool charm)
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
        const struct line_greeks g = greeks_of(lines + first + i, stride, &at, gamma != NULL, delta != NULL, vanna != NULL,
                                                    charm != NULL);

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
