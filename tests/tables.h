/* SPDX-License-Identifier: Apache-2.0 */
/* A consumer of the Arrow C data interface, by hand: what tests read tables with. */
#ifndef GEX_TESTS_TABLES_H
#define GEX_TESTS_TABLES_H

#include <string.h>

#include <gex.h>

/* Bytes of a value of fixed width; 0 for a text. */
static inline int64_t table_width(const char *format)
{
    return strcmp(format, "U") == 0 ? 0 : strchr("cC", format[0]) != NULL ? 1 : strchr("iI", format[0]) != NULL ? 4 : 8;
}

static inline int64_t table_find(const struct ArrowSchema *schema, const char *name)
{
    for (int64_t k = 0; k < schema->n_children; k++)
        if (strcmp(schema->children[k]->name, name) == 0)
            return k;
    return -1;
}

static inline int table_is_null(const struct ArrowArray *child, int64_t row)
{
    const uint8_t *bits = child->buffers[0];
    return bits != NULL && (bits[row / 8] >> row % 8 & 1) == 0;
}

/* Value of the one key a child has, "unit"; its length, 0 for none. */
static inline int32_t table_unit(const char *metadata, const char **unit)
{
    int32_t pairs, key, value;

    if (metadata == NULL)
        return 0;
    memcpy(&pairs, metadata, sizeof pairs);
    memcpy(&key, metadata + 4, sizeof key);
    if (pairs != 1 || key != 4 || memcmp(metadata + 8, "unit", 4) != 0)
        return -1;
    memcpy(&value, metadata + 12, sizeof value);
    *unit = metadata + 16;
    return value;
}

#endif
