/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON form of the Cboe feed: whatever comes in, a table that makes a chain, or one line that says why not. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "cboe_json.h"

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Every value of the table, so that a sanitizer sees what was not written. */
static void check_table(const struct cboe_json *table)
{
    volatile double sum = 0.0;

    require(table->rows > 0);
    require(memchr(table->underlying, '\0', sizeof table->underlying) != NULL);
    require(isnan(table->spot) || (isfinite(table->spot) && table->spot > 0.0));
    for (int64_t i = 0; i < table->rows; i++) {
        sum += table->bid[i] + table->ask[i] + table->last[i] + table->vol[i];
        sum += table->open_interest[i] + table->volume[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cboe_json table;
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error = {0};

    if (cboe_json_read((const char *)data, (int64_t)size, &table, &error) != GEX_OK) {
        require(error.message[0] != '\0' && memchr(error.message, '\0', sizeof error.message) != NULL);
        require(error.row >= 1);
        return 0;
    }
    check_table(&table);
    cboe_json_columns(&table, &columns);
    require(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK);
    require(gex_chain_rows(chain) == table.rows);
    gex_chain_free(chain);
    cboe_json_free(&table);
    return 0;
}
