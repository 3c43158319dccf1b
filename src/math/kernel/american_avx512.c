/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of the American options with AVX-512. */
#define GEX_LANES 8
#include "american_body.h"

const struct gex__american_kernels gex__american_avx512 = AMERICAN_KERNELS;
