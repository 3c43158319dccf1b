/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: implied volatility by gex_implied_vol(), once for each instruction set there is. bench-implied SAMPLE */
#include <stdio.h>

#include "calls.h"

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "implied");
    struct offer offers[GEX_ISA_LAST_];
    char names[GEX_ISA_LAST_][32];
    int count = 0;

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_context *context = context_for(set, NULL, NULL);
        struct implied_call *call;

        if (context == NULL)
            continue;
        call = implied_call_create(context, &sample, sample.rows);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], implied_call_run, call, call->outputs};
        count++;
    }
    return worker_serve(offers, count, sample.rows, 1);
}
