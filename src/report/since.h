/* SPDX-License-Identifier: Apache-2.0 */
/* The panel of a page that says what changed since an earlier map. */
#ifndef GEX_REPORT_SINCE_H
#define GEX_REPORT_SINCE_H

#include "facts.h"
#include "writer.h"

void gex__put_since(struct gex__writer *writer, const struct gex__facts *facts);
/* Max pain of the expiry that settles at an instant; NaN without one, or once it has settled. */
double gex__max_pain_at(const gex_market *market, int64_t settlement);

#endif
