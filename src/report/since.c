/* SPDX-License-Identifier: Apache-2.0 */
/* What changed since an earlier map: gamma and the hedge by cause, the levels, and the strikes that changed most. */
#include "since.h"

#include <math.h>

#include "figures.h"

enum { LABEL = 19, GAMMA = 37, HEDGE = 50, SHARES = 70, STRIKES_SHOWN = 4 };

double gex__max_pain_at(const gex_market *market, int64_t settlement)
{
    const gex_chain *chain = gex_market_chain(market);
    int64_t count;
    const int64_t *expiry = gex_chain_expiries(chain, &count);
    double price = (double)NAN;

    if (settlement < gex_market_as_of(market))
        return price;
    for (int64_t e = 0; e < count; e++)
        if (expiry[e] == settlement && gex_max_pain(chain, e, &price, NULL) != GEX_OK)
            price = (double)NAN;
    return price;
}

/* ---- causes ------------------------------------------------------------------------------------------------------ */

static const char *cause_words(int32_t column)
{
    switch (column) {
    case GEX_DIFFERENCE_SPOT: return "spot moved";
    case GEX_DIFFERENCE_TIME: return "time passed";
    case GEX_DIFFERENCE_VOL: return "volatility";
    case GEX_DIFFERENCE_CARRY: return "carry";
    case GEX_DIFFERENCE_POSITION: return "positions";
    case GEX_DIFFERENCE_EXPIRED: return "expired";
    case GEX_DIFFERENCE_NEW: return "new series";
    case GEX_DIFFERENCE_GONE: return "gone series";
    case GEX_DIFFERENCE_APPEARED: return "usable now";
    case GEX_DIFFERENCE_REFUSED: return "unusable now";
    default: return "";
    }
}

static const char *standing(double gamma)
{
    return gamma > 0.0 ? "long" : gamma < 0.0 ? "short" : "none";
}

/* What rounds to no share trades nothing. */
static void put_side(struct gex__writer *w, double shares)
{
    char text[GEX_FIGURE_MAX];

    gex__put_to_column(w, HEDGE);
    if (fabs(shares) < 0.5) {
        gex__put_text(w, "-");
        return;
    }
    gex__put_text(w, shares > 0.0 ? "BUY" : "SELL");
    gex__put_right(w, SHARES, gex__figure_fixed(fabs(shares), 0, text));
    gex__put_text(w, " shares");
}

static void put_gamma(struct gex__writer *w, const char *words, double gamma)
{
    gex__put_to_column(w, LABEL);
    gex__put_text(w, words);
    gex__put_scaled(w, GAMMA, fabs(gamma));
}

static void put_cause(struct gex__writer *w, const gex_map *map, int32_t column)
{
    const double gamma = gex_difference_total(gex_map_gamma_since(map), column);
    const double shares = gex_difference_total(gex_map_flow_since(map), column);

    if (gamma == 0.0 && shares == 0.0)
        return;
    gex__put_text(w, "  ");
    gex__put_text(w, cause_words(column));
    put_gamma(w, gamma > 0.0 ? "longer" : gamma < 0.0 ? "shorter" : "", gamma);
    put_side(w, shares);
    gex__put_newline(w);
}

static void put_standing(struct gex__writer *w, const char *words, double gamma)
{
    gex__put_text(w, words);
    put_gamma(w, standing(gamma), gamma);
}

static void put_causes(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_difference *gamma = gex_map_gamma_since(f->map);

    put_standing(w, "  before", gex_difference_total(gamma, GEX_DIFFERENCE_BEFORE));
    gex__put_newline(w);
    for (int32_t column = GEX_DIFFERENCE_SPOT; column <= GEX_DIFFERENCE_LAST_; column++)
        put_cause(w, f->map, column);
    put_standing(w, "  now", gex_difference_total(gamma, GEX_DIFFERENCE_AFTER));
    put_side(w, gex_difference_total(gex_map_flow_since(f->map), GEX_DIFFERENCE_CHANGE));
    gex__put_newline(w);
}

/* ---- levels ------------------------------------------------------------------------------------------------------ */

static void put_price(struct gex__writer *w, double price, bool root)
{
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, isnan(price) ? "none" : root ? gex__figure_price(price, text) : gex__figure_strike(price, text));
}

/* "Call wall      5,450 to 5,500, up 50": strikes without places they do not need, roots with two. */
static void put_level(struct gex__writer *w, const char *words, double before, double after, bool root)
{
    const double move = after - before;
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, "  ");
    gex__put_text(w, words);
    gex__put_to_column(w, LABEL);
    if (before == after || (isnan(before) && isnan(after))) {
        put_price(w, after, root);
        gex__put_text(w, ", as before");
        gex__put_newline(w);
        return;
    }
    put_price(w, before, root);
    gex__put_text(w, " to ");
    put_price(w, after, root);
    if (!isnan(move)) {
        gex__put_text(w, move > 0.0 ? ", up " : ", down ");
        gex__put_text(w, root ? gex__figure_price(fabs(move), text) : gex__figure_strike(fabs(move), text));
    }
    gex__put_newline(w);
}

static void put_wall(struct gex__writer *w, const struct gex__facts *f, const char *words, int32_t level)
{
    const gex_exposure *before = gex_map_gamma(gex_map_since(f->map));

    put_level(w, words, gex__level_price(before, level), gex__level_price(f->gamma, level), false);
}

static double flip_of(const gex_map *map)
{
    const gex_flips *flips = gex_map_flips(map);
    return gex_flips_price(flips, gex_flips_nearest(flips));
}

static void put_levels(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_map *before = gex_map_since(f->map);

    put_level(w, "Nearest flip", flip_of(before), flip_of(f->map), true);
    put_wall(w, f, "Call wall", GEX_LEVEL_CALL_WALL_NET);
    put_wall(w, f, "Put wall", GEX_LEVEL_PUT_WALL_NET);
    put_wall(w, f, "Most gamma", GEX_LEVEL_ABS_GAMMA);
    if (f->next_expiry >= 0) {
        const int64_t settles = gex_chain_expiries(f->chain, NULL)[f->next_expiry];

        put_level(w, "Next max pain", gex__max_pain_at(gex_map_market(before), settles),
                  gex__max_pain_at(f->market, settles), false);
    }
}

/* ---- strikes ----------------------------------------------------------------------------------------------------- */

/* The cause that moved a strike most. */
static int32_t main_cause(const gex_difference *gamma, int64_t strike)
{
    int32_t most = GEX_DIFFERENCE_SPOT;

    for (int32_t column = GEX_DIFFERENCE_SPOT; column <= GEX_DIFFERENCE_LAST_; column++)
        if (fabs(gex_difference_by(gamma, GEX_BY_STRIKE, column, NULL)[strike]) >
            fabs(gex_difference_by(gamma, GEX_BY_STRIKE, most, NULL)[strike]))
            most = column;
    return most;
}

/* Strikes by the size of their change, the lower first of equals: each the largest below the one before. */
static void put_strikes(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_difference *gamma = gex_map_gamma_since(f->map);
    int64_t count, last = -1;
    const double *change = gex_difference_by(gamma, GEX_BY_STRIKE, GEX_DIFFERENCE_CHANGE, &count);
    char text[GEX_FIGURE_MAX];

    for (int shown = 0; shown < STRIKES_SHOWN; shown++) {
        int64_t next = -1;

        for (int64_t k = 0; k < count; k++) {
            const double size = fabs(change[k]), limit = last >= 0 ? fabs(change[last]) : (double)INFINITY;

            if (size > 0.0 && (size < limit || (size == limit && k > last)) && (next < 0 || size > fabs(change[next])))
                next = k;
        }
        if (next < 0)
            return;
        gex__put_text(w, shown == 0 ? "  Strikes" : "");
        gex__put_to_column(w, LABEL);
        gex__put_text(w, gex__figure_strike(gex_difference_strikes(gamma, NULL)[next], text));
        gex__put_to_column(w, LABEL + 8);
        gex__put_text(w, change[next] > 0.0 ? "longer" : "shorter");
        gex__put_scaled(w, GAMMA + 8, fabs(change[next]));
        gex__put_to_column(w, HEDGE);
        gex__put_text(w, "mostly ");
        gex__put_text(w, cause_words(main_cause(gamma, next)));
        gex__put_newline(w);
        last = next;
    }
}

/* ---- the panel --------------------------------------------------------------------------------------------------- */

static void put_contracts(struct gex__writer *w, const gex_difference *gamma)
{
    bool first = true;

    gex__put_text(w, "  Contracts");
    gex__put_to_column(w, LABEL);
    for (int32_t kind = GEX_LINE_BOTH; kind < GEX_LINE_UNUSED; kind++) {
        static const char *const words[] = {[GEX_LINE_BOTH] = " in both", [GEX_LINE_EXPIRED] = " expired",
                                            [GEX_LINE_NEW] = " new", [GEX_LINE_GONE] = " gone",
                                            [GEX_LINE_APPEARED] = " usable now",
                                            [GEX_LINE_REFUSED] = " unusable now"};

        if (gex_difference_count(gamma, kind) == 0 && kind != GEX_LINE_BOTH)
            continue;
        gex__put_text(w, first ? "" : ", ");
        gex__put_integer(w, gex_difference_count(gamma, kind));
        gex__put_text(w, words[kind]);
        first = false;
    }
    gex__put_newline(w);
}

void gex__put_since(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_market *before = gex_map_market(gex_map_since(f->map));
    const double spot = gex_market_spot(before), percent = (f->spot / spot - 1.0) * 100.0;
    char text[GEX_FIGURE_MAX];

    gex__put_text(w, "What changed since ");
    gex__put_text(w, gex__figure_day(gex_market_as_of(before), text));
    gex__put_text(w, " ");
    gex__put_text(w, gex__figure_time(gex_market_as_of(before), text));
    gex__put_text(w, ": spot ");
    gex__put_text(w, gex__figure_price(spot, text));
    gex__put_text(w, " to ");
    gex__put_text(w, gex__figure_price(f->spot, text));
    gex__put_text(w, ", ");
    gex__put_text(w, gex__figure_signed(percent, 2, text));
    gex__put_text(w, " %");
    gex__put_newline(w);
    gex__put_to_column(w, LABEL);
    gex__put_text(w, "gamma, ");
    gex__put_text(w, gex_unit_label(GEX_UNIT_GEX_USD_PCT));
    gex__put_to_column(w, HEDGE);
    gex__put_text(w, f->who);
    gex__put_text(w, " had to");
    gex__put_newline(w);
    put_causes(w, f);
    put_levels(w, f);
    put_strikes(w, f);
    put_contracts(w, gex_map_gamma_since(f->map));
}
