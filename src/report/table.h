/* SPDX-License-Identifier: Apache-2.0 */
/* A table on its way out: columns lent, copied or told row by row, then one block that holds what Arrow asks for. */
#ifndef GEX_REPORT_TABLE_H
#define GEX_REPORT_TABLE_H

#include <gex/arrow.h>

#include "base/base.h"

enum {
    GEX_TABLE_COLUMNS = 130, /* a field of 64 quantities and their gross, and its instants and prices */
    GEX_TABLE_TEXT = 80     /* bytes that hold any text of a row, its terminator included */
};

/* What stands for nothing in a column, and is null. */
enum { GEX_NULL_NEVER, GEX_NULL_NAN, GEX_NULL_ZERO, GEX_NULL_BELOW_ZERO, GEX_NULL_LOWEST };

struct gex__table_column {
    const char *name, *format, *unit; /* unit NULL: it has none. Formats: g i l I c C tsn:UTC U */
    const void *data;                 /* lent by the owner; or NULL and one of */
    void (*fill)(const void *from, int64_t which, int64_t rows, void *to);
    void (*text)(const void *from, int64_t row, char *text);
    int32_t which; /* for fill */
    int8_t  null, gross; /* gross: "_gross" follows the name */
};

struct gex__table {
    const void *owner; /* kept while anything is lent */
    const void *from;  /* for fill and text */
    int64_t     rows;
    int32_t     count;
    struct gex__table_column column[GEX_TABLE_COLUMNS];
};

void gex__table_open(struct gex__table *table, const void *owner, int64_t rows);
/* One more. The format says what is null: NaN of g, the lowest of tsn:UTC, and nothing of others. */
struct gex__table_column *gex__table_lend(struct gex__table *table, const char *name, const char *format,
                                          const char *unit, const void *data);
struct gex__table_column *gex__table_fill(struct gex__table *table, const char *name, const char *format,
                                          const char *unit,
                                          void (*fill)(const void *from, int64_t which, int64_t rows, void *to),
                                          int32_t which);
void gex__table_text(struct gex__table *table, const char *name,
                     void (*text)(const void *from, int64_t row, char *text));

/* Set both, or fail with no memory; behind the door. */
gex_status gex__table_give(const gex_context *context, const struct gex__table *table, struct ArrowSchema *schema,
                           struct ArrowArray *array, gex_error *error);

#endif
