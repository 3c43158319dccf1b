/* SPDX-License-Identifier: Apache-2.0 */
/*
 * R(a - h) - R(a + h) for the Mills ratio R: the time value of an option in units of its Gaussian, a = |log(F/K)| / v
 * and h = v / 2. Right for a - h >= -1; arguments beyond the table give some finite number.
 *
 * For short deviations the two are nearly equal. From h = 1/16 on the difference of table values keeps an ulp, the
 * roundings of a - h and a + h being put back. Below, the odd Taylor series around a: with R' from the table and
 * R^(n+1) = a R^(n) + n R^(n-1), the derivatives shrink in proportion to (h / a)^2 or h^2, so the rounding errors of
 * the recurrence, of the order of a^2 each, arrive damped; five terms leave 2^-58 at the border.
 */
#ifndef GEX_MATH_KERNEL_MILLS_DIFFERENCE_H
#define GEX_MATH_KERNEL_MILLS_DIFFERENCE_H

#include "elementary.h"

#define MILLS_SERIES_BELOW 0.0625

LANE f64v mills_difference_series(f64v a, f64v h)
{
    static const double inverse_factorial[5] = {2.0, 2.0 / 6, 2.0 / 120, 2.0 / 5040, 2.0 / 362880};
    const f64v h2 = h * h;
    f64v derivative[10], sum = v_set(0.0);

    derivative[0] = mills_with_slope(a, &derivative[1]);
    for (int n = 1; n < 9; n++)
        derivative[n + 1] = a * derivative[n] + (double)n * derivative[n - 1];
    for (int k = 4; k >= 0; k--)
        sum = sum * h2 + inverse_factorial[k] * derivative[2 * k + 1];
    return -(h * sum);
}

LANE f64v mills_difference(f64v a, f64v h)
{
    const i64v brief = v_less(h, v_set(MILLS_SERIES_BELOW));
    f64v difference = v_set(0.0);

    a = v_min(a, v_set(MILLS_END));
    h = v_min(h, a + 1.0);
    if (v_any(~brief)) {
        const struct pair near = two_sum(a, -h), far = two_sum(a, h);
        const struct mills r1 = mills_ratio_of_pair((struct pair){v_max(near.hi, v_set(-1.0)), near.lo});
        const struct mills r2 = mills_ratio_of_pair((struct pair){v_min(far.hi, v_set(MILLS_END)), far.lo});

        difference = (r1.base - r2.base) + (r1.rest - r2.rest);
    }
    if (v_any(brief))
        difference = v_select(brief, mills_difference_series(a, h), difference);
    return difference;
}

#endif
