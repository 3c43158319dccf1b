/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of hedge flow on chains made here, beside every exposure after a tick, and what a contract holds in memory.
 *
 *     bench-field [--rounds N]
 *
 *     M1  exposures of first and second order by row, strike, expiry and in total after a tick of spot, of 20,000
 *         contracts, with market, greeks and exposures made anew: what a live (live.c) is there to spare
 *     M2  hedge flow at 160 prices and 6 instants, 5,000 contracts
 *     M3  hedge flow at 201 prices and 78 instants, 20,000 contracts, on two threads and on one
 *     M8  bytes a contract of chain, market, book, greeks and one exposure, 20,000 contracts
 *     a market of 20,000 moved in spot, in spot and time, under sticky strike and along its smile, beside its greeks
 *
 * Wall-clock time, least and median of N rounds (9); processor time of all threads, least, and its nanoseconds a cell,
 * which says more on a machine that others use.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR INT64_C(3600000000000)
enum { STRIKES = 250, ROUNDS_MOST = 99, THREADS_MOST = 2 };

static const char   as_of_text[] = "2023-09-14T09:30:00-04:00";
static const double spot = 5000;

static double now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- threads that wait between calls ----------------------------------------------------------------------------- */

struct pool {
    pthread_t       thread[THREADS_MOST];
    int             threads; /* beside the caller */
    pthread_mutex_t lock;
    pthread_cond_t  work, done;
    void (*task)(void *arg, int64_t i);
    void           *arg;
    int64_t         count, generation;
    atomic_llong    next;
    int             busy;
    bool            ends;
};

static void pool_take(struct pool *pool)
{
    for (;;) {
        const int64_t i = atomic_fetch_add(&pool->next, 1);

        if (i >= pool->count)
            return;
        pool->task(pool->arg, i);
    }
}

static void *pool_work(void *arg)
{
    struct pool *pool = arg;
    int64_t seen = 0;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->generation == seen && !pool->ends)
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->ends)
            break;
        seen = pool->generation;
        pthread_mutex_unlock(&pool->lock);
        pool_take(pool);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static int32_t pool_run(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    struct pool *pool = user;

    pthread_mutex_lock(&pool->lock);
    pool->task = task;
    pool->arg = arg;
    pool->count = n;
    atomic_store(&pool->next, 0);
    pool->busy = pool->threads;
    pool->generation++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    pool_take(pool);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    return 0;
}

static void pool_open(struct pool *pool, int threads)
{
    *pool = (struct pool){.threads = threads - 1};
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    for (int t = 0; t < pool->threads; t++)
        pthread_create(&pool->thread[t], NULL, pool_work, pool);
}

static void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->ends = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int t = 0; t < pool->threads; t++)
        pthread_join(pool->thread[t], NULL);
}

/* ---- chains ------------------------------------------------------------------------------------------------------ */

struct meter {
    int64_t calls, bytes;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    meter->calls++;
    meter->bytes += size;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    (void)alignment;
    meter->bytes -= size;
    free(memory);
}

struct scene {
    int64_t       rows, as_of, held; /* bytes of what follows */
    gex_chain    *chain;
    gex_market   *market;
    gex_book     *book;
    gex_greeks   *greeks;
    gex_exposure *exposure;
};

/* The first ten expiries day by day, today's first, the rest week by week; strikes from 80 % to 120 % of spot. */
static int32_t expiry_after(int64_t as_of, int64_t k)
{
    const int64_t day = INT64_C(86400000000000);
    return gex_instant_date(as_of + day * (k < 10 ? k : 10 + (k - 10) * 7), GEX_ZONE_NEW_YORK);
}

static gex_chain *chain_of(const gex_context *context, int64_t rows, int64_t strikes, int64_t as_of)
{
    int32_t *expiry = malloc((size_t)rows * sizeof *expiry);
    int8_t *right = malloc((size_t)rows);
    double *column = malloc((size_t)rows * 3 * sizeof *column);
    double *strike = column, *vol = column + rows, *open_interest = column + 2 * rows;
    gex_chain_columns columns;
    gex_chain *chain = NULL;

    if (expiry == NULL || right == NULL || column == NULL)
        exit(1);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t k = i / 2 % strikes;
        double away;

        expiry[i] = expiry_after(as_of, i / (2 * strikes));
        strike[i] = spot * (0.8 + 0.4 * (double)k / (double)strikes);
        away = strike[i] / spot - 1;
        right[i] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
        vol[i] = 0.14 + 0.9 * away * away - 0.3 * away + (i % 2 == 0 ? 0 : 1e-3); /* sides that differ a little */
        open_interest[i] = 1 + floor(4000 * exp(-40 * away * away) * (double)(i * 7919 % 1009) / 1009);
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.right = (gex_i8){right, 1};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.open_interest = (gex_f64){open_interest, sizeof *open_interest};
    (void)gex_chain_create(context, &columns, NULL, &chain, NULL);
    free(expiry);
    free(right);
    free(column);
    return chain;
}

static gex_market *market_at(const gex_context *context, const gex_chain *chain, double price, int64_t as_of)
{
    gex_market_options options;
    gex_market *market = NULL;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = price;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.05;
    options.carry_yield = 0.015;
    (void)gex_market_create(context, chain, &options, &market, NULL);
    return market;
}

static gex_exposure *exposure_of(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                                 int32_t unit)
{
    gex_exposure_options options;
    gex_exposure *exposure = NULL;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    (void)gex_exposure_compute(context, greeks, book, &options, &exposure, NULL);
    return exposure;
}

static void scene_open(struct scene *scene, const gex_context *context, const struct meter *meter, int64_t rows,
                       int64_t strikes)
{
    gex_book_options options;

    *scene = (struct scene){.rows = rows, .held = meter->bytes};
    (void)gex_instant_parse(as_of_text, sizeof as_of_text - 1, GEX_ZONE_NEW_YORK, &scene->as_of, NULL);
    scene->chain = chain_of(context, rows, strikes, scene->as_of);
    scene->market = market_at(context, scene->chain, spot, scene->as_of);
    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_NAIVE_CALL_LONG;
    (void)gex_book_create(context, scene->chain, &options, &scene->book, NULL);
    (void)gex_greeks_compute(context, scene->market, &scene->greeks, NULL);
    scene->exposure = exposure_of(context, scene->greeks, scene->book, GEX_UNIT_GEX_USD_PCT);
    scene->held = meter->bytes - scene->held;
}

static void scene_close(struct scene *scene)
{
    gex_exposure_free(scene->exposure);
    gex_greeks_free(scene->greeks);
    gex_book_free(scene->book);
    gex_market_free(scene->market);
    gex_chain_free(scene->chain);
}

/* ---- what is measured -------------------------------------------------------------------------------------------- */

/* A tick of spot as the stages have it:
 * market, greeks, and one exposure a unit, each with its rows, strikes, expiries. */
static void tick(const gex_context *context, const struct scene *scene, double price)
{
    static const int32_t units[] = {GEX_UNIT_DEX_USD, GEX_UNIT_GEX_USD_PCT, GEX_UNIT_VEGA_USD_VOLPT,
                                    GEX_UNIT_THETA_USD_CALDAY, GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_CEX_USD_CALDAY,
                                    GEX_UNIT_VOMMA_VEGA_VOLPT};
    gex_market *market = market_at(context, scene->chain, price, scene->as_of);
    gex_greeks *greeks = NULL;

    (void)gex_greeks_compute(context, market, &greeks, NULL);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        gex_exposure_free(exposure_of(context, greeks, scene->book, units[u]));
    gex_greeks_free(greeks);
    gex_market_free(market);
}

static void field(const gex_context *context, const struct scene *scene, double low, double high, int64_t points,
                  int64_t steps, int32_t until)
{
    static const int32_t quantity = GEX_FIELD_FLOW;
    gex_field_options options;
    gex_field *made = NULL;

    gex_field_options_init(&options, sizeof options);
    options.quantities = &quantity;
    options.quantity_count = 1;
    options.low = low;
    options.high = high;
    options.points = points;
    options.steps = steps;
    options.until = until;
    if (gex_field_compute(context, scene->market, scene->book, &options, &made, NULL) != GEX_OK)
        exit(1);
    gex_field_free(made);
}

/* Where every contract keeps a place on the market's own smile. */
static gex_market *smiling_market(const gex_context *context, const struct scene *scene)
{
    gex_shift_options options;
    gex_market *market = NULL;

    gex_shift_options_init(&options, sizeof options);
    options.dynamics = GEX_DYNAMICS_STICKINESS;
    options.dynamics_parameter = 1.3;
    (void)gex_market_shift(context, scene->market, &options, &market, NULL);
    return market;
}

static void move(const gex_context *context, const gex_market *market, double price, int64_t as_of)
{
    gex_shift_options options;
    gex_market *moved = NULL;

    gex_shift_options_init(&options, sizeof options);
    options.spot = price;
    options.as_of = as_of;
    if (gex_market_shift(context, market, &options, &moved, NULL) != GEX_OK)
        exit(1);
    gex_market_free(moved);
}

static void reprice(const gex_context *context, const gex_market *market)
{
    gex_greeks *greeks = NULL;

    (void)gex_greeks_compute(context, market, &greeks, NULL);
    gex_greeks_free(greeks);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct job {
    const char         *name;
    const struct scene *scene;
    const gex_context  *context;
    int64_t             points, steps;
    const gex_market   *market; /* moved by `later`, priced where that is below 0; NULL: a tick, or a field of points */
    int64_t             later;
};

static void job_run(const struct job *job, int round)
{
    const int64_t later = job->scene->as_of + job->later;

    if (job->market != NULL && job->later < 0)
        reprice(job->context, job->market);
    else if (job->market != NULL)
        move(job->context, job->market, spot + 0.25 * (round % 8), later);
    else if (job->points == 0)
        tick(job->context, job->scene, spot + 0.25 * (round % 8));
    else
        field(job->context, job->scene, 0.9, 1.1, job->points, job->steps, GEX_UNTIL_CLOSE);
}

static void job_print(const struct job *job, int rounds)
{
    double took[ROUNDS_MOST], least = HUGE_VAL, cells = (double)job->scene->rows;

    if (job->points > 0)
        cells *= (double)(job->points * job->steps);
    for (int round = 0; round < rounds; round++) {
        const double start = now(CLOCK_MONOTONIC), work = now(CLOCK_PROCESS_CPUTIME_ID);

        job_run(job, round);
        took[round] = now(CLOCK_MONOTONIC) - start;
        least = fmin(least, now(CLOCK_PROCESS_CPUTIME_ID) - work);
    }
    qsort(took, (size_t)rounds, sizeof *took, ascending);
    printf("%s\t%.4f\t%.4f\t%.4f\t%.3f\n", job->name, 1e3 * took[0], 1e3 * took[rounds / 2], 1e3 * least,
           1e9 * least / cells);
}

static gex_context *context_of(struct meter *meter, struct pool *pool)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = meter;
    if (pool != NULL) {
        options.run = pool_run;
        options.run_user = pool;
    }
    (void)gex_context_create(&options, &context, NULL);
    return context;
}

int main(int argc, char **argv)
{
    struct meter meter = {0, 0};
    struct scene large, small;
    struct pool pool;
    int rounds = 9;
    gex_context *alone, *many;
    gex_market *smiling;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--rounds") == 0)
            rounds = (int)strtol(argv[i + 1], NULL, 10);
    }
    if (rounds < 1 || rounds > ROUNDS_MOST)
        return 2;
    pool_open(&pool, 2);
    alone = context_of(&meter, NULL);
    many = context_of(&meter, &pool);
    scene_open(&large, alone, &meter, 20000, STRIKES);
    scene_open(&small, alone, &meter, 5000, STRIKES / 2);

    smiling = smiling_market(alone, &large);

    const struct job jobs[] = {
        {"M1 stages made anew after a tick, 20,000", &large, alone, 0, 0, NULL, 0},
        {"M2 flow field 160 x 6, 5,000", &small, alone, 160, 6, NULL, 0},
        {"M3 flow field 201 x 78, 20,000, two threads", &large, many, 201, 78, NULL, 0},
        {"M3 flow field 201 x 78, 20,000, one thread", &large, alone, 201, 78, NULL, 0},
        {"market moved in spot, 20,000, sticky strike", &large, alone, 0, 0, large.market, 0},
        {"market moved in spot, 20,000, along its smile", &large, alone, 0, 0, smiling, 0},
        {"market moved in spot and an hour, 20,000, along its smile", &large, alone, 0, 0, smiling, HOUR},
        {"greeks of a market, 20,000", &large, alone, 0, 0, large.market, -1},
    };

    printf("%s\n", gex_build_info());
    printf("what\tleast ms\tmedian ms\tprocessor ms\tns a cell\n");
    for (size_t j = 0; j < sizeof jobs / sizeof *jobs; j++)
        job_print(&jobs[j], rounds);
    printf("M8 bytes a contract, all columns\t%.1f\n", (double)large.held / (double)large.rows);
    gex_market_free(smiling);
    scene_close(&large);
    scene_close(&small);
    gex_context_free(many);
    gex_context_free(alone);
    pool_close(&pool);
    return meter.bytes == 0 ? 0 : 1;
}
