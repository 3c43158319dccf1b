/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of a sweep: polynomials of stretches, lines too narrow for one, and what they come to at a price. */
#include <math.h>
#include <string.h>

#include "kernel/kernel.h"
#include "sweep.h"

enum { CHUNK = 256 }; /* prices of a task at a time; a multiple of GEX_SWEEP_LANES */

#define OUTSIDE 0x1p-58 /* of a line out of reach: exp(-GEX_SWEEP_REACH^2 / 2) */
#define DOUBTFUL 2e-14  /* of a line: LEFT_OUT, rounding, the sum over n of n e^n / sqrt(n!) half ulps, and sqrt(2) */
#define ALLOWED 1e-12   /* of the lines' absolute values at a price */

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

static double lanes_sum(double lane[GEX_SWEEP_LANES])
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* Not inlined: its sums are kilobytes. */
__attribute__((noinline)) static void stretch_add(const struct gex__sweep *sweep, const struct gex__sweep_level *level,
                                                  int32_t k)
{
    const int32_t *reached = sweep->reached + 2 * (level->first_stretch + k);
    const double middle = sweep->low + (2 * k + 1) * level->reach;
    double *terms = sweep->terms + (level->first_stretch + k) * (int64_t)GEX_SWEEP_TERMS, factorial = 1.0;
    _Alignas(64) struct gex__sweep_sums sums; /* a store across two lines of the cache is two */

    memset(sums.term, 0, (size_t)level->orders * sizeof *sums.term);
    memset(sums.gross, 0, 4 * sizeof sums.gross);
    gex__kernels_of(sweep->isa)
        ->sweep_stretch(sweep->pack + reached[0], reached[1] - reached[0], k, middle, level->reach, level->orders,
                        &sums);
    for (int n = 0; n < level->orders; n++) {
        factorial *= n > 0 ? (double)n : 1.0;
        terms[n] += lanes_sum(sums.term[n]) / factorial;
    }
    terms[GEX_SWEEP_GROSS] += lanes_sum(sums.gross);
    terms[GEX_SWEEP_TILT] += lanes_sum(sums.tilt);
    terms[GEX_SWEEP_SPREAD] += lanes_sum(sums.spread);
    terms[GEX_SWEEP_DOUBT] += lanes_sum(sums.doubt);
}

void gex__sweep_stretches(const struct gex__sweep *sweep, int64_t task, int64_t tasks)
{
    for (int l = 0; l < sweep->levels - 1; l++) {
        const struct gex__sweep_level *level = &sweep->level[l];

        for (int32_t k = 0; k < level->stretches && level->packs > 0; k++)
            if ((level->first_stretch + k) % tasks == task && sweep->reached[2 * (level->first_stretch + k) + 1] > 0)
                stretch_add(sweep, level, k);
    }
}

struct reach {
    double from, to; /* log prices */
};

static struct reach narrow_reach(const struct gex__sweep *sweep, int64_t place)
{
    const struct gex__sweep_pack *pack = &sweep->pack[place / GEX_SWEEP_PACK];
    const int i = (int)(place % GEX_SWEEP_PACK);
    const double v = 1.0 / pack->per_v[i], centre = -pack->c[i] - pack->half_v[i] * v;

    return (struct reach){centre - GEX_SWEEP_REACH * v, centre + GEX_SWEEP_REACH * v};
}

/* A narrow line at the prices of [from, to) that it reaches, whole vectors of them. */
static void narrow_add(const struct gex__sweep *sweep, int64_t place, int64_t from, int64_t to)
{
    const struct reach reach = narrow_reach(sweep, place);
    const int64_t low = price_from(sweep, from, to, reach.from) / GEX_SWEEP_LANES * GEX_SWEEP_LANES;
    const int64_t high = price_from(sweep, from, to, reach.to);

    if (low < high)
        gex__kernels_of(sweep->isa)
            ->sweep_line(&sweep->pack[place / GEX_SWEEP_PACK], (int)(place % GEX_SWEEP_PACK), sweep->high + low,
                         sweep->rest + low, high - low, sweep->sum + low, sweep->gross + low);
}

struct places {
    int64_t first, end;
};

/* Those of narrow lines that may reach log prices of [low, high]. */
static struct places narrow_places(const struct gex__sweep *sweep, double low, double high)
{
    const struct gex__sweep_level *level = &sweep->level[sweep->levels - 1];
    const int32_t *end = sweep->start + level->first_stretch, cells = level->stretches;
    const int32_t away = (int32_t)(GEX_SWEEP_REACH / (2.0 * GEX_SWEEP_WIDEST)) + 2;
    const int32_t first = gex__sweep_cell(sweep, level, low) - away, last = gex__sweep_cell(sweep, level, high) + away;

    if (level->packs == 0)
        return (struct places){0, 0};
    return (struct places){first <= 0 ? level->first_pack * (int64_t)GEX_SWEEP_PACK : end[first - 1],
                           end[last < cells ? last : cells - 1]};
}

void gex__sweep_lines(const struct gex__sweep *sweep, int64_t task, int64_t tasks)
{
    for (int64_t from = task * CHUNK; from < sweep->points; from += tasks * CHUNK) {
        const int64_t to = end_of(sweep, from);
        const struct places near = narrow_places(sweep, sweep->high[from], sweep->high[to - 1]);

        for (int64_t place = near.first; place < near.end; place++)
            narrow_add(sweep, place, from, to);
    }
}

/* The polynomial of a stretch at prices of it, and how much there is, added. @return what there is to doubt of each */
static double polynomial_at(const struct gex__sweep *sweep, const struct gex__sweep_level *level, int32_t cell,
                            const double *high, const double *rest, int64_t count, double *sums, double *gross)
{
    const double *terms = sweep->terms + (level->first_stretch + cell) * (int64_t)GEX_SWEEP_TERMS;
    const struct gex__sweep_stretch stretch = {sweep->low + (2 * cell + 1) * level->reach, 1.0 / level->reach,
                                               terms[GEX_SWEEP_GROSS], terms[GEX_SWEEP_TILT] / terms[GEX_SWEEP_GROSS],
                                               terms[GEX_SWEEP_SPREAD] / terms[GEX_SWEEP_GROSS]};

    if (terms[GEX_SWEEP_DOUBT] != 0.0)
        gex__kernels_of(sweep->isa)->sweep_polynomial(&stretch, terms, level->orders, high, rest, count, sums, gross);
    return terms[GEX_SWEEP_DOUBT];
}

static void polynomials_add(const struct gex__sweep *sweep, const struct gex__sweep_level *level, int64_t from,
                            int64_t to)
{
    for (int64_t k = from, next; k < to; k = next) {
        const int32_t cell = gex__sweep_cell(sweep, level, sweep->high[k]);
        double doubt;

        for (next = k + 1; next < to && gex__sweep_cell(sweep, level, sweep->high[next]) == cell; next++)
            ;
        doubt = polynomial_at(sweep, level, cell, sweep->high + k, sweep->rest + k, next - k, sweep->sum + k,
                              sweep->gross + k);
        for (int64_t i = k; i < next; i++)
            sweep->doubt[i] += doubt;
    }
}

/* Gamma at a price, or NaN. A gross of 0 makes NaN of what is not NaN yet, but for lines that are none. */
static double judged(const struct gex__sweep *sweep, double price, double sum, double gross, double doubt)
{
    const double there = fmax(gross * 0.7, fabs(sum) * 0.5); /* rough_exp() may be sqrt(2) times too large */

    const bool held = isfinite(there) && DOUBTFUL * doubt + OUTSIDE * sweep->total <= ALLOWED * there;

    return held ? sum / price : (double)NAN;
}

void gex__sweep_finish(const struct gex__sweep *sweep, double *sums, int64_t task, int64_t tasks)
{
    for (int64_t from = task * CHUNK; from < sweep->points; from += tasks * CHUNK) {
        const int64_t to = end_of(sweep, from);

        for (int l = 0; l < sweep->levels - 1; l++)
            if (sweep->level[l].used)
                polynomials_add(sweep, &sweep->level[l], from, to);
        for (int64_t k = from; k < to; k++)
            sums[k] = judged(sweep, sweep->prices[k], sweep->sum[k], sweep->gross[k], sweep->doubt[k]);
    }
}

double gex__sweep_at(const struct gex__sweep *sweep, double price)
{
    const struct gex__sweep_level *narrow = &sweep->level[sweep->levels - 1];
    double prices[GEX_SWEEP_LANES], high[GEX_SWEEP_LANES], rest[GEX_SWEEP_LANES], sums[GEX_SWEEP_LANES] = {0.0};
    double gross[GEX_SWEEP_LANES] = {0.0}, doubt = 0.0;
    struct places near;

    if (!(price >= sweep->prices[0] && price <= sweep->prices[sweep->points - 1]) || !sweep->kept)
        return (double)NAN;
    for (int k = 0; k < GEX_SWEEP_LANES; k++)
        prices[k] = price;
    gex__kernels_of(sweep->isa)->sweep_logs(prices, sweep->reference, GEX_SWEEP_LANES, high, rest);
    near = narrow_places(sweep, high[0], high[0]);
    for (int64_t place = near.first; place < near.end; place++) {
        const struct reach reach = narrow_reach(sweep, place);

        if (reach.from <= high[0] && high[0] < reach.to)
            gex__kernels_of(sweep->isa)
                ->sweep_line(&sweep->pack[place / GEX_SWEEP_PACK], (int)(place % GEX_SWEEP_PACK), high, rest,
                             GEX_SWEEP_LANES, sums, gross);
    }
    for (const struct gex__sweep_level *level = sweep->level; level < narrow; level++)
        if (level->used)
            doubt += polynomial_at(sweep, level, gex__sweep_cell(sweep, level, high[0]), high, rest, 1, sums, gross);
    return judged(sweep, price, sums[0], gross[0], doubt);
}
