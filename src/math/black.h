/* SPDX-License-Identifier: Apache-2.0 */
/* Generalised Black-Scholes over contiguous rows: what every door that prices a European option calls. */
#ifndef GEX_MATH_BLACK_H
#define GEX_MATH_BLACK_H

#include <stdbool.h>
#include <stdint.h>

#include <gex/european.h>

/* Inputs, all contiguous. A pointer with its `one_` flag set holds a single value for every row.
 * No padding is needed. */
struct gex__black_in {
    int64_t       rows;
    const double *spot, *strike, *years, *vol, *rate, *carry;
    const int8_t *right; /* +1 call, -1 put; anything else makes the row GEX_CALC_DOMAIN */
    bool          one_spot, one_years, one_rate, one_carry;
};

/*
 * outputs[greek] for GEX_GREEK_*; a NULL pointer is a greek nobody wants and is not computed. outputs[0] is not used.
 * status may be NULL. Rows outside the domain give NaN and GEX_CALC_DOMAIN. The same bits come out for any split of the
 * rows and any choice of outputs.
 */
void gex__black(int32_t instruction_set, const struct gex__black_in *in, double *const outputs[GEX_GREEK_LAST_ + 1],
                uint8_t *status);

#endif
