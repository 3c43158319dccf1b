/* SPDX-License-Identifier: Apache-2.0 */
/* What the doors of tables share. */
#ifndef GEX_REPORT_TABLES_H
#define GEX_REPORT_TABLES_H

#include <gex/table.h>

#include "table.h"

/* A door: nothing is set yet, and `object` may be NULL. */
gex_status gex__table_begin(const void *object, const char *what, struct ArrowSchema *schema, struct ArrowArray *array,
                            gex_error *error);
/* The last line of one. */
gex_status gex__table_end(const gex_context *context, const struct gex__table *table, struct ArrowSchema *schema,
                          struct ArrowArray *array, gex_error *error);
/* A `by` that has no table. */
gex_status gex__table_refuse(int32_t by, const char *offered, gex_error *error);

#endif
