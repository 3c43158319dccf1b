/* SPDX-License-Identifier: Apache-2.0 */
/* What jointly normal values are asked for. */
#include "bands.h"

#include <math.h>

#include "math/normal.h"

static void columns_carve(struct gex_bands *bands, struct gex__carve *carve, bool states, bool pairs)
{
    const int64_t count = bands->count, cell = sizeof(double);

    gex__carve(carve, 1, sizeof *bands);
    bands->mean = gex__carve(carve, count, cell);
    bands->sd = gex__carve(carve, count, cell);
    bands->gross = gex__carve(carve, count, cell);
    bands->above = gex__carve(carve, count, cell);
    bands->below = gex__carve(carve, count, cell);
    bands->own = gex__carve(carve, count, cell);
    bands->load = gex__carve(carve, count, bands->factors * cell);
    if (states) {
        bands->spot = gex__carve(carve, count, cell);
        bands->as_of = gex__carve(carve, count, sizeof(int64_t));
    }
    if (pairs)
        bands->covariance = gex__carve(carve, count, count * cell);
}

struct gex_bands *gex__bands_alloc(const gex_context *context, int64_t count, int64_t factors, bool states, bool pairs)
{
    struct gex_bands shape = {.count = count, .factors = factors}, *bands;
    struct gex__carve size = {.block = NULL}, carve = {.block = NULL};

    columns_carve(&shape, &size, states, pairs);
    bands = gex__object_create(context, &size.layout, NULL);
    if (bands == NULL)
        return NULL;
    bands->count = count;
    bands->factors = factors;
    carve.block = (char *)bands;
    columns_carve(bands, &carve, states, pairs);
    return bands;
}

void gex__bands_finish(struct gex_bands *bands)
{
    const int64_t count = bands->count;

    for (int64_t i = 0; i < count; i++) {
        double variance = bands->own[i];

        for (int64_t f = 0; f < bands->factors; f++)
            variance += bands->load[f * count + i] * bands->load[f * count + i];
        bands->sd[i] = sqrt(variance);
        /* a value that is certain is above, below, or neither */
        bands->above[i] = variance > 0.0 ? gex__normal_below(bands->mean[i] / bands->sd[i]) : bands->mean[i] > 0.0;
        bands->below[i] = variance > 0.0 ? gex__normal_below(-bands->mean[i] / bands->sd[i]) : bands->mean[i] < 0.0;
        if (isnan(bands->mean[i]))
            bands->sd[i] = bands->above[i] = bands->below[i] = (double)NAN;
    }
    for (int64_t i = 0; bands->covariance != NULL && i < count; i++)
        for (int64_t j = 0; j <= i; j++) {
            double *cell = bands->covariance + i * count + j;

            if (j == i)
                *cell = bands->own[i];
            for (int64_t f = 0; f < bands->factors; f++)
                *cell += bands->load[f * count + i] * bands->load[f * count + j];
            if (isnan(bands->mean[i]) || isnan(bands->mean[j]))
                *cell = (double)NAN;
            bands->covariance[j * count + i] = *cell;
        }
}

void gex_bands_free(gex_bands *bands)
{
    gex__object_release(bands);
}

int32_t gex_bands_unit(const gex_bands *bands)
{
    return bands != NULL ? bands->unit : 0;
}

static int64_t counted(const gex_bands *bands, int64_t *count_out)
{
    const int64_t count = bands != NULL ? bands->count : 0;

    if (count_out != NULL)
        *count_out = count;
    return count;
}

const double *gex_bands_mean(const gex_bands *bands, int64_t *count_out)
{
    counted(bands, count_out);
    return bands != NULL ? bands->mean : NULL;
}

const double *gex_bands_sd(const gex_bands *bands, int64_t *count_out)
{
    counted(bands, count_out);
    return bands != NULL ? bands->sd : NULL;
}

const double *gex_bands_gross(const gex_bands *bands, int64_t *count_out)
{
    counted(bands, count_out);
    return bands != NULL ? bands->gross : NULL;
}

const double *gex_bands_above(const gex_bands *bands, int64_t *count_out)
{
    counted(bands, count_out);
    return bands != NULL ? bands->above : NULL;
}

const double *gex_bands_below(const gex_bands *bands, int64_t *count_out)
{
    counted(bands, count_out);
    return bands != NULL ? bands->below : NULL;
}

const double *gex_bands_spot(const gex_bands *bands, int64_t *count_out)
{
    const double *spot = bands != NULL ? bands->spot : NULL;

    counted(spot != NULL ? bands : NULL, count_out);
    return spot;
}

const int64_t *gex_bands_as_of(const gex_bands *bands, int64_t *count_out)
{
    const int64_t *as_of = bands != NULL ? bands->as_of : NULL;

    counted(as_of != NULL ? bands : NULL, count_out);
    return as_of;
}

double gex_bands_quantile(const gex_bands *bands, int64_t i, double probability)
{
    struct gex__guest guest;
    double value = (double)NAN;

    if (bands == NULL || i < 0 || i >= bands->count)
        return value;
    gex__guest_enter(&guest);
    if (probability > 0.0 && probability < 1.0)
        value = bands->sd[i] == 0.0 ? bands->mean[i]
                                    : bands->mean[i] + bands->sd[i] * gex__normal_quantile(probability);
    gex__guest_leave(&guest);
    return value;
}

double gex_bands_covariance(const gex_bands *bands, int64_t i, int64_t j)
{
    struct gex__guest guest;
    double value;

    if (bands == NULL || i < 0 || i >= bands->count || j < 0 || j >= bands->count)
        return (double)NAN;
    if (bands->covariance != NULL)
        return bands->covariance[i * bands->count + j];
    if (i != j && !bands->apart)
        return (double)NAN;
    gex__guest_enter(&guest);
    value = i == j ? bands->own[i] : 0.0;
    for (int64_t f = 0; f < bands->factors; f++)
        value += bands->load[f * bands->count + i] * bands->load[f * bands->count + j];
    if (isnan(bands->mean[i]) || isnan(bands->mean[j]))
        value = (double)NAN;
    gex__guest_leave(&guest);
    return value;
}
