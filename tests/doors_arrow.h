/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of gex/arrow.h, for tests/doors.c alone. */
#include "arrows.h"
#include "tables.h"

DOOR(gex_chain_from_arrow)
{
    struct arrows *made_of = malloc(sizeof *made_of);
    char *bytes = malloc(WORLD_ROWS * sizeof w->root[0]);
    int32_t *ends = malloc((WORLD_ROWS + 1) * sizeof *ends);
    gex_chain *made = LEFT(gex_chain);
    gex_status status;

    ends[0] = 0;
    for (int32_t i = 0; i < WORLD_ROWS; i++) {
        const int32_t length = (int32_t)strlen(w->root[i]);
        memcpy(bytes + ends[i], w->root[i], (size_t)length);
        ends[i + 1] = ends[i] + length;
    }
    arrows_open(made_of, WORLD_ROWS);
    arrows_add(made_of, "root", "u", WORLD_ROWS, ends, bytes, NULL);
    arrows_add(made_of, "expiry", "i", WORLD_ROWS, w->expiry, NULL, NULL);
    arrows_add(made_of, "strike", "g", WORLD_ROWS, w->strike, NULL, NULL);
    arrows_add(made_of, "right", "c", WORLD_ROWS, w->right, NULL, NULL);
    arrows_add(made_of, "open_interest", "g", WORLD_ROWS, w->open_interest, NULL, NULL);
    status = gex_chain_from_arrow(context, &made_of->schema, &made_of->array, NULL, &made, error);
    free(ends);
    free(bytes);
    free(made_of);
    MADE(chain, digest_chain(made));
}

/* Names, types, values and texts; then both are released. */
static uint64_t digest_table(struct ArrowSchema *schema, struct ArrowArray *array)
{
    uint64_t digest = of_int(array->length);

    for (int64_t k = 0; k < schema->n_children; k++) {
        const struct ArrowSchema *field = schema->children[k];
        const struct ArrowArray *child = array->children[k];
        const int64_t width = table_width(field->format), *ends = child->buffers[1];

        digest = digest * 31 ^ of_text(field->name) ^ of_text(field->format) ^ of_int(child->null_count);
        digest = width > 0 ? digest_bytes(digest, child->buffers[1], child->length * width)
                           : digest_bytes(digest, child->buffers[2], ends[child->length]);
    }
    array->release(array);
    schema->release(schema);
    return digest;
}

/* Nothing is left to release after a failure. */
#define TABLE(name, ...)                                                                                         \
    DOOR(gex_##name##_to_arrow)                                                                                  \
    {                                                                                                            \
        struct ArrowSchema schema = {.release = arrows_release_schema};                                          \
        struct ArrowArray array = {.release = arrows_release_array};                                             \
        const gex_status status = gex_##name##_to_arrow(context, __VA_ARGS__, &schema, &array, error);           \
        const bool held = status != GEX_OK && (schema.release != NULL || array.release != NULL);                 \
                                                                                                                 \
        return answered(status, held ? &left_over : NULL, status == GEX_OK ? digest_table(&schema, &array) : 0); \
    }
TABLE(chain, w->chain)
TABLE(market, w->market, GEX_BY_EXPIRY)
TABLE(greeks, w->greeks)
TABLE(exposure, w->exposure, 0)
TABLE(grouping, w->grouping)
TABLE(profile, w->profile)
TABLE(field, w->field)
TABLE(forced, w->forced)
TABLE(change, w->change, 0)
TABLE(difference, w->difference, 0)
TABLE(basket, w->basket)
TABLE(basket_exposure, w->basket_exposure)
TABLE(combo, w->combo)
TABLE(dispersion, w->dispersion)
TABLE(dispersion_members, w->dispersion)
TABLE(bands, w->path_bands)
TABLE(flip_bands, w->flip_bands)
TABLE(regime_path, w->regime_path)

/* The batch, then the schema, each after the stream has gone. */
DOOR(gex_arrow_stream)
{
    struct ArrowSchema schema, given = {.release = NULL};
    struct ArrowArray array, batch = {.release = NULL}, rest = {.release = arrows_release_array};
    struct ArrowArrayStream stream = {.release = NULL};
    gex_status status = gex_combo_to_arrow(NULL, w->combo, &schema, &array, error);

    if (status != GEX_OK)
        return answered(status, NULL, 0);
    status = gex_arrow_stream(context, &schema, &array, &stream, error);
    if (status != GEX_OK) {
        schema.release(&schema);
        array.release(&array);
        return answered(status, stream.release != NULL ? &left_over : NULL, 0);
    }
    if (stream.get_schema(&stream, &given) != 0) { /* the one failure it has */
        stream.release(&stream);
        if (error != NULL)
            *error = (gex_error){.status = GEX_ERR_MEMORY};
        return answered(GEX_ERR_MEMORY, NULL, 0);
    }
    (void)stream.get_next(&stream, &batch);
    (void)stream.get_next(&stream, &rest);
    stream.release(&stream);
    return answered(rest.release == NULL ? GEX_OK : GEX_ERR_ARGUMENT, NULL, digest_table(&given, &batch));
}
