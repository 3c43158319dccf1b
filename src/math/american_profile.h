/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same American lines repriced at many spots. The boundary does not depend on the spot, so it is solved once a
 * line; the premium above it is then a polynomial of the log of the spot,
 * and a greek costs one more polynomial than in profile.h.
 */
#ifndef GEX_MATH_AMERICAN_PROFILE_H
#define GEX_MATH_AMERICAN_PROFILE_H

#include "american.h"

/* Doubles that gex__american_hoist() fills for so many rows; at least 1. */
int64_t gex__american_profile_size(int64_t rows);

/*
 * Work out what stays the same, for prices in [low, high]: a line whose premium cannot matter there stays European.
 * `in->spot` and `in->one_spot` are not read.
 * exercise: GEX_EXERCISE_* of each, NULL when all are American. with_vanna: solve each boundary twice more.
 *
 * status (may be NULL): GEX_CALC_OK; GEX_CALC_DOMAIN, a row whose greeks are all 0; GEX_CALC_SLOW_PATH, a row that has
 * two boundaries or whose boundary collocation does not hold, kept as the European option:
 * american_two.h has what is missing of the former.
 */
void gex__american_hoist(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise, double low,
                         double high, bool with_vanna, double *lines, uint8_t *status);

/* The part of that for early exercise, GEX_AMERICAN_FIELDS a line in groups; `fields` is of rows rounded up to 16. */
void gex__american_fields(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise, double low,
                          double high, bool with_vanna, double *fields, uint8_t *status);

/*
 * gex__black_profile() for these lines: gamma, delta, charm, and vanna when it was hoisted. Beyond the boundary delta
 * is +-1 and the rest 0. Differences from gex__american()'s high preset: 3e-5 in delta (6e-5 at rates of hundreds of
 * percent), 1e-3 / (S v) in gamma, 1e-3 / vol in vanna, 1e-2 / T in charm, v the deviation; the largest are next to the
 * boundary. Same bits for any choice of outputs and any cut at multiples of 16.
 */
void gex__american_profile(int32_t instruction_set, const double *lines, int64_t rows, int64_t first, int64_t count,
                           double price, double *const outputs[GEX_GREEK_LAST_ + 1]);

#endif
