/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a saved chain: refused, or a chain that saves to bytes which load to the same. The checksum is made right
 * first: it keeps out damage, and would keep out this too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "saved.h"

static void read_all(const gex_chain *chain)
{
    char symbol[65];
    volatile int64_t bytes = 0;

    for (int64_t i = 0; i < gex_chain_rows(chain); i++)
        bytes += gex_chain_symbol(chain, i, symbol, sizeof symbol);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = malloc(size + 1);
    gex_chain *chain = NULL, *again = NULL;
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    gex_error error;

    memcpy(bytes, data, size);
    for (size_t i = 0; size >= 8 && i < size - 8; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; size >= 8 && i < 8; i++)
        bytes[size - 8 + i] = (unsigned char)(sum >> (8 * i));
    if (gex_chain_load(NULL, bytes, (int64_t)size, &chain, &error) == GEX_OK) {
        struct copy first = {malloc(size), 0}, second = {malloc(size), 0};

        require(gex_chain_save_size(chain) == (int64_t)size);
        require(gex_chain_save(chain, append, &first, NULL) == GEX_OK && first.length == (int64_t)size);
        require(gex_chain_load(NULL, first.bytes, first.length, &again, NULL) == GEX_OK);
        require(gex_chain_save(again, append, &second, NULL) == GEX_OK);
        require(second.length == first.length && memcmp(first.bytes, second.bytes, size) == 0);
        read_all(again);
        free(first.bytes);
        free(second.bytes);
    } else {
        require(chain == NULL && error.status < 0);
    }
    gex_chain_free(chain);
    gex_chain_free(again);
    free(bytes);
    return 0;
}
