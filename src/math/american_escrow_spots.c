/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deltas of the same rows at many spots. The grid does not depend on the spot: it is solved once, and read at each of
 * them as american_escrow.c reads it at one, to the same bits.
 */
#include <stddef.h>

#include "american_escrow_grid.h"

enum { LANES = GEX_ESCROW_LANES };

/* Kept off each other's stack: the nodes are most of what there is. */
#define OWN_STACK static __attribute__((noinline))

/* Rows of one expiry on their way. */
struct group {
    int32_t instruction_set;
    int count;
    const int64_t *row;
    const struct gex__escrow_spots *at;
    struct gex__escrow_lines lines;
    struct gex__escrowed escrowed[LANES];
    struct gex__escrow_edges edges[LANES];
};

static double *delta_at(const struct group *g, int64_t spot, int lane)
{
    return &g->at->delta[spot * g->at->stride + g->row[lane]];
}

static double s_at(const struct group *g, int64_t spot, int lane)
{
    return gex__escrowed_spot(&g->escrowed[lane], g->at->spot[spot]);
}

/* The premium's slope along x in place of the deltas: that of the coarse grid first, then what both tend to. */
static void slopes_read(const struct group *g, const struct gex__escrow_nodes *nodes, bool coarse)
{
    for (int i = 0; i < g->count; i++) {
        const struct gex__escrow_premium premium = gex__escrow_premium_of(&g->lines, nodes, i);

        for (int64_t k = 0; k < g->at->count; k++) {
            double by[5], *slope = delta_at(g, k, i);

            gex__escrow_read(&premium, log(s_at(g, k, i)), 1, by);
            *slope = coarse ? by[1] : by[1] + (by[1] - *slope) / 3.0;
        }
    }
}

OWN_STACK void solve(struct group *g)
{
    struct gex__escrow_nodes nodes;

    gex__escrow_coarse(&g->lines, true);
    gex__escrow_solve(g->instruction_set, &g->lines, &nodes);
    slopes_read(g, &nodes, true);
    gex__escrow_coarse(&g->lines, false);
    gex__escrow_solve(g->instruction_set, &g->lines, &nodes);
    slopes_read(g, &nodes, false);
    for (int i = 0; i < g->count; i++)
        g->edges[i] = gex__escrow_edges_of(&g->lines, &nodes, i);
}

/* From the premium's slopes to the deltas at one spot. */
OWN_STACK void finish(const struct group *g, int64_t k)
{
    const double spot = g->at->spot[k];
    double s[LANES], years[LANES], european[LANES], *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = european};
    int8_t right[LANES];
    const struct gex__black_in in = {.rows = g->count, .spot = s, .strike = g->lines.strike, .years = years,
                                     .vol = g->lines.vol, .rate = g->lines.rate, .carry = g->lines.carry,
                                     .right = right};

    for (int i = 0; i < g->count; i++) {
        s[i] = s_at(g, k, i);
        years[i] = g->lines.years;
        right[i] = (int8_t)g->lines.right[i];
    }
    gex__black(g->instruction_set, &in, outputs, NULL);
    for (int i = 0; i < g->count; i++) {
        const double f = g->lines.right[i], x = log(s[i]), per = 1.0 / g->escrowed[i].alpha;
        double *delta = delta_at(g, k, i);

        if (f * (spot - g->lines.strike[i]) > 0.0 && x >= g->edges[i].from && x <= g->edges[i].to)
            *delta = f;
        else
            *delta = (*delta / s[i] + european[i]) * per;
    }
}

bool gex__escrow_is_held(const struct gex__black_in *in, int64_t row, const struct gex__dividends *dividends)
{
    return in->years[row] > 0.0 && isfinite(in->vol[row]) &&
           gex__escrow_events(dividends, in->years[row]).count > 0 &&
           !gex__escrow_is_steep(in->vol[row], in->rate[row], in->carry[row], in->years[row]);
}

void gex__escrow_deltas(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                        const struct gex__dividends *dividends, const struct gex__escrow_spots *at)
{
    struct group group = {.instruction_set = instruction_set, .count = count, .row = row, .at = at};
    struct group *const g = &group;
    double vol[LANES];
    bool any = false;

    for (int i = 0; i < LANES; i++) {
        vol[i] = in->vol[row[i < count ? i : 0]];
        g->edges[i] = (struct gex__escrow_edges){HUGE_VAL, -HUGE_VAL};
    }
    gex__escrow_lay(in, count, row, dividends, vol, &g->lines, g->escrowed);
    for (int i = 0; i < count; i++)
        for (int64_t k = 0; k < at->count; k++) {
            any = any || !gex__escrow_is_far(&g->lines, i, log(s_at(g, k, i)));
            *delta_at(g, k, i) = 0.0;
        }
    if (any)
        solve(g);
    for (int64_t k = 0; k < at->count; k++)
        finish(g, k);
}
