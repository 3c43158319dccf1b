/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of an exposure: those of papers, ratios, concentration. */
#include <math.h>
#include <string.h>

#include <gex/measures.h>

#include "base/civil.h"
#include "exposure.h"
#include "math/sum.h"

enum { MEASURE_OPTIONS_0_1 = 24, FRIDAY = 5 };
_Static_assert(sizeof(gex_measure_options) >= MEASURE_OPTIONS_0_1, "options only grow");

#define NAME_CASE(name, value, text, label) \
    case name: return text;
#define LABEL_CASE(name, value, text, label) \
    case name: return label;

const char *gex_measure_name(int32_t measure)
{
    switch (measure) {
        GEX_MEASURE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_measure_label(int32_t measure)
{
    switch (measure) {
        GEX_MEASURE_LIST(LABEL_CASE)
    default: return "unknown";
    }
}

int32_t gex_measure_find(const char *name)
{
    for (int32_t measure = 1; name != NULL && measure <= GEX_MEASURE_LAST_; measure++)
        if (strcmp(name, gex_measure_name(measure)) == 0)
            return measure;
    return 0;
}

static const gex_measure_options defaults = {.top = 5};

void gex_measure_options_init(gex_measure_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static double ratio(double above, double below)
{
    return below != 0.0 ? above / below : (double)NAN;
}

/* ---- sums in a named unit ---------------------------------------------------------------------------------------- */

static const struct named {
    int32_t unit; /* 0: a ratio, of whatever unit */
} named[GEX_MEASURE_LAST_ + 1] = {
    [GEX_MEASURE_NGE] = {GEX_UNIT_GEX_USD_PT},
    [GEX_MEASURE_GAMMA_IMBALANCE] = {GEX_UNIT_GEX_ADV_PCT},
    [GEX_MEASURE_NET_GAMMA] = {GEX_UNIT_GEX_SHARES_PCT},
    [GEX_MEASURE_ZERO_DTE_GAMMA] = {GEX_UNIT_GEX_USD_PCT},
    [GEX_MEASURE_GAMMA_MASS] = {GEX_UNIT_GEX_USD_PCT},
    [GEX_MEASURE_CALL_GAMMA] = {GEX_UNIT_GEX_USD_PCT},
    [GEX_MEASURE_PUT_GAMMA] = {GEX_UNIT_GEX_USD_PCT},
};

/* What the measure sums, in the exposure's own unit. */
static double sum_of(const struct gex_exposure *exposure, int32_t measure)
{
    const struct gex__group *right = &exposure->group[GEX_BY_RIGHT];

    switch (measure) {
    case GEX_MEASURE_ZERO_DTE_GAMMA: return exposure->group[GEX_BY_ZERO_DTE].sum[GEX_SUM_NET][0];
    case GEX_MEASURE_GAMMA_MASS: return exposure->gross;
    case GEX_MEASURE_CALL_GAMMA: return right->sum[GEX_SUM_NET][0];
    case GEX_MEASURE_PUT_GAMMA: return right->sum[GEX_SUM_NET][1];
    default: return exposure->total;
    }
}

static gex_status named_measure(const struct gex_exposure *exposure, int32_t measure, const gex_measure_options *opt,
                                double *value, gex_error *error)
{
    gex_exposure_options numbers;
    double factor;
    gex_status status;

    if (measure == GEX_MEASURE_NET_GAMMA && opt->shares_outstanding == 0.0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "net_gamma needs shares_outstanding: set it above zero");
    gex_exposure_options_init(&numbers, sizeof numbers);
    numbers.adv = opt->adv;
    status = gex_unit_factor(exposure->unit, named[measure].unit, exposure->spot, &numbers, &factor, error);
    if (status != GEX_OK)
        return status;
    *value = sum_of(exposure, measure) * factor;
    if (measure == GEX_MEASURE_NET_GAMMA)
        *value = 100.0 * *value / opt->shares_outstanding;
    return GEX_OK;
}

/* ---- by expiry --------------------------------------------------------------------------------------------------- */

/* The third Friday at or after a date, yyyymmdd. */
static int32_t next_third_friday(int32_t date)
{
    int32_t year = date / 10000, month = date / 100 % 100, found;

    do {
        const int64_t first = gex__days_from_date(year, month, 1);

        found = gex__yyyymmdd_from_days(first + (FRIDAY - gex__weekday(first) + 7) % 7 + 14);
        year += month == 12;
        month = month % 12 + 1;
    } while (found < date);
    return found;
}

static double roll_off_of(const struct gex_exposure *exposure)
{
    const int64_t *expiries = gex_chain_expiries(gex_book_chain(exposure->book), NULL);
    const int64_t as_of = gex_market_as_of(exposure->greeks->market);
    const int32_t last = next_third_friday(gex_instant_date(as_of, GEX_ZONE_NEW_YORK));
    const struct gex__group *group = &exposure->group[GEX_BY_EXPIRY];
    double leaves = 0.0;

    for (int64_t e = 0; e < group->keys && gex_instant_date(expiries[e], GEX_ZONE_NEW_YORK) <= last; e++)
        leaves += group->sum[GEX_SUM_GROSS][e];
    return ratio(leaves, exposure->gross);
}

/* ---- by strike --------------------------------------------------------------------------------------------------- */

static double largest_of(const double *net, int64_t count)
{
    double largest = 0.0;

    for (int64_t k = 0; k < count; k++)
        largest = fmax(largest, fabs(net[k]));
    return largest;
}

/* Weights are scaled by the largest, so that their squares stay in range. */
static double herfindahl_of(const double *net, int64_t count)
{
    const double largest = largest_of(net, count);
    double sum = 0.0, squares = 0.0;

    for (int64_t k = 0; k < count && largest > 0.0; k++) {
        const double weight = fabs(net[k]) / largest;

        sum += weight;
        squares += weight * weight;
    }
    return ratio(squares, sum * sum);
}

/* The `top` largest, each found below the last; among equals it does not matter which. */
static double top_share_of(const double *net, int64_t count, int32_t top)
{
    double whole = 0.0, held = 0.0, ceiling = (double)INFINITY;

    for (int64_t k = 0; k < count; k++)
        whole += fabs(net[k]);
    for (int64_t taken = 0; taken < top && ceiling > 0.0;) {
        double next = 0.0;
        int64_t equals = 0;

        for (int64_t k = 0; k < count; k++) {
            if (fabs(net[k]) < ceiling && fabs(net[k]) > next) {
                next = fabs(net[k]);
                equals = 0;
            }
            equals += fabs(net[k]) == next;
        }
        equals = equals < top - taken ? equals : top - taken;
        held += next * (double)equals;
        taken += equals;
        ceiling = next;
    }
    return held < whole ? held / whole : ratio(whole, whole); /* sums in two orders may differ in the last bit */
}

/* The largest net of one sign over all net of that sign. */
static double dominance_of(const double *net, int64_t count, double sign)
{
    double largest = 0.0, side = 0.0;

    for (int64_t k = 0; k < count; k++) {
        largest = fmax(largest, sign * net[k]);
        side += fmax(0.0, sign * net[k]);
    }
    return ratio(largest, side);
}

static double pin_ratio_of(const struct gex_exposure *exposure)
{
    const struct gex__group *group = &exposure->group[GEX_BY_STRIKE];
    const double *price = gex_chain_strikes(gex_book_chain(exposure->book), NULL);
    const double spot = gex_market_spot(exposure->greeks->market);
    double below = (double)NAN, above = (double)NAN;

    for (int64_t k = 0; k < group->keys; k++) {
        if (group->count[k] == 0)
            continue;
        if (price[k] <= spot)
            below = price[k];
        if (price[k] >= spot && isnan(above))
            above = price[k];
    }
    if (below == above)
        return 0.0;
    return fmin(spot - below, above - spot) / (0.5 * (above - below)); /* NaN where one of them is */
}

/* ---- break-even -------------------------------------------------------------------------------------------------- */

/* A greek of the whole book, correctly rounded. Rows that diverge are left out. */
static double greek_of(const struct gex_exposure *exposure, int32_t greek)
{
    const double *position = gex_book_positions(exposure->book), *column = exposure->greeks->column[greek];
    const double *multiplier = gex_chain_multiplier(gex_book_chain(exposure->book));
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < exposure->rows; i++)
        if (exposure->status[i] == GEX_ROW_USED && isfinite(column[i]))
            gex__exact_add(&sum, position[i] * multiplier[i] * column[i]);
    return gex__exact_round(&sum);
}

static double gtbr_of(const struct gex_exposure *exposure)
{
    const double spot = gex_market_spot(exposure->greeks->market);
    const double theta = greek_of(exposure, GEX_GREEK_THETA), gamma = greek_of(exposure, GEX_GREEK_GAMMA);
    const double square = -2.0 * theta / (365.0 * gamma * spot * spot);

    return square > 0.0 ? sqrt(square) : (double)NAN;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static double ratio_measure(const struct gex_exposure *exposure, int32_t measure, int32_t top)
{
    const double *net = exposure->group[GEX_BY_STRIKE].sum[GEX_SUM_NET];
    const double *gross = exposure->group[GEX_BY_RIGHT].sum[GEX_SUM_GROSS];
    const int64_t strikes = exposure->group[GEX_BY_STRIKE].keys;

    switch (measure) {
    case GEX_MEASURE_ROLL_OFF: return roll_off_of(exposure);
    case GEX_MEASURE_CP_RATIO: return ratio(gross[0], gross[1]);
    case GEX_MEASURE_CP_TILT: return ratio(gross[0] - gross[1], gross[0] + gross[1]);
    case GEX_MEASURE_NET_TO_GROSS: return ratio(exposure->total, exposure->gross);
    case GEX_MEASURE_HERFINDAHL: return herfindahl_of(net, strikes);
    case GEX_MEASURE_TOP_SHARE: return top_share_of(net, strikes, top);
    case GEX_MEASURE_CALL_DOMINANCE: return dominance_of(net, strikes, 1.0);
    case GEX_MEASURE_PUT_DOMINANCE: return dominance_of(net, strikes, -1.0);
    case GEX_MEASURE_PIN_RATIO: return pin_ratio_of(exposure);
    default: return gtbr_of(exposure);
    }
}

static gex_status number_check(const char *what, double value, gex_error *error)
{
    if (value != 0.0 && (!(value > 0.0) || isinf(value)))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{s} is {g}: it has to be finite and above zero", what, value);
    return GEX_OK;
}

static gex_status options_check(const gex_measure_options *opt, gex_error *error)
{
    gex_status status = number_check("shares_outstanding", opt->shares_outstanding, error);

    if (status == GEX_OK)
        status = number_check("adv", opt->adv, error);
    if (status == GEX_OK && opt->top < 1)
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "top is {i}: at least one strike", (int64_t)opt->top);
    return status;
}

gex_status gex_measure(const gex_exposure *exposure, int32_t measure, const gex_measure_options *options,
                       double *value_out, gex_error *error)
{
    gex_measure_options opt = defaults;
    struct gex__guest guest;
    double value = (double)NAN;
    gex_status status;

    if (value_out != NULL)
        *value_out = (double)NAN;
    if (exposure == NULL || value_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and value_out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, MEASURE_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "measure options: struct_size {u}", options->struct_size);
    if (measure < 1 || measure > GEX_MEASURE_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "measure {i} is unknown: set one of GEX_MEASURE_*",
                         (int64_t)measure);
    gex__guest_enter(&guest);
    status = options_check(&opt, error);
    if (status == GEX_OK && named[measure].unit != 0)
        status = named_measure(exposure, measure, &opt, &value, error);
    else if (status == GEX_OK)
        value = ratio_measure(exposure, measure, opt.top);
    *value_out = value;
    gex__guest_leave(&guest);
    return status;
}
