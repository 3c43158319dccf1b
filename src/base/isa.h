/* SPDX-License-Identifier: Apache-2.0 */
/* Which instruction sets this processor, its operating system and this build have. */
#ifndef GEX_BASE_ISA_H
#define GEX_BASE_ISA_H

#include <stdbool.h>
#include <stdint.h>

/* GEX_ISA_* of the best set there is. Costs a call. */
int32_t gex__isa_best(void);

/* Whether a context may be bound to GEX_ISA_*. GEX_ISA_AUTO always. */
bool gex__isa_here(int32_t instruction_set);

#endif
