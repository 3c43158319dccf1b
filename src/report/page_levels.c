/* SPDX-License-Identifier: Apache-2.0 */
/* Levels of the page: flips, walls, and the expiries that come first. */
#include <math.h>

#include "figures.h"
#include "page_parts.h"
#include "zero_flow.h"

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
    gex__put_newline(w);
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
    gex__put_newline(w);
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
        gex__put_newline(w);
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
        gex__put_newline(w);
        return;
    }
    gex__put_right(w, GEX_LABEL + 11, gex__figure_strike(price, text));
    gex__put_text(w, "   ");
    gex__put_distance(w, f, price);
    gex__put_text(w, "; ");
    gex__put_text(w, what);
    gex__put_amount(w, size, "USD per 1 %");
    gex__put_newline(w);
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
        gex__put_text(w, used[0] == 1 ? " contract settles later today" : " contracts settle later today");
    }
    gex__put_newline(w);
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
    gex__put_newline(w);
}

void gex__put_levels(struct gex__writer *w, const struct gex__facts *f)
{
    put_flips(w, f);
    gex__put_zero_flow(w, f);
    put_wall(w, f, "Call wall", GEX_LEVEL_CALL_WALL_NET, "net ");
    put_wall(w, f, "Put wall", GEX_LEVEL_PUT_WALL_NET, "net ");
    put_wall(w, f, "Most gamma", GEX_LEVEL_ABS_GAMMA, "calls and puts ");
    put_zero_dte(w, f);
    put_next_expiry(w, f);
}
