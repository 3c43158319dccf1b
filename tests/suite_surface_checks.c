/* SPDX-License-Identifier: Apache-2.0 */
/* Arbitrage that is there is found, none is seen where there is none; rows, expiries and columns of no use. */
#include "refusal.h"
#include "surfaces.h"

Suite *suite_surface_checks(void);

/* ---- checks ----------------------------------------------------------------------------------------------------- */

START_TEST(what_is_sound_passes)
{
    gex_surface *surface = makers[_i]();
    gex_surface_report *report = NULL;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 0, &report, NULL), GEX_OK);
    ck_assert_int_eq(gex_surface_report_count(report, 0), 0);
    ck_assert_double_nan(gex_surface_report_calendar(report)[0]);
    for (int i = 0; i < EXPIRIES; i++) {
        ck_assert_double_ge(gex_surface_report_butterfly(report)[i], 0);
        if (i > 0)
            ck_assert_double_ge(gex_surface_report_calendar(report)[i], 0);
    }
    gex_surface_report_free(report);
    gex_surface_free(surface);
}
END_TEST

/* The published slice with a butterfly; the same slice lowered by 0.001 an expiry later; and one with a steeper left
 * wing before. */
START_TEST(what_is_not_is_found)
{
    static const double years[] = {1, 2, 3, 4}, forward[] = {100, 100, 100, 100};
    static const double slices[][5] = {{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153},
                                       {-0.0400, 0.1331, 0.3060, 0.3586, 0.4153},
                                       {-0.0405, 0.1331, 0.3060, 0.3586, 0.4153},
                                       {0.2, 0.1, 0.3060, 0.3586, 0.4153}};
    gex_surface *surface = svi_of(4, years, forward, slices);
    gex_surface_report *report = NULL;
    const double *calendar, *at;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    check_near("least g", gex_surface_report_butterfly(report)[0], -0.0329, 5e-5);
    check_near("its k", gex_surface_report_butterfly_at(report)[0], 0.88, 0.005);
    ck_assert_int_eq(gex_surface_report_count(report, GEX_ARBITRAGE_CALENDAR), 2);
    ck_assert_int_eq(gex_surface_report_count(report, GEX_ARBITRAGE_WING), 0);
    calendar = gex_surface_report_calendar(report), at = gex_surface_report_calendar_at(report);
    check_near("raised", calendar[1], 0.001, 1e-12);
    check_near("lowered", calendar[2], -0.0005, 1e-12);
    ck_assert(isinf(calendar[3]) && calendar[3] < 0 && isinf(at[3]));
    check_near("left", gex_surface_report_left_slope(report)[0], 0.1331 * (1 - 0.3060), 1e-15);
    check_near("right", gex_surface_report_right_slope(report)[0], 0.1331 * 1.3060, 1e-15);
    ck_assert_int_eq(gex_surface_report_count(report, 0),
                     gex_surface_report_count(report, GEX_ARBITRAGE_BUTTERFLY) + 2);
    gex_surface_report_free(report);
    gex_surface_free(surface);
}
END_TEST

START_TEST(steep_wings_are_found)
{
    const double years = 1, forward = 100, slice[1][5] = {{0.1, 1.5, 0.5, 0, 0.5}};
    gex_surface *surface = svi_of(1, &years, &forward, slice);
    gex_surface_report *report = NULL;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    ck_assert_int_eq(gex_surface_report_count(report, GEX_ARBITRAGE_WING), 1);
    ck_assert_int_eq(gex_surface_report_count(report, GEX_ARBITRAGE_BUTTERFLY), 1);
    gex_surface_report_free(report);
    gex_surface_free(surface);
}
END_TEST

/* A wing that goes flat from a slope is a kink: a point where the density is minus infinity. */
START_TEST(kinks_of_flat_wings_are_found)
{
    gex_surface *surface = raw(GEX_WINGS_FLAT_VOL);
    gex_surface_report *report = NULL;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    ck_assert_int_eq(gex_surface_report_count(report, GEX_ARBITRAGE_BUTTERFLY), EXPIRIES);
    ck_assert(isinf(gex_surface_report_butterfly(report)[0]));
    gex_surface_report_free(report);
    gex_surface_free(surface);
}
END_TEST

/* ---- rows and expiries that cannot be used ---------------------------------------------------------------------- */

START_TEST(bad_quotes_keep_their_place)
{
    struct quotes quotes;
    gex_raw_columns columns;
    gex_surface *good = NULL, *spoilt = NULL;
    static const struct {
        int at;
        uint8_t status;
    } wanted[] = {{3, GEX_ROW_BAD_STRIKE},  {5, GEX_ROW_BAD_STRIKE},   {7, GEX_ROW_NO_VOL},
                  {70, GEX_ROW_NOT_FINITE}, {75, GEX_ROW_BAD_SYMBOL},  {77, GEX_ROW_BAD_SYMBOL},
                  {130, GEX_ROW_NO_VOL},    {140, GEX_ROW_UNSUPPORTED}};
    const uint8_t *status;

    put_quotes(&quotes);
    columns = raw_columns(&quotes, GEX_WINGS_LINEAR);
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &good, NULL), GEX_OK);
    quotes.strike[3] = -1, quotes.strike[5] = NAN, quotes.vol[7] = 0, quotes.vol[70] = INFINITY;
    quotes.expiry[75] = -1, quotes.expiry[77] = EXPIRIES, quotes.vol[130] = -0.2,
    quotes.strike[140] = quotes.strike[139];
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &spoilt, NULL), GEX_OK);
    status = gex_surface_quote_status(spoilt, NULL);
    for (int i = 0, j = 0; i < QUOTES; i++) {
        const int bad = j < LENGTH(wanted) && wanted[j].at == i;
        ck_assert_msg(status[i] == (bad ? wanted[j].status : GEX_ROW_USED), "row %d: %s", i, gex_row_text(status[i]));
        j += bad;
    }
    for (double k = -0.3; k <= 0.2; k += 0.01) /* expiries without a bad row do not feel it */
        ck_assert_double_eq(variance(good, k, 0.9), variance(spoilt, k, 0.9));
    gex_surface_free(good);
    gex_surface_free(spoilt);
}
END_TEST

START_TEST(bad_expiries_keep_their_place)
{
    enum { N = 9 };
    static const double years[N] = {2, 0.5, NAN, 0, -1, 1, 0.5, 0.25, INFINITY},
                        forward[N] = {100, 101, 100, 100, 100, 0, 100, 100, 100};
    static const uint8_t wanted[N] = {GEX_SLICE_USED,       GEX_SLICE_USED,           GEX_SLICE_NO_TIME,
                                      GEX_SLICE_NO_TIME,    GEX_SLICE_NO_TIME,        GEX_SLICE_NO_FORWARD,
                                      GEX_SLICE_SAME_YEARS, GEX_SLICE_BAD_PARAMETERS, GEX_SLICE_NO_TIME};
    double slices[N][5];
    gex_surface *surface;

    for (int i = 0; i < N; i++)
        memcpy(slices[i], slices_of[i == 0 ? 4 : 3], sizeof slices[i]);
    slices[7][2] = -1;
    surface = svi_of(N, years, forward, (const double(*)[5])slices);
    ck_assert_int_eq(gex_surface_expiries(surface), N);
    ck_assert_mem_eq(gex_surface_status(surface), wanted, N);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(isnan(gex_surface_theta(surface)[i]) != 0, wanted[i] != GEX_SLICE_USED);
        ck_assert_int_eq(isnan(gex_surface_parameters(surface)[5 * i + 4]) != 0, wanted[i] != GEX_SLICE_USED);
    }
    check_near(
        "unsorted years", variance(surface, 0.1, 2),
        gex__svi_at(&(struct gex__svi){slices[0][0], slices[0][1], slices[0][2], slices[0][3], slices[0][4]}, 0.1).w,
        0);
    ck_assert_double_eq(gex_surface_forward(surface)[1], 101);
    gex_surface_free(surface);
}
END_TEST

START_TEST(hostile_columns_are_refused)
{
    struct quotes quotes;
    const gex_raw_columns whole = (put_quotes(&quotes), raw_columns(&quotes, GEX_WINGS_LINEAR));
    gex_surface *sound = svi();
    static const int64_t counts[] = {-1, INT64_MIN, INT64_MAX, (INT64_C(1) << 31)};
    static const double spots[] = {NAN, -1, INFINITY, -INFINITY};
    const double value = 0.1;
    double out, *const output = &out, *const absent = NULL;
    int32_t what = GEX_SURFACE_VOL;

#define RAW(expected, ...)                                                                                             \
    do {                                                                                                               \
        gex_raw_columns columns = whole;                                                                               \
        __VA_ARGS__;                                                                                                   \
        CALLED(surface, expected, gex_surface_create_raw(NULL, &columns, OUT));                                        \
    } while (0)
#define POINTS(expected, ...)                                                                                          \
    do {                                                                                                               \
        gex_surface_points points;                                                                                     \
        gex_surface_points_init(&points, sizeof points);                                                               \
        points.rows = 1;                                                                                               \
        points.k = points.years = (gex_f64){&value, 0};                                                                \
        __VA_ARGS__;                                                                                                   \
        ASKED(expected, gex_surface_evaluate(NULL, sound, &points, &what, 1, &output, NULL, RECORD));                  \
    } while (0)
    RAW(GEX_OK, (void)columns);
    RAW(GEX_ERR_ARGUMENT, columns.wings = 0);
    RAW(GEX_ERR_ARGUMENT, columns.wings = 3);
    RAW(GEX_ERR_ARGUMENT, columns.years.data = NULL);
    RAW(GEX_ERR_ARGUMENT, columns.forward.data = NULL);
    RAW(GEX_ERR_ARGUMENT, columns.strike.data = NULL);
    RAW(GEX_ERR_ARGUMENT, columns.vol.data = NULL);
    RAW(GEX_ERR_ARGUMENT, columns.expiry.data = NULL);
    RAW(GEX_ERR_ARGUMENT, columns.strike.stride = INT64_MAX);
    RAW(GEX_ERR_ARGUMENT, columns.years.stride = INT64_MIN);
    RAW(GEX_ERR_DOMAIN, columns.expiries = 0);
    RAW(GEX_ERR_DOMAIN, (columns.rows = 0, columns.strike.data = NULL));
    RAW(GEX_ERR_DOMAIN, columns.vol = (gex_f64){&spots[1], 0});
    POINTS(GEX_OK, (void)points);
    POINTS(GEX_OK, points.rows = 0);
    POINTS(GEX_ERR_ARGUMENT, points.years.data = NULL);
    POINTS(GEX_ERR_ARGUMENT, points.k.data = NULL);
    POINTS(GEX_ERR_ARGUMENT, points.strike = points.k);
    POINTS(GEX_ERR_ARGUMENT, points.reserved = 1);
    POINTS(GEX_ERR_ARGUMENT, (points.rows = 3, points.k.stride = INT64_MAX));
    for (int i = 0; i < LENGTH(counts); i++) {
        RAW(GEX_ERR_ARGUMENT, columns.expiries = counts[i]);
        if (counts[i] != (INT64_C(1) << 31)) {
            RAW(GEX_ERR_ARGUMENT, columns.rows = counts[i]);
            POINTS(GEX_ERR_ARGUMENT, points.rows = counts[i]);
        }
        RAW(GEX_ERR_DOMAIN, columns.spot = spots[i]);
        if (!(spots[i] > 0) || isinf(spots[i]))
            CALLED(surface_report, GEX_ERR_DOMAIN, gex_surface_check(NULL, sound, spots[i], OUT));
    }
    for (what = -1; what <= 0; what++)
        POINTS(GEX_ERR_ARGUMENT, (void)points);
    what = GEX_SURFACE_LAST_ + 1;
    POINTS(GEX_ERR_ARGUMENT, (void)points);
    {
        gex_surface_points points;
        gex_surface_points_init(&points, sizeof points);
        points.rows = 1, points.k = points.years = (gex_f64){&value, 0};
        what = GEX_SURFACE_VOL;
        ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, sound, &points, &what, 1, &absent, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, sound, &points, &what, 65, &output, NULL, RECORD));
    }
    gex_surface_free(sound);
}
END_TEST

Suite *suite_surface_checks(void)
{
    Suite *suite = suite_create("surface_checks");
    TCase *tcase = tcase_create("surface_checks");

    tcase_add_loop_test(tcase, what_is_sound_passes, 0, 2);
    tcase_add_test(tcase, what_is_not_is_found);
    tcase_add_test(tcase, steep_wings_are_found);
    tcase_add_test(tcase, kinks_of_flat_wings_are_found);
    tcase_add_test(tcase, bad_quotes_keep_their_place);
    tcase_add_test(tcase, bad_expiries_keep_their_place);
    tcase_add_test(tcase, hostile_columns_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
