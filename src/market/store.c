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
#include <gex/store.h>

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "chain.h"

enum { HEAD_BYTES = 96, ROW_BYTES = 100, SUM_BYTES = 8, SYMBOL_WIDTH_MAX = 64, PIECE_BYTES = 4096 };
#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static const char magic[8] = {'g', 'e', 'x', 'c', 'h', 'a', 'i', 'n'};

/* What gex_chain_create() may leave in a row. */
static const uint32_t possible_flags = GEX_FLAG_DUPLICATE | GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT |
                                       GEX_FLAG_MOVED_EXPIRY | (uint32_t)GEX_QUOTE_FLAGS;

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

static void put_int(unsigned char **at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *(*at)++ = (unsigned char)(value >> (8 * i));
}

static uint64_t take_int(const unsigned char **at, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value |= (uint64_t) * (*at)++ << (8 * i);
    return value;
}

static void put_f64(unsigned char **at, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_int(at, bits, 8);
}

static double take_f64(const unsigned char **at)
{
    const uint64_t bits = take_int(at, 8);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put_text(unsigned char **at, const char *text, int64_t bytes)
{
    memcpy(*at, text, (size_t)bytes);
    *at += bytes;
}

static uint64_t sum_of(uint64_t sum, const unsigned char *bytes, int64_t length)
{
    for (int64_t i = 0; i < length; i++)
        sum = (sum ^ bytes[i]) * FNV_PRIME;
    return sum;
}

/* ---- saved --------------------------------------------------------------------------------------------------------- */

/* -1: no such chain. */
static int64_t size_of(int64_t rows, int64_t symbol_width)
{
    int64_t size;

    if (rows < 0 || rows > GEX_MAX_ROWS || symbol_width < 0 || symbol_width > SYMBOL_WIDTH_MAX ||
        __builtin_mul_overflow(rows, ROW_BYTES + symbol_width, &size) ||
        __builtin_add_overflow(size, HEAD_BYTES + SUM_BYTES, &size))
        return -1;
    return size;
}

int64_t gex_chain_save_size(const gex_chain *chain)
{
    return chain != NULL ? size_of(chain->rows, chain->symbol_width) : 0;
}

static void head_put(const struct gex_chain *chain, unsigned char **at)
{
    put_text(at, magic, sizeof magic);
    put_int(at, GEX_STORE_VERSION, 4);
    put_int(at, (uint64_t)chain->symbol_width, 4);
    put_int(at, (uint64_t)chain->rows, 8);
    put_int(at, (uint64_t)chain->open_interest_as_of, 8);
    put_text(at, chain->underlying, GEX_UNDERLYING_MAX);
}

static void row_put(const struct gex_chain *chain, int64_t i, unsigned char **at)
{
    const double numbers[] = {chain->strike[i], chain->multiplier[i], chain->bid[i], chain->ask[i], chain->last[i],
                              chain->vol[i], chain->open_interest[i], chain->volume[i]};

    put_int(at, chain->status[i], 1);
    put_int(at, (uint8_t)chain->right[i], 1);
    put_int(at, (uint8_t)chain->exercise[i], 1);
    put_int(at, (uint8_t)chain->payoff[i], 1);
    put_int(at, chain->flags[i], 4);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        put_f64(at, numbers[k]);
    put_int(at, (uint64_t)chain->settlement[i], 8);
    put_int(at, (uint32_t)chain->date[i], 4);
    put_text(at, chain->root[i], GEX_ROOT_MAX);
    if (chain->symbol != NULL)
        put_text(at, chain->symbol + i * chain->symbol_width, chain->symbol_width);
}

struct sink {
    gex_write     write;
    void         *user;
    uint64_t      sum;
    unsigned char piece[PIECE_BYTES], *at;
};

static bool sink_flush(struct sink *sink)
{
    const int64_t length = sink->at - sink->piece;

    sink->sum = sum_of(sink->sum, sink->piece, length);
    sink->at = sink->piece;
    return length == 0 || sink->write(sink->user, (const char *)sink->piece, length) == 0;
}

static bool chain_put(const struct gex_chain *chain, struct sink *sink)
{
    head_put(chain, &sink->at);
    for (int64_t i = 0; i < chain->rows; i++) {
        if (sink->at + ROW_BYTES + SYMBOL_WIDTH_MAX > sink->piece + PIECE_BYTES && !sink_flush(sink))
            return false;
        row_put(chain, i, &sink->at);
    }
    if (!sink_flush(sink))
        return false;
    put_int(&sink->at, sink->sum, SUM_BYTES);
    return sink_flush(sink);
}

gex_status gex_chain_save(const gex_chain *chain, gex_write write, void *user, gex_error *error)
{
    struct sink sink = {.write = write, .user = user, .sum = FNV_START};

    if (chain == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain and write are required");
    sink.at = sink.piece;
    if (!chain_put(chain, &sink))
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the writer reported failure");
    return GEX_OK;
}

/* ---- loaded -------------------------------------------------------------------------------------------------------- */

/* Ended by a zero, and nothing behind it. */
static bool is_text(const char *text, int64_t bytes)
{
    int64_t i = 0;

    while (i < bytes && text[i] != '\0')
        i++;
    if (i == bytes)
        return false;
    for (; i < bytes; i++)
        if (text[i] != '\0')
            return false;
    return true;
}

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
           chain->settlement[i] != GEX_NO_SETTLEMENT && is_text(chain->root[i], GEX_ROOT_MAX) &&
           gex__days_from_yyyymmdd(chain->date[i], &days);
}

static bool row_take(struct gex_chain *chain, int64_t i, const unsigned char **at)
{
    double *const numbers[] = {chain->strike, chain->multiplier, chain->bid, chain->ask, chain->last,
                               chain->vol, chain->open_interest, chain->volume};

    chain->status[i] = (uint8_t)take_int(at, 1);
    chain->right[i] = (int8_t)take_int(at, 1);
    chain->exercise[i] = (int8_t)take_int(at, 1);
    chain->payoff[i] = (int8_t)take_int(at, 1);
    chain->flags[i] = (uint32_t)take_int(at, 4);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        numbers[k][i] = take_f64(at);
    chain->settlement[i] = (int64_t)take_int(at, 8);
    chain->date[i] = (int32_t)take_int(at, 4);
    memcpy(chain->root[i], *at, GEX_ROOT_MAX);
    *at += GEX_ROOT_MAX;
    if (chain->symbol != NULL)
        memcpy(chain->symbol + i * chain->symbol_width, *at, (size_t)chain->symbol_width);
    *at += chain->symbol_width;
    return row_check(chain, i);
}

struct head {
    int64_t rows, symbol_width, open_interest_as_of;
    char    underlying[GEX_UNDERLYING_MAX];
};

static gex_status head_take(const unsigned char *bytes, int64_t length, struct head *head, gex_error *error)
{
    const unsigned char *at = bytes + sizeof magic, *end = bytes + length - SUM_BYTES;
    uint64_t version;

    if (length < HEAD_BYTES + SUM_BYTES || memcmp(bytes, magic, sizeof magic) != 0)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "these {i} bytes are not a saved chain", length);
    version = take_int(&at, 4);
    if (version != GEX_STORE_VERSION)
        return gex__fail(error, GEX_ERR_VERSION, -1, "a chain saved as version {i}: this library reads version {i}",
                         (int64_t)version, (int64_t)GEX_STORE_VERSION);
    head->symbol_width = (int64_t)take_int(&at, 4);
    head->rows = (int64_t)take_int(&at, 8);
    head->open_interest_as_of = (int64_t)take_int(&at, 8);
    memcpy(head->underlying, at, GEX_UNDERLYING_MAX);
    if (size_of(head->rows, head->symbol_width) != length)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved chain is cut short, or bytes follow it: {i} are here", length);
    if (sum_of(FNV_START, bytes, length - SUM_BYTES) != take_int(&end, SUM_BYTES))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved chain is damaged: its checksum differs");
    if (!is_text(head->underlying, GEX_UNDERLYING_MAX))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the name of the underlying is not terminated");
    return GEX_OK;
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
