/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block of a table: the structs of its children, their buffers, bitmaps, copies, texts and metadata. Struct, schema
 * and every child of either hold a reference each, so that any of them may be the last to go.
 */
#include "table.h"

#include <math.h>
#include <string.h>

static const char gross_suffix[] = "_gross";

struct block {
    struct gex__object object;
    const void        *owner;
};

/* ---- columns ----------------------------------------------------------------------------------------------------- */

static bool is_text(const struct gex__table_column *column)
{
    return column->format[0] == 'U';
}

static int64_t width_of(const char *format)
{
    switch (format[0]) {
    case 'c':
    case 'C': return 1;
    case 'i':
    case 'I': return 4;
    default: return 8;
    }
}

void gex__table_open(struct gex__table *table, const void *owner, int64_t rows)
{
    table->owner = table->from = owner;
    table->rows = rows;
    table->count = 0;
}

static struct gex__table_column *column_add(struct gex__table *table, const char *name, const char *format,
                                            const char *unit)
{
    struct gex__table_column *column = &table->column[table->count++];

    *column = (struct gex__table_column){
        .name = name, .format = format, .unit = unit,
        .null = format[0] == 'g' ? GEX_NULL_NAN : format[0] == 't' ? GEX_NULL_LOWEST : GEX_NULL_NEVER};
    return column;
}

struct gex__table_column *gex__table_lend(struct gex__table *table, const char *name, const char *format,
                                          const char *unit, const void *data)
{
    struct gex__table_column *column = column_add(table, name, format, unit);

    column->data = data;
    return column;
}

struct gex__table_column *gex__table_fill(struct gex__table *table, const char *name, const char *format,
                                          const char *unit,
                                          void (*fill)(const void *from, int64_t which, int64_t rows, void *to),
                                          int32_t which)
{
    struct gex__table_column *column = column_add(table, name, format, unit);

    column->fill = fill;
    column->which = which;
    return column;
}

void gex__table_text(struct gex__table *table, const char *name,
                     void (*text)(const void *from, int64_t row, char *text))
{
    column_add(table, name, "U", NULL)->text = text;
}

/* ---- nulls ------------------------------------------------------------------------------------------------------- */

static bool is_null(const struct gex__table_column *column, const char *values, int64_t row)
{
    const int64_t width = width_of(column->format);
    int64_t whole = 0;
    double real;

    if (column->null == GEX_NULL_NAN) {
        memcpy(&real, values + row * width, sizeof real);
        return isnan(real);
    }
    if (width == 1)
        whole = ((const int8_t *)values)[row];
    else
        memcpy(&whole, values + row * width, sizeof whole); /* of 8 bytes: narrower ones are never null */
    if (column->null == GEX_NULL_ZERO)
        return whole == 0;
    return column->null == GEX_NULL_LOWEST ? whole == INT64_MIN : whole < 0;
}

/* Bits of what is there. @return how many are not. */
static int64_t nulls_mark(const struct gex__table_column *column, const char *values, int64_t rows, uint8_t *bits)
{
    int64_t count = 0;

    for (int64_t row = 0; row < rows; row++) {
        const bool null = is_null(column, values, row);

        count += null ? 1 : 0;
        if (!null)
            bits[row / 8] = (uint8_t)(bits[row / 8] | 1 << row % 8);
    }
    return count;
}

/* ---- the block --------------------------------------------------------------------------------------------------- */

/* Where its parts lie: counted in a first pass, handed out in a second. */
struct parts {
    struct block        *block;
    struct ArrowSchema  *schemas, **schema_at;
    struct ArrowArray   *arrays, **array_at;
    const void         **buffers; /* one of the struct, three a child */
};
/* ... and those of a child. */
struct child {
    uint8_t *bits;
    char    *values, *texts, *metadata, *name;
};

static int64_t metadata_size(const struct gex__table_column *column)
{
    return column->unit != NULL ? (int64_t)(3 * sizeof(int32_t) + 4 + strlen(column->unit)) : 0;
}

static int64_t text_size(const struct gex__table *table, const struct gex__table_column *column)
{
    char text[GEX_TABLE_TEXT];
    int64_t size = 0;

    for (int64_t row = 0; is_text(column) && row < table->rows; row++) {
        column->text(table->from, row, text);
        size += (int64_t)strlen(text);
    }
    return size;
}

static int64_t name_size(const struct gex__table_column *column)
{
    return column->gross ? (int64_t)(strlen(column->name) + sizeof gross_suffix) : 0;
}

static void carve(struct gex__carve *carve, const struct gex__table *table, struct parts *parts)
{
    parts->block = gex__carve(carve, 1, sizeof *parts->block);
    parts->schemas = gex__carve(carve, table->count, sizeof *parts->schemas);
    parts->schema_at = gex__carve(carve, table->count, sizeof *parts->schema_at);
    parts->arrays = gex__carve(carve, table->count, sizeof *parts->arrays);
    parts->array_at = gex__carve(carve, table->count, sizeof *parts->array_at);
    parts->buffers = gex__carve(carve, 1 + 3 * (int64_t)table->count, sizeof *parts->buffers);
}

/* `texts` bytes of texts come last: how many is only known once they are there. */
static void carve_child(struct gex__carve *carve, const struct gex__table *table,
                        const struct gex__table_column *column, int64_t texts, struct child *child)
{
    const bool text = is_text(column);
    const int64_t made = text ? table->rows + 1 : column->fill != NULL ? table->rows : 0;

    child->bits = gex__carve(carve, column->null != GEX_NULL_NEVER ? (table->rows + 7) / 8 : 0, 1);
    child->values = gex__carve(carve, made, width_of(column->format));
    child->metadata = gex__carve(carve, metadata_size(column), 1);
    child->name = gex__carve(carve, name_size(column), 1);
    child->texts = gex__carve(carve, texts, 1);
}

static void drop(void *object)
{
    gex__object_release(((const struct block *)object)->owner);
}

/* ---- filled ------------------------------------------------------------------------------------------------------ */

static void release_schema(struct ArrowSchema *schema)
{
    const void *block = schema->private_data;

    for (int64_t k = 0; k < schema->n_children; k++)
        if (schema->children[k]->release != NULL) /* not moved away */
            schema->children[k]->release(schema->children[k]);
    schema->release = NULL;
    gex__object_release(block);
}

static void release_array(struct ArrowArray *array)
{
    const void *block = array->private_data;

    for (int64_t k = 0; k < array->n_children; k++)
        if (array->children[k]->release != NULL)
            array->children[k]->release(array->children[k]);
    array->release = NULL;
    gex__object_release(block);
}

/* Offsets, and the bytes they point into. @return how many. */
static int64_t texts_fill(const struct gex__table *table, const struct gex__table_column *column, char *offsets,
                          char *to)
{
    char text[GEX_TABLE_TEXT];
    int64_t end = 0;

    for (int64_t row = 0; row < table->rows; row++) {
        memcpy(offsets + row * (int64_t)sizeof end, &end, sizeof end);
        column->text(table->from, row, text);
        memcpy(to + end, text, strlen(text));
        end += (int64_t)strlen(text);
    }
    memcpy(offsets + table->rows * (int64_t)sizeof end, &end, sizeof end);
    return end;
}

static char *metadata_put(char *at, const char *text)
{
    const int32_t length = (int32_t)strlen(text);

    memcpy(at, &length, sizeof length);
    memcpy(at + sizeof length, text, strlen(text));
    return at + sizeof length + strlen(text);
}

/* One pair of a key and a value, in the order of bytes of this machine. */
static const char *metadata_fill(const char *unit, char *to)
{
    if (unit == NULL)
        return NULL;
    memcpy(to, &(int32_t){1}, sizeof(int32_t));
    metadata_put(metadata_put(to + sizeof(int32_t), "unit"), unit);
    return to;
}

static const char *name_fill(const struct gex__table_column *column, char *to)
{
    if (!column->gross)
        return column->name;
    memcpy(to, column->name, strlen(column->name));
    memcpy(to + strlen(column->name), gross_suffix, sizeof gross_suffix);
    return to;
}

/* @return bytes of its texts. */
static int64_t child_fill(const struct gex__table *table, int32_t k, const struct parts *parts,
                          const struct child *child)
{
    const struct gex__table_column *column = &table->column[k];
    const void **buffers = parts->buffers + 1 + 3 * k;
    const bool text = is_text(column);
    int64_t nulls = 0, texts = 0;

    buffers[1] = column->data != NULL ? column->data : child->values;
    if (text)
        texts = texts_fill(table, column, child->values, child->texts);
    else if (column->fill != NULL)
        column->fill(table->from, column->which, table->rows, child->values);
    buffers[2] = text ? child->texts : NULL;
    if (column->null != GEX_NULL_NEVER)
        nulls = nulls_mark(column, buffers[1], table->rows, child->bits);
    buffers[0] = nulls > 0 ? child->bits : NULL;
    parts->schemas[k] = (struct ArrowSchema){
        .format = column->format, .name = name_fill(column, child->name),
        .metadata = metadata_fill(column->unit, child->metadata),
        .flags = column->null != GEX_NULL_NEVER ? ARROW_FLAG_NULLABLE : 0, .release = release_schema,
        .private_data = parts->block};
    parts->arrays[k] = (struct ArrowArray){.length = table->rows, .null_count = nulls, .n_buffers = text ? 3 : 2,
                                           .buffers = buffers, .release = release_array, .private_data = parts->block};
    parts->schema_at[k] = &parts->schemas[k];
    parts->array_at[k] = &parts->arrays[k];
    gex__object_retain(parts->block);
    gex__object_retain(parts->block);
    return texts;
}

static void block_fill(struct gex__carve *carve, const struct gex__table *table, const struct parts *parts,
                       struct ArrowSchema *schema, struct ArrowArray *array)
{
    struct child child;

    parts->block->owner = table->owner;
    gex__object_retain(table->owner);
    for (int32_t k = 0; k < table->count; k++) {
        carve_child(carve, table, &table->column[k], 0, &child);
        (void)gex__carve(carve, child_fill(table, k, parts, &child), 1);
    }
    *schema = (struct ArrowSchema){.format = "+s", .name = "", .n_children = table->count, .children = parts->schema_at,
                                   .release = release_schema, .private_data = parts->block};
    *array = (struct ArrowArray){.length = table->rows, .n_buffers = 1, .n_children = table->count,
                                 .buffers = parts->buffers, .children = parts->array_at, .release = release_array,
                                 .private_data = parts->block};
    gex__object_retain(parts->block);
}

gex_status gex__table_give(const gex_context *context, const struct gex__table *table, struct ArrowSchema *schema,
                           struct ArrowArray *array, gex_error *error)
{
    struct gex__carve counted = {.block = NULL}, given = {.block = NULL};
    struct parts parts;
    struct child child;

    carve(&counted, table, &parts);
    for (int32_t k = 0; k < table->count; k++)
        carve_child(&counted, table, &table->column[k], text_size(table, &table->column[k]), &child);
    given.block = gex__object_create(context, &counted.layout, drop);
    if (given.block == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a table of {i} rows", table->rows);
    carve(&given, table, &parts);
    block_fill(&given, table, &parts, schema, array);
    return GEX_OK;
}
