/* SPDX-License-Identifier: Apache-2.0 */
/* Prices over strikes that a market could have: never rising, never falling faster than the strike rises, convex. */
#ifndef GEX_MARKET_CONVEX_H
#define GEX_MARKET_CONVEX_H

#include <stdbool.h>
#include <stdint.h>

/* One strike. Prices are those of a call, undiscounted, in units of the strike. */
struct gex__knot {
    double strike, middle, low, high; /* low <= high; the middle lies between, unless a bound was moved */
    double half;                      /* half-spread as quoted */
    double top;                       /* of the greatest such prices at or below `high` */
    double price;                     /* what the middle becomes */
    int64_t link;                     /* scratch of gex__knots_top() */
};

/* sum of c[i] x[at + i], + constant >= 0 */
struct gex__tie {
    int64_t at;
    double c[3], constant;
    double room, pull;           /* what the sum is above zero; multiplier */
    double room_step, pull_step; /* of an iteration */
};

/* Room for the least squares of `knots` knots held against at most as many of an earlier settlement. */
struct gex__convex {
    struct gex__tie *tie;         /* 4 knots */
    double *x, *step;             /* knots + 2; what is beyond the last is 0 */
    double *diagonal, *one, *two; /* knots + 2: a symmetric matrix of five diagonals */
};
enum { GEX_CONVEX_TIES = 4, GEX_CONVEX_COLUMNS = 5 };

/* A price of an earlier settlement: at `strike`, what lies on the line between two knots is at least `price`. */
struct gex__floor {
    double strike, price;
};

/* top of every knot. O(count). */
void gex__knots_top(struct gex__knot *knot, int64_t count);
/* Whether any prices between low and high do: top is there, and meets the floors as well. */
bool gex__knots_possible(const struct gex__knot *knot, int64_t count, const struct gex__floor *floors,
                         int64_t floor_count);
/* Whether these prices are such. What rounding may have done is none. */
bool gex__knots_sound(const struct gex__knot *knot, int64_t count, const struct gex__floor *floors,
                      int64_t floor_count);
/* The line through the knots around a strike at which `top` or `price` stands. @return false beyond the ends. */
bool gex__knots_between(const struct gex__knot *knot, int64_t count, double strike, int64_t *at, double *share);

/*
 * price of every knot: between low and high, such, over the floors, and nearest to the middles, least sum of
 * ((price - middle) / half-spread)^2. A knot that needs no change keeps its middle to the bit. gex__knots_possible()
 * holds.
 *
 * An interior-point method; 15 to 40 passes of O(count + floors). Where rounding leaves it no room the prices are those
 * of the least largest change in half-spreads. Source: Mehrotra (1992), On the implementation of a primal-dual interior
 * point method, SIAM J. Optimization 2(4).
 */
void gex__knots_solve(struct gex__knot *knot, int64_t count, const struct gex__floor *floors, int64_t floor_count,
                      struct gex__convex *room);

#endif
