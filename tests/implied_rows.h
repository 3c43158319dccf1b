/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for implied volatility, and their way through the door. */
#ifndef GEX_TESTS_IMPLIED_ROWS_H
#define GEX_TESTS_IMPLIED_ROWS_H

#include <float.h>
#include <math.h>
#include <stdint.h>

#include <gex/european.h>

#include "draw.h"

enum { BATCH = 4096 };

/* A batch as the door takes it. */
struct batch {
    double price[BATCH], forward[BATCH], strike[BATCH], years[BATCH], discount[BATCH], vol[BATCH];
    int8_t right[BATCH];
    uint8_t status[BATCH];
};
static struct batch batch;

static inline gex_price_columns columns_of(const struct batch *b, int64_t rows, int32_t model)
{
    gex_price_columns columns;

    gex_price_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.model = model;
    columns.price = (gex_f64){b->price, 8};
    columns.forward = (gex_f64){b->forward, 8};
    columns.strike = (gex_f64){b->strike, 8};
    columns.years = (gex_f64){b->years, 8};
    columns.right = (gex_i8){b->right, 1};
    if (model != GEX_MODEL_INVERSE)
        columns.discount = (gex_f64){b->discount, 8};
    return columns;
}

/* Bits of every exponent. */
static inline double any_double(void)
{
    return ldexp(1 + uniform(), (int)between(-1074, 1024));
}

/* Row i is anything a double can be: prices of every kind, many of them next to their bounds. */
static inline void draw_any_row(struct batch *b, int i)
{
    const double forward = any_double();
    double strike = uniform() < 0.5 ? any_double() : forward * exp(between(-1, 1) * exp(between(-36, 6)));
    const double discount = uniform() < 0.5 ? 1 : uniform() < 0.5 ? between(0.2, 1.3) : any_double();
    const int right = uniform() < 0.5 ? 1 : -1;
    const double pick = uniform(), bound = fmin(forward, strike) * discount;
    const double intrinsic = fmax(right * (forward - strike), 0) * discount;
    double price;

    if (!(strike > 0 && strike <= DBL_MAX))
        strike = forward;
    if (pick < 0.1)
        price = any_double();
    else if (pick < 0.2)
        price = nextafter(intrinsic, uniform() < 0.5 ? HUGE_VAL : 0);
    else if (pick < 0.3)
        price = discount * (right > 0 ? forward : strike) * (1 - DBL_EPSILON * floor(between(-2, 8)));
    else if (pick < 0.6)
        price = intrinsic + bound * exp(-between(0, 1) * exp(between(0, 7.3)));
    else
        price = intrinsic + bound * uniform();
    b->forward[i] = forward;
    b->strike[i] = strike;
    b->years[i] = uniform() < 0.5 ? exp(between(-14, 4)) : any_double();
    b->right[i] = (int8_t)right;
    b->discount[i] = discount;
    b->price[i] = price <= DBL_MAX ? price : DBL_MAX;
}

static inline double ulp_of(double value)
{
    return fmax(ldexp(1.0, ilogb(value) - 52), DBL_TRUE_MIN);
}

#endif
