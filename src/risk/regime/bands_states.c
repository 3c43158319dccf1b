/* SPDX-License-Identifier: Apache-2.0 */
/* An exposure of an uncertain book, repriced in every state of a profile, a path or a field. */
#include <math.h>
#include <string.h>

#include "risk/cells.h"
#include "math/sum.h"
#include "risk/profile.h"
#include "spread.h"

enum { BANDS_OPTIONS_0_1 = 104 };
_Static_assert(sizeof(gex_bands_options) >= BANDS_OPTIONS_0_1, "options only grow");

static const gex_bands_options defaults = {.low = 0.8, .high = 1.2, .points = 201, .covariance = 1};

void gex_bands_options_init(gex_bands_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* What repricing a block needs to know. */
struct reprice {
    const gex_market         *market;
    const struct gex__lines  *lines;
    const struct gex_bands   *bands;
    const struct gex__unit   *unit;
    struct gex__scale         scale;
    int32_t                   isa;
    int64_t                   hoisted_size, curve_size;
};

/* ---- one block --------------------------------------------------------------------------------------------------- */

/* What the states of one instant share of a block: lines as they stand then, and what no price changes. */
struct ready {
    int64_t           first, as_of, settled;
    bool              made;
    struct gex__lines lines;
    struct gex__curve curve;
};
_Static_assert(sizeof(struct ready) <= GEX_SPREAD_KEPT * sizeof(double), "it is kept in a scratch");

/* The prices of all states of the instant of one. */
static struct gex__span prices_of(const struct gex_bands *bands, int64_t state)
{
    struct gex__span span = {bands->spot[state], bands->spot[state]};
    int64_t i = state;

    while (i > 0 && bands->as_of[i - 1] == bands->as_of[state])
        i--;
    for (; i < bands->count && bands->as_of[i] == bands->as_of[state]; i++) {
        span.least = fmin(span.least, bands->spot[i]);
        span.most = fmax(span.most, bands->spot[i]);
    }
    return span;
}

static void ready_make(const struct reprice *reprice, int64_t state, int64_t first, int64_t count, double *scratch,
                       struct ready *ready)
{
    const int64_t as_of = reprice->bands->as_of[state];
    const struct gex__span prices = prices_of(reprice->bands, state);
    struct gex__lines block, alive;

    if (ready->made && ready->first == first && ready->as_of == as_of)
        return;
    block = gex__lines_part(reprice->lines, first, count);
    ready->first = first;
    ready->as_of = as_of;
    ready->settled = gex__lines_settled(&block, reprice->market, as_of);
    ready->made = true;
    alive = gex__lines_part(&block, ready->settled, count - ready->settled);
    ready->lines = gex__lines_later(&alive, reprice->market, as_of, scratch);
    ready->curve = (struct gex__curve){.lines = &ready->lines, .unit = reprice->unit, .isa = reprice->isa};
    if (ready->lines.rows > 0)
        gex__curve_prepare(&ready->curve, prices.least, prices.most, scratch + GEX_LATER_COLUMNS * GEX_BLOCK);
}

/* States [state, state + states) of one instant; lines that have settled before it are worth nothing. */
static void instant_fill(const struct reprice *reprice, int64_t state, int64_t states, int64_t first, int64_t count,
                         double *scratch, double *value)
{
    struct ready *ready = (struct ready *)(void *)scratch;
    const struct gex__lines *lines = &ready->lines;
    double *columns = scratch + GEX_SPREAD_KEPT;
    double *buffers = columns + GEX_LATER_COLUMNS * GEX_BLOCK + reprice->hoisted_size;

    ready_make(reprice, state, first, count, columns, ready);
    memset(value, 0, (size_t)states * GEX_BLOCK * sizeof *value);
    for (int64_t s = 0; s < states && lines->rows > 0; s++) {
        const double spot = reprice->bands->spot[state + s];

        if (!gex__lines_reach(lines, spot))
            continue;
        gex__curve_rows(&ready->curve, spot, 0, buffers);
        for (int t = 0; t < GEX_TERMS && reprice->unit->term[t].greek != 0; t++) {
            const double scale = gex__term_scale(&reprice->unit->term[t], &reprice->scale, spot);

            for (int64_t i = 0; i < lines->rows; i++)
                value[s * GEX_BLOCK + ready->settled + i] += scale * buffers[t * GEX_BLOCK + i];
        }
    }
}

static void states_produce(const void *user, int64_t state, int64_t states, int64_t first, int64_t count,
                           double *scratch, double *value)
{
    const struct reprice *reprice = user;
    const int64_t *as_of = reprice->bands->as_of;

    for (int64_t from = state, end; from < state + states; from = end) {
        for (end = from + 1; end < state + states && as_of[end] == as_of[from]; end++)
            ;
        instant_fill(reprice, from, end - from, first, count, scratch, value + (from - state) * GEX_BLOCK);
    }
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status shape_check(const gex_bands_options *opt, gex_error *error)
{
    const int64_t least = opt->spot.data != NULL ? 1 : 2;
    const int64_t most = opt->covariance != 0 ? GEX_BANDS_PAIRS : GEX_MAX_ROWS;

    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bands options: reserved must be zero");
    if (opt->points < least || opt->points > most)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} points: there may be {i} to {i}; with covariance 0 more",
                         opt->points, least, most);
    if (!gex__stride_fits(opt->spot.data, opt->spot.stride, opt->points) ||
        !gex__stride_fits(opt->as_of.data, opt->as_of.stride, opt->points))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} points overflows", opt->points);
    return GEX_OK;
}

/* What a profile's door proves, of the same fields. */
static gex_status market_check(const gex_market *market, const gex_uncertainty *uncertainty,
                               const gex_bands_options *opt, struct gex__range *range, struct gex__scale *scale,
                               gex_error *error)
{
    gex_profile_options profile, mine;

    gex_profile_options_init(&profile, sizeof profile);
    profile.unit = opt->unit;
    profile.adv = opt->adv;
    profile.future_price = opt->future_price;
    profile.future_multiplier = opt->future_multiplier;
    profile.beta = opt->beta;
    if (opt->spot.data == NULL) {
        profile.low = opt->low;
        profile.high = opt->high;
    }
    return gex__profile_door(market, gex_uncertainty_book(uncertainty), &profile, &mine, range, scale, error);
}

static gex_status states_check(const gex_bands_options *opt, const gex_market *market, gex_error *error)
{
    int64_t last = gex_market_as_of(market);

    for (int64_t i = 0; i < opt->points; i++) {
        const double spot = opt->spot.data != NULL ? gex__f64_at(opt->spot, i) : 1.0;
        const int64_t as_of = opt->as_of.data != NULL ? gex__i64_at(opt->as_of, i) : last;

        if (!(spot > 0.0) || isinf(spot))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "state {i}: spot {g} has to be finite and above zero", i, spot);
        if (as_of < last)
            return gex__fail(error, GEX_ERR_DOMAIN, i,
                             "state {i}: its instant lies before {s}", i,
                             i == 0 ? "the market's" : "that of the state before");
        last = as_of;
    }
    return GEX_OK;
}

static void states_fill(struct gex_bands *bands, const gex_bands_options *opt, const gex_market *market,
                        const struct gex__range *range)
{
    for (int64_t i = 0; i < bands->count; i++) {
        bands->spot[i] =
            opt->spot.data != NULL ? gex__f64_at(opt->spot, i) : gex__range_price(range, (double)i);
        bands->as_of[i] = opt->as_of.data != NULL ? gex__i64_at(opt->as_of, i) : gex_market_as_of(market);
    }
}

static gex_status bands_fill(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                             const struct gex__scale *scale, struct gex_bands *bands)
{
    struct gex__holding holding;
    struct reprice reprice = {.market = market,
                              .bands = bands,
                              .unit = gex__unit_of(bands->unit),
                              .scale = *scale,
                              .isa = gex__isa(context)};
    struct gex__spread spread = {&holding, bands, states_produce, &reprice, 0};
    gex_status status = GEX_ERR_MEMORY;

    if (gex__holding_create(context, market, uncertainty, &holding)) {
        struct gex__lines block = holding.lines; /* a block's worth of lines, to measure with */
        const struct gex__curve curve = {.lines = &block, .unit = reprice.unit, .isa = reprice.isa};

        block.rows = block.rows < GEX_BLOCK ? block.rows : GEX_BLOCK;
        reprice.lines = &holding.lines;
        reprice.hoisted_size = gex__curve_hoisted(&curve);
        reprice.curve_size = gex__curve_scratch(&curve);
        spread.scratch_size =
            GEX_SPREAD_KEPT + GEX_LATER_COLUMNS * GEX_BLOCK + reprice.hoisted_size + reprice.curve_size;
        status = gex__spread_run(context, &spread);
    }
    for (int64_t i = 0; status == GEX_OK && i < bands->count; i++)
        if (!gex__lines_reach(&holding.lines, bands->spot[i]))
            bands->mean[i] = bands->gross[i] = (double)NAN;
    gex__holding_drop(&holding);
    return status;
}

gex_status gex_bands_of_states(const gex_context *context, const gex_market *market,
                               const gex_uncertainty *uncertainty, const gex_bands_options *options, gex_bands **out,
                               gex_error *error)
{
    gex_bands_options opt = defaults;
    struct gex__range range;
    struct gex__scale scale;
    struct gex__guest guest;
    struct gex_bands *bands;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || uncertainty == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, uncertainty, options and out are required");
    if (gex__options_take(&opt, sizeof opt, BANDS_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "bands options: struct_size {u}", options->struct_size);
    status = market_check(market, uncertainty, &opt, &range, &scale, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    (void)((status = shape_check(&opt, error)) || (status = states_check(&opt, market, error)));
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;
    range.cells = opt.points - 1;

    bands = gex__bands_alloc(context, opt.points, gex_uncertainty_factors(uncertainty), true, opt.covariance != 0);
    if (bands == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for bands of {i} states", opt.points);
    bands->unit = opt.unit;
    bands->market_spot = gex_market_spot(market);
    gex__guest_enter(&guest);
    states_fill(bands, &opt, market, &range);
    status = bands_fill(context, market, uncertainty, &scale, bands);
    if (status == GEX_OK)
        gex__bands_finish(bands);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(bands);
        return gex__reprice_fail(status, market, error);
    }
    *out = bands;
    return GEX_OK;
}
