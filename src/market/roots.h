/* SPDX-License-Identifier: Apache-2.0 */
/* What the root of a US option tells about its contracts. */
#ifndef GEX_MARKET_ROOTS_H
#define GEX_MARKET_ROOTS_H

#include <gex/symbol.h>

/* Facts of any text: those of a stock option, flagged, for a root that is not in the table. */
gex_root gex__root_facts(const char *root, int64_t length);

#endif
