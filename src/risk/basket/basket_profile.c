/* SPDX-License-Identifier: Apache-2.0 */
/* A basket repriced over an even grid of prices of its reference. */
#include "basket_profile.h"

#include <math.h>

#include "basket_fill.h"
#include "risk/profile.h"

gex_status gex__basket_profile_door(const gex_basket *basket, const gex_profile_options *options,
                                    gex_profile_options *mine, struct gex__range *range, struct gex__scale *scale,
                                    gex_error *error)
{
    if (basket == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    return gex__profile_options_take(basket->spot, options, mine, range, scale, error);
}

/* Everything behind the door. The profile has its prices. */
static gex_status profile_fill(const gex_context *context, const gex_basket *basket, const struct gex__scale *scale,
                               double *members, struct gex_profile *profile)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__basket_curve curve;
    struct gex__basket_fill fill;
    struct gex__layout layout = {0};
    gex_status status = GEX_ERR_MEMORY;
    double *scratch = NULL;

    if (gex__basket_curve_create(context, basket, profile->unit, scale, profile->price[0],
                                 profile->price[profile->points - 1], profile->points, &curve)) {
        gex__layout_add(&layout, gex__basket_fill_scratch(context, &curve, profile->points), sizeof(double));
        scratch = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    }
    if (scratch != NULL) {
        const bool ran = gex__basket_fill_run(context, &curve, profile->price, profile->points, profile->value, members,
                                              scratch, &fill);

        status = ran ? GEX_OK : GEX_ERR_CALLBACK;
        gex__memory_put(&memory, scratch, layout.size);
    }
    gex__basket_curve_drop(&curve);
    return status;
}

gex_status gex__basket_fail(gex_status status, const gex_basket *basket, gex_error *error)
{
    return gex__fail(error, status, -1,
                     status == GEX_ERR_MEMORY ? "no memory to reprice {i} members" : "the executor reported failure",
                     basket->members);
}

gex_status gex_basket_profile_compute(const gex_context *context, const gex_basket *basket,
                                      const gex_profile_options *options, double *members, gex_profile **out,
                                      gex_error *error)
{
    struct gex_profile *profile;
    gex_profile_options opt;
    struct gex__range range;
    struct gex__scale scale;
    struct gex__guest guest;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    *out = NULL;
    status = gex__basket_profile_door(basket, options, &opt, &range, &scale, error);
    if (status != GEX_OK)
        return status;
    status = gex__profile_make(context, &opt, &range, &profile, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = profile_fill(context, basket, &scale, members, profile);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(profile);
        return gex__basket_fail(status, basket, error);
    }
    *out = profile;
    return GEX_OK;
}
