/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A basket's curve at many prices of its reference, spread over the executor, and at any price between them afterwards.
 * Members whose lines can be swept (risk/swept.h) are, each over its own prices, which fall where its slope does.
 */
#ifndef GEX_RISK_BASKET_FILL_H
#define GEX_RISK_BASKET_FILL_H

#include "basket_curve.h"
#include "risk/swept.h"

/* A member's sums at its prices. */
struct gex__basket_sums {
    double           *price, *sum; /* ascending */
    int64_t           first, count; /* of the points those at which it has a price */
    bool              falls;        /* the last of them is the first price */
    bool              is_swept;
    struct gex__swept swept;
};

struct gex__basket_fill {
    const struct gex__basket_curve *curve;
    const double                   *prices;
    int64_t                         points, tasks;
    double                         *values, *members; /* as gex_basket_profile_compute(); or NULL */
    double                         *scratch;
    struct gex__basket_sums        *sums; /* one a member */
};

/* Doubles of scratch for as many points or fewer; it begins with a gex__basket_curve_scratch() for each task. */
int64_t gex__basket_fill_scratch(const gex_context *context, const struct gex__basket_curve *curve, int64_t points);
/* At ascending prices. All but `fill` and `members` has to stay as long as it is used. @return false when the executor
 * reported failure */
bool    gex__basket_fill_run(const gex_context *context, const struct gex__basket_curve *curve, const double *prices,
                             int64_t points, double *values, double *members, double *scratch,
                             struct gex__basket_fill *fill);
/* `scratch` is a task's. */
double  gex__basket_fill_at(const struct gex__basket_fill *fill, double price, double *scratch);

#endif
