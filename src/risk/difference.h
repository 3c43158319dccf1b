/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_DIFFERENCE_H
#define GEX_RISK_DIFFERENCE_H

#include <gex/difference.h>

#include "base/base.h"

struct gex_difference {
    struct gex__object object;
    const gex_market  *market[2]; /* before, after; retained, as the books */
    const gex_book    *book[2];
    int32_t            quantity;
    int64_t            count, strikes, expiries;
    int64_t            kinds[GEX_LINE_LAST_ + 1]; /* lines of each */
    int64_t           *row[2];                    /* per line, -1 */
    uint8_t           *kind;
    double            *line[GEX_DIFFERENCE_LAST_ + 1];
    double            *strike;
    int64_t           *expiry;
    double            *by_strike[GEX_DIFFERENCE_LAST_ + 1], *by_expiry[GEX_DIFFERENCE_LAST_ + 1];
    double             total[GEX_DIFFERENCE_LAST_ + 1];
};

/* Room for gex__difference_sums() over so many lines; bytes. Below 0: too many. */
int64_t gex__difference_scratch(const gex_difference *difference);
/* Lines are there: sums by key and in total. */
void    gex__difference_sums(struct gex_difference *difference, void *scratch);

#endif
