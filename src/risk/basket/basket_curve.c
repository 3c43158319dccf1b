/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With m the slope and x the currency of a member, k how often a term's greek is by spot, and P(R) the member's price,
 *
 *     E(R) = sum over members of  sum over terms of  scale(R) x m^k * sum over lines of N M greek(P(R)),
 *
 * the first sum correctly rounded.
 */
#include "basket_curve.h"

#include <math.h>

#include "base/context.h"
#include "math/profile.h"
#include "math/sum.h"

/* ---- making it --------------------------------------------------------------------------------------------------- */

/* Where a member is at an end of the range: a hundredth beyond it, where a steep link goes further than a hundredth. */
static double end_of(const struct gex_basket *basket, int64_t i, double end, double beyond)
{
    const double at = gex__member_price(basket, i, end), past = gex__member_price(basket, i, end * beyond);

    return fabs(past / at - 1.0) <= 0.01 * (1.0 + 1e-9) ? at : past;
}

/* Works out what no price changes, for prices of the member; without prices above zero every price is priced anew. */
static bool part_prepare(const gex_context *context, struct gex__basket_part *part, double low, double high)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__layout layout = {0};
    int64_t hoisted, twos;
    char *block;

    if (!(low > 0.0) || !(high > 0.0))
        return true;
    hoisted = gex__layout_add(&layout, gex__curve_hoisted(&part->curve), sizeof(double));
    twos = gex__layout_add(&layout, gex__curve_twos(&part->curve), sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block == NULL)
        return false;
    part->block = block;
    part->size = layout.size;
    gex__curve_prepare(&part->curve, fmin(low, high), fmax(low, high), (double *)(block + hoisted));
    gex__curve_prepare_twos(&part->curve, fmin(low, high), fmax(low, high), (double *)(block + twos));
    return true;
}

bool gex__basket_curve_create(const gex_context *context, const struct gex_basket *basket, int32_t unit,
                              const struct gex__scale *scale, double low, double high, struct gex__basket_curve *curve)
{
    struct gex__layout layout = {0};

    *curve = (struct gex__basket_curve){.basket = basket, .unit = gex__unit_of(unit), .scale = *scale,
                                        .memory = gex__memory_of(context)};
    gex__layout_add(&layout, basket->members, sizeof *curve->part);
    curve->part = layout.overflow ? NULL : gex__memory_get(&curve->memory, layout.size);
    if (curve->part == NULL)
        return false;
    curve->size = layout.size;
    for (int64_t i = 0; i < basket->members; i++)
        curve->part[i] = (struct gex__basket_part){.block = NULL, .lines = {.memory = curve->memory}};
    for (int64_t i = 0; i < basket->members; i++) {
        const struct gex__member *member = &basket->member[i];
        struct gex__basket_part *part = &curve->part[i];

        if (!gex__lines_create(context, member->market, member->book, &part->lines))
            return false;
        part->curve = (struct gex__curve){.lines = &part->lines, .unit = curve->unit, .scale = *scale,
                                          .isa = gex__isa(context)};
        for (int t = 0; t < GEX_TERMS; t++)
            part->factor[t] = gex__member_factor(member, curve->unit->term[t].greek);
        if (!part_prepare(context, part, end_of(basket, i, low, 0.99), end_of(basket, i, high, 1.01)))
            return false;
    }
    return true;
}

void gex__basket_curve_drop(struct gex__basket_curve *curve)
{
    for (int64_t i = 0; curve->part != NULL && i < curve->basket->members; i++) {
        gex__memory_put(&curve->memory, curve->part[i].block, curve->part[i].size);
        gex__lines_drop(&curve->part[i].lines);
    }
    gex__memory_put(&curve->memory, curve->part, curve->size);
    curve->part = NULL;
}

/* ---- at a price -------------------------------------------------------------------------------------------------- */

bool gex__basket_curve_reaches(const struct gex__basket_curve *curve, double price)
{
    for (int64_t i = 0; i < curve->basket->members; i++) {
        const double at = gex__member_price(curve->basket, i, price);

        if (isnan(at) || !gex__lines_reach(&curve->part[i].lines, at))
            return false;
    }
    return true;
}

static int64_t largest_scratch(const struct gex__basket_curve *curve)
{
    int64_t largest = 0;

    for (int64_t i = 0; i < curve->basket->members; i++) {
        const int64_t scratch = gex__curve_scratch(&curve->part[i].curve);
        largest = scratch > largest ? scratch : largest;
    }
    return largest;
}

int64_t gex__basket_curve_scratch(const struct gex__basket_curve *curve)
{
    return curve->basket->members * GEX_SUM_PRICES + largest_scratch(curve);
}

static void part_at(const struct gex__basket_curve *curve, int64_t i, const double *prices, int points, double *scratch,
                    double *values)
{
    const struct gex__basket_part *part = &curve->part[i];
    const struct gex__term *term = curve->unit->term;
    double at[GEX_SUM_PRICES], sums[GEX_TERMS * GEX_SUM_PRICES] = {0.0};

    for (int k = 0; k < points; k++) {
        const double price = gex__member_price(curve->basket, i, prices[k]);

        values[k] = isnan(price) || !gex__lines_reach(&part->lines, price) ? (double)NAN : 0.0;
        at[k] = isnan(price) ? curve->basket->member[i].spot : price;
    }
    gex__curve_sums(&part->curve, at, points, scratch, sums);
    for (int k = 0; k < points; k++)
        for (int t = 0; t < GEX_TERMS && term[t].greek != 0; t++)
            values[k] += gex__term_scale(&term[t], &curve->scale, prices[k]) * part->factor[t] *
                         sums[t * GEX_SUM_PRICES + k];
}

static double sum_of(const double *lines, int64_t members)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < members; i++)
        gex__exact_add(&sum, lines[i * GEX_SUM_PRICES]);
    return gex__exact_round(&sum);
}

/* Up to GEX_SUM_PRICES prices at once; the members' lines are left at the front of the scratch. */
static void curve_at_prices(const struct gex__basket_curve *curve, const double *prices, int points, double *values,
                            double *scratch)
{
    const int64_t members = curve->basket->members;

    for (int64_t i = 0; i < members; i++)
        part_at(curve, i, prices, points, scratch + members * GEX_SUM_PRICES, scratch + i * GEX_SUM_PRICES);
    for (int k = 0; k < points; k++)
        values[k] = sum_of(scratch + k, members);
}

double gex__basket_curve_at(const struct gex__basket_curve *curve, double price, double *scratch)
{
    double value;

    curve_at_prices(curve, &price, 1, &value, scratch);
    return value;
}

struct fill {
    const struct gex__basket_curve *curve;
    const double                   *prices;
    int64_t                         points, tasks;
    double                         *values, *members, *scratch;
};

/* Task i takes every tasks-th point, as those of one curve do. */
static void fill_run(void *arg, int64_t i)
{
    const struct fill *fill = arg;
    double *scratch = fill->scratch + i * gex__basket_curve_scratch(fill->curve);

    for (int64_t p = i; p < fill->points;) {
        double prices[GEX_SUM_PRICES], values[GEX_SUM_PRICES];
        int points = 0;

        for (int64_t k = p; k < fill->points && points < GEX_SUM_PRICES; k += fill->tasks)
            prices[points++] = fill->prices[k];
        curve_at_prices(fill->curve, prices, points, values, scratch);
        for (int k = 0; k < points; k++, p += fill->tasks) {
            fill->values[p] = values[k];
            for (int64_t m = 0; fill->members != NULL && m < fill->curve->basket->members; m++)
                fill->members[m * fill->points + p] = scratch[m * GEX_SUM_PRICES + k];
        }
    }
}

bool gex__basket_curve_fill(const gex_context *context, const struct gex__basket_curve *curve, const double *prices,
                            int64_t points, double *values, double *members, double *scratch)
{
    struct fill fill = {curve, prices, points, gex__curve_tasks(context, points), values, members, scratch};

    return gex__run(context, fill_run, &fill, fill.tasks);
}
