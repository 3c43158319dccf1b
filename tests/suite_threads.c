/* SPDX-License-Identifier: Apache-2.0 */
/* Many threads on the same objects, and executors of every kind: the same bits. */
#define _GNU_SOURCE
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "doors.h"

Suite *suite_threads(void);

enum { READERS = 8, WORKERS = 4 };

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

/* ---- readers ----------------------------------------------------------------------------------------------------- */

struct reader {
    pthread_t thread;
    int64_t   first;
    uint64_t *digests;
};

static void *read_all(void *arg)
{
    const struct reader *reader = arg;

    for (int64_t k = 0; k < door_count; k++) { /* each reader begins elsewhere, so that different doors meet */
        const int64_t i = (reader->first + k) % door_count;
        reader->digests[i] = doors[i].call(NULL, &world, NULL).digest;
    }
    return NULL;
}

START_TEST(eight_threads_read_the_same_objects)
{
    struct reader readers[READERS];
    uint64_t *expected = calloc((size_t)door_count, sizeof *expected);
    const struct reader alone = {.first = 0, .digests = expected};

    read_all((void *)(uintptr_t)&alone);
    for (int r = 0; r < READERS; r++) {
        readers[r].first = r * door_count / READERS;
        readers[r].digests = calloc((size_t)door_count, sizeof *expected);
        ck_assert_int_eq(pthread_create(&readers[r].thread, NULL, read_all, &readers[r]), 0);
    }
    for (int r = 0; r < READERS; r++) {
        ck_assert_int_eq(pthread_join(readers[r].thread, NULL), 0);
        for (int64_t i = 0; i < door_count; i++)
            ck_assert_msg(readers[r].digests[i] == expected[i], "%s, thread %d: other bits", doors[i].name, r);
        free(readers[r].digests);
    }
    free(expected);
}
END_TEST

static void *make_and_free(void *arg)
{
    int32_t *failures = arg;

    for (int i = 0; i < 5; i++) {
        struct world mine;
        *failures += world_open(&mine, NULL, NULL) != GEX_OK;
        world_close(&mine);
    }
    return NULL;
}

START_TEST(each_thread_makes_its_own)
{
    pthread_t threads[READERS];
    int32_t failures[READERS] = {0};

    for (int r = 0; r < READERS; r++)
        ck_assert_int_eq(pthread_create(&threads[r], NULL, make_and_free, &failures[r]), 0);
    for (int r = 0; r < READERS; r++) {
        ck_assert_int_eq(pthread_join(threads[r], NULL), 0);
        ck_assert_int_eq(failures[r], 0);
    }
}
END_TEST

static gex_context *shared;

static void *borrow_all(void *arg)
{
    const struct reader *reader = arg;

    for (int64_t k = 0; k < context_door_count; k++) {
        const int64_t i = (reader->first + k) % context_door_count;
        reader->digests[i] = doors[i].call(shared, &world, NULL).digest;
    }
    return NULL;
}

/* What one thread gives back, another is lent. */
START_TEST(eight_threads_share_what_a_context_keeps)
{
    struct reader readers[READERS];
    gex_context_options options;

    gex_context_options_init(&options, sizeof options);
    options.keep = (int64_t)1 << (18 + 6 * _i);
    ck_assert_int_eq(gex_context_create(&options, &shared, NULL), GEX_OK);
    for (int r = 0; r < READERS; r++) {
        readers[r].first = r * context_door_count / READERS;
        readers[r].digests = calloc((size_t)context_door_count, sizeof *readers[r].digests);
        ck_assert_int_eq(pthread_create(&readers[r].thread, NULL, borrow_all, &readers[r]), 0);
    }
    for (int r = 0; r < READERS; r++) {
        ck_assert_int_eq(pthread_join(readers[r].thread, NULL), 0);
        for (int64_t i = 0; i < context_door_count; i++)
            ck_assert_msg(readers[r].digests[i] == readers[0].digests[i], "%s: other bits", doors[i].name);
    }
    for (int r = 0; r < READERS; r++)
        free(readers[r].digests);
    ck_assert_int_le(gex_context_kept(shared), options.keep);
    gex_context_free(shared);
}
END_TEST

/* ---- executors --------------------------------------------------------------------------------------------------- */

typedef void (*task_of)(void *arg, int64_t i);

struct calls {
    atomic_llong runs, tasks;
};

/* A pool whose threads wait for a task that itself asks for the pool would wait for ever. */
static int32_t run_in_order(void *user, task_of task, void *arg, int64_t n)
{
    static _Thread_local bool within;
    struct calls *calls = user;

    ck_assert_msg(!within, "a task of the library called the executor");
    calls->runs++;
    within = true;
    for (int64_t i = 0; i < n; i++, calls->tasks++)
        task(arg, i);
    within = false;
    return 0;
}

static int32_t run_in_reverse(void *user, task_of task, void *arg, int64_t n)
{
    struct calls *calls = user;

    calls->runs++;
    for (int64_t i = n - 1; i >= 0; i--, calls->tasks++)
        task(arg, i);
    return 0;
}

/* Threads that take the next task, whichever it is, until there is none. */
struct pool {
    struct calls *calls;
    task_of       task;
    void         *arg;
    int64_t       n;
    atomic_llong  next;
};

static void *work(void *user)
{
    struct pool *pool = user;

    for (int64_t i; (i = pool->next++) < pool->n; pool->calls->tasks++)
        pool->task(pool->arg, i);
    return NULL;
}

static int32_t run_on_threads(void *user, task_of task, void *arg, int64_t n)
{
    struct pool pool = {.calls = user, .task = task, .arg = arg, .n = n};
    pthread_t threads[WORKERS];

    pool.calls->runs++;
    for (int t = 0; t < WORKERS; t++)
        if (pthread_create(&threads[t], NULL, work, &pool) != 0)
            abort();
    for (int t = 0; t < WORKERS; t++)
        pthread_join(threads[t], NULL);
    return 0;
}

static int32_t run_refusing(void *user, task_of task, void *arg, int64_t n)
{
    struct calls *calls = user;

    (void)task, (void)arg, (void)n;
    calls->runs++;
    return 1;
}

static int32_t run_half(void *user, task_of task, void *arg, int64_t n)
{
    struct calls *calls = user;

    calls->runs++;
    for (int64_t i = 0; i < n / 2; i++)
        task(arg, i);
    return -1;
}

static gex_context *executing(gex_run run, struct calls *calls)
{
    gex_context_options options;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.run = run;
    options.run_user = calls;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

static const struct {
    const char *name;
    gex_run     run;
} executors[] = {{"in order", run_in_order}, {"in reverse", run_in_reverse}, {"on threads", run_on_threads}};

START_TEST(same_bits_with_every_executor)
{
    const struct door *door = &doors[_i];
    const uint64_t alone = door->call(NULL, &world, NULL).digest;
    long long tasks[3];

    for (int k = 0; k < 3; k++) {
        struct calls calls = {0};
        gex_context *context = executing(executors[k].run, &calls);
        const struct answer answer = door->call(context, &world, NULL);

        ck_assert_int_eq(answer.status, GEX_OK);
        ck_assert_msg(answer.digest == alone, "%s, %s: other bits", door->name, executors[k].name);
        tasks[k] = calls.tasks;
        gex_context_free(context);
    }
    ck_assert_msg(tasks[0] == tasks[1] && tasks[1] == tasks[2], "%s splits its work by executor", door->name);
}
END_TEST

/* An executor that reports failure makes the call fail, and nothing half done comes out. */
START_TEST(executor_may_refuse)
{
    static const gex_run refusals[] = {run_refusing, run_half};
    const struct door *door = &doors[_i];

    for (int k = 0; k < 2; k++) {
        struct calls calls = {0};
        gex_context *context = executing(refusals[k], &calls);
        gex_error error = {0};
        const struct answer answer = door->call(context, &world, &error);
        const gex_status expected = calls.runs > 0 ? GEX_ERR_CALLBACK : GEX_OK;

        ck_assert_msg(answer.status == expected, "%s: status %d", door->name, answer.status);
        ck_assert_int_eq(error.status, expected);
        ck_assert_ptr_null(answer.left);
        gex_context_free(context);
    }
}
END_TEST

/* The work that is worth spreading is handed to the executor at all. */
START_TEST(executor_is_used)
{
    static const char *const users[] = {"gex_profile_compute", "gex_flips_compute", "gex_map_compute"};
    struct calls calls = {0};
    gex_context *context = executing(run_in_order, &calls);

    for (int64_t i = 0; i < door_count; i++)
        if (strcmp(doors[i].name, users[_i]) == 0)
            (void)doors[i].call(context, &world, NULL);
    ck_assert_msg(calls.runs > 0, "%s keeps its work to itself", users[_i]);
    gex_context_free(context);
}
END_TEST

Suite *suite_threads(void)
{
    Suite *suite = suite_create("threads");
    TCase *tcase = tcase_create("threads");

    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_test(tcase, eight_threads_read_the_same_objects);
    tcase_add_test(tcase, each_thread_makes_its_own);
    tcase_add_loop_test(tcase, eight_threads_share_what_a_context_keeps, 0, 2);
    tcase_add_loop_test(tcase, same_bits_with_every_executor, 0, (int)context_door_count);
    tcase_add_loop_test(tcase, executor_may_refuse, 0, (int)context_door_count);
    tcase_add_loop_test(tcase, executor_is_used, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
