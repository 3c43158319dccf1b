/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The picture: exposure over price on top with spot and flips, exposure by strike below with the walls, one price axis.
 * SVG 1.1 with nothing outside it: no script, no style sheet, no font but the viewer's sans-serif.
 */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "figures.h"
#include "odds.h"
#include "over_time.h"
#include "svg_panels.h"

static const double width = 1200.0, left = 96.0, right = 1168.0;
enum { HEIGHT = 820, FIELD_HEIGHT = 340 }; /* of the picture, and what a field adds to it */

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
    double low = 0.04 * f->spot, high = 0.2 * f->spot;

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
        high = reach(high, gex__level_price(f->gamma, walls[i]), f->spot);
    return high < 0.2 * f->spot ? high : 0.2 * f->spot;
}

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
    gex__draw_profile(&writer, &facts, &profile);
    gex__draw_strikes(&writer, &facts, &strikes);
    draw_over_time(&writer, gex_map_field(map));
    draw_foot(&writer, &facts, (double)height_of(map));
    gex__put_text(&writer, "</svg>\n");
    return gex__writer_close(&writer, error);
}
