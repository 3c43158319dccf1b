/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finite differences in x = log(spot) and time.
 *
 * Space: second-order differences, exact for 1, S and S^2, on nodes equally far apart in x, one of them the strike; the
 * payoff there is averaged over its cell, which makes the error smooth in the grid. At both ends the value is linear in
 * spot. Time: backwards from expiry, steps growing with the square root of the time since the last kink (expiry, an
 * ex-date), Crank-Nicolson after four implicit steps (Rannacher, 1984), which damp what a kink leaves.
 * Exercise: operator splitting (Ikonen and Toivanen, 2004): the complementarity variable of the last step enters the
 * linear system, and is corrected with the value afterwards. It asks nothing of the shape of the exercise region.
 * Ex-dates: V(S) = V after(S - min(cash + fraction S, S)) by monotone cubic interpolation, then the right to exercise
 * before the drop (Vellekoop and Nieuwenhuis, 2006).
 *
 * Derivatives by vol, rate and yield are differences on the same grid, so that its error cancels. Without dividends the
 * grid gives the premium, the European value on it being taken off.
 */
#include <math.h>
#include <string.h>

#include "american_grid.h"

enum { COARSE = GEX_GRID_NODES / 2, NODES = GEX_GRID_NODES, STEPS = 200, STEPS_LEAST = 16, DAMPING = 4 };

struct grid {
    const struct gex__grid_option *option; /* spot, strike, right: the same for every solution on this grid */
    const struct gex__dividends   *dividends;
    bool   paired;                         /* the European option beside it: without dividends */
    int    last;                           /* node; COARSE or twice that */
    double low, dx, growth;                /* x of node 0, spacing, exp(dx) */
    double low_spot;                       /* exp(low) */
    double value[NODES], force[NODES];     /* force: how fast exercise holds the value up */
    double european[NODES];
};

struct market {
    double vol, rate, carry;
    double cash; /* multiplies every cash dividend */
};

/* What one solution leaves. */
struct answer {
    double by[5];    /* value and its derivatives by x, at the spot */
    double boundary; /* NaN when no node is exercised */
    bool   exercised, at_dividend;
};

static double payoff(const struct grid *grid, double spot)
{
    return fmax(grid->option->right * (spot - grid->option->strike), 0.0);
}

/* ---- the grid ---------------------------------------------------------------------------------------------------- */

/* As many intervals over the same width. */
static void refine(struct grid *grid, int intervals)
{
    grid->dx *= grid->last > 0 ? (double)grid->last / (double)intervals : 1.0;
    grid->last = intervals;
    grid->growth = exp(grid->dx);
}

/* Over logs of spot from `low` to `high`, shifted for a node to lie at the strike or where it would. */
static void lay_between(struct grid *grid, const struct gex__grid_option *o, const struct gex__dividends *dividends,
                        double low, double high)
{
    const double k = log(o->strike);

    grid->option = o;
    grid->dividends = dividends;
    grid->paired = dividends->count == 0;
    grid->dx = (high - low) / (double)COARSE;
    grid->low = k - floor((k - low) / grid->dx + 0.5) * grid->dx;
    grid->low_spot = exp(grid->low);
    refine(grid, COARSE);
}

/* Wide enough for spot and strike, five deviations, the drift and the dividends. A premium is the difference of two
 * values that agree far out: four are enough for it. */
static void lay_out(struct grid *grid, const struct gex__grid_option *o, const struct gex__dividends *dividends)
{
    const double deviation = o->vol * sqrt(o->years), x = log(o->spot), k = log(o->strike);
    const double drift = (o->rate - o->carry - 0.5 * o->vol * o->vol) * o->years;
    const double reach = (dividends->count > 0 ? 5.0 : 4.0) * deviation;
    double fall = 0.0, low, high;

    for (int64_t i = 0; i < dividends->count && dividends->years[i] < o->years; i++)
        fall += (dividends->cash != NULL ? dividends->cash[i] / o->spot : 0.0) +
                (dividends->fraction != NULL ? dividends->fraction[i] : 0.0);
    fall = fmin(fall, 1.0);
    low = fmin(x, k) - reach + fmin(fmax(drift, -2.0 * reach), 0.0) - fall;
    high = fmax(x, k) + reach + fmin(fmax(drift, 0.0), 2.0 * reach) + fall;
    lay_between(grid, o, dividends, low, high);
}

/* The payoff at expiry; on the strike the mean over the node's cell. */
static void set_payoff(struct grid *grid)
{
    const double K = grid->option->strike, half = 0.5 * grid->dx;
    double spot = grid->low_spot;

    for (int i = 0; i <= grid->last; i++, spot *= grid->growth) {
        grid->value[i] = fabs(spot / K - 1.0) > half ? payoff(grid, spot)
                         : grid->option->right > 0   ? K * (expm1(half) - half) / grid->dx
                                                     : K * (half + expm1(-half)) / grid->dx;
        grid->force[i] = 0.0;
        grid->european[i] = grid->value[i];
    }
}

/* ---- time -------------------------------------------------------------------------------------------------------- */

/* A step back in time by dt: theta = 1 implicit, 1/2 Crank-Nicolson. */
static void step(struct grid *grid, const struct market *m, double dt, double theta)
{
    const double over = grid->growth - 1.0, under = 1.0 - 1.0 / grid->growth, whole = over + under,
                 b = m->rate - m->carry;
    const double s2 = m->vol * m->vol, edge_low = b / over, edge_high = b / under;
    /* drift outruns diffusion in a cell: look where it comes from */
    const bool   swift = s2 + fmin(b * under, -b * over) < 0.0;
    const double up = swift ? s2 / (over * whole) + fmax(b, 0.0) / over : (s2 + b * under) / (over * whole);
    const double down = swift ? s2 / (under * whole) - fmin(b, 0.0) / under : (s2 - b * over) / (under * whole);
    const double here = -(up + down) - m->rate;
    const double in = theta * dt, out = (1.0 - theta) * dt;
    double *const v = grid->value, *const force = grid->force, *const e = grid->european;
    double ratio[NODES], before = 0.0, before_e = 0.0, spot = grid->low_spot;

    for (int i = 0; i <= grid->last; i++) {
        const double a = i == 0 ? 0.0 : i == grid->last ? -edge_high : down;
        const double c = i == grid->last ? 0.0 : i == 0 ? edge_low : up;
        const double self = i == 0 ? -edge_low - m->rate : i == grid->last ? edge_high - m->rate : here;
        const double per = 1.0 / (1.0 - in * self + (i > 0 ? in * a * ratio[i - 1] : 0.0));
        const double right =
            v[i] + out * (a * before + self * v[i] + c * (i < grid->last ? v[i + 1] : 0.0)) + dt * force[i];

        before = v[i];
        ratio[i] = -in * c * per;
        v[i] = (right + (i > 0 ? in * a * v[i - 1] : 0.0)) * per;
        if (grid->paired) {
            const double right_e = e[i] + out * (a * before_e + self * e[i] + c * (i < grid->last ? e[i + 1] : 0.0));

            before_e = e[i];
            e[i] = (right_e + (i > 0 ? in * a * e[i - 1] : 0.0)) * per;
        }
    }
    for (int i = grid->last - 1; i >= 0; i--)
        v[i] -= ratio[i] * v[i + 1];
    for (int i = grid->last - 1; grid->paired && i >= 0; i--)
        e[i] -= ratio[i] * e[i + 1];
    for (int i = 0; i <= grid->last; i++, spot *= grid->growth) {
        const double held = v[i] - dt * force[i];

        v[i] = fmax(held, payoff(grid, spot));
        force[i] = fmax((v[i] - held) / dt, 0.0);
    }
}

/* Slope of the monotone cubic at node i, per node: of third order, and cut where it would overshoot. */
static double slope_at(const struct grid *grid, const double *v, int i)
{
    double before, after, slope, least;

    if (i == 0 || i == grid->last)
        return i == 0 ? v[1] - v[0] : v[grid->last] - v[grid->last - 1];
    before = v[i] - v[i - 1];
    after = v[i + 1] - v[i];
    if (before * after <= 0.0)
        return 0.0;
    slope = i == 1 || i == grid->last - 1 ? 0.5 * (before + after)
                                          : (8.0 * (v[i + 1] - v[i - 1]) - (v[i + 2] - v[i - 2])) / 12.0;
    least = 3.0 * fmin(fabs(before), fabs(after));
    return fmax(fmin(slope, least), -least);
}

/* Value at a spot: below the grid linear to what it is worth at 0, above it linear in spot. */
static double value_at(const struct grid *grid, const double *v, double spot, double worthless)
{
    const double high_spot = grid->low_spot * exp(grid->last * grid->dx);
    double place, t, d0, d1, rise;
    int i;

    if (spot <= grid->low_spot)
        return worthless + (v[0] - worthless) * (spot / grid->low_spot);
    if (spot >= high_spot)
        return v[grid->last] +
               (v[grid->last] - v[grid->last - 1]) * (spot - high_spot) / (high_spot * (1.0 - 1.0 / grid->growth));
    place = (log(spot) - grid->low) / grid->dx;
    i = (int)fmin(place, grid->last - 1);
    t = place - i;
    d0 = slope_at(grid, v, i);
    d1 = slope_at(grid, v, i + 1);
    rise = v[i + 1] - v[i];
    return v[i] + t * (d0 + t * (3.0 * rise - 2.0 * d0 - d1 + t * (d0 + d1 - 2.0 * rise)));
}

/* The ex-date `i`, with `left` years from there to expiry.
 * @return whether exercise before it is worth at least as much at today's spot. */
static bool drop(struct grid *grid, const struct market *m, int64_t i, double left)
{
    const double cash = grid->dividends->cash != NULL ? m->cash * grid->dividends->cash[i] : 0.0;
    const double fraction = grid->dividends->fraction != NULL ? grid->dividends->fraction[i] : 0.0;
    const double S = grid->option->spot;
    const double worthless = grid->option->right > 0 ? 0.0 : grid->option->strike * fmax(1.0, exp(-m->rate * left));
    const bool exercised =
        payoff(grid, S) > 0.0 &&
        payoff(grid, S) >= value_at(grid, grid->value, fmax(S - cash - fraction * S, 0.0), worthless);
    double spot = grid->low_spot;
    double after[NODES];

    memcpy(after, grid->value, sizeof after);
    for (int j = 0; j <= grid->last; j++, spot *= grid->growth) {
        grid->value[j] =
            fmax(value_at(grid, after, fmax(spot - cash - fraction * spot, 0.0), worthless), payoff(grid, spot));
        grid->force[j] = 0.0;
    }
    return exercised;
}

/* From one kink back over a span of time. */
static void march(struct grid *grid, const struct market *m, double span, int steps)
{
    double done = 0.0;

    for (int k = 1; k <= steps; k++) {
        const double share = (double)k / steps, dt = span * share * share - done;

        done += dt;
        if (k <= DAMPING / 2) {
            step(grid, m, 0.5 * dt, 1.0);
            step(grid, m, 0.5 * dt, 1.0);
        } else {
            step(grid, m, dt, 0.5);
        }
    }
}

/* ---- the answer -------------------------------------------------------------------------------------------------- */

static bool exercised_node(const struct grid *grid, int i)
{
    const double floor = payoff(grid, grid->low_spot * exp(i * grid->dx));

    return floor > 0.0 && grid->value[i] <= floor + 1e-11 * grid->option->strike;
}

/* Where exercise begins, from the strike outwards:
 * the excess over the payoff grows with the square of the distance from there. */
static double find_boundary(const struct grid *grid)
{
    const int way = grid->option->right, strike = (int)((log(grid->option->strike) - grid->low) / grid->dx + 0.5);

    for (int i = strike; i >= 0 && i <= grid->last; i += way)
        if (exercised_node(grid, i)) {
            double near = 0.0, far = 0.0, back = 0.5;

            for (int k = 1; k <= 2; k++) {
                const int j = i - k * way < 0 ? 0 : i - k * way > grid->last ? grid->last : i - k * way;
                const double excess = grid->value[j] - payoff(grid, grid->low_spot * exp(j * grid->dx));

                *(k == 1 ? &near : &far) = sqrt(fmax(excess, 0.0));
            }
            if (far > near)
                back = fmin(1.0, 1.0 - near / (far - near));
            return exp(grid->low + (i - way * fmax(back, 0.0)) * grid->dx);
        }
    return (double)NAN;
}

/* The polynomial through five nodes, and its derivatives at the spot, by Newton's divided differences: of the value, or
 * of what it is above the European one. */
static void read_spot(const struct grid *grid, struct answer *answer)
{
    const double place = (log(grid->option->spot) - grid->low) / grid->dx;
    const int first = (int)fmin(fmax(place - 1.5, 0.0), grid->last - 4);
    double d[5], by[5] = {0.0};

    for (int k = 0; k < 5; k++)
        d[k] = grid->value[first + k] - (grid->paired ? grid->european[first + k] : 0.0);
    for (int k = 1; k < 5; k++)
        for (int i = 4; i >= k; i--)
            d[i] = (d[i] - d[i - 1]) / k;
    for (int k = 4; k >= 0; k--) { /* Horner's rule for the value and the derivatives over their factorials */
        const double t = place - first - k;

        for (int order = 4; order > 0; order--)
            by[order] = by[order] * t + by[order - 1];
        by[0] = by[0] * t + d[k];
    }
    answer->by[0] = by[0];
    answer->by[1] = by[1] / grid->dx;
    answer->by[2] = 2.0 * by[2] / (grid->dx * grid->dx);
    answer->by[3] = 6.0 * by[3] / (grid->dx * grid->dx * grid->dx);
    answer->by[4] = 24.0 * by[4] / (grid->dx * grid->dx * grid->dx * grid->dx);
}

static void solve_on(struct grid *grid, const struct market *m, struct answer *answer)
{
    const struct gex__grid_option *o = grid->option;
    const struct gex__dividends *dividends = grid->dividends;
    double until = o->years;
    int64_t next = dividends->count;

    set_payoff(grid);
    answer->at_dividend = false;
    while (next > 0 && dividends->years[next - 1] >= o->years)
        next--;
    for (;;) {
        const double from = next > 0 ? dividends->years[next - 1] : 0.0;
        const int steps = (int)((double)STEPS * sqrt((until - from) / o->years));

        if (until > from)
            march(grid, m, until - from, steps < STEPS_LEAST ? STEPS_LEAST : steps);
        if (next == 0)
            break;
        answer->at_dividend = drop(grid, m, next - 1, o->years - from);
        until = from;
        next--;
    }
    read_spot(grid, answer);
    answer->boundary = find_boundary(grid);
    answer->exercised = false;
    if (payoff(grid, o->spot) > 0.0) {
        const int below = (int)((log(o->spot) - grid->low) / grid->dx);
        const bool low = exercised_node(grid, below), high = exercised_node(grid, below + 1);

        answer->exercised = (low && high) || ((low || high) && o->right * (o->spot - answer->boundary) >= 0.0);
    }
}

/*
 * With dividends the value; without them the premium over the European option on the same grid, whose value is known.
 * On the grid and on one half as fine, and what both tend to:
 * the error falls with the square of the spacing (Richardson).
 */
static void solve(struct grid *grid, const struct market *m, struct answer *answer)
{
    struct answer coarse;

    refine(grid, COARSE);
    solve_on(grid, m, &coarse);
    refine(grid, 2 * COARSE);
    solve_on(grid, m, answer);
    for (int k = 0; k < 5; k++)
        answer->by[k] += (answer->by[k] - coarse.by[k]) / 3.0;
}

/* Log of the spot where exercise ends on the way from node i, which is exercised, to the side `way`. */
static double edge_of(const struct grid *grid, int i, int way)
{
    double root[2];

    for (int k = 0; k < 2; k++) {
        const int j = i + (k + 1) * way;
        const double excess =
            j < 0 || j > grid->last ? 0.0 : grid->value[j] - payoff(grid, grid->low_spot * exp(j * grid->dx));

        root[k] = sqrt(fmax(excess, 0.0));
    }
    return grid->low +
           (i + way * (root[1] > root[0] ? 1.0 - fmin(1.0, root[0] / (root[1] - root[0])) : 0.5)) * grid->dx;
}

void gex__american_grid_nodes(const struct gex__grid_option *option, double low, double high, double reach,
                              struct gex__grid_nodes *nodes)
{
    const struct market market = {option->vol, option->rate, option->carry, 1.0};
    const struct gex__dividends none = {0};
    struct grid grid = {.last = 0};
    struct answer unused;
    int first = -1, last = -1;

    lay_between(&grid, option, &none, low - reach, high + reach);
    solve_on(&grid, &market, &unused);
    for (int i = 0; i <= COARSE; i++)
        nodes->premium[2 * i] = grid.value[i] - grid.european[i];
    refine(&grid, 2 * COARSE);
    solve_on(&grid, &market, &unused);
    nodes->low = grid.low;
    nodes->dx = grid.dx;
    /* by Richardson at the nodes of both, and between them as much as about there */
    for (int i = 0; i <= 2 * COARSE; i++) {
        const double fine = grid.value[i] - grid.european[i], x = grid.low + i * grid.dx;

        if (i % 2 == 0)
            nodes->premium[i] = (fine - nodes->premium[i]) / 3.0;
        if (x >= low - grid.dx && x <= high + grid.dx && exercised_node(&grid, i)) {
            first = first < 0 ? i : first;
            last = i;
        }
    }
    for (int i = 1; i < 2 * COARSE; i += 2) {
        const double near = nodes->premium[i - 1] + nodes->premium[i + 1];
        const double far = i > 1 && i < 2 * COARSE - 1 ? nodes->premium[i - 3] + nodes->premium[i + 3] : near;

        nodes->premium[i] = 0.5625 * near - 0.0625 * far;
    }
    for (int i = 0; i <= 2 * COARSE; i++)
        nodes->premium[i] += grid.value[i] - grid.european[i];
    nodes->exercised_from = first < 0 ? HUGE_VAL : edge_of(&grid, first, -1);
    nodes->exercised_to = first < 0 ? -HUGE_VAL : edge_of(&grid, last, 1);
}

/* ---- greeks ------------------------------------------------------------------------------------------------------ */

#define WANT(greek) (1u << (greek))

/* The value and its first two derivatives by x in another market, on the same grid. */
static void solve_in(struct grid *grid, const struct market *market, double by[3])
{
    struct answer answer;

    solve(grid, market, &answer);
    memcpy(by, answer.by, 3 * sizeof *by);
}

static void by_spot(const struct gex__grid_option *o, const struct answer *at, double *values)
{
    const double S = o->spot, r = o->rate, q = o->carry, b = r - q, s2 = o->vol * o->vol;
    const double e = at->by[0], e1 = at->by[1], e2 = at->by[2] - e1, e3 = at->by[3] - 3.0 * at->by[2] + 2.0 * e1;
    const double e4 = at->by[4] - 6.0 * at->by[3] + 11.0 * at->by[2] - 6.0 * e1; /* S^k times derivative k by S */

    values[GEX_GREEK_PRICE] = e;
    values[GEX_GREEK_DELTA] = e1 / S;
    values[GEX_GREEK_GAMMA] = e2 / (S * S);
    values[GEX_GREEK_SPEED] = e3 / (S * S * S);
    values[GEX_GREEK_THETA] = r * e - b * e1 - 0.5 * s2 * e2;
    values[GEX_GREEK_CHARM] = (q * e1 - b * e2 - s2 * (e2 + 0.5 * e3)) / S;
    values[GEX_GREEK_COLOR] = (r * e2 - b * (2.0 * e2 + e3) - s2 * (e2 + 2.0 * e3 + 0.5 * e4)) / (S * S);
}

static void by_vol(struct grid *grid, const struct market *m, const struct answer *at, double *values)
{
    const struct gex__grid_option *o = grid->option;
    const double h = 0.02 * m->vol, S = o->spot, r = o->rate, b = o->rate - o->carry;
    double by[4][3], vega, vanna, vomma, zomma;

    for (int i = 0; i < 4; i++) {
        struct market moved = *m;

        moved.vol += (i < 2 ? i - 2 : i - 1) * h;
        solve_in(grid, &moved, by[i]);
    }
    vega = (8.0 * (by[2][0] - by[1][0]) - (by[3][0] - by[0][0])) / (12.0 * h);
    vanna = (8.0 * (by[2][1] - by[1][1]) - (by[3][1] - by[0][1])) / (12.0 * h);             /* S times */
    zomma = (8.0 * (by[2][2] - by[1][2]) - (by[3][2] - by[0][2])) / (12.0 * h) - vanna;     /* S^2 times */
    vomma = (16.0 * (by[2][0] + by[1][0]) - (by[3][0] + by[0][0]) - 30.0 * at->by[0]) / (12.0 * h * h);
    values[GEX_GREEK_VEGA] = vega;
    values[GEX_GREEK_VANNA] = vanna / S;
    values[GEX_GREEK_ZOMMA] = zomma / (S * S);
    values[GEX_GREEK_VOMMA] = vomma;
    values[GEX_GREEK_DVANNA_DVOL] =
        (16.0 * (by[2][1] + by[1][1]) - (by[3][1] + by[0][1]) - 30.0 * at->by[1]) / (12.0 * h * h) / S;
    values[GEX_GREEK_ULTIMA] = (by[3][0] - by[0][0] - 2.0 * (by[2][0] - by[1][0])) / (2.0 * h * h * h);
    values[GEX_GREEK_VETA] = r * vega - b * vanna - m->vol * (at->by[2] - at->by[1]) - 0.5 * m->vol * m->vol * zomma;
}

/* Centred difference of the value by rate or yield. */
static double by_rate(struct grid *grid, const struct market *m, double rate, double carry)
{
    struct market up = *m, down = *m;
    double above[3], below[3];

    up.rate += rate;
    up.carry += carry;
    down.rate -= rate;
    down.carry -= carry;
    solve_in(grid, &up, above);
    solve_in(grid, &down, below);
    return (above[0] - below[0]) / (2.0 * (rate + carry));
}

/* Slope and curvature of the value by the logarithm of all cash, and the slope of its derivative by x. */
static void by_cash(struct grid *grid, const struct market *m, const double at[2], double *slope, double *curve,
                    double *mixed)
{
    const double h = 0.05;
    struct market up = *m, down = *m;
    double above[3], below[3], by, again;

    up.cash *= 1.0 + h;
    down.cash *= 1.0 - h;
    solve_in(grid, &up, above);
    solve_in(grid, &down, below);
    by = (above[0] - below[0]) / (2.0 * h);
    again = (above[0] + below[0] - 2.0 * at[0]) / (h * h);
    *slope = by;
    *curve = again;
    *mixed = (above[1] - below[1]) / (2.0 * h);
}

/*
 * V is homogeneous in spot, strike and cash D. With W = D V_D:
 *     K V_K = V - S V_S - W    K^2 V_KK = S^2 V_SS + 2 S W_S + D^2 V_DD    K V_Kvol = V_vol - S V_Svol - W_vol
 */
static void by_strike(struct grid *grid, const struct market *m, const struct answer *at, unsigned wanted,
                      double *values)
{
    const struct gex__grid_option *o = grid->option;
    const double S = o->spot, K = o->strike;
    double slope = 0.0, curve = 0.0, mixed = 0.0, turned = 0.0;

    if (grid->dividends->count > 0 && grid->dividends->cash != NULL) {
        by_cash(grid, m, at->by, &slope, &curve, &mixed);
        if (wanted & WANT(GEX_GREEK_DUAL_VANNA)) {
            struct market up = *m, down = *m;
            double above, below, unused[2];
            double by[3];

            up.vol *= 1.02;
            down.vol *= 0.98;
            solve_in(grid, &up, by);
            by_cash(grid, &up, by, &above, &unused[0], &unused[1]);
            solve_in(grid, &down, by);
            by_cash(grid, &down, by, &below, &unused[0], &unused[1]);
            turned = (above - below) / (0.04 * m->vol);
        }
    }
    values[GEX_GREEK_DUAL_DELTA] = (values[GEX_GREEK_PRICE] - S * values[GEX_GREEK_DELTA] - slope) / K;
    values[GEX_GREEK_DUAL_GAMMA] = (S * S * values[GEX_GREEK_GAMMA] + 2.0 * mixed + curve) / (K * K);
    if (wanted & WANT(GEX_GREEK_DUAL_VANNA))
        values[GEX_GREEK_DUAL_VANNA] = (values[GEX_GREEK_VEGA] - S * values[GEX_GREEK_VANNA] - turned) / K;
}

int32_t gex__american_grid(const struct gex__grid_option *option, const struct gex__dividends *dividends,
                           unsigned wanted, double values[GEX_GREEK_LAST_ + 1], double *boundary)
{
    const struct market market = {option->vol, option->rate, option->carry, 1.0};
    const double f = option->right, K = option->strike, S = option->spot;
    struct grid grid = {.last = 0};
    struct answer at;

    lay_out(&grid, option, dividends);
    solve(&grid, &market, &at);
    *boundary = at.boundary == at.boundary ? at.boundary : f > 0 ? HUGE_VAL : 0.0;
    if (at.exercised) {
        memset(values, 0, (GEX_GREEK_LAST_ + 1) * sizeof *values);
        values[GEX_GREEK_PRICE] = f * (S - K);
        values[GEX_GREEK_DELTA] = f;
        values[GEX_GREEK_DUAL_DELTA] = -f;
        return GEX_CALC_EXERCISED;
    }
    by_spot(option, &at, values);
    if (wanted &
        (WANT(GEX_GREEK_VEGA) | WANT(GEX_GREEK_VANNA) | WANT(GEX_GREEK_ZOMMA) | WANT(GEX_GREEK_VOMMA) |
         WANT(GEX_GREEK_ULTIMA) | WANT(GEX_GREEK_DVANNA_DVOL) | WANT(GEX_GREEK_VETA) | WANT(GEX_GREEK_DUAL_VANNA)))
        by_vol(&grid, &market, &at, values);
    if (wanted & WANT(GEX_GREEK_RHO))
        values[GEX_GREEK_RHO] = by_rate(&grid, &market, 1e-3, 0.0);
    if (wanted & WANT(GEX_GREEK_EPSILON))
        values[GEX_GREEK_EPSILON] = by_rate(&grid, &market, 0.0, 1e-3);
    if (wanted & (WANT(GEX_GREEK_DUAL_DELTA) | WANT(GEX_GREEK_DUAL_GAMMA) | WANT(GEX_GREEK_DUAL_VANNA)))
        by_strike(&grid, &market, &at, wanted, values);
    return at.at_dividend ? GEX_CALC_EXERCISE_AT_DIVIDEND : GEX_CALC_SLOW_PATH;
}
