/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of European options to test with, and how far a greek of one may be off.
 *
 * Bounds, ulp of the nearest double's binade: a Gaussian's condition number is d^2 and a tail's less, so gamma, vega
 * and dual_gamma have (4 + 2 d^2) ulp, tails (6 + 3 d^2); what is a sum with cancellation (8 + 4 d^2) ulp of the sum of
 * its absolute terms, |d| + v for |d|, since d is a sum as well; a price in the money 2 ulp of the spot or of itself,
 * whichever is more, since its intrinsic value carries no more.
 */
#ifndef GEX_TESTS_BLACK_ROWS_H
#define GEX_TESTS_BLACK_ROWS_H

#include <float.h>
#include <math.h>
#include <stdint.h>

#include <gex/european.h>

#include "draw.h"

struct oracle_row {
    double spot, strike, years, vol, rate, carry, right;
};

static inline double ulp_of(double value)
{
    return value == 0 ? DBL_TRUE_MIN : fmax(ldexp(1.0, ilogb(value) - 52), DBL_TRUE_MIN);
}

/* Most a greek may be off by. */
static inline double bound(int greek, const struct oracle_row *row, double value, double scale, double d1, double d2)
{
    const double larger = fmax(fabs(d1), fabs(d2));

    switch (greek) {
    case GEX_GREEK_GAMMA:
    case GEX_GREEK_VEGA:
        return (4 + 2 * d1 * d1) * ulp_of(value);
    case GEX_GREEK_DUAL_GAMMA:
        return (4 + 2 * d2 * d2) * ulp_of(value);
    case GEX_GREEK_DELTA:
    case GEX_GREEK_EPSILON:
        return (6 + 3 * d1 * d1) * ulp_of(value);
    case GEX_GREEK_RHO:
    case GEX_GREEK_DUAL_DELTA:
        return (6 + 3 * d2 * d2) * ulp_of(value);
    case GEX_GREEK_PRICE:
        if ((d1 + d2) * row->right <= 0)
            return (6 + 3 * larger * larger) * ulp_of(value);
        return 2 * fmax(ulp_of(row->spot), ulp_of(value));
    default:
        return (8 + 4 * larger * larger) * ulp_of(scale);
    }
}

static inline double log_between(double low, double high)
{
    return exp(between(log(low), log(high)));
}

/* Five kinds of rows inside the box S, K in [1e-6, 1e9], T in [1e-9, 50], vol in [1e-4, 5], |r|, |q| <= 1. */
static inline struct oracle_row draw_row(int kind)
{
    struct oracle_row row = {log_between(1e-6, 1e9), 0, log_between(1e-9, 50), log_between(1e-4, 5), between(-1, 1),
                             between(-1, 1), uniform() < 0.5 ? 1 : -1};
    double v, forward;

    switch (kind) {
    case 0: /* a chain */
        row.spot = between(50, 6000);
        row.years = log_between(1.0 / 365, 2);
        row.vol = between(0.05, 0.9);
        row.rate = between(-0.01, 0.08);
        row.carry = between(0, 0.04);
        row.strike = row.spot * exp(between(-4, 4) * row.vol * sqrt(row.years));
        return row;
    case 1: /* anywhere */
        row.strike = log_between(1e-6, 1e9);
        return row;
    case 2: /* at the strike, a few ulp to either side, or with the forward there */
        row.strike = row.spot * (1 + floor(between(-4, 5)) * DBL_EPSILON);
        if (uniform() < 0.5)
            row.rate = row.carry = uniform() < 0.5 ? 0 : row.rate;
        return row;
    case 3: /* tails, where the Gaussian goes under */
        v = row.vol * sqrt(row.years);
        forward = row.spot * exp((row.rate - row.carry) * row.years);
        row.strike = fmin(fmax(forward * exp(between(-39, 39) * v), 1e-6), 1e9);
        return row;
    default: /* borders of the kernel: h = 1/16, a - h = -1, d = 0 */
        row.years = log_between(1e-3, 50);
        v = uniform() < 0.5 ? 0.125 * (1 + floor(between(-4, 5)) * 0x1p-50) : log_between(0.5, 6);
        row.vol = fmin(fmax(v / sqrt(row.years), 1e-4), 5);
        v = row.vol * sqrt(row.years);
        forward = row.spot * exp((row.rate - row.carry) * row.years);
        row.strike = fmin(
            fmax(forward * exp((uniform() < 0.5 ? v / 2 - 1 : v / 2) * v * (uniform() < 0.5 ? 1 : -1)), 1e-6), 1e9);
        return row;
    }
}

#endif
