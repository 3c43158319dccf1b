/* SPDX-License-Identifier: Apache-2.0 */
/* What more than one report says about a map, read through its public accessors once. */
#ifndef GEX_REPORT_FACTS_H
#define GEX_REPORT_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <gex/map.h>

#include "writer.h"

struct gex__facts {
    const gex_map      *map;
    const gex_chain    *chain;
    const gex_market   *market;
    const gex_book     *book;
    const gex_exposure *gamma;   /* GEX_USD_PCT */
    const gex_exposure *in_unit; /* the chosen unit */
    const gex_flips    *flips;
    double              spot;
    int64_t             as_of;
    int64_t             rows, expiries, strikes;
    const int64_t      *used_by_expiry, *used_by_strike; /* used rows per key */
    const char         *who;   /* whose hedges the book describes: "dealers" or "customers" */
    int64_t             american;             /* of the used rows: valued as American */
    int64_t             american_as_european; /* of the used rows: could be exercised early, valued as if not */
    int64_t             exercise_now;         /* of the used rows: worth no more than exercise */
    int32_t             forwards[GEX_FORWARD_FROM_LAST_ + 1]; /* expiries with used rows by source of the forward */
    int64_t             next_expiry;                     /* first with used rows that has not settled, or -1 */
    bool                has_gamma; /* some used row has an exposure, whatever the sum */
    double              flip; /* nearest root that is a level, NaN without one */
    int32_t             flip_direction;
};

void gex__facts_gather(const gex_map *map, struct gex__facts *facts);
/* Used rows that are exercised just before the next ex-date at this spot. */
int64_t gex__facts_at_dividend(const struct gex__facts *facts);
/* Used rows by the source of their volatility. */
void gex__facts_vols(const struct gex__facts *facts, int64_t count[GEX_VOL_SOURCE_LAST_ + 1]);

/* What the convention makes of open interest, in words; "" where the name says it all. */
const char *gex__sign_words(int32_t sign);
/* A row status in words: "no volatility". */
const char *gex__row_words(int32_t row_status);
/* The part of a flow that is one value: column of the single-row scenario. */
double gex__scenario(const gex_map *map, int32_t column);
/* Price of a level; NaN where it does not exist. */
double gex__level_price(const gex_exposure *gamma, int32_t level);

enum { GEX_LABEL = 15 };
/* Left-hand word of a line of the page, the rest starting at column GEX_LABEL. */
void gex__put_label(struct gex__writer *writer, const char *text);
/* "0.74 % below spot". */
void gex__put_distance(struct gex__writer *writer, const struct gex__facts *facts, double price);
/* The market's dynamics with its parameter. */
void gex__put_dynamics(struct gex__writer *writer, const gex_market *market);

#endif
