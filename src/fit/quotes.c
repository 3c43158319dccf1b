/* SPDX-License-Identifier: Apache-2.0 */
/* From columns to expiries of quotes, and from a fit to its errors. */
#include <math.h>
#include <string.h>

#include "fit.h"

enum {
    COLUMNS_0_1 = offsetof(gex_fit_columns, weight) + sizeof(gex_f64),
    RESULTS_0_1 = offsetof(gex_fit_results, ssvi) + sizeof(double *)
};
_Static_assert(sizeof(void *) != 8 || (COLUMNS_0_1 == 152 && RESULTS_0_1 == 96), "first sizes are part of the ABI");

/* ---- the door --------------------------------------------------------------------------------------------------- */

static bool stride_fits(const void *data, int64_t stride, int64_t count)
{
    int64_t offset;
    return data == NULL || count == 0 || !__builtin_mul_overflow(stride, count - 1, &offset);
}

static gex_status prove(const gex_fit_columns *c, bool wants_loss, bool wants_enforce, gex_error *error)
{
    if (wants_loss && (c->loss < 1 || c->loss > GEX_LOSS_LAST_))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "loss has to be chosen, for example GEX_LOSS_SQUARES");
    if (wants_loss && !wants_enforce && c->loss == GEX_LOSS_HELD)
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "quotes are held by gex_fit_svi() alone: choose another loss");
    if (wants_enforce && (c->enforce < 1 || c->enforce > GEX_ENFORCE_LAST_))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "enforce has to be chosen, for example GEX_ENFORCE_ALL");
    if (c->reserved != 0)
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "fit columns: reserved must be zero");
    if (c->expiries < 0 || c->expiries > INT32_MAX)
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "between 0 and 2^31 - 1 expiries are possible");
    if (c->rows < 0 || c->rows > GEX_MAX_ROWS)
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "between 0 and 2^40 rows are possible");
    if (c->expiries > 0 && (c->years.data == NULL || c->forward.data == NULL))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "columns years and forward are required, an element an expiry");
    if (c->rows > 0 &&
        (c->expiry.data == NULL || c->strike.data == NULL || c->bid_vol.data == NULL || c->ask_vol.data == NULL))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "columns expiry, strike, bid_vol and ask_vol are required");
    if (!stride_fits(c->years.data, c->years.stride, c->expiries) ||
        !stride_fits(c->forward.data, c->forward.stride, c->expiries) ||
        !stride_fits(c->expiry.data, c->expiry.stride, c->rows) ||
        !stride_fits(c->strike.data, c->strike.stride, c->rows) ||
        !stride_fits(c->bid_vol.data, c->bid_vol.stride, c->rows) ||
        !stride_fits(c->ask_vol.data, c->ask_vol.stride, c->rows) ||
        !stride_fits(c->weight.data, c->weight.stride, c->rows))
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "a column's stride times its count overflows");
    return GEX_OK;
}

int64_t gex__fit_room(int64_t *size, int64_t count, int64_t element)
{
    const int64_t offset = *size;
    int64_t bytes;

    if (offset < 0 || __builtin_mul_overflow(count, element, &bytes) || __builtin_add_overflow(bytes, 63, &bytes) ||
        __builtin_add_overflow(offset, bytes / 64 * 64, size)) {
        *size = -1;
        return -1;
    }
    return offset;
}

gex_status gex__work_open(struct gex__work *work, const gex_context *context, const gex_fit_columns *columns,
                          const gex_fit_results *results, bool wants_loss, bool wants_enforce, gex_error *error)
{
    int64_t size = 0, quotes, by_years, row_status;
    gex_status status;
    char *block;

    memset(work, 0, sizeof *work);
    work->context = context;
    if (!gex__fit_take(&work->columns, sizeof work->columns, COLUMNS_0_1, columns))
        return gex__fit_fail(error, GEX_ERR_VERSION, "fit columns: struct_size; fill them with gex_fit_columns_init()");
    if (results != NULL && !gex__fit_take(&work->results, sizeof work->results, RESULTS_0_1, results))
        return gex__fit_fail(error, GEX_ERR_VERSION, "fit results: struct_size; fill them with gex_fit_results_init()");
    if (work->results.reserved != 0)
        return gex__fit_fail(error, GEX_ERR_ARGUMENT, "fit results: reserved must be zero");
    status = prove(&work->columns, wants_loss, wants_enforce, error);
    if (status != GEX_OK)
        return status;
    gex__fit_room(&size, work->columns.expiries, sizeof *work->expiry);
    by_years = gex__fit_room(&size, work->columns.expiries, sizeof *work->by_years);
    /* twice: the sort needs a spare */
    quotes = gex__fit_room(&size, work->columns.rows, 2 * (int64_t)sizeof *work->quotes);
    row_status = gex__fit_room(&size, work->columns.rows, 1);
    block = size < 0 ? NULL : gex_context_allocate(context, size);
    if (block == NULL)
        return gex__fit_fail(error, GEX_ERR_MEMORY, "no memory for the quotes of a fit");
    work->size = size;
    work->expiry = (struct gex__expiry *)(void *)block;
    work->by_years = (int64_t *)(void *)(block + by_years);
    work->quotes = (struct gex__quote *)(void *)(block + quotes);
    work->row_status = (uint8_t *)block + row_status;
    return GEX_OK;
}

void gex__work_close(struct gex__work *work)
{
    gex_context_release(work->context, work->expiry, work->size);
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static double f64_at(gex_f64 column, int64_t i)
{
    double value;
    memcpy(&value, (const char *)column.data + column.stride * i, sizeof value);
    return value;
}

static int32_t i32_at(gex_i32 column, int64_t i)
{
    int32_t value;
    memcpy(&value, (const char *)column.data + column.stride * i, sizeof value);
    return value;
}

static uint8_t judge(const struct gex__work *work, int64_t i, struct gex__quote *quote)
{
    const gex_fit_columns *c = &work->columns;
    const int32_t place = i32_at(c->expiry, i);
    const double strike = f64_at(c->strike, i), bid = f64_at(c->bid_vol, i), ask = f64_at(c->ask_vol, i);
    const double weight = c->weight.data != NULL ? f64_at(c->weight, i) : 1;
    const struct gex__expiry *expiry;
    double vol;

    if (!(strike > 0 && isfinite(strike)))
        return GEX_ROW_BAD_STRIKE;
    if (place < 0 || place >= c->expiries)
        return GEX_ROW_BAD_SYMBOL;
    expiry = &work->expiry[place];
    if (!isfinite(bid) || !isfinite(ask) || !(weight > 0 && isfinite(weight)) || expiry->slice == GEX_SLICE_NO_FORWARD)
        return GEX_ROW_NOT_FINITE;
    if (expiry->slice != GEX_SLICE_USED)
        return GEX_ROW_EXPIRED;
    if (!(ask > 0))
        return GEX_ROW_NO_VOL;
    if (!(bid > 0 && bid <= ask))
        return GEX_ROW_NO_PRICE;
    vol = bid + (ask - bid) / 2;
    *quote = (struct gex__quote){.k = log1p((strike - expiry->forward) / expiry->forward),
                                 .mid = vol * vol * expiry->years,
                                 .scale = sqrt(weight),
                                 .bid = bid,
                                 .ask = ask,
                                 .low = bid * bid * expiry->years,
                                 .high = ask * ask * expiry->years,
                                 .weight = weight,
                                 .row = i};
    /* within what a total variance can be, so that sums of squares stay finite */
    return quote->mid > 1e-12 && quote->mid < 1e3 && fabs(quote->k) < 100 ? GEX_ROW_USED : GEX_ROW_NO_VOL;
}

static void sort_quotes(struct gex__quote *quote, int64_t count, struct gex__quote *spare)
{
    for (int64_t width = 1; width < count; width *= 2) {
        for (int64_t from = 0; from < count; from += 2 * width) {
            const int64_t middle = from + width < count ? from + width : count,
                          end = from + 2 * width < count ? from + 2 * width : count;
            int64_t left = from, right = middle;
            for (int64_t to = from; to < end; to++)
                spare[to] =
                    right == end || (left < middle && quote[left].k <= quote[right].k) ? quote[left++] : quote[right++];
        }
        memcpy(quote, spare, (size_t)count * sizeof *quote);
    }
}

/* Half-spreads to scales. A locked quote counts as one with the least half-spread above zero of its expiry. */
static void scale_quotes(struct gex__expiry *expiry)
{
    double least = HUGE_VAL;

    for (int64_t i = 0; i < expiry->count; i++)
        if (expiry->quote[i].ask > expiry->quote[i].bid)
            least = fmin(least, (expiry->quote[i].ask - expiry->quote[i].bid) / 2);
    for (int64_t i = 0; i < expiry->count; i++) {
        struct gex__quote *quote = &expiry->quote[i];
        const double half = quote->ask > quote->bid ? (quote->ask - quote->bid) / 2 : isfinite(least) ? least : 1e-3;
        const double vol = quote->bid + (quote->ask - quote->bid) / 2;

        expiry->strikes += i == 0 || quote->k > quote[-1].k;
        quote->unit = fmin(1 / (2 * vol * expiry->years * fmax(half, 1e-9)), 1e12);
        quote->scale = fmin(quote->scale / (2 * vol * expiry->years * fmax(half, 1e-9)), 1e12);
    }
}

static void put_expiries(struct gex__work *work)
{
    const gex_fit_columns *c = &work->columns;

    for (int64_t e = 0; e < c->expiries; e++) {
        struct gex__expiry *expiry = &work->expiry[e];
        memset(expiry, 0, sizeof *expiry);
        expiry->years = f64_at(c->years, e);
        expiry->forward = f64_at(c->forward, e);
        expiry->high[0] = expiry->high[1] = 2;
        expiry->slice = (uint8_t)(!(expiry->years > 0 && isfinite(expiry->years))       ? GEX_SLICE_NO_TIME
                                  : !(expiry->forward > 0 && isfinite(expiry->forward)) ? GEX_SLICE_NO_FORWARD
                                                                                        : GEX_SLICE_USED);
        for (int i = 0; i < 5; i++)
            expiry->raw[i] = (double)NAN;
    }
}

/* Insertion by years; expiries are few, and mostly given in order. */
static void order_expiries(struct gex__work *work)
{
    work->used = 0;
    for (int64_t e = 0; e < work->columns.expiries; e++) {
        int64_t at = work->used;

        if (work->expiry[e].slice != GEX_SLICE_USED)
            continue;
        while (at > 0 && work->expiry[work->by_years[at - 1]].years > work->expiry[e].years)
            at--;
        if (at > 0 && work->expiry[work->by_years[at - 1]].years == work->expiry[e].years) {
            work->expiry[e].slice = GEX_SLICE_SAME_YEARS;
            continue;
        }
        memmove(work->by_years + at + 1, work->by_years + at, (size_t)(work->used - at) * sizeof *work->by_years);
        work->by_years[at] = e;
        work->used++;
    }
}

gex_status gex__work_sort(struct gex__work *work, gex_error *error)
{
    const int64_t rows = work->columns.rows;
    struct gex__quote *next = work->quotes;

    if (!(work->columns.spot >= 0 && isfinite(work->columns.spot)))
        return gex__fit_fail(error, GEX_ERR_DOMAIN, "spot must be finite and above zero, or 0 for not known");
    put_expiries(work);
    order_expiries(work);
    for (int64_t i = 0; i < rows; i++) {
        struct gex__quote quote;
        work->row_status[i] = judge(work, i, &quote);
        if (work->row_status[i] == GEX_ROW_USED)
            work->expiry[i32_at(work->columns.expiry, i)].count++;
    }
    for (int64_t e = 0; e < work->columns.expiries; e++) {
        work->expiry[e].quote = next;
        next += work->expiry[e].count;
        work->expiry[e].count = 0;
    }
    for (int64_t i = 0; i < rows; i++)
        if (work->row_status[i] == GEX_ROW_USED) {
            struct gex__expiry *expiry = &work->expiry[i32_at(work->columns.expiry, i)];
            (void)judge(work, i, &expiry->quote[expiry->count++]);
        }
    for (int64_t e = 0; e < work->columns.expiries; e++) {
        sort_quotes(work->expiry[e].quote, work->expiry[e].count, work->quotes + rows);
        scale_quotes(&work->expiry[e]);
    }
    return GEX_OK;
}

bool gex__work_keep_fitted(struct gex__work *work)
{
    int64_t kept = 0;

    for (int64_t i = 0; i < work->used; i++) {
        const int64_t e = work->by_years[i];
        if (work->expiry[e].fitted == GEX_FITTED_NONE)
            work->expiry[e].slice = GEX_SLICE_NO_QUOTES;
        else
            work->by_years[kept++] = e;
    }
    work->used = kept;
    return kept > 0;
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

static double variance_of(const double raw[5], double k)
{
    const double x = k - raw[3];
    return raw[0] + raw[1] * (raw[2] * x + sqrt(x * x + raw[4] * raw[4]));
}

void gex__work_model(struct gex__work *work)
{
    for (int64_t e = 0; e < work->columns.expiries; e++) {
        struct gex__expiry *expiry = &work->expiry[e];

        expiry->theta = variance_of(expiry->raw, 0);
        for (int64_t i = 0; i < expiry->count; i++)
            expiry->quote[i].model = sqrt(variance_of(expiry->raw, expiry->quote[i].k) / expiry->years);
    }
}

static void report_expiry(const struct gex__work *work, int64_t e)
{
    const struct gex__expiry *expiry = &work->expiry[e];
    const gex_fit_results *to = &work->results;
    const bool fitted = expiry->fitted != GEX_FITTED_NONE;
    double squares = 0, most = 0, inside = 0;

    for (int64_t i = 0; fitted && i < expiry->count; i++) {
        const struct gex__quote *quote = &expiry->quote[i];
        const double vol = quote->model, off = vol - (quote->bid + (quote->ask - quote->bid) / 2),
                     slack = 1e-12 * quote->ask;

        squares += off * off;
        most = fmax(most, fabs(off));
        inside += vol >= quote->bid - slack && vol <= quote->ask + slack;
    }
#define GIVE(field, value)                                                                                             \
    do {                                                                                                               \
        if (to->field != NULL)                                                                                         \
            to->field[e] = fitted ? (value) : (double)NAN;                                                             \
    } while (0)
    GIVE(theta, expiry->theta);
    GIVE(rms, 100 * sqrt(squares / (double)expiry->count));
    GIVE(most, 100 * most);
    GIVE(inside, inside / (double)expiry->count);
    GIVE(raised, expiry->raised);
    if (to->parameters != NULL)
        memcpy(to->parameters + 5 * e, expiry->raw, sizeof expiry->raw);
    if (to->quotes != NULL)
        to->quotes[e] = (int32_t)(expiry->count < INT32_MAX ? expiry->count : INT32_MAX);
    if (to->slice != NULL)
        to->slice[e] = expiry->slice;
    if (to->fitted != NULL)
        to->fitted[e] = expiry->fitted;
}

double gex__level_at_the_money(const struct gex__expiry *expiry)
{
    const struct gex__quote *quote = expiry->quote;
    int64_t at = 0;

    while (at < expiry->count && quote[at].k < 0)
        at++;
    if (at == 0 || at == expiry->count)
        return quote[at == 0 ? 0 : at - 1].mid;
    return quote[at - 1].mid +
           (quote[at].mid - quote[at - 1].mid) * (-quote[at - 1].k / (quote[at].k - quote[at - 1].k));
}

void gex__work_report(const struct gex__work *work)
{
    for (int64_t e = 0; e < work->columns.expiries; e++)
        report_expiry(work, e);
    if (work->results.row_status != NULL && work->columns.rows > 0)
        memcpy(work->results.row_status, work->row_status, (size_t)work->columns.rows);
}
