/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of positions: one of each row, and those that many rows share. */
#include <gex/uncertainty.h>

#include <math.h>

#include "base/base.h"

enum { UNCERTAINTY_OPTIONS_0_1 = 48, FACTORS = 64, BY_RIGHT = 2 };
_Static_assert(sizeof(gex_uncertainty_options) >= UNCERTAINTY_OPTIONS_0_1, "options only grow");

struct gex_uncertainty {
    struct gex__object object;
    const gex_book    *book; /* retained */
    int64_t            rows, factors, refused;
    double             share, correlation;
    double            *sd;
    double            *loading; /* factor f of row i at [f * rows + i] */
};

void gex_uncertainty_options_init(gex_uncertainty_options *options, uint32_t struct_size)
{
    static const gex_uncertainty_options defaults = {.factor_count = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static void uncertainty_drop(void *object)
{
    const struct gex_uncertainty *uncertainty = object;
    gex__object_release(uncertainty->book);
}

static struct gex_uncertainty *uncertainty_alloc(const gex_context *context, const gex_book *book, int64_t factors)
{
    const int64_t rows = gex_chain_rows(gex_book_chain(book));
    struct gex__layout layout = {0};
    struct gex_uncertainty *uncertainty;
    int64_t sd, loading;

    gex__layout_add(&layout, 1, sizeof *uncertainty);
    sd = gex__layout_add(&layout, rows, sizeof(double));
    loading = gex__layout_add(&layout, rows, factors * (int64_t)sizeof(double));
    uncertainty = gex__object_create(context, &layout, uncertainty_drop);
    if (uncertainty == NULL)
        return NULL;
    gex__object_retain(book);
    uncertainty->book = book;
    uncertainty->rows = rows;
    uncertainty->factors = factors;
    uncertainty->sd = (double *)(void *)((char *)uncertainty + sd);
    uncertainty->loading = (double *)(void *)((char *)uncertainty + loading);
    return uncertainty; /* zeroed: a row nothing is said about is certain */
}

static gex_status columns_check(const gex_uncertainty_options *opt, int64_t rows, gex_error *error)
{
    if (opt->factor_count < 0 || opt->factor_count > FACTORS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} factors: there may be 0 to 64", (int64_t)opt->factor_count);
    if (opt->factor_count > 0 && opt->loadings == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} factors need as many columns of loadings",
                         (int64_t)opt->factor_count);
    for (int32_t f = 0; f < opt->factor_count; f++) {
        if (opt->loadings[f].data == NULL && rows > 0)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "loadings of factor {i} are absent", (int64_t)f);
        if (!gex__stride_fits(opt->loadings[f].data, opt->loadings[f].stride, rows))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of loadings {i} times {i} rows overflows",
                             (int64_t)f, rows);
    }
    if (!gex__stride_fits(opt->sd.data, opt->sd.stride, rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of sd times {i} rows overflows", rows);
    return GEX_OK;
}

static gex_status numbers_check(const gex_uncertainty_options *opt, gex_error *error)
{
    if (!(opt->share >= 0.0) || isinf(opt->share))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "share is {g}: it has to be finite and not below zero", opt->share);
    if (opt->share > 0.0 && opt->sd.data != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "sd and share both say how far rows are off: give one");
    if (!(opt->correlation >= 0.0 && opt->correlation <= 1.0))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "correlation is {g}: it has to be 0 to 1", opt->correlation);
    return GEX_OK;
}

static bool row_is_sound(const gex_uncertainty_options *opt, int64_t i, double sd)
{
    bool sound = sd >= 0.0 && isfinite(sd);

    for (int32_t f = 0; f < opt->factor_count; f++)
        sound = sound && isfinite(gex__f64_at(opt->loadings[f], i));
    return sound;
}

static void rows_fill(struct gex_uncertainty *uncertainty, const gex_uncertainty_options *opt)
{
    const double *position = gex_book_positions(uncertainty->book);
    const int8_t *right = gex_chain_right(gex_book_chain(uncertainty->book));
    const double own = sqrt(1.0 - opt->correlation), common = sqrt(opt->correlation);

    for (int64_t i = 0; i < uncertainty->rows; i++) {
        const double sd = opt->sd.data != NULL ? gex__f64_at(opt->sd, i) : opt->share * fabs(position[i]);

        if (!isfinite(position[i]))
            continue;
        if (!row_is_sound(opt, i, sd)) {
            uncertainty->refused++;
            continue;
        }
        uncertainty->sd[i] = sd * own;
        for (int32_t f = 0; f < opt->factor_count; f++)
            uncertainty->loading[f * uncertainty->rows + i] = gex__f64_at(opt->loadings[f], i);
        if (common > 0.0)
            uncertainty->loading[(opt->factor_count + (right[i] != GEX_CALL)) * uncertainty->rows + i] = sd * common;
    }
}

gex_status gex_uncertainty_create(const gex_context *context, const gex_book *book,
                                  const gex_uncertainty_options *options, gex_uncertainty **out, gex_error *error)
{
    gex_uncertainty_options opt = {.factor_count = 0};
    struct gex_uncertainty *uncertainty;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "book, options and out are required");
    if (gex__options_take(&opt, sizeof opt, UNCERTAINTY_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "uncertainty options: struct_size {u}", options->struct_size);
    gex__guest_enter(&guest);
    status = columns_check(&opt, gex_chain_rows(gex_book_chain(book)), error);
    if (status == GEX_OK)
        status = numbers_check(&opt, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;
    uncertainty = uncertainty_alloc(context, book, opt.factor_count + (opt.correlation > 0.0 ? BY_RIGHT : 0));
    if (uncertainty == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the uncertainty of {i} rows",
                         gex_chain_rows(gex_book_chain(book)));
    uncertainty->share = opt.share;
    uncertainty->correlation = opt.correlation;
    gex__guest_enter(&guest);
    rows_fill(uncertainty, &opt);
    gex__guest_leave(&guest);
    *out = uncertainty;
    return GEX_OK;
}

void gex_uncertainty_free(gex_uncertainty *uncertainty)
{
    gex__object_release(uncertainty);
}

const gex_book *gex_uncertainty_book(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->book : NULL;
}

const double *gex_uncertainty_sd(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->sd : NULL;
}

int64_t gex_uncertainty_factors(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->factors : 0;
}

const double *gex_uncertainty_loading(const gex_uncertainty *uncertainty, int64_t f)
{
    return uncertainty != NULL && f >= 0 && f < uncertainty->factors ? uncertainty->loading + f * uncertainty->rows
                                                                     : NULL;
}

double gex_uncertainty_share(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->share : (double)NAN;
}

double gex_uncertainty_correlation(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->correlation : (double)NAN;
}

int64_t gex_uncertainty_refused(const gex_uncertainty *uncertainty)
{
    return uncertainty != NULL ? uncertainty->refused : 0;
}
