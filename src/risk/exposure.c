/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks times signed contracts, in one named unit. Rows here, sums of them in sums.c. */
#include "exposure.h"

#include <math.h>

_Static_assert(sizeof(gex_exposure_options) >= GEX_EXPOSURE_OPTIONS_0_1, "options only grow");

void gex_exposure_options_init(gex_exposure_options *options, uint32_t struct_size)
{
    static const gex_exposure_options defaults = {.unit = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* The smallest number that applies, as everywhere: a position that is no number hides behind a bad series, and comes
 * before what the market refused. A series the chain refused has no right, so a book cannot give it a position: that is
 * the chain's finding, not the book's. */
static uint8_t row_status(uint8_t series, uint8_t market, bool known)
{
    return known || series != GEX_ROW_USED ? market : GEX_ROW_NOT_FINITE;
}

static double inside_factor(const struct gex_greeks *greeks, const struct gex__term *term, const double *vol,
                            double years, int64_t i)
{
    switch (term->inside) {
    case GEX_INSIDE_VOL: return vol[i];
    case GEX_INSIDE_YEARS: return years;
    case GEX_INSIDE_ABS_DELTA: return fabs(greeks->column[GEX_GREEK_DELTA][i]);
    default: return 1.0;
    }
}

static void rows_fill(struct gex_exposure *exposure, const double factor[GEX_TERMS])
{
    const struct gex_greeks *greeks = exposure->greeks;
    const struct gex__unit *unit = gex__unit_of(exposure->unit);
    const gex_chain *chain = gex_market_chain(greeks->market);
    const uint8_t *series_status = gex_chain_status(chain), *market_status = gex_market_status(greeks->market);
    const double *position = gex_book_positions(exposure->book), *multiplier = gex_chain_multiplier(chain);
    const double *vol = gex_market_vol(greeks->market), *years = gex_market_calendar_years(greeks->market);
    const int32_t *expiry = gex_chain_expiry_index(chain);

    for (int64_t i = 0; i < exposure->rows; i++) {
        const bool priced = market_status[i] != GEX_ROW_USED || greeks->status[i] != GEX_CALC_DOMAIN;
        bool diverges = false;
        double value = 0.0;

        exposure->status[i] = row_status(series_status[i], market_status[i], priced && isfinite(position[i]));
        exposure->row[i] = (double)NAN;
        if (exposure->status[i] != GEX_ROW_USED)
            continue;
        for (int t = 0; t < GEX_TERMS && unit->term[t].greek != 0; t++) {
            const double greek = greeks->column[unit->term[t].greek][i];
            const double inside = inside_factor(greeks, &unit->term[t], vol, years[expiry[i]], i);
            diverges = diverges || !isfinite(greek);
            value += position[i] * multiplier[i] * (greek * inside) * factor[t];
        }
        exposure->row[i] = value;
        exposure->diverges[i] = diverges && greeks->status[i] == GEX_CALC_AT_STRIKE_AT_EXPIRY;
    }
}

static void exposure_drop(void *object)
{
    struct gex_exposure *exposure = object;
    gex__object_release(exposure->greeks);
    gex__object_release(exposure->book);
}

static struct gex_exposure *exposure_alloc(const gex_context *context, const struct gex_greeks *greeks,
                                           const gex_book *book)
{
    const gex_chain *chain = gex_market_chain(greeks->market);
    int64_t keys[GEX__BY_LAST + 1] = {[GEX_BY_RIGHT] = 2, [GEX_BY_ZERO_DTE] = 2};
    int64_t sum[GEX__BY_LAST + 1] = {0}, count[GEX__BY_LAST + 1] = {0}, row, status, diverges;
    struct gex__layout layout = {0};
    struct gex_exposure *exposure;

    gex_chain_strikes(chain, &keys[GEX_BY_STRIKE]);
    gex_chain_expiries(chain, &keys[GEX_BY_EXPIRY]);
    gex__layout_add(&layout, 1, sizeof *exposure);
    row = gex__layout_add(&layout, greeks->rows, sizeof(double));
    status = gex__layout_add(&layout, greeks->rows, 1);
    diverges = gex__layout_add(&layout, greeks->rows, 1);
    for (int by = 1; by <= GEX__BY_LAST; by++) {
        sum[by] = gex__layout_add(&layout, keys[by], GEX__SUM_LAST * (int64_t)sizeof(double));
        count[by] = gex__layout_add(&layout, keys[by], sizeof(int64_t));
    }
    exposure = gex__object_create(context, &layout, exposure_drop);
    if (exposure == NULL)
        return NULL;
    exposure->rows = greeks->rows;
    exposure->row = (double *)((char *)exposure + row);
    exposure->status = (uint8_t *)exposure + status;
    exposure->diverges = (uint8_t *)exposure + diverges;
    for (int by = 1; by <= GEX__BY_LAST; by++) {
        exposure->group[by].keys = keys[by];
        exposure->group[by].count = (int64_t *)((char *)exposure + count[by]);
        for (int s = 1; s <= GEX__SUM_LAST; s++)
            exposure->group[by].sum[s] = (double *)((char *)exposure + sum[by]) + (s - 1) * keys[by];
    }
    exposure->greeks = greeks;
    exposure->book = book;
    gex__object_retain(greeks);
    gex__object_retain(book);
    return exposure;
}

struct gex_exposure *gex__exposure_make(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                                        int32_t unit, double spot, const double factor[GEX_TERMS])
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t size = gex__sums_scratch(gex_book_chain(book));
    struct gex_exposure *exposure = size >= 0 ? exposure_alloc(context, greeks, book) : NULL;
    void *scratch = exposure != NULL ? gex__memory_get(&memory, size) : NULL;

    if (scratch == NULL) {
        gex__object_release(exposure);
        return NULL;
    }
    exposure->unit = unit;
    exposure->spot = spot;
    rows_fill(exposure, factor);
    gex__sums_fill(exposure, gex__isa(context), scratch);
    gex__memory_put(&memory, scratch, size);
    return exposure;
}

gex_status gex__exposure_door(const gex_exposure_options *options, gex_exposure_options *mine, struct gex__scale *scale,
                              gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    *mine = (gex_exposure_options){.unit = 0};
    if (gex__options_take(mine, sizeof *mine, GEX_EXPOSURE_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "exposure options: struct_size {u}", options->struct_size);
    *scale = (struct gex__scale){mine->adv, mine->future_price, mine->future_multiplier, mine->beta};
    gex__guest_enter(&guest); /* comparing a NaN raises a flag, and traps where the host has them on */
    status = gex__unit_check(mine->unit, scale, error);
    gex__guest_leave(&guest);
    return status;
}

uint32_t gex__unit_set(int32_t unit)
{
    const struct gex__unit *known = gex__unit_of(unit);
    uint32_t set = 0;

    for (int t = 0; t < GEX_TERMS && known != NULL && known->term[t].greek != 0; t++) {
        set |= GEX__WANT(known->term[t].greek);
        set |= known->term[t].inside == GEX_INSIDE_ABS_DELTA ? GEX__WANT(GEX_GREEK_DELTA) : 0;
    }
    return set;
}

/* Greeks of a map are some. */
static gex_status greeks_check(const gex_greeks *greeks, int32_t unit, gex_error *error)
{
    const uint32_t missing = gex__unit_set(unit) & ~gex__greeks_set(greeks);

    if (missing == 0)
        return GEX_OK;
    return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                     "{s} needs {s}, which these greeks have not; gex_greeks_compute() has it", gex_unit_name(unit),
                     gex_greek_name(__builtin_ctz(missing)));
}

gex_status gex_exposure_compute(const gex_context *context, const gex_greeks *greeks, const gex_book *book,
                                const gex_exposure_options *options, gex_exposure **out, gex_error *error)
{
    gex_exposure_options opt;
    struct gex__scale scale;
    struct gex__guest guest;
    double factor[GEX_TERMS], spot;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || greeks == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks, book, options and out are required");
    status = gex__exposure_door(options, &opt, &scale, error);
    if (status != GEX_OK)
        return status;
    if (gex_book_chain(book) != gex_market_chain(greeks->market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks and book have to come from the same chain object");
    status = greeks_check(greeks, opt.unit, error);
    if (status != GEX_OK)
        return status;
    spot = gex_market_spot(greeks->market);
    gex__guest_enter(&guest);
    for (int t = 0; t < GEX_TERMS; t++)
        factor[t] = gex__term_scale(&gex__unit_of(opt.unit)->term[t], &scale, spot);
    *out = gex__exposure_make(context, greeks, book, opt.unit, spot, factor);
    gex__guest_leave(&guest);
    if (*out == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the exposure of {i} rows", greeks->rows);
    return GEX_OK;
}

void gex_exposure_free(gex_exposure *exposure)
{
    gex__object_release(exposure);
}

const gex_greeks *gex_exposure_greeks(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->greeks : NULL;
}

const gex_book *gex_exposure_book(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->book : NULL;
}

int32_t gex_exposure_unit(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->unit : 0;
}

const double *gex_exposure_rows(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->row : NULL;
}

const uint8_t *gex_exposure_status(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->status : NULL;
}

double gex_exposure_total(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->total : (double)NAN;
}

double gex_exposure_gross(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->gross : (double)NAN;
}

int64_t gex_exposure_count_total(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->rows : 0;
}

int64_t gex_exposure_count_used(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->count[GEX_ROW_USED] : 0;
}

int64_t gex_exposure_count_zero_position(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->zero_position : 0;
}

int64_t gex_exposure_count_diverging(const gex_exposure *exposure)
{
    return exposure != NULL ? exposure->diverging : 0;
}

int64_t gex_exposure_count_refused(const gex_exposure *exposure, int32_t row_status)
{
    return exposure != NULL && row_status > GEX_ROW_USED && row_status < GEX_ROW_COUNT ? exposure->count[row_status]
                                                                                       : 0;
}

static const struct gex__group *group_of(const gex_exposure *exposure, int32_t by, int64_t *count_out)
{
    const struct gex__group *group = exposure != NULL && by >= 1 && by <= GEX__BY_LAST ? &exposure->group[by] : NULL;

    if (count_out != NULL)
        *count_out = group != NULL ? group->keys : 0;
    return group;
}

const double *gex_exposure_by(const gex_exposure *exposure, int32_t by, int32_t sum, int64_t *count_out)
{
    const struct gex__group *group = group_of(exposure, by, count_out);

    return group != NULL && sum >= GEX_SUM_NET && sum <= GEX_SUM_PUT ? group->sum[sum] : NULL;
}

const int64_t *gex_exposure_count_by(const gex_exposure *exposure, int32_t by, int64_t *count_out)
{
    const struct gex__group *group = group_of(exposure, by, count_out);

    return group != NULL ? group->count : NULL;
}
