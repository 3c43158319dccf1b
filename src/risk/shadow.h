/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_SHADOW_H
#define GEX_RISK_SHADOW_H

#include "market/dynamics.h"

/* Greeks by volatility that a total delta and gamma take. */
struct gex__shadow {
    double vega, vanna, vomma;
};
/* From delta and gamma at a volatility that stays to those of one that moves by `slopes`. */
void gex__shadow(const struct gex__slopes *slopes, const struct gex__shadow *greeks, double *delta_out,
                 double *gamma_out);

#endif
