/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Premiums of fixed lines under escrowed dividends, at many spots: the grid does not depend on the spot, so it is
 * solved once a line and read at each. At three volatilities a premium is the parabola through them, and vanna its
 * slope.
 */
#include <string.h>

#include "american_escrow_grid.h"

enum { LANES = GEX_ESCROW_LANES, VOLS = 3 };

static const double STEP = 0.02; /* of vol, relative, where it does not move */

struct table {
    double row, low, dx, alpha, paid, log_strike;
    double vol[VOLS], from[VOLS], to[VOLS]; /* exercise pays between those logs of s */
    double premium[][GEX_ESCROW_NODES];     /* of each volatility */
};

static int vols_of(bool by_vol)
{
    return by_vol ? VOLS : 1;
}

int64_t gex__escrow_table_size(bool by_vol)
{
    return (int64_t)(sizeof(struct table) / sizeof(double)) + vols_of(by_vol) * GEX_ESCROW_NODES;
}

/* ---- hoisting
 * -------------------------------------------------------------------------------------------------------- */

static struct table *table_at(double *tables, int i, bool by_vol)
{
    return (struct table *)(tables + i * gex__escrow_table_size(by_vol));
}

/* Both grids at the k-th volatility, and what they tend to; between nodes of the coarse one as much as about there. Not
 * inlined: the nodes are most of a small stack. */
__attribute__((noinline)) static void tables_solve(int32_t instruction_set, struct gex__escrow_lines *lines, int count,
                                                   int k, bool by_vol, double *tables)
{
    struct gex__escrow_nodes nodes;

    for (int i = 0; i < LANES; i++)
        lines->vol[i] = table_at(tables, i < count ? i : 0, by_vol)->vol[k];
    gex__escrow_coarse(lines, true);
    gex__escrow_solve(instruction_set, lines, &nodes);
    for (int i = 0; i < count; i++)
        for (int j = 0; j <= lines->last; j++)
            table_at(tables, i, by_vol)->premium[k][2 * j] = nodes.premium[j][i];
    gex__escrow_coarse(lines, false);
    gex__escrow_solve(instruction_set, lines, &nodes);
    for (int i = 0; i < count; i++) {
        struct table *const table = table_at(tables, i, by_vol);
        double *const p = table->premium[k];
        const struct gex__escrow_edges edges = gex__escrow_edges_of(lines, &nodes, i);

        for (int j = 0; j <= lines->last; j += 2)
            p[j] = (nodes.premium[j][i] - p[j]) / 3.0;
        for (int j = 1; j < lines->last; j += 2) {
            const double near = p[j - 1] + p[j + 1], far = j > 1 && j < lines->last - 1 ? p[j - 3] + p[j + 3] : near;

            p[j] = 0.5625 * near - 0.0625 * far;
        }
        for (int j = 0; j <= lines->last; j++)
            p[j] += nodes.premium[j][i];
        table->from[k] = edges.from;
        table->to[k] = edges.to;
    }
}

void gex__escrow_hoist(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                       const struct gex__dividends *dividends, bool by_vol, const double *least, const double *most,
                       double *tables)
{
    struct gex__escrow_lines lines;
    struct gex__escrowed escrowed[LANES];
    double vol[LANES] = {0.0};

    for (int i = 0; i < count; i++) {
        struct table *const table = table_at(tables, i, by_vol);
        const double own = in->vol[row[i]], low = least != NULL ? least[row[i]] : own,
                     high = most != NULL ? most[row[i]] : own;
        const double middle = 0.5 * (low + high), half = fmax(0.5 * (high - low), STEP * middle);

        table->row = (double)row[i];
        for (int k = 0; k < VOLS; k++)
            table->vol[k] = fmax(by_vol ? middle + (k - 1) * half : own, 1e-6);
        vol[i] = table->vol[by_vol ? 2 : 0];
    }
    gex__escrow_lay(in, count, row, dividends, vol, &lines, escrowed);
    for (int i = 0; i < count; i++) {
        struct table *const table = table_at(tables, i, by_vol);

        table->low = lines.low[i];
        table->dx = lines.dx[i];
        table->alpha = escrowed[i].alpha;
        table->log_strike = lines.log_strike[i];
        table->paid = escrowed[i].paid;
    }
    for (int k = 0; k < vols_of(by_vol); k++)
        tables_solve(instruction_set, &lines, count, k, by_vol, tables);
}

/* ---- reading
 * --------------------------------------------------------------------------------------------------------- */

/* What rows of one expiry share at a spot, most often: worked out again where a row's own differ. */
struct place {
    double alpha, paid, carry, years;
    double s, x, fade; /* log of s, and e^(-carry years) */
};

/* Weights of the parabola through the three volatilities: of its value. */
static void values_of(const struct table *table, bool by_vol, double vol, double value[VOLS])
{
    const double h = by_vol ? table->vol[2] - table->vol[1] : 1.0, t = (vol - table->vol[1]) / h;

    value[0] = by_vol ? 0.5 * t * (t - 1.0) : 1.0;
    value[1] = by_vol ? 1.0 - t * t : 0.0;
    value[2] = by_vol ? 0.5 * t * (t + 1.0) : 0.0;
}

/* ... and of its slope. */
static void slopes_of(const struct table *table, double vol, double slope[VOLS])
{
    const double h = table->vol[2] - table->vol[1], t = (vol - table->vol[1]) / h;

    slope[0] = (t - 0.5) / h;
    slope[1] = -2.0 * t / h;
    slope[2] = (t + 0.5) / h;
}

static bool is_exercised(const struct table *table, bool by_vol, const double value[VOLS], double x)
{
    const int nearest = !by_vol || value[0] > value[1] ? 0 : value[2] > value[1] ? 2 : 1;
    double from = table->from[nearest], to = table->to[nearest];
    bool whole = by_vol;

    for (int k = 0; by_vol && k < VOLS; k++)
        whole = whole && table->from[k] <= table->to[k];
    for (int k = 0; whole && k < VOLS; k++) { /* HUGE_VAL at an open end stays it */
        from = k == 0 ? 0.0 : from;
        to = k == 0 ? 0.0 : to;
        from += isfinite(table->from[k]) ? value[k] * table->from[k] : -HUGE_VAL;
        to += isfinite(table->to[k]) ? value[k] * table->to[k] : HUGE_VAL;
    }
    return x >= from && x <= to;
}

static void read_table(const struct table *table, bool by_vol, double right, const double *weight, double x,
                       int orders, double by[5])
{
    memset(by, 0, 5 * sizeof *by);
    for (int k = 0; k < vols_of(by_vol); k++) {
        const struct gex__escrow_premium premium = {table->premium[k], 1,         GEX_ESCROW_LAST,
                                                    table->low,        table->dx, right};
        double one[5];

        if (weight[k] == 0.0) /* two of the values, one of the slopes, at a volatility that stays */
            continue;
        gex__escrow_read(&premium, x, orders, one);
        for (int order = 0; order <= orders; order++)
            by[order] += weight[k] * one[order];
    }
}

static void place_set(struct place *place, const struct gex__black_in *in, int64_t row, const struct table *table,
                      double spot)
{
    const struct gex__escrowed escrowed = {table->alpha, table->paid, 0.0};

    if (place->alpha == table->alpha && place->paid == table->paid && place->carry == in->carry[row] &&
        place->years == in->years[row])
        return;
    *place = (struct place){table->alpha, table->paid, in->carry[row], in->years[row],
                            gex__escrowed_spot(&escrowed, spot), 0.0, exp(-in->carry[row] * in->years[row])};
    place->x = log(place->s);
}

/* Greeks of a row at the stock, in place of what is there. */
static void row_at(const struct gex__black_in *in, int64_t row, const struct table *table, bool by_vol, double spot,
                   const struct place *place, int64_t at, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const double f = in->right[row], vol = in->vol[row], r = in->rate[row], q = in->carry[row], b = r - q,
                 s2 = vol * vol;
    const double s = place->s, x = place->x, per = 1.0 / table->alpha, fall = -r * table->paid * per;
    const bool with_charm = outputs[GEX_GREEK_CHARM] != NULL;
    struct gex__escrow_european european;
    double value[VOLS], slope[VOLS], by[5], e1, e2, e3; /* the last: s^k times derivative k by s */

    values_of(table, by_vol, vol, value);
    if (f * (spot - in->strike[row]) > 0.0 && is_exercised(table, by_vol, value, x)) {
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if (outputs[greek] != NULL)
                outputs[greek][at] = greek == GEX_GREEK_DELTA ? f : 0.0;
        return;
    }
    european = gex__escrow_european_of(in, row, s, x - table->log_strike, place->fade,
                                       with_charm || outputs[GEX_GREEK_DELTA] != NULL);
    read_table(table, by_vol, f, value, x, with_charm ? 3 : 2, by);
    e1 = by[1];
    e2 = by[2] - e1;
    e3 = by[3] - 3.0 * by[2] + 2.0 * e1;
    if (outputs[GEX_GREEK_DELTA] != NULL)
        outputs[GEX_GREEK_DELTA][at] = per * (european.delta + e1 / s);
    if (outputs[GEX_GREEK_GAMMA] != NULL)
        outputs[GEX_GREEK_GAMMA][at] = per * per * (european.gamma + e2 / (s * s));
    if (with_charm)
        outputs[GEX_GREEK_CHARM][at] = per * (european.charm + (q * e1 - b * e2 - s2 * (e2 + 0.5 * e3)) / s +
                                              fall * (european.gamma + e2 / (s * s)));
    if (outputs[GEX_GREEK_VANNA] != NULL) {
        slopes_of(table, vol, slope);
        read_table(table, by_vol, f, slope, x, 1, by);
        outputs[GEX_GREEK_VANNA][at] = per * (european.vanna + by[1] / s);
    }
}

void gex__escrow_profile(const struct gex__black_in *in, const double *tables, int64_t count, bool by_vol, double price,
                         int64_t at, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const int64_t size = gex__escrow_table_size(by_vol);
    struct place place = {.alpha = 0.0}; /* nobody's */

    for (int64_t i = 0; i < count; i++) {
        const struct table *table = (const struct table *)(tables + i * size);

        place_set(&place, in, i, table, price);
        row_at(in, i, table, by_vol, price, &place, at + i, outputs);
    }
}
