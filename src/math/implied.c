/* SPDX-License-Identifier: Apache-2.0 */
/* Implied volatility by bisection on the out-of-the-money price: slow and sure. */
#include <math.h>

#include <gex/european.h>

#include "implied.h"

static double tail(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

int32_t gex__implied_deviation(double undiscounted_price, double forward, double strike, int32_t right, double *v_out)
{
    double low = 0, high = 100, intrinsic, price, x;

    *v_out = (double)NAN;
    if (!(forward > 0 && forward < HUGE_VAL && strike > 0 && strike < HUGE_VAL && fabs(undiscounted_price) < HUGE_VAL) ||
        (right != 1 && right != -1))
        return GEX_CALC_DOMAIN;
    intrinsic = right * (forward - strike) > 0 ? right * (forward - strike) : 0;
    price = undiscounted_price - intrinsic;
    if (price < 0)
        return GEX_CALC_BELOW_INTRINSIC;
    if (undiscounted_price >= (right > 0 ? forward : strike))
        return GEX_CALC_ABOVE_MAX;
    if (price == 0) {
        *v_out = 0;
        return GEX_CALC_OK;
    }
    x = -fabs(log1p((forward - strike) / strike));
    price /= sqrt(forward) * sqrt(strike);
    for (int i = 0; i < 200; i++) {
        double s = 0.5 * (low + high);

        if (exp(x / 2) * tail(x / s + s / 2) - exp(-x / 2) * tail(x / s - s / 2) < price)
            low = s;
        else
            high = s;
    }
    *v_out = 0.5 * (low + high);
    return GEX_CALC_OK;
}

int32_t gex__implied_vol(double price, double forward, double strike, double years, int32_t right, double discount,
                         double *vol_out)
{
    double v;
    int32_t status;

    *vol_out = (double)NAN;
    if (!(years >= 0 && years < HUGE_VAL && discount > 0 && discount < HUGE_VAL))
        return GEX_CALC_DOMAIN;
    status = gex__implied_deviation(price / discount, forward, strike, right, &v);
    if (status != GEX_CALC_OK)
        return status;
    if (years == 0 && v > 0)
        return GEX_CALC_NO_TIME;
    *vol_out = years == 0 ? 0 : v / sqrt(years);
    return GEX_CALC_OK;
}
