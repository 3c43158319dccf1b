/* SPDX-License-Identifier: Apache-2.0 */
/* Two snapshots of a book side by side: contracts matched, each one's change of exposure split by cause. */
#include "difference.h"

#include <math.h>

#include "corners.h"
#include "exposure.h"
#include "series.h"

enum { DIFFERENCE_OPTIONS_0_1 = 40 };
_Static_assert(sizeof(gex_difference_options) >= DIFFERENCE_OPTIONS_0_1, "options only grow");

void gex_difference_options_init(gex_difference_options *options, uint32_t struct_size)
{
    static const gex_difference_options defaults = {.quantity = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

struct work {
    const gex_market   *market[2];
    const gex_book     *book[2];
    gex_exposure       *exposure[2];
    struct gex__corners corners; /* of the lines in both that hold something */
    struct gex__scale   scale;
    double              sign; /* -1 where the hedge is asked for, not the exposure */
    gex_difference     *made;
    int64_t            *row[2];  /* of those contracts */
    int64_t            *line;
    double             *share[GEX_FACTORS], *mean;
};

/* ---- contracts --------------------------------------------------------------------------------------------------- */

static const gex_chain *chain_of(const struct work *work, int side)
{
    return gex_market_chain(work->market[side]);
}

static bool has_exposure(const struct work *work, int side, int64_t row)
{
    return row >= 0 && work->exposure[side]->status[row] == GEX_ROW_USED && !work->exposure[side]->diverges[row];
}

/* Valued alike: an exercise the markets do not agree on makes two contracts of a series. Refused rows have none. */
static bool is_one_contract(const struct work *work, int64_t i, int64_t j)
{
    return !has_exposure(work, 0, i) || !has_exposure(work, 1, j) ||
           (gex_market_exercise(work->market[0])[i] == gex_market_exercise(work->market[1])[j] &&
            gex_chain_payoff(chain_of(work, 0))[i] == gex_chain_payoff(chain_of(work, 1))[j]);
}

static uint8_t kind_of(const struct work *work, int64_t a, int64_t b)
{
    const int64_t settles =
        a >= 0 ? gex_chain_settlement(chain_of(work, 0))[a] : gex_chain_settlement(chain_of(work, 1))[b];
    const bool before = has_exposure(work, 0, a), after = has_exposure(work, 1, b);

    if (before == after)
        return before ? GEX_LINE_BOTH : GEX_LINE_UNUSED;
    if (settles < gex_market_as_of(work->market[before ? 1 : 0]))
        return GEX_LINE_EXPIRED;
    if (before)
        return b >= 0 ? GEX_LINE_REFUSED : GEX_LINE_GONE;
    return a >= 0 ? GEX_LINE_APPEARED : GEX_LINE_NEW;
}

static void line_set(const struct work *work, int64_t line, int64_t a, int64_t b)
{
    gex_difference *made = work->made;

    if (made == NULL) /* only counted */
        return;
    made->row[0][line] = a;
    made->row[1][line] = b;
    made->kind[line] = kind_of(work, a, b);
    made->kinds[made->kind[line]]++;
}

/* Both orders walked side by side. @return lines. */
static int64_t lines_walk(const struct work *work)
{
    const gex_chain *before = chain_of(work, 0), *after = chain_of(work, 1);
    const int64_t *a = gex_chain_order(before), *b = gex_chain_order(after);
    const int64_t rows_a = gex__series_rows(before), rows_b = gex__series_rows(after);
    int64_t line = 0;

    for (int64_t i = 0, j = 0; i < rows_a || j < rows_b;) {
        const int which = i == rows_a ? 1 : j == rows_b ? -1 : gex__series_compare(before, a[i], after, b[j]);

        if (which == 0 && !is_one_contract(work, a[i], b[j])) {
            line_set(work, line++, a[i++], -1);
            line_set(work, line++, -1, b[j++]);
            continue;
        }
        line_set(work, line++, which <= 0 ? a[i] : -1, which >= 0 ? b[j] : -1);
        i += which <= 0;
        j += which >= 0;
    }
    return line;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

/* Two ascending lists as one; out NULL: only counted. */
static int64_t strikes_unite(const struct work *work, double *out)
{
    int64_t rows[2], count = 0;
    const double *a = gex_chain_strikes(chain_of(work, 0), &rows[0]),
                 *b = gex_chain_strikes(chain_of(work, 1), &rows[1]);

    for (int64_t i = 0, j = 0; i < rows[0] || j < rows[1]; count++) {
        const bool of_a = j == rows[1] || (i < rows[0] && a[i] <= b[j]);
        const double key = of_a ? a[i] : b[j];

        if (out != NULL)
            out[count] = key;
        j += j < rows[1] && b[j] == key;
        i += of_a;
    }
    return count;
}

static int64_t expiries_unite(const struct work *work, int64_t *out)
{
    int64_t rows[2], count = 0;
    const int64_t *a = gex_chain_expiries(chain_of(work, 0), &rows[0]);
    const int64_t *b = gex_chain_expiries(chain_of(work, 1), &rows[1]);

    for (int64_t i = 0, j = 0; i < rows[0] || j < rows[1]; count++) {
        const bool of_a = j == rows[1] || (i < rows[0] && a[i] <= b[j]);
        const int64_t key = of_a ? a[i] : b[j];

        if (out != NULL)
            out[count] = key;
        j += j < rows[1] && b[j] == key;
        i += of_a;
    }
    return count;
}

/* ---- one line ---------------------------------------------------------------------------------------------------- */

static double held(const struct work *work, int side, int64_t row)
{
    return gex_book_positions(work->book[side])[row] * gex_chain_multiplier(chain_of(work, side))[row];
}

static void lines_fill(const struct work *work)
{
    static const int8_t cause[GEX_LINE_LAST_ + 1] = {
        [GEX_LINE_EXPIRED] = GEX_DIFFERENCE_EXPIRED,   [GEX_LINE_NEW] = GEX_DIFFERENCE_NEW,
        [GEX_LINE_GONE] = GEX_DIFFERENCE_GONE,         [GEX_LINE_APPEARED] = GEX_DIFFERENCE_APPEARED,
        [GEX_LINE_REFUSED] = GEX_DIFFERENCE_REFUSED};
    gex_difference *made = work->made;

    for (int64_t i = 0; i < made->count; i++) {
        double value[2];

        for (int side = 0; side < 2; side++) {
            const int64_t row = made->row[side][i];
            value[side] = has_exposure(work, side, row) ? work->sign * work->exposure[side]->row[row] : 0.0;
        }
        made->line[GEX_DIFFERENCE_BEFORE][i] = value[0];
        made->line[GEX_DIFFERENCE_AFTER][i] = value[1];
        made->line[GEX_DIFFERENCE_CHANGE][i] = value[1] - value[0];
        for (int c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_LAST_; c++)
            made->line[c][i] = c == cause[made->kind[i]] ? value[1] - value[0] : 0.0;
    }
}

static void split_take(const struct work *work)
{
    gex_difference *made = work->made;

    for (int64_t n = 0; n < work->corners.count; n++) {
        const double before = held(work, 0, work->row[0][n]), after = held(work, 1, work->row[1][n]);
        const int64_t line = work->line[n];

        for (int f = 0; f < GEX_FACTORS; f++)
            made->line[GEX_DIFFERENCE_SPOT + f][line] = work->sign * (0.5 * (before + after)) * work->share[f][n] + 0.0;
        made->line[GEX_DIFFERENCE_POSITION][line] = work->sign * work->mean[n] * (after - before) + 0.0;
    }
}

/* Contracts in both that are held in one of them at least. */
static void contracts_list(struct work *work)
{
    const gex_difference *made = work->made;

    work->corners.count = 0;
    for (int64_t i = 0; i < made->count; i++) {
        const int64_t a = made->row[0][i], b = made->row[1][i];

        if (made->kind[i] != GEX_LINE_BOTH || (held(work, 0, a) == 0.0 && held(work, 1, b) == 0.0))
            continue;
        work->row[0][work->corners.count] = a;
        work->row[1][work->corners.count] = b;
        work->line[work->corners.count++] = i;
    }
}

/* ---- made -------------------------------------------------------------------------------------------------------- */

static void difference_drop(void *object)
{
    gex_difference *difference = object;

    for (int side = 0; side < 2; side++) {
        gex__object_release(difference->market[side]);
        gex__object_release(difference->book[side]);
    }
}

static gex_difference *difference_alloc(const gex_context *context, const struct work *work)
{
    const int64_t lines = lines_walk(work), strikes = strikes_unite(work, NULL), expiries = expiries_unite(work, NULL);
    struct gex__layout layout = {0};
    int64_t row[2], kind, strike, expiry, line[GEX_DIFFERENCE_LAST_ + 1];
    int64_t by_strike[GEX_DIFFERENCE_LAST_ + 1], by_expiry[GEX_DIFFERENCE_LAST_ + 1];
    gex_difference *made;

    gex__layout_add(&layout, 1, sizeof *made);
    for (int side = 0; side < 2; side++)
        row[side] = gex__layout_add(&layout, lines, sizeof(int64_t));
    kind = gex__layout_add(&layout, lines, 1);
    strike = gex__layout_add(&layout, strikes, sizeof(double));
    expiry = gex__layout_add(&layout, expiries, sizeof(int64_t));
    for (int c = 1; c <= GEX_DIFFERENCE_LAST_; c++) {
        line[c] = gex__layout_add(&layout, lines, sizeof(double));
        by_strike[c] = gex__layout_add(&layout, strikes, sizeof(double));
        by_expiry[c] = gex__layout_add(&layout, expiries, sizeof(double));
    }
    made = gex__object_create(context, &layout, difference_drop);
    if (made == NULL)
        return NULL;
    made->count = lines;
    made->strikes = strikes;
    made->expiries = expiries;
    made->kind = (uint8_t *)made + kind;
    made->strike = (double *)((char *)made + strike);
    made->expiry = (int64_t *)((char *)made + expiry);
    for (int side = 0; side < 2; side++) {
        made->row[side] = (int64_t *)((char *)made + row[side]);
        made->market[side] = work->market[side];
        made->book[side] = work->book[side];
        gex__object_retain(work->market[side]);
        gex__object_retain(work->book[side]);
    }
    for (int c = 1; c <= GEX_DIFFERENCE_LAST_; c++) {
        made->line[c] = (double *)((char *)made + line[c]);
        made->by_strike[c] = (double *)((char *)made + by_strike[c]);
        made->by_expiry[c] = (double *)((char *)made + by_expiry[c]);
    }
    return made;
}

static gex_status split_run(const gex_context *context, struct work *work)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t both = work->made->kinds[GEX_LINE_BOTH];
    const int64_t sums = gex__difference_scratch(work->made);
    struct gex__layout layout = {0};
    gex_status status;
    int64_t row[2], line, share[GEX_FACTORS + 1], scratch;
    char *block;

    for (int side = 0; side < 2; side++)
        row[side] = gex__layout_add(&layout, both, sizeof(int64_t));
    line = gex__layout_add(&layout, both, sizeof(int64_t));
    for (int f = 0; f <= GEX_FACTORS; f++)
        share[f] = gex__layout_add(&layout, both, sizeof(double));
    scratch = gex__layout_add(&layout, sums >= 0 ? sums : 0, 1);
    block = layout.overflow || sums < 0 ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return GEX_ERR_MEMORY;
    for (int side = 0; side < 2; side++)
        work->row[side] = (int64_t *)(block + row[side]);
    work->line = (int64_t *)(block + line);
    for (int f = 0; f < GEX_FACTORS; f++)
        work->share[f] = (double *)(block + share[f]);
    work->mean = (double *)(block + share[GEX_FACTORS]);
    contracts_list(work);
    for (int side = 0; side < 2; side++)
        work->corners.row[side] = work->row[side];
    status = gex__corners_run(context, &work->corners, work->share, work->mean);
    if (status == GEX_OK) {
        split_take(work);
        gex__difference_sums(work->made, block + scratch);
    }
    gex__memory_put(&memory, block, layout.size);
    return status;
}

static gex_status exposures_make(const gex_context *context, struct work *work, const gex_exposure_options *options,
                                 gex_error *error)
{
    gex_status status = GEX_OK;

    for (int side = 0; side < 2 && status == GEX_OK; side++) {
        gex_greeks *greeks = NULL;

        status = gex__greeks_compute(context, work->market[side], gex__unit_set(options->unit), &greeks, error);
        if (status == GEX_OK)
            status = gex_exposure_compute(context, greeks, work->book[side], options, &work->exposure[side], error);
        gex_greeks_free(greeks);
    }
    return status;
}

/* Everything behind the door. */
static gex_status difference_run(const gex_context *context, struct work *work, const gex_difference_options *opt,
                                 gex_error *error)
{
    gex_exposure_options options;
    gex_status status;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = opt->quantity == GEX_FIELD_FLOW ? GEX_UNIT_DEX_SHARES : opt->quantity;
    options.adv = opt->adv;
    options.future_price = opt->future_price;
    options.future_multiplier = opt->future_multiplier;
    options.beta = opt->beta;
    status = exposures_make(context, work, &options, error);
    if (status != GEX_OK)
        return status;
    work->scale = (struct gex__scale){opt->adv, opt->future_price, opt->future_multiplier, opt->beta};
    work->sign = opt->quantity == GEX_FIELD_FLOW ? -1.0 : 1.0;
    work->corners = (struct gex__corners){.market = {work->market[0], work->market[1]},
                                          .unit = gex__unit_of(options.unit),
                                          .scale = &work->scale,
                                          .isa = gex__isa(context)};
    work->made = difference_alloc(context, work);
    if (work->made != NULL) {
        work->made->quantity = opt->quantity;
        lines_walk(work);
        strikes_unite(work, work->made->strike);
        expiries_unite(work, work->made->expiry);
        lines_fill(work);
    }
    status = work->made != NULL ? split_run(context, work) : GEX_ERR_MEMORY;
    if (status != GEX_OK)
        return gex__fail(error, status, -1,
                         status == GEX_ERR_MEMORY ? "no memory for the difference of {i} and {i} rows"
                                                  : "the executor reported failure",
                         gex_chain_rows(chain_of(work, 0)), gex_chain_rows(chain_of(work, 1)));
    return GEX_OK;
}

static gex_status arguments_check(const struct work *work, const gex_difference_options *options, gex_error *error)
{
    for (int side = 0; side < 2; side++)
        if (work->market[side] == NULL || work->book[side] == NULL || options == NULL)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "two markets, two books, options and out are required");
    for (int side = 0; side < 2; side++)
        if (gex_book_chain(work->book[side]) != chain_of(work, side))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the book {s} has to come from the chain of the market {s}",
                             side == 0 ? "before" : "after", side == 0 ? "before" : "after");
    if (gex_market_clock(work->market[0]) != gex_market_clock(work->market[1]))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "one market is on {s}, the other on {s}: no volatility compares",
                         gex_clock_name(gex_market_clock(work->market[0])),
                         gex_clock_name(gex_market_clock(work->market[1])));
    return GEX_OK;
}

gex_status gex_difference_compute(const gex_context *context, const gex_market *market_before,
                                  const gex_book *book_before, const gex_market *market_after,
                                  const gex_book *book_after, const gex_difference_options *options,
                                  gex_difference **out, gex_error *error)
{
    struct work work = {.market = {market_before, market_after}, .book = {book_before, book_after}};
    gex_difference_options opt = {.quantity = 0};
    struct gex__guest guest;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "two markets, two books, options and out are required");
    *out = NULL;
    status = arguments_check(&work, options, error);
    if (status != GEX_OK)
        return status;
    if (gex__options_take(&opt, sizeof opt, DIFFERENCE_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "difference options: struct_size {u}", options->struct_size);
    gex__guest_enter(&guest);
    status = difference_run(context, &work, &opt, error);
    gex__guest_leave(&guest);
    gex_exposure_free(work.exposure[0]);
    gex_exposure_free(work.exposure[1]);
    if (status != GEX_OK) {
        gex__object_release(work.made);
        return status;
    }
    *out = work.made;
    return GEX_OK;
}

void gex_difference_free(gex_difference *difference)
{
    gex__object_release(difference);
}
