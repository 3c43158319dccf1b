/* SPDX-License-Identifier: Apache-2.0 */
/* Price and greeks of a European option in any model and form, over contiguous rows. */
#ifndef GEX_MATH_MODELS_H
#define GEX_MATH_MODELS_H

#include "black.h"

enum { GEX_COIN_FIRST = GEX_COIN_PRICE, GEX_COIN_COUNT = GEX_COIN_LAST_ - GEX_COIN_PRICE + 1 };

struct gex__wanted {
    double  *greek[GEX_GREEK_LAST_ + 1]; /* by GEX_GREEK_*, NULL when nobody wants it */
    double  *coin[GEX_COIN_COUNT];       /* by GEX_COIN_* from GEX_COIN_FIRST on; inverse model only */
    uint8_t *status;                     /* may be NULL */
};

/*
 * model and form are GEX_MODEL_* and GEX_OPTION_FORM_*, not 0. In the forward form `spot` is the forward, and `carry`
 * is not read.
 */
void gex__european(int32_t instruction_set, int32_t model, int32_t form, const struct gex__black_in *in,
                   const struct gex__wanted *wanted);

#endif
