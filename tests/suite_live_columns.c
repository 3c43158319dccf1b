/* SPDX-License-Identifier: Apache-2.0 */
/* Many ticks at once: what they leave is to the bit what they leave one by one,
 * and of a column that is refused nothing is. */
#include <stdbool.h>
#include <stdlib.h>

#include <gex/live.h>

#include "quoted.h"

Suite *suite_live_columns(void);

enum { STRIKES = 21, EXPIRIES = 3, ROWS = 2 * STRIKES * EXPIRIES, TICKS = 400 };

static const int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD, GEX_UNIT_VEGA_USD_VOLPT};
static const int64_t as_of = INT64_C(1717434000000000000), day = INT64_C(86400000000000); /* 2024-06-03 */

static uint64_t seed;

static double draw(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth, MMIX */
    return (double)(seed >> 11) * 0x1p-53;
}

static struct rows *rows_make(void)
{
    struct rows *rows = calloc(1, sizeof *rows);

    for (int e = 0; e < EXPIRIES; e++)
        for (int k = 0; k < STRIKES; k++)
            for (int side = 0; side < 2; side++) {
                const int8_t right = side == 0 ? 1 : -1;
                const double strike = 4500 + 50.0 * k, years = (2.0 + 7.0 * e) / 365;
                const double price = black_price(5000, 1, strike, 0.2 * sqrt(years), right);
                const int64_t i = rows_add(rows, "SPXW", as_of + (2 + 7 * e) * day, strike, right);

                rows->bid[i] = price * 0.99;
                rows->ask[i] = price * 1.01 + 0.05;
            }
    return rows;
}

static gex_live *live_make(const struct rows *rows, int32_t vol_rule)
{
    double position[ROWS];
    gex_chain *chain = rows_chain(rows);
    gex_market_options state;
    gex_book_options held;
    gex_live_options wanted;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_live *live = NULL;

    for (int i = 0; i < ROWS; i++)
        position[i] = i % 7 - 3;
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = vol_rule, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_EUROPEAN, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE, state.spot = 5000,
    state.as_of = as_of;
    ck_assert_int_eq(gex_market_create(NULL, chain, &state, &market, NULL), GEX_OK);
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN, held.positions = (gex_f64){position, sizeof *position};
    ck_assert_int_eq(gex_book_create(NULL, chain, &held, &book, NULL), GEX_OK);
    gex_live_options_init(&wanted, sizeof wanted);
    wanted.units = (gex_i32){units, sizeof *units}, wanted.unit_count = sizeof units / sizeof *units;
    ck_assert_int_eq(gex_live_create(NULL, market, book, &wanted, &live, NULL), GEX_OK);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    return live;
}

static void same_bytes(const void *a, const void *b, int64_t size, const char *what)
{
    ck_assert_msg(memcmp(a, b, (size_t)size) == 0, "%s differ", what);
}

static void same_lives(const gex_live *a, const gex_live *b)
{
    same_bytes(gex_live_vol(a), gex_live_vol(b), ROWS * (int64_t)sizeof(double), "volatilities");
    same_bytes(gex_live_positions(a), gex_live_positions(b), ROWS * (int64_t)sizeof(double), "positions");
    same_bytes(gex_live_status(a), gex_live_status(b), ROWS, "statuses");
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        const double totals[2][2] = {{gex_live_total(a, units[u]), gex_live_gross(a, units[u])},
                                     {gex_live_total(b, units[u]), gex_live_gross(b, units[u])}};

        same_bytes(totals[0], totals[1], sizeof totals[0], "totals");
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++)
            for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
                int64_t keys;
                const double *mine = gex_live_by(a, units[u], by, sum, &keys);

                same_bytes(mine, gex_live_by(b, units[u], by, sum, &keys), keys * (int64_t)sizeof *mine, "sums");
            }
    }
}

/* ---- as one by one ----------------------------------------------------------------------------------------------- */

enum { QUOTES = 1, VOLS = 2, POSITIONS = 4, TRADES = 8, SOME_ROWS = 16, ALL_KINDS = 32 };

struct tick {
    int64_t row;
    double  bid, ask, vol, position, trade;
};

static void ticks_draw(struct tick *ticks, const struct rows *rows)
{
    for (int i = 0; i < TICKS; i++) {
        const int64_t row = (int64_t)(draw() * (int)ROWS) / 3 * 3; /* a third of the rows, so that they come again */

        ticks[i] = (struct tick){row,
                                 rows->bid[row] * (0.98 + 0.04 * draw()),
                                 rows->ask[row] * (0.99 + 0.04 * draw()),
                                 draw() < 0.1 ? 0 : 0.1 + 0.2 * draw(),
                                 draw() < 0.05 ? (double)NAN : floor(100 * draw()),
                                 floor(100 * draw()) - 50};
        if (draw() < 0.05)
            ticks[i].bid = (double)NAN;
    }
}

static gex_f64 column_if(bool there, const double *first)
{
    return (gex_f64){there ? first : NULL, there ? (int64_t)sizeof(struct tick) : 0};
}

static void set_one_by_one(gex_live *live, const struct tick *ticks, int64_t count, int kinds)
{
    for (int64_t i = 0; i < count; i++) {
        const int64_t row = kinds & SOME_ROWS ? ticks[i].row : i;

        if (kinds & QUOTES)
            ck_assert_int_eq(gex_live_set_quote(live, row, ticks[i].bid, ticks[i].ask, NULL), GEX_OK);
        if (kinds & VOLS)
            ck_assert_int_eq(gex_live_set_vol(live, row, ticks[i].vol, NULL), GEX_OK);
        if (kinds & POSITIONS)
            ck_assert_int_eq(gex_live_set_position(live, row, ticks[i].position, NULL), GEX_OK);
        if (kinds & TRADES)
            ck_assert_int_eq(gex_live_trade(live, row, ticks[i].trade, NULL), GEX_OK);
    }
}

static gex_live_columns columns_of(const struct tick *ticks, int64_t count, int kinds)
{
    gex_live_columns columns;

    gex_live_columns_init(&columns, sizeof columns);
    columns.count = count;
    columns.row = (gex_i64){kinds & SOME_ROWS ? &ticks->row : NULL, sizeof *ticks};
    columns.bid = column_if(kinds & QUOTES, &ticks->bid);
    columns.ask = column_if(kinds & QUOTES, &ticks->ask);
    columns.vol = column_if(kinds & VOLS, &ticks->vol);
    columns.position = column_if(kinds & POSITIONS, &ticks->position);
    columns.trade = column_if(kinds & TRADES, &ticks->trade);
    return columns;
}

START_TEST(columns_are_as_many_ticks)
{
    static const int32_t rules[] = {GEX_VOL_GIVEN, GEX_VOL_IMPLIED, GEX_VOL_OTM};
    static struct tick ticks[TICKS];
    struct rows *rows = rows_make();

    for (int rule = 0; rule < 3; rule++)
        for (int kinds = 0; kinds < ALL_KINDS; kinds++) {
            const int64_t count = kinds & SOME_ROWS ? TICKS : ROWS;
            gex_live *one, *many;
            gex_live_columns columns;
            gex_error error;

            if ((kinds & (QUOTES | VOLS | POSITIONS | TRADES)) == 0)
                continue;
            seed = (uint64_t)(100 * rule + kinds);
            ticks_draw(ticks, rows);
            one = live_make(rows, rules[rule]);
            many = live_make(rows, rules[rule]);
            columns = columns_of(ticks, count, kinds);
            set_one_by_one(one, ticks, count, kinds);
            ck_assert_msg(gex_live_set_columns(many, &columns, &error) == GEX_OK, "%s", error.message);
            ck_assert_int_eq(gex_live_refresh(NULL, one, NULL), GEX_OK);
            ck_assert_int_eq(gex_live_refresh(NULL, many, NULL), GEX_OK);
            same_lives(one, many);
            gex_live_free(one);
            gex_live_free(many);
        }
    free(rows);
}
END_TEST

/* One value for every row, and no tick at all. */
START_TEST(a_stride_of_zero)
{
    const double vol = 0.3;
    struct rows *rows = rows_make();
    gex_live *live = live_make(rows, GEX_VOL_GIVEN);
    gex_live_columns columns;

    gex_live_columns_init(&columns, sizeof columns);
    columns.count = ROWS;
    columns.vol = (gex_f64){&vol, 0};
    ck_assert_int_eq(gex_live_set_columns(live, &columns, NULL), GEX_OK);
    columns.count = 0;
    columns.vol.data = NULL;
    columns.trade = (gex_f64){&vol, 8};
    ck_assert_int_eq(gex_live_set_columns(live, &columns, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, live, NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++)
        ck_assert_double_eq(gex_live_vol(live)[i], 0.3);
    gex_live_free(live);
    free(rows);
}
END_TEST

/* ---- all or nothing ---------------------------------------------------------------------------------------------- */

START_TEST(what_is_refused_leaves_nothing)
{
    static struct tick ticks[TICKS];
    const int kinds = QUOTES | VOLS | POSITIONS | TRADES | SOME_ROWS;
    struct rows *rows = rows_make();
    gex_live *live = live_make(rows, GEX_VOL_IMPLIED), *untouched = live_make(rows, GEX_VOL_IMPLIED);
    gex_live_columns columns = columns_of(ticks, TICKS, kinds);
    gex_error error;

    seed = 8;
    ticks_draw(ticks, rows);
    ticks[TICKS - 1].row = ROWS;
    ck_assert_int_eq(gex_live_set_columns(live, &columns, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(error.row, TICKS - 1);
    ticks[TICKS - 1].row = -1;
    ck_assert_int_eq(gex_live_set_columns(live, &columns, &error), GEX_ERR_ARGUMENT);
    ticks[TICKS - 1].row = 0;
    ticks[7].trade = (double)INFINITY;
    ck_assert_int_eq(gex_live_set_columns(live, &columns, &error), GEX_ERR_DOMAIN);
    ck_assert_int_eq(error.row, 7);
    ticks[7].trade = 1;
    columns.ask.data = NULL;
    ck_assert_int_eq(gex_live_set_columns(live, &columns, NULL), GEX_ERR_ARGUMENT);
    columns = columns_of(ticks, ROWS + 1, kinds & ~SOME_ROWS); /* more ticks than rows */
    ck_assert_int_eq(gex_live_set_columns(live, &columns, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(error.row, ROWS);
    ck_assert_int_eq(gex_live_refresh(NULL, live, NULL), GEX_OK);
    same_lives(live, untouched);
    gex_live_free(live);
    gex_live_free(untouched);
    free(rows);
}
END_TEST

Suite *suite_live_columns(void)
{
    Suite *suite = suite_create("live_columns");
    TCase *tcase = tcase_create("many ticks at once");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, columns_are_as_many_ticks);
    tcase_add_test(tcase, a_stride_of_zero);
    tcase_add_test(tcase, what_is_refused_leaves_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
