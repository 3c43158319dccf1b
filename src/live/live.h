/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the live. What comes in is kept in the caller's row order; rows are valued in canonical order, so that an
 * expiry's come together; their exposures lie side by side, a line a row, and are summed eight units at a time.
 */
#ifndef GEX_LIVE_LIVE_H
#define GEX_LIVE_LIVE_H

#include <gex/live.h>

#include "base/base.h"
#include "market/chain.h"
#include "market/market.h"
#include "math/sum.h"
#include "math/wide.h"
#include "risk/units.h"

/* Bits of what a tick left to do, of a row:
 * its volatility by the market's rule, the one it has looked at, its value. */
enum { GEX__TODO_VOL = 1, GEX__TODO_KEEP = 2, GEX__TODO_VALUE = 4 };
/* What there is to say of a place in the order: its row's status, and bits: the position counts as zero, a value that
 * is not finite enters a sum, a unit's greek diverges and stays out. */
enum { GEX__NOTE_STATUS = 31, GEX__NOTE_ZERO = 32, GEX__NOTE_ODD = 64, GEX__NOTE_SKIP = 128 };
_Static_assert((int)GEX_ROW_COUNT <= (int)GEX__NOTE_STATUS, "a status has its place in a note");

/* What a unit is at the spot of the refresh. */
struct gex__live_unit {
    int32_t                 unit;
    const struct gex__unit *formula;
    double                  factor[GEX_TERMS];
};

enum { GEX__LIVE_TASK_ROWS = 2048, GEX__LIVE_TASK_STRIKES = 64, GEX__LIVE_BLOCK_ROWS = 64 };

/* Rows of one expiry that are valued together. Working memory: too much for a stack that is not ours. */
struct gex__live_block {
    int64_t  first, count, expiry;
    double   column[GEX_GREEK_LAST_ + 1][GEX__LIVE_BLOCK_ROWS]; /* of wanted greeks */
    double   inside[GEX_INSIDE_ABS_DELTA + 1][GEX__LIVE_BLOCK_ROWS]; /* by enum gex__inside, those wanted */
    double   spread[3][GEX__LIVE_BLOCK_ROWS]; /* what is the expiry's, a column each for those who want one */
    uint16_t skip[GEX__LIVE_BLOCK_ROWS];
    uint8_t  code[GEX__LIVE_BLOCK_ROWS], note[GEX__LIVE_BLOCK_ROWS];
    struct gex__wide_term term[GEX_LIVE_UNITS_MAX][GEX_WIDE_TERMS];
};

/* Where rates, carries and forwards come from. */
struct gex__held {
    double  spot;
    int64_t as_of;
    bool    flat; /* one rate and one carry, no dividends: forwards are those of GEX_FORWARD_RATE */
    double *forward, *discount, *rate, *carry, *early; /* per expiry */
};

/* Sums of a grouping: by sum, unit and key. */
struct gex__live_group {
    int64_t  keys;
    double  *sum; /* [(unit * GEX_WIDE_SUMS + sum) * keys + key] */
    int64_t *count;
};

enum { GEX__LIVE_BY_LAST = GEX_BY_ZERO_DTE };

struct gex_live {
    struct gex__object object;
    const gex_chain   *given;  /* retained */
    const char        *source; /* of the book; a copy */
    int32_t            sign, isa;
    int64_t            rows, used; /* of the chain; places of the order that are not refused */
    int64_t            expiries, strikes, dividends; /* the last: what there is room for */
    const struct gex__wide_kernels *wide;

    /* the market: seen by its own rule when a quote came, and held, by GEX_VOL_GIVEN; both share arrays */
    struct gex_chain  quoted, kept; /* views of `given`: with quotes and volatilities given, with those kept */
    struct gex_market seen, held;
    struct gex__held  base;
    double           *bid, *ask, *vol_given, *vol_kept; /* the last two are one column under GEX_VOL_GIVEN */

    /* the book */
    double *position;
    bool    traded;

    /* what was set since the last refresh */
    double   next_spot;
    int64_t  next_as_of;
    bool     reforwarded, broken; /* broken: the last refresh failed */
    uint8_t *todo;                /* GEX__TODO_* per row */
    int32_t *set;                 /* rows with something to do */
    int64_t  set_count;

    /* rows */
    int32_t  unit_count;
    int64_t  pitch; /* doubles a line, a multiple of GEX_WIDE */
    struct gex__live_unit unit[GEX_LIVE_UNITS_MAX];
    int8_t   place_of_unit[GEX_UNIT_LAST_ + 1]; /* -1: not wanted */
    bool     wanted[GEX_GREEK_LAST_ + 1], inside[GEX_INSIDE_ABS_DELTA + 1];
    struct gex__scale scale;
    double   *value;  /* rows lines */
    uint8_t  *status; /* exposure's */
    uint16_t *skip;   /* bits of units whose greek diverges */
    int64_t   odd_count;
    int32_t  *place;  /* of a row in the order; -1 where the chain refuses it */
    double   *strike, *vol, *weight; /* by place; weight: contracts times multiplier */
    int8_t   *right, *exercise;
    uint8_t  *due, *note; /* by place: GEX__NOTE_* if it can be priced, and as shown */
    struct gex__live_block *block; /* per task of the executor */
    uint8_t  *changed; /* per task of the executor: what there is to say of its rows did */

    /* sums */
    bool      by_strike, keeps_strikes;
    int32_t  *strike_rows, *expiry_rows; /* used rows, by key, calls before puts */
    int32_t  *strike_at, *expiry_at;     /* 2 a key, and the end: where its calls begin, where its puts */
    int64_t  *first_place;               /* per expiry, and the end */
    uint8_t  *american;                  /* per expiry: a row of it is */
    uint8_t  *zero_dte;                  /* per expiry */
    struct gex__wide *strike_sum;        /* pitch / GEX_WIDE a strike; NULL where that were much memory a row */
    struct gex__wide *expiry_sum;        /* pitch / GEX_WIDE an expiry */
    struct gex__wide *half_sum;          /* pitch / GEX_WIDE for 0DTE, as many for later */
    uint8_t  *strike_todo, *expiry_todo; /* per key: touched in this refresh */
    int32_t  *strike_list, *expiry_list;
    int64_t   strike_count, expiry_count;
    bool      halves_lost; /* a sum left its window */
    struct gex__live_group group[GEX__LIVE_BY_LAST + 1];
    double    total[GEX_LIVE_UNITS_MAX], gross[GEX_LIVE_UNITS_MAX];
    int64_t   zero_position, diverging[GEX_LIVE_UNITS_MAX], count[GEX_ROW_COUNT];
};

/* ---- state.c: the market ----------------------------------------------------------------------------------------- */

/* Copies of what a market says of its expiries. */
void gex__held_take(struct gex__held *held, const gex_market *market);
/* The dividends of a market, no more than there is room for. */
void gex__live_payout(gex_live *live, const gex_market *market);
/* Forwards, discounts and times at a spot and instant. @return -1, or the first expiry out of the domain. */
int64_t gex__live_curve(gex_live *live, double spot, int64_t as_of);
/* Volatility and status of every row, those kept. */
void gex__live_vols(gex_live *live);
/* ... of a row whose quote or volatility was set, and of what hangs on it; touched rows get GEX__TODO_VALUE. */
void gex__live_vol(gex_live *live, int64_t row);
void gex__live_keep(gex_live *live, int64_t row); /* of a row whose volatility was set past the rule */
/* What a market's volatility reads as, quoted on its vol_clock. */
double gex__live_quoted(const gex_market *market, int64_t row);
void   gex__live_touch(gex_live *live, int64_t row, uint8_t todo);

/* ---- rows.c: exposures of rows ----------------------------------------------------------------------------------- */

void gex__live_factors(gex_live *live);
/* Position and status of a row, which was set, to its place. */
void gex__live_weigh(gex_live *live, int64_t row);
/* Settlements on the New York date of the instant. */
void gex__live_dates(gex_live *live);
/* Values places [first, first + count). @return whether what there is to say of one changed. */
bool gex__live_value(gex_live *live, struct gex__live_block *block, int64_t first, int64_t count);
/* Every count from nothing; one row into them (1) or out of them (-1). */
void gex__live_counts(gex_live *live);
void gex__live_count(gex_live *live, int64_t row, int32_t sign);

/* ---- sums.c ------------------------------------------------------------------------------------------------------ */

/* A strike or expiry from nothing; `by` is GEX_BY_STRIKE or GEX_BY_EXPIRY. */
void gex__live_sum_key(gex_live *live, int by, int64_t key);
/* Totals from expiries, from nothing. */
void gex__live_sum_halves(gex_live *live);
/* Rounded: every grouping made of halves, and totals. */
void gex__live_totals(gex_live *live);
/* A row's line was `gone`. Its expiry is taken out of the halves the first time. */
void gex__live_replace(gex_live *live, int64_t row, const double *gone);
/* What replacing touched: strikes summed, expiries rounded and put back, totals. */
void gex__live_settle(gex_live *live);

#endif
