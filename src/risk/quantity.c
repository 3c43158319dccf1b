/* SPDX-License-Identifier: Apache-2.0 */
/* What a field may hold, as sums of greeks, and the names of its choices. */
#include <math.h>
#include <string.h>

#include "field.h"

#define HOURS_A_YEAR 8760.0 /* calendar */

bool gex__quantity_find(int32_t quantity, struct gex__quantity *out)
{
    int32_t unit = quantity;

    if (quantity == GEX_FIELD_FLOW || quantity == GEX_FIELD_UNWIND)
        unit = GEX_UNIT_DEX_SHARES;
    else if (quantity == GEX_FIELD_FLOW_HOUR)
        unit = GEX_UNIT_CEX_USD_YEAR;
    else if (quantity == GEX_FIELD_FLOW_PCT)
        unit = GEX_UNIT_GEX_SHARES_PT;
    *out = (struct gex__quantity){quantity, gex__unit_of(unit)};
    return out->unit != NULL;
}

double gex__quantity_value(const struct gex__quantity *quantity, const struct gex__scale *scale, double price,
                           const double *sums, int64_t stride, double start, double settled)
{
    const struct gex__term *term = quantity->unit->term;
    double value = 0.0;

    switch (quantity->quantity) {
    case GEX_FIELD_FLOW: return start - (sums[0] + settled);
    case GEX_FIELD_UNWIND: return settled;
    case GEX_FIELD_FLOW_HOUR: return 0.0 - sums[0] / HOURS_A_YEAR;
    case GEX_FIELD_FLOW_PCT: return 0.0 - sums[0] * price * 0.01;
    default:
        for (int t = 0; t < GEX_TERMS && term[t].greek != 0; t++)
            value += gex__term_scale(&term[t], scale, price) * sums[t * stride];
        return value;
    }
}

double gex__quantity_gross(const struct gex__quantity *quantity, const struct gex__scale *scale, double price,
                           double sum, double settled)
{
    const struct gex__term *term = quantity->unit->term;

    switch (quantity->quantity) {
    case GEX_FIELD_FLOW: return sum + settled;
    case GEX_FIELD_UNWIND: return settled;
    case GEX_FIELD_FLOW_HOUR: return sum / HOURS_A_YEAR;
    case GEX_FIELD_FLOW_PCT: return sum * price * 0.01;
    default: return term[1].greek != 0 ? sum : sum * fabs(gex__term_scale(&term[0], scale, price));
    }
}

struct gex__lines gex__lines_of_part(const struct gex__lines *lines, const gex_market *market, int32_t part)
{
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(market), NULL);
    const int32_t today = gex_instant_date(gex_market_as_of(market), GEX_ZONE_NEW_YORK);
    int64_t later = 0; /* lines ascend in settlement, none has settled */

    if (part == GEX_PART_ALL)
        return gex__lines_part(lines, 0, lines->rows);
    while (later < lines->rows && gex_instant_date(settlement[lines->expiry[later]], GEX_ZONE_NEW_YORK) == today)
        later++;
    return part == GEX_PART_ZERO_DTE ? gex__lines_part(lines, 0, later)
                                     : gex__lines_part(lines, later, lines->rows - later);
}

double gex__payoff_delta(const struct gex__lines *lines, int64_t line, double price)
{
    const double right = lines->right[line], side = right * (price - lines->strike[line]);

    return side > 0.0 ? lines->weight[line] * right : side == 0.0 ? 0.5 * lines->weight[line] * right : 0.0;
}

static void delta_take(void *user, int64_t instant, const double *sums)
{
    double *delta = user;

    (void)instant;
    *delta = sums[0];
}

gex_status gex__delta_now(const gex_context *context, const gex_market *market, const struct gex__lines *lines,
                          double *each, double *out)
{
    const struct gex__unit *unit = gex__unit_of(GEX_UNIT_DEX_SHARES);
    const double spot = gex_market_spot(market);
    const int64_t as_of = gex_market_as_of(market);
    const struct gex__cells cells = {market, lines, &unit, 1, gex__isa(context), &spot, 1, &as_of, 1, NULL, each};

    return gex__cells_run(context, &cells, delta_take, out);
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

#define NAME_CASE(name, value, text, label) \
    case name: return text;
#define LABEL_CASE(name, value, text, label) \
    case name: return label;
#define CHOICE_CASE(name, value, text) \
    case name: return text;

const char *gex_field_quantity_name(int32_t quantity)
{
    switch (quantity) {
        GEX_FIELD_LIST(NAME_CASE)
    default: return gex_unit_name(quantity);
    }
}

const char *gex_field_quantity_label(int32_t quantity)
{
    switch (quantity) {
        GEX_FIELD_LIST(LABEL_CASE)
    default: return gex_unit_label(quantity);
    }
}

int32_t gex_field_quantity_find(const char *name)
{
    for (int32_t quantity = GEX_FIELD_FLOW; name != NULL && quantity <= GEX_FIELD_LAST_; quantity++)
        if (strcmp(name, gex_field_quantity_name(quantity)) == 0)
            return quantity;
    return gex_unit_find(name, 0);
}

const char *gex_until_name(int32_t until)
{
    switch (until) {
        GEX_UNTIL_LIST(CHOICE_CASE)
    default: return "unknown";
    }
}

const char *gex_part_name(int32_t part)
{
    switch (part) {
        GEX_PART_LIST(CHOICE_CASE)
    default: return "unknown";
    }
}

int32_t gex_until_find(const char *name)
{
    for (int32_t until = 1; name != NULL && until <= GEX_UNTIL_LAST_; until++)
        if (strcmp(name, gex_until_name(until)) == 0)
            return until;
    return 0;
}

int32_t gex_part_find(const char *name)
{
    for (int32_t part = 1; name != NULL && part <= GEX_PART_LAST_; part++)
        if (strcmp(name, gex_part_name(part)) == 0)
            return part;
    return 0;
}
