/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEX_RISK_FLIPS_H
#define GEX_RISK_FLIPS_H

#include "profile.h"

struct gex_flips {
    struct gex__object object;
    int32_t            status; /* GEX_ROOTS_* */
    int64_t            count, nearest;
    double             low, high; /* prices searched, ends included */
    double            *price, *slope, *size;
    int32_t           *direction, *root_status;
};

/* gex_flips_compute(); `common` as in gex__profile_compute(), and a profile made of it by the same options, or NULL. */
gex_status gex__flips_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_profile_options *options, struct gex__common *common,
                              const struct gex_profile *profile, gex_flips **out, gex_error *error);

#endif
