/* SPDX-License-Identifier: Apache-2.0 */
/* A small market: two expiries of SPXW with quotes, one of SPX, and rows of every kind that is refused or flagged. */
#include <math.h>
#include <string.h>

#include "doors.h"

enum { STRIKES = 17, EXPIRIES = 2, QUOTED = STRIKES * EXPIRIES * 2, ODD = 16 };
_Static_assert(QUOTED + ODD == WORLD_ROWS, "every row is filled");

const char world_csv[] = "# underlying: SPX\n# spot: 5000\n# as_of: 2023-09-14T13:00:00-04:00\n"
                         "root,expiry,strike,right,vol,open_interest,bid,ask\n"
                         "SPXW,2023-09-14,5000,C,0.16,9000,11.5,12.5\n"
                         "SPXW,2023-09-14,4975,P,0.18,16000,4.0,4.4\n"
                         "SPXW,2023-10-14,5200,C,,40000,,\n"
                         "SPXW,2023-10-14,x,P,0.2,50000,1,2\n";
const int64_t world_csv_length = sizeof world_csv - 1;

static void put_row(struct world *world, int64_t i, const char *root, int32_t expiry, double strike, int8_t right,
                    double vol)
{
    memset(world->root[i], 0, sizeof world->root[i]);
    memcpy(world->root[i], root, strlen(root));
    world->expiry[i] = expiry;
    world->strike[i] = strike;
    world->right[i] = right;
    world->vol[i] = vol;
    world->bid[i] = world->ask[i] = 1.0;
    world->open_interest[i] = (double)(100 + i * 7919 % 5000);
    world->volume[i] = (double)(i * 104729 % 3000);
    world->years[i] = expiry == 20230914 ? 3.0 / 8760 : 30.0 / 365;
}

static void put_quoted_rows(struct world *world)
{
    static const int32_t expiries[EXPIRIES] = {20230914, 20231013};

    for (int32_t i = 0; i < QUOTED; i++) {
        const double strike = 4800 + 25 * (i / 2 % STRIKES);
        put_row(world, i, "SPXW", expiries[i / 2 / STRIKES], strike, i % 2 == 0 ? GEX_CALL : GEX_PUT,
                0.15 + 4e-8 * (strike - 5000) * (strike - 5100));
    }
}

static void put_odd_rows(struct world *world)
{
    int64_t i = QUOTED;

    put_row(world, i++, "SPX", 20230915, 5000, GEX_CALL, 0.16);   /* settles on the open */
    put_row(world, i++, "SPY", 20230915, 500, GEX_PUT, 0.16);     /* American */
    put_row(world, i++, "SPXW", 20231013, 5000, GEX_CALL, 0.16);  /* stands twice */
    put_row(world, i++, "QQZZ", 20231020, 5000, GEX_CALL, 0.20);  /* unknown root */
    put_row(world, i++, "SPY1", 20231020, 5000, GEX_CALL, 0.20);  /* adjusted root */
    put_row(world, i++, "SPXW", 20231231, 5000, GEX_PUT, 0.20);   /* a Sunday */
    put_row(world, i++, "SPXW", 20230913, 5000, GEX_CALL, 0.16);  /* settled yesterday */
    put_row(world, i++, "SPXW", 20231013, -5, GEX_CALL, 0.16);    /* no strike */
    put_row(world, i++, "SPXW", 20231013, NAN, GEX_CALL, 0.16);   /* no strike */
    put_row(world, i++, "SPXW", 20231013, 5000, 0, 0.16);         /* neither call nor put */
    put_row(world, i++, "SPXW", 20230230, 5000, GEX_PUT, 0.16);   /* 30 February */
    put_row(world, i++, "SPXW", 20231013, 4990, GEX_PUT, 0.0);    /* no volatility */
    put_row(world, i++, "SPXW", 20231013, 4991, GEX_PUT, NAN);    /* no volatility */
    put_row(world, i, "SPXW", 20231013, 4992, GEX_PUT, 0.15);
    world->open_interest[i++] = NAN;
    put_row(world, i, "SPXW", 20231013, 4993, GEX_PUT, 0.15);     /* crossed */
    world->bid[i++] = 2.0;
    put_row(world, i, "SPXW", 20231013, 4994, GEX_PUT, 0.15);     /* nobody has one */
    world->open_interest[i++] = 0.0;
}

static gex_status quote(struct world *world, const gex_context *context, gex_error *error)
{
    gex_european_columns columns;
    const int32_t greek = GEX_GREEK_PRICE;
    double *const output = world->price;
    gex_status status;

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = QUOTED;
    columns.spot = (gex_f64){&world->spot, 0};
    columns.strike = (gex_f64){world->strike, sizeof(double)};
    columns.years = (gex_f64){world->years, sizeof(double)};
    columns.vol = (gex_f64){world->vol, sizeof(double)};
    columns.right = (gex_i8){world->right, 1};
    status = gex_european(context, &columns, &greek, 1, &output, NULL, error);
    for (int64_t i = 0; i < QUOTED; i++) {
        world->bid[i] = world->price[i] * 0.995;
        world->ask[i] = world->price[i] * 1.005;
    }
    return status;
}

static void put_columns(struct world *world)
{
    gex_chain_columns *columns = &world->columns;

    gex_chain_columns_init(columns, sizeof *columns);
    columns->rows = WORLD_ROWS;
    columns->root = (gex_text){world->root[0], sizeof world->root[0], sizeof world->root[0]};
    columns->expiry = (gex_i32){world->expiry, sizeof(int32_t)};
    columns->strike = (gex_f64){world->strike, sizeof(double)};
    columns->right = (gex_i8){world->right, 1};
    columns->bid = (gex_f64){world->bid, sizeof(double)};
    columns->ask = (gex_f64){world->ask, sizeof(double)};
    columns->vol = (gex_f64){world->vol, sizeof(double)};
    columns->open_interest = (gex_f64){world->open_interest, sizeof(double)};
    columns->volume = (gex_f64){world->volume, sizeof(double)};
}

/* Days of the caller's, the last of them a Saturday that is closed anyway, and two dated events. */
gex_calendar_options world_calendar_options(const struct world *world)
{
    gex_calendar_options options;

    gex_calendar_options_init(&options, sizeof options);
    options.own_days = 1;
    options.closed_count = 3;
    options.closed = (gex_i32){world->closed, sizeof(int32_t)};
    options.early_count = 2;
    options.early = (gex_i32){world->early, sizeof(int32_t)};
    options.event_count = 2;
    options.event = (gex_i64){world->events, sizeof(int64_t)};
    options.event_units = (gex_f64){world->event_units, sizeof(double)};
    return options;
}

gex_market_options world_market_options(const struct world *world)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = world->as_of;
    options.spot = world->spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_IMPLIED;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    options.dividend_count = 2;
    options.dividend_at = (gex_i64){world->paid_at, sizeof(int64_t)};
    options.dividend_cash = (gex_f64){world->paid, sizeof(double)};
    return options;
}

/* Every third quote is of the day before. */
gex_quotes_options world_quotes_options(const struct world *world)
{
    gex_quotes_options options;

    gex_quotes_options_init(&options, sizeof options);
    options.age_max = INT64_C(3600000000000);
    options.quoted_at = (gex_i64){world->quoted_at, sizeof(int64_t)};
    options.repair = GEX_REPAIR_ALL;
    return options;
}

gex_book_options world_book_options(void)
{
    gex_book_options options;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_NAIVE_CALL_LONG;
    return options;
}

gex_exposure_options world_exposure_options(void)
{
    gex_exposure_options options;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return options;
}

/* Strike / forward in four buckets, by expiry. */
gex_grouping_options world_grouping_options(void)
{
    static const double edges[] = {0.96, 1.0, 1.03};
    gex_grouping_options options;

    gex_grouping_options_init(&options, sizeof options);
    options.first = GEX_BY_MONEYNESS_FORWARD;
    options.first_edges = (gex_f64){edges, sizeof *edges};
    options.first_edge_count = 3;
    options.second = GEX_BY_EXPIRY;
    return options;
}

gex_profile_options world_profile_options(void)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.points = 41;
    return options;
}

/* An index, and a name in it that moves less and the other way. */
gex_basket_columns world_basket_columns(const struct world *world)
{
    static const int32_t link[WORLD_MEMBERS] = {GEX_LINK_BASIS, GEX_LINK_BETA};
    static const int32_t role[WORLD_MEMBERS] = {GEX_ROLE_INDEX, GEX_ROLE_CONSTITUENT};
    static const double factor[WORLD_MEMBERS] = {1.0, -0.6}, weight[WORLD_MEMBERS] = {0.0, 0.4};
    gex_basket_columns columns;

    gex_basket_columns_init(&columns, sizeof columns);
    columns.rows = WORLD_MEMBERS;
    columns.spot = world->spot + 25.0;
    columns.market = world->member_market;
    columns.book = world->member_book;
    columns.link = (gex_i32){link, sizeof *link};
    columns.role = (gex_i32){role, sizeof *role};
    columns.factor = (gex_f64){factor, sizeof *factor};
    columns.weight = (gex_f64){weight, sizeof *weight};
    return columns;
}

gex_dispersion_options world_dispersion_options(const struct world *world)
{
    gex_dispersion_options options;

    gex_dispersion_options_init(&options, sizeof options);
    options.tenor = world->as_of + INT64_C(864000000000000);
    return options;
}

/* What changes the market in each of its ways, and a few signs: enough for an answer soon. */
gex_uncertainty_options world_uncertainty_options(const gex_f64 *loading)
{
    gex_uncertainty_options options;

    gex_uncertainty_options_init(&options, sizeof options);
    options.share = 0.5;
    options.correlation = 0.2;
    options.factor_count = 1;
    options.loadings = loading;
    return options;
}

/* A path of three states, past the first settlement. */
gex_bands_options world_bands_options(const struct world *world)
{
    gex_bands_options options;

    gex_bands_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.points = WORLD_FLOWS;
    options.spot = (gex_f64){world->spots, sizeof *world->spots};
    options.as_of = (gex_i64){world->instants, sizeof *world->instants};
    return options;
}

gex_robustness_options world_robustness_options(void)
{
    gex_robustness_options options;

    gex_robustness_options_init(&options, sizeof options);
    options.left_out = 1 << GEX_VARY_CLOCK | 1 << GEX_VARY_SIGN;
    options.low = 0.97;
    options.high = 1.03;
    options.zero_flow = WORLD_CLOSE;
    return options;
}

gex_map_options world_map_options(const struct world *world)
{
    gex_map_options options;

    (void)world;
    gex_map_options_init(&options, sizeof options);
    options.zero_flow = WORLD_CLOSE;
    return options;
}

gex_difference_options world_difference_options(void)
{
    gex_difference_options options;

    gex_difference_options_init(&options, sizeof options);
    options.quantity = GEX_UNIT_GEX_PLUS_USD_PT;
    options.beta = -10;
    return options;
}

gex_flow_options world_flow_options(const struct world *world)
{
    gex_flow_options options;

    gex_flow_options_init(&options, sizeof options);
    options.rows = WORLD_FLOWS;
    options.spot = (gex_f64){world->spots, sizeof(double)};
    options.as_of = (gex_i64){world->instants, sizeof(int64_t)};
    options.vol_shift = (gex_f64){world->shifts, sizeof(double)};
    return options;
}

gex_cliffs_options world_cliffs_options(void)
{
    gex_cliffs_options options;

    gex_cliffs_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return options;
}

gex_field_options world_field_options(const struct world *world)
{
    static const int32_t quantities[] = {GEX_FIELD_FLOW, GEX_UNIT_GEX_USD_PCT, GEX_UNIT_VOMMA_VEGA_VOLPT,
                                         GEX_FIELD_UNWIND};
    gex_field_options options;

    (void)world;
    gex_field_options_init(&options, sizeof options);
    options.quantities = quantities;
    options.quantity_count = sizeof quantities / sizeof *quantities;
    options.gross = 1;
    options.points = 17;
    options.steps = 5;
    options.until = GEX_UNTIL_NEXT_CLOSE; /* past the first settlement */
    return options;
}

/* Surfaces of two expiries; the raw one takes the world's quoted rows, both rights at every strike. */
static const double surface_years[2] = {3.0 / 8760, 30.0 / 365}, surface_forward[2] = {5000, 5012};
static const double svi_parameters[2][5] = {{1e-5, 4e-3, -0.3, 0, 4e-3}, {1e-3, 0.02, -0.5, 0.01, 0.05}};
static const double ssvi_theta[2] = {3e-5, 2e-3};

gex_raw_columns world_raw_columns(const struct world *world)
{
    gex_raw_columns columns;

    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = GEX_WINGS_LINEAR;
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){surface_years, sizeof(double)};
    columns.forward = (gex_f64){surface_forward, sizeof(double)};
    columns.spot = world->spot;
    columns.rows = QUOTED;
    columns.expiry = (gex_i32){world->surface_expiry, sizeof(int32_t)};
    columns.strike = (gex_f64){world->strike, sizeof(double)};
    columns.vol = (gex_f64){world->vol, sizeof(double)};
    return columns;
}

gex_svi_columns world_svi_columns(void)
{
    gex_svi_columns columns;
    const int64_t row = sizeof svi_parameters[0];

    gex_svi_columns_init(&columns, sizeof columns);
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){surface_years, sizeof(double)};
    columns.forward = (gex_f64){surface_forward, sizeof(double)};
    columns.a = (gex_f64){&svi_parameters[0][0], row};
    columns.b = (gex_f64){&svi_parameters[0][1], row};
    columns.rho = (gex_f64){&svi_parameters[0][2], row};
    columns.m = (gex_f64){&svi_parameters[0][3], row};
    columns.s = (gex_f64){&svi_parameters[0][4], row};
    return columns;
}

gex_ssvi_columns world_ssvi_columns(void)
{
    gex_ssvi_columns columns;

    gex_ssvi_columns_init(&columns, sizeof columns);
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){surface_years, sizeof(double)};
    columns.forward = (gex_f64){surface_forward, sizeof(double)};
    columns.theta = (gex_f64){ssvi_theta, sizeof(double)};
    columns.rho = -0.7, columns.eta = 1, columns.gamma = 0.5;
    return columns;
}

gex_mixture_columns world_mixture_columns(void)
{
    static const int32_t expiry[5] = {0, 0, 1, 1, 1};
    static const double weight[5] = {0.75, 0.25, 0.6, 0.3, 0.1}, mean[5] = {1.002, 0.994, 1.01, 1, 0.94};
    static const double deviation[5] = {0.003, 0.008, 0.03, 0.05, 0.12};
    gex_mixture_columns columns;

    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){surface_years, sizeof(double)};
    columns.forward = (gex_f64){surface_forward, sizeof(double)};
    columns.rows = 5;
    columns.expiry = (gex_i32){expiry, sizeof(int32_t)};
    columns.weight = (gex_f64){weight, sizeof(double)};
    columns.mean = (gex_f64){mean, sizeof(double)};
    columns.deviation = (gex_f64){deviation, sizeof(double)};
    return columns;
}

/* A day on, and by the longest way: a smile is made first. */
gex_shift_options world_shift_options(const struct world *world)
{
    gex_shift_options options;

    gex_shift_options_init(&options, sizeof options);
    options.dynamics = GEX_DYNAMICS_STICKINESS;
    options.dynamics_parameter = 1.5;
    options.spot = 4950;
    options.as_of = world->as_of + INT64_C(86400000000000);
    options.vol_shift = 0.01;
    return options;
}

gex_split_columns world_split_columns(const struct world *world)
{
    gex_split_columns columns;

    gex_split_columns_init(&columns, sizeof columns);
    columns.rows = WORLD_ROWS;
    columns.strike = (gex_f64){world->strike, sizeof(double)};
    columns.years_before = columns.years_after = (gex_f64){world->years, sizeof(double)};
    columns.forward_before = columns.forward_aged = columns.forward_after = (gex_f64){&world->spot, 0};
    return columns;
}

static gex_status make_moved(struct world *world, const gex_context *context, gex_error *error)
{
    const gex_shift_options shift = world_shift_options(world);
    const gex_difference_options difference = world_difference_options();
    gex_status status;

    (void)((status = gex_market_shift(context, world->market, &shift, &world->moved, error)) ||
           (status = gex_greeks_compute(context, world->moved, &world->moved_greeks, error)) ||
           (status = gex_change_compute(context, world->market, world->moved, world->book, &world->change, error)) ||
           (status = gex_difference_compute(context, world->market, world->book, world->moved, world->book, &difference,
                                            &world->difference, error)));
    return status;
}

static gex_status make_basket(struct world *world, const gex_context *context, gex_error *error)
{
    const gex_exposure_options exposure = world_exposure_options();
    const gex_dispersion_options dispersion = world_dispersion_options(world);
    gex_basket_columns columns;
    gex_status status;

    for (int64_t i = 0; i < WORLD_MEMBERS; i++) {
        world->member_market[i] = world->market;
        world->member_book[i] = world->book;
    }
    columns = world_basket_columns(world);
    (void)((status = gex_basket_create(context, &columns, &world->basket, error)) ||
           (status = gex_basket_exposure_compute(context, world->basket, &exposure, &world->basket_exposure, error)) ||
           (status = gex_combo_compute(context, world->basket_exposure, NULL, &world->combo, error)) ||
           (status = gex_dispersion_compute(context, world->basket, &dispersion, &world->dispersion, error)));
    return status;
}

static gex_status make_surfaces(struct world *world, const gex_context *context, gex_error *error)
{
    const gex_svi_columns svi = world_svi_columns();
    const gex_ssvi_columns ssvi = world_ssvi_columns();
    const gex_mixture_columns mixture = world_mixture_columns();
    gex_raw_columns raw;
    gex_status status;

    for (int32_t i = 0; i < QUOTED; i++)
        world->surface_expiry[i] = i / 2 / STRIKES;
    raw = world_raw_columns(world);
    (void)((status = gex_surface_create_raw(context, &raw, &world->raw, error)) ||
           (status = gex_surface_create_svi(context, &svi, &world->svi, error)) ||
           (status = gex_surface_create_ssvi(context, &ssvi, &world->ssvi, error)) ||
           (status = gex_surface_create_mixture(context, &mixture, &world->mixture, error)) ||
           (status = gex_surface_check(context, world->raw, 1e-12, &world->report, error)));
    return status;
}

/* An uncertain book, and what it makes of a profile and a path. */
static gex_status make_bands(struct world *world, const gex_context *context, gex_error *error)
{
    const gex_f64 loading = {&world->spot, 0};
    const gex_uncertainty_options uncertainty = world_uncertainty_options(&loading);
    const gex_bands_options path = world_bands_options(world);
    gex_bands_options profile;
    gex_flip_bands_options flips;
    gex_regime_path_options regime;
    gex_status status;

    gex_bands_options_init(&profile, sizeof profile);
    profile.unit = GEX_UNIT_GEX_USD_PCT;
    profile.points = 41;
    gex_flip_bands_options_init(&flips, sizeof flips);
    flips.samples = 100;
    gex_regime_path_options_init(&regime, sizeof regime);
    regime.samples = 100;
    (void)((status = gex_uncertainty_create(context, world->book, &uncertainty, &world->uncertainty, error)) ||
           (status = gex_bands_of_states(context, world->market, world->uncertainty, &profile, &world->profile_bands,
                                         error)) ||
           (status = gex_bands_of_states(context, world->market, world->uncertainty, &path, &world->path_bands,
                                         error)) ||
           (status = gex_flip_bands_compute(context, world->profile_bands, &flips, &world->flip_bands, error)) ||
           (status = gex_regime_path_compute(context, world->path_bands, &regime, &world->regime_path, error)));
    return status;
}

/* Each stage from the one before it, as data flows. */
static gex_status make(struct world *world, const gex_context *context, gex_error *error)
{
    const gex_calendar_options calendar = world_calendar_options(world);
    const gex_market_options market = world_market_options(world);
    const gex_quotes_options quotes = world_quotes_options(world);
    const gex_book_options book = world_book_options();
    const gex_exposure_options exposure = world_exposure_options();
    const gex_grouping_options grouping = world_grouping_options();
    const gex_profile_options profile = world_profile_options();
    const gex_flow_options flow = world_flow_options(world);
    const gex_field_options field = world_field_options(world);
    const gex_cliffs_options cliffs = world_cliffs_options();
    const gex_robustness_options robustness = world_robustness_options();
    const gex_map_options map = world_map_options(world);
    gex_status status;

    (void)((status = gex_feed_csv(context, world_csv, world_csv_length, &world->feed, error)) ||
           (status = gex_calendar_create(context, &calendar, &world->calendar, error)) ||
           (status = gex_chain_create(context, &world->columns, NULL, &world->chain, error)) ||
           (status = gex_market_create(context, world->chain, &market, &world->market, error)) ||
           (status = gex_quotes_create(context, world->market, &quotes, &world->quotes, error)) ||
           (status = gex_book_create(context, world->chain, &book, &world->book, error)) ||
           (status = gex_greeks_compute(context, world->market, &world->greeks, error)) ||
           (status = gex_exposure_compute(context, world->greeks, world->book, &exposure, &world->exposure, error)) ||
           (status = gex_grouping_compute(context, world->exposure, &grouping, &world->grouping, error)) ||
           (status = gex_profile_compute(context, world->market, world->book, &profile, &world->profile, error)) ||
           (status = gex_flips_compute(context, world->market, world->book, &profile, &world->flips, error)) ||
           (status = gex_horizons_compute(context, world->market, world->book, &profile, world->instants, WORLD_FLOWS,
                                          &world->horizons, error)) ||
           (status = gex_flow_compute(context, world->market, world->book, &flow, &world->flow, error)) ||
           (status = gex_field_compute(context, world->market, world->book, &field, &world->field, error)) ||
           (status = gex_crossings_compute(context, world->field, GEX_FIELD_FLOW, &world->crossings, error)) ||
           (status = gex_cliffs_compute(context, world->market, world->book, &cliffs, &world->cliffs, error)) ||
           (status = gex_forced_compute(context, world->market, world->book, NULL, &world->forced, error)) ||
           (status = gex_map_compute(context, world->market, world->book, &map, &world->map, error)) ||
           (status = gex_robustness_compute(context, world->chain, &market, &book, &robustness, &world->robustness,
                                            error)) ||
           (status = make_bands(world, context, error)) ||
           (status = make_moved(world, context, error)) || (status = make_basket(world, context, error)) ||
           (status = make_surfaces(world, context, error)));
    return status;
}

gex_status world_open(struct world *world, const gex_context *context, gex_error *error)
{
    const char *at = "2023-09-14T13:00:00-04:00";
    const int64_t hour = INT64_C(3600000000000);
    gex_status status;

    memset(world, 0, sizeof *world);
    world->spot = 5000;
    world->quote_rows = QUOTED;
    status = gex_instant_parse(at, (int64_t)strlen(at), GEX_ZONE_NEW_YORK, &world->as_of, error);
    if (status != GEX_OK)
        return status;
    world->paid_at[0] = world->as_of + 12 * hour;
    world->paid_at[1] = world->as_of + 480 * hour;
    world->paid[0] = world->paid[1] = 1.5;
    put_quoted_rows(world);
    put_odd_rows(world);
    put_columns(world);
    memcpy(world->closed, (const int32_t[]){20231009, 20230904, 20230916}, sizeof world->closed);
    memcpy(world->early, (const int32_t[]){20231002, 20230929}, sizeof world->early);
    for (int64_t i = 0; i < 2; i++) {
        world->events[i] = world->as_of + (2 - i) * 100 * hour;
        world->event_units[i] = 0.5 + 0.5 * (double)i;
    }
    for (int64_t i = 0; i < WORLD_ROWS; i++)
        world->quoted_at[i] = world->as_of - (i % 3 == 0 ? 24 * hour : 0);
    for (int64_t i = 0; i < WORLD_FLOWS; i++) {
        world->spots[i] = world->spot * (0.99 + 0.01 * (double)i);
        world->instants[i] = world->as_of + i * 2 * hour; /* the last is past the first settlement */
        world->shifts[i] = 0.01 * (double)(i - 1);
    }
    status = quote(world, context, error);
    return status != GEX_OK ? status : make(world, context, error);
}

void world_close(struct world *world)
{
    gex_dispersion_free(world->dispersion);
    gex_combo_free(world->combo);
    gex_basket_exposure_free(world->basket_exposure);
    gex_basket_free(world->basket);
    gex_surface_report_free(world->report);
    gex_surface_free(world->mixture);
    gex_surface_free(world->ssvi);
    gex_surface_free(world->svi);
    gex_surface_free(world->raw);
    gex_difference_free(world->difference);
    gex_change_free(world->change);
    gex_greeks_free(world->moved_greeks);
    gex_market_free(world->moved);
    gex_regime_path_free(world->regime_path);
    gex_flip_bands_free(world->flip_bands);
    gex_bands_free(world->path_bands);
    gex_bands_free(world->profile_bands);
    gex_uncertainty_free(world->uncertainty);
    gex_robustness_free(world->robustness);
    gex_map_free(world->map);
    gex_forced_free(world->forced);
    gex_cliffs_free(world->cliffs);
    gex_crossings_free(world->crossings);
    gex_field_free(world->field);
    gex_flow_free(world->flow);
    gex_horizons_free(world->horizons);
    gex_flips_free(world->flips);
    gex_profile_free(world->profile);
    gex_grouping_free(world->grouping);
    gex_exposure_free(world->exposure);
    gex_greeks_free(world->greeks);
    gex_book_free(world->book);
    gex_quotes_free(world->quotes);
    gex_market_free(world->market);
    gex_chain_free(world->chain);
    gex_calendar_free(world->calendar);
    gex_feed_free(world->feed);
    memset(world, 0, sizeof *world);
}
