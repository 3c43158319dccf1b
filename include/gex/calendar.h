/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file calendar.h The days markets are open, and how much variance each part of time carries.
 *
 * Clocks that count business time read it from a calendar. Wherever one is expected NULL stands for the US exchanges
 * (gex_session()) with the default weights. Sessions run from 09:30 to 16:00 New York, to 13:00 on an early-close day.
 *
 * VARIANCE_CLOCK. A session of 6.5 hours carries `session` units, a shorter one in proportion to its hours, spread by a
 * U-shape over u in [0, 1] of its length: share passed u + c (4 (u - 1/2)^3 + 1/2 - u). The time from its close to the
 * next open carries `overnight` units and `non_business` more for every closed day in between, evenly. A dated event
 * adds its units at its instant. A year has 252 (session + overnight) + 113 non_business units.
 */
#ifndef GEX_CALENDAR_H
#define GEX_CALENDAR_H

#include <gex/clock.h>
#include <gex/column.h>
#include <gex/context.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_calendar gex_calendar; /**< immutable; any thread may read it */

/* What VARIANCE_CLOCK weighs with, in units of variance; U_SHAPE is a pure number. */
#define GEX_WEIGHT_LIST(X)                                                                  \
    X(GEX_WEIGHT_SESSION, 1, "session")           /* a session of 6.5 hours */              \
    X(GEX_WEIGHT_OVERNIGHT, 2, "overnight")       /* from a close to the next open */       \
    X(GEX_WEIGHT_NON_BUSINESS, 3, "non_business") /* more for each closed day in between */ \
    X(GEX_WEIGHT_U_SHAPE, 4, "u_shape")           /* c: intensity 1 - c at midday, 1 + 2c at the bells */ \
    X(GEX_WEIGHT_YEAR, 5, "year")

#define GEX_WEIGHT_ENUM(name, value, text) name = value,
enum { GEX_WEIGHT_LIST(GEX_WEIGHT_ENUM) GEX_WEIGHT_LAST_ = 5 };

/** What the caller chooses. Fill with gex_calendar_options_init(): session .75, non_business .05, u_shape .4. */
typedef struct gex_calendar_options {
    uint32_t struct_size;
    int32_t  own_days;     /**< 0: days of the US exchanges, 2000 to 2035. 1: the columns `closed` and `early` */
    double   session;      /**< units, >= 0 */
    double   overnight;    /**< units, >= 0; NaN, as init leaves it: 1 - session, at least 0 */
    double   non_business; /**< units, >= 0 */
    double   u_shape;      /**< 0 <= c < 1 */
    double   year;         /**< units a year, > 0; 0: 252 (session + overnight) + 113 non_business */
    int64_t  event_count;
    gex_i64  event;        /**< instants, in any order; several may share one */
    gex_f64  event_units;  /**< units each, >= 0 */
    int64_t  closed_count;
    gex_i32  closed;       /**< own_days: dates yyyymmdd in New York, in any order; Saturdays and Sundays always are */
    int64_t  early_count;
    gex_i32  early;        /**< own_days: dates that close at 13:00; a date in both columns is closed */
} gex_calendar_options;
GEX_API void gex_calendar_options_init(gex_calendar_options *options, uint32_t struct_size);

/**
 * Keep days, weights and events; the columns are read during the call.
 *
 * @param options  NULL: as gex_calendar_options_init() leaves them
 * @param out      freed with gex_calendar_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (a column missing, days given without own_days), _DOMAIN (a weight, a year of no
 *         units; an event's units, or what is no date of the years 1900 to 2200:
 *         error row = element), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(n log n), one allocation.
 * Source: French and Roll (1986), Wood, McInish and Ord (1985), Andersen and Bollerslev (1997); docs/market.md.
 */
GEX_API gex_status gex_calendar_create(const gex_context *context, const gex_calendar_options *options,
                                       gex_calendar **out, gex_error *error);
GEX_API void gex_calendar_free(gex_calendar *calendar); /**< NULL is a no-op; markets made with it stay valid */

/* What was chosen. Thread class: const-shared. Since 0.1. */
/** @param weight GEX_WEIGHT_*. @return NaN for an unknown one. */
GEX_API double  gex_calendar_weight(const gex_calendar *calendar, int32_t weight);
GEX_API int64_t gex_calendar_event_count(const gex_calendar *calendar);
GEX_API int32_t gex_calendar_own_days(const gex_calendar *calendar); /**< 0: those of the US exchanges */
/** Name of a weight. @return static storage, never NULL. Thread class: pure. */
GEX_API const char *gex_weight_name(int32_t weight);

/**
 * Session of a New York date, as gex_session() but on the caller's days, which reach over the years 1900 to 2200.
 * Thread class: const-shared. Since 0.1.
 */
GEX_API int32_t gex_calendar_session(const gex_calendar *calendar, int32_t date, int64_t *open_out, int64_t *close_out);

/**
 * Years from one instant to another on a named clock; minus those from `to` to `from` when `to` is before `from`.
 *
 * CAL_365 and CAL_365_25 are exact to the nanosecond and need no calendar; so is BUS_252_CLOCK, in open time. A
 * whole-day clock counts the business days (BUS_262_DAYS: Mondays to Fridays) from the date of `from`, included, to
 * that of `to`, not included, whatever the hour; where it finds none and time is left it says one day. Before 2000 and
 * after 2035 the days of the US exchanges are Mondays to Fridays: no holiday is known there.
 *
 * @return NaN for an unknown clock; but for CAL_365 and CAL_365_25 also for an instant outside the New York years 1900
 *         to 2200
 * Thread class: const-shared. Since 0.1. Cost: O(log of the calendar), O(events between) on VARIANCE_CLOCK.
 */
GEX_API double gex_calendar_years(const gex_calendar *calendar, int32_t clock, int64_t from, int64_t to);

/**
 * Units of variance that pass between two instants: those of an event at `to` included, at `from` not. Minus those from
 * `to` to `from` when `to` is before `from`; NaN for an instant outside the New York years 1900 to 2200.
 * Thread class: const-shared. Since 0.1.
 */
GEX_API double gex_calendar_units(const gex_calendar *calendar, int64_t from, int64_t to);

/**
 * Pace: years of a clock that pass per year of CAL_365 from an instant on; a session's when it opens, the night's when
 * it closes. With the default weights VARIANCE_CLOCK runs at 7.1 at the bells, 2.4 at midday, 0.49 overnight. An event
 * adds nothing to it.
 * @return NaN for an unknown clock, for a whole-day one, which has no pace, and where gex_calendar_years() is.
 *         Thread class: const-shared. Since 0.1.
 */
GEX_API double gex_calendar_pace(const gex_calendar *calendar, int32_t clock, int64_t at);

#ifdef __cplusplus
}
#endif
#endif
