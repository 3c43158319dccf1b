/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A market as bytes, version 1: its own record, and the record of its chain behind it (store.c).
 *
 *     8   "gexmarkt"                        HEAD_BYTES in all: choices (choices_put)
 *     4   version                           64  lengths of calendar and smile (store_parts.c), then both
 *     4   ex-dates                              ex-dates, DIVIDEND_BYTES each: instant, cash, share
 *                                               expiries, EXPIRY_BYTES each (expiry_put)
 *     8   bytes of both records                 rows, ROW_BYTES each (row_put), and 8 more of a volatility on CAL_365
 *     8   checksum of the chain's record            where the market's clock is another
 *     8   rows    8 expiries                8   FNV-1a of all that stands before
 *
 * What was worked out is stored, and nothing is worked out anew: a market comes back to the bit on any machine and by
 * any later version, moved ones and those whose rates, dividends or forwards were the caller's columns too.
 */
#include <math.h>
#include <string.h>

#include "market.h"
#include "store_parts.h"

enum { HEAD_BYTES = 200, DIVIDEND_BYTES = 24, EXPIRY_BYTES = 139, ROW_BYTES = 15 };

/* A field more in a market is one more here and another version, or gex_market_save() refuses a market that uses it. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct gex_market) == 576, "what a market keeps is saved in full");

static const uint32_t possible_flags = 2 * (uint32_t)GEX_FLAG_LAST_ - 1;

static bool is_restated(const struct gex_market *market)
{
    return market->timing.clock != GEX_CLOCK_CAL_365;
}

/* -1: no such market. */
static int64_t size_of(int64_t rows, int64_t expiries, int64_t dividends, bool restated,
                       const struct gex__parts *parts)
{
    const int64_t more = gex__parts_size(parts);

    if (rows < 0 || rows > GEX_MAX_ROWS || expiries < 0 || expiries > rows || more < 0)
        return -1;
    return HEAD_BYTES + more + dividends * DIVIDEND_BYTES + expiries * EXPIRY_BYTES +
           rows * (ROW_BYTES + (restated ? 8 : 0)) + GEX_SUM_BYTES;
}

int64_t gex_market_save_size(const gex_market *market)
{
    struct gex__parts parts;

    if (market == NULL)
        return 0;
    parts = gex__parts_of(market->timing.calendar, &market->motion);
    return size_of(market->rows, market->curve.count, market->payout.dividends.count, is_restated(market), &parts) +
           gex_chain_save_size(market->chain);
}

/* ---- saved ------------------------------------------------------------------------------------------------------- */

static void choices_put(const struct gex_market *market, struct gex__sink *sink)
{
    const int32_t codes[] = {market->timing.clock, market->timing.vol_clock, market->vol_rule, market->forward_rule,
                             market->style, market->dynamics, market->base.fixed_discount, market->base.neighbours};
    const double numbers[] = {market->base.spot, market->base.rate, market->base.carry, market->vol_low,
                              market->vol_high, gex__motion_parameter(&market->motion, market->dynamics)};

    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
        gex__save_int(sink, (uint32_t)codes[k], 4);
    gex__save_int(sink, (uint64_t)market->base.as_of, 8);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        gex__save_f64(sink, numbers[k]);
}

enum { EXPIRY_NUMBERS = 16 };

/* The numbers of one expiry, in the order they are stored. */
static void numbers_of(const struct gex_market *market, double *at[EXPIRY_NUMBERS])
{
    const struct gex__curve *curve = &market->curve;
    const struct gex__times *times = &market->times;
    double *const columns[EXPIRY_NUMBERS] = {curve->years, curve->forward, curve->discount, curve->rate, curve->carry,
                                             curve->borrow, curve->error, curve->quote_error, curve->discount_error,
                                             times->years, times->pace, times->restated, times->dated,
                                             market->smile_factor, market->smile_offset, curve->early};

    for (int k = 0; k < EXPIRY_NUMBERS; k++)
        at[k] = columns[k];
}

static void dividends_put(const struct gex__payout *payout, struct gex__sink *sink)
{
    for (int64_t i = 0; i < payout->dividends.count; i++) {
        gex__save_int(sink, (uint64_t)payout->at[i], 8);
        gex__save_f64(sink, payout->cash[i]);
        gex__save_f64(sink, payout->share[i]);
    }
}

static void expiries_put(const struct gex_market *market, struct gex__sink *sink)
{
    double *numbers[EXPIRY_NUMBERS];

    numbers_of(market, numbers);
    for (int64_t e = 0; e < market->curve.count; e++) {
        for (int k = 0; k < EXPIRY_NUMBERS; k++)
            gex__save_f64(sink, numbers[k][e]);
        gex__save_int(sink, (uint32_t)market->curve.pairs[e], 4);
        gex__save_int(sink, (uint32_t)market->curve.outliers[e], 4);
        gex__save_int(sink, market->curve.source[e], 1);
        gex__save_int(sink, market->curve.parity[e], 1);
        gex__save_int(sink, market->times.clock[e], 1);
    }
}

static void rows_put(const struct gex_market *market, struct gex__sink *sink)
{
    for (int64_t i = 0; i < market->rows; i++) {
        gex__save_int(sink, market->status[i], 1);
        gex__save_int(sink, market->vol_source[i], 1);
        gex__save_int(sink, (uint8_t)market->exercise[i], 1);
        gex__save_int(sink, market->flags[i], 4);
        gex__save_f64(sink, market->vol[i]);
        if (is_restated(market))
            gex__save_f64(sink, market->calendar_vol[i]);
    }
}

gex_status gex_market_save(const gex_market *market, gex_write write, void *user, gex_error *error)
{
    struct gex__parts parts;
    struct gex__sink sink;

    if (market == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and write are required");
    parts = gex__parts_of(market->timing.calendar, &market->motion);
    gex__sink_open(&sink, write, user);
    gex__save_bytes(&sink, GEX_MAGIC_MARKET, GEX_MAGIC_BYTES);
    gex__save_int(&sink, GEX_STORE_MARKET_VERSION, 4);
    gex__save_int(&sink, (uint32_t)market->payout.dividends.count, 4);
    gex__save_int(&sink, (uint64_t)gex_market_save_size(market), 8);
    gex__save_int(&sink, gex__chain_sum(market->chain), 8);
    gex__save_int(&sink, (uint64_t)market->rows, 8);
    gex__save_int(&sink, (uint64_t)market->curve.count, 8);
    choices_put(market, &sink);
    gex__parts_put(&parts, &sink);
    gex__calendar_put(market->timing.calendar, &sink);
    gex__smile_put(market->motion.smile, &sink);
    dividends_put(&market->payout, &sink);
    expiries_put(market, &sink);
    rows_put(market, &sink);
    (void)gex__save_sum(&sink);
    (void)gex__chain_put(market->chain, &sink);
    return gex__sink_status(&sink, error);
}

/* ---- loaded ------------------------------------------------------------------------------------------------------ */

struct head {
    int64_t            size, rows, expiries, own; /* own: bytes of the market's record alone */
    uint64_t           chain_sum;
    gex_market_options options;
    struct gex__parts  parts;
};

static void choices_take(const unsigned char **at, gex_market_options *options)
{
    int32_t *const codes[] = {&options->clock, &options->vol_clock, &options->vol, &options->forward,
                              &options->style, &options->dynamics, &options->fixed_discount, &options->fallback};
    double *const numbers[] = {&options->spot, &options->rate, &options->carry_yield, &options->vol_low,
                               &options->vol_high, &options->dynamics_parameter};

    gex_market_options_init(options, sizeof *options);
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
        *codes[k] = (int32_t)gex__load_int(at, 4);
    options->as_of = (int64_t)gex__load_int(at, 8);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        *numbers[k] = gex__load_f64(at);
}

/* A clock is chosen, zero or not, and a vol_clock is kept as it counts. */
static bool choices_allowed(const gex_market_options *options)
{
    return gex__market_choices_check(options, NULL) == GEX_OK && options->vol_clock != 0 &&
           (options->fixed_discount & ~1) == 0;
}

static gex_status head_take(const unsigned char *bytes, int64_t length, struct head *head, gex_error *error)
{
    const unsigned char *at = bytes + GEX_MAGIC_BYTES + 4;
    gex_status status = gex__record_begin(bytes, length, GEX_MAGIC_MARKET, GEX_STORE_MARKET_VERSION,
                                          HEAD_BYTES + GEX_SUM_BYTES, "market", error);
    int64_t dividends;

    if (status != GEX_OK)
        return status;
    dividends = (int64_t)gex__load_int(&at, 4);
    head->size = (int64_t)gex__load_int(&at, 8);
    head->chain_sum = gex__load_int(&at, 8);
    head->rows = (int64_t)gex__load_int(&at, 8);
    head->expiries = (int64_t)gex__load_int(&at, 8);
    choices_take(&at, &head->options);
    head->options.dividend_count = dividends;
    head->parts = gex__parts_take(&at);
    head->own = size_of(head->rows, head->expiries, dividends, head->options.clock != GEX_CLOCK_CAL_365, &head->parts);
    if (head->size != length || head->own < 0 || head->own > length)
        return gex__fail(error, GEX_ERR_FORMAT, -1,
                         "the saved market is cut short, or bytes follow it: {i} are here", length);
    status = gex__record_check(bytes, head->own, head->own, "market", error);
    if (status == GEX_OK && !choices_allowed(&head->options))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved market has choices that no market has");
    return status;
}

/* The parameter comes back with its sign, and a smile is where one is asked for. */
static bool motion_allowed(const struct gex_market *market, double parameter)
{
    const double kept = gex__motion_parameter(&market->motion, market->dynamics);

    return memcmp(&kept, &parameter, sizeof kept) == 0 &&
           (market->motion.smile == NULL || market->motion.given || gex__motion_is_smiling(&market->motion));
}

/* What kernels and searches rely on. Other numbers are what they were: a forward may be as odd as its market's. */
static bool expiry_allowed(const struct gex_market *market, int64_t e)
{
    const bool settled = gex_chain_expiries(market->chain, NULL)[e] < market->base.as_of;

    return settled == (market->curve.source[e] == 0) && market->curve.source[e] <= GEX_FORWARD_FROM_LAST_ &&
           market->curve.parity[e] <= GEX_PARITY_LAST_ && settled == (market->times.clock[e] == 0) &&
           market->times.clock[e] <= GEX_CLOCK_LAST_ && market->curve.pairs[e] >= 0 && market->curve.outliers[e] >= 0 &&
           market->curve.years[e] >= 0 && market->times.years[e] >= 0 && fabs(market->curve.rate[e]) <= 10 &&
           fabs(market->curve.carry[e]) <= 10 && fabs(market->curve.early[e]) <= 10; /* the box of the kernels */
}

static bool expiries_take(struct gex_market *market, const unsigned char **at)
{
    double *numbers[EXPIRY_NUMBERS];

    numbers_of(market, numbers);
    for (int64_t e = 0; e < market->curve.count; e++) {
        for (int k = 0; k < EXPIRY_NUMBERS; k++)
            numbers[k][e] = gex__load_f64(at);
        market->curve.pairs[e] = (int32_t)gex__load_int(at, 4);
        market->curve.outliers[e] = (int32_t)gex__load_int(at, 4);
        market->curve.source[e] = (uint8_t)gex__load_int(at, 1);
        market->curve.parity[e] = (uint8_t)gex__load_int(at, 1);
        market->times.clock[e] = (uint8_t)gex__load_int(at, 1);
        if (!expiry_allowed(market, e))
            return false;
    }
    return true;
}

static bool row_allowed(const struct gex_market *market, int64_t i)
{
    const int32_t expiry = gex_chain_expiry_index(market->chain)[i];
    const bool used = market->status[i] == GEX_ROW_USED;

    if (market->status[i] >= GEX_ROW_COUNT || (market->flags[i] & ~possible_flags) != 0 ||
        (market->exercise[i] != GEX_EXERCISE_EUROPEAN && market->exercise[i] != GEX_EXERCISE_AMERICAN))
        return false;
    if (!used)
        return isnan(market->vol[i]) && isnan(market->calendar_vol[i]) && market->vol_source[i] == 0;
    return gex_chain_status(market->chain)[i] == GEX_ROW_USED && market->curve.source[expiry] != 0 &&
           market->vol[i] >= 0 && market->calendar_vol[i] >= 0 && market->vol_source[i] >= 1 &&
           market->vol_source[i] <= GEX_VOL_SOURCE_LAST_;
}

/* @return the first row that cannot be, or -1. */
static int64_t rows_take(struct gex_market *market, const unsigned char **at)
{
    for (int64_t i = 0; i < market->rows; i++) {
        market->status[i] = (uint8_t)gex__load_int(at, 1);
        market->vol_source[i] = (uint8_t)gex__load_int(at, 1);
        market->exercise[i] = (int8_t)gex__load_int(at, 1);
        market->flags[i] = (uint32_t)gex__load_int(at, 4);
        market->vol[i] = gex__load_f64(at); /* on CAL_365 one column */
        if (is_restated(market))
            market->calendar_vol[i] = gex__load_f64(at);
        if (!row_allowed(market, i))
            return i;
    }
    return -1;
}

/* Columns that point into the record. @return false: no market could hold them: ex-dates are kept in order. */
static bool dividends_take(const unsigned char **at, gex_market_options *options)
{
    const unsigned char *end = *at + options->dividend_count * DIVIDEND_BYTES;
    int64_t before = INT64_MIN;
    bool allowed = true;

    options->dividend_at = (gex_i64){(const void *)*at, DIVIDEND_BYTES};
    options->dividend_cash = (gex_f64){(const void *)(*at + 8), DIVIDEND_BYTES};
    options->dividend_share = (gex_f64){(const void *)(*at + 16), DIVIDEND_BYTES};
    while (*at < end) {
        const int64_t when = (int64_t)gex__load_int(at, 8);
        double cash, share;

        cash = gex__load_f64(at);
        share = gex__load_f64(at);
        allowed = allowed && when >= before && cash >= 0 && isfinite(cash) && share >= 0 && share < 1;
        before = when;
    }
    return allowed;
}

/* A market of a chain, from its record; everything that may be missing memory. */
static gex_status market_make(const gex_context *context, const unsigned char **at, struct head *head,
                              const gex_chain *chain, gex_market **out)
{
    gex_calendar *calendar;
    gex_surface *smile = NULL;
    gex_market *market = NULL;
    gex_status status = gex__calendar_take(context, &head->parts, at, &calendar);

    if (status == GEX_OK) {
        status = gex__smile_take(context, &head->parts, head->expiries, at, &smile);
        head->options.calendar = calendar;
        if (status == GEX_OK && !dividends_take(at, &head->options))
            status = GEX_ERR_FORMAT;
        if (status == GEX_OK && (market = gex__market_alloc(context, chain, &head->options)) == NULL)
            status = GEX_ERR_MEMORY;
        gex_calendar_free(calendar); /* the market retains it */
    }
    if (status != GEX_OK) {
        gex_surface_free(smile);
        return status;
    }
    market->motion.smile = smile;
    market->motion.given = head->parts.has_smile == 2;
    *out = market;
    return GEX_OK;
}

static gex_status market_take(const gex_context *context, const unsigned char *bytes, struct head *head,
                              const gex_chain *chain, gex_market **out, gex_error *error)
{
    const unsigned char *at = bytes + HEAD_BYTES;
    gex_market *market = NULL;
    int64_t expiries, bad = -1;
    gex_status status;

    (void)gex_chain_expiries(chain, &expiries);
    if (gex_chain_rows(chain) != head->rows || expiries != head->expiries || gex__chain_sum(chain) != head->chain_sum)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved market is followed by another chain than its own");
    status = market_make(context, &at, head, chain, &market);
    if (status == GEX_ERR_MEMORY)
        return gex__fail(error, status, -1, "no memory for a market of {i} rows", head->rows);
    if (status != GEX_OK)
        return gex__fail(error, GEX_ERR_FORMAT, -1,
                         "the calendar, the smile or a dividend of the saved market cannot be");
    if (!motion_allowed(market, head->options.dynamics_parameter))
        status = gex__fail(error, GEX_ERR_FORMAT, -1, "the dynamics of the saved market have a parameter or a smile "
                           "that they cannot have");
    else if (!expiries_take(market, &at))
        status = gex__fail(error, GEX_ERR_FORMAT, -1, "an expiry of the saved market is none that a market could hold");
    else if ((bad = rows_take(market, &at)) >= 0)
        status = gex__fail(error, GEX_ERR_FORMAT, bad, "row {i} of the saved market is none that a market could hold",
                           bad);
    if (status != GEX_OK) {
        gex__object_release(market);
        return status;
    }
    *out = market;
    return GEX_OK;
}

gex_status gex_market_load(const gex_context *context, const void *bytes, int64_t length, gex_market **out,
                           gex_error *error)
{
    gex_chain *chain = NULL;
    struct gex__guest guest;
    struct head head;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || bytes == NULL || length < 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bytes, their length and out are required");
    gex__guest_enter(&guest);
    status = head_take(bytes, length, &head, error);
    if (status == GEX_OK)
        status = gex_chain_load(context, (const unsigned char *)bytes + head.own, length - head.own, &chain, error);
    if (status == GEX_OK)
        status = market_take(context, bytes, &head, chain, out, error);
    gex__guest_leave(&guest);
    gex_chain_free(chain); /* the market retains it */
    return status;
}

/* ---- what bytes are ---------------------------------------------------------------------------------------------- */

int32_t gex_saved_kind(const void *bytes, int64_t length, int64_t *length_out)
{
    const unsigned char *begin = bytes, *at;
    int32_t kind = 0;
    int64_t size = 0;

    if (bytes != NULL && length >= GEX_MAGIC_BYTES + 16) {
        at = begin + GEX_MAGIC_BYTES + 8;
        size = (int64_t)gex__load_int(&at, 8);
        kind = gex__is_magic(begin, GEX_MAGIC_MARKET) ? GEX_SAVED_MARKET
               : gex__is_magic(begin, GEX_MAGIC_BOOK) ? GEX_SAVED_BOOK
               : gex__is_magic(begin, GEX_MAGIC_CHAIN) ? GEX_SAVED_CHAIN
                                                       : 0;
        if (kind == GEX_SAVED_CHAIN)
            size = gex__chain_size(begin, length);
    }
    if (length_out != NULL)
        *length_out = kind != 0 && size > 0 ? size : 0;
    return kind != 0 && size > 0 ? kind : 0;
}
