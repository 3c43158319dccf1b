/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of an instruction set. */
#include "kernel.h"

#include <gex/context.h>

const struct gex__kernels *gex__kernels_of(int32_t instruction_set)
{
#if GEX_HAVE_X86_SETS
    if (instruction_set == GEX_ISA_AVX512)
        return &gex__kernels_avx512;
    if (instruction_set == GEX_ISA_AVX2)
        return &gex__kernels_avx2;
#endif
    (void)instruction_set;
    return &gex__kernels_baseline;
}

const struct gex__wide_kernels *gex__wide_of(int32_t instruction_set)
{
#if GEX_HAVE_X86_SETS
    if (instruction_set == GEX_ISA_AVX512)
        return &gex__wide_avx512;
    if (instruction_set == GEX_ISA_AVX2)
        return &gex__wide_avx2;
#endif
    (void)instruction_set;
    return &gex__wide_baseline;
}
