/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of rows of one kind, each to its own pricer. A chain is nearly always one run. */
#include "value.h"

#include <stddef.h>

static const struct gex__dividends none = {0};

/* dividends: NULL for a run of European rows. */
static void run_value(int32_t instruction_set, const struct gex__black_in *all, int64_t first, int64_t count,
                      const struct gex__dividends *dividends, double *const outputs[GEX_GREEK_LAST_ + 1],
                      uint8_t *status)
{
    const struct gex__black_in in = {.rows = count,
                                     .spot = all->spot + (all->one_spot ? 0 : first),
                                     .one_spot = all->one_spot,
                                     .strike = all->strike + first,
                                     .years = all->years + (all->one_years ? 0 : first),
                                     .one_years = all->one_years,
                                     .vol = all->vol + first,
                                     .rate = all->rate + (all->one_rate ? 0 : first),
                                     .one_rate = all->one_rate,
                                     .carry = all->carry + (all->one_carry ? 0 : first),
                                     .one_carry = all->one_carry,
                                     .right = all->right + first};
    double *here[GEX_GREEK_LAST_ + 1] = {NULL};

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        here[greek] = outputs[greek] != NULL ? outputs[greek] + first : NULL;
    if (dividends != NULL)
        gex__american(instruction_set, GEX_VALUE_PRESET, &in, dividends, here, NULL,
                      status != NULL ? status + first : NULL);
    else
        gex__black(instruction_set, &in, here, status != NULL ? status + first : NULL);
}

void gex__value(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise,
                const struct gex__dividends *dividends, double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status)
{
    const struct gex__dividends *under = dividends != NULL ? dividends : &none;

    if (exercise == NULL) {
        gex__black(instruction_set, in, outputs, status);
        return;
    }
    for (int64_t first = 0, end; first < in->rows; first = end) {
        const bool american = exercise[first] == GEX_EXERCISE_AMERICAN;

        for (end = first + 1; end < in->rows && (exercise[end] == GEX_EXERCISE_AMERICAN) == american; end++)
            ;
        run_value(instruction_set, in, first, end - first, american ? under : NULL, outputs, status);
    }
}
