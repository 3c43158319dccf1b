/* SPDX-License-Identifier: Apache-2.0 */
/* Instants: what is read is written to the same instant; any instant is written; sessions and settlement agree. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex/calendar.h>
#include <gex/clock.h>
#include <gex/row.h>

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Any instant in any zone; read back where its year is one that is read. */
static void check_written(int64_t instant, int32_t zone)
{
    const int32_t date = gex_instant_date(instant, zone);
    char text[40];
    int64_t back, length = gex_instant_format(instant, zone, text, sizeof text);

    require(length >= 20 && length < 40 && text[length] == '\0');
    require(atoi(text) == date / 10000 && atoi(text + 5) == date / 100 % 100 && atoi(text + 8) == date % 100);
    if (date / 10000 >= 1900 && date / 10000 <= 2200)
        require(gex_instant_parse(text, length, zone, &back, NULL) == GEX_OK && back == instant);
}

static void check_settlement(const char *root, int64_t length, int32_t date)
{
    int64_t instant, open, close;
    uint32_t flags;
    int32_t session;

    if (gex_settlement(root, length, date, &instant, &flags, NULL) != GEX_OK) {
        require(gex_session(date, &open, &close) == GEX_ERR_DOMAIN);
        return;
    }
    session = gex_session(date, NULL, NULL);
    if (session >= 0)
        require(((flags & (uint32_t)GEX_FLAG_MOVED_EXPIRY) != 0) == (session == GEX_SESSION_CLOSED));
    session = gex_session(gex_instant_date(instant, GEX_ZONE_NEW_YORK), &open, &close);
    if (session >= 0)
        require(session != GEX_SESSION_CLOSED && (instant == open || instant == close));
}

/* Years are NaN both ways or opposite, and none run back. */
static void check_clocks(int64_t from, int64_t to)
{
    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        const double years = gex_years(clock, from, to), back = gex_years(clock, to, from);
        const double pace = gex_calendar_pace(NULL, clock, from);

        require(years == -back || (years != years && back != back));
        require(years != years || (from <= to ? years >= 0 : years <= 0));
        require(pace != pace || pace >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size > 0 ? size : 1);
    gex_error error;
    int64_t instant, other;
    int32_t date;

    require(text != NULL);
    memcpy(text, data, size);
    for (int32_t zone = GEX_ZONE_UTC; zone <= GEX_ZONE_NEW_YORK; zone++) {
        instant = INT64_MIN;
        if (gex_instant_parse(text, (int64_t)size, zone, &instant, &error) == GEX_OK) {
            check_written(instant, GEX_ZONE_UTC);
            check_written(instant, GEX_ZONE_NEW_YORK);
        } else {
            require(instant == INT64_MIN && memchr(error.message, '\0', sizeof error.message) != NULL);
        }
    }
    if (size >= 16) {
        memcpy(&instant, data, 8);
        memcpy(&other, data + 8, 8);
        check_written(instant, GEX_ZONE_UTC);
        check_written(instant, GEX_ZONE_NEW_YORK);
        check_clocks(instant, other);
        memcpy(&date, data + 12, 4);
        check_settlement(text, (int64_t)size % 6 + 1, date);
        check_settlement(text, (int64_t)size % 6 + 1, gex_instant_date(instant, GEX_ZONE_NEW_YORK));
    }
    free(text);
    return 0;
}
