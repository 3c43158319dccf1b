/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks by name. */
#include <string.h>

#include <gex/european.h>

#define GREEK_TEXT(name, value, text) [value] = text,
static const char *const names[GEX_GREEK_LAST_ + 1] = {[0] = "unknown", GEX_GREEK_LIST(GREEK_TEXT)};

enum { COIN_FIRST = GEX_COIN_PRICE };
#define COIN_TEXT(name, value, text) [value - COIN_FIRST] = text,
static const char *const coins[GEX_COIN_LAST_ - COIN_FIRST + 1] = {GEX_COIN_LIST(COIN_TEXT)};

const char *gex_greek_name(int32_t greek)
{
    if (greek >= COIN_FIRST && greek <= GEX_COIN_LAST_)
        return coins[greek - COIN_FIRST];
    return names[greek >= 1 && greek <= GEX_GREEK_LAST_ ? greek : 0];
}

int32_t gex_greek_find(const char *name)
{
    for (int32_t greek = 1; name != NULL && greek <= GEX_GREEK_LAST_; greek++)
        if (strcmp(names[greek], name) == 0)
            return greek;
    for (int32_t greek = COIN_FIRST; name != NULL && greek <= GEX_COIN_LAST_; greek++)
        if (strcmp(coins[greek - COIN_FIRST], name) == 0)
            return greek;
    return 0;
}
