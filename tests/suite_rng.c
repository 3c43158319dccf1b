/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Philox4x32-10 against the vectors its authors published (golden/philox.csv), the inverse normal distribution against
 * 200 bits, bits that are the same on every set and for any cut, and the distribution itself.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/rng.h"
#include "sets.h"
#if GEX_HAVE_MPFR
#include <mpfr.h>
#endif

Suite *suite_rng(void);

static const uint32_t key[2] = {20270310, 7};

/* ---- words ------------------------------------------------------------------------------------------------------- */

START_TEST(published_vectors)
{
    FILE *file = fopen(TESTS_DIR "/golden/philox.csv", "r");
    char line[256];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        uint32_t c[4], k[2], expected[4], got[4];
        double u, z, out[4], *outputs[4] = {&out[0], &out[1], &out[2], &out[3]};
        char *at = line;

        if (line[0] == '#' || line[0] == 'c')
            continue;
        for (int i = 0; i < 4; i++)
            c[i] = (uint32_t)strtoul(at, &at, 16);
        for (int i = 0; i < 2; i++)
            k[i] = (uint32_t)strtoul(at + (i == 0), &at, 16);
        for (int i = 0; i < 4; i++)
            expected[i] = (uint32_t)strtoul(at + (i == 0), &at, 16);
        u = strtod(at + 1, &at);
        z = strtod(at + 1, &at);
        gex__philox(k, c, got);
        ck_assert_msg(memcmp(got, expected, sizeof got) == 0, "row %d: %08x %08x %08x %08x", rows, got[0], got[1],
                      got[2], got[3]);
        gex__normals(set_now, k, c, 1, outputs);
        ck_assert_msg(fabs(out[0] - z) <= 2e-15 * fabs(z), "row %d: %.17g, not %.17g at %.17g", rows, out[0], z, u);
        rows++;
    }
    fclose(file);
    ck_assert_int_ge(rows, 6);
}
END_TEST

/* Each number is that of its word, wherever the batch begins, however long it is, whichever words are wanted. */
START_TEST(any_cut_gives_the_same)
{
    enum { ROWS = 333 };
    static double all[4][ROWS], part[ROWS + 1];
    static const uint32_t counters[3][4] = {{0, 0, 0, 0}, {UINT32_MAX - 100, 3, 1u << 31, 9}, {12345, 1, 2, 3}};

    for (int which = 0; which < 3; which++) {
        const uint32_t *from = counters[which];
        double *outputs[4] = {all[0], all[1], all[2], all[3]};

        gex__normals(set_now, key, from, ROWS, outputs);
        for (int i = 0; i < ROWS; i++) {
            const uint32_t here[4] = {from[0] + (uint32_t)i, from[1], from[2], from[3]};
            uint32_t words[4];
            double z[4];

            gex__philox(key, here, words);
            gex__normals_of_words(set_now, words, 4, z);
            for (int k = 0; k < 4; k++)
                ck_assert_msg(memcmp(&z[k], &all[k][i], sizeof z[k]) == 0, "row %d, word %d", i, k);
        }
        for (int rows = 0; rows <= 70; rows++)
            for (int first = 0; first < 9; first++) {
                const uint32_t here[4] = {from[0] + (uint32_t)first, from[1], from[2], from[3]};
                double *one[4] = {NULL, NULL, NULL, NULL};

                part[rows] = 42;
                one[rows % 4] = part;
                gex__normals(set_now, key, here, rows, one);
                ck_assert(memcmp(part, all[rows % 4] + first, (size_t)rows * sizeof *part) == 0);
                ck_assert(part[rows] == 42);
            }
    }
}
END_TEST

/* The same number on every instruction set and machine: no operation is fused, no function of libm is called. */
#define HASH UINT64_C(0x767eed7196f81635)

START_TEST(bits_are_the_same_everywhere)
{
    static double z[4][4096];
    double *outputs[4] = {z[0], z[1], z[2], z[3]};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (uint32_t block = 0; block < 50; block++) {
        const uint32_t counter[4] = {block * 4096, block, 0, 0};

        gex__normals(set_now, key, counter, 4096, outputs);
        for (int k = 0; k < 4; k++)
            for (int i = 0; i < 4096; i++) {
                uint64_t word;

                memcpy(&word, &z[k][i], sizeof word);
                for (int byte = 0; byte < 8; byte++)
                    hash = (hash ^ (word >> 8 * byte & 0xff)) * UINT64_C(0x100000001b3);
            }
    }
    ck_assert_msg(hash == HASH, "%s: %#llx", gex_isa_name(set_now), (unsigned long long)hash);
}
END_TEST

/* ---- the inverse distribution ------------------------------------------------------------------------------------ */

START_TEST(inverse_is_odd_and_increases)
{
    enum { WORDS = 4096 };
    static const uint32_t starts[] = {0, 1u << 28, (1u << 28) - WORDS / 2, (1u << 31) - WORDS / 2,
                                      UINT32_MAX - WORDS + 1, 15u << 28, 123456789};
    static uint32_t words[WORDS];
    static double z[WORDS], mirrored[WORDS];

    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
        for (uint32_t i = 0; i < WORDS; i++)
            words[i] = starts[k] + i;
        gex__normals_of_words(set_now, words, WORDS, z);
        for (int i = 0; i < WORDS; i++)
            words[i] = ~words[i];
        gex__normals_of_words(set_now, words, WORDS, mirrored);
        for (int i = 0; i < WORDS; i++) {
            ck_assert(fabs(z[i]) < 6.34 && mirrored[i] == -z[i]);
            ck_assert_msg(i == 0 || z[i] > z[i - 1], "at word %u: %.17g after %.17g", ~words[i], z[i], z[i - 1]);
        }
    }
}
END_TEST

#if GEX_HAVE_MPFR
/* How far z is from the inverse at u, in ulp of z: (N(z) - u) / n(z), all in 200 bits; both sides of 0 by symmetry. */
static double error_of(uint32_t word, double z, mpfr_t *t)
{
    const uint32_t near = word >> 31 != 0 ? ~word : word;
    double error;

    mpfr_set_d(t[0], fabs(z), MPFR_RNDN);
    mpfr_sqrt_ui(t[1], 2, MPFR_RNDN);
    mpfr_div(t[1], t[0], t[1], MPFR_RNDN);
    mpfr_erfc(t[1], t[1], MPFR_RNDN);
    mpfr_set_d(t[2], ((double)near + 0.5) * 0x1p-31, MPFR_RNDN); /* twice the smaller side */
    mpfr_sub(t[1], t[1], t[2], MPFR_RNDN);
    mpfr_sqr(t[2], t[0], MPFR_RNDN);
    mpfr_div_ui(t[2], t[2], 2, MPFR_RNDN);
    mpfr_exp(t[2], t[2], MPFR_RNDN);
    mpfr_mul(t[1], t[1], t[2], MPFR_RNDN);
    mpfr_const_pi(t[2], MPFR_RNDN);
    mpfr_div_ui(t[2], t[2], 2, MPFR_RNDN);
    mpfr_sqrt(t[2], t[2], MPFR_RNDN);
    mpfr_mul(t[1], t[1], t[2], MPFR_RNDN); /* times sqrt(2 pi) / 2 */
    error = mpfr_get_d(t[1], MPFR_RNDN);
    return fabs(error) / ldexp(1.0, ilogb(z) - 52);
}
#endif

START_TEST(inverse_is_that_of_200_bits)
{
#if GEX_HAVE_MPFR
    enum { WORDS = 20000 };
    static uint32_t words[WORDS];
    static double z[WORDS];
    double most = 0, sum = 0;
    uint32_t worst = 0, state = 1;
    mpfr_t t[3];

    for (int i = 0; i < 3; i++)
        mpfr_init2(t[i], 200);
    for (uint32_t i = 0; i < WORDS; i++) {
        state = state * 1664525u + 1013904223u;
        words[i] = i < 200 ? i : i < 400 ? (1u << 31) - 200 + i : i < 800 ? (1u << 28) - 600 + i : state;
        words[i] >>= i >= 800 && i < 5000 ? i % 24 : 0; /* more of them far out */
        if (i % 2 != 0)
            words[i] = ~words[i];
    }
    gex__normals_of_words(set_now, words, WORDS, z);
    for (int i = 0; i < WORDS; i++) {
        const double error = error_of(words[i], z[i], t);

        ck_assert((z[i] < 0) == (words[i] >> 31 == 0));
        sum += error;
        if (!(error <= most)) {
            most = error;
            worst = words[i];
        }
    }
    printf("%s: inverse normal distribution within %.2f ulp, %.2f in the mean\n", gex_isa_name(set_now), most,
           sum / (double)WORDS);
    ck_assert_msg(most <= 4, "%g ulp at word %u", most, worst);
    for (int i = 0; i < 3; i++)
        mpfr_clear(t[i]);
    mpfr_free_cache();
#else
    printf("skipped: the inverse normal distribution, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

/* ---- the distribution -------------------------------------------------------------------------------------------- */

enum { DRAWS = 1 << 20 };
static const double draws = DRAWS;

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Moments within 4.5 deviations, and the largest distance to
 * the distribution within what one sample in 10,000 exceeds. */
START_TEST(numbers_are_normal)
{
    static double z[DRAWS];
    static const double expected[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105};
    const uint32_t counter[4] = {0, 1, 2, 0};
    double distance = 0;

    for (int k = 0; k < 4; k++) {
        double *outputs[4] = {NULL, NULL, NULL, NULL};

        outputs[k] = z + k * (DRAWS / 4);
        gex__normals(set_now, key, counter, DRAWS / 4, outputs);
    }
    for (int power = 1; power <= 4; power++) {
        double sum = 0;

        for (int i = 0; i < DRAWS; i++)
            sum += pow(z[i], power);
        ck_assert_msg(fabs(sum / draws - expected[power]) <=
                          4.5 * sqrt((expected[2 * power] - expected[power] * expected[power]) / draws),
                      "moment %d is %g", power, sum / draws);
    }
    qsort(z, DRAWS, sizeof *z, compare);
    for (int i = 0; i < DRAWS; i++) {
        const double below = 0.5 * erfc(-z[i] * sqrt(0.5));

        distance = fmax(distance, fmax(fabs(below - (double)i / draws), fabs(below - (double)(i + 1) / draws)));
    }
    ck_assert_msg(distance * sqrt(draws) < 2.23, "largest distance %g", distance * sqrt(draws)); /* Kolmogorov */
}
END_TEST

/* Words, steps and streams beside each other have nothing in common: correlations within 4.5 deviations. */
START_TEST(neighbours_are_independent)
{
    enum { ROWS = 1 << 16 };
    static double z[8][ROWS];

    for (int half = 0; half < 2; half++)
        for (int what = 0; what < 3; what++) {
            const uint32_t here[2] = {key[0] + (uint32_t)(half == 1 && what == 0),
                                      key[1] + (uint32_t)(half == 1 && what == 1)};
            const uint32_t counter[4] = {5, (uint32_t)(half == 1 && what == 2), 0, 0};
            double *outputs[4] = {z[4 * half], z[4 * half + 1], z[4 * half + 2], z[4 * half + 3]};
            const uint32_t first[4] = {5, 0, 0, 0};
            double *beside[4] = {z[0], z[1], z[2], z[3]};

            gex__normals(set_now, key, first, ROWS, beside);
            if (half == 0)
                continue;
            gex__normals(set_now, here, counter, ROWS, outputs);
            for (int a = 0; a < 8; a++)
                for (int b = 0; b < a; b++) {
                    double sum = 0, next = 0;

                    for (int i = 0; i < ROWS; i++) {
                        sum += z[a][i] * z[b][i];
                        next += z[a][i] * z[b][(i + 1) % ROWS];
                    }
                    ck_assert_msg(fabs(sum) <= 4.5 * 256 && fabs(next) <= 4.5 * 256, "%d and %d: %g, %g", a, b,
                                  sum, next);
                }
        }
}
END_TEST

static void fill_rng(TCase *rng)
{
    tcase_add_test(rng, published_vectors);
    tcase_add_test(rng, any_cut_gives_the_same);
    tcase_add_test(rng, bits_are_the_same_everywhere);
    tcase_add_test(rng, inverse_is_odd_and_increases);
    tcase_add_test(rng, inverse_is_that_of_200_bits);
    tcase_add_test(rng, numbers_are_normal);
    tcase_add_test(rng, neighbours_are_independent);
}

Suite *suite_rng(void)
{
    Suite *suite = suite_create("rng");

    cases_of_sets(suite, "random numbers", 120, fill_rng);
    return suite;
}
