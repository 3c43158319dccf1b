/* SPDX-License-Identifier: Apache-2.0 */
/* Trades of the page: what dealers must trade, move by move and in the scenario. */
#include <math.h>

#include "figures.h"
#include "page_parts.h"

static const char *side(double shares)
{
    return shares > 0.0 ? "BUY" : shares < 0.0 ? "SELL" : "-";
}

/* "SELL 432,705 shares, USD 2.16 bn" */
static void put_trade(struct gex__writer *w, const struct gex__facts *f, double shares)
{
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, side(shares));
    gex__put_text(w, " ");
    gex__put_text(w, gex__figure_fixed(fabs(shares), 0, text));
    gex__put_text(w, " shares, USD ");
    gex__put_text(w, gex__figure_scaled(fabs(shares) * f->spot, text));
}

static void put_moves(struct gex__writer *w, const struct gex__facts *f)
{
    int64_t count = 0;
    const double *moves = gex_map_moves(f->map, &count);
    const double *exact = gex_flow_column(gex_map_flow(f->map), GEX_FLOW_EXACT);
    const double *linear = gex_flow_column(gex_map_flow(f->map), GEX_FLOW_LINEAR);
    const double *usd = gex_flow_column(gex_map_flow(f->map), GEX_FLOW_USD_AT_START);
    bool disagree = false;
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, "If price moves       to    ");
    gex__put_text(w, f->who);
    gex__put_to_column(w, 38);
    gex__put_text(w, "every contract repriced");
    gex__put_to_column(w, 67);
    gex__put_text(w, "on a straight line from here");
    gex__put_newline(w);
    for (int64_t i = 0; i < count; i++) {
        gex__put_right(w, 9, gex__figure_signed(moves[i], 2, text));
        gex__put_text(w, " %");
        gex__put_right(w, 24, gex__figure_price(f->spot * (1.0 + moves[i] / 100.0), text));
        gex__put_to_column(w, 27);
        gex__put_text(w, side(exact[i]));
        gex__put_right(w, 42, gex__figure_fixed(fabs(exact[i]), 0, text));
        gex__put_text(w, " shares");
        gex__put_to_column(w, 52);
        gex__put_text(w, "USD ");
        gex__put_scaled(w, 61, fabs(usd[i]));
        gex__put_to_column(w, 67);
        gex__put_text(w, side(linear[i]));
        gex__put_right(w, 83, gex__figure_fixed(fabs(linear[i]), 0, text));
        gex__put_text(w, " shares");
        if (exact[i] * linear[i] < 0.0) {
            disagree = true;
            gex__put_text(w, " *");
        }
        gex__put_newline(w);
    }
    if (disagree) {
        gex__put_text(w, "  * the two differ in side: gamma changes sign on the way, and only the repriced column "
                         "holds");
        gex__put_newline(w);
    }
}

static void put_scenario(struct gex__writer *w, const struct gex__facts *f)
{
    static const struct {
        const char *name;
        int32_t     column;
    } parts[] = {{"spot ", GEX_FLOW_SPOT}, {", time ", GEX_FLOW_TIME}, {", vol ", GEX_FLOW_VOL}};
    const double unwind = gex__scenario(f->map, GEX_FLOW_UNWIND);
    char spot[GEX_FIGURE_MAX], text[GEX_FIGURE_MAX];

    gex__put_label(w, "All together");
    gex__put_text(w, gex__figure_signed(gex_map_scenario_spot_pct(f->map), 2, spot));
    gex__put_text(w, " %, ");
    gex__put_number(w, gex_map_scenario_hours(f->map));
    gex__put_text(w, " h later, vol ");
    gex__put_text(w, gex__figure_signed(gex_map_scenario_vol_points(f->map), 2, text));
    gex__put_text(w, " points: ");
    put_trade(w, f, gex__scenario(f->map, GEX_FLOW_EXACT));
    gex__put_newline(w);
    gex__put_label(w, "");
    for (int32_t i = 0; i < 3; i++) {
        const double shares = gex__scenario(f->map, parts[i].column);
        gex__put_text(w, parts[i].name);
        gex__put_text(w, side(shares));
        gex__put_text(w, " ");
        gex__put_text(w, gex__figure_fixed(fabs(shares), 0, text));
    }
    gex__put_text(w, " (orderings averaged)");
    gex__put_newline(w);
    if (unwind != 0.0 && isfinite(unwind)) {
        gex__put_label(w, "");
        gex__put_text(w, "and what settles on the way is unwound: ");
        put_trade(w, f, unwind);
        gex__put_newline(w);
    }
    gex__put_label(w, "Charm alone");
    gex__put_number(w, gex_map_scenario_hours(f->map));
    gex__put_text(w, " h from now: ");
    put_trade(w, f, gex__scenario(f->map, GEX_FLOW_TIME_ALONE));
    gex__put_newline(w);
    gex__put_label(w, "Vanna alone");
    gex__put_text(w, "vol ");
    gex__put_text(w, gex__figure_signed(gex_map_scenario_vol_points(f->map), 2, text));
    gex__put_text(w, " points: ");
    put_trade(w, f, gex__scenario(f->map, GEX_FLOW_VOL_ALONE));
    gex__put_newline(w);
}

void gex__put_trades(struct gex__writer *w, const struct gex__facts *f)
{
    put_moves(w, f);
    gex__put_newline(w);
    put_scenario(w, f);
}
