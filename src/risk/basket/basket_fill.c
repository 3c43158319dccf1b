/* SPDX-License-Identifier: Apache-2.0 */
/* A basket's curve at many prices: sweeps of its members one after another, then all that is left price by price. */
#include "basket_fill.h"

#include <math.h>

#include "math/profile.h"

static int64_t doubles_of(int64_t bytes)
{
    return (bytes + (int64_t)sizeof(double) - 1) / (int64_t)sizeof(double);
}

static int64_t sums_size(const gex_context *context, const struct gex__curve *curve, int64_t points)
{
    const int64_t swept = gex__swept_size(context, curve, points);

    return swept > 0 ? 2 * points + swept : 0;
}

int64_t gex__basket_fill_scratch(const gex_context *context, const struct gex__basket_curve *curve, int64_t points)
{
    const int64_t members = curve->basket->members;
    int64_t size = gex__curve_tasks(context, points) * gex__basket_curve_scratch(curve) +
                   doubles_of(members * (int64_t)sizeof(struct gex__basket_sums));

    for (int64_t i = 0; i < members; i++)
        size += sums_size(context, &curve->part[i].curve, points);
    return size;
}

/* Along a straight line the points at which there is a price follow one another. */
static void prices_set(const struct gex__basket_fill *fill, int64_t member, struct gex__basket_sums *sums)
{
    sums->falls = fill->curve->basket->member[member].slope < 0.0;
    for (int64_t k = 0; k < fill->points; k++) {
        const int64_t p = sums->falls ? fill->points - 1 - k : k;
        const double price = gex__member_price(fill->curve->basket, member, fill->prices[p]);

        if (isnan(price))
            continue;
        sums->price[sums->count++] = price;
        sums->first = sums->falls || sums->count == 1 ? p : sums->first;
    }
}

static bool sums_fill(const gex_context *context, const struct gex__basket_fill *fill, int64_t member, double *room,
                      struct gex__basket_sums *sums)
{
    const struct gex__curve *curve = &fill->curve->part[member].curve;

    *sums = (struct gex__basket_sums){.price = room, .sum = room + fill->points};
    if (sums_size(context, curve, fill->points) == 0)
        return true;
    prices_set(fill, member, sums);
    sums->is_swept = sums->count > 0 && gex__swept_suits(curve, sums->price, sums->count);
    return !sums->is_swept || gex__swept_run(context, curve, sums->price, sums->count, sums->sum,
                                             room + 2 * fill->points, &sums->swept);
}

/* What is known of a member's lines at a point, or NaN. */
static double known_at(const struct gex__basket_sums *sums, int64_t point)
{
    const int64_t k = point - sums->first;

    if (!sums->is_swept || k < 0 || k >= sums->count)
        return (double)NAN;
    return sums->sum[sums->falls ? sums->count - 1 - k : k];
}

/* Task i takes every tasks-th point, as those of one curve do. */
static void rest_run(void *arg, int64_t i)
{
    const struct gex__basket_fill *fill = arg;
    const int64_t members = fill->curve->basket->members;
    double *scratch = fill->scratch + i * gex__basket_curve_scratch(fill->curve);

    for (int64_t p = i; p < fill->points;) {
        double prices[GEX_SUM_PRICES], values[GEX_SUM_PRICES];
        int64_t place[GEX_SUM_PRICES];
        int points = 0;

        for (; p < fill->points && points < GEX_SUM_PRICES; p += fill->tasks) {
            place[points] = p;
            prices[points++] = fill->prices[p];
        }
        for (int64_t m = 0; m < members; m++)
            for (int k = 0; k < points; k++)
                scratch[m * GEX_SUM_PRICES + k] = known_at(&fill->sums[m], place[k]);
        gex__basket_curve_at_prices(fill->curve, prices, points, values, scratch);
        for (int k = 0; k < points; k++) {
            fill->values[place[k]] = values[k];
            for (int64_t m = 0; fill->members != NULL && m < members; m++)
                fill->members[m * fill->points + place[k]] = scratch[m * GEX_SUM_PRICES + k];
        }
    }
}

bool gex__basket_fill_run(const gex_context *context, const struct gex__basket_curve *curve, const double *prices,
                          int64_t points, double *values, double *members, double *scratch,
                          struct gex__basket_fill *fill)
{
    const int64_t count = curve->basket->members, tasks = gex__curve_tasks(context, points);
    double *room = scratch + tasks * gex__basket_curve_scratch(curve);
    bool ran = true;

    *fill = (struct gex__basket_fill){curve, prices, points, tasks, values, members, scratch,
                                      (struct gex__basket_sums *)(void *)room};
    room += doubles_of(count * (int64_t)sizeof *fill->sums);
    for (int64_t i = 0; ran && i < count; i++) {
        ran = sums_fill(context, fill, i, room, &fill->sums[i]);
        room += sums_size(context, &curve->part[i].curve, points);
    }
    return ran && gex__run(context, rest_run, fill, fill->tasks);
}

double gex__basket_fill_at(const struct gex__basket_fill *fill, double price, double *scratch)
{
    double value;

    for (int64_t m = 0; m < fill->curve->basket->members; m++) {
        const double own = gex__member_price(fill->curve->basket, m, price);

        scratch[m * GEX_SUM_PRICES] =
            fill->sums[m].is_swept && !isnan(own) ? gex__swept_at(&fill->sums[m].swept, own) : (double)NAN;
    }
    gex__basket_curve_at_prices(fill->curve, &price, 1, &value, scratch);
    return value;
}
