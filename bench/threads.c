/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker: two threads against one, as a host would have it: a warm pool, lent to the library by its context.
 *
 *     bench-threads SAMPLE implied|greeks|streaming
 *
 * implied and greeks: 65,536 rows, made of the sample over and over. Greeks of so many stay in the shared cache, not in
 * the caches of a core. streaming: 2^20 rows, inputs and outputs pass through memory. Not pinned.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

/* ---- a pool of one helper beside the caller ---------------------------------------------------------------------- */

struct pool {
    pthread_t       helper;
    pthread_mutex_t lock;
    pthread_cond_t  wake, done;
    void          (*task)(void *arg, int64_t i);
    void           *arg;
    int64_t         n;
    _Atomic int64_t next;
    atomic_bool     working; /* the helper has not yet come back */
    atomic_uint     turn;    /* counts calls; the helper waits for the next */
};

enum { SPINS = 20000 }; /* some microseconds awake before sleeping, as pools do between calls that follow each other */

static void take_tasks(struct pool *pool)
{
    for (int64_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
        pool->task(pool->arg, i);
}

static void *help(void *argument)
{
    struct pool *pool = argument;

    for (unsigned seen = 0;; seen++) {
        for (int i = 0; i < SPINS && atomic_load(&pool->turn) == seen; i++)
            ;
        pthread_mutex_lock(&pool->lock);
        while (atomic_load(&pool->turn) == seen)
            pthread_cond_wait(&pool->wake, &pool->lock);
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool);
        atomic_store(&pool->working, 0);
    }
    return NULL;
}

static int32_t run_on_two(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    struct pool *pool = user;

    pool->task = task, pool->arg = arg, pool->n = n;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->working, 1);
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->turn, 1);
    pthread_cond_signal(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    take_tasks(pool);
    for (int i = 0; atomic_load(&pool->working); i++)
        if (i > SPINS)
            sched_yield(); /* the helper may be waiting for this very processor */
    return 0;
}

static struct pool *pool_create(void)
{
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL || pthread_mutex_init(&pool->lock, NULL) != 0 || pthread_cond_init(&pool->wake, NULL) != 0 ||
        pthread_create(&pool->helper, NULL, help, pool) != 0) {
        fprintf(stderr, "no second thread\n");
        exit(1);
    }
    return pool;
}

/* ---- worker ------------------------------------------------------------------------------------------------------ */

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[2] : "";
    const int implied = strcmp(what, "implied") == 0;
    const struct sample sample = sample_read(argc > 1 ? argv[1] : "", implied ? "implied" : "european");
    const int64_t rows = strcmp(what, "streaming") == 0 ? INT64_C(1) << 20 : 65536;
    gex_context *one = context_for(GEX_ISA_AUTO, NULL, NULL);
    gex_context *two = context_for(GEX_ISA_AUTO, run_on_two, pool_create());
    struct offer offers[2];

    if (one == NULL || two == NULL)
        return 1;
    for (int i = 0; i < 2; i++) {
        static const char *const names[2] = {"libgex, one thread", "libgex, two threads"};
        gex_context *context = i == 0 ? one : two;

        if (implied) {
            struct implied_call *call = implied_call_create(context, &sample, rows);
            offers[i] = (struct offer){names[i], implied_call_run, call, call->outputs};
        } else {
            struct european_call *call = european_call_create(context, &sample, rows);
            offers[i] = (struct offer){names[i], european_call_run, call, call->outputs};
        }
    }
    return worker_serve(offers, 2, rows, 1);
}
