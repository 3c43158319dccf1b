/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values and greeks of options under escrowed dividends: Black's at s, the premium's from the grid, and from both
 * together those by the stock, S = alpha s + P, dP/dt = r P:
 *
 *     V_S = V_s / alpha     V_t|S = V_t - r P / alpha V_s     V_r|S = V_r - P_r / alpha V_s
 *
 * Derivatives of the premium by time follow from the equation it obeys, by vol, rate, yield and strike from the same
 * grid solved in a market nearby, so that most of its error cancels.
 */
#include <string.h>

#include "american_escrow_dates.h"
#include "american_escrow_grid.h"

enum { LANES = GEX_ESCROW_LANES };

/* Markets nearby. */
enum move {
    VOL_DOWN,
    VOL_UP,
    VOL_LOW,
    VOL_HIGH,
    RATE_DOWN,
    RATE_UP,
    YIELD_DOWN,
    YIELD_UP,
    STRIKE_DOWN,
    STRIKE_UP,
    BOTH_DOWN,
    BOTH_UP,
    MOVES
};

static const double BY_VOL = 0.02, BY_RATE = 1e-3, BY_STRIKE = 0.1; /* relative; a year; deviations */

static const struct {
    double vol, rate, carry, strike; /* in steps */
    unsigned wanted;
} moves[MOVES] = {
#define BY_VOL_AGAIN (WANT(GEX_GREEK_VOMMA) | WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL))
#define BY_VOL_ONCE                                                                                                    \
    (WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_ZOMMA) |                     \
     WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DUAL_VANNA))
    [VOL_DOWN] = {-1.0, 0.0, 0.0, 0.0, BY_VOL_ONCE},
    [VOL_UP] = {1.0, 0.0, 0.0, 0.0, BY_VOL_ONCE},
    [VOL_LOW] = {-4.0, 0.0, 0.0, 0.0, BY_VOL_AGAIN},
    [VOL_HIGH] = {4.0, 0.0, 0.0, 0.0, BY_VOL_AGAIN},
    [RATE_DOWN] = {0.0, -1.0, 0.0, 0.0, WANT(GEX_GREEK_RHO)},
    [RATE_UP] = {0.0, 1.0, 0.0, 0.0, WANT(GEX_GREEK_RHO)},
    [YIELD_DOWN] = {0.0, 0.0, -1.0, 0.0, WANT(GEX_GREEK_EPSILON)},
    [YIELD_UP] = {0.0, 0.0, 1.0, 0.0, WANT(GEX_GREEK_EPSILON)},
#define BY_STRIKES (WANT(GEX_GREEK_DUAL_DELTA) | WANT(GEX_GREEK_DUAL_GAMMA) | WANT(GEX_GREEK_DUAL_VANNA))
    [STRIKE_DOWN] = {0.0, 0.0, 0.0, -1.0, BY_STRIKES},
    [STRIKE_UP] = {0.0, 0.0, 0.0, 1.0, BY_STRIKES},
    [BOTH_DOWN] = {-1.0, 0.0, 0.0, -1.0, WANT(GEX_GREEK_DUAL_VANNA)},
    [BOTH_UP] = {1.0, 0.0, 0.0, 1.0, WANT(GEX_GREEK_DUAL_VANNA)},
};

/* Rows of one expiry on their way. */
struct group {
    const struct gex__american_job *job;
    enum gex__escrow_kind kind;
    int count;
    const int64_t *row;
    struct gex__escrow_lines lines;
    struct gex__escrowed escrowed[LANES];
    struct gex__escrow_edges edges[LANES];
    double vol[LANES]; /* what the grid is solved at: that of an idle or steep lane is its own affair */
    double spot[LANES], s[LANES], x[LANES], x_moved[LANES];
    double by[LANES][5];                   /* the premium and its derivatives by x, extrapolated */
    double fine[LANES][3];                 /* ... on the grid */
    double moved_vol[RATE_DOWN][LANES][3]; /* ... in markets nearby */
    double moved[MOVES][LANES];            /* the premium alone */
    bool at_dividend[LANES];
};

/* Kept off each other's stack: the nodes are most of what there is. */
#define OWN_STACK static __attribute__((noinline))

static void read_lanes(struct group *g, const struct gex__escrow_nodes *nodes, double by[LANES][5])
{
    for (int i = 0; i < g->count; i++) {
        const struct gex__escrow_premium premium = gex__escrow_premium_of(&g->lines, nodes, i);

        gex__escrow_read(&premium, g->x[i], 4, by[i]);
    }
}

/* On the grid and on one half as fine, and what both tend to: the error falls with the square of the spacing
 * (Richardson). */
OWN_STACK void solve_here(struct group *g)
{
    struct gex__escrow_nodes nodes;
    double coarse[LANES][5] = {{0.0}};

    gex__escrow_coarse(&g->lines, true);
    gex__escrow_kernels_of(g->job->instruction_set)->escrow(&g->lines, &nodes);
    read_lanes(g, &nodes, coarse);
    gex__escrow_coarse(&g->lines, false);
    gex__escrow_kernels_of(g->job->instruction_set)->escrow(&g->lines, &nodes);
    read_lanes(g, &nodes, g->by);
    for (int i = 0; i < g->count; i++) {
        memcpy(g->fine[i], g->by[i], sizeof g->fine[i]);
        for (int k = 0; k < 5; k++)
            g->by[i][k] += (g->by[i][k] - coarse[i][k]) / 3.0;
        g->edges[i] = gex__escrow_edges_of(&g->lines, &nodes, i);
        g->at_dividend[i] = nodes.at_dividend[i];
    }
}

/* Calls by formula, at x and its derivatives by it. */
OWN_STACK void formula_at(struct group *g, const double *x, double by[5][LANES], bool *at_dividend)
{
    const struct gex__american_kernels *kernels = gex__escrow_kernels_of(g->job->instruction_set);
    struct gex__escrow_formula formula;

    gex__escrow_formula_lay(&g->lines, x, &formula);
    kernels->calls(&g->lines, &formula);
    kernels->calls_at(&g->lines, &formula, x, 4, by);
    for (int i = 0; at_dividend != NULL && i < LANES; i++)
        at_dividend[i] = gex__escrow_formula_at_dividend(&g->lines, &formula, i);
}

static void calls_here(struct group *g)
{
    double by[5][LANES];

    formula_at(g, g->x, by, g->at_dividend);
    for (int i = 0; i < g->count; i++) {
        for (int k = 0; k < 5; k++)
            g->by[i][k] = by[k][i];
        memcpy(g->fine[i], g->by[i], sizeof g->fine[i]);
    }
}

static double strike_step(const struct group *g, int i)
{
    return fmin(BY_STRIKE * g->vol[i] * sqrt(g->lines.years), 0.05);
}

/* Not where the nodes are: exp() and log() take a stack of their own when they are first met. */
OWN_STACK void move_lines(struct group *g, enum move move)
{
    const struct gex__black_in *in = g->job->in;

    for (int i = 0; i < LANES; i++) {
        const int64_t like = g->row[i < g->count ? i : 0];

        g->lines.vol[i] = g->vol[i] * (1.0 + moves[move].vol * BY_VOL);
        g->lines.rate[i] = in->rate[like] + moves[move].rate * BY_RATE;
        g->lines.carry[i] = in->carry[like] + moves[move].carry * BY_RATE;
        g->lines.strike[i] = in->strike[like] * (1.0 + moves[move].strike * strike_step(g, i));
        g->lines.log_strike[i] = log(g->lines.strike[i]);
        g->x_moved[i] = g->x[i];
        if (moves[move].rate != 0.0) {
            const struct gex__escrowed escrowed = gex__escrowed_of(&g->lines.events, g->lines.rate[i]);

            g->x_moved[i] = log(gex__escrowed_spot(&escrowed, g->spot[i]));
        }
    }
}

OWN_STACK void solve_moved(struct group *g, enum move move)
{
    struct gex__escrow_nodes nodes;
    double by[5];

    gex__escrow_kernels_of(g->job->instruction_set)->escrow(&g->lines, &nodes);
    for (int i = 0; i < g->count; i++) {
        const struct gex__escrow_premium premium = gex__escrow_premium_of(&g->lines, &nodes, i);

        gex__escrow_read(&premium, g->x_moved[i], 2, by);
        g->moved[move][i] = by[0];
        if (move < RATE_DOWN)
            memcpy(g->moved_vol[move][i], by, sizeof g->moved_vol[move][i]);
    }
}

static void calls_moved(struct group *g, enum move move)
{
    double by[5][LANES];

    formula_at(g, g->x_moved, by, NULL);
    for (int i = 0; i < g->count; i++) {
        g->moved[move][i] = by[0][i];
        for (int k = 0; move < RATE_DOWN && k < 3; k++)
            g->moved_vol[move][i][k] = by[k][i];
    }
}

/* As they are. */
static void lines_restore(struct group *g)
{
    for (int i = 0; i < g->count; i++) {
        g->lines.vol[i] = g->job->in->vol[g->row[i]];
        g->lines.rate[i] = g->job->in->rate[g->row[i]];
        g->lines.carry[i] = g->job->in->carry[g->row[i]];
        g->lines.strike[i] = g->job->in->strike[g->row[i]];
    }
}

/* ---- the premium's greeks at s
 * --------------------------------------------------------------------------------------- */

static void add_by_spot(const struct group *g, int i, double *total)
{
    const int64_t row = g->row[i];
    const double s = g->s[i], r = g->job->in->rate[row], q = g->job->in->carry[row], b = r - q;
    const double s2 = g->job->in->vol[row] * g->job->in->vol[row], *by = g->by[i];
    const double e = by[0], e1 = by[1], e2 = by[2] - e1, e3 = by[3] - 3.0 * by[2] + 2.0 * e1;
    const double e4 = by[4] - 6.0 * by[3] + 11.0 * by[2] - 6.0 * e1; /* s^k times derivative k by s */

    total[GEX_GREEK_PRICE] += e;
    total[GEX_GREEK_DELTA] += e1 / s;
    total[GEX_GREEK_GAMMA] += e2 / (s * s);
    total[GEX_GREEK_SPEED] += e3 / (s * s * s);
    total[GEX_GREEK_THETA] += r * e - b * e1 - 0.5 * s2 * e2;
    total[GEX_GREEK_CHARM] += (q * e1 - b * e2 - s2 * (e2 + 0.5 * e3)) / s;
    total[GEX_GREEK_COLOR] += (r * e2 - b * (2.0 * e2 + e3) - s2 * (e2 + 2.0 * e3 + 0.5 * e4)) / (s * s);
}

static void add_by_vol(const struct group *g, int i, double *total)
{
    const int64_t row = g->row[i];
    const double vol = g->job->in->vol[row], h = BY_VOL * vol, s = g->s[i], r = g->job->in->rate[row],
                 b = r - g->job->in->carry[row];
    const double *down = g->moved_vol[VOL_DOWN][i], *up = g->moved_vol[VOL_UP][i];
    const double vega = (up[0] - down[0]) / (2.0 * h), vanna = (up[1] - down[1]) / (2.0 * h); /* s times */
    const double zomma = (up[2] - up[1] - down[2] + down[1]) / (2.0 * h);                     /* s^2 times */

    total[GEX_GREEK_VEGA] += vega;
    total[GEX_GREEK_VANNA] += vanna / s;
    total[GEX_GREEK_ZOMMA] += zomma / (s * s);
    total[GEX_GREEK_VETA] += r * vega - b * vanna - vol * (g->by[i][2] - g->by[i][1]) - 0.5 * vol * vol * zomma;
}

/* Over a wider stride: what the grid errs by does not grow with it. */
static void add_by_vol_again(const struct group *g, int i, double *total)
{
    const double h = BY_VOL * g->job->in->vol[g->row[i]], stride = moves[VOL_HIGH].vol * h, *here = g->fine[i];
    const double *low = g->moved_vol[VOL_LOW][i], *high = g->moved_vol[VOL_HIGH][i];
    const double once = (g->moved[VOL_UP][i] - g->moved[VOL_DOWN][i]) / h, wide = (high[0] - low[0]) / stride;

    total[GEX_GREEK_VOMMA] += (high[0] + low[0] - 2.0 * here[0]) / (stride * stride);
    total[GEX_GREEK_DVANNA_DVOL] += (high[1] + low[1] - 2.0 * here[1]) / (stride * stride * g->s[i]);
    if (g->job->wanted & WANT(GEX_GREEK_ULTIMA))
        total[GEX_GREEK_ULTIMA] += 3.0 * (wide - once) / (stride * stride - h * h);
}

static void add_by_strike(const struct group *g, int i, double *total)
{
    const double h = strike_step(g, i) * g->lines.strike[i], here = g->fine[i][0];
    const double down = g->moved[STRIKE_DOWN][i], up = g->moved[STRIKE_UP][i];

    total[GEX_GREEK_DUAL_DELTA] += (up - down) / (2.0 * h);
    total[GEX_GREEK_DUAL_GAMMA] += (up + down - 2.0 * here) / (h * h);
    if (g->job->wanted & WANT(GEX_GREEK_DUAL_VANNA))
        total[GEX_GREEK_DUAL_VANNA] += (g->moved[BOTH_UP][i] + g->moved[BOTH_DOWN][i] - up - down -
                                        g->moved[VOL_UP][i] - g->moved[VOL_DOWN][i] + 2.0 * here) /
                                       (2.0 * h * BY_VOL * g->job->in->vol[g->row[i]]);
}

/*
 * What the European values at s and the premium come to at the stock. Derivatives by time at a fixed stock, and that by
 * the rate, need a lower one of both parts, which may not be among the outputs.
 */
static void to_stock(const struct group *g, int i, double *total)
{
    const struct gex__american_job *job = g->job;
    const struct gex__escrowed *e = &g->escrowed[i];
    const int64_t row = g->row[i];
    const struct gex__escrow_european at =
        gex__escrow_european_of(job->in, row, g->s[i], log(g->s[i] / job->in->strike[row]),
                                exp(-job->in->carry[row] * job->in->years[row]), true);
    const double per = 1.0 / e->alpha, fall = -job->in->rate[g->row[i]] * e->paid * per; /* ds/dt at a fixed stock */
    const double delta = total[GEX_GREEK_DELTA] + at.delta, gamma = total[GEX_GREEK_GAMMA] + at.gamma;
    const double speed = total[GEX_GREEK_SPEED] + at.speed, vanna = total[GEX_GREEK_VANNA] + at.vanna;

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (job->outputs[greek] != NULL)
            total[greek] += job->outputs[greek][g->row[i]];
    total[GEX_GREEK_RHO] += delta * e->by_rate * per;
    total[GEX_GREEK_THETA] += fall * delta;
    total[GEX_GREEK_CHARM] = per * (total[GEX_GREEK_CHARM] + fall * gamma);
    total[GEX_GREEK_COLOR] = per * per * (total[GEX_GREEK_COLOR] + fall * speed);
    total[GEX_GREEK_VETA] += fall * vanna;
    total[GEX_GREEK_DELTA] *= per;
    total[GEX_GREEK_GAMMA] *= per * per;
    total[GEX_GREEK_SPEED] *= per * per * per;
    total[GEX_GREEK_VANNA] *= per;
    total[GEX_GREEK_ZOMMA] *= per * per;
    total[GEX_GREEK_DVANNA_DVOL] *= per;
}

static void give(const struct group *g, int i, const double *total, int32_t code)
{
    const struct gex__american_job *job = g->job;

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (job->outputs[greek] != NULL)
            job->outputs[greek][g->row[i]] = total[greek];
    if (job->status != NULL)
        job->status[g->row[i]] = (uint8_t)code;
}

/* ---- no deviation
 * ---------------------------------------------------------------------------------------------------- */

/*
 * What exercise at a known time pays, discounted: f (alpha s e^-qt + e^-rt P - K e^-rt), e^-rt P being the same all
 * through a stretch between ex-dates. Its ends, and where its slope vanishes, t = log(r K / (q alpha s)) / (r - q).
 */
static void without_deviation(const struct group *g, int i, double *total)
{
    const double r = g->lines.rate[i], q = g->lines.carry[i], f = g->lines.right[i], K = g->lines.strike[i],
                 s = g->s[i];
    const struct gex__escrow_events *events = &g->lines.events;
    double alpha = g->escrowed[i].alpha, paid = g->escrowed[i].paid, from = 0.0, best = 0.0, when = -1.0, held = 0.0;
    const double intrinsic = f * (g->spot[i] - K);

    for (int64_t k = 0; k <= events->count; k++) {
        const double to = k < events->count ? events->years[k] - events->passed : g->lines.years;
        const double between = log(r * K / (q * alpha * s)) / (r - q);
        const double at[3] = {from, between > from && between < to ? between : to, to};

        for (int j = 0; j < 3; j++) {
            const double value = f * (alpha * s * exp(-q * at[j]) + paid - K * exp(-r * at[j]));

            if (value > best) {
                best = value;
                when = at[j];
                held = alpha;
            }
        }
        if (k < events->count) {
            const double kept = 1.0 - (events->fraction != NULL ? events->fraction[k] : 0.0);

            alpha *= kept;
            paid = paid * kept - (events->cash != NULL ? events->cash[k] : 0.0) * exp(-r * to);
        }
        from = to;
    }
    if (intrinsic > 0.0 && intrinsic >= best) {
        gex__american_exercised(g->job, g->row[i]);
        return;
    }
    memset(total, 0, (GEX_GREEK_LAST_ + 1) * sizeof *total);
    total[GEX_GREEK_PRICE] = best;
    if (when >= 0.0) {
        total[GEX_GREEK_DELTA] = f * held / g->escrowed[i].alpha * exp(-q * when);
        total[GEX_GREEK_DUAL_DELTA] = -f * exp(-r * when);
        total[GEX_GREEK_THETA] = f * held * s * q * exp(-q * when) - f * r * K * exp(-r * when) +
                                 r * (best - f * (held * s * exp(-q * when) - K * exp(-r * when))) -
                                 r * g->escrowed[i].paid * total[GEX_GREEK_DELTA];
        total[GEX_GREEK_EPSILON] = -f * when * held * s * exp(-q * when);
        total[GEX_GREEK_RHO] = f * when * K * exp(-r * when) + total[GEX_GREEK_DELTA] * g->escrowed[i].by_rate;
    }
    give(g, i, total, GEX_CALC_SLOW_PATH);
}

/* ---- one group
 * --------------------------------------------------------------------------------------------------------- */

static void finish_row(const struct group *g, int i, double *total)
{
    const struct gex__american_job *job = g->job;
    const int64_t row = g->row[i];
    const double f = g->lines.right[i], intrinsic = f * (g->spot[i] - g->lines.strike[i]);

    if (intrinsic > 0.0 && g->x[i] >= g->edges[i].from && g->x[i] <= g->edges[i].to) {
        gex__american_exercised(job, row);
        return;
    }
    add_by_spot(g, i, total);
    if (job->wanted & BY_VOL_ONCE)
        add_by_vol(g, i, total);
    if (job->wanted & BY_VOL_AGAIN)
        add_by_vol_again(g, i, total);
    if (job->wanted & WANT(GEX_GREEK_RHO))
        total[GEX_GREEK_RHO] +=
            (g->moved[RATE_UP][i] - g->moved[RATE_DOWN][i]) / (2.0 * BY_RATE) -
            total[GEX_GREEK_DELTA] * g->escrowed[i].by_rate / g->escrowed[i].alpha; /* s moved too */
    if (job->wanted & WANT(GEX_GREEK_EPSILON))
        total[GEX_GREEK_EPSILON] += (g->moved[YIELD_UP][i] - g->moved[YIELD_DOWN][i]) / (2.0 * BY_RATE);
    if (job->wanted & BY_STRIKES)
        add_by_strike(g, i, total);
    to_stock(g, i, total);
    total[GEX_GREEK_PRICE] = fmax(fmax(total[GEX_GREEK_PRICE], intrinsic), 0.0);
    give(g, i, total,
         g->at_dividend[i]             ? GEX_CALC_EXERCISE_AT_DIVIDEND
         : g->kind == GEX__ESCROW_GRID ? GEX_CALC_SLOW_PATH
                                       : GEX_CALC_OK);
}

static void boundary_set(const struct group *g, int i)
{
    const struct gex__escrow_edges *edges = &g->edges[i];
    const double edge = g->lines.right[i] > 0.0 ? edges->from : edges->to;

    if (g->job->boundary == NULL)
        return;
    g->job->boundary[g->row[i]] = edges->from <= edges->to  ? g->escrowed[i].alpha * exp(edge) + g->escrowed[i].paid
                                  : g->lines.right[i] > 0.0 ? HUGE_VAL
                                                            : 0.0;
}

static bool is_steep(const struct group *g, int i)
{
    return gex__escrow_is_steep(g->lines.vol[i], g->lines.rate[i], g->lines.carry[i], g->lines.years);
}

void gex__american_escrow(const struct gex__american_job *job, enum gex__escrow_kind kind, int count,
                          const int64_t *row, const struct gex__dividends *dividends)
{
    struct group group = {.job = job, .kind = kind, .count = count, .row = row};
    struct group *const g = &group;
    bool any = false;

    if (count == 0)
        return;
    for (int i = 0; i < LANES; i++)
        g->vol[i] = job->in->vol[row[i < count ? i : 0]];
    gex__escrow_lay(job->in, count, row, dividends, g->vol, &g->lines, g->escrowed);
    for (int i = 0; i < LANES; i++) {
        const int64_t like = row[i < count ? i : 0];
        const double first = g->lines.events.years[0] - g->lines.events.passed;
        const struct gex__escrowed before = {g->escrowed[i].alpha, g->escrowed[i].paid * exp(g->lines.rate[i] * first),
                                             0.0};

        g->spot[i] = gex__spot_of(job->in, like);
        g->s[i] = gex__escrowed_spot(&g->escrowed[i], g->spot[i]);
        g->x[i] = log(g->s[i]);
        g->lines.at_spot[i] = gex__escrowed_spot(&before, g->spot[i]);
        g->lines.at[i] = log(g->lines.at_spot[i]);
        g->edges[i] = (struct gex__escrow_edges){HUGE_VAL, -HUGE_VAL};
        any = any || (kind == GEX__ESCROW_GRID && !(is_steep(g, i) || gex__escrow_is_far(&g->lines, i, g->x[i])));
        if (is_steep(g, i)) /* anything its grid holds */
            g->vol[i] = fmax(0.2, fabs(g->lines.rate[i] - g->lines.carry[i]) * sqrt(g->lines.years));
    }
    memcpy(g->lines.vol, g->vol, sizeof g->lines.vol);
    if (kind == GEX__ESCROW_CALLS)
        calls_here(g);
    else if (any)
        solve_here(g);
    for (int move = 0; move < MOVES && (any || kind == GEX__ESCROW_CALLS); move++)
        if (job->wanted & moves[move].wanted) {
            move_lines(g, (enum move)move);
            if (kind == GEX__ESCROW_CALLS)
                calls_moved(g, (enum move)move);
            else
                solve_moved(g, (enum move)move);
        }
    lines_restore(g);
    for (int i = 0; i < count; i++) {
        double total[GEX_GREEK_LAST_ + 1] = {0.0};

        if (is_steep(g, i)) {
            without_deviation(g, i, total);
            continue;
        }
        boundary_set(g, i);
        finish_row(g, i, total);
    }
}
