/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options: which rows have which problem, and the greeks of those with one boundary.
 *
 * A row's value is the European one, exact, plus the early-exercise premium e. Everything is written for a put; a call is the put
 * with spot and strike, rate and yield exchanged, C(S, K, r, q) = P(K, S, q, r).
 *
 *   delta, gamma, speed    derivatives of the premium integral under the sign: the boundary does not depend on the spot
 *   theta, charm, color    from e_t = r e - (r - q) S e_S - vol^2 S^2 e_SS / 2 and its derivatives, which hold wherever the
 *                          option is held
 *   by vol, rate, yield    differences with the boundary solved again; where a step would take the boundary over the spot,
 *                          to one side. First derivatives use one small step, second and third ones larger steps, so that
 *                          a greek is the same number whatever else is asked for
 *   by strike              homogeneity: V = S V_S + K V_K
 */
#include <math.h>
#include <string.h>

#include "american.h"
#include "american_grid.h"
#include "kernel/american.h"

#define WANT(greek) (1u << (greek))

enum {
    GROUP = GEX_AMERICAN_GROUP,
    BLOCK = 32, /* rows whose European part is worked out at a time */
    BY_VOL_ONCE = WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_ZOMMA) |
                  WANT(GEX_GREEK_DUAL_VANNA),
    BY_VOL_AGAIN = WANT(GEX_GREEK_VOMMA) | WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL),
    BY_SPOT_THRICE = WANT(GEX_GREEK_SPEED) | WANT(GEX_GREEK_CHARM) | WANT(GEX_GREEK_COLOR),
    PRICE_ALONE = WANT(GEX_GREEK_PRICE) | WANT(GEX_GREEK_RHO) | WANT(GEX_GREEK_EPSILON)
};

static const double STEP = 2e-3;  /* of a first derivative, relative */
static const double STRIDE = 1e-2; /* of a second or third one */
static const double STEEPEST = 10.0; /* drift in deviations from where the boundary is worth less than it can be wrong */

/* Rows waiting for a full group of lanes, as the puts they are. */
struct group {
    const struct gex__black_in *in;
    int32_t                     instruction_set;
    int                         preset;
    unsigned                    wanted;
    double *const              *outputs;
    double                     *boundary;
    uint8_t                    *status;

    int     count;
    int64_t row[GROUP];
    double  years[GROUP];
    double  v[GROUP], a[GROUP], c[GROUP], y[GROUP]; /* y = log of the put's spot over its strike */
    struct gex__american_lines *lines; /* of flush() */
};

enum gex__exercise gex__exercise_of(double put_rate, double put_yield)
{
    if (put_rate > 0.0 || (put_rate == 0.0 && put_yield < 0.0))
        return GEX__ONE_BOUNDARY;
    return put_yield < put_rate ? GEX__TWO_BOUNDARIES : GEX__NEVER;
}

static double spot_of(const struct gex__black_in *in, int64_t row)
{
    return in->spot[in->one_spot ? 0 : row];
}

/* ---- the premium and its derivatives by spot ------------------------------------------------------------------------ */

/* S^(k - 1) d^k e / dS^k of each lane; by[0] is e itself. */
struct derivatives {
    double by[GEX_AMERICAN_ORDERS][GROUP];
};

/* Solve the lines in the group and value their premium at spot. */
static void evaluate(struct group *g, int orders, struct derivatives *d)
{
    const struct gex__american_scheme *scheme = gex__american_scheme_of(g->preset);
    double (*by)[GROUP] = d->by;

    gex__american_solve(g->instruction_set, g->preset, g->lines);
    gex__american_kernels_of(g->instruction_set)->premium(scheme, g->lines, g->y, orders, by);
    for (int i = 0; i < g->count; i++) {
        const int64_t row = g->row[i];
        const double S = spot_of(g->in, row), K = g->in->strike[row];
        const double p = by[0][i], i1 = by[1][i], i2 = by[2][i], i3 = by[3][i], i4 = by[4][i];

        if (g->in->right[row] < 0) {
            by[0][i] = K * p;
            if (orders > 1) {
                by[1][i] = i1;
                by[2][i] = i2;
            }
            if (orders > 3) {
                by[3][i] = i3 - i2;
                by[4][i] = i4 - 3.0 * i3 + 2.0 * i2;
            }
        } else {
            const double ratio = K / S;

            by[0][i] = S * p;
            if (orders > 1) {
                by[1][i] = p - ratio * i1;
                by[2][i] = ratio * i2;
            }
            if (orders > 3) {
                by[3][i] = -ratio * (2.0 * i2 + i3);
                by[4][i] = ratio * (6.0 * i2 + 5.0 * i3 + i4);
            }
        }
    }
}

/* ---- derivatives by a parameter ------------------------------------------------------------------------------------- */

/* First derivatives of e, e_S and S e_SS by a parameter; second and third ones of e, second of e_S. */
struct slopes {
    double once[3][GROUP];
    double twice[2][GROUP], thrice[GROUP];
};

enum parameter { BY_VOL, BY_RATE, BY_YIELD }; /* rate and yield as the put sees them */

/*
 * Where lane i stands when its parameter moves by `steps` steps. @return the size of one: relative for vol.
 * The boundary recedes from the spot as vol and yield grow and as the rate falls.
 */
static double move_lane(struct group *g, enum parameter parameter, int i, double step, double steps)
{
    double size;

    g->lines->v[i] = g->v[i];
    g->lines->a[i] = g->a[i];
    g->lines->c[i] = g->c[i];
    if (parameter == BY_VOL) {
        g->lines->v[i] *= 1.0 + steps * step;
        return step;
    }
    size = step * (parameter == BY_RATE && g->a[i] > 0.0 ? g->a[i] : fmax(g->a[i], fabs(g->c[i])));
    if (parameter == BY_RATE)
        g->lines->a[i] += steps * size;
    else
        g->lines->c[i] += steps * size;
    return size;
}

/* +1 or -1 when only steps of that sign keep the spot clear of the boundary, 0 when both do. */
static int side_of(const struct group *g, enum parameter parameter, int i, double reach, double depth)
{
    if (parameter == BY_RATE && g->a[i] == 0.0)
        return 1; /* a negative rate is another problem */
    if (g->y[i] + depth < 4.0 * reach * (depth + (parameter == BY_VOL ? 0.0 : 1.0)))
        return parameter == BY_RATE ? -1 : 1;
    return 0;
}

/* One small step: centred from -1 and 1, else from 0, 1 and 2. */
static void differentiate_once(struct group *g, enum parameter parameter, int orders, const double *depth,
                               const struct derivatives *at, struct slopes *slopes)
{
    struct derivatives moved;
    int side[GROUP];

    for (int pass = 0; pass < 2; pass++) {
        double size[GROUP];

        for (int i = 0; i < GROUP; i++) {
            side[i] = side_of(g, parameter, i, 2.0 * STEP, depth[i]);
            size[i] = move_lane(g, parameter, i, STEP, side[i] == 0 ? 2.0 * pass - 1.0 : side[i] * (pass + 1.0));
        }
        evaluate(g, orders, &moved);
        for (int k = 0; k < (orders > 1 ? 3 : 1); k++)
            for (int i = 0; i < g->count; i++) {
                const double weight = side[i] == 0 ? pass - 0.5 : side[i] * (pass == 0 ? 2.0 : -0.5);

                if (pass == 0)
                    slopes->once[k][i] = side[i] == 0 ? 0.0 : side[i] * -1.5 * at->by[k][i] / size[i];
                slopes->once[k][i] += weight * moved.by[k][i] / size[i];
            }
    }
}

/* Four strides by vol: -2, -1, 1, 2, or 1 to 4 to one side. Weights of the value at 0 come first. */
static void differentiate_again(struct group *g, int orders, const double *depth, const struct derivatives *at,
                                struct slopes *slopes)
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
                slopes->twice[k][i] = (place == 0 ? 0.0 : slopes->twice[k][i]) + twice[side[i]][place] * second * moved.by[k][i];
            slopes->thrice[i] = (place == 0 ? 0.0 : slopes->thrice[i]) + thrice[side[i]][place] * third * moved.by[0][i];
        }
    }
}

/* ---- one group ------------------------------------------------------------------------------------------------------ */

static bool wants(const struct group *g, unsigned greeks)
{
    return (g->wanted & greeks) != 0;
}

static void add(const struct group *g, int32_t greek, int64_t row, double value)
{
    if (g->outputs[greek] != NULL)
        g->outputs[greek][row] += value;
}

/* The row is exercised: its value is what exercise pays. */
static void set_exercised(const struct group *g, int64_t row)
{
    const double f = g->in->right[row];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (g->outputs[greek] != NULL)
            g->outputs[greek][row] = greek == GEX_GREEK_PRICE        ? f * (spot_of(g->in, row) - g->in->strike[row])
                                     : greek == GEX_GREEK_DELTA      ? f
                                     : greek == GEX_GREEK_DUAL_DELTA ? -f
                                                                     : 0.0;
    if (g->status != NULL)
        g->status[row] = GEX_CALC_EXERCISED;
}

static void add_premium(const struct group *g, int i, const struct derivatives *d, const struct slopes *vol,
                        const struct slopes *rate, const struct slopes *yield)
{
    const int64_t row = g->row[i];
    const double S = spot_of(g->in, row), K = g->in->strike[row], f = g->in->right[row];
    const double s = g->in->vol[row], r = g->in->rate[row], q = g->in->carry[row], T = g->years[i], b = r - q, s2 = s * s;
    const double e = d->by[0][i], e1 = d->by[1][i], e2 = d->by[2][i], e3 = d->by[3][i], e4 = d->by[4][i];

    add(g, GEX_GREEK_PRICE, row, e);
    if (wants(g, WANT(GEX_GREEK_PRICE)))
        g->outputs[GEX_GREEK_PRICE][row] = fmax(g->outputs[GEX_GREEK_PRICE][row], f * (S - K));
    add(g, GEX_GREEK_DELTA, row, e1);
    add(g, GEX_GREEK_GAMMA, row, e2 / S);
    add(g, GEX_GREEK_DUAL_DELTA, row, (e - S * e1) / K);
    add(g, GEX_GREEK_DUAL_GAMMA, row, S * e2 / (K * K));
    add(g, GEX_GREEK_THETA, row, r * e - b * S * e1 - 0.5 * s2 * S * e2);
    if (wants(g, BY_SPOT_THRICE)) {
        add(g, GEX_GREEK_SPEED, row, e3 / (S * S));
        add(g, GEX_GREEK_CHARM, row, q * e1 - b * e2 - s2 * (e2 + 0.5 * e3));
        add(g, GEX_GREEK_COLOR, row, (r * e2 - b * (2.0 * e2 + e3) - s2 * (e2 + 2.0 * e3 + 0.5 * e4)) / S);
    }
    if (wants(g, BY_VOL_ONCE)) {
        const double vega = vol->once[0][i] / s, vanna = vol->once[1][i] / s, zomma = vol->once[2][i] / s;

        add(g, GEX_GREEK_VEGA, row, vega);
        add(g, GEX_GREEK_VANNA, row, vanna);
        add(g, GEX_GREEK_ZOMMA, row, zomma / S);
        add(g, GEX_GREEK_VETA, row, r * vega - b * S * vanna - s * S * (e2 + 0.5 * s * zomma));
        add(g, GEX_GREEK_DUAL_VANNA, row, (vega - S * vanna) / K);
    }
    if (wants(g, BY_VOL_AGAIN)) {
        add(g, GEX_GREEK_VOMMA, row, vol->twice[0][i] / s2);
        add(g, GEX_GREEK_DVANNA_DVOL, row, vol->twice[1][i] / s2);
        add(g, GEX_GREEK_ULTIMA, row, vol->thrice[i] / (s2 * s));
    }
    if (wants(g, WANT(GEX_GREEK_RHO)))
        add(g, GEX_GREEK_RHO, row, T * (f < 0 ? rate : yield)->once[0][i]);
    if (wants(g, WANT(GEX_GREEK_EPSILON)))
        add(g, GEX_GREEK_EPSILON, row, T * (f < 0 ? yield : rate)->once[0][i]);
}

static void by_grid(struct group *g, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__black_in *in = g->in;
    const struct gex__grid_option option = {spot_of(in, row), in->strike[row], in->years[row], in->vol[row],
                                            in->rate[row],    in->carry[row],  in->right[row]};
    double values[GEX_GREEK_LAST_ + 1], boundary;
    const int32_t code = gex__american_grid(&option, dividends, g->wanted, values, &boundary);

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (g->outputs[greek] != NULL)
            g->outputs[greek][row] = values[greek];
    if (g->boundary != NULL)
        g->boundary[row] = boundary;
    if (g->status != NULL)
        g->status[row] = (uint8_t)code;
}

static void flush(struct group *g)
{
    const int orders = (g->wanted & ~(unsigned)PRICE_ALONE) == 0 ? 1 : wants(g, BY_SPOT_THRICE) ? GEX_AMERICAN_ORDERS : 3;
    struct derivatives at = {.by = {{0.0}}};
    struct slopes vol = {{{0.0}}, {{0.0}}, {0.0}}, rate = vol, yield = vol;
    struct gex__american_lines lines;
    double depth[GROUP], level[GROUP], moved[GROUP];

    if (g->count == 0)
        return;
    for (int i = 0; i < GROUP; i++) {
        const int like = i < g->count ? i : 0; /* idle lanes do what the first one does */
        const double S = spot_of(g->in, g->row[like]), K = g->in->strike[g->row[like]];
        const bool put = g->in->right[g->row[like]] < 0;

        g->v[i] = g->v[like];
        g->a[i] = g->a[like];
        g->c[i] = g->c[like];
        level[i] = put ? S : K;
        depth[i] = put ? K : S;
    }
    gex__american_kernels_of(g->instruction_set)->log_ratios(level, depth, g->y);
    g->lines = &lines;
    memcpy(g->lines->v, g->v, sizeof g->v);
    memcpy(g->lines->a, g->a, sizeof g->a);
    memcpy(g->lines->c, g->c, sizeof g->c);
    evaluate(g, orders, &at);
    memcpy(depth, g->lines->depth, sizeof depth);
    memcpy(level, g->lines->level, sizeof level);
    memcpy(moved, g->lines->moved, sizeof moved);
    if (wants(g, BY_VOL_ONCE))
        differentiate_once(g, BY_VOL, (g->wanted & (BY_VOL_ONCE & ~WANT(GEX_GREEK_VEGA))) != 0 ? 3 : 1, depth, &at, &vol);
    if (wants(g, BY_VOL_AGAIN))
        differentiate_again(g, wants(g, WANT(GEX_GREEK_DVANNA_DVOL)) ? 3 : 1, depth, &at, &vol);
    if (wants(g, WANT(GEX_GREEK_RHO) | WANT(GEX_GREEK_EPSILON))) {
        differentiate_once(g, BY_RATE, 1, depth, &at, &rate);
        differentiate_once(g, BY_YIELD, 1, depth, &at, &yield);
    }
    for (int i = 0; i < g->count; i++) {
        const int64_t row = g->row[i];

        if (!(moved[i] < GEX_AMERICAN_RESTED) && fabs(g->a[i] - g->c[i]) < STEEPEST * g->v[i]) {
            by_grid(g, row, &(struct gex__dividends){0});
            continue;
        }
        if (g->boundary != NULL)
            g->boundary[row] = g->in->right[row] < 0 ? g->in->strike[row] * level[i] : g->in->strike[row] / level[i];
        if (g->y[i] <= -depth[i])
            set_exercised(g, row);
        else
            add_premium(g, i, &at, &vol, &rate, &yield);
    }
    g->count = 0;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

/*
 * A time after which nothing happens any more. What the strike still earns is below e^-36 of it; or the spot has been
 * through the boundary with all but 1e-9 of probability, wherever that is; or the drift away from the perpetual boundary,
 * at -log(1 - 1 / lambda) below the strike, has carried it off by 6.5 deviations.
 */
static const double ACCRUED_MOST = 36.0, DEVIATION_MOST = 14.0, FAR_OFF = 6.5, DEVIATION_LEAST = 1e-9;

static double years_that_matter(double years, double vol, double put_rate, double put_yield)
{
    const double v = vol * sqrt(years), a = put_rate * years, drift = (put_rate - put_yield) * years - 0.5 * v * v;
    double share = 1.0;

    if (a > ACCRUED_MOST)
        share = ACCRUED_MOST / a;
    if (v > DEVIATION_MOST)
        share = fmin(share, (DEVIATION_MOST / v) * (DEVIATION_MOST / v));
    if (drift > FAR_OFF * v) {
        const double depth = log1p(v * v / (drift + sqrt(drift * drift + 2.0 * a * v * v)));
        const double root = (FAR_OFF + sqrt(FAR_OFF * FAR_OFF + 4.0 * drift * depth / (v * v))) / (2.0 * drift / v);

        share = fmin(share, root * root);
    }
    return share < 1.0 ? share * years : years;
}

/* The preset that keeps its error: few nodes do not follow a boundary that falls fast and then stays level for long. */
static int preset_of(int preset, double v, double a, double c)
{
    const double steep = fabs(a - c) / v;

    if (preset == 0 && (steep > 2.0 || v > 1.5 || a > 1.5 || fabs(c) > 3.0))
        preset = 1;
    if (preset == 1 && (steep > 2.5 || v > 1.2 || a > 0.8 || fabs(c) > 1.6))
        preset = 2;
    return preset;
}

static void put_in_group(struct group *groups, int64_t row, double put_rate, double put_yield)
{
    const struct gex__black_in *in = groups->in;
    const double T = years_that_matter(in->years[row], in->vol[row], put_rate, put_yield);
    const double v = in->vol[row] * sqrt(T), a = put_rate * T, c = put_yield * T;
    struct group *const g = &groups[preset_of(groups->preset, v, a, c) - groups->preset];
    const int i = g->count++;

    if (T < in->years[row]) { /* the European part too */
        const double spot = spot_of(in, row);
        const struct gex__black_in alone = {1, &spot, true, &in->strike[row], &T, &in->vol[row], &in->rate[row],
                                            &in->carry[row], &in->right[row]};
        double *outputs[GEX_GREEK_LAST_ + 1];

        for (int32_t greek = 0; greek <= GEX_GREEK_LAST_; greek++)
            outputs[greek] = g->outputs[greek] != NULL ? &g->outputs[greek][row] : NULL;
        gex__black(g->instruction_set, &alone, outputs, NULL);
    }
    g->row[i] = row;
    g->years[i] = T;
    g->v[i] = v;
    g->a[i] = a;
    g->c[i] = c;
    if (g->count == GROUP)
        flush(g);
}

/*
 * No deviation: the spot's path is known, and the holder exercises when the discounted payoff of the put, K e^-rt - S e^-qt, is largest: now, at
 * expiry, or in between where its slope vanishes, t* = log(r K / (q S)) / (r - q) with r and q as the put sees them. There
 * the greeks of first order are those of the payoff at fixed t*; of those by vol only the first is known.
 */
static void without_deviation(struct group *g, int64_t row, double put_rate, double put_yield)
{
    const struct gex__black_in *in = g->in;
    const double f = in->right[row], S = spot_of(in, row), K = in->strike[row], T = in->years[row];
    const double put_spot = f < 0 ? S : K, put_strike = f < 0 ? K : S;
    const double now = put_strike - put_spot, last = put_strike * exp(-put_rate * T) - put_spot * exp(-put_yield * T);
    const double ratio = put_rate * put_strike / (put_yield * put_spot), between = log(ratio) / (put_rate - put_yield);
    double best = fmax(last, 0.0), when = T;

    if (put_rate * put_yield > 0.0 && between > 0.0 && between < T) {
        const double then = put_strike * exp(-put_rate * between) - put_spot * exp(-put_yield * between);

        if (then > best) {
            best = then;
            when = between;
        }
    }
    if (g->boundary != NULL && put_rate > 0.0)
        g->boundary[row] = put_yield > put_rate ? (f < 0 ? K * put_rate / put_yield : K * put_yield / put_rate) : K;
    if (now > 0.0 && now >= best) {
        set_exercised(g, row);
    } else if (when < T) {
        const double paid = exp(-in->carry[row] * when), grown = exp(-in->rate[row] * when), b = in->rate[row] - in->carry[row];
        const double gamma = -f * -put_yield * exp(-put_yield * when) / (put_rate - put_yield) * (f < 0 ? -1.0 / S : K / (S * S));
        const double known[GEX_GREEK_LAST_ + 1] = {
            [GEX_GREEK_PRICE] = best,
            [GEX_GREEK_DELTA] = f * paid,
            [GEX_GREEK_GAMMA] = gamma,
            [GEX_GREEK_RHO] = f * when * K * grown,
            [GEX_GREEK_EPSILON] = -f * when * S * paid,
            [GEX_GREEK_DUAL_DELTA] = -f * grown,
            [GEX_GREEK_DUAL_GAMMA] = S * S * gamma / (K * K),
            [GEX_GREEK_SPEED] = (double)NAN,
            [GEX_GREEK_VOMMA] = (double)NAN,
            [GEX_GREEK_ULTIMA] = (double)NAN,
            [GEX_GREEK_DVANNA_DVOL] = (double)NAN,
        };
        (void)b;
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if (g->outputs[greek] != NULL)
                g->outputs[greek][row] = known[greek];
    }
}

static void value_row(struct group *g, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__black_in *in = g->in;
    const double f = in->right[row];
    const double put_rate = f < 0 ? in->rate[row] : in->carry[row], put_yield = f < 0 ? in->carry[row] : in->rate[row];

    if (g->boundary != NULL)
        g->boundary[row] = f < 0 ? 0.0 : HUGE_VAL;
    if (in->years[row] == 0.0) { /* exercise and expiry are one */
        if (g->boundary != NULL)
            g->boundary[row] = in->strike[row];
        return;
    }
    if (dividends->count > 0 && dividends->years[0] < in->years[row]) {
        by_grid(g, row, dividends);
        return;
    }
    if (in->vol[row] * sqrt(in->years[row]) < DEVIATION_LEAST) {
        without_deviation(g, row, put_rate, put_yield);
        return;
    }
    switch (gex__exercise_of(put_rate, put_yield)) {
    case GEX__ONE_BOUNDARY:
        put_in_group(g, row, put_rate, put_yield);
        break;
    case GEX__TWO_BOUNDARIES:
        by_grid(g, row, &(struct gex__dividends){0});
        break;
    default:
        break;
    }
}

void gex__american(int32_t instruction_set, int preset, const struct gex__black_in *in, const struct gex__dividends *dividends,
                   double *const outputs[GEX_GREEK_LAST_ + 1], double *boundary, uint8_t *status)
{
    struct group groups[GEX_AMERICAN_PRESETS]; /* of the preset asked for and of those above */
    unsigned wanted = 0;
    uint8_t code[BLOCK];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        wanted |= outputs[greek] != NULL ? WANT(greek) : 0;
    for (int k = 0; preset + k < GEX_AMERICAN_PRESETS; k++)
        groups[k] = (struct group){.in = in, .instruction_set = instruction_set, .preset = preset + k, .wanted = wanted,
                                   .outputs = outputs, .boundary = boundary, .status = status};
    for (int64_t from = 0; from < in->rows; from += BLOCK) {
        const int64_t rows = in->rows - from < BLOCK ? in->rows - from : BLOCK;
        struct gex__black_in block = {rows, in->one_spot ? in->spot : in->spot + from, in->one_spot, in->strike + from,
                                      in->years + from, in->vol + from, in->rate + from, in->carry + from, in->right + from};
        double *here[GEX_GREEK_LAST_ + 1] = {NULL};

        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            here[greek] = outputs[greek] != NULL ? outputs[greek] + from : NULL;
        gex__black(instruction_set, &block, here, code);
        if (status != NULL)
            memcpy(status + from, code, (size_t)rows);
        for (int64_t i = 0; i < rows; i++) {
            if (code[i] != GEX_CALC_DOMAIN)
                value_row(groups, from + i, dividends);
            else if (boundary != NULL)
                boundary[from + i] = (double)NAN;
        }
    }
    for (int k = 0; preset + k < GEX_AMERICAN_PRESETS; k++)
        flush(&groups[k]);
}
