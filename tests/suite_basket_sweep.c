/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Baskets at many prices, where members are swept, beside the same baskets under dynamics of BETA=1e-300: those move no
 * volatility, and are added up price by price.
 */
#include "baskets.h"
#include "reverse.h"
#include "shuffled.h"

Suite *suite_basket_sweep(void);

enum { MEMBERS = 7, SWEPT = 4, PRICES = 161 };
#define SPOT 5000.0

static const struct member_row members[MEMBERS] = {{"index", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0},
                                                   {"future", GEX_LINK_BASIS, 1, 1, 0, GEX_ROLE_OTHER, 0},
                                                   {"against", GEX_LINK_BETA, -1.2, 1, 0, GEX_ROLE_OTHER, 0},
                                                   {"steep", GEX_LINK_BETA, 4, 0.2, 0, GEX_ROLE_OTHER, 0},
                                                   {"out of reach", GEX_LINK_BETA, 6, 1, 0, GEX_ROLE_OTHER, 0},
                                                   {"apart", GEX_LINK_BETA, 0, 1, 0, GEX_ROLE_OTHER, 0},
                                                   {"small", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_OTHER, 0}};

/* Crowds at prices of their own and the worked chain; `gross`: all positions above zero. */
static void scenes_open(struct scene *scenes, bool by_price, bool gross)
{
    static const double spots[MEMBERS] = {SPOT, 5025, 73, 21, 12, 300, 500};
    static struct crowd crowd;

    for (int i = 0; i < MEMBERS; i++) {
        const bool small = i == MEMBERS - 1;
        struct option_row mine[WORKED_ROWS];
        gex_market_options options;

        crowd_fill(&crowd);
        memcpy(mine, worked_rows, sizeof mine);
        for (int r = 0; r < (small ? WORKED_ROWS : CROWD_ROWS); r++) {
            struct option_row *row = small ? &mine[r] : &crowd.rows[r];
            row->dealer = gross ? fabs(row->dealer) : row->dealer;
        }
        scenes[i] = scaled_scene(small ? mine : crowd.rows, small ? WORKED_ROWS : CROWD_ROWS, SPOT, spots[i] / SPOT,
                                 1.0 + i, GEX_SIGN_INVENTORY_GIVEN);
        if (!by_price)
            continue;
        gex_market_free(scenes[i].market);
        gex_market_options_init(&options, sizeof options);
        options.clock = GEX_CLOCK_CAL_365, options.style = GEX_STYLE_EUROPEAN, options.dynamics = GEX_DYNAMICS_BETA;
        options.dynamics_parameter = 1e-300;
        options.as_of = AS_OF, options.spot = spots[i], options.vol = GEX_VOL_GIVEN;
        options.forward = GEX_FORWARD_RATE, options.rate = 0.04, options.carry_yield = 0.013;
        ck_assert_int_eq(gex_market_create(NULL, scenes[i].chain, &options, &scenes[i].market, NULL), GEX_OK);
    }
}

static void scenes_close(struct scene *scenes)
{
    for (int i = 0; i < MEMBERS; i++)
        scene_free(&scenes[i]);
}

static gex_basket *basket_made(bool by_price, bool gross)
{
    struct scene scenes[MEMBERS];
    gex_basket *basket;

    scenes_open(scenes, by_price, gross);
    basket = basket_of(scenes, members, MEMBERS, SPOT);
    scenes_close(scenes);
    return basket;
}

static gex_profile_options options_of(double low, double high)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.low = low;
    options.high = high;
    options.points = PRICES;
    return options;
}

static gex_profile *profile_of(const gex_context *context, const gex_basket *basket, double *lines)
{
    const gex_profile_options options = options_of(0.8, 1.2);
    gex_profile *profile = NULL;
    gex_error error;

    ck_assert_msg(gex_basket_profile_compute(context, basket, &options, lines, &profile, &error) == GEX_OK, "%s",
                  error.message);
    return profile;
}

/* Within 1e-12 of the sum of absolute values, of each member and of all, and NaN where a member has no price. */
START_TEST(a_sweep_is_the_sum_at_each_price)
{
    static double swept[MEMBERS * PRICES], summed[MEMBERS * PRICES], absolute[MEMBERS * PRICES];
    gex_basket *fast = basket_made(false, false), *slow = basket_made(true, false), *all = basket_made(true, true);
    gex_profile *x = profile_of(NULL, fast, swept), *y = profile_of(NULL, slow, summed);
    gex_profile *z = profile_of(NULL, all, absolute);

    for (int p = 0; p < PRICES; p++) {
        const double difference = gex_profile_values(x, NULL)[p] - gex_profile_values(y, NULL)[p];

        ck_assert_int_eq(isnan(gex_profile_values(x, NULL)[p]), isnan(gex_profile_values(y, NULL)[p]));
        ck_assert(!(fabs(difference) > 1e-12 * gex_profile_values(z, NULL)[p]));
        for (int m = 0; m < MEMBERS; m++) {
            const int at = m * PRICES + p;

            ck_assert_int_eq(isnan(swept[at]), isnan(summed[at]));
            ck_assert_msg(!(fabs(swept[at] - summed[at]) > 1e-12 * absolute[at]), "%s at %g: %.17g, not %.17g of %g",
                          members[m].name, gex_profile_prices(x, NULL)[p], swept[at], summed[at], absolute[at]);
        }
    }
    gex_profile_free(x), gex_profile_free(y), gex_profile_free(z);
    gex_basket_free(fast), gex_basket_free(slow), gex_basket_free(all);
}
END_TEST

START_TEST(flips_are_those_of_the_sum)
{
    gex_basket *fast = basket_made(false, false), *slow = basket_made(true, false);
    const gex_profile_options options = options_of(0.8, 1.2);
    gex_flips *x, *y;

    ck_assert_int_eq(gex_basket_flips_compute(NULL, fast, &options, &x, NULL), GEX_OK);
    ck_assert_int_eq(gex_basket_flips_compute(NULL, slow, &options, &y, NULL), GEX_OK);
    ck_assert_int_gt(gex_flips_count(y), 1);
    ck_assert_int_eq(gex_flips_count(x), gex_flips_count(y));
    ck_assert_int_eq(gex_flips_status(x), gex_flips_status(y));
    ck_assert_double_eq(gex_flips_low(x), gex_flips_low(y));
    for (int64_t i = 0; i < gex_flips_count(y); i++) {
        ck_assert_double_eq_tol(gex_flips_price(x, i), gex_flips_price(y, i), 1e-9 * gex_flips_price(y, i));
        ck_assert_int_eq(gex_flips_direction(x, i), gex_flips_direction(y, i));
        ck_assert_double_eq_tol(gex_flips_slope(x, i), gex_flips_slope(y, i), 1e-6 * fabs(gex_flips_slope(y, i)));
        ck_assert_double_eq_tol(gex_flips_size(x, i), gex_flips_size(y, i), 1e-9);
    }
    gex_flips_free(x), gex_flips_free(y);
    gex_basket_free(fast), gex_basket_free(slow);
}
END_TEST

/* One member at the price of the reference: what its market has, to the bit. */
START_TEST(one_member_is_its_market)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_basket *basket = basket_of(&scene, members, 1, CROWD_SPOT);
    const gex_profile_options options = options_of(0.8, 1.2);
    gex_profile *one = profile_of(NULL, basket, NULL), *market = NULL;

    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &market, NULL), GEX_OK);
    ck_assert_mem_eq(gex_profile_values(one, NULL), gex_profile_values(market, NULL), PRICES * sizeof(double));
    gex_profile_free(one), gex_profile_free(market);
    gex_basket_free(basket);
    scene_free(&scene);
}
END_TEST

/* Fails at the call of its number. */
static int32_t run_fails_later(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    int *left = user;

    if ((*left)-- == 0)
        return 1;
    return run_in_reverse(NULL, task, arg, n);
}

START_TEST(no_executor_shows)
{
    gex_basket *basket = basket_made(false, false);
    gex_profile *here = profile_of(NULL, basket, NULL), *there;
    gex_context_options host;
    gex_context *context;

    gex_context_options_init(&host, sizeof host);
    host.run = run_in_reverse;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    there = profile_of(context, basket, NULL);
    ck_assert_mem_eq(gex_profile_values(here, NULL), gex_profile_values(there, NULL), PRICES * sizeof(double));
    gex_profile_free(here), gex_profile_free(there);
    gex_context_free(context);
    gex_basket_free(basket);
}
END_TEST

START_TEST(an_executor_that_fails_at_any_call_is_told)
{
    gex_basket *basket = basket_made(false, false);
    const gex_profile_options options = options_of(0.8, 1.2);
    gex_context_options host;
    int failed = 0;

    gex_context_options_init(&host, sizeof host);
    host.run = run_fails_later;
    for (int at = 0;; at++, failed++) {
        int left = at;
        gex_profile *profile = NULL;
        gex_context *context;
        gex_status status;

        host.run_user = &left;
        ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
        status = gex_basket_profile_compute(context, basket, &options, NULL, &profile, NULL);
        gex_context_free(context);
        gex_profile_free(profile);
        if (status == GEX_OK)
            break;
        ck_assert_int_eq(status, GEX_ERR_CALLBACK);
        ck_assert_ptr_null(profile);
    }
    ck_assert_int_eq(failed, SWEPT * 3 + 1); /* nodes, lines and ends of each, and what is left */
    gex_basket_free(basket);
}
END_TEST

Suite *suite_basket_sweep(void)
{
    Suite *suite = suite_create("basket_sweep");
    TCase *sweeps = tcase_create("sweeps");

    tcase_set_timeout(sweeps, 120);
    tcase_add_test(sweeps, a_sweep_is_the_sum_at_each_price);
    tcase_add_test(sweeps, flips_are_those_of_the_sum);
    tcase_add_test(sweeps, one_member_is_its_market);
    tcase_add_test(sweeps, no_executor_shows);
    tcase_add_test(sweeps, an_executor_that_fails_at_any_call_is_told);
    suite_add_tcase(suite, sweeps);
    return suite;
}
