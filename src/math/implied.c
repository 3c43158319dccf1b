/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied deviation of an undiscounted European price, to the last bit the price carries.
 *
 * Out of the money, with x = |log(F/K)|, W = min(F, K), a = x / s, h = s / 2 and the Mills ratio R,
 *
 *     b(s)     = W n(a - h) (R(a - h) - R(a + h)),   0 < b < W
 *     W - b(s) = W n(a - h) (R(h - a) + R(a + h))
 *     b'  = W n(a - h),  b''/b' = a^2 / s - s / 4,  b'''/b' = (b''/b')^2 - 3 (a / s)^2 - 1/4
 *
 * Two objectives that are nearly straight lines in s, after Jaeckel (2015), Let's be rational: 1 / log(b / W) for prices
 * up to W / 2, log(W - b) above. Third-order Householder steps on them converge with the fourth power,
 * so a step below 2^-20 of s is the last. A bracket turns a step that leaves it into a bisection, which bounds the work.
 *
 * The step is the difference of logarithms of the price wanted and had. Wherever they are close it is formed without a
 * rounding in the exponential or the products, and s + step stays an unevaluated sum: the deviation is then as good as
 * the Mills ratio, about an ulp of the price, and rounded once.
 *
 * First estimate below: log(b / sqrt(F K)) = -a^2 / 2 - log a + log(1 - a R(a)) + log x - log sqrt(2 pi) + O(s^2), so a is
 * one universal function of Z = log(1 + x sqrt(F K) / (b sqrt(2 pi))), a table of a sqrt(1 + Z / 2) / Z. Above: a normal
 * tail, s / 2 - x / s = sqrt(-2 log(1 - b / W)).
 */
#include <float.h>
#include <math.h>

#include <gex/european.h>

#include "implied.h"

#define GEX_LANES 1
#include "kernel/mills_difference.h"

#define ROOT_2PI 2.50662827463100050242
#define LOG_2    0x1.62e42fefa39efp-1

enum { STEPS_MAX = 100 };

/* What stays the same from step to step. A price is a significand and a power of two: the quotient may be anything. */
struct problem {
    struct pair x;          /* |log(F/K)| */
    double bound;           /* significand of W */
    struct pair price, gap; /* significands of b and W - b */
    int price_power, gap_power;
    double log_price;       /* log(b / W) */
    bool upper;             /* b > W / 2: the gap is the sharper thing to know */
};

/* A deviation, how far its price is from the wanted one, and how the price bends there. */
struct state {
    double log_ratio; /* log(wanted / had), of b or of W - b */
    double per_price; /* b' over b or over W - b */
    double second, third; /* b''/b', b'''/b' */
};

static struct pair scale_pair(struct pair x, int power)
{
    return (struct pair){ldexp(x.hi, power), ldexp(x.lo, power)};
}

/* log(wanted 2^power / had): relative accuracy where the two are close. */
static double log_of_quotient(struct pair wanted, int power, struct pair had)
{
    const int near = power > 900 ? 900 : power < -900 ? -900 : power;
    const struct pair log_near = log_ratio(ldexp(wanted.hi, near), had.hi);

    return (log_near.hi + (power - near) * LOG_2) + (log_near.lo + (wanted.lo / wanted.hi - had.lo / had.hi));
}

static struct state evaluate(const struct problem *p, double s, bool above)
{
    const double a = p->x.hi / s, h = 0.5 * s;
    const struct pair back = two_product(a, s);
    const double a_lo = (((p->x.hi - back.hi) - back.lo) + p->x.lo) / s;
    const struct pair log_root_2pi = {0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};
    struct pair d = two_sum(a, -h), square, exponent, had;
    struct scaled n;
    struct state state;
    double mills;

    d = quick_sum(d.hi, d.lo + a_lo);
    square = two_product(d.hi, d.hi);
    exponent = pair_add(quick_sum(0.5 * square.hi, 0.5 * square.lo + d.hi * d.lo), log_root_2pi);
    n = exp_scaled((struct pair){v_max(-exponent.hi, -90000.0), -exponent.lo});
    if (above)
        mills = mills_ratio(v_min(v_max(h - a, -1.0), MILLS_END)) + mills_ratio(v_min(a + h, MILLS_END));
    else
        mills = mills_difference(a, h);

    had = two_product(n.hi, mills);
    had.lo += n.lo * mills;
    square = two_product(had.hi, p->bound);
    had = quick_sum(square.hi, square.lo + had.lo * p->bound);
    state.log_ratio = above ? log_of_quotient(p->gap, p->gap_power - (int)n.power, had)
                            : log_of_quotient(p->price, p->price_power - (int)n.power, had);
    state.per_price = 1.0 / mills;
    state.second = a * a / s - 0.25 * s;
    state.third = state.second * state.second - 3.0 * (a / s) * (a / s) - 0.25;
    return state;
}

/* Third-order Householder step for g = 1 / log(b / W) or log(W - b). */
static double step_of(const struct problem *p, const struct state *state, bool above)
{
    const double rate = state->per_price;
    double newton, second, third;

    if (above) {
        newton = -state->log_ratio / rate;
        second = state->second + rate;
        third = state->third + 3.0 * state->second * rate + 2.0 * rate * rate;
    } else {
        const double log_had = p->log_price - state->log_ratio, inverse = 1.0 / log_had;
        const double bend = -rate * (1.0 + 2.0 * inverse);

        newton = state->log_ratio / rate * (log_had / p->log_price);
        second = state->second + bend;
        third = state->third + 3.0 * state->second * bend + 2.0 * rate * rate * (1.0 + 3.0 * inverse * (1.0 + inverse));
    }
    return newton * (1.0 + 0.5 * second * newton) / (1.0 + newton * (second + third * newton / 6.0));
}

static double first_estimate(const struct problem *p)
{
    const double x = p->x.hi;
    const double log_gap = log_ratio(p->gap.hi, p->bound).hi + p->gap_power * LOG_2; /* log(1 - b / W) */
    const double log_z = (x > 0.0 ? log_ratio(x, ROOT_2PI).hi : -HUGE_VAL) - p->log_price + 0.5 * x;
    double z, t, r = 0.0;
    int interval;

    if (p->upper) {
        const double y = sqrt(-2.0 * log_gap);

        return y + sqrt(y * y + 2.0 * x);
    }
    if (!(log_z >= -20.0)) /* at the money, b = sqrt(F K) s / sqrt(2 pi) */
        return ROOT_2PI * exp(p->log_price - 0.5 * x);
    z = log_z < 30.0 ? log1p(exp(log_z)) : log_z;
    t = z / (z + 4.0) * (8.0 * 804.0 / 800.0);
    interval = t < 8.0 ? (int)t : 7;
    t -= interval + 0.5;
    for (int k = 5; k >= 0; k--)
        r = r * t + gex__implied_table[interval][k];
    return x * sqrt(1.0 + 0.5 * z) / (r * z);
}

static struct pair solve(const struct problem *p)
{
    double low = p->x.hi / 56.0, high = 200.0, s = first_estimate(p); /* n(56) is 0 even for DBL_MAX */

    for (int step = 0; step < STEPS_MAX; step++) {
        bool above;
        struct state state;
        double ds;

        if (!(s > low && s < high))
            s = low > 0.0 ? sqrt(low) * sqrt(high) : 0.5 * high;
        if (!(s > low && s < high))
            break; /* neighbours */
        above = p->upper || 0.5 * s - p->x.hi / s > 1.0;
        state = evaluate(p, s, above);
        ds = step_of(p, &state, above);
        if (fabs(ds) <= 0x1p-20 * s)
            return quick_sum(s, ds);
        if ((state.log_ratio > 0.0) != above)
            low = s;
        else
            high = s;
        s += ds;
    }
    return (struct pair){s, 0.0};
}

/* Deviation of a time value (out of the money, undiscounted, a pair), or what is wrong with it. */
static int32_t solve_time_value(struct pair value, double forward, double strike, struct pair *v_out)
{
    const double bound = fmin(forward, strike);
    struct pair gap = two_sum(bound, -value.hi), x;
    struct problem p;
    int bound_power;

    gap = quick_sum(gap.hi, gap.lo - value.lo);
    if (value.hi < 0.0)
        return GEX_CALC_BELOW_INTRINSIC;
    if (gap.hi <= 0.0)
        return GEX_CALC_ABOVE_MAX;
    *v_out = (struct pair){0.0, 0.0};
    if (value.hi == 0.0)
        return GEX_CALC_OK;
    x = log_ratio(forward, strike);
    if (x.hi == 0.0 && value.hi < 0x1p-30 * bound) { /* b = W v / sqrt(2 pi) to the last bit */
        *v_out = (struct pair){value.hi / bound * ROOT_2PI, 0.0};
        return GEX_CALC_OK;
    }
    p.upper = value.hi > gap.hi;
    p.x = x.hi < 0.0 ? pair_negate(x) : x;
    p.bound = frexp(bound, &bound_power);
    p.price.hi = frexp(value.hi, &p.price_power);
    p.price = scale_pair(value, -p.price_power);
    p.gap.hi = frexp(gap.hi, &p.gap_power);
    p.gap = scale_pair(gap, -p.gap_power);
    p.price_power -= bound_power;
    p.gap_power -= bound_power;
    p.log_price = log_ratio(p.price.hi, p.bound).hi + p.price_power * LOG_2;
    *v_out = solve(&p);
    return GEX_CALC_OK;
}

static bool positive(double x)
{
    return x > 0.0 && x <= DBL_MAX;
}

/*
 * What an in-the-money price has above its discounted intrinsic value, without rounding. A price that is the intrinsic
 * value rounded has nothing above it, whichever way it was rounded.
 */
static struct pair time_value(double price, double forward, double strike, int32_t right, double discount)
{
    const struct pair gained = two_product(discount, right > 0 ? forward : strike);
    const struct pair paid = two_product(discount, right > 0 ? strike : forward);
    const struct pair intrinsic = pair_add(gained, pair_negate(paid));

    if (price == intrinsic.hi)
        return (struct pair){0.0, 0.0};
    return pair_add((struct pair){price, 0.0}, pair_negate(intrinsic));
}

int32_t gex__implied_deviation(double undiscounted_price, double forward, double strike, int32_t right, double *v_out)
{
    struct pair value = {undiscounted_price, 0.0}, v;
    int32_t status;

    *v_out = (double)NAN;
    if (!positive(forward) || !positive(strike) || !(fabs(undiscounted_price) <= DBL_MAX) || (right != 1 && right != -1))
        return GEX_CALC_DOMAIN;
    if ((forward > strike) == (right > 0))
        value = time_value(undiscounted_price, forward, strike, right, 1.0);
    status = solve_time_value(value, forward, strike, &v);
    if (status == GEX_CALC_OK)
        *v_out = v.hi;
    return status;
}

/* value / by. */
static struct pair divide(struct pair value, struct pair by)
{
    const double quotient = value.hi / by.hi;
    const struct pair back = two_product(quotient, by.hi);

    return quick_sum(quotient, (((value.hi - back.hi) - back.lo) + (value.lo - quotient * by.lo)) / by.hi);
}

int32_t gex__implied_vol(double price, double forward, double strike, double years, int32_t right, double discount,
                         double *vol_out)
{
    struct pair value = {price, 0.0}, v, root = {sqrt(years), 0.0}, square;
    int32_t status;

    *vol_out = (double)NAN;
    if (!positive(forward) || !positive(strike) || !positive(discount) || !(years >= 0.0 && years <= DBL_MAX) ||
        !(fabs(price) <= DBL_MAX) || (right != 1 && right != -1))
        return GEX_CALC_DOMAIN;
    if ((forward > strike) == (right > 0))
        value = time_value(price, forward, strike, right, discount);
    if (discount != 1.0)
        value = divide(value, (struct pair){discount, 0.0});
    status = solve_time_value(value, forward, strike, &v);
    if (status != GEX_CALC_OK)
        return status;
    if (v.hi == 0.0) {
        *vol_out = 0.0;
        return GEX_CALC_OK;
    }
    if (years == 0.0)
        return GEX_CALC_NO_TIME;
    square = two_product(root.hi, root.hi);
    if (years > 0x1p-900 && years < 0x1p900)
        root.lo = 0.5 * ((years - square.hi) - square.lo) / root.hi;
    *vol_out = divide(v, root).hi;
    return GEX_CALC_OK;
}
