/* SPDX-License-Identifier: Apache-2.0 */
/* Weighted least squares on C - P = D (F - K), and Huber's iteration around it. */
#include "parity.h"

enum { PASSES_MAX = 200 }; /* near 70 reach 1e-14 on a chain of nine strikes */

static void swap(double *a, double *b)
{
    const double kept = *a;
    *a = *b;
    *b = kept;
}

/* Put the k-th smallest in its place, none larger before it. Hoare (1961), pivots drawn from a fixed sequence so that
 * sorted input, which is the usual one, costs no more than any other. */
static double select_kth(double *values, int64_t count, int64_t k)
{
    uint64_t draw = 0x9e3779b97f4a7c15u;
    int64_t low = 0, high = count - 1;

    while (low < high) {
        int64_t i = low, j = high;
        double pivot;

        draw = draw * 6364136223846793005u + 1442695040888963407u;
        pivot = values[low + (int64_t)((draw >> 33) % (uint64_t)(high - low + 1))];
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return values[k];
}

double gex__median(double *values, int64_t count)
{
    const double upper = select_kth(values, count, count / 2);
    double lower = values[0];

    if (count % 2 == 1)
        return upper;
    for (int64_t i = 1; i < count / 2; i++) /* the lower half stands before it */
        lower = values[i] > lower ? values[i] : lower;
    return lower + (upper - lower) / 2;
}

void gex__pair_weights(struct gex__pair *pairs, int64_t count)
{
    double floor = HUGE_VAL;

    for (int64_t i = 0; i < count; i++) {
        floor = pairs[i].half_call > 0 && pairs[i].half_call < floor ? pairs[i].half_call : floor;
        floor = pairs[i].half_put > 0 && pairs[i].half_put < floor ? pairs[i].half_put : floor;
    }
    for (int64_t i = 0; i < count; i++) {
        /* in units of the floor, so that no price unit over- or underflows */
        const double call = fmax(pairs[i].half_call / floor, 1.0), put = fmax(pairs[i].half_put / floor, 1.0);
        pairs[i].weight = floor < HUGE_VAL ? 1 / (call * call + put * put) : 1;
        pairs[i].root = sqrt(pairs[i].weight);
    }
}

/* What one pass reads and leaves: the line difference = slope * (centre - strike) + level. */
struct fit {
    const struct gex__pair *pairs;
    int64_t                 count;
    double                  centre;     /* weighted mean of the strikes */
    double                  level;      /* weighted mean of the differences */
    double                  slope;      /* discount */
    double                  weight_sum; /* of reweighted weights */
    double                  spread_sum; /* sum w (K - centre)^2 */
    double                  cut;        /* weighted residuals beyond it count less; infinite at first */
};

static double residual_of(const struct fit *fit, int64_t i)
{
    return fit->pairs[i].difference - fit->level - fit->slope * (fit->centre - fit->pairs[i].strike);
}

/* Huber's weight times the pair's own, by the line of the pass before. */
static double weight_of(const struct fit *before, int64_t i)
{
    const double weight = before->pairs[i].weight;
    const double size = before->cut < HUGE_VAL ? fabs(residual_of(before, i)) * before->pairs[i].root : 0;
    return size > before->cut ? weight * (before->cut / size) : weight;
}

/* The next line; `weights` is room for as many. @return false when it is not one. */
static bool fit_pass(const struct fit *before, bool slope_free, double *weights, struct fit *after)
{
    double w = 0, wk = 0, wy = 0, wkk = 0, wky = 0;

    *after = *before;
    for (int64_t i = 0; i < before->count; i++) {
        const double weight = weights[i] = weight_of(before, i);
        w += weight;
        wk += weight * (before->pairs[i].strike - before->centre); /* about the old centre: no cancellation */
        wy += weight * before->pairs[i].difference;
    }
    if (!(w > 0))
        return false;
    after->weight_sum = w;
    after->centre = before->centre + wk / w;
    after->level = wy / w;
    for (int64_t i = 0; i < before->count; i++) {
        const double weight = weights[i], k = before->pairs[i].strike - after->centre;
        wkk += weight * k * k;
        wky += weight * k * (before->pairs[i].difference - after->level);
    }
    after->spread_sum = wkk;
    if (slope_free)
        after->slope = -wky / wkk;
    return isfinite(after->level) && isfinite(after->slope) && after->slope > 0;
}

/* Weighted sum of squared residuals with the weights that made the fit. */
static double scatter(const struct fit *before, const struct fit *after)
{
    double sum = 0;

    for (int64_t i = 0; i < after->count; i++) {
        const double residual = residual_of(after, i);
        sum += weight_of(before, i) * residual * residual;
    }
    return sum;
}

static double forward_of(const struct fit *fit)
{
    return fit->centre + fit->level / fit->slope;
}

static bool rests(double a, double b, double rest)
{
    return fabs(a - b) <= rest * fabs(b);
}

static double cut_of(const struct fit *fit, double *scratch)
{
    for (int64_t i = 0; i < fit->count; i++)
        scratch[i] = fabs(residual_of(fit, i)) * fit->pairs[i].root;
    return 1.345 * 1.4826 * gex__median(scratch, fit->count);
}

/* Middles err together: a line through any number of them is no better than they are. */
static double quote_error_of(const struct fit *before, const struct fit *after)
{
    double w = 0, wh = 0;

    for (int64_t i = 0; i < after->count; i++) {
        const double weight = weight_of(before, i);
        const double call = after->pairs[i].half_call, put = after->pairs[i].half_put;
        w += weight;
        wh += weight * sqrt(call * call + put * put);
    }
    return wh / w / sqrt(3.0) / after->slope;
}

static int32_t outliers_of(const struct fit *fit)
{
    int32_t count = 0;

    for (int64_t i = 0; i < fit->count; i++)
        count += fabs(residual_of(fit, i)) * fit->pairs[i].root > fit->cut;
    return count;
}

static bool fit_robust(const struct gex__pair *pairs, int64_t count, double discount, double rest, double *scratch,
                       struct gex__parity *out)
{
    const bool slope_free = !(discount > 0);
    const int64_t freedom = count - (slope_free ? 2 : 1);
    struct fit before = {.pairs = pairs, .count = count, .slope = discount, .cut = HUGE_VAL}, after;
    double variance, away;
    int32_t pass = 0;

    if (count < (slope_free ? 2 : 1))
        return false;
    before.centre = pairs[0].strike;
    if (!fit_pass(&before, slope_free, scratch, &after))
        return false;
    while (pass < PASSES_MAX && rest < GEX_PARITY_LEAST_SQUARES) {
        struct fit next;

        after.cut = cut_of(&after, scratch);
        if (!fit_pass(&after, slope_free, scratch, &next))
            return false;
        before = after;
        after = next;
        pass++;
        if (rests(forward_of(&after), forward_of(&before), rest) && rests(after.slope, before.slope, rest))
            break;
    }
    variance = freedom > 0 ? scatter(&before, &after) / (double)freedom : 0;
    away = slope_free ? forward_of(&after) - after.centre : 0;
    out->forward = forward_of(&after);
    out->discount = after.slope;
    out->discount_error = slope_free ? sqrt(variance / after.spread_sum) : 0;
    /* of centre + level / slope, to first order: level and slope are uncorrelated about the centre */
    out->forward_error =
        sqrt(variance / after.weight_sum + (slope_free ? variance / after.spread_sum * away * away : 0)) / after.slope;
    out->passes = pass;
    out->outliers = outliers_of(&before);
    out->quote_error = quote_error_of(&before, &after);
    return isfinite(out->forward);
}

bool gex__parity_line(const struct gex__pair *pairs, int64_t count, double rest, double *scratch,
                      struct gex__parity *out)
{
    return fit_robust(pairs, count, 0, rest, scratch, out);
}

bool gex__parity_forward(const struct gex__pair *pairs, int64_t count, double discount, double rest, double *scratch,
                         struct gex__parity *out)
{
    return discount > 0 && fit_robust(pairs, count, discount, rest, scratch, out);
}
