/* SPDX-License-Identifier: Apache-2.0 */
/* Strided columns of a caller into blocks on the stack, and rows into tasks for the executor. */
#ifndef GEX_MATH_COLUMNS_H
#define GEX_MATH_COLUMNS_H

#include <string.h>

#include "base/base.h"

enum {
    GEX_BLOCK_ROWS = 64,   /* gathered at a time: 3 kB of stack, over which the kernel takes 9 */
    GEX_TASK_ROWS = 16384, /* a task for the executor: some hundred microseconds */
};

static inline void gex__gather_f64(gex_f64 column, double absent, int64_t from, int64_t rows, double *out)
{
    if (column.data == NULL)
        for (int64_t i = 0; i < rows; i++)
            out[i] = absent;
    else if (column.stride == (int64_t)sizeof *out)
        memcpy(out, (const char *)column.data + from * (int64_t)sizeof *out, (size_t)rows * sizeof *out);
    else
        for (int64_t i = 0; i < rows; i++)
            out[i] = gex__f64_at(column, from + i);
}

static inline void gex__gather_i8(gex_i8 column, int64_t from, int64_t rows, int8_t *out)
{
    if (column.stride == 1)
        memcpy(out, column.data + from, (size_t)rows);
    else
        for (int64_t i = 0; i < rows; i++)
            out[i] = gex__i8_at(column, from + i);
}

static inline int64_t gex__tasks_of(int64_t rows)
{
    return (rows + GEX_TASK_ROWS - 1) / GEX_TASK_ROWS;
}

/* The first row after a task. */
static inline int64_t gex__task_end(int64_t task, int64_t rows)
{
    return (task + 1) * GEX_TASK_ROWS < rows ? (task + 1) * GEX_TASK_ROWS : rows;
}

#endif
