/* SPDX-License-Identifier: Apache-2.0 */
/* Years by every clock, open days, and units of variance: against golden values, the tables of the conventions, and
 * sums taken minute by minute. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

Suite *suite_calendar(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define SECOND        INT64_C(1000000000)
#define MINUTE        (60 * SECOND)
#define HOUR          (3600 * SECOND)
#define DAY           (24 * HOUR)

/* "2024-03-13 09:30" in New York, or with an offset. */
static int64_t at(const char *text)
{
    gex_error error = {0};
    int64_t instant = 0;

    ck_assert_msg(gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &instant, &error) == GEX_OK,
                  "%s: %s", text, error.message);
    return instant;
}

static gex_calendar *calendar_of(const gex_calendar_options *options)
{
    gex_calendar *calendar = NULL;
    gex_error error = {0};

    ck_assert_msg(gex_calendar_create(NULL, options, &calendar, &error) == GEX_OK, "%s", error.message);
    return calendar;
}

/* ---- years ------------------------------------------------------------------------------------------------------ */

/* Whole counts by hand from the days of each month; a year is 365, 365.25, 252, 262, 252 x 6.5 h. */
static const struct years_case {
    int32_t clock;
    const char *from, *to;
    double count, year;
} years_cases[] = {
    {GEX_CLOCK_CAL_365, "2024-06-03 13:00", "2024-06-03 16:00", 3, 8760},
    {GEX_CLOCK_CAL_365_25, "2024-06-03 13:00", "2024-06-03 16:00", 3, 8766},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-03 13:00", "2024-06-03 16:00", 3, 1638},
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-03 13:00", "2024-06-03 16:00", 1, 252},
    {GEX_CLOCK_BUS_262_DAYS, "2024-06-03 13:00", "2024-06-03 16:00", 1, 262},
    /* to the second, and below it */
    {GEX_CLOCK_CAL_365, "2024-06-03 15:59:59", "2024-06-03 16:00", 1, 31536000},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-03 15:59:59", "2024-06-03 16:00", 1, 5896800},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-03 15:59:59.999999999", "2024-06-03 16:00", 1, 5.8968e15},
    /* whole days: the hour says nothing, the first day counts, the last does not */
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-03 23:59", "2024-06-04 09:30", 1, 252},
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-03 00:00", "2024-06-05 16:00", 2, 252},
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-07 18:00", "2024-06-10 16:00", 1, 252}, /* after Friday's close */
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-08 12:00", "2024-06-10 09:30", 1, 252}, /* a Saturday: none, hence one */
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-09 12:00", "2024-06-11 16:00", 1, 252}, /* a Sunday */
    {GEX_CLOCK_BUS_252_DAYS, "2024-06-03 13:00", "2024-07-03 13:00", 21, 252}, /* Juneteenth is none */
    {GEX_CLOCK_BUS_262_DAYS, "2024-06-03 13:00", "2024-07-03 13:00", 22, 262}, /* and a weekday */
    {GEX_CLOCK_BUS_252_DAYS, "2024-01-01 00:00", "2025-01-01 00:00", 252, 252},
    {GEX_CLOCK_BUS_262_DAYS, "2024-01-01 00:00", "2025-01-01 00:00", 262, 262},
    {GEX_CLOCK_BUS_252_DAYS, "2025-01-01 00:00", "2026-01-01 00:00", 250, 252}, /* 2025-01-09 was closed */
    /* settlement in the morning: a day by the date, nothing by open time */
    {GEX_CLOCK_BUS_252_DAYS, "2023-09-14 16:31", "2023-09-15 09:30", 1, 252},
    {GEX_CLOCK_BUS_252_CLOCK, "2023-09-14 16:31", "2023-09-15 09:30", 0, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2023-09-14 15:00", "2023-09-15 09:30", 1, 1638},
    /* open time: nights, weekends and holidays are nothing, early closes are short */
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-07 15:30", "2024-06-10 10:30", 1.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-08 12:00", "2024-06-10 16:00", 6.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-11-29 09:30", "2024-11-29 16:00", 3.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-11-27 09:30", "2024-12-02 09:30", 10, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-11-29 14:00", "2024-12-02 09:30", 0, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-06-03 04:00", "2024-06-03 09:30", 0, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2001-09-10 16:00", "2001-09-17 16:00", 6.5, 1638}, /* five days closed */
    {GEX_CLOCK_BUS_252_CLOCK, "2012-10-26 16:00", "2012-10-31 16:00", 6.5, 1638}, /* hurricane Sandy */
    {GEX_CLOCK_BUS_252_CLOCK, "2018-12-04 16:00", "2018-12-06 16:00", 6.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2004-06-10 16:00", "2004-06-14 16:00", 6.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2006-12-29 16:00", "2007-01-03 16:00", 6.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2025-01-08 16:00", "2025-01-10 16:00", 6.5, 1638},
    /* the changes of 10 March and 3 November 2024: an hour of the calendar, none of the sessions */
    {GEX_CLOCK_CAL_365, "2024-03-08 16:00", "2024-03-11 16:00", 71, 8760},
    {GEX_CLOCK_CAL_365, "2024-11-01 16:00", "2024-11-04 16:00", 73, 8760},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-03-08 15:00", "2024-03-11 16:00", 7.5, 1638},
    {GEX_CLOCK_BUS_252_CLOCK, "2024-11-01 15:00", "2024-11-04 16:00", 7.5, 1638},
    /* 08:00 UTC on a Friday and on a Sunday */
    {GEX_CLOCK_CAL_365, "2026-03-06T07:00:00Z", "2026-03-06T08:00:00Z", 1, 8760},
    {GEX_CLOCK_BUS_252_CLOCK, "2026-03-06T00:00:00Z", "2026-03-08T08:00:00Z", 6.5, 1638},
};

START_TEST(years_are_counted)
{
    const struct years_case *c = &years_cases[_i];
    const double got = gex_years(c->clock, at(c->from), at(c->to)), expected = c->count / c->year;

    ck_assert_msg(fabs(got - expected) <= 2e-16 * expected, "%s from %s to %s: got %.17g of %.17g",
                  gex_clock_name(c->clock), c->from, c->to, got, expected);
    ck_assert_double_eq(gex_years(c->clock, at(c->to), at(c->from)), -got);
    ck_assert_double_eq(gex_years(c->clock, at(c->to), at(c->to)), 0.0);
}
END_TEST

static const int64_t spans[] = {1, SECOND, 3 * HOUR, DAY, 5 * DAY, 30 * DAY, 400 * DAY};

/* Instants of every hour of day and week. @return the k-th */
static int64_t instant_of(int64_t k)
{
    return at("2023-10-30 00:00") + k * (7 * HOUR + 13 * MINUTE + 11 * SECOND + 7);
}
enum { INSTANTS = 120 };

START_TEST(clocks_are_additive_and_never_run_back)
{
    const int32_t clock = _i + 1;
    const int whole = clock == GEX_CLOCK_BUS_252_DAYS || clock == GEX_CLOCK_BUS_262_DAYS;

    for (int64_t k = 0; k < INSTANTS; k++) {
        const int64_t a = instant_of(k);

        for (int s = 0; s < LENGTH(spans); s++) {
            const int64_t b = a + spans[s], c = b + spans[(s + 3) % LENGTH(spans)];
            const double ab = gex_years(clock, a, b), bc = gex_years(clock, b, c), ac = gex_years(clock, a, c);

            ck_assert(ab >= 0.0 && ac >= ab && ac >= bc);
            ck_assert_double_eq(gex_years(clock, b, a), -ab);
            if (!whole)
                ck_assert_msg(fabs(ab + bc - ac) <= 1e-15 * ac, "%s: %.17g + %.17g is not %.17g", gex_clock_name(clock),
                              ab, bc, ac);
        }
    }
}
END_TEST

/* The printed years and gammas of conventions.md section 2: s = .16, K = S = 5000, r = .04, q = .013, carry in the
 * years of the clock. */
static const struct {
    int32_t clock;
    double years, gamma, usd;
} floors[] = {
    {GEX_CLOCK_CAL_365, 0.000342466, 0.026946662, 673.666542},
    {GEX_CLOCK_BUS_252_CLOCK, 0.001831502, 0.01165149, 291.287240},
    {GEX_CLOCK_BUS_262_DAYS, 0.003816794, 0.0080704526, 201.761315},
    {GEX_CLOCK_BUS_252_DAYS, 0.003968254, 0.0079148853, 197.872133},
};

START_TEST(the_clock_alone_moves_gamma_by_a_factor_of_three)
{
    const double years = gex_years(floors[_i].clock, at("2024-06-03 13:00"), at("2024-06-03 16:00"));
    const double spot = 5000, vol = 0.16, rate = 0.04, carry = 0.013;
    const int8_t right = GEX_CALL;
    const int32_t greek = GEX_GREEK_GAMMA;
    double gamma, *const output = &gamma;
    gex_european_columns columns;

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = columns.strike = (gex_f64){&spot, 0};
    columns.years = (gex_f64){&years, 0};
    columns.vol = (gex_f64){&vol, 0};
    columns.rate = (gex_f64){&rate, 0};
    columns.carry_yield = (gex_f64){&carry, 0};
    columns.right = (gex_i8){&right, 0};
    ck_assert_int_eq(gex_european(NULL, &columns, &greek, 1, &output, NULL, NULL), GEX_OK);
    ck_assert_double_eq_tol(years, floors[_i].years, 5e-10);
    ck_assert_double_eq_tol(gamma, floors[_i].gamma, _i < 2 ? 5e-9 : 5e-11);
    ck_assert_double_eq_tol(gamma * spot * spot / 100 * 1000 * 100 / 1e6, floors[_i].usd, 5e-7);
}
END_TEST

/* ---- variance --------------------------------------------------------------------------------------------------- */

/* The days of time_variance.csv, as its header has them. */
static const int32_t golden_closed[] = {20240101, 20240115, 20240219, 20240329, 20240527, 20240704, 20241128, 20241225};
static const int32_t golden_early[] = {20240703, 20241129, 20241224};

static gex_calendar *golden_calendar(double session, double non_business, double u_shape)
{
    gex_calendar_options options;

    gex_calendar_options_init(&options, sizeof options);
    options.session = session;
    options.non_business = non_business;
    options.u_shape = u_shape;
    options.own_days = 1;
    options.closed_count = LENGTH(golden_closed);
    options.closed = (gex_i32){golden_closed, sizeof(int32_t)};
    options.early_count = LENGTH(golden_early);
    options.early = (gex_i32){golden_early, sizeof(int32_t)};
    return calendar_of(&options);
}

/* ws, wn, c, from, to, calendar years, units, years. Its units are sums from the start of the year: a few 1e-14. */
START_TEST(golden_variance_is_met)
{
    FILE *file = fopen(TESTS_DIR "/golden/time_variance.csv", "r");
    char line[512], from[17], to[17];
    double ws, wn, c, calendar_years, units, years;
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        gex_calendar *calendar;

        if (sscanf(line, "%lf,%lf,%lf,%16[^,],%16[^,],%lf,%lf,%lf", &ws, &wn, &c, from, to, &calendar_years, &units,
                   &years) != 8)
            continue;
        calendar = golden_calendar(ws, wn, c);
        ck_assert_double_eq_tol(gex_years(GEX_CLOCK_CAL_365, at(from), at(to)), calendar_years, 1e-15);
        ck_assert_msg(fabs(gex_calendar_units(calendar, at(from), at(to)) - units) <= 1e-13, "%s to %s: %.17g", from,
                      to, gex_calendar_units(calendar, at(from), at(to)));
        ck_assert_double_eq_tol(gex_calendar_years(calendar, GEX_CLOCK_VARIANCE_CLOCK, at(from), at(to)), years, 1e-15);
        gex_calendar_free(calendar);
        rows++;
    }
    fclose(file);
    ck_assert_int_eq(rows, 11);
}
END_TEST

/* By the US calendar and the defaults, worked out in fractions. */
START_TEST(a_calendar_that_is_not_given_is_that_of_the_us)
{
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-03-13 15:00"), at("2024-03-13 16:00")), 0.169458352298589,
                            1e-15);
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-03-15 15:30"), at("2024-03-18 16:00")),
                            1.1937414656349568, 2e-15);
    ck_assert_double_eq_tol(gex_years(GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-15 15:30"), at("2024-03-18 16:00")),
                            0.004633190241160324, 1e-17);
    ck_assert_double_eq(gex_calendar_weight(NULL, GEX_WEIGHT_YEAR), 257.65);
    ck_assert_double_eq(gex_calendar_weight(NULL, GEX_WEIGHT_OVERNIGHT), 0.25);
    /* 2024-06-19 and 2024-09-02 are closed here */
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-06-18 16:00"), at("2024-06-20 09:30")), 0.30, 1e-15);
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-08-30 16:00"), at("2024-09-03 09:30")), 0.40, 1e-15);
    /* five closed days and a weekend; an early close in proportion; an hour that summer time takes from a weekend */
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2001-09-10 16:00"), at("2001-09-17 09:30")), 0.55, 1e-15);
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-11-29 09:30"), at("2024-11-29 13:00")), 0.75 * 3.5 / 6.5,
                            1e-15);
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-03-08 16:00"), at("2024-03-10 01:00")), 0.35 * 33 / 64.5,
                            1e-15);
    ck_assert_double_eq_tol(gex_calendar_units(NULL, at("2024-11-01 16:00"), at("2024-11-03 12:00")), 0.35 * 45 / 66.5,
                            1e-15);
}
END_TEST

/* Pace by pace: the midpoint rule over every second, a session's kinks falling between two of them. */
START_TEST(units_are_the_sum_of_their_pace)
{
    static const struct {
        const char *from, *to;
    } stretches[] = {{"2024-07-02 11:17:31", "2024-07-05 12:03"}, {"2024-03-08 15:00", "2024-03-11 10:00"}};
    const int64_t from = at(stretches[_i].from), to = at(stretches[_i].to);
    const double second = 1.0 / 31536000, year = gex_calendar_weight(NULL, GEX_WEIGHT_YEAR);
    double variance = 0.0, open = 0.0;

    for (int64_t t = from; t < to; t += SECOND) {
        variance += gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, t + SECOND / 2) * second;
        open += gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, t + SECOND / 2) * second;
    }
    /* the rule is off by u'' / 24: 3e-10 of a session */
    ck_assert_double_eq_tol(variance * year, gex_calendar_units(NULL, from, to), 1e-8);
    ck_assert_double_eq_tol(open, gex_years(GEX_CLOCK_BUS_252_CLOCK, from, to), 1e-13);
}
END_TEST

START_TEST(pace_is_that_of_the_hour)
{
    const double year = 257.65;

    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-13 09:30")),
                            0.75 * 1.8 / 6.5 * 8760 / year, 1e-14);
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-13 12:45")),
                            0.75 * 0.6 / 6.5 * 8760 / year, 1e-14);
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-13 15:59:59.999999999")),
                            0.75 * 1.8 / 6.5 * 8760 / year, 1e-11);
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-13 16:00")),
                            0.25 / 17.5 * 8760 / year, 1e-15);
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-16 03:00")),
                            0.35 / 65.5 * 8760 / year, 1e-15);
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, at("2024-11-29 11:15")),
                            0.75 * 0.6 / 6.5 * 8760 / year, 1e-14); /* midday of an early close */
    ck_assert_double_eq_tol(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, at("2024-03-13 09:30")), 8760.0 / 1638,
                            1e-15);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, at("2024-03-13 16:00")), 0.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, at("2024-03-13 09:29:59.999999999")), 0.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, at("2024-11-29 13:00")), 0.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_CLOCK, at("2024-03-16 12:00")), 0.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_CAL_365, at("2024-03-16 12:00")), 1.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_CAL_365_25, at("2024-03-16 12:00")), 365 / 365.25);
    ck_assert_double_nan(gex_calendar_pace(NULL, GEX_CLOCK_BUS_252_DAYS, at("2024-03-13 12:00")));
    ck_assert_double_nan(gex_calendar_pace(NULL, GEX_CLOCK_BUS_262_DAYS, at("2024-03-13 12:00")));
}
END_TEST

START_TEST(weights_are_kept)
{
    gex_calendar_options options;
    gex_calendar *calendar;

    gex_calendar_options_init(&options, sizeof options);
    options.session = 1.25;
    calendar = calendar_of(&options); /* more than a day: no night is left to derive */
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_OVERNIGHT), 0.0);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_YEAR), 252 * 1.25 + 113 * 0.05);
    gex_calendar_free(calendar);
    options.overnight = 0.5;
    options.year = 365;
    calendar = calendar_of(&options);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_SESSION), 1.25);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_OVERNIGHT), 0.5);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_NON_BUSINESS), 0.05);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_U_SHAPE), 0.4);
    ck_assert_double_eq(gex_calendar_weight(calendar, GEX_WEIGHT_YEAR), 365);
    ck_assert_double_eq_tol(gex_calendar_years(calendar, GEX_CLOCK_VARIANCE_CLOCK, at("2024-03-13 09:30"),
                                               at("2024-03-14 09:30")), 1.75 / 365, 1e-18);
    gex_calendar_free(calendar);
}
END_TEST

/* An event belongs to the time up to it and not to the time from it on, in whatever order they were given. */
START_TEST(events_weigh_at_their_instant)
{
    const int64_t fed = at("2024-06-12 14:00"), cpi = at("2024-06-12 08:30"), end = at("2024-06-12 16:00");
    const int64_t instants[] = {fed, cpi, fed, end};
    const double units[] = {0.5, 0.75, 0.25, 0.125};
    gex_calendar_options options;
    gex_calendar *calendar, *backwards;

    gex_calendar_options_init(&options, sizeof options);
    options.event_count = 4;
    options.event = (gex_i64){instants, sizeof *instants};
    options.event_units = (gex_f64){units, sizeof *units};
    calendar = calendar_of(&options);
    options.event = (gex_i64){instants + 3, -(int64_t)sizeof *instants};
    options.event_units = (gex_f64){units + 3, -(int64_t)sizeof *units};
    backwards = calendar_of(&options);
    ck_assert_int_eq(gex_calendar_event_count(calendar), 4);
#define EXTRA(from, to) (gex_calendar_units(calendar, from, to) - gex_calendar_units(NULL, from, to))
    ck_assert_double_eq(EXTRA(fed - 1, fed), 0.75);
    ck_assert_double_eq(EXTRA(fed, fed + SECOND), 0.0);
    ck_assert_double_eq(EXTRA(fed, end - 1), 0.0);
    ck_assert_double_eq_tol(EXTRA(fed, end), 0.125, 1e-15);
    ck_assert_double_eq_tol(EXTRA(cpi - DAY, end + DAY), 1.625, 1e-15);
    ck_assert_double_eq_tol(EXTRA(end + DAY, cpi - DAY), -1.625, 1e-15);
    ck_assert_double_eq_tol(EXTRA(cpi, fed), 0.75, 1e-15);
    ck_assert_double_eq(gex_calendar_units(calendar, cpi - DAY, end), gex_calendar_units(backwards, cpi - DAY, end));
    ck_assert_double_eq(gex_calendar_pace(calendar, GEX_CLOCK_VARIANCE_CLOCK, fed),
                        gex_calendar_pace(NULL, GEX_CLOCK_VARIANCE_CLOCK, fed));
    gex_calendar_free(calendar);
    gex_calendar_free(backwards);
}
END_TEST

/* ---- days -------------------------------------------------------------------------------------------------------- */

START_TEST(days_of_the_caller_replace_those_of_the_us)
{
    static const int32_t closed[] = {20240703, 20240706, 20240701, 20240703, 19000101, 22001231};
    static const int32_t early[] = {20240705, 20240703, 20240707, 20240702, 20240705};
    gex_calendar_options options;
    gex_calendar *calendar;
    int64_t open = 7, close = 7;

    gex_calendar_options_init(&options, sizeof options);
    options.own_days = 1;
    options.closed_count = LENGTH(closed);
    options.closed = (gex_i32){closed, sizeof *closed};
    options.early_count = LENGTH(early);
    options.early = (gex_i32){early, sizeof *early};
    calendar = calendar_of(&options);
    ck_assert_int_eq(gex_calendar_own_days(calendar), 1);
    ck_assert_int_eq(gex_calendar_session(calendar, 20240701, &open, &close), GEX_SESSION_CLOSED);
    ck_assert(open == 7 && close == 7);
    ck_assert_int_eq(gex_calendar_session(calendar, 20240702, &open, &close), GEX_SESSION_EARLY_CLOSE);
    ck_assert(open == at("2024-07-02 09:30") && close == at("2024-07-02 13:00"));
    ck_assert_int_eq(gex_calendar_session(calendar, 20240703, NULL, NULL), GEX_SESSION_CLOSED); /* closed wins */
    ck_assert_int_eq(gex_calendar_session(calendar, 20240704, &open, &close),
                     GEX_SESSION_REGULAR); /* not a holiday here */
    ck_assert(open == at("2024-07-04 09:30") && close == at("2024-07-04 16:00"));
    ck_assert_int_eq(gex_calendar_session(calendar, 20240706, NULL, NULL), GEX_SESSION_CLOSED);
    ck_assert_int_eq(gex_calendar_session(calendar, 20240707, NULL, NULL), GEX_SESSION_CLOSED);
    ck_assert_int_eq(gex_calendar_session(calendar, 19770704, NULL, NULL), GEX_SESSION_REGULAR);
    ck_assert_int_eq(gex_calendar_session(calendar, 19000101, NULL, NULL), GEX_SESSION_CLOSED);
    /* 1 and 3 July closed, 2 and 5 July short: 3.5 + 6.5 + 3.5 hours of three days */
    ck_assert_double_eq_tol(gex_calendar_years(calendar, GEX_CLOCK_BUS_252_CLOCK, at("2024-06-30 12:00"),
                                               at("2024-07-07 12:00")), 13.5 / 1638, 1e-17);
    ck_assert_double_eq_tol(gex_calendar_years(calendar, GEX_CLOCK_BUS_252_DAYS, at("2024-06-30 12:00"),
                                               at("2024-07-07 12:00")), 3.0 / 252, 1e-17);
    ck_assert_double_eq_tol(gex_calendar_years(calendar, GEX_CLOCK_BUS_262_DAYS, at("2024-06-30 12:00"),
                                               at("2024-07-07 12:00")), 5.0 / 262, 1e-17);
    gex_calendar_free(calendar);

    options.closed_count = options.early_count = 0; /* no holidays at all */
    calendar = calendar_of(&options);
    ck_assert_int_eq(gex_calendar_session(calendar, 20241225, NULL, NULL), GEX_SESSION_REGULAR);
    gex_calendar_free(calendar);
}
END_TEST

/* Open days and early closes between dates, day by day through gex_session(). */
START_TEST(days_between_are_the_days_one_by_one)
{
    const int64_t first = at("2000-01-03 12:00");
    int64_t open = 0, weekdays = 0, half_hours = 0;

    for (int64_t k = 0; k < 13000; k++) { /* to August 2035, at noon by the clock of the wall */
        const int64_t today = first + k * DAY;
        const int32_t date = gex_instant_date(today, GEX_ZONE_NEW_YORK), session = gex_session(date, NULL, NULL);
        int64_t midnight = at("2000-01-03 00:00") + k * DAY;

        while (gex_instant_date(midnight, GEX_ZONE_NEW_YORK) < date)
            midnight += HOUR; /* summer time began or ended since */
        ck_assert_double_eq(gex_years(GEX_CLOCK_BUS_252_DAYS, first, today),
                            (double)(open > 0 || k == 0 ? open : 1) / 252);
        ck_assert_double_eq(gex_years(GEX_CLOCK_BUS_262_DAYS, first, today), (double)weekdays / 262);
        ck_assert_double_eq_tol(gex_years(GEX_CLOCK_BUS_252_CLOCK, at("2000-01-03 00:00"), midnight),
                                (double)half_hours / 3276, 1e-15 * (double)(1 + half_hours));
        open += session != GEX_SESSION_CLOSED;
        weekdays += k % 7 < 5; /* it began on a Monday */
        half_hours += session == GEX_SESSION_REGULAR ? 13 : session == GEX_SESSION_EARLY_CLOSE ? 7 : 0;
    }
    ck_assert_int_gt(open, 8900);
}
END_TEST

/* ---- settlement -------------------------------------------------------------------------------------------------- */

static const struct {
    int32_t settle, date;
    const char *instant;
    uint32_t flags;
} settlements[] = {
    {GEX_SETTLE_AM, 20230915, "2023-09-15 09:30", 0},
    {GEX_SETTLE_PM, 20230915, "2023-09-15 16:00", 0},
    {GEX_SETTLE_PM, 20231124, "2023-11-24 13:00", 0},
    {GEX_SETTLE_AM, 20231124, "2023-11-24 09:30", 0},
    {GEX_SETTLE_PM, 20240329, "2024-03-28 16:00", GEX_FLAG_MOVED_EXPIRY}, /* Good Friday */
    {GEX_SETTLE_AM, 20121029, "2012-10-26 09:30", GEX_FLAG_MOVED_EXPIRY}, /* hurricane Sandy */
    {GEX_SETTLE_0800_UTC, 20240329, "2024-03-29T08:00:00Z", 0},           /* Deribit knows no holidays */
    {GEX_SETTLE_0800_UTC, 20260307, "2026-03-07T08:00:00Z", 0},           /* a Saturday */
    {GEX_SETTLE_0800_UTC, 20240628, "2024-06-28T08:00:00Z", 0},           /* nor summer time */
    {GEX_SETTLE_0800_UTC, 20241227, "2024-12-27T08:00:00Z", 0},
};

START_TEST(rules_settle_when_they_say)
{
    int64_t instant = 0;
    uint32_t flags = 99;

    ck_assert_int_eq(gex_settlement_by(settlements[_i].settle, settlements[_i].date, &instant, &flags, NULL), GEX_OK);
    ck_assert_msg(instant == at(settlements[_i].instant), "%d", (int)settlements[_i].date);
    ck_assert_uint_eq(flags, settlements[_i].flags);
    ck_assert_int_eq(gex_settlement_by(settlements[_i].settle, settlements[_i].date, &instant, NULL, NULL), GEX_OK);
    ck_assert_int_eq(gex_settlement_by(settlements[_i].settle, 20230230, &instant, NULL, NULL), GEX_ERR_DOMAIN);
}
END_TEST

START_TEST(names_of_clocks_and_weights)
{
    static const char *const clocks[] = {"CAL_365", "CAL_365_25", "BUS_252_DAYS", "BUS_262_DAYS", "BUS_252_CLOCK",
                                         "VARIANCE_CLOCK"};

    ck_assert_int_eq(LENGTH(clocks), GEX_CLOCK_LAST_);
    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        ck_assert_str_eq(gex_clock_name(clock), clocks[clock - 1]);
        ck_assert_int_eq(gex_clock_find(clocks[clock - 1]), clock);
    }
    ck_assert_str_eq(gex_weight_name(GEX_WEIGHT_NON_BUSINESS), "non_business");
    ck_assert_str_eq(gex_weight_name(0), "unknown");
}
END_TEST

Suite *suite_calendar(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, years_are_counted, 0, LENGTH(years_cases));
    tcase_add_loop_test(tcase, clocks_are_additive_and_never_run_back, 0, GEX_CLOCK_LAST_);
    tcase_add_loop_test(tcase, the_clock_alone_moves_gamma_by_a_factor_of_three, 0, LENGTH(floors));
    tcase_add_test(tcase, golden_variance_is_met);
    tcase_add_test(tcase, a_calendar_that_is_not_given_is_that_of_the_us);
    tcase_add_loop_test(tcase, units_are_the_sum_of_their_pace, 0, 2);
    tcase_add_test(tcase, pace_is_that_of_the_hour);
    tcase_add_test(tcase, weights_are_kept);
    tcase_add_test(tcase, events_weigh_at_their_instant);
    tcase_add_test(tcase, days_of_the_caller_replace_those_of_the_us);
    tcase_add_test(tcase, days_between_are_the_days_one_by_one);
    tcase_add_loop_test(tcase, rules_settle_when_they_say, 0, LENGTH(settlements));
    tcase_add_test(tcase, names_of_clocks_and_weights);
    suite_add_tcase(suite, tcase);
    return suite;
}
