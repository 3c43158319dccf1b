/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many lines at many prices: lines of like width are added up at even nodes of the log price, and smoothed where they
 * are read. A Gaussian is the convolution of two that share its variance, v^2 = u^2 + s^2, and the trapezoidal rule
 * over nodes h apart is as good as exact for it:
 *
 *     W exp(-(x - c)^2 / (2 v^2)) = sum over nodes of  g_k exp(-(x - x_k)^2 / (2 s^2)),
 *     g_k = W (v / u) h / (s sqrt(2 pi)) exp(-(x_k - c)^2 / (2 u^2))
 *
 * by Poisson's formula within 2 exp(-2 (pi t / h)^2), t = u s / v, of the value itself, wherever x is (Trefethen and
 * Weideman, 2014, The exponentially convergent trapezoidal rule). s belongs to the grid, u to the line; s^2 is half the
 * variance of the narrowest line of the grid, so h = kappa s, 0.39 of its v, leaves 1.6e-14 at most. All terms have one
 * sign. Dividing the work so is Greengard and Strain's (1991, The fast Gauss transform); here every line has its width.
 *
 * At node k counted from a seed, a line of d = (x - c) / u at the seed and e = h / u has
 *
 *     g_k = g exp(-(d + e k)^2 / 2),   g_(k+1) = g_k q_k,   q_(k+1) = q_k exp(-e^2),   q_0 = exp(-e d - e^2 / 2),
 *
 * two multiplications a node, and downwards the same with -d. A grid twice as fine takes over by the same formula: its
 * smoothing is narrower, and what is missing, 3 s^2 / 4, is made up for at its nodes.
 *
 * Vanna is -(Q / vol) n(d1) (d1 - v), and d1 n(d1) = -v d/dx n(d1): that of all lines is 1 + d/dx of the sum of Q v /
 * vol n(d1), read from the same nodes by the derivative of the smoothing. Delta is, but for what no price changes, the
 * integral over x of Q / v n(d1): read by the integral of the smoothing, which to the left of a price is all that nodes
 * hold.
 */
#ifndef GEX_MATH_KERNEL_SWEEP_BODY_H
#define GEX_MATH_KERNEL_SWEEP_BODY_H

#include <math.h>

#include "sum_body.h"

enum {
    SWEEP_HALF = GEX_SWEEP_STENCIL / 2,
    SWEEP_INSET = 24, /* nodes between a seed and the ends of what it is for, if there are */
    SWEEP_AHEAD = 8   /* packs */
};

/* Logarithms of prices over that of the hoist, as pairs; a multiple of GEX_SWEEP_LANES of them. */
static void sweep_logs(const double *prices, double reference, int64_t count, double *high, double *low)
{
    for (int64_t k = 0; k < count; k += GEX_LANES) {
        const struct pair l = log_ratio(v_load(prices + k), v_set(reference));

        v_store(high + k, l.hi);
        v_store(low + k, l.lo);
    }
}

/*
 * Where lines belong. A grid has 2^n or 1.5 2^n steps, so the leading bits of how many a line asks for are its number,
 * and the grids before it have 7 / 3 or 2.5 times as many, but for those there are not. Lines of the first level are
 * kept however far away; of the others those that reach the range.
 */
static void sweep_place(const double *const column[GEX_LINE_FIELDS], int64_t count,
                        const struct gex__sweep_sorting *sorting, struct gex__sweep_places *places)
{
    const double fewest = (int)GEX_SWEEP_FEWEST;
    const f64v width = v_set(sorting->width), most = v_set(4.0 * sorting->steps), zero = v_set(0.0);
    const f64v even = v_set(sorting->per_width[0]), odd = v_set(sorting->per_width[1]);
    const i64v first = (i64v)((u64v)v_bits(v_set(fewest)) >> 51), narrow = v_bits(zero) + sorting->narrow;
    const double per_cell = 1.0 / (int)GEX_SWEEP_CELL, apron = (int)GEX_SWEEP_APRON;

    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const f64v half_v = v_load(column[GEX_LINE_HALF_V] + i), v = half_v + half_v;
        const f64v plain = v_load(places->weight + i) * v_load(column[GEX_LINE_GAMMA] + i);
        const f64v weight = sorting->vanna ? plain * (v * v * v_load(column[GEX_LINE_PER_VOL] + i)) : plain;
        const f64v asked = v_load(column[GEX_LINE_PER_V] + i) * (width * (1.0 / GEX_SWEEP_STEP));
        const f64v held = v_max(v_min(asked, most), v_set(fewest));
        const i64v leading = (i64v)((u64v)(v_bits(held) + ((INT64_C(1) << 51) - 1)) >> 51);
        const i64v level = i_min(leading - first, narrow);
        const f64v own = v_from_bits((i64v)((u64v)(level + first) << 51)), steps = v_min(own, v_set(sorting->steps));
        const i64v is_odd = -(level & 1);
        const f64v per_step = steps * v_select(is_odd, odd, even);
        const f64v middle = ((-v_load(column[GEX_LINE_C] + i) - half_v * v) - sorting->low) * per_step;
        const f64v reach = v * per_step * GEX_SWEEP_REACH, cells = steps * per_cell + 2.0 * apron;
        const f64v place = middle * per_cell + apron;
        const f64v cell = v_max(v_min(place, cells - 0.5), v_set(0.5)) - 0.5; /* to the nearest integer below */
        const f64v before = own * v_select(is_odd, v_set(2.5), v_set(7.0 / 3)) - 7.0 / 3 * fewest; /* steps */
        const f64v cells_before = before * per_cell + 2.0 * apron * v_from_int(level);
        const i64v coarsest = -(i64v)((u64v)(level - 1) >> 63);
        const i64v reached = v_less(zero, middle + reach) & v_less(middle - reach, steps);
        const i64v counts = (reached | coarsest) & ~v_equal(weight, zero);
        const i64v keys = v_bits(v_select(counts, cells_before + cell, v_set(sorting->none)) + ROUNDER);

        v_store(places->weight + i, weight);
        memcpy(places->key + i, &keys, sizeof keys);
    }
}

/*
 * Of packs whose offsets are still the second parts of c, and whose per_u is 1 / v: offsets, what a smoothing of s
 * leaves to nodes, and how far that reaches, in nodes. An s of 0 is for lines that are added one by one.
 */
static void sweep_reach(const struct gex__sweep_packs *packs, int64_t first, int64_t count, double low, double step,
                        double s)
{
    const double per_step = 1.0 / step, scale = s > 0.0 ? step / s / ROOT_TWO_PI : 1.0;

    for (int64_t n = first; n < first + count; n++) {
        f64v from = v_set((double)INFINITY), to = from;
        double lane[2][GEX_LANES];

        for (int64_t i = n * GEX_SWEEP_PACK; i < (n + 1) * GEX_SWEEP_PACK; i += GEX_LANES) {
            const f64v per_v = v_load(packs->per_u + i), v = 1.0 / per_v, half_v = 0.5 * v, share = s * per_v;
            const f64v left = v_sqrt(1.0 - share * share), wider = 1.0 / left; /* u / v and v / u */
            const f64v middle = ((-v_load(packs->c + i) - half_v * v) - low) * per_step;
            const f64v away = v * left * (GEX_SWEEP_REACH * per_step);

            v_store(packs->offset + i, v_fma(v_load(packs->offset + i), per_v, half_v) * wider);
            v_store(packs->per_u + i, per_v * wider);
            v_store(packs->weight + i, v_load(packs->weight + i) * (wider * scale));
            from = v_min(middle - away, from);
            to = v_min(-away - middle, to);
        }
        v_store(lane[0], from);
        v_store(lane[1], to);
        for (int i = 1; i < GEX_LANES; i++) {
            lane[0][0] = lane[0][i] < lane[0][0] ? lane[0][i] : lane[0][0];
            lane[1][0] = lane[1][i] < lane[1][0] ? lane[1][i] : lane[1][0];
        }
        packs->pack[n].from = lane[0][0];
        packs->pack[n].to = -lane[1][0];
    }
}

/*
 * exp(-x / 2) / sqrt(2 pi) to the last bits: bell_of() with the rest of the table and two terms more. 0 from x = 1400
 * on, and below -1400 as there.
 */
LANE f64v density_of(f64v square)
{
    const f64v x = v_max(square, v_set(-1400.0));
    const f64v rounded = v_fma(x, v_set(-0x1.71547652b82fep3), v_set(ROUNDER)), n = rounded - ROUNDER;
    const f64v y = -0.5 * v_fma(n, v_set(0x1.cf79abc9e3b3ap-43), v_fma(n, v_set(0x1.62e42fefap-4), x)), y2 = y * y;
    const u64v power = (u64v)v_bits(rounded) << 48;
    const f64v table = v_from_bits((i64v)((u64v)v_bits(v_pick(gex__gauss_table[0], v_bits(rounded))) + power));
    const f64v lost = v_pick(gex__gauss_table[1], v_bits(rounded));
    const f64v c67 = v_fma(y, v_set(1.0 / 5040), v_set(1.0 / 720)), c45 = v_fma(y, v_set(1.0 / 120), v_set(1.0 / 24));
    const f64v c23 = v_fma(y, v_set(1.0 / 6), v_set(0.5));
    const f64v grown = v_fma(y2, v_fma(y2, v_fma(y2, c67, c45), c23), y + lost);

    return m_keep(m_less(x, v_set(1400.0)), v_fma(table, grown, table));
}

/* exp(-x), x in [0, 0.31]. */
LANE f64v nearly_one(f64v x)
{
    static const double c[] = {-1.0 / 39916800, 1.0 / 3628800, -1.0 / 362880, 1.0 / 40320, -1.0 / 5040, 1.0 / 720,
                               -1.0 / 120,      1.0 / 24,      -1.0 / 6,      0.5,         -1.0};
    f64v sum = v_set(1.0 / 479001600);

    for (int k = 0; k < 11; k++)
        sum = v_fma(sum, x, v_set(c[k]));
    return v_fma(sum, x, v_set(1.0));
}

/* What a pack's vectors begin with at the seed: values, their ratios to the next node up and down, and exp(-e^2). */
struct sweep_seeds {
    double value[GEX_SWEEP_PACK], up[GEX_SWEEP_PACK], down[GEX_SWEEP_PACK], bend[GEX_SWEEP_PACK];
    int64_t first, seed, last;
    int64_t idle[5]; /* up to a multiple of 64 bytes */
};
_Static_assert(sizeof(struct sweep_seeds) * SWEEP_AHEAD <= GEX_SWEEP_SEEDS * sizeof(double), "they have room");

/*
 * A seed stands where the lines of a pack have their middle, so that no node is far from it where it counts, or next to
 * that. @return whether the pack reaches nodes [start, end)
 */
LANE bool sweep_seed(const struct gex__sweep_packs *packs, int64_t number, double low, double step, int64_t start,
                     int64_t end, struct sweep_seeds *seeds)
{
    const double from = packs->pack[number].from, to = packs->pack[number].to, middle = packs->pack[number].middle;
    int64_t inset;
    f64v place;

    if (!(from < (double)end && to >= (double)start))
        return false;
    seeds->first = from > (double)start ? (int64_t)from + (from > 0.0) : start;
    seeds->last = to < (double)(end - 1) ? (int64_t)to - (to < 0.0) : end - 1;
    if (seeds->first > seeds->last)
        return false;
    inset = (seeds->last - seeds->first) / 2 < SWEEP_INSET ? (seeds->last - seeds->first) / 2 : SWEEP_INSET;
    seeds->seed = middle > (double)(seeds->last - inset)    ? seeds->last - inset
                  : middle < (double)(seeds->first + inset) ? seeds->first + inset
                                                            : (int64_t)middle;
    place = v_set(low + (double)seeds->seed * step);
    for (int i = 0; i < GEX_SWEEP_PACK; i += GEX_LANES) {
        const int64_t at = number * GEX_SWEEP_PACK + i;
        const f64v per_u = v_load(packs->per_u + at), e = per_u * step;
        const f64v d = v_fma(place + v_load(packs->c + at), per_u, v_load(packs->offset + at));
        const f64v fall = v_max(v_min(e * (e + (d + d)), v_set(300.0)), v_set(-300.0)); /* where a line is, below 50 */
        const f64v up = density_of(fall) * ROOT_TWO_PI, bend = nearly_one(e * e);

        v_store(seeds->value + i, density_of(d * d) * v_load(packs->weight + at));
        v_store(seeds->up + i, up);
        v_store(seeds->down + i, bend / up);
        v_store(seeds->bend + i, bend);
    }
    return true;
}

/*
 * Vectors of lines at every other node, and how they go on by two: half as many products are half as many roundings,
 * and what they come to grows with the square.
 */
struct sweep_chain {
    f64v value[2], ratio[2];
};

LANE f64v chain_step(struct sweep_chain *chain, const f64v bend[2])
{
    const f64v sum = chain->value[0] + chain->value[1];

    for (int i = 0; i < 2; i++) {
        chain->value[i] = chain->value[i] * chain->ratio[i];
        chain->ratio[i] = chain->ratio[i] * bend[i];
    }
    return sum;
}

/* Columns of lanes from `lane` on, of nodes upwards or downwards, rows `row` apart: from the seed on, or beyond it. */
LANE void sweep_run(const struct sweep_seeds *seeds, const double *ratios, int lane, bool beyond, double *lanes,
                    int64_t nodes, int64_t row)
{
    struct sweep_chain even, odd;
    f64v bend4[2];

    for (int i = 0; i < 2; i++) {
        const int at = lane + i * GEX_SWEEP_LANES;
        const f64v bend = v_load(seeds->bend + at), square = bend * bend, seed = v_load(seeds->value + at);
        const f64v first = v_load(ratios + at), ratio = beyond ? first * bend : first, next = ratio * bend;

        even.value[i] = beyond ? seed * first : seed;
        odd.value[i] = even.value[i] * ratio;
        even.ratio[i] = ratio * next;
        odd.ratio[i] = even.ratio[i] * square;
        bend4[i] = square * square;
    }
    for (; nodes > 1; nodes -= 2, lanes += 2 * row) {
        v_store(lanes, v_load(lanes) + chain_step(&even, bend4));
        v_store(lanes + row, v_load(lanes + row) + chain_step(&odd, bend4));
    }
    if (nodes > 0)
        v_store(lanes, v_load(lanes) + (even.value[0] + even.value[1]));
}

/*
 * Packs over nodes [start, end) of a level, added to the sums of these. Seeds are made for some packs ahead: they are
 * long chains of operations, which overlap only among each other.
 */
static void sweep_nodes(const struct gex__sweep_packs *packs, int64_t first, int64_t count, double low, double step,
                        int64_t start, int64_t end, double *lanes, double *sums)
{
    struct sweep_seeds *seeds = (struct sweep_seeds *)(void *)(lanes + GEX_SWEEP_BLOCK * GEX_SWEEP_LANES);

    memset(lanes, 0, (size_t)(end - start) * GEX_SWEEP_LANES * sizeof *lanes);
    for (int64_t i = first; i < first + count;) {
        int some = 0;

        for (; i < first + count && some < SWEEP_AHEAD; i++)
            some += sweep_seed(packs, i, low, step, start, end, &seeds[some]);
        for (int n = 0; n < some; n++)
            for (int lane = 0; lane < GEX_SWEEP_LANES; lane += GEX_LANES) {
                const struct sweep_seeds *at = &seeds[n];
                double *row = lanes + (at->seed - start) * GEX_SWEEP_LANES + lane;

                sweep_run(at, at->up, lane, false, row, at->last - at->seed + 1, GEX_SWEEP_LANES);
                sweep_run(at, at->down, lane, true, row - GEX_SWEEP_LANES, at->seed - at->first, -GEX_SWEEP_LANES);
            }
    }
    for (int64_t k = 0; k < end - start; k++) {
        const double *at = lanes + k * GEX_SWEEP_LANES;

        sums[k] += ((at[0] + at[1]) + (at[2] + at[3])) + ((at[4] + at[5]) + (at[6] + at[7]));
    }
}

/* At `count` nodes from the first on, taps[p] times what the nodes p below and p + `more` above hold. */
static void sweep_spread(const double *nodes, int64_t count, const double *taps, int more, double *at)
{
    for (int64_t k = 0; k < count; k += GEX_LANES) {
        f64v sum = v_set(0.0);

        for (int p = GEX_SWEEP_TAPS - 1; p >= 0; p--)
            sum = v_fma(v_load(nodes + k - p) + v_load(nodes + k + p + more), v_set(taps[p]), sum);
        v_store(at + k, sum);
    }
}

/*
 * What a level holds at prices of its range, added: with t steps from node 0 of a stencil, node j at j weighs
 * exp(-(kappa (t - j))^2 / 2) = exp(-(kappa t)^2 / 2) exp(kappa^2 t j) exp(-(kappa j)^2 / 2), the last from a table.
 * For vanna that and its derivative by the log price, -kappa^2 (t - j) / h times as much.
 */
LANE void level_read(const struct gex__sweep_level *level, double low, const double *high, const double *rest,
                     int64_t count, bool vanna, double *value)
{
    /* exp(-(kappa j)^2 / 2) sqrt(2 pi), j = -15 .. 16 */
    static const double fixed[GEX_SWEEP_STENCIL] = {
        0x1.efa10b69296bbp-49, 0x1.3ed7b492c515bp-42, 0x1.2ea18de6dfa84p-36, 0x1.a7cea2ff9b887p-31,
        0x1.b5d5d233fbbecp-26, 0x1.4db0284ec9464p-21, 0x1.7738d9d24c861p-17, 0x1.37429ea478a8fp-13,
        0x1.7cf51dcb6cdb0p-10, 0x1.57f799034b9a9p-7, 0x1.ca389bdd4937bp-5, 0x1.c251d050e14c4p-3,
        0x1.467a6ae5f8c8ep-1, 0x1.5d398f9f7aed5p+0, 0x1.1393d54241eefp+1, 0x1.40d931ff62705p+1,
        0x1.1393d54241eefp+1, 0x1.5d398f9f7aed5p+0, 0x1.467a6ae5f8c8ep-1, 0x1.c251d050e14c4p-3,
        0x1.ca389bdd4937bp-5, 0x1.57f799034b9a9p-7, 0x1.7cf51dcb6cdb0p-10, 0x1.37429ea478a8fp-13,
        0x1.7738d9d24c861p-17, 0x1.4db0284ec9464p-21, 0x1.b5d5d233fbbecp-26, 0x1.a7cea2ff9b887p-31,
        0x1.2ea18de6dfa84p-36, 0x1.3ed7b492c515bp-42, 0x1.efa10b69296bbp-49, 0x1.1c2e4d9fa68cbp-55};
    static const double place[GEX_SWEEP_LANES] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    const double kappa2 = GEX_SWEEP_KAPPA * GEX_SWEEP_KAPPA, per_step = 1.0 / level->step;

    for (int64_t k = 0; k < count; k++) {
        const double above = (high[k] - low) * per_step;
        const int64_t cell = above > 0.0 ? above < level->steps ? (int64_t)above : level->steps - 1 : 0;
        const double t = ((high[k] - (low + (double)cell * level->step)) + rest[k]) * per_step;
        const double *nodes = level->sum + level->pad + cell - (SWEEP_HALF - 1);
        const f64v next = density_of(v_set(-16.0 * kappa2 * t)) * ROOT_TWO_PI; /* eight nodes further */
        double lane[GEX_SWEEP_LANES];

        for (int i = 0; i < GEX_SWEEP_LANES; i += GEX_LANES) {
            const f64v j = v_load(place + i) - (double)(SWEEP_HALF - 1);
            f64v moving = density_of((t - 2.0 * j) * (kappa2 * t)), sum = v_set(0.0);

            for (int at = i; at < GEX_SWEEP_STENCIL; at += GEX_SWEEP_LANES) {
                const f64v bell = moving * v_load(fixed + at);
                const f64v lean = v_fma(j + (double)(at - i) - t, v_set(kappa2 * per_step), v_set(1.0));

                sum = v_fma(vanna ? bell * lean : bell, v_load(nodes + at), sum);
                moving = moving * next;
            }
            v_store(lane + i, sum);
        }
        value[k] += ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    }
}

static void sweep_read(const struct gex__sweep_level *level, double low, const double *high, const double *rest,
                       int64_t count, double *value)
{
    level_read(level, low, high, rest, count, false, value);
}

static void sweep_read_vanna(const struct gex__sweep_level *level, double low, const double *high, const double *rest,
                             int64_t count, double *value)
{
    level_read(level, low, high, rest, count, true, value);
}

/* N(d) for any d. */
LANE f64v normal_of(f64v d)
{
    return inside_of(bell_of(d), d, v_set(1.0), v_set(1.0));
}

/* The integral of what a level holds, from anywhere below its range on: added. */
static void sweep_read_delta(const struct gex__sweep_level *level, double low, const double *high, const double *rest,
                             int64_t count, double *value)
{
    static const double place[GEX_SWEEP_LANES] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    const double per_step = 1.0 / level->step, scale = level->step * (ROOT_TWO_PI / GEX_SWEEP_KAPPA);

    for (int64_t k = 0; k < count; k++) {
        const double above = (high[k] - low) * per_step;
        const int64_t cell = above > 0.0 ? above < level->steps ? (int64_t)above : level->steps - 1 : 0;
        const double t = ((high[k] - (low + (double)cell * level->step)) + rest[k]) * per_step;
        const int64_t first = level->pad + cell - (SWEEP_HALF - 1);
        const double *nodes = level->sum + first;
        double lane[GEX_SWEEP_LANES];

        for (int i = 0; i < GEX_SWEEP_LANES; i += GEX_LANES) {
            const f64v j = v_load(place + i) - (double)(SWEEP_HALF - 1);
            f64v sum = v_set(0.0);

            for (int at = i; at < GEX_SWEEP_STENCIL; at += GEX_SWEEP_LANES)
                sum = v_fma(normal_of((t - j - (double)(at - i)) * GEX_SWEEP_KAPPA), v_load(nodes + at), sum);
            v_store(lane + i, sum);
        }
        value[k] += scale * (level->before[first] + (((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                                                     ((lane[4] + lane[5]) + (lane[6] + lane[7]))));
    }
}

/* One line at prices, the last of a multiple of GEX_SWEEP_LANES. */
LANE void line_add(const struct gex__sweep_packs *packs, int64_t line, const double *high, const double *rest,
                   int64_t count, bool vanna, double *value, double *gross)
{
    const f64v c = v_set(packs->c[line]), per_u = v_set(packs->per_u[line]), offset = v_set(packs->offset[line]);
    const f64v weight = v_set(packs->weight[line]);

    for (int64_t k = 0; k < count; k += GEX_LANES) {
        const f64v m = (v_load(high + k) + c) + v_load(rest + k), d1 = v_fma(m, per_u, offset);
        const f64v x = bell_of(d1) * weight;
        const f64v most = vanna ? v_abs(x) * v_fma(v_abs(d1) + 1.0, per_u, v_set(1.0)) : v_abs(x);

        v_store(value + k, v_load(value + k) + (vanna ? x * v_fma(-d1, per_u, v_set(1.0)) : x));
        v_store(gross + k, v_load(gross + k) + most);
    }
}

static void sweep_line(const struct gex__sweep_packs *packs, int64_t line, const double *high, const double *rest,
                       int64_t count, double *value, double *gross)
{
    line_add(packs, line, high, rest, count, false, value, gross);
}

static void sweep_line_vanna(const struct gex__sweep_packs *packs, int64_t line, const double *high, const double *rest,
                             int64_t count, double *value, double *gross)
{
    line_add(packs, line, high, rest, count, true, value, gross);
}

/* Its integral up to there. */
static void sweep_line_delta(const struct gex__sweep_packs *packs, int64_t line, const double *high, const double *rest,
                             int64_t count, double *value, double *gross)
{
    const f64v c = v_set(packs->c[line]), per_u = v_set(packs->per_u[line]), offset = v_set(packs->offset[line]);
    const f64v whole = v_set(packs->weight[line]) / per_u;

    (void)gross;
    for (int64_t k = 0; k < count; k += GEX_LANES) {
        const f64v m = (v_load(high + k) + c) + v_load(rest + k);

        v_store(value + k, v_fma(whole, normal_of(v_fma(m, per_u, offset)), v_load(value + k)));
    }
}

#endif
