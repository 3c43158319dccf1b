/* SPDX-License-Identifier: Apache-2.0 */
/* Two snapshots side by side: contracts matched, each one's change of volatility split, and sums by dealers' vega. */
#include "change.h"

#include <math.h>

#include "market/smile.h"
#include "market/split.h"
#include "pace.h"
#include "series.h"
#include "value.h"

enum { GATHER_ROWS = 32 };

static struct gex_change *change_alloc(const gex_context *context, const gex_chain *chain)
{
    const int64_t rows = gex_chain_rows(chain);
    struct gex__layout layout = {0};
    int64_t strikes, expiries, column[GEX_CHANGE_LAST_ + 1], by_strike[GEX_CHANGE_LAST_ + 1];
    int64_t by_expiry[GEX_CHANGE_LAST_ + 1], expiry[GEX_CHANGE_EXPIRY_LAST_ + 1], row;
    struct gex_change *change;

    gex_chain_strikes(chain, &strikes);
    gex_chain_expiries(chain, &expiries);
    gex__layout_add(&layout, 1, sizeof *change);
    for (int c = 1; c <= GEX_CHANGE_LAST_; c++) {
        column[c] = gex__layout_add(&layout, rows, sizeof(double));
        by_strike[c] = gex__layout_add(&layout, strikes, sizeof(double));
        by_expiry[c] = gex__layout_add(&layout, expiries, sizeof(double));
    }
    for (int c = 1; c <= GEX_CHANGE_EXPIRY_LAST_; c++)
        expiry[c] = gex__layout_add(&layout, expiries, sizeof(double));
    row = gex__layout_add(&layout, rows, sizeof(int64_t));
    change = gex__object_create(context, &layout, NULL);
    if (change == NULL)
        return NULL;
    change->rows = rows;
    change->strikes = strikes;
    change->expiries = expiries;
    for (int c = 1; c <= GEX_CHANGE_LAST_; c++) {
        change->column[c] = (double *)((char *)change + column[c]);
        change->by_strike[c] = (double *)((char *)change + by_strike[c]);
        change->by_expiry[c] = (double *)((char *)change + by_expiry[c]);
    }
    for (int c = 1; c <= GEX_CHANGE_EXPIRY_LAST_; c++)
        change->expiry[c] = (double *)((char *)change + expiry[c]);
    change->row = (int64_t *)((char *)change + row);
    return change;
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */

/* A volatility in both, time left in both, on one clock. */
static bool is_in_both(const struct gex__change_work *work, int64_t i, int64_t j)
{
    const int32_t e = gex_chain_expiry_index(gex_market_chain(work->before))[i];
    const int32_t f = gex_chain_expiry_index(gex_market_chain(work->after))[j];

    return gex_market_status(work->before)[i] == GEX_ROW_USED && gex_market_status(work->after)[j] == GEX_ROW_USED &&
           gex_market_years(work->before)[e] > 0 && gex_market_years(work->after)[f] > 0 &&
           gex_market_expiry_clock(work->before)[e] == gex_market_expiry_clock(work->after)[f];
}

/* Both orders walked side by side; where a series stands several times the first meets the first. */
static void contracts_match(const struct gex__change_work *work)
{
    const gex_chain *a = gex_market_chain(work->before), *b = gex_market_chain(work->after);
    const int64_t rows_a = gex__series_rows(a), rows_b = gex__series_rows(b);
    struct gex_change *change = work->change;

    for (int64_t i = 0; i < change->rows; i++)
        change->row[i] = -1;
    if (work->smile == NULL || work->smile_after == NULL)
        return;
    for (int64_t i = 0, j = 0; i < rows_a && j < rows_b;) {
        const int64_t row_a = gex_chain_order(a)[i], row_b = gex_chain_order(b)[j];
        const int which = gex__series_compare(a, row_a, b, row_b);

        if (which == 0 && is_in_both(work, row_a, row_b)) {
            change->row[row_a] = row_b;
            change->matched++;
        }
        i += which <= 0;
        j += which >= 0;
    }
}

/* ---- one contract ------------------------------------------------------------------------------------------------ */

static void row_split(const struct gex__change_work *work, int64_t i)
{
    const gex_market *before = work->before, *after = work->after;
    struct gex_change *change = work->change;
    const int64_t j = change->row[i];
    const int32_t e = gex_chain_expiry_index(gex_market_chain(before))[i];
    const int32_t f = gex_chain_expiry_index(gex_market_chain(after))[j];
    const double passed = gex_market_calendar_years(after)[f] - gex_market_calendar_years(before)[e];
    const double growth = exp((gex_market_expiry_rate(before)[e] - gex_market_expiry_carry(before)[e]) * passed);
    const struct gex__split_in in = {gex_chain_strike(gex_market_chain(before))[i], gex_market_years(before)[e],
                                     gex_market_years(after)[f], gex_market_forward(before)[e],
                                     gex_market_forward(before)[e] * growth, gex_market_forward(after)[f]};
    const struct gex__split split = gex__split_of(work->smile, work->smile_after, &in);
    const double vol_before = gex_market_vol(before)[i], vol_after = gex_market_vol(after)[j];

    change->column[GEX_CHANGE_VOL_BEFORE][i] = vol_before;
    change->column[GEX_CHANGE_VOL_AFTER][i] = vol_after;
    change->column[GEX_CHANGE_TOTAL][i] = vol_after - vol_before;
    change->column[GEX_CHANGE_ROLL][i] = split.roll;
    change->column[GEX_CHANGE_SLIDE][i] = split.slide;
    change->column[GEX_CHANGE_SURFACE][i] = vol_after - vol_before - (split.roll + split.slide);
    change->column[GEX_CHANGE_FIXED_STRIKE][i] = vol_after - vol_before - split.roll;
}

/* Vega of one unit of each contract, before, on its clock. Rows [first, first + count). */
static void rows_vega(const struct gex__change_work *work, int64_t first, int64_t count)
{
    const gex_market *market = work->before;
    const gex_chain *chain = gex_market_chain(market);
    const double spot = gex_market_spot(market);
    double years[GATHER_ROWS], rate[GATHER_ROWS], carry[GATHER_ROWS];
    double *vega = work->change->column[GEX_CHANGE_VEGA] + first;
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_VEGA] = vega};
    const struct gex__black_in in = {.rows = count,
                                     .spot = &spot,
                                     .one_spot = true,
                                     .strike = gex_chain_strike(chain) + first,
                                     .years = years,
                                     .vol = gex_market_calendar_vol(market) + first,
                                     .rate = rate,
                                     .carry = carry,
                                     .right = gex_chain_right(chain) + first};

    for (int64_t i = 0; i < count; i++) {
        const bool both = work->change->row[first + i] >= 0;
        const int32_t e = gex_chain_expiry_index(chain)[first + i];

        years[i] = both ? gex_market_calendar_years(market)[e] : (double)NAN; /* answered with NaN */
        rate[i] = both ? gex_market_expiry_rate(market)[e] : 0;
        carry[i] = both ? gex__market_row_carry(market, e, gex_market_exercise(market)[first + i]) : 0;
    }
    gex__value(work->isa, &in, gex_market_exercise(market) + first, gex__market_dividends(market), outputs, NULL);
    for (int64_t i = 0; i < count; i++)
        if (work->change->row[first + i] >= 0)
            vega[i] *= gex__pace_of(market, gex_chain_expiry_index(chain)[first + i]).root;
}

static void rows_fill(const struct gex__change_work *work)
{
    struct gex_change *change = work->change;

    for (int64_t i = 0; i < change->rows; i++) {
        for (int c = 1; c <= GEX_CHANGE_LAST_ && change->row[i] < 0; c++)
            change->column[c][i] = (double)NAN;
        if (change->row[i] >= 0)
            row_split(work, i);
    }
    for (int64_t first = 0; first < change->rows; first += GATHER_ROWS)
        rows_vega(work, first, change->rows - first < GATHER_ROWS ? change->rows - first : GATHER_ROWS);
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */

static double held(const struct gex__change_work *work, int64_t row)
{
    const double multiplier = gex_chain_multiplier(gex_market_chain(work->before))[row];
    const double position = work->book != NULL ? gex_book_positions(work->book)[row] : 1;

    return isfinite(position) ? position * multiplier : 0;
}

/* In canonical order: the same bits however the caller ordered the rows. */
static void sums_fill(const struct gex__change_work *work)
{
    const gex_chain *chain = gex_market_chain(work->before);
    struct gex_change *change = work->change;

    for (int64_t n = 0; n < change->rows; n++) {
        const int64_t row = gex_chain_order(chain)[n];
        double vega;

        if (change->row[row] < 0)
            continue;
        vega = change->column[GEX_CHANGE_VEGA][row] *= held(work, row);
        for (int c = 1; c <= GEX_CHANGE_LAST_; c++) {
            const double part = c == GEX_CHANGE_VEGA ? vega : vega * change->column[c][row];

            change->by_strike[c][gex_chain_strike_index(chain)[row]] += part;
            change->by_expiry[c][gex_chain_expiry_index(chain)[row]] += part;
            change->total[c] += part;
        }
    }
}

/* ---- made -------------------------------------------------------------------------------------------------------- */

/* Everything behind the door. @return GEX_OK or GEX_ERR_MEMORY. */
static gex_status change_run(const gex_context *context, struct gex__change_work *work)
{
    gex_status status = gex__smile_create(context, work->before, true, &work->smile);

    if (status == GEX_OK)
        status = gex__smile_create(context, work->after, true, &work->smile_after);
    if (status == GEX_OK) {
        contracts_match(work);
        rows_fill(work);
        gex__change_fit(work);
        sums_fill(work);
    }
    gex__object_release(work->smile);
    gex__object_release(work->smile_after);
    return status;
}

gex_status gex_change_compute(const gex_context *context, const gex_market *before, const gex_market *after,
                              const gex_book *book, gex_change **out, gex_error *error)
{
    struct gex__change_work work = {.before = before, .after = after, .book = book, .isa = gex__isa(context)};
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || before == NULL || after == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "before, after and out are required");
    if (book != NULL && gex_book_chain(book) != gex_market_chain(before))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the book has to come from the chain of the market before");
    if (gex_market_clock(before) != gex_market_clock(after))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "one market is on {s}, the other on {s}: no volatility compares",
                         gex_clock_name(gex_market_clock(before)), gex_clock_name(gex_market_clock(after)));
    if (gex_market_as_of(after) < gex_market_as_of(before))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "the market after lies before the market before");
    work.change = change_alloc(context, gex_market_chain(before));
    status = work.change != NULL ? GEX_OK : GEX_ERR_MEMORY;
    if (status == GEX_OK) {
        gex__guest_enter(&guest);
        status = change_run(context, &work);
        gex__guest_leave(&guest);
    }
    if (status != GEX_OK) {
        gex__object_release(work.change);
        return gex__fail(error, status, -1, "no memory for the changes of {i} rows",
                         gex_chain_rows(gex_market_chain(before)));
    }
    *out = work.change;
    return GEX_OK;
}

void gex_change_free(gex_change *change)
{
    gex__object_release(change);
}
