/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is promised of an implied volatility, decided in double-double arithmetic where that is enough, which is for
 * all but a few of the rows; the others say so and are left to MPFR. It shares nothing with the kernel: the Mills
 * ratio R is a Taylor series around the nearest multiple of 1/8, from MPFR, and for small h = v / 2, a = |log(F/K)| /
 * v,
 *
 *     R(a - h) - R(a + h) = -2 h (R'(a) + h^2 / 6 R'''(a) + h^4 / 120 R'''''(a) + ...)
 *
 * With d = a - h, W = min(F, K) and the time value p: log(p / W) is held against log(R(a - h) - R(a + h)) - d^2 / 2 -
 * log sqrt(2 pi), and for d < -1/2 log(1 - p / W) against log(R(-d) + R(a + h)) - d^2 / 2 - log sqrt(2 pi). Errors are
 * about 2^-75, those of a double 2^-53.
 */
#ifndef GEX_TESTS_IMPLIED_QUICK_H
#define GEX_TESTS_IMPLIED_QUICK_H

#include <mpfr.h>
#include <stdbool.h>

#include "double_double.h"
#include "implied_rows.h"

enum { QUICK_NODES = 1289, QUICK_TERMS = 20, QUICK_LOGS = 97 }; /* R from -1 to 160 */

static dd quick_mills[QUICK_NODES][QUICK_TERMS]; /* R^(k) / k! */
static double quick_center[QUICK_LOGS];          /* significands, and their logarithms */
static dd quick_log[QUICK_LOGS], quick_log_2, quick_log_root;

static inline dd dd_from(mpfr_t x)
{
    dd value = {mpfr_get_d(x, MPFR_RNDN), 0};
    mpfr_t rest;

    mpfr_init2(rest, mpfr_get_prec(x));
    mpfr_sub_d(rest, x, value.hi, MPFR_RNDN);
    value.lo = mpfr_get_d(rest, MPFR_RNDN);
    mpfr_clear(rest);
    return value;
}

/* R^(k) / k! at z: c0 = R, c1 = z R - 1, c(k) = (z c(k-1) + c(k-2)) / k. */
static inline void quick_node(int node)
{
    mpfr_t z, c[QUICK_TERMS], t;

    mpfr_inits2(600, z, t, (mpfr_ptr)NULL);
    mpfr_set_d(z, -1 + node / 8.0, MPFR_RNDN);
    for (int k = 0; k < QUICK_TERMS; k++)
        mpfr_init2(c[k], 600);
    mpfr_sqrt_ui(t, 2, MPFR_RNDN); /* erfc(z / sqrt 2) exp(z^2 / 2) sqrt(pi / 2) */
    mpfr_div(t, z, t, MPFR_RNDN);
    mpfr_erfc(c[0], t, MPFR_RNDN);
    mpfr_sqr(t, t, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(c[0], c[0], t, MPFR_RNDN);
    mpfr_const_pi(t, MPFR_RNDN);
    mpfr_div_ui(t, t, 2, MPFR_RNDN);
    mpfr_sqrt(t, t, MPFR_RNDN);
    mpfr_mul(c[0], c[0], t, MPFR_RNDN);
    mpfr_mul(c[1], z, c[0], MPFR_RNDN);
    mpfr_sub_ui(c[1], c[1], 1, MPFR_RNDN);
    for (int k = 2; k < QUICK_TERMS; k++) {
        mpfr_mul(c[k], z, c[k - 1], MPFR_RNDN);
        mpfr_add(c[k], c[k], c[k - 2], MPFR_RNDN);
        mpfr_div_ui(c[k], c[k], (unsigned)k, MPFR_RNDN);
    }
    for (int k = 0; k < QUICK_TERMS; k++) {
        quick_mills[node][k] = dd_from(c[k]);
        mpfr_clear(c[k]);
    }
    mpfr_clears(z, t, (mpfr_ptr)NULL);
}

static inline void quick_begin(void)
{
    mpfr_t x;

    for (int node = 0; node < QUICK_NODES; node++)
        quick_node(node);
    mpfr_init2(x, 300);
    for (int j = 0; j < QUICK_LOGS; j++) {
        quick_center[j] = 0.75 + j / 128.0; /* 1 is one of them */
        mpfr_set_d(x, quick_center[j], MPFR_RNDN);
        mpfr_log(x, x, MPFR_RNDN);
        quick_log[j] = dd_from(x);
    }
    mpfr_set_ui(x, 2, MPFR_RNDN);
    mpfr_log(x, x, MPFR_RNDN);
    quick_log_2 = dd_from(x);
    mpfr_const_pi(x, MPFR_RNDN);
    mpfr_mul_ui(x, x, 2, MPFR_RNDN);
    mpfr_log(x, x, MPFR_RNDN);
    mpfr_div_ui(x, x, 2, MPFR_RNDN);
    quick_log_root = dd_from(x);
    mpfr_clear(x);
}

/* log(1 + r), |r| < 1/190. */
static inline dd dd_log_near(dd r)
{
    const dd square = dd_multiply(r, r), cube = dd_multiply(square, r);
    double tail = 0;

    for (int k = 12; k >= 4; k--)
        tail = (k % 2 == 0 ? -1.0 : 1.0) / k + r.hi * tail;
    r = dd_add(r, dd_scale(square, -0.5));
    r = dd_add(r, dd_divide(cube, dd_of(3)));
    return dd_add(r, dd_of(square.hi * square.hi * tail));
}

/* log(x 2^power): of a significand between 3/4 and 3/2, c (1 + r). */
static inline dd dd_log(dd x, int power)
{
    int exponent, j;
    double m = frexp(x.hi, &exponent);
    dd c, sum;

    if (m < 0.75) {
        m *= 2;
        exponent--;
    }
    j = (int)((m - 0.75) * 128 + 0.5);
    c = dd_of(quick_center[j]);
    x = dd_scale(dd_scale(x, ldexp(1, -exponent / 2)), ldexp(1, -exponent - -exponent / 2));
    sum = dd_log_near(dd_divide(dd_subtract(x, c), c));
    if (quick_center[j] != 1)
        sum = dd_add(quick_log[j], sum);
    if (exponent + power != 0)
        sum = dd_add(dd_multiply(quick_log_2, dd_of(exponent + power)), sum);
    return sum;
}

/* log(a / b) for a >= b, relatively as good where they are close. */
static inline dd dd_log_ratio(double a, double b)
{
    int of_a, of_b;

    a = frexp(a, &of_a);
    b = frexp(b, &of_b);
    if (of_a - of_b <= 1 && ldexp(a, of_a - of_b) < b * 1.005)
        return dd_log_near(dd_divide(dd_of(ldexp(a, of_a - of_b) - b), dd_of(b)));
    return dd_log(dd_divide(dd_of(a), dd_of(b)), of_a - of_b);
}

static inline int quick_place(dd z, dd *t)
{
    const int node = (int)((z.hi + 1) * 8 + 0.5);

    *t = dd_add(z, dd_of(1 - node / 8.0));
    return node;
}

/* R(z), z from -1 to 160. */
static inline dd dd_mills(dd z)
{
    dd t, sum;
    const dd *c = quick_mills[quick_place(z, &t)];
    double high = c[QUICK_TERMS - 1].hi;

    for (int k = QUICK_TERMS - 2; k >= 7; k--)
        high = c[k].hi + high * t.hi;
    sum = dd_of(high);
    for (int k = 6; k >= 0; k--)
        sum = dd_add(c[k], dd_multiply(sum, t));
    return sum;
}

/* R(a - h) - R(a + h) over 2 h for h < 2^-12. */
static inline dd dd_mills_slope(dd a, double h)
{
    dd t, first;
    const dd *c = quick_mills[quick_place(a, &t)];
    double high = 0, third = 0, fifth = 0;

    for (int k = QUICK_TERMS - 1; k >= 8; k--)
        high = k * c[k].hi + high * t.hi;
    first = dd_of(high);
    for (int k = 7; k >= 1; k--)
        first = dd_add(dd_multiply(c[k], dd_of(k)), dd_multiply(first, t));
    for (int k = QUICK_TERMS - 1; k >= 3; k--)
        third = k * (k - 1) / 2.0 * (k - 2) / 3.0 * c[k].hi + third * t.hi;
    for (int k = QUICK_TERMS - 1; k >= 5; k--)
        fifth = k * (k - 1) / 2.0 * (k - 2) / 3.0 * (k - 3) / 4.0 * (k - 4) / 5.0 * c[k].hi + fifth * t.hi;
    return dd_negate(dd_add(first, dd_of(h * h * (third + h * h * fifth))));
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

/* Time value over discount and W, a number times 2^power, and log(G / W). */
struct quick_value {
    dd share, x;
    int power;
};

/* Next to the middle of two doubles; below a power of two these are half as far apart. */
static inline bool quick_midway(dd x)
{
    const double half = ldexp(1, ilogb(x.hi) - 53), lo = fabs(x.lo);

    return fabs(lo - half) < fabs(x.hi) * 0x1p-85 || fabs(lo - half / 2) < fabs(x.hi) * 0x1p-85;
}

/*
 * The status promised, and whether the price is worth nothing above its intrinsic value rounded; time value and log(G
 * / W) where there is a volatility. @return false where this arithmetic is not enough: next to what is denormal, and
 * where the intrinsic value is next to the middle of two doubles
 */
static inline bool quick_status(const struct batch *b, int i, int32_t *status, bool *worthless,
                                struct quick_value *value)
{
    const double F = b->forward[i], K = b->strike[i];
    int of_least, of_most, of_discount, of_price;
    const double W = frexp(fmin(F, K), &of_least), G = frexp(fmax(F, K), &of_most);
    const double D = frexp(b->discount[i], &of_discount), price = frexp(b->price[i], &of_price);
    const bool inside = b->right[i] > 0 ? F > K : F < K;
    const int apart = of_least - of_most, power = of_price - of_discount - (inside ? of_most : of_least);
    const dd most = dd_product_of(D, inside ? G : W); /* the price's bound, in units of the powers left out */
    const double p = price == 0 ? 0 : power > 4 ? 16 : ldexp(price, power > -1000 ? power : -1000);

    *worthless = !inside && price == 0;
    *status = p > most.hi || (p == most.hi && most.lo <= 0) ? GEX_CALC_ABOVE_MAX : GEX_CALC_OK;
    *value = (struct quick_value){dd_of(0), dd_of(0), inside ? -apart : power};
    if (*status == GEX_CALC_OK)
        value->x = dd_log_ratio(fmax(F, K), fmin(F, K));
    if (!inside) {
        value->share = dd_divide(dd_of(price), most);
    } else {
        const dd least = dd_product_of(D, W);
        const double unit = ldexp(1, apart > -300 ? apart : -300); /* far below what a price with that bound resolves */
        double terms[5] = {most.lo, -least.lo * unit, -least.hi * unit, most.hi, 0};
        double over[5] = {-most.lo, least.lo * unit, least.hi * unit, -most.hi, p};
        const dd intrinsic = dd_total(terms, 4), rest = dd_total(over, 5);

        value->share = dd_divide(rest, least);
        if (!(intrinsic.hi > 0) || ilogb(intrinsic.hi) + of_most + of_discount < -1018 || quick_midway(intrinsic))
            return false;
        *worthless = p == intrinsic.hi;
        if (*worthless || rest.hi < 0)
            *status = *worthless ? GEX_CALC_OK : GEX_CALC_BELOW_INTRINSIC;
    }
    return true;
}

/* ---- volatility -------------------------------------------------------------------------------------------------- */

/* vol sqrt(years), over 2^power; the power is not 0 only of those below 2^-400. */
static inline dd quick_deviation(double vol, double years, int *power)
{
    int of_vol, of_years, odd;
    const double v = frexp(vol, &of_vol), t = frexp(years, &of_years);
    dd product;

    odd = of_years & 1;
    product = dd_multiply(dd_root(odd != 0 ? 2 * t : t), dd_of(v));
    *power = of_vol + (of_years - odd) / 2;
    if (*power < -400 || *power > 400)
        return product;
    product = dd_scale(product, ldexp(1, *power));
    *power = 0;
    return product;
}

/* Share of what the header promises that a volatility uses. @return -1 where this arithmetic is not enough */
static inline double quick_share(const struct batch *b, int i, const struct quick_value *value)
{
    const double vol = b->vol[i];
    int of_v;
    const dd v = quick_deviation(vol, b->years[i], &of_v), h = of_v < 0 ? dd_of(0) : dd_scale(v, 0.5);
    dd a, d, far, gaussian, log_had;
    double off, rate; /* relative error of the price, and its elasticity */

    if (!(value->share.hi > 0) || of_v > 0 || (of_v < 0 && value->x.hi != 0) || !(v.hi < 200))
        return -1;
    a = dd_divide(value->x, v);
    d = dd_subtract(a, h);
    far = dd_add(a, h);
    if (!(far.hi < 159))
        return -1;
    gaussian = dd_add(dd_scale(dd_multiply(d, d), 0.5), quick_log_root);
    if (d.hi < -0.5) {
        const dd share = dd_scale(value->share, ldexp(1, value->power)), gap = dd_subtract(dd_of(1), share);

        if (!(gap.hi > 0))
            return -1;
        log_had = dd_subtract(dd_log(dd_add(dd_mills(dd_negate(d)), dd_mills(far)), 0), gaussian);
        off = dd_subtract(dd_log(gap, 0), log_had).hi * gap.hi / share.hi;
        rate = v.hi * exp(-gaussian.hi) / share.hi;
    } else {
        const bool brief = h.hi < 0x1p-12;
        const dd mills = brief ? dd_mills_slope(a, h.hi) : dd_subtract(dd_mills(d), dd_mills(far));

        log_had = dd_subtract(dd_log(brief ? dd_multiply(mills, v) : mills, of_v), gaussian);
        off = dd_subtract(dd_log(value->share, value->power), log_had).hi;
        rate = brief ? 1 / mills.hi : v.hi / mills.hi;
    }
    return fabs(off) < 0x1p-20 ? fabs(off) / fmax(rate, 1) * vol / (2 * ulp_of(vol)) : -1;
}

#endif
