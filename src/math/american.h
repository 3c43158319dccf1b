/* SPDX-License-Identifier: Apache-2.0 */
/* American options over contiguous rows. */
#ifndef GEX_MATH_AMERICAN_H
#define GEX_MATH_AMERICAN_H

#include <gex/american.h>

#include "black.h"

/* Ex-dates of one underlying, ascending; those beyond 0 only unless escrowed. */
struct gex__dividends {
    int64_t       count;
    const double *years;
    const double *cash;     /* may be NULL */
    const double *fraction; /* may be NULL; below 1 when escrowed */
    bool          escrowed; /* american_escrow.h in place of the spot model */
    double        passed;   /* escrowed: years from where those of the ex-dates are counted to now */
};

/*
 * gex__black() for American options; outputs, status and boundary may each be NULL. preset is 0 fast, 1 standard, 2
 * high. A row's bits depend on nothing but the row, the preset and which instruction set it is.
 */
void gex__american(int32_t instruction_set, int preset, const struct gex__black_in *in,
                   const struct gex__dividends *dividends, double *const outputs[GEX_GREEK_LAST_ + 1], double *boundary,
                   uint8_t *status);

/*
 * Deltas of the same rows at many spots, at most GEX_AMERICAN_ROWS rows that gex__american_is_one(): the boundary does
 * not depend on the spot and is solved once. The bits are those gex__american() gives a row at each of the spots;
 * `in->spot` is not read. Of row i at spot k: delta[k * stride + i].
 */
enum { GEX_AMERICAN_ROWS = 16 };
bool gex__american_is_one(const struct gex__black_in *in, int64_t row); /* one boundary, without dividends */
void gex__american_deltas(int32_t instruction_set, int preset, const struct gex__black_in *in, int count,
                          const int64_t *row, int64_t spots, const double *spot, double *delta, int64_t stride);

/* Rate and yield as the put sees them that a call is by symmetry; whether and how it is exercised early. */
enum gex__exercise { GEX__NEVER, GEX__ONE_BOUNDARY, GEX__TWO_BOUNDARIES };
enum gex__exercise gex__exercise_of(double put_rate, double put_yield);

#endif
