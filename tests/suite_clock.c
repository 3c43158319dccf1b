/* SPDX-License-Identifier: Apache-2.0 */
/* Instants as text, sessions, settlement, years. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gex/clock.h>
#include <gex/row.h>

Suite *suite_clock(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define SECOND        INT64_C(1000000000)

/* ---- instants as text ------------------------------------------------------------------------------------------ */

/* Seconds by date -u -d TEXT +%s (GNU coreutils 9.1); local times with TZ=America/New_York. */
static const struct instant_case {
    const char *text;
    int32_t zone;
    int64_t seconds, nanoseconds;
} instants[] = {
    {"1970-01-01T00:00:00Z", GEX_ZONE_UTC, 0, 0},
    {"2023-09-14T16:31:00-04:00", GEX_ZONE_UTC, 1694723460, 0},
    {"2023-09-14T16:31:00-04:00", GEX_ZONE_NEW_YORK, 1694723460, 0},
    {"2023-09-14T16:31:00-0400", GEX_ZONE_UTC, 1694723460, 0},
    {"2023-09-14T16:31:00-04", GEX_ZONE_UTC, 1694723460, 0},
    {"2023-09-14 16:31", GEX_ZONE_NEW_YORK, 1694723460, 0},
    {"2023-09-14T20:31", GEX_ZONE_UTC, 1694723460, 0},
    {"2023-09-15T02:01:00+05:30", GEX_ZONE_NEW_YORK, 1694723460, 0},
    {"2023-12-14T16:31:00", GEX_ZONE_NEW_YORK, 1702589460, 0},
    {"2024-02-29T23:59:59.5Z", GEX_ZONE_UTC, 1709251199, 500000000},
    {"2024-02-29T23:59:59.000000001Z", GEX_ZONE_UTC, 1709251199, 1},
    {"2024-11-03T01:30:00", GEX_ZONE_NEW_YORK, 1730611800, 0}, /* the first of two */
    {"2024-11-03T01:30:00-05:00", GEX_ZONE_NEW_YORK, 1730615400, 0},
    {"2024-03-10T03:00:00", GEX_ZONE_NEW_YORK, 1710054000, 0},
    {"1900-01-01T00:00:00Z", GEX_ZONE_UTC, -2208988800, 0},
    {"2200-12-31T23:59:59Z", GEX_ZONE_UTC, 7289654399, 0},
};

START_TEST(instants_are_read)
{
    const struct instant_case *c = &instants[_i];
    gex_error error = {0};
    int64_t instant = 0;

    ck_assert_msg(gex_instant_parse(c->text, (int64_t)strlen(c->text), c->zone, &instant, &error) == GEX_OK, "%s: %s",
                  c->text, error.message);
    ck_assert_msg(instant == c->seconds * SECOND + c->nanoseconds, "%s: got %" PRId64, c->text, instant);
}
END_TEST

static const struct refusal {
    const char *text;
    int32_t zone;
    gex_status status;
} refusals[] = {
    {"", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14", GEX_ZONE_UTC, GEX_ERR_FORMAT}, /* a date is not an instant */
    {"2023-09-14T", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:3", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00.", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00.1234567890", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00,5", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:60", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T24:00:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:60:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14x16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00z", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00Z ", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {" 2023-09-14T16:31:00Z", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00ZZ", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00-04:", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00-4:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00-24:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00-04:60", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00-04:00:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T16:31:00 EDT", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-02-30T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-02-29T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-13-01T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-00-01T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"20230914T163100Z", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"-023-09-14T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"2023-09-14T-1:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT},
    {"\xd9\xa2\xd9\xa0-09-14T16:31:00", GEX_ZONE_UTC, GEX_ERR_FORMAT}, /* Arabic digits */
    {"1899-12-31T23:59:59Z", GEX_ZONE_UTC, GEX_ERR_DOMAIN},
    {"2201-01-01T00:00:00Z", GEX_ZONE_UTC, GEX_ERR_DOMAIN},
    {"9999-12-31T00:00:00Z", GEX_ZONE_UTC, GEX_ERR_DOMAIN},
    {"2024-03-10T02:00:00", GEX_ZONE_NEW_YORK, GEX_ERR_DOMAIN}, /* skipped */
    {"2024-03-10T02:59:59.9", GEX_ZONE_NEW_YORK, GEX_ERR_DOMAIN},
    {"2023-09-14T16:31:00Z", 0, GEX_ERR_ARGUMENT},
    {"2023-09-14T16:31:00Z", 3, GEX_ERR_ARGUMENT},
};

START_TEST(what_is_no_instant_is_refused)
{
    const struct refusal *r = &refusals[_i];
    gex_error error = {0};
    int64_t instant = 7;

    ck_assert_msg(gex_instant_parse(r->text, (int64_t)strlen(r->text), r->zone, &instant, &error) == r->status,
                  "%s: %s", r->text, gex_status_text(error.status));
    ck_assert_int_eq(error.status, r->status);
    ck_assert_int_gt((int)strlen(error.message), 0);
    ck_assert_int_eq(instant, 7);
    ck_assert_int_eq(gex_instant_parse(r->text, (int64_t)strlen(r->text), r->zone, &instant, NULL), r->status);
}
END_TEST

START_TEST(missing_arguments_are_refused)
{
    int64_t instant = 7;
    char buffer[40];

    ck_assert_int_eq(gex_instant_parse(NULL, 4, GEX_ZONE_UTC, &instant, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_instant_parse("2023", -1, GEX_ZONE_UTC, &instant, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_instant_parse("2023", 4, GEX_ZONE_UTC, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_instant_format(0, GEX_ZONE_UTC, NULL, 40), 0);
    ck_assert_int_eq(gex_instant_format(0, 9, buffer, 40), 0);
    ck_assert_int_eq(gex_instant_date(0, 9), 0);
    ck_assert_int_eq(gex_settlement(NULL, 3, 20230914, &instant, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_settlement("SPX", 0, 20230914, &instant, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_settlement("SPX", 3, 20230914, NULL, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_settlement("SPX", 3, 20230931, &instant, NULL, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(instant, 7);
}
END_TEST

static const struct written {
    int64_t instant;
    int32_t zone;
    const char *text;
    int32_t date;
} writings[] = {
    {0, GEX_ZONE_UTC, "1970-01-01T00:00:00Z", 19700101},
    {0, GEX_ZONE_NEW_YORK, "1969-12-31T19:00:00-05:00", 19691231},
    {1694723460 * SECOND, GEX_ZONE_NEW_YORK, "2023-09-14T16:31:00-04:00", 20230914},
    {1694723460 * SECOND, GEX_ZONE_UTC, "2023-09-14T20:31:00Z", 20230914},
    {1694723460 * SECOND + 500000000, GEX_ZONE_UTC, "2023-09-14T20:31:00.500Z", 20230914},
    {1694723460 * SECOND + 1000, GEX_ZONE_UTC, "2023-09-14T20:31:00.000001Z", 20230914},
    {1694723460 * SECOND + 123456789, GEX_ZONE_NEW_YORK, "2023-09-14T16:31:00.123456789-04:00", 20230914},
    {1694739600 * SECOND, GEX_ZONE_UTC, "2023-09-15T01:00:00Z", 20230915},
    {1694739600 * SECOND, GEX_ZONE_NEW_YORK, "2023-09-14T21:00:00-04:00", 20230914},
    {1730611800 * SECOND, GEX_ZONE_NEW_YORK, "2024-11-03T01:30:00-04:00", 20241103},
    {1730615400 * SECOND, GEX_ZONE_NEW_YORK, "2024-11-03T01:30:00-05:00", 20241103},
    {-1, GEX_ZONE_UTC, "1969-12-31T23:59:59.999999999Z", 19691231},
    {INT64_MIN, GEX_ZONE_UTC, "1677-09-21T00:12:43.145224192Z", 16770921},
    {INT64_MAX, GEX_ZONE_UTC, "2262-04-11T23:47:16.854775807Z", 22620411},
};

START_TEST(instants_are_written)
{
    const struct written *w = &writings[_i];
    const int64_t length = (int64_t)strlen(w->text);
    char buffer[40];
    int64_t back;

    ck_assert_int_eq(gex_instant_format(w->instant, w->zone, buffer, sizeof buffer), length);
    ck_assert_str_eq(buffer, w->text);
    ck_assert_int_eq(gex_instant_format(w->instant, w->zone, buffer, length + 1), length);
    memset(buffer, 'x', sizeof buffer);
    ck_assert_int_eq(gex_instant_format(w->instant, w->zone, buffer, length), 0);
    ck_assert_int_eq(buffer[0], 'x');
    ck_assert_int_eq(gex_instant_date(w->instant, w->zone), w->date);
    if (w->instant == INT64_MIN || w->instant == INT64_MAX)
        return; /* outside the years that are read */
    ck_assert_int_eq(gex_instant_parse(w->text, length, GEX_ZONE_UTC, &back, NULL), GEX_OK);
    ck_assert_int_eq(back, w->instant);
}
END_TEST

/* ---- sessions -------------------------------------------------------------------------------------------------- */

static int32_t next_date(int32_t date)
{
    const int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    int64_t ignored;
    uint32_t flags;

    /* gex_settlement refuses what is no date */
    if (gex_settlement("SPY", 3, date + 1, &ignored, &flags, NULL) == GEX_OK)
        return date + 1;
    return day >= 28 && month == 12 ? (year + 1) * 10000 + 101 : year * 10000 + (month + 1) * 100 + 1;
}

/* Trading days of NYSE a year, as exchange_calendars 4.13 counts them. */
static const struct year_count {
    int32_t year, sessions;
} year_counts[] = {
    {2000, 252}, {2001, 248}, {2002, 252}, {2003, 252}, {2004, 252}, {2005, 252}, {2006, 251}, {2007, 251}, {2008, 253},
    {2009, 252}, {2010, 252}, {2011, 252}, {2012, 250}, {2013, 252}, {2014, 252}, {2015, 252}, {2016, 252}, {2017, 251},
    {2018, 251}, {2019, 252}, {2020, 253}, {2021, 252}, {2022, 251}, {2023, 250}, {2024, 252}, {2025, 250},
};

START_TEST(years_have_their_sessions)
{
    const struct year_count *y = &year_counts[_i];
    int32_t sessions = 0;

    for (int32_t date = y->year * 10000 + 101; date / 10000 == y->year; date = next_date(date))
        sessions += gex_session(date, NULL, NULL) != GEX_SESSION_CLOSED;
    ck_assert_msg(sessions == y->sessions, "%d: %d sessions", (int)y->year, (int)sessions);
}
END_TEST

/* Every weekday of 2024 to 2026 that is not a full session, from the holiday notices of NYSE. */
static const struct special {
    int32_t date, session;
} announced[] = {
    {20240101, 0}, {20240115, 0}, {20240219, 0}, {20240329, 0}, {20240527, 0}, {20240619, 0}, {20240703, 2},
    {20240704, 0}, {20240902, 0}, {20241128, 0}, {20241129, 2}, {20241224, 2}, {20241225, 0}, {20250101, 0},
    {20250109, 0}, {20250120, 0}, {20250217, 0}, {20250418, 0}, {20250526, 0}, {20250619, 0}, {20250703, 2},
    {20250704, 0}, {20250901, 0}, {20251127, 0}, {20251128, 2}, {20251224, 2}, {20251225, 0}, {20260101, 0},
    {20260119, 0}, {20260216, 0}, {20260403, 0}, {20260525, 0}, {20260619, 0}, {20260703, 0}, {20260907, 0},
    {20261126, 0}, {20261127, 2}, {20261224, 2}, {20261225, 0},
};

START_TEST(announced_years_match_day_by_day)
{
    const struct special *next = announced;
    int32_t weekday = 1; /* 2024-01-01 was a Monday */

    for (int32_t date = 20240101; date < 20270101; date = next_date(date), weekday = (weekday + 1) % 7) {
        int32_t expected = weekday == 0 || weekday == 6 ? GEX_SESSION_CLOSED : GEX_SESSION_REGULAR;

        if (next < announced + LENGTH(announced) && next->date == date)
            expected = (next++)->session;
        ck_assert_msg(gex_session(date, NULL, NULL) == expected, "%d: expected %d", (int)date, (int)expected);
    }
    ck_assert_ptr_eq(next, announced + LENGTH(announced));
}
END_TEST

/* Irregular days, days about which calendars err, and the edges. */
static const struct special known[] = {
    {20010910, 1}, {20010911, 0}, {20010912, 0}, {20010913, 0}, {20010914, 0}, {20010917, 1}, {20040611, 0},
    {20070102, 0}, {20121029, 0}, {20121030, 0}, {20121031, 1}, {20181205, 0}, {20250109, 0}, {20000703, 2},
    {20010703, 2}, {20020703, 1}, {20020705, 2}, {20030703, 2}, {20031226, 2}, {20060703, 2}, {20070703, 2},
    {20080703, 2}, {20090702, 1}, {20090703, 0}, {20110701, 1}, {20120703, 2}, {20130703, 2}, {20130705, 1},
    {20140703, 2}, {20150702, 1}, {20150703, 0}, {20160701, 1}, {20170703, 2}, {20180703, 2}, {20190703, 2},
    {20200702, 1}, {20200703, 0}, {20210702, 1}, {20210705, 0}, {20220701, 1}, {20230703, 2},
    {20041231, 1}, {20101231, 1}, {20211231, 1}, {20271231, 1},               /* 1 January a Saturday: not kept */
    {20061229, 1}, {20060102, 0}, {20120102, 0}, {20170102, 0}, {20230102, 0}, /* a Sunday: kept on the Monday */
    {20041224, 0}, {20101224, 0}, {20211224, 0}, {20161223, 1}, {20161226, 0}, {20221226, 0},
    {20210618, 1}, {20210619, 0}, {20210621, 1}, {20220620, 0}, {20230619, 0}, {20270618, 0}, /* Juneteenth from 2022 */
    {20080321, 0}, {20110422, 0}, {20160325, 0}, {20350323, 0},                               /* Good Friday */
    {20000103, 1}, {20000101, 0}, {20351231, 1}, {20351225, 0},
};

START_TEST(known_days_have_their_session)
{
    ck_assert_msg(gex_session(known[_i].date, NULL, NULL) == known[_i].session, "%d", (int)known[_i].date);
}
END_TEST

START_TEST(sessions_open_and_close_in_new_york)
{
    int64_t open = 7, close = 7;

    ck_assert_int_eq(gex_session(20230914, &open, &close), GEX_SESSION_REGULAR);
    ck_assert_int_eq(open, 1694698200 * SECOND);  /* 13:30 UTC */
    ck_assert_int_eq(close, 1694721600 * SECOND); /* 20:00 UTC */
    ck_assert_int_eq(gex_session(20231124, &open, &close), GEX_SESSION_EARLY_CLOSE);
    ck_assert_int_eq(open, 1700836200 * SECOND);  /* 14:30 UTC */
    ck_assert_int_eq(close, 1700848800 * SECOND); /* 18:00 UTC */
    open = close = 7;
    ck_assert_int_eq(gex_session(20231225, &open, &close), GEX_SESSION_CLOSED);
    ck_assert_int_eq(gex_session(19991231, &open, &close), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_session(20360102, &open, &close), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_session(20230230, &open, &close), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_session(INT32_MIN, &open, &close), GEX_ERR_DOMAIN);
    ck_assert(open == 7 && close == 7);
}
END_TEST

/* ---- settlement ------------------------------------------------------------------------------------------------ */

static const struct settlement_case {
    const char *root;
    int32_t date;
    const char *instant;
    uint32_t flags;
} settlements[] = {
    {"SPX", 20230915, "2023-09-15T09:30:00-04:00", 0},
    {"SPXW", 20230915, "2023-09-15T16:00:00-04:00", 0},
    {"SPXW", 20231124, "2023-11-24T13:00:00-05:00", 0},
    {"SPX", 20231124, "2023-11-24T09:30:00-05:00", 0},
    {"NDX", 20230915, "2023-09-15T09:30:00-04:00", 0},
    {"NDXP", 20230915, "2023-09-15T16:00:00-04:00", 0},
    {"RUT", 20230915, "2023-09-15T09:30:00-04:00", 0},
    {"RUTW", 20230915, "2023-09-15T16:00:00-04:00", 0},
    {"DJX", 20230915, "2023-09-15T09:30:00-04:00", 0},
    {"VIX", 20230920, "2023-09-20T09:30:00-04:00", 0},
    {"VIXW", 20230927, "2023-09-27T09:30:00-04:00", 0},
    {"XSP", 20230915, "2023-09-15T16:00:00-04:00", 0},
    {"SPY", 20240119, "2024-01-19T16:00:00-05:00", 0},
    {"AAPL", 20240119, "2024-01-19T16:00:00-05:00", GEX_FLAG_UNKNOWN_ROOT},
    {"AAPL7", 20140117, "2014-01-17T16:00:00-05:00", GEX_FLAG_UNKNOWN_ROOT},
    {"SPX", 20140118, "2014-01-17T09:30:00-05:00", GEX_FLAG_MOVED_EXPIRY}, /* Saturdays were listed before 2015 */
    {"SPY", 20140118, "2014-01-17T16:00:00-05:00", GEX_FLAG_MOVED_EXPIRY},
    {"AAPL", 20140419, "2014-04-17T16:00:00-04:00", GEX_FLAG_MOVED_EXPIRY | GEX_FLAG_UNKNOWN_ROOT}, /* Good Friday */
    {"SPX", 20080322, "2008-03-20T09:30:00-04:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPY", 20181205, "2018-12-04T16:00:00-05:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPXW", 20231225, "2023-12-22T16:00:00-05:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPY", 20241130, "2024-11-29T13:00:00-05:00", GEX_FLAG_MOVED_EXPIRY}, /* onto an early close */
    {"SPXW", 20240310, "2024-03-08T16:00:00-05:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPY", 20010912, "2001-09-10T16:00:00-04:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPY", 19990101, "1999-01-01T16:00:00-05:00", 0}, /* outside the table: a weekday is open */
    {"SPY", 19990102, "1999-01-01T16:00:00-05:00", GEX_FLAG_MOVED_EXPIRY},
    {"SPY", 20361225, "2036-12-25T16:00:00-05:00", 0},
};

START_TEST(options_settle)
{
    const struct settlement_case *c = &settlements[_i];
    uint32_t flags = 0xffffffff;
    char text[40];
    int64_t instant;

    ck_assert_int_eq(gex_settlement(c->root, (int64_t)strlen(c->root), c->date, &instant, &flags, NULL), GEX_OK);
    gex_instant_format(instant, GEX_ZONE_NEW_YORK, text, sizeof text);
    ck_assert_str_eq(text, c->instant);
    ck_assert_uint_eq(flags, c->flags);
    ck_assert_int_eq(gex_settlement(c->root, (int64_t)strlen(c->root), c->date, &instant, NULL, NULL), GEX_OK);
}
END_TEST

/* ---- years ----------------------------------------------------------------------------------------------------- */

START_TEST(years_are_days_of_365)
{
    const int64_t hour = 3600 * SECOND, day = 24 * hour;

    ck_assert_double_eq(gex_years(GEX_CLOCK_CAL_365, 0, 365 * day), 1.0);
    ck_assert_double_eq(gex_years(GEX_CLOCK_CAL_365, 365 * day, 0), -1.0);
    ck_assert_double_eq(gex_years(GEX_CLOCK_CAL_365, 5, 5), 0.0);
    /* conventions.md section 2: three hours */
    ck_assert_double_eq_tol(gex_years(GEX_CLOCK_CAL_365, day, day + 3 * hour), 0.000342466, 5e-10);
    ck_assert_double_eq(gex_years(GEX_CLOCK_CAL_365, day, day + 3 * hour), 3.0 / 8760.0);
    /* 2^64 - 1 ns. The quotient of rounded numbers is within two roundings. */
    ck_assert_double_eq_tol(gex_years(GEX_CLOCK_CAL_365, INT64_MIN, INT64_MAX), 584.942417355072, 1e-12);
    ck_assert_double_eq_tol(gex_years(GEX_CLOCK_CAL_365, INT64_MAX, INT64_MIN), -584.942417355072, 1e-12);
    ck_assert(isnan(gex_years(0, 0, day)));
    ck_assert(isnan(gex_years(99, 0, day)));
}
END_TEST

START_TEST(clocks_have_names)
{
    ck_assert_str_eq(gex_clock_name(GEX_CLOCK_CAL_365), "CAL_365");
    ck_assert_int_eq(gex_clock_find("CAL_365"), GEX_CLOCK_CAL_365);
    ck_assert_int_eq(gex_clock_find("CAL_36"), 0);
    ck_assert_int_eq(gex_clock_find("cal_365"), 0);
    ck_assert_int_eq(gex_clock_find(""), 0);
    ck_assert_int_eq(gex_clock_find(NULL), 0);
    ck_assert_ptr_nonnull(gex_clock_name(0));
    ck_assert_ptr_nonnull(gex_clock_name(INT32_MIN));
}
END_TEST

Suite *suite_clock(void)
{
    Suite *suite = suite_create("clock");
    TCase *text = tcase_create("instants"), *session = tcase_create("sessions"), *years = tcase_create("years");

    tcase_add_loop_test(text, instants_are_read, 0, LENGTH(instants));
    tcase_add_loop_test(text, what_is_no_instant_is_refused, 0, LENGTH(refusals));
    tcase_add_test(text, missing_arguments_are_refused);
    tcase_add_loop_test(text, instants_are_written, 0, LENGTH(writings));
    suite_add_tcase(suite, text);
    tcase_add_loop_test(session, years_have_their_sessions, 0, LENGTH(year_counts));
    tcase_add_test(session, announced_years_match_day_by_day);
    tcase_add_loop_test(session, known_days_have_their_session, 0, LENGTH(known));
    tcase_add_test(session, sessions_open_and_close_in_new_york);
    tcase_add_loop_test(session, options_settle, 0, LENGTH(settlements));
    suite_add_tcase(suite, session);
    tcase_add_test(years, years_are_days_of_365);
    tcase_add_test(years, clocks_have_names);
    suite_add_tcase(suite, years);
    return suite;
}
