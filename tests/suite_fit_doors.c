/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The doors of libgex-fit as a host sees them: wrong arguments, hostile quotes, no memory, structs of every age, the
 * host's arithmetic, many threads. Its GSL handler stands throughout, fails the test when it is reached, and is still
 * there afterwards.
 */
#define _GNU_SOURCE /* feenableexcept */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "fitted.h"
#include "refusal.h"
#include "sanitized.h"

Suite *suite_fit_doors(void);

static struct fitted fit;

static void make_quotes(int32_t loss, int32_t enforce)
{
    static const double slices[][5] = {
        {0.0002, 0.012, -0.45, 0.004, 0.025}, {0.0012, 0.035, -0.55, 0.01, 0.06}, {0.0040, 0.070, -0.55, 0.03, 0.12}};
    static const double years[] = {0.02, 0.1, 0.3};

    open_fitted(&fit, loss, enforce);
    seed = 5;
    for (int e = 0; e < 3; e++)
        add_slice(&fit, years[e], 4500, slices[e], -5 * sqrt(slices[e][0]), 4 * sqrt(slices[e][0]), 21, 0.004);
    for (int64_t i = 0; i < fit.columns.rows; i++) {
        const double noise = between(-0.003, 0.003);
        fit.bid[i] += noise, fit.ask[i] += noise;
    }
}

/* Wings that no slice meets together with the rest, so that every kind of fit has something to do. */
static void lift_wings(void)
{
    for (int64_t i = 0; i < fit.columns.rows; i++)
        if (i % 21 < 5)
            fit.bid[i] += 0.1, fit.ask[i] += 0.1;
}

typedef gex_status fitter(const gex_context *, const gex_fit_columns *, gex_fit_results *, gex_surface **, gex_error *);
static fitter *const fitters[] = {gex_fit_svi, gex_fit_ssvi, gex_fit_mixture};
enum { SVI, SSVI, MIXTURE, FITTERS };

START_TEST(names_and_defaults)
{
    gex_fit_columns columns;
    gex_fit_results results;

    ck_assert_str_eq(gex_loss_name(GEX_LOSS_BOUNDED), "bounded");
    ck_assert_str_eq(gex_loss_name(GEX_LOSS_HELD), "held");
    ck_assert_str_eq(gex_enforce_name(GEX_ENFORCE_ALL), "all");
    ck_assert_str_eq(gex_fitted_name(GEX_FITTED_BORROWED), "borrowed");
    ck_assert_str_eq(gex_loss_name(77), "unknown");
    ck_assert_str_eq(gex_enforce_name(-1), "unknown");
    ck_assert_str_eq(gex_fitted_name(3), "unknown");
    ck_assert_int_eq(gex_loss_find("squares"), GEX_LOSS_SQUARES);
    ck_assert_int_eq(gex_enforce_find("butterfly"), GEX_ENFORCE_BUTTERFLY);
    ck_assert_int_eq(gex_loss_find(NULL) + gex_enforce_find(NULL) + gex_loss_find("") + gex_enforce_find("everything"),
                     0);
    ck_assert_str_eq(gex_fit_version(), gex_version());
    gex_fit_columns_init(&columns, sizeof columns);
    ck_assert_uint_eq(columns.struct_size, sizeof columns);
    ck_assert_int_eq(columns.loss, 0);
    gex_fit_results_init(&results, sizeof results);
    ck_assert_ptr_null(results.parameters);
    gex_fit_columns_init(NULL, 8);
    gex_fit_results_init(NULL, 8);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
    fitter *const call = fitters[_i];
    static const int64_t counts[] = {-1, INT64_MIN, INT64_MAX};

#define FIT(expected, ...)                                                                                             \
    do {                                                                                                               \
        make_quotes(GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);                                                                \
        __VA_ARGS__;                                                                                                   \
        CALLED(surface, expected, call(NULL, &fit.columns, &fit.results, OUT));                                        \
    } while (0)
    FIT(GEX_OK, (void)0);
    CALLED(surface, GEX_ERR_ARGUMENT, call(NULL, NULL, &fit.results, OUT));
    ASKED(GEX_ERR_ARGUMENT, call(NULL, &fit.columns, NULL, NULL, RECORD));
    ASKED(GEX_OK, call(NULL, &fit.columns, &fit.results, NULL, RECORD));
    CALLED(surface, GEX_OK, call(NULL, &fit.columns, NULL, OUT));
    FIT(_i != MIXTURE ? GEX_ERR_ARGUMENT : GEX_OK, fit.columns.loss = 0);
    FIT(_i == SSVI ? GEX_ERR_ARGUMENT : GEX_OK, fit.columns.loss = GEX_LOSS_HELD);
    FIT(_i != MIXTURE ? GEX_ERR_ARGUMENT : GEX_OK, fit.columns.loss = 4);
    FIT(_i != SSVI ? GEX_ERR_ARGUMENT : GEX_OK, fit.columns.enforce = 0);
    FIT(_i != SSVI ? GEX_ERR_ARGUMENT : GEX_OK, fit.columns.enforce = 4);
    FIT(GEX_ERR_ARGUMENT, fit.columns.reserved = 1);
    FIT(GEX_ERR_ARGUMENT, fit.results.reserved = 1);
    FIT(GEX_ERR_ARGUMENT, fit.columns.years.data = NULL);
    FIT(GEX_ERR_ARGUMENT, fit.columns.forward.data = NULL);
    FIT(GEX_ERR_ARGUMENT, fit.columns.expiry.data = NULL);
    FIT(GEX_ERR_ARGUMENT, fit.columns.strike.data = NULL);
    FIT(GEX_ERR_ARGUMENT, fit.columns.bid_vol.data = NULL);
    FIT(GEX_ERR_ARGUMENT, fit.columns.ask_vol.data = NULL);
    for (int i = 0; i < LENGTH(counts); i++) {
        FIT(GEX_ERR_ARGUMENT, fit.columns.expiries = counts[i]);
        FIT(GEX_ERR_ARGUMENT, fit.columns.rows = counts[i]);
        FIT(GEX_ERR_ARGUMENT, fit.columns.strike.stride = counts[i] == -1 ? INT64_MAX : counts[i]);
        FIT(GEX_ERR_ARGUMENT, fit.columns.years.stride = counts[i] == -1 ? INT64_MAX : counts[i]);
    }
    FIT(GEX_ERR_DOMAIN, fit.columns.spot = NAN);
    FIT(GEX_ERR_DOMAIN, fit.columns.spot = -1);
    FIT(GEX_ERR_DOMAIN, fit.columns.spot = INFINITY);
    FIT(GEX_ERR_DOMAIN, fit.columns.expiries = fit.columns.rows = 0);
    FIT(GEX_ERR_DOMAIN, fit.columns.rows = 0);
    FIT(_i != MIXTURE ? GEX_ERR_DOMAIN : GEX_OK, fit.columns.rows = 2);
    if (SANITIZED) { /* an instrumented malloc ends the process instead of saying no */
        printf("SKIPPED 2^40 rows: the sanitizers' malloc does not return NULL\n");
        return;
    }
    FIT(GEX_ERR_MEMORY, (fit.columns.rows = GEX_MAX_ROWS, fit.columns.strike.stride = 0, fit.columns.expiry.stride = 0,
                         fit.columns.bid_vol.stride = 0, fit.columns.ask_vol.stride = 0));
}
END_TEST

START_TEST(bad_rows_keep_their_place)
{
    static const struct {
        int row;
        uint8_t status;
    } wanted[] = {{0, GEX_ROW_BAD_STRIKE}, {1, GEX_ROW_BAD_STRIKE}, {2, GEX_ROW_BAD_SYMBOL}, {3, GEX_ROW_NOT_FINITE},
                  {4, GEX_ROW_NO_PRICE},   {5, GEX_ROW_NO_PRICE},   {6, GEX_ROW_NO_VOL},     {7, GEX_ROW_NOT_FINITE}};
    double weight[MOST_QUOTES];

    make_quotes(GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
    for (int i = 0; i < MOST_QUOTES; i++)
        weight[i] = 1;
    fit.columns.weight = (gex_f64){weight, sizeof(double)};
    fit.strike[0] = NAN, fit.strike[1] = -5, fit.expiry[2] = 99, fit.bid[3] = INFINITY, fit.bid[4] = 0;
    fit.bid[5] = fit.ask[5] + 0.01, fit.ask[6] = 0, weight[7] = -1;
    ck_assert_int_eq(fitters[_i](NULL, &fit.columns, &fit.results, &fit.surface, NULL), GEX_OK);
    for (int64_t i = 0, j = 0; i < fit.columns.rows; i++) {
        const int bad = j < LENGTH(wanted) && wanted[j].row == i;
        ck_assert_msg(fit.row_status[i] == (bad ? wanted[j].status : GEX_ROW_USED), "row %d: %s", (int)i,
                      gex_row_text(fit.row_status[i]));
        j += bad;
    }
    ck_assert_int_eq(fit.quotes[0], 21 - LENGTH(wanted));
    gex_surface_free(fit.surface);

    make_quotes(GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
    fit.years[0] = NAN, fit.forward[2] = 0;
    ck_assert_int_eq(fitters[_i](NULL, &fit.columns, &fit.results, &fit.surface, NULL), GEX_OK);
    ck_assert_int_eq(fit.slice[0], GEX_SLICE_NO_TIME);
    ck_assert_int_eq(fit.slice[1], GEX_SLICE_USED);
    ck_assert_int_eq(fit.slice[2], GEX_SLICE_NO_FORWARD);
    ck_assert_int_eq(fit.row_status[0], GEX_ROW_EXPIRED);
    ck_assert_int_eq(fit.row_status[60], GEX_ROW_NOT_FINITE);
    gex_surface_free(fit.surface);
}
END_TEST

/* ---- hostile quotes --------------------------------------------------------------------------------------------- */

static double hostile(void)
{
    static const double values[] = {0, -0.0, 1e-300, 1e-12, 1e-6,  1e-3, 0.01, 0.2,      0.2000001, 1,
                                    3, 50,   1e4,    1e12,  1e300, -1,   NAN,  INFINITY, -INFINITY};
    return between(0, 1) < 0.7 ? exp(between(-6, 2)) : values[(int)between(0, (double)LENGTH(values))];
}

/* Whatever comes in: a refusal, or finite numbers and, if that was asked for, a surface without arbitrage. */
START_TEST(hostile_quotes_never_reach_the_handler)
{
    for (int trial = 0; trial < (_i < 8 ? 100 : 50); trial++) {
        const int which = _i >= 8 ? MIXTURE : trial % 3 != 0 ? SVI : SSVI, expiries = 1 + trial % 6;
        gex_status status;

        open_fitted(&fit, which == SVI ? 1 + trial / 3 % 3 : 1 + trial % 2, 1 + trial / 2 % 3);
        seed = (uint64_t)(trial * 60 + _i + 1) * UINT64_C(0x9e3779b97f4a7c15);
        for (int e = 0; e < expiries; e++) {
            fit.years[e] = trial % 5 == 0 ? hostile() : between(0.5, 2) * pow(3, e - 4);
            fit.forward[e] = trial % 7 == 0 ? hostile() : 100;
        }
        fit.columns.expiries = expiries;
        for (int i = 0; i < expiries * (3 + trial % 20); i++) {
            const double mid = trial % 4 == 0 ? hostile() : exp(between(-3, 0.3)),
                         half = trial % 4 == 1 ? 0 : mid * between(0, 0.3);
            fit.expiry[i] = i % expiries;
            fit.strike[i] = trial % 3 == 1 ? hostile() * 100 : 100 * exp(between(-1, 1) * (trial % 2 == 0 ? 1 : 1e-6));
            fit.bid[i] = mid - half, fit.ask[i] = mid + half;
            fit.columns.rows = i + 1;
        }
        status = fitters[which](NULL, &fit.columns, &fit.results, &fit.surface, NULL);
        check_handler();
        ck_assert(status == GEX_OK || status == GEX_ERR_DOMAIN);
        if (status != GEX_OK)
            continue;
        for (int e = 0; e < expiries; e++)
            if (fit.by[e] != GEX_FITTED_NONE) {
                ck_assert(which != MIXTURE ||
                          (isfinite(fit.theta[e]) && isfinite(fit.rms[e]) && isfinite(fit.raised[e])));
                for (int j = 0; which != MIXTURE && j < 5; j++)
                    ck_assert(isfinite(fit.raw[e][j]));
            }
        if (which != SSVI && fit.columns.enforce == GEX_ENFORCE_ALL)
            ck_assert_msg(violations(fit.surface, 0) == 0, "fitter %d, trial %d of %d", which, trial, _i);
        if (which != SSVI && fit.columns.enforce == GEX_ENFORCE_BUTTERFLY)
            ck_assert_msg(violations(fit.surface, GEX_ARBITRAGE_BUTTERFLY) == 0, "fitter %d, trial %d of %d", which,
                          trial, _i);
        gex_surface_free(fit.surface);
    }
}
END_TEST

/* ---- the host --------------------------------------------------------------------------------------------------- */

struct meter {
    int64_t calls, live, fail;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    if (++meter->calls == meter->fail)
        return NULL;
    meter->live++;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)size, (void)alignment;
    ((struct meter *)user)->live--;
    free(memory);
}

START_TEST(memory_that_fails_is_said_and_nothing_is_kept)
{
    for (int64_t fail = 1;; fail++) {
        struct meter meter = {0, 0, fail + 1}; /* the context itself is the first */
        gex_context_options options;
        gex_context *context = NULL;
        gex_error error = {0};
        gex_status status;

        gex_context_options_init(&options, sizeof options);
        options.allocate = metered_allocate, options.release = metered_release, options.memory_user = &meter;
        ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
        make_quotes(GEX_LOSS_SQUARES, GEX_ENFORCE_ALL);
        status = fitters[_i](context, &fit.columns, &fit.results, &fit.surface, &error);
        gex_surface_free(fit.surface);
        gex_context_free(context);
        ck_assert_int_eq(meter.live, 0);
        if (status == GEX_OK)
            break;
        ck_assert_int_eq(status, GEX_ERR_MEMORY);
        ck_assert_int_eq(error.status, GEX_ERR_MEMORY);
        ck_assert_int_lt(fail, 10);
    }
}
END_TEST

static void digest_fit(uint64_t *digest, fitter *call, const gex_context *context)
{
    static struct fitted mine;

    mine = fit;
    mine.results.parameters = &mine.raw[0][0];
    mine.results.theta = mine.theta;
    mine.results.rms = mine.results.most = mine.results.inside = mine.results.raised = NULL;
    mine.results.quotes = NULL, mine.results.slice = mine.results.fitted = mine.results.row_status = NULL;
    mine.results.ssvi = NULL;
    memset(mine.raw, 0, sizeof mine.raw);
    ck_assert_int_eq(call(context, &mine.columns, &mine.results, NULL, NULL), GEX_OK);
    memcpy(digest, mine.raw, 15 * sizeof(double));
    memcpy(digest + 15, mine.theta, 3 * sizeof(double));
}

START_TEST(the_hosts_arithmetic_does_not_show)
{
    uint64_t plain[18], moody[18];
    fenv_t home;

    make_quotes(_i == SSVI ? GEX_LOSS_BOUNDED : GEX_LOSS_HELD, GEX_ENFORCE_ALL);
    lift_wings();
    digest_fit(plain, fitters[_i], NULL);
    fegetenv(&home);
    fesetround(FE_UPWARD);
    feclearexcept(FE_ALL_EXCEPT);
    (void)feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
    errno = 77;
    digest_fit(moody, fitters[_i], NULL);
    ck_assert_int_eq(errno, 77);
    ck_assert_int_eq(fegetround(), FE_UPWARD);
    ck_assert_int_eq(fegetexcept(), FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
    ck_assert_int_eq(fetestexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW), 0);
    fesetenv(&home);
    ck_assert_mem_eq(plain, moody, sizeof plain);
}
END_TEST

/* Expiries backwards, one thread each. */
enum { MOST_TASKS = 64 };
struct share {
    void (*task)(void *arg, int64_t i);
    void *arg;
    int64_t i;
};

static void *one_share(void *user)
{
    const struct share *share = user;
    share->task(share->arg, share->i);
    return NULL;
}

static int32_t run_on_threads(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    pthread_t thread[MOST_TASKS];
    struct share share[MOST_TASKS];

    (void)user;
    ck_assert_int_le(n, MOST_TASKS);
    for (int64_t i = n; i-- > 0;) {
        share[i] = (struct share){task, arg, i};
        ck_assert_int_eq(pthread_create(&thread[i], NULL, one_share, &share[i]), 0);
    }
    for (int64_t i = 0; i < n; i++)
        pthread_join(thread[i], NULL);
    return 0;
}

static int32_t refuse_to_run(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user, (void)task, (void)arg, (void)n;
    return 1;
}

START_TEST(threads_change_no_bit)
{
    uint64_t alone[18], together[18];
    const int32_t loss = GEX_LOSS_BOUNDED + _i;
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.run = run_on_threads;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    make_quotes(loss, GEX_ENFORCE_ALL);
    lift_wings();
    digest_fit(alone, gex_fit_svi, NULL);
    digest_fit(together, gex_fit_svi, context);
    ck_assert_mem_eq(alone, together, sizeof alone);
    gex_context_free(context);

    context = NULL;
    options.run = refuse_to_run;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    CALLED(surface, GEX_ERR_CALLBACK, gex_fit_svi(context, &fit.columns, &fit.results, OUT));
    gex_context_free(context);
}
END_TEST

/* ---- structs of every age --------------------------------------------------------------------------------------- */

#define AGES(type, first)                                                                                              \
    static gex_status give_##type(const type *mine)                                                                    \
    {                                                                                                                  \
        return with_##type(mine);                                                                                      \
    }                                                                                                                  \
    START_TEST(ages_of_##type)                                                                                         \
    {                                                                                                                  \
        for (uint32_t size = 0; size < sizeof(type) + 40; size++) {                                                    \
            unsigned char *block = malloc(sizeof(type) + 64);                                                          \
            memset(block, 0, sizeof(type) + 64);                                                                       \
            make_quotes(GEX_LOSS_SQUARES, GEX_ENFORCE_NOTHING);                                                        \
            memcpy(block, source_##type(), sizeof(type));                                                              \
            memcpy(block, &size, sizeof size);                                                                         \
            ck_assert_int_eq(give_##type((type *)(void *)block), size < (first) ? GEX_ERR_VERSION : GEX_OK);           \
            if (size > sizeof(type)) {                                                                                 \
                block[size - 1] = 1;                                                                                   \
                ck_assert_int_eq(give_##type((type *)(void *)block), GEX_ERR_VERSION);                                 \
            }                                                                                                          \
            type##_init((type *)(void *)block, size);                                                                  \
            free(block);                                                                                               \
        }                                                                                                              \
    }                                                                                                                  \
    END_TEST

static const void *source_gex_fit_columns(void)
{
    return &fit.columns;
}
static const void *source_gex_fit_results(void)
{
    return &fit.results;
}
static gex_status with_gex_fit_columns(const gex_fit_columns *columns)
{
    return gex_fit_svi(NULL, columns, &fit.results, NULL, NULL);
}
static gex_status with_gex_fit_results(const gex_fit_results *results)
{
    gex_fit_results mine[2]; /* room behind it */
    memcpy(mine, results, sizeof *results + 64);
    return gex_fit_svi(NULL, &fit.columns, mine, NULL, NULL);
}
AGES(gex_fit_columns, 152)
AGES(gex_fit_results, 96)

Suite *suite_fit_doors(void)
{
    Suite *suite = suite_create("fit_doors");
    TCase *tcase = tcase_create("fit_doors");

    tcase_add_checked_fixture(tcase, install_handler, check_handler);
    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, names_and_defaults);
    tcase_add_loop_test(tcase, wrong_arguments_are_refused, 0, FITTERS);
    tcase_add_loop_test(tcase, bad_rows_keep_their_place, 0, FITTERS);
    tcase_add_loop_test(tcase, hostile_quotes_never_reach_the_handler, 0, 12);
    tcase_add_loop_test(tcase, memory_that_fails_is_said_and_nothing_is_kept, 0, FITTERS);
    tcase_add_loop_test(tcase, the_hosts_arithmetic_does_not_show, 0, FITTERS);
    tcase_add_loop_test(tcase, threads_change_no_bit, 0, 2);
    tcase_add_test(tcase, ages_of_gex_fit_columns);
    tcase_add_test(tcase, ages_of_gex_fit_results);
    suite_add_tcase(suite, tcase);
    return suite;
}
