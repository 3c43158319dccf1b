/* SPDX-License-Identifier: Apache-2.0 */
/* The series of two chains side by side: two snapshots walked in canonical order. */
#ifndef GEX_RISK_SERIES_H
#define GEX_RISK_SERIES_H

#include <gex/chain.h>

/* Canonical order of row i of one chain and j of another:
 * settlement, strike, puts before calls, root. 0: one series. */
int gex__series_compare(const gex_chain *a, int64_t i, const gex_chain *b, int64_t j);
/* Rows that have a strike; refused ones stand behind them in the canonical order. */
int64_t gex__series_rows(const gex_chain *chain);

#endif
