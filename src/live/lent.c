/* SPDX-License-Identifier: Apache-2.0 */
/* What a live shows. */
#include <math.h>

#include "live.h"

static const double none = (double)NAN;

#define LEND(type, name, field, absent)         \
    type gex_live_##name(const gex_live *live)  \
    {                                           \
        return live != NULL ? live->field : absent; \
    }
LEND(const gex_chain *, chain, given, NULL)
LEND(double, spot, held.base.spot, none)
LEND(int64_t, as_of, held.base.as_of, 0)
LEND(const double *, vol, vol_kept, NULL)
LEND(const double *, positions, position, NULL)
LEND(const uint8_t *, status, status, NULL)
LEND(int64_t, count_used, count[GEX_ROW_USED], 0)
LEND(int64_t, count_zero_position, zero_position, 0)

double gex_live_forward(const gex_live *live, int64_t expiry)
{
    return live != NULL && expiry >= 0 && expiry < live->expiries ? live->held.curve.forward[expiry] : none;
}

double gex_live_discount(const gex_live *live, int64_t expiry)
{
    return live != NULL && expiry >= 0 && expiry < live->expiries ? live->held.curve.discount[expiry] : none;
}

int64_t gex_live_count_refused(const gex_live *live, int32_t row_status)
{
    return live != NULL && row_status > GEX_ROW_USED && row_status < GEX_ROW_COUNT ? live->count[row_status] : 0;
}

/* Place of a unit among the wanted; -1: it is not. */
static int32_t unit_of(const gex_live *live, int32_t unit)
{
    return live != NULL && unit >= 1 && unit <= GEX_UNIT_LAST_ ? live->place_of_unit[unit] : -1;
}

double gex_live_total(const gex_live *live, int32_t unit)
{
    const int32_t u = unit_of(live, unit);
    return u >= 0 ? live->total[u] : none;
}

double gex_live_gross(const gex_live *live, int32_t unit)
{
    const int32_t u = unit_of(live, unit);
    return u >= 0 ? live->gross[u] : none;
}

int64_t gex_live_count_diverging(const gex_live *live, int32_t unit)
{
    const int32_t u = unit_of(live, unit);
    return u >= 0 ? live->diverging[u] : 0;
}

gex_status gex_live_rows(const gex_live *live, int32_t unit, gex_f64 *rows_out)
{
    const int32_t u = unit_of(live, unit);

    if (rows_out != NULL)
        *rows_out = (gex_f64){.data = u >= 0 ? live->value + u : NULL,
                              .stride = u >= 0 ? live->pitch * (int64_t)sizeof(double) : 0};
    return u >= 0 && rows_out != NULL ? GEX_OK : GEX_ERR_ARGUMENT;
}

static const struct gex__live_group *group_of(const gex_live *live, int32_t by, int64_t *count_out)
{
    const bool known = live != NULL && by >= 1 && by <= GEX__LIVE_BY_LAST;

    if (count_out != NULL)
        *count_out = known ? live->group[by].keys : 0;
    return known ? &live->group[by] : NULL;
}

const double *gex_live_by(const gex_live *live, int32_t unit, int32_t by, int32_t sum, int64_t *count_out)
{
    const int32_t u = unit_of(live, unit);
    const bool shown = u >= 0 && sum >= GEX_SUM_NET && sum <= GEX_SUM_PUT && (by != GEX_BY_STRIKE || live->by_strike);
    const struct gex__live_group *group = group_of(shown ? live : NULL, by, count_out);

    return group != NULL ? group->sum + (u * GEX_WIDE_SUMS + sum - GEX_SUM_NET) * group->keys : NULL;
}

const int64_t *gex_live_count_by(const gex_live *live, int32_t by, int64_t *count_out)
{
    const struct gex__live_group *group = group_of(live, by, count_out);

    return group != NULL ? group->count : NULL;
}
