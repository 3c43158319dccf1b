/* SPDX-License-Identifier: Apache-2.0 */
/* The instant at which an option settles. */
#include <stddef.h>

#include <gex/row.h>

#include "base/civil.h"
#include "calendar.h"
#include "roots.h"

/* A US expiry date on a closed day settles on the last session before it. */
static int64_t in_new_york(int32_t settle, int64_t day, uint32_t *flags)
{
    const gex_calendar *calendar = gex__calendar_of(NULL);
    int32_t session;

    while ((session = gex__session_of(calendar, day)) == GEX_SESSION_CLOSED) {
        day--;
        *flags |= GEX_FLAG_MOVED_EXPIRY;
    }
    return settle == GEX_SETTLE_AM ? gex__open_of(day) : gex__close_of(day, session);
}

gex_status gex_settlement_by(int32_t settle, int32_t date, int64_t *instant_out, uint32_t *flags_out, gex_error *error)
{
    uint32_t flags = 0;
    int64_t day;

    if (settle != GEX_SETTLE_AM && settle != GEX_SETTLE_PM && settle != GEX_SETTLE_0800_UTC)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "settle {i} is not one of GEX_SETTLE_*", (int64_t)settle);
    if (instant_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "instant_out is required");
    if (!gex__days_from_yyyymmdd(date, &day))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} is not a date yyyymmdd of the years 1900 to 2200",
                         (int64_t)date);
    *instant_out = settle == GEX_SETTLE_0800_UTC ? day * GEX_DAY + 8 * 3600 * GEX_SECOND
                                                 : in_new_york(settle, day, &flags);
    if (flags_out != NULL)
        *flags_out = flags;
    return GEX_OK;
}

gex_status gex_settlement(const char *root, int64_t root_length, int32_t date, int64_t *instant_out,
                          uint32_t *flags_out, gex_error *error)
{
    gex_root facts;
    gex_status status;

    if (root == NULL || root_length <= 0 || instant_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a root of at least one character and instant_out are required");
    facts = gex__root_facts(root, root_length);
    status = gex_settlement_by(facts.settle, date, instant_out, flags_out, error);
    if (status == GEX_OK && flags_out != NULL)
        *flags_out |= facts.flags & (uint32_t)GEX_FLAG_UNKNOWN_ROOT;
    return status;
}
