/* SPDX-License-Identifier: Apache-2.0 */
/* A live made: one block that holds all it will ever need, what ticks may change copied, the rest looked at. */
#include "live.h"

#include <math.h>
#include <string.h>

#include "dealer/book.h"
#include "risk/pace.h"

enum { LIVE_OPTIONS_0_1 = offsetof(gex_live_options, beta) + sizeof(double) };
_Static_assert(sizeof(void *) != 8 || LIVE_OPTIONS_0_1 == 64, "the first size of the options is part of the ABI");

void gex_live_options_init(gex_live_options *options, uint32_t struct_size)
{
    static const gex_live_options defaults = {.unit_count = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status options_check(const gex_live_options *opt, gex_error *error)
{
    const struct gex__scale scale = {opt->adv, opt->future_price, opt->future_multiplier, opt->beta};

    if (opt->unit_count < 1 || opt->unit_count > GEX_LIVE_UNITS_MAX)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit_count is {i}: 1 to {i} units can be wanted",
                         opt->unit_count, (int64_t)GEX_LIVE_UNITS_MAX);
    if (opt->units.data == NULL || !gex__stride_fits(opt->units.data, opt->units.stride, opt->unit_count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the column units is absent, or its stride overflows");
    for (int64_t i = 0; i < opt->unit_count; i++) {
        const int32_t unit = gex__i32_at(opt->units, i);
        const gex_status status = gex__unit_check(unit, &scale, error);

        if (status != GEX_OK)
            return status;
        for (int64_t j = 0; j < i; j++)
            if (gex__i32_at(opt->units, j) == unit)
                return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit {s} is wanted twice", gex_unit_name(unit));
    }
    return GEX_OK;
}

/* ---- one block --------------------------------------------------------------------------------------------------- */

static double *carve_f64(struct gex__carve *c, int64_t count)
{
    return gex__carve(c, count, sizeof(double));
}

static void carve_payout(struct gex__carve *c, struct gex__payout *payout, int64_t dividends)
{
    payout->at = gex__carve(c, dividends, sizeof *payout->at);
    payout->years = carve_f64(c, dividends);
    payout->cash = carve_f64(c, dividends);
    payout->share = carve_f64(c, dividends);
}

static void carve_market(struct gex__carve *c, struct gex_market *market, int64_t rows, int64_t expiries)
{
    struct gex__curve *curve = &market->curve;
    struct gex__times *times = &market->times;
    double **const per_expiry[] = {&curve->years,    &curve->forward,        &curve->discount, &curve->rate,
                                   &curve->carry,    &curve->early,          &curve->borrow,   &curve->quote_error,
                                   &curve->error,    &curve->discount_error, &times->years,    &times->pace,
                                   &times->restated, &times->dated};
    const bool restated = market->timing.clock != GEX_CLOCK_CAL_365;
    double *calendar_vol;

    market->status = gex__carve(c, rows, 1);
    market->vol_source = gex__carve(c, rows, 1);
    market->exercise = gex__carve(c, rows, 1);
    market->flags = gex__carve(c, rows, sizeof *market->flags);
    market->vol = carve_f64(c, rows);
    calendar_vol = carve_f64(c, restated ? rows : 0);
    market->calendar_vol = restated ? calendar_vol : market->vol;
    for (size_t i = 0; i < sizeof per_expiry / sizeof *per_expiry; i++)
        *per_expiry[i] = carve_f64(c, expiries);
    curve->pairs = gex__carve(c, expiries, sizeof *curve->pairs);
    curve->outliers = gex__carve(c, expiries, sizeof *curve->outliers);
    curve->source = gex__carve(c, expiries, 1);
    curve->parity = gex__carve(c, expiries, 1);
    times->clock = gex__carve(c, expiries, 1);
}

static void carve_ticks(struct gex__carve *c, gex_live *live)
{
    live->base.forward = carve_f64(c, live->expiries);
    live->base.discount = carve_f64(c, live->expiries);
    live->base.rate = carve_f64(c, live->expiries);
    live->base.carry = carve_f64(c, live->expiries);
    live->base.early = carve_f64(c, live->expiries);
    live->bid = carve_f64(c, live->rows);
    live->ask = carve_f64(c, live->rows);
    live->vol_given = carve_f64(c, live->rows);
    live->vol_kept = live->seen.vol_rule != GEX_VOL_GIVEN ? carve_f64(c, live->rows) : live->vol_given;
    live->position = carve_f64(c, live->rows);
    live->todo = gex__carve(c, live->rows, 1);
    live->set = gex__carve(c, live->rows, sizeof *live->set);
}

static void carve_rows(struct gex__carve *c, gex_live *live)
{
    live->value = carve_f64(c, live->rows * live->pitch); /* rows are under 2^31 */
    live->status = gex__carve(c, live->rows, 1);
    live->skip = gex__carve(c, live->rows, sizeof *live->skip);
    live->place = gex__carve(c, live->rows, sizeof *live->place);
    live->strike = carve_f64(c, live->used);
    live->vol = carve_f64(c, live->used);
    live->weight = carve_f64(c, live->used + GEX_WIDE); /* read in eights */
    live->right = gex__carve(c, live->used, 1);
    live->exercise = gex__carve(c, live->used, 1);
    live->due = gex__carve(c, live->used, 1);
    live->note = gex__carve(c, live->used, 1);
    live->changed = gex__carve(c, live->used / GEX__LIVE_TASK_ROWS + 1, 1);
    live->block = gex__carve(c, live->used / GEX__LIVE_TASK_ROWS + 1, sizeof(struct gex__live_block));
}

static void carve_sums(struct gex__carve *c, gex_live *live)
{
    const int64_t keys[] = {0, live->by_strike ? live->strikes : 0, live->expiries, 2, 2};
    const int64_t counted[] = {0, live->strikes, live->expiries, 2, 2};
    const int64_t chunks = live->pitch / GEX_WIDE, listed = live->by_strike ? live->used : 0;
    struct gex__wide *kept;

    live->strike_rows = gex__carve(c, listed, sizeof(int32_t));
    live->expiry_rows = gex__carve(c, live->used, sizeof(int32_t));
    live->strike_at = gex__carve(c, 2 * live->strikes + 2, sizeof(int32_t));
    live->expiry_at = gex__carve(c, 2 * live->expiries + 2, sizeof(int32_t));
    live->first_place = gex__carve(c, live->expiries + 1, sizeof(int64_t));
    live->zero_dte = gex__carve(c, live->expiries, 1);
    live->american = gex__carve(c, live->expiries, 1);
    kept = gex__carve(c, live->keeps_strikes ? live->strikes * chunks : 0, sizeof(struct gex__wide));
    live->strike_sum = live->keeps_strikes ? kept : NULL;
    live->expiry_sum = gex__carve(c, live->expiries * chunks, sizeof(struct gex__wide));
    live->half_sum = gex__carve(c, 2 * chunks, sizeof(struct gex__wide));
    live->strike_todo = gex__carve(c, live->strikes, 1);
    live->expiry_todo = gex__carve(c, live->expiries, 1);
    live->strike_list = gex__carve(c, live->strikes, sizeof(int32_t));
    live->expiry_list = gex__carve(c, live->expiries, sizeof(int32_t));
    for (int by = 1; by <= GEX__LIVE_BY_LAST; by++) {
        live->group[by].keys = counted[by];
        live->group[by].sum = carve_f64(c, keys[by] * GEX_WIDE_SUMS * live->unit_count);
        live->group[by].count = gex__carve(c, counted[by], sizeof(int64_t));
    }
}

static void carve_live(struct gex__carve *c, gex_live *live, int64_t source_length)
{
    gex__carve(c, 1, sizeof *live);
    carve_market(c, &live->held, live->rows, live->expiries);
    carve_payout(c, &live->held.payout, live->dividends);
    carve_ticks(c, live);
    carve_rows(c, live);
    carve_sums(c, live);
    live->source = gex__carve(c, source_length + 1, 1);
}

static void live_drop(void *object)
{
    const gex_live *live = object;

    gex__object_release(live->held.surface);
    gex__object_release(live->held.timing.calendar);
    gex__object_release(live->given);
}

enum { STRIKE_ROWS_LEAST = 16 }; /* a strike has on average, so that its sum is not more than 50 bytes a row */

/* What sizes depend on, before there is a block. */
static void sizes_take(gex_live *live, const gex_market *market, const gex_live_options *opt)
{
    live->rows = market->rows;
    live->dividends = market->payout.dividends.count;
    live->used = market->chain->used;
    gex_chain_expiries(market->chain, &live->expiries);
    gex_chain_strikes(market->chain, &live->strikes);
    live->seen.vol_rule = market->vol_rule;
    live->held.timing = market->timing;
    live->unit_count = (int32_t)opt->unit_count;
    live->pitch = (opt->unit_count + GEX_WIDE - 1) / GEX_WIDE * GEX_WIDE;
    live->by_strike = opt->without_strikes == 0;
    live->keeps_strikes = live->by_strike && live->used / STRIKE_ROWS_LEAST >= live->strikes;
}

static gex_live *live_alloc(const gex_context *context, const gex_market *market, const gex_live_options *opt,
                            int64_t source_length)
{
    struct gex__carve carving = {.block = NULL};
    gex_live sizing = {.rows = 0}, *live;

    sizes_take(&sizing, market, opt);
    carve_live(&carving, &sizing, source_length);
    live = gex__object_create(context, &carving.layout, live_drop);
    if (live == NULL)
        return NULL;
    sizes_take(live, market, opt);
    carving = (struct gex__carve){.block = (char *)live};
    carve_live(&carving, live, source_length);
    return live;
}

/* ---- filled ------------------------------------------------------------------------------------------------------ */

/* The chain's columns without what counts its holders: others may be retaining it meanwhile. */
static void columns_take(struct gex_chain *view, const struct gex_chain *chain)
{
    const size_t header = sizeof chain->object;

    memcpy((char *)view + header, (const char *)chain + header, sizeof *chain - header);
}

static void market_take(gex_live *live, const gex_market *market)
{
    struct gex_market *held = &live->held;
    const bool given = market->vol_rule == GEX_VOL_GIVEN;

    columns_take(&live->quoted, live->given);
    columns_take(&live->kept, live->given);
    live->quoted.bid = live->kept.bid = live->bid;
    live->quoted.ask = live->kept.ask = live->ask;
    live->quoted.vol = live->vol_given;
    live->kept.vol = live->vol_kept;
    gex__object_retain(market->timing.calendar);
    held->base = market->base;
    held->rows = market->rows;
    held->curve.count = live->expiries;
    held->style = market->style;
    held->dynamics = market->dynamics;
    held->motion = market->motion;
    held->motion.smile = NULL;
    held->surface = market->surface;
    held->surface_clock = market->surface_clock;
    gex__object_retain(held->surface);
    held->forward_rule = live->base.flat ? GEX_FORWARD_RATE : GEX_FORWARD_GIVEN;
    held->isa = live->isa;
    gex__live_payout(live, market);
    live->seen = *held;
    live->seen.chain = &live->quoted;
    live->seen.vol_rule = market->vol_rule;
    live->seen.vol_low = market->vol_low;
    live->seen.vol_high = market->vol_high;
    held->chain = &live->kept;
    held->vol_rule = GEX_VOL_GIVEN;
    held->vol_low = given ? market->vol_low : 0; /* volatilities kept have been through them */
    held->vol_high = given ? market->vol_high : 0;
}

static void ticks_take(gex_live *live, const gex_market *market, const gex_book *book)
{
    const size_t bytes = (size_t)live->rows * sizeof(double);

    memcpy(live->bid, gex_chain_bid(live->given), bytes);
    memcpy(live->ask, gex_chain_ask(live->given), bytes);
    memcpy(live->vol_given, gex_chain_vol(live->given), bytes);
    memcpy(live->position, gex_book_positions(book), bytes);
    for (int64_t row = 0; row < live->rows; row++)
        live->vol_kept[row] = gex__live_quoted(market, row);
}

static void places_take(gex_live *live, const gex_market *market)
{
    const int64_t *order = gex_chain_order(live->given);
    const int32_t *expiry = gex_chain_expiry_index(live->given);
    int64_t e = 0;

    for (int64_t row = 0; row < live->rows; row++)
        live->place[row] = -1;
    for (int64_t i = 0; i < live->used; i++) {
        const int64_t row = order[i];

        live->place[row] = (int32_t)i;
        live->strike[i] = gex_chain_strike(live->given)[row];
        live->right[i] = gex_chain_right(live->given)[row];
        live->exercise[i] = market->exercise[row];
        if (live->exercise[i] == GEX_EXERCISE_AMERICAN)
            live->american[expiry[row]] = 1;
        for (; e <= expiry[row]; e++)
            live->first_place[e] = i;
    }
    for (; e <= live->expiries; e++)
        live->first_place[e] = live->used;
    for (int64_t k = 0; k < live->rows * live->pitch; k++)
        live->value[k] = k % live->pitch < live->unit_count ? (double)NAN : 0.0;
}

/* Counting sort of the rows by key, calls before puts. */
static void rows_list(const gex_live *live, const int32_t *key, int64_t keys, int32_t *at, int32_t *rows)
{
    const int64_t *order = gex_chain_order(live->given);
    const int8_t *right = gex_chain_right(live->given);

    memset(at, 0, (size_t)(2 * keys + 2) * sizeof *at);
    for (int64_t i = 0; i < live->used; i++)
        at[2 * key[order[i]] + (right[order[i]] == GEX_CALL ? 0 : 1) + 1]++;
    for (int64_t k = 1; k <= 2 * keys; k++)
        at[k] += at[k - 1];
    for (int64_t i = live->used - 1; i >= 0; i--) {
        const int64_t bin = 2 * key[order[i]] + (right[order[i]] == GEX_CALL ? 0 : 1);
        rows[--at[bin + 1]] = (int32_t)order[i];
    }
    for (int64_t k = 0; k < 2 * keys; k++) /* each end has become the beginning */
        at[k] = at[k + 1];
    at[2 * keys] = at[2 * keys + 1] = (int32_t)live->used;
}

static void units_take(gex_live *live, const gex_live_options *opt)
{
    const bool paced = gex__is_paced(&live->held);

    memset(live->place_of_unit, -1, sizeof live->place_of_unit);
    live->scale = (struct gex__scale){opt->adv, opt->future_price, opt->future_multiplier, opt->beta};
    for (int32_t u = 0; u < live->unit_count; u++) {
        const int32_t unit = gex__i32_at(opt->units, u);
        const struct gex__unit *formula = gex__unit_of(unit);

        live->unit[u].unit = unit;
        live->unit[u].formula = formula;
        live->place_of_unit[unit] = (int8_t)u;
        for (int t = 0; t < GEX_TERMS && formula->term[t].greek != 0; t++) {
            live->wanted[formula->term[t].greek] = true;
            live->inside[formula->term[t].inside] = true;
            if (formula->term[t].inside == GEX_INSIDE_ABS_DELTA)
                live->wanted[GEX_GREEK_DELTA] = true;
            if (paced && gex__pace_helper(formula->term[t].greek) != 0)
                live->wanted[gex__pace_helper(formula->term[t].greek)] = true;
        }
    }
}

static gex_status live_fill(const gex_context *context, gex_live *live, const gex_market *market, const gex_book *book,
                            const gex_live_options *opt, gex_error *error)
{
    live->isa = gex__isa(context);
    live->wide = gex__wide_of(live->isa);
    live->given = market->chain;
    gex__object_retain(live->given);
    live->sign = gex_book_sign(book);
    memcpy((char *)(uintptr_t)live->source, gex_book_source(book), strlen(gex_book_source(book)));
    gex__held_take(&live->base, market);
    market_take(live, market);
    ticks_take(live, market, book);
    places_take(live, market);
    rows_list(live, gex_chain_expiry_index(live->given), live->expiries, live->expiry_at, live->expiry_rows);
    if (live->by_strike)
        rows_list(live, gex_chain_strike_index(live->given), live->strikes, live->strike_at, live->strike_rows);
    units_take(live, opt);
    live->next_spot = market->base.spot;
    live->next_as_of = market->base.as_of;
    live->broken = true; /* nothing is right yet */
    return gex_live_refresh(context, live, error);
}

gex_status gex_live_create(const gex_context *context, const gex_market *market, const gex_book *book,
                           const gex_live_options *options, gex_live **out, gex_error *error)
{
    gex_live_options opt = {.unit_count = 0};
    struct gex__guest guest;
    gex_status status;
    gex_live *live;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    if (gex__options_take(&opt, sizeof opt, LIVE_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "live options: struct_size {u}", options->struct_size);
    if (gex_book_chain(book) != market->chain)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    if (market->rows > INT32_MAX / 2)
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1, "a live of {i} rows: 2^30 are possible", market->rows);
    gex__guest_enter(&guest);
    status = options_check(&opt, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;
    live = live_alloc(context, market, &opt, (int64_t)strlen(gex_book_source(book)));
    if (live == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a live of {i} rows", market->rows);
    gex__guest_enter(&guest);
    status = live_fill(context, live, market, book, &opt, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(live);
        return status;
    }
    *out = live;
    return GEX_OK;
}

void gex_live_free(gex_live *live)
{
    gex__object_release(live);
}
