/* SPDX-License-Identifier: Apache-2.0 */
/* What each line of a book asks for between two states. */
#ifndef GEX_RISK_BANDS_FLOW_H
#define GEX_RISK_BANDS_FLOW_H

#include "risk/flow.h"

struct gex__flow_ends {
    const gex_market        *market;
    const struct gex__lines *lines;
    int32_t                  isa;
    struct gex__state        from, to;
};

/* Weight times delta at `from` less delta at `to`, of lines [first, first + count) into value[0 ..]; `after` has room
 * for GEX_STATE_LINES doubles. */
void gex__flow_between(const struct gex__flow_ends *ends, int64_t first, int64_t count, double *after, double *value);

#endif
