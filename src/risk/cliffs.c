/* SPDX-License-Identifier: Apache-2.0 */
/* What each settlement takes away: the exposure before it, the part that settles, and the exposure after it. */
#include <gex/crossings.h>

#include <math.h>

#include "field.h"

enum { CLIFFS_OPTIONS_0_1 = 56 };
_Static_assert(sizeof(gex_cliffs_options) >= CLIFFS_OPTIONS_0_1, "options only grow");

struct gex_cliffs {
    struct gex__object object;
    int64_t            count;
    int64_t           *settlement, *rows;
    double            *before, *settling, *after;
};

static const gex_cliffs_options defaults = {.lead = INT64_C(3600000000000)};

void gex_cliffs_options_init(gex_cliffs_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

struct cut {
    const gex_context       *context;
    const gex_market        *market;
    struct gex__lines        lines;
    const struct gex__unit  *unit;
    struct gex__scale        scale;
    double                   price;
};

/* The unit from the sums of its terms. */
struct taken {
    const struct cut *cut;
    double            value;
};

static void value_take(void *user, int64_t instant, const double *sums)
{
    struct taken *taken = user;
    const struct gex__quantity quantity = {0, taken->cut->unit};

    (void)instant;
    taken->value = gex__quantity_value(&quantity, &taken->cut->scale, taken->cut->price, sums, 1, 0.0, 0.0);
}

static gex_status exposure_at(const struct cut *cut, int64_t first, int64_t end, int64_t instant, double *out)
{
    const struct gex__lines part = gex__lines_part(&cut->lines, first, end - first);
    const struct gex__cells cells = {cut->market, &part, &cut->unit, 1,    gex__isa(cut->context),
                                     &cut->price, 1,     &instant,   1,    NULL,
                                     NULL};
    struct taken taken = {cut, 0.0};
    const gex_status status = gex__cells_run(cut->context, &cells, value_take, &taken);

    *out = taken.value;
    return status;
}

/* First line from `line` on that settles at another instant. */
static int64_t settlement_end(const struct cut *cut, int64_t line)
{
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(cut->market), NULL);
    int64_t end = line;

    while (end < cut->lines.rows && settlement[cut->lines.expiry[end]] == settlement[cut->lines.expiry[line]])
        end++;
    return end;
}

static struct gex_cliffs *cliffs_alloc(const gex_context *context, int64_t count)
{
    struct gex__layout layout = {0};
    struct gex_cliffs *cliffs;
    int64_t column[5];

    gex__layout_add(&layout, 1, sizeof *cliffs);
    for (int i = 0; i < 5; i++)
        column[i] = gex__layout_add(&layout, count, sizeof(double));
    cliffs = gex__object_create(context, &layout, NULL);
    if (cliffs == NULL)
        return NULL;
    cliffs->count = count;
    cliffs->settlement = (int64_t *)((char *)cliffs + column[0]);
    cliffs->rows = (int64_t *)((char *)cliffs + column[1]);
    cliffs->before = (double *)((char *)cliffs + column[2]);
    cliffs->settling = (double *)((char *)cliffs + column[3]);
    cliffs->after = (double *)((char *)cliffs + column[4]);
    return cliffs;
}

static gex_status cliffs_fill(const struct cut *cut, int64_t lead, struct gex_cliffs *cliffs)
{
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(cut->market), NULL);
    const int64_t as_of = gex_market_as_of(cut->market);
    gex_status status = GEX_OK;
    int64_t first = 0;

    for (int64_t i = 0; status == GEX_OK && i < cliffs->count; i++) {
        const int64_t end = settlement_end(cut, first), at = settlement[cut->lines.expiry[first]];
        const int64_t before = at - as_of > lead ? at - lead : as_of, all = cut->lines.rows;

        cliffs->settlement[i] = at;
        cliffs->rows[i] = end - first;
        (void)((status = exposure_at(cut, first, all, before, &cliffs->before[i])) ||
               (status = exposure_at(cut, first, end, before, &cliffs->settling[i])) ||
               (status = exposure_at(cut, end, all, at + 1, &cliffs->after[i])));
        first = end;
    }
    return status;
}

/* Everything behind the door. */
static gex_status cliffs_run(struct cut *cut, const gex_book *book, int64_t lead, struct gex_cliffs **out)
{
    gex_status status = GEX_ERR_MEMORY;
    int64_t count = 0;

    if (!gex__lines_create(cut->context, cut->market, book, &cut->lines))
        return GEX_ERR_MEMORY;
    for (int64_t line = 0; line < cut->lines.rows; line = settlement_end(cut, line))
        count++;
    *out = cliffs_alloc(cut->context, count);
    if (*out != NULL)
        status = cliffs_fill(cut, lead, *out);
    gex__lines_drop(&cut->lines);
    return status;
}

gex_status gex_cliffs_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_cliffs_options *options, gex_cliffs **out, gex_error *error)
{
    struct cut cut = {.context = context, .market = market};
    gex_cliffs_options opt = defaults;
    struct gex_cliffs *cliffs = NULL;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    if (gex__options_take(&opt, sizeof opt, CLIFFS_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "cliffs options: struct_size {u}", options->struct_size);
    if (gex_book_chain(book) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    cut.scale = (struct gex__scale){opt.adv, opt.future_price, opt.future_multiplier, opt.beta};
    gex__guest_enter(&guest);
    status = gex__unit_check(opt.unit, &cut.scale, error);
    if (status == GEX_OK && (!(opt.price >= 0.0) || isinf(opt.price)))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "price {g} has to be finite and above zero, or 0", opt.price);
    if (status == GEX_OK && opt.lead <= 0)
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "lead {i} has to be above zero", opt.lead);
    if (status == GEX_OK) {
        cut.unit = gex__unit_of(opt.unit);
        cut.price = opt.price != 0.0 ? opt.price : gex_market_spot(market);
        status = cliffs_run(&cut, book, opt.lead, &cliffs);
        if (status != GEX_OK)
            gex__reprice_fail(status, market, error);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(cliffs);
        return status;
    }
    *out = cliffs;
    return GEX_OK;
}

void gex_cliffs_free(gex_cliffs *cliffs)
{
    gex__object_release(cliffs);
}

static const void *counted(const gex_cliffs *cliffs, const void *column, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = cliffs != NULL ? cliffs->count : 0;
    return column;
}

const int64_t *gex_cliffs_settlement(const gex_cliffs *cliffs, int64_t *count_out)
{
    return counted(cliffs, cliffs != NULL ? cliffs->settlement : NULL, count_out);
}

const int64_t *gex_cliffs_rows(const gex_cliffs *cliffs, int64_t *count_out)
{
    return counted(cliffs, cliffs != NULL ? cliffs->rows : NULL, count_out);
}

const double *gex_cliffs_before(const gex_cliffs *cliffs, int64_t *count_out)
{
    return counted(cliffs, cliffs != NULL ? cliffs->before : NULL, count_out);
}

const double *gex_cliffs_settling(const gex_cliffs *cliffs, int64_t *count_out)
{
    return counted(cliffs, cliffs != NULL ? cliffs->settling : NULL, count_out);
}

const double *gex_cliffs_after(const gex_cliffs *cliffs, int64_t *count_out)
{
    return counted(cliffs, cliffs != NULL ? cliffs->after : NULL, count_out);
}
