/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book as bytes, version 1, little-endian:
 *
 *     8   "gexbook", zero                   4   sign
 *     4   version                           4   bytes of the name, its terminator included
 *     4   zero                                  positions, 8 each
 *     8   bytes of the record                   name of its source
 *     8   checksum of its chain's record    8   FNV-1a of all that stands before
 *     8   rows
 */
#include <string.h>

#include <gex/store.h>

#include "base/base.h"
#include "book.h"
#include "market/bytes.h"

enum { HEAD_BYTES = 48, NAME_MAX = 1 << 20 };

/* -1: no such book. */
static int64_t size_of(int64_t rows, int64_t name)
{
    if (rows < 0 || rows > GEX_MAX_ROWS || name < 1 || name > NAME_MAX)
        return -1;
    return HEAD_BYTES + 8 * rows + name + GEX_SUM_BYTES;
}

static int64_t name_bytes(const gex_book *book)
{
    return (int64_t)strlen(gex_book_source(book)) + 1;
}

int64_t gex_book_save_size(const gex_book *book)
{
    return book != NULL ? size_of(gex_chain_rows(gex_book_chain(book)), name_bytes(book)) : 0;
}

gex_status gex_book_save(const gex_book *book, gex_write write, void *user, gex_error *error)
{
    const double *positions = gex_book_positions(book);
    struct gex__sink sink;
    int64_t rows;

    if (book == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "book and write are required");
    if (name_bytes(book) > NAME_MAX)
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1, "the name of the book is longer than {i} bytes",
                         (int64_t)NAME_MAX - 1);
    rows = gex_chain_rows(gex_book_chain(book));
    gex__sink_open(&sink, write, user);
    gex__save_bytes(&sink, GEX_MAGIC_BOOK, GEX_MAGIC_BYTES);
    gex__save_int(&sink, GEX_STORE_BOOK_VERSION, 4);
    gex__save_int(&sink, 0, 4);
    gex__save_int(&sink, (uint64_t)gex_book_save_size(book), 8);
    gex__save_int(&sink, gex__chain_sum(gex_book_chain(book)), 8);
    gex__save_int(&sink, (uint64_t)rows, 8);
    gex__save_int(&sink, (uint32_t)gex_book_sign(book), 4);
    gex__save_int(&sink, (uint64_t)name_bytes(book), 4);
    for (int64_t i = 0; i < rows; i++)
        gex__save_f64(&sink, positions[i]);
    gex__save_bytes(&sink, gex_book_source(book), name_bytes(book));
    (void)gex__save_sum(&sink);
    return gex__sink_status(&sink, error);
}

/* ---- loaded ------------------------------------------------------------------------------------------------------ */

struct head {
    int64_t  size, rows, name;
    uint64_t chain_sum;
    int32_t  sign;
};

static gex_status head_take(const unsigned char *bytes, int64_t length, struct head *head, gex_error *error)
{
    const unsigned char *at = bytes + GEX_MAGIC_BYTES + 4;
    gex_status status = gex__record_begin(bytes, length, GEX_MAGIC_BOOK, GEX_STORE_BOOK_VERSION,
                                          HEAD_BYTES + GEX_SUM_BYTES, "book", error);
    uint64_t zero;

    if (status != GEX_OK)
        return status;
    zero = gex__load_int(&at, 4);
    head->size = (int64_t)gex__load_int(&at, 8);
    head->chain_sum = gex__load_int(&at, 8);
    head->rows = (int64_t)gex__load_int(&at, 8);
    head->sign = (int32_t)gex__load_int(&at, 4);
    head->name = (int64_t)gex__load_int(&at, 4);
    status = gex__record_check(bytes, length, size_of(head->rows, head->name), "book", error);
    if (status == GEX_OK && (zero != 0 || head->size != length || head->sign < 1 || head->sign > GEX_SIGN_LAST_))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved book has a sign convention that no book has");
    return status;
}

/* A position that books hold, its bits as they are: NaN, or finite and no negative zero. */
static bool position_allowed(double position)
{
    const double held = gex__book_position(position);

    return position != position || memcmp(&held, &position, sizeof held) == 0;
}

static gex_status positions_take(const unsigned char *at, const struct head *head, double *positions, gex_error *error)
{
    for (int64_t i = 0; i < head->rows; i++) {
        positions[i] = gex__load_f64(&at);
        if (!position_allowed(positions[i]))
            return gex__fail(error, GEX_ERR_FORMAT, i, "position {i} of the saved book is none that a book could hold",
                             i);
    }
    if (!gex__is_text((const char *)at, head->name) || strlen((const char *)at) + 1 != (size_t)head->name)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the name of the saved book is not terminated where it ends");
    return GEX_OK;
}

static gex_status book_take(const gex_context *context, const unsigned char *bytes, const struct head *head,
                            const gex_chain *chain, gex_book **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t size = 8 * head->rows;
    double *positions = gex__memory_get(&memory, size > 0 ? size : 8);
    gex_status status;

    if (positions == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a book of {i} rows", head->rows);
    status = positions_take(bytes + HEAD_BYTES, head, positions, error);
    if (status == GEX_OK) {
        *out = gex__book_of(context, chain, head->sign, (const char *)bytes + HEAD_BYTES + size, "", positions);
        if (*out == NULL)
            status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a book of {i} rows", head->rows);
    }
    gex__memory_put(&memory, positions, size > 0 ? size : 8);
    return status;
}

gex_status gex_book_load(const gex_context *context, const gex_chain *chain, const void *bytes, int64_t length,
                         gex_book **out, gex_error *error)
{
    struct gex__guest guest;
    struct head head;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || chain == NULL || bytes == NULL || length < 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain, bytes, their length and out are required");
    status = head_take(bytes, length, &head, error);
    if (status != GEX_OK)
        return status;
    if (head.rows != gex_chain_rows(chain) || head.chain_sum != gex__chain_sum(chain))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the saved book is of another chain: load it with the chain or "
                         "the market that was saved beside it");
    gex__guest_enter(&guest);
    status = book_take(context, bytes, &head, chain, out, error);
    gex__guest_leave(&guest);
    return status;
}
