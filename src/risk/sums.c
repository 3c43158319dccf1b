/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Totals and groups of an exposure. Every sum is the correctly rounded sum of its rows, so neither the order of the
 * rows nor how they are split shows. A row whose greek diverges counts as used and stays out of the sums.
 *
 * A row is added once: to the calls or puts of its key, above or below zero. Net, gross and the sides are made of these
 * four parts, and the parts of a grouping that is coarser (total, right, 0DTE) of those of the expiries.
 */
#include <math.h>
#include <string.h>

#include "exposure.h"
#include "math/sum.h"

/* ---- parts -------------------------------------------------------------------------------------------------------- */

enum { CALL_ABOVE, CALL_BELOW, PUT_ABOVE, PUT_BELOW, CALL_OI, PUT_OI, PARTS };

/* Exact sums that know when nothing went in: most strikes have no position, and clearing and rounding is what costs. */
struct parts {
    struct gex__exact sum[PARTS];
    bool              any[PARTS];
};

static void parts_clear(struct parts *parts)
{
    memset(parts->any, 0, sizeof parts->any);
}

static struct gex__exact *part_of(struct parts *parts, int part)
{
    if (!parts->any[part])
        gex__exact_clear(&parts->sum[part]);
    parts->any[part] = true;
    return &parts->sum[part];
}

static void part_add(struct parts *parts, int part, double value)
{
    if (value != 0.0)
        gex__exact_add(part_of(parts, part), value);
}

static void parts_merge(struct parts *parts, const struct parts *other)
{
    for (int p = 0; p < PARTS; p++)
        if (other->any[p])
            gex__exact_merge(part_of(parts, p), &other->sum[p], 1);
}

/* Parts of each sum, with the sign they enter it. */
static const struct recipe {
    int8_t sign[PARTS];
} recipes[GEX__SUM_LAST + 1] = {
    [GEX_SUM_NET] = {{[CALL_ABOVE] = 1, [CALL_BELOW] = 1, [PUT_ABOVE] = 1, [PUT_BELOW] = 1}},
    [GEX_SUM_GROSS] = {{[CALL_ABOVE] = 1, [CALL_BELOW] = -1, [PUT_ABOVE] = 1, [PUT_BELOW] = -1}},
    [GEX_SUM_CALL] = {{[CALL_ABOVE] = 1, [CALL_BELOW] = 1}},
    [GEX_SUM_PUT] = {{[PUT_ABOVE] = 1, [PUT_BELOW] = 1}},
    [GEX__SUM_CALL_GROSS] = {{[CALL_ABOVE] = 1, [CALL_BELOW] = -1}},
    [GEX__SUM_PUT_GROSS] = {{[PUT_ABOVE] = 1, [PUT_BELOW] = -1}},
    [GEX__SUM_CALL_OI] = {{[CALL_OI] = 1}},
    [GEX__SUM_PUT_OI] = {{[PUT_OI] = 1}},
};

static double parts_round(const struct parts *parts, int sum)
{
    struct gex__exact whole;
    bool any = false;

    for (int p = 0; p < PARTS; p++) {
        if (recipes[sum].sign[p] == 0 || !parts->any[p])
            continue;
        if (!any)
            gex__exact_clear(&whole);
        gex__exact_merge(&whole, &parts->sum[p], recipes[sum].sign[p]);
        any = true;
    }
    return any ? gex__exact_round(&whole) : 0.0;
}

static void key_set(const struct gex__group *group, int64_t key, const struct parts *parts)
{
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        group->sum[s][key] = parts_round(parts, s);
}

/* ---- rows by key ---------------------------------------------------------------------------------------------------- */

/* Working memory: a part is half a kilobyte, too much of them for a stack that is not ours. */
struct sorter {
    int64_t      *offset; /* keys + 2 */
    int64_t      *row;    /* used rows, by key */
    struct parts *parts;  /* of the key at hand, 0DTE and later, one side */
};
enum { AT_HAND, ZERO_DTE, LATER, SIDE, SORTER_PARTS };

static struct gex__layout sorter_layout(const gex_chain *chain, int64_t at[3])
{
    struct gex__layout layout = {0};
    int64_t strikes, expiries;

    gex_chain_strikes(chain, &strikes);
    gex_chain_expiries(chain, &expiries);
    at[0] = gex__layout_add(&layout, (strikes > expiries ? strikes : expiries) + 2, sizeof(int64_t));
    at[1] = gex__layout_add(&layout, gex_chain_rows(chain), sizeof(int64_t));
    at[2] = gex__layout_add(&layout, SORTER_PARTS, sizeof(struct parts));
    return layout;
}

int64_t gex__sums_scratch(const gex_chain *chain)
{
    int64_t at[3];
    const struct gex__layout layout = sorter_layout(chain, at);

    return layout.overflow ? -1 : layout.size;
}

/* Counting sort of the used rows: those of key k stand in sorter->row[offset[k]] to [offset[k + 1]]. */
static void rows_sort(const struct gex_exposure *exposure, const struct sorter *sorter, const int32_t *key, int64_t keys)
{
    int64_t *offset = sorter->offset;

    memset(offset, 0, (size_t)(keys + 2) * sizeof *offset);
    for (int64_t i = 0; i < exposure->rows; i++)
        if (exposure->status[i] == GEX_ROW_USED)
            offset[key[i] + 2]++;
    for (int64_t k = 2; k <= keys + 1; k++)
        offset[k] += offset[k - 1];
    for (int64_t i = 0; i < exposure->rows; i++)
        if (exposure->status[i] == GEX_ROW_USED)
            sorter->row[offset[key[i] + 1]++] = i;
}

/* Parts of some rows. */
static void rows_add(const struct gex_exposure *exposure, const uint8_t *skip, const int64_t *row, int64_t count,
                     struct parts *parts)
{
    const gex_chain *chain = gex_market_chain(gex_greeks_market(exposure->greeks));
    const double *open_interest = gex_chain_open_interest(chain);
    const int8_t *right = gex_chain_right(chain);

    for (int64_t r = 0; r < count; r++) {
        const int64_t i = row[r];
        const bool call = right[i] == GEX_CALL;

        if (!skip[i])
            part_add(parts, (call ? CALL_ABOVE : PUT_ABOVE) + (exposure->row[i] < 0.0), exposure->row[i]);
        if (isfinite(open_interest[i]))
            part_add(parts, call ? CALL_OI : PUT_OI, open_interest[i]);
    }
}

/* ---- groups ------------------------------------------------------------------------------------------------------------ */

static void strikes_fill(const struct gex_exposure *exposure, const uint8_t *skip, const struct sorter *sorter)
{
    const struct gex__group *group = &exposure->group[GEX_BY_STRIKE];
    struct parts *parts = &sorter->parts[AT_HAND];

    rows_sort(exposure, sorter, gex_chain_strike_index(gex_book_chain(exposure->book)), group->keys);
    for (int64_t k = 0; k < group->keys; k++) {
        group->count[k] = sorter->offset[k + 1] - sorter->offset[k];
        parts_clear(parts);
        rows_add(exposure, skip, sorter->row + sorter->offset[k], group->count[k], parts);
        key_set(group, k, parts);
    }
}

static void right_fill(const struct gex_exposure *exposure, const struct parts *total, struct parts *side,
                       const int64_t count[2])
{
    const struct gex__group *group = &exposure->group[GEX_BY_RIGHT];

    memcpy(group->count, count, 2 * sizeof *count);
    *side = *total;
    side->any[PUT_ABOVE] = side->any[PUT_BELOW] = side->any[PUT_OI] = false;
    key_set(group, 0, side);
    *side = *total;
    side->any[CALL_ABOVE] = side->any[CALL_BELOW] = side->any[CALL_OI] = false;
    key_set(group, 1, side);
}

/* Expiries, and what is made of them: total, right, 0DTE or later. */
static void expiries_fill(struct gex_exposure *exposure, const uint8_t *skip, const struct sorter *sorter)
{
    const struct gex__group *group = &exposure->group[GEX_BY_EXPIRY], *when = &exposure->group[GEX_BY_ZERO_DTE];
    const gex_market *market = gex_greeks_market(exposure->greeks);
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *settlement = gex_chain_expiries(chain, NULL), as_of = gex_market_as_of(market);
    const int32_t today = gex_instant_date(as_of, GEX_ZONE_NEW_YORK);
    int64_t sides[2] = {0, 0};
    struct parts *parts = &sorter->parts[AT_HAND], *half = &sorter->parts[ZERO_DTE];

    parts_clear(&half[0]);
    parts_clear(&half[1]);
    rows_sort(exposure, sorter, gex_chain_expiry_index(chain), group->keys);
    for (int64_t e = 0; e < group->keys; e++) {
        const bool zero_dte = settlement[e] >= as_of && gex_instant_date(settlement[e], GEX_ZONE_NEW_YORK) == today;
        const int64_t *row = sorter->row + sorter->offset[e];

        group->count[e] = sorter->offset[e + 1] - sorter->offset[e];
        when->count[zero_dte ? 0 : 1] += group->count[e];
        for (int64_t r = 0; r < group->count[e]; r++)
            sides[gex_chain_right(chain)[row[r]] == GEX_CALL ? 0 : 1]++;
        parts_clear(parts);
        rows_add(exposure, skip, row, group->count[e], parts);
        key_set(group, e, parts);
        parts_merge(&half[zero_dte ? 0 : 1], parts);
    }
    key_set(when, 0, &half[0]);
    key_set(when, 1, &half[1]);
    parts_merge(&half[0], &half[1]);
    exposure->total = parts_round(&half[0], GEX_SUM_NET);
    exposure->gross = parts_round(&half[0], GEX_SUM_GROSS);
    right_fill(exposure, &half[0], &sorter->parts[SIDE], sides);
}

static void counts_fill(struct gex_exposure *exposure, const uint8_t *skip)
{
    const double *position = gex_book_positions(exposure->book);

    for (int64_t i = 0; i < exposure->rows; i++) {
        const bool used = exposure->status[i] == GEX_ROW_USED;

        exposure->count[exposure->status[i]]++;
        exposure->zero_position += used && position[i] == 0.0;
        exposure->diverging += used && skip[i];
    }
}

void gex__sums_fill(struct gex_exposure *exposure, const uint8_t *skip, void *scratch)
{
    int64_t at[3];
    struct sorter sorter;

    sorter_layout(gex_book_chain(exposure->book), at);
    sorter.offset = (int64_t *)((char *)scratch + at[0]);
    sorter.row = (int64_t *)((char *)scratch + at[1]);
    sorter.parts = (struct parts *)((char *)scratch + at[2]);
    counts_fill(exposure, skip);
    strikes_fill(exposure, skip, &sorter);
    expiries_fill(exposure, skip, &sorter);
}
