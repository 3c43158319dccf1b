/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far American values are from the truth, as a section of docs/accuracy.md: scripts/accuracy_american.
 *
 *     accuracy_american [ROWS] [RANDOM] [LINE]
 *
 * rows of each kind against the reference (400), random rows without one (1000000), and one more line of the table, as
 * tests/oracle/two_boundaries.py --table prints it for two boundaries.
 *
 * The reference solves the integral equation of Andersen, Lake and Offengenden (2016), system A, by plain iteration
 * from an exponential through the perpetual boundary, with 44 nodes, 140 points along the boundary and 440 for the
 * premium. It shares no start, iteration, quadrature or line of code with the library's. Rows that it gives otherwise
 * than by 1e-10 of the strike with 34, 100 and 320 are left out and counted.
 */
#include <gex.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"

struct option {
    double S, K, T, vol, r, q;
    int8_t f;
};

static const double pi = 3.14159265358979323846;

static double log_between(double low, double high)
{
    return exp(between(log(low), log(high)));
}

/* ---- the reference ----------------------------------------------------------------------------------------------- */

enum { NODES_MOST = 44, POINTS_MOST = 140, PRICES_MOST = 440, PASSES = 400 };

/* Chebyshev points in x = sqrt(tau / T), Gauss-Legendre in theta of [0, pi / 2],
 * and H at x_i cos(theta_j) from H at the nodes. */
struct scheme {
    int    nodes, points, prices;
    double x[NODES_MOST + 1];
    double angle[POINTS_MOST], weight[POINTS_MOST], price_angle[PRICES_MOST], price_weight[PRICES_MOST];
    double at[NODES_MOST][POINTS_MOST][NODES_MOST + 1], price_at[PRICES_MOST][NODES_MOST + 1];
};

static struct scheme fine, coarse;

static void legendre(int n, double *angle, double *weight)
{
    for (int i = 0; i < n; i++) {
        double z = cos(pi * (i + 0.75) / (n + 0.5)), slope = 1, step = 1;

        for (int k = 0; k < 100 && fabs(step) > 1e-16; k++) {
            double before = 1, now = z;

            for (int m = 2; m <= n; m++) {
                const double after = ((2 * m - 1) * z * now - (m - 1) * before) / m;

                before = now;
                now = after;
            }
            slope = n * (z * now - before) / (z * z - 1);
            step = now / slope;
            z -= step;
        }
        angle[i] = pi / 4 * (1 - z);
        weight[i] = pi / 4 * 2 / ((1 - z * z) * slope * slope);
    }
}

/* Barycentric weights of the nodes for the value at x. */
static void interpolate(const struct scheme *s, double x, double *out)
{
    double sum = 0;

    for (int i = 0; i <= s->nodes; i++)
        if (x == s->x[i]) {
            memset(out, 0, (size_t)(s->nodes + 1) * sizeof *out);
            out[i] = 1;
            return;
        }
    for (int i = 0; i <= s->nodes; i++) {
        out[i] = (i % 2 == 0 ? 1 : -1) * (i == 0 || i == s->nodes ? 0.5 : 1) / (x - s->x[i]);
        sum += out[i];
    }
    for (int i = 0; i <= s->nodes; i++)
        out[i] /= sum;
}

static void scheme_make(struct scheme *s, int nodes, int points, int prices)
{
    s->nodes = nodes;
    s->points = points;
    s->prices = prices;
    for (int i = 0; i <= nodes; i++)
        s->x[i] = i == nodes ? 0 : (1 + cos(i * pi / nodes)) / 2;
    legendre(points, s->angle, s->weight);
    legendre(prices, s->price_angle, s->price_weight);
    for (int i = 0; i < nodes; i++)
        for (int j = 0; j < points; j++)
            interpolate(s, s->x[i] * cos(s->angle[j]), s->at[i][j]);
    for (int j = 0; j < prices; j++)
        interpolate(s, cos(s->price_angle[j]), s->price_at[j]);
}

static double normal(double x)
{
    return erfc(-x / sqrt(2.0)) / 2;
}

static double density(double x)
{
    return exp(-x * x / 2) / sqrt(2 * pi);
}

/* log(B / X) from H at the nodes, by weights. */
static double depth_at(const struct scheme *s, const double *weights, const double *h)
{
    double sum = 0;

    for (int i = 0; i <= s->nodes; i++)
        sum += weights[i] * h[i];
    return -sqrt(fmax(sum, 0));
}

/* Right-hand side of system A at node i, as log(B / X). */
static double next_depth(const struct scheme *s, const struct option *o, double kappa, const double *h, int i)
{
    const double tau = o->T * s->x[i] * s->x[i], root = o->vol * sqrt(tau), b = o->r - o->q, own = -sqrt(h[i]);
    const double up = (own - kappa + b * tau) / root + root / 2;
    double num = density(up - root) / root, den = density(up) / root + normal(up);

    for (int j = 0; j < s->points; j++) {
        const double sine = sin(s->angle[j]), cosine = cos(s->angle[j]), left = tau * sine * sine,
                     u = tau * cosine * cosine;
        const double there = depth_at(s, s->at[i][j], h), width = 2 * tau * sine * cosine * s->weight[j];
        const double d = (own - there + b * left) / (root * sine) + root * sine / 2;

        num += width * o->r * exp(o->r * u) * density(d - root * sine) / (root * sine);
        den += width * o->q * exp(o->q * u) * (normal(d) + density(d) / (root * sine));
    }
    return kappa - b * tau + log(num / den);
}

static double european_put(const struct option *o)
{
    const double v = o->vol * sqrt(o->T), d = (log(o->S / o->K) + (o->r - o->q) * o->T) / v + v / 2;

    return o->K * exp(-o->r * o->T) * normal(v - d) - o->S * exp(-o->q * o->T) * normal(-d);
}

/* A put with one boundary, r > 0. NaN when the iteration does not come to rest. */
static double reference_put(const struct scheme *s, const struct option *o)
{
    const double kappa = o->q > o->r ? log(o->q / o->r) : 0, s2 = o->vol * o->vol, b = o->r - o->q;
    const double power = -(b / s2 - 0.5) - sqrt((b / s2 - 0.5) * (b / s2 - 0.5) + 2 * o->r / s2);
    const double last = log(power / (power - 1)) + kappa; /* of the perpetual boundary over X */
    double h[NODES_MOST + 1], moved = 1, value;

    for (int i = 0; i <= s->nodes; i++) {
        const double depth = log(exp(last) + (1 - exp(last)) * exp(-2 * o->vol * sqrt(o->T) * s->x[i]));

        h[i] = depth * depth;
    }
    for (int pass = 0; pass < PASSES && moved > 1e-13; pass++) {
        double next[NODES_MOST + 1] = {0};

        moved = 0;
        for (int i = 0; i < s->nodes; i++) {
            const double depth = fmin(next_depth(s, o, kappa, h, i), 0);

            moved = fmax(moved, fabs(depth + sqrt(h[i])));
            next[i] = depth * depth;
        }
        memcpy(h, next, sizeof h);
    }
    if (!(moved < 1e-11))
        return (double)NAN;
    if (log(o->S / o->K) <= -kappa - sqrt(h[0]))
        return o->K - o->S;
    value = european_put(o);
    for (int j = 0; j < s->prices; j++) {
        const double sine = sin(s->price_angle[j]), cosine = cos(s->price_angle[j]), u = o->T * sine * sine,
                     root = o->vol * sqrt(u);
        const double there = depth_at(s, s->price_at[j], h) - kappa,
                     width = 2 * o->T * sine * cosine * s->price_weight[j];
        const double d = (log(o->S / o->K) - there + b * u) / root + root / 2;

        value += width * (o->r * o->K * exp(-o->r * u) * normal(root - d) - o->q * o->S * exp(-o->q * u) * normal(-d));
    }
    return value;
}

/* A call is the put with spot and strike, rate and yield exchanged. NaN when the two schemes do not agree. */
static double reference(const struct option *o)
{
    struct option put = *o;
    double value, rough;

    if (o->f > 0)
        put = (struct option){o->K, o->S, o->T, o->vol, o->q, o->r, -1};
    value = reference_put(&fine, &put);
    rough = reference_put(&coarse, &put);
    return fabs(value - rough) <= 1e-10 * fmax(o->S, o->K) ? value : (double)NAN;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

enum kind { LISTED, NEGATIVE, LONG, FAST, KINDS };
static const char *const kind_name[KINDS] = {
    "to 2 years, vol 5 % to 80 %, rates and yields to 12 %", "the same, rates and yields from -3 %",
    "2 to 20 years, vol 5 % to 80 %, rates and yields to 12 %", "1 hour to 5 days, rates and yields to 300 %"};

static bool has_one(const struct option *o)
{
    return (o->f < 0 ? o->r : o->q) > 1e-4;
}

static struct option draw(enum kind kind)
{
    for (;;) {
        const double low = kind == NEGATIVE ? -0.03 : 0, high = kind == FAST ? 3 : 0.12;
        struct option o = {
            .S = 100, .r = between(low, high), .q = between(low, high), .f = between(0, 1) < 0.5 ? 1 : -1};

        o.T = kind == LONG   ? log_between(2, 20)
              : kind == FAST ? log_between(1.0 / 365 / 24, 5.0 / 365)
                             : log_between(1.0 / 365, 2);
        o.vol = between(0.05, 0.8);
        o.K = o.S * exp(between(-3, 3) * fmin(o.vol * sqrt(o.T), 0.5));
        if (has_one(&o))
            return o;
    }
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static gex_american_columns columns_of(const struct option *o, int64_t rows, int32_t accuracy)
{
    gex_american_columns columns;

    gex_american_columns_init(&columns, sizeof columns);
    columns.accuracy = accuracy;
    columns.rows = rows;
    columns.spot = (gex_f64){&o->S, sizeof *o};
    columns.strike = (gex_f64){&o->K, sizeof *o};
    columns.years = (gex_f64){&o->T, sizeof *o};
    columns.vol = (gex_f64){&o->vol, sizeof *o};
    columns.right = (gex_i8){&o->f, sizeof *o};
    columns.rate = (gex_f64){&o->r, sizeof *o};
    columns.carry_yield = (gex_f64){&o->q, sizeof *o};
    return columns;
}

static int by_size(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void print_errors(const char *name, const char *preset, double *error, int count, int left_out)
{
    qsort(error, (size_t)count, sizeof *error, by_size);
    printf("| %s | %s | %d | %d | %.1e | %.1e | %.1e |\n", name, preset, count, left_out, error[count - 1],
           error[(int)(0.99 * (count - 1))], error[count / 2]);
}

static void print_kind(enum kind kind, int rows)
{
    struct option *all = malloc((size_t)rows * sizeof *all);
    double *truth = malloc((size_t)rows * sizeof *truth), *price = malloc((size_t)rows * sizeof *price);
    int count = 0, left_out = 0;

    for (int i = 0; i < rows; i++) {
        const struct option o = draw(kind);
        const double value = reference(&o);

        left_out += isnan(value);
        if (!isnan(value)) {
            all[count] = o;
            truth[count++] = value;
        }
    }
    for (int32_t accuracy = 1; count > 0 && accuracy <= GEX_ACCURACY_LAST_; accuracy++) {
        const gex_american_columns columns = columns_of(all, count, accuracy);
        const int32_t greek = GEX_GREEK_PRICE;

        if (gex_american(NULL, &columns, &greek, 1, &price, NULL, NULL, NULL) != GEX_OK)
            abort();
        for (int i = 0; i < count; i++)
            price[i] = fabs(price[i] - truth[i]) / fmax(all[i].S, all[i].K);
        print_errors(kind_name[kind], gex_accuracy_name(accuracy), price, count, left_out);
    }
    free(all);
    free(truth);
    free(price);
}

/* Any row: a number, a status that says so, and no less than exercise pays. @return how many were not. */
static int64_t bad_rows(int64_t rows, int64_t *grid)
{
    enum { AT_ONCE = 1000 };
    static struct option all[AT_ONCE];
    static double value[GEX_GREEK_LAST_][AT_ONCE];
    static uint8_t status[AT_ONCE];
    int32_t greeks[GEX_GREEK_LAST_];
    double *outputs[GEX_GREEK_LAST_];
    int64_t bad = 0;

    for (int32_t g = 0; g < GEX_GREEK_LAST_; g++) {
        greeks[g] = g + 1;
        outputs[g] = value[g];
    }
    for (int64_t done = 0; done < rows; done += AT_ONCE) {
        gex_american_columns columns = columns_of(all, AT_ONCE, GEX_ACCURACY_STANDARD);

        for (int i = 0; i < AT_ONCE; i++) {
            struct option *o = &all[i];

            *o = (struct option){log_between(1e-3, 1e6), 0, log_between(1e-4 / 365, 50), log_between(1e-3, 5),
                                 between(-0.05, 0.2), between(-0.05, 0.2), i % 2 == 0 ? 1 : -1};
            o->K = o->S * exp(fmax(fmin(between(-6, 6) * o->vol * sqrt(o->T), 10), -10));
        }
        if (gex_american(NULL, &columns, greeks, GEX_GREEK_LAST_, outputs, NULL, status, NULL) != GEX_OK)
            abort();
        for (int i = 0; i < AT_ONCE; i++) {
            bool good = status[i] == GEX_CALC_OK || status[i] == GEX_CALC_EXERCISED || status[i] == GEX_CALC_SLOW_PATH;

            *grid += status[i] == GEX_CALC_SLOW_PATH;
            for (int32_t g = 0; g < GEX_GREEK_LAST_; g++)
                good = good && isfinite(value[g][i]);
            good = good && value[0][i] >= fmax(all[i].f * (all[i].S - all[i].K), 0) * (1 - 1e-12);
            bad += !good;
            if (!good)
                fprintf(stderr, "S %.17g K %.17g T %.17g vol %.17g r %.17g q %.17g f %d: status %d, price %g\n",
                        all[i].S, all[i].K, all[i].T, all[i].vol, all[i].r, all[i].q, all[i].f, status[i], value[0][i]);
        }
    }
    return bad;
}

int main(int argc, char **argv)
{
    const int rows = argc > 1 ? atoi(argv[1]) : 400;
    const int64_t random = argc > 2 ? atoll(argv[2]) : 1000000;
    int64_t grid = 0, bad;

    scheme_make(&fine, 44, 140, 440);
    scheme_make(&coarse, 34, 100, 320);
    printf("# Accuracy of American options\n\n"
           "Written by `scripts/accuracy_american`. Error of the price in units of the larger of spot and strike, against a second\n"
           "solver that agrees with itself to 1e-10 of the strike (tests/accuracy_american.c); two boundaries\n"
           "against extrapolated differences (tests/oracle/two_boundaries.py). `left out` are rows on which the reference\n"
           "does not agree with itself.\n\n"
           "| rows | accuracy | compared | left out | largest | 99 %% | median |\n|---|---|--:|--:|--:|--:|--:|\n");
    for (int kind = 0; kind < KINDS; kind++)
        print_kind((enum kind)kind, rows);
    if (argc > 3)
        puts(argv[3]);
    bad = bad_rows(random, &grid);
    printf("\n%lld random rows with all greeks at the standard accuracy (0.01 s to 50 years, vol 0.1 %% to 500 %%, "
           "rates and yields -5 %%\n"
           "to 20 %%, strikes to six deviations; %lld of them on the grid): %lld with a NaN, an infinity, a status of "
           "error, or a price\n"
           "below what exercise pays.\n",
           (long long)random, (long long)grid, (long long)bad);
    return bad != 0;
}
