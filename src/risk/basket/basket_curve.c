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

#include "math/profile.h"
#include "math/sum.h"
#include "math/sweep.h"

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
                              const struct gex__scale *scale, double low, double high, int64_t points,
                              struct gex__basket_curve *curve)
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
        part->curve.alone = gex__sweep_is_enough(part->lines.rows, points);
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

/*
 * What is known of the lines of a member, in `values`, becomes its exposure there. What is not is worked out: as a
 * known sum of one term is in place of the first, only curves of one term have any.
 */
static void part_at(const struct gex__basket_curve *curve, int64_t i, const double *prices, int points, double *scratch,
                    double *values)
{
    const struct gex__basket_part *part = &curve->part[i];
    const struct gex__term *term = curve->unit->term;
    double own[GEX_SUM_PRICES], sums[GEX_TERMS * GEX_SUM_PRICES] = {0.0}, asked[GEX_SUM_PRICES];
    int place[GEX_SUM_PRICES], unknown = 0;

    for (int k = 0; k < points; k++) {
        own[k] = gex__member_price(curve->basket, i, prices[k]);
        if (isnan(values[k])) {
            place[unknown] = k;
            asked[unknown++] = isnan(own[k]) ? curve->basket->member[i].spot : own[k];
        }
    }
    if (unknown > 0)
        gex__curve_sums(&part->curve, asked, unknown, scratch, sums);
    for (int u = unknown; u-- > 0;) /* from the last on: none is in the way of another */
        for (int t = 0; t < GEX_TERMS; t++)
            sums[t * GEX_SUM_PRICES + place[u]] = sums[t * GEX_SUM_PRICES + u];
    for (int k = 0; k < points; k++) {
        if (!isnan(values[k]))
            sums[k] = values[k];
        values[k] = isnan(own[k]) || !gex__lines_reach(&part->lines, own[k]) ? (double)NAN : 0.0;
        for (int t = 0; t < GEX_TERMS && term[t].greek != 0; t++)
            values[k] += gex__term_scale(&term[t], &curve->scale, prices[k]) * part->factor[t] *
                         sums[t * GEX_SUM_PRICES + k];
    }
}

static double sum_of(const double *lines, int64_t members)
{
    struct gex__exact sum;

    gex__exact_clear(&sum);
    for (int64_t i = 0; i < members; i++)
        gex__exact_add(&sum, lines[i * GEX_SUM_PRICES]);
    return gex__exact_round(&sum);
}

void gex__basket_curve_at_prices(const struct gex__basket_curve *curve, const double *prices, int points,
                                 double *values, double *scratch)
{
    const int64_t members = curve->basket->members;

    for (int64_t i = 0; i < members; i++)
        part_at(curve, i, prices, points, scratch + members * GEX_SUM_PRICES, scratch + i * GEX_SUM_PRICES);
    for (int k = 0; k < points; k++)
        values[k] = sum_of(scratch + k, members);
}
