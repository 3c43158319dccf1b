/* SPDX-License-Identifier: Apache-2.0 */
/* Flips: the roots of an exposure, and reading roots. */
#include "search.h"

#include <math.h>

static gex_status flips_find(const gex_context *context, struct gex__search *search, const struct gex__lines *lines,
                             gex_flips **out)
{
    search->curve.lines = search->seen = lines;
    return gex__search_run(context, search, out);
}

/* Not inlined: its lines would lie on every stack. */
__attribute__((noinline)) static gex_status flips_find_alone(const gex_context *context, const gex_market *market,
                                                             const gex_book *book, struct gex__search *search,
                                                             gex_flips **out)
{
    struct gex__lines own;
    const gex_status status = gex__lines_create(context, market, book, &own)
                                  ? flips_find(context, search, &own, out)
                                  : GEX_ERR_MEMORY;

    gex__lines_drop(&own);
    return status;
}

/* What is prepared of a curve depends on the range. */
static bool is_of_range(const struct gex_profile *profile, const struct gex__range *range)
{
    return profile->price[0] == gex__range_price(range, 0) &&
           profile->price[profile->points - 1] == gex__range_price(range, (double)range->cells);
}

gex_status gex__flips_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_profile_options *options, struct gex__common *common,
                              const struct gex_profile *profile, gex_flips **out, gex_error *error)
{
    struct gex__search search = {.ready = common != NULL ? &common->ready : NULL};
    struct gex__known known;
    gex_profile_options opt;
    struct gex__scale scale;
    struct gex__guest guest;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    *out = NULL;
    status = gex__profile_door(market, book, options, &opt, &search.range, &scale, error);
    if (status == GEX_OK)
        status = gex__search_range(market, &search.range, error);
    if (status != GEX_OK)
        return status;
    search.curve = (struct gex__curve){.unit = gex__unit_of(opt.unit), .scale = scale, .isa = gex__isa(context)};
    gex__guest_enter(&guest);
    if (profile != NULL) {
        known = (struct gex__known){profile->points, profile->price, profile->value};
        search.known = is_of_range(profile, &search.range) ? &known : NULL;
    }
    status = common != NULL ? flips_find(context, &search, &common->lines, out)
                            : flips_find_alone(context, market, book, &search, out);
    gex__guest_leave(&guest);
    return status == GEX_OK ? GEX_OK : gex__reprice_fail(status, market, error);
}

gex_status gex_flips_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                             const gex_profile_options *options, gex_flips **out, gex_error *error)
{
    return gex__flips_compute(context, market, book, options, NULL, NULL, out, error);
}

void gex_flips_free(gex_flips *flips)
{
    gex__object_release(flips);
}

int32_t gex_flips_status(const gex_flips *flips)
{
    return flips != NULL ? flips->status : 0;
}

int64_t gex_flips_count(const gex_flips *flips)
{
    return flips != NULL ? flips->count : 0;
}

double gex_flips_low(const gex_flips *flips)
{
    return flips != NULL ? flips->low : (double)NAN;
}

double gex_flips_high(const gex_flips *flips)
{
    return flips != NULL ? flips->high : (double)NAN;
}

static bool in_range(const gex_flips *flips, int64_t i)
{
    return flips != NULL && i >= 0 && i < flips->count;
}

double gex_flips_price(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->price[i] : (double)NAN;
}

int32_t gex_flips_direction(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->direction[i] : 0;
}

double gex_flips_slope(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->slope[i] : (double)NAN;
}

double gex_flips_size(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->size[i] : (double)NAN;
}

int32_t gex_flips_root_status(const gex_flips *flips, int64_t i)
{
    return in_range(flips, i) ? flips->root_status[i] : 0;
}

int64_t gex_flips_nearest(const gex_flips *flips)
{
    return flips != NULL ? flips->nearest : -1;
}

const char *gex_roots_text(int32_t roots_status)
{
    switch (roots_status) {
    case GEX_ROOTS_FOUND: return "FOUND";
    case GEX_ROOTS_NONE_POSITIVE: return "NONE_POSITIVE";
    case GEX_ROOTS_NONE_NEGATIVE: return "NONE_NEGATIVE";
    case GEX_ROOTS_AT_EDGE: return "AT_EDGE";
    case GEX_ROOTS_NONE_ZERO: return "NONE_ZERO";
    default: return "unknown";
    }
}

const char *gex_direction_text(int32_t direction)
{
    return direction == GEX_UP ? "up" : direction == GEX_DOWN ? "down" : "unknown";
}

const char *gex_root_status_text(int32_t root_status)
{
    return root_status == GEX_ROOT_FOUND ? "FOUND" : root_status == GEX_ROOT_NEGLIGIBLE ? "NEGLIGIBLE" : "unknown";
}
