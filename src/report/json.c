/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map as one JSON object, schema "gex-map/1". A key once published keeps its name and meaning; keys are added.
 * Top-level members and the elements of arrays each begin a line, so that two reports can be compared with diff.
 * A number that is not finite is null. by_strike and by_expiry have one entry per strike and settlement instant that
 * a used row has; a strike or expiry whose rows were all refused has no number to give and no entry.
 */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "facts.h"
#include "since.h"
#include "writer.h"

enum { INSTANT_SPACE = 48 };

struct json {
    struct gex__writer *w;
    bool                first; /* nothing written yet in the object or array that is open */
};

static void separate(struct json *j)
{
    if (!j->first)
        gex__put_bytes(j->w, ",", 1);
    j->first = false;
}

static void open_with(struct json *j, const char *bracket)
{
    gex__put_text(j->w, bracket);
    j->first = true;
}

static void close_with(struct json *j, const char *bracket)
{
    gex__put_text(j->w, bracket);
    j->first = false;
}

static void key(struct json *j, const char *name)
{
    separate(j);
    gex__put_bytes(j->w, "\"", 1);
    gex__put_text(j->w, name);
    gex__put_bytes(j->w, "\":", 2);
}

/* A member of the outermost object: on a line of its own. */
static void member(struct json *j, const char *name)
{
    separate(j);
    gex__put_bytes(j->w, "\n\"", 2);
    gex__put_text(j->w, name);
    gex__put_bytes(j->w, "\":", 2);
}

/* An element of an array: an object on a line of its own. */
static void element(struct json *j)
{
    separate(j);
    open_with(j, "\n {");
}

static void value(struct json *j, double number)
{
    if (isfinite(number))
        gex__put_number(j->w, number);
    else
        gex__put_text(j->w, "null");
}

/* An element of an array of numbers. */
static void item(struct json *j, double number_value)
{
    separate(j);
    value(j, number_value);
}

static void number(struct json *j, const char *name, double number_value)
{
    key(j, name);
    value(j, number_value);
}

static void integer(struct json *j, const char *name, int64_t count)
{
    key(j, name);
    gex__put_count(j->w, count);
}

static void text(struct json *j, const char *name, const char *string)
{
    key(j, name);
    gex__put_json_string(j->w, string, (int64_t)strlen(string));
}

static void instant(struct json *j, const char *name, int64_t when)
{
    char string[INSTANT_SPACE];
    const int64_t length = gex_instant_format(when, GEX_ZONE_NEW_YORK, string, sizeof string);

    key(j, name);
    gex__put_json_string(j->w, string, length);
}

/* Price of a level, NaN (null) where it does not exist. */
static double level_of(const gex_exposure *gamma, int32_t which)
{
    double price = (double)NAN;

    if (gex_level(gamma, which, &price, NULL, NULL) != GEX_OK)
        price = (double)NAN;
    return price;
}

static double level(const struct gex__facts *f, int32_t which)
{
    return level_of(f->gamma, which);
}

/* ---- what it rests on ----------------------------------------------------------------------------------------- */

static void put_head(struct json *j, const struct gex__facts *f)
{
    const char *underlying = gex_chain_underlying(f->chain);
    char when[INSTANT_SPACE];

    member(j, "schema");
    gex__put_text(j->w, "\"gex-map/1\"");
    member(j, "library");
    gex__put_text(j->w, "\"libgex ");
    gex__put_text(j->w, gex_version());
    gex__put_text(j->w, "\"");
    member(j, "build");
    gex__put_json_string(j->w, gex_build_info(), (int64_t)strlen(gex_build_info()));
    member(j, "underlying");
    gex__put_json_string(j->w, underlying, (int64_t)strlen(underlying));
    member(j, "as_of");
    gex__put_json_string(j->w, when, gex_instant_format(f->as_of, GEX_ZONE_NEW_YORK, when, sizeof when));
    member(j, "spot");
    value(j, f->spot);
}

static void put_contracts(struct json *j, const struct gex__facts *f)
{
    /* what a market does not look at */
    static const uint32_t of_quotes = GEX_FLAG_ZERO_BID | GEX_FLAG_WIDE | GEX_FLAG_STALE | GEX_FLAG_NOT_MONOTONE |
                                      GEX_FLAG_NOT_CONVEX | GEX_FLAG_CALENDAR | GEX_FLAG_OTM_SIDE;
    const uint32_t *flags = gex_market_flags(f->market);

    member(j, "contracts");
    open_with(j, "{");
    integer(j, "total", gex_exposure_count_total(f->gamma));
    integer(j, "used", gex_exposure_count_used(f->gamma));
    integer(j, "zero_position", gex_exposure_count_zero_position(f->gamma));
    integer(j, "diverging", gex_exposure_count_diverging(f->gamma));
    integer(j, "american", f->american);
    integer(j, "american_as_european", f->american_as_european);
    integer(j, "exercise_now", f->exercise_now);
    integer(j, "exercise_at_dividend", gex__facts_at_dividend(f));
    key(j, "refused");
    open_with(j, "{");
    for (int32_t status = GEX_ROW_USED + 1; status < GEX_ROW_COUNT; status++)
        integer(j, gex_row_text(status), gex_exposure_count_refused(f->gamma, status));
    close_with(j, "}");
    key(j, "flags");
    open_with(j, "{");
    for (uint32_t bit = 1; bit <= GEX_FLAG_LAST_; bit <<= 1) {
        int64_t count = 0;
        if ((bit & of_quotes) != 0)
            continue;
        for (int64_t i = 0; i < f->rows; i++)
            count += (flags[i] & bit) != 0;
        integer(j, gex_flag_text(bit), count);
    }
    close_with(j, "}");
    close_with(j, "}");
}

/* What the clock weighs with, where it weighs. */
static void put_weights(struct json *j, const gex_calendar *calendar)
{
    key(j, "weights");
    open_with(j, "{");
    for (int32_t w = 1; w <= GEX_WEIGHT_LAST_; w++)
        number(j, gex_weight_name(w), gex_calendar_weight(calendar, w));
    integer(j, "events", gex_calendar_event_count(calendar));
    close_with(j, "}");
}

static void put_conventions(struct json *j, const struct gex__facts *f)
{
    const gex_market *m = f->market;
    int64_t vols[GEX_VOL_SOURCE_LAST_ + 1];
    char dynamics[GEX_DYNAMICS_TEXT];

    gex__facts_vols(f, vols);
    member(j, "conventions");
    open_with(j, "{");
    text(j, "sign", gex_sign_name(gex_book_sign(f->book)));
    text(j, "position_source", gex_book_source(f->book));
    text(j, "unit", gex_unit_name(gex_exposure_unit(f->in_unit)));
    text(j, "clock", gex_clock_name(gex_market_clock(m)));
    text(j, "vol_clock", gex_clock_name(gex_market_vol_clock(m)));
    if (gex_market_clock(m) == GEX_CLOCK_VARIANCE_CLOCK || gex_market_vol_clock(m) == GEX_CLOCK_VARIANCE_CLOCK)
        put_weights(j, gex_market_calendar(m));
    (void)gex_dynamics_format(gex_market_dynamics(m), gex_market_dynamics_parameter(m), dynamics, NULL);
    text(j, "dynamics", dynamics);
    text(j, "vol", gex_vol_name(gex_market_vol_rule(m)));
    text(j, "forward", gex_forward_name(gex_market_forward_rule(m)));
    text(j, "exercise", gex_style_name(gex_market_style(m)));
    number(j, "rate", gex_market_rate(m));
    number(j, "carry_yield", gex_market_carry_yield(m));
    key(j, "contracts_by_vol_source");
    open_with(j, "{");
    for (int32_t source = 1; source <= GEX_VOL_SOURCE_LAST_; source++)
        integer(j, gex_vol_source_name(source), vols[source]);
    close_with(j, "}");
    key(j, "expiries_by_forward_source");
    open_with(j, "{");
    for (int32_t source = 1; source <= GEX_FORWARD_FROM_LAST_; source++)
        integer(j, gex_forward_name(source), f->forwards[source]);
    close_with(j, "}");
    if (gex_chain_open_interest_as_of(f->chain) != 0)
        instant(j, "open_interest_as_of", gex_chain_open_interest_as_of(f->chain));
    close_with(j, "}");
}

/* ---- where dealers stand -------------------------------------------------------------------------------------- */

static void put_totals(struct json *j, const struct gex__facts *f)
{
    const double *right = gex_exposure_by(f->gamma, GEX_BY_RIGHT, GEX_SUM_NET, NULL);
    const double *dte = gex_exposure_by(f->gamma, GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL);
    const double *dte_gross = gex_exposure_by(f->gamma, GEX_BY_ZERO_DTE, GEX_SUM_GROSS, NULL);
    const int64_t *dte_count = gex_exposure_count_by(f->gamma, GEX_BY_ZERO_DTE, NULL);

    member(j, "totals");
    open_with(j, "{");
    number(j, "gex_usd_pct", gex_exposure_total(f->gamma));
    number(j, "gross_gex_usd_pct", gex_exposure_gross(f->gamma));
    number(j, "call_gex_usd_pct", right[0]);
    number(j, "put_gex_usd_pct", right[1]);
    number(j, "dex_usd", gex_exposure_total(gex_map_delta(f->map)));
    number(j, "vex_usd_volpt", gex_exposure_total(gex_map_vanna(f->map)));
    number(j, "cex_usd_calday", gex_exposure_total(gex_map_charm(f->map)));
    close_with(j, "}");

    member(j, "zero_dte");
    open_with(j, "{");
    number(j, "gex_usd_pct", dte[0]);
    number(j, "gross_gex_usd_pct", dte_gross[0]);
    number(j, "share", gex_map_zero_dte_share(f->map));
    integer(j, "contracts", dte_count[0]);
    close_with(j, "}");
}

static void put_roots(struct json *j, const gex_flips *flips)
{
    open_with(j, "[");
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        element(j);
        number(j, "price", gex_flips_price(flips, i));
        text(j, "direction", gex_direction_text(gex_flips_direction(flips, i)));
        number(j, "slope", gex_flips_slope(flips, i));
        number(j, "size", gex_flips_size(flips, i));
        text(j, "status", gex_root_status_text(gex_flips_root_status(flips, i)));
        close_with(j, "}");
    }
    close_with(j, "]");
}

/* Prices at which dealers will have traded nothing by an instant; slopes are shares per 1.00. */
static void put_zero_flow(struct json *j, const gex_map *map)
{
    const gex_flips *flips = gex_map_zero_flow(map);

    if (flips == NULL)
        return;
    member(j, "zero_flow");
    open_with(j, "{");
    instant(j, "until", gex_map_zero_flow_instant(map));
    text(j, "status", gex_roots_text(gex_flips_status(flips)));
    number(j, "nearest", gex_flips_price(flips, gex_flips_nearest(flips)));
    key(j, "roots");
    put_roots(j, flips);
    close_with(j, "}");
}

static void put_levels(struct json *j, const struct gex__facts *f)
{
    const double sigma = gex_map_daily_sigma(f->map);

    member(j, "regime");
    gex__put_json_string(j->w, gex_regime_text(gex_map_regime(f->map)),
                         (int64_t)strlen(gex_regime_text(gex_map_regime(f->map))));
    member(j, "daily_sigma");
    value(j, sigma);
    member(j, "flips");
    put_roots(j, f->flips);
    member(j, "flip_status");
    gex__put_json_string(j->w, gex_roots_text(gex_flips_status(f->flips)),
                         (int64_t)strlen(gex_roots_text(gex_flips_status(f->flips))));
    member(j, "flip_range");
    open_with(j, "{");
    number(j, "low", gex_flips_low(f->flips));
    number(j, "high", gex_flips_high(f->flips));
    close_with(j, "}");
    member(j, "nearest_flip");
    open_with(j, "{");
    number(j, "price", f->flip);
    number(j, "distance_pct", (f->flip / f->spot - 1.0) * 100.0);
    number(j, "distance_daily_sigmas", (f->flip - f->spot) / sigma);
    close_with(j, "}");
    put_zero_flow(j, f->map);
    member(j, "walls");
    open_with(j, "{");
    for (int32_t which = 1; which <= GEX_LEVEL_LAST_; which++)
        number(j, gex_level_name(which), level(f, which));
    close_with(j, "}");
}

static void put_by_strike(struct json *j, const struct gex__facts *f)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *net = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_NET, NULL);
    const double *gross = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_GROSS, NULL);
    const double *call = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_CALL, NULL);
    const double *put = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_PUT, NULL);
    const double *delta = gex_exposure_by(gex_map_delta(f->map), GEX_BY_STRIKE, GEX_SUM_NET, NULL);
    const double *vanna = gex_exposure_by(gex_map_vanna(f->map), GEX_BY_STRIKE, GEX_SUM_NET, NULL);
    const double *charm = gex_exposure_by(gex_map_charm(f->map), GEX_BY_STRIKE, GEX_SUM_NET, NULL);

    member(j, "by_strike");
    open_with(j, "[");
    for (int64_t i = 0; i < f->strikes; i++) {
        if (f->used_by_strike[i] == 0)
            continue;
        element(j);
        number(j, "strike", strike[i]);
        number(j, "gex_usd_pct", net[i]);
        number(j, "gross_gex_usd_pct", gross[i]);
        number(j, "call_gex_usd_pct", call[i]);
        number(j, "put_gex_usd_pct", put[i]);
        number(j, "dex_usd", delta[i]);
        number(j, "vex_usd_volpt", vanna[i]);
        number(j, "cex_usd_calday", charm[i]);
        integer(j, "contracts", f->used_by_strike[i]);
        close_with(j, "}");
    }
    close_with(j, "]");
}

static double max_pain(const struct gex__facts *f, int64_t expiry)
{
    double price = (double)NAN;

    return gex_max_pain(f->chain, expiry, &price, NULL) == GEX_OK ? price : (double)NAN;
}

static void put_forward(struct json *j, const struct gex__facts *f, int64_t i)
{
    const gex_market *m = f->market;

    number(j, "years", gex_market_years(m)[i]);
    text(j, "clock", gex_clock_name(gex_market_expiry_clock(m)[i]));
    number(j, "calendar_years", gex_market_calendar_years(m)[i]);
    number(j, "pace", gex_market_pace(m)[i]);
    number(j, "forward", gex_market_forward(m)[i]);
    number(j, "discount", gex_market_discount(m)[i]);
    text(j, "forward_source", gex_forward_name(gex_market_forward_source(m)[i]));
    number(j, "forward_error", gex_market_forward_error(m)[i]);
    number(j, "forward_quote_error", gex_market_forward_quote_error(m)[i]);
    integer(j, "forward_pairs", gex_market_forward_pairs(m)[i]);
    integer(j, "forward_outliers", gex_market_forward_outliers(m)[i]);
    text(j, "parity", gex_parity_text(gex_market_parity(m)[i]));
    number(j, "discount_error", gex_market_discount_error(m)[i]);
    number(j, "borrow", gex_market_borrow(m)[i]);
}

static void put_by_expiry(struct json *j, const struct gex__facts *f)
{
    const int64_t *settlement = gex_chain_expiries(f->chain, NULL);
    const double *net = gex_exposure_by(f->gamma, GEX_BY_EXPIRY, GEX_SUM_NET, NULL);
    const double *gross = gex_exposure_by(f->gamma, GEX_BY_EXPIRY, GEX_SUM_GROSS, NULL);
    const double *delta = gex_exposure_by(gex_map_delta(f->map), GEX_BY_EXPIRY, GEX_SUM_NET, NULL);
    const double *vanna = gex_exposure_by(gex_map_vanna(f->map), GEX_BY_EXPIRY, GEX_SUM_NET, NULL);
    const double *charm = gex_exposure_by(gex_map_charm(f->map), GEX_BY_EXPIRY, GEX_SUM_NET, NULL);

    member(j, "by_expiry");
    open_with(j, "[");
    for (int64_t i = 0; i < f->expiries; i++) {
        if (f->used_by_expiry[i] == 0)
            continue;
        element(j);
        instant(j, "expiry", settlement[i]);
        number(j, "gex_usd_pct", net[i]);
        number(j, "gross_gex_usd_pct", gross[i]);
        number(j, "dex_usd", delta[i]);
        number(j, "vex_usd_volpt", vanna[i]);
        number(j, "cex_usd_calday", charm[i]);
        integer(j, "contracts", f->used_by_expiry[i]);
        put_forward(j, f, i);
        number(j, "max_pain", max_pain(f, i));
        close_with(j, "}");
    }
    close_with(j, "]");
}

/* ---- what they must trade ------------------------------------------------------------------------------------- */

static void put_profile(struct json *j, const gex_profile *profile, const char *value_name)
{
    int64_t points = 0;
    const double *prices = gex_profile_prices(profile, &points);
    const double *values = gex_profile_values(profile, NULL);

    open_with(j, "[");
    for (int64_t i = 0; i < points; i++) {
        element(j);
        number(j, "price", prices[i]);
        number(j, value_name, values[i]);
        close_with(j, "}");
    }
    close_with(j, "]");
}

static void put_flow(struct json *j, const struct gex__facts *f)
{
    int64_t count = 0;
    const gex_flow *flow = gex_map_flow(f->map);
    const double *moves = gex_map_moves(f->map, &count);
    const double *linear = gex_flow_column(flow, GEX_FLOW_LINEAR);
    const double *exact = gex_flow_column(flow, GEX_FLOW_EXACT);
    const double *usd = gex_flow_column(flow, GEX_FLOW_USD_AT_START);

    member(j, "flow");
    open_with(j, "[");
    for (int64_t i = 0; i < count; i++) {
        element(j);
        number(j, "move_pct", moves[i]);
        number(j, "shares_linear", linear[i]);
        number(j, "shares_exact", exact[i]);
        number(j, "usd_at_start", usd[i]);
        close_with(j, "}");
    }
    close_with(j, "]");

    member(j, "flow_scenario");
    open_with(j, "{");
    number(j, "spot_pct", gex_map_scenario_spot_pct(f->map));
    number(j, "hours", gex_map_scenario_hours(f->map));
    number(j, "vol_points", gex_map_scenario_vol_points(f->map));
    number(j, "total", gex__scenario(f->map, GEX_FLOW_EXACT));
    for (int32_t column = GEX_FLOW_LINEAR; column <= GEX_FLOW_LAST_; column++)
        number(j, gex_flow_name(column), gex__scenario(f->map, column));
    close_with(j, "}");
}

static void put_in_unit(struct json *j, const struct gex__facts *f)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *net = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_NET, NULL);

    member(j, "in_unit");
    open_with(j, "{");
    text(j, "unit", gex_unit_name(gex_exposure_unit(f->in_unit)));
    text(j, "label", gex_unit_label(gex_exposure_unit(f->in_unit)));
    number(j, "total", gex_exposure_total(f->in_unit));
    number(j, "gross", gex_exposure_gross(f->in_unit));
    key(j, "by_strike");
    open_with(j, "[");
    for (int64_t i = 0; i < f->strikes; i++) {
        if (f->used_by_strike[i] == 0)
            continue;
        element(j);
        number(j, "strike", strike[i]);
        number(j, "value", net[i]);
        close_with(j, "}");
    }
    close_with(j, "]");
    key(j, "profile");
    put_profile(j, gex_map_profile_in_unit(f->map), "value");
    close_with(j, "}");
}

/* What agrees with the base, of what counts; then every entry, the base first. */
static void put_robustness(struct json *j, const gex_robustness *robustness)
{
    member(j, "robustness");
    open_with(j, "{");
    for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++) {
        int64_t count;
        const int64_t agreeing = gex_robustness_agreeing(robustness, 0, what, &count);

        key(j, gex_agree_name(what));
        open_with(j, "{");
        integer(j, "agree", agreeing);
        integer(j, "of", count);
        close_with(j, "}");
    }
    key(j, "entries");
    open_with(j, "[");
    for (int64_t i = 0; i < gex_robustness_count(robustness); i++) {
        element(j);
        text(j, "vary", gex_vary_name(gex_robustness_vary(robustness, i)));
        text(j, "choice", gex_robustness_choice(robustness, i));
        text(j, "status", gex_status_text(gex_robustness_status(robustness, i)));
        for (int32_t what = 1; what <= GEX_ROBUST_LAST_; what++)
            number(j, gex_robust_name(what), gex_robustness_value(robustness, i, what));
        text(j, "regime", gex_regime_text(gex_robustness_regime(robustness, i)));
        text(j, "flip_status", gex_roots_text(gex_robustness_roots(robustness, i)));
        key(j, "agrees");
        open_with(j, "{");
        for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++) {
            const int32_t agrees = gex_robustness_agrees(robustness, i, what);

            key(j, gex_agree_name(what));
            gex__put_text(j->w, agrees < 0 ? "null" : agrees > 0 ? "true" : "false");
        }
        close_with(j, "}");
        close_with(j, "}");
    }
    close_with(j, "]");
    close_with(j, "}");
}

/* Prices and instants once, then each quantity as a row of prices for every instant. */
static void put_field(struct json *j, const gex_field *field)
{
    int64_t points, steps, count;
    const double *price = gex_field_prices(field, &points);
    const int64_t *when = gex_field_instants(field, &steps), *live = gex_field_live(field, NULL);
    const int32_t *quantity = gex_field_quantities(field, &count);

    member(j, "field");
    open_with(j, "{");
    key(j, "prices");
    open_with(j, "[");
    for (int64_t p = 0; p < points; p++)
        item(j, price[p]);
    close_with(j, "]");
    key(j, "instants");
    open_with(j, "[");
    for (int64_t t = 0; t < steps; t++) {
        element(j);
        instant(j, "instant", when[t]);
        integer(j, "live", live[t]);
        close_with(j, "}");
    }
    close_with(j, "]");
    for (int64_t q = 0; q < count; q++) {
        const double *values = gex_field_values(field, quantity[q], NULL);

        key(j, gex_field_quantity_name(quantity[q]));
        open_with(j, "[");
        for (int64_t t = 0; t < steps; t++) {
            separate(j);
            open_with(j, "[");
            for (int64_t p = 0; p < points; p++)
                item(j, values[t * points + p]);
            close_with(j, "]");
        }
        close_with(j, "]");
    }
    close_with(j, "}");
}

/* ---- what changed ------------------------------------------------------------------------------------------------ */

static void put_move(struct json *j, double before, double after)
{
    number(j, "before", before);
    number(j, "after", after);
    number(j, "move", after - before);
}

static void put_causes(struct json *j, const char *name, const gex_difference *difference)
{
    key(j, name);
    open_with(j, "{");
    for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
        number(j, gex_difference_name(column), gex_difference_total(difference, column));
    close_with(j, "}");
}

/* Causes by key; one at which nothing was and nothing is has no entry. */
static void put_difference_by(struct json *j, const char *name, const gex_difference *difference, int32_t by)
{
    const double *strike = gex_difference_strikes(difference, NULL);
    const int64_t *expiry = gex_difference_expiries(difference, NULL);
    int64_t count;

    gex_difference_by(difference, by, GEX_DIFFERENCE_CHANGE, &count);
    key(j, name);
    open_with(j, "[");
    for (int64_t i = 0; i < count; i++) {
        bool any = false;

        for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
            any = any || gex_difference_by(difference, by, column, NULL)[i] != 0.0;
        if (!any)
            continue;
        element(j);
        if (by == GEX_BY_STRIKE)
            number(j, "strike", strike[i]);
        else
            instant(j, "expiry", expiry[i]);
        for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
            number(j, gex_difference_name(column), gex_difference_by(difference, by, column, NULL)[i]);
        close_with(j, "}");
    }
    close_with(j, "]");
}

static void put_levels_since(struct json *j, const gex_map *map)
{
    const gex_map *before = gex_map_since(map);
    const gex_flips *then = gex_map_flips(before), *now = gex_map_flips(map);

    key(j, "levels");
    open_with(j, "{");
    key(j, "nearest_flip");
    open_with(j, "{");
    put_move(j, gex_flips_price(then, gex_flips_nearest(then)), gex_flips_price(now, gex_flips_nearest(now)));
    close_with(j, "}");
    for (int32_t which = 1; which <= GEX_LEVEL_LAST_; which++) {
        key(j, gex_level_name(which));
        open_with(j, "{");
        put_move(j, level_of(gex_map_gamma(before), which), level_of(gex_map_gamma(map), which));
        close_with(j, "}");
    }
    close_with(j, "}");
}

static void put_max_pain_since(struct json *j, const gex_map *map)
{
    int64_t count;
    const int64_t *expiry = gex_difference_expiries(gex_map_gamma_since(map), &count);

    key(j, "max_pain");
    open_with(j, "[");
    for (int64_t e = 0; e < count; e++) {
        element(j);
        instant(j, "expiry", expiry[e]);
        put_move(j, gex__max_pain_at(gex_map_market(gex_map_since(map)), expiry[e]),
                 gex__max_pain_at(gex_map_market(map), expiry[e]));
        close_with(j, "}");
    }
    close_with(j, "]");
}

static void put_since(struct json *j, const gex_map *map)
{
    const gex_difference *gamma = gex_map_gamma_since(map);
    const gex_market *before = gex_map_market(gex_map_since(map));

    member(j, "since");
    open_with(j, "{");
    instant(j, "as_of", gex_market_as_of(before));
    number(j, "spot", gex_market_spot(before));
    put_causes(j, "gex_usd_pct", gamma);
    put_causes(j, "hedge_shares", gex_map_flow_since(map));
    key(j, "contracts");
    open_with(j, "{");
    for (int32_t kind = 1; kind <= GEX_LINE_LAST_; kind++)
        integer(j, gex_line_name(kind), gex_difference_count(gamma, kind));
    close_with(j, "}");
    put_levels_since(j, map);
    put_max_pain_since(j, map);
    put_difference_by(j, "gex_usd_pct_by_strike", gamma, GEX_BY_STRIKE);
    put_difference_by(j, "gex_usd_pct_by_expiry", gamma, GEX_BY_EXPIRY);
    close_with(j, "}");
}

/* ---- how sure it is --------------------------------------------------------------------------------------------- */

/* Of one value: its deviation, and what 5 and 95 % of books lie below. */
static void put_band(struct json *j, const gex_bands *bands, int64_t i)
{
    number(j, "sd", gex_bands_sd(bands, NULL)[i]);
    number(j, "p05", gex_bands_quantile(bands, i, 0.05));
    number(j, "p95", gex_bands_quantile(bands, i, 0.95));
}

static void put_flip_bands(struct json *j, const gex_flip_bands *flips)
{
    key(j, "flip");
    open_with(j, "{");
    number(j, "found", gex_flip_bands_found(flips, GEX_FLIP_NEAREST));
    number(j, "none_positive", gex_flip_bands_share(flips, GEX_ROOTS_NONE_POSITIVE));
    number(j, "none_negative", gex_flip_bands_share(flips, GEX_ROOTS_NONE_NEGATIVE));
    number(j, "p05", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.05));
    number(j, "p50", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.5));
    number(j, "p95", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.95));
    close_with(j, "}");
}

static void put_uncertainty(struct json *j, const gex_map *map)
{
    const gex_uncertainty *uncertainty = gex_map_uncertainty(map);
    const gex_bands *gamma = gex_map_gamma_bands(map), *flow = gex_map_flow_bands(map);
    int64_t count;
    const double *moves = gex_map_moves(map, &count);

    member(j, "uncertainty");
    open_with(j, "{");
    number(j, "share", gex_uncertainty_share(uncertainty));
    number(j, "correlation", gex_uncertainty_correlation(uncertainty));
    integer(j, "factors", gex_uncertainty_factors(uncertainty));
    integer(j, "refused", gex_uncertainty_refused(uncertainty));
    key(j, "probability");
    open_with(j, "{");
    number(j, "long_gamma", gex_bands_above(gamma, NULL)[0]);
    number(j, "short_gamma", gex_bands_below(gamma, NULL)[0]);
    close_with(j, "}");
    key(j, "gex_usd_pct");
    open_with(j, "{");
    put_band(j, gamma, 0);
    close_with(j, "}");
    put_flip_bands(j, gex_map_flip_bands(map));
    key(j, "flow");
    open_with(j, "[");
    for (int64_t i = 0; i < count; i++) {
        element(j);
        number(j, "move_pct", moves[i]);
        number(j, "buy", gex_bands_above(flow, NULL)[i]);
        put_band(j, flow, i);
        close_with(j, "}");
    }
    close_with(j, "]");
    close_with(j, "}");
}

gex_status gex_report_json(const gex_context *context, const gex_map *map, gex_write write, void *user,
                           gex_error *error)
{
    struct gex__writer writer;
    struct gex__facts facts;
    struct json json = {&writer, true};

    (void)context;
    if (map == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "map and write are required");
    gex__writer_open(&writer, write, user);
    gex__facts_gather(map, &facts);
    open_with(&json, "{");
    put_head(&json, &facts);
    put_contracts(&json, &facts);
    put_conventions(&json, &facts);
    put_totals(&json, &facts);
    put_levels(&json, &facts);
    put_by_strike(&json, &facts);
    put_by_expiry(&json, &facts);
    member(&json, "profile");
    put_profile(&json, gex_map_profile(map), "gex_usd_pct");
    put_flow(&json, &facts);
    put_in_unit(&json, &facts);
    if (gex_map_field(map) != NULL)
        put_field(&json, gex_map_field(map));
    if (gex_map_since(map) != NULL)
        put_since(&json, map);
    if (gex_map_uncertainty(map) != NULL)
        put_uncertainty(&json, map);
    if (gex_map_robustness(map) != NULL)
        put_robustness(&json, gex_map_robustness(map));
    close_with(&json, "\n}\n");
    return gex__writer_close(&writer, error);
}
