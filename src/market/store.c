/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain as bytes, version 1, little-endian:
 *
 *     8   "gexchain"              64  underlying, zeros behind it
 *     4   version                     rows, ROW_BYTES + symbol width each (row_put)
 *     4   symbol width, 0 to 64    8  FNV-1a of all that stands before
 *     8   rows
 *     8   open interest as of
 */
#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "bytes.h"
#include "chain.h"

enum { HEAD_BYTES = 96, ROW_BYTES = 100, SYMBOL_WIDTH_MAX = 64 };

/* What gex_chain_create() may leave in a row. */
static const uint32_t possible_flags = GEX_FLAG_DUPLICATE | GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT |
                                       GEX_FLAG_MOVED_EXPIRY | (uint32_t)GEX_QUOTE_FLAGS;

/* ---- saved ------------------------------------------------------------------------------------------------------- */

/* -1: no such chain. */
static int64_t size_of(int64_t rows, int64_t symbol_width)
{
    int64_t size;

    if (rows < 0 || rows > GEX_MAX_ROWS || symbol_width < 0 || symbol_width > SYMBOL_WIDTH_MAX ||
        __builtin_mul_overflow(rows, ROW_BYTES + symbol_width, &size) ||
        __builtin_add_overflow(size, HEAD_BYTES + GEX_SUM_BYTES, &size))
        return -1;
    return size;
}

int64_t gex_chain_save_size(const gex_chain *chain)
{
    return chain != NULL ? size_of(chain->rows, chain->symbol_width) : 0;
}

static void row_put(const struct gex_chain *chain, int64_t i, struct gex__sink *sink)
{
    const double numbers[] = {chain->strike[i], chain->multiplier[i], chain->bid[i], chain->ask[i], chain->last[i],
                              chain->vol[i], chain->open_interest[i], chain->volume[i]};

    gex__save_int(sink, chain->status[i], 1);
    gex__save_int(sink, (uint8_t)chain->right[i], 1);
    gex__save_int(sink, (uint8_t)chain->exercise[i], 1);
    gex__save_int(sink, (uint8_t)chain->payoff[i], 1);
    gex__save_int(sink, chain->flags[i], 4);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        gex__save_f64(sink, numbers[k]);
    gex__save_int(sink, (uint64_t)chain->settlement[i], 8);
    gex__save_int(sink, (uint32_t)chain->date[i], 4);
    gex__save_bytes(sink, chain->root[i], GEX_ROOT_MAX);
    if (chain->symbol != NULL)
        gex__save_bytes(sink, chain->symbol + i * chain->symbol_width, chain->symbol_width);
}

uint64_t gex__chain_put(const gex_chain *chain, struct gex__sink *sink)
{
    gex__save_bytes(sink, GEX_MAGIC_CHAIN, GEX_MAGIC_BYTES);
    gex__save_int(sink, GEX_STORE_VERSION, 4);
    gex__save_int(sink, (uint64_t)chain->symbol_width, 4);
    gex__save_int(sink, (uint64_t)chain->rows, 8);
    gex__save_int(sink, (uint64_t)chain->open_interest_as_of, 8);
    gex__save_bytes(sink, chain->underlying, GEX_UNDERLYING_MAX);
    for (int64_t i = 0; i < chain->rows; i++)
        row_put(chain, i, sink);
    return gex__save_sum(sink);
}

uint64_t gex__chain_sum(const gex_chain *chain)
{
    struct gex__sink sink;

    gex__sink_open(&sink, NULL, NULL);
    return gex__chain_put(chain, &sink);
}

gex_status gex_chain_save(const gex_chain *chain, gex_write write, void *user, gex_error *error)
{
    struct gex__sink sink;

    if (chain == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain and write are required");
    gex__sink_open(&sink, write, user);
    (void)gex__chain_put(chain, &sink);
    return gex__sink_status(&sink, error);
}

/* ---- loaded ------------------------------------------------------------------------------------------------------ */

/* A row that is used names a series; one that is refused keeps nothing but its quotes. @return false: it cannot be. */
static bool row_check(struct gex_chain *chain, int64_t i)
{
    const uint8_t status = chain->status[i];
    int64_t days;

    if ((chain->flags[i] & ~possible_flags) != 0)
        return false;
    chain->flags[i] =
        (chain->flags[i] & ~(uint32_t)GEX_QUOTE_FLAGS) | gex__chain_quote_flags(chain->bid[i], chain->ask[i]);
    if (status != GEX_ROW_USED) {
        gex__chain_refuse(chain, i, status);
        return (status >= GEX_ROW_BAD_STRIKE && status <= GEX_ROW_NOT_FINITE) || status == GEX_ROW_UNSUPPORTED;
    }
    chain->flags[i] &= ~(uint32_t)GEX_FLAG_DUPLICATE; /* arranging finds them */
    return isfinite(chain->strike[i]) && chain->strike[i] > 0 && isfinite(chain->multiplier[i]) &&
           chain->multiplier[i] > 0 && (chain->right[i] == GEX_CALL || chain->right[i] == GEX_PUT) &&
           (chain->exercise[i] == GEX_EXERCISE_EUROPEAN || chain->exercise[i] == GEX_EXERCISE_AMERICAN) &&
           (chain->payoff[i] == GEX_PAYOFF_VANILLA || chain->payoff[i] == GEX_PAYOFF_INVERSE) &&
           chain->settlement[i] != GEX_NO_SETTLEMENT && gex__is_text(chain->root[i], GEX_ROOT_MAX) &&
           gex__days_from_yyyymmdd(chain->date[i], &days);
}

static bool row_take(struct gex_chain *chain, int64_t i, const unsigned char **at)
{
    double *const numbers[] = {chain->strike, chain->multiplier, chain->bid, chain->ask, chain->last,
                               chain->vol, chain->open_interest, chain->volume};

    chain->status[i] = (uint8_t)gex__load_int(at, 1);
    chain->right[i] = (int8_t)gex__load_int(at, 1);
    chain->exercise[i] = (int8_t)gex__load_int(at, 1);
    chain->payoff[i] = (int8_t)gex__load_int(at, 1);
    chain->flags[i] = (uint32_t)gex__load_int(at, 4);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        numbers[k][i] = gex__load_f64(at);
    chain->settlement[i] = (int64_t)gex__load_int(at, 8);
    chain->date[i] = (int32_t)gex__load_int(at, 4);
    gex__load_bytes(at, chain->root[i], GEX_ROOT_MAX);
    if (chain->symbol != NULL)
        gex__load_bytes(at, chain->symbol + i * chain->symbol_width, chain->symbol_width);
    return row_check(chain, i);
}

struct head {
    int64_t rows, symbol_width, open_interest_as_of;
    char    underlying[GEX_UNDERLYING_MAX];
};

int64_t gex__chain_size(const unsigned char *bytes, int64_t length)
{
    const unsigned char *at = bytes + GEX_MAGIC_BYTES + 4;
    int64_t symbol_width, rows;

    if (length < HEAD_BYTES || !gex__is_magic(bytes, GEX_MAGIC_CHAIN))
        return -1;
    symbol_width = (int64_t)gex__load_int(&at, 4);
    rows = (int64_t)gex__load_int(&at, 8);
    return size_of(rows, symbol_width);
}

static gex_status head_take(const unsigned char *bytes, int64_t length, struct head *head, gex_error *error)
{
    const unsigned char *at = bytes + GEX_MAGIC_BYTES + 4;
    gex_status status = gex__record_begin(bytes, length, GEX_MAGIC_CHAIN, GEX_STORE_VERSION,
                                          HEAD_BYTES + GEX_SUM_BYTES, "chain", error);

    if (status != GEX_OK)
        return status;
    head->symbol_width = (int64_t)gex__load_int(&at, 4);
    head->rows = (int64_t)gex__load_int(&at, 8);
    head->open_interest_as_of = (int64_t)gex__load_int(&at, 8);
    gex__load_bytes(&at, head->underlying, GEX_UNDERLYING_MAX);
    status = gex__record_check(bytes, length, size_of(head->rows, head->symbol_width), "chain", error);
    if (status == GEX_OK && !gex__is_text(head->underlying, GEX_UNDERLYING_MAX))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the name of the underlying is not terminated");
    return status;
}

static gex_status rows_take(const unsigned char *bytes, const struct head *head, struct gex_chain *chain,
                            int64_t *scratch, gex_error *error)
{
    const unsigned char *at = bytes + HEAD_BYTES;

    chain->open_interest_as_of = head->open_interest_as_of;
    memcpy(chain->underlying, head->underlying, sizeof chain->underlying);
    for (int64_t i = 0; i < chain->rows; i++)
        if (!row_take(chain, i, &at))
            return gex__fail(error, GEX_ERR_FORMAT, i, "row {i} of the saved chain is none that a chain could hold", i);
    gex__chain_arrange(chain, GEX_DUPLICATES_KEEP, scratch); /* later ones that were refused are so already */
    return GEX_OK;
}

gex_status gex_chain_load(const gex_context *context, const void *bytes, int64_t length, gex_chain **out,
                          gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex_chain *chain = NULL;
    struct gex__guest guest;
    struct head head;
    int64_t *scratch, size;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || bytes == NULL || length < 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bytes, their length and out are required");
    status = head_take(bytes, length, &head, error);
    if (status != GEX_OK)
        return status;
    size = (head.rows + GEX_ARRANGE_EXTRA) * (int64_t)sizeof *scratch;
    scratch = gex__memory_get(&memory, size);
    chain = scratch != NULL ? gex__chain_alloc(context, head.rows, head.symbol_width) : NULL;
    if (chain == NULL) {
        gex__memory_put(&memory, scratch, size);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a chain of {i} rows", head.rows);
    }
    gex__guest_enter(&guest);
    status = rows_take(bytes, &head, chain, scratch, error);
    gex__guest_leave(&guest);
    gex__memory_put(&memory, scratch, size);
    if (status != GEX_OK) {
        gex__object_release(chain);
        return status;
    }
    *out = chain;
    return GEX_OK;
}
