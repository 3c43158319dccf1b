/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_EXPOSURE_H
#define GEX_RISK_EXPOSURE_H

#include "base/base.h"
#include "greeks.h"
#include "units.h"

/* Sums kept per key: the public GEX_SUM_*, and what walls read. */
enum {
    GEX__SUM_CALL_GROSS = 5,
    GEX__SUM_PUT_GROSS = 6,
    GEX__SUM_CALL_OI = 7, /* open interest of used rows */
    GEX__SUM_PUT_OI = 8,
    GEX__SUM_LAST = 8
};

struct gex__group {
    int64_t  keys;
    double  *sum[GEX__SUM_LAST + 1]; /* by GEX_SUM_*; 0 is not used */
    int64_t *count;                  /* used rows */
};

enum { GEX__BY_LAST = GEX_BY_ZERO_DTE };

struct gex_exposure {
    struct gex__object object;
    const gex_greeks  *greeks; /* retained */
    const gex_book    *book;   /* retained */
    int32_t            unit;
    double             spot; /* that of the unit: of the market, or of what a basket is hedged with */
    int64_t            rows;
    double            *row;
    uint8_t           *status;
    uint8_t           *diverges; /* a used row whose greek does: at the strike at expiry */
    double             total, gross;
    int64_t            zero_position, diverging;
    int64_t            count[GEX_ROW_COUNT]; /* rows by status; GEX_ROW_USED is the used ones */
    struct gex__group  group[GEX__BY_LAST + 1];
};

/* The greeks that a unit is made of, a set of GEX__WANT(); none of an unknown one. */
uint32_t gex__unit_set(int32_t unit);

/* For doors: options taken, a unit that is known and has its numbers. */
gex_status gex__exposure_door(const gex_exposure_options *options, gex_exposure_options *mine, struct gex__scale *scale,
                              gex_error *error);
/* Behind them: rows and their sums, each term of the unit times its factor. NULL when there is no memory. */
struct gex_exposure *gex__exposure_make(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                                        int32_t unit, double spot, const double factor[GEX_TERMS]);
/* Fills totals and groups from rows and statuses. `scratch` holds gex__sums_scratch() bytes. */
void    gex__sums_fill(struct gex_exposure *exposure, int32_t instruction_set, void *scratch);
int64_t gex__sums_scratch(const gex_chain *chain); /* -1: too many rows to count */

#endif
