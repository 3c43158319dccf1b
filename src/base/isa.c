/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which instruction set is best here. cpuid may take microseconds on a virtual machine, so it is asked once, by the
 * dynamic linker: an indirect function (STT_GNU_IFUNC) is bound to the answer when the library is loaded. That needs
 * neither a constructor nor a variable. Where there are none (musl), every call without a context asks.
 */
#include "isa.h"


#include <gex/context.h>

#if defined(__x86_64__) && GEX_HAVE_X86_SETS
#include <cpuid.h>

static int32_t best_baseline(void)
{
    return GEX_ISA_BASELINE;
}

static int32_t best_avx2(void)
{
    return GEX_ISA_AVX2;
}

static int32_t best_avx512(void)
{
    return GEX_ISA_AVX512;
}

/* Nothing of the library is relocated yet when the linker calls this:
 * no call leaves it, and no instrumentation enters. */
#define BARE __attribute__((no_sanitize("address", "undefined", "thread"), no_stack_protector, no_instrument_function))
#if defined(__clang__)
#define BARE_OF_COMPILER __attribute__((no_sanitize("coverage")))
#else
#define BARE_OF_COMPILER
#endif
typedef int32_t (*answer)(void);

BARE BARE_OF_COMPILER static answer ask(void)
{
    const uint32_t osxsave_avx_fma = (1u << 27) | (1u << 28) | (1u << 12);
    const uint32_t f_dq_bw_vl = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31), avx2 = 1u << 5;
    uint32_t eax, ebx, ecx, edx, saved, high;

    __cpuid(0, eax, ebx, ecx, edx);
    if (eax < 7)
        return best_baseline;
    __cpuid(1, eax, ebx, ecx, edx);
    if ((ecx & osxsave_avx_fma) != osxsave_avx_fma)
        return best_baseline;
    __asm__ volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0)); /* registers the system saves for a thread */
    __cpuid_count(7, 0, eax, ebx, ecx, edx);
    if ((saved & 0x6) != 0x6 || (ebx & avx2) == 0)
        return best_baseline;
    return (saved & 0xe6) == 0xe6 && (ebx & f_dq_bw_vl) == f_dq_bw_vl ? best_avx512 : best_avx2;
}

#if GEX_HAVE_IFUNC
int32_t gex__isa_best(void) __attribute__((ifunc("ask")));
#else
int32_t gex__isa_best(void)
{
    return ask()();
}
#endif

#else
int32_t gex__isa_best(void)
{
    return GEX_ISA_BASELINE;
}
#endif

bool gex__isa_here(int32_t instruction_set)
{
    return instruction_set <= gex__isa_best(); /* each set has all that the ones before it have */
}

const char *gex_isa_name(int32_t instruction_set)
{
    switch (instruction_set) {
#define GEX_ISA_CASE(name, value, text) \
    case name:                          \
        return text;
        GEX_ISA_LIST(GEX_ISA_CASE)
    default:
        return "unknown instruction set";
    }
}
