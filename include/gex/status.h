/* SPDX-License-Identifier: Apache-2.0 */
/** @file status.h How every call answers: a status to branch on, and a caller-owned record that says why. */
#ifndef GEX_STATUS_H
#define GEX_STATUS_H

#include <stdint.h>

#if defined(__GNUC__)
#define GEX_API __attribute__((visibility("default")))
#else
#define GEX_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t gex_status; /* fixed width: an enum's size is the compiler's choice */

/* Append only; a value is never used twice. Callers treat an unknown negative as failure. */
#define GEX_STATUS_LIST(X)                                                      \
    X(GEX_OK, 0, "success")                                                     \
    X(GEX_ERR_ARGUMENT, -1, "argument missing or inconsistent")                 \
    X(GEX_ERR_VERSION, -2, "struct size not understood")                        \
    X(GEX_ERR_MEMORY, -3, "out of memory")                                      \
    X(GEX_ERR_DOMAIN, -4, "value outside the model's domain")                   \
    X(GEX_ERR_FORMAT, -5, "text not in a form the reader knows")                \
    X(GEX_ERR_CALLBACK, -6, "a callback of the caller reported failure")        \
    X(GEX_ERR_UNSUPPORTED, -7, "named choice not offered by this version")

#define GEX_STATUS_ENUM(name, value, text) name = value,
enum { GEX_STATUS_LIST(GEX_STATUS_ENUM) GEX_STATUS_LAST_ = -7 };

/** Why a call failed. The caller owns it; passing NULL is always allowed. Untouched by a call that succeeds. */
typedef struct gex_error {
    gex_status status;
    int32_t    reserved;
    int64_t    row;          /**< first offending input row or text line, -1 when the fault is not in a row */
    char       message[240]; /**< one line of English, always terminated */
} gex_error;                 /* 256 bytes, frozen for major version 1 */

/** Text of a status, for any value. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_status_text(gex_status status);

/** Version of the library in use, "major.minor.patch". @return static storage. Thread class: pure. Since 0.1. */
GEX_API const char *gex_version(void);

/**
 * What this binary is: version, math kernel id, instruction sets, compiler.
 * Results keep their bits as long as the kernel id stays the same.
 * @return one line, static storage, never NULL. Thread class: pure. Since 0.1.
 */
GEX_API const char *gex_build_info(void);

/**
 * Receives text or bytes a function writes, in order, in pieces of any size.
 * @param user    the pointer given beside the callback
 * @param bytes   valid during the call only; not terminated
 * @param length  bytes, > 0
 * @return 0 to go on; anything else stops the writer, which then returns GEX_ERR_CALLBACK
 */
typedef int32_t (*gex_write)(void *user, const char *bytes, int64_t length);

#ifdef __cplusplus
}
#endif
#endif
