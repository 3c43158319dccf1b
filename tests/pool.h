/* SPDX-License-Identifier: Apache-2.0 */
/* An executor of as many threads as are asked for, which take tasks as they come. */
#ifndef GEX_TESTS_POOL_H
#define GEX_TESTS_POOL_H

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

#include <gex/context.h>

enum { POOL_MOST = 8 };

struct pool {
    void (*task)(void *arg, int64_t i);
    void        *arg;
    int64_t      n;
    atomic_llong next;
    int          threads; /* POOL_MOST at most */
};

static inline void *pool_work(void *user)
{
    struct pool *pool = user;

    for (int64_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
        pool->task(pool->arg, i);
    return NULL;
}

static inline int32_t pool_run(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    struct pool *pool = user;
    pthread_t threads[POOL_MOST];

    pool->task = task;
    pool->arg = arg;
    pool->n = n;
    atomic_store(&pool->next, 0);
    for (int t = 0; t < pool->threads; t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, pool_work, pool), 0);
    for (int t = 0; t < pool->threads; t++)
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
    return 0;
}

/* A context of that instruction set that lends the pool. */
static inline gex_context *pool_context(struct pool *pool, int32_t instruction_set)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.run = pool_run;
    options.run_user = pool;
    options.instruction_set = instruction_set;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

#endif
