/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker: price and eleven greeks as anyone would write them, one contract after another with libm. Compiled twice, as
 * two programs: with -O3, where it stays scalar, and with -Ofast, where gcc makes libmvec calls of the loop and the
 * start-up code turns subnormal numbers off for the whole process. PLAIN_NAME says which. bench-plain SAMPLE
 */
#include <math.h>
#include <stdio.h>

#include "worker.h"

enum { OUTPUTS = 12 };

struct plain {
    int64_t       rows;
    const double *in[7];
    double       *out[OUTPUTS];
};

static inline double normal_cdf(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

static void plain_run(void *state)
{
    struct plain *p = state;
    const double *restrict spot = p->in[0], *restrict strike = p->in[1], *restrict years = p->in[2];
    const double *restrict rate = p->in[3], *restrict carry = p->in[4], *restrict vol = p->in[5];
    const double *restrict right = p->in[6];
    double *restrict price = p->out[0], *restrict delta = p->out[1], *restrict gamma = p->out[2];
    double *restrict vega = p->out[3], *restrict theta = p->out[4], *restrict rho = p->out[5];
    double *restrict vanna = p->out[6], *restrict charm = p->out[7], *restrict vomma = p->out[8];
    double *restrict speed = p->out[9], *restrict zomma = p->out[10], *restrict color = p->out[11];
    const int64_t rows = p->rows;

#pragma GCC ivdep
    for (int64_t i = 0; i < rows; i++) {
        const double S = spot[i], K = strike[i], T = years[i], r = rate[i], q = carry[i], s = vol[i], f = right[i];
        const double root = sqrt(T), v = s * root, d1 = (log(S / K) + (r - q) * T) / v + 0.5 * v, d2 = d1 - v;
        const double Q = exp(-q * T), D = exp(-r * T), n = Q * exp(-0.5 * d1 * d1) * 0.39894228040143267794;
        const double A = Q * normal_cdf(f * d1), B = K * D * normal_cdf(f * d2), e = 2 * (r - q) * T - d2 * v;
        const double g = n / (S * v), w = S * n * root;

        price[i] = f * (S * A - B);
        delta[i] = f * A;
        gamma[i] = g;
        vega[i] = w;
        theta[i] = -S * n * s / (2 * root) + f * (q * S * A - r * B);
        rho[i] = f * T * B;
        vanna[i] = -n * d2 / s;
        charm[i] = q * f * A - n * e / (2 * T * v);
        vomma[i] = w * d1 * d2 / s;
        speed[i] = -g / S * (d1 / v + 1);
        zomma[i] = g * (d1 * d2 - 1) / s;
        color[i] = g / (2 * T) * (2 * q * T + 1 + d1 * e / v);
    }
}

int main(int argc, char **argv)
{
    struct sample sample = sample_read(argc > 1 ? argv[1] : "", "european");
    struct plain plain = {.rows = sample.rows};
    struct offer offer = {PLAIN_NAME, plain_run, &plain, plain.out};

    for (int k = 0; k < 7; k++)
        plain.in[k] = sample_column(&sample, k);
    for (int k = 0; k < OUTPUTS; k++)
        plain.out[k] = page_of_doubles(sample.rows);
    printf("about gcc %s\n", __VERSION__);
    return worker_serve(&offer, 1, sample.rows, OUTPUTS);
}
