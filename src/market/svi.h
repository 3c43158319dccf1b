/* SPDX-License-Identifier: Apache-2.0 */
/* One smile: total variance w over k = ln(K / F) with two derivatives, as raw SVI or as a monotone cubic. */
#ifndef GEX_MARKET_SVI_H
#define GEX_MARKET_SVI_H

#include <stdbool.h>
#include <stdint.h>

/* What a smile is at one k. */
struct gex__smile {
    double w, w1, w2;
    double g; /* where it is known to be above zero and better than by these; else 0 */
};
/* g = (1 - k w' / 2w)^2 - w'^2 (1 / w + 1/4) / 4 + w'' / 2; -inf where w is not above zero. */
double gex__smile_g(const struct gex__smile *smile, double k);

struct gex__svi {
    double a, b, rho, m, s;
};
/* Finite, b >= 0, |rho| < 1, s > 0, and w >= 0 at its least. */
bool gex__svi_allowed(const struct gex__svi *svi);
struct gex__smile gex__svi_at(const struct gex__svi *svi, double k);
double gex__svi_slope(const struct gex__svi *svi, int32_t side); /* outwards: b (1 + side rho), side -1 or +1 */
/* The SSVI slice of one theta: phi as given by gex__ssvi_phi. */
struct gex__svi gex__ssvi_slice(double theta, double phi, double rho);
double gex__ssvi_phi(double theta, double eta, double gamma);

/* Proved (svi_prove.c): a number g is nowhere below, and the place of a value near it, +-inf: a wing's limit. */
double gex__svi_butterfly(const struct gex__svi *svi, double *at_out);
/* A number by which the later of two is above the earlier everywhere, if slopes do not cross; and the place. */
double gex__svi_above(const struct gex__svi *earlier, const struct gex__svi *later, double *at_out);
#define GEX_SVI_FAR 700.0 /* |k| of a surface's domain */

/*
 * A cubic Hermite interpolant that keeps the monotony of its nodes (Fritsch and Butland 1984). Nodes ascend strictly.
 * gex__pchip_slopes fills one slope a node; one node is a constant, two are a line.
 */
void gex__pchip_slopes(int64_t count, const double *x, const double *y, double *slope);
/* Between nodes; x[0] <= at <= x[count - 1], and interval i with x[i] <= at <= x[i + 1]. */
struct gex__smile gex__pchip_at(int64_t i, const double *x, const double *y, const double *slope, double at);

#endif
