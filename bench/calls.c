/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>

gex_context *context_for(int32_t instruction_set, gex_run run, void *user)
{
    gex_context_options options;
    gex_context *context = NULL;
    gex_error error;

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = instruction_set;
    options.run = run;
    options.run_user = user;
    if (gex_context_create(&options, &context, &error) != GEX_OK)
        printf("refused libgex %s: %s\n", gex_isa_name(instruction_set), error.message);
    return context;
}

static void *checked(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return memory;
}

static void stop(const gex_error *error)
{
    fprintf(stderr, "%s: %s\n", gex_status_text(error->status), error->message);
    exit(1);
}

static gex_f64 column(const struct sample *sample, int which, int64_t rows)
{
    const double *from = sample_column(sample, which);
    double *values = page_of_doubles(rows);

    for (int64_t i = 0; i < rows; i++)
        values[i] = from[i % sample->rows];
    return (gex_f64){values, sizeof *values};
}

static gex_i8 right_column(const struct sample *sample, int which, int64_t rows)
{
    const double *from = sample_column(sample, which);
    int8_t *values = (int8_t *)page_of_doubles(rows / (int64_t)sizeof(double) + 1);

    for (int64_t i = 0; i < rows; i++)
        values[i] = from[i % sample->rows] > 0 ? GEX_CALL : GEX_PUT;
    return (gex_i8){values, sizeof *values};
}

struct european_call *european_call_create(gex_context *context, const struct sample *sample, int64_t rows)
{
    struct european_call *call = checked(malloc(sizeof *call));

    call->context = context;
    gex_european_columns_init(&call->columns, sizeof call->columns);
    call->columns.rows = rows;
    call->columns.spot = column(sample, 0, rows);
    call->columns.strike = column(sample, 1, rows);
    call->columns.years = column(sample, 2, rows);
    call->columns.rate = column(sample, 3, rows);
    call->columns.carry_yield = column(sample, 4, rows);
    call->columns.vol = column(sample, 5, rows);
    call->columns.right = right_column(sample, 6, rows);
    for (int k = 0; k < GREEKS_MEASURED; k++)
        call->outputs[k] = page_of_doubles(rows);
    return call;
}

void european_call_run(void *state)
{
    static const int32_t greeks[GREEKS_MEASURED] = {
        GEX_GREEK_PRICE, GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VEGA,  GEX_GREEK_THETA, GEX_GREEK_RHO,
        GEX_GREEK_VANNA, GEX_GREEK_CHARM, GEX_GREEK_VOMMA, GEX_GREEK_SPEED, GEX_GREEK_ZOMMA, GEX_GREEK_COLOR};
    struct european_call *call = state;
    gex_error error;

    if (gex_european(call->context, &call->columns, greeks, GREEKS_MEASURED, call->outputs, NULL, &error) != GEX_OK)
        stop(&error);
}

struct implied_call *implied_call_create(gex_context *context, const struct sample *sample, int64_t rows)
{
    struct implied_call *call = checked(malloc(sizeof *call));

    call->context = context;
    gex_price_columns_init(&call->columns, sizeof call->columns);
    call->columns.rows = rows;
    call->columns.price = column(sample, 0, rows);
    call->columns.forward = column(sample, 1, rows);
    call->columns.strike = column(sample, 2, rows);
    call->columns.years = column(sample, 3, rows);
    call->columns.right = right_column(sample, 4, rows);
    call->outputs[0] = page_of_doubles(rows);
    return call;
}

void implied_call_run(void *state)
{
    struct implied_call *call = state;
    gex_error error;

    if (gex_implied_vol(call->context, &call->columns, call->outputs[0], NULL, &error) != GEX_OK)
        stop(&error);
}

struct american_call *american_call_create(gex_context *context, int32_t accuracy, const struct sample *sample,
                                           int64_t rows)
{
    struct american_call *call = checked(malloc(sizeof *call));

    call->context = context;
    gex_american_columns_init(&call->columns, sizeof call->columns);
    call->columns.accuracy = accuracy;
    call->columns.rows = rows;
    call->columns.spot = column(sample, 0, rows);
    call->columns.strike = column(sample, 1, rows);
    call->columns.years = column(sample, 2, rows);
    call->columns.rate = column(sample, 3, rows);
    call->columns.carry_yield = column(sample, 4, rows);
    call->columns.vol = column(sample, 5, rows);
    call->columns.right = right_column(sample, 6, rows);
    call->outputs[0] = page_of_doubles(rows);
    return call;
}

void american_call_run(void *state)
{
    static const int32_t price = GEX_GREEK_PRICE;
    struct american_call *call = state;
    gex_error error;

    if (gex_american(call->context, &call->columns, &price, 1, call->outputs, NULL, NULL, &error) != GEX_OK)
        stop(&error);
}
