/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table as a stream of one batch. A stream gives its schema as often as it is asked, to consumers that each release
 * their own; so the one it was given stays with it, lends its texts, and is copied child by child.
 */
#include <errno.h>
#include <string.h>

#include <gex/table.h>

#include "base/base.h"

struct stream {
    struct gex__object object;
    struct ArrowSchema schema;
    struct ArrowArray  array; /* release NULL: it has been taken */
    const gex_context *context;
    bool               failed;
};

/* A schema that was given out. */
struct copy {
    struct gex__object object;
    const void        *stream;
};

static void stream_drop(void *object)
{
    struct stream *stream = object;

    if (stream->array.release != NULL)
        stream->array.release(&stream->array);
    stream->schema.release(&stream->schema);
    gex__object_release(stream->context);
}

static void copy_drop(void *object)
{
    gex__object_release(((const struct copy *)object)->stream);
}

static void release_schema(struct ArrowSchema *schema)
{
    const void *copy = schema->private_data;

    for (int64_t k = 0; k < schema->n_children; k++)
        if (schema->children[k]->release != NULL)
            schema->children[k]->release(schema->children[k]);
    schema->release = NULL;
    gex__object_release(copy);
}

static struct ArrowSchema copied(const struct ArrowSchema *schema, struct copy *copy)
{
    struct ArrowSchema mine = *schema;

    mine.release = release_schema;
    mine.private_data = copy;
    gex__object_retain(copy);
    return mine;
}

static int schema_copy(struct stream *stream, struct ArrowSchema *out)
{
    const int64_t count = stream->schema.n_children;
    struct gex__layout layout = {0};
    struct ArrowSchema *children, **places;
    struct copy *copy;
    int64_t at, place;

    gex__layout_add(&layout, 1, sizeof *copy);
    at = gex__layout_add(&layout, count, sizeof *children);
    place = gex__layout_add(&layout, count, sizeof *places);
    copy = gex__object_create(stream->context, &layout, copy_drop);
    stream->failed = copy == NULL;
    if (copy == NULL)
        return ENOMEM;
    copy->stream = stream;
    gex__object_retain(stream);
    children = (struct ArrowSchema *)((char *)copy + at);
    places = (struct ArrowSchema **)((char *)copy + place);
    for (int64_t k = 0; k < count; k++) {
        children[k] = copied(stream->schema.children[k], copy);
        places[k] = &children[k];
    }
    *out = copied(&stream->schema, copy);
    out->children = places;
    gex__object_release(copy); /* which its holders keep */
    return 0;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    struct gex__guest guest;
    int failure;

    out->release = NULL;
    gex__guest_enter(&guest);
    failure = schema_copy(self->private_data, out);
    gex__guest_leave(&guest);
    return failure;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    struct stream *stream = self->private_data;

    *out = stream->array;
    stream->array.release = NULL;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    const struct stream *stream = self->private_data;

    return stream->failed ? "no memory for a schema" : NULL;
}

static void release_stream(struct ArrowArrayStream *self)
{
    self->release = NULL;
    gex__object_release(self->private_data);
}

/* What gex_*_to_arrow() makes: a struct whose children have none. */
static bool is_table(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    if (schema->release == NULL || array->release == NULL || schema->format == NULL ||
        strcmp(schema->format, "+s") != 0 || schema->n_children < 0 || schema->n_children != array->n_children)
        return false;
    for (int64_t k = 0; k < schema->n_children; k++)
        if (schema->children[k]->n_children != 0 || schema->children[k]->dictionary != NULL)
            return false;
    return true;
}

gex_status gex_arrow_stream(const gex_context *context, struct ArrowSchema *schema, struct ArrowArray *array,
                            struct ArrowArrayStream *out, gex_error *error)
{
    struct gex__layout layout = {0};
    struct stream *stream;
    struct gex__guest guest;

    if (out != NULL)
        *out = (struct ArrowArrayStream){.get_schema = NULL};
    if (schema == NULL || array == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "schema, array and out are required");
    if (!is_table(schema, array))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "schema and array are no table of plain columns, or released");
    gex__guest_enter(&guest);
    gex__layout_add(&layout, 1, sizeof *stream);
    stream = gex__object_create(context, &layout, stream_drop);
    gex__guest_leave(&guest);
    if (stream == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a stream");
    stream->schema = *schema;
    stream->array = *array;
    stream->context = context;
    gex__object_retain(context);
    schema->release = NULL;
    array->release = NULL;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, stream};
    return GEX_OK;
}
