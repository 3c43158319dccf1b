/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of the American options with what every machine of the architecture has. */
#if defined(__SSE2__) || defined(__aarch64__)
#define GEX_LANES 2
#else
#define GEX_LANES 1
#endif
#include "american_body.h"

const struct gex__american_kernels gex__american_baseline = AMERICAN_KERNELS;
