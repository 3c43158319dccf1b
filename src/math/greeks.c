/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks by name. */
#include <string.h>

#include <gex/european.h>

#define GREEK_TEXT(name, value, text) [value] = text,
static const char *const names[GEX_GREEK_LAST_ + 1] = {[0] = "unknown", GEX_GREEK_LIST(GREEK_TEXT)};

const char *gex_greek_name(int32_t greek)
{
    return names[greek >= 1 && greek <= GEX_GREEK_LAST_ ? greek : 0];
}

int32_t gex_greek_find(const char *name)
{
    for (int32_t greek = 1; name != NULL && greek <= GEX_GREEK_LAST_; greek++)
        if (strcmp(names[greek], name) == 0)
            return greek;
    return 0;
}
