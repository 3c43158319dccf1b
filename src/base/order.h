/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting in place: no allocation (the C library's may), worst case n log n. */
#ifndef GEX_BASE_ORDER_H
#define GEX_BASE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Elements 0 to count - 1 of whatever `user` is, by comparing and swapping two places. */
struct gex__heap {
    bool (*less)(const void *user, int64_t a, int64_t b);
    void (*swap)(void *user, int64_t a, int64_t b);
    void *user;
};
void gex__heap_sort(const struct gex__heap *heap, int64_t count);

/* Ascending. No NaN. */
void gex__doubles_sort(double *values, int64_t count);
/* Ascending without repetitions; @return how many are left. */
int64_t gex__doubles_sort_unique(double *values, int64_t count);
/* Indices, so that less(user, index[i + 1], index[i]) holds nowhere. */
void gex__index_sort(int64_t *index, int64_t count, bool (*less)(const void *user, int64_t a, int64_t b),
                     const void *user);

#endif
