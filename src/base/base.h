/* SPDX-License-Identifier: Apache-2.0 */
/* The foundation every room stands on:
 * failing, options of any age, memory, objects, the host's executor, good manners. */
#ifndef GEX_BASE_H
#define GEX_BASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gex/column.h>
#include <gex/context.h>
#include <gex/status.h>

/* ---- failing ------------------------------------------------------------------------------------------------- */

/*
 * Fill `error` (may be NULL) and return `status`. The format knows {i} int64_t, {u} uint32_t, {s} const char *,
 * {n} int64_t length then const char * not terminated, {g} double; anything else is copied. Too long is cut.
 * Errors are born at public doors and nowhere behind them.
 */
gex_status gex__fail(gex_error *error, gex_status status, int64_t row, const char *format, ...);

/* ---- options of any age -------------------------------------------------------------------------------------- */

enum { GEX_OPTIONS_MAX = 4096 };

/*
 * Copy a caller's struct into `mine`, which already holds today's defaults. A shorter one leaves the rest at its
 * default; a longer one is understood only if what we do not know is zero. `first_size` is the size of version 0.1.
 */
gex_status gex__options_take(void *mine, size_t mine_size, size_t first_size, const void *theirs);
/* Write `mine` into a struct the caller compiled with the size in its first field; never beyond it. */
gex_status gex__options_give(void *theirs, size_t first_size, const void *mine, size_t mine_size);
/* Serve gex_*_init(): defaults of today, cut to the size the caller compiled, which is recorded. NULL is ignored. */
void gex__options_init(void *theirs, uint32_t theirs_size, const void *defaults, size_t defaults_size);

/* ---- sizes ---------------------------------------------------------------------------------------------------- */

enum { GEX_ALIGNMENT = 64 }; /* of every block and every array in it: one cache line, the widest vector */

/* Sizes of the arrays one block will hold, added up with every overflow caught. */
struct gex__layout {
    int64_t size;     /* bytes so far, a multiple of GEX_ALIGNMENT */
    bool    overflow; /* once set, the block cannot be had */
};
/* Room for `count` elements of `element` bytes; @return its offset in the block. */
int64_t gex__layout_add(struct gex__layout *layout, int64_t count, int64_t element);

/* Where many arrays lie: counted in a first call with block NULL, handed out in a second. */
struct gex__carve {
    struct gex__layout layout;
    char              *block;
};
void *gex__carve(struct gex__carve *carve, int64_t count, int64_t element);

/* ---- memory and objects --------------------------------------------------------------------------------------- */

struct gex__memory {
    gex_allocate allocate;
    gex_release  release;
    void        *user;
};

/* The context's allocator, or malloc and free for NULL. */
struct gex__memory gex__memory_of(const gex_context *context);
/* NULL on failure or when size is out of range; never asks for zero bytes. Contents are undefined. */
void *gex__memory_get(const struct gex__memory *memory, int64_t size);
void  gex__memory_put(const struct gex__memory *memory, void *block, int64_t size);

/*
 * First member of every object. One block holds the object and all its arrays. Objects count their references, so a
 * caller may free a chain before the market made from it.
 */
struct gex__object {
    atomic_int         references;
    int64_t            size; /* of the block */
    struct gex__memory memory;
    void (*drop)(void *object); /* releases what the object retains; may be NULL */
};
/* A zeroed block of layout.size bytes that begins with the object; NULL when there is no memory. */
void *gex__object_create(const gex_context *context, const struct gex__layout *layout, void (*drop)(void *object));
/* ... of which the first `head` bytes are zeroed: what is behind them the caller fills. */
void *gex__object_create_open(const gex_context *context, const struct gex__layout *layout, int64_t head,
                              void (*drop)(void *object));
void  gex__object_retain(const void *object);
void  gex__object_release(const void *object); /* NULL is a no-op */

/* ---- columns --------------------------------------------------------------------------------------------------- */

/* Value of row i of a column that is present. Unaligned reads are fine. */
double  gex__f64_at(gex_f64 column, int64_t i);
int64_t gex__i64_at(gex_i64 column, int64_t i);
int32_t gex__i32_at(gex_i32 column, int64_t i);
int8_t  gex__i8_at(gex_i8 column, int64_t i);
/* Does the place of the last of `rows` values fit? Proved at the door, before any value is read. */
bool gex__stride_fits(const void *data, int64_t stride, int64_t rows);
/* Length of a text value: up to its first zero byte or the width. */
int64_t gex__text_at(gex_text column, int64_t i, const char **text_out);

/* ---- the host's executor --------------------------------------------------------------------------------------- */

/* task(arg, i) for every i once, on the host's executor or here. @return false when the executor reported failure.
 * Each task runs in the default floating-point environment. */
bool gex__run(const gex_context *context, void (*task)(void *arg, int64_t i), void *arg, int64_t n);
/* GEX_ISA_* the context is bound to; the best one for NULL. */
int32_t gex__isa(const gex_context *context);

/* ---- good manners ---------------------------------------------------------------------------------------------- */

/* What a public call may disturb and must leave as it found it: errno, rounding, traps, flush-to-zero, sticky flags. */
struct gex__guest {
    int      saved_errno;
    uint64_t environment[8];
};
void gex__guest_enter(struct gex__guest *guest); /* save, and set the default environment where it is not set */
void gex__guest_leave(const struct gex__guest *guest);

#endif
