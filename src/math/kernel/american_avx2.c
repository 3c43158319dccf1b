/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of the American options with AVX2 and FMA. */
#define GEX_LANES 4
#include "american_body.h"

const struct gex__american_kernels gex__american_avx2 = AMERICAN_KERNELS;
