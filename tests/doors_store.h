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
