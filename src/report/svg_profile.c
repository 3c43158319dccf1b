/* SPDX-License-Identifier: Apache-2.0 */
/* Upper panel of the picture: exposure over price, with spot, flips and one day's move. */
#include <math.h>

#include "figures.h"
#include "svg_panels.h"

static void put_point(struct gex__writer *w, const struct gex__panel *panel, double price, double value)
{
    gex__put_text(w, " ");
    gex__put_plain(w, gex__panel_x(panel, price), 2);
    gex__put_text(w, " ");
    gex__put_plain(w, gex__panel_y(panel, value), 2);
}

/* Value of the curve at a price between two points of the grid. */
static double between(const double *x, const double *y, int64_t i, double price)
{
    return y[i] + (y[i + 1] - y[i]) * (price - x[i]) / (x[i + 1] - x[i]);
}

/* First and last grid points to draw: the window and one beyond, clipped by put_curve. */
struct span {
    const double *x, *y;
    int64_t       first, last;
};

static void range_of(const struct span *s, const struct gex__panel *panel, double *low, double *high)
{
    *low = *high = 0.0;
    for (int64_t i = s->first; i <= s->last; i++) {
        if (s->x[i] < panel->x_low || s->x[i] > panel->x_high || !isfinite(s->y[i]))
            continue;
        *low = s->y[i] < *low ? s->y[i] : *low;
        *high = s->y[i] > *high ? s->y[i] : *high;
    }
}

/* The curve as points of a path, its part of one sign only when `sign` is not 0; cut at the sides of the panel. */
static void put_curve(struct gex__writer *w, const struct span *s, const struct gex__panel *panel, double sign)
{
    for (int64_t i = s->first; i < s->last; i++) {
        double x0 = s->x[i], x1 = s->x[i + 1], y0 = s->y[i], y1 = s->y[i + 1];
        if (!isfinite(y0) || !isfinite(y1) || x1 <= panel->x_low || x0 >= panel->x_high)
            continue;
        if (x0 < panel->x_low) {
            y0 = between(s->x, s->y, i, panel->x_low);
            x0 = panel->x_low;
        }
        if (x1 > panel->x_high) {
            y1 = between(s->x, s->y, i, panel->x_high);
            x1 = panel->x_high;
        }
        put_point(w, panel, x0, sign * y0 < 0.0 ? 0.0 : y0);
        if (sign != 0.0 && y0 * y1 < 0.0)
            put_point(w, panel, x0 + (x1 - x0) * y0 / (y0 - y1), 0.0);
        put_point(w, panel, x1, sign * y1 < 0.0 ? 0.0 : y1);
    }
}

static void draw_area(struct gex__writer *w, const struct span *s, const struct gex__panel *panel, double sign,
                      const char *fill)
{
    gex__put_text(w, "<path fill=\"");
    gex__put_text(w, fill);
    gex__put_text(w, "\" d=\"M");
    put_point(w, panel, panel->x_low, 0.0);
    gex__put_text(w, " L");
    put_curve(w, s, panel, sign);
    put_point(w, panel, panel->x_high, 0.0);
    gex__put_text(w, " Z\"/>\n");
}

static void label_price(struct gex__label *label, const char *before, double price, const char *after)
{
    char text[GEX_FIGURE_MAX];

    if (label == NULL)
        return;
    gex__label_append(label, before);
    gex__label_append(label, gex__figure_price(price, text));
    gex__label_append(label, after);
}

static void profile_labels(const struct gex__facts *f, const struct gex__panel *panel, struct gex__labels *labels)
{
    const int64_t nearest = gex_flips_nearest(f->flips);

    label_price(gex__labels_add(labels, gex__panel_x(panel, f->spot), GEX_INK), "spot ", f->spot, "");
    labels->label[0].solid = labels->label[0].important = true;
    if (nearest >= 0 && f->flip >= panel->x_low && f->flip <= panel->x_high) {
        label_price(gex__labels_add(labels, gex__panel_x(panel, f->flip), GEX_FLIP), "gamma flip ", f->flip,
                    f->flip_direction == GEX_UP ? ", long above" : ", short above");
        labels->label[1].important = true;
    }
    for (int64_t i = 0; i < gex_flips_count(f->flips); i++) {
        const double price = gex_flips_price(f->flips, i);
        if (i != nearest && gex_flips_root_status(f->flips, i) == GEX_ROOT_FOUND && price >= panel->x_low &&
            price <= panel->x_high)
            label_price(gex__labels_add(labels, gex__panel_x(panel, price), GEX_FLIP), "flip ", price, "");
    }
}

/* How far one day's move reaches: a bar on the floor of the panel, its name on the side without a flip. */
static void draw_sigma(struct gex__writer *w, const struct gex__facts *f, const struct gex__panel *panel,
                       const struct gex__labels *labels)
{
    const double sigma = gex_map_daily_sigma(f->map), y = panel->bottom - 5.0, reach_of_text = 150.0;
    const double from = gex__panel_x(panel, f->spot - sigma), to = gex__panel_x(panel, f->spot + sigma);
    bool crossed = false;

    if (!(from > panel->left) || !(to < panel->right))
        return;
    for (int32_t i = 0; i < labels->count; i++)
        crossed = crossed || (labels->label[i].x > to && labels->label[i].x < to + reach_of_text);
    gex__draw_line(w, from, y, to, y, "stroke=\"" GEX_SOFT "\" stroke-width=\"3\"");
    gex__draw_text(w, crossed ? from - 6.0 : to + 6.0, y + 3.0, 11, crossed ? "end" : "start", "fill=\"" GEX_SOFT "\"",
                   "1 daily sigma each way");
}

void gex__draw_profile(struct gex__writer *w, const struct gex__facts *f, struct gex__panel *panel)
{
    const gex_profile *profile = gex_map_profile_in_unit(f->map);
    const double frame = panel->right - panel->left;
    struct span span = {gex_profile_prices(profile, NULL), gex_profile_values(profile, NULL), 0, 0};
    struct gex__labels labels = {.count = 0};
    double low, high;

    gex_profile_prices(profile, &span.last);
    span.last--;
    profile_labels(f, panel, &labels);
    panel->top += gex__labels_height(gex__labels_place(&labels, panel));
    range_of(&span, panel, &low, &high);
    gex__panel_fit(panel, low, high);
    draw_area(w, &span, panel, 1.0, GEX_LONG_TINT);
    draw_area(w, &span, panel, -1.0, GEX_SHORT_TINT);
    gex__draw_price_axis(w, panel, f->spot, false);
    gex__draw_value_axis(w, panel, high > -low ? high : -low, gex_unit_label(gex_exposure_unit(f->in_unit)));
    gex__draw_line(w, panel->left, gex__panel_y(panel, 0.0), panel->right, gex__panel_y(panel, 0.0),
                   "stroke=\"" GEX_INK "\" stroke-width=\"1.2\"");
    if (low < 0.0 || high > 0.0) {
        gex__put_text(w, "<polyline fill=\"none\" stroke=\"" GEX_INK "\" stroke-width=\"2\" stroke-linejoin=\"round\" "
                         "points=\"");
        put_curve(w, &span, panel, 0.0);
        gex__put_text(w, "\"/>\n");
    } else {
        gex__draw_text(w, panel->left + frame / 2.0, gex__panel_y(panel, 0.5), 18, "middle", "fill=\"" GEX_SOFT "\"",
                       gex_exposure_gross(f->in_unit) > 0.0 ? "exposures cancel at every price"
                                                            : "no contract has an exposure");
    }
    draw_sigma(w, f, panel, &labels);
    gex__draw_labels(w, &labels, panel);
}
