/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the market, for the files of this room that fill it. */
#ifndef GEX_MARKET_MARKET_H
#define GEX_MARKET_MARKET_H

#include <gex/market.h>

#include "base/base.h"
#include "curve.h"
#include "dynamics.h"
#include "payout.h"
#include "strikes.h"
#include "times.h"

struct gex_market {
    struct gex__object     object;
    const gex_chain       *chain;
    struct gex__curve_base base;
    double                 vol_low, vol_high; /* outside of them a given volatility is none; 0: no limit */
    int32_t                vol_rule, forward_rule, style, dynamics, isa; /* the last is of the context */
    int32_t                surface_clock; /* GEX_CLOCK_* of the surface's years */
    int64_t                rows;
    struct gex__curve      curve;
    struct gex__timing     timing; /* its calendar retained */
    struct gex__times      times;
    uint8_t               *status, *vol_source; /* per row */
    int8_t                *exercise;
    uint32_t              *flags;
    double                *vol;
    struct gex__lanes     *lanes;        /* room while it is made; NULL: rows one by one */
    double                *calendar_vol; /* the same column when the market is on CAL_365 */
    struct gex__payout     payout;
    const gex_surface     *surface;      /* as given, retained */
    struct gex__motion     motion;       /* its smile retained */
    double                *smile_factor; /* per expiry: a vol on its clock per one of the smile as it was built */
    double                *smile_offset; /* per expiry: k on the smile as it was built, less k now */
};

/* Status, flags, exercise, volatility and its source of every row, by the market's rule;
 * forwards and times are there. */
void gex__market_vols(struct gex_market *market);
/* One row of it; under GEX_VOL_OTM then the strike, once all of its rows were done. */
void gex__market_row(struct gex_market *market, int64_t row);
void gex__market_strike(struct gex_market *market, const struct gex__strike *strike);

/* What is chosen without a chain; for doors. */
gex_status gex__market_choices_check(const gex_market_options *options, gex_error *error);

/* A market without a number in it, its choices and what it keeps as given; NULL when there is no memory. */
struct gex_market *gex__market_alloc(const gex_context *context, const gex_chain *chain,
                                     const gex_market_options *options);
/* The smile of its surface, or that its dynamics ask for, once volatilities are there. @return GEX_OK, GEX_ERR_MEMORY,
 * or _DOMAIN: of expiry *bad there is none. */
gex_status gex__market_smile(const gex_context *context, struct gex_market *market, int64_t *bad);

#endif
