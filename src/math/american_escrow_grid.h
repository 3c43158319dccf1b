/* SPDX-License-Identifier: Apache-2.0 */
/* What single values and tables of american_escrow.h share: laying the grid out, and reading it. */
#ifndef GEX_MATH_AMERICAN_ESCROW_GRID_H
#define GEX_MATH_AMERICAN_ESCROW_GRID_H

#include "american_escrow.h"

enum { GEX_ESCROW_LAST = GEX_ESCROW_NODES - 1, GEX_ESCROW_STEPS = 40 };

/* The premium of one option along the log of s. */
struct gex__escrow_premium {
    const double *node;
    int stride, last;
    double low, dx;
    double right;
};

/* Where exercise pays now, in logs of s; nowhere when from > to. */
struct gex__escrow_edges {
    double from, to;
};

/*
 * Lines of `count` rows of the same years on a grid that holds deviations up to `vol` of each, and `escrowed` of each;
 * idle lanes do what the first one does. lines->at is the strike.
 */
void gex__escrow_lay(const struct gex__black_in *in, int count, const int64_t *row,
                     const struct gex__dividends *dividends, const double *vol, struct gex__escrow_lines *lines,
                     struct gex__escrowed *escrowed);
/* No deviation to speak of, or a drift that many deviations long: the path is known. */
bool gex__escrow_is_steep(double vol, double rate, double carry, double years);
/* To a grid half as fine, or back. */
void gex__escrow_coarse(struct gex__escrow_lines *lines, bool coarse);
/* Out of the money beyond the grid: there is no premium. */
bool gex__escrow_is_far(const struct gex__escrow_lines *lines, int lane, double x);
/* Premium of a lane of solved nodes. */
struct gex__escrow_premium gex__escrow_premium_of(const struct gex__escrow_lines *lines,
                                                  const struct gex__escrow_nodes *nodes, int lane);
/*
 * The premium and its derivatives by x up to the one of `orders`, at most 4; above that `by` has no meaning. Beyond the
 * grid 0 out of the money, and linear in s in the money.
 */
void gex__escrow_read(const struct gex__escrow_premium *premium, double x, int orders, double by[5]);
struct gex__escrow_edges gex__escrow_edges_of(const struct gex__escrow_lines *lines,
                                              const struct gex__escrow_nodes *nodes, int lane);

#endif
