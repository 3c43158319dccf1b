/* SPDX-License-Identifier: Apache-2.0 */
/* The exposure of a basket as a function of the price of its reference: a curve a member, each at its own price. */
#ifndef GEX_RISK_BASKET_CURVE_H
#define GEX_RISK_BASKET_CURVE_H

#include "basket.h"
#include "risk/curve.h"

struct gex__basket_part {
    struct gex__lines lines;
    struct gex__curve curve;
    double            factor[GEX_TERMS]; /* of each term, to the hedge currency by the reference */
    void             *block;             /* what the curve was prepared with */
    int64_t           size;
};

struct gex__basket_curve {
    const struct gex_basket *basket;
    const struct gex__unit  *unit;
    struct gex__scale        scale;
    struct gex__basket_part *part; /* one a member */
    struct gex__memory       memory;
    int64_t                  size;
};

/* For that many prices of the reference in [low, high], or a hundredth of it beyond. @return false when there is no
 * memory: the curve may be dropped either way. */
bool gex__basket_curve_create(const gex_context *context, const struct gex_basket *basket, int32_t unit,
                              const struct gex__scale *scale, double low, double high, int64_t points,
                              struct gex__basket_curve *curve);
void gex__basket_curve_drop(struct gex__basket_curve *curve);

/* Does every member have a price and a volatility there? */
bool gex__basket_curve_reaches(const struct gex__basket_curve *curve, double price);

int64_t gex__basket_curve_scratch(const struct gex__basket_curve *curve); /* doubles that one evaluation needs */
/*
 * At up to GEX_SUM_PRICES prices. The scratch begins with what is known of the lines of member m at price k before
 * scale, at m * GEX_SUM_PRICES + k, of curves of one term, or NaN; what members come to is left there.
 */
void    gex__basket_curve_at_prices(const struct gex__basket_curve *curve, const double *prices, int points,
                                    double *values, double *scratch);

#endif
