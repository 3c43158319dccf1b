/* SPDX-License-Identifier: Apache-2.0 */
/* Hedge flow of an uncertain book: a contract asks for M (delta now - delta then), and the book for the sum. */
#include <math.h>
#include <string.h>

#include "bands_flow.h"
#include "math/sum.h"
#include "risk/curve.h"
#include "spread.h"

void gex__flow_between(const struct gex__flow_ends *ends, int64_t first, int64_t count, double *after, double *value)
{
    const struct gex__lines *lines = ends->lines;

    for (int64_t at = 0, these; at < count; at += these) {
        these = gex__state_count(lines, first + at, first + count);
        gex__state_deltas(lines, ends->market, ends->isa, &ends->from, first + at, these, value + at);
        gex__state_deltas(lines, ends->market, ends->isa, &ends->to, first + at, these, after);
        for (int64_t i = 0; i < these; i++)
            value[at + i] = lines->weight[first + at + i] * (value[at + i] - after[i]);
    }
}

struct scenarios {
    const gex_market        *market;
    const struct gex__lines *lines;
    const gex_flow_options  *options;
    int32_t                  isa;
};

static void scenarios_produce(const void *user, int64_t state, int64_t states, int64_t first, int64_t count,
                              double *scratch, double *value)
{
    const struct scenarios *scenarios = user;
    const gex_market *market = scenarios->market;
    struct gex__flow_ends ends = {.market = market, .lines = scenarios->lines, .isa = scenarios->isa,
                                  .from = {gex_market_spot(market), gex_market_as_of(market), 0.0}};

    memset(value, 0, (size_t)states * GEX_BLOCK * sizeof *value);
    for (int64_t s = 0; s < states; s++) {
        ends.to = gex__flow_state(scenarios->options, market, state + s);
        if (gex__lines_reach(ends.lines, ends.to.spot))
            gex__flow_between(&ends, first, count, scratch + GEX_SPREAD_KEPT, value + s * GEX_BLOCK);
    }
}

static gex_status bands_fill(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                             const gex_flow_options *options, struct gex_bands *bands)
{
    struct gex__holding holding;
    const struct scenarios scenarios = {market, &holding.lines, options, gex__isa(context)};
    const struct gex__spread spread = {&holding, bands, scenarios_produce, &scenarios,
                                       GEX_SPREAD_KEPT + GEX_STATE_LINES};
    gex_status status = GEX_ERR_MEMORY;

    if (gex__holding_create(context, market, uncertainty, &holding))
        status = gex__spread_run(context, &spread);
    for (int64_t i = 0; status == GEX_OK && i < bands->count; i++) {
        const struct gex__state to = gex__flow_state(options, market, i);

        bands->spot[i] = to.spot;
        bands->as_of[i] = to.as_of;
        if (!gex__lines_reach(&holding.lines, to.spot))
            bands->mean[i] = bands->gross[i] = (double)NAN;
    }
    gex__holding_drop(&holding);
    return status;
}

gex_status gex_bands_of_flow(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                             const gex_flow_options *options, gex_bands **out, gex_error *error)
{
    gex_flow_options opt;
    struct gex__guest guest;
    struct gex_bands *bands;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || uncertainty == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, uncertainty, options and out are required");
    status = gex__flow_door(market, gex_uncertainty_book(uncertainty), options, &opt, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    for (int64_t i = 0; status == GEX_OK && i < opt.rows; i++) {
        const struct gex__state to = gex__flow_state(&opt, market, i);
        status = gex__flow_state_check(&to, market, i, error);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;

    bands = gex__bands_alloc(context, opt.rows, gex_uncertainty_factors(uncertainty), true,
                             opt.rows <= GEX_BANDS_PAIRS);
    if (bands == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for bands of {i} scenarios", opt.rows);
    bands->market_spot = gex_market_spot(market);
    gex__guest_enter(&guest);
    status = bands_fill(context, market, uncertainty, &opt, bands);
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
