/* SPDX-License-Identifier: Apache-2.0 */
/* A chain seen at an instant and a spot: every choice proved at the door, a forward per expiry, a vol per row. */
#include <math.h>

#include "lanes.h"
#include "market.h"

enum { MARKET_OPTIONS_0_1 = offsetof(gex_market_options, discounts) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || MARKET_OPTIONS_0_1 == 88, "the first size of the options is part of the ABI");
_Static_assert(sizeof(gex_market_options) >= MARKET_OPTIONS_0_1, "options only grow");

static const double none = (double)NAN;

void gex_market_options_init(gex_market_options *options, uint32_t struct_size)
{
    static const gex_market_options defaults = {.clock = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- the door -------------------------------------------------------------------------------------------------- */

static gex_status choice_check(const char *what, int32_t value, int32_t last, const char *first_name, gex_error *error)
{
    if (value >= 1 && value <= last)
        return GEX_OK;
    return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} is {i}: it has to be chosen, for example {s}", what,
                     (int64_t)value, first_name);
}

static gex_status choices_check(const gex_market_options *opt, gex_error *error)
{
    gex_status status = choice_check("clock", opt->clock, GEX_CLOCK_LAST_, "GEX_CLOCK_CAL_365", error);

    if (status == GEX_OK && opt->vol_clock != 0)
        status = choice_check("vol_clock", opt->vol_clock, GEX_CLOCK_LAST_, "GEX_CLOCK_CAL_365", error);
    if (status == GEX_OK && opt->surface_clock != 0)
        status = choice_check("surface_clock", opt->surface_clock, GEX_CLOCK_LAST_, "GEX_CLOCK_CAL_365", error);
    if (status == GEX_OK)
        status = choice_check("vol", opt->vol, GEX_VOL_LAST_, "GEX_VOL_GIVEN", error);
    if (status == GEX_OK)
        status = choice_check("forward", opt->forward, GEX_FORWARD_LAST_, "GEX_FORWARD_RATE", error);
    if (status == GEX_OK)
        status = choice_check("style", opt->style, GEX_STYLE_LAST_, "GEX_STYLE_AUTO", error);
    if (status == GEX_OK)
        status = choice_check("dynamics", opt->dynamics, GEX_DYNAMICS_LAST_, "GEX_DYNAMICS_STICKY_STRIKE", error);
    return status;
}

static bool rate_allowed(double rate)
{
    return fabs(rate) <= 10;
}

/* The curve of rates and the cash dividends. */
static gex_status curve_check(const gex_market_options *opt, gex_error *error)
{
    double before = -1;

    if (opt->rate_count < 0 || opt->dividend_count < 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "rate_count and dividend_count must not be below zero");
    if ((opt->rate_count > 0 && (opt->rate_years.data == NULL || opt->rates.data == NULL)) ||
        (opt->dividend_count > 0 &&
         (opt->dividend_at.data == NULL || (opt->dividend_cash.data == NULL && opt->dividend_share.data == NULL))))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "a curve needs rate_years and rates, dividends need dividend_at and "
                         "dividend_cash or dividend_share");
    if (!gex__stride_fits(opt->rate_years.data, opt->rate_years.stride, opt->rate_count) ||
        !gex__stride_fits(opt->rates.data, opt->rates.stride, opt->rate_count) ||
        !gex__stride_fits(opt->dividend_at.data, opt->dividend_at.stride, opt->dividend_count) ||
        !gex__stride_fits(opt->dividend_cash.data, opt->dividend_cash.stride, opt->dividend_count) ||
        !gex__stride_fits(opt->dividend_share.data, opt->dividend_share.stride, opt->dividend_count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of a rate or dividend column times its count overflows");
    for (int64_t i = 0; i < opt->rate_count; i++) {
        const double years = gex__f64_at(opt->rate_years, i);
        if (!(years > before && years >= 0 && isfinite(years)) || !rate_allowed(gex__f64_at(opt->rates, i)))
            return gex__fail(error, GEX_ERR_DOMAIN, i,
                             "point {i} of the curve: years must ascend from zero, a rate lie "
                             "within -10 to 10",
                             i);
        before = years;
    }
    for (int64_t i = 0; i < opt->dividend_count; i++) {
        const double cash = opt->dividend_cash.data != NULL ? gex__f64_at(opt->dividend_cash, i) : 0;
        const double share = opt->dividend_share.data != NULL ? gex__f64_at(opt->dividend_share, i) : 0;

        if (!(cash >= 0 && isfinite(cash)))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "dividend {i} is {g}: it must be finite and not below zero", i,
                             cash);
        if (!(share >= 0 && share < 1))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "share {i} is {g}: it must lie within 0 to below 1", i, share);
    }
    return GEX_OK;
}

gex_status gex__market_choices_check(const gex_market_options *opt, gex_error *error)
{
    const gex_status status = choices_check(opt, error);

    if (status != GEX_OK)
        return status;
    if (opt->reserved != 0 || opt->reserved_2 != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market options: reserved must be zero");
    if (!(opt->spot > 0 && isfinite(opt->spot)))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it must be finite and above zero", opt->spot);
    if (!rate_allowed(opt->rate) || !rate_allowed(opt->carry_yield))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "rate is {g}, carry_yield {g}: both must lie within -10 to 10",
                         opt->rate, opt->carry_yield);
    if (!(opt->vol_low >= 0) || !(opt->vol_high >= 0) || (opt->vol_high > 0 && opt->vol_low >= opt->vol_high))
        return gex__fail(error, GEX_ERR_DOMAIN, -1,
                         "vol_low is {g}, vol_high {g}: both must not be below zero, and low "
                         "below high unless that is 0, no limit",
                         opt->vol_low, opt->vol_high);
    if (opt->fallback != GEX_FALLBACK_RATE && opt->fallback != GEX_FALLBACK_NEIGHBOURS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "fallback is {i}: it is GEX_FALLBACK_RATE or _NEIGHBOURS",
                         (int64_t)opt->fallback);
    return gex__dynamics_check(opt->dynamics, opt->dynamics_parameter, error);
}

/* The columns beside them. */
static gex_status options_check(const gex_market_options *opt, const gex_chain *chain, gex_error *error)
{
    gex_status status = gex__market_choices_check(opt, error);
    int64_t expiries;

    if (status != GEX_OK)
        return status;
    if (opt->forward == GEX_FORWARD_QUOTED && gex_chain_rows(chain) > 0 && opt->row_forwards.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "forward quoted needs the column row_forwards, one price a row");
    if (!gex__stride_fits(opt->row_forwards.data, opt->row_forwards.stride, gex_chain_rows(chain)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of row_forwards times {i} rows overflows",
                         gex_chain_rows(chain));
    if ((status = curve_check(opt, error)) != GEX_OK)
        return status;
    gex_chain_expiries(chain, &expiries);
    if (opt->forward != GEX_FORWARD_GIVEN || expiries == 0)
        return GEX_OK;
    if (opt->forwards.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "forward given needs the column forwards, one price for each of "
                         "{i} expiries", expiries);
    if (!gex__stride_fits(opt->forwards.data, opt->forwards.stride, expiries) ||
        !gex__stride_fits(opt->discounts.data, opt->discounts.stride, expiries))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of forwards or discounts times {i} expiries overflows",
                         expiries);
    return GEX_OK;
}

/* ---- one block ------------------------------------------------------------------------------------------------- */

static void market_drop(void *object)
{
    const gex_market *market = object;
    gex__object_release(market->motion.smile);
    gex__object_release(market->surface);
    gex__object_release(market->timing.calendar);
    gex__object_release(market->chain);
}

/* Where the arrays lie: counted in a first call with block NULL, handed out in a second. */
static void *carve(struct gex__layout *layout, char *block, int64_t count, int64_t element)
{
    const int64_t offset = gex__layout_add(layout, count, element);
    return block != NULL ? block + offset : NULL;
}

static void carve_market(struct gex__layout *layout, char *block, gex_market *market, int64_t rows, int64_t expiries,
                         int64_t dividends)
{
    struct gex__curve *curve = &market->curve;
    struct gex__times *times = &market->times;
    const bool restated = market->timing.clock != GEX_CLOCK_CAL_365;
    double *calendar_vol;

    carve(layout, block, 1, sizeof *market);
    market->lanes = carve(layout, block, 1, sizeof *market->lanes);
    market->status = carve(layout, block, rows, sizeof *market->status);
    market->vol_source = carve(layout, block, rows, sizeof *market->vol_source);
    market->exercise = carve(layout, block, rows, sizeof *market->exercise);
    market->flags = carve(layout, block, rows, sizeof *market->flags);
    market->vol = carve(layout, block, rows, sizeof(double));
    calendar_vol = carve(layout, block, restated ? rows : 0, sizeof(double));
    market->calendar_vol = restated ? calendar_vol : market->vol;
    curve->years = carve(layout, block, expiries, sizeof(double));
    curve->forward = carve(layout, block, expiries, sizeof(double));
    curve->discount = carve(layout, block, expiries, sizeof(double));
    curve->rate = carve(layout, block, expiries, sizeof(double));
    curve->carry = carve(layout, block, expiries, sizeof(double));
    curve->early = carve(layout, block, expiries, sizeof(double));
    market->payout.at = carve(layout, block, dividends, sizeof(int64_t));
    market->payout.years = carve(layout, block, dividends, sizeof(double));
    market->payout.cash = carve(layout, block, dividends, sizeof(double));
    market->payout.share = carve(layout, block, dividends, sizeof(double));
    curve->error = carve(layout, block, expiries, sizeof(double));
    curve->quote_error = carve(layout, block, expiries, sizeof(double));
    curve->discount_error = carve(layout, block, expiries, sizeof(double));
    curve->borrow = carve(layout, block, expiries, sizeof(double));
    curve->pairs = carve(layout, block, expiries, sizeof *curve->pairs);
    curve->outliers = carve(layout, block, expiries, sizeof *curve->outliers);
    curve->source = carve(layout, block, expiries, sizeof *curve->source);
    curve->parity = carve(layout, block, expiries, sizeof *curve->parity);
    times->years = carve(layout, block, expiries, sizeof(double));
    times->pace = carve(layout, block, expiries, sizeof(double));
    times->restated = carve(layout, block, expiries, sizeof(double));
    times->dated = carve(layout, block, expiries, sizeof(double));
    times->clock = carve(layout, block, expiries, sizeof *times->clock);
    market->smile_factor = carve(layout, block, expiries, sizeof(double));
    market->smile_offset = carve(layout, block, expiries, sizeof(double));
    market->rows = rows;
    curve->count = expiries;
}

gex_market *gex__market_alloc(const gex_context *context, const gex_chain *chain, const gex_market_options *opt)
{
    struct gex__layout layout = {0}, again = {0};
    const struct gex__timing timing = {opt->calendar, opt->as_of, opt->clock,
                                       opt->vol_clock != 0 ? opt->vol_clock : GEX_CLOCK_CAL_365};
    gex_market sizing = {.timing = timing}, *market;
    int64_t expiries;

    gex_chain_expiries(chain, &expiries);
    carve_market(&layout, NULL, &sizing, gex_chain_rows(chain), expiries, opt->dividend_count);
    market = gex__object_create(context, &layout, market_drop);
    if (market == NULL)
        return NULL;
    market->timing = timing;
    carve_market(&again, (char *)market, market, gex_chain_rows(chain), expiries, opt->dividend_count);
    gex__payout_take(&market->payout, opt);
    gex__object_retain(chain);
    gex__object_retain(opt->calendar);
    gex__object_retain(opt->surface);
    market->surface = opt->surface;
    market->surface_clock = opt->surface_clock != 0 ? opt->surface_clock : opt->clock;
    market->chain = chain;
    market->base = (struct gex__curve_base){.as_of = opt->as_of,
                                            .spot = opt->spot,
                                            .rate = opt->rate,
                                            .carry = opt->carry_yield,
                                            .fixed_discount = opt->fixed_discount != 0,
                                            .neighbours = opt->fallback == GEX_FALLBACK_NEIGHBOURS,
                                            .early = opt->style != GEX_STYLE_EUROPEAN,
                                            .isa = gex__isa(context)};
    market->vol_low = opt->vol_low;
    market->vol_high = opt->vol_high;
    market->vol_rule = opt->vol;
    market->forward_rule = opt->forward;
    market->style = opt->style;
    market->dynamics = opt->dynamics;
    market->motion = gex__motion_of(opt->dynamics, opt->dynamics_parameter, opt->spot);
    market->isa = gex__isa(context);
    return market;
}

/* ---- forwards --------------------------------------------------------------------------------------------------- */

/* Parity, in scratch that is given back. @return false when there is no memory for it. */
static bool forwards_imply(const gex_context *context, const struct gex__curve_base *base, gex_market *market)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t most = gex__curve_pairs_max(market->chain);
    struct gex__layout layout = {0};
    const int64_t pairs = gex__layout_add(&layout, most, sizeof(struct gex__pair));
    const int64_t numbers = gex__layout_add(&layout, most, sizeof(double));
    char *scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);

    if (scratch == NULL)
        return false;
    gex__curve_parity(base, market->chain, (struct gex__pair *)(void *)(scratch + pairs),
                      (double *)(void *)(scratch + numbers), &market->curve);
    gex__memory_put(&memory, scratch, layout.size);
    return true;
}

/* The median of an expiry's rows, likewise. */
static bool forwards_quote(const gex_context *context, const struct gex__curve_base *base, gex_f64 row_forwards,
                           gex_market *market)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t size = (market->rows + 1) * (int64_t)sizeof(double);
    double *scratch = gex__memory_get(&memory, size);

    if (scratch == NULL)
        return false;
    gex__curve_quoted(base, market->chain, row_forwards, scratch, &market->curve);
    gex__memory_put(&memory, scratch, size);
    return true;
}

static gex_status forwards_fill(const gex_context *context, const gex_market_options *opt, gex_market *market,
                                gex_error *error)
{
    const int64_t *expiries = gex_chain_expiries(market->chain, NULL);
    struct gex__curve_base base = market->base; /* with the caller's columns, which are not kept */
    int64_t bad;

    base.rate_years = opt->rate_years;
    base.rates = opt->rates;
    base.rate_count = opt->rate_count;
    base.dividends = &market->payout.dividends;
    bad = gex__curve_flat(&base, expiries, &market->curve);
    gex__times_fill(&market->timing, expiries, market->curve.years, market->curve.count, &market->times);
    if (opt->forward == GEX_FORWARD_GIVEN && market->curve.count > 0)
        bad = gex__curve_given(&base, opt->forwards, opt->discounts, &market->curve);
    if (opt->forward == GEX_FORWARD_QUOTED && !forwards_quote(context, &base, opt->row_forwards, market))
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the forwards of {i} rows", market->rows);
    if (bad >= 0)
        return gex__fail(error, GEX_ERR_DOMAIN, bad, "forward or discount of expiry {i} is not finite above zero, or "
                         "says a rate or carry beyond 10 a year", bad);
    if (opt->forward == GEX_FORWARD_IMPLIED && !forwards_imply(context, &base, market))
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the put-call pairs of {i} rows", market->rows);
    gex__curve_borrow(&base, &market->curve);
    return GEX_OK;
}

/* ---- made -------------------------------------------------------------------------------------------------------- */

gex_status gex_market_create(const gex_context *context, const gex_chain *chain, const gex_market_options *options,
                             gex_market **out, gex_error *error)
{
    gex_market_options opt = {.clock = 0};
    struct gex__guest guest;
    gex_market *market;
    int64_t bad = -1;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || chain == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain, options and out are required");
    if (gex__options_take(&opt, sizeof opt, MARKET_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "market options: struct_size {u} is not understood",
                         options->struct_size);
    gex__guest_enter(&guest); /* comparing a NaN raises a flag, and traps where the host has them on */
    status = options_check(&opt, chain, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;

    market = gex__market_alloc(context, chain, &opt);
    if (market == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a market of {i} rows", gex_chain_rows(chain));
    gex__guest_enter(&guest);
    status = forwards_fill(context, &opt, market, error);
    if (status == GEX_OK) {
        gex__market_vols(market);
        status = gex__market_smile(context, market, &bad);
        if (status == GEX_ERR_MEMORY)
            gex__fail(error, status, -1, "no memory for the smile of {i} rows", gex_chain_rows(chain));
        else if (status != GEX_OK)
            gex__fail(error, status, bad,
                      "at expiry {i} the surface has no volatility, or no smile that can be followed, "
                      "between the strikes and 1 in k beyond them",
                      bad);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(market);
        return status;
    }
    *out = market;
    return GEX_OK;
}

void gex_market_free(gex_market *market)
{
    gex__object_release(market);
}

/* ---- lent ------------------------------------------------------------------------------------------------------- */

#define LEND(type, name, field, absent)              \
    type gex_market_##name(const gex_market *market) \
    {                                                \
        return market != NULL ? market->field : absent; \
    }
LEND(const gex_chain *, chain, chain, NULL)
LEND(int64_t, as_of, base.as_of, 0)
LEND(double, spot, base.spot, none)
LEND(int32_t, clock, timing.clock, 0)
LEND(const gex_calendar *, calendar, timing.calendar, NULL)
LEND(const gex_surface *, surface, surface, NULL)
LEND(int32_t, vol_clock, timing.vol_clock, 0)
LEND(int32_t, vol_rule, vol_rule, 0)
LEND(int32_t, forward_rule, forward_rule, 0)
LEND(int32_t, style, style, 0)
LEND(int32_t, dynamics, dynamics, 0)
double gex_market_dynamics_parameter(const gex_market *market)
{
    if (market == NULL)
        return none;
    return market->motion.by_beta ? market->motion.beta : market->motion.stickiness;
}
LEND(double, rate, base.rate, none)
LEND(double, carry_yield, base.carry, none)
LEND(int32_t, fixed_discount, base.fixed_discount, 0)
LEND(int32_t, fallback, base.neighbours, 0)
LEND(int64_t, dividend_count, payout.dividends.count, 0)
LEND(const int64_t *, dividend_at, payout.at, NULL)
LEND(const double *, dividend_cash, payout.cash, NULL)
LEND(const double *, dividend_share, payout.share, NULL)
LEND(double, vol_low, vol_low, none)
LEND(double, vol_high, vol_high, none)
LEND(const uint8_t *, status, status, NULL)
LEND(const uint32_t *, flags, flags, NULL)
LEND(const double *, vol, vol, NULL)
LEND(const double *, calendar_vol, calendar_vol, NULL)
LEND(const uint8_t *, vol_source, vol_source, NULL)
LEND(const int8_t *, exercise, exercise, NULL)
LEND(int64_t, expiry_count, curve.count, 0)
LEND(const double *, years, times.years, NULL)
LEND(const double *, calendar_years, curve.years, NULL)
LEND(const uint8_t *, expiry_clock, times.clock, NULL)
LEND(const double *, pace, times.pace, NULL)
LEND(const double *, forward, curve.forward, NULL)
LEND(const double *, discount, curve.discount, NULL)
LEND(const double *, expiry_rate, curve.rate, NULL)
LEND(const double *, expiry_carry, curve.carry, NULL)
LEND(const uint8_t *, forward_source, curve.source, NULL)
LEND(const double *, forward_error, curve.error, NULL)
LEND(const int32_t *, forward_pairs, curve.pairs, NULL)
LEND(const int32_t *, forward_outliers, curve.outliers, NULL)
LEND(const uint8_t *, parity, curve.parity, NULL)
LEND(const double *, discount_error, curve.discount_error, NULL)
LEND(const double *, forward_quote_error, curve.quote_error, NULL)
LEND(const double *, borrow, curve.borrow, NULL)
