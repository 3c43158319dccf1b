/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed lines at many spots, by the kernels of an instruction set. */
#include "profile.h"

#include "kernel/kernel.h"

int64_t gex__profile_size(int64_t rows)
{
    const int64_t groups = (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP;

    return groups > 0 ? GEX_LINE_FIELDS * GEX_LINE_GROUP * groups : 1;
}

void gex__black_hoist(int32_t instruction_set, const struct gex__black_in *in, double *lines)
{
    gex__kernels_of(instruction_set)->hoist(in, lines);
}

void gex__black_profile(int32_t instruction_set, const double *lines, int64_t rows, int64_t first, int64_t count,
                        double price, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    gex__kernels_of(instruction_set)->profile(lines, rows, first, count, price, outputs);
}
