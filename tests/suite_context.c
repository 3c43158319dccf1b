/* SPDX-License-Identifier: Apache-2.0 */
/* What a context is bound to. */
#include <check.h>
#include <stdbool.h>
#include <string.h>

#include <gex.h>

#include "base/isa.h"

Suite *suite_context(void);

static gex_status bind(int32_t set, int32_t *bound_out, gex_error *error)
{
    gex_context_options options;
    gex_context *context = NULL;
    gex_status status;

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = set;
    status = gex_context_create(&options, &context, error);
    *bound_out = gex_context_instruction_set(context);
    gex_context_free(context);
    return status;
}

START_TEST(a_set_is_bound_or_said_to_be_missing)
{
    gex_error error = {0};
    int32_t bound;
    const gex_status status = bind(_i, &bound, &error);

    if (gex__isa_here(_i)) {
        ck_assert_int_eq(status, GEX_OK);
        ck_assert_int_eq(bound, _i == GEX_ISA_AUTO ? gex__isa_best() : _i);
    } else {
        ck_assert_int_eq(status, GEX_ERR_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(error.message, gex_isa_name(_i)));
    }
}
END_TEST

START_TEST(without_a_context_the_best_is_used)
{
    ck_assert_int_eq(gex_context_instruction_set(NULL), gex__isa_best());
    ck_assert(gex__isa_here(GEX_ISA_BASELINE));
    ck_assert(strstr(gex_build_info(), gex_isa_name(gex__isa_best())) != NULL);
}
END_TEST

#if GEX_HAVE_X86_SETS
/* The compiler's own library asks the processor in its own way. */
START_TEST(the_compiler_finds_the_same)
{
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");

    ck_assert_int_eq(gex__isa_best(), avx512 ? GEX_ISA_AVX512 : avx2 ? GEX_ISA_AVX2 : GEX_ISA_BASELINE);
}
END_TEST
#endif

Suite *suite_context(void)
{
    Suite *suite = suite_create("context");
    TCase *tcase = tcase_create("instruction set");

    tcase_add_loop_test(tcase, a_set_is_bound_or_said_to_be_missing, GEX_ISA_AUTO, GEX_ISA_LAST_ + 1);
    tcase_add_test(tcase, without_a_context_the_best_is_used);
#if GEX_HAVE_X86_SETS
    tcase_add_test(tcase, the_compiler_finds_the_same);
#endif
    suite_add_tcase(suite, tcase);
    return suite;
}
