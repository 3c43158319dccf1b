/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_GREEKS_H
#define GEX_RISK_GREEKS_H

#include <gex/greeks.h>

#include "base/base.h"

struct gex_greeks {
    struct gex__object object;
    const gex_market  *market; /* retained */
    int64_t            rows;
    double            *column[GEX_GREEK_LAST_ + 1]; /* by GEX_GREEK_*; 0 is not used. NULL: not asked for */
    uint8_t           *status;                      /* GEX_CALC_* */
};

/* A set of greeks, bits of GEX__WANT(). */
#define GEX__WANT(greek) (UINT32_C(1) << (greek))
#define GEX__WANT_ALL    (GEX__WANT(GEX_GREEK_LAST_ + 1) - GEX__WANT(1))
/* Those that every handle has: what gex_map_greeks() promises, and what measures and expected moves read. */
#define GEX__WANT_LEAST                                                                       \
    (GEX__WANT(GEX_GREEK_PRICE) | GEX__WANT(GEX_GREEK_DELTA) | GEX__WANT(GEX_GREEK_GAMMA) |    \
     GEX__WANT(GEX_GREEK_VEGA) | GEX__WANT(GEX_GREEK_THETA) | GEX__WANT(GEX_GREEK_VANNA) |     \
     GEX__WANT(GEX_GREEK_CHARM))
_Static_assert(GEX_GREEK_LAST_ < 31, "a bit for each greek");

/* Columns of a set of greeks, to be filled, as the statuses are; the market is retained. NULL: there is no memory. */
struct gex_greeks *gex__greeks_alloc(const gex_context *context, const gex_market *market, int64_t rows, uint32_t set);

uint32_t gex__greeks_set(const struct gex_greeks *greeks);

/* gex_greeks_compute() of a set of greeks and of those that they need. */
gex_status gex__greeks_compute(const gex_context *context, const gex_market *market, uint32_t set, gex_greeks **out,
                               gex_error *error);

#endif
