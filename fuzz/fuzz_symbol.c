/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols: what is read is written again as it was; what is written is read again. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex/symbol.h>

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool same(const gex_series *a, const gex_series *b)
{
    return a->venue == b->venue && a->expiry == b->expiry && a->strike_milli == b->strike_milli &&
           a->right == b->right && strcmp(a->root, b->root) == 0;
}

enum { ROOM = 48 };

/* Both texts of a series read back to it; a Deribit name is one text. @return whether there are texts. */
static bool check_texts(const gex_series *series, char *compact, char *padded)
{
    gex_series back = {.struct_size = sizeof back};
    const int64_t length = gex_symbol_format(series, 0, compact, ROOM);
    const int64_t padded_length = gex_symbol_format(series, 1, padded, ROOM);

    require((length == 0) == (padded_length == 0));
    if (length == 0)
        return false;
    require(padded_length == (series->venue == GEX_VENUE_DERIBIT ? length : 21));
    require(compact[length] == '\0' && padded[padded_length] == '\0');
    require(gex_symbol_parse(compact, length, &back, NULL) == GEX_OK && same(&back, series));
    require(gex_symbol_parse(padded, padded_length, &back, NULL) == GEX_OK && same(&back, series));
    require(back.strike == (double)back.strike_milli / 1000.0);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gex_series series = {.struct_size = sizeof series};
    gex_root root = {.struct_size = sizeof root};
    gex_error error;
    char *text = malloc(size > 0 ? size : 1), compact[ROOM], padded[ROOM];

    require(text != NULL);
    memcpy(text, data, size);
    if (gex_symbol_parse(text, (int64_t)size, &series, &error) == GEX_OK) {
        int64_t used = (int64_t)size;

        while (used > 0 && text[used - 1] == ' ')
            used--;
        require(check_texts(&series, compact, padded));
        require((used == (int64_t)strlen(compact) && memcmp(text, compact, (size_t)used) == 0) ||
                (used == 21 && memcmp(text, padded, 21) == 0));
    } else {
        require(error.status == GEX_ERR_FORMAT && memchr(error.message, '\0', sizeof error.message) != NULL);
    }
    require((gex_root_facts(text, (int64_t)size, &root, NULL) == GEX_OK) == (size > 0));
    free(text);
    if (size >= sizeof series) {
        memcpy(&series, data, sizeof series);
        series.struct_size = sizeof series;
        (void)check_texts(&series, compact, padded);
    }
    return 0;
}
