/* SPDX-License-Identifier: Apache-2.0 */
/* What a unit is: up to two terms, each a greek times a power of spot, a constant, and the caller's numbers. */
#ifndef GEX_RISK_UNITS_H
#define GEX_RISK_UNITS_H

#include <gex/exposure.h>

enum { GEX_EXPOSURE_OPTIONS_0_1 = 40 };

/* A factor that differs by row and so has to stand inside the sum. */
enum gex__inside { GEX_INSIDE_NONE, GEX_INSIDE_VOL, GEX_INSIDE_YEARS, GEX_INSIDE_ABS_DELTA };
/* Numbers of the caller that scale a term; bits. */
enum { GEX_BY_BETA = 1, GEX_PER_ADV = 2, GEX_PER_FUTURE_PRICE = 4, GEX_PER_FUTURE_MULTIPLIER = 8 };

struct gex__term {
    int32_t greek; /* GEX_GREEK_*, 0: no term */
    int32_t power; /* of spot */
    double  constant;
    int32_t inside; /* enum gex__inside */
    int32_t scaled; /* bits */
};

enum { GEX_TERMS = 2 };
/* sum over terms of  scale(S) * sum over rows of  N M greek inside */
struct gex__unit {
    struct gex__term term[GEX_TERMS];
};

/* The caller's numbers, as they stand in every options struct that names a unit. */
struct gex__scale {
    double adv, future_price, future_multiplier, beta;
};

const struct gex__unit *gex__unit_of(int32_t unit); /* NULL for an unknown one */
/* Everything of a term that is the same for all rows, at a spot. */
double gex__term_scale(const struct gex__term *term, const struct gex__scale *scale, double spot);
/* For doors: the unit is known and every number it needs is there and sound. */
gex_status gex__unit_check(int32_t unit, const struct gex__scale *scale, gex_error *error);

#endif
