/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of gex_fit_mixture: the quadratic problem of one expiry, and what it is made from. */
#ifndef GEX_FIT_MIXTURE_H
#define GEX_FIT_MIXTURE_H

#include "fit.h"

enum {
    GEX_MIX_NODES = 24,
    GEX_MIX_CANDIDATES = 200,
    GEX_MIX_KEPT = 48,
    GEX_MIX_FINE = 512,
    GEX_MIX_ROWS = 64,
    GEX_MIX_DIPS = 32
};
enum { GEX_MIX_TAIL = 0 };      /* the place of the tail, among candidates and among components */
#define GEX_MIX_NOTICED 1e-280 /* the least price that is one */

/* A lognormal of an expiry: S_T / F is exp(mu + v Z - v^2 / 2). */
struct gex__lognormal {
    double mu, v, weight;
};

/* One row of the problem: the value sum_j weight_j a_j should lie between low and high. */
struct gex__band {
    double low, high, middle;
    double scale; /* a unit of distance is 1 / scale */
    double pull;  /* towards the middle, in parts of what a distance beyond pulls */
    double trust; /* what a distance beyond counts, 1 at first */
    double weight, target; /* of the squares as they stand: weight (value - target)^2 */
    double value, by;
};

/*
 * Over weights not below zero that add up to `total`, and weights times means too: the least sum over the rows of
 *     scale^2 (trust distance(value, [low, high])^2 + pull^2 (value - middle)^2)
 */
struct gex__mix {
    int64_t rows;
    int candidates;
    double total;
    double *a; /* a row's values of all candidates, GEX_MIX_CANDIDATES apart */
    struct gex__band *band;
    struct gex__lognormal one[GEX_MIX_CANDIDATES]; /* its weight is the answer; on entry a point to start from */
    double mean[GEX_MIX_CANDIDATES];               /* exp(mu) */
    double h[GEX_MIX_CANDIDATES][GEX_MIX_CANDIDATES], q[GEX_MIX_CANDIDATES]; /* squares as they stand: p h p - 2 q p */
    double factor[GEX_MIX_KEPT][GEX_MIX_KEPT];
    int kept[GEX_MIX_KEPT], count; /* candidates that may have a weight */
    double level, slope;           /* what the two sums cost: the gradient is level + slope mean of a free weight */
};

/* From the weights given, which meet both sums, to the best ones. At most GEX_MIX_KEPT are above zero. */
void gex__mix_solve(struct gex__mix *mix);
/* How many of the first `rows` rows are outside their bands. */
int64_t gex__mix_missed(const struct gex__mix *mix, int64_t rows);


/* ---- one expiry: mix_rows.c, mix_dips.c -------------------------------------------------------------------------- */

/* Where prices are asked for: k, exp(k), and the side out of the money. */
struct gex__places {
    double *k, *strike;
    int8_t *right;
};

/* What one expiry is made of: first the tail, of little weight and behind all others, which decides the far wings. */
struct gex__made {
    struct gex__lognormal *one;
    int count;
};

/* Everything one expiry after another is fitted in: one block. */
struct gex__mixing {
    struct gex__work *work;
    struct gex__mix *mix;
    struct gex__band *band;
    double *a, *price, *spare;     /* per row; a: of every candidate */
    struct gex__places rows, fine; /* fine: GEX_MIX_FINE of them */
    double *earlier, *now, *gain;  /* there: prices before, prices, and what those gain by a share of all variances */
    struct gex__lognormal *all;    /* components of all expiries, GEX_MIX_KEPT apart */
    struct gex__made *made;        /* per expiry */
    int64_t room, size;            /* rows there are room for; bytes of the block */
};

void gex__mix_place(const struct gex__places *places, int64_t at, double k);
/* Of a mixture at the first `count` places, at most GEX_MIX_FINE: undiscounted prices per unit of the forward on the
 * side out of the money, and what they gain by a share of the variance of every component. */
void gex__mix_price(const struct gex__mixing *fitting, const struct gex__places *places, int64_t count,
                    const struct gex__made *made, double *price, double *gain);

/* The parts of a problem, in this order. `before` is the expiry before, NULL: there is none to keep above. */
void gex__mix_quotes(struct gex__mixing *fitting, const struct gex__expiry *expiry);
/* On a grid of `nodes` means, from 6 to GEX_MIX_NODES; the components of an attempt, when there was one, and of the
 * expiry before, whichever comes first being where the search starts. */
void gex__mix_candidates(struct gex__mix *mix, const struct gex__expiry *expiry, const struct gex__made *attempt,
                         const struct gex__made *before, int nodes);
void gex__mix_calendar(struct gex__mixing *fitting, const struct gex__made *before);
/* One more row: not below the price of the expiry before there. */
void gex__mix_row(struct gex__mixing *fitting, double k, double earlier);
/* Values of all candidates in rows from `from` on, the first `quotes` of all being quotes. */
void gex__mix_values(struct gex__mixing *fitting, int64_t from, int64_t quotes);
/* The components that have a weight, made to meet both sums to the last bits. */
void gex__mix_take(const struct gex__mix *mix, struct gex__made *made);

/* Where prices come nearest to those of the expiry before: k, their price, and how far above, as the share of all
 * variances that gains as much. */
struct gex__dip {
    double k, earlier, above;
};
/* Where they are nearer than they may be; places of the grid that are no nearer than `near`, and between which a
 * parabola finds nothing, are passed over. @return how many, at most GEX_MIX_DIPS. */
int gex__mix_dips(struct gex__mixing *fitting, const struct gex__made *now, const struct gex__made *before,
                  double near, struct gex__dip *dip);
/* Raise every variance by the share that leaves none, which is proved; expiry->raised is that share. */
gex_status gex__mix_lift(struct gex__mixing *fitting, struct gex__expiry *expiry, struct gex__made *now,
                         const struct gex__made *before, gex_error *error);

#endif
