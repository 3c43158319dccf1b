/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a curve's lines come to at many ascending prices, before scale, by sweeps over all of them (math/sweep.h) that
 * are spread over the executor. NaN is left to the caller: among it what cannot be told from zero, unless it is of
 * gamma.
 */
#ifndef GEX_RISK_SWEPT_H
#define GEX_RISK_SWEPT_H

#include "curve.h"
#include "math/sweep.h"

struct gex__swept {
    const struct gex__curve *curve;
    const double            *prices, *weights;
    int64_t                  points, tasks;
    double                  *part; /* of the sums at prices */
    struct gex__sweep        sweep; /* the last one */
};

/* Doubles that a run takes, 0 where there is none; never fewer for more points. */
int64_t gex__swept_size(const gex_context *context, const struct gex__curve *curve, int64_t points);
/* Is there a sweep for what the curve, which may not be prepared, sums up? */
bool    gex__swept_may(const struct gex__curve *curve);
/* Do prices suit it, of a curve that is prepared? */
bool    gex__swept_suits(const struct gex__curve *curve, const double *prices, int64_t points);
/* All that is handed in stays as long as gex__swept_at() is called. @return false when the executor reported failure */
bool    gex__swept_run(const gex_context *context, const struct gex__curve *curve, const double *prices, int64_t points,
                       double *sums, double *block, struct gex__swept *swept);
/* Of gamma at any price, by any thread; of all else NaN. */
double  gex__swept_at(const struct gex__swept *swept, double price);

#endif
