/* SPDX-License-Identifier: Apache-2.0 */
/* Heapsort: in place, no worst case, no recursion. Williams (1964), Algorithm 232. */
#include "order.h"

static void sift_down(const struct gex__heap *heap, int64_t parent, int64_t count)
{
    for (int64_t child; (child = 2 * parent + 1) < count; parent = child) {
        if (child + 1 < count && heap->less(heap->user, child, child + 1))
            child++;
        if (!heap->less(heap->user, parent, child))
            return;
        heap->swap(heap->user, parent, child);
    }
}

void gex__heap_sort(const struct gex__heap *heap, int64_t count)
{
    for (int64_t i = count / 2; i-- > 0;)
        sift_down(heap, i, count);
    for (int64_t end = count; end-- > 1;) {
        heap->swap(heap->user, 0, end);
        sift_down(heap, 0, end);
    }
}

static bool doubles_less(const void *user, int64_t a, int64_t b)
{
    const double *values = user;
    return values[a] < values[b];
}

static void doubles_swap(void *user, int64_t a, int64_t b)
{
    double *values = user, kept = values[a];
    values[a] = values[b];
    values[b] = kept;
}

static bool sorted(const double *values, int64_t count)
{
    for (int64_t i = 1; i < count; i++)
        if (values[i] < values[i - 1])
            return false;
    return true;
}

void gex__doubles_sort(double *values, int64_t count)
{
    const struct gex__heap heap = {doubles_less, doubles_swap, values};

    if (!sorted(values, count))
        gex__heap_sort(&heap, count);
}

int64_t gex__doubles_sort_unique(double *values, int64_t count)
{
    int64_t kept = 0;

    gex__doubles_sort(values, count);
    for (int64_t i = 0; i < count; i++)
        if (kept == 0 || values[i] != values[kept - 1])
            values[kept++] = values[i];
    return kept;
}

struct indices {
    int64_t *index;
    bool (*less)(const void *user, int64_t a, int64_t b);
    const void *user;
};

static bool indices_less(const void *user, int64_t a, int64_t b)
{
    const struct indices *indices = user;
    return indices->less(indices->user, indices->index[a], indices->index[b]);
}

static void indices_swap(void *user, int64_t a, int64_t b)
{
    int64_t *index = ((struct indices *)user)->index, kept = index[a];
    index[a] = index[b];
    index[b] = kept;
}

void gex__index_sort(int64_t *index, int64_t count, bool (*less)(const void *user, int64_t a, int64_t b),
                     const void *user)
{
    struct indices indices = {index, less, user};
    const struct gex__heap heap = {indices_less, indices_swap, &indices};

    gex__heap_sort(&heap, count);
}
