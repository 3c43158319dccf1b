/* SPDX-License-Identifier: Apache-2.0 */
/* A context whose n-th allocation fails, and that counts what is still held. */
#ifndef GEX_TESTS_FAILING_H
#define GEX_TESTS_FAILING_H

#include <check.h>
#include <stdlib.h>

#include <gex/context.h>

struct failing {
    int64_t calls, fail_at; /* counted from 1; fail_at 0: none fails */
    int64_t held;           /* blocks */
};

static inline void *failing_allocate(void *user, int64_t size, int64_t alignment)
{
    struct failing *failing = user;

    if (++failing->calls == failing->fail_at)
        return NULL;
    failing->held++;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static inline void failing_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct failing *failing = user;

    (void)size, (void)alignment;
    failing->held--;
    free(memory);
}

static inline gex_context *failing_context(struct failing *failing)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.allocate = failing_allocate;
    options.release = failing_release;
    options.memory_user = failing;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    return context;
}

#endif
