/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility of Black's model, a block of rows at a time: time value, first estimate, brief step, volatility.
 * The few rows that the step leaves wait until there are enough of them to fill the lanes.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_BODY_H
#define GEX_MATH_KERNEL_IMPLIED_BODY_H

#include "implied_brief.h"
#include "implied_value.h"

enum { GEX_IMPLIED_POOL = 40 };

#define LOG_ROOT_2PI 0.918938533204672742
#define POWER_LARGE 900.0 /* from there on estimates are made of logarithms */

/* ---- first estimate --------------------------------------------------------------------------------------------- */

/* Rows whose estimate is made of logarithms. */
LANE i64v is_far(const struct implied_block *b, int i)
{
    return ~(v_less(v_load(&b->work.apart[i]), v_set(POWER_LARGE)) &
             v_less(v_set(-POWER_LARGE), v_load(&b->work.power[i])));
}

/* x sqrt(F K) / (b sqrt(2 pi)), or 0 where it is flat: there sqrt(2 pi) b / sqrt(F K), the deviation at the money. */
static void estimate_money(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v bound = v_load(&b->work.bound[i]), greater = v_load(&b->work.greater[i]);
        f64v share = v_load(&b->work.part[i]), square = bound * greater, inverse, ratio;
        i64v flat;

        if (!is_plain(b, i)) {
            const f64v apart = v_load(&b->work.apart[i]);

            share = v_select(is_far(b, i), v_set(1.0), v_load(&b->work.share[i]));
            square = bound * (greater * v_pow2(v_min(apart, v_set(POWER_LARGE))));
        }
        inverse = 1.0 / (share * v_sqrt(square));
        ratio = v_load(&b->work.x[i]) * square * inverse * (1.0 / ROOT_2PI);
        flat = v_less(ratio, v_set(FLAT));
        if (lanes_of(flat) != 0) {
            ratio = v_keep(~flat, ratio);
            v_store(&b->work.near[i], share * share * inverse * ROOT_2PI);
        }
        v_store(&b->work.z[i], ratio);
    }
}

/* Normal tail y of a probability, N(-y) = exp(log_p), to 5e-4 for log_p < -0.7: Abramowitz and Stegun 26.2.23. */
LANE f64v tail_of(f64v log_p)
{
    const f64v t = v_sqrt(-2.0 * log_p);

    return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/*
 * From 1 - b / W = N(-y) + exp(x) N(-z), y = h - a, z = h + a, z^2 = y^2 + 2 x, so s = y + z. The terms are equal for x
 * = 0, which gives a first y; their ratio R(z) / R(y) then corrects it, for d log N(-y) / dy = -1 / R(y). R(y) is
 * nearly 2 / (y + sqrt(y^2 + 4)).
 */
LANE f64v estimate_gap(f64v x, f64v log_gap)
{
    const f64v log_2 = v_set(0.6931471805599453), first = tail_of(log_gap - log_2), square = first * first;
    const f64v far = v_sqrt(square + 2.0 * x), near_part = first + v_sqrt(square + 4.0);
    const f64v far_part = far + v_sqrt(far * far + 4.0), inverse = 1.0 / (near_part * far_part);
    const f64v ratio = near_part * near_part * inverse;
    const f64v y = first - 2.0 * far_part * inverse * (log_2 - rough_log(1.0 + ratio));

    return y + v_sqrt(v_fma(y, y, 2.0 * x));
}

/* Z = log(1 + that), and where it stands in the tables. */
static void estimate_places(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v x = v_load(&b->work.x[i]);
        f64v z = rough_log(1.0 + v_load(&b->work.z[i]));

        if (!is_plain(b, i) && lanes_of(is_far(b, i)) != 0)
            z = v_select(is_far(b, i), rough_log(1.0 + x) - LOG_ROOT_2PI - crude_target(&b->work, i) + 0.5 * x, z);
        put_place(&b->work, i, x, z);
    }
}

static void estimate_deviation(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const struct estimate e = estimate_at(&b->work, i);
        f64v s = narrow_estimate(&b->work, i, &e), q = v_min(0.25 * s * s, v_set(4.0)), bend;

        bend = v_fma(q, estimate_polynomial(gex__implied_bend3, 1, &e), estimate_polynomial(gex__implied_bend2, 2, &e));
        bend = v_fma(q, bend, estimate_polynomial(gex__implied_bend1, 3, &e));
        s = v_fma(s * q, bend, s);
        v_store(&b->work.s[i], s);
    }
}

/* ---- volatility ------------------------------------------------------------------------------------------------- */

/* v / sqrt(years), for years whose remainder of the root is normal. */
LANE f64v over_root(struct pair v, f64v years)
{
    const f64v root = v_sqrt(years), per_root = 1.0 / root, quotient = v.hi * per_root;
    const f64v root_lo = less_product(years, root, root) * 0.5 * per_root;

    return quotient + (less_product(v.hi, quotient, root) + (v.lo - quotient * root_lo)) * per_root;
}

/* Deviation over the root of time, rows that have none, and what is wrong with them. */
LANE f64v judged_vol(struct implied_block *b, int i, struct pair v, f64v years)
{
    const f64v zero = v_set(0.0), infinity = v_set(__builtin_inf());
    const i64v brief = v_less(years, v_set(0x1p-500)), vast = v_less(v_set(0x1p500), years);
    const f64v grown = v_select(brief, v_set(0x1p200), v_select(vast, v_set(0x1p-200), v_set(1.0)));
    const f64v direct = v_load(&b->direct[i]), late = v_load(&b->late[i]);
    const i64v stepped = v_equal(direct, zero);
    f64v vol, code = v_load(&b->code[i]);
    i64v fine = v_equal(code, zero);

    v.hi = v_select(stepped, v.hi, direct);
    v.lo = v_select(stepped, v.lo, v_load(&b->direct_lo[i]));
    vol = over_root(v, years * grown * grown) * grown;
    if (lanes_of(~v_equal(late, zero)) != 0)
        vol = scale_far(vol, late);
    vol = v_keep(v_less(zero, v.hi), vol);
    code = v_select(fine & ~v_less(vol, infinity), v_set(GEX_CALC_ABOVE_MAX), code);
    code = v_select(fine & v_less(zero, v.hi) & v_equal(years, zero), v_set(GEX_CALC_NO_TIME), code);
    v_store(&b->code[i], code);
    return v_select(v_equal(code, zero), vol, v_set(__builtin_nan("")));
}

static void finish_rows(struct implied_block *b, const double *years_of, int rows, double *vol_out, uint8_t *code_out)
{
    if (code_out != NULL)
        memset(code_out, GEX_CALC_OK, (size_t)rows);
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v years = v_load(&years_of[i]);
        const struct pair v = {v_load(&b->work.v[i]), v_load(&b->work.v_lo[i])};
        const int lanes = rows - i < GEX_LANES ? rows - i : GEX_LANES;
        double vol[GEX_LANES];

        if (is_plain(b, i) && lanes == GEX_LANES && lanes_of(~is_near(years)) == 0) {
            v_store(&vol_out[i], over_root(v, years));
            continue;
        }
        if (is_plain(b, i))
            put_ordinary(b, i);
        v_store(vol, judged_vol(b, i, v, years));
        memcpy(&vol_out[i], vol, (size_t)lanes * sizeof *vol);
        for (int lane = 0; code_out != NULL && lane < lanes; lane++)
            code_out[i + lane] = (uint8_t)b->code[i + lane];
    }
}

/* ---- rows that the brief step leaves ---------------------------------------------------------------------------- */

/* They wait here for company. */
struct implied_pool {
    double x[GEX_IMPLIED_POOL], x_lo[GEX_IMPLIED_POOL], part[GEX_IMPLIED_POOL], part_lo[GEX_IMPLIED_POOL];
    double power[GEX_IMPLIED_POOL], bound[GEX_IMPLIED_POOL], s[GEX_IMPLIED_POOL];
    int64_t row[GEX_IMPLIED_POOL];
    int count;
};

#define POOL_FIELDS(X) X(x) X(x_lo) X(part) X(part_lo) X(power) X(bound) X(s)

/* Set bits, without the processor's instruction, which the baseline has not. */
LANE int count_of(unsigned bits)
{
    bits = bits - (bits >> 1 & 0x55555555u);
    bits = (bits & 0x33333333u) + (bits >> 2 & 0x33333333u);
    return (int)(((bits + (bits >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24);
}

/* The lanes named, side by side. */
LANE void squeeze(double *to, const double *from, unsigned lanes)
{
#if GEX_LANES == 8 && defined(__AVX512F__)
    const f64v together = _mm512_maskz_compress_pd((__mmask8)lanes, v_load(from));

    _mm512_mask_storeu_pd(to, (__mmask8)((1u << count_of(lanes)) - 1u), together);
#else
    for (int lane = 0; lane < GEX_LANES; lane++)
        if ((lanes >> lane & 1u) != 0)
            *to++ = from[lane];
#endif
}

/* Those of the block that are left join; none is lost, for the caller has seen that they fit. */
static void join_pool(struct implied_pool *pool, const struct implied_work *w, unsigned left, int64_t from)
{
    for (int i = 0; left != 0; i += GEX_LANES, left >>= GEX_LANES) {
        unsigned lanes = left & ((1u << GEX_LANES) - 1u);

#define JOIN(field) squeeze(&pool->field[pool->count], &w->field[i], lanes);
        if (lanes == 0)
            continue;
        POOL_FIELDS(JOIN)
        for (; lanes != 0; lanes &= lanes - 1)
            pool->row[pool->count++] = from + i + __builtin_ctz(lanes);
    }
}

/* The same within the block, for a pool without room. */
static int close_ranks(struct implied_work *w, unsigned left, int64_t from, int64_t *row)
{
    int count = 0;

    for (int i = 0; left != 0; i += GEX_LANES, left >>= GEX_LANES) {
        unsigned lanes = left & ((1u << GEX_LANES) - 1u);

#define CLOSE(field) squeeze(&w->field[count], &w->field[i], lanes);
        POOL_FIELDS(CLOSE)
        for (; lanes != 0; lanes &= lanes - 1)
            row[count++] = from + i + __builtin_ctz(lanes);
    }
    return count;
}

/* What steps of any kind need to know more than the brief one. */
static void prepare_steps(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const i64v gap = gap_of(w, i);
        const f64v share = v_abs(v_load(&w->part[i])) / v_load(&w->bound[i]);

        v_store(&w->target[i], crude_target(w, i));
        if (lanes_of(gap) != 0)
            v_store(&w->s[i], v_select(gap, estimate_gap(v_load(&w->x[i]), rough_log(share)), v_load(&w->s[i])));
    }
}

/* The first `count` rows of the block, which are these rows of the columns, by as many steps as it takes. */
static void solve_rows(struct implied_block *b, const int64_t *row, int count, const struct gex__implied_in *in,
                       double *vol, uint8_t *code)
{
    double *const years = b->work.x, *const values = b->work.s; /* in the end nobody needs these */
    uint8_t codes[GEX_IMPLIED_ROWS];

    for (int i = count; i % GEX_LANES != 0; i++) {
#define REPEAT(field) b->work.field[i] = b->work.field[count - 1];
        POOL_FIELDS(REPEAT)
    }
    b->work.count = count;
    prepare_steps(&b->work);
    begin(&b->work, false);
    finish(&b->work, false);
    b->plain = ~0u;
    for (int i = 0; i == 0 || i % GEX_LANES != 0 || i < count; i++)
        memcpy(&years[i], &in->years[row[i < count ? i : count - 1]], sizeof years[i]); /* of any alignment */
    finish_rows(b, years, count, values, codes);
    for (int i = 0; i < count; i++) {
        vol[row[i]] = values[i];
        if (code != NULL)
            code[row[i]] = codes[i];
    }
}

/* The first `count` of the pool, no more than a block. */
static void drain_pool(struct implied_pool *pool, int count, struct implied_block *b, const struct gex__implied_in *in,
                       double *vol, uint8_t *code)
{
    const int rest = pool->count - count;

#define LEAVE(field) memcpy(b->work.field, pool->field, sizeof b->work.field);
    POOL_FIELDS(LEAVE)
    solve_rows(b, pool->row, count, in, vol, code);
    for (int i = 0; i < rest; i++) {
#define ADVANCE(field) pool->field[i] = pool->field[count + i];
        POOL_FIELDS(ADVANCE)
        pool->row[i] = pool->row[count + i];
    }
    pool->count = rest;
}

/* Rows of a block by the brief step, and those that it leaves. */
static void solve_block(struct implied_block *b, struct implied_pool *pool, const struct gex__implied_in *in,
                        int64_t from, int rows, double *vol, uint8_t *code)
{
    unsigned left;
    int count;

    b->work.count = rows;
    left = step_brief(&b->work);
    finish_rows(b, &in->years[from], rows, &vol[from], code != NULL ? &code[from] : NULL);
    count = count_of(left);
    if (count > GEX_IMPLIED_POOL - pool->count) {
        int64_t row[GEX_IMPLIED_ROWS];

        count = close_ranks(&b->work, left, from, row);
        solve_rows(b, row, count, in, vol, code);
    } else if (count > 0) {
        join_pool(pool, &b->work, left, from);
        if (pool->count >= GEX_IMPLIED_ROWS)
            drain_pool(pool, GEX_IMPLIED_ROWS, b, in, vol, code);
    }
}

/* What a block of rows is worth and where its deviations begin. */
OWN_STACK void start_block(struct implied_block *b, const struct gex__implied_in *in, int64_t from, int rows)
{
    if (in->model == GEX_MODEL_INVERSE)
        take_rows_of(b, in, from, rows, true, false);
    else if (in->discount != NULL)
        take_rows_of(b, in, from, rows, false, true);
    else
        take_rows_of(b, in, from, rows, false, false);
    take_logarithms(b, rows);
    estimate_money(b, rows);
    estimate_places(b, rows);
    estimate_deviation(b, rows);
}

static void implied_black(const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    struct implied_pool pool = {.count = 0};
    struct implied_block b;

    for (int64_t from = 0; from < in->rows; from += GEX_IMPLIED_ROWS) {
        const int rows = in->rows - from < GEX_IMPLIED_ROWS ? (int)(in->rows - from) : GEX_IMPLIED_ROWS;

        start_block(&b, in, from, rows);
        solve_block(&b, &pool, in, from, rows, vol, code);
    }
    if (pool.count > 0)
        drain_pool(&pool, pool.count, &b, in, vol, code);
}

#endif
