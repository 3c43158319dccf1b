/* SPDX-License-Identifier: Apache-2.0 */
/* How sure the regime of a page is. */
#ifndef GEX_REPORT_ODDS_H
#define GEX_REPORT_ODDS_H

#include "facts.h"
#include "writer.h"

/* Lines under the regime: its probability, and bands of the net and of the flip. Nothing without an uncertainty. */
void gex__put_odds(struct gex__writer *writer, const struct gex__facts *facts);

/* "81 %", "under 0.1 %", "over 99.9 %". */
void gex__put_probability(struct gex__writer *writer, double probability);

/* The probability of the sign of gamma that a regime names; NaN without an uncertainty, or where it names none. */
double gex__regime_probability(const gex_map *map);

#endif
