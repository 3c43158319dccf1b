/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A field over time. Tables take every so many prices and instants, cells as they are. In the picture a cell's colour
 * is one of ten shades of its sign, even steps of the square root of its share of the largest; a line between two cells
 * of opposite sign says that the quantity is zero somewhere between their prices.
 */
#include "over_time.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "figures.h"

enum { ACROSS = 4, DOWN = 6, SHADES = 10, FIRST_COLUMN = 12, COLUMN = 16 };

static bool is_flow(int32_t quantity)
{
    return quantity >= GEX_FIELD_FLOW && quantity <= GEX_FIELD_LAST_;
}

/* Flows are trades, gamma is held long or short, of the rest the sign says it. */
static const char *sign_word(int32_t quantity, double value)
{
    if (!(value != 0.0))
        return "";
    if (is_flow(quantity))
        return value > 0.0 ? "BUY " : "SELL ";
    if (quantity <= GEX_UNIT_GEX_ADV_PCT)
        return value > 0.0 ? "long " : "short ";
    return value > 0.0 ? "+" : "-";
}

/* k of n + 1 places over `count` values, ends included; fewer values are all taken. */
static int64_t place_of(int64_t k, int64_t n, int64_t count)
{
    return count > n ? k * (count - 1) / n : k;
}

static void put_cell(struct gex__writer *w, int64_t column, int32_t quantity, double value)
{
    char text[8 + GEX_FIGURE_MAX];
    const char *word = sign_word(quantity, value);
    const size_t length = strlen(word);

    memcpy(text, word, length);
    gex__figure_scaled(fabs(value), text + length);
    gex__put_right(w, column, text);
}

/* Whether rows or ticks are too near to one another for minutes to tell them apart. */
static bool by_seconds(const int64_t *instant, int64_t steps)
{
    return steps > 1 && instant[place_of(1, DOWN, steps)] - instant[0] < INT64_C(60) * 1000000000;
}

/* "15:59", or "15:59:10". */
static const char *time_of(int64_t instant, bool seconds, char *text)
{
    gex__figure_time(instant, text);
    if (!seconds)
        text[5] = '\0';
    else if (text[5] == '\0')
        memcpy(text + 5, ":00", sizeof ":00");
    return text;
}

static void put_table(struct gex__writer *w, const gex_field *field, int32_t quantity)
{
    int64_t points, steps;
    const double *price = gex_field_prices(field, &points), *value = gex_field_values(field, quantity, NULL);
    const int64_t *instant = gex_field_instants(field, &steps);
    const int64_t across = points > ACROSS ? ACROSS : points - 1, down = steps > DOWN ? DOWN : steps - 1;
    const bool seconds = by_seconds(instant, steps);
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, gex_field_quantity_label(quantity));
    gex__put_newline(w);
    gex__put_text(w, "  New York");
    for (int64_t k = 0; k <= across; k++)
        gex__put_right(w, FIRST_COLUMN + (k + 1) * COLUMN - 1,
                       gex__figure_price(price[place_of(k, ACROSS, points)], text));
    gex__put_newline(w);
    for (int64_t i = 0; i <= down; i++) {
        const int64_t t = place_of(i, DOWN, steps);

        gex__put_text(w, "  ");
        memcpy(text, gex__figure_day(instant[t], text), 4); /* "Thu " */
        gex__put_bytes(w, text, 4);
        gex__put_text(w, time_of(instant[t], seconds, text));
        for (int64_t k = 0; k <= across; k++)
            put_cell(w, FIRST_COLUMN + (k + 1) * COLUMN - 1, quantity, value[t * points + place_of(k, ACROSS, points)]);
        gex__put_newline(w);
    }
}

void gex__put_field(struct gex__writer *writer, const gex_field *field)
{
    int64_t count;
    const int32_t *quantity = gex_field_quantities(field, &count);

    gex__put_text(writer, "OVER TIME");
    gex__put_newline(writer);
    for (int64_t q = 0; q < count; q++)
        put_table(writer, field, quantity[q]);
}

int32_t gex__field_shown(const gex_field *field)
{
    int64_t count;
    const int32_t *quantity = gex_field_quantities(field, &count);

    for (int64_t q = 0; q < count; q++)
        if (!is_flow(quantity[q]))
            return quantity[q];
    return quantity[0];
}

/* ---- the picture ------------------------------------------------------------------------------------------------- */

/* A colour on its way from white, `shade` of SHADES; negative: the other colour. As an attribute of an element. */
enum { FILL_TEXT = 16 };
static const char *fill_of(int shade, char text[FILL_TEXT])
{
    static const char digit[] = "0123456789abcdef";
    static const uint8_t full[2][3] = {{0x1d, 0x6f, 0xb8}, {0xd9, 0x62, 0x2b}}; /* GEX_LONG, GEX_SHORT */
    const uint8_t *colour = full[shade < 0];
    const int part = shade < 0 ? -shade : shade;

    memcpy(text, "fill=\"#......\"", FILL_TEXT - 1);
    for (int k = 0; k < 3; k++) {
        const int mixed = 255 - (255 - colour[k]) * part / SHADES;
        text[7 + 2 * k] = digit[mixed / 16];
        text[8 + 2 * k] = digit[mixed % 16];
    }
    text[FILL_TEXT - 1] = '\0';
    return text;
}

/* Signed shade, 0: nothing or not a number. */
static int shade_of(double value, double largest)
{
    int shade;

    if (!(fabs(value) > 0.0))
        return 0;
    shade = (int)ceil((double)SHADES * sqrt(fabs(value) / largest));
    shade = shade < 1 ? 1 : shade > SHADES ? SHADES : shade;
    return value > 0.0 ? shade : -shade;
}

/* Half way to the neighbours; the ends reach as far out as in. */
static double edge_of(const double *price, int64_t points, int64_t i)
{
    if (i == 0)
        return price[0] - 0.5 * (price[1] - price[0]);
    if (i == points)
        return price[points - 1] + 0.5 * (price[points - 1] - price[points - 2]);
    return 0.5 * price[i - 1] + 0.5 * price[i];
}

static void draw_block(struct gex__writer *w, const struct gex__panel *panel, double x, double wide, double from,
                       double to, int shade)
{
    char fill[FILL_TEXT];

    gex__draw_rect(w, x, gex__panel_y(panel, to), wide, gex__panel_y(panel, from) - gex__panel_y(panel, to),
                   fill_of(shade, fill));
}

/* What the colours say, under the panel: in words, and all shades in a row with the values at its ends. */
static void draw_legend(struct gex__writer *w, const struct gex__panel *panel, double largest)
{
    const double step = 10.0, begin = panel->right - 70.0 - (2 * SHADES + 1) * step, top = panel->bottom + 40.0;
    char text[GEX_FIGURE_MAX]; /* holds an attribute too */

    gex__draw_text(w, panel->left, top + 10.0, 12, "start", "fill=\"" GEX_SOFT "\"",
                   "violet: it changes sign; shades go with the square root");
    for (int shade = -SHADES; shade <= SHADES; shade++)
        gex__draw_rect(w, begin + (shade + SHADES) * step, top, step, 11.0, fill_of(shade, text));
    gex__draw_text(w, begin - 6.0, top + 10.0, 12, "end", "fill=\"" GEX_SOFT "\"", gex__figure_scaled(-largest, text));
    gex__draw_text_begin(w, begin + (2 * SHADES + 1) * step + 6.0, top + 10.0, 12, "start", "fill=\"" GEX_SOFT "\"");
    gex__put_text(w, "+");
    gex__put_text(w, gex__figure_scaled(largest, text));
    gex__draw_text_end(w);
}

/* One instant: runs of a shade are one rectangle, and zeros between neighbours a line. */
static void draw_instant(struct gex__writer *w, const struct gex__panel *panel, const double *price,
                         const double *value, int64_t points, double largest, double x, double wide)
{
    for (int64_t first = 0, end; first < points; first = end) {
        const int shade = shade_of(value[first], largest);

        for (end = first + 1; end < points && shade_of(value[end], largest) == shade; end++)
            ;
        if (shade != 0)
            draw_block(w, panel, x, wide, edge_of(price, points, first), edge_of(price, points, end), shade);
    }
    for (int64_t p = 1; p < points; p++)
        if (value[p - 1] * value[p] < 0.0) {
            const double y = gex__panel_y(panel, edge_of(price, points, p));
            gex__draw_line(w, x, y, x + wide, y, "stroke=\"" GEX_FLIP "\" stroke-width=\"2.5\"");
        }
}

static void draw_frame(struct gex__writer *w, const gex_field *field, int32_t quantity, const struct gex__panel *panel,
                       double largest)
{
    const double spot = gex_market_spot(gex_field_market(field)), y = gex__panel_y(panel, spot);
    char text[GEX_FIGURE_MAX];

    gex__draw_line(w, panel->left, y, panel->right, y, "stroke=\"" GEX_INK "\" stroke-dasharray=\"5 4\"");
    gex__draw_text_begin(w, panel->left + 6.0, y - 5.0, 12, "start", "fill=\"" GEX_INK "\"");
    gex__put_text(w, "spot ");
    gex__put_text(w, gex__figure_price(spot, text));
    gex__draw_text_end(w);
    gex__draw_text_begin(w, panel->left, panel->top - 8.0, 13, "start", "fill=\"" GEX_INK "\"");
    gex__put_text(w, gex_field_quantity_name(quantity));
    gex__put_text(w, " over price and New York time, ");
    gex__put_text(w, gex_field_quantity_label(quantity));
    gex__draw_text_end(w);
    draw_legend(w, panel, largest);
}

static void draw_axes(struct gex__writer *w, const gex_field *field, const struct gex__panel *panel, double wide)
{
    int64_t points, steps;
    const double *price = gex_field_prices(field, &points);
    const int64_t *instant = gex_field_instants(field, &steps);
    const int64_t across = points > ACROSS ? ACROSS : points - 1, along = steps > DOWN ? DOWN : steps - 1;
    char text[GEX_FIGURE_MAX];

    for (int64_t k = 0; k <= across; k++) {
        const double at = price[place_of(k, ACROSS, points)];
        gex__draw_text(w, panel->left - 8.0, gex__panel_y(panel, at) + 4.0, 12, "end", "fill=\"" GEX_SOFT "\"",
                       gex__figure_price(at, text));
    }
    for (int64_t k = 0; k <= along; k++) {
        const int64_t t = place_of(k, DOWN, steps);
        const double x = panel->left + ((double)t + 0.5) * wide;

        gex__draw_text(w, x, panel->bottom + 16.0, 12, "middle", "fill=\"" GEX_SOFT "\"",
                       time_of(instant[t], by_seconds(instant, steps), text));
        gex__figure_day(instant[t], text);
        text[10] = '\0'; /* "Wed 10 Mar": the head says the year */
        gex__draw_text(w, x, panel->bottom + 31.0, 11, "middle", "fill=\"" GEX_SOFT "\"", text);
    }
}

void gex__draw_field(struct gex__writer *writer, const gex_field *field, int32_t quantity, struct gex__panel *panel)
{
    int64_t points, steps;
    const double *price = gex_field_prices(field, &points), *value = gex_field_values(field, quantity, NULL);
    double largest = 0.0, wide;

    gex_field_instants(field, &steps);
    if (points < 2)
        return; /* no height to draw in */
    for (int64_t i = 0; i < points * steps; i++)
        largest = isfinite(value[i]) ? fmax(largest, fabs(value[i])) : largest;
    panel->y_low = edge_of(price, points, 0);
    panel->y_high = edge_of(price, points, points);
    wide = (panel->right - panel->left) / (double)steps;
    for (int64_t t = 0; t < steps && largest > 0.0; t++)
        draw_instant(writer, panel, price, value + t * points, points, largest, panel->left + (double)t * wide, wide);
    draw_frame(writer, field, quantity, panel, largest);
    draw_axes(writer, field, panel, wide);
}
