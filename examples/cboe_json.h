/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The delayed-quote feed of Cboe in its JSON form, mapped to columns:
 *
 *     timestamp                     instant, UTC, "YYYY-MM-DD HH:MM:SS"
 *     data.current_price            spot
 *     data.symbol                   name of the underlying
 *     data.options[].option         symbol;  bid, ask, last_trade_price, iv, open_interest, volume
 *
 * What is missing or null was not published: bid, ask and last become NaN, the others 0. What is there and is not a
 * number becomes NaN, and the chain refuses the row under its key if the number is needed.
 */
#ifndef GEX_CBOE_JSON_H
#define GEX_CBOE_JSON_H

#include <stdbool.h>

#include <gex.h>

enum { CBOE_JSON_SYMBOL = 32 };

struct cboe_json {
    int64_t rows;
    char   *symbol; /* rows * CBOE_JSON_SYMBOL bytes */
    double *bid, *ask, *last, *vol, *open_interest, *volume;
    char    underlying[64]; /* "" when it does not say */
    double  spot;           /* NaN when it does not say */
    bool    has_as_of;
    int64_t as_of;
};

/* GEX_OK; GEX_ERR_FORMAT with error->row the line; GEX_ERR_MEMORY; GEX_ERR_UNSUPPORTED in a build without JSON. */
gex_status cboe_json_read(const char *bytes, int64_t length, struct cboe_json *table, gex_error *error);
void       cboe_json_columns(const struct cboe_json *table, gex_chain_columns *columns);
void       cboe_json_free(struct cboe_json *table);

#endif
