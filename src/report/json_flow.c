/* SPDX-License-Identifier: Apache-2.0 */
/* What dealers must trade: profiles, flows, and the field over spot and time. */
#include "json_parts.h"

static void put_profile(struct gex__json *j, const gex_profile *profile, const char *value_name)
{
    int64_t points = 0;
    const double *prices = gex_profile_prices(profile, &points);
    const double *values = gex_profile_values(profile, NULL);

    gex__json_open(j, "[");
    for (int64_t i = 0; i < points; i++) {
        gex__json_element(j);
        gex__json_number(j, "price", prices[i]);
        gex__json_number(j, value_name, values[i]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

static void put_flow(struct gex__json *j, const struct gex__facts *f)
{
    int64_t count = 0;
    const gex_flow *flow = gex_map_flow(f->map);
    const double *moves = gex_map_moves(f->map, &count);
    const double *linear = gex_flow_column(flow, GEX_FLOW_LINEAR);
    const double *exact = gex_flow_column(flow, GEX_FLOW_EXACT);
    const double *usd = gex_flow_column(flow, GEX_FLOW_USD_AT_START);

    gex__json_member(j, "flow");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < count; i++) {
        gex__json_element(j);
        gex__json_number(j, "move_pct", moves[i]);
        gex__json_number(j, "shares_linear", linear[i]);
        gex__json_number(j, "shares_exact", exact[i]);
        gex__json_number(j, "usd_at_start", usd[i]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");

    gex__json_member(j, "flow_scenario");
    gex__json_open(j, "{");
    gex__json_number(j, "spot_pct", gex_map_scenario_spot_pct(f->map));
    gex__json_number(j, "hours", gex_map_scenario_hours(f->map));
    gex__json_number(j, "vol_points", gex_map_scenario_vol_points(f->map));
    gex__json_number(j, "total", gex__scenario(f->map, GEX_FLOW_EXACT));
    for (int32_t column = GEX_FLOW_LINEAR; column <= GEX_FLOW_LAST_; column++)
        gex__json_number(j, gex_flow_name(column), gex__scenario(f->map, column));
    gex__json_close(j, "}");
}

static void put_in_unit(struct gex__json *j, const struct gex__facts *f)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *net = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_NET, NULL);

    gex__json_member(j, "in_unit");
    gex__json_open(j, "{");
    gex__json_text(j, "unit", gex_unit_name(gex_exposure_unit(f->in_unit)));
    gex__json_text(j, "label", gex_unit_label(gex_exposure_unit(f->in_unit)));
    gex__json_number(j, "total", gex_exposure_total(f->in_unit));
    gex__json_number(j, "gross", gex_exposure_gross(f->in_unit));
    gex__json_key(j, "by_strike");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < f->strikes; i++) {
        if (f->used_by_strike[i] == 0)
            continue;
        gex__json_element(j);
        gex__json_number(j, "strike", strike[i]);
        gex__json_number(j, "value", net[i]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
    gex__json_key(j, "profile");
    put_profile(j, gex_map_profile_in_unit(f->map), "value");
    gex__json_close(j, "}");
}

void gex__json_flow(struct gex__json *j, const struct gex__facts *f)
{
    gex__json_member(j, "profile");
    put_profile(j, gex_map_profile(f->map), "gex_usd_pct");
    put_flow(j, f);
    put_in_unit(j, f);
}

/* Prices and instants once, then each quantity as a row of prices for every instant. */
void gex__json_field(struct gex__json *j, const gex_map *map)
{
    const gex_field *field = gex_map_field(map);
    int64_t points, steps, count;
    const double *price = gex_field_prices(field, &points);
    const int64_t *when = gex_field_instants(field, &steps), *live = gex_field_live(field, NULL);
    const int32_t *quantity = gex_field_quantities(field, &count);

    if (field == NULL)
        return;
    gex__json_member(j, "field");
    gex__json_open(j, "{");
    gex__json_key(j, "prices");
    gex__json_open(j, "[");
    for (int64_t p = 0; p < points; p++)
        gex__json_item(j, price[p]);
    gex__json_close(j, "]");
    gex__json_key(j, "instants");
    gex__json_open(j, "[");
    for (int64_t t = 0; t < steps; t++) {
        gex__json_element(j);
        gex__json_instant(j, "instant", when[t]);
        gex__json_integer(j, "live", live[t]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
    for (int64_t q = 0; q < count; q++) {
        const double *values = gex_field_values(field, quantity[q], NULL);

        gex__json_key(j, gex_field_quantity_name(quantity[q]));
        gex__json_open(j, "[");
        for (int64_t t = 0; t < steps; t++) {
            gex__json_separate(j);
            gex__json_open(j, "[");
            for (int64_t p = 0; p < points; p++)
                gex__json_item(j, values[t * points + p]);
            gex__json_close(j, "]");
        }
        gex__json_close(j, "]");
    }
    gex__json_close(j, "}");
}
