/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: price and eleven greeks by gex_european(), once for each instruction set there is. bench-european SAMPLE */
#include <stdio.h>

#include "calls.h"

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "european");
    struct offer offers[GEX_ISA_LAST_];
    char names[GEX_ISA_LAST_][32];
    int count = 0;

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_context *context = context_for(set, NULL, NULL);
        struct european_call *call;

        if (context == NULL)
            continue;
        call = european_call_create(context, &sample, sample.rows);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], european_call_run, call, call->outputs};
        count++;
    }
    printf("about %s\n", gex_build_info());
    return worker_serve(offers, count, sample.rows, GREEKS_MEASURED);
}
