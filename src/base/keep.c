/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idle blocks stand in slots that any thread may empty or fill by one exchange, so nobody ever waits. Sizes are rounded
 * to eight steps an octave and only a block of the very size is lent again: whatever was enough for a sequence of calls
 * is enough for the same sequence once more, in any order in which its blocks came back.
 */
#include "keep.h"

#include <string.h>

enum { SLOTS = 256, STEPS = 8, EXACT = 512 };

/* An idle block begins with its size. */
struct idle {
    int64_t size;
};

struct gex__keep {
    atomic_int_least64_t   holders; /* blocks that are lent, and the context */
    atomic_int_least64_t   limit, bytes;
    struct gex__memory     host;
    atomic_int_least64_t   hint[SLOTS]; /* size of the block last put in, to spare a look */
    _Atomic(struct idle *) slot[SLOTS];
};

/* The size that is asked of the host: multiples of GEX_ALIGNMENT; below zero: too big. */
static int64_t rounded(int64_t size)
{
    int64_t step, whole;

    if (size <= EXACT)
        return size;
    step = (int64_t)1 << (63 - __builtin_clzll((uint64_t)size));
    step /= STEPS;
    return __builtin_add_overflow(size, step - 1, &whole) ? -1 : whole / step * step;
}

static int64_t keep_size(void)
{
    return ((int64_t)sizeof(struct gex__keep) + GEX_ALIGNMENT - 1) / GEX_ALIGNMENT * GEX_ALIGNMENT;
}

static bool put_in(struct gex__keep *keep, struct idle *block)
{
    for (int i = 0; i < SLOTS; i++) {
        struct idle *nothing = NULL;

        if (atomic_load_explicit(&keep->slot[i], memory_order_relaxed) == NULL) {
            atomic_store_explicit(&keep->hint[i], block->size, memory_order_relaxed);
            if (atomic_compare_exchange_strong(&keep->slot[i], &nothing, block))
                return true;
        }
    }
    return false;
}

static void to_host(struct gex__keep *keep, void *block, int64_t size)
{
    keep->host.release(keep->host.user, block, size, GEX_ALIGNMENT);
}

static struct idle *take_out(struct gex__keep *keep, int64_t size)
{
    for (int i = 0; i < SLOTS; i++) {
        struct idle *block;

        if (atomic_load_explicit(&keep->hint[i], memory_order_relaxed) != size)
            continue;
        block = atomic_exchange(&keep->slot[i], NULL);
        if (block == NULL)
            continue;
        if (block->size == size) {
            atomic_fetch_sub(&keep->bytes, size);
            return block;
        }
        if (!put_in(keep, block)) { /* another thread's hint: the block is not ours */
            atomic_fetch_sub(&keep->bytes, block->size);
            to_host(keep, block, block->size);
        }
    }
    return NULL;
}

static void empty(struct gex__keep *keep)
{
    for (int i = 0; i < SLOTS; i++) {
        struct idle *block = atomic_exchange(&keep->slot[i], NULL);

        if (block != NULL) {
            atomic_fetch_sub(&keep->bytes, block->size);
            to_host(keep, block, block->size);
        }
    }
}

static void let_go(struct gex__keep *keep)
{
    const struct gex__memory host = keep->host;

    if (atomic_fetch_sub(&keep->holders, 1) != 1)
        return;
    empty(keep);
    host.release(host.user, keep, keep_size(), GEX_ALIGNMENT);
}

static void *keep_allocate(void *user, int64_t size, int64_t alignment)
{
    struct gex__keep *keep = user;
    const int64_t whole = rounded(size);
    void *block;

    if (whole < 0)
        return NULL;
    block = take_out(keep, whole);
    if (block == NULL)
        block = keep->host.allocate(keep->host.user, whole, alignment);
    if (block != NULL)
        atomic_fetch_add(&keep->holders, 1);
    return block;
}

static void keep_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct gex__keep *keep = user;
    const int64_t whole = rounded(size);
    struct idle *block = memory;

    (void)alignment;
    block->size = whole;
    if (atomic_fetch_add(&keep->bytes, whole) + whole > atomic_load(&keep->limit) || !put_in(keep, block)) {
        atomic_fetch_sub(&keep->bytes, whole);
        to_host(keep, block, whole);
    }
    let_go(keep);
}

struct gex__keep *gex__keep_create(const struct gex__memory *host, int64_t limit)
{
    struct gex__keep *keep = gex__memory_get(host, keep_size());

    if (keep == NULL)
        return NULL;
    keep->host = *host;
    atomic_init(&keep->holders, 1);
    atomic_init(&keep->limit, limit);
    atomic_init(&keep->bytes, 0);
    for (int i = 0; i < SLOTS; i++) {
        atomic_init(&keep->hint[i], 0);
        atomic_init(&keep->slot[i], NULL);
    }
    return keep;
}

struct gex__memory gex__keep_memory(struct gex__keep *keep)
{
    return (struct gex__memory){keep_allocate, keep_release, keep};
}

void gex__keep_close(struct gex__keep *keep)
{
    atomic_store(&keep->limit, 0);
    empty(keep);
    let_go(keep);
}

int64_t gex__keep_idle(const struct gex__keep *keep)
{
    return atomic_load(&keep->bytes);
}
