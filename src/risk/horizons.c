/* SPDX-License-Identifier: Apache-2.0 */
/* Flips at instants ahead: the market shifted in time, and searched there. */
#include <gex/horizons.h>

#include <math.h>

#include <gex/shift.h>

#include "base/base.h"

struct gex_horizons {
    struct gex__object object;
    int64_t            count;
    int64_t           *instant;
    double            *nearest;
    gex_flips        **flips; /* owned */
};

static void horizons_drop(void *object)
{
    struct gex_horizons *horizons = object;

    for (int64_t i = 0; i < horizons->count; i++)
        gex_flips_free(horizons->flips[i]);
}

static struct gex_horizons *horizons_alloc(const gex_context *context, const int64_t *instants, int64_t count)
{
    struct gex__layout layout = {0};
    int64_t instant, nearest, flips;
    struct gex_horizons *horizons;

    gex__layout_add(&layout, 1, sizeof *horizons);
    instant = gex__layout_add(&layout, count, sizeof(int64_t));
    nearest = gex__layout_add(&layout, count, sizeof(double));
    flips = gex__layout_add(&layout, count, sizeof(gex_flips *));
    horizons = gex__object_create(context, &layout, horizons_drop);
    if (horizons == NULL)
        return NULL;
    horizons->count = count;
    horizons->instant = (int64_t *)((char *)horizons + instant);
    horizons->nearest = (double *)((char *)horizons + nearest);
    horizons->flips = (gex_flips **)((char *)horizons + flips);
    for (int64_t i = 0; i < count; i++)
        horizons->instant[i] = instants[i];
    return horizons;
}

static gex_status horizon_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                  const gex_profile_options *options, struct gex_horizons *horizons, int64_t i,
                                  gex_error *error)
{
    gex_market *later = NULL;
    gex_shift_options shift;
    gex_status status;

    gex_shift_options_init(&shift, sizeof shift);
    shift.as_of = horizons->instant[i];
    status = gex_market_shift(context, market, &shift, &later, error);
    if (status == GEX_ERR_DOMAIN && error != NULL)
        error->row = i;
    if (status == GEX_OK)
        status = gex_flips_compute(context, later, book, options, &horizons->flips[i], error);
    gex_market_free(later);
    if (status == GEX_OK)
        horizons->nearest[i] = gex_flips_price(horizons->flips[i], gex_flips_nearest(horizons->flips[i]));
    return status;
}

gex_status gex_horizons_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                                const gex_profile_options *options, const int64_t *instants, int64_t count,
                                gex_horizons **out, gex_error *error)
{
    struct gex_horizons *horizons;
    struct gex__guest guest;
    gex_status status = GEX_OK;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    if (count < 0 || count > GEX_MAX_ROWS || (instants == NULL && count > 0))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} instants: give as many", count);
    gex__guest_enter(&guest);
    horizons = horizons_alloc(context, instants, count);
    if (horizons == NULL)
        status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the flips of {i} instants", count);
    for (int64_t i = 0; i < count && status == GEX_OK; i++)
        status = horizon_compute(context, market, book, options, horizons, i, error);
    if (status == GEX_OK)
        *out = horizons;
    else
        gex_horizons_free(horizons);
    gex__guest_leave(&guest);
    return status;
}

void gex_horizons_free(gex_horizons *horizons)
{
    gex__object_release(horizons);
}

const int64_t *gex_horizons_instants(const gex_horizons *horizons, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = horizons != NULL ? horizons->count : 0;
    return horizons != NULL ? horizons->instant : NULL;
}

const double *gex_horizons_nearest(const gex_horizons *horizons, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = horizons != NULL ? horizons->count : 0;
    return horizons != NULL ? horizons->nearest : NULL;
}

const gex_flips *gex_horizons_flips(const gex_horizons *horizons, int64_t i)
{
    return horizons != NULL && i >= 0 && i < horizons->count ? horizons->flips[i] : NULL;
}
