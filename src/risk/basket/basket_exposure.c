/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exposure of a basket. A term of a unit is  constant S^power * sum of N M greek inside;  of a member it is that sum
 * times the hedge currency and its slope once for every derivative by spot: what remains is by the reference.
 */
#include "basket_exposure.h"

#include <math.h>

static void exposure_drop(void *object)
{
    const struct gex_basket_exposure *exposure = object;

    for (int64_t i = 0; i < exposure->basket->members; i++)
        gex__object_release(exposure->member[i]);
    gex__object_release(exposure->basket);
}

static struct gex_basket_exposure *exposure_alloc(const gex_context *context, const struct gex_basket *basket)
{
    struct gex__layout layout = {0};
    struct gex_basket_exposure *exposure;
    int64_t member;

    gex__layout_add(&layout, 1, sizeof *exposure);
    member = gex__layout_add(&layout, basket->members, sizeof(gex_exposure *));
    exposure = gex__object_create(context, &layout, exposure_drop);
    if (exposure == NULL)
        return NULL;
    exposure->member = (const struct gex_exposure **)((char *)exposure + member);
    exposure->basket = basket;
    gex__object_retain(basket);
    return exposure;
}

static bool members_fill(const gex_context *context, int32_t unit, const struct gex__scale *scale,
                         struct gex_basket_exposure *exposure)
{
    const struct gex_basket *basket = exposure->basket;
    const struct gex__term *term = gex__unit_of(unit)->term;
    struct gex__exact total, gross;

    gex__exact_clear(&total);
    gex__exact_clear(&gross);
    for (int64_t i = 0; i < basket->members; i++) {
        const struct gex__member *member = &basket->member[i];
        double factor[GEX_TERMS];

        for (int t = 0; t < GEX_TERMS; t++)
            factor[t] = gex__term_scale(&term[t], scale, basket->spot) * gex__member_factor(member, term[t].greek);
        exposure->member[i] = gex__exposure_make(context, member->greeks, member->book, unit, basket->spot, factor);
        if (exposure->member[i] == NULL)
            return false;
        gex__exact_add(&total, exposure->member[i]->total);
        gex__exact_add(&gross, exposure->member[i]->gross);
    }
    exposure->unit = unit;
    exposure->total = gex__exact_round(&total);
    exposure->gross = gex__exact_round(&gross);
    return true;
}

gex_status gex_basket_exposure_compute(const gex_context *context, const gex_basket *basket,
                                       const gex_exposure_options *options, gex_basket_exposure **out, gex_error *error)
{
    struct gex_basket_exposure *exposure;
    gex_exposure_options opt;
    struct gex__scale scale;
    struct gex__guest guest;
    gex_status status;
    bool filled;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || basket == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    status = gex__exposure_door(options, &opt, &scale, error);
    if (status != GEX_OK)
        return status;
    exposure = exposure_alloc(context, basket);
    gex__guest_enter(&guest);
    filled = exposure != NULL && members_fill(context, opt.unit, &scale, exposure);
    gex__guest_leave(&guest);
    if (!filled) {
        gex__object_release(exposure);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the exposure of {i} members", basket->members);
    }
    *out = exposure;
    return GEX_OK;
}

void gex_basket_exposure_free(gex_basket_exposure *exposure)
{
    gex__object_release(exposure);
}

const gex_basket *gex_basket_exposure_basket(const gex_basket_exposure *exposure)
{
    return exposure != NULL ? exposure->basket : NULL;
}

int32_t gex_basket_exposure_unit(const gex_basket_exposure *exposure)
{
    return exposure != NULL ? exposure->unit : 0;
}

double gex_basket_exposure_total(const gex_basket_exposure *exposure)
{
    return exposure != NULL ? exposure->total : (double)NAN;
}

double gex_basket_exposure_gross(const gex_basket_exposure *exposure)
{
    return exposure != NULL ? exposure->gross : (double)NAN;
}

const gex_exposure *gex_basket_exposure_member(const gex_basket_exposure *exposure, int64_t i)
{
    return exposure != NULL && i >= 0 && i < exposure->basket->members ? exposure->member[i] : NULL;
}
