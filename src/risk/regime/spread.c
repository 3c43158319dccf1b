/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines go by in blocks, in canonical order; of a block every state is worked out, then what it adds to each sum.
 * States are spread over tasks, and so are products of two states, which wait for the block to be complete: every sum
 * is one task's, block after block, so that nothing depends on how many there are. Memory is a block of all states and
 * not the chain. Sums of blocks are compensated (Neumaier 1974).
 */
#include "spread.h"

#include <math.h>
#include <string.h>

#include "base/context.h"
#include "math/sum.h"

enum { TASKS = 16, LANES = 4, AT_ONCE = 4, TILE = 32 };
enum { MEAN, GROSS, OWN, LOADS }; /* sums of a state; a load a factor follows */
_Static_assert(GEX_BLOCK % LANES == 0, "products run over whole lanes");

struct compensated {
    double sum, rest;
};

struct work {
    const struct gex__spread *spread;
    int64_t                   states, chunks, tiles, tasks, sums; /* sums: of a state */
    int64_t                   first_block, end_block;             /* of a run */
    int64_t                   scratch_size;                       /* doubles of a task */
    struct compensated       *sum;                                /* of a state, one after another */
    double                   *own;     /* own error of each line of the block in each state; NULL: no products */
    double                   *scratch;
};

static void add(struct compensated *to, double value)
{
    const double sum = to->sum + value;

    to->rest += fabs(to->sum) >= fabs(value) ? (to->sum - sum) + value : (value - sum) + to->sum;
    to->sum = sum;
}

static double dot(const double *a, const double *b, int64_t count, double *product)
{
    for (int64_t i = 0; i < count; i++)
        product[i] = a[i] * b[i];
    return gex__block_sum(product, count);
}

/* What one block adds to the sums of one state. */
static void state_add(const struct work *work, int64_t state, int64_t first, int64_t count, const double *value,
                      double *product)
{
    const struct gex__holding *holding = work->spread->holding;
    struct compensated *sum = work->sum + state * work->sums;
    double *own = work->own != NULL ? work->own + state * GEX_BLOCK : product + GEX_BLOCK;

    add(&sum[MEAN], dot(value, holding->position + first, count, product));
    for (int64_t i = 0; i < count; i++)
        product[i] = fabs(product[i]);
    add(&sum[GROSS], gex__block_sum(product, count));
    for (int64_t i = 0; i < count; i++)
        own[i] = value[i] * holding->sd[first + i];
    memset(own + count, 0, (size_t)(GEX_BLOCK - count) * sizeof *own);
    add(&sum[OWN], dot(own, own, count, product));
    for (int64_t f = 0; f < holding->factors; f++)
        add(&sum[LOADS + f],
            dot(value, holding->loading + f * holding->lines.rows + first, count, product));
}

/* Task i takes its stretch of chunks of states through the blocks of a run. */
static void states_run(void *arg, int64_t task)
{
    const struct work *work = arg;
    const struct gex__spread *spread = work->spread;
    const int64_t rows = spread->holding->lines.rows;
    const int64_t from = task * work->chunks / work->tasks, to = (task + 1) * work->chunks / work->tasks;
    double *value = work->scratch + task * work->scratch_size, *product = value + GEX_SPREAD_STATES * GEX_BLOCK;
    double *scratch = product + 2 * GEX_BLOCK;

    memset(scratch, 0, GEX_SPREAD_KEPT * sizeof *scratch);
    for (int64_t block = work->first_block; block < work->end_block; block++)
        for (int64_t chunk = from; chunk < to; chunk++) {
            const int64_t state = chunk * GEX_SPREAD_STATES, first = block * GEX_BLOCK;
            const int64_t states =
                work->states - state < GEX_SPREAD_STATES ? work->states - state : GEX_SPREAD_STATES;
            const int64_t count = rows - first < GEX_BLOCK ? rows - first : GEX_BLOCK;

            spread->produce(spread->user, state, states, first, count, scratch, value);
            for (int64_t s = 0; s < states; s++)
                state_add(work, state + s, first, count, value + s * GEX_BLOCK, product);
        }
}

/* Products of one state with AT_ONCE others, over a block. */
static void products_add(const double *x, const double *const y[AT_ONCE], double *const out[AT_ONCE])
{
    double lane[AT_ONCE][LANES] = {{0.0}};

    for (int64_t i = 0; i < GEX_BLOCK; i += LANES)
        for (int k = 0; k < AT_ONCE; k++)
            for (int l = 0; l < LANES; l++)
                lane[k][l] += x[i + l] * y[k][i + l];
    for (int k = 0; k < AT_ONCE; k++)
        *out[k] += (lane[k][0] + lane[k][1]) + (lane[k][2] + lane[k][3]);
}

/* Task i takes every tasks-th tile of states, and what lies below the diagonal of each. */
static void pairs_run(void *arg, int64_t task)
{
    const struct work *work = arg;
    const struct gex_bands *bands = work->spread->bands;

    for (int64_t tile = task; tile < work->tiles; tile += work->tasks) {
        const int64_t end = tile * TILE + TILE < work->states ? tile * TILE + TILE : work->states;

        for (int64_t b = 0; b < end; b += AT_ONCE)
            for (int64_t a = tile * TILE > b ? tile * TILE : b; a < end; a++) {
                const double *y[AT_ONCE];
                double *out[AT_ONCE], nowhere = 0.0;

                for (int k = 0; k < AT_ONCE; k++) {
                    const bool wanted = b + k <= a;

                    y[k] = work->own + (wanted ? b + k : a) * GEX_BLOCK;
                    out[k] = wanted ? bands->covariance + a * bands->count + b + k : &nowhere;
                }
                products_add(work->own + a * GEX_BLOCK, y, out);
            }
    }
}

static bool blocks_run(const gex_context *context, struct work *work, int64_t blocks)
{
    work->end_block = work->own != NULL ? 0 : blocks;
    if (work->own == NULL)
        return gex__run(context, states_run, work, work->tasks);
    for (work->first_block = 0; work->first_block < blocks; work->first_block++) {
        work->end_block = work->first_block + 1;
        if (!gex__run(context, states_run, work, work->tasks) || !gex__run(context, pairs_run, work, work->tasks))
            return false;
    }
    return true;
}

static void sums_give(const struct work *work)
{
    struct gex_bands *bands = work->spread->bands;

    for (int64_t state = 0; state < work->states; state++) {
        const struct compensated *sum = work->sum + state * work->sums;

        bands->mean[state] = sum[MEAN].sum + sum[MEAN].rest;
        bands->gross[state] = sum[GROSS].sum + sum[GROSS].rest;
        bands->own[state] = sum[OWN].sum + sum[OWN].rest;
        for (int64_t f = 0; f < bands->factors; f++)
            bands->load[f * bands->count + state] = sum[LOADS + f].sum + sum[LOADS + f].rest;
    }
}

static void parts_carve(struct work *work, struct gex__carve *carve, bool pairs)
{
    work->sum = gex__carve(carve, work->states, work->sums * (int64_t)sizeof *work->sum);
    work->own = pairs ? gex__carve(carve, work->states, GEX_BLOCK * (int64_t)sizeof *work->own) : NULL;
    work->scratch = gex__carve(carve, work->tasks, work->scratch_size * (int64_t)sizeof *work->scratch);
}

gex_status gex__spread_run(const gex_context *context, const struct gex__spread *spread)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t rows = spread->holding->lines.rows, states = spread->bands->count;
    const bool pairs = spread->bands->covariance != NULL;
    struct work work = {.spread = spread, .states = states, .sums = LOADS + spread->holding->factors};
    struct gex__carve size = {.block = NULL}, carve = {.block = NULL};
    bool done;

    work.chunks = states / GEX_SPREAD_STATES + (states % GEX_SPREAD_STATES != 0);
    work.tiles = states / TILE + (states % TILE != 0);
    work.tasks = work.chunks < TASKS ? work.chunks : TASKS;
    if (context == NULL || context->run == NULL)
        work.tasks = states > 0;
    work.scratch_size = (GEX_SPREAD_STATES + 2) * GEX_BLOCK + (spread->scratch_size + 7) / 8 * 8;
    parts_carve(&work, &size, pairs);
    carve.block = size.layout.overflow ? NULL : gex__memory_get(&memory, size.layout.size);
    if (carve.block == NULL)
        return GEX_ERR_MEMORY;
    parts_carve(&work, &carve, pairs);
    memset(work.sum, 0, (size_t)(states * work.sums) * sizeof *work.sum);
    done = blocks_run(context, &work, rows / GEX_BLOCK + (rows % GEX_BLOCK != 0));
    if (done)
        sums_give(&work);
    gex__memory_put(&memory, carve.block, size.layout.size);
    return done ? GEX_OK : GEX_ERR_CALLBACK;
}
