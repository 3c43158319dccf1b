/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of gex/store.h, for tests/doors.c alone. */
struct stored {
    char   *bytes;
    int64_t length;
};

static int32_t stored_append(void *user, const char *bytes, int64_t length)
{
    struct stored *stored = user;

    memcpy(stored->bytes + stored->length, bytes, (size_t)length);
    stored->length += length;
    return 0;
}

DOOR(gex_chain_load)
{
    struct stored stored = {malloc((size_t)gex_chain_save_size(w->chain)), 0};
    gex_chain *made = LEFT(gex_chain);
    gex_status status;

    (void)gex_chain_save(w->chain, stored_append, &stored, NULL);
    status = gex_chain_load(context, stored.bytes, stored.length, &made, error);
    free(stored.bytes);
    MADE(chain, digest_chain(made));
}

PLAIN(gex_chain_save)
{
    uint64_t digest = 0;
    const gex_status status = gex_chain_save(w->chain, digest_write, &digest, error);

    return of_int(status) ^ digest;
}

PLAIN(gex_chain_save_size)
{
    (void)error;
    return of_int(gex_chain_save_size(w->chain));
}

/* A market that was moved along its smile. */
DOOR(gex_market_load)
{
    struct stored stored = {malloc((size_t)gex_market_save_size(w->moved)), 0};
    gex_market *made = LEFT(gex_market);
    gex_status status;

    (void)gex_market_save(w->moved, stored_append, &stored, NULL);
    status = gex_market_load(context, stored.bytes, stored.length, &made, error);
    free(stored.bytes);
    MADE(market, digest_market(made));
}

PLAIN(gex_market_save)
{
    uint64_t digest = 0;
    const gex_status status = gex_market_save(w->moved, digest_write, &digest, error);

    return of_int(status) ^ digest;
}

PLAIN(gex_market_save_size)
{
    (void)error;
    return of_int(gex_market_save_size(w->moved));
}

DOOR(gex_book_load)
{
    struct stored stored = {malloc((size_t)gex_book_save_size(w->book)), 0};
    gex_book *made = LEFT(gex_book);
    gex_status status;

    (void)gex_book_save(w->book, stored_append, &stored, NULL);
    status = gex_book_load(context, w->chain, stored.bytes, stored.length, &made, error);
    free(stored.bytes);
    MADE(book, BITS(gex_book_positions(made), WORLD_ROWS) ^ of_text(gex_book_source(made)));
}

PLAIN(gex_book_save)
{
    uint64_t digest = 0;
    const gex_status status = gex_book_save(w->book, digest_write, &digest, error);

    return of_int(status) ^ digest;
}

PLAIN(gex_book_save_size)
{
    (void)error;
    return of_int(gex_book_save_size(w->book));
}

PLAIN(gex_saved_kind)
{
    int64_t length = -1;
    const int32_t kind = gex_saved_kind(world_csv, world_csv_length, &length);

    (void)w;
    (void)error;
    return of_int(kind) ^ of_int(length);
}
