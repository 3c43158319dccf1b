/* SPDX-License-Identifier: Apache-2.0 */
/* Constants of the American options that no option changes. */
#ifndef GEX_MATH_KERNEL_AMERICAN_TABLES_H
#define GEX_MATH_KERNEL_AMERICAN_TABLES_H

enum { GEX_AMERICAN_NODES = 12, GEX_AMERICAN_POINTS = 14, GEX_AMERICAN_PRICES = 40 };
enum { GEX_AMERICAN_TERMS = 18 }; /* of the polynomials of a hoisted line */

/*
 * A collocation: the boundary at x = sqrt(tau / T) = (1 + cos(i pi / n)) / 2, i < n (it is known at i = n, where
 * x = 0); integrals along it by Gauss-Legendre in theta; integrals of the premium by Gauss-Legendre in t of [0, 1].
 */
struct gex__american_scheme {
    int nodes, points, prices;
    double x[GEX_AMERICAN_NODES];
    double log_square[GEX_AMERICAN_NODES]; /* log of (x / the last x)^2 */
    double sine[GEX_AMERICAN_POINTS], cosine[GEX_AMERICAN_POINTS];
    double weight[GEX_AMERICAN_POINTS]; /* of 2 sin cos dtheta over [0, pi / 2] */
    double series[GEX_AMERICAN_NODES][GEX_AMERICAN_NODES + 1]; /* coefficient k of node i's Lagrange function */
    double t[GEX_AMERICAN_PRICES], t_weight[GEX_AMERICAN_PRICES];
};

extern const double gex__american_nodes[GEX_AMERICAN_TERMS]; /* Chebyshev points of [-1, 1] */
/* Coefficient of t^k of the Lagrange function of node j. */
extern const double gex__american_monomial[GEX_AMERICAN_TERMS][GEX_AMERICAN_TERMS];
extern const double gex__cdf_exp[12];
extern const double gex__cdf_mills[19];
extern const struct gex__american_scheme gex__american_fast, gex__american_standard, gex__american_high;

#endif
