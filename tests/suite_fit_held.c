/* SPDX-License-Identifier: Apache-2.0 */
/* The most quotes held: what squares hold stays, what is known to fit is held, and arbitrage is still excluded. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "fit/fit.h"
#include "fitted.h"

Suite *suite_fit_held(void);

static struct fitted fit, other;

static const double years_of[] = {0.02, 0.1, 0.3, 0.9, 2.0}, forward_of[] = {4500, 4520, 4570, 4700, 4900};
static const double slices_of[][5] = {{0.0002, 0.012, -0.45, 0.004, 0.025},
                                      {0.0012, 0.035, -0.55, 0.01, 0.06},
                                      {0.0040, 0.070, -0.55, 0.03, 0.12},
                                      {0.0120, 0.130, -0.55, 0.07, 0.22},
                                      {0.0300, 0.200, -0.55, 0.13, 0.35}};

enum { COUNT = 60, AWAY = 15 };

/* Quotes of half-spread 0.002 about a slice, the AWAY lowest strikes of each expiry a dozen half-spreads above it. */
static void make(struct fitted *to, int32_t loss, int32_t enforce, int expiries, double noise)
{
    open_fitted(to, loss, enforce);
    for (int e = 0; e < expiries; e++) {
        const double v = sqrt(raw_variance(slices_of[e], 0));
        add_slice(to, years_of[e], forward_of[e], slices_of[e], -5 * v, 3 * v, COUNT, 0.002);
    }
    seed = 99;
    for (int64_t i = 0; i < to->columns.rows; i++) {
        const double moved = between(-noise, noise) + (i % COUNT < AWAY ? 0.024 + 0.004 * (double)(i % 3) : 0);
        to->bid[i] += moved, to->ask[i] += moved;
    }
}

START_TEST(what_squares_hold_is_not_touched)
{
    for (int32_t enforce = GEX_ENFORCE_NOTHING; enforce <= GEX_ENFORCE_ALL; enforce++) {
        make(&fit, GEX_LOSS_HELD, enforce, 5, 0.001);
        make(&other, GEX_LOSS_SQUARES, enforce, 5, 0.001);
        for (int64_t i = 0; i < fit.columns.rows; i++)
            if (i % COUNT < AWAY)
                fit.expiry[i] = other.expiry[i] = -1;
        run_svi(&fit), run_svi(&other);
        for (int e = 0; e < 5; e++) {
            ck_assert_double_eq(other.inside[e], 1);
            ck_assert_mem_eq(fit.raw[e], other.raw[e], sizeof fit.raw[e]);
        }
        gex_surface_free(fit.surface), gex_surface_free(other.surface);
    }
}
END_TEST

/* The slice the others were made from holds them, so nothing less will do. */
START_TEST(a_wing_is_given_up)
{
    const int32_t enforce = GEX_ENFORCE_NOTHING + _i % 3;

    make(&fit, GEX_LOSS_HELD, enforce, 5, _i < 3 ? 0 : 0.0015);
    make(&other, GEX_LOSS_SQUARES, enforce, 5, _i < 3 ? 0 : 0.0015);
    run_svi(&fit), run_svi(&other);
    for (int e = 0; e < 5; e++) {
        ck_assert_double_ge(fit.inside[e], (double)(COUNT - AWAY) / (double)COUNT - 1e-12);
        ck_assert_double_lt(other.inside[e], 0.6);
    }
    if (enforce == GEX_ENFORCE_BUTTERFLY)
        ck_assert_int_eq(violations(fit.surface, GEX_ARBITRAGE_BUTTERFLY), 0);
    if (enforce == GEX_ENFORCE_ALL)
        ck_assert_int_eq(violations(fit.surface, 0), 0);
    gex_surface_free(fit.surface), gex_surface_free(other.surface);
}
END_TEST

/* What is held is weight: a wing that outweighs the rest is held instead of it. */
START_TEST(weight_decides_what_is_given_up)
{
    double weight[COUNT], inside[2];

    for (int heavy = 0; heavy < 2; heavy++) {
        double held = 0;

        make(&fit, GEX_LOSS_HELD, GEX_ENFORCE_NOTHING, 1, 0);
        for (int i = 0; i < COUNT; i++)
            weight[i] = heavy == 1 && i < AWAY ? 100 : 1;
        fit.columns.weight = (gex_f64){weight, sizeof(double)};
        run_svi(&fit);
        for (int i = 0; i < AWAY; i++) {
            const double vol = sqrt(raw_variance(fit.raw[0], log(fit.strike[i] / fit.forward[0])) / fit.years[0]);
            held += vol >= fit.bid[i] && vol <= fit.ask[i];
        }
        inside[heavy] = held / (double)AWAY;
        gex_surface_free(fit.surface);
    }
    ck_assert_double_lt(inside[0], 0.1);
    ck_assert_double_ge(inside[1], 1.0 / 3); /* one of the three levels it is quoted at */
}
END_TEST

/* Never fewer than strays forgiven, whatever the quotes, and no arbitrage. */
START_TEST(more_are_held_than_by_a_bounded_loss)
{
    for (int32_t loss = GEX_LOSS_BOUNDED; loss <= GEX_LOSS_HELD; loss++) {
        struct fitted *to = loss == GEX_LOSS_HELD ? &fit : &other;

        open_fitted(to, loss, GEX_ENFORCE_ALL);
        seed = (uint64_t)_i * 7919 + 3;
        for (int e = 0; e < 5; e++) {
            const double v = sqrt(raw_variance(slices_of[e], 0));
            add_slice(to, years_of[e], forward_of[e], slices_of[e], -6 * v, 4 * v, 41, 0.002);
        }
        for (int64_t i = 0; i < to->columns.rows; i++) {
            const double moved = between(-0.004, 0.004) + 0.02 * sin((double)i / 3);
            to->bid[i] += moved, to->ask[i] += moved;
        }
        run_svi(to);
    }
    for (int e = 0; e < 5; e++)
        ck_assert_double_ge(fit.inside[e], other.inside[e] - 1e-12);
    ck_assert_double_gt(fit.inside[0] + fit.inside[2] + fit.inside[4],
                        other.inside[0] + other.inside[2] + other.inside[4]);
    ck_assert_int_eq(violations(fit.surface, 0), 0);
    gex_surface_free(fit.surface), gex_surface_free(other.surface);
}
END_TEST

/* ---- behind the door: the search alone --------------------------------------------------------------------------- */

enum { QUOTES = 40 };

static void make_problem(struct gex__problem *problem, struct gex__quote quote[QUOTES], double noise)
{
    for (int i = 0; i < QUOTES; i++) {
        const double k = -0.3 + 0.5 * i / (QUOTES - 1),
                     w = raw_variance(slices_of[2], k) * (1 + between(-noise, noise));
        quote[i] = (struct gex__quote){
            .k = k, .mid = w, .low = w * 0.98, .high = w * 1.02, .unit = 50 / w, .scale = 50 / w, .weight = 1};
    }
    *problem = (struct gex__problem){.quote = quote, .count = QUOTES, .high = {2, 2}, .m = {-1, 1}, .q = {-8, 2}};
}

/* From a slice that holds little: never less than before, never out of bounds, never with a butterfly. */
START_TEST(a_search_loses_nothing)
{
    struct gex__quote quote[QUOTES];
    struct gex__problem problem;
    struct gex__edge edge;
    double x[FIT_COUNT], raw[5], held, before, least, at;
    const bool sound = _i % 2 == 1;

    seed = (uint64_t)_i + 17;
    gex__edge_make(&edge);
    make_problem(&problem, quote, 0.03);
    gex__x_of(slices_of[2], x);
    x[FIT_A] *= 1.05;
    problem.low[0] = x[FIT_L] * 0.9, problem.high[1] = x[FIT_U] * 1.1;
    before = gex__held(&problem, x);
    for (int rounds = 1; rounds <= 256; rounds *= 4) {
        double y[FIT_COUNT], again[FIT_COUNT];

        memcpy(y, x, sizeof y);
        memcpy(again, x, sizeof again);
        held = gex__search(&problem, sound ? &edge : NULL, rounds, y);
        ck_assert_double_eq(held, gex__held(&problem, y));
        ck_assert_double_ge(held, before);
        ck_assert(y[FIT_L] >= problem.low[0] && y[FIT_U] <= problem.high[1] && y[FIT_U] >= 0);
        gex__raw_of(y, raw);
        if (sound)
            ck_assert(gex_svi_butterfly(raw, &least, &at, NULL) == GEX_OK && least >= 0);
        (void)gex__search(&problem, sound ? &edge : NULL, rounds, again);
        ck_assert_mem_eq(y, again, sizeof y);
    }
    ck_assert_double_gt(held, before + 5);
}
END_TEST

/* Derivatives of the loss against differences, away from where it bends. */
START_TEST(steps_go_down)
{
    struct gex__quote quote[QUOTES];
    struct gex__problem problem;
    double x[FIT_COUNT], cost;

    seed = 4;
    make_problem(&problem, quote, 0.1);
    for (problem.hold = 2; problem.hold > 0.01; problem.hold /= 2) {
        gex__x_of(slices_of[2], x);
        cost = gex__slice_cost(&problem, x);
        ck_assert_double_lt(gex__slice_polish(&problem, x, GEX_FIT_FINE, NULL), cost);
        ck_assert_double_le(gex__slice_cost(&problem, x), QUOTES);
    }
    problem.hold = 1e-9; /* a count */
    ck_assert_double_eq_tol(gex__slice_cost(&problem, x), (double)QUOTES - gex__held(&problem, x), 1e-6);
}
END_TEST

Suite *suite_fit_held(void)
{
    Suite *suite = suite_create("fit_held");
    TCase *tcase = tcase_create("held");

    tcase_add_checked_fixture(tcase, install_handler, check_handler);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_squares_hold_is_not_touched);
    tcase_add_loop_test(tcase, a_wing_is_given_up, 0, 6);
    tcase_add_test(tcase, weight_decides_what_is_given_up);
    tcase_add_loop_test(tcase, more_are_held_than_by_a_bounded_loss, 0, 4);
    tcase_add_loop_test(tcase, a_search_loses_nothing, 0, 6);
    tcase_add_test(tcase, steps_go_down);
    suite_add_tcase(suite, tcase);
    return suite;
}
