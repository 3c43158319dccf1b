/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Middles moved within bid and ask until there is no static arbitrage among them, root by root and right by right.
 *
 * A put counts as the call of its strike by parity, which changes neither slopes less one nor convexity. First from the
 * last settlement back: what a settlement can be worth at most bounds the one before it, and where that leaves no
 * prices it takes no part in comparisons between settlements. So there are prices for all that do, and for each of them
 * whatever those before it came to. Then from the first on: nearest to the middles, over the prices of the settlement
 * before.
 */
#include <math.h>

#include "chain.h"
#include "convex.h"
#include "quotes.h"

/* Rows of one settlement, and their knots. */
struct slice {
    struct gex__slice rows;
    struct gex__knot *knot;
    double forward; /* what strikes are compared by */
    bool calendar;  /* compared with its neighbours */
    uint8_t state;  /* GEX_REPAIRED_* */
};

struct work {
    struct gex_quotes *quotes;
    struct slice *slice;
    int64_t count;
    struct gex__floor *floors;
    struct gex__convex room;
};

/* ---- rows and knots --------------------------------------------------------------------------------------------- */

/* What a put is below the call of its strike. */
static double call_less(const struct gex_quotes *quotes, int64_t row)
{
    const gex_market *market = quotes->market;

    return market->chain->right[row] == GEX_CALL ? 0 : gex__clean_forward(market, row) - market->chain->strike[row];
}

static void knots_make(const struct gex_quotes *quotes, struct slice *slice)
{
    slice->forward = gex__clean_forward(quotes->market, slice->rows.row[0]);
    for (int64_t i = 0; i < slice->rows.count; i++) {
        const int64_t row = slice->rows.row[i];
        const double scale = gex__clean_scale(quotes->market, row), more = call_less(quotes, row);
        const double bid = quotes->price[GEX_QUOTE_BID][row] * scale, ask = quotes->price[GEX_QUOTE_ASK][row] * scale;
        struct gex__knot *knot = &slice->knot[i];

        knot->strike = quotes->market->chain->strike[row];
        knot->middle = quotes->price[GEX_QUOTE_MID][row] * scale + more;
        knot->half = (ask - bid) / 2;
        knot->high = ask + more;
        knot->low = fmax(bid + more, fmin(knot->high, fmax(0, slice->forward - knot->strike)));
        knot->price = knot->middle;
    }
}

static void row_move(struct gex_quotes *quotes, int64_t row, const struct gex__knot *knot)
{
    const double here = (knot->price - call_less(quotes, row)) / gex__clean_scale(quotes->market, row);
    const double price = fmax(quotes->price[GEX_QUOTE_BID][row], fmin(quotes->price[GEX_QUOTE_ASK][row], here));

    if (knot->price == knot->middle || price == quotes->price[GEX_QUOTE_MID][row])
        return;
    gex__quote_set(quotes, row, GEX_QUOTE_REPAIRED, price);
    quotes->flags[row] |= GEX_FLAG_REPAIRED;
}

/* ---- two settlements -------------------------------------------------------------------------------------------- */

/* `other` where it is of the root and right of slice i; NULL where a new one begins. */
static const struct slice *of_same(const struct work *work, const struct slice *other, int64_t i)
{
    const gex_chain *chain = work->quotes->market->chain;
    const struct slice *slice = &work->slice[i];

    return other != NULL && gex__series_order(chain, other->rows.row[0], slice->rows.row[0]) == 0 ? other : NULL;
}

static void cut(struct slice *soon, const struct slice *late)
{
    const double ratio = late->forward / soon->forward;
    double share;
    int64_t at;

    for (int64_t i = 0; i < soon->rows.count; i++)
        if (gex__knots_between(late->knot, late->rows.count, soon->knot[i].strike * ratio, &at, &share)) {
            const double most = late->knot[at].top + (late->knot[at + 1].top - late->knot[at].top) * share;
            soon->knot[i].high = fmin(soon->knot[i].high, most / ratio);
        }
}

static int64_t floors_make(const struct slice *soon, const struct slice *late, struct gex__floor *floors)
{
    const double ratio = late->forward / soon->forward;

    for (int64_t i = 0; i < soon->rows.count; i++)
        floors[i] = (struct gex__floor){soon->knot[i].strike * ratio, soon->knot[i].price * ratio};
    return soon->rows.count;
}

/* ---- back, and on ----------------------------------------------------------------------------------------------- */

static bool possible(struct slice *slice)
{
    gex__knots_top(slice->knot, slice->rows.count);
    return gex__knots_possible(slice->knot, slice->rows.count, NULL, 0);
}

/* Each under the nearest later one that takes part: one that does not is stepped over. */
static void go_back(struct work *work, bool calendar)
{
    const struct slice *late = NULL;

    for (int64_t i = work->count; i-- > 0;) {
        struct slice *slice = &work->slice[i];

        late = of_same(work, late, i);
        if (late != NULL)
            cut(slice, late);
        slice->calendar = calendar;
        slice->state = GEX_REPAIRED_DONE;
        if (possible(slice)) {
            late = calendar ? slice : NULL;
            continue;
        }
        slice->calendar = false;
        slice->state = late != NULL ? GEX_REPAIRED_STRIKES : GEX_REPAIRED_IMPOSSIBLE;
        knots_make(work->quotes, slice);
        if (late != NULL && !possible(slice))
            slice->state = GEX_REPAIRED_IMPOSSIBLE;
    }
}

static void go_on(struct work *work)
{
    const struct slice *soon = NULL;

    for (int64_t i = 0; i < work->count; i++) {
        struct slice *slice = &work->slice[i];
        int64_t floors = 0;
        bool within = true;

        soon = of_same(work, soon, i);
        if (slice->calendar && soon != NULL)
            floors = floors_make(soon, slice, work->floors);
        soon = slice->calendar ? slice : soon;
        if (slice->state == GEX_REPAIRED_IMPOSSIBLE)
            continue;
        for (int64_t k = 0; k < slice->rows.count; k++)
            within =
                within && slice->knot[k].low <= slice->knot[k].middle && slice->knot[k].middle <= slice->knot[k].high;
        if (!(within && gex__knots_sound(slice->knot, slice->rows.count, work->floors, floors)))
            gex__knots_solve(slice->knot, slice->rows.count, work->floors, floors, &work->room);
        else if (slice->state == GEX_REPAIRED_DONE)
            slice->state = GEX_REPAIRED_SOUND;
    }
}

static void give(const struct work *work)
{
    struct gex_quotes *quotes = work->quotes;

    for (int64_t row = 0; row < quotes->rows; row++) {
        quotes->price[GEX_QUOTE_REPAIRED][row] = quotes->price[GEX_QUOTE_MID][row];
        quotes->vol[GEX_QUOTE_REPAIRED][row] = quotes->vol[GEX_QUOTE_MID][row];
        quotes->status[GEX_QUOTE_REPAIRED][row] = quotes->status[GEX_QUOTE_MID][row];
    }
    for (int64_t e = 0; e < quotes->market->curve.count; e++)
        quotes->repaired[e] = GEX_REPAIRED_NOTHING;
    for (int64_t i = 0; i < work->count; i++) {
        const struct slice *slice = &work->slice[i];
        uint8_t *state = &quotes->repaired[slice->rows.expiry];

        *state = slice->state > *state ? slice->state : *state;
        for (int64_t k = 0; k < slice->rows.count && slice->state != GEX_REPAIRED_IMPOSSIBLE; k++)
            row_move(quotes, slice->rows.row[k], &slice->knot[k]);
    }
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

struct offsets {
    int64_t slice, knot, floors, tie, column[GEX_CONVEX_COLUMNS];
};

static void lay_out(struct gex__layout *layout, int64_t rows, struct offsets *at)
{
    at->slice = gex__layout_add(layout, rows + 1, sizeof(struct slice));
    at->knot = gex__layout_add(layout, rows, sizeof(struct gex__knot));
    at->floors = gex__layout_add(layout, rows, sizeof(struct gex__floor));
    at->tie = gex__layout_add(layout, GEX_CONVEX_TIES * rows, sizeof(struct gex__tie));
    for (int i = 0; i < GEX_CONVEX_COLUMNS; i++)
        at->column[i] = gex__layout_add(layout, rows + 2, sizeof(double));
}

bool gex__quotes_repair(struct gex_quotes *quotes, const gex_context *context, bool calendar, int64_t *order,
                        int64_t *scratch)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t count = gex__slices_order(quotes, order, scratch);
    struct gex__layout layout = {0};
    struct work work = {.quotes = quotes};
    struct offsets at;
    double **const columns[GEX_CONVEX_COLUMNS] = {&work.room.x, &work.room.step, &work.room.diagonal, &work.room.one,
                                                  &work.room.two};
    struct gex__knot *knot;
    char *block;

    lay_out(&layout, count, &at);
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return false;
    work.slice = (struct slice *)(void *)(block + at.slice);
    work.floors = (struct gex__floor *)(void *)(block + at.floors);
    work.room.tie = (struct gex__tie *)(void *)(block + at.tie);
    for (int i = 0; i < GEX_CONVEX_COLUMNS; i++)
        *columns[i] = (double *)(void *)(block + at.column[i]);
    knot = (struct gex__knot *)(void *)(block + at.knot);
    for (int64_t from = 0; from < count;) {
        struct slice *slice = &work.slice[work.count++];

        from = gex__clean_slice_at(quotes, order, count, from, &slice->rows);
        slice->knot = knot;
        knot += slice->rows.count;
        knots_make(quotes, slice);
    }
    go_back(&work, calendar);
    go_on(&work);
    give(&work);
    gex__memory_put(&memory, block, layout.size);
    return true;
}
