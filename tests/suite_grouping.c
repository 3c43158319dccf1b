/* SPDX-License-Identifier: Apache-2.0 */
/* Exposures by one key or two: every used row in one cell, every sum the correctly rounded sum of the rows it lists. */
#include <stdio.h>

#include "scene.h"
#include "shuffled.h"

Suite *suite_grouping(void);

#define DAY (24.0 * 3600e9)

static const double days[] = {1, 7, 30, 91, 365}, moneyness[] = {0.85, 0.95, 1, 1.05, 1.15};

static bool in_buckets(int32_t by)
{
    return by == GEX_BY_DTE || by == GEX_BY_MONEYNESS || by == GEX_BY_MONEYNESS_FORWARD;
}

static void axis_choose(int32_t by, gex_f64 *edges, int64_t *count)
{
    if (in_buckets(by)) {
        *edges = (gex_f64){by == GEX_BY_DTE ? days : moneyness, sizeof(double)};
        *count = 5;
    }
}

static gex_grouping *grouped(const gex_exposure *exposure, int32_t first, int32_t second)
{
    gex_grouping_options options;
    gex_grouping *grouping = NULL;
    gex_error error;

    gex_grouping_options_init(&options, sizeof options);
    options.first = first;
    options.second = second;
    axis_choose(first, &options.first_edges, &options.first_edge_count);
    axis_choose(second, &options.second_edges, &options.second_edge_count);
    ck_assert_msg(gex_grouping_compute(NULL, exposure, &options, &grouping, &error) == GEX_OK, "%s", error.message);
    return grouping;
}

/* Key of a row, by a rule written again. */
static int32_t key_of(const struct scene *scene, int32_t by, int64_t row)
{
    const double settle = (double)(gex_chain_settlement(scene->chain)[row] - AS_OF);
    const double strike = gex_chain_strike(scene->chain)[row];
    const double value = by == GEX_BY_DTE         ? settle / DAY
                         : by == GEX_BY_MONEYNESS ? strike / CROWD_SPOT
                         : strike / gex_market_forward(scene->market)[gex_chain_expiry_index(scene->chain)[row]];
    const double *edge = by == GEX_BY_DTE ? days : moneyness;
    int32_t key = 0;

    switch (by) {
    case GEX_BY_STRIKE: return gex_chain_strike_index(scene->chain)[row];
    case GEX_BY_EXPIRY: return gex_chain_expiry_index(scene->chain)[row];
    case GEX_BY_RIGHT: return gex_chain_right(scene->chain)[row] == GEX_PUT;
    case GEX_BY_ZERO_DTE: return settle >= 11.0 * (double)HOUR; /* 13:00 in New York: eleven hours left of the day */
    case GEX_BY_ROOT:
    case 0: return 0;
    default:
        while (key < 5 && value >= edge[key])
            key++;
        return key;
    }
}

/* An independent exact sum of few values: two-sums until nothing is left to carry, largest first. */
static double exact_sum(const double *values, int64_t count)
{
    static double partial[CROWD_ROWS];
    int64_t used = 0;
    double sum = 0.0;

    for (int64_t i = 0; i < count; i++) {
        double x = values[i];
        int64_t kept = 0;

        for (int64_t j = 0; j < used; j++) {
            const double y = partial[j], high = x + y, part = high - x, low = (x - (high - part)) + (y - part);
            if (low != 0.0)
                partial[kept++] = low;
            x = high;
        }
        partial[kept++] = x;
        used = kept;
    }
    while (used > 0) {
        const double high = sum + partial[--used], low = partial[used] - (high - sum);
        sum = high;
        if (low != 0.0) {
            if (used > 0 && (low < 0.0) == (partial[used - 1] < 0.0) && low * 2.0 == (sum + low * 2.0) - sum)
                sum += low * 2.0; /* half way, and what is left says which way */
            break;
        }
    }
    return sum;
}

static double summed(const struct scene *scene, const gex_exposure *exposure, const int64_t *row, int64_t count,
                     int32_t sum)
{
    double values[CROWD_ROWS];
    int64_t used = 0;

    for (int64_t r = 0; r < count; r++) {
        const double value = gex_exposure_rows(exposure)[row[r]];
        const bool call = gex_chain_right(scene->chain)[row[r]] == GEX_CALL;

        if (isfinite(value) && !(sum == GEX_SUM_CALL && !call) && !(sum == GEX_SUM_PUT && call))
            values[used++] = sum == GEX_SUM_GROSS ? fabs(value) : value;
    }
    return exact_sum(values, used);
}

static void check_grouping(const struct scene *scene, const gex_exposure *exposure, int32_t first, int32_t second)
{
    gex_grouping *grouping = grouped(exposure, first, second);
    const int64_t cells = gex_grouping_cells(grouping);
    const int32_t *one = gex_grouping_key(grouping, 0), *two = gex_grouping_key(grouping, 1);
    int64_t used = 0;

    ck_assert_ptr_eq(gex_grouping_exposure(grouping), exposure);
    ck_assert_int_eq(gex_grouping_by(grouping, 0), first);
    ck_assert_int_eq(gex_grouping_by(grouping, 1), second);
    ck_assert_int_eq(two == NULL, second == 0);
    for (int64_t c = 0; c < cells; c++) {
        int64_t count;
        const int64_t *row = gex_grouping_rows(grouping, c, &count);

        ck_assert_int_ge(one[c], 0);
        ck_assert_int_lt(one[c], gex_grouping_keys(grouping, 0));
        if (c > 0)
            ck_assert(one[c] > one[c - 1] || (two != NULL && one[c] == one[c - 1] && two[c] > two[c - 1]));
        ck_assert_int_gt(count, 0);
        ck_assert_int_eq(gex_grouping_count(grouping)[c], count);
        for (int64_t r = 0; r < count; r++) {
            ck_assert_int_eq(gex_exposure_status(exposure)[row[r]], GEX_ROW_USED);
            ck_assert(r == 0 || row[r] > row[r - 1]);
            ck_assert_int_eq(key_of(scene, first, row[r]), one[c]);
            ck_assert(two == NULL || key_of(scene, second, row[r]) == two[c]);
        }
        used += count;
        for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
            const double got = gex_grouping_sum(grouping, sum)[c], wanted = summed(scene, exposure, row, count, sum);
            ck_assert_msg(got == wanted, "%d by %d, cell %d, sum %d: %.17g, not %.17g", first, second, (int)c, sum, got,
                          wanted);
            ck_assert(got != 0.0 || !signbit(got));
        }
    }
    ck_assert_int_eq(used, gex_exposure_count_used(exposure));
    gex_grouping_free(grouping);
}

/* All 8 keys alone and all 56 ordered pairs,
 * over a crowd with every kind of row, one diverging at the strike among them. */
START_TEST(every_pair_holds_each_used_row_once)
{
    struct crowd crowd;
    struct scene scene;
    gex_exposure *exposure;

    crowd_fill(&crowd);
    crowd.rows[8] = (struct option_row){GEX_CALL, CROWD_SPOT, 0.2, 7, 7, 0.0};
    scene = scene_of(crowd.rows, CROWD_ROWS, CROWD_SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_gt(gex_exposure_count_diverging(exposure), 0);
    for (int32_t second = 0; second <= GEX_BY_ROOT; second++)
        if (second != _i)
            check_grouping(&scene, exposure, _i, second);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* What gex_exposure_by() lends, for keys that have rows. */
START_TEST(one_key_gives_what_the_exposure_gives)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_VEX_USD_VOLPT);
    gex_grouping *grouping = grouped(exposure, _i, 0);
    int64_t keys, seen = 0;

    ck_assert_ptr_nonnull(gex_exposure_by(exposure, _i, GEX_SUM_NET, &keys));
    ck_assert_int_eq(gex_grouping_keys(grouping, 0), keys);
    for (int64_t c = 0; c < gex_grouping_cells(grouping); c++) {
        const int32_t key = gex_grouping_key(grouping, 0)[c];

        for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++)
            ck_assert_double_eq(gex_grouping_sum(grouping, sum)[c], gex_exposure_by(exposure, _i, sum, NULL)[key]);
        ck_assert_int_eq(gex_grouping_count(grouping)[c], gex_exposure_count_by(exposure, _i, NULL)[key]);
        seen++;
    }
    for (int64_t k = 0; k < keys; k++)
        seen += gex_exposure_count_by(exposure, _i, NULL)[k] == 0;
    ck_assert_int_eq(seen, keys);
    gex_grouping_free(grouping);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Section 11 of docs/conventions.md by days and side, $m: lines A below five days, lines B above. */
START_TEST(worked_chain_by_days_and_right)
{
    static const double five[] = {5, 30, 30.000001};
    static const double net[] = {6062.998875 + 2885.161627, -3067.617291 - 5226.020390, 554.537951 + 1329.290399,
                                 -820.885579 - 1322.197448 - 484.711923};
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_grouping_options options;
    gex_grouping *grouping;
    int64_t count;

    gex_grouping_options_init(&options, sizeof options);
    options.first = GEX_BY_DTE;
    options.first_edges = (gex_f64){five, sizeof *five};
    options.first_edge_count = 3;
    options.second = GEX_BY_RIGHT;
    ck_assert_int_eq(gex_grouping_compute(NULL, exposure, &options, &grouping, NULL), GEX_OK);
    ck_assert_int_eq(gex_grouping_cells(grouping), 4);
    ck_assert_int_eq(gex_grouping_keys(grouping, 0), 4);
    for (int64_t c = 0; c < 4; c++) {
        ck_assert_double_eq_tol(gex_grouping_sum(grouping, GEX_SUM_NET)[c] / 1e6, net[c], 2e-6);
        /* 30 days to the instant: from the edge up */
        ck_assert_int_eq(gex_grouping_key(grouping, 0)[c], c < 2 ? 0 : 2);
        ck_assert_int_eq(gex_grouping_key(grouping, 1)[c], c % 2);
    }
    ck_assert_double_eq(gex_grouping_edges(grouping, 0, &count)[2], 30.000001);
    ck_assert_int_eq(count, 3);
    ck_assert_ptr_null(gex_grouping_edges(grouping, 1, &count));
    ck_assert_int_eq(count, 0);
    ck_assert_str_eq(gex_grouping_root(grouping, 0), "");
    gex_grouping_free(grouping);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Roots in the order of the alphabet, whatever the order of the rows; one that only refused rows have is none. */
START_TEST(roots_are_keys)
{
    static const char roots[][8] = {"XSP", "SPX", "SPXW", "SPX", "BAD", "XSP", "SPXW"};
    static const double strikes[] = {500, 5000, 5000, 5010, -1, 510, 5020}, one = 1, vol = 0.2;
    static const int8_t right = GEX_CALL;
    static const int32_t expiry = 20240621;
    static const struct {
        const char *root;
        int64_t     count, row[2];
    } wanted[] = {{"SPX", 2, {1, 3}}, {"SPXW", 2, {2, 6}}, {"XSP", 2, {0, 5}}};
    gex_chain_columns columns;
    gex_chain *chain;
    gex_market *market;
    gex_book *book;
    gex_exposure *exposure;
    gex_grouping *grouping;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = LENGTH(roots);
    columns.root = (gex_text){roots[0], sizeof roots[0], sizeof roots[0]};
    columns.expiry = (gex_i32){&expiry, 0};
    columns.strike = (gex_f64){strikes, sizeof *strikes};
    columns.right = (gex_i8){&right, 0};
    columns.vol = (gex_f64){&vol, 0};
    columns.open_interest = (gex_f64){&one, 0};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    market = scene_market(chain, 5000, 0.04, 0.013, AS_OF);
    book = scene_book(chain, GEX_SIGN_DEALER_ALL_LONG, NULL);
    exposure = scene_exposure(market, book, GEX_UNIT_DEX_SHARES);
    grouping = grouped(exposure, GEX_BY_ROOT, 0);
    ck_assert_int_eq(gex_grouping_cells(grouping), LENGTH(wanted));
    ck_assert_int_eq(gex_grouping_keys(grouping, 0), LENGTH(wanted));
    for (int64_t c = 0; c < LENGTH(wanted); c++) {
        int64_t count;
        const int64_t *row = gex_grouping_rows(grouping, c, &count);

        ck_assert_str_eq(gex_grouping_root(grouping, gex_grouping_key(grouping, 0)[c]), wanted[c].root);
        ck_assert_int_eq(count, wanted[c].count);
        ck_assert_mem_eq(row, wanted[c].row, sizeof wanted[c].row);
    }
    ck_assert_str_eq(gex_grouping_root(grouping, 3), "");
    ck_assert_str_eq(gex_grouping_root(grouping, -1), "");
    gex_exposure_free(exposure); /* before what was made from it */
    ck_assert_double_gt(gex_grouping_sum(grouping, GEX_SUM_NET)[0], 0.0);
    gex_grouping_free(grouping);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_chain_without_rows_has_no_cells)
{
    struct scene scene = scene_of(worked_rows, 0, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ROOT; by++) {
        gex_grouping *grouping = grouped(exposure, by, by == GEX_BY_RIGHT ? 0 : GEX_BY_RIGHT);

        ck_assert_int_eq(gex_grouping_cells(grouping), 0);
        ck_assert_ptr_null(gex_grouping_rows(grouping, 0, NULL));
        gex_grouping_free(grouping);
    }
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

static const double falling[] = {1, 1}, endless[] = {1, INFINITY}, fine[] = {1, 2};
static const struct door {
    int32_t       first, second;
    const double *edges, *second_edges;
    int64_t       count, second_count;
    gex_status    status;
} doors[] = {
    {0, 0, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {-1, 0, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_ROOT + 1, 0, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_STRIKE, GEX_BY_ROOT + 1, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_STRIKE, -1, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_STRIKE, GEX_BY_STRIKE, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_STRIKE, 0, fine, NULL, 2, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_STRIKE, 0, NULL, fine, 0, 2, GEX_ERR_ARGUMENT},
    {GEX_BY_DTE, 0, NULL, NULL, 0, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_DTE, 0, fine, NULL, -1, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_DTE, 0, NULL, NULL, 2, 0, GEX_ERR_ARGUMENT},
    {GEX_BY_DTE, 0, falling, NULL, 2, 0, GEX_ERR_DOMAIN},
    {GEX_BY_DTE, 0, endless, NULL, 2, 0, GEX_ERR_DOMAIN},
    {GEX_BY_DTE, GEX_BY_MONEYNESS, fine, falling, 2, 2, GEX_ERR_DOMAIN},
    {GEX_BY_DTE, GEX_BY_MONEYNESS, fine, fine, 2, INT64_MAX, GEX_ERR_ARGUMENT},
    {GEX_BY_DTE, GEX_BY_MONEYNESS, fine, fine, 2, 1, GEX_OK},
};

START_TEST(what_makes_no_sense_is_refused)
{
    const struct door *door = &doors[_i];
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_grouping_options options;
    gex_grouping *grouping;

    gex_grouping_options_init(&options, sizeof options);
    options.first = door->first;
    options.second = door->second;
    options.first_edges = (gex_f64){door->edges, sizeof(double)};
    options.second_edges = (gex_f64){door->second_edges, sizeof(double)};
    options.first_edge_count = door->count;
    options.second_edge_count = door->second_count;
    ck_assert_int_eq(gex_grouping_compute(NULL, exposure, &options, &grouping, NULL), door->status);
    ck_assert_int_eq(grouping != NULL, door->status == GEX_OK);
    gex_grouping_free(grouping);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

Suite *suite_grouping(void)
{
    Suite *suite = suite_create("grouping");
    TCase *tcase = tcase_create("grouping");

    tcase_add_loop_test(tcase, every_pair_holds_each_used_row_once, GEX_BY_STRIKE, GEX_BY_ROOT + 1);
    tcase_add_loop_test(tcase, one_key_gives_what_the_exposure_gives, GEX_BY_STRIKE, GEX_BY_ZERO_DTE + 1);
    tcase_add_test(tcase, worked_chain_by_days_and_right);
    tcase_add_test(tcase, roots_are_keys);
    tcase_add_test(tcase, a_chain_without_rows_has_no_cells);
    tcase_add_loop_test(tcase, what_makes_no_sense_is_refused, 0, LENGTH(doors));
    suite_add_tcase(suite, tcase);
    return suite;
}
