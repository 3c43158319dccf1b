/* SPDX-License-Identifier: Apache-2.0 */
/* Named ends of time: closes and opens of the market's calendar, settlements of its chain. */
#include <gex/field.h>

#include "base/base.h"

#define DAY INT64_C(86400000000000) /* ns */

/* The first session whose bell, its open or its close, rings after an instant. @return false: the calendar ends. */
static bool bell_after(const gex_calendar *calendar, int64_t instant, bool close, int64_t *out)
{
    for (int64_t days = 0; days <= 366 && instant <= INT64_MAX - days * DAY; days++) { /* none rests a year */
        const int32_t date = gex_instant_date(instant + days * DAY, GEX_ZONE_NEW_YORK);
        int64_t open_at, close_at;

        if (gex_calendar_session(calendar, date, &open_at, &close_at) <= GEX_SESSION_CLOSED)
            continue;
        *out = close ? close_at : open_at;
        if (*out > instant)
            return true;
    }
    return false;
}

static bool settlement_after(const gex_market *market, bool last, int64_t *out)
{
    int64_t count;
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(market), &count), as_of = gex_market_as_of(market);
    bool found = false;

    for (int64_t e = 0; e < count && !(found && !last); e++)
        if (settlement[e] > as_of) {
            *out = settlement[e];
            found = true;
        }
    return found;
}

static bool find(const gex_market *market, int32_t until, int64_t *out)
{
    const gex_calendar *calendar = gex_market_calendar(market);
    const int64_t as_of = gex_market_as_of(market);
    int64_t close;

    switch (until) {
    case GEX_UNTIL_CLOSE: return bell_after(calendar, as_of, true, out);
    case GEX_UNTIL_NEXT_OPEN: return bell_after(calendar, as_of, false, out);
    case GEX_UNTIL_NEXT_CLOSE:
        return bell_after(calendar, as_of, true, &close) && bell_after(calendar, close, true, out);
    case GEX_UNTIL_FIRST_SETTLEMENT: return settlement_after(market, false, out);
    default: return settlement_after(market, true, out);
    }
}

gex_status gex_until_instant(const gex_market *market, int32_t until, int64_t *instant_out, gex_error *error)
{
    int64_t instant = 0;

    if (market == NULL || instant_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and instant_out are required");
    if (until < 1 || until >= GEX_UNTIL_GIVEN)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "until {i} is no named end", (int64_t)until);
    if (!find(market, until, &instant))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "no {s} after the market's instant in its calendar or chain",
                         gex_until_name(until));
    *instant_out = instant;
    return GEX_OK;
}
