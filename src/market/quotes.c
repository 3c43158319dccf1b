/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the quotes, and each quote by itself; docs/market.md has the rules. */
#include <math.h>

#include <gex/european.h>

#include "early.h"
#include "lanes.h"
#include "quotes.h"
#include "strikes.h"

enum { QUOTES_OPTIONS_0_1 = 48 };
_Static_assert(sizeof(gex_quotes_options) >= QUOTES_OPTIONS_0_1, "options only grow");

static const double none = (double)NAN;
static const gex_quotes_options defaults = {.wide = 1};

void gex_quotes_options_init(gex_quotes_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- one quote -------------------------------------------------------------------------------------------------- */

double gex__quote_scale(const gex_market *market, int64_t row)
{
    const int32_t expiry = gex_chain_expiry_index(market->chain)[row];

    return gex_chain_payoff(market->chain)[row] == GEX_PAYOFF_INVERSE ? market->curve.forward[expiry]
                                                                      : 1 / market->curve.discount[expiry];
}

static bool is_american(const gex_market *market, int64_t row)
{
    return market->exercise[row] == GEX_EXERCISE_AMERICAN;
}

/* Status of a code of the pricers, and the volatility of a deviation. */
static uint8_t finish(const gex_market *market, int32_t expiry, int32_t code, double deviation, double *vol_out)
{
    switch (code) {
    case GEX_CALC_OK: break;
    case GEX_CALC_EXERCISED: deviation = 0; break; /* what exercise pays, which any small volatility gives */
    case GEX_CALC_NO_TIME: return GEX_QUOTE_NO_TIME;
    case GEX_CALC_BELOW_INTRINSIC: return GEX_QUOTE_BELOW_INTRINSIC;
    case GEX_CALC_ABOVE_MAX: return GEX_QUOTE_ABOVE_MAX;
    default: return GEX_QUOTE_NO_PRICE;
    }
    if (!(market->times.years[expiry] > 0) && deviation > 0)
        return GEX_QUOTE_NO_TIME;
    *vol_out = deviation > 0 ? deviation / sqrt(market->times.years[expiry]) : 0;
    return GEX_QUOTE_OK;
}

/* Prices waiting until there are enough of them to be inverted together: those of American rows, and the others. */
struct waiting {
    struct gex_quotes *quotes;
    int                count;
    int64_t            row[GEX_EARLY_ROWS];
    int32_t            which[GEX_EARLY_ROWS];
    double             price[GEX_EARLY_ROWS];
};

static void give(struct gex_quotes *quotes, int64_t row, int32_t which, int32_t code, double deviation)
{
    const int32_t expiry = gex_chain_expiry_index(quotes->market->chain)[row];
    uint8_t *const status = &quotes->status[which][row];

    *status = finish(quotes->market, expiry, code, deviation, &quotes->vol[which][row]);
    if (*status == GEX_QUOTE_NO_PRICE)
        quotes->price[which][row] = none;
}

static void flush_early(struct waiting *w)
{
    const gex_market *market = w->quotes->market;
    double vol[GEX_EARLY_ROWS];
    uint8_t code[GEX_EARLY_ROWS];

    gex__early_vols(market, w->count, w->row, w->price, vol, code);
    for (int i = 0; i < w->count; i++) {
        const int32_t expiry = gex_chain_expiry_index(market->chain)[w->row[i]];
        give(w->quotes, w->row[i], w->which[i], code[i], vol[i] * sqrt(market->curve.years[expiry]));
    }
    w->count = 0;
}

static void flush_lanes(struct waiting *w)
{
    const struct gex__lanes *lanes = w->quotes->lanes;
    const int count = gex__lanes_invert(w->quotes->market, w->quotes->lanes);

    for (int i = 0; i < count; i++)
        give(w->quotes, lanes->row[i], lanes->which[i], lanes->code[i], lanes->deviation[i]);
}

static void waiting_flush(struct waiting *w)
{
    if (w->count > 0)
        flush_early(w);
    if (w->quotes->lanes->count > 0)
        flush_lanes(w);
}

/* One price of a contract; its volatility and status come with a flush. */
static void price_set(struct waiting *w, int64_t row, int32_t which, double price)
{
    struct gex_quotes *quotes = w->quotes;
    const bool is_price = price > 0 && isfinite(price);

    quotes->price[which][row] = is_price ? price : none;
    quotes->vol[which][row] = none;
    quotes->status[which][row] = GEX_QUOTE_NO_PRICE;
    if (is_price && is_american(quotes->market, row)) {
        w->row[w->count] = row;
        w->which[w->count] = which;
        w->price[w->count] = price;
        if (++w->count == GEX_EARLY_ROWS)
            flush_early(w);
    } else if (is_price) {
        gex__lanes_put(quotes->market, quotes->lanes, row, which, price);
        if (quotes->lanes->count == GEX_IMPLIED_ROWS)
            flush_lanes(w);
    }
}

void gex__quote_set(struct gex_quotes *quotes, int64_t row, int32_t which, double price)
{
    struct waiting waiting = {.quotes = quotes};

    price_set(&waiting, row, which, price);
    waiting_flush(&waiting);
}

static bool is_contract(const gex_market *market, int64_t row)
{
    const int32_t expiry = gex_chain_expiry_index(market->chain)[row];
    return gex_chain_status(market->chain)[row] == GEX_ROW_USED && market->curve.source[expiry] != 0;
}

static void row_refuse(struct gex_quotes *quotes, int64_t row, uint8_t status)
{
    for (int32_t which = GEX_QUOTE_BID; which <= GEX_QUOTE_STRIKE; which++) {
        quotes->status[which][row] = status;
        quotes->price[which][row] = quotes->vol[which][row] = none;
    }
}

static uint32_t quote_flags(const gex_market *market, int64_t row, const gex_quotes_options *options)
{
    const double bid = gex_chain_bid(market->chain)[row], ask = gex_chain_ask(market->chain)[row];
    const int64_t at = options->quoted_at.data != NULL ? gex__i64_at(options->quoted_at, row) : INT64_MIN;
    uint32_t flags = gex_chain_flags(market->chain)[row];

    flags |= bid == 0 && ask > 0 && isfinite(ask) ? GEX_FLAG_ZERO_BID : 0;
    if (options->wide > 0 && bid > 0 && ask > bid && isfinite(ask) && ask - bid >= 4 * options->tick &&
        ask - bid > options->wide * (bid + (ask - bid) / 2))
        flags |= GEX_FLAG_WIDE;
    if (options->age_max > 0 && at != INT64_MIN && at < market->timing.as_of &&
        (uint64_t)market->timing.as_of - (uint64_t)at > (uint64_t)options->age_max)
        flags |= GEX_FLAG_STALE;
    return flags;
}

void gex__quotes_judge(struct gex_quotes *quotes, const gex_quotes_options *options)
{
    const gex_market *market = quotes->market;
    const double *bids = gex_chain_bid(market->chain), *asks = gex_chain_ask(market->chain);
    struct waiting waiting = {.quotes = quotes};

    for (int64_t row = 0; row < quotes->rows; row++) {
        const double bid = bids[row], ask = asks[row];

        quotes->flags[row] = quote_flags(market, row, options);
        row_refuse(quotes, row, is_contract(market, row) ? GEX_QUOTE_CROSSED : GEX_QUOTE_NO_CONTRACT);
        if (!is_contract(market, row) || (quotes->flags[row] & GEX_FLAG_CROSSED) != 0)
            continue;
        price_set(&waiting, row, GEX_QUOTE_BID, bid);
        price_set(&waiting, row, GEX_QUOTE_ASK, ask);
        price_set(&waiting, row, GEX_QUOTE_MID, bid > 0 && ask >= bid ? bid + (ask - bid) / 2 : none);
        quotes->status[GEX_QUOTE_STRIKE][row] = GEX_QUOTE_NO_PRICE;
    }
    waiting_flush(&waiting);
}

/* ---- one volatility a strike ----------------------------------------------------------------------------------- */

/* The first row of a side whose middle has a volatility above zero;
 * in the money its bid has to have one too. -1: none. */
static int64_t side_row(const struct gex_quotes *quotes, struct gex__side side, bool in_the_money)
{
    const int64_t *order = gex_chain_order(quotes->market->chain);

    for (int64_t i = side.from; i < side.to; i++)
        if (quotes->vol[quotes->middle][order[i]] > 0 && (!in_the_money || quotes->vol[GEX_QUOTE_BID][order[i]] > 0))
            return order[i];
    return -1;
}

/* Price of `row` that goes with the middle of `from`, of the same strike: C - P = D (F - K), in coin 1 - K / F. Across
 * the strike there is no parity for American rows: NaN, until they are priced together. */
static double carried(const struct gex_quotes *quotes, int64_t from, int64_t row)
{
    const gex_market *market = quotes->market;
    const int32_t expiry = gex_chain_expiry_index(market->chain)[row];
    const double price = quotes->price[quotes->middle][from];
    const double forward = market->curve.forward[expiry] - gex_chain_strike(market->chain)[row];

    if (gex_chain_right(market->chain)[row] == gex_chain_right(market->chain)[from])
        return price;
    if (is_american(market, row))
        return none;
    return price + gex_chain_right(market->chain)[row] * forward / gex__quote_scale(market, row);
}

/* What carried() leaves to the pricer of early exercise, at the volatility of the strike. */
static void american_fill(struct gex_quotes *quotes)
{
    const gex_market *market = quotes->market;
    double *const price = quotes->price[GEX_QUOTE_STRIKE], vol[GEX_EARLY_ROWS], valued[GEX_EARLY_ROWS];
    int64_t row[GEX_EARLY_ROWS];
    int count = 0;

    for (int64_t next = 0; next <= quotes->rows; next++) {
        const bool end = next == quotes->rows;

        if (!end && quotes->status[GEX_QUOTE_STRIKE][next] == GEX_QUOTE_OK && isnan(price[next])) {
            const int32_t expiry = gex_chain_expiry_index(market->chain)[next];

            row[count] = next;
            vol[count++] = quotes->vol[GEX_QUOTE_STRIKE][next] *
                           sqrt(market->times.years[expiry] / market->curve.years[expiry]);
        }
        if (count == GEX_EARLY_ROWS || (end && count > 0)) {
            gex__early_prices(market, count, row, vol, valued);
            for (int i = 0; i < count; i++)
                price[row[i]] = valued[i];
            count = 0;
        }
    }
}

static void side_fill(struct gex_quotes *quotes, struct gex__side side, int64_t from, uint32_t flag)
{
    const int64_t *order = gex_chain_order(quotes->market->chain);

    for (int64_t i = side.from; i < side.to; i++) {
        const int64_t row = order[i];

        quotes->flags[row] |= flag;
        if (from < 0)
            continue;
        quotes->price[GEX_QUOTE_STRIKE][row] = carried(quotes, from, row);
        quotes->vol[GEX_QUOTE_STRIKE][row] = quotes->vol[quotes->middle][from];
        quotes->status[GEX_QUOTE_STRIKE][row] = GEX_QUOTE_OK;
    }
}

void gex__quotes_strikes(struct gex_quotes *quotes)
{
    const gex_market *market = quotes->market;
    const double *strikes = gex_chain_strikes(market->chain, NULL);
    struct gex__strike strike = {.end = 0};

    while (gex__strike_next(market->chain, &strike)) {
        const bool puts_out = strikes[strike.strike] < market->curve.forward[strike.expiry];
        const struct gex__side out = puts_out ? strike.puts : strike.calls, in = puts_out ? strike.calls : strike.puts;
        int64_t from;

        if (market->curve.source[strike.expiry] == 0)
            continue;
        from = side_row(quotes, out, false);
        if (from < 0)
            from = side_row(quotes, in, true);
        side_fill(quotes, out, from, GEX_FLAG_OTM_SIDE);
        side_fill(quotes, in, from, 0);
    }
    american_fill(quotes);
}

/* ---- the door --------------------------------------------------------------------------------------------------- */

static void quotes_drop(void *object)
{
    gex__object_release(((struct gex_quotes *)object)->market);
}

static gex_quotes *quotes_alloc(const gex_context *context, const gex_market *market, bool repair)
{
    const int64_t rows = market->rows;
    const int32_t last = repair ? GEX_QUOTE_REPAIRED : GEX_QUOTE_STRIKE;
    int64_t price[GEX_QUOTE_COUNT] = {0}, vol[GEX_QUOTE_COUNT] = {0}, status[GEX_QUOTE_COUNT] = {0}, flags, repaired,
            lanes;
    struct gex__layout layout = {0};
    gex_quotes *quotes;

    gex__layout_add(&layout, 1, sizeof *quotes);
    for (int32_t which = GEX_QUOTE_BID; which <= last; which++) {
        price[which] = gex__layout_add(&layout, rows, sizeof(double));
        vol[which] = gex__layout_add(&layout, rows, sizeof(double));
        status[which] = gex__layout_add(&layout, rows, 1);
    }
    flags = gex__layout_add(&layout, rows, sizeof(uint32_t));
    lanes = gex__layout_add(&layout, 1, sizeof *quotes->lanes);
    repaired = gex__layout_add(&layout, repair ? market->curve.count : 0, 1);
    quotes = gex__object_create(context, &layout, quotes_drop);
    if (quotes == NULL)
        return NULL;
    for (int32_t which = GEX_QUOTE_BID; which <= last; which++) {
        quotes->price[which] = (double *)(void *)((char *)quotes + price[which]);
        quotes->vol[which] = (double *)(void *)((char *)quotes + vol[which]);
        quotes->status[which] = (uint8_t *)quotes + status[which];
    }
    quotes->flags = (uint32_t *)(void *)((char *)quotes + flags);
    quotes->repaired = repair ? (uint8_t *)quotes + repaired : NULL;
    quotes->middle = repair ? GEX_QUOTE_REPAIRED : GEX_QUOTE_MID;
    quotes->lanes = (struct gex__lanes *)(void *)((char *)quotes + lanes);
    quotes->lanes->count = 0;
    quotes->market = market;
    quotes->rows = rows;
    gex__object_retain(market);
    return quotes;
}

static gex_status options_check(const gex_quotes_options *opt, int64_t rows, gex_error *error)
{
    if (opt->age_max < 0 || !(opt->wide >= 0) || !(opt->tick >= 0) || !isfinite(opt->tick))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "age_max, wide and tick must not be below zero, tick finite");
    if (opt->reserved != 0 || opt->reserved_2 != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "quotes options: reserved must be zero");
    if (opt->repair < GEX_REPAIR_NONE || opt->repair > GEX_REPAIR_ALL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "repair is {i}: it is GEX_REPAIR_NONE, _STRIKES or _ALL",
                         (int64_t)opt->repair);
    if (!gex__stride_fits(opt->quoted_at.data, opt->quoted_at.stride, rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of quoted_at times {i} rows overflows", rows);
    return GEX_OK;
}

/* @return false without memory for a repair. */
static bool quotes_fill(gex_quotes *quotes, const gex_context *context, const gex_quotes_options *options,
                        int64_t *order, int64_t *scratch)
{
    gex__quotes_judge(quotes, options);
    gex__quotes_compare(quotes, order, scratch);
    if (quotes->repaired != NULL &&
        !gex__quotes_repair(quotes, context, options->repair == GEX_REPAIR_ALL, order, scratch))
        return false;
    gex__quotes_strikes(quotes);
    return true;
}

gex_status gex_quotes_create(const gex_context *context, const gex_market *market, const gex_quotes_options *options,
                             gex_quotes **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    gex_quotes_options opt = defaults;
    struct gex__layout layout = {0};
    struct gex__guest guest;
    gex_quotes *quotes;
    gex_status status;
    int64_t order, spare;
    char *scratch;
    bool filled;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, QUOTES_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "quotes options: struct_size {u} is not understood",
                         options->struct_size);
    gex__guest_enter(&guest);
    status = options_check(&opt, market->rows, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;

    order = gex__layout_add(&layout, market->rows + 1, sizeof(int64_t)); /* never nothing at all */
    spare = gex__layout_add(&layout, market->rows, sizeof(int64_t));
    quotes = quotes_alloc(context, market, opt.repair != GEX_REPAIR_NONE);
    scratch = quotes != NULL && !layout.overflow ? gex__memory_get(&memory, layout.size) : NULL;
    if (scratch == NULL) {
        gex__object_release(quotes);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the quotes of {i} rows", market->rows);
    }
    gex__guest_enter(&guest);
    filled =
        quotes_fill(quotes, context, &opt, (int64_t *)(void *)(scratch + order), (int64_t *)(void *)(scratch + spare));
    gex__guest_leave(&guest);
    gex__memory_put(&memory, scratch, layout.size);
    if (!filled) {
        gex__object_release(quotes);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory to repair the quotes of {i} rows", market->rows);
    }
    *out = quotes;
    return GEX_OK;
}

void gex_quotes_free(gex_quotes *quotes)
{
    gex__object_release(quotes);
}

/* ---- lent ------------------------------------------------------------------------------------------------------- */

static bool held(const gex_quotes *quotes, int32_t which)
{
    return quotes != NULL && which >= GEX_QUOTE_BID && which <= GEX_QUOTE_REPAIRED; /* the last may be NULL */
}

const gex_market *gex_quotes_market(const gex_quotes *quotes)
{
    return quotes != NULL ? quotes->market : NULL;
}

const double *gex_quotes_price(const gex_quotes *quotes, int32_t which)
{
    return held(quotes, which) ? quotes->price[which] : NULL;
}

const double *gex_quotes_vol(const gex_quotes *quotes, int32_t which)
{
    return held(quotes, which) ? quotes->vol[which] : NULL;
}

const uint8_t *gex_quotes_status(const gex_quotes *quotes, int32_t which)
{
    return held(quotes, which) ? quotes->status[which] : NULL;
}

const uint32_t *gex_quotes_flags(const gex_quotes *quotes)
{
    return quotes != NULL ? quotes->flags : NULL;
}

const uint8_t *gex_quotes_repaired(const gex_quotes *quotes)
{
    return quotes != NULL ? quotes->repaired : NULL;
}

int64_t gex_quotes_count(const gex_quotes *quotes, uint32_t flag)
{
    int64_t count = 0;

    for (int64_t row = 0; quotes != NULL && row < quotes->rows; row++)
        count += (quotes->flags[row] & flag) != 0;
    return count;
}

#define STATUS_TEXT(name, value, text) \
    case name: return text;
const char *gex_quote_status_text(int32_t status)
{
    switch (status) {
        GEX_QUOTE_STATUS_LIST(STATUS_TEXT)
    default: return "unknown";
    }
}

const char *gex_repaired_text(int32_t repaired)
{
    switch (repaired) {
        GEX_REPAIRED_LIST(STATUS_TEXT)
    default: return "unknown";
    }
}
