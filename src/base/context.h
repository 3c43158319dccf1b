/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_BASE_CONTEXT_H
#define GEX_BASE_CONTEXT_H

#include "keep.h"

struct gex_context {
    struct gex__object object;
    struct gex__memory memory;
    gex_run            run; /* NULL: the calling thread */
    void              *run_user;
    int32_t            instruction_set;
    struct gex__keep  *keep; /* NULL: what is given back goes to the host */
};

#endif
