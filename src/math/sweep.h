/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighted sums of a greek of hoisted lines over a whole ascending grid of prices, at a cost that hardly depends on how
 * many there are: kernel/sweep_body.h has the formula. Of gamma; of vanna; and of delta, as what it is more than at the
 * first price, of lines that have a deviation.
 *
 * The range of log prices has grids of even steps, 12, 16, 24, 32, 48 ... of them. A line goes to the coarsest whose
 * nodes are no further apart than GEX_SWEEP_STEP of its deviation v, and is added to the nodes it reaches. Lines
 * narrower than the finest grid are added one by one, at the prices they reach. What a grid holds is read at a price
 * from the nodes around it, or taken over by the grid twice as fine first. What all this may be off by is bounded at
 * each price as a share of what the lines are at most there (sweep_sums.c): a sum that cannot be shown to be within
 * 1e-12 of that is left to the caller. At most a line's gamma is itself; its delta is exp(-q T); its vanna, of a log
 * price at which d1 is whatever it is, Q / vol n(d1) (1 + v + |d1|), which is not zero where vanna is.
 *
 * Order: start; take, nodes and lines for batch after batch; join; finish; then at. start, take and join are for one
 * thread; nodes, lines and finish are done when tasks 0 to tasks - 1 have each called them, at once or not. Any number
 * of tasks gives the same bits.
 */
#ifndef GEX_MATH_SWEEP_H
#define GEX_MATH_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#define GEX_SWEEP_STEP  0.39 /* of a line's deviation v, at most; two thirds of it at least, but in the coarsest grid */
#define GEX_SWEEP_KAPPA 0x1.1a63e1cbf66f7p-1 /* of the deviation s of a grid's smoothing: 0.39 sqrt(2) */
#define GEX_SWEEP_REACH 9.0 /* deviations within which anything counts */

enum {
    GEX_SWEEP_LANES = 8,
    GEX_SWEEP_PACK = 16,
    GEX_SWEEP_STENCIL = 32, /* nodes a value is read from */
    GEX_SWEEP_TAPS = 15,    /* nodes to either side that a finer grid takes over from */
    GEX_SWEEP_FEWEST = 12,  /* steps of the coarsest grid, 1.5 times a power of two */
    GEX_SWEEP_CELL = 4,     /* nodes that lines are sorted by */
    GEX_SWEEP_APRON = 16,   /* cells beyond either end of a range: those of lines that reach it */
    GEX_SWEEP_LEVELS = 21,
    GEX_SWEEP_DIRECT = 2,   /* levels that are read as they are */
    GEX_SWEEP_BLOCK = 256,  /* nodes of a task at a time */
    GEX_SWEEP_SEEDS = 8 * 72, /* doubles: of packs that are made ahead */
    GEX_SWEEP_SCRATCH = GEX_SWEEP_BLOCK * GEX_SWEEP_LANES + GEX_SWEEP_SEEDS, /* of a task */
    GEX_SWEEP_SOME = 256
};

/* Lines side by side, whose middles are no further apart than four cells: where they are, in nodes. */
struct gex__sweep_pack {
    double  from, middle, to;
    int64_t lines; /* the places behind them are idle: as the first, of weight 0 */
};

/* Packs, and GEX_SWEEP_PACK lines of each. At a log price x a line is weight exp(-((x + c) per_u + offset)^2 / 2). */
struct gex__sweep_packs {
    struct gex__sweep_pack *pack;
    double *c, *per_u, *offset, *weight;
};

/* What places lines, kernel/sweep_body.h. */
struct gex__sweep_sorting {
    double  low, width;
    double  per_width[2]; /* of levels of even number and of odd */
    double  steps;        /* of the finest grid */
    int64_t narrow;       /* number of the level of lines narrower than that */
    double  none;         /* key of a line that counts nowhere */
    bool    vanna;        /* weights are times vol v, so that gamma's factor is made vanna's */
};

/* Weights times what no price changes, and keys. */
struct gex__sweep_places {
    double  weight[GEX_SWEEP_SOME];
    int64_t key[GEX_SWEEP_SOME];
};

/* Lines of like deviations. */
struct gex__sweep_level {
    double  step;
    int32_t steps, pad;        /* of the range, and nodes beyond either end */
    int32_t cells, first_cell; /* first among those of all levels */
    int32_t first_pack, packs; /* of this batch */
    bool    used;              /* by lines of any batch */
    bool    read;              /* at prices, once joined */
    double *sum;               /* of nodes from -pad on */
    double *before;            /* of delta, once joined: sums of nodes before that one */
};

struct gex__sweep {
    int32_t       isa, greek;
    const double *hoisted, *weights, *prices;
    int64_t       rows, points;
    double        reference;   /* price whose log is 0 */
    double        low, width;  /* of the log prices that have nodes: that of node 0 of every level */
    double        doubt;       /* once joined: what is left out at a price, at most */
    double        most;        /* what the lines are at most at any price; price times gamma */
    double        base;        /* of delta, once joined: its integral up to the first price */
    int64_t       narrow;      /* packs of lines narrower than any grid, so far */
    bool          kept;        /* those are still there */
    int           levels;      /* the last: lines narrower than any grid */
    struct gex__sweep_level level[GEX_SWEEP_LEVELS];
    double       *high, *rest;  /* log prices, as pairs */
    double       *sum, *gross;  /* at each price; and of absolute values, of narrow lines alone */
    double       *mass;         /* by cell: |W| of lines */
    double       *least;        /* by cell, once joined: the least that absolute values there come to, some of them */
    double       *lanes;        /* GEX_SWEEP_SCRATCH a task: those of a block's nodes, then seeds */
    struct gex__sweep_packs packs; /* of this batch */
    int32_t      *key, *start;  /* of each line of this batch, and where lines of each begin: level and cell, or none */
    int32_t      *line;         /* at each place */
    double       *weight;       /* of each line of this batch times what no price changes */
};

/* Is there enough to do? */
bool    gex__sweep_is_enough(int64_t rows, int64_t points);
/* ... and are prices ascending? */
bool    gex__sweep_suits(int64_t rows, const double *prices, int64_t points);
/* Doubles; never fewer for more rows, points or tasks. */
int64_t gex__sweep_size(int64_t rows, int64_t points, int64_t tasks);
/* `hoisted` as from gex__black_hoist(); of gamma, or gex__black_hoist_gamma(). All that is handed in stays as long as
 * the sweep is used. */
void    gex__sweep_start(struct gex__sweep *sweep, int32_t instruction_set, int32_t greek, const double *hoisted,
                         int64_t rows, const double *weights, const double *prices, int64_t points, double *block);
/* Lines from `from` on. @return how many; 0 at the end */
int64_t gex__sweep_take(struct gex__sweep *sweep, int64_t from);
void    gex__sweep_nodes(const struct gex__sweep *sweep, int64_t task, int64_t tasks);
void    gex__sweep_lines(const struct gex__sweep *sweep, int64_t task, int64_t tasks);
void    gex__sweep_join(struct gex__sweep *sweep);
/* sums[k]: of weight times the greek at prices[k], or NaN where it is left to the caller. */
void    gex__sweep_finish(const struct gex__sweep *sweep, double *sums, int64_t task, int64_t tasks);
/* Of gamma the same at any price of the range, by any thread: the sweep is only read. */
double  gex__sweep_at(const struct gex__sweep *sweep, double price);

/* Of all levels. */
int32_t gex__sweep_cells(const struct gex__sweep *sweep);
/* The cell of a level in which a log price lies. */
int32_t gex__sweep_cell(const struct gex__sweep *sweep, const struct gex__sweep_level *level, double log_price);

#endif
