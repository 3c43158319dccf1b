/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks of rows that may be exercised early beside rows that may not: where every repricing of the room asks. */
#ifndef GEX_RISK_VALUE_H
#define GEX_RISK_VALUE_H

#include <gex/symbol.h>

#include "math/american.h"

enum { GEX_VALUE_PRESET = 1 }; /* of gex__american(): the standard accuracy */

/*
 * gex__black() for rows whose `exercise` is GEX_EXERCISE_EUROPEAN, gex__american() at the standard accuracy for those
 * whose is GEX_EXERCISE_AMERICAN, under the dividends that are there (NULL: none); columns with one value only where
 * none is American. NULL: all European. The same bits for any split of the rows.
 */
void gex__value(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise,
                const struct gex__dividends *dividends, double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status);

#endif
