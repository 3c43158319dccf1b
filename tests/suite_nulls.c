/* SPDX-License-Identifier: Apache-2.0 */
/* NULL at every place a pointer can stand, and indices beyond what is there. */
#include <stdlib.h>

#include "doors.h"
#include "refusal.h"

Suite *suite_nulls(void);

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

START_TEST(missing_arguments_are_refused)
{
    const gex_market_options market = world_market_options(&world);
    const gex_book_options book = world_book_options();
    const gex_exposure_options exposure = world_exposure_options();
    const gex_grouping_options grouping = world_grouping_options();
    const gex_profile_options profile = world_profile_options();
    const gex_flow_options flow = world_flow_options(&world);
    const gex_field_options field = world_field_options(&world);
    const gex_cliffs_options cliffs = world_cliffs_options();
    const gex_uncertainty_options uncertainty = world_uncertainty_options(NULL);
    const gex_bands_options states = world_bands_options(&world);
    double rows[WORLD_ROWS], *const outputs[4] = {NULL};
    int64_t instant;
    const double one = 1;
    const gex_f64 weights = {&one, 0}, absent = {NULL, 0};

    ASKED(GEX_ERR_ARGUMENT, gex_context_create(NULL, NULL, RECORD));
    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_create(NULL, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_create(NULL, &world.columns, NULL, NULL, RECORD));
    CALLED(feed, GEX_ERR_ARGUMENT, gex_feed_csv(NULL, NULL, 10, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_csv(NULL, world_csv, world_csv_length, NULL, RECORD));
    CALLED(calendar, GEX_OK, gex_calendar_create(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_calendar_create(NULL, NULL, NULL, RECORD));
    CALLED(market, GEX_ERR_ARGUMENT, gex_market_create(NULL, NULL, &market, OUT));
    CALLED(market, GEX_ERR_ARGUMENT, gex_market_create(NULL, world.chain, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_market_create(NULL, world.chain, &market, NULL, RECORD));
    CALLED(quotes, GEX_ERR_ARGUMENT, gex_quotes_create(NULL, NULL, NULL, OUT));
    CALLED(quotes, GEX_OK, gex_quotes_create(NULL, world.market, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_quotes_create(NULL, world.market, NULL, NULL, RECORD));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_create(NULL, NULL, &book, OUT));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_create(NULL, world.chain, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_book_create(NULL, world.chain, &book, NULL, RECORD));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_weight(NULL, NULL, &weights, "w", OUT));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_weight(NULL, world.book, NULL, "w", OUT));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_weight(NULL, world.book, &absent, "w", OUT));
    CALLED(book, GEX_OK, gex_book_weight(NULL, world.book, &weights, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_book_weight(NULL, world.book, &weights, "w", NULL, RECORD));
    CALLED(greeks, GEX_ERR_ARGUMENT, gex_greeks_compute(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_greeks_compute(NULL, world.market, NULL, RECORD));
    CALLED(exposure, GEX_ERR_ARGUMENT, gex_exposure_compute(NULL, NULL, world.book, &exposure, OUT));
    CALLED(exposure, GEX_ERR_ARGUMENT, gex_exposure_compute(NULL, world.greeks, NULL, &exposure, OUT));
    CALLED(exposure, GEX_ERR_ARGUMENT, gex_exposure_compute(NULL, world.greeks, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_compute(NULL, world.greeks, world.book, &exposure, NULL, RECORD));
    CALLED(grouping, GEX_ERR_ARGUMENT, gex_grouping_compute(NULL, NULL, &grouping, OUT));
    CALLED(grouping, GEX_ERR_ARGUMENT, gex_grouping_compute(NULL, world.exposure, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_grouping_compute(NULL, world.exposure, &grouping, NULL, RECORD));
    CALLED(profile, GEX_ERR_ARGUMENT, gex_profile_compute(NULL, NULL, world.book, &profile, OUT));
    CALLED(profile, GEX_ERR_ARGUMENT, gex_profile_compute(NULL, world.market, NULL, &profile, OUT));
    CALLED(profile, GEX_ERR_ARGUMENT, gex_profile_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_compute(NULL, world.market, world.book, &profile, NULL, RECORD));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_flips_compute(NULL, NULL, world.book, &profile, OUT));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_flips_compute(NULL, world.market, NULL, &profile, OUT));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_flips_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_flips_compute(NULL, world.market, world.book, &profile, NULL, RECORD));
    {
        const gex_shift_options shift = world_shift_options(&world);
        const gex_split_columns split = world_split_columns(&world);
        int32_t dynamics = 0;
        double parameter = 0;

        CALLED(market, GEX_ERR_ARGUMENT, gex_market_shift(NULL, NULL, &shift, OUT));
        CALLED(market, GEX_ERR_ARGUMENT, gex_market_shift(NULL, world.market, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_market_shift(NULL, world.market, &shift, NULL, RECORD));
        CALLED(greeks, GEX_ERR_ARGUMENT, gex_greeks_shadow(NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_greeks_shadow(NULL, world.greeks, NULL, RECORD));
        CALLED(change, GEX_ERR_ARGUMENT, gex_change_compute(NULL, NULL, world.moved, NULL, OUT));
        CALLED(change, GEX_ERR_ARGUMENT, gex_change_compute(NULL, world.market, NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_change_compute(NULL, world.market, world.moved, NULL, NULL, RECORD));
        for (int missing = 0; missing < 5; missing++) {
            const gex_difference_options difference = world_difference_options();

            CALLED(difference, GEX_ERR_ARGUMENT,
                   gex_difference_compute(NULL, missing == 0 ? NULL : world.market, missing == 1 ? NULL : world.book,
                                          missing == 2 ? NULL : world.moved, missing == 3 ? NULL : world.book,
                                          missing == 4 ? NULL : &difference, OUT));
            ASKED(GEX_ERR_ARGUMENT, gex_difference_compute(NULL, world.market, world.book, world.moved, world.book,
                                                           &difference, NULL, RECORD));
        }
        ASKED(GEX_ERR_ARGUMENT, gex_surface_split(NULL, NULL, world.svi, &split, NULL, NULL, NULL, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_surface_split(NULL, world.svi, NULL, &split, NULL, NULL, NULL, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT,
              gex_surface_split(NULL, world.svi, world.svi, NULL, NULL, NULL, NULL, NULL, NULL, RECORD));
        ASKED(GEX_OK, gex_surface_split(NULL, world.svi, world.svi, &split, NULL, NULL, NULL, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_dynamics_parse(NULL, &dynamics, &parameter, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_dynamics_parse("BETA=1", NULL, &parameter, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_dynamics_parse("BETA=1", &dynamics, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_dynamics_format(1, 0, NULL, RECORD));
    }
    CALLED(horizons, GEX_ERR_ARGUMENT, gex_horizons_compute(NULL, NULL, world.book, &profile, world.instants, 1, OUT));
    CALLED(horizons, GEX_ERR_ARGUMENT,
           gex_horizons_compute(NULL, world.market, NULL, &profile, world.instants, 1, OUT));
    CALLED(horizons, GEX_ERR_ARGUMENT,
           gex_horizons_compute(NULL, world.market, world.book, NULL, world.instants, 1, OUT));
    CALLED(horizons, GEX_ERR_ARGUMENT, gex_horizons_compute(NULL, world.market, world.book, &profile, NULL, 1, OUT));
    CALLED(horizons, GEX_OK, gex_horizons_compute(NULL, world.market, world.book, &profile, NULL, 0, OUT));
    ASKED(GEX_ERR_ARGUMENT,
          gex_horizons_compute(NULL, world.market, world.book, &profile, world.instants, 1, NULL, RECORD));
    {
        const gex_basket_columns basket = world_basket_columns(&world);
        const gex_dispersion_options dispersion = world_dispersion_options(&world);
        double price;

        CALLED(basket, GEX_ERR_ARGUMENT, gex_basket_create(NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_basket_create(NULL, &basket, NULL, RECORD));
        CALLED(basket_exposure, GEX_ERR_ARGUMENT, gex_basket_exposure_compute(NULL, NULL, &exposure, OUT));
        CALLED(basket_exposure, GEX_ERR_ARGUMENT, gex_basket_exposure_compute(NULL, world.basket, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_basket_exposure_compute(NULL, world.basket, &exposure, NULL, RECORD));
        CALLED(profile, GEX_ERR_ARGUMENT, gex_basket_profile_compute(NULL, NULL, &profile, NULL, OUT));
        CALLED(profile, GEX_ERR_ARGUMENT, gex_basket_profile_compute(NULL, world.basket, NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_basket_profile_compute(NULL, world.basket, &profile, NULL, NULL, RECORD));
        CALLED(flips, GEX_ERR_ARGUMENT, gex_basket_flips_compute(NULL, NULL, &profile, OUT));
        CALLED(flips, GEX_ERR_ARGUMENT, gex_basket_flips_compute(NULL, world.basket, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_basket_flips_compute(NULL, world.basket, &profile, NULL, RECORD));
        CALLED(flow, GEX_ERR_ARGUMENT, gex_basket_flow_compute(NULL, NULL, &flow, NULL, OUT));
        CALLED(flow, GEX_ERR_ARGUMENT, gex_basket_flow_compute(NULL, world.basket, NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_basket_flow_compute(NULL, world.basket, &flow, NULL, NULL, RECORD));
        CALLED(combo, GEX_ERR_ARGUMENT, gex_combo_compute(NULL, NULL, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_combo_compute(NULL, world.basket_exposure, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_combo_level(NULL, GEX_LEVEL_ABS_GAMMA, 0, &price, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_combo_level(world.combo, GEX_LEVEL_ABS_GAMMA, 0, NULL, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_level_mapped(1, GEX_MAPPED_RATIO, 1, 1, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(NULL, 0, 1, &price, NULL, RECORD));
        ASKED(GEX_ERR_ARGUMENT, gex_parity_basis(world.market, 0, 1, NULL, NULL, RECORD));
        CALLED(dispersion, GEX_ERR_ARGUMENT, gex_dispersion_compute(NULL, NULL, &dispersion, OUT));
        CALLED(dispersion, GEX_ERR_ARGUMENT, gex_dispersion_compute(NULL, world.basket, NULL, OUT));
        ASKED(GEX_ERR_ARGUMENT, gex_dispersion_compute(NULL, world.basket, &dispersion, NULL, RECORD));
    }
    CALLED(flow, GEX_ERR_ARGUMENT, gex_flow_compute(NULL, NULL, world.book, &flow, OUT));
    CALLED(flow, GEX_ERR_ARGUMENT, gex_flow_compute(NULL, world.market, NULL, &flow, OUT));
    CALLED(flow, GEX_ERR_ARGUMENT, gex_flow_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_compute(NULL, world.market, world.book, &flow, NULL, RECORD));
    CALLED(field, GEX_ERR_ARGUMENT, gex_field_compute(NULL, NULL, world.book, &field, OUT));
    CALLED(field, GEX_ERR_ARGUMENT, gex_field_compute(NULL, world.market, NULL, &field, OUT));
    CALLED(field, GEX_ERR_ARGUMENT, gex_field_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute(NULL, world.market, world.book, &field, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute_into(NULL, NULL, world.book, &field, outputs, outputs, NULL, NULL, NULL,
                                                   RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute_into(NULL, world.market, NULL, &field, outputs, outputs, NULL, NULL, NULL,
                                                   RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute_into(NULL, world.market, world.book, NULL, outputs, outputs, NULL, NULL,
                                                   NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute_into(NULL, world.market, world.book, &field, NULL, outputs, NULL, NULL,
                                                   NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_compute_into(NULL, world.market, world.book, &field, outputs, outputs, NULL, NULL,
                                                   NULL, RECORD)); /* none of them is there */
    CALLED(crossings, GEX_ERR_ARGUMENT, gex_crossings_compute(NULL, NULL, GEX_FIELD_FLOW, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_crossings_compute(NULL, world.field, GEX_FIELD_FLOW, NULL, RECORD));
    CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, NULL, world.book, &cliffs, OUT));
    CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, world.market, NULL, &cliffs, OUT));
    CALLED(cliffs, GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_cliffs_compute(NULL, world.market, world.book, &cliffs, NULL, RECORD));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_zero_flow_compute(NULL, NULL, world.book, NULL, OUT));
    CALLED(flips, GEX_ERR_ARGUMENT, gex_zero_flow_compute(NULL, world.market, NULL, NULL, OUT));
    CALLED(flips, GEX_OK, gex_zero_flow_compute(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_zero_flow_compute(NULL, world.market, world.book, NULL, NULL, RECORD));
    CALLED(forced, GEX_ERR_ARGUMENT, gex_forced_compute(NULL, NULL, world.book, NULL, OUT));
    CALLED(forced, GEX_ERR_ARGUMENT, gex_forced_compute(NULL, world.market, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_forced_compute(NULL, world.market, world.book, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, NULL, world.book, &flow, 0, rows, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, world.market, NULL, &flow, 0, rows, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, world.market, world.book, NULL, 0, rows, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flow_lines(NULL, world.market, world.book, &flow, 0, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_until_instant(NULL, GEX_UNTIL_CLOSE, &instant, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_until_instant(world.market, GEX_UNTIL_CLOSE, NULL, RECORD));
    CALLED(uncertainty, GEX_ERR_ARGUMENT, gex_uncertainty_create(NULL, NULL, &uncertainty, OUT));
    CALLED(uncertainty, GEX_ERR_ARGUMENT, gex_uncertainty_create(NULL, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_uncertainty_create(NULL, world.book, &uncertainty, NULL, RECORD));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_exposure(NULL, NULL, world.uncertainty, &exposure, NULL, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_exposure(NULL, world.greeks, NULL, &exposure, NULL, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_exposure(NULL, world.greeks, world.uncertainty, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT,
          gex_bands_of_exposure(NULL, world.greeks, world.uncertainty, &exposure, NULL, NULL, RECORD));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_states(NULL, NULL, world.uncertainty, &states, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_states(NULL, world.market, NULL, &states, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_states(NULL, world.market, world.uncertainty, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_of_states(NULL, world.market, world.uncertainty, &states, NULL, RECORD));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_flow(NULL, NULL, world.uncertainty, &flow, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_flow(NULL, world.market, NULL, &flow, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_flow(NULL, world.market, world.uncertainty, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_of_flow(NULL, world.market, world.uncertainty, &flow, NULL, RECORD));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_forced(NULL, NULL, world.uncertainty, NULL, OUT));
    CALLED(bands, GEX_ERR_ARGUMENT, gex_bands_of_forced(NULL, world.market, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_of_forced(NULL, world.market, world.uncertainty, NULL, NULL, RECORD));
    CALLED(flip_bands, GEX_ERR_ARGUMENT, gex_flip_bands_compute(NULL, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_flip_bands_compute(NULL, world.profile_bands, NULL, NULL, RECORD));
    CALLED(regime_path, GEX_ERR_ARGUMENT, gex_regime_path_compute(NULL, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_regime_path_compute(NULL, world.path_bands, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_stand(NULL, world.flips, GEX_STAND_BUY_UP, rows, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_stand(world.exposure, NULL, GEX_STAND_BUY_UP, rows, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_stand(world.exposure, world.flips, GEX_STAND_BUY_UP, NULL, RECORD));
    CALLED(map, GEX_ERR_ARGUMENT, gex_map_compute(NULL, NULL, world.book, NULL, OUT));
    CALLED(map, GEX_ERR_ARGUMENT, gex_map_compute(NULL, world.market, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_map_compute(NULL, world.market, world.book, NULL, NULL, RECORD));
    CALLED(robustness, GEX_ERR_ARGUMENT, gex_robustness_compute(NULL, NULL, &market, &book, NULL, OUT));
    CALLED(robustness, GEX_ERR_ARGUMENT, gex_robustness_compute(NULL, world.chain, NULL, &book, NULL, OUT));
    CALLED(robustness, GEX_ERR_ARGUMENT, gex_robustness_compute(NULL, world.chain, &market, NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_robustness_compute(NULL, world.chain, &market, &book, NULL, NULL, RECORD));
}
END_TEST

START_TEST(tables_that_are_not_there)
{
    struct ArrowSchema schema = {.format = "+s"};
    struct ArrowArray array = {.n_buffers = 1};
    struct ArrowArrayStream stream;

    ASKED(GEX_ERR_ARGUMENT, gex_chain_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_to_arrow(NULL, world.chain, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_to_arrow(NULL, world.chain, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_market_to_arrow(NULL, NULL, 0, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_market_to_arrow(NULL, world.market, 0, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_market_to_arrow(NULL, world.market, 0, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_greeks_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_greeks_to_arrow(NULL, world.greeks, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_greeks_to_arrow(NULL, world.greeks, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_to_arrow(NULL, NULL, 0, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_to_arrow(NULL, world.exposure, 0, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_to_arrow(NULL, world.exposure, 0, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_grouping_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_grouping_to_arrow(NULL, world.grouping, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_grouping_to_arrow(NULL, world.grouping, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_to_arrow(NULL, world.profile, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_to_arrow(NULL, world.profile, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_to_arrow(NULL, world.field, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_field_to_arrow(NULL, world.field, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_forced_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_forced_to_arrow(NULL, world.forced, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_forced_to_arrow(NULL, world.forced, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_change_to_arrow(NULL, NULL, 0, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_change_to_arrow(NULL, world.change, 0, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_change_to_arrow(NULL, world.change, 0, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_difference_to_arrow(NULL, NULL, 0, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_difference_to_arrow(NULL, world.difference, 0, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_difference_to_arrow(NULL, world.difference, 0, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_to_arrow(NULL, world.basket, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_to_arrow(NULL, world.basket, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_exposure_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_exposure_to_arrow(NULL, world.basket_exposure, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_basket_exposure_to_arrow(NULL, world.basket_exposure, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_to_arrow(NULL, world.combo, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_combo_to_arrow(NULL, world.combo, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_to_arrow(NULL, world.dispersion, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_to_arrow(NULL, world.dispersion, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_members_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_members_to_arrow(NULL, world.dispersion, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_dispersion_members_to_arrow(NULL, world.dispersion, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_to_arrow(NULL, world.path_bands, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_bands_to_arrow(NULL, world.path_bands, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flip_bands_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flip_bands_to_arrow(NULL, world.flip_bands, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_flip_bands_to_arrow(NULL, world.flip_bands, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_regime_path_to_arrow(NULL, NULL, &schema, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_regime_path_to_arrow(NULL, world.regime_path, NULL, &array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_regime_path_to_arrow(NULL, world.regime_path, &schema, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_arrow_stream(NULL, NULL, &array, &stream, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_arrow_stream(NULL, &schema, NULL, &stream, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_arrow_stream(NULL, &schema, &array, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_arrow_stream(NULL, &schema, &array, &stream, RECORD)); /* released */
    ck_assert(schema.release == NULL && array.release == NULL);
}
END_TEST

START_TEST(a_live_and_bytes_that_are_not_there)
{
    const gex_live_options options = world_live_options();
    const struct ArrowSchema schema = {.format = "+s"};
    const struct ArrowArray array = {.n_buffers = 1};
    gex_live_columns columns = {.struct_size = sizeof columns};
    gex_live *live = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_f64 rows;
    int64_t count = 7;

    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_from_arrow(NULL, NULL, &array, NULL, OUT));
    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_from_arrow(NULL, &schema, NULL, NULL, OUT));
    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_from_arrow(NULL, &schema, &array, NULL, OUT)); /* both released */
    ASKED(GEX_ERR_ARGUMENT, gex_chain_from_arrow(NULL, &schema, &array, NULL, NULL, RECORD));
    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_load(NULL, NULL, 8, OUT));
    CALLED(chain, GEX_ERR_ARGUMENT, gex_chain_load(NULL, "", -1, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_load(NULL, "", 0, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_save(NULL, digest_write, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_chain_save(world.chain, NULL, NULL, RECORD));
    ck_assert_int_eq(gex_chain_save_size(NULL), 0);
    CALLED(market, GEX_ERR_ARGUMENT, gex_market_load(NULL, NULL, 8, OUT));
    CALLED(market, GEX_ERR_ARGUMENT, gex_market_load(NULL, "", -1, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_market_load(NULL, "", 0, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_market_save(NULL, digest_write, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_market_save(world.market, NULL, NULL, RECORD));
    ck_assert_int_eq(gex_market_save_size(NULL), 0);
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_load(NULL, NULL, "", 0, OUT));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_load(NULL, world.chain, NULL, 8, OUT));
    CALLED(book, GEX_ERR_ARGUMENT, gex_book_load(NULL, world.chain, "", -1, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_book_load(NULL, world.chain, "", 0, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_book_save(NULL, digest_write, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_book_save(world.book, NULL, NULL, RECORD));
    ck_assert_int_eq(gex_book_save_size(NULL), 0);
    ck_assert_int_eq(gex_saved_kind(NULL, 100, NULL), 0);
    ck_assert_int_eq(gex_saved_kind("gexchain", -1, NULL), 0);
    CALLED(live, GEX_ERR_ARGUMENT, gex_live_create(NULL, NULL, world.book, &options, OUT));
    CALLED(live, GEX_ERR_ARGUMENT, gex_live_create(NULL, world.market, NULL, &options, OUT));
    CALLED(live, GEX_ERR_ARGUMENT, gex_live_create(NULL, world.market, world.book, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_live_create(NULL, world.market, world.book, &options, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_spot(NULL, 5000, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_as_of(NULL, world.as_of, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_quote(NULL, 0, 1, 2, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_vol(NULL, 0, 0.2, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_position(NULL, 0, 1, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_trade(NULL, 0, 1, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_columns(NULL, &columns, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_reforward(NULL, world.market, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_refresh(NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_freeze(NULL, NULL, &market, &book, RECORD));
    ck_assert_int_eq(gex_live_create(NULL, world.market, world.book, &options, &live, NULL), GEX_OK);
    ASKED(GEX_ERR_ARGUMENT, gex_live_set_columns(live, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_reforward(live, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_freeze(NULL, live, NULL, &book, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_live_freeze(NULL, live, &market, NULL, RECORD));
    ck_assert_ptr_null(market);
    ck_assert_ptr_null(book);
    ck_assert_int_eq(gex_live_rows(live, GEX_UNIT_GEX_USD_PCT, NULL), GEX_ERR_ARGUMENT);
    gex_live_free(live);

    ck_assert_ptr_null(gex_live_chain(NULL));
    ck_assert_ptr_null(gex_live_vol(NULL));
    ck_assert_ptr_null(gex_live_positions(NULL));
    ck_assert_ptr_null(gex_live_status(NULL));
    ck_assert_ptr_null(gex_live_by(NULL, GEX_UNIT_GEX_USD_PCT, GEX_BY_STRIKE, GEX_SUM_NET, &count));
    ck_assert_int_eq(count, 0);
    ck_assert_ptr_null(gex_live_count_by(NULL, GEX_BY_STRIKE, &count));
    ck_assert_double_nan(gex_live_spot(NULL));
    ck_assert_double_nan(gex_live_forward(NULL, 0));
    ck_assert_double_nan(gex_live_discount(NULL, 0));
    ck_assert_double_nan(gex_live_total(NULL, GEX_UNIT_GEX_USD_PCT));
    ck_assert_double_nan(gex_live_gross(NULL, GEX_UNIT_GEX_USD_PCT));
    ck_assert_int_eq(gex_live_as_of(NULL), 0);
    ck_assert_int_eq(gex_live_count_used(NULL), 0);
    ck_assert_int_eq(gex_live_count_zero_position(NULL), 0);
    ck_assert_int_eq(gex_live_count_diverging(NULL, GEX_UNIT_GEX_USD_PCT), 0);
    ck_assert_int_eq(gex_live_count_refused(NULL, GEX_ROW_NO_VOL), 0);
    ck_assert_int_eq(gex_live_rows(NULL, GEX_UNIT_GEX_USD_PCT, &rows), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(rows.data);
    gex_live_options_init(NULL, 64);
    gex_live_columns_init(NULL, 112);
    gex_live_free(NULL);
}
END_TEST

START_TEST(what_a_context_lends_is_proved)
{
    ASKED(GEX_ERR_ARGUMENT, gex_context_run(NULL, NULL, NULL, 1, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_context_run(NULL, (void (*)(void *, int64_t))(void (*)(void))abort, NULL, -1, RECORD));
    ASKED(GEX_OK, gex_context_run(NULL, (void (*)(void *, int64_t))(void (*)(void))abort, NULL, 0, RECORD));
    ck_assert_ptr_null(gex_context_allocate(NULL, -1));
    ck_assert_ptr_null(gex_context_allocate(NULL, INT64_MAX));
    gex_context_release(NULL, NULL, 5);
}
END_TEST

START_TEST(missing_arguments_of_surfaces_are_refused)
{
    const gex_raw_columns raw = world_raw_columns(&world);
    const gex_svi_columns svi = world_svi_columns();
    const gex_ssvi_columns ssvi = world_ssvi_columns();
    const gex_mixture_columns mixture = world_mixture_columns();
    double five[5] = {0.01, 0.1, 0, 0.1, 0.1}, value = 0;
    double *const output = &value;
    const int32_t what = GEX_SURFACE_VOL;
    gex_surface_points points;

    gex_surface_points_init(&points, sizeof points);
    CALLED(surface, GEX_ERR_ARGUMENT, gex_surface_create_raw(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_create_raw(NULL, &raw, NULL, RECORD));
    CALLED(surface, GEX_ERR_ARGUMENT, gex_surface_create_svi(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_create_svi(NULL, &svi, NULL, RECORD));
    CALLED(surface, GEX_ERR_ARGUMENT, gex_surface_create_ssvi(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_create_ssvi(NULL, &ssvi, NULL, RECORD));
    CALLED(surface, GEX_ERR_ARGUMENT, gex_surface_create_mixture(NULL, NULL, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_create_mixture(NULL, &mixture, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, NULL, &points, &what, 1, &output, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, world.svi, NULL, &what, 1, &output, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, world.svi, &points, NULL, 1, &output, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_evaluate(NULL, world.svi, &points, &what, 1, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_surface_evaluate(NULL, world.svi, &points, NULL, 0, NULL, NULL, RECORD));
    CALLED(surface_report, GEX_ERR_ARGUMENT, gex_surface_check(NULL, NULL, 0, OUT));
    ASKED(GEX_ERR_ARGUMENT, gex_surface_check(NULL, world.svi, 0, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_to_jump_wings(NULL, 1, five, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_to_jump_wings(five, 1, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_from_jump_wings(NULL, 1, five, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_from_jump_wings(five, 1, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_butterfly(NULL, &value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_butterfly(five, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_svi_butterfly(five, &value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_calendar(NULL, five, &value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_calendar(five, NULL, &value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_calendar(five, five, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_svi_calendar(five, five, &value, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_repair(NULL, five, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_svi_repair(five, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_svi_repair(five, five, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_ssvi_conditions(0.1, 0, 1, 0.5, NULL, RECORD));
}
END_TEST

START_TEST(missing_arguments_of_small_calls_are_refused)
{
    int64_t instant = 0, count = 0;
    double price = 0;
    gex_series series = {.struct_size = sizeof series};
    gex_root root = {.struct_size = sizeof root};
    gex_chain_columns columns = {.struct_size = sizeof columns};
    gex_f64 positions;
    uint64_t digest = 0;

    ASKED(GEX_ERR_ARGUMENT, gex_instant_parse(NULL, 5, GEX_ZONE_UTC, &instant, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_instant_parse("2024-01-01T00:00Z", 17, GEX_ZONE_UTC, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_instant_parse("2024-01-01T00:00", 16, 0, &instant, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_instant_parse("2024-01-01T00:00Z", -1, GEX_ZONE_UTC, &instant, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_settlement(NULL, 3, 20240119, &instant, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_settlement("SPX", 3, 20240119, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_settlement("SPX", -1, 20240119, &instant, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_settlement_by(GEX_SETTLE_PM, 20240119, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_settlement_by(GEX_SETTLE_PM, 20240119, &instant, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_symbol_parse(NULL, 19, &series, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_symbol_parse("SPXW230914C01200000", 19, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_symbol_parse("SPXW230914C01200000", -1, &series, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts(NULL, 3, &root, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts("SPX", 3, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts("SPX", -3, &root, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts_of(GEX_ROOTS_OF_FUTURES, NULL, 2, &root, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts_of(GEX_ROOTS_OF_FUTURES, "ES", 2, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_root_facts_of(GEX_ROOTS_OF_FUTURES, "ES", 0, &root, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_columns(NULL, &columns, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_columns(world.feed, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_deviations(NULL, &positions, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_deviations(world.feed, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_positions(NULL, &positions, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_feed_positions(world.feed, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_unit_factor(GEX_UNIT_DEX_USD, GEX_UNIT_DEX_USD, 5000, NULL, NULL, RECORD));
    ASKED(GEX_OK, gex_unit_factor(GEX_UNIT_DEX_USD, GEX_UNIT_DEX_SHARES, 5000, NULL, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level(NULL, GEX_LEVEL_ABS_GAMMA, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level(world.exposure, GEX_LEVEL_ABS_GAMMA, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level(world.exposure, 0, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level(world.exposure, INT32_MAX, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level_ranked(NULL, GEX_LEVEL_ABS_NET, 0, 0, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_level_ranked(world.exposure, GEX_LEVEL_ABS_NET, 0, 0, NULL, &price, RECORD));
    ASKED(GEX_OK, gex_level_ranked(world.exposure, GEX_LEVEL_ABS_NET, 0, 0, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_concentration_band(NULL, 0.5, &price, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_concentration_band(world.exposure, 0.5, NULL, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_concentration_band(world.exposure, 0.5, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_peak(NULL, GEX_UP, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_profile_peak(world.profile, GEX_UP, NULL, &price, RECORD));
    ASKED(GEX_OK, gex_profile_peak(world.profile, GEX_UP, &price, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_measure(NULL, GEX_MEASURE_NGE, NULL, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_measure(world.exposure, GEX_MEASURE_NGE, NULL, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_expected_move(NULL, 0, GEX_MOVE_MAD, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_expected_move(world.greeks, 0, GEX_MOVE_MAD, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_strike_flips(NULL, GEX_STRIKE_SIGN, &price, 1, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_strike_flips(world.exposure, GEX_STRIKE_SIGN, NULL, 1, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_strike_flips(world.exposure, GEX_STRIKE_SIGN, &price, -1, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_strike_flips(world.exposure, GEX_STRIKE_SIGN, &price, 1, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_strike_flips(world.exposure, -1, &price, 1, &count, RECORD));
    ASKED(GEX_OK, gex_strike_flips(world.exposure, GEX_STRIKE_CUM, NULL, 0, &count, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_max_pain(NULL, 0, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_max_pain(world.chain, 0, NULL, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_max_pain(world.chain, -1, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_max_pain(world.chain, INT64_MAX, &price, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_page(NULL, NULL, digest_write, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_page(NULL, world.map, NULL, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_json(NULL, NULL, digest_write, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_json(NULL, world.map, NULL, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_svg(NULL, NULL, digest_write, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_svg(NULL, world.map, NULL, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_lines(NULL, NULL, digest_write, &digest, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_report_lines(NULL, world.map, NULL, &digest, RECORD));
    ck_assert_uint_eq(digest, 0);
}
END_TEST

/* What nothing holds: no rows, no pointers, no numbers. */
START_TEST(null_handles_hold_nothing)
{
    int64_t count = 7;
    char text[65];

#define NOTHING(call) ck_assert_ptr_null(call)
#define COUNTED(call)               \
    do {                            \
        count = 7;                  \
        ck_assert_ptr_null(call);   \
        ck_assert_int_eq(count, 0); \
    } while (0)
#define ZERO(call)    ck_assert_int_eq(call, 0)
#define NO_NUMBER(call) ck_assert_double_nan(call)
#define NO_TEXT(call) ck_assert((call) == NULL || *(call) == '\0')
    ZERO(gex_chain_rows(NULL)); ZERO(gex_chain_open_interest_as_of(NULL));
    NOTHING(gex_chain_status(NULL)); NOTHING(gex_chain_flags(NULL)); NOTHING(gex_chain_strike(NULL));
    NOTHING(gex_chain_right(NULL)); NOTHING(gex_chain_exercise(NULL)); NOTHING(gex_chain_payoff(NULL));
    NOTHING(gex_chain_settlement(NULL)); NOTHING(gex_chain_multiplier(NULL)); NOTHING(gex_chain_bid(NULL));
    NOTHING(gex_chain_ask(NULL)); NOTHING(gex_chain_last(NULL)); NOTHING(gex_chain_vol(NULL));
    NOTHING(gex_chain_open_interest(NULL)); NOTHING(gex_chain_volume(NULL)); NOTHING(gex_chain_expiry_index(NULL));
    NOTHING(gex_chain_strike_index(NULL)); NOTHING(gex_chain_order(NULL));
    COUNTED(gex_chain_expiries(NULL, &count)); COUNTED(gex_chain_strikes(NULL, &count));
    NOTHING(gex_chain_expiries(NULL, NULL)); NOTHING(gex_chain_strikes(NULL, NULL));
    NO_TEXT(gex_chain_underlying(NULL)); NO_TEXT(gex_chain_root(NULL, 0));
    ZERO(gex_chain_symbol(NULL, 0, text, sizeof text));

    ck_assert_int_gt(gex_context_instruction_set(NULL), GEX_ISA_AUTO);
    ZERO(gex_context_kept(NULL));
    ZERO(gex_feed_form(NULL)); ZERO(gex_feed_as_of(NULL, &count)); ZERO(gex_feed_year_guessed(NULL));
    ZERO(gex_feed_bad_lines(NULL)); ZERO(gex_feed_line(NULL, 0)); ZERO(gex_feed_as_of(world.feed, NULL) & ~1);
    NO_TEXT(gex_feed_underlying(NULL)); NO_NUMBER(gex_feed_spot(NULL));

    /* a calendar that is not there is that of the US exchanges */
    ZERO(gex_calendar_event_count(NULL)); ZERO(gex_calendar_own_days(NULL));
    ck_assert_double_eq(gex_calendar_weight(NULL, GEX_WEIGHT_SESSION), 0.75);
    ck_assert_int_eq(gex_calendar_session(NULL, 20240119, NULL, NULL), GEX_SESSION_REGULAR);
    ck_assert_double_eq(gex_calendar_years(NULL, GEX_CLOCK_CAL_365, 0, 31536000000000000), 1.0);
    ck_assert_double_gt(gex_calendar_units(NULL, 0, 31536000000000000), 200.0);
    ck_assert_double_eq(gex_calendar_pace(NULL, GEX_CLOCK_CAL_365, 0), 1.0);

    NOTHING(gex_market_calendar(NULL)); NOTHING(gex_market_calendar_vol(NULL)); NOTHING(gex_market_pace(NULL));
    NOTHING(gex_market_calendar_years(NULL)); NOTHING(gex_market_expiry_clock(NULL)); ZERO(gex_market_vol_clock(NULL));
    NOTHING(gex_market_chain(NULL)); NOTHING(gex_market_status(NULL)); NOTHING(gex_market_flags(NULL));
    NOTHING(gex_market_vol(NULL));
    NOTHING(gex_market_vol_source(NULL)); NOTHING(gex_market_surface(NULL));
    NOTHING(gex_market_exercise(NULL));
    NOTHING(gex_market_years(NULL));
    NOTHING(gex_market_forward(NULL)); NOTHING(gex_market_discount(NULL)); NOTHING(gex_market_expiry_rate(NULL));
    NOTHING(gex_market_expiry_carry(NULL)); NOTHING(gex_market_forward_source(NULL));
    NOTHING(gex_market_forward_error(NULL)); NOTHING(gex_market_forward_pairs(NULL));
    ZERO(gex_market_as_of(NULL)); ZERO(gex_market_clock(NULL)); ZERO(gex_market_vol_rule(NULL));
    ZERO(gex_market_forward_rule(NULL)); ZERO(gex_market_style(NULL)); ZERO(gex_market_dynamics(NULL));
    ZERO(gex_market_expiry_count(NULL));
    NO_NUMBER(gex_market_spot(NULL)); NO_NUMBER(gex_market_rate(NULL)); NO_NUMBER(gex_market_carry_yield(NULL));

    NOTHING(gex_market_forward_quote_error(NULL));
    NOTHING(gex_market_forward_outliers(NULL)); NOTHING(gex_market_parity(NULL)); NOTHING(gex_market_borrow(NULL));
    NOTHING(gex_market_discount_error(NULL)); ZERO(gex_market_fixed_discount(NULL)); ZERO(gex_market_fallback(NULL));
    NO_NUMBER(gex_market_dynamics_parameter(NULL)); NO_NUMBER(gex_flips_low(NULL)); NO_NUMBER(gex_flips_high(NULL));
    COUNTED(gex_change_column(NULL, GEX_CHANGE_ROLL, &count)); COUNTED(gex_change_rows(NULL, &count));
    COUNTED(gex_change_expiry(NULL, GEX_CHANGE_EXPIRY_ATM, &count)); ZERO(gex_change_matched(NULL));
    COUNTED(gex_change_by(NULL, GEX_BY_STRIKE, GEX_CHANGE_ROLL, &count));
    NO_NUMBER(gex_change_total(NULL, GEX_CHANGE_ROLL)); NO_NUMBER(gex_change_stickiness(NULL, NULL));
    ZERO(gex_market_dividend_count(NULL)); NOTHING(gex_market_dividend_at(NULL));
    NOTHING(gex_market_dividend_cash(NULL)); NOTHING(gex_market_dividend_share(NULL));
    NO_NUMBER(gex_market_vol_low(NULL)); NO_NUMBER(gex_market_vol_high(NULL));
    NOTHING(gex_quotes_market(NULL)); NOTHING(gex_quotes_flags(NULL)); ZERO(gex_quotes_count(NULL, GEX_FLAG_WIDE));
    NOTHING(gex_quotes_price(NULL, GEX_QUOTE_MID)); NOTHING(gex_quotes_vol(NULL, GEX_QUOTE_MID));
    NOTHING(gex_quotes_status(NULL, GEX_QUOTE_MID)); NOTHING(gex_quotes_repaired(NULL));

    NOTHING(gex_book_chain(NULL)); NOTHING(gex_book_positions(NULL)); ZERO(gex_book_sign(NULL));
    NO_TEXT(gex_book_source(NULL));

    NOTHING(gex_greeks_market(NULL));
    NOTHING(gex_greeks_column(NULL, GEX_GREEK_GAMMA));
    NOTHING(gex_greeks_status(NULL));

    NOTHING(gex_exposure_greeks(NULL)); NOTHING(gex_exposure_book(NULL)); NOTHING(gex_exposure_rows(NULL));
    NOTHING(gex_exposure_status(NULL)); ZERO(gex_exposure_unit(NULL)); ZERO(gex_exposure_count_total(NULL));
    NO_NUMBER(gex_exposure_total(NULL)); NO_NUMBER(gex_exposure_gross(NULL)); ZERO(gex_exposure_count_used(NULL));
    ZERO(gex_exposure_count_zero_position(NULL)); ZERO(gex_exposure_count_diverging(NULL));
    ZERO(gex_exposure_count_refused(NULL, GEX_ROW_NO_VOL));
    COUNTED(gex_exposure_by(NULL, GEX_BY_STRIKE, GEX_SUM_NET, &count));
    COUNTED(gex_exposure_count_by(NULL, GEX_BY_STRIKE, &count));

    NOTHING(gex_grouping_exposure(NULL)); ZERO(gex_grouping_by(NULL, 0)); ZERO(gex_grouping_keys(NULL, 0));
    COUNTED(gex_grouping_edges(NULL, 0, &count));
    NOTHING(gex_grouping_edges(NULL, 0, NULL));
    NO_TEXT(gex_grouping_root(NULL, 0));
    ZERO(gex_grouping_cells(NULL)); NOTHING(gex_grouping_key(NULL, 0)); NOTHING(gex_grouping_sum(NULL, GEX_SUM_NET));
    NOTHING(gex_grouping_count(NULL));
    COUNTED(gex_grouping_rows(NULL, 0, &count));
    NOTHING(gex_grouping_rows(NULL, 0, NULL));

    ZERO(gex_profile_unit(NULL)); COUNTED(gex_profile_prices(NULL, &count)); COUNTED(gex_profile_values(NULL, &count));
    ZERO(gex_flips_status(NULL)); ZERO(gex_flips_count(NULL)); NO_NUMBER(gex_flips_price(NULL, 0));
    ZERO(gex_flips_direction(NULL, 0)); NO_NUMBER(gex_flips_slope(NULL, 0)); NO_NUMBER(gex_flips_size(NULL, 0));
    ZERO(gex_flips_root_status(NULL, 0)); ck_assert_int_eq(gex_flips_nearest(NULL), -1);
    COUNTED(gex_horizons_instants(NULL, &count)); COUNTED(gex_horizons_nearest(NULL, &count));
    NOTHING(gex_horizons_flips(NULL, 0));
    ZERO(gex_flow_rows(NULL)); NOTHING(gex_flow_column(NULL, GEX_FLOW_EXACT));

    NOTHING(gex_field_market(NULL)); NOTHING(gex_field_book(NULL)); COUNTED(gex_field_prices(NULL, &count));
    COUNTED(gex_field_instants(NULL, &count)); COUNTED(gex_field_quantities(NULL, &count));
    COUNTED(gex_crossings_price(NULL, &count)); COUNTED(gex_crossings_instant(NULL, &count));
    COUNTED(gex_crossings_direction(NULL, &count)); COUNTED(gex_cliffs_settlement(NULL, &count));
    COUNTED(gex_cliffs_before(NULL, &count)); COUNTED(gex_cliffs_settling(NULL, &count));
    COUNTED(gex_cliffs_after(NULL, &count)); COUNTED(gex_cliffs_rows(NULL, &count));
    NO_NUMBER(gex_forced_value(NULL, GEX_STRETCH_TO_CLOSE, GEX_FORCED_SHARES));
    ZERO(gex_forced_from(NULL, GEX_STRETCH_TO_CLOSE)); ZERO(gex_forced_to(NULL, GEX_STRETCH_TO_CLOSE));
    COUNTED(gex_field_live(NULL, &count)); COUNTED(gex_field_values(NULL, GEX_FIELD_FLOW, &count));
    COUNTED(gex_field_gross(NULL, GEX_FIELD_FLOW, &count));

    ZERO(gex_basket_members(NULL)); NO_NUMBER(gex_basket_spot(NULL)); ZERO(gex_basket_as_of(NULL));
    for (int64_t i = -1; i <= WORLD_MEMBERS; i += WORLD_MEMBERS + 1) {
        const gex_basket *const baskets[] = {NULL, world.basket};

        for (int k = 0; k < 2; k++) {
            NO_TEXT(gex_basket_name(baskets[k], i)); NOTHING(gex_basket_market(baskets[k], i));
            NOTHING(gex_basket_book(baskets[k], i)); NOTHING(gex_basket_greeks(baskets[k], i));
            ZERO(gex_basket_link(baskets[k], i)); ZERO(gex_basket_role(baskets[k], i));
            NO_NUMBER(gex_basket_currency(baskets[k], i)); NO_NUMBER(gex_basket_drift(baskets[k], i));
            NO_NUMBER(gex_basket_weight(baskets[k], i)); NO_NUMBER(gex_basket_slope(baskets[k], i));
            NO_NUMBER(gex_basket_beta(baskets[k], i)); NO_NUMBER(gex_basket_ratio(baskets[k], i));
            NO_NUMBER(gex_basket_basis(baskets[k], i)); NO_NUMBER(gex_basket_price(baskets[k], i, 5000));
            NO_NUMBER(gex_basket_reference(baskets[k], i, 5000));
        }
        NOTHING(gex_basket_exposure_member(world.basket_exposure, i));
        COUNTED(gex_combo_part_member(world.combo, i < 0 ? i : WORLD_ROWS, &count));
        COUNTED(gex_combo_part_strike(world.combo, i < 0 ? i : WORLD_ROWS, &count));
    }
    NOTHING(gex_basket_exposure_basket(NULL)); ZERO(gex_basket_exposure_unit(NULL));
    NO_NUMBER(gex_basket_exposure_total(NULL)); NO_NUMBER(gex_basket_exposure_gross(NULL));
    NOTHING(gex_basket_exposure_member(NULL, 0));
    NOTHING(gex_combo_exposure(NULL)); COUNTED(gex_combo_prices(NULL, &count));
    COUNTED(gex_combo_sum(NULL, GEX_SUM_NET, &count)); COUNTED(gex_combo_part_member(NULL, 0, &count));
    COUNTED(gex_combo_part_strike(NULL, 0, &count)); ZERO(gex_combo_left_out(NULL));
    NOTHING(gex_dispersion_basket(NULL)); ZERO(gex_dispersion_status(NULL));
    NO_NUMBER(gex_dispersion_value(NULL, GEX_DISPERSION_CORRELATION));
    COUNTED(gex_dispersion_member(NULL, GEX_DISPERSION_MEMBER_VOL, &count));

    NOTHING(gex_difference_market_before(NULL)); NOTHING(gex_difference_market_after(NULL));
    ZERO(gex_difference_quantity(NULL)); NO_NUMBER(gex_difference_total(NULL, GEX_DIFFERENCE_SPOT));
    ZERO(gex_difference_count(NULL, 0)); COUNTED(gex_difference_lines(NULL, GEX_DIFFERENCE_SPOT, &count));
    COUNTED(gex_difference_kinds(NULL, &count)); COUNTED(gex_difference_rows_before(NULL, &count));
    COUNTED(gex_difference_rows_after(NULL, &count)); COUNTED(gex_difference_strikes(NULL, &count));
    COUNTED(gex_difference_expiries(NULL, &count));
    COUNTED(gex_difference_by(NULL, GEX_BY_STRIKE, GEX_DIFFERENCE_SPOT, &count));

    ZERO(gex_robustness_count(NULL)); ZERO(gex_robustness_vary(NULL, 0)); NO_TEXT(gex_robustness_choice(NULL, 0));
    ZERO(gex_robustness_status(NULL, 0)); NO_NUMBER(gex_robustness_value(NULL, 0, GEX_ROBUST_NET));
    ZERO(gex_robustness_regime(NULL, 0)); ZERO(gex_robustness_roots(NULL, 0));
    NOTHING(gex_robustness_flips(NULL, 0)); NO_NUMBER(gex_robustness_root(NULL, 0, 0));
    ck_assert_int_eq(gex_robustness_agrees(NULL, 0, GEX_AGREE_SIGN), -1);
    ZERO(gex_robustness_agreeing(NULL, 0, GEX_AGREE_SIGN, &count)); ZERO(gex_robustness_agreeing(NULL, 0, 1, NULL));
    NOTHING(gex_map_robustness(NULL)); NOTHING(gex_map_since(NULL));
    NOTHING(gex_map_gamma_since(NULL)); NOTHING(gex_map_flow_since(NULL));
    NOTHING(gex_map_gamma_since(world.map)); NOTHING(gex_map_since(world.map));

    NOTHING(gex_uncertainty_book(NULL)); NOTHING(gex_uncertainty_sd(NULL)); ZERO(gex_uncertainty_factors(NULL));
    NOTHING(gex_uncertainty_loading(NULL, 0)); ZERO(gex_uncertainty_refused(NULL));
    NO_NUMBER(gex_uncertainty_share(NULL)); NO_NUMBER(gex_uncertainty_correlation(NULL));
    ZERO(gex_bands_unit(NULL)); COUNTED(gex_bands_mean(NULL, &count)); COUNTED(gex_bands_sd(NULL, &count));
    COUNTED(gex_bands_gross(NULL, &count)); COUNTED(gex_bands_above(NULL, &count));
    COUNTED(gex_bands_below(NULL, &count)); COUNTED(gex_bands_spot(NULL, &count));
    COUNTED(gex_bands_as_of(NULL, &count)); NO_NUMBER(gex_bands_quantile(NULL, 0, 0.5));
    NO_NUMBER(gex_bands_covariance(NULL, 0, 0)); COUNTED(gex_flip_bands_samples(NULL, GEX_FLIP_ABOVE, &count));
    NO_NUMBER(gex_flip_bands_share(NULL, GEX_ROOTS_FOUND)); NO_NUMBER(gex_flip_bands_found(NULL, GEX_FLIP_ABOVE));
    NO_NUMBER(gex_flip_bands_quantile(NULL, GEX_FLIP_ABOVE, 0.5));
    ZERO(gex_regime_of(NULL, world.flips)); ZERO(gex_regime_of(world.exposure, NULL));
    COUNTED(gex_regime_path_states(NULL, &count)); COUNTED(gex_regime_path_changes(NULL, &count));
    ZERO(gex_regime_path_time(NULL, GEX_REGIME_LONG_GAMMA));
    NO_NUMBER(gex_regime_path_share(NULL, GEX_REGIME_LONG_GAMMA));
    NO_NUMBER(gex_regime_path_expected(NULL, GEX_REGIME_LONG_GAMMA));
    NO_NUMBER(gex_regime_path_quantile(NULL, GEX_REGIME_LONG_GAMMA, 0.5)); NO_NUMBER(gex_regime_path_unchanged(NULL));
    NOTHING(gex_map_uncertainty(NULL)); NOTHING(gex_map_gamma_bands(NULL)); NOTHING(gex_map_profile_bands(NULL));
    NOTHING(gex_map_flow_bands(NULL)); NOTHING(gex_map_flip_bands(NULL));

    NOTHING(gex_map_field(NULL)); NOTHING(gex_map_zero_flow(NULL)); ZERO(gex_map_zero_flow_instant(NULL));
    NOTHING(gex_map_market(NULL)); NOTHING(gex_map_book(NULL)); NOTHING(gex_map_greeks(NULL));
    NOTHING(gex_map_gamma(NULL));
    NOTHING(gex_map_delta(NULL));
    NOTHING(gex_map_vanna(NULL));
    NOTHING(gex_map_charm(NULL));
    NOTHING(gex_map_in_unit(NULL)); NOTHING(gex_map_profile(NULL)); NOTHING(gex_map_profile_in_unit(NULL));
    NOTHING(gex_map_flips(NULL)); NOTHING(gex_map_flow(NULL)); COUNTED(gex_map_moves(NULL, &count));
    NOTHING(gex_map_scenario(NULL));
    NO_NUMBER(gex_map_scenario_spot_pct(NULL));
    NO_NUMBER(gex_map_scenario_hours(NULL));
    NO_NUMBER(gex_map_scenario_vol_points(NULL)); ZERO(gex_map_regime(NULL));
    NO_NUMBER(gex_map_daily_sigma(NULL)); NO_NUMBER(gex_map_zero_dte_share(NULL));

    ZERO(gex_surface_form(NULL)); ZERO(gex_surface_wings(NULL)); ZERO(gex_surface_expiries(NULL));
    NOTHING(gex_surface_status(NULL)); NOTHING(gex_surface_years(NULL)); NOTHING(gex_surface_forward(NULL));
    NOTHING(gex_surface_theta(NULL)); NOTHING(gex_surface_parameters(NULL)); NO_NUMBER(gex_surface_spot(NULL));
    NO_NUMBER(gex_surface_rho(NULL)); NO_NUMBER(gex_surface_eta(NULL)); NO_NUMBER(gex_surface_gamma(NULL));
    ZERO(gex_surface_component_count(NULL)); NOTHING(gex_surface_component_expiry(NULL));
    NOTHING(gex_surface_component_weight(NULL)); NOTHING(gex_surface_component_mean(NULL));
    NOTHING(gex_surface_component_deviation(NULL));
    COUNTED(gex_surface_quote_status(NULL, &count)); NOTHING(gex_surface_quote_status(NULL, NULL));
    NOTHING(gex_surface_report_butterfly(NULL)); NOTHING(gex_surface_report_butterfly_at(NULL));
    NOTHING(gex_surface_report_calendar(NULL)); NOTHING(gex_surface_report_calendar_at(NULL));
    NOTHING(gex_surface_report_left_slope(NULL)); NOTHING(gex_surface_report_right_slope(NULL));
    ZERO(gex_surface_report_count(NULL, 0)); ZERO(gex_surface_report_count(world.report, 4));
    ZERO(gex_surface_report_count(world.report, -1));
}
END_TEST

START_TEST(freeing_null_is_a_no_op)
{
    gex_context_free(NULL);
    gex_chain_free(NULL);
    gex_feed_free(NULL);
    gex_calendar_free(NULL);
    gex_market_free(NULL);
    gex_quotes_free(NULL);
    gex_book_free(NULL);
    gex_greeks_free(NULL);
    gex_exposure_free(NULL);
    gex_grouping_free(NULL);
    gex_profile_free(NULL);
    gex_flips_free(NULL);
    gex_horizons_free(NULL);
    gex_flow_free(NULL);
    gex_field_free(NULL);
    gex_crossings_free(NULL);
    gex_cliffs_free(NULL);
    gex_forced_free(NULL);
    gex_uncertainty_free(NULL);
    gex_bands_free(NULL);
    gex_flip_bands_free(NULL);
    gex_regime_path_free(NULL);
    gex_basket_free(NULL);
    gex_basket_exposure_free(NULL);
    gex_combo_free(NULL);
    gex_dispersion_free(NULL);
    gex_map_free(NULL);
    gex_robustness_free(NULL);
    gex_difference_free(NULL);
    gex_change_free(NULL);
    gex_surface_free(NULL);
    gex_surface_report_free(NULL);
}
END_TEST

/* Counts and rows beyond what is there, and a NULL where a count may be left out. */
START_TEST(indices_out_of_range_hold_nothing)
{
    static const int64_t beyond[] = {-1, INT64_MIN, WORLD_ROWS, INT64_MAX};
    char text[65] = "x";

    for (size_t k = 0; k < sizeof beyond / sizeof *beyond; k++) {
        ck_assert_str_eq(gex_chain_root(world.chain, beyond[k]), "");
        ck_assert_ptr_null(gex_quotes_price(world.quotes, (int32_t)(beyond[k] >> 32 | INT64_C(0x40000000))));
        ck_assert_int_eq(gex_chain_symbol(world.chain, beyond[k], text, sizeof text), 0);
        ck_assert_int_eq(gex_feed_line(world.feed, beyond[k]), 0);
        ck_assert_double_nan(gex_flips_price(world.flips, beyond[k]));
        ck_assert_double_nan(gex_flips_slope(world.flips, beyond[k]));
        ck_assert_double_nan(gex_flips_size(world.flips, beyond[k]));
        ck_assert_int_eq(gex_flips_direction(world.flips, beyond[k]), 0);
        ck_assert_ptr_null(gex_grouping_rows(world.grouping, beyond[k], NULL));
        ck_assert_int_eq(gex_robustness_vary(world.robustness, beyond[k]), 0);
        ck_assert_str_eq(gex_robustness_choice(world.robustness, beyond[k]), "");
        ck_assert_double_nan(gex_robustness_value(world.robustness, beyond[k], GEX_ROBUST_NET));
        ck_assert_int_eq(gex_robustness_agrees(world.robustness, beyond[k], GEX_AGREE_SIGN), -1);
        ck_assert_ptr_null(gex_robustness_flips(world.robustness, beyond[k]));
        ck_assert_ptr_null(gex_horizons_flips(world.horizons, beyond[k]));
        ck_assert_double_nan(gex_robustness_root(world.robustness, 1, beyond[k]));
        ck_assert_str_eq(gex_grouping_root(world.grouping, beyond[k]), "");
        ck_assert_ptr_null(gex_uncertainty_loading(world.uncertainty, beyond[k]));
        ck_assert_double_nan(gex_bands_quantile(world.path_bands, beyond[k], 0.5));
        ck_assert_double_nan(gex_bands_covariance(world.path_bands, beyond[k], 0));
        ck_assert_double_nan(gex_bands_covariance(world.path_bands, 0, beyond[k]));
        ck_assert_ptr_null(gex_grouping_key(world.grouping, (int32_t)(beyond[k] >> 32 | INT64_C(0x40000000))));
        ck_assert_int_eq(gex_flips_root_status(world.flips, beyond[k]), 0);
    }
    ck_assert_int_eq(gex_chain_symbol(world.chain, 0, NULL, 65), 0);
    ck_assert_int_eq(gex_chain_symbol(world.chain, 0, text, 64), 0);
    ck_assert_ptr_nonnull(gex_exposure_by(world.exposure, GEX_BY_STRIKE, GEX_SUM_NET, NULL));
    ck_assert_ptr_nonnull(gex_exposure_count_by(world.exposure, GEX_BY_STRIKE, NULL));
    ck_assert_ptr_nonnull(gex_profile_prices(world.profile, NULL));
    ck_assert_ptr_nonnull(gex_profile_values(world.profile, NULL));
    ck_assert_ptr_nonnull(gex_chain_expiries(world.chain, NULL));
    ck_assert_ptr_nonnull(gex_chain_strikes(world.chain, NULL));
    ck_assert_ptr_nonnull(gex_map_moves(world.map, NULL));
}
END_TEST

Suite *suite_nulls(void)
{
    Suite *suite = suite_create("nulls");
    TCase *tcase = tcase_create("nulls");

    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_test(tcase, missing_arguments_are_refused);
    tcase_add_test(tcase, tables_that_are_not_there);
    tcase_add_test(tcase, a_live_and_bytes_that_are_not_there);
    tcase_add_test(tcase, what_a_context_lends_is_proved);
    tcase_add_test(tcase, missing_arguments_of_surfaces_are_refused);
    tcase_add_test(tcase, missing_arguments_of_small_calls_are_refused);
    tcase_add_test(tcase, null_handles_hold_nothing);
    tcase_add_test(tcase, freeing_null_is_a_no_op);
    tcase_add_test(tcase, indices_out_of_range_hold_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
