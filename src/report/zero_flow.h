/* SPDX-License-Identifier: Apache-2.0 */
/* Roots as lines of a page. */
#ifndef GEX_REPORT_ZERO_FLOW_H
#define GEX_REPORT_ZERO_FLOW_H

#include "facts.h"

/* The price at which dealers will have traded nothing by an instant. Nothing where the map was not asked. */
void gex__put_zero_flow(struct gex__writer *writer, const struct gex__facts *facts);
/* Roots beside the nearest, four a line, and how many are negligible. Nothing where there are none. */
void gex__put_other_flips(struct gex__writer *writer, const gex_flips *flips, const char *heading);

#endif
