/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that calls give back to each other instead of to the host. */
#ifndef GEX_BASE_KEEP_H
#define GEX_BASE_KEEP_H

#include "base.h"

struct gex__keep;

/* At most `limit` bytes lie idle in it. @return NULL when there is no memory. */
struct gex__keep *gex__keep_create(const struct gex__memory *host, int64_t limit);
struct gex__memory gex__keep_memory(struct gex__keep *keep);
/* What lies idle goes to the host at once; the rest, and the keep with it, when the last block comes back. */
void    gex__keep_close(struct gex__keep *keep);
int64_t gex__keep_idle(const struct gex__keep *keep); /* bytes */

#endif
