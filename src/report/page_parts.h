/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the page. */
#ifndef GEX_REPORT_PAGE_PARTS_H
#define GEX_REPORT_PAGE_PARTS_H

#include "facts.h"
#include "writer.h"

enum { GEX_PAGE_WIDTH = 95 };

/* Flips, walls, most gamma, and the expiries that come first. */
void gex__put_levels(struct gex__writer *writer, const struct gex__facts *facts);
/* What each move of the table forces, and the scenario. */
void gex__put_trades(struct gex__writer *writer, const struct gex__facts *facts);
/* Contracts used and refused, and the conventions. */
void gex__put_basis(struct gex__writer *writer, const struct gex__facts *facts);
/* What forwards and discounts rest on; a part of it. */
void gex__put_forwards(struct gex__writer *writer, const struct gex__facts *facts);
/* A count and its words behind a separator, on a new line where the line is full; nothing for 0. What comes next is
 * separated by a comma. */
void gex__put_counted(struct gex__writer *writer, int64_t count, const char *words, const char **separator);

#endif
