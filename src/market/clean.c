/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static arbitrage between quotes, root by root and right by right. With c the undiscounted price and k the strike:
 *
 *     vertical    -1 <= dc/dk <= 0 for calls, 0 <= dc/dk <= 1 for puts, between neighbours
 *     butterfly   slopes do not fall with k
 *     calendar    c(k/F) / F does not fall with the settlement; between two strikes of the later one, its price is at
 *                 most what lies on the line between them, which is what an earlier one is held against
 *
 * Of American options c is the price as quoted, and the settlements are compared at equal strike: to hold one is to
 * hold every earlier one. Differences within a rounding of the prices are none.
 */
#include <math.h>
#include <string.h>

#include "chain.h"
#include "quotes.h"

/* ---- slices ----------------------------------------------------------------------------------------------------- */

int gex__series_order(const gex_chain *chain, int64_t a, int64_t b)
{
    const int which = memcmp(chain->root[a], chain->root[b], GEX_ROOT_MAX);
    return which != 0 ? which : chain->right[a] - chain->right[b];
}

/* One merge of a stable sort: [from, middle) and [middle, to). */
static void merge(const gex_chain *chain, const int64_t *from, const int64_t *middle, const int64_t *to, int64_t *out)
{
    const int64_t *left = from, *right = middle;

    while (left < middle || right < to)
        *out++ = right == to || (left < middle && gex__series_order(chain, *left, *right) <= 0) ? *left++ : *right++;
}

static bool comparable(const struct gex_quotes *quotes, int64_t row)
{
    const uint8_t status = quotes->status[GEX_QUOTE_MID][row];

    return status != GEX_QUOTE_NO_CONTRACT && status != GEX_QUOTE_NO_PRICE && status != GEX_QUOTE_CROSSED &&
           (quotes->flags[row] & (GEX_FLAG_STALE | GEX_FLAG_WIDE)) == 0;
}

/* The canonical order has settlement and strike ascending; a stable sort by root and right keeps them so. */
int64_t gex__slices_order(const struct gex_quotes *quotes, int64_t *order, int64_t *scratch)
{
    const gex_chain *chain = quotes->market->chain;
    int64_t *from = order, *to = scratch, count = 0;

    for (int64_t i = 0; i < chain->used; i++)
        if (comparable(quotes, chain->order[i]))
            order[count++] = chain->order[i];
    for (int64_t width = 1; width < count; width *= 2) {
        int64_t *const kept = from;

        for (int64_t at = 0; at < count; at += 2 * width)
            merge(chain, from + at, from + (at + width < count ? at + width : count),
                  from + (at + 2 * width < count ? at + 2 * width : count), to + at);
        from = to;
        to = kept;
    }
    if (from != order)
        memcpy(order, from, (size_t)count * sizeof *order);
    return count;
}

int64_t gex__clean_slice_at(const struct gex_quotes *quotes, int64_t *order, int64_t count, int64_t from,
                      struct gex__slice *slice)
{
    const gex_chain *chain = quotes->market->chain;
    int64_t to = from, kept = from;

    while (to < count && gex__series_order(chain, order[to], order[from]) == 0 &&
           chain->expiry_index[order[to]] == chain->expiry_index[order[from]]) {
        if (to == from || chain->strike_index[order[to]] != chain->strike_index[order[kept - 1]])
            order[kept++] = order[to];
        to++;
    }
    *slice = (struct gex__slice){order + from, kept - from, from < count ? chain->expiry_index[order[from]] : -1};
    return to;
}

/* ---- along the strikes ------------------------------------------------------------------------------------------ */

/* Strike and undiscounted price of the i-th row. */
struct point {
    double strike, price;
};

static bool american(const gex_market *market, int64_t row)
{
    return market->exercise[row] == GEX_EXERCISE_AMERICAN && market->chain->payoff[row] != GEX_PAYOFF_INVERSE;
}

double gex__clean_scale(const gex_market *market, int64_t row)
{
    return american(market, row) ? 1 : gex__quote_scale(market, row);
}

double gex__clean_forward(const gex_market *market, int64_t row)
{
    return american(market, row) ? market->base.spot : market->curve.forward[market->chain->expiry_index[row]];
}

static struct point point_of(const struct gex_quotes *quotes, const struct gex__slice *slice, int64_t i)
{
    const int64_t row = slice->row[i];
    return (struct point){quotes->market->chain->strike[row],
                          quotes->price[GEX_QUOTE_MID][row] * gex__clean_scale(quotes->market, row)};
}

/* What rounding may have done to a price. */
static double slack_of(struct point a, struct point b)
{
    return 1e-13 * (fabs(a.price) + fabs(b.price) + b.strike);
}

static void compare_strikes(struct gex_quotes *quotes, const struct gex__slice *slice)
{
    const bool call = slice->count > 0 && quotes->market->chain->right[slice->row[0]] == GEX_CALL;

    for (int64_t i = 0; i + 1 < slice->count; i++) {
        const struct point a = point_of(quotes, slice, i), b = point_of(quotes, slice, i + 1);
        const double rise = call ? b.price - a.price : a.price - b.price, width = b.strike - a.strike;

        if (rise > slack_of(a, b) || -rise > width + slack_of(a, b)) {
            quotes->flags[slice->row[i]] |= GEX_FLAG_NOT_MONOTONE;
            quotes->flags[slice->row[i + 1]] |= GEX_FLAG_NOT_MONOTONE;
        }
    }
    for (int64_t i = 1; i + 1 < slice->count; i++) {
        const struct point a = point_of(quotes, slice, i - 1), b = point_of(quotes, slice, i),
                           c = point_of(quotes, slice, i + 1);
        const double line = a.price + (c.price - a.price) * ((b.strike - a.strike) / (c.strike - a.strike));

        if (b.price - line > slack_of(a, c))
            quotes->flags[slice->row[i]] |= GEX_FLAG_NOT_CONVEX;
    }
}

/* ---- against the next settlement -------------------------------------------------------------------------------- */

static void compare_settlements(struct gex_quotes *quotes, const struct gex__slice *soon, const struct gex__slice *late)
{
    const double ratio =
        gex__clean_forward(quotes->market, late->row[0]) / gex__clean_forward(quotes->market, soon->row[0]);
    int64_t j = 0;

    for (int64_t i = 0; i < soon->count && late->count > 1; i++) {
        struct point p = point_of(quotes, soon, i), a, b;
        double line;

        p.strike *= ratio;
        p.price *= ratio;
        while (j + 2 < late->count && point_of(quotes, late, j + 1).strike <= p.strike)
            j++;
        a = point_of(quotes, late, j);
        b = point_of(quotes, late, j + 1);
        line = a.price + (b.price - a.price) * ((p.strike - a.strike) / (b.strike - a.strike));
        if (a.strike <= p.strike && p.strike <= b.strike && p.price - line > slack_of(a, b))
            quotes->flags[soon->row[i]] |= GEX_FLAG_CALENDAR;
    }
}

void gex__quotes_compare(struct gex_quotes *quotes, int64_t *order, int64_t *scratch)
{
    const gex_chain *chain = quotes->market->chain;
    const int64_t count = gex__slices_order(quotes, order, scratch);
    struct gex__slice before = {NULL, 0, -1}, slice;

    for (int64_t from = 0; from < count; before = slice) {
        from = gex__clean_slice_at(quotes, order, count, from, &slice);
        compare_strikes(quotes, &slice);
        if (before.count > 0 && gex__series_order(chain, before.row[0], slice.row[0]) == 0)
            compare_settlements(quotes, &before, &slice);
    }
}
