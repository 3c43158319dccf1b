/* SPDX-License-Identifier: Apache-2.0 */
/* The headline numbers under one other choice at a time. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include <gex/horizons.h>
#include <gex/shift.h>

#include "greeks.h"
#include "risk/regime/stand.h"
#include "robustness.h"

/* First sizes of the structs that are taken over; those of market and book are part of the ABI already. */
enum {
    ROBUSTNESS_OPTIONS_0_1 = 40,
    MARKET_OPTIONS_0_1 = offsetof(gex_market_options, discounts) + sizeof(gex_f64),
    BOOK_OPTIONS_0_1 = offsetof(gex_book_options, positions) + sizeof(gex_f64)
};
_Static_assert(sizeof(gex_robustness_options) >= ROBUSTNESS_OPTIONS_0_1, "options only grow");

#define POINT 0.01 /* of volatility */

static const gex_robustness_options defaults = {.near_sigmas = 0.5, .beta = -10.0, .low = 0.8, .high = 1.2};

void gex_robustness_options_init(gex_robustness_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- what is tried ----------------------------------------------------------------------------------------------- */

/* Not on the stack: what is called from here needs nearly all of it. */
struct work {
    const gex_context      *context;
    const gex_chain        *chain;
    gex_market_options      market;
    gex_book_options        book;
    gex_robustness_options  options;
    gex_market             *base_market;
    gex_greeks             *base_greeks;
    gex_book               *base_book;
    struct gex_robustness  *made;
    gex_market_options      other_market; /* of the entry at hand */
    gex_book_options        other_book;
    gex_error               why; /* what it was refused for */
};

/* Is the column there that a choice reads? */
static bool sign_is_served(const gex_book_options *book, int32_t sign)
{
    return (sign != GEX_SIGN_OI_ALPHA || book->net_volume.data != NULL) &&
           (sign != GEX_SIGN_WEIGHTED || book->weights.data != NULL) &&
           (sign != GEX_SIGN_INVENTORY_GIVEN || book->positions.data != NULL);
}

static bool forward_is_served(const gex_market_options *market, int32_t forward)
{
    return (forward != GEX_FORWARD_GIVEN || market->forwards.data != NULL) &&
           (forward != GEX_FORWARD_QUOTED || market->row_forwards.data != NULL);
}

static void try_add(const struct work *work, int32_t vary, int32_t choice)
{
    if ((work->options.left_out >> vary & 1) == 0 || vary == GEX_VARY_BASE)
        work->made->entry[work->made->count++] = (struct gex__robust_entry){.vary = vary, .choice = choice};
}

static void entries_list(const struct work *work)
{
    static const int32_t dynamics[] = {GEX_DYNAMICS_STICKY_STRIKE, GEX_DYNAMICS_STICKY_MONEYNESS,
                                       GEX_DYNAMICS_LOCAL_VOL, GEX_DYNAMICS_BETA};
    const gex_market_options *market = &work->market;
    const int32_t quoted_on = market->vol_clock != 0 ? market->vol_clock : GEX_CLOCK_CAL_365;

    try_add(work, GEX_VARY_BASE, 0);
    for (int32_t sign = 1; sign <= GEX_SIGN_LAST_; sign++)
        if (sign != work->book.sign && sign_is_served(&work->book, sign))
            try_add(work, GEX_VARY_SIGN, sign);
    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++)
        if (clock != quoted_on)
            try_add(work, GEX_VARY_CLOCK, clock);
    for (int32_t forward = 1; forward <= GEX_FORWARD_LAST_; forward++)
        if (forward != market->forward && forward_is_served(market, forward))
            try_add(work, GEX_VARY_FORWARD, forward);
    if (market->forward == GEX_FORWARD_IMPLIED)
        try_add(work, GEX_VARY_FALLBACK,
                market->fallback == GEX_FALLBACK_RATE ? GEX_FALLBACK_NEIGHBOURS : GEX_FALLBACK_RATE);
    for (int32_t vol = 1; vol <= GEX_VOL_LAST_; vol++)
        if (vol != market->vol)
            try_add(work, GEX_VARY_VOL, vol);
    for (size_t k = 0; k < sizeof dynamics / sizeof *dynamics; k++) {
        const double parameter = dynamics[k] == GEX_DYNAMICS_BETA ? work->options.beta : 0.0;

        if ((dynamics[k] == market->dynamics && parameter == market->dynamics_parameter) ||
            (dynamics[k] == GEX_DYNAMICS_BETA && parameter == 0.0))
            continue;
        try_add(work, GEX_VARY_DYNAMICS, dynamics[k]);
        (void)gex_dynamics_format(dynamics[k], parameter, work->made->entry[work->made->count - 1].dynamics, NULL);
    }
    try_add(work, GEX_VARY_VOL_LEVEL, 1);
    try_add(work, GEX_VARY_VOL_LEVEL, -1);
}

/* Options of an entry, those of the base but for one. */
static void choice_apply(struct work *work, const struct gex__robust_entry *entry)
{
    gex_market_options *market = &work->other_market;

    *market = work->market;
    work->other_book = work->book;
    switch (entry->vary) {
    case GEX_VARY_SIGN: work->other_book.sign = entry->choice; break;
    case GEX_VARY_CLOCK:
        market->surface_clock = market->surface_clock != 0 ? market->surface_clock : market->clock;
        market->clock = market->vol_clock = entry->choice;
        break;
    case GEX_VARY_FORWARD: market->forward = entry->choice; break;
    case GEX_VARY_FALLBACK: market->fallback = entry->choice; break;
    case GEX_VARY_VOL: market->vol = entry->choice; break;
    case GEX_VARY_DYNAMICS:
        market->dynamics = entry->choice;
        market->dynamics_parameter = entry->choice == GEX_DYNAMICS_BETA ? work->options.beta : 0.0;
        break;
    default: break;
    }
}

/* ---- one entry --------------------------------------------------------------------------------------------------- */

/* Not inlined, as the next one: their options would stay on a small stack. */
__attribute__((noinline)) static gex_status gamma_of(const struct work *work, const gex_greeks *greeks,
                                                     const gex_book *book, gex_exposure **out, gex_error *error)
{
    gex_exposure_options options;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return gex_exposure_compute(work->context, greeks, book, &options, out, error);
}

__attribute__((noinline)) static gex_status flips_of(const struct work *work, const gex_market *market,
                                                     const gex_book *book, gex_flips **out, gex_error *error)
{
    gex_profile_options options;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.low = work->options.low;
    options.high = work->options.high;
    return gex_flips_compute(work->context, market, book, &options, out, error);
}

/* Where there is none, for this choice or for any, stays NaN. */
static gex_status zero_flow_of(const struct work *work, struct gex__robust_entry *entry, const gex_market *market,
                               const gex_book *book, gex_error *error)
{
    gex_zero_flow_options options;
    gex_flips *flips = NULL;
    gex_status status;

    entry->value[GEX_ROBUST_ZERO_FLOW] = (double)NAN;
    if (work->options.zero_flow == 0)
        return GEX_OK;
    gex_zero_flow_options_init(&options, sizeof options);
    options.until = GEX_UNTIL_GIVEN;
    options.end = work->options.zero_flow;
    options.low = work->options.low;
    options.high = work->options.high;
    status = gex_zero_flow_compute(work->context, market, book, &options, &flips, error);
    if (status == GEX_OK)
        entry->value[GEX_ROBUST_ZERO_FLOW] = gex_flips_price(flips, gex_flips_nearest(flips));
    gex_flips_free(flips);
    return status;
}

static void entry_fill(struct gex__robust_entry *entry, const gex_exposure *gamma, const gex_flips *flips)
{
    entry->value[GEX_ROBUST_NET] = gex_exposure_total(gamma);
    entry->value[GEX_ROBUST_GROSS] = gex_exposure_gross(gamma);
    entry->value[GEX_ROBUST_ZERO_DTE_NET] = gex_exposure_by(gamma, GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL)[0];
    entry->value[GEX_ROBUST_FLIP] = gex_flips_price(flips, gex_flips_nearest(flips));
    entry->value[GEX_ROBUST_DAILY_SIGMA] = gex__daily_sigma(gamma);
    entry->value[GEX_ROBUST_USED] = (double)gex_exposure_count_used(gamma);
    entry->regime = gex__regime(gamma, flips, entry->value[GEX_ROBUST_DAILY_SIGMA]);
    entry->roots = gex_flips_status(flips);
}

static gex_status headline_compute(const struct work *work, struct gex__robust_entry *entry, const gex_market *market,
                                   const gex_greeks *greeks, const gex_book *book, gex_error *error)
{
    gex_exposure *gamma = NULL;
    gex_status status = gamma_of(work, greeks, book, &gamma, error);

    if (status == GEX_OK)
        status = flips_of(work, market, book, &entry->flips, error);
    if (status == GEX_OK)
        entry_fill(entry, gamma, entry->flips);
    if (status == GEX_OK)
        status = zero_flow_of(work, entry, market, book, error);
    gex_exposure_free(gamma);
    return status;
}

static gex_status book_try(const struct work *work, struct gex__robust_entry *entry, gex_error *error)
{
    gex_book *book = NULL;
    gex_status status = gex_book_create(work->context, work->chain, &work->other_book, &book, error);

    if (status == GEX_OK)
        status = headline_compute(work, entry, work->base_market, work->base_greeks, book, error);
    gex_book_free(book);
    return status;
}

static gex_status market_try(const struct work *work, struct gex__robust_entry *entry, gex_error *error)
{
    gex_market *market = NULL;
    gex_greeks *greeks = NULL;
    gex_status status;

    if (entry->vary == GEX_VARY_VOL_LEVEL) {
        gex_shift_options shift;

        gex_shift_options_init(&shift, sizeof shift);
        shift.vol_shift = entry->choice * POINT;
        status = gex_market_shift(work->context, work->base_market, &shift, &market, error);
    } else {
        status = gex_market_create(work->context, work->chain, &work->other_market, &market, error);
    }

    if (status == GEX_OK)
        status = gex__greeks_compute(work->context, market, GEX__WANT(GEX_GREEK_GAMMA), &greeks, error);
    if (status == GEX_OK)
        status = headline_compute(work, entry, market, greeks, work->base_book, error);
    gex_greeks_free(greeks);
    gex_market_free(market);
    return status;
}

static gex_status base_compute(struct work *work, gex_error *error)
{
    gex_status status = gex_market_create(work->context, work->chain, &work->market, &work->base_market, error);

    if (status == GEX_OK)
        status = gex_book_create(work->context, work->chain, &work->book, &work->base_book, error);
    if (status == GEX_OK)
        status = gex__greeks_compute(work->context, work->base_market, GEX__WANT(GEX_GREEK_GAMMA), &work->base_greeks,
                                     error);
    if (status == GEX_OK)
        status = headline_compute(work, &work->made->entry[0], work->base_market, work->base_greeks, work->base_book,
                                  error);
    return status;
}

/* What no other choice would mend ends the call; all else is a finding about the choice. */
static bool is_fatal(gex_status status)
{
    return status == GEX_ERR_MEMORY || status == GEX_ERR_CALLBACK;
}

static gex_status entries_compute(struct work *work, gex_error *error)
{
    gex_status status = base_compute(work, error);

    for (int64_t i = 1; i < work->made->count && status == GEX_OK; i++) {
        struct gex__robust_entry *entry = &work->made->entry[i];

        for (int32_t what = 1; what <= GEX_ROBUST_LAST_; what++)
            entry->value[what] = (double)NAN;
        choice_apply(work, entry);
        entry->status = entry->vary == GEX_VARY_SIGN ? book_try(work, entry, &work->why)
                                                     : market_try(work, entry, &work->why);
        if (is_fatal(entry->status)) {
            status = entry->status;
            if (error != NULL)
                *error = work->why;
        }
    }
    return status;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status options_check(const gex_robustness_options *opt, gex_error *error)
{
    if (opt->left_out < 0 || opt->left_out >= 1 << (GEX_VARY_LAST_ + 1))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "left_out is {i}: add up 1 << GEX_VARY_*",
                         (int64_t)opt->left_out);
    if (!(opt->near_sigmas >= 0.0) || isinf(opt->near_sigmas))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "near_sigmas is {g}: it has to be finite and not below zero",
                         opt->near_sigmas);
    if (!(fabs(opt->beta) <= 1000.0))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "beta is {g}: it has to lie between -1000 and 1000", opt->beta);
    return GEX_OK;
}

static gex_status options_take(struct work *work, const gex_market_options *market, const gex_book_options *book,
                               const gex_robustness_options *options, gex_error *error)
{
    if (gex__options_take(&work->market, sizeof work->market, MARKET_OPTIONS_0_1, market) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "market options: struct_size {u}", market->struct_size);
    if (gex__options_take(&work->book, sizeof work->book, BOOK_OPTIONS_0_1, book) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "book options: struct_size {u}", book->struct_size);
    if (options != NULL &&
        gex__options_take(&work->options, sizeof work->options, ROBUSTNESS_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "robustness options: struct_size {u}", options->struct_size);
    work->market.struct_size = sizeof work->market;
    work->book.struct_size = sizeof work->book;
    return options_check(&work->options, error);
}

static void robustness_drop(void *object)
{
    struct gex_robustness *robustness = object;

    for (int64_t i = 0; i < robustness->count; i++)
        gex_flips_free(robustness->entry[i].flips);
}

static gex_status robustness_make(struct work *work, gex_error *error)
{
    struct gex__layout layout = {0};
    gex_status status;

    gex__layout_add(&layout, 1, sizeof *work->made);
    work->made = gex__object_create(work->context, &layout, robustness_drop);
    if (work->made == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the entries");
    work->made->near_sigmas = work->options.near_sigmas;
    entries_list(work);
    status = entries_compute(work, error);
    gex_greeks_free(work->base_greeks);
    gex_book_free(work->base_book);
    gex_market_free(work->base_market);
    if (status != GEX_OK) {
        gex_robustness_free(work->made);
        work->made = NULL;
    }
    return status;
}

gex_status gex_robustness_compute(const gex_context *context, const gex_chain *chain, const gex_market_options *market,
                                  const gex_book_options *book, const gex_robustness_options *options,
                                  gex_robustness **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__guest guest;
    struct work *work;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || chain == NULL || market == NULL || book == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain, market options, book options and out are required");
    work = gex__memory_get(&memory, sizeof *work);
    if (work == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory to work in");
    memset(work, 0, sizeof *work);
    work->context = context;
    work->chain = chain;
    work->options = defaults;
    gex__guest_enter(&guest);
    status = options_take(work, market, book, options, error);
    if (status == GEX_OK)
        status = robustness_make(work, error);
    *out = work->made;
    gex__guest_leave(&guest);
    gex__memory_put(&memory, work, sizeof *work);
    return status;
}

void gex_robustness_free(gex_robustness *robustness)
{
    gex__object_release(robustness);
}
