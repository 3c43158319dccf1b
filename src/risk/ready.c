/* SPDX-License-Identifier: Apache-2.0 */
/* Lines made and curves prepared once. */
#include "ready.h"

static bool is_ready(const struct gex__ready *ready, const struct gex__curve *curve, double low, double high)
{
    return ready != NULL && ready->curve.lines == curve->lines && ready->curve.unit == curve->unit &&
           ready->curve.alone == curve->alone && ready->low == low && ready->high == high;
}

static struct gex__ready *ready_create(const gex_context *context, const struct gex__curve *curve, double low,
                                       double high)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__layout layout = {0};
    struct gex__ready *ready;
    int64_t hoisted, twos;
    char *block;

    gex__layout_add(&layout, 1, sizeof *ready);
    hoisted = gex__layout_add(&layout, gex__curve_hoisted(curve), sizeof(double));
    twos = gex__layout_add(&layout, gex__curve_twos(curve), sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return NULL;
    ready = (struct gex__ready *)(void *)block;
    *ready = (struct gex__ready){.curve = *curve, .low = low, .high = high, .memory = memory, .size = layout.size};
    gex__curve_prepare(&ready->curve, low, high, (double *)(void *)(block + hoisted));
    gex__curve_prepare_twos(&ready->curve, low, high, (double *)(void *)(block + twos));
    return ready;
}

bool gex__ready_take(const gex_context *context, struct gex__ready **ready, struct gex__curve *curve, double low,
                     double high)
{
    const struct gex__scale scale = curve->scale;

    if (!is_ready(*ready, curve, low, high)) {
        gex__ready_drop(ready);
        *ready = ready_create(context, curve, low, high);
    }
    if (*ready == NULL)
        return false;
    *curve = (*ready)->curve;
    curve->scale = scale;
    return true;
}

void gex__ready_drop(struct gex__ready **ready)
{
    const struct gex__memory memory = *ready != NULL ? (*ready)->memory : (struct gex__memory){NULL, NULL, NULL};

    if (*ready != NULL)
        gex__memory_put(&memory, *ready, (*ready)->size);
    *ready = NULL;
}

bool gex__common_create(const gex_context *context, const gex_market *market, const gex_book *book,
                        struct gex__common *common)
{
    common->ready = NULL;
    return gex__lines_create(context, market, book, &common->lines);
}

void gex__common_drop(struct gex__common *common)
{
    gex__ready_drop(&common->ready);
    gex__lines_drop(&common->lines);
}
