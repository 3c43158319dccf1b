/* SPDX-License-Identifier: Apache-2.0 */
/* The members of the map's object, by what they tell. */
#ifndef GEX_REPORT_JSON_PARTS_H
#define GEX_REPORT_JSON_PARTS_H

#include "facts.h"
#include "json_pen.h"

void gex__json_standing(struct gex__json *j, const struct gex__facts *facts);
void gex__json_flow(struct gex__json *j, const struct gex__facts *facts);
/* Each writes nothing where the map has none. */
void gex__json_field(struct gex__json *j, const gex_map *map);
void gex__json_since(struct gex__json *j, const gex_map *map);
void gex__json_uncertainty(struct gex__json *j, const gex_map *map);
void gex__json_robustness(struct gex__json *j, const gex_map *map);

#endif
