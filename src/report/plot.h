/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing in SVG 1.1: panels with scales, axes with tidy ticks, labels that keep clear of one another. Pixels. */
#ifndef GEX_REPORT_PLOT_H
#define GEX_REPORT_PLOT_H

#include <stdbool.h>

#include "writer.h"

#define GEX_INK    "#22262b"
#define GEX_SOFT   "#6b7280"
#define GEX_GRID   "#e5e7eb"
#define GEX_LONG   "#1d6fb8" /* blue and orange differ for every kind of colour sight */
#define GEX_SHORT  "#d9622b"
#define GEX_FLIP  "#7c3aed"
#define GEX_LONG_TINT  "#cfe3f4"
#define GEX_SHORT_TINT "#f8dccc"

/* A rectangle of the picture with a linear scale on each side. */
struct gex__panel {
    double left, right, top, bottom; /* pixels; top < bottom */
    double x_low, x_high;            /* values at left and right */
    double y_low, y_high;            /* values at bottom and top */
};
double gex__panel_x(const struct gex__panel *panel, double value);
double gex__panel_y(const struct gex__panel *panel, double value);
/* Widen the value scale to hold [low, high] and zero, with air above and below. */
void gex__panel_fit(struct gex__panel *panel, double low, double high);

/* Elements. `style` is a run of attributes, as in "fill=\"none\" stroke=\"#000\"". */
void gex__draw_line(struct gex__writer *w, double x1, double y1, double x2, double y2, const char *style);
void gex__draw_rect(struct gex__writer *w, double x, double y, double width, double height, const char *style);
/* Opens a text element; the caller puts escaped content and calls gex__draw_text_end(). anchor: start, middle, end. */
void gex__draw_text_begin(struct gex__writer *w, double x, double y, int32_t size, const char *anchor,
                          const char *style);
void gex__draw_text_end(struct gex__writer *w);
void gex__draw_text(struct gex__writer *w, double x, double y, int32_t size, const char *anchor, const char *style,
                    const char *text);

/*
 * Horizontal grid with figures, in thousands, millions or more by the largest value drawn, `size`; the unit's label
 * with that scale is written upwards along the left side.
 */
void gex__draw_value_axis(struct gex__writer *w, const struct gex__panel *panel, double size, const char *label);
/* Vertical grid; figures under the panel when `figures` is set, with the distance from spot beneath. */
void gex__draw_price_axis(struct gex__writer *w, const struct gex__panel *panel, double spot, bool figures);

/* Labels over a panel: each stands beside its own vertical line, in a lane where it touches nothing. */
enum { GEX_LABELS = 12, GEX_LABEL_TEXT = 72, GEX_LANES = 4 };
struct gex__label {
    double      x;     /* of the line */
    double      width; /* of the text */
    bool        solid; /* the line is not dashed */
    bool        beyond; /* what it names lies outside the panel: there is no line, and x is the side it lies to */
    bool        important;
    bool        left;  /* the text stands left of the line */
    int32_t     lane;  /* 0 is the lowest; -1: no place was found, the line stands alone */
    const char *colour;
    char        text[GEX_LABEL_TEXT];
};
struct gex__labels {
    struct gex__label label[GEX_LABELS];
    int32_t           count;
};
/* Take a label; NULL when there is no room. The first taken are placed first. Text that is too long is cut. */
struct gex__label *gex__labels_add(struct gex__labels *labels, double x, const char *colour);
void gex__label_append(struct gex__label *label, const char *text);
/* Choose lanes, as few as will do. Only the left and right of the panel matter. @return how many lanes. */
int32_t gex__labels_place(struct gex__labels *labels, const struct gex__panel *panel);
double  gex__labels_height(int32_t lanes);
/* Draw the texts above the panel and their lines down to its bottom. */
void gex__draw_labels(struct gex__writer *w, const struct gex__labels *labels, const struct gex__panel *panel);

#endif
