/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undiscounted prices out of the money at any depth. With F the forward, k = ln(K / F), v the deviation to expiry, a =
 * |k| / v, h = v / 2, R the Mills ratio N(-x) / n(x) and phi = exp(-(a^2 + h^2) / 2) / sqrt(2 pi), the price over
 * sqrt(F K) is b = phi M, M = R(a - h) - R(a + h), and db/dv = phi. ln b is increasing and concave in v.
 */
#ifndef GEX_MARKET_MILLS_H
#define GEX_MARKET_MILLS_H

/* N(-x) / n(x), a few ulp; x above -37. */
double gex__mills(double x);

/* One price. */
struct gex__part {
    double v, a, h, M, log_phi; /* log_phi without the constant */
};
struct gex__part gex__part_of(double k, double v);

/* The deviation at which log_phi + ln M is `log_price`; `low` is above 0 and not above it. */
double gex__deviation_of(double k, double log_price, double low);

#endif
