/* SPDX-License-Identifier: Apache-2.0 */
/* Parity of American options: early exercise taken out of the quotes first. */
#ifndef GEX_MARKET_PARITY_EARLY_H
#define GEX_MARKET_PARITY_EARLY_H

#include "math/american.h"
#include "parity.h"

/* What the options of one expiry have in common. */
struct gex__parity_early {
    double spot, years, rate; /* on CAL_365; rate of the discount */
    int32_t isa;
    const struct gex__dividends *dividends; /* NULL: none */
};

enum { GEX_PARITY_EARLY_PAIRS = 16 };

/*
 * A forward from at most GEX_PARITY_EARLY_PAIRS American pairs, spread evenly over those given. Each middle less the
 * value of early exercise is what it is worth as a European option, exercise being valued at the carry of the forward
 * and the volatility of that worth; parity of those says the next forward, until it moves by less than 1e-7 of itself.
 * `out` holds the forward to begin with, and then the last. *pairs_out: how many took part. @return false, and `out` as
 * it was, when fewer than four pairs are left or it does not come to rest.
 */
bool gex__parity_early(const struct gex__parity_early *early, const struct gex__pair *pairs, int64_t count, double rest,
                       struct gex__parity *out, int32_t *pairs_out);

#endif
