/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cholesky with the largest of what is left as the next pivot, down to 1e-14 of the largest variance: what is left out
 * is 1e-7 of a deviation at most, a thousandth of what a root has to come to not to be negligible. The exposures of
 * neighbouring prices say nearly the same, so the rank is far below the number of prices.
 */
#include "gauss.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "base/order.h"
#include "math/rng.h"

#define LEFT_OUT 1e-14 /* of the largest variance */

static double variance_of(const struct gex_bands *bands, int64_t i)
{
    const double variance = bands->covariance[i * bands->count + i];
    return isnan(variance) ? 0.0 : variance; /* a value that does not exist is no number in any sample */
}

static int64_t pivot_of(const double *left, int64_t count)
{
    int64_t pivot = 0;

    for (int64_t i = 1; i < count; i++)
        if (left[i] > left[pivot])
            pivot = i;
    return pivot;
}

/* One column of the factor: covariances with the pivot that the columns before it have not explained. */
static void column_add(struct gex__gauss *gauss, const struct gex_bands *bands, int64_t pivot, double *left)
{
    const int64_t count = gauss->count, column = gauss->rank;
    const double *of_pivot = gauss->factor + pivot * count, root = sqrt(left[pivot]);

    for (int64_t i = 0; i < count; i++) {
        double *row = gauss->factor + i * count, rest;

        if (!(left[i] > 0.0) || i == pivot) {
            row[column] = i == pivot ? root : 0.0;
            continue;
        }
        rest = bands->covariance[i * count + pivot];
        for (int64_t k = 0; k < column; k++)
            rest -= row[k] * of_pivot[k];
        row[column] = rest / root;
        left[i] = fmax(0.0, left[i] - row[column] * row[column]);
    }
    left[pivot] = 0.0;
    gauss->rank++;
}

bool gex__gauss_create(const gex_context *context, const struct gex_bands *bands, struct gex__gauss *gauss)
{
    const int64_t count = bands->count;
    struct gex__layout layout = {0};
    int64_t factor, left_at;
    double *left, largest = 0.0;

    *gauss = (struct gex__gauss){.count = count, .mean = bands->mean, .memory = gex__memory_of(context)};
    factor = gex__layout_add(&layout, count, count * (int64_t)sizeof(double));
    left_at = gex__layout_add(&layout, count, sizeof(double));
    gauss->size = layout.size;
    gauss->block = layout.overflow ? NULL : gex__memory_get(&gauss->memory, layout.size);
    if (gauss->block == NULL)
        return false;
    gauss->factor = (double *)(void *)((char *)gauss->block + factor);
    left = (double *)(void *)((char *)gauss->block + left_at);
    for (int64_t i = 0; i < count; i++) {
        left[i] = variance_of(bands, i);
        largest = fmax(largest, left[i]);
    }
    while (gauss->rank < count) {
        const int64_t pivot = pivot_of(left, count);

        if (!(left[pivot] > LEFT_OUT * largest))
            break;
        column_add(gauss, bands, pivot, left);
    }
    return true;
}

void gex__gauss_drop(struct gex__gauss *gauss)
{
    gex__memory_put(&gauss->memory, gauss->block, gauss->size);
    gauss->block = NULL;
}

gex_status gex__gauss_fail(gex_status status, int64_t count, gex_error *error)
{
    return gex__fail(error, status, -1,
                     status == GEX_ERR_MEMORY ? "no memory to draw samples of {i} values"
                                              : "the executor reported failure",
                     count);
}

int64_t gex__gauss_scratch(const struct gex__gauss *gauss)
{
    return (gauss->rank + 3) / 4 * 4 * GEX_DRAWS;
}

void gex__gauss_draw(const struct gex__gauss *gauss, int32_t isa, int64_t seed, uint32_t stream, int64_t first,
                     double *scratch, double *out)
{
    const uint32_t key[2] = {(uint32_t)(uint64_t)seed, (uint32_t)((uint64_t)seed >> 32)};

    for (int64_t k = 0; k < gauss->rank; k += 4) {
        const uint32_t counter[4] = {(uint32_t)first, 0, (uint32_t)(k / 4), stream};
        double *const words[4] = {scratch + k * GEX_DRAWS, scratch + (k + 1) * GEX_DRAWS,
                                  scratch + (k + 2) * GEX_DRAWS, scratch + (k + 3) * GEX_DRAWS};

        gex__normals(isa, key, counter, GEX_DRAWS, words);
    }
    for (int64_t i = 0; i < gauss->count; i++) {
        const double *row = gauss->factor + i * gauss->count;
        double *value = out + i * GEX_DRAWS;

        for (int d = 0; d < GEX_DRAWS; d++)
            value[d] = gauss->mean[i];
        for (int64_t k = 0; k < gauss->rank; k++)
            for (int d = 0; d < GEX_DRAWS; d++)
                value[d] += row[k] * scratch[k * GEX_DRAWS + d];
    }
}

int64_t gex__sorted_of(const double *values, int64_t count, double *sorted)
{
    int64_t numbers = 0;

    for (int64_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            sorted[numbers++] = values[i];
    gex__doubles_sort(sorted, numbers);
    return numbers;
}

double gex__sorted_quantile(const double *sorted, int64_t count, double probability)
{
    double place, low;

    if (count == 0 || !(probability >= 0.0 && probability <= 1.0))
        return (double)NAN;
    place = (double)(count - 1) * probability;
    low = floor(place);
    if (low >= (double)(count - 1))
        return sorted[count - 1];
    return sorted[(int64_t)low] + (place - low) * (sorted[(int64_t)low + 1] - sorted[(int64_t)low]);
}
