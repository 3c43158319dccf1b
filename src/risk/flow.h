/* SPDX-License-Identifier: Apache-2.0 */
/* States that scenarios pass through, and the deltas of lines there. */
#ifndef GEX_RISK_FLOW_H
#define GEX_RISK_FLOW_H

#include <gex/flow.h>
#include <gex/greeks.h>

#include "later.h"

struct gex_flow {
    struct gex__object object;
    int64_t            rows;
    double            *column[GEX_FLOW_LAST_ + 1];
};
struct gex_flow *gex__flow_alloc(const gex_context *context, int64_t rows); /* NULL when there is no memory */

/*
 * gex_flow_compute() for up to GEX_FLOWS tables of scenarios: states that two have in common are repriced once. What is
 * at hand may be NULL: the lines of the market and the book, and the market's greeks with delta, gamma, vanna, charm.
 * The results are the same.
 */
enum { GEX_FLOWS = 2 };
gex_status gex__flows_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_flow_options *tables, int32_t count, const struct gex__lines *lines,
                              const gex_greeks *greeks, gex_flow **out, gex_error *error);

struct gex__state {
    double  spot;
    int64_t as_of;
    double  shift; /* added to every volatility */
};

/* What doors over scenarios share but for reading them: options checked and taken. */
gex_status gex__flow_door(const gex_market *market, const gex_book *book, const gex_flow_options *options,
                          gex_flow_options *mine, gex_error *error);
/* The state scenario i moves to, and whether it makes sense. */
struct gex__state gex__flow_state(const gex_flow_options *options, const gex_market *market, int64_t i);
gex_status gex__flow_state_check(const struct gex__state *to, const gex_market *market, int64_t i, gex_error *error);

enum { GEX_STATE_LINES = 48 }; /* delta and volatility of as many fit under the kernel on a stack that is not ours */
/* How many of the lines [first, end) gex__state_deltas() takes together:
 * those of one expiry, at most GEX_STATE_LINES. */
int64_t gex__state_count(const struct gex__lines *lines, int64_t first, int64_t end);
/* Their deltas in a state; settled ones at their payoff's. */
void gex__state_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                       const struct gex__state *state, int64_t first, int64_t count, double *delta);

/*
 * The same in `states` states, at most GEX_STATES, that differ in spot alone: of line i in state k, delta[k *
 * GEX_STATE_LINES + i]. Bits are those of one state after another, sooner.
 */
enum { GEX_STATES = 32 };
void gex__states_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                        const struct gex__state *state, int64_t states, int64_t first, int64_t count, double *delta);
/* May several states be asked for? As long as volatilities stay. */
bool gex__states_share(const struct gex__lines *lines);
/* ... and is it much sooner? Of American lines, which are solved once for all. */
bool gex__states_save(const struct gex__lines *lines);

#endif
