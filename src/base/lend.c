/* SPDX-License-Identifier: Apache-2.0 */
/* What a context's host lends, passed on to code beside this library. */
#include "base.h"

void *gex_context_allocate(const gex_context *context, int64_t size)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__guest guest;
    void *block;

    gex__guest_enter(&guest);
    block = gex__memory_get(&memory, size);
    gex__guest_leave(&guest);
    return block;
}

void gex_context_release(const gex_context *context, void *memory, int64_t size)
{
    const struct gex__memory mine = gex__memory_of(context);
    struct gex__guest guest;

    gex__guest_enter(&guest);
    gex__memory_put(&mine, memory, size);
    gex__guest_leave(&guest);
}

gex_status gex_context_run(const gex_context *context, void (*task)(void *arg, int64_t i), void *arg, int64_t n,
                           gex_error *error)
{
    struct gex__guest guest;
    bool ran;

    if (task == NULL || n < 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "task is required, and n not below zero");
    gex__guest_enter(&guest);
    ran = gex__run(context, task, arg, n);
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
