/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of an implied deviation, [k][interval]: what they mean stands in generate_implied.py and at their use. */
#ifndef GEX_MATH_KERNEL_IMPLIED_TABLES_H
#define GEX_MATH_KERNEL_IMPLIED_TABLES_H

#define GEX_IMPLIED_SCALE (8.0 * 804.0 / 800.0) /* intervals from t = Z / (Z + 4) */

extern const double gex__implied_ratio[6][8];
extern const double gex__implied_bend1[4][8];
extern const double gex__implied_bend2[3][8];
extern const double gex__implied_bend3[2][8];
extern const double gex__implied_log[3][16], gex__implied_log_gauss[3][16];
extern const double gex__implied_log_poly[9];
extern const double gex__implied_rough_log[6];
extern const double gex__implied_mills[15][16];

#endif
