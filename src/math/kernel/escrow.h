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

#include "american_tables.h"

enum { GEX_ESCROW_LANES = 4, GEX_ESCROW_NODES = 73 };
enum { GEX_ESCROW_DATES = 12, GEX_ESCROW_POINTS = 20 }; /* dates of a formula; points of an expectation */
#define GEX_ESCROW_NOWHERE 1e4                          /* a log of s that nothing reaches */

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

/* An ex-date before which calls are exercised from a log of s, `first`, on: what that adds to waiting is level + slope
 * s less a rest, a polynomial of (2 y - first - end) / (end - first) and 0 beyond `end`. */
struct gex__escrow_date {
    double when;                                             /* years from now */
    double alpha;                                            /* just before: the stock is alpha s + P */
    double level[GEX_ESCROW_LANES], slope[GEX_ESCROW_LANES]; /* 0 of a lane that is never exercised there */
    double first[GEX_ESCROW_LANES], end[GEX_ESCROW_LANES];   /* first: GEX_ESCROW_NOWHERE of such a lane */
    double rest[GEX_AMERICAN_TERMS][GEX_ESCROW_LANES];
};

/*
 * A table is the numbers of a line that no price changes, then the premium at its nodes, at one volatility or at three.
 * Between the logs of s FROM and TO exercise is certain, now or at a date: the delta is SURE, its charm SURE_CHARM, and
 * gamma and vanna are 0. In the money beyond the nodes the premium is linear in s.
 */
enum {
    GEX_ESCROW_ROW,
    GEX_ESCROW_ALPHA,
    GEX_ESCROW_PAID,
    GEX_ESCROW_LOG_STRIKE,
    GEX_ESCROW_RIGHT,
    GEX_ESCROW_SURE,
    GEX_ESCROW_SURE_CHARM,
    GEX_ESCROW_VOL,
    GEX_ESCROW_LOW = GEX_ESCROW_VOL + 3,    /* log of s at node 0 */
    GEX_ESCROW_PER_DX = GEX_ESCROW_LOW + 3, /* nodes to a unit of it */
    GEX_ESCROW_FROM = GEX_ESCROW_PER_DX + 3,
    GEX_ESCROW_TO = GEX_ESCROW_FROM + 3,
    GEX_ESCROW_SLOPE = GEX_ESCROW_TO + 3,
    GEX_ESCROW_PREMIUM = GEX_ESCROW_SLOPE + 3
};
enum { GEX_ESCROW_GAMMA, GEX_ESCROW_DELTA, GEX_ESCROW_CHARM, GEX_ESCROW_VANNA };
#define GEX_ESCROW_NOTHING 1e-9 /* of the stock: what dividends leave of it at least */

/* Tables one after another, `size` apart, at a price. */
struct gex__escrow_reading {
    const double *tables;
    int64_t size, count;
    int vols;        /* 1 or 3 */
    unsigned wanted; /* bits of the greeks */
    double price;
    const double *column[4]; /* vol, rate, carry, years */
    double *greek[4];
};

struct gex__escrow_formula {
    int dates;
    struct gex__escrow_date date[GEX_ESCROW_DATES];
};

#endif
