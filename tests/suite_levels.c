/* SPDX-License-Identifier: Apache-2.0 */
/* Walls, centroids, sign changes between strikes and max pain, on books small enough to do by hand. */
#include "scene.h"
#include "shuffled.h"

Suite *suite_levels(void);

/* DEX_SHARES of options settling now is exact by hand: a call below spot is 100 shares a contract, a put above -100. */
#define NOW 0.0
#define SPOT 5000.0
#define CALL(strike, contracts) {GEX_CALL, strike, 0.2, 1, contracts, NOW} /* delta +1 below spot, 0 above */
#define PUT(strike, contracts)  {GEX_PUT, strike, 0.2, 1, contracts, NOW}  /* delta 0 below spot, -1 above */

static gex_exposure *shares(const struct option_row *rows, int64_t count)
{
    struct scene scene = scene_of(rows, count, SPOT, 0.0, 0.0, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_SHARES);

    scene_free(&scene); /* the exposure keeps what it needs */
    return exposure;
}

/* ---- walls ------------------------------------------------------------------------------------------------------- */

enum { ROWS = 6 };
static const struct {
    const char       *name;
    int32_t           level;
    struct option_row rows[ROWS];
    int64_t           count;
    double            price, value;
} walls[] = {
    {"largest net", GEX_LEVEL_CALL_WALL_NET, {CALL(4900, 3), CALL(4950, 5), PUT(5100, 9)}, 3, 4950, 500},
    {"tie to the lower", GEX_LEVEL_CALL_WALL_NET, {CALL(4950, 5), CALL(4900, 5)}, 2, 4900, 500},
    {"no net above zero", GEX_LEVEL_CALL_WALL_NET, {CALL(4900, -3), PUT(5100, 9)}, 2, NAN, NAN},
    {"most negative net", GEX_LEVEL_PUT_WALL_NET, {CALL(4900, -3), PUT(5100, 9), PUT(5200, 2)}, 3, 5100, -900},
    {"tie to the lower, puts", GEX_LEVEL_PUT_WALL_NET, {PUT(5200, 9), PUT(5100, 9)}, 2, 5100, -900},
    {"no net below zero", GEX_LEVEL_PUT_WALL_NET, {CALL(4900, 3), PUT(5100, -9)}, 2, NAN, NAN},
    {"net of a strike, not of a row",
     GEX_LEVEL_CALL_WALL_NET,
     {CALL(4900, 8), CALL(4900, -6), CALL(4950, 3)},
     3,
     4950,
     300},
    {"calls without their sign",
     GEX_LEVEL_CALL_WALL_MAX_CALL,
     {CALL(4900, 8), CALL(4950, -9), PUT(5100, 90)},
     3,
     4950,
     900},
    {"calls not netted", GEX_LEVEL_CALL_WALL_MAX_CALL, {CALL(4900, 8), CALL(4900, -8), CALL(4950, 9)}, 3, 4900, 1600},
    {"puts without their sign",
     GEX_LEVEL_PUT_WALL_MAX_PUT,
     {PUT(5100, -8), PUT(5200, 7), CALL(4900, 90)},
     3,
     5100,
     800},
    {"no calls", GEX_LEVEL_CALL_WALL_MAX_CALL, {PUT(5100, 8)}, 1, NAN, NAN},
    {"no puts", GEX_LEVEL_PUT_WALL_MAX_PUT, {CALL(4900, 8)}, 1, NAN, NAN},
    {"at spot is above", GEX_LEVEL_CALL_WALL_ABOVE, {CALL(4900, 80), CALL(5000, 3)}, 2, 5000, 150},
    {"nothing above", GEX_LEVEL_CALL_WALL_ABOVE, {CALL(4900, 80)}, 1, NAN, NAN},
    {"at spot is below", GEX_LEVEL_PUT_WALL_BELOW, {PUT(5100, 80), PUT(5000, 3)}, 2, 5000, 150},
    {"calls and puts together", GEX_LEVEL_ABS_GAMMA, {CALL(4900, 8), CALL(5000, -6), PUT(5000, 12)}, 3, 5000, 900},
    {"nothing", GEX_LEVEL_ABS_GAMMA, {CALL(4900, 0)}, 1, NAN, NAN},
    {"centroid of what nets",
     GEX_LEVEL_HVL_CENTROID,
     {CALL(4900, 3), PUT(5100, 1), CALL(4950, 2), CALL(4950, -2)},
     4,
     4950,
     400},
    {"centroid of nothing", GEX_LEVEL_HVL_CENTROID, {CALL(4900, 0)}, 1, NAN, NAN},
    {"net at spot is above", GEX_LEVEL_CALL_WALL_NET_ABOVE, {CALL(4900, 80), CALL(5000, 3)}, 2, 5000, 150},
    {"no net above zero above spot", GEX_LEVEL_CALL_WALL_NET_ABOVE, {CALL(4900, 80), PUT(5100, 3)}, 2, NAN, NAN},
    {"net at spot is below", GEX_LEVEL_PUT_WALL_NET_BELOW, {PUT(5100, 80), PUT(5000, 3), CALL(4900, 9)}, 3, 5000, -150},
    {"largest either way, signed", GEX_LEVEL_ABS_NET, {CALL(4900, 3), PUT(5100, 9), CALL(4950, 8)}, 3, 5100, -900},
    {"tie to the lower, either way", GEX_LEVEL_ABS_NET, {CALL(4900, 9), PUT(5100, 9)}, 2, 4900, 900},
    {"lowest point of the sum",
     GEX_LEVEL_HVL_SLOPE,
     {CALL(4800, 2), CALL(4850, -3), CALL(4900, -1), CALL(4950, 1), PUT(5100, -9)},
     5,
     4900,
     -200},
    {"two dips, the deeper",
     GEX_LEVEL_HVL_SLOPE,
     {CALL(4800, -2), CALL(4850, 3), CALL(4900, -5), CALL(4950, 1)},
     4,
     4900,
     -400},
    {"falls to the end", GEX_LEVEL_HVL_SLOPE, {CALL(4800, 2), CALL(4850, -3), CALL(4900, -1)}, 3, NAN, NAN},
    {"never falls", GEX_LEVEL_HVL_SLOPE, {CALL(4800, 2), CALL(4850, 3)}, 2, NAN, NAN},
};

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

START_TEST(walls_by_hand)
{
    gex_exposure *exposure = shares(walls[_i].rows, walls[_i].count);
    double price = 1, value = 1;

    ck_assert_int_eq(gex_level(exposure, walls[_i].level, &price, &value, NULL), GEX_OK);
    ck_assert_msg(same(price, walls[_i].price) && same(value, walls[_i].value), "%s: %g at %g", walls[_i].name, value,
                  price);
    ck_assert_int_eq(gex_level(exposure, walls[_i].level, &price, NULL, NULL), GEX_OK);
    ck_assert(same(price, walls[_i].price));
    gex_exposure_free(exposure);
}
END_TEST

/* ---- ranks, sides, bands ----------------------------------------------------------------------------------------- */

static const struct {
    int32_t level;
    int64_t rank;
    double  spot, price, value;
} ranks[] = {
    {GEX_LEVEL_CALL_WALL_NET, 0, 0, 4900, 800},    {GEX_LEVEL_CALL_WALL_NET, 1, 0, 4940, 800},
    {GEX_LEVEL_CALL_WALL_NET, 2, 0, 4920, 500},    {GEX_LEVEL_CALL_WALL_NET, 3, 0, NAN, NAN},
    {GEX_LEVEL_PUT_WALL_NET, 0, 0, 5100, -700},    {GEX_LEVEL_PUT_WALL_NET, 1, 0, NAN, NAN},
    {GEX_LEVEL_ABS_NET, 2, 0, 5100, -700},         {GEX_LEVEL_ABS_NET, 3, 0, 4920, 500},
    {GEX_LEVEL_CALL_WALL_ABOVE, 0, 4910, 4940, 800}, {GEX_LEVEL_CALL_WALL_ABOVE, 1, 4910, 4920, 500},
    {GEX_LEVEL_CALL_WALL_ABOVE, 0, 4941, NAN, NAN}, {GEX_LEVEL_CALL_WALL_NET, INT64_MAX, 0, NAN, NAN},
};

START_TEST(walls_have_ranks_and_sides)
{
    const struct option_row rows[] = {CALL(4940, 8), CALL(4900, 8), CALL(4920, 5), PUT(5100, 7), CALL(4930, 0)};
    gex_exposure *exposure = shares(rows, LENGTH(rows));
    double price = 1, value = 1;

    ck_assert_int_eq(gex_level_ranked(exposure, ranks[_i].level, ranks[_i].rank, ranks[_i].spot, &price, &value, NULL),
                     GEX_OK);
    ck_assert_msg(same(price, ranks[_i].price) && same(value, ranks[_i].value), "%g at %g", value, price);
    ck_assert_int_eq(gex_level_ranked(exposure, ranks[_i].level, -1, 0, &price, &value, NULL), GEX_ERR_DOMAIN);
    ck_assert(isnan(price) && isnan(value));
    ck_assert_int_eq(gex_level_ranked(exposure, ranks[_i].level, 0, -1, &price, NULL, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_level_ranked(exposure, GEX_LEVEL_HVL_SLOPE, 0, 0, &price, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_level_ranked(exposure, GEX_LEVEL_HVL_CENTROID, 0, 0, &price, NULL, NULL), GEX_ERR_ARGUMENT);
    gex_exposure_free(exposure);
}
END_TEST

/* Levels that do not follow price: of a market at the close before, above and below today's spot. */
START_TEST(frozen_walls_are_those_of_the_reference_market)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    gex_shift_options back;
    gex_market *frozen, *same_spot;
    gex_exposure *exposure, *other;
    double price, value, again, whole;

    gex_shift_options_init(&back, sizeof back);
    back.spot = 5150;
    ck_assert_int_eq(gex_market_shift(NULL, scene.market, &back, &frozen, NULL), GEX_OK);
    same_spot = scene_market(scene.chain, 5150, 0.04, 0.013, AS_OF);
    exposure = scene_exposure(frozen, scene.book, GEX_UNIT_GEX_USD_PCT);
    other = scene_exposure(same_spot, scene.book, GEX_UNIT_GEX_USD_PCT);
    ck_assert_int_eq(gex_level_ranked(exposure, GEX_LEVEL_CALL_WALL_ABOVE, 0, SPOT, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq(price, 5200); /* at 5000 it is the 5000 of calls settling today, which are far below 5150 */
    ck_assert_int_eq(gex_level(other, GEX_LEVEL_CALL_WALL_MAX_CALL, &again, &whole, NULL), GEX_OK);
    ck_assert_double_eq(again, price);
    ck_assert_double_eq_tol(value, whole, 1e-9 * whole);
    gex_exposure_free(other);
    gex_exposure_free(exposure);
    gex_market_free(same_spot);
    gex_market_free(frozen);
    scene_free(&scene);
}
END_TEST

static const struct {
    double part, low, high;
} bands[] = {{0.01, 4800, 4800}, {0.4, 4800, 4800}, {0.41, 4800, 4820}, {0.6, 4800, 4820}, {0.61, 4800, 4900},
             {0.7, 4800, 4900},  {0.71, 4800, 5100}, {1, 4800, 5100}};

/* |net| 400, 200, 100, 300 of 1000: every range by hand. */
START_TEST(the_band_is_the_narrowest_range)
{
    const struct option_row rows[] = {CALL(4800, 4), CALL(4820, -2), CALL(4900, 1), PUT(5100, 3), CALL(4700, 0)};
    gex_exposure *exposure = shares(rows, LENGTH(rows)), *nothing = shares(rows + 4, 1);
    double low, high;

    ck_assert_int_eq(gex_concentration_band(exposure, bands[_i].part, &low, &high, NULL), GEX_OK);
    ck_assert_msg(low == bands[_i].low && high == bands[_i].high, "%g: %g to %g", bands[_i].part, low, high);
    ck_assert_int_eq(gex_concentration_band(nothing, 0.5, &low, &high, NULL), GEX_OK);
    ck_assert(isnan(low) && isnan(high));
    ck_assert_int_eq(gex_concentration_band(exposure, 0, &low, &high, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_concentration_band(exposure, 1.01, &low, &high, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_concentration_band(exposure, NOT_A_NUMBER, &low, &high, NULL), GEX_ERR_DOMAIN);
    gex_exposure_free(nothing);
    gex_exposure_free(exposure);
}
END_TEST

/* Every pair of strikes of a crowd, tried one after another. */
START_TEST(no_narrower_band_holds_as_much)
{
    struct crowd crowd;
    struct scene scene = crowd_scene(&crowd, GEX_SIGN_INVENTORY_GIVEN);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_USD);
    int64_t strikes;
    const double *net = gex_exposure_by(exposure, GEX_BY_STRIKE, GEX_SUM_NET, &strikes);
    const double *price = gex_chain_strikes(scene.chain, NULL);
    double low, high, whole = 0, narrowest = INFINITY;

    for (int64_t k = 0; k < strikes; k++)
        whole += fabs(net[k]);
    for (int64_t a = 0; a < strikes; a++) {
        double held = 0;
        for (int64_t b = a; b < strikes; b++) {
            held += fabs(net[b]);
            if (held >= 0.5 * whole && price[b] - price[a] < narrowest)
                narrowest = price[b] - price[a];
        }
    }
    ck_assert_int_eq(gex_concentration_band(exposure, 0.5, &low, &high, NULL), GEX_OK);
    ck_assert_double_eq(high - low, narrowest);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* Of the worked chain's naive profile: the grid's own largest and lowest. */
START_TEST(peaks_are_the_ends_of_the_profile)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    struct scene none = scene_of(worked_rows, WORKED_ROWS, SPOT, 0.04, 0.013, GEX_SIGN_DEALER_ALL_LONG);
    gex_profile_options options;
    gex_profile *profile, *above;
    double price, value, most = 0, least = 0;
    int64_t count;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_profile_compute(NULL, scene.market, scene.book, &options, &profile, NULL), GEX_OK);
    ck_assert_int_eq(gex_profile_compute(NULL, none.market, none.book, &options, &above, NULL), GEX_OK);
    gex_profile_values(profile, &count);
    for (int64_t i = 0; i < count; i++) {
        most = fmax(most, gex_profile_values(profile, NULL)[i]);
        least = fmin(least, gex_profile_values(profile, NULL)[i]);
    }
    ck_assert_int_eq(gex_profile_peak(profile, GEX_UP, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq(value, most);
    ck_assert(price > 5000 && price < 5050); /* the calls of 5025 */
    ck_assert_int_eq(gex_profile_peak(profile, GEX_DOWN, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq(value, least);
    ck_assert(price > 4950 && price < 5000); /* the puts of 4975 */
    ck_assert_int_eq(gex_profile_peak(above, GEX_DOWN, &price, &value, NULL), GEX_OK);
    ck_assert(isnan(price) && isnan(value));
    ck_assert_int_eq(gex_profile_peak(profile, 0, &price, NULL, NULL), GEX_ERR_ARGUMENT);
    gex_profile_free(above);
    gex_profile_free(profile);
    scene_free(&none);
    scene_free(&scene);
}
END_TEST

/* Open interest of used rows: a refused row's contracts are no wall, and one without a number is none. */
START_TEST(walls_of_open_interest)
{
    const struct option_row rows[] = {{GEX_CALL, 4900, 0.2, 50, 1, 0.1},  {GEX_CALL, 4950, 0.2, 30, 1, 0.1},
                                      {GEX_CALL, 4950, 0.2, 25, 1, 0.2},  {GEX_CALL, 5000, 0.0, 900, 1, 0.1},
                                      {GEX_PUT, 4900, 0.2, 60, 1, 0.1},   {GEX_PUT, 4800, 0.2, 60, 1, 0.1},
                                      {GEX_PUT, 4700, 0.2, NAN, 1, 0.1}};
    gex_exposure *exposure = shares(rows, LENGTH(rows));
    double price, value;

    ck_assert_int_eq(gex_level(exposure, GEX_LEVEL_CALL_WALL_OI, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq(price, 4950);
    ck_assert_double_eq(value, 55);
    ck_assert_int_eq(gex_level(exposure, GEX_LEVEL_PUT_WALL_OI, &price, &value, NULL), GEX_OK);
    ck_assert_double_eq(price, 4800);
    ck_assert_double_eq(value, 60);
    gex_exposure_free(exposure);
}
END_TEST

START_TEST(centroid_of_numbers_near_the_end_of_the_range)
{
    const struct option_row rows[] = {CALL(4900, 1e305), PUT(5100, 1e305)};
    gex_exposure *exposure = shares(rows, 2);
    double price;

    ck_assert_int_eq(gex_level(exposure, GEX_LEVEL_HVL_CENTROID, &price, NULL, NULL), GEX_OK);
    ck_assert_double_eq(price, 5000);
    gex_exposure_free(exposure);
}
END_TEST

START_TEST(level_doors)
{
    const struct option_row rows[] = {CALL(4900, 1)};
    gex_exposure *exposure = shares(rows, 1);
    double price, value;

    for (int32_t level = 1; level <= GEX_LEVEL_LAST_; level++)
        ck_assert_int_eq(gex_level_find(gex_level_name(level)), level);
    ck_assert_int_eq(gex_level_find("CALL_WALL_NET"), 0);
    ck_assert_int_eq(gex_level_find(NULL), 0);
    ck_assert_str_eq(gex_level_name(0), "unknown");
    ck_assert_int_eq(gex_level(exposure, 0, &price, &value, NULL), GEX_ERR_ARGUMENT);
    ck_assert(isnan(price) && isnan(value));
    ck_assert_int_eq(gex_level(exposure, GEX_LEVEL_LAST_ + 1, &price, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_level(NULL, 1, &price, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_level(exposure, 1, NULL, &value, NULL), GEX_ERR_ARGUMENT);
    gex_exposure_free(exposure);
}
END_TEST

/* ---- sign changes between strikes -------------------------------------------------------------------------------- */

enum { CROSSINGS = 3 };
static const struct {
    const char       *name;
    int32_t           kind;
    struct option_row rows[ROWS];
    int64_t           count, crossings;
    double            at[CROSSINGS];
} changes[] = {
    {"half way", GEX_STRIKE_SIGN, {CALL(4900, -1), CALL(4950, 1)}, 2, 1, {4925}},
    {"a quarter of the way", GEX_STRIKE_SIGN, {CALL(4900, 1), CALL(4940, -3)}, 2, 1, {4910}},
    {"none", GEX_STRIKE_SIGN, {CALL(4900, 1), CALL(4940, 3)}, 2, 0, {0}},
    {"one strike", GEX_STRIKE_SIGN, {CALL(4900, 1)}, 1, 0, {0}},
    {"three",
     GEX_STRIKE_SIGN,
     {CALL(4800, 1), CALL(4850, -1), CALL(4900, 1), CALL(4950, -1)},
     4,
     3,
     {4825, 4875, 4925}},
    {"a strike that nets to zero",
     GEX_STRIKE_SIGN,
     {CALL(4800, 1), CALL(4850, 2), CALL(4850, -2), CALL(4950, -1)},
     4,
     1,
     {4850}},
    {"a stretch of them",
     GEX_STRIKE_SIGN,
     {CALL(4800, 1), CALL(4850, 2), CALL(4850, -2), CALL(4890, 2), CALL(4890, -2), CALL(4950, -1)},
     6,
     1,
     {4870}},
    {"zero and back", GEX_STRIKE_SIGN, {CALL(4800, 1), CALL(4850, 2), CALL(4850, -2), CALL(4950, 1)}, 4, 0, {0}},
    {"a listed strike nobody holds", GEX_STRIKE_SIGN, {CALL(4900, -1), CALL(4910, 0), CALL(4950, 1)}, 3, 1, {4925}},
    {"ends at zero", GEX_STRIKE_SIGN, {CALL(4800, 1), CALL(4850, 2), CALL(4850, -2)}, 3, 0, {0}},
    {"running sum", GEX_STRIKE_CUM, {CALL(4800, 1), CALL(4850, 1), CALL(4900, -4)}, 3, 1, {4875}},
    {"running sum does not begin at zero", GEX_STRIKE_CUM, {CALL(4800, -1), CALL(4850, -1)}, 2, 0, {0}},
    {"running sum, unheld strike between",
     GEX_STRIKE_CUM,
     {CALL(4800, 2), CALL(4840, 0), CALL(4900, -4)},
     3,
     1,
     {4850}},
};

START_TEST(sign_changes_by_hand)
{
    gex_exposure *exposure = shares(changes[_i].rows, changes[_i].count);
    double at[CROSSINGS + 1] = {0}, first[2] = {-1, -1};
    int64_t count = -1;

    ck_assert_int_eq(gex_strike_flips(exposure, changes[_i].kind, at, CROSSINGS + 1, &count, NULL), GEX_OK);
    ck_assert_msg(count == changes[_i].crossings, "%s: %d crossings", changes[_i].name, (int)count);
    for (int64_t i = 0; i < count; i++)
        ck_assert_msg(at[i] == changes[_i].at[i], "%s: at %.17g", changes[_i].name, at[i]);
    ck_assert_int_eq(gex_strike_flips(exposure, changes[_i].kind, NULL, 0, &count, NULL), GEX_OK);
    ck_assert_int_eq(count, changes[_i].crossings);
    ck_assert_int_eq(gex_strike_flips(exposure, changes[_i].kind, first, 1, &count, NULL), GEX_OK);
    ck_assert_int_eq(count, changes[_i].crossings); /* what there is, not what there was room for */
    ck_assert_double_eq(first[1], -1);
    gex_exposure_free(exposure);
}
END_TEST

START_TEST(strike_flip_doors)
{
    const struct option_row rows[] = {CALL(4900, 1)};
    gex_exposure *exposure = shares(rows, 1);
    int64_t count;
    double price;

    ck_assert_int_eq(gex_strike_flips(NULL, GEX_STRIKE_SIGN, &price, 1, &count, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_strike_flips(exposure, 0, &price, 1, &count, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_strike_flips(exposure, 3, &price, 1, &count, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_strike_flips(exposure, GEX_STRIKE_SIGN, &price, -1, &count, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_strike_flips(exposure, GEX_STRIKE_SIGN, NULL, 1, &count, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_strike_flips(exposure, GEX_STRIKE_SIGN, &price, 1, NULL, NULL), GEX_ERR_ARGUMENT);
    gex_exposure_free(exposure);
}
END_TEST

/* ---- max pain ---------------------------------------------------------------------------------------------------- */

/* What holders of one expiry receive if it settles at a price. */
static double pain(const gex_chain *chain, int64_t expiry, double at)
{
    double sum = 0.0;

    for (int64_t i = 0; i < gex_chain_rows(chain); i++) {
        const double units = gex_chain_open_interest(chain)[i] * gex_chain_multiplier(chain)[i];
        if (gex_chain_expiry_index(chain)[i] == expiry)
            sum += units * fmax(0.0, gex_chain_right(chain)[i] * (at - gex_chain_strike(chain)[i]));
    }
    return sum;
}

START_TEST(max_pain_is_the_least_of_all_strikes)
{
    struct crowd crowd;
    struct scene scene;
    int64_t expiries;

    crowd_fill(&crowd);
    scene.chain = scene_chain(crowd.rows, CROWD_ROWS, 100.0);
    gex_chain_expiries(scene.chain, &expiries);
    ck_assert_int_gt(expiries, 5);
    for (int64_t e = 0; e < expiries; e++) {
        double got, best = NOT_A_NUMBER, least = INFINITY;
        int64_t strikes;
        const double *strike = gex_chain_strikes(scene.chain, &strikes);

        for (int64_t k = 0; k < strikes; k++) /* integers: sums are exact, and ties are ties */
            if (pain(scene.chain, e, strike[k]) < least) {
                least = pain(scene.chain, e, strike[k]);
                best = strike[k];
            }
        ck_assert_int_eq(gex_max_pain(scene.chain, e, &got, NULL), GEX_OK);
        ck_assert_double_eq(pain(scene.chain, e, got), least);
        ck_assert_double_ge(got, best);
    }
    gex_chain_free(scene.chain);
}
END_TEST

static const struct {
    const char       *name;
    struct option_row rows[ROWS];
    int64_t           count;
    double            price;
} pains[] = {
    {"one call", {{GEX_CALL, 5000, 0.2, 5, 0, 0.1}}, 1, 5000},
    {"flat between two strikes: the lower",
     {{GEX_CALL, 5100, 0.2, 5, 0, 0.1}, {GEX_PUT, 5000, 0.2, 5, 0, 0.1}},
     2,
     5000},
    {"balance of three",
     {{GEX_CALL, 4900, 0.2, 3, 0, 0.1}, {GEX_CALL, 5000, 0.2, 1, 0, 0.1}, {GEX_PUT, 5100, 0.2, 4, 0, 0.1}},
     3,
     5000},
    {"no open interest", {{GEX_CALL, 5000, 0.2, 0, 0, 0.1}, {GEX_PUT, 5000, 0.2, 0, 0, 0.1}}, 2, NAN},
    {"no number", {{GEX_CALL, 5000, 0.2, NAN, 0, 0.1}}, 1, NAN},
    {"the others do not count",
     {{GEX_CALL, 5000, 0.2, 5, 0, 0.1}, {GEX_CALL, 4000, 0.2, 500, 0, 0.2}, {GEX_CALL, -1, 0.2, 500, 0, 0.1}},
     3,
     5000},
};

START_TEST(max_pain_by_hand)
{
    gex_chain *chain = scene_chain(pains[_i].rows, pains[_i].count, 100.0);
    double price;

    ck_assert_int_eq(gex_max_pain(chain, 0, &price, NULL), GEX_OK);
    ck_assert_msg(same(price, pains[_i].price), "%s: %g", pains[_i].name, price);
    ck_assert_int_eq(gex_max_pain(chain, -1, &price, NULL), GEX_ERR_ARGUMENT);
    ck_assert(isnan(price));
    ck_assert_int_eq(gex_max_pain(chain, 99, &price, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_max_pain(NULL, 0, &price, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_max_pain(chain, 0, NULL, NULL), GEX_ERR_ARGUMENT);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_levels(void)
{
    Suite *suite = suite_create("levels");
    TCase *wall = tcase_create("walls"), *change = tcase_create("sign changes"), *max_pain = tcase_create("max pain");

    tcase_add_loop_test(wall, walls_by_hand, 0, LENGTH(walls));
    tcase_add_test(wall, walls_of_open_interest);
    tcase_add_loop_test(wall, walls_have_ranks_and_sides, 0, LENGTH(ranks));
    tcase_add_test(wall, frozen_walls_are_those_of_the_reference_market);
    tcase_add_loop_test(wall, the_band_is_the_narrowest_range, 0, LENGTH(bands));
    tcase_add_test(wall, no_narrower_band_holds_as_much);
    tcase_add_test(wall, peaks_are_the_ends_of_the_profile);
    tcase_add_test(wall, centroid_of_numbers_near_the_end_of_the_range);
    tcase_add_test(wall, level_doors);
    suite_add_tcase(suite, wall);

    tcase_add_loop_test(change, sign_changes_by_hand, 0, LENGTH(changes));
    tcase_add_test(change, strike_flip_doors);
    suite_add_tcase(suite, change);

    tcase_add_test(max_pain, max_pain_is_the_least_of_all_strikes);
    tcase_add_loop_test(max_pain, max_pain_by_hand, 0, LENGTH(pains));
    suite_add_tcase(suite, max_pain);
    return suite;
}
