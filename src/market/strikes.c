/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical order is by settlement, strike, right (puts first), root; refused rows, which have no strike, stand at
 * its end. So puts and calls of one strike are two runs, each by root, walked side by side: a step a row. */
#include <string.h>

#include "strikes.h"

/* End of the run of equal root that begins at `from`. */
static int64_t root_end(const gex_chain *chain, int64_t from, int64_t to)
{
    const int64_t *order = gex_chain_order(chain);
    int64_t end = from;

    while (end < to && strcmp(gex_chain_root(chain, order[end]), gex_chain_root(chain, order[from])) == 0)
        end++;
    return end;
}

/* The run of one settlement and strike that begins at `from`. @return false when there is none. */
static bool run_begin(const gex_chain *chain, int64_t from, struct gex__strike *strike)
{
    const int64_t rows = gex_chain_rows(chain), *order = gex_chain_order(chain);
    const int32_t *expiries = gex_chain_expiry_index(chain), *strikes = gex_chain_strike_index(chain);
    int64_t to = from;

    if (from >= rows || strikes[order[from]] < 0)
        return false;
    strike->expiry = expiries[order[from]];
    strike->strike = strikes[order[from]];
    while (to < rows && strikes[order[to]] == strike->strike && expiries[order[to]] == strike->expiry &&
           gex_chain_right(chain)[order[to]] == GEX_PUT)
        to++;
    strike->split = to;
    while (to < rows && strikes[order[to]] == strike->strike && expiries[order[to]] == strike->expiry)
        to++;
    strike->end = to;
    strike->puts = (struct gex__side){from, from};
    strike->calls = (struct gex__side){strike->split, strike->split};
    return true;
}

bool gex__strike_next(const gex_chain *chain, struct gex__strike *strike)
{
    const int64_t *order = gex_chain_order(chain);
    int64_t put, call;
    int which;

    if (strike->puts.to == strike->split && strike->calls.to == strike->end && !run_begin(chain, strike->end, strike))
        return false;
    put = strike->puts.to;
    call = strike->calls.to;
    which = put == strike->split ? 1
            : call == strike->end ? -1
                                  : strcmp(gex_chain_root(chain, order[put]), gex_chain_root(chain, order[call]));
    strike->puts = (struct gex__side){put, which <= 0 ? root_end(chain, put, strike->split) : put};
    strike->calls = (struct gex__side){call, which >= 0 ? root_end(chain, call, strike->end) : call};
    return true;
}

void gex__strike_at(const gex_chain *chain, int64_t place, struct gex__strike *strike)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *expiries = gex_chain_expiry_index(chain), *strikes = gex_chain_strike_index(chain);
    int64_t from = place;

    while (from > 0 && strikes[order[from - 1]] == strikes[order[place]] &&
           expiries[order[from - 1]] == expiries[order[place]])
        from--;
    *strike = (struct gex__strike){.puts = {from, from}, .calls = {from, from}, .split = from, .end = from};
    do
        gex__strike_next(chain, strike);
    while (!(place >= strike->puts.from && place < strike->puts.to) &&
           !(place >= strike->calls.from && place < strike->calls.to));
}
