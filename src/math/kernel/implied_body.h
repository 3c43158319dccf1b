/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility of Black's model, a block of rows at a time: time value, first estimate, a step, volatility. The
 * few rows that need another step wait until there are enough of them to fill the lanes.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_BODY_H
#define GEX_MATH_KERNEL_IMPLIED_BODY_H

#include "implied_value.h"

enum { GEX_IMPLIED_POOL = 16 };

#define LOG_ROOT_2PI 0.918938533204672742
#define FLAT 0x1p-30      /* a Z that small is x over the deviation */
#define POWER_LARGE 900.0 /* from there on estimates are made of logarithms */

/* ---- first estimate --------------------------------------------------------------------------------------------- */

/* Z = log(1 + x sqrt(F K) / (b sqrt(2 pi))), and sqrt(2 pi) b / sqrt(F K), the deviation at the money. */
static void estimate_money(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v x = v_load(&b->work.x[i]);
        const bool plain = is_plain(b, i);
        f64v share = v_load(&b->work.share[i]), square = v_load(&b->work.bound[i]) * v_load(&b->work.greater[i]),
             middle, inverse, z;
        i64v far = v_less(x, x);

        if (!plain) {
            const f64v apart = v_load(&b->work.apart[i]);

            far = ~(v_less(apart, v_set(POWER_LARGE)) & v_less(v_set(-POWER_LARGE), v_load(&b->work.power[i])));
            share = v_select(far, v_set(1.0), share);
            square =
                v_load(&b->work.bound[i]) * (v_load(&b->work.greater[i]) * v_pow2(v_min(apart, v_set(POWER_LARGE))));
        }
        middle = v_sqrt(square);
        inverse = 1.0 / (share * middle);
        z = rough_log(v_fma(x * square * inverse, v_set(1.0 / ROOT_2PI), v_set(1.0)));
        if (!plain && lanes_of(far) != 0)
            z = v_select(far, rough_log(1.0 + x) - LOG_ROOT_2PI - v_load(&b->work.target[i]) + 0.5 * x, z);
        v_store(&b->work.z[i], z);
        if (lanes_of(v_less(z, v_set(FLAT))) != 0)
            v_store(&b->work.near[i], share * share * inverse * ROOT_2PI);
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

/* x / a0, or where that is as good the deviation at the money. */
LANE f64v narrow_estimate(f64v x, f64v z, const double *near, const struct estimate *e)
{
    const f64v s = x * v_sqrt(v_fma(v_set(0.5), z, v_set(1.0))) * (e->ratio * e->per_z);
    const i64v flat = v_less(z, v_set(FLAT));

    return lanes_of(flat) == 0 ? s : v_select(flat, v_load(near), s);
}

static void estimate_deviation(struct implied_block *b, int rows)
{
    for (int i = 0; i < rows; i += GEX_LANES) {
        const f64v x = v_load(&b->work.x[i]), z = v_load(&b->work.z[i]);
        const i64v gap = v_bits(v_load(&b->work.gap[i]));
        const struct estimate e = estimate_at(z);
        f64v s = narrow_estimate(x, z, &b->work.near[i], &e), q = v_min(0.25 * s * s, v_set(4.0)), bend;

        bend = v_fma(q, estimate_polynomial(gex__implied_bend3, 3, &e), estimate_polynomial(gex__implied_bend2, 3, &e));
        bend = v_fma(q, bend, estimate_polynomial(gex__implied_bend1, 4, &e));
        s = v_fma(s * q, bend, s);
        if (lanes_of(gap) != 0)
            s = v_select(gap, estimate_gap(x, rough_log(v_load(&b->work.part[i]) / v_load(&b->work.bound[i]))), s);
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
    const i64v stepped = v_equal(direct, zero), worth = v_bits(v_load(&b->worth[i]));
    f64v vol, code = v_load(&b->code[i]);
    i64v fine = v_equal(code, zero);

    v.hi = v_keep(worth, v_select(stepped, v.hi, direct));
    v.lo = v_keep(worth, v_select(stepped, v.lo, v_load(&b->direct_lo[i])));
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

/* Rows that need another step wait here for company. */
struct implied_pool {
    double x[GEX_IMPLIED_POOL], x_lo[GEX_IMPLIED_POOL], part[GEX_IMPLIED_POOL], part_lo[GEX_IMPLIED_POOL];
    double power[GEX_IMPLIED_POOL], bound[GEX_IMPLIED_POOL], target[GEX_IMPLIED_POOL], gap[GEX_IMPLIED_POOL];
    double s[GEX_IMPLIED_POOL], low[GEX_IMPLIED_POOL], high[GEX_IMPLIED_POOL];
    int64_t row[GEX_IMPLIED_POOL];
    int count;
};

#define POOL_FIELDS(X) X(x) X(x_lo) X(part) X(part_lo) X(power) X(bound) X(target) X(gap) X(s) X(low) X(high)

static void join_pool(struct implied_pool *pool, const struct implied_work *w, int64_t from)
{
    for (int i = 0; i < w->count; i++, pool->count++) {
#define JOIN(field) pool->field[pool->count] = w->field[i];
        POOL_FIELDS(JOIN)
        pool->row[pool->count] = from + w->row[i];
    }
}

static void empty_pool(struct implied_pool *pool, struct implied_block *b, const struct gex__implied_in *in,
                       double *vol, uint8_t *code)
{
    double years[GEX_IMPLIED_ROWS], values[GEX_IMPLIED_ROWS];
    uint8_t codes[GEX_IMPLIED_ROWS];
    const int count = pool->count;

    _Static_assert((int)GEX_IMPLIED_POOL <= (int)GEX_IMPLIED_ROWS, "a pool is solved as a block");
    for (int i = 0; i < GEX_IMPLIED_ROWS; i++) {
        const int at = i < count ? i : count - 1;

#define LEAVE(field) b->work.field[i] = pool->field[at];
        POOL_FIELDS(LEAVE)
        b->work.row[i] = i;
        memcpy(&years[i], &in->years[pool->row[at]], sizeof years[i]); /* of any alignment */
    }
    b->plain = ~0u;
    b->work.count = count;
    pool->count = 0;
    finish(&b->work, false);
    finish_rows(b, years, count, values, codes);
    for (int i = 0; i < count; i++) {
        vol[pool->row[i]] = values[i];
        if (code != NULL)
            code[pool->row[i]] = codes[i];
    }
}

static void implied_black(const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    struct implied_pool pool = {.count = 0};
    struct implied_block b;

    for (int64_t from = 0; from < in->rows; from += GEX_IMPLIED_ROWS) {
        const int rows = in->rows - from < GEX_IMPLIED_ROWS ? (int)(in->rows - from) : GEX_IMPLIED_ROWS;

        if (in->model == GEX_MODEL_INVERSE)
            take_rows_of(&b, in, from, rows, true, false);
        else if (in->discount != NULL)
            take_rows_of(&b, in, from, rows, false, true);
        else
            take_rows_of(&b, in, from, rows, false, false);
        take_logarithms(&b, rows);
        estimate_money(&b, rows);
        estimate_deviation(&b, rows);
        b.work.count = rows;
        begin(&b.work, false);
        if (b.work.count > GEX_IMPLIED_POOL - pool.count)
            finish(&b.work, false);
        join_pool(&pool, &b.work, from);
        finish_rows(&b, &in->years[from], rows, &vol[from], code != NULL ? &code[from] : NULL);
        if (pool.count >= GEX_IMPLIED_POOL / 2)
            empty_pool(&pool, &b, in, vol, code);
    }
    if (pool.count > 0)
        empty_pool(&pool, &b, in, vol, code);
}

#endif
