/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file arrow.h A chain from a table in memory, by the Arrow C data interface: no file, no dependency. Out: table.h.
 *
 * The structs are those of https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html, under
 * the guards that let every header declare them.
 */
#ifndef GEX_ARROW_H
#define GEX_ARROW_H

#include <gex/chain.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char          *format;
    const char          *name;
    const char          *metadata;
    int64_t              flags;
    int64_t              n_children;
    struct ArrowSchema **children;
    struct ArrowSchema  *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t             length;
    int64_t             null_count;
    int64_t             offset;
    int64_t             n_buffers;
    int64_t             n_children;
    const void        **buffers;
    struct ArrowArray **children;
    struct ArrowArray  *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/**
 * Make a chain of a struct array: one child a column, found by the names of gex_chain_columns; children of other names
 * are not looked at. Read in place and copied into the chain: the caller still owns both structs afterwards, also on
 * failure, and releases them; nothing here does.
 *
 * | column | types |
 * |---|---|
 * | symbol, root | utf8, large_utf8; longer than 64 bytes is no symbol |
 * | expiry | date32, date64, integers yyyymmdd |
 * | settlement | timestamp of any unit with a time zone, int64 in ns since 1970 UTC |
 * | right | integers as in gex_chain_columns; utf8, large_utf8: C, P, call, put, in any case |
 * | exercise, payoff | likewise; european, american; vanilla, inverse |
 * | all others | float64, float32, integers; one beyond 2^53 is NaN |
 *
 * The null type is a column that is absent. A null, and every value of a row that is null itself, is what
 * gex_chain_create() has for nothing: NaN, code or expiry 0, settlement INT64_MIN, an empty text; so a null strike,
 * right or multiplier refuses its row. Lengths, offsets, counts and missing buffers are checked. How long a buffer is,
 * the interface does not say: one shorter than its array claims is read beyond its end.
 *
 * @param context  allocator; NULL for malloc
 * @param schema   a struct, not released
 * @param array    of that schema, not released; slices are fine
 * @param options  NULL for the defaults
 * @param out      freed with gex_chain_free(); NULL on failure
 * @param error    row: of the array, where texts lie out of order
 * @return GEX_OK, GEX_ERR_ARGUMENT (released; no column names a series; a column twice), _FORMAT (array and schema that
 *         do not fit together), _UNSUPPORTED (type of a column, dictionary), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), three allocations.
 */
GEX_API gex_status gex_chain_from_arrow(const gex_context *context, const struct ArrowSchema *schema,
                                        const struct ArrowArray *array, const gex_chain_options *options,
                                        gex_chain **out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
