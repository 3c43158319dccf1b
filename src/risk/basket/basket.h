/* SPDX-License-Identifier: Apache-2.0 */
/* Members on their straight lines over the price of the reference. */
#ifndef GEX_RISK_BASKET_H
#define GEX_RISK_BASKET_H

#include <gex/basket.h>

#include "base/base.h"
#include "risk/units.h"

enum { GEX_NAME_MOST = 64 }; /* bytes, without the terminator */

struct gex__member {
    const gex_market *market; /* retained, likewise the next two */
    const gex_book   *book;
    const gex_greeks *greeks;
    char              name[GEX_NAME_MOST + 1];
    int32_t           link, role;
    double            currency, drift, weight;
    double            spot;            /* p, of the market */
    double            slope, constant; /* P = slope R + constant */
    double            ratio, basis, beta; /* p / S, p - S, slope S / p */
};

struct gex_basket {
    struct gex__object  object;
    int64_t             members;
    double              spot; /* S */
    struct gex__member *member;
};

/* Price where the reference is at one, p to the bit at S; NaN where it is not above zero. */
double gex__member_price(const struct gex_basket *basket, int64_t i, double reference);
/* The other way; NaN also where the slope is 0. */
double gex__member_reference(const struct gex_basket *basket, int64_t i, double price);
/* What multiplies a derivative of the member to be one of the basket: currency * slope^(how often it is by spot). */
double gex__member_factor(const struct gex__member *member, int32_t greek);

#endif
