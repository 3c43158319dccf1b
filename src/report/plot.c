/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "figures.h"
#include "plot.h"

enum { AXIS_TEXT = 12, AXIS_TITLE = 160, TICKS_MAX = 40 };

static const double lane_height = 17.0;

/* Where a value lies between two others, 0 to 1; 0 when doubles cannot tell. */
static double share(double value, double low, double high)
{
    const double part = (value - low) / (high - low);
    return isfinite(part) ? part : 0.0;
}

double gex__panel_x(const struct gex__panel *panel, double value)
{
    return panel->left + (panel->right - panel->left) * share(value, panel->x_low, panel->x_high);
}

double gex__panel_y(const struct gex__panel *panel, double value)
{
    return panel->bottom - (panel->bottom - panel->top) * share(value, panel->y_low, panel->y_high);
}

void gex__panel_fit(struct gex__panel *panel, double low, double high)
{
    const double air = 0.07;

    low = low < 0.0 ? low : 0.0;
    high = high > 0.0 ? high : 0.0;
    if (!(high > low)) { /* all zero: a scale has to have a length */
        low = -1.0;
        high = 1.0;
    }
    panel->y_low = low - air * (high - low);
    panel->y_high = high + air * (high - low);
}

/* ---- elements ------------------------------------------------------------------------------------------------- */

/* ` name="12.34"`: a hundredth of a pixel is enough for any screen. */
static void attribute(struct gex__writer *w, const char *name, double value)
{
    gex__put_text(w, " ");
    gex__put_text(w, name);
    gex__put_text(w, "=\"");
    gex__put_plain(w, value, 2);
    gex__put_text(w, "\"");
}

static void style_and_end(struct gex__writer *w, const char *style, const char *end)
{
    gex__put_text(w, " ");
    gex__put_text(w, style);
    gex__put_text(w, end);
}

void gex__draw_line(struct gex__writer *w, double x1, double y1, double x2, double y2, const char *style)
{
    gex__put_text(w, "<line");
    attribute(w, "x1", x1);
    attribute(w, "y1", y1);
    attribute(w, "x2", x2);
    attribute(w, "y2", y2);
    style_and_end(w, style, "/>\n");
}

void gex__draw_rect(struct gex__writer *w, double x, double y, double width, double height, const char *style)
{
    gex__put_text(w, "<rect");
    attribute(w, "x", x);
    attribute(w, "y", y);
    attribute(w, "width", width);
    attribute(w, "height", height);
    style_and_end(w, style, "/>\n");
}

void gex__draw_text_begin(struct gex__writer *w, double x, double y, int32_t size, const char *anchor,
                          const char *style)
{
    gex__put_text(w, "<text");
    attribute(w, "x", x);
    attribute(w, "y", y);
    gex__put_text(w, " font-size=\"");
    gex__put_count(w, size);
    gex__put_text(w, "\" text-anchor=\"");
    gex__put_text(w, anchor);
    gex__put_text(w, "\"");
    style_and_end(w, style, ">");
}

void gex__draw_text_end(struct gex__writer *w)
{
    gex__put_text(w, "</text>\n");
}

void gex__draw_text(struct gex__writer *w, double x, double y, int32_t size, const char *anchor, const char *style,
                    const char *text)
{
    gex__draw_text_begin(w, x, y, size, anchor, style);
    gex__put_xml_text(w, text, (int64_t)strlen(text));
    gex__draw_text_end(w);
}

/* ---- axes ----------------------------------------------------------------------------------------------------- */

/* Places that a multiple of the step needs: 0 for 250, 1 for 0.5, 2 for 0.25. */
static int32_t step_places(double step)
{
    int32_t places = 0;

    while (places < 6 && fabs(step - round(step)) > 1e-9 * step) {
        step *= 10.0;
        places++;
    }
    return places;
}

/* The scale of a value axis: figures from 1 to 999, with the word for it. */
static double axis_scale(double size, const char **word)
{
    static const struct {
        double      scale;
        const char *word;
    } scales[] = {{1e12, "tn "}, {1e9, "bn "}, {1e6, "m "}, {1e3, "k "}};

    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
        if (size >= scales[i].scale) {
            *word = scales[i].word;
            return scales[i].scale;
        }
    *word = "";
    return 1.0;
}

/* "USD bn per 1 % of spot", "shares k per ..." reads badly: other units put the scale in front. */
static void axis_title(char *title, size_t space, const char *word, const char *label)
{
    const bool money = strncmp(label, "USD ", 4) == 0 || strcmp(label, "USD") == 0;
    const char *rest = money ? label + (label[3] == ' ' ? 4 : 3) : label;
    const char *parts[3] = {money ? "USD " : word, money ? word : "", rest};
    size_t used = 0;

    for (int32_t i = 0; i < 3; i++) {
        const size_t length = strlen(parts[i]), part = length < space - 1 - used ? length : space - 1 - used;
        memcpy(title + used, parts[i], part);
        used += part;
    }
    title[used] = '\0';
}

void gex__draw_value_axis(struct gex__writer *w, const struct gex__panel *panel, double size, const char *label)
{
    const char *word;
    const double scale = axis_scale(size, &word);
    const double step = gex__nice_step((panel->y_high - panel->y_low) / scale / 6.0);
    const double middle = (panel->top + panel->bottom) / 2.0, title_x = panel->left - 66.0;
    double k = ceil(panel->y_low / scale / step);
    char text[GEX_FIGURE_MAX], title[AXIS_TITLE];

    for (int32_t tick = 0; tick < TICKS_MAX && k * step * scale <= panel->y_high; tick++, k += 1.0) {
        const double y = gex__panel_y(panel, k * step * scale);
        gex__draw_line(w, panel->left, y, panel->right, y, "stroke=\"" GEX_GRID "\"");
        gex__draw_text(w, panel->left - 8.0, y + 4.0, AXIS_TEXT, "end", "fill=\"" GEX_SOFT "\"",
                       k == 0.0 ? "0" : gex__figure_signed(k * step, step_places(step), text));
    }
    axis_title(title, sizeof title, word, label);
    gex__put_text(w, "<g transform=\"translate(");
    gex__put_plain(w, title_x, 2);
    gex__put_text(w, " ");
    gex__put_plain(w, middle, 2);
    gex__put_text(w, ") rotate(-90)\">");
    gex__draw_text(w, 0.0, 0.0, AXIS_TEXT, "middle", "fill=\"" GEX_INK "\"", title);
    gex__put_text(w, "</g>\n");
}

void gex__draw_price_axis(struct gex__writer *w, const struct gex__panel *panel, double spot, bool figures)
{
    const double step = gex__nice_step((panel->x_high - panel->x_low) / 12.0);
    const int32_t places = step_places(step);
    double k = ceil(panel->x_low / step);
    char text[GEX_FIGURE_MAX];

    for (int32_t tick = 0; tick < TICKS_MAX && k * step <= panel->x_high; tick++, k += 1.0) {
        const double x = gex__panel_x(panel, k * step);
        gex__draw_line(w, x, panel->top, x, panel->bottom, "stroke=\"" GEX_GRID "\"");
        if (!figures)
            continue;
        gex__draw_line(w, x, panel->bottom, x, panel->bottom + 5.0, "stroke=\"" GEX_SOFT "\"");
        gex__draw_text(w, x, panel->bottom + 19.0, AXIS_TEXT, "middle", "fill=\"" GEX_INK "\"",
                       gex__figure_fixed(k * step, places, text));
        gex__draw_text_begin(w, x, panel->bottom + 34.0, 11, "middle", "fill=\"" GEX_SOFT "\"");
        gex__put_text(w, gex__figure_signed((k * step / spot - 1.0) * 100.0, 1, text));
        gex__put_text(w, " %");
        gex__draw_text_end(w);
    }
}

/* ---- labels --------------------------------------------------------------------------------------------------- */

struct gex__label *gex__labels_add(struct gex__labels *labels, double x, const char *colour)
{
    struct gex__label *label;

    if (labels->count == GEX_LABELS)
        return NULL;
    label = &labels->label[labels->count++];
    memset(label, 0, sizeof *label);
    label->x = x;
    label->colour = colour;
    label->lane = -1;
    return label;
}

void gex__label_append(struct gex__label *label, const char *text)
{
    const size_t used = strlen(label->text), length = strlen(text);
    const size_t room = sizeof label->text - 1 - used;

    memcpy(label->text + used, text, length < room ? length : room);
    label->width = 7.3 * (double)strlen(label->text); /* at 12 px, by the widest common sans-serif */
}

static const double beside = 5.0; /* between a line and its text */

/* From where to where the text itself goes. */
static void extent(const struct gex__label *label, double *from, double *to)
{
    *from = label->left ? label->x - beside - label->width : label->x + beside;
    *to = *from + label->width;
}

/* Does the line of one label go between the line and the end of the text of another? Lines run from their lane down. */
static bool crosses(const struct gex__label *text, const struct gex__label *line)
{
    double from, to;

    extent(text, &from, &to);
    if (text->lane > line->lane)
        return false;
    return text->left ? line->x > from - 2.0 && line->x < text->x : line->x > text->x && line->x < to + 2.0;
}

static bool touches(const struct gex__label *a, const struct gex__label *b)
{
    double a_from, a_to, b_from, b_to;

    extent(a, &a_from, &a_to);
    extent(b, &b_from, &b_to);
    return (a->lane == b->lane && a_from < b_to + 4.0 && b_from < a_to + 4.0) || crosses(a, b) || crosses(b, a);
}

static bool fits(const struct gex__labels *labels, int32_t which, const struct gex__panel *panel)
{
    double from, to;

    extent(&labels->label[which], &from, &to);
    if (from < panel->left - 40.0 || to > panel->right + 30.0)
        return false;
    for (int32_t i = 0; i < labels->count; i++)
        if (i != which && labels->label[i].lane >= 0 && touches(&labels->label[which], &labels->label[i]))
            return false;
    return true;
}

/* The highest free lane, so that the lines of those who come later pass under this text. */
static bool place(struct gex__labels *labels, int32_t which, int32_t lanes, const struct gex__panel *panel)
{
    struct gex__label *label = &labels->label[which];
    const bool outward = label->x < (panel->left + panel->right) / 2.0;

    for (int32_t lane = lanes - 1; lane >= 0; lane--) {
        label->lane = lane;
        for (int32_t turn = 0; turn < 2; turn++) {
            label->left = turn == 0 ? outward : !outward;
            if (fits(labels, which, panel))
                return true;
        }
    }
    label->lane = -1;
    return false;
}

/* All of them, beginning with one. @return how many found a place; one that is important counts for more than all that
 * are not. */
static int32_t place_all(struct gex__labels *labels, int32_t first, int32_t lanes, const struct gex__panel *panel)
{
    int32_t placed = 0;

    for (int32_t i = 0; i < labels->count; i++)
        labels->label[i].lane = -1;
    for (int32_t i = 0; i < labels->count; i++)
        placed += place(labels, (first + i) % labels->count, lanes, panel);
    for (int32_t i = 0; i < labels->count; i++)
        placed += labels->label[i].lane >= 0 && labels->label[i].important ? GEX_LABELS : 0;
    return placed;
}

int32_t gex__labels_place(struct gex__labels *labels, const struct gex__panel *panel)
{
    int32_t best = -1, best_first = 0, best_lanes = 1;

    for (int32_t lanes = 1; lanes <= GEX_LANES; lanes++)
        for (int32_t first = 0; first < labels->count; first++) {
            const int32_t placed = place_all(labels, first, lanes, panel);
            if (placed > best) {
                best = placed;
                best_first = first;
                best_lanes = lanes;
            }
        }
    if (labels->count > 0)
        place_all(labels, best_first, best_lanes, panel);
    return labels->count > 0 ? best_lanes : 0;
}

double gex__labels_height(int32_t lanes)
{
    return lane_height * lanes;
}

void gex__draw_labels(struct gex__writer *w, const struct gex__labels *labels, const struct gex__panel *panel)
{
    for (int32_t i = 0; i < labels->count; i++) {
        const struct gex__label *label = &labels->label[i];
        const double y = label->lane < 0 ? panel->top : panel->top - 6.0 - lane_height * label->lane;

        gex__put_text(w, "<g fill=\"");
        gex__put_text(w, label->colour);
        gex__put_text(w, "\" stroke=\"");
        gex__put_text(w, label->colour);
        gex__put_text(w, "\">\n");
        if (!label->beyond)
            gex__draw_line(w, label->x, label->lane < 0 ? y : y - 11.0, label->x, panel->bottom,
                           label->solid ? "stroke-width=\"1.6\"" : "stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
        if (label->lane >= 0)
            gex__draw_text(w, label->left ? label->x - beside : label->x + beside, y, 12, label->left ? "end" : "start",
                           "stroke=\"none\"", label->text);
        gex__put_text(w, "</g>\n");
    }
}
