/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over the book in the states that scenarios pass through. */
#ifndef GEX_RISK_FLOW_SUMS_H
#define GEX_RISK_FLOW_SUMS_H

#include "flow.h"
#include "math/sum.h"

enum { GEX_FLOW_SLOPES = 3 };

struct gex__flow_delta {
    double book;    /* sum of N M delta, settled lines at their payoff's */
    double settled; /* the part of lines that settled before the state's instant */
};

/* Of a task that values states together. */
struct gex__flow_room {
    struct gex__state state[GEX_STATES];
    int64_t           number[GEX_STATES]; /* which distinct one each is */
    struct gex__exact sum[GEX_STATES];
    double            delta[GEX_STATES][GEX_STATE_LINES];
};

/* What is too much for a small stack. */
struct gex__flow_aside {
    struct gex__exact     sum[GEX_FLOW_SLOPES];
    int64_t               pieces; /* runs of distinct states valued together, by their first: they begin `sorted` */
    struct gex__flow_room room[]; /* per task */
};

struct gex__flow_work {
    const gex_market        *market;
    const gex_book          *book;
    const gex_greeks        *greeks; /* of the market; or NULL */
    const struct gex__lines *lines;
    int32_t                  isa;
    int32_t                  tasks; /* that value states together; 0: each by itself */
    int32_t                  tables;
    const gex_flow_options  *table;
    int64_t                  rows;     /* scenarios of all tables */
    int64_t                  distinct; /* states */
    int64_t                  held;     /* the distinct one whose delta the greeks hold, or -1 */
    struct gex__state       *state;    /* corners of every scenario */
    int64_t                 *sorted;   /* indices of states; then of pieces */
    int64_t                 *number;   /* per state, which distinct one it is */
    int64_t                 *first;    /* per distinct one, the index of a state */
    struct gex__flow_delta  *delta;    /* per distinct one */
    struct gex__flow_aside  *aside;
    void                    *block;
    int64_t                  size;
};

struct gex__flow_slopes {
    double gamma, vanna, charm; /* of the book; gamma with what vanna adds as volatilities move with spot */
};

/* Fills `delta` of the distinct states. @return false when the executor reported failure. */
bool gex__flow_deltas(const gex_context *context, struct gex__flow_work *work);
/* First order, of the lines as they stand. */
struct gex__flow_slopes gex__flow_slopes_of(const struct gex__flow_work *work);

#endif
