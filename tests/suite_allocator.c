/* SPDX-License-Identifier: Apache-2.0 */
/* Every function that takes a context, with every allocation failing in turn: once, and from then on for ever. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "doors.h"

Suite *suite_allocator(void);

enum { HEAD = 64 }; /* room before each block for what was asked, and the widest alignment */

/* An allocator that counts, fills, fails on request and checks what it is given back. */
struct meter {
    int64_t calls, live, bytes, failed;
    int64_t fail_first, fail_last; /* calls, counted from 1, that get NULL */
    int     fill;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;
    unsigned char *block;

    ck_assert_int_gt(size, 0);
    ck_assert_int_gt(alignment, 0);
    ck_assert_int_eq(alignment & (alignment - 1), 0);
    ck_assert_int_le(alignment, HEAD);
    meter->calls++;
    if (meter->calls >= meter->fail_first && meter->calls <= meter->fail_last) {
        meter->failed++;
        return NULL;
    }
    block = aligned_alloc(HEAD, (size_t)(HEAD + (size + HEAD - 1) / HEAD * HEAD));
    ck_assert_ptr_nonnull(block);
    memcpy(block, &size, sizeof size);
    memcpy(block + sizeof size, &alignment, sizeof alignment);
    memset(block + HEAD, meter->fill, (size_t)size);
    meter->live++;
    meter->bytes += size;
    return block + HEAD;
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct meter *meter = user;
    unsigned char *block = (unsigned char *)memory - HEAD;

    ck_assert_ptr_nonnull(memory);
    ck_assert_mem_eq(block, &size, sizeof size);
    ck_assert_mem_eq(block + sizeof size, &alignment, sizeof alignment);
    memset(memory, 0xdd, (size_t)size); /* what is read after it was given back shows */
    meter->live--;
    meter->bytes -= size;
    free(block);
}

static gex_context *metered_keeping(struct meter *meter, int64_t keep)
{
    gex_context_options options;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.keep = keep;
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = meter;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

static gex_context *metered(struct meter *meter)
{
    return metered_keeping(meter, 0);
}

static struct world world;

static void open_world(void)
{
    gex_error error = {0};
    ck_assert_msg(world_open(&world, NULL, &error) == GEX_OK, "%s", error.message);
}

static void close_world(void)
{
    world_close(&world);
}

/* Call a door with allocations [first, last] of that call failing. */
static struct answer call_failing(const struct door *door, const gex_context *context, struct meter *meter,
                                  int64_t first, int64_t last, gex_error *error)
{
    struct answer answer;

    meter->calls = meter->failed = 0;
    meter->fail_first = first;
    meter->fail_last = last;
    answer = door->call(context, &world, error);
    meter->fail_first = INT64_MAX;
    meter->fail_last = 0;
    return answer;
}

static void check_refused(const struct door *door, const gex_context *context, struct meter *meter, int64_t first,
                          int64_t last)
{
    const int64_t live = meter->live, bytes = meter->bytes;
    gex_error error = {0};
    struct answer answer;

    memset(error.message, 'x', sizeof error.message);
    answer = call_failing(door, context, meter, first, last, &error);
    ck_assert_int_gt(meter->failed, 0);
    ck_assert_msg(answer.status == GEX_ERR_MEMORY, "%s, allocation %lld: status %d", door->name, (long long)first,
                  answer.status);
    ck_assert_msg(answer.left == NULL, "%s, allocation %lld: out is not NULL", door->name, (long long)first);
    ck_assert_int_eq(error.status, GEX_ERR_MEMORY);
    ck_assert_ptr_nonnull(memchr(error.message, '\0', sizeof error.message));
    ck_assert_msg(meter->live == live && meter->bytes == bytes, "%s, allocation %lld: %lld blocks kept", door->name,
                  (long long)first, (long long)(meter->live - live));
}

START_TEST(every_allocation_may_fail)
{
    const struct door *door = &doors[_i];
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context;
    struct answer whole, again;
    int64_t allocations, live;

    context = metered(&meter);
    live = meter.live;
    whole = call_failing(door, context, &meter, INT64_MAX, 0, NULL);
    ck_assert_msg(whole.status == GEX_OK, "%s: status %d", door->name, whole.status);
    ck_assert_msg(meter.live == live, "%s leaks %lld blocks", door->name, (long long)(meter.live - live));
    allocations = meter.calls;
    for (int64_t k = 1; k <= allocations; k++) {
        check_refused(door, context, &meter, k, k);
        check_refused(door, context, &meter, k, INT64_MAX);
    }
    again = call_failing(door, context, &meter, INT64_MAX, 0, NULL); /* nothing was left half done */
    ck_assert_int_eq(again.status, GEX_OK);
    ck_assert_uint_eq(again.digest, whole.digest);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

/* Every door in a world whose memory began as one byte repeated. */
static void digest_doors(int fill, uint64_t *digests)
{
    struct meter meter = {.fail_first = INT64_MAX, .fill = fill};
    gex_context *context = metered(&meter);
    struct world filled;

    ck_assert_int_eq(world_open(&filled, context, NULL), GEX_OK);
    for (int64_t i = 0; i < door_count; i++)
        digests[i] = doors[i].call(context, &filled, NULL).digest;
    world_close(&filled);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
    ck_assert_int_eq(meter.bytes, 0);
}

START_TEST(what_memory_holds_does_not_matter)
{
    static const int fills[] = {0xa5, 0xff};
    uint64_t *zeros = calloc((size_t)door_count, sizeof *zeros), *others = calloc((size_t)door_count, sizeof *others);

    digest_doors(0x00, zeros);
    digest_doors(fills[_i], others);
    for (int64_t i = 0; i < door_count; i++)
        ck_assert_msg(zeros[i] == others[i], "%s depends on what memory held", doors[i].name);
    free(zeros);
    free(others);
}
END_TEST

START_TEST(a_context_may_fail_too)
{
    struct meter meter = {.fail_first = 1, .fail_last = INT64_MAX};
    gex_context_options options;
    gex_context *context = (gex_context *)(void *)&meter;
    gex_error error = {0};

    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = &meter;
    ck_assert_int_eq(gex_context_create(&options, &context, &error), GEX_ERR_MEMORY);
    ck_assert_int_eq(error.status, GEX_ERR_MEMORY);
    ck_assert_ptr_null(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(objects_outlive_their_context)
{
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered(&meter);
    struct world made;
    uint64_t before;

    ck_assert_int_eq(world_open(&made, context, NULL), GEX_OK);
    before = digest_map(made.map);
    gex_context_free(context);
    ck_assert_uint_eq(digest_map(made.map), before);
    world_close(&made);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

/* Objects keep what they were made from: freeing in the order of making is as good as in reverse. */
START_TEST(freed_in_the_order_of_making)
{
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered(&meter);
    struct world made;
    uint64_t before;

    ck_assert_int_eq(world_open(&made, context, NULL), GEX_OK);
    before = digest_map(made.map);
    gex_feed_free(made.feed), made.feed = NULL;
    gex_chain_free(made.chain), made.chain = NULL;
    gex_market_free(made.market), made.market = NULL;
    gex_book_free(made.book), made.book = NULL;
    gex_greeks_free(made.greeks), made.greeks = NULL;
    gex_exposure_free(made.exposure), made.exposure = NULL;
    ck_assert_uint_eq(digest_map(made.map), before);
    world_close(&made);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

/* What the headers promise under Cost. */
static const struct cost {
    const char *door;
    int64_t     allocations;
} costs[] = {
    {"gex_european", 0},       {"gex_implied_vol", 0},  {"gex_american", 0},         {"gex_american_implied_vol", 0},
    {"gex_chain_create", 2},   {"gex_market_create", 5}, {"gex_quotes_create", 3},
    {"gex_book_create", 1},    {"gex_book_weight", 1},  {"gex_greeks_compute", 1},   {"gex_exposure_compute", 2},
};

START_TEST(as_many_allocations_as_documented)
{
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered(&meter);

    for (int64_t i = 0; i < door_count; i++) {
        if (strcmp(doors[i].name, costs[_i].door) != 0)
            continue;
        (void)call_failing(&doors[i], context, &meter, INT64_MAX, 0, NULL);
        ck_assert_msg(meter.calls == costs[_i].allocations, "%s: %lld allocations, %lld promised", costs[_i].door,
                      (long long)meter.calls, (long long)costs[_i].allocations);
        meter.calls = -1;
    }
    ck_assert_msg(meter.calls == -1, "%s is not in the table of doors", costs[_i].door);
    gex_context_free(context);
}
END_TEST

/* ---- a context that keeps what it is given back ------------------------------------------------------------------ */

enum { PLENTY = 1 << 30 };

START_TEST(a_call_repeated_asks_for_nothing)
{
    const struct door *door = &doors[_i];
    struct meter meter = {.fail_first = INT64_MAX, .fill = 0xff};
    gex_context *context = metered_keeping(&meter, PLENTY);
    const uint64_t alone = door->call(NULL, &world, NULL).digest;
    struct answer answer = call_failing(door, context, &meter, INT64_MAX, 0, NULL);
    const int64_t first = meter.calls, live = meter.live;

    ck_assert_uint_eq(answer.digest, alone);
    for (int again = 0; again < 3; again++) {
        answer = call_failing(door, context, &meter, 1, INT64_MAX, NULL); /* and would get nothing */
        ck_assert_msg(answer.status == GEX_OK && meter.calls == 0, "%s: %lld allocations, then %lld", door->name,
                      (long long)first, (long long)meter.calls);
        ck_assert_uint_eq(answer.digest, alone);
    }
    ck_assert_int_eq(meter.live, live);
    ck_assert_int_eq(gex_context_kept(context) > 0, first > 0);
    ck_assert_int_le(gex_context_kept(context), meter.bytes);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

/* From chain to map and every other object. */
START_TEST(a_world_repeated_asks_for_nothing)
{
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered_keeping(&meter, PLENTY);
    struct world made;
    uint64_t before;

    ck_assert_int_eq(world_open(&made, context, NULL), GEX_OK);
    before = digest_map(made.map);
    world_close(&made);
    meter.calls = 0;
    ck_assert_int_eq(world_open(&made, context, NULL), GEX_OK);
    ck_assert_int_eq(meter.calls, 0);
    ck_assert_uint_eq(digest_map(made.map), before);
    gex_context_free(context); /* objects outlive it here too */
    ck_assert_uint_eq(digest_map(made.map), before);
    world_close(&made);
    ck_assert_int_eq(meter.live, 0);
    ck_assert_int_eq(meter.bytes, 0);
}
END_TEST

/* No more lies idle than the caller allows, and what does not fit goes back at once. */
START_TEST(as_much_is_kept_as_allowed)
{
    static const int64_t sizes[] = {64, 640, 1000, 4096, 70000, 1 << 20};
    const int64_t limit = (int64_t)1 << (6 + 3 * _i);
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered_keeping(&meter, limit);
    void *block[6];
    const int64_t live = meter.live;

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 6; i++)
            ck_assert_ptr_nonnull(block[i] = gex_context_allocate(context, sizes[i]));
        for (int i = 0; i < 6; i++)
            memset(block[i], 0x5a, (size_t)sizes[i]);
        for (int i = 0; i < 6; i++) {
            gex_context_release(context, block[(i + round) % 6], sizes[(i + round) % 6]);
            ck_assert_int_le(gex_context_kept(context), limit);
        }
        ck_assert_int_ge(gex_context_kept(context), limit < 1 << 20 ? 0 : 1 << 20);
    }
    ck_assert_int_ge(meter.live, live);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

/* More idle blocks than there are places for them. */
START_TEST(a_thousand_blocks_go_round)
{
    enum { BLOCKS = 1000 };
    struct meter meter = {.fail_first = INT64_MAX};
    gex_context *context = metered_keeping(&meter, PLENTY);
    void *block[BLOCKS];
    int64_t calls;

    for (int round = 0; round < 2; round++) {
        calls = meter.calls;
        for (int i = 0; i < BLOCKS; i++)
            ck_assert_ptr_nonnull(block[i] = gex_context_allocate(context, 64 + i % 7 * 64));
        ck_assert_int_eq(meter.calls - calls, round == 0 ? BLOCKS : BLOCKS - 256);
        for (int i = 0; i < BLOCKS; i++)
            gex_context_release(context, block[i], 64 + i % 7 * 64);
    }
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(a_keeping_context_may_fail_too)
{
    struct meter meter = {.fail_first = _i + 1, .fail_last = INT64_MAX};
    gex_context_options options;
    gex_context *context = (gex_context *)(void *)&meter;
    gex_error error = {0};

    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = &meter;
    options.keep = 4096;
    ck_assert_int_eq(gex_context_create(&options, &context, &error), GEX_ERR_MEMORY);
    ck_assert_ptr_null(context);
    ck_assert_int_eq(meter.live, 0);
    options.keep = -1;
    ck_assert_int_eq(gex_context_create(&options, &context, &error), GEX_ERR_DOMAIN);
    ck_assert_ptr_null(context);
    options.keep = INT64_MAX; /* no limit */
    meter.fail_first = INT64_MAX;
    ck_assert_int_eq(gex_context_create(&options, &context, &error), GEX_OK);
    ck_assert_ptr_null(gex_context_allocate(context, INT64_MAX));
    ck_assert_ptr_null(gex_context_allocate(context, -1));
    gex_context_release(context, gex_context_allocate(context, 0), 0);
    ck_assert_int_eq(gex_context_kept(context), 64);
    gex_context_free(context);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

Suite *suite_allocator(void)
{
    Suite *suite = suite_create("allocator");
    TCase *tcase = tcase_create("allocator");

    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_loop_test(tcase, every_allocation_may_fail, 0, (int)context_door_count);
    tcase_add_loop_test(tcase, what_memory_holds_does_not_matter, 0, 2);
    tcase_add_test(tcase, a_context_may_fail_too);
    tcase_add_test(tcase, objects_outlive_their_context);
    tcase_add_test(tcase, freed_in_the_order_of_making);
    tcase_add_loop_test(tcase, as_many_allocations_as_documented, 0, (int)(sizeof costs / sizeof *costs));
    tcase_add_loop_test(tcase, a_call_repeated_asks_for_nothing, 0, (int)context_door_count);
    tcase_add_test(tcase, a_world_repeated_asks_for_nothing);
    tcase_add_loop_test(tcase, as_much_is_kept_as_allowed, 0, 6);
    tcase_add_test(tcase, a_thousand_blocks_go_round);
    tcase_add_loop_test(tcase, a_keeping_context_may_fail_too, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
