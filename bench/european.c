/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: price and eleven greeks by gex_european(), once for each instruction set there is. bench-european SAMPLE
 * [ROWS] */
#include <stdio.h>
#include <stdlib.h>

#include "calls.h"

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "european");
    const int64_t rows = argc > 2 ? atoll(argv[2]) : sample.rows; /* fewer: what a call costs */
    struct offer offers[GEX_ISA_LAST_];
    char names[GEX_ISA_LAST_][32];
    int count = 0;

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_context *context = context_for(set, NULL, NULL);
        struct european_call *call;

        if (context == NULL)
            continue;
        call = european_call_create(context, &sample, rows);
        snprintf(names[count], sizeof names[count], "libgex %s", gex_isa_name(set));
        offers[count] = (struct offer){names[count], european_call_run, call, call->outputs};
        count++;
    }
    printf("about %s\n", gex_build_info());
    return worker_serve(offers, count, rows, GREEKS_MEASURED);
}
