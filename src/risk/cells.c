/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A piece of work is one block of lines at one instant: what its lines share over prices is worked out once, stays in
 * the nearest cache, and serves every price and unit. Blocks are those of the lines alive at the instant, so the sums
 * are those of a curve over them. Instants go in batches that bound the memory of sums,
 * pieces of a batch to the executor.
 */
#include "cells.h"

#include <math.h>
#include <string.h>

#include "base/context.h"
#include "math/profile.h"
#include "math/sum.h"

enum { TASKS = 32, BATCH_SUMS = 1 << 20 };

struct batch {
    const struct gex__cells *cells;
    int64_t                  first, steps;     /* instants */
    int64_t                  blocks;           /* at most, of any instant */
    int64_t                 *settled;          /* lines, per instant of all */
    double                  *sums;             /* by instant, unit, term, price, block */
    double                  *scratch;          /* per task */
    int64_t                  scratch_size, tasks;
    int64_t                  hoisted_size, curve_size;
    int32_t                  terms;
};

static int64_t blocks_of(int64_t rows)
{
    return rows / GEX_BLOCK + (rows % GEX_BLOCK != 0);
}

static double *sums_of(const struct batch *batch, int64_t instant, int32_t unit, int32_t term)
{
    const struct gex__cells *cells = batch->cells;

    return batch->sums +
           ((((instant - batch->first) * cells->units + unit) * batch->terms + term) * cells->points) * batch->blocks;
}

static bool wants_vanna(const struct gex__unit *unit)
{
    return unit->term[0].greek == GEX_GREEK_VANNA || unit->term[1].greek == GEX_GREEK_VANNA;
}

static struct gex__curve curve_of(const struct gex__cells *cells, const struct gex__lines *lines, int32_t unit)
{
    return (struct gex__curve){.lines = lines, .unit = cells->unit[unit], .isa = cells->isa};
}

/* The unit whose preparation serves all that are prepared: one with a vanna where there is one, below 0: none is. */
static int32_t preparing_unit(const struct gex__cells *cells, const struct gex__lines *lines)
{
    int32_t found = -1;

    for (int32_t u = 0; u < cells->units; u++) {
        const struct gex__curve curve = curve_of(cells, lines, u);

        if (gex__curve_hoisted(&curve) > 0 && (found < 0 || wants_vanna(cells->unit[u])))
            found = u;
    }
    return found;
}

/* The lines of a block at an instant. Not inlined: those of now would stay on a small stack. */
__attribute__((noinline)) static struct gex__lines lines_at(const struct batch *batch, int64_t instant, int64_t block,
                                                            double *columns)
{
    const struct gex__cells *cells = batch->cells;
    const int64_t settled = batch->settled[instant], alive = cells->lines->rows - settled, first = block * GEX_BLOCK;
    const struct gex__lines now = gex__lines_part(cells->lines, settled + first,
                                                  alive - first < GEX_BLOCK ? alive - first : GEX_BLOCK);

    return gex__lines_later(&now, cells->market, cells->instants[instant], columns);
}

/* ---- gross ------------------------------------------------------------------------------------------------------- */

/*
 * Do all lines of one right share the sign of their greek? Gross is then a sum like any other, of other weights: a
 * European gamma is not below zero, a delta is not on the other side of its right.
 */
static bool is_one_signed(const struct gex__curve *curve)
{
    const struct gex__term *term = curve->unit->term;

    return curve->lines->exercise == NULL && term[1].greek == 0 && term[0].inside != GEX_INSIDE_ABS_DELTA &&
           (term[0].greek == GEX_GREEK_GAMMA || term[0].greek == GEX_GREEK_DELTA);
}

/* Not inlined: a second set of lines would stay on a small stack. `weight` is room for a block's. */
__attribute__((noinline)) static void gross_weighted(const struct batch *batch, const struct gex__curve *of,
                                                     double *weight, double *buffers, double *sums)
{
    const struct gex__cells *cells = batch->cells;
    const bool by_right = of->unit->term[0].greek == GEX_GREEK_DELTA;
    struct gex__lines lines = *of->lines;
    struct gex__curve curve = *of;

    for (int64_t i = 0; i < lines.rows; i++)
        weight[i] = fabs(lines.weight[i]) * (by_right ? lines.right[i] : 1.0);
    lines.weight = weight;
    curve.lines = &lines;
    for (int64_t p = 0; p < cells->points; p += GEX_SUM_PRICES) {
        const int points = (int)(cells->points - p < GEX_SUM_PRICES ? cells->points - p : GEX_SUM_PRICES);

        gex__curve_block(&curve, 0, cells->prices + p, points, buffers, sums + p * batch->blocks, 0, batch->blocks);
    }
}

/* start: of the lines of this block, or NULL. */
static void gross_by_rows(const struct batch *batch, const struct gex__curve *curve, const double *start,
                          double *buffers, double *sums)
{
    const struct gex__cells *cells = batch->cells;
    const struct gex__term *term = curve->unit->term;
    double *second = buffers + GEX_BLOCK;

    for (int64_t p = 0; p < cells->points; p++) {
        const int64_t count = gex__curve_rows(curve, cells->prices[p], 0, buffers);

        if (term[1].greek != 0) {
            const double one = gex__term_scale(&term[0], cells->gross->scale, cells->prices[p]);
            const double two = gex__term_scale(&term[1], cells->gross->scale, cells->prices[p]);

            for (int64_t i = 0; i < count; i++)
                buffers[i] = one * buffers[i] + two * second[i];
        }
        for (int64_t i = 0; i < count; i++)
            buffers[i] = fabs(start != NULL ? start[i] - buffers[i] : buffers[i]);
        sums[p * batch->blocks] = gex__block_sum(buffers, count);
    }
}

/* `line` is the first of the block's. */
static void gross_run(const struct batch *batch, const struct gex__curve *curve, int32_t unit, int64_t line,
                      double *weight, double *buffers, double *sums)
{
    const struct gex__gross *gross = batch->cells->gross;
    const bool moved = gross->start != NULL && unit == gross->moved;

    if (!moved && is_one_signed(curve))
        gross_weighted(batch, curve, weight, buffers, sums);
    else
        gross_by_rows(batch, curve, moved ? gross->start + line : NULL, buffers, sums);
}

/* ---- work -------------------------------------------------------------------------------------------------------- */

static void block_run(const struct batch *batch, int64_t instant, int64_t block, double *scratch)
{
    const struct gex__cells *cells = batch->cells;
    const struct gex__lines lines = lines_at(batch, instant, block, scratch);
    const int64_t line = batch->settled[instant] + block * GEX_BLOCK;
    double *hoisted = scratch + GEX_LATER_COLUMNS * GEX_BLOCK, *buffers = hoisted + batch->hoisted_size;
    double *weight = buffers + batch->curve_size;
    const int32_t preparing = preparing_unit(cells, &lines);
    struct gex__curve prepared = {0};

    if (preparing >= 0) {
        prepared = curve_of(cells, &lines, preparing);
        gex__curve_prepare(&prepared, cells->prices[0], cells->prices[cells->points - 1], hoisted);
    }
    for (int32_t u = 0; u < cells->units; u++) {
        struct gex__curve curve = curve_of(cells, &lines, u);
        double *sums = sums_of(batch, instant, u, 0) + block;

        if (gex__curve_hoisted(&curve) > 0) {
            curve.hoisted = prepared.hoisted;
            curve.kept = prepared.kept;
            curve.moving = prepared.moving;
            curve.payers = prepared.payers;
            curve.payer_count = prepared.payer_count;
            curve.payers_by_vol = prepared.payers_by_vol;
        }
        for (int64_t p = 0; p < cells->points; p += GEX_SUM_PRICES) {
            const int points = (int)(cells->points - p < GEX_SUM_PRICES ? cells->points - p : GEX_SUM_PRICES);

            gex__curve_block(&curve, 0, cells->prices + p, points, buffers, sums + p * batch->blocks,
                             cells->points * batch->blocks, batch->blocks);
        }
        if (cells->gross != NULL)
            gross_run(batch, &curve, u, line, weight, buffers, sums_of(batch, instant, u, GEX_GROSS) + block);
        if (u == 0 && cells->each != NULL) {
            const int64_t count = gex__curve_rows(&curve, cells->prices[0], 0, buffers);

            memcpy(cells->each + line, buffers, (size_t)count * sizeof *buffers);
        }
    }
}

/* Task i takes every tasks-th piece. */
static void batch_run(void *arg, int64_t task)
{
    const struct batch *batch = arg;

    for (int64_t piece = task; piece < batch->steps * batch->blocks; piece += batch->tasks) {
        const int64_t instant = batch->first + piece / batch->blocks, block = piece % batch->blocks;

        if (block < blocks_of(batch->cells->lines->rows - batch->settled[instant]))
            block_run(batch, instant, block, batch->scratch + task * batch->scratch_size);
    }
}

/* Blocks of each instant added up, in place of the first ones. */
static void batch_take(const struct batch *batch, void (*take)(void *user, int64_t instant, const double *sums),
                       void *user)
{
    const struct gex__cells *cells = batch->cells;

    for (int64_t i = batch->first; i < batch->first + batch->steps; i++) {
        const int64_t blocks = blocks_of(cells->lines->rows - batch->settled[i]);
        double *sums = sums_of(batch, i, 0, 0);

        for (int32_t u = 0; u < cells->units; u++)
            for (int32_t t = 0; t < batch->terms; t++)
                for (int64_t p = 0; (t == GEX_GROSS || cells->unit[u]->term[t].greek != 0) && p < cells->points; p++)
                    sums[(u * batch->terms + t) * cells->points + p] =
                        gex__lines_reach(cells->lines, cells->prices[p])
                            ? gex__pairwise_sum(sums_of(batch, i, u, t) + p * batch->blocks, blocks)
                            : (double)NAN;
        take(user, i, sums);
    }
}

/* A block's worth of lines, to measure with. Not inlined: they would stay on a small stack. */
__attribute__((noinline)) static void sizes_set(struct batch *batch)
{
    const struct gex__cells *cells = batch->cells;
    struct gex__lines lines = *cells->lines;

    lines.rows = lines.rows < GEX_BLOCK ? lines.rows : GEX_BLOCK;
    for (int32_t u = 0; u < cells->units; u++) {
        const struct gex__curve curve = curve_of(cells, &lines, u);
        const int64_t hoisted = gex__curve_hoisted(&curve), scratch = gex__curve_scratch(&curve);

        batch->hoisted_size = hoisted > batch->hoisted_size ? hoisted : batch->hoisted_size;
        batch->curve_size = scratch > batch->curve_size ? scratch : batch->curve_size;
    }
    batch->scratch_size = GEX_LATER_COLUMNS * GEX_BLOCK + batch->hoisted_size + batch->curve_size +
                          (cells->gross != NULL ? GEX_BLOCK : 0);
    batch->scratch_size = (batch->scratch_size + 7) / 8 * 8; /* tasks do not share a cache line */
}

gex_status gex__cells_run(const gex_context *context, const struct gex__cells *cells,
                          void (*take)(void *user, int64_t instant, const double *sums), void *user)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct batch batch = {.cells = cells, .blocks = blocks_of(cells->lines->rows), .terms = gex__cells_terms(cells)};
    struct gex__layout layout = {0};
    gex_status status = GEX_OK;
    int64_t instant_sums, most, settled, sums, scratch;
    char *block;

    batch.blocks = batch.blocks > 0 ? batch.blocks : 1;
    if (__builtin_mul_overflow(cells->units * batch.terms * cells->points, batch.blocks, &instant_sums))
        return GEX_ERR_MEMORY;
    most = BATCH_SUMS / instant_sums > 0 ? BATCH_SUMS / instant_sums : 1;
    most = most < cells->steps ? most : cells->steps;
    batch.tasks = most * batch.blocks < TASKS ? most * batch.blocks : TASKS;
    if (context == NULL || context->run == NULL)
        batch.tasks = 1;
    sizes_set(&batch);
    settled = gex__layout_add(&layout, cells->steps, sizeof(int64_t));
    sums = gex__layout_add(&layout, instant_sums, most * (int64_t)sizeof(double));
    scratch = gex__layout_add(&layout, batch.tasks, batch.scratch_size * (int64_t)sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return GEX_ERR_MEMORY;
    batch.settled = (int64_t *)(block + settled);
    batch.sums = (double *)(block + sums);
    batch.scratch = (double *)(block + scratch);
    for (int64_t i = 0; i < cells->steps; i++)
        batch.settled[i] = gex__lines_settled(cells->lines, cells->market, cells->instants[i]);
    for (; status == GEX_OK && batch.first < cells->steps; batch.first += most) {
        batch.steps = cells->steps - batch.first < most ? cells->steps - batch.first : most;
        if (gex__run(context, batch_run, &batch, batch.tasks))
            batch_take(&batch, take, user);
        else
            status = GEX_ERR_CALLBACK;
    }
    gex__memory_put(&memory, block, layout.size);
    return status;
}
