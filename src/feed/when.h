/* SPDX-License-Identifier: Apache-2.0 */
/* Date and time of day as people write them. */
#ifndef GEX_FEED_WHEN_H
#define GEX_FEED_WHEN_H

#include "base/civil.h"
#include "text.h"

struct gex__when {
    struct gex__civil civil;  /* year 0: not said */
    bool              fixed;  /* offset from UTC, otherwise from New York's wall clock */
    int32_t           offset; /* seconds ahead */
};

/*
 * "September 14, 2023 at 4:31 PM EDT", "12 June 2023, 4:35 PM", "Thu Sep 14 2023 16:31", "9/14/2023 4:31:05 PM",
 * "2023-09-14T16:31:00-04:00" and their kin, up to the end of the text or a next key such as "Bid:". Between slashes
 * and hyphens the month comes first unless it cannot be one, between points the day does. The year may be missing, the
 * time of day may not. Zones: EDT EST ET Eastern CDT CST CT UTC GMT Z and offsets; none is New York.
 * @return false when a word in it is not understood: a date half read may be off by hours.
 */
bool gex__when_read(struct gex__span text, struct gex__when *when_out);

/* Its instant, in `year` where the text has none; false when there is no such wall time. */
bool gex__when_instant(const struct gex__when *when, int32_t year, int64_t *instant_out);

#endif
