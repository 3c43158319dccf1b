/* SPDX-License-Identifier: Apache-2.0 */
/* Roots as lines of a page: flips beside the nearest, and ZERO_FLOW in the words of who has to trade. */
#include "zero_flow.h"

#include <math.h>

#include "figures.h"

void gex__put_other_flips(struct gex__writer *w, const gex_flips *flips, const char *heading)
{
    const int64_t count = gex_flips_count(flips), nearest = gex_flips_nearest(flips);
    int64_t shown = 0, negligible = 0;
    char text[GEX_FIGURE_MAX];

    for (int64_t i = 0; i < count; i++) {
        if (gex_flips_root_status(flips, i) == GEX_ROOT_NEGLIGIBLE) {
            negligible++;
        } else if (i != nearest) {
            if (shown > 0)
                gex__put_text(w, shown % 4 == 0 ? ",\n" : ", ");
            if (shown % 4 == 0)
                gex__put_label(w, shown == 0 ? heading : "");
            gex__put_text(w, gex__figure_price(gex_flips_price(flips, i), text));
            gex__put_text(w, gex_flips_direction(flips, i) == GEX_UP ? " up" : " down");
            shown++;
        }
    }
    if (negligible > 0) {
        if (shown == 0)
            gex__put_label(w, heading);
        gex__put_text(w, shown > 0 ? ", and " : "");
        gex__put_integer(w, negligible);
        gex__put_text(w, " too small to be a level");
    }
    if (shown > 0 || negligible > 0)
        gex__put_text(w, "\n");
}

/* "16:00", or with its day where that is another. */
static void put_instant(struct gex__writer *w, const struct gex__facts *f, int64_t instant)
{
    char text[GEX_FIGURE_MAX];

    if (gex_instant_date(instant, GEX_ZONE_NEW_YORK) != gex_instant_date(f->as_of, GEX_ZONE_NEW_YORK)) {
        gex__put_text(w, gex__figure_day(instant, text));
        gex__put_text(w, " ");
    }
    gex__put_text(w, gex__figure_time(instant, text));
}

static void put_none(struct gex__writer *w, const struct gex__facts *f, int32_t status, int64_t instant)
{
    gex__put_text(w, "none: ");
    if (status == GEX_ROOTS_NONE_POSITIVE || status == GEX_ROOTS_NONE_NEGATIVE) {
        gex__put_text(w, f->who);
        gex__put_text(w, status == GEX_ROOTS_NONE_POSITIVE ? " BUY" : " SELL");
        gex__put_text(w, " by ");
        put_instant(w, f, instant);
        gex__put_text(w, " wherever price goes");
    } else {
        gex__put_text(w, "no price asks for a trade by ");
        put_instant(w, f, instant);
    }
}

void gex__put_zero_flow(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_flips *flips = gex_map_zero_flow(f->map);
    const int64_t nearest = gex_flips_nearest(flips), instant = gex_map_zero_flow_instant(f->map);
    char text[GEX_FIGURE_MAX];

    if (flips == NULL)
        return;
    gex__put_label(w, "Zero flow");
    if (nearest < 0) {
        put_none(w, f, gex_flips_status(flips), instant);
        gex__put_text(w, "\n");
    } else {
        const double price = gex_flips_price(flips, nearest);

        gex__put_right(w, GEX_LABEL + 11, gex__figure_price(price, text));
        gex__put_text(w, "   ");
        gex__put_distance(w, f, price);
        gex__put_text(w, "; by ");
        put_instant(w, f, instant);
        gex__put_text(w, gex_flips_direction(flips, nearest) == GEX_DOWN ? " bought below, sold above"
                                                                         : " sold below, bought above");
        gex__put_text(w, "\n");
    }
    gex__put_other_flips(w, flips, "  other zeros");
}
