/* SPDX-License-Identifier: Apache-2.0 */
/* Implied volatility of European options: what every door that inverts a price calls. */
#ifndef GEX_MATH_IMPLIED_H
#define GEX_MATH_IMPLIED_H

#include <stdint.h>

enum { GEX_IMPLIED_ROWS = 32 }; /* worked on at a time; a multiple of every lane count */

/*
 * Contiguous columns. What lies between `rows` and the next multiple of GEX_IMPLIED_ROWS is read and has to be there,
 * but its values do not matter.
 */
struct gex__implied_in {
    int64_t       rows;
    const double *price;
    const double *forward;
    const double *strike;
    const double *years;
    const int8_t *right;    /* +1 call, -1 put; anything else makes the row GEX_CALC_DOMAIN */
    const double *discount; /* NULL: 1 */
    int32_t       model;    /* GEX_MODEL_*, not 0 */
};

/*
 * vol and code of every row; GEX_CALC_* of <gex/european.h>, NaN unless GEX_CALC_OK; code may be NULL. The same bits
 * come out for any split of the rows.
 */
void gex__implied(int32_t instruction_set, const struct gex__implied_in *in, double *vol, uint8_t *code);

/*
 * Deviation that gives an undiscounted price of Black's model, one row. @return GEX_CALC_*; v_out is NaN unless
 * GEX_CALC_OK.
 */
int32_t gex__implied_deviation(int32_t instruction_set, double undiscounted_price, double forward, double strike,
                               int32_t right, double *v_out);

/* Volatility that gives a discounted one. @return GEX_CALC_*; vol_out is NaN unless GEX_CALC_OK. */
int32_t gex__implied_vol(int32_t instruction_set, double price, double forward, double strike, double years,
                         int32_t right, double discount, double *vol_out);

#endif
