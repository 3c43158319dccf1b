/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of a difference's lines, by strike, by expiry and in total, each correctly rounded; and what it lends. */
#include <math.h>
#include <string.h>

#include "difference.h"
#include "math/sum.h"

/* ---- sums -------------------------------------------------------------------------------------------------------- */

struct sorter {
    int64_t *offset; /* strikes + 1 */
    int64_t *line;   /* by strike */
    int64_t *key;    /* per line, its strike */
};

static struct gex__layout sorter_layout(const gex_difference *difference, int64_t at[3])
{
    struct gex__layout layout = {0};

    at[0] = gex__layout_add(&layout, difference->strikes + 2, sizeof(int64_t));
    at[1] = gex__layout_add(&layout, difference->count, sizeof(int64_t));
    at[2] = gex__layout_add(&layout, difference->count, sizeof(int64_t));
    return layout;
}

int64_t gex__difference_scratch(const gex_difference *difference)
{
    int64_t at[3];
    const struct gex__layout layout = sorter_layout(difference, at);

    return layout.overflow ? -1 : layout.size;
}

/* A series' row in one of the chains. */
static const gex_chain *chain_of(const gex_difference *difference, int64_t line, int64_t *row_out)
{
    const int side = difference->row[0][line] >= 0 ? 0 : 1;

    *row_out = difference->row[side][line];
    return gex_market_chain(difference->market[side]);
}

static int64_t strike_find(const gex_difference *difference, double strike)
{
    int64_t low = 0, high = difference->strikes;

    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        *(difference->strike[middle] <= strike ? &low : &high) = middle;
    }
    return low;
}

/* Counting sort: lines of strike k stand in line[offset[k]] to line[offset[k + 1]]. */
static void lines_sort(const gex_difference *difference, const struct sorter *sorter)
{
    memset(sorter->offset, 0, (size_t)(difference->strikes + 2) * sizeof *sorter->offset);
    for (int64_t i = 0; i < difference->count; i++) {
        int64_t row;
        const gex_chain *chain = chain_of(difference, i, &row);

        sorter->key[i] = strike_find(difference, gex_chain_strike(chain)[row]);
        sorter->offset[sorter->key[i] + 2]++;
    }
    for (int64_t k = 2; k <= difference->strikes + 1; k++)
        sorter->offset[k] += sorter->offset[k - 1];
    for (int64_t i = 0; i < difference->count; i++)
        sorter->line[sorter->offset[sorter->key[i] + 1]++] = i;
}

/* line NULL: [first, end) themselves. Most are zero: clearing and rounding is what costs. */
static double lines_sum(const double *value, const int64_t *line, int64_t first, int64_t end)
{
    struct gex__exact sum;
    bool any = false;

    for (int64_t i = first; i < end; i++) {
        const double term = value[line != NULL ? line[i] : i];

        if (term == 0.0)
            continue;
        if (!any)
            gex__exact_clear(&sum);
        any = true;
        gex__exact_add(&sum, term);
    }
    return any ? gex__exact_round(&sum) : 0.0;
}

static int64_t settlement_of(const gex_difference *difference, int64_t line)
{
    int64_t row;
    const gex_chain *chain = chain_of(difference, line, &row);

    return gex_chain_settlement(chain)[row];
}

void gex__difference_sums(gex_difference *difference, void *scratch)
{
    struct sorter sorter;
    int64_t at[3], first = 0;

    sorter_layout(difference, at);
    sorter.offset = (int64_t *)((char *)scratch + at[0]);
    sorter.line = (int64_t *)((char *)scratch + at[1]);
    sorter.key = (int64_t *)((char *)scratch + at[2]);
    lines_sort(difference, &sorter);
    for (int c = 1; c <= GEX_DIFFERENCE_LAST_; c++) {
        difference->total[c] = lines_sum(difference->line[c], NULL, 0, difference->count);
        for (int64_t k = 0; k < difference->strikes; k++)
            difference->by_strike[c][k] =
                lines_sum(difference->line[c], sorter.line, sorter.offset[k], sorter.offset[k + 1]);
    }
    for (int64_t e = 0, end; e < difference->expiries; e++, first = end) { /* lines ascend in settlement */
        for (end = first; end < difference->count && settlement_of(difference, end) == difference->expiry[e]; end++)
            ;
        for (int c = 1; c <= GEX_DIFFERENCE_LAST_; c++)
            difference->by_expiry[c][e] = lines_sum(difference->line[c], NULL, first, end);
    }
}

/* ---- lent -------------------------------------------------------------------------------------------------------- */

static void counted(int64_t count, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = count;
}

static const gex_difference *with_column(const gex_difference *difference, int32_t column)
{
    return column >= 1 && column <= GEX_DIFFERENCE_LAST_ ? difference : NULL;
}

const gex_market *gex_difference_market_before(const gex_difference *difference)
{
    return difference != NULL ? difference->market[0] : NULL;
}

const gex_market *gex_difference_market_after(const gex_difference *difference)
{
    return difference != NULL ? difference->market[1] : NULL;
}

int32_t gex_difference_quantity(const gex_difference *difference)
{
    return difference != NULL ? difference->quantity : 0;
}

double gex_difference_total(const gex_difference *difference, int32_t column)
{
    return with_column(difference, column) != NULL ? difference->total[column] : (double)NAN;
}

int64_t gex_difference_count(const gex_difference *difference, int32_t kind)
{
    if (difference == NULL || kind < 0 || kind > GEX_LINE_LAST_)
        return 0;
    return kind == 0 ? difference->count : difference->kinds[kind];
}

const double *gex_difference_lines(const gex_difference *difference, int32_t column, int64_t *count_out)
{
    const gex_difference *from = with_column(difference, column);

    counted(from != NULL ? from->count : 0, count_out);
    return from != NULL ? from->line[column] : NULL;
}

const uint8_t *gex_difference_kinds(const gex_difference *difference, int64_t *count_out)
{
    counted(difference != NULL ? difference->count : 0, count_out);
    return difference != NULL ? difference->kind : NULL;
}

const int64_t *gex_difference_rows_before(const gex_difference *difference, int64_t *count_out)
{
    counted(difference != NULL ? difference->count : 0, count_out);
    return difference != NULL ? difference->row[0] : NULL;
}

const int64_t *gex_difference_rows_after(const gex_difference *difference, int64_t *count_out)
{
    counted(difference != NULL ? difference->count : 0, count_out);
    return difference != NULL ? difference->row[1] : NULL;
}

const double *gex_difference_strikes(const gex_difference *difference, int64_t *count_out)
{
    counted(difference != NULL ? difference->strikes : 0, count_out);
    return difference != NULL ? difference->strike : NULL;
}

const int64_t *gex_difference_expiries(const gex_difference *difference, int64_t *count_out)
{
    counted(difference != NULL ? difference->expiries : 0, count_out);
    return difference != NULL ? difference->expiry : NULL;
}

const double *gex_difference_by(const gex_difference *difference, int32_t by, int32_t column, int64_t *count_out)
{
    const bool known = with_column(difference, column) != NULL && (by == GEX_BY_STRIKE || by == GEX_BY_EXPIRY);
    const int64_t keys = !known ? 0 : by == GEX_BY_STRIKE ? difference->strikes : difference->expiries;

    counted(keys, count_out);
    return !known ? NULL : by == GEX_BY_STRIKE ? difference->by_strike[column] : difference->by_expiry[column];
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_difference_name(int32_t column)
{
    switch (column) {
        GEX_DIFFERENCE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_difference_find(const char *name)
{
    for (int32_t column = 1; name != NULL && column <= GEX_DIFFERENCE_LAST_; column++)
        if (strcmp(name, gex_difference_name(column)) == 0)
            return column;
    return 0;
}

const char *gex_line_name(int32_t kind)
{
    switch (kind) {
        GEX_LINE_LIST(NAME_CASE)
    default: return "unknown";
    }
}
