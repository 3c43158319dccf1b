/* SPDX-License-Identifier: Apache-2.0 */
/* Worker: American prices by gex_american(), each accuracy on each instruction set there is. bench-american SAMPLE */
#include <stdio.h>

#include "calls.h"

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "american");
    struct offer offers[GEX_ISA_LAST_ * GEX_ACCURACY_LAST_];
    char names[GEX_ISA_LAST_ * GEX_ACCURACY_LAST_][48];
    int count = 0;

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_context *context = context_for(set, NULL, NULL);

        for (int32_t accuracy = 1; context != NULL && accuracy <= GEX_ACCURACY_LAST_; accuracy++) {
            struct american_call *call = american_call_create(context, accuracy, &sample, sample.rows);
            snprintf(names[count], sizeof names[count], "libgex %s, %s", gex_isa_name(set),
                     gex_accuracy_name(accuracy));
            offers[count] = (struct offer){names[count], american_call_run, call, call->outputs};
            count++;
        }
    }
    return worker_serve(offers, count, sample.rows, 1);
}
