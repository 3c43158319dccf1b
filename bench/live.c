/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A live of 20,000 contracts: what a tick costs, what it holds, and how long it takes to get there from columns.
 *
 *     bench-live [--rounds N]
 *
 *     M1  a tick of spot worked in: seven units, first and second order, by row, strike, expiry, right and total, warm;
 *         a put and a call of one strike have one volatility, and then each that of its quotes
 *     M4  one quote, one volatility, one trade worked into every total
 *     M5  chain, market, book and map from columns: forwards by parity, volatilities of quotes
 *     M8  bytes a contract of the live, and of all that is there while it runs
 *
 * Processor time of one thread, microseconds: least and median of N rounds (31), a round of M4 being 256 ticks of rows
 * far from each other. Every tick is worked in by a refresh of its own.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 20000, STRIKES = 250, ROUNDS_MOST = 255, TICKS = 256 };

static const char    as_of_text[] = "2023-09-14T09:30:00-04:00";
static const double  spot = 5000, rate = 0.05, carry_yield = 0.015;
static const int32_t units[] = {GEX_UNIT_DEX_USD,          GEX_UNIT_GEX_USD_PCT,   GEX_UNIT_VEGA_USD_VOLPT,
                                GEX_UNIT_THETA_USD_CALDAY, GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_CEX_USD_CALDAY,
                                GEX_UNIT_VOMMA_VEGA_VOLPT};

static int32_t expiry[ROWS];
static int8_t  right[ROWS];
static double  strike[ROWS], vol[ROWS], bid[ROWS], ask[ROWS], open_interest[ROWS];
static int64_t as_of;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(gex_status status, const gex_error *error)
{
    if (status == GEX_OK)
        return;
    fprintf(stderr, "%s: %s\n", gex_status_text(status), error->message);
    exit(1);
}

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    *(int64_t *)user += size;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)alignment;
    *(int64_t *)user -= size;
    free(memory);
}

/* ---- the chain: ten expiries day by day, then weeks; strikes of 80 to 120 %, quoted around their worth ----------- */

static void quote(void)
{
    static double years[ROWS], price[ROWS];
    double *output = price;
    const int32_t greek = GEX_GREEK_PRICE;
    gex_european_columns columns;
    gex_error error;

    for (int64_t i = 0; i < ROWS; i++) {
        const int64_t e = i / (2 * STRIKES);
        years[i] = ((double)(e < 10 ? e : 10 + (e - 10) * 7) + 6.5 / 24) / 365;
    }
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.spot = (gex_f64){&spot, 0};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.years = (gex_f64){years, sizeof *years};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.right = (gex_i8){right, sizeof *right};
    columns.rate = (gex_f64){&rate, 0};
    columns.carry_yield = (gex_f64){&carry_yield, 0};
    must(gex_european(NULL, &columns, &greek, 1, &output, NULL, &error), &error);
    for (int64_t i = 0; i < ROWS; i++) {
        bid[i] = floor(price[i] * 0.995 * 20) / 20;
        ask[i] = ceil(price[i] * 1.005 * 20 + 1) / 20;
    }
}

static void fill(void)
{
    const int64_t day = INT64_C(86400000000000);

    (void)gex_instant_parse(as_of_text, sizeof as_of_text - 1, GEX_ZONE_NEW_YORK, &as_of, NULL);
    for (int64_t i = 0; i < ROWS; i++) {
        const int64_t e = i / (2 * STRIKES), k = i / 2 % STRIKES;
        const double away = -0.2 + 0.4 * (double)k / STRIKES;

        expiry[i] = gex_instant_date(as_of + day * (e < 10 ? e : 10 + (e - 10) * 7), GEX_ZONE_NEW_YORK);
        strike[i] = spot * (1 + away);
        right[i] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
        vol[i] = 0.14 + 0.9 * away * away - 0.3 * away;
        open_interest[i] = 1 + floor(4000 * exp(-40 * away * away) * (double)(i * 7919 % 1009) / 1009);
    }
    quote();
}

struct scene {
    gex_context *context;
    gex_chain   *chain;
    gex_market  *market;
    gex_book    *book;
    gex_live    *live;
    gex_error    error;
};

static void scene_make(struct scene *s, int32_t vol_rule, int32_t forward_rule)
{
    gex_chain_columns columns;
    gex_market_options options;
    gex_book_options sign;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.right = (gex_i8){right, sizeof *right};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.bid = (gex_f64){bid, sizeof *bid};
    columns.ask = (gex_f64){ask, sizeof *ask};
    columns.open_interest = (gex_f64){open_interest, sizeof *open_interest};
    must(gex_chain_create(s->context, &columns, NULL, &s->chain, &s->error), &s->error);
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = spot;
    options.vol = vol_rule;
    options.forward = forward_rule;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = carry_yield;
    must(gex_market_create(s->context, s->chain, &options, &s->market, &s->error), &s->error);
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    must(gex_book_create(s->context, s->chain, &sign, &s->book, &s->error), &s->error);
}

static void scene_live(struct scene *s)
{
    gex_live_options options;

    gex_live_options_init(&options, sizeof options);
    options.unit_count = sizeof units / sizeof *units;
    options.units = (gex_i32){units, sizeof *units};
    must(gex_live_create(s->context, s->market, s->book, &options, &s->live, &s->error), &s->error);
}

static void scene_close(struct scene *s)
{
    gex_live_free(s->live);
    gex_book_free(s->book);
    gex_market_free(s->market);
    gex_chain_free(s->chain);
    s->live = NULL;
}

/* ---- what is measured -------------------------------------------------------------------------------------------- */

/* Row of a tick: strides over strikes and expiries so that no two follow each other in memory. */
static int64_t row_of(int64_t n)
{
    return n * 7919 % ROWS;
}

static void spot_tick(struct scene *s, int64_t n)
{
    must(gex_live_set_spot(s->live, spot + 0.25 * (double)(n % 8), &s->error), &s->error);
}

static void quote_tick(struct scene *s, int64_t n)
{
    const int64_t row = row_of(n);
    const double up = n % 2 == 0 ? 0.05 : 0;

    must(gex_live_set_quote(s->live, row, bid[row] + up, ask[row] + up, &s->error), &s->error);
}

static void vol_tick(struct scene *s, int64_t n)
{
    must(gex_live_set_vol(s->live, row_of(n), 0.15 + 1e-4 * (double)(n % 16), &s->error), &s->error);
}

static void trade_tick(struct scene *s, int64_t n)
{
    must(gex_live_trade(s->live, row_of(n), n % 2 == 0 ? 25 : -25, &s->error), &s->error);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *name, double *took, int rounds)
{
    qsort(took, (size_t)rounds, sizeof *took, ascending);
    printf("%s\t%.3f\t%.3f\n", name, 1e6 * took[0], 1e6 * took[rounds / 2]);
}

static void ticks_print(const char *name, struct scene *s, void (*tick)(struct scene *s, int64_t n), int ticks,
                        int rounds)
{
    double took[ROUNDS_MOST];
    int64_t n = 0;

    for (int round = -1; round < rounds; round++) { /* one that does not count */
        const double start = now();

        for (int i = 0; i < ticks; i++) {
            tick(s, n++);
            must(gex_live_refresh(s->context, s->live, &s->error), &s->error);
        }
        if (round >= 0)
            took[round] = (now() - start) / ticks;
    }
    print(name, took, rounds);
}

static void first_map_print(const char *name, gex_context *context, int rounds)
{
    double took[ROUNDS_MOST];

    for (int round = -1; round < rounds; round++) {
        struct scene s = {.context = context};
        const double start = now();
        gex_map *map = NULL;

        scene_make(&s, GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED);
        must(gex_map_compute(context, s.market, s.book, NULL, &map, &s.error), &s.error);
        if (round >= 0)
            took[round] = now() - start;
        gex_map_free(map);
        scene_close(&s);
    }
    print(name, took, rounds);
}

int main(int argc, char **argv)
{
    int64_t bytes = 0, before;
    struct scene s = {NULL};
    gex_context_options options;
    int rounds = 31;

    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--rounds") == 0)
            rounds = (int)strtol(argv[i + 1], NULL, 10);
    if (rounds < 1 || rounds > ROUNDS_MOST)
        return 2;
    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = &bytes;
    must(gex_context_create(&options, &s.context, &s.error), &s.error);
    fill();
    printf("%s\n", gex_build_info());
    printf("what\tleast us\tmedian us\n");

    scene_make(&s, GEX_VOL_GIVEN, GEX_FORWARD_RATE);
    before = bytes;
    scene_live(&s);
    ticks_print("M1 spot tick, live, 20,000", &s, spot_tick, 1, rounds);
    ticks_print("M4 one volatility, live, 20,000", &s, vol_tick, TICKS, rounds);
    ticks_print("M4 one trade, live, 20,000", &s, trade_tick, TICKS, rounds);
    printf("M8 bytes a contract, live\t%.1f\n", (double)(bytes - before) / ROWS);
    printf("M8 bytes a contract, live, chain, market and book\t%.1f\n", (double)bytes / ROWS);
    scene_close(&s);
    scene_make(&s, GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED);
    scene_live(&s);
    ticks_print("M1 spot tick, live, 20,000, volatilities of quotes", &s, spot_tick, 1, rounds);
    ticks_print("M4 one quote, live, 20,000", &s, quote_tick, TICKS, rounds);
    scene_close(&s);
    first_map_print("M5 columns to first map, 20,000", s.context, rounds < 9 ? rounds : 9);
    gex_context_free(s.context);
    return bytes == 0 ? 0 : 1;
}
