/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host lends: its threads and its memory.   cc host.c -pthread $(pkg-config --cflags --libs libgex)
 *
 * Two threads of the host wait for work; the one that calls the library works along. A context with `keep` asks for
 * memory once: the calls repeated here ask for none. The numbers are the same bits with the context and without.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- threads: one run at a time; another that comes meanwhile is done by its own caller ------------------------- */

enum { HELPERS = 2 };
struct pool {
    pthread_mutex_t lock, busy;
    pthread_cond_t  start, done;
    pthread_t       helper[HELPERS];
    void (*task)(void *arg, int64_t i);
    void        *arg;
    int64_t      n;
    atomic_llong next;
    int          waiting_for; /* helpers that are not done with this run */
    unsigned     run;         /* counts */
    bool         leave;
};

static void work(struct pool *pool)
{
    for (int64_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
        pool->task(pool->arg, i);
}

static void *help(void *user)
{
    struct pool *pool = user;
    unsigned seen = 0;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->run == seen)
            pthread_cond_wait(&pool->start, &pool->lock);
        seen = pool->run;
        if (pool->leave)
            break;
        pthread_mutex_unlock(&pool->lock);
        work(pool);
        pthread_mutex_lock(&pool->lock);
        if (--pool->waiting_for == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* The hook: every i once, and back when all are done. It may be called by several threads, and never by a task. */
static int32_t run(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    struct pool *pool = user;

    if (pthread_mutex_trylock(&pool->busy) != 0) {
        for (int64_t i = 0; i < n; i++)
            task(arg, i);
        return 0;
    }
    pthread_mutex_lock(&pool->lock);
    pool->task = task, pool->arg = arg, pool->n = n;
    atomic_store(&pool->next, 0);
    pool->waiting_for = HELPERS;
    pool->run++;
    pthread_cond_broadcast(&pool->start);
    pthread_mutex_unlock(&pool->lock);
    work(pool);
    pthread_mutex_lock(&pool->lock);
    while (pool->waiting_for > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    pthread_mutex_unlock(&pool->busy);
    return 0;
}

static void pool_open(struct pool *pool)
{
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutex_init(&pool->busy, NULL);
    pthread_cond_init(&pool->start, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->run = 0, pool->leave = false;
    for (int i = 0; i < HELPERS; i++)
        if (pthread_create(&pool->helper[i], NULL, help, pool) != 0)
            exit(1);
}

static void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->leave = true;
    pool->run++;
    pthread_cond_broadcast(&pool->start);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < HELPERS; i++)
        pthread_join(pool->helper[i], NULL);
}

/* ---- memory: the host's own, counted ----------------------------------------------------------------------------- */

static void *allocate(void *user, int64_t size, int64_t alignment)
{
    void *memory = NULL;

    atomic_fetch_add((atomic_int *)user, 1);
    return posix_memalign(&memory, (size_t)(alignment < 8 ? 8 : alignment), (size_t)size) == 0 ? memory : NULL;
}

static void release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)user, (void)size, (void)alignment;
    free(memory);
}

/* ---- the work ---------------------------------------------------------------------------------------------------- */

enum { STRIKES = 200, ROWS = 2 * STRIKES };

/* Calls and puts of one expiry, struck every 5 from 5,000; columns lie in an array of structs. */
static gex_status list(gex_chain **chain, gex_market **market, gex_book **book, gex_error *error)
{
    static const char root[8] = "SPXW";
    static const int32_t expiry = 20270416;
    struct line {
        double strike, vol, open_interest;
        int8_t right;
    } line[ROWS];
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options sign;

    for (int i = 0; i < ROWS; i++) {
        const double strike = 5000.0 + 5.0 * (i / 2), off = (strike - 5500.0) / 5500.0;
        line[i] = (struct line){strike, 0.15 - 0.6 * off + 1.5 * off * off, 1000.0 + 37.0 * (i % 11),
                                i % 2 == 0 ? GEX_CALL : GEX_PUT};
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){root, 0, sizeof root}; /* stride 0: one value for all */
    columns.expiry = (gex_i32){&expiry, 0};
    columns.strike = (gex_f64){&line[0].strike, sizeof line[0]};
    columns.vol = (gex_f64){&line[0].vol, sizeof line[0]};
    columns.open_interest = (gex_f64){&line[0].open_interest, sizeof line[0]};
    columns.right = (gex_i8){&line[0].right, sizeof line[0]};
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_GIVEN, state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE, state.spot = 5500.0, state.rate = 0.04;
    gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &state.as_of, NULL);
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    if (gex_chain_create(NULL, &columns, NULL, chain, error) == GEX_OK &&
        gex_market_create(NULL, *chain, &state, market, error) == GEX_OK)
        gex_book_create(NULL, *chain, &sign, book, error);
    return error->status;
}

/* Gamma over 201 prices; @return its sum, which a different bit anywhere would change. */
static double curve(const gex_context *context, const gex_market *market, const gex_book *book, gex_error *error)
{
    gex_profile_options options;
    gex_profile *profile = NULL;
    double sum = 0.0;
    int64_t points = 0;
    const double *value;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    if (gex_profile_compute(context, market, book, &options, &profile, error) != GEX_OK)
        return 0.0;
    value = gex_profile_values(profile, &points);
    for (int64_t i = 0; i < points; i++)
        sum += value[i];
    gex_profile_free(profile);
    return sum;
}

int main(void)
{
    gex_error error = {0};
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_context *context = NULL;
    gex_context_options lent;
    struct pool pool;
    atomic_int asked = 0;

    pool_open(&pool);
    gex_context_options_init(&lent, sizeof lent);
    lent.run = run, lent.run_user = &pool;
    lent.allocate = allocate, lent.release = release, lent.memory_user = &asked;
    lent.keep = 16 << 20;
    if (list(&chain, &market, &book, &error) == GEX_OK && gex_context_create(&lent, &context, &error) == GEX_OK) {
        const double alone = curve(NULL, market, book, &error), helped = curve(context, market, book, &error);
        const int before = asked;

        printf("%d contracts over 201 prices, on one thread and on %d: %s\n", ROWS, HELPERS + 1,
               alone == helped ? "the same bits" : "different");
        for (int i = 0; i < 100; i++)
            if (curve(context, market, book, &error) != alone)
                break;
        printf("100 times more asked the host for memory %d times\n", asked - before);
    }
    if (error.status != GEX_OK)
        fprintf(stderr, "%s: %s\n", gex_status_text(error.status), error.message);
    gex_context_free(context); /* all it kept goes back, while the allocator is there */
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    pool_close(&pool);
    return error.status == GEX_OK ? 0 : 1;
}
