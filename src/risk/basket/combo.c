/* SPDX-License-Identifier: Apache-2.0 */
/* COMBO: strikes of all members where the reference would be with the member at its strike, merged into nodes. */
#include <gex/combo.h>

#include <math.h>

#include "base/order.h"
#include "basket_exposure.h"
#include "risk/levels.h"

enum { COMBO_OPTIONS_0_1 = 16 };
_Static_assert(sizeof(gex_combo_options) >= COMBO_OPTIONS_0_1, "options only grow");

struct gex_combo {
    struct gex__object         object;
    const gex_basket_exposure *exposure; /* retained */
    double                    *price;    /* per node */
    struct gex__group          node;     /* its sums of open interest stay empty */
    int64_t                   *start;    /* per node and one more: places in the next two */
    int64_t                   *member, *strike;
    int64_t                    left_out;
};

/* A strike on the axis. */
struct place {
    double  price;
    int64_t member, strike;
};

static const gex_combo_options defaults = {.step = 0.0};

void gex_combo_options_init(gex_combo_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static double node_of(double price, double step)
{
    if (step == 0.0)
        return price;
    return step * ceil(price / step - 0.5) + 0.0; /* half way: down; -0 is 0 */
}

static const double *strikes_of(const gex_basket_exposure *exposure, int64_t i, int64_t *count)
{
    return gex_chain_strikes(gex_book_chain(exposure->member[i]->book), count);
}

static int64_t strikes_count(const gex_basket_exposure *exposure)
{
    int64_t all = 0, count;

    for (int64_t i = 0; i < exposure->basket->members; i++) {
        strikes_of(exposure, i, &count);
        all += count;
    }
    return all;
}

/* @return how many strikes have a place. */
static int64_t places_fill(const gex_basket_exposure *exposure, double step, struct place *place)
{
    int64_t places = 0, count;

    for (int64_t i = 0; i < exposure->basket->members; i++) {
        const double *strike = strikes_of(exposure, i, &count);

        for (int64_t k = 0; k < count; k++) {
            const double price = node_of(gex__member_reference(exposure->basket, i, strike[k]), step);

            if (isfinite(price))
                place[places++] = (struct place){price, i, k};
        }
    }
    return places;
}

static bool place_less(const void *user, int64_t a, int64_t b)
{
    const struct place *x = (const struct place *)user + a, *y = (const struct place *)user + b;

    if (x->price != y->price)
        return x->price < y->price;
    return x->member != y->member ? x->member < y->member : x->strike < y->strike;
}

static void place_swap(void *user, int64_t a, int64_t b)
{
    struct place *place = user, kept = place[a];

    place[a] = place[b];
    place[b] = kept;
}

static int64_t nodes_count(const struct place *place, int64_t places)
{
    int64_t nodes = 0;

    for (int64_t p = 0; p < places; p++)
        nodes += p == 0 || place[p].price != place[p - 1].price;
    return nodes;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static void combo_drop(void *object)
{
    gex__object_release(((struct gex_combo *)object)->exposure);
}

static bool is_summed(int sum)
{
    return sum != GEX__SUM_CALL_OI && sum != GEX__SUM_PUT_OI;
}

static void combo_carve(struct gex__carve *carve, int64_t nodes, int64_t places, struct gex_combo *combo)
{
    gex__carve(carve, 1, sizeof *combo);
    combo->price = gex__carve(carve, nodes, sizeof(double));
    combo->start = gex__carve(carve, nodes + 1, sizeof(int64_t));
    combo->member = gex__carve(carve, places, sizeof(int64_t));
    combo->strike = gex__carve(carve, places, sizeof(int64_t));
    combo->node.count = gex__carve(carve, nodes, sizeof(int64_t));
    for (int s = 1; s <= GEX__SUM_LAST; s++)
        combo->node.sum[s] = is_summed(s) ? gex__carve(carve, nodes, sizeof(double)) : NULL;
}

static struct gex_combo *combo_alloc(const gex_context *context, int64_t nodes, int64_t places)
{
    struct gex_combo plan = {.left_out = 0}, *combo;
    struct gex__carve carve = {.block = NULL};

    combo_carve(&carve, nodes, places, &plan);
    combo = gex__object_create(context, &carve.layout, combo_drop);
    if (combo == NULL)
        return NULL;
    carve = (struct gex__carve){.block = (char *)combo};
    combo_carve(&carve, nodes, places, combo);
    combo->node.keys = nodes;
    return combo;
}

static void parts_fill(const struct place *place, int64_t places, struct gex_combo *combo)
{
    int64_t node = -1;

    for (int64_t p = 0; p < places; p++) {
        if (p == 0 || place[p].price != place[p - 1].price) {
            combo->price[++node] = place[p].price;
            combo->start[node] = p;
        }
        combo->member[p] = place[p].member;
        combo->strike[p] = place[p].strike;
    }
    combo->start[combo->node.keys] = places;
}

static const struct gex__group *strike_group(const struct gex_combo *combo, int64_t part)
{
    return &combo->exposure->member[combo->member[part]]->group[GEX_BY_STRIKE];
}

static void sums_fill(struct gex_combo *combo)
{
    struct gex__exact sum;

    for (int64_t node = 0; node < combo->node.keys; node++) {
        combo->node.count[node] = 0;
        for (int64_t p = combo->start[node]; p < combo->start[node + 1]; p++)
            combo->node.count[node] += strike_group(combo, p)->count[combo->strike[p]];
        for (int s = 1; s <= GEX__SUM_LAST; s++) {
            if (!is_summed(s))
                continue;
            gex__exact_clear(&sum);
            for (int64_t p = combo->start[node]; p < combo->start[node + 1]; p++)
                gex__exact_add(&sum, strike_group(combo, p)->sum[s][combo->strike[p]]);
            combo->node.sum[s][node] = gex__exact_round(&sum);
        }
    }
}

/* Everything behind the door. NULL when there is no memory. */
static struct gex_combo *combo_make(const gex_context *context, const gex_basket_exposure *exposure, double step)
{
    const struct gex__memory memory = gex__memory_of(context);
    const int64_t strikes = strikes_count(exposure);
    struct gex__layout layout = {0};
    struct gex_combo *combo;
    struct place *place;
    int64_t places;

    gex__layout_add(&layout, strikes, sizeof *place);
    place = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (place == NULL)
        return NULL;
    places = places_fill(exposure, step, place);
    gex__heap_sort(&(struct gex__heap){place_less, place_swap, place}, places);
    combo = combo_alloc(context, nodes_count(place, places), places);
    if (combo != NULL) {
        combo->exposure = exposure;
        gex__object_retain(exposure);
        combo->left_out = strikes - places;
        parts_fill(place, places, combo);
        sums_fill(combo);
    }
    gex__memory_put(&memory, place, layout.size);
    return combo;
}

gex_status gex_combo_compute(const gex_context *context, const gex_basket_exposure *exposure,
                             const gex_combo_options *options, gex_combo **out, gex_error *error)
{
    gex_combo_options opt = defaults;
    struct gex__guest guest;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || exposure == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, COMBO_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "combo options: struct_size {u}", options->struct_size);
    if (opt.reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "combo options: reserved must be zero");
    gex__guest_enter(&guest);
    if (opt.step >= 0.0 && isfinite(opt.step))
        *out = combo_make(context, exposure, opt.step);
    gex__guest_leave(&guest);
    if (*out != NULL)
        return GEX_OK;
    if (!(opt.step >= 0.0 && isfinite(opt.step)))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "step is {g}: it has to be finite and not below zero", opt.step);
    return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the strikes of {i} members", exposure->basket->members);
}

void gex_combo_free(gex_combo *combo)
{
    gex__object_release(combo);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

const gex_basket_exposure *gex_combo_exposure(const gex_combo *combo)
{
    return combo != NULL ? combo->exposure : NULL;
}

const double *gex_combo_prices(const gex_combo *combo, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = combo != NULL ? combo->node.keys : 0;
    return combo != NULL ? combo->price : NULL;
}

const double *gex_combo_sum(const gex_combo *combo, int32_t sum, int64_t *count_out)
{
    const bool known = combo != NULL && sum >= GEX_SUM_NET && sum <= GEX_SUM_PUT;

    if (count_out != NULL)
        *count_out = known ? combo->node.keys : 0;
    return known ? combo->node.sum[sum] : NULL;
}

static const int64_t *parts_of(const gex_combo *combo, const int64_t *part, int64_t node, int64_t *count_out)
{
    const bool known = combo != NULL && node >= 0 && node < combo->node.keys;

    if (count_out != NULL)
        *count_out = known ? combo->start[node + 1] - combo->start[node] : 0;
    return known ? part + combo->start[node] : NULL;
}

const int64_t *gex_combo_part_member(const gex_combo *combo, int64_t node, int64_t *count_out)
{
    return parts_of(combo, combo != NULL ? combo->member : NULL, node, count_out);
}

const int64_t *gex_combo_part_strike(const gex_combo *combo, int64_t node, int64_t *count_out)
{
    return parts_of(combo, combo != NULL ? combo->strike : NULL, node, count_out);
}

int64_t gex_combo_left_out(const gex_combo *combo)
{
    return combo != NULL ? combo->left_out : 0;
}

gex_status gex_combo_level(const gex_combo *combo, int32_t level, int64_t rank, double *price_out, double *value_out,
                           gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    if (price_out != NULL)
        *price_out = (double)NAN;
    if (value_out != NULL)
        *value_out = (double)NAN;
    if (combo == NULL || price_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "combo and price_out are required");
    if (level == GEX_LEVEL_CALL_WALL_OI || level == GEX_LEVEL_PUT_WALL_OI)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "{s}: open interest in contracts of different sizes does not add up", gex_level_name(level));
    status = gex__level_check(level, rank, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    gex__level_of(&combo->node, combo->price, level, combo->exposure->basket->spot, rank, price_out, value_out);
    gex__guest_leave(&guest);
    return GEX_OK;
}
