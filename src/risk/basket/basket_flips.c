/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roots of a basket's profile. The search grid follows the lines of all members as they look from the reference: a line
 * of total deviation v, centred at the price c of its member, is centred at C, where the reference has the member at c,
 * and its deviation is v c / (|slope| C). As a line of the reference without carry, of the same years,
 *
 *     vol = v c / (|slope| C sqrt(T)),     strike = C exp(vol^2 T / 2),     weight = N M currency |slope|.
 */
#include <math.h>

#include "base/order.h"
#include "basket_fill.h"
#include "basket_profile.h"
#include "risk/roots.h"

enum { SEEN_COLUMNS = 6 };

/* One line as the reference sees it. */
struct look {
    double strike, years, vol, weight;
};

/* Nothing to look at closely has a strike of NaN: one no price of the reference reaches, or so wide that cells do. */
static struct look look_at(const struct gex_basket *basket, int64_t i, const struct gex__lines *lines, int64_t line)
{
    const struct gex__member *member = &basket->member[i];
    const double years = lines->years[line], centre = gex__line_centre(lines, line);
    const double deviation = gex__line_vol(lines, line) * sqrt(years);
    struct look look = {.years = years, .weight = fabs(lines->weight[line] * member->currency * member->slope)};
    double at, wide;

    if (!(deviation > 0.0)) {
        look.strike = gex__member_reference(basket, i, lines->strike[line]);
        return look;
    }
    at = gex__member_reference(basket, i, centre);
    wide = deviation * centre / (fabs(member->slope) * at);
    look.strike = at * exp(0.5 * wide * wide);
    look.vol = wide / sqrt(years);
    return look;
}

static bool look_less(const void *user, int64_t a, int64_t b)
{
    const struct gex__lines *seen = user;

    if (seen->strike[a] != seen->strike[b])
        return seen->strike[a] < seen->strike[b];
    if (seen->years[a] != seen->years[b])
        return seen->years[a] < seen->years[b];
    return seen->vol[a] != seen->vol[b] ? seen->vol[a] < seen->vol[b] : seen->weight[a] < seen->weight[b];
}

static void doubles_swap(double *value, int64_t a, int64_t b)
{
    const double held = value[a];

    value[a] = value[b];
    value[b] = held;
}

static void look_swap(void *user, int64_t a, int64_t b)
{
    const struct gex__lines *seen = user;

    doubles_swap(seen->strike, a, b);
    doubles_swap(seen->years, a, b);
    doubles_swap(seen->vol, a, b);
    doubles_swap(seen->weight, a, b);
}

/* Sorted, so that the grid does not depend on the order of members. @return false when there is no memory. */
static bool seen_create(const struct gex__basket_curve *curve, struct gex__lines *seen)
{
    struct gex__layout layout = {0};
    double *column;
    int64_t rows = 0;

    for (int64_t i = 0; i < curve->basket->members; i++)
        rows += curve->part[i].lines.rows;
    *seen = (struct gex__lines){.memory = curve->memory};
    gex__layout_add(&layout, rows, SEEN_COLUMNS * (int64_t)sizeof(double));
    column = layout.overflow ? NULL : gex__memory_get(&seen->memory, layout.size);
    if (column == NULL)
        return false;
    seen->block = column;
    seen->size = layout.size;
    seen->strike = column;
    seen->years = column + rows;
    seen->vol = column + 2 * rows;
    seen->weight = column + 3 * rows;
    seen->rate = column + 4 * rows;
    seen->carry = column + 5 * rows;
    for (int64_t i = 0; i < curve->basket->members; i++)
        for (int64_t line = 0; line < curve->part[i].lines.rows; line++) {
            const struct look look = look_at(curve->basket, i, &curve->part[i].lines, line);

            if (!isfinite(look.strike))
                continue;
            seen->strike[seen->rows] = look.strike;
            seen->years[seen->rows] = look.years;
            seen->vol[seen->rows] = look.vol;
            seen->weight[seen->rows] = look.weight;
            seen->rate[seen->rows] = seen->carry[seen->rows] = 0.0;
            seen->rows++;
        }
    gex__heap_sort(&(struct gex__heap){look_less, look_swap, seen}, seen->rows);
    return true;
}

/* What is searched, and what it was filled with. */
struct filled {
    const struct gex__basket_curve *curve;
    struct gex__basket_fill         fill;
};

static double value_at(const void *of, double price, double *scratch)
{
    const struct filled *filled = of;
    return gex__basket_fill_at(&filled->fill, price, scratch);
}

static bool values_fill(const gex_context *context, void *of, const double *prices, int64_t points, double *values,
                        double *room)
{
    struct filled *filled = of;
    return gex__basket_fill_run(context, filled->curve, prices, points, values, NULL, room, &filled->fill);
}

static int64_t room_of(const gex_context *context, const void *of, int64_t points)
{
    const struct filled *filled = of;
    return gex__basket_fill_scratch(context, filled->curve, points);
}

static bool curve_reaches(const void *of, double price)
{
    return gex__basket_curve_reaches(of, price);
}

static gex_status roots_find(const gex_context *context, const struct gex__basket_curve *curve,
                             const struct gex__range *range, gex_flips **out)
{
    struct filled filled = {.curve = curve};
    struct gex__sought sought = {.room = room_of, .fill = values_fill, .at = value_at, .of = &filled,
                                 .scratch = gex__basket_curve_scratch(curve),
                                 .steps = gex__unit_steps(curve->unit)};
    struct gex__lines seen;
    gex_status status = GEX_ERR_MEMORY;

    if (seen_create(curve, &seen)) {
        sought.seen = &seen;
        status = gex__roots_find(context, &sought, range, out);
    }
    gex__lines_drop(&seen);
    return status;
}

/* Everything behind the door but the first look at the range. */
static gex_status flips_find(const gex_context *context, const struct gex_basket *basket, int32_t unit,
                             const struct gex__scale *scale, struct gex__range *range, gex_flips **out,
                             gex_error *error)
{
    const double low = range->low, high = range->high;
    struct gex__basket_curve curve;
    gex_status status;

    if (!gex__basket_curve_create(context, basket, unit, scale, gex__range_price(range, 0.0),
                                  gex__range_price(range, (double)range->cells), range->cells + 1, &curve)) {
        status = gex__basket_fail(GEX_ERR_MEMORY, basket, error);
    } else if (!gex__range_shorten(range, curve_reaches, &curve)) {
        status = gex__fail(error, GEX_ERR_DOMAIN, -1,
                           "range {g} to {g} of spot: nowhere in it has every member a price and a volatility", low,
                           high);
    } else {
        status = roots_find(context, &curve, range, out);
        if (status != GEX_OK)
            gex__basket_fail(status, basket, error);
    }
    gex__basket_curve_drop(&curve);
    return status;
}

gex_status gex_basket_flips_compute(const gex_context *context, const gex_basket *basket,
                                    const gex_profile_options *options, gex_flips **out, gex_error *error)
{
    gex_profile_options opt;
    struct gex__range range;
    struct gex__scale scale;
    struct gex__guest guest;
    gex_status status;

    if (out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    *out = NULL;
    status = gex__basket_profile_door(basket, options, &opt, &range, &scale, error);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    range.cells = gex__search_cells(opt.low, opt.high);
    status = range.cells > 0
                 ? flips_find(context, basket, opt.unit, &scale, &range, out, error)
                 : gex__fail(error, GEX_ERR_DOMAIN, -1, "range {g} to {g} is too wide for cells of 0.05 % of spot",
                             opt.low, opt.high);
    gex__guest_leave(&guest);
    return status;
}
