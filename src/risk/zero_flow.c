/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZERO_FLOW: roots in P of  flow(P) = D(S, now) - D(P, instant),  D = sum N M delta, what has settled at its payoff's
 * delta or, where hedges are undone, gone. At the strikes of what has settled by then the flow jumps.
 */
#include <gex/horizons.h>

#include "field.h"
#include "search.h"

enum { ZERO_FLOW_OPTIONS_0_1 = 40 };
_Static_assert(sizeof(gex_zero_flow_options) >= ZERO_FLOW_OPTIONS_0_1, "options only grow");

static const gex_zero_flow_options defaults = {.until = GEX_UNTIL_CLOSE, .low = 0.8, .high = 1.2};

void gex_zero_flow_options_init(gex_zero_flow_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static gex_status options_check(const gex_market *market, gex_zero_flow_options *opt, gex_error *error)
{
    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "zero flow options: reserved must be zero");
    if (opt->unwound != 0 && opt->unwound != 1)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unwound is {i}: it has to be 0 or 1", (int64_t)opt->unwound);
    if (opt->until < 1 || opt->until > GEX_UNTIL_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "until {i} is unknown", (int64_t)opt->until);
    if (opt->until != GEX_UNTIL_GIVEN)
        return gex_until_instant(market, opt->until, &opt->end, error);
    if (opt->end < gex_market_as_of(market))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "end must not lie before the market's instant");
    return GEX_OK;
}

/* Not on the stack: what is called from here needs nearly all of it. */
struct work {
    struct gex__search search;
    struct gex__lines  lines, later, alive; /* now; at the end all of them, and those that have not settled */
};

/* Lines are made. @return GEX_OK with the roots, GEX_ERR_MEMORY, _CALLBACK. */
static gex_status roots_find(const gex_context *context, const gex_market *market, const gex_zero_flow_options *opt,
                             struct work *work, gex_flips **out)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t settled = gex__lines_settled(&work->lines, market, opt->end);
    struct gex__search *search = &work->search;
    struct gex__layout layout = {0};
    gex_status status;
    double *columns;

    gex__layout_add(&layout, work->lines.rows, GEX_LATER_COLUMNS * (int64_t)sizeof(double));
    columns = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (columns == NULL)
        return GEX_ERR_MEMORY;
    work->later = gex__lines_later(&work->lines, market, opt->end, columns); /* what has settled: without time */
    work->alive = gex__lines_part(&work->later, settled, work->lines.rows - settled);
    search->curve = (struct gex__curve){.lines = &work->alive, .unit = gex__unit_of(GEX_UNIT_DEX_SHARES),
                                        .isa = gex__isa(context)};
    search->seen = opt->unwound ? &work->alive : &work->later;
    search->settled = opt->unwound ? 0 : settled;
    status = gex__delta_now(context, market, &work->lines, NULL, &search->start);
    if (status == GEX_OK)
        status = gex__search_run(context, search, out);
    gex__memory_put(&memory, columns, layout.size);
    return status;
}

/* Everything behind the door; `range` has its cells. */
static gex_status zero_flow_run(const gex_context *context, const gex_market *market, const gex_book *book,
                                const gex_zero_flow_options *opt, const struct gex__range *range, gex_flips **out)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct work *work = gex__memory_get(&memory, sizeof *work);
    gex_status status = GEX_ERR_MEMORY;

    if (work == NULL)
        return GEX_ERR_MEMORY;
    work->search = (struct gex__search){.flow = true, .range = *range};
    if (gex__lines_create(context, market, book, &work->lines))
        status = roots_find(context, market, opt, work, out);
    gex__lines_drop(&work->lines);
    gex__memory_put(&memory, work, sizeof *work);
    return status;
}

gex_status gex_zero_flow_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                 const gex_zero_flow_options *options, gex_flips **out, gex_error *error)
{
    gex_zero_flow_options opt = defaults;
    struct gex__range range;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (market == NULL || book == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, ZERO_FLOW_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "zero flow options: struct_size {u}", options->struct_size);
    if (gex_book_chain(book) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    range = (struct gex__range){gex_market_spot(market), opt.low, opt.high, 1};
    gex__guest_enter(&guest);
    status = options_check(market, &opt, error);
    if (status == GEX_OK)
        status = gex__range_check(&range, error);
    if (status == GEX_OK)
        status = gex__search_range(market, &range, error);
    if (status == GEX_OK) {
        status = zero_flow_run(context, market, book, &opt, &range, out);
        if (status != GEX_OK)
            status = gex__reprice_fail(status, market, error);
    }
    gex__guest_leave(&guest);
    return status;
}
