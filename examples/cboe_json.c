/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cboe_json.h"

static gex_status fail(gex_error *error, gex_status status, int64_t line, const char *message)
{
    memset(error, 0, sizeof *error);
    error->status = status;
    error->row = line;
    snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

void cboe_json_columns(const struct cboe_json *table, gex_chain_columns *columns)
{
    const int64_t stride = sizeof(double);

    gex_chain_columns_init(columns, sizeof *columns);
    columns->rows = table->rows;
    columns->symbol = (gex_text){table->symbol, CBOE_JSON_SYMBOL, CBOE_JSON_SYMBOL};
    columns->bid = (gex_f64){table->bid, stride};
    columns->ask = (gex_f64){table->ask, stride};
    columns->last = (gex_f64){table->last, stride};
    columns->vol = (gex_f64){table->vol, stride};
    columns->open_interest = (gex_f64){table->open_interest, stride};
    columns->volume = (gex_f64){table->volume, stride};
}

void cboe_json_free(struct cboe_json *table)
{
    free(table->symbol);
    free(table->bid);
    memset(table, 0, sizeof *table);
}

#ifndef GEX_HAVE_JANSSON

gex_status cboe_json_read(const char *bytes, int64_t length, struct cboe_json *table, gex_error *error)
{
    (void)bytes, (void)length;
    memset(table, 0, sizeof *table);
    return fail(error, GEX_ERR_UNSUPPORTED, 1, "this is JSON, and JSON input is not in this build (it needs jansson)");
}

#else
#include <jansson.h>

/* One block for the six columns of numbers. */
static bool allocate(struct cboe_json *table, size_t rows)
{
    const size_t space = rows > 0 ? rows : 1;

    table->rows = (int64_t)rows;
    table->symbol = calloc(space, CBOE_JSON_SYMBOL);
    table->bid = calloc(space, 6 * sizeof(double));
    if (table->symbol == NULL || table->bid == NULL)
        return false;
    table->ask = table->bid + space;
    table->last = table->ask + space;
    table->vol = table->last + space;
    table->open_interest = table->vol + space;
    table->volume = table->open_interest + space;
    return true;
}

static double number(const json_t *object, const char *key, double missing)
{
    const json_t *value = json_object_get(object, key);

    if (value == NULL || json_is_null(value))
        return missing;
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* A symbol too long to be one becomes "?", which is refused, rather than a part that might be accepted. */
static void put_symbol(const json_t *option, char *symbol)
{
    const char *text = json_string_value(json_object_get(option, "option"));

    if (text == NULL)
        return;
    if (strlen(text) > CBOE_JSON_SYMBOL)
        text = "?";
    memcpy(symbol, text, strlen(text));
}

static void put_options(struct cboe_json *table, const json_t *options)
{
    for (size_t i = 0; i < json_array_size(options); i++) {
        const json_t *option = json_array_get(options, i);
        put_symbol(option, table->symbol + i * CBOE_JSON_SYMBOL);
        table->bid[i] = number(option, "bid", (double)NAN);
        table->ask[i] = number(option, "ask", (double)NAN);
        table->last[i] = number(option, "last_trade_price", (double)NAN);
        table->vol[i] = number(option, "iv", 0.0);
        table->open_interest[i] = number(option, "open_interest", 0.0);
        table->volume[i] = number(option, "volume", 0.0);
    }
}

static void put_header(struct cboe_json *table, const json_t *root, const json_t *data)
{
    const char *when = json_string_value(json_object_get(root, "timestamp"));
    const char *name = json_string_value(json_object_get(data, "symbol"));

    if (name == NULL)
        name = json_string_value(json_object_get(root, "symbol"));
    if (name != NULL)
        snprintf(table->underlying, sizeof table->underlying, "%s", name);
    table->spot = number(data, "current_price", (double)NAN);
    if (!(table->spot > 0.0) || !isfinite(table->spot))
        table->spot = (double)NAN;
    table->has_as_of = when != NULL && gex_instant_parse(when, (int64_t)strlen(when), GEX_ZONE_UTC, &table->as_of,
                                                         NULL) == GEX_OK;
}

gex_status cboe_json_read(const char *bytes, int64_t length, struct cboe_json *table, gex_error *error)
{
    json_error_t why;
    json_t *root, *data, *options;
    gex_status status = GEX_OK;

    memset(table, 0, sizeof *table);
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    root = json_loadb(bytes, (size_t)length, JSON_DECODE_INT_AS_REAL, &why);
    if (root == NULL)
        return fail(error, GEX_ERR_FORMAT, why.line > 0 ? why.line : 1, why.text);
    data = json_object_get(root, "data");
    options = json_object_get(data, "options");
    if (!json_is_array(options))
        status = fail(error, GEX_ERR_FORMAT, 1, "a JSON object without an array data.options is not an option chain");
    else if (json_array_size(options) == 0)
        status = fail(error, GEX_ERR_FORMAT, 1, "data.options is empty: there is no contract");
    else if (!allocate(table, json_array_size(options)))
        status = fail(error, GEX_ERR_MEMORY, 1, "no memory for the contracts");
    if (status == GEX_OK) {
        put_options(table, options);
        put_header(table, root, data);
    }
    json_decref(root);
    if (status != GEX_OK)
        cboe_json_free(table);
    return status;
}
#endif
