/* SPDX-License-Identifier: Apache-2.0 */
/* What is proved of slices made of quotes and of mixtures; of raw SVI: svi.h. */
#ifndef GEX_MARKET_PROVE_H
#define GEX_MARKET_PROVE_H

#include "surface.h"

/* Raw slices: a number g is nowhere below, -inf where a kink bends down; and the place of a value near it. */
double gex__raw_butterfly(const struct gex_surface *surface, const struct gex__slice *slice, double *at_out);
/* A number by which total variance is above `share` times that of the slice before everywhere, if slopes do not cross.
 * */
double gex__raw_above(const struct gex_surface *surface, const struct gex__slice *slice, double share, double *at_out);

/*
 * A number by which prices over the forward are above those of the slice before at every strike with |k| <= 700: at
 * least -tolerance where they are nowhere farther below, else near the least; and the place of that, NaN where none is
 * below.
 */
double gex__mixture_above(const struct gex_surface *surface, const struct gex__slice *slice, double tolerance,
                          double *at_out);
#define GEX_MIXTURE_TOLERANCE 1e-13 /* the least there may be: ten times the rounding of a price */

#endif
