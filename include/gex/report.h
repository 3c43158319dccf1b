/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file report.h A map as text: a page to read, JSON to store, a picture to post, lines to re-add.
 *
 * Each writer sends UTF-8 through the caller's callback, in pieces, and reads the map through public accessors only.
 * All return GEX_OK, GEX_ERR_ARGUMENT, GEX_ERR_CALLBACK when the callback refused, or GEX_ERR_MEMORY.
 * Thread class: const-shared. Cost: O(output). Since 0.1.
 */
#ifndef GEX_REPORT_H
#define GEX_REPORT_H

#include <gex/map.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A page a trader reads in ten seconds: where we are, regime, levels, who must BUY or SELL, what it rests on. */
GEX_API gex_status gex_report_page(const gex_context *context, const gex_map *map, gex_write write, void *user,
                                   gex_error *error);
/** One JSON object, schema "gex-map/1"; numbers with the digits that give the double back; absent values are null. */
GEX_API gex_status gex_report_json(const gex_context *context, const gex_map *map, gex_write write, void *user,
                                   gex_error *error);
/** A standalone SVG: the profile with its flips and spot, exposure by strike beside it, axes with units. */
GEX_API gex_status gex_report_svg(const gex_context *context, const gex_map *map, gex_write write, void *user,
                                  gex_error *error);
/** CSV, one line a contract in the caller's order, refused ones included: what every total can be re-added from. Every
 *  greek is worked out for it, on the context, in memory that is given back. */
GEX_API gex_status gex_report_lines(const gex_context *context, const gex_map *map, gex_write write, void *user,
                                    gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
