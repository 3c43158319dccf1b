/* SPDX-License-Identifier: Apache-2.0 */
/* Draws of jointly normal values, each with an address, and order statistics of what is made of them. */
#ifndef GEX_RISK_GAUSS_H
#define GEX_RISK_GAUSS_H

#include "bands.h"

/* mean + factor * z has the law of the bands, z standard normal and independent: factor factor' is their covariance. */
struct gex__gauss {
    int64_t           count, rank;
    const double     *mean;
    double           *factor; /* count rows of `count` places, the first `rank` of each used */
    struct gex__memory memory;
    void             *block;
    int64_t           size;
};

/* @return false when there is no memory. The bands have covariances, and stay. */
bool gex__gauss_create(const gex_context *context, const struct gex_bands *bands, struct gex__gauss *gauss);
void gex__gauss_drop(struct gex__gauss *gauss);
/* What drawing samples of `count` values came to, said: no memory, or the executor. @return the status */
gex_status gex__gauss_fail(gex_status status, int64_t count, gex_error *error);

enum { GEX_DRAWS = 64 }; /* at once */
int64_t gex__gauss_scratch(const struct gex__gauss *gauss); /* doubles that a task needs to draw */
/*
 * Samples [first, first + GEX_DRAWS): value i of sample k at out[i * GEX_DRAWS + k]. Sample k is the same whatever
 * else is drawn; `stream` tells uses of one seed apart.
 */
void gex__gauss_draw(const struct gex__gauss *gauss, int32_t isa, int64_t seed, uint32_t stream, int64_t first,
                     double *scratch, double *out);

/* Those of `values` that are numbers, ascending, into `sorted`. @return how many. */
int64_t gex__sorted_of(const double *values, int64_t count, double *sorted);
/* Straight lines between order statistics, first at probability 0 and last at 1. NaN without any, or beyond. */
double gex__sorted_quantile(const double *sorted, int64_t count, double probability);

#endif
