/* SPDX-License-Identifier: Apache-2.0 */
/* Lower panel of the picture: exposure by strike, with the walls. */
#include <math.h>
#include <string.h>

#include "figures.h"
#include "svg_panels.h"

enum { BARS = 320 };

/* Strikes of the window, summed in steps wide enough to be seen. */
struct bars {
    double  first, step; /* cell i is centred on first + i * step */
    int64_t count;
    bool    summed; /* some cell holds more than one strike */
    double  centre[BARS], call[BARS], put[BARS];
};

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

/* Walls at one strike share a label, and an arrow leads to one outside the panel.
 * The spot has its line, and its label in the panel above. */
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
        price[i] = gex__level_price(f->gamma, walls[i].level);
        for (int32_t k = 0; k < i; k++)
            shared = shared || price[k] == price[i];
        if (shared || !isfinite(price[i]))
            continue;
        label = gex__labels_add(labels, gex__panel_x(panel, fmin(fmax(price[i], panel->x_low), panel->x_high)),
                                walls[i].colour);
        label->beyond = price[i] < panel->x_low || price[i] > panel->x_high;
        if (price[i] < panel->x_low)
            gex__label_append(label, "\xE2\x86\x90 ");
        gex__label_append(label, walls[i].name);
        for (int32_t k = i + 1; k < 3; k++) {
            if (gex__level_price(f->gamma, walls[k].level) != price[i])
                continue;
            gex__label_append(label, ", ");
            gex__label_append(label, walls[k].name);
        }
        gex__label_append(label, " ");
        gex__label_append(label, gex__figure_strike(price[i], text));
        if (price[i] > panel->x_high)
            gex__label_append(label, " \xE2\x86\x92");
    }
}

void gex__draw_strikes(struct gex__writer *w, const struct gex__facts *f, struct gex__panel *panel)
{
    struct gex__labels labels = {.count = 0};
    struct bars bars;
    double low = 0.0, high = 0.0, wide;
    char text[GEX_FIGURE_MAX];

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
    gex__draw_price_axis(w, panel, f->spot, true);
    gex__draw_value_axis(w, panel, high > -low ? high : -low, gex_unit_label(gex_exposure_unit(f->in_unit)));
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
