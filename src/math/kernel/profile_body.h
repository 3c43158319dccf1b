/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gamma, delta, vanna and charm of fixed lines at one spot after another, with the names of black_body.h.
 *
 *     d1 = (log P + c) / v + v / 2,  c = (r - q) T - log K,  e = exp(-d1^2 / 2)
 *     gamma = (g / P) e,  g = Q / (v sqrt(2 pi));   delta = f Q N(f d1) from Q e R(|d1|) / sqrt(2 pi)
 *
 * log P and c are pairs, since their sum cancels near the money and v may be tiny; everything else is plain. A spent
 * deviation has 1 / v = 2^1000, which sends d1 to its side, and 0 for the reciprocals that multiply.
 */
#include "black_body.h"

enum line_field {
    LINE_C, LINE_C_LO, LINE_PER_V, LINE_HALF_V, LINE_GAMMA, LINE_AMPLITUDE, LINE_FACTOR, LINE_RIGHT, LINE_PER_VOL,
    LINE_DRIFT, LINE_DECAY, LINE_CARRY, LINE_FIELDS
};
_Static_assert((int)LINE_FIELDS == GEX_LINE_FIELDS, "gex__profile_size() has to know");

static int64_t padded(int64_t rows)
{
    return (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;
}

static void hoist_block(struct block *b, double *lines, int64_t stride)
{
    EACH_LANE_GROUP(i) {
        const i64v spent = v_equal(AT(per_v), v_set(0.0));
        const struct pair drift = pair_add((struct pair){AT(accrued), AT(accrued_lo)},
                                           (struct pair){-AT(carried), -AT(carried_lo)});
        const struct pair c = pair_add(drift, pair_negate(log_ratio(AT(strike), v_set(1.0)))); /* cancels log P at P = K */
        const f64v amplitude = AT(Q) * 0x1.9884533d43651p-2; /* 1 / sqrt(2 pi) */

        v_store(&lines[LINE_C * stride + i], c.hi);
        v_store(&lines[LINE_C_LO * stride + i], c.lo);
        v_store(&lines[LINE_PER_V * stride + i], v_select(spent, v_set(0x1p1000), AT(per_v)));
        v_store(&lines[LINE_HALF_V * stride + i], v_keep(~spent, 0.5 * AT(v)));
        v_store(&lines[LINE_GAMMA * stride + i], amplitude * AT(per_v));
        v_store(&lines[LINE_AMPLITUDE * stride + i], amplitude);
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
    double fields[LINE_FIELDS * RARE_ROWS];
    uint8_t code[RARE_ROWS];

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
        hoist_block(&b, fields, RARE_ROWS);
        judge(&b, (int)rows, code);
        for (int field = 0; field < LINE_FIELDS; field++) {
            for (int64_t i = 0; i < rows; i++)
                if (code[i] == GEX_CALC_DOMAIN)
                    fields[field * RARE_ROWS + i] = 0.0;
            memcpy(&lines[field * stride + from], &fields[field * RARE_ROWS], (size_t)kept * sizeof *lines);
        }
    }
}

/* exp(x) for x in [-708, 0], an ulp. */
LANE f64v exp_plain(f64v x)
{
    const f64v rounded = x * 0x1.71547652b82fep+6 + ROUNDER, n = rounded - ROUNDER;
    const i64v whole = v_bits(rounded), index = whole & ((1 << GEX_EXP_BITS) - 1);
    const f64v r = (x - n * 0x1.62e42fefp-7) - n * 0x1.473de6af278edp-40;
    const double *c = gex__exp_poly;
    const f64v table = v_look(&gex__exp_table[0][0], index, 2);
    const f64v grown = r + r * r * (c[0] + r * (c[1] + r * (c[2] + r * c[3])));
    const i64v power = (whole - index) << (52 - GEX_EXP_BITS);

    return v_from_bits(v_bits(table + table * grown) + power);
}

static void profile_rows(const double *lines, int64_t rows, int64_t first, int64_t count, double price,
                         double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const int64_t stride = padded(rows);
    const struct pair log_price = log_ratio(v_set(price), v_set(1.0));
    double *const gamma = outputs[GEX_GREEK_GAMMA], *const delta = outputs[GEX_GREEK_DELTA];
    double *const vanna = outputs[GEX_GREEK_VANNA], *const charm = outputs[GEX_GREEK_CHARM];
    const f64v per_price = v_set(1.0 / price), end = v_set(FAR);

    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const double *line = lines + first + i;
        const f64v half = v_load(line + LINE_HALF_V * stride);
        const f64v m = (log_price.hi + v_load(line + LINE_C * stride)) + (log_price.lo + v_load(line + LINE_C_LO * stride));
        const f64v ratio = m * v_load(line + LINE_PER_V * stride);
        const f64v d1 = v_max(v_min(ratio + half, end), -end), d2 = v_max(v_min(ratio - half, end), -end);
        const f64v x = -0.5 * d1 * d1;
        const i64v live = v_less(v_set(-708.0), x);
        f64v e = v_set(0.0);

        if (v_any(live))
            e = v_keep(live, exp_plain(v_max(x, v_set(-708.0))));
        if (gamma != NULL)
            v_store(&gamma[i], e * v_load(line + LINE_GAMMA * stride) * per_price);
        if (vanna != NULL || delta != NULL || charm != NULL) {
            const f64v p = e * v_load(line + LINE_AMPLITUDE * stride), right = v_load(line + LINE_RIGHT * stride);
            f64v inside;

            if (vanna != NULL)
                v_store(&vanna[i], -(p * (d2 * v_load(line + LINE_PER_VOL * stride))));
            if (delta == NULL && charm == NULL)
                continue;
            inside = v_any(live) ? p * mills_ratio(v_min(v_abs(d1), v_set(MILLS_END))) : v_set(0.0);
            inside = v_select(v_less(d1 * right, v_set(0.0)), inside, v_load(line + LINE_FACTOR * stride) - inside);
            if (delta != NULL)
                v_store(&delta[i], v_flip(inside, right));
            if (charm != NULL)
                v_store(&charm[i], v_flip(inside * v_load(line + LINE_CARRY * stride), right) -
                                       p * (v_load(line + LINE_DRIFT * stride) - d2 * v_load(line + LINE_DECAY * stride)));
        }
    }
}
