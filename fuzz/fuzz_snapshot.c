/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a saved market and, behind it, its book: refused, or what saves to the same bytes and can be worked with.
 * Checksums are made right first: they keep out damage, and would keep out this too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "saved.h"

enum { SMALL = 12 }; /* rows, up to which flips are searched for */

static uint64_t put_sum(unsigned char *bytes, int64_t length)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (int64_t i = 0; i < length - 8; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    for (int i = 0; i < 8; i++)
        bytes[length - 8 + i] = (unsigned char)(sum >> (8 * i));
    return sum;
}

static void put_u64(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

/* Where the chain's record begins in a market's; 0: nowhere. */
static int64_t chain_at(const unsigned char *bytes, int64_t size)
{
    for (int64_t at = 200; at + 104 <= size; at++)
        if (memcmp(bytes + at, "gexchain", 8) == 0)
            return at;
    return 0;
}

/* The sums of all three records, and of the chain where the others name it. */
static void mend(unsigned char *bytes, int64_t market, int64_t size)
{
    const int64_t chain = chain_at(bytes, market);

    if (chain > 0) {
        const uint64_t sum = put_sum(bytes + chain, market - chain);

        put_u64(bytes + 16, (uint64_t)market);
        put_u64(bytes + 24, sum);
        put_sum(bytes, chain);
        if (size - market >= 56) {
            put_u64(bytes + market + 24, sum);
            put_sum(bytes + market, size - market);
        }
    }
}

/* Numbers of any kind go through every kernel: what comes out is not looked at, that it comes out is. */
static void work(const gex_market *market, const gex_book *book)
{
    gex_exposure_options unit;
    gex_profile_options search;
    gex_shift_options shift;
    gex_market *moved = NULL;
    gex_greeks *greeks = NULL;
    gex_exposure *exposure = NULL;
    gex_flips *flips = NULL;

    gex_exposure_options_init(&unit, sizeof unit);
    gex_profile_options_init(&search, sizeof search);
    gex_shift_options_init(&shift, sizeof shift);
    unit.unit = search.unit = GEX_UNIT_GEX_USD_PCT;
    shift.vol_shift = 0.01;
    require(gex_greeks_compute(NULL, market, &greeks, NULL) == GEX_OK);
    require(gex_exposure_compute(NULL, greeks, book, &unit, &exposure, NULL) == GEX_OK);
    (void)gex_market_shift(NULL, market, &shift, &moved, NULL);
    if (gex_chain_rows(gex_market_chain(market)) <= SMALL)
        (void)gex_flips_compute(NULL, market, book, &search, &flips, NULL);
    gex_flips_free(flips);
    gex_exposure_free(exposure);
    gex_greeks_free(greeks);
    gex_market_free(moved);
}

static gex_book *book_of(const gex_chain *chain, const unsigned char *bytes, int64_t length)
{
    gex_book_options sign;
    gex_book *book = NULL;
    gex_error error;

    if (gex_book_load(NULL, chain, bytes, length, &book, &error) == GEX_OK) {
        struct copy copy = {malloc((size_t)length), 0};

        require(gex_book_save_size(book) == length);
        require(gex_book_save(book, append, &copy, NULL) == GEX_OK && memcmp(copy.bytes, bytes, (size_t)length) == 0);
        free(copy.bytes);
        return book;
    }
    require(book == NULL && error.status < 0);
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    require(gex_book_create(NULL, chain, &sign, &book, NULL) == GEX_OK);
    return book;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = malloc(size + 1);
    int64_t market_length = 0;
    gex_market *market = NULL;
    gex_error error;

    memcpy(bytes, data, size);
    if (gex_saved_kind(bytes, (int64_t)size, &market_length) != GEX_SAVED_MARKET || market_length > (int64_t)size)
        market_length = (int64_t)size;
    mend(bytes, market_length, (int64_t)size);
    if (gex_market_load(NULL, bytes, market_length, &market, &error) == GEX_OK) {
        struct copy copy = {malloc((size_t)market_length), 0};
        gex_book *book = book_of(gex_market_chain(market), bytes + market_length, (int64_t)size - market_length);

        require(gex_market_save_size(market) == market_length);
        require(gex_market_save(market, append, &copy, NULL) == GEX_OK && copy.length == market_length);
        require(memcmp(copy.bytes, bytes, (size_t)market_length) == 0);
        work(market, book);
        free(copy.bytes);
        gex_book_free(book);
    } else {
        require(market == NULL && error.status < 0);
    }
    gex_market_free(market);
    free(bytes);
    return 0;
}
