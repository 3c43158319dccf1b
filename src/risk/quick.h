/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of rows of an exposure, correctly rounded and fast, or known not to be known: then parts.h has them. A line of a
 * row is its exposure, that without its sign, and its open interest, and lines are summed side by side (math/wide.h).
 */
#ifndef GEX_RISK_QUICK_H
#define GEX_RISK_QUICK_H

#include "exposure.h"
#include "math/wide.h"

enum { GEX__QUICK_ROWS = 256 };

/* Working memory: too much for a stack that is not ours. */
struct gex__quick {
    const struct gex__wide_kernels *wide;
    double                          line[GEX__QUICK_ROWS * GEX_WIDE];
    int32_t                         place[GEX__QUICK_ROWS];
};

void gex__quick_begin(struct gex__quick *quick, int32_t instruction_set);
/* Used rows of an exposure. Those that diverge stay out, but for their open interest.
 * @return false: one is not finite */
bool gex__quick_rows(struct gex__quick *quick, const struct gex_exposure *exposure, const int64_t *row, int64_t count,
                     struct gex__wide *sum);
/* By GEX_SUM_* and GEX__SUM_*. @return whether all are known to be right */
bool gex__quick_round(const struct gex__quick *quick, const struct gex__wide *sum, double value[GEX__SUM_LAST + 1]);
/* No rows, and windows for sums of `keys` sets of the used rows of an exposure. */
void gex__quick_clear(const struct gex__quick *quick, const struct gex_exposure *exposure, int64_t keys,
                      struct gex__wide *sum);

#endif
