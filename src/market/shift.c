/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A market moved. Volatilities are those of a flow's scenario at the same state (src/risk/flow.c): by the dynamics at
 * the old instant, kept on the clock of their expiry, shifted there, and restated on the calendar by the years left.
 */
#include <gex/shift.h>

#include <math.h>

#include "market.h"
#include "smile.h"
#include "surface.h"

enum { SHIFT_OPTIONS_0_1 = offsetof(gex_shift_options, dynamics_parameter) + sizeof(double) };
_Static_assert(SHIFT_OPTIONS_0_1 == 40, "the first size of the options is part of the ABI");

static const gex_shift_options unmoved = {.as_of = INT64_MIN};

void gex_shift_options_init(gex_shift_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &unmoved, sizeof unmoved);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

struct move {
    const gex_market  *from;
    double             spot, log_move, shift;
    int64_t            as_of;
    int32_t            dynamics;
    double             parameter;
    struct gex__motion motion; /* anchored at the market moved */
};

static gex_status move_take(const gex_shift_options *opt, const gex_market *market, struct move *move, gex_error *error)
{
    const bool own = opt->dynamics == 0;

    if (!own && (opt->dynamics < 1 || opt->dynamics > GEX_DYNAMICS_LAST_))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "dynamics is {i}: 0, the market's own, or a GEX_DYNAMICS_*",
                         (int64_t)opt->dynamics);
    *move = (struct move){.from = market, .spot = opt->spot != 0 ? opt->spot : market->base.spot,
                          .shift = opt->vol_shift, .as_of = opt->as_of != INT64_MIN ? opt->as_of : market->base.as_of};
    if (!(move->spot > 0 && isfinite(move->spot)))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it must be finite and above zero", move->spot);
    if (move->as_of < market->base.as_of)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "as_of lies before the market's: what settled does not come back");
    if (!isfinite(move->shift))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "vol_shift is {g}: it must be finite", move->shift);
    if (own && opt->dynamics_parameter != 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "dynamics_parameter is {g} and dynamics 0, the market's own",
                         opt->dynamics_parameter);
    if (!own && gex__dynamics_check(opt->dynamics, opt->dynamics_parameter, error) != GEX_OK)
        return GEX_ERR_DOMAIN;
    move->dynamics = own ? market->dynamics : opt->dynamics;
    move->parameter = own ? gex__motion_parameter(&market->motion, market->dynamics) : opt->dynamics_parameter;
    move->motion = gex__motion_of(move->dynamics, move->parameter, market->base.spot);
    move->log_move = log(move->spot / market->base.spot);
    if (!gex__motion_reaches(&move->motion, move->spot))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "dynamics BETA={g} leaves no volatility at spot {g}",
                         move->parameter, move->spot);
    return GEX_OK;
}

/* ---- expiries ---------------------------------------------------------------------------------------------------- */

static void curve_move(const struct move *move, gex_market *market)
{
    const struct gex__curve *from = &move->from->curve;
    struct gex__curve *to = &market->curve;
    const int64_t *expiries = gex_chain_expiries(market->chain, NULL);
    const double ratio = move->spot / move->from->base.spot;

    for (int64_t e = 0; e < to->count; e++) {
        const bool alive = from->source[e] != 0 && expiries[e] >= move->as_of;
        const double years = alive ? gex_years(GEX_CLOCK_CAL_365, move->as_of, expiries[e]) : 0;
        const double passed = years - from->years[e], growth = ratio * exp((from->rate[e] - from->carry[e]) * passed);

        to->years[e] = years;
        to->forward[e] = !alive ? (double)NAN : years > 0 ? from->forward[e] * growth : move->spot;
        to->discount[e] = !alive ? (double)NAN : years > 0 ? from->discount[e] * exp(-from->rate[e] * passed) : 1;
        to->rate[e] = from->rate[e];
        to->carry[e] = from->carry[e];
        to->early[e] = from->early[e];
        to->borrow[e] = years > 0 ? from->borrow[e] : (double)NAN;
        to->error[e] = alive ? from->error[e] * growth : (double)NAN;
        to->quote_error[e] = alive ? from->quote_error[e] * growth : (double)NAN;
        to->discount_error[e] = alive ? from->discount_error[e] * exp(-from->rate[e] * passed) : (double)NAN;
        to->pairs[e] = alive ? from->pairs[e] : 0;
        to->outliers[e] = alive ? from->outliers[e] : 0;
        to->parity[e] = (uint8_t)(alive ? from->parity[e] : GEX_PARITY_NOT_ASKED);
        to->source[e] = (uint8_t)(alive ? from->source[e] : 0);
    }
    gex__times_fill(&market->timing, expiries, to->years, to->count, &market->times);
}

/* Volatility on the calendar per volatility on the clock an expiry stood on, then and now. */
static double root_of(const struct gex__times *times, const struct gex__curve *curve, int64_t e)
{
    return curve->years[e] > 0 && times->clock[e] != GEX_CLOCK_CAL_365 ? sqrt(times->years[e] / curve->years[e]) : 1;
}

/* ... now: the clock may have no time left before a settlement ahead, and the expiry stand on the calendar. */
static double root_left(const gex_market *market, int32_t clock, int64_t e)
{
    const double years = market->curve.years[e];

    if (clock == GEX_CLOCK_CAL_365 || years == 0)
        return 1;
    return market->times.clock[e] == clock ? root_of(&market->times, &market->curve, e) : 0;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/*
 * A smile walked along the strikes of one expiry, which ascend as its nodes do. Nodes come from strikes that are used,
 * and an expiry that is alive has them still: where there are as many of one as of the other, the n-th strike made the
 * n-th node, and neither its place nor the interval it moves to has to be looked for.
 */
struct walk {
    const struct gex__slice *slice; /* NULL: no smile here, or strikes and nodes that differ in number */
    const double *k, *w, *slope;
    int64_t node, stands, goes; /* of the next strike; the intervals the last one stood in and moved into */
    double gone;                /* of k by moves before this one; 0: a strike stands on its node */
};

/* Rows from place `from` of the canonical order on, the first of an expiry. */
static struct walk walk_of(const struct move *move, const gex_market *market, int64_t from, int32_t expiry)
{
    const int64_t *order = gex_chain_order(market->chain);
    const int32_t *index = gex_chain_expiry_index(market->chain);
    const double *strike = gex_chain_strike(market->chain);
    const gex_surface *smile = move->motion.smile;
    const int64_t at = gex__motion_slice(&move->motion, expiry);
    struct walk walk = {.slice = NULL};
    double last = -1, first = 0;
    int64_t count = 0;

    if (at < 0 || move->from->motion.given) /* nodes of a surface are not at strikes */
        return walk;
    for (int64_t n = from; n < market->rows && index[order[n]] == expiry; n++)
        if (move->from->status[order[n]] == GEX_ROW_USED && strike[order[n]] != last) {
            last = strike[order[n]];
            first = count++ == 0 ? last : first;
        }
    if (count != smile->slice[at].nodes || count < 2)
        return walk;
    walk.slice = &smile->slice[at];
    walk.k = smile->k + walk.slice->first;
    walk.w = smile->w + walk.slice->first;
    walk.slope = smile->slope + walk.slice->first;
    walk.gone = gex__market_place(move->from, &move->motion, expiry, first, 1).k - walk.k[0];
    return walk;
}

/* Volatility of the smile at k, at or after interval *from of the last one. */
static double walk_vol(const struct walk *walk, double k, int64_t *from)
{
    const struct gex__slice *slice = walk->slice;
    const int64_t last = slice->nodes - 1;
    double w;

    while (*from + 1 < last && walk->k[*from + 1] <= k)
        ++*from;
    if (k < walk->k[0])
        w = walk->w[0] + slice->left * (walk->k[0] - k);
    else if (k > walk->k[last])
        w = walk->w[last] + slice->right * (k - walk->k[last]);
    else
        w = gex__pchip_at(*from, walk->k, walk->w, walk->slope, k).w;
    return sqrt(fmax(0, w) / slice->years);
}

/* What the smile adds to the volatility of the next strike as that moves by `by`. */
static double walk_on(struct walk *walk, double by)
{
    const int64_t node = walk->node++;
    const double k = walk->k[node] + walk->gone;
    const double own = walk->gone == 0 ? sqrt(fmax(0, walk->w[node]) / walk->slice->years)
                                       : walk_vol(walk, k, &walk->stands);

    return walk_vol(walk, k + by, &walk->goes) - own;
}

/* What the contracts of one settlement and strike share. */
struct shared {
    int32_t expiry;
    double  strike;
    double  root, root_now; /* of the expiry, before and now */
    bool    has_time;       /* before */
    struct walk walk;
    double  difference;     /* what the smile adds */
};

static void shared_set(const struct move *move, const gex_market *market, int64_t from_place, int32_t expiry,
                       double strike, struct shared *shared)
{
    const gex_market *from = move->from;

    if (expiry != shared->expiry) {
        shared->root = root_of(&from->times, &from->curve, expiry);
        shared->root_now = move->as_of != from->base.as_of ? root_left(market, from->times.clock[expiry], expiry)
                                                           : shared->root;
        shared->has_time = from->curve.years[expiry] > 0;
        shared->walk = walk_of(move, market, from_place, expiry);
    }
    shared->expiry = expiry;
    shared->strike = strike;
    shared->difference = 0;
    if (shared->has_time && shared->walk.slice != NULL) {
        shared->difference = shared->root * from->smile_factor[expiry] *
                             walk_on(&shared->walk, (move->motion.stickiness - 1) * move->log_move);
    } else if (shared->has_time && move->motion.smile != NULL) {
        const struct gex__place place = gex__market_place(from, &move->motion, expiry, strike, shared->root);
        shared->difference = gex__motion_difference(&move->motion, &place, move->log_move);
    }
}

static void row_move(const struct move *move, gex_market *market, int64_t row, const struct shared *shared)
{
    const gex_market *from = move->from;
    const int32_t e = shared->expiry;
    const double root = shared->root, root_now = shared->root_now, own = from->calendar_vol[row];
    double vol = own, kept;

    if (shared->has_time)
        vol = gex__motion_vol_by(&move->motion, shared->difference, own, move->spot);
    kept = fmax(0, vol + move->shift * root);
    market->calendar_vol[row] = kept * (root_now == root ? 1 : root_now / root);
    if (market->calendar_vol == market->vol)
        return;
    market->vol[row] = market->times.clock[e] != from->times.clock[e] ? market->calendar_vol[row]
                       : kept == own                                  ? from->vol[row]
                                                                      : kept / root;
}

static void rows_move(const struct move *move, gex_market *market)
{
    const gex_market *from = move->from;
    const int64_t *order = gex_chain_order(market->chain); /* a strike's contracts follow one another */
    const int32_t *expiry = gex_chain_expiry_index(market->chain);
    const double *strike = gex_chain_strike(market->chain);
    struct shared shared = {.expiry = -1, .strike = (double)NAN};

    for (int64_t n = 0; n < market->rows; n++) {
        const int64_t row = order[n];
        const bool settled = expiry[row] >= 0 && market->curve.source[expiry[row]] == 0;
        const bool expires = settled && (from->status[row] == GEX_ROW_USED || from->status[row] > GEX_ROW_EXPIRED);

        market->status[row] = (uint8_t)(expires ? GEX_ROW_EXPIRED : from->status[row]);
        market->flags[row] = from->flags[row];
        market->exercise[row] = from->exercise[row];
        market->vol[row] = market->calendar_vol[row] = (double)NAN;
        market->vol_source[row] = (uint8_t)(market->status[row] == GEX_ROW_USED ? from->vol_source[row] : 0);
        if (market->status[row] != GEX_ROW_USED)
            continue;
        if (expiry[row] != shared.expiry || strike[row] != shared.strike)
            shared_set(move, market, n, expiry[row], strike[row], &shared);
        row_move(move, market, row, &shared);
    }
}

/* ---- made -------------------------------------------------------------------------------------------------------- */

/* The smile of the market moved. @return GEX_OK or GEX_ERR_MEMORY. */
static gex_status smile_take(const gex_context *context, struct move *move, gex_market *market)
{
    const struct gex__motion *had = &move->from->motion;
    gex_status status = GEX_OK;

    market->motion.given = had->given;
    if (!gex__motion_is_smiling(&move->motion) && !had->given)
        return GEX_OK;
    if (gex__motion_is_smiling(had) || had->given) {
        market->motion.smile = had->smile;
        gex__object_retain(had->smile);
    } else {
        status = gex__smile_create(context, move->from, false, &market->motion.smile);
    }
    if (gex__motion_is_smiling(&move->motion))
        move->motion.smile = market->motion.smile;
    return status;
}

/* Where the result stands on that smile: a contract keeps its place through time, and moves by R - 1 with spot. */
static void places_take(const struct move *move, gex_market *market)
{
    const gex_market *from = move->from;
    const bool kept = gex__motion_is_smiling(&market->motion) || market->motion.given;
    const double scale = move->motion.by_beta ? gex__motion_vol_by(&move->motion, 0, 1, move->spot) : 1;

    for (int64_t e = 0; e < market->curve.count; e++) {
        market->smile_factor[e] = kept ? scale * from->smile_factor[e] : gex__smile_factor(market, e);
        market->smile_offset[e] = kept && market->curve.source[e] != 0
                                      ? from->smile_offset[e] + log(market->curve.forward[e] / from->curve.forward[e]) +
                                            (move->motion.stickiness - 1) * move->log_move
                                      : 0;
    }
}

static gex_market *move_alloc(const gex_context *context, const struct move *move)
{
    const gex_market *from = move->from;
    gex_market_options options = {.clock = from->timing.clock, .as_of = move->as_of, .spot = move->spot,
                                  .vol = from->vol_rule, .forward = from->forward_rule, .style = from->style,
                                  .dynamics = move->dynamics, .rate = from->base.rate, .carry_yield = from->base.carry,
                                  .calendar = from->timing.calendar, .vol_clock = from->timing.vol_clock,
                                  .vol_low = from->vol_low, .vol_high = from->vol_high,
                                  .fixed_discount = from->base.fixed_discount,
                                  .fallback = from->base.neighbours ? GEX_FALLBACK_NEIGHBOURS : GEX_FALLBACK_RATE,
                                  .dynamics_parameter = move->parameter, .surface = from->surface,
                                  .surface_clock = from->surface_clock};

    gex__payout_give(&from->payout, &options);
    return gex__market_alloc(context, from->chain, &options);
}

gex_status gex_market_shift(const gex_context *context, const gex_market *market, const gex_shift_options *options,
                            gex_market **out, gex_error *error)
{
    gex_shift_options opt = unmoved;
    struct gex__guest guest;
    gex_market *moved = NULL;
    struct move move;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, options and out are required");
    if (gex__options_take(&opt, sizeof opt, SHIFT_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "shift options: struct_size {u} is not understood",
                         options->struct_size);
    gex__guest_enter(&guest);
    status = move_take(&opt, market, &move, error);
    if (status == GEX_OK) {
        moved = move_alloc(context, &move);
        status = moved != NULL ? smile_take(context, &move, moved) : GEX_ERR_MEMORY;
        if (status != GEX_OK)
            gex__fail(error, status, -1, "no memory for a market of {i} rows", market->rows);
    }
    if (status == GEX_OK) {
        curve_move(&move, moved);
        places_take(&move, moved);
        rows_move(&move, moved);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(moved);
        return status;
    }
    *out = moved;
    return GEX_OK;
}
