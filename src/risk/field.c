/* SPDX-License-Identifier: Apache-2.0 */
/* Exposure and flow over spot and time. */
#include "field.h"

#include <math.h>
#include <string.h>

#include "grid.h"

enum { FIELD_OPTIONS_0_1 = 136, DEFAULT_POINTS = 101, DEFAULT_STEPS = 14 };
_Static_assert(sizeof(gex_field_options) >= FIELD_OPTIONS_0_1, "options only grow");

static const gex_field_options defaults = {.part = GEX_PART_ALL,
                                           .low = 0.95,
                                           .high = 1.05,
                                           .points = DEFAULT_POINTS,
                                           .until = GEX_UNTIL_CLOSE,
                                           .steps = DEFAULT_STEPS};

void gex_field_options_init(gex_field_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status quantities_check(const gex_field_options *opt, const struct gex__scale *scale, gex_error *error)
{
    gex_status status = GEX_OK;

    if (opt->quantities == NULL || opt->quantity_count < 1 || opt->quantity_count > GEX_CELLS_UNITS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} quantities: 1 to 64 of GEX_UNIT_* and GEX_FIELD_*",
                         opt->quantity_count);
    for (int64_t i = 0; status == GEX_OK && i < opt->quantity_count; i++) {
        const int32_t quantity = opt->quantities[i];
        struct gex__quantity known;

        if (!gex__quantity_find(quantity, &known))
            return gex__fail(error, GEX_ERR_ARGUMENT, i, "quantity {i} is neither a GEX_UNIT_* nor a GEX_FIELD_*",
                             (int64_t)quantity);
        for (int64_t j = 0; j < i; j++)
            if (opt->quantities[j] == quantity)
                return gex__fail(error, GEX_ERR_ARGUMENT, i, "quantity {s} is asked for twice",
                                 gex_field_quantity_name(quantity));
        if (quantity < GEX_FIELD_FLOW)
            status = gex__unit_check(quantity, scale, error);
    }
    return status;
}

static gex_status choices_check(const gex_field_options *opt, gex_error *error)
{
    const bool own_prices = opt->prices.data != NULL, own_instants = opt->instants.data != NULL;

    if (opt->gross != 0 && opt->gross != 1)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "gross {i}: 1 or 0", (int64_t)opt->gross);
    if (opt->part < 1 || opt->part > GEX_PART_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "part {i} is unknown", (int64_t)opt->part);
    if (!own_instants && (opt->until < 1 || opt->until > GEX_UNTIL_LAST_))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "until {i} is unknown", (int64_t)opt->until);
    if (opt->points < (own_prices ? 1 : 2) || opt->points > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} points: a field needs at least {i}", opt->points,
                         (int64_t)(own_prices ? 1 : 2));
    if (opt->steps < (own_instants ? 1 : 2) || opt->steps > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} steps: a field needs at least {i}", opt->steps,
                         (int64_t)(own_instants ? 1 : 2));
    if (!gex__stride_fits(opt->prices.data, opt->prices.stride, opt->points) ||
        !gex__stride_fits(opt->instants.data, opt->instants.stride, opt->steps))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times its values overflows");
    return GEX_OK;
}

static gex_status prices_fill(const gex_field_options *opt, double spot, double *price, gex_error *error)
{
    struct gex__range range = {spot, opt->low, opt->high, opt->points - 1};
    gex_status status;

    if (opt->prices.data == NULL) {
        status = gex__range_check(&range, error);
        for (int64_t i = 0; status == GEX_OK && i < opt->points; i++)
            price[i] = gex__range_price(&range, (double)i);
        return status;
    }
    for (int64_t i = 0; i < opt->points; i++) {
        price[i] = gex__f64_at(opt->prices, i);
        if (!(price[i] > 0.0) || isinf(price[i]))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "price {g} has to be finite and above zero", price[i]);
        if (i > 0 && !(price[i] > price[i - 1]))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "price {g} is not above the one before it", price[i]);
    }
    return GEX_OK;
}

/* from + (to - from) k / n without overflow. */
static int64_t instant_between(int64_t from, int64_t to, int64_t k, int64_t n)
{
    const uint64_t span = (uint64_t)to - (uint64_t)from, whole = span / (uint64_t)n, rest = span % (uint64_t)n;

    return (int64_t)((uint64_t)from + whole * (uint64_t)k +
                     (uint64_t)((double)rest * ((double)k / (double)n))); /* rest k / n is below n */
}

static gex_status instants_fill(const gex_field_options *opt, const gex_market *market, int64_t *instant,
                                gex_error *error)
{
    const int64_t as_of = gex_market_as_of(market);
    int64_t end = opt->end;
    gex_status status;

    if (opt->instants.data == NULL) {
        status = opt->until == GEX_UNTIL_GIVEN ? GEX_OK : gex_until_instant(market, opt->until, &end, error);
        if (status != GEX_OK)
            return status;
        if (end <= as_of)
            return gex__fail(error, GEX_ERR_DOMAIN, -1, "end has to lie after the market's instant");
        for (int64_t i = 0; i < opt->steps; i++)
            instant[i] = instant_between(as_of, end, i, opt->steps - 1);
        return GEX_OK;
    }
    for (int64_t i = 0; i < opt->steps; i++) {
        instant[i] = gex__i64_at(opt->instants, i);
        if (instant[i] < as_of)
            return gex__fail(error, GEX_ERR_DOMAIN, i, "instant {i} lies before the market's", i);
        if (i > 0 && instant[i] <= instant[i - 1])
            return gex__fail(error, GEX_ERR_DOMAIN, i, "instant {i} is not after the one before it", i);
    }
    return GEX_OK;
}

/* ---- the object -------------------------------------------------------------------------------------------------- */

static void field_drop(void *object)
{
    struct gex_field *field = object;

    gex__object_release(field->market);
    gex__object_release(field->book);
}

/* Arrays of the caller's, one a quantity; NULL: the field's own. */
struct into {
    double *const *values, *const *gross;
};

static double **arrays(double **place, double *const *theirs, double *mine, int64_t quantities, int64_t values)
{
    for (int64_t q = 0; q < quantities; q++)
        place[q] = theirs != NULL ? theirs[q] : mine + q * values;
    return place;
}

static struct gex_field *field_alloc(const gex_context *context, const gex_field_options *opt, const struct into *into)
{
    const int64_t quantities = opt->quantity_count;
    struct gex__layout layout = {0};
    struct gex_field *field;
    int64_t price, value, gross, values_at, gross_at, instant, live, quantity, values, all;

    if (__builtin_mul_overflow(opt->points, opt->steps, &values) ||
        __builtin_mul_overflow(values, quantities, &all))
        return NULL;
    gex__layout_add(&layout, 1, sizeof *field);
    price = gex__layout_add(&layout, opt->points, sizeof(double));
    values_at = gex__layout_add(&layout, quantities, sizeof(double *));
    gross_at = gex__layout_add(&layout, opt->gross ? quantities : 0, sizeof(double *));
    value = gex__layout_add(&layout, into->values != NULL ? 0 : all, sizeof(double));
    gross = gex__layout_add(&layout, into->values != NULL || !opt->gross ? 0 : all, sizeof(double));
    instant = gex__layout_add(&layout, opt->steps, sizeof(int64_t));
    live = gex__layout_add(&layout, opt->steps, sizeof(int64_t));
    quantity = gex__layout_add(&layout, quantities, sizeof(int32_t));
    field = gex__object_create(context, &layout, field_drop);
    if (field == NULL)
        return NULL;
    field->points = opt->points;
    field->steps = opt->steps;
    field->quantities = quantities;
    field->price = (double *)((char *)field + price);
    field->value = arrays((double **)((char *)field + values_at), into->values, (double *)((char *)field + value),
                          quantities, values);
    if (opt->gross)
        field->gross = arrays((double **)((char *)field + gross_at), into->gross, (double *)((char *)field + gross),
                              quantities, values);
    field->instant = (int64_t *)((char *)field + instant);
    field->live = (int64_t *)((char *)field + live);
    field->quantity = (int32_t *)((char *)field + quantity);
    memcpy(field->quantity, opt->quantities, (size_t)quantities * sizeof *field->quantity);
    return field;
}

/* Arguments are there. */
static gex_status options_take(const gex_market *market, const gex_book *book, const gex_field_options *options,
                               gex_field_options *opt, struct gex__scale *scale, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    *opt = defaults;
    if (gex__options_take(opt, sizeof *opt, FIELD_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "field options: struct_size {u}", options->struct_size);
    if (gex_book_chain(book) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    *scale = (struct gex__scale){opt->adv, opt->future_price, opt->future_multiplier, opt->beta};
    gex__guest_enter(&guest);
    status = choices_check(opt, error);
    if (status == GEX_OK)
        status = quantities_check(opt, scale, error);
    gex__guest_leave(&guest);
    return status;
}

/* Everything behind the doors. */
static gex_status field_make(const gex_context *context, const gex_market *market, const gex_book *book,
                             const gex_field_options *opt, const struct gex__scale *scale, const struct into *into,
                             struct gex_field **out, gex_error *error)
{
    struct gex_field *field = field_alloc(context, opt, into);
    struct gex__guest guest;
    gex_status status;

    if (field == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for {i} prices at {i} instants", opt->points,
                         opt->steps);
    field->market = market;
    field->book = book;
    field->part = opt->part;
    field->scale = *scale;
    gex__object_retain(market);
    gex__object_retain(book);
    gex__guest_enter(&guest);
    status = prices_fill(opt, gex_market_spot(market), field->price, error);
    if (status == GEX_OK)
        status = instants_fill(opt, market, field->instant, error);
    if (status == GEX_OK) {
        status = gex__field_fill(context, field);
        if (status != GEX_OK)
            gex__reprice_fail(status, market, error);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(field);
        return status;
    }
    *out = field;
    return GEX_OK;
}

gex_status gex_field_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                             const gex_field_options *options, gex_field **out, gex_error *error)
{
    static const struct into own = {NULL, NULL};
    gex_field_options opt;
    struct gex__scale scale;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    status = options_take(market, book, options, &opt, &scale, error);
    return status == GEX_OK ? field_make(context, market, book, &opt, &scale, &own, out, error) : status;
}

static gex_status arrays_check(double *const *arrays, const char *what, int64_t quantities, gex_error *error)
{
    for (int64_t q = 0; q < quantities; q++)
        if (arrays == NULL || arrays[q] == NULL)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} {i} of {i} is missing", what, q, quantities);
    return GEX_OK;
}

static void copy_out(void *to, const void *from, int64_t bytes)
{
    if (to != NULL)
        memcpy(to, from, (size_t)bytes);
}

gex_status gex_field_compute_into(const gex_context *context, const gex_market *market, const gex_book *book,
                                  const gex_field_options *options, double *const *values, double *const *gross,
                                  double *prices, int64_t *instants, int64_t *live, gex_error *error)
{
    const struct into into = {values, gross};
    gex_field_options opt;
    struct gex__scale scale;
    struct gex_field *field;
    gex_status status;

    if (market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and values are required");
    status = options_take(market, book, options, &opt, &scale, error);
    if (status == GEX_OK)
        status = arrays_check(values, "values", opt.quantity_count, error);
    if (status == GEX_OK && opt.gross)
        status = arrays_check(gross, "gross", opt.quantity_count, error);
    else if (status == GEX_OK && gross != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "gross is given, and not asked for in options");
    if (status == GEX_OK)
        status = field_make(context, market, book, &opt, &scale, &into, &field, error);
    if (status != GEX_OK)
        return status;
    copy_out(prices, field->price, field->points * (int64_t)sizeof *prices);
    copy_out(instants, field->instant, field->steps * (int64_t)sizeof *instants);
    copy_out(live, field->live, field->steps * (int64_t)sizeof *live);
    gex__object_release(field);
    return GEX_OK;
}

void gex_field_free(gex_field *field)
{
    gex__object_release(field);
}

const gex_market *gex_field_market(const gex_field *field)
{
    return field != NULL ? field->market : NULL;
}

const gex_book *gex_field_book(const gex_field *field)
{
    return field != NULL ? field->book : NULL;
}

static const void *counted(const void *values, int64_t count, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = values != NULL ? count : 0;
    return values;
}

const double *gex_field_prices(const gex_field *field, int64_t *count_out)
{
    return counted(field != NULL ? field->price : NULL, field != NULL ? field->points : 0, count_out);
}

const int64_t *gex_field_instants(const gex_field *field, int64_t *count_out)
{
    return counted(field != NULL ? field->instant : NULL, field != NULL ? field->steps : 0, count_out);
}

const int32_t *gex_field_quantities(const gex_field *field, int64_t *count_out)
{
    return counted(field != NULL ? field->quantity : NULL, field != NULL ? field->quantities : 0, count_out);
}

const int64_t *gex_field_live(const gex_field *field, int64_t *count_out)
{
    return counted(field != NULL ? field->live : NULL, field != NULL ? field->steps : 0, count_out);
}

static const double *values_of(const gex_field *field, double *const *arrays, int32_t quantity, int64_t *count_out)
{
    for (int64_t q = 0; arrays != NULL && q < field->quantities; q++)
        if (field->quantity[q] == quantity)
            return counted(arrays[q], field->steps * field->points, count_out);
    return counted(NULL, 0, count_out);
}

const double *gex_field_values(const gex_field *field, int32_t quantity, int64_t *count_out)
{
    return values_of(field, field != NULL ? field->value : NULL, quantity, count_out);
}

const double *gex_field_gross(const gex_field *field, int32_t quantity, int64_t *count_out)
{
    return values_of(field, field != NULL ? field->gross : NULL, quantity, count_out);
}
