/* SPDX-License-Identifier: Apache-2.0 */
/* One contract between two snapshots:
 * its value of a unit in every mixture of the two, and what each factor is worth. */
#ifndef GEX_RISK_CORNERS_H
#define GEX_RISK_CORNERS_H

#include <gex/book.h>
#include <gex/market.h>

#include "base/base.h"
#include "units.h"

enum { GEX_FACTOR_SPOT, GEX_FACTOR_TIME, GEX_FACTOR_VOL, GEX_FACTOR_CARRY, GEX_FACTORS };

struct gex__corners {
    const gex_market      *market[2];
    const struct gex__unit *unit;
    const struct gex__scale *scale;
    int32_t                isa;
    int64_t                count;
    const int64_t         *row[2]; /* of each contract, used in both markets */
};

/* What the factors make of one unit of each contract: share[f][i], and the mean of its two values, mean[i]. */
gex_status gex__corners_run(const gex_context *context, const struct gex__corners *corners,
                            double *const share[GEX_FACTORS], double *mean);

#endif
