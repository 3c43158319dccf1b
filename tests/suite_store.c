/* SPDX-License-Identifier: Apache-2.0 */
/* Chains saved and loaded: every bit of every column, the file of version 1, and bytes that are not one. */
#include <stdio.h>

#include "refusal.h"
#include "shuffled.h"

Suite *suite_store(void);

struct buffer {
    char   *bytes;
    int64_t length, room;
};

static int32_t append(void *user, const char *bytes, int64_t length)
{
    struct buffer *buffer = user;

    if (buffer->length + length > buffer->room)
        return 1;
    memcpy(buffer->bytes + buffer->length, bytes, (size_t)length);
    buffer->length += length;
    return 0;
}

static struct buffer saved(const gex_chain *chain)
{
    struct buffer buffer = {.room = gex_chain_save_size(chain)};
    gex_error error;

    buffer.bytes = malloc((size_t)buffer.room);
    ck_assert_msg(gex_chain_save(chain, append, &buffer, &error) == GEX_OK, "%s", error.message);
    ck_assert_int_eq(buffer.length, buffer.room);
    return buffer;
}

static gex_chain *loaded(const void *bytes, int64_t length)
{
    gex_chain *chain = NULL;
    gex_error error;

    ck_assert_msg(gex_chain_load(NULL, bytes, length, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

#define SAME(column)                                                                                                   \
    ck_assert_msg(rows == 0 || memcmp(gex_chain_##column(a), gex_chain_##column(b),                                    \
                                      (size_t)rows * sizeof *gex_chain_##column(a)) == 0,                              \
                  #column)

static void compare(const gex_chain *a, const gex_chain *b)
{
    const int64_t rows = gex_chain_rows(a);
    char mine[65], theirs[65];
    int64_t count, again;

    ck_assert_int_eq(rows, gex_chain_rows(b));
    SAME(status);
    SAME(flags);
    SAME(strike);
    SAME(right);
    SAME(exercise);
    SAME(payoff);
    SAME(settlement);
    SAME(multiplier);
    SAME(bid);
    SAME(ask);
    SAME(last);
    SAME(vol);
    SAME(open_interest);
    SAME(volume);
    SAME(expiry_index);
    SAME(strike_index);
    SAME(order);
    ck_assert_str_eq(gex_chain_underlying(a), gex_chain_underlying(b));
    ck_assert_int_eq(gex_chain_open_interest_as_of(a), gex_chain_open_interest_as_of(b));
    (void)gex_chain_expiries(a, &count);
    ck_assert_mem_eq(gex_chain_expiries(a, NULL), gex_chain_expiries(b, &again), (size_t)count * sizeof(int64_t));
    ck_assert_int_eq(count, again);
    (void)gex_chain_strikes(a, &count);
    ck_assert_mem_eq(gex_chain_strikes(a, NULL), gex_chain_strikes(b, &again), (size_t)count * sizeof(double));
    ck_assert_int_eq(count, again);
    for (int64_t i = 0; i < rows; i++) {
        ck_assert_str_eq(gex_chain_root(a, i), gex_chain_root(b, i));
        (void)gex_chain_symbol(a, i, mine, sizeof mine);
        (void)gex_chain_symbol(b, i, theirs, sizeof theirs);
        ck_assert_str_eq(mine, theirs);
    }
}

/* By symbol, with one of every oddity: the chain of the golden file too, so it may not change. */
static gex_chain *odd_chain(int32_t duplicates)
{
    static const char symbols[][24] = {"SPXW240603C05000000", "SPXW240603P05000000", "SPX240621C05200000",
                                       "SPY240621P00500500",  "SPXW240603C05000000", "nonsense",
                                       "QQZZ240621C00010000", "SPY1240621C00500000", "BTC-28JUN24-68000-C"};
    static const double bid[] = {11.5, 0, NOT_A_NUMBER, 3, 11.5, 1, 0.1, 2, 0.05},
                        ask[] = {12, 4, 80, 2.5, 12, 2, 0.2, 3, 0.06};
    static const double vol[] = {0.15, 0.16, NOT_A_NUMBER, 0, 0.15, 0.2, 9, 0.3, 0.5},
                        interest[] = {1, 2, -3, 4, 5, 6, 1e300, 8, 9};
    gex_chain_columns columns;
    gex_chain_options options;
    gex_chain *chain = NULL;
    gex_error error;

    gex_chain_columns_init(&columns, sizeof columns);
    gex_chain_options_init(&options, sizeof options);
    columns.rows = LENGTH(bid);
    columns.symbol = (gex_text){symbols[0], sizeof symbols[0], sizeof symbols[0]};
    columns.bid = (gex_f64){bid, sizeof *bid};
    columns.ask = (gex_f64){ask, sizeof *ask};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.open_interest = (gex_f64){interest, sizeof *interest};
    options.duplicates = duplicates;
    options.open_interest_as_of = AS_OF;
    memcpy(options.underlying, "SPX", 4);
    ck_assert_msg(gex_chain_create(NULL, &columns, &options, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

static void round_trip(gex_chain *chain)
{
    struct buffer first = saved(chain), second;
    gex_chain *again = loaded(first.bytes, first.length);

    compare(chain, again);
    second = saved(again);
    ck_assert_int_eq(first.length, second.length);
    ck_assert_mem_eq(first.bytes, second.bytes, (size_t)first.length);
    free(first.bytes);
    free(second.bytes);
    gex_chain_free(again);
    gex_chain_free(chain);
}

START_TEST(back_to_the_bit)
{
    struct crowd *crowd = malloc(sizeof *crowd);
    struct option_row none;

    crowd_fill(crowd);
    round_trip(scene_chain(crowd->rows, CROWD_ROWS, 100));
    round_trip(scene_chain(&none, 0, 100));
    round_trip(odd_chain(GEX_DUPLICATES_KEEP));
    round_trip(odd_chain(GEX_DUPLICATES_REFUSE_LATER));
    free(crowd);
}
END_TEST

/* Written once by version 1 of the bytes:
 * every later version has to read it, and while it is the current one, write it. */
START_TEST(the_file_of_version_1)
{
    gex_chain *chain = odd_chain(GEX_DUPLICATES_KEEP), *read;
    struct buffer now = saved(chain);
    FILE *file = fopen(TESTS_DIR "/golden/chain_v1.txt", "r"); /* in hexadecimal, from golden/generate_store.py */
    char *bytes = malloc(65536);
    size_t length = 0;
    unsigned byte;

    ck_assert_ptr_nonnull(file);
    while (length < 65536 && fscanf(file, "%2x", &byte) == 1)
        bytes[length++] = (char)byte;
    fclose(file);
    read = loaded(bytes, (int64_t)length);
    compare(chain, read);
    ck_assert_int_eq((int64_t)length, now.length);
    ck_assert_mem_eq(bytes, now.bytes, length);
    free(bytes);
    free(now.bytes);
    gex_chain_free(read);
    gex_chain_free(chain);
}
END_TEST

static void put_sum(struct buffer *buffer)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (int64_t i = 0; i < buffer->length - 8; i++)
        sum = (sum ^ (unsigned char)buffer->bytes[i]) * UINT64_C(0x100000001b3);
    for (int i = 0; i < 8; i++)
        buffer->bytes[buffer->length - 8 + i] = (char)(sum >> (8 * i));
}

START_TEST(what_is_not_a_chain)
{
    gex_chain *chain = odd_chain(GEX_DUPLICATES_KEEP);
    struct buffer whole = saved(chain);

    for (int64_t length = 0; length < whole.length; length += length < 200 ? 1 : 37) { /* in blocks that end there */
        char *cut = malloc((size_t)(length > 0 ? length : 1));

        memcpy(cut, whole.bytes, (size_t)length);
        CALLED(chain, GEX_ERR_FORMAT, gex_chain_load(NULL, cut, length, OUT));
        free(cut);
    }
    for (int64_t i = 0; i < whole.length; i++) { /* each byte damaged in turn */
        gex_chain *read = (gex_chain *)(void *)&whole;

        whole.bytes[i] ^= 0x10;
        ck_assert_int_lt(gex_chain_load(NULL, whole.bytes, whole.length, &read, NULL), 0);
        ck_assert_ptr_null(read);
        whole.bytes[i] ^= 0x10;
    }
    whole.bytes[8] = 2;
    put_sum(&whole);
    CALLED(chain, GEX_ERR_VERSION, gex_chain_load(NULL, whole.bytes, whole.length, OUT));
    whole.bytes[8] = 1;
    whole.bytes[96] = 5; /* a status no chain gives */
    put_sum(&whole);
    CALLED(chain, GEX_ERR_FORMAT, gex_chain_load(NULL, whole.bytes, whole.length, OUT));
    whole.bytes[96] = 0;
    whole.bytes[97] = 3; /* neither call nor put */
    put_sum(&whole);
    CALLED(chain, GEX_ERR_FORMAT, gex_chain_load(NULL, whole.bytes, whole.length, OUT));
    whole.bytes[97] = 1;
    put_sum(&whole);
    CALLED(chain, GEX_OK, gex_chain_load(NULL, whole.bytes, whole.length, OUT));
    memset(whole.bytes + 16, 0x7f, 8); /* more rows than there are bytes */
    put_sum(&whole);
    CALLED(chain, GEX_ERR_FORMAT, gex_chain_load(NULL, whole.bytes, whole.length, OUT));
    free(whole.bytes);
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_writer_that_stops)
{
    gex_chain *chain = odd_chain(GEX_DUPLICATES_KEEP);
    struct buffer buffer = {.room = 0};

    ASKED(GEX_ERR_CALLBACK, gex_chain_save(chain, append, &buffer, RECORD));
    gex_chain_free(chain);
}
END_TEST

Suite *suite_store(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("chains as bytes");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, back_to_the_bit);
    tcase_add_test(tcase, the_file_of_version_1);
    tcase_add_test(tcase, what_is_not_a_chain);
    tcase_add_test(tcase, a_writer_that_stops);
    suite_add_tcase(suite, tcase);
    return suite;
}
