/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs every implementation gets, with the values they should have given, in arithmetic of 113 bits.
 *
 *     bench-samples FOLDER      writes NAME.f64: european, implied-equity, implied-wide, contracts, levels-linear,
 *                               levels-log
 *
 * european   2048 contracts on a spot of 100; T from a day to two years, log-uniform; vol 8 to 80 %, thin at the top;
 *            rate 0 to 6 %, carry 0 to 3 %; strikes over +-3.5 deviations. Columns: spot, strike, years, rate, carry,
 *            vol, right, then for each of the twelve outputs value, rest (value + rest is the true one), and scale.
 * implied    8192 undiscounted out-of-the-money prices, correctly rounded. EQUITY: as above. WIDE: vol 1 to 300 %, T
 *            from a day to 30 years, +-8 deviations, total deviation up to 4. Columns: price, forward, strike, years,
 *            right, vol, condition. vol is the one that gives the rounded price of the rounded inputs back; condition
 *            is how many relative errors of the price it is worth, price / (deviation dprice/ddeviation).
 * contracts  10,000, drawn as for european, and a weight of -5000 to 5000. Columns: strike, years, rate, carry, vol,
 *            weight.
 * levels     201 prices, LINEAR from 80 to 120 and LOG 80 exp(k log(1.5) / 200), and the sum of weight times gamma of
 *            the contracts there, in 64 bits. Columns: price, sum.
 *
 * Scale is the formula with each sum replaced by the sum of absolute terms: the unit where a greek crosses zero or a
 * price cancels, and an ulp of the value means nothing.
 */
#include <math.h>
#include <quadmath.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker.h"

typedef __float128 quad;

enum { EUROPEAN_ROWS = 2048, IMPLIED_ROWS = 8192, INPUTS = 7, OUTPUTS = 12, EUROPEAN_COLUMNS = INPUTS + 3 * OUTPUTS };
enum { CONTRACTS = 10000, CONTRACT_COLUMNS = 6, LEVELS = 201 };
enum { SPOT, STRIKE, YEARS, RATE, CARRY, VOL, RIGHT };
enum { IV_PRICE, IV_FORWARD, IV_STRIKE, IV_YEARS, IV_RIGHT, IV_VOL, IV_CONDITION, IMPLIED_COLUMNS };

/* ---- random numbers: splitmix64 (Steele, Lea and Flood, 2014) ---------------------------------------------------- */

static uint64_t draw_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double draw(uint64_t *state) /* uniform in [0, 1) */
{
    return (double)(draw_bits(state) >> 11) * 0x1p-53;
}

static double draw_log(uint64_t *state, double from, double to)
{
    return from * exp(draw(state) * log(to / from));
}

/* Volatilities as equity options have them: 8 to 80 %, density falling towards the top. */
static double draw_equity_vol(uint64_t *state)
{
    const double a = draw(state), b = draw(state);
    return 0.08 + 0.72 * a * b;
}

/* ---- European greeks --------------------------------------------------------------------------------------------- */

static quad normal_tail(quad x) /* Phi(-x) */
{
    return erfcq(x * M_SQRT1_2q) / 2;
}

/*
 * absolute = 0: the greeks. absolute = 1: their scales. Formulas as in Haug (2007), chapter 2:
 *     v = vol sqrt(T), d1 = (ln(S/K) + (r - q) T) / v + v / 2, d2 = d1 - v, n = Q phi(d1)
 *     A = Q Phi(f d1), B = K D Phi(f d2), e = 2 (r - q) T - d2 v
 */
static void greeks(const double in[INPUTS], int absolute, quad out[OUTPUTS])
{
    const quad S = in[SPOT], K = in[STRIKE], T = in[YEARS], r = in[RATE], q = in[CARRY], vol = in[VOL];
    const quad right = in[RIGHT], root = sqrtq(T), v = vol * root;
    const quad signed_d1 = (logq(S / K) + (r - q) * T) / v + v / 2, signed_d2 = signed_d1 - v;
    const quad Q = expq(-q * T), D = expq(-r * T), n = Q * expq(-signed_d1 * signed_d1 / 2) / sqrtq(2 * M_PIq);
    const quad A = Q * normal_tail(-right * signed_d1), B = K * D * normal_tail(-right * signed_d2);
    const quad gamma = n / (S * v), vega = S * n * root;
    const quad f = absolute ? 1 : right, minus = absolute ? 1 : -1; /* of a term that is subtracted */
    const quad d1 = absolute ? fabsq(signed_d1) + v : signed_d1, d2 = absolute ? fabsq(signed_d2) + v : signed_d2;
    const quad e = 2 * (absolute ? fabsq(r - q) : r - q) * T + minus * d2 * v;

    out[0] = f * (S * A + minus * B);                                                  /* price */
    out[1] = f * A;                                                                    /* delta */
    out[2] = gamma;                                                                    /* gamma */
    out[3] = vega;                                                                     /* vega */
    out[4] = minus * S * n * vol / (2 * root) + f * (q * S * A + minus * r * B);       /* theta */
    out[5] = f * T * B;                                                                /* rho */
    out[6] = minus * n * d2 / vol;                                                     /* vanna */
    out[7] = q * f * A + minus * n * e / (2 * T * v);                                  /* charm */
    out[8] = vega * d1 * d2 / vol;                                                     /* vomma */
    out[9] = minus * gamma / S * (d1 / v + 1);                                         /* speed */
    out[10] = gamma * (d1 * d2 + minus) / vol;                                         /* zomma */
    out[11] = gamma / (2 * T) * (2 * q * T + 1 + d1 * e / v);                          /* color */
}

static double *make_european(uint64_t seed)
{
    double *values = page_of_doubles((int64_t)EUROPEAN_ROWS * EUROPEAN_COLUMNS);

    for (int i = 0; i < EUROPEAN_ROWS; i++) {
        double in[INPUTS];
        quad value[OUTPUTS], scale[OUTPUTS];

        in[SPOT] = 100;
        in[YEARS] = draw_log(&seed, 1.0 / 365, 2);
        in[VOL] = draw_equity_vol(&seed);
        in[RATE] = 0.06 * draw(&seed);
        in[CARRY] = 0.03 * draw(&seed);
        in[STRIKE] = 100 * exp((2 * draw(&seed) - 1) * 3.5 * in[VOL] * sqrt(in[YEARS]));
        in[RIGHT] = draw_bits(&seed) & 1 ? 1 : -1;
        greeks(in, 0, value);
        greeks(in, 1, scale);
        for (int k = 0; k < INPUTS; k++)
            values[k * EUROPEAN_ROWS + i] = in[k];
        for (int k = 0; k < OUTPUTS; k++) {
            double *const column = values + (INPUTS + 3 * k) * EUROPEAN_ROWS + i;
            column[0] = (double)value[k];
            column[EUROPEAN_ROWS] = (double)(value[k] - (quad)column[0]);
            column[2 * EUROPEAN_ROWS] = (double)scale[k];
        }
    }
    return values;
}

/* ---- implied volatility ------------------------------------------------------------------------------------------ */

/* Out-of-the-money price over sqrt(F K), with x = -|ln(F / K)| and total deviation s. */
static quad normalised_price(quad x, quad s)
{
    return expq(x / 2) * normal_tail(-(x / s + s / 2)) - expq(-x / 2) * normal_tail(-(x / s - s / 2));
}

static quad normalised_vega(quad x, quad s)
{
    return expq(-(x * x / (s * s) + s * s / 4) / 2) / sqrtq(2 * M_PIq);
}

static void implied_reference(double row[IMPLIED_COLUMNS])
{
    const quad F = row[IV_FORWARD], K = row[IV_STRIKE], x = -fabsq(logq(F / K)), beta = row[IV_PRICE] / sqrtq(F * K);
    quad s = row[IV_VOL] * sqrtq(row[IV_YEARS]);

    for (int step = 0; step < 6; step++) /* Newton from within an ulp or so of the root */
        s -= (normalised_price(x, s) - beta) / normalised_vega(x, s);
    row[IV_VOL] = (double)(s / sqrtq(row[IV_YEARS]));
    row[IV_CONDITION] = (double)(beta / (s * normalised_vega(x, s)));
}

static double *make_implied(uint64_t seed, int wide)
{
    double *values = page_of_doubles((int64_t)IMPLIED_ROWS * IMPLIED_COLUMNS);

    for (int i = 0; i < IMPLIED_ROWS;) {
        double row[IMPLIED_COLUMNS], deviation, moneyness;
        quad x;

        row[IV_YEARS] = draw_log(&seed, 1.0 / 365, wide ? 30 : 2);
        row[IV_VOL] = wide ? draw_log(&seed, 0.01, 3) : draw_equity_vol(&seed);
        moneyness = (2 * draw(&seed) - 1) * (wide ? 8 : 3.5);
        deviation = row[IV_VOL] * sqrt(row[IV_YEARS]);
        if (wide && deviation > 4)
            continue;
        row[IV_FORWARD] = 100 * exp(0.3 * draw(&seed));
        row[IV_STRIKE] = row[IV_FORWARD] * exp(moneyness * deviation);
        row[IV_RIGHT] = row[IV_STRIKE] >= row[IV_FORWARD] ? 1 : -1;
        x = -fabsq(logq((quad)row[IV_FORWARD] / row[IV_STRIKE]));
        row[IV_PRICE] = (double)(normalised_price(x, row[IV_VOL] * sqrtq(row[IV_YEARS])) *
                                 sqrtq((quad)row[IV_FORWARD] * row[IV_STRIKE]));
        if (row[IV_PRICE] < 1e-290)
            continue;
        implied_reference(row);
        for (int k = 0; k < IMPLIED_COLUMNS; k++)
            values[k * IMPLIED_ROWS + i] = row[k];
        i++;
    }
    return values;
}

/* ---- profile ----------------------------------------------------------------------------------------------------- */

static double *make_contracts(uint64_t seed)
{
    double *values = page_of_doubles((int64_t)CONTRACTS * CONTRACT_COLUMNS);

    for (int i = 0; i < CONTRACTS; i++) {
        const double years = draw_log(&seed, 1.0 / 365, 2), vol = draw_equity_vol(&seed);
        const double strike = 100 * exp((2 * draw(&seed) - 1) * 3.5 * vol * sqrt(years));
        const double row[CONTRACT_COLUMNS] = {strike, years, 0.06 * draw(&seed), 0.03 * draw(&seed), vol,
                                              floor(10000 * draw(&seed)) - 5000};

        for (int k = 0; k < CONTRACT_COLUMNS; k++)
            values[k * CONTRACTS + i] = row[k];
    }
    return values;
}

static double *make_levels(const double *contracts, int logarithmic)
{
    double *values = page_of_doubles(2 * LEVELS);

    for (int k = 0; k < LEVELS; k++) {
        const long double price = logarithmic ? 80 * expl(k * (long double)(log(1.5) / (LEVELS - 1))) : 80 + 0.2 * k;
        long double sum = 0;

        for (int i = 0; i < CONTRACTS; i++) {
            const double *c = contracts + i;
            const long double years = c[CONTRACTS], rate = c[2 * CONTRACTS], carry = c[3 * CONTRACTS];
            const long double deviation = c[4 * CONTRACTS] * sqrtl(years);
            const long double d1 = (logl(price / c[0]) + (rate - carry) * years) / deviation + deviation / 2;

            sum += c[5 * CONTRACTS] * expl(-carry * years - d1 * d1 / 2) / (price * deviation);
        }
        values[k] = (double)price;
        values[LEVELS + k] = (double)(sum * 0.398942280401432677939946059934381868L);
    }
    return values;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int write_sample(const char *folder, const char *name, const char *task, int rows, int columns, double *values)
{
    char path[4096];
    FILE *file;
    int bad;

    snprintf(path, sizeof path, "%s/%s.f64", folder, name);
    file = fopen(path, "wb");
    if (file == NULL) {
        fprintf(stderr, "%s cannot be written\n", path);
        return 1;
    }
    fprintf(file, "%s %d %d\n", task, rows, columns);
    bad = fwrite(values, sizeof *values, (size_t)(rows * columns), file) != (size_t)(rows * columns);
    bad |= fclose(file);
    free(values);
    return bad;
}

int main(int argc, char **argv)
{
    const double *contracts;

    if (argc != 2) {
        fprintf(stderr, "usage: bench-samples FOLDER\n");
        return 2;
    }
    contracts = make_contracts(3);
    return write_sample(argv[1], "levels-linear", "levels", LEVELS, 2, make_levels(contracts, 0)) |
           write_sample(argv[1], "levels-log", "levels", LEVELS, 2, make_levels(contracts, 1)) |
           write_sample(argv[1], "contracts", "contracts", CONTRACTS, CONTRACT_COLUMNS, make_contracts(3)) |
           write_sample(argv[1], "european", "european", EUROPEAN_ROWS, EUROPEAN_COLUMNS, make_european(1)) |
           write_sample(argv[1], "implied-equity", "implied", IMPLIED_ROWS, IMPLIED_COLUMNS, make_implied(5, 0)) |
           write_sample(argv[1], "implied-wide", "implied", IMPLIED_ROWS, IMPLIED_COLUMNS, make_implied(5, 1));
}
