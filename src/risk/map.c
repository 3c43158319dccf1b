/* SPDX-License-Identifier: Apache-2.0 */
/* The map: every stage for one market and one book, kept together for a report. */
#include <math.h>

#include <gex/horizons.h>

#include "exposure.h"
#include "flips.h"
#include "flow.h"
#include "map.h"
#include "risk/regime/stand.h"

enum { MAP_OPTIONS_0_1 = 88 };
_Static_assert(sizeof(gex_map_options) >= MAP_OPTIONS_0_1, "options only grow");

#define HOUR          3.6e12 /* ns */
#define INSTANT_LIMIT 9.2e18 /* ns, inside int64_t */

static const double standard_moves[] = {-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3}; /* percent */
enum { STANDARD_MOVES = sizeof standard_moves / sizeof standard_moves[0], BANDS_POINTS = 401 };

static const gex_map_options defaults = {.unit = GEX_UNIT_GEX_USD_PCT,
                                         .scenario_spot_pct = -1.0,
                                         .scenario_hours = 1.0,
                                         .scenario_vol_points = 1.0};

void gex_map_options_init(gex_map_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static void map_drop(void *object)
{
    struct gex_map *map = object;

    gex_flip_bands_free(map->flip_bands);
    gex_bands_free(map->flow_bands);
    gex_bands_free(map->profile_bands);
    gex_bands_free(map->gamma_bands);
    gex_difference_free(map->flow_since);
    gex_difference_free(map->gamma_since);
    gex_flow_free(map->scenario);
    gex_flow_free(map->flow);
    gex_flips_free(map->zero_flow);
    gex_flips_free(map->flips);
    gex_profile_free(map->profile_in_unit);
    gex_profile_free(map->profile);
    gex_exposure_free(map->in_unit);
    gex_exposure_free(map->charm);
    gex_exposure_free(map->vanna);
    gex_exposure_free(map->delta);
    gex_exposure_free(map->gamma);
    gex_greeks_free(map->greeks);
    gex__object_release(map->uncertainty);
    gex__object_release(map->since);
    gex__object_release(map->robustness);
    gex__object_release(map->field);
    gex__object_release(map->book);
    gex__object_release(map->market);
}

static struct gex_map *map_alloc(const gex_context *context, const gex_market *market, const gex_book *book,
                                 const gex_map_options *options)
{
    struct gex__layout layout = {0};
    struct gex_map *map;
    int64_t moves;

    gex__layout_add(&layout, 1, sizeof *map);
    moves =
        gex__layout_add(&layout, options->moves.data != NULL ? options->move_count : STANDARD_MOVES, sizeof(double));
    map = gex__object_create(context, &layout, map_drop);
    if (map == NULL)
        return NULL;
    map->moves = (double *)((char *)map + moves);
    map->move_count = options->moves.data != NULL ? options->move_count : STANDARD_MOVES;
    for (int64_t i = 0; i < map->move_count; i++)
        map->moves[i] = options->moves.data != NULL ? gex__f64_at(options->moves, i) : standard_moves[i];
    map->scenario_spot_pct = options->scenario_spot_pct;
    map->scenario_hours = options->scenario_hours;
    map->scenario_vol_points = options->scenario_vol_points;
    map->zero_flow_instant = options->zero_flow;
    map->market = market;
    map->book = book;
    map->robustness = options->robustness;
    map->field = options->field;
    map->since = options->since;
    map->uncertainty = options->uncertainty;
    gex__object_retain(market);
    gex__object_retain(book);
    gex__object_retain(map->robustness);
    gex__object_retain(map->field);
    gex__object_retain(map->since);
    gex__object_retain(map->uncertainty);
    return map;
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

static gex_status exposure_in(const gex_context *context, const struct gex_map *map, const gex_map_options *options,
                              int32_t unit, gex_exposure **out, gex_error *error)
{
    gex_exposure_options opt;

    gex_exposure_options_init(&opt, sizeof opt);
    opt.unit = unit;
    opt.adv = options->adv;
    opt.future_price = options->future_price;
    opt.future_multiplier = options->future_multiplier;
    opt.beta = options->beta;
    return gex_exposure_compute(context, map->greeks, map->book, &opt, out, error);
}

static gex_profile_options profile_options(const gex_map_options *options, int32_t unit)
{
    gex_profile_options opt;

    gex_profile_options_init(&opt, sizeof opt);
    opt.unit = unit;
    opt.adv = options->adv;
    opt.future_price = options->future_price;
    opt.future_multiplier = options->future_multiplier;
    opt.beta = options->beta;
    return opt;
}

static gex_status exposures_compute(const gex_context *context, struct gex_map *map, const gex_map_options *options,
                                    gex_error *error)
{
    const uint32_t set = GEX__WANT_LEAST | gex__unit_set(options->unit);
    gex_status status = gex__greeks_compute(context, map->market, set, &map->greeks, error);

    if (status == GEX_OK)
        status = exposure_in(context, map, options, GEX_UNIT_GEX_USD_PCT, &map->gamma, error);
    if (status == GEX_OK)
        status = exposure_in(context, map, options, GEX_UNIT_DEX_USD, &map->delta, error);
    if (status == GEX_OK)
        status = exposure_in(context, map, options, GEX_UNIT_VEX_USD_VOLPT, &map->vanna, error);
    if (status == GEX_OK)
        status = exposure_in(context, map, options, GEX_UNIT_CEX_USD_CALDAY, &map->charm, error);
    if (status == GEX_OK && options->unit != GEX_UNIT_GEX_USD_PCT)
        status = exposure_in(context, map, options, options->unit, &map->in_unit, error);
    return status;
}

static gex_status curves_compute(const gex_context *context, struct gex_map *map, const gex_map_options *options,
                                 struct gex__common *common, gex_error *error)
{
    gex_profile_options opt = profile_options(options, GEX_UNIT_GEX_USD_PCT);
    gex_status status = gex__profile_compute(context, map->market, map->book, &opt, common, &map->profile, error);

    if (status == GEX_OK)
        status = gex__flips_compute(context, map->market, map->book, &opt, common, map->profile, &map->flips, error);
    opt = profile_options(options, options->unit);
    if (status == GEX_OK && options->unit != GEX_UNIT_GEX_USD_PCT)
        status = gex__profile_compute(context, map->market, map->book, &opt, common, &map->profile_in_unit, error);
    return status;
}

/* Of the total, of a profile and its flips, and of scenarios. Not inlined: its frame would lie under every flow. */
__attribute__((noinline)) static gex_status bands_compute(const gex_context *context, struct gex_map *map,
                                                          const gex_flow_options *scenarios, gex_error *error)
{
    gex_exposure_options exposure;
    gex_bands_options profile;
    gex_status status;

    gex_exposure_options_init(&exposure, sizeof exposure);
    exposure.unit = GEX_UNIT_GEX_USD_PCT;
    gex_bands_options_init(&profile, sizeof profile);
    profile.unit = GEX_UNIT_GEX_USD_PCT;
    profile.points = BANDS_POINTS;
    status =
        gex_bands_of_exposure(context, map->greeks, map->uncertainty, &exposure, NULL, &map->gamma_bands, error);
    if (status == GEX_OK)
        status = gex_bands_of_flow(context, map->market, map->uncertainty, scenarios, &map->flow_bands, error);
    if (status == GEX_OK)
        status = gex_bands_of_states(context, map->market, map->uncertainty, &profile, &map->profile_bands, error);
    if (status == GEX_OK)
        status = gex_flip_bands_compute(context, map->profile_bands, NULL, &map->flip_bands, error);
    return status;
}

/* The joint scenario as a table of one row; its columns stay with the map and the caller. */
struct joint {
    double  spot, shift;
    int64_t as_of;
};

static gex_status joint_fill(const struct gex_map *map, struct joint *joint, gex_flow_options *opt, gex_error *error)
{
    const double step = map->scenario_hours * HOUR, instant = (double)gex_market_as_of(map->market) + step;

    if (!(step >= 0.0) || !(step < INSTANT_LIMIT) || !(instant < INSTANT_LIMIT))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "scenario_hours is {g}: it cannot go back, or past the calendar",
                         map->scenario_hours);
    joint->spot = gex_market_spot(map->market) * (1.0 + map->scenario_spot_pct / 100.0);
    joint->shift = map->scenario_vol_points / 100.0;
    joint->as_of = gex_market_as_of(map->market) + (int64_t)(step + 0.5);
    gex_flow_options_init(opt, sizeof *opt);
    opt->rows = 1;
    opt->spot = (gex_f64){&joint->spot, 0};
    opt->as_of = (gex_i64){&joint->as_of, 0};
    opt->vol_shift = (gex_f64){&joint->shift, 0};
    return GEX_OK;
}

/* What the stages that reprice share; it would be much of a small stack. */
struct repricing {
    struct gex__common common;
    double             price[]; /* of the moves */
};

/* The table of spot moves and the joint scenario, and with an uncertainty the bands of the table. */
static gex_status flows_compute(const gex_context *context, struct gex_map *map, struct repricing *repricing,
                                gex_error *error)
{
    const double spot = gex_market_spot(map->market);
    gex_flow_options opt[GEX_FLOWS];
    gex_flow *flow[GEX_FLOWS] = {NULL};
    struct joint joint;
    gex_status status = joint_fill(map, &joint, &opt[1], error);

    if (status != GEX_OK)
        return status;
    for (int64_t i = 0; i < map->move_count; i++)
        repricing->price[i] = spot * (1.0 + map->moves[i] / 100.0);
    gex_flow_options_init(&opt[0], sizeof opt[0]);
    opt[0].rows = map->move_count;
    opt[0].spot = (gex_f64){repricing->price, sizeof *repricing->price};
    status = gex__flows_compute(context, map->market, map->book, opt, GEX_FLOWS, &repricing->common.lines, map->greeks,
                                flow, error);
    map->flow = flow[0];
    map->scenario = flow[1];
    if (status == GEX_OK && map->uncertainty != NULL)
        status = bands_compute(context, map, &opt[0], error);
    return status;
}

/* Not inlined: its frame would lie under what comes after. */
__attribute__((noinline)) static gex_status repriced_compute(const gex_context *context, struct gex_map *map,
                                                             const gex_map_options *options, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t size = (int64_t)sizeof(struct repricing) + map->move_count * (int64_t)sizeof(double);
    struct repricing *repricing = gex__memory_get(&memory, size); /* the map itself held as many moves */
    gex_status status;

    if (repricing == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for {i} moves", map->move_count);
    if (gex__common_create(context, map->market, map->book, &repricing->common)) {
        status = curves_compute(context, map, options, &repricing->common, error);
        gex__ready_drop(&repricing->common.ready);
        if (status == GEX_OK)
            status = flows_compute(context, map, repricing, error);
    } else {
        status = gex__reprice_fail(GEX_ERR_MEMORY, map->market, error);
    }
    gex__common_drop(&repricing->common);
    gex__memory_put(&memory, repricing, size);
    return status;
}

static gex_status difference_in(const gex_context *context, const struct gex_map *map, int32_t quantity,
                                gex_difference **out, gex_error *error)
{
    gex_difference_options opt;

    gex_difference_options_init(&opt, sizeof opt);
    opt.quantity = quantity;
    return gex_difference_compute(context, map->since->market, map->since->book, map->market, map->book, &opt, out,
                                  error);
}

static gex_status since_compute(const gex_context *context, struct gex_map *map, gex_error *error)
{
    gex_status status = difference_in(context, map, GEX_UNIT_GEX_USD_PCT, &map->gamma_since, error);

    if (status == GEX_OK)
        status = difference_in(context, map, GEX_FIELD_FLOW, &map->flow_since, error);
    return status;
}

/* Not inlined: its frame would lie under what comes after. */
__attribute__((noinline)) static gex_status zero_flow_compute(const gex_context *context, struct gex_map *map,
                                                              gex_error *error)
{
    gex_zero_flow_options opt;

    gex_zero_flow_options_init(&opt, sizeof opt);
    opt.until = GEX_UNTIL_GIVEN;
    opt.end = map->zero_flow_instant;
    return gex_zero_flow_compute(context, map->market, map->book, &opt, &map->zero_flow, error);
}

/* ---- where spot stands ------------------------------------------------------------------------------------------- */

static void map_judge(struct gex_map *map)
{
    const double *zero_dte = gex_exposure_by(map->gamma, GEX_BY_ZERO_DTE, GEX_SUM_GROSS, NULL);
    const double gross = gex_exposure_gross(map->gamma);

    map->zero_dte_share = gross > 0.0 ? zero_dte[0] / gross : (double)NAN;
    map->daily_sigma = gex__daily_sigma(map->gamma);
    map->regime = gex__regime(map->gamma, map->flips, map->daily_sigma);
}

gex_status gex_map_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                           const gex_map_options *options, gex_map **out, gex_error *error)
{
    gex_map_options opt = defaults;
    struct gex__guest guest;
    struct gex_map *map;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, MAP_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "map options: struct_size {u}", options->struct_size);
    if (opt.move_count < 0 || opt.move_count > GEX_MAX_ROWS || (opt.moves.data == NULL && opt.move_count != 0))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} moves: give the column and its length, or neither",
                         opt.move_count);
    if (!gex__stride_fits(opt.moves.data, opt.moves.stride, opt.move_count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of moves times {i} moves overflows", opt.move_count);

    if (opt.field != NULL && (gex_field_market(opt.field) != market || gex_field_book(opt.field) != book))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "field has to be of the same market and book");
    if (opt.uncertainty != NULL && gex_uncertainty_book(opt.uncertainty) != book)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "uncertainty has to be of the same book");
    map = map_alloc(context, market, book, &opt);
    if (map == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a map of {i} moves", opt.move_count);
    gex__guest_enter(&guest);
    status = exposures_compute(context, map, &opt, error);
    if (status == GEX_OK)
        status = repriced_compute(context, map, &opt, error);
    if (status == GEX_OK && map->zero_flow_instant != 0)
        status = zero_flow_compute(context, map, error);
    if (status == GEX_OK && map->since != NULL)
        status = since_compute(context, map, error);
    if (status == GEX_OK)
        map_judge(map);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(map);
        return status;
    }
    *out = map;
    return GEX_OK;
}

void gex_map_free(gex_map *map)
{
    gex__object_release(map);
}
