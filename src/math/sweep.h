/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighted sums of the gamma of hoisted lines over a whole ascending grid of prices, at a cost that hardly depends on
 * how many there are: kernel/sweep_body.h has the formula.
 *
 * The range of log prices is cut into equal stretches, 1, 2, 3, 4, 6, 8, 12 ... of them. A line goes to the coarsest cut
 * whose stretches are no wider than four of its deviations v, and to those stretches that lie within nine of its
 * middle. Lines narrower than the finest cut are added one by one, at the prices they reach. What all this leaves out is
 * bounded at each price as a share of what is there, the absolute values of the lines: a sum that cannot be shown to be
 * within 1e-12 of that is left to the caller.
 *
 * Order: start; take, stretches and lines for batch after batch; finish; then at. start and take are for one thread; the
 * next three are done when tasks 0 to tasks - 1 have each called them, at once or not. Any number of tasks gives the
 * same bits.
 */
#ifndef GEX_MATH_SWEEP_H
#define GEX_MATH_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#define GEX_SWEEP_REACH  9.0 /* deviations within which a line counts */
#define GEX_SWEEP_WIDEST 2.0 /* deviations of a line that half a stretch holds at most */

enum { GEX_SWEEP_LANES = 8, GEX_SWEEP_PACK = 32, GEX_SWEEP_ORDERS = 48, GEX_SWEEP_LEVELS = 32, GEX_SWEEP_SOME = 256 };

/* Lines side by side; the last pack of a level is filled up with lines of weight 0. */
struct gex__sweep_pack {
    double  c[GEX_SWEEP_PACK], c_lo[GEX_SWEEP_PACK], per_v[GEX_SWEEP_PACK], half_v[GEX_SWEEP_PACK];
    double  weight[GEX_SWEEP_PACK];
    double  from, to;    /* reached by one of them, in widths of the range above its low end */
    int32_t first, last; /* the same as stretches of the level */
    double  idle[5];     /* up to a multiple of 64 bytes */
};

/* Where lines belong, kernel/sweep_body.h. */
struct gex__sweep_places {
    double weight[GEX_SWEEP_SOME], centre[GEX_SWEEP_SOME], held[GEX_SWEEP_SOME];
};

/* Lane by lane, over lines of W exp(-d^2 / 2) = b: b_n; |b|, |b| times -e d and e^2; and |W| exp(-z^2 / 4). */
struct gex__sweep_sums {
    double term[GEX_SWEEP_ORDERS][GEX_SWEEP_LANES];
    double gross[GEX_SWEEP_LANES], tilt[GEX_SWEEP_LANES], spread[GEX_SWEEP_LANES], doubt[GEX_SWEEP_LANES];
};

/* Of a stretch: the coefficients of its polynomial, then the other sums. */
enum {
    GEX_SWEEP_GROSS = GEX_SWEEP_ORDERS, GEX_SWEEP_TILT, GEX_SWEEP_SPREAD, GEX_SWEEP_DOUBT, GEX_SWEEP_TERMS
};

/* A polynomial's place, and the means of -e d and e^2. */
struct gex__sweep_stretch {
    double middle, per_reach, gross, tilt, spread;
};

/* Lines of like deviations, and how the range is cut for them. */
struct gex__sweep_level {
    int32_t stretches, orders, first_stretch; /* first among those of all levels */
    int32_t first_pack, packs;                /* of this batch */
    bool    used;                             /* by lines of any batch */
    double  reach;                            /* half a stretch */
};

struct gex__sweep {
    int32_t       isa;
    const double *hoisted, *weights, *prices;
    int64_t       rows, points;
    double        low, width; /* of the log prices */
    double        reference;  /* price whose log is 0 */
    double        total;      /* of |W| */
    int64_t       narrow;     /* packs of lines narrower than any cut, so far */
    bool          kept;       /* those are still there */
    int           levels;     /* the last: lines narrower than any cut */
    struct gex__sweep_level level[GEX_SWEEP_LEVELS];
    double       *high, *rest;         /* log prices, as pairs */
    double       *sum, *gross, *doubt; /* of each price */
    double       *terms;               /* GEX_SWEEP_TERMS of each stretch */
    struct gex__sweep_pack *pack;
    int32_t      *line;        /* of this batch, in order of their keys */
    int32_t      *key, *start; /* of each line, and where lines of each begin */
    int32_t      *reached;     /* of each stretch, the first pack that reaches it and the end of those that do */
};

/* Is there enough to do, and are prices ascending? */
bool    gex__sweep_suits(int64_t rows, const double *prices, int64_t points);
int64_t gex__sweep_size(int64_t rows, int64_t points); /* doubles; never fewer for more rows or points */
/* `hoisted` as from gex__black_hoist(). All that is handed in stays as long as the sweep is used. */
void    gex__sweep_start(struct gex__sweep *sweep, int32_t instruction_set, const double *hoisted, int64_t rows,
                         const double *weights, const double *prices, int64_t points, double *block);
/* Lines from `from` on. @return how many; 0 at the end */
int64_t gex__sweep_take(struct gex__sweep *sweep, int64_t from);
void    gex__sweep_stretches(const struct gex__sweep *sweep, int64_t task, int64_t tasks);
void    gex__sweep_lines(const struct gex__sweep *sweep, int64_t task, int64_t tasks);
/* sums[k]: of weight times gamma at prices[k], or NaN where it is left to the caller. */
void    gex__sweep_finish(const struct gex__sweep *sweep, double *sums, int64_t task, int64_t tasks);
/* The same at any price of the range, by any thread: the sweep is only read. */
double  gex__sweep_at(const struct gex__sweep *sweep, double price);

/* The stretch of a level in which a log price lies. */
int32_t gex__sweep_cell(const struct gex__sweep *sweep, const struct gex__sweep_level *level, double log_price);

#endif
