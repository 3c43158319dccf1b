/* SPDX-License-Identifier: Apache-2.0 */
/* What --save keeps of a run, and --since reads again: the market, and behind it the book. */
#ifndef GEX_MAP_SNAPSHOT_H
#define GEX_MAP_SNAPSHOT_H

#include <stdbool.h>

#include <gex.h>

#include "input.h"
#include "options.h"

bool is_snapshot(const struct input *input);
/* The market and the book of a file, made by the choices of this run. @return false after a complaint. */
bool snapshot_read(const struct input *input, const struct options *options, const char *name, gex_market **market,
                   gex_book **book);
/* Whether one may be what the other was before: no later, and of a root the other has.
 * @return false after a complaint. */
bool snapshot_precedes(const gex_market *before, const char *before_name, const gex_market *now, const char *now_name);
/* Both of a map; as the functions of gex/report.h. */
gex_status snapshot_write(const gex_context *context, const gex_map *map, gex_write write, void *user,
                          gex_error *error);

#endif
