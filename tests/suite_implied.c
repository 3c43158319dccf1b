/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility against 50-digit pairs (golden/implied_vol.csv) and against the price in 256 bits: how far the
 * price at the returned volatility is from the price given says both whether it comes back and how good the volatility
 * is. Let e = v b'(v) / p be the price's elasticity.
 *
 * The price comes back within 2 + e ulp: 2 for itself, e for the volatility being the nearest double. The volatility is
 * within 4 ulp times max(1, 1 / e): a price without elasticity knows no more.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gex/european.h>

#include "math/implied.h"

#if GEX_HAVE_MPFR
#include <mpfr.h>
#endif

Suite *suite_implied(void);

static uint64_t seed = UINT64_C(0x2545f4914f6cdd1d);

/* In [0, 1); xorshift64* of Marsaglia (2003) and Vigna (2016). */
static double uniform(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (double)(seed * UINT64_C(0x2545f4914f6cdd1d) >> 11) * 0x1p-53;
}

static double between(double low, double high)
{
    return low + uniform() * (high - low);
}

START_TEST(matches_fifty_digits)
{
    FILE *file = fopen(TESTS_DIR "/golden/implied_vol.csv", "r");
    char line[512];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        double x, deviation, beta, price, v, forward, elasticity;

        if (sscanf(line, "%lf,%lf,%lf,%lf", &x, &deviation, &beta, &price) != 4)
            continue;
        rows++;
        forward = 100 * exp(x);
        ck_assert_int_eq(gex__implied_deviation(price, forward, 100, 1, &v), GEX_CALC_OK);
        elasticity = deviation * exp(-(x * x / (deviation * deviation) + deviation * deviation / 4) / 2) / sqrt(2 * acos(-1.0)) / beta;
        /* The file's target of 1e-14, and what rounding the forward and the price does: an ulp of x / v each way. */
        ck_assert_msg(fabs(v - deviation) <= deviation * (1e-14 * fmax(1, 1 / elasticity) + (x != 0 ? 4e-16 / fabs(x) : 0)),
                      "x %g: %.17g, expected %.17g", x, v, deviation);
    }
    fclose(file);
    ck_assert_int_eq(rows, 20);
}
END_TEST

#if GEX_HAVE_MPFR
enum { BITS = 320 };

/* N(x) */
static void normal(mpfr_t out, const mpfr_t x)
{
    mpfr_sqrt_ui(out, 2, MPFR_RNDN);
    mpfr_div(out, x, out, MPFR_RNDN);
    mpfr_neg(out, out, MPFR_RNDN);
    mpfr_erfc(out, out, MPFR_RNDN);
    mpfr_div_ui(out, out, 2, MPFR_RNDN);
}

/* discount * undiscounted price - price, and v b'(v) discount, at v = vol sqrt(years). */
static void miss(double price, double forward, double strike, double years, int right, double discount, double vol, double *miss_out,
                 double *steepness_out)
{
    mpfr_t F, K, v, d1, d2, n1, n2;

    mpfr_inits2(BITS, F, K, v, d1, d2, n1, n2, (mpfr_ptr)NULL);
    mpfr_set_d(F, forward, MPFR_RNDN);
    mpfr_set_d(K, strike, MPFR_RNDN);
    mpfr_set_d(v, years, MPFR_RNDN);
    mpfr_sqrt(v, v, MPFR_RNDN);
    mpfr_mul_d(v, v, vol, MPFR_RNDN);
    mpfr_div(d1, F, K, MPFR_RNDN);
    mpfr_log(d1, d1, MPFR_RNDN);
    mpfr_div(d1, d1, v, MPFR_RNDN);
    mpfr_div_ui(d2, v, 2, MPFR_RNDN);
    mpfr_add(n1, d1, d2, MPFR_RNDN);
    mpfr_sub(d2, d1, d2, MPFR_RNDN);
    mpfr_set(d1, n1, MPFR_RNDN);

    mpfr_sqr(n1, d1, MPFR_RNDN); /* F n(d1) v D */
    mpfr_div_si(n1, n1, -2, MPFR_RNDN);
    mpfr_exp(n1, n1, MPFR_RNDN);
    mpfr_mul(n1, n1, F, MPFR_RNDN);
    mpfr_mul(n1, n1, v, MPFR_RNDN);
    mpfr_mul_d(n1, n1, discount, MPFR_RNDN);
    *steepness_out = mpfr_get_d(n1, MPFR_RNDN) / sqrt(2 * acos(-1.0));

    mpfr_mul_si(d1, d1, right, MPFR_RNDN);
    mpfr_mul_si(d2, d2, right, MPFR_RNDN);
    normal(n1, d1);
    normal(n2, d2);
    mpfr_mul(n1, n1, F, MPFR_RNDN);
    mpfr_mul(n2, n2, K, MPFR_RNDN);
    mpfr_sub(n1, n1, n2, MPFR_RNDN);
    mpfr_mul_si(n1, n1, right, MPFR_RNDN);
    mpfr_mul_d(n1, n1, discount, MPFR_RNDN);
    mpfr_sub_d(n1, n1, price, MPFR_RNDN);
    *miss_out = mpfr_get_d(n1, MPFR_RNDN);
    mpfr_clears(F, K, v, d1, d2, n1, n2, (mpfr_ptr)NULL);
}

static double ulp_of(double value)
{
    return fmax(ldexp(1.0, ilogb(value) - 52), DBL_TRUE_MIN);
}

/* A price from the volatility by the same arithmetic: bisection needs no good start, only to be somewhere near. */
static double price_near(double forward, double strike, double years, int right, double discount, double vol)
{
    double off, steepness;

    miss(0, forward, strike, years, right, discount, vol, &off, &steepness);
    return off;
}
#endif

/* Rows of four kinds; price from a volatility in 320 bits, rounded, and on each third one moved a few ulp. */
START_TEST(the_price_comes_back)
{
#if GEX_HAVE_MPFR
    static const char *names[] = {"chain", "wide", "near the money", "broad and deep"};
    const int kind = _i;
    double worst_price = 0, worst_vol = 0;
    int used = 0;

    for (int i = 0; i < 1500; i++) {
        double forward = exp(between(-7, 14)), years, vol, m, strike, discount = 1, price, got, off, steepness, elasticity;
        const int right = uniform() < 0.5 ? 1 : -1;
        int32_t status;

        switch (kind) {
        case 0:
            years = exp(between(log(1.0 / 365), log(2)));
            vol = between(0.05, 0.9);
            m = between(-4, 4) * vol * sqrt(years);
            discount = exp(-between(0, 0.05) * years);
            break;
        case 1:
            years = exp(between(log(1e-6), log(50)));
            vol = exp(between(log(1e-4), log(3)));
            m = between(-36, 36) * vol * sqrt(years);
            break;
        case 2:
            years = exp(between(log(1e-9), log(1)));
            vol = exp(between(log(1e-3), log(3)));
            m = i % 10 == 0 ? 0 : exp(between(-36, -1)) * (uniform() < 0.5 ? 1 : -1);
            break;
        default:
            years = 1;
            vol = between(0.3, 12);
            m = between(-20, 20);
            break;
        }
        strike = forward * exp(m);
        price = price_near(forward, strike, years, right, discount, vol);
        status = gex__implied_vol(price, forward, strike, years, right, discount, &got);
        if (!(price >= DBL_MIN) || status != GEX_CALC_OK || got == 0) {
            const double intrinsic = fmax(right * (forward - strike) * discount, 0), most = discount * (right > 0 ? forward : strike);

            /* only a price at its bounds, or too small for a double, has none */
            ck_assert_msg(price < DBL_MIN || fabs(price - intrinsic) <= 2 * ulp_of(most) || price >= most * (1 - DBL_EPSILON),
                          "%s: price %.17g F %.17g K %.17g T %.17g f %d D %.17g: status %d, vol %g", names[kind], price, forward,
                          strike, years, right, discount, status, got);
            continue;
        }
        miss(price, forward, strike, years, right, discount, got, &off, &steepness);
        elasticity = steepness / price;
        used++;
        worst_price = fmax(worst_price, fabs(off) / ((2 + elasticity) * ulp_of(price)));
        worst_vol = fmax(worst_vol, fabs(off) / steepness / DBL_EPSILON / fmax(1, 1 / elasticity));
        ck_assert_msg(fabs(off) <= (2 + elasticity) * ulp_of(price),
                      "%s: price %.17g F %.17g K %.17g T %.17g f %d D %.17g: vol %.17g is off by %g ulp, elasticity %g", names[kind],
                      price, forward, strike, years, right, discount, got, off / ulp_of(price), elasticity);
    }
    printf("%s: %d rows, share of (2 + e) ulp of the price %.2f, vol %.2f ulp\n", names[kind], used, worst_price, worst_vol);
    ck_assert_int_ge(used, 500);
    ck_assert_double_le(worst_vol, 4);
#else
    printf("skipped: implied volatility against 320 bits, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

#define NONE ((double)NAN)
static const struct edge {
    const char *name;
    double price, forward, strike, years;
    int right;
    double discount;
    int32_t status;
    double vol;
} edges[] = {
    {"worth nothing", 0, 100, 110, 1, 1, 1, GEX_CALC_OK, 0},
    {"exactly intrinsic", 10, 110, 100, 1, 1, 1, GEX_CALC_OK, 0},
    {"exactly intrinsic, expired", 10, 110, 100, 0, 1, 1, GEX_CALC_OK, 0},
    {"rounded discounted intrinsic", 0.97 * (110.3 - 100), 110.3, 100, 1, 1, 0.97, GEX_CALC_OK, 0},
    {"below intrinsic", 9.9, 110, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"negative", -0.1, 90, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"call as dear as the forward", 110, 110, 100, 1, 1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"put as dear as the strike", 100, 110, 100, 1, -1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"call above the discounted forward", 99.1, 110, 100, 1, 1, 0.9, GEX_CALC_ABOVE_MAX, NONE},
    {"expired with a time value", 11, 110, 100, 0, 1, 1, GEX_CALC_NO_TIME, NONE},
    {"no forward", 1, 0, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"no strike", 1, 100, -0.0, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"price not a number", NONE, 100, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"price without end", HUGE_VAL, 100, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"time before now", 1, 100, 100, -1e-9, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"no right", 1, 100, 100, 1, 0, 1, GEX_CALC_DOMAIN, NONE},
    {"no discount", 1, 100, 100, 1, 1, 0, GEX_CALC_DOMAIN, NONE},
};

START_TEST(edge_has_its_status)
{
    const struct edge *e = &edges[_i];
    double vol = 1;

    ck_assert_msg(gex__implied_vol(e->price, e->forward, e->strike, e->years, e->right, e->discount, &vol) == e->status, "%s",
                  e->name);
    ck_assert_msg(vol == e->vol || (isnan(vol) && isnan(e->vol)), "%s: %g", e->name, vol);
}
END_TEST

/* Every price a double can be, for forwards and strikes of every size: an answer, and never for ever. */
START_TEST(any_price_has_an_answer)
{
    static const double sizes[] = {5e-324, DBL_MIN, 1e-300, 1e-6, 1, 1 + DBL_EPSILON, 1e9, 1e300, DBL_MAX};
    const int count = (int)(sizeof sizes / sizeof *sizes);

    for (int f = 0; f < count; f++)
        for (int k = 0; k < count; k++)
            for (int i = 0; i < 400; i++) {
                const double bound = fmin(sizes[f], sizes[k]);
                const int right = sizes[f] > sizes[k] ? -1 : 1; /* out of the money */
                double price = i < 100 ? bound * (i / 100.0) : i < 200 ? bound * (1 - ldexp(1, -(i - 100))) : ldexp(bound, -(i - 200) * 11), v;
                const int32_t status = gex__implied_deviation(price, sizes[f], sizes[k], right, &v);

                if (price < bound * 1e-300) /* the deviation itself may be below what a double holds */
                    ck_assert(status == GEX_CALC_OK && v >= 0);
                else if (price == 0)
                    ck_assert(status == GEX_CALC_OK && v == 0);
                else if (price >= bound)
                    ck_assert_int_eq(status, GEX_CALC_ABOVE_MAX);
                else
                    ck_assert_msg(status == GEX_CALC_OK && v > 0 && v < 200, "price %g F %g K %g: status %d, %g", price, sizes[f],
                                  sizes[k], status, v);
            }
}
END_TEST

START_TEST(dearer_is_never_calmer)
{
    for (int i = 0; i < 2000; i++) {
        const double forward = 100, strike = 100 * exp(between(-2, 2)), bound = fmin(forward, strike);
        const int right = forward > strike ? -1 : 1;
        double price = bound * uniform() * (i % 2 == 0 ? 1 : 1e-6), last = 0, v;

        for (int step = 0; step < 4; step++, price = nextafter(price, HUGE_VAL)) {
            ck_assert_int_eq(gex__implied_deviation(price, forward, strike, right, &v), GEX_CALC_OK);
            ck_assert_msg(v >= last * (1 - 4 * DBL_EPSILON), "price %.17g K %.17g: %.17g after %.17g", price, strike, v, last);
            last = v;
        }
    }
}
END_TEST

Suite *suite_implied(void)
{
    Suite *suite = suite_create("implied");
    TCase *tcase = tcase_create("solver"), *bits = tcase_create("320 bits");

    tcase_add_test(tcase, matches_fifty_digits);
    tcase_add_loop_test(tcase, edge_has_its_status, 0, (int)(sizeof edges / sizeof *edges));
    tcase_add_test(tcase, any_price_has_an_answer);
    tcase_add_test(tcase, dearer_is_never_calmer);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(bits, the_price_comes_back, 0, 4);
    tcase_set_timeout(bits, 120);
    suite_add_tcase(suite, bits);
    return suite;
}
