/* SPDX-License-Identifier: Apache-2.0 */
/* Every instruction set this machine has:
 * a suite adds its test cases once a set, and its tests ask set_now or context_now. */
#ifndef GEX_TESTS_SETS_H
#define GEX_TESTS_SETS_H

#include <check.h>
#include <stdio.h>

#include <gex/context.h>

#include "base/isa.h"

static int32_t set_now = GEX_ISA_BASELINE;
static gex_context *context_now; /* bound to it */

static inline void bind_set(int32_t set)
{
    gex_context_options options;

    set_now = set;
    gex_context_options_init(&options, sizeof options);
    options.instruction_set = set;
    ck_assert_int_eq(gex_context_create(&options, &context_now, NULL), GEX_OK);
}

static inline void bind_baseline(void)
{
    bind_set(GEX_ISA_BASELINE);
}

static inline void bind_avx2(void)
{
    bind_set(GEX_ISA_AVX2);
}

static inline void bind_avx512(void)
{
    bind_set(GEX_ISA_AVX512);
}

static inline void unbind_set(void)
{
    gex_context_free(context_now);
    context_now = NULL;
}

/* Call fill(case) for a test case of each set, named "name, set". */
static inline void cases_of_sets(Suite *suite, const char *name, double timeout, void (*fill)(TCase *))
{
    static const struct {
        int32_t set;
        void (*setup)(void);
    } sets[] = {{GEX_ISA_BASELINE, bind_baseline}, {GEX_ISA_AVX2, bind_avx2}, {GEX_ISA_AVX512, bind_avx512}};
    static char names[64][64];
    static int used;

    for (int i = 0; i < 3; i++) {
        TCase *one;

        if (!gex__isa_here(sets[i].set) || used == 64)
            continue;
        (void)snprintf(names[used], sizeof names[used], "%s, %s", name, gex_isa_name(sets[i].set));
        one = tcase_create(names[used++]);
        tcase_add_checked_fixture(one, sets[i].setup, unbind_set);
        tcase_set_timeout(one, timeout);
        fill(one);
        suite_add_tcase(suite, one);
    }
}

#endif
