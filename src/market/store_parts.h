/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a saved market: the calendar it counts by and the smile it moves along. Each is there or not. */
#ifndef GEX_MARKET_STORE_PARTS_H
#define GEX_MARKET_STORE_PARTS_H

#include <gex/calendar.h>
#include <gex/surface.h>

#include "bytes.h"
#include "dynamics.h"

/* How long they are: in the head of the record, by itself; all zero where a part is not there. */
struct gex__parts {
    int64_t has_calendar, own_days, closed, early, events; /* the first two 0 or 1; dates: of own days alone */
    int64_t has_smile, slices, nodes; /* has_smile: 1 of the rows' volatilities, 2 of a surface */
};
enum { GEX_PARTS_BYTES = 8 * 8 };

struct gex__parts gex__parts_of(const gex_calendar *calendar, const struct gex__motion *motion);
void              gex__parts_put(const struct gex__parts *parts, struct gex__sink *sink);
struct gex__parts gex__parts_take(const unsigned char **at);
/* Bytes of both. @return -1: there are no such parts. */
int64_t gex__parts_size(const struct gex__parts *parts);

void gex__calendar_put(const gex_calendar *calendar, struct gex__sink *sink);
/* Out, to be released, is NULL where there is none. @return GEX_OK, GEX_ERR_MEMORY, or another: no such one can be. */
gex_status gex__calendar_take(const gex_context *context, const struct gex__parts *parts, const unsigned char **at,
                              gex_calendar **out);

void gex__smile_put(const gex_surface *smile, struct gex__sink *sink);
/* Likewise; of a market with so many expiries. */
gex_status gex__smile_take(const gex_context *context, const struct gex__parts *parts, int64_t expiries,
                           const unsigned char **at, gex_surface **out);

#endif
