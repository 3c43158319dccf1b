/* SPDX-License-Identifier: Apache-2.0 */
/* The search for roots over a range of spot, of whatever is a function of it. */
#ifndef GEX_RISK_ROOTS_H
#define GEX_RISK_ROOTS_H

#include "flips.h"

struct gex__sought {
    /* Doubles for many prices; they begin with a `scratch` for each of gex__curve_tasks(). */
    int64_t (*room)(const gex_context *context, const void *of, int64_t points);
    /* Values at many prices, ascending, spread over the executor. @return false when that reported failure. */
    bool (*fill)(const gex_context *context, void *of, const double *prices, int64_t points, double *values,
                 double *room);
    /* Afterwards, at one; prices, values and room are still there. */
    double (*at)(const void *of, double price, double *scratch);
    void                    *of;
    int64_t                  scratch; /* doubles that one evaluation needs */
    const struct gex__lines *seen;    /* the lines whose widths and steps the grid follows */
    bool                     steps;   /* it jumps at the strikes of lines without time left */
};

/* @return GEX_OK with the roots, GEX_ERR_MEMORY, _CALLBACK. Within a guest's manners. */
gex_status gex__roots_find(const gex_context *context, const struct gex__sought *sought, const struct gex__range *range,
                           gex_flips **out);
/* The range stops at the last even price short of those out of reach. @return false: that leaves less than a cell. */
bool gex__range_shorten(struct gex__range *range, bool (*reaches)(const void *of, double price), const void *of);
/* A delta, and what time does to a price, jump at the strike when no time is left; gamma and its kin are 0 there. */
bool gex__unit_steps(const struct gex__unit *unit);

#endif
