/* SPDX-License-Identifier: Apache-2.0 */
/* The page: where we are, which way dealers lean, the levels, what they must trade, and what all of it rests on. */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "figures.h"
#include "ladder.h"
#include "odds.h"
#include "over_time.h"
#include "page_parts.h"
#include "robust.h"
#include "since.h"

static void rule(struct gex__writer *w)
{
    gex__put_repeat(w, "-", GEX_PAGE_WIDTH);
    gex__put_newline(w);
}

static void put_place(struct gex__writer *w, const struct gex__facts *f)
{
    const char *name = gex_chain_underlying(f->chain);
    char text[GEX_FIGURE_MAX];

    if (name[0] == '\0')
        gex__put_text(w, "Underlying not named");
    gex__put_plain_text(w, name, (int64_t)strlen(name));
    gex__put_text(w, "   spot ");
    gex__put_text(w, gex__figure_price(f->spot, text));
    gex__put_text(w, "   ");
    gex__put_text(w, gex__figure_day(f->as_of, text));
    gex__put_text(w, " ");
    gex__put_text(w, gex__figure_time(f->as_of, text));
    gex__put_text(w, " New York");
    gex__put_newline(w);
    rule(w);
}

static void put_words(struct gex__writer *w, const char *head, const char *who, const char *rest)
{
    gex__put_text(w, head);
    gex__put_text(w, who);
    gex__put_text(w, rest);
    gex__put_newline(w);
}

static void put_regime(struct gex__writer *w, const struct gex__facts *f)
{
    const int32_t unit = gex_exposure_unit(f->in_unit);
    const double sigma = gex_map_daily_sigma(f->map);
    char text[GEX_FIGURE_MAX];

    switch (gex_map_regime(f->map)) {
    case GEX_REGIME_LONG_GAMMA:
        put_words(w, "LONG GAMMA     ", f->who, " SELL as price rises and BUY as it falls: moves are damped");
        break;
    case GEX_REGIME_SHORT_GAMMA:
        put_words(w, "SHORT GAMMA    ", f->who, " BUY as price rises and SELL as it falls: moves are amplified");
        break;
    case GEX_REGIME_AT_FLIP:
        put_words(w, "AT THE FLIP    ", f->who,
                  f->flip_direction == GEX_UP ? " SELL rises above it (damping) and falls below it (amplifying)"
                                              : " BUY rises above it (amplifying) and falls below it (damping)");
        break;
    default:
        if (!f->has_gamma) {
            put_words(w, "NO GAMMA       ", f->who, " have no exposure: no contract used has a position and a gamma");
            return;
        }
        put_words(w, "NO NET GAMMA   ", f->who, " trade nothing on a small move: long and short cancel exactly");
        break;
    }
    gex__put_label(w, "  net");
    gex__put_amount(w, gex_exposure_total(f->gamma), gex_unit_label(GEX_UNIT_GEX_USD_PCT));
    gex__put_text(w, ", gross ");
    gex__put_amount(w, gex_exposure_gross(f->gamma), "USD");
    if (isfinite(sigma)) {
        gex__put_text(w, "; 1 daily sigma is ");
        gex__put_text(w, gex__figure_fixed(100.0 * sigma / f->spot, 2, text));
        gex__put_text(w, " % of spot");
    }
    gex__put_newline(w);
    gex__put_odds(w, f);
    if (unit != GEX_UNIT_GEX_USD_PCT) {
        gex__put_label(w, "  in unit");
        gex__put_amount(w, gex_exposure_total(f->in_unit), gex_unit_label(unit));
        gex__put_text(w, "  (");
        gex__put_text(w, gex_unit_name(unit));
        gex__put_text(w, ")");
        gex__put_newline(w);
    }
}

/* All that a map without an exposure cannot say. */
static void put_body(struct gex__writer *w, const struct gex__facts *f)
{
    gex__put_newline(w);
    gex__put_levels(w, f);
    gex__put_newline(w);
    gex__put_trades(w, f);
    gex__put_newline(w);
    gex__put_ladder(w, f);
}

gex_status gex_report_page(const gex_context *context, const gex_map *map, gex_write write, void *user,
                           gex_error *error)
{
    struct gex__writer writer;
    struct gex__facts facts;

    (void)context;
    if (map == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "map and write are required");
    gex__writer_open(&writer, write, user);
    gex__facts_gather(map, &facts);
    put_place(&writer, &facts);
    put_regime(&writer, &facts);
    if (facts.has_gamma)
        put_body(&writer, &facts);
    if (gex_map_field(map) != NULL) {
        rule(&writer);
        gex__put_field(&writer, gex_map_field(map));
    }
    if (gex_map_since(map) != NULL) {
        gex__put_newline(&writer);
        gex__put_since(&writer, &facts);
    }
    if (gex_map_robustness(map) != NULL) {
        gex__put_newline(&writer);
        gex__put_robustness(&writer, gex_map_robustness(map));
    }
    rule(&writer);
    gex__put_basis(&writer, &facts);
    gex__put_text(&writer, "A map of forced flow under stated assumptions, not a forecast.\n"
                           "A share is one unit of the underlying. libgex ");
    gex__put_text(&writer, gex_version());
    gex__put_newline(&writer);
    return gex__writer_close(&writer, error);
}
