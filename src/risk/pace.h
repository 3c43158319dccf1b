/* SPDX-License-Identifier: Apache-2.0 */
/* From the greeks of one clock, which is what kernels know, to those of a market with two. */
#ifndef GEX_RISK_PACE_H
#define GEX_RISK_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include <gex/european.h>
#include <gex/market.h>

/* What two clocks differ by, for one expiry: 1 and 0 where they are one. */
struct gex__pace {
    double root;   /* vol on CAL_365 per vol on the expiry's clock, sqrt(T_clock / T_calendar) */
    double excess; /* how much faster than evenly the clock runs now: pace T_calendar / T_clock - 1 */
};

bool gex__is_paced(const gex_market *market); /* false: every expiry has 1 and 0 */
struct gex__pace gex__pace_of(const gex_market *market, int64_t expiry);
/* sqrt(T_clock / T_calendar), 1 with no time left on the calendar. */
double gex__pace_root(double clock_years, double calendar_years);

/* Greek that has to be at hand beside a time derivative, 0: none. Of veta it is vega and vomma, and this says vomma. */
int32_t gex__pace_helper(int32_t greek);

/* One row of each column, all as long. */
struct gex__pace_rows {
    int64_t       rows;
    const double *years, *vol; /* on CAL_365, as the kernel took them */
    const double *root, *excess;
};
/* Columns by GEX_GREEK_*, NULL for what nobody wants, with the helpers of every time derivative among them. */
void gex__pace_apply(const struct gex__pace_rows *in, double *const columns[GEX_GREEK_LAST_ + 1]);

#endif
