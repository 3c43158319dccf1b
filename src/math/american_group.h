/* SPDX-License-Identifier: Apache-2.0 */
/* Between american.c, which sorts rows by their problem, and american_group.c, which values those with one boundary. */
#ifndef GEX_MATH_AMERICAN_GROUP_H
#define GEX_MATH_AMERICAN_GROUP_H

#include <math.h>

#include "american.h"
#include "kernel/american.h"

#define WANT(greek) (1u << (greek))
#define GEX_AMERICAN_LEAST 1e-9 /* deviation below which the path of the spot is known */

/* One call of gex__american(). The outputs hold the European values already. */
struct gex__american_job {
    const struct gex__black_in *in;
    int32_t                     instruction_set;
    unsigned                    wanted; /* WANT() of the outputs that are there */
    double *const              *outputs;
    double                     *boundary;
    uint8_t                    *status;
};

static inline double gex__spot_of(const struct gex__black_in *in, int64_t row)
{
    return in->spot[in->one_spot ? 0 : row];
}

/* At most GEX_AMERICAN_GROUP rows with one boundary, and the years that matter of each. */
void gex__american_group(const struct gex__american_job *job, int preset, int count, const int64_t *row,
                         const double *years);

/* The same rows at many spots, the boundary solved once: to the European deltas that are there. */
struct gex__spots {
    int64_t       count;
    const double *spot;
    double       *delta; /* of row i at spot k: delta[k * stride + i] */
    int64_t       stride;
};
void gex__american_group_deltas(const struct gex__american_job *job, int preset, int count, const int64_t *row,
                                const double *years, const struct gex__spots *at);

/* The years of a row with one boundary that matter. @return the preset that keeps its error, `preset` or a better one. */
int gex__american_terms(const struct gex__black_in *in, int64_t row, int preset, double *years);

/* The row's value is what exercise pays. */
void gex__american_exercised(const struct gex__american_job *job, int64_t row);
/* The row by the grid. */
void gex__american_by_grid(const struct gex__american_job *job, int64_t row, const struct gex__dividends *dividends);

#endif
