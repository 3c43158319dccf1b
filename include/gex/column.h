/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file column.h Columns: where the first value is, and how many bytes on the next one lies.
 *
 * The stride may be any number of bytes, negative included; 0 repeats one value for every row. A numpy array fits as it
 * is, and so does a field of an array of structs. `data` NULL means the column is absent. Values need no alignment.
 * The library reads columns during the call they are passed to and keeps no pointer.
 */
#ifndef GEX_COLUMN_H
#define GEX_COLUMN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_f64 {
    const double *data;
    int64_t       stride; /**< bytes */
} gex_f64;

typedef struct gex_i64 {
    const int64_t *data;
    int64_t        stride; /**< bytes */
} gex_i64;

typedef struct gex_i32 {
    const int32_t *data;
    int64_t        stride; /**< bytes */
} gex_i32;

typedef struct gex_i8 {
    const int8_t *data;
    int64_t       stride; /**< bytes */
} gex_i8;

/** Fixed-width text: each value is `width` bytes, ended early by a zero byte. numpy's 'S' type fits as it is. */
typedef struct gex_text {
    const char *data;
    int64_t     stride; /**< bytes from one value to the next */
    int64_t     width;  /**< bytes of one value, 1 to 64 */
} gex_text;

#define GEX_MAX_ROWS INT64_C(0x10000000000) /* 2^40; a larger count is refused */

#ifdef __cplusplus
}
#endif
#endif
