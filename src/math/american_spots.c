/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas of American rows at many spots: what no spot changes once, then the European part and the premium at each. */
#include <stddef.h>

#include "american_group.h"

enum { GROUP = GEX_AMERICAN_GROUP };

bool gex__american_is_one(const struct gex__black_in *in, int64_t row)
{
    const bool put = in->right[row] < 0;
    const double put_rate = put ? in->rate[row] : in->carry[row], put_yield = put ? in->carry[row] : in->rate[row];

    return in->years[row] > 0.0 && isfinite(in->vol[row]) &&
           in->vol[row] * sqrt(in->years[row]) >= GEX_AMERICAN_LEAST &&
           gex__exercise_of(put_rate, put_yield) == GEX__ONE_BOUNDARY;
}

/* A group's columns, side by side. */
struct columns {
    double strike[GROUP], vol[GROUP], rate[GROUP], carry[GROUP];
    int8_t right[GROUP];
};

static void columns_take(const struct gex__black_in *in, int count, const int64_t *row, struct columns *columns)
{
    for (int i = 0; i < count; i++) {
        columns->strike[i] = in->strike[row[i]];
        columns->vol[i] = in->vol[row[i]];
        columns->rate[i] = in->rate[row[i]];
        columns->carry[i] = in->carry[row[i]];
        columns->right[i] = in->right[row[i]];
    }
}

/* Over the years that matter. Not inlined: the solver needs the stack. */
__attribute__((noinline)) static void europeans_fill(int32_t instruction_set, const struct gex__black_in *in, int count,
                                                     const int64_t *row, const double *years,
                                                     const struct gex__spots *at)
{
    double delta[GROUP], *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = delta};
    struct columns columns;
    struct gex__black_in block = {.rows = count, .one_spot = true, .strike = columns.strike, .years = years,
                                  .vol = columns.vol, .rate = columns.rate, .carry = columns.carry,
                                  .right = columns.right};

    columns_take(in, count, row, &columns);
    for (int64_t k = 0; k < at->count; k++) {
        block.spot = &at->spot[k];
        gex__black(instruction_set, &block, outputs, NULL);
        for (int i = 0; i < count; i++)
            at->delta[k * at->stride + row[i]] = delta[i];
    }
}

void gex__american_deltas(int32_t instruction_set, int preset, const struct gex__black_in *in, int count,
                          const int64_t *row, int64_t spots, const double *spot, double *delta, int64_t stride)
{
    const struct gex__american_job job = {.in = in, .instruction_set = instruction_set};
    const struct gex__spots at = {spots, spot, delta, stride};

    for (int k = preset; k < GEX_AMERICAN_PRESETS; k++) {
        int64_t these[GROUP];
        double years[GROUP], here;
        int held = 0;

        for (int i = 0; i < count; i++) {
            if (gex__american_terms(in, row[i], preset, &here) == k) {
                these[held] = row[i];
                years[held++] = here;
            }
            if (held == GROUP || (held > 0 && i == count - 1)) {
                europeans_fill(instruction_set, in, held, these, years, &at);
                gex__american_group_deltas(&job, k, held, these, years, &at);
                held = 0;
            }
        }
    }
}
