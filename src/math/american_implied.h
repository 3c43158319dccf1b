/* SPDX-License-Identifier: Apache-2.0 */
/* Implied volatility through the American pricer. */
#ifndef GEX_MATH_AMERICAN_IMPLIED_H
#define GEX_MATH_AMERICAN_IMPLIED_H

#include "american.h"

enum { GEX_AMERICAN_IMPLIED_ROWS = 8 }; /* at a time, at most */

/* Volatility that gives each price back; `in->vol` is not read. code: GEX_CALC_*, vol NaN unless GEX_CALC_OK. */
void gex__american_implied(int32_t instruction_set, int preset, const struct gex__black_in *in,
                           const struct gex__dividends *dividends, const double *price, double *vol, uint8_t *code);

#endif
