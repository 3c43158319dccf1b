/* SPDX-License-Identifier: Apache-2.0 */
/* Memory from the host, one block an object, and columns read by byte stride. The only file that calls malloc. */
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "context.h"

int64_t gex__layout_add(struct gex__layout *layout, int64_t count, int64_t element)
{
    const int64_t offset = layout->size;
    int64_t bytes;

    if (count < 0 || __builtin_mul_overflow(count, element, &bytes) ||
        __builtin_add_overflow(bytes, GEX_ALIGNMENT - 1, &bytes) ||
        __builtin_add_overflow(offset, bytes / GEX_ALIGNMENT * GEX_ALIGNMENT, &layout->size))
        layout->overflow = true;
    return offset;
}

void *gex__carve(struct gex__carve *carve, int64_t count, int64_t element)
{
    const int64_t offset = gex__layout_add(&carve->layout, count, element);
    return carve->block != NULL ? carve->block + offset : NULL;
}

static void *default_allocate(void *user, int64_t size, int64_t alignment)
{
    (void)user;
    return aligned_alloc((size_t)alignment, (size_t)size); /* sizes are multiples of the alignment, see memory_get */
}

static void default_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)user, (void)size, (void)alignment;
    free(memory);
}

struct gex__memory gex__memory_of(const gex_context *context)
{
    static const struct gex__memory standard = {default_allocate, default_release, NULL};
    return context != NULL ? context->memory : standard;
}

/* What is really asked for: at least one line, whole lines. */
static bool whole_lines(int64_t size, int64_t *rounded)
{
    if (size < 0 || __builtin_add_overflow(size, GEX_ALIGNMENT - 1, rounded))
        return false;
    *rounded = *rounded / GEX_ALIGNMENT * GEX_ALIGNMENT;
    if (*rounded == 0)
        *rounded = GEX_ALIGNMENT;
    return (uint64_t)*rounded <= SIZE_MAX / 2;
}

void *gex__memory_get(const struct gex__memory *memory, int64_t size)
{
    int64_t rounded;
    return whole_lines(size, &rounded) ? memory->allocate(memory->user, rounded, GEX_ALIGNMENT) : NULL;
}

void gex__memory_put(const struct gex__memory *memory, void *block, int64_t size)
{
    int64_t rounded;
    if (block != NULL && whole_lines(size, &rounded))
        memory->release(memory->user, block, rounded, GEX_ALIGNMENT);
}

void *gex__object_create(const gex_context *context, const struct gex__layout *layout, void (*drop)(void *object))
{
    return gex__object_create_open(context, layout, layout->size, drop);
}

void *gex__object_create_open(const gex_context *context, const struct gex__layout *layout, int64_t head,
                              void (*drop)(void *object))
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__object *object = layout->overflow ? NULL : gex__memory_get(&memory, layout->size);

    if (object == NULL)
        return NULL;
    memset(object, 0, (size_t)head);
    atomic_init(&object->references, 1);
    object->size = layout->size;
    object->memory = memory;
    object->drop = drop;
    return object;
}

/* The count is the one part of a finished object that changes; readers never see it. */
static struct gex__object *counted(const void *object)
{
    union {
        const void         *as_read;
        struct gex__object *as_owned;
    } view = {object};
    return view.as_owned;
}

void gex__object_retain(const void *object)
{
    if (object != NULL)
        atomic_fetch_add_explicit(&counted(object)->references, 1, memory_order_relaxed);
}

void gex__object_release(const void *object)
{
    struct gex__object *mine = counted(object);
    struct gex__memory memory;

    if (mine == NULL || atomic_fetch_sub_explicit(&mine->references, 1, memory_order_acq_rel) != 1)
        return;
    if (mine->drop != NULL)
        mine->drop(mine);
    memory = mine->memory;
    gex__memory_put(&memory, mine, mine->size);
}

bool gex__stride_fits(const void *data, int64_t stride, int64_t rows)
{
    int64_t offset;
    return data == NULL || rows == 0 || !__builtin_mul_overflow(stride, rows - 1, &offset);
}

static const char *row_of(const void *data, int64_t stride, int64_t i)
{
    return (const char *)data + stride * i;
}

double gex__f64_at(gex_f64 column, int64_t i)
{
    double value;
    memcpy(&value, row_of(column.data, column.stride, i), sizeof value);
    return value;
}

int64_t gex__i64_at(gex_i64 column, int64_t i)
{
    int64_t value;
    memcpy(&value, row_of(column.data, column.stride, i), sizeof value);
    return value;
}

int32_t gex__i32_at(gex_i32 column, int64_t i)
{
    int32_t value;
    memcpy(&value, row_of(column.data, column.stride, i), sizeof value);
    return value;
}

int8_t gex__i8_at(gex_i8 column, int64_t i)
{
    int8_t value;
    memcpy(&value, row_of(column.data, column.stride, i), sizeof value);
    return value;
}

int64_t gex__text_at(gex_text column, int64_t i, const char **text_out)
{
    const char *text = row_of(column.data, column.stride, i);
    const char *end = memchr(text, '\0', (size_t)column.width);

    *text_out = text;
    return end != NULL ? end - text : column.width;
}
