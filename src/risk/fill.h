/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A curve at many ascending prices, spread over the executor, and at any price between them afterwards. Of gamma,
 * delta, vanna or charm, many lines and many prices, a value is within 1e-12 of what the lines are at most
 * (math/sweep.h), and its sign is that of the sum; else it is gex__curve_at()'s. So is one between the prices, but of
 * gamma.
 */
#ifndef GEX_RISK_FILL_H
#define GEX_RISK_FILL_H

#include "swept.h"

struct gex__fill {
    const struct gex__curve *curve;
    const double *prices;
    int64_t points, tasks;
    double *values, *scratch;
    bool is_swept;
    struct gex__swept swept;
};

/* Doubles of scratch for as many points or fewer; it begins with a gex__curve_scratch() for each task. */
int64_t gex__fill_scratch(const gex_context *context, const struct gex__curve *curve, int64_t points);
/* Values that the curve, prepared just so, had before; at ascending prices. */
struct gex__known {
    int64_t       points;
    const double *price, *value;
};
/*
 * All but `fill` and `known`, which may be NULL, has to stay as long as it is used. What is known is not worked out
 * again, but by a sweep, whose values depend on all prices. @return false when the executor reported failure.
 */
bool gex__fill_run(const gex_context *context, const struct gex__curve *curve, const double *prices, int64_t points,
                   const struct gex__known *known, double *values, double *scratch, struct gex__fill *fill);
/* `scratch` is a task's. */
double gex__fill_at(const struct gex__fill *fill, double price, double *scratch);

#endif
