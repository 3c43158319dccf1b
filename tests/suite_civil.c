/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and New York time, against Python's datetime and the IANA database (golden/generate_new_york.py). */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"

Suite *suite_civil(void);

/* Calls `test` with what follows `kind` on every golden line of that kind. @return how many. */
static int64_t golden_lines(const char *kind, void (*test)(const char *rest))
{
    FILE *file = fopen(TESTS_DIR "/golden/new_york.txt", "r");
    char line[160];
    int64_t count = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, kind, strlen(kind)) != 0)
            continue;
        test(line + strlen(kind));
        count++;
    }
    fclose(file);
    return count;
}

static void date_line(const char *rest)
{
    int32_t date, weekday;
    int64_t days, got;

    ck_assert_int_eq(sscanf(rest, "%" SCNd32 "%" SCNd64 "%" SCNd32, &date, &days, &weekday), 3);
    ck_assert(gex__days_from_yyyymmdd(date, &got));
    ck_assert_msg(got == days, "%d: %" PRId64 " days, expected %" PRId64, (int)date, got, days);
    ck_assert_int_eq(gex__yyyymmdd_from_days(days), date);
    ck_assert_int_eq(gex__weekday(days), weekday);
}

START_TEST(dates_match_python)
{
    ck_assert_int_gt(golden_lines("date", date_line), 200);
}
END_TEST

static void offset_line(const char *rest)
{
    int64_t seconds;
    int32_t offset;

    ck_assert_int_eq(sscanf(rest, "%" SCNd64 "%" SCNd32, &seconds, &offset), 2);
    ck_assert_msg(gex__new_york_offset(seconds * GEX_SECOND) == offset, "at %" PRId64 ": expected %d", seconds,
                  (int)offset);
    ck_assert_int_eq(gex__new_york_offset(seconds * GEX_SECOND + GEX_SECOND - 1), offset);
}

START_TEST(offsets_match_the_iana_database)
{
    ck_assert_int_gt(golden_lines("offset", offset_line), 1000);
}
END_TEST

static void local_line(const char *rest)
{
    struct gex__civil wall = {0}, back;
    char expected[40], got[40] = "skipped";
    int64_t instant;

    ck_assert_int_eq(sscanf(rest, " %d-%d-%dT%d:%d:%d %39s", &wall.year, &wall.month, &wall.day, &wall.hour,
                            &wall.minute, &wall.second, expected), 7);
    if (gex__instant_from_new_york(&wall, &instant)) {
        snprintf(got, sizeof got, "%" PRId64, instant / GEX_SECOND);
        gex__civil_from_instant(instant, gex__new_york_offset(instant), &back);
        ck_assert_mem_eq(&back, &wall, sizeof wall);
    }
    ck_assert_msg(strcmp(got, expected) == 0, "%s: got %s", rest, got);
}

START_TEST(local_times_match_the_iana_database)
{
    ck_assert_int_gt(golden_lines("local", local_line), 500);
}
END_TEST

/* Every day of 1600 to 2400 follows the day before, by the calendar everybody learns at school. */
START_TEST(days_follow_one_another)
{
    static const int32_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t days = -135140; /* 1600-01-01: 370 years of which 90 were leap years */
    int32_t weekday = 6;    /* a Saturday */

    for (int32_t year = 1600; year <= 2400; year++) {
        const int32_t leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

        for (int32_t month = 1; month <= 12; month++) {
            for (int32_t day = 1; day <= length[month - 1] + (month == 2 ? leap : 0); day++) {
                int32_t y, m, d;

                gex__date_from_days(days, &y, &m, &d);
                if (y != year || m != month || d != day || gex__days_from_date(year, month, day) != days ||
                    gex__weekday(days) != weekday || !gex__date_valid(year, month, day))
                    ck_abort_msg("%d-%d-%d, day %" PRId64, (int)year, (int)month, (int)day, days);
                days++;
                weekday = (weekday + 1) % 7;
            }
            ck_assert(!gex__date_valid(year, month, length[month - 1] + (month == 2 ? leap : 0) + 1));
        }
    }
}
END_TEST

static const int32_t no_dates[] = {
    0,        -1,       -20230914, INT32_MIN, INT32_MAX, 20230230, 20230229, 19000229, 20230431,
    20231301, 20230001, 20230100,  20230132,  18991231,  22010101, 230914,   20239999,
};

START_TEST(what_is_no_date_is_refused)
{
    int64_t days = 7;

    ck_assert_msg(!gex__days_from_yyyymmdd(no_dates[_i], &days), "%d", (int)no_dates[_i]);
    ck_assert_int_eq(days, 7);
}
END_TEST

START_TEST(instants_before_1970_have_a_date_and_a_time)
{
    struct gex__civil civil;

    gex__civil_from_instant(-1, 0, &civil);
    ck_assert(civil.year == 1969 && civil.month == 12 && civil.day == 31 && civil.hour == 23 && civil.minute == 59);
    ck_assert(civil.second == 59 && civil.nanosecond == 999999999);
    ck_assert_int_eq(gex__instant_from_civil(&civil, 0), -1);
}
END_TEST

/* The ends of int64_t are instants too: 1677-09-21T00:12:43.145224192 and 2262-04-11T23:47:16.854775807, the limits
 * that numpy documents for datetime64[ns]. */
START_TEST(the_first_and_last_instant)
{
    struct gex__civil civil;

    gex__civil_from_instant(INT64_MIN, 0, &civil);
    ck_assert(civil.year == 1677 && civil.month == 9 && civil.day == 21 && civil.hour == 0 && civil.minute == 12);
    ck_assert(civil.second == 43 && civil.nanosecond == 145224192);
    gex__civil_from_instant(INT64_MAX, 0, &civil);
    ck_assert(civil.year == 2262 && civil.month == 4 && civil.day == 11 && civil.hour == 23 && civil.minute == 47);
    ck_assert(civil.second == 16 && civil.nanosecond == 854775807);
    ck_assert_int_eq(gex__new_york_offset(INT64_MAX), -14400);
}
END_TEST

Suite *suite_civil(void)
{
    Suite *suite = suite_create("civil");
    TCase *dates = tcase_create("dates"), *zone = tcase_create("new york");

    tcase_add_test(dates, dates_match_python);
    tcase_add_test(dates, days_follow_one_another);
    tcase_add_loop_test(dates, what_is_no_date_is_refused, 0, sizeof no_dates / sizeof no_dates[0]);
    tcase_add_test(dates, instants_before_1970_have_a_date_and_a_time);
    tcase_add_test(dates, the_first_and_last_instant);
    tcase_set_timeout(dates, 60);
    suite_add_tcase(suite, dates);
    tcase_add_test(zone, offsets_match_the_iana_database);
    tcase_add_test(zone, local_times_match_the_iana_database);
    suite_add_tcase(suite, zone);
    return suite;
}
