/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two clocks: variance runs on the market's, T_c years to go, carry on the calendar, T years to go. A price depends on
 * volatility and on variance time through v^2 = vol_c^2 T_c alone, so the kernel is given T and the volatility that has
 * this deviation on the calendar, vol = vol_c root with root = sqrt(T_c / T). Price and every derivative by spot or
 * strike come out right as they are; the rest follows by the chain rule.
 *
 * By vol_c: a factor of root for each derivative by volatility.
 *
 * By time: dv/dt = -pace vol_c / (2 sqrt(T_c)), pace = dT_c/dT now, where the kernel, whose clock is the calendar, has
 * -vol / (2 sqrt(T)). The ratio of the two is m = pace T / T_c. So the part of a time derivative that runs on the clock
 * is m times the kernel's, and (m - 1) times that part is what is missing. That part is the time derivative through v:
 *
 *     theta    -vol vega / (2 T)               = -S Q n(d1) vol / (2 sqrt(T))
 *     charm    -vol vanna / (2 T)              =  Q n(d1) d2 / (2 T)
 *     color    -vol zomma / (2 T)              =  gamma (1 - d1 d2) / (2 T)
 *     veta     -(vega + vol vomma) / (2 T)     = -vega (1 + d1 d2) / (2 T),    and root for the derivative by vol_c
 *
 * Where m is 1, on the calendar and on every clock without a slope, nothing is added and not a bit moves. With no time
 * left there is one clock. At the strike with no deviation a part that diverges is left out: the greek itself does.
 */
#include "pace.h"

#include <math.h>
#include <stddef.h>

/* Derivatives by volatility that each greek has. */
static const int8_t by_vol[GEX_GREEK_LAST_ + 1] = {
    [GEX_GREEK_VEGA] = 1,   [GEX_GREEK_VANNA] = 1,  [GEX_GREEK_VETA] = 1,       [GEX_GREEK_ZOMMA] = 1,
    [GEX_GREEK_VOMMA] = 2,  [GEX_GREEK_ULTIMA] = 3, [GEX_GREEK_DVANNA_DVOL] = 2, [GEX_GREEK_DUAL_VANNA] = 1,
};

bool gex__is_paced(const gex_market *market)
{
    return gex_market_clock(market) != GEX_CLOCK_CAL_365;
}

double gex__pace_root(double clock_years, double calendar_years)
{
    return calendar_years > 0.0 ? sqrt(clock_years / calendar_years) : 1.0;
}

struct gex__pace gex__pace_of(const gex_market *market, int64_t expiry)
{
    const double years = gex_market_calendar_years(market)[expiry], clock_years = gex_market_years(market)[expiry];
    const double pace = gex_market_pace(market)[expiry], even = clock_years / years;

    if (!(years > 0.0) || gex_market_expiry_clock(market)[expiry] == GEX_CLOCK_CAL_365)
        return (struct gex__pace){1.0, 0.0};
    return (struct gex__pace){gex__pace_root(clock_years, years), pace == even ? 0.0 : pace / even - 1.0};
}

int32_t gex__pace_helper(int32_t greek)
{
    switch (greek) {
    case GEX_GREEK_THETA: return GEX_GREEK_VEGA;
    case GEX_GREEK_CHARM: return GEX_GREEK_VANNA;
    case GEX_GREEK_COLOR: return GEX_GREEK_ZOMMA;
    case GEX_GREEK_VETA: return GEX_GREEK_VOMMA;
    default: return 0;
    }
}

/* A column of the helper's, and for veta of vega, before they are scaled. */
static void time_apply(const struct gex__pace_rows *in, double *greek, const double *helper, const double *vega)
{
    for (int64_t i = 0; i < in->rows; i++) {
        const double moved = in->vol[i] * helper[i] + (vega != NULL ? vega[i] : 0.0);
        const double part = -moved / (2.0 * in->years[i]);

        if (in->excess[i] != 0.0 && isfinite(part))
            greek[i] += in->excess[i] * part;
    }
}

/* 0 times a greek that diverges is not asked for: root is above 0. */
static void vol_apply(const struct gex__pace_rows *in, double *greek, int32_t times)
{
    for (; times > 0; times--)
        for (int64_t i = 0; i < in->rows; i++)
            greek[i] *= in->root[i];
}

void gex__pace_apply(const struct gex__pace_rows *in, double *const columns[GEX_GREEK_LAST_ + 1])
{
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (columns[greek] != NULL && gex__pace_helper(greek) != 0)
            time_apply(in, columns[greek], columns[gex__pace_helper(greek)],
                       greek == GEX_GREEK_VETA ? columns[GEX_GREEK_VEGA] : NULL);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (columns[greek] != NULL)
            vol_apply(in, columns[greek], by_vol[greek]);
}
