/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The picture: exposure over price on top with spot and flips, exposure by strike below with the walls, one price axis.
 * SVG 1.1 with nothing outside it: no script, no style sheet, no font but the viewer's sans-serif.
 */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "facts.h"
#include "figures.h"
#include "over_time.h"
#include "odds.h"
#include "plot.h"
#include "writer.h"

enum { BARS = 320 };

static const double width = 1200.0, left = 96.0, right = 1168.0;
enum { HEIGHT = 820, FIELD_HEIGHT = 340 }; /* of the picture, and what a field adds to it */

/* Strikes of the window, summed in steps wide enough to be seen. */
struct bars {
    double  first, step; /* cell i is centred on first + i * step */
    int64_t count;
    bool    summed; /* some cell holds more than one strike */
    double  centre[BARS], call[BARS], put[BARS];
};

/* ---- what is shown -------------------------------------------------------------------------------------------- */

/* Share of the gross exposure at strikes within `radius` of spot. */
static double share_within(const struct gex__facts *f, const double *gross, const double *strike, double radius)
{
    double inside = 0.0, all = 0.0;

    for (int64_t i = 0; i < f->strikes; i++) {
        if (f->used_by_strike[i] == 0 || !isfinite(gross[i]))
            continue;
        all += gross[i];
        if (fabs(strike[i] - f->spot) <= radius)
            inside += gross[i];
    }
    return all > 0.0 ? inside / all : 1.0;
}

static double reach(double radius, double price, double spot)
{
    const double distance = 1.15 * fabs(price - spot);
    return distance > radius ? distance : radius; /* false for NaN */
}

/* Half the width of the price axis: 90 % of gross exposure, the flips and walls, within 4 % to 20 % of spot. */
static double window(const struct gex__facts *f)
{
    static const int32_t walls[] = {GEX_LEVEL_CALL_WALL_NET, GEX_LEVEL_PUT_WALL_NET, GEX_LEVEL_ABS_GAMMA};
    const double *gross = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_GROSS, NULL);
    const double *strike = gex_chain_strikes(f->chain, NULL);
    double low = 0.04 * f->spot, high = 0.2 * f->spot, price;

    for (int32_t i = 0; i < 24; i++) {
        const double middle = (low + high) / 2.0;
        if (share_within(f, gross, strike, middle) < 0.90)
            low = middle;
        else
            high = middle;
    }
    for (int64_t i = 0; i < gex_flips_count(f->flips); i++)
        if (gex_flips_root_status(f->flips, i) == GEX_ROOT_FOUND && gex_flips_size(f->flips, i) >= 0.02)
            high = reach(high, gex_flips_price(f->flips, i), f->spot);
    for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++)
        if (gex_level(f->gamma, walls[i], &price, NULL, NULL) == GEX_OK)
            high = reach(high, price, f->spot);
    return high < 0.2 * f->spot ? high : 0.2 * f->spot;
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

/* ---- the profile ---------------------------------------------------------------------------------------------- */

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

static void draw_profile(struct gex__writer *w, const struct gex__facts *f, struct gex__panel *panel)
{
    const gex_profile *profile = gex_map_profile_in_unit(f->map);
    const double frame = panel->right - panel->left;
    struct span span = {gex_profile_prices(profile, NULL), gex_profile_values(profile, NULL), 0, 0};
    struct gex__labels labels = {.count = 0};
    double low, high, scale;
    const char *word;
    char title[160];

    gex_profile_prices(profile, &span.last);
    span.last--;
    profile_labels(f, panel, &labels);
    panel->top += gex__labels_height(gex__labels_place(&labels, panel));
    range_of(&span, panel, &low, &high);
    gex__panel_fit(panel, low, high);
    scale = axis_scale(high > -low ? high : -low, &word);
    axis_title(title, sizeof title, word, gex_unit_label(gex_exposure_unit(f->in_unit)));
    draw_area(w, &span, panel, 1.0, GEX_LONG_TINT);
    draw_area(w, &span, panel, -1.0, GEX_SHORT_TINT);
    gex__draw_price_axis(w, panel, f->spot, false);
    gex__draw_value_axis(w, panel, scale, title);
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

/* ---- by strike ------------------------------------------------------------------------------------------------ */

/* Least distance between neighbouring strikes of the window, 0 when there are not two. */
static double least_gap(const struct gex__facts *f, const struct gex__panel *panel)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    double last = (double)NAN, gap = 0.0;

    for (int64_t i = 0; i < f->strikes; i++) {
        if (f->used_by_strike[i] == 0 || strike[i] < panel->x_low || strike[i] > panel->x_high)
            continue;
        if (strike[i] - last < gap || gap == 0.0)
            gap = strike[i] - last > 0.0 ? strike[i] - last : 0.0; /* NaN at the first */
        last = strike[i];
    }
    return gap;
}

/* The spacing of the strikes, or so many of them together that the bars can be told apart: 5, 25, 100, 500. */
static double bar_step(const struct gex__facts *f, const struct gex__panel *panel)
{
    const double range = panel->x_high - panel->x_low, gap = least_gap(f, panel);
    const double least = range / (double)(BARS - 4);
    double step = gex__nice_step(gap > range * 1e-5 ? gap * 0.999 : least); /* a gap is nice but for its rounding */

    for (int32_t i = 0; step < least && i < 8; i++) { /* three do, where doubles are fine enough */
        const double mantissa = step / pow(10.0, floor(log10(step * 1.001)));
        step *= mantissa > 2.2 && mantissa < 2.8 ? 4.0 : 5.0;
    }
    return step < range / 40.0 ? step : gex__nice_step(range / 80.0);
}

static void gather_bars(const struct gex__facts *f, const struct gex__panel *panel, struct bars *bars)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *call = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_CALL, NULL);
    const double *put = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_PUT, NULL);
    double last = -1.0, cells;

    memset(bars, 0, sizeof *bars);
    bars->step = bar_step(f, panel);
    bars->first = ceil(panel->x_low / bars->step + 0.5) * bars->step; /* whole bars only */
    cells = floor((panel->x_high - bars->first) / bars->step + 0.5);
    bars->count = cells > 0.0 && cells <= (double)BARS ? (int64_t)cells : 0; /* 0: doubles too coarse for a grid */
    for (int64_t i = 0; i < f->strikes; i++) {
        const double place = round((strike[i] - bars->first) / bars->step);
        if (f->used_by_strike[i] == 0 || !(place >= 0.0) || place >= (double)bars->count)
            continue;
        bars->summed = bars->summed || place == last; /* strikes ascend */
        last = place;
        bars->centre[(int64_t)place] = strike[i];
        bars->call[(int64_t)place] += call[i];
        bars->put[(int64_t)place] += put[i];
    }
    for (int64_t i = 0; i < bars->count && bars->summed; i++)
        bars->centre[i] = bars->first + (double)i * bars->step;
}

/* Calls and puts stand on each other where they agree in sign; a solid bar is their sum. */
static void draw_bar(struct gex__writer *w, const struct gex__panel *panel, double centre, double wide, double call,
                     double put)
{
    const double above = (call > 0.0 ? call : 0.0) + (put > 0.0 ? put : 0.0);
    const double below = (call < 0.0 ? call : 0.0) + (put < 0.0 ? put : 0.0);
    const double net = call + put, zero = gex__panel_y(panel, 0.0), x = gex__panel_x(panel, centre) - wide / 2.0;
    const double y = gex__panel_y(panel, net);

    if (above > 0.0)
        gex__draw_rect(w, x, gex__panel_y(panel, above), wide, zero - gex__panel_y(panel, above),
                       "fill=\"" GEX_LONG_TINT "\"");
    if (below < 0.0)
        gex__draw_rect(w, x, zero, wide, gex__panel_y(panel, below) - zero, "fill=\"" GEX_SHORT_TINT "\"");
    if (net > 0.0)
        gex__draw_rect(w, x, y, wide, zero - y, "fill=\"" GEX_LONG "\"");
    if (net < 0.0)
        gex__draw_rect(w, x, zero, wide, y - zero, "fill=\"" GEX_SHORT "\"");
}

/* Walls at one strike share a label. The spot has its line, and its label in the panel above. */
static void wall_labels(const struct gex__facts *f, const struct gex__panel *panel, struct gex__labels *labels)
{
    static const struct {
        int32_t     level;
        const char *name, *colour;
    } walls[] = {{GEX_LEVEL_CALL_WALL_NET, "call wall", GEX_LONG},
                 {GEX_LEVEL_PUT_WALL_NET, "put wall", GEX_SHORT},
                 {GEX_LEVEL_ABS_GAMMA, "most gamma", GEX_SOFT}};
    double price[3];
    char text[GEX_FIGURE_MAX];

    for (int32_t i = 0; i < 3; i++) {
        struct gex__label *label;
        bool shared = false;
        if (gex_level(f->gamma, walls[i].level, &price[i], NULL, NULL) != GEX_OK)
            price[i] = (double)NAN;
        for (int32_t k = 0; k < i; k++)
            shared = shared || price[k] == price[i];
        if (shared || !(price[i] >= panel->x_low) || price[i] > panel->x_high)
            continue;
        label = gex__labels_add(labels, gex__panel_x(panel, price[i]), walls[i].colour);
        gex__label_append(label, walls[i].name);
        for (int32_t k = i + 1; k < 3; k++) {
            double other;
            if (gex_level(f->gamma, walls[k].level, &other, NULL, NULL) != GEX_OK || other != price[i])
                continue;
            gex__label_append(label, ", ");
            gex__label_append(label, walls[k].name);
        }
        gex__label_append(label, " ");
        gex__label_append(label, gex__figure_strike(price[i], text));
    }
}

static void draw_strikes(struct gex__writer *w, const struct gex__facts *f, struct gex__panel *panel)
{
    struct gex__labels labels = {.count = 0};
    struct bars bars;
    double low = 0.0, high = 0.0, scale, wide;
    const char *word;
    char title[160], text[GEX_FIGURE_MAX];

    wall_labels(f, panel, &labels);
    panel->top += gex__labels_height(gex__labels_place(&labels, panel));
    gather_bars(f, panel, &bars);
    for (int64_t i = 0; i < bars.count; i++) {
        const double above = (bars.call[i] > 0.0 ? bars.call[i] : 0.0) + (bars.put[i] > 0.0 ? bars.put[i] : 0.0);
        const double below = (bars.call[i] < 0.0 ? bars.call[i] : 0.0) + (bars.put[i] < 0.0 ? bars.put[i] : 0.0);
        high = above > high ? above : high;
        low = below < low ? below : low;
    }
    gex__panel_fit(panel, low, high);
    scale = axis_scale(high > -low ? high : -low, &word);
    axis_title(title, sizeof title, word, gex_unit_label(gex_exposure_unit(f->in_unit)));
    gex__draw_price_axis(w, panel, f->spot, true);
    gex__draw_value_axis(w, panel, scale, title);
    wide = 0.76 * (panel->right - panel->left) * bars.step / (panel->x_high - panel->x_low);
    wide = wide > 3.2 ? wide : 3.2;
    gex__draw_line(w, gex__panel_x(panel, f->spot), panel->top, gex__panel_x(panel, f->spot), panel->bottom,
                   "stroke=\"" GEX_INK "\" stroke-width=\"1.6\"");
    gex__draw_labels(w, &labels, panel);
    for (int64_t i = 0; i < bars.count; i++)
        draw_bar(w, panel, bars.centre[i], wide, bars.call[i], bars.put[i]);
    gex__draw_line(w, panel->left, gex__panel_y(panel, 0.0), panel->right, gex__panel_y(panel, 0.0),
                   "stroke=\"" GEX_INK "\" stroke-width=\"1.2\"");
    gex__draw_text_begin(w, panel->right, panel->bottom + 52.0, 12, "end", "fill=\"" GEX_SOFT "\"");
    gex__put_text(w, "by strike at today's spot, calls and puts light, their sum solid");
    if (bars.summed) {
        gex__put_text(w, "; strikes summed in steps of ");
        gex__put_text(w, gex__figure_strike(bars.step, text));
    }
    gex__draw_text_end(w);
    gex__draw_text(w, panel->left, panel->bottom + 52.0, 12, "start", "fill=\"" GEX_INK "\"",
                   "price of the underlying, or strike, with its distance from spot");
}

/* ---- words around it ------------------------------------------------------------------------------------------ */

static void put_flow_at(struct gex__writer *w, const struct gex__facts *f, double move, const char **separator)
{
    int64_t count = 0;
    const double *moves = gex_map_moves(f->map, &count);
    const double *usd = gex_flow_column(gex_map_flow(f->map), GEX_FLOW_USD_AT_START);
    char text[GEX_FIGURE_MAX];

    for (int64_t i = 0; i < count; i++) {
        if (moves[i] != move || !isfinite(usd[i]))
            continue;
        gex__put_text(w, *separator);
        *separator = " \xC2\xB7 ";
        gex__put_text(w, gex__figure_signed(move, 0, text));
        gex__put_text(w, usd[i] < 0.0 ? " %: SELL USD " : " %: BUY USD ");
        gex__put_text(w, gex__figure_scaled(fabs(usd[i]), text));
    }
}

static const char *regime_words(const struct gex__facts *f)
{
    switch (gex_map_regime(f->map)) {
    case GEX_REGIME_LONG_GAMMA: return "LONG GAMMA, moves are damped";
    case GEX_REGIME_SHORT_GAMMA: return "SHORT GAMMA, moves are amplified";
    case GEX_REGIME_AT_FLIP:
        return f->flip_direction == GEX_UP ? "AT THE FLIP, damped above and amplified below"
                                           : "AT THE FLIP, amplified above and damped below";
    default: return f->has_gamma ? "NO NET GAMMA, long and short cancel" : "NO GAMMA";
    }
}

/* What a unit measures, by the head of its name. */
static const char *unit_words(const char *unit)
{
    static const char *const words[][2] = {{"GEX_PLUS", "gamma exposure with vanna"},
                                           {"GEX", "gamma exposure"},
                                           {"DEX", "delta exposure"},
                                           {"VEX", "vanna exposure"},
                                           {"CEX", "charm exposure"},
                                           {"IMPULSE", "gamma exposure with vanna"}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(unit, words[i][0], strlen(words[i][0])) == 0)
            return words[i][1];
    return unit;
}

static void draw_head(struct gex__writer *w, const struct gex__facts *f)
{
    static const double moves[] = {-3.0, -1.0, 1.0, 3.0};
    const char *separator = " ";
    const char *name = gex_chain_underlying(f->chain);
    const int32_t unit = gex_exposure_unit(f->in_unit);
    char text[GEX_FIGURE_MAX];

    gex__draw_text_begin(w, left - 60.0, 36.0, 22, "start", "font-weight=\"bold\" fill=\"" GEX_INK "\"");
    gex__put_xml_text(w, name, (int64_t)strlen(name));
    gex__put_text(w, name[0] != '\0' ? ": " : "");
    gex__put_text(w, f->who);
    gex__put_text(w, "' ");
    gex__put_text(w, unit_words(gex_unit_name(unit)));
    gex__draw_text_end(w);

    gex__draw_text_begin(w, left - 60.0, 60.0, 15, "start", "fill=\"" GEX_INK "\"");
    gex__put_text(w, gex__figure_day(f->as_of, text));
    gex__put_text(w, " ");
    gex__put_text(w, gex__figure_time(f->as_of, text));
    gex__put_text(w, " New York \xC2\xB7 spot ");
    gex__put_text(w, gex__figure_price(f->spot, text));
    gex__put_text(w, " \xC2\xB7 ");
    gex__put_text(w, regime_words(f));
    if (isfinite(gex__regime_probability(f->map))) {
        gex__put_text(w, " (probability ");
        gex__put_probability(w, gex__regime_probability(f->map));
        gex__put_text(w, ")");
    }
    gex__put_text(w, unit == GEX_UNIT_GEX_USD_PCT ? ": " : " \xC2\xB7 ");
    gex__put_amount(w, gex_exposure_total(f->in_unit), gex_unit_label(unit));
    gex__draw_text_end(w);

    if (!f->has_gamma)
        return;
    gex__draw_text_begin(w, left - 60.0, 82.0, 14, "start", "fill=\"" GEX_SOFT "\"");
    gex__put_text(w, "What a move forces, every contract repriced:");
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        put_flow_at(w, f, moves[i], &separator);
    gex__draw_text_end(w);
}

static void draw_foot(struct gex__writer *w, const struct gex__facts *f, double height)
{
    const char *source = gex_book_source(f->book);

    gex__draw_line(w, left - 60.0, height - 46.0, right, height - 46.0, "stroke=\"" GEX_GRID "\"");
    gex__draw_text_begin(w, left - 60.0, height - 28.0, 12, "start", "fill=\"" GEX_SOFT "\"");
    gex__put_text(w, "sign ");
    gex__put_xml_text(w, source, (int64_t)strlen(source));
    gex__put_text(w, " (");
    gex__put_text(w, gex__sign_words(gex_book_sign(f->book)));
    gex__put_text(w, "), unit ");
    gex__put_text(w, gex_unit_name(gex_exposure_unit(f->in_unit)));
    gex__put_text(w, ", clock ");
    gex__put_text(w, gex_clock_name(gex_market_clock(f->market)));
    gex__put_text(w, ", vol ");
    gex__put_text(w, gex_vol_name(gex_market_vol_rule(f->market)));
    gex__put_text(w, ", ");
    gex__put_dynamics(w, f->market);
    gex__put_text(w, ", forward ");
    gex__put_text(w, gex_forward_name(gex_market_forward_rule(f->market)));
    gex__put_text(w, ", exercise ");
    gex__put_text(w, gex_style_name(gex_market_style(f->market)));
    gex__draw_text_end(w);

    gex__draw_text_begin(w, left - 60.0, height - 11.0, 12, "start", "fill=\"" GEX_SOFT "\"");
    gex__put_integer(w, gex_exposure_count_used(f->gamma));
    gex__put_text(w, " of ");
    gex__put_integer(w, gex_exposure_count_total(f->gamma));
    gex__put_text(w, " contracts used. A map of forced flow under stated assumptions, not a forecast.");
    gex__draw_text_end(w);
    gex__draw_text_begin(w, right, height - 11.0, 12, "end", "fill=\"" GEX_SOFT "\"");
    gex__put_text(w, "libgex ");
    gex__put_text(w, gex_version());
    gex__draw_text_end(w);
}

static int64_t height_of(const gex_map *map)
{
    return HEIGHT + (gex_map_field(map) != NULL ? FIELD_HEIGHT : 0);
}

/* Not inlined: its frame would lie under the others. */
__attribute__((noinline)) static void draw_over_time(struct gex__writer *w, const gex_field *field)
{
    struct gex__panel panel = {.left = left, .right = right, .top = 800.0, .bottom = 1050.0};

    if (field != NULL)
        gex__draw_field(w, field, gex__field_shown(field), &panel);
}

gex_status gex_report_svg(const gex_context *context, const gex_map *map, gex_write write, void *user,
                          gex_error *error)
{
    struct gex__panel profile = {.left = left, .right = right, .top = 102.0, .bottom = 442.0};
    struct gex__panel strikes = {.left = left, .right = right, .top = 462.0, .bottom = 710.0};
    struct gex__writer writer;
    struct gex__facts facts;
    double half;

    (void)context;
    if (map == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "map and write are required");
    gex__writer_open(&writer, write, user);
    gex__facts_gather(map, &facts);
    half = window(&facts);
    profile.x_low = strikes.x_low = facts.spot - half;
    profile.x_high = strikes.x_high = facts.spot + half;
    gex__put_text(&writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"1200\" height=\"");
    gex__put_count(&writer, height_of(map));
    gex__put_text(&writer, "\" viewBox=\"0 0 1200 ");
    gex__put_count(&writer, height_of(map));
    gex__put_text(&writer, "\" font-family=\"Helvetica, Arial, sans-serif\">\n"
                           "<title>Dealer exposure over price and by strike</title>\n");
    gex__draw_rect(&writer, 0.0, 0.0, width, (double)height_of(map), "fill=\"#ffffff\"");
    draw_head(&writer, &facts);
    draw_profile(&writer, &facts, &profile);
    draw_strikes(&writer, &facts, &strikes);
    draw_over_time(&writer, gex_map_field(map));
    draw_foot(&writer, &facts, (double)height_of(map));
    gex__put_text(&writer, "</svg>\n");
    return gex__writer_close(&writer, error);
}
