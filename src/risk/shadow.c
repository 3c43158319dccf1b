/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Total delta and gamma: first and second derivative of the price along V(S, vol(S)),
 *
 *     dV/dS = delta + vega s1,      d2V/dS2 = gamma + 2 vanna s1 + vomma s1^2 + vega s2.
 *
 * Volatility and its derivatives are on the clock of the expiry, as the greeks are.
 */
#include <math.h>
#include <string.h>

#include "greeks.h"
#include "market/dynamics.h"
#include "shadow.h"

void gex__shadow(const struct gex__slopes *slopes, const struct gex__shadow *greeks, double *delta_out,
                 double *gamma_out)
{
    const double s1 = slopes->first, s2 = slopes->second;

    if (s1 == 0 && s2 == 0) /* 0 times a greek that diverges is not asked for */
        return;
    *delta_out += greeks->vega * s1;
    *gamma_out += 2 * greeks->vanna * s1 + greeks->vomma * s1 * s1 + greeks->vega * s2;
}

static void shadow_rows(struct gex_greeks *greeks)
{
    const gex_market *market = greeks->market;
    const gex_chain *chain = gex_market_chain(market);
    const struct gex__motion *motion = gex__market_motion(market);

    for (int64_t row = 0; row < greeks->rows; row++) {
        const int32_t expiry = gex_chain_expiry_index(chain)[row];
        struct gex__place place;
        struct gex__slopes slopes;

        if (gex_market_status(market)[row] != GEX_ROW_USED || !(gex_market_calendar_years(market)[expiry] > 0))
            continue;
        place = gex__market_place(market, motion, expiry, gex_chain_strike(chain)[row], 1);
        slopes = gex__motion_slopes(motion, &place, gex_market_vol(market)[row]);
        gex__shadow(&slopes, &(struct gex__shadow){greeks->column[GEX_GREEK_VEGA][row],
                                                   greeks->column[GEX_GREEK_VANNA][row],
                                                   greeks->column[GEX_GREEK_VOMMA][row]},
                    &greeks->column[GEX_GREEK_DELTA][row], &greeks->column[GEX_GREEK_GAMMA][row]);
    }
}

gex_status gex_greeks_shadow(const gex_context *context, const gex_greeks *greeks, gex_greeks **out, gex_error *error)
{
    static const int32_t needed[] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VEGA, GEX_GREEK_VANNA,
                                     GEX_GREEK_VOMMA};
    struct gex_greeks *total;
    struct gex__guest guest;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || greeks == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks and out are required");
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (greeks->column[needed[i]] == NULL)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "these greeks have no {s}: gex_greeks_compute() has them all",
                             gex_greek_name(needed[i]));
    total = gex__greeks_alloc(context, greeks->market, greeks->rows, gex__greeks_set(greeks));
    if (total == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the greeks of {i} rows", greeks->rows);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_ && greeks->rows > 0; greek++)
        if (greeks->column[greek] != NULL)
            memcpy(total->column[greek], greeks->column[greek], (size_t)greeks->rows * sizeof(double));
    if (greeks->rows > 0)
        memcpy(total->status, greeks->status, (size_t)greeks->rows);
    gex__guest_enter(&guest);
    if (gex__motion_moves(gex__market_motion(greeks->market)))
        shadow_rows(total);
    gex__guest_leave(&guest);
    *out = total;
    return GEX_OK;
}
