/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighted sums of the greeks of hoisted lines at many prices. Some hundred lines stay in the first-level cache while price
 * after price goes over them, and line i of a block is added to lane i modulo 16, whatever the instruction set.
 *
 * On prices low r^k a Gaussian needs no exponential: with e = log(r) / v and d the first d1,
 *
 *     n(d + (k + 1) e) = n(d + k e) q_k,   q_0 = exp(-e d - e^2 / 2),   q_(k+1) = q_k exp(-e^2)
 *
 * two multiplications a price. Rounding errors grow with k^2, so every LADDER_STEPS prices begin anew: 1e-12 of the largest
 * sum is left. Lines that a step moves by 0.4 and more are summed one price at a time: 27 is the way from a Gaussian that
 * is taken for 0 to one that is negligible.
 */
#ifndef GEX_MATH_KERNEL_SUM_BODY_H
#define GEX_MATH_KERNEL_SUM_BODY_H

#include "profile_body.h"

enum { VECTORS = GEX_LINE_GROUP / GEX_LANES, SUM_LINES = 256, LADDER_STEPS = 67 };
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

/* A greek at P is per_price(P) times a factor that no price changes times what lines_at() gives; per_price is 1 but for gamma. */
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
static void weigh_lines(const double *lines, int64_t stride, const double *weights, int64_t first, int64_t count, bool gamma,
                        double *factors)
{
    for (int64_t i = 0; i < count; i++)
        factors[i] = gamma ? weights[i] * lines[LINE_GAMMA * stride + first + i] : weights[i];
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

static void sum_rows(const double *lines, int64_t rows, const double *weights, int64_t first, int64_t count, int32_t greek,
                     const double *prices, int points, double (*lanes)[GEX_BLOCK_LANES])
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

/* exp(x) for x <= 709, an ulp: what it is off by grows with the square of the steps. 0 below -708. */
LANE f64v exp_of(f64v x)
{
    const double *c = gex__gauss_poly;
    const f64v rounded = v_fma(x, v_set(0x1.71547652b82fep4), v_set(ROUNDER)), n = rounded - ROUNDER;
    const f64v y = v_fma(n, v_set(0x1.cf79abc9e3b3ap-43), v_fma(n, v_set(0x1.62e42fefap-4), -2.0 * x)), y2 = y * y;
    const u64v power = (u64v)v_bits(rounded) << 48;
    const f64v table = v_from_bits((i64v)((u64v)v_bits(v_pick(gex__gauss_table[0], v_bits(rounded))) + power));
    const f64v c01 = v_fma(y, v_set(c[1]), v_set(c[0])), c23 = v_fma(y, v_set(c[3]), v_set(c[2]));
    const f64v grown = v_fma(y, v_fma(y2, v_fma(y2, v_fma(y, v_set(c[5]), v_set(c[4])), c23), c01),
                             v_pick(gex__gauss_table[1], v_bits(rounded)));

    return m_keep(m_less(v_set(-708.0), x), v_fma(table, grown, table)) * 0x1.40d931ff62706p1; /* sqrt(2 pi) */
}

/* A vector of lines on the ladder: d1 at the price where it begins and the step of d1. */
struct rung {
    f64v d, e, factor;
};

LANE struct rung rung_of(const double *line, int64_t stride, struct pair log_price, double step, f64v factor)
{
    const f64v m = (log_price.hi + LINE(C)) + (log_price.lo + LINE(C_LO));

    return (struct rung){v_fma(m, LINE(PER_V), LINE(HALF_V)), step * LINE(PER_V), factor};
}

/* Two vectors that share lanes, at up to LADDER_STEPS prices. */
LANE void climb(const struct rung rung[2], int steps, double (*lanes)[GEX_BLOCK_LANES], int lane)
{
    f64v bell[2], q[2], shrink[2];

    for (int v = 0; v < 2; v++) {
        const f64v d = rung[v].d, e = rung[v].e;

        bell[v] = bell_of(d) * rung[v].factor;
        q[v] = exp_of(v_min(-(e * v_fma(v_set(0.5), e, d)), v_set(700.0)));
        shrink[v] = exp_of(-(e * e));
    }
    for (int k = 0; k < steps; k++) {
        v_store(lanes[k] + lane, v_load(lanes[k] + lane) + (bell[0] + bell[1]));
        for (int v = 0; v < 2; v++) {
            bell[v] = bell[v] * q[v];
            q[v] = q[v] * shrink[v];
        }
    }
}

/* The same where a step is long: every Gaussian by itself. */
LANE void leap(const struct rung rung[2], int steps, double (*lanes)[GEX_BLOCK_LANES], int lane)
{
    for (int k = 0; k < steps; k++) {
        const f64v a = bell_of(v_fma(v_set((double)k), rung[0].e, rung[0].d)) * rung[0].factor;
        const f64v b = bell_of(v_fma(v_set((double)k), rung[1].e, rung[1].d)) * rung[1].factor;

        v_store(lanes[k] + lane, v_load(lanes[k] + lane) + (a + b));
    }
}

static void ladder_rows(const double *lines, int64_t rows, const double *weights, int64_t first, int64_t count, double low,
                        double step, int points, double (*lanes)[GEX_BLOCK_LANES])
{
    const int64_t stride = padded(rows);
    const struct pair log_low = spot_of(lines, stride, low).log_price;
    const f64v long_step = v_set(0.4);
    double factors[SUM_LINES];

    for (int64_t from = 0; from < count; from += SUM_LINES) {
        const int64_t some = count - from < SUM_LINES ? count - from : SUM_LINES;

        weigh_lines(lines, stride, weights + from, first + from, some, true, factors);
        for (int start = 0; start < points; start += LADDER_STEPS) {
            const int steps = points - start < LADDER_STEPS ? points - start : LADDER_STEPS;
            const struct pair here = pair_add(log_low, two_product(v_set(step), v_set((double)start)));

            for (int64_t i = 0; i < some; i += 2 * GEX_LINE_GROUP)
                for (int lane = 0; lane < GEX_LINE_GROUP; lane += GEX_LANES) {
                    const bool two = i + GEX_LINE_GROUP < some;
                    const double *line = lines + first + from + i + lane;
                    const struct rung rung[2] = {
                        rung_of(line, stride, here, step, v_load(factors + i + lane)),
                        rung_of(two ? line + GEX_LINE_GROUP : line, stride, here, step,
                                two ? v_load(factors + i + GEX_LINE_GROUP + lane) : v_set(0.0))};

                    if (m_all(m_less(rung[0].e, long_step) & m_less(rung[1].e, long_step)))
                        climb(rung, steps, lanes + start, lane);
                    else
                        leap(rung, steps, lanes + start, lane);
                }
        }
    }
}

#endif
