/* SPDX-License-Identifier: Apache-2.0 */
/* A struct array of the Arrow C data interface made by hand, which counts how often it is released. */
#ifndef GEX_TESTS_ARROWS_H
#define GEX_TESTS_ARROWS_H

#include <string.h>

#include <gex.h>

enum { ARROWS_MOST = 16 };

struct arrows {
    struct ArrowSchema schema, schemas[ARROWS_MOST], *schema_at[ARROWS_MOST];
    struct ArrowArray  array, arrays[ARROWS_MOST], *array_at[ARROWS_MOST];
    const void        *valid[1], *buffers[ARROWS_MOST][3];
    int64_t            released;
};

static inline void arrows_release_schema(struct ArrowSchema *schema)
{
    ++*(int64_t *)schema->private_data;
    schema->release = NULL;
}

static inline void arrows_release_array(struct ArrowArray *array)
{
    ++*(int64_t *)array->private_data;
    array->release = NULL;
}

/* The struct points into itself: it stays where it is. */
static inline void arrows_open(struct arrows *made, int64_t rows)
{
    memset(made, 0, sizeof *made);
    made->schema = (struct ArrowSchema){.format = "+s", .name = "", .children = made->schema_at,
                                        .release = arrows_release_schema, .private_data = &made->released};
    made->array = (struct ArrowArray){.length = rows,
                                      .n_buffers = 1,
                                      .buffers = made->valid,
                                      .children = made->array_at,
                                      .release = arrows_release_array,
                                      .private_data = &made->released};
}

/* A column of `length` values; bytes: of texts, whose offsets are `values`. @return its place. */
static inline int64_t arrows_add(struct arrows *made, const char *name, const char *format, int64_t length,
                                 const void *values, const void *bytes, const void *valid)
{
    const int64_t k = made->schema.n_children++;

    made->array.n_children++;
    made->buffers[k][0] = valid;
    made->buffers[k][1] = values;
    made->buffers[k][2] = bytes;
    made->schemas[k] = (struct ArrowSchema){.format = format, .name = name, .flags = ARROW_FLAG_NULLABLE,
                                            .release = arrows_release_schema, .private_data = &made->released};
    made->arrays[k] = (struct ArrowArray){.length = length, .null_count = -1, .n_buffers = bytes != NULL ? 3 : 2,
                                          .buffers = made->buffers[k], .release = arrows_release_array,
                                          .private_data = &made->released};
    made->schema_at[k] = &made->schemas[k];
    made->array_at[k] = &made->arrays[k];
    return k;
}

#endif
