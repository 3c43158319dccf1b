/* SPDX-License-Identifier: Apache-2.0 */
/* A curve by a sweep over the executor. */
#include "swept.h"

/* Gamma alone, of European lines whose volatilities stay. */
bool gex__swept_may(const struct gex__curve *curve)
{
    const struct gex__term *term = curve->unit->term;

    return term[0].greek == GEX_GREEK_GAMMA && term[0].inside == GEX_INSIDE_NONE && term[1].greek == 0 &&
           curve->lines->exercise == NULL && curve->lines->motion == NULL;
}

int64_t gex__swept_size(const gex_context *context, const struct gex__curve *curve, int64_t points)
{
    return gex__swept_may(curve)
               ? gex__sweep_size(curve->lines->rows, points, gex__curve_tasks(context, points))
               : 0;
}

bool gex__swept_suits(const struct gex__curve *curve, const double *prices, int64_t points)
{
    return curve->hoisted != NULL && gex__swept_may(curve) && gex__sweep_suits(curve->lines->rows, prices, points);
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

    gex__sweep_finish(&swept->sweep, swept->sums, i, swept->tasks);
}

bool gex__swept_run(const gex_context *context, const struct gex__curve *curve, const double *prices, int64_t points,
                    double *sums, double *block, struct gex__swept *swept)
{
    const struct gex__lines *lines = curve->lines;
    bool ran = true;

    swept->curve = curve;
    swept->points = points;
    swept->tasks = gex__curve_tasks(context, points);
    swept->sums = sums;
    gex__sweep_start(&swept->sweep, curve->isa, curve->hoisted, lines->rows, lines->weight, prices, points, block);
    for (int64_t from = 0, taken; ran && (taken = gex__sweep_take(&swept->sweep, from)) > 0; from += taken)
        ran = gex__run(context, nodes_run, swept, swept->tasks) && gex__run(context, lines_run, swept, swept->tasks);
    gex__sweep_join(&swept->sweep);
    return ran && gex__run(context, finish_run, swept, swept->tasks);
}

double gex__swept_at(const struct gex__swept *swept, double price)
{
    return gex__sweep_at(&swept->sweep, price);
}
