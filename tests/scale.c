/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of one size and its multiples through every stage: how many bytes of the host's a contract takes, and whether
 * time and memory are linear. Memory is asserted: as many blocks for every size; what objects take is on one straight
 * line, and what curves over spot work in grows no faster, their result not at all. Time is printed.
 *
 *     scale CONTRACTS MULTIPLES...     the first size, then multiples of it, ascending
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gex.h>

enum { EXPIRIES = 50, STAGES = 7, REPRICED = 5, SIZES = 64 }; /* from REPRICED on: curves over spot */
static const char *const names[STAGES] = {"chain", "market", "book", "greeks", "exposure", "profile", "flips"};

/* What a stage took of one size. */
struct cost {
    int64_t blocks, peak, kept; /* blocks asked for; bytes at most at a time and afterwards, beside what was there */
    double  seconds;
};

struct meter {
    int64_t blocks, bytes, peak;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;
    void *block = aligned_alloc((size_t)alignment, (size_t)size);

    if (block == NULL)
        return NULL;
    meter->blocks++;
    meter->bytes += size;
    meter->peak = meter->bytes > meter->peak ? meter->bytes : meter->peak;
    return block;
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    (void)alignment;
    meter->bytes -= size;
    free(memory);
}

/* ---- contracts --------------------------------------------------------------------------------------------------- */

struct table {
    int32_t *expiry;
    double  *strike, *vol, *open_interest;
    int8_t  *right;
};

static bool table_open(struct table *table, int64_t rows)
{
    table->expiry = malloc((size_t)rows * sizeof *table->expiry);
    table->strike = malloc((size_t)rows * sizeof *table->strike);
    table->vol = malloc((size_t)rows * sizeof *table->vol);
    table->open_interest = malloc((size_t)rows * sizeof *table->open_interest);
    table->right = malloc((size_t)rows);
    return table->expiry != NULL && table->strike != NULL && table->vol != NULL && table->open_interest != NULL &&
           table->right != NULL;
}

static void table_free(struct table *table)
{
    free(table->expiry);
    free(table->strike);
    free(table->vol);
    free(table->open_interest);
    free(table->right);
}

/* Fifty weeks of calls and puts at even strikes from half of spot to twice it: more contracts are more strikes. */
static void table_fill(struct table *table, int64_t rows)
{
    static const int32_t first[12] = {20270402, 20270409, 20270416, 20270423, 20270430, 20270507,
                                      20270514, 20270521, 20270528, 20270604, 20270611, 20270618};
    const int64_t strikes = rows / (2 * EXPIRIES);

    for (int64_t i = 0; i < rows; i++) {
        const int64_t place = i / 2 % strikes, expiry = i / 2 / strikes;
        const double moneyness = 0.5 + 1.5 * (double)place / (double)strikes;

        table->expiry[i] = first[expiry % 12] + (int32_t)(expiry / 12) * 10000; /* the same weeks of later years */
        table->strike[i] = 5000.0 * moneyness;
        table->right[i] = i % 2 == 0 ? 1 : -1;
        table->vol[i] = 0.15 + 0.1 * fabs(log(moneyness));
        table->open_interest[i] = 1.0 + (double)(i * 2654435761 % 1000);
    }
}

static gex_chain_columns columns_of(const struct table *table, int64_t rows)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){table->expiry, sizeof *table->expiry};
    columns.strike = (gex_f64){table->strike, sizeof *table->strike};
    columns.right = (gex_i8){table->right, 1};
    columns.vol = (gex_f64){table->vol, sizeof *table->vol};
    columns.open_interest = (gex_f64){table->open_interest, sizeof *table->open_interest};
    return columns;
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

struct stages {
    gex_chain    *chain;
    gex_market   *market;
    gex_book     *book;
    gex_greeks   *greeks;
    gex_exposure *exposure;
    gex_profile  *profile;
    gex_flips    *flips;
};

static gex_market_options market_options(void)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.spot = 5000.0;
    options.rate = 0.04;
    options.carry_yield = 0.0125;
    (void)gex_instant_parse("2027-03-10T13:05", 16, GEX_ZONE_NEW_YORK, &options.as_of, NULL);
    return options;
}

static gex_status stage_run(int stage, const gex_context *context, const struct table *table, int64_t rows,
                            struct stages *made, gex_error *error)
{
    const gex_chain_columns columns = columns_of(table, rows);
    const gex_market_options state = market_options();
    gex_book_options sign;
    gex_exposure_options unit;
    gex_profile_options range;

    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = GEX_UNIT_GEX_USD_PCT;
    gex_profile_options_init(&range, sizeof range);
    range.unit = GEX_UNIT_GEX_USD_PCT;
    switch (stage) {
    case 0: return gex_chain_create(context, &columns, NULL, &made->chain, error);
    case 1: return gex_market_create(context, made->chain, &state, &made->market, error);
    case 2: return gex_book_create(context, made->chain, &sign, &made->book, error);
    case 3: return gex_greeks_compute(context, made->market, &made->greeks, error);
    case 4: return gex_exposure_compute(context, made->greeks, made->book, &unit, &made->exposure, error);
    case 5: return gex_profile_compute(context, made->market, made->book, &range, &made->profile, error);
    default: return gex_flips_compute(context, made->market, made->book, &range, &made->flips, error);
    }
}

static void stages_free(struct stages *made)
{
    gex_flips_free(made->flips);
    gex_profile_free(made->profile);
    gex_exposure_free(made->exposure);
    gex_greeks_free(made->greeks);
    gex_book_free(made->book);
    gex_market_free(made->market);
    gex_chain_free(made->chain);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool size_measure(int64_t rows, struct cost cost[STAGES])
{
    struct meter meter = {0, 0, 0};
    gex_context_options options;
    gex_context *context = NULL;
    struct table table;
    struct stages made = {NULL, NULL, NULL, NULL, NULL, NULL, NULL};
    gex_error error = {.status = GEX_ERR_MEMORY, .message = "no memory for the table"};
    bool done = table_open(&table, rows);

    gex_context_options_init(&options, sizeof options);
    options.allocate = metered_allocate;
    options.release = metered_release;
    options.memory_user = &meter;
    done = done && gex_context_create(&options, &context, &error) == GEX_OK;
    if (done)
        table_fill(&table, rows);
    for (int stage = 0; done && stage < STAGES; stage++) {
        const struct meter before = meter;
        const double start = now();

        meter.peak = meter.bytes;
        done = stage_run(stage, context, &table, rows, &made, &error) == GEX_OK;
        cost[stage] = (struct cost){meter.blocks - before.blocks, meter.peak - before.bytes, meter.bytes - before.bytes,
                                    now() - start};
    }
    if (!done)
        fprintf(stderr, "%" PRId64 " contracts: %s\n", rows, error.message);
    else if (gex_exposure_count_used(made.exposure) != rows)
        done = false, fprintf(stderr, "%" PRId64 " contracts, %" PRId64 " used\n", rows,
                              gex_exposure_count_used(made.exposure));
    stages_free(&made);
    gex_context_free(context);
    table_free(&table);
    return done;
}

/* ---- judging ----------------------------------------------------------------------------------------------------- */

/* Every array of a block is rounded up to 64 bytes: so far may a line be missed. */
enum { SLACK = 64 * 64 };

/* On the line through the first two sizes? */
static bool is_linear(int64_t first, int64_t second, int64_t bytes, const int64_t size[3])
{
    const double slope = (double)(second - first) / (double)(size[1] - size[0]);
    const double expected = (double)first + slope * (double)(size[2] - size[0]);

    return fabs((double)bytes - expected) <= (double)SLACK * (double)size[2] / (double)(size[1] - size[0]);
}

static int32_t judge(const int64_t *size, struct cost (*cost)[STAGES], int sizes)
{
    int32_t faults = 0;

    for (int stage = 0; stage < STAGES; stage++)
        for (int s = 1; s < sizes; s++) {
            const int64_t three[3] = {size[0], size[1], size[s]};
            const struct cost *a = &cost[0][stage], *b = &cost[1][stage], *c = &cost[s][stage];

            if (c->blocks != a->blocks) {
                printf("%s: %" PRId64 " blocks of %" PRId64 " contracts, %" PRId64 " of %" PRId64 "\n", names[stage],
                       a->blocks, size[0], c->blocks, size[s]);
                faults++;
            }
            if (stage < REPRICED ? !is_linear(a->peak, b->peak, c->peak, three) ||
                                       !is_linear(a->kept, b->kept, c->kept, three)
                                 : (double)c->peak / (double)size[s] > (double)a->peak / (double)size[0] ||
                                       c->kept > a->kept + SLACK) {
                printf("%s: memory of %" PRId64 " contracts grows faster than they do\n", names[stage], size[s]);
                faults++;
            }
        }
    return faults;
}

int main(int argc, char **argv)
{
    static struct cost cost[SIZES][STAGES];
    int64_t size[SIZES];
    const int sizes = argc - 1;
    const int64_t first = argc > 1 ? strtoll(argv[1], NULL, 10) / (2 * EXPIRIES) * (2 * EXPIRIES) : 0;
    int32_t faults;

    if (sizes < 3 || sizes > SIZES || first <= 0) {
        fprintf(stderr, "usage: scale CONTRACTS MULTIPLE MULTIPLE...\n");
        return 2;
    }
    printf("contracts, time of a stage a contract over that of the first size; bytes a contract kept, at most\n");
    for (int s = 0; s < sizes; s++) {
        size[s] = s == 0 ? first : first * strtoll(argv[s + 1], NULL, 10);
        if (size[s] <= 0 || !size_measure(size[s], cost[s]))
            return 1;
        printf("%10" PRId64, size[s]);
        for (int stage = 0; stage < STAGES; stage++)
            printf("  %s %.2f %.1f %.1f", names[stage],
                   cost[s][stage].seconds / (double)size[s] / (cost[0][stage].seconds / (double)size[0]),
                   (double)cost[s][stage].kept / (double)size[s], (double)cost[s][stage].peak / (double)size[s]);
        printf("\n");
        fflush(stdout);
    }
    faults = judge(size, cost, sizes);
    printf(faults == 0 ? "as many blocks for every size, and memory is linear\n" : "%d faults\n", (int)faults);
    return faults != 0;
}
