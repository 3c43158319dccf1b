/* SPDX-License-Identifier: Apache-2.0 */
/* Structs that grow: read and written by the size their owner compiled. */
#include <string.h>

#include "base.h"

static uint32_t size_of(const void *theirs)
{
    uint32_t size;
    memcpy(&size, theirs, sizeof size);
    return size;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

gex_status gex__options_take(void *mine, size_t mine_size, size_t first_size, const void *theirs)
{
    const unsigned char *bytes = theirs;
    const uint32_t size = size_of(theirs);

    if (size < first_size || size > GEX_OPTIONS_MAX)
        return GEX_ERR_VERSION;
    for (size_t i = mine_size; i < size; i++) /* a newer caller: what we do not know must be zero */
        if (bytes[i] != 0)
            return GEX_ERR_VERSION;
    memcpy(mine, theirs, smaller(mine_size, size));
    return GEX_OK;
}

gex_status gex__options_give(void *theirs, size_t first_size, const void *mine, size_t mine_size)
{
    unsigned char *bytes = theirs;
    const uint32_t size = size_of(theirs);

    if (size < first_size || size > GEX_OPTIONS_MAX)
        return GEX_ERR_VERSION;
    memcpy(bytes + sizeof size, (const unsigned char *)mine + sizeof size, smaller(mine_size, size) - sizeof size);
    if (size > mine_size)
        memset(bytes + mine_size, 0, size - mine_size);
    return GEX_OK;
}

void gex__options_init(void *theirs, uint32_t theirs_size, const void *defaults, size_t defaults_size)
{
    if (theirs == NULL || theirs_size < sizeof theirs_size || theirs_size > GEX_OPTIONS_MAX)
        return;
    memset(theirs, 0, theirs_size);
    memcpy(theirs, defaults, smaller(defaults_size, theirs_size));
    memcpy(theirs, &theirs_size, sizeof theirs_size);
}
