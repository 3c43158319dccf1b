/* SPDX-License-Identifier: Apache-2.0 */
/* From a total in one unit to a total in another, where that is one number for all rows. */
#include <math.h>

#include "base/base.h"
#include "units.h"

static const char *inside_text(int32_t inside)
{
    switch (inside) {
    case GEX_INSIDE_VOL: return "each row's vol";
    case GEX_INSIDE_YEARS: return "each row's years";
    case GEX_INSIDE_ABS_DELTA: return "each row's |delta|";
    default: return "nothing of a row";
    }
}

static gex_status pair_check(int32_t from, int32_t to, gex_error *error)
{
    const struct gex__unit *one = gex__unit_of(from), *other = gex__unit_of(to);

    if (one == NULL || other == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit {i} is unknown", (int64_t)(one == NULL ? from : to));
    if (from == to)
        return GEX_OK;
    if (one->term[1].greek != 0 || other->term[1].greek != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} is a sum of two greeks: no factor gives it",
                         gex_unit_name(one->term[1].greek != 0 ? from : to));
    if (one->term[0].greek != other->term[0].greek)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} measures {s} and {s} measures {s}: no factor between them",
                         gex_unit_name(from), gex_greek_name(one->term[0].greek), gex_unit_name(to),
                         gex_greek_name(other->term[0].greek));
    if (one->term[0].inside != other->term[0].inside)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} has {s} in its sum, {s} has {s}: no one factor for all rows",
                         gex_unit_name(from), inside_text(one->term[0].inside), gex_unit_name(to),
                         inside_text(other->term[0].inside));
    return GEX_OK;
}

/* A number of the caller that multiplies a scale; above zero, but for beta. */
static gex_status number_check(const char *what, double value, bool any_sign, gex_error *error)
{
    if (value == 0.0)
        return gex__fail(error, any_sign ? GEX_ERR_DOMAIN : GEX_ERR_ARGUMENT, -1, "the factor needs {s}, not zero",
                         what);
    if (!isfinite(value) || (!any_sign && value < 0.0))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{s} is {g}: it has to be finite{s}", what, value,
                         any_sign ? "" : " and above zero");
    return GEX_OK;
}

static const struct number {
    int32_t     bit;
    const char *what;
} numbers_of[] = {
    {GEX_BY_BETA, "beta"},
    {GEX_PER_ADV, "adv"},
    {GEX_PER_FUTURE_PRICE, "future_price"},
    {GEX_PER_FUTURE_MULTIPLIER, "future_multiplier"},
};
enum { NUMBERS = sizeof numbers_of / sizeof numbers_of[0] };

/* What stands in both scales cancels, and need not be given. */
static gex_status factor_of(const struct gex__term *from, const struct gex__term *to, double spot,
                            const gex_exposure_options *numbers, double *factor, gex_error *error)
{
    const double given[NUMBERS] = {numbers->beta, numbers->adv, numbers->future_price, numbers->future_multiplier};
    double value = to->constant / from->constant;

    for (int n = 0; n < NUMBERS; n++) {
        const bool above = (to->scaled & numbers_of[n].bit) != 0, below = (from->scaled & numbers_of[n].bit) != 0;
        const bool inverse = numbers_of[n].bit != GEX_BY_BETA;

        if (above == below)
            continue;
        if (!(numbers_of[n].bit == GEX_BY_BETA && above && given[n] == 0.0)) { /* beta 0: nothing comes through vol */
            const gex_status status = number_check(numbers_of[n].what, given[n], !inverse, error);

            if (status != GEX_OK)
                return status;
        }
        value = above != inverse ? value * given[n] : value / given[n];
    }
    for (int32_t p = from->power; p < to->power; p++)
        value *= spot;
    for (int32_t p = to->power; p < from->power; p++)
        value /= spot;
    *factor = value;
    return GEX_OK;
}

gex_status gex_unit_factor(int32_t from, int32_t to, double spot, const gex_exposure_options *numbers,
                           double *factor_out, gex_error *error)
{
    gex_exposure_options opt = {.unit = 0};
    struct gex__guest guest;
    gex_status status;
    double factor = 1.0;

    if (factor_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "factor_out is required");
    if (numbers != NULL && gex__options_take(&opt, sizeof opt, GEX_EXPOSURE_OPTIONS_0_1, numbers) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "exposure options: struct_size {u}", numbers->struct_size);
    gex__guest_enter(&guest);
    status = pair_check(from, to, error);
    if (status == GEX_OK && !(spot > 0.0 && isfinite(spot)))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it has to be finite and above zero", spot);
    if (status == GEX_OK && from != to)
        status = factor_of(&gex__unit_of(from)->term[0], &gex__unit_of(to)->term[0], spot, &opt, &factor, error);
    gex__guest_leave(&guest);
    if (status == GEX_OK)
        *factor_out = factor;
    return status;
}
