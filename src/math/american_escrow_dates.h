/* SPDX-License-Identifier: Apache-2.0 */
/* The formula of kernel/escrow_dates.h for rows of GEX__ESCROW_CALLS: what an option's ex-dates are to it. */
#ifndef GEX_MATH_AMERICAN_ESCROW_DATES_H
#define GEX_MATH_AMERICAN_ESCROW_DATES_H

#include "american_escrow.h"

/* Dates of lines at logs of s up to `high`: what the kernel does not set. */
void gex__escrow_formula_lay(const struct gex__escrow_lines *lines, const double *high,
                             struct gex__escrow_formula *formula);
/* Two logs of s that give the same here have the same formula. */
double gex__escrow_formula_asked(const struct gex__escrow_lines *lines, int lane, double x);
/* Is a lane of a solved formula exercised before the first ex-date, at today's stock? */
bool gex__escrow_formula_at_dividend(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula,
                                     int lane);

#endif
