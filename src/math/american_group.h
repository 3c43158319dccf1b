/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between american.c, which sorts rows by their problem, american_group.c, which values those with one boundary, and
 * american_pair.c, which values those with two.
 */
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

/* The years of a row with one boundary that matter.
 * @return the preset that keeps its error, `preset` or a better one. */
int gex__american_terms(const struct gex__black_in *in, int64_t row, int preset, double *years);

/* A row with two boundaries, GEX__TWO_BOUNDARIES. */
void gex__american_pair(const struct gex__american_job *job, int64_t row);

/* ---- american_greeks.c: from sums of the put that a row is to the row's greeks ----------------------------------- */

/* The sums of kernel/american.h, per strike of the put, become S^(k - 1) d^k e / dS^k of the row; by[0] e itself. */
void gex__american_by_spot(const struct gex__american_job *job, int64_t row, int orders,
                           double by[GEX_AMERICAN_ORDERS]);
void gex__american_add(const struct gex__american_job *job, int32_t greek, int64_t row, double value);
/* What by[] of the row adds to its greeks by spot, strike and time. */
void gex__american_add_by_spot(const struct gex__american_job *job, int64_t row, const double by[GEX_AMERICAN_ORDERS]);
/* once: slopes of e, e_S and S e_SS with the logarithm of vol; curve: S e_SS. */
void gex__american_add_by_vol(const struct gex__american_job *job, int64_t row, double curve, const double once[3]);
/* again: with vol / its first value, third derivative of e, second ones of e and e_S. */
void gex__american_add_by_vol_again(const struct gex__american_job *job, int64_t row, const double again[3]);

/* ---- american.c -------------------------------------------------------------------------------------------------- */

/* The row's value is what exercise pays. */
void gex__american_exercised(const struct gex__american_job *job, int64_t row);
/* The row by the grid. */
void gex__american_by_grid(const struct gex__american_job *job, int64_t row, const struct gex__dividends *dividends);

#endif
