/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of a surface: its slices in the order of years, and a point of it. */
#ifndef GEX_MARKET_SURFACE_H
#define GEX_MARKET_SURFACE_H

#include <gex/surface.h>

#include "base/base.h"
#include "mixture.h"
#include "svi.h"

/* One expiry that is used. */
struct gex__slice {
    double years, forward, theta; /* theta: w(0) */
    int64_t place;                /* the caller's index */
    struct gex__svi svi;          /* of SVI and SSVI */
    int64_t first, nodes;         /* raw: its part of the node arrays; mixture: of the components */
    double left, right;           /* raw: slopes beyond the ends, outwards, 0 to 2 */
    double narrowest, widest;     /* mixture: deviations */
};

/* Arrays of `expiries` in the caller's order, but for slice: `used` of them, years ascending strictly. */
struct gex_surface {
    struct gex__object object;
    int32_t form, wings;
    int64_t expiries, used, rows;
    double spot, rho, eta, gamma;
    uint8_t *status;
    double *years, *forward, *theta, *parameters; /* parameters: five an expiry */
    struct gex__slice *slice;
    double *k, *w, *slope; /* raw: nodes of all slices */
    uint8_t *quote_status; /* raw and mixture: per row */
    int64_t components;    /* mixture: those of all slices, expiry by expiry, two ways */
    struct gex__lognormal *component;
    int32_t *component_expiry;
    double *component_weight, *component_mean, *component_deviation;
};

/* A point: the smile of its years, and how total variance moves with them. */
struct gex__point {
    struct gex__smile smile;
    double w_years; /* dw / dT at fixed k */
    bool beyond;    /* outside the strikes of a raw slice it rests on */
};

struct gex__smile gex__slice_at(const struct gex_surface *surface, const struct gex__slice *slice, double k,
                                bool *beyond);
/* Outward slope at the far left (side -1) or right (+1). */
double gex__slice_slope(const struct gex_surface *surface, const struct gex__slice *slice, int32_t side);

/* years > 0. */
struct gex__point gex__surface_at(const struct gex_surface *surface, double k, double years);
/* Forward of any years >= 0: ln F straight between expiries, from spot at 0 if there is one, on as before the last. */
double gex__surface_forward(const struct gex_surface *surface, double years);

/*
 * The smile whose undiscounted prices c / F are (1 - share) times those of one smile plus share times those of another,
 * at one k; share_years is d share / dT. See surface_mix.c.
 */
struct gex__point gex__smile_mix(const struct gex__smile *one, const struct gex__smile *other, double k, double share,
                                 double share_years);
/* The share that gives the total variance theta at the money, from theta0 and theta1 there; and its derivative in T. */
double gex__mix_share(double theta0, double theta1, double theta, double theta_years, double *share_years);

#endif
