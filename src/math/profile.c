/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed lines at many spots, by the kernels of an instruction set. */
#include "profile.h"

#include "kernel/kernel.h"

int64_t gex__profile_size(int64_t rows)
{
    const int64_t groups = (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP;

    return GEX_LINE_FIELDS * GEX_LINE_GROUP * groups + 1;
}

void gex__black_hoist(int32_t instruction_set, const struct gex__black_in *in, double *lines)
{
    gex__kernels_of(instruction_set)->hoist(in, lines);
}

void gex__black_hoist_gamma(int32_t instruction_set, const struct gex__black_in *in, double *lines)
{
    gex__kernels_of(instruction_set)->hoist_gamma(in, lines);
}

void gex__black_profile(int32_t instruction_set, const double *lines, int64_t rows, int64_t first, int64_t count,
                        double price, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    gex__kernels_of(instruction_set)->profile(lines, rows, first, count, price, outputs);
}

void gex__black_sum(int32_t instruction_set, const double *lines, int64_t rows, const double *weights, int64_t first,
                    int64_t count, int32_t greek, const double *prices, int points, double *sums)
{
    double lanes[GEX_SUM_PRICES][GEX_BLOCK_LANES] = {{0.0}};

    gex__kernels_of(instruction_set)->sum(lines, rows, weights, first, count, greek, prices, points, lanes);
    for (int k = 0; k < points; k++) {
        sums[k] = gex__block_sum(lanes[k], GEX_BLOCK_LANES);
        if (greek == GEX_GREEK_GAMMA)
            sums[k] /= prices[k];
    }
}
