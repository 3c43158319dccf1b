/* SPDX-License-Identifier: Apache-2.0 */
/* A guest leaves errno and the floating-point environment as they were, and computes in the default one. */
#include <errno.h>
#include <string.h>

#include "base.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

/* The SSE control word alone: no x87 arithmetic is compiled on x86-64. All exceptions masked, round to nearest, no
 * flush to zero, sticky flags clear. Reading it costs a few nanoseconds, writing is avoided where it is not needed. */
enum { MXCSR_DEFAULT = 0x1f80, MXCSR_STICKY = 0x3f };

void gex__guest_enter(struct gex__guest *guest)
{
    guest->saved_errno = errno;
    guest->environment[0] = _mm_getcsr();
    if ((guest->environment[0] & ~(uint64_t)MXCSR_STICKY) != MXCSR_DEFAULT)
        _mm_setcsr(MXCSR_DEFAULT);
}

void gex__guest_leave(const struct gex__guest *guest)
{
    _mm_setcsr((unsigned)guest->environment[0]);
    errno = guest->saved_errno;
}

#else
#include <fenv.h>

_Static_assert(sizeof(fenv_t) <= sizeof((struct gex__guest *)0)->environment, "the environment has to fit");

void gex__guest_enter(struct gex__guest *guest)
{
    fenv_t environment;

    guest->saved_errno = errno;
    fegetenv(&environment);
    memcpy(guest->environment, &environment, sizeof environment);
    fesetenv(FE_DFL_ENV);
}

void gex__guest_leave(const struct gex__guest *guest)
{
    fenv_t environment;

    memcpy(&environment, guest->environment, sizeof environment);
    fesetenv(&environment);
    errno = guest->saved_errno;
}
#endif
