/* SPDX-License-Identifier: Apache-2.0 */
/* What changed since an earlier map. */
#include "json_parts.h"
#include "since.h"

static void put_move(struct gex__json *j, double before, double after)
{
    gex__json_number(j, "before", before);
    gex__json_number(j, "after", after);
    gex__json_number(j, "move", after - before);
}

static void put_causes(struct gex__json *j, const char *name, const gex_difference *difference)
{
    gex__json_key(j, name);
    gex__json_open(j, "{");
    for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
        gex__json_number(j, gex_difference_name(column), gex_difference_total(difference, column));
    gex__json_close(j, "}");
}

/* Causes by key; one at which nothing was and nothing is has no entry. */
static void put_difference_by(struct gex__json *j, const char *name, const gex_difference *difference, int32_t by)
{
    const double *strike = gex_difference_strikes(difference, NULL);
    const int64_t *expiry = gex_difference_expiries(difference, NULL);
    int64_t count;

    gex_difference_by(difference, by, GEX_DIFFERENCE_CHANGE, &count);
    gex__json_key(j, name);
    gex__json_open(j, "[");
    for (int64_t i = 0; i < count; i++) {
        bool any = false;

        for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
            any = any || gex_difference_by(difference, by, column, NULL)[i] != 0.0;
        if (!any)
            continue;
        gex__json_element(j);
        if (by == GEX_BY_STRIKE)
            gex__json_number(j, "strike", strike[i]);
        else
            gex__json_instant(j, "expiry", expiry[i]);
        for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
            gex__json_number(j, gex_difference_name(column), gex_difference_by(difference, by, column, NULL)[i]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

static void put_levels_since(struct gex__json *j, const gex_map *map)
{
    const gex_map *before = gex_map_since(map);
    const gex_flips *then = gex_map_flips(before), *now = gex_map_flips(map);

    gex__json_key(j, "levels");
    gex__json_open(j, "{");
    gex__json_key(j, "nearest_flip");
    gex__json_open(j, "{");
    put_move(j, gex_flips_price(then, gex_flips_nearest(then)), gex_flips_price(now, gex_flips_nearest(now)));
    gex__json_close(j, "}");
    for (int32_t which = 1; which <= GEX_LEVEL_LAST_; which++) {
        gex__json_key(j, gex_level_name(which));
        gex__json_open(j, "{");
        put_move(j, gex__level_price(gex_map_gamma(before), which), gex__level_price(gex_map_gamma(map), which));
        gex__json_close(j, "}");
    }
    gex__json_close(j, "}");
}

static void put_max_pain_since(struct gex__json *j, const gex_map *map)
{
    int64_t count;
    const int64_t *expiry = gex_difference_expiries(gex_map_gamma_since(map), &count);

    gex__json_key(j, "max_pain");
    gex__json_open(j, "[");
    for (int64_t e = 0; e < count; e++) {
        gex__json_element(j);
        gex__json_instant(j, "expiry", expiry[e]);
        put_move(j, gex__max_pain_at(gex_map_market(gex_map_since(map)), expiry[e]),
                 gex__max_pain_at(gex_map_market(map), expiry[e]));
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

void gex__json_since(struct gex__json *j, const gex_map *map)
{
    const gex_difference *gamma = gex_map_gamma_since(map);
    const gex_market *before = gex_map_market(gex_map_since(map));

    if (before == NULL)
        return;
    gex__json_member(j, "since");
    gex__json_open(j, "{");
    gex__json_instant(j, "as_of", gex_market_as_of(before));
    gex__json_number(j, "spot", gex_market_spot(before));
    put_causes(j, "gex_usd_pct", gamma);
    put_causes(j, "hedge_shares", gex_map_flow_since(map));
    gex__json_key(j, "contracts");
    gex__json_open(j, "{");
    for (int32_t kind = 1; kind <= GEX_LINE_LAST_; kind++)
        gex__json_integer(j, gex_line_name(kind), gex_difference_count(gamma, kind));
    gex__json_close(j, "}");
    put_levels_since(j, map);
    put_max_pain_since(j, map);
    put_difference_by(j, "gex_usd_pct_by_strike", gamma, GEX_BY_STRIKE);
    put_difference_by(j, "gex_usd_pct_by_expiry", gamma, GEX_BY_EXPIRY);
    gex__json_close(j, "}");
}
