/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file clock.h Instants, sessions of the US exchanges, and years.
 *
 * An instant is int64_t nanoseconds since 1970-01-01 00:00 UTC; a date is int32_t year * 10000 + month * 100 + day in
 * the calendar of its zone. The library never asks what time it is.
 */
#ifndef GEX_CLOCK_H
#define GEX_CLOCK_H

#include <gex/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GEX_ZONE_UTC = 1,
    GEX_ZONE_NEW_YORK = 2 /**< US rules of 2007, 1987 and 1967; exact from 1987 */
};

/*
 * How time to expiry is counted. Names: conventions of the field, see docs/conventions.md. Business days, sessions and
 * weights are those of a gex_calendar; whole-day clocks read nothing but the two dates in New York.
 */
#define GEX_CLOCK_LIST(X)                                                                                        \
    X(GEX_CLOCK_CAL_365, 1, "CAL_365")               /* seconds to settlement / (365 * 86400) */                 \
    X(GEX_CLOCK_CAL_365_25, 2, "CAL_365_25")         /* ... / (365.25 * 86400) */                                \
    X(GEX_CLOCK_BUS_252_DAYS, 3, "BUS_252_DAYS")     /* business days, first included, last not; at least 1; / 252 */ \
    X(GEX_CLOCK_BUS_262_DAYS, 4, "BUS_262_DAYS")     /* weekdays, likewise; / 262 */                             \
    X(GEX_CLOCK_BUS_252_CLOCK, 5, "BUS_252_CLOCK")   /* open time of the market / (252 * 390 minutes) */         \
    X(GEX_CLOCK_VARIANCE_CLOCK, 6, "VARIANCE_CLOCK") /* weighted time: session, night, closed days, events */

#define GEX_CLOCK_ENUM(name, value, text) name = value,
enum { GEX_CLOCK_LIST(GEX_CLOCK_ENUM) GEX_CLOCK_LAST_ = 6 };

enum {
    GEX_SESSION_CLOSED = 0,     /**< weekend, holiday or an irregular closing */
    GEX_SESSION_REGULAR = 1,    /**< 09:30 to 16:00 New York */
    GEX_SESSION_EARLY_CLOSE = 2 /**< 09:30 to 13:00 New York */
};

/**
 * Read "2023-09-14T16:31:00-04:00". The separator may be a space; seconds, fraction (to the nanosecond) and offset may
 * be left out; "Z" is UTC. A date alone is refused: it is not an instant.
 *
 * @param text        not necessarily terminated
 * @param length      bytes
 * @param zone        GEX_ZONE_*, used when the text carries no offset. A local time that the change to summer time
 *                    skips is refused; one that occurs twice is the first.
 * @param instant_out set on success only
 * @return GEX_OK, GEX_ERR_FORMAT, _ARGUMENT, _DOMAIN (year outside 1900 to 2200, or a local time that was skipped).
 * Thread class: pure. Since 0.1.
 */
GEX_API gex_status gex_instant_parse(const char *text, int64_t length, int32_t zone, int64_t *instant_out,
                                     gex_error *error);

/**
 * Write "2023-09-14T16:31:00-04:00", with a fraction of 3, 6 or 9 digits only where there is one.
 * @param buffer  at least 40 bytes; terminated. @return bytes written without the terminator, or 0 when the zone is
 *                unknown or the buffer is too small. Thread class: pure. Since 0.1.
 */
GEX_API int64_t gex_instant_format(int64_t instant, int32_t zone, char *buffer, int64_t capacity);

/** Date in a zone, yyyymmdd; 0 when the zone is unknown. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_instant_date(int64_t instant, int32_t zone);

/**
 * Session of the US option exchanges on a New York date, 2000 to 2035, irregular closings included.
 * @param open_out, close_out  instants; set unless the day is closed; may be NULL
 * @return GEX_SESSION_*, or GEX_ERR_DOMAIN when the date is not one or lies outside the calendar.
 * Thread class: pure. Since 0.1. Source: NYSE and Cboe holiday notices, generated table src/market/calendar_table.h.
 */
GEX_API int32_t gex_session(int32_t date, int64_t *open_out, int64_t *close_out);

/**
 * Instant at which an option of this root settles: 09:30 New York of the expiry date for the AM-settled roots SPX, NDX,
 * RUT, DJX, VIX, VIXW; the session's close (16:00, or 13:00 on an early-close day) for every other.
 * An expiry date on a closed day settles on the last session before it.
 *
 * @param root       not necessarily terminated, upper case
 * @param date       yyyymmdd, New York. Outside 2000 to 2035 only weekends are known to be closed.
 * @param flags_out  GEX_FLAG_UNKNOWN_ROOT and GEX_FLAG_MOVED_EXPIRY where they apply; may be NULL
 * @return GEX_OK, GEX_ERR_ARGUMENT, GEX_ERR_DOMAIN (not a date). Thread class: pure. Since 0.1.
 */
GEX_API gex_status gex_settlement(const char *root, int64_t root_length, int32_t date, int64_t *instant_out,
                                  uint32_t *flags_out, gex_error *error);

/**
 * Instant at which a date settles by a named rule, for contracts that no US root speaks of.
 *
 * @param settle  GEX_SETTLE_AM or GEX_SETTLE_PM: as gex_settlement() has them; GEX_SETTLE_0800_UTC: 08:00 UTC of that
 *                very date, whatever day it is (Deribit)
 * @return as gex_settlement(); ARGUMENT for an unknown rule. Thread class: pure. Since 0.1.
 */
GEX_API gex_status gex_settlement_by(int32_t settle, int32_t date, int64_t *instant_out, uint32_t *flags_out,
                                     gex_error *error);

/**
 * Years from one instant to another on a named clock, by the calendar and weights of the US exchanges:
 * gex_calendar_years() of no calendar. Thread class: pure. Since 0.1.
 */
GEX_API double gex_years(int32_t clock, int64_t from, int64_t to);

/** Name of a clock, "CAL_365". @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_clock_name(int32_t clock);
/** Clock of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_clock_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
