/* SPDX-License-Identifier: Apache-2.0 */
/* The page: where we are, which way dealers lean, the levels, what they must trade, and what all of it rests on. */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "facts.h"
#include "figures.h"
#include "ladder.h"
#include "odds.h"
#include "over_time.h"
#include "robust.h"
#include "since.h"
#include "writer.h"
#include "zero_flow.h"

enum { WIDTH = 95 };

static void newline(struct gex__writer *w)
{
    gex__put_bytes(w, "\n", 1);
}

static void rule(struct gex__writer *w)
{
    gex__put_repeat(w, "-", WIDTH);
    newline(w);
}

/* ---- where we are --------------------------------------------------------------------------------------------- */

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
    newline(w);
    rule(w);
}

static void put_words(struct gex__writer *w, const char *head, const char *who, const char *rest)
{
    gex__put_text(w, head);
    gex__put_text(w, who);
    gex__put_text(w, rest);
    newline(w);
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
    newline(w);
    gex__put_odds(w, f);
    if (unit != GEX_UNIT_GEX_USD_PCT) {
        gex__put_label(w, "  in unit");
        gex__put_amount(w, gex_exposure_total(f->in_unit), gex_unit_label(unit));
        gex__put_text(w, "  (");
        gex__put_text(w, gex_unit_name(unit));
        gex__put_text(w, ")");
        newline(w);
    }
}

/* ---- levels --------------------------------------------------------------------------------------------------- */

static void put_flip_sides(struct gex__writer *w, int32_t direction)
{
    gex__put_text(w, direction == GEX_UP ? "short below, long above" : "long below, short above");
}

static bool is_whole_range(const struct gex__facts *f)
{
    return gex_flips_low(f->flips) == f->spot * 0.8 && gex_flips_high(f->flips) == f->spot * 1.2;
}

/* Where flips were searched. */
static void put_range(struct gex__writer *w, const struct gex__facts *f)
{
    char text[GEX_FIGURE_MAX];

    if (is_whole_range(f)) {
        gex__put_text(w, "80 % to 120 % of spot");
        return;
    }
    gex__put_text(w, gex__figure_price(gex_flips_low(f->flips), text));
    gex__put_text(w, " to ");
    gex__put_text(w, gex__figure_price(gex_flips_high(f->flips), text));
}

static void put_no_flip(struct gex__writer *w, const struct gex__facts *f)
{
    const int32_t status = gex_flips_status(f->flips);

    if (status == GEX_ROOTS_NONE_ZERO) {
        gex__put_text(w, "none: net gamma is zero throughout");
    } else {
        gex__put_text(w, status == GEX_ROOTS_AT_EDGE ? "none inside " : "none from ");
        put_range(w, f);
        gex__put_text(w, status == GEX_ROOTS_NONE_POSITIVE   ? ": long gamma throughout"
                         : status == GEX_ROOTS_NONE_NEGATIVE ? ": short gamma throughout"
                                                             : "; gamma ends at zero there");
    }
    newline(w);
}

/* The range, where it is not the whole one. */
static void put_flip_range(struct gex__writer *w, const struct gex__facts *f)
{
    if (is_whole_range(f))
        return;
    gex__put_label(w, "  searched");
    put_range(w, f);
    gex__put_text(w, ": beyond, ");
    gex__put_dynamics(w, f->market);
    gex__put_text(w, " leaves no volatility");
    newline(w);
}

static void put_flips(struct gex__writer *w, const struct gex__facts *f)
{
    const double sigmas = fabs(f->flip - f->spot) / gex_map_daily_sigma(f->map);
    char text[GEX_FIGURE_MAX];

    gex__put_label(w, "Nearest flip");
    if (gex_flips_nearest(f->flips) < 0) {
        put_no_flip(w, f);
    } else {
        gex__put_right(w, GEX_LABEL + 11, gex__figure_price(f->flip, text));
        gex__put_text(w, "   ");
        gex__put_distance(w, f, f->flip);
        if (isfinite(sigmas)) {
            gex__put_text(w, ", ");
            gex__put_text(w, gex__figure_fixed(sigmas, sigmas < 1.0 ? 2 : 1, text));
            gex__put_text(w, " daily sigmas; ");
        } else {
            gex__put_text(w, "; ");
        }
        put_flip_sides(w, f->flip_direction);
        newline(w);
    }
    put_flip_range(w, f);
    gex__put_other_flips(w, f->flips, "  other flips");
}

static void put_wall(struct gex__writer *w, const struct gex__facts *f, const char *name, int32_t level,
                     const char *what)
{
    double price, size;
    char text[GEX_FIGURE_MAX];

    gex__put_label(w, name);
    if (gex_level(f->gamma, level, &price, &size, NULL) != GEX_OK || isnan(price)) {
        gex__put_text(w, "none");
        newline(w);
        return;
    }
    gex__put_right(w, GEX_LABEL + 11, gex__figure_strike(price, text));
    gex__put_text(w, "   ");
    gex__put_distance(w, f, price);
    gex__put_text(w, "; ");
    gex__put_text(w, what);
    gex__put_amount(w, size, "USD per 1 %");
    newline(w);
}

static void put_zero_dte(struct gex__writer *w, const struct gex__facts *f)
{
    const double *net = gex_exposure_by(f->gamma, GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL);
    const int64_t *used = gex_exposure_count_by(f->gamma, GEX_BY_ZERO_DTE, NULL);
    char text[GEX_FIGURE_MAX];

    gex__put_label(w, "0DTE");
    if (used[0] == 0) {
        gex__put_text(w, "no contract settles later today");
    } else {
        gex__put_text(w, gex__figure_fixed(100.0 * gex_map_zero_dte_share(f->map), 1, text));
        gex__put_text(w, " % of gross; net ");
        gex__put_amount(w, net[0], "USD per 1 %; ");
        gex__put_integer(w, used[0]);
        gex__put_text(w, " contracts settle later today");
    }
    newline(w);
}

static void put_next_expiry(struct gex__writer *w, const struct gex__facts *f)
{
    const int64_t i = f->next_expiry;
    const double *net = gex_exposure_by(f->gamma, GEX_BY_EXPIRY, GEX_SUM_NET, NULL);
    const double *gross = gex_exposure_by(f->gamma, GEX_BY_EXPIRY, GEX_SUM_GROSS, NULL);
    char text[GEX_FIGURE_MAX];
    int64_t settlement;
    double pain;

    if (i < 0)
        return;
    settlement = gex_chain_expiries(f->chain, NULL)[i];
    gex__put_label(w, "Next expiry");
    gex__put_text(w, gex__figure_day(settlement, text));
    gex__put_text(w, " ");
    gex__put_text(w, gex__figure_time(settlement, text));
    gex__put_text(w, "; ");
    gex__put_amount(w, net[i], "USD per 1 %; ");
    gex__put_text(w, gex__figure_fixed(100.0 * gross[i] / gex_exposure_gross(f->gamma), 1, text));
    gex__put_text(w, " % of gross");
    if (gex_max_pain(f->chain, i, &pain, NULL) == GEX_OK && !isnan(pain)) {
        gex__put_text(w, "; max pain ");
        gex__put_text(w, gex__figure_strike(pain, text));
    }
    newline(w);
}

/* ---- what must be traded -------------------------------------------------------------------------------------- */

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
    newline(w);
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
        newline(w);
    }
    if (disagree) {
        gex__put_text(w, "  * the two differ in side: gamma changes sign on the way, and only the repriced column "
                         "holds");
        newline(w);
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
    newline(w);
    gex__put_label(w, "");
    for (int32_t i = 0; i < 3; i++) {
        const double shares = gex__scenario(f->map, parts[i].column);
        gex__put_text(w, parts[i].name);
        gex__put_text(w, side(shares));
        gex__put_text(w, " ");
        gex__put_text(w, gex__figure_fixed(fabs(shares), 0, text));
    }
    gex__put_text(w, " (orderings averaged)");
    newline(w);
    if (unwind != 0.0 && isfinite(unwind)) {
        gex__put_label(w, "");
        gex__put_text(w, "and what settles on the way is unwound: ");
        put_trade(w, f, unwind);
        newline(w);
    }
    gex__put_label(w, "Charm alone");
    gex__put_number(w, gex_map_scenario_hours(f->map));
    gex__put_text(w, " h from now: ");
    put_trade(w, f, gex__scenario(f->map, GEX_FLOW_TIME_ALONE));
    newline(w);
    gex__put_label(w, "Vanna alone");
    gex__put_text(w, "vol ");
    gex__put_text(w, gex__figure_signed(gex_map_scenario_vol_points(f->map), 2, text));
    gex__put_text(w, " points: ");
    put_trade(w, f, gex__scenario(f->map, GEX_FLOW_VOL_ALONE));
    newline(w);
}

/* ---- what it rests on ----------------------------------------------------------------------------------------- */

static void put_counted(struct gex__writer *w, int64_t count, const char *words, const char **separator)
{
    if (count == 0)
        return;
    if (w->column + 14 + gex__utf8_length(words) > WIDTH) {
        newline(w);
        gex__put_label(w, "");
    } else {
        gex__put_text(w, *separator);
    }
    gex__put_integer(w, count);
    gex__put_text(w, " ");
    gex__put_text(w, words);
    *separator = ", ";
}

static void put_contracts(struct gex__writer *w, const struct gex__facts *f)
{
    static const struct {
        uint32_t    flag;
        const char *words;
    } noted[] = {{GEX_FLAG_DUPLICATE, "listed twice"},
                 {GEX_FLAG_UNKNOWN_ROOT, "of a root not in the table"},
                 {GEX_FLAG_MOVED_EXPIRY, "listed on a closed day"},
                 {GEX_FLAG_CROSSED, "with bid above ask"},
                 {GEX_FLAG_VOL_CAPPED, "with a vol at a limit, not taken"},
                 {GEX_FLAG_VOL_IN_THE_MONEY, "with a vol from in the money only"},
                 {GEX_FLAG_AMERICAN_AS_EUROPEAN, "American, valued as European"}};
    const int64_t total = gex_exposure_count_total(f->gamma), used = gex_exposure_count_used(f->gamma);
    const uint32_t *flags = gex_market_flags(f->market);
    const char *separator = "";

    gex__put_label(w, "Contracts");
    gex__put_integer(w, total);
    gex__put_text(w, " read, ");
    gex__put_integer(w, used);
    gex__put_text(w, " used (");
    gex__put_integer(w, gex_exposure_count_zero_position(f->gamma));
    gex__put_text(w, " with no position), ");
    gex__put_integer(w, total - used);
    gex__put_text(w, " refused");
    if (total > used)
        separator = ": ";
    for (int32_t status = GEX_ROW_USED + 1; status < GEX_ROW_COUNT; status++)
        put_counted(w, gex_exposure_count_refused(f->gamma, status), gex__row_words(status), &separator);
    separator = "; ";
    for (size_t k = 0; k < sizeof noted / sizeof noted[0]; k++) {
        int64_t count = 0;
        for (int64_t i = 0; i < f->rows; i++)
            count += (flags[i] & noted[k].flag) != 0;
        put_counted(w, count, noted[k].words, &separator);
    }
    put_counted(w, f->american, "American", &separator);
    put_counted(w, f->exercise_now, "worth exercising now", &separator);
    put_counted(w, gex__facts_at_dividend(f), "worth exercising before the next ex-date", &separator);
    put_counted(w, gex_exposure_count_diverging(f->gamma), "at the strike at expiry, left out of sums", &separator);
    newline(w);
}

/* Where one volatility a strike came from; the other rules have one source. */
static void put_vols(struct gex__writer *w, const struct gex__facts *f)
{
    const char *separator = "vol otm: ";
    int64_t vols[GEX_VOL_SOURCE_LAST_ + 1];

    if (gex_market_vol_rule(f->market) != GEX_VOL_OTM)
        return;
    gex__facts_vols(f, vols);
    gex__put_label(w, "");
    put_counted(w, vols[GEX_SOURCE_GIVEN], "given", &separator);
    put_counted(w, vols[GEX_SOURCE_IMPLIED], "implied by the quote", &separator);
    put_counted(w, vols[GEX_SOURCE_OTHER_GIVEN] + vols[GEX_SOURCE_OTHER_IMPLIED],
                "from the other side of the strike", &separator);
    newline(w);
}

static void put_forwards(struct gex__writer *w, const struct gex__facts *f)
{
    static const char *const words[] = {
        [GEX_FORWARD_RATE] = " expiries from rate ",
        [GEX_FORWARD_IMPLIED] = " expiries from put-call parity",
        [GEX_FORWARD_GIVEN] = " expiries given",
        [GEX_FORWARD_QUOTED] = " expiries from their rows",
        [GEX_FROM_INTERPOLATED] = " interpolated between them",
        [GEX_FROM_EXTRAPOLATED] = " extrapolated from them",
    };
    static const int32_t order[] = {GEX_FORWARD_IMPLIED,   GEX_FORWARD_GIVEN,     GEX_FORWARD_QUOTED,
                                    GEX_FROM_INTERPOLATED, GEX_FROM_EXTRAPOLATED, GEX_FORWARD_RATE};
    const bool fallback = gex_market_forward_rule(f->market) != GEX_FORWARD_RATE;
    const char *separator = ": ";

    gex__put_label(w, "");
    gex__put_text(w, "forward ");
    gex__put_text(w, gex_forward_name(gex_market_forward_rule(f->market)));
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        if (f->forwards[order[k]] == 0)
            continue;
        if (order[k] == GEX_FORWARD_RATE && separator[0] == ',') { /* a long line of its own */
            gex__put_text(w, ",");
            newline(w);
            gex__put_label(w, "");
            separator = "";
        }
        gex__put_text(w, separator);
        gex__put_integer(w, f->forwards[order[k]]);
        gex__put_text(w, order[k] == GEX_FORWARD_RATE && fallback ? " without enough quotes, from rate "
                                                                  : words[order[k]]);
        separator = ", ";
    }
    if (f->forwards[GEX_FORWARD_RATE] > 0) {
        gex__put_number(w, gex_market_rate(f->market));
        gex__put_text(w, ", carry yield ");
        gex__put_number(w, gex_market_carry_yield(f->market));
    }
    newline(w);
}

/* What a clock other than the calendar rests on; on the calendar nothing is to be said. */
static void put_clock(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_market *m = f->market;
    const int32_t clock = gex_market_clock(m), vol_clock = gex_market_vol_clock(m);
    int64_t dated = 0;

    if (clock == GEX_CLOCK_VARIANCE_CLOCK) {
        gex__put_label(w, "");
        gex__put_text(w, "weights");
        for (int32_t weight = GEX_WEIGHT_SESSION; weight <= GEX_WEIGHT_U_SHAPE; weight++) {
            gex__put_text(w, weight == GEX_WEIGHT_SESSION ? " " : ", ");
            gex__put_text(w, gex_weight_name(weight));
            gex__put_text(w, " ");
            gex__put_number(w, gex_calendar_weight(gex_market_calendar(m), weight));
        }
        newline(w);
    }
    if (gex_market_vol_rule(m) != GEX_VOL_IMPLIED && vol_clock != clock) {
        gex__put_label(w, "");
        gex__put_text(w, "volatilities quoted on ");
        gex__put_text(w, gex_clock_name(vol_clock));
        gex__put_text(w, ", restated on the clock");
        newline(w);
    }
    for (int64_t e = 0; e < f->expiries; e++)
        dated += f->used_by_expiry[e] > 0 && gex_market_expiry_clock(m)[e] != clock;
    if (dated > 0) {
        gex__put_label(w, "");
        gex__put_integer(w, dated);
        gex__put_text(w, dated == 1 ? " expiry stands on CAL_365: the clock has no time before it settles"
                                    : " expiries stand on CAL_365: the clock has no time before they settle");
        newline(w);
    }
}

static void put_conventions(struct gex__writer *w, const struct gex__facts *f)
{
    const char *source = gex_book_source(f->book), *words = gex__sign_words(gex_book_sign(f->book));

    gex__put_label(w, "Conventions");
    gex__put_text(w, "sign ");
    gex__put_plain_text(w, source, (int64_t)strlen(source));
    gex__put_text(w, " (");
    gex__put_text(w, words);
    gex__put_text(w, "), unit ");
    gex__put_text(w, gex_unit_name(gex_exposure_unit(f->in_unit)));
    newline(w);
    gex__put_label(w, "");
    gex__put_text(w, "clock ");
    gex__put_text(w, gex_clock_name(gex_market_clock(f->market)));
    gex__put_text(w, ", vol ");
    gex__put_text(w, gex_vol_name(gex_market_vol_rule(f->market)));
    gex__put_text(w, ", dynamics ");
    gex__put_dynamics(w, f->market);
    gex__put_text(w, ", exercise ");
    gex__put_text(w, gex_style_name(gex_market_style(f->market)));
    newline(w);
    put_clock(w, f);
    put_vols(w, f);
    put_forwards(w, f);
}

/* All that a map without an exposure cannot say. */
static void put_body(struct gex__writer *w, const struct gex__facts *f)
{
    newline(w);
    put_flips(w, f);
    gex__put_zero_flow(w, f);
    put_wall(w, f, "Call wall", GEX_LEVEL_CALL_WALL_NET, "net ");
    put_wall(w, f, "Put wall", GEX_LEVEL_PUT_WALL_NET, "net ");
    put_wall(w, f, "Most gamma", GEX_LEVEL_ABS_GAMMA, "calls and puts ");
    put_zero_dte(w, f);
    put_next_expiry(w, f);
    newline(w);
    put_moves(w, f);
    newline(w);
    put_scenario(w, f);
    newline(w);
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
        newline(&writer);
        gex__put_since(&writer, &facts);
    }
    if (gex_map_robustness(map) != NULL) {
        newline(&writer);
        gex__put_robustness(&writer, gex_map_robustness(map));
    }
    rule(&writer);
    put_contracts(&writer, &facts);
    put_conventions(&writer, &facts);
    gex__put_text(&writer, "A map of forced flow under stated assumptions, not a forecast.\n"
                           "A share is one unit of the underlying. libgex ");
    gex__put_text(&writer, gex_version());
    newline(&writer);
    return gex__writer_close(&writer, error);
}
