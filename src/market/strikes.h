/* SPDX-License-Identifier: Apache-2.0 */
/* A chain strike by strike: the puts and the calls of one settlement, strike and root, side by side. */
#ifndef GEX_MARKET_STRIKES_H
#define GEX_MARKET_STRIKES_H

#include <gex/chain.h>

#include "base/base.h"

/* Rows of one side: positions [from, to) of the canonical order; may be none. */
struct gex__side {
    int64_t from, to;
};

/* Start with zeros. */
struct gex__strike {
    struct gex__side puts, calls;
    int32_t          expiry, strike; /* indices of the chain */
    int64_t          split, end; /* the run of one settlement and strike: its first call, its end */
};
/* The next one, in canonical order. @return false when there is none. Refused rows belong to none. */
bool gex__strike_next(const gex_chain *chain, struct gex__strike *strike);
/* The one that holds a place of the order, of a row that is not refused. O(rows of its settlement and strike). */
void gex__strike_at(const gex_chain *chain, int64_t place, struct gex__strike *strike);

#endif
