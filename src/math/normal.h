/* SPDX-License-Identifier: Apache-2.0 */
/* The standard normal distribution, one number at a time. */
#ifndef GEX_MATH_NORMAL_H
#define GEX_MATH_NORMAL_H

double gex__normal_below(double x); /* probability of less than x; the small tail is relatively exact */
/* x below which a probability lies, to a few ulp; -inf at 0, +inf at 1, NaN elsewhere. */
double gex__normal_quantile(double probability);

#endif
