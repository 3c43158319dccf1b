/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of the elementary functions. What the columns mean stands where they are used, in elementary.h. */
#ifndef GEX_MATH_KERNEL_TABLES_H
#define GEX_MATH_KERNEL_TABLES_H

enum {
    GEX_EXP_BITS = 6,   /* 64 powers of two */
    GEX_LOG_BITS = 7,   /* 128 intervals an octave, two octaves from 1/2 */
    GEX_MILLS_BITS = 5, /* 32 intervals an octave of z + 2, six octaves from 1 */
    GEX_MILLS_DEGREE = 9
};

extern const double gex__exp_table[64][2];
extern const double gex__exp_poly[5];
extern const double gex__log_table[256][3];
extern const double gex__log_poly[6];
extern const double gex__mills_table[192][GEX_MILLS_DEGREE + 2];

/* Of 16 numbers a column, for v_pick(); of 8, for v_pick8(). */
enum { GEX_TAIL_DEGREE = 14 };

extern const double gex__gauss_table[2][16];
extern const double gex__gauss_poly[6];
extern const double gex__bell_poly[5];
extern const double gex__factor_poly[4];
extern const double gex__quotient_table[3][16];
extern const double gex__quotient_poly[9];
extern const double gex__tail_table[GEX_TAIL_DEGREE + 2][8];
extern const double gex__tail_scale;

enum { GEX_WHOLE_TAIL_DEGREE = 17 };
extern const double gex__whole_tail_poly[GEX_WHOLE_TAIL_DEGREE + 1];
extern const double gex__whole_tail_middle;
enum { GEX_NEAR_TAIL_DEGREE = 15 };
extern const double gex__near_tail_poly[GEX_NEAR_TAIL_DEGREE + 1];
extern const double gex__near_tail_middle;

#endif
