/* SPDX-License-Identifier: Apache-2.0 */
/* A bracketed root of a function of one variable. */
#ifndef GEX_MATH_ROOT_H
#define GEX_MATH_ROOT_H

/*
 * Brent's method. f(low) and f(high) must differ in sign or one be zero; the caller has them, so they are passed.
 * Stops when the bracket is no wider than `tolerance` plus 4 ulp of the root. @return the root.
 * Source: Brent (1973), Algorithms for minimization without derivatives, chapter 4.
 */
double gex__brent(double (*f)(void *user, double x), void *user, double low, double f_low, double high, double f_high,
                  double tolerance);

#endif
