/* SPDX-License-Identifier: Apache-2.0 */
/* Markets and books saved and loaded: every bit, of moved ones too; the files of version 1; bytes that are none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doors.h"
#include "refusal.h"

Suite *suite_snapshots(void);

static struct world world;

static void open_world(void)
{
    gex_error error;
    ck_assert_msg(world_open(&world, NULL, &error) == GEX_OK, "%s", error.message);
}

static void close_world(void)
{
    world_close(&world);
}

struct buffer {
    unsigned char *bytes;
    int64_t        length, room;
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

#define SAVED(kind, object)                                                                                 \
    static struct buffer saved_##kind(const gex_##kind *object)                                             \
    {                                                                                                       \
        struct buffer buffer = {.room = gex_##kind##_save_size(object)};                                    \
        gex_error error;                                                                                    \
                                                                                                            \
        buffer.bytes = malloc((size_t)buffer.room);                                                         \
        ck_assert_msg(gex_##kind##_save(object, append, &buffer, &error) == GEX_OK, "%s", error.message);   \
        ck_assert_int_eq(buffer.length, buffer.room);                                                       \
        return buffer;                                                                                      \
    }
SAVED(market, market)
SAVED(book, book)

static gex_market *loaded(const struct buffer *buffer)
{
    gex_market *market = NULL;
    gex_error error;

    ck_assert_msg(gex_market_load(NULL, buffer->bytes, buffer->length, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static void same_bytes(const struct buffer *a, const struct buffer *b)
{
    ck_assert_int_eq(a->length, b->length);
    for (int64_t i = 0; memcmp(a->bytes, b->bytes, (size_t)a->length) != 0; i++)
        ck_assert_msg(a->bytes[i] == b->bytes[i], "byte %lld of %lld", (long long)i, (long long)a->length);
}

/* ---- the same ---------------------------------------------------------------------------------------------------- */

static gex_market *shifted(const gex_market *market, double spot, int64_t hours, double shift)
{
    gex_shift_options options;
    gex_market *out = NULL;
    gex_error error;

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot;
    options.as_of = gex_market_as_of(market) + hours * INT64_C(3600000000000);
    options.vol_shift = shift;
    ck_assert_msg(gex_market_shift(NULL, market, &options, &out, &error) == GEX_OK, "%s", error.message);
    return out;
}

#define SAME_NUMBER(name)                                                                        \
    do {                                                                                         \
        const double one = (double)gex_market_##name(a), other = (double)gex_market_##name(b);  \
        ck_assert_msg(memcmp(&one, &other, sizeof one) == 0, #name);                           \
    } while (0)

/* Every accessor, of chain and calendar too. */
static void same_market(const gex_market *a, const gex_market *b)
{
    const gex_calendar *mine = gex_market_calendar(a), *theirs = gex_market_calendar(b);

    SAME_NUMBER(spot);
    SAME_NUMBER(clock);
    SAME_NUMBER(vol_clock);
    SAME_NUMBER(vol_rule);
    SAME_NUMBER(forward_rule);
    SAME_NUMBER(style);
    SAME_NUMBER(dynamics);
    SAME_NUMBER(dynamics_parameter);
    SAME_NUMBER(rate);
    SAME_NUMBER(carry_yield);
    SAME_NUMBER(fixed_discount);
    SAME_NUMBER(fallback);
    SAME_NUMBER(vol_low);
    SAME_NUMBER(vol_high);
    SAME_NUMBER(expiry_count);
    ck_assert_int_eq(gex_market_as_of(a), gex_market_as_of(b));
    ck_assert(digest_market(a) == digest_market(b));
    ck_assert(digest_chain(gex_market_chain(a)) == digest_chain(gex_market_chain(b)));
    ck_assert_int_eq(mine == NULL, theirs == NULL);
    ck_assert_int_eq(gex_calendar_own_days(mine), gex_calendar_own_days(theirs));
    ck_assert_int_eq(gex_calendar_event_count(mine), gex_calendar_event_count(theirs));
    for (int32_t w = 1; w <= GEX_WEIGHT_LAST_; w++)
        ck_assert(gex_calendar_weight(mine, w) == gex_calendar_weight(theirs, w));
    for (int64_t day = 0; day < 400; day++) {
        const int64_t from = gex_market_as_of(a), to = from + day * INT64_C(86400000000000) + 7;
        ck_assert(gex_calendar_years(mine, GEX_CLOCK_VARIANCE_CLOCK, from, to) ==
                  gex_calendar_years(theirs, GEX_CLOCK_VARIANCE_CLOCK, from, to));
    }
}

/* What is worked out from it by what accessors do not show: pace, smile, root and motion. */
static void same_results(const gex_market *a, const gex_market *b)
{
    const gex_market *const markets[] = {a, b};
    gex_profile_options search = world_profile_options();
    uint64_t digest[2] = {0, 0};

    for (int which = 0; which < 2; which++) {
        const gex_market *market = markets[which];
        const gex_exposure_options unit = {sizeof unit, GEX_UNIT_CEX_USD_CALDAY, 0, 0, 0, 0};
        const gex_book_options sign = world_book_options();
        gex_market *moved = shifted(market, 1.01 * gex_market_spot(market), 3, 0.003);
        gex_book *book = NULL;
        gex_greeks *greeks = NULL, *shadow = NULL;
        gex_exposure *exposure = NULL;
        gex_flips *flips = NULL;
        uint64_t parts[4];

        ck_assert_int_eq(gex_book_create(NULL, gex_market_chain(market), &sign, &book, NULL), GEX_OK);
        ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
        ck_assert_int_eq(gex_greeks_shadow(NULL, greeks, &shadow, NULL), GEX_OK);
        ck_assert_int_eq(gex_exposure_compute(NULL, shadow, book, &unit, &exposure, NULL), GEX_OK);
        parts[0] = digest_exposure(exposure);
        parts[1] = digest_market(moved);
        parts[2] = parts[3] = 0;
        if (gex_flips_compute(NULL, market, book, &search, &flips, NULL) == GEX_OK) /* none where nothing is used */
            parts[2] = digest_flips(flips);
        digest[which] = digest_bytes(0, parts, sizeof parts);
        gex_flips_free(flips);
        gex_exposure_free(exposure);
        gex_greeks_free(shadow);
        gex_greeks_free(greeks);
        gex_book_free(book);
        gex_market_free(moved);
    }
    ck_assert(digest[0] == digest[1]);
}

static void round_trip(const gex_market *market)
{
    struct buffer first = saved_market(market), second;
    gex_market *again = loaded(&first);
    int64_t length = 0;

    ck_assert_int_eq(gex_saved_kind(first.bytes, first.length, &length), GEX_SAVED_MARKET);
    ck_assert_int_eq(length, first.length);
    same_market(market, again);
    same_results(market, again);
    second = saved_market(again);
    same_bytes(&first, &second);
    free(first.bytes);
    free(second.bytes);
    gex_market_free(again);
}

/* ---- suites ------------------------------------------------------------------------------------------------------ */

/* Every clock, rule and dynamics, on the exchanges' calendar and on the caller's. */
START_TEST(markets_back_to_the_bit)
{
    static const double parameters[] = {0, 0, 0, 0, 0.4, -8, 1.7}; /* by dynamics */
    static const int32_t rules[][3] = {{GEX_VOL_GIVEN, GEX_FORWARD_IMPLIED, GEX_STYLE_AUTO},
                                       {GEX_VOL_OTM, GEX_FORWARD_IMPLIED, GEX_STYLE_EUROPEAN},
                                       {GEX_VOL_IMPLIED, GEX_FORWARD_RATE, GEX_STYLE_AUTO}};

    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++)
        for (int32_t dynamics = 1; dynamics <= GEX_DYNAMICS_LAST_; dynamics++) {
            const int32_t *rule = rules[(clock + dynamics) % 3];
            gex_market_options options = world_market_options(&world);
            gex_market *market = NULL, *moved, *twice;
            gex_error error;

            options.clock = clock;
            options.vol_clock = clock % 2 == 0 ? clock : 0;
            options.vol = rule[0];
            options.forward = rule[1];
            options.style = rule[2];
            options.dynamics = dynamics;
            options.dynamics_parameter = parameters[dynamics];
            options.calendar = dynamics % 2 == 0 ? world.calendar : NULL;
            options.fallback = dynamics % 2;
            options.fixed_discount = clock % 2;
            options.vol_low = 0.001;
            options.vol_high = 4;
            ck_assert_msg(gex_market_create(NULL, world.chain, &options, &market, &error) == GEX_OK, "%s",
                          error.message);
            moved = shifted(market, 0.985 * world.spot, 26, 0.004);
            twice = shifted(moved, 1.02 * world.spot, 0, -0.5); /* volatilities stop at zero */
            round_trip(market);
            round_trip(moved);
            round_trip(twice);
            gex_market_free(twice);
            gex_market_free(moved);
            gex_market_free(market);
        }
    round_trip(world.market);
    round_trip(world.moved);
}
END_TEST

/* Columns that are not kept are in the result, and a live book's market is one like any other. */
START_TEST(markets_of_columns_and_of_ticks)
{
    static const double years[] = {0.1, 1}, rates[] = {0.03, 0.05}, cash[] = {1.5, 0.7};
    const int64_t paid[] = {world.as_of + INT64_C(86400000000000), world.as_of + 20 * INT64_C(86400000000000)};
    const gex_live_options live_options = world_live_options();
    double forwards[64];
    gex_market_options options = world_market_options(&world);
    gex_market *market = NULL;
    gex_live *live = NULL;
    gex_book *book = NULL;

    for (int i = 0; i < 64; i++)
        forwards[i] = 5010 + i;
    options.forward = GEX_FORWARD_GIVEN;
    options.forwards = (gex_f64){forwards, sizeof *forwards};
    options.rate_count = options.dividend_count = 2;
    options.rate_years = (gex_f64){years, sizeof *years};
    options.rates = (gex_f64){rates, sizeof *rates};
    options.dividend_at = (gex_i64){paid, sizeof *paid};
    options.dividend_cash = (gex_f64){cash, sizeof *cash};
    ck_assert_int_eq(gex_market_create(NULL, world.chain, &options, &market, NULL), GEX_OK);
    round_trip(market);
    gex_market_free(market);

    ck_assert_int_eq(gex_live_create(NULL, world.market, world.book, &live_options, &live, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_set_spot(live, 1.003 * world.spot, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, live, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_freeze(NULL, live, &market, &book, NULL), GEX_OK);
    round_trip(market);
    gex_market_free(market);
    gex_book_free(book);
    gex_live_free(live);
}
END_TEST

START_TEST(a_chain_without_rows)
{
    gex_chain_columns columns;
    gex_market_options options = world_market_options(&world);
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    struct buffer bytes, again;
    gex_market *read;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.symbol = (gex_text){"", 1, 1};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    bytes = saved_market(market);
    read = loaded(&bytes);
    same_market(market, read);
    again = saved_market(read);
    same_bytes(&bytes, &again);
    free(bytes.bytes);
    free(again.bytes);
    gex_market_free(read);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

/* A file of both: the market first, the book behind it. */
START_TEST(a_market_and_its_book)
{
    struct buffer market = saved_market(world.market), book = saved_book(world.book), chain = {.room = 1 << 20};
    unsigned char *file = malloc((size_t)(market.length + book.length));
    gex_market *read;
    gex_book *held = NULL, *weighted = NULL;
    double half = -0.5;
    int64_t length = 0;

    memcpy(file, market.bytes, (size_t)market.length);
    memcpy(file + market.length, book.bytes, (size_t)book.length);
    ck_assert_int_eq(gex_saved_kind(file, market.length + book.length, &length), GEX_SAVED_MARKET);
    ck_assert_int_eq(length, market.length);
    ck_assert_int_eq(gex_saved_kind(file + length, book.length, &length), GEX_SAVED_BOOK);
    ck_assert_int_eq(length, book.length);
    ck_assert_int_eq(gex_saved_kind(file, 23, NULL), 0);
    ck_assert_int_eq(gex_saved_kind("root,expiry,strike,right,vol", 28, &length), 0);
    ck_assert_int_eq(length, 0);
    chain.bytes = malloc((size_t)chain.room);
    ck_assert_int_eq(gex_chain_save(world.chain, append, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_saved_kind(chain.bytes, chain.length, &length), GEX_SAVED_CHAIN);
    ck_assert_int_eq(length, chain.length);

    read = loaded(&market);
    ck_assert_int_eq(gex_book_load(NULL, gex_market_chain(read), book.bytes, book.length, &held, NULL), GEX_OK);
    ck_assert_str_eq(gex_book_source(held), gex_book_source(world.book));
    ck_assert_int_eq(gex_book_sign(held), gex_book_sign(world.book));
    ck_assert_mem_eq(gex_book_positions(held), gex_book_positions(world.book), WORLD_ROWS * sizeof(double));
    ck_assert_ptr_eq(gex_book_chain(held), gex_market_chain(read));
    gex_book_free(held);
    CALLED(book, GEX_OK, gex_book_load(NULL, world.chain, book.bytes, book.length, OUT));
    ck_assert_int_eq(gex_book_weight(NULL, world.book, &(gex_f64){&half, 0}, "half of the other side", &weighted, NULL),
                     GEX_OK);
    free(book.bytes);
    book = saved_book(weighted);
    ck_assert_int_eq(gex_book_load(NULL, world.chain, book.bytes, book.length, &held, NULL), GEX_OK);
    ck_assert_str_eq(gex_book_source(held), "NAIVE_CALL_LONG * half of the other side");
    ck_assert_mem_eq(gex_book_positions(held), gex_book_positions(weighted), WORLD_ROWS * sizeof(double));
    gex_book_free(held);
    gex_book_free(weighted);
    gex_market_free(read);
    free(chain.bytes);
    free(market.bytes);
    free(book.bytes);
    free(file);
}
END_TEST

START_TEST(a_book_of_another_chain)
{
    struct buffer book = saved_book(world.book);
    gex_chain *other = NULL;
    gex_chain_columns columns = world.columns;
    double more[WORLD_ROWS];

    for (int i = 0; i < WORLD_ROWS; i++)
        more[i] = world.open_interest[i] + 1;
    columns.open_interest.data = more;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &other, NULL), GEX_OK);
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_load(NULL, other, book.bytes, book.length, OUT));
    gex_chain_free(other);
    free(book.bytes);
}
END_TEST

/* ---- the files of version 1 -------------------------------------------------------------------------------------- */

/* Numbers that need no logarithm: they are the same whoever works them out. */
static gex_market *golden_market(void)
{
    static const char symbols[][20] = {"SPXW240603C05000000", "SPXW240603P05000000", "SPX240621C05200000",
                                       "SPXW240531P05000000", "nonsense"};
    static const double vol[] = {0.25, 0.25, 0.5, 0.25, 0.25}, interest[] = {100, 200, 300, 400, 500};
    static const int32_t closed[] = {20240619}, early[] = {20240703};
    const int64_t event[] = {INT64_C(1718388000000000000)};
    const double units[] = {2.5};
    gex_calendar_options days;
    gex_chain_columns columns;
    gex_market_options options;
    gex_calendar *calendar = NULL;
    gex_chain *chain = NULL;
    gex_market *market = NULL;

    gex_calendar_options_init(&days, sizeof days);
    days.own_days = 1;
    days.closed_count = days.early_count = days.event_count = 1;
    days.overnight = 0.25;
    days.closed = (gex_i32){closed, sizeof *closed};
    days.early = (gex_i32){early, sizeof *early};
    days.event = (gex_i64){event, sizeof *event};
    days.event_units = (gex_f64){units, sizeof *units};
    ck_assert_int_eq(gex_calendar_create(NULL, &days, &calendar, NULL), GEX_OK);
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 5;
    columns.symbol = (gex_text){symbols[0], sizeof symbols[0], 19};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.open_interest = (gex_f64){interest, sizeof *interest};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_VARIANCE_CLOCK;
    options.as_of = INT64_C(1717434000000000000); /* 2024-06-03, 13:00 in New York */
    options.spot = 5000;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_BETA;
    options.dynamics_parameter = -8;
    options.calendar = calendar;
    options.vol_high = 2;
    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, NULL), GEX_OK);
    gex_calendar_free(calendar);
    gex_chain_free(chain);
    return market;
}

static gex_book *golden_book(const gex_chain *chain)
{
    const gex_book_options options = world_book_options();
    gex_book *book = NULL;

    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    return book;
}

static struct buffer golden_file(const char *name)
{
    struct buffer buffer = {.bytes = malloc(65536), .room = 65536};
    FILE *file = fopen(name, "r"); /* in hexadecimal, from golden/generate_snapshots.py */
    unsigned byte;

    ck_assert_msg(file != NULL, "%s", name);
    while (buffer.length < buffer.room && fscanf(file, "%2x", &byte) == 1)
        buffer.bytes[buffer.length++] = (unsigned char)byte;
    fclose(file);
    return buffer;
}

/* Written once by version 1: every later version has to read them, and while it is the current one, write them. */
START_TEST(the_files_of_version_1)
{
    gex_market *market = golden_market(), *read;
    gex_book *book = golden_book(gex_market_chain(market)), *held = NULL;
    struct buffer now = saved_market(market), then = golden_file(TESTS_DIR "/golden/market_v1.txt");

    read = loaded(&then);
    same_market(market, read);
    same_results(market, read);
    same_bytes(&then, &now);
    free(then.bytes);
    free(now.bytes);
    then = golden_file(TESTS_DIR "/golden/book_v1.txt");
    now = saved_book(book);
    ck_assert_int_eq(gex_book_load(NULL, gex_market_chain(read), then.bytes, then.length, &held, NULL), GEX_OK);
    same_bytes(&then, &now);
    free(then.bytes);
    free(now.bytes);
    gex_book_free(held);
    gex_book_free(book);
    gex_market_free(read);
    gex_market_free(market);
}
END_TEST

/* ---- bytes that are none ----------------------------------------------------------------------------------------- */

static void put_sum(unsigned char *bytes, int64_t length)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (int64_t i = 0; i < length - 8; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    for (int i = 0; i < 8; i++)
        bytes[length - 8 + i] = (unsigned char)(sum >> (8 * i));
}

static gex_market *smiling_market(void)
{
    gex_market_options options = world_market_options(&world);
    gex_market *market = NULL;

    options.clock = GEX_CLOCK_VARIANCE_CLOCK;
    options.dynamics = GEX_DYNAMICS_LOCAL_VOL;
    options.calendar = world.calendar;
    ck_assert_int_eq(gex_market_create(NULL, world.chain, &options, &market, NULL), GEX_OK);
    return market;
}

START_TEST(markets_cut_and_damaged)
{
    gex_market *market = smiling_market();
    struct buffer whole = saved_market(market);

    for (int64_t length = 0; length < whole.length; length++) { /* in blocks that end there */
        unsigned char *cut = malloc((size_t)(length > 0 ? length : 1));
        gex_market *read = market;

        memcpy(cut, whole.bytes, (size_t)length);
        ck_assert_int_eq(gex_market_load(NULL, cut, length, &read, NULL), GEX_ERR_FORMAT);
        ck_assert_ptr_null(read);
        free(cut);
    }
    for (int64_t i = 0; i < whole.length; i++)
        for (int bit = 0; bit < 8; bit += 3) {
            gex_market *read = market;

            whole.bytes[i] ^= (unsigned char)(1 << bit);
            ck_assert_int_lt(gex_market_load(NULL, whole.bytes, whole.length, &read, NULL), 0);
            ck_assert_ptr_null(read);
            whole.bytes[i] ^= (unsigned char)(1 << bit);
        }
    whole.bytes[8] = 2;
    CALLED(market, GEX_ERR_VERSION, gex_market_load(NULL, whole.bytes, whole.length, OUT));
    free(whole.bytes);
    gex_market_free(market);
}
END_TEST

/* Each byte of the market's own record another, the checksum right: refused, or a market that can be worked with. */
START_TEST(markets_that_lie)
{
    static const unsigned char others[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    gex_market *market = smiling_market();
    struct buffer whole = saved_market(market);
    const int64_t own = whole.length - gex_chain_save_size(gex_market_chain(market));
    int64_t refused = 0, taken = 0;

    for (int64_t i = 0; i < own - 8; i++)
        for (size_t k = 0; k < sizeof others; k++) {
            const unsigned char kept = whole.bytes[i];
            gex_market *read = NULL;

            if (kept == others[k])
                continue;
            whole.bytes[i] = others[k];
            put_sum(whole.bytes, own);
            if (gex_market_load(NULL, whole.bytes, whole.length, &read, NULL) == GEX_OK) {
                struct buffer again = saved_market(read);
                gex_market *moved = shifted(read, 1.001 * gex_market_spot(read), 0, 0);

                same_bytes(&whole, &again);
                free(again.bytes);
                gex_market_free(moved);
                taken++;
            } else {
                refused++;
            }
            gex_market_free(read);
            whole.bytes[i] = kept;
        }
    ck_assert_int_gt(refused, 1000); /* heads, codes, flags, counts, dates, a volatility below zero */
    ck_assert_int_gt(taken, 1000);   /* digits of numbers */
    put_sum(whole.bytes, own);
    CALLED(market, GEX_OK, gex_market_load(NULL, whole.bytes, whole.length, OUT));
    free(whole.bytes);
    gex_market_free(market);
}
END_TEST

START_TEST(books_cut_damaged_and_lying)
{
    struct buffer whole = saved_book(world.book);
    gex_book *read;

    for (int64_t length = 0; length < whole.length; length++) {
        unsigned char *cut = malloc((size_t)(length > 0 ? length : 1));

        memcpy(cut, whole.bytes, (size_t)length);
        read = world.book;
        ck_assert_int_eq(gex_book_load(NULL, world.chain, cut, length, &read, NULL), GEX_ERR_FORMAT);
        ck_assert_ptr_null(read);
        free(cut);
    }
    for (int64_t i = 0; i < whole.length; i++) {
        const unsigned char kept = whole.bytes[i];

        whole.bytes[i] ^= 0x20;
        read = world.book;
        ck_assert_int_lt(gex_book_load(NULL, world.chain, whole.bytes, whole.length, &read, NULL), 0);
        ck_assert_ptr_null(read);
        put_sum(whole.bytes, whole.length);
        if (gex_book_load(NULL, world.chain, whole.bytes, whole.length, &read, NULL) == GEX_OK) {
            struct buffer again = saved_book(read);
            same_bytes(&whole, &again);
            free(again.bytes);
        }
        gex_book_free(read);
        whole.bytes[i] = kept;
        put_sum(whole.bytes, whole.length);
    }
    whole.bytes[48 + 7] = 0x7f; /* an infinity of contracts */
    whole.bytes[48 + 6] = 0xf0;
    memset(whole.bytes + 48, 0, 6);
    put_sum(whole.bytes, whole.length);
    CALLED(book, GEX_ERR_FORMAT, gex_book_load(NULL, world.chain, whole.bytes, whole.length, OUT));
    whole.bytes[8] = 2;
    CALLED(book, GEX_ERR_VERSION, gex_book_load(NULL, world.chain, whole.bytes, whole.length, OUT));
    free(whole.bytes);
}
END_TEST

START_TEST(writers_that_stop)
{
    struct buffer buffer = {.room = 0};

    ASKED(GEX_ERR_CALLBACK, gex_market_save(world.market, append, &buffer, RECORD));
    ASKED(GEX_ERR_CALLBACK, gex_book_save(world.book, append, &buffer, RECORD));
}
END_TEST

Suite *suite_snapshots(void)
{
    Suite *suite = suite_create("snapshots");
    TCase *tcase = tcase_create("markets and books as bytes");

    tcase_add_checked_fixture(tcase, open_world, close_world);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, markets_back_to_the_bit);
    tcase_add_test(tcase, markets_of_columns_and_of_ticks);
    tcase_add_test(tcase, a_chain_without_rows);
    tcase_add_test(tcase, a_market_and_its_book);
    tcase_add_test(tcase, a_book_of_another_chain);
    tcase_add_test(tcase, the_files_of_version_1);
    tcase_add_test(tcase, markets_cut_and_damaged);
    tcase_add_test(tcase, markets_that_lie);
    tcase_add_test(tcase, books_cut_damaged_and_lying);
    tcase_add_test(tcase, writers_that_stop);
    suite_add_tcase(suite, tcase);
    return suite;
}
