/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least of a function over an interval, with proof: the interval is halved until bounds from below, which hold for
 * every real number of a piece, and values that are attained agree.
 */
#ifndef GEX_MARKET_LEAST_H
#define GEX_MARKET_LEAST_H

#include <math.h>
#include <stdbool.h>

/* A piece, and what is known of the function there. */
struct gex__piece {
    double low, high;
    double floor;     /* nowhere below; -inf: nothing is known, as when it is NaN */
    double rounding;  /* how much of floor is rounding, which no halving takes away */
    double found, at; /* the least value seen, and its place; +inf: none */
};
/* Fills all but low and high. */
typedef void gex__bounder(const void *user, struct gex__piece *piece);

/* Over the pieces searched so far; start with gex__least_none(). */
struct gex__least {
    double close,
        enough;       /* how near floor has to come to found, a share of it; and a floor that suffices, +inf: none */
    double floor;     /* the function is nowhere below */
    double found, at; /* a value that is attained but for rounding */
};
struct gex__least gex__least_none(double close);

/* Take [low, high] into `least`: found is near the least, and floor near found and of its sign, wherever rounding lets
 * it be known, or enough. */
void gex__least_over(gex__bounder *bounder, const void *user, double low, double high, struct gex__least *least);

/* Places that are dense near zero and ever less so outwards: x = sinh(u), and u of x. */
static inline double gex__place_of(double u)
{
    const double e = exp(u);
    return (e - 1 / e) / 2;
}

static inline double gex__place_find(double x)
{
    const double u = log(fabs(x) + sqrt(x * x + 1));
    return x < 0 ? -u : u;
}

/* ---- polynomials on [low, high]: Bernstein coefficients times binomials, so that a product is a convolution ----- */

enum { GEX_BERNSTEIN_MOST = 10 }; /* the highest degree: arrays have one more */

/* Of c0 + c1 y + c2 y^2. */
static inline void gex__bernstein_quadratic(double c0, double c1, double c2, double low, double high, double out[3])
{
    out[0] = c0 + low * (c1 + c2 * low);
    out[1] = 2 * c0 + c1 * (low + high) + 2 * c2 * low * high;
    out[2] = c0 + high * (c1 + c2 * high);
}

/* Degrees n and m; out is neither of the two. */
static inline void gex__bernstein_times(int n, const double *a, int m, const double *b, double *out)
{
    for (int i = 0; i <= n + m; i++)
        out[i] = 0;
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++)
            out[i + j] += a[i] * b[j];
}

/* From degree n to a higher one. */
static inline void gex__bernstein_raise(int n, int to, double *a)
{
    for (; n < to; n++) {
        a[n + 1] = a[n];
        for (int i = n; i > 0; i--)
            a[i] += a[i - 1];
    }
}

/*
 * Bounds of top / bottom, both of one degree, which is attained at the ends; coefficients are off by top_error and
 * bottom_error at most. A bottom that may not be above zero leaves floor at -inf.
 */
void gex__bernstein_ratio(int degree, const double *top, double top_error, const double *bottom, double bottom_error,
                          struct gex__piece *piece);
/* The largest coefficient, either way. */
double gex__bernstein_largest(int degree, const double *a);

#endif
