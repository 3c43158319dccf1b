/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A struct array made of the input, its counts, offsets, formats and pointers hostile: refused, or the chain it says.
 * How long a buffer is the interface cannot tell, so each is as long as its array claims, in a block that ends there,
 * and not a byte longer.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

enum { COLUMNS_MOST = 18, ROWS_MOST = 24, BLOCKS_MOST = 3 * COLUMNS_MOST + 1, TEXT_ROOM = 4096 };

/* What is left of the input; zeros behind its end. */
struct input {
    const uint8_t *at, *end;
};

struct table {
    struct ArrowSchema schema, schemas[COLUMNS_MOST], dictionary, *schema_at[COLUMNS_MOST];
    struct ArrowArray  array, arrays[COLUMNS_MOST], values, *array_at[COLUMNS_MOST];
    const void        *valid[1], *buffers[COLUMNS_MOST][3];
    void              *blocks[BLOCKS_MOST];
    int                block_count, released;
};

static void require(int truth)
{
    if (!truth)
        abort();
}

static uint8_t take(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

static void *block_of(struct table *table, struct input *input, int64_t bytes)
{
    unsigned char *block = malloc(bytes > 0 ? (size_t)bytes : 1);

    for (int64_t i = 0; i < bytes; i++)
        block[i] = take(input);
    require(table->block_count < BLOCKS_MOST);
    return table->blocks[table->block_count++] = block;
}

/* Mostly `likely`; now and then what no array has. */
static int64_t count_of(struct input *input, int64_t likely)
{
    static const int64_t odd[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX / 8, (int64_t)1 << 40, 0, 1, 7};
    const uint8_t choice = take(input);

    return choice < 8 ? odd[choice] : choice < 16 ? likely + (choice & 1 ? 1 : -1) : likely;
}

static void release_schema(struct ArrowSchema *schema)
{
    ++*(int *)schema->private_data;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    ++*(int *)array->private_data;
    array->release = NULL;
}

static int64_t width_of(const char *format)
{
    switch (format[0]) {
    case 'c': case 'C': return 1;
    case 's': case 'S': return 2;
    case 'i': case 'I': case 'f': return 4;
    default: return strcmp(format, "tdD") == 0 ? 4 : 8;
    }
}

/* Offsets of texts, most of them in order, and as many bytes as the last one says. */
static void texts_put(struct table *table, struct input *input, int k, int64_t values, int wide)
{
    int64_t *large = malloc((size_t)(values + 1) * sizeof *large), end = 0;
    int32_t *small = malloc((size_t)(values + 1) * sizeof *small);

    for (int64_t i = 0; i <= values; i++) {
        const uint8_t step = take(input);

        end += step < 250 ? step % 40 : step == 255 ? -step : 0;
        large[i] = end;
        small[i] = (int32_t)end;
    }
    if (take(input) == 1) { /* the last text ends nowhere: nothing stands behind its first bytes, nor is looked at */
        large[values] = INT64_MIN;
        small[values] = INT32_MIN;
    }
    table->blocks[table->block_count++] = wide ? (void *)large : (void *)small;
    table->buffers[k][1] = wide ? (const void *)large : (const void *)small;
    free(wide ? (void *)small : (void *)large);
    table->buffers[k][2] = block_of(table, input, end < 0 ? 0 : end > TEXT_ROOM ? TEXT_ROOM : end);
}

static void column_put(struct table *table, struct input *input, int k, int64_t rows)
{
    static const char *const names[] = {"symbol", "root", "expiry", "settlement", "strike", "right", "exercise",
                                        "payoff", "multiplier", "bid", "ask", "last", "vol", "open_interest", "volume",
                                        "other", ""};
    static const char *const formats[] = {"u", "U", "g", "f", "c", "C", "s", "S", "i", "I", "l", "L", "tdD", "tdm",
                                          "tss:UTC", "tsm:UTC", "tsu:+01:00", "tsn:UTC", "tsn:", "ts", "n", "", "e",
                                          "b", "vu", "+s", "d:19,10", "ttu", "uu"};
    const char *format = formats[take(input) % (sizeof formats / sizeof *formats)];
    const uint8_t odd = take(input);
    const int64_t offset = take(input) % 4, values = rows + offset;
    const int is_text = strcmp(format, "u") == 0 || strcmp(format, "U") == 0;
    struct ArrowSchema *schema = &table->schemas[k];
    struct ArrowArray *array = &table->arrays[k];

    *schema = (struct ArrowSchema){.format = format, .name = names[take(input) % (sizeof names / sizeof *names)],
                                   .release = release_schema, .private_data = &table->released};
    *array = (struct ArrowArray){.length = count_of(input, rows), .offset = offset, .null_count = count_of(input, -1),
                                 .n_buffers = strcmp(format, "n") == 0 ? 0 : is_text ? 3 : 2,
                                 .buffers = table->buffers[k], .release = release_array,
                                 .private_data = &table->released};
    if (is_text)
        texts_put(table, input, k, values, format[0] == 'U');
    else
        table->buffers[k][1] = block_of(table, input, values * width_of(format));
    table->buffers[k][0] = (odd & 1) != 0 ? block_of(table, input, (values + 7) / 8) : NULL;
    table->schema_at[k] = schema;
    table->array_at[k] = array;
    switch (odd >> 1) { /* each of what a producer can get wrong */
    case 1: array->n_buffers = count_of(input, 2); break;
    case 2: array->buffers = NULL; break;
    case 3: table->buffers[k][1] = NULL; break;
    case 4: table->buffers[k][2] = NULL; break;
    case 5: table->schema_at[k] = NULL; break;
    case 6: table->array_at[k] = NULL; break;
    case 7: schema->release = NULL; break;
    case 8: array->release = NULL; break;
    case 9: schema->format = NULL; break;
    case 10: schema->name = NULL; break;
    case 11: schema->dictionary = &table->dictionary; break;
    case 12: array->dictionary = &table->values; break;
    case 13: array->offset = count_of(input, -offset - 1); break;
    default: break;
    }
    if (array->offset > offset) /* claims values that are not there: only where it cannot be believed */
        array->length = -1;
}

static void table_put(struct table *table, struct input *input)
{
    const int64_t rows = take(input) % ROWS_MOST, offset = take(input) % 3;
    const int columns = take(input) % COLUMNS_MOST;
    const uint8_t odd = take(input);

    table->schema = (struct ArrowSchema){.format = odd == 1 ? "+l" : odd == 2 ? NULL : "+s", .n_children = columns,
                                         .children = table->schema_at, .release = release_schema,
                                         .private_data = &table->released};
    table->array = (struct ArrowArray){.length = rows, .offset = offset, .null_count = -1, .n_buffers = 1,
                                       .n_children = columns, .buffers = table->valid, .children = table->array_at,
                                       .release = release_array, .private_data = &table->released};
    for (int k = 0; k < columns; k++)
        column_put(table, input, k, rows + offset);
    if ((odd & 128) != 0)
        table->valid[0] = block_of(table, input, (rows + offset + 7) / 8);
    switch (odd & 127) {
    case 3: table->schema.children = NULL; break;
    case 4: table->array.children = NULL; break;
    case 5: table->array.n_children = count_of(input, columns + 1); break;
    case 6: table->array.n_children = table->schema.n_children = -1; break;
    case 7: table->array.n_buffers = count_of(input, 0); break;
    case 8: table->array.buffers = NULL; break;
    case 9: table->array.offset = -1; break;
    case 10: table->array.length = -1; break;
    case 11: table->array.null_count = 1; break;
    case 12: table->schema.release = NULL; break;
    case 13: table->array.release = NULL; break;
    default: break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, data + size};
    struct table *table = calloc(1, sizeof *table);
    gex_chain *chain = NULL;
    gex_error error;
    char symbol[65];

    table_put(table, &input);
    if (gex_chain_from_arrow(NULL, &table->schema, &table->array, NULL, &chain, &error) == GEX_OK) {
        require(chain != NULL && gex_chain_rows(chain) == table->array.length);
        for (int64_t i = 0; i < gex_chain_rows(chain); i++)
            require(gex_chain_symbol(chain, i, symbol, sizeof symbol) <= 64);
    } else {
        require(chain == NULL && error.status < 0);
    }
    require(table->released == 0); /* they are still the caller's */
    gex_chain_free(chain);
    for (int i = 0; i < table->block_count; i++)
        free(table->blocks[i]);
    free(table);
    return 0;
}
