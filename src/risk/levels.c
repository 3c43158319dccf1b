/* SPDX-License-Identifier: Apache-2.0 */
/* Levels read off exposure by strike, and max pain off open interest. */
#include "levels.h"

#include <math.h>
#include <string.h>

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

/* ---- walls ------------------------------------------------------------------------------------------------------- */

/* A wall is the strike where `sum` times `sign` (0: its absolute value) is largest, above zero, on one side of spot (+1
 * at and above, -1 at and below) or anywhere (0). */
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
    [GEX_LEVEL_CALL_WALL_NET_ABOVE] = {GEX_SUM_NET, 1, 1},
    [GEX_LEVEL_PUT_WALL_NET_BELOW] = {GEX_SUM_NET, -1, -1},
    [GEX_LEVEL_ABS_NET] = {GEX_SUM_NET, 0, 0},
};

static bool is_wall(int32_t level)
{
    return level != GEX_LEVEL_HVL_CENTROID && level != GEX_LEVEL_HVL_SLOPE;
}

struct level {
    double price, value;
};
static const struct level nowhere = {(double)NAN, (double)NAN};

/* What makes a strike a wall; 0 where it cannot be one. */
static double height_of(const struct gex__group *strikes, const double *price, const struct wall *wall, double spot,
                        int64_t k)
{
    const double value = strikes->sum[wall->sum][k];

    if ((wall->side > 0 && price[k] < spot) || (wall->side < 0 && price[k] > spot))
        return 0.0;
    return wall->sign != 0 ? value * wall->sign : fabs(value);
}

/* The next below a strike in rank: lower, or as high at a higher strike. `below` -1: the highest of all. */
static int64_t wall_next(const struct gex__group *strikes, const double *price, const struct wall *wall, double spot,
                         int64_t below)
{
    const double ceiling = below >= 0 ? height_of(strikes, price, wall, spot, below) : (double)INFINITY;
    double largest = 0.0;
    int64_t found = -1;

    for (int64_t k = 0; k < strikes->keys; k++) {
        const double height = height_of(strikes, price, wall, spot, k);

        if (k != below && (height < ceiling || below < 0 || (height == ceiling && k > below)) && height > largest) {
            largest = height; /* above, not equal: the lower of equals stays */
            found = k;
        }
    }
    return found;
}

static struct level wall_of(const struct gex__group *strikes, const double *price, const struct wall *wall, double spot,
                            int64_t rank)
{
    int64_t at = wall_next(strikes, price, wall, spot, -1);

    for (; rank > 0 && at >= 0; rank--)
        at = wall_next(strikes, price, wall, spot, at);
    return at >= 0 ? (struct level){price[at], strikes->sum[wall->sum][at]} : nowhere;
}

/* sum K |net| / sum |net|, with the weights scaled so that neither sum can overflow; its value is sum |net|. */
static struct level centroid_of(const struct gex__group *strikes, const double *price)
{
    const double *net = strikes->sum[GEX_SUM_NET];
    double largest = 0.0, moment = 0.0, mass = 0.0;

    for (int64_t k = 0; k < strikes->keys; k++)
        largest = fmax(largest, fabs(net[k]));
    if (!(largest > 0.0))
        return nowhere;
    for (int64_t k = 0; k < strikes->keys; k++) {
        moment += fabs(net[k]) / largest * price[k];
        mass += fabs(net[k]) / largest;
    }
    return (struct level){moment / mass, mass * largest};
}

/* Lowest point of the running sum, the first of equals; none where it never falls, or never rises after. */
static struct level slope_of(const struct gex__group *strikes, const double *price)
{
    const double *net = strikes->sum[GEX_SUM_NET];
    struct level lowest = nowhere;
    double running = 0.0;
    bool fell = false, rises = false;

    for (int64_t k = 0; k < strikes->keys; k++) {
        running += net[k];
        if (net[k] < 0.0 && !(running >= lowest.value)) { /* true of the first, too */
            lowest = (struct level){price[k], running};
            fell = true;
            rises = false;
        }
        rises = rises || (fell && net[k] > 0.0);
    }
    return rises ? lowest : nowhere;
}

static gex_status no_wall(int32_t level, gex_error *error)
{
    return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} is no wall: it has no rank", gex_level_name(level));
}

gex_status gex__level_check(int32_t level, int64_t rank, gex_error *error)
{
    if (level < 1 || level > GEX_LEVEL_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "level {i} is unknown: set one of GEX_LEVEL_*", (int64_t)level);
    if (rank != 0 && !is_wall(level))
        return no_wall(level, error);
    if (rank < 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "rank {i}: the wall itself is 0", rank);
    return GEX_OK;
}

static void level_put(struct level level, double *price_out, double *value_out)
{
    if (price_out != NULL)
        *price_out = level.price;
    if (value_out != NULL)
        *value_out = level.value;
}

void gex__level_of(const struct gex__group *strikes, const double *price, int32_t level, double spot, int64_t rank,
                   double *price_out, double *value_out)
{
    switch (level) {
    case GEX_LEVEL_HVL_CENTROID: level_put(centroid_of(strikes, price), price_out, value_out); break;
    case GEX_LEVEL_HVL_SLOPE: level_put(slope_of(strikes, price), price_out, value_out); break;
    default: level_put(wall_of(strikes, price, &walls[level], spot, rank), price_out, value_out);
    }
}

static void exposure_level(const struct gex_exposure *exposure, int32_t level, double spot, int64_t rank,
                           double *price_out, double *value_out)
{
    gex__level_of(&exposure->group[GEX_BY_STRIKE], gex_chain_strikes(gex_book_chain(exposure->book), NULL), level, spot,
                  rank, price_out, value_out);
}

gex_status gex_level(const gex_exposure *exposure, int32_t level, double *price_out, double *value_out,
                     gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    level_put(nowhere, price_out, value_out);
    if (exposure == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and price_out are required");
    status = gex__level_check(level, 0, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    exposure_level(exposure, level, gex_market_spot(exposure->greeks->market), 0, price_out, value_out);
    gex__guest_leave(&guest);
    return GEX_OK;
}

gex_status gex_level_ranked(const gex_exposure *exposure, int32_t level, int64_t rank, double spot, double *price_out,
                            double *value_out, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    level_put(nowhere, price_out, value_out);
    if (exposure == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and price_out are required");
    status = gex__level_check(level, rank, error);
    if (status == GEX_OK && !is_wall(level))
        status = no_wall(level, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    if (spot == 0.0)
        spot = gex_market_spot(exposure->greeks->market);
    if (spot > 0.0 && isfinite(spot))
        exposure_level(exposure, level, spot, rank, price_out, value_out);
    else
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it has to be finite and above zero", spot);
    gex__guest_leave(&guest);
    return status;
}

/* ---- concentration ----------------------------------------------------------------------------------------------- */

/* Two ends that only move up: for each lower end the first upper one that holds enough. The sums run exactly. */
static void band_find(const struct gex__group *strikes, const double *price, double part, struct level *band)
{
    const double *net = strikes->sum[GEX_SUM_NET];
    struct gex__exact inside, whole;
    double wanted;
    int64_t end = 0;

    gex__exact_clear(&whole);
    gex__exact_clear(&inside);
    for (int64_t k = 0; k < strikes->keys; k++)
        gex__exact_add(&whole, fabs(net[k]));
    wanted = part * gex__exact_round(&whole);
    if (!(wanted > 0.0))
        return;
    for (int64_t first = 0; first < strikes->keys; first++) {
        while (end < strikes->keys && gex__exact_round(&inside) < wanted)
            gex__exact_add(&inside, fabs(net[end++]));
        if (gex__exact_round(&inside) < wanted)
            return;
        if (isnan(band->price) || price[end - 1] - price[first] < band->value - band->price)
            *band = (struct level){price[first], price[end - 1]};
        gex__exact_add(&inside, -fabs(net[first]));
    }
}

gex_status gex_concentration_band(const gex_exposure *exposure, double part, double *low_out, double *high_out,
                                  gex_error *error)
{
    struct level band = nowhere; /* its ends */
    struct gex__guest guest;
    gex_status status = GEX_OK;

    level_put(nowhere, low_out, high_out);
    if (exposure == NULL || low_out == NULL || high_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure, low_out and high_out are required");
    gex__guest_enter(&guest);
    if (part > 0.0 && part <= 1.0)
        band_find(&exposure->group[GEX_BY_STRIKE], gex_chain_strikes(gex_book_chain(exposure->book), NULL), part,
                  &band);
    else
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "part is {g}: it has to be above 0 and at most 1", part);
    level_put(band, low_out, high_out);
    gex__guest_leave(&guest);
    return status;
}

/* ---- sign changes between strikes -------------------------------------------------------------------------------- */

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

/* ---- max pain ---------------------------------------------------------------------------------------------------- */

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
