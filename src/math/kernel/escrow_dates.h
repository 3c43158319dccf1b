/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that are exercised just before ex-dates and at no other time, GEX_LANES at a time: the value is Black's and, of
 * each ex-date, what exercise there adds to waiting, g = (E - V)^+, in expectation (Carr, Jarrow and Myneni 1992, with
 * jumps in place of a flow):
 *
 *     V(t, s) = C(s, T - t) + sum over t_i > t of e^(-r (t_i - t)) E[g_i(s(t_i)) | s(t) = s]
 *
 * Far in the money all is certain and g is level + slope s; less a rest, there and up to the first exercise s*:
 *
 *     g_i(s) = level + slope s - rest(s) for s > s*, where rest(s*) = level + slope s*, else 0
 *     rest_i = put(s, T - t_i) - sum over t_j > t_i of e^(-r (t_j - t_i)) E[level_j + slope_j s - g_j]
 *
 * A rest is analytic: a polynomial in log s up to where it is next to nothing. Its expectation is Gauss and Legendre's
 * sum over what of six deviations lies between the ends, and derivatives by log s are those of the density, He_k(z)
 * n(z) / w^k. The rest of the expectation is two normal distributions.
 */
#include "escrow.h"

#include <stddef.h>

enum { ESCROW_DERIVATIVES = 4, ESCROW_ROOT_PASSES = 24 };
#define ESCROW_DEVIATION_LEAST 1e-5
#define ESCROW_WINDOW 6.0 /* deviations */
#define ESCROW_REST 5.0   /* deviations beyond which a rest is next to nothing */

struct escrow_path {
    f64v vol, rate, carry, drift; /* of log s */
};

LANE struct escrow_path escrow_path_of(const struct gex__escrow_lines *lines, int lane)
{
    struct escrow_path p = {v_load(lines->vol + lane), v_load(lines->rate + lane), v_load(lines->carry + lane),
                            v_set(0.0)};

    p.drift = p.rate - p.carry - 0.5 * (p.vol * p.vol);
    return p;
}

LANE f64v escrow_spread(const struct escrow_path *p, double span)
{
    return v_max(p->vol * v_set(__builtin_sqrt(span)), v_set(ESCROW_DEVIATION_LEAST));
}

/* Of the normal distribution N(-d), d = (y + ...) / w: its derivatives by y, from that of order 1 on. */
LANE void escrow_bends(f64v d, f64v density, f64v per_w, int orders, f64v bend[ESCROW_DERIVATIVES + 1])
{
    f64v scale = -(density * per_w);

    bend[1] = scale;
    if (orders < 2)
        return;
    scale *= -per_w;
    bend[2] = scale * d;
    scale *= -per_w;
    bend[3] = scale * v_fma(d, d, v_set(-1.0));
    scale *= -per_w;
    bend[4] = scale * d * v_fma(d, d, v_set(-3.0));
}

LANE f64v escrow_rest_at(const struct gex__escrow_date *date, int lane, f64v t)
{
    const f64v t2 = t * t;
    f64v even = v_load(&date->rest[GEX_AMERICAN_TERMS - 2][lane]),
         odd = v_load(&date->rest[GEX_AMERICAN_TERMS - 1][lane]);

    for (int k = GEX_AMERICAN_TERMS - 4; k >= 0; k -= 2) {
        even = v_fma(even, t2, v_load(&date->rest[k][lane]));
        odd = v_fma(odd, t2, v_load(&date->rest[k + 1][lane]));
    }
    return v_fma(odd, t, even);
}

/*
 * e^(-r span) E[level + slope s - g] of a date `span` years on and its derivatives by y = log s, added to `by`;
 * `orders` is 1 or 4.
 */
LANE void escrow_add_short(const struct escrow_path *p, const struct gex__escrow_date *date, int lane, double span,
                           f64v y, int orders, f64v by[ESCROW_DERIVATIVES + 1])
{
    const double *points = gex__american_standard.t, *weights = gex__american_standard.t_weight;
    const f64v first = v_load(date->first + lane), end = v_load(date->end + lane);
    const f64v w = escrow_spread(p, span), per_w = 1.0 / w, mean = v_fma(p->drift, v_set(span), y);
    const f64v discount = exp_short(-(p->rate * span));
    const f64v level = v_load(date->level + lane) * discount;
    const f64v slope = v_load(date->slope + lane) * exp_short(v_fma(p->carry, v_set(-span), y));
    const f64v from = v_min(v_max((first - mean) * per_w, v_set(-ESCROW_WINDOW)), v_set(ESCROW_WINDOW));
    const f64v to = v_min(v_max((end - mean) * per_w, from), v_set(ESCROW_WINDOW));
    const f64v d2 = (mean - first) * per_w, d1 = d2 + w;
    f64v bend[ESCROW_DERIVATIVES + 1], density;

    by[0] += level * normal_cdf(-d2, &density);
    escrow_bends(d2, density, per_w, orders, bend);
    for (int k = 1; k <= orders; k++)
        by[k] += level * bend[k];
    if (v_any(~v_equal(slope, v_set(0.0)))) {
        const f64v tail = slope * normal_cdf(-d1, &density);

        escrow_bends(d1, density, per_w, orders, bend);
        by[0] += tail;
        by[1] += tail + slope * bend[1];
        if (orders > 1) {
            by[2] += tail + slope * (2.0 * bend[1] + bend[2]);
            by[3] += tail + slope * (3.0 * (bend[1] + bend[2]) + bend[3]);
            by[4] += tail + slope * (4.0 * (bend[1] + bend[3]) + 6.0 * bend[2] + bend[4]);
        }
    }
    if (v_any(v_less(from, to))) {
        const f64v width = to - from, per_half = 1.0 / v_max(0.5 * (end - first), v_set(1e-12));
        const f64v offset = (mean - 0.5 * (first + end)) * per_half, rise = w * per_half;
        f64v sum[ESCROW_DERIVATIVES + 1], scale = discount * width * 0x1.9884533d43651p-2;

        for (int k = 0; k <= orders; k++)
            sum[k] = v_set(0.0);
        for (int j = 0; j < GEX_ESCROW_POINTS; j++) {
            const f64v z = v_fma(width, v_set(points[j]), from);
            const f64v t = v_min(v_max(v_fma(rise, z, offset), v_set(-1.0)), v_set(1.0));
            const f64v mass = exp_short(-0.5 * (z * z)) * weights[j] * escrow_rest_at(date, lane, t);

            sum[0] += mass;
            sum[1] = v_fma(mass, z, sum[1]);
            if (orders > 1) {
                const f64v z2 = z * z;

                sum[2] = v_fma(mass, z2 - 1.0, sum[2]);
                sum[3] = v_fma(mass, z * (z2 - 3.0), sum[3]);
                sum[4] = v_fma(mass, v_fma(z2, z2 - 6.0, v_set(3.0)), sum[4]);
            }
        }
        for (int k = 0; k <= orders; k++) {
            by[k] = v_fma(scale, sum[k], by[k]);
            scale *= per_w;
        }
    }
}

/* The rest of date i at y, and its slope. */
LANE void escrow_rest_of(const struct gex__escrow_lines *lines, const struct escrow_path *p,
                         const struct gex__escrow_formula *formula, int lane, int i, f64v y, f64v by[2])
{
    const double span = lines->years - formula->date[i].when;
    const f64v w = escrow_spread(p, span), owned = exp_short(v_fma(p->carry, v_set(-span), y));
    const f64v d2 = (v_fma(p->drift, v_set(span), y) - v_load(lines->log_strike + lane)) / w;
    f64v sum[ESCROW_DERIVATIVES + 1] = {v_set(0.0), v_set(0.0)}, density;
    const f64v tail = owned * normal_cdf(-(d2 + w), &density);

    for (int j = i + 1; j < formula->dates; j++)
        escrow_add_short(p, &formula->date[j], lane, formula->date[j].when - formula->date[i].when, y, 1, sum);
    by[0] = v_load(lines->strike + lane) * exp_short(-(p->rate * span)) * normal_cdf(-d2, &density) - tail - sum[0];
    by[1] = -tail - sum[1];
}

/*
 * s* of date i, from the root of log(rest / (level + slope s)), which falls: Newton's method between bounds. `center`
 * is where rests bend, `w` the width of the bend. Lanes that have arrived stay.
 */
OWN_STACK void escrow_find_first(const struct gex__escrow_lines *lines, const struct escrow_path *p,
                                 struct gex__escrow_formula *formula, int lane, int i, f64v center, f64v w)
{
    struct gex__escrow_date *const date = &formula->date[i];
    const f64v level = v_load(date->level + lane), slope = v_load(date->slope + lane), none = v_set(0x1p-1000);
    const i64v pays = v_less(v_set(0.0), v_max(level, slope)), from_above = v_less(level, v_set(0.0)) & pays;
    const f64v least = log_ratio(v_max(v_keep(from_above, -level), none), v_select(from_above, slope, v_set(1.0))).hi;
    f64v low = center - 8.0 * w - 1.0, high = center + 8.0 * w, y = center;
    i64v going = pays;

    low = v_select(from_above, v_max(low, least), low);
    high = v_max(high, low + 8.0 * w);
    y = v_select(v_less(y, low), low + w, y);
    for (int pass = 0; pass < ESCROW_ROOT_PASSES && v_any(going); pass++) {
        f64v rest[2], aim, ratio, change, next;
        i64v above, outside;

        escrow_rest_of(lines, p, formula, lane, i, y, rest);
        aim = v_fma(slope, exp_short(y), level);
        rest[0] = v_max(rest[0], none);
        aim = v_max(aim, none);
        ratio = log_ratio(rest[0], aim).hi;
        above = v_less(v_set(0.0), ratio); /* the root lies above */
        low = v_select(above, v_max(low, y), low);
        high = v_select(above, high, v_min(high, y));
        change = ratio / (rest[1] / rest[0] - slope * exp_short(y) / aim);
        next = y - change;
        outside = ~(v_less(low, next) & v_less(next, high));
        next = v_select(outside, 0.5 * (low + high), next);
        change = next - y;
        y = v_select(going, next, y);
        going &= v_less(1e-9 * w, v_abs(change));
    }
    v_store(date->first + lane, v_select(pays, y, v_set(GEX_ESCROW_NOWHERE)));
}

OWN_STACK void escrow_fit_rest(const struct gex__escrow_lines *lines, const struct escrow_path *p,
                               struct gex__escrow_formula *formula, int lane, int i)
{
    struct gex__escrow_date *const date = &formula->date[i];
    const f64v first = v_load(date->first + lane), end = v_load(date->end + lane);
    const f64v middle = 0.5 * (first + end), half = 0.5 * (end - first);
    const i64v any = v_less(first, end);
    f64v sample[GEX_AMERICAN_TERMS];

    for (int j = 0; j < GEX_AMERICAN_TERMS; j++) {
        f64v by[2] = {v_set(0.0), v_set(0.0)};

        if (v_any(any))
            escrow_rest_of(lines, p, formula, lane, i, v_fma(half, v_set(gex__american_nodes[j]), middle), by);
        sample[j] = v_keep(any, by[0]);
    }
    for (int k = 0; k < GEX_AMERICAN_TERMS; k++) {
        f64v sum = v_set(0.0);

        for (int j = 0; j < GEX_AMERICAN_TERMS; j++)
            sum = v_fma(sample[j], v_set(gex__american_monomial[k][j]), sum);
        v_store(&date->rest[k][lane], sum);
    }
}

/* A rest bends where the next exercise may be, at a later date or at expiry. */
static void escrow_calls_solve(const struct gex__escrow_lines *lines, struct gex__escrow_formula *formula)
{
    for (int lane = 0; lane < GEX_ESCROW_LANES; lane += GEX_LANES) {
        const struct escrow_path p = escrow_path_of(lines, lane);
        f64v next = v_load(lines->log_strike + lane), when = v_set(lines->years);

        for (int i = formula->dates - 1; i >= 0; i--) {
            struct gex__escrow_date *const date = &formula->date[i];
            const f64v span = when - date->when, center = next - p.drift * span;
            const f64v w = v_max(p.vol * v_sqrt(span), v_set(ESCROW_DEVIATION_LEAST));
            f64v first;
            i64v pays;

            escrow_find_first(lines, &p, formula, lane, i, center, w);
            first = v_load(date->first + lane);
            pays = v_less(first, v_set(GEX_ESCROW_NOWHERE));
            v_store(date->end + lane, v_max(first, v_select(pays, center + ESCROW_REST * w, first)));
            escrow_fit_rest(lines, &p, formula, lane, i);
            next = v_select(pays, first, next);
            when = v_select(pays, v_set(date->when), when);
        }
    }
}

/* The premium at each lane's y and its derivatives by y, `orders` 1 or 4. */
LANE void escrow_calls_lanes(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula, int lane,
                             f64v y, int orders, f64v by[ESCROW_DERIVATIVES + 1])
{
    const struct escrow_path p = escrow_path_of(lines, lane);
    f64v all[2] = {v_set(0.0), v_set(0.0)}, rest[ESCROW_DERIVATIVES + 1];

    for (int k = 0; k <= orders; k++)
        rest[k] = v_set(0.0);
    for (int i = 0; i < formula->dates; i++) {
        const struct gex__escrow_date *date = &formula->date[i];
        f64v here[ESCROW_DERIVATIVES + 1], level, slope;

        for (int k = 0; k <= orders; k++)
            here[k] = v_set(0.0);
        escrow_add_short(&p, date, lane, date->when, y, orders, here);
        level = v_load(date->level + lane) * exp_short(-(p.rate * date->when));
        slope = v_load(date->slope + lane) * exp_short(v_fma(p.carry, v_set(-date->when), y));
        all[0] += (level + slope) - here[0];
        all[1] += slope;
        for (int k = 1; k <= orders; k++)
            rest[k] += here[k];
    }
    by[0] = all[0];
    for (int k = 1; k <= orders; k++)
        by[k] = all[1] - rest[k];
}

OWN_STACK void escrow_calls_1(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula,
                              const double *y, double by[][GEX_ESCROW_LANES], int lane)
{
    f64v at[ESCROW_DERIVATIVES + 1];

    escrow_calls_lanes(lines, formula, lane, v_load(y + lane), 1, at);
    for (int k = 0; k <= 1; k++)
        v_store(&by[k][lane], at[k]);
}

OWN_STACK void escrow_calls_4(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula,
                              const double *y, double by[][GEX_ESCROW_LANES], int lane)
{
    f64v at[ESCROW_DERIVATIVES + 1];

    escrow_calls_lanes(lines, formula, lane, v_load(y + lane), 4, at);
    for (int k = 0; k <= 4; k++)
        v_store(&by[k][lane], at[k]);
}

static void escrow_calls_read(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula,
                              const double *y, int orders, double by[][GEX_ESCROW_LANES])
{
    for (int lane = 0; lane < GEX_ESCROW_LANES; lane += GEX_LANES)
        (orders > 1 ? escrow_calls_4 : escrow_calls_1)(lines, formula, y, by, lane);
}
