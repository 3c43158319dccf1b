/* SPDX-License-Identifier: Apache-2.0 */
/* Implied volatility in high precision: by how much a price is missed, and the status that the header promises. */
#ifndef GEX_TESTS_IMPLIED_ORACLE_H
#define GEX_TESTS_IMPLIED_ORACLE_H

#include <mpfr.h>
#include <stdbool.h>

#include "implied_rows.h"

enum { BITS = 320 };

/* N(x) */
static inline void normal(mpfr_t out, const mpfr_t x)
{
    mpfr_sqrt_ui(out, 2, MPFR_RNDN);
    mpfr_div(out, x, out, MPFR_RNDN);
    mpfr_neg(out, out, MPFR_RNDN);
    mpfr_erfc(out, out, MPFR_RNDN);
    mpfr_div_ui(out, out, 2, MPFR_RNDN);
}

/* exp(-x^2 / 2) / sqrt(2 pi) */
static inline void density(mpfr_t out, const mpfr_t x)
{
    mpfr_t pi;

    mpfr_init2(pi, mpfr_get_prec(out));
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_mul_ui(pi, pi, 2, MPFR_RNDN);
    mpfr_sqrt(pi, pi, MPFR_RNDN);
    mpfr_sqr(out, x, MPFR_RNDN);
    mpfr_div_si(out, out, -2, MPFR_RNDN);
    mpfr_exp(out, out, MPFR_RNDN);
    mpfr_div(out, out, pi, MPFR_RNDN);
    mpfr_clear(pi);
}

/* The price in a model (of which inverse in coin) less the price given, v b'(v) at v = vol sqrt(years), and what the
 * price given is worth above intrinsic. */
struct miss {
    double off, steepness, time_value;
};

static inline struct miss miss(int32_t model, double price, double forward, double strike, double years, int right,
                        double discount, double vol)
{
    struct miss found;
    const int small = -ilogb(vol) - ilogb(years) / 2; /* N(h) - N(-h) loses what h is below 1 */
    mpfr_t F, K, v, d1, d2, n1, n2;

    mpfr_inits2(BITS + (vol > 0 && small > 0 ? small : 0), F, K, v, d1, d2, n1, n2, (mpfr_ptr)NULL);
    mpfr_set_d(F, forward, MPFR_RNDN);
    mpfr_set_d(K, strike, MPFR_RNDN);
    mpfr_set_d(v, years, MPFR_RNDN);
    mpfr_sqrt(v, v, MPFR_RNDN);
    mpfr_mul_d(v, v, vol, MPFR_RNDN);
    if (model == GEX_MODEL_BACHELIER) {
        mpfr_sub(F, F, K, MPFR_RNDN);
        mpfr_mul_si(K, F, right, MPFR_RNDN); /* intrinsic */
        mpfr_div(d1, F, v, MPFR_RNDN);
        density(n2, d1);
        mpfr_mul(n2, n2, v, MPFR_RNDN);
        mpfr_mul_d(d2, n2, discount, MPFR_RNDN);
        mpfr_mul_si(d1, d1, right, MPFR_RNDN);
        normal(n1, d1);
        mpfr_mul(n1, n1, F, MPFR_RNDN);
        mpfr_mul_si(n1, n1, right, MPFR_RNDN);
        mpfr_add(n1, n1, n2, MPFR_RNDN);
        mpfr_set(n2, d2, MPFR_RNDN);
    } else {
        mpfr_div(d1, F, K, MPFR_RNDN);
        mpfr_log(d1, d1, MPFR_RNDN);
        mpfr_div(d1, d1, v, MPFR_RNDN);
        mpfr_div_ui(d2, v, 2, MPFR_RNDN);
        mpfr_add(n1, d1, d2, MPFR_RNDN);
        mpfr_sub(d2, d1, d2, MPFR_RNDN);
        mpfr_set(d1, n1, MPFR_RNDN);

        density(n1, d1); /* F n(d1) v D */
        mpfr_mul(n1, n1, F, MPFR_RNDN);
        mpfr_mul(n1, n1, v, MPFR_RNDN);
        mpfr_mul_d(v, n1, discount, MPFR_RNDN);

        mpfr_mul_si(d1, d1, right, MPFR_RNDN);
        mpfr_mul_si(d2, d2, right, MPFR_RNDN);
        normal(n1, d1);
        normal(n2, d2);
        mpfr_mul(n1, n1, F, MPFR_RNDN);
        mpfr_mul(n2, n2, K, MPFR_RNDN);
        mpfr_sub(n1, n1, n2, MPFR_RNDN);
        mpfr_mul_si(n1, n1, right, MPFR_RNDN);
        mpfr_set(n2, v, MPFR_RNDN);
        mpfr_sub(K, F, K, MPFR_RNDN);
        mpfr_mul_si(K, K, right, MPFR_RNDN);
        if (model == GEX_MODEL_INVERSE) {
            mpfr_div(n1, n1, F, MPFR_RNDN);
            mpfr_div(n2, n2, F, MPFR_RNDN);
            mpfr_div(K, K, F, MPFR_RNDN);
        }
    }
    mpfr_mul_d(n1, n1, discount, MPFR_RNDN);
    mpfr_sub_d(n1, n1, price, MPFR_RNDN);
    mpfr_mul_d(K, K, mpfr_sgn(K) > 0 ? -discount : 0, MPFR_RNDN);
    mpfr_add_d(K, K, price, MPFR_RNDN);
    found = (struct miss){mpfr_get_d(n1, MPFR_RNDN), mpfr_get_d(n2, MPFR_RNDN), mpfr_get_d(K, MPFR_RNDN)};
    mpfr_clears(F, K, v, d1, d2, n1, n2, (mpfr_ptr)NULL);
    return found;
}

/* Share of what the header promises: 2 ulp of the volatility times max(1, p / (vol vega)), p the time value. */
static inline double share_of(const struct miss *m, double vol)
{
    return fabs(m->off) / fmax(m->steepness, m->time_value) * vol / (2 * ulp_of(vol));
}

/*
 * What the header promises, in exact arithmetic: 4,400 bits hold every sum and product of three doubles. Where the
 * intrinsic value lies closer to the middle of two doubles than 104 bits can tell, either of the two is that value
 * rounded.
 */
static inline int32_t promised(const struct batch *b, int i, bool *worthless)
{
    static mpfr_t discount, gained, paid, price, most, nearly;
    static bool ready;
    int32_t status = GEX_CALC_OK;

    if (!ready)
        mpfr_inits2(4400, discount, gained, paid, price, most, nearly, (mpfr_ptr)NULL);
    ready = true;
    mpfr_set_d(discount, b->discount[i], MPFR_RNDN);
    mpfr_mul_d(gained, discount, b->right[i] > 0 ? b->forward[i] : b->strike[i], MPFR_RNDN);
    mpfr_mul_d(paid, discount, b->right[i] > 0 ? b->strike[i] : b->forward[i], MPFR_RNDN);
    mpfr_set(most, gained, MPFR_RNDN);
    mpfr_sub(gained, gained, paid, MPFR_RNDN);
    mpfr_set_d(price, b->price[i], MPFR_RNDN);
    if (mpfr_sgn(gained) < 0)
        mpfr_set_zero(gained, 1);
    *worthless = mpfr_get_d(gained, MPFR_RNDN) == b->price[i];
    mpfr_set(nearly, gained, MPFR_RNDN);
    mpfr_prec_round(nearly, 104, MPFR_RNDN);
    *worthless |= b->vol[i] == 0 && mpfr_get_d(nearly, MPFR_RNDN) == b->price[i];
    mpfr_set_prec(nearly, 4400);
    if (*worthless)
        return GEX_CALC_OK;
    if (mpfr_cmp(price, gained) < 0)
        status = GEX_CALC_BELOW_INTRINSIC;
    else if (mpfr_cmp(price, most) >= 0)
        status = GEX_CALC_ABOVE_MAX;
    return status;
}
#endif
