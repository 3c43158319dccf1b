/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The early-exercise premium of rows with one boundary, and its derivatives. Everything is written for a put; a call is
 * the put with spot and strike, rate and yield exchanged, C(S, K, r, q) = P(K, S, q, r).
 *
 *   delta, gamma, speed    derivatives of the premium integral under the sign: the boundary does not depend on the spot
 *   theta, charm, color    american_greeks.c
 *   by vol, rate, yield    differences with the boundary solved again; where a step would take the boundary over the
 *                          spot, to one side. First derivatives use one small step, second and third ones larger
 *                          steps, so that a greek is the same number whatever else is asked for
 *   by strike              american_greeks.c
 */
#include <string.h>

#include "american_group.h"

enum {
    GROUP = GEX_AMERICAN_GROUP,
    BY_VOL_ONCE = WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_ZOMMA) |
                  WANT(GEX_GREEK_DUAL_VANNA),
    BY_VOL_AGAIN = WANT(GEX_GREEK_VOMMA) | WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL),
    BY_SPOT_THRICE = WANT(GEX_GREEK_SPEED) | WANT(GEX_GREEK_CHARM) | WANT(GEX_GREEK_COLOR),
    PRICE_ALONE = WANT(GEX_GREEK_PRICE) | WANT(GEX_GREEK_RHO) | WANT(GEX_GREEK_EPSILON)
};

static const double STEP = 2e-3;  /* of a first derivative, relative */
static const double STRIDE = 1e-2; /* of a second or third one */
/* drift in deviations from where the boundary is worth less than it can be wrong */
static const double STEEPEST = 10.0;

/* A full group, as the puts they are. */
struct group {
    const struct gex__american_job *job;
    const struct gex__black_in *in; /* of the job */
    int            preset, count;
    const int64_t *row;
    const double  *years;
    double y[GROUP]; /* log of the put's spot over its strike */
    struct gex__american_lines lines;
};

/* ---- the premium and its derivatives by spot --------------------------------------------------------------------- */

/* As gex__american_by_spot(), of each lane. */
struct derivatives {
    double by[GEX_AMERICAN_ORDERS][GROUP];
};

/* The premium of solved lines at spot. */
static void premium_of(struct group *g, int orders, struct derivatives *d)
{
    const struct gex__american_scheme *scheme = gex__american_scheme_of(g->preset);
    double (*by)[GROUP] = d->by;

    gex__american_kernels_of(g->job->instruction_set)->premium(scheme, &g->lines, g->y, orders, by);
    for (int i = 0; i < g->count; i++) {
        double here[GEX_AMERICAN_ORDERS];

        for (int k = 0; k < GEX_AMERICAN_ORDERS; k++)
            here[k] = by[k][i];
        gex__american_by_spot(g->job, g->row[i], orders, here);
        for (int k = 0; k < orders; k++)
            by[k][i] = here[k];
    }
}

/* Solve the lines in the group and value their premium at spot. */
static void evaluate(struct group *g, int orders, struct derivatives *d)
{
    gex__american_solve(g->job->instruction_set, g->preset, &g->lines);
    premium_of(g, orders, d);
}

/* ---- derivatives by a parameter ---------------------------------------------------------------------------------- */

enum parameter { BY_VOL, BY_RATE, BY_YIELD }; /* rate and yield as the put sees them */

/* The put that the row of lane i is; an idle lane does what the first one does. */
static void take_lane(struct group *g, int i)
{
    const int like = i < g->count ? i : 0;
    const int64_t row = g->row[like];
    const double T = g->years[like], rate = g->in->rate[row] * T, carry = g->in->carry[row] * T;
    const bool put = g->in->right[row] < 0;

    g->lines.v[i] = g->in->vol[row] * sqrt(T);
    g->lines.a[i] = put ? rate : carry;
    g->lines.c[i] = put ? carry : rate;
}

/*
 * Where lane i stands when its parameter moves by `steps` steps. @return the size of one: relative for vol.
 * The boundary recedes from the spot as vol and yield grow and as the rate falls.
 */
static double move_lane(struct group *g, enum parameter parameter, int i, double step, double steps)
{
    double size;

    take_lane(g, i);
    if (parameter == BY_VOL) {
        g->lines.v[i] *= 1.0 + steps * step;
        return step;
    }
    size =
        step * (parameter == BY_RATE && g->lines.a[i] > 0.0 ? g->lines.a[i] : fmax(g->lines.a[i], fabs(g->lines.c[i])));
    if (parameter == BY_RATE)
        g->lines.a[i] += steps * size;
    else
        g->lines.c[i] += steps * size;
    return size;
}

/* +1 or -1 when only steps of that sign keep the spot clear of the boundary, 0 when both do. */
static int side_of(const struct group *g, enum parameter parameter, int i, double reach, double depth)
{
    if (parameter == BY_RATE && g->lines.a[i] == 0.0)
        return 1; /* a negative rate is another problem */
    if (g->y[i] + depth < 4.0 * reach * (depth + (parameter == BY_VOL ? 0.0 : 1.0)))
        return parameter == BY_RATE ? -1 : 1;
    return 0;
}

/* Kept off each other's stack: below them lies the solver. */
#define OWN_STACK static __attribute__((noinline))

/* First derivatives of e and, of more orders, of e_S and S e_SS.
 * One small step: centred from -1 and 1, else from 0, 1 and 2. */
OWN_STACK void differentiate_once(struct group *g, enum parameter parameter, int orders, const double *depth,
                                  const struct derivatives *at, double (*once)[GROUP])
{
    struct derivatives moved;
    int side[GROUP];

    for (int pass = 0; pass < 2; pass++) {
        double size[GROUP];

        for (int i = 0; i < GROUP; i++) {
            if (pass == 0) {
                take_lane(g, i);
                side[i] = side_of(g, parameter, i, 2.0 * STEP, depth[i]);
            }
            size[i] = move_lane(g, parameter, i, STEP, side[i] == 0 ? 2.0 * pass - 1.0 : side[i] * (pass + 1.0));
        }
        evaluate(g, orders, &moved);
        for (int k = 0; k < (orders > 1 ? 3 : 1); k++)
            for (int i = 0; i < g->count; i++) {
                const double weight = side[i] == 0 ? pass - 0.5 : side[i] * (pass == 0 ? 2.0 : -0.5);

                if (pass == 0)
                    once[k][i] = side[i] == 0 ? 0.0 : side[i] * -1.5 * at->by[k][i] / size[i];
                once[k][i] += weight * moved.by[k][i] / size[i];
            }
    }
}

/*
 * By vol, the third derivative of e, the second one, and of more orders that of e_S. Four strides: -2, -1, 1, 2, or 1
 * to 4 to one side. Weights of the value at 0 come first.
 */
OWN_STACK void differentiate_again(struct group *g, int orders, const double *depth, const struct derivatives *at,
                                   double (*again)[GROUP])
{
    static const double twice[2][5] = {{-30.0, -1.0, 16.0, 16.0, -1.0}, {35.0, -104.0, 114.0, -56.0, 11.0}};
    static const double thrice[2][5] = {{0.0, -1.0, 2.0, -2.0, 1.0}, {-5.0, 18.0, -24.0, 14.0, -3.0}};
    static const double places[2][5] = {{0.0, -2.0, -1.0, 1.0, 2.0}, {0.0, 1.0, 2.0, 3.0, 4.0}};
    const double second = 1.0 / (12.0 * STRIDE * STRIDE), third = 1.0 / (2.0 * STRIDE * STRIDE * STRIDE);
    struct derivatives moved;
    int side[GROUP];

    for (int place = 0; place < 5; place++) {
        for (int i = 0; i < GROUP; i++) {
            side[i] = side_of(g, BY_VOL, i, 2.0 * STRIDE, depth[i]);
            move_lane(g, BY_VOL, i, STRIDE, places[side[i]][place]);
        }
        if (place > 0)
            evaluate(g, orders, &moved);
        else
            moved = *at;
        for (int i = 0; i < g->count; i++) {
            for (int k = 0; k < (orders > 1 ? 2 : 1); k++)
                again[1 + k][i] =
                    (place == 0 ? 0.0 : again[1 + k][i]) + twice[side[i]][place] * second * moved.by[k][i];
            again[0][i] = (place == 0 ? 0.0 : again[0][i]) + thrice[side[i]][place] * third * moved.by[0][i];
        }
    }
}

/* ---- one group --------------------------------------------------------------------------------------------------- */

static bool wants(const struct group *g, unsigned greeks)
{
    return (g->job->wanted & greeks) != 0;
}

static void add_by_spot(const struct group *g, int i, const struct derivatives *d)
{
    const double by[GEX_AMERICAN_ORDERS] = {d->by[0][i], d->by[1][i], d->by[2][i], d->by[3][i], d->by[4][i]};

    gex__american_add_by_spot(g->job, g->row[i], by);
}

static void add_by_vol(const struct group *g, int i, const struct derivatives *d, double (*once)[GROUP])
{
    const double by[3] = {once[0][i], once[1][i], once[2][i]};

    gex__american_add_by_vol(g->job, g->row[i], d->by[2][i], by);
}

static void add_by_vol_again(const struct group *g, int i, double (*again)[GROUP])
{
    const double by[3] = {again[0][i], again[1][i], again[2][i]};

    gex__american_add_by_vol_again(g->job, g->row[i], by);
}

static void take_rows(struct group *g)
{
    double over[GROUP], under[GROUP];

    for (int i = 0; i < GROUP; i++) {
        const int64_t row = g->row[i < g->count ? i : 0];
        const double S = gex__spot_of(g->in, row), K = g->in->strike[row];
        const bool put = g->in->right[row] < 0;

        take_lane(g, i);
        over[i] = put ? S : K;
        under[i] = put ? K : S;
    }
    gex__american_kernels_of(g->job->instruction_set)->log_ratios(over, under, g->y);
}

/* Does the boundary hold? */
static bool has_rested(const struct group *g, int i)
{
    return g->lines.moved[i] < GEX_AMERICAN_RESTED || fabs(g->lines.a[i] - g->lines.c[i]) >= STEEPEST * g->lines.v[i];
}

void gex__american_group(const struct gex__american_job *job, int preset, int count, const int64_t *row,
                         const double *years)
{
    struct group group = {.job = job, .in = job->in, .preset = preset, .count = count, .row = row, .years = years,
                          .lines = {.count = count}};
    struct group *const g = &group;
    const int orders = (job->wanted & ~(unsigned)PRICE_ALONE) == 0 ? 1
                       : wants(g, BY_SPOT_THRICE)                  ? GEX_AMERICAN_ORDERS
                                                                   : 3;
    struct derivatives at = {.by = {{0.0}}};
    double depth[GROUP], slopes[3][GROUP] = {{0.0}};
    bool rested[GROUP];

    if (count == 0)
        return;
    take_rows(g);
    evaluate(g, orders, &at);
    memcpy(depth, g->lines.depth, sizeof depth);
    for (int i = 0; i < count; i++) {
        rested[i] = has_rested(g, i);
        if (job->boundary != NULL)
            job->boundary[row[i]] = job->in->right[row[i]] < 0 ? job->in->strike[row[i]] * g->lines.level[i]
                                                               : job->in->strike[row[i]] / g->lines.level[i];
        if (rested[i])
            add_by_spot(g, i, &at);
    }
    if (wants(g, BY_VOL_ONCE)) {
        differentiate_once(g, BY_VOL, wants(g, BY_VOL_ONCE & ~WANT(GEX_GREEK_VEGA)) ? 3 : 1, depth, &at, slopes);
        for (int i = 0; i < count; i++)
            if (rested[i])
                add_by_vol(g, i, &at, slopes);
    }
    if (wants(g, BY_VOL_AGAIN)) {
        differentiate_again(g, wants(g, WANT(GEX_GREEK_DVANNA_DVOL)) ? 3 : 1, depth, &at, slopes);
        for (int i = 0; i < count; i++)
            if (rested[i])
                add_by_vol_again(g, i, slopes);
    }
    for (int parameter = BY_RATE; parameter <= BY_YIELD && wants(g, WANT(GEX_GREEK_RHO) | WANT(GEX_GREEK_EPSILON));
         parameter++) {
        differentiate_once(g, (enum parameter)parameter, 1, depth, &at, slopes);
        for (int i = 0; i < count; i++) /* a put's rate is the rate, a call's is the yield */
            if (rested[i])
                gex__american_add(
                    job, (parameter == BY_RATE) == (job->in->right[row[i]] < 0) ? GEX_GREEK_RHO : GEX_GREEK_EPSILON,
                    row[i], years[i] * slopes[0][i]);
    }
    for (int i = 0; i < count; i++) {
        if (!rested[i])
            gex__american_by_grid(job, row[i], &(struct gex__dividends){0});
        else if (g->y[i] <= -depth[i])
            gex__american_exercised(job, row[i]);
    }
}

/* ---- many spots -------------------------------------------------------------------------------------------------- */

/* Kept off the stack of the solver. */
OWN_STACK void deltas_add(struct group *g)
{
    struct derivatives at;

    take_rows(g);
    premium_of(g, 3, &at);
    for (int i = 0; i < g->count; i++) {
        if (!has_rested(g, i))
            gex__american_by_grid(g->job, g->row[i], &(struct gex__dividends){0});
        else if (g->y[i] <= -g->lines.depth[i])
            gex__american_exercised(g->job, g->row[i]);
        else
            gex__american_add(g->job, GEX_GREEK_DELTA, g->row[i], at.by[1][i]);
    }
}

void gex__american_group_deltas(const struct gex__american_job *job, int preset, int count, const int64_t *row,
                                const double *years, const struct gex__spots *at)
{
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    struct gex__black_in in = *job->in;
    const struct gex__american_job here = {&in, job->instruction_set, WANT(GEX_GREEK_DELTA), outputs, NULL, NULL};
    struct group group = {.job = &here, .in = &in, .preset = preset, .count = count, .row = row, .years = years,
                          .lines = {.count = count}};

    for (int i = 0; i < GROUP; i++)
        take_lane(&group, i);
    gex__american_solve(job->instruction_set, preset, &group.lines);
    in.one_spot = true;
    for (int64_t k = 0; k < at->count; k++) {
        in.spot = &at->spot[k];
        outputs[GEX_GREEK_DELTA] = at->delta + k * at->stride;
        deltas_add(&group);
    }
}
