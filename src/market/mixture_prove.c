/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is proved of two mixtures of lognormals: prices of the later over those of the earlier, at every strike.
 *
 * Let B(k) be the difference of undiscounted prices over sqrt(F K). Calls and puts give the same, both mixtures having
 * the forward as their mean, and
 *
 *     B'' = B / 4 + r,   r(k) = sum +-p_j e^(mu_j / 2 - v_j^2 / 8) n(u_j) / v_j,   u_j = (k - mu_j) / v_j
 *
 * so from B and B' at one place, and derivatives of r there by Hermite polynomials, come those of B up to any order. On
 * a piece B is its polynomial of degree seven about the middle and a rest, for which |He_m(u)| n(u) <= 1.0865 sqrt(m!)
 * e^(-u^2 / 4) / sqrt(2 pi) (Cramer; Abramowitz and Stegun 22.14.17) bounds the eighth derivative. The polynomial is
 * bounded by its Bernstein coefficients.
 *
 * Where the earlier price out of the money is below the tolerance nothing can be farther below it than that: such
 * strikes are passed over.
 */
#include <float.h>
#include <math.h>

#include "least.h"
#include "prove.h"

enum { ORDER = 7, HALVINGS = 12 };
#define ROUNDING 1e-14 /* of a difference of prices over the forward */
#define ROOT_HALF 0.70710678118654752440
#define PER_ROOT_TWO_PI 0.39894228040143267794
#define CRAMER (1.0865 * PER_ROOT_TWO_PI)
#define NOTHING 40.0 /* u from which n(u) is no part of a price */

struct pair {
    const struct gex__lognormal *component[2]; /* earlier, later */
    int64_t count[2];
    double width; /* k = width sinh(place) */
    double tolerance;
};

/* Derivatives of B at k up to ORDER, as far as the price at hand; and a bound of the next within `reach`. */
static void expand(const struct pair *pair, double k, double reach, double b[ORDER + 1], double *next)
{
    const double call = k < 0 ? -1 : 1, strike = exp(k), root = exp(-k / 2);
    double price = 0, slope = 0, r[ORDER - 1] = {0};

    *next = 0;
    for (int which = 0; which < 2; which++)
        for (int64_t j = 0; j < pair->count[which]; j++) {
            const struct gex__lognormal *one = &pair->component[which][j];
            const double u = (k - one->mu) / one->v, p = which == 0 ? -one->weight : one->weight, per = 1 / one->v;
            const double near = fmax(0, fabs(u) - reach * per);
            const double under = p * 0.5 * erfc(call * (u + one->v / 2) * ROOT_HALF);
            double height, he[ORDER - 1] = {1, u}, power = 1;

            price += call * (p * exp(one->mu) * 0.5 * erfc(call * (u - one->v / 2) * ROOT_HALF) - strike * under);
            slope -= call * under;
            if (near > NOTHING)
                continue;
            height = p * exp(one->mu / 2 - one->v * one->v / 8) * per;
            *next += fabs(height) * CRAMER * exp(-near * near / 4) *
                     (((26.9 * per * per + 4.9 / 4) * per * per + 1.5 / 16) * per * per + 1.0 / 64);
            height *= PER_ROOT_TWO_PI * exp(-u * u / 2);
            for (int m = 0; m < ORDER - 1; m++) {
                if (m > 1)
                    he[m] = u * he[m - 1] - (m - 1) * he[m - 2];
                r[m] += height * power * he[m];
                power *= -per;
            }
        }
    b[0] = price * root;
    b[1] = slope * strike * root - b[0] / 2;
    for (int m = 2; m <= ORDER; m++)
        b[m] = b[m - 2] / 4 + r[m - 2];
    *next += exp(-fmax(0, fabs(k) - reach) / 2) / 256; /* |B| is at most the price of one */
}

/* c: Bernstein coefficients of degree ORDER on [0, 1]. Nowhere below; halves are looked at unless that is `enough`, or
 * an end shows that it cannot be. */
static double floor_of(const double c[ORDER + 1], double enough, int halvings)
{
    double first[ORDER + 1], second[ORDER + 1], least = c[0];

    for (int i = 1; i <= ORDER; i++)
        least = fmin(least, c[i]);
    if (least >= enough || halvings == 0 || c[0] < enough || c[ORDER] < enough)
        return least;
    for (int i = 0; i <= ORDER; i++)
        second[i] = c[i];
    for (int level = 0; level <= ORDER; level++) {
        first[level] = second[0];
        for (int i = 0; i < ORDER - level; i++)
            second[i] = (second[i] + second[i + 1]) / 2;
    }
    return fmin(floor_of(first, enough, halvings - 1), floor_of(second, enough, halvings - 1));
}

/* Bernstein coefficients on [0, 1] of the polynomial with coefficients b in x = 2 t - 1: by Horner's rule, where a
 * product with x is one degree more. */
static void to_bernstein(const double b[ORDER + 1], double c[ORDER + 1])
{
    c[0] = b[ORDER];
    for (int n = 1; n <= ORDER; n++)
        for (int i = n; i >= 0; i--)
            c[i] = b[ORDER - n] + ((i > 0 ? i * c[i - 1] : 0) - (i < n ? (n - i) * c[i] : 0)) / n;
}

static void bound_above(const void *user, struct gex__piece *piece)
{
    const struct pair *pair = user;
    const double low = pair->width * gex__place_of(piece->low), high = pair->width * gex__place_of(piece->high);
    const double k = low + (high - low) / 2, reach = (high - low) / 2 * (1 + 4 * DBL_EPSILON);
    const double root = exp(high / 2), enough = -pair->tolerance / root;
    double b[ORDER + 1], c[ORDER + 1], next, power = 1, rest = ROUNDING / root;

    expand(pair, k, reach, b, &next);
    piece->found = b[0] * exp(k / 2);
    piece->at = k;
    for (int m = 0; m <= ORDER; m++) {
        b[m] *= power;
        rest += 16 * DBL_EPSILON * fabs(b[m]);
        power *= reach / (m + 1);
    }
    rest += next * power;
    to_bernstein(b, c);
    piece->floor = floor_of(c, enough + rest, HALVINGS) - rest;
    piece->floor *= piece->floor < 0 ? root : 1;
    piece->rounding = ROUNDING;
}

/* ---- where to look ----------------------------------------------------------------------------------------------- */

/* The price of the earlier out of the money. */
static double earlier_price(const struct pair *pair, double k)
{
    const double side = k < 0 ? -1 : 1;
    double price = 0;

    for (int64_t j = 0; j < pair->count[0]; j++) {
        const struct gex__lognormal *one = &pair->component[0][j];
        const double u = (k - one->mu) / one->v;

        price += one->weight * side *
                 (exp(one->mu) * 0.5 * erfc(side * (u - one->v / 2) * ROOT_HALF) -
                  exp(k) * 0.5 * erfc(side * (u + one->v / 2) * ROOT_HALF));
    }
    return price;
}

/* How far out the earlier price is above the tolerance, or farther; at most to |k| = 700. The price there. */
static double reach_of(const struct pair *pair, int side, double *price)
{
    double k = pair->width;

    while ((*price = earlier_price(pair, side * k) + ROUNDING) >= pair->tolerance && k < GEX_SVI_FAR)
        k *= 1.5;
    if (!(*price < pair->tolerance)) /* or NaN, so far out */
        *price = 0;
    return fmin(k, GEX_SVI_FAR);
}

double gex__mixture_above(const struct gex_surface *surface, const struct gex__slice *slice, double tolerance,
                          double *at_out)
{
    const struct gex__slice *before = slice - 1;
    struct gex__least least = gex__least_none(1e-6);
    const struct pair pair = {{surface->component + before->first, surface->component + slice->first},
                              {before->nodes, slice->nodes},
                              fmin(before->narrowest, slice->narrowest),
                              tolerance};

    least.enough = -tolerance;
    for (int side = -1; side <= 1; side += 2) {
        double price;
        const double end = side * gex__place_find(reach_of(&pair, side, &price) / pair.width) * (1 + 1e-12);

        gex__least_over(bound_above, &pair, fmin(end, 0), fmax(end, 0), &least);
        least.floor = fmin(least.floor, -price);
    }
    *at_out = least.found < -tolerance ? least.at : (double)NAN;
    return least.floor;
}
