/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include <string.h>

int gex__series_compare(const gex_chain *a, int64_t i, const gex_chain *b, int64_t j)
{
    const int64_t settles_a = gex_chain_settlement(a)[i], settles_b = gex_chain_settlement(b)[j];
    const double strike_a = gex_chain_strike(a)[i], strike_b = gex_chain_strike(b)[j];
    const int8_t right_a = gex_chain_right(a)[i], right_b = gex_chain_right(b)[j];

    if (settles_a != settles_b)
        return settles_a < settles_b ? -1 : 1;
    if (strike_a != strike_b)
        return strike_a < strike_b ? -1 : 1;
    if (right_a != right_b)
        return right_a == GEX_PUT ? -1 : 1;
    return strcmp(gex_chain_root(a, i), gex_chain_root(b, j));
}

int64_t gex__series_rows(const gex_chain *chain)
{
    const int64_t *order = gex_chain_order(chain);
    int64_t rows = gex_chain_rows(chain);

    while (rows > 0 && gex_chain_strike_index(chain)[order[rows - 1]] < 0)
        rows--;
    return rows;
}
