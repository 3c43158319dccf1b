/* SPDX-License-Identifier: Apache-2.0 */
/* Implied volatility of one European option. */
#ifndef GEX_MATH_IMPLIED_H
#define GEX_MATH_IMPLIED_H

#include <stdint.h>

/*
 * Total deviation v = vol * sqrt(years) that gives the undiscounted price back; divide by sqrt(years) for the vol.
 * @return GEX_CALC_* of <gex/european.h>; v_out is NaN unless GEX_CALC_OK.
 */
int32_t gex__implied_deviation(double undiscounted_price, double forward, double strike, int32_t right, double *v_out);

/*
 * Volatility that gives a discounted price back; what is left of the time value is formed without rounding, so this
 * is a little sharper than discounting by hand. @return as above.
 */
int32_t gex__implied_vol(double price, double forward, double strike, double years, int32_t right, double discount,
                         double *vol_out);

#endif
