/* SPDX-License-Identifier: Apache-2.0 */
/* An exposure repriced over a grid of spot prices. */
#include "profile.h"

#include "fill.h"

#include <math.h>

enum { PROFILE_OPTIONS_0_1 = 64 };
_Static_assert(sizeof(gex_profile_options) >= PROFILE_OPTIONS_0_1, "options only grow");

static const gex_profile_options defaults = {.low = 0.8, .high = 1.2, .points = 201};

void gex_profile_options_init(gex_profile_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

gex_status gex__profile_options_take(double spot, const gex_profile_options *options, gex_profile_options *mine,
                                     struct gex__range *range, struct gex__scale *scale, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    *mine = defaults;
    if (gex__options_take(mine, sizeof *mine, PROFILE_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "profile options: struct_size {u}", options->struct_size);
    if (mine->spacing != GEX_SPACING_EVEN && mine->spacing != GEX_SPACING_LOG)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "spacing {i} is unknown: set GEX_SPACING_EVEN or GEX_SPACING_LOG",
                         (int64_t)mine->spacing);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "profile options: reserved must be zero");
    *scale = (struct gex__scale){mine->adv, mine->future_price, mine->future_multiplier, mine->beta};
    gex__guest_enter(&guest); /* the range is checked in prices, which are rounded */
    status = gex__unit_check(mine->unit, scale, error);
    *range = (struct gex__range){spot, mine->low, mine->high, 1};
    if (status == GEX_OK)
        status = gex__range_check(range, error);
    gex__guest_leave(&guest);
    return status;
}

gex_status gex__profile_door(const gex_market *market, const gex_book *book, const gex_profile_options *options,
                             gex_profile_options *mine, struct gex__range *range, struct gex__scale *scale,
                             gex_error *error)
{
    gex_status status;

    if (market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    status = gex__profile_options_take(gex_market_spot(market), options, mine, range, scale, error);
    if (status == GEX_OK && gex_book_chain(book) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    return status;
}

static struct gex_profile *profile_alloc(const gex_context *context, int64_t points)
{
    struct gex__layout layout = {0};
    struct gex_profile *profile;
    int64_t price, value;

    gex__layout_add(&layout, 1, sizeof *profile);
    price = gex__layout_add(&layout, points, sizeof(double));
    value = gex__layout_add(&layout, points, sizeof(double));
    profile = gex__object_create(context, &layout, NULL);
    if (profile == NULL)
        return NULL;
    profile->points = points;
    profile->price = (double *)((char *)profile + price);
    profile->value = (double *)((char *)profile + value);
    return profile;
}

gex_status gex__profile_make(const gex_context *context, const gex_profile_options *opt, struct gex__range *range,
                             struct gex_profile **out, gex_error *error)
{
    struct gex__guest guest;

    if (opt->points < 2 || opt->points > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} points: a profile needs at least 2", opt->points);
    range->cells = opt->points - 1;
    *out = profile_alloc(context, opt->points);
    if (*out == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a profile of {i} points", opt->points);
    (*out)->unit = opt->unit;
    gex__guest_enter(&guest);
    for (int64_t i = 0; i < opt->points; i++)
        (*out)->price[i] = opt->spacing == GEX_SPACING_LOG ? gex__range_log_price(range, (double)i)
                                                           : gex__range_price(range, (double)i);
    gex__guest_leave(&guest);
    return GEX_OK;
}

/* Everything behind the door. The profile has its prices. Not inlined, into two. */
__attribute__((noinline)) static gex_status profile_fill(const gex_context *context, const struct gex__range *range,
                                                         const struct gex__scale *scale, struct gex__common *common,
                                                         struct gex_profile *profile)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__curve curve = {.lines = &common->lines, .unit = gex__unit_of(profile->unit), .scale = *scale,
                               .isa = gex__isa(context)};
    struct gex__layout layout = {0};
    gex_status status = GEX_ERR_MEMORY;
    struct gex__fill fill;
    double *scratch;

    curve.alone = gex__sweep_is_enough(common->lines.rows, profile->points);
    if (!gex__ready_take(context, &common->ready, &curve, gex__range_price(range, 0),
                         gex__range_price(range, (double)range->cells)))
        return GEX_ERR_MEMORY;
    gex__layout_add(&layout, gex__fill_scratch(context, &curve, profile->points), sizeof(double));
    scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (scratch != NULL)
        status = gex__fill_run(context, &curve, profile->price, profile->points, NULL, profile->value, scratch, &fill)
                     ? GEX_OK
                     : GEX_ERR_CALLBACK;
    gex__memory_put(&memory, scratch, layout.size);
    return status;
}

/* Not inlined, either: its lines would lie on every stack. */
__attribute__((noinline)) static gex_status profile_fill_alone(const gex_context *context, const gex_market *market,
                                                               const gex_book *book, const struct gex__range *range,
                                                               const struct gex__scale *scale,
                                                               struct gex_profile *profile)
{
    struct gex__common own;
    const gex_status status = gex__common_create(context, market, book, &own)
                                  ? profile_fill(context, range, scale, &own, profile)
                                  : GEX_ERR_MEMORY;

    gex__common_drop(&own);
    return status;
}

gex_status gex__profile_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                const gex_profile_options *options, struct gex__common *common, gex_profile **out,
                                gex_error *error)
{
    gex_profile_options opt;
    struct gex__range range;
    struct gex__scale scale;
    struct gex__guest guest;
    struct gex_profile *profile;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    *out = NULL;
    status = gex__profile_door(market, book, options, &opt, &range, &scale, error);
    if (status != GEX_OK)
        return status;
    status = gex__profile_make(context, &opt, &range, &profile, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = common != NULL ? profile_fill(context, &range, &scale, common, profile)
                            : profile_fill_alone(context, market, book, &range, &scale, profile);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(profile);
        return gex__reprice_fail(status, market, error);
    }
    *out = profile;
    return GEX_OK;
}

gex_status gex_profile_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                               const gex_profile_options *options, gex_profile **out, gex_error *error)
{
    return gex__profile_compute(context, market, book, options, NULL, out, error);
}

void gex_profile_free(gex_profile *profile)
{
    gex__object_release(profile);
}

int32_t gex_profile_unit(const gex_profile *profile)
{
    return profile != NULL ? profile->unit : 0;
}

const double *gex_profile_prices(const gex_profile *profile, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = profile != NULL ? profile->points : 0;
    return profile != NULL ? profile->price : NULL;
}

const double *gex_profile_values(const gex_profile *profile, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = profile != NULL ? profile->points : 0;
    return profile != NULL ? profile->value : NULL;
}

gex_status gex_profile_peak(const gex_profile *profile, int32_t direction, double *price_out, double *value_out,
                            gex_error *error)
{
    struct gex__guest guest;
    double best = 0.0, price = (double)NAN;

    if (price_out != NULL)
        *price_out = (double)NAN;
    if (value_out != NULL)
        *value_out = (double)NAN;
    if (profile == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "profile and price_out are required");
    if (direction != GEX_UP && direction != GEX_DOWN)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "direction {i} is unknown: set GEX_UP or GEX_DOWN",
                         (int64_t)direction);
    gex__guest_enter(&guest);
    for (int64_t i = 0; i < profile->points; i++)
        if (direction * profile->value[i] > best) { /* NaN is not */
            best = direction * profile->value[i];
            price = profile->price[i];
        }
    if (best > 0.0) {
        *price_out = price;
        if (value_out != NULL)
            *value_out = direction * best;
    }
    gex__guest_leave(&guest);
    return GEX_OK;
}
