/* SPDX-License-Identifier: Apache-2.0 */
/* The flow of one scenario, row by row. */
#include <gex/forced.h>

#include <math.h>

#include "flow.h"

/* Lines stand in the chain's order without the rows that do not count; series that differ in position alone share a
 * delta, so it does not matter which of them a line is. */
static void rows_fill(const gex_market *market, const gex_book *book, const double *change, const double *settled,
                      double *flow, double *unwind)
{
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *order = gex_chain_order(chain);
    const double *position = gex_book_positions(book), *multiplier = gex_chain_multiplier(chain);
    int64_t line = 0;

    for (int64_t i = 0; i < gex_chain_rows(chain); i++) {
        const int64_t row = order[i];
        const bool used = gex_market_status(market)[row] == GEX_ROW_USED && isfinite(position[row]);
        const bool counts = used && position[row] != 0.0;
        const double weight = counts ? position[row] * multiplier[row] : 0.0;

        flow[row] = counts ? weight * change[line] : used ? 0.0 : (double)NAN;
        if (unwind != NULL)
            unwind[row] = counts ? weight * settled[line] : used ? 0.0 : (double)NAN;
        line += counts;
    }
}

/* What a contract's delta loses, and the payoff's delta of one that has settled, for each line. */
static void changes_fill(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                         const struct gex__state *to, double *change, double *settled)
{
    const struct gex__state now = {gex_market_spot(market), gex_market_as_of(market), 0.0};
    const int64_t gone = gex__lines_settled(lines, market, to->as_of);
    const bool reached = gex__lines_reach(lines, to->spot);

    for (int64_t first = 0, count; first < lines->rows; first += count) {
        count = gex__state_count(lines, first, lines->rows);
        gex__state_deltas(lines, market, isa, &now, first, count, change + first);
        gex__state_deltas(lines, market, isa, to, first, count, settled + first);
    }
    for (int64_t i = 0; i < lines->rows; i++) { /* before and after so far */
        change[i] = reached ? change[i] - settled[i] : (double)NAN;
        settled[i] = i >= gone ? 0.0 : reached ? settled[i] : (double)NAN;
    }
}

gex_status gex_flow_lines(const gex_context *context, const gex_market *market, const gex_book *book,
                          const gex_flow_options *options, int64_t scenario, double *flow, double *unwind,
                          gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__layout layout = {0};
    gex_flow_options opt;
    struct gex__guest guest;
    struct gex__lines lines;
    struct gex__state to;
    gex_status status;
    int64_t change, settled;
    char *block = NULL;

    if (market == NULL || book == NULL || options == NULL || flow == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and flow are required");
    status = gex__flow_door(market, book, options, &opt, error);
    if (status != GEX_OK)
        return status;
    if (scenario < 0 || scenario >= opt.rows)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "scenario {i} of {i}", scenario, opt.rows);
    gex__guest_enter(&guest);
    to = gex__flow_state(&opt, market, scenario);
    status = gex__flow_state_check(&to, market, scenario, error);
    if (status == GEX_OK && gex__lines_create(context, market, book, &lines)) {
        change = gex__layout_add(&layout, lines.rows, sizeof(double));
        settled = gex__layout_add(&layout, lines.rows, sizeof(double));
        block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
        if (block != NULL) {
            changes_fill(&lines, market, gex__isa(context), &to, (double *)(block + change),
                         (double *)(block + settled));
            rows_fill(market, book, (double *)(block + change), (double *)(block + settled), flow, unwind);
        }
        gex__memory_put(&memory, block, layout.size);
        gex__lines_drop(&lines);
    }
    gex__guest_leave(&guest);
    if (status == GEX_OK && block == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the flow of {i} rows",
                         gex_chain_rows(gex_market_chain(market)));
    return status;
}
