/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generalised Black-Scholes in 256 bits from the given doubles: the textbook formulas with N through erfc, no Mills
 * ratio, no in-out parity, no rearrangement. golden/greeks_european.csv, which numerical differentiation of the price
 * made, vouches for them in the suite that uses them.
 */
#ifndef GEX_TESTS_ORACLE_MPFR_H
#define GEX_TESTS_ORACLE_MPFR_H

#include <math.h>
#include <mpfr.h>

#include <gex/european.h>

#include "black_rows.h"

/* Of each greek: its nearest double and what that leaves out, what a given double is off by, and the sum of the
 * absolute terms of its formula. */
struct oracle_greeks {
    double value[GEX_GREEK_LAST_ + 1], rest[GEX_GREEK_LAST_ + 1], error[GEX_GREEK_LAST_ + 1],
        scale[GEX_GREEK_LAST_ + 1];
    double d1, d2;
};

enum { ORACLE_BITS = 256, ORACLE_NUMBERS = 40 };

#define N_(i) (oracle_number[i])
static mpfr_t oracle_number[ORACLE_NUMBERS];

enum {
    o_S, o_K, o_T, o_s, o_r, o_q, o_Q, o_D, o_root, o_v, o_d1, o_d2, o_n1, o_N1, o_N2, o_SQ, o_KD, o_b, o_gamma, o_vega,
    o_d12, o_a1, o_a2, o_a12, o_t, o_u, o_x, o_sum, o_abs
};

static inline void oracle_begin(void)
{
    for (int i = 0; i < ORACLE_NUMBERS; i++)
        mpfr_init2(oracle_number[i], ORACLE_BITS);
}

static inline void oracle_end(void)
{
    for (int i = 0; i < ORACLE_NUMBERS; i++)
        mpfr_clear(oracle_number[i]);
    mpfr_free_cache();
}

/* N(x) = erfc(-x / sqrt(2)) / 2 */
static inline void oracle_normal(int out, int x, int sign)
{
    mpfr_set_ui(N_(o_t), 2, MPFR_RNDN);
    mpfr_sqrt(N_(o_t), N_(o_t), MPFR_RNDN);
    mpfr_div(N_(o_t), N_(x), N_(o_t), MPFR_RNDN);
    if (sign > 0)
        mpfr_neg(N_(o_t), N_(o_t), MPFR_RNDN);
    mpfr_erfc(N_(out), N_(o_t), MPFR_RNDN);
    mpfr_div_ui(N_(out), N_(out), 2, MPFR_RNDN);
}

static inline void oracle_sum_clear(void)
{
    mpfr_set_ui(N_(o_sum), 0, MPFR_RNDN);
    mpfr_set_ui(N_(o_abs), 0, MPFR_RNDN);
}

/* x = product of the numbers up to -1; a number as ~i divides. */
static inline void oracle_product(int out, const int *factors)
{
    mpfr_set_ui(N_(o_u), 1, MPFR_RNDN);
    for (; *factors != 1000; factors++) {
        if (*factors >= 0)
            mpfr_mul(N_(o_u), N_(o_u), N_(*factors), MPFR_RNDN);
        else
            mpfr_div(N_(o_u), N_(o_u), N_(~*factors), MPFR_RNDN);
    }
    mpfr_set(N_(out), N_(o_u), MPFR_RNDN);
}
#define PRODUCT(out, ...) oracle_product(out, (const int[]){__VA_ARGS__, 1000})

/* d1 and d2 are sums themselves, known to an ulp of the larger of |d| and v: in a scale they count as |d| + v. */
static inline int oracle_magnitude(int i)
{
    return i == o_d1 ? o_a1 : i == o_d2 ? o_a2 : i == o_d12 ? o_a12 : i;
}

/* Add factor times the product to the sum, and its magnitude to the absolute sum. */
static inline void oracle_term(double factor, const int *factors)
{
    int magnitudes[8], count = 0;

    oracle_product(o_x, factors);
    mpfr_mul_d(N_(o_x), N_(o_x), factor, MPFR_RNDN);
    mpfr_add(N_(o_sum), N_(o_sum), N_(o_x), MPFR_RNDN);
    do
        magnitudes[count] = oracle_magnitude(factors[count]);
    while (factors[count++] != 1000);
    oracle_product(o_x, magnitudes);
    mpfr_mul_d(N_(o_x), N_(o_x), factor, MPFR_RNDN);
    mpfr_abs(N_(o_x), N_(o_x), MPFR_RNDN);
    mpfr_add(N_(o_abs), N_(o_abs), N_(o_x), MPFR_RNDN);
}
#define TERM(factor, ...) oracle_term(factor, (const int[]){__VA_ARGS__, 1000})

/* The greek is the sum. */
static inline void oracle_close(struct oracle_greeks *out, const double *got, int greek)
{
    out->value[greek] = mpfr_get_d(N_(o_sum), MPFR_RNDN);
    out->scale[greek] = mpfr_get_d(N_(o_abs), MPFR_RNDN);
    mpfr_sub_d(N_(o_t), N_(o_sum), out->value[greek], MPFR_RNDN);
    out->rest[greek] = mpfr_get_d(N_(o_t), MPFR_RNDN);
    mpfr_d_sub(N_(o_t), got[greek], N_(o_sum), MPFR_RNDN);
    out->error[greek] = fabs(mpfr_get_d(N_(o_t), MPFR_RNDN));
}

static inline void oracle_setup(const struct oracle_row *row)
{
    mpfr_set_d(N_(o_S), row->spot, MPFR_RNDN);
    mpfr_set_d(N_(o_K), row->strike, MPFR_RNDN);
    mpfr_set_d(N_(o_T), row->years, MPFR_RNDN);
    mpfr_set_d(N_(o_s), row->vol, MPFR_RNDN);
    mpfr_set_d(N_(o_r), row->rate, MPFR_RNDN);
    mpfr_set_d(N_(o_q), row->carry, MPFR_RNDN);
    mpfr_sub(N_(o_b), N_(o_r), N_(o_q), MPFR_RNDN);
    mpfr_mul(N_(o_Q), N_(o_q), N_(o_T), MPFR_RNDN);
    mpfr_neg(N_(o_Q), N_(o_Q), MPFR_RNDN);
    mpfr_exp(N_(o_Q), N_(o_Q), MPFR_RNDN);
    mpfr_mul(N_(o_D), N_(o_r), N_(o_T), MPFR_RNDN);
    mpfr_neg(N_(o_D), N_(o_D), MPFR_RNDN);
    mpfr_exp(N_(o_D), N_(o_D), MPFR_RNDN);
    mpfr_sqrt(N_(o_root), N_(o_T), MPFR_RNDN);
    PRODUCT(o_v, o_s, o_root);
    PRODUCT(o_SQ, o_S, o_Q);
    PRODUCT(o_KD, o_K, o_D);
    mpfr_div(N_(o_t), N_(o_SQ), N_(o_KD), MPFR_RNDN);
    mpfr_log(N_(o_t), N_(o_t), MPFR_RNDN);
    mpfr_div(N_(o_t), N_(o_t), N_(o_v), MPFR_RNDN);
    mpfr_div_ui(N_(o_u), N_(o_v), 2, MPFR_RNDN);
    mpfr_add(N_(o_d1), N_(o_t), N_(o_u), MPFR_RNDN);
    mpfr_sub(N_(o_d2), N_(o_t), N_(o_u), MPFR_RNDN);
    oracle_normal(o_N1, o_d1, (int)row->right);
    oracle_normal(o_N2, o_d2, (int)row->right);
    mpfr_sqr(N_(o_t), N_(o_d1), MPFR_RNDN);
    mpfr_div_si(N_(o_t), N_(o_t), -2, MPFR_RNDN);
    mpfr_exp(N_(o_n1), N_(o_t), MPFR_RNDN);
    mpfr_const_pi(N_(o_t), MPFR_RNDN);
    mpfr_mul_ui(N_(o_t), N_(o_t), 2, MPFR_RNDN);
    mpfr_sqrt(N_(o_t), N_(o_t), MPFR_RNDN);
    mpfr_div(N_(o_n1), N_(o_n1), N_(o_t), MPFR_RNDN);
    PRODUCT(o_n1, o_n1, o_Q); /* Q n(d1) */
    PRODUCT(o_gamma, o_n1, ~o_S, ~o_v);
    PRODUCT(o_vega, o_S, o_n1, o_root);
    PRODUCT(o_d12, o_d1, o_d2);
    mpfr_abs(N_(o_a1), N_(o_d1), MPFR_RNDN);
    mpfr_add(N_(o_a1), N_(o_a1), N_(o_v), MPFR_RNDN);
    mpfr_abs(N_(o_a2), N_(o_d2), MPFR_RNDN);
    mpfr_add(N_(o_a2), N_(o_a2), N_(o_v), MPFR_RNDN);
    PRODUCT(o_a12, o_a1, o_a2);
}

/* One greek: its terms, each with a factor and a product, summed. */
#define GREEK(name, terms) (oracle_sum_clear(), terms, oracle_close(out, got, name))

static inline void oracle_black(const struct oracle_row *row, const double *got, struct oracle_greeks *out)
{
    const double f = row->right, q = row->carry, r = row->rate;

    oracle_setup(row);
    out->d1 = mpfr_get_d(N_(o_d1), MPFR_RNDN);
    out->d2 = mpfr_get_d(N_(o_d2), MPFR_RNDN);
    GREEK(GEX_GREEK_PRICE, (TERM(f, o_SQ, o_N1), TERM(-f, o_KD, o_N2)));
    GREEK(GEX_GREEK_DELTA, TERM(f, o_Q, o_N1));
    GREEK(GEX_GREEK_GAMMA, TERM(1, o_gamma));
    GREEK(GEX_GREEK_VEGA, TERM(1, o_vega));
    GREEK(GEX_GREEK_THETA, (TERM(-0.5, o_S, o_n1, o_s, ~o_root), TERM(-f * r, o_KD, o_N2), TERM(f * q, o_SQ, o_N1)));
    GREEK(GEX_GREEK_RHO, TERM(f, o_T, o_KD, o_N2));
    GREEK(GEX_GREEK_EPSILON, TERM(-f, o_T, o_SQ, o_N1));
    GREEK(GEX_GREEK_VANNA, TERM(-1, o_n1, o_d2, ~o_s));
    GREEK(GEX_GREEK_CHARM, (TERM(f * q, o_Q, o_N1), TERM(-1, o_n1, o_b, ~o_v), TERM(0.5, o_n1, o_d2, ~o_T)));
    GREEK(GEX_GREEK_VOMMA, TERM(1, o_vega, o_d12, ~o_s));
    GREEK(GEX_GREEK_VETA, (TERM(q, o_vega), TERM(1, o_vega, o_b, o_d1, ~o_v), TERM(-0.5, o_vega, ~o_T),
                           TERM(-0.5, o_vega, o_d12, ~o_T)));
    GREEK(GEX_GREEK_SPEED, (TERM(-1, o_gamma, ~o_S), TERM(-1, o_gamma, ~o_S, o_d1, ~o_v)));
    GREEK(GEX_GREEK_ZOMMA, (TERM(1, o_gamma, o_d12, ~o_s), TERM(-1, o_gamma, ~o_s)));
    GREEK(GEX_GREEK_COLOR, (TERM(q, o_gamma), TERM(1, o_gamma, o_b, o_d1, ~o_v), TERM(0.5, o_gamma, ~o_T),
                            TERM(-0.5, o_gamma, o_d12, ~o_T)));
    GREEK(GEX_GREEK_ULTIMA, (TERM(-1, o_vega, o_d12, ~o_s, ~o_s), TERM(1, o_vega, o_d12, o_d12, ~o_s, ~o_s),
                             TERM(-1, o_vega, o_d1, o_d1, ~o_s, ~o_s), TERM(-1, o_vega, o_d2, o_d2, ~o_s, ~o_s)));
    GREEK(GEX_GREEK_DUAL_DELTA, TERM(-f, o_D, o_N2));
    GREEK(GEX_GREEK_DUAL_GAMMA, TERM(1, o_S, o_n1, ~o_K, ~o_K, ~o_v));
    GREEK(GEX_GREEK_DVANNA_DVOL, (TERM(-1, o_n1, o_d1, o_d2, o_d2, ~o_s, ~o_s), TERM(1, o_n1, o_d1, ~o_s, ~o_s),
                                  TERM(1, o_n1, o_d2, ~o_s, ~o_s)));
    GREEK(GEX_GREEK_DUAL_VANNA, TERM(1, o_S, o_n1, ~o_K, o_d1, ~o_s));
}

#undef GREEK
#undef TERM
#undef PRODUCT
#undef N_

#endif
