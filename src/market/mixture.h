/* SPDX-License-Identifier: Apache-2.0 */
/* A smile from a mixture of lognormals: X = S_T / F is, with probability p_j, exp(mu_j + v_j Z - v_j^2 / 2). */
#ifndef GEX_MARKET_MIXTURE_H
#define GEX_MARKET_MIXTURE_H

#include <stdint.h>

#include "svi.h"

/* One component. */
struct gex__lognormal {
    double weight, mu, v; /* p > 0; ln of its mean; deviation */
};
#define GEX_LOGNORMAL_LEAST 1e-9 /* of v */
#define GEX_LOGNORMAL_MOST 50.0

/* Weights add up to 1, and weights times exp(mu) too. `widest` and `narrowest` are those of v. */
struct gex__mixture {
    const struct gex__lognormal *component;
    int64_t count;
    double narrowest, widest;
};
struct gex__smile gex__mixture_at(const struct gex__mixture *mixture, double k);

#endif
