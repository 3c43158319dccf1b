/* SPDX-License-Identifier: Apache-2.0 */
/* The two kinds of sum. */
#ifndef GEX_MATH_SUM_H
#define GEX_MATH_SUM_H

#include <stdint.h>

/*
 * Exact sum: every double added is kept to its last bit, and the result is the correctly rounded sum of them all,
 * whatever the order. For totals and groups. An infinity or a NaN added makes the result what IEEE 754 addition would.
 */
enum { GEX_EXACT_LIMBS = 70 };
struct gex__exact {
    int64_t limb[GEX_EXACT_LIMBS]; /* base 2^32 digits, carried lazily */
    int64_t added;                 /* since the last carry */
    int32_t special;               /* bits: 1 +inf, 2 -inf, 4 NaN */
    int32_t reserved;
};
void   gex__exact_clear(struct gex__exact *sum);
void   gex__exact_add(struct gex__exact *sum, double value);
/* Adds `sign` (+1 or -1) times everything in another sum, as if its values had been added one by one. */
void   gex__exact_merge(struct gex__exact *sum, const struct gex__exact *other, int32_t sign);
double gex__exact_round(struct gex__exact *sum);
/* Adds all of a column, as if one by one. */
void   gex__exact_add_all(struct gex__exact *sum, int32_t instruction_set, const double *values, int64_t count);

/*
 * Block sum, for curves: fast, and the same bits for any split of the work. Rows in canonical order are cut into blocks
 * of GEX_BLOCK; within one, row i is added to lane i % GEX_BLOCK_LANES, and the lanes are added pairwise; blocks are
 * added pairwise by index. NaN must not be passed in: the caller leaves out rows that are not used.
 */
enum { GEX_BLOCK = 1024, GEX_BLOCK_LANES = 16 };
double gex__block_sum(const double *values, int64_t count); /* one block, count <= GEX_BLOCK */
double gex__pairwise_sum(double *blocks, int64_t count);    /* overwrites blocks; 0 for none */

#endif
