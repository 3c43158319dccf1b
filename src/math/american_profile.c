/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixed American lines at many spots.
 *
 * With u the distance of the log spot from the boundary in deviations and t = 2 u / width - 1, the premium and its
 * derivative by vol are polynomials of t, interpolated at Chebyshev points between the boundary and where the premium
 * is below 1e-9 of the strike. Derivatives by spot are those of the polynomials; t is linear in log(S), of slope A:
 *
 *     S e_S = A E'      S^2 e_SS = A^2 E'' - A E'      S^3 e_SSS = A^3 E''' - 3 A^2 E'' + 2 A E'
 *     charm: S e_St = r A E' + (vol^2 / 2 - b) A^2 E'' - vol^2 / 2 A^3 E'''      b = r - q
 */
#include <math.h>
#include <string.h>

#include <gex/symbol.h>

#include "american_profile.h"
#include "kernel/american.h"
#include "kernel/kernel.h"
#include "profile.h"

enum { GROUP = GEX_AMERICAN_GROUP, TERMS = GEX_AMERICAN_TERMS, PRESET = 1 };

static const double CLEAR = 6.0; /* deviations from the boundary at which the premium is negligible, without drift */
static const double STEP = 2e-3; /* of vol, relative */

static int64_t padded(int64_t rows)
{
    return (rows + GEX_LINE_GROUP - 1) / GEX_LINE_GROUP * GEX_LINE_GROUP;
}

int64_t gex__american_profile_size(int64_t rows)
{
    return gex__profile_size(rows) + GEX_AMERICAN_FIELDS * padded(rows);
}

/* A field of a row: groups of lines lie one after another,
 * each field by field, so that a group is one stretch of memory. */
static double *field_of(double *fields, int64_t row, int field)
{
    return &fields[(row / GROUP * GEX_AMERICAN_FIELDS + field) * GROUP + row % GROUP];
}

/* Lines waiting for a full group, as the puts they are. */
struct group {
    const struct gex__black_in *in;
    int32_t  instruction_set;
    bool     with_vanna;
    double   low, high;
    double  *fields;
    uint8_t *status;

    int     count;
    int64_t row[GROUP];
    double  v[GROUP], a[GROUP], c[GROUP];
};

/* Premium in units of price at t of each lane: the put's premium is per put strike, which for a call is the spot. */
static void sample(const struct group *g, const struct gex__american_lines *lines, double t, const double *depth,
                   const double *width, double *premium)
{
    double y[GROUP], by[GEX_AMERICAN_ORDERS][GROUP];

    for (int i = 0; i < GROUP; i++)
        y[i] = 0.5 * (t + 1.0) * width[i] * g->v[i] - depth[i];
    gex__american_kernels_of(g->instruction_set)->premium(gex__american_scheme_of(PRESET), lines, y, 1, by);
    for (int i = 0; i < g->count; i++) {
        const double K = g->in->strike[g->row[i]];

        premium[i] = by[0][i] * (g->in->right[g->row[i]] < 0 ? K : K * exp(-y[i]));
    }
}

/* The monomial coefficients of the polynomial through the samples. */
static void interpolate(const struct group *g, double samples[TERMS][GROUP], int first)
{
    for (int i = 0; i < g->count; i++)
        for (int k = 0; k < TERMS; k++) {
            double sum = 0.0;

            for (int j = 0; j < TERMS; j++)
                sum += gex__american_monomial[k][j] * samples[j][i];
            *field_of(g->fields, g->row[i], first + k) = sum;
        }
}

static void fit(struct group *g)
{
    struct gex__american_lines lines = {.count = g->count};
    double samples[TERMS][GROUP], depth[GROUP], width[GROUP];
    bool out[GROUP];

    if (g->count == 0)
        return;
    for (int i = 0; i < GROUP; i++) {
        const int like = i < g->count ? i : 0;

        g->v[i] = lines.v[i] = g->v[like];
        g->a[i] = lines.a[i] = g->a[like];
        g->c[i] = lines.c[i] = g->c[like];
    }
    gex__american_solve(g->instruction_set, PRESET, &lines);
    for (int i = 0; i < GROUP; i++) {
        depth[i] = lines.depth[i];
        width[i] = CLEAR + fmax((g->c[i] - g->a[i]) / g->v[i], 0.0);
        out[i] = !(lines.moved[i] < GEX_AMERICAN_RESTED) || width[i] > CLEAR + 2.5;
    }
    for (int k = 0; k < TERMS; k++)
        sample(g, &lines, gex__american_nodes[k], depth, width, samples[k]);
    interpolate(g, samples, GEX_AMERICAN_PREMIUM);
    if (g->with_vanna) {
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < GROUP; i++)
                /* the boundary recedes from the spot */
                lines.v[i] = g->v[i] * (side == 0 ? 1.0 + STEP : 1.0 + 2.0 * STEP);
            gex__american_solve(g->instruction_set, PRESET, &lines);
            for (int k = 0; k < TERMS; k++) {
                double here[GROUP];

                sample(g, &lines, gex__american_nodes[k], depth, width, here);
                for (int i = 0; i < g->count; i++)
                    samples[k][i] = side == 0 ? -1.5 * samples[k][i] + 2.0 * here[i] : samples[k][i] - 0.5 * here[i];
            }
        }
        for (int k = 0; k < TERMS; k++)
            for (int i = 0; i < g->count; i++)
                samples[k][i] /= STEP * g->in->vol[g->row[i]];
        interpolate(g, samples, GEX_AMERICAN_BY_VOL);
    }
    for (int i = 0; i < g->count; i++) {
        const struct gex__black_in *in = g->in;
        const int64_t row = g->row[i];
        const double f = in->right[row], vol = in->vol[row], r = in->rate[row], b = r - in->carry[row];
        const double slope = -2.0 * f / (width[i] * g->v[i]);

        if (out[i]) { /* fields stay zero: European */
            if (g->status != NULL)
                g->status[row] = GEX_CALC_SLOW_PATH;
            for (int k = 0; k < GEX_AMERICAN_FIELDS; k++)
                *field_of(g->fields, row, k) = 0.0;
            *field_of(g->fields, row, GEX_AMERICAN_OFFSET) = 2.0;
            continue;
        }
        *field_of(g->fields, row, GEX_AMERICAN_SLOPE) = slope;
        *field_of(g->fields, row, GEX_AMERICAN_OFFSET) =
            2.0 * depth[i] / (width[i] * g->v[i]) - 1.0 - slope * log(in->strike[row]);
        *field_of(g->fields, row, GEX_AMERICAN_RIGHT) = f;
        *field_of(g->fields, row, GEX_AMERICAN_CHARM1) = r * slope;
        *field_of(g->fields, row, GEX_AMERICAN_CHARM2) = (0.5 * vol * vol - b) * slope * slope;
        *field_of(g->fields, row, GEX_AMERICAN_CHARM3) = -0.5 * vol * vol * slope * slope * slope;
    }
    g->count = 0;
}

static void take_row(struct group *g, int64_t row)
{
    const struct gex__black_in *in = g->in;
    const double f = in->right[row], T = in->years[row], v = in->vol[row] * sqrt(T), K = in->strike[row];
    const double put_rate = f < 0 ? in->rate[row] : in->carry[row], put_yield = f < 0 ? in->carry[row] : in->rate[row];
    const enum gex__exercise exercise = gex__exercise_of(put_rate, put_yield);
    /* the least log of the put's spot over its strike */
    const double nearest = f < 0 ? log(g->low / K) : log(K / g->high);
    const double a = put_rate * T, c = put_yield * T, steep = (c - a) / v;

    if (exercise == GEX__NEVER || T == 0.0)
        return;
    if (exercise == GEX__TWO_BOUNDARIES || !(v > 1e-4) || v > 1.2 || a > 0.8 || fabs(c) > 1.6 || fabs(steep) > 2.5) {
        if (g->status != NULL)
            g->status[row] = GEX_CALC_SLOW_PATH;
        return;
    }
    if (nearest + (a > 0.0 && c > a ? log(c / a) : 0.0) > v * (CLEAR + fmax(steep, 0.0)))
        return; /* the boundary, at least kappa deep, is out of reach */
    g->row[g->count] = row;
    g->v[g->count] = v;
    g->a[g->count] = a;
    g->c[g->count] = c;
    if (++g->count == GROUP)
        fit(g);
}

void gex__american_fields(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise, double low,
                          double high, bool with_vanna, double *fields, uint8_t *status)
{
    struct group g = {.in = in, .instruction_set = instruction_set, .with_vanna = with_vanna, .low = low, .high = high,
                      .fields = fields, .status = status};

    memset(g.fields, 0, (size_t)(GEX_AMERICAN_FIELDS * padded(in->rows)) * sizeof *g.fields);
    for (int64_t i = 0; i < padded(in->rows); i++)
        *field_of(g.fields, i, GEX_AMERICAN_OFFSET) = 2.0; /* far from a boundary at any price */
    for (int64_t i = 0; i < in->rows; i++) {
        const bool good = in->strike[i] > 0.0 && isfinite(in->strike[i]) && in->years[i] >= 0.0 &&
                          isfinite(in->years[i]) && in->vol[i] >= 0.0 && isfinite(in->vol[i]) &&
                          fabs(in->rate[i]) <= 10.0 && fabs(in->carry[i]) <= 10.0 &&
                          (in->right[i] == 1 || in->right[i] == -1) && fabs(in->rate[i] * in->years[i]) <= 700.0 &&
                          fabs(in->carry[i] * in->years[i]) <= 700.0;

        if (status != NULL)
            status[i] = good ? GEX_CALC_OK : GEX_CALC_DOMAIN;
        if (good && (exercise == NULL || exercise[i] == GEX_EXERCISE_AMERICAN))
            take_row(&g, i);
    }
    fit(&g);
}

void gex__american_hoist(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise, double low,
                         double high, bool with_vanna, double *lines, uint8_t *status)
{
    const double middle = 0.5 * low + 0.5 * high;
    struct gex__black_in near = *in;

    near.spot = &middle;
    near.one_spot = true;
    gex__black_hoist(instruction_set, &near, lines);
    gex__american_fields(instruction_set, in, exercise, low, high, with_vanna, lines + gex__profile_size(in->rows),
                         status);
}

void gex__american_profile(int32_t instruction_set, const double *lines, int64_t rows, int64_t first, int64_t count,
                           double price, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    gex__black_profile(instruction_set, lines, rows, first, count, price, outputs);
    gex__american_kernels_of(instruction_set)
        ->profile(lines + gex__profile_size(rows) + first * GEX_AMERICAN_FIELDS, count, price, outputs);
}
