/* SPDX-License-Identifier: Apache-2.0 */
/** @file context.h What the host lends the library: memory and threads.
 * NULL stands for malloc and the calling thread. */
#ifndef GEX_CONTEXT_H
#define GEX_CONTEXT_H

#include <gex/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_context gex_context; /**< immutable once created; any thread may use it */

/*
 * Instruction sets a context may be bound to. Within one the same bits come out whatever the batch, the alignment and
 * the thread; sets that fuse a product with a sum (all but the baseline of x86-64) agree with each other in every bit.
 */
#define GEX_ISA_LIST(X)                                                                          \
    X(GEX_ISA_AUTO, 0, "auto")         /* the best this machine and this build have */           \
    X(GEX_ISA_BASELINE, 1, "baseline") /* what every machine of the architecture has */          \
    X(GEX_ISA_AVX2, 2, "avx2")         /* x86-64: AVX2 and FMA */                                \
    X(GEX_ISA_AVX512, 3, "avx512")     /* x86-64: AVX-512 F, DQ, BW and VL */

#define GEX_ISA_ENUM(name, value, text) name = value,
enum { GEX_ISA_LIST(GEX_ISA_ENUM) GEX_ISA_LAST_ = 3 };

/** Name of an instruction set. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_isa_name(int32_t instruction_set);

/** Obtain memory. @return NULL when there is none; otherwise `size` bytes aligned to `alignment` (a power of two). */
typedef void *(*gex_allocate)(void *user, int64_t size, int64_t alignment);
/** Give back what gex_allocate returned, with the same size and alignment. Never called with NULL. */
typedef void (*gex_release)(void *user, void *memory, int64_t size, int64_t alignment);
/**
 * Run task(arg, i) for every i in [0, n) once each, in any order, on any threads, and return when all are done. It is
 * called by the thread that made the library call: by several at once where several use the context, never by a task.
 * @return 0 when all ran; anything else makes the library call fail with GEX_ERR_CALLBACK
 */
typedef int32_t (*gex_run)(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n);

/** What the caller chooses. Fill with gex_context_options_init(); every default is a plain NULL or zero. */
typedef struct gex_context_options {
    uint32_t     struct_size;     /**< sizeof, as the caller compiled it */
    int32_t      instruction_set; /**< GEX_ISA_*; GEX_ISA_AUTO by default */
    gex_allocate allocate;        /**< NULL together with release: malloc and free */
    gex_release  release;
    void        *memory_user;     /**< first argument of allocate and release */
    gex_run      run;             /**< NULL: the calling thread, in order */
    void        *run_user;        /**< first argument of run */
    int64_t      keep;            /**< bytes given back that stay with the context for later calls; 0: none */
} gex_context_options;

/** Fill with the defaults. struct_size is what the caller compiled. Thread class: pure. Since 0.1. */
GEX_API void gex_context_options_init(gex_context_options *options, uint32_t struct_size);

/**
 * Bind an allocator, an executor and an instruction set.
 *
 * Every object made with the context keeps its own copy of the two callbacks, so the context may be freed before
 * the objects; what `memory_user` and `run_user` point to has to outlive them.
 *
 * With `keep`, blocks that calls and freed objects give back are lent again to later calls, up to so many bytes idle
 * at a time, in 256 blocks at most. A call that repeats an earlier one on as many rows then asks the host for nothing:
 * not for its workspace, not for its result once the result before it was freed. A block is up to an eighth larger than
 * asked for. Threads may share such a context: none ever waits for another. Freeing the context gives back what is
 * idle; the rest follows with the objects.
 *
 * @param options  NULL for the defaults
 * @param out      freed with gex_context_free(); NULL on failure
 * @param error    filled on failure; may be NULL
 * @return GEX_OK, GEX_ERR_ARGUMENT (one of allocate and release missing, unknown set), _DOMAIN (keep), _UNSUPPORTED (a
 *         set this machine or this build lacks), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: one allocation, two with `keep`.
 */
GEX_API gex_status gex_context_create(const gex_context_options *options, gex_context **out, gex_error *error);
GEX_API void gex_context_free(gex_context *context); /**< NULL is a no-op */
/** The set calls with this context use, never GEX_ISA_AUTO.
 * NULL: that of calls without one. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_context_instruction_set(const gex_context *context);
/** Bytes that lie idle with it, as `keep` allows. NULL: 0. Thread class: const-shared. Since 0.1. */
GEX_API int64_t gex_context_kept(const gex_context *context);

/* What the host lends, for code built beside this library (libgex-fit uses it).
 * NULL context: malloc, and the calling thread. */

/** Memory of the context's allocator, aligned to 64 bytes. @param size  bytes; 0 is possible, below 0 is refused.
 *  @return NULL when there is none. Thread class: const-shared. Since 0.1. */
GEX_API void *gex_context_allocate(const gex_context *context, int64_t size);
/** Give it back, with the same size. NULL memory is a no-op. Thread class: const-shared. Since 0.1. */
GEX_API void gex_context_release(const gex_context *context, void *memory, int64_t size);
/**
 * task(arg, i) for every i in [0, n) once, on the context's executor, each in the default floating-point environment.
 * @return GEX_OK, GEX_ERR_ARGUMENT (no task, n below 0), _CALLBACK.
 *         Thread class: const-shared. No allocation. Since 0.1.
 */
GEX_API gex_status gex_context_run(const gex_context *context, void (*task)(void *arg, int64_t i), void *arg, int64_t n,
                                   gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
