/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows of stretches of time of an uncertain book: from (S, a) to (P, b) a contract that is alive at a asks for
 * M (delta(S, a) - delta(P, b)), and one that has settled before it for nothing.
 */
#include <math.h>
#include <string.h>

#include "bands_flow.h"
#include "math/sum.h"
#include "risk/curve.h"
#include "risk/forced.h"
#include "spread.h"

struct stretched {
    const gex_market            *market;
    const struct gex__lines     *lines;
    const struct gex__stretches *stretches;
    int32_t                      isa;
};

static void stretches_produce(const void *user, int64_t state, int64_t states, int64_t first, int64_t count,
                              double *scratch, double *value)
{
    const struct stretched *stretched = user;
    const struct gex__stretches *stretches = stretched->stretches;
    const struct gex__lines block = gex__lines_part(stretched->lines, first, count);

    memset(value, 0, (size_t)states * GEX_BLOCK * sizeof *value);
    for (int64_t s = 0; s < states && gex__lines_reach(stretched->lines, stretches->price); s++) {
        const int64_t stretch = state + s + 1;
        const struct gex__flow_ends ends = {stretched->market, stretched->lines, stretched->isa,
                                            {stretches->spot, stretches->from[stretch], 0.0},
                                            {stretches->price, stretches->to[stretch], 0.0}};
        const int64_t settled = gex__lines_settled(&block, stretched->market, stretches->from[stretch]);

        gex__flow_between(&ends, first + settled, count - settled, scratch + GEX_SPREAD_KEPT,
                          value + s * GEX_BLOCK + settled);
    }
}

static gex_status bands_fill(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                             const struct gex__stretches *stretches, struct gex_bands *bands)
{
    struct gex__holding holding;
    const struct stretched stretched = {market, &holding.lines, stretches, gex__isa(context)};
    const struct gex__spread spread = {&holding, bands, stretches_produce, &stretched,
                                       GEX_SPREAD_KEPT + GEX_STATE_LINES};
    gex_status status = GEX_ERR_MEMORY;

    if (gex__holding_create(context, market, uncertainty, &holding))
        status = gex__spread_run(context, &spread);
    for (int64_t i = 0; status == GEX_OK && i < bands->count; i++) {
        bands->spot[i] = stretches->price;
        bands->as_of[i] = stretches->to[i + 1];
        if (!gex__lines_reach(&holding.lines, stretches->price))
            bands->mean[i] = bands->gross[i] = (double)NAN;
    }
    gex__holding_drop(&holding);
    return status;
}

gex_status gex_bands_of_forced(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                               const gex_forced_options *options, gex_bands **out, gex_error *error)
{
    struct gex__stretches stretches;
    gex_forced_options opt;
    struct gex__guest guest;
    struct gex_bands *bands;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || uncertainty == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, uncertainty and out are required");
    status = gex__forced_take(options, &opt, error);
    if (status != GEX_OK)
        return status;
    if (gex_book_chain(gex_uncertainty_book(uncertainty)) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    gex__guest_enter(&guest);
    status = gex__stretches_set(market, &opt, &stretches, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;

    bands = gex__bands_alloc(context, GEX_STRETCH_LAST_, gex_uncertainty_factors(uncertainty), true, true);
    if (bands == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for bands of {i} stretches", (int64_t)GEX_STRETCH_LAST_);
    bands->market_spot = gex_market_spot(market);
    gex__guest_enter(&guest);
    status = bands_fill(context, market, uncertainty, &stretches, bands);
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
