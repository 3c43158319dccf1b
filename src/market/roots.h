/* SPDX-License-Identifier: Apache-2.0 */
/* What a root tells about its contracts. */
#ifndef GEX_MARKET_ROOTS_H
#define GEX_MARKET_ROOTS_H

#include <gex/symbol.h>

/* Facts of any text: those of a stock option, flagged, for a root that is not in the table. */
gex_root gex__root_facts(const char *root, int64_t length);
/* Facts of any text as the root of a US future or of options on one: no multiplier, flagged, where it is not known. */
gex_root gex__future_facts(const char *root, int64_t length);

#endif
