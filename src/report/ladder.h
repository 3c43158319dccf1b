/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_REPORT_LADDER_H
#define GEX_REPORT_LADDER_H

#include "facts.h"
#include "writer.h"

/* The biggest strikes of the chosen unit, highest strike first, with signed bars and the spot among them. */
void gex__put_ladder(struct gex__writer *writer, const struct gex__facts *facts);

#endif
