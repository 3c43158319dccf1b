/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of 20,000 quoted contracts in 50 expiries to a market,
 * moved along its smile, to volatilities of every quote, and to fits.
 *
 *     bench-market [--rounds N]
 *
 * Processor time in one thread, the least and the median of N rounds (21), milliseconds; then nanoseconds per implied
 * volatility; for the fits 50 expiries of 60 quotes out of the money,
 * free of each other and with all arbitrage enforced.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef BENCH_FIT
#include <gex/fit.h>
#endif

enum { EXPIRIES = 50, STRIKES = 200, ROWS = EXPIRIES * STRIKES * 2, FITTED = 60, ROUNDS_MAX = 1000 };

static const double spot = 5000, rate = 0.05, carry = 0.014;
static char root[] = "SPXW";
static int64_t settlement[ROWS];
static double strike[ROWS], vol[ROWS], bid[ROWS], ask[ROWS], zero[ROWS], rounds_taken[ROUNDS_MAX];
static int8_t right[ROWS];
static int rounds = 21;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(gex_status status, const gex_error *error, const char *what)
{
    if (status == GEX_OK)
        return;
    fprintf(stderr, "bench-market: %s: %s\n", what, error->message);
    exit(1);
}

static double years_of(int e)
{
    return (e < 20 ? e + 1.0 : 20 + 14.0 * (e - 19)) / 365;
}

static double raw_of(int e, int which)
{
    const double theta = 0.03 * years_of(e), wing = 0.35 * sqrt(theta) / sqrt(1 + theta);
    const double raw[5] = {0.35 * theta, wing, -0.6, 0.02 * sqrt(theta), 1.1 * sqrt(theta)};
    return raw[which];
}

static double vol_at(int e, double k)
{
    const double x = k - raw_of(e, 3), s = raw_of(e, 4);
    return sqrt((raw_of(e, 0) + raw_of(e, 1) * (raw_of(e, 2) * x + sqrt(x * x + s * s))) / years_of(e));
}

/* Values of a smooth surface, quoted on ticks of 0.05 around them as far apart as listed options are. */
static void make_chain(int64_t as_of)
{
    const int32_t greek = GEX_GREEK_PRICE;
    static double years[ROWS], price[ROWS];
    double *const out = price;
    gex_european_columns columns;
    gex_error error = {0};

    for (int i = 0; i < ROWS; i++) {
        const int e = i / (2 * STRIKES), j = i / 2 % STRIKES;
        const double forward = spot * exp((rate - carry) * years_of(e));

        years[i] = years_of(e);
        settlement[i] = as_of + (int64_t)(years_of(e) * 365 * 86400) * INT64_C(1000000000);
        strike[i] =
            5 * round(forward * exp((j - 0.6 * STRIKES) / STRIKES * 5 * 0.2 * sqrt(years_of(e) + 0.02)) / 5) + 0.01 * j;
        right[i] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
        vol[i] = vol_at(e, log(strike[i] / forward));
    }
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.spot = (gex_f64){&spot, 0}, columns.strike = (gex_f64){strike, sizeof(double)};
    columns.years = (gex_f64){years, sizeof(double)}, columns.vol = (gex_f64){vol, sizeof(double)};
    columns.right = (gex_i8){right, 1}, columns.rate = (gex_f64){&rate, 0};
    columns.carry_yield = (gex_f64){&carry, 0};
    must(gex_european(NULL, &columns, &greek, 1, &out, NULL, &error), &error, "prices");
    for (int i = 0; i < ROWS; i++) {
        const double half = 0.05 * ceil(1 + price[i] / 20);
        bid[i] = fmax(0, 0.05 * floor((price[i] - half) / 0.05));
        ask[i] = 0.05 * ceil((price[i] + half) / 0.05);
    }
}

static gex_chain *chain_of(void)
{
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error = {0};

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){root, 0, sizeof root};
    columns.settlement = (gex_i64){settlement, sizeof *settlement};
    columns.strike = (gex_f64){strike, sizeof *strike};
    columns.right = (gex_i8){right, sizeof *right};
    columns.bid = (gex_f64){bid, sizeof *bid};
    columns.ask = (gex_f64){ask, sizeof *ask};
    columns.vol = (gex_f64){zero, sizeof *zero};
    must(gex_chain_create(NULL, &columns, NULL, &chain, &error), &error, "chain");
    return chain;
}

/* ---- what is timed ----------------------------------------------------------------------------------------------- */

struct job {
    gex_chain *chain;
    gex_market *market, *moved;
    gex_market_options options;
    int32_t repair, enforce;
    bool mixture;
    double years[EXPIRIES], forward[EXPIRIES], strikes[EXPIRIES * FITTED], vols[2][EXPIRIES * FITTED];
    int32_t expiry[EXPIRIES * FITTED];
};

static void run_market(struct job *job)
{
    gex_market *market = NULL;
    gex_error error = {0};

    must(gex_market_create(NULL, job->chain, &job->options, &market, &error), &error, "market");
    gex_market_free(market);
}

/* What moving is measured against: the greeks of what was moved. */
static void run_shift(struct job *job)
{
    gex_shift_options options;
    gex_error error = {0};

    gex_shift_options_init(&options, sizeof options);
    options.spot = 0.99 * spot;
    gex_market_free(job->moved);
    must(gex_market_shift(NULL, job->market, &options, &job->moved, &error), &error, "shift");
}

static void run_greeks(struct job *job)
{
    gex_greeks *greeks = NULL;
    gex_error error = {0};

    must(gex_greeks_compute(NULL, job->moved, &greeks, &error), &error, "greeks");
    gex_greeks_free(greeks);
}

static void run_quotes(struct job *job)
{
    gex_quotes_options options;
    gex_quotes *quotes = NULL;
    gex_error error = {0};

    gex_quotes_options_init(&options, sizeof options);
    options.repair = job->repair;
    must(gex_quotes_create(NULL, job->market, &options, &quotes, &error), &error, "quotes");
    gex_quotes_free(quotes);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* name, then least and median in milliseconds. @return the median. */
static double timed(const char *name, void (*run)(struct job *), struct job *job)
{
    run(job);
    for (int i = 0; i < rounds; i++) {
        const double from = now();
        run(job);
        rounds_taken[i] = 1e3 * (now() - from);
    }
    qsort(rounds_taken, (size_t)rounds, sizeof *rounds_taken, ascending);
    printf("%s\t%.3f\t%.3f\n", name, rounds_taken[0], rounds_taken[rounds / 2]);
    return rounds_taken[rounds / 2];
}

static int64_t inverted(const struct job *job)
{
    gex_quotes *quotes = NULL;
    gex_error error = {0};
    int64_t count = 0;

    must(gex_quotes_create(NULL, job->market, NULL, &quotes, &error), &error, "quotes");
    for (int32_t which = GEX_QUOTE_BID; which <= GEX_QUOTE_ASK; which++)
        for (int i = 0; i < ROWS; i++)
            count += gex_quotes_price(quotes, which)[i] > 0;
    gex_quotes_free(quotes);
    return count;
}

#ifdef BENCH_FIT
static void make_fit(struct job *job)
{
    for (int e = 0; e < EXPIRIES; e++) {
        job->years[e] = years_of(e);
        job->forward[e] = spot * exp((rate - carry) * years_of(e));
        for (int j = 0; j < FITTED; j++) {
            const int i = e * FITTED + j;
            const double k = (j - 0.65 * FITTED) / FITTED * 5 * 0.2 * sqrt(years_of(e) + 0.02), v = vol_at(e, k);
            const double wide = 0.002 + 0.03 * k * k / (years_of(e) + 0.02) + 0.0007 * sin(12.9898 * i);
            job->expiry[i] = e;
            job->strikes[i] = job->forward[e] * exp(k);
            job->vols[0][i] = v - wide, job->vols[1][i] = v + wide;
        }
    }
}

static void run_fit(struct job *job)
{
    gex_fit_columns columns;
    gex_surface *surface = NULL;
    gex_error error = {0};

    gex_fit_columns_init(&columns, sizeof columns);
    columns.loss = GEX_LOSS_SQUARES, columns.enforce = job->enforce;
    columns.expiries = EXPIRIES, columns.rows = EXPIRIES * FITTED;
    columns.years = (gex_f64){job->years, sizeof(double)}, columns.forward = (gex_f64){job->forward, sizeof(double)};
    columns.expiry = (gex_i32){job->expiry, sizeof(int32_t)}, columns.strike = (gex_f64){job->strikes, sizeof(double)};
    columns.bid_vol = (gex_f64){job->vols[0], sizeof(double)};
    columns.ask_vol = (gex_f64){job->vols[1], sizeof(double)};
    must((job->mixture ? gex_fit_mixture : gex_fit_svi)(NULL, &columns, NULL, &surface, &error), &error, "fit");
    gex_surface_free(surface);
}
#endif

int main(int argc, char **argv)
{
    static struct job job;
    gex_error error = {0};
    double all;

    if (argc == 3 && strcmp(argv[1], "--rounds") == 0)
        rounds = atoi(argv[2]);
    if (rounds < 1 || rounds > ROUNDS_MAX || (argc != 1 && argc != 3)) {
        fprintf(stderr, "usage: bench-market [--rounds N], N from 1 to %d\n", ROUNDS_MAX);
        return 2;
    }
    gex_market_options_init(&job.options, sizeof job.options);
    job.options.clock = GEX_CLOCK_CAL_365, job.options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    job.options.style = GEX_STYLE_AUTO, job.options.spot = spot;
    job.options.as_of = INT64_C(1694710800) * 1000000000;
    make_chain(job.options.as_of);
    job.chain = chain_of();
    job.options.vol = GEX_VOL_OTM, job.options.forward = GEX_FORWARD_IMPLIED;
    printf("what\tleast ms\tmedian ms\n");
    timed("market: parity, one vol a strike, 20,000", run_market, &job);
    job.options.forward = GEX_FORWARD_RATE;
    timed("market: rates, one vol a strike, 20,000", run_market, &job);
    job.options.forward = GEX_FORWARD_IMPLIED;
    must(gex_market_create(NULL, job.chain, &job.options, &job.market, &error), &error, "market");
    all = timed("quotes: bid, middle, ask, checks, 20,000", run_quotes, &job);
    gex_market_free(job.market);
    job.options.dynamics = GEX_DYNAMICS_STICKINESS, job.options.dynamics_parameter = 1.5;
    must(gex_market_create(NULL, job.chain, &job.options, &job.market, &error), &error, "market");
    timed("market: moved along its smile", run_shift, &job);
    timed("greeks of that", run_greeks, &job);
    job.repair = GEX_REPAIR_ALL;
    timed("quotes: the same, repaired", run_quotes, &job);
#ifdef BENCH_FIT
    make_fit(&job);
    job.enforce = GEX_ENFORCE_NOTHING;
    timed("SVI, 50 expiries of 60 quotes", run_fit, &job);
    job.enforce = GEX_ENFORCE_ALL;
    timed("SVI, the same, no arbitrage", run_fit, &job);
    job.mixture = true;
    timed("mixtures, the same, no arbitrage", run_fit, &job);
#endif
    printf("ns a volatility of quotes\t%.0f\t%lld\n", 1e6 * all / (double)inverted(&job), (long long)inverted(&job));
    gex_market_free(job.moved);
    gex_market_free(job.market);
    gex_chain_free(job.chain);
    return 0;
}
