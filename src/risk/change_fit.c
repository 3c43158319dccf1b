/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the surface did, as level, skew and curvature of each expiry, and how far at-the-money volatility follows spot.
 *
 * The fit is of a + b k + c k^2 by least squares weighted with vega, over polynomials orthogonal under these weights
 * (Forsythe 1957): p0 = 1, p1 = k - m, p2 = p1^2 - alpha p1 - beta. Then nothing is inverted.
 */
#include "change.h"

#include <math.h>

#include "market/dynamics.h"
#include "market/surface.h"

#define WINDOW 0.5 /* deviations sqrt(w(0)) */
enum { SAMPLES = 8 }; /* on either side of the money */

/* Rows [from, to) of the canonical order: one expiry of before's chain, `after` its index in the other. */
struct expiry {
    const struct gex__change_work *work;
    int64_t from, to, strikes;
    int32_t before, after;
};

struct fit {
    double a, b, c;
};

static int64_t row_of(const struct expiry *x, int64_t n)
{
    return gex_chain_order(gex_market_chain(x->work->before))[n];
}

/* A contract without vega has no say. */
static double weight_of(const struct expiry *x, int64_t row)
{
    const double vega = x->work->change->column[GEX_CHANGE_VEGA][row];
    return x->work->change->row[row] >= 0 && vega > 0 && isfinite(vega) ? vega : 0;
}

static double moneyness_of(const struct expiry *x, int64_t row)
{
    return gex__log_moneyness(gex_chain_strike(gex_market_chain(x->work->before))[row],
                              gex_market_forward(x->work->after)[x->after]);
}

/* Weighted sums about a centre m: of powers of (k - m), and of these times what the surface did. */
struct moments {
    double power[5], product[3];
};

static struct moments moments_about(const struct expiry *x, double m)
{
    struct moments sums = {.power = {0}};

    for (int64_t n = x->from; n < x->to; n++) {
        const int64_t row = row_of(x, n);
        const double weight = weight_of(x, row);
        double term = weight;

        for (int p = 0; p < 5 && weight > 0; p++, term *= moneyness_of(x, row) - m) {
            sums.power[p] += term;
            if (p < 3)
                sums.product[p] += term * x->work->change->column[GEX_CHANGE_SURFACE][row];
        }
    }
    return sums;
}

/* As many terms as there are strikes, three at most. */
static struct fit fit_of(const struct expiry *x)
{
    const struct moments raw = moments_about(x, 0);
    const double m = raw.power[1] / raw.power[0];
    const struct moments s = moments_about(x, m);
    const double c0 = s.product[0] / s.power[0];
    double c1, c2, alpha, beta, norm;

    if (x->strikes < 2)
        return (struct fit){c0, 0, 0};
    c1 = s.product[1] / s.power[2];
    if (x->strikes < 3)
        return (struct fit){c0 - c1 * m, c1, 0};
    alpha = s.power[3] / s.power[2];
    beta = s.power[2] / s.power[0];
    norm = s.power[4] - alpha * s.power[3] - beta * s.power[2]; /* sum of w p2^2 = sum of w p2 p1^2 */
    c2 = norm > 1e-10 * s.power[4] ? (s.product[2] - alpha * s.product[1] - beta * s.product[0]) / norm : 0;
    return (struct fit){c0 - c1 * m + c2 * (m * m + alpha * m - beta), c1 - c2 * (alpha + 2 * m), c2};
}

static void rows_write(const struct expiry *x, const struct fit *fit)
{
    struct gex_change *change = x->work->change;
    double squares = 0, weights = 0;

    for (int64_t n = x->from; n < x->to; n++) {
        const int64_t row = row_of(x, n);
        const double weight = weight_of(x, row), k = change->row[row] >= 0 ? moneyness_of(x, row) : 0;
        double residual;

        if (change->row[row] < 0)
            continue;
        change->column[GEX_CHANGE_LEVEL][row] = fit->a;
        change->column[GEX_CHANGE_SKEW][row] = fit->b * k;
        change->column[GEX_CHANGE_CURVATURE][row] = fit->c * k * k;
        residual = change->column[GEX_CHANGE_SURFACE][row] - (fit->a + fit->b * k + fit->c * k * k);
        change->column[GEX_CHANGE_RESIDUAL][row] = residual;
        squares += weight * residual * residual;
        weights += weight;
    }
    change->expiry[GEX_CHANGE_EXPIRY_ERROR][x->before] = sqrt(squares / weights);
}

/*
 * A smile near the money, by the parabola of least squares over WINDOW deviations either side: a slope at one point of
 * a cubic through quotes is mostly the noise of the two nearest.
 */
struct atm {
    double vol, skew;
    bool   inside; /* strikes reach that far */
};

static struct atm atm_of(const gex_surface *smile, double years)
{
    const double theta = gex__surface_at(smile, 0, years).smile.w, reach = WINDOW * sqrt(fmax(0, theta));
    double k2 = 0, k4 = 0, f0 = 0, f1 = 0, f2 = 0;
    struct atm atm = {.inside = reach > 0 && isfinite(reach)};

    for (int i = -SAMPLES; i <= SAMPLES && atm.inside; i++) {
        const double k = reach * (double)i / (double)SAMPLES;
        const struct gex__point point = gex__surface_at(smile, k, years);
        const double vol = sqrt(point.smile.w / years);

        atm.inside = !point.beyond && vol > 0;
        k2 += k * k, k4 += k * k * k * k;
        f0 += vol, f1 += vol * k, f2 += vol * k * k;
    }
    atm.vol = (f0 * k4 - f2 * k2) / ((2 * SAMPLES + 1) * k4 - k2 * k2);
    atm.skew = f1 / k2;
    return atm;
}

/* At the money, where both smiles have strikes on either side. */
static void atm_write(const struct expiry *x)
{
    const gex_market *before = x->work->before, *after = x->work->after;
    struct gex_change *change = x->work->change;
    const double years = gex_market_years(after)[x->after];
    const double passed = gex_market_calendar_years(after)[x->after] - gex_market_calendar_years(before)[x->before];
    const double growth = gex_market_expiry_rate(before)[x->before] - gex_market_expiry_carry(before)[x->before];
    const double move = log(gex_market_forward(after)[x->after] / gex_market_forward(before)[x->before]) -
                        growth * passed;
    const struct atm old = atm_of(x->work->smile, years), new = atm_of(x->work->smile_after, years);

    change->expiry[GEX_CHANGE_EXPIRY_LOG_MOVE][x->before] = move;
    if (!old.inside || !new.inside)
        return;
    change->expiry[GEX_CHANGE_EXPIRY_ATM][x->before] = new.vol - old.vol;
    change->expiry[GEX_CHANGE_EXPIRY_SKEW_MOVE][x->before] = old.skew * move;
    change->expiry[GEX_CHANGE_EXPIRY_WEIGHT][x->before] = years;
}

static void expiry_fit(struct expiry *x)
{
    struct gex_change *change = x->work->change;
    struct fit fit = {0, 0, 0};
    int64_t contracts = 0, row_after = -1;
    int32_t last = -1;

    x->strikes = 0;
    for (int64_t n = x->from; n < x->to; n++) {
        const int64_t row = row_of(x, n);
        const int32_t strike = gex_chain_strike_index(gex_market_chain(x->work->before))[row];

        if (change->row[row] < 0)
            continue;
        contracts++;
        row_after = change->row[row];
        x->strikes += weight_of(x, row) > 0 && strike != last;
        last = weight_of(x, row) > 0 ? strike : last;
    }
    change->expiry[GEX_CHANGE_EXPIRY_CONTRACTS][x->before] = (double)contracts;
    if (contracts == 0)
        return;
    x->after = gex_chain_expiry_index(gex_market_chain(x->work->after))[row_after];
    if (x->strikes > 0) {
        fit = fit_of(x);
        change->expiry[GEX_CHANGE_EXPIRY_LEVEL][x->before] = fit.a;
        change->expiry[GEX_CHANGE_EXPIRY_SKEW][x->before] = fit.b;
        change->expiry[GEX_CHANGE_EXPIRY_CURVATURE][x->before] = fit.c;
    }
    rows_write(x, &fit);
    atm_write(x);
}

static void stickiness_fit(struct gex_change *change)
{
    const double *x = change->expiry[GEX_CHANGE_EXPIRY_SKEW_MOVE], *y = change->expiry[GEX_CHANGE_EXPIRY_ATM];
    const double *weight = change->expiry[GEX_CHANGE_EXPIRY_WEIGHT];
    double xx = 0, xy = 0, squares = 0;
    int64_t count = 0;

    for (int64_t e = 0; e < change->expiries; e++)
        if (weight[e] > 0) {
            xx += weight[e] * x[e] * x[e];
            xy += weight[e] * x[e] * y[e];
            count++;
        }
    change->stickiness = xx > 0 ? xy / xx : (double)NAN;
    for (int64_t e = 0; e < change->expiries; e++)
        if (weight[e] > 0)
            squares += weight[e] * (y[e] - change->stickiness * x[e]) * (y[e] - change->stickiness * x[e]);
    change->stickiness_error = count > 1 && xx > 0 ? sqrt(squares / (double)(count - 1) / xx) : (double)NAN;
}

void gex__change_fit(const struct gex__change_work *work)
{
    const gex_chain *chain = gex_market_chain(work->before);
    const int64_t *order = gex_chain_order(chain);
    const int32_t *index = gex_chain_expiry_index(chain);
    struct gex_change *change = work->change;
    struct expiry x = {.work = work};

    for (int64_t e = 0; e < change->expiries; e++) {
        for (int c = 1; c <= GEX_CHANGE_EXPIRY_LAST_; c++)
            change->expiry[c][e] = (double)NAN;
        change->expiry[GEX_CHANGE_EXPIRY_WEIGHT][e] = change->expiry[GEX_CHANGE_EXPIRY_CONTRACTS][e] = 0;
    }
    for (; x.from < change->rows && gex_chain_strike_index(chain)[order[x.from]] >= 0; x.from = x.to) {
        for (x.to = x.from; x.to < change->rows && gex_chain_strike_index(chain)[order[x.to]] >= 0 &&
                            index[order[x.to]] == index[order[x.from]];)
            x.to++;
        x.before = index[order[x.from]];
        expiry_fit(&x);
    }
    stickiness_fit(change);
}
