/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American lines whose volatility differs from price to price.
 *
 * Each field of a hoisted line is a smooth function of its volatility: depth and width of the stretch above the
 * boundary, and the coefficients of the premium there, so that a boundary that moves makes no kink in any. In
 *
 *     x = s / reach,   s = (vol - c) / (vol + c),   c = sqrt(least most)
 *
 * volatilities of 0 and infinity lie at s = -1 and 1, least and most at x = -1 and 1. With most / least = 9 reach is
 * 1/2, and a polynomial of degree 11 in x leaves (2 + sqrt 3)^-12 = 1e-7 of a field analytic inside;
 * with 2 it is 1e-12.
 *
 * Below its least volatility a line still is at or beyond the boundary where it is at the least, and out of reach of it
 * where that is: boundary and reach close in on the strike. Only what lies between is then not held.
 */
#include "american_moving.h"

#include <math.h>
#include <string.h>

#include <gex/symbol.h>

#include "american_profile.h"
#include "kernel/american.h"

enum { GROUP = GEX_AMERICAN_GROUP, VOLS = GEX_AMERICAN_VOLS, STRETCH = 512 };

enum { HELD, EUROPEAN, SLOW };

static const double WIDEST = 9.0;      /* most / least */
static const double DEEPEST = 1.199;   /* deviation, and (c - a) / v below: inside of what american_profile.c takes */
static const double STEEPEST = 2.499;
static const double EDGE = 1.0 + 1e-9; /* of x */

const double gex__american_places[GEX_AMERICAN_VOLS] = {
    1.0, 0.95949297361449739, 0.841253532831181169, 0.654860733945285064,
    0.415415013001886426, 0.14231483827328514, -0.14231483827328514, -0.415415013001886426,
    -0.654860733945285064, -0.841253532831181169, -0.95949297361449739, -1.0};

static int64_t groups_of(int64_t rows)
{
    return (rows + GROUP - 1) / GROUP;
}

static int fields_of(bool with_vanna)
{
    return with_vanna ? GEX_AMERICAN_FIELDS : GEX_AMERICAN_BY_VOL;
}

/* Where the parts stand in the block; NULL block: only how long it is. */
static int64_t parts_set(struct gex__american_moving *m, int64_t rows, bool with_vanna, double *block)
{
    const int64_t groups = groups_of(rows), bytes = (int64_t)sizeof(double);
    const int64_t length[] = {rows, rows, rows / bytes + 1, groups * (int64_t)sizeof(int32_t) / bytes + 1,
                              groups * fields_of(with_vanna) * VOLS * GROUP, STRETCH / bytes, STRETCH / bytes, STRETCH,
                              STRETCH * GEX_AMERICAN_FIELDS};
    int64_t at[sizeof length / sizeof *length], total = 0;

    for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
        at[i] = total;
        total += length[i];
    }
    if (block != NULL)
        *m = (struct gex__american_moving){.rows = rows,
                                           .fields = fields_of(with_vanna),
                                           .centre = block + at[0],
                                           .reach = block + at[1],
                                           .kind = (uint8_t *)(block + at[2]),
                                           .group = (int32_t *)(void *)(block + at[3]),
                                           .newton = block + at[4],
                                           .status = (uint8_t *)(block + at[5]),
                                           .exercise = (int8_t *)(block + at[6]),
                                           .vol = block + at[7],
                                           .scratch = block + at[8]};
    return total;
}

int64_t gex__american_moving_size(int64_t rows, bool with_vanna)
{
    return parts_set(&(struct gex__american_moving){0}, rows, with_vanna, NULL);
}

/* x of a volatility. */
static double place_of(const struct gex__american_moving *m, int64_t row, double vol)
{
    return (vol - m->centre[row]) / (vol + m->centre[row]) * m->reach[row];
}

static double vol_at(const struct gex__american_moving *m, int64_t row, double x)
{
    const double s = x / m->reach[row];

    return m->centre[row] * (1.0 + s) / (1.0 - s);
}

/* m->reach holds 1 / reach. A volatility that does not move is the middle of a percent of itself. */
static void range_set(struct gex__american_moving *m, const struct gex__black_in *in, int64_t row, double least,
                      double most)
{
    const double root = sqrt(in->years[row]), tilt = fabs(in->carry[row] - in->rate[row]) * root;
    const double high = root > 0.0 ? fmin(most, DEEPEST / root) : most;
    const double low = fmin(fmax(fmax(least, tilt / STEEPEST), high / WIDEST), high * 0.995);
    const bool good = low > 0.0 && isfinite(high);

    m->kind[row] = good ? HELD : SLOW;
    m->centre[row] = good ? sqrt(low * high) : 1.0;
    m->reach[row] = good ? (high + m->centre[row]) / (high - m->centre[row]) : 2.0;
}

static double *group_polynomials(const struct gex__american_moving *m, int64_t group)
{
    return m->newton + m->group[group] * (int64_t)(m->fields * VOLS * GROUP);
}

/* ---- hoisting ---------------------------------------------------------------------------------------------------- */

/* Rows [first, first + count) at their j-th volatility, into scratch. */
static void stretch_at(int32_t isa, const struct gex__american_moving *m, const struct gex__black_in *in, int64_t first,
                       int64_t count, int j, double low, double high)
{
    const struct gex__black_in here = {.rows = count,
                                       .strike = in->strike + first,
                                       .years = in->years + first,
                                       .vol = m->vol,
                                       .rate = in->rate + first,
                                       .carry = in->carry + first,
                                       .right = in->right + first};

    for (int64_t i = 0; i < count; i++)
        m->vol[i] = vol_at(m, first + i, gex__american_places[j]);
    gex__american_fields(isa, &here, m->exercise, low, high, m->fields == GEX_AMERICAN_FIELDS, m->scratch, m->status);
    for (int64_t i = 0; i < count; i++)
        if (m->status[i] == GEX_CALC_SLOW_PATH)
            m->kind[first + i] = SLOW;
}

/* The largest volatility reaches furthest: a row that it leaves European is so at all.
 * Groups with another get a number. */
static int32_t stretch_select(const struct gex__american_moving *m, int64_t first, int64_t count, int32_t taken)
{
    for (int64_t g = 0; g < groups_of(count); g++) {
        bool any = false;

        for (int64_t i = g * GROUP; i < count && i < (g + 1) * GROUP; i++) {
            const double slope = m->scratch[(g * GEX_AMERICAN_FIELDS + GEX_AMERICAN_SLOPE) * GROUP + i % GROUP];

            m->exercise[i] = slope != 0.0 ? GEX_EXERCISE_AMERICAN : GEX_EXERCISE_EUROPEAN;
            any = any || slope != 0.0;
            if (slope == 0.0 && m->kind[first + i] == HELD)
                m->kind[first + i] = EUROPEAN;
        }
        m->group[first / GROUP + g] = any ? taken++ : -1;
    }
    return taken;
}

static void stretch_keep(const struct gex__american_moving *m, int64_t first, int64_t count, int j)
{
    for (int64_t g = 0; g < groups_of(count); g++) {
        const double *from = m->scratch + g * GEX_AMERICAN_FIELDS * GROUP;

        for (int field = 0; m->group[first / GROUP + g] >= 0 && field < m->fields; field++)
            memcpy(group_polynomials(m, first / GROUP + g) + (field * VOLS + j) * GROUP, from + field * GROUP,
                   GROUP * sizeof(double));
    }
}

/* Values at the places become divided differences. */
static void newton_of(double *value)
{
    const double *x = gex__american_places;

    for (int order = 1; order < VOLS; order++)
        for (int j = VOLS - 1; j >= order; j--)
            for (int i = 0; i < GROUP; i++)
                value[j * GROUP + i] = (value[j * GROUP + i] - value[(j - 1) * GROUP + i]) / (x[j] - x[j - order]);
}

/* A row that is not held: European at every volatility. */
static void row_clear(const struct gex__american_moving *m, int64_t row)
{
    double *group = group_polynomials(m, row / GROUP);

    for (int field = 0; field < m->fields; field++)
        for (int j = 0; j < VOLS; j++)
            group[(field * VOLS + j) * GROUP + row % GROUP] = field == GEX_AMERICAN_OFFSET ? 2.0 : 0.0;
}

void gex__american_moving_hoist(int32_t instruction_set, const struct gex__black_in *in, const int8_t *exercise,
                                double low, double high, bool with_vanna, const double *least, const double *most,
                                double *block, struct gex__american_moving *moving)
{
    int32_t taken = 0;

    parts_set(moving, in->rows, with_vanna, block);
    for (int64_t first = 0; first < in->rows; first += STRETCH) {
        const int64_t count = in->rows - first < STRETCH ? in->rows - first : STRETCH;
        const int32_t before = taken;

        for (int64_t i = 0; i < count; i++)
            range_set(moving, in, first + i, least[first + i], most[first + i]);
        memcpy(moving->exercise, exercise + first, (size_t)count);
        stretch_at(instruction_set, moving, in, first, count, 0, low, high);
        taken = stretch_select(moving, first, count, taken);
        if (taken == before)
            continue;
        stretch_keep(moving, first, count, 0);
        for (int j = 1; j < VOLS; j++) { /* a row that counts does so at each: every price is near enough */
            stretch_at(instruction_set, moving, in, first, count, j, 0.0, (double)INFINITY);
            stretch_keep(moving, first, count, j);
        }
        for (int64_t row = first; row < first + count; row++)
            if (moving->kind[row] == SLOW && moving->group[row / GROUP] >= 0)
                row_clear(moving, row);
    }
    for (int64_t field = 0; field < (int64_t)taken * moving->fields; field++)
        newton_of(moving->newton + field * VOLS * GROUP);
}

/* ---- evaluation -------------------------------------------------------------------------------------------------- */

static bool is_held(const struct gex__american_moving *m, int64_t row, double vol, double t)
{
    const double x = place_of(m, row, vol);

    if (m->kind[row] == EUROPEAN)
        return x <= EDGE;
    return m->kind[row] == HELD && x <= EDGE && (x >= -EDGE || fabs(t) >= 1.0);
}

int64_t gex__american_moving(int32_t instruction_set, const struct gex__american_moving *moving, int64_t first,
                             int64_t count, double price, const double *vol, double *const outputs[GEX_GREEK_LAST_ + 1],
                             uint8_t *rest)
{
    const struct gex__american_kernels *kernels = gex__american_kernels_of(instruction_set);
    const double log_price = log(price);
    double x[GROUP], t[GROUP], fields[GEX_AMERICAN_FIELDS * GROUP];
    int64_t left = 0;

    for (int64_t i = 0; i < count; i += GROUP) {
        const int64_t group = (first + i) / GROUP;
        const int lines = count - i < GROUP ? (int)(count - i) : GROUP;
        double *here[GEX_GREEK_LAST_ + 1] = {NULL};
        bool near = false;

        for (int k = 0; k < GROUP; k++) {
            x[k] = k < lines ? fmax(place_of(moving, first + i + k, vol[i + k]), -1.0) : 0.0;
            t[k] = 2.0;
        }
        if (moving->group[group] >= 0)
            kernels->fields(group_polynomials(moving, group), GEX_AMERICAN_RIGHT, x, fields);
        for (int k = 0; moving->group[group] >= 0 && k < lines; k++) {
            t[k] = fields[GEX_AMERICAN_SLOPE * GROUP + k] * log_price + fields[GEX_AMERICAN_OFFSET * GROUP + k];
            near = near || t[k] < EDGE;
        }
        for (int k = 0; k < lines; k++)
            if (!is_held(moving, first + i + k, vol[i + k], t[k]))
                rest[left++] = (uint8_t)(i + k);
        if (!near)
            continue;
        kernels->fields(group_polynomials(moving, group), moving->fields, x, fields);
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            here[greek] = outputs[greek] != NULL ? outputs[greek] + i : NULL;
        kernels->profile(fields, lines, price, here);
    }
    return left;
}
