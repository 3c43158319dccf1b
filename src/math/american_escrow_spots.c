/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deltas of the same rows at many spots. Neither the grid nor, up to a spot above the strike, the formula depends on
 * the spot: they are solved once, and read at each of them as american_escrow.c reads them at one, to the same bits.
 */
#include <stddef.h>

#include "american_escrow_dates.h"
#include "american_escrow_grid.h"

enum { LANES = GEX_ESCROW_LANES };

/* Kept off each other's stack: nodes and formula are most of what there is. */
#define OWN_STACK static __attribute__((noinline))

/* Rows of one expiry on their way. */
struct group {
    int32_t instruction_set;
    const struct gex__black_in *in;
    const struct gex__dividends *dividends;
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

static enum gex__escrow_kind kind_at(const struct group *g, int64_t spot, int lane)
{
    return gex__escrow_kind_of(g->in, g->row[lane], g->dividends, g->lines.vol[lane], g->at->spot[spot]);
}

/* The premium's slope along x in place of the deltas: that of the coarse grid first, then what both tend to. */
static void slopes_read(const struct group *g, const struct gex__escrow_nodes *nodes, bool coarse)
{
    for (int i = 0; i < g->count; i++) {
        const struct gex__escrow_premium premium = gex__escrow_premium_of(&g->lines, nodes, i);

        for (int64_t k = 0; k < g->at->count; k++) {
            double by[5], *slope = delta_at(g, k, i);

            if (kind_at(g, k, i) != GEX__ESCROW_GRID)
                continue;
            gex__escrow_read(&premium, log(s_at(g, k, i)), 1, by);
            *slope = coarse ? by[1] : by[1] + (by[1] - *slope) / 3.0;
        }
    }
}

OWN_STACK void grid_slopes(struct group *g)
{
    const struct gex__american_kernels *kernels = gex__escrow_kernels_of(g->instruction_set);
    struct gex__escrow_nodes nodes;

    gex__escrow_coarse(&g->lines, true);
    kernels->escrow(&g->lines, &nodes);
    slopes_read(g, &nodes, true);
    gex__escrow_coarse(&g->lines, false);
    kernels->escrow(&g->lines, &nodes);
    slopes_read(g, &nodes, false);
    for (int i = 0; i < g->count; i++)
        g->edges[i] = gex__escrow_edges_of(&g->lines, &nodes, i);
}

/* The same of calls that have a formula. */
OWN_STACK void formula_slopes(struct group *g)
{
    const struct gex__american_kernels *kernels = gex__escrow_kernels_of(g->instruction_set);
    struct gex__escrow_formula formula;
    double asked[LANES], x[LANES], by[5][LANES];
    bool solved = false;

    for (int64_t k = 0; k < g->at->count; k++) {
        bool anew = !solved;

        for (int i = 0; i < LANES; i++) {
            x[i] = log(s_at(g, k, i < g->count ? i : 0));
            anew = anew || gex__escrow_formula_asked(&g->lines, i, x[i]) != asked[i];
        }
        for (int i = 0; anew && i < LANES; i++)
            asked[i] = gex__escrow_formula_asked(&g->lines, i, x[i]);
        if (anew) {
            gex__escrow_formula_lay(&g->lines, x, &formula);
            kernels->calls(&g->lines, &formula);
            solved = true;
        }
        kernels->calls_at(&g->lines, &formula, x, 1, by);
        for (int i = 0; i < g->count; i++)
            if (kind_at(g, k, i) == GEX__ESCROW_CALLS)
                *delta_at(g, k, i) = by[1][i];
    }
}

/* From the premium's slopes to the deltas at one spot. */
OWN_STACK void finish(const struct group *g, int64_t k)
{
    const double spot = g->at->spot[k];
    double s[LANES], years[LANES], european[LANES], *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = european};
    int8_t right[LANES];
    const struct gex__black_in in = {.rows = g->count,
                                     .spot = s,
                                     .strike = g->lines.strike,
                                     .years = years,
                                     .vol = g->lines.vol,
                                     .rate = g->lines.rate,
                                     .carry = g->lines.carry,
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

        if (f * (spot - g->lines.strike[i]) > 0.0 && kind_at(g, k, i) == GEX__ESCROW_GRID && x >= g->edges[i].from &&
            x <= g->edges[i].to)
            *delta = f;
        else
            *delta = (*delta / s[i] + european[i]) * per;
    }
}

bool gex__escrow_is_held(const struct gex__black_in *in, int64_t row, const struct gex__dividends *dividends)
{
    return in->years[row] > 0.0 && isfinite(in->vol[row]) && gex__escrow_events(dividends, in->years[row]).count > 0 &&
           !gex__escrow_is_steep(in->vol[row], in->rate[row], in->carry[row], in->years[row]);
}

static void lay(struct group *g)
{
    double vol[LANES];

    for (int i = 0; i < LANES; i++) {
        vol[i] = g->in->vol[g->row[i < g->count ? i : 0]];
        g->edges[i] = (struct gex__escrow_edges){HUGE_VAL, -HUGE_VAL};
    }
    gex__escrow_lay(g->in, g->count, g->row, g->dividends, vol, &g->lines, g->escrowed);
}

/* Slopes of the rows that at some spot are of the kind, and the edges that the grid finds. */
OWN_STACK void part_solve(struct group *all, enum gex__escrow_kind kind)
{
    struct group part = *all;
    int64_t row[LANES];
    int from[LANES];
    bool near = false;

    part.count = 0;
    for (int i = 0; i < all->count; i++) {
        bool any = false;

        for (int64_t k = 0; k < all->at->count && !any; k++)
            any = kind_at(all, k, i) == kind;
        if (any) {
            row[part.count] = all->row[i];
            from[part.count++] = i;
        }
    }
    if (part.count == 0)
        return;
    part.row = row;
    lay(&part);
    if (kind == GEX__ESCROW_CALLS) {
        formula_slopes(&part);
        return;
    }
    for (int i = 0; i < part.count; i++)
        for (int64_t k = 0; k < part.at->count && !near; k++)
            near = !gex__escrow_is_far(&part.lines, i, log(s_at(&part, k, i)));
    if (near)
        grid_slopes(&part);
    for (int i = 0; i < part.count; i++)
        all->edges[from[i]] = part.edges[i];
}

void gex__escrow_deltas(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                        const struct gex__dividends *dividends, const struct gex__escrow_spots *at)
{
    struct group group = {
        .instruction_set = instruction_set, .in = in, .dividends = dividends, .count = count, .row = row, .at = at};
    struct group *const g = &group;

    lay(g);
    for (int i = 0; i < count; i++)
        for (int64_t k = 0; k < at->count; k++)
            *delta_at(g, k, i) = 0.0;
    part_solve(g, GEX__ESCROW_CALLS);
    part_solve(g, GEX__ESCROW_GRID);
    for (int64_t k = 0; k < at->count; k++)
        finish(g, k);
}
