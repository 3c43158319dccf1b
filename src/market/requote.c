/* SPDX-License-Identifier: Apache-2.0 */
/* A chain with other quotes: what gex_chain_create() makes of the same columns with other prices in them. */
#include <string.h>

#include "chain.h"

#define COPY(to, from, field) memcpy((to)->field, (from)->field, (size_t)(from)->rows * sizeof *(from)->field)

static void series_copy(struct gex_chain *to, const struct gex_chain *from)
{
    COPY(to, from, status);
    COPY(to, from, flags);
    COPY(to, from, strike);
    COPY(to, from, multiplier);
    COPY(to, from, last);
    COPY(to, from, open_interest);
    COPY(to, from, volume);
    COPY(to, from, settlement);
    COPY(to, from, right);
    COPY(to, from, exercise);
    COPY(to, from, payoff);
    COPY(to, from, root);
    COPY(to, from, expiry_index); /* arranging leaves those of refused rows */
    COPY(to, from, strike_index);
    COPY(to, from, date);
    if (from->symbol != NULL)
        memcpy(to->symbol, from->symbol, (size_t)(from->rows * from->symbol_width));
    memcpy(to->underlying, from->underlying, sizeof to->underlying);
    to->open_interest_as_of = from->open_interest_as_of;
}

struct gex_chain *gex__chain_requote(const gex_context *context, const struct gex_chain *chain, const double *bid,
                                     const double *ask, const double *vol)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t size = (chain->rows + GEX_ARRANGE_EXTRA) * (int64_t)sizeof(int64_t);
    int64_t *scratch = gex__memory_get(&memory, size);
    struct gex_chain *made = scratch != NULL ? gex__chain_alloc(context, chain->rows, chain->symbol_width) : NULL;

    if (made != NULL) {
        const size_t bytes = (size_t)chain->rows * sizeof(double);

        series_copy(made, chain);
        memcpy(made->bid, bid, bytes);
        memcpy(made->ask, ask, bytes);
        memcpy(made->vol, vol, bytes);
        for (int64_t i = 0; i < made->rows; i++)
            made->flags[i] = (made->flags[i] & ~(uint32_t)GEX_QUOTE_FLAGS) | gex__chain_quote_flags(bid[i], ask[i]);
        gex__chain_arrange(made, GEX_DUPLICATES_KEEP, scratch); /* later ones that were refused are so already */
    }
    gex__memory_put(&memory, scratch, size);
    return made;
}
