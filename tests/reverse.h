/* SPDX-License-Identifier: Apache-2.0 */
/* An executor that takes the last task first: what comes out must not hang on the order of tasks. */
#ifndef GEX_TESTS_REVERSE_H
#define GEX_TESTS_REVERSE_H

#include <stdint.h>

static inline int32_t run_in_reverse(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user;
    for (int64_t i = n - 1; i >= 0; i--)
        task(arg, i);
    return 0;
}

#endif
