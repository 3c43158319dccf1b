/* SPDX-License-Identifier: Apache-2.0 */
/* Jointly normal values, and what sampling reads of them. */
#ifndef GEX_RISK_BANDS_H
#define GEX_RISK_BANDS_H

#include <gex/bands.h>

#include "base/base.h"

enum { GEX_BANDS_PAIRS = 4096 }; /* values of which every covariance is kept, at most */

struct gex_bands {
    struct gex__object object;
    int32_t            unit; /* 0: flow */
    double             market_spot;
    int64_t            count, factors;
    double            *mean, *sd, *gross, *above, *below;
    double            *spot;       /* of each state; NULL for an exposure */
    int64_t           *as_of;      /* likewise */
    double            *own;        /* variance of rows' own errors */
    double            *load;       /* of factor f, value i at [f * count + i] */
    double            *covariance; /* count * count, factors included; NULL: not kept */
    bool               apart;      /* values share no row: between them there are factors alone */
};

/* Zeroed. `states`: there are spots and instants; `pairs`: covariances are kept. NULL when there is no memory. */
struct gex_bands *gex__bands_alloc(const gex_context *context, int64_t count, int64_t factors, bool states, bool pairs);
/* sd and probabilities, from mean, own and load; `covariance` holds own errors and receives the factors. */
void gex__bands_finish(struct gex_bands *bands);

#endif
