/* SPDX-License-Identifier: Apache-2.0 */
/* Levels of whatever has sums by price: strikes of a chain, nodes of several. */
#ifndef GEX_RISK_LEVELS_H
#define GEX_RISK_LEVELS_H

#include <gex/levels.h>

#include "exposure.h"

/* For doors: a level that is known, and a rank it can have; above 0 only walls have one. */
gex_status gex__level_check(int32_t level, int64_t rank, gex_error *error);
/* A level over ascending prices, above and below of `spot`; NaN when it does not exist. `value_out` may be NULL. */
void gex__level_of(const struct gex__group *strikes, const double *price, int32_t level, double spot, int64_t rank,
                   double *price_out, double *value_out);

#endif
