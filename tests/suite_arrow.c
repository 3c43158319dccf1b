/* SPDX-License-Identifier: Apache-2.0 */
/* Chains from Arrow: to the byte the chain of plain columns, whatever the types, nulls and slices; arrays that lie. */
#include <math.h>
#include <stdlib.h>

#include "arrows.h"
#include "refusal.h"

Suite *suite_arrow(void);

enum { ROWS = 5, COLUMNS = 15 };
#define TEXTS "SPXWSPXSPYQQZZ"
#define NANO  INT64_C(1000000000)

/* Rows of whole numbers, so that every type can hold them; the last is refused: its right is none. */
static const int32_t ends[ROWS + 1] = {0, 4, 7, 10, 14, 14};
static const int64_t large_ends[ROWS + 1] = {0, 4, 7, 10, 14, 14};
static const int32_t dates[ROWS] = {20240603, 20240621, 20240621, 20240719, 20240719};
static const int32_t days[ROWS] = {19877, 19895, 19895, 19923, 19923};
static const int64_t settled[ROWS] = {1717444800 * NANO, 1718976600 * NANO, 1718976600 * NANO, 1721419200 * NANO,
                                      1721419200 * NANO};
static const double numbers[ROWS] = {100, 101, 7, 64, 1};
static const int8_t rights[ROWS] = {1, -1, 1, -1, 0}, exercises[ROWS] = {1, 1, 2, 2, 1};
static const int8_t payoffs[ROWS] = {1, 1, 1, 1, 2};
static const char fixed[ROWS][4] = {"SPXW", "SPX", "SPY", "QQZZ", ""};

static const char *const reals[] = {"strike", "multiplier", "bid", "ask", "last", "vol", "open_interest", "volume"};

struct bytes {
    char    at[4096];
    int64_t length;
};

static int32_t append(void *user, const char *piece, int64_t length)
{
    struct bytes *bytes = user;

    if (bytes->length + length > (int64_t)sizeof bytes->at)
        return 1;
    memcpy(bytes->at + bytes->length, piece, (size_t)length);
    bytes->length += length;
    return 0;
}

static gex_f64 *real_of(gex_chain_columns *columns, size_t k)
{
    gex_f64 *const at[] = {&columns->strike, &columns->multiplier, &columns->bid, &columns->ask,
                           &columns->last, &columns->vol, &columns->open_interest, &columns->volume};
    return at[k];
}

static gex_chain_columns plain(void)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){fixed[0], sizeof fixed[0], sizeof fixed[0]};
    columns.expiry = (gex_i32){dates, sizeof *dates};
    columns.settlement = (gex_i64){settled, sizeof *settled};
    columns.right = (gex_i8){rights, 1};
    columns.exercise = (gex_i8){exercises, 1};
    columns.payoff = (gex_i8){payoffs, 1};
    for (size_t k = 0; k < 8; k++)
        *real_of(&columns, k) = (gex_f64){numbers, sizeof *numbers};
    return columns;
}

static void natural(struct arrows *table)
{
    arrows_open(table, ROWS);
    arrows_add(table, "root", "u", ROWS, ends, TEXTS, NULL);
    arrows_add(table, "expiry", "tdD", ROWS, days, NULL, NULL);
    arrows_add(table, "settlement", "tsn:UTC", ROWS, settled, NULL, NULL);
    arrows_add(table, "right", "c", ROWS, rights, NULL, NULL);
    arrows_add(table, "exercise", "c", ROWS, exercises, NULL, NULL);
    arrows_add(table, "payoff", "c", ROWS, payoffs, NULL, NULL);
    for (size_t k = 0; k < 8; k++)
        arrows_add(table, reals[k], "g", ROWS, numbers, NULL, NULL);
}
enum { ROOT, EXPIRY, SETTLEMENT, RIGHT, EXERCISE, PAYOFF, STRIKE, MULTIPLIER, BID, ASK, LAST, VOL, OPEN_INTEREST,
       VOLUME };

static gex_chain *made_of(struct arrows *table, const gex_chain_options *options)
{
    gex_chain *chain = NULL;
    gex_error error;

    ck_assert_msg(gex_chain_from_arrow(NULL, &table->schema, &table->array, options, &chain, &error) == GEX_OK, "%s",
                  error.message);
    ck_assert_int_eq(table->released, 0);
    return chain;
}

/* Status, flags, every column, symbols and options: all that is saved. */
static void same(struct arrows *table, const gex_chain_columns *columns)
{
    struct bytes mine = {.length = 0}, theirs = {.length = 0};
    gex_chain_options options;
    gex_chain *chain = NULL, *read;
    gex_error error;

    gex_chain_options_init(&options, sizeof options);
    memcpy(options.underlying, "SPX", 4);
    ck_assert_msg(gex_chain_create(NULL, columns, &options, &chain, &error) == GEX_OK, "%s", error.message);
    read = made_of(table, &options);
    ck_assert_int_eq(gex_chain_save(chain, append, &mine, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_save(read, append, &theirs, NULL), GEX_OK);
    ck_assert_int_eq(mine.length, theirs.length);
    ck_assert_mem_eq(mine.at, theirs.at, (size_t)mine.length);
    gex_chain_free(chain);
    gex_chain_free(read);
}

START_TEST(the_chain_of_plain_columns)
{
    const gex_chain_columns columns = plain();
    struct arrows table;
    gex_chain *chain;

    natural(&table);
    same(&table, &columns);
    chain = made_of(&table, NULL);
    for (int64_t i = 0; i < ROWS; i++)
        ck_assert_int_eq(gex_chain_status(chain)[i], i < 4 ? GEX_ROW_USED : GEX_ROW_BAD_RIGHT);
    gex_chain_free(chain);
    table.schema.release(&table.schema); /* still the caller's to do */
    table.array.release(&table.array);
    ck_assert_int_eq(table.released, 2);
}
END_TEST

/* The values of column `at` as another type, for one comparison. */
#define AS(type, letter, from)                                  \
    do {                                                        \
        type typed[ROWS];                                       \
        const void *const before = table.buffers[at][1];        \
        const char *const format = table.schemas[at].format;    \
        for (int64_t i = 0; i < ROWS; i++)                      \
            typed[i] = (type)(from)[i];                         \
        table.schemas[at].format = letter;                      \
        table.buffers[at][1] = typed;                           \
        same(&table, &columns);                                 \
        table.schemas[at].format = format;                      \
        table.buffers[at][1] = before;                          \
    } while (0)

START_TEST(numbers_of_every_type)
{
    const gex_chain_columns columns = plain();
    struct arrows table;

    natural(&table);
    for (int64_t at = STRIKE; at <= VOLUME; at++) {
        AS(float, "f", numbers);
        AS(int8_t, "c", numbers);
        AS(uint8_t, "C", numbers);
        AS(int16_t, "s", numbers);
        AS(uint16_t, "S", numbers);
        AS(int32_t, "i", numbers);
        AS(uint32_t, "I", numbers);
        AS(int64_t, "l", numbers);
        AS(uint64_t, "L", numbers);
        AS(double, "g", numbers);
    }
    for (int64_t at = RIGHT; at <= RIGHT; at++) {
        AS(int16_t, "s", rights);
        AS(int32_t, "i", rights);
        AS(int64_t, "l", rights);
        AS(int8_t, "c", rights);
    }
}
END_TEST

START_TEST(dates_instants_and_texts_of_every_type)
{
    gex_chain_columns columns = plain();
    int64_t ms[ROWS], at;
    struct arrows table;
    static const int32_t right_ends[ROWS + 1] = {0, 1, 2, 6, 9, 9}, word_ends[ROWS + 1] = {0, 8, 16, 24, 32, 40};
    static const int32_t payoff_ends[ROWS + 1] = {0, 7, 14, 21, 28, 35};

    natural(&table);
    at = EXPIRY;
    AS(int32_t, "i", dates);
    AS(int64_t, "l", dates);
    for (int64_t i = 0; i < ROWS; i++)
        ms[i] = days[i] * INT64_C(86400000) + 12345;
    AS(int64_t, "tdm", ms);
    at = SETTLEMENT;
    AS(int64_t, "l", settled);
    for (int64_t i = 0; i < ROWS; i++)
        ms[i] = settled[i] / NANO;
    AS(int64_t, "tss:America/New_York", ms);
    for (int64_t i = 0; i < ROWS; i++)
        ms[i] = settled[i] / 1000000;
    AS(int64_t, "tsm:UTC", ms);
    for (int64_t i = 0; i < ROWS; i++)
        ms[i] = settled[i] / 1000;
    AS(int64_t, "tsu:+00:00", ms);

    natural(&table);
    table.schemas[ROOT].format = "U";
    table.buffers[ROOT][1] = large_ends;
    table.schemas[RIGHT].format = table.schemas[EXERCISE].format = table.schemas[PAYOFF].format = "u";
    table.arrays[RIGHT].n_buffers = table.arrays[EXERCISE].n_buffers = table.arrays[PAYOFF].n_buffers = 3;
    table.buffers[RIGHT][1] = right_ends;
    table.buffers[RIGHT][2] = "CpCallPUT";
    table.buffers[EXERCISE][1] = word_ends;
    table.buffers[EXERCISE][2] = "europeanEUROPEANAmericanamericanEuropean";
    table.buffers[PAYOFF][1] = payoff_ends;
    table.buffers[PAYOFF][2] = "vanillaVANILLAVanillavanillainverse";
    same(&table, &columns);
}
END_TEST

START_TEST(a_null_says_nothing)
{
    static const uint8_t valid[] = {0x1d}; /* row 1 is null */
    double less[ROWS];
    int64_t settled_less[ROWS];
    int32_t dates_less[ROWS];
    int8_t code_less[3][ROWS];
    char fixed_less[ROWS][4];
    gex_chain_columns columns = plain();
    struct arrows table;

    memcpy(less, numbers, sizeof less);
    memcpy(settled_less, settled, sizeof settled);
    memcpy(dates_less, dates, sizeof dates);
    memcpy(fixed_less, fixed, sizeof fixed);
    memcpy(code_less[0], rights, ROWS);
    memcpy(code_less[1], exercises, ROWS);
    memcpy(code_less[2], payoffs, ROWS);
    less[1] = (double)NAN;
    settled_less[1] = INT64_MIN;
    dates_less[1] = 0;
    memset(fixed_less[1], 0, sizeof fixed_less[1]);
    natural(&table);
    columns.bid.data = columns.vol.data = columns.open_interest.data = less; /* one after the other */
    table.buffers[BID][0] = table.buffers[VOL][0] = table.buffers[OPEN_INTEREST][0] = valid;
    same(&table, &columns);
    columns.exercise.data = code_less[1];
    code_less[1][1] = 0;
    table.buffers[EXERCISE][0] = valid;
    same(&table, &columns);
    columns.settlement.data = settled_less;
    table.buffers[SETTLEMENT][0] = valid;
    same(&table, &columns);
    columns.root.data = fixed_less[0];
    table.buffers[ROOT][0] = valid;
    same(&table, &columns);

    natural(&table); /* a row that is null in the struct itself */
    table.valid[0] = valid;
    columns = plain();
    for (size_t k = 0; k < 8; k++)
        real_of(&columns, k)->data = less;
    code_less[0][1] = code_less[2][1] = 0;
    columns.right.data = code_less[0];
    columns.exercise.data = code_less[1];
    columns.payoff.data = code_less[2];
    columns.settlement.data = settled_less;
    columns.expiry.data = dates_less;
    columns.root.data = fixed_less[0];
    same(&table, &columns);

    natural(&table); /* a column of the null type */
    table.schemas[MULTIPLIER].format = table.schemas[PAYOFF].format = "n";
    table.arrays[MULTIPLIER].n_buffers = table.arrays[PAYOFF].n_buffers = 0;
    columns = plain();
    columns.multiplier.data = NULL;
    columns.payoff.data = NULL;
    same(&table, &columns);
}
END_TEST

/* Rows 1 to 3, cut by the struct, by its children, and by both. */
START_TEST(slices)
{
    static const uint8_t valid[] = {0x17}, row_valid[] = {0x0d}; /* value 3 is null; row 1 */
    double less[ROWS];
    gex_chain_columns columns = plain();
    struct arrows table;

    memcpy(less, numbers, sizeof less);
    less[3] = (double)NAN;
    columns.rows = 3;
    columns.root.data = fixed[1];
    columns.expiry.data = &dates[1];
    columns.settlement.data = &settled[1];
    columns.right.data = &rights[1];
    columns.exercise.data = &exercises[1];
    columns.payoff.data = &payoffs[1];
    for (size_t k = 0; k < 8; k++)
        real_of(&columns, k)->data = &numbers[1];
    columns.bid.data = &less[1];
    for (int64_t by_struct = 0; by_struct <= 1; by_struct++) {
        natural(&table);
        table.buffers[BID][0] = valid;
        table.array.length = 3;
        table.array.offset = by_struct;
        for (int64_t k = 0; k < table.array.n_children; k++) {
            table.arrays[k].offset = 1 - by_struct;
            table.arrays[k].length = by_struct != 0 ? ROWS : 3;
        }
        same(&table, &columns);
    }
    table.array.offset = 1; /* bits of the struct and of the child, each by its own offset */
    table.array.length = 2;
    table.valid[0] = row_valid;
    for (int64_t k = 0; k < table.array.n_children; k++) {
        table.arrays[k].offset = 1;
        table.arrays[k].length = 3;
    }
    {
        gex_chain *chain = made_of(&table, NULL);
        ck_assert_int_eq(gex_chain_rows(chain), 2);
        ck_assert_int_ne(gex_chain_status(chain)[0], GEX_ROW_USED);
        ck_assert_int_eq(gex_chain_status(chain)[1], GEX_ROW_USED);
        ck_assert_double_eq(gex_chain_strike(chain)[1], numbers[3]);
        ck_assert(isnan(gex_chain_bid(chain)[1]));
        gex_chain_free(chain);
    }
}
END_TEST

START_TEST(values_that_do_not_fit_refuse_their_row)
{
    static const int64_t wide[ROWS] = {(INT64_C(1) << 53) + 1, INT64_C(1) << 53, INT64_MIN, 200, 1};
    static const uint64_t above[ROWS] = {UINT64_MAX, UINT64_C(1) << 63, 1, 2, 3};
    static const int32_t far[ROWS] = {INT32_MAX, INT32_MIN, 19895, -1, 0};
    static const int64_t late[ROWS] = {INT64_MAX, INT64_MIN + 1, 1718976600, 0, 0};
    struct arrows table;
    gex_chain *chain;

    natural(&table);
    table.schemas[BID].format = "l";
    table.buffers[BID][1] = wide;
    table.schemas[ASK].format = "L";
    table.buffers[ASK][1] = above;
    table.schemas[EXERCISE].format = "l";
    table.buffers[EXERCISE][1] = wide;
    chain = made_of(&table, NULL);
    ck_assert(isnan(gex_chain_bid(chain)[0]) && isnan(gex_chain_bid(chain)[2]));
    ck_assert_double_eq(gex_chain_bid(chain)[1], 9007199254740992.0);
    ck_assert(isnan(gex_chain_ask(chain)[0]) && isnan(gex_chain_ask(chain)[1]));
    ck_assert_double_eq(gex_chain_ask(chain)[2], 1.0);
    for (int64_t i = 0; i < 4; i++)
        ck_assert_int_eq(gex_chain_status(chain)[i], GEX_ROW_UNSUPPORTED);
    gex_chain_free(chain);

    natural(&table);
    table.buffers[EXPIRY][1] = far;
    table.schemas[SETTLEMENT].format = "n";
    chain = made_of(&table, NULL);
    ck_assert_int_eq(gex_chain_status(chain)[0], GEX_ROW_BAD_SYMBOL);
    ck_assert_int_eq(gex_chain_status(chain)[1], GEX_ROW_BAD_SYMBOL);
    ck_assert_int_eq(gex_chain_status(chain)[2], GEX_ROW_USED);
    gex_chain_free(chain);

    natural(&table);
    table.schemas[SETTLEMENT].format = "tss:UTC";
    table.buffers[SETTLEMENT][1] = late;
    chain = made_of(&table, NULL);
    ck_assert_int_eq(gex_chain_settlement(chain)[0], INT64_MAX);
    ck_assert_int_eq(gex_chain_settlement(chain)[1], INT64_MIN + 1);
    ck_assert_int_eq(gex_chain_settlement(chain)[2], 1718976600 * NANO);
    gex_chain_free(chain);
}
END_TEST

/* A symbol, and the same one with 43 blanks and more behind it: cut at 64 bytes it would be understood. */
START_TEST(a_text_too_long_is_no_symbol)
{
    static const int32_t symbol_ends[] = {0, 21, 91};
    char text[91];
    struct arrows table;
    gex_chain *chain;

    memset(text, ' ', sizeof text);
    memcpy(text, "SPXW  240603C05000000", 21);
    memcpy(text + 21, "SPXW  240603C05000000", 21);
    text[90] = 'x';
    arrows_open(&table, 2);
    arrows_add(&table, "symbol", "u", 2, symbol_ends, text, NULL);
    chain = made_of(&table, NULL);
    ck_assert_int_eq(gex_chain_status(chain)[0], GEX_ROW_USED);
    ck_assert_double_eq(gex_chain_strike(chain)[0], 5000.0);
    ck_assert_int_eq(gex_chain_status(chain)[1], GEX_ROW_BAD_SYMBOL);
    gex_chain_free(chain);
}
END_TEST

START_TEST(no_rows_and_columns_of_other_names)
{
    struct arrows table;
    gex_chain *chain;

    arrows_open(&table, 0);
    arrows_add(&table, "symbol", "u", 0, NULL, "", NULL);
    arrows_add(&table, "bid", "g", 0, NULL, NULL, NULL);
    chain = made_of(&table, NULL);
    ck_assert_int_eq(gex_chain_rows(chain), 0);
    gex_chain_free(chain);

    natural(&table); /* not even its type is looked at */
    arrows_add(&table, "greeks", "+w:3", 0, NULL, NULL, NULL);
    arrows_add(&table, NULL, "vu", 0, NULL, NULL, NULL);
    chain = made_of(&table, NULL);
    ck_assert_int_eq(gex_chain_rows(chain), ROWS);
    gex_chain_free(chain);
}
END_TEST

#define REFUSED(expected, ...)                                                                                \
    do {                                                                                                      \
        natural(&table);                                                                                       \
        __VA_ARGS__;                                                                                          \
        CALLED(chain, expected, gex_chain_from_arrow(NULL, &table.schema, &table.array, NULL, OUT));            \
        ck_assert_int_eq(table.released, 0);                                                                   \
    } while (0)

START_TEST(types_that_are_refused)
{
    static const char *const formats[] = {"", "b", "e", "z", "vu", "d:10,2", "+l", "tdD", "tsn:UTC", "u", "gg", "L "};
    struct arrows table;

    for (size_t k = 0; k < sizeof formats / sizeof *formats; k++)
        REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[STRIKE].format = formats[k]);
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[ROOT].format = "g");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[ROOT].format = "vu");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[RIGHT].format = "g");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[EXPIRY].format = "g");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[SETTLEMENT].format = "tsn:"); /* whose time? */
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[SETTLEMENT].format = "tsx:UTC");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[SETTLEMENT].format = "i");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schema.format = "g");
    REFUSED(GEX_ERR_UNSUPPORTED, table.schema.format = NULL);
    REFUSED(GEX_ERR_UNSUPPORTED, table.schemas[ROOT].dictionary = &table.schemas[BID]);
    REFUSED(GEX_ERR_UNSUPPORTED, table.arrays[ROOT].dictionary = &table.arrays[BID]);
}
END_TEST

START_TEST(arrays_that_lie)
{
    static const int32_t backwards[ROWS + 1] = {0, 4, 3, 10, 14, 14}, negative[ROWS + 1] = {-4, 0, 7, 10, 14, 14};
    static const int64_t large_back[ROWS + 1] = {0, 4, INT64_MAX, INT64_MIN, 14, 14};
    struct arrows table;
    gex_chain *chain = NULL;
    gex_error why;

    REFUSED(GEX_ERR_ARGUMENT, table.schema.release = NULL);
    REFUSED(GEX_ERR_ARGUMENT, table.array.release = NULL);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].release = NULL);
    REFUSED(GEX_ERR_FORMAT, table.schemas[BID].release = NULL);
    REFUSED(GEX_ERR_FORMAT, table.schemas[BID].format = NULL);
    REFUSED(GEX_ERR_FORMAT, table.schema_at[BID] = NULL);
    REFUSED(GEX_ERR_FORMAT, table.array_at[BID] = NULL);
    REFUSED(GEX_ERR_FORMAT, table.schema.children = NULL);
    REFUSED(GEX_ERR_FORMAT, table.array.children = NULL);
    REFUSED(GEX_ERR_FORMAT, table.array.n_children--);
    REFUSED(GEX_ERR_FORMAT, table.schema.n_children = table.array.n_children = -1);
    REFUSED(GEX_ERR_FORMAT, table.array.n_buffers = 0);
    REFUSED(GEX_ERR_FORMAT, table.array.buffers = NULL);
    REFUSED(GEX_ERR_FORMAT, table.array.length = -1);
    REFUSED(GEX_ERR_FORMAT, table.array.length = ROWS + 1);
    REFUSED(GEX_ERR_FORMAT, table.array.length = INT64_MAX);
    REFUSED(GEX_ERR_ARGUMENT, table.array.length = GEX_MAX_ROWS + 1);
    REFUSED(GEX_ERR_FORMAT, table.array.offset = -1);
    REFUSED(GEX_ERR_FORMAT, table.array.offset = 1);
    REFUSED(GEX_ERR_FORMAT, table.array.offset = INT64_MAX);
    REFUSED(GEX_ERR_FORMAT, table.array.null_count = 1);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].null_count = 1);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].null_count = -2);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].length = ROWS - 1);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].offset = -1);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].offset = INT64_MAX - 2);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].offset = INT64_MAX / 4);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].n_buffers = 3);
    REFUSED(GEX_ERR_FORMAT, table.arrays[BID].buffers = NULL);
    REFUSED(GEX_ERR_FORMAT, table.buffers[BID][1] = NULL);
    REFUSED(GEX_ERR_FORMAT, table.arrays[ROOT].n_buffers = 2);
    REFUSED(GEX_ERR_FORMAT, table.buffers[ROOT][1] = NULL);
    REFUSED(GEX_ERR_FORMAT, table.buffers[ROOT][2] = NULL);
    REFUSED(GEX_ERR_FORMAT, table.buffers[ROOT][1] = negative);
    REFUSED(GEX_ERR_FORMAT, table.schemas[ROOT].format = "U"; table.buffers[ROOT][1] = large_back);
    REFUSED(GEX_ERR_ARGUMENT, table.schemas[BID].name = "ask"); /* twice */
    REFUSED(GEX_ERR_ARGUMENT, table.schemas[STRIKE].name = "Strike"); /* nothing names a series */
    natural(&table);
    table.buffers[ROOT][1] = backwards;
    ck_assert_int_eq(gex_chain_from_arrow(NULL, &table.schema, &table.array, NULL, &chain, &why), GEX_ERR_FORMAT);
    ck_assert_int_eq(why.row, 1);
}
END_TEST

Suite *suite_arrow(void)
{
    Suite *suite = suite_create("arrow");
    TCase *tcase = tcase_create("chains from arrow");

    tcase_add_test(tcase, the_chain_of_plain_columns);
    tcase_add_test(tcase, numbers_of_every_type);
    tcase_add_test(tcase, dates_instants_and_texts_of_every_type);
    tcase_add_test(tcase, a_null_says_nothing);
    tcase_add_test(tcase, slices);
    tcase_add_test(tcase, values_that_do_not_fit_refuse_their_row);
    tcase_add_test(tcase, a_text_too_long_is_no_symbol);
    tcase_add_test(tcase, no_rows_and_columns_of_other_names);
    tcase_add_test(tcase, types_that_are_refused);
    tcase_add_test(tcase, arrays_that_lie);
    suite_add_tcase(suite, tcase);
    return suite;
}
