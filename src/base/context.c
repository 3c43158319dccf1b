/* SPDX-License-Identifier: Apache-2.0 */
/* What the host lends: allocator, executor, instruction set. */
#include "context.h"

#include "isa.h"

enum { CONTEXT_OPTIONS_0_1 = 48 };
_Static_assert(sizeof(gex_context_options) >= CONTEXT_OPTIONS_0_1, "options only grow");

void gex_context_options_init(gex_context_options *options, uint32_t struct_size)
{
    static const gex_context_options defaults = {.instruction_set = GEX_ISA_AUTO};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static void context_drop(void *object)
{
    const gex_context *context = object;

    if (context->keep != NULL)
        gex__keep_close(context->keep);
}

gex_status gex_context_create(const gex_context_options *options, gex_context **out, gex_error *error)
{
    gex_context_options opt = {.instruction_set = GEX_ISA_AUTO};
    struct gex__layout layout = {0};
    gex_context making = {.memory = {0}}, *context;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "out is required");
    *out = NULL;
    if (options != NULL && gex__options_take(&opt, sizeof opt, CONTEXT_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "context options: struct_size {u}", options->struct_size);
    if ((opt.allocate == NULL) != (opt.release == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "allocate and release come together");
    if (opt.instruction_set < GEX_ISA_AUTO || opt.instruction_set > GEX_ISA_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "instruction set {i} is not one of GEX_ISA_*",
                         (int64_t)opt.instruction_set);
    if (!gex__isa_here(opt.instruction_set))
        return gex__fail(error, GEX_ERR_UNSUPPORTED, -1,
                         "instruction set {s} is not on this machine or not in this "
                         "build: GEX_ISA_AUTO takes {s}",
                         gex_isa_name(opt.instruction_set), gex_isa_name(gex__isa_best()));

    if (opt.keep < 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "keep {i}: bytes, not below zero", opt.keep);
    making.memory = gex__memory_of(NULL);
    if (opt.allocate != NULL)
        making.memory = (struct gex__memory){opt.allocate, opt.release, opt.memory_user};
    gex__layout_add(&layout, 1, sizeof *context);
    context = gex__object_create(&making, &layout, context_drop);
    if (context == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a context");
    context->memory = making.memory;
    if (opt.keep > 0) {
        context->keep = gex__keep_create(&making.memory, opt.keep);
        if (context->keep == NULL) {
            gex__object_release(context);
            return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a context that keeps some");
        }
        context->memory = gex__keep_memory(context->keep);
    }
    context->run = opt.run;
    context->run_user = opt.run_user;
    context->instruction_set = opt.instruction_set == GEX_ISA_AUTO ? gex__isa_best() : opt.instruction_set;
    *out = context;
    return GEX_OK;
}

void gex_context_free(gex_context *context)
{
    gex__object_release(context);
}

int64_t gex_context_kept(const gex_context *context)
{
    return context != NULL && context->keep != NULL ? gex__keep_idle(context->keep) : 0;
}

int32_t gex__isa(const gex_context *context)
{
    return context != NULL ? context->instruction_set : gex__isa_best();
}

int32_t gex_context_instruction_set(const gex_context *context)
{
    return gex__isa(context);
}

struct guarded {
    void (*task)(void *arg, int64_t i);
    void *arg;
};

static void run_guarded(void *arg, int64_t i)
{
    const struct guarded *guarded = arg;
    struct gex__guest guest;

    gex__guest_enter(&guest);
    guarded->task(guarded->arg, i);
    gex__guest_leave(&guest);
}

bool gex__run(const gex_context *context, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    struct guarded guarded = {task, arg};

    if (context != NULL && context->run != NULL)
        return context->run(context->run_user, run_guarded, &guarded, n) == 0;
    for (int64_t i = 0; i < n; i++)
        task(arg, i);
    return true;
}
