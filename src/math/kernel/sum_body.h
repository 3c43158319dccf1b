/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighted sums of the greeks of hoisted lines at many prices. Some hundred lines stay in the first-level cache while
 * price after price goes over them, and line i of a block is added to lane i modulo 16, whatever the instruction set.
 */
#ifndef GEX_MATH_KERNEL_SUM_BODY_H
#define GEX_MATH_KERNEL_SUM_BODY_H

#include "profile_body.h"

enum { VECTORS = GEX_LINE_GROUP / GEX_LANES, SUM_LINES = 256 };
_Static_assert((int)GEX_LINE_GROUP == (int)GEX_BLOCK_LANES, "a group of lines is added to the lanes of a block");

/*
 * Delta of a line in a sum. A tail below 3e-20 of Q, beyond d1^2 = 84, is taken for 0: lines that far from their strike
 * cost no Gaussian, and a shorter polynomial does, within 3e-14.
 */
LANE f64v delta_of(const double *line, int64_t stride, const struct spot_of_lines *at)
{
    const f64v right = LINE(RIGHT), factor = LINE(FACTOR), most = v_set(84.0);
    const f64v m = (at->log_price.hi + LINE(C)) + (at->log_price.lo + LINE(C_LO));
    const f64v d1 = v_fma(m, LINE(PER_V), LINE(HALF_V)), square = d1 * d1; /* infinite where nothing is left */
    f64v tail = v_set(0.0);

    if (!m_all(m_less(most, square)))
        tail = m_keep(m_less(square, most),
                      bell_of(d1) * factor *
                          polynomial_tail(v_min(v_abs(d1), v_set(60.0)), gex__near_tail_poly, GEX_NEAR_TAIL_DEGREE,
                                          gex__near_tail_middle));
    return v_flip(m_select(m_negative(v_bits(d1) ^ v_bits(right)), tail, factor - tail), right);
}

/* A greek at P is per_price(P) times a factor that no price changes times what lines_at() gives;
 * per_price is 1 but for gamma. */
LANE f64v line_at(const double *line, int64_t stride, const struct spot_of_lines *at, int greek)
{
    if (greek == GEX_GREEK_GAMMA) {
        const f64v m = (at->log_price.hi + LINE(C)) + (at->log_price.lo + LINE(C_LO));

        return bell_of(v_fma(m, LINE(PER_V), LINE(HALF_V)));
    } else if (greek == GEX_GREEK_DELTA) {
        return delta_of(line, stride, at);
    } else {
        const struct line_greeks g =
            greeks_of(line, stride, at, false, false, greek == GEX_GREEK_VANNA, greek == GEX_GREEK_CHARM);

        return greek == GEX_GREEK_VANNA ? g.vanna : g.charm;
    }
}

/* Weights of a group of lines times what no price changes; lines beyond the last are padding of weight 0. */
static void weigh_lines(const double *lines, int64_t stride, const double *weights, int64_t first, int64_t count,
                        bool gamma, double *factors)
{
    for (int64_t i = 0; i < count; i++)
        factors[i] = gamma ? weights[i] * lines[GEX_LINE_GAMMA * stride + first + i] : weights[i];
    for (int64_t i = count; i % GEX_LINE_GROUP != 0; i++)
        factors[i] = 0.0;
}

LANE void add_lines(const double *lines, int64_t stride, const double *factors, int64_t first, int64_t count, int greek,
                    const struct spot_of_lines *at, double *lanes)
{
    f64v sum[VECTORS];

    for (int j = 0; j < VECTORS; j++)
        sum[j] = v_load(lanes + j * GEX_LANES);
    for (int64_t i = 0; i < count; i += GEX_LINE_GROUP)
        for (int j = 0; j < VECTORS; j++) {
            const int64_t k = i + j * GEX_LANES;

            sum[j] = v_fma(line_at(lines + first + k, stride, at, greek), v_load(factors + k), sum[j]);
        }
    for (int j = 0; j < VECTORS; j++)
        v_store(lanes + j * GEX_LANES, sum[j]);
}

LANE void sum_greek(const double *lines, int64_t rows, const double *weights, int64_t first, int64_t count, int greek,
                    const double *prices, int points, double (*lanes)[GEX_BLOCK_LANES])
{
    const int64_t stride = padded(rows);
    struct spot_of_lines at[GEX_SUM_PRICES];
    double factors[SUM_LINES];

    for (int k = 0; k < points; k++)
        at[k] = spot_of(lines, stride, prices[k]);
    for (int64_t from = 0; from < count; from += SUM_LINES) {
        const int64_t some = count - from < SUM_LINES ? count - from : SUM_LINES;

        weigh_lines(lines, stride, weights + from, first + from, some, greek == GEX_GREEK_GAMMA, factors);
        for (int k = 0; k < points; k++)
            add_lines(lines, stride, factors, first + from, some, greek, &at[k], lanes[k]);
    }
}

static void sum_rows(const double *lines, int64_t rows, const double *weights, int64_t first, int64_t count,
                     int32_t greek, const double *prices, int points, double (*lanes)[GEX_BLOCK_LANES])
{
    switch (greek) {
    case GEX_GREEK_GAMMA:
        sum_greek(lines, rows, weights, first, count, GEX_GREEK_GAMMA, prices, points, lanes);
        break;
    case GEX_GREEK_DELTA:
        sum_greek(lines, rows, weights, first, count, GEX_GREEK_DELTA, prices, points, lanes);
        break;
    case GEX_GREEK_VANNA:
        sum_greek(lines, rows, weights, first, count, GEX_GREEK_VANNA, prices, points, lanes);
        break;
    default:
        sum_greek(lines, rows, weights, first, count, GEX_GREEK_CHARM, prices, points, lanes);
        break;
    }
}

#endif
