/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correctly rounded sums of eight columns side by side, fast where that can be proved and saying so where it cannot.
 *
 * A value x is cut at two windows, C = 1.5 2^k:
 *
 *     x = high + low + rest,   high = (x + C1) - C1,   low = ((x - high) + C2) - C2
 *
 * each exact, high and low multiples of 2^(k - 52). Where the sizes of n values add up to less than 2^(k1 - 2), sums of
 * highs are below 2^53 of their unit: exact in a double, in any order, and a value taken out again leaves no trace.
 * With n + 2 <= 2^M and k2 = k1 - 51 + M so are sums of lows. Summed upon its window, C1 + x + y, a value is cut on the
 * way; on a tie high is then one or the other, and low is what fits it. Many values summed at once are cut at the first
 * window only; what that leaves is added up 64 at a time as doubles are, and these sums are cut at the second. What is
 * not summed is known by its size: `slack` bounds the rests of all that went in, and what the additions were rounded
 * by. The sum is s + err + rests exactly, (s, err) the error-free sum of highs and lows; where s + (err - slack) and
 * s + (err + slack) both round to s, so does whatever lies between, and s is the correctly rounded sum. Where not, the
 * caller sums in struct gex__exact.
 *
 * Windows may be those of earlier values: whether the new ones fit is seen from the sum of |high| afterwards. It never
 * falls; while it is below 2^(k1 - 2) nothing has been rounded, and the first value that takes a sum out of the octave
 * of C1 takes it to nearly 2^(k1 - 1). Windows of a sum of sums are made for n values of at most 2^E each, k1 = E + M.
 *
 * Source: the extraction of Rump, Ogita and Oishi (2008), Accurate floating-point summation, part I; the windows at
 * 1.5 2^k make it odd, cut(-x) = -cut(x), so that absolute values are cut along.
 */
#ifndef GEX_MATH_WIDE_H
#define GEX_MATH_WIDE_H

#include <stdbool.h>
#include <stdint.h>

enum { GEX_WIDE = 8, GEX_WIDE_LEVELS = 2 };
enum { GEX_WIDE_CALL = 0, GEX_WIDE_PUT = 1 };
enum { GEX_WIDE_NET = 0, GEX_WIDE_GROSS = 1, GEX_WIDE_OF_CALLS = 2, GEX_WIDE_OF_PUTS = 3, GEX_WIDE_SUMS = 4 };

typedef double gex__wide_row[GEX_WIDE];

/* Two sides, one pair of windows. */
struct gex__wide {
    gex__wide_row window[GEX_WIDE_LEVELS];
    gex__wide_row limit; /* of rows, 2^(k1 - 2): sizes add up to less; of sums, 2^E: values beyond have no place */
    struct gex__wide_side {
        gex__wide_row net[GEX_WIDE_LEVELS], gross[GEX_WIDE_LEVELS];
        gex__wide_row slack;
    } side[2];
    gex__wide_row odd; /* 1 where a value was not finite when it was made of rows, else 0 */
};

/* Rows of a matrix, some calls, then some puts. What is not finite in it counts as 0. */
struct gex__wide_rows {
    const double  *values;
    int64_t        pitch; /* doubles from row to row */
    const int32_t *rows;
    int64_t        calls, puts;
};

/* A column of a matrix: weight * (greek * inside) * factor, terms added up. */
enum { GEX_WIDE_TERMS = 2 };
struct gex__wide_term {
    const double *greek;  /* NULL: no such term */
    const double *inside; /* NULL: 1 */
    double        factor;
};

/* Rows of a matrix to be filled. Columns are read up to the next multiple of GEX_WIDE. */
struct gex__wide_lines {
    int64_t        count;
    const double  *weight;
    int32_t        units;
    const struct gex__wide_term (*unit)[GEX_WIDE_TERMS];
    double        *values;
    int64_t        pitch; /* doubles from row to row; what is beyond the units is set to 0 */
    const int64_t *rows;
};

enum { GEX_WIDE_FOLD = 64, GEX_WIDE_FOLDED = 3 }; /* values folded at a time at most, and what is left of them */

/* What an instruction set has; the same bits from each. */
struct gex__wide_kernels {
    /* @return whether all values are finite */
    bool (*lines)(const struct gex__wide_lines *in);
    /* Sums of rows, in windows for values 2^headroom times as large. */
    void (*sum)(const struct gex__wide_rows *in, int32_t headroom, struct gex__wide *sum);
    /* Once more the rows of a sum, in the windows it has, whatever their values are now. @return false when these have
     * no place there, or the first of them is not finite:
     * *sum then holds nothing of use, and is to be made from nothing. */
    bool (*again)(const struct gex__wide_rows *in, struct gex__wide *sum);
    /* One row taken out, one put in. @return false when a new value has no place; nothing is changed then. */
    bool (*replace)(struct gex__wide *sum, int32_t side, const double *gone, const double *come);
    /* No values, and windows for `count` of at most `largest`. */
    void (*clear)(struct gex__wide *sum, const double *largest, int64_t count, int32_t headroom);
    /* What another sum holds, added (sign 1) or taken out again (-1): eight values, two a side and level.
     * @return false when one has no place; nothing is changed then. */
    bool (*merge)(struct gex__wide *sum, const struct gex__wide *other, double sign);
    /* @return bits 8 s + lane of sums out[s] that are not known to be right */
    uint32_t (*round)(const struct gex__wide *sum, gex__wide_row out[GEX_WIDE_SUMS]);
    /* One column: three values with the same sum, exactly. @return false where they cannot be had so: add one by one */
    bool (*fold)(const double *values, int64_t count, double out[GEX_WIDE_FOLDED]);
};
const struct gex__wide_kernels *gex__wide_of(int32_t instruction_set);

/* Raises `largest` to the largest of what a sum holds, lane by lane: what windows for it need. */
void gex__wide_largest(const struct gex__wide *sum, double *largest);
/* The sum of two that stand in the same windows, exactly. */
void gex__wide_add(const struct gex__wide *a, const struct gex__wide *b, struct gex__wide *whole);
/* What is left without one side. */
void gex__wide_drop(struct gex__wide *sum, int32_t side);

#endif
