/* SPDX-License-Identifier: Apache-2.0 */
/* Levels read off exposure by strike, and max pain off open interest. */
#include <math.h>
#include <string.h>

#include <gex/levels.h>

#include "exposure.h"
#include "math/sum.h"

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_level_name(int32_t level)
{
    switch (level) {
        GEX_LEVEL_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_level_find(const char *name)
{
    for (int32_t level = 1; name != NULL && level <= GEX_LEVEL_LAST_; level++)
        if (strcmp(name, gex_level_name(level)) == 0)
            return level;
    return 0;
}

/* ---- walls ------------------------------------------------------------------------------------------------------ */

/* A wall is the strike where `sum` times `sign` is largest, above zero, on one side of spot (+1 at and above, -1 at and
 * below) or anywhere (0). */
static const struct wall {
    int32_t sum, sign, side;
} walls[GEX_LEVEL_LAST_ + 1] = {
    [GEX_LEVEL_CALL_WALL_NET] = {GEX_SUM_NET, 1, 0},
    [GEX_LEVEL_PUT_WALL_NET] = {GEX_SUM_NET, -1, 0},
    [GEX_LEVEL_CALL_WALL_MAX_CALL] = {GEX__SUM_CALL_GROSS, 1, 0},
    [GEX_LEVEL_PUT_WALL_MAX_PUT] = {GEX__SUM_PUT_GROSS, 1, 0},
    [GEX_LEVEL_CALL_WALL_ABOVE] = {GEX__SUM_CALL_GROSS, 1, 1},
    [GEX_LEVEL_PUT_WALL_BELOW] = {GEX__SUM_PUT_GROSS, 1, -1},
    [GEX_LEVEL_CALL_WALL_OI] = {GEX__SUM_CALL_OI, 1, 0},
    [GEX_LEVEL_PUT_WALL_OI] = {GEX__SUM_PUT_OI, 1, 0},
    [GEX_LEVEL_ABS_GAMMA] = {GEX_SUM_GROSS, 1, 0},
};

struct level {
    double price, value;
};

static struct level wall_of(const struct gex__group *strikes, const double *price, const struct wall *wall, double spot)
{
    const double *value = strikes->sum[wall->sum];
    struct level level = {(double)NAN, (double)NAN};
    double largest = 0.0;

    for (int64_t k = 0; k < strikes->keys; k++) {
        if ((wall->side > 0 && price[k] < spot) || (wall->side < 0 && price[k] > spot))
            continue;
        if (value[k] * wall->sign > largest) { /* above, not equal: the lower of equals stays */
            largest = value[k] * wall->sign;
            level = (struct level){price[k], value[k]};
        }
    }
    return level;
}

/* sum K |net| / sum |net|, with the weights scaled so that neither sum can overflow; its value is sum |net|. */
static struct level centroid_of(const struct gex__group *strikes, const double *price)
{
    const double *net = strikes->sum[GEX_SUM_NET];
    double largest = 0.0, moment = 0.0, mass = 0.0;

    for (int64_t k = 0; k < strikes->keys; k++)
        largest = fmax(largest, fabs(net[k]));
    if (!(largest > 0.0))
        return (struct level){(double)NAN, (double)NAN};
    for (int64_t k = 0; k < strikes->keys; k++) {
        moment += fabs(net[k]) / largest * price[k];
        mass += fabs(net[k]) / largest;
    }
    return (struct level){moment / mass, mass * largest};
}

gex_status gex_level(const gex_exposure *exposure, int32_t level, double *price_out, double *value_out, gex_error *error)
{
    const struct gex__group *strikes;
    const gex_market *market;
    const double *price;
    struct gex__guest guest;
    struct level found;

    if (price_out != NULL)
        *price_out = (double)NAN;
    if (value_out != NULL)
        *value_out = (double)NAN;
    if (exposure == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and price_out are required");
    if (level < 1 || level > GEX_LEVEL_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "level {i} is unknown: set one of GEX_LEVEL_*", (int64_t)level);

    market = gex_greeks_market(exposure->greeks);
    strikes = &exposure->group[GEX_BY_STRIKE];
    price = gex_chain_strikes(gex_market_chain(market), NULL);
    gex__guest_enter(&guest);
    found = level == GEX_LEVEL_HVL_CENTROID ? centroid_of(strikes, price)
                                            : wall_of(strikes, price, &walls[level], gex_market_spot(market));
    gex__guest_leave(&guest);
    *price_out = found.price;
    if (value_out != NULL)
        *value_out = found.value;
    return GEX_OK;
}

/* ---- sign changes between strikes --------------------------------------------------------------------------------- */

/* A polyline met point by point; a stretch at exactly zero between opposite signs is one crossing, at its middle. */
struct crossing {
    double  price, value;          /* last point that was not zero; value 0 before there is one */
    double  zero_first, zero_last; /* points at zero since then */
    bool    zero;
    double *out;
    int64_t capacity, count;
};

static void crossing_add(struct crossing *crossing, double at)
{
    if (crossing->count < crossing->capacity)
        crossing->out[crossing->count] = at;
    crossing->count++;
}

static void crossing_meet(struct crossing *crossing, double price, double value)
{
    if (value == 0.0) {
        crossing->zero_first = crossing->zero ? crossing->zero_first : price;
        crossing->zero_last = price;
        crossing->zero = true;
        return;
    }
    if (crossing->value != 0.0 && (value > 0.0) != (crossing->value > 0.0)) {
        if (crossing->zero)
            crossing_add(crossing, 0.5 * crossing->zero_first + 0.5 * crossing->zero_last);
        else
            crossing_add(crossing,
                         crossing->price + (price - crossing->price) / (1.0 - value / crossing->value));
    }
    crossing->price = price;
    crossing->value = isnan(value) ? 0.0 : value;
    crossing->zero = false;
}

gex_status gex_strike_flips(const gex_exposure *exposure, int32_t kind, double *prices, int64_t capacity,
                            int64_t *count_out, gex_error *error)
{
    struct crossing crossing = {.out = prices, .capacity = capacity};
    const struct gex__group *strikes;
    const double *price;
    struct gex__guest guest;
    double running = 0.0;

    if (count_out != NULL)
        *count_out = 0;
    if (exposure == NULL || count_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and count_out are required");
    if (kind != GEX_STRIKE_SIGN && kind != GEX_STRIKE_CUM)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "kind {i} is unknown: set one of GEX_STRIKE_*", (int64_t)kind);
    if (capacity < 0 || (prices == NULL && capacity > 0))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "prices have to hold the capacity of {i}", capacity);

    strikes = &exposure->group[GEX_BY_STRIKE];
    price = gex_chain_strikes(gex_market_chain(gex_greeks_market(exposure->greeks)), NULL);
    gex__guest_enter(&guest);
    for (int64_t k = 0; k < strikes->keys; k++) {
        if (!(strikes->sum[GEX_SUM_GROSS][k] > 0.0))
            continue; /* a strike that is listed and not held moves no line */
        running += strikes->sum[GEX_SUM_NET][k];
        crossing_meet(&crossing, price[k], kind == GEX_STRIKE_CUM ? running : strikes->sum[GEX_SUM_NET][k]);
    }
    gex__guest_leave(&guest);
    *count_out = crossing.count;
    return GEX_OK;
}

/* ---- max pain ------------------------------------------------------------------------------------------------------- */

/* Contracts times multiplier that a row adds; 0 where the open interest is no number. */
static double row_units(const gex_chain *chain, int64_t row)
{
    const double units = gex_chain_open_interest(chain)[row] * gex_chain_multiplier(chain)[row];
    return units > 0.0 && isfinite(units) ? units : 0.0;
}

/*
 * What holders receive, f(K) = sum OI M max(+-(K - strike), 0), is convex with kinks at the strikes. Right of a strike
 * its slope is (calls at and below) - (puts above); the lowest minimum is the first strike where that is not negative.
 * Rows of an expiry stand together in canonical order, by strike; the slope is summed exactly, so its sign is right.
 */
static double max_pain_of(const gex_chain *chain, int64_t expiry)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *expiry_index = gex_chain_expiry_index(chain);
    const double *strike = gex_chain_strike(chain);
    const int64_t rows = gex_chain_rows(chain);
    struct gex__exact slope;
    int64_t first = 0, end;
    bool any = false;

    while (first < rows && expiry_index[order[first]] != expiry)
        first++;
    gex__exact_clear(&slope);
    for (end = first; end < rows && expiry_index[order[end]] == expiry; end++) {
        any = any || row_units(chain, order[end]) > 0.0;
        if (gex_chain_right(chain)[order[end]] == GEX_PUT)
            gex__exact_add(&slope, -row_units(chain, order[end]));
    }
    for (int64_t i = first; any && i < end; i++) {
        gex__exact_add(&slope, row_units(chain, order[i])); /* a call comes in, a put goes out */
        if ((i + 1 == end || strike[order[i + 1]] != strike[order[i]]) && gex__exact_round(&slope) >= 0.0)
            return strike[order[i]];
    }
    return (double)NAN;
}

gex_status gex_max_pain(const gex_chain *chain, int64_t expiry, double *price_out, gex_error *error)
{
    struct gex__guest guest;
    int64_t expiries;

    if (price_out != NULL)
        *price_out = (double)NAN;
    if (chain == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain and price_out are required");
    gex_chain_expiries(chain, &expiries);
    if (expiry < 0 || expiry >= expiries)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "expiry {i}: the chain has {i}", expiry, expiries);
    gex__guest_enter(&guest);
    *price_out = max_pain_of(chain, expiry);
    gex__guest_leave(&guest);
    return GEX_OK;
}
