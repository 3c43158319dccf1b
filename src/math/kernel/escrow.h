/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options under dividends, four of one expiry at a time, on a grid in the log of the escrowed spot
 * (american_escrow.h). Between ex-dates the escrowed spot s is lognormal and the stock is alpha s + P: alpha stays, P
 * grows at the rate.
 */
#ifndef GEX_MATH_KERNEL_ESCROW_H
#define GEX_MATH_KERNEL_ESCROW_H

#include <stdbool.h>
#include <stdint.h>

enum { GEX_ESCROW_LANES = 4, GEX_ESCROW_NODES = 73 };

/* Ex-dates up to expiry, ascending; at each the stock falls by cash + fraction of itself. */
struct gex__escrow_events {
    int64_t count;
    const double *years, *cash, *fraction; /* cash or fraction may be NULL */
    double passed;                         /* years from where theirs are counted to now */
};

struct gex__escrow_lines {
    double years; /* of every lane */
    struct gex__escrow_events events;
    int last, steps;                                    /* nodes 0 to last; steps in time, about */
    double low[GEX_ESCROW_LANES], dx[GEX_ESCROW_LANES]; /* log of s at node 0, and between nodes */
    double low_spot[GEX_ESCROW_LANES], high_spot[GEX_ESCROW_LANES], growth[GEX_ESCROW_LANES]; /* s at both ends, e^dx */
    double log_strike[GEX_ESCROW_LANES];
    double at[GEX_ESCROW_LANES],
        at_spot[GEX_ESCROW_LANES]; /* today's stock just before the first ex-date, as log of s and s */
    double vol[GEX_ESCROW_LANES], rate[GEX_ESCROW_LANES], carry[GEX_ESCROW_LANES];
    double strike[GEX_ESCROW_LANES], right[GEX_ESCROW_LANES];
};

/* Node by node, lanes side by side. */
struct gex__escrow_nodes {
    double premium[GEX_ESCROW_NODES][GEX_ESCROW_LANES]; /* over the European option on the same grid */
    double excess[GEX_ESCROW_NODES][GEX_ESCROW_LANES]; /* value less what exercise pays now; while solving, its force */
    double european[GEX_ESCROW_NODES][GEX_ESCROW_LANES];
    bool at_dividend[GEX_ESCROW_LANES]; /* exercise just before the first ex-date beats holding, were the stock what it
                                           is now */
};

#endif
