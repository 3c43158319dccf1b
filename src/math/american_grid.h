/* SPDX-License-Identifier: Apache-2.0 */
/* American options on a grid in log spot: discrete dividends, and what collocation cannot hold. */
#ifndef GEX_MATH_AMERICAN_GRID_H
#define GEX_MATH_AMERICAN_GRID_H

#include "american.h"

/* One option; spot, strike, years and vol > 0. */
struct gex__grid_option {
    double spot, strike, years, vol, rate, carry;
    int    right;
};

/* Largest error of a price, in units of the strike. */
#define GEX_GRID_ERROR 1e-4

enum { GEX_GRID_NODES = 241 };

/* The premium over the European option, without dividends, at logs of spot from `low` on, `dx` apart. */
struct gex__grid_nodes {
    double low, dx;
    double exercised_from, exercised_to; /* logs of spot; nowhere when the first is larger */
    double premium[GEX_GRID_NODES];
};

/* On a grid over [low, high] and `reach` beyond; right within. The option's spot lies within too. */
void gex__american_grid_nodes(const struct gex__grid_option *option, double low, double high, double reach,
                              struct gex__grid_nodes *nodes);

/*
 * With dividends, values[greek] for GEX_GREEK_*; without, what to add to the European ones. GEX_CALC_EXERCISED: the
 * values as they are. Those for which wanted has no bit may be left undone, but for the price. @return
 * GEX_CALC_SLOW_PATH, GEX_CALC_EXERCISED or GEX_CALC_EXERCISE_AT_DIVIDEND.
 */
int32_t gex__american_grid(const struct gex__grid_option *option, const struct gex__dividends *dividends,
                           unsigned wanted, double values[GEX_GREEK_LAST_ + 1], double *boundary);

#endif
