/* SPDX-License-Identifier: Apache-2.0 */
/* Panels of the picture, each from its rectangle and its prices; the scale of values is set here. */
#ifndef GEX_REPORT_SVG_PANELS_H
#define GEX_REPORT_SVG_PANELS_H

#include "facts.h"
#include "plot.h"

/* Over price, with labels of spot and flips above: the panel's top moves down by their height. */
void gex__draw_profile(struct gex__writer *w, const struct gex__facts *facts, struct gex__panel *panel);
/* By strike, with labels of the walls above, likewise. */
void gex__draw_strikes(struct gex__writer *w, const struct gex__facts *facts, struct gex__panel *panel);

#endif
