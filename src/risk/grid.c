/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search grid. Even cells of 0.05 % of spot see every feature wider than that; the gamma of a line with minutes
 * left is narrower. Its width is its total deviation v = s sqrt(T), its centre the spot c at which d1 = 0:
 *
 *     c = K exp(-(r - q + s^2 / 2) T),     exposure around it ~ exp(-(ln(P / c) / v)^2 / 2)
 *
 * Within WINDOW deviations of c cells are no wider than v P / 4; outside, the line is below exp(-32) = 1e-14 of its
 * peak. Cells are halved, never moved, so windows that overlap share their points: at most about 130 a line, however
 * little time it has. A line counts when its peak is at least 1e-4 of the book's gross gamma at spot, or its position
 * 1e-4 of all positions: at spot alone, a line that is far from it today would be missed where it matters.
 */
#include "grid.h"

#include <math.h>

#include "base/base.h"

#define CELL   0.0005 /* of spot */
#define WINDOW 8.0    /* deviations */
#define SHARE  1e-4

/* 5e-4 / 2^40 is below one ulp. And what a grid may cost before anything is refined. */
enum { LEVEL_MAX = 40, CELLS_MAX = 1 << 20 };

double gex__range_price(const struct gex__range *range, double cell)
{
    if (cell >= (double)range->cells)
        return range->spot * range->high;
    return range->spot * (range->low + (range->high - range->low) * cell / (double)range->cells);
}

double gex__range_log_price(const struct gex__range *range, double cell)
{
    const double low = range->spot * range->low, high = range->spot * range->high;

    if (cell >= (double)range->cells)
        return high;
    return fmin(low * exp(log(range->high / range->low) * cell / (double)range->cells), high);
}

gex_status gex__range_check(const struct gex__range *range, gex_error *error)
{
    if (!(range->low > 0.0) || !(range->high > range->low) || !isfinite(range->high))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g}: fractions of spot, above zero and ascending",
                         range->low, range->high);
    if (!(range->spot * range->low > 0.0) || !isfinite(range->spot * range->high))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g} of spot {g} leaves the numbers", range->low,
                         range->high, range->spot);
    return GEX_OK;
}

int64_t gex__search_cells(double low, double high)
{
    const double cells = ceil((high - low) / CELL - 1e-9); /* 0.2 / 0.0005 is 400, whatever its last bit says */

    if (cells > (double)CELLS_MAX)
        return 0;
    return cells >= 1.0 ? (int64_t)cells : 1;
}

double gex__line_vol(const struct gex__lines *lines, int64_t i)
{
    double vol = lines->vol[i];

    if (lines->motion == NULL)
        return vol;
    gex__lines_vol(lines, i, 1, lines->strike[i], &vol);
    return vol > 0.0 ? vol : lines->vol[i];
}

double gex__line_centre(const struct gex__lines *lines, int64_t i)
{
    const double vol = gex__line_vol(lines, i);

    return lines->strike[i] * exp(-(lines->rate[i] - lines->carry[i] + 0.5 * vol * vol) * lines->years[i]);
}

static double cell_of(const struct gex__range *range)
{
    return range->spot * (range->high - range->low) / (double)range->cells;
}

/* Is a line so wide that no cell of the range has to be halved for it? Most are. */
static bool is_wide(const struct gex__range *range, double v)
{
    return 0.25 * v * (range->spot * range->low) >= cell_of(range);
}

static bool all_wide(const struct gex__range *range, const struct gex__lines *lines)
{
    for (int64_t i = 0; i < lines->rows; i++)
        if (!is_wide(range, gex__line_vol(lines, i) * sqrt(lines->years[i])))
            return false;
    return true;
}

struct gex__shares gex__search_shares(const struct gex__range *range, const struct gex__lines *lines)
{
    struct gex__shares least = {0.0, 0.0};
    double strike = 0.0, away = 0.0;

    if (all_wide(range, lines))
        return least;
    for (int64_t i = 0; i < lines->rows; i++) {
        const double vol = gex__line_vol(lines, i), years = lines->years[i], v = vol * sqrt(years);
        const double weight = fabs(lines->weight[i]);

        if (lines->strike[i] != strike) { /* a call and its put come one after the other */
            strike = lines->strike[i];
            away = log(range->spot / strike);
        }
        least.position += weight;
        if (v > 0.0) {
            const double d = (away + (lines->rate[i] - lines->carry[i] + 0.5 * vol * vol) * years) / v;

            least.peak += d * d < 1400.0 ? weight * range->spot / v * exp(-0.5 * d * d) : 0.0;
        }
    }
    least.position *= SHARE;
    least.peak *= SHARE;
    return least;
}

/* Points already put out at one level, as a run of indices: neighbouring strikes come one after another and overlap. */
struct run {
    int64_t first, last;
};

struct points {
    const struct gex__range *range;
    struct run               run[LEVEL_MAX + 1];
    int64_t                  count;
    double                  *out; /* NULL: count only */
};

static void point_add(struct points *points, double price)
{
    if (points->out != NULL)
        points->out[points->count] = price;
    points->count++;
}

/* Halves of halves of cells between two prices. */
static void window_add(struct points *points, double low, double high, int32_t level)
{
    const struct gex__range *range = points->range;
    const double parts = ldexp(1.0, level), all = (double)range->cells * parts;
    const double start = range->spot * range->low, step = range->spot * (range->high - range->low) / all;
    const double from = floor((low - start) / step), to = ceil((high - start) / step);
    struct run *run = &points->run[level];
    int64_t first, last;

    if (to < 0.0 || from > all)
        return;
    first = from > 0.0 ? (int64_t)from : 0;
    last = (int64_t)(to < all ? to : all);
    if (first >= run->first && first <= run->last + 1) {
        first = run->last + 1;
        run->last = last > run->last ? last : run->last;
    } else {
        *run = (struct run){first, last};
    }
    for (int64_t j = first; j <= last; j++)
        point_add(points, gex__range_price(range, (double)j / parts));
}

/* Levels of halving that bring a cell down to a quarter of the line's width; 0 when it is already. */
static int32_t level_of(const struct gex__range *range, double v, double low)
{
    const double halvings = ceil(log2(cell_of(range) / (0.25 * v * low)));

    return halvings <= 0.0 ? 0 : halvings < (double)LEVEL_MAX ? (int32_t)halvings : LEVEL_MAX;
}

static void line_add(struct points *points, const struct gex__lines *lines, int64_t i, const struct gex__shares *least,
                     bool steps)
{
    const double v = gex__line_vol(lines, i) * sqrt(lines->years[i]), weight = fabs(lines->weight[i]),
                 strike = lines->strike[i];
    const double bottom = points->range->spot * points->range->low, top = points->range->spot * points->range->high;

    if (is_wide(points->range, v))
        return;
    if (v > 0.0) {
        const double centre = gex__line_centre(lines, i), low = fmax(centre * exp(-WINDOW * v), bottom);
        const double high = fmin(centre * exp(WINDOW * v), top);
        const int32_t level = low <= high ? level_of(points->range, v, low) : 0;

        if (level > 0 && (weight * centre / v >= least->peak || weight >= least->position))
            window_add(points, low, high, level);
    } else if (steps && strike > bottom && strike < top) {
        point_add(points, nextafter(strike, bottom));
        point_add(points, strike);
        point_add(points, nextafter(strike, top));
    }
}

int64_t gex__search_points(const struct gex__range *range, const struct gex__lines *lines,
                           const struct gex__shares *least, bool steps, double *out)
{
    struct points points = {.range = range, .count = 0, .out = out};

    for (int32_t level = 0; level <= LEVEL_MAX; level++)
        points.run[level] = (struct run){-1, -2};
    for (int64_t cell = 0; cell <= range->cells; cell++)
        point_add(&points, gex__range_price(range, (double)cell));
    for (int64_t i = 0; i < lines->rows; i++)
        line_add(&points, lines, i, least, steps);
    return points.count;
}
