/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong arguments at every door: unknown choices,
 * impossible counts and strides, numbers out of domain, refusing callbacks. */
#define _GNU_SOURCE /* feenableexcept */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "doors.h"
#include "refusal.h"

Suite *suite_hostile(void);

static struct world world;

static void open_world(void)
{
    gex_error error = {0};
    ck_assert_msg(world_open(&world, NULL, &error) == GEX_OK, "%s", error.message);
}

static void close_world(void)
{
    world_close(&world);
}

/* ---- choices ----------------------------------------------------------------------------------------------------- */

static const int32_t unknown[] = {0, -1, 1000, INT32_MAX, INT32_MIN};
enum { UNKNOWN = sizeof unknown / sizeof *unknown };

#define MARKET(expected, ...)                                                              \
    do {                                                                                   \
        gex_market_options options = world_market_options(&world);                         \
        __VA_ARGS__;                                                                       \
        CALLED(market, expected, gex_market_create(NULL, world.chain, &options, OUT));     \
    } while (0)
#define SHIFT(expected, ...)                                                               \
    do {                                                                                   \
        gex_shift_options options = world_shift_options(&world);                           \
        __VA_ARGS__;                                                                       \
        CALLED(market, expected, gex_market_shift(NULL, world.market, &options, OUT));     \
    } while (0)
#define SPLIT(expected, ...)                                                               \
    do {                                                                                   \
        gex_split_columns columns = world_split_columns(&world);                           \
        __VA_ARGS__;                                                                       \
        ASKED(expected, gex_surface_split(NULL, world.svi, world.svi, &columns, NULL, NULL, NULL,      \
                                          NULL, NULL, RECORD));                            \
    } while (0)
#define CALENDAR(expected, ...)                                                            \
    do {                                                                                   \
        gex_calendar_options options = world_calendar_options(&world);                     \
        __VA_ARGS__;                                                                       \
        CALLED(calendar, expected, gex_calendar_create(NULL, &options, OUT));              \
    } while (0)
#define QUOTES(expected, ...)                                                              \
    do {                                                                                   \
        gex_quotes_options options = world_quotes_options(&world);                         \
        __VA_ARGS__;                                                                       \
        CALLED(quotes, expected, gex_quotes_create(NULL, world.market, &options, OUT));    \
    } while (0)
#define BOOK(expected, ...)                                                                \
    do {                                                                                   \
        gex_book_options options = world_book_options();                                   \
        __VA_ARGS__;                                                                       \
        CALLED(book, expected, gex_book_create(NULL, world.chain, &options, OUT));         \
    } while (0)
#define EXPOSURE(expected, ...)                                                            \
    do {                                                                                   \
        gex_exposure_options options = world_exposure_options();                           \
        __VA_ARGS__;                                                                       \
        CALLED(exposure, expected, gex_exposure_compute(NULL, world.greeks, world.book, &options, OUT)); \
    } while (0)
#define GROUPING(expected, ...)                                                            \
    do {                                                                                   \
        gex_grouping_options options = world_grouping_options();                           \
        __VA_ARGS__;                                                                       \
        CALLED(grouping, expected, gex_grouping_compute(NULL, world.exposure, &options, OUT)); \
    } while (0)
#define ROBUSTNESS(expected, ...)                                                          \
    do {                                                                                   \
        gex_robustness_options options = world_robustness_options();                       \
        gex_market_options market = world_market_options(&world);                          \
        gex_book_options book = world_book_options();                                      \
        options.left_out = 510;                                                            \
        __VA_ARGS__;                                                                       \
        CALLED(robustness, expected, gex_robustness_compute(NULL, world.chain, &market, &book, &options, OUT)); \
    } while (0)
#define MEASURE(expected, ...)                                                             \
    do {                                                                                   \
        gex_measure_options options;                                                       \
        double measured;                                                                   \
        gex_measure_options_init(&options, sizeof options);                                \
        __VA_ARGS__;                                                                       \
        ASKED(expected, gex_measure(world.exposure, GEX_MEASURE_TOP_SHARE, &options, &measured, RECORD)); \
    } while (0)
#define DIFFERENCE(expected, ...)                                                          \
    do {                                                                                   \
        gex_difference_options options = world_difference_options();                       \
        __VA_ARGS__;                                                                       \
        CALLED(difference, expected, gex_difference_compute(NULL, world.market, world.book, world.moved, world.book, \
                                                            &options, OUT));               \
    } while (0)
#define PROFILE(expected, ...)                                                             \
    do {                                                                                   \
        gex_profile_options options = world_profile_options();                             \
        __VA_ARGS__;                                                                       \
        CALLED(profile, expected, gex_profile_compute(NULL, world.market, world.book, &options, OUT)); \
        CALLED(flips, expected, gex_flips_compute(NULL, world.market, world.book, &options, OUT)); \
    } while (0)
#define FLOW(expected, ...)                                                                \
    do {                                                                                   \
        gex_flow_options options = world_flow_options(&world);                             \
        __VA_ARGS__;                                                                       \
        CALLED(flow, expected, gex_flow_compute(NULL, world.market, world.book, &options, OUT)); \
    } while (0)
#define FIELD(expected, ...)                                                               \
    do {                                                                                   \
        gex_field_options options = world_field_options(&world);                           \
        __VA_ARGS__;                                                                       \
        CALLED(field, expected, gex_field_compute(NULL, world.market, world.book, &options, OUT)); \
    } while (0)
#define ZERO_FLOW(expected, ...)                                                           \
    do {                                                                                   \
        gex_zero_flow_options options;                                                     \
        gex_zero_flow_options_init(&options, sizeof options);                              \
        __VA_ARGS__;                                                                       \
        CALLED(flips, expected, gex_zero_flow_compute(NULL, world.market, world.book, &options, OUT)); \
    } while (0)
#define UNCERTAINTY(expected, ...)                                                         \
    do {                                                                                   \
        gex_f64 loading = {&world.spot, 0};                                                \
        gex_uncertainty_options options = world_uncertainty_options(&loading);             \
        __VA_ARGS__;                                                                       \
        CALLED(uncertainty, expected, gex_uncertainty_create(NULL, world.book, &options, OUT)); \
    } while (0)
#define STATES(expected, ...)                                                              \
    do {                                                                                   \
        gex_bands_options options = world_bands_options(&world);                           \
        __VA_ARGS__;                                                                       \
        CALLED(bands, expected, gex_bands_of_states(NULL, world.market, world.uncertainty, &options, OUT)); \
    } while (0)
#define FLIP_BANDS(expected, of, ...)                                                      \
    do {                                                                                   \
        gex_flip_bands_options options;                                                    \
        gex_flip_bands_options_init(&options, sizeof options);                             \
        options.samples = 10;                                                              \
        __VA_ARGS__;                                                                       \
        CALLED(flip_bands, expected, gex_flip_bands_compute(NULL, of, &options, OUT));     \
    } while (0)
#define PATH(expected, of, ...)                                                            \
    do {                                                                                   \
        gex_regime_path_options options;                                                   \
        gex_regime_path_options_init(&options, sizeof options);                            \
        __VA_ARGS__;                                                                       \
        CALLED(regime_path, expected, gex_regime_path_compute(NULL, of, &options, OUT));   \
    } while (0)
#define MAP(expected, ...)                                                                 \
    do {                                                                                   \
        gex_map_options options;                                                           \
        gex_map_options_init(&options, sizeof options);                                    \
        __VA_ARGS__;                                                                       \
        CALLED(map, expected, gex_map_compute(NULL, world.market, world.book, &options, OUT)); \
    } while (0)
#define CHAIN(expected, ...)                                                               \
    do {                                                                                   \
        gex_chain_columns columns = world.columns;                                         \
        gex_chain_options options;                                                         \
        gex_chain_options_init(&options, sizeof options);                                  \
        __VA_ARGS__;                                                                       \
        CALLED(chain, expected, gex_chain_create(NULL, &columns, &options, OUT));          \
    } while (0)

/* Valid columns of one American row; the caller spoils them. */
static gex_american_columns american_row(void)
{
    gex_american_columns columns;

    gex_american_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = columns.strike = columns.years = columns.vol = (gex_f64){&world.spot, 0};
    columns.right = (gex_i8){world.right, 0};
    return columns;
}

/* Both American doors after a change to the columns. */
#define AMERICAN(expected, ...)                                                                                       \
    do {                                                                                                              \
        gex_american_columns columns = american_row();                                                                \
        const int32_t the_price = GEX_GREEK_PRICE;                                                                    \
        double their_value[1];                                                                                        \
        double *const their_output = their_value;                                                                     \
        const gex_f64 their_price = {&world.spot, 0};                                                                 \
        __VA_ARGS__;                                                                                                  \
        ASKED(expected, gex_american(NULL, &columns, &the_price, 1, &their_output, NULL, NULL, RECORD));              \
        ASKED(expected, gex_american_implied_vol(NULL, &columns, &their_price, their_value, NULL, RECORD));           \
    } while (0)

#define LIVE(expected, ...)                                                                \
    do {                                                                                   \
        gex_live_options options = world_live_options();                                   \
        __VA_ARGS__;                                                                       \
        CALLED(live, expected, gex_live_create(NULL, world.market, world.book, &options, OUT)); \
    } while (0)

#define COLUMNS(expected, ...)                                            \
    do {                                                                  \
        gex_live_columns columns;                                         \
                                                                          \
        gex_live_columns_init(&columns, sizeof columns);                  \
        columns.count = 2;                                                \
        columns.vol = (gex_f64){good, sizeof *good};                      \
        __VA_ARGS__;                                                      \
        ASKED(expected, gex_live_set_columns(live, &columns, RECORD));    \
    } while (0)

static void live_columns_are_told(gex_live *live)
{
    static const double good[] = {0.2, 0.3}, odd[] = {1, (double)NAN};
    static const int64_t beyond[] = {0, WORLD_ROWS}, before[] = {-1, 0};

    COLUMNS(GEX_OK, columns.count = 1);
    COLUMNS(GEX_ERR_VERSION, columns.struct_size = 8);
    COLUMNS(GEX_ERR_ARGUMENT, columns.reserved = 1);
    COLUMNS(GEX_ERR_ARGUMENT, columns.count = -1);
    COLUMNS(GEX_ERR_ARGUMENT, columns.count = INT64_MAX; columns.vol.stride = 8);
    COLUMNS(GEX_ERR_ARGUMENT, columns.count = INT64_MAX; columns.vol.stride = 0;
            columns.row = (gex_i64){beyond, INT64_MAX});
    COLUMNS(GEX_ERR_ARGUMENT, columns.count = INT64_MAX; columns.vol.stride = 0);
    COLUMNS(GEX_ERR_ARGUMENT, columns.vol.data = NULL);
    COLUMNS(GEX_ERR_ARGUMENT, columns.bid = (gex_f64){good, 8});
    COLUMNS(GEX_ERR_ARGUMENT, columns.ask = (gex_f64){good, 8});
    COLUMNS(GEX_ERR_ARGUMENT, columns.row = (gex_i64){beyond, 8});
    COLUMNS(GEX_ERR_ARGUMENT, columns.row = (gex_i64){before, 8});
    COLUMNS(GEX_ERR_DOMAIN, columns.trade = (gex_f64){odd, 8});
    COLUMNS(GEX_OK, columns.position = (gex_f64){odd, 8}); /* not known: the row is refused */
}

START_TEST(what_a_live_is_told)
{
    static const int32_t adv[] = {GEX_UNIT_GEX_ADV_PCT}, twice[] = {GEX_UNIT_DEX_USD, GEX_UNIT_DEX_USD},
                         none[] = {0, 1};
    static const int64_t rows[] = {-1, WORLD_ROWS, INT64_MAX, INT64_MIN};
    const gex_live_options usual = world_live_options();
    gex_f64 column;
    gex_live *live = NULL;

    LIVE(GEX_ERR_ARGUMENT, options.unit_count = 0);
    LIVE(GEX_ERR_ARGUMENT, options.unit_count = -1);
    LIVE(GEX_ERR_ARGUMENT, options.unit_count = 17);
    LIVE(GEX_ERR_ARGUMENT, options.unit_count = INT64_MAX);
    LIVE(GEX_ERR_ARGUMENT, options.units.data = NULL);
    LIVE(GEX_ERR_ARGUMENT, options.units.stride = INT64_MAX);
    LIVE(GEX_ERR_ARGUMENT, options.units.data = none);
    LIVE(GEX_ERR_ARGUMENT, options.units.data = twice; options.unit_count = 2);
    LIVE(GEX_ERR_ARGUMENT, options.units.data = adv; options.unit_count = 1);
    LIVE(GEX_ERR_DOMAIN, options.units.data = adv; options.unit_count = 1; options.adv = (double)NAN);
    LIVE(GEX_OK, options.without_strikes = 1);
    ck_assert_int_eq(gex_live_create(NULL, world.market, world.book, &usual, &live, NULL), GEX_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ASKED(GEX_ERR_ARGUMENT, gex_live_set_quote(live, rows[i], 1, 2, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_live_set_vol(live, rows[i], 0.2, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_live_set_position(live, rows[i], 1, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_live_trade(live, rows[i], 1, RECORD));
        ck_assert_double_nan(gex_live_forward(live, rows[i]));
    }
    ASKED(GEX_ERR_DOMAIN, gex_live_set_spot(live, 0, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_live_set_spot(live, -1, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_live_set_spot(live, (double)NAN, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_live_set_spot(live, (double)INFINITY, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_live_set_as_of(live, world.as_of - 1, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_live_trade(live, 0, (double)NAN, RECORD));
    live_columns_are_told(live);
    for (int64_t row = 0; row < WORLD_ROWS; row++) { /* what is stored as it is, also in rows that are refused */
        ASKED(GEX_OK, gex_live_set_quote(live, row, (double)NAN, (double)INFINITY, RECORD));
        ASKED(GEX_OK, gex_live_set_vol(live, row, row % 2 ? -1 : (double)INFINITY, RECORD));
        ASKED(GEX_OK, gex_live_set_position(live, row, row % 3 ? 1e300 : (double)INFINITY, RECORD));
    }
    ASKED(GEX_OK, gex_live_refresh(NULL, live, RECORD));
    ck_assert_int_eq(gex_live_count_used(live), 0);
    ASKED(GEX_OK, gex_live_set_as_of(live, INT64_MAX, RECORD));
    ASKED(GEX_OK, gex_live_refresh(NULL, live, RECORD));
    for (int i = 0; i < UNKNOWN; i++) {
        if (unknown[i] == 1)
            continue;
        ck_assert_double_nan(gex_live_total(live, unknown[i]));
        ck_assert_double_nan(gex_live_gross(live, unknown[i]));
        ck_assert_int_eq(gex_live_rows(live, unknown[i], &column), GEX_ERR_ARGUMENT);
        ck_assert_ptr_null(gex_live_by(live, unknown[i], GEX_BY_STRIKE, GEX_SUM_NET, NULL));
        ck_assert_ptr_null(gex_live_by(live, GEX_UNIT_GEX_USD_PCT, unknown[i], GEX_SUM_NET, NULL));
        ck_assert_ptr_null(gex_live_by(live, GEX_UNIT_GEX_USD_PCT, GEX_BY_STRIKE, unknown[i], NULL));
        ck_assert_ptr_null(gex_live_count_by(live, unknown[i], NULL));
        ck_assert_int_eq(gex_live_count_refused(live, unknown[i]), 0);
    }
    gex_live_free(live);
}
END_TEST

START_TEST(unknown_choices_are_refused)
{
    const int32_t value = unknown[_i];
    double found;

    if (value != 0)
        AMERICAN(GEX_ERR_ARGUMENT, columns.accuracy = value);

    MARKET(GEX_ERR_ARGUMENT, options.clock = value);
    GROUPING(GEX_ERR_ARGUMENT, options.first = value);
    DIFFERENCE(GEX_ERR_ARGUMENT, options.quantity = value);
    ck_assert_ptr_null(gex_difference_lines(world.difference, value, NULL));
    ck_assert_ptr_null(gex_difference_by(world.difference, value, GEX_DIFFERENCE_SPOT, NULL));
    ck_assert_ptr_null(gex_difference_by(world.difference, GEX_BY_STRIKE, value, NULL));
    ck_assert_double_nan(gex_difference_total(world.difference, value));
    if (value != 0)
        ck_assert_int_eq(gex_difference_count(world.difference, value), 0);
    ROBUSTNESS(GEX_ERR_ARGUMENT, market.clock = value);
    ASKED(GEX_ERR_ARGUMENT, gex_level_ranked(world.exposure, value, 0, 0, &found, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_measure(world.exposure, value, NULL, &found, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_expected_move(world.greeks, 0, value, &found, RECORD));
    if (value != -1) /* which is GEX_DOWN */
        ASKED(GEX_ERR_ARGUMENT, gex_profile_peak(world.profile, value, &found, NULL, RECORD));
    ROBUSTNESS(GEX_ERR_ARGUMENT, book.sign = value);
    ASKED(GEX_ERR_ARGUMENT, gex_unit_factor(value, GEX_UNIT_DEX_USD, 5000, NULL, &world.spot, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_unit_factor(GEX_UNIT_DEX_USD, value, 5000, NULL, &world.spot, RECORD));
    GROUPING(value == 0 ? GEX_OK : GEX_ERR_ARGUMENT, options.second = value);
    MARKET(GEX_ERR_ARGUMENT, options.vol = value);
    if (value != 0) {
        int64_t instant = 7;
        MARKET(GEX_ERR_ARGUMENT, options.vol_clock = value);
        MARKET(GEX_ERR_ARGUMENT, (options.surface = world.svi, options.surface_clock = value));
        CALENDAR(GEX_ERR_ARGUMENT, options.own_days = value);
        ASKED(GEX_ERR_ARGUMENT, gex_settlement_by(value, 20240119, &instant, NULL, RECORD));
        ck_assert_int_eq(instant, 7);
    }
    MARKET(GEX_ERR_ARGUMENT, options.forward = value);
    MARKET(GEX_ERR_ARGUMENT, options.style = value);
    MARKET(GEX_ERR_ARGUMENT, options.dynamics = value);
    if (value != 0)
        SHIFT(GEX_ERR_ARGUMENT, options.dynamics = value);
    ck_assert_ptr_null(gex_change_column(world.change, value, NULL));
    ck_assert_ptr_null(gex_change_expiry(world.change, value, NULL));
    ck_assert_ptr_null(gex_change_by(world.change, value, GEX_CHANGE_VEGA, NULL));
    ck_assert_ptr_null(gex_change_by(world.change, GEX_BY_STRIKE, value, NULL));
    ck_assert_double_nan(gex_change_total(world.change, value));
    BOOK(GEX_ERR_ARGUMENT, options.sign = value);
    EXPOSURE(GEX_ERR_ARGUMENT, options.unit = value);
    PROFILE(GEX_ERR_ARGUMENT, options.unit = value);
    FIELD(GEX_ERR_ARGUMENT, options.quantities = &value);
    FIELD(GEX_ERR_ARGUMENT, options.until = value);
    if (value != 0 && value != 1)
        FIELD(GEX_ERR_ARGUMENT, options.gross = value);
    FIELD(GEX_ERR_ARGUMENT, options.part = value);
    ZERO_FLOW(GEX_ERR_ARGUMENT, options.until = value);
    if (value != 0) {
        ZERO_FLOW(GEX_ERR_ARGUMENT, options.unwound = value);
        ZERO_FLOW(GEX_ERR_ARGUMENT, options.reserved = value);
    }
    ck_assert_ptr_null(gex_field_values(world.field, value, NULL));
    ck_assert_ptr_null(gex_field_gross(world.field, value, NULL));
    CALLED(crossings, GEX_ERR_ARGUMENT, gex_crossings_compute(NULL, world.field, value, OUT));
    {
        gex_cliffs_options options = world_cliffs_options();
        options.unit = value;
        CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, world.market, world.book, &options, OUT));
    }
    STATES(GEX_ERR_ARGUMENT, options.unit = value);
    PATH(GEX_ERR_ARGUMENT, world.path_bands, options.size = value);
    {
        gex_exposure_options exposure = world_exposure_options();
        gex_grouping_options by = world_grouping_options();
        double number;

        exposure.unit = value;
        CALLED(bands, GEX_ERR_ARGUMENT,
               gex_bands_of_exposure(NULL, world.greeks, world.uncertainty, &exposure, NULL, OUT));
        exposure = world_exposure_options();
        by.first = value;
        CALLED(bands, GEX_ERR_ARGUMENT,
               gex_bands_of_exposure(NULL, world.greeks, world.uncertainty, &exposure, &by, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_stand(gex_map_gamma(world.map), world.flips, value, &number, RECORD));
        ck_assert_double_nan(number);
    }
    ck_assert_ptr_null(gex_flip_bands_samples(world.flip_bands, value, NULL));
    ck_assert_double_nan(gex_flip_bands_share(world.flip_bands, value));
    ck_assert_double_nan(gex_flip_bands_found(world.flip_bands, value));
    ck_assert_double_nan(gex_flip_bands_quantile(world.flip_bands, value, 0.5));
    ck_assert_int_eq(gex_regime_path_time(world.regime_path, value), 0);
    ck_assert_double_nan(gex_regime_path_share(world.regime_path, value));
    ck_assert_double_nan(gex_regime_path_expected(world.regime_path, value));
    ck_assert_double_nan(gex_regime_path_quantile(world.regime_path, value, 0.5));
    ck_assert_str_eq(gex_regime_words(value), "");
    ck_assert_str_eq(gex_regime_side(value, GEX_UP), "");
    ck_assert_str_eq(gex_regime_effect(value, GEX_UP), "");
    if (value != GEX_DOWN) {
        ck_assert_str_eq(gex_regime_side(GEX_REGIME_LONG_GAMMA, value), "");
        ck_assert_str_eq(gex_regime_effect(GEX_REGIME_LONG_GAMMA, value), "");
    }
    {
        gex_basket_columns columns = world_basket_columns(&world);
        columns.link = (gex_i32){&value, 0};
        CALLED(basket, GEX_ERR_ARGUMENT, gex_basket_create(NULL, &columns, OUT));
        columns = world_basket_columns(&world);
        columns.role = (gex_i32){&value, 0};
        CALLED(basket, GEX_ERR_ARGUMENT, gex_basket_create(NULL, &columns, OUT));
    }
    {
        gex_exposure_options exposure = world_exposure_options();
        gex_profile_options profile = world_profile_options();
        double price = 0;
        exposure.unit = profile.unit = value;
        CALLED(basket_exposure, GEX_ERR_ARGUMENT, gex_basket_exposure_compute(NULL, world.basket, &exposure, OUT));
        CALLED(profile, GEX_ERR_ARGUMENT, gex_basket_profile_compute(NULL, world.basket, &profile, NULL, OUT));
        CALLED(flips, GEX_ERR_ARGUMENT, gex_basket_flips_compute(NULL, world.basket, &profile, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_combo_level(world.combo, value, 0, &price, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_level_mapped(5000, value, 5000, 5000, &price, RECORD));
    }
    ck_assert_ptr_null(gex_combo_sum(world.combo, value, NULL));
    ck_assert_double_nan(gex_dispersion_value(world.dispersion, value));
    ck_assert_ptr_null(gex_dispersion_member(world.dispersion, value, NULL));
    ck_assert_double_nan(gex_forced_value(world.forced, value, GEX_FORCED_SHARES));
    ck_assert_double_nan(gex_forced_value(world.forced, GEX_STRETCH_TO_CLOSE, value));
    MAP(GEX_ERR_ARGUMENT, options.unit = value);
    if (value != 0)
        CHAIN(GEX_ERR_ARGUMENT, options.duplicates = value);
    if (value != GEX_ROOTS_OF_LISTED && value != GEX_ROOTS_OF_FUTURES) {
        gex_root root = {.struct_size = sizeof root};
        CHAIN(GEX_ERR_ARGUMENT, options.roots = value);
        ASKED(GEX_ERR_ARGUMENT, gex_root_facts_of(value, "ES", 2, &root, RECORD));
    }
    if (value != 0)
        CHAIN(GEX_ERR_ARGUMENT, options.reserved = value);
    if (value != 0) {
        gex_context_options options;
        gex_context_options_init(&options, sizeof options);
        options.instruction_set = value;
        CALLED(context, GEX_ERR_ARGUMENT, gex_context_create(&options, OUT));
    }
    ck_assert_ptr_null(gex_greeks_column(world.greeks, value));
    ck_assert_ptr_null(gex_flow_column(world.flow, value));
    ck_assert_ptr_null(gex_exposure_by(world.exposure, value, GEX_SUM_NET, NULL));
    ck_assert_ptr_null(gex_exposure_by(world.exposure, GEX_BY_STRIKE, value, NULL));
    ck_assert_ptr_null(gex_exposure_count_by(world.exposure, value, NULL));
    if (value != 0)
        ck_assert_int_eq(gex_exposure_count_refused(world.exposure, value), 0);
    ck_assert_double_nan(gex_years(value, 0, 1));
    ck_assert_double_nan(gex_calendar_years(world.calendar, value, 1, 0));
    ck_assert_double_nan(gex_calendar_pace(world.calendar, value, 0));
    ck_assert_double_nan(gex_calendar_weight(world.calendar, value));
    ck_assert_int_eq(gex_calendar_session(world.calendar, value, NULL, NULL), GEX_ERR_DOMAIN);
    ck_assert_int_eq(gex_instant_date(0, value), 0);
}
END_TEST

START_TEST(names_of_unknown_choices_are_text)
{
    static const char *(*const names[])(int32_t) = {gex_status_text,
                                                    gex_row_text,
                                                    gex_clock_name,
                                                    gex_accuracy_name,
                                                    gex_dividends_name,
                                                    gex_greek_name,
                                                    gex_vol_name,
                                                    gex_forward_name,
                                                    gex_vol_source_name,
                                                    gex_quote_status_text,
                                                    gex_repaired_text,
                                                    gex_parity_text,
                                                    gex_style_name,
                                                    gex_dynamics_name,
                                                    gex_sign_name,
                                                    gex_unit_name,
                                                    gex_unit_label,
                                                    gex_roots_text,
                                                    gex_direction_text,
                                                    gex_root_status_text,
                                                    gex_level_name,
                                                    gex_flow_name,
                                                    gex_regime_text,
                                                    gex_isa_name,
                                                    gex_weight_name,
                                                    gex_vary_name,
                                                    gex_difference_name,
                                                    gex_line_name,
                                                    gex_measure_name,
                                                    gex_measure_label,
                                                    gex_move_name,
                                                    gex_robust_name,
                                                    gex_agree_name,
                                                    gex_model_name,
                                                    gex_option_form_name,
                                                    gex_form_name,
                                                    gex_wings_name,
                                                    gex_slice_text,
                                                    gex_point_text,
                                                    gex_surface_name,
                                                    gex_change_name,
                                                    gex_change_expiry_name,
                                                    gex_field_quantity_name,
                                                    gex_field_quantity_label,
                                                    gex_until_name,
                                                    gex_part_name,
                                                    gex_stretch_name,
                                                    gex_forced_name,
                                                    gex_flip_name,
                                                    gex_stand_name,
                                                    gex_stand_label,
                                                    gex_size_name,
                                                    gex_link_name,
                                                    gex_role_name,
                                                    gex_dispersion_name,
                                                    gex_dispersion_member_name,
                                                    gex_correlation_text};

    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        ck_assert_ptr_nonnull(names[k](unknown[_i]));
        ck_assert_uint_gt(strlen(names[k](unknown[_i])), 0);
    }
    ck_assert_uint_gt(strlen(gex_flag_text((uint32_t)unknown[_i])), 0);
}
END_TEST

static int32_t unit_find(const char *name)
{
    return gex_unit_find(name, 0);
}

START_TEST(unknown_names_are_not_found)
{
    static int32_t (*const finds[])(const char *) = {
        gex_model_find,    gex_option_form_find, gex_clock_find,      gex_accuracy_find,      gex_greek_find,
        gex_dividends_find,
        gex_vol_find,      gex_forward_find,     gex_style_find,      gex_measure_find,       gex_move_find,
        gex_dynamics_find, gex_sign_find,        gex_level_find,      gex_flow_find,          unit_find,
        gex_wings_find,    gex_surface_find,     gex_change_find,     gex_change_expiry_find, gex_field_quantity_find,
        gex_until_find,    gex_part_find,        gex_difference_find, gex_stretch_find,       gex_forced_find,
        gex_flip_find,     gex_stand_find,       gex_size_find,
        gex_link_find,     gex_role_find,        gex_dispersion_find, gex_dispersion_member_find};
    static const char *const texts[] = {NULL,   "",       " ",       "unknown", "cal_365", "NAIVE_CALL_LONG ",
                                        "gamm", "gammaa", "\xff\xfe"};

    for (size_t k = 0; k < sizeof finds / sizeof *finds; k++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            ck_assert_msg(finds[k](texts[t]) == 0, "find %zu of \"%s\"", k, texts[t] != NULL ? texts[t] : "(null)");
    ck_assert_int_eq(gex_unit_find("USD_PCT", -1), 0);
    ck_assert_int_eq(gex_unit_find("USD_PCT", INT32_MAX), 0);
    ck_assert_int_eq(gex_unit_find("USD_PCT", 0), 0);
}
END_TEST

START_TEST(reserved_fields_are_zero)
{
    gex_european_columns european;
    gex_price_columns price;

    CHAIN(GEX_ERR_ARGUMENT, columns.reserved = 1);
    MARKET(GEX_ERR_ARGUMENT, options.reserved = 1);
    PROFILE(GEX_ERR_ARGUMENT, options.reserved = 1);
    PROFILE(GEX_ERR_ARGUMENT, options.spacing = 2);
    PROFILE(GEX_ERR_ARGUMENT, options.spacing = -1);
    MARKET(GEX_ERR_DOMAIN, options.vol_low = -1);
    MARKET(GEX_ERR_DOMAIN, options.vol_low = (double)NAN);
    MARKET(GEX_ERR_DOMAIN, options.vol_high = (double)NAN);
    MARKET(GEX_ERR_DOMAIN, (options.vol_low = 2, options.vol_high = 1));
    MARKET(GEX_ERR_ARGUMENT, options.fallback = 2);
    MARKET(GEX_ERR_ARGUMENT, options.reserved_2 = 1);
    MARKET(GEX_ERR_ARGUMENT, options.forward = GEX_FORWARD_QUOTED);
    MARKET(GEX_ERR_ARGUMENT, options.rate_count = -1);
    MARKET(GEX_ERR_ARGUMENT, options.rate_count = 1);
    MARKET(GEX_ERR_ARGUMENT, options.dividend_count = -1);
    MARKET(GEX_ERR_ARGUMENT, (options.dividend_cash.data = NULL, options.dividend_share.data = NULL));
    MARKET(GEX_ERR_ARGUMENT, options.dividend_at.data = NULL);
    MARKET(GEX_ERR_ARGUMENT, (options.dividend_share = (gex_f64){&world.spot, INT64_MAX}, options.dividend_count = 3));
    MARKET(GEX_ERR_DOMAIN, options.dividend_share = (gex_f64){&world.spot, 0});
    MARKET(GEX_ERR_DOMAIN, options.dividend_cash = (gex_f64){&world.spot, 0}); /* of both: no spot is left */
    MARKET(GEX_ERR_ARGUMENT, options.row_forwards = (gex_f64){&world.spot, INT64_MAX});
    MARKET(GEX_ERR_DOMAIN, options.dynamics_parameter = 1);
    MARKET(GEX_ERR_DOMAIN, (options.dynamics = GEX_DYNAMICS_STICKINESS, options.dynamics_parameter = (double)NAN));
    MARKET(GEX_ERR_DOMAIN, (options.dynamics = GEX_DYNAMICS_FITTED, options.dynamics_parameter = 3.0001));
    MARKET(GEX_ERR_DOMAIN, (options.dynamics = GEX_DYNAMICS_BETA, options.dynamics_parameter = (double)INFINITY));
    SHIFT(GEX_ERR_DOMAIN, options.dynamics = 0); /* the market's own takes no parameter */
    SHIFT(GEX_ERR_DOMAIN, options.dynamics_parameter = -2);
    SHIFT(GEX_ERR_DOMAIN, options.spot = -1);
    SHIFT(GEX_ERR_DOMAIN, options.spot = (double)NAN);
    SHIFT(GEX_ERR_DOMAIN, options.spot = (double)INFINITY);
    SHIFT(GEX_ERR_DOMAIN, options.as_of = world.as_of - 1);
    SHIFT(GEX_ERR_DOMAIN, options.vol_shift = (double)NAN);
    SHIFT(GEX_ERR_DOMAIN, (options.dynamics = GEX_DYNAMICS_BETA, options.dynamics_parameter = 200));
    SHIFT(GEX_OK, options.vol_shift = -1e300); /* volatilities stop at 0 */
    SHIFT(GEX_OK, options.spot = 1e-300);
    SHIFT(GEX_OK, options.spot = 1e300);
    SHIFT(GEX_OK, options.as_of = INT64_MAX);
    SPLIT(GEX_ERR_ARGUMENT, columns.reserved = 1);
    SPLIT(GEX_ERR_ARGUMENT, columns.rows = -1);
    SPLIT(GEX_ERR_ARGUMENT, columns.rows = INT64_MAX);
    SPLIT(GEX_ERR_ARGUMENT, columns.strike.stride = INT64_MAX);
    SPLIT(GEX_ERR_ARGUMENT, columns.forward_aged.data = NULL);
    QUOTES(GEX_ERR_ARGUMENT, options.reserved = 1);
    QUOTES(GEX_ERR_DOMAIN, options.age_max = -1);
    QUOTES(GEX_ERR_DOMAIN, options.wide = (double)NAN);
    QUOTES(GEX_ERR_DOMAIN, options.tick = -1);
    QUOTES(GEX_ERR_DOMAIN, options.tick = (double)INFINITY);
    QUOTES(GEX_ERR_ARGUMENT, options.quoted_at.stride = INT64_MAX);
    QUOTES(GEX_OK, options.quoted_at.data = NULL);
    QUOTES(GEX_OK, options.repair = GEX_REPAIR_STRIKES);
    QUOTES(GEX_ERR_ARGUMENT, options.repair = -1);
    QUOTES(GEX_ERR_ARGUMENT, options.repair = GEX_REPAIR_ALL + 1);
    QUOTES(GEX_ERR_ARGUMENT, options.reserved_2 = 1);
    BOOK(GEX_ERR_ARGUMENT, options.reserved = 1);
    GROUPING(GEX_ERR_ARGUMENT, options.reserved = 1);
    GROUPING(GEX_OK, options.second = 0);
    ROBUSTNESS(GEX_ERR_ARGUMENT, market.reserved = 1);
    ROBUSTNESS(GEX_ERR_ARGUMENT, book.reserved = 1);
    FLOW(GEX_ERR_ARGUMENT, options.reserved = 1);
    gex_european_columns_init(&european, sizeof european);
    european.reserved = 1;
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &european, NULL, 0, NULL, NULL, RECORD));
    gex_price_columns_init(&price, sizeof price);
    price.model = GEX_MODEL_LAST_ + 1;
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, &price, NULL, NULL, RECORD));
}
END_TEST

START_TEST(half_an_allocator_is_refused)
{
    gex_context_options options;
    void *(*const allocate)(void *, int64_t, int64_t) = (void *(*)(void *, int64_t, int64_t))(void (*)(void))abort;
    void (*const release)(void *, void *, int64_t, int64_t) =
        (void (*)(void *, void *, int64_t, int64_t))(void (*)(void))abort;

    gex_context_options_init(&options, sizeof options);
    options.allocate = allocate;
    CALLED(context, GEX_ERR_ARGUMENT, gex_context_create(&options, OUT));
    gex_context_options_init(&options, sizeof options);
    options.release = release;
    CALLED(context, GEX_ERR_ARGUMENT, gex_context_create(&options, OUT));
}
END_TEST

/* ---- counts and strides ------------------------------------------------------------------------------------------ */

static const int64_t impossible[] = {-1, INT64_MIN, GEX_MAX_ROWS + 1, INT64_MAX};

START_TEST(impossible_counts_are_refused)
{
    const int64_t rows = impossible[_i];
    gex_european_columns european;
    gex_price_columns price;
    const int32_t greek = GEX_GREEK_PRICE;
    double value[2];
    double *const output = value;

    AMERICAN(GEX_ERR_ARGUMENT, columns.rows = rows);
    AMERICAN(GEX_ERR_ARGUMENT, columns.dividend_count = rows);
    CHAIN(GEX_ERR_ARGUMENT, columns.rows = rows);
    CALENDAR(GEX_ERR_ARGUMENT, options.event_count = rows);
    CALENDAR(GEX_ERR_ARGUMENT, options.closed_count = rows);
    CALENDAR(GEX_ERR_ARGUMENT, options.early_count = rows);
    FLOW(GEX_ERR_ARGUMENT, options.rows = rows);
    GROUPING(GEX_ERR_ARGUMENT, options.first_edge_count = rows);
    {
        const gex_profile_options profile = world_profile_options();
        CALLED(horizons, GEX_ERR_ARGUMENT,
               gex_horizons_compute(NULL, world.market, world.book, &profile, world.instants, rows, OUT));
    }
    GROUPING(GEX_ERR_ARGUMENT, options.second_edge_count = rows);
    MAP(GEX_ERR_ARGUMENT, (options.move_count = rows, options.moves = (gex_f64){value, 0}));
    gex_european_columns_init(&european, sizeof european);
    european.rows = rows;
    european.spot = european.strike = european.years = european.vol = (gex_f64){&world.spot, 0};
    european.right = (gex_i8){world.right, 0};
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &european, &greek, 1, &output, NULL, RECORD));
    european.rows = 1;
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &european, &greek, rows, &output, NULL, RECORD));
    gex_price_columns_init(&price, sizeof price);
    price.rows = rows;
    price.price = price.forward = price.strike = price.years = (gex_f64){&world.spot, 0};
    price.right = (gex_i8){world.right, 0};
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, &price, value, NULL, RECORD));
}
END_TEST

START_TEST(missing_columns_are_refused)
{
    const int32_t greek = GEX_GREEK_PRICE, wrong = 99;
    gex_european_columns european, whole;
    gex_price_columns price, whole_price;
    double value[1];
    double *const output = value, *const none = NULL;

    CHAIN(GEX_ERR_ARGUMENT, columns.strike.data = NULL);
    CHAIN(GEX_ERR_ARGUMENT, columns.right.data = NULL);
    CHAIN(GEX_ERR_ARGUMENT, columns.expiry.data = NULL);
    CHAIN(GEX_OK, columns.root.data = NULL);
    CHAIN(GEX_OK, (columns = (gex_chain_columns){.struct_size = sizeof columns})); /* no rows need no columns */
    CALENDAR(GEX_ERR_ARGUMENT, options.event.data = NULL);
    CALENDAR(GEX_ERR_ARGUMENT, options.event_units.data = NULL);
    CALENDAR(GEX_ERR_ARGUMENT, options.closed.data = NULL);
    CALENDAR(GEX_ERR_ARGUMENT, options.early.data = NULL);
    CALENDAR(GEX_ERR_ARGUMENT, options.own_days = 0); /* days given, and not to be used */
    CALENDAR(GEX_OK, (options.own_days = 0, options.closed_count = options.early_count = 0));
    BOOK(GEX_ERR_ARGUMENT, options.sign = GEX_SIGN_WEIGHTED);
    BOOK(GEX_ERR_ARGUMENT, options.sign = GEX_SIGN_OI_ALPHA);
    BOOK(GEX_ERR_ARGUMENT, options.sign = GEX_SIGN_INVENTORY_GIVEN);
    MARKET(GEX_ERR_ARGUMENT, options.forward = GEX_FORWARD_GIVEN);
    EXPOSURE(GEX_ERR_ARGUMENT, options.unit = GEX_UNIT_GEX_ADV_PCT);
    EXPOSURE(GEX_ERR_ARGUMENT, options.unit = GEX_UNIT_GEX_FUT_PCT);
    EXPOSURE(GEX_ERR_ARGUMENT, options.unit = GEX_UNIT_GEX_FUT_PT);
    PROFILE(GEX_ERR_ARGUMENT, options.unit = GEX_UNIT_GEX_ADV_PCT);
    MAP(GEX_ERR_ARGUMENT, options.unit = GEX_UNIT_GEX_ADV_PCT);
    MAP(GEX_ERR_ARGUMENT, options.move_count = 3);

    gex_european_columns_init(&whole, sizeof whole);
    whole.rows = 1;
    whole.spot = whole.strike = whole.years = whole.vol = (gex_f64){&world.spot, 0};
    whole.right = (gex_i8){world.right, 0};
#define LACKING(field)                                                                                   \
    (european = whole, european.field.data = NULL);                                                      \
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &european, &greek, 1, &output, NULL, RECORD))
    LACKING(spot);
    LACKING(strike);
    LACKING(years);
    LACKING(vol);
    LACKING(right);
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, NULL, &greek, 1, &output, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &whole, NULL, 1, &output, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &whole, &greek, 1, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &whole, &greek, 1, &none, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &whole, &wrong, 1, &output, NULL, RECORD));
    ASKED(GEX_OK, gex_european(NULL, &whole, &greek, 1, &output, NULL, RECORD));

    AMERICAN(GEX_OK, (void)0);
    AMERICAN(GEX_ERR_ARGUMENT, columns.spot.data = NULL);
    AMERICAN(GEX_ERR_ARGUMENT, columns.strike.data = NULL);
    AMERICAN(GEX_ERR_ARGUMENT, columns.years.data = NULL);
    AMERICAN(GEX_ERR_ARGUMENT, columns.right.data = NULL);
    AMERICAN(GEX_ERR_ARGUMENT, columns.dividend_count = 1);
    AMERICAN(GEX_ERR_ARGUMENT, columns.dividend_model = -1);
    AMERICAN(GEX_ERR_ARGUMENT, columns.dividend_model = GEX_DIVIDENDS_LAST_ + 1);
    AMERICAN(GEX_ERR_ARGUMENT, columns.reserved = 1);
    AMERICAN(GEX_ERR_ARGUMENT, (columns.dividend_count = 1, columns.dividend_years = their_value));
    {
        const gex_american_columns american = american_row();
        gex_american_columns no_vol = american;
        const gex_f64 price_column = {&world.spot, 0}, absent = {NULL, 0};

        no_vol.vol.data = NULL;
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, &no_vol, &greek, 1, &output, NULL, NULL, RECORD));
        ASKED(GEX_OK, gex_american_implied_vol(NULL, &no_vol, &price_column, value, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, NULL, &greek, 1, &output, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, &american, NULL, 1, &output, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, &american, &greek, 1, NULL, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, &american, &greek, 1, &none, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american(NULL, &american, &wrong, 1, &output, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american_implied_vol(NULL, NULL, &price_column, value, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american_implied_vol(NULL, &american, NULL, value, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american_implied_vol(NULL, &american, &absent, value, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_american_implied_vol(NULL, &american, &price_column, NULL, NULL, RECORD));
    }

    gex_price_columns_init(&whole_price, sizeof whole_price);
    whole_price.rows = 1;
    whole_price.price = whole_price.forward = whole_price.strike = whole_price.years = (gex_f64){&world.spot, 0};
    whole_price.right = (gex_i8){world.right, 0};
#define LACKING_PRICE(field)                                                       \
    (price = whole_price, price.field.data = NULL);                                \
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, &price, value, NULL, RECORD))
    LACKING_PRICE(price);
    LACKING_PRICE(forward);
    LACKING_PRICE(strike);
    LACKING_PRICE(years);
    LACKING_PRICE(right);
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, NULL, value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, &whole_price, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_implied_vol(NULL, &whole_price, value, NULL, RECORD));
}
END_TEST

/* stride * rows beyond an int64_t would be undefined; the last row's place has to be proved before the first is read */
START_TEST(strides_that_overflow_are_refused)
{
    static const int64_t far[] = {INT64_MAX, INT64_MIN, -INT64_MAX};
    const int64_t stride = far[_i];
    const int32_t greek = GEX_GREEK_PRICE;
    gex_european_columns european;
    gex_price_columns price;
    gex_f64 weights = {world.vol, stride};
    double value[4];
    double *const output = value;

    AMERICAN(GEX_ERR_ARGUMENT, (columns.rows = 4, columns.spot.stride = stride));
    AMERICAN(GEX_ERR_ARGUMENT, (columns.rows = 4, columns.right.stride = stride));
    CHAIN(GEX_ERR_ARGUMENT, columns.strike.stride = stride);
    CHAIN(GEX_ERR_ARGUMENT, columns.expiry.stride = stride);
    CHAIN(GEX_ERR_ARGUMENT, columns.right.stride = stride);
    CHAIN(GEX_ERR_ARGUMENT, columns.root.stride = stride);
    CHAIN(GEX_ERR_ARGUMENT, columns.volume.stride = stride);
    CHAIN(GEX_OK, (columns.rows = 1, columns.strike.stride = stride)); /* one row is never stepped from */
    BOOK(GEX_ERR_ARGUMENT, (options.sign = GEX_SIGN_WEIGHTED, options.weights = weights));
    BOOK(GEX_ERR_ARGUMENT, (options.sign = GEX_SIGN_OI_ALPHA, options.net_volume = weights));
    BOOK(GEX_ERR_ARGUMENT, (options.sign = GEX_SIGN_INVENTORY_GIVEN, options.positions = weights));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_weight(NULL, world.book, &weights, NULL, OUT));
    MARKET(GEX_ERR_ARGUMENT, (options.forward = GEX_FORWARD_GIVEN, options.forwards = weights));
    MARKET(GEX_ERR_ARGUMENT, (options.forward = GEX_FORWARD_GIVEN, options.forwards = (gex_f64){&world.spot, 0},
                              options.discounts = weights));
    CALENDAR(GEX_ERR_ARGUMENT, (options.event_count = 3, options.event.stride = stride));
    CALENDAR(GEX_ERR_ARGUMENT, (options.event_count = 3, options.event_units.stride = stride));
    CALENDAR(GEX_ERR_ARGUMENT, options.closed.stride = stride);
    CALENDAR(GEX_ERR_ARGUMENT, (options.early_count = 3, options.early.stride = stride));
    FLOW(GEX_ERR_ARGUMENT, options.spot.stride = stride);
    GROUPING(GEX_ERR_ARGUMENT, options.first_edges.stride = stride);
    FLOW(GEX_ERR_ARGUMENT, options.as_of.stride = stride);
    FLOW(GEX_ERR_ARGUMENT, options.vol_shift.stride = stride);
    MAP(GEX_ERR_ARGUMENT, (options.moves = weights, options.move_count = 5));
    gex_european_columns_init(&european, sizeof european);
    european.rows = 4;
    european.spot = european.strike = european.years = european.vol = (gex_f64){&world.spot, 0};
    european.right = (gex_i8){world.right, 0};
    european.vol.stride = stride;
    ASKED(GEX_ERR_ARGUMENT, gex_european(NULL, &european, &greek, 1, &output, NULL, RECORD));
    gex_price_columns_init(&price, sizeof price);
    price.rows = 4;
    price.price = price.forward = price.strike = price.years = (gex_f64){&world.spot, 0};
    price.right = (gex_i8){world.right, 0};
    price.years.stride = stride;
    ASKED(GEX_ERR_ARGUMENT, gex_implied_vol(NULL, &price, value, NULL, RECORD));
}
END_TEST

START_TEST(text_widths_that_cannot_be_are_refused)
{
    static const int64_t widths[] = {0, -1, 65, INT64_MAX, INT64_MIN};

    CHAIN(GEX_ERR_ARGUMENT, columns.root.width = widths[_i]);
    CHAIN(GEX_ERR_ARGUMENT, (columns.symbol = columns.root, columns.symbol.width = widths[_i]));
}
END_TEST

START_TEST(underlying_has_to_end)
{
    CHAIN(GEX_ERR_ARGUMENT, memset(options.underlying, 'x', sizeof options.underlying));
}
END_TEST

START_TEST(parts_of_different_chains_do_not_meet)
{
    const gex_exposure_options exposure = world_exposure_options();
    const gex_profile_options profile = world_profile_options();
    const gex_flow_options flow = world_flow_options(&world);
    const gex_field_options field = world_field_options(&world);
    const gex_book_options options = world_book_options();
    gex_chain *chain = NULL;
    gex_book *book = NULL;

    ck_assert_int_eq(gex_chain_create(NULL, &world.columns, NULL, &chain, NULL), GEX_OK); /* equal, and another one */
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    CALLED(exposure, GEX_ERR_ARGUMENT, gex_exposure_compute(NULL, world.greeks, book, &exposure, OUT));
    CALLED(profile, GEX_ERR_ARGUMENT, gex_profile_compute(NULL, world.market, book, &profile, OUT));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_flips_compute(NULL, world.market, book, &profile, OUT));
    CALLED(flow, GEX_ERR_ARGUMENT, gex_flow_compute(NULL, world.market, book, &flow, OUT));
    CALLED(field, GEX_ERR_ARGUMENT, gex_field_compute(NULL, world.market, book, &field, OUT));
    {
        gex_map_options shown;
        gex_map_options_init(&shown, sizeof shown);
        shown.field = world.field;
        CALLED(map, GEX_OK, gex_map_compute(NULL, world.market, world.book, &shown, OUT));
        CALLED(map, GEX_ERR_ARGUMENT, gex_map_compute(NULL, world.moved, world.book, &shown, OUT));
    }
    {
        const gex_cliffs_options cliffs = world_cliffs_options();
        double row[WORLD_ROWS];
        CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, world.market, book, &cliffs, OUT));
        CALLED(forced, GEX_ERR_ARGUMENT, gex_forced_compute(NULL, world.market, book, NULL, OUT));
        CALLED(flips, GEX_ERR_ARGUMENT, gex_zero_flow_compute(NULL, world.market, book, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, world.market, book, &flow, 0, row, NULL, RECORD));
    }
    CALLED(map, GEX_ERR_ARGUMENT, gex_map_compute(NULL, world.market, book, NULL, OUT));
    gex_book_free(book);
    gex_chain_free(chain);
}
END_TEST

/* ---- what is uncertain ------------------------------------------------------------------------------------------- */

START_TEST(uncertainties_that_make_no_sense_are_refused)
{
    UNCERTAINTY(GEX_OK, (void)0);
    UNCERTAINTY(GEX_ERR_ARGUMENT, options.factor_count = -1);
    UNCERTAINTY(GEX_ERR_ARGUMENT, options.factor_count = 65);
    UNCERTAINTY(GEX_ERR_ARGUMENT, options.loadings = NULL);
    UNCERTAINTY(GEX_ERR_ARGUMENT, loading.data = NULL);
    UNCERTAINTY(GEX_ERR_ARGUMENT, loading.stride = INT64_MAX);
    UNCERTAINTY(GEX_ERR_ARGUMENT, (options.share = 0, options.sd = (gex_f64){&world.spot, INT64_MIN}));
    UNCERTAINTY(GEX_ERR_ARGUMENT, options.sd = (gex_f64){&world.spot, 0}); /* and share */
    UNCERTAINTY(GEX_ERR_DOMAIN, options.share = -0.1);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.share = (double)NAN);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.share = (double)INFINITY);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.correlation = -0.1);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.correlation = 1.1);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.correlation = (double)NAN);
    UNCERTAINTY(GEX_OK, (options.factor_count = 0, options.loadings = NULL));
}
END_TEST

START_TEST(states_that_make_no_sense_are_refused)
{
    static const double ends[] = {0.0, -1.0, NAN, INFINITY};
    const int64_t backwards[WORLD_FLOWS] = {world.as_of + 2, world.as_of + 1, world.as_of + 3};

    STATES(GEX_OK, (void)0);
    STATES(GEX_ERR_ARGUMENT, options.reserved = 1);
    STATES(GEX_ERR_DOMAIN, options.points = 0);
    STATES(GEX_ERR_DOMAIN, options.points = -1);
    STATES(GEX_ERR_DOMAIN, options.points = INT64_MAX);
    STATES(GEX_ERR_DOMAIN, options.points = 4097);
    STATES(GEX_ERR_DOMAIN, (options.spot.data = NULL, options.points = 1));
    STATES(GEX_ERR_ARGUMENT, (options.covariance = 0, options.spot.stride = INT64_MAX));
    STATES(GEX_ERR_ARGUMENT, options.as_of.stride = INT64_MAX);
    STATES(GEX_ERR_DOMAIN, options.as_of = (gex_i64){backwards, sizeof *backwards});
    STATES(GEX_ERR_DOMAIN, (options.spot.data = NULL, options.low = 1.3));
    STATES(GEX_ERR_DOMAIN, (options.spot.data = NULL, options.high = (double)NAN));
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        STATES(GEX_ERR_DOMAIN, options.spot = (gex_f64){&ends[k], 0});
    STATES(GEX_OK, (options.covariance = 0, options.as_of.data = NULL));
    ck_assert_double_nan(gex_bands_quantile(world.path_bands, 0, 0.0));
    ck_assert_double_nan(gex_bands_quantile(world.path_bands, 0, 1.0));
    ck_assert_double_nan(gex_bands_quantile(world.path_bands, 0, (double)NAN));
}
END_TEST

START_TEST(samples_that_make_no_sense_are_refused)
{
    gex_bands_options bare = world_bands_options(&world);
    const gex_flow_options flow = world_flow_options(&world);
    gex_bands *of_flow = NULL, *without = NULL;
    gex_map_options shown;

    bare.covariance = 0;
    ck_assert_int_eq(gex_bands_of_flow(NULL, world.market, world.uncertainty, &flow, &of_flow, NULL), GEX_OK);
    ck_assert_int_eq(gex_bands_of_states(NULL, world.market, world.uncertainty, &bare, &without, NULL), GEX_OK);
    FLIP_BANDS(GEX_OK, world.profile_bands, (void)0);
    FLIP_BANDS(GEX_ERR_ARGUMENT, world.profile_bands, options.reserved = 1);
    FLIP_BANDS(GEX_ERR_DOMAIN, world.profile_bands, options.samples = 0);
    FLIP_BANDS(GEX_ERR_DOMAIN, world.profile_bands, options.samples = -1);
    FLIP_BANDS(GEX_ERR_DOMAIN, world.profile_bands, options.samples = INT64_MAX);
    FLIP_BANDS(GEX_OK, world.profile_bands, options.seed = INT64_MIN);
    FLIP_BANDS(GEX_ERR_ARGUMENT, world.path_bands, (void)0); /* more than one instant */
    FLIP_BANDS(GEX_ERR_ARGUMENT, of_flow, (void)0);
    FLIP_BANDS(GEX_ERR_ARGUMENT, without, (void)0);
    ck_assert_double_nan(gex_flip_bands_quantile(world.flip_bands, GEX_FLIP_NEAREST, -0.1));
    ck_assert_double_nan(gex_flip_bands_quantile(world.flip_bands, GEX_FLIP_NEAREST, (double)NAN));

    PATH(GEX_OK, world.path_bands, options.samples = 10);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.samples = -1);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.samples = INT64_MAX);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.enter = -1);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.enter = (double)NAN);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.enter = (double)INFINITY);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.leave = 0.1);
    PATH(GEX_ERR_DOMAIN, world.path_bands, (options.enter = 0.1, options.leave = -0.11));
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.leave = (double)NAN);
    PATH(GEX_ERR_ARGUMENT, of_flow, (void)0);
    PATH(GEX_OK, without, (void)0);
    PATH(GEX_ERR_ARGUMENT, without, options.samples = 1);
    ck_assert_double_nan(gex_regime_path_quantile(world.regime_path, GEX_REGIME_LONG_GAMMA, 1.1));
    ck_assert_double_nan(gex_regime_path_quantile(world.regime_path, GEX_REGIME_NONE, 0.5));
    gex_bands_free(without);
    gex_bands_free(of_flow);

    gex_map_options_init(&shown, sizeof shown);
    shown.uncertainty = world.uncertainty;
    {
        const gex_book_options sign = world_book_options();
        gex_book *book = NULL;

        ck_assert_int_eq(gex_book_create(NULL, world.chain, &sign, &book, NULL), GEX_OK); /* equal, and another one */
        CALLED(map, GEX_ERR_ARGUMENT, gex_map_compute(NULL, world.market, book, &shown, OUT));
        gex_book_free(book);
    }
}
END_TEST

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static const double no_numbers[] = {NAN, -NAN, INFINITY, -INFINITY};
enum { NO_NUMBERS = 4 };

static void refuse_options_of(double value)
{
    double found;

    MARKET(GEX_ERR_DOMAIN, options.spot = value);
    MARKET(GEX_ERR_DOMAIN, options.rate = value);
    MARKET(GEX_ERR_DOMAIN, options.carry_yield = value);
    MARKET(GEX_ERR_DOMAIN, (options.forward = GEX_FORWARD_GIVEN, options.forwards = (gex_f64){&value, 0}));
    MARKET(GEX_ERR_DOMAIN, (options.forward = GEX_FORWARD_GIVEN, options.forwards = (gex_f64){&world.spot, 0},
                            options.discounts = (gex_f64){&value, 0}));
    CALENDAR(GEX_ERR_DOMAIN, options.session = value);
    CALENDAR(isnan(value) ? GEX_OK : GEX_ERR_DOMAIN, options.overnight = value); /* NaN: what the session leaves */
    CALENDAR(GEX_ERR_DOMAIN, options.non_business = value);
    CALENDAR(GEX_ERR_DOMAIN, options.u_shape = value);
    CALENDAR(GEX_ERR_DOMAIN, options.year = value);
    CALENDAR(GEX_ERR_DOMAIN, options.event_units = (gex_f64){&value, 0});
    BOOK(GEX_ERR_DOMAIN, (options.sign = GEX_SIGN_OI_ALPHA, options.alpha = value,
                          options.net_volume = (gex_f64){world.volume, sizeof(double)}));
    EXPOSURE(GEX_ERR_DOMAIN, (options.unit = GEX_UNIT_GEX_ADV_PCT, options.adv = value));
    EXPOSURE(GEX_ERR_DOMAIN, (options.unit = GEX_UNIT_GEX_FUT_PCT, options.future_multiplier = 50,
                              options.future_price = value));
    EXPOSURE(GEX_ERR_DOMAIN, (options.unit = GEX_UNIT_GEX_FUT_PT, options.future_multiplier = value));
    EXPOSURE(GEX_ERR_DOMAIN, (options.unit = GEX_UNIT_GEX_PLUS_USD_PT, options.beta = value));
    GROUPING(GEX_ERR_DOMAIN, (options.first_edges = (gex_f64){&value, 0}, options.first_edge_count = 1));
    ASKED(GEX_ERR_DOMAIN, gex_unit_factor(GEX_UNIT_DEX_USD, GEX_UNIT_DEX_USD, value, NULL, &world.spot, RECORD));
    DIFFERENCE(GEX_ERR_DOMAIN, options.beta = value);
    DIFFERENCE(GEX_ERR_DOMAIN, (options.quantity = GEX_UNIT_GEX_ADV_PCT, options.adv = value));
    DIFFERENCE(GEX_ERR_DOMAIN, (options.quantity = GEX_UNIT_GEX_FUT_PT, options.future_multiplier = value));
    ROBUSTNESS(GEX_ERR_DOMAIN, options.near_sigmas = value);
    MEASURE(GEX_ERR_DOMAIN, options.adv = value);
    MEASURE(GEX_ERR_DOMAIN, options.shares_outstanding = value);
    ASKED(GEX_ERR_DOMAIN, gex_level_ranked(world.exposure, GEX_LEVEL_ABS_NET, 0, value, &found, NULL, RECORD));
    ASKED(GEX_ERR_DOMAIN, gex_concentration_band(world.exposure, value, &found, &found, RECORD));
    ROBUSTNESS(GEX_ERR_DOMAIN, options.beta = value);
    ROBUSTNESS(GEX_ERR_DOMAIN, options.low = value);
    ROBUSTNESS(GEX_ERR_DOMAIN, options.high = value);
    ROBUSTNESS(GEX_ERR_DOMAIN, market.spot = value);
    PROFILE(GEX_ERR_DOMAIN, options.low = value);
    ZERO_FLOW(GEX_ERR_DOMAIN, options.low = value);
    ZERO_FLOW(GEX_ERR_DOMAIN, options.high = value);
    PROFILE(GEX_ERR_DOMAIN, options.high = value);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.share = value);
    UNCERTAINTY(GEX_ERR_DOMAIN, options.correlation = value);
    UNCERTAINTY(GEX_OK, (options.share = 0.0, options.sd = (gex_f64){&value, 0})); /* rows are data */
    UNCERTAINTY(GEX_OK, loading.data = &value);
    STATES(GEX_ERR_DOMAIN, (options.spot.data = NULL, options.low = value));
    STATES(GEX_ERR_DOMAIN, options.spot = (gex_f64){&value, 0});
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.enter = value);
    PATH(GEX_ERR_DOMAIN, world.path_bands, options.leave = value);
    FLOW(GEX_ERR_DOMAIN, options.spot = (gex_f64){&value, 0});
    FLOW(GEX_ERR_DOMAIN, options.vol_shift = (gex_f64){&value, 0});
    MAP(GEX_ERR_DOMAIN, options.scenario_spot_pct = value);
    MAP(GEX_ERR_DOMAIN, options.scenario_hours = value);
    MAP(GEX_ERR_DOMAIN, options.scenario_vol_points = value);
    MAP(GEX_ERR_DOMAIN, (options.moves = (gex_f64){&value, 0}, options.move_count = 1));
}

START_TEST(options_that_are_no_numbers_are_refused)
{
    refuse_options_of(no_numbers[_i]);
}
END_TEST

/* Comparing a NaN is an invalid operation: it may neither go off nor be left behind in the host's flags. */
START_TEST(options_that_are_no_numbers_do_not_trap)
{
    fenv_t home;
    int raised;

    fegetenv(&home);
    feclearexcept(FE_ALL_EXCEPT);
    (void)feenableexcept(FE_ALL_EXCEPT);
    refuse_options_of(no_numbers[_i]);
    raised = fetestexcept(FE_ALL_EXCEPT);
    fesetenv(&home);
    ck_assert_int_eq(raised, 0);
}
END_TEST

START_TEST(numbers_out_of_domain_are_refused)
{
    static const double not_above_zero[] = {0.0, -0.0, -1.0, -DBL_MIN, -DBL_MAX};
    const double value = not_above_zero[_i], down = -100;

    MARKET(GEX_ERR_DOMAIN, options.spot = value);
    MARKET(GEX_ERR_DOMAIN, (options.forward = GEX_FORWARD_GIVEN, options.forwards = (gex_f64){&value, 0}));
    MARKET(GEX_ERR_DOMAIN, (options.forward = GEX_FORWARD_GIVEN, options.forwards = (gex_f64){&world.spot, 0},
                            options.discounts = (gex_f64){&value, 0}));
    MARKET(GEX_ERR_DOMAIN, options.rate = nextafter(10, 11));
    MARKET(GEX_ERR_DOMAIN, options.rate = -nextafter(10, 11));
    MARKET(GEX_ERR_DOMAIN, options.carry_yield = nextafter(10, 11));
    MARKET(GEX_OK, (options.rate = 10, options.carry_yield = -10));
    PROFILE(GEX_ERR_DOMAIN, options.low = value);
    PROFILE(GEX_ERR_DOMAIN, options.high = value);
    PROFILE(GEX_ERR_DOMAIN, (options.low = 1.2, options.high = 1.2));
    FLOW(GEX_ERR_DOMAIN, options.spot = (gex_f64){&value, 0});
    MAP(GEX_ERR_DOMAIN, (options.moves = (gex_f64){&down, 0}, options.move_count = 1)); /* to a price of zero */
    MAP(GEX_ERR_DOMAIN, options.scenario_spot_pct = down);
    MAP(GEX_ERR_DOMAIN, options.scenario_hours = -1);
    MAP(GEX_ERR_DOMAIN, options.zero_flow = -1); /* long before */
    MAP(GEX_ERR_DOMAIN, options.zero_flow = INT64_MIN);
    MAP(GEX_OK, options.zero_flow = INT64_MAX);
    ROBUSTNESS(GEX_ERR_DOMAIN, options.zero_flow = -1);
}
END_TEST

START_TEST(weights_and_days_out_of_domain_are_refused)
{
    static const int32_t no_dates[] = {0, -1, 20230230, 20231301, 18991229, 22010105, INT32_MAX, INT32_MIN};
    static const double weights[] = {-1e-300, -1.0, 1.0000001e9, DBL_MAX, -DBL_MAX};

    for (size_t i = 0; i < sizeof no_dates / sizeof *no_dates; i++) {
        CALENDAR(GEX_ERR_DOMAIN, options.closed = (gex_i32){&no_dates[i], 0});
        CALENDAR(GEX_ERR_DOMAIN, options.early = (gex_i32){&no_dates[i], 0});
    }
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        CALENDAR(GEX_ERR_DOMAIN, options.session = weights[i]);
        CALENDAR(GEX_ERR_DOMAIN, options.overnight = weights[i]);
        CALENDAR(GEX_ERR_DOMAIN, options.non_business = weights[i]);
        CALENDAR(GEX_ERR_DOMAIN, options.event_units = (gex_f64){&weights[i], 0});
    }
    CALENDAR(GEX_ERR_DOMAIN, options.u_shape = 1.0);
    CALENDAR(GEX_ERR_DOMAIN, options.u_shape = -1e-300);
    CALENDAR(GEX_OK, options.u_shape = nextafter(1.0, 0.0));
    CALENDAR(GEX_ERR_DOMAIN, options.year = -1.0);
    CALENDAR(GEX_ERR_DOMAIN, options.year = 1e-300);
    /* no year */
    CALENDAR(GEX_ERR_DOMAIN, (options.session = 0.0, options.overnight = 0.0, options.non_business = 0.0));
}
END_TEST

/* Instants beyond the calendar have no business time; those of the calendar clocks reach as far as an int64_t. */
START_TEST(instants_at_the_ends_of_time_are_answered)
{
    static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, -INT64_C(2208988800000000001),
                                   INT64_C(7289672400000000000), INT64_MAX};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
            const int calendar = clock == GEX_CLOCK_CAL_365 || clock == GEX_CLOCK_CAL_365_25;
            ck_assert_int_eq(isfinite(gex_calendar_years(world.calendar, clock, ends[i], world.as_of)) != 0, calendar);
            ck_assert_int_eq(isfinite(gex_years(clock, world.as_of, ends[i])) != 0, calendar);
            ck_assert_int_eq(isfinite(gex_calendar_pace(NULL, clock, ends[i])) != 0, calendar);
        }
        ck_assert_double_nan(gex_calendar_units(world.calendar, ends[i], world.as_of));
        ck_assert_double_nan(gex_calendar_units(NULL, world.as_of, ends[i]));
    }
}
END_TEST

START_TEST(points_and_instants_out_of_domain_are_refused)
{
    static const int64_t points[] = {0, 1, -1, INT64_MIN, INT64_MAX};
    const int64_t before = world.as_of - 1;
    gex_profile_options profile = world_profile_options();

    profile.points = points[_i];
    CALLED(profile, GEX_ERR_DOMAIN, gex_profile_compute(NULL, world.market, world.book, &profile, OUT));
    CALLED(flips, GEX_OK, gex_flips_compute(NULL, world.market, world.book, &profile, OUT)); /* does not read it */
    FLOW(GEX_ERR_DOMAIN, options.as_of = (gex_i64){&before, 0});
    FLOW(GEX_OK, options.as_of = (gex_i64){&world.as_of, 0});
}
END_TEST

/* ---- callbacks --------------------------------------------------------------------------------------------------- */

struct stop {
    int64_t pieces, stop_at;
};

static int32_t stopping_write(void *user, const char *bytes, int64_t length)
{
    struct stop *stop = user;

    ck_assert_ptr_nonnull(bytes);
    ck_assert_int_gt(length, 0);
    return ++stop->pieces == stop->stop_at;
}

typedef gex_status (*report_of)(const gex_context *, const gex_map *, gex_write, void *, gex_error *);

static void check_stopped(report_of report, int64_t at)
{
    struct stop stop = {0, at};
    gex_error error = blank();
    const gex_status status = report(NULL, world.map, stopping_write, &stop, &error);

    check_error("report", status, GEX_ERR_CALLBACK, &error);
    ck_assert_msg(stop.pieces == at, "went on after being stopped at piece %lld", (long long)at);
}

START_TEST(a_writer_may_be_stopped_at_any_piece)
{
    static const report_of reports[] = {gex_report_page, gex_report_json, gex_report_svg, gex_report_lines};
    struct stop whole = {0, 0};

    ck_assert_int_eq(reports[_i](NULL, world.map, stopping_write, &whole, NULL), GEX_OK);
    ck_assert_int_gt(whole.pieces, 0);
    for (int64_t k = 1; k < whole.pieces; k += whole.pieces / 200 + 1) /* every piece where they are few */
        check_stopped(reports[_i], k);
    check_stopped(reports[_i], whole.pieces);
}
END_TEST

Suite *suite_hostile(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tcase = tcase_create("hostile");

    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_test(tcase, what_a_live_is_told);
    tcase_add_loop_test(tcase, unknown_choices_are_refused, 0, UNKNOWN);
    tcase_add_loop_test(tcase, names_of_unknown_choices_are_text, 0, UNKNOWN);
    tcase_add_test(tcase, unknown_names_are_not_found);
    tcase_add_test(tcase, reserved_fields_are_zero);
    tcase_add_test(tcase, uncertainties_that_make_no_sense_are_refused);
    tcase_add_test(tcase, states_that_make_no_sense_are_refused);
    tcase_add_test(tcase, samples_that_make_no_sense_are_refused);
    tcase_add_test(tcase, half_an_allocator_is_refused);
    tcase_add_loop_test(tcase, impossible_counts_are_refused, 0, 4);
    tcase_add_test(tcase, missing_columns_are_refused);
    tcase_add_loop_test(tcase, strides_that_overflow_are_refused, 0, 3);
    tcase_add_loop_test(tcase, text_widths_that_cannot_be_are_refused, 0, 5);
    tcase_add_test(tcase, underlying_has_to_end);
    tcase_add_test(tcase, parts_of_different_chains_do_not_meet);
    tcase_add_loop_test(tcase, options_that_are_no_numbers_are_refused, 0, NO_NUMBERS);
    tcase_add_loop_test(tcase, options_that_are_no_numbers_do_not_trap, 0, NO_NUMBERS);
    tcase_add_loop_test(tcase, numbers_out_of_domain_are_refused, 0, 5);
    tcase_add_test(tcase, weights_and_days_out_of_domain_are_refused);
    tcase_add_test(tcase, instants_at_the_ends_of_time_are_answered);
    tcase_add_loop_test(tcase, points_and_instants_out_of_domain_are_refused, 0, 5);
    tcase_add_loop_test(tcase, a_writer_may_be_stopped_at_any_piece, 0, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
