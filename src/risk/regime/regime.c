/* SPDX-License-Identifier: Apache-2.0 */
/* What a regime means, and the numbers of where spot stands. */
#include <gex/regime.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "stand.h"

/* ---- words ------------------------------------------------------------------------------------------------------- */

const char *gex_regime_text(int32_t regime)
{
    switch (regime) {
    case GEX_REGIME_LONG_GAMMA: return "long_gamma";
    case GEX_REGIME_SHORT_GAMMA: return "short_gamma";
    case GEX_REGIME_AT_FLIP: return "at_flip";
    case GEX_REGIME_NONE: return "none";
    default: return "unknown";
    }
}

const char *gex_regime_words(int32_t regime)
{
    switch (regime) {
    case GEX_REGIME_LONG_GAMMA: return "dealers SELL as price rises and BUY as it falls: moves are damped";
    case GEX_REGIME_SHORT_GAMMA: return "dealers BUY as price rises and SELL as it falls: moves are amplified";
    case GEX_REGIME_AT_FLIP:
        return "dealers change sides here: moves are damped on one side of spot, amplified on the other";
    case GEX_REGIME_NONE: return "dealers have nothing to hedge here";
    default: return "";
    }
}

const char *gex_regime_side(int32_t regime, int32_t direction)
{
    const bool known = direction == GEX_UP || direction == GEX_DOWN;

    if (known && (regime == GEX_REGIME_LONG_GAMMA || regime == GEX_REGIME_SHORT_GAMMA))
        return (regime == GEX_REGIME_LONG_GAMMA) == (direction == GEX_UP) ? "SELL" : "BUY";
    return known && regime == GEX_REGIME_AT_FLIP ? "either" : known && regime == GEX_REGIME_NONE ? "neither" : "";
}

const char *gex_regime_effect(int32_t regime, int32_t direction)
{
    if (direction != GEX_UP && direction != GEX_DOWN)
        return "";
    switch (regime) {
    case GEX_REGIME_LONG_GAMMA:
        return direction == GEX_UP ? "a rise meets dealers' supply: it slows, and tends to come back"
                                   : "a fall meets dealers' demand: it slows, and tends to come back";
    case GEX_REGIME_SHORT_GAMMA:
        return direction == GEX_UP ? "a rise is chased by dealers' demand: it speeds up, and tends to run on"
                                   : "a fall is chased by dealers' supply: it speeds up, and tends to run on";
    case GEX_REGIME_AT_FLIP:
        return direction == GEX_UP ? "what a rise meets depends on which side of the flip it leaves spot"
                                   : "what a fall meets depends on which side of the flip it leaves spot";
    case GEX_REGIME_NONE: return "dealers have no reason to trade";
    default: return "";
    }
}

/* ---- where spot stands ------------------------------------------------------------------------------------------- */

int32_t gex_regime_of(const gex_exposure *gamma, const gex_flips *flips)
{
    struct gex__guest guest;
    int32_t regime;

    if (gamma == NULL || flips == NULL)
        return 0;
    gex__guest_enter(&guest);
    regime = gex__regime(gamma, flips, gex__daily_sigma(gamma));
    gex__guest_leave(&guest);
    return regime;
}

static double flip_beside(const gex_flips *flips, double spot, int32_t direction)
{
    double best = (double)NAN;

    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        const double price = gex_flips_price(flips, i);

        if (gex_flips_root_status(flips, i) != GEX_ROOT_FOUND || direction * (price - spot) < 0.0)
            continue;
        if (isnan(best) || direction * (price - best) < 0.0)
            best = price;
    }
    return best;
}

static double stand_value(const gex_exposure *gamma, const gex_flips *flips, int32_t what)
{
    const double spot = gex_market_spot(gex_greeks_market(gex_exposure_greeks(gamma)));
    const double total = gex_exposure_total(gamma), gross = gex_exposure_gross(gamma);

    switch (what) {
    case GEX_STAND_DAILY_SIGMA: return gex__daily_sigma(gamma);
    case GEX_STAND_FLIP_BELOW: return flip_beside(flips, spot, GEX_DOWN);
    case GEX_STAND_FLIP_ABOVE: return flip_beside(flips, spot, GEX_UP);
    case GEX_STAND_SIGMAS_BELOW: return (spot - flip_beside(flips, spot, GEX_DOWN)) / gex__daily_sigma(gamma);
    case GEX_STAND_SIGMAS_ABOVE: return (flip_beside(flips, spot, GEX_UP) - spot) / gex__daily_sigma(gamma);
    case GEX_STAND_BUY_UP: return 0.0 - total;
    case GEX_STAND_BUY_DOWN: return total;
    default: return gross > 0.0 ? total / gross : (double)NAN;
    }
}

gex_status gex_stand(const gex_exposure *gamma, const gex_flips *flips, int32_t what, double *value_out,
                     gex_error *error)
{
    struct gex__guest guest;

    if (value_out != NULL)
        *value_out = (double)NAN;
    if (gamma == NULL || flips == NULL || value_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "gamma, flips and value_out are required");
    if (what < 1 || what > GEX_STAND_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} is unknown: choose one of GEX_STAND_*", (int64_t)what);
    if (gex_exposure_unit(gamma) != GEX_UNIT_GEX_USD_PCT)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "gamma is in {s}: it has to be in GEX_USD_PCT",
                         gex_unit_name(gex_exposure_unit(gamma)));
    gex__guest_enter(&guest);
    *value_out = stand_value(gamma, flips, what);
    gex__guest_leave(&guest);
    return GEX_OK;
}

#define NAME_CASE(name, value, text, label) \
    case name: return text;
#define LABEL_CASE(name, value, text, label) \
    case name: return label;

const char *gex_stand_name(int32_t what)
{
    switch (what) {
        GEX_STAND_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_stand_label(int32_t what)
{
    switch (what) {
        GEX_STAND_LIST(LABEL_CASE)
    default: return "unknown";
    }
}

int32_t gex_stand_find(const char *name)
{
    for (int32_t what = 1; name != NULL && what <= GEX_STAND_LAST_; what++)
        if (strcmp(name, gex_stand_name(what)) == 0)
            return what;
    return 0;
}
