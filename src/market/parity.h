/* SPDX-License-Identifier: Apache-2.0 */
/* Put-call parity as a regression: C - P = D (F - K) over the strikes of one expiry. */
#ifndef GEX_MARKET_PARITY_H
#define GEX_MARKET_PARITY_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* One strike with a two-sided quote on both sides. */
struct gex__pair {
    double strike;
    double difference; /* middle of the call minus middle of the put */
    double straddle;   /* middle of the call plus middle of the put */
    double weight;     /* 1 / variance of the difference, any scale; see gex__pair_weights */
    double root;       /* of the weight */
    double half_call, half_put; /* half-spreads; a locked quote's is zero */
};

/* weight = 1 / (call^2 + put^2) of the half-spreads, none below the smallest that is not zero; 1 when all are zero.
 * And its root. */
void gex__pair_weights(struct gex__pair *pairs, int64_t count);

struct gex__parity {
    double  forward, forward_error;   /* price; error: one standard deviation */
    double  discount, discount_error; /* factor; error 0 where it was not estimated */
    double  quote_error;              /* price: what the spreads leave open if every middle is off by the same part of
                                         its own, a uniform error of that half-width */
    int32_t passes;                   /* reweightings made */
    int32_t outliers;                 /* pairs weighed down in the last one */
};

/* How long to reweight: until forward and discount move by less than this fraction of themselves, at most 200 times.
 * GEX_PARITY_LEAST_SQUARES does not begin to. */
#define GEX_PARITY_LEAST_SQUARES HUGE_VAL

/*
 * Both fits: least squares with the weights, then Huber's reweighting (1.345, scale 1.4826 median |residual|) until
 * forward and discount rest. scratch has room for `count` doubles. @return false when there is no line: fewer than 2
 * (1) strikes, all equal, weights that add to nothing, or a discount that is not above zero.
 * Source: Huber (1964), Robust estimation of a location parameter, Annals of Mathematical Statistics 35, 73-101.
 */
bool gex__parity_line(const struct gex__pair *pairs, int64_t count, double rest, double *scratch,
                      struct gex__parity *out);
bool gex__parity_forward(const struct gex__pair *pairs, int64_t count, double discount, double rest, double *scratch,
                         struct gex__parity *out);

/* Middle value, mean of the two for an even count; reorders values. count > 0; NaN must not be passed in. */
double gex__median(double *values, int64_t count);

#endif
