/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With p as a put sees its rate and c its yield, c < p < 0: at expiry the put is exercised between K p / c and K, before it between two
 * boundaries that approach each other and may have met. The premium is there, and some deviations to both sides. Tiles of EIGHT
 * deviations, so that a grid is as fine as one around a single spot, cover what of that the prices reach; between tiles
 * about the two ends, if they lie far apart, exercise pays.
 */
#include <math.h>
#include <string.h>

#include "american_grid.h"
#include "american_two.h"

enum { TILES = 4 };

static const double EIGHT = 8.0, CLEAR = 6.0, MARGIN = 4.0; /* deviations: of a tile, from where the premium ends, about a grid */
static const double STEP = 4e-2;                            /* of vol, relative: a boundary moves by more than a node */

/* Where logs of spot [from, to] are read. */
struct tile {
    double from, to, low, dx;
    double premium[GEX_GRID_NODES];
};

/* Followed by as many derivatives by vol, GEX_GRID_NODES each, when the line has them. */
struct line {
    double row, right, vol, rate, carry;
    double tiles, exercised_from, exercised_to;
    struct tile tile[TILES];
};

int64_t gex__american_two_size(bool with_vanna)
{
    return (int64_t)(sizeof(struct line) / sizeof(double)) + (with_vanna ? TILES * GEX_GRID_NODES : 0);
}

bool gex__american_is_two(const struct gex__black_in *in, int64_t row)
{
    const double f = in->right[row], put_rate = f < 0 ? in->rate[row] : in->carry[row];
    const double put_yield = f < 0 ? in->carry[row] : in->rate[row], v = in->vol[row] * sqrt(in->years[row]);

    return gex__exercise_of(put_rate, put_yield) == GEX__TWO_BOUNDARIES && v > 1e-4;
}

static void forget(struct line *line)
{
    line->tiles = 0.0;
    line->exercised_from = HUGE_VAL;
    line->exercised_to = -HUGE_VAL;
}

static void tile_fill(struct line *line, const struct gex__grid_option *option, double from, double to, bool with_vanna)
{
    const int which = (int)line->tiles;
    struct tile *const tile = &line->tile[which];
    double *const by_vol = (double *)(line + 1) + which * GEX_GRID_NODES;
    const double v = option->vol * sqrt(option->years), drift = fabs(option->rate - option->carry) * option->years;
    struct gex__grid_option moved = *option;
    struct gex__grid_nodes nodes;

    moved.spot = exp(0.5 * (from + to));
    if (with_vanna)
        for (int side = -1; side <= 1; side += 2) {
            moved.vol = option->vol * (1.0 + side * STEP);
            gex__american_grid_nodes(&moved, from, to, MARGIN * v + drift, &nodes);
            for (int i = 0; i < GEX_GRID_NODES; i++)
                by_vol[i] = side < 0 ? -nodes.premium[i] : (by_vol[i] + nodes.premium[i]) / (2.0 * STEP * option->vol);
        }
    moved.vol = option->vol;
    gex__american_grid_nodes(&moved, from, to, MARGIN * v + drift, &nodes);
    tile->from = from;
    tile->to = to;
    tile->low = nodes.low;
    tile->dx = nodes.dx;
    memcpy(tile->premium, nodes.premium, sizeof tile->premium);
    line->exercised_from = fmin(line->exercised_from, nodes.exercised_from);
    line->exercised_to = fmax(line->exercised_to, nodes.exercised_to);
    line->tiles += 1.0;
}

/* Tiles over [from, to], at most so many. */
static void cover(struct line *line, const struct gex__grid_option *option, double from, double to, int most,
                  bool with_vanna)
{
    const double v = option->vol * sqrt(option->years), count = fmin(fmax(ceil((to - from) / (EIGHT * v)), 1.0), most);

    for (int i = 0; i < (int)count && from < to; i++)
        tile_fill(line, option, from + i * (to - from) / count, from + (i + 1) * (to - from) / count, with_vanna);
}

void gex__american_two_hoist(const struct gex__black_in *in, int64_t row, double low, double high, bool with_vanna,
                             double *memory)
{
    const struct gex__grid_option option = {in->strike[row], in->strike[row], in->years[row], in->vol[row],
                                            in->rate[row],   in->carry[row],  in->right[row]};
    const double v = option.vol * sqrt(option.years), k = log(option.strike),
                 other = k + log(option.rate / option.carry);
    const double clear = CLEAR * v + fabs(option.rate - option.carry) * option.years;
    const double first = fmin(k, other), last = fmax(k, other), from = log(low), to = log(high);
    struct line *const line = (struct line *)memory;

    line->row = (double)row;
    line->right = option.right;
    line->vol = option.vol;
    line->rate = option.rate;
    line->carry = option.carry;
    forget(line);
    if (last - first > 2.0 * clear) { /* far apart: what lies between is exercised when both inner ends are */
        const double ends[2] = {fmax(first + clear, from), fmin(last - clear, to)};
        bool whole = true;

        cover(line, &option, fmax(first - clear, from), fmin(first + clear, to), TILES / 2, with_vanna);
        cover(line, &option, fmax(last - clear, from), fmin(last + clear, to), TILES / 2, with_vanna);
        if (ends[0] < ends[1]) {
            if (line->tiles == 0.0) { /* no end is near a price: one look says */
                cover(line, &option, ends[0], ends[1], 1, false);
                whole = line->exercised_from <= ends[0] + v && line->exercised_to >= ends[1] - v;
                line->tiles = 0.0;
            } else {
                whole = line->exercised_from <= line->exercised_to;
            }
            if (whole) {
                line->exercised_from = fmin(line->exercised_from, ends[0]);
                line->exercised_to = fmax(line->exercised_to, ends[1]);
                return;
            }
        } else {
            return;
        }
        forget(line);
    }
    cover(line, &option, fmax(first - clear, from), fmin(last + clear, to), TILES, with_vanna);
}

/* The derivatives, 0 to 3, of the polynomial through five nodes about x. */
static void read_nodes(const struct tile *tile, const double *nodes, double x, double by[4])
{
    const double place = (x - tile->low) / tile->dx;
    const int first = (int)fmin(fmax(place - 1.5, 0.0), GEX_GRID_NODES - 5);
    double d[5], scale = 1.0;

    memcpy(d, &nodes[first], sizeof d);
    for (int k = 1; k < 5; k++)
        for (int i = 4; i >= k; i--)
            d[i] = (d[i] - d[i - 1]) / k;
    memset(by, 0, 4 * sizeof *by);
    for (int k = 4; k >= 0; k--) {
        const double t = place - first - k;

        for (int order = 3; order > 0; order--)
            by[order] = by[order] * t + by[order - 1];
        by[0] = by[0] * t + d[k];
    }
    for (int order = 1; order < 4; order++) {
        scale *= order / tile->dx;
        by[order] *= scale;
    }
}

static void output(double *const *outputs, int32_t greek, int64_t at, bool exercised, double premium, double beyond)
{
    if (outputs[greek] != NULL)
        outputs[greek][at] = exercised ? beyond : outputs[greek][at] + premium;
}

void gex__american_two_at(const double *memory, bool with_vanna, double price, int64_t at,
                          double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct line *const line = (const struct line *)memory;
    const double x = log(price), r = line->rate, q = line->carry, s2 = line->vol * line->vol;
    const bool exercised = x >= line->exercised_from && x <= line->exercised_to;
    double by[4] = {0.0}, by_vol[4] = {0.0};

    for (int i = 0; i < (int)line->tiles && !exercised; i++)
        if (x >= line->tile[i].from && x <= line->tile[i].to) {
            read_nodes(&line->tile[i], line->tile[i].premium, x, by);
            if (with_vanna && outputs[GEX_GREEK_VANNA] != NULL)
                read_nodes(&line->tile[i], (const double *)(line + 1) + i * GEX_GRID_NODES, x, by_vol);
            break;
        }
    {
        const double e1 = by[1], e2 = by[2] - by[1], e3 = by[3] - 3.0 * by[2] + 2.0 * by[1]; /* S^k times derivative k by S */

        output(outputs, GEX_GREEK_DELTA, at, exercised, e1 / price, line->right);
        output(outputs, GEX_GREEK_GAMMA, at, exercised, e2 / (price * price), 0.0);
        output(outputs, GEX_GREEK_CHARM, at, exercised, (q * e1 - (r - q) * e2 - s2 * (e2 + 0.5 * e3)) / price, 0.0);
        output(outputs, GEX_GREEK_VANNA, at, exercised, by_vol[1] / price, 0.0);
    }
}
