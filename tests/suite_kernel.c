/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bits of the European kernel: the same on every instruction set that fuses multiplication and addition, the same as
 * when the kernel's id was given, the same for any number of rows at any address;
 * and nothing but numbers over the box of valid inputs.
 *
 * GEX_KERNEL_ROWS in the environment replaces a million random rows by another number: 1e8 takes minutes.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "math/black.h"
#include "sets.h"

Suite *suite_kernel(void);

enum { BATCH = 4096, GREEKS = GEX_GREEK_LAST_ + 1 };

struct batch {
    double spot[BATCH], strike[BATCH], years[BATCH], vol[BATCH], rate[BATCH], carry[BATCH];
    int8_t right[BATCH];
    double value[GREEKS][BATCH];
    uint8_t status[BATCH];
};

/* ---- inputs that are the same on every machine: no function of libm has touched them ----------------------------- */

static uint64_t state;

/* splitmix64 of Steele, Lea and Flood (2014) */
static uint64_t bits64(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double fraction(void)
{
    return (double)(bits64() >> 11) * 0x1p-53;
}

/* Uniform in the exponent from 2^low up to 2^high, and in the significand. */
static double power(int low, int high)
{
    const double significand = 1.0 + fraction();

    return ldexp(significand, low + (int)(bits64() % (uint64_t)(high - low)));
}

/* A quarter of the rows near the money, a quarter on the strike but for a few ulp, the rest anywhere; some expired. */
static void draw(struct batch *b, uint64_t seed)
{
    state = seed;
    for (int i = 0; i < BATCH; i++) {
        const uint64_t kind = bits64() % 8;

        b->spot[i] = power(-20, 30);
        b->years[i] = kind == 7 && bits64() % 16 == 0 ? 0.0 : power(-30, 5);
        b->vol[i] = power(-13, 2);
        b->rate[i] = 2 * fraction() - 1;
        b->carry[i] = 2 * fraction() - 1;
        if (kind < 2) {
            b->years[i] = power(-9, 1);
            b->rate[i] *= 0.0625;
            b->carry[i] *= 0.0625;
            b->strike[i] = b->spot[i] * (1.0 + (fraction() - 0.5) * 4 * b->vol[i]);
        } else if (kind < 4) {
            b->strike[i] = b->spot[i] * (1.0 + (double)(int)(bits64() % 9) * 0x1p-52 - 0x1p-50);
        } else {
            b->strike[i] = power(-20, 30);
        }
        if (!(b->strike[i] > 0))
            b->strike[i] = b->spot[i];
        b->right[i] = (int8_t)(bits64() % 2 != 0 ? 1 : -1);
    }
}

static void price(int32_t set, struct batch *b)
{
    double *outputs[GREEKS];
    const struct gex__black_in in = {.rows = BATCH,
                                     .spot = b->spot,
                                     .strike = b->strike,
                                     .years = b->years,
                                     .vol = b->vol,
                                     .rate = b->rate,
                                     .carry = b->carry,
                                     .right = b->right};

    for (int greek = 0; greek < GREEKS; greek++)
        outputs[greek] = b->value[greek];
    gex__black(set, &in, outputs, b->status);
}

/* FNV-1a over the bits of every result, a NaN as one pattern. */
static uint64_t hash_of(const struct batch *b, uint64_t hash)
{
    for (int greek = 1; greek < GREEKS; greek++)
        for (int i = 0; i < BATCH; i++) {
            uint64_t word = UINT64_C(0x7ff8000000000000);

            if (!isnan(b->value[greek][i]))
                memcpy(&word, &b->value[greek][i], sizeof word);
            for (int byte = 0; byte < 8; byte++)
                hash = (hash ^ (word >> 8 * byte & 0xff)) * UINT64_C(0x100000001b3);
        }
    return hash;
}

static bool is_fused(int32_t set)
{
#if defined(__aarch64__)
    (void)set;
    return true;
#else
    return set != GEX_ISA_BASELINE;
#endif
}

/* A change of a result's bits is a change of the kernel's id in gex_build_info(), and of these. */
#define HASH_FUSED    UINT64_C(0x263f0754e72078e2)
#define HASH_BASELINE UINT64_C(0x21656740b8ef3614)

START_TEST(bits_are_those_of_the_kernel_id)
{
    static struct batch b;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    ck_assert_ptr_nonnull(strstr(gex_build_info(), "math kernel black-4"));
    for (uint64_t seed = 1; seed <= 50; seed++) {
        draw(&b, seed);
        price(set_now, &b);
        hash = hash_of(&b, hash);
    }
    ck_assert_msg(hash == (is_fused(set_now) ? HASH_FUSED : HASH_BASELINE), "%s: %#llx", gex_isa_name(set_now),
                  (unsigned long long)hash);
}
END_TEST

static long random_rows(void)
{
    const char *asked = getenv("GEX_KERNEL_ROWS");

    return asked != NULL ? (long)strtod(asked, NULL) : 1000000;
}

/* In [low, high] with a uniform logarithm. */
static double log_between(double low, double high)
{
    return fmin(fmax(exp(log(low) + fraction() * (log(high) - log(low))), low), high);
}

/* The box S, K in [1e-6, 1e9], T in [1e-9, 50], vol in [1e-4, 5], |r|, |q| <= 1. */
static void draw_box(struct batch *b, uint64_t seed)
{
    state = seed;
    for (int i = 0; i < BATCH; i++) {
        b->spot[i] = log_between(1e-6, 1e9);
        b->strike[i] = bits64() % 2 != 0 ? log_between(1e-6, 1e9) : fmin(b->spot[i] * log_between(0.5, 2), 1e9);
        b->strike[i] = fmax(b->strike[i], 1e-6);
        b->years[i] = log_between(1e-9, 50);
        b->vol[i] = log_between(1e-4, 5);
        b->rate[i] = 2 * fraction() - 1;
        b->carry[i] = 2 * fraction() - 1;
        b->right[i] = (int8_t)(bits64() % 2 != 0 ? 1 : -1);
    }
}

START_TEST(valid_rows_give_numbers)
{
    static struct batch b;
    const long batches = random_rows() / BATCH + 1;

    for (long k = 0; k < batches; k++) {
        int64_t not_finite = 0, refused = 0;

        draw_box(&b, (uint64_t)k * 7919);
        price(set_now, &b);
        for (int greek = 1; greek < GREEKS; greek++)
            for (int i = 0; i < BATCH; i++)
                not_finite += !(fabs(b.value[greek][i]) <= DBL_MAX);
        for (int i = 0; i < BATCH; i++)
            refused += b.status[i] != GEX_CALC_OK;
        ck_assert_msg(not_finite == 0 && refused == 0, "batch %ld: %lld not finite, %lld refused", k,
                      (long long)not_finite, (long long)refused);
    }
}
END_TEST

/* Against the widest set of the machine, so that a machine without any compares nothing. */
START_TEST(fused_sets_agree)
{
    static struct batch here, there;

    if (!is_fused(set_now))
        return;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        draw(&here, seed * 104729);
        there = here;
        price(set_now, &here);
        price(gex__isa_best(), &there);
        for (int greek = 1; greek < GREEKS; greek++)
            for (int i = 0; i < BATCH; i++)
                ck_assert_msg(memcmp(&here.value[greek][i], &there.value[greek][i], sizeof(double)) == 0,
                              "%s: %.17g and %.17g: S %.17g K %.17g T %.17g vol %.17g r %.17g q %.17g f %d",
                              gex_greek_name(greek), here.value[greek][i], there.value[greek][i], here.spot[i],
                              here.strike[i], here.years[i], here.vol[i], here.rate[i], here.carry[i], here.right[i]);
        ck_assert(memcmp(here.status, there.status, sizeof here.status) == 0);
    }
}
END_TEST

/* ---- any size, any address --------------------------------------------------------------------------------------- */

enum { MOST = 64, SLACK = 64 };

/* Columns that end where a page ends would show a read beyond them; here a pattern around the outputs shows a write. */
START_TEST(any_size_at_any_address)
{
    static struct batch b;
    static unsigned char bytes[6][sizeof(double) * MOST + 2 * SLACK], rights[MOST + 2 * SLACK];
    static unsigned char outs[3][sizeof(double) * MOST + 2 * SLACK], clean[sizeof(double) * MOST + 2 * SLACK];
    static const int32_t greeks[3] = {GEX_GREEK_PRICE, GEX_GREEK_COLOR, GEX_GREEK_DELTA};

    draw(&b, 5);
    price(set_now, &b);
    memset(clean, 0xa5, sizeof clean);
    for (int rows = 0; rows <= MOST; rows++)
        for (int shift = 0; shift < 64; shift++) {
            const double *fields[6] = {b.spot, b.strike, b.years, b.vol, b.rate, b.carry};
            gex_european_columns columns;
            gex_f64 *const places[6] = {&columns.spot, &columns.strike, &columns.years, &columns.vol, &columns.rate,
                                        &columns.carry_yield};
            double *outputs[3];

            gex_european_columns_init(&columns, sizeof columns);
            columns.rows = rows;
            for (int k = 0; k < 6; k++) {
                const int here = (shift + 11 * k) % 64; /* every column another misalignment */

                memcpy(bytes[k] + here, fields[k], (size_t)rows * sizeof(double));
                *places[k] = (gex_f64){(const double *)(const void *)(bytes[k] + here), sizeof(double)};
            }
            memcpy(rights + shift, b.right, (size_t)rows);
            columns.right = (gex_i8){(const int8_t *)(rights + shift), 1};
            for (int k = 0; k < 3; k++) {
                memset(outs[k], 0xa5, sizeof outs[k]);
                /* doubles lie on 8 bytes */
                outputs[k] = (double *)(void *)(outs[k] + SLACK / 2 + 8 * ((shift + k) % 4));
            }
            ck_assert_int_eq(gex_european(context_now, &columns, greeks, 3, outputs, NULL, NULL), GEX_OK);
            for (int k = 0; k < 3; k++) {
                const size_t before = (size_t)((unsigned char *)outputs[k] - outs[k]),
                             size = (size_t)rows * sizeof(double);

                ck_assert_msg(memcmp(outputs[k], b.value[greeks[k]], size) == 0, "%d rows, shift %d", rows, shift);
                ck_assert(memcmp(outs[k], clean, before) == 0);
                ck_assert(memcmp(outs[k] + before + size, clean, sizeof outs[k] - before - size) == 0);
            }
        }
}
END_TEST

/* One value for every row, in any choice of columns, is that value in every row. */
START_TEST(one_value_is_every_row)
{
    static struct batch b, all;

    draw(&b, 77);
    for (int ones = 0; ones < 16; ones++) {
        double *outputs[GREEKS];
        const struct gex__black_in in = {.rows = BATCH,
                                         .spot = b.spot,
                                         .strike = b.strike,
                                         .years = b.years,
                                         .vol = b.vol,
                                         .rate = b.rate,
                                         .carry = b.carry,
                                         .right = b.right,
                                         .one_spot = (ones & 1) != 0,
                                         .one_years = (ones & 2) != 0,
                                         .one_rate = (ones & 4) != 0,
                                         .one_carry = (ones & 8) != 0};

        all = b;
        for (int i = 0; i < BATCH; i++) {
            all.spot[i] = b.spot[in.one_spot ? 0 : i];
            all.years[i] = b.years[in.one_years ? 0 : i];
            all.rate[i] = b.rate[in.one_rate ? 0 : i];
            all.carry[i] = b.carry[in.one_carry ? 0 : i];
        }
        price(set_now, &all);
        for (int greek = 0; greek < GREEKS; greek++)
            outputs[greek] = b.value[greek];
        gex__black(set_now, &in, outputs, b.status);
        for (int greek = 1; greek < GREEKS; greek++)
            ck_assert_msg(memcmp(b.value[greek], all.value[greek], sizeof b.value[greek]) == 0, "%s, columns %d",
                          gex_greek_name(greek), ones);
        ck_assert(memcmp(b.status, all.status, sizeof b.status) == 0);
    }
}
END_TEST

static void fill_kernel(TCase *kernel)
{
    tcase_add_test(kernel, bits_are_those_of_the_kernel_id);
    tcase_add_test(kernel, fused_sets_agree);
    tcase_add_test(kernel, any_size_at_any_address);
    tcase_add_test(kernel, one_value_is_every_row);
    tcase_add_test(kernel, valid_rows_give_numbers);
}

Suite *suite_kernel(void)
{
    Suite *suite = suite_create("kernel");

    cases_of_sets(suite, "bits", getenv("GEX_KERNEL_ROWS") != NULL ? 36000 : 120, fill_kernel);
    return suite;
}
