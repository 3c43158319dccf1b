/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows with two exercise boundaries, one after another: kernel/two_body.h has the boundaries, kernel/two_premium.h what
 * they add. As in american_group.c everything is written for a put, and derivatives by vol, rate and yield are
 * differences with the boundaries solved again.
 *
 * Beyond the boundary nearer to a spot of 0 the value is what exercise pays and something, which is added to that;
 * elsewhere it is the European value and a premium.
 */
#include <string.h>

#include "american_group.h"

enum {
    BY_VOL_ONCE = WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_ZOMMA) |
                  WANT(GEX_GREEK_DUAL_VANNA),
    BY_VOL_AGAIN = WANT(GEX_GREEK_VOMMA) | WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL),
    PRICE_ALONE = WANT(GEX_GREEK_PRICE) | WANT(GEX_GREEK_RHO) | WANT(GEX_GREEK_EPSILON),
    ORDERS = GEX_TWO_ORDERS
};

static const double STEP =
    2e-3; /* of a first derivative, relative; by rate and yield, which move the lower boundary, at most STEP_V v */
static const double STEP_V = 10.0 * 2e-3;
static const double STRIDE = 1e-2;   /* of a second or third one */
static const double CLOSE = 0.15;    /* share of the life since the boundaries met below which a step may part them */
static const double NOTHING = 1e-11; /* per strike: a premium that is left out */

struct pair {
    const struct gex__american_job *job;
    const struct gex__american_kernels *kernels;
    int64_t row;
    int orders;
    double y;   /* log of the put's spot over its strike */
    bool whole; /* what the value is more than what exercise pays, not than the European value */
    enum gex__two_region region;
    struct gex__two_lines lines;
    double by[ORDERS]; /* of the row */
};

enum parameter { BY_VOL, BY_RATE, BY_YIELD }; /* rate and yield as the put sees them */

/* +1 or -1 when steps of that sign alone keep the spot clear of exercise, 0 when both do. */
static int side_of(const struct pair *p, enum parameter parameter, double reach)
{
    const struct gex__two_lines *l = &p->lines;
    const double share = l->meet * l->root, moves = parameter == BY_VOL ? 0.0 : 1.0;
    bool near = false;

    if (p->region == GEX__TWO_MET)
        near = 1.0 - share * share < CLOSE;
    else if (p->region == GEX__TWO_OVER)
        near = p->y - l->to < 4.0 * reach * (moves - l->to);
    else if (p->region == GEX__TWO_UNDER)
        near = l->from - p->y < 4.0 * reach * (moves + l->from + l->gap);
    return !near ? 0 : parameter == BY_RATE ? -1 : 1;
}

/* The row's derivatives when a parameter moves by `steps` steps. @return the size of one, relative for vol; 0 when not
 * solved. */
static __attribute__((noinline)) double value_moved(const struct pair *p, enum parameter parameter, double step,
                                                    double steps, double by[ORDERS])
{
    struct gex__two_lines moved = p->lines;
    double size = step;

    if (parameter == BY_VOL) {
        moved.v *= 1.0 + steps * step;
    } else {
        size *= parameter == BY_RATE ? fmin(-moved.a, moved.a - moved.c) : moved.a - moved.c;
        *(parameter == BY_RATE ? &moved.a : &moved.c) += steps * size;
    }
    if (!p->kernels->two_solve(&moved, &p->lines))
        return 0.0;
    p->kernels->two_premium(&moved, p->y, p->orders, p->whole, by);
    gex__american_by_spot(p->job, p->row, ORDERS, by);
    return size;
}

/* Slopes of e, e_S and S e_SS. Centred from -1 and 1, else from 0, 1 and 2. */
static bool differentiate_once(const struct pair *p, enum parameter parameter, double once[3])
{
    const double step = parameter == BY_VOL ? STEP : fmin(STEP, STEP_V * p->lines.v);
    const int side = side_of(p, parameter, 2.0 * step);

    for (int k = 0; k < 3; k++)
        once[k] = side == 0 ? 0.0 : side * -1.5 * p->by[k];
    for (int pass = 0; pass < 2; pass++) {
        const double weight = side == 0 ? pass - 0.5 : side * (pass == 0 ? 2.0 : -0.5);
        double by[ORDERS];
        const double size = value_moved(p, parameter, step, side == 0 ? 2.0 * pass - 1.0 : side * (pass + 1.0), by);

        if (size == 0.0)
            return false;
        for (int k = 0; k < 3; k++)
            once[k] = (once[k] + weight * by[k]) / (pass == 0 ? 1.0 : size);
    }
    return true;
}

/* By vol, the third derivative of e, and the second ones of e and e_S: american_group.c. */
static bool differentiate_again(const struct pair *p, double again[3])
{
    static const double twice[2][5] = {{-30.0, -1.0, 16.0, 16.0, -1.0}, {35.0, -104.0, 114.0, -56.0, 11.0}};
    static const double thrice[2][5] = {{0.0, -1.0, 2.0, -2.0, 1.0}, {-5.0, 18.0, -24.0, 14.0, -3.0}};
    static const double places[2][5] = {{0.0, -2.0, -1.0, 1.0, 2.0}, {0.0, 1.0, 2.0, 3.0, 4.0}};
    const double second = 1.0 / (12.0 * STRIDE * STRIDE), third = 1.0 / (2.0 * STRIDE * STRIDE * STRIDE);
    const int side = side_of(p, BY_VOL, 2.0 * STRIDE);

    again[0] = thrice[side][0] * third * p->by[0];
    again[1] = twice[side][0] * second * p->by[0];
    again[2] = twice[side][0] * second * p->by[1];
    for (int place = 1; place < 5; place++) {
        double by[ORDERS];

        if (value_moved(p, BY_VOL, STRIDE, places[side][place], by) == 0.0)
            return false;
        again[0] += thrice[side][place] * third * by[0];
        again[1] += twice[side][place] * second * by[0];
        again[2] += twice[side][place] * second * by[1];
    }
    return true;
}

static bool wants(const struct pair *p, unsigned greeks)
{
    return (p->job->wanted & greeks) != 0;
}

/* The put that the row is, solved and valued. */
static bool take_row(struct pair *p)
{
    const struct gex__black_in *in = p->job->in;
    const double S = gex__spot_of(in, p->row), K = in->strike[p->row], T = in->years[p->row];
    const bool put = in->right[p->row] < 0;
    double over[GEX_AMERICAN_GROUP], under[GEX_AMERICAN_GROUP], y[GEX_AMERICAN_GROUP];

    for (int i = 0; i < GEX_AMERICAN_GROUP; i++) {
        over[i] = put ? S : K;
        under[i] = put ? K : S;
    }
    p->kernels->log_ratios(over, under, y);
    p->y = y[0];
    p->lines.v = in->vol[p->row] * sqrt(T);
    p->lines.a = (put ? in->rate : in->carry)[p->row] * T;
    p->lines.c = (put ? in->carry : in->rate)[p->row] * T;
    if (!p->kernels->two_solve(&p->lines, NULL))
        return false;
    p->whole = !p->lines.met && p->y < p->lines.from;
    p->region = p->kernels->two_premium(&p->lines, p->y, p->orders, p->whole, p->by);
    gex__american_by_spot(p->job, p->row, ORDERS, p->by);
    return true;
}

/* The row is worth f (S - K) and what is added from here on: its delta and dual delta, and by american_greeks.c theta
 * and charm. */
static void begin_exercised(const struct pair *p)
{
    const struct gex__black_in *in = p->job->in;
    const double f = in->right[p->row], S = gex__spot_of(in, p->row), K = in->strike[p->row];
    const double r = in->rate[p->row], q = in->carry[p->row];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (p->job->outputs[greek] != NULL)
            p->job->outputs[greek][p->row] = 0.0;
    gex__american_add(p->job, GEX_GREEK_PRICE, p->row, f * (S - K));
    gex__american_add(p->job, GEX_GREEK_DELTA, p->row, f);
    gex__american_add(p->job, GEX_GREEK_DUAL_DELTA, p->row, -f);
    gex__american_add(p->job, GEX_GREEK_THETA, p->row, f * (q * S - r * K));
    gex__american_add(p->job, GEX_GREEK_CHARM, p->row, f * q);
}

void gex__american_pair(const struct gex__american_job *job, int64_t row)
{
    const double K = job->in->strike[row];
    const bool put = job->in->right[row] < 0;
    struct pair pair = {.job = job,
                        .kernels = gex__american_kernels_of(job->instruction_set),
                        .row = row,
                        .orders = (job->wanted & ~(unsigned)PRICE_ALONE) == 0 ? 1 : ORDERS};
    struct pair *const p = &pair;
    const double put_rate = (put ? job->in->rate : job->in->carry)[row],
                 put_yield = (put ? job->in->carry : job->in->rate)[row];
    const double T = job->in->years[row];
    double vol[3] = {0.0}, again[3] = {0.0}, rate[3] = {0.0}, yield[3] = {0.0};

    if ((put_rate - put_yield) * T * exp(-put_yield * T) < NOTHING) /* more is not earned by exercise */
        return;
    if (!take_row(p) ||
        (p->region != GEX__TWO_EXERCISED &&
         ((wants(p, BY_VOL_ONCE) && !differentiate_once(p, BY_VOL, vol)) ||
          (wants(p, BY_VOL_AGAIN) && !differentiate_again(p, again)) ||
          (wants(p, WANT(put ? GEX_GREEK_RHO : GEX_GREEK_EPSILON)) && !differentiate_once(p, BY_RATE, rate)) ||
          (wants(p, WANT(put ? GEX_GREEK_EPSILON : GEX_GREEK_RHO)) && !differentiate_once(p, BY_YIELD, yield))))) {
        gex__american_by_grid(job, row, &(struct gex__dividends){0});
        return;
    }
    if (job->boundary != NULL && !p->lines.met)
        job->boundary[row] = put ? K * exp(p->lines.to) : K * exp(-p->lines.to);
    if (p->region == GEX__TWO_EXERCISED) {
        gex__american_exercised(job, row);
        return;
    }
    if (p->whole)
        begin_exercised(p);
    else
        p->by[0] = fmax(p->by[0], 0.0); /* of a premium of nothing its rounding is left */
    gex__american_add_by_spot(job, row, p->by);
    if (wants(p, BY_VOL_ONCE))
        gex__american_add_by_vol(job, row, p->by[2], vol);
    if (wants(p, BY_VOL_AGAIN))
        gex__american_add_by_vol_again(job, row, again);
    gex__american_add(job, put ? GEX_GREEK_RHO : GEX_GREEK_EPSILON, row, T * rate[0]);
    gex__american_add(job, put ? GEX_GREEK_EPSILON : GEX_GREEK_RHO, row, T * yield[0]);
}
