/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with sums side by side as a whole, a few times a call. */
#include "wide.h"

#include <math.h>
#include <string.h>

void gex__wide_largest(const struct gex__wide *sum, double *largest)
{
    for (int side = 0; side < 2; side++)
        for (int level = 0; level < GEX_WIDE_LEVELS; level++)
            for (int lane = 0; lane < GEX_WIDE; lane++) {
                const double net = fabs(sum->side[side].net[level][lane]),
                             gross = fabs(sum->side[side].gross[level][lane]);

                largest[lane] = net > largest[lane] ? net : largest[lane];
                largest[lane] = gross > largest[lane] ? gross : largest[lane];
            }
}

void gex__wide_add(const struct gex__wide *a, const struct gex__wide *b, struct gex__wide *whole)
{
    *whole = *a;
    for (int side = 0; side < 2; side++) {
        struct gex__wide_side *to = &whole->side[side];
        const struct gex__wide_side *from = &b->side[side];

        for (int lane = 0; lane < GEX_WIDE; lane++)
            to->slack[lane] += from->slack[lane];
        for (int level = 0; level < GEX_WIDE_LEVELS; level++)
            for (int lane = 0; lane < GEX_WIDE; lane++) {
                to->net[level][lane] += from->net[level][lane];
                to->gross[level][lane] += from->gross[level][lane];
            }
    }
}

void gex__wide_drop(struct gex__wide *sum, int32_t side)
{
    memset(&sum->side[side], 0, sizeof sum->side[side]);
}
