/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiled set of kernels offers, and how the set is chosen. */
#ifndef GEX_MATH_KERNEL_KERNEL_H
#define GEX_MATH_KERNEL_KERNEL_H

#include "math/black.h"

enum { GEX_KERNEL_ROWS = 32 }; /* worked on at a time; a multiple of every lane count */

struct gex__kernels {
    /*
     * At most GEX_KERNEL_ROWS rows from row `from` on; outputs and code begin at the first of them. @return whether any
     * code is other than GEX_CALC_OK; outputs of such rows are undefined.
     */
    bool (*black)(const struct gex__black_in *in, int64_t from, int64_t rows, double *const outputs[GEX_GREEK_LAST_ + 1],
                  uint8_t *code);
};

extern const struct gex__kernels gex__kernels_baseline;

#endif
