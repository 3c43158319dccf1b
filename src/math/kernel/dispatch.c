/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of an instruction set. */
#include "kernel.h"

const struct gex__kernels *gex__kernels_of(int32_t instruction_set)
{
    (void)instruction_set;
    return &gex__kernels_baseline;
}
