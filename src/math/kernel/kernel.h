/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiled set of kernels offers, and how the set is chosen. */
#ifndef GEX_MATH_KERNEL_KERNEL_H
#define GEX_MATH_KERNEL_KERNEL_H

#include "math/black.h"

enum { GEX_LINE_FIELDS = 12, GEX_LINE_GROUP = 16 }; /* of hoisted lines: doubles a line; lines are padded to groups */
enum { GEX_KERNEL_ROWS = 32 }; /* worked on at a time; a multiple of every lane count */

struct gex__kernels {
    /*
     * At most GEX_KERNEL_ROWS rows from row `from` on; outputs and code begin at the first of them. @return whether any
     * code is other than GEX_CALC_OK; outputs of such rows are undefined.
     */
    bool (*black)(const struct gex__black_in *in, int64_t from, int64_t rows, double *const outputs[GEX_GREEK_LAST_ + 1],
                  uint8_t *code);
    /* gex__black_hoist() and gex__black_profile() */
    void (*hoist)(const struct gex__black_in *in, double *lines);
    void (*profile)(const double *lines, int64_t rows, int64_t first, int64_t count, double price,
                    double *const outputs[GEX_GREEK_LAST_ + 1]);
};

extern const struct gex__kernels gex__kernels_baseline, gex__kernels_avx2, gex__kernels_avx512;

/* Those of an instruction set a context may have. */
const struct gex__kernels *gex__kernels_of(int32_t instruction_set);

#endif
