/* SPDX-License-Identifier: Apache-2.0 */
/* Plan of a sweep: which line goes to which nodes. */
#include "sweep.h"

#include <math.h>
#include <string.h>

#include "kernel/kernel.h"

enum { BATCH = 1 << 14, STEPS_MOST = 1 << 13, STEPS_A_PRICE = 2, PADDING = GEX_SWEEP_LANES };
enum { ROWS_LEAST = 256, PRICES_LEAST = 32, SPREAD = 4 /* cells of a pack */, SLACK = GEX_SWEEP_LANES };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A power of two: steps of the finest grid. */
static int32_t finest_of(int64_t points)
{
    int32_t steps = 16;

    while (2 * steps <= STEPS_A_PRICE * points && steps < STEPS_MOST)
        steps *= 2;
    return steps;
}

/* Steps of grids are 1.5 2^n and 2^n in turn. */
static int32_t steps_of(int level)
{
    return ((level % 2 == 0 ? 3 : 4) * (GEX_SWEEP_FEWEST / 3)) << (level / 2);
}

/* Levels but the last, whose lines are narrower than the finest grid. */
static int levels_of(int32_t finest)
{
    int levels = 1;

    while (steps_of(levels - 1) < finest)
        levels++;
    return levels;
}

/*
 * Nodes beyond either end: what is read at the ends of the range takes half a stencil there. Where a finer grid takes
 * over, it is half as many as that one has, and half a stencil beyond those.
 */
static int32_t pad_of(int level, int levels)
{
    const int32_t half = GEX_SWEEP_STENCIL / 2;

    return level < GEX_SWEEP_DIRECT || level >= levels - 2 ? half : pad_of(level + 2, levels) / 2 + half;
}

static int32_t nodes_of(int level, int levels)
{
    return steps_of(level) + 2 * pad_of(level, levels) + 1 + SLACK;
}

static int32_t cells_of(int level, int levels)
{
    return steps_of(level < levels ? level : levels - 1) / GEX_SWEEP_CELL + 2 * GEX_SWEEP_APRON;
}

struct extent {
    int64_t nodes, cells; /* of all levels; cells of the last one too */
};

static struct extent extent_of(int levels)
{
    struct extent all = {0, cells_of(levels, levels)};

    for (int i = 0; i < levels; i++) {
        all.nodes += nodes_of(i, levels);
        all.cells += cells_of(i, levels);
    }
    return all;
}

/* The parts of the block, in doubles. */
enum part {
    LOGS, RESTS, SUMS, GROSSES, NODES, BEFORES, MASSES, LEASTS, PACKS, CS, PER_US, OFFSETS, PACK_WEIGHTS, KEYS, STARTS,
    LINES, WEIGHTS, LANES, PARTS
};

static int64_t parts_set(int64_t rows, int64_t points, int64_t at[PARTS])
{
    const struct extent all = extent_of(levels_of(finest_of(points)));
    const int64_t lines = least(rows, BATCH), room = points + PADDING;
    const int64_t sparse = all.cells / SPREAD + GEX_SWEEP_LEVELS; /* packs that cells end before they are full */
    const int64_t packs = lines / GEX_SWEEP_PACK + least(lines, sparse) + 1;
    const int64_t length[PARTS] = {room, room, room, room, all.nodes, all.nodes, all.cells + 1, all.cells,
                                   packs * (int64_t)(sizeof(struct gex__sweep_pack) / sizeof(double)),
                                   packs * GEX_SWEEP_PACK, packs * GEX_SWEEP_PACK, packs * GEX_SWEEP_PACK,
                                   packs * GEX_SWEEP_PACK, lines / 2 + 1, all.cells / 2 + 1,
                                   packs * GEX_SWEEP_PACK / 2, lines, 0};
    int64_t total = 0;

    for (int i = 0; i < PARTS; i++) {
        at[i] = total;
        total += (length[i] + GEX_SWEEP_LANES - 1) / GEX_SWEEP_LANES * GEX_SWEEP_LANES;
    }
    return total;
}

bool gex__sweep_is_enough(int64_t rows, int64_t points)
{
    return rows >= ROWS_LEAST && points >= PRICES_LEAST;
}

bool gex__sweep_suits(int64_t rows, const double *prices, int64_t points)
{
    if (!gex__sweep_is_enough(rows, points) || !(prices[points - 1] > 1.000001 * prices[0]))
        return false;
    for (int64_t k = 1; k < points; k++)
        if (!(prices[k] >= prices[k - 1]))
            return false;
    return true;
}

int64_t gex__sweep_size(int64_t rows, int64_t points, int64_t tasks)
{
    int64_t at[PARTS];

    return gex__sweep_is_enough(rows, points) ? parts_set(rows, points, at) + tasks * GEX_SWEEP_SCRATCH : 0;
}

/*
 * Log prices of nodes are multiples of a unit that leaves them 48 bits, and so exact: the finest step is some 2^32 of
 * it.
 */
static void levels_set(struct gex__sweep *sweep, int levels, double *nodes, double *before)
{
    const double high = sweep->high[sweep->points - 1];
    double coarsest[2], unit;
    int32_t cell = 0;
    int exponent;

    frexp(fmax(fabs(sweep->high[0]), fabs(high)) + (high - sweep->high[0]), &exponent);
    unit = ldexp(1.0, exponent - 46);
    sweep->low = floor(sweep->high[0] / unit) * unit;
    unit *= (double)STEPS_MOST / steps_of(1);
    for (int i = 0; i < 2; i++)
        coarsest[i] = ceil((high - sweep->low) / steps_of(i) / unit) * unit;
    sweep->width = coarsest[0] * steps_of(0);
    for (int i = 0; i <= levels; i++) {
        struct gex__sweep_level *level = &sweep->level[i];

        *level = (struct gex__sweep_level){.steps = steps_of(i < levels ? i : levels - 1),
                                           .cells = cells_of(i, levels), .first_cell = cell};
        level->step = i < levels ? ldexp(coarsest[i % 2], -(i / 2)) : sweep->level[levels - 1].step;
        cell += level->cells;
        if (i == levels)
            break;
        level->pad = pad_of(i, levels);
        level->sum = nodes;
        level->before = before;
        nodes += nodes_of(i, levels);
        before += nodes_of(i, levels);
    }
    sweep->levels = levels + 1;
}

void gex__sweep_start(struct gex__sweep *sweep, int32_t instruction_set, int32_t greek, const double *hoisted,
                      int64_t rows, const double *weights, const double *prices, int64_t points, double *block)
{
    const int levels = levels_of(finest_of(points));
    const struct extent all = extent_of(levels);
    const double reference = hoisted[gex__profile_size(rows) - 1];
    const int64_t whole = points - points % PADDING;
    double tail[PADDING];
    int64_t at[PARTS];

    parts_set(rows, points, at);
    *sweep = (struct gex__sweep){.isa = instruction_set, .greek = greek, .hoisted = hoisted, .weights = weights,
                                 .prices = prices, .reference = reference, .rows = rows, .points = points,
                                 .high = block + at[LOGS], .rest = block + at[RESTS],
                                 .sum = block + at[SUMS], .gross = block + at[GROSSES],
                                 .mass = block + at[MASSES], .least = block + at[LEASTS], .lanes = block + at[LANES],
                                 .packs = {(struct gex__sweep_pack *)(void *)(block + at[PACKS]), block + at[CS],
                                           block + at[PER_US], block + at[OFFSETS], block + at[PACK_WEIGHTS]},
                                 .key = (int32_t *)(void *)(block + at[KEYS]),
                                 .start = (int32_t *)(void *)(block + at[STARTS]),
                                 .line = (int32_t *)(void *)(block + at[LINES]),
                                 .weight = block + at[WEIGHTS]};
    gex__kernels_of(instruction_set)->sweep_logs(prices, reference, whole, sweep->high, sweep->rest);
    for (int64_t k = 0; k < PADDING; k++)
        tail[k] = prices[least(whole + k, points - 1)];
    gex__kernels_of(instruction_set)->sweep_logs(tail, reference, PADDING, sweep->high + whole, sweep->rest + whole);
    levels_set(sweep, levels, block + at[NODES], block + at[BEFORES]);
    memset(sweep->sum, 0, (size_t)(points + PADDING) * sizeof *sweep->sum);
    memset(sweep->gross, 0, (size_t)(points + PADDING) * sizeof *sweep->gross);
    memset(block + at[NODES], 0, (size_t)all.nodes * sizeof *block);
    memset(sweep->mass, 0, (size_t)(all.cells + 1) * sizeof *sweep->mass);
}

/* ---- a batch of lines -------------------------------------------------------------------------------------------- */

static const double *column_of(const struct gex__sweep *sweep, int field)
{
    const int64_t stride = (sweep->rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;

    return sweep->hoisted + field * stride;
}

int32_t gex__sweep_cell(const struct gex__sweep *sweep, const struct gex__sweep_level *level, double log_price)
{
    const double node = (log_price - sweep->low) / level->step, last = level->steps - 1;

    return (int32_t)(node > 0.0 ? node < last ? node : last : 0.0) / GEX_SWEEP_CELL + GEX_SWEEP_APRON;
}

int32_t gex__sweep_cells(const struct gex__sweep *sweep)
{
    const struct gex__sweep_level *last = &sweep->level[sweep->levels - 1];

    return last->first_cell + last->cells;
}

/* GEX_SWEEP_SOME lines from `first` on, or those there are. */
static int64_t places_of(const struct gex__sweep *sweep, int64_t first, int64_t end, struct gex__sweep_places *places)
{
    const int64_t count = least(end - first, GEX_SWEEP_SOME);
    const struct gex__sweep_level *finest = &sweep->level[sweep->levels - 2];
    const struct gex__sweep_sorting sorting = {
        .low = sweep->low, .width = sweep->width, .steps = finest->steps, .narrow = sweep->levels - 1,
        .per_width = {1.0 / sweep->width, 1.0 / (sweep->level[1].step * sweep->level[1].steps)},
        .none = gex__sweep_cells(sweep), .vanna = sweep->greek == GEX_GREEK_VANNA};
    const double *column[GEX_LINE_FIELDS];

    for (int f = 0; f < GEX_LINE_FIELDS; f++)
        column[f] = column_of(sweep, f) + first;
    memcpy(places->weight, sweep->weights + first, (size_t)count * sizeof *places->weight);
    for (int64_t i = count; i % GEX_SWEEP_LANES != 0; i++)
        places->weight[i] = 0.0;
    gex__kernels_of(sweep->isa)->sweep_place(column, count, &sorting, places);
    return count;
}

/*
 * What a line of weight W is at most at any price, and what of it may be left out at one, at most: of vanna; of delta
 * next to nothing, and of gamma sweep_sums.c has both. What a smoothing weighs grows by |x - x_k| / s^2 in its
 * derivative, which is 19 / v at most for the nodes that are not read, since v < 2.2 s, and as much for those a line
 * has not.
 */
static void most_add(struct gex__sweep *sweep, int64_t line, double weight)
{
    const double size = fabs(weight), per_v = column_of(sweep, GEX_LINE_PER_V)[line];

    if (!(size > 0.0))
        return;
    if (sweep->greek == GEX_GREEK_DELTA) {
        sweep->most += size / per_v;
    } else {
        sweep->most += size * (0.4 + 0.54 * per_v); /* n(d) and (1 + d) n(d) are no more than that */
        sweep->doubt += size * (3e-17 + 5.7e-16 * per_v);
    }
}

/* Keys of lines, and how many have each. */
static void keys_set(struct gex__sweep *sweep, int64_t from, int64_t count)
{
    struct gex__sweep_places places;

    for (int64_t first = 0, some; first < count; first += some) {
        some = places_of(sweep, from + first, from + count, &places);
        for (int64_t i = 0; i < some; i++) {
            const int32_t key = (int32_t)(places.key[i] & INT32_MAX);

            sweep->key[first + i] = key;
            sweep->weight[first + i] = places.weight[i];
            sweep->start[key]++;
            sweep->mass[key] += fabs(places.weight[i]);
            if (sweep->greek != GEX_GREEK_GAMMA)
                most_add(sweep, from + first + i, places.weight[i]);
        }
    }
}

/*
 * Counts of lines by key become the places where they begin, from `place` on. A pack ends where a cell is too far from
 * its first line's, and leaves places idle. @return the end
 */
static int32_t places_set(const struct gex__sweep *sweep, const struct gex__sweep_level *level, int32_t place)
{
    int32_t *start = sweep->start + level->first_cell, from = 0;
    const bool coarsest = level == sweep->level; /* where no seed is far from any node */
    struct gex__sweep_pack *pack = sweep->packs.pack;

    for (int32_t cell = 0; cell < level->cells; cell++) {
        const int32_t lines = start[cell], held = place % GEX_SWEEP_PACK;

        if (lines == 0)
            continue;
        if (held > 0 && cell - from >= SPREAD && !coarsest) {
            pack[place / GEX_SWEEP_PACK].lines = held;
            place += GEX_SWEEP_PACK - held;
        }
        start[cell] = place;
        for (int32_t n = (place + GEX_SWEEP_PACK - 1) / GEX_SWEEP_PACK; n * GEX_SWEEP_PACK < place + lines; n++) {
            from = cell; /* begins in this cell */
            pack[n] = (struct gex__sweep_pack){.middle = (cell - GEX_SWEEP_APRON + SPREAD / 2) * GEX_SWEEP_CELL,
                                               .lines = GEX_SWEEP_PACK};
        }
        place += lines;
    }
    if (place % GEX_SWEEP_PACK > 0) {
        pack[place / GEX_SWEEP_PACK].lines = place % GEX_SWEEP_PACK;
        place += GEX_SWEEP_PACK - place % GEX_SWEEP_PACK;
    }
    return place;
}

static void column_take(const struct gex__sweep *sweep, const double *column, int32_t places, double *to)
{
    for (int32_t i = 0; i < places; i++)
        to[i] = column[sweep->line[i]];
}

/* Packs from the lines at their places, a column at a time: few pages are in use. Idle lines are as the first. */
static void packs_fill(const struct gex__sweep *sweep, int64_t from, int32_t packs)
{
    const int32_t places = packs * GEX_SWEEP_PACK;

    for (int32_t n = 0; n < packs; n++)
        for (int64_t i = sweep->packs.pack[n].lines; i < GEX_SWEEP_PACK; i++)
            sweep->line[n * GEX_SWEEP_PACK + i] = sweep->line[n * GEX_SWEEP_PACK];
    column_take(sweep, column_of(sweep, GEX_LINE_C) + from, places, sweep->packs.c);
    column_take(sweep, column_of(sweep, GEX_LINE_C_LO) + from, places, sweep->packs.offset);
    column_take(sweep, column_of(sweep, GEX_LINE_PER_V) + from, places, sweep->packs.per_u);
    column_take(sweep, sweep->weight, places, sweep->packs.weight);
    for (int32_t n = 0; n < packs; n++)
        for (int64_t i = sweep->packs.pack[n].lines; i < GEX_SWEEP_PACK; i++)
            sweep->packs.weight[n * GEX_SWEEP_PACK + i] = 0.0;
}

int64_t gex__sweep_take(struct gex__sweep *sweep, int64_t from)
{
    const int64_t count = least(sweep->rows - from, BATCH);
    struct gex__sweep_level *last = &sweep->level[sweep->levels - 1];
    const int32_t none = gex__sweep_cells(sweep);
    int32_t place = 0;

    if (count <= 0)
        return 0;
    memset(sweep->start, 0, (size_t)(none + 1) * sizeof *sweep->start);
    keys_set(sweep, from, count);
    for (struct gex__sweep_level *level = sweep->level; level <= last; level++) {
        const int32_t end = places_set(sweep, level, place);

        level->first_pack = place / GEX_SWEEP_PACK;
        level->packs = (end - place) / GEX_SWEEP_PACK;
        level->used = level->used || level->packs > 0;
        place = end;
    }
    for (int64_t i = 0; i < count; i++)
        if (sweep->key[i] != none)
            sweep->line[sweep->start[sweep->key[i]]++] = (int32_t)i;
    packs_fill(sweep, from, place / GEX_SWEEP_PACK);
    for (const struct gex__sweep_level *level = sweep->level; level <= last; level++)
        gex__kernels_of(sweep->isa)
            ->sweep_reach(&sweep->packs, level->first_pack, level->packs, sweep->low, level->step,
                          level < last ? level->step / GEX_SWEEP_KAPPA : 0.0);
    sweep->narrow += last->packs;
    sweep->kept = sweep->narrow == last->packs;
    return count;
}
