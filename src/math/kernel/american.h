/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boundaries of American puts in numbers without a unit, eight at a time. A call is the put with spot and strike, rate
 * and carry yield exchanged.
 *
 *     v = vol sqrt(T)    a = r T    c = q T    x = sqrt(tau / T)
 *     B(tau) = X K exp(-sqrt(H(x))),  X = exp(-kappa) = min(1, a / c) for c > 0, else 1
 */
#ifndef GEX_MATH_KERNEL_AMERICAN_H
#define GEX_MATH_KERNEL_AMERICAN_H

#include <stdbool.h>
#include <stdint.h>

#include <gex/european.h>

#include "american_tables.h"
#include "escrow.h"
#include "two.h"

#define GEX_AMERICAN_RESTED 2e-2
enum { GEX_AMERICAN_PRESETS = 3 };
enum { GEX_AMERICAN_GROUP = 8 };
#define GEX_AMERICAN_LEVEL 9.0 /* a boundary is level when what is left of its fall is e^-9 of it */

struct gex__american_lines {
    int count; /* lines that matter, from 1 on; the rest of their vector holds any numbers, and no more is computed */
    double v[GEX_AMERICAN_GROUP], a[GEX_AMERICAN_GROUP], c[GEX_AMERICAN_GROUP]; /* v > 0; a > 0, or a = 0 and c < 0 */
    double kappa[GEX_AMERICAN_GROUP];
    double series[GEX_AMERICAN_NODES + 1][GEX_AMERICAN_GROUP]; /* Chebyshev series of H in 2 x - 1 */
    double depth[GEX_AMERICAN_GROUP];                          /* -log(B(T) / K) = kappa + sqrt(H(1)) */
    double scale[GEX_AMERICAN_GROUP]; /* the series has scale * x for x, at most 1: beyond, the boundary is level */
    double level[GEX_AMERICAN_GROUP]; /* B(T) / K */
    double moved[GEX_AMERICAN_GROUP]; /* largest relative step of the last pass: what is left is about its
                                         square. Not below GEX_AMERICAN_RESTED: the first estimate */
};

/*
 * Premium over the European put and its derivatives, per strike: premium[0] = P / K, and with y = log(S / K) the
 * integrals premium[1..4] that give, for a put,
 *     dP/dS = I1    S d2P/dS2 = I2    S^2 d3P/dS3 = I3 - I2    S^3 d4P/dS4 = I4 - 3 I3 + 2 I2
 */
enum { GEX_AMERICAN_ORDERS = 5 };

/* Fields of a hoisted line, american_profile.c. */
enum {
    GEX_AMERICAN_SLOPE, GEX_AMERICAN_OFFSET, /* t = slope log(S) + offset: -1 at the boundary, 1 where that is far */
    GEX_AMERICAN_RIGHT, GEX_AMERICAN_CHARM1, GEX_AMERICAN_CHARM2, GEX_AMERICAN_CHARM3,
    GEX_AMERICAN_PREMIUM,
    GEX_AMERICAN_BY_VOL = GEX_AMERICAN_PREMIUM + GEX_AMERICAN_TERMS,
    GEX_AMERICAN_FIELDS = GEX_AMERICAN_BY_VOL + GEX_AMERICAN_TERMS
};

/* Volatilities a moving line's fields are known at,
 * american_moving.c, as places in [-1, 1]: Chebyshev points with ends. */
enum { GEX_AMERICAN_VOLS = 12 };
extern const double gex__american_places[GEX_AMERICAN_VOLS];

struct gex__american_kernels {
    /* By preset, fast, standard and high; NULL where gex__american_solve() has to take another set's. */
    void (*boundary[GEX_AMERICAN_PRESETS])(const struct gex__american_scheme *scheme,
                                           struct gex__american_lines *lines);
    /* The first `orders` of the premium at each line's y. Right where y > -depth. */
    void (*premium)(const struct gex__american_scheme *scheme, const struct gex__american_lines *lines, const double *y,
                    int orders, double premium[GEX_AMERICAN_ORDERS][GEX_AMERICAN_GROUP]);
    /* Add the premium's part to the greeks of hoisted lines. */
    void (*profile)(const double *lines, int64_t count, double price,
                    double *const outputs[GEX_GREEK_LAST_ + 1]);
    /* Fields of a group at a place x of each line,
     * from the coefficients of Newton's polynomials, place by place of a field. */
    void (*fields)(const double *newton, int fields, const double *x, double *out);
    /* log(a / b) of eight pairs. */
    void (*log_ratios)(const double *a, const double *b, double *out);
    /* The grid of escrow.h; NULL where gex__escrow_solve() has to take another set's. */
    void (*escrow)(const struct gex__escrow_lines *lines, struct gex__escrow_nodes *nodes);
    /* Calls of escrow.h by formula: solve `first`, `end` and `rest` of each date; the premium at a log of s a lane, and
     * the first or the first four derivatives by it. NULL as above. */
    void (*calls)(const struct gex__escrow_lines *lines, struct gex__escrow_formula *formula);
    void (*calls_at)(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula, const double *y,
                     int orders, double by[][GEX_ESCROW_LANES]);
    /* Greeks of lines over their tables. */
    void (*tables_at)(const struct gex__escrow_reading *reading);
    /* Two boundaries and what they add: two_body.h, two_premium.h. */
    bool (*two_solve)(struct gex__two_lines *two, const struct gex__two_lines *like);
    enum gex__two_region (*two_premium)(const struct gex__two_lines *two, double y, int orders, bool whole,
                                        double by[GEX_TWO_ORDERS]);
};

extern const struct gex__american_kernels gex__american_baseline, gex__american_avx2, gex__american_avx512;

const struct gex__american_kernels *gex__american_kernels_of(int32_t instruction_set);
const struct gex__american_scheme *gex__american_scheme_of(int preset);
/* Fill kappa, series, depth and moved. */
void gex__american_solve(int32_t instruction_set, int preset, struct gex__american_lines *lines);
/* The kernels of escrow.h: of a set that has them, to the same bits. */
const struct gex__american_kernels *gex__escrow_kernels_of(int32_t instruction_set);

#endif
