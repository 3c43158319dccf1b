/* SPDX-License-Identifier: Apache-2.0 */
/* The panel of a page that says what the headline numbers rest on. */
#ifndef GEX_REPORT_ROBUST_H
#define GEX_REPORT_ROBUST_H

#include <gex/robustness.h>

#include "writer.h"

void gex__put_robustness(struct gex__writer *writer, const gex_robustness *robustness);

#endif
