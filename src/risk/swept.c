/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A curve by sweeps over the executor. Charm is what the others are, by Black's equation once more derived by spot:
 *
 *     charm = q delta - (r - q) P gamma - vol / (2 T) vanna,
 *
 * and delta is what it is at the first price and what a sweep adds. Sums of those may be zero where their lines are
 * not, and one that is within 1e-12 of what its lines are at most is left to the caller: a sign is never in doubt.
 */
#include "swept.h"

#include <math.h>

#include "math/profile.h"
#include "math/sum.h"

#define DOUBT 1e-12 /* of what lines are at most */

static int32_t greek_of(const struct gex__curve *curve)
{
    return curve->unit->term[0].greek;
}

/* Lines that have no deviation step at their strikes. */
static bool has_steps(const struct gex__lines *lines)
{
    for (int64_t i = 0; i < lines->rows; i++)
        if (!(lines->years[i] > 0.0) || !(lines->vol[i] > 0.0))
            return true;
    return false;
}

/* European lines whose volatilities stay, and whose time derivatives are on the clock of their deviations. */
bool gex__swept_may(const struct gex__curve *curve)
{
    const struct gex__lines *lines = curve->lines;
    const int32_t greek = greek_of(curve), inside = curve->unit->term[0].inside;

    if (lines->exercise != NULL || lines->motion != NULL || curve->unit->term[1].greek != 0)
        return false;
    switch (greek) {
    case GEX_GREEK_GAMMA: return inside == GEX_INSIDE_NONE;
    case GEX_GREEK_DELTA: return curve->alone && inside == GEX_INSIDE_NONE;
    case GEX_GREEK_VANNA: return curve->alone && lines->root == NULL && inside != GEX_INSIDE_ABS_DELTA;
    case GEX_GREEK_CHARM: return curve->alone && lines->root == NULL && inside != GEX_INSIDE_ABS_DELTA;
    default: return false;
    }
}

int64_t gex__swept_size(const gex_context *context, const struct gex__curve *curve, int64_t points)
{
    const int64_t tasks = gex__curve_tasks(context, points), rows = curve->lines->rows;
    const int64_t sweep = gex__swept_may(curve) ? gex__sweep_size(rows, points, tasks) : 0;

    return sweep == 0 || greek_of(curve) == GEX_GREEK_GAMMA ? sweep : sweep + points + rows;
}

bool gex__swept_suits(const struct gex__curve *curve, const double *prices, int64_t points)
{
    const int32_t greek = greek_of(curve);

    if (curve->hoisted == NULL || !gex__swept_may(curve) || !gex__sweep_suits(curve->lines->rows, prices, points))
        return false;
    return (greek != GEX_GREEK_DELTA && greek != GEX_GREEK_CHARM) || !has_steps(curve->lines);
}

static void nodes_run(void *arg, int64_t i)
{
    const struct gex__swept *swept = arg;

    gex__sweep_nodes(&swept->sweep, i, swept->tasks);
}

static void lines_run(void *arg, int64_t i)
{
    const struct gex__swept *swept = arg;

    gex__sweep_lines(&swept->sweep, i, swept->tasks);
}

static void finish_run(void *arg, int64_t i)
{
    const struct gex__swept *swept = arg;

    gex__sweep_finish(&swept->sweep, swept->part, i, swept->tasks);
}

/* One greek by the weights, at all prices. */
static bool part_run(const gex_context *context, int32_t greek, double *block, struct gex__swept *swept)
{
    const struct gex__curve *curve = swept->curve;
    bool ran = true;

    gex__sweep_start(&swept->sweep, curve->isa, greek, curve->hoisted, curve->lines->rows, swept->weights,
                     swept->prices, swept->points, block);
    for (int64_t from = 0, taken; ran && (taken = gex__sweep_take(&swept->sweep, from)) > 0; from += taken)
        ran = gex__run(context, nodes_run, swept, swept->tasks) && gex__run(context, lines_run, swept, swept->tasks);
    gex__sweep_join(&swept->sweep);
    return ran && gex__run(context, finish_run, swept, swept->tasks);
}

/* ---- signed greeks ----------------------------------------------------------------------------------------------- */

/* What charm is made of multiplies the weights of the others. */
static double share_of(const struct gex__lines *lines, int32_t greek, int64_t i)
{
    if (greek == GEX_GREEK_DELTA)
        return lines->carry[i];
    return greek == GEX_GREEK_GAMMA ? lines->carry[i] - lines->rate[i] : -0.5 * lines->vol[i] / lines->years[i];
}

static void weights_set(const struct gex__curve *curve, int32_t greek, double *weights)
{
    const struct gex__lines *lines = curve->lines;
    const int32_t inside = curve->unit->term[0].inside;
    const bool charm = greek_of(curve) == GEX_GREEK_CHARM;

    for (int64_t i = 0; i < lines->rows; i++) {
        weights[i] = lines->weight[i];
        if (inside != GEX_INSIDE_NONE)
            weights[i] *= inside == GEX_INSIDE_VOL ? lines->vol[i] : lines->years[i];
        if (charm)
            weights[i] *= share_of(lines, greek, i);
    }
}

/* Of delta, by the weights. */
static double sum_at(const struct gex__curve *curve, const double *weights, double price)
{
    const int64_t rows = curve->lines->rows;
    double sum = 0.0, block;

    for (int64_t first = 0; first < rows; first += GEX_BLOCK) {
        gex__black_sum(curve->isa, curve->hoisted, rows, weights + first, first,
                       rows - first < GEX_BLOCK ? rows - first : GEX_BLOCK, GEX_GREEK_DELTA, &price, 1, &block);
        sum += block;
    }
    return sum;
}

static void part_add(const struct gex__swept *swept, int32_t greek, double *sums)
{
    const bool charm = greek_of(swept->curve) == GEX_GREEK_CHARM;
    const double first = greek == GEX_GREEK_DELTA ? sum_at(swept->curve, swept->weights, swept->prices[0]) : 0.0;

    for (int64_t k = 0; k < swept->points; k++)
        sums[k] += first + swept->part[k] * (charm && greek == GEX_GREEK_GAMMA ? swept->prices[k] : 1.0);
}

static bool signed_run(const gex_context *context, double *sums, double *block, struct gex__swept *swept)
{
    static const int32_t greeks[] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VANNA};
    const int32_t asked = greek_of(swept->curve);
    double *weights = block + swept->points, most = 0.0;

    swept->part = block;
    swept->weights = weights;
    block = weights + swept->curve->lines->rows;
    for (int64_t k = 0; k < swept->points; k++)
        sums[k] = 0.0;
    for (int g = 0; g < 3; g++) {
        if (asked != GEX_GREEK_CHARM && asked != greeks[g])
            continue;
        weights_set(swept->curve, greeks[g], weights);
        if (!part_run(context, greeks[g], block, swept))
            return false;
        part_add(swept, greeks[g], sums);
        most += swept->sweep.most;
    }
    for (int64_t k = 0; k < swept->points; k++)
        if (fabs(sums[k]) <= DOUBT * most)
            sums[k] = (double)NAN;
    return true;
}

bool gex__swept_run(const gex_context *context, const struct gex__curve *curve, const double *prices, int64_t points,
                    double *sums, double *block, struct gex__swept *swept)
{
    swept->curve = curve;
    swept->prices = prices;
    swept->weights = curve->lines->weight;
    swept->points = points;
    swept->tasks = gex__curve_tasks(context, points);
    swept->part = sums;
    if (greek_of(curve) != GEX_GREEK_GAMMA)
        return signed_run(context, sums, block, swept);
    return part_run(context, GEX_GREEK_GAMMA, block, swept);
}

double gex__swept_at(const struct gex__swept *swept, double price)
{
    return greek_of(swept->curve) == GEX_GREEK_GAMMA ? gex__sweep_at(&swept->sweep, price) : (double)NAN;
}
