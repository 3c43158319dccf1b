/* SPDX-License-Identifier: Apache-2.0 */
/* Plan of a sweep: which line goes to which stretches. */
#include "sweep.h"

#include <math.h>
#include <string.h>

#include "kernel/kernel.h"

enum { BATCH = 1 << 15, CUTS_MOST = 1024, PRICES_A_STRETCH = 6, PADDING = GEX_SWEEP_LANES };
enum { ROWS_LEAST = 256, PRICES_LEAST = 32 };

#define WIDEST   GEX_SWEEP_WIDEST
#define COARSEST 0x1p-5  /* of that: the bound of the first level */
#define LEFT_OUT 0x1p-47 /* of a line: what the terms after the last come to, at most */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A power of two: stretches of the finest cut. */
static int64_t cuts_of(int64_t points)
{
    int64_t cuts = 1;

    while (2 * cuts <= points / PRICES_A_STRETCH && cuts < CUTS_MOST)
        cuts *= 2;
    return cuts;
}

/* Bounds of the levels grow by 3/2 and 4/3 in turn, as the leading bits of a number do. */
static int half_octave(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> 51);
}

static double bound_of(int level)
{
    const double whole = ldexp(COARSEST, level / 2);

    return level % 2 == 0 ? whole : 1.5 * whole;
}

/* Levels but the last, whose lines are narrower than the finest of `cuts`. */
static int levels_of(int64_t cuts)
{
    return half_octave((double)cuts) - half_octave(COARSEST) + 1;
}

static int32_t stretches_of(int level)
{
    return (int32_t)ceil(fmax(bound_of(level), 1.0));
}

static int64_t all_stretches(int levels)
{
    int64_t all = 0;

    for (int i = 0; i < levels; i++)
        all += stretches_of(i);
    return all;
}

/* The parts of the block, in doubles. */
enum part { LOGS, RESTS, SUMS, GROSSES, DOUBTS, POLYNOMIALS, PACKS, LINES, KEYS, STARTS, REACHED, PARTS };

static int64_t parts_set(int64_t rows, int64_t points, int64_t at[PARTS])
{
    const int64_t cuts = cuts_of(points), stretches = all_stretches(levels_of(cuts)), lines = least(rows, BATCH);
    const int64_t packs = lines / GEX_SWEEP_PACK + GEX_SWEEP_LEVELS, room = points + PADDING;
    const int64_t length[PARTS] = {room, room, room, room, room, stretches * GEX_SWEEP_TERMS,
                                   packs * (int64_t)(sizeof(struct gex__sweep_pack) / sizeof(double)),
                                   packs * GEX_SWEEP_PACK / 2, lines / 2 + 1, (stretches + cuts) / 2 + 1,
                                   stretches + 1};
    int64_t total = 0;

    for (int i = 0; i < PARTS; i++) {
        at[i] = total;
        total += length[i];
    }
    return total;
}

static bool is_enough(int64_t rows, int64_t points)
{
    return rows >= ROWS_LEAST && points >= PRICES_LEAST;
}

bool gex__sweep_suits(int64_t rows, const double *prices, int64_t points)
{
    if (!is_enough(rows, points) || !(prices[points - 1] > 1.000001 * prices[0]))
        return false;
    for (int64_t k = 1; k < points; k++)
        if (!(prices[k] >= prices[k - 1]))
            return false;
    return true;
}

int64_t gex__sweep_size(int64_t rows, int64_t points)
{
    int64_t at[PARTS];

    return is_enough(rows, points) ? parts_set(rows, points, at) : 0;
}

/* Terms after which less is left than LEFT_OUT. */
static int32_t orders_of(double e)
{
    double term = 1.09;
    int32_t n = 0;

    while (term > LEFT_OUT || (double)n < e * e)
        term *= e / sqrt((double)++n);
    return n > 2 ? n : 2;
}

static void levels_set(struct gex__sweep *sweep, int levels)
{
    int32_t first = 0;

    for (int i = 0; i < levels; i++) {
        const int32_t stretches = stretches_of(i);

        sweep->level[i] = (struct gex__sweep_level){.stretches = stretches,
                                                    .orders = orders_of(WIDEST * bound_of(i) / stretches),
                                                    .first_stretch = first,
                                                    .reach = 0.5 * sweep->width / stretches};
        first += stretches;
    }
    sweep->level[levels] = (struct gex__sweep_level){.stretches = stretches_of(levels - 1), .first_stretch = first};
    sweep->levels = levels + 1;
}

void gex__sweep_start(struct gex__sweep *sweep, int32_t instruction_set, const double *hoisted, int64_t rows,
                      const double *weights, const double *prices, int64_t points, double *block)
{
    const int levels = levels_of(cuts_of(points));
    const double reference = hoisted[gex__profile_size(rows) - 1];
    const int64_t whole = points - points % PADDING;
    double tail[PADDING];
    int64_t at[PARTS];

    parts_set(rows, points, at);
    *sweep = (struct gex__sweep){.isa = instruction_set, .hoisted = hoisted, .weights = weights, .prices = prices,
                                 .reference = reference, .rows = rows, .points = points,
                                 .high = block + at[LOGS], .rest = block + at[RESTS],
                                 .sum = block + at[SUMS], .gross = block + at[GROSSES], .doubt = block + at[DOUBTS],
                                 .terms = block + at[POLYNOMIALS],
                                 .pack = (struct gex__sweep_pack *)(void *)(block + at[PACKS]),
                                 .line = (int32_t *)(void *)(block + at[LINES]),
                                 .key = (int32_t *)(void *)(block + at[KEYS]),
                                 .start = (int32_t *)(void *)(block + at[STARTS]),
                                 .reached = (int32_t *)(void *)(block + at[REACHED])};
    gex__kernels_of(instruction_set)->sweep_logs(prices, reference, whole, sweep->high, sweep->rest);
    for (int64_t k = 0; k < PADDING; k++)
        tail[k] = prices[least(whole + k, points - 1)];
    gex__kernels_of(instruction_set)->sweep_logs(tail, reference, PADDING, sweep->high + whole, sweep->rest + whole);
    sweep->low = sweep->high[0];
    sweep->width = sweep->high[points - 1] - sweep->low;
    levels_set(sweep, levels);
    memset(sweep->sum, 0, (size_t)(points + PADDING) * sizeof *sweep->sum);
    memset(sweep->gross, 0, (size_t)(points + PADDING) * sizeof *sweep->gross);
    memset(sweep->doubt, 0, (size_t)(points + PADDING) * sizeof *sweep->doubt);
    memset(sweep->terms, 0, (size_t)(all_stretches(levels) * GEX_SWEEP_TERMS) * sizeof *sweep->terms);
}

/* ---- a batch of lines ---------------------------------------------------------------------------------------------- */

static const double *column_of(const struct gex__sweep *sweep, int field)
{
    const int64_t stride = (sweep->rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;

    return sweep->hoisted + field * stride;
}

static int32_t cell_of(double x, int32_t cells)
{
    const double last = cells - 1, above = x > 0.0 ? x : 0.0;

    return (int32_t)(above < last ? above : last);
}

int32_t gex__sweep_cell(const struct gex__sweep *sweep, const struct gex__sweep_level *level, double log_price)
{
    return cell_of((log_price - sweep->low) / sweep->width * level->stretches, level->stretches);
}

/* GEX_SWEEP_SOME lines from `first` on, or those there are. */
static int64_t places_of(const struct gex__sweep *sweep, int64_t first, int64_t end, struct gex__sweep_places *places)
{
    const int64_t count = least(end - first, GEX_SWEEP_SOME);
    const double *column[GEX_LINE_FIELDS];

    for (int f = 0; f < GEX_LINE_FIELDS; f++)
        column[f] = column_of(sweep, f) + first;
    memcpy(places->weight, sweep->weights + first, (size_t)count * sizeof *places->weight);
    for (int64_t i = count; i % GEX_SWEEP_LANES != 0; i++)
        places->weight[i] = 0.0;
    gex__kernels_of(sweep->isa)->sweep_place(column, count, sweep->low, sweep->width, places);
    return count;
}

/* Packs of each level. */
static int32_t packs_count(struct gex__sweep *sweep)
{
    int32_t packs = 0;

    for (int l = 0; l < sweep->levels; l++) {
        struct gex__sweep_level *level = &sweep->level[l];
        const int32_t *start = sweep->start + level->first_stretch;
        int32_t lines = 0;

        for (int32_t k = 0; k < level->stretches; k++)
            lines += start[k];
        level->first_pack = packs;
        level->packs = (lines + GEX_SWEEP_PACK - 1) / GEX_SWEEP_PACK;
        packs += level->packs;
    }
    return packs;
}

/* Counts of lines by key become the places where they begin. */
static void places_set(const struct gex__sweep *sweep)
{
    for (int l = 0; l < sweep->levels; l++) {
        const struct gex__sweep_level *level = &sweep->level[l];
        int32_t *start = sweep->start + level->first_stretch, place = level->first_pack * GEX_SWEEP_PACK;

        for (int32_t k = 0; k < level->stretches; k++) {
            const int32_t lines = start[k];
            start[k] = place;
            place += lines;
        }
    }
}

/* First pack that reaches each stretch of a level, and the end of those that do. */
static void reached_set(const struct gex__sweep *sweep, const struct gex__sweep_level *level)
{
    int32_t *reached = sweep->reached + 2 * level->first_stretch;

    for (int32_t k = 0; k < level->stretches; k++) {
        reached[2 * k] = INT32_MAX;
        reached[2 * k + 1] = 0;
    }
    for (int32_t i = level->first_pack; i < level->first_pack + level->packs; i++)
        for (int32_t k = sweep->pack[i].first; k <= sweep->pack[i].last; k++) {
            reached[2 * k] = i < reached[2 * k] ? i : reached[2 * k];
            reached[2 * k + 1] = i + 1;
        }
}

static int level_of(const struct gex__sweep *sweep, double held)
{
    const int level = half_octave(held * (0.5 / WIDEST)) - half_octave(COARSEST) + 1, last = sweep->levels - 1;

    return level < 0 ? 0 : level > last ? last : level;
}

/* Keys of lines, and how many have each. NaN and infinite weights come out in the end, as NaN. */
static void keys_set(struct gex__sweep *sweep, int64_t from, int64_t count)
{
    struct gex__sweep_places places;

    for (int64_t first = 0, some; first < count; first += some) {
        some = places_of(sweep, from + first, from + count, &places);
        for (int64_t i = 0; i < some; i++) {
            const struct gex__sweep_level *level = &sweep->level[level_of(sweep, places.held[i])];
            const int32_t key = level->first_stretch + cell_of(places.centre[i] * level->stretches, level->stretches);
            const bool counts = places.weight[i] != 0.0;

            sweep->total += fabs(places.weight[i]);
            sweep->key[first + i] = counts ? key : -1;
            sweep->start[key] += counts;
        }
    }
}

/* A pack of its lines, -1 for an idle place. There is one line at least. */
static void pack_fill(const struct gex__sweep *sweep, int32_t number, int64_t from, int32_t stretches)
{
    const double *c = column_of(sweep, GEX_LINE_C), *c_lo = column_of(sweep, GEX_LINE_C_LO);
    const double *per_v = column_of(sweep, GEX_LINE_PER_V), *half_v = column_of(sweep, GEX_LINE_HALF_V);
    const double *gamma = column_of(sweep, GEX_LINE_GAMMA), *weights = sweep->weights;
    const int32_t *line = sweep->line + number * (int64_t)GEX_SWEEP_PACK;
    struct gex__sweep_pack *pack = &sweep->pack[number];

    for (int i = 0; i < GEX_SWEEP_PACK; i++) {
        const int64_t at = from + (line[i] < 0 ? line[0] : line[i]);

        pack->c[i] = c[at];
        pack->c_lo[i] = c_lo[at];
        pack->per_v[i] = per_v[at];
        pack->half_v[i] = half_v[at];
        pack->weight[i] = line[i] < 0 ? 0.0 : weights[at] * gamma[at];
    }
    gex__kernels_of(sweep->isa)->sweep_reach(pack, sweep->low, sweep->width);
    pack->first = pack->to >= 0.0 ? cell_of(pack->from * stretches, stretches) : stretches;
    pack->last = pack->from < 1.0 ? cell_of(pack->to * stretches, stretches) : -1;
}

static void packs_fill(const struct gex__sweep *sweep, int64_t from, int64_t count, int32_t packs)
{
    memset(sweep->line, 0xff, (size_t)packs * GEX_SWEEP_PACK * sizeof *sweep->line);
    for (int64_t i = 0; i < count; i++)
        if (sweep->key[i] >= 0)
            sweep->line[sweep->start[sweep->key[i]]++] = (int32_t)i;
    for (int l = 0; l < sweep->levels; l++)
        for (int32_t i = 0; i < sweep->level[l].packs; i++)
            pack_fill(sweep, sweep->level[l].first_pack + i, from, sweep->level[l].stretches);
}

int64_t gex__sweep_take(struct gex__sweep *sweep, int64_t from)
{
    const int64_t count = least(sweep->rows - from, BATCH);
    struct gex__sweep_level *last = &sweep->level[sweep->levels - 1];
    int32_t packs;

    if (count <= 0)
        return 0;
    memset(sweep->start, 0, (size_t)(last->first_stretch + last->stretches) * sizeof *sweep->start);
    keys_set(sweep, from, count);
    packs = packs_count(sweep);
    places_set(sweep);
    packs_fill(sweep, from, count, packs);
    for (struct gex__sweep_level *level = sweep->level; level < last; level++) {
        level->used = level->used || level->packs > 0;
        reached_set(sweep, level);
    }
    sweep->narrow += last->packs;
    sweep->kept = sweep->narrow == last->packs;
    return count;
}
