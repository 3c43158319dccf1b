/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: implied volatility by gex_implied_vol(), once for each instruction set there is. bench-implied SAMPLE */
#include <stdio.h>

#include "calls.h"

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "implied");
    struct offer offers[INSTRUCTION_SETS];
    char names[INSTRUCTION_SETS][32];
    int count = 0;

    for (int i = 0; i < INSTRUCTION_SETS; i++) {
        gex_context *context = context_for(&instruction_sets[i], NULL, NULL);
        struct implied_call *call;

        if (context == NULL)
            continue;
        call = implied_call_create(context, &sample, sample.rows);
        snprintf(names[count], sizeof names[count], "libgex %s", instruction_sets[i].name);
        offers[count] = (struct offer){names[count], implied_call_run, call, call->outputs};
        count++;
    }
    return worker_serve(offers, count, sample.rows, 1);
}
