/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of Check as the suites of the kernels use, for processors whose Check is not installed: tests run one after
 * another in one process, and the first failure ends it.
 */
#ifndef GEX_TESTS_CROSS_CHECK_H
#define GEX_TESTS_CROSS_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*test_function)(int _i);

enum { CK_NORMAL, CROSS_TESTS = 256, CROSS_CASES = 32 };

typedef struct TCase {
    const char *name;
    void (*setup)(void), (*teardown)(void);
    int tests;
    struct {
        test_function run;
        int first, end;
    } test[CROSS_TESTS];
} TCase;

typedef struct Suite {
    const char *name;
    int cases;
    TCase *tcase[CROSS_CASES];
} Suite;

typedef struct SRunner {
    Suite *suite;
} SRunner;

#define START_TEST(name)          \
    static void name(int _i)      \
    {                             \
        (void)_i;
#define END_TEST }

#define ck_assert_msg(condition, ...)                           \
    do {                                                        \
        if (!(condition)) {                                     \
            (void)fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
            (void)fprintf(stderr, __VA_ARGS__);                 \
            (void)fprintf(stderr, "\n");                        \
            exit(EXIT_FAILURE);                                 \
        }                                                       \
    } while (0)
#define ck_assert(condition)           ck_assert_msg(condition, "%s", #condition)
#define ck_assert_ptr_nonnull(p)       ck_assert((p) != NULL)
#define ck_assert_int_eq(a, b)         ck_assert((a) == (b))
#define ck_assert_int_ge(a, b)         ck_assert((a) >= (b))
#define ck_assert_int_gt(a, b)         ck_assert((a) > (b))
#define ck_assert_double_eq(a, b)      ck_assert((a) == (b))
#define ck_assert_double_le(a, b)      ck_assert((a) <= (b))
#define ck_assert_str_eq(a, b)         ck_assert(strcmp(a, b) == 0)

static inline void *cross_new(size_t size)
{
    void *made = calloc(1, size);

    ck_assert_ptr_nonnull(made);
    return made;
}

static inline Suite *suite_create(const char *name)
{
    Suite *suite = cross_new(sizeof *suite);

    suite->name = name;
    return suite;
}

static inline TCase *tcase_create(const char *name)
{
    TCase *tcase = cross_new(sizeof *tcase);

    tcase->name = name;
    return tcase;
}

static inline void suite_add_tcase(Suite *suite, TCase *tcase)
{
    ck_assert(suite->cases < CROSS_CASES);
    suite->tcase[suite->cases++] = tcase;
}

static inline void tcase_add_loop_test(TCase *tcase, test_function run, int first, int end)
{
    ck_assert(tcase->tests < CROSS_TESTS);
    tcase->test[tcase->tests].run = run;
    tcase->test[tcase->tests].first = first;
    tcase->test[tcase->tests++].end = end;
}

static inline void tcase_add_test(TCase *tcase, test_function run)
{
    tcase_add_loop_test(tcase, run, 0, 1);
}

static inline void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void), void (*teardown)(void))
{
    tcase->setup = setup;
    tcase->teardown = teardown;
}

static inline void tcase_set_timeout(TCase *tcase, double seconds)
{
    (void)tcase, (void)seconds;
}

static inline SRunner *srunner_create(Suite *suite)
{
    SRunner *runner = cross_new(sizeof *runner);

    runner->suite = suite;
    return runner;
}

static inline void srunner_run_all(SRunner *runner, int verbosity)
{
    int run = 0;

    (void)verbosity;
    for (int c = 0; c < runner->suite->cases; c++) {
        const TCase *tcase = runner->suite->tcase[c];

        for (int t = 0; t < tcase->tests; t++)
            for (int i = tcase->test[t].first; i < tcase->test[t].end; i++, run++) {
                if (tcase->setup != NULL)
                    tcase->setup();
                tcase->test[t].run(i);
                if (tcase->teardown != NULL)
                    tcase->teardown();
            }
    }
    printf("100%%: Checks: %d, Failures: 0, Errors: 0\n", run);
}

static inline int srunner_ntests_failed(SRunner *runner)
{
    (void)runner; /* a failure has ended the process */
    return 0;
}

static inline void srunner_free(SRunner *runner)
{
    for (int c = 0; c < runner->suite->cases; c++)
        free(runner->suite->tcase[c]);
    free(runner->suite);
    free(runner);
}

#endif
