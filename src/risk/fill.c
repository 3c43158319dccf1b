/* SPDX-License-Identifier: Apache-2.0 */
/* A curve at many prices: by a sweep over all of them where that suits, else price by price. */
#include <math.h>

#include "fill.h"
#include "math/profile.h"

int64_t gex__fill_scratch(const gex_context *context, const struct gex__curve *curve, int64_t points)
{
    return gex__curve_tasks(context, points) * gex__curve_scratch(curve) + gex__swept_size(context, curve, points);
}

/* Task i takes every tasks-th of the points without a value:
 * neighbours cost the same, ends of the range are cheaper. */
static void rest_run(void *arg, int64_t i)
{
    const struct gex__fill *fill = arg;
    double *scratch = fill->scratch + i * gex__curve_scratch(fill->curve);

    for (int64_t p = i; p < fill->points;) {
        double prices[GEX_SUM_PRICES], values[GEX_SUM_PRICES];
        int64_t place[GEX_SUM_PRICES];
        int points = 0;

        for (; p < fill->points && points < GEX_SUM_PRICES; p += fill->tasks)
            if (isnan(fill->values[p])) {
                place[points] = p;
                prices[points++] = fill->prices[p];
            }
        if (points > 0)
            gex__curve_at_prices(fill->curve, prices, points, values, scratch);
        for (int k = 0; k < points; k++)
            fill->values[place[k]] = values[k];
    }
}

static double scale_at(const struct gex__curve *curve, double price)
{
    return gex__term_scale(&curve->unit->term[0], &curve->scale, price);
}

/* Values in the unit's scale, NaN where the sweep leaves them. */
static bool sweep_run(const gex_context *context, struct gex__fill *fill)
{
    const struct gex__curve *curve = fill->curve;
    double *block = fill->scratch + fill->tasks * gex__curve_scratch(curve);
    const bool ran =
        gex__swept_run(context, curve, fill->prices, fill->points, fill->values, block, &fill->swept);

    for (int64_t k = 0; ran && k < fill->points; k++)
        fill->values[k] *= scale_at(curve, fill->prices[k]);
    return ran;
}

static void known_take(const struct gex__known *known, const double *prices, int64_t points, double *values)
{
    for (int64_t k = 0, j = 0; k < points; k++) {
        while (j < known->points && known->price[j] < prices[k])
            j++;
        if (j < known->points && known->price[j] == prices[k])
            values[k] = known->value[j];
    }
}

bool gex__fill_run(const gex_context *context, const struct gex__curve *curve, const double *prices, int64_t points,
                   const struct gex__known *known, double *values, double *scratch, struct gex__fill *fill)
{
    *fill = (struct gex__fill){.curve = curve, .prices = prices, .points = points,
                               .tasks = gex__curve_tasks(context, points), .values = values, .scratch = scratch};
    fill->is_swept = gex__swept_suits(curve, prices, points);
    for (int64_t k = 0; k < points; k++)
        values[k] = (double)NAN;
    if (known != NULL && !gex__swept_may(curve))
        known_take(known, prices, points, values);
    return (!fill->is_swept || sweep_run(context, fill)) && gex__run(context, rest_run, fill, fill->tasks);
}

double gex__fill_at(const struct gex__fill *fill, double price, double *scratch)
{
    const double sum = fill->is_swept ? gex__swept_at(&fill->swept, price) : (double)NAN;

    return isnan(sum) ? gex__curve_at(fill->curve, price, scratch) : sum * scale_at(fill->curve, price);
}
