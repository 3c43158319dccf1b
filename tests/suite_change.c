/* SPDX-License-Identifier: Apache-2.0 */
/* What changed at fixed strike: the reference's split, identities of it, fits that are known, and who matches whom. */
#include <stdio.h>

#include "scene.h"

Suite *suite_change(void);

/* ---- two surfaces ------------------------------------------------------------------------------------------------ */

static gex_surface *svi_surface(const double (*slices)[5], const double *years, int64_t expiries)
{
    static const double forward = 100;
    gex_svi_columns columns;
    gex_surface *surface = NULL;
    gex_error error;

    gex_svi_columns_init(&columns, sizeof columns);
    columns.expiries = expiries;
    columns.years = (gex_f64){years, 8};
    columns.forward = (gex_f64){&forward, 0};
    columns.a = (gex_f64){&slices[0][0], sizeof *slices}, columns.b = (gex_f64){&slices[0][1], sizeof *slices};
    columns.rho = (gex_f64){&slices[0][2], sizeof *slices}, columns.m = (gex_f64){&slices[0][3], sizeof *slices};
    columns.s = (gex_f64){&slices[0][4], sizeof *slices};
    ck_assert_msg(gex_surface_create_svi(NULL, &columns, &surface, &error) == GEX_OK, "%s", error.message);
    return surface;
}

/* golden/fsv_attribution.csv: the old surface at two times, the new one at the later. */
START_TEST(split_of_the_reference)
{
    FILE *file = fopen(TESTS_DIR "/golden/fsv_attribution.csv", "r");
    char line[2048];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        double v[26], years[2], old[2][5], new[1][5], change, roll, slide, surface;
        gex_split_columns columns;
        gex_surface *before, *after;
        char *at = line;
        int count = 0;

        for (char *end; count < 26; count++, at = end + (*end == ',')) {
            v[count] = strtod(at, &end);
            if (end == at)
                break;
        }
        if (count < 26)
            continue;
        rows++;
        memcpy(old[1], v, sizeof old[1]);
        memcpy(old[0], v + 5, sizeof old[0]);
        memcpy(new[0], v + 10, sizeof new[0]);
        years[0] = v[16], years[1] = v[15];
        before = svi_surface((const double (*)[5])old, years, 2);
        after = svi_surface((const double (*)[5])new, years, 1);
        gex_split_columns_init(&columns, sizeof columns);
        columns.rows = 1;
        columns.years_before = (gex_f64){&v[15], 8}, columns.years_after = (gex_f64){&v[16], 8};
        columns.forward_before = (gex_f64){&v[17], 8}, columns.forward_aged = (gex_f64){&v[18], 8};
        columns.forward_after = (gex_f64){&v[19], 8}, columns.strike = (gex_f64){&v[20], 8};
        ck_assert_int_eq(gex_surface_split(NULL, before, after, &columns, &change, &roll, &slide, &surface, NULL, NULL),
                         GEX_OK);
        ck_assert_double_eq_tol(change, v[22] - v[21], 1e-14);
        ck_assert_double_eq_tol(roll, v[23], 1e-14);
        ck_assert_double_eq_tol(slide, v[24], 1e-14);
        ck_assert_double_eq_tol(surface, v[25], 1e-14);
        ck_assert_double_eq_tol(roll + slide + surface, change, 1e-16);
        gex_surface_free(before);
        gex_surface_free(after);
    }
    fclose(file);
    ck_assert_int_ge(rows, 4);
} END_TEST

START_TEST(bad_contracts)
{
    const double slices[1][5] = {{0.0012, 0.02, -0.6, 0, 0.04}}, years = 0.08, good = 100;
    const double bad[] = {0, -1, (double)NAN, (double)INFINITY};
    gex_surface *surface = svi_surface(slices, &years, 1);

    for (int field = 0; field < 6; field++) {
        gex_split_columns columns;
        gex_f64 *column[] = {&columns.strike,         &columns.years_before, &columns.years_after,
                             &columns.forward_before, &columns.forward_aged, &columns.forward_after};
        double change[4];
        uint8_t status[4];

        gex_split_columns_init(&columns, sizeof columns);
        columns.rows = 4;
        for (int c = 0; c < 6; c++)
            *column[c] = (gex_f64){c == 1 || c == 2 ? &years : &good, 0};
        *column[field] = (gex_f64){bad, 8};
        ck_assert_int_eq(gex_surface_split(NULL, surface, surface, &columns, change, NULL, NULL, NULL, status, NULL),
                         GEX_OK);
        for (int i = 0; i < 4; i++) {
            ck_assert_double_nan(change[i]);
            ck_assert_int_eq(status[i], GEX_POINT_DOMAIN);
        }
        *column[field] = (gex_f64){field == 1 || field == 2 ? &years : &good, 0};
        ck_assert_int_eq(gex_surface_split(NULL, surface, surface, &columns, change, NULL, NULL, NULL, status, NULL),
                         GEX_OK);
        ck_assert_double_eq(change[0], 0);
        *column[field] = (gex_f64){NULL, 0};
        ck_assert_int_eq(gex_surface_split(NULL, surface, surface, &columns, change, NULL, NULL, NULL, status, NULL),
                         GEX_ERR_ARGUMENT);
    }
    gex_surface_free(surface);
} END_TEST

/* ---- two markets ------------------------------------------------------------------------------------------------- */

enum { STRIKES = 61, TERMS = 4, ROWS = STRIKES * TERMS * 2 };
#define DAY (24 * HOUR)
static const double term_days[TERMS] = {1.125, 9.125, 32.125, 120.125};

static double smile(double k, int term)
{
    return 0.17 - 0.45 * k + 1.2 * k * k + 0.008 * term;
}

/* A contract per strike, side and expiry, what the smile adds is a + b k + c k^2. */
static void rows_fill(struct option_row *rows, double spot, double a, double b, double c)
{
    int i = 0;

    for (int t = 0; t < TERMS; t++)
        for (int n = 0; n < STRIKES; n++)
            for (int side = -1; side <= 1; side += 2, i++) {
                const double strike = 4400 + 20 * n, k = log(strike / spot);

                rows[i] = (struct option_row){side > 0 ? GEX_CALL : GEX_PUT, strike,
                                              smile(k, t) + a + b * k + c * k * k, 10, (i % 7 - 3) * 11.0,
                                              term_days[t] / 365};
            }
}

static gex_change *change_of(const gex_market *before, const gex_market *after, const gex_book *book)
{
    gex_change *change = NULL;
    gex_error error;

    ck_assert_msg(gex_change_compute(NULL, before, after, book, &change, &error) == GEX_OK, "%s", error.message);
    return change;
}

static const double *column(const gex_change *change, int32_t which)
{
    return gex_change_column(change, which, NULL);
}

static void assert_adds_up(const gex_change *change)
{
    int64_t rows;

    gex_change_column(change, GEX_CHANGE_TOTAL, &rows);
    for (int64_t i = 0; i < rows; i++) {
        const double total = column(change, GEX_CHANGE_TOTAL)[i], surface = column(change, GEX_CHANGE_SURFACE)[i];

        if (gex_change_rows(change, NULL)[i] < 0) {
            ck_assert_double_nan(total);
            continue;
        }
        ck_assert_double_eq(total, column(change, GEX_CHANGE_VOL_AFTER)[i] - column(change, GEX_CHANGE_VOL_BEFORE)[i]);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_ROLL)[i] + column(change, GEX_CHANGE_SLIDE)[i] + surface,
                                total, 1e-16);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_LEVEL)[i] + column(change, GEX_CHANGE_SKEW)[i] +
                                    column(change, GEX_CHANGE_CURVATURE)[i] + column(change, GEX_CHANGE_RESIDUAL)[i],
                                surface, 1e-15);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_SLIDE)[i] + surface,
                                column(change, GEX_CHANGE_FIXED_STRIKE)[i], 1e-16);
    }
}

/* Nothing moved but the smile, by a known parabola of k: no roll, no slide, and the fit gives the parabola back. */
START_TEST(known_parabola)
{
    struct option_row rows[ROWS];
    gex_chain *old, *new;
    gex_market *before, *after;
    gex_book *book;
    gex_change *change;
    double by_strike = 0, by_expiry = 0;
    int64_t count;

    rows_fill(rows, 5000, 0, 0, 0);
    old = scene_chain(rows, ROWS, 100.0);
    book = scene_book(old, GEX_SIGN_INVENTORY_GIVEN, rows);
    before = scene_market(old, 5000, 0, 0, AS_OF);
    rows_fill(rows, 5000, 0.01, -0.03, 0.2);
    new = scene_chain(rows, ROWS, 100.0);
    after = scene_market(new, 5000, 0, 0, AS_OF);
    change = change_of(before, after, book);
    ck_assert_int_eq(gex_change_matched(change), ROWS);
    assert_adds_up(change);
    for (int64_t i = 0; i < ROWS; i++) {
        const double k = log(rows[i].strike / 5000);

        ck_assert_double_eq_tol(column(change, GEX_CHANGE_ROLL)[i], 0, 1e-14);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_SLIDE)[i], 0, 1e-14);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_LEVEL)[i], 0.01, 1e-12);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_SKEW)[i], -0.03 * k, 1e-12);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_CURVATURE)[i], 0.2 * k * k, 1e-12);
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_RESIDUAL)[i], 0, 1e-12);
    }
    for (int64_t e = 0; e < TERMS; e++) {
        ck_assert_double_eq_tol(gex_change_expiry(change, GEX_CHANGE_EXPIRY_LEVEL, NULL)[e], 0.01, 1e-12);
        ck_assert_double_eq_tol(gex_change_expiry(change, GEX_CHANGE_EXPIRY_SKEW, NULL)[e], -0.03, 1e-10);
        ck_assert_double_eq_tol(gex_change_expiry(change, GEX_CHANGE_EXPIRY_CURVATURE, NULL)[e], 0.2, 1e-8);
        ck_assert_double_eq(gex_change_expiry(change, GEX_CHANGE_EXPIRY_CONTRACTS, NULL)[e], 2 * STRIKES);
    }
    ck_assert_double_nan(gex_change_stickiness(change, NULL)); /* spot did not move */
    for (int32_t c = 1; c <= GEX_CHANGE_LAST_; c++) {
        by_strike = by_expiry = 0;
        for (int64_t i = 0; i < (gex_change_by(change, GEX_BY_STRIKE, c, &count), count); i++)
            by_strike += gex_change_by(change, GEX_BY_STRIKE, c, NULL)[i];
        for (int64_t i = 0; i < (gex_change_by(change, GEX_BY_EXPIRY, c, &count), count); i++)
            by_expiry += gex_change_by(change, GEX_BY_EXPIRY, c, NULL)[i];
        ck_assert_double_eq_tol(by_strike, gex_change_total(change, c), 1e-6);
        ck_assert_double_eq_tol(by_expiry, gex_change_total(change, c), 1e-6);
    }
    gex_change_free(change);
    gex_market_free(after), gex_market_free(before);
    gex_book_free(book);
    gex_chain_free(new), gex_chain_free(old);
} END_TEST

/* Sums are dealers' vega times the column, over a brute force of the greeks. */
START_TEST(sums_are_weighted_by_vega)
{
    struct option_row rows[ROWS];
    gex_chain *old, *new;
    gex_market *before, *after;
    gex_book *book;
    gex_greeks *greeks = NULL;
    gex_change *change;
    double sum = 0, vega = 0;

    rows_fill(rows, 5000, 0, 0, 0);
    old = scene_chain(rows, ROWS, 100.0);
    book = scene_book(old, GEX_SIGN_INVENTORY_GIVEN, rows);
    before = scene_market(old, 5000, 0.04, 0.01, AS_OF);
    rows_fill(rows, 4940, 0.004, -0.05, 0.1);
    new = scene_chain(rows, ROWS, 100.0);
    after = scene_market(new, 4940, 0.04, 0.01, AS_OF + DAY);
    change = change_of(before, after, book);
    assert_adds_up(change);
    ck_assert_int_eq(gex_greeks_compute(NULL, before, &greeks, NULL), GEX_OK);
    for (int64_t i = 0; i < ROWS; i++) {
        const double held = rows[i].dealer * 100 * gex_greeks_column(greeks, GEX_GREEK_VEGA)[i];

        ck_assert_double_eq_tol(column(change, GEX_CHANGE_VEGA)[i], held, 1e-9 * fabs(held) + 1e-12);
        sum += held * column(change, GEX_CHANGE_FIXED_STRIKE)[i];
        vega += held;
    }
    ck_assert_double_eq_tol(gex_change_total(change, GEX_CHANGE_FIXED_STRIKE), sum, 1e-9 * fabs(vega));
    ck_assert_double_eq_tol(gex_change_total(change, GEX_CHANGE_VEGA), vega, 1e-9 * fabs(vega));
    gex_change_free(change);
    gex_greeks_free(greeks);
    gex_market_free(after), gex_market_free(before);
    gex_book_free(book);
    gex_chain_free(new), gex_chain_free(old);
} END_TEST

/* A market moved by R is found to have moved by R; and under R = 1 nothing changes at fixed strike but the roll. */
START_TEST(stickiness_found_again)
{
    static const double asked[] = {-0.5, 0, 0.7, 1, 1.5, 2.4};
    struct option_row rows[ROWS];
    gex_chain *chain;
    gex_market *before, *after = NULL;
    gex_shift_options options;
    gex_change *change;
    double error;

    rows_fill(rows, 5000, 0, 0, 0);
    chain = scene_chain(rows, ROWS, 100.0);
    before = scene_market(chain, 5000, 0.04, 0.01, AS_OF);
    gex_shift_options_init(&options, sizeof options);
    options.spot = 5006;
    options.dynamics = GEX_DYNAMICS_STICKINESS;
    options.dynamics_parameter = asked[_i];
    ck_assert_int_eq(gex_market_shift(NULL, before, &options, &after, NULL), GEX_OK);
    change = change_of(before, after, NULL);
    assert_adds_up(change);
    ck_assert_double_eq_tol(gex_change_stickiness(change, &error), asked[_i], 0.02);
    ck_assert_double_lt(error, 0.02);
    for (int64_t i = 0; i < ROWS && asked[_i] == 1; i++)
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_FIXED_STRIKE)[i], 0, 1e-13);
    /* the smile went along: all of it is slide, up to the cubics */
    for (int64_t i = 0; i < ROWS && asked[_i] == 0; i++)
        ck_assert_double_eq_tol(column(change, GEX_CHANGE_SURFACE)[i], 0, 2e-4);
    gex_change_free(change);
    gex_market_free(after), gex_market_free(before);
    gex_chain_free(chain);
} END_TEST

/* Rows in another order, some gone, some new, some refused, one expiry settled: each contract finds itself. */
START_TEST(contracts_find_themselves)
{
    struct option_row rows[ROWS], later[ROWS];
    gex_chain *old, *new;
    gex_market *before, *after;
    gex_change *change;
    int64_t matched = 0;
    int count = 0;

    rows_fill(rows, 5000, 0, 0, 0);
    old = scene_chain(rows, ROWS, 100.0);
    before = scene_market(old, 5000, 0.04, 0.01, AS_OF);
    rows_fill(rows, 5000, 0.01, 0, 0);
    for (int i = ROWS - 1; i >= 0; i--)
        if (i % 11 != 3) {
            later[count] = rows[i];
            if (i % 13 == 5)
                later[count].vol = 0; /* not published */
            count++;
        }
    later[count++] = (struct option_row){GEX_CALL, 9999, 0.3, 1, 1, term_days[2] / 365};
    new = scene_chain(later, count, 100.0);
    after = scene_market(new, 5000, 0.04, 0.01, AS_OF + 2 * DAY); /* past the first settlement */
    change = change_of(before, after, NULL);
    assert_adds_up(change);
    for (int64_t i = 0; i < ROWS; i++) {
        const int64_t there = gex_change_rows(change, NULL)[i];
        const bool expected = i % 11 != 3 && i % 13 != 5 && rows[i].years * 365 > 2;

        ck_assert_int_eq(there >= 0, expected);
        if (!expected)
            continue;
        matched++;
        ck_assert_double_eq(later[there].strike, rows[i].strike);
        ck_assert_double_eq(later[there].years, rows[i].years);
        ck_assert_int_eq(later[there].right, rows[i].right);
    }
    ck_assert_int_eq(gex_change_matched(change), matched);
    gex_change_free(change);
    gex_market_free(after), gex_market_free(before);
    gex_chain_free(new), gex_chain_free(old);
} END_TEST

START_TEST(refusals)
{
    struct option_row rows[ROWS];
    gex_chain *chain;
    gex_market *before, *after;
    gex_book *book;
    gex_change *change = NULL;

    rows_fill(rows, 5000, 0, 0, 0);
    chain = scene_chain(rows, ROWS, 100.0);
    before = scene_market(chain, 5000, 0.04, 0.01, AS_OF);
    after = scene_market(chain, 5000, 0.04, 0.01, AS_OF + HOUR);
    ck_assert_int_eq(gex_change_compute(NULL, after, before, NULL, &change, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_change_compute(NULL, before, NULL, NULL, &change, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_change_compute(NULL, before, after, NULL, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(change);
    for (int32_t c = 1; c <= GEX_CHANGE_LAST_; c++)
        ck_assert_int_eq(gex_change_find(gex_change_name(c)), c);
    for (int32_t c = 1; c <= GEX_CHANGE_EXPIRY_LAST_; c++)
        ck_assert_int_eq(gex_change_expiry_find(gex_change_expiry_name(c)), c);
    ck_assert_str_eq(gex_change_name(0), "unknown");
    ck_assert_str_eq(gex_change_expiry_name(99), "unknown");
    ck_assert_int_eq(gex_change_find("no such column"), 0);
    book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, rows);
    gex_market_free(before);
    gex_chain_free(chain);
    chain = scene_chain(rows, ROWS, 100.0);
    before = scene_market(chain, 5000, 0.04, 0.01, AS_OF);
    ck_assert_int_eq(gex_change_compute(NULL, before, after, book, &change, NULL), GEX_ERR_ARGUMENT);
    gex_book_free(book);
    gex_market_free(before), gex_market_free(after);
    gex_chain_free(chain);
} END_TEST

Suite *suite_change(void)
{
    Suite *suite = suite_create("change");
    TCase *cases = tcase_create("all");

    tcase_add_test(cases, split_of_the_reference);
    tcase_add_test(cases, bad_contracts);
    tcase_add_test(cases, known_parabola);
    tcase_add_test(cases, sums_are_weighted_by_vega);
    tcase_add_loop_test(cases, stickiness_found_again, 0, 6);
    tcase_add_test(cases, contracts_find_themselves);
    tcase_add_test(cases, refusals);
    suite_add_tcase(suite, cases);
    return suite;
}
