/* SPDX-License-Identifier: Apache-2.0 */
/* A field as tables of a page and as a panel of a picture. */
#ifndef GEX_REPORT_OVER_TIME_H
#define GEX_REPORT_OVER_TIME_H

#include <gex/field.h>

#include "plot.h"

/* One table a quantity: instants down, prices across, signs in words. */
void gex__put_field(struct gex__writer *writer, const gex_field *field);
/* A heat map of one quantity, price upwards, time to the right; the panel's scales are set. */
void gex__draw_field(struct gex__writer *writer, const gex_field *field, int32_t quantity, struct gex__panel *panel);
/* The quantity a picture shows: the first exposure, else the first held. */
int32_t gex__field_shown(const gex_field *field);

#endif
