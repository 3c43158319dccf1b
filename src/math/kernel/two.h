/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two exercise boundaries of one American put in numbers without a unit: american.h, with c < a < 0. At time u before
 * expiry exercise pays between Y and B, K a / c < Y < B < K. The two approach each other as u grows, and may meet;
 * before that there is none.
 *
 * Above B and below Y the value solves two problems that know nothing of each other, so either boundary has its own
 * equation (two_body.h), which goes on past the meeting for a while.
 */
#ifndef GEX_MATH_KERNEL_TWO_H
#define GEX_MATH_KERNEL_TWO_H

#include <stdbool.h>

enum { GEX_TWO_NODES = 16, GEX_TWO_POINTS = 16, GEX_TWO_PRICES = 40, GEX_TWO_ORDERS = 5 };

/* As gex__american_scheme of american_tables.h. */
struct gex__two_scheme {
    double x[GEX_TWO_NODES];
    double sine[GEX_TWO_POINTS], cosine[GEX_TWO_POINTS], weight[GEX_TWO_POINTS];
    double series[GEX_TWO_NODES][GEX_TWO_NODES + 1];
    double t[GEX_TWO_PRICES], t_weight[GEX_TWO_PRICES];
};

extern const struct gex__two_scheme gex__american_two;

struct gex__two_lines {
    double v, a, c;                  /* asked for: v > 0, c < a < 0 */
    double gap;                      /* log(c / a) */
    double root;                     /* sqrt(U / T): the boundaries are solved for u up to U; x = sqrt(u / U) */
    double meet;                     /* x where they meet; 1 when they do not, and from there on both are level */
    bool met;                        /* before today */
    double upper[GEX_TWO_NODES + 1]; /* Chebyshev series in 2 x - 1 of log(B / K)^2 */
    double lower[GEX_TWO_NODES + 1]; /* and of log(Y c / (K a)) */
    double from, to;                 /* log(Y / K) and log(B / K) today, when not met */
};

enum gex__two_region { GEX__TWO_OVER, GEX__TWO_EXERCISED, GEX__TWO_UNDER, GEX__TWO_MET };

#endif
