/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long each stage takes on a chain of 20,000 contracts made here, and what it allocates.
 *
 *     bench-map [--write FILE] [--rounds N] [--style NAME]
 *
 * FILE gets the same chain as neutral CSV; NAME is european (else) or american, of every contract.
 *
 * Processor time, the least of N rounds (20), in one thread: what the machine can do, not what else it was doing.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXPIRIES = 40, STRIKES = 250, ROWS = EXPIRIES * STRIKES * 2 };

static const char   as_of_text[] = "2023-09-14T13:00:00-04:00";
static const double spot = 5000;

static char    root[] = "SPXW";
static int32_t expiry[ROWS];
static double  strike[ROWS], vol[ROWS], open_interest[ROWS], volume[ROWS];
static int8_t  right[ROWS];

/* ---- the chain --------------------------------------------------------------------------------------------------- */

static uint32_t draw(uint32_t *state) /* Numerical Recipes' generator; only has to be the same everywhere */
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Every second day is a session or moves to one; strikes thin out with time as listed chains do. */
static int32_t expiry_after(int64_t as_of, int32_t k)
{
    const int64_t day = INT64_C(86400000000000);
    return gex_instant_date(as_of + day * (k < 10 ? k : 10 + (k - 10) * 7), GEX_ZONE_NEW_YORK);
}

static void make_columns(int64_t as_of)
{
    uint32_t state = 20230914;

    for (int32_t i = 0; i < ROWS; i++) {
        const int32_t e = i / (2 * STRIKES), k = i / 2 % STRIKES;
        const double away = (4000 + 8 * k - spot) / spot;

        expiry[i] = expiry_after(as_of, e);
        strike[i] = 4000 + 8 * k;
        right[i] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
        vol[i] = 0.14 + 0.9 * away * away - (0.35 - 0.005 * e) * away;
        open_interest[i] = floor(4000 * exp(-40 * away * away) * draw(&state) / 16777216.0);
        volume[i] = floor(open_interest[i] * draw(&state) / 16777216.0);
    }
}

static gex_chain_columns columns_of(void)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){root, 0, sizeof root};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.right = (gex_i8){right, sizeof *right};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.open_interest = (gex_f64){open_interest, sizeof *open_interest};
    columns.volume = (gex_f64){volume, sizeof *volume};
    return columns;
}

static int write_csv(const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return 1;
    fprintf(file, "# as_of: %s\n# underlying: BENCH\n# spot: %.0f\n", as_of_text, spot);
    fprintf(file, "root,expiry,strike,right,vol,open_interest,volume\n");
    for (int32_t i = 0; i < ROWS; i++)
        fprintf(file, "%s,%d,%.0f,%c,%.17g,%.0f,%.0f\n", root, expiry[i], strike[i], right[i] == GEX_CALL ? 'C' : 'P',
                vol[i], open_interest[i], volume[i]);
    return fclose(file) != 0;
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

struct meter {
    int64_t calls, bytes, peak;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    meter->calls++;
    meter->bytes += size;
    meter->peak = meter->bytes > meter->peak ? meter->bytes : meter->peak;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    (void)alignment;
    meter->bytes -= size;
    free(memory);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* one thread: what it would take alone */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One line of the table. */
struct stage {
    const char *name;
    double      best; /* seconds */
    int64_t     allocations, bytes;
};

/* ---- stages ------------------------------------------------------------------------------------------------------ */

struct session {
    gex_context  *context;
    struct meter *meter;
    int64_t       as_of;
    int32_t       style;
    gex_error     error;
    gex_chain    *chain;
    gex_market   *market;
    gex_book     *book;
    gex_greeks   *greeks;
    gex_exposure *exposure;
    gex_profile  *profile;
    gex_flips    *flips;
    gex_flow     *flow;
    gex_map      *map;
    double        sink; /* so that reading is not optimised away */
};

static gex_status stage_chain(struct session *s)
{
    const gex_chain_columns columns = columns_of();
    return gex_chain_create(s->context, &columns, NULL, &s->chain, &s->error);
}

static gex_status stage_market(struct session *s)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = s->as_of;
    options.spot = spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = s->style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.05;
    options.carry_yield = 0.015;
    return gex_market_create(s->context, s->chain, &options, &s->market, &s->error);
}

static gex_status stage_book(struct session *s)
{
    gex_book_options options;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_NAIVE_CALL_LONG;
    return gex_book_create(s->context, s->chain, &options, &s->book, &s->error);
}

static gex_status stage_greeks(struct session *s)
{
    return gex_greeks_compute(s->context, s->market, &s->greeks, &s->error);
}

static gex_status stage_exposure(struct session *s)
{
    gex_exposure_options options;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return gex_exposure_compute(s->context, s->greeks, s->book, &options, &s->exposure, &s->error);
}

static gex_profile_options profile_options(void)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return options;
}

static gex_status stage_profile(struct session *s)
{
    const gex_profile_options options = profile_options();
    return gex_profile_compute(s->context, s->market, s->book, &options, &s->profile, &s->error);
}

static gex_status stage_flips(struct session *s)
{
    const gex_profile_options options = profile_options();
    return gex_flips_compute(s->context, s->market, s->book, &options, &s->flips, &s->error);
}

static gex_status stage_levels(struct session *s)
{
    gex_status status = GEX_OK;

    for (int32_t level = 1; status == GEX_OK && level <= GEX_LEVEL_LAST_; level++) {
        double price;
        status = gex_level(s->exposure, level, &price, NULL, &s->error);
        s->sink += price;
    }
    return status;
}

static gex_status stage_flow(struct session *s)
{
    static const double moves[] = {-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3};
    double prices[10];
    gex_flow_options options;

    for (int i = 0; i < 10; i++)
        prices[i] = spot * (1 + moves[i] / 100);
    gex_flow_options_init(&options, sizeof options);
    options.rows = 10;
    options.spot = (gex_f64){prices, sizeof *prices};
    return gex_flow_compute(s->context, s->market, s->book, &options, &s->flow, &s->error);
}

static gex_status stage_map(struct session *s)
{
    return gex_map_compute(s->context, s->market, s->book, NULL, &s->map, &s->error);
}

/* Everything a made map can be asked, and a batch of greeks into arrays of the caller. */
static gex_status stage_read(struct session *s)
{
    static double price[ROWS];
    const int32_t greek = GEX_GREEK_PRICE;
    const double years = 0.1;
    double *const output = price;
    gex_european_columns columns;

    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++) {
        int64_t count;
        const double *values = gex_exposure_by(gex_map_gamma(s->map), by, GEX_SUM_NET, &count);
        for (int64_t i = 0; i < count; i++)
            s->sink += values[i];
    }
    s->sink += gex_profile_values(gex_map_profile(s->map), NULL)[100];
    s->sink += gex_flow_column(gex_map_flow(s->map), GEX_FLOW_EXACT)[0];
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.spot = (gex_f64){&spot, 0};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.years = (gex_f64){&years, 0};
    columns.vol = (gex_f64){vol, sizeof *vol};
    columns.right = (gex_i8){right, sizeof *right};
    return gex_european(s->context, &columns, &greek, 1, &output, NULL, &s->error);
}

static const struct {
    const char *name;
    gex_status (*run)(struct session *s);
} stages[] = {
    {"chain", stage_chain},
    {"market", stage_market},
    {"book", stage_book},
    {"greeks, all 19", stage_greeks},
    {"exposure, one unit", stage_exposure},
    {"profile, 201 prices", stage_profile},
    {"flips", stage_flips},
    {"levels, all ten", stage_levels},
    {"flow, ten moves", stage_flow},
    {"map, everything", stage_map},
    {"reading, and a batch price", stage_read},
};
enum { STAGES = sizeof stages / sizeof *stages };

static void close_session(struct session *s)
{
    gex_map_free(s->map);
    gex_flow_free(s->flow);
    gex_flips_free(s->flips);
    gex_profile_free(s->profile);
    gex_exposure_free(s->exposure);
    gex_greeks_free(s->greeks);
    gex_book_free(s->book);
    gex_market_free(s->market);
    gex_chain_free(s->chain);
}

static gex_status run_round(gex_context *context, struct meter *meter, int64_t as_of, int32_t style,
                            struct stage *results)
{
    struct session s = {.context = context, .meter = meter, .as_of = as_of, .style = style};
    gex_status status = GEX_OK;

    for (int i = 0; status == GEX_OK && i < STAGES; i++) {
        const int64_t calls = meter->calls, bytes = meter->bytes;
        const double start = now();

        status = stages[i].run(&s);
        const double took = now() - start;
        if (results[i].name == NULL || took < results[i].best)
            results[i].best = took;
        results[i].name = stages[i].name;
        results[i].allocations = meter->calls - calls;
        results[i].bytes = meter->bytes - bytes;
    }
    if (status != GEX_OK)
        fprintf(stderr, "%s: %s\n", gex_status_text(status), s.error.message);
    close_session(&s);
    return status;
}

static void print_table(const struct stage *results, int64_t peak)
{
    const double rows = (int32_t)ROWS;
    double sum = 0;

    printf("%-28s %10s %14s %12s %14s\n", "stage", "ms", "ns a contract", "allocations", "bytes a contract");
    for (int i = 0; i < STAGES; i++) {
        printf("%-28s %10.3f %14.1f %12lld %14.1f\n", results[i].name, 1e3 * results[i].best,
               1e9 * results[i].best / rows, (long long)results[i].allocations, (double)results[i].bytes / rows);
        if (i < 3 || i == 9) /* the map computes the rest itself */
            sum += results[i].best;
    }
    printf("%-28s %10.3f %14.1f\n", "chain + market + book + map", 1e3 * sum, 1e9 * sum / rows);
    printf("%d contracts, most memory held at once: %.1f bytes a contract\n", ROWS, (double)peak / rows);
}

int main(int argc, char **argv)
{
    struct meter meter = {0, 0, 0};
    struct stage results[STAGES] = {{NULL, 0, 0, 0}};
    gex_context_options options;
    gex_context *context = NULL;
    const char *path = NULL;
    int64_t as_of = 0;
    int32_t style = GEX_STYLE_EUROPEAN;
    long rounds = 20;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--write") == 0)
            path = argv[i + 1];
        else if (strcmp(argv[i], "--rounds") == 0)
            rounds = strtol(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--style") == 0)
            style = gex_style_find(argv[i + 1]);
    }
    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = &meter;
    if (gex_instant_parse(as_of_text, sizeof as_of_text - 1, GEX_ZONE_NEW_YORK, &as_of, NULL) != GEX_OK ||
        gex_context_create(&options, &context, NULL) != GEX_OK)
        return 1;
    make_columns(as_of);
    if (path != NULL && write_csv(path) != 0) {
        fprintf(stderr, "%s cannot be written\n", path);
        return 1;
    }
    printf("%s\n", gex_build_info());
    for (long round = 0; round < rounds; round++)
        if (run_round(context, &meter, as_of, style, results) != GEX_OK)
            return 1;
    print_table(results, meter.peak);
    gex_context_free(context);
    return meter.bytes == 0 ? 0 : 1;
}
