/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With p as a put sees its rate and c its yield, c < p < 0: the boundaries are solved once a line, and the premium over
 * the European option interpolated between each of them and where it no longer matters, or across both where they have
 * met: polynomials of t in [-1, 1], a tile each, linear in the log of spot.
 */
#include <math.h>
#include <string.h>

#include "american_two.h"
#include "kernel/american.h"

enum { TILES = 4, TERMS = GEX_AMERICAN_TERMS, PRESET = 1 };

static const double CLEAR =
    6.0; /* deviations from a boundary at which the premium is negligible, without drift; and of a tile */
static const double STEEPEST = 18.0; /* drift in deviations: three tiles cover it */
static const double STEP = 2e-3;     /* of vol, relative: the boundaries recede from the spot */

/* Coefficients of t^k, where logs of spot are in [from, to]. */
struct tile {
    double from, to, premium[TERMS];
};

/* Followed by as many derivatives by vol, TERMS each, when the line has them. */
struct line {
    double row, right, strike, years, vol, rate, carry, instruction_set;
    double solved; /* 0: no, and each price is priced by itself */
    double tiles, exercised_from, exercised_to;
    struct tile tile[TILES];
};

int64_t gex__american_two_size(bool with_vanna)
{
    return (int64_t)(sizeof(struct line) / sizeof(double)) + (with_vanna ? TILES * TERMS : 0);
}

bool gex__american_is_two(const struct gex__black_in *in, int64_t row)
{
    const double f = in->right[row], put_rate = f < 0 ? in->rate[row] : in->carry[row], T = in->years[row];
    const double put_yield = f < 0 ? in->carry[row] : in->rate[row], v = in->vol[row] * sqrt(T);

    return gex__exercise_of(put_rate, put_yield) == GEX__TWO_BOUNDARIES && v > 1e-4 &&
           (put_rate - put_yield) * T < STEEPEST * v;
}

/* The line's boundaries at its volatility, and a little and twice that above it. */
struct solved {
    const struct gex__american_kernels *kernels;
    struct gex__two_lines lines[3];
};

static void interpolate(const double samples[TERMS], double *out)
{
    for (int k = 0; k < TERMS; k++) {
        double sum = 0.0;

        for (int j = 0; j < TERMS; j++)
            sum += gex__american_monomial[k][j] * samples[j];
        out[k] = sum;
    }
}

static void tile_fill(struct line *line, const struct solved *solved, double from, double to, bool with_vanna)
{
    const int which = (int)line->tiles;
    struct tile *const tile = &line->tile[which];
    const double k = log(line->strike);
    double at[TERMS], by_vol[TERMS];

    for (int j = 0; j < TERMS; j++) {
        const double x = 0.5 * (from + to) + 0.5 * (to - from) * gex__american_nodes[j];
        const double y = line->right < 0 ? x - k : k - x, scale = line->right < 0 ? line->strike : exp(x);
        double by[3][GEX_TWO_ORDERS];

        for (int i = 0; i < (with_vanna ? 3 : 1); i++)
            solved->kernels->two_premium(&solved->lines[i], y, 1, false, by[i]);
        at[j] = scale * by[0][0];
        if (with_vanna)
            by_vol[j] = scale * (-1.5 * by[0][0] + 2.0 * by[1][0] - 0.5 * by[2][0]) / (STEP * line->vol);
    }
    tile->from = from;
    tile->to = to;
    interpolate(at, tile->premium);
    if (with_vanna)
        interpolate(by_vol, (double *)(line + 1) + which * TERMS);
    line->tiles += 1.0;
}

/* Tiles over [from, to], of which only what [low, high] reaches is wanted; at most so many. */
static void cover(struct line *line, const struct solved *solved, double from, double to, double low, double high,
                  int most, bool with_vanna)
{
    const double v = solved->lines[0].v, start = fmax(from, low), end = fmin(to, high);
    const double count = fmin(fmax(ceil((end - start) / (CLEAR * v)), 1.0), most);

    for (int i = 0; i < (int)count && start < end; i++)
        tile_fill(line, solved, start + i * (end - start) / count, start + (i + 1) * (end - start) / count, with_vanna);
}

static bool solve(struct line *line, struct solved *solved, bool with_vanna)
{
    const double root = sqrt(line->years), put_rate = line->right < 0 ? line->rate : line->carry;
    const double put_yield = line->right < 0 ? line->carry : line->rate;

    for (int i = 0; i < (with_vanna ? 3 : 1); i++) {
        struct gex__two_lines *const lines = &solved->lines[i];

        lines->v = line->vol * (1.0 + i * STEP) * root;
        lines->a = put_rate * line->years;
        lines->c = put_yield * line->years;
        if (!solved->kernels->two_solve(lines, i > 0 ? &solved->lines[0] : NULL))
            return false;
    }
    return true;
}

void gex__american_two_hoist(int32_t instruction_set, const struct gex__black_in *in, int64_t row, double low,
                             double high, bool with_vanna, double *memory)
{
    struct line *const line = (struct line *)memory;
    struct solved solved = {.kernels = gex__american_kernels_of(instruction_set)};
    const struct gex__two_lines *const two = &solved.lines[0];
    const double k = log(in->strike[row]), from = log(low), to = log(high);
    double clear, drift;

    *line = (struct line){.row = (double)row,
                          .right = in->right[row],
                          .strike = in->strike[row],
                          .years = in->years[row],
                          .vol = in->vol[row],
                          .rate = in->rate[row],
                          .carry = in->carry[row],
                          .instruction_set = instruction_set,
                          .exercised_from = HUGE_VAL,
                          .exercised_to = -HUGE_VAL};
    if (!solve(line, &solved, with_vanna))
        return;
    line->solved = 1.0;
    clear = CLEAR * two->v;
    drift = two->a - two->c;
    if (two->met) {
        if (line->right < 0)
            cover(line, &solved, k - two->gap - clear - drift, k + clear, from, to, TILES, with_vanna);
        else
            cover(line, &solved, k - clear, k + two->gap + clear + drift, from, to, TILES, with_vanna);
        return;
    }
    line->exercised_from = line->right < 0 ? k + two->from : k - two->to;
    line->exercised_to = line->right < 0 ? k + two->to : k - two->from;
    if (line->right < 0) {
        cover(line, &solved, line->exercised_from - clear - drift, line->exercised_from, from, to, TILES - 1,
              with_vanna);
        cover(line, &solved, line->exercised_to, line->exercised_to + clear, from, to, 1, with_vanna);
    } else {
        cover(line, &solved, line->exercised_from - clear, line->exercised_from, from, to, 1, with_vanna);
        cover(line, &solved, line->exercised_to, line->exercised_to + clear + drift, from, to, TILES - 1, with_vanna);
    }
}

/* The polynomial and its derivatives by the log of spot, at x. */
static void read_tile(const struct tile *tile, const double terms[TERMS], double x, double by[4])
{
    const double slope = 2.0 / (tile->to - tile->from), t = slope * (x - tile->from) - 1.0;
    double scale = 1.0;

    memset(by, 0, 4 * sizeof *by);
    for (int k = TERMS - 1; k >= 0; k--) {
        for (int order = 3; order > 0; order--)
            by[order] = by[order] * t + by[order - 1];
        by[0] = by[0] * t + terms[k];
    }
    for (int order = 1; order < 4; order++) {
        scale *= order * slope;
        by[order] *= scale;
    }
}

static void output(double *const *outputs, int32_t greek, int64_t at, bool exercised, double premium, double beyond)
{
    if (outputs[greek] != NULL)
        outputs[greek][at] = exercised ? beyond : outputs[greek][at] + premium;
}

/* The row as gex__american() has it. Not inlined: its frame would lie under every line. */
static __attribute__((noinline)) void price_row(const struct line *line, double price, int64_t at,
                                                double *const *outputs)
{
    static const int32_t greeks[] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_CHARM, GEX_GREEK_VANNA};
    const int8_t right = (int8_t)line->right;
    const struct gex__black_in in = {.rows = 1,
                                     .spot = &price,
                                     .strike = &line->strike,
                                     .years = &line->years,
                                     .vol = &line->vol,
                                     .rate = &line->rate,
                                     .carry = &line->carry,
                                     .right = &right};
    double *here[GEX_GREEK_LAST_ + 1] = {NULL};

    for (size_t i = 0; i < sizeof greeks / sizeof *greeks; i++)
        here[greeks[i]] = outputs[greeks[i]] != NULL ? &outputs[greeks[i]][at] : NULL;
    gex__american((int32_t)line->instruction_set, PRESET, &in, &(struct gex__dividends){0}, here, NULL, NULL);
}

void gex__american_two_at(const double *memory, bool with_vanna, double price, int64_t at,
                          double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct line *const line = (const struct line *)memory;
    const double x = log(price), r = line->rate, q = line->carry, s2 = line->vol * line->vol;
    const bool exercised = x >= line->exercised_from && x <= line->exercised_to;
    double by[4] = {0.0}, by_vol[4] = {0.0};

    if (line->solved == 0.0) {
        price_row(line, price, at, outputs);
        return;
    }
    for (int i = 0; i < (int)line->tiles && !exercised; i++)
        if (x >= line->tile[i].from && x <= line->tile[i].to) {
            read_tile(&line->tile[i], line->tile[i].premium, x, by);
            if (with_vanna && outputs[GEX_GREEK_VANNA] != NULL)
                read_tile(&line->tile[i], (const double *)(line + 1) + i * TERMS, x, by_vol);
            break;
        }
    {
        const double e1 = by[1], e2 = by[2] - by[1],
                     e3 = by[3] - 3.0 * by[2] + 2.0 * by[1]; /* S^k times derivative k by S */

        output(outputs, GEX_GREEK_DELTA, at, exercised, e1 / price, line->right);
        output(outputs, GEX_GREEK_GAMMA, at, exercised, e2 / (price * price), 0.0);
        output(outputs, GEX_GREEK_CHARM, at, exercised, (q * e1 - (r - q) * e2 - s2 * (e2 + 0.5 * e3)) / price, 0.0);
        output(outputs, GEX_GREEK_VANNA, at, exercised, by_vol[1] / price, 0.0);
    }
}
