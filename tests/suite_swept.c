/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles and flips whose curves are swept: each price beside the exposure of a market rebuilt there, each root beside
 * the search that adds up line by line at every price.
 */
#include "risk/search.h"
#include "scene.h"
#include "shuffled.h"

Suite *suite_swept(void);

enum { PRICES = 201, SOME = 10 /* every so many of them are rebuilt */ };

/* What a profile asks of the executor: nodes, lines and ends of each sweep, and the rest. */
static const struct unit_case {
    int32_t unit;
    int     runs;
} cases[] = {{GEX_UNIT_GEX_USD_PCT, 4},     {GEX_UNIT_DEX_SHARES, 4},      {GEX_UNIT_DEX_USD, 4},
             {GEX_UNIT_VEX_USD_VOLPT, 4},   {GEX_UNIT_VEX_USD_RELPCT, 4},  {GEX_UNIT_VEX_USD_PT_BETA, 4},
             {GEX_UNIT_CEX_USD_CALDAY, 10}, {GEX_UNIT_CEX_USD_TOEXP, 10}, {GEX_UNIT_CEX_SHARES_CALDAY, 10}};

/* The crowd, where every row has time and a volatility. */
enum kind {
    TIMED,
    SPENT, /* but one settles now */
    LONG   /* and is held: delta is zero somewhere */
};

static struct scene timed_scene(enum kind kind)
{
    static struct crowd crowd;

    crowd_fill(&crowd);
    for (int i = 0; i < CROWD_ROWS; i++) {
        crowd.rows[i].years = crowd.rows[i].years > 0 ? crowd.rows[i].years : 1e-5 * (1 + i % 7);
        crowd.rows[i].vol = crowd.rows[i].vol > 0 ? crowd.rows[i].vol : 0.2;
        crowd.rows[i].dealer = kind == LONG ? fabs(crowd.rows[i].dealer) : crowd.rows[i].dealer;
    }
    if (kind == SPENT)
        crowd.rows[1].years = 0;
    return scene_of(crowd.rows, CROWD_ROWS, CROWD_SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
}

static gex_profile_options options_of(int32_t unit)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.beta = -10.0;
    options.points = PRICES;
    return options;
}

static int32_t run_counts(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    int *runs = user;

    (*runs)++;
    for (int64_t i = n - 1; i >= 0; i--)
        task(arg, i);
    return 0;
}

static gex_profile *profile_of(const struct scene *scene, int32_t unit, int *runs)
{
    const gex_profile_options options = options_of(unit);
    gex_profile *profile = NULL;
    gex_context_options host;
    gex_context *context;
    gex_error error;

    gex_context_options_init(&host, sizeof host);
    host.run = runs != NULL ? run_counts : NULL;
    host.run_user = runs;
    ck_assert_int_eq(gex_context_create(&host, &context, NULL), GEX_OK);
    ck_assert_msg(gex_profile_compute(context, scene->market, scene->book, &options, &profile, &error) == GEX_OK, "%s",
                  error.message);
    gex_context_free(context);
    return profile;
}

static gex_exposure *rebuilt(const struct scene *scene, int32_t unit, double spot)
{
    gex_market *market = scene_market(scene->chain, spot, 0.04, 0.013, AS_OF);
    gex_exposure *exposure = scene_exposure(market, scene->book, unit);

    gex_market_free(market);
    return exposure;
}

/* Within 1e-12 of the sum of absolute rows, which is no more than what lines are at most. */
static void same_as_rebuilt(const struct scene *scene, int32_t unit, const gex_profile *profile)
{
    for (int64_t k = 0; k < PRICES; k += SOME) {
        const double price = gex_profile_prices(profile, NULL)[k], value = gex_profile_values(profile, NULL)[k];
        gex_exposure *exposure = rebuilt(scene, unit, price);

        ck_assert_msg(fabs(value - gex_exposure_total(exposure)) <= 1e-12 * gex_exposure_gross(exposure),
                      "%s at %g: %.17g, not %.17g of %g", gex_unit_name(unit), price, value,
                      gex_exposure_total(exposure), gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
    }
}

START_TEST(a_profile_is_swept)
{
    const struct unit_case *c = &cases[_i];
    struct scene scene = timed_scene(TIMED);
    int runs = 0;
    gex_profile *here = profile_of(&scene, c->unit, NULL), *there = profile_of(&scene, c->unit, &runs);

    ck_assert_int_eq(runs, c->runs);
    ck_assert_mem_eq(gex_profile_values(here, NULL), gex_profile_values(there, NULL), PRICES * sizeof(double));
    same_as_rebuilt(&scene, c->unit, here);
    gex_profile_free(here);
    gex_profile_free(there);
    scene_free(&scene);
}
END_TEST

/* A line without a deviation steps: delta and charm are added up line by line. */
START_TEST(or_not_where_a_line_steps)
{
    const struct unit_case *c = &cases[_i];
    const bool vanna = c->unit >= GEX_UNIT_VEX_USD_UNIT && c->unit <= GEX_UNIT_VEX_USD_PT_BETA;
    const bool steps = c->unit != GEX_UNIT_GEX_USD_PCT && !vanna;
    struct scene scene = timed_scene(SPENT);
    int runs = 0;
    gex_profile *profile = profile_of(&scene, c->unit, &runs);

    ck_assert_int_eq(runs, steps ? 1 : c->runs);
    same_as_rebuilt(&scene, c->unit, profile);
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

/* The roots of the same sums, line by line at every price: a flow from no delta, of which nothing settles. */
static gex_flips *by_line(const struct scene *scene, int32_t unit)
{
    struct gex__scale scale = {.beta = -10.0};
    struct gex__search search = {.flow = true, .range = {CROWD_SPOT, 0.8, 1.2, 0}};
    struct gex__lines lines;
    gex_flips *flips = NULL;

    ck_assert_int_eq(gex__search_range(scene->market, &search.range, NULL), GEX_OK);
    ck_assert(gex__lines_create(NULL, scene->market, scene->book, &lines));
    search.curve = (struct gex__curve){.lines = &lines, .unit = gex__unit_of(unit), .scale = scale,
                                       .isa = gex__isa(NULL)};
    search.seen = &lines;
    ck_assert_int_eq(gex__search_run(NULL, &search, &flips), GEX_OK);
    gex__lines_drop(&lines);
    return flips;
}

/* To 4 ulp, as each search promises for the sum. */
START_TEST(flips_are_as_exact)
{
    const struct unit_case *c = &cases[1 + _i];
    const gex_profile_options options = options_of(c->unit);
    struct scene scene = timed_scene(c->unit < GEX_UNIT_VEX_USD_UNIT ? LONG : TIMED);
    gex_flips *flips = NULL, *expected = by_line(&scene, c->unit);

    ck_assert_int_eq(gex_flips_compute(NULL, scene.market, scene.book, &options, &flips, NULL), GEX_OK);
    ck_assert_int_gt(gex_flips_count(expected), 0);
    ck_assert_int_eq(gex_flips_count(flips), gex_flips_count(expected));
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        const double price = gex_flips_price(expected, i);

        ck_assert_msg(fabs(gex_flips_price(flips, i) - price) <= 8 * 0x1p-52 * price, "%s: %.17g, not %.17g",
                      gex_unit_name(c->unit), gex_flips_price(flips, i), price);
        ck_assert_int_eq(gex_flips_direction(flips, i), -gex_flips_direction(expected, i));
        ck_assert_int_eq(gex_flips_root_status(flips, i), gex_flips_root_status(expected, i));
    }
    gex_flips_free(flips);
    gex_flips_free(expected);
    scene_free(&scene);
}
END_TEST

/* Every position has its opposite: line by line that is nothing at all, and so it is here. */
START_TEST(nothing_is_nothing)
{
    static struct crowd crowd;
    struct scene scene;
    gex_profile *profile;

    crowd_fill(&crowd);
    for (int i = 0; i < CROWD_ROWS; i++) {
        struct option_row *row = &crowd.rows[i];

        *row = (struct option_row){GEX_CALL, 4000 + i / 2, 0.2, 1, i % 2 == 0 ? 100 : -100, 0.1};
        row->vol += i % 2 == 0 ? 0 : 1e-17; /* the same double */
    }
    scene = scene_of(crowd.rows, CROWD_ROWS, CROWD_SPOT, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    profile = profile_of(&scene, cases[1 + _i].unit, NULL);
    for (int k = 0; k < PRICES; k++)
        ck_assert_double_eq(gex_profile_values(profile, NULL)[k], 0);
    gex_profile_free(profile);
    scene_free(&scene);
}
END_TEST

Suite *suite_swept(void)
{
    Suite *suite = suite_create("swept");
    TCase *swept = tcase_create("swept");

    tcase_set_timeout(swept, 120);
    tcase_add_loop_test(swept, a_profile_is_swept, 0, LENGTH(cases));
    tcase_add_loop_test(swept, or_not_where_a_line_steps, 0, LENGTH(cases));
    tcase_add_loop_test(swept, flips_are_as_exact, 0, LENGTH(cases) - 1);
    tcase_add_loop_test(swept, nothing_is_nothing, 0, LENGTH(cases) - 1);
    suite_add_tcase(suite, swept);
    return suite;
}
