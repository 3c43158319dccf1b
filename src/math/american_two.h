/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of two boundaries at many spots: american_profile.h for what is solved by itself. Boundaries and premium are
 * worked out once a line, and read at each price.
 */
#ifndef GEX_MATH_AMERICAN_TWO_H
#define GEX_MATH_AMERICAN_TWO_H

#include "american.h"

/* Whether this row of american_profile.h is such a line: its status there is GEX_CALC_SLOW_PATH. */
bool gex__american_is_two(const struct gex__black_in *in, int64_t row);

/* Doubles that one line takes; the first of them is its row. */
int64_t gex__american_two_size(bool with_vanna);
/* Work out what stays the same for prices in [low, high]. `in->spot` is not read. */
void gex__american_two_hoist(int32_t instruction_set, const struct gex__black_in *in, int64_t row, double low,
                             double high, bool with_vanna, double *line);

/*
 * Add the premium's part to the European gamma, delta, charm and vanna at outputs[greek][at]; vanna only when hoisted
 * with it. Where exercise pays delta is +-1 and the rest 0. From gex__american() by at most 1e-6 in delta and, 0.2
 * deviations from a boundary, 1e-5 / (S v) in gamma, 1e-4 / vol in vanna, 1e-4 / T in charm, v the deviation.
 */
void gex__american_two_at(const double *line, bool with_vanna, double price, int64_t at,
                          double *const outputs[GEX_GREEK_LAST_ + 1]);

#endif
