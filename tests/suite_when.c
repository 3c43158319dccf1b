/* SPDX-License-Identifier: Apache-2.0 */
/* Dates as people write them above a table. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "feed/when.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *suite_when(void);

/* Expected: seconds since 1970 UTC from Python's zoneinfo, America/New_York and America/Chicago. Year 0: not in the
 * text, the instant is that of 2023. */
static const struct when_case {
    const char *text;
    int64_t     seconds;
    int32_t     year;
} when_cases[] = {
    /* as Cboe writes them, and as seen after a hand or a spreadsheet was on them */
    {"September 14, 2023 at 4:31 PM EDT", 1694723460, 2023},
    {"September 14, 2023 at 3:31 PM CDT", 1694723460, 2023},
    {"September 14, 2023 at 2:31 PM MDT", 1694723460, 2023},
    {"September 14, 2023 at 1:31 PM MST", 1694723460, 2023},
    {"September 14, 2023 at 1:31 PM PDT", 1694723460, 2023},
    {"September 14, 2023 at 12:31 PM PST", 1694723460, 2023},
    {"September 14, 2023 at 1:31 PM PT", 1694723460, 2023},
    {"September 14, 2023 at 2:31 PM MT", 1694723460, 2023},
    {"September 14, 2023 at 3:31 PM Central", 1694723460, 2023},
    {"September 14, 2023 at 4:31 PM EDT\",Bid: 4483.25,Ask: 4526.27,Size: 1*1,Volume: 0", 1694723460, 2023},
    {"July 12, 2022, 11:55 AM EDT\",Bid: 3855.3701,Ask: 3857.1599,Size: 1*1,Volume: 0,,,,,", 1657641300, 2022},
    {"12 June 2023, 4:35 PM EDT,Bid: 358.26,Ask: 358.28,Size: 5*12,Volume: 23,342,321", 1686602100, 2023},
    {"24 September 2023,1:46 PM EDT,Bid: 358.23", 1695577560, 2023},
    {"January 7, 2024 at 10:52 AM EST", 1704642720, 2024},
    {"2023-09-14 16:31:00", 1694723460, 2023},
    {"2023-09-14T16:31:00-04:00", 1694723460, 2023},
    {"2023-09-14T20:31:00Z", 1694723460, 2023},
    {"2023-09-14T20:31:00.000+00:00", 1694723460, 2023},
    {"2023/09/14 16:31", 1694723460, 2023},
    {"20230914 16:31", 1694723460, 2023},
    {"Thu Sep 14 2023 16:31", 1694723460, 2023},
    {"Thu Sep 14 2023 16:31:00 GMT-0400 (Eastern Daylight Time)", 1694723460, 2023},
    {"Thu, 14 Sep 2023 20:31:00 GMT", 1694723460, 2023},
    {"9/14/2023 4:31:00 PM", 1694723460, 2023},
    {"9/14/23 4:31 PM", 1694723460, 2023},
    {"14/9/2023 16:31", 1694723460, 2023},
    {"14.09.2023 16:31", 1694723460, 2023},
    {"5.9.2023 16:31", 1693945860, 2023},
    {"09-14-2023 04:31 PM", 1694723460, 2023},
    {"14-Sep-2023 16:31 EDT", 1694723460, 2023},
    {"Sept. 14th, 2023 4:31 p.m. ET", 1694723460, 2023},
    {"4:31PM Eastern Time on Thursday the 14th of September 2023", 1694723460, 2023},
    {"September 14, 2023 at 4:31\xe2\x80\xafPM EDT", 1694723460, 2023}, /* narrow no-break space */
    {"September 14, 2023 at 4:31\xc2\xa0PM\xc2\xa0" "EDT", 1694723460, 2023},
    {"SEPTEMBER 14 2023 04:31 PM (delayed by 15 minutes)", 1694723460, 2023},
    {"September 14, 2023 at 3:31 PM CDT", 1694723460, 2023},
    {"September 14, 2023 at 3:31 PM CT", 1694723460, 2023},
    {"December 12, 2022 at 7:30 PM CT", 1670895000, 2022},
    {"December 12, 2022 at 7:30 PM CST", 1670895000, 2022},
    {"December 12, 2022 at 8:30 PM EST", 1670895000, 2022},
    {"December 12, 2022 at 8:30 PM", 1670895000, 2022},
    {"2022-12-13 01:30 UTC", 1670895000, 2022},
    {"2022-12-12 20:30 GMT-5", 1670895000, 2022},
    {"2022-12-12 20:30 -0500", 1670895000, 2022},
    {"2022-12-13 07:00 +05:30", 1670895000, 2022},
    {"December 13, 2022 at 12:30 AM EST", 1670909400, 2022},
    {"December 13, 2022 at 12:30 PM EST", 1670952600, 2022},
    {"December 13, 2022, 12 PM EST", 1670950800, 2022},
    /* the year is missing */
    {"September 14 at 4:31 PM EDT", 1694723460, 0},
    {"14 September, 4:31 PM EDT,Bid: 4483.25", 1694723460, 0},
    {"Thu Sep 14 16:31", 1694723460, 0},
    {"9/14 4:31 PM", 1694723460, 0},
};

static struct gex__span span_of(const char *text)
{
    return (struct gex__span){text, (int64_t)strlen(text)};
}

START_TEST(a_date_is_read)
{
    const struct when_case *c = &when_cases[_i];
    struct gex__when when;
    int64_t instant;

    ck_assert_msg(gex__when_read(span_of(c->text), &when), "%s: not read", c->text);
    ck_assert_msg(when.civil.year == c->year, "%s: year %d", c->text, when.civil.year);
    ck_assert(gex__when_instant(&when, 2023, &instant));
    ck_assert_msg(instant == c->seconds * GEX_SECOND, "%s: %lld", c->text, (long long)(instant / GEX_SECOND));
}
END_TEST

START_TEST(a_fraction_is_kept)
{
    struct gex__when when;
    int64_t instant;

    ck_assert(gex__when_read(span_of("2023-09-14 16:31:00.25"), &when));
    ck_assert(gex__when_instant(&when, 0, &instant));
    ck_assert_int_eq(instant, INT64_C(1694723460250000000));
}
END_TEST

/* A date that is half understood is no instant. */
static const char *const refused[] = {
    "",
    "September 14, 2023",           /* no time of day */
    "4:31 PM EDT",                  /* no date */
    "September 2023 4:31 PM",       /* no day */
    "September 14, 2023 4:31 PM AKST", /* a zone that is not known */
    "September 14, 2023 4:31 PM close",
    "Sextember 14, 2023 4:31 PM",
    "September 31, 2023 4:31 PM",
    "February 29, 2023 4:31 PM",
    "September 14, 2023 4:61 PM",
    "September 14, 2023 24:31",
    "September 14, 2023 16:31 AM",
    "September 14, 2023 4:3 PM",
    "September 14, 2023 4:31:5 PM",
    "September 14, 2023 4:31 PM 5:31 PM",
    "September 14, 2023 October 4:31 PM",
    "September 14, 2023 2024 4:31 PM",
    "September 14, 2023 4:31 PM EDT EST",
    "September 14, 2023 4:31 PM +25:00",
    "September 14, 1723 4:31 PM",
    "13.14.2023 16:31",
    "13/13/2023 16:31",
    "9/14/023 16:31",
    "12023-09-14 16:31",
    "99999999999999999999 16:31",
    "September 14, 2023 4:31:00.5x PM",
    "Last: 4505.10",
};

START_TEST(half_a_date_is_none)
{
    struct gex__when when;

    ck_assert_msg(!gex__when_read(span_of(refused[_i]), &when), "\"%s\" was read", refused[_i]);
}
END_TEST

START_TEST(no_such_wall_time)
{
    struct gex__when when;
    int64_t instant;

    ck_assert(gex__when_read(span_of("March 12, 2023 2:30 AM ET"), &when)); /* skipped by summer time */
    ck_assert(!gex__when_instant(&when, 0, &instant));
    ck_assert(gex__when_read(span_of("February 29, 4:00 PM"), &when));
    ck_assert(!gex__when_instant(&when, 2023, &instant));
    ck_assert(gex__when_instant(&when, 2024, &instant));
    ck_assert_int_eq(instant, 1709240400 * GEX_SECOND);
}
END_TEST

Suite *suite_when(void)
{
    Suite *suite = suite_create("when");
    TCase *tcase = tcase_create("when");

    tcase_add_loop_test(tcase, a_date_is_read, 0, LENGTH(when_cases));
    tcase_add_test(tcase, a_fraction_is_kept);
    tcase_add_loop_test(tcase, half_a_date_is_none, 0, LENGTH(refused));
    tcase_add_test(tcase, no_such_wall_time);
    suite_add_tcase(suite, tcase);
    return suite;
}
