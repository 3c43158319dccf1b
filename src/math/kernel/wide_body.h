/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of eight columns side by side: src/math/wide.h says what is exact, and why. */
#ifndef GEX_MATH_KERNEL_WIDE_BODY_H
#define GEX_MATH_KERNEL_WIDE_BODY_H

#include "lanes.h"
#include "math/wide.h"

enum { EXPONENT_BIAS = 1023, LOWEST = -1022 /* a window below has no unit above the smallest denormal */, HIGHEST = 1000 };

/* Count of the values as a power of two: n + 2 <= 2^M. */
static int32_t count_bits(int64_t count)
{
    int32_t bits = 1;

    while ((INT64_C(1) << bits) < count + 2)
        bits++;
    return bits;
}

static double make_power(int64_t exponent, uint64_t mantissa)
{
    const uint64_t bits = (uint64_t)(exponent + EXPONENT_BIAS) << 52 | mantissa;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Windows too high to be sure of come out infinite: then no sum is known to be right. */
static void set_windows(struct gex__wide *sum, const double *largest, int32_t count_power, int32_t headroom)
{
    for (int lane = 0; lane < GEX_WIDE; lane++) {
        uint64_t bits;
        int64_t power, first, second;

        memcpy(&bits, largest + lane, sizeof bits);
        power = (int64_t)(bits >> 52 & 0x7ff) + 1 - EXPONENT_BIAS + headroom; /* largest < 2^power */
        first = power + count_power;
        second = first - 53 + count_power;
        if (first > HIGHEST)
            first = second = power = EXPONENT_BIAS + 1;
        sum->window[0][lane] = make_power(first > LOWEST ? first : LOWEST, first <= HIGHEST ? UINT64_C(1) << 51 : 0);
        sum->window[1][lane] = make_power(second > LOWEST ? second : LOWEST, first <= HIGHEST ? UINT64_C(1) << 51 : 0);
        sum->limit[lane] = make_power(power, 0);
    }
}

/* A value in three parts. */
struct cut {
    f64v high, low, rest;
};

LANE struct cut cut_at(f64v x, f64v first, f64v second)
{
    struct cut cut;
    f64v left;

    cut.high = (x + first) - first;
    left = x - cut.high;
    cut.low = (left + second) - second;
    cut.rest = left - cut.low;
    return cut;
}

LANE f64v finite_of(const double *from)
{
    const f64v x = v_load(from);
    return v_keep(v_less(v_abs(x), v_set(__builtin_huge_val())), x);
}

LANE void add_to(double *to, f64v x)
{
    v_store(to, v_load(to) + x);
}

/* ---- from nothing ------------------------------------------------------------------------------------------------ */

LANE f64v largest_of(const struct gex__wide_rows *in, int at)
{
    f64v largest = v_set(0.0);

    for (int64_t i = 0; i < in->calls + in->puts; i++)
        largest = v_max(largest, v_abs(finite_of(in->values + in->rows[i] * in->pitch + at)));
    return largest;
}

LANE void side_sum(const struct gex__wide_rows *in, int64_t from, int64_t to, int at, const struct gex__wide *sum,
                   struct gex__wide_side *side)
{
    const f64v first = v_load(sum->window[0] + at), second = v_load(sum->window[1] + at);
    f64v net[2] = {v_set(0.0), v_set(0.0)}, gross[2] = {v_set(0.0), v_set(0.0)}, slack = v_set(0.0);

    for (int64_t i = from; i < to; i++) {
        const f64v x = finite_of(in->values + in->rows[i] * in->pitch + at);
        const struct cut cut = cut_at(x, first, second);

        net[0] += cut.high;
        net[1] += cut.low;
        gross[0] += v_flip(cut.high, x);
        gross[1] += v_flip(cut.low, x);
        slack += v_abs(cut.rest);
    }
    for (int level = 0; level < GEX_WIDE_LEVELS; level++) {
        v_store(side->net[level] + at, net[level]);
        v_store(side->gross[level] + at, gross[level]);
    }
    v_store(side->slack + at, slack);
}

static void wide_sum(const struct gex__wide_rows *in, int32_t headroom, struct gex__wide *sum)
{
    const int64_t count = in->calls + in->puts;
    double largest[GEX_WIDE];

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        v_store(largest + at, largest_of(in, at));
    set_windows(sum, largest, count_bits(count), headroom);
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        side_sum(in, 0, in->calls, at, sum, &sum->side[GEX_WIDE_CALL]);
        side_sum(in, in->calls, count, at, sum, &sum->side[GEX_WIDE_PUT]);
    }
}

static void wide_clear(struct gex__wide *sum, const double *largest, int64_t count, int32_t headroom)
{
    memset(sum, 0, sizeof *sum);
    set_windows(sum, largest, count_bits(count), headroom);
}

/* ---- by a difference --------------------------------------------------------------------------------------------- */

static bool wide_replace(struct gex__wide *sum, int32_t side, const double *gone, const double *come)
{
    struct gex__wide_side *to = &sum->side[side];

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        if (v_any(v_less(v_load(sum->limit + at), v_abs(finite_of(come + at)))))
            return false;
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        const f64v first = v_load(sum->window[0] + at), second = v_load(sum->window[1] + at);
        const f64v before = finite_of(gone + at), after = finite_of(come + at);
        const struct cut out = cut_at(before, first, second), in = cut_at(after, first, second);

        add_to(to->net[0] + at, in.high - out.high); /* of one unit, so this is exact too */
        add_to(to->net[1] + at, in.low - out.low);
        add_to(to->gross[0] + at, v_flip(in.high, after) - v_flip(out.high, before));
        add_to(to->gross[1] + at, v_flip(in.low, after) - v_flip(out.low, before));
        add_to(to->slack + at, v_abs(in.rest));
    }
    return true;
}

LANE f64v item_add(const struct gex__wide *sum, const double *item, int at, double sign, double to[GEX_WIDE_LEVELS][GEX_WIDE])
{
    const struct cut cut =
        cut_at(v_load(item + at) * v_set(sign), v_load(sum->window[0] + at), v_load(sum->window[1] + at));

    add_to(to[0] + at, cut.high);
    add_to(to[1] + at, cut.low);
    return v_abs(cut.rest);
}

LANE bool has_place(const struct gex__wide *sum, const double *item, int at)
{
    return !v_any(v_less(v_load(sum->limit + at), v_abs(v_load(item + at))));
}

static bool wide_merge(struct gex__wide *sum, const struct gex__wide *other, double sign)
{
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        for (int side = 0; side < 2; side++)
            for (int level = 0; level < GEX_WIDE_LEVELS; level++)
                if (!has_place(sum, other->side[side].net[level], at) || !has_place(sum, other->side[side].gross[level], at))
                    return false;
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        for (int side = 0; side < 2; side++) {
            f64v slack = v_load(other->side[side].slack + at);

            for (int level = 0; level < GEX_WIDE_LEVELS; level++) {
                slack += item_add(sum, other->side[side].net[level], at, sign, sum->side[side].net);
                slack += item_add(sum, other->side[side].gross[level], at, sign, sum->side[side].gross);
            }
            if (sign > 0)
                add_to(sum->side[side].slack + at, slack); /* what is taken out again leaves its bound behind */
        }
    return true;
}

/* ---- rounded ------------------------------------------------------------------------------------------------------ */

/* high + low rounded, and a mask of the lanes where rests of at most `slack` could make it another double. The bound of
 * what is compared is twice the slack, which was added up with roundings, and an ulp of err for the roundings here. */
LANE i64v round_sum(f64v high, f64v low, f64v slack, double *out)
{
    const f64v s = high + low, part = s - high, err = (high - (s - part)) + (low - part);
    const f64v bound = v_keep(v_less(v_set(0.0), slack), (slack + slack) + v_abs(err) * v_set(0x1p-52));

    v_store(out, s);
    return v_equal(s + (err + bound), s) & v_equal(s + (err - bound), s);
}

static uint32_t unsure_lanes(i64v sure, int at)
{
    uint32_t bits = 0;
    int64_t lane[GEX_LANES];

    memcpy(lane, &sure, sizeof lane);
    for (int i = 0; i < GEX_LANES; i++)
        bits |= lane[i] == 0 ? 1u << (at + i) : 0;
    return bits;
}

static uint32_t wide_round(const struct gex__wide *sum, gex__wide_row out[GEX_WIDE_SUMS])
{
    const struct gex__wide_side *call = &sum->side[GEX_WIDE_CALL], *put = &sum->side[GEX_WIDE_PUT];
    uint32_t unsure = 0;

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        const f64v c1 = v_load(call->net[0] + at), c2 = v_load(call->net[1] + at);
        const f64v p1 = v_load(put->net[0] + at), p2 = v_load(put->net[1] + at);
        const f64v cs = v_load(call->slack + at), ps = v_load(put->slack + at), slack = cs + ps;
        const i64v sure[GEX_WIDE_SUMS] = {
            round_sum(c1 + p1, c2 + p2, slack, out[GEX_WIDE_NET] + at),
            round_sum(v_load(call->gross[0] + at) + v_load(put->gross[0] + at),
                      v_load(call->gross[1] + at) + v_load(put->gross[1] + at), slack, out[GEX_WIDE_GROSS] + at),
            round_sum(c1, c2, cs, out[GEX_WIDE_OF_CALLS] + at),
            round_sum(p1, p2, ps, out[GEX_WIDE_OF_PUTS] + at),
        };

        if (v_any(~(sure[0] & sure[1] & sure[2] & sure[3])))
            for (int s = 0; s < GEX_WIDE_SUMS; s++)
                unsure |= unsure_lanes(sure[s], at) << (GEX_WIDE * s);
    }
    return unsure;
}

#endif
