/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An index against its constituents. With a = w s of a name and A their sum, sums correctly rounded so that no order of
 * names shows:
 *
 *     r = (I^2 - sum a^2) / 2 C,    C = sum over i < j of a_i a_j,    dI/dr = C / I,    dI/ds = w (a + r (A - a)) / I
 */
#include <gex/dispersion.h>

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "basket_exposure.h"
#include "risk/regime/stand.h"

enum { DISPERSION_OPTIONS_0_1 = 40 };
_Static_assert(sizeof(gex_dispersion_options) >= DISPERSION_OPTIONS_0_1, "options only grow");

struct gex_dispersion {
    struct gex__object       object;
    const struct gex_basket *basket; /* retained */
    int32_t                  status;
    double                   value[GEX_DISPERSION_LAST_ + 1];
    double                  *member[GEX_DISPERSION_MEMBER_LAST_ + 1];
};

static const gex_dispersion_options defaults = {.index = -1};

void gex_dispersion_options_init(gex_dispersion_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- volatility at a tenor --------------------------------------------------------------------------------------- */

/* Total variance at the money of an expiry; NaN without a used row or time left. */
static double variance_of(const gex_market *market, int64_t expiry)
{
    const double years = gex_market_calendar_years(market)[expiry];
    const double vol = gex__vol_at_strike(market, expiry, gex__strike_at_forward(market, expiry));

    return years > 0.0 ? vol * vol * years : (double)NAN;
}

static double vol_at(const gex_market *market, int64_t tenor)
{
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(market), NULL);
    const double *years = gex_market_calendar_years(market);
    const double wanted = gex_years(GEX_CLOCK_CAL_365, gex_market_as_of(market), tenor);
    double before = 0.0, before_years = 0.0, after = (double)NAN, share;
    int64_t first = 0, e;

    while (first < gex_market_expiry_count(market) && settlement[first] < tenor)
        first++;
    for (e = first; e < gex_market_expiry_count(market) && isnan(after); e++)
        after = variance_of(market, e);
    if (isnan(after))
        return after;
    for (int64_t b = first - 1; b >= 0 && before_years == 0.0; b--) {
        const double variance = variance_of(market, b);

        if (!isnan(variance)) {
            before = variance;
            before_years = years[b];
        }
    }
    share = (wanted - before_years) / (years[e - 1] - before_years);
    return sqrt((before + (after - before) * share) / wanted);
}

/* ---- the correlation --------------------------------------------------------------------------------------------- */

struct correlation {
    double  value, sum, pairs; /* r, A, C */
    int64_t names;             /* with weight and volatility */
};

static void square_add(struct gex__exact *sum, double value, double sign)
{
    const double square = value * value;

    gex__exact_add(sum, sign * square);
    gex__exact_add(sum, sign * fma(value, value, -square));
}

/* `part` are the a of all names; they are sorted. */
static struct correlation correlation_of(double index_vol, double *part, int64_t count)
{
    struct correlation found = {.names = 0};
    struct gex__exact sum, rest, pairs;

    gex__doubles_sort(part, count);
    gex__exact_clear(&sum);
    gex__exact_clear(&rest);
    gex__exact_clear(&pairs);
    square_add(&rest, index_vol, 1.0);
    for (int64_t i = 0; i < count; i++) {
        gex__exact_add(&pairs, part[i] * found.sum); /* of those before it: nothing cancels */
        gex__exact_add(&sum, part[i]);
        square_add(&rest, part[i], -1.0);
        found.sum = gex__exact_round(&sum);
        found.names += part[i] > 0.0;
    }
    found.pairs = gex__exact_round(&pairs);
    found.value = gex__exact_round(&rest) / (2.0 * found.pairs);
    return found;
}

static int32_t judge(const struct correlation *found, bool known)
{
    if (!known)
        return GEX_CORRELATION_NO_VOL;
    if (found->names < 2)
        return GEX_CORRELATION_TOO_FEW;
    if (found->value > 1.0)
        return GEX_CORRELATION_ABOVE_ONE;
    return found->value < -1.0 / (double)(found->names - 1) ? GEX_CORRELATION_BELOW_LEAST : GEX_CORRELATION_FOUND;
}

/* ---- legs -------------------------------------------------------------------------------------------------------- */

static bool is_name(const struct gex__member *member)
{
    return member->role == GEX_ROLE_CONSTITUENT;
}

enum { LEG_INDEX, LEG_NAMES, LEG_BOTH };

static bool is_in(const struct gex__member *member, int leg)
{
    return (member->role == GEX_ROLE_INDEX && leg != LEG_NAMES) || (is_name(member) && leg != LEG_INDEX);
}

static double leg_sum(const struct gex_basket_exposure *exposure, int leg, bool gross)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < exposure->basket->members; i++)
        if (is_in(&exposure->basket->member[i], leg))
            gex__exact_add(&sum, gross ? exposure->member[i]->gross : exposure->member[i]->total);
    return gex__exact_round(&sum);
}

/* GEX_USD_PCT of a member per 1 % of itself, of the rows that its exposure uses. */
static double own_gamma_of(const struct gex__member *member, const struct gex_exposure *gamma)
{
    const double *position = gex_book_positions(member->book), *greek = member->greeks->column[GEX_GREEK_GAMMA];
    const double *multiplier = gex_chain_multiplier(gex_book_chain(member->book));
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < gamma->rows; i++)
        if (gamma->status[i] == GEX_ROW_USED && !gamma->diverges[i])
            gex__exact_add(&sum, position[i] * multiplier[i] * greek[i]);
    return gex__exact_round(&sum) * member->spot * member->spot * 0.01 * member->currency;
}

static double own_gamma(const struct gex_basket_exposure *gamma)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < gamma->basket->members; i++)
        if (is_name(&gamma->basket->member[i]))
            gex__exact_add(&sum, own_gamma_of(&gamma->basket->member[i], gamma->member[i]));
    return gex__exact_round(&sum);
}

static void legs_set(const struct gex_basket_exposure *vega, const struct gex_basket_exposure *gamma,
                     struct gex_dispersion *made)
{
    double *value = made->value;

    value[GEX_DISPERSION_INDEX_VEGA] = leg_sum(vega, LEG_INDEX, false);
    value[GEX_DISPERSION_NAMES_VEGA] = leg_sum(vega, LEG_NAMES, false);
    value[GEX_DISPERSION_NET_VEGA] = leg_sum(vega, LEG_BOTH, false);
    value[GEX_DISPERSION_INDEX_GROSS_VEGA] = leg_sum(vega, LEG_INDEX, true);
    value[GEX_DISPERSION_NAMES_GROSS_VEGA] = leg_sum(vega, LEG_NAMES, true);
    value[GEX_DISPERSION_INDEX_GAMMA] = leg_sum(gamma, LEG_INDEX, false);
    value[GEX_DISPERSION_NAMES_GAMMA] = leg_sum(gamma, LEG_NAMES, false);
    value[GEX_DISPERSION_NET_GAMMA] = leg_sum(gamma, LEG_BOTH, false);
    value[GEX_DISPERSION_INDEX_GROSS_GAMMA] = leg_sum(gamma, LEG_INDEX, true);
    value[GEX_DISPERSION_NAMES_GROSS_GAMMA] = leg_sum(gamma, LEG_NAMES, true);
    value[GEX_DISPERSION_NAMES_OWN_GAMMA] = own_gamma(gamma);
    for (int64_t i = 0; i < made->basket->members; i++)
        if (is_in(&made->basket->member[i], LEG_BOTH)) {
            made->member[GEX_DISPERSION_MEMBER_VEGA][i] = vega->member[i]->total;
            made->member[GEX_DISPERSION_MEMBER_GAMMA][i] = gamma->member[i]->total;
        }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void vols_set(const gex_dispersion_options *opt, int64_t index, struct gex_dispersion *made)
{
    double *vol = made->member[GEX_DISPERSION_MEMBER_VOL];

    for (int64_t i = 0; i < made->basket->members; i++) {
        const struct gex__member *member = &made->basket->member[i];
        const double given = opt->vols.data != NULL ? gex__f64_at(opt->vols, i) : (double)NAN;

        if (i == index || is_in(member, LEG_BOTH))
            vol[i] = isnan(given) ? vol_at(member->market, opt->tenor) : given;
    }
    made->value[GEX_DISPERSION_INDEX_VOL] = vol[index];
}

/* `part` is room for a double a member. */
static void correlation_set(double *part, struct gex_dispersion *made)
{
    const double index_vol = made->value[GEX_DISPERSION_INDEX_VOL];
    const double *vol = made->member[GEX_DISPERSION_MEMBER_VOL];
    bool known = index_vol > 0.0;
    struct correlation found;
    struct gex__exact weight, net;
    int64_t names = 0;

    gex__exact_clear(&weight);
    for (int64_t i = 0; i < made->basket->members; i++) {
        const struct gex__member *member = &made->basket->member[i];

        if (!is_name(member) || !(member->weight > 0.0))
            continue;
        gex__exact_add(&weight, member->weight);
        known = known && !isnan(vol[i]);
        part[names++] = isnan(vol[i]) ? 0.0 : member->weight * vol[i];
    }
    made->value[GEX_DISPERSION_WEIGHT] = gex__exact_round(&weight);
    found = correlation_of(known ? index_vol : 0.0, part, names);
    made->status = judge(&found, known);
    if (known)
        made->value[GEX_DISPERSION_NAMES_VOL] = found.sum;
    if (made->status == GEX_CORRELATION_NO_VOL || made->status == GEX_CORRELATION_TOO_FEW)
        return;
    made->value[GEX_DISPERSION_CORRELATION] = found.value;
    made->value[GEX_DISPERSION_CORRELATION_VEGA] = made->value[GEX_DISPERSION_INDEX_VEGA] * found.pairs / index_vol;
    gex__exact_clear(&net);
    for (int64_t i = 0; i < made->basket->members; i++) {
        const struct gex__member *member = &made->basket->member[i];
        const double a = member->weight > 0.0 ? member->weight * vol[i] : 0.0;
        double through;

        if (!is_name(member))
            continue;
        through = made->value[GEX_DISPERSION_INDEX_VEGA] *
                  (member->weight * (a + found.value * (found.sum - a)) / index_vol);
        made->member[GEX_DISPERSION_MEMBER_INDEX_VEGA][i] = through;
        made->member[GEX_DISPERSION_MEMBER_NET_VEGA][i] = made->member[GEX_DISPERSION_MEMBER_VEGA][i] + through;
        gex__exact_add(&net, made->member[GEX_DISPERSION_MEMBER_NET_VEGA][i]);
    }
    made->value[GEX_DISPERSION_FIXED_CORRELATION_VEGA] = gex__exact_round(&net);
}

static void dispersion_drop(void *object)
{
    gex__object_release(((struct gex_dispersion *)object)->basket);
}

static struct gex_dispersion *dispersion_alloc(const gex_context *context, const struct gex_basket *basket)
{
    struct gex__layout layout = {0};
    int64_t member[GEX_DISPERSION_MEMBER_LAST_ + 1] = {0};
    struct gex_dispersion *made;

    gex__layout_add(&layout, 1, sizeof *made);
    for (int v = 1; v <= GEX_DISPERSION_MEMBER_LAST_; v++)
        member[v] = gex__layout_add(&layout, basket->members, sizeof(double));
    made = gex__object_create(context, &layout, dispersion_drop);
    if (made == NULL)
        return NULL;
    made->basket = basket;
    gex__object_retain(basket);
    for (int v = 1; v <= GEX_DISPERSION_LAST_; v++)
        made->value[v] = (double)NAN;
    for (int v = 1; v <= GEX_DISPERSION_MEMBER_LAST_; v++) {
        made->member[v] = (double *)((char *)made + member[v]);
        for (int64_t i = 0; i < basket->members; i++)
            made->member[v][i] = (double)NAN;
    }
    return made;
}

/* Everything behind the door. */
static gex_status dispersion_fill(const gex_context *context, const gex_dispersion_options *opt, int64_t index,
                                  struct gex_dispersion *made, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    gex_basket_exposure *vega = NULL, *gamma = NULL;
    struct gex__layout layout = {0};
    gex_exposure_options unit;
    gex_status status;
    double *part;

    gex__layout_add(&layout, made->basket->members, sizeof *part);
    part = gex__memory_get(&memory, layout.size);
    if (part == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the dispersion of {i} members",
                         made->basket->members);
    gex_exposure_options_init(&unit, sizeof unit);
    unit.unit = GEX_UNIT_VEGA_USD_VOLPT;
    status = gex_basket_exposure_compute(context, made->basket, &unit, &vega, error);
    unit.unit = GEX_UNIT_GEX_USD_PCT;
    if (status == GEX_OK)
        status = gex_basket_exposure_compute(context, made->basket, &unit, &gamma, error);
    if (status == GEX_OK) {
        legs_set(vega, gamma, made);
        vols_set(opt, index, made);
        correlation_set(part, made);
    }
    gex_basket_exposure_free(vega);
    gex_basket_exposure_free(gamma);
    gex__memory_put(&memory, part, layout.size);
    return status;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status index_find(const struct gex_basket *basket, int64_t chosen, int64_t *index, gex_error *error)
{
    int64_t count = 0;

    *index = chosen;
    if (chosen < -1 || chosen >= basket->members)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "index {i}: the basket has {i} members", chosen, basket->members);
    for (int64_t i = 0; chosen == -1 && i < basket->members; i++)
        if (basket->member[i].role == GEX_ROLE_INDEX) {
            *index = i;
            count++;
        }
    if (chosen == -1 && count != 1)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "{i} members have role index: say whose volatility is the index's", count);
    return GEX_OK;
}

static gex_status options_check(const struct gex_basket *basket, const gex_dispersion_options *opt, gex_error *error)
{
    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "dispersion options: reserved must be zero");
    if (opt->tenor <= gex_basket_as_of(basket))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "tenor: it has to lie after the basket's instant");
    if (!gex__stride_fits(opt->vols.data, opt->vols.stride, basket->members))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of vols times {i} members overflows",
                         basket->members);
    for (int64_t i = 0; opt->vols.data != NULL && i < basket->members; i++) {
        const double vol = gex__f64_at(opt->vols, i);

        if (vol < 0.0 || isinf(vol))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "member {i}: volatility {g} has to be finite and not below zero",
                             i, vol);
    }
    return GEX_OK;
}

gex_status gex_dispersion_compute(const gex_context *context, const gex_basket *basket,
                                  const gex_dispersion_options *options, gex_dispersion **out, gex_error *error)
{
    gex_dispersion_options opt = defaults;
    struct gex_dispersion *made = NULL;
    struct gex__guest guest;
    gex_status status;
    int64_t index = -1;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || basket == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    if (gex__options_take(&opt, sizeof opt, DISPERSION_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "dispersion options: struct_size {u}", options->struct_size);
    gex__guest_enter(&guest);
    (void)((status = options_check(basket, &opt, error)) || (status = index_find(basket, opt.index, &index, error)));
    if (status == GEX_OK) {
        made = dispersion_alloc(context, basket);
        status = made != NULL ? dispersion_fill(context, &opt, index, made, error)
                              : gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the dispersion of {i} members",
                                          basket->members);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(made);
        return status;
    }
    *out = made;
    return GEX_OK;
}

void gex_dispersion_free(gex_dispersion *dispersion)
{
    gex__object_release(dispersion);
}

const gex_basket *gex_dispersion_basket(const gex_dispersion *dispersion)
{
    return dispersion != NULL ? dispersion->basket : NULL;
}

int32_t gex_dispersion_status(const gex_dispersion *dispersion)
{
    return dispersion != NULL ? dispersion->status : 0;
}

double gex_dispersion_value(const gex_dispersion *dispersion, int32_t value)
{
    return dispersion != NULL && value >= 1 && value <= GEX_DISPERSION_LAST_ ? dispersion->value[value] : (double)NAN;
}

const double *gex_dispersion_member(const gex_dispersion *dispersion, int32_t value, int64_t *count_out)
{
    const bool known = dispersion != NULL && value >= 1 && value <= GEX_DISPERSION_MEMBER_LAST_;

    if (count_out != NULL)
        *count_out = known ? dispersion->basket->members : 0;
    return known ? dispersion->member[value] : NULL;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_dispersion_name(int32_t value)
{
    switch (value) {
        GEX_DISPERSION_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_dispersion_member_name(int32_t value)
{
    switch (value) {
        GEX_DISPERSION_MEMBER_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_correlation_text(int32_t status)
{
    switch (status) {
        GEX_CORRELATION_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_dispersion_find(const char *name)
{
    for (int32_t value = 1; name != NULL && value <= GEX_DISPERSION_LAST_; value++)
        if (strcmp(name, gex_dispersion_name(value)) == 0)
            return value;
    return 0;
}

int32_t gex_dispersion_member_find(const char *name)
{
    for (int32_t value = 1; name != NULL && value <= GEX_DISPERSION_MEMBER_LAST_; value++)
        if (strcmp(name, gex_dispersion_member_name(value)) == 0)
            return value;
    return 0;
}
