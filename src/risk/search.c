/* SPDX-License-Identifier: Apache-2.0 */
/* What is searched of one market: an exposure, or the flow to an instant. */
#include "search.h"

#include "field.h"
#include "fill.h"
#include "roots.h"

/* What is searched at a price, from the value of the curve there. */
static double searched(const struct gex__search *search, double price, double value)
{
    double settled = 0.0;

    if (!search->flow)
        return value;
    for (int64_t line = 0; line < search->settled; line++)
        settled += gex__payoff_delta(search->seen, line, price);
    return search->start - (value + settled);
}

/* What is searched, and what it was filled with. */
struct filled {
    struct gex__search *search;
    struct gex__fill    fill;
};

static int64_t room_of(const gex_context *context, const void *of, int64_t points)
{
    const struct filled *filled = of;
    return gex__fill_scratch(context, &filled->search->curve, points);
}

static bool values_fill(const gex_context *context, void *of, const double *prices, int64_t points, double *values,
                        double *room)
{
    struct filled *filled = of;

    if (!gex__fill_run(context, &filled->search->curve, prices, points, filled->search->known, values, room,
                       &filled->fill))
        return false;
    for (int64_t i = 0; i < points; i++)
        values[i] = searched(filled->search, prices[i], values[i]);
    return true;
}

static double value_at(const void *of, double price, double *scratch)
{
    const struct filled *filled = of;
    return searched(filled->search, price, gex__fill_at(&filled->fill, price, scratch));
}

static bool motion_reaches(const void *of, double price)
{
    return gex__motion_reaches(of, price); /* b (P / S - 1) has to stay above -1 */
}

gex_status gex__search_range(const gex_market *market, struct gex__range *range, gex_error *error)
{
    const double low = range->low, high = range->high;
    struct gex__guest guest;
    bool reached;

    gex__guest_enter(&guest);
    range->cells = gex__search_cells(low, high);
    reached = range->cells > 0 && gex__range_shorten(range, motion_reaches, gex__market_motion(market));
    gex__guest_leave(&guest);
    if (range->cells == 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g} is too wide for cells of 0.05 % of spot", low,
                         high);
    if (!reached)
        return gex__fail(error, GEX_ERR_DOMAIN, -1,
                         "range {g} to {g} of spot: dynamics BETA={g} leaves no volatility in it", low, high,
                         gex_market_dynamics_parameter(market));
    return GEX_OK;
}

gex_status gex__search_run(const gex_context *context, struct gex__search *search, gex_flips **out)
{
    const double bottom = gex__range_price(&search->range, 0);
    const double top = gex__range_price(&search->range, (double)search->range.cells);
    struct filled filled = {.search = search};
    const struct gex__sought sought = {.room = room_of, .fill = values_fill, .at = value_at, .of = &filled,
                                       .scratch = gex__curve_scratch(&search->curve), .seen = search->seen,
                                       .steps = gex__unit_steps(search->curve.unit)};
    struct gex__ready *own = NULL, **ready = search->ready != NULL ? search->ready : &own;
    gex_status status = GEX_ERR_MEMORY;

    search->curve.alone = !search->flow && gex__sweep_is_enough(search->curve.lines->rows, search->range.cells + 1);
    if (gex__ready_take(context, ready, &search->curve, bottom, top))
        status = gex__roots_find(context, &sought, &search->range, out);

    gex__ready_drop(&own);
    return status;
}
