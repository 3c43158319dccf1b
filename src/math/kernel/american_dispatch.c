/* SPDX-License-Identifier: Apache-2.0 */
/* The American kernels of an instruction set. */
#include "american.h"

#include <stddef.h>

#include <gex/context.h>

#include "base/isa.h"

const struct gex__american_kernels *gex__american_kernels_of(int32_t instruction_set)
{
#if GEX_HAVE_X86_SETS
    if (instruction_set == GEX_ISA_AVX512)
        return &gex__american_avx512;
    if (instruction_set == GEX_ISA_AVX2)
        return &gex__american_avx2;
#endif
    (void)instruction_set;
    return &gex__american_baseline;
}

const struct gex__american_scheme *gex__american_scheme_of(int preset)
{
    static const struct gex__american_scheme *const schemes[GEX_AMERICAN_PRESETS] = {
        &gex__american_fast, &gex__american_standard, &gex__american_high};

    return schemes[preset];
}

void gex__american_solve(int32_t instruction_set, int preset, struct gex__american_lines *lines)
{
    const struct gex__american_kernels *kernels = gex__american_kernels_of(instruction_set);

#if GEX_HAVE_X86_SETS
    if (kernels->boundary[preset] == NULL)
        kernels = &gex__american_avx2; /* the same bits: both round a product and a sum at once */
#endif
    kernels->boundary[preset](gex__american_scheme_of(preset), lines);
}

const struct gex__american_kernels *gex__escrow_kernels_of(int32_t instruction_set)
{
    const struct gex__american_kernels *kernels = gex__american_kernels_of(instruction_set);

#if GEX_HAVE_X86_SETS
    if (kernels->escrow == NULL)
        kernels = &gex__american_avx2; /* as above */
#endif
    return kernels;
}
