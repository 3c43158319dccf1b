/* SPDX-License-Identifier: Apache-2.0 */
/* What a volatility does when spot moves, as arithmetic: one contract at one price. */
#ifndef GEX_MARKET_DYNAMICS_H
#define GEX_MARKET_DYNAMICS_H

#include <gex/market.h>
#include <gex/surface.h>

#include "base/base.h"

/*
 * Where every contract has its own volatility, and how it leaves it. The smile is that of the market it was read from:
 * total variance over k on the calendar, so on every clock; a market moved from there looks at it from elsewhere.
 */
struct gex__motion {
    double             spot;
    double             stickiness, beta; /* R; b */
    bool               by_beta;          /* b counts, R does not */
    bool               given;            /* the smile is that of a surface, there whatever R is */
    const gex_surface *smile;            /* an expiry of it for each of the chain's; NULL: all flat, or none needed */
};

/* R or b of a choice; for doors. */
gex_status gex__dynamics_check(int32_t dynamics, double parameter, gex_error *error);
struct gex__motion gex__motion_of(int32_t dynamics, double parameter, double spot);
/* The parameter that gives the motion again. */
double gex__motion_parameter(const struct gex__motion *motion, int32_t dynamics);
/* Does R ask for a smile? */
bool gex__motion_is_smiling(const struct gex__motion *motion);
/* Does any volatility move? */
bool gex__motion_moves(const struct gex__motion *motion);
/* Is there a volatility at a price? b (P / S - 1) has to stay above -1. */
bool gex__motion_reaches(const struct gex__motion *motion, double price);

/* One contract's place on the smile. */
struct gex__place {
    int64_t slice; /* of the smile, below 0: none, the volatility stays */
    double k;      /* on the smile as it was built */
    double vol;    /* of the smile there, as it was built */
    double factor; /* of the volatility on its clock now per one as the smile was built */
};
/* The slice of its smile that is an expiry's, -1 when there is none. */
int64_t gex__motion_slice(const struct gex__motion *motion, int32_t expiry);
struct gex__place gex__motion_place(const struct gex__motion *motion, int32_t expiry, double k, double factor);
/* k = ln(K / F), as smiles have it at their nodes. */
double gex__log_moneyness(double strike, double forward);

/*
 * Volatility at a price of a contract whose volatility is `vol`; log_move is ln(price / spot). It stops at 0, where b
 * leaves none it is NaN, and at the spot it is `vol` to the bit.
 */
double gex__motion_vol(const struct gex__motion *motion, const struct gex__place *place, double vol, double price,
                       double log_move);

/* The same for many: what the smile does at a place, which contracts of one strike share, and a volatility with it. */
double gex__motion_difference(const struct gex__motion *motion, const struct gex__place *place, double log_move);
double gex__motion_vol_by(const struct gex__motion *motion, double difference, double vol, double price);

/* The least and most of it for log_move in [low, high], or nearly so:
 * what is between the places looked at is not known. */
struct gex__span {
    double least, most;
};
struct gex__span gex__motion_span(const struct gex__motion *motion, const struct gex__place *place, double vol,
                                  double low, double high);

/* d vol / dS and d2 vol / dS2 of that, at the spot. At a strike of the smile the mean of both sides. */
struct gex__slopes {
    double first, second;
};
struct gex__slopes gex__motion_slopes(const struct gex__motion *motion, const struct gex__place *place, double vol);
/* The same from the smile's derivatives by k. */
struct gex__slopes gex__stickiness_slopes(double stickiness, double spot, double dvol_dk, double d2vol_dk2);

/* How a market's volatilities move; lent. */
const struct gex__motion *gex__market_motion(const gex_market *market);
/* The place of a strike, under the market's motion or another along the same smile; `root`: a volatility of those asked
 * for per one on the clock of the expiry. */
struct gex__place gex__market_place(const gex_market *market, const struct gex__motion *motion, int32_t expiry,
                                    double strike, double root);

#endif
