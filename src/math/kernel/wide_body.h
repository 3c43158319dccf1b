/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of eight columns side by side: src/math/wide.h says what is exact, and why. */
#ifndef GEX_MATH_KERNEL_WIDE_BODY_H
#define GEX_MATH_KERNEL_WIDE_BODY_H

#include "lanes.h"
#include "math/wide.h"

enum { EXPONENT_BIAS = 1023, LOWEST = -1022, HIGHEST = 1000 }; /* lower windows have units below any denormal */
enum { OCTAVE_ROOM = 2 }; /* sizes of rows add up to less than 2^(k1 - 2) */

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

/* First windows 2^above as large as `size`.
 * Those too high to be sure of come out infinite: then no sum is known to be right. */
static void set_windows(struct gex__wide *sum, const double *size, int32_t above, int32_t count_power, int32_t headroom)
{
    for (int lane = 0; lane < GEX_WIDE; lane++) {
        uint64_t bits;
        int64_t power, first, second;

        memcpy(&bits, size + lane, sizeof bits);
        power = (int64_t)(bits >> 52 & 0x7ff) + 1 - EXPONENT_BIAS + headroom; /* size < 2^power */
        first = power + above;
        second = first - 51 + count_power; /* sums of a run are cut too */
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

/* ---- the matrix -------------------------------------------------------------------------------------------------- */

/* Columns of a square become its rows. */
LANE void turn(f64v v[GEX_LANES])
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    __m512d pair[8], four[8];

    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm512_unpacklo_pd(v[i], v[i + 1]);
        pair[i + 1] = _mm512_unpackhi_pd(v[i], v[i + 1]);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = 0; j < 2; j++) {
            four[i + j] = _mm512_shuffle_f64x2(pair[i + j], pair[i + j + 2], 0x88);
            four[i + j + 2] = _mm512_shuffle_f64x2(pair[i + j], pair[i + j + 2], 0xdd);
        }
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_shuffle_f64x2(four[i], four[i + 4], 0x88);
        v[i + 4] = _mm512_shuffle_f64x2(four[i], four[i + 4], 0xdd);
    }
#elif GEX_LANES == 4 && defined(__AVX__)
    const __m256d a = _mm256_unpacklo_pd(v[0], v[1]), b = _mm256_unpackhi_pd(v[0], v[1]);
    const __m256d c = _mm256_unpacklo_pd(v[2], v[3]), d = _mm256_unpackhi_pd(v[2], v[3]);

    v[0] = _mm256_permute2f128_pd(a, c, 0x20);
    v[1] = _mm256_permute2f128_pd(b, d, 0x20);
    v[2] = _mm256_permute2f128_pd(a, c, 0x31);
    v[3] = _mm256_permute2f128_pd(b, d, 0x31);
#elif GEX_LANES == 2
    const f64v a = v[0], b = v[1];

    v[0] = (f64v){a[0], b[0]};
    v[1] = (f64v){a[1], b[1]};
#else
    (void)v;
#endif
}

LANE f64v unit_of(const struct gex__wide_term term[GEX_WIDE_TERMS], f64v weight, int64_t i)
{
    f64v value = v_set(0.0);

    for (int t = 0; t < GEX_WIDE_TERMS && term[t].greek != NULL; t++) {
        const f64v greek = v_load(term[t].greek + i);

        value += weight * (term[t].inside != NULL ? greek * v_load(term[t].inside + i) : greek) * v_set(term[t].factor);
    }
    return value;
}

/* Are these units of one term each, without anything inside? That is nearly all units. */
static bool are_plain(const struct gex__wide_lines *in, int32_t from, int32_t units)
{
    bool plain = true;

    for (int32_t u = from; u < from + units; u++)
        plain = plain && in->unit[u][0].inside == NULL && in->unit[u][1].greek == NULL;
    return plain;
}

/* Units of GEX_LANES rows, a unit after the other. */
LANE void square_find(const struct gex__wide_term (*unit)[GEX_WIDE_TERMS], int32_t units, bool plain,
                      const double *weights, int64_t i, f64v v[GEX_WIDE])
{
    const f64v weight = v_load(weights + i);

    for (int u = 0; u < GEX_WIDE; u++)
        if (u >= units)
            v[u] = v_set(0.0);
        else if (plain)
            v[u] = v_set(0.0) + weight * v_load(unit[u][0].greek + i) * v_set(unit[u][0].factor);
        else
            v[u] = unit_of(unit[u], weight, i);
}

/* Rows of the matrix to be filled. */
struct lines_out {
    const int64_t *rows;
    int64_t pitch;
    double *values;
};

LANE void square_store(const struct lines_out to, int64_t i, int64_t rows, f64v v[GEX_WIDE])
{
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        turn(v + at);
    for (int64_t j = 0; j < rows; j++)
        for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
            v_store(to.values + to.rows[i + j] * to.pitch + at, v[at + j]);
}

/* Lanes of some rows, without those beyond the last. */
LANE i64v first_lanes(i64v x, int64_t count)
{
    int64_t lane[GEX_LANES];

    memcpy(lane, &x, sizeof lane);
    for (int64_t i = count; i < GEX_LANES; i++)
        lane[i] = 0;
    memcpy(&x, lane, sizeof lane);
    return x;
}

/* The largest size of some squares, as bits. */
LANE i64v squares_fill(const struct gex__wide_lines *in, int32_t from, int32_t units, bool plain)
{
    const struct lines_out to = {in->rows, in->pitch, in->values + from};
    const double *weights = in->weight;
    const int64_t count = in->count;
    i64v most = v_bits(v_set(0.0));

    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const int64_t rows = count - i;
        i64v here = v_bits(v_set(0.0));
        f64v v[GEX_WIDE];

        square_find(in->unit + from, units, plain, weights, i, v);
        for (int u = 0; u < GEX_WIDE; u++)
            here = i_max(here, v_bits(v_abs(v[u])));
        if (rows >= GEX_LANES)
            square_store(to, i, GEX_LANES, v);
        else
            square_store(to, i, rows, v);
        most = i_max(most, rows >= GEX_LANES ? here : first_lanes(here, rows));
    }
    return most;
}

static bool wide_lines(const struct gex__wide_lines *in)
{
    i64v most = v_bits(v_set(0.0));

    for (int32_t from = 0; from < in->units; from += GEX_WIDE) {
        const int32_t units = in->units - from < GEX_WIDE ? in->units - from : GEX_WIDE;
        const bool plain = are_plain(in, from, units);

        most = i_max(most, plain ? squares_fill(in, from, units, true) : squares_fill(in, from, units, false));
    }
    return !v_any(~v_less(v_from_bits(most), v_set(__builtin_huge_val())));
}

/* ---- from nothing ------------------------------------------------------------------------------------------------ */

LANE const double *line_of(const struct gex__wide_rows *in, int64_t i)
{
    return in->values + in->rows[i] * in->pitch;
}

/* What values come to, and how small they are: bits of |x| order as |x| does. `least` is shifted by INT64_MAX, so that
 * 0 is the largest of all and no size. */
struct extent {
    f64v whole;
    i64v least;
};

LANE struct extent extent_of(const struct gex__wide_rows *in, int at, bool some_odd)
{
    const i64v none = v_bits(v_set(0.0));
    struct extent extent = {v_set(0.0), none + INT64_MAX};

    for (int64_t i = 0; i < in->calls + in->puts; i++) {
        const f64v size = v_abs(some_odd ? finite_of(line_of(in, i) + at) : v_load(line_of(in, i) + at));

        extent.whole += size;
        extent.least = i_min(extent.least, (i64v)((u64v)v_bits(size) + (uint64_t)INT64_MAX));
    }
    return extent;
}

enum { RUN = 64, STREAMS = 2 };

/* Rows on their way into a sum. Several streams of them, since each waits for its own last additions. */
struct stream {
    f64v net, gross; /* highs, the first on top of the first window */
    f64v run, gross_run; /* what they leave */
};

/* A high is what the window cuts off on the way. Two of the additions go where the processor multiplies. */
LANE void stream_add(struct stream *to, f64v x)
{
    const f64v next = to->net + x, high = v_fma(to->net, v_set(-1.0), next), left = v_fma(high, v_set(-1.0), x);

    to->net = next;
    to->gross += v_abs(high);
    to->run += left;
    to->gross_run += v_flip(left, x);
}

/* What runs have left, cut at the second window. */
LANE void run_end(struct stream *stream, f64v second, f64v low[2], f64v *slack)
{
    const f64v run = stream->run, gross_run = stream->gross_run;
    const f64v cut = (run + second) - second, gross_cut = (gross_run + second) - second;

    low[0] += cut;
    low[1] += gross_cut;
    *slack += v_abs(run - cut) + v_abs(gross_run - gross_cut);
    stream->run = stream->gross_run = v_set(0.0);
}

LANE f64v row_of(const struct gex__wide_rows *in, int64_t i, int at, bool some_odd)
{
    return some_odd ? finite_of(line_of(in, i) + at) : v_load(line_of(in, i) + at);
}

/* `off`: what a run may be off by, a row. */
LANE void side_sum(const struct gex__wide_rows *in, int64_t from, int64_t to, int at, bool some_odd, f64v off,
                   const struct gex__wide *sum, struct gex__wide_side *side)
{
    const f64v first = v_load(sum->window[0] + at), second = v_load(sum->window[1] + at), none = v_set(0.0);
    struct stream stream[STREAMS] = {{first, none, none, none}, {first, none, none, none}};
    f64v low[2] = {none, none}, slack = none, gross;
    const f64v rows = v_set((double)(to - from));

    while (from < to) {
        const int64_t end = to - from < STREAMS * RUN ? to : from + STREAMS * RUN;

        for (; from + STREAMS <= end; from += STREAMS)
            for (int k = 0; k < STREAMS; k++)
                stream_add(&stream[k], row_of(in, from + k, at, some_odd));
        for (; from < end; from++)
            stream_add(&stream[0], row_of(in, from, at, some_odd));
        for (int k = 0; k < STREAMS; k++)
            run_end(&stream[k], second, low, &slack);
    }
    gross = stream[0].gross + stream[1].gross;
    v_store(side->net[0] + at, (stream[0].net - first) + (stream[1].net - first));
    v_store(side->gross[0] + at, gross);
    v_store(side->net[1] + at, low[0]);
    v_store(side->gross[1] + at, low[1]);
    /* zeros alone are not off */
    v_store(side->slack + at, slack + v_keep(v_less(none, gross + low[1] + slack), off * rows));
}

LANE void lanes_sum(const struct gex__wide_rows *in, int at, bool some_odd, f64v off, struct gex__wide *sum)
{
    side_sum(in, 0, in->calls, at, some_odd, off, sum, &sum->side[GEX_WIDE_CALL]);
    side_sum(in, in->calls, in->calls + in->puts, at, some_odd, off, sum, &sum->side[GEX_WIDE_PUT]);
}

/* 64 additions to at most 64 halves of a unit of the first window. */
LANE f64v run_off(const struct gex__wide *sum, int at)
{
    return v_load(sum->window[0] + at) * 0x1p-100;
}

/* Nothing where the smallest value is so large that the sum of a run is below 2^53 of its unit. */
LANE f64v run_off_above(const struct gex__wide *sum, int at, i64v least)
{
    const f64v smallest = v_from_bits((i64v)((u64v)least - (uint64_t)INT64_MAX));

    return v_keep(~v_less(v_load(sum->window[0] + at) * 0x1p-48, smallest), run_off(sum, at));
}

LANE bool is_odd(const struct gex__wide *sum, int at)
{
    return v_any(v_less(v_set(0.0), v_load(sum->odd + at)));
}

static void wide_sum(const struct gex__wide_rows *in, int32_t headroom, struct gex__wide *sum)
{
    struct extent extent[GEX_WIDE / GEX_LANES];
    gex__wide_row whole;

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        struct extent *here = &extent[at / GEX_LANES];
        i64v finite;

        *here = extent_of(in, at, false);
        finite = v_less(here->whole, v_set(__builtin_huge_val()));
        v_store(sum->odd + at, v_keep(~finite, v_set(1.0)));
        if (v_any(~finite))
            *here = extent_of(in, at, true);
        v_store(whole + at, here->whole);
    }
    set_windows(sum, whole, OCTAVE_ROOM, count_bits(in->calls + in->puts), headroom);
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        const f64v off = run_off_above(sum, at, extent[at / GEX_LANES].least);

        if (is_odd(sum, at))
            lanes_sum(in, at, true, off, sum);
        else
            lanes_sum(in, at, false, off, sum);
    }
}

/* What is not finite is in the sums of sizes too, unless it was there before and is looked for. */
/* What is not finite, and was not looked for, is in the sums of sizes too. */
static bool wide_again(const struct gex__wide_rows *in, struct gex__wide *sum)
{
    i64v within = v_equal(v_set(0.0), v_set(0.0));

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        if (is_odd(sum, at))
            lanes_sum(in, at, true, run_off(sum, at), sum);
        else
            lanes_sum(in, at, false, run_off(sum, at), sum);
        for (int side = 0; side < 2; side++)
            within &= v_less(v_load(sum->side[side].gross[0] + at), v_load(sum->limit + at));
    }
    return !v_any(~within);
}

static void wide_clear(struct gex__wide *sum, const double *largest, int64_t count, int32_t headroom)
{
    memset(sum, 0, sizeof *sum);
    set_windows(sum, largest, count_bits(count), count_bits(count), headroom);
}

/* ---- by a difference --------------------------------------------------------------------------------------------- */

static bool wide_replace(struct gex__wide *sum, int32_t side, const double *gone, const double *come)
{
    struct gex__wide_side *to = &sum->side[side];

    for (int at = 0; at < GEX_WIDE; at += GEX_LANES)
        if (v_any(~v_less(v_load(to->gross[0] + at) + v_abs(finite_of(come + at)), v_load(sum->limit + at))))
            return false;
    for (int at = 0; at < GEX_WIDE; at += GEX_LANES) {
        const f64v first = v_load(sum->window[0] + at), second = v_load(sum->window[1] + at);
        const f64v before = finite_of(gone + at), after = finite_of(come + at);
        const struct cut out = cut_at(before, first, second), in = cut_at(after, first, second);

        add_to(to->net[0] + at, in.high - out.high); /* of one unit, so this is exact too */
        add_to(to->net[1] + at, in.low - out.low);
        add_to(to->gross[0] + at, v_flip(in.high, after) - v_flip(out.high, before));
        add_to(to->gross[1] + at, v_flip(in.low, after) - v_flip(out.low, before));
        add_to(to->slack + at, v_abs(in.rest) + v_abs(out.rest)); /* what went out may have been part of a run */
    }
    return true;
}

LANE f64v item_add(const struct gex__wide *sum, const double *item, int at, double sign,
                   double to[GEX_WIDE_LEVELS][GEX_WIDE])
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
                if (!has_place(sum, other->side[side].net[level], at) ||
                    !has_place(sum, other->side[side].gross[level], at))
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

/* ---- rounded ----------------------------------------------------------------------------------------------------- */

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

/* ---- one column ------------------------------------------------------------------------------------------------- */

/* At most 64 multiples of one unit, below 2^46 of it together: exact in any order. */
LANE double lanes_total(f64v x)
{
    double lane[GEX_LANES], total = 0.0;

    v_store(lane, x);
    for (int i = 0; i < GEX_LANES; i++)
        total += lane[i];
    return total;
}

static bool wide_fold(const double *values, int64_t count, double out[GEX_WIDE_FOLDED])
{
    const int64_t bits = count_bits(GEX_WIDE_FOLD), whole = count / GEX_LANES * GEX_LANES;
    double tail[GEX_LANES] = {0.0}, window[GEX_WIDE_FOLDED];
    f64v sum[GEX_WIDE_FOLDED] = {v_set(0.0), v_set(0.0), v_set(0.0)}, rests = v_set(0.0);
    i64v largest = v_bits(v_set(0.0));
    int64_t lane[GEX_LANES], most = 0, power;

    memcpy(tail, values + whole, (size_t)(count - whole) * sizeof *tail);
    for (int64_t i = 0; i < count; i += GEX_LANES)
        largest = i_max(largest, v_bits(v_abs(v_load(i < whole ? values + i : tail))));
    memcpy(lane, &largest, sizeof lane);
    for (int i = 0; i < GEX_LANES; i++)
        most = lane[i] > most ? lane[i] : most;
    power = (most >> 52) + 1 - EXPONENT_BIAS + bits; /* |x| < 2^(power - bits) */
    if (power > HIGHEST)
        return false;
    for (int w = 0; w < GEX_WIDE_FOLDED; w++, power += bits - 53)
        window[w] = make_power(power > LOWEST ? power : LOWEST, UINT64_C(1) << 51);
    for (int64_t i = 0; i < count; i += GEX_LANES) {
        f64v left = v_load(i < whole ? values + i : tail);

        for (int w = 0; w < GEX_WIDE_FOLDED; w++) {
            const f64v cut = (left + v_set(window[w])) - v_set(window[w]);

            sum[w] += cut;
            left = left - cut;
        }
        rests += v_abs(left);
    }
    for (int w = 0; w < GEX_WIDE_FOLDED; w++)
        out[w] = lanes_total(sum[w]);
    return !v_any(~v_equal(rests, v_set(0.0)));
}

#endif
