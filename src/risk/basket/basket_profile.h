/* SPDX-License-Identifier: Apache-2.0 */
/* What profiles and searches over a basket share at their doors. */
#ifndef GEX_RISK_BASKET_PROFILE_H
#define GEX_RISK_BASKET_PROFILE_H

#include "basket_curve.h"
#include "risk/grid.h"

gex_status gex__basket_profile_door(const gex_basket *basket, const gex_profile_options *options,
                                    gex_profile_options *mine, struct gex__range *range, struct gex__scale *scale,
                                    gex_error *error);
/* For doors: what repricing a basket came to, GEX_ERR_MEMORY or _CALLBACK. @return status */
gex_status gex__basket_fail(gex_status status, const gex_basket *basket, gex_error *error);

#endif
