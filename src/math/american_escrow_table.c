/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Premiums of fixed lines under escrowed dividends, at many spots: formula and grid do not depend on the spot, so they
 * are solved once a line, and what they give at nodes of the log of s is read at each. At three volatilities a premium
 * is the parabola through them, and vanna its slope.
 */
#include <string.h>

#include "american_escrow_dates.h"
#include "american_escrow_grid.h"

enum { LANES = GEX_ESCROW_LANES, VOLS = 3, NODES = GEX_ESCROW_NODES };

static const double STEP = 0.02; /* of vol, relative, where it does not move */
static const double CLEAR = 5.5; /* deviations from an exercise boundary beyond which it is certain what happens */

/* Lines of one expiry and kind, and the tables they get. */
struct batch {
    int32_t instruction_set;
    const struct gex__black_in *in;
    const struct gex__dividends *dividends;
    enum gex__escrow_kind kind;
    int vols, count;
    int64_t row[LANES];
    double *table[LANES];
    double high; /* price */
};

static int vols_of(bool by_vol)
{
    return by_vol ? VOLS : 1;
}

int64_t gex__escrow_table_size(bool by_vol)
{
    return GEX_ESCROW_PREMIUM + vols_of(by_vol) * NODES;
}

/* Kept off each other's stack. */
#define OWN_STACK static __attribute__((noinline))

static double *nodes_of(const struct batch *b, int i, int k)
{
    return b->table[i] + GEX_ESCROW_PREMIUM + k * NODES;
}

/* Nodes at the k-th volatility from one log of s to another. */
static void nodes_lay(const struct batch *b, int i, int k, double low, double high)
{
    b->table[i][GEX_ESCROW_LOW + k] = low;
    b->table[i][GEX_ESCROW_PER_DX + k] = (NODES - 1) / (high - low);
}

static void certain_set(const struct batch *b, int i, int k, double from, double to)
{
    b->table[i][GEX_ESCROW_FROM + k] = fmax(from, -GEX_ESCROW_NOWHERE);
    b->table[i][GEX_ESCROW_TO + k] = fmin(to, GEX_ESCROW_NOWHERE);
}

/* No premium: s is out of the money beyond the nodes. */
static void nothing_set(const struct batch *b, int i, int k)
{
    const double low = b->in->right[b->row[i]] > 0 ? GEX_ESCROW_NOWHERE : -GEX_ESCROW_NOWHERE;

    nodes_lay(b, i, k, low, low + 1.0);
    certain_set(b, i, k, GEX_ESCROW_NOWHERE, -GEX_ESCROW_NOWHERE);
    memset(nodes_of(b, i, k), 0, NODES * sizeof(double));
}

/* ---- by formula ---------------------------------------------------------------------------------------------------
 */

/* Where a lane's premium is neither 0 nor a linear function less Black's. @return false where it is 0 everywhere. */
static bool span_of(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula, int i,
                    double *low, double *high, const struct gex__escrow_date **first)
{
    const double vol = lines->vol[i], drift = lines->rate[i] - lines->carry[i] - 0.5 * vol * vol;

    *first = NULL;
    *low = HUGE_VAL;
    for (int k = formula->dates - 1; k >= 0; k--) {
        const struct gex__escrow_date *date = &formula->date[k];
        const double middle = date->first[i] - drift * date->when, reach = CLEAR * vol * sqrt(date->when);

        if (!(date->first[i] < GEX_ESCROW_NOWHERE))
            continue;
        *first = date;
        *low = fmin(*low, middle - reach);
        *high = middle + reach;
    }
    return *first != NULL;
}

OWN_STACK void calls_fill(const struct batch *b, struct gex__escrow_lines *lines, int k)
{
    const struct gex__american_kernels *kernels = gex__escrow_kernels_of(b->instruction_set);
    struct gex__escrow_formula formula;
    double asked[LANES], low[LANES] = {0.0}, step[LANES] = {0.0}, at[LANES], by[5][LANES];

    for (int i = 0; i < LANES; i++) {
        const double *table = b->table[i < b->count ? i : 0];
        const struct gex__escrowed escrowed = {table[GEX_ESCROW_ALPHA], table[GEX_ESCROW_PAID], 0.0};

        asked[i] = log(gex__escrowed_spot(&escrowed, b->high));
    }
    gex__escrow_formula_lay(lines, asked, &formula);
    kernels->calls(lines, &formula);
    for (int i = 0; i < b->count; i++) {
        const struct gex__escrow_date *first;
        double high;

        if (!span_of(lines, &formula, i, &low[i], &high, &first)) {
            nothing_set(b, i, k);
            low[i] = lines->log_strike[i];
            continue;
        }
        step[i] = (high - low[i]) / (NODES - 1);
        nodes_lay(b, i, k, low[i], high);
        certain_set(b, i, k, high, HUGE_VAL);
        b->table[i][GEX_ESCROW_SURE] =
            first->alpha / b->table[i][GEX_ESCROW_ALPHA] * exp(-lines->carry[i] * first->when);
        b->table[i][GEX_ESCROW_SURE_CHARM] = lines->carry[i] * b->table[i][GEX_ESCROW_SURE];
    }
    for (int j = 0; j < NODES; j++) {
        for (int i = 0; i < LANES; i++)
            at[i] = low[i] + j * step[i];
        kernels->calls_at(lines, &formula, at, 1, by);
        for (int i = 0; i < b->count; i++)
            nodes_of(b, i, k)[j] = step[i] > 0.0 ? by[0][i] : 0.0;
    }
}

/* ---- by the grid ---------------------------------------------------------------------------------------------------
 */

/* Both grids, and what they tend to; between nodes of the coarse one as much as about there. */
OWN_STACK void grid_fill(const struct batch *b, struct gex__escrow_lines *lines, int k)
{
    const struct gex__american_kernels *kernels = gex__escrow_kernels_of(b->instruction_set);
    struct gex__escrow_nodes nodes;

    gex__escrow_coarse(lines, true);
    kernels->escrow(lines, &nodes);
    for (int i = 0; i < b->count; i++)
        for (int j = 0; j <= lines->last; j++)
            nodes_of(b, i, k)[2 * j] = nodes.premium[j][i];
    gex__escrow_coarse(lines, false);
    kernels->escrow(lines, &nodes);
    for (int i = 0; i < b->count; i++) {
        double *const p = nodes_of(b, i, k);
        const struct gex__escrow_edges edges = gex__escrow_edges_of(lines, &nodes, i);
        const int end = lines->right[i] < 0.0 ? 0 : lines->last, inner = end == 0 ? 1 : end - 1;

        for (int j = 0; j <= lines->last; j += 2)
            p[j] = (nodes.premium[j][i] - p[j]) / 3.0;
        for (int j = 1; j < lines->last; j += 2) {
            const double near = p[j - 1] + p[j + 1], far = j > 1 && j < lines->last - 1 ? p[j - 3] + p[j + 3] : near;

            p[j] = 0.5625 * near - 0.0625 * far;
        }
        for (int j = 0; j <= lines->last; j++)
            p[j] += nodes.premium[j][i];
        nodes_lay(b, i, k, lines->low[i], lines->low[i] + lines->last * lines->dx[i]);
        certain_set(b, i, k, edges.from, edges.to);
        b->table[i][GEX_ESCROW_SURE] = lines->right[i];
        b->table[i][GEX_ESCROW_SLOPE + k] =
            (p[end] - p[inner]) / (exp(lines->low[i] + end * lines->dx[i]) - exp(lines->low[i] + inner * lines->dx[i]));
    }
}

/* ---- hoisting ------------------------------------------------------------------------------------------------------
 */

static void batch_fill(struct batch *b)
{
    struct gex__escrow_lines lines;
    struct gex__escrowed escrowed[LANES];
    double most[LANES];

    if (b->count == 0)
        return;
    for (int i = 0; i < b->count; i++)
        most[i] = b->table[i][GEX_ESCROW_VOL + b->vols - 1];
    gex__escrow_lay(b->in, b->count, b->row, b->dividends, most, &lines, escrowed);
    for (int i = 0; i < b->count; i++) {
        b->table[i][GEX_ESCROW_ALPHA] = escrowed[i].alpha;
        b->table[i][GEX_ESCROW_PAID] = escrowed[i].paid;
        b->table[i][GEX_ESCROW_LOG_STRIKE] = lines.log_strike[i];
        b->table[i][GEX_ESCROW_RIGHT] = lines.right[i];
    }
    for (int k = 0; k < b->vols; k++) {
        for (int i = 0; i < LANES; i++)
            lines.vol[i] = b->table[i < b->count ? i : 0][GEX_ESCROW_VOL + k];
        if (b->kind == GEX__ESCROW_CALLS)
            calls_fill(b, &lines, k);
        else if (b->kind == GEX__ESCROW_GRID)
            grid_fill(b, &lines, k);
        for (int i = 0; b->kind == GEX__ESCROW_EUROPEAN && i < b->count; i++)
            nothing_set(b, i, k);
    }
    b->count = 0;
}

void gex__escrow_hoist(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                       const struct gex__dividends *dividends, bool by_vol, const double *least, const double *most,
                       double high, double *tables)
{
    struct batch batch[GEX__ESCROW_KINDS];

    for (int kind = 0; kind < GEX__ESCROW_KINDS; kind++)
        batch[kind] = (struct batch){.instruction_set = instruction_set,
                                     .in = in,
                                     .dividends = dividends,
                                     .kind = (enum gex__escrow_kind)kind,
                                     .vols = vols_of(by_vol),
                                     .high = high};
    for (int i = 0; i < count; i++) {
        double *const table = tables + i * gex__escrow_table_size(by_vol);
        const double own = in->vol[row[i]], low = least != NULL ? least[row[i]] : own;
        const double top = most != NULL ? most[row[i]] : own;
        const double middle = 0.5 * (low + top), half = fmax(0.5 * (top - low), STEP * middle);
        struct batch *b;

        memset(table, 0, GEX_ESCROW_PREMIUM * sizeof *table);
        table[GEX_ESCROW_ROW] = (double)row[i];
        for (int k = 0; k < VOLS; k++)
            table[GEX_ESCROW_VOL + k] = fmax(by_vol ? middle + (k - 1) * half : own, 1e-6);
        b = &batch[gex__escrow_kind_of(in, row[i], dividends, table[GEX_ESCROW_VOL + vols_of(by_vol) - 1], high)];
        b->row[b->count] = row[i];
        b->table[b->count] = table;
        if (++b->count == LANES)
            batch_fill(b);
    }
    for (int kind = 0; kind < GEX__ESCROW_KINDS; kind++)
        batch_fill(&batch[kind]);
}

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

void gex__escrow_profile(int32_t instruction_set, const struct gex__black_in *in, const double *tables, int64_t count,
                         bool by_vol, double price, int64_t at, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    static const int32_t greeks[] = {[GEX_ESCROW_GAMMA] = GEX_GREEK_GAMMA,
                                     [GEX_ESCROW_DELTA] = GEX_GREEK_DELTA,
                                     [GEX_ESCROW_CHARM] = GEX_GREEK_CHARM,
                                     [GEX_ESCROW_VANNA] = GEX_GREEK_VANNA};
    struct gex__escrow_reading reading = {.tables = tables,
                                          .size = gex__escrow_table_size(by_vol),
                                          .count = count,
                                          .vols = vols_of(by_vol),
                                          .price = price,
                                          .column = {in->vol, in->rate, in->carry, in->years}};

    for (int g = 0; g < 4; g++)
        if (outputs[greeks[g]] != NULL) {
            reading.wanted |= 1u << g;
            reading.greek[g] = outputs[greeks[g]] + at;
        }
    gex__american_kernels_of(instruction_set)->tables_at(&reading);
}
