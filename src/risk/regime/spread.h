/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over the lines of an uncertain book in many states: mean, gross, loads on factors, products of own errors. */
#ifndef GEX_RISK_SPREAD_H
#define GEX_RISK_SPREAD_H

#include "bands.h"
#include "risk/holding.h"

enum { GEX_SPREAD_STATES = 32 }; /* that a producer is asked for at once, at most */
enum { GEX_SPREAD_KEPT = 128 };  /* doubles at the start of a scratch that are zero when a task begins */

struct gex__spread {
    const struct gex__holding *holding;
    struct gex_bands          *bands; /* mean, gross, own, load and, where it is kept, covariance are filled */
    /*
     * One contract's value of lines [first, first + count), count <= GEX_BLOCK, in states [state, state + states): of
     * line i in state s at value[s * GEX_BLOCK + i], finite. `scratch` is `scratch_size` doubles of the task,
     * GEX_SPREAD_KEPT at least: it keeps what it wrote there from one call to the next, and calls of a block follow one
     * another with states ascending.
     */
    void (*produce)(const void *user, int64_t state, int64_t states, int64_t first, int64_t count, double *scratch,
                    double *value);
    const void *user;
    int64_t     scratch_size;
};

/* @return GEX_OK, GEX_ERR_MEMORY, _CALLBACK. The same bits for any number of tasks. */
gex_status gex__spread_run(const gex_context *context, const struct gex__spread *spread);

#endif
