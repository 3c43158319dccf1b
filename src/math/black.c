/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels leave out: rows outside the domain, and the strike at expiry. */
#include <math.h>
#include <stddef.h>

#include "black.h"
#include "kernel/kernel.h"

#define ROOT_2PI 2.50662827463100050242

/*
 * No deviation left, and the forward at the strike. Limits along F = K; T = 0 and vol = 0 are told apart, since theta
 * diverges only in the first and vega vanishes only there. A diverging greek whose sign is another on either side of
 * the strike, speed, has no limit: NaN.
 */
static double at_strike(int32_t greek, double S, double K, double T, double vol, double r, double q, double f)
{
    const double Q = exp(-q * T), D = exp(-r * T), n = S * Q / ROOT_2PI, inf = HUGE_VAL, b = r - q;
    double sign;

    switch (greek) {
    case GEX_GREEK_PRICE:
        return 0.0;
    case GEX_GREEK_DELTA:
        return f * 0.5 * Q;
    case GEX_GREEK_GAMMA:
    case GEX_GREEK_DUAL_GAMMA:
        return inf;
    case GEX_GREEK_VEGA:
        return n * sqrt(T);
    case GEX_GREEK_THETA: /* -n vol / (2 sqrt(T)) + f (q S Q - r K D) / 2 */
        return T == 0 && vol > 0 ? -inf : f * 0.5 * (q * S * Q - r * K * D);
    case GEX_GREEK_RHO:
        return f * 0.5 * K * T * D;
    case GEX_GREEK_EPSILON:
        return -f * 0.5 * S * T * Q;
    case GEX_GREEK_VANNA: /* d2 = -v / 2 */
        return 0.5 * Q * sqrt(T) / ROOT_2PI;
    case GEX_GREEK_CHARM: /* f q Q / 2 - Q n(0) (b / vol + vol / 4) / sqrt(T) */
        sign = vol > 0 ? b / vol + 0.25 * vol : b;
        return sign > 0 ? -inf : sign < 0 ? inf : f * 0.5 * q * Q;
    case GEX_GREEK_VETA: /* vega (q + b / 2 - 1 / (2 T)) */
        return T == 0 ? -inf : n * (sqrt(T) * (q + 0.5 * b) - 0.5 / sqrt(T));
    case GEX_GREEK_ZOMMA: /* -gamma / vol */
        return -inf;
    case GEX_GREEK_COLOR: /* gamma (q + b / 2 + 1 / (2 T)) */
        sign = T == 0 ? 1.0 : (q + 0.5 * b) * T + 0.5;
        return sign > 0 ? inf : sign < 0 ? -inf : (double)NAN;
    case GEX_GREEK_ULTIMA: /* -vega T / 4 */
        return -0.25 * n * T * sqrt(T);
    case GEX_GREEK_DUAL_DELTA:
        return -f * 0.5 * D;
    case GEX_GREEK_DUAL_VANNA: /* d1 = v / 2 */
        return 0.5 * D * sqrt(T) / ROOT_2PI;
    case GEX_GREEK_VOMMA: /* proportional to v^2 */
    case GEX_GREEK_DVANNA_DVOL:
        return 0.0;
    default: /* speed */
        return (double)NAN;
    }
}

void gex__black_amend(const struct gex__black_in *in, int64_t row, double *const outputs[GEX_GREEK_LAST_ + 1],
                      uint8_t code)
{
    const double S = in->spot[in->one_spot ? 0 : row], T = in->years[in->one_years ? 0 : row];
    const double r = in->rate[in->one_rate ? 0 : row], q = in->carry[in->one_carry ? 0 : row];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (outputs[greek] != NULL)
            outputs[greek][row] = code == GEX_CALC_DOMAIN ? (double)NAN
                                                          : at_strike(greek, S, in->strike[row], T, in->vol[row], r, q,
                                                                      in->right[row]);
}

void gex__black(int32_t instruction_set, const struct gex__black_in *in, double *const outputs[GEX_GREEK_LAST_ + 1],
                uint8_t *status)
{
    gex__kernels_of(instruction_set)->black(in, outputs, status);
}
