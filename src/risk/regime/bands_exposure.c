/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An exposure of an uncertain book, and the cells of a grouping of it. What one contract of a row is worth is the
 * exposure of a book with one contract of each; sums over the rows of a cell are correctly rounded.
 */
#include <math.h>

#include "bands.h"
#include "dealer/book.h"
#include "risk/exposure.h"
#include "math/sum.h"

enum { OWN, SUMS }; /* a sum a factor follows */

struct parts {
    gex_exposure *held; /* of the book */
    gex_exposure *each; /* of one contract a row */
    gex_grouping *cells;
};

/* A book with one contract of every row that the other has a position of. */
static gex_status each_compute(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                               const gex_exposure_options *options, gex_exposure **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t rows = gex_chain_rows(gex_book_chain(book));
    const double *position = gex_book_positions(book);
    struct gex__layout layout = {0};
    struct gex__guest guest;
    gex_book *ones = NULL;
    gex_status status;
    double *one;

    gex__layout_add(&layout, rows, sizeof *one);
    one = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (one != NULL) {
        gex__guest_enter(&guest);
        for (int64_t i = 0; i < rows; i++)
            one[i] = isfinite(position[i]) ? 1.0 : (double)NAN;
        gex__guest_leave(&guest);
        ones = gex__book_of(context, gex_book_chain(book), GEX_SIGN_INVENTORY_GIVEN, "", "", one);
        gex__memory_put(&memory, one, layout.size);
    }
    if (ones == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a book of {i} rows", rows);
    status = gex_exposure_compute(context, greeks, ones, options, out, error);
    gex_book_free(ones);
    return status;
}

static void rows_add(struct gex__exact *sums, const struct gex_exposure *each, const gex_uncertainty *uncertainty,
                     int64_t i)
{
    const double own = gex_uncertainty_sd(uncertainty)[i] * each->row[i];

    if (each->status[i] != GEX_ROW_USED || each->diverges[i])
        return;
    gex__exact_add(&sums[OWN], own * own);
    for (int64_t f = 0; f < gex_uncertainty_factors(uncertainty); f++)
        gex__exact_add(&sums[SUMS + f], gex_uncertainty_loading(uncertainty, f)[i] * each->row[i]);
}

/* `sums` is SUMS + factors of them. */
static void bands_fill(struct gex_bands *bands, const struct parts *parts, const gex_uncertainty *uncertainty,
                       struct gex__exact *sums)
{
    const double *net = parts->cells != NULL ? gex_grouping_sum(parts->cells, GEX_SUM_NET) : &parts->held->total;
    const double *gross = parts->cells != NULL ? gex_grouping_sum(parts->cells, GEX_SUM_GROSS) : &parts->held->gross;

    for (int64_t cell = 0; cell < bands->count; cell++) {
        int64_t count = parts->held->rows;
        const int64_t *row = parts->cells != NULL ? gex_grouping_rows(parts->cells, cell, &count) : NULL;

        for (int64_t s = 0; s < SUMS + bands->factors; s++)
            gex__exact_clear(&sums[s]);
        for (int64_t i = 0; i < count; i++)
            rows_add(sums, parts->each, uncertainty, row != NULL ? row[i] : i);
        bands->mean[cell] = net[cell];
        bands->gross[cell] = gross[cell];
        bands->own[cell] = gex__exact_round(&sums[OWN]);
        for (int64_t f = 0; f < bands->factors; f++)
            bands->load[f * bands->count + cell] = gex__exact_round(&sums[SUMS + f]);
    }
    gex__bands_finish(bands);
}

static gex_status parts_compute(const gex_context *context, const gex_greeks *greeks,
                                const gex_uncertainty *uncertainty, const gex_exposure_options *options,
                                const gex_grouping_options *by, struct parts *parts, gex_error *error)
{
    const gex_book *book = gex_uncertainty_book(uncertainty);
    gex_status status = gex_exposure_compute(context, greeks, book, options, &parts->held, error);

    if (status == GEX_OK && by != NULL)
        status = gex_grouping_compute(context, parts->held, by, &parts->cells, error);
    if (status == GEX_OK)
        status = each_compute(context, greeks, book, options, &parts->each, error);
    return status;
}

static gex_status bands_make(const gex_context *context, const struct parts *parts, const gex_uncertainty *uncertainty,
                             gex_bands **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t cells = parts->cells != NULL ? gex_grouping_cells(parts->cells) : 1;
    const int64_t factors = gex_uncertainty_factors(uncertainty);
    struct gex__layout layout = {0};
    struct gex__exact *sums;
    struct gex__guest guest;
    struct gex_bands *bands;

    gex__layout_add(&layout, SUMS + factors, sizeof *sums);
    bands = gex__bands_alloc(context, cells, factors, false, false);
    sums = bands != NULL ? gex__memory_get(&memory, layout.size) : NULL;
    if (sums == NULL) {
        gex__object_release(bands);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for bands of {i} cells", cells);
    }
    bands->apart = true;
    bands->unit = parts->held->unit;
    bands->market_spot = gex_market_spot(gex_greeks_market(parts->held->greeks));
    gex__guest_enter(&guest);
    bands_fill(bands, parts, uncertainty, sums);
    gex__guest_leave(&guest);
    gex__memory_put(&memory, sums, layout.size);
    *out = bands;
    return GEX_OK;
}

gex_status gex_bands_of_exposure(const gex_context *context, const gex_greeks *greeks,
                                 const gex_uncertainty *uncertainty, const gex_exposure_options *options,
                                 const gex_grouping_options *by, gex_bands **out, gex_error *error)
{
    struct parts parts = {NULL, NULL, NULL};
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || greeks == NULL || uncertainty == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks, uncertainty, options and out are required");
    status = parts_compute(context, greeks, uncertainty, options, by, &parts, error);
    if (status == GEX_OK)
        status = bands_make(context, &parts, uncertainty, out, error);
    gex_grouping_free(parts.cells);
    gex_exposure_free(parts.each);
    gex_exposure_free(parts.held);
    return status;
}
