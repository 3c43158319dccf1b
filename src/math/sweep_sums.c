/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of a sweep: nodes, lines too narrow for any, and what they come to at a price.
 *
 * What a sum may be off by, as a share of absolute values at the price: the nodes' spacing, 1.6e-14 as
 * kernel/sweep_body.h has it, and next to nothing where a finer grid takes over; of a node k away from its seed k^2 / 8
 * times the rounding of exp(-4 e^2) and of ratios, 1.7e-16, k / 2 times that of the first ones, 8e-16, and d^2 times
 * that of d, 3e-16, which is 7e-14 at the end of a line's reach;
 * adding up to some 1,100 packs of a batch, 1.3e-13. ALLOWED leaves room for that.
 *
 * The derivative that vanna is read by takes these shares by v / s < 2.2 more of |W| n(d1) (1 + |d1|) / v, the nodes'
 * spacing, which comes and goes with h, by 2 pi v / h: 2.6e-13, and 4.2e-13 of the rest. ALLOWED_VANNA leaves room for
 * that.
 *
 * What delta is more than at the first price is the integral of what is off by so much of |W| n(d1), and adds up sums
 * of nodes to the last bit; N(d) is within 5e-14.
 *
 * And of a line's |W|, wherever the price is: sqrt(2) exp(-GEX_SWEEP_REACH^2 / 2) for the nodes it has not, and
 * 2.1 exp(-(16 kappa)^2 / 2) for those a price is not read from; less of narrow lines. A price where absolute values
 * cannot be shown to be that much, divided by what is allowed, is left to the caller.
 */
#include <math.h>
#include <string.h>

#include "kernel/kernel.h"
#include "sweep.h"

enum { CHUNK = 256 }; /* prices of a task at a time; a multiple of GEX_SWEEP_LANES */

#define ALLOWED       7e-13
#define ALLOWED_VANNA 3e-13
#define OUTSIDE       3e-17 /* of |W| */
#define NARROW_REACH  10.5  /* deviations within which a narrow line counts */
#define NARROW        2e-24 /* of |W|: exp(-NARROW_REACH^2 / 2) */

static const struct gex__sweep_reader *reader_of(const struct gex__sweep *sweep)
{
    const struct gex__kernels *kernels = gex__kernels_of(sweep->isa);

    return sweep->greek == GEX_GREEK_VANNA   ? &kernels->sweep_vanna
           : sweep->greek == GEX_GREEK_DELTA ? &kernels->sweep_delta
                                             : &kernels->sweep_gamma;
}

static int64_t end_of(const struct gex__sweep *sweep, int64_t from)
{
    return from + CHUNK < sweep->points ? from + CHUNK : sweep->points;
}

/* Not below `log_price`. */
static int64_t price_from(const struct gex__sweep *sweep, int64_t low, int64_t high, double log_price)
{
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (sweep->high[middle] < log_price)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

/* Nodes [start, end) of a level, counted from -pad on. */
static void block_add(const struct gex__sweep *sweep, const struct gex__sweep_level *level, int64_t start, int64_t end,
                      double *lanes)
{
    gex__kernels_of(sweep->isa)
        ->sweep_nodes(&sweep->packs, level->first_pack, level->packs, sweep->low, level->step, start - level->pad,
                      end - level->pad, lanes, level->sum + start);
}

void gex__sweep_nodes(const struct gex__sweep *sweep, int64_t task, int64_t tasks)
{
    double *lanes = sweep->lanes + task * GEX_SWEEP_SCRATCH;
    int64_t number = 0;

    for (int l = 0; l < sweep->levels - 1; l++) {
        const struct gex__sweep_level *level = &sweep->level[l];
        const int64_t nodes = level->steps + 2 * level->pad + 1, blocks = (nodes - 1) / GEX_SWEEP_BLOCK + 1;

        for (int64_t k = 0; k < blocks && level->packs > 0; k++, number++)
            if (number % tasks == task)
                block_add(sweep, level, k * nodes / blocks, (k + 1) * nodes / blocks, lanes);
    }
}

/* ---- from grid to grid ------------------------------------------------------------------------------------------- */

/*
 * What a grid's node weighs at nodes of the one twice as fine: h / (a sqrt(2 pi)) s' / s exp(-(x / a)^2 / 2) with
 * a^2 = 3 s^2 / 4 the smoothing that is missing, h and s those of the finer one, s' = 2 s.
 */
struct taps {
    double even[GEX_SWEEP_TAPS], odd[GEX_SWEEP_TAPS];
};

static void taps_set(struct taps *taps)
{
    const double share = GEX_SWEEP_KAPPA / sqrt(1.5 * 3.14159265358979323846), per_a = GEX_SWEEP_KAPPA / sqrt(0.75);

    for (int p = 0; p < GEX_SWEEP_TAPS; p++) {
        taps->even[p] = share * exp(-0.5 * p * p * per_a * per_a);
        taps->odd[p] = share * exp(-0.5 * (p + 0.5) * (p + 0.5) * per_a * per_a);
    }
    taps->even[0] *= 0.5; /* from both sides */
}

static void level_hand_over(const struct gex__sweep *sweep, const struct taps *taps,
                            const struct gex__sweep_level *from, const struct gex__sweep_level *to)
{
    const double *coarse = from->sum + from->pad;
    double *fine = to->sum + to->pad, even[GEX_SWEEP_LANES], odd[GEX_SWEEP_LANES];
    const int64_t last = to->steps + to->pad;

    for (int64_t k = -to->pad / 2; 2 * k <= last; k += GEX_SWEEP_LANES) {
        gex__kernels_of(sweep->isa)->sweep_spread(coarse + k, GEX_SWEEP_LANES, taps->even, 0, even);
        gex__kernels_of(sweep->isa)->sweep_spread(coarse + k, GEX_SWEEP_LANES, taps->odd, 1, odd);
        for (int64_t i = k; i < k + GEX_SWEEP_LANES && 2 * i <= last; i++) {
            fine[2 * i] += even[i - k];
            fine[2 * i + 1] += 2 * i < last ? odd[i - k] : 0.0;
        }
    }
}

static void levels_hand_over(struct gex__sweep *sweep)
{
    struct taps taps;
    int last[2] = {-1, -1};

    taps_set(&taps);
    for (int l = 0; l < sweep->levels - 1; l++)
        last[l % 2] = sweep->level[l].used ? l : last[l % 2];
    for (int l = 0; l < sweep->levels - 1; l++) {
        struct gex__sweep_level *level = &sweep->level[l];

        level->read = level->used;
        if (l >= GEX_SWEEP_DIRECT + 2 && level[-2].read && l <= last[l % 2]) {
            level_hand_over(sweep, &taps, level - 2, level);
            level[-2].read = false;
            level->read = true;
        }
    }
}

/* ---- what there is at least -------------------------------------------------------------------------------------- */

/* What lines in the same cell and the ones beside it are at most is no less than this. */
static void least_set(const struct gex__sweep *sweep, const struct gex__sweep_level *level)
{
    const double *mass = sweep->mass + level->first_cell, width = (int)GEX_SWEEP_CELL * GEX_SWEEP_STEP;
    const bool vanna = sweep->greek == GEX_GREEK_VANNA && level > sweep->level; /* coarsest: of any deviation */
    const double per_v = vanna ? 2.0 / 3 * GEX_SWEEP_STEP / level->step : 0.0;
    const double more = (1.0 + per_v) / 2.6; /* sqrt(2 pi) */
    const double here = more * exp(-0.5 * width * width), beside = more * exp(-2.0 * width * width);

    for (int32_t cell = GEX_SWEEP_APRON; cell < level->cells - GEX_SWEEP_APRON; cell++)
        sweep->least[level->first_cell + cell] = here * mass[cell] + beside * (mass[cell - 1] + mass[cell + 1]);
}

/* The cells of a grid twice as fine are halves. */
static void least_hand_over(const struct gex__sweep *sweep, const struct gex__sweep_level *from,
                            const struct gex__sweep_level *to)
{
    for (int32_t cell = GEX_SWEEP_APRON; cell < to->cells - GEX_SWEEP_APRON; cell++)
        sweep->least[to->first_cell + cell] += sweep->least[from->first_cell + (cell + GEX_SWEEP_APRON) / 2];
}

/* ---- integrals --------------------------------------------------------------------------------------------------- */

/* Sums of nodes before each, with what their rounding leaves: there are thousands. */
static void before_set(struct gex__sweep_level *level)
{
    const int64_t nodes = level->steps + 2 * level->pad + 1;
    double sum = 0.0, lost = 0.0;

    for (int64_t k = 0; k < nodes; k++) {
        const double x = level->sum[k], next = sum + x, part = next - sum;

        level->before[k] = sum + lost;
        lost += (sum - (next - part)) + (x - part);
        sum = next;
    }
}

static void integrals_set(struct gex__sweep *sweep)
{
    sweep->base = sweep->sum[0]; /* of narrow lines */
    for (int l = 0; l < sweep->levels - 1; l++)
        if (sweep->level[l].read) {
            before_set(&sweep->level[l]);
            gex__kernels_of(sweep->isa)
                ->sweep_delta.level(&sweep->level[l], sweep->low, sweep->high, sweep->rest, 1, &sweep->base);
        }
}

void gex__sweep_join(struct gex__sweep *sweep)
{
    const int32_t narrow = sweep->level[sweep->levels - 1].first_cell, cells = gex__sweep_cells(sweep);

    levels_hand_over(sweep);
    for (int l = 0; l < sweep->levels - 1; l++) {
        least_set(sweep, &sweep->level[l]);
        if (l >= 2)
            least_hand_over(sweep, &sweep->level[l - 2], &sweep->level[l]);
    }
    for (int32_t cell = 0; sweep->greek == GEX_GREEK_GAMMA && cell <= cells; cell++) { /* the last: of no level */
        sweep->doubt += (cell < narrow || cell == cells ? OUTSIDE : NARROW) * sweep->mass[cell];
        sweep->most += 0.4 * sweep->mass[cell]; /* n(d) is no more */
    }
    if (sweep->greek == GEX_GREEK_DELTA)
        integrals_set(sweep);
}

/* ---- narrow lines ------------------------------------------------------------------------------------------------ */

struct reach {
    double from, to; /* log prices */
};

static struct reach narrow_reach(const struct gex__sweep *sweep, int64_t place)
{
    const double v = 1.0 / sweep->packs.per_u[place], middle = -sweep->packs.c[place] - 0.5 * v * v;

    return (struct reach){middle - NARROW_REACH * v, middle + NARROW_REACH * v};
}

/* A narrow line at the prices of [from, to) that it reaches, whole vectors of them; of delta, at those beyond too. */
static void narrow_add(const struct gex__sweep *sweep, int64_t place, int64_t from, int64_t to)
{
    const struct reach reach = narrow_reach(sweep, place);
    const int64_t low = price_from(sweep, from, to, reach.from) / GEX_SWEEP_LANES * GEX_SWEEP_LANES;
    const int64_t high = price_from(sweep, from, to, reach.to);
    int64_t end = high;

    if (sweep->greek == GEX_GREEK_DELTA && low < high)
        end = (high + GEX_SWEEP_LANES - 1) / GEX_SWEEP_LANES * GEX_SWEEP_LANES;
    if (low < high)
        reader_of(sweep)->line(&sweep->packs, place, sweep->high + low, sweep->rest + low, end - low, sweep->sum + low,
                               sweep->gross + low);
    if (sweep->greek == GEX_GREEK_DELTA) {
        const double whole = sweep->packs.weight[place] / sweep->packs.per_u[place];

        for (int64_t k = end; k < to; k++)
            sweep->sum[k] += whole;
    }
}

/* Packs that may reach log prices of [low, high] begin and end where these do, but for the reach of the widest line. */
static bool pack_is_near(const struct gex__sweep *sweep, const struct gex__sweep_pack *pack, double low, double high)
{
    const struct gex__sweep_level *level = &sweep->level[sweep->levels - 1];
    const double more = (NARROW_REACH - GEX_SWEEP_REACH) / GEX_SWEEP_STEP; /* nodes */

    return pack->from - more <= (high - sweep->low) / level->step &&
           (sweep->greek == GEX_GREEK_DELTA || (low - sweep->low) / level->step <= pack->to + more);
}

void gex__sweep_lines(const struct gex__sweep *sweep, int64_t task, int64_t tasks)
{
    const struct gex__sweep_level *level = &sweep->level[sweep->levels - 1];

    for (int64_t from = task * CHUNK; from < sweep->points; from += tasks * CHUNK) {
        const int64_t to = end_of(sweep, from);

        for (int32_t n = level->first_pack; n < level->first_pack + level->packs; n++)
            if (pack_is_near(sweep, &sweep->packs.pack[n], sweep->high[from], sweep->high[to - 1]))
                for (int64_t i = 0; i < sweep->packs.pack[n].lines; i++)
                    narrow_add(sweep, n * (int64_t)GEX_SWEEP_PACK + i, from, to);
    }
}

/* ---- at prices --------------------------------------------------------------------------------------------------- */

/* The greek at a price, or NaN; `gross` of narrow lines. NaN and infinite weights come out here, as NaN. */
static double judged(const struct gex__sweep *sweep, double log_price, double price, double sum, double gross)
{
    const bool gamma = sweep->greek == GEX_GREEK_GAMMA;
    double there = gross;

    if (sweep->greek == GEX_GREEK_DELTA) /* by integrals of what is left out, which are next to nothing */
        return isfinite(sum) && isfinite(sweep->base) ? sum - sweep->base : (double)NAN;

    for (int l = sweep->levels - 3; l < sweep->levels - 1; l++)
        there += sweep->least[sweep->level[l].first_cell + gex__sweep_cell(sweep, &sweep->level[l], log_price)];
    there = fmax(there, 0.5 * fabs(sum));
    if (!isfinite(there) || !isfinite(sum) || !(sweep->doubt <= (gamma ? ALLOWED : ALLOWED_VANNA) * there))
        return (double)NAN;
    return gamma ? sum / price : sum;
}

void gex__sweep_finish(const struct gex__sweep *sweep, double *sums, int64_t task, int64_t tasks)
{
    for (int64_t from = task * CHUNK; from < sweep->points; from += tasks * CHUNK) {
        const int64_t to = end_of(sweep, from);

        for (int l = 0; l < sweep->levels - 1; l++)
            if (sweep->level[l].read)
                reader_of(sweep)->level(&sweep->level[l], sweep->low, sweep->high + from, sweep->rest + from, to - from,
                                        sweep->sum + from);
        for (int64_t k = from; k < to; k++)
            sums[k] = judged(sweep, sweep->high[k], sweep->prices[k], sweep->sum[k], sweep->gross[k]);
    }
}

/* Narrow lines at one price, added. */
static void narrow_at(const struct gex__sweep *sweep, const double *high, const double *rest, double *sum,
                      double *gross)
{
    const struct gex__sweep_level *level = &sweep->level[sweep->levels - 1];

    for (int32_t n = level->first_pack; n < level->first_pack + level->packs; n++)
        if (pack_is_near(sweep, &sweep->packs.pack[n], high[0], high[0]))
            for (int64_t i = 0; i < sweep->packs.pack[n].lines; i++) {
                const int64_t place = n * (int64_t)GEX_SWEEP_PACK + i;
                const struct reach reach = narrow_reach(sweep, place);

                if (reach.from <= high[0] && high[0] < reach.to)
                    reader_of(sweep)->line(&sweep->packs, place, high, rest, GEX_SWEEP_LANES, sum, gross);
            }
}

double gex__sweep_at(const struct gex__sweep *sweep, double price)
{
    double prices[GEX_SWEEP_LANES], high[GEX_SWEEP_LANES], rest[GEX_SWEEP_LANES];
    double sum[GEX_SWEEP_LANES] = {0.0}, gross[GEX_SWEEP_LANES] = {0.0};

    if (!(price >= sweep->prices[0] && price <= sweep->prices[sweep->points - 1]) || !sweep->kept ||
        sweep->greek != GEX_GREEK_GAMMA)
        return (double)NAN;
    for (int k = 0; k < GEX_SWEEP_LANES; k++)
        prices[k] = price;
    gex__kernels_of(sweep->isa)->sweep_logs(prices, sweep->reference, GEX_SWEEP_LANES, high, rest);
    narrow_at(sweep, high, rest, sum, gross);
    for (int l = 0; l < sweep->levels - 1; l++)
        if (sweep->level[l].read)
            reader_of(sweep)->level(&sweep->level[l], sweep->low, high, rest, 1, sum);
    return judged(sweep, high[0], price, sum[0], gross[0]);
}
