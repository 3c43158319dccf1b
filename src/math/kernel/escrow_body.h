/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid of escrow.h, GEX_LANES options at a time.
 *
 * Space: second-order differences in the log, exact for 1 and s, upwind where drift outruns diffusion in a cell.
 * Time: from each kink (expiry, an ex-date) back in steps that grow, four half steps implicit, then Crank-Nicolson.
 * The matrix of a step is the same in every row, so its factors are two numbers and not two columns:
 *
 *     -A v[i-1] + B v[i] - C v[i+1] = rhs[i]      rho = C / (B - A rho)      k = 1 / (B - A rho)
 *     y[i] = k (rhs[i] + A y[i-1])                v[i] = y[i] + rho v[i+1]
 *
 * which starts from y[0] = v[0] - rho v[1]: at both ends the value is linear in s, and known a step ahead.
 * Exercise: operator splitting as in american_grid.c. The European option goes through the same arithmetic, so a
 * premium of an option that is never exercised is 0 exactly.
 */
#include "escrow.h"

#include <math.h>

enum { ESCROW_DAMPED = 2, ESCROW_STEPS_LEAST = 8 };

/* What does not change while an option is solved. */
struct escrow_lane {
    f64v up, down, here, rate, carry; /* of the operator */
    f64v low, low_1, high, high_1;    /* s of the nodes at the ends and beside them */
    f64v shrink;                      /* s of a node over that of the next one */
    f64v right, strike;
    f64v alpha, paid; /* stock = alpha s + paid */
};

/* e^-x of a small x. */
LANE f64v escrow_decay(f64v x)
{
    const f64v even = v_fma(x * x, v_set(1.0 / 12.0), v_set(1.0)), odd = 0.5 * x;

    return (even - odd) / (even + odd);
}

LANE f64v escrow_load(double (*column)[GEX_ESCROW_LANES], int node, int lane)
{
    return v_load(&column[node][lane]);
}

/* Value a step earlier at s, of two nodes in a stretch linear in s. */
LANE f64v escrow_edge(f64v near, f64v far, f64v s_near, f64v s_far, f64v s, f64v discount, f64v fade)
{
    const f64v slope = (far - near) / (s_far - s_near);

    return v_fma(slope * fade, s, v_fma(-slope, s_near, near) * discount);
}

LANE f64v escrow_exercised(const struct escrow_lane *l, f64v s)
{
    return l->right * (v_fma(l->alpha, s, l->paid) - l->strike);
}

/* A step back by dt: theta = 1 implicit, 1/2 Crank-Nicolson. */
OWN_STACK void escrow_step(struct gex__escrow_nodes *n, struct escrow_lane *l, int lane, int last, double dt,
                           double theta)
{
    double(*const v)[GEX_ESCROW_LANES] = n->premium, (*const force)[GEX_ESCROW_LANES] = n->excess,
                  (*const e)[GEX_ESCROW_LANES] = n->european;
    const f64v in = v_set(theta * dt), out = v_set((1.0 - theta) * dt), step = v_set(dt), per_step = v_set(1.0 / dt);
    const f64v a = in * l->down, c = in * l->up, b = 1.0 - in * l->here;
    const f64v rho = 2.0 * c / (b + v_sqrt(v_max(b * b - 4.0 * a * c, v_set(0.0)))), k = 1.0 / (b - a * rho);
    const f64v back = k * a, self = k * (1.0 + out * l->here), above = k * out * l->up, below = k * out * l->down,
               pushed = k * step;
    const f64v discount = (1.0 - out * l->rate) / (1.0 + in * l->rate);
    const f64v fade = (1.0 - out * l->carry) / (1.0 + in * l->carry);
    const f64v v0 = escrow_load(v, 0, lane), v1 = escrow_load(v, 1, lane), e0 = escrow_load(e, 0, lane),
               e1 = escrow_load(e, 1, lane);
    f64v low = escrow_edge(v0, v1, l->low, l->low_1, l->low, discount, fade);
    f64v next = escrow_edge(v0, v1, l->low, l->low_1, l->low_1, discount, fade);
    f64v high = escrow_edge(escrow_load(v, last, lane), escrow_load(v, last - 1, lane), l->high, l->high_1, l->high,
                            discount, fade);
    const f64v low_e = escrow_edge(e0, e1, l->low, l->low_1, l->low, discount, fade);
    const f64v next_e = escrow_edge(e0, e1, l->low, l->low_1, l->low_1, discount, fade);
    const f64v high_e = escrow_edge(escrow_load(e, last, lane), escrow_load(e, last - 1, lane), l->high, l->high_1,
                                    l->high, discount, fade);
    f64v y, y_e, was = v0, was_e = e0, v_next, e_next, s = l->high_1, gain, gain_by;

    l->paid *= escrow_decay(step * l->rate);
    low = v_max(low, escrow_exercised(l, l->low));
    next = v_max(next, escrow_exercised(l, l->low_1));
    high = v_max(high, escrow_exercised(l, l->high));
    y = low - rho * next;
    y_e = low_e - rho * next_e;
    for (int i = 1; i < last; i++) {
        const f64v at = escrow_load(v, i, lane), at_e = escrow_load(e, i, lane);

        y = v_fma(
            back, y,
            v_fma(self, at,
                  v_fma(above, escrow_load(v, i + 1, lane), v_fma(pushed, escrow_load(force, i, lane), below * was))));
        y_e = v_fma(back, y_e, v_fma(self, at_e, v_fma(above, escrow_load(e, i + 1, lane), below * was_e)));
        was = at;
        was_e = at_e;
        v_store(&v[i][lane], y);
        v_store(&e[i][lane], y_e);
    }
    v_next = high;
    e_next = high_e;
    gain_by = l->right * l->alpha;
    gain = l->right * (l->paid - l->strike);
    for (int i = last - 1; i > 0; i--, s *= l->shrink) {
        f64v held, best;

        v_next = v_fma(rho, v_next, escrow_load(v, i, lane));
        e_next = v_fma(rho, e_next, escrow_load(e, i, lane));
        held = v_next - step * escrow_load(force, i, lane);
        best = v_max(held, v_fma(gain_by, s, gain));
        v_store(&v[i][lane], best);
        v_store(&force[i][lane], (best - held) * per_step);
        v_store(&e[i][lane], e_next);
    }
    v_store(&v[0][lane], low);
    v_store(&v[last][lane], high);
    v_store(&e[0][lane], low_e);
    v_store(&e[last][lane], high_e);
}

/* From one kink back over a span of time. */
static void escrow_march(struct gex__escrow_nodes *n, struct escrow_lane *l, int lane, int last, double span, int steps)
{
    double done = 0.0;

    for (int k = 1; k <= steps; k++) {
        const double share = (double)k / steps, dt = span * share * share - done;

        done += dt;
        if (k <= ESCROW_DAMPED) {
            escrow_step(n, l, lane, last, 0.5 * dt, 1.0);
            escrow_step(n, l, lane, last, 0.5 * dt, 1.0);
        } else {
            escrow_step(n, l, lane, last, dt, 0.5);
        }
    }
}

/* The payoff at expiry; where the strike lies in a node's cell, the mean over it. */
OWN_STACK void escrow_payoff(const struct gex__escrow_lines *lines, struct gex__escrow_nodes *n, int lane, int last)
{
    for (int j = lane; j < lane + GEX_LANES; j++) {
        const double dx = lines->dx[j], half = 0.5 * dx, K = lines->strike[j], k = lines->log_strike[j],
                     f = lines->right[j];
        const double root = __builtin_sqrt(lines->growth[j]), outwards = f > 0.0 ? root : 1.0 / root;
        double s = lines->low_spot[j];

        for (int i = 0; i <= last; i++, s *= lines->growth[j]) {
            const double x = lines->low[j] + i * dx, to = x + f * half; /* the end of the cell in the money */
            const double value = fabs(x - k) < half ? (s * outwards - K - K * (to - k)) / dx : fmax(f * (s - K), 0.0);

            n->premium[i][j] = n->european[i][j] = value;
            n->excess[i][j] = 0.0;
        }
    }
}

/* The mean over a node's cell of what exercise adds where it begins between two nodes: what a kink at p leaves is
 * |step| (p - 1/2)^2 / 2, in the cell of the nearer one. `was` and `gain` are of node - 1 and node. */
LANE void escrow_smooth(struct gex__escrow_nodes *n, int lane, int node, f64v was, f64v gain)
{
    const i64v crosses = v_less(was * gain, v_set(0.0));
    const f64v p = was / (was - gain) - 0.5, mean = v_keep(crosses, 0.5 * v_abs(gain - was) * (p * p));
    const i64v second = v_less(v_set(0.0), p);

    v_store(&n->premium[node - 1][lane], escrow_load(n->premium, node - 1, lane) + v_keep(~second, mean));
    v_store(&n->premium[node][lane], escrow_load(n->premium, node, lane) + v_keep(second, mean));
}

/* The right to exercise just before ex-date `i`; today's comparison there, by the line between two nodes. */
OWN_STACK void escrow_event(const struct gex__escrow_lines *lines, struct gex__escrow_nodes *n, struct escrow_lane *l,
                            int lane, int64_t i)
{
    const double cash = lines->events.cash != NULL ? lines->events.cash[i] : 0.0;
    const double kept = 1.0 - (lines->events.fraction != NULL ? lines->events.fraction[i] : 0.0);
    double alpha[GEX_LANES], paid[GEX_LANES];
    f64v s = l->low, was = v_set(0.0);

    l->alpha /= kept;
    l->paid = (l->paid + cash) / kept;
    v_store(alpha, l->alpha);
    v_store(paid, l->paid);
    for (int j = 0; j < GEX_LANES; j++) {
        const double place = (lines->at[lane + j] - lines->low[lane + j]) / lines->dx[lane + j];
        const double bound = place > 0.0 ? (place < lines->last - 1 ? place : lines->last - 1) : 0.0;
        const int node = (int)bound;
        const double held =
            n->premium[node][lane + j] + (place - node) * (n->premium[node + 1][lane + j] - n->premium[node][lane + j]);
        const double gain =
            lines->right[lane + j] * (alpha[j] * lines->at_spot[lane + j] + paid[j] - lines->strike[lane + j]);

        n->at_dividend[lane + j] = gain > 0.0 && gain >= held;
    }
    for (int node = 0; node <= lines->last; node++, s /= l->shrink) {
        const f64v held = escrow_load(n->premium, node, lane), gain = escrow_exercised(l, s) - held;

        v_store(&n->premium[node][lane], held + v_max(gain, v_set(0.0)));
        v_store(&n->excess[node][lane], v_set(0.0));
        if (node > 0)
            escrow_smooth(n, lane, node, was, gain);
        was = gain;
    }
}

OWN_STACK void escrow_prepare(const struct gex__escrow_lines *lines, int lane, struct escrow_lane *l)
{
    const f64v growth = v_load(lines->growth + lane);
    f64v over, under, whole, s2, b, up, down;
    i64v swift;

    l->shrink = 1.0 / growth;
    l->low = v_load(lines->low_spot + lane);
    l->low_1 = l->low * growth;
    l->high = v_load(lines->high_spot + lane);
    l->high_1 = l->high * l->shrink;
    over = growth - 1.0;
    under = 1.0 - l->shrink;
    whole = over + under;
    l->rate = v_load(lines->rate + lane);
    l->carry = v_load(lines->carry + lane);
    l->strike = v_load(lines->strike + lane);
    l->right = v_load(lines->right + lane);
    s2 = v_load(lines->vol + lane) * v_load(lines->vol + lane);
    b = l->rate - l->carry;
    swift = v_less(s2 + v_min(b * under, -b * over), v_set(0.0));
    up = v_select(swift, s2 / (over * whole) + v_max(b, v_set(0.0)) / over, (s2 + b * under) / (over * whole));
    down = v_select(swift, s2 / (under * whole) - v_min(b, v_set(0.0)) / under, (s2 - b * over) / (under * whole));
    l->up = up;
    l->down = down;
    l->here = -(up + down) - l->rate;
    l->alpha = v_set(1.0);
    l->paid = v_set(0.0);
}

/* What is left at the end: premiums, and excesses over exercise where that pays. */
static void escrow_finish(struct gex__escrow_nodes *n, const struct escrow_lane *l, int lane, int last)
{
    f64v s = l->low;

    for (int i = 0; i <= last; i++, s /= l->shrink) {
        const f64v value = escrow_load(n->premium, i, lane), gain = escrow_exercised(l, s);

        v_store(&n->premium[i][lane], value - escrow_load(n->european, i, lane));
        v_store(&n->excess[i][lane], v_select(v_less(v_set(0.0), gain), value - gain, l->strike));
    }
}

static void escrow_solve(const struct gex__escrow_lines *lines, struct gex__escrow_nodes *nodes)
{
    for (int lane = 0; lane < GEX_ESCROW_LANES; lane += GEX_LANES) {
        struct escrow_lane l;
        double until = lines->years;

        escrow_prepare(lines, lane, &l);
        escrow_payoff(lines, nodes, lane, lines->last);
        for (int j = lane; j < lane + GEX_LANES; j++)
            nodes->at_dividend[j] = false;
        for (int64_t next = lines->events.count;; next--) {
            const double from = next > 0 ? lines->events.years[next - 1] - lines->events.passed : 0.0;
            const int steps = (int)(lines->steps * __builtin_sqrt((until - from) / lines->years));

            if (until > from)
                escrow_march(nodes, &l, lane, lines->last, until - from,
                             steps < ESCROW_STEPS_LEAST ? ESCROW_STEPS_LEAST : steps);
            if (next == 0)
                break;
            escrow_event(lines, nodes, &l, lane, next - 1);
            until = from;
        }
        escrow_finish(nodes, &l, lane, lines->last);
    }
}
