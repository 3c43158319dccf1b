/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same lines repriced at many spots: everything that does not depend on the spot is worked out once, and a greek
 * then costs one exponential a line.
 */
#ifndef GEX_MATH_PROFILE_H
#define GEX_MATH_PROFILE_H

#include "black.h"

/* Doubles that gex__black_hoist() fills for so many rows; at least 1. */
int64_t gex__profile_size(int64_t rows);

/*
 * Work out what stays the same. `in->spot` holds one price near those asked for: the nearer, the more exact. A row
 * outside the domain is kept as one whose greeks are all 0.
 * The result does not point to the inputs; it may be copied, and read by any thread.
 */
void gex__black_hoist(int32_t instruction_set, const struct gex__black_in *in, double *lines);
/*
 * The same where gamma is all that will be asked for: nothing else is worked out, or touched in memory, and the
 * logarithms are within 2^-66, whatever their size.
 */
void gex__black_hoist_gamma(int32_t instruction_set, const struct gex__black_in *in, double *lines);

/*
 * Greeks of lines [first, first + count) at one price. outputs[greek] for gamma, delta, vanna and charm as in
 * gex__black(), NULL for what nobody wants and for every other greek; an array has room for `count` rounded up to 16.
 * `first` is a multiple of 16; `rows` as given to the hoist.
 *
 * Within 1e-12 of the sum of the absolute terms of gex__black()'s value; a Gaussian below exp(-708) is 0, and so is a
 * greek that diverges. Same bits for any choice of outputs and any cut at multiples of 16; no line sees another.
 */
void gex__black_profile(int32_t instruction_set, const double *lines, int64_t rows, int64_t first, int64_t count,
                        double price, double *const outputs[GEX_GREEK_LAST_ + 1]);

/*
 * Weighted sums: sums[k] is the sum over i of weights[i] times the greek of line first + i at prices[k], as
 * gex__block_sum() adds; `first` and i < count as there, `greek` one of the four, points <= GEX_SUM_PRICES. A sum does
 * not depend on the other prices of a call.
 */
enum { GEX_SUM_PRICES = 16 };
void gex__black_sum(int32_t instruction_set, const double *lines, int64_t rows, const double *weights, int64_t first,
                    int64_t count, int32_t greek, const double *prices, int points, double *sums);

#endif
