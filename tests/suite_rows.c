/* SPDX-License-Identifier: Apache-2.0 */
/* One hostile row among good ones: its status is the one written here, its neighbours and the totals do not feel it. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "doors.h"

Suite *suite_rows(void);

enum { ROWS = 5, HOSTILE = 2 };

/* A chain in the caller's memory; every column is an array, so that one cell can be spoilt. */
struct cells {
    int64_t rows;
    char    root[ROWS][8];
    int64_t settlement[ROWS];
    double strike[ROWS], multiplier[ROWS], bid[ROWS], ask[ROWS], last[ROWS], vol[ROWS], open_interest[ROWS],
        volume[ROWS];
    int8_t  right[ROWS], exercise[ROWS], payoff[ROWS];
};

static const int64_t as_of = INT64_C(1694710800000000000); /* 2023-09-14 13:00 New York */
static const int64_t hour = INT64_C(3600000000000);
static const double  spot = 5000;

static struct cells good_cells(void)
{
    struct cells cells;

    memset(&cells, 0, sizeof cells);
    cells.rows = ROWS;
    for (int i = 0; i < ROWS; i++) {
        memcpy(cells.root[i], "SPXW", 5);
        cells.settlement[i] = as_of + 24 * hour * (i + 1);
        cells.strike[i] = 4950 + 25 * i;
        cells.multiplier[i] = 100;
        cells.bid[i] = 60;
        cells.ask[i] = 61;
        cells.last[i] = 60.5;
        cells.vol[i] = 0.15 + 0.01 * i;
        cells.open_interest[i] = 1000 + i;
        cells.volume[i] = 10;
        cells.right[i] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
        cells.exercise[i] = GEX_EXERCISE_EUROPEAN;
        cells.payoff[i] = GEX_PAYOFF_VANILLA;
    }
    return cells;
}

struct made {
    gex_chain    *chain;
    gex_market   *market;
    gex_book     *book;
    gex_greeks   *greeks;
    gex_exposure *exposure;
    gex_map      *map;
};

static gex_chain_columns columns_of(const struct cells *cells)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = cells->rows;
    columns.root = (gex_text){cells->root[0], sizeof cells->root[0], sizeof cells->root[0]};
    columns.settlement = (gex_i64){cells->settlement, sizeof(int64_t)};
#define F64(field) columns.field = (gex_f64){cells->field, sizeof(double)}
#define I8(field)  columns.field = (gex_i8){cells->field, 1}
    F64(strike);
    F64(multiplier);
    F64(bid);
    F64(ask);
    F64(last);
    F64(vol);
    F64(open_interest);
    F64(volume);
    I8(right);
    I8(exercise);
    I8(payoff);
    return columns;
}

static struct made make(const struct cells *cells, int32_t vol_rule, bool with_map)
{
    const gex_chain_columns columns = columns_of(cells);
    gex_market_options market;
    gex_book_options book;
    gex_exposure_options exposure;
    struct made made = {0};

    gex_market_options_init(&market, sizeof market);
    market.clock = GEX_CLOCK_CAL_365;
    market.as_of = as_of;
    market.spot = spot;
    market.vol = vol_rule;
    market.forward = GEX_FORWARD_RATE;
    market.style = GEX_STYLE_AUTO;
    market.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    gex_book_options_init(&book, sizeof book);
    book.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_exposure_options_init(&exposure, sizeof exposure);
    exposure.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &made.chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_market_create(NULL, made.chain, &market, &made.market, NULL), GEX_OK);
    ck_assert_int_eq(gex_book_create(NULL, made.chain, &book, &made.book, NULL), GEX_OK);
    ck_assert_int_eq(gex_greeks_compute(NULL, made.market, &made.greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, made.greeks, made.book, &exposure, &made.exposure, NULL), GEX_OK);
    if (with_map)
        ck_assert_int_eq(gex_map_compute(NULL, made.market, made.book, NULL, &made.map, NULL), GEX_OK);
    return made;
}

static void unmake(struct made *made)
{
    gex_map_free(made->map);
    gex_exposure_free(made->exposure);
    gex_greeks_free(made->greeks);
    gex_book_free(made->book);
    gex_market_free(made->market);
    gex_chain_free(made->chain);
}

/* ---- what each cell comes to ------------------------------------------------------------------------------------- */

static double signalling_nan(void)
{
    const uint64_t bits = UINT64_C(0x7ff0000000000001);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

enum {
    FIELD_STRIKE = 1,
    FIELD_MULTIPLIER,
    FIELD_VOL,
    FIELD_OPEN_INTEREST,
    FIELD_VOLUME,
    FIELD_BID,
    FIELD_ASK,
    FIELD_LAST
};
enum { SIGNALLING = 1 }; /* the value is made in the test: a compiler may quieten a constant */

/*
 * Status of the row in the exposure, under vol `given` and under vol `implied`; the sign rule reads open interest.
 * Source: the statuses of gex/row.h in their order, and gex/book.h for what a position may be.
 */
static const struct spoilt {
    int         field;
    double      value;
    int32_t     given, implied;
    int         special;
} spoilt[] = {
    {FIELD_STRIKE, NAN, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_STRIKE, 0, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, SIGNALLING},
    {FIELD_STRIKE, INFINITY, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_STRIKE, -INFINITY, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_STRIKE, 0.0, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_STRIKE, -0.0, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_STRIKE, -5000, GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE, 0},
    {FIELD_MULTIPLIER, NAN, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_MULTIPLIER, 0, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, SIGNALLING},
    {FIELD_MULTIPLIER, INFINITY, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_MULTIPLIER, 0.0, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_MULTIPLIER, -100, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_MULTIPLIER, 1e9, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_VOL, NAN, GEX_ROW_NOT_FINITE, GEX_ROW_USED, 0},
    {FIELD_VOL, 0, GEX_ROW_NOT_FINITE, GEX_ROW_USED, SIGNALLING},
    {FIELD_VOL, INFINITY, GEX_ROW_NOT_FINITE, GEX_ROW_USED, 0},
    {FIELD_VOL, -INFINITY, GEX_ROW_NOT_FINITE, GEX_ROW_USED, 0},
    {FIELD_VOL, 0.0, GEX_ROW_NO_VOL, GEX_ROW_USED, 0},
    {FIELD_VOL, -0.0, GEX_ROW_NO_VOL, GEX_ROW_USED, 0},
    {FIELD_VOL, -0.2, GEX_ROW_NO_VOL, GEX_ROW_USED, 0},
    {FIELD_VOL, 1e-12, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_VOL, 1e3, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_OPEN_INTEREST, NAN, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_OPEN_INTEREST, 0, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, SIGNALLING},
    {FIELD_OPEN_INTEREST, INFINITY, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_OPEN_INTEREST, -1, GEX_ROW_NOT_FINITE, GEX_ROW_NOT_FINITE, 0},
    {FIELD_OPEN_INTEREST, -0.0, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_OPEN_INTEREST, 0.5, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_OPEN_INTEREST, 9007199254740993.0, GEX_ROW_USED, GEX_ROW_USED, 0},   /* 2^53 + 1 */
    {FIELD_OPEN_INTEREST, 9223372036854775807.0, GEX_ROW_USED, GEX_ROW_USED, 0}, /* 2^63 - 1 */
    {FIELD_VOLUME, NAN, GEX_ROW_USED, GEX_ROW_USED, 0}, /* not read by the sign rule */
    {FIELD_VOLUME, -1, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_BID, NAN, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0},
    {FIELD_BID, 0, GEX_ROW_USED, GEX_ROW_NO_PRICE, SIGNALLING},
    {FIELD_BID, 0.0, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0},
    {FIELD_BID, -1, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0},
    {FIELD_BID, 62, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0}, /* crossed */
    {FIELD_ASK, NAN, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0},
    {FIELD_ASK, INFINITY, GEX_ROW_USED, GEX_ROW_NO_PRICE, 0},
    {FIELD_ASK, DBL_MAX, GEX_ROW_USED, GEX_ROW_NO_VOL, 0}, /* beyond what the contract can be worth */
    {FIELD_LAST, NAN, GEX_ROW_USED, GEX_ROW_USED, 0},
    {FIELD_LAST, -INFINITY, GEX_ROW_USED, GEX_ROW_USED, 0},
};

static void spoil(struct cells *cells, const struct spoilt *s)
{
    double *const columns[] = {NULL,          cells->strike, cells->multiplier, cells->vol, cells->open_interest,
                               cells->volume, cells->bid,    cells->ask,        cells->last};
    const double signalling = signalling_nan();
    memcpy(&columns[s->field][HOSTILE], s->special == SIGNALLING ? &signalling : &s->value, sizeof(double));
}

/* JSON has no word for what is not a number; a map that wrote one could not be read back. */
static int32_t check_json(void *user, const char *bytes, int64_t length)
{
    char *tail = user; /* the last bytes of the piece before, for a word cut in two */
    char text[64];

    for (int64_t i = 0; i < length; i++) {
        memmove(tail, tail + 1, 7);
        tail[7] = bytes[i];
        memcpy(text, tail, 8);
        text[8] = '\0';
        ck_assert_msg(strstr(text, ":nan") == NULL && strstr(text, ":inf") == NULL && strstr(text, ":-inf") == NULL,
                      "not a number in JSON: %s", text);
    }
    return 0;
}

/* The hostile row says what it is; its neighbours' bits are those of a chain without the fault. */
static void check_rows(const struct made *made, const struct made *clean, int32_t expected)
{
    for (int i = 0; i < ROWS; i++) {
        const int32_t status = gex_exposure_status(made->exposure)[i];
        const double value = gex_exposure_rows(made->exposure)[i];

        if (i != HOSTILE) {
            ck_assert_int_eq(status, GEX_ROW_USED);
            ck_assert_mem_eq(&value, &gex_exposure_rows(clean->exposure)[i], sizeof value);
            continue;
        }
        ck_assert_msg(status == expected, "row is %s, expected %s", gex_row_text(status), gex_row_text(expected));
        ck_assert_msg((expected == GEX_ROW_USED) == (isfinite(value) != 0), "exposure of the row is %g", value);
    }
}

/* Counts add up, and a refused row weighs in no sum: the total is that of a chain where nobody holds the contract. */
static void check_sums(const struct made *made, const struct made *unheld, int32_t expected)
{
    const double total = gex_exposure_total(made->exposure), without = gex_exposure_total(unheld->exposure);
    int64_t refused = 0;
    char tail[8] = "       ";

    for (int32_t key = GEX_ROW_BAD_STRIKE; key < GEX_ROW_COUNT; key++)
        refused += gex_exposure_count_refused(made->exposure, key);
    ck_assert_int_eq(refused, expected == GEX_ROW_USED ? 0 : 1);
    ck_assert_int_eq(refused + gex_exposure_count_used(made->exposure), ROWS);
    ck_assert_int_eq(gex_exposure_count_total(made->exposure), ROWS);
    ck_assert_msg(isfinite(total), "total is %g", total);
    ck_assert(isfinite(gex_exposure_gross(made->exposure)));
    if (expected != GEX_ROW_USED) {
        ck_assert_int_eq(gex_exposure_count_refused(made->exposure, expected), 1);
        ck_assert_mem_eq(&total, &without, sizeof total);
    }
    ck_assert_int_eq(gex_report_json(NULL, made->map, check_json, tail, NULL), GEX_OK);
}

static void check_cells(const struct cells *cells, int32_t vol_rule, int32_t expected)
{
    const struct cells good = good_cells();
    struct cells nobody = good;
    struct made made, clean, unheld;

    nobody.open_interest[HOSTILE] = 0;
    made = make(cells, vol_rule, true);
    clean = make(&good, vol_rule, false);
    unheld = make(&nobody, vol_rule, false);
    check_rows(&made, &clean, expected);
    check_sums(&made, &unheld, expected);
    unmake(&made);
    unmake(&clean);
    unmake(&unheld);
}

START_TEST(a_spoilt_number_costs_its_row_and_nothing_else)
{
    struct cells cells = good_cells();

    spoil(&cells, &spoilt[_i]);
    check_cells(&cells, GEX_VOL_GIVEN, spoilt[_i].given);
    check_cells(&cells, GEX_VOL_IMPLIED, spoilt[_i].implied);
}
END_TEST

static const struct {
    int64_t settlement;
    int32_t status;
} instants[] = {
    {INT64_C(1694710800000000000) - 1, GEX_ROW_EXPIRED}, /* a nanosecond ago */
    {INT64_C(1694710800000000000), GEX_ROW_USED},        /* at the as-of itself: no time left, and still there */
    {INT64_C(1694710800000000000) + 1, GEX_ROW_USED},
    {0, GEX_ROW_EXPIRED},
    {-1, GEX_ROW_EXPIRED},
    {INT64_MIN + 1, GEX_ROW_EXPIRED},
    {INT64_MIN, GEX_ROW_BAD_SYMBOL}, /* stands for "no settlement" */
    {INT64_MAX, GEX_ROW_USED},       /* the year 2262 */
};

START_TEST(settlement_at_the_edges_of_time)
{
    struct cells cells = good_cells();
    const struct cells good = cells;
    struct made made, clean;

    cells.settlement[HOSTILE] = instants[_i].settlement;
    cells.strike[HOSTILE] = 4999; /* off the money: at the strike with no time left gamma has no finite value */
    made = make(&cells, GEX_VOL_GIVEN, false);
    clean = make(&good, GEX_VOL_GIVEN, false);
    check_rows(&made, &clean, instants[_i].status);
    unmake(&made);
    unmake(&clean);
}
END_TEST

/* At the strike at expiry gamma is infinite: the row is used, counted as diverging, and weighs in no sum. */
START_TEST(at_the_strike_at_expiry)
{
    struct cells cells = good_cells(), nobody = good_cells();
    struct made made, unheld;
    double total;

    cells.settlement[HOSTILE] = as_of;
    nobody.open_interest[HOSTILE] = 0;
    made = make(&cells, GEX_VOL_GIVEN, false);
    unheld = make(&nobody, GEX_VOL_GIVEN, false);
    ck_assert_int_eq(gex_exposure_status(made.exposure)[HOSTILE], GEX_ROW_USED);
    ck_assert_int_eq(gex_exposure_count_used(made.exposure), ROWS);
    ck_assert_int_eq(gex_exposure_count_diverging(made.exposure), 1);
    ck_assert(!isfinite(gex_exposure_rows(made.exposure)[HOSTILE]));
    ck_assert_int_eq(gex_greeks_status(made.greeks)[HOSTILE], GEX_CALC_AT_STRIKE_AT_EXPIRY);
    total = gex_exposure_total(unheld.exposure);
    ck_assert_double_eq(gex_exposure_total(made.exposure), total);
    unmake(&made);
    unmake(&unheld);
}
END_TEST

/* Strikes far outside every market are contracts all the same: no NaN may come of them. */
START_TEST(strikes_at_the_edges_of_arithmetic)
{
    static const double strikes[] = {5e-324, DBL_MIN, 1e-300, 1e-6, 4999.999999999999, 5000.000000000001,
                                     1e300,  DBL_MAX};
    struct cells cells = good_cells();
    const struct cells good = good_cells();
    struct made made, clean;

    cells.strike[HOSTILE] = strikes[_i];
    made = make(&cells, GEX_VOL_GIVEN, false);
    clean = make(&good, GEX_VOL_GIVEN, false);
    check_rows(&made, &clean, GEX_ROW_USED);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        ck_assert_msg(!isnan(gex_greeks_column(made.greeks, greek)[HOSTILE]), "%s is NaN", gex_greek_name(greek));
    unmake(&made);
    unmake(&clean);
}
END_TEST

static const struct {
    int8_t  right, exercise, payoff;
    int32_t status;
} codes[] = {
    {0, 1, 1, GEX_ROW_BAD_RIGHT},    {2, 1, 1, GEX_ROW_BAD_RIGHT},    {-2, 1, 1, GEX_ROW_BAD_RIGHT},
    {127, 1, 1, GEX_ROW_BAD_RIGHT},  {-128, 1, 1, GEX_ROW_BAD_RIGHT}, {'C', 1, 1, GEX_ROW_BAD_RIGHT},
    {1, 3, 1, GEX_ROW_UNSUPPORTED},  {1, -1, 1, GEX_ROW_UNSUPPORTED}, {1, 0, 0, GEX_ROW_USED},
    {1, 2, 1, GEX_ROW_USED},         {1, 1, 2, GEX_ROW_USED},         {1, 1, 3, GEX_ROW_UNSUPPORTED},
    {1, 1, -1, GEX_ROW_UNSUPPORTED}, {1, 127, -128, GEX_ROW_UNSUPPORTED},
};

START_TEST(codes_that_mean_nothing)
{
    struct cells cells = good_cells();

    cells.right[HOSTILE] = codes[_i].right;
    cells.exercise[HOSTILE] = codes[_i].exercise;
    cells.payoff[HOSTILE] = codes[_i].payoff;
    check_cells(&cells, GEX_VOL_GIVEN, codes[_i].status);
}
END_TEST

/* Roots beside a settlement are labels, except that one which ends in a digit is another deliverable. */
static const struct {
    const char *root;
    int32_t     status;
    uint32_t    flags;
} roots[] = {
    {"", GEX_ROW_USED, GEX_FLAG_UNKNOWN_ROOT},
    {"spx", GEX_ROW_USED, GEX_FLAG_UNKNOWN_ROOT},
    {"\xc3\xa9\xc3\xa9", GEX_ROW_USED, GEX_FLAG_UNKNOWN_ROOT},
    {"        ", GEX_ROW_USED, GEX_FLAG_UNKNOWN_ROOT},
    {"ABCDEFGH", GEX_ROW_USED, GEX_FLAG_UNKNOWN_ROOT}, /* not terminated: eight of eight bytes */
    {"SPX\0WXYZ", GEX_ROW_USED, 0},
    {"SPY1", GEX_ROW_UNSUPPORTED, GEX_FLAG_ADJUSTED_ROOT},
};

START_TEST(roots_of_every_kind)
{
    struct cells cells = good_cells();
    struct made made;

    memset(cells.root[HOSTILE], 0, 8);
    memcpy(cells.root[HOSTILE], roots[_i].root, _i == 5 ? 8 : strlen(roots[_i].root));
    check_cells(&cells, GEX_VOL_GIVEN, roots[_i].status);
    made = make(&cells, GEX_VOL_GIVEN, false);
    ck_assert_uint_eq(gex_chain_flags(made.chain)[HOSTILE] & (GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT),
                      roots[_i].flags | (roots[_i].flags & GEX_FLAG_ADJUSTED_ROOT ? GEX_FLAG_UNKNOWN_ROOT : 0));
    unmake(&made);
}
END_TEST

/* ---- where the cells lie ----------------------------------------------------------------------------------------- */

START_TEST(columns_may_lie_anywhere)
{
    enum { RECORD = 61 }; /* an odd step, so that every alignment is met */
    const struct cells cells = good_cells();
    gex_chain_columns plain = columns_of(&cells), packed = plain, backward = plain;
    unsigned char *block = malloc(ROWS * RECORD + 8);
    gex_chain *chains[3];

    ck_assert_ptr_nonnull(block);
    for (int i = 0; i < ROWS; i++) {
        unsigned char *record = block + _i + i * RECORD;
        memcpy(record, &cells.strike[i], 8);
        memcpy(record + 8, &cells.vol[i], 8);
        memcpy(record + 16, &cells.settlement[i], 8);
        memcpy(record + 24, cells.root[i], 8);
        record[32] = (unsigned char)cells.right[i];
    }
    packed.strike = (gex_f64){(const double *)(const void *)(block + _i), RECORD};
    packed.vol = (gex_f64){(const double *)(const void *)(block + _i + 8), RECORD};
    packed.settlement = (gex_i64){(const int64_t *)(const void *)(block + _i + 16), RECORD};
    packed.root = (gex_text){(const char *)block + _i + 24, RECORD, 8};
    packed.right = (gex_i8){(const int8_t *)block + _i + 32, RECORD};
    ck_assert_int_eq(gex_chain_create(NULL, &plain, NULL, &chains[0], NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_create(NULL, &packed, NULL, &chains[1], NULL), GEX_OK);
    ck_assert_uint_eq(digest_chain(chains[1]), digest_chain(chains[0]));

    backward.strike = (gex_f64){&cells.strike[ROWS - 1], -(int64_t)sizeof(double)};
    ck_assert_int_eq(gex_chain_create(NULL, &backward, NULL, &chains[2], NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++)
        ck_assert_double_eq(gex_chain_strike(chains[2])[i], cells.strike[ROWS - 1 - i]);
    for (int k = 0; k < 3; k++)
        gex_chain_free(chains[k]);
    free(block);
}
END_TEST

START_TEST(one_value_serves_every_row)
{
    const struct cells cells = good_cells();
    gex_chain_columns columns = columns_of(&cells);
    gex_chain *chain = NULL;

    columns.strike.stride = columns.vol.stride = columns.settlement.stride = columns.root.stride =
        columns.right.stride = 0;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++) {
        ck_assert_double_eq(gex_chain_strike(chain)[i], cells.strike[0]);
        ck_assert_uint_eq(gex_chain_flags(chain)[i] & GEX_FLAG_DUPLICATE, i == 0 ? 0 : GEX_FLAG_DUPLICATE);
        ck_assert_int_eq(gex_chain_status(chain)[i], GEX_ROW_USED);
    }
    gex_chain_free(chain);
}
END_TEST

START_TEST(duplicates_are_kept_or_refused_as_chosen)
{
    struct cells cells = good_cells();
    const gex_chain_columns columns = columns_of(&cells);
    gex_chain_options options;
    gex_chain *chain = NULL;

    cells.settlement[4] = cells.settlement[HOSTILE]; /* the same series with another volatility */
    cells.strike[4] = cells.strike[HOSTILE];
    cells.right[4] = cells.right[HOSTILE];
    gex_chain_options_init(&options, sizeof options);
    options.duplicates = _i == 0 ? GEX_DUPLICATES_KEEP : GEX_DUPLICATES_REFUSE_LATER;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, &options, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_status(chain)[HOSTILE], GEX_ROW_USED);
    ck_assert_int_eq(gex_chain_status(chain)[4], _i == 0 ? GEX_ROW_USED : GEX_ROW_UNSUPPORTED);
    ck_assert_uint_eq(gex_chain_flags(chain)[HOSTILE] & GEX_FLAG_DUPLICATE, 0);
    ck_assert_uint_eq(gex_chain_flags(chain)[4] & GEX_FLAG_DUPLICATE, GEX_FLAG_DUPLICATE);
    gex_chain_free(chain);
}
END_TEST

/* A chain of refused rows, and one of no rows, are mapped all the way to the page. */
START_TEST(nothing_is_mapped_too)
{
    struct cells cells = good_cells();
    char tail[8] = "       ";
    uint64_t digest = 0;
    struct made made;

    for (int i = 0; i < ROWS; i++)
        cells.strike[i] = NAN;
    cells.rows = _i;
    made = make(&cells, GEX_VOL_GIVEN, true);
    ck_assert_int_eq(gex_exposure_count_total(made.exposure), _i);
    ck_assert_int_eq(gex_exposure_count_used(made.exposure), 0);
    ck_assert_double_eq(gex_exposure_total(made.exposure), 0);
    ck_assert_int_eq(gex_map_regime(made.map), GEX_REGIME_NONE);
    ck_assert_int_eq(gex_flips_status(gex_map_flips(made.map)), GEX_ROOTS_NONE_ZERO);
    ck_assert_int_eq(gex_report_json(NULL, made.map, check_json, tail, NULL), GEX_OK);
    ck_assert_int_eq(gex_report_page(NULL, made.map, digest_write, &digest, NULL), GEX_OK);
    ck_assert_int_eq(gex_report_svg(NULL, made.map, digest_write, &digest, NULL), GEX_OK);
    ck_assert_int_eq(gex_report_lines(NULL, made.map, digest_write, &digest, NULL), GEX_OK);
    unmake(&made);
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *suite_rows(void)
{
    Suite *suite = suite_create("rows");
    TCase *tcase = tcase_create("rows");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_spoilt_number_costs_its_row_and_nothing_else, 0, LENGTH(spoilt));
    tcase_add_loop_test(tcase, settlement_at_the_edges_of_time, 0, LENGTH(instants));
    tcase_add_test(tcase, at_the_strike_at_expiry);
    tcase_add_loop_test(tcase, strikes_at_the_edges_of_arithmetic, 0, 8);
    tcase_add_loop_test(tcase, codes_that_mean_nothing, 0, LENGTH(codes));
    tcase_add_loop_test(tcase, roots_of_every_kind, 0, LENGTH(roots));
    tcase_add_loop_test(tcase, columns_may_lie_anywhere, 0, 8);
    tcase_add_test(tcase, one_value_serves_every_row);
    tcase_add_loop_test(tcase, duplicates_are_kept_or_refused_as_chosen, 0, 2);
    tcase_add_loop_test(tcase, nothing_is_mapped_too, 0, ROWS + 1);
    suite_add_tcase(suite, tcase);
    return suite;
}
