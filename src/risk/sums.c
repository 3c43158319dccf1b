/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Totals and groups of an exposure. Every sum is the correctly rounded sum of its rows, so neither the order of the
 * rows nor how they are split shows. A row whose greek diverges counts as used and stays out of the sums.
 * What is coarser (total, right, 0DTE) is made of the sums of the expiries.
 * Where a sum is not known to be right it is made of exact parts.
 */
#include <string.h>

#include "parts.h"
#include "quick.h"

/* ---- rows by key ------------------------------------------------------------------------------------------------- */

/* Working memory. */
struct sorter {
    int64_t           *offset; /* keys + 2 */
    int64_t           *row;    /* used rows, by key */
    struct gex__parts *parts;  /* where a sum is not known to be right */
    struct gex__quick *quick;
};
enum { SORTER_ARRAYS = 4 };

static struct gex__layout sorter_layout(const gex_chain *chain, int64_t at[SORTER_ARRAYS])
{
    struct gex__layout layout = {0};
    int64_t strikes, expiries;

    gex_chain_strikes(chain, &strikes);
    gex_chain_expiries(chain, &expiries);
    at[0] = gex__layout_add(&layout, (strikes > expiries ? strikes : expiries) + 2, sizeof(int64_t));
    at[1] = gex__layout_add(&layout, gex_chain_rows(chain), sizeof(int64_t));
    at[2] = gex__layout_add(&layout, 1, sizeof(struct gex__parts));
    at[3] = gex__layout_add(&layout, 1, sizeof(struct gex__quick));
    return layout;
}

int64_t gex__sums_scratch(const gex_chain *chain)
{
    int64_t at[SORTER_ARRAYS];
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

/* ---- groups ------------------------------------------------------------------------------------------------------ */

static void parts_value(const struct gex__parts *parts, double value[GEX__SUM_LAST + 1])
{
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        value[s] = gex__parts_round(parts, s);
}

static void key_set(const struct gex__group *group, int64_t key, const double value[GEX__SUM_LAST + 1])
{
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        group->sum[s][key] = value[s];
}

/* Sums of the rows of a key. @return whether `sum` has them, for what is coarser */
static bool key_fill(const struct gex_exposure *exposure, const struct sorter *sorter, int by, int64_t key,
                     struct gex__wide *sum)
{
    const struct gex__group *group = &exposure->group[by];
    const int64_t *row = sorter->row + sorter->offset[key], count = sorter->offset[key + 1] - sorter->offset[key];
    const bool summed = gex__quick_rows(sorter->quick, exposure, row, count, sum);
    double value[GEX__SUM_LAST + 1];

    group->count[key] = count;
    if (!summed || !gex__quick_round(sorter->quick, sum, value)) {
        gex__parts_clear(sorter->parts);
        gex__parts_rows(sorter->parts, exposure, row, count);
        parts_value(sorter->parts, value);
    }
    key_set(group, key, value);
    return summed;
}

static void strikes_fill(const struct gex_exposure *exposure, const struct sorter *sorter)
{
    const int64_t keys = exposure->group[GEX_BY_STRIKE].keys;
    struct gex__wide sum;

    rows_sort(exposure, sorter, gex_chain_strike_index(gex_book_chain(exposure->book)), keys);
    for (int64_t k = 0; k < keys; k++)
        (void)key_fill(exposure, sorter, GEX_BY_STRIKE, k, &sum);
}

/* Settlements on the New York date of the instant, and the others. */
struct halves {
    struct gex__wide sum[2];
    bool             known;
    int64_t          as_of;
    int32_t          today;
};

static int half_of(const struct halves *halves, int64_t settlement)
{
    return settlement >= halves->as_of && gex_instant_date(settlement, GEX_ZONE_NEW_YORK) == halves->today ? 0 : 1;
}

/* Digit by digit, of the expiries in one half (0 or 1) or both (2), of calls (`right` GEX_CALL), puts or both (0). */
static void halves_exact(const struct gex_exposure *exposure, const struct sorter *sorter, const struct halves *halves,
                         int half, int32_t right, double value[GEX__SUM_LAST + 1])
{
    const int64_t *settlement = gex_chain_expiries(gex_book_chain(exposure->book), NULL);

    gex__parts_clear(sorter->parts);
    for (int64_t e = 0; e < exposure->group[GEX_BY_EXPIRY].keys; e++)
        if (half == 2 || half_of(halves, settlement[e]) == half)
            gex__parts_rows(sorter->parts, exposure, sorter->row + sorter->offset[e],
                            sorter->offset[e + 1] - sorter->offset[e]);
    if (right != 0)
        gex__parts_drop(sorter->parts, right == GEX_CALL ? GEX_PUT : GEX_CALL);
    parts_value(sorter->parts, value);
}

static void halves_value(const struct gex_exposure *exposure, const struct sorter *sorter, const struct halves *halves,
                         int half, int32_t right, double value[GEX__SUM_LAST + 1])
{
    struct gex__wide sum;

    if (half == 2)
        gex__wide_add(&halves->sum[0], &halves->sum[1], &sum);
    else
        sum = halves->sum[half];
    if (right != 0)
        gex__wide_drop(&sum, right == GEX_CALL ? GEX_WIDE_PUT : GEX_WIDE_CALL);
    if (!halves->known || !gex__quick_round(sorter->quick, &sum, value))
        halves_exact(exposure, sorter, halves, half, right, value);
}

/* Expiries, and what is made of them: total, right, 0DTE or later. */
static void expiries_fill(struct gex_exposure *exposure, const struct sorter *sorter)
{
    const struct gex__group *right = &exposure->group[GEX_BY_RIGHT], *when = &exposure->group[GEX_BY_ZERO_DTE];
    const gex_market *market = gex_greeks_market(exposure->greeks);
    const gex_chain *chain = gex_market_chain(market);
    const int64_t *settlement = gex_chain_expiries(chain, NULL), keys = exposure->group[GEX_BY_EXPIRY].keys;
    struct halves halves = {.known = true, .as_of = gex_market_as_of(market)};
    double value[GEX__SUM_LAST + 1];
    struct gex__wide sum;

    halves.today = gex_instant_date(halves.as_of, GEX_ZONE_NEW_YORK);
    gex__quick_clear(sorter->quick, exposure, keys, &halves.sum[0]);
    halves.sum[1] = halves.sum[0];
    rows_sort(exposure, sorter, gex_chain_expiry_index(chain), keys);
    for (int64_t e = 0; e < keys; e++) {
        const int half = half_of(&halves, settlement[e]);

        halves.known = key_fill(exposure, sorter, GEX_BY_EXPIRY, e, &sum) && halves.known &&
                       sorter->quick->wide->merge(&halves.sum[half], &sum, 1);
        when->count[half] += sorter->offset[e + 1] - sorter->offset[e];
    }
    for (int64_t r = 0; r < sorter->offset[keys]; r++)
        right->count[gex_chain_right(chain)[sorter->row[r]] == GEX_CALL ? 0 : 1]++;
    for (int half = 0; half < 2; half++) {
        halves_value(exposure, sorter, &halves, half, 0, value);
        key_set(when, half, value);
        halves_value(exposure, sorter, &halves, 2, half == 0 ? GEX_CALL : GEX_PUT, value);
        key_set(right, half, value);
    }
    halves_value(exposure, sorter, &halves, 2, 0, value);
    exposure->total = value[GEX_SUM_NET];
    exposure->gross = value[GEX_SUM_GROSS];
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

void gex__sums_fill(struct gex_exposure *exposure, int32_t instruction_set, void *scratch)
{
    int64_t at[SORTER_ARRAYS];
    struct sorter sorter;

    sorter_layout(gex_book_chain(exposure->book), at);
    sorter.offset = (int64_t *)((char *)scratch + at[0]);
    sorter.row = (int64_t *)((char *)scratch + at[1]);
    sorter.parts = (struct gex__parts *)((char *)scratch + at[2]);
    sorter.quick = (struct gex__quick *)((char *)scratch + at[3]);
    gex__quick_begin(sorter.quick, instruction_set);
    counts_fill(exposure);
    strikes_fill(exposure, &sorter);
    expiries_fill(exposure, &sorter);
}
