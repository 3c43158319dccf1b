/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines are made of a book with one contract of every row that counts; what is known of each is read beside them.
 * Series listed twice stand in the caller's order there, so within such a run rows are sorted by all that tells them
 * apart: sums do not depend on how the caller ordered the rows.
 */
#include "holding.h"

#include <math.h>

#include "base/order.h"
#include "dealer/book.h"

/* A row, as it stands in the chain, the book and the uncertainty. */
struct source {
    const gex_market      *market;
    const gex_uncertainty *uncertainty;
    const double          *position, *sd, *multiplier;
    int64_t                factors;
};

static struct source source_of(const gex_market *market, const gex_uncertainty *uncertainty)
{
    return (struct source){market,
                           uncertainty,
                           gex_book_positions(gex_uncertainty_book(uncertainty)),
                           gex_uncertainty_sd(uncertainty),
                           gex_chain_multiplier(gex_market_chain(market)),
                           gex_uncertainty_factors(uncertainty)};
}

static bool counts(const struct source *source, int64_t row)
{
    bool any = source->position[row] != 0.0 || source->sd[row] != 0.0;

    for (int64_t f = 0; f < source->factors && !any; f++)
        any = gex_uncertainty_loading(source->uncertainty, f)[row] != 0.0;
    return any && gex_market_status(source->market)[row] == GEX_ROW_USED && isfinite(source->position[row]);
}

static bool source_less(const void *user, int64_t a, int64_t b)
{
    const struct source *source = user;

    if (source->multiplier[a] != source->multiplier[b])
        return source->multiplier[a] < source->multiplier[b];
    if (source->position[a] != source->position[b])
        return source->position[a] < source->position[b];
    if (source->sd[a] != source->sd[b])
        return source->sd[a] < source->sd[b];
    for (int64_t f = 0; f < source->factors; f++) {
        const double *loading = gex_uncertainty_loading(source->uncertainty, f);

        if (loading[a] != loading[b])
            return loading[a] < loading[b];
    }
    return false;
}

static bool same_series(const struct gex__lines *lines, int64_t a, int64_t b)
{
    return lines->expiry[a] == lines->expiry[b] && lines->strike[a] == lines->strike[b] &&
           lines->right[a] == lines->right[b] && lines->vol[a] == lines->vol[b] &&
           (lines->exercise == NULL || lines->exercise[a] == lines->exercise[b]);
}

/* The row behind each line, in `row`. */
static void rows_find(const struct source *source, const struct gex__lines *lines, int64_t *row)
{
    const gex_chain *chain = gex_market_chain(source->market);
    const int64_t *order = gex_chain_order(chain);
    int64_t line = 0;

    for (int64_t i = 0; i < gex_chain_rows(chain); i++)
        if (counts(source, order[i]))
            row[line++] = order[i];
    for (int64_t first = 0, end; first < lines->rows; first = end) {
        for (end = first + 1; end < lines->rows && same_series(lines, first, end); end++)
            ;
        gex__index_sort(row + first, end - first, source_less, source);
    }
}

static void columns_fill(const struct source *source, const int64_t *row, struct gex__holding *holding)
{
    const int64_t rows = holding->lines.rows;

    for (int64_t i = 0; i < rows; i++) {
        holding->lines.weight[i] = source->multiplier[row[i]];
        holding->position[i] = source->position[row[i]];
        holding->sd[i] = source->sd[row[i]];
    }
    for (int64_t f = 0; f < holding->factors; f++)
        for (int64_t i = 0; i < rows; i++)
            holding->loading[f * rows + i] = gex_uncertainty_loading(source->uncertainty, f)[row[i]];
}

static bool lines_create(const gex_context *context, const struct source *source, struct gex__holding *holding)
{
    const gex_chain *chain = gex_market_chain(source->market);
    const int64_t rows = gex_chain_rows(chain);
    struct gex__layout layout = {0};
    gex_book *book = NULL;
    double *one;
    bool made = false;

    gex__layout_add(&layout, rows, sizeof(double));
    one = layout.overflow ? NULL : gex__memory_get(&holding->memory, layout.size);
    if (one != NULL) {
        for (int64_t i = 0; i < rows; i++)
            one[i] = counts(source, i) ? 1.0 : 0.0;
        book = gex__book_of(context, chain, GEX_SIGN_INVENTORY_GIVEN, "", "", one);
        gex__memory_put(&holding->memory, one, layout.size);
    }
    if (book != NULL)
        made = gex__lines_create(context, source->market, book, &holding->lines);
    gex_book_free(book);
    return made;
}

/* @return room for the row of each line. */
static int64_t *columns_carve(struct gex__holding *holding, struct gex__carve *carve)
{
    const int64_t rows = holding->lines.rows;

    holding->position = gex__carve(carve, rows, sizeof(double));
    holding->sd = gex__carve(carve, rows, sizeof(double));
    holding->loading = gex__carve(carve, rows, holding->factors * (int64_t)sizeof(double));
    return gex__carve(carve, rows, sizeof(int64_t));
}

bool gex__holding_create(const gex_context *context, const gex_market *market, const gex_uncertainty *uncertainty,
                         struct gex__holding *holding)
{
    const struct source source = source_of(market, uncertainty);
    struct gex__carve size = {.block = NULL}, carve = {.block = NULL};
    int64_t *row;

    *holding = (struct gex__holding){.factors = source.factors, .memory = gex__memory_of(context)};
    if (!lines_create(context, &source, holding))
        return false;
    columns_carve(holding, &size);
    holding->size = size.layout.size;
    holding->block = size.layout.overflow ? NULL : gex__memory_get(&holding->memory, holding->size);
    if (holding->block == NULL)
        return false;
    carve.block = holding->block;
    row = columns_carve(holding, &carve);
    rows_find(&source, &holding->lines, row);
    columns_fill(&source, row, holding);
    return true;
}

void gex__holding_drop(struct gex__holding *holding)
{
    gex__memory_put(&holding->memory, holding->block, holding->size);
    gex__lines_drop(&holding->lines);
    holding->block = NULL;
}
