/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns bands, sampled flips and regimes along a path have as tables. */
#include "tables.h"

gex_status gex_bands_to_arrow(const gex_context *context, const gex_bands *bands, struct ArrowSchema *schema,
                              struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(bands, "bands", schema, array, error);
    const double *mean;
    const char *unit;
    int64_t count;

    if (status != GEX_OK)
        return status;
    unit = gex_bands_unit(bands) != 0 ? gex_unit_label(gex_bands_unit(bands)) : "shares";
    mean = gex_bands_mean(bands, &count);
    gex__table_open(&table, bands, count);
    if (gex_bands_spot(bands, NULL) != NULL) {
        gex__table_lend(&table, "instant", "tsn:UTC", NULL, gex_bands_as_of(bands, NULL));
        gex__table_lend(&table, "spot", "g", "price", gex_bands_spot(bands, NULL));
    }
    gex__table_lend(&table, "mean", "g", unit, mean);
    gex__table_lend(&table, "sd", "g", unit, gex_bands_sd(bands, NULL));
    gex__table_lend(&table, "gross", "g", unit, gex_bands_gross(bands, NULL));
    gex__table_lend(&table, "above", "g", "probability", gex_bands_above(bands, NULL));
    gex__table_lend(&table, "below", "g", "probability", gex_bands_below(bands, NULL));
    return gex__table_end(context, &table, schema, array, error);
}

gex_status gex_flip_bands_to_arrow(const gex_context *context, const gex_flip_bands *flips, struct ArrowSchema *schema,
                                   struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(flips, "flips", schema, array, error);
    int64_t count;

    if (status != GEX_OK)
        return status;
    (void)gex_flip_bands_samples(flips, GEX_FLIP_NEAREST, &count);
    gex__table_open(&table, flips, count);
    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++)
        gex__table_lend(&table, gex_flip_name(flip), "g", "price", gex_flip_bands_samples(flips, flip, NULL));
    return gex__table_end(context, &table, schema, array, error);
}

static void path_regime(const void *from, int64_t which, int64_t rows, void *to)
{
    const int32_t *regime = gex_regime_path_states(from, NULL);

    (void)which;
    for (int64_t i = 0; i < rows; i++)
        ((uint8_t *)to)[i] = (uint8_t)regime[i];
}

/* 1 where a regime begins that is not the last one. */
static void path_changes(const void *from, int64_t which, int64_t rows, void *to)
{
    int64_t count;
    const int64_t *changes = gex_regime_path_changes(from, &count);

    (void)which;
    for (int64_t i = 0; i < rows; i++)
        ((int8_t *)to)[i] = 0;
    for (int64_t k = 0; k < count; k++)
        ((int8_t *)to)[changes[k]] = 1;
}

gex_status gex_regime_path_to_arrow(const gex_context *context, const gex_regime_path *path,
                                    struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(path, "path", schema, array, error);
    int64_t count;

    if (status != GEX_OK)
        return status;
    (void)gex_regime_path_states(path, &count);
    gex__table_open(&table, path, count);
    gex__table_fill(&table, "regime", "C", NULL, path_regime, 0);
    gex__table_fill(&table, "change", "c", NULL, path_changes, 0);
    return gex__table_end(context, &table, schema, array, error);
}
