/* SPDX-License-Identifier: Apache-2.0 */
/* Ratios of polynomials, {above, below} from the constant on: what they mean stands in generate_normal.py. */
#ifndef GEX_MATH_KERNEL_NORMAL_TABLES_H
#define GEX_MATH_KERNEL_NORMAL_TABLES_H

enum { GEX_NORMAL_CENTRE = 8, GEX_NORMAL_TAIL = 7 }; /* degrees */

extern const double gex__normal_centre[2][GEX_NORMAL_CENTRE + 1];
extern const double gex__normal_tail[2][GEX_NORMAL_TAIL + 1];

#endif
