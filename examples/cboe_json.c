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

/* Some that pass the feed on write its numbers as texts. No locale is set, so strtod() reads a point. */
static double number_of_text(const char *text)
{
    char *end;
    const double value = strtod(text, &end);
    const bool plain = text[0] != '\0' && text[strspn(text, "0123456789.+-eE")] == '\0' && *end == '\0';

    return plain ? value : (double)NAN;
}

static double number(const json_t *value, double missing)
{
    if (value == NULL || json_is_null(value))
        return missing;
    if (json_is_string(value))
        return number_of_text(json_string_value(value));
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* What stands in `first`, or else in `second`. */
static json_t *either(const json_t *first, const json_t *second, const char *key)
{
    json_t *value = json_object_get(first, key);
    return value != NULL ? value : json_object_get(second, key);
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
        table->bid[i] = number(json_object_get(option, "bid"), (double)NAN);
        table->ask[i] = number(json_object_get(option, "ask"), (double)NAN);
        table->last[i] = number(json_object_get(option, "last_trade_price"), (double)NAN);
        table->vol[i] = number(json_object_get(option, "iv"), 0.0);
        table->open_interest[i] = number(json_object_get(option, "open_interest"), 0.0);
        table->volume[i] = number(json_object_get(option, "volume"), 0.0);
    }
}

static void put_header(struct cboe_json *table, const json_t *root, const json_t *data)
{
    const char *when = json_string_value(either(root, data, "timestamp"));
    const char *name = json_string_value(json_object_get(data, "symbol"));

    if (name == NULL)
        name = json_string_value(json_object_get(root, "symbol"));
    if (name != NULL)
        snprintf(table->underlying, sizeof table->underlying, "%s", name);
    table->spot = number(either(data, root, "current_price"), (double)NAN);
    if (!(table->spot > 0.0) || !isfinite(table->spot))
        table->spot = (double)NAN;
    table->has_as_of = when != NULL && gex_instant_parse(when, (int64_t)strlen(when), GEX_ZONE_UTC, &table->as_of,
                                                         NULL) == GEX_OK;
}

/* "NaN", "Infinity" and "-Infinity" are no JSON, but Python's json writes them where a number is missing. Outside texts
 * they become an empty array, which is no number either, of the same length: lines and columns of errors stay.
 * @return whether there were any. */
static bool blank_constants(char *text, size_t length)
{
    static const char *const constants[] = {"-Infinity", "Infinity", "NaN"};
    bool quoted = false, found = false;

    for (size_t i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        for (size_t k = 0; !quoted && k < sizeof constants / sizeof constants[0]; k++) {
            const size_t size = strlen(constants[k]);
            if (i < length && length - i >= size && memcmp(text + i, constants[k], size) == 0) {
                memset(text + i, ' ', size);
                memcpy(text + i, "[]", 2);
                found = true;
            }
        }
    }
    return found;
}

static json_t *load(const char *bytes, size_t length, json_error_t *why)
{
    json_t *root = json_loadb(bytes, length, JSON_DECODE_INT_AS_REAL, why);
    char *copy;

    if (root != NULL)
        return root;
    copy = malloc(length > 0 ? length : 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, bytes, length);
    if (blank_constants(copy, length))
        root = json_loadb(copy, length, JSON_DECODE_INT_AS_REAL, why);
    free(copy);
    return root;
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
    root = load(bytes, (size_t)length, &why);
    if (root == NULL)
        return fail(error, GEX_ERR_FORMAT, why.line > 0 ? why.line : 1, why.text);
    data = json_object_get(root, "data");
    options = either(data, root, "options");
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
