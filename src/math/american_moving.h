/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American lines repriced at many spots, at volatilities that differ from price to price. What early exercise adds is
 * hoisted (american_profile.h) at a few volatilities of each line, and interpolated between them.
 */
#ifndef GEX_MATH_AMERICAN_MOVING_H
#define GEX_MATH_AMERICAN_MOVING_H

#include "american.h"

struct gex__american_moving {
    int64_t  rows;
    int      fields;          /* of a line: with vanna or without */
    double  *centre, *reach;  /* of each row: see place_of() */
    uint8_t *kind;            /* of each row */
    int32_t *group;           /* of each eight rows: where its polynomials stand, -1 when none can be exercised */
    double  *newton;
    uint8_t *status;          /* this and the rest: of a stretch of rows while it is hoisted */
    int8_t  *exercise;
    double  *vol, *scratch;
};

/* Doubles that gex__american_moving_hoist() fills. */
int64_t gex__american_moving_size(int64_t rows, bool with_vanna);

/*
 * For prices in [low, high] and volatilities in [least, most] of each row, which may be any doubles; `in->spot` and
 * `in->vol` are not read. exercise: GEX_EXERCISE_* of each. The result points into `block` alone.
 */
void gex__american_moving_hoist(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise,
                                double low, double high, bool with_vanna, const double *least, const double *most,
                                double *block, struct gex__american_moving *moving);

/*
 * Add early exercise to European greeks of rows [first, first + count) at one price, vol[i] that of row first + i.
 * Outputs, `first` and accuracy as gex__american_profile(); count is at most GEX_MOVING_ROWS. @return how many rows are
 * not held at their volatility: first + rest[k], to be priced one by one; what stands in their outputs has no meaning.
 */
enum { GEX_MOVING_ROWS = 64 };
int64_t gex__american_moving(int32_t instruction_set, const struct gex__american_moving *moving, int64_t first,
                             int64_t count, double price, const double *vol, double *const outputs[GEX_GREEK_LAST_ + 1],
                             uint8_t *rest);

#endif
