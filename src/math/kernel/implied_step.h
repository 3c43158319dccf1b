/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The iteration of an implied deviation, GEX_LANES rows at a time. Everything is a logarithm, so no price is too small
 * and no strike too far: with x = |log(F/K)|, W = min(F, K), a = x / s, h = s / 2 and the Mills ratio R,
 *
 *     log(b / W)     = log(R(a - h) - R(a + h)) - (a - h)^2 / 2 - log sqrt(2 pi)
 *     log(1 - b / W) = log(R(h - a) + R(a + h)) - (a - h)^2 / 2 - log sqrt(2 pi)
 *     b' / W = n(a - h),   s b''/b' = a^2 - h^2
 *
 * and for the normal model, with x = |F - K| = 1, log b = log(s (1 - a R(a))) - a^2 / 2 - log sqrt(2 pi), which is the
 * first with h = 0: the derivatives are the same.
 *
 * A step solves for s in an objective that is nearly a straight line: after Jaeckel (2015), Let's be rational,
 * 1 / log(b / W) for prices up to W / 2 and log(1 - b / W) above.
 * The inverse function's series to the fourth power of the Newton step leaves an error of c times the fifth power of
 * the step, in units of s, and e times that of the price; e is the elasticity s b' / b, about a^2. c is below 1 for
 * short deviations, some hundreds for h = 3 and without a bound beyond, so the last step is one below 2^-12 for a < 8,
 * h < 1, below 2^-20 for h > 2, and below 2^-13 elsewhere. A row that has made its last step is out of the game,
 * whatever its neighbours do: the others move together.
 *
 * The Newton step is the difference of the logarithms of the price wanted and had, both pairs, and s + step stays a
 * pair: the deviation is as good as the Mills ratio, about an ulp of the price, and rounded once. A bracket turns a
 * step that leaves it into a bisection, which bounds the work.
 */
#ifndef GEX_MATH_KERNEL_IMPLIED_STEP_H
#define GEX_MATH_KERNEL_IMPLIED_STEP_H

#include "implied_functions.h"
#include "kernel.h"
#include "math/implied.h"

#include <stddef.h>

enum { IMPLIED_STEPS_MAX = 100 };

#define OWN_STACK static __attribute__((noinline)) /* given back before the steps that reach deepest */

/* Rows under way: the first `count`. `row` is where the deviation goes. */
struct implied_work {
    _Alignas(64) double x[GEX_IMPLIED_ROWS], x_lo[GEX_IMPLIED_ROWS];
    double part[GEX_IMPLIED_ROWS], part_lo[GEX_IMPLIED_ROWS],
        power[GEX_IMPLIED_ROWS];     /* |part| 2^power is wanted of b, or where part < 0 of W - b */
    double bound[GEX_IMPLIED_ROWS];  /* W */
    double s[GEX_IMPLIED_ROWS], a[GEX_IMPLIED_ROWS], a_lo[GEX_IMPLIED_ROWS];

    union { /* one after the other */
        struct { /* the first estimate */
            double greater[GEX_IMPLIED_ROWS], apart[GEX_IMPLIED_ROWS]; /* the greater of F and K, over 2^apart */
            double share[GEX_IMPLIED_ROWS];                            /* time value, 0 when it is far below W */
            double near[GEX_IMPLIED_ROWS], z[GEX_IMPLIED_ROWS];
            double place[GEX_IMPLIED_ROWS], piece[GEX_IMPLIED_ROWS], per_z[GEX_IMPLIED_ROWS];
        };
        struct { /* the step of brief deviations */
            double product[GEX_IMPLIED_ROWS], product_lo[GEX_IMPLIED_ROWS], per_product[GEX_IMPLIED_ROWS];
            double quotient[GEX_IMPLIED_ROWS], quotient_lo[GEX_IMPLIED_ROWS];
            union {
                struct {
                    double u1[GEX_IMPLIED_ROWS], u2[GEX_IMPLIED_ROWS], interval[GEX_IMPLIED_ROWS];
                };
                struct {
                    double fraction[GEX_IMPLIED_ROWS], fraction_lo[GEX_IMPLIED_ROWS], rate[GEX_IMPLIED_ROWS];
                };
            };
        };
        struct { /* steps of any */
            double per_s[GEX_IMPLIED_ROWS];
            double mills[GEX_IMPLIED_ROWS], mills_lo[GEX_IMPLIED_ROWS];      /* b / b' or (W - b) / b' */
            double per_mills[GEX_IMPLIED_ROWS], log_ratio[GEX_IMPLIED_ROWS]; /* of wanted over had */
            double low[GEX_IMPLIED_ROWS], high[GEX_IMPLIED_ROWS];
            double target[GEX_IMPLIED_ROWS]; /* log(|part| 2^power / W), roughly: the objective has its root anyway */
        };
    };

    double v[GEX_IMPLIED_ROWS], v_lo[GEX_IMPLIED_ROWS]; /* deviations, by row */

    int32_t row[GEX_IMPLIED_ROWS], count; /* last: the columns of doubles keep their alignment */
};

/* Rows of which log(1 - b / W) is wanted. */
LANE i64v gap_of(const struct implied_work *w, int i)
{
    return v_bits(v_load(&w->part[i])) >> 63;
}

/* ---- first estimate --------------------------------------------------------------------------------------------- */

/* log(x) to 2e-5 of the larger of 1 and the result, x > 0 and normal; relatively so close to 1. */
LANE f64v rough_log(f64v x)
{
    const i64v place = v_bits(x) - v_bits(v_set(0.75)), exponent = place >> 52; /* of x over [0.75, 1.5) */
    const f64v u = v_from_bits(v_bits(x) - (exponent << 52)) - 1.0;
    const double *p = gex__implied_rough_log;
    const f64v u2 = u * u, low = v_fma(u2, v_fma(u, v_set(p[3]), v_set(p[2])), v_fma(u, v_set(p[1]), v_set(p[0])));
    const f64v sum = v_fma(u2 * u2, v_fma(u, v_set(p[5]), v_set(p[4])), low);

    return v_fma(v_from_int(exponent), v_set(0x1.62e42fefa39efp-1), u * sum);
}

/* log(x) to 0.05. */
LANE f64v crude_log(f64v x)
{
    const i64v exponent = (v_bits(x) - v_bits(v_set(1.0))) >> 52;

    return 0x1.62e42fefa39efp-1 * (v_from_int(exponent) + (v_from_bits(v_bits(x) - (exponent << 52)) - 1.0));
}

/* log(|part| 2^power / W), roughly. */
LANE f64v crude_target(const struct implied_work *w, int i)
{
    const f64v share = v_abs(v_load(&w->part[i])) / v_load(&w->bound[i]);

    return v_fma(v_load(&w->power[i]), v_set(LOG_2_COARSE), crude_log(share));
}

#define FLAT 0x1p-30 /* a Z that small is x over the deviation */

/* Where Z stands in the tables, and x sqrt(1 + Z / 2) / Z. */
LANE void put_place(struct implied_work *w, int i, f64v x, f64v z)
{
    const f64v some = v_max(z, v_set(0x1p-40)), inverse = 1.0 / (some * (some + 4.0));
    const f64v t = v_min(some * (some * inverse) * GEX_IMPLIED_SCALE, v_set(8.0625));
    const f64v whole = v_min((t - 0.5) + ROUNDER, v_set(ROUNDER + 7.0));

    v_store(&w->z[i], z);
    v_store(&w->place[i], t - ((whole - ROUNDER) + 0.5));
    v_store(&w->piece[i], whole);
    v_store(&w->per_z[i], x * v_sqrt(v_fma(v_set(0.5), z, v_set(1.0))) * ((some + 4.0) * inverse));
}

struct estimate {
    f64v u;
    i64v interval;
};

LANE struct estimate estimate_at(const struct implied_work *w, int i)
{
    return (struct estimate){v_load(&w->place[i]), v_bits(v_load(&w->piece[i])) & 7};
}

LANE f64v estimate_polynomial(const double (*table)[8], int degree, const struct estimate *e)
{
    f64v sum = look_in_eight(table[degree], e->interval);

    for (int k = degree - 1; k >= 0; k--)
        sum = v_fma(sum, e->u, look_in_eight(table[k], e->interval));
    return sum;
}

/* x / a0, or where that is as good the deviation at the money. */
LANE f64v narrow_estimate(const struct implied_work *w, int i, const struct estimate *e)
{
    const f64v s = v_load(&w->per_z[i]) * estimate_polynomial(gex__implied_ratio, 5, e);
    const i64v flat = v_less(v_load(&w->z[i]), v_set(0.5 * FLAT));

    return lanes_of(flat) == 0 ? s : v_select(flat, v_load(&w->near[i]), s);
}

/* ---- one step, in passes short enough for the processor to run several at a time -------------------------------- */

static void find_a(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const f64v x = v_load(&w->x[i]), s = v_load(&w->s[i]), per_s = 1.0 / s, a = x * per_s;

        v_store(&w->per_s[i], per_s);
        v_store(&w->a[i], a);
        v_store(&w->a_lo[i], (less_product(x, a, s) + v_load(&w->x_lo[i])) * per_s);
    }
}

static void find_mills(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const struct pair a = {v_load(&w->a[i]), v_load(&w->a_lo[i])};
        const struct pair mills = mills_around(a, 0.5 * v_load(&w->s[i]), gap_of(w, i));

        v_store(&w->mills[i], mills.hi);
        v_store(&w->mills_lo[i], mills.lo);
    }
}

/* s (1 - a R(a)) */
static void find_mills_normal(struct implied_work *w)
{
    for (int i = 0; i < w->count; i += GEX_LANES) {
        const struct pair a = {v_min(v_load(&w->a[i]), v_set(IMPLIED_MILLS_END)), v_load(&w->a_lo[i])};

        const struct pair slope = mills_slope(a), mills = two_product(v_load(&w->s[i]), slope.hi);

        v_store(&w->mills[i], mills.hi);
        v_store(&w->mills_lo[i], v_fma(v_load(&w->s[i]), slope.lo, mills.lo));
    }
}

/* log(wanted / (W n(d) mills)) */
static void find_log_ratio(struct implied_work *w, bool normal)
{
    const struct pair log_root_2pi = {v_set(0x1.d67f1c864beb5p-1), v_set(-0x1.65b5a1b7ff5dfp-55)};

    for (int i = 0; i < w->count; i += GEX_LANES) {
        const f64v h = normal ? v_set(0.0) : 0.5 * v_load(&w->s[i]), part = v_abs(v_load(&w->part[i]));
        const f64v bound = v_load(&w->bound[i]), mills = v_load(&w->mills[i]);
        const struct pair product = two_product(bound, mills);
        const f64v product_lo = v_fma(bound, v_load(&w->mills_lo[i]), product.lo);
        const f64v inverse = 1.0 / product.hi, quotient = part * inverse;
        const f64v rest =
            less_product(part, quotient, product.hi) - v_fma(quotient, product_lo, -v_load(&w->part_lo[i]));
        const struct pair log = log_scaled((struct pair){quotient, rest * inverse}, v_load(&w->power[i]));
        struct pair d = two_sum(v_load(&w->a[i]), -h), square, sum;
        f64v low = log.lo + log_root_2pi.lo;

        d = quick_sum(d.hi, d.lo + v_load(&w->a_lo[i]));
        square = two_product(d.hi, d.hi);
        low += v_fma(d.hi, d.lo, 0.5 * square.lo);
        sum = two_sum(log.hi, 0.5 * square.hi);
        low += sum.lo;
        sum = two_sum(sum.hi, log_root_2pi.hi);
        v_store(&w->per_mills[i], bound * inverse);
        v_store(&w->log_ratio[i], sum.hi + (sum.lo + low));
    }
}

/*
 * The step to the root, in units of s: the series of the inverse function, or where that or Newton's step is long
 * Halley's. Either may be 0 far from the root, so `length` is the longest of all.
 */
LANE f64v step_of(const struct implied_work *w, int i, bool normal, f64v *length)
{
    const f64v one = v_set(1.0), a = v_load(&w->a[i]), s = v_load(&w->s[i]), log_ratio = v_load(&w->log_ratio[i]);
    const f64v h = normal ? v_set(0.0) : 0.5 * s, rate = s * v_load(&w->per_mills[i]);     /* s b' / b */
    const f64v a2 = a * a, h2 = h * h, bend = a2 - h2, slope = -v_fma(v_set(3.0), a2, h2); /* s u, s^2 u', u = b''/b' */
    const f64v third = v_fma(bend, bend, slope);                                           /* s^2 b'''/b' */
    const f64v fourth = v_fma(bend, v_fma(bend, bend, 3.0 * slope), 12.0 * a2);            /* s^3 b''''/b' */
    const i64v gap = gap_of(w, i);
    const f64v target = v_load(&w->target[i]), had = target - log_ratio, both = 1.0 / (had * target),
               inverse = both * target;
    f64v newton = log_ratio * (v_load(&w->mills[i]) * v_load(&w->per_s[i])), turn = had * (both * had);
    f64v f2, f3, f4; /* of the objective f(b): f''/f' b, f'''/f' b^2, f''''/f' b^3 */
    f64v g2, g3, g4, inner, step;
    i64v near;

    f2 = v_fma(v_set(-2.0), inverse, -one);
    f3 = v_fma(v_fma(v_set(6.0), inverse, v_set(6.0)), inverse, v_set(2.0));
    f4 = v_fma(v_fma(v_fma(v_set(-24.0), inverse, v_set(-36.0)), inverse, v_set(-22.0)), inverse, v_set(-6.0));
    if (lanes_of(gap) != 0) {
        turn = v_select(gap, -one, turn);
        f2 = v_select(gap, one, f2);
        f3 = v_select(gap, v_set(2.0), f3);
        f4 = v_select(gap, v_set(6.0), f4);
    }
    newton = newton * turn;
    f2 = f2 * rate;
    f3 = f3 * (rate * rate);
    f4 = f4 * (rate * rate * rate);
    g2 = f2 + bend;
    g3 = v_fma(3.0 * f2, bend, f3 + third);
    g4 = v_fma(6.0 * f3, bend, f4) + v_fma(f2, v_fma(3.0 * bend, bend, 4.0 * third), fourth);
    inner = v_fma(newton, g2 * v_fma(-0.625 * g2, g2, (5.0 / 12) * g3) - (1.0 / 24) * g4,
                  v_fma(0.5 * g2, g2, (-1.0 / 6) * g3));
    inner = v_fma(newton, inner, -0.5 * g2);
    step = v_fma(newton * newton, inner, newton);
    near = v_less(v_abs(step), v_set(0x1p-6)) & v_less(v_abs(newton), v_set(0x1p-6));
    if (lanes_of(~near) != 0)
        step = v_select(near, step,
                        newton * v_fma(0.5 * g2, newton, one) / v_fma(newton, v_fma(g3, newton * (1.0 / 6), g2), one));
    *length = v_max(v_abs(newton), v_abs(step));
    return step;
}

/* Where the next step of rows that need one begins. @return those that have no room left */
LANE i64v restart(struct implied_work *w, int i, f64v step, bool first, bool normal)
{
    const i64v gap = gap_of(w, i);
    const f64v s = v_load(&w->s[i]), x = v_load(&w->x[i]);
    const i64v short_of = v_less(v_set(0.0), v_load(&w->log_ratio[i])) ^ gap; /* s is too low */
    f64v low = v_load(&w->low[i]), high = v_load(&w->high[i]), next;
    i64v within;

    if (first) { /* n(70) < 2^-3500, less than a price may be of D W; b < W / 2 has h - a < 1, more has h > a */
        low = v_select(gap, v_sqrt(2.0 * x), x * (1.0 / 70));
        high = normal ? v_set(0x1p1000) : v_select(gap, v_set(200.0), 1.0 + v_sqrt(1.0 + 2.0 * x));
    }
    low = v_select(short_of, v_max(s, low), low);
    high = v_select(short_of, high, v_min(s, high));
    next = v_fma(step, s, s);
    within = v_less(low, next) & v_less(next, high);
    next = v_select(within, next, v_sqrt(low) * v_sqrt(high));
    v_store(&w->low[i], low);
    v_store(&w->high[i], high);
    v_store(&w->s[i], next);
    return ~(v_less(low, next) & v_less(next, high));
}

/* Row `from` of the work becomes row `to`. */
static void move_row(struct implied_work *w, int from, int to)
{
    w->x[to] = w->x[from];
    w->x_lo[to] = w->x_lo[from];
    w->part[to] = w->part[from];
    w->part_lo[to] = w->part_lo[from];
    w->power[to] = w->power[from];
    w->bound[to] = w->bound[from];
    w->target[to] = w->target[from];
    w->s[to] = w->s[from];
    w->low[to] = w->low[from];
    w->high[to] = w->high[from];
    w->row[to] = w->row[from];
}

LANE f64v step_allowed(i64v quick, i64v vast)
{
    return v_select(quick, v_set(0x1p-12), v_select(vast, v_set(0x1p-20), v_set(0x1p-13)));
}

/* Take the step; rows for which it was the last leave, the others close ranks. In the first, row i is row i. */
LANE void take_step(struct implied_work *w, bool first, bool last, bool normal)
{
    const unsigned all = (1u << GEX_LANES) - 1u;
    int left = 0;

    for (int i = 0; i < w->count; i += GEX_LANES) {
        const int lanes = w->count - i < GEX_LANES ? w->count - i : GEX_LANES;
        f64v length;
        const f64v s = v_load(&w->s[i]), step = step_of(w, i, normal, &length);
        const i64v quick = v_less(v_load(&w->a[i]), v_set(8.0)) & v_less(s, v_set(2.0));
        const i64v vast = v_less(v_set(4.0), s), done = v_less(length, step_allowed(quick, vast));
        const struct pair v = quick_sum(s, v_keep(done, step * s));
        unsigned leaving = last ? all : lanes_of(done);
        double here[GEX_LANES], here_lo[GEX_LANES];

        if (leaving != all)
            leaving |= lanes_of(restart(w, i, step, first, normal));
        if (first) {
            v_store(&w->v[i], v.hi);
            v_store(&w->v_lo[i], v.lo);
            if (leaving == all)
                continue;
            for (int lane = 0; lane < lanes; lane++)
                w->row[i + lane] = i + lane;
        }
        v_store(here, v.hi);
        v_store(here_lo, v.lo);
        for (int lane = 0; lane < lanes; lane++)
            if ((leaving >> lane & 1u) == 0) {
                move_row(w, i + lane, left++);
            } else if (!first) {
                w->v[w->row[i + lane]] = here[lane];
                w->v_lo[w->row[i + lane]] = here_lo[lane];
            }
    }
    w->count = left;
}

LANE void step_rows(struct implied_work *w, bool first, bool last, bool normal)
{
    find_a(w);
    if (normal)
        find_mills_normal(w);
    else
        find_mills(w);
    find_log_ratio(w, normal);
    take_step(w, first, last, normal);
}

/* The first step of every row; those that need more are left. */
static void begin(struct implied_work *w, bool normal)
{
    if (normal)
        step_rows(w, true, false, true);
    else
        step_rows(w, true, false, false);
}

/* Steps until no row is left. Lanes beyond the last row do the last row's work again. */
static void finish(struct implied_work *w, bool normal)
{
    for (int step = 2; w->count > 0; step++) {
        for (int i = w->count; i % GEX_LANES != 0; i++)
            move_row(w, w->count - 1, i);
        if (normal)
            step_rows(w, false, step == IMPLIED_STEPS_MAX, true);
        else
            step_rows(w, false, step == IMPLIED_STEPS_MAX, false);
    }
}

#endif
