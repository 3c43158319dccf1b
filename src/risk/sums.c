/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Totals and groups of an exposure. Every sum is the correctly rounded sum of its rows, so neither the order of the
 * rows nor how they are split shows. A row whose greek diverges counts as used and stays out of the sums.
 */
#include <math.h>
#include <string.h>

#include "exposure.h"
#include "math/sum.h"

struct sorter {
    int64_t *offset; /* keys + 1 */
    int64_t *row;    /* used rows, by key */
    int32_t *key;    /* per row, -1 where not used */
};

static struct gex__layout sorter_layout(const gex_chain *chain, int64_t at[3])
{
    struct gex__layout layout = {0};
    int64_t strikes, expiries, rows = gex_chain_rows(chain);

    gex_chain_strikes(chain, &strikes);
    gex_chain_expiries(chain, &expiries);
    at[0] = gex__layout_add(&layout, (strikes > expiries ? strikes : expiries) + 3, sizeof(int64_t));
    at[1] = gex__layout_add(&layout, rows, sizeof(int64_t));
    at[2] = gex__layout_add(&layout, rows, sizeof(int32_t));
    return layout;
}

int64_t gex__sums_scratch(const gex_chain *chain)
{
    int64_t at[3];
    const struct gex__layout layout = sorter_layout(chain, at);

    return layout.overflow ? -1 : layout.size;
}

/* Key of every used row in one grouping. */
static void keys_fill(const struct gex_exposure *exposure, int by, int32_t *key)
{
    const gex_market *market = exposure->greeks->market;
    const gex_chain *chain = gex_market_chain(market);
    const int32_t *strike = gex_chain_strike_index(chain), *expiry = gex_chain_expiry_index(chain);
    const int8_t *right = gex_chain_right(chain);
    const int64_t *settlement = gex_chain_settlement(chain);
    const int64_t as_of = gex_market_as_of(market);
    const int32_t today = gex_instant_date(as_of, GEX_ZONE_NEW_YORK);
    int64_t tested = INT64_MIN;
    int32_t tested_key = 1;

    for (int64_t i = 0; i < exposure->rows; i++) {
        if (exposure->status[i] != GEX_ROW_USED) {
            key[i] = -1;
        } else if (by == GEX_BY_STRIKE) {
            key[i] = strike[i];
        } else if (by == GEX_BY_EXPIRY) {
            key[i] = expiry[i];
        } else if (by == GEX_BY_RIGHT) {
            key[i] = right[i] == GEX_CALL ? 0 : 1;
        } else {
            if (settlement[i] != tested) { /* neighbours mostly share the instant */
                tested = settlement[i];
                tested_key = tested >= as_of && gex_instant_date(tested, GEX_ZONE_NEW_YORK) == today ? 0 : 1;
            }
            key[i] = tested_key;
        }
    }
}

/* Counting sort: rows of key k stand in sorter->row[offset[k]] to [offset[k + 1]]. */
static void rows_sort(const struct sorter *sorter, int64_t rows, int64_t keys)
{
    int64_t *offset = sorter->offset;

    memset(offset, 0, (size_t)(keys + 2) * sizeof *offset);
    for (int64_t i = 0; i < rows; i++)
        if (sorter->key[i] >= 0)
            offset[sorter->key[i] + 2]++;
    for (int64_t k = 2; k <= keys + 1; k++)
        offset[k] += offset[k - 1];
    for (int64_t i = 0; i < rows; i++)
        if (sorter->key[i] >= 0)
            sorter->row[offset[sorter->key[i] + 1]++] = i;
}

/* An exact sum that knows when nothing went in: most of a chain has no position, and rounding is what costs. */
struct tally {
    struct gex__exact sum;
    bool              any;
};

static void tally_add(struct tally *tally, double value)
{
    if (value == 0.0)
        return;
    if (!tally->any)
        gex__exact_clear(&tally->sum);
    tally->any = true;
    gex__exact_add(&tally->sum, value);
}

static double tally_round(struct tally *tally)
{
    return tally->any ? gex__exact_round(&tally->sum) : 0.0;
}

/* All sums of one key. */
static void key_sum(const struct gex_exposure *exposure, const uint8_t *skip, const int64_t *row, int64_t count,
                    double *const sums[GEX__SUM_LAST + 1], int64_t key)
{
    const gex_chain *chain = gex_market_chain(exposure->greeks->market);
    const double *open_interest = gex_chain_open_interest(chain);
    const int8_t *right = gex_chain_right(chain);
    struct tally tally[GEX__SUM_LAST + 1];

    for (int s = 1; s <= GEX__SUM_LAST; s++)
        tally[s].any = false;
    for (int64_t r = 0; r < count; r++) {
        const int64_t i = row[r];
        const bool call = right[i] == GEX_CALL;
        const double value = skip[i] ? 0.0 : exposure->row[i];

        tally_add(&tally[GEX_SUM_NET], value);
        tally_add(&tally[GEX_SUM_GROSS], fabs(value));
        tally_add(&tally[call ? GEX_SUM_CALL : GEX_SUM_PUT], value);
        tally_add(&tally[call ? GEX__SUM_CALL_GROSS : GEX__SUM_PUT_GROSS], fabs(value));
        if (isfinite(open_interest[i]))
            tally_add(&tally[call ? GEX__SUM_CALL_OI : GEX__SUM_PUT_OI], open_interest[i]);
    }
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        sums[s][key] = tally_round(&tally[s]);
}

static void group_fill(struct gex_exposure *exposure, int by, const uint8_t *skip, const struct sorter *sorter)
{
    const struct gex__group *group = &exposure->group[by];

    keys_fill(exposure, by, sorter->key);
    rows_sort(sorter, exposure->rows, group->keys);
    for (int64_t k = 0; k < group->keys; k++) {
        group->count[k] = sorter->offset[k + 1] - sorter->offset[k];
        if (group->count[k] > 0)
            key_sum(exposure, skip, sorter->row + sorter->offset[k], group->count[k], group->sum, k);
    }
}

static void totals_fill(struct gex_exposure *exposure, const uint8_t *skip)
{
    const double *position = gex_book_positions(exposure->book);
    struct tally total = {.any = false}, gross = {.any = false};

    for (int64_t i = 0; i < exposure->rows; i++) {
        exposure->count[exposure->status[i]]++;
        if (exposure->status[i] != GEX_ROW_USED)
            continue;
        exposure->zero_position += position[i] == 0.0;
        exposure->diverging += skip[i] != 0;
        if (skip[i])
            continue;
        tally_add(&total, exposure->row[i]);
        tally_add(&gross, fabs(exposure->row[i]));
    }
    exposure->total = tally_round(&total);
    exposure->gross = tally_round(&gross);
}

void gex__sums_fill(struct gex_exposure *exposure, const uint8_t *skip, void *scratch)
{
    int64_t at[3];
    struct sorter sorter;

    sorter_layout(gex_market_chain(exposure->greeks->market), at);
    sorter.offset = (int64_t *)((char *)scratch + at[0]);
    sorter.row = (int64_t *)((char *)scratch + at[1]);
    sorter.key = (int32_t *)((char *)scratch + at[2]);
    totals_fill(exposure, skip);
    for (int by = 1; by <= GEX__BY_LAST; by++)
        group_fill(exposure, by, skip, &sorter);
}
