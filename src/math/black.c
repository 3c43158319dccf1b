/* SPDX-License-Identifier: Apache-2.0 */
/* Generalised Black-Scholes, one row at a time on libm. Formulas and limits: Haug (2007), chapter 2. */
#include <math.h>
#include <stddef.h>

#include "black.h"

struct row {
    double spot, strike, years, vol, rate, carry, right;
};

static bool in_domain(const struct row *r)
{
    return r->spot > 0 && r->spot < HUGE_VAL && r->strike > 0 && r->strike < HUGE_VAL && r->years >= 0 &&
           r->years < HUGE_VAL && r->vol >= 0 && r->vol < HUGE_VAL && fabs(r->rate) <= 10 && fabs(r->carry) <= 10 &&
           fabs(r->right) == 1;
}

static double tail(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

static void limit_greeks(const struct row *r, double moneyness, double *g)
{
    double f = r->right, S = r->spot, K = r->strike, T = r->years, Q = exp(-r->carry * T), D = exp(-r->rate * T);
    double inside = moneyness == 0 ? 0.5 : f * moneyness > 0 ? 1 : 0, inf = moneyness == 0 ? HUGE_VAL : 0;
    double unknown = moneyness == 0 ? (double)NAN : 0;

    for (int i = 1; i <= GEX_GREEK_LAST_; i++)
        g[i] = unknown;
    g[GEX_GREEK_PRICE] = moneyness == 0 ? 0 : inside * f * (S * Q - K * D);
    g[GEX_GREEK_DELTA] = inside * f * Q;
    g[GEX_GREEK_GAMMA] = inf;
    g[GEX_GREEK_VEGA] = inf > 0 ? S * Q * sqrt(T) * 0.39894228040143267794 : 0;
    g[GEX_GREEK_THETA] = inf > 0 && r->vol > 0 ? -inf : inside * f * (r->carry * S * Q - r->rate * K * D);
    g[GEX_GREEK_RHO] = inside * f * K * T * D;
    g[GEX_GREEK_EPSILON] = -inside * f * S * T * Q;
    g[GEX_GREEK_CHARM] = inf > 0 ? (double)NAN : inside * f * r->carry * Q;
    g[GEX_GREEK_DUAL_DELTA] = -inside * f * D;
    g[GEX_GREEK_DUAL_GAMMA] = inf;
}

static void row_greeks(const struct row *r, double v, double moneyness, double *g)
{
    double f = r->right, S = r->spot, K = r->strike, T = r->years, s = r->vol, b = r->rate - r->carry;
    double Q = exp(-r->carry * T), D = exp(-r->rate * T), d1 = moneyness / v + v / 2, d2 = d1 - v;
    double ph = Q * exp(-d1 * d1 / 2) * 0.39894228040143267794, A = Q * tail(f * d1), B = K * D * tail(f * d2);
    double other = moneyness * f > 0 ? S * Q * tail(-f * d1) - K * D * tail(-f * d2) : 0;
    double gamma = ph / (S * v), vega = S * ph * sqrt(T);

    g[GEX_GREEK_PRICE] = moneyness * f > 0 ? f * (S * Q - K * D) - f * other : f * (S * A - B);
    g[GEX_GREEK_DELTA] = f * A;
    g[GEX_GREEK_GAMMA] = gamma;
    g[GEX_GREEK_VEGA] = vega;
    g[GEX_GREEK_THETA] = -S * ph * s / (2 * sqrt(T)) - f * r->rate * B + f * r->carry * S * A;
    g[GEX_GREEK_RHO] = f * T * B;
    g[GEX_GREEK_EPSILON] = -f * S * T * A;
    g[GEX_GREEK_VANNA] = -ph * d2 / s;
    g[GEX_GREEK_CHARM] = f * r->carry * A - ph * (b / v - d2 / (2 * T));
    g[GEX_GREEK_VOMMA] = vega * d1 * d2 / s;
    g[GEX_GREEK_VETA] = vega * (r->carry + b * d1 / v - (1 + d1 * d2) / (2 * T));
    g[GEX_GREEK_SPEED] = -gamma / S * (d1 / v + 1);
    g[GEX_GREEK_ZOMMA] = gamma * (d1 * d2 - 1) / s;
    g[GEX_GREEK_COLOR] = gamma * (r->carry + b * d1 / v + (1 - d1 * d2) / (2 * T));
    g[GEX_GREEK_ULTIMA] = -vega / (s * s) * (d1 * d2 * (1 - d1 * d2) + d1 * d1 + d2 * d2);
    g[GEX_GREEK_DUAL_DELTA] = -f * B / K;
    g[GEX_GREEK_DUAL_GAMMA] = S * ph / (K * K * v);
    g[GEX_GREEK_DVANNA_DVOL] = -ph / (s * s) * (d1 * d2 * d2 - d1 - d2);
    g[GEX_GREEK_DUAL_VANNA] = S * ph * d1 / (K * s);
}

void gex__black(int32_t instruction_set, const struct gex__black_in *in, double *const outputs[GEX_GREEK_LAST_ + 1],
                uint8_t *status)
{
    (void)instruction_set;
    for (int64_t i = 0; i < in->rows; i++) {
        struct row r = {in->spot[in->one_spot ? 0 : i], in->strike[i], in->years[i], in->vol[i], in->rate[i], in->carry[i],
                        in->right[i]};
        double g[GEX_GREEK_LAST_ + 1], v = r.vol * sqrt(r.years);
        double moneyness = log1p((r.spot - r.strike) / r.strike) + (r.rate - r.carry) * r.years;
        uint8_t what = GEX_CALC_OK;

        if (!in_domain(&r)) {
            what = GEX_CALC_DOMAIN;
            for (int k = 0; k <= GEX_GREEK_LAST_; k++)
                g[k] = (double)NAN;
        } else if (v == 0) {
            what = moneyness == 0 ? GEX_CALC_AT_STRIKE_AT_EXPIRY : GEX_CALC_OK;
            limit_greeks(&r, moneyness, g);
        } else {
            row_greeks(&r, v, moneyness, g);
        }
        for (int k = 1; k <= GEX_GREEK_LAST_; k++)
            if (outputs[k] != NULL)
                outputs[k][i] = g[k];
        if (status != NULL)
            status[i] = what;
    }
}
