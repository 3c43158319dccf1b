/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows of named stretches of time. A stretch from (S, a) to (P, b) takes the lines alive at a; with exact(P, b) and
 * unwind(P, b) of a flow from the market's own state, which keep what settled before a at its payoff's delta,
 *
 *     shares = exact(P, b) + unwind(P, a) - exact(S, a) - unwind(S, a),      unwind = unwind(P, b) - unwind(P, a)
 */
#include "forced.h"

#include <math.h>
#include <string.h>

#include <gex/field.h>

enum { FORCED_OPTIONS_0_1 = 40, STATES = 3 };
enum { START, MOVED, END }; /* (S, a), (P, a), (P, b) */
_Static_assert(sizeof(gex_forced_options) >= FORCED_OPTIONS_0_1, "options only grow");

struct gex_forced {
    struct gex__object    object;
    struct gex__stretches stretches;
    double                value[GEX_STRETCH_LAST_ + 1][GEX_FORCED_LAST_ + 1];
};

static const gex_forced_options defaults = {.spot_pct = 0.0};

void gex_forced_options_init(gex_forced_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static gex_status number_check(const char *name, double value, gex_error *error)
{
    if (!(value >= 0.0) || isinf(value))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{s} is {g}: it has to be finite and above zero, or 0", name,
                         value);
    return GEX_OK;
}

gex_status gex__forced_take(const gex_forced_options *options, gex_forced_options *mine, gex_error *error)
{
    *mine = defaults;
    if (options != NULL && gex__options_take(mine, sizeof *mine, FORCED_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "forced options: struct_size {u}", options->struct_size);
    return GEX_OK;
}

static gex_status options_check(const gex_forced_options *opt, gex_error *error)
{
    gex_status status = GEX_OK;

    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "forced options: reserved must be zero");
    if (!(opt->spot_pct > -100.0) || isinf(opt->spot_pct))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot_pct is {g}: it has to be finite and above -100",
                         opt->spot_pct);
    (void)((status = number_check("adv", opt->adv, error)) ||
           (status = number_check("future_price", opt->future_price, error)) ||
           (status = number_check("future_multiplier", opt->future_multiplier, error)));
    return status;
}

gex_status gex__stretches_set(const gex_market *market, const gex_forced_options *options,
                              struct gex__stretches *stretches, gex_error *error)
{
    const int64_t as_of = gex_market_as_of(market);
    int64_t close, open_at, next_close;
    gex_status status;

    (void)((status = options_check(options, error)) ||
           (status = gex_until_instant(market, GEX_UNTIL_CLOSE, &close, error)) ||
           (status = gex_until_instant(market, GEX_UNTIL_NEXT_OPEN, &open_at, error)) ||
           (status = gex_until_instant(market, GEX_UNTIL_NEXT_CLOSE, &next_close, error)));
    if (status != GEX_OK)
        return status;
    stretches->from[GEX_STRETCH_TO_CLOSE] = as_of;
    stretches->to[GEX_STRETCH_TO_CLOSE] = close;
    stretches->from[GEX_STRETCH_OVERNIGHT] = close < open_at ? close : as_of;
    stretches->to[GEX_STRETCH_OVERNIGHT] = open_at;
    stretches->from[GEX_STRETCH_NEXT_SESSION] = open_at;
    stretches->to[GEX_STRETCH_NEXT_SESSION] = close < open_at ? next_close : close;
    stretches->spot = gex_market_spot(market);
    stretches->price = stretches->spot * (1.0 + options->spot_pct / 100.0);
    return GEX_OK;
}

static double over(double value, double by)
{
    return by > 0.0 ? value / by : (double)NAN;
}

static void values_set(const gex_forced_options *opt, double spot, double price, const double *exact,
                       const double *unwind, double *value)
{
    const double shares = exact[END] + unwind[MOVED] - exact[START] - unwind[START];

    value[GEX_FORCED_SHARES] = shares;
    value[GEX_FORCED_UNWIND] = unwind[END] - unwind[MOVED];
    value[GEX_FORCED_FUTURES] = over(shares * spot, opt->future_price * opt->future_multiplier);
    value[GEX_FORCED_USD_AT_START] = shares * spot;
    value[GEX_FORCED_USD_AT_END] = shares * price;
    value[GEX_FORCED_USD_AT_PATH] = shares * (0.5 * spot + 0.5 * price);
    value[GEX_FORCED_ADV_PCT] = over(100.0 * shares, opt->adv);
}

static gex_status forced_fill(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_forced_options *opt, struct gex_forced *forced, gex_error *error)
{
    const struct gex__stretches *stretches = &forced->stretches;
    const double spot = stretches->spot, price = stretches->price;
    double spots[STATES * GEX_STRETCH_LAST_];
    int64_t instants[STATES * GEX_STRETCH_LAST_];
    gex_flow_options scenarios;
    gex_flow *flow = NULL;
    gex_status status;

    for (int stretch = 1; stretch <= GEX_STRETCH_LAST_; stretch++)
        for (int state = 0; state < STATES; state++) {
            spots[(stretch - 1) * STATES + state] = state == START ? spot : price;
            instants[(stretch - 1) * STATES + state] = state == END ? stretches->to[stretch] : stretches->from[stretch];
        }
    gex_flow_options_init(&scenarios, sizeof scenarios);
    scenarios.rows = STATES * GEX_STRETCH_LAST_;
    scenarios.spot = (gex_f64){spots, sizeof *spots};
    scenarios.as_of = (gex_i64){instants, sizeof *instants};
    status = gex_flow_compute(context, market, book, &scenarios, &flow, error);
    for (int stretch = 1; status == GEX_OK && stretch <= GEX_STRETCH_LAST_; stretch++)
        values_set(opt, spot, price, gex_flow_column(flow, GEX_FLOW_EXACT) + (stretch - 1) * STATES,
                   gex_flow_column(flow, GEX_FLOW_UNWIND) + (stretch - 1) * STATES, forced->value[stretch]);
    gex_flow_free(flow);
    return status;
}

gex_status gex_forced_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_forced_options *options, gex_forced **out, gex_error *error)
{
    struct gex__layout layout = {0};
    gex_forced_options opt;
    struct gex__guest guest;
    struct gex_forced *forced;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book and out are required");
    status = gex__forced_take(options, &opt, error);
    if (status != GEX_OK)
        return status;
    gex__layout_add(&layout, 1, sizeof *forced);
    forced = gex__object_create(context, &layout, NULL);
    if (forced == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the flows of stretches");
    gex__guest_enter(&guest);
    (void)((status = gex__stretches_set(market, &opt, &forced->stretches, error)) ||
           (status = forced_fill(context, market, book, &opt, forced, error)));
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(forced);
        return status;
    }
    *out = forced;
    return GEX_OK;
}

void gex_forced_free(gex_forced *forced)
{
    gex__object_release(forced);
}

static bool is_stretch(const gex_forced *forced, int32_t stretch)
{
    return forced != NULL && stretch >= 1 && stretch <= GEX_STRETCH_LAST_;
}

double gex_forced_value(const gex_forced *forced, int32_t stretch, int32_t column)
{
    return is_stretch(forced, stretch) && column >= 1 && column <= GEX_FORCED_LAST_ ? forced->value[stretch][column]
                                                                                    : (double)NAN;
}

int64_t gex_forced_from(const gex_forced *forced, int32_t stretch)
{
    return is_stretch(forced, stretch) ? forced->stretches.from[stretch] : 0;
}

int64_t gex_forced_to(const gex_forced *forced, int32_t stretch)
{
    return is_stretch(forced, stretch) ? forced->stretches.to[stretch] : 0;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_stretch_name(int32_t stretch)
{
    switch (stretch) {
        GEX_STRETCH_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_forced_name(int32_t column)
{
    switch (column) {
        GEX_FORCED_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_stretch_find(const char *name)
{
    for (int32_t stretch = 1; name != NULL && stretch <= GEX_STRETCH_LAST_; stretch++)
        if (strcmp(name, gex_stretch_name(stretch)) == 0)
            return stretch;
    return 0;
}

int32_t gex_forced_find(const char *name)
{
    for (int32_t column = 1; name != NULL && column <= GEX_FORCED_LAST_; column++)
        if (strcmp(name, gex_forced_name(column)) == 0)
            return column;
    return 0;
}
