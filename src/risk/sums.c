/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Totals and groups of an exposure. Every sum is the correctly rounded sum of its rows, so neither the order of the
 * rows nor how they are split shows. A row whose greek diverges counts as used and stays out of the sums.
 * The parts of a grouping that is coarser (total, right, 0DTE) are made of those of the expiries.
 */
#include <string.h>

#include "parts.h"

/* ---- rows by key ---------------------------------------------------------------------------------------------------- */

/* Working memory. */
struct sorter {
    int64_t           *offset; /* keys + 2 */
    int64_t           *row;    /* used rows, by key */
    struct gex__parts *parts;  /* of the key at hand, 0DTE and later, one side */
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
    at[2] = gex__layout_add(&layout, SORTER_PARTS, sizeof(struct gex__parts));
    return layout;
}

int64_t gex__sums_scratch(const gex_chain *chain)
{
    int64_t at[3];
    const struct gex__layout layout = sorter_layout(chain, at);

    return layout.overflow ? -1 : layout.size;
}

/* Counting sort of the used rows: those of key k stand in sorter->row[offset[k]] to [offset[k + 1]]. */
static void rows_sort(const struct gex_exposure *exposure, const struct sorter *sorter, const int32_t *key,
                      int64_t keys)
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

/* ---- groups ------------------------------------------------------------------------------------------------------------ */

static void key_set(const struct gex__group *group, int64_t key, const struct gex__parts *parts)
{
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        group->sum[s][key] = gex__parts_round(parts, s);
}

static void strikes_fill(const struct gex_exposure *exposure, const struct sorter *sorter)
{
    const struct gex__group *group = &exposure->group[GEX_BY_STRIKE];
    struct gex__parts *parts = &sorter->parts[AT_HAND];

    rows_sort(exposure, sorter, gex_chain_strike_index(gex_book_chain(exposure->book)), group->keys);
    for (int64_t k = 0; k < group->keys; k++) {
        group->count[k] = sorter->offset[k + 1] - sorter->offset[k];
        gex__parts_clear(parts);
        gex__parts_rows(parts, exposure, sorter->row + sorter->offset[k], group->count[k]);
        key_set(group, k, parts);
    }
}

static void right_fill(const struct gex_exposure *exposure, const struct gex__parts *total, struct gex__parts *side,
                       const int64_t count[2])
{
    const struct gex__group *group = &exposure->group[GEX_BY_RIGHT];

    memcpy(group->count, count, 2 * sizeof *count);
    *side = *total;
    gex__parts_drop(side, GEX_PUT);
    key_set(group, 0, side);
    *side = *total;
    gex__parts_drop(side, GEX_CALL);
    key_set(group, 1, side);
}

/* Expiries, and what is made of them: total, right, 0DTE or later. */
static void expiries_fill(struct gex_exposure *exposure, const struct sorter *sorter)
{
    const struct gex__group *group = &exposure->group[GEX_BY_EXPIRY], *when = &exposure->group[GEX_BY_ZERO_DTE];
    const gex_market *market = gex_greeks_market(exposure->greeks);
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *settlement = gex_chain_expiries(chain, NULL), as_of = gex_market_as_of(market);
    const int32_t today = gex_instant_date(as_of, GEX_ZONE_NEW_YORK);
    int64_t sides[2] = {0, 0};
    struct gex__parts *parts = &sorter->parts[AT_HAND], *half = &sorter->parts[ZERO_DTE];

    gex__parts_clear(&half[0]);
    gex__parts_clear(&half[1]);
    rows_sort(exposure, sorter, gex_chain_expiry_index(chain), group->keys);
    for (int64_t e = 0; e < group->keys; e++) {
        const bool zero_dte = settlement[e] >= as_of && gex_instant_date(settlement[e], GEX_ZONE_NEW_YORK) == today;
        const int64_t *row = sorter->row + sorter->offset[e];

        group->count[e] = sorter->offset[e + 1] - sorter->offset[e];
        when->count[zero_dte ? 0 : 1] += group->count[e];
        for (int64_t r = 0; r < group->count[e]; r++)
            sides[gex_chain_right(chain)[row[r]] == GEX_CALL ? 0 : 1]++;
        gex__parts_clear(parts);
        gex__parts_rows(parts, exposure, row, group->count[e]);
        key_set(group, e, parts);
        gex__parts_merge(&half[zero_dte ? 0 : 1], parts);
    }
    key_set(when, 0, &half[0]);
    key_set(when, 1, &half[1]);
    gex__parts_merge(&half[0], &half[1]);
    exposure->total = gex__parts_round(&half[0], GEX_SUM_NET);
    exposure->gross = gex__parts_round(&half[0], GEX_SUM_GROSS);
    right_fill(exposure, &half[0], &sorter->parts[SIDE], sides);
}

static void counts_fill(struct gex_exposure *exposure)
{
    const double *position = gex_book_positions(exposure->book);

    for (int64_t i = 0; i < exposure->rows; i++) {
        const bool used = exposure->status[i] == GEX_ROW_USED;

        exposure->count[exposure->status[i]]++;
        exposure->zero_position += used && position[i] == 0.0;
        exposure->diverging += used && exposure->diverges[i];
    }
}

void gex__sums_fill(struct gex_exposure *exposure, void *scratch)
{
    int64_t at[3];
    struct sorter sorter;

    sorter_layout(gex_book_chain(exposure->book), at);
    sorter.offset = (int64_t *)((char *)scratch + at[0]);
    sorter.row = (int64_t *)((char *)scratch + at[1]);
    sorter.parts = (struct gex__parts *)((char *)scratch + at[2]);
    counts_fill(exposure);
    strikes_fill(exposure, &sorter);
    expiries_fill(exposure, &sorter);
}
