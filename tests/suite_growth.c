/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of every age: a program compiled against 0.1 and one compiled against a later version, on today's library. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "doors.h"

Suite *suite_growth(void);

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

#define GIVE(name) static gex_status name(const void *mine, gex_error *error)

GIVE(give_context)
{
    gex_context *out = NULL;
    const gex_status status = gex_context_create(mine, &out, error);
    gex_context_free(out);
    return status;
}

GIVE(give_european)
{
    const int32_t greek = GEX_GREEK_PRICE;
    double value[1];
    double *const output = value;
    return gex_european(NULL, mine, &greek, 1, &output, NULL, error);
}

GIVE(give_price)
{
    double vol[1];
    return gex_implied_vol(NULL, mine, vol, NULL, error);
}

GIVE(give_american)
{
    const int32_t greek = GEX_GREEK_PRICE;
    double value[1];
    double *const output = value;
    return gex_american(NULL, mine, &greek, 1, &output, NULL, NULL, error);
}

GIVE(give_columns)
{
    gex_chain *out = NULL;
    const gex_status status = gex_chain_create(NULL, mine, NULL, &out, error);
    gex_chain_free(out);
    return status;
}

GIVE(give_chain)
{
    gex_chain *out = NULL;
    const gex_status status = gex_chain_create(NULL, &world.columns, mine, &out, error);
    gex_chain_free(out);
    return status;
}

GIVE(give_calendar)
{
    gex_calendar *out = NULL;
    const gex_status status = gex_calendar_create(NULL, mine, &out, error);
    gex_calendar_free(out);
    return status;
}

GIVE(give_market)
{
    gex_market *out = NULL;
    const gex_status status = gex_market_create(NULL, world.chain, mine, &out, error);
    gex_market_free(out);
    return status;
}

GIVE(give_quotes)
{
    gex_quotes *out = NULL;
    const gex_status status = gex_quotes_create(NULL, world.market, mine, &out, error);
    gex_quotes_free(out);
    return status;
}

GIVE(give_book)
{
    gex_book *out = NULL;
    const gex_status status = gex_book_create(NULL, world.chain, mine, &out, error);
    gex_book_free(out);
    return status;
}

GIVE(give_exposure)
{
    gex_exposure *out = NULL;
    const gex_status status = gex_exposure_compute(NULL, world.greeks, world.book, mine, &out, error);
    gex_exposure_free(out);
    return status;
}

GIVE(give_grouping)
{
    gex_grouping *out = NULL;
    const gex_status status = gex_grouping_compute(NULL, world.exposure, mine, &out, error);
    gex_grouping_free(out);
    return status;
}

GIVE(give_robustness)
{
    const gex_market_options market = world_market_options(&world);
    const gex_book_options book = world_book_options();
    gex_robustness *out = NULL;
    const gex_status status = gex_robustness_compute(NULL, world.chain, &market, &book, mine, &out, error);
    gex_robustness_free(out);
    return status;
}

GIVE(give_measure)
{
    double value;
    return gex_measure(world.exposure, GEX_MEASURE_TOP_SHARE, mine, &value, error);
}

GIVE(give_difference)
{
    gex_difference *out = NULL;
    const gex_status status =
        gex_difference_compute(NULL, world.market, world.book, world.moved, world.book, mine, &out, error);
    gex_difference_free(out);
    return status;
}

GIVE(give_profile)
{
    gex_profile *out = NULL;
    const gex_status status = gex_profile_compute(NULL, world.market, world.book, mine, &out, error);
    gex_profile_free(out);
    return status;
}

GIVE(give_flips)
{
    gex_flips *out = NULL;
    const gex_status status = gex_flips_compute(NULL, world.market, world.book, mine, &out, error);
    gex_flips_free(out);
    return status;
}

GIVE(give_basket)
{
    gex_basket *out = NULL;
    const gex_status status = gex_basket_create(NULL, mine, &out, error);
    gex_basket_free(out);
    return status;
}

GIVE(give_combo)
{
    gex_combo *out = NULL;
    const gex_status status = gex_combo_compute(NULL, world.basket_exposure, mine, &out, error);
    gex_combo_free(out);
    return status;
}

GIVE(give_dispersion)
{
    gex_dispersion *out = NULL;
    const gex_status status = gex_dispersion_compute(NULL, world.basket, mine, &out, error);
    gex_dispersion_free(out);
    return status;
}

GIVE(give_basket_exposure)
{
    gex_basket_exposure *out = NULL;
    const gex_status status = gex_basket_exposure_compute(NULL, world.basket, mine, &out, error);
    gex_basket_exposure_free(out);
    return status;
}

GIVE(give_basket_profile)
{
    gex_profile *out = NULL;
    const gex_status status = gex_basket_profile_compute(NULL, world.basket, mine, NULL, &out, error);
    gex_profile_free(out);
    return status;
}

GIVE(give_basket_flow)
{
    gex_flow *out = NULL;
    const gex_status status = gex_basket_flow_compute(NULL, world.basket, mine, NULL, &out, error);
    gex_flow_free(out);
    return status;
}

GIVE(give_flow)
{
    gex_flow *out = NULL;
    const gex_status status = gex_flow_compute(NULL, world.market, world.book, mine, &out, error);
    gex_flow_free(out);
    return status;
}

GIVE(give_field)
{
    gex_field *out = NULL;
    const gex_status status = gex_field_compute(NULL, world.market, world.book, mine, &out, error);
    gex_field_free(out);
    return status;
}

GIVE(give_cliffs)
{
    gex_cliffs *out = NULL;
    const gex_status status = gex_cliffs_compute(NULL, world.market, world.book, mine, &out, error);
    gex_cliffs_free(out);
    return status;
}

GIVE(give_zero_flow)
{
    gex_flips *out = NULL;
    const gex_status status = gex_zero_flow_compute(NULL, world.market, world.book, mine, &out, error);
    gex_flips_free(out);
    return status;
}

GIVE(give_uncertainty)
{
    gex_uncertainty *out = NULL;
    const gex_status status = gex_uncertainty_create(NULL, world.book, mine, &out, error);
    gex_uncertainty_free(out);
    return status;
}

GIVE(give_bands)
{
    gex_bands *out = NULL;
    const gex_status status = gex_bands_of_states(NULL, world.market, world.uncertainty, mine, &out, error);
    gex_bands_free(out);
    return status;
}

GIVE(give_flip_bands)
{
    gex_flip_bands *out = NULL;
    const gex_status status = gex_flip_bands_compute(NULL, world.profile_bands, mine, &out, error);
    gex_flip_bands_free(out);
    return status;
}

GIVE(give_regime_path)
{
    gex_regime_path *out = NULL;
    const gex_status status = gex_regime_path_compute(NULL, world.path_bands, mine, &out, error);
    gex_regime_path_free(out);
    return status;
}

GIVE(give_forced)
{
    gex_forced *out = NULL;
    const gex_status status = gex_forced_compute(NULL, world.market, world.book, mine, &out, error);
    gex_forced_free(out);
    return status;
}

GIVE(give_forced_bands)
{
    gex_bands *out = NULL;
    const gex_status status = gex_bands_of_forced(NULL, world.market, world.uncertainty, mine, &out, error);
    gex_bands_free(out);
    return status;
}

GIVE(give_map)
{
    gex_map *out = NULL;
    const gex_status status = gex_map_compute(NULL, world.market, world.book, mine, &out, error);
    gex_map_free(out);
    return status;
}

GIVE(give_raw)
{
    gex_surface *out = NULL;
    const gex_status status = gex_surface_create_raw(NULL, mine, &out, error);
    gex_surface_free(out);
    return status;
}

GIVE(give_svi)
{
    gex_surface *out = NULL;
    const gex_status status = gex_surface_create_svi(NULL, mine, &out, error);
    gex_surface_free(out);
    return status;
}

GIVE(give_mixture)
{
    gex_surface *out = NULL;
    const gex_status status = gex_surface_create_mixture(NULL, mine, &out, error);
    gex_surface_free(out);
    return status;
}

GIVE(give_ssvi)
{
    gex_surface *out = NULL;
    const gex_status status = gex_surface_create_ssvi(NULL, mine, &out, error);
    gex_surface_free(out);
    return status;
}

GIVE(give_live)
{
    gex_live *out = NULL;
    const gex_status status = gex_live_create(NULL, world.market, world.book, mine, &out, error);
    gex_live_free(out);
    return status;
}

GIVE(give_live_columns)
{
    const gex_live_options options = world_live_options();
    gex_live *live = NULL;
    gex_status status = gex_live_create(NULL, world.market, world.book, &options, &live, error);

    if (status == GEX_OK)
        status = gex_live_set_columns(live, mine, error);
    gex_live_free(live);
    return status;
}

GIVE(give_shift)
{
    gex_market *out = NULL;
    const gex_status status = gex_market_shift(NULL, world.market, mine, &out, error);
    gex_market_free(out);
    return status;
}

GIVE(give_split)
{
    double change[1];
    return gex_surface_split(NULL, world.svi, world.svi, mine, change, NULL, NULL, NULL, NULL, error);
}

GIVE(give_points)
{
    const int32_t what = GEX_SURFACE_VOL;
    double value[1];
    double *const output = value;
    return gex_surface_evaluate(NULL, world.svi, mine, &what, 1, &output, NULL, error);
}

/* What init leaves open, chosen as the world has it. Only fields of version 0.1 are touched. */
#define CHOOSE(name, type)                            \
    static void choose_##name(type *options);         \
    static void any_##name(void *mine)                \
    {                                                 \
        choose_##name(mine);                          \
    }                                                 \
    static void init_##name(void *mine, uint32_t size) \
    {                                                 \
        type##_init(mine, size);                      \
    }                                                 \
    static void choose_##name(type *options)

CHOOSE(context, gex_context_options)
{
    (void)options;
}

CHOOSE(european, gex_european_columns)
{
    options->rows = 1;
    options->spot = options->strike = options->years = options->vol = (gex_f64){&world.spot, 0};
    options->right = (gex_i8){world.right, 0};
}

CHOOSE(mixture, gex_mixture_columns)
{
    const gex_mixture_columns whole = world_mixture_columns();

    options->expiries = whole.expiries, options->rows = whole.rows;
    options->years = whole.years;
    options->forward = whole.forward;
    options->expiry = whole.expiry;
    options->weight = whole.weight, options->mean = whole.mean, options->deviation = whole.deviation;
}

CHOOSE(price, gex_price_columns)
{
    options->rows = 1;
    options->price = options->forward = options->strike = options->years = (gex_f64){&world.spot, 0};
    options->right = (gex_i8){world.right, 0};
}

CHOOSE(american, gex_american_columns)
{
    options->rows = 1;
    options->spot = options->strike = options->years = options->vol = (gex_f64){&world.spot, 0};
    options->right = (gex_i8){world.right, 0};
}

CHOOSE(columns, gex_chain_columns)
{
    options->rows = WORLD_ROWS;
    options->root = world.columns.root;
    options->expiry = world.columns.expiry;
    options->strike = world.columns.strike;
    options->right = world.columns.right;
}

CHOOSE(chain, gex_chain_options)
{
    (void)options;
}

CHOOSE(calendar, gex_calendar_options)
{
    (void)options;
}

CHOOSE(market, gex_market_options)
{
    const gex_market_options chosen = world_market_options(&world);

    options->clock = chosen.clock;
    options->as_of = chosen.as_of;
    options->spot = chosen.spot;
    options->vol = chosen.vol;
    options->forward = chosen.forward;
    options->style = chosen.style;
    options->dynamics = chosen.dynamics;
}

CHOOSE(quotes, gex_quotes_options)
{
    (void)options;
}

CHOOSE(book, gex_book_options)
{
    options->sign = GEX_SIGN_NAIVE_CALL_LONG;
}

CHOOSE(exposure, gex_exposure_options)
{
    options->unit = GEX_UNIT_GEX_USD_PCT;
}

CHOOSE(grouping, gex_grouping_options)
{
    options->first = GEX_BY_STRIKE;
}

CHOOSE(robustness, gex_robustness_options)
{
    options->left_out = 510; /* all: the base is enough */
}

CHOOSE(measure, gex_measure_options)
{
    (void)options;
}

CHOOSE(difference, gex_difference_options)
{
    options->quantity = GEX_UNIT_DEX_USD;
}

CHOOSE(profile, gex_profile_options)
{
    options->unit = GEX_UNIT_GEX_USD_PCT;
}

CHOOSE(basket, gex_basket_columns)
{
    static const int32_t link = GEX_LINK_RATIO;

    options->rows = 1;
    options->spot = world.spot;
    options->market = world.member_market;
    options->book = world.member_book;
    options->link = (gex_i32){&link, 0};
}

CHOOSE(combo, gex_combo_options)
{
    options->step = 5.0;
}

CHOOSE(dispersion, gex_dispersion_options)
{
    options->tenor = world.as_of + 1;
}

CHOOSE(flow, gex_flow_options)
{
    (void)options;
}

CHOOSE(field, gex_field_options)
{
    static const int32_t quantity = GEX_FIELD_FLOW;

    options->quantities = &quantity;
    options->quantity_count = 1;
}

CHOOSE(cliffs, gex_cliffs_options)
{
    options->unit = GEX_UNIT_GEX_USD_PCT;
}

CHOOSE(zero_flow, gex_zero_flow_options)
{
    (void)options;
}

CHOOSE(uncertainty, gex_uncertainty_options)
{
    options->share = 0.5;
}

CHOOSE(bands, gex_bands_options)
{
    options->unit = GEX_UNIT_GEX_USD_PCT;
    options->points = 5;
}

CHOOSE(flip_bands, gex_flip_bands_options)
{
    (void)options;
}

CHOOSE(regime_path, gex_regime_path_options)
{
    (void)options;
}

CHOOSE(forced, gex_forced_options)
{
    (void)options;
}

CHOOSE(map, gex_map_options)
{
    (void)options;
}

CHOOSE(raw, gex_raw_columns)
{
    const gex_raw_columns whole = world_raw_columns(&world);

    options->wings = whole.wings;
    options->expiries = whole.expiries;
    options->years = whole.years;
    options->forward = whole.forward;
    options->rows = whole.rows;
    options->expiry = whole.expiry;
    options->strike = whole.strike;
    options->vol = whole.vol;
}

CHOOSE(svi, gex_svi_columns)
{
    const gex_svi_columns whole = world_svi_columns();

    options->expiries = whole.expiries;
    options->years = whole.years;
    options->forward = whole.forward;
    options->a = whole.a, options->b = whole.b, options->rho = whole.rho, options->m = whole.m, options->s = whole.s;
}

CHOOSE(ssvi, gex_ssvi_columns)
{
    const gex_ssvi_columns whole = world_ssvi_columns();

    options->expiries = whole.expiries;
    options->years = whole.years;
    options->forward = whole.forward;
    options->theta = whole.theta;
    options->rho = whole.rho, options->eta = whole.eta, options->gamma = whole.gamma;
}

CHOOSE(live_columns, gex_live_columns)
{
    static const double vol = 0.2;
    options->count = 2;
    options->vol = (gex_f64){&vol, 0};
}

CHOOSE(live, gex_live_options)
{
    static const int32_t unit = GEX_UNIT_GEX_USD_PCT;
    options->unit_count = 1;
    options->units = (gex_i32){&unit, 0};
}

CHOOSE(shift, gex_shift_options)
{
    (void)options;
}

CHOOSE(split, gex_split_columns)
{
    options->rows = 1;
    options->strike = options->years_before = options->years_after = (gex_f64){&world.spot, 0};
    options->forward_before = options->forward_aged = options->forward_after = (gex_f64){&world.spot, 0};
}

CHOOSE(points, gex_surface_points)
{
    options->rows = 1;
    options->strike = options->years = (gex_f64){&world.spot, 0};
}

/* Sizes of version 0.1 on LP64, frozen:
 * they were read off its headers, and a program compiled then still sends them. */
#define ROW(type, name, first) {#type, first, sizeof(type), init_##name, any_##name, give_##name},
static const struct kind {
    const char *name;
    uint32_t    first, today;
    void (*init)(void *mine, uint32_t size);
    void (*choose)(void *mine);
    gex_status (*give)(const void *mine, gex_error *error);
} kinds[] = {
    ROW(gex_context_options, context, 48)
    ROW(gex_european_columns, european, 128)
    ROW(gex_price_columns, price, 112)
    ROW(gex_american_columns, american, 160)
    ROW(gex_chain_columns, columns, 272)
    ROW(gex_chain_options, chain, 80)
    ROW(gex_calendar_options, calendar, 136)
    ROW(gex_market_options, market, 88)
    ROW(gex_quotes_options, quotes, 48)
    ROW(gex_book_options, book, 72)
    ROW(gex_exposure_options, exposure, 40)
    ROW(gex_grouping_options, grouping, 64)
    ROW(gex_robustness_options, robustness, 40)
    ROW(gex_difference_options, difference, 40)
    ROW(gex_measure_options, measure, 24)
    ROW(gex_profile_options, profile, 64)
    {"gex_profile_options (flips)", 64, sizeof(gex_profile_options), init_profile, any_profile, give_flips},
    {"gex_exposure_options (basket)", 40, sizeof(gex_exposure_options), init_exposure, any_exposure,
     give_basket_exposure},
    {"gex_profile_options (basket)", 64, sizeof(gex_profile_options), init_profile, any_profile, give_basket_profile},
    {"gex_flow_options (basket)", 64, sizeof(gex_flow_options), init_flow, any_flow, give_basket_flow},
    ROW(gex_basket_columns, basket, 160)
    ROW(gex_combo_options, combo, 16)
    ROW(gex_dispersion_options, dispersion, 40)
    ROW(gex_flow_options, flow, 64)
    ROW(gex_field_options, field, 136)
    ROW(gex_cliffs_options, cliffs, 56)
    ROW(gex_forced_options, forced, 40)
    {"gex_forced_options (bands)", 40, sizeof(gex_forced_options), init_forced, any_forced, give_forced_bands},
    ROW(gex_zero_flow_options, zero_flow, 40)
    ROW(gex_uncertainty_options, uncertainty, 48)
    ROW(gex_bands_options, bands, 104)
    ROW(gex_flip_bands_options, flip_bands, 24)
    ROW(gex_regime_path_options, regime_path, 40)
    ROW(gex_map_options, map, 88)
    ROW(gex_raw_columns, raw, 112)
    ROW(gex_svi_columns, svi, 136)
    ROW(gex_ssvi_columns, ssvi, 96)
    ROW(gex_mixture_columns, mixture, 128)
    ROW(gex_surface_points, points, 80)
    ROW(gex_shift_options, shift, 40)
    ROW(gex_live_options, live, 64)
    ROW(gex_live_columns, live_columns, 112)
    ROW(gex_split_columns, split, 112)
};
enum { KINDS = sizeof kinds / sizeof *kinds, LONG_TAIL = 4096 };

/* A block that ends where the struct does, so that the sanitizers see a read or a write beyond it. */
static void *block_of(uint32_t size)
{
    void *block = malloc(size);
    ck_assert_ptr_nonnull(block);
    memset(block, 0xa5, size);
    return block;
}

static gex_status give(const struct kind *kind, uint32_t size, gex_error *error)
{
    void *mine = block_of(size);
    gex_status status;

    kind->init(mine, size);
    kind->choose(mine);
    status = kind->give(mine, error);
    free(mine);
    return status;
}

START_TEST(a_program_of_the_first_version_is_understood)
{
    gex_error error = {0};
    ck_assert_uint_ge(kinds[_i].today, kinds[_i].first); /* structs only grow */
    ck_assert_msg(give(&kinds[_i], kinds[_i].first, &error) == GEX_OK, "%s: %s", kinds[_i].name, error.message);
}
END_TEST

START_TEST(a_later_program_that_asks_nothing_more_is_understood)
{
    gex_error error = {0};
    ck_assert_msg(give(&kinds[_i], kinds[_i].today + 8, &error) == GEX_OK, "%s: %s", kinds[_i].name, error.message);
    ck_assert_msg(give(&kinds[_i], LONG_TAIL, &error) == GEX_OK, "%s: %s", kinds[_i].name, error.message);
}
END_TEST

START_TEST(a_wish_that_is_not_understood_is_refused)
{
    const uint32_t size = kinds[_i].today + 64;

    for (uint32_t at = kinds[_i].today; at < size; at += 9) {
        unsigned char *mine = block_of(size);
        gex_error error = {0};

        kinds[_i].init(mine, size);
        kinds[_i].choose(mine);
        mine[at] = 1;
        ck_assert_msg(kinds[_i].give(mine, &error) == GEX_ERR_VERSION, "%s, byte %u", kinds[_i].name, at);
        ck_assert_int_eq(error.status, GEX_ERR_VERSION);
        free(mine);
    }
}
END_TEST

START_TEST(sizes_that_never_were_are_refused)
{
    static const uint32_t wrong[] = {0, 1, 3, 4, 7, 8, LONG_TAIL + 1, 1u << 20, UINT32_MAX};

    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        unsigned char *mine = block_of(LONG_TAIL);
        gex_error error = {0};

        kinds[_i].init(mine, LONG_TAIL);
        kinds[_i].choose(mine);
        memcpy(mine, &wrong[k], sizeof wrong[k]);
        ck_assert_msg(kinds[_i].give(mine, &error) == GEX_ERR_VERSION, "%s, size %u", kinds[_i].name, wrong[k]);
        free(mine);
    }
}
END_TEST

START_TEST(init_keeps_within_the_size_it_is_told)
{
    enum { CANARY = 8 };

    for (uint32_t size = 0; size <= kinds[_i].today + 40; size++) {
        unsigned char *mine = block_of(size + CANARY);

        kinds[_i].init(mine, size);
        if (size >= sizeof size) /* a struct that has no room for its size is left alone */
            ck_assert_mem_eq(mine, &size, sizeof size);
        for (uint32_t at = size < sizeof size ? 0 : size; at < size + CANARY; at++)
            ck_assert_msg(mine[at] == 0xa5, "%s of %u bytes: byte %u written", kinds[_i].name, size, at);
        for (uint32_t at = kinds[_i].today; at < size; at++)
            ck_assert_msg(mine[at] == 0, "%s of %u bytes: byte %u is not zero", kinds[_i].name, size, at);
        free(mine);
    }
    kinds[_i].init(NULL, kinds[_i].today);
}
END_TEST

/* ---- structs the library writes ---------------------------------------------------------------------------------- */

#define WRITE(name) static gex_status write_##name(void *theirs, gex_error *error)

WRITE(series)
{
    return gex_symbol_parse("SPXW230914C01200000", 19, theirs, error);
}

WRITE(root)
{
    return gex_root_facts("SPX", 3, theirs, error);
}

WRITE(columns)
{
    return gex_feed_columns(world.feed, theirs, error);
}

static const struct written {
    const char *name;
    uint32_t    first, today;
    gex_status (*write)(void *theirs, gex_error *error);
} writtens[] = {
    {"gex_series", 40, sizeof(gex_series), write_series},
    {"gex_root", 24, sizeof(gex_root), write_root},
    {"gex_chain_columns", 272, sizeof(gex_chain_columns), write_columns},
};
enum { WRITTENS = sizeof writtens / sizeof *writtens };

static gex_status write_into(const struct written *written, unsigned char *theirs, uint32_t size)
{
    memcpy(theirs, &size, sizeof size);
    return written->write(theirs, NULL);
}

START_TEST(what_is_written_keeps_within_the_size_it_is_told)
{
    const struct written *written = &writtens[_i];
    unsigned char today[512];

    memset(today, 0xa5, sizeof today);
    ck_assert_int_eq(write_into(written, today, written->today), GEX_OK);
    for (uint32_t size = 0; size <= written->today + 40; size++) {
        unsigned char *theirs = block_of(size < sizeof size ? sizeof size : size);
        const gex_status expected = size < written->first ? GEX_ERR_VERSION : GEX_OK;

        ck_assert_msg(write_into(written, theirs, size) == expected, "%s of %u bytes", written->name, size);
        for (uint32_t at = sizeof size; at < size; at++) {
            const unsigned char wanted = expected != GEX_OK ? 0xa5 : at < written->today ? today[at] : 0;
            ck_assert_msg(theirs[at] == wanted, "%s of %u bytes: byte %u", written->name, size, at);
        }
        free(theirs);
    }
}
END_TEST

/* gex_error is frozen: it has no size field to grow by. */
START_TEST(error_is_frozen)
{
    ck_assert_uint_eq(sizeof(gex_error), 256);
    ck_assert_uint_eq(offsetof(gex_error, row), 8);
    ck_assert_uint_eq(offsetof(gex_error, message), 16);
}
END_TEST

Suite *suite_growth(void)
{
    Suite *suite = suite_create("growth");
    TCase *tcase = tcase_create("growth");

    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_loop_test(tcase, a_program_of_the_first_version_is_understood, 0, KINDS);
    tcase_add_loop_test(tcase, a_later_program_that_asks_nothing_more_is_understood, 0, KINDS);
    tcase_add_loop_test(tcase, a_wish_that_is_not_understood_is_refused, 0, KINDS);
    tcase_add_loop_test(tcase, sizes_that_never_were_are_refused, 0, KINDS);
    tcase_add_loop_test(tcase, init_keeps_within_the_size_it_is_told, 0, KINDS);
    tcase_add_loop_test(tcase, what_is_written_keeps_within_the_size_it_is_told, 0, WRITTENS);
    tcase_add_test(tcase, error_is_frozen);
    suite_add_tcase(suite, tcase);
    return suite;
}
