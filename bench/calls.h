/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of libgex that are measured, ready to be made again and again: columns filled, outputs there. */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include <gex.h>

#include "worker.h"

enum { GREEKS_MEASURED = 12 }; /* price delta gamma vega theta rho vanna charm vomma speed zomma color */

/** A context for the set and the executor (NULL: none). NULL, and a line that says why, when the library refuses. */
gex_context *context_for(int32_t instruction_set, gex_run run, void *user);

struct european_call {
    gex_context         *context;
    gex_european_columns columns;
    double              *outputs[GREEKS_MEASURED];
};
/** Rows of the sample, over and over until `rows` are filled. */
struct european_call *european_call_create(gex_context *context, const struct sample *sample, int64_t rows);
void                  european_call_run(void *call);

struct implied_call {
    gex_context      *context;
    gex_price_columns columns;
    double           *outputs[1];
};
struct implied_call *implied_call_create(gex_context *context, const struct sample *sample, int64_t rows);
void                 implied_call_run(void *call);

struct american_call {
    gex_context         *context;
    gex_american_columns columns;
    double              *outputs[1]; /* prices */
};
struct american_call *american_call_create(gex_context *context, int32_t accuracy, const struct sample *sample,
                                           int64_t rows);
void                  american_call_run(void *call);

#endif
