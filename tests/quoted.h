/* SPDX-License-Identifier: Apache-2.0 */
/* Rows put together one by one, and the chain of them. */
#ifndef GEX_TESTS_QUOTED_H
#define GEX_TESTS_QUOTED_H

#include <check.h>
#include <math.h>
#include <string.h>

#include <gex/chain.h>
#include <gex/market.h>

enum { ROWS_MAX = 2048 };

struct rows {
    int64_t count;
    char    root[ROWS_MAX][8];
    int64_t settlement[ROWS_MAX];
    double  strike[ROWS_MAX], bid[ROWS_MAX], ask[ROWS_MAX], vol[ROWS_MAX], multiplier[ROWS_MAX];
    int8_t  right[ROWS_MAX], exercise[ROWS_MAX];
};

/* A European row without a quote and with a vol of 20 %; the caller changes what it wants at the index returned. */
static inline int64_t rows_add(struct rows *rows, const char *root, int64_t settlement, double strike, int8_t right)
{
    const int64_t i = rows->count++;

    ck_assert_int_lt(i, ROWS_MAX);
    memset(rows->root[i], 0, sizeof rows->root[i]);
    memcpy(rows->root[i], root, strlen(root));
    rows->settlement[i] = settlement;
    rows->strike[i] = strike;
    rows->right[i] = right;
    rows->exercise[i] = GEX_EXERCISE_EUROPEAN;
    rows->multiplier[i] = 100;
    rows->bid[i] = rows->ask[i] = (double)NAN;
    rows->vol[i] = 0.2;
    return i;
}

static inline gex_chain *rows_chain(const struct rows *rows)
{
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error = {0};

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = rows->count;
    columns.root = (gex_text){rows->root[0], sizeof rows->root[0], sizeof rows->root[0]};
    columns.settlement = (gex_i64){rows->settlement, sizeof(int64_t)};
    columns.strike = (gex_f64){rows->strike, sizeof(double)};
    columns.right = (gex_i8){rows->right, 1};
    columns.exercise = (gex_i8){rows->exercise, 1};
    columns.multiplier = (gex_f64){rows->multiplier, sizeof(double)};
    columns.bid = (gex_f64){rows->bid, sizeof(double)};
    columns.ask = (gex_f64){rows->ask, sizeof(double)};
    columns.vol = (gex_f64){rows->vol, sizeof(double)};
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

/* Its market by given volatilities and rates, at a spot of 100. */
static inline gex_market *rows_market(const struct rows *rows, int64_t as_of, double rate, double carry_yield)
{
    gex_market_options options;
    gex_chain *chain = rows_chain(rows);
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = 100;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = rate;
    options.carry_yield = carry_yield;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain); /* the market keeps it */
    return market;
}

/* Black (1976), written here again so that nothing proves itself. */
static inline double black_price(double forward, double discount, double strike, double deviation, int8_t right)
{
    const double d = log(forward / strike) / deviation + deviation / 2;
    const double up = erfc(-right * d / sqrt(2.0)) / 2, hit = erfc(-right * (d - deviation) / sqrt(2.0)) / 2;
    return right * discount * (forward * up - strike * hit);
}

#endif
